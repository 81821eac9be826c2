/* What the files of the algebra pass share. */
#ifndef TSK_IR_ALGEBRA_H
#define TSK_IR_ALGEBRA_H

#include "ir/passes/pass.h"

/* Where an int32 lies; both ends belong to it. */
typedef struct tsk_ir_range {
    int64_t low, high;
} tsk_ir_range;

/* ---- algebra_range.c ---- */
/* False: not proven to be an int32. */
bool tsk_ir_range_of(const tsk_ir_inst *inst, tsk_ir_range *out);
/* The exact range of a + b, a - b or a * b of two int32 (op: ADD, SUB, MUL); may exceed int32. */
bool tsk_ir_range_of_result(tsk_ir_op op, const tsk_ir_inst *a, const tsk_ir_inst *b, tsk_ir_range *out);

/* ---- algebra_number.c, algebra_logic.c ---- */
/* These look at one instruction.  They give the value that replaces it, or change it in place and count that in
 * `*changes`, or do nothing and give NULL. */
tsk_ir_inst *tsk_ir_simplify_number(tsk_ir_inst *inst, uint32_t *changes);
tsk_ir_inst *tsk_ir_simplify_logic(tsk_ir_inst *inst, const tsk_ir_uses *uses, uint32_t *changes);
/* Reading a part of an array or object that was just built. */
tsk_ir_inst *tsk_ir_simplify_read(tsk_ir_inst *inst);

/* ---- algebra_text.c ---- */
/* Concatenations of the whole function; the number of changes. */
uint32_t tsk_ir_simplify_text(tsk_ir_func *func, tsk_arena *scratch);

TSK_INLINE bool tsk_ir_is_int_const(const tsk_ir_inst *inst, int64_t i) {
    return inst->op == TSK_IR_CONST && tsk_is_int(inst->imm.value) && tsk_as_int(inst->imm.value) == i;
}

TSK_INLINE bool tsk_ir_is_double_const(const tsk_ir_inst *inst, double d) {
    return inst->op == TSK_IR_CONST && tsk_same(inst->imm.value, tsk_from_double(d));
}

/* Proven, and not only for want of knowledge. */
TSK_INLINE bool tsk_ir_proven(const tsk_ir_inst *inst, tsk_ir_type set) {
    return inst->type && tsk_ir_is(inst, set);
}

#endif
