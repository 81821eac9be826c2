/* sin, cos, tan and their inverses: fdlibm's algorithms (Sun Microsystems 1993, freely usable), as V8 runs them.
 *
 *   x ─► quadrant n and the rest y0 + y1 in [-pi/4, pi/4] ─► polynomial of sine, cosine or tangent there
 *
 * The order of every operation matters: results are equal to Node's bit by bit.  Compiled without contraction.
 *
 * fdlibm: Copyright (C) 1993 by Sun Microsystems, Inc.  All rights reserved.  Permission to use, copy, modify, and
 * distribute this software is freely granted, provided that this notice is preserved.
 */
#include "runtime/js/math.h"

#include "runtime/js/math_bits.h"

#include <math.h>

/* pi/2 in parts of 33 bits, each with what is left after it. */
static const double half_pi_1 = 0x1.921fb544p+0, half_pi_1_rest = 0x1.0b4611a626331p-34;
static const double half_pi_2 = 0x1.0b4611a6p-34, half_pi_2_rest = 0x1.3198a2e037073p-69;
static const double half_pi_3 = 0x1.3198a2ep-69, half_pi_3_rest = 0x1.b839a252049c1p-104;
static const double pi = 0x1.921fb54442d18p+1, pi_low = 0x1.1a62633145c07p-53;
static const double half_pi = 0x1.921fb54442d18p+0, half_pi_low = 0x1.1a62633145c07p-54;
static const double quarter_pi = 0x1.921fb54442d18p-1, quarter_pi_low = 0x1.1a62633145c07p-55;

/* ---- reduction of the argument ---- */

/* 2/pi, 24 bits each. */
static const int32_t two_over_pi[] = {
    0xA2F983, 0x6E4E44, 0x1529FC, 0x2757D1, 0xF534DD, 0xC0DB62, 0x95993C, 0x439041, 0xFE5163, 0xABDEBB, 0xC561B7,
    0x246E3A, 0x424DD2, 0xE00649, 0x2EEA09, 0xD1921C, 0xFE1DEB, 0x1CB129, 0xA73EE8, 0x8235F5, 0x2EBB44, 0x84E99C,
    0x7026B4, 0x5F7E41, 0x3991D6, 0x398353, 0x39F49C, 0x845F8B, 0xBDF928, 0x3B1FF8, 0x97FFDE, 0x05980F, 0xEF2F11,
    0x8B5A0A, 0x6D1F6D, 0x367ECF, 0x27CB09, 0xB74F46, 0x3F669E, 0x5FEA2D, 0x7527BA, 0xC7EBE5, 0xF17B3D, 0x0739F7,
    0x8A5292, 0xEA6BFB, 0x5FB11F, 0x8D5D08, 0x560330, 0x46FC7B, 0x6BABF0, 0xCFBC20, 0x9AF436, 0x1DA9E3, 0x91615E,
    0xE61B08, 0x659985, 0x5F14A0, 0x68408D, 0xFFD880, 0x4D7327, 0x310606, 0x1556CA, 0x73A8C9, 0x60E27B, 0xC08C6B};

/* pi/2, 24 bits each. */
static const double half_pi_chunks[] = {0x1.921fb4p+0,  0x1.4442dp-24,   0x1.846988p-48,  0x1.8cc516p-72,
                                        0x1.01b838p-96, 0x1.a25204p-120, 0x1.382228p-145, 0x1.9f31dp-169};

enum { TERMS = 4, ROOM = 20 }; /* terms of two_over_pi needed at first, besides one */

/* A product of x and 2/pi under way (Payne and Hanek): q is in chunks of 24 bits, first one times 2^exponent. */
typedef struct product {
    double q[ROOM], f[ROOM];
    int32_t chunks[ROOM];
    int last, exponent, first, parts; /* parts: of x, less one */
    const double *x;
} product;

static void add_term(product *p, int i) {
    double sum = 0;
    for (int j = 0; j <= p->parts; j++) sum += p->x[j] * p->f[p->parts + i - j];
    p->q[i] = sum;
}

/* Takes the sum apart into 24-bit integers; what is left at the top is returned. */
static double split_chunks(product *p) {
    double z = p->q[p->last];
    for (int i = 0, j = p->last; j > 0; i++, j--) {
        double upper = (double)(int32_t)(0x1p-24 * z);
        p->chunks[i] = (int32_t)(z - 0x1p24 * upper);
        z = p->q[j - 1] + upper;
    }
    z = scalbn(z, p->exponent);
    return z - 8.0 * floor(z * 0.125);
}

/* 1 - q, in the chunks; whether there was anything to subtract. */
static bool complement(product *p) {
    bool carry = false;
    for (int i = 0; i < p->last; i++) {
        int32_t c = p->chunks[i];
        if (carry) {
            p->chunks[i] = 0xFFFFFF - c;
        } else if (c) {
            carry = true;
            p->chunks[i] = 0x1000000 - c;
        }
    }
    if (p->exponent == 1) p->chunks[p->last - 1] &= 0x7FFFFF;
    if (p->exponent == 2) p->chunks[p->last - 1] &= 0x3FFFFF;
    return carry;
}

/* All bits cancelled: how many more terms are needed; 0 when something is left. */
static int missing_terms(const product *p) {
    int k = 1;
    for (int i = p->last - 1; i >= TERMS; i--)
        if (p->chunks[i]) return 0;
    while (k <= TERMS && p->chunks[TERMS - k] == 0) k++;
    return k;
}

/* The chunks, with what is left at the top, times pi/2. */
static void times_half_pi(product *p, double top, bool negative, double y[2]) {
    double terms[ROOM] = {0}, sum = 0, scale;
    if (top == 0) {
        do {
            p->last--;
            p->exponent -= 24;
        } while (p->chunks[p->last] == 0);
    } else {
        double z = scalbn(top, -p->exponent);
        if (z >= 0x1p24) {
            double upper = (double)(int32_t)(0x1p-24 * z);
            p->chunks[p->last++] = (int32_t)(z - 0x1p24 * upper);
            p->exponent += 24;
            p->chunks[p->last] = (int32_t)upper;
        } else {
            p->chunks[p->last] = (int32_t)z;
        }
    }
    scale = scalbn(1.0, p->exponent);
    for (int i = p->last; i >= 0; i--, scale *= 0x1p-24) p->q[i] = scale * p->chunks[i];
    for (int i = p->last; i >= 0; i--) {
        double term = 0;
        for (int k = 0; k <= TERMS && k <= p->last - i; k++) term += half_pi_chunks[k] * p->q[i + k];
        terms[p->last - i] = term;
    }
    for (int i = p->last; i >= 0; i--) sum += terms[i];
    y[0] = negative ? -sum : sum;
    sum = terms[0] - sum;
    for (int i = 1; i <= p->last; i++) sum += terms[i];
    y[1] = negative ? -sum : sum;
}

/* x[0..parts] are 24-bit integers, times 2^e0. */
static int reduce_large(const double *x, int parts, int e0, double y[2]) {
    product p;
    p.x = x;
    p.parts = parts;
    p.first = (e0 - 3) / 24 < 0 ? 0 : (e0 - 3) / 24;
    p.exponent = e0 - 24 * (p.first + 1);
    p.last = TERMS;
    for (int i = 0, j = p.first - parts; i <= parts + TERMS; i++, j++) p.f[i] = j < 0 ? 0 : (double)two_over_pi[j];
    for (int i = 0; i <= TERMS; i++) add_term(&p, i);
    for (;;) {
        double z = split_chunks(&p);
        int n = (int)z, above = 0; /* above: 1 or 2 when the fraction is at least a half */
        z -= n;
        if (p.exponent > 0) {
            int i = p.chunks[p.last - 1] >> (24 - p.exponent);
            n += i;
            p.chunks[p.last - 1] -= i << (24 - p.exponent);
            above = p.chunks[p.last - 1] >> (23 - p.exponent);
        } else if (p.exponent == 0) {
            above = p.chunks[p.last - 1] >> 23;
        } else if (z >= 0.5) {
            above = 2;
        }
        if (above > 0) {
            n++;
            bool carry = complement(&p);
            if (above == 2) {
                z = 1.0 - z;
                if (carry) z -= scalbn(1.0, p.exponent);
            }
        }
        int more = z == 0 ? missing_terms(&p) : 0;
        if (!more) {
            times_half_pi(&p, z, above > 0, y);
            return n & 7;
        }
        for (int i = p.last + 1; i <= p.last + more; i++) {
            p.f[parts + i] = two_over_pi[p.first + i];
            add_term(&p, i);
        }
        p.last += more;
    }
}

static int exponent_of(double x) {
    return (int)(tsk_double_bits(x) >> 52 & 0x7FF);
}

/* Up to about 2^19 * pi/2: Cody and Waite, with more parts of pi/2 while too many bits cancel. */
static int reduce_medium(double x, int32_t ix, double y[2]) {
    int n = (int)(x * 0x1.45f306dc9c883p-1 + 0.5);
    double fn = n, r = x - fn * half_pi_1, w = fn * half_pi_1_rest;
    int j = ix >> 20;
    y[0] = r - w;
    /* bits that cancelled decide; away from multiples of pi/2 it is none of them */
    if (j - exponent_of(y[0]) > 16) {
        double t = r;
        w = fn * half_pi_2;
        r = t - w;
        w = fn * half_pi_2_rest - ((t - r) - w);
        y[0] = r - w;
        if (j - exponent_of(y[0]) > 49) {
            t = r;
            w = fn * half_pi_3;
            r = t - w;
            w = fn * half_pi_3_rest - ((t - r) - w);
            y[0] = r - w;
        }
    }
    y[1] = (r - y[0]) - w;
    return n;
}

/* |x| below 3/4 pi: one pi/2. */
static int reduce_small(double x, int32_t ix, double y[2]) {
    double z = x - half_pi_1, rest = half_pi_1_rest;
    if (ix == 0x3FF921FB) { /* near pi/2 */
        z -= half_pi_2;
        rest = half_pi_2_rest;
    }
    y[0] = z - rest;
    y[1] = (z - y[0]) - rest;
    return 1;
}

/* A finite |x| > pi/4: the number of quarters of the circle, and the rest in two doubles. */
static int reduce(double x, double y[2]) {
    int32_t hx = tsk_high_word(x), ix = hx & 0x7FFFFFFF;
    double magnitude = fabs(x);
    int n;
    if (ix < 0x4002D97C) {
        n = reduce_small(magnitude, ix, y);
    } else if (ix <= 0x413921FB) {
        n = reduce_medium(magnitude, ix, y);
    } else {
        double parts[3];
        int count = 3, e0 = (ix >> 20) - 1046;
        double z = tsk_with_high_word(magnitude, ix - (int32_t)((uint32_t)e0 << 20));
        for (int i = 0; i < 2; i++) {
            parts[i] = (double)(int32_t)z;
            z = (z - parts[i]) * 0x1p24;
        }
        parts[2] = z;
        while (parts[count - 1] == 0) count--;
        n = reduce_large(parts, count - 1, e0, y);
    }
    if (hx >= 0) return n;
    y[0] = -y[0];
    y[1] = -y[1];
    return -n;
}

/* ---- sine and cosine ---- */

/* Of x + y, |x| <= pi/4, y the tail of x. */
static double sine(double x, double y, bool has_tail) {
    if ((tsk_high_word(x) & 0x7FFFFFFF) < 0x3E400000) return x;
    double z = x * x, v = z * x;
    double r =
        8.33333333332248946124e-03 +
        z * (-1.98412698298579493134e-04 +
             z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
    const double s1 = -1.66666666666666324348e-01;
    if (!has_tail) return x + v * (s1 + z * r);
    return x - ((z * (0.5 * y - v * r) - y) - v * s1);
}

static double cosine(double x, double y) {
    int32_t ix = tsk_high_word(x) & 0x7FFFFFFF;
    if (ix < 0x3E400000) return 1;
    double z = x * x;
    double r = z * (4.16666666666666019037e-02 +
                    z * (-1.38888888888741095749e-03 +
                         z * (2.48015872894767294178e-05 +
                              z * (-2.75573143513906633035e-07 +
                                   z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
    if (ix < 0x3FD33333) return 1 - (0.5 * z - (z * r - x * y));
    double q = ix > 0x3FE90000 ? 0.28125 : tsk_bits_double((uint64_t)(uint32_t)(ix - 0x00200000) << 32);
    double half = 0.5 * z - q, a = 1 - q;
    return a - (half - (z * r - x * y));
}

static bool in_first_octant(double x) {
    return (tsk_high_word(x) & 0x7FFFFFFF) <= 0x3FE921FB;
}

double tsk_js_sin(double x) {
    double y[2];
    if (in_first_octant(x)) return sine(x, 0, false);
    if (!isfinite(x)) return NAN;
    switch (reduce(x, y) & 3) {
    case 0: return sine(y[0], y[1], true);
    case 1: return cosine(y[0], y[1]);
    case 2: return -sine(y[0], y[1], true);
    default: return -cosine(y[0], y[1]);
    }
}

double tsk_js_cos(double x) {
    double y[2];
    if (in_first_octant(x)) return cosine(x, 0);
    if (!isfinite(x)) return NAN;
    switch (reduce(x, y) & 3) {
    case 0: return cosine(y[0], y[1]);
    case 1: return -sine(y[0], y[1], true);
    case 2: return -cosine(y[0], y[1]);
    default: return sine(y[0], y[1], true);
    }
}

/* ---- tangent ---- */

/* -1 / (z + rest), where w is the rounded sum. */
static double negative_reciprocal(double w, double x, double rest) {
    double z = tsk_upper_part(w), v = rest - (z - x);
    double a = -1.0 / w, t = tsk_upper_part(a);
    double s = 1.0 + t * z;
    return t + a * (s + t * v);
}

/* tan(x + y), or -1/tan(x + y) when `inverse`. */
static double tangent(double x, double y, bool inverse) {
    static const double T[] = {3.33333333333334091986e-01, 1.33333333333201242699e-01, 5.39682539762260521377e-02,
                               2.18694882948595424599e-02, 8.86323982359930005737e-03, 3.59207910759131235356e-03,
                               1.45620945432529025516e-03, 5.88041240820264096874e-04, 2.46463134818469906812e-04,
                               7.81794442939557092300e-05, 7.14072491382608190305e-05, -1.85586374855275456654e-05,
                               2.59073051863633712884e-05};
    int32_t hx = tsk_high_word(x), ix = hx & 0x7FFFFFFF;
    bool large = ix >= 0x3FE59428; /* |x| >= 0.6744 */
    if (ix < 0x3E300000) {
        if (!inverse) return x;
        double w = x + y;
        return x == 0 && y == 0 ? 1 / fabs(x) : negative_reciprocal(w, x, y);
    }
    if (large) {
        if (hx < 0) {
            x = -x;
            y = -y;
        }
        x = (quarter_pi - x) + (quarter_pi_low - y);
        y = 0;
    }
    double z = x * x, w = z * z;
    double r = T[1] + w * (T[3] + w * (T[5] + w * (T[7] + w * (T[9] + w * T[11]))));
    double v = z * (T[2] + w * (T[4] + w * (T[6] + w * (T[8] + w * (T[10] + w * T[12])))));
    double s = z * x;
    r = y + z * (s * (r + v) + y);
    r += T[0] * s;
    w = x + r;
    if (large) {
        v = inverse ? -1 : 1;
        return (hx < 0 ? -1 : 1) * (v - 2.0 * (x - (w * w / (w + v) - r)));
    }
    return inverse ? negative_reciprocal(w, x, r) : w;
}

double tsk_js_tan(double x) {
    double y[2];
    if (in_first_octant(x)) return tangent(x, 0, false);
    if (!isfinite(x)) return NAN;
    int n = reduce(x, y);
    return tangent(y[0], y[1], n & 1);
}

/* ---- inverses ---- */

/* (asin(x) - x) / x of z = x^2. */
static double arc_ratio(double z) {
    double p = z * (1.66666666666666657415e-01 +
                    z * (-3.25565818622400915405e-01 +
                         z * (2.01212532134862925881e-01 +
                              z * (-4.00555345006794114027e-02 +
                                   z * (7.91534994289814532176e-04 + z * 3.47933107596021167570e-05)))));
    double q =
        1 + z * (-2.40339491173441421878e+00 +
                 z * (2.02094576023350569471e+00 + z * (-6.88283971605453293030e-01 + z * 7.70381505559019352791e-02)));
    return p / q;
}

double tsk_js_asin(double x) {
    double magnitude = fabs(x), result;
    if (!(magnitude <= 1)) return NAN;
    if (magnitude == 1) return x * half_pi + x * half_pi_low;
    if (magnitude < 0.5) return magnitude < 0x1p-27 ? x : x + x * arc_ratio(x * x);
    double t = (1 - magnitude) * 0.5, r = arc_ratio(t), s = sqrt(t);
    if ((tsk_high_word(x) & 0x7FFFFFFF) >= 0x3FEF3333) { /* |x| > 0.975 */
        result = half_pi - (2.0 * (s + s * r) - half_pi_low);
    } else {
        double w = tsk_upper_part(s), c = (t - w * w) / (s + w);
        double p = 2.0 * s * r - (half_pi_low - 2.0 * c), q = quarter_pi - 2.0 * w;
        result = quarter_pi - (p - q);
    }
    return x > 0 ? result : -result;
}

double tsk_js_acos(double x) {
    double magnitude = fabs(x);
    if (!(magnitude <= 1)) return NAN;
    if (magnitude == 1) return x > 0 ? 0 : pi + 2.0 * half_pi_low;
    if (magnitude < 0.5) {
        if ((tsk_high_word(x) & 0x7FFFFFFF) <= 0x3C600000) return half_pi + half_pi_low;
        return half_pi - (x - (half_pi_low - x * arc_ratio(x * x)));
    }
    double z = (1 - magnitude) * 0.5, s = sqrt(z), r = arc_ratio(z);
    if (x < 0) return pi - 2.0 * (s + (r * s - half_pi_low));
    double upper = tsk_upper_part(s), c = (z - upper * upper) / (s + upper);
    return 2.0 * (upper + (r * s + c));
}

double tsk_js_atan(double x) {
    static const double high[] = {4.63647609000806093515e-01, 7.85398163397448278999e-01, 9.82793723247329054082e-01,
                                  1.57079632679489655800e+00};
    static const double low[] = {2.26987774529616870924e-17, 3.06161699786838301793e-17, 1.39033110312309984516e-17,
                                 6.12323399573676603587e-17};
    static const double A[] = {3.33333333333329318027e-01,  -1.99999999998764832476e-01, 1.42857142725034663711e-01,
                               -1.11111104054623557880e-01, 9.09088713343650656196e-02,  -7.69187620504482999495e-02,
                               6.66107313738753120669e-02,  -5.83357013379057348645e-02, 4.97687799461593236017e-02,
                               -3.65315727442169155270e-02, 1.62858201153657823623e-02};
    int32_t hx = tsk_high_word(x), ix = hx & 0x7FFFFFFF;
    int part = -1;
    if (x != x) return x;
    if (ix >= 0x44100000) return hx < 0 ? -high[3] - low[3] : high[3] + low[3];
    if (ix < 0x3E400000) return x;
    if (ix >= 0x3FDC0000) { /* from 7/16 on */
        x = fabs(x);
        if (ix < 0x3FE60000) {
            part = 0;
            x = (2.0 * x - 1) / (2.0 + x);
        } else if (ix < 0x3FF30000) {
            part = 1;
            x = (x - 1) / (x + 1);
        } else if (ix < 0x40038000) {
            part = 2;
            x = (x - 1.5) / (1 + 1.5 * x);
        } else {
            part = 3;
            x = -1.0 / x;
        }
    }
    double z = x * x, w = z * z;
    double s1 = z * (A[0] + w * (A[2] + w * (A[4] + w * (A[6] + w * (A[8] + w * A[10])))));
    double s2 = w * (A[1] + w * (A[3] + w * (A[5] + w * (A[7] + w * A[9]))));
    if (part < 0) return x - x * (s1 + s2);
    z = high[part] - ((x * (s1 + s2) - low[part]) - x);
    return hx < 0 ? -z : z;
}

double tsk_js_atan2(double y, double x) {
    if (x != x || y != y) return NAN;
    if (x == 1) return tsk_js_atan(y);
    bool left = signbit(x), below = signbit(y);
    if (y == 0) return left ? copysign(pi, y) : y;
    if (x == 0) return copysign(half_pi, y);
    if (isinf(x)) {
        if (isinf(y)) return copysign(left ? 3.0 * quarter_pi : quarter_pi, y);
        return copysign(left ? pi : 0, y);
    }
    if (isinf(y)) return copysign(half_pi, y);
    int32_t k = ((tsk_high_word(y) & 0x7FFFFFFF) - (tsk_high_word(x) & 0x7FFFFFFF)) >> 20;
    double z;
    if (k > 60) {
        z = half_pi + 0.5 * pi_low;
        left = false;
    } else if (left && k < -60) {
        z = 0;
    } else {
        z = tsk_js_atan(fabs(y / x));
    }
    if (!left) return below ? -z : z;
    return below ? (z - pi_low) - pi : pi - (z - pi_low);
}
