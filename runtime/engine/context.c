/* Contexts: one evaluation at a time over a snapshot.
 *
 * A new context owns nothing but itself: heap, memo, frames and stores come with the first value that must be
 * computed. */
#include "runtime/engine/realm.h"

#include "runtime/interp/native.h"
#include "runtime/value/semantics.h"

/* ---- what the interpreter asks for ---- */

static void compile_locked(tusk_program *program, void *argument) {
    tsk_program_compile(program, *(const uint32_t *)argument);
}

static bool host_compile(tsk_eval *ev, uint32_t thunk) {
    tusk_context *context = ev->user;
    tusk_program *program = context->program;
    bool done = tsk_program_locked(program, compile_locked, &thunk);
    if (done && tsk_memo_load(&program->outcomes, thunk)) return true;
    return tsk_interp_fail(ev, TSK_E_NO_MEMORY, "no memory to compile a key");
}

static tsk_value host_publish(tsk_eval *ev, uint32_t thunk, tsk_value v) {
    return tsk_snapshot_publish(((tusk_context *)ev->user)->snapshot, thunk, v);
}

static void host_prepare(tsk_eval *ev) {
    tusk_context *context = ev->user;
    tusk_snapshot *snapshot = context->snapshot;
    if (!ev->op.stores) ev->op.stores = tsk_stores_new(&context->program->allocator);
    if (!ev->op.stores || !tsk_snapshot_inputs(snapshot)) longjmp(context->heap.trap->jump, TSK_TRAP_NO_MEMORY);
    ev->op.env = snapshot->environment;
    ev->op.has_now = snapshot->has_now;
    ev->op.now_ms = snapshot->now_ms;
    ev->prepared = true;
}

static const char *host_key_name(tsk_eval *ev, uint32_t thunk) {
    tsk_buf path;
    tsk_buf_init(&path, ev->heap);
    tsk_frontend_key_path(&path, tsk_program_thunk(((tusk_context *)ev->user)->program, thunk));
    if (!path.len) return "<expression>";
    tsk_buf_char(&path, 0);
    return path.ptr;
}

static const tsk_interp_host host = {.compile = host_compile,
                                     .publish = host_publish,
                                     .prepare = host_prepare,
                                     .key_name = host_key_name,
                                     .enter = tsk_calls_enter,
                                     .to_function = tsk_calls_to_function,
                                     .from_function = tsk_calls_from_function,
                                     .failure_to_exception = tsk_calls_failure_to_exception,
                                     .exception_to_failure = tsk_calls_exception_to_failure,
                                     .resume = tsk_calls_resume};

/* An operator's look into the document: everything it gets is computed. */
static bool force_for_operator(void *user, tsk_value *v) {
    return tsk_interp_tree(&((tusk_context *)user)->ev, *v, v);
}

static bool look_up(void *user, const char *text, uint32_t len, tsk_value *out) {
    tusk_context *context = user;
    tsk_path path;
    tsk_path_begin(&path, context->program, text, len);
    switch (tsk_path_follow(&path, force_for_operator, context)) {
    case TSK_PATH_FOUND:
        if (tsk_interp_tree(&context->ev, path.at, out)) return true;
        break;
    case TSK_PATH_FAILED: break;
    default: *out = TSK_VALUE_NULL; return true;
    }
    const tsk_error *error = context->ev.error;
    context->ev.failure = (tsk_failure){error->code, error->message, error->hint};
    context->ev.inner = error;
    return false;
}

/* Documents in other files count for the one that opened them. */
static void note_reading(void *user, const char *path) {
    const tusk_context *context = user;
    while (context->opener) context = context->opener;
    tsk_snapshot_reads(context->snapshot, path);
}

/* ---- life ---- */

tusk_status tsk_context_create(tusk_snapshot *snapshot, const tusk_context *opener, tusk_context **out) {
    tusk_program *program = snapshot->program;
    tusk_context *context = tsk_mem_alloc(&program->allocator, sizeof *context);
    *out = context;
    if (!context) return TUSK_NO_MEMORY;
    memset(context, 0, sizeof *context);
    const uint64_t *limits = snapshot->settings.limits;
    context->snapshot = tusk_snapshot_retain(snapshot);
    context->program = program;
    context->opener = opener;
    tsk_path_recent_init(&context->recent);
    tsk_arena_init(&context->heap, &program->allocator, (size_t)limits[TUSK_LIMIT_MEMORY]);
    tsk_arena_init(&context->report, &program->allocator, 0);
    tsk_arena_init(&context->results, &program->allocator, (size_t)limits[TUSK_LIMIT_MEMORY]);
    context->diags = (tsk_diags){.arena = &context->report, .max = (uint32_t)limits[TUSK_LIMIT_ERRORS]};
    tsk_eval *ev = &context->ev;
    ev->heap = &context->heap;
    ev->host = &host;
    ev->user = context;
    ev->outcomes = &program->outcomes;
    ev->shared = &snapshot->shared;
    ev->allocator = &program->allocator;
    tsk_native_begin(ev, program->native);
    ev->ahead = program->image;
    ev->helpers = tsk_native_helpers;
    ev->limits = (tsk_limits){limits[TUSK_LIMIT_STEPS], limits[TUSK_LIMIT_TIME] * 1000000u,
                              (size_t)limits[TUSK_LIMIT_MEMORY], (uint32_t)limits[TUSK_LIMIT_CALLS]};
    ev->op = (tsk_op_context){.heap = &context->heap,
                              .caps = &snapshot->caps,
                              .failure = &ev->failure,
                              .directory = program->directory,
                              .max_depth = (uint32_t)limits[TUSK_LIMIT_DEPTH],
                              .state_directory = snapshot->settings.state_directory,
                              .lookup = look_up,
                              .cross_file = tsk_cross_file_get,
                              .reading = note_reading,
                              .user = context};
    return TUSK_OK;
}

tusk_status tusk_context_new(tusk_snapshot *snapshot, tusk_context **context) {
    if (!context) return TUSK_USAGE;
    *context = NULL;
    return snapshot ? tsk_context_create(snapshot, NULL, context) : TUSK_USAGE;
}

static void forget_report(tusk_context *context) {
    tsk_arena_free(&context->report);
    context->diags = (tsk_diags){.arena = &context->report, .max = context->diags.max};
    context->no_memory = false;
}

void tusk_context_reset(tusk_context *context) {
    if (!context) return;
    tsk_cross_close(context);
    tsk_realm_free(context);
    tsk_interp_reset(&context->ev);
    tsk_arena_reset(&context->results);
    tsk_arena_reset(&context->heap);
    forget_report(context);
}

void tusk_context_free(tusk_context *context) {
    if (!context) return;
    tsk_cross_close(context);
    tsk_realm_free(context);
    tsk_native_end(&context->ev);
    tsk_interp_free(&context->ev);
    if (context->ev.op.stores) tsk_stores_free(context->ev.op.stores);
    tsk_path_forget(&context->recent, &context->program->allocator);
    tsk_arena_free(&context->heap);
    tsk_arena_free(&context->report);
    tsk_arena_free(&context->results);
    tusk_snapshot *snapshot = context->snapshot;
    tsk_mem_free(&context->program->allocator, context, sizeof *context);
    tusk_snapshot_release(snapshot);
}

void tusk_context_cancel(tusk_context *context) {
    if (context) atomic_store_explicit(&context->ev.cancelled, 1, memory_order_relaxed);
}

char *tusk_context_report(const tusk_context *context, int style) {
    if (!context) return tsk_text_copy("", 0);
    static const char no_memory[] = "error: there is no memory left\n";
    if (context->no_memory) return tsk_text_copy(no_memory, sizeof no_memory - 1);
    return tsk_failure_render(context->program, &context->diags, style);
}

/* ---- calls ---- */

tusk_status tsk_context_guard(tusk_context *context, tsk_context_body body, void *argument) {
    tsk_trap trap, *outer = context->heap.trap, *outer_report = context->report.trap;
    int reason = setjmp(trap.jump);
    if (reason) {
        context->heap.trap = outer;
        context->report.trap = outer_report;
        return tsk_failure_trap(context, (tsk_trap_reason)reason);
    }
    context->heap.trap = context->report.trap = &trap;
    if (!outer) {
        context->call++;
        context->stack_base = __builtin_frame_address(0);
        tsk_interp_begin(&context->ev);
        tsk_native_set_stack(&context->ev);
    }
    if (context->realm) tsk_realm_enter(context->realm, &trap);
    tusk_status status = body(context, argument);
    context->heap.trap = outer;
    context->report.trap = outer_report;
    if (context->realm && outer) tsk_realm_enter(context->realm, outer);
    return status;
}

bool tsk_context_force(tusk_context *context, tsk_value *v) {
    return !tsk_is_thunk(*v) || tsk_interp_key(&context->ev, tsk_as_thunk(*v), v);
}

bool tsk_context_known(const tusk_context *context, tsk_value v, tsk_value *out) {
    *out = v;
    if (!tsk_is_thunk(v)) return true;
    uint64_t word = tsk_memo_load(&context->program->outcomes, tsk_as_thunk(v));
    if (!tsk_memo_is_value(word)) word = tsk_memo_load(&context->ev.memo, tsk_as_thunk(v));
    if (!tsk_memo_is_value(word)) return false;
    *out = tsk_memo_value(word);
    return true;
}

/* Recursion follows the nesting of the source, which is limited. */
tusk_status tsk_context_compute(tusk_context *context, tsk_value v) {
    if (tsk_is_thunk(v)) return tsk_context_force(context, &v) ? TUSK_OK : tsk_failure_report(context);
    tusk_status status = TUSK_OK;
    if (tsk_is_array(v) && tsk_as_array(v)->flags & TSK_HAS_THUNKS) {
        const tsk_array *array = tsk_as_array(v);
        for (uint32_t i = 0; i < array->count && !status; i++) status = tsk_context_compute(context, array->items[i]);
    } else if (tsk_is_object(v) && tsk_as_object(v)->flags & TSK_HAS_THUNKS) {
        const tsk_object *object = tsk_as_object(v);
        for (uint32_t i = 0; i < object->count && !status; i++)
            status = tsk_context_compute(context, object->entries[i].value);
    }
    return status;
}
