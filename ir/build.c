/* The builder: emits at the end of a block and folds while it does, so that most thunks are a constant
 * before any pass has seen them.
 *
 *   emit(ADD, %a, %b)  ──► both constant?  env->fold ──► CONST
 *                      └─► neutral for every type?   ──► the argument
 *                      └─► otherwise                 ──► ADD
 */
#include "ir/ir.h"

/* After a terminator nothing is reachable, but lowering may go on emitting; it does so into a block that
 * the next numbering drops. */
static tsk_ir_block *current(tsk_ir_builder *b) {
    if (!b->block) b->block = tsk_ir_build_block(b);
    return b->block;
}

tsk_ir_block *tsk_ir_build_block(tsk_ir_builder *b) {
    tsk_ir_block *block = tsk_ir_block_new(b->func);
    block->handler = b->handler;
    return block;
}

static tsk_ir_inst *append(tsk_ir_builder *b, tsk_ir_op op, uint64_t imm, tsk_ir_inst *const *args, uint32_t count) {
    tsk_ir_block *block = current(b);
    tsk_ir_inst *inst = tsk_ir_inst_new(b->func, op, count);
    inst->imm.index = imm;
    inst->span = b->span;
    if (count) memcpy(inst->args, args, count * sizeof *args);
    inst->type = (uint16_t)tsk_ir_op_type(op);
    tsk_ir_narrow(inst, tsk_ir_infer(inst));
    tsk_ir_append(block, inst);
    return inst;
}

tsk_ir_inst *tsk_ir_const(tsk_ir_builder *b, tsk_value v) {
    return append(b, TSK_IR_CONST, v.bits, NULL, 0);
}

bool tsk_ir_fold(tsk_ir_func *func, const tsk_ir_env *env, const tsk_ir_inst *inst, const tsk_value *values,
                 tsk_value *out) {
    tsk_arena *arena = func->module->arena;
    if (!env) return false;
    switch (inst->op) {
    case TSK_IR_CONST:
    case TSK_IR_CAPTURE:
    case TSK_IR_CLOSURE: return false;
    case TSK_IR_KEY: return env->key_constant && env->key_constant(env->user, (uint32_t)inst->imm.index, out);
    case TSK_IR_OP:
        return env->fold_op && tsk_ir_effect(inst, env) == TSK_EFFECT_PURE &&
               env->fold_op(env->user, arena, (uint32_t)inst->imm.index, values, inst->count, out);
    default:
        return env->fold && ((tsk_ir_op_flags((tsk_ir_op)inst->op) & TSK_IR_P) || inst->op == TSK_IR_METHOD) &&
               env->fold(env->user, arena, (tsk_ir_op)inst->op, inst->imm.value, values, inst->count, out);
    }
}

static bool all_constant(tsk_ir_inst *const *args, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (args[i]->op != TSK_IR_CONST) return false;
    return true;
}

#define FEW 16 /* arguments that need no allocation */

static bool fold_arguments(tsk_ir_builder *b, tsk_ir_op op, uint64_t imm, tsk_ir_inst *const *args, uint32_t count,
                           tsk_value *out) {
    if (!b->func->module->fold || !b->env || !all_constant(args, count)) return false;
    tsk_value few[FEW];
    tsk_arena *arena = b->func->module->arena;
    tsk_value *values = count <= FEW ? few : TSK_NEW_ARRAY(arena, tsk_value, count);
    for (uint32_t i = 0; i < count; i++) values[i] = args[i]->imm.value;
    tsk_ir_inst probe = {.op = (uint16_t)op, .imm.index = imm, .count = count};
    return tsk_ir_fold(b->func, b->env, &probe, values, out);
}

/* Identities that hold whatever the argument is; the others need types and are in passes/algebra.c. */
static tsk_ir_inst *neutral(tsk_ir_op op, tsk_ir_inst *const *args, uint32_t count) {
    tsk_ir_inst *a = count ? args[0] : NULL;
    switch (op) {
    case TSK_IR_ADD: return count == 1 ? a : NULL;
    case TSK_IR_TO_STRING:
    case TSK_IR_CONCAT: return count == 1 && tsk_ir_is(a, TSK_TY_STRING) ? a : NULL;
    case TSK_IR_TRUTH:
    case TSK_IR_TO_BOOL:
    case TSK_IR_CONDITION: return tsk_ir_is(a, TSK_TY_BOOL) ? a : NULL;
    default: return NULL;
    }
}

static tsk_ir_inst *emit(tsk_ir_builder *b, tsk_ir_op op, uint64_t imm, tsk_ir_inst *const *args, uint32_t count) {
    tsk_value folded;
    if (fold_arguments(b, op, imm, args, count, &folded)) return tsk_ir_const(b, folded);
    tsk_ir_inst *same = b->func->module->fold ? neutral(op, args, count) : NULL;
    if (same) return same;
    tsk_ir_inst *inst = append(b, op, imm, args, count);
    if (tsk_ir_op_flags(op) & TSK_IR_T) b->block = NULL;
    return inst;
}

tsk_ir_inst *tsk_ir_emit(tsk_ir_builder *b, tsk_ir_op op, tsk_value imm, tsk_ir_inst *const *args, uint32_t count) {
    return emit(b, op, imm.bits, args, count);
}

tsk_ir_inst *tsk_ir_emit_index(tsk_ir_builder *b, tsk_ir_op op, uint64_t index, tsk_ir_inst *const *args,
                               uint32_t count) {
    return emit(b, op, index, args, count);
}

tsk_ir_inst *tsk_ir_emit_closure(tsk_ir_builder *b, tsk_ir_func *func, tsk_ir_inst *const *captures, uint32_t count) {
    return append(b, TSK_IR_CLOSURE, (uint64_t)(uintptr_t)func, captures, count);
}

tsk_ir_inst *tsk_ir_emit1(tsk_ir_builder *b, tsk_ir_op op, tsk_ir_inst *a) {
    return emit(b, op, TSK_VALUE_NULL.bits, &a, 1);
}

tsk_ir_inst *tsk_ir_emit2(tsk_ir_builder *b, tsk_ir_op op, tsk_ir_inst *a, tsk_ir_inst *c) {
    tsk_ir_inst *args[2] = {a, c};
    return emit(b, op, TSK_VALUE_NULL.bits, args, 2);
}

void tsk_ir_jump(tsk_ir_builder *b, tsk_ir_block *to, tsk_ir_inst *const *args, uint32_t count) {
    tsk_ir_edge *edge = &current(b)->edges[0];
    append(b, TSK_IR_JUMP, 0, NULL, 0);
    edge->to = to;
    edge->count = count;
    edge->args = count ? TSK_NEW_ARRAY(b->func->module->arena, tsk_ir_inst *, count) : NULL;
    if (count) memcpy(edge->args, args, count * sizeof *args);
    b->block = NULL;
}

void tsk_ir_branch(tsk_ir_builder *b, tsk_ir_inst *condition, tsk_ir_block *yes, tsk_ir_block *no) {
    tsk_ir_block *block = current(b);
    append(b, TSK_IR_BRANCH, 0, &condition, 1);
    block->edges[0].to = yes;
    block->edges[1].to = no;
    b->block = NULL;
}

void tsk_ir_return(tsk_ir_builder *b, tsk_ir_inst *value) {
    append(b, TSK_IR_RETURN, 0, &value, 1);
    b->block = NULL;
}
