/* Items of arrays and strings.
 *
 *   object, dense, index within ─► the item, unless it is a hole       string of bytes ─► its unit
 *   anything else               ─► the runtime, or, where only items were seen, the interpreter
 */
#include "backend/unit.h"

enum { ODD = TSK_JS_SPARSE | TSK_JS_EXOTIC };
enum { CAREFUL = ODD | TSK_JS_FROZEN_ELEMENTS | TSK_JS_SEALED_ELEMENTS | TSK_JS_NOT_EXTENSIBLE };

bool tsk_jit_only_items(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    return tsk_jit_seen(u, inst, 0) == TSK_TY_OBJECT && !tsk_jit_was_wrong(u, inst);
}

LLVMValueRef tsk_jit_index(tsk_jit_unit *u, const tsk_ir_inst *key, LLVMBasicBlockRef slow) {
    switch (u->values[key->mark].rep) {
    case TSK_JIT_I32: return tsk_jit_ref(u, key);
    case TSK_JIT_F64: {
        LLVMValueRef d = tsk_jit_ref(u, key);
        LLVMValueRef low = LLVMBuildFCmp(u->b, LLVMRealOGE, d, LLVMConstReal(u->f64, 0), "");
        LLVMValueRef high = LLVMBuildFCmp(u->b, LLVMRealOLT, d, LLVMConstReal(u->f64, 2147483648.0), "");
        tsk_jit_need(u, LLVMBuildAnd(u->b, low, high, ""), slow);
        LLVMValueRef index = LLVMBuildFPToSI(u->b, d, u->i32, "");
        LLVMValueRef back = LLVMBuildSIToFP(u->b, index, u->f64, "");
        tsk_jit_need(u, LLVMBuildFCmp(u->b, LLVMRealOEQ, back, d, ""), slow);
        return index;
    }
    default: {
        LLVMValueRef boxed = tsk_jit_boxed(u, key);
        tsk_jit_need(u, tsk_jit_has_tag(u, boxed, TSK_TAG_INT), slow);
        return LLVMBuildTrunc(u->b, boxed, u->i32, "");
    }
    }
}

static LLVMValueRef place_of(tsk_jit_unit *u, LLVMValueRef elements, LLVMValueRef index) {
    LLVMValueRef items = tsk_jit_address(u, elements, offsetof(tsk_js_elements, items));
    LLVMValueRef wide = LLVMBuildZExt(u->b, index, u->i64, "");
    return LLVMBuildInBoundsGEP2(u->b, u->i64, items, &wide, 1, "");
}

/* The elements of an object without any of `flags`, when the index is one of theirs; and the item's address. */
static LLVMValueRef item_address(tsk_jit_unit *u, LLVMValueRef base, LLVMValueRef index, unsigned flags,
                                 LLVMBasicBlockRef slow, LLVMValueRef *elements) {
    tsk_jit_need(u, tsk_jit_has_tag(u, base, TSK_TAG_OBJECT), slow);
    LLVMValueRef o = tsk_jit_pointer(u, base);
    LLVMValueRef has = tsk_jit_load(u, u->i8, o, offsetof(tsk_heap_cell, flags), TSK_JIT_HEADER);
    has = LLVMBuildAnd(u->b, has, tsk_jit_int(u, u->i8, flags), "");
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntEQ, has, tsk_jit_int(u, u->i8, 0), ""), slow);
    *elements = tsk_jit_load(u, u->ptr, o, offsetof(tsk_js_object, elements), TSK_JIT_HEADER);
    LLVMValueRef length = tsk_jit_load(u, u->i32, *elements, offsetof(tsk_js_elements, length), TSK_JIT_HEADER);
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntULT, index, length, ""), slow);
    return place_of(u, *elements, index);
}

/* ---- reading ---- */

/* By the helper, which is asked where the quick way, that brought `quick` to `done`, was not enough. */
static void ask_for_item(tsk_jit_unit *u, const tsk_ir_inst *inst, tsk_native_helper helper, LLVMValueRef quick,
                         LLVMBasicBlockRef slow, LLVMBasicBlockRef done) {
    LLVMBasicBlockRef from = LLVMGetInsertBlock(u->b);
    LLVMBuildBr(u->b, done);
    tsk_jit_at(u, slow);
    LLVMValueRef arguments[] = {u->js, tsk_jit_boxed(u, inst->args[0]), tsk_jit_boxed(u, inst->args[1])};
    tsk_jit_save_pc(u);
    LLVMValueRef found = tsk_jit_call(u, helper, arguments);
    tsk_jit_check_thrown(u, found);
    tsk_jit_give_either(u, inst, quick, from, found, done);
}

static void get_item(tsk_jit_unit *u, const tsk_ir_inst *inst, tsk_native_helper helper) {
    bool sure = tsk_jit_only_items(u, inst);
    LLVMBasicBlockRef slow = tsk_jit_slow_block(u, sure), good = tsk_jit_block(u, "");
    LLVMValueRef base = tsk_jit_boxed(u, inst->args[0]), index = tsk_jit_index(u, inst->args[1], slow), elements;
    if (tsk_jit_seen(u, inst, 0) == TSK_TY_STRING) {
        LLVMValueRef unit = tsk_jit_item_of_string(u, base, index, slow);
        ask_for_item(u, inst, helper, unit, slow, good);
        return;
    }
    LLVMValueRef v = tsk_jit_load(u, u->i64, item_address(u, base, index, ODD, slow, &elements), 0, TSK_JIT_ITEM);
    if (u->values[inst->mark].rep != TSK_JIT_BOXED) { /* sure, and a hole is no number */
        LLVMDeleteBasicBlock(good);
        tsk_jit_give(u, inst, v, TSK_JIT_BOXED);
        return;
    }
    LLVMValueRef hole = LLVMBuildICmp(u->b, LLVMIntEQ, v, tsk_jit_bits(u, TSK_JS_HOLE), "");
    tsk_jit_branch(u, hole, slow, good, false);
    tsk_jit_at(u, good);
    if (sure)
        tsk_jit_give(u, inst, v, TSK_JIT_BOXED);
    else
        ask_for_item(u, inst, helper, v, slow, tsk_jit_block(u, ""));
}

/* ---- writing ---- */

/* No prototype has an index, where there are two as usual: what tsk_js_array_inherits_nothing says. */
static void inherits_nothing(tsk_jit_unit *u, LLVMValueRef object, LLVMBasicBlockRef slow) {
    enum { PROTOTYPES = 2 }; /* of arrays, of objects */
    for (int i = 0; i <= PROTOTYPES; i++) {
        object = tsk_jit_load(u, u->ptr, object, offsetof(tsk_js_object, proto), TSK_JIT_HEADER);
        LLVMValueRef none = LLVMBuildIsNull(u->b, object, "");
        tsk_jit_need(u, i < PROTOTYPES ? LLVMBuildNot(u->b, none, "") : none, slow);
        if (i == PROTOTYPES) return;
        LLVMValueRef flags = tsk_jit_load(u, u->i8, object, offsetof(tsk_heap_cell, flags), TSK_JIT_HEADER);
        flags = LLVMBuildAnd(u->b, flags, tsk_jit_int(u, u->i8, ODD), "");
        LLVMValueRef elements = tsk_jit_load(u, u->ptr, object, offsetof(tsk_js_object, elements), TSK_JIT_HEADER);
        LLVMValueRef length = tsk_jit_load(u, u->i32, elements, offsetof(tsk_js_elements, length), TSK_JIT_HEADER);
        length = LLVMBuildOr(u->b, length, LLVMBuildZExt(u->b, flags, u->i32, ""), "");
        tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntEQ, length, tsk_jit_int(u, u->i32, 0), ""), slow);
    }
}

LLVMValueRef tsk_jit_append(tsk_jit_unit *u, LLVMValueRef base, const tsk_ir_inst *v, LLVMValueRef index, bool own,
                            LLVMBasicBlockRef slow) {
    tsk_jit_need(u, tsk_jit_has_tag(u, base, TSK_TAG_OBJECT), slow);
    LLVMValueRef a = tsk_jit_pointer(u, base);
    LLVMValueRef class = tsk_jit_load(u, u->i8, a, offsetof(tsk_heap_cell, aux), TSK_JIT_HEADER);
    LLVMValueRef flags = tsk_jit_load(u, u->i8, a, offsetof(tsk_heap_cell, flags), TSK_JIT_HEADER);
    flags = LLVMBuildAnd(u->b, flags, tsk_jit_int(u, u->i8, CAREFUL | TSK_JS_LENGTH_READ_ONLY), "");
    LLVMValueRef is = LLVMBuildICmp(u->b, LLVMIntEQ, class, tsk_jit_int(u, u->i8, TSK_JS_ARRAY), "");
    is = LLVMBuildAnd(u->b, is, LLVMBuildICmp(u->b, LLVMIntEQ, flags, tsk_jit_int(u, u->i8, 0), ""), "");
    tsk_jit_need(u, is, slow);
    if (!own) inherits_nothing(u, a, slow);
    LLVMValueRef length = tsk_jit_load(u, u->i32, a, offsetof(tsk_js_array, length), TSK_JIT_SLOT); /* a property */
    LLVMValueRef elements = tsk_jit_load(u, u->ptr, a, offsetof(tsk_js_object, elements), TSK_JIT_HEADER);
    LLVMValueRef used = tsk_jit_load(u, u->i32, elements, offsetof(tsk_js_elements, length), TSK_JIT_HEADER);
    LLVMValueRef capacity = tsk_jit_load(u, u->i32, elements, offsetof(tsk_js_elements, capacity), TSK_JIT_HEADER);
    LLVMValueRef fits = LLVMBuildICmp(u->b, LLVMIntEQ, used, length, "");
    if (index) fits = LLVMBuildAnd(u->b, fits, LLVMBuildICmp(u->b, LLVMIntEQ, length, index, ""), "");
    fits = LLVMBuildAnd(u->b, fits, LLVMBuildICmp(u->b, LLVMIntULT, length, capacity, ""), "");
    tsk_jit_need(u, fits, slow);
    LLVMValueRef more = LLVMBuildAdd(u->b, length, tsk_jit_int(u, u->i32, 1), "");
    LLVMValueRef place = place_of(u, elements, length), boxed = tsk_jit_boxed(u, v);
    tsk_jit_store(u, boxed, place, 0, TSK_JIT_ITEM);
    tsk_jit_store(u, more, elements, offsetof(tsk_js_elements, length), TSK_JIT_HEADER);
    tsk_jit_store(u, more, a, offsetof(tsk_js_array, length), TSK_JIT_SLOT);
    tsk_jit_wrote_at(u, elements, place, v, boxed);
    return more;
}

static void set_item(tsk_jit_unit *u, const tsk_ir_inst *inst, tsk_native_helper helper) {
    bool sure = tsk_jit_only_items(u, inst);
    LLVMBasicBlockRef slow = tsk_jit_slow_block(u, sure), good = tsk_jit_block(u, ""), done = tsk_jit_block(u, "");
    LLVMValueRef base = tsk_jit_boxed(u, inst->args[0]), v = tsk_jit_boxed(u, inst->args[2]), elements;
    LLVMValueRef index = tsk_jit_index(u, inst->args[1], slow);
    LLVMValueRef place = item_address(u, base, index, CAREFUL, slow, &elements);
    LLVMValueRef old = tsk_jit_load(u, u->i64, place, 0, TSK_JIT_ITEM);
    LLVMValueRef hole = LLVMBuildICmp(u->b, LLVMIntEQ, old, tsk_jit_bits(u, TSK_JS_HOLE), "");
    tsk_jit_branch(u, hole, slow, good, false);
    tsk_jit_at(u, good);
    tsk_jit_store(u, v, place, 0, TSK_JIT_ITEM);
    tsk_jit_wrote_at(u, elements, place, inst->args[2], v);
    LLVMBuildBr(u->b, done);
    if (sure) {
        tsk_jit_at(u, done);
        return;
    }
    tsk_jit_at(u, slow);
    slow = tsk_jit_block(u, "slow"); /* the item behind the last one, where there is room */
    tsk_jit_append(u, base, inst->args[2], tsk_jit_index(u, inst->args[1], slow), inst->op == TSK_IR_JS_PUT, slow);
    LLVMBuildBr(u->b, done);
    tsk_jit_at(u, slow);
    LLVMValueRef arguments[] = {u->js, base, tsk_jit_boxed(u, inst->args[1]), v};
    tsk_jit_save_pc(u);
    tsk_jit_check(u, tsk_jit_call(u, helper, arguments));
    LLVMBuildBr(u->b, done);
    tsk_jit_at(u, done);
}

bool tsk_jit_emit_item(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_JS_GET_INDEX: get_item(u, inst, TSK_NATIVE_get_item); return true;
    case TSK_IR_JS_ITEM: get_item(u, inst, TSK_NATIVE_library_item); return true;
    case TSK_IR_JS_SET_INDEX: set_item(u, inst, TSK_NATIVE_set_item); return true;
    case TSK_IR_JS_PUT: set_item(u, inst, TSK_NATIVE_library_put); return true;
    default: return false;
    }
}
