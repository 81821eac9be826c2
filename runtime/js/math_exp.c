/* Exponentials, hyperbolic functions and the cube root: fdlibm's algorithms (Sun Microsystems 1993, freely usable), as
 * V8 runs them; the cube root is FreeBSD's.
 *
 *   x = k ln2 + r, |r| <= ln2/2;   exp(x) = 2^k exp(r), exp(r) by a rational function
 *
 * The order of every operation matters: results are equal to Node's bit by bit.  Compiled without contraction.
 *
 * fdlibm: Copyright (C) 1993 by Sun Microsystems, Inc.  All rights reserved.  Permission to use, copy, modify, and
 * distribute this software is freely granted, provided that this notice is preserved.
 */
#include "runtime/js/math.h"

#include "runtime/js/math_bits.h"

#include <math.h>

#define OVERFLOW_AT 7.09782712893383973096e+02
#define UNDERFLOW_AT -7.45133219101941108420e+02
#define COSH_OVERFLOW_AT 710.4758600739439
#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW 1.90821492927058770002e-10
#define INVERSE_LN2 1.44269504088896338700e+00

static int32_t magnitude_word(double x) {
    return tsk_high_word(x) & 0x7FFFFFFF;
}

/* k and the two parts of r; |x| > ln2/2. */
static int reduce(double x, double *high, double *low) {
    if (magnitude_word(x) < 0x3FF0A2B2) { /* |x| < 1.5 ln2 */
        *high = x < 0 ? x + LN2_HIGH : x - LN2_HIGH;
        *low = x < 0 ? -LN2_LOW : LN2_LOW;
        return x < 0 ? -1 : 1;
    }
    int k = (int)(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
    *high = x - k * LN2_HIGH;
    *low = k * LN2_LOW;
    return k;
}

double tsk_js_exp(double x) {
    if (x != x) return x;
    if (x > OVERFLOW_AT) return INFINITY;
    if (x < UNDERFLOW_AT) return 0;
    if (x == 1) return 2.718281828459045; /* the formula misses the last bit */
    double high = 0, low = 0;
    int k = 0;
    if (magnitude_word(x) > 0x3FD62E42) {
        k = reduce(x, &high, &low);
        x = high - low;
    } else if (magnitude_word(x) < 0x3E300000) {
        return 1 + x;
    }
    double t = x * x;
    double c = x - t * (1.66666666666666019037e-01 +
                        t * (-2.77777777770155933842e-03 +
                             t * (6.61375632143793436117e-05 +
                                  t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    if (k == 0) return 1 - ((x * c) / (c - 2.0) - x);
    double y = 1 - ((low - (x * c) / (2.0 - c)) - high);
    if (k == 1024) return y * 2.0 * 0x1p1023;
    if (k >= -1021) return y * tsk_power_of_two(k);
    return y * tsk_power_of_two(k + 1000) * 0x1p-1000;
}

/* 2^k (1 + x - e) - 1, in the way that loses least for this k. */
static double scale_minus_one(int k, double x, double e) {
    double y;
    if (k == -1) return 0.5 * (x - e) - 0.5;
    if (k == 1) return x < -0.25 ? -2.0 * (e - (x + 0.5)) : 1 + 2.0 * (x - e);
    if (k <= -2 || k > 56) {
        y = 1 - (e - x);
        y = k == 1024 ? y * 2.0 * 0x1p1023 : y * tsk_power_of_two(k);
        return y - 1;
    }
    if (k < 20) {
        double t = tsk_bits_double((uint64_t)(uint32_t)(0x3FF00000 - (0x200000 >> k)) << 32); /* 1 - 2^-k */
        y = t - (e - x);
    } else {
        y = x - (e + tsk_power_of_two(-k));
        y += 1;
    }
    return y * tsk_power_of_two(k);
}

double tsk_js_expm1(double x) {
    int32_t ix = magnitude_word(x);
    if (x != x) return x;
    if (x > OVERFLOW_AT) return INFINITY;
    if (x < 0 && ix >= 0x4043687A) return -1; /* below -56 ln2 */
    double c = 0;
    int k = 0;
    if (ix > 0x3FD62E42) {
        double high, low;
        k = reduce(x, &high, &low);
        x = high - low;
        c = (high - x) - low;
    } else if (ix < 0x3C900000) {
        return x;
    }
    double half = 0.5 * x, square = x * half;
    double r = 1 +
               square *
                   (-3.33333333333331316428e-02 +
                    square * (1.58730158725481460165e-03 +
                              square * (-7.93650757867487942473e-05 +
                                        square * (4.00821782732936239552e-06 + square * -2.01099218183624371326e-07))));
    double t = 3.0 - r * half, e = square * ((r - t) / (6.0 - x * t));
    if (k == 0) return x - (x * e - square);
    e = x * (e - c) - c;
    e -= square;
    return scale_minus_one(k, x, e);
}

double tsk_js_sinh(double x) {
    double half = x < 0 ? -0.5 : 0.5, magnitude = fabs(x);
    if (magnitude < 22) {
        if (magnitude < 0x1p-28) return x;
        double t = tsk_js_expm1(magnitude);
        return magnitude < 1 ? half * (2 * t - t * t / (t + 1)) : half * (t + t / (t + 1));
    }
    if (magnitude < 709.7822265625) return half * tsk_js_exp(magnitude);
    if (magnitude <= COSH_OVERFLOW_AT) {
        double w = tsk_js_exp(0.5 * magnitude), t = half * w;
        return t * w;
    }
    return x * 1.0e307; /* an infinity, or NaN */
}

double tsk_js_cosh(double x) {
    int32_t ix = magnitude_word(x);
    double magnitude = fabs(x);
    if (ix < 0x3FD62E43) {
        double t = tsk_js_expm1(magnitude), w = 1 + t;
        return ix < 0x3C800000 ? w : 1 + (t * t) / (w + w);
    }
    if (ix < 0x40360000) {
        double t = tsk_js_exp(magnitude);
        return 0.5 * t + 0.5 / t;
    }
    if (ix < 0x40862E42) return 0.5 * tsk_js_exp(magnitude);
    if (magnitude <= COSH_OVERFLOW_AT) {
        double w = tsk_js_exp(0.5 * magnitude), t = 0.5 * w;
        return t * w;
    }
    return x * x == x * x ? INFINITY : NAN;
}

double tsk_js_tanh(double x) {
    int32_t ix = magnitude_word(x);
    double result;
    if (x != x) return x;
    if (ix < 0x3E300000) return x;
    if (ix >= 0x40360000) {
        result = 1;
    } else if (ix >= 0x3FF00000) {
        result = 1 - 2 / (tsk_js_expm1(2 * fabs(x)) + 2);
    } else {
        double t = tsk_js_expm1(-2 * fabs(x));
        result = -t / (t + 2);
    }
    return signbit(x) ? -result : result;
}

/* A guess from a third of the exponent, a polynomial, and one step of Newton. */
double tsk_js_cbrt(double x) {
    uint32_t word = (uint32_t)magnitude_word(x), guess;
    if (x == 0 || !isfinite(x)) return x;
    if (word < 0x00100000) { /* subnormal */
        guess = (uint32_t)magnitude_word(x * 0x1p54) / 3 + 696219795;
    } else {
        guess = word / 3 + 715094163;
    }
    double t = copysign(tsk_bits_double((uint64_t)guess << 32), x);
    double r = (t * t) * (t / x);
    t = t * ((1.87595182427177009643 + r * (-1.88497979543377169875 + r * 1.621429720105354466140)) +
             ((r * r) * r) * (-0.758397934778766047437 + r * 0.145996192886612446982));
    t = tsk_bits_double((tsk_double_bits(t) + 0x80000000) & 0xFFFFFFFFC0000000ull); /* 23 bits, so that t*t is exact */
    r = x / (t * t);
    r = (r - t) / ((t + t) + r);
    return t + t * r;
}
