/* Powers: fdlibm's algorithm (Sun Microsystems 2004, freely usable), as V8 runs it.
 *
 *   log2|x| = t1 + t2 in extra precision;   y log2|x| = n + rest;   2^n 2^rest
 *
 * The order of every operation matters.  Compiled without contraction.
 *
 * fdlibm: Copyright (C) 2004 by Sun Microsystems, Inc.  All rights reserved.  Permission to use, copy, modify, and
 * distribute this software is freely granted, provided that this notice is preserved.
 */
#include "runtime/js/math.h"

#include "runtime/js/math_bits.h"

#include <math.h>

typedef struct two_parts {
    double high, low;
} two_parts;

/* |y| > 2^31 and |1 - x| < 2^-20: the series of log(1 + t). */
static two_parts log2_near_one(double magnitude) {
    const double inverse = 1.44269504088896338700e+00, inverse_high = 1.44269502162933349609e+00,
                 inverse_low = 1.92596299112661746887e-08;
    double t = magnitude - 1;
    double w = (t * t) * (0.5 - t * (0.3333333333333333333333 - t * 0.25));
    double u = inverse_high * t, v = t * inverse_low - w * inverse;
    double high = tsk_upper_part(u + v);
    return (two_parts){high, v - (high - u)};
}

static two_parts log2_of(double magnitude) {
    const double cp = 9.61796693925975554329e-01, cp_high = 9.61796700954437255859e-01,
                 cp_low = -7.02846165095275826516e-09; /* 2 / (3 ln2) */
    int n = 0;
    if (magnitude < 0x1p-1022) {
        magnitude *= 0x1p53;
        n = -53;
    }
    int32_t ix = tsk_high_word(magnitude), fraction = ix & 0x000FFFFF;
    n += (ix >> 20) - 0x3FF;
    ix = fraction | 0x3FF00000;
    bool upper = fraction > 0x3988E && fraction < 0xBB67A; /* between sqrt(3/2) and sqrt(3) */
    if (fraction >= 0xBB67A) {
        n++;
        ix -= 0x00100000;
    }
    double x = tsk_with_high_word(magnitude, ix), base = upper ? 1.5 : 1.0;
    double base_high = upper ? 5.84962487220764160156e-01 : 0, base_low = upper ? 1.35003920212974897128e-08 : 0;
    double u = x - base, v = 1 / (x + base), s = u * v, s_high = tsk_upper_part(s);
    int32_t sum = ((ix >> 1) | 0x20000000) + 0x00080000 + ((int32_t)upper << 18);
    double t_high = tsk_bits_double((uint64_t)(uint32_t)sum << 32), t_low = x - (t_high - base);
    double s_low = v * ((u - s_high * t_high) - s_high * t_low), s2 = s * s;
    double r = s2 * s2 *
               (5.99999999999994648725e-01 +
                s2 * (4.28571428578550184252e-01 +
                      s2 * (3.33333329818377432918e-01 +
                            s2 * (2.72728123808534006489e-01 +
                                  s2 * (2.30660745775561754067e-01 + s2 * 2.06975017800338417784e-01)))));
    r += s_low * (s_high + s);
    s2 = s_high * s_high;
    t_high = tsk_upper_part(3.0 + s2 + r);
    t_low = r - ((t_high - 3.0) - s2);
    u = s_high * t_high;
    v = s_low * t_high + t_low * s;
    double p_high = tsk_upper_part(u + v), p_low = v - (p_high - u);
    double z_high = cp_high * p_high, z_low = cp_low * p_high + p_low * cp + base_low, t = n;
    double high = tsk_upper_part(((z_high + z_low) + base_high) + t);
    return (two_parts){high, z_low - (((high - t) - base_high) - z_high)};
}

/* 2^(high + low); z is the rounded sum, above -1075 and not above 1024. */
static double exp2_of(double high, double low, double z) {
    int32_t j = tsk_high_word(z), i = j & 0x7FFFFFFF, n = 0;
    int k = (i >> 20) - 0x3FF;
    if (i > 0x3FE00000) { /* |z| > 1/2: n is the nearest integer */
        n = j + (0x00100000 >> (k + 1));
        k = ((n & 0x7FFFFFFF) >> 20) - 0x3FF;
        high -= tsk_bits_double((uint64_t)(uint32_t)(n & ~(0x000FFFFF >> k)) << 32);
        n = ((n & 0x000FFFFF) | 0x00100000) >> (20 - k);
        if (j < 0) n = -n;
    }
    double t = tsk_upper_part(low + high);
    double u = t * 6.93147182464599609375e-01;
    double v = (low - (t - high)) * 6.93147180559945286227e-01 + t * -1.90465429995776804525e-09;
    z = u + v;
    double w = v - (z - u);
    t = z * z;
    double t1 = z - t * (1.66666666666666019037e-01 +
                         t * (-2.77777777770155933842e-03 +
                              t * (6.61375632143793436117e-05 +
                                   t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    z = 1 - ((z * t1) / ((t1 - 2) - (w + z * w)) - z); /* fdlibm subtracts from the quotient; V8 from the divisor */
    int32_t result = tsk_high_word(z) + (int32_t)((uint32_t)n << 20);
    return (result >> 20) <= 0 ? scalbn(z, n) : tsk_with_high_word(z, result);
}

static bool is_integer(double y) {
    return trunc(y) == y;
}

static bool is_odd(double y) {
    return fabs(y) < 0x1p53 && is_integer(y) && !is_integer(y * 0.5);
}

double tsk_js_pow(double x, double y) {
    double magnitude = fabs(x);
    if (y == 0) return 1;
    if (x != x || y != y) return NAN;
    if (isinf(y)) return magnitude == 1 ? NAN : (magnitude > 1) == (y > 0) ? INFINITY : 0;
    if (y == 1) return x;
    if (y == -1) return 1 / x;
    if (y == 2) return x * x;
    if (y == 0.5 && x != -INFINITY) return x < 0 ? NAN : sqrt(x + 0.0);
    double sign = signbit(x) && is_odd(y) ? -1 : 1;
    if (x == 0 || isinf(x) || magnitude == 1) {
        if (x == -1 && !is_integer(y)) return NAN;
        return sign * (y < 0 ? 1 / magnitude : magnitude);
    }
    if (x < 0 && !is_integer(y)) return NAN;
    two_parts t;
    int32_t ix = tsk_high_word(magnitude), iy = tsk_high_word(y) & 0x7FFFFFFF;
    if (iy > 0x41E00000) {
        bool large = magnitude > 1;
        if (iy > 0x43F00000 || ix < 0x3FEFFFFF || ix > 0x3FF00000)
            return large == (y > 0) ? sign * INFINITY : sign * 0.0;
        t = log2_near_one(magnitude);
    } else {
        t = log2_of(magnitude);
    }
    double y1 = tsk_upper_part(y);
    double low = (y - y1) * t.high + y * t.low, high = y1 * t.high, z = low + high;
    if (z > 1024 || (z == 1024 && low + 8.0085662595372944372e-17 > z - high)) return sign * INFINITY;
    if (z < -1075 || (z == -1075 && low <= z - high)) return sign * 0.0;
    return sign * exp2_of(high, low, z);
}
