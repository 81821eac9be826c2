/* Operators on numbers in the loop of functions: int32 and doubles here, everything else by a call.
 *
 * These are pieces of the loop: they read and write the registers of the instruction at `pc`, store it with SAVE before
 * a call, and go to `raise` when that throws.  Those for arithmetic leave `pc` where it is; NEXT or a fused
 * instruction's next part follows.
 */
#ifndef TSK_JS_ARITHMETIC_H
#define TSK_JS_ARITHMETIC_H

#include "runtime/base/mutation.h"

#define BOTH_I32(x, y) (tsk_is_i32(x) && tsk_is_i32(y))
#define BOTH_DOUBLES(x, y) (tsk_is_double(x) && tsk_is_double(y))
#define BOTH_NUMBERS(x, y) (tsk_js_is_number(x) && tsk_js_is_number(y))

/* A double that was computed.  A jump instead of the conditional move that the compiler would take: what comes next
 * then does not wait for the comparison. */
TSK_INLINE tsk_value tsk_js_computed(double d) {
    tsk_value v;
    memcpy(&v.bits, &d, sizeof d);
    if (TSK_UNLIKELY(d != d)) {
        __asm__("" : "+r"(v.bits));
        v = tsk_from_double(d);
    }
    return v;
}

#define ARITHMETIC(y_value, overflows, operator, slow)                                                                 \
    do {                                                                                                               \
        tsk_value x = B, y = (y_value);                                                                                \
        int32_t n;                                                                                                     \
        if (BOTH_I32(x, y) && TSK_LIKELY(!overflows(tsk_as_i32(x), tsk_as_i32(y), &n)))                                \
            A = tsk_from_i32(n);                                                                                       \
        else if (TSK_LIKELY(BOTH_DOUBLES(x, y)))                                                                       \
            A = tsk_js_computed(tsk_as_double(x) operator tsk_as_double(y));                                           \
        else if (BOTH_NUMBERS(x, y))                                                                                   \
            A = tsk_js_computed(tsk_js_as_number(x) operator tsk_js_as_number(y));                                     \
        else                                                                                                           \
            GIVE(slow);                                                                                                \
    } while (0)
#define ADD(y_value) ARITHMETIC(y_value, tsk_js_add_overflows, +, tsk_js_add(js, x, y))
#define SUBTRACT(y_value) ARITHMETIC(y_value, __builtin_sub_overflow, -, tsk_js_arith(js, TSK_JS_SUB, x, y))
#define MULTIPLY(y_value) ARITHMETIC(y_value, tsk_js_multiply_overflows, *, tsk_js_arith(js, TSK_JS_MUL, x, y))

TSK_INLINE bool tsk_js_add_overflows(int32_t a, int32_t b, int32_t *n) {
    return __builtin_add_overflow(a, b, n) && !TSK_MUTANT(ADD_WRAPS);
}

/* -0 is no int32. */
TSK_INLINE bool tsk_js_multiply_overflows(int32_t a, int32_t b, int32_t *n) {
    return __builtin_mul_overflow(a, b, n) || (*n == 0 && (a | b) < 0 && !TSK_MUTANT(LOST_MINUS_ZERO));
}

/* A quotient that is whole is an int32 when both were; of doubles it stays one, which is the same number. */
#define DIVIDE(y_value)                                                                                                \
    do {                                                                                                               \
        tsk_value x = B, y = (y_value);                                                                                \
        if (TSK_LIKELY(BOTH_DOUBLES(x, y)))                                                                            \
            A = tsk_js_computed(tsk_as_double(x) / tsk_as_double(y));                                                  \
        else if (BOTH_NUMBERS(x, y))                                                                                   \
            A = tsk_js_number(tsk_js_as_number(x) / tsk_js_as_number(y));                                              \
        else                                                                                                           \
            GIVE(tsk_js_arith(js, TSK_JS_DIV, x, y));                                                                  \
    } while (0)

#define REMAINDER(y_value)                                                                                             \
    do {                                                                                                               \
        tsk_value x = B, y = (y_value);                                                                                \
        if (BOTH_I32(x, y) && tsk_as_i32(x) >= 0 && tsk_as_i32(y) > 0)                                                 \
            A = tsk_from_i32((int32_t)((uint32_t)tsk_as_i32(x) % (uint32_t)tsk_as_i32(y)));                            \
        else                                                                                                           \
            GIVE(tsk_js_arith(js, TSK_JS_MOD, x, y));                                                                  \
    } while (0)

#define BITWISE(y_value, op, expression)                                                                               \
    do {                                                                                                               \
        tsk_value x = B, y = (y_value);                                                                                \
        if (TSK_LIKELY(BOTH_I32(x, y))) {                                                                              \
            int32_t a = tsk_as_i32(x), b = tsk_as_i32(y);                                                              \
            A = (expression);                                                                                          \
        } else {                                                                                                       \
            GIVE(tsk_js_arith(js, (op), x, y));                                                                        \
        }                                                                                                              \
        NEXT;                                                                                                          \
    } while (0)
#define AND(y) BITWISE(y, TSK_JS_BAND, tsk_from_i32(a &b))
#define OR(y) BITWISE(y, TSK_JS_BOR, tsk_from_i32(a | b))
#define XOR(y) BITWISE(y, TSK_JS_BXOR, tsk_from_i32(a ^ b))
#define SHIFT_LEFT(y) BITWISE(y, TSK_JS_SHL, tsk_from_i32((int32_t)((uint32_t)a << (b & 31))))
#define SHIFT_RIGHT(y) BITWISE(y, TSK_JS_SHR, tsk_from_i32(a >> (b & 31)))
#define SHIFT_ZERO(y) BITWISE(y, TSK_JS_USHR, tsk_js_from_u32((uint32_t)a >> (b & 31)))

TSK_INLINE tsk_value tsk_js_from_u32(uint32_t n) {
    return TSK_LIKELY(n <= INT32_MAX) ? tsk_from_i32((int32_t)n) : tsk_from_double(n);
}

TSK_INLINE bool tsk_js_truth_quickly(tsk_value v) {
    if (TSK_LIKELY(tsk_tag(v) == TSK_TAG_CONST)) return v.bits == TSK_VALUE_TRUE.bits;
    return tsk_is_i32(v) ? tsk_as_i32(v) != 0 : tsk_js_to_boolean(v);
}

TSK_INLINE bool tsk_js_same_quickly(tsk_js *js, tsk_value x, tsk_value y) {
    if (BOTH_I32(x, y)) return x.bits == y.bits;
    if (tsk_js_is_number(x) || tsk_tag(x) == TSK_TAG_STR) return tsk_js_strict_equals(js, x, y);
    return x.bits == y.bits;
}

/* `holds` gets the truth of a relation; everything but numbers is a call. */
#define RELATE(x_value, y_value, operator, relation)                                                                   \
    tsk_value x = (x_value), y = (y_value);                                                                            \
    int holds;                                                                                                         \
    if (BOTH_I32(x, y)) {                                                                                              \
        holds = tsk_as_i32(x) operator tsk_as_i32(y);                                                                  \
    } else if (TSK_LIKELY(BOTH_DOUBLES(x, y))) {                                                                       \
        holds = tsk_as_double(x) operator tsk_as_double(y);                                                            \
        if (TSK_MUTANT(NAN_COMPARES)) holds |= tsk_as_double(x) != tsk_as_double(x);                                   \
    } else if (BOTH_NUMBERS(x, y)) {                                                                                   \
        holds = tsk_js_as_number(x) operator tsk_js_as_number(y);                                                      \
    } else {                                                                                                           \
        SAVE;                                                                                                          \
        holds = tsk_js_compare(js, (relation), x, y);                                                                  \
        if (TSK_UNLIKELY(holds < 0)) goto raise;                                                                       \
    }
#define SAME_VALUES(x_value, y_value)                                                                                  \
    tsk_value x = (x_value), y = (y_value);                                                                            \
    bool holds = tsk_js_same_quickly(js, x, y);
#define LOOSELY_EQUAL(x_value, y_value)                                                                                \
    tsk_value x = (x_value), y = (y_value);                                                                            \
    int holds;                                                                                                         \
    if (BOTH_I32(x, y)) {                                                                                              \
        holds = x.bits == y.bits;                                                                                      \
    } else {                                                                                                           \
        SAVE;                                                                                                          \
        holds = tsk_js_loose_equals(js, x, y);                                                                         \
        if (TSK_UNLIKELY(holds < 0)) goto raise;                                                                       \
    }
#define JUMP_IF(condition) GO((condition) ? (int16_t)pc->c : 1);
/* null, undefined, false or true. */
#define WORD_B ((tsk_value){TSK_BITS(TSK_TAG_CONST, pc->b)})
#define SMALL_B tsk_from_i32((int16_t)pc->b)
#define JUMP_IF_WIDE(condition) GO((condition) ? (int32_t)tsk_insn_wide(pc) : 1)

#endif
