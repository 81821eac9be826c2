/* What the passes share: uses, predecessors, small edits. */
#include "ir/passes/pass.h"

/* Calls `visit` for every value that the instruction uses; for a terminator also those of its edges. */
static void each_use(tsk_ir_inst *inst, void (*visit)(tsk_ir_uses *uses, tsk_ir_inst *value, tsk_ir_inst *user),
                     tsk_ir_uses *uses) {
    for (uint32_t i = 0; i < inst->count; i++) visit(uses, inst->args[i], inst);
    for (tsk_ir_frame *frame = inst->frame; frame; frame = frame->outer)
        for (uint32_t i = 0; i < frame->count; i++) visit(uses, frame->regs[i].value, inst);
    if (inst->next) return;
    for (int e = 0; e < 2; e++) {
        tsk_ir_edge *edge = &inst->block->edges[e];
        for (uint32_t i = 0; i < edge->count; i++) visit(uses, edge->args[i], inst);
    }
}

static void count_use(tsk_ir_uses *uses, tsk_ir_inst *value, tsk_ir_inst *user) {
    (void)user;
    uses->start[value->id + 2]++;
}

static void note_use(tsk_ir_uses *uses, tsk_ir_inst *value, tsk_ir_inst *user) {
    uses->users[uses->start[value->id + 1]++] = user;
}

void tsk_ir_uses_build(tsk_ir_uses *uses, tsk_ir_func *func, tsk_arena *scratch) {
    tsk_ir_number(func);
    uint32_t n = func->value_count;
    /* Shifted by one while it is filled: start[i + 1] is where the next user of value i goes. */
    uses->start = tsk_arena_zalloc(scratch, ((size_t)n + 2) * sizeof *uses->start);
    for (tsk_ir_block *block = func->entry; block; block = block->next)
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) each_use(inst, count_use, uses);
    for (uint32_t i = 2; i < n + 2; i++) uses->start[i] += uses->start[i - 1];
    uses->users = TSK_NEW_ARRAY(scratch, tsk_ir_inst *, uses->start[n + 1]);
    for (tsk_ir_block *block = func->entry; block; block = block->next)
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) each_use(inst, note_use, uses);
}

void tsk_ir_preds_build(tsk_ir_preds *preds, tsk_ir_func *func, tsk_arena *scratch) {
    uint32_t n = func->block_count;
    preds->start = tsk_arena_zalloc(scratch, ((size_t)n + 2) * sizeof *preds->start);
    for (tsk_ir_block *block = func->entry; block; block = block->next)
        for (int e = 0; e < 2; e++)
            if (block->edges[e].to) preds->start[block->edges[e].to->id + 2]++;
    for (uint32_t i = 2; i < n + 2; i++) preds->start[i] += preds->start[i - 1];
    preds->edges = TSK_NEW_ARRAY(scratch, tsk_ir_edge *, preds->start[n + 1]);
    preds->from = TSK_NEW_ARRAY(scratch, tsk_ir_block *, preds->start[n + 1]);
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        for (int e = 0; e < 2; e++) {
            if (!block->edges[e].to) continue;
            uint32_t at = preds->start[block->edges[e].to->id + 1]++;
            preds->edges[at] = &block->edges[e];
            preds->from[at] = block;
        }
    }
}

tsk_ir_inst *tsk_ir_const_before(tsk_ir_inst *place, tsk_value v) {
    tsk_ir_inst *inst = tsk_ir_inst_new(place->block->func, TSK_IR_CONST, 0);
    inst->imm.value = v;
    inst->type = (uint16_t)tsk_ir_type_of(v);
    inst->span = place->span;
    tsk_ir_insert_before(place, inst);
    return inst;
}

bool tsk_ir_become(tsk_ir_inst *inst, tsk_ir_op op) {
    uint16_t old_op = inst->op;
    inst->op = (uint16_t)op;
    unsigned type = inst->type & (unsigned)tsk_ir_infer(inst);
    if (!type) {
        inst->op = old_op;
        return false;
    }
    inst->type = (uint16_t)type;
    return true;
}

bool tsk_ir_same_constant(tsk_value a, tsk_value b) {
    if (tsk_same(a, b)) return true;
    if (tsk_is_str(a) && tsk_is_str(b)) return tsk_ir_same_text(tsk_as_slice(a), tsk_as_slice(b));
    return tsk_is_int(a) && tsk_is_int(b) && tsk_as_int(a) == tsk_as_int(b);
}

/* The block ends here: whatever follows `last` goes, and UNREACHABLE stands in its place. */
static uint32_t cut_after(tsk_ir_inst *last) {
    tsk_ir_block *block = last->block;
    uint32_t cut = 0;
    for (; last->next; cut++) tsk_ir_remove(last->next);
    memset(block->edges, 0, sizeof block->edges);
    tsk_ir_append(block, tsk_ir_inst_new(block->func, TSK_IR_UNREACHABLE, 0));
    return cut;
}

uint32_t tsk_ir_cut_errors(tsk_ir_func *func) {
    uint32_t cut = tsk_ir_drop_unreachable(func);
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) {
            if (inst->op != TSK_IR_ERROR) continue;
            if (inst->next->op != TSK_IR_UNREACHABLE) cut += cut_after(inst);
            break;
        }
    }
    return cut;
}

void tsk_ir_take_edge(tsk_ir_block *block, unsigned edge) {
    tsk_ir_inst *jump = block->last;
    if (edge) block->edges[0] = block->edges[1];
    block->edges[1] = (tsk_ir_edge){0};
    jump->op = TSK_IR_JUMP;
    jump->count = 0;
}
