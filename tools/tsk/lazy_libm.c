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
#define LOOK_UP(name, type)                                             \
    static _Atomic(type) known;                                         \
    type function = atomic_load_explicit(&known, memory_order_relaxed); \
    if (!function) {                                                    \
        *(void **)&function = find(#name);                              \
        atomic_store_explicit(&known, function, memory_order_relaxed);  \
    }

typedef double (*unary)(double);
typedef double (*binary)(double, double);

#define UNARY(name)           \
    double name(double x);    \
    double name(double x) {   \
        LOOK_UP(name, unary)  \
        return function(x);   \
    }
#define BINARY(name)                  \
    double name(double x, double y);  \
    double name(double x, double y) { \
        LOOK_UP(name, binary)         \
        return function(x, y);        \
    }

UNARY(acos)
UNARY(asin)
UNARY(atan)
UNARY(cbrt)
UNARY(ceil)
UNARY(cos)
UNARY(cosh)
UNARY(exp)
UNARY(exp2)
UNARY(expm1)
UNARY(floor)
UNARY(lgamma)
UNARY(log)
UNARY(log10)
UNARY(log1p)
UNARY(log2)
UNARY(nearbyint)
UNARY(rint)
UNARY(round)
UNARY(sin)
UNARY(sinh)
UNARY(sqrt)
UNARY(tan)
UNARY(tanh)
UNARY(tgamma)
UNARY(trunc)
BINARY(atan2)
BINARY(fmax)
BINARY(fmin)
BINARY(fmod)
BINARY(hypot)
BINARY(pow)
BINARY(remainder)
