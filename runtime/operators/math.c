/* Arithmetic and elementary functions.  Results that are whole are ints. */
#include "runtime/operators/text.h"

#include <math.h>

static const tsk_action math_actions[] = {
    {"add", TSK_OP_ADD},           {"sum", TSK_OP_SUM},
    {"subtract", TSK_OP_SUBTRACT}, {"sub", TSK_OP_SUBTRACT},
    {"multiply", TSK_OP_MULTIPLY}, {"mul", TSK_OP_MULTIPLY},
    {"divide", TSK_OP_DIVIDE},     {"div", TSK_OP_DIVIDE},
    {"mod", TSK_OP_MODULO},        {"modulo", TSK_OP_MODULO},
    {"power", TSK_OP_POW},         {"pow", TSK_OP_POW},
    {"sqrt", TSK_OP_SQRT},         {"cbrt", TSK_OP_CBRT},
    {"abs", TSK_OP_ABS},           {"floor", TSK_OP_FLOOR},
    {"ceil", TSK_OP_CEIL},         {"round", TSK_OP_ROUND},
    {"trunc", TSK_OP_TRUNC},       {"sign", TSK_OP_SIGN},
    {"sin", TSK_OP_SIN},           {"cos", TSK_OP_COS},
    {"tan", TSK_OP_TAN},           {"asin", TSK_OP_ASIN},
    {"acos", TSK_OP_ACOS},         {"atan", TSK_OP_ATAN},
    {"log", TSK_OP_LOG},           {"ln", TSK_OP_LOG},
    {"log2", TSK_OP_LOG2},         {"log10", TSK_OP_LOG10},
    {"exp", TSK_OP_EXP},           {"min", TSK_OP_MIN},
    {"max", TSK_OP_MAX},           {"avg", TSK_OP_AVG},
    {"average", TSK_OP_AVG},       {"median", TSK_OP_MEDIAN},
    {"clamp", TSK_OP_CLAMP},       {"gcd", TSK_OP_GCD},
    {"lcm", TSK_OP_LCM},           {"factorial", TSK_OP_FACTORIAL},
    {"isprime", TSK_OP_IS_PRIME},  {"percentile", TSK_OP_PERCENTILE},
    {"stddev", TSK_OP_STDDEV},     {"variance", TSK_OP_VARIANCE},
};

/* math("add", 1, 2); the frontend has already computed math(1 + 2). */
TSK_OPERATOR(math) {
    TSK_CALL("math");
    tsk_slice name;
    double number;
    if (count == 1 && (tsk_is_number(args[0]) || tsk_value_number(args[0], &number))) return *out = args[0], true;
    if (count == 1) return tsk_op_calc(cx, args, count, out);
    if (!tsk_arg_text(&call, 0, &name)) return false;
    const tsk_action *action = tsk_action_find(math_actions, TSK_COUNT(math_actions), name);
    if (!action) return tsk_action_unknown(&call, math_actions, TSK_COUNT(math_actions), name);
    return tsk_op_call(cx, action->number, args + 1, count - 1, out);
}

TSK_OPERATOR(calc) {
    TSK_CALL("calc");
    tsk_slice text;
    if (tsk_is_number(args[0])) return *out = args[0], true;
    return tsk_arg_text(&call, 0, &text) && tsk_calc_eval(cx, text, out);
}

/* ---- arithmetic: as the operators of the language do it ---- */

static bool numbers_only(const tsk_call *call) {
    double d;
    for (uint32_t i = 0; i < call->count; i++)
        if (!tsk_arg_number(call, i, &d)) return false;
    return true;
}

static bool fold(const tsk_call *call, int op, tsk_value *out) {
    if (!numbers_only(call)) return false;
    tsk_value sum = call->args[0];
    for (uint32_t i = 1; i < call->count; i++)
        if (!tsk_value_arith(call->cx->heap, op, sum, call->args[i], &sum, call->cx->failure)) return false;
    *out = sum;
    return true;
}

TSK_OPERATOR(add) {
    TSK_CALL("add");
    /* `+` puts numeric texts together; add() means numbers, so they become numbers first */
    tsk_value zero = tsk_from_i32(0), minus_one = tsk_from_i32(-1), sum = zero;
    if (!numbers_only(&call)) return false;
    for (uint32_t i = 0; i < count; i++) {
        tsk_value negative;
        if (!tsk_value_arith(cx->heap, TSK_IR_MUL, args[i], minus_one, &negative, cx->failure) ||
            !tsk_value_arith(cx->heap, TSK_IR_SUB, sum, negative, &sum, cx->failure))
            return false;
    }
    *out = sum;
    return true;
}

TSK_OPERATOR(subtract) {
    TSK_CALL("subtract");
    return fold(&call, TSK_IR_SUB, out);
}

TSK_OPERATOR(multiply) {
    TSK_CALL("multiply");
    return fold(&call, TSK_IR_MUL, out);
}

TSK_OPERATOR(divide) {
    TSK_CALL("divide");
    return fold(&call, TSK_IR_DIV, out);
}

TSK_OPERATOR(modulo) {
    TSK_CALL("modulo");
    return fold(&call, TSK_IR_MOD, out);
}

TSK_OPERATOR(pow) {
    TSK_CALL("pow");
    return fold(&call, TSK_IR_POW, out);
}

TSK_OPERATOR(int_divide) {
    TSK_CALL("int_divide");
    double a, b;
    if (!tsk_arg_number(&call, 0, &a) || !tsk_arg_number(&call, 1, &b)) return false;
    if (b == 0) return tsk_op_fail(cx, TSK_E_ARGUMENT, "int_divide: division by zero");
    *out = tsk_op_numeric(cx, trunc(a / b));
    return true;
}

/* ---- rounding ---- */

TSK_OPERATOR(abs) {
    TSK_CALL("abs");
    double d;
    if (!tsk_arg_number(&call, 0, &d)) return false;
    if (tsk_is_int(args[0]) && tsk_as_int(args[0]) != INT64_MIN)
        *out = tsk_int(cx->heap, tsk_as_int(args[0]) < 0 ? -tsk_as_int(args[0]) : tsk_as_int(args[0]));
    else
        *out = tsk_is_double(args[0]) ? tsk_from_double(fabs(d)) : tsk_op_numeric(cx, fabs(d));
    return true;
}

TSK_OPERATOR(sign) {
    TSK_CALL("sign");
    double d;
    if (!tsk_arg_number(&call, 0, &d)) return false;
    *out = tsk_from_i32((d > 0) - (d < 0));
    return true;
}

#define ROUNDING(name)                                                                                                 \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        double d;                                                                                                      \
        if (!tsk_arg_number(&call, 0, &d)) return false;                                                               \
        *out = tsk_is_int(args[0]) ? args[0] : tsk_op_numeric(cx, name(d) + 0.0);                                      \
        return true;                                                                                                   \
    }
/* -0 becomes 0: a rounded number is a whole one, and those have one zero. */
ROUNDING(ceil)
ROUNDING(floor)
ROUNDING(trunc)

TSK_OPERATOR(round) {
    TSK_CALL("round");
    double d;
    int64_t digits;
    if (!tsk_arg_number(&call, 0, &d) || !tsk_arg_int_or(&call, 1, 0, &digits)) return false;
    if (digits < -300 || digits > 300) return tsk_arg_wrong(&call, 1, "a number of digits from -300 to 300");
    if (tsk_is_int(args[0]) && digits >= 0) return *out = args[0], true;
    *out = tsk_op_numeric(cx, tsk_round_digits(d, (int)digits) + 0.0);
    return true;
}

/* ---- functions ---- */

static bool outside(const tsk_call *call, uint32_t i, const char *domain) {
    return tsk_arg_wrong(call, i, domain);
}

TSK_OPERATOR(sqrt) {
    TSK_CALL("sqrt");
    double d;
    if (!tsk_arg_number(&call, 0, &d)) return false;
    if (d < 0) return outside(&call, 0, "a number from 0 up");
    *out = tsk_op_numeric(cx, sqrt(d));
    return true;
}

TSK_OPERATOR(log) {
    TSK_CALL("log");
    double d, base;
    if (!tsk_arg_number(&call, 0, &d) || !tsk_arg_number_or(&call, 1, 0, &base)) return false;
    if (d <= 0) return outside(&call, 0, "a number above 0");
    if (tsk_arg_given(&call, 1) && (base <= 0 || base == 1)) return outside(&call, 1, "a base above 0 that is not 1");
    *out = tsk_op_numeric(cx, !tsk_arg_given(&call, 1) ? log(d)
                              : base == 2              ? log2(d)
                              : base == 10             ? log10(d)
                                                       : log(d) / log(base));
    return true;
}

#define LOGARITHM(name)                                                                                                \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        double d;                                                                                                      \
        if (!tsk_arg_number(&call, 0, &d)) return false;                                                               \
        if (d <= 0) return outside(&call, 0, "a number above 0");                                                      \
        *out = tsk_op_numeric(cx, name(d));                                                                            \
        return true;                                                                                                   \
    }
LOGARITHM(log2)
LOGARITHM(log10)

#define FUNCTION(name)                                                                                                 \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        double d;                                                                                                      \
        if (!tsk_arg_number(&call, 0, &d)) return false;                                                               \
        *out = tsk_op_numeric(cx, name(d));                                                                            \
        return true;                                                                                                   \
    }
/* The library's root of 27 is 3.0000000000000004. */
static double exact_cbrt(double d) {
    double root = cbrt(d), whole = round(root);
    return whole * whole * whole == d ? whole : root;
}

TSK_OPERATOR(cbrt) {
    TSK_CALL("cbrt");
    double d;
    if (!tsk_arg_number(&call, 0, &d)) return false;
    *out = tsk_op_numeric(cx, exact_cbrt(d));
    return true;
}

FUNCTION(exp)
FUNCTION(sin)
FUNCTION(cos)
FUNCTION(tan)
FUNCTION(atan)

#define ARC(name)                                                                                                      \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        double d;                                                                                                      \
        if (!tsk_arg_number(&call, 0, &d)) return false;                                                               \
        if (d < -1 || d > 1) return outside(&call, 0, "a number from -1 to 1");                                        \
        *out = tsk_op_numeric(cx, name(d));                                                                            \
        return true;                                                                                                   \
    }
ARC(asin)
ARC(acos)

TSK_OPERATOR(atan2) {
    TSK_CALL("atan2");
    double y, x;
    if (!tsk_arg_number(&call, 0, &y) || !tsk_arg_number(&call, 1, &x)) return false;
    *out = tsk_op_numeric(cx, atan2(y, x));
    return true;
}

TSK_OPERATOR(hypot) {
    TSK_CALL("hypot");
    double x, y;
    if (!tsk_arg_number(&call, 0, &x) || !tsk_arg_number(&call, 1, &y)) return false;
    *out = tsk_op_numeric(cx, hypot(x, y));
    return true;
}

TSK_OPERATOR(pi) {
    (void)cx;
    *out = tsk_from_double(3.141592653589793);
    return true;
}

TSK_OPERATOR(e) {
    (void)cx;
    *out = tsk_from_double(2.718281828459045);
    return true;
}

TSK_OPERATOR(phi) {
    (void)cx;
    *out = tsk_from_double(1.618033988749895);
    return true;
}

TSK_OPERATOR(clamp) {
    TSK_CALL("clamp");
    double d, low, high;
    if (!tsk_arg_number(&call, 0, &d) || !tsk_arg_number(&call, 1, &low) || !tsk_arg_number(&call, 2, &high))
        return false;
    if (low > high)
        return tsk_op_fail(cx, TSK_E_ARGUMENT, "clamp: the lower bound %g is above the upper bound %g", low, high);
    *out = d < low ? args[1] : d > high ? args[2] : args[0];
    return true;
}

/* ---- whole numbers ---- */

static uint64_t gcd_of(uint64_t a, uint64_t b) {
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static uint64_t size_of(int64_t n) {
    return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

TSK_OPERATOR(gcd) {
    TSK_CALL("gcd");
    int64_t a, b;
    if (!tsk_arg_int(&call, 0, &a) || !tsk_arg_int(&call, 1, &b)) return false;
    uint64_t g = gcd_of(size_of(a), size_of(b));
    *out = g > INT64_MAX ? tsk_from_double((double)g) : tsk_int(cx->heap, (int64_t)g);
    return true;
}

TSK_OPERATOR(lcm) {
    TSK_CALL("lcm");
    int64_t a, b;
    if (!tsk_arg_int(&call, 0, &a) || !tsk_arg_int(&call, 1, &b)) return false;
    uint64_t x = size_of(a), y = size_of(b), g = gcd_of(x, y), product;
    if (!g) return *out = tsk_from_i32(0), true;
    bool over = __builtin_mul_overflow(x / g, y, &product) || product > INT64_MAX;
    *out = over ? tsk_from_double((double)(x / g) * (double)y) : tsk_int(cx->heap, (int64_t)product);
    return true;
}

TSK_OPERATOR(factorial) {
    TSK_CALL("factorial");
    int64_t n;
    if (!tsk_arg_int(&call, 0, &n)) return false;
    if (n < 0 || n > 170) return tsk_arg_wrong(&call, 0, "a whole number from 0 to 170");
    int64_t exact = 1;
    double product = 1;
    bool over = false;
    for (int64_t i = 2; i <= n; i++) {
        over = over || __builtin_mul_overflow(exact, i, &exact);
        product *= (double)i;
    }
    *out = over ? tsk_from_double(product) : tsk_int(cx->heap, exact);
    return true;
}

static uint64_t mul_mod(uint64_t a, uint64_t b, uint64_t m) {
    return (uint64_t)((__uint128_t)a * b % m);
}

static uint64_t pow_mod(uint64_t base, uint64_t exponent, uint64_t m) {
    uint64_t r = 1;
    for (base %= m; exponent; exponent >>= 1, base = mul_mod(base, base, m))
        if (exponent & 1) r = mul_mod(r, base, m);
    return r;
}

/* Miller-Rabin; these witnesses decide every 64-bit number. */
static bool is_prime(uint64_t n) {
    static const uint8_t witnesses[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    if (n < 2) return false;
    for (size_t i = 0; i < TSK_COUNT(witnesses); i++)
        if (n % witnesses[i] == 0) return n == witnesses[i];
    int shift = __builtin_ctzll(n - 1);
    for (size_t i = 0; i < TSK_COUNT(witnesses); i++) {
        uint64_t x = pow_mod(witnesses[i], (n - 1) >> shift, n);
        bool passes = x == 1 || x == n - 1;
        for (int r = 1; r < shift && !passes; r++) passes = (x = mul_mod(x, x, n)) == n - 1;
        if (!passes) return false;
    }
    return true;
}

TSK_OPERATOR(is_prime) {
    TSK_CALL("is_prime");
    int64_t n;
    if (!tsk_arg_int(&call, 0, &n)) return false;
    *out = tsk_from_bool(n > 1 && is_prime((uint64_t)n));
    return true;
}
