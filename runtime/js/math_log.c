/* Logarithms and inverse hyperbolic functions: fdlibm's algorithms (Sun Microsystems 1993, freely usable), as V8 runs
 * them; the base two is FreeBSD's.
 *
 *   x = 2^k (1 + f), sqrt(2)/2 < 1 + f < sqrt(2);   log(1 + f) = 2s + s R(s^2), s = f / (2 + f)
 *
 * The order of every operation matters: results are equal to Node's bit by bit.  Compiled without contraction.
 *
 * fdlibm: Copyright (C) 1993 by Sun Microsystems, Inc.  All rights reserved.  Permission to use, copy, modify, and
 * distribute this software is freely granted, provided that this notice is preserved.
 */
#include "runtime/js/math.h"

#include "runtime/js/math_bits.h"

#include <math.h>

#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW 1.90821492927058770002e-10
#define LN2 6.93147180559945286227e-01

static const double L[] = {6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
                           2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
                           1.479819860511658591e-01};

/* 0, negative, infinite and NaN: the result is in *special. */
static bool is_special(double x, double *special) {
    if (x > 0 && x < INFINITY) return false;
    *special = x == 0 ? -INFINITY : x < 0 ? NAN : x;
    return true;
}

/* Makes x = 2^k m with m between sqrt(2)/2 and sqrt(2); `*rest` is the upper part of the fraction before. */
static double normalize(double x, int *k, int32_t *rest) {
    *k = 0;
    if (x < 0x1p-1022) {
        *k = -54;
        x *= 0x1p54;
    }
    int32_t high = tsk_high_word(x), fraction = high & 0x000FFFFF;
    int32_t shift = (fraction + 0x95F64) & 0x100000;
    *k += (high >> 20) - 1023 + (shift >> 20);
    *rest = fraction;
    return tsk_with_high_word(x, fraction | (shift ^ 0x3FF00000));
}

static double odd_even_sum(double z) {
    double w = z * z;
    double even = w * (L[1] + w * (L[3] + w * L[5]));
    double odd = z * (L[0] + w * (L[2] + w * (L[4] + w * L[6])));
    return odd + even;
}

double tsk_js_log(double x) {
    double special;
    int k;
    int32_t fraction;
    if (is_special(x, &special)) return special;
    double f = normalize(x, &k, &fraction) - 1.0, dk = k;
    if ((0x000FFFFF & (2 + fraction)) < 3) { /* |f| < 2^-20 */
        if (f == 0) return k == 0 ? 0 : dk * LN2_HIGH + dk * LN2_LOW;
        double r = f * f * (0.5 - 0.33333333333333333 * f);
        return k == 0 ? f - r : dk * LN2_HIGH - ((r - dk * LN2_LOW) - f);
    }
    double s = f / (2.0 + f), r = odd_even_sum(s * s);
    if (((fraction - 0x6147A) | (0x6B851 - fraction)) > 0) {
        double half = 0.5 * f * f;
        if (k == 0) return f - (half - s * (half + r));
        return dk * LN2_HIGH - ((half - (s * (half + r) + dk * LN2_LOW)) - f);
    }
    if (k == 0) return f - s * (f - r);
    return dk * LN2_HIGH - ((s * (f - r) - dk * LN2_LOW) - f);
}

/* log(1 + x) = log(u) + c / u with u the rounded sum: k, the fraction f of u, and the correction. */
static double split_sum(double x, int *k, double *c, int32_t *fraction) {
    double u;
    if (tsk_high_word(x) < 0x43400000) {
        u = 1.0 + x;
        *k = (tsk_high_word(u) >> 20) - 1023;
        *c = *k > 0 ? 1.0 - (u - x) : x - (u - 1.0);
        *c /= u;
    } else {
        u = x;
        *k = (tsk_high_word(u) >> 20) - 1023;
        *c = 0;
    }
    int32_t part = tsk_high_word(u) & 0x000FFFFF;
    if (part < 0x6A09E) {
        u = tsk_with_high_word(u, part | 0x3FF00000);
    } else {
        *k += 1;
        u = tsk_with_high_word(u, part | 0x3FE00000);
        part = (0x00100000 - part) >> 2;
    }
    *fraction = part;
    return u - 1.0;
}

double tsk_js_log1p(double x) {
    int32_t high = tsk_high_word(x), fraction = 1;
    double f = x, c = 0;
    int k = 0;
    if (x != x) return x;
    if (x <= -1) return x == -1 ? -INFINITY : NAN;
    if (x == INFINITY) return x;
    if ((high & 0x7FFFFFFF) < 0x3E200000) { /* |x| < 2^-29 */
        return (high & 0x7FFFFFFF) < 0x3C900000 ? x : x - x * x * 0.5;
    }
    bool near_one = high < 0x3FDA827A && (high > 0 || high <= (int32_t)0xBFD2BEC4);
    if (!near_one) f = split_sum(x, &k, &c, &fraction);
    double half = 0.5 * f * f, r;
    if (fraction == 0) { /* |f| < 2^-20 */
        if (f == 0) return k == 0 ? 0 : k * LN2_HIGH + (c + k * LN2_LOW);
        r = half * (1.0 - 0.66666666666666666 * f);
        return k == 0 ? f - r : k * LN2_HIGH - ((r - (k * LN2_LOW + c)) - f);
    }
    double s = f / (2.0 + f), z = s * s;
    r = z * (L[0] + z * (L[1] + z * (L[2] + z * (L[3] + z * (L[4] + z * (L[5] + z * L[6]))))));
    if (k == 0) return f - (half - s * (half + r));
    return k * LN2_HIGH - ((half - (s * (half + r) + (k * LN2_LOW + c))) - f);
}

double tsk_js_log2(double x) {
    const double inverse_high = 1.44269504072144627571e+00, inverse_low = 1.67517131648865118353e-10;
    double special;
    int k;
    int32_t fraction;
    if (is_special(x, &special)) return special;
    if (x == 1) return 0;
    double f = normalize(x, &k, &fraction) - 1.0, y = k;
    double half = 0.5 * f * f, s = f / (2.0 + f);
    double r = s * (half + odd_even_sum(s * s));
    double high = tsk_upper_part(f - half), low = (f - high) - half + r;
    double result_high = high * inverse_high, result_low = (low + high) * inverse_low + low * inverse_high;
    double w = y + result_high;
    result_low += (y - w) + result_high;
    return result_low + w;
}

double tsk_js_log10(double x) {
    double special;
    int k = 0;
    if (is_special(x, &special)) return special;
    if (x == 1) return 0;
    if (x < 0x1p-1022) {
        k = -54;
        x *= 0x1p54;
    }
    k += (tsk_high_word(x) >> 20) - 1023;
    int negative = k < 0;
    double y = k + negative;
    x = tsk_with_high_word(x, (tsk_high_word(x) & 0x000FFFFF) | ((0x3FF - negative) << 20));
    double z = y * 3.69423907715893078616e-13 + 4.34294481903251816668e-01 * tsk_js_log(x);
    return z + y * 3.01029995663611771306e-01;
}

double tsk_js_asinh(double x) {
    int32_t ix = tsk_high_word(x) & 0x7FFFFFFF;
    double magnitude = fabs(x), w;
    if (!isfinite(x) || ix < 0x3E300000) return x;
    if (ix > 0x41B00000) {
        w = tsk_js_log(magnitude) + LN2;
    } else if (ix > 0x40000000) {
        w = tsk_js_log(2.0 * magnitude + 1 / (sqrt(x * x + 1) + magnitude));
    } else {
        double t = x * x;
        w = tsk_js_log1p(magnitude + t / (1 + sqrt(1 + t)));
    }
    return x > 0 ? w : -w;
}

double tsk_js_acosh(double x) {
    int32_t high = tsk_high_word(x);
    if (!(x >= 1)) return NAN;
    if (x == INFINITY) return x;
    if (x == 1) return 0;
    if (high >= 0x41B00000) return tsk_js_log(x) + LN2;
    if (high > 0x40000000) return tsk_js_log(2.0 * x - 1 / (x + sqrt(x * x - 1)));
    double t = x - 1;
    return tsk_js_log1p(t + sqrt(2.0 * t + t * t));
}

double tsk_js_atanh(double x) {
    double magnitude = fabs(x), t = magnitude + magnitude;
    if (!(magnitude <= 1)) return NAN;
    if (magnitude == 1) return copysign(INFINITY, x);
    if (magnitude < 0x1p-28) return x;
    if (magnitude < 0.5)
        t = 0.5 * tsk_js_log1p(t + t * magnitude / (1 - magnitude));
    else
        t = 0.5 * tsk_js_log1p(t / (1 - magnitude));
    return x > 0 ? t : -t;
}
