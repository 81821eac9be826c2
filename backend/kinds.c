/* The kinds of values a function computes with, and how each is held.
 *
 *   operands: proven kinds, else what the interpreter saw ─► kinds of results ─► around loops until nothing grows
 *
 * Kinds that were only seen are guarded where the operand is used.  A parameter of a block is a number in a register
 * when everything that reaches it is one, or was one whenever it was used; then the edge guards.
 */
#include "backend/unit.h"

bool tsk_jit_only(unsigned kinds, unsigned set) {
    return kinds && !(kinds & ~set);
}

static uint32_t feedback_of(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    return u->feedback[u->map->pc[inst->mark]];
}

bool tsk_jit_was_wrong(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    return feedback_of(u, inst) >> TSK_FEEDBACK_WRONG & 1;
}

/* Instructions that note the kinds of their operands. */
static bool takes_notes(const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_JS_GET_INDEX:
    case TSK_IR_JS_SET_INDEX:
    case TSK_IR_JS_ITEM:
    case TSK_IR_JS_PUT:
    case TSK_IR_JS_GET:
    case TSK_IR_JS_CALL_METHOD:
    case TSK_IR_JS_TRUTH:
    case TSK_IR_JS_NOT: return true;
    default: return inst->op >= TSK_IR_JS_ADD && inst->op <= TSK_IR_JS_GE;
    }
}

unsigned tsk_jit_seen(const tsk_jit_unit *u, const tsk_ir_inst *inst, uint32_t i) {
    if (i > 1 || !takes_notes(inst) || (u->job->flags & TSK_NATIVE_GENERIC)) return 0;
    return feedback_of(u, inst) >> (i ? TSK_FEEDBACK_RIGHT : TSK_FEEDBACK_LEFT) & 0x1FF;
}

unsigned tsk_jit_kinds_at(const tsk_jit_unit *u, const tsk_ir_inst *inst, uint32_t i) {
    unsigned proven = u->values[inst->args[i]->mark].kinds;
    if (!proven || tsk_jit_only(proven, TSK_JIT_NUMBER) || tsk_jit_only(proven, TSK_TY_BOOL)) return proven;
    unsigned noted = tsk_jit_seen(u, inst, i);
    if (tsk_jit_only(noted, TSK_JIT_NUMBER) && (noted & proven)) return noted;
    return proven;
}

static unsigned arithmetic(const tsk_jit_unit *u, const tsk_ir_inst *inst, unsigned kinds, unsigned otherwise) {
    if (!tsk_jit_only(kinds, TSK_JIT_NUMBER)) return otherwise;
    return kinds == TSK_TY_I32 && !tsk_jit_was_wrong(u, inst) ? TSK_TY_I32 : TSK_TY_DOUBLE;
}

static bool is_text(const tsk_ir_inst *inst, const char *text) {
    tsk_slice name = tsk_as_slice(inst->imm.value);
    return name.len == strlen(text) && !memcmp(name.ptr, text, name.len);
}

int tsk_jit_math(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    static const char *const names[] = {
#define X(name, number, function) #name,
#include "runtime/js/math_unary.def"
#undef X
    };
    if (inst->op != TSK_IR_JS_CALL_METHOD || inst->count != 2 || inst->args[0]->op != TSK_IR_JS_GLOBAL_GET) return -1;
    if (!is_text(inst->args[0], "Math") || tsk_jit_was_wrong(u, inst) || u->job->flags & TSK_NATIVE_GENERIC) return -1;
    for (size_t i = 0; i < TSK_COUNT(names); i++)
        if (is_text(inst, names[i])) return (int)i;
    return -1;
}

/* What is read from memory is a number when it was one wherever it was used; then the reading guards. */
static unsigned read_kinds(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    unsigned seen = u->seen[inst->mark];
    bool sure = inst->op == TSK_IR_JS_GET ? tsk_jit_is_sure(u, inst) : tsk_jit_only_items(u, inst);
    return sure && tsk_jit_only(seen, TSK_JIT_NUMBER) ? seen : TSK_TY_ALL;
}

unsigned tsk_jit_result_kinds(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    unsigned a = inst->count > 0 ? tsk_jit_kinds_at(u, inst, 0) : TSK_TY_ALL;
    unsigned b = inst->count > 1 ? tsk_jit_kinds_at(u, inst, 1) : a;
    switch (inst->op) {
    case TSK_IR_CONST:
        if (tsk_is_i32(inst->imm.value)) return TSK_TY_I32;
        if (tsk_is_double(inst->imm.value)) return TSK_TY_DOUBLE;
        return tsk_is_bool(inst->imm.value) ? TSK_TY_BOOL : TSK_TY_ALL & ~TSK_JIT_NUMBER & ~(unsigned)TSK_TY_BOOL;
    case TSK_IR_JS_ADD: return a && b ? arithmetic(u, inst, a | b, TSK_TY_JS) : 0;
    case TSK_IR_JS_SUB:
    case TSK_IR_JS_MUL:
    case TSK_IR_JS_MOD:
    case TSK_IR_JS_NEG:
    case TSK_IR_JS_INC:
    case TSK_IR_JS_DEC: return a && b ? arithmetic(u, inst, a | b, TSK_TY_JS) : 0;
    case TSK_IR_JS_DIV:
    case TSK_IR_JS_POW:
        if (!a || !b) return 0;
        return tsk_jit_only(a | b, TSK_JIT_NUMBER) ? TSK_TY_DOUBLE : TSK_TY_JS;
    case TSK_IR_JS_PLUS:
        if (!a) return 0;
        return tsk_jit_only(a, TSK_JIT_NUMBER) ? a : TSK_TY_JS;
    case TSK_IR_JS_USHR: return a && b ? arithmetic(u, inst, a | b, TSK_TY_JS) : 0;
    case TSK_IR_JS_BAND:
    case TSK_IR_JS_BOR:
    case TSK_IR_JS_BXOR:
    case TSK_IR_JS_SHL:
    case TSK_IR_JS_SHR:
    case TSK_IR_JS_BNOT: return TSK_TY_I32;
    case TSK_IR_JS_EQ:
    case TSK_IR_JS_NE:
    case TSK_IR_JS_SAME:
    case TSK_IR_JS_DIFFERENT:
    case TSK_IR_JS_LT:
    case TSK_IR_JS_LE:
    case TSK_IR_JS_GT:
    case TSK_IR_JS_GE:
    case TSK_IR_JS_NOT:
    case TSK_IR_JS_TRUTH:
    case TSK_IR_JS_NULLISH:
    case TSK_IR_JS_IS_UNDEFINED:
    case TSK_IR_JS_IS_HOLE: return TSK_TY_BOOL;
    case TSK_IR_JS_KEEP_KEY:
    case TSK_IR_JS_CHECK_TDZ:
    case TSK_IR_JS_CHECK_THIS: {
        unsigned kinds = u->values[inst->args[inst->op == TSK_IR_JS_KEEP_KEY]->mark].kinds;
        return tsk_jit_only(kinds, TSK_JIT_NUMBER | TSK_TY_BOOL) ? kinds : kinds ? TSK_TY_ALL : 0;
    }
    case TSK_IR_JS_GET:
    case TSK_IR_JS_GET_INDEX:
    case TSK_IR_JS_ITEM: return read_kinds(u, inst);
    case TSK_IR_JS_CALL: return u->inlines[inst->mark] ? tsk_jit_inlined_kinds(u, u->inlines[inst->mark]) : TSK_TY_ALL;
    case TSK_IR_JS_CALL_METHOD:
        if (u->inlines[inst->mark]) return tsk_jit_inlined_kinds(u, u->inlines[inst->mark]);
        if (tsk_jit_is_char_code(u, inst)) return TSK_TY_I32;
        if (tsk_jit_math(u, inst) < 0) return TSK_TY_ALL;
        return b ? tsk_jit_only(b, TSK_JIT_NUMBER) ? TSK_TY_DOUBLE : TSK_TY_ALL : 0;
    default: return TSK_TY_ALL;
    }
}

/* ---- parameters of blocks ---- */

/* What the interpreter notes meanwhile must not make one part of the code rely on what another does not. */
static void copy_feedback(tsk_jit_unit *u) {
    uint32_t *copy = tsk_arena_alloc(u->arena, u->code->count * sizeof *copy);
    for (uint32_t i = 0; i < u->code->count; i++) copy[i] = __atomic_load_n(&u->code->feedback[i], __ATOMIC_RELAXED);
    u->feedback = copy;
}

static void collect_uses(const tsk_jit_unit *u) {
    for (uint32_t i = 0; i < u->map->count; i++) {
        const tsk_ir_inst *inst = u->map->values[i];
        for (uint32_t a = 0; a < inst->count; a++) u->seen[inst->args[a]->mark] |= (uint16_t)tsk_jit_seen(u, inst, a);
    }
}

/* May the edge guard?  The interpreter does the end of the block again then, so that must have no effect. */
static bool can_guard(const tsk_jit_unit *u, const tsk_ir_block *from) {
    return from->last->op == TSK_IR_JUMP && !tsk_jit_was_wrong(u, from->last);
}

static bool never_a_number(const tsk_jit_unit *u, const tsk_ir_inst *v) {
    return v->op == TSK_IR_CONST && !(u->values[v->mark].kinds & TSK_JIT_NUMBER);
}

static void mark_guesses(tsk_jit_unit *u) {
    for (uint32_t i = 0; i < u->map->block_count; i++) {
        const tsk_ir_block *block = u->map->order[i];
        for (uint32_t p = 0; p < block->param_count; p++) {
            const tsk_ir_inst *param = block->params[p];
            u->values[param->mark].guessed = tsk_jit_only(u->seen[param->mark], TSK_JIT_NUMBER);
        }
    }
    for (uint32_t i = 0; i < u->map->block_count; i++) {
        const tsk_ir_block *block = u->map->order[i];
        for (int e = 0; e < 2; e++) {
            const tsk_ir_edge *edge = &block->edges[e];
            for (uint32_t a = 0; edge->to && a < edge->count; a++) {
                const tsk_ir_inst *arg = edge->args[a];
                bool number = arg->op == TSK_IR_CONST && !never_a_number(u, arg);
                if (never_a_number(u, arg) || (!number && !can_guard(u, block)))
                    u->values[edge->to->params[a]->mark].guessed = false;
            }
        }
    }
}

static bool grow(tsk_jit_unit *u, const tsk_ir_inst *v, unsigned kinds) {
    tsk_jit_value *value = &u->values[v->mark];
    if (!(kinds & ~value->kinds)) return false;
    value->kinds |= (uint16_t)kinds;
    return true;
}

static bool flow_along(tsk_jit_unit *u, const tsk_ir_edge *edge) {
    bool changed = false;
    for (uint32_t a = 0; edge->to && a < edge->count; a++) {
        const tsk_ir_inst *param = edge->to->params[a];
        unsigned kinds = u->values[edge->args[a]->mark].kinds;
        if (u->values[param->mark].guessed && kinds & ~TSK_JIT_NUMBER) kinds = u->seen[param->mark];
        changed |= grow(u, param, kinds);
    }
    return changed;
}

static bool flow(tsk_jit_unit *u) {
    bool changed = false;
    for (uint32_t i = 0; i < u->map->block_count; i++) {
        const tsk_ir_block *block = u->map->order[i];
        for (const tsk_ir_inst *inst = block->first; inst; inst = inst->next)
            changed |= grow(u, inst, tsk_jit_result_kinds(u, inst));
        for (int e = 0; e < 2; e++) changed |= flow_along(u, &block->edges[e]);
    }
    return changed;
}

static tsk_jit_rep rep_for(unsigned kinds) {
    if (kinds == TSK_TY_I32) return TSK_JIT_I32;
    if (kinds == TSK_TY_BOOL) return TSK_JIT_BOOL;
    return tsk_jit_only(kinds, TSK_JIT_NUMBER) ? TSK_JIT_F64 : TSK_JIT_BOXED;
}

void tsk_jit_prepare_kinds(tsk_jit_unit *u) {
    copy_feedback(u);
    tsk_jit_copy_facts(u);
    u->seen = tsk_arena_zalloc(u->arena, u->map->count * sizeof *u->seen);
    for (uint32_t i = 0; i < u->map->count; i++)
        if (u->map->values[i]->op == TSK_IR_CONST)
            u->values[i].kinds = (uint16_t)tsk_jit_result_kinds(u, u->map->values[i]);
    collect_uses(u);
    mark_guesses(u);
    u->inlines = tsk_jit_find_inlines(u);
}

void tsk_jit_flow(tsk_jit_unit *u) {
    while (flow(u)) {}
}

static void guess_parameters(tsk_jit_unit *u) {
    const tsk_ir_block *first = u->map->order[0];
    for (uint32_t p = 0; p < first->param_count; p++) {
        const tsk_ir_inst *param = first->params[p];
        bool guess = tsk_jit_only(u->seen[param->mark], TSK_JIT_NUMBER) && !(u->job->flags & TSK_NATIVE_NO_ENTRY);
        u->values[param->mark].kinds = guess ? u->seen[param->mark] : TSK_TY_ALL;
    }
}

/* With all kinds known: calls that cannot be inlined after all give anything.  True: there was one. */
static bool drop_inlines(tsk_jit_unit *u) {
    bool dropped = false;
    for (uint32_t i = 0; i < u->map->count; i++) {
        if (!u->inlines[i] || tsk_jit_can_inline(u, u->inlines[i])) continue;
        u->inlines[i] = NULL;
        dropped = true;
    }
    return dropped;
}

void tsk_jit_choose_reps(tsk_jit_unit *u) {
    for (uint32_t i = 0; i < u->map->count; i++) {
        const tsk_ir_inst *inst = u->map->values[i];
        bool value = inst->op == TSK_IR_PARAM || tsk_ir_is_value(inst);
        u->values[i].rep = (uint8_t)(value ? rep_for(u->values[i].kinds) : TSK_JIT_NOTHING);
        if (u->inlines[i]) tsk_jit_choose_inlined_reps(u, u->inlines[i]);
    }
}

void tsk_jit_settle_kinds(tsk_jit_unit *u) {
    do tsk_jit_flow(u);
    while (drop_inlines(u));
    tsk_jit_choose_reps(u);
}

void tsk_jit_find_kinds(tsk_jit_unit *u) {
    u->values = tsk_arena_zalloc(u->arena, u->map->count * sizeof *u->values);
    tsk_jit_prepare_kinds(u);
    guess_parameters(u);
    tsk_jit_settle_kinds(u);
    u->framed_calls = tsk_jit_find_framed(u);
}
