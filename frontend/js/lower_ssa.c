/* Blocks and variables: SSA on the fly.
 *
 *   get(x) in B ─► known in B? ─► the value
 *             └─► one predecessor: go on there    several: a parameter of B, its arguments are asked for later
 *             └─► B is open: a parameter, its arguments are asked for when B is closed
 *
 * Arguments of parameters are found by a worklist, so long functions need no deep stack.  At the end, parameters that
 * get one value only are replaced by it.
 */
#include "frontend/js/lowering.h"

#include <string.h>

/* ---- maps ---- */

static uint64_t mix(uint64_t key) {
    key *= 0x9E3779B97F4A7C15u;
    return key ^ key >> 29;
}

void *tsk_lowering_map_get(const tsk_lowering_map *map, uint64_t key) {
    if (!map->cap) return NULL;
    for (uint32_t i = (uint32_t)mix(key) & (map->cap - 1);; i = (i + 1) & (map->cap - 1)) {
        if (!map->at[i].value) return NULL;
        if (map->at[i].key == key) return map->at[i].value;
    }
}

void tsk_lowering_map_set(tsk_lowering_map *map, tsk_arena *arena, uint64_t key, void *value) {
    if (map->count * 2 >= map->cap) {
        tsk_lowering_map bigger = {.cap = map->cap ? map->cap * 2 : 64};
        bigger.at = tsk_arena_zalloc(arena, bigger.cap * sizeof *bigger.at);
        for (uint32_t i = 0; i < map->cap; i++)
            if (map->at[i].value) tsk_lowering_map_set(&bigger, arena, map->at[i].key, map->at[i].value);
        *map = bigger;
    }
    uint32_t i = (uint32_t)mix(key) & (map->cap - 1);
    while (map->at[i].value && map->at[i].key != key) i = (i + 1) & (map->cap - 1);
    map->count += !map->at[i].value;
    map->at[i].key = key;
    map->at[i].value = value;
}

/* ---- blocks ---- */

static tsk_lowering_block *info(tsk_js_lowering *l, const tsk_ir_block *block) {
    return &l->blocks[block->id];
}

tsk_ir_block *tsk_lowering_block_new(tsk_js_lowering *l) {
    tsk_ir_block *block = tsk_ir_build_block(&l->b);
    if (block->id >= l->block_cap) {
        uint32_t cap = l->block_cap ? l->block_cap * 2 : 16;
        if (cap <= block->id) cap = block->id + 1;
        l->blocks = tsk_arena_grow(l->scratch, l->blocks, l->block_cap * sizeof *l->blocks, cap * sizeof *l->blocks);
        memset(l->blocks + l->block_cap, 0, (cap - l->block_cap) * sizeof *l->blocks);
        l->block_cap = cap;
    }
    l->blocks[block->id] = (tsk_lowering_block){.block = block};
    return block;
}

tsk_ir_block *tsk_lowering_block_open(tsk_js_lowering *l) {
    tsk_ir_block *block = tsk_lowering_block_new(l);
    info(l, block)->open = true;
    return block;
}

void tsk_lowering_block_enter(tsk_js_lowering *l, tsk_ir_block *block) {
    l->b.block = info(l, block)->count ? block : NULL;
}

tsk_ir_block *tsk_lowering_handler_begin(tsk_js_lowering *l) {
    tsk_ir_block *handler = tsk_lowering_block_new(l);
    info(l, handler)->before = l->b.block;
    tsk_lowering_under_handler(l, handler);
    return handler;
}

void tsk_lowering_handler_end(tsk_js_lowering *l, tsk_ir_block *handler) {
    tsk_lowering_under_handler(l, handler->handler);
}

void tsk_lowering_handler_enter(tsk_js_lowering *l, tsk_ir_block *handler) {
    l->b.block = handler;
}

void tsk_lowering_under_handler(tsk_js_lowering *l, tsk_ir_block *handler) {
    l->b.handler = handler;
    if (!l->b.block) return;
    tsk_ir_block *next = tsk_lowering_block_new(l);
    tsk_lowering_jump(l, next, NULL, 0);
    tsk_lowering_block_enter(l, next);
}

/* ---- edges ---- */

static void add_argument(tsk_js_lowering *l, tsk_ir_edge *edge, tsk_js_ir value) {
    if (!(edge->count & (edge->count - 1))) { /* the room is a power of two */
        uint32_t cap = edge->count ? edge->count * 2 : 1;
        edge->args = tsk_arena_grow(l->arena, edge->args, edge->count * sizeof *edge->args, cap * sizeof *edge->args);
    }
    edge->args[edge->count++] = value;
}

static void add_pred(tsk_js_lowering *l, tsk_ir_block *to, uint32_t edge) {
    tsk_lowering_block *b = info(l, to);
    if (b->count == b->cap) {
        uint32_t cap = b->cap ? b->cap * 2 : 2;
        b->preds = tsk_arena_grow(l->scratch, b->preds, b->cap * sizeof *b->preds, cap * sizeof *b->preds);
        b->cap = cap;
    }
    b->preds[b->count++] = (tsk_lowering_pred){l->b.block, edge};
}

void tsk_lowering_jump(tsk_js_lowering *l, tsk_ir_block *to, const tsk_js_ir *args, uint32_t count) {
    tsk_ir_block *from = l->b.block;
    if (!from) return;
    add_pred(l, to, 0);
    tsk_ir_jump(&l->b, to, NULL, 0);
    for (uint32_t i = 0; i < count; i++) add_argument(l, &from->edges[0], args[i]);
}

void tsk_lowering_branch(tsk_js_lowering *l, tsk_js_ir condition, tsk_ir_block *yes, tsk_ir_block *no) {
    if (!l->b.block) return;
    add_pred(l, yes, 0);
    add_pred(l, no, 1);
    tsk_ir_branch(&l->b, condition, yes, no);
}

tsk_js_ir tsk_lowering_block_value(tsk_ir_block *block) {
    return tsk_ir_block_param(block, TSK_TY_ALL);
}

/* ---- variables ---- */

static uint64_t key_of(const tsk_ir_block *block, uint32_t variable) {
    return (uint64_t)block->id << 32 | variable;
}

static void define(tsk_js_lowering *l, const tsk_ir_block *block, uint32_t variable, tsk_js_ir value) {
    tsk_lowering_map_set(&l->variables, l->scratch, key_of(block, variable), value);
}

/* The parameter's arguments are found later. */
static tsk_js_ir wait_for(tsk_js_lowering *l, tsk_ir_block *block, uint32_t variable) {
    tsk_lowering_block *b = info(l, block);
    tsk_js_ir param = tsk_lowering_block_value(block);
    if (b->open) {
        struct tsk_js_open_param *p = TSK_NEW(l->scratch, struct tsk_js_open_param);
        *p = (struct tsk_js_open_param){b->params, variable, param};
        b->params = p;
    } else {
        struct tsk_js_pending *p = TSK_NEW(l->scratch, struct tsk_js_pending);
        *p = (struct tsk_js_pending){l->pending, block, variable, param};
        l->pending = p;
    }
    return param;
}

/* What the variable is at the end of the block: the walk over blocks with one predecessor, then what it found for all
 * of them. */
static tsk_js_ir look_up(tsk_js_lowering *l, tsk_ir_block *from, uint32_t variable) {
    tsk_ir_block *at = from;
    tsk_js_ir value = NULL;
    while (!(value = tsk_lowering_map_get(&l->variables, key_of(at, variable)))) {
        tsk_lowering_block *b = info(l, at);
        if (b->before) {
            at = b->before;
        } else if (b->open || b->count > 1) {
            value = wait_for(l, at, variable);
            define(l, at, variable, value);
            break;
        } else if (!b->count) {
            value = tsk_lowering_hoist(l, TSK_IR_CONST, TSK_VALUE_UNDEFINED.bits);
            define(l, at, variable, value);
            break;
        } else {
            at = b->preds[0].block;
        }
    }
    for (tsk_ir_block *b = from; b != at;) {
        define(l, b, variable, value);
        b = info(l, b)->before ? info(l, b)->before : info(l, b)->preds[0].block;
    }
    return value;
}

static void fill(tsk_js_lowering *l, tsk_ir_block *block, uint32_t variable) {
    for (uint32_t i = 0; i < info(l, block)->count; i++) {
        tsk_lowering_pred pred = info(l, block)->preds[i];
        tsk_js_ir value = look_up(l, pred.block, variable);
        add_argument(l, &pred.block->edges[pred.edge], value);
    }
}

/* Parameters get their arguments in the order in which they were made, block by block: a parameter's place is that of
 * its argument.  The list is taken as a whole, oldest first. */
static void settle(tsk_js_lowering *l) {
    while (l->pending) {
        struct tsk_js_pending *list = NULL;
        while (l->pending) {
            struct tsk_js_pending *p = l->pending;
            l->pending = p->next;
            p->next = list;
            list = p;
        }
        for (; list; list = list->next) fill(l, list->block, list->variable);
    }
}

tsk_js_ir tsk_lowering_variable_get(tsk_js_lowering *l, uint32_t variable) {
    tsk_js_ir value = look_up(l, l->b.block, variable);
    settle(l);
    return value;
}

void tsk_lowering_variable_set(tsk_js_lowering *l, uint32_t variable, tsk_js_ir value) {
    define(l, l->b.block, variable, value);
}

void tsk_lowering_block_close(tsk_js_lowering *l, tsk_ir_block *block) {
    struct tsk_js_open_param *list = NULL;
    while (info(l, block)->params) {
        struct tsk_js_open_param *p = info(l, block)->params;
        info(l, block)->params = p->next;
        p->next = list;
        list = p;
    }
    info(l, block)->open = false;
    for (; list; list = list->next) fill(l, block, list->variable);
    settle(l);
}

tsk_js_ir tsk_lowering_hoist(tsk_js_lowering *l, tsk_ir_op op, uint64_t imm) {
    tsk_ir_block *entry = l->b.func->entry;
    tsk_ir_inst *inst = tsk_ir_inst_new(l->b.func, op, 0);
    inst->imm.index = imm;
    inst->span = l->b.span;
    inst->type = (uint16_t)tsk_ir_op_type(op);
    tsk_ir_narrow(inst, tsk_ir_infer(inst));
    if (entry->first)
        tsk_ir_insert_before(entry->first, inst);
    else
        tsk_ir_append(entry, inst);
    return inst;
}

/* ---- the end ---- */

/* The one value that a parameter gets, or NULL. */
static tsk_js_ir only_value(tsk_js_lowering *l, const tsk_ir_block *block, const tsk_ir_inst *param, uint32_t index) {
    tsk_js_ir only = NULL;
    const tsk_lowering_block *b = info(l, block);
    for (uint32_t i = 0; i < b->count; i++) {
        tsk_js_ir value = tsk_ir_resolve(b->preds[i].block->edges[b->preds[i].edge].args[index]);
        if (value == param || value == only) continue;
        if (only) return NULL;
        only = value;
    }
    return only;
}

static bool replace_params(tsk_js_lowering *l) {
    bool changed = false;
    for (uint32_t id = 1; id < l->b.func->block_count; id++) {
        const tsk_ir_block *block = l->blocks[id].block;
        for (uint32_t i = 0; i < block->param_count; i++) {
            tsk_ir_inst *param = block->params[i];
            if (param->replaced) continue;
            tsk_js_ir value = only_value(l, block, param, i);
            if (!value) continue;
            tsk_ir_replace(param, value);
            changed = true;
        }
    }
    return changed;
}

/* Parameters that are replaced go, and their arguments. */
static void drop_params(tsk_js_lowering *l) {
    for (uint32_t id = 1; id < l->b.func->block_count; id++) {
        tsk_ir_block *block = l->blocks[id].block;
        uint32_t kept = 0;
        for (uint32_t i = 0; i < block->param_count; i++) {
            if (block->params[i]->replaced) continue;
            for (uint32_t p = 0; p < l->blocks[id].count; p++) {
                const tsk_lowering_pred *pred = &l->blocks[id].preds[p];
                tsk_ir_inst **args = pred->block->edges[pred->edge].args;
                args[kept] = args[i];
            }
            block->params[kept] = block->params[i];
            block->params[kept]->imm.index = kept;
            kept++;
        }
        block->param_count = kept;
        for (uint32_t p = 0; p < l->blocks[id].count; p++) {
            const tsk_lowering_pred *pred = &l->blocks[id].preds[p];
            pred->block->edges[pred->edge].count = kept;
        }
    }
}

/* Checks of what by now is known to hold. */
static void drop_checks(tsk_js_lowering *l) {
    for (tsk_ir_block *block = l->b.func->entry; block; block = block->next) {
        for (tsk_ir_inst *inst = block->first, *next; inst; inst = next) {
            next = inst->next;
            bool check = inst->op == TSK_IR_JS_CHECK_TDZ || inst->op == TSK_IR_JS_CHECK_THIS;
            if (!check || tsk_ir_resolve(inst->args[0])->type & TSK_TY_HOLE) continue;
            tsk_ir_replace(inst, inst->args[0]);
            tsk_ir_remove(inst);
        }
    }
}

void tsk_lowering_ssa_finish(tsk_js_lowering *l) {
    while (replace_params(l)) continue;
    drop_params(l);
    drop_checks(l);
    tsk_ir_apply_replacements(l->b.func);
    tsk_ir_number(l->b.func);
}
