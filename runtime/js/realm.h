/* The world of functions in one context: heap, intrinsic objects, global names, calls and exceptions.
 *
 *   tsk_js ─ heap ─ cells
 *          ─ intrinsics: one object each, made on first use; their methods are made when first looked at
 *          ─ global object, script-scope bindings
 *          ─ the interpreter (through tsk_js_host): runs closures, walks frames for stack traces
 *
 * Used by one thread at a time.  Exceptions: a function that throws sets js->exception and returns TSK_JS_THROWN, false
 * or NULL; its caller passes that on at once or takes it with tsk_js_take_exception.
 */
#ifndef TSK_JS_REALM_H
#define TSK_JS_REALM_H

#include "ir/script.h"
#include "runtime/js/object.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Arguments of a native function. */
typedef struct tsk_js_args {
    tsk_value this_value;
    tsk_value new_target; /* undefined: called, not constructed */
    tsk_js_object *callee;
    uint32_t count;
    const tsk_value *values;
} tsk_js_args;
TSK_INLINE tsk_value tsk_js_arg(const tsk_js_args *a, uint32_t i) {
    return i < a->count ? a->values[i] : TSK_VALUE_UNDEFINED;
}
typedef tsk_value (*tsk_js_native_fn)(tsk_js *js, const tsk_js_args *a);

/* A native function as tables describe it: static and shared. */
typedef struct tsk_js_native_spec {
    const char *name;
    tsk_js_native_fn fn;
    uint8_t length;
    uint8_t flags;
    uint16_t data; /* for functions that share code */
} tsk_js_native_spec;
enum {
    TSK_JS_CONSTRUCTOR = 1, /* can be called with new; called without: fn sees new_target undefined */
    TSK_JS_CALLS = 2,       /* Function.prototype.call: see tsk_js_follow; fn only says what was wrong with `this` */
    TSK_JS_APPLIES = 4,     /* Function.prototype.apply */
    TSK_JS_REFLECTS = 8     /* Reflect.apply: fn only says what was wrong with the first argument */
};

typedef struct tsk_js_native {
    tsk_js_object object;
    const tsk_js_native_spec *spec;
    const char *prefix; /* of its name: "get " of a getter */
} tsk_js_native;

/* A function of the program.  Captured variables are values or boxes. */
typedef struct tsk_js_closure {
    tsk_js_object object;
    struct tsk_ir_func *func; /* program's; never freed before the context */
    tsk_js_object *home;      /* [[HomeObject]], for super; NULL: none */
    tsk_value fields;         /* of a class constructor: function that defines the fields, or undefined */
    uint32_t flags;           /* tsk_js_closure_flag */
    uint32_t count;
    tsk_value captures[];
} tsk_js_closure;

typedef enum tsk_js_closure_flag {
    TSK_JS_FN_CONSTRUCTOR = 1, /* may be called with new */
    TSK_JS_FN_CLASS = 2,       /* may only be called with new */
    TSK_JS_FN_DERIVED = 4      /* `this` is made by super() */
} tsk_js_closure_flag;
/* Of a closure of a function with these flags. */
TSK_INLINE uint32_t tsk_js_closure_flags(uint32_t flags) {
    return flags & (TSK_JS_FN_CONSTRUCTOR | TSK_JS_FN_CLASS | TSK_JS_FN_DERIVED);
}

typedef struct tsk_js_bound {
    tsk_js_object object;
    tsk_js_object *target;
    tsk_value this_value;
    uint32_t count;
    tsk_value args[];
} tsk_js_bound;

typedef enum tsk_js_intrinsic {
#define X(name) TSK_JS_I_##name,
#include "runtime/js/intrinsics.def"
#undef X
    TSK_JS_INTRINSICS
} tsk_js_intrinsic;

typedef enum tsk_js_error_type {
    TSK_JS_ERROR_PLAIN,
    TSK_JS_TYPE_ERROR,
    TSK_JS_RANGE_ERROR,
    TSK_JS_REFERENCE_ERROR,
    TSK_JS_SYNTAX_ERROR,
    TSK_JS_EVAL_ERROR,
    TSK_JS_URI_ERROR,
    TSK_JS_AGGREGATE_ERROR,
    TSK_JS_ERROR_TYPES
} tsk_js_error_type;

/* The interpreter's and engine's side. */
typedef struct tsk_js_host {
    tsk_value (*call)(tsk_js *js, tsk_js_closure *fn, tsk_value this_value, tsk_value new_target, uint32_t count,
                      const tsk_value *args);
    /* Text of the stack trace at this moment, without the line of the error itself: "    at f (file:1:2)\n...".  With
     * `below`, without the calls down to the topmost one of that function. */
    void (*trace)(tsk_js *js, tsk_buf *out, const tsk_js_object *below);
    /* The function `text_name` of the library's text, with these own properties.  NULL: thrown. */
    struct tsk_ir_func *(*library)(tsk_js *js, const char *text_name, const char *name, uint32_t length);
    bool (*roots)(tsk_js *js, tsk_heap *heap); /* as tsk_heap_host.roots */
    /* How the program names what the operation at hand is about; of TSK_SCRIPT_ITERATED only when it is a loop, spread
     * or pattern.  False: it has no name.  May be NULL. */
    bool (*subject)(tsk_js *js, tsk_script_subject what, tsk_buf *out);
    uint32_t (*place)(tsk_js *js); /* of the operation at hand, in the sources; 0: none.  May be NULL. */
    /* Limits and cancellation, for long loops in C, which count as so many steps; false: thrown.  May be NULL. */
    bool (*poll)(tsk_js *js, uint32_t steps);
    void (*spend)(tsk_js *js, uint32_t steps); /* the same, later.  May be NULL. */
    /* A line of console.*, with its newline; NULL: to standard error. */
    void (*print)(tsk_js *js, const char *text, size_t len);
} tsk_js_host;

/* How deep C code and functions may call each other: each level takes a few kilobytes of the machine stack. */
#if defined(__SANITIZE_ADDRESS__)
#define TSK_JS_MAX_C_DEPTH 400
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TSK_JS_MAX_C_DEPTH 400
#endif
#endif
#ifndef TSK_JS_MAX_C_DEPTH
#define TSK_JS_MAX_C_DEPTH 1000
#endif

/* The object of a tagged template, by its place in the program. */
typedef struct tsk_js_template {
    struct tsk_js_template *next;
    const void *site;
    tsk_js_object *object;
} tsk_js_template;

/* What a slot of an intrinsic held when it was found to be the library's own: as long as the object has this shape and the
 * slot these bits, it is. */
typedef struct tsk_js_seen {
    uint32_t shape; /* 0: not looked at yet */
    int32_t offset;
    uint64_t bits;
} tsk_js_seen;
enum { TSK_JS_SEEN_ITERATOR, TSK_JS_SEEN_NEXT, TSK_JS_SEEN_CONSTRUCTOR, TSK_JS_SEEN_SPECIES, TSK_JS_SEEN };

struct tsk_js {
    tsk_heap *heap;
    tsk_value exception;                          /* HOLE: none */
    tsk_value thrown;                             /* the last that was no error, which has no stack of its own ... */
    uint32_t thrown_at;                           /* ... and where it was thrown */
    bool uncatchable;                             /* the exception is a limit or a cancellation: try does not stop it */
    tsk_js_object *intrinsics[TSK_JS_INTRINSICS]; /* NULL: not made yet, see tsk_js_intrinsic_get */
    tsk_js_seen seen[TSK_JS_SEEN];                /* of arrays and their iterators */
    tsk_js_object *global;
    tsk_js_object *scope; /* let, const and class of scripts, by name; its prototype is the global object */
    tsk_value *outer;     /* names outside of the functions of a configuration, by number; HOLE: not looked at yet */
    uint32_t outer_count;
    tsk_js_template *templates;
    const tsk_js_host *host;
    void *user;     /* host's */
    uint32_t depth; /* calls of C into functions, see TSK_JS_MAX_C_DEPTH */
    uint64_t random[2];
    uint32_t work;                                      /* since the last poll: see tsk_js_worked */
    uint32_t console_indent;                            /* of console.group */
    struct tsk_js_map *console_counts, *console_timers; /* by label; NULL: none yet */
    double now;                                         /* milliseconds, fixed by TSK_NOW; NaN: the clock */
    tsk_arena *scratch;                                 /* for C code: reset by whoever begins an evaluation */
    struct tsk_js_library *library;                     /* builtins' own state */
    tsk_js_symbol *lent;                                /* permanent symbols that are this context's for now ... */
    uint32_t lent_count[2];                             /* ... how many; private names apart */
};

tsk_js *tsk_js_new(const tsk_allocator *allocator, const tsk_js_host *host, void *user,
                   size_t heap_limit); /* NULL: no memory */
void tsk_js_free(tsk_js *js);

bool tsk_js_keep_template(tsk_js *js, const void *site, tsk_js_object *object); /* false: thrown */
tsk_js_object *tsk_js_intrinsic_make(tsk_js *js, tsk_js_intrinsic which);
TSK_INLINE tsk_js_object *tsk_js_intrinsic_get(tsk_js *js, tsk_js_intrinsic which) {
    tsk_js_object *o = js->intrinsics[which];
    return TSK_LIKELY(o != NULL) ? o : tsk_js_intrinsic_make(js, which);
}

/* ---- limits ---- */
enum { TSK_JS_WORK = 1 << 14 };
bool tsk_js_poll(tsk_js *js);
/* C code that may be long between two calls of the program's functions says what it has done, in items or in some tens of
 * bytes.  False: thrown, because a limit is reached or the heap is full. */
TSK_INLINE bool tsk_js_worked(tsk_js *js, uint32_t amount) {
    js->work += amount;
    return TSK_LIKELY(js->work < TSK_JS_WORK && !js->heap->exhausted) || tsk_js_poll(js);
}

/* The same of code that cannot throw, in units of texts: limits are looked at sooner. */
void tsk_js_spend(tsk_js *js, uint64_t units);
TSK_INLINE void tsk_js_read(tsk_js *js, uint64_t units) {
    enum { FEW = 1 << 12 };
    if (TSK_UNLIKELY(units > FEW)) tsk_js_spend(js, units);
}

/* ---- calls ---- */
typedef struct tsk_js_invocation {
    tsk_value fn, this_value;
    uint32_t count;
    const tsk_value *args;
} tsk_js_invocation;
/* A function that only calls another one: a bound one, call, apply. */
TSK_INLINE bool tsk_js_is_forwarder(tsk_value fn) {
    if (!tsk_js_is_object(fn)) return false;
    const tsk_js_object *o = tsk_js_as_object(fn);
    if (o->cell.aux == TSK_JS_BOUND) return true;
    return o->cell.aux == TSK_JS_NATIVE && ((const tsk_js_native *)(const void *)o)->spec->flags & ~TSK_JS_CONSTRUCTOR;
}
/* While it is one: what it calls, with that one's arguments, so that no C code stands between the two.  False: thrown. */
bool tsk_js_follow(tsk_js *js, tsk_js_invocation *c);
tsk_value tsk_js_call(tsk_js *js, tsk_value fn, tsk_value this_value, uint32_t count, const tsk_value *args);
/* The same for what is callable and neither a closure nor, after tsk_js_follow, a bound function. */
tsk_value tsk_js_call_native(tsk_js *js, tsk_value fn, tsk_value this_value, uint32_t count, const tsk_value *args);
tsk_value tsk_js_construct(tsk_js *js, tsk_value fn, tsk_value new_target, uint32_t count, const tsk_value *args);
tsk_value tsk_js_invoke(tsk_js *js, tsk_value base, tsk_js_key key, uint32_t count, const tsk_value *args);
/* OrdinaryCreateFromConstructor's prototype: new_target.prototype, or the intrinsic.  NULL: thrown. */
tsk_js_object *tsk_js_proto_for(tsk_js *js, tsk_value new_target, tsk_js_intrinsic otherwise);
tsk_js_object *tsk_js_native_new(tsk_js *js, const tsk_js_native_spec *spec, const char *prefix);
/* BoundFunctionCreate; its length and name are for the caller to define.  NULL: thrown. */
tsk_js_bound *tsk_js_bound_new(tsk_js *js, tsk_js_object *target, tsk_value this_value, uint32_t count,
                               const tsk_value *args);
/* Flags come from func->js; a constructor's `prototype` is made when first looked at.  NULL: thrown. */
tsk_js_closure *tsk_js_closure_new(tsk_js *js, struct tsk_ir_func *func, uint32_t count, const tsk_value *captures);

/* ---- names of the outermost scope (realm.c): script bindings first, then the global object ---- */
tsk_value tsk_js_global_get(tsk_js *js, tsk_js_string *atom, tsk_js_cache *cache); /* ReferenceError when missing */
bool tsk_js_global_set(tsk_js *js, tsk_js_string *atom, tsk_value v, tsk_js_cache *cache);
tsk_value tsk_js_throw_uninitialized(tsk_js *js, const tsk_js_string *name);

/* ---- errors (error.c) ---- */
tsk_value tsk_js_throw(tsk_js *js, tsk_value v); /* TSK_JS_THROWN */
tsk_value tsk_js_throw_error(tsk_js *js, tsk_js_error_type type, const char *fmt, ...) TSK_PRINTF(3, 4);
#define tsk_js_throw_type(js, ...) tsk_js_throw_error((js), TSK_JS_TYPE_ERROR, __VA_ARGS__)
#define tsk_js_throw_range(js, ...) tsk_js_throw_error((js), TSK_JS_RANGE_ERROR, __VA_ARGS__)
tsk_value tsk_js_take_exception(tsk_js *js);
/* An error with its `stack` (of this moment) and, unless it is NULL, `message`.  NULL: thrown. */
tsk_js_object *tsk_js_error_new(tsk_js *js, tsk_js_object *proto, tsk_js_string *message);
/* Error.captureStackTrace.  False: thrown. */
bool tsk_js_capture_stack(tsk_js *js, tsk_js_object *o, const tsk_js_object *below);
TSK_INLINE bool tsk_js_has_exception(const tsk_js *js) {
    return !tsk_js_is_hole(js->exception);
}
/* A short text of any value for messages; never throws, never calls user code. */
const char *tsk_js_describe(tsk_js *js, tsk_value v);
/* As the program names it, else what it is. */
const char *tsk_js_describe_subject(tsk_js *js, tsk_script_subject what, tsk_value v);

/* ---- conversions (convert.c): may call user code; numbers as out parameters, false: thrown ---- */
typedef enum tsk_js_hint { TSK_JS_HINT_DEFAULT, TSK_JS_HINT_NUMBER, TSK_JS_HINT_STRING } tsk_js_hint;
tsk_value tsk_js_to_primitive(tsk_js *js, tsk_value v, tsk_js_hint hint);
bool tsk_js_to_boolean(tsk_value v);
bool tsk_js_to_number(tsk_js *js, tsk_value v, double *out);
tsk_value tsk_js_to_numeric(tsk_js *js, tsk_value v);         /* int32 where it is one */
bool tsk_js_to_integer(tsk_js *js, tsk_value v, double *out); /* ToIntegerOrInfinity */
bool tsk_js_to_int32(tsk_js *js, tsk_value v, int32_t *out);
bool tsk_js_to_uint32(tsk_js *js, tsk_value v, uint32_t *out);
bool tsk_js_to_length(tsk_js *js, tsk_value v, uint64_t *out);
bool tsk_js_to_index(tsk_js *js, tsk_value v, uint64_t *out);
tsk_js_string *tsk_js_to_string(tsk_js *js, tsk_value v);           /* NULL: thrown */
tsk_js_object *tsk_js_to_object(tsk_js *js, tsk_value v);           /* NULL: thrown */
bool tsk_js_length_of(tsk_js *js, tsk_js_object *o, uint64_t *out); /* LengthOfArrayLike */
/* A number as a value: int32 where it is one and not -0. */
TSK_INLINE tsk_value tsk_js_number(double d) {
#ifdef __SSE2__
    int32_t i = _mm_cvttsd_si32(_mm_set_sd(d)); /* the lowest one for what is none */
#else
    int32_t i = d >= -2147483648.0 && d <= 2147483647.0 ? (int32_t)d : 0;
#endif
    return (double)i == d && (i || !__builtin_signbit(d)) ? tsk_from_i32(i) : tsk_from_double(d);
}
TSK_INLINE bool tsk_js_is_number(tsk_value v) {
    return tsk_is_i32(v) || tsk_is_double(v);
}
TSK_INLINE double tsk_js_as_number(tsk_value v) {
    TSK_CHECK(tsk_js_is_number(v));
    return tsk_is_i32(v) ? (double)tsk_as_i32(v) : tsk_as_double(v);
}

/* ---- operators, complete (operate.c): the interpreter has the fast cases inline ---- */
tsk_value tsk_js_add(tsk_js *js, tsk_value a, tsk_value b);
typedef enum tsk_js_arithmetic {
    TSK_JS_SUB,
    TSK_JS_MUL,
    TSK_JS_DIV,
    TSK_JS_MOD,
    TSK_JS_POW,
    TSK_JS_BAND,
    TSK_JS_BOR,
    TSK_JS_BXOR,
    TSK_JS_SHL,
    TSK_JS_SHR,
    TSK_JS_USHR
} tsk_js_arithmetic;
tsk_value tsk_js_arith(tsk_js *js, tsk_js_arithmetic op, tsk_value a, tsk_value b);
double tsk_js_fmod(double a, double b);
bool tsk_js_strict_equals(tsk_js *js, tsk_value a, tsk_value b);
int tsk_js_loose_equals(tsk_js *js, tsk_value a, tsk_value b); /* -1: thrown */
bool tsk_js_same_value(tsk_js *js, tsk_value a, tsk_value b);
bool tsk_js_same_value_zero(tsk_js *js, tsk_value a, tsk_value b);
typedef enum tsk_js_relation { TSK_JS_LT, TSK_JS_LE, TSK_JS_GT, TSK_JS_GE } tsk_js_relation;
int tsk_js_compare(tsk_js *js, tsk_js_relation op, tsk_value a, tsk_value b); /* 1, 0, -1: thrown */
int tsk_js_instance_of(tsk_js *js, tsk_value v, tsk_value target);
int tsk_js_ordinary_has_instance(tsk_js *js, tsk_value c, tsk_value v); /* Function.prototype[@@hasInstance] */
int tsk_js_in(tsk_js *js, tsk_value key, tsk_value o);
tsk_js_string *tsk_js_typeof(tsk_value v);

/* ---- iteration (iterate.c) ---- */
/* A loop over any iterable from C; arrays whose iterator is untouched take a quick path.  Lives on the stack. */
typedef struct tsk_js_iteration {
    tsk_value iterator, next_method;
    tsk_js_array *array; /* quick path */
    uint32_t index;
    bool done;
    bool built_in; /* `iterator` and `next_method` are the library's: each step is made without a result object */
} tsk_js_iteration;
/* The same in the heap, for loops of the interpreter (kind ITERATION). */
typedef struct tsk_js_iteration_cell {
    tsk_heap_cell cell;
    tsk_js_iteration state;
} tsk_js_iteration_cell;
bool tsk_js_iterate(tsk_js *js, tsk_value iterable, tsk_js_iteration *it);
/* With its @@iterator, which the caller has looked at. */
bool tsk_js_iterate_by(tsk_js *js, tsk_value iterable, tsk_value method, tsk_js_iteration *it);
/* The next value; HOLE at the end; TSK_JS_THROWN. */
tsk_value tsk_js_iterate_next(tsk_js *js, tsk_js_iteration *it);
/* The same of a value that nobody reads.  False: thrown. */
bool tsk_js_iterate_skip(tsk_js *js, tsk_js_iteration *it);
/* IteratorClose; with an exception pending that one stays, else what return() throws is thrown (false). */
bool tsk_js_iterate_close(tsk_js *js, tsk_js_iteration *it);
tsk_value tsk_js_iterator_result(tsk_js *js, tsk_value value, bool done);

#endif
