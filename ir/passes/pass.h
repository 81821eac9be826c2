/* What the passes share: their entry points, and the questions that every pass asks. */
#ifndef TSK_IR_PASS_H
#define TSK_IR_PASS_H

#include "ir/ir.h"

#define X(name, function, summary) uint32_t function(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch);
#include "ir/tables/passes.def"
#undef X

/* Who uses a value: instructions by value id, a terminator for the arguments of its edges, a safepoint for the
 * values of its frame state.  A user occurs once for every use. */
typedef struct tsk_ir_uses {
    uint32_t *start; /* by value id; one more than there are values */
    tsk_ir_inst **users;
} tsk_ir_uses;

/* Numbers the function first. */
void tsk_ir_uses_build(tsk_ir_uses *uses, tsk_ir_func *func, tsk_arena *scratch);

TSK_INLINE uint32_t tsk_ir_use_count(const tsk_ir_uses *uses, const tsk_ir_inst *value) {
    return uses->start[value->id + 1] - uses->start[value->id];
}

/* The edges into each block; handlers are not edges. */
typedef struct tsk_ir_preds {
    uint32_t *start; /* by block id; one more than there are blocks */
    tsk_ir_edge **edges;
    tsk_ir_block **from;
} tsk_ir_preds;

/* The function must be numbered. */
void tsk_ir_preds_build(tsk_ir_preds *preds, tsk_ir_func *func, tsk_arena *scratch);

/* `by` says at least as much as `old`, so that nothing that was proven of `old` gets lost. */
TSK_INLINE bool tsk_ir_may_replace(const tsk_ir_inst *old, const tsk_ir_inst *by) {
    return old != by && (by->type & ~(unsigned)old->type) == 0;
}

/* The instruction becomes another operation on its (already changed) arguments.  False, and nothing is changed: the
 * result of `op` would contradict what was proven of the value. */
bool tsk_ir_become(tsk_ir_inst *inst, tsk_ir_op op);

/* An empty text may have no pointer. */
TSK_INLINE bool tsk_ir_same_text(tsk_slice a, tsk_slice b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Equal as constants: same bits, or strings or integers of the same value. */
bool tsk_ir_same_constant(tsk_value a, tsk_value b);

/* A constant before `place`. */
tsk_ir_inst *tsk_ir_const_before(tsk_ir_inst *place, tsk_value v);

/* Drops unreachable blocks and cuts the others after an operation that always throws; gives the number of
 * instructions that went. */
uint32_t tsk_ir_cut_errors(tsk_ir_func *func);

/* A branch becomes a jump along one of its edges. */
void tsk_ir_take_edge(tsk_ir_block *block, unsigned edge);

#endif
