/* What the operators share: their signature, reading arguments, and making results.
 *
 * An operator reads its arguments through tsk_arg_* which fail with a message that names the operator, the
 * position, what is expected and what was given:
 *
 *   TSK_OPERATOR(upper) {
 *       TSK_CALL("upper");
 *       tsk_slice text;
 *       if (!tsk_arg_text(&call, 0, &text)) return false;
 *       ...
 */
#ifndef TSK_OPERATORS_INTERNAL_H
#define TSK_OPERATORS_INTERNAL_H

#include "runtime/operators/operator.h"
#include "runtime/value/semantics.h"

#define TSK_OPERATOR(name)                                                                                             \
    bool tsk_op_##name(tsk_op_context *cx, const tsk_value *args __attribute__((unused)),                              \
                       uint32_t count __attribute__((unused)), tsk_value *out)
#define TSK_CALL(op_name) const tsk_call call = {cx, op_name, args, count}

/* One call of an operator, for reading its arguments and for messages. */
typedef struct tsk_call {
    tsk_op_context *cx;
    const char *name;
    const tsk_value *args;
    uint32_t count;
} tsk_call;

TSK_INLINE bool tsk_arg_given(const tsk_call *call, uint32_t i) {
    return i < call->count && !tsk_is_null(call->args[i]);
}

/* "upper: argument 1 must be a string, got array [1,2]"; returns false. */
bool tsk_arg_wrong(const tsk_call *call, uint32_t i, const char *expected);
/* Texts; numbers and booleans are taken as their text. */
bool tsk_arg_text(const tsk_call *call, uint32_t i, tsk_slice *out);
bool tsk_arg_number(const tsk_call *call, uint32_t i, double *out);
/* Whole numbers, also as doubles or numeric texts. */
bool tsk_arg_int(const tsk_call *call, uint32_t i, int64_t *out);
bool tsk_arg_array(const tsk_call *call, uint32_t i, const tsk_array **out);
bool tsk_arg_object(const tsk_call *call, uint32_t i, const tsk_object **out);
/* The same with a value for what is missing or null. */
bool tsk_arg_text_or(const tsk_call *call, uint32_t i, tsk_slice otherwise, tsk_slice *out);
bool tsk_arg_number_or(const tsk_call *call, uint32_t i, double otherwise, double *out);
bool tsk_arg_int_or(const tsk_call *call, uint32_t i, int64_t otherwise, int64_t *out);

/* "array [1,2]": kind and a short text of a value, for messages; in the heap. */
const char *tsk_op_show(tsk_op_context *cx, tsk_value v);
/* True when granted; otherwise fails with E_DENIED and the flag that grants it. */
bool tsk_op_require(tsk_op_context *cx, const char *op, tsk_capability capability);
/* A variable of the snapshot's environment, capabilities aside; NULL when unset. */
const char *tsk_op_environment(const tsk_op_context *cx, const char *name, size_t len);
bool tsk_op_env_granted(const tsk_op_context *cx, tsk_slice name);

/* Equality of texts without case (ASCII). */
bool tsk_slice_same(tsk_slice a, const char *literal);
TSK_INLINE tsk_slice tsk_slice_from(const char *ptr, size_t len) {
    return (tsk_slice){ptr, (uint32_t)len};
}
tsk_slice tsk_slice_trim(tsk_slice s);
/* NUL-terminated copy in the heap. */
TSK_INLINE char *tsk_op_cstr(tsk_op_context *cx, tsk_slice s) {
    return tsk_arena_strdup(cx->heap, s.ptr, s.len);
}
TSK_INLINE tsk_value tsk_op_text(tsk_op_context *cx, const char *ptr, size_t len) {
    return tsk_str_copy(cx->heap, ptr, len);
}
/* An int when the double is integral and exact as one. */
tsk_value tsk_op_numeric(tsk_op_context *cx, double d);

/* Calls an operator after checking the number of arguments. */
bool tsk_op_call(tsk_op_context *cx, uint32_t number, const tsk_value *args, uint32_t count, tsk_value *out);

/* An operation chosen by its first text: string("upper", s).  Names are small letters only. */
typedef struct tsk_action {
    const char *name;
    uint16_t number;
} tsk_action;

/* NULL: no such action. */
const tsk_action *tsk_action_find(const tsk_action *actions, size_t count, tsk_slice name);
bool tsk_action_unknown(const tsk_call *call, const tsk_action *actions, size_t count, tsk_slice name);

/* Shared between files of this folder. */
bool tsk_op_is_operation_of_file(tsk_slice name, bool *writes);
bool tsk_duration_parse(tsk_slice text, int64_t *ms); /* ^\d+(ms|s|m|h|d|w)?$; a bare number is seconds */
bool tsk_json_is_operation(const tsk_value *args, uint32_t count); /* json("merge", ..) rather than json(value[, status]) */
bool tsk_calc_eval(tsk_op_context *cx, tsk_slice text, tsk_value *out);
bool tsk_path_get(tsk_value root, tsk_slice path, tsk_value *out); /* a.b[0].c, $.a; false: nothing there */
tsk_value tsk_object_deep_merge(tsk_arena *heap, tsk_value a, tsk_value b);
bool tsk_op_random_bytes(tsk_op_context *cx, void *to, size_t len);
/* What an operator gives whose service is not reached: {success: false, error: ".."}.  Its methods are itself. */
bool tsk_op_is_service_failure(tsk_value v);

/* Every function that operators.def names. */
#define X(number, name, min, max, effect, caps, fn)                                                                    \
    bool fn(tsk_op_context *cx, const tsk_value *args, uint32_t count, tsk_value *out);
#include "ir/tables/operators.def"
#undef X

#endif
