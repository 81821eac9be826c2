/* Ranges of int32 values, as far as a few instructions tell.
 *
 * Not a fixed point over loops: a parameter may be anything.  Enough to see that an index, a remainder or a
 * masked value cannot overflow.
 */
#include "ir/passes/algebra.h"

#define DEPTH 6

static bool range_of(const tsk_ir_inst *inst, tsk_ir_range *out, int depth);

static tsk_ir_range product(tsk_ir_range a, tsk_ir_range b) {
    int64_t corner[4] = {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
    tsk_ir_range r = {corner[0], corner[0]};
    for (int i = 1; i < 4; i++) {
        if (corner[i] < r.low) r.low = corner[i];
        if (corner[i] > r.high) r.high = corner[i];
    }
    return r;
}

static tsk_ir_range combine(tsk_ir_op op, tsk_ir_range a, tsk_ir_range b) {
    if (op == TSK_IR_MUL) return product(a, b);
    if (op == TSK_IR_SUB) return (tsk_ir_range){a.low - b.high, a.high - b.low};
    return (tsk_ir_range){a.low + b.low, a.high + b.high};
}

static bool constant_of(const tsk_ir_inst *inst, int32_t *out) {
    if (inst->op != TSK_IR_CONST || !tsk_is_i32(inst->imm.value)) return false;
    *out = tsk_as_i32(inst->imm.value);
    return true;
}

static void clip(tsk_ir_range *r, int64_t low, int64_t high) {
    if (r->low < low) r->low = low;
    if (r->high > high) r->high = high;
}

/* Narrows `out`, which is the whole of int32. */
static void narrow(const tsk_ir_inst *inst, tsk_ir_range *out, int depth) {
    tsk_ir_range a, b;
    int32_t k;
    tsk_ir_op op = (tsk_ir_op)inst->op;
    switch (op) {
    case TSK_IR_CONST: *out = (tsk_ir_range){tsk_as_i32(inst->imm.value), tsk_as_i32(inst->imm.value)}; break;
    case TSK_IR_COUNT: out->low = 0; break;
    case TSK_IR_IAND:
        if (constant_of(inst->args[1], &k) && k >= 0) *out = (tsk_ir_range){0, k};
        break;
    case TSK_IR_MOD:
        if (!constant_of(inst->args[1], &k) || k == 0 || !range_of(inst->args[0], &a, depth)) break;
        b.high = (k < 0 ? -(int64_t)k : k) - 1;
        b.low = a.low < 0 ? -b.high : 0;
        if (a.high < 0) b.high = 0;
        clip(out, b.low, b.high);
        clip(out, a.low < 0 ? a.low : 0, a.high > 0 ? a.high : 0);
        break;
    case TSK_IR_IADD:
    case TSK_IR_ISUB:
    case TSK_IR_IMUL:
        op = op == TSK_IR_IADD ? TSK_IR_ADD : op == TSK_IR_ISUB ? TSK_IR_SUB : TSK_IR_MUL;
        if (!range_of(inst->args[0], &a, depth) || !range_of(inst->args[1], &b, depth)) break;
        a = combine(op, a, b);
        clip(out, a.low, a.high);
        break;
    default: break;
    }
}

static bool range_of(const tsk_ir_inst *inst, tsk_ir_range *out, int depth) {
    if (!tsk_ir_proven(inst, TSK_TY_I32)) return false;
    *out = (tsk_ir_range){INT32_MIN, INT32_MAX};
    if (depth > 0) narrow(inst, out, depth - 1);
    return true;
}

bool tsk_ir_range_of(const tsk_ir_inst *inst, tsk_ir_range *out) {
    return range_of(inst, out, DEPTH);
}

bool tsk_ir_range_of_result(tsk_ir_op op, const tsk_ir_inst *a, const tsk_ir_inst *b, tsk_ir_range *out) {
    tsk_ir_range x, y;
    if (!tsk_ir_range_of(a, &x) || !tsk_ir_range_of(b, &y)) return false;
    *out = combine(op, x, y);
    return true;
}
