/* Calls of functions of C, Math, and units of strings.
 *
 *   callee is of C ─► one that is done here: push, charCodeAt, fromCharCode ─► its value
 *                  └► arguments to the machine stack ─► the function, directly
 */
#include "backend/unit.h"

#include "runtime/js/math.h"

#include <string.h>

/* ---- which ---- */

static bool is_method(const tsk_ir_inst *inst, const char *name, uint32_t arguments) {
    if (inst->op != TSK_IR_JS_CALL_METHOD || inst->count != arguments + 1) return false;
    tsk_slice text = tsk_as_slice(inst->imm.value);
    return text.len == strlen(name) && !memcmp(text.ptr, name, text.len);
}

bool tsk_jit_calls_c(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    if (u->job->flags & TSK_NATIVE_GENERIC || inst->count > TSK_JIT_C_ARGUMENTS) return false;
    if (inst->op == TSK_IR_JS_CALL_METHOD && tsk_jit_seen(u, inst, 0) == TSK_TY_STRING) return true;
    return u->code->targets &&
           __atomic_load_n(&u->code->targets[u->map->pc[inst->mark]], __ATOMIC_RELAXED) == TSK_NATIVE_C;
}

bool tsk_jit_is_char_code(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    if (!is_method(inst, "charCodeAt", 1) || u->job->flags & TSK_NATIVE_GENERIC || tsk_jit_was_wrong(u, inst))
        return false;
    return tsk_jit_seen(u, inst, 0) == TSK_TY_STRING && tsk_jit_only(tsk_jit_kinds_at(u, inst, 1), TSK_TY_I32);
}

/* ---- conditions ---- */

static LLVMValueRef has_none(tsk_jit_unit *u, LLVMValueRef flags, unsigned of) {
    LLVMValueRef odd = LLVMBuildAnd(u->b, flags, tsk_jit_int(u, u->i8, of), "");
    return LLVMBuildICmp(u->b, LLVMIntEQ, odd, tsk_jit_int(u, u->i8, 0), "");
}

static LLVMValueRef load_helper(tsk_jit_unit *u, tsk_native_helper number) {
    return tsk_jit_load(u, u->ptr, u->helpers, (int64_t)number * 8, TSK_JIT_FIXED);
}

/* What describes the function of C that `callee` is. */
static LLVMValueRef spec_of(tsk_jit_unit *u, LLVMValueRef callee, LLVMBasicBlockRef otherwise) {
    tsk_jit_need(u, tsk_jit_has_tag(u, callee, TSK_TAG_OBJECT), otherwise);
    LLVMValueRef o = tsk_jit_pointer(u, callee);
    LLVMValueRef class = tsk_jit_load(u, u->i8, o, offsetof(tsk_heap_cell, aux), TSK_JIT_HEADER);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntEQ, class, tsk_jit_int(u, u->i8, TSK_JS_NATIVE), ""), otherwise);
    return tsk_jit_load(u, u->ptr, o, offsetof(tsk_js_native, spec), TSK_JIT_HEADER);
}

/* Is it this one? */
static LLVMValueRef is_function(tsk_jit_unit *u, LLVMValueRef spec, tsk_native_helper which) {
    LLVMValueRef fn = tsk_jit_load(u, u->ptr, spec, offsetof(tsk_js_native_spec, fn), TSK_JIT_HEADER);
    return LLVMBuildICmp(u->b, LLVMIntEQ, fn, load_helper(u, which), "");
}

/* The method that the call finds is this function of C with this data; anything else leaves, by the way that it gives. */
static LLVMBasicBlockRef need_method(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef base, tsk_native_helper fn,
                                     unsigned data) {
    LLVMBasicBlockRef leave = tsk_jit_exit_block(u);
    tsk_jit_stress(u);
    LLVMValueRef spec = spec_of(u, tsk_jit_find_method(u, inst, base), leave);
    tsk_jit_need(u, is_function(u, spec, fn), leave);
    LLVMTypeRef i16 = LLVMInt16TypeInContext(u->context);
    LLVMValueRef is = tsk_jit_load(u, i16, spec, offsetof(tsk_js_native_spec, data), TSK_JIT_HEADER);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntEQ, is, tsk_jit_int(u, i16, data), ""), leave);
    return leave;
}

/* ---- Math ---- */

static LLVMValueRef math_intrinsic(tsk_jit_unit *u, const char *name, LLVMValueRef x) {
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef fn = LLVMGetIntrinsicDeclaration(u->module, id, &u->f64, 1);
    return LLVMBuildCall2(u->b, LLVMIntrinsicGetType(u->context, id, &u->f64, 1), fn, &x, 1, "");
}

static LLVMValueRef math_of(tsk_jit_unit *u, int number, LLVMValueRef x) {
    switch (number) {
    case TSK_JS_MATH_ABS: return math_intrinsic(u, "llvm.fabs", x);
    case TSK_JS_MATH_SQRT: return math_intrinsic(u, "llvm.sqrt", x);
    case TSK_JS_MATH_FLOOR: return math_intrinsic(u, "llvm.floor", x);
    case TSK_JS_MATH_CEIL: return math_intrinsic(u, "llvm.ceil", x);
    case TSK_JS_MATH_TRUNC: return math_intrinsic(u, "llvm.trunc", x);
    default: {
        LLVMValueRef table = tsk_jit_load(u, u->ptr, u->helpers, TSK_NATIVE_math_functions * 8, TSK_JIT_FIXED);
        LLVMValueRef fn = tsk_jit_load(u, u->ptr, table, number * 8, TSK_JIT_FIXED);
        return LLVMBuildCall2(u->b, LLVMFunctionType(u->f64, &u->f64, 1, false), fn, &x, 1, "");
    }
    }
}

/* Math.f(number). */
static bool emit_math(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    int number = tsk_jit_math(u, inst);
    if (number < 0 || u->values[inst->mark].rep != TSK_JIT_F64) return false;
    LLVMValueRef x = tsk_jit_as_f64(u, inst->args[1]);
    need_method(u, inst, tsk_jit_boxed(u, inst->args[0]), TSK_NATIVE_math_unary, (unsigned)number);
    tsk_jit_give(u, inst, math_of(u, number, x), TSK_JIT_F64);
    return true;
}

/* ---- strings ---- */

/* The unit at `index` of a string that is flat and of bytes. */
static LLVMValueRef unit_at(tsk_jit_unit *u, LLVMValueRef string, LLVMValueRef index, LLVMBasicBlockRef otherwise) {
    tsk_jit_need(u, tsk_jit_has_tag(u, string, TSK_TAG_STR), otherwise);
    LLVMValueRef s = tsk_jit_pointer(u, string);
    LLVMValueRef length = tsk_jit_load(u, u->i32, s, offsetof(tsk_js_string, length), TSK_JIT_HEADER);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntULT, index, length, ""), otherwise);
    LLVMValueRef flags = tsk_jit_load(u, u->i8, s, offsetof(tsk_heap_cell, flags), TSK_JIT_HEADER);
    tsk_jit_need(u, has_none(u, flags, TSK_JS_WIDE), otherwise);
    LLVMValueRef chars = tsk_jit_load(u, u->ptr, s, offsetof(tsk_js_string, chars), TSK_JIT_HEADER);
    tsk_jit_need(u, LLVMBuildIsNotNull(u->b, chars, ""), otherwise);
    LLVMValueRef wide = LLVMBuildZExt(u->b, index, u->i64, "");
    return tsk_jit_load(u, u->i8, LLVMBuildInBoundsGEP2(u->b, u->i8, chars, &wide, 1, ""), 0, TSK_JIT_ITEM);
}

static LLVMValueRef char_string(tsk_jit_unit *u, LLVMValueRef unit) {
    LLVMValueRef index = LLVMBuildZExt(u->b, unit, u->i64, ""), all = load_helper(u, TSK_NATIVE_char_strings);
    LLVMValueRef place = LLVMBuildInBoundsGEP2(u->b, u->ptr, all, &index, 1, "");
    LLVMValueRef bits = LLVMBuildPtrToInt(u->b, tsk_jit_load(u, u->ptr, place, 0, TSK_JIT_FIXED), u->i64, "");
    return LLVMBuildOr(u->b, bits, tsk_jit_int(u, u->i64, TSK_BITS((uint64_t)TSK_TAG_STR, 0)), "");
}

LLVMValueRef tsk_jit_item_of_string(tsk_jit_unit *u, LLVMValueRef string, LLVMValueRef index, LLVMBasicBlockRef slow) {
    return char_string(u, unit_at(u, string, index, slow));
}

/* string.charCodeAt(int32) within the string; everything else is left to the interpreter. */
static bool emit_char_code(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    if (!tsk_jit_is_char_code(u, inst)) return false;
    LLVMValueRef index = tsk_jit_as_i32(u, inst->args[1]), string = tsk_jit_boxed(u, inst->args[0]);
    LLVMBasicBlockRef leave = need_method(u, inst, string, TSK_NATIVE_unit_at, TSK_JS_CHAR_CODE_AT);
    tsk_jit_give(u, inst, LLVMBuildZExt(u->b, unit_at(u, string, index, leave), u->i32, ""), TSK_JIT_I32);
    return true;
}

/* ---- calls ---- */

typedef struct c_call {
    const tsk_ir_inst *inst;
    uint32_t first, count; /* arguments */
    LLVMValueRef callee, receiver, spec;
} c_call;

/* Room on the machine stack for the arguments of one call. */
static LLVMValueRef room(tsk_jit_unit *u) {
    if (u->c_room) return u->c_room;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(u->b);
    LLVMPositionBuilderBefore(u->b, LLVMGetFirstInstruction(u->prologue));
    u->c_room = LLVMBuildAlloca(u->b, LLVMArrayType2(u->i64, TSK_JIT_C_ARGUMENTS + sizeof(tsk_js_args) / 8), "");
    tsk_jit_at(u, here);
    return u->c_room;
}

/* As tsk_js_call_native. */
static LLVMValueRef call_it(tsk_jit_unit *u, const c_call *c, LLVMBasicBlockRef slow) {
    LLVMValueRef flags = tsk_jit_load(u, u->i8, c->spec, offsetof(tsk_js_native_spec, flags), TSK_JIT_HEADER);
    tsk_jit_need(u, has_none(u, flags, 0xFF & ~TSK_JS_CONSTRUCTOR), slow);
    LLVMValueRef depth = tsk_jit_load(u, u->i32, u->js, offsetof(tsk_js, depth), TSK_JIT_STATE);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntULT, depth, tsk_jit_int(u, u->i32, TSK_JS_MAX_C_DEPTH), ""), slow);
    LLVMValueRef deeper = LLVMBuildAdd(u->b, depth, tsk_jit_int(u, u->i32, 1), "");
    tsk_jit_store(u, deeper, u->js, offsetof(tsk_js, depth), TSK_JIT_STATE);
    LLVMValueRef args = room(u), values = tsk_jit_address(u, args, sizeof(tsk_js_args));
    tsk_jit_store(u, c->receiver, args, offsetof(tsk_js_args, this_value), TSK_JIT_FRAME);
    tsk_jit_store(u, tsk_jit_bits(u, TSK_VALUE_UNDEFINED), args, offsetof(tsk_js_args, new_target), TSK_JIT_FRAME);
    tsk_jit_store(u, tsk_jit_pointer(u, c->callee), args, offsetof(tsk_js_args, callee), TSK_JIT_FRAME);
    tsk_jit_store(u, tsk_jit_int(u, u->i32, c->count), args, offsetof(tsk_js_args, count), TSK_JIT_FRAME);
    tsk_jit_store(u, values, args, offsetof(tsk_js_args, values), TSK_JIT_FRAME);
    for (uint32_t i = 0; i < c->count; i++)
        tsk_jit_store(u, tsk_jit_boxed(u, c->inst->args[c->first + i]), values, i * 8, TSK_JIT_FRAME);
    LLVMValueRef fn = tsk_jit_load(u, u->ptr, c->spec, offsetof(tsk_js_native_spec, fn), TSK_JIT_HEADER);
    LLVMTypeRef types[] = {u->ptr, u->ptr};
    LLVMValueRef arguments[] = {u->js, args};
    u->asks = true;
    LLVMValueRef v = LLVMBuildCall2(u->b, LLVMFunctionType(u->i64, types, 2, false), fn, arguments, 2, "");
    tsk_jit_store(u, depth, u->js, offsetof(tsk_js, depth), TSK_JIT_STATE);
    return v;
}

/* array.push(v) where there is room: the new length. */
static LLVMValueRef push(tsk_jit_unit *u, const c_call *c, LLVMBasicBlockRef otherwise) {
    tsk_jit_need(u, is_function(u, c->spec, TSK_NATIVE_array_push), otherwise);
    return tsk_jit_box(u, tsk_jit_append(u, c->receiver, c->inst->args[c->first], NULL, false, otherwise), TSK_JIT_I32);
}

/* String.fromCharCode(int32 below 256). */
static LLVMValueRef from_char_code(tsk_jit_unit *u, const c_call *c, LLVMBasicBlockRef otherwise) {
    tsk_jit_need(u, is_function(u, c->spec, TSK_NATIVE_from_char_code), otherwise);
    LLVMValueRef unit = tsk_jit_index(u, c->inst->args[c->first], otherwise);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntULT, unit, tsk_jit_int(u, u->i32, 256), ""), otherwise);
    return char_string(u, unit);
}

/* What is done here of it, if anything. */
static LLVMValueRef done_here(tsk_jit_unit *u, const c_call *c, LLVMBasicBlockRef otherwise) {
    if (is_method(c->inst, "push", 1)) return push(u, c, otherwise);
    if (is_method(c->inst, "fromCharCode", 1)) return from_char_code(u, c, otherwise);
    return NULL;
}

LLVMValueRef tsk_jit_call_c(tsk_jit_unit *u, const tsk_ir_inst *inst, uint32_t first, LLVMValueRef callee,
                            LLVMValueRef receiver, LLVMBasicBlockRef slow) {
    c_call c = {inst, first, inst->count - first, callee, receiver, spec_of(u, callee, slow)};
    LLVMBasicBlockRef other = tsk_jit_block(u, ""), done = tsk_jit_block(u, "");
    LLVMValueRef quick = done_here(u, &c, other);
    LLVMBasicBlockRef from = LLVMGetInsertBlock(u->b);
    LLVMBuildBr(u->b, quick ? done : other);
    tsk_jit_at(u, other);
    LLVMValueRef called = call_it(u, &c, slow);
    if (!quick) {
        LLVMDeleteBasicBlock(done);
        return called;
    }
    LLVMBasicBlockRef from_call = LLVMGetInsertBlock(u->b);
    LLVMBuildBr(u->b, done);
    tsk_jit_at(u, done);
    return tsk_jit_meet(u, u->i64, quick, from, called, from_call);
}

bool tsk_jit_emit_native(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    return emit_math(u, inst) || emit_char_code(u, inst);
}
