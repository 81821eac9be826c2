/* Operators on numbers in the loop of functions: int32 and doubles here, everything else by a call.
 *
 * These are pieces of the loop: they read and write the registers of the instruction at `pc`, store it with SAVE before
 * a call, and go to `raise` when that throws.  Those for arithmetic leave `pc` where it is; NEXT or a fused
 * instruction's next part follows.
 *
 * Operands are named a, b, c for the registers of the instruction, small_b and small_c for the numbers in it.  Whether a
 * register holds an int32 is asked of the upper half of its word: one comparison with memory, and nothing to shift.
 */
#ifndef TSK_JS_ARITHMETIC_H
#define TSK_JS_ARITHMETIC_H

#include "runtime/base/mutation.h"

TSK_INLINE uint32_t tsk_js_half(const tsk_value *v, bool upper) {
    uint32_t half;
    memcpy(&half, (const char *)v + (upper == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) ? sizeof half : 0),
           sizeof half);
    return half;
}
TSK_INLINE bool tsk_js_holds_i32(const tsk_value *v) {
    return tsk_js_half(v, true) == (uint32_t)(TSK_BITS(TSK_TAG_INT, 0) >> 32);
}
TSK_INLINE int32_t tsk_js_i32_in(const tsk_value *v) {
    return (int32_t)tsk_js_half(v, false);
}

#define VALUE_a A
#define VALUE_b B
#define VALUE_c C
#define VALUE_small_b tsk_from_i32((int16_t)pc->b)
#define VALUE_small_c tsk_from_i32((int16_t)pc->c)
#define IS_I32_a tsk_js_holds_i32(&A)
#define IS_I32_b tsk_js_holds_i32(&B)
#define IS_I32_c tsk_js_holds_i32(&C)
#define IS_I32_small_b true
#define IS_I32_small_c true
#define I32_a tsk_js_i32_in(&A)
#define I32_b tsk_js_i32_in(&B)
#define I32_c tsk_js_i32_in(&C)
#define I32_small_b (int32_t)(int16_t) pc->b
#define I32_small_c (int32_t)(int16_t) pc->c
#define BOTH_I32(x, y) (IS_I32_##x && IS_I32_##y)
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

TSK_INLINE bool tsk_js_add_overflows(int32_t a, int32_t b, int32_t *n) {
    return __builtin_add_overflow(a, b, n) && !TSK_MUTANT(ADD_WRAPS);
}

/* -0 is no int32. */
TSK_INLINE bool tsk_js_multiply_overflows(int32_t a, int32_t b, int32_t *n) {
    return __builtin_mul_overflow(a, b, n) || (*n == 0 && (a | b) < 0 && !TSK_MUTANT(LOST_MINUS_ZERO));
}

/* Of two numbers of one kind; of others `otherwise` is done with left and right. */
#define COMPUTE(y, overflows, operator, otherwise)                                                                     \
    do {                                                                                                               \
        int32_t n;                                                                                                     \
        if (BOTH_I32(b, y) && TSK_LIKELY(!overflows(I32_b, I32_##y, &n))) {                                            \
            A = tsk_from_i32(n);                                                                                       \
        } else {                                                                                                       \
            tsk_value left = B, right = VALUE_##y;                                                                     \
            if (TSK_LIKELY(BOTH_DOUBLES(left, right)))                                                                 \
                A = tsk_js_computed(tsk_as_double(left) operator tsk_as_double(right));                                \
            else                                                                                                       \
                otherwise;                                                                                             \
        }                                                                                                              \
    } while (0)
#define OF_MIXED_NUMBERS(operator, slow)                                                                               \
    if (BOTH_NUMBERS(left, right))                                                                                     \
        A = tsk_js_computed(tsk_js_as_number(left) operator tsk_js_as_number(right));                                  \
    else                                                                                                               \
        GIVE(slow)
#define ARITHMETIC(y, overflows, operator, slow) COMPUTE(y, overflows, operator, OF_MIXED_NUMBERS(operator, slow))
#define ADD(y) ARITHMETIC(y, tsk_js_add_overflows, +, tsk_js_add(js, left, right))
#define SUBTRACT(y) ARITHMETIC(y, __builtin_sub_overflow, -, tsk_js_arith(js, TSK_JS_SUB, left, right))
#define MULTIPLY(y) ARITHMETIC(y, tsk_js_multiply_overflows, *, tsk_js_arith(js, TSK_JS_MUL, left, right))

/* A quotient that is whole is an int32 when both were; of doubles it stays one, which is the same number. */
#define DIVIDE(y)                                                                                                      \
    do {                                                                                                               \
        tsk_value left = B, right = VALUE_##y;                                                                         \
        if (TSK_LIKELY(BOTH_DOUBLES(left, right)))                                                                     \
            A = tsk_js_computed(tsk_as_double(left) / tsk_as_double(right));                                           \
        else if (BOTH_NUMBERS(left, right))                                                                            \
            A = tsk_js_number(tsk_js_as_number(left) / tsk_js_as_number(right));                                       \
        else                                                                                                           \
            GIVE(tsk_js_arith(js, TSK_JS_DIV, left, right));                                                           \
    } while (0)

#define REMAINDER(y)                                                                                                   \
    do {                                                                                                               \
        if (BOTH_I32(b, y) && I32_b >= 0 && I32_##y > 0)                                                               \
            A = tsk_from_i32((int32_t)((uint32_t)I32_b % (uint32_t)I32_##y));                                          \
        else                                                                                                           \
            GIVE(tsk_js_arith(js, TSK_JS_MOD, B, VALUE_##y));                                                          \
    } while (0)

#define BITWISE(y, op, expression)                                                                                     \
    do {                                                                                                               \
        if (TSK_LIKELY(BOTH_I32(b, y))) {                                                                              \
            int32_t left = I32_b, right = I32_##y;                                                                     \
            A = (expression);                                                                                          \
        } else {                                                                                                       \
            GIVE(tsk_js_arith(js, (op), B, VALUE_##y));                                                                \
        }                                                                                                              \
        NEXT;                                                                                                          \
    } while (0)
#define AND(y) BITWISE(y, TSK_JS_BAND, tsk_from_i32(left &right))
#define OR(y) BITWISE(y, TSK_JS_BOR, tsk_from_i32(left | right))
#define XOR(y) BITWISE(y, TSK_JS_BXOR, tsk_from_i32(left ^ right))
#define SHIFT_LEFT(y) BITWISE(y, TSK_JS_SHL, tsk_from_i32((int32_t)((uint32_t)left << (right & 31))))
#define SHIFT_RIGHT(y) BITWISE(y, TSK_JS_SHR, tsk_from_i32(left >> (right & 31)))
#define SHIFT_ZERO(y) BITWISE(y, TSK_JS_USHR, tsk_js_from_u32((uint32_t)left >> (right & 31)))

TSK_INLINE tsk_value tsk_js_from_u32(uint32_t n) {
    return TSK_LIKELY(n <= INT32_MAX) ? tsk_from_i32((int32_t)n) : tsk_from_double(n);
}

TSK_INLINE bool tsk_js_truth_quickly(tsk_value v) {
    if (TSK_LIKELY(tsk_tag(v) == TSK_TAG_CONST)) return v.bits == TSK_VALUE_TRUE.bits;
    return tsk_is_i32(v) ? tsk_as_i32(v) != 0 : tsk_js_to_boolean(v);
}

/* Not of two int32. */
TSK_INLINE bool tsk_js_same_quickly(tsk_js *js, tsk_value x, tsk_value y) {
    if (tsk_js_is_number(x) || tsk_tag(x) == TSK_TAG_STR) return tsk_js_strict_equals(js, x, y);
    return x.bits == y.bits;
}

/* What follows a comparison: each ends the instruction. */
#define JUMP_IF(condition) GO((condition) ? (int16_t)pc->c : 1)
#define JUMP_UNLESS(condition) GO((condition) ? 1 : (int16_t)pc->c)
#define ANSWER(condition)                                                                                              \
    do {                                                                                                               \
        A = tsk_from_bool(condition);                                                                                  \
        NEXT;                                                                                                          \
    } while (0)
#define ANSWER_NOT(condition) ANSWER(!(condition))
#define JUMP_IF_WIDE(condition) GO((condition) ? (int32_t)tsk_insn_wide(pc) : 1)
/* null, undefined, false or true. */
#define WORD_B ((tsk_value){TSK_BITS(TSK_TAG_CONST, pc->b)})

/* Everything but numbers is a call. */
#define RELATE(x, y, operator, relation, follows)                                                                      \
    do {                                                                                                               \
        if (BOTH_I32(x, y)) follows(I32_##x operator I32_##y);                                                         \
        tsk_value left = VALUE_##x, right = VALUE_##y;                                                                 \
        if (TSK_LIKELY(BOTH_DOUBLES(left, right)))                                                                     \
            follows(tsk_as_double(left) operator tsk_as_double(right) ||                                               \
                    (TSK_MUTANT(NAN_COMPARES) && tsk_as_double(left) != tsk_as_double(left)));                         \
        if (BOTH_NUMBERS(left, right)) follows(tsk_js_as_number(left) operator tsk_js_as_number(right));               \
        SAVE;                                                                                                          \
        int holds = tsk_js_compare(js, (relation), left, right);                                                       \
        if (TSK_UNLIKELY(holds < 0)) goto raise;                                                                       \
        follows(holds);                                                                                                \
    } while (0)
#define SAME_VALUES(x, y, follows)                                                                                     \
    do {                                                                                                               \
        if (BOTH_I32(x, y)) follows(I32_##x == I32_##y);                                                               \
        bool holds = tsk_js_same_quickly(js, VALUE_##x, VALUE_##y);                                                    \
        follows(holds);                                                                                                \
    } while (0)
#define LOOSELY_EQUAL(x, y, follows)                                                                                   \
    do {                                                                                                               \
        if (BOTH_I32(x, y)) follows(I32_##x == I32_##y);                                                               \
        SAVE;                                                                                                          \
        int holds = tsk_js_loose_equals(js, VALUE_##x, VALUE_##y);                                                     \
        if (TSK_UNLIKELY(holds < 0)) goto raise;                                                                       \
        follows(holds);                                                                                                \
    } while (0)

#endif
