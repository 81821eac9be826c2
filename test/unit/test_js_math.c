/* Math of functions: special values, and results whose last bit tells the algorithms apart.  The expectations are
 * Node's; test/differential/numbers.mjs compares many more. */
#include "runtime/js/math.h"

#include "runtime/js/math_bits.h"

#include <criterion/criterion.h>
#include <math.h>

static void is(double got, double want, const char *what) {
    bool same = got != got ? want != want : tsk_double_bits(got) == tsk_double_bits(want);
    cr_expect(same, "%s = %.17g, not %.17g", what, got, want);
}
#define IS(call, want) is(tsk_js_##call, (want), #call)

Test(js_math, special_values) {
    IS(sin(-0.0), -0.0);
    IS(sin(INFINITY), NAN);
    IS(cos(-0.0), 1);
    IS(tan(-0.0), -0.0);
    IS(asin(1.0000000000000002), NAN);
    IS(acos(1), 0);
    IS(atan(-INFINITY), -1.5707963267948966);
    IS(atan2(-0.0, -0.0), -3.141592653589793);
    IS(atan2(-0.0, 0), -0.0);
    IS(atan2(INFINITY, -INFINITY), 2.356194490192345);
    IS(exp(-INFINITY), 0);
    IS(exp(709.7827128933841), INFINITY);
    IS(expm1(-0.0), -0.0);
    IS(log(-0.0), -INFINITY);
    IS(log(-1), NAN);
    IS(log1p(-1), -INFINITY);
    IS(log1p(-0.0), -0.0);
    IS(cbrt(-0.0), -0.0);
    IS(sinh(-INFINITY), -INFINITY);
    IS(cosh(-INFINITY), INFINITY);
    IS(tanh(-INFINITY), -1);
    IS(acosh(0.5), NAN);
    IS(atanh(-1), -INFINITY);
}

Test(js_math, last_bits) {
    IS(sin(1e300), -0.8178819121159085);
    IS(cos(710), 0.999999998182636);
    IS(tan(1.5707963267948966), 16331239353195370);
    IS(exp(1), 2.718281828459045);
    IS(exp(100), 2.6881171418161356e+43);
    IS(expm1(1e-5), 0.000010000050000166668);
    IS(log(10), 2.302585092994046);
    IS(log2(3), 1.584962500721156);
    IS(log10(1000), 3);
    IS(cbrt(2), 1.2599210498948732);
    IS(sinh(1), 1.1752011936438014);
    IS(cosh(20), 242582597.70489514);
    IS(asinh(3), 1.8184464592320668);
    IS(atanh(0.3), 0.30951960420311175);
}

Test(js_math, powers) {
    IS(pow(NAN, 0), 1);
    IS(pow(1, INFINITY), NAN);
    IS(pow(-1, -INFINITY), NAN);
    IS(pow(-0.0, 3), -0.0);
    IS(pow(-0.0, -3), -INFINITY);
    IS(pow(-INFINITY, 0.5), INFINITY);
    IS(pow(-8, 1.0 / 3), NAN);
    IS(pow(2, -1074), 5e-324);
    IS(pow(2, 1024), INFINITY);
    IS(pow(0.5, -0.5), 1.414213562373095); /* where V8's algorithm is a bit off */
    IS(pow(10, 308), 1e308);
    IS(pow(1.1, 10), 2.5937424601000023);
    IS(pow(-3, 3), -27);
}

Test(js_math, rounding_and_extremes) {
    IS(round(-0.5), -0.0);
    IS(round(0.49999999999999994), 0);
    IS(round(2.5), 3);
    IS(round(-2.5), -2);
    IS(round(9007199254740991), 9007199254740991);
    IS(sign(-0.0), -0.0);
    IS(sign(-3), -1);
    IS(min(0, -0.0), -0.0);
    IS(max(-0.0, 0), 0);
    IS(max(NAN, INFINITY), NAN);
    const double triple[] = {3e200, -4e200}, mixed[] = {NAN, -INFINITY}, many[] = {1, 1, 1, 1e-8, 7};
    is(tsk_js_hypot(triple, 2), 4.9999999999999995e+200, "hypot of large");
    is(tsk_js_hypot(mixed, 2), INFINITY, "hypot of NaN and -Infinity");
    is(tsk_js_hypot(many, 5), 7.211102550927979, "hypot of five");
    is(tsk_js_hypot(NULL, 0), 0, "hypot of nothing");
}
