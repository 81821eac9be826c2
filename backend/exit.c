/* Leaving native code: into the interpreter, or by an exception.
 *
 *   guard ─► exit block of the instruction: live values and what they are to a helper, which goes on interpreting
 *   helper gave THROWN ─► handler of the block, unless a limit was reached ─► or pop the frame, return THROWN
 *
 * All guards of a block share one exit until something happens that the interpreter must not do again: it goes on where
 * the first of them stands, and does once more what only computes.  Which instruction had the guard is left in the eval.
 */
#include "backend/unit.h"

static LLVMValueRef reg_address(tsk_jit_unit *u, uint32_t reg) {
    return tsk_jit_address(u, u->frame, (int64_t)(offsetof(tsk_frame, regs) + reg * sizeof(tsk_value)));
}

static void store_reg(tsk_jit_unit *u, uint32_t reg, LLVMValueRef boxed) {
    tsk_jit_store(u, boxed, reg_address(u, reg), 0, TSK_JIT_FRAME);
}

/* Is the value computed on every way to the instruction? */
static bool is_there(const tsk_jit_unit *u, const tsk_ir_inst *v, const tsk_ir_inst *at) {
    const tsk_jit_value *value = &u->values[v->mark];
    if (v->op == TSK_IR_CONST || value->slot) return true;
    if (!value->ref) return false;
    if (v->block == at->block) return v->mark < at->mark;
    return tsk_ir_visible(&u->map->dominators, v->block, at->block);
}

/* The arguments of a call of the exit helper, and what describes them. */
typedef struct passing {
    LLVMValueRef *arguments;
    uint32_t *words;
    unsigned argument_count, word_count;
} passing;

static void pass(passing *p, uint32_t reg, tsk_native_passed how, LLVMValueRef v) {
    p->words[p->word_count++] = reg << 3 | how;
    p->arguments[p->argument_count++] = v;
}

static void pass_value(tsk_jit_unit *u, passing *p, const tsk_ir_inst *v) {
    uint32_t reg = u->map->reg[v->mark];
    if (v->op == TSK_IR_CONST && u->map->constant[v->mark]) {
        p->words[p->word_count++] = reg << 3 | TSK_PASSED_CONST;
        p->words[p->word_count++] = u->map->constant[v->mark] - 1;
        return;
    }
    switch (u->values[v->mark].rep) {
    case TSK_JIT_I32: pass(p, reg, TSK_PASSED_I32, tsk_jit_ref(u, v)); break;
    case TSK_JIT_F64: pass(p, reg, TSK_PASSED_F64, tsk_jit_ref(u, v)); break;
    case TSK_JIT_BOOL: pass(p, reg, TSK_PASSED_BOOL, LLVMBuildZExt(u->b, tsk_jit_ref(u, v), u->i32, "")); break;
    default: pass(p, reg, TSK_PASSED_VALUE, tsk_jit_boxed(u, v)); break;
    }
}

static void pass_live(tsk_jit_unit *u, passing *p, const tsk_ir_inst *at) {
    uint32_t position = u->map->position[at->mark];
    for (uint32_t i = 0; i < u->map->count; i++) {
        const tsk_ir_inst *v = u->map->values[i];
        if (u->map->reg[i] == TSK_NO_REG || u->map->start[i] >= position || u->map->end[i] < position) continue;
        if (is_there(u, v, at)) pass_value(u, p, v);
    }
    const tsk_ir_func *func = u->code->func;
    for (uint32_t i = 0; i < func->js->locals; i++)
        pass(p, u->code->first_param + func->params + i, TSK_PASSED_VALUE,
             LLVMBuildLoad2(u->b, u->i64, u->locals[i], ""));
}

/* A tsk_native_exit in the constants of the object. */
static LLVMValueRef description(tsk_jit_unit *u, const passing *p, uint32_t pc) {
    LLVMValueRef *words = tsk_arena_alloc(u->arena, (p->word_count + 2) * sizeof *words);
    words[0] = tsk_jit_int(u, u->i32, pc);
    words[1] = tsk_jit_int(u, u->i32, p->word_count);
    for (unsigned i = 0; i < p->word_count; i++) words[i + 2] = tsk_jit_int(u, u->i32, p->words[i]);
    LLVMValueRef all = LLVMConstArray2(u->i32, words, p->word_count + 2);
    LLVMValueRef global = LLVMAddGlobal(u->module, LLVMTypeOf(all), "exit");
    LLVMSetInitializer(global, all);
    LLVMSetGlobalConstant(global, true);
    LLVMSetLinkage(global, LLVMPrivateLinkage);
    return global;
}

static void emit_exit(tsk_jit_unit *u, const tsk_ir_inst *at) {
    size_t most = u->map->count + u->code->func->js->locals + 3;
    passing p = {.arguments = tsk_arena_alloc(u->arena, most * sizeof *p.arguments),
                 .words = tsk_arena_alloc(u->arena, 2 * most * sizeof *p.words),
                 .argument_count = 3};
    pass_live(u, &p, at);
    p.arguments[0] = u->ev;
    p.arguments[1] = u->frame;
    p.arguments[2] = description(u, &p, u->map->pc[at->mark]);
    if (u->framed) tsk_jit_write_frame(u);
    LLVMValueRef v = tsk_jit_call_with(u, u->framed ? TSK_NATIVE_exit_framed : TSK_NATIVE_exit, p.arguments,
                                       p.argument_count);
    if (u->framed)
        tsk_jit_left_framed(u, v);
    else
        LLVMBuildRet(u->b, v);
}

LLVMBasicBlockRef tsk_jit_exit_block(tsk_jit_unit *u) {
    if (u->exit) return u->exit;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(u->b);
    if (!u->shared) {
        u->shared = tsk_jit_block(u, "exit");
        tsk_jit_at(u, u->shared);
        emit_exit(u, u->checkpoint);
    }
    u->exit = tsk_jit_block(u, "guard");
    tsk_jit_at(u, u->exit);
    LLVMValueRef pc = tsk_jit_int(u, u->i32, u->map->pc[u->inst->mark]);
    tsk_jit_store(u, pc, u->ev, offsetof(tsk_eval, left_at), TSK_JIT_STATE);
    LLVMBuildBr(u->b, u->shared);
    tsk_jit_at(u, here);
    return u->exit;
}

void tsk_jit_exit_while_entering(tsk_jit_unit *u, uint32_t pc) {
    LLVMValueRef arguments[] = {u->ev, u->frame, tsk_jit_int(u, u->i32, pc)};
    LLVMBuildRet(u->b, tsk_jit_call(u, TSK_NATIVE_enter_failed, arguments));
}

void tsk_jit_stress(tsk_jit_unit *u) {
    if (!(u->job->flags & TSK_NATIVE_STRESS)) return;
    LLVMBasicBlockRef go_on = tsk_jit_block(u, "");
    LLVMValueRef left = tsk_jit_load(u, u->i32, u->ev, offsetof(tsk_eval, exits_in), TSK_JIT_STATE);
    left = LLVMBuildSub(u->b, left, tsk_jit_int(u, u->i32, 1), "");
    tsk_jit_store(u, left, u->ev, offsetof(tsk_eval, exits_in), TSK_JIT_STATE);
    LLVMValueRef stays = LLVMBuildICmp(u->b, LLVMIntSGE, left, tsk_jit_int(u, u->i32, 0), "");
    tsk_jit_branch(u, stays, go_on, tsk_jit_exit_block(u), true);
    tsk_jit_at(u, go_on);
}

void tsk_jit_guard(tsk_jit_unit *u, LLVMValueRef condition) {
    tsk_jit_stress(u);
    tsk_jit_need(u, condition, tsk_jit_exit_block(u));
}

void tsk_jit_leave(tsk_jit_unit *u) {
    LLVMBuildBr(u->b, tsk_jit_exit_block(u));
    tsk_jit_at(u, tsk_jit_block(u, "never"));
}

LLVMValueRef tsk_jit_insn(tsk_jit_unit *u, uint32_t pc) {
    return tsk_jit_address(u, u->insns, (int64_t)pc * (int64_t)sizeof(tsk_insn));
}

void tsk_jit_save_pc(tsk_jit_unit *u) {
    if (u->inlined) return; /* it is at the call */
    tsk_jit_push_framed(u, false);
    tsk_jit_store(u, tsk_jit_insn(u, u->map->pc[u->inst->mark]), u->frame, offsetof(tsk_frame, pc), TSK_JIT_FRAME);
}

/* ---- exceptions ---- */

static LLVMBasicBlockRef unwinding(tsk_jit_unit *u) {
    if (u->unwinding) return u->unwinding;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(u->b);
    u->unwinding = tsk_jit_block(u, "unwind");
    tsk_jit_at(u, u->unwinding);
    if (u->framed) {
        tsk_jit_unwind_framed(u);
    } else {
        tsk_jit_call(u, TSK_NATIVE_pop, &u->ev);
        LLVMBuildRet(u->b, tsk_jit_bits(u, TSK_JS_THROWN));
    }
    tsk_jit_at(u, here);
    return u->unwinding;
}

LLVMBasicBlockRef tsk_jit_throws(tsk_jit_unit *u) {
    const tsk_ir_block *handler = u->inst->block->handler;
    if (!handler) return unwinding(u);
    if (u->block_throws) return u->block_throws;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(u->b), unwind = unwinding(u);
    u->block_throws = tsk_jit_block(u, "thrown");
    tsk_jit_at(u, u->block_throws);
    LLVMValueRef limit = tsk_jit_load(u, u->i8, u->js, offsetof(tsk_js, uncatchable), TSK_JIT_STATE);
    LLVMValueRef caught = LLVMBuildICmp(u->b, LLVMIntEQ, limit, tsk_jit_int(u, u->i8, 0), "");
    tsk_jit_branch(u, caught, u->blocks[handler->id], unwind, true);
    tsk_jit_at(u, here);
    return u->block_throws;
}

void tsk_jit_throw(tsk_jit_unit *u) {
    LLVMBuildBr(u->b, tsk_jit_throws(u));
}

void tsk_jit_check(tsk_jit_unit *u, LLVMValueRef not_thrown) {
    LLVMBasicBlockRef go_on = tsk_jit_block(u, "");
    tsk_jit_branch(u, not_thrown, go_on, tsk_jit_throws(u), true);
    tsk_jit_at(u, go_on);
}

void tsk_jit_check_thrown(tsk_jit_unit *u, LLVMValueRef boxed) {
    tsk_jit_check(u, LLVMBuildICmp(u->b, LLVMIntNE, boxed, tsk_jit_bits(u, TSK_JS_THROWN), ""));
}

/* ---- instructions that helpers do ---- */

void tsk_jit_store_operands(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    for (uint32_t i = 0; i < inst->count; i++)
        if (inst->args[i]->op != TSK_IR_CONST)
            store_reg(u, u->map->reg[inst->args[i]->mark], tsk_jit_boxed(u, inst->args[i]));
}

LLVMValueRef tsk_jit_step(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    LLVMValueRef arguments[] = {u->ev, u->frame};
    tsk_jit_save_pc(u);
    tsk_jit_store_operands(u, inst);
    LLVMValueRef v = tsk_jit_call(u, TSK_NATIVE_step, arguments);
    tsk_jit_check_thrown(u, v);
    return v;
}
