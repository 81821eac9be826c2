/* Arithmetic: identities, cheaper operations, and operations on proven types.
 *
 *   generic on doubles      add  ──► fadd          quotients stay: 6.0 / 2.0 is the integer 3
 *   generic on int32        add  ──► iadd          when the ranges rule out an overflow
 *   by a power of two       imul ──► ishl, mod ──► iand of what is not negative
 */
#include "ir/passes/algebra.h"

static tsk_ir_inst *int_before(tsk_ir_inst *inst, int32_t i) {
    return tsk_ir_const_before(inst, tsk_from_i32(i));
}

/* In place: `op` on one argument. */
static tsk_ir_inst *become_unary(tsk_ir_inst *inst, tsk_ir_op op, tsk_ir_inst *arg, uint32_t *changes) {
    tsk_ir_inst *first = inst->args[0];
    inst->args[0] = arg;
    if (tsk_ir_become(inst, op)) {
        inst->count = 1;
        (*changes)++;
    } else {
        inst->args[0] = first;
    }
    return NULL;
}

/* In place: `op` on two arguments. */
static tsk_ir_inst *become_binary(tsk_ir_inst *inst, tsk_ir_op op, tsk_ir_inst *a, tsk_ir_inst *b, uint32_t *changes) {
    tsk_ir_inst *old[2] = {inst->args[0], inst->args[1]};
    inst->args[0] = a;
    inst->args[1] = b;
    if (tsk_ir_become(inst, op)) {
        (*changes)++;
    } else {
        inst->args[0] = old[0];
        inst->args[1] = old[1];
    }
    return NULL;
}

/* The operation on proven types that a generic one becomes. */
static tsk_ir_inst *concretize(tsk_ir_inst *inst, tsk_ir_op on_doubles, tsk_ir_op on_ints, uint32_t *changes) {
    tsk_ir_inst *a = inst->args[0], *b = inst->args[1];
    if (tsk_ir_proven(a, TSK_TY_DOUBLE) && tsk_ir_proven(b, TSK_TY_DOUBLE))
        return become_binary(inst, on_doubles, a, b, changes);
    tsk_ir_range r;
    if (tsk_ir_range_of_result((tsk_ir_op)inst->op, a, b, &r) && r.low >= INT32_MIN && r.high <= INT32_MAX)
        return become_binary(inst, on_ints, a, b, changes);
    return NULL;
}

/* x + 0 of integers; x + -0.0 of doubles, the only zero that keeps the sign of every x. */
static bool adds_nothing(const tsk_ir_inst *x, const tsk_ir_inst *zero) {
    return (tsk_ir_is_int_const(zero, 0) && tsk_ir_proven(x, TSK_TY_INT)) ||
           (tsk_ir_is_double_const(zero, -0.0) && tsk_ir_proven(x, TSK_TY_DOUBLE));
}

static tsk_ir_inst *simplify_add(tsk_ir_inst *inst, uint32_t *changes) {
    if (inst->count != 2) return NULL;
    tsk_ir_inst *a = inst->args[0], *b = inst->args[1];
    if (adds_nothing(a, b)) return a;
    if (adds_nothing(b, a)) return b;
    return concretize(inst, TSK_IR_FADD, TSK_IR_IADD, changes);
}

static tsk_ir_inst *simplify_sub(tsk_ir_inst *inst, uint32_t *changes) {
    tsk_ir_inst *a = inst->args[0], *b = inst->args[1];
    if (tsk_ir_is_int_const(b, 0) && tsk_ir_proven(a, TSK_TY_NUMBER)) return a;
    if (tsk_ir_is_double_const(b, 0.0) && tsk_ir_proven(a, TSK_TY_DOUBLE)) return a;
    if (a == b && tsk_ir_proven(a, TSK_TY_INT)) return int_before(inst, 0);
    if (tsk_ir_is_int_const(a, 0) && tsk_ir_proven(b, TSK_TY_INT)) return become_unary(inst, TSK_IR_NEG, b, changes);
    return concretize(inst, TSK_IR_FSUB, TSK_IR_ISUB, changes);
}

static tsk_ir_inst *multiply_by(tsk_ir_inst *inst, tsk_ir_inst *x, tsk_ir_inst *k, uint32_t *changes) {
    if (tsk_ir_is_int_const(k, 1) && tsk_ir_proven(x, TSK_TY_NUMBER)) return x;
    if (tsk_ir_is_double_const(k, 1.0) && tsk_ir_proven(x, TSK_TY_DOUBLE)) return x;
    if (tsk_ir_is_int_const(k, 0) && tsk_ir_proven(x, TSK_TY_INT)) return k;
    if (tsk_ir_is_int_const(k, -1) && tsk_ir_proven(x, TSK_TY_NUMBER))
        return become_unary(inst, TSK_IR_NEG, x, changes);
    return NULL;
}

/* 2 * x as x + x: exact for integers, which overflow alike, and for doubles. */
static bool doubles_it(const tsk_ir_inst *x, const tsk_ir_inst *two) {
    return (tsk_ir_is_int_const(two, 2) && tsk_ir_proven(x, TSK_TY_NUMBER)) ||
           (tsk_ir_is_double_const(two, 2.0) && tsk_ir_proven(x, TSK_TY_DOUBLE));
}

static tsk_ir_inst *simplify_mul(tsk_ir_inst *inst, uint32_t *changes) {
    tsk_ir_inst *a = inst->args[0], *b = inst->args[1];
    uint32_t before = *changes;
    tsk_ir_inst *by = multiply_by(inst, a, b, changes);
    if (!by && *changes == before) by = multiply_by(inst, b, a, changes);
    if (by || *changes != before) return by;
    concretize(inst, TSK_IR_FMUL, TSK_IR_IMUL, changes);
    bool is_doubles = inst->op == TSK_IR_FMUL;
    if (inst->op == TSK_IR_IMUL) return NULL;
    if (doubles_it(a, b)) return become_binary(inst, is_doubles ? TSK_IR_FADD : TSK_IR_ADD, a, a, changes);
    if (doubles_it(b, a)) return become_binary(inst, is_doubles ? TSK_IR_FADD : TSK_IR_ADD, b, b, changes);
    return NULL;
}

static tsk_ir_inst *simplify_div(tsk_ir_inst *inst, uint32_t *changes) {
    tsk_ir_inst *a = inst->args[0], *b = inst->args[1];
    if (!tsk_ir_proven(a, TSK_TY_INT)) return NULL;
    if (tsk_ir_is_int_const(b, 1)) return a;
    return tsk_ir_is_int_const(b, -1) ? become_unary(inst, TSK_IR_NEG, a, changes) : NULL;
}

/* The exponent of a power of two that an int32 has room for; -1 for other values. */
static int log2_of(const tsk_ir_inst *inst) {
    if (inst->op != TSK_IR_CONST || !tsk_is_i32(inst->imm.value)) return -1;
    int32_t k = tsk_as_i32(inst->imm.value);
    return k > 0 && (k & (k - 1)) == 0 ? __builtin_ctz((unsigned)k) : -1;
}

static tsk_ir_inst *simplify_mod(tsk_ir_inst *inst, uint32_t *changes) {
    tsk_ir_inst *a = inst->args[0], *b = inst->args[1];
    if ((tsk_ir_is_int_const(b, 1) || tsk_ir_is_int_const(b, -1)) && tsk_ir_proven(a, TSK_TY_INT))
        return int_before(inst, 0);
    tsk_ir_range r;
    if (log2_of(b) < 0 || !tsk_ir_range_of(a, &r) || r.low < 0) return NULL;
    tsk_ir_inst *mask = int_before(inst, tsk_as_i32(b->imm.value) - 1);
    return become_binary(inst, TSK_IR_IAND, a, mask, changes);
}

/* The power function is not exact for doubles, so x ** 2 stays except where no result can need rounding. */
static tsk_ir_inst *simplify_pow(tsk_ir_inst *inst, uint32_t *changes) {
    tsk_ir_inst *a = inst->args[0], *b = inst->args[1];
    if (tsk_ir_is_int_const(b, 0) && tsk_ir_proven(a, TSK_TY_INT)) return int_before(inst, 1);
    if (tsk_ir_is_int_const(b, 1) && tsk_ir_proven(a, TSK_TY_NUMBER)) return a;
    if (tsk_ir_is_int_const(b, 2) && tsk_ir_proven(a, TSK_TY_I32))
        return become_binary(inst, TSK_IR_MUL, a, a, changes);
    return NULL;
}

/* -(-x); not of int64, whose least value becomes a double. */
static tsk_ir_inst *simplify_neg(const tsk_ir_inst *inst) {
    const tsk_ir_inst *inner = inst->args[0];
    if (inner->op != TSK_IR_NEG || !tsk_ir_proven(inner->args[0], TSK_TY_I32 | TSK_TY_DOUBLE)) return NULL;
    return tsk_ir_resolve(inner->args[0]);
}

static tsk_ir_inst *simplify_imul(tsk_ir_inst *inst, uint32_t *changes) {
    for (int i = 0; i < 2; i++) {
        tsk_ir_inst *x = inst->args[i], *k = inst->args[1 - i];
        int shift = log2_of(k);
        if (shift == 0) return x;
        if (tsk_ir_is_int_const(k, 0)) return k;
        if (shift > 0) return become_binary(inst, TSK_IR_ISHL, x, int_before(inst, shift), changes);
    }
    return NULL;
}

tsk_ir_inst *tsk_ir_simplify_number(tsk_ir_inst *inst, uint32_t *changes) {
    switch (inst->op) {
    case TSK_IR_ADD: return simplify_add(inst, changes);
    case TSK_IR_SUB: return simplify_sub(inst, changes);
    case TSK_IR_MUL: return simplify_mul(inst, changes);
    case TSK_IR_DIV: return simplify_div(inst, changes);
    case TSK_IR_MOD: return simplify_mod(inst, changes);
    case TSK_IR_POW: return simplify_pow(inst, changes);
    case TSK_IR_NEG: return simplify_neg(inst);
    case TSK_IR_IMUL: return simplify_imul(inst, changes);
    default: return NULL;
    }
}
