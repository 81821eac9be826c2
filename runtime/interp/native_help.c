/* What native code calls: by number, through one table.
 *
 * Most helpers are the runtime's own functions; here stand only those that need another shape.
 */
#include "runtime/interp/native.h"

#include "runtime/builtins/array.h"
#include "runtime/builtins/inner.h"
#include "runtime/interp/js_access.h"
#include "runtime/interp/js_loop.h"
#include "runtime/js/math.h"

#include <stdarg.h>

/* ---- leaving ---- */

static tsk_value go_on(tsk_eval *ev, tsk_frame *frame, uint32_t pc) {
    frame->pc = frame->code->insns + pc;
    return TSK_UNLIKELY(!ev->heap->trap) ? ev->host->resume(ev, frame) : tsk_js_loop_resume(ev, frame);
}

static void take_values(tsk_frame *frame, const tsk_native_exit *exit, va_list values) {
    for (uint32_t i = 0; i < exit->count; i++) {
        tsk_value *to = &frame->regs[exit->values[i] >> 3];
        switch ((tsk_native_passed)(exit->values[i] & 7)) {
        case TSK_PASSED_VALUE: to->bits = va_arg(values, uint64_t); break;
        case TSK_PASSED_I32: *to = tsk_from_i32(va_arg(values, int32_t)); break;
        case TSK_PASSED_F64: *to = tsk_from_double(va_arg(values, double)); break;
        case TSK_PASSED_BOOL: *to = tsk_from_bool(va_arg(values, int)); break;
        case TSK_PASSED_CONST: *to = frame->code->consts[exit->values[++i]]; break;
        }
    }
}

/* `around`: the function that the frame's one is part of. */
static void note_exit(tsk_eval *ev, const tsk_frame *frame, const tsk_native_exit *exit, const tsk_bytecode *around) {
    if (tsk_native_stressed(ev)) return;
    tsk_native_left(ev, frame->code, ev->left_at, ev->left_at == exit->pc ? frame->regs : NULL, false);
    if (around) tsk_native_left_inside(ev, around);
}

static tsk_value leave(tsk_eval *ev, tsk_frame *frame, const tsk_native_exit *exit, ...) {
    va_list values;
    va_start(values, exit);
    take_values(frame, exit, values);
    va_end(values);
    note_exit(ev, frame, exit, NULL);
    return go_on(ev, frame, exit->pc);
}

static tsk_value leave_framed(tsk_eval *ev, tsk_frame *frame, const tsk_native_exit *exit, ...) {
    va_list values;
    va_start(values, exit);
    take_values(frame, exit, values);
    va_end(values);
    note_exit(ev, frame, exit, frame->caller->code);
    return go_on(ev, frame, exit->pc);
}

static tsk_value enter_failed(tsk_eval *ev, tsk_frame *frame, uint32_t pc) {
    if (!tsk_native_stressed(ev)) tsk_native_left(ev, frame->code, pc, frame->regs, true);
    return go_on(ev, frame, pc);
}

/* ---- shapes that differ ---- */

static tsk_value new_box(tsk_js *js, tsk_value v) {
    tsk_js_box *box = tsk_heap_alloc(js->heap, sizeof *box, TSK_JS_KIND_BOX);
    box->value = v;
    return tsk_from_ptr(TSK_TAG_CELL, box);
}

static bool library_put(tsk_js *js, tsk_value base, tsk_value key, tsk_value v) {
    return tsk_js_put_item_quickly(js, base, key, v) || tsk_js_inner_put(js, base, key, v);
}

/* A key that is not known yet is computed here, which cannot wait. */
static tsk_value outer(tsk_eval *ev, uint32_t number) {
    tsk_value v = ev->js_host->outer(ev, number);
    if (ev->leaving != TSK_LEFT_CROSSING) return v;
    ev->leaving = TSK_LEFT_FAILED;
    if (tsk_interp_run(ev, &v) == TSK_LEFT_RETURNED) return ev->host->to_function(ev, v, &v) ? v : TSK_JS_THROWN;
    ev->host->failure_to_exception(ev);
    return TSK_JS_THROWN;
}

static int32_t to_int32(double d) {
    int32_t n;
    tsk_js_to_int32(NULL, tsk_from_double(d), &n);
    return n;
}

static tsk_value no_this(tsk_js *js) {
    return tsk_js_throw_error(js, TSK_JS_REFERENCE_ERROR,
                              "Must call super constructor in derived class before accessing 'this' or returning from "
                              "derived constructor");
}

#define FUNCTION(name) ((const void *)(uintptr_t)(name))
const void *const tsk_native_helpers[TSK_NATIVE_HELPERS] = {
    [TSK_NATIVE_exit] = FUNCTION(leave),
    [TSK_NATIVE_exit_framed] = FUNCTION(leave_framed),
    [TSK_NATIVE_enter_failed] = FUNCTION(enter_failed),
    [TSK_NATIVE_poll] = FUNCTION(tsk_js_loop_poll),
    [TSK_NATIVE_step] = FUNCTION(tsk_js_loop_step),
    [TSK_NATIVE_call] = FUNCTION(tsk_js_loop_finish_call),
    [TSK_NATIVE_pop] = FUNCTION(tsk_frame_pop),
    [TSK_NATIVE_add] = FUNCTION(tsk_js_add),
    [TSK_NATIVE_arith] = FUNCTION(tsk_js_arith),
    [TSK_NATIVE_compare] = FUNCTION(tsk_js_compare),
    [TSK_NATIVE_loose_equals] = FUNCTION(tsk_js_loose_equals),
    [TSK_NATIVE_strict_equals] = FUNCTION(tsk_js_strict_equals),
    [TSK_NATIVE_to_boolean] = FUNCTION(tsk_js_to_boolean),
    [TSK_NATIVE_to_numeric] = FUNCTION(tsk_js_to_numeric),
    [TSK_NATIVE_keep_key] = FUNCTION(tsk_js_keep_key),
    [TSK_NATIVE_type_name] = FUNCTION(tsk_js_typeof),
    [TSK_NATIVE_remainder] = FUNCTION(tsk_js_fmod),
    [TSK_NATIVE_power] = FUNCTION(tsk_js_pow),
    [TSK_NATIVE_to_int32] = FUNCTION(to_int32),
    [TSK_NATIVE_get] = FUNCTION(tsk_js_get_cached),
    [TSK_NATIVE_set] = FUNCTION(tsk_js_set_cached),
    [TSK_NATIVE_get_item] = FUNCTION(tsk_js_get_item),
    [TSK_NATIVE_set_item] = FUNCTION(tsk_js_set_item),
    [TSK_NATIVE_library_item] = FUNCTION(tsk_js_inner_item),
    [TSK_NATIVE_library_put] = FUNCTION(library_put),
    [TSK_NATIVE_global_get] = FUNCTION(tsk_js_global_get),
    [TSK_NATIVE_global_set] = FUNCTION(tsk_js_global_set),
    [TSK_NATIVE_new_box] = FUNCTION(new_box),
    [TSK_NATIVE_log_write] = FUNCTION(tsk_heap_log),
    [TSK_NATIVE_log_write_at] = FUNCTION(tsk_heap_log_at),
    [TSK_NATIVE_next] = FUNCTION(tsk_js_loop_next),
    [TSK_NATIVE_take_exception] = FUNCTION(tsk_js_take_exception),
    [TSK_NATIVE_throw_value] = FUNCTION(tsk_js_throw),
    [TSK_NATIVE_uninitialized] = FUNCTION(tsk_js_throw_uninitialized),
    [TSK_NATIVE_no_this] = FUNCTION(no_this),
    [TSK_NATIVE_outer] = FUNCTION(outer),
    [TSK_NATIVE_literal] = FUNCTION(tsk_js_loop_literal),
    [TSK_NATIVE_math_unary] = FUNCTION(tsk_js_math_unary),
    [TSK_NATIVE_math_functions] = tsk_js_math_functions,
    [TSK_NATIVE_no_elements] = &tsk_js_no_elements,
    [TSK_NATIVE_char_strings] = tsk_js_char_strings,
    [TSK_NATIVE_array_push] = FUNCTION(tsk_js_array_push_method),
    [TSK_NATIVE_from_char_code] = FUNCTION(tsk_js_string_from_char_code),
    [TSK_NATIVE_unit_at] = FUNCTION(tsk_js_string_unit_at),
    [TSK_NATIVE_class_roots] = tsk_js_class_roots,
};
