/* Calls whose function is part of the code that calls it.
 *
 *   call ─► one function was seen there, small, without loops ─► its kinds, with those of the arguments
 *                                                                └─► guard: still that function ─► its blocks ─► result
 *
 * Such a function has no frame. All its guards, and whatever else only the interpreter can do, leave before the call, which
 * is then made again. So nothing that anybody can see may happen before a guard: a function in which that cannot be is
 * called.
 *
 * Code with functions in it names them by their addresses and is of no use to another process.
 */
#include "backend/unit.h"

enum { MOST_INSTRUCTIONS = 64, MOST_DEEP = 3 };

struct tsk_jit_inlined {
    tsk_jit_body body;
    tsk_jit_inlined *outer;
    /* while it is emitted */
    LLVMBasicBlockRef after, exit;
    LLVMValueRef result; /* slot */
};

/* ---- which ---- */

uint32_t tsk_jit_first_argument(const tsk_ir_inst *call) {
    return call->op == TSK_IR_JS_CALL ? 2 : 1;
}

const tsk_bytecode *tsk_jit_target_of(const tsk_jit_unit *u, const tsk_ir_inst *call) {
    if ((call->op != TSK_IR_JS_CALL && call->op != TSK_IR_JS_CALL_METHOD) || !u->code->targets) return NULL;
    if (u->job->flags & (TSK_NATIVE_GENERIC | TSK_NATIVE_ALONE) || tsk_jit_was_wrong(u, call)) return NULL;
    const tsk_ir_func *func = __atomic_load_n(&u->code->targets[u->map->pc[call->mark]], __ATOMIC_RELAXED);
    return func && func != TSK_NATIVE_MANY && func != TSK_NATIVE_C ? tsk_bytecode_of(func) : NULL;
}

static bool ends_well(const tsk_ir_block *block) {
    switch (block->last->op) {
    case TSK_IR_JUMP:
    case TSK_IR_BRANCH:
    case TSK_IR_RETURN: return true;
    default: return block->last->op == TSK_IR_JS_THROW;
    }
}

/* Every edge goes forward. */
static bool has_no_loop(const tsk_jit_unit *u, const tsk_code_map *map, uint32_t blocks) {
    uint32_t *position = tsk_arena_zalloc(u->arena, blocks * sizeof *position);
    for (uint32_t i = 0; i < map->block_count; i++) position[map->order[i]->id] = i;
    for (uint32_t i = 0; i < map->block_count; i++)
        for (int e = 0; e < 2; e++) {
            const tsk_ir_block *to = map->order[i]->edges[e].to;
            if (map->order[i]->handler || !ends_well(map->order[i]) || (to && position[to->id] <= i)) return false;
        }
    return true;
}

static bool is_suitable(const tsk_jit_unit *u, const tsk_bytecode *code, const tsk_code_map *map) {
    if (!map || !(code->entry & TSK_ENTER_CALL) || code->func->js->locals || code->count > MOST_INSTRUCTIONS)
        return false;
    unsigned depth = 0;
    for (const tsk_jit_inlined *outer = u->inlined; outer; outer = outer->outer, depth++)
        if (outer->body.code == code) return false;
    return depth < MOST_DEEP && code != u->job->code && has_no_loop(u, map, code->func->block_count);
}

/* ---- going into one and out again ---- */

tsk_jit_unit tsk_jit_enter(tsk_jit_unit *u, const tsk_jit_body *body) {
    tsk_jit_unit outer = *u;
    u->code = body->code;
    u->map = body->map;
    u->values = body->values;
    u->facts = body->facts;
    u->feedback = body->feedback;
    u->seen = body->seen;
    u->inlines = body->inlines;
    return outer;
}

void tsk_jit_prepare_body(tsk_jit_unit *u, tsk_jit_body *body) {
    tsk_jit_prepare_kinds(u);
    body->facts = u->facts;
    body->feedback = u->feedback;
    body->seen = u->seen;
    body->inlines = u->inlines;
}

static tsk_jit_unit enter(tsk_jit_unit *u, tsk_jit_inlined *in) {
    tsk_jit_unit outer = tsk_jit_enter(u, &in->body);
    u->inlined = in;
    return outer;
}

void tsk_jit_go_back(tsk_jit_unit *u, const tsk_jit_unit *outer) {
    tsk_jit_unit inner = *u;
    *u = *outer;
    u->asks = inner.asks;
    u->bound = inner.bound;
    u->c_room = inner.c_room;
    u->shape_table = inner.shape_table;
    u->shapes = inner.shapes;
    u->shape_count = inner.shape_count;
    u->shape_cap = inner.shape_cap;
}

tsk_jit_inlined **tsk_jit_find_inlines(tsk_jit_unit *u) {
    tsk_jit_inlined **found = tsk_arena_zalloc(u->arena, u->map->count * sizeof *found);
    for (uint32_t i = 0; i < u->map->count; i++) {
        const tsk_ir_inst *call = u->map->values[i];
        const tsk_bytecode *code = tsk_jit_target_of(u, call);
        const tsk_code_map *map = code ? __atomic_load_n(&code->map, __ATOMIC_ACQUIRE) : NULL;
        if (!code || !is_suitable(u, code, map)) continue;
        if (call->op == TSK_IR_JS_CALL_METHOD && !tsk_jit_is_sure(u, call)) continue;
        tsk_jit_inlined *in = found[i] = tsk_arena_zalloc(u->arena, sizeof *in);
        *in = (tsk_jit_inlined){.body = {.code = code, .map = map, .call = call}, .outer = u->inlined};
        in->body.values = tsk_arena_zalloc(u->arena, map->count * sizeof *in->body.values);
        tsk_jit_unit outer = enter(u, in);
        tsk_jit_prepare_body(u, &in->body);
        *u = outer;
    }
    return found;
}

/* ---- kinds ---- */

const tsk_ir_inst *tsk_jit_argument_for(const tsk_ir_inst *call, uint32_t param) {
    uint32_t first = tsk_jit_first_argument(call);
    if (param == TSK_IR_JS_THIS) return call->args[first - 1];
    if (param == TSK_IR_JS_CALLEE) return call->op == TSK_IR_JS_CALL ? call->args[0] : NULL;
    if (param == TSK_IR_JS_NEW_TARGET || param - TSK_IR_JS_DECLARED >= call->count - first) return NULL;
    return call->args[first + param - TSK_IR_JS_DECLARED];
}

/* What a parameter holds, given what its argument does: numbers that it was always used as are guarded. */
static unsigned kinds_for(const tsk_jit_inlined *in, const tsk_ir_inst *param, unsigned given) {
    if (!given || tsk_jit_only(given, TSK_JIT_NUMBER) || tsk_jit_only(given, TSK_TY_BOOL)) return given;
    unsigned seen = in->body.seen[param->mark];
    return tsk_jit_only(seen, TSK_JIT_NUMBER) && !in->body.code->no_entry_guess ? seen : TSK_TY_ALL;
}

unsigned tsk_jit_inlined_kinds(tsk_jit_unit *u, tsk_jit_inlined *in) {
    const tsk_ir_block *first = in->body.map->order[0];
    for (uint32_t p = 0; p < first->param_count; p++) {
        const tsk_ir_inst *argument = tsk_jit_argument_for(in->body.call, p);
        unsigned given = argument ? u->values[argument->mark].kinds : TSK_TY_ALL & ~TSK_JIT_NUMBER;
        if (!given) return 0; /* nothing is known yet */
        in->body.values[first->params[p]->mark].kinds |= (uint16_t)kinds_for(in, first->params[p], given);
    }
    tsk_jit_unit outer = enter(u, in);
    tsk_jit_flow(u);
    unsigned kinds = 0;
    for (uint32_t i = 0; i < in->body.map->block_count; i++) {
        const tsk_ir_inst *last = in->body.map->order[i]->last;
        if (last->op == TSK_IR_RETURN) kinds |= in->body.values[last->args[0]->mark].kinds;
    }
    *u = outer;
    return kinds;
}

void tsk_jit_choose_inlined_reps(tsk_jit_unit *u, tsk_jit_inlined *in) {
    tsk_jit_unit outer = enter(u, in);
    tsk_jit_choose_reps(u);
    *u = outer;
}

/* ---- whether nothing happens before a guard ---- */

enum { REFUSED = 1, GUARDS = 2, HAPPENS = 4 }; /* what an instruction does */

static unsigned with_numbers(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    for (uint32_t i = 0; i < inst->count; i++)
        if (!tsk_jit_only(tsk_jit_kinds_at(u, inst, i), TSK_JIT_NUMBER)) return REFUSED;
    return GUARDS;
}

static unsigned of_comparison(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    bool strict = inst->op == TSK_IR_JS_SAME || inst->op == TSK_IR_JS_DIFFERENT;
    return with_numbers(u, inst) == REFUSED && !strict ? REFUSED : GUARDS;
}

static unsigned doing(tsk_jit_unit *u, const tsk_ir_inst *inst);

/* All of an inlined function. */
static unsigned doing_all(tsk_jit_unit *u, tsk_jit_inlined *in) {
    tsk_jit_unit outer = enter(u, in);
    uint8_t *before = tsk_arena_zalloc(u->arena, in->body.code->func->block_count); /* something may have happened */
    unsigned all = GUARDS;
    for (uint32_t i = 0; i < in->body.map->block_count && !(all & REFUSED); i++) {
        const tsk_ir_block *block = in->body.map->order[i];
        unsigned happened = before[block->id];
        for (const tsk_ir_inst *inst = block->first; inst != block->last; inst = inst->next) {
            unsigned does = doing(u, inst);
            if (happened && does & GUARDS) does |= REFUSED;
            happened |= does & HAPPENS;
            all |= does;
        }
        if (happened && block->last->op != TSK_IR_RETURN) all |= REFUSED; /* edges guard, and one may throw */
        for (int e = 0; e < 2; e++)
            if (block->edges[e].to) before[block->edges[e].to->id] |= (uint8_t)happened;
    }
    *u = outer;
    return all;
}

static unsigned doing(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    if (inst->op >= TSK_IR_JS_ADD && inst->op <= TSK_IR_JS_DEC) return with_numbers(u, inst);
    if (inst->op >= TSK_IR_JS_EQ && inst->op <= TSK_IR_JS_GE) return of_comparison(u, inst);
    switch (inst->op) {
    case TSK_IR_CONST:
    case TSK_IR_PARAM:
    case TSK_IR_CAPTURE:
    case TSK_IR_JS_BOX:
    case TSK_IR_JS_BOX_GET:
    case TSK_IR_JS_NOT:
    case TSK_IR_JS_TRUTH:
    case TSK_IR_JS_NULLISH:
    case TSK_IR_JS_IS_UNDEFINED:
    case TSK_IR_JS_IS_HOLE:
    case TSK_IR_JS_TYPEOF: return 0;
    case TSK_IR_JS_CHECK_TDZ:
    case TSK_IR_JS_CHECK_THIS:
    case TSK_IR_JS_OBJECT:
    case TSK_IR_JS_CLOSURE: return GUARDS;
    case TSK_IR_JS_BOX_SET: return HAPPENS;
    case TSK_IR_JS_GET:
    case TSK_IR_JS_GLOBAL_GET: return tsk_jit_is_sure(u, inst) ? GUARDS : REFUSED;
    case TSK_IR_JS_SET:
    case TSK_IR_JS_GLOBAL_SET: return tsk_jit_is_sure(u, inst) ? GUARDS | HAPPENS : REFUSED;
    case TSK_IR_JS_GET_INDEX:
    case TSK_IR_JS_ITEM: return tsk_jit_only_items(u, inst) ? GUARDS : REFUSED;
    case TSK_IR_JS_SET_INDEX:
    case TSK_IR_JS_PUT: return tsk_jit_only_items(u, inst) ? GUARDS | HAPPENS : REFUSED;
    case TSK_IR_JS_CALL_METHOD:
        if (tsk_jit_math(u, inst) >= 0 && u->values[inst->mark].kinds == TSK_TY_DOUBLE) return GUARDS;
        if (tsk_jit_is_char_code(u, inst)) return GUARDS;
        break;
    default: break;
    }
    tsk_jit_inlined *in = u->inlines[inst->mark];
    return in ? doing_all(u, in) : REFUSED;
}

bool tsk_jit_is_pure(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    return !(doing(u, inst) & (REFUSED | HAPPENS));
}

bool tsk_jit_can_inline(tsk_jit_unit *u, tsk_jit_inlined *in) {
    return !(doing_all(u, in) & REFUSED);
}

/* ---- emitting ---- */

static LLVMValueRef bits_of_address(const tsk_jit_unit *u, const void *p) {
    return LLVMConstInt(u->i64, (uint64_t)(uintptr_t)p, false);
}

LLVMValueRef tsk_jit_constant_address(const tsk_jit_unit *u, const void *p) {
    return LLVMConstIntToPtr(bits_of_address(u, p), u->ptr);
}

LLVMValueRef tsk_jit_slot_at_entry(tsk_jit_unit *u, unsigned rep) {
    LLVMBasicBlockRef here = LLVMGetInsertBlock(u->b);
    LLVMPositionBuilderBefore(u->b, LLVMGetFirstInstruction(u->prologue));
    LLVMValueRef slot = LLVMBuildAlloca(u->b, tsk_jit_type_for(u, rep), "");
    tsk_jit_at(u, here);
    return slot;
}

static void make_inner_slots(tsk_jit_unit *u) {
    for (uint32_t i = 0; i < u->map->block_count; i++) {
        const tsk_ir_block *block = u->map->order[i];
        for (uint32_t p = 0; p < block->param_count; p++) {
            tsk_jit_value *value = &u->values[block->params[p]->mark];
            if (value->rep == TSK_JIT_NOTHING) continue;
            value->slot = true;
            value->ref = tsk_jit_slot_at_entry(u, value->rep);
        }
    }
}

void tsk_jit_take_arguments(tsk_jit_unit *u, const tsk_ir_inst *call, uint32_t count, LLVMValueRef callee,
                            LLVMValueRef receiver, LLVMValueRef *values, tsk_jit_rep *reps) {
    for (uint32_t p = 0; p < count; p++) {
        const tsk_ir_inst *argument = tsk_jit_argument_for(call, p);
        reps[p] = TSK_JIT_BOXED;
        if (p == TSK_IR_JS_THIS)
            values[p] = receiver;
        else if (p == TSK_IR_JS_CALLEE)
            values[p] = callee;
        else if (!argument)
            values[p] = tsk_jit_bits(u, TSK_VALUE_UNDEFINED);
        else if ((reps[p] = (tsk_jit_rep)u->values[argument->mark].rep) == TSK_JIT_BOXED)
            values[p] = tsk_jit_boxed(u, argument);
        else
            values[p] = tsk_jit_ref(u, argument);
    }
}

void tsk_jit_give_arguments(tsk_jit_unit *u, const LLVMValueRef *values, const tsk_jit_rep *reps) {
    const tsk_ir_block *first = u->map->order[0];
    make_inner_slots(u);
    for (uint32_t p = 0; p < first->param_count; p++) tsk_jit_give(u, first->params[p], values[p], reps[p]);
}

static LLVMValueRef guard_function(tsk_jit_unit *u, const tsk_jit_inlined *in, LLVMValueRef callee) {
    tsk_jit_guard(u, tsk_jit_has_tag(u, callee, TSK_TAG_OBJECT));
    LLVMValueRef closure = tsk_jit_pointer(u, callee);
    LLVMValueRef class = tsk_jit_load(u, u->i8, closure, offsetof(tsk_heap_cell, aux), TSK_JIT_HEADER);
    tsk_jit_guard(u, LLVMBuildICmp(u->b, LLVMIntEQ, class, tsk_jit_int(u, u->i8, TSK_JS_CLOSURE), ""));
    LLVMValueRef func = tsk_jit_load(u, u->i64, closure, offsetof(tsk_js_closure, func), TSK_JIT_HEADER);
    tsk_jit_guard(u, LLVMBuildICmp(u->b, LLVMIntEQ, func, bits_of_address(u, in->body.code->func), ""));
    return closure;
}

void tsk_jit_emit_inlined(tsk_jit_unit *u, const tsk_ir_inst *call, LLVMValueRef callee, LLVMValueRef receiver) {
    tsk_jit_inlined *in = u->inlines[call->mark];
    in->exit = tsk_jit_exit_block(u);
    LLVMValueRef closure = guard_function(u, in, callee);
    in->after = tsk_jit_block(u, "");
    if (u->values[call->mark].rep != TSK_JIT_NOTHING) in->result = tsk_jit_slot_at_entry(u, u->values[call->mark].rep);
    uint32_t count = in->body.map->order[0]->param_count;
    LLVMValueRef values[count + 1];
    tsk_jit_rep reps[count + 1];
    tsk_jit_take_arguments(u, call, count, callee, receiver, values, reps);
    tsk_jit_unit outer = enter(u, in);
    u->exit = in->exit;
    tsk_jit_give_arguments(u, values, reps);
    u->captures = tsk_jit_address(u, closure, offsetof(tsk_js_closure, captures));
    u->code_address = tsk_jit_constant_address(u, in->body.code);
    u->insns = tsk_jit_constant_address(u, in->body.code->insns);
    u->consts = tsk_jit_constant_address(u, in->body.code->consts);
    u->result_rep = (tsk_jit_rep)outer.values[call->mark].rep;
    tsk_jit_emit_blocks(u);
    tsk_jit_go_back(u, &outer);
    u->bound = true;
    tsk_jit_at(u, in->after);
    if (in->result)
        tsk_jit_give(u, call, LLVMBuildLoad2(u->b, tsk_jit_type_for(u, u->values[call->mark].rep), in->result, ""),
                     (tsk_jit_rep)u->values[call->mark].rep);
}

void tsk_jit_return_inlined(tsk_jit_unit *u, const tsk_ir_inst *v) {
    const tsk_jit_inlined *in = u->inlined;
    if (in->result) {
        LLVMValueRef result = u->result_rep == TSK_JIT_BOXED
                                  ? tsk_jit_boxed(u, v)
                                  : tsk_jit_changed_to(u, tsk_jit_ref(u, v), (tsk_jit_rep)u->values[v->mark].rep,
                                                       u->result_rep);
        LLVMBuildStore(u->b, result, in->result);
    }
    LLVMBuildBr(u->b, in->after);
}

LLVMBasicBlockRef tsk_jit_inlined_exit(const tsk_jit_unit *u) {
    return u->inlined->exit;
}
