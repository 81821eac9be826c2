/* Sparse conditional constant propagation, over constants and sets of kinds at once.
 *
 *   unknown ──► constant ──► kinds {int} ──► kinds {int, string} ──► any        a value only moves right
 *
 *   An edge counts only once its branch can take it, and a handler only once something in a block that is
 *   reached can throw; so a constant condition or a proven kind removes code, which makes more constants.
 *
 *   Invariants while it runs
 *    - inst->type is the set of kinds seen so far (none: unknown), so tsk_ir_infer and tsk_ir_can_throw see
 *      the lattice; `declared` keeps what was proven before, and the result never exceeds it.
 *    - block->mark: 0 not reached, 1 on the worklist, 2 evaluated.  inst->mark: on the worklist.
 */
#include "ir/passes/pass.h"

typedef struct cell {
    tsk_value value;
    uint16_t declared;
    bool constant;
} cell;

typedef struct sccp {
    tsk_ir_func *func;
    const tsk_ir_env *env;
    tsk_arena *scratch;
    tsk_ir_uses uses;
    cell *cells;    /* by value id */
    uint8_t *taken; /* by block id: a bit for each edge */
    tsk_ir_block *blocks;
    tsk_ir_inst **work;
    uint32_t work_count, work_cap;
    tsk_value *values; /* arguments of the instruction being folded */
    uint32_t values_cap;
} sccp;

static void push_block(sccp *s, tsk_ir_block *block) {
    if (block->mark) return;
    block->mark = 1;
    block->link = s->blocks;
    s->blocks = block;
}

static void push_users(sccp *s, const tsk_ir_inst *value) {
    for (uint32_t i = s->uses.start[value->id]; i < s->uses.start[value->id + 1]; i++) {
        tsk_ir_inst *user = s->uses.users[i];
        if (user->mark || user->block->mark != 2) continue;
        if (s->work_count == s->work_cap) {
            uint32_t cap = s->work_cap ? s->work_cap * 2 : 64;
            s->work = tsk_arena_grow(s->scratch, s->work, s->work_cap * sizeof *s->work, cap * sizeof *s->work);
            s->work_cap = cap;
        }
        user->mark = 1;
        s->work[s->work_count++] = user;
    }
}

/* Moves a value to the right as far as the new knowledge asks. */
static void raise(sccp *s, tsk_ir_inst *inst, bool constant, tsk_value value, unsigned type) {
    cell *c = &s->cells[inst->id];
    if (!inst->type) {
        c->constant = constant;
        c->value = value;
    } else if (c->constant && !(constant && tsk_ir_same_constant(c->value, value))) {
        c->constant = false;
    } else if (!(type & ~(unsigned)inst->type)) {
        return;
    }
    inst->type = (uint16_t)(inst->type | type);
    push_users(s, inst);
}

static void raise_to_constant(sccp *s, tsk_ir_inst *inst, tsk_value value) {
    raise(s, inst, true, value, tsk_ir_type_of(value));
}

/* Not constant: the kinds that the operation can give, as far as they agree with what was proven. */
static void raise_to_kinds(sccp *s, tsk_ir_inst *inst) {
    unsigned declared = s->cells[inst->id].declared, type = declared;
    if (inst->op != TSK_IR_CAPTURE) type &= (unsigned)tsk_ir_infer(inst);
    raise(s, inst, false, TSK_VALUE_NULL, type ? type : declared);
}

/* ---- evaluation ---- */

static bool fold_arguments(sccp *s, const tsk_ir_inst *inst, tsk_value *out) {
    if (inst->count > s->values_cap) {
        s->values_cap = inst->count;
        s->values = TSK_NEW_ARRAY(s->scratch, tsk_value, inst->count);
    }
    for (uint32_t i = 0; i < inst->count; i++) {
        const cell *c = &s->cells[inst->args[i]->id];
        if (!c->constant) return false;
        s->values[i] = c->value;
    }
    return tsk_ir_fold(s->func, s->env, inst, s->values, out);
}

/* Two kinds that === tells apart; int and double are one. */
static bool disjoint(unsigned a, unsigned b) {
    if (a & TSK_TY_NUMBER) a |= TSK_TY_NUMBER;
    return !(a & b);
}

/* What the kinds of the arguments decide. */
static bool fold_kinds(const tsk_ir_inst *inst, tsk_value *out) {
    unsigned a = inst->count > 0 ? inst->args[0]->type : 0, b = inst->count > 1 ? inst->args[1]->type : 0;
    bool null_and_other = (a == TSK_TY_NULL || b == TSK_TY_NULL) && !(a & b);
    switch (inst->op) {
    case TSK_IR_IS_NULL: *out = tsk_from_bool(a == TSK_TY_NULL); return a == TSK_TY_NULL || !(a & TSK_TY_NULL);
    case TSK_IR_SAME: *out = TSK_VALUE_FALSE; return disjoint(a, b);
    case TSK_IR_DIFFERENT: *out = TSK_VALUE_TRUE; return disjoint(a, b);
    case TSK_IR_EQ: *out = TSK_VALUE_FALSE; return null_and_other;
    case TSK_IR_NE: *out = TSK_VALUE_TRUE; return null_and_other;
    default: return false;
    }
}

static bool fits(const sccp *s, const tsk_ir_inst *inst, tsk_value v) {
    return !(tsk_ir_type_of(v) & ~(unsigned)s->cells[inst->id].declared);
}

static void take(sccp *s, tsk_ir_block *block, unsigned e) {
    const tsk_ir_edge *edge = &block->edges[e];
    s->taken[block->id] = (uint8_t)(s->taken[block->id] | 1u << e);
    for (uint32_t i = 0; i < edge->count; i++) {
        const tsk_ir_inst *arg = edge->args[i];
        if (arg->type) raise(s, edge->to->params[i], s->cells[arg->id].constant, s->cells[arg->id].value, arg->type);
    }
    push_block(s, edge->to);
}

static void evaluate_terminator(sccp *s, tsk_ir_inst *inst) {
    tsk_ir_block *block = inst->block;
    unsigned edges = inst->op == TSK_IR_JUMP ? 1 : inst->op == TSK_IR_BRANCH ? 3 : 0;
    if (inst->op == TSK_IR_BRANCH) {
        const cell *c = &s->cells[inst->args[0]->id];
        if (!inst->args[0]->type) edges = 0;
        if (inst->args[0]->type && c->constant) edges = tsk_as_bool(c->value) ? 1 : 2;
    }
    edges |= s->taken[block->id];
    for (unsigned e = 0; e < 2; e++)
        if (edges & 1u << e) take(s, block, e);
}

static void evaluate(sccp *s, tsk_ir_inst *inst) {
    tsk_value v;
    inst->mark = 0;
    if (inst->op == TSK_IR_CONST) {
        raise_to_constant(s, inst, inst->imm.value);
        return;
    }
    if (tsk_ir_op_flags((tsk_ir_op)inst->op) & TSK_IR_T) {
        evaluate_terminator(s, inst);
        return;
    }
    for (uint32_t i = 0; i < inst->count; i++)
        if (!inst->args[i]->type) return;
    if (tsk_ir_is_value(inst) && (fold_kinds(inst, &v) || fold_arguments(s, inst, &v)) && fits(s, inst, v)) {
        raise_to_constant(s, inst, v);
        return;
    }
    if (tsk_ir_is_value(inst)) raise_to_kinds(s, inst);
    if (inst->block->handler && tsk_ir_can_throw(inst)) push_block(s, inst->block->handler);
}

static void evaluate_block(sccp *s, tsk_ir_block *block) {
    block->mark = 2;
    for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) evaluate(s, inst);
}

static void propagate(sccp *s) {
    push_block(s, s->func->entry);
    while (s->blocks || s->work_count) {
        if (s->blocks) {
            tsk_ir_block *block = s->blocks;
            s->blocks = block->link;
            evaluate_block(s, block);
            continue;
        }
        tsk_ir_inst *inst = s->work[--s->work_count];
        if (inst->mark) evaluate(s, inst);
    }
}

static void forget_kinds(sccp *s) {
    for (tsk_ir_block *block = s->func->entry; block; block = block->next) {
        block->mark = 0;
        for (uint32_t i = 0; i < block->param_count; i++) {
            tsk_ir_inst *param = block->params[i];
            s->cells[param->id].declared = param->type;
            if (block != s->func->entry) param->type = 0;
        }
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) {
            inst->mark = 0;
            if (!tsk_ir_is_value(inst)) continue;
            s->cells[inst->id].declared = inst->type;
            inst->type = 0;
        }
    }
}

/* ---- rewriting ---- */

static uint32_t rewrite_value(sccp *s, tsk_ir_inst *inst, tsk_ir_inst *place) {
    const cell *c = &s->cells[inst->id];
    if (!inst->type) inst->type = c->declared;
    if (!c->constant || inst->op == TSK_IR_CONST) return 0;
    tsk_ir_inst *constant = tsk_ir_const_before(place, c->value);
    constant->span = inst->span;
    tsk_ir_replace(inst, constant);
    if (inst->op != TSK_IR_PARAM) tsk_ir_remove(inst);
    return 1;
}

static bool is_used(const sccp *s, const tsk_ir_inst *value) {
    return tsk_ir_use_count(&s->uses, value) > 0;
}

static uint32_t rewrite_block(sccp *s, tsk_ir_block *block) {
    uint32_t changes = 0;
    for (uint32_t i = 0; i < block->param_count; i++) {
        tsk_ir_inst *param = block->params[i];
        if (is_used(s, param) || !param->type) changes += rewrite_value(s, param, block->first);
    }
    for (tsk_ir_inst *inst = block->first, *next; inst; inst = next) {
        next = inst->next;
        /* Constants made here are not in the tables. */
        if (tsk_ir_is_value(inst) && inst->id < s->func->value_count) changes += rewrite_value(s, inst, inst);
    }
    if (block->last->op == TSK_IR_BRANCH && s->taken[block->id] != 3 && s->taken[block->id]) {
        tsk_ir_take_edge(block, s->taken[block->id] == 2);
        changes++;
    }
    if (block->handler && !block->handler->mark) {
        block->handler = NULL;
        changes++;
    }
    return changes;
}

uint32_t tsk_ir_pass_sccp(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch) {
    sccp s = {.func = func, .env = env, .scratch = scratch};
    uint32_t changes = tsk_ir_cut_errors(func);
    tsk_ir_uses_build(&s.uses, func, scratch);
    s.cells = tsk_arena_zalloc(scratch, func->value_count * sizeof *s.cells);
    s.taken = tsk_arena_zalloc(scratch, func->block_count);
    forget_kinds(&s);
    propagate(&s);
    for (tsk_ir_block *block = func->entry; block; block = block->next)
        if (block->mark) changes += rewrite_block(&s, block);
    tsk_ir_apply_replacements(func);
    return changes + tsk_ir_drop_unreachable(func);
}
