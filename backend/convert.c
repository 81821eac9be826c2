/* Between representations.  A NaN-boxed value has its tag in the upper 16 bits; everything below the tag of int32 is a
 * double, and every NaN is the one of tsk_from_double. */
#include "backend/unit.h"

static LLVMValueRef tagged(tsk_jit_unit *u, LLVMValueRef low, unsigned tag) {
    LLVMValueRef wide = LLVMBuildZExt(u->b, low, u->i64, "");
    return LLVMBuildOr(u->b, wide, tsk_jit_int(u, u->i64, TSK_BITS((uint64_t)tag, 0)), "");
}

static LLVMValueRef box_double(tsk_jit_unit *u, LLVMValueRef d) {
    LLVMValueRef nan = LLVMBuildFCmp(u->b, LLVMRealUNO, d, d, "");
    LLVMValueRef bits = LLVMBuildBitCast(u->b, d, u->i64, "");
    return LLVMBuildSelect(u->b, nan, tsk_jit_int(u, u->i64, 0x7FF8000000000000ull), bits, "");
}

LLVMValueRef tsk_jit_box(tsk_jit_unit *u, LLVMValueRef v, tsk_jit_rep rep) {
    switch (rep) {
    case TSK_JIT_I32: return tagged(u, v, TSK_TAG_INT);
    case TSK_JIT_F64: return box_double(u, v);
    case TSK_JIT_BOOL:
        return LLVMBuildSelect(u->b, v, tsk_jit_bits(u, TSK_VALUE_TRUE), tsk_jit_bits(u, TSK_VALUE_FALSE), "");
    default: return v;
    }
}

/* Operations whose result the interpreter makes an int32 where it is one, so that it can be an index. */
static bool is_often_whole(const tsk_ir_inst *v) {
    return v->op == TSK_IR_JS_MOD || v->op == TSK_IR_JS_DIV || v->op == TSK_IR_JS_POW || v->op == TSK_IR_JS_CALL_METHOD;
}

static LLVMValueRef box_number(tsk_jit_unit *u, LLVMValueRef d) {
    LLVMTypeRef pair_type = LLVMVectorType(u->f64, 2);
    unsigned id = LLVMLookupIntrinsicID("llvm.x86.sse2.cvttsd2si", 23); /* gives INT32_MIN for what does not fit */
    LLVMValueRef pair = LLVMBuildInsertElement(u->b, LLVMConstNull(pair_type), d, tsk_jit_int(u, u->i32, 0), "");
    LLVMValueRef n = LLVMBuildCall2(u->b, LLVMIntrinsicGetType(u->context, id, NULL, 0),
                                    LLVMGetIntrinsicDeclaration(u->module, id, NULL, 0), &pair, 1, "");
    LLVMValueRef back = LLVMBuildBitCast(u->b, LLVMBuildSIToFP(u->b, n, u->f64, ""), u->i64, "");
    LLVMValueRef bits = LLVMBuildBitCast(u->b, d, u->i64, ""); /* bits, as -0 is no int32 */
    LLVMValueRef whole = LLVMBuildICmp(u->b, LLVMIntEQ, back, bits, "");
    return LLVMBuildSelect(u->b, whole, tagged(u, n, TSK_TAG_INT), box_double(u, d), "");
}

LLVMValueRef tsk_jit_boxed(tsk_jit_unit *u, const tsk_ir_inst *v) {
    if (v->op == TSK_IR_CONST) {
        uint32_t number = u->map->constant[v->mark];
        if (tsk_tag(v->imm.value) != TSK_TAG_STR) return tsk_jit_bits(u, v->imm.value);
        return tsk_jit_load(u, u->i64, u->consts, (int64_t)(number - 1) * 8, TSK_JIT_FIXED);
    }
    LLVMValueRef ref = tsk_jit_ref(u, v);
    if (u->values[v->mark].rep == TSK_JIT_F64 && is_often_whole(v)) return box_number(u, ref);
    return tsk_jit_box(u, ref, (tsk_jit_rep)u->values[v->mark].rep);
}

LLVMValueRef tsk_jit_has_tag(tsk_jit_unit *u, LLVMValueRef boxed, unsigned tag) {
    LLVMValueRef high = LLVMBuildLShr(u->b, boxed, tsk_jit_int(u, u->i64, 48), "");
    return LLVMBuildICmp(u->b, LLVMIntEQ, high, tsk_jit_int(u, u->i64, tag), "");
}

LLVMValueRef tsk_jit_pointer(tsk_jit_unit *u, LLVMValueRef boxed) {
    LLVMValueRef bits = LLVMBuildAnd(u->b, boxed, tsk_jit_int(u, u->i64, 0xFFFFFFFFFFFFull), "");
    return LLVMBuildIntToPtr(u->b, bits, u->ptr, "");
}

static LLVMValueRef unbox_i32(tsk_jit_unit *u, LLVMValueRef boxed) {
    tsk_jit_guard(u, tsk_jit_has_tag(u, boxed, TSK_TAG_INT));
    return LLVMBuildTrunc(u->b, boxed, u->i32, "");
}

static LLVMValueRef unbox_f64(tsk_jit_unit *u, LLVMValueRef boxed) {
    LLVMBasicBlockRef real = tsk_jit_block(u, "real"), other = tsk_jit_block(u, "other"), meet = tsk_jit_block(u, "");
    LLVMValueRef is_real = LLVMBuildICmp(u->b, LLVMIntULT, boxed,
                                         tsk_jit_int(u, u->i64, TSK_BITS((uint64_t)TSK_TAG_INT, 0)), "");
    tsk_jit_branch(u, is_real, real, other, true);
    tsk_jit_at(u, other);
    LLVMValueRef whole = LLVMBuildSIToFP(u->b, unbox_i32(u, boxed), u->f64, "");
    LLVMBasicBlockRef from = LLVMGetInsertBlock(u->b);
    LLVMBuildBr(u->b, meet);
    tsk_jit_at(u, real);
    LLVMValueRef d = LLVMBuildBitCast(u->b, boxed, u->f64, "");
    LLVMBuildBr(u->b, meet);
    tsk_jit_at(u, meet);
    return tsk_jit_meet(u, u->f64, d, real, whole, from);
}

LLVMValueRef tsk_jit_unbox(tsk_jit_unit *u, LLVMValueRef boxed, tsk_jit_rep rep) {
    switch (rep) {
    case TSK_JIT_I32: return unbox_i32(u, boxed);
    case TSK_JIT_F64: return unbox_f64(u, boxed);
    case TSK_JIT_BOOL: {
        LLVMValueRef low = LLVMBuildOr(u->b, boxed, tsk_jit_int(u, u->i64, 1), "");
        tsk_jit_guard(u, LLVMBuildICmp(u->b, LLVMIntEQ, low, tsk_jit_bits(u, TSK_VALUE_TRUE), ""));
        return LLVMBuildICmp(u->b, LLVMIntEQ, boxed, tsk_jit_bits(u, TSK_VALUE_TRUE), "");
    }
    default: return boxed;
    }
}

LLVMValueRef tsk_jit_as_i32(tsk_jit_unit *u, const tsk_ir_inst *v) {
    if (u->values[v->mark].rep == TSK_JIT_I32) return tsk_jit_ref(u, v);
    return unbox_i32(u, tsk_jit_boxed(u, v));
}

LLVMValueRef tsk_jit_as_f64(tsk_jit_unit *u, const tsk_ir_inst *v) {
    switch (u->values[v->mark].rep) {
    case TSK_JIT_F64: return tsk_jit_ref(u, v);
    case TSK_JIT_I32: return LLVMBuildSIToFP(u->b, tsk_jit_ref(u, v), u->f64, "");
    default: return unbox_f64(u, tsk_jit_boxed(u, v));
    }
}

/* The conversion of the machine to 64 bits is right for what fits them; it gives INT64_MIN for what does not. */
LLVMValueRef tsk_jit_truncate(tsk_jit_unit *u, LLVMValueRef d) {
    LLVMBasicBlockRef small = tsk_jit_block(u, "small"), large = tsk_jit_block(u, "large"), meet = tsk_jit_block(u, "");
    LLVMTypeRef double_type[] = {u->f64};
    unsigned fabs_id = LLVMLookupIntrinsicID("llvm.fabs", 9);
    LLVMValueRef fabs_fn = LLVMGetIntrinsicDeclaration(u->module, fabs_id, double_type, 1);
    LLVMTypeRef fabs_type = LLVMIntrinsicGetType(u->context, fabs_id, double_type, 1);
    LLVMValueRef size = LLVMBuildCall2(u->b, fabs_type, fabs_fn, &d, 1, "");
    LLVMValueRef fits = LLVMBuildFCmp(u->b, LLVMRealOLT, size, LLVMConstReal(u->f64, 9223372036854775808.0), "");
    tsk_jit_branch(u, fits, small, large, true);
    tsk_jit_at(u, large);
    LLVMValueRef slow = tsk_jit_call(u, TSK_NATIVE_to_int32, &d);
    LLVMBuildBr(u->b, meet);
    tsk_jit_at(u, small);
    LLVMValueRef fast = LLVMBuildTrunc(u->b, LLVMBuildFPToSI(u->b, d, u->i64, ""), u->i32, "");
    LLVMBuildBr(u->b, meet);
    tsk_jit_at(u, meet);
    return tsk_jit_meet(u, u->i32, fast, small, slow, large);
}
