/* The library of functions as static tables: one tsk_js_intrinsic_spec per object, one tsk_js_member per property.
 *
 *   array.c, string.c, math.c ...  define  tsk_js_library_NAME (a table of specs), listed in libraries.def
 *                     │
 *   tsk_js_intrinsic_make ─► object with the shape of its members; each slot holds the address of its tsk_js_member,
 *                     │      a permanent cell of kind LAZY (no allocation per method)
 *   first look at a slot ─► tsk_js_lazy_make ─► function, number, string or other intrinsic, stored in the slot
 *
 * Invariants
 *  - Tables are static and never written; a realm that uses three methods makes three functions.
 *  - A member's name is ASCII: "slice"; "@@iterator" is the well-known symbol Symbol.iterator.
 */
#ifndef TSK_JS_LIBRARY_H
#define TSK_JS_LIBRARY_H

#include "runtime/js/realm.h"

typedef enum tsk_js_member_kind {
    TSK_JS_MEMBER_METHOD,    /* fn */
    TSK_JS_MEMBER_LIBRARY,   /* a function in our own language: its name in the text of the library is `text` */
    TSK_JS_MEMBER_ACCESSOR,  /* fn: getter; set: setter or no name; without code both are `other` */
    TSK_JS_MEMBER_NUMBER,    /* number */
    TSK_JS_MEMBER_TEXT,      /* text */
    TSK_JS_MEMBER_INTRINSIC, /* other */
    TSK_JS_MEMBER_SYMBOL,    /* well-known symbol of this name */
    TSK_JS_MEMBER_STACK      /* no member: a tsk_js_stack */
} tsk_js_member_kind;

typedef struct tsk_js_member {
    tsk_heap_cell cell; /* kind LAZY, permanent; aux: tsk_js_member_kind; flags: attributes of the property */
    tsk_js_native_spec fn, set;
    double number;
    const char *text;
    tsk_js_intrinsic other;
} tsk_js_member;

#define TSK_JS_MEMBER_CELL(member_kind, attributes)                                                                    \
    { TSK_JS_KIND_LAZY, TSK_HEAP_PERMANENT, (attributes), (member_kind), 0 }
/* Method NAME of LENGTH parameters. */
#define TSK_JS_METHOD(name, function, length) TSK_JS_METHOD_WITH(name, function, length, 0)
/* DATA tells functions that share code apart (callee's spec->data). */
#define TSK_JS_METHOD_WITH(name, function, length, data)                                                               \
    {                                                                                                                  \
        .cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_METHOD, TSK_JS_HIDDEN), .fn = {                                       \
            (name),                                                                                                    \
            (function),                                                                                                \
            (length),                                                                                                  \
            0,                                                                                                         \
            (data)                                                                                                     \
        }                                                                                                              \
    }
/* One that only calls another function, see tsk_js_follow. */
#define TSK_JS_FORWARDER(name, function, length, how)                                                                  \
    {                                                                                                                  \
        .cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_METHOD, TSK_JS_HIDDEN), .fn = {                                       \
            (name),                                                                                                    \
            (function),                                                                                                \
            (length),                                                                                                  \
            (how),                                                                                                     \
            0                                                                                                          \
        }                                                                                                              \
    }
/* Method NAME of LENGTH parameters, the function TEXT_NAME of a .js file beside this one. */
#define TSK_JS_LIBRARY_METHOD(name, text_name, length)                                                                 \
    {                                                                                                                  \
        .cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_LIBRARY, TSK_JS_HIDDEN), .fn = {(name), NULL, (length), 0, 0},        \
        .text = (text_name)                                                                                            \
    }
/* Accessor property; `setter` may be NULL. */
#define TSK_JS_ACCESSOR_OF(name, getter, setter)                                                                       \
    {                                                                                                                  \
        .cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_ACCESSOR, TSK_JS_CONFIGURABLE), .fn = {(name), (getter), 0, 0, 0},    \
        .set = {                                                                                                       \
            (name),                                                                                                    \
            (setter),                                                                                                  \
            1,                                                                                                         \
            0,                                                                                                         \
            0                                                                                                          \
        }                                                                                                              \
    }
#define TSK_JS_NUMBER_OF(name, value)                                                                                  \
    { .cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_NUMBER, 0), .fn = {(name), NULL, 0, 0, 0}, .number = (value) }
/* ATTRIBUTES: 0, TSK_JS_HIDDEN, TSK_JS_CONFIGURABLE (as @@toStringTag) ... */
#define TSK_JS_TEXT_OF(name, value, attributes)                                                                        \
    { .cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_TEXT, attributes), .fn = {(name), NULL, 0, 0, 0}, .text = (value) }
#define TSK_JS_OBJECT_OF(name, which, attributes)                                                                      \
    {                                                                                                                  \
        .cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_INTRINSIC, attributes), .fn = {(name), NULL, 0, 0, 0},                \
        .other = TSK_JS_I_##which                                                                                      \
    }

typedef struct tsk_js_intrinsic_spec {
    tsk_js_intrinsic which;
    tsk_js_intrinsic proto; /* its prototype; TSK_JS_INTRINSICS: null */
    tsk_js_class cls;       /* of a function: TSK_JS_NATIVE */
    uint16_t size;          /* of its fields, header included; 0: as the class of an ordinary object */
    tsk_js_native_spec fn;  /* of a function: name, code, length, flags (its length and name come first) */
    const tsk_js_member *members;
    uint32_t count;
    void (*init)(tsk_js *js, tsk_js_object *o); /* sets the fields of a class; NULL: zero is right */
} tsk_js_intrinsic_spec;

/* A function that several properties share, as Array.prototype.values and [@@iterator]: an intrinsic, of which each is
 * a TSK_JS_OBJECT_OF. */
#define TSK_JS_SHARED_FUNCTION(which_one, name, function, length, data)                                                \
    {                                                                                                                  \
        .which = TSK_JS_I_##which_one, .proto = TSK_JS_I_FunctionPrototype, .cls = TSK_JS_NATIVE, .fn = {              \
            (name),                                                                                                    \
            (function),                                                                                                \
            (length),                                                                                                  \
            0,                                                                                                         \
            (data)                                                                                                     \
        }                                                                                                              \
    }

/* A library: the table a file of builtins/ defines.  Ends with an entry whose members are NULL and which is
 * TSK_JS_INTRINSICS. */
#define X(name) extern const tsk_js_intrinsic_spec tsk_js_library_##name[];
#include "runtime/builtins/libraries.def"
#undef X

const tsk_js_intrinsic_spec *tsk_js_library_spec(tsk_js_intrinsic which);
/* The names of the global object (globals.c). */
extern const tsk_js_member tsk_js_global_members[];
extern const uint32_t tsk_js_global_member_count;
/* The value of a LAZY cell; TSK_JS_THROWN when there is no memory.  For an accessor: a cell of kind ACCESSOR. */
tsk_value tsk_js_lazy_make(tsk_js *js, const tsk_js_member *member);

/* ---- shared by the files of builtins/ ---- */
/* The native function that runs now, of its table: for functions that share code. */
TSK_INLINE uint16_t tsk_js_callee_data(const tsk_js_args *a) {
    return ((const tsk_js_native *)(const void *)a->callee)->spec->data;
}
/* The text of a string is this. */
TSK_INLINE bool tsk_js_string_is(tsk_js *js, tsk_js_string *s, const char *ascii) {
    size_t n = strlen(ascii);
    if (s->length != n) return false;
    s = tsk_js_flat(js, s);
    for (uint32_t i = 0; i < n; i++)
        if (tsk_js_unit(s, i) != (uint8_t)ascii[i]) return false;
    return true;
}
/* Scratch memory of C code that calls no user code in between is given back, so that a loop in a program does not
 * gather it. */
typedef struct tsk_js_scratch {
    char *cur;
    tsk_chunk *chunk;
} tsk_js_scratch;
TSK_INLINE tsk_js_scratch tsk_js_scratch_begin(const tsk_js *js) {
    return (tsk_js_scratch){js->scratch->cur, js->scratch->chunks};
}
TSK_INLINE void tsk_js_scratch_end(tsk_js *js, tsk_js_scratch mark) {
    if (js->scratch->chunks == mark.chunk) js->scratch->cur = mark.cur;
}
/* ToPropertyDescriptor (object.c).  False: thrown. */
bool tsk_js_to_descriptor(tsk_js *js, tsk_value v, tsk_js_descriptor *d);
/* CreateListFromArrayLike (function.c): the items of an array that nobody else sees.  False: thrown. */
bool tsk_js_list_arguments(tsk_js *js, tsk_value v, const tsk_value **values, uint32_t *count);
/* The constructor of Map, Set, WeakMap and WeakSet: data is the class (map.c). */
tsk_value tsk_js_map_construct(tsk_js *js, const tsk_js_args *a);
/* The methods of Set that take another collection (set_methods.c); data: which. */
tsk_value tsk_js_set_combine(tsk_js *js, const tsk_js_args *a);
tsk_value tsk_js_set_compare(tsk_js *js, const tsk_js_args *a);
/* The functions of Math with one argument (math.c); data: tsk_js_math_number. */
tsk_value tsk_js_math_unary(tsk_js *js, const tsk_js_args *a);
/* String.prototype.at and the like (string.c); data: tsk_js_unit_method. */
tsk_value tsk_js_string_unit_at(tsk_js *js, const tsk_js_args *a);
tsk_value tsk_js_string_from_char_code(tsk_js *js, const tsk_js_args *a);
#define TSK_COUNT_OF(table) ((uint32_t)(sizeof(table) / sizeof *(table)))

#endif
