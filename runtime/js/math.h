/* The functions of Math, bit by bit as V8 computes them: the elementary ones are ports of fdlibm's algorithms, so they
 * give the same result on every machine, in every tier and when they are folded.  Pure functions of doubles. */
#ifndef TSK_JS_MATH_H
#define TSK_JS_MATH_H

#include "runtime/base/base.h"

/* math_trig.c */
double tsk_js_sin(double x);
double tsk_js_cos(double x);
double tsk_js_tan(double x);
double tsk_js_asin(double x);
double tsk_js_acos(double x);
double tsk_js_atan(double x);
double tsk_js_atan2(double y, double x);

/* math_exp.c */
double tsk_js_exp(double x);
double tsk_js_expm1(double x);
double tsk_js_sinh(double x);
double tsk_js_cosh(double x);
double tsk_js_tanh(double x);
double tsk_js_cbrt(double x);

/* math_log.c */
double tsk_js_log(double x);
double tsk_js_log1p(double x);
double tsk_js_log2(double x);
double tsk_js_log10(double x);
double tsk_js_asinh(double x);
double tsk_js_acosh(double x);
double tsk_js_atanh(double x);

/* math_pow.c */
double tsk_js_pow(double x, double y); /* Number::exponentiate */

/* Functions with one argument, by number: for Math itself (builtins/math.c) and for native code. */
typedef enum tsk_js_math_number {
#define X(name, number, function) TSK_JS_MATH_##number,
#include "runtime/js/math_unary.def"
#undef X
    TSK_JS_MATH_FUNCTIONS
} tsk_js_math_number;
extern double (*const tsk_js_math_functions[])(double);

/* math_round.c */
double tsk_js_round(double x); /* halves towards +Infinity */
double tsk_js_sign(double x);
double tsk_js_min(double a, double b); /* NaN wins; -0 is below 0 */
double tsk_js_max(double a, double b);
double tsk_js_hypot(const double *values, size_t count);
double tsk_js_f16round(double x); /* to the nearest half-precision number */

/* math_sum.c: begins as zero. */
#define TSK_JS_SUM_DIGITS 70
typedef struct tsk_js_sum {
    int64_t digits[TSK_JS_SUM_DIGITS];
    uint32_t pending;      /* additions whose carries are still in the digits */
    bool is_positive_zero; /* something other than -0 was added */
    bool is_special;       /* NaN or an infinity was */
    double special;
} tsk_js_sum;
void tsk_js_sum_add(tsk_js_sum *s, double x);
double tsk_js_sum_value(tsk_js_sum *s);

#endif
