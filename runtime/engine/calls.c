/* Calls of functions: from C, and where configurations and functions meet in the interpreter (see run.c).
 *
 *   tusk_call ─┬─► guard ──► arguments ──► js_loop ──► result, in context->results until the next call
 *              └─► native code that neither allocates nor throws ──► a number
 *                     └─ a guess was wrong: guard ──► js_loop
 *
 * A guard takes longer than a small function. Code that is quiet (native.h) runs without: what can fail is done by the
 * interpreter, and the guard is set when that is called.
 *
 * A failure of a call from outside is described in memory that the next call takes back: a host may go on calling
 * functions that throw. */
#include "runtime/engine/realm.h"

#include "runtime/builtins/json.h"
#include "runtime/engine/thrown.h"
#include "runtime/interp/js_loop.h"
#include "runtime/interp/native.h"

#include <math.h>

#define UNCAUGHT "uncaught "

enum { FEW = 8, MAX_ARGUMENTS = 1024 };

/* ---- exceptions and failures ---- */

static tsk_error *new_error(tsk_arena *arena, const tsk_error *inner, const tsk_failure *failure) {
    tsk_error *error = TSK_NEW(arena, tsk_error);
    *error = (tsk_error){.inner = inner,
                         .thunk = TSK_NO_THUNK,
                         .code = failure->code,
                         .message = failure->message,
                         .hint = failure->hint};
    return error;
}

/* A failure of the instruction of a function that runs. */
static const tsk_error *here(tsk_eval *ev) {
    tsk_error *error = new_error(ev->heap, ev->inner, &ev->failure);
    const tsk_frame *f = ev->top;
    if (f && tsk_frame_is_function(f)) error->span = f->code->spans[f->pc - f->code->insns];
    return error;
}

void tsk_calls_failure_to_exception(tsk_eval *ev) {
    tsk_realm *realm = tsk_realm_of(ev->user);
    const tsk_error *error = ev->error ? ev->error : here(ev);
    ev->error = ev->inner = NULL;
    ev->failure = (tsk_failure){error->code, error->message, error->hint};
    tsk_js_throw_error(ev->js, TSK_JS_ERROR_PLAIN, "%s", error->message);
    realm->failed = ev->js->exception;
    realm->failure = error;
    ev->js->uncatchable = tsk_interp_is_fatal(error->code);
}

static void take_view(tusk_program *program, void *argument) {
    *(tsk_sources *)argument = program->graph.sources;
}

/* The pending exception as a record in `arena`; ev->failure is filled. */
static const tsk_error *take_exception(tsk_eval *ev, tsk_arena *arena) {
    tusk_context *context = ev->user;
    const tsk_realm *realm = context->realm;
    tsk_js *js = ev->js;
    if (realm->failure && js->exception.bits == realm->failed.bits) {
        tsk_js_take_exception(js);
        ev->failure = (tsk_failure){realm->failure->code, realm->failure->message, realm->failure->hint};
        return realm->failure;
    }
    bool fatal = js->uncatchable;
    tsk_sources sources;
    if (!tsk_program_locked(context->program, take_view, &sources)) tsk_realm_no_memory(realm);
    tsk_thrown thrown;
    tsk_thrown_take(js, &sources, arena, &thrown);
    if (!fatal)
        ev->failure = (tsk_failure){TSK_E_JS_UNCAUGHT, tsk_arena_printf(arena, UNCAUGHT "%s", thrown.text), NULL};
    tsk_error *error = new_error(arena, NULL, &ev->failure);
    error->span = thrown.span;
    error->trace = thrown.stack;
    return error;
}

void tsk_calls_exception_to_failure(tsk_eval *ev) {
    ev->inner = take_exception(ev, ev->heap);
}

/* ---- calls from the configuration ---- */

static TSK_NOINLINE tsk_js_closure *make_closure(tsk_realm *realm, uint32_t number) {
    const tsk_outer *outer = tsk_functions_outer(realm->context->program, number);
    if (!outer) tsk_realm_no_memory(realm);
    tsk_value v = tsk_realm_outer(realm, outer);
    return tsk_js_is_thrown(v) ? NULL : (tsk_js_closure *)(void *)tsk_js_as_object(v);
}

/* The closure of a number; NULL: thrown. */
TSK_INLINE tsk_js_closure *closure_of(tsk_realm *realm, uint32_t number) {
    const tsk_js *js = realm->js;
    tsk_value v = number < js->outer_count ? js->outer[number] : TSK_JS_HOLE;
    if (TSK_UNLIKELY(tsk_js_is_hole(v))) return make_closure(realm, number);
    return (tsk_js_closure *)(void *)tsk_js_as_object(v);
}

static tsk_frame *push_function(tsk_realm *realm, const tsk_cell *function, const tsk_operands *operands,
                                uint32_t first) {
    uint32_t count = operands->list[TSK_LIST_COUNT] - first;
    tsk_value args[count + 1];
    for (uint32_t i = 0; i < count; i++) {
        args[i] = tsk_exchange_enter(realm, tsk_operand(operands, first + i), false);
        if (tsk_js_is_thrown(args[i])) return NULL;
    }
    tsk_js_closure *fn = closure_of(realm, (uint32_t)tsk_as_i32(function->captures[0]));
    if (!fn) return NULL;
    return tsk_js_loop_push(&realm->context->ev, fn, TSK_VALUE_UNDEFINED, TSK_VALUE_UNDEFINED, count, args);
}

tsk_frame *tsk_calls_enter(tsk_eval *ev, const tsk_cell *function, const tsk_operands *operands, uint32_t first) {
    tsk_frame *frame = push_function(tsk_realm_of(ev->user), function, operands, first);
    if (!frame) tsk_calls_exception_to_failure(ev);
    return frame;
}

/* What a function has waited for: a key or a section, which it reads from now on without asking, or an operator. */
bool tsk_calls_to_function(tsk_eval *ev, tsk_value v, tsk_value *out) {
    tsk_realm *realm = tsk_realm_of(ev->user);
    const tsk_insn *pc = ev->top->pc;
    if (pc->op != TSK_OPC_JS_OUTER) {
        *out = tsk_exchange_enter(realm, v, false);
        return !tsk_js_is_thrown(*out);
    }
    const tsk_outer *what = tsk_functions_outer(realm->context->program, tsk_insn_wide(pc));
    if (!what) tsk_realm_no_memory(realm);
    if (!tsk_is_thunk(what->value)) { /* its functions are found by where they stand: not in a copy with the values */
        *out = tsk_realm_outer(realm, what);
        return !tsk_js_is_thrown(*out);
    }
    *out = tsk_exchange_enter(realm, v, true);
    if (tsk_js_is_thrown(*out)) return false;
    tsk_realm_keep(realm, what->number, *out);
    return true;
}

bool tsk_calls_from_function(tsk_eval *ev, tsk_value v, tsk_value *out) {
    if (tsk_exchange_leave(tsk_realm_of(ev->user), ev->heap, v, out)) return true;
    tsk_calls_exception_to_failure(ev);
    return false;
}

/* ---- suggestions ---- */

enum { SUGGESTIONS = 512, SUGGESTION_LEVELS = 8 };

/* The document's functions: paths and, at the same place, their last parts; without `_fujsen`. */
typedef struct suggestions {
    tsk_arena *arena;
    tsk_slice paths[SUGGESTIONS], names[SUGGESTIONS];
    uint32_t count;
} suggestions;

static void add_suggestion(suggestions *s, tsk_slice prefix, const tsk_entry *e) {
    static const char suffix[] = "_fujsen";
    uint32_t n = sizeof suffix - 1, len = e->key_len;
    if (len > n && !memcmp(e->key + len - n, suffix, n)) len -= n;
    const char *path = tsk_arena_printf(s->arena, "%.*s%.*s", (int)prefix.len, prefix.ptr, (int)len, e->key);
    s->paths[s->count] = (tsk_slice){path, prefix.len + len};
    s->names[s->count++] = (tsk_slice){e->key, len};
}

static void add_suggestions(suggestions *s, const tsk_object *o, tsk_slice prefix, uint32_t level) {
    for (uint32_t i = 0; i < o->count && s->count < SUGGESTIONS; i++) {
        const tsk_entry *e = &o->entries[i];
        if (tsk_functions_is_text(e->value)) add_suggestion(s, prefix, e);
        if (!tsk_is_object(e->value) || level == SUGGESTION_LEVELS) continue;
        const char *inner = tsk_arena_printf(s->arena, "%.*s%.*s.", (int)prefix.len, prefix.ptr, (int)e->key_len,
                                             e->key);
        add_suggestions(s, tsk_as_object(e->value), (tsk_slice){inner, prefix.len + e->key_len + 1}, level + 1);
    }
}

/* The path of a function whose name is close, of the same section before others. */
static tsk_slice closest_function(tusk_context *context, const tsk_path *path, tsk_slice section, tsk_slice name) {
    suggestions *s = TSK_NEW(&context->heap, suggestions);
    tsk_slice near = {"", 0}, beside[SUGGESTIONS];
    uint32_t count = 0;
    s->arena = &context->heap;
    s->count = 0;
    add_suggestions(s, context->program->graph.root, near, 0);
    for (uint32_t i = 0; i < s->count; i++)
        if (tsk_slice_eq((tsk_slice){s->paths[i].ptr, s->paths[i].len - s->names[i].len}, section))
            beside[count++] = s->names[i];
    near = tsk_closest(name, beside, count);
    if (!near.len) near = tsk_closest(name, s->names, s->count);
    for (uint32_t i = 0; i < s->count && near.len; i++)
        if (s->names[i].ptr == near.ptr) return s->paths[i];
    return tsk_path_closest(path);
}

/* ---- looking up ---- */

typedef struct looking {
    const char *path;
    const tsk_outer *outer;
} looking;

static bool force(void *user, tsk_value *v) {
    return tsk_context_force(user, v);
}

static tusk_status found(tusk_context *context, looking *l, const tsk_object *block, tsk_value v, tsk_slice name) {
    if (!tsk_functions_is_text(v)) {
        const char *what = tsk_is_str(v) ? "text" : tsk_kind_name(tsk_kind_of(v));
        return tsk_failure_add(context, TSK_E_NOT_CALLABLE,
                               "a function is text like (a) => a * 2, or function f(a) { }",
                               "`%s` is not a JavaScript function but %s", l->path, what);
    }
    const tsk_function_key key = {v, tsk_frontend_scope_of(&context->program->graph, block), name};
    l->outer = tsk_functions_find(context->program, &key);
    if (!l->outer) longjmp(context->heap.trap->jump, TSK_TRAP_NO_MEMORY);
    if (l->outer->func) return TUSK_OK;
    tsk_failure_copy(context, &l->outer->diags);
    return TUSK_INVALID;
}

static tusk_status look_up(tusk_context *context, void *argument) {
    looking *l = argument;
    size_t len = strlen(l->path);
    const char *dot = memrchr(l->path, '.', len), *last = dot ? dot + 1 : l->path;
    tsk_slice name = {last, (uint32_t)(l->path + len - last)};
    tsk_path path;
    tsk_path_begin(&path, context->program, l->path, len);
    switch (tsk_path_follow(&path, force, context)) {
    case TSK_PATH_FOUND: return found(context, l, path.block, path.at, name);
    case TSK_PATH_FAILED: return tsk_failure_report(context);
    case TSK_PATH_MALFORMED: return tsk_failure_add(context, TSK_E_USAGE, NULL, "`%s` is not a path", l->path);
    case TSK_PATH_MISSING: break;
    }
    if (tsk_is_object(path.at) && path.rest == path.end && path.part.ptr) {
        const tsk_entry *e = tsk_frontend_member(tsk_as_object(path.at), path.part);
        tsk_value v = e ? e->value : TSK_VALUE_NULL;
        if (e && !tsk_context_force(context, &v)) return tsk_failure_report(context);
        if (e) return found(context, l, tsk_as_object(path.at), v, path.part);
    }
    tsk_slice near = closest_function(context, &path, (tsk_slice){l->path, (uint32_t)(last - l->path)}, name);
    const char *hint = near.len ? tsk_arena_printf(&context->heap, "did you mean `%.*s`?", (int)near.len, near.ptr)
                                : NULL;
    return tsk_failure_add(context, TSK_E_KEY_NOT_FOUND, hint, "there is no function `%s`", l->path);
}

tusk_status tusk_function_find(tusk_context *context, const char *path, const tusk_function **function) {
    if (!context || !path || !function) return TUSK_USAGE;
    looking l = {path, NULL};
    tusk_status status = tsk_context_guard(context, look_up, &l);
    *function = status ? NULL : (const tusk_function *)(const void *)l.outer;
    return status;
}

/* ---- calls from outside ---- */

static tsk_value from_json(tsk_js *js, const char *text, size_t len) {
    tsk_js_string *s = tsk_js_string_utf8(js, text, len);
    return s ? tsk_js_json_parse(js, s) : TSK_JS_THROWN;
}

static tsk_value from_text(tsk_js *js, const char *text, size_t len) {
    const tsk_js_string *s = tsk_js_string_utf8(js, text, len);
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

static TSK_NOINLINE tsk_value take_slowly(tsk_realm *realm, const tusk_argument *a) {
    switch (a->kind) {
    case TUSK_ARGUMENT_NULL: return TSK_VALUE_NULL;
    case TUSK_ARGUMENT_BOOL: return tsk_from_bool(a->boolean);
    case TUSK_ARGUMENT_INT: return tsk_js_number((double)a->integer);
    case TUSK_ARGUMENT_DOUBLE: return tsk_js_number(a->number);
    case TUSK_ARGUMENT_STRING: return from_text(realm->js, a->text, a->len);
    case TUSK_ARGUMENT_JSON: return from_json(realm->js, a->text, a->len);
    case TUSK_ARGUMENT_VALUE: return tsk_exchange_enter(realm, (tsk_value){a->value.bits}, false);
    }
    return TSK_VALUE_UNDEFINED;
}

TSK_INLINE tsk_value take_argument(tsk_realm *realm, const tusk_argument *a) {
    if (TSK_LIKELY(a->kind == TUSK_ARGUMENT_INT && a->integer == (int32_t)a->integer))
        return tsk_from_i32((int32_t)a->integer);
    return take_slowly(realm, a);
}

typedef struct calling {
    const tsk_outer *outer;
    const tusk_argument *self, *args;
    size_t count;
    tusk_value *result;
    const tusk_argument *wrong; /* that could not be taken */
} calling;

/* `args` has room; it is on the machine stack, where the collector looks. */
TSK_INLINE tsk_value run(tsk_realm *realm, calling *c, tsk_value *args) {
    tsk_value self = TSK_JS_HOLE;
    if (c->self && tsk_js_is_thrown(self = take_argument(realm, c->self))) {
        c->wrong = c->self;
        return TSK_JS_THROWN;
    }
    for (size_t i = 0; i < c->count; i++) {
        args[i] = take_argument(realm, &c->args[i]);
        if (TSK_LIKELY(!tsk_js_is_thrown(args[i]))) continue;
        c->wrong = &c->args[i];
        return TSK_JS_THROWN;
    }
    tsk_js_closure *fn = closure_of(realm, c->outer->number);
    if (TSK_UNLIKELY(!fn)) return TSK_JS_THROWN;
    realm->js->outer[TSK_IR_JS_CONTEXT] = self; /* for this call */
    tsk_value this_value = tsk_js_is_hole(self) ? TSK_VALUE_UNDEFINED : self;
    return tsk_js_loop_call(realm->js, fn, this_value, TSK_VALUE_UNDEFINED, (uint32_t)c->count, args);
}

static TSK_NOINLINE tsk_value run_many(tsk_realm *realm, calling *c) {
    tsk_value args[c->count];
    return run(realm, c, args);
}

static TSK_NOINLINE tusk_status report(tusk_context *context, const calling *c) {
    context->ev.error = take_exception(&context->ev, &context->results);
    if (c->wrong && c->wrong->kind == TUSK_ARGUMENT_JSON) {
        const char *why = context->ev.error->message + strlen(UNCAUGHT);
        context->ev.error = NULL;
        if (c->wrong == c->self)
            return tsk_failure_add(context, TSK_E_USAGE, NULL, "the context object is no JSON: %s", why);
        return tsk_failure_add(context, TSK_E_USAGE, "a text needs quotes: '\"text\"'", "argument %zu is no JSON: %s",
                               (size_t)(c->wrong - c->args) + 1, why);
    }
    tusk_status status = tsk_failure_report(context);
    context->ev.error = NULL;
    return status;
}

/* A double that stays one. */
TSK_INLINE bool is_fraction(tsk_value v) {
    if (!tsk_is_double(v)) return false;
    double d = tsk_as_double(v);
    return fabs(d) < 1e15 && d != (double)(int64_t)d;
}

/* A result that needs no memory. */
TSK_INLINE bool is_simple(tsk_value v) {
    return tsk_is_i32(v) || is_fraction(v) || tsk_is_bool(v);
}

static tusk_status call(tusk_context *context, void *argument) {
    calling *c = argument;
    tsk_realm *realm = tsk_realm_of(context);
    context->results.trap = context->heap.trap;
    if (context->results.reserved) tsk_arena_reset(&context->results);
    tsk_value few[FEW], out = TSK_VALUE_NULL;
    tsk_value v = TSK_LIKELY(c->count <= FEW) ? run(realm, c, few) : run_many(realm, c);
    if (TSK_LIKELY(is_simple(v)))
        out = v;
    else if (TSK_UNLIKELY(tsk_js_is_thrown(v)) || !tsk_exchange_leave(realm, &context->results, v, &out))
        return report(context, c);
    if (c->result) *c->result = (tusk_value){out.bits};
    return TUSK_OK;
}

/* ---- without a guard ---- */

/* Remembers the function when its native code is quiet. */
static TSK_NOINLINE bool make_quick(tusk_context *context, const tusk_function *function) {
    const tsk_outer *outer = (const tsk_outer *)(const void *)function;
    const tsk_js *js = context->realm ? context->realm->js : NULL;
    context->quick = NULL;
    if (!js || outer->number >= js->outer_count || tsk_js_is_hole(js->outer[outer->number])) return false;
    const tsk_js_closure *fn = (const tsk_js_closure *)(void *)tsk_js_as_object(js->outer[outer->number]);
    const tsk_bytecode *code = tsk_bytecode_of(fn->func);
    if (!code || !__atomic_load_n(&code->quiet, __ATOMIC_ACQUIRE)) return false;
    context->quick = function;
    context->quick_closure = fn;
    context->quick_code = code;
    return true;
}

/* The function's native code, as from tsk_native_inside, when it is quiet and nothing else is going on; NULL: the long
 * way. */
TSK_INLINE tsk_native_fn quiet_code(tusk_context *context, const tusk_function *function, size_t count) {
    tsk_eval *ev = &context->ev;
    if (TSK_UNLIKELY(function != context->quick) && !make_quick(context, function)) return NULL;
    if (TSK_UNLIKELY(context->heap.trap || ev->top)) return NULL;
    const tsk_bytecode *code = context->quick_code;
    if (TSK_UNLIKELY(count < code->plain_args || count > FEW)) return NULL;
    if (TSK_UNLIKELY(code->frame_bytes > (size_t)(ev->end - ev->free))) return NULL;
    return tsk_native_inside(ev, &code->quiet);
}

/* TSK_JS_THROWN: context->left says what came of it. */
TSK_INLINE tsk_value run_quietly(tusk_context *context, tsk_native_fn native, const tsk_value *args) {
    tsk_value v = tsk_js_loop_call_native(&context->ev, context->quick_code, native, context->quick_closure,
                                          TSK_VALUE_UNDEFINED, args);
    tsk_native_outside(&context->ev);
    return v;
}

typedef struct resuming {
    tsk_frame *frame;
    tsk_value value;
} resuming;

static tusk_status resume(tusk_context *context, void *argument) {
    resuming *r = argument;
    const calling none = {0};
    tsk_realm *realm = tsk_realm_of(context);
    context->results.trap = context->heap.trap;
    if (context->results.reserved) tsk_arena_reset(&context->results);
    realm->js->outer[TSK_IR_JS_CONTEXT] = TSK_JS_HOLE;
    context->ev.pinned++;
    r->value = tsk_js_loop_resume(&context->ev, r->frame);
    context->ev.pinned--;
    return tsk_js_is_thrown(r->value) ? report(context, &none) : TUSK_OK;
}

tsk_value tsk_calls_resume(tsk_eval *ev, tsk_frame *frame) {
    tusk_context *context = ev->user;
    resuming r = {frame, TSK_JS_THROWN};
    ev->inside_below = 1;
    context->left = tsk_context_guard(context, resume, &r);
    ev->inside_below = 0;
    return context->left ? TSK_JS_THROWN : r.value;
}

/* What the interpreter gave may need memory. */
static tusk_status give(tusk_context *context, void *argument) {
    calling *c = argument;
    tsk_value out;
    context->results.trap = context->heap.trap;
    if (!tsk_exchange_leave(tsk_realm_of(context), &context->results, (tsk_value){c->result->bits}, &out))
        return report(context, c);
    c->result->bits = out.bits;
    return TUSK_OK;
}

static TSK_NOINLINE tusk_status give_slowly(tusk_context *context, tsk_value v, tusk_value *result) {
    if (tsk_js_is_thrown(v)) return context->left;
    tusk_value value = {v.bits};
    calling c = {.result = &value};
    tusk_status status = tsk_context_guard(context, give, &c);
    if (!status && result) *result = value;
    return status;
}

/* Arguments that are taken without memory. */
TSK_INLINE bool take_simple(const tusk_argument *args, size_t count, tsk_value *out) {
    for (size_t i = 0; i < count; i++) {
        if (TSK_LIKELY(args[i].kind == TUSK_ARGUMENT_INT && args[i].integer == (int32_t)args[i].integer))
            out[i] = tsk_from_i32((int32_t)args[i].integer);
        else if (TSK_LIKELY(args[i].kind == TUSK_ARGUMENT_DOUBLE))
            out[i] = tsk_js_number(args[i].number);
        else if (args[i].kind == TUSK_ARGUMENT_BOOL)
            out[i] = tsk_from_bool(args[i].boolean);
        else if (args[i].kind == TUSK_ARGUMENT_NULL)
            out[i] = TSK_VALUE_NULL;
        else
            return false;
    }
    return true;
}

tusk_status tusk_call(tusk_context *context, const tusk_function *function, const tusk_argument *self,
                      const tusk_argument *args, size_t count, tusk_value *result) {
    if (!context || !function || (count && !args) || count > MAX_ARGUMENTS) return TUSK_USAGE;
    tsk_value few[FEW];
    tsk_native_fn native = !self && count <= FEW && take_simple(args, count, few) ? quiet_code(context, function, count)
                                                                                  : NULL;
    if (native) {
        tsk_value v = run_quietly(context, native, few);
        if (TSK_UNLIKELY(!is_simple(v))) return give_slowly(context, v, result);
        if (result) result->bits = v.bits;
        return TUSK_OK;
    }
    calling c = {(const tsk_outer *)(const void *)function, self, args, count, result, NULL};
    return tsk_context_guard(context, call, &c);
}

static tusk_status no_number(tusk_context *context, void *argument) {
    (void)argument;
    return tsk_failure_add(context, TSK_E_TYPE, NULL, "the function gave no number");
}

/* The long way of tusk_call_numbers. */
static TSK_NOINLINE tusk_status call_numbers(tusk_context *context, const tusk_function *function,
                                             const double *numbers, size_t count, double *result) {
    tusk_argument args[count + 1];
    tusk_value value;
    for (size_t i = 0; i < count; i++) args[i] = (tusk_argument){.kind = TUSK_ARGUMENT_DOUBLE, .number = numbers[i]};
    tusk_status status = tusk_call(context, function, NULL, args, count, &value);
    if (status) return status;
    tusk_kind kind = tusk_value_kind(value);
    if (kind != TUSK_INT && kind != TUSK_DOUBLE) return tsk_context_guard(context, no_number, NULL);
    if (result) *result = tusk_value_double(value);
    return TUSK_OK;
}

tusk_status tusk_call_numbers(tusk_context *context, const tusk_function *function, const double *args, size_t count,
                              double *result) {
    if (!context || !function || (count && !args) || count > MAX_ARGUMENTS) return TUSK_USAGE;
    tsk_native_fn native = quiet_code(context, function, count);
    if (!native) return call_numbers(context, function, args, count, result);
    tsk_value few[FEW];
    for (size_t i = 0; i < count; i++) few[i] = tsk_js_number(args[i]);
    tsk_value v = run_quietly(context, native, few);
    if (TSK_UNLIKELY(!tsk_js_is_number(v)))
        return tsk_js_is_thrown(v) ? context->left : tsk_context_guard(context, no_number, NULL);
    if (result) *result = tsk_js_as_number(v);
    return TUSK_OK;
}

tusk_status tusk_call_path(tusk_context *context, const char *path, const tusk_argument *self,
                           const tusk_argument *args, size_t count, tusk_value *result) {
    const tusk_function *function;
    tusk_status status = tusk_function_find(context, path, &function);
    return status ? status : tusk_call(context, function, self, args, count, result);
}
