/* Exact sums of doubles: a number in fixed point that any double fits, in digits of 32 bits with room above each.
 *
 *   digit i counts 2^(32 i - 1074)
 *
 * A double adds to three digits at most; carries are taken care of every now and then, and at the end. */
#include "runtime/js/math.h"

#include <math.h>

#define UNPROPAGATED 0x40000000u /* so many additions cannot overflow a digit */

static void propagate(tsk_js_sum *s) {
    int64_t carry = 0;
    for (uint32_t i = 0; i < TSK_JS_SUM_DIGITS - 1; i++) {
        int64_t digit = s->digits[i] + carry;
        s->digits[i] = digit & 0xFFFFFFFF;
        carry = digit >> 32;
    }
    s->digits[TSK_JS_SUM_DIGITS - 1] += carry; /* the only one that may be negative now */
    s->pending = 0;
}

void tsk_js_sum_add(tsk_js_sum *s, double x) {
    if (!isfinite(x)) {
        s->special = s->is_special ? s->special + x : x;
        s->is_special = true;
        return;
    }
    if (x != 0 || !signbit(x)) s->is_positive_zero = true;
    if (x == 0) return;
    int exponent;
    int64_t mantissa = (int64_t)ldexp(frexp(fabs(x), &exponent), 53);
    int shift = exponent - 53 + 1074; /* below 0 only for subnormal numbers, whose last bits are 0 */
    if (shift < 0) {
        mantissa >>= -shift;
        shift = 0;
    }
    uint32_t at = (uint32_t)shift / 32;
    unsigned __int128 wide = (unsigned __int128)mantissa << (shift % 32);
    for (uint32_t i = 0; i < 3; i++, wide >>= 32) {
        int64_t part = (int64_t)(uint32_t)wide;
        s->digits[at + i] += x < 0 ? -part : part;
    }
    if (++s->pending == UNPROPAGATED) propagate(s);
}

/* The value of digits that are all below 2^32, rounded to the nearest double, halves to even. */
static double round_digits(const int64_t *digits) {
    int top = TSK_JS_SUM_DIGITS - 1;
    while (top >= 0 && !digits[top]) top--;
    if (top < 0) return 0;
    unsigned __int128 high = 0; /* the top three digits; the rest only tells whether a half is more than that */
    int low = top >= 2 ? top - 2 : 0;
    for (int i = top; i >= low; i--) high = high << 32 | (unsigned __int128)digits[i];
    bool more = false;
    for (int i = 0; i < low; i++) more |= digits[i] != 0;
    int bits = 0;
    for (unsigned __int128 rest = high; rest; rest >>= 1) bits++;
    int drop = bits > 54 ? bits - 54 : 0; /* 53 bits and the one that is rounded */
    uint64_t kept = (uint64_t)(high >> drop);
    more |= (high & (((unsigned __int128)1 << drop) - 1)) != 0;
    if (bits >= 54) {
        bool half = kept & 1;
        kept >>= 1;
        drop++;
        if (half && (more || kept & 1)) kept++;
    }
    return ldexp((double)kept, drop + 32 * low - 1074);
}

double tsk_js_sum_value(tsk_js_sum *s) {
    if (s->is_special) return s->special;
    propagate(s);
    bool negative = s->digits[TSK_JS_SUM_DIGITS - 1] < 0;
    if (negative) {
        for (uint32_t i = 0; i < TSK_JS_SUM_DIGITS; i++) s->digits[i] = -s->digits[i];
        propagate(s);
    }
    double value = round_digits(s->digits);
    if (value == 0) return s->is_positive_zero ? 0.0 : -0.0;
    return negative ? -value : value;
}
