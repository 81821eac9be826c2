/* Dead code elimination: what nothing needs is not computed.
 *
 *   needed: terminators, effects, what may throw, a POLL or GUARD
 *      └──► their arguments, the values of their frame states
 *              └──► of a parameter: the arguments of the edges that pass it
 *              └──► of a list under construction: what is pushed on it
 *
 * Everything else goes, also rings of parameters that only feed each other, and lists that are filled and
 * never read.
 *
 * Invariant while it runs: inst->mark is 1 exactly for values known to be needed.
 */
#include "ir/passes/pass.h"

typedef struct dce {
    tsk_ir_func *func;
    const tsk_ir_env *env;
    tsk_ir_uses uses;
    tsk_ir_preds preds;
    tsk_ir_inst **work; /* room for every instruction */
    uint32_t count;
} dce;

static void need(dce *d, tsk_ir_inst *inst) {
    if (inst->mark) return;
    inst->mark = 1;
    d->work[d->count++] = inst;
}

/* A push is needed when its list is. */
static bool is_push_on_new_list(const tsk_ir_inst *inst) {
    return inst->op == TSK_IR_LIST_PUSH && inst->args[0]->op == TSK_IR_LIST_NEW;
}

static bool is_root(const dce *d, const tsk_ir_inst *inst) {
    return inst->op != TSK_IR_LIST_NEW && !is_push_on_new_list(inst) && !tsk_ir_removable(inst, d->env);
}

static void find_roots(dce *d) {
    for (tsk_ir_block *block = d->func->entry; block; block = block->next) {
        for (uint32_t i = 0; i < block->param_count; i++) block->params[i]->mark = 0;
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) inst->mark = 0;
    }
    for (tsk_ir_block *block = d->func->entry; block; block = block->next)
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next)
            if (is_root(d, inst)) need(d, inst);
    const tsk_ir_block *entry = d->func->entry;
    for (uint32_t i = 0; i < entry->param_count; i++) need(d, entry->params[i]);
}

static void need_incoming(dce *d, const tsk_ir_inst *param) {
    uint32_t block = param->block->id;
    for (uint32_t i = d->preds.start[block]; i < d->preds.start[block + 1]; i++)
        need(d, d->preds.edges[i]->args[param->imm.index]);
}

static void need_pushes(dce *d, const tsk_ir_inst *list) {
    for (uint32_t i = d->uses.start[list->id]; i < d->uses.start[list->id + 1]; i++)
        if (is_push_on_new_list(d->uses.users[i])) need(d, d->uses.users[i]);
}

static void propagate(dce *d) {
    while (d->count) {
        tsk_ir_inst *inst = d->work[--d->count];
        if (inst->op == TSK_IR_PARAM) need_incoming(d, inst);
        if (inst->op == TSK_IR_LIST_NEW) need_pushes(d, inst);
        for (uint32_t i = 0; i < inst->count; i++) need(d, inst->args[i]);
        for (tsk_ir_frame *frame = inst->frame; frame; frame = frame->outer)
            for (uint32_t i = 0; i < frame->count; i++) need(d, frame->regs[i].value);
    }
}

static uint32_t sweep_instructions(tsk_ir_block *block) {
    uint32_t changes = 0;
    for (tsk_ir_inst *inst = block->first, *next; inst; inst = next) {
        next = inst->next;
        if (inst->mark) continue;
        tsk_ir_remove(inst);
        changes++;
    }
    return changes;
}

static void sweep_edges(tsk_ir_block *block) {
    for (int e = 0; e < 2; e++) {
        tsk_ir_edge *edge = &block->edges[e];
        uint32_t kept = 0;
        for (uint32_t i = 0; i < edge->count; i++)
            if (edge->to->params[i]->mark) edge->args[kept++] = edge->args[i];
        edge->count = kept;
    }
}

static uint32_t sweep_params(tsk_ir_block *block) {
    uint32_t kept = 0, before = block->param_count;
    for (uint32_t i = 0; i < before; i++) {
        tsk_ir_inst *param = block->params[i];
        if (!param->mark) continue;
        param->imm.index = kept;
        block->params[kept++] = param;
    }
    block->param_count = kept;
    return before - kept;
}

uint32_t tsk_ir_pass_dce(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch) {
    dce d = {.func = func, .env = env};
    uint32_t changes = tsk_ir_drop_unreachable(func);
    tsk_ir_uses_build(&d.uses, func, scratch);
    tsk_ir_preds_build(&d.preds, func, scratch);
    d.work = TSK_NEW_ARRAY(scratch, tsk_ir_inst *, func->inst_count);
    find_roots(&d);
    propagate(&d);
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        changes += sweep_instructions(block);
        sweep_edges(block);
    }
    for (tsk_ir_block *block = func->entry; block; block = block->next) changes += sweep_params(block);
    return changes;
}
