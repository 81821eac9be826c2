/* Algebraic simplification and strength reduction.
 *
 *   one instruction at a time, in layout order:   numbers ─► logic ─► reads of literals
 *   then whole concatenations:                    a + "x" + ("y" + b)  ──►  concat a, "xy", b
 *
 * Every rule is exact, to the kind of number and the sign of zero: x + 0 is x only for integers, since -0.0 + 0
 * is 0.0 and "x" + 0 is "x0"; x / 1 is x only for integers, since 2.0 / 1 is 2.
 */
#include "ir/passes/algebra.h"

static void swap_edges(tsk_ir_block *block) {
    tsk_ir_edge yes = block->edges[0];
    block->edges[0] = block->edges[1];
    block->edges[1] = yes;
}

/* branch on NOT(c): branch on c the other way round. */
static uint32_t simplify_branch(tsk_ir_inst *inst) {
    uint32_t changes = 0;
    while (inst->args[0]->op == TSK_IR_NOT && tsk_ir_proven(inst->args[0]->args[0], TSK_TY_BOOL)) {
        inst->args[0] = tsk_ir_resolve(inst->args[0]->args[0]);
        swap_edges(inst->block);
        changes++;
    }
    return changes;
}

static tsk_ir_inst *simplify(tsk_ir_inst *inst, const tsk_ir_uses *uses, uint32_t *changes) {
    tsk_ir_inst *by = tsk_ir_simplify_number(inst, changes);
    if (!by) by = tsk_ir_simplify_logic(inst, uses, changes);
    if (!by) by = tsk_ir_simplify_read(inst);
    return by;
}

static uint32_t simplify_block(tsk_ir_block *block, const tsk_ir_uses *uses) {
    uint32_t changes = 0;
    for (tsk_ir_inst *inst = block->first, *next; inst; inst = next) {
        next = inst->next;
        for (uint32_t i = 0; i < inst->count; i++) inst->args[i] = tsk_ir_resolve(inst->args[i]);
        if (inst->op == TSK_IR_BRANCH) {
            changes += simplify_branch(inst);
            continue;
        }
        tsk_ir_inst *by = simplify(inst, uses, &changes);
        if (!by || !tsk_ir_may_replace(inst, by)) continue;
        tsk_ir_replace(inst, by);
        tsk_ir_remove(inst);
        changes++;
    }
    return changes;
}

uint32_t tsk_ir_pass_algebra(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch) {
    (void)env;
    tsk_ir_uses uses;
    tsk_ir_uses_build(&uses, func, scratch);
    uint32_t changes = 0;
    for (tsk_ir_block *block = func->entry; block; block = block->next) changes += simplify_block(block, &uses);
    if (changes) tsk_ir_apply_replacements(func);
    return changes + tsk_ir_simplify_text(func, scratch);
}
