/* Comparisons and truth: bools in registers. */
#include "backend/unit.h"

static bool is_equality(const tsk_ir_inst *inst) {
    return inst->op >= TSK_IR_JS_EQ && inst->op <= TSK_IR_JS_DIFFERENT;
}

static bool is_negated(const tsk_ir_inst *inst) {
    return inst->op == TSK_IR_JS_NE || inst->op == TSK_IR_JS_DIFFERENT;
}

static void give(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef truth, bool negated) {
    tsk_jit_give(u, inst, negated ? LLVMBuildNot(u->b, truth, "") : truth, TSK_JIT_BOOL);
}

/* ---- numbers ---- */

static LLVMIntPredicate int_predicate(const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_JS_LT: return LLVMIntSLT;
    case TSK_IR_JS_LE: return LLVMIntSLE;
    case TSK_IR_JS_GT: return LLVMIntSGT;
    case TSK_IR_JS_GE: return LLVMIntSGE;
    default: return is_negated(inst) ? LLVMIntNE : LLVMIntEQ;
    }
}

/* Every relation with NaN is false, only "not equal" is true. */
static LLVMRealPredicate real_predicate(const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_JS_LT: return LLVMRealOLT;
    case TSK_IR_JS_LE: return LLVMRealOLE;
    case TSK_IR_JS_GT: return LLVMRealOGT;
    case TSK_IR_JS_GE: return LLVMRealOGE;
    default: return is_negated(inst) ? LLVMRealUNE : LLVMRealOEQ;
    }
}

static void numbers(tsk_jit_unit *u, const tsk_ir_inst *inst, unsigned kinds) {
    const tsk_ir_inst *a = inst->args[0], *b = inst->args[1];
    LLVMValueRef truth;
    if (kinds == TSK_TY_I32) {
        LLVMValueRef x = tsk_jit_as_i32(u, a);
        truth = LLVMBuildICmp(u->b, int_predicate(inst), x, tsk_jit_as_i32(u, b), "");
    } else {
        LLVMValueRef x = tsk_jit_as_f64(u, a);
        truth = LLVMBuildFCmp(u->b, real_predicate(inst), x, tsk_jit_as_f64(u, b), "");
    }
    tsk_jit_give(u, inst, truth, TSK_JIT_BOOL);
}

/* ---- any values ---- */

static LLVMValueRef is_nullish(tsk_jit_unit *u, LLVMValueRef boxed) {
    LLVMValueRef low = LLVMBuildOr(u->b, boxed, tsk_jit_int(u, u->i64, 1), "");
    return LLVMBuildICmp(u->b, LLVMIntEQ, low, tsk_jit_bits(u, TSK_VALUE_UNDEFINED), "");
}

/* A constant whose bits say everything. */
static bool is_plain_constant(const tsk_ir_inst *v) {
    return v->op == TSK_IR_CONST && tsk_tag(v->imm.value) == TSK_TAG_CONST;
}

static LLVMValueRef strictly_equal(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    LLVMValueRef a = tsk_jit_boxed(u, inst->args[0]), b = tsk_jit_boxed(u, inst->args[1]);
    LLVMValueRef same = LLVMBuildICmp(u->b, LLVMIntEQ, a, b, "");
    if (is_plain_constant(inst->args[0]) || is_plain_constant(inst->args[1])) return same;
    LLVMBasicBlockRef check = tsk_jit_block(u, ""), slow = tsk_jit_block(u, ""), meet = tsk_jit_block(u, "");
    /* The same bits and no double, or an object: decided. */
    LLVMValueRef no_double = LLVMBuildICmp(u->b, LLVMIntUGE, a,
                                           tsk_jit_int(u, u->i64, TSK_BITS((uint64_t)TSK_TAG_INT, 0)), "");
    LLVMValueRef equal = LLVMBuildAnd(u->b, same, no_double, "");
    LLVMValueRef object = LLVMBuildOr(u->b, tsk_jit_has_tag(u, a, TSK_TAG_OBJECT),
                                      tsk_jit_has_tag(u, b, TSK_TAG_OBJECT), "");
    LLVMBuildBr(u->b, check);
    tsk_jit_at(u, check);
    tsk_jit_branch(u, LLVMBuildOr(u->b, equal, object, ""), meet, slow, true);
    tsk_jit_at(u, slow);
    LLVMValueRef arguments[] = {u->js, a, b};
    tsk_jit_save_pc(u);
    LLVMValueRef answer = tsk_jit_call(u, TSK_NATIVE_strict_equals, arguments);
    LLVMBuildBr(u->b, meet);
    tsk_jit_at(u, meet);
    return tsk_jit_meet(u, u->i1, equal, check, answer, slow);
}

static LLVMValueRef answer_of(tsk_jit_unit *u, LLVMValueRef answer) {
    tsk_jit_check(u, LLVMBuildICmp(u->b, LLVMIntSGE, answer, tsk_jit_int(u, u->i32, 0), ""));
    return LLVMBuildICmp(u->b, LLVMIntNE, answer, tsk_jit_int(u, u->i32, 0), "");
}

static bool is_null_constant(const tsk_ir_inst *v) {
    return v->op == TSK_IR_CONST && tsk_is_null(v->imm.value);
}

static LLVMValueRef loosely_equal(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    if (is_null_constant(inst->args[1])) return is_nullish(u, tsk_jit_boxed(u, inst->args[0]));
    if (is_null_constant(inst->args[0])) return is_nullish(u, tsk_jit_boxed(u, inst->args[1]));
    LLVMValueRef arguments[] = {u->js, tsk_jit_boxed(u, inst->args[0]), tsk_jit_boxed(u, inst->args[1])};
    tsk_jit_save_pc(u);
    return answer_of(u, tsk_jit_call(u, TSK_NATIVE_loose_equals, arguments));
}

static LLVMValueRef relation(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    static const int relations[] = {[TSK_IR_JS_LT - TSK_IR_JS_LT] = TSK_JS_LT,
                                    [TSK_IR_JS_LE - TSK_IR_JS_LT] = TSK_JS_LE,
                                    [TSK_IR_JS_GT - TSK_IR_JS_LT] = TSK_JS_GT,
                                    [TSK_IR_JS_GE - TSK_IR_JS_LT] = TSK_JS_GE};
    LLVMValueRef number = tsk_jit_int(u, u->i32, (uint64_t)relations[inst->op - TSK_IR_JS_LT]);
    LLVMValueRef arguments[] = {u->js, number, tsk_jit_boxed(u, inst->args[0]), tsk_jit_boxed(u, inst->args[1])};
    tsk_jit_save_pc(u);
    return answer_of(u, tsk_jit_call(u, TSK_NATIVE_compare, arguments));
}

/* ---- truth ---- */

static LLVMValueRef truth_of_any(tsk_jit_unit *u, LLVMValueRef v) {
    LLVMBasicBlockRef other = tsk_jit_block(u, ""), slow = tsk_jit_block(u, ""), meet = tsk_jit_block(u, "");
    LLVMBasicBlockRef first = LLVMGetInsertBlock(u->b);
    LLVMValueRef is_true = LLVMBuildICmp(u->b, LLVMIntEQ, v, tsk_jit_bits(u, TSK_VALUE_TRUE), "");
    tsk_jit_branch(u, tsk_jit_has_tag(u, v, TSK_TAG_CONST), meet, other, true);
    tsk_jit_at(u, other);
    tsk_jit_branch(u, tsk_jit_has_tag(u, v, TSK_TAG_OBJECT), meet, slow, true);
    tsk_jit_at(u, slow);
    LLVMValueRef answer = tsk_jit_call(u, TSK_NATIVE_to_boolean, &v);
    LLVMBuildBr(u->b, meet);
    tsk_jit_at(u, meet);
    LLVMValueRef phi = LLVMBuildPhi(u->b, u->i1, "");
    LLVMValueRef values[] = {is_true, LLVMConstInt(u->i1, 1, false), answer};
    LLVMBasicBlockRef from[] = {first, other, slow};
    LLVMAddIncoming(phi, values, from, 3);
    return phi;
}

static LLVMValueRef truth_of(tsk_jit_unit *u, const tsk_ir_inst *v) {
    switch (u->values[v->mark].rep) {
    case TSK_JIT_BOOL: return tsk_jit_ref(u, v);
    case TSK_JIT_I32: return LLVMBuildICmp(u->b, LLVMIntNE, tsk_jit_ref(u, v), tsk_jit_int(u, u->i32, 0), "");
    case TSK_JIT_F64: return LLVMBuildFCmp(u->b, LLVMRealONE, tsk_jit_ref(u, v), LLVMConstReal(u->f64, 0), "");
    default: return truth_of_any(u, tsk_jit_boxed(u, v));
    }
}

static LLVMValueRef is_bits(tsk_jit_unit *u, const tsk_ir_inst *v, tsk_value what) {
    return LLVMBuildICmp(u->b, LLVMIntEQ, tsk_jit_boxed(u, v), tsk_jit_bits(u, what), "");
}

static bool emit_unary(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_JS_TRUTH: give(u, inst, truth_of(u, inst->args[0]), false); return true;
    case TSK_IR_JS_NOT: give(u, inst, truth_of(u, inst->args[0]), true); return true;
    case TSK_IR_JS_NULLISH: give(u, inst, is_nullish(u, tsk_jit_boxed(u, inst->args[0])), false); return true;
    case TSK_IR_JS_IS_UNDEFINED: give(u, inst, is_bits(u, inst->args[0], TSK_VALUE_UNDEFINED), false); return true;
    case TSK_IR_JS_IS_HOLE: give(u, inst, is_bits(u, inst->args[0], TSK_JS_HOLE), false); return true;
    case TSK_IR_JS_TYPEOF: {
        LLVMValueRef v = tsk_jit_boxed(u, inst->args[0]);
        LLVMValueRef name = LLVMBuildPtrToInt(u->b, tsk_jit_call(u, TSK_NATIVE_type_name, &v), u->i64, "");
        name = LLVMBuildOr(u->b, name, tsk_jit_int(u, u->i64, TSK_BITS((uint64_t)TSK_TAG_STR, 0)), "");
        tsk_jit_give(u, inst, name, TSK_JIT_BOXED);
        return true;
    }
    default: return false;
    }
}

bool tsk_jit_emit_compare(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    bool relates = inst->op >= TSK_IR_JS_LT && inst->op <= TSK_IR_JS_GE;
    if (!relates && !is_equality(inst)) return emit_unary(u, inst);
    unsigned kinds = tsk_jit_kinds_at(u, inst, 0) | tsk_jit_kinds_at(u, inst, 1);
    if (tsk_jit_only(kinds, TSK_JIT_NUMBER))
        numbers(u, inst, kinds);
    else if (relates)
        give(u, inst, relation(u, inst), false);
    else if (inst->op == TSK_IR_JS_SAME || inst->op == TSK_IR_JS_DIFFERENT)
        give(u, inst, strictly_equal(u, inst), is_negated(inst));
    else
        give(u, inst, loosely_equal(u, inst), is_negated(inst));
    return true;
}
