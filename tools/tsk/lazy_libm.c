/* The mathematical functions of libm, for the tool: looked up in the shared library when one is first called.
 *
 * tsk must not map a library that a run does not use, and libm.a cannot be linked into a position-independent
 * executable with a shared libc.  These definitions take the place of the symbols; libtusk itself is linked to libm. */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static void *find(const char *name) {
    void *library = dlopen("libm.so.6", RTLD_NOW | RTLD_LOCAL);
    void *function = library ? dlsym(library, name) : NULL;
    if (!function) {
        fprintf(stderr, "tsk: the C library is not complete: %s: %s\n", name, dlerror());
        exit(1);
    }
    return function;
}

/* Several threads may look one up at the same time; they find the same. */
#define LOOK_UP(name, type)                                                                                            \
    static _Atomic(type) known;                                                                                        \
    type function = atomic_load_explicit(&known, memory_order_relaxed);                                                \
    if (!function) {                                                                                                   \
        *(void **)&function = find(#name);                                                                             \
        atomic_store_explicit(&known, function, memory_order_relaxed);                                                 \
    }

typedef double (*unary)(double);
typedef double (*binary)(double, double);

#define UNARY(name)                                                                                                    \
    double name(double x);                                                                                             \
    double name(double x) {                                                                                            \
        LOOK_UP(name, unary)                                                                                           \
        return function(x);                                                                                            \
    }
#define BINARY(name)                                                                                                   \
    double name(double x, double y);                                                                                   \
    double name(double x, double y) {                                                                                  \
        LOOK_UP(name, binary)                                                                                          \
        return function(x, y);                                                                                         \
    }

/* Rounding is needed to print numbers, so it is here rather than in the library.  From 2^52 on there are no fractions. */
#define HAS_FRACTION(x) (__builtin_fabs(x) < 4503599627370496.0)

double trunc(double x);
double trunc(double x) {
    return HAS_FRACTION(x) ? __builtin_copysign((double)(long long)x, x) : x;
}

double floor(double x);
double floor(double x) {
    double t = trunc(x);
    return t > x ? t - 1 : t;
}

double ceil(double x);
double ceil(double x) {
    double t = trunc(x);
    return t < x ? __builtin_copysign(t + 1, x) : t;
}

double fabs(double x);
double fabs(double x) {
    return __builtin_fabs(x);
}

double round(double x);
double round(double x) {
    double t = trunc(x);
    return HAS_FRACTION(x) && __builtin_fabs(x - t) >= 0.5 ? t + __builtin_copysign(1, x) : t;
}

long long llround(double x);
long long llround(double x) {
    return (long long)round(x);
}

UNARY(acos)
UNARY(asin)
UNARY(atan)
UNARY(cbrt)
UNARY(cos)
UNARY(cosh)
UNARY(exp)
UNARY(exp2)
UNARY(expm1)
UNARY(nearbyint)
UNARY(rint)
UNARY(lgamma)
UNARY(log)
UNARY(log10)
UNARY(log1p)
UNARY(log2)
UNARY(sin)
UNARY(sinh)
UNARY(sqrt)
UNARY(tan)
UNARY(tanh)
UNARY(tgamma)
BINARY(atan2)
BINARY(fmax)
BINARY(fmin)
BINARY(fmod)
BINARY(hypot)
BINARY(nextafter)
BINARY(pow)
BINARY(remainder)
