/* Arithmetic.  int32 where the operands are and the result fits (guarded), doubles where they are numbers, else the
 * runtime's operator. */
#include "backend/unit.h"

#include <string.h>

static LLVMValueRef intrinsic(tsk_jit_unit *u, const char *name, LLVMTypeRef type, LLVMValueRef *arguments,
                              unsigned n) {
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef fn = LLVMGetIntrinsicDeclaration(u->module, id, &type, 1);
    return LLVMBuildCall2(u->b, LLVMIntrinsicGetType(u->context, id, &type, 1), fn, arguments, n, "");
}

static unsigned both_kinds(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    unsigned a = tsk_jit_kinds_at(u, inst, 0);
    return inst->count > 1 ? a | tsk_jit_kinds_at(u, inst, 1) : a;
}

static LLVMValueRef i32_number(tsk_jit_unit *u, int32_t n) {
    return tsk_jit_int(u, u->i32, (uint32_t)n);
}

/* ---- int32 ---- */

static void with_overflow(tsk_jit_unit *u, const tsk_ir_inst *inst, const char *name, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef arguments[] = {a, b};
    LLVMValueRef pair = intrinsic(u, name, u->i32, arguments, 2);
    LLVMValueRef n = LLVMBuildExtractValue(u->b, pair, 0, "");
    tsk_jit_guard(u, LLVMBuildNot(u->b, LLVMBuildExtractValue(u->b, pair, 1, ""), ""));
    if (inst->op == TSK_IR_JS_MUL) { /* -0 is no int32 */
        LLVMValueRef nonzero = LLVMBuildICmp(u->b, LLVMIntNE, n, i32_number(u, 0), "");
        LLVMValueRef any_sign = LLVMBuildOr(u->b, a, b, "");
        LLVMValueRef positive = LLVMBuildICmp(u->b, LLVMIntSGE, any_sign, i32_number(u, 0), "");
        tsk_jit_guard(u, LLVMBuildOr(u->b, nonzero, positive, ""));
    }
    tsk_jit_give(u, inst, n, TSK_JIT_I32);
}

static void remainder_i32(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef a, LLVMValueRef b) {
    tsk_jit_guard(u, LLVMBuildICmp(u->b, LLVMIntSGT, b, i32_number(u, 0), ""));
    LLVMValueRef n = LLVMBuildSRem(u->b, a, b, "");
    LLVMValueRef nonzero = LLVMBuildICmp(u->b, LLVMIntNE, n, i32_number(u, 0), ""); /* -0 is no int32 */
    LLVMValueRef positive = LLVMBuildICmp(u->b, LLVMIntSGE, a, i32_number(u, 0), "");
    tsk_jit_guard(u, LLVMBuildOr(u->b, nonzero, positive, ""));
    tsk_jit_give(u, inst, n, TSK_JIT_I32);
}

static bool integers(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    LLVMValueRef a = tsk_jit_as_i32(u, inst->args[0]);
    LLVMValueRef b = inst->count > 1 ? tsk_jit_as_i32(u, inst->args[1]) : NULL;
    switch (inst->op) {
    case TSK_IR_JS_ADD: with_overflow(u, inst, "llvm.sadd.with.overflow", a, b); return true;
    case TSK_IR_JS_SUB: with_overflow(u, inst, "llvm.ssub.with.overflow", a, b); return true;
    case TSK_IR_JS_MUL: with_overflow(u, inst, "llvm.smul.with.overflow", a, b); return true;
    case TSK_IR_JS_INC: with_overflow(u, inst, "llvm.sadd.with.overflow", a, i32_number(u, 1)); return true;
    case TSK_IR_JS_DEC: with_overflow(u, inst, "llvm.ssub.with.overflow", a, i32_number(u, 1)); return true;
    case TSK_IR_JS_MOD: remainder_i32(u, inst, a, b); return true;
    case TSK_IR_JS_NEG: { /* neither 0 nor the lowest */
        LLVMValueRef low = LLVMBuildAnd(u->b, a, i32_number(u, INT32_MAX), "");
        tsk_jit_guard(u, LLVMBuildICmp(u->b, LLVMIntNE, low, i32_number(u, 0), ""));
        tsk_jit_give(u, inst, LLVMBuildNeg(u->b, a, ""), TSK_JIT_I32);
        return true;
    }
    default: return false;
    }
}

/* ---- doubles ---- */

static LLVMValueRef of_doubles(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef both[] = {a, b};
    switch (inst->op) {
    case TSK_IR_JS_ADD: return LLVMBuildFAdd(u->b, a, b, "");
    case TSK_IR_JS_SUB: return LLVMBuildFSub(u->b, a, b, "");
    case TSK_IR_JS_MUL: return LLVMBuildFMul(u->b, a, b, "");
    case TSK_IR_JS_DIV: return LLVMBuildFDiv(u->b, a, b, "");
    case TSK_IR_JS_INC: return LLVMBuildFAdd(u->b, a, LLVMConstReal(u->f64, 1), "");
    case TSK_IR_JS_DEC: return LLVMBuildFSub(u->b, a, LLVMConstReal(u->f64, 1), "");
    case TSK_IR_JS_NEG: return LLVMBuildFNeg(u->b, a, "");
    case TSK_IR_JS_MOD: return tsk_jit_call(u, TSK_NATIVE_remainder, both);
    default: return tsk_jit_call(u, TSK_NATIVE_power, both);
    }
}

/* Division of whole numbers is often a whole number, but a double does as well. */
static void doubles(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    LLVMValueRef a = tsk_jit_as_f64(u, inst->args[0]);
    LLVMValueRef b = inst->count > 1 ? tsk_jit_as_f64(u, inst->args[1]) : NULL;
    tsk_jit_give(u, inst, of_doubles(u, inst, a, b), TSK_JIT_F64);
}

/* ---- any values ---- */

static int arithmetic_number(const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_JS_SUB:
    case TSK_IR_JS_DEC:
    case TSK_IR_JS_INC: return TSK_JS_SUB;
    case TSK_IR_JS_MUL:
    case TSK_IR_JS_NEG: return TSK_JS_MUL;
    case TSK_IR_JS_DIV: return TSK_JS_DIV;
    case TSK_IR_JS_MOD: return TSK_JS_MOD;
    case TSK_IR_JS_POW: return TSK_JS_POW;
    case TSK_IR_JS_BAND: return TSK_JS_BAND;
    case TSK_IR_JS_BOR: return TSK_JS_BOR;
    case TSK_IR_JS_BXOR:
    case TSK_IR_JS_BNOT: return TSK_JS_BXOR;
    case TSK_IR_JS_SHL: return TSK_JS_SHL;
    case TSK_IR_JS_SHR: return TSK_JS_SHR;
    default: return TSK_JS_USHR;
    }
}

/* The second operand that makes a unary operation a binary one: x - -1, x - 1, x * -1, x ^ -1. */
static int32_t second_operand(const tsk_ir_inst *inst) {
    return inst->op == TSK_IR_JS_DEC ? 1 : -1;
}

static void any_values(tsk_jit_unit *u, const tsk_ir_inst *inst, tsk_jit_rep rep) {
    LLVMValueRef a = tsk_jit_boxed(u, inst->args[0]), v;
    LLVMValueRef b = inst->count > 1 ? tsk_jit_boxed(u, inst->args[1])
                                     : tsk_jit_bits(u, tsk_from_i32(second_operand(inst)));
    tsk_jit_save_pc(u);
    if (inst->op == TSK_IR_JS_ADD) {
        LLVMValueRef arguments[] = {u->js, a, b};
        v = tsk_jit_call(u, TSK_NATIVE_add, arguments);
    } else if (inst->op == TSK_IR_JS_PLUS) {
        LLVMValueRef arguments[] = {u->js, a};
        v = tsk_jit_call(u, TSK_NATIVE_to_numeric, arguments);
    } else {
        LLVMValueRef arguments[] = {u->js, i32_number(u, arithmetic_number(inst)), a, b};
        v = tsk_jit_call(u, TSK_NATIVE_arith, arguments);
    }
    tsk_jit_check_thrown(u, v);
    if (rep == TSK_JIT_I32) v = LLVMBuildTrunc(u->b, v, u->i32, ""); /* such operations give nothing else */
    tsk_jit_give(u, inst, v, rep);
}

/* ---- bits ---- */

/* ToInt32 of an operand that is a number. */
static LLVMValueRef bits_of(tsk_jit_unit *u, const tsk_ir_inst *inst, uint32_t i) {
    const tsk_ir_inst *v = inst->args[i];
    if (tsk_jit_kinds_at(u, inst, i) == TSK_TY_I32) return tsk_jit_as_i32(u, v);
    return tsk_jit_truncate(u, tsk_jit_as_f64(u, v));
}

static LLVMValueRef of_bits(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef a, LLVMValueRef b) {
    if (inst->op == TSK_IR_JS_BNOT) return LLVMBuildNot(u->b, a, "");
    if (inst->op == TSK_IR_JS_BAND) return LLVMBuildAnd(u->b, a, b, "");
    if (inst->op == TSK_IR_JS_BOR) return LLVMBuildOr(u->b, a, b, "");
    if (inst->op == TSK_IR_JS_BXOR) return LLVMBuildXor(u->b, a, b, "");
    b = LLVMBuildAnd(u->b, b, i32_number(u, 31), "");
    if (inst->op == TSK_IR_JS_SHL) return LLVMBuildShl(u->b, a, b, "");
    return inst->op == TSK_IR_JS_SHR ? LLVMBuildAShr(u->b, a, b, "") : LLVMBuildLShr(u->b, a, b, "");
}

static void bits(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    LLVMValueRef a = bits_of(u, inst, 0), b = inst->count > 1 ? bits_of(u, inst, 1) : NULL;
    LLVMValueRef n = of_bits(u, inst, a, b);
    if (inst->op != TSK_IR_JS_USHR) {
        tsk_jit_give(u, inst, n, TSK_JIT_I32);
    } else if (u->values[inst->mark].rep == TSK_JIT_I32) {
        tsk_jit_guard(u, LLVMBuildICmp(u->b, LLVMIntSGE, n, i32_number(u, 0), ""));
        tsk_jit_give(u, inst, n, TSK_JIT_I32);
    } else {
        tsk_jit_give(u, inst, LLVMBuildUIToFP(u->b, n, u->f64, ""), TSK_JIT_F64);
    }
}

bool tsk_jit_emit_number(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    unsigned op = inst->op;
    bool bitwise = op == TSK_IR_JS_BAND || op == TSK_IR_JS_BOR || op == TSK_IR_JS_BXOR || op == TSK_IR_JS_SHL ||
                   op == TSK_IR_JS_SHR || op == TSK_IR_JS_USHR || op == TSK_IR_JS_BNOT;
    if (op < TSK_IR_JS_ADD || op > TSK_IR_JS_DEC) return false;
    unsigned kinds = both_kinds(u, inst);
    bool numbers = tsk_jit_only(kinds, TSK_JIT_NUMBER);
    if (bitwise) {
        if (numbers)
            bits(u, inst);
        else
            any_values(u, inst, op == TSK_IR_JS_USHR ? TSK_JIT_BOXED : TSK_JIT_I32);
        return true;
    }
    if (!numbers) {
        any_values(u, inst, TSK_JIT_BOXED);
    } else if (op == TSK_IR_JS_PLUS) {
        if (kinds == TSK_TY_I32)
            tsk_jit_give(u, inst, tsk_jit_as_i32(u, inst->args[0]), TSK_JIT_I32);
        else
            tsk_jit_give(u, inst, tsk_jit_as_f64(u, inst->args[0]), TSK_JIT_F64);
    } else if (tsk_jit_result_kinds(u, inst) != TSK_TY_I32 || !integers(u, inst)) {
        doubles(u, inst);
    }
    return true;
}
