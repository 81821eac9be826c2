/* The kinds of operands that instructions of numbers see, and the functions that calls call, noted in the feedback of the code.
 *
 *   handler of the instruction ◄─► the one that notes first and then goes on with it
 */
#include "runtime/interp/native.h"

#include "runtime/interp/js_access.h"
#include "runtime/interp/js_loop.h"

static unsigned kind_of(tsk_value v) {
    if (tsk_is_double(v)) return TSK_TY_DOUBLE;
    if (tsk_is_i32(v)) return TSK_TY_I32;
    if (tsk_js_is_string(v)) return TSK_TY_STRING;
    if (tsk_js_is_object(v)) return TSK_TY_OBJECT;
    if (tsk_is_bool(v)) return TSK_TY_BOOL;
    return tsk_is_null(v) ? TSK_TY_NULL : TSK_TY_CELL;
}

/* Where the operands stand: registers, TSK_NO_REG where there is none or it is a number in the instruction. */
static bool operands_of(const tsk_insn *pc, uint32_t *left, uint32_t *right) {
    unsigned op = pc->op;
    *left = *right = TSK_NO_REG;
    if ((op >= TSK_OPC_JS_ADD && op <= TSK_OPC_JS_USHR) || (op >= TSK_OPC_JS_EQ && op <= TSK_OPC_JS_GE) ||
        op == TSK_OPC_JS_GET_INDEX || op == TSK_OPC_JS_ITEM) {
        *left = pc->b;
        *right = pc->c;
    } else if ((op >= TSK_OPC_JS_ADD_I && op <= TSK_OPC_JS_DEC) || op == TSK_OPC_JS_NOT || op == TSK_OPC_JS_TRUTH ||
               op == TSK_OPC_JS_GET) {
        *left = pc->b;
    } else if ((op >= TSK_OPC_JS_IF_LT && op <= TSK_OPC_JS_IF_NOT_EQ) || op == TSK_OPC_JS_SET_INDEX ||
               op == TSK_OPC_JS_PUT) {
        *left = pc->a;
        *right = pc->b;
    } else if (op >= TSK_OPC_JS_IF_LT_I && op <= TSK_OPC_JS_IF_NOT_HOLE) {
        *left = pc->a;
    } else {
        return false;
    }
    return true;
}

/* int32 operands whose result is none. */
static bool leaves_i32(unsigned op, int32_t a, int32_t b) {
    int32_t n;
    switch (op) {
    case TSK_OPC_JS_ADD:
    case TSK_OPC_JS_ADD_I: return __builtin_add_overflow(a, b, &n);
    case TSK_OPC_JS_SUB:
    case TSK_OPC_JS_SUB_I: return __builtin_sub_overflow(a, b, &n);
    case TSK_OPC_JS_MUL:
    case TSK_OPC_JS_MUL_I: return __builtin_mul_overflow(a, b, &n) || (!n && (a | b) < 0);
    case TSK_OPC_JS_MOD:
    case TSK_OPC_JS_MOD_I: return b <= 0 || (a < 0 && a % b == 0);
    case TSK_OPC_JS_USHR:
    case TSK_OPC_JS_USHR_I: return a < 0 && !(b & 31);
    case TSK_OPC_JS_NEG: return !(a & INT32_MAX);
    case TSK_OPC_JS_INC: return a == INT32_MAX;
    case TSK_OPC_JS_DEC: return a == INT32_MIN;
    default: return false;
    }
}

/* An access that is not to an item of a dense array. */
static bool leaves_items(unsigned op, tsk_value base, tsk_value key) {
    bool get = op == TSK_OPC_JS_GET_INDEX || op == TSK_OPC_JS_ITEM;
    if (!get && op != TSK_OPC_JS_SET_INDEX && op != TSK_OPC_JS_PUT) return false;
    if (tsk_js_is_hole(tsk_js_item_quickly(base, key))) return true;
    return !get && tsk_js_as_object(base)->cell.flags & TSK_JS_CAREFUL_ELEMENTS;
}

static bool is_call(unsigned op) {
    return op == TSK_OPC_JS_CALL || op == TSK_OPC_JS_CALL_METHOD;
}

/* The callee, or the object whose method it is. */
static tsk_value receiver_of(const tsk_bytecode *code, const tsk_insn *pc, const tsk_value *regs) {
    tsk_operands o = {regs, code->consts, code->lists + tsk_insn_wide(pc)};
    return tsk_operand(&o, 0);
}

/* The function that a call is going to call. */
static void note_target(const tsk_bytecode *code, const tsk_insn *pc, const tsk_value *regs) {
    const tsk_ir_func **targets = __atomic_load_n(&code->targets, __ATOMIC_ACQUIRE), **known, *func = TSK_NATIVE_MANY;
    if (!targets) return;
    known = &targets[pc - code->insns];
    tsk_value callee = receiver_of(code, pc, regs);
    if (pc->op == TSK_OPC_JS_CALL_METHOD) {
        const tsk_js_name_slot *name = (const void *)(pc + 1);
        if (!tsk_js_is_object(callee)) return;
        callee = tsk_js_get_quickly(tsk_js_as_object(callee), name->cache);
        if (tsk_js_is_hole(callee)) return;
    }
    if (tsk_js_is_class(callee, TSK_JS_CLOSURE))
        func = ((const tsk_js_closure *)(const void *)tsk_js_as_object(callee))->func;
    else if (tsk_js_is_class(callee, TSK_JS_NATIVE) && !tsk_js_is_forwarder(callee))
        func = TSK_NATIVE_C;
    const tsk_ir_func *before = __atomic_load_n(known, __ATOMIC_RELAXED);
    if (before != func) __atomic_store_n(known, before ? TSK_NATIVE_MANY : func, __ATOMIC_RELAXED);
}

bool tsk_js_loop_note(const tsk_bytecode *code, const tsk_insn *pc, const tsk_value *regs) {
    uint32_t left, right, *feedback = &code->feedback[pc - code->insns];
    uint32_t before = __atomic_load_n(feedback, __ATOMIC_RELAXED), seen = before;
    if (pc->op == TSK_OPC_JS_CALL_METHOD) seen |= kind_of(receiver_of(code, pc, regs)) << TSK_FEEDBACK_LEFT;
    if (is_call(pc->op)) {
        note_target(code, pc, regs);
        __atomic_store_n(feedback, seen, __ATOMIC_RELAXED);
        return seen != before;
    }
    if (!operands_of(pc, &left, &right)) return false;
    if (left != TSK_NO_REG) seen |= kind_of(regs[left]) << TSK_FEEDBACK_LEFT;
    if (right != TSK_NO_REG) seen |= kind_of(regs[right]) << TSK_FEEDBACK_RIGHT;
    if (right != TSK_NO_REG && leaves_items(pc->op, regs[left], regs[right])) seen |= 1u << TSK_FEEDBACK_WRONG;
    if (left != TSK_NO_REG && tsk_is_i32(regs[left])) {
        int32_t second = right == TSK_NO_REG ? (int16_t)pc->c : tsk_is_i32(regs[right]) ? tsk_as_i32(regs[right]) : 0;
        bool both = right == TSK_NO_REG || tsk_is_i32(regs[right]);
        if (both && leaves_i32(pc->op, tsk_as_i32(regs[left]), second)) seen |= 1u << TSK_FEEDBACK_WRONG;
    }
    __atomic_store_n(feedback, seen, __ATOMIC_RELAXED);
    return seen != before;
}

bool tsk_js_loop_records(const tsk_bytecode *code, uint32_t pc) {
    return __atomic_load_n(&code->insns[pc].handler, __ATOMIC_RELAXED) == tsk_js_loop_labels()[TSK_OPCODES];
}

void tsk_js_loop_record(tsk_bytecode *code, const tsk_code_map *map, bool on) {
    const void *const *labels = tsk_js_loop_labels();
    tsk_js_unfuse(code->insns, code->count);
    if (!on) {
        tsk_js_fuse(code->insns, code->count);
        return;
    }
    for (uint32_t i = 0; i < map->count; i++) {
        const tsk_ir_inst *inst = map->values[i];
        tsk_insn *pc = &code->insns[map->pc[i]];
        uint32_t left, right;
        if (inst->op == TSK_IR_PARAM || inst->op == TSK_IR_CONST || map->pc[i] >= code->count) continue;
        if (!operands_of(pc, &left, &right) && !is_call(pc->op)) continue;
        __atomic_store_n(&pc->handler, labels[TSK_OPCODES], __ATOMIC_RELAXED);
    }
}
