/* The frame of a function: entry, blocks, edges, returns; and the small change of emitting.
 *
 *   prologue: addresses, slots, parameters from the frame's registers ─► blocks in their order ─► return: frame popped
 *
 * Code that starts at a loop head has the same blocks, as far as they are reached from there; its prologue reads what is
 * live at the head.
 */
#include "backend/unit.h"

#include <string.h>

/* ---- small change ---- */

LLVMBasicBlockRef tsk_jit_block(tsk_jit_unit *u, const char *name) {
    return LLVMAppendBasicBlockInContext(u->context, u->fn, name);
}

void tsk_jit_at(tsk_jit_unit *u, LLVMBasicBlockRef block) {
    LLVMPositionBuilderAtEnd(u->b, block);
}

LLVMValueRef tsk_jit_int(const tsk_jit_unit *u, LLVMTypeRef type, uint64_t n) {
    (void)u;
    return LLVMConstInt(type, n, false);
}

LLVMValueRef tsk_jit_bits(const tsk_jit_unit *u, tsk_value v) {
    return LLVMConstInt(u->i64, v.bits, false);
}

LLVMValueRef tsk_jit_address(tsk_jit_unit *u, LLVMValueRef base, int64_t offset) {
    if (!offset) return base;
    LLVMValueRef index = LLVMConstInt(u->i64, (uint64_t)offset, true);
    return LLVMBuildInBoundsGEP2(u->b, u->i8, base, &index, 1, "");
}

static void set_alias(tsk_jit_unit *u, LLVMValueRef access, tsk_jit_memory memory) {
    LLVMSetMetadata(access, u->aliasing_kind, u->aliasing[memory]);
}

LLVMValueRef tsk_jit_load(tsk_jit_unit *u, LLVMTypeRef type, LLVMValueRef base, int64_t offset, tsk_jit_memory memory) {
    LLVMValueRef v = LLVMBuildLoad2(u->b, type, tsk_jit_address(u, base, offset), "");
    set_alias(u, v, memory);
    if (memory == TSK_JIT_FIXED)
        LLVMSetMetadata(v, u->invariant_kind,
                        LLVMMetadataAsValue(u->context, LLVMMDNodeInContext2(u->context, NULL, 0)));
    return v;
}

void tsk_jit_store(tsk_jit_unit *u, LLVMValueRef v, LLVMValueRef base, int64_t offset, tsk_jit_memory memory) {
    set_alias(u, LLVMBuildStore(u->b, v, tsk_jit_address(u, base, offset)), memory);
}

void tsk_jit_branch(tsk_jit_unit *u, LLVMValueRef condition, LLVMBasicBlockRef yes, LLVMBasicBlockRef no, bool likely) {
    LLVMValueRef br = LLVMBuildCondBr(u->b, condition, yes, no);
    LLVMSetMetadata(br, u->weight_kind, likely ? u->likely : u->unlikely);
}

void tsk_jit_need(tsk_jit_unit *u, LLVMValueRef condition, LLVMBasicBlockRef otherwise) {
    LLVMBasicBlockRef go_on = tsk_jit_block(u, "");
    tsk_jit_branch(u, condition, go_on, otherwise, true);
    tsk_jit_at(u, go_on);
}

LLVMValueRef tsk_jit_meet(tsk_jit_unit *u, LLVMTypeRef type, LLVMValueRef a, LLVMBasicBlockRef from_a, LLVMValueRef b,
                          LLVMBasicBlockRef from_b) {
    LLVMValueRef phi = LLVMBuildPhi(u->b, type, "");
    LLVMValueRef values[] = {a, b};
    LLVMBasicBlockRef blocks[] = {from_a, from_b};
    LLVMAddIncoming(phi, values, blocks, 2);
    return phi;
}

void tsk_jit_give_either(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef quick, LLVMBasicBlockRef from,
                         LLVMValueRef slow, LLVMBasicBlockRef done) {
    LLVMBasicBlockRef from_slow = LLVMGetInsertBlock(u->b);
    LLVMBuildBr(u->b, done);
    tsk_jit_at(u, done);
    tsk_jit_give(u, inst, tsk_jit_meet(u, u->i64, quick, from, slow, from_slow), TSK_JIT_BOXED);
}

/* ---- helpers ---- */

static const struct {
    const char *result, *arguments;
} signatures[TSK_NATIVE_HELPERS] = {
#define X(name, result, arguments) {result, arguments},
#include "runtime/interp/native.def"
#undef X
};

static LLVMTypeRef type_of(const tsk_jit_unit *u, char kind) {
    switch (kind) {
    case 'v': return u->i64;
    case 'p': return u->ptr;
    case 'i': return u->i32;
    case 'd': return u->f64;
    case 'b': return u->i8;
    default: return u->nothing;
    }
}

/* Computes, and looks at nothing of the eval. */
static bool only_computes(tsk_native_helper helper) {
    return helper == TSK_NATIVE_to_boolean || helper == TSK_NATIVE_remainder || helper == TSK_NATIVE_power ||
           helper == TSK_NATIVE_to_int32;
}

/* Neither allocates nor throws; exits see to that themselves. */
static bool is_quiet(tsk_native_helper helper) {
    return only_computes(helper) || helper == TSK_NATIVE_exit || helper == TSK_NATIVE_enter_failed ||
           helper == TSK_NATIVE_pop;
}

LLVMValueRef tsk_jit_call(tsk_jit_unit *u, tsk_native_helper helper, LLVMValueRef *arguments) {
    return tsk_jit_call_with(u, helper, arguments, (unsigned)strcspn(signatures[helper].arguments, "."));
}

LLVMValueRef tsk_jit_call_with(tsk_jit_unit *u, tsk_native_helper helper, LLVMValueRef *arguments, unsigned passed) {
    const char *kinds = signatures[helper].arguments;
    unsigned count = (unsigned)strcspn(kinds, ".");
    LLVMTypeRef types[8];
    u->asks |= !is_quiet(helper);
    for (unsigned i = 0; i < count; i++) types[i] = type_of(u, kinds[i]);
    char result = signatures[helper].result[0];
    LLVMTypeRef type = LLVMFunctionType(type_of(u, result), types, count, kinds[count] == '.');
    LLVMValueRef fn = tsk_jit_load(u, u->ptr, u->helpers, (int64_t)helper * 8, TSK_JIT_FIXED);
    if (!only_computes(helper)) tsk_jit_fuel_out(u);
    LLVMValueRef v = LLVMBuildCall2(u->b, type, fn, arguments, passed, "");
    if (!only_computes(helper)) tsk_jit_fuel_in(u);
    return result == 'b' ? LLVMBuildICmp(u->b, LLVMIntNE, v, tsk_jit_int(u, u->i8, 0), "") : v;
}

/* ---- values ---- */

LLVMTypeRef tsk_jit_type_for(const tsk_jit_unit *u, unsigned rep) {
    switch (rep) {
    case TSK_JIT_I32: return u->i32;
    case TSK_JIT_F64: return u->f64;
    case TSK_JIT_BOOL: return u->i1;
    default: return u->i64;
    }
}

static LLVMValueRef constant(tsk_jit_unit *u, const tsk_ir_inst *v) {
    switch (u->values[v->mark].rep) {
    case TSK_JIT_I32: return LLVMConstInt(u->i32, (uint32_t)tsk_as_i32(v->imm.value), false);
    case TSK_JIT_F64: return LLVMConstReal(u->f64, tsk_as_double(v->imm.value));
    case TSK_JIT_BOOL: return LLVMConstInt(u->i1, tsk_as_bool(v->imm.value), false);
    default: return tsk_jit_boxed(u, v);
    }
}

LLVMValueRef tsk_jit_ref(tsk_jit_unit *u, const tsk_ir_inst *v) {
    const tsk_jit_value *value = &u->values[v->mark];
    if (v->op == TSK_IR_CONST) return constant(u, v);
    return value->slot ? LLVMBuildLoad2(u->b, tsk_jit_type_for(u, value->rep), value->ref, "") : value->ref;
}

LLVMValueRef tsk_jit_changed_to(tsk_jit_unit *u, LLVMValueRef v, tsk_jit_rep from, tsk_jit_rep to) {
    if (from == to) return v;
    if (to == TSK_JIT_F64 && from == TSK_JIT_I32) return LLVMBuildSIToFP(u->b, v, u->f64, "");
    LLVMValueRef boxed = tsk_jit_box(u, v, from);
    return to == TSK_JIT_BOXED ? boxed : tsk_jit_unbox(u, boxed, to);
}

void tsk_jit_give(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef v, tsk_jit_rep rep) {
    tsk_jit_value *value = &u->values[inst->mark];
    if (value->rep == TSK_JIT_NOTHING) return;
    v = tsk_jit_changed_to(u, v, rep, (tsk_jit_rep)value->rep);
    if (value->slot)
        LLVMBuildStore(u->b, v, value->ref);
    else
        value->ref = v;
}

/* ---- entry ---- */

static LLVMValueRef new_slot(tsk_jit_unit *u, LLVMTypeRef type) {
    return LLVMBuildAlloca(u->b, type, "");
}

static bool is_live_at(const tsk_jit_unit *u, uint32_t i, uint32_t position) {
    return u->map->reg[i] != TSK_NO_REG && u->map->start[i] < position && u->map->end[i] >= position;
}

static void make_slots(tsk_jit_unit *u, const tsk_ir_inst *head) {
    for (uint32_t i = 0; i < u->map->count; i++) {
        const tsk_ir_inst *v = u->map->values[i];
        if (v->op == TSK_IR_CONST || u->values[i].rep == TSK_JIT_NOTHING) continue;
        bool live = head && is_live_at(u, i, u->map->position[head->mark]);
        if (v->op != TSK_IR_PARAM && !live) continue;
        u->values[i].slot = true;
        u->values[i].ref = new_slot(u, tsk_jit_type_for(u, u->values[i].rep));
    }
    uint32_t locals = u->code->func->js->locals;
    u->locals = tsk_arena_alloc(u->arena, locals * sizeof *u->locals);
    for (uint32_t i = 0; i < locals; i++) u->locals[i] = new_slot(u, u->i64);
}

static LLVMValueRef load_reg(tsk_jit_unit *u, uint32_t reg) {
    return tsk_jit_load(u, u->i64, u->frame, (int64_t)(offsetof(tsk_frame, regs) + reg * sizeof(tsk_value)),
                        TSK_JIT_FRAME);
}

/* Reads a value from its register; u->exit is where guards go while entering. */
static void read_value(tsk_jit_unit *u, const tsk_ir_inst *v, uint32_t reg) {
    tsk_jit_give(u, v, load_reg(u, reg), TSK_JIT_BOXED);
}

static void read_locals(tsk_jit_unit *u, bool there) {
    const tsk_ir_func *func = u->code->func;
    for (uint32_t i = 0; i < func->js->locals; i++) {
        LLVMValueRef v = there ? load_reg(u, u->code->first_param + func->params + i)
                               : tsk_jit_bits(u, TSK_VALUE_UNDEFINED);
        LLVMBuildStore(u->b, v, u->locals[i]);
    }
}

static void load_addresses(tsk_jit_unit *u) {
    u->ev = LLVMGetParam(u->fn, 0);
    u->frame = LLVMGetParam(u->fn, 1);
    u->js = tsk_jit_load(u, u->ptr, u->ev, offsetof(tsk_eval, js), TSK_JIT_FIXED);
    u->heap = tsk_jit_load(u, u->ptr, u->js, offsetof(tsk_js, heap), TSK_JIT_FIXED);
    u->helpers = tsk_jit_load(u, u->ptr, u->ev, offsetof(tsk_eval, helpers), TSK_JIT_FIXED);
    u->code_address = tsk_jit_load(u, u->ptr, u->frame, offsetof(tsk_frame, code), TSK_JIT_FIXED);
    u->insns = tsk_jit_load(u, u->ptr, u->code_address, offsetof(tsk_bytecode, insns), TSK_JIT_FIXED);
    u->consts = tsk_jit_load(u, u->ptr, u->code_address, offsetof(tsk_bytecode, consts), TSK_JIT_FIXED);
    unsigned frame_address = LLVMLookupIntrinsicID("llvm.frameaddress", 17);
    LLVMValueRef depth = tsk_jit_int(u, u->i32, 0);
    LLVMValueRef fn = LLVMGetIntrinsicDeclaration(u->module, frame_address, &u->ptr, 1);
    u->stack = LLVMBuildCall2(u->b, LLVMIntrinsicGetType(u->context, frame_address, &u->ptr, 1), fn, &depth, 1, "");
    u->captures = tsk_jit_load(u, u->ptr, u->frame, offsetof(tsk_frame, captures), TSK_JIT_FIXED);
}

static void make_entry_exit(tsk_jit_unit *u, uint32_t pc) {
    LLVMBasicBlockRef here = LLVMGetInsertBlock(u->b);
    u->exit = tsk_jit_block(u, "no_entry");
    tsk_jit_at(u, u->exit);
    tsk_jit_exit_while_entering(u, pc);
    tsk_jit_at(u, here);
}

/* The POLL where the code starts; NULL: from the beginning. */
static const tsk_ir_inst *find_head(const tsk_jit_unit *u) {
    for (uint32_t i = 0; u->job->from != TSK_NATIVE_FROM_START && i < u->map->count; i++)
        if (u->map->values[i]->op == TSK_IR_POLL && u->map->pc[i] == u->job->from) return u->map->values[i];
    return NULL;
}

static LLVMBasicBlockRef emit_prologue(tsk_jit_unit *u, const tsk_ir_inst *head) {
    u->prologue = tsk_jit_block(u, "entry");
    tsk_jit_at(u, u->prologue);
    load_addresses(u);
    make_slots(u, head);
    tsk_jit_begin_fuel(u);
    make_entry_exit(u, head ? u->job->from : 0);
    read_locals(u, head != NULL);
    const tsk_ir_block *first = u->map->order[0];
    if (head) {
        for (uint32_t i = 0; i < u->map->count; i++)
            if (u->map->values[i]->op != TSK_IR_CONST && is_live_at(u, i, u->map->position[head->mark]) &&
                (u->map->values[i]->block == head->block ||
                 tsk_ir_visible(&u->map->dominators, u->map->values[i]->block, head->block)))
                read_value(u, u->map->values[i], u->map->reg[i]);
    } else {
        for (uint32_t p = 0; p < first->param_count; p++) read_value(u, first->params[p], u->code->first_param + p);
    }
    u->exit = NULL;
    return LLVMGetInsertBlock(u->b);
}

/* ---- leaving ---- */

static LLVMValueRef has_mark(tsk_jit_unit *u, LLVMValueRef marks, unsigned mark) {
    LLVMValueRef bit = LLVMBuildAnd(u->b, marks, tsk_jit_int(u, u->i8, mark), "");
    return LLVMBuildICmp(u->b, LLVMIntNE, bit, tsk_jit_int(u, u->i8, 0), "");
}

/* What a constructor gives when its result is no object. */
static LLVMValueRef constructed_or(tsk_jit_unit *u, LLVMValueRef marks, LLVMValueRef result) {
    if (!(u->code->func->js->flags & (TSK_IR_FN_CONSTRUCTOR | TSK_IR_FN_CLASS))) return result;
    LLVMBasicBlockRef called = LLVMGetInsertBlock(u->b), made = tsk_jit_block(u, ""), meet = tsk_jit_block(u, "");
    tsk_jit_branch(u, has_mark(u, marks, TSK_FRAME_CONSTRUCTS), made, meet, false);
    tsk_jit_at(u, made);
    LLVMValueRef object = tsk_jit_load(u, u->i64, u->frame, offsetof(tsk_frame, constructed), TSK_JIT_FRAME);
    LLVMValueRef is_made = LLVMBuildICmp(u->b, LLVMIntNE, object, tsk_jit_bits(u, TSK_JS_HOLE), "");
    LLVMValueRef no_object = LLVMBuildNot(u->b, tsk_jit_has_tag(u, result, TSK_TAG_OBJECT), "");
    object = LLVMBuildSelect(u->b, LLVMBuildAnd(u->b, is_made, no_object, ""), object, result, "");
    LLVMBuildBr(u->b, meet);
    tsk_jit_at(u, meet);
    return tsk_jit_meet(u, u->i64, result, called, object, made);
}

void tsk_jit_return(tsk_jit_unit *u, LLVMValueRef boxed) {
    if (u->framed) {
        tsk_jit_return_framed(u, boxed);
        return;
    }
    LLVMBasicBlockRef first = tsk_jit_block(u, ""), usual = tsk_jit_block(u, "");
    tsk_jit_fuel_out(u);
    LLVMValueRef marks = tsk_jit_load(u, u->i8, u->frame, offsetof(tsk_frame, marks), TSK_JIT_FRAME);
    LLVMValueRef result = constructed_or(u, marks, boxed);
    tsk_jit_branch(u, has_mark(u, marks, TSK_FRAME_OF_CHUNK), first, usual, false);
    tsk_jit_at(u, first);
    tsk_jit_call(u, TSK_NATIVE_pop, &u->ev);
    LLVMBuildRet(u->b, result);
    tsk_jit_at(u, usual);
    LLVMValueRef caller = tsk_jit_load(u, u->ptr, u->frame, offsetof(tsk_frame, caller), TSK_JIT_FRAME);
    tsk_jit_store(u, caller, u->ev, offsetof(tsk_eval, top), TSK_JIT_STATE);
    LLVMValueRef depth = tsk_jit_load(u, u->i32, u->ev, offsetof(tsk_eval, depth), TSK_JIT_STATE);
    depth = LLVMBuildSub(u->b, depth, tsk_jit_int(u, u->i32, 1), "");
    tsk_jit_store(u, depth, u->ev, offsetof(tsk_eval, depth), TSK_JIT_STATE);
    tsk_jit_store(u, u->frame, u->ev, offsetof(tsk_eval, free), TSK_JIT_STATE);
    LLVMBuildRet(u->b, result);
}

/* ---- blocks ---- */

static void pass_arguments(tsk_jit_unit *u, const tsk_ir_edge *edge) {
    LLVMValueRef values[edge->count + 1];
    for (uint32_t i = 0; i < edge->count; i++) {
        const tsk_ir_inst *arg = edge->args[i];
        tsk_jit_rep to = (tsk_jit_rep)u->values[edge->to->params[i]->mark].rep;
        values[i] = to == TSK_JIT_BOXED
                        ? tsk_jit_boxed(u, arg)
                        : tsk_jit_changed_to(u, tsk_jit_ref(u, arg), (tsk_jit_rep)u->values[arg->mark].rep, to);
    }
    for (uint32_t i = 0; i < edge->count; i++)
        LLVMBuildStore(u->b, values[i], u->values[edge->to->params[i]->mark].ref);
    LLVMBuildBr(u->b, u->blocks[edge->to->id]);
}

static LLVMValueRef condition_of(tsk_jit_unit *u, const tsk_ir_inst *v) {
    if (u->values[v->mark].rep == TSK_JIT_BOOL) return tsk_jit_ref(u, v);
    return LLVMBuildICmp(u->b, LLVMIntEQ, tsk_jit_boxed(u, v), tsk_jit_bits(u, TSK_VALUE_TRUE), "");
}

static void leave_for_good(tsk_jit_unit *u) {
    tsk_jit_leave(u);
    LLVMBuildUnreachable(u->b);
}

static void emit_terminator(tsk_jit_unit *u, const tsk_ir_block *block) {
    const tsk_ir_inst *last = block->last;
    switch (last->op) {
    case TSK_IR_JUMP: pass_arguments(u, &block->edges[0]); break;
    case TSK_IR_BRANCH: {
        LLVMBasicBlockRef yes = tsk_jit_block(u, ""), no = tsk_jit_block(u, "");
        LLVMBuildCondBr(u->b, condition_of(u, last->args[0]), yes, no);
        tsk_jit_at(u, yes);
        pass_arguments(u, &block->edges[0]);
        tsk_jit_at(u, no);
        pass_arguments(u, &block->edges[1]);
        break;
    }
    case TSK_IR_RETURN:
        if (u->inlined)
            tsk_jit_return_inlined(u, last->args[0]);
        else
            tsk_jit_return(u, tsk_jit_boxed(u, last->args[0]));
        break;
    case TSK_IR_JS_THROW: {
        if (u->inlined) {
            leave_for_good(u);
            break;
        }
        LLVMValueRef arguments[] = {u->js, tsk_jit_boxed(u, last->args[0])};
        tsk_jit_save_pc(u);
        tsk_jit_call(u, TSK_NATIVE_throw_value, arguments);
        tsk_jit_throw(u);
        break;
    }
    default: leave_for_good(u); break; /* the interpreter says what there is to say */
    }
}

static void begin(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    u->inst = inst;
    u->exit = u->inlined ? tsk_jit_inlined_exit(u) : NULL;
    if (u->debug) tsk_jit_debug_place(u, u->map->pc[inst->mark]);
    if (u->checkpoint || u->inlined || inst->op == TSK_IR_CONST || inst->op == TSK_IR_PARAM) return;
    u->checkpoint = inst;
    u->shared = NULL;
}

static void emit_inst(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    begin(u, inst);
    if (inst->op == TSK_IR_CONST || inst->op == TSK_IR_PARAM) return;
    if (tsk_jit_emit_number(u, inst) || tsk_jit_emit_compare(u, inst) || tsk_jit_emit_property(u, inst) ||
        tsk_jit_emit_item(u, inst) || tsk_jit_emit_call(u, inst) || tsk_jit_emit_alloc(u, inst))
        return;
    tsk_jit_give(u, inst, tsk_jit_step(u, inst), TSK_JIT_BOXED);
}

static void emit_block(tsk_jit_unit *u, const tsk_ir_block *block, const tsk_ir_inst *head, LLVMBasicBlockRef entered) {
    u->block_throws = NULL;
    if (!u->inlined) u->checkpoint = NULL;
    tsk_jit_at(u, u->blocks[block->id]);
    for (const tsk_ir_inst *inst = block->first; inst != block->last; inst = inst->next) {
        if (inst == head) { /* the prologue comes in here */
            LLVMBasicBlockRef here = tsk_jit_block(u, "head");
            LLVMBuildBr(u->b, here);
            tsk_jit_at(u, entered);
            LLVMBuildBr(u->b, here);
            tsk_jit_at(u, here);
            u->checkpoint = NULL; /* nothing before it was done on that way */
        }
        emit_inst(u, inst);
        if (!u->inlined && !tsk_jit_is_pure(u, inst)) u->checkpoint = NULL;
    }
    begin(u, block->last);
    emit_terminator(u, block);
}

static void reach(tsk_jit_unit *u, const tsk_ir_block *block) {
    const tsk_ir_block **waiting = tsk_arena_alloc(u->arena, (u->map->block_count + 1) * sizeof *waiting);
    uint32_t count = 0;
    u->blocks[block->id] = tsk_jit_block(u, "");
    waiting[count++] = block;
    while (count) {
        block = waiting[--count];
        const tsk_ir_block *next[] = {block->edges[0].to, block->edges[1].to, block->handler};
        for (size_t i = 0; i < TSK_COUNT(next); i++) {
            if (!next[i] || u->blocks[next[i]->id]) continue;
            u->blocks[next[i]->id] = tsk_jit_block(u, "");
            waiting[count++] = next[i];
        }
    }
}

void tsk_jit_emit_blocks(tsk_jit_unit *u) {
    u->blocks = tsk_arena_zalloc(u->arena, u->code->func->block_count * sizeof *u->blocks);
    reach(u, u->map->order[0]);
    LLVMBuildBr(u->b, u->blocks[u->map->order[0]->id]);
    for (uint32_t i = 0; i < u->map->block_count; i++)
        if (u->blocks[u->map->order[i]->id]) emit_block(u, u->map->order[i], NULL, NULL);
}

bool tsk_jit_emit_function(tsk_jit_unit *u) {
    const tsk_ir_inst *head = find_head(u);
    if (!head && u->job->from != TSK_NATIVE_FROM_START) return false;
    u->blocks = tsk_arena_zalloc(u->arena, u->code->func->block_count * sizeof *u->blocks);
    LLVMBasicBlockRef entered = emit_prologue(u, head);
    reach(u, head ? head->block : u->map->order[0]);
    tsk_jit_at(u, entered);
    if (!head) LLVMBuildBr(u->b, u->blocks[u->map->order[0]->id]);
    for (uint32_t i = 0; i < u->map->block_count; i++) {
        const tsk_ir_block *block = u->map->order[i];
        if (u->blocks[block->id]) emit_block(u, block, head, entered);
    }
    return true;
}
