/* Casts, and tests of what kind a value is. */
#include "runtime/operators/internal.h"

#include <math.h>

/* ---- casts ---- */

/* int(v[, otherwise]): without a second argument what is no number is an error. */
TSK_OPERATOR(int) {
    if (tsk_value_to_int(cx->heap, args[0], out, cx->failure)) return true;
    if (count < 2) return false;
    *out = args[1];
    return true;
}

TSK_OPERATOR(float) {
    if (tsk_value_to_float(args[0], out, cx->failure)) return true;
    if (count < 2) return false;
    *out = args[1];
    return true;
}

TSK_OPERATOR(bool) {
    return tsk_value_to_bool(args[0], out, cx->failure);
}

TSK_OPERATOR(to_string) {
    *out = tsk_value_string(cx->heap, args[0]);
    return true;
}

/* An int where the text is one, else a double. */
TSK_OPERATOR(to_number) {
    if (tsk_is_number(args[0])) return *out = args[0], true;
    if (tsk_is_str(args[0])) {
        tsk_slice s = tsk_slice_trim(tsk_as_slice(args[0]));
        if (tsk_number_parse(cx->heap, s.ptr, s.len, out)) return true;
    }
    if (!tsk_value_to_float(args[0], out, cx->failure)) return false;
    *out = tsk_op_numeric(cx, tsk_as_double(*out));
    return true;
}

/* parse_int(text[, base]): the digits at the start of the text. */
TSK_OPERATOR(parse_int) {
    TSK_CALL("parse_int");
    tsk_slice s;
    int64_t base;
    if (tsk_is_number(args[0])) return tsk_value_to_int(cx->heap, args[0], out, cx->failure);
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_int_or(&call, 1, 10, &base)) return false;
    if (base < 2 || base > 36) return tsk_arg_wrong(&call, 1, "a base from 2 to 36");
    s = tsk_slice_trim(s);
    bool negative = s.len && *s.ptr == '-';
    uint32_t i = s.len && (*s.ptr == '-' || *s.ptr == '+');
    if (s.len - i > 2 && s.ptr[i] == '0' && (s.ptr[i + 1] | 32) == 'x' && (base == 16 || count < 2)) {
        base = 16;
        i += 2;
    }
    int64_t n = 0;
    uint32_t start = i;
    for (; i < s.len; i++) {
        char c = s.ptr[i];
        int64_t digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'z' ? (c | 32) - 'a' + 10 : 99;
        if (digit >= base) break;
        if (__builtin_mul_overflow(n, base, &n) || __builtin_add_overflow(n, digit, &n))
            return tsk_arg_wrong(&call, 0, "a number that fits 64 bits");
    }
    if (i == start) return tsk_arg_wrong(&call, 0, "text that begins with a number");
    *out = tsk_int(cx->heap, negative ? -n : n);
    return true;
}

/* Lists stay, texts are split, null is empty, objects give their values, other values stand alone. */
TSK_OPERATOR(to_array) {
    TSK_CALL("to_array");
    if (tsk_is_array(args[0])) return *out = args[0], true;
    if (tsk_is_object(args[0])) return tsk_op_values(cx, args, 1, out);
    tsk_array *list = tsk_array_new(cx->heap, 1);
    if (tsk_is_str(args[0]) && tsk_as_str(args[0])->len) {
        if (!tsk_op_split(cx, call.args, call.count, out)) return false;
        for (uint32_t i = 0; i < tsk_as_array(*out)->count && count < 2; i++) { /* "a, b": without the blanks */
            tsk_slice s = tsk_slice_trim(tsk_as_slice(tsk_as_array(*out)->items[i]));
            tsk_array_push(cx->heap, list, tsk_str_borrow(cx->heap, s.ptr, s.len));
        }
        if (count < 2) *out = tsk_from_array(list);
        return true;
    }
    if (!tsk_is_null(args[0]) && !tsk_is_str(args[0])) tsk_array_push(cx->heap, list, args[0]);
    *out = tsk_from_array(list);
    return true;
}

/* array(v) is a cast; several arguments are the items. */
TSK_OPERATOR(array) {
    if (count == 1) return tsk_op_to_array(cx, args, count, out);
    tsk_array *list = tsk_array_new(cx->heap, count);
    for (uint32_t i = 0; i < count; i++) tsk_array_push(cx->heap, list, args[i]);
    *out = tsk_from_array(list);
    return true;
}

/* Of an object, JSON text of one, or pairs. */
TSK_OPERATOR(object) {
    TSK_CALL("object");
    if (!tsk_arg_given(&call, 0)) return *out = tsk_from_object(tsk_object_new(cx->heap, 0)), true;
    if (tsk_is_array(args[0])) return tsk_op_from_entries(cx, args, count, out);
    *out = args[0];
    if (tsk_is_str(args[0]) && !tsk_op_json_parse(cx, args, count, out)) return false;
    return tsk_is_object(*out) || tsk_arg_wrong(&call, 0, "an object");
}

/* ---- kinds ---- */

static const char *type_name(tsk_value v) {
    switch (tsk_kind_of(v)) {
    case TSK_DOUBLE: return "float";
    case TSK_BOOL: return "bool";
    default: return tsk_kind_name(tsk_kind_of(v));
    }
}

TSK_OPERATOR(type_of) {
    *out = tsk_str_cstr(cx->heap, type_name(args[0]));
    return true;
}

static const tsk_action type_tests[] = {
    {"string", TSK_OP_IS_STRING},   {"str", TSK_OP_IS_STRING},        {"number", TSK_OP_IS_NUMBER},
    {"numeric", TSK_OP_IS_NUMERIC}, {"int", TSK_OP_IS_INTEGER},       {"integer", TSK_OP_IS_INTEGER},
    {"float", TSK_OP_IS_FLOAT},     {"double", TSK_OP_IS_FLOAT},      {"bool", TSK_OP_IS_BOOLEAN},
    {"boolean", TSK_OP_IS_BOOLEAN}, {"array", TSK_OP_IS_ARRAY},       {"list", TSK_OP_IS_ARRAY},
    {"object", TSK_OP_IS_OBJECT},   {"map", TSK_OP_IS_OBJECT},        {"null", TSK_OP_IS_NULL},
    {"undefined", TSK_OP_IS_NULL},  {"function", TSK_OP_IS_FUNCTION}, {"empty", TSK_OP_IS_EMPTY},
    {"email", TSK_OP_IS_EMAIL},     {"url", TSK_OP_IS_URL},           {"uuid", TSK_OP_IS_UUID},
    {"ip", TSK_OP_IS_IP},           {"json", TSK_OP_IS_JSON},
};

/* is(v, "string") */
TSK_OPERATOR(is) {
    TSK_CALL("is");
    tsk_slice type;
    if (!tsk_arg_text(&call, 1, &type)) return false;
    const tsk_action *test = tsk_action_find(type_tests, TSK_COUNT(type_tests), type);
    if (!test) return tsk_action_unknown(&call, type_tests, TSK_COUNT(type_tests), type);
    return tsk_op_call(cx, test->number, args, 1, out);
}

static bool is_empty(tsk_value v) {
    return tsk_is_null(v) || (tsk_is_str(v) && !tsk_as_str(v)->len) || (tsk_is_array(v) && !tsk_as_array(v)->count) ||
           (tsk_is_object(v) && !tsk_as_object(v)->count);
}

static bool is_whole(tsk_value v) {
    return tsk_is_int(v) ||
           (tsk_is_double(v) && tsk_as_double(v) == trunc(tsk_as_double(v)) && isfinite(tsk_as_double(v)));
}

static bool is_numeric(tsk_value v) {
    double d;
    return tsk_is_number(v) || (tsk_is_str(v) && tsk_value_number(v, &d));
}

#define TEST(name, expression)                                                                                         \
    TSK_OPERATOR(name) {                                                                                               \
        (void)cx;                                                                                                      \
        *out = tsk_from_bool(expression);                                                                              \
        return true;                                                                                                   \
    }
TEST(is_string, tsk_is_str(args[0]))
TEST(is_number, tsk_is_number(args[0]))
TEST(is_integer, is_whole(args[0]))
TEST(is_float, tsk_is_double(args[0]))
TEST(is_boolean, tsk_is_bool(args[0]))
TEST(is_array, tsk_is_array(args[0]))
TEST(is_object, tsk_is_object(args[0]))
TEST(is_function, tsk_is_function(args[0]))
TEST(is_null, tsk_is_null(args[0]))
TEST(is_not_null, !tsk_is_null(args[0]))
TEST(is_empty, is_empty(args[0]))
TEST(is_not_empty, !is_empty(args[0]))
TEST(is_numeric, is_numeric(args[0]))

/* notempty(v[, message]): the value, or an error. */
TSK_OPERATOR(not_empty) {
    TSK_CALL("notempty");
    tsk_slice message;
    if (!tsk_arg_text_or(&call, 1, TSK_SLICE(""), &message)) return false;
    if (!message.len) message = TSK_SLICE("notempty: the value is empty");
    if (is_empty(args[0])) return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED, "%.*s", (int)message.len, message.ptr);
    *out = args[0];
    return true;
}

/* compute(expression): the argument has been computed. */
TSK_OPERATOR(compute) {
    (void)cx;
    *out = args[0];
    return true;
}
