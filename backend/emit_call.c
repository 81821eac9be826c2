/* Calls, loop heads, iteration, exceptions that are caught.
 *
 *   callee a closure with native code, arguments that fit, room for its frame ─► frame pushed here ─► its code, directly
 *   anything else ─► operands to registers ─► the interpreter's own call, until it returns
 */
#include "backend/unit.h"

/* ---- the budget of steps ----
 *
 * A loop takes a step each turn, and a call that is made one; what is part of its caller is short.  Code with loops that
 * calls nothing but helpers keeps the budget in a register between them. */

/* Calls that are made as such: not inlined, nothing that is done in place. */
static bool is_real_call(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    if (inst->op == TSK_IR_JS_NEW) return true;
    if (inst->op != TSK_IR_JS_CALL && inst->op != TSK_IR_JS_CALL_METHOD) return false;
    return !u->inlines[inst->mark] && tsk_jit_math(u, inst) < 0 && !tsk_jit_is_char_code(u, inst);
}

void tsk_jit_begin_fuel(tsk_jit_unit *u) {
    bool loops = false;
    for (uint32_t i = 0; i < u->map->count; i++) {
        loops |= u->map->values[i]->op == TSK_IR_POLL;
        if (is_real_call(u, u->map->values[i])) return;
    }
    if (!loops) return;
    u->fuel = LLVMBuildAlloca(u->b, u->i32, "");
    tsk_jit_fuel_in(u);
}

void tsk_jit_fuel_out(tsk_jit_unit *u) {
    if (!u->fuel) return;
    LLVMValueRef fuel = LLVMBuildLoad2(u->b, u->i32, u->fuel, "");
    tsk_jit_store(u, fuel, u->ev, offsetof(tsk_eval, fuel), TSK_JIT_STATE);
}

void tsk_jit_fuel_in(tsk_jit_unit *u) {
    if (!u->fuel) return;
    LLVMBuildStore(u->b, tsk_jit_load(u, u->i32, u->ev, offsetof(tsk_eval, fuel), TSK_JIT_STATE), u->fuel);
}

static LLVMValueRef take_step(tsk_jit_unit *u) {
    LLVMValueRef fuel = u->fuel ? LLVMBuildLoad2(u->b, u->i32, u->fuel, "")
                                : tsk_jit_load(u, u->i32, u->ev, offsetof(tsk_eval, fuel), TSK_JIT_STATE);
    fuel = LLVMBuildSub(u->b, fuel, tsk_jit_int(u, u->i32, 1), "");
    if (u->fuel)
        LLVMBuildStore(u->b, fuel, u->fuel);
    else
        tsk_jit_store(u, fuel, u->ev, offsetof(tsk_eval, fuel), TSK_JIT_STATE);
    return fuel;
}

static void poll(tsk_jit_unit *u) {
    if (u->inlined) return;
    LLVMBasicBlockRef out = tsk_jit_block(u, "fuel"), go_on = tsk_jit_block(u, "");
    tsk_jit_branch(u, LLVMBuildICmp(u->b, LLVMIntSLT, take_step(u), tsk_jit_int(u, u->i32, 0), ""), out, go_on, false);
    tsk_jit_at(u, out);
    tsk_jit_save_pc(u);
    tsk_jit_check(u, tsk_jit_call(u, TSK_NATIVE_poll, &u->ev));
    LLVMBuildBr(u->b, go_on);
    tsk_jit_at(u, go_on);
}

/* ---- calls ---- */

typedef struct call_site {
    const tsk_ir_inst *inst;
    uint32_t first, count; /* arguments */
    LLVMValueRef callee, receiver;
    LLVMBasicBlockRef slow;
} call_site;

static LLVMValueRef load_state(tsk_jit_unit *u, LLVMTypeRef type, size_t offset) {
    return tsk_jit_load(u, type, u->ev, (int64_t)offset, TSK_JIT_STATE);
}

/* The function that the call has always called, when its code may be named here and takes these arguments as they are. */
static const tsk_bytecode *known_code(const tsk_jit_unit *u, const call_site *c) {
    const tsk_bytecode *code = tsk_jit_target_of(u, c->inst);
    if (!code || !(code->entry & TSK_ENTER_CALL) || code->plain_args > c->count) return NULL;
    return code == u->code || !(u->job->flags & TSK_NATIVE_PORTABLE) ? code : NULL;
}

/* The baseline code of that function, when it still is the one and has native code. */
static LLVMValueRef same_code(tsk_jit_unit *u, const call_site *c, const tsk_bytecode *known, LLVMValueRef func,
                              LLVMValueRef *native) {
    bool itself = known == u->code;
    LLVMValueRef code = itself ? u->code_address : tsk_jit_constant_address(u, known);
    LLVMValueRef wanted = itself ? tsk_jit_load(u, u->ptr, code, offsetof(tsk_bytecode, func), TSK_JIT_FIXED)
                                 : tsk_jit_constant_address(u, known->func);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntEQ, func, wanted, ""), c->slow);
    *native = tsk_jit_load(u, u->ptr, code, offsetof(tsk_bytecode, native), TSK_JIT_STATE);
    tsk_jit_need(u, LLVMBuildIsNotNull(u->b, *native, ""), c->slow);
    u->bound |= !itself;
    return code;
}

/* The baseline code of a closure that has native code and takes these arguments as they are. */
static LLVMValueRef callable_code(tsk_jit_unit *u, const call_site *c, const tsk_bytecode *known, LLVMValueRef closure,
                                  LLVMValueRef *native) {
    LLVMValueRef class = tsk_jit_load(u, u->i8, closure, offsetof(tsk_heap_cell, aux), TSK_JIT_HEADER);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntEQ, class, tsk_jit_int(u, u->i8, TSK_JS_CLOSURE), ""), c->slow);
    LLVMValueRef func = tsk_jit_load(u, u->ptr, closure, offsetof(tsk_js_closure, func), TSK_JIT_HEADER);
    if (known) return same_code(u, c, known, func, native);
    LLVMValueRef code = tsk_jit_load(u, u->ptr, func, offsetof(tsk_ir_func, code), TSK_JIT_STATE);
    tsk_jit_need(u, LLVMBuildIsNotNull(u->b, code, ""), c->slow);
    *native = tsk_jit_load(u, u->ptr, code, offsetof(tsk_bytecode, native), TSK_JIT_STATE);
    tsk_jit_need(u, LLVMBuildIsNotNull(u->b, *native, ""), c->slow);
    LLVMValueRef wanted = tsk_jit_load(u, u->i32, code, offsetof(tsk_bytecode, plain_args), TSK_JIT_HEADER);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntULE, wanted, tsk_jit_int(u, u->i32, c->count), ""), c->slow);
    return code;
}

/* Room for a frame: gives its address.  Arguments beyond those declared land in registers that are not written yet. */
static LLVMValueRef new_frame(tsk_jit_unit *u, const call_site *c, const tsk_bytecode *known, LLVMValueRef code,
                              LLVMValueRef *depth, LLVMValueRef *end) {
    LLVMValueRef size = known ? tsk_jit_int(u, u->i32, known->frame_bytes)
                              : tsk_jit_load(u, u->i32, code, offsetof(tsk_bytecode, frame_bytes), TSK_JIT_HEADER);
    size = LLVMBuildZExt(u->b, size, u->i64, "");
    LLVMValueRef free = load_state(u, u->ptr, offsetof(tsk_eval, free));
    LLVMValueRef limit = load_state(u, u->ptr, offsetof(tsk_eval, end));
    *end = LLVMBuildInBoundsGEP2(u->b, u->i8, free, &size, 1, "");
    LLVMValueRef with_arguments = tsk_jit_address(u, *end, (int64_t)c->count * 8);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntULE, with_arguments, limit, ""), c->slow);
    *depth = load_state(u, u->i32, offsetof(tsk_eval, depth));
    LLVMValueRef most = load_state(u, u->i32, offsetof(tsk_eval, limits) + offsetof(tsk_limits, calls));
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntULT, *depth, most, ""), c->slow);
    LLVMValueRef floor = load_state(u, u->ptr, offsetof(tsk_eval, stack_floor));
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntUGT, u->stack, floor, ""), c->slow);
    return free;
}

_Static_assert(offsetof(tsk_frame, dest) == offsetof(tsk_frame, thunk) + 4 &&
                   offsetof(tsk_frame, captures) == offsetof(tsk_frame, thunk) + 8,
               "thunk, dest, step and marks are one word");

static void put(tsk_jit_unit *u, LLVMValueRef v, LLVMValueRef frame, size_t offset) {
    tsk_jit_store(u, v, frame, (int64_t)offset, TSK_JIT_FRAME);
}

static void put_reg(tsk_jit_unit *u, LLVMValueRef v, LLVMValueRef frame, uint32_t reg) {
    put(u, v, frame, offsetof(tsk_frame, regs) + reg * sizeof(tsk_value));
}

static LLVMValueRef call_directly(tsk_jit_unit *u, const call_site *c) {
    LLVMValueRef native, depth, end;
    tsk_jit_need(u, tsk_jit_has_tag(u, c->callee, TSK_TAG_OBJECT), c->slow);
    const tsk_bytecode *known = known_code(u, c);
    LLVMValueRef closure = tsk_jit_pointer(u, c->callee), code = callable_code(u, c, known, closure, &native);
    LLVMValueRef frame = new_frame(u, c, known, code, &depth, &end);
    put(u, u->frame, frame, offsetof(tsk_frame, caller));
    put(u, code, frame, offsetof(tsk_frame, code));
    put(u, tsk_jit_int(u, u->i64, TSK_NO_THUNK), frame, offsetof(tsk_frame, thunk));
    put(u, tsk_jit_address(u, closure, offsetof(tsk_js_closure, captures)), frame, offsetof(tsk_frame, captures));
    put_reg(u, c->receiver, frame, TSK_IR_JS_THIS);
    put_reg(u, c->callee, frame, TSK_IR_JS_CALLEE);
    put_reg(u, tsk_jit_bits(u, TSK_VALUE_UNDEFINED), frame, TSK_IR_JS_NEW_TARGET);
    for (uint32_t i = 0; i < c->count; i++)
        put_reg(u, tsk_jit_boxed(u, c->inst->args[c->first + i]), frame, TSK_IR_JS_DECLARED + i);
    tsk_jit_store(u, frame, u->ev, offsetof(tsk_eval, top), TSK_JIT_STATE);
    tsk_jit_store(u, end, u->ev, offsetof(tsk_eval, free), TSK_JIT_STATE);
    depth = LLVMBuildAdd(u->b, depth, tsk_jit_int(u, u->i32, 1), "");
    tsk_jit_store(u, depth, u->ev, offsetof(tsk_eval, depth), TSK_JIT_STATE);
    LLVMValueRef arguments[] = {u->ev, frame};
    return LLVMBuildCall2(u->b, u->entry_type, native, arguments, 2, "");
}

/* By the runtime, at the slow way. */
static LLVMValueRef call_slowly(tsk_jit_unit *u, const call_site *c) {
    tsk_jit_at(u, c->slow);
    tsk_jit_store_operands(u, c->inst);
    LLVMValueRef arguments[] = {u->ev, u->frame, c->callee, c->receiver, tsk_jit_int(u, u->i32, c->first)};
    return tsk_jit_call(u, TSK_NATIVE_call, arguments);
}

static void emit_framed(tsk_jit_unit *u, call_site *c) {
    LLVMBasicBlockRef done = tsk_jit_block(u, "");
    LLVMValueRef quick = tsk_jit_emit_framed(u, u->framed_calls[c->inst->mark], c->callee, c->receiver, c->slow);
    LLVMBasicBlockRef from = LLVMGetInsertBlock(u->b);
    LLVMBuildBr(u->b, done);
    LLVMValueRef slow = call_slowly(u, c);
    tsk_jit_check_thrown(u, slow);
    tsk_jit_give_either(u, c->inst, quick, from, slow, done);
}

static void emit_call(tsk_jit_unit *u, call_site *c) {
    if (u->inlines[c->inst->mark]) {
        if (!u->framed) tsk_jit_save_pc(u);
        tsk_jit_emit_inlined(u, c->inst, c->callee, c->receiver);
        return;
    }
    c->slow = tsk_jit_block(u, "slow");
    tsk_jit_push_framed(u, true);
    tsk_jit_save_pc(u);
    if (u->framed_calls && u->framed_calls[c->inst->mark]) {
        emit_framed(u, c);
        return;
    }
    LLVMBasicBlockRef done = tsk_jit_block(u, "");
    LLVMValueRef quick = tsk_jit_calls_c(u, c->inst)
                             ? tsk_jit_call_c(u, c->inst, c->first, c->callee, c->receiver, c->slow)
                             : call_directly(u, c);
    LLVMBasicBlockRef from = LLVMGetInsertBlock(u->b);
    LLVMBuildBr(u->b, done);
    LLVMValueRef slow = call_slowly(u, c);
    LLVMBuildBr(u->b, done);
    tsk_jit_at(u, done);
    LLVMValueRef v = tsk_jit_meet(u, u->i64, quick, from, slow, c->slow);
    tsk_jit_check_thrown(u, v);
    tsk_jit_give(u, c->inst, v, TSK_JIT_BOXED);
}

/* ---- what needs no call ---- */

/* What the library asks C for, where the answer is at hand; else by the interpreter's own code. */
static bool emit_library(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    bool object = inst->imm.index == TSK_IR_LIBRARY_object, length = inst->imm.index == TSK_IR_LIBRARY_length;
    if ((!object && !length && inst->imm.index != TSK_IR_LIBRARY_callable) || inst->count != 1) return false;
    LLVMBasicBlockRef is = tsk_jit_block(u, ""), slow = tsk_jit_block(u, "slow"), done = tsk_jit_block(u, "");
    LLVMValueRef v = tsk_jit_boxed(u, inst->args[0]);
    tsk_jit_branch(u, tsk_jit_has_tag(u, v, TSK_TAG_OBJECT), is, slow, true);
    tsk_jit_at(u, is);
    LLVMValueRef o = tsk_jit_pointer(u, v);
    LLVMValueRef class = tsk_jit_load(u, u->i8, o, offsetof(tsk_heap_cell, aux), TSK_JIT_HEADER);
    if (object) {
        LLVMBuildBr(u->b, done);
    } else if (length) {
        LLVMBasicBlockRef array = tsk_jit_block(u, "");
        tsk_jit_branch(u, LLVMBuildICmp(u->b, LLVMIntEQ, class, tsk_jit_int(u, u->i8, TSK_JS_ARRAY), ""), array, slow,
                       true);
        tsk_jit_at(u, array);
        v = tsk_jit_load(u, u->i64, o, offsetof(tsk_js_array, length), TSK_JIT_SLOT);
        is = array;
        tsk_jit_branch(u, tsk_jit_has_tag(u, v, TSK_TAG_INT), done, slow, true);
    } else { /* callable: one of the classes that can be called */
        LLVMValueRef number = LLVMBuildSub(u->b, class, tsk_jit_int(u, u->i8, TSK_JS_CLOSURE), "");
        LLVMValueRef most = tsk_jit_int(u, u->i8, TSK_JS_BOUND - TSK_JS_CLOSURE);
        v = tsk_jit_bits(u, TSK_VALUE_UNDEFINED);
        tsk_jit_branch(u, LLVMBuildICmp(u->b, LLVMIntULE, number, most, ""), done, slow, true);
    }
    tsk_jit_at(u, slow);
    tsk_jit_give_either(u, inst, v, is, tsk_jit_step(u, inst), done);
    return true;
}

/* Not part of the code that calls. */
static bool is_made(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    return !u->inlines[inst->mark] && !(u->framed_calls && u->framed_calls[inst->mark]);
}

bool tsk_jit_emit_call(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_POLL: poll(u); return true;
    case TSK_IR_JS_CALL: {
        call_site c = {.inst = inst, .first = 2, .count = inst->count - 2};
        if (is_made(u, inst)) poll(u);
        c.callee = tsk_jit_boxed(u, inst->args[0]);
        c.receiver = tsk_jit_boxed(u, inst->args[1]);
        emit_call(u, &c);
        return true;
    }
    case TSK_IR_JS_LIBRARY: return emit_library(u, inst);
    case TSK_IR_JS_CALL_METHOD: {
        if (tsk_jit_emit_native(u, inst)) return true;
        call_site c = {.inst = inst, .first = 1, .count = inst->count - 1};
        if (is_made(u, inst)) poll(u);
        c.receiver = tsk_jit_boxed(u, inst->args[0]);
        c.callee = tsk_jit_get_named(u, inst, c.receiver);
        emit_call(u, &c);
        return true;
    }
    case TSK_IR_JS_ITER_NEXT: {
        LLVMValueRef arguments[] = {u->js, tsk_jit_boxed(u, inst->args[0])};
        tsk_jit_save_pc(u);
        LLVMValueRef v = tsk_jit_call(u, TSK_NATIVE_next, arguments);
        tsk_jit_check_thrown(u, v);
        tsk_jit_give(u, inst, v, TSK_JIT_BOXED);
        return true;
    }
    case TSK_IR_JS_CATCH:
        tsk_jit_give(u, inst, tsk_jit_call(u, TSK_NATIVE_take_exception, &u->js), TSK_JIT_BOXED);
        return true;
    default: return false;
    }
}
