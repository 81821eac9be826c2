/* A context's realm: see realm.h. */
#include "runtime/engine/realm.h"

#include "runtime/engine/thrown.h"
#include "runtime/interp/js_loop.h"
#include "runtime/interp/native.h"
#include "runtime/js/model.h"

static tsk_realm *realm_of(const tsk_js *js) {
    return ((tusk_context *)((tsk_eval *)js->user)->user)->realm;
}

void tsk_realm_no_memory(const tsk_realm *realm) {
    longjmp(realm->context->heap.trap->jump, TSK_TRAP_NO_MEMORY);
}

/* ---- what the realm asks for ---- */

static void take_sources(tusk_program *program, void *argument) {
    *(tsk_sources *)argument = program->graph.sources;
}

static void trace(tsk_js *js, tsk_buf *out, const tsk_js_object *below) {
    const tsk_realm *realm = realm_of(js);
    tsk_sources sources; /* the list may grow while another thread parses; what is in it stays */
    if (!tsk_program_locked(realm->context->program, take_sources, &sources)) tsk_realm_no_memory(realm);
    tsk_thrown_trace(&realm->context->ev, &sources, out, below);
}

static bool roots(tsk_js *js, tsk_heap *heap) {
    const tsk_realm *realm = realm_of(js);
    if (realm) tsk_heap_visit_value(heap, realm->failed);
    return tsk_js_loop_roots(js->user, heap);
}

static tsk_ir_func *library(tsk_js *js, const char *text_name, const char *name, uint32_t length) {
    const tsk_realm *realm = realm_of(js);
    tsk_ir_func *func = tsk_functions_library(realm->context->program, text_name, name, length);
    if (!func) tsk_realm_no_memory(realm);
    return func;
}

static const tsk_js_host realm_host = {
    tsk_js_loop_call,  trace, library, roots, tsk_thrown_subject, tsk_thrown_place, tsk_js_loop_worked,
    tsk_js_loop_spend, NULL};

/* ---- what the loop asks for ---- */

static const tsk_bytecode *compile(tsk_eval *ev, tsk_ir_func *func) {
    const tusk_context *context = ev->user;
    switch (tsk_functions_compile(context->program, func)) {
    case TSK_COMPILED_NOW: tsk_native_made(ev, tsk_bytecode_of(func)); return tsk_bytecode_of(func);
    case TSK_COMPILED: return tsk_bytecode_of(func);
    case TSK_COMPILED_NO_MEMORY: tsk_realm_no_memory(context->realm);
    case TSK_COMPILED_TOO_DEEP: tsk_js_throw_range(ev->js, "The function is nested too deep");
    }
    return NULL;
}

static void make_room(tsk_realm *realm, uint32_t number) {
    tsk_js *js = realm->js;
    if (number >= realm->outer_cap) {
        uint32_t cap = realm->outer_cap ? realm->outer_cap * 2 : 16;
        while (cap <= number) cap *= 2;
        const tsk_allocator *allocator = &realm->context->program->allocator;
        tsk_value *longer = tsk_mem_resize(allocator, js->outer, realm->outer_cap * sizeof *longer,
                                           cap * sizeof *longer);
        if (!longer) tsk_realm_no_memory(realm);
        js->outer = longer;
        realm->outer_cap = cap;
    }
    while (js->outer_count <= number) js->outer[js->outer_count++] = TSK_JS_HOLE;
}

static tsk_value throw_invalid(tsk_js *js, const tsk_outer *outer) {
    const tsk_diag *d = outer->diags.first;
    return tsk_js_throw_error(js, TSK_JS_SYNTAX_ERROR, "%s: %s", outer->name, d ? d->message : "no function");
}

static tsk_value make_outer(tsk_realm *realm, const tsk_outer *outer) {
    tsk_js *js = realm->js;
    if (outer->func) {
        const tsk_js_closure *fn = tsk_js_closure_new(js, outer->func, 0, NULL);
        return fn ? tsk_js_from_object(fn) : TSK_JS_THROWN;
    }
    if (outer->diags.first) return throw_invalid(js, outer);
    if (outer->number != TSK_IR_JS_CONTEXT) return tsk_exchange_enter(realm, outer->value, true);
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype);
    const tsk_js_object *context = proto ? tsk_js_object_new(js, proto) : NULL;
    return context ? tsk_js_from_object(context) : TSK_JS_THROWN;
}

tsk_value tsk_realm_outer(tsk_realm *realm, const tsk_outer *outer) {
    make_room(realm, outer->number);
    tsk_value v = realm->js->outer[outer->number];
    if (!tsk_js_is_hole(v)) return v;
    v = make_outer(realm, outer);
    if (!tsk_js_is_thrown(v)) realm->js->outer[outer->number] = v;
    return v;
}

void tsk_realm_keep(tsk_realm *realm, uint32_t number, tsk_value v) {
    make_room(realm, number);
    realm->js->outer[number] = v;
}

/* A key that is not known yet, or all keys of a section, are computed in a frame of their own, so that they can wait. */
static tsk_value outer(tsk_eval *ev, uint32_t number) {
    tusk_context *context = ev->user;
    const tsk_outer *what = tsk_functions_outer(context->program, number);
    if (!what) tsk_realm_no_memory(context->realm);
    tsk_value v = what->value;
    switch (tsk_is_thunk(v) ? tsk_interp_ask_key(ev, tsk_as_thunk(v), &v) : tsk_interp_ask_tree(ev, v)) {
    case TSK_ASKED_KNOWN: return tsk_realm_outer(context->realm, what);
    case TSK_ASKED_PUSHED: ev->leaving = TSK_LEFT_CROSSING; return TSK_JS_THROWN; /* to_function gets the value */
    case TSK_ASKED_FAILED: break;
    }
    ev->host->failure_to_exception(ev);
    return TSK_JS_THROWN;
}

/* ---- operators ---- */

static bool leave_all(tsk_realm *realm, uint32_t count, const tsk_value *args, tsk_value *out) {
    for (uint32_t i = 0; i < count; i++)
        if (!tsk_exchange_leave(realm, &realm->values, args[i], &out[i])) return false;
    return true;
}

static tsk_value call_operator(tsk_eval *ev, tsk_realm *realm, uint32_t number, uint32_t count, const tsk_value *args) {
    tsk_value values[count + 1], v;
    if (!leave_all(realm, count, args, values)) return TSK_JS_THROWN;
    tsk_arena *heap = ev->op.heap;
    ev->op.heap = &realm->values;
    bool ok = tsk_slow_operator(ev, number, values, count, &v);
    ev->op.heap = heap;
    if (ok) return tsk_exchange_enter(realm, v, false);
    if (!ev->op.wait) ev->host->failure_to_exception(ev);
    return TSK_JS_THROWN;
}

static tsk_value operate(tsk_eval *ev, uint32_t number, tsk_value name, uint32_t count, const tsk_value *args) {
    tsk_realm *realm = ((tusk_context *)ev->user)->realm;
    const char *text = tsk_js_describe(ev->js, name);
    if (number >= TSK_OP_COUNT)
        return tsk_js_throw_error(ev->js, TSK_JS_REFERENCE_ERROR, "no operator is called @%s", text);
    if (number == TSK_OP_CACHE)
        return tsk_js_throw_type(ev->js, "in a function @cache takes three arguments: how long, the value, its key");
    if (!tsk_operators[number].fn)
        return tsk_js_throw_type(ev->js, "@%s is for configurations: functions have statements for it", text);
    realm->operating++;
    tsk_value v = call_operator(ev, realm, number, count, args);
    if (!--realm->operating && !ev->op.wait) {
        tsk_trap *trap = realm->values.trap;
        tsk_arena_reset(&realm->values);
        realm->values.trap = trap;
    }
    return v;
}

static const tsk_js_loop_host loop_host = {compile, operate, outer};

/* ---- lambdas of the configuration ---- */

/* Its first argument, bound, is the number in realm->lambdas. */
static tsk_value call_lambda(tsk_js *js, const tsk_js_args *a) {
    tsk_realm *realm = realm_of(js);
    tsk_eval *ev = js->user;
    const tsk_cell *cell = tsk_as_cell(realm->lambdas[tsk_as_i32(a->values[0])]);
    tsk_value args[a->count], v;
    for (uint32_t i = 1; i < a->count; i++)
        if (!tsk_exchange_leave(realm, &realm->context->heap, a->values[i], &args[i - 1])) return TSK_JS_THROWN;
    if (tsk_interp_call(ev, tsk_bytecode_of(cell->func), cell->captures, args, a->count - 1, &v))
        return tsk_exchange_enter(realm, v, false);
    ev->host->failure_to_exception(ev);
    return TSK_JS_THROWN;
}

static tsk_value keep_lambda(tsk_realm *realm, tsk_value function) {
    uint32_t n = realm->lambda_count;
    if (!(n & (n - 1)))
        realm->lambdas = tsk_arena_grow(&realm->context->heap, realm->lambdas, n * sizeof function,
                                        (n ? n * 2 : 1) * sizeof function);
    realm->lambdas[n] = function;
    return tsk_from_i32((int32_t)realm->lambda_count++);
}

tsk_value tsk_realm_lambda(tsk_realm *realm, tsk_value function) {
    static const tsk_js_native_spec spec = {"lambda", call_lambda, 0, 0, 0};
    const tsk_cell *cell = tsk_as_cell(function);
    if (cell->func->js) {
        const tsk_outer *what = tsk_functions_outer(realm->context->program, (uint32_t)tsk_as_i32(cell->captures[0]));
        if (!what) tsk_realm_no_memory(realm);
        return tsk_realm_outer(realm, what);
    }
    tsk_js_object *fn = tsk_js_native_new(realm->js, &spec, "");
    tsk_value number = keep_lambda(realm, function);
    const tsk_js_bound *bound = fn ? tsk_js_bound_new(realm->js, fn, TSK_VALUE_UNDEFINED, 1, &number) : NULL;
    return bound ? tsk_js_from_object(bound) : TSK_JS_THROWN;
}

/* ---- life ---- */

void tsk_realm_enter(tsk_realm *realm, tsk_trap *trap) {
    realm->js->heap->trap = realm->js->scratch->trap = realm->values.trap = trap;
    tsk_heap_set_stack_base(realm->js->heap, realm->context->stack_base);
}

tsk_realm *tsk_realm_make(tusk_context *context) {
    const tsk_settings *settings = &context->snapshot->settings;
    const tsk_allocator *allocator = &context->program->allocator;
    tsk_realm *realm = tsk_mem_alloc(allocator, sizeof *realm);
    tsk_js *js = realm ? tsk_js_new(allocator, &realm_host, &context->ev, (size_t)settings->limits[TUSK_LIMIT_HEAP])
                       : NULL;
    if (!js) {
        if (realm) tsk_mem_free(allocator, realm, sizeof *realm);
        longjmp(context->heap.trap->jump, TSK_TRAP_NO_MEMORY);
    }
    *realm = (tsk_realm){.context = context, .js = js, .failed = TSK_VALUE_UNDEFINED};
    tsk_arena_init(&realm->values, allocator, (size_t)settings->limits[TUSK_LIMIT_MEMORY]);
    context->realm = realm;
    context->ev.js = js;
    tsk_native_set_stack(&context->ev);
    context->ev.js_host = &loop_host;
    tsk_realm_enter(realm, context->heap.trap);
    make_room(realm, TSK_IR_JS_CONTEXT);
    if (!tsk_snapshot_inputs(context->snapshot)) tsk_realm_no_memory(realm);
    if (context->snapshot->has_now) js->now = (double)context->snapshot->now_ms;
    return realm;
}

void tsk_realm_free(tusk_context *context) {
    tsk_realm *realm = context->realm;
    if (!realm) return;
    context->quick = NULL;
    const tsk_allocator *allocator = &context->program->allocator;
    tsk_mem_free(allocator, realm->js->outer, realm->outer_cap * sizeof(tsk_value));
    realm->js->outer_count = 0;
    tsk_js_free(realm->js);
    tsk_arena_free(&realm->values);
    tsk_mem_free(allocator, realm, sizeof *realm);
    context->realm = NULL;
    context->ev.js = NULL;
}
