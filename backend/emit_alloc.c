/* What is made: objects, closures, boxes.
 *
 *   room in the piece of the heap that is being filled ─► the cell, its head and fields, stored here
 *   none                                               ─► the runtime, which may collect
 *
 * Memory that is taken is zero, and new: what is stored into it before anything else happens needs no barrier.
 */
#include "backend/unit.h"

/* The first word of a cell of a kind, with flags and class of an object. */
static uint64_t head_bits(uint8_t kind, uint8_t flags, uint8_t class) {
    union {
        tsk_heap_cell cell;
        uint64_t bits;
    } head = {{.kind = kind, .flags = flags, .aux = class}};
    return head.bits;
}

static LLVMValueRef head_with(tsk_jit_unit *u, uint8_t flags, uint8_t class, LLVMValueRef shape) {
    _Static_assert(offsetof(tsk_heap_cell, word) == 4, "the shape is the upper half");
    LLVMValueRef upper = LLVMBuildShl(u->b, LLVMBuildZExt(u->b, shape, u->i64, ""), tsk_jit_int(u, u->i64, 32), "");
    return LLVMBuildOr(u->b, upper, tsk_jit_int(u, u->i64, head_bits(TSK_JS_KIND_OBJECT, flags, class)), "");
}

static LLVMValueRef tagged(tsk_jit_unit *u, LLVMValueRef cell, unsigned tag) {
    LLVMValueRef bits = LLVMBuildPtrToInt(u->b, cell, u->i64, "");
    return LLVMBuildOr(u->b, bits, tsk_jit_int(u, u->i64, TSK_BITS((uint64_t)tag, 0)), "");
}

/* So many bytes from the piece of the heap that is being filled, where they fit. */
static LLVMValueRef take_cell(tsk_jit_unit *u, size_t size, LLVMBasicBlockRef slow) {
#ifdef TUSK_GC_STRESS
    LLVMBuildBr(u->b, slow); /* every allocation is to collect */
    tsk_jit_at(u, tsk_jit_block(u, "never"));
#endif
    LLVMValueRef cell = tsk_jit_load(u, u->ptr, u->heap, offsetof(tsk_heap, cur), TSK_JIT_STATE);
    LLVMValueRef end = tsk_jit_load(u, u->ptr, u->heap, offsetof(tsk_heap, end), TSK_JIT_STATE);
    LLVMValueRef next = tsk_jit_address(u, cell, (int64_t)((size + 15) & ~(size_t)15));
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntULE, next, end, ""), slow);
    tsk_jit_store(u, next, u->heap, offsetof(tsk_heap, cur), TSK_JIT_STATE);
    return cell;
}

/* An intrinsic object that may not be made yet. */
static LLVMValueRef intrinsic(tsk_jit_unit *u, tsk_js_intrinsic which, LLVMBasicBlockRef slow) {
    LLVMBasicBlockRef there = tsk_jit_block(u, "");
    LLVMValueRef o = tsk_jit_load(u, u->ptr, u->js, (int64_t)(offsetof(tsk_js, intrinsics) + which * sizeof(void *)),
                                  TSK_JIT_STATE);
    tsk_jit_branch(u, LLVMBuildIsNull(u->b, o, ""), slow, there, false);
    tsk_jit_at(u, there);
    return o;
}

static void fill_object(tsk_jit_unit *u, LLVMValueRef cell, LLVMValueRef head, LLVMValueRef proto) {
    tsk_jit_store(u, head, cell, 0, TSK_JIT_HEADER);
    tsk_jit_store(u, proto, cell, offsetof(tsk_js_object, proto), TSK_JIT_HEADER);
    LLVMValueRef none = tsk_jit_load(u, u->ptr, u->helpers, TSK_NATIVE_no_elements * 8, TSK_JIT_FIXED);
    tsk_jit_store(u, none, cell, offsetof(tsk_js_object, elements), TSK_JIT_HEADER);
}

/* ---- literals ---- */

/* The shape of the literal, when its slots are all in the object; NULL: none is known. */
static const tsk_js_shape *literal_shape(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    const void *const *slot = (const void *)&u->code->insns[u->map->pc[inst->mark] + 1];
    const tsk_js_shape *shape = __atomic_load_n(&slot[1], __ATOMIC_ACQUIRE);
    if (!shape || shape->count > shape->inline_slots || shape->count != inst->count) return NULL;
    return tsk_jit_knows_shape(u, shape->number) ? shape : NULL;
}

static LLVMValueRef take_object(tsk_jit_unit *u, const tsk_js_shape *shape, LLVMBasicBlockRef slow) {
    LLVMValueRef number = tsk_jit_shape(u, shape->number);
    if (u->job->flags & TSK_NATIVE_PORTABLE) { /* there may have been no room for it */
        LLVMBasicBlockRef known = tsk_jit_block(u, "");
        LLVMValueRef none = LLVMBuildICmp(u->b, LLVMIntEQ, number, tsk_jit_int(u, u->i32, 0), "");
        tsk_jit_branch(u, none, slow, known, false);
        tsk_jit_at(u, known);
    }
    LLVMValueRef proto = intrinsic(u, TSK_JS_I_ObjectPrototype, slow);
    LLVMValueRef cell = take_cell(u, shape->base + shape->inline_slots * sizeof(tsk_value), slow);
    fill_object(u, cell, head_with(u, 0, shape->cls, number), proto);
    return cell;
}

/* From the helper that makes an object of the literal's shape. */
static LLVMValueRef ask_for_object(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMBasicBlockRef slow) {
    LLVMValueRef arguments[] = {u->js, tsk_jit_insn(u, u->map->pc[inst->mark] + 1)};
    tsk_jit_save_pc(u);
    LLVMValueRef object = tsk_jit_call(u, TSK_NATIVE_literal, arguments);
    tsk_jit_need(u, LLVMBuildIsNotNull(u->b, object, ""), slow);
    return object;
}

static void fill_slots(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef object, const LLVMValueRef *values) {
    for (uint32_t i = 0; i < inst->count; i++)
        tsk_jit_store(u, values[i], object, (int64_t)(offsetof(tsk_js_object, slots) + i * sizeof(tsk_value)),
                      TSK_JIT_SLOT);
}

/* Taken or asked for, with its values: the object. */
static LLVMValueRef new_object(tsk_jit_unit *u, const tsk_ir_inst *inst, const LLVMValueRef *values,
                               LLVMBasicBlockRef slow) {
    const tsk_js_shape *shape = literal_shape(u, inst);
    LLVMBasicBlockRef full = tsk_jit_block(u, "full"), made = tsk_jit_block(u, ""), from = NULL;
    LLVMValueRef taken = NULL;
    if (shape) {
        taken = take_object(u, shape, full);
        fill_slots(u, inst, taken, values);
        from = LLVMGetInsertBlock(u->b);
        LLVMBuildBr(u->b, made);
    } else {
        LLVMBuildBr(u->b, full);
    }
    tsk_jit_at(u, full);
    LLVMValueRef asked = ask_for_object(u, inst, slow);
    fill_slots(u, inst, asked, values);
    tsk_jit_log_write(u, asked);
    LLVMBasicBlockRef from_full = LLVMGetInsertBlock(u->b);
    LLVMBuildBr(u->b, made);
    tsk_jit_at(u, made);
    return taken ? tsk_jit_meet(u, u->ptr, taken, from, asked, from_full) : asked;
}

/* The way on when something was made here; what cannot be is left to the interpreter. */
static void give_made(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef made, LLVMBasicBlockRef slow) {
    if (u->inlined) { /* slow: it leaves */
        tsk_jit_give(u, inst, made, TSK_JIT_BOXED);
        return;
    }
    LLVMBasicBlockRef from = LLVMGetInsertBlock(u->b), done = tsk_jit_block(u, "");
    LLVMBuildBr(u->b, done);
    tsk_jit_at(u, slow);
    tsk_jit_give_either(u, inst, made, from, tsk_jit_step(u, inst), done);
}

static LLVMBasicBlockRef slow_way(tsk_jit_unit *u) {
    return u->inlined ? tsk_jit_exit_block(u) : tsk_jit_block(u, "slow");
}

/* An object of the literal's shape; its values are stored here. */
static void emit_literal(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    LLVMBasicBlockRef slow = slow_way(u);
    LLVMValueRef values[inst->count + 1];
    for (uint32_t i = 0; i < inst->count; i++) values[i] = tsk_jit_boxed(u, inst->args[i]);
    give_made(u, inst, tagged(u, new_object(u, inst, values, slow), TSK_TAG_OBJECT), slow);
}

/* ---- closures, boxes ---- */

enum { MOST_CAPTURES = 64 };

/* The number of the shape that all objects of a class begin with, when one was made. */
static LLVMValueRef root_shape(tsk_jit_unit *u, tsk_js_class class, LLVMBasicBlockRef slow) {
    LLVMBasicBlockRef there = tsk_jit_block(u, "");
    LLVMValueRef roots = tsk_jit_load(u, u->ptr, u->helpers, TSK_NATIVE_class_roots * 8, TSK_JIT_FIXED);
    LLVMValueRef shape = tsk_jit_load(u, u->ptr, roots, (int64_t)(class * sizeof(void *)), TSK_JIT_STATE);
    tsk_jit_branch(u, LLVMBuildIsNull(u->b, shape, ""), slow, there, false);
    tsk_jit_at(u, there);
    return tsk_jit_load(u, u->i32, shape, offsetof(tsk_js_shape, number), TSK_JIT_FIXED);
}

/* As tsk_js_closure_new. */
static LLVMValueRef take_closure(tsk_jit_unit *u, const tsk_ir_inst *inst, const LLVMValueRef *captures,
                                 LLVMBasicBlockRef slow) {
    union {
        struct {
            uint32_t flags, count;
        };
        uint64_t bits;
    } last = {{tsk_js_closure_flags(inst->imm.func->js->flags), inst->count}};
    _Static_assert(offsetof(tsk_js_closure, count) == offsetof(tsk_js_closure, flags) + 4, "flags and count: one word");
    uint32_t index = u->code->lists[tsk_insn_wide(&u->code->insns[u->map->pc[inst->mark]]) + TSK_LIST_EXTRA];
    LLVMValueRef shape = root_shape(u, TSK_JS_CLOSURE, slow), proto = intrinsic(u, TSK_JS_I_FunctionPrototype, slow);
    LLVMValueRef funcs = tsk_jit_load(u, u->ptr, u->code_address, offsetof(tsk_bytecode, funcs), TSK_JIT_FIXED);
    LLVMValueRef func = tsk_jit_load(u, u->ptr, funcs, (int64_t)(index * sizeof(void *)), TSK_JIT_FIXED);
    LLVMValueRef cell = take_cell(u, sizeof(tsk_js_closure) + inst->count * sizeof(tsk_value), slow);
    fill_object(u, cell, head_with(u, TSK_JS_LAZY_OWN, TSK_JS_CLOSURE, shape), proto);
    tsk_jit_store(u, func, cell, offsetof(tsk_js_closure, func), TSK_JIT_HEADER);
    tsk_jit_store(u, tsk_jit_bits(u, TSK_VALUE_UNDEFINED), cell, offsetof(tsk_js_closure, fields), TSK_JIT_HEADER);
    tsk_jit_store(u, tsk_jit_int(u, u->i64, last.bits), cell, offsetof(tsk_js_closure, flags), TSK_JIT_HEADER);
    for (uint32_t i = 0; i < inst->count; i++)
        tsk_jit_store(u, captures[i], cell, (int64_t)(offsetof(tsk_js_closure, captures) + i * sizeof(tsk_value)),
                      TSK_JIT_HEADER);
    return cell;
}

static bool emit_closure(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    if (inst->count > MOST_CAPTURES) return false;
    LLVMBasicBlockRef slow = slow_way(u);
    LLVMValueRef captures[MOST_CAPTURES];
    for (uint32_t i = 0; i < inst->count; i++) captures[i] = tsk_jit_boxed(u, inst->args[i]);
    give_made(u, inst, tagged(u, take_closure(u, inst, captures, slow), TSK_TAG_OBJECT), slow);
    return true;
}

static void emit_box(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    LLVMBasicBlockRef slow = tsk_jit_block(u, "full"), done = tsk_jit_block(u, "");
    LLVMValueRef v = tsk_jit_boxed(u, inst->args[0]);
    LLVMValueRef cell = take_cell(u, sizeof(tsk_js_box), slow);
    tsk_jit_store(u, tsk_jit_int(u, u->i64, head_bits(TSK_JS_KIND_BOX, 0, 0)), cell, 0, TSK_JIT_HEADER);
    tsk_jit_store(u, v, cell, offsetof(tsk_js_box, value), TSK_JIT_SLOT);
    LLVMValueRef made = tagged(u, cell, TSK_TAG_CELL), arguments[] = {u->js, v};
    LLVMBasicBlockRef from = LLVMGetInsertBlock(u->b);
    LLVMBuildBr(u->b, done);
    tsk_jit_at(u, slow);
    tsk_jit_save_pc(u);
    tsk_jit_give_either(u, inst, made, from, tsk_jit_call(u, TSK_NATIVE_new_box, arguments), done);
}

bool tsk_jit_emit_alloc(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_JS_OBJECT: emit_literal(u, inst); return true;
    case TSK_IR_JS_CLOSURE: return emit_closure(u, inst);
    case TSK_IR_JS_BOX: emit_box(u, inst); return true;
    default: return false;
    }
}
