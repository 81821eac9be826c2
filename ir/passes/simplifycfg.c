/* Control flow made plain.
 *
 *   branch %c, b1, b1                    ──►  jump b1
 *   jump b1;   b1: jump b2(%3)           ──►  jump b2(%3)       empty blocks are passed by
 *   b0: ... jump b1;  b1: ...            ──►  b0: ... ...       when nothing else enters b1
 *   a handler of a block that cannot throw goes; what follows an ERROR goes
 *
 * Invariants
 *  - A branch edge gets no arguments that it did not have.
 *  - Two blocks are merged only under the same handler, so no value becomes visible or invisible to one.
 */
#include "ir/passes/pass.h"

/* Empty blocks followed in one step; longer chains shrink from round to round. */
#define MAX_HOPS 32

static bool can_throw(const tsk_ir_block *block) {
    for (const tsk_ir_inst *inst = block->first; inst; inst = inst->next)
        if (tsk_ir_can_throw(inst)) return true;
    return false;
}

static uint32_t drop_handlers(tsk_ir_func *func) {
    uint32_t changes = 0;
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        if (!block->handler || can_throw(block)) continue;
        block->handler = NULL;
        changes++;
    }
    return changes;
}

/* ---- empty blocks ---- */

/* Nothing but a jump elsewhere. */
static bool is_empty(const tsk_ir_block *block) {
    return block->param_count == 0 && block->first->op == TSK_IR_JUMP && block->edges[0].to != block;
}

/* Follows empty blocks from an edge.  The arguments of their jumps dominate them, and so everything that enters. */
static uint32_t thread_edge(tsk_arena *arena, tsk_ir_edge *edge, bool may_have_args) {
    uint32_t changes = 0;
    while (changes < MAX_HOPS && is_empty(edge->to)) {
        const tsk_ir_edge *next = &edge->to->edges[0];
        if (next->count && !may_have_args) break;
        *edge = *next;
        changes++;
    }
    if (changes && edge->count) { /* every edge has arguments of its own */
        tsk_ir_inst **args = TSK_NEW_ARRAY(arena, tsk_ir_inst *, edge->count);
        memcpy(args, edge->args, edge->count * sizeof *args);
        edge->args = args;
    }
    return changes;
}

static uint32_t thread_handler(tsk_ir_block *block) {
    uint32_t changes = 0;
    while (block->handler && changes < MAX_HOPS && is_empty(block->handler) && !block->handler->edges[0].count) {
        block->handler = block->handler->edges[0].to;
        changes++;
    }
    return changes;
}

static uint32_t thread_block(tsk_ir_block *block) {
    uint32_t changes = thread_handler(block);
    bool is_jump = block->last->op == TSK_IR_JUMP;
    for (int e = 0; e < 2; e++)
        if (block->edges[e].to) changes += thread_edge(block->func->module->arena, &block->edges[e], is_jump);
    return changes;
}

/* ---- branches whose edges agree ---- */

static bool same_edges(const tsk_ir_block *block) {
    const tsk_ir_edge *a = &block->edges[0], *b = &block->edges[1];
    if (a->to != b->to) return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (a->args[i] != b->args[i]) return false;
    return true;
}

static uint32_t join_branch(tsk_ir_block *block) {
    if (block->last->op != TSK_IR_BRANCH || !same_edges(block)) return 0;
    tsk_ir_take_edge(block, 0);
    return 1;
}

/* ---- straight lines ---- */

/* How many edges and handlers lead to each block, in block->mark. */
static void count_entries(tsk_ir_func *func) {
    for (tsk_ir_block *block = func->entry; block; block = block->next) block->mark = 0;
    func->entry->mark = 1;
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        if (block->handler) block->handler->mark++;
        for (int e = 0; e < 2; e++)
            if (block->edges[e].to) block->edges[e].to->mark++;
    }
}

/* The block that can be appended to this one. */
static tsk_ir_block *continuation(const tsk_ir_block *block) {
    tsk_ir_block *next = block->edges[0].to;
    if (block->last->op != TSK_IR_JUMP || next == block) return NULL;
    return next->mark == 1 && next->handler == block->handler && next->handler != next ? next : NULL;
}

static void append_block(tsk_ir_block *block, tsk_ir_block *next) {
    tsk_ir_edge edge = block->edges[0];
    for (uint32_t i = 0; i < edge.count; i++) tsk_ir_replace(next->params[i], edge.args[i]);
    tsk_ir_remove(block->last);
    for (tsk_ir_inst *inst = next->first; inst; inst = inst->next) inst->block = block;
    next->first->prev = block->last;
    if (block->last)
        block->last->next = next->first;
    else
        block->first = next->first;
    block->last = next->last;
    memcpy(block->edges, next->edges, sizeof block->edges);
    /* Nothing enters it any more; it stays well formed until it is dropped. */
    if (next->handler) next->handler->mark--;
    next->handler = NULL;
    next->first = next->last = NULL;
    next->mark = 0;
    next->param_count = 0;
    memset(next->edges, 0, sizeof next->edges);
}

static uint32_t merge_lines(tsk_ir_func *func) {
    uint32_t changes = 0;
    count_entries(func);
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        if (!block->last) continue; /* it was appended to another one */
        for (tsk_ir_block *next = continuation(block); next; next = continuation(block)) {
            append_block(block, next);
            changes++;
        }
    }
    return changes;
}

uint32_t tsk_ir_pass_simplifycfg(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch) {
    (void)env;
    (void)scratch;
    uint32_t changes = tsk_ir_cut_errors(func) + drop_handlers(func);
    for (tsk_ir_block *block = func->entry; block; block = block->next)
        changes += thread_block(block) + join_branch(block);
    changes += tsk_ir_drop_unreachable(func);
    changes += merge_lines(func);
    tsk_ir_drop_unreachable(func);
    if (changes) tsk_ir_apply_replacements(func);
    return changes;
}
