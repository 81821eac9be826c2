/* Reading and making the halves of a double: for the elementary functions. */
#ifndef TSK_JS_MATH_BITS_H
#define TSK_JS_MATH_BITS_H

#include "runtime/base/base.h"

TSK_INLINE uint64_t tsk_double_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, 8);
    return bits;
}
TSK_INLINE double tsk_bits_double(uint64_t bits) {
    double x;
    memcpy(&x, &bits, 8);
    return x;
}
/* Sign, exponent and the upper 20 bits of the fraction. */
TSK_INLINE int32_t tsk_high_word(double x) {
    return (int32_t)(uint32_t)(tsk_double_bits(x) >> 32);
}
TSK_INLINE uint32_t tsk_low_word(double x) {
    return (uint32_t)tsk_double_bits(x);
}
TSK_INLINE double tsk_with_high_word(double x, int32_t high) {
    return tsk_bits_double((uint64_t)(uint32_t)high << 32 | tsk_low_word(x));
}
/* The upper half alone. */
TSK_INLINE double tsk_upper_part(double x) {
    return tsk_bits_double(tsk_double_bits(x) & 0xFFFFFFFF00000000ull);
}
/* 2^k of a normal result. */
TSK_INLINE double tsk_power_of_two(int k) {
    return tsk_bits_double((uint64_t)(uint32_t)(1023 + k) << 52);
}

#endif
