/* IR to baseline code.
 *
 *   tsk_regalloc ──► block by block: instructions, operand lists, moves on edges ──► jumps patched ──► tsk_bytecode
 *
 * Arguments of an edge are moved in parallel at the end of the block it leaves; an edge of a branch that has
 * arguments gets a few instructions of its own after the last block.  Whatever grows while code is made lies in
 * the scratch arena and is copied once, so that code takes no more than its size.
 *
 * Invariants
 *  - Only the scratch registers 0 to 3 stand for registers beyond 65,535, and never across instructions of the IR.
 *  - A block's exception range covers all code made from it.
 */
#include "runtime/interp/codegen.h"

#include "runtime/interp/native.h"

uint32_t tsk_codegen_emit(tsk_codegen *cg, tsk_opcode op, uint32_t a, uint32_t b, uint32_t c) {
    tsk_insn insn = {cg->labels[op], (uint16_t)op, (uint16_t)a, (uint16_t)b, (uint16_t)c};
    TSK_CODEGEN_PUSH(cg, insns, insn);
    TSK_CODEGEN_PUSH(cg, spans, cg->span);
    return cg->insns.count - 1;
}

uint32_t tsk_codegen_emit_wide(tsk_codegen *cg, tsk_opcode op, uint32_t a, uint32_t bc) {
    return tsk_codegen_emit(cg, op, a, bc & 0xFFFF, bc >> 16);
}

static bool is_near_jump(tsk_opcode op) {
    return op >= TSK_OPC_JS_IF_LT && op <= TSK_OPC_JS_IF_IS_NOT;
}

static void patch(tsk_codegen *cg, uint32_t pc, uint32_t target) {
    uint32_t offset = target - pc;
    if (is_near_jump((tsk_opcode)cg->insns.at[pc].op)) {
        cg->insns.at[pc].c = (uint16_t)offset;
        if ((int32_t)offset != (int16_t)offset) cg->too_far = true;
        return;
    }
    cg->insns.at[pc].b = (uint16_t)offset;
    cg->insns.at[pc].c = (uint16_t)(offset >> 16);
}

uint32_t tsk_codegen_add_const(tsk_codegen *cg, tsk_value v) {
    TSK_CODEGEN_PUSH(cg, consts, v);
    return cg->consts.count - 1;
}

static uint32_t const_index(tsk_codegen *cg, const tsk_ir_inst *inst) {
    uint32_t *slot = &cg->const_of[inst->mark];
    if (!*slot) {
        tsk_value v = inst->imm.value;
        *slot = tsk_codegen_add_const(cg, cg->ra.func->js ? tsk_codegen_js_const(cg, v) : v) + 1;
    }
    return *slot - 1;
}

static uint32_t reg_of(const tsk_codegen *cg, const tsk_ir_inst *inst) {
    return cg->ra.reg[inst->mark];
}

uint32_t tsk_codegen_use(tsk_codegen *cg, const tsk_ir_inst *inst, uint32_t scratch) {
    uint32_t reg = reg_of(cg, inst);
    if (reg < TSK_WIDE_FROM) return reg;
    tsk_codegen_emit_wide(cg, TSK_OPC_LOAD_WIDE, scratch, reg);
    return scratch;
}

uint32_t tsk_codegen_result(const tsk_codegen *cg, const tsk_ir_inst *inst) {
    uint32_t reg = reg_of(cg, inst);
    return reg < TSK_WIDE_FROM ? reg : TSK_SCRATCH_RESULT;
}

static void store_result(tsk_codegen *cg, const tsk_ir_inst *inst) {
    uint32_t reg = reg_of(cg, inst);
    if (reg != TSK_NO_REG && reg >= TSK_WIDE_FROM)
        tsk_codegen_emit_wide(cg, TSK_OPC_STORE_WIDE, TSK_SCRATCH_RESULT, reg);
}

/* ---- parallel moves ---- */

void tsk_codegen_move(tsk_codegen *cg, uint32_t to, uint32_t from) {
    if (to < TSK_WIDE_FROM && from < TSK_WIDE_FROM) {
        tsk_codegen_emit(cg, TSK_OPC_MOVE, to, from, 0);
    } else if (to < TSK_WIDE_FROM) {
        tsk_codegen_emit_wide(cg, TSK_OPC_LOAD_WIDE, to, from);
    } else if (from < TSK_WIDE_FROM) {
        tsk_codegen_emit_wide(cg, TSK_OPC_STORE_WIDE, from, to);
    } else {
        tsk_codegen_emit_wide(cg, TSK_OPC_LOAD_WIDE, TSK_SCRATCH_MOVE, from);
        tsk_codegen_emit_wide(cg, TSK_OPC_STORE_WIDE, TSK_SCRATCH_MOVE, to);
    }
}

static uint32_t cycle_temp(tsk_codegen *cg) {
    if (cg->ra.wide) return TSK_SCRATCH_CYCLE;
    if (cg->temp == TSK_NO_REG) cg->temp = cg->ra.regs++;
    return cg->temp;
}

/* Moves into `to`, which nobody waits to read, then into whatever becomes free by that. */
static void move_chain(tsk_codegen *cg, uint32_t to) {
    while (cg->source[to]) {
        uint32_t from = cg->source[to] - 1;
        tsk_codegen_move(cg, to, from);
        cg->source[to] = 0;
        if (--cg->readers[from]) return;
        to = from;
    }
}

static void break_cycle(tsk_codegen *cg, uint32_t start) {
    uint32_t temp = cycle_temp(cg), at = start;
    tsk_codegen_move(cg, temp, start);
    while (cg->source[at] - 1 != start) {
        uint32_t from = cg->source[at] - 1;
        tsk_codegen_move(cg, at, from);
        cg->source[at] = cg->readers[at] = 0;
        at = from;
    }
    tsk_codegen_move(cg, at, temp);
    cg->source[at] = cg->readers[at] = 0;
}

static bool moves(const tsk_codegen *cg, const tsk_ir_edge *edge, uint32_t i, uint32_t *to, uint32_t *from) {
    *to = reg_of(cg, edge->to->params[i]);
    if (*to == TSK_NO_REG || edge->args[i]->op == TSK_IR_CONST) return false;
    *from = reg_of(cg, edge->args[i]);
    return *to != *from;
}

static void edge_moves(tsk_codegen *cg, const tsk_ir_edge *edge) {
    uint32_t to, from;
    for (uint32_t i = 0; i < edge->count; i++) {
        if (!moves(cg, edge, i, &to, &from)) continue;
        cg->source[to] = from + 1;
        cg->readers[from]++;
    }
    for (uint32_t i = 0; i < edge->count; i++)
        if (moves(cg, edge, i, &to, &from) && !cg->readers[to]) move_chain(cg, to);
    for (uint32_t i = 0; i < edge->count; i++)
        if (moves(cg, edge, i, &to, &from) && cg->source[to]) break_cycle(cg, to);
    for (uint32_t i = 0; i < edge->count; i++) {
        to = reg_of(cg, edge->to->params[i]);
        if (to == TSK_NO_REG || edge->args[i]->op != TSK_IR_CONST) continue;
        uint32_t near = to < TSK_WIDE_FROM ? to : TSK_SCRATCH_MOVE;
        tsk_codegen_emit_wide(cg, TSK_OPC_LOADK, near, const_index(cg, edge->args[i]));
        if (near != to) tsk_codegen_emit_wide(cg, TSK_OPC_STORE_WIDE, near, to);
    }
}

static bool edge_has_moves(const tsk_codegen *cg, const tsk_ir_edge *edge) {
    uint32_t to, from;
    for (uint32_t i = 0; i < edge->count; i++)
        if (moves(cg, edge, i, &to, &from) || (to != TSK_NO_REG && edge->args[i]->op == TSK_IR_CONST)) return true;
    return false;
}

/* ---- instructions ---- */

static uint32_t make_list(tsk_codegen *cg, const tsk_ir_inst *inst, uint32_t extra) {
    uint32_t at = cg->lists.count;
    TSK_CODEGEN_PUSH(cg, lists, inst->count);
    TSK_CODEGEN_PUSH(cg, lists, extra);
    for (uint32_t i = 0; i < inst->count; i++) {
        const tsk_ir_inst *arg = inst->args[i];
        uint32_t operand = arg->op == TSK_IR_CONST ? const_index(cg, arg) | TSK_OPERAND_CONST : reg_of(cg, arg);
        TSK_CODEGEN_PUSH(cg, lists, operand);
    }
    return at;
}

void tsk_codegen_emit_list(tsk_codegen *cg, tsk_opcode op, const tsk_ir_inst *inst, uint32_t extra) {
    uint32_t reg = reg_of(cg, inst);
    tsk_codegen_emit_wide(cg, op, reg == TSK_NO_REG ? 0 : tsk_codegen_result(cg, inst), make_list(cg, inst, extra));
}

void tsk_codegen_emit_slot(tsk_codegen *cg, const void *first, const void *second) {
    const void *slot[] = {first, second};
    tsk_insn data;
    _Static_assert(sizeof slot == sizeof data, "a data slot is an instruction");
    memcpy(&data, slot, sizeof data);
    TSK_CODEGEN_PUSH(cg, insns, data);
    TSK_CODEGEN_PUSH(cg, spans, cg->span);
}

static const tsk_str *hashed_name(tsk_codegen *cg, tsk_value name) {
    const tsk_str *from = tsk_as_str(name);
    tsk_str *copy = TSK_NEW(cg->arena, tsk_str);
    *copy = (tsk_str){from->ptr, from->len, tsk_hash(from->ptr, from->len)};
    return copy;
}

static void emit_member(tsk_codegen *cg, const tsk_ir_inst *inst) {
    uint32_t base = tsk_codegen_use(cg, inst->args[0], TSK_SCRATCH_FIRST);
    tsk_codegen_emit(cg, TSK_OPC_MEMBER, tsk_codegen_result(cg, inst), base, 0);
    tsk_codegen_emit_slot(cg, hashed_name(cg, inst->imm.value), NULL);
}

uint32_t tsk_codegen_add_func(tsk_codegen *cg, tsk_ir_func *func) {
    TSK_CODEGEN_PUSH(cg, funcs, func);
    return cg->funcs.count - 1;
}

/* Operations that only name their registers: opcodes have the names of IR operations. */
static const uint16_t plain_opcodes[TSK_IR_OP_COUNT] = {
#define SAME_NAME(name) [TSK_IR_##name] = TSK_OPC_##name + 1
    SAME_NAME(ADD),     SAME_NAME(SUB),       SAME_NAME(MUL),      SAME_NAME(DIV),        SAME_NAME(MOD),
    SAME_NAME(POW),     SAME_NAME(NEG),       SAME_NAME(PLUS),     SAME_NAME(EQ),         SAME_NAME(NE),
    SAME_NAME(SAME),    SAME_NAME(DIFFERENT), SAME_NAME(LT),       SAME_NAME(LE),         SAME_NAME(GT),
    SAME_NAME(GE),      SAME_NAME(IN),        SAME_NAME(NOT),      SAME_NAME(TRUTH),      SAME_NAME(CONDITION),
    SAME_NAME(IS_NULL), SAME_NAME(TO_INT),    SAME_NAME(TO_FLOAT), SAME_NAME(TO_BOOL),    SAME_NAME(TO_STRING),
    SAME_NAME(FADD),    SAME_NAME(FSUB),      SAME_NAME(FMUL),     SAME_NAME(FDIV),       SAME_NAME(IADD),
    SAME_NAME(ISUB),    SAME_NAME(IMUL),      SAME_NAME(ISHL),     SAME_NAME(ISHR),       SAME_NAME(IAND),
    SAME_NAME(ILT),     SAME_NAME(INDEX),     SAME_NAME(MERGE),    SAME_NAME(APPEND_ALL), SAME_NAME(LIST_NEW),
    SAME_NAME(COUNT),   SAME_NAME(ITEM),      SAME_NAME(ITEM_KEY),
#undef SAME_NAME
};

static void emit_plain(tsk_codegen *cg, const tsk_ir_inst *inst) {
    uint32_t b = inst->count > 0 ? tsk_codegen_use(cg, inst->args[0], TSK_SCRATCH_FIRST) : 0;
    uint32_t c = inst->count > 1 ? tsk_codegen_use(cg, inst->args[1], TSK_SCRATCH_SECOND) : 0;
    tsk_codegen_emit(cg, (tsk_opcode)(plain_opcodes[inst->op] - 1), tsk_codegen_result(cg, inst), b, c);
}

static void emit_operation(tsk_codegen *cg, tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_CONST:
        tsk_codegen_emit_wide(cg, TSK_OPC_LOADK, tsk_codegen_result(cg, inst), const_index(cg, inst));
        break;
    case TSK_IR_CAPTURE:
        tsk_codegen_emit_wide(cg, TSK_OPC_CAPTURE, tsk_codegen_result(cg, inst), (uint32_t)inst->imm.index);
        break;
    case TSK_IR_CLOSURE:
        tsk_codegen_emit_list(cg, TSK_OPC_CLOSURE, inst, tsk_codegen_add_func(cg, inst->imm.func));
        break;
    case TSK_IR_CONCAT: tsk_codegen_emit_list(cg, TSK_OPC_CONCAT, inst, 0); break;
    case TSK_IR_ARRAY: tsk_codegen_emit_list(cg, TSK_OPC_ARRAY, inst, 0); break;
    case TSK_IR_OBJECT:
        tsk_codegen_emit_list(cg, TSK_OPC_OBJECT, inst, tsk_codegen_add_const(cg, inst->imm.value));
        break;
    case TSK_IR_MEMBER: emit_member(cg, inst); break;
    case TSK_IR_SLICE: tsk_codegen_emit_list(cg, TSK_OPC_SLICE, inst, 0); break;
    case TSK_IR_LIST_PUSH: {
        uint32_t list = tsk_codegen_use(cg, inst->args[0], TSK_SCRATCH_FIRST);
        tsk_codegen_emit(cg, TSK_OPC_LIST_PUSH, list, tsk_codegen_use(cg, inst->args[1], TSK_SCRATCH_SECOND), 0);
        break;
    }
    case TSK_IR_KEY:
        tsk_codegen_emit_wide(cg, TSK_OPC_KEY, tsk_codegen_result(cg, inst), (uint32_t)inst->imm.index);
        break;
    case TSK_IR_TREE:
        tsk_codegen_emit_wide(cg, TSK_OPC_TREE, tsk_codegen_result(cg, inst),
                              tsk_codegen_add_const(cg, inst->imm.value));
        break;
    case TSK_IR_OP: tsk_codegen_emit_list(cg, TSK_OPC_OP, inst, (uint32_t)inst->imm.index); break;
    case TSK_IR_METHOD:
        tsk_codegen_emit_list(cg, TSK_OPC_METHOD, inst, tsk_codegen_add_const(cg, inst->imm.value));
        break;
    case TSK_IR_CALL: tsk_codegen_emit_list(cg, TSK_OPC_CALL, inst, 0); break;
    case TSK_IR_ERROR: tsk_codegen_emit_list(cg, TSK_OPC_ERROR, inst, (uint32_t)inst->imm.index); break;
    case TSK_IR_POLL: tsk_codegen_emit(cg, TSK_OPC_POLL, 0, 0, 0); break;
    case TSK_IR_GUARD:
        tsk_codegen_emit(cg, TSK_OPC_GUARD, tsk_codegen_use(cg, inst->args[0], TSK_SCRATCH_FIRST), 0, 0);
        break;
    case TSK_IR_ADD:
        if (inst->count != 2) {
            tsk_codegen_emit_list(cg, TSK_OPC_ADD_LIST, inst, 0);
            break;
        }
        emit_plain(cg, inst);
        break;
    default:
        if (plain_opcodes[inst->op])
            emit_plain(cg, inst);
        else
            tsk_codegen_js(cg, inst);
        break;
    }
}

static void note_place(tsk_codegen *cg, const tsk_ir_inst *inst, uint32_t position) {
    if (!cg->pc_of) return;
    cg->pc_of[inst->mark] = cg->insns.count;
    cg->position_of[inst->mark] = position;
}

static void emit_inst(tsk_codegen *cg, tsk_ir_inst *inst, uint32_t position) {
    note_place(cg, inst, position);
    bool unused_const = inst->op == TSK_IR_CONST && reg_of(cg, inst) == TSK_NO_REG;
    if (unused_const || tsk_regalloc_fused(&cg->ra, inst)) return;
    uint32_t before = cg->insns.count;
    emit_operation(cg, inst);
    if (tsk_ir_op_flags((tsk_ir_op)inst->op) & TSK_IR_S) {
        uint32_t pc = before;
        while (cg->insns.at[pc].op == TSK_OPC_LOAD_WIDE) pc++;
        tsk_bytecode_point point = {pc, position, inst};
        TSK_CODEGEN_PUSH(cg, points, point);
    }
    store_result(cg, inst);
}

/* ---- control ---- */

static void jump_to(tsk_codegen *cg, uint32_t pc, const tsk_ir_block *to) {
    tsk_fixup f = {pc, cg->ra.position[to->id]};
    TSK_CODEGEN_PUSH(cg, fixups, f);
}

static void emit_return(tsk_codegen *cg, const tsk_ir_inst *value) {
    if (value->op == TSK_IR_CONST)
        tsk_codegen_emit_wide(cg, TSK_OPC_RETURNK, 0, const_index(cg, value));
    else
        tsk_codegen_emit(cg, TSK_OPC_RETURN, tsk_codegen_use(cg, value, TSK_SCRATCH_FIRST), 0, 0);
}

/* What a block returns that does nothing else, for who comes by this edge; NULL: it does something. */
static const tsk_ir_inst *returned_at_once(const tsk_ir_edge *edge) {
    const tsk_ir_inst *last = edge->to->last;
    if (edge->to->first != last || last->op != TSK_IR_RETURN) return NULL;
    for (uint32_t i = 0; i < edge->count; i++)
        if (edge->to->params[i] == last->args[0]) return edge->args[i];
    return last->args[0];
}

/* Goes along an edge from the end of the code; `next`: the position of the block that follows there. */
static void emit_edge(tsk_codegen *cg, const tsk_ir_edge *edge, uint32_t next) {
    const tsk_ir_inst *returned = cg->ra.func->js ? returned_at_once(edge) : NULL;
    if (returned) {
        emit_return(cg, returned);
        return;
    }
    edge_moves(cg, edge);
    if (cg->ra.position[edge->to->id] == next) return;
    jump_to(cg, tsk_codegen_emit_wide(cg, TSK_OPC_JUMP, 0, 0), edge->to);
}

/* The jump of edge `e`: taken when the condition holds for the first, when it does not for the second. */
static uint32_t emit_condition(tsk_codegen *cg, const tsk_ir_inst *condition, int e) {
    if (tsk_regalloc_fused(&cg->ra, condition)) return tsk_codegen_js_branch(cg, condition, e == 0);
    return tsk_codegen_emit_wide(cg, e == 0 ? TSK_OPC_BRANCH_TRUE : TSK_OPC_BRANCH_FALSE,
                                 tsk_codegen_use(cg, condition, TSK_SCRATCH_FIRST), 0);
}

static void branch_edge(tsk_codegen *cg, const tsk_ir_block *block, int e) {
    const tsk_ir_edge *edge = &block->edges[e];
    uint32_t pc = emit_condition(cg, block->last->args[0], e);
    if (edge_has_moves(cg, edge)) {
        tsk_stub s = {pc, edge, block};
        TSK_CODEGEN_PUSH(cg, stubs, s);
    } else {
        jump_to(cg, pc, edge->to);
    }
}

static void emit_branch(tsk_codegen *cg, const tsk_ir_block *block, uint32_t at) {
    const tsk_ir_edge *yes = &block->edges[0], *no = &block->edges[1];
    bool no_is_next = cg->ra.position[no->to->id] == at + 1 && !edge_has_moves(cg, no);
    /* Back to the head of a loop by the branch itself. */
    bool yes_is_back = cg->ra.position[yes->to->id] <= at && !edge_has_moves(cg, yes);
    int taken = no_is_next || yes_is_back ? 0 : 1;
    branch_edge(cg, block, taken);
    emit_edge(cg, &block->edges[!taken], at + 1);
}

static void emit_terminator(tsk_codegen *cg, const tsk_ir_block *block, uint32_t at) {
    const tsk_ir_inst *last = block->last;
    cg->span = last->span;
    switch (last->op) {
    case TSK_IR_JUMP: emit_edge(cg, &block->edges[0], at + 1); break;
    case TSK_IR_BRANCH: emit_branch(cg, block, at); break;
    case TSK_IR_RETURN: emit_return(cg, last->args[0]); break;
    case TSK_IR_JS_THROW: tsk_codegen_js_throw(cg, last); break;
    default: tsk_codegen_emit(cg, TSK_OPC_UNREACHABLE, 0, 0, 0); break;
    }
}

/* `target` is a position in order until jumps are patched. */
static void cover(tsk_codegen *cg, const tsk_ir_block *block, uint32_t from) {
    if (!block->handler || from == cg->insns.count) return;
    uint32_t target = cg->ra.position[block->handler->id];
    tsk_bytecode_handler *last = cg->handlers.count ? &cg->handlers.at[cg->handlers.count - 1] : NULL;
    if (last && last->to == from && last->target == target) {
        last->to = cg->insns.count;
        return;
    }
    tsk_bytecode_handler handler = {from, cg->insns.count, target};
    TSK_CODEGEN_PUSH(cg, handlers, handler);
}

static void emit_blocks(tsk_codegen *cg) {
    uint32_t position = 1;
    for (uint32_t i = 0; i < cg->ra.block_count; i++) {
        const tsk_ir_block *block = cg->ra.order[i];
        cg->block_pc[i] = cg->insns.count;
        for (tsk_ir_inst *inst = block->first; inst && inst != block->last; inst = inst->next) {
            cg->span = inst->span;
            emit_inst(cg, inst, ++position);
        }
        note_place(cg, block->last, ++position);
        emit_terminator(cg, block, i);
        position++;
        cover(cg, block, cg->block_pc[i]);
    }
    for (uint32_t i = 0; i < cg->stubs.count; i++) {
        tsk_stub s = cg->stubs.at[i];
        cg->span = s.from->last->span;
        patch(cg, s.pc, cg->insns.count);
        emit_edge(cg, s.edge, TSK_NO_REG);
    }
    for (uint32_t i = 0; i < cg->fixups.count; i++)
        patch(cg, cg->fixups.at[i].pc, cg->block_pc[cg->fixups.at[i].block]);
    for (uint32_t i = 0; i < cg->handlers.count; i++) {
        tsk_bytecode_handler *handler = &cg->handlers.at[i];
        handler->target = cg->block_pc[handler->target];
    }
}

/* ---- the finished code ---- */

static void *keep(tsk_arena *arena, const void *from, size_t size) {
    if (!size) return NULL;
    return memcpy(tsk_arena_alloc(arena, size), from, size);
}

#define KEEP(cg, vector) keep((cg)->arena, (cg)->vector.at, (cg)->vector.count * sizeof *(cg)->vector.at)

static void keep_live(tsk_codegen *cg, tsk_bytecode *code) {
    const tsk_regalloc *ra = &cg->ra;
    if (!code->point_count) return;
    uint32_t count = 0;
    for (uint32_t v = 0; v < ra->value_count; v++) count += ra->reg[v] != TSK_NO_REG && ra->end[v] > ra->start[v];
    code->live = TSK_NEW_ARRAY(cg->arena, tsk_bytecode_live, count);
    for (uint32_t v = 0; v < ra->value_count; v++)
        if (ra->reg[v] != TSK_NO_REG && ra->end[v] > ra->start[v])
            code->live[code->live_count++] = (tsk_bytecode_live){ra->values[v], ra->reg[v], ra->start[v], ra->end[v]};
}

static tsk_bytecode *finish(tsk_codegen *cg) {
    tsk_ir_func *func = cg->ra.func;
    tsk_bytecode *code = TSK_NEW(cg->arena, tsk_bytecode);
    code->name = func->name;
    code->func = func;
    code->insns = KEEP(cg, insns);
    if (func->js) tsk_js_fuse(code->insns, cg->insns.count);
    code->count = cg->insns.count;
    code->regs = cg->ra.regs;
    code->frame_bytes = (uint32_t)(sizeof(tsk_frame) + code->regs * sizeof(tsk_value));
    code->params = func->params;
    code->first_param = cg->ra.first_param;
    if (func->js) {
        func->may_suspend = tsk_ir_may_suspend(func);
        tsk_codegen_js_entry(code, func);
    }
    code->effect = func->effect;
    code->consts = KEEP(cg, consts);
    code->const_count = cg->consts.count;
    code->lists = KEEP(cg, lists);
    code->list_words = cg->lists.count;
    code->funcs = KEEP(cg, funcs);
    code->func_count = cg->funcs.count;
    code->handlers = KEEP(cg, handlers);
    code->handler_count = cg->handlers.count;
    code->spans = KEEP(cg, spans);
    code->feedback = tsk_arena_zalloc(cg->arena, code->count * sizeof *code->feedback);
    code->points = KEEP(cg, points);
    code->point_count = cg->points.count;
    keep_live(cg, code);
    code->plain_args = code->countdown = UINT32_MAX;
    if (func->js && !(func->js->flags & (TSK_IR_FN_ALL_ARGS | TSK_IR_FN_CLASS)))
        code->plain_args = code->params - TSK_IR_JS_DECLARED;
    return code;
}

static void make_room_for_map(tsk_codegen *cg) {
    cg->pc_of = tsk_arena_zalloc(cg->scratch, cg->ra.value_count * sizeof *cg->pc_of);
    cg->position_of = tsk_arena_zalloc(cg->scratch, cg->ra.value_count * sizeof *cg->position_of);
}

/* False: a near jump had to go too far; that occurs in very long functions only. */
static bool generate(tsk_codegen *cg, tsk_ir_func *func, bool fuse) {
    tsk_arena *scratch = cg->scratch;
    tsk_regalloc_run(&cg->ra, func, scratch, fuse);
    cg->block_pc = TSK_NEW_ARRAY(scratch, uint32_t, cg->ra.block_count);
    cg->const_of = tsk_arena_zalloc(scratch, cg->ra.value_count * sizeof *cg->const_of);
    cg->readers = tsk_arena_zalloc(scratch, cg->ra.regs * sizeof *cg->readers);
    cg->source = tsk_arena_zalloc(scratch, cg->ra.regs * sizeof *cg->source);
    if (cg->map) make_room_for_map(cg);
    emit_blocks(cg);
    return !cg->too_far;
}

const tsk_code_map *tsk_bytecode_map(tsk_arena *arena, tsk_arena *scratch, const tsk_bytecode *code) {
    tsk_ir_func *func = code->func;
    const void *const *labels = tsk_js_loop_labels();
    tsk_codegen cg = {.arena = scratch, .scratch = scratch, .labels = labels, .temp = TSK_NO_REG, .map = true};
    if (!generate(&cg, func, true)) {
        cg = (tsk_codegen){.arena = scratch, .scratch = scratch, .labels = labels, .temp = TSK_NO_REG, .map = true};
        generate(&cg, func, false);
    }
    if (cg.ra.wide || cg.insns.count != code->count || cg.ra.regs > code->regs) return NULL;
    tsk_code_map *map = TSK_NEW(arena, tsk_code_map);
    size_t words = cg.ra.value_count * sizeof(uint32_t);
    *map = (tsk_code_map){.count = cg.ra.value_count,
                          .values = keep(arena, cg.ra.values, cg.ra.value_count * sizeof *cg.ra.values),
                          .pc = keep(arena, cg.pc_of, words),
                          .position = keep(arena, cg.position_of, words),
                          .reg = keep(arena, cg.ra.reg, words),
                          .start = keep(arena, cg.ra.start, words),
                          .end = keep(arena, cg.ra.end, words),
                          .constant = keep(arena, cg.const_of, words),
                          .order = keep(arena, cg.ra.order, cg.ra.block_count * sizeof *cg.ra.order),
                          .block_count = cg.ra.block_count};
    tsk_ir_dominators_build(&map->dominators, func, arena);
    return map;
}

const tsk_bytecode *tsk_bytecode_generate(tsk_arena *arena, tsk_arena *scratch, tsk_ir_func *func) {
    const void *const *labels = func->js ? tsk_js_loop_labels() : tsk_interp_labels();
    tsk_codegen cg = {.arena = arena, .scratch = scratch, .labels = labels, .temp = TSK_NO_REG};
    if (!generate(&cg, func, true)) {
        cg = (tsk_codegen){.arena = arena, .scratch = scratch, .labels = labels, .temp = TSK_NO_REG};
        generate(&cg, func, false);
    }
    tsk_bytecode *code = finish(&cg);
    __atomic_store_n(&func->code, code, __ATOMIC_RELEASE);
    return code;
}
