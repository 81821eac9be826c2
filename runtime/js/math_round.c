/* Rounding, extremes and the length of a vector, as ECMAScript defines them and V8 computes them. */
#include "runtime/js/math.h"

#include <math.h>

double tsk_js_round(double x) {
    double up = ceil(x);
    return up - 0.5 > x ? up - 1 : up;
}

double tsk_js_sign(double x) {
    return x > 0 ? 1 : x < 0 ? -1 : x;
}

double tsk_js_min(double a, double b) {
    if (a != a || b != b) return NAN;
    if (a == b) return signbit(a) ? a : b;
    return a < b ? a : b;
}

double tsk_js_max(double a, double b) {
    if (a != a || b != b) return NAN;
    if (a == b) return signbit(a) ? b : a;
    return a > b ? a : b;
}

double tsk_js_f16round(double x) {
    int exponent;
    double magnitude = fabs(x);
    if (magnitude != magnitude) return x;
    if (magnitude >= 65520) return copysign(INFINITY, x);
    frexp(magnitude, &exponent);
    double unit = ldexp(1, exponent - 11 > -24 ? exponent - 11 : -24); /* of the last of 11 bits, or of subnormals */
    return copysign(nearbyint(magnitude / unit) * unit, x);
}

/* Scaled by the largest; the squares are summed with compensation (Kahan 1965). */
double tsk_js_hypot(const double *values, size_t count) {
    double largest = 0, sum = 0, compensation = 0;
    bool has_nan = false;
    for (size_t i = 0; i < count; i++) {
        double magnitude = fabs(values[i]);
        has_nan |= magnitude != magnitude;
        if (magnitude > largest) largest = magnitude;
    }
    if (largest == INFINITY) return largest;
    if (has_nan) return NAN;
    if (largest == 0) return 0;
    for (size_t i = 0; i < count; i++) {
        double part = fabs(values[i]) / largest;
        double term = part * part - compensation, next = sum + term;
        compensation = (next - sum) - term;
        sum = next;
    }
    return sqrt(sum) * largest;
}
