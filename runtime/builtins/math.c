/* Math: conversions of the arguments around the functions of runtime/js/math.h. */
#include "runtime/js/math.h"
#include "runtime/builtins/library.h"
#include "runtime/js/collections.h"

#include <math.h>

/* ---- one argument ---- */

static double round_to_float(double x) {
    return (double)(float)x;
}

double (*const tsk_js_math_functions[])(double) = {
#define X(name, number, function) function,
#include "runtime/js/math_unary.def"
#undef X
};

tsk_value tsk_js_math_unary(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = tsk_js_arg(a, 0);
    double x;
    if (tsk_is_double(v))
        x = tsk_as_double(v);
    else if (!tsk_js_to_number(js, v, &x))
        return TSK_JS_THROWN;
    return tsk_js_number(tsk_js_math_functions[tsk_js_callee_data(a)](x));
}

/* ---- two and more ---- */

static tsk_value math_pow(tsk_js *js, const tsk_js_args *a) {
    double x, y;
    if (!tsk_js_to_number(js, tsk_js_arg(a, 0), &x) || !tsk_js_to_number(js, tsk_js_arg(a, 1), &y))
        return TSK_JS_THROWN;
    return tsk_js_number(tsk_js_pow(x, y));
}

static tsk_value math_atan2(tsk_js *js, const tsk_js_args *a) {
    double y, x;
    if (!tsk_js_to_number(js, tsk_js_arg(a, 0), &y) || !tsk_js_to_number(js, tsk_js_arg(a, 1), &x))
        return TSK_JS_THROWN;
    return tsk_js_number(tsk_js_atan2(y, x));
}

/* All arguments are converted, also after a NaN. */
static tsk_value extreme(tsk_js *js, const tsk_js_args *a, double result, double (*better)(double, double)) {
    for (uint32_t i = 0; i < a->count; i++) {
        double x;
        if (!tsk_js_to_number(js, a->values[i], &x)) return TSK_JS_THROWN;
        result = better(result, x);
    }
    return tsk_js_number(result);
}

static tsk_value math_max(tsk_js *js, const tsk_js_args *a) {
    return extreme(js, a, -INFINITY, tsk_js_max);
}

static tsk_value math_min(tsk_js *js, const tsk_js_args *a) {
    return extreme(js, a, INFINITY, tsk_js_min);
}

/* The numbers are summed after all are known: few of them on the stack, many in a cell of the heap. */
static tsk_value math_hypot(tsk_js *js, const tsk_js_args *a) {
    double few[16], *values = few;
    if (a->count > TSK_COUNT_OF(few)) {
        size_t bytes = a->count * sizeof(double);
        tsk_js_buffer *room = (tsk_js_buffer *)tsk_heap_try_alloc(js->heap, sizeof *room + bytes, TSK_JS_KIND_BUFFER);
        if (!room) return tsk_js_throw_range(js, "Out of memory");
        room->cell.word = (uint32_t)bytes;
        values = (double *)(void *)room->bytes;
    }
    for (uint32_t i = 0; i < a->count; i++)
        if (!tsk_js_to_number(js, a->values[i], &values[i])) return TSK_JS_THROWN;
    return tsk_js_number(tsk_js_hypot(values, a->count));
}

static tsk_value math_sum_precise(tsk_js *js, const tsk_js_args *a) {
    tsk_js_sum sum = {0};
    tsk_js_iteration it;
    if (!tsk_js_iterate(js, tsk_js_arg(a, 0), &it)) return TSK_JS_THROWN;
    for (;;) {
        tsk_value v = tsk_js_iterate_next(js, &it);
        if (tsk_js_is_thrown(v)) return v;
        if (tsk_js_is_hole(v)) return tsk_js_number(tsk_js_sum_value(&sum));
        if (!tsk_js_is_number(v)) {
            tsk_js_throw_type(js, "%s is not a number", tsk_js_describe(js, v));
            tsk_js_iterate_close(js, &it);
            return TSK_JS_THROWN;
        }
        tsk_js_sum_add(&sum, tsk_js_as_number(v));
    }
}

static tsk_value math_imul(tsk_js *js, const tsk_js_args *a) {
    uint32_t x, y;
    if (!tsk_js_to_uint32(js, tsk_js_arg(a, 0), &x) || !tsk_js_to_uint32(js, tsk_js_arg(a, 1), &y))
        return TSK_JS_THROWN;
    return tsk_from_i32((int32_t)(x * y));
}

static tsk_value math_clz32(tsk_js *js, const tsk_js_args *a) {
    uint32_t x;
    if (!tsk_js_to_uint32(js, tsk_js_arg(a, 0), &x)) return TSK_JS_THROWN;
    return tsk_from_i32(x ? __builtin_clz(x) : 32);
}

/* xorshift128+ (Vigna 2014), 53 bits. */
static tsk_value math_random(tsk_js *js, const tsk_js_args *a) {
    (void)a;
    uint64_t x = js->random[0], y = js->random[1];
    js->random[0] = y;
    x ^= x << 23;
    js->random[1] = x ^ y ^ (x >> 17) ^ (y >> 26);
    return tsk_js_number((double)((js->random[1] + y) >> 11) * 0x1p-53);
}

#define UNARY(name, number) TSK_JS_METHOD_WITH(name, tsk_js_math_unary, 1, number)
static const tsk_js_member members[] = {
    TSK_JS_NUMBER_OF("E", 2.718281828459045),
    TSK_JS_NUMBER_OF("LN10", 2.302585092994046),
    TSK_JS_NUMBER_OF("LN2", 0.6931471805599453),
    TSK_JS_NUMBER_OF("LOG10E", 0.4342944819032518),
    TSK_JS_NUMBER_OF("LOG2E", 1.4426950408889634),
    TSK_JS_NUMBER_OF("PI", 3.141592653589793),
    TSK_JS_NUMBER_OF("SQRT1_2", 0.7071067811865476),
    TSK_JS_NUMBER_OF("SQRT2", 1.4142135623730951),
    TSK_JS_TEXT_OF("@@toStringTag", "Math", TSK_JS_CONFIGURABLE),
    UNARY("abs", TSK_JS_MATH_ABS),
    UNARY("acos", TSK_JS_MATH_ACOS),
    UNARY("acosh", TSK_JS_MATH_ACOSH),
    UNARY("asin", TSK_JS_MATH_ASIN),
    UNARY("asinh", TSK_JS_MATH_ASINH),
    UNARY("atan", TSK_JS_MATH_ATAN),
    UNARY("atanh", TSK_JS_MATH_ATANH),
    TSK_JS_METHOD("atan2", math_atan2, 2),
    UNARY("cbrt", TSK_JS_MATH_CBRT),
    UNARY("ceil", TSK_JS_MATH_CEIL),
    TSK_JS_METHOD("clz32", math_clz32, 1),
    UNARY("cos", TSK_JS_MATH_COS),
    UNARY("cosh", TSK_JS_MATH_COSH),
    UNARY("exp", TSK_JS_MATH_EXP),
    UNARY("expm1", TSK_JS_MATH_EXPM1),
    UNARY("floor", TSK_JS_MATH_FLOOR),
    UNARY("fround", TSK_JS_MATH_FROUND),
    UNARY("f16round", TSK_JS_MATH_F16ROUND),
    TSK_JS_METHOD("hypot", math_hypot, 2),
    TSK_JS_METHOD("imul", math_imul, 2),
    UNARY("log", TSK_JS_MATH_LOG),
    UNARY("log1p", TSK_JS_MATH_LOG1P),
    UNARY("log10", TSK_JS_MATH_LOG10),
    UNARY("log2", TSK_JS_MATH_LOG2),
    TSK_JS_METHOD("max", math_max, 2),
    TSK_JS_METHOD("min", math_min, 2),
    TSK_JS_METHOD("pow", math_pow, 2),
    TSK_JS_METHOD("random", math_random, 0),
    TSK_JS_METHOD("sumPrecise", math_sum_precise, 1),
    UNARY("round", TSK_JS_MATH_ROUND),
    UNARY("sign", TSK_JS_MATH_SIGN),
    UNARY("sin", TSK_JS_MATH_SIN),
    UNARY("sinh", TSK_JS_MATH_SINH),
    UNARY("sqrt", TSK_JS_MATH_SQRT),
    UNARY("tan", TSK_JS_MATH_TAN),
    UNARY("tanh", TSK_JS_MATH_TANH),
    UNARY("trunc", TSK_JS_MATH_TRUNC),
};

const tsk_js_intrinsic_spec tsk_js_library_math[] = {
    {.which = TSK_JS_I_Math, .proto = TSK_JS_I_ObjectPrototype, .members = members, .count = TSK_COUNT_OF(members)},
    {.which = TSK_JS_INTRINSICS}};
