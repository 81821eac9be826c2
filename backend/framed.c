/* Calls whose function is part of the code that calls it and has a frame, as large functions and those that call others do.
 *
 *   call ─► one function was seen there ─► guard: still that function, room for its frame ─► its blocks ─► result
 *                                              └► otherwise it is called as usual
 *
 *   its frame lies behind that of the caller and is written only where somebody may look at it:
 *
 *     blocks ─► a call, or what may throw or allocate: frame pushed ─► ...        return: popped, also when it never was
 *            └► a guard fails: frame pushed, the interpreter runs it to its end ─► its value, and the caller goes on
 *
 * So an exit is one of that function alone, and the caller stays native code.  Whoever is part of another function has no
 * other with a frame in it, but may have those that need none (inline.c).
 */
#include "backend/unit.h"

enum { MOST_INSTRUCTIONS = 80, MOST_TOGETHER = 100 };

struct tsk_jit_framed {
    tsk_jit_body body;
    /* while it is emitted */
    LLVMBasicBlockRef after, thrown;
    LLVMValueRef result; /* slot */
    LLVMValueRef outer_frame, callee, depth;
    bool *pushed; /* by block: the frame is there when the block ends */
};

/* ---- which ---- */

static bool is_suitable(const tsk_jit_unit *u, const tsk_ir_inst *call, const tsk_bytecode *code,
                        const tsk_code_map *map) {
    uint32_t given = call->count - tsk_jit_first_argument(call);
    bool itself = code == u->job->code; /* needs no address of this process */
    if (!map || !(code->entry & TSK_ENTER_CALL) || code->func->js->locals || given < code->plain_args) return false;
    if (u->job->flags & TSK_NATIVE_PORTABLE && !itself) return false;
    for (uint32_t i = 0; i < map->block_count; i++)
        if (map->order[i]->handler) return false;
    return code->count <= MOST_INSTRUCTIONS;
}

static tsk_jit_unit enter(tsk_jit_unit *u, tsk_jit_framed *in) {
    tsk_jit_unit outer = tsk_jit_enter(u, &in->body);
    u->framed = in;
    return outer;
}

static void find_kinds(tsk_jit_unit *u, tsk_jit_framed *in) {
    const tsk_ir_block *first = in->body.map->order[0];
    tsk_jit_unit outer = enter(u, in);
    tsk_jit_prepare_body(u, &in->body);
    for (uint32_t p = 0; p < first->param_count; p++) {
        const tsk_ir_inst *argument = tsk_jit_argument_for(in->body.call, p);
        unsigned given = argument ? outer.values[argument->mark].kinds : TSK_TY_ALL & ~TSK_JIT_NUMBER;
        in->body.values[first->params[p]->mark].kinds = (uint16_t)(given ? given : TSK_TY_ALL);
    }
    tsk_jit_settle_kinds(u);
    *u = outer;
}

tsk_jit_framed **tsk_jit_find_framed(tsk_jit_unit *u) {
    uint32_t together = 0;
    tsk_jit_framed **found = tsk_arena_zalloc(u->arena, u->map->count * sizeof *found);
    for (uint32_t i = 0; i < u->map->count; i++) {
        const tsk_ir_inst *call = u->map->values[i];
        const tsk_bytecode *code = u->inlines[i] ? NULL : tsk_jit_target_of(u, call);
        const tsk_code_map *map = code ? __atomic_load_n(&code->map, __ATOMIC_ACQUIRE) : NULL;
        if (!code || !is_suitable(u, call, code, map) || together + code->count > MOST_TOGETHER) continue;
        together += code->count;
        found[i] = tsk_arena_zalloc(u->arena, sizeof *found[i]);
        *found[i] = (tsk_jit_framed){.body = {.code = code, .map = map, .call = call}};
        found[i]->body.values = tsk_arena_zalloc(u->arena, map->count * sizeof *found[i]->body.values);
        found[i]->pushed = tsk_arena_zalloc(u->arena, code->func->block_count * sizeof *found[i]->pushed);
        find_kinds(u, found[i]);
    }
    return found;
}

/* ---- the frame ---- */

static void put(tsk_jit_unit *u, LLVMValueRef v, size_t offset) {
    tsk_jit_store(u, v, u->frame, (int64_t)offset, TSK_JIT_FRAME);
}

static void put_state(tsk_jit_unit *u, LLVMValueRef v, size_t offset) {
    tsk_jit_store(u, v, u->ev, (int64_t)offset, TSK_JIT_STATE);
}

static bool is_pushed(const tsk_jit_unit *u) {
    const tsk_jit_framed *in = u->framed;
    for (uint32_t i = 0; i < in->body.map->block_count; i++) {
        const tsk_ir_block *block = in->body.map->order[i];
        if (in->pushed[block->id] &&
            (block == u->inst->block || tsk_ir_visible(&in->body.map->dominators, block, u->inst->block)))
            return true;
    }
    return false;
}

void tsk_jit_write_frame(tsk_jit_unit *u) {
    const tsk_jit_framed *in = u->framed;
    put(u, in->outer_frame, offsetof(tsk_frame, caller));
    put(u, u->code_address, offsetof(tsk_frame, code));
    put(u, tsk_jit_int(u, u->i64, TSK_NO_THUNK), offsetof(tsk_frame, thunk));
    put(u, u->captures, offsetof(tsk_frame, captures));
    put_state(u, u->frame, offsetof(tsk_eval, top));
    put_state(u, tsk_jit_address(u, u->frame, in->body.code->frame_bytes), offsetof(tsk_eval, free));
    put_state(u, LLVMBuildAdd(u->b, in->depth, tsk_jit_int(u, u->i32, 1), ""), offsetof(tsk_eval, depth));
}

void tsk_jit_push_framed(tsk_jit_unit *u, bool lasts) {
    const tsk_jit_framed *in = u->framed;
    if (!in || u->inlined || is_pushed(u)) return;
    tsk_jit_write_frame(u);
    if (lasts) in->pushed[u->inst->block->id] = true;
}

/* As it was before the call. */
static void pop(tsk_jit_unit *u) {
    const tsk_jit_framed *in = u->framed;
    put_state(u, in->outer_frame, offsetof(tsk_eval, top));
    put_state(u, u->frame, offsetof(tsk_eval, free));
    put_state(u, in->depth, offsetof(tsk_eval, depth));
}

void tsk_jit_return_framed(tsk_jit_unit *u, LLVMValueRef boxed) {
    pop(u);
    LLVMBuildStore(u->b, boxed, u->framed->result);
    LLVMBuildBr(u->b, u->framed->after);
}

/* Leaves for the interpreter, which runs the frame to its end. */
void tsk_jit_left_framed(tsk_jit_unit *u, LLVMValueRef value) {
    LLVMBuildStore(u->b, value, u->framed->result);
    LLVMValueRef thrown = LLVMBuildICmp(u->b, LLVMIntEQ, value, tsk_jit_bits(u, TSK_JS_THROWN), "");
    tsk_jit_branch(u, thrown, u->framed->thrown, u->framed->after, false);
}

void tsk_jit_unwind_framed(tsk_jit_unit *u) {
    pop(u);
    LLVMBuildBr(u->b, u->framed->thrown);
}

/* ---- the call ---- */

/* It still is that function, which gives its closure; and there is room for its frame. */
static LLVMValueRef check_call(tsk_jit_unit *u, tsk_jit_framed *in, LLVMBasicBlockRef slow) {
    bool itself = in->body.code == u->job->code;
    tsk_jit_need(u, tsk_jit_has_tag(u, in->callee, TSK_TAG_OBJECT), slow);
    LLVMValueRef closure = tsk_jit_pointer(u, in->callee);
    LLVMValueRef class = tsk_jit_load(u, u->i8, closure, offsetof(tsk_heap_cell, aux), TSK_JIT_HEADER);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntEQ, class, tsk_jit_int(u, u->i8, TSK_JS_CLOSURE), ""), slow);
    LLVMValueRef func = tsk_jit_load(u, u->ptr, closure, offsetof(tsk_js_closure, func), TSK_JIT_HEADER);
    LLVMValueRef wanted = itself ? tsk_jit_load(u, u->ptr, u->code_address, offsetof(tsk_bytecode, func), TSK_JIT_FIXED)
                                 : tsk_jit_constant_address(u, in->body.code->func);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntEQ, func, wanted, ""), slow);
    LLVMValueRef end = tsk_jit_address(u, u->frame, (int64_t)u->code->frame_bytes + in->body.code->frame_bytes);
    LLVMValueRef limit = tsk_jit_load(u, u->ptr, u->ev, offsetof(tsk_eval, end), TSK_JIT_STATE);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntULE, end, limit, ""), slow);
    in->depth = tsk_jit_load(u, u->i32, u->ev, offsetof(tsk_eval, depth), TSK_JIT_STATE);
    LLVMValueRef most = tsk_jit_load(u, u->i32, u->ev, offsetof(tsk_eval, limits) + offsetof(tsk_limits, calls),
                                     TSK_JIT_STATE);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntULT, in->depth, most, ""), slow);
    return closure;
}

/* The unit becomes that of the function, with nothing emitted yet. */
static tsk_jit_unit begin(tsk_jit_unit *u, tsk_jit_framed *in, LLVMValueRef closure) {
    bool itself = in->body.code == u->job->code;
    LLVMValueRef frame = tsk_jit_address(u, u->frame, u->code->frame_bytes);
    tsk_jit_unit outer = enter(u, in);
    u->frame = frame;
    u->captures = tsk_jit_address(u, closure, offsetof(tsk_js_closure, captures));
    if (!itself) {
        u->code_address = tsk_jit_constant_address(u, in->body.code);
        u->insns = tsk_jit_constant_address(u, in->body.code->insns);
        u->consts = tsk_jit_constant_address(u, in->body.code->consts);
        u->bound = true;
    }
    u->unwinding = u->block_throws = u->exit = u->shared = NULL;
    u->checkpoint = NULL;
    u->framed_calls = NULL;
    return outer;
}

LLVMValueRef tsk_jit_emit_framed(tsk_jit_unit *u, tsk_jit_framed *in, LLVMValueRef callee, LLVMValueRef receiver,
                                 LLVMBasicBlockRef slow) {
    in->callee = callee;
    in->outer_frame = u->frame;
    in->after = tsk_jit_block(u, "");
    in->thrown = tsk_jit_throws(u);
    in->result = tsk_jit_slot_at_entry(u, TSK_JIT_BOXED);
    LLVMValueRef closure = check_call(u, in, slow);
    uint32_t count = in->body.map->order[0]->param_count;
    LLVMValueRef values[count + 1];
    tsk_jit_rep reps[count + 1];
    tsk_jit_take_arguments(u, in->body.call, count, callee, receiver, values, reps);
    tsk_jit_unit outer = begin(u, in, closure);
    tsk_jit_give_arguments(u, values, reps);
    tsk_jit_emit_blocks(u);
    tsk_jit_go_back(u, &outer);
    tsk_jit_at(u, in->after);
    return LLVMBuildLoad2(u->b, u->i64, in->result, "");
}
