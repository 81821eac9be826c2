/* Comparisons, negations and conversions to bool; reads of literals. */
#include "ir/passes/algebra.h"

/* Larger objects are not searched at compile time, to stay linear. */
#define MAX_FIELDS 64

static tsk_ir_inst *bool_before(tsk_ir_inst *inst, bool b) {
    return tsk_ir_const_before(inst, tsk_from_bool(b));
}

/* In place. */
static tsk_ir_inst *become(tsk_ir_inst *inst, tsk_ir_op op, uint32_t *changes) {
    if (tsk_ir_become(inst, op)) (*changes)++;
    return NULL;
}

/* In place, on one argument; of these operations the result is always a bool. */
static tsk_ir_inst *become_on(tsk_ir_inst *inst, tsk_ir_op op, tsk_ir_inst *arg, uint32_t *changes) {
    inst->op = (uint16_t)op;
    inst->args[0] = arg;
    inst->count = 1;
    (*changes)++;
    return NULL;
}

/* ---- comparisons ---- */

/* x == true is x, x == false is its negation, when x is a bool; x == null is a test of the tag. */
static tsk_ir_inst *compare_with_constant(tsk_ir_inst *inst, tsk_ir_inst *x, const tsk_ir_inst *k, bool equal,
                                          uint32_t *changes) {
    if (k->op != TSK_IR_CONST) return NULL;
    tsk_value v = k->imm.value;
    if (tsk_is_null(v) && equal) return become_on(inst, TSK_IR_IS_NULL, x, changes);
    if (!tsk_is_bool(v) || !tsk_ir_proven(x, TSK_TY_BOOL)) return NULL;
    return tsk_as_bool(v) == equal ? x : become_on(inst, TSK_IR_NOT, x, changes);
}

static tsk_ir_inst *simplify_equal(tsk_ir_inst *inst, bool equal, uint32_t *changes) {
    tsk_ir_inst *a = inst->args[0], *b = inst->args[1];
    /* NaN is the one value that differs from itself. */
    if (a == b && !(a->type & TSK_TY_DOUBLE)) return bool_before(inst, equal);
    uint32_t before = *changes;
    tsk_ir_inst *by = compare_with_constant(inst, a, b, equal, changes);
    return by || *changes != before ? by : compare_with_constant(inst, b, a, equal, changes);
}

/* `or_equal`: <= and >=.  Values that cannot be compared make every relation false. */
static tsk_ir_inst *simplify_relation(tsk_ir_inst *inst, bool or_equal, uint32_t *changes) {
    tsk_ir_inst *a = inst->args[0], *b = inst->args[1];
    if (a == b && !or_equal) return bool_before(inst, false);
    if (a == b && tsk_ir_proven(a, TSK_TY_INT | TSK_TY_STRING)) return bool_before(inst, true);
    if (or_equal || !tsk_ir_proven(a, TSK_TY_I32) || !tsk_ir_proven(b, TSK_TY_I32)) return NULL;
    if (inst->op == TSK_IR_GT) {
        inst->args[0] = b;
        inst->args[1] = a;
    }
    return become(inst, TSK_IR_ILT, changes);
}

/* ---- negations ---- */

/* The comparison that is true exactly when this one is false; CONST: there is none. */
static tsk_ir_op opposite(const tsk_ir_inst *inst) {
    bool ints = inst->count == 2 && tsk_ir_proven(inst->args[0], TSK_TY_INT) &&
                tsk_ir_proven(inst->args[1], TSK_TY_INT);
    switch (inst->op) {
    case TSK_IR_EQ: return TSK_IR_NE;
    case TSK_IR_NE: return TSK_IR_EQ;
    case TSK_IR_SAME: return TSK_IR_DIFFERENT;
    case TSK_IR_DIFFERENT: return TSK_IR_SAME;
    /* of others both may be false: NaN, or text against a list */
    case TSK_IR_LT: return ints ? TSK_IR_GE : TSK_IR_CONST;
    case TSK_IR_LE: return ints ? TSK_IR_GT : TSK_IR_CONST;
    case TSK_IR_GT: return ints ? TSK_IR_LE : TSK_IR_CONST;
    case TSK_IR_GE: return ints ? TSK_IR_LT : TSK_IR_CONST;
    default: return TSK_IR_CONST;
    }
}

static bool used_once(const tsk_ir_inst *inst, const tsk_ir_uses *uses) {
    return inst->id < inst->block->func->value_count && tsk_ir_use_count(uses, inst) == 1;
}

static tsk_ir_inst *simplify_not(tsk_ir_inst *inst, const tsk_ir_uses *uses, uint32_t *changes) {
    tsk_ir_inst *x = inst->args[0];
    if (x->op == TSK_IR_NOT) {
        tsk_ir_inst *y = tsk_ir_resolve(x->args[0]);
        return tsk_ir_proven(y, TSK_TY_BOOL) ? y : become_on(inst, TSK_IR_TRUTH, y, changes);
    }
    if (x->op == TSK_IR_TRUTH) return become_on(inst, TSK_IR_NOT, tsk_ir_resolve(x->args[0]), changes);
    tsk_ir_op op = opposite(x);
    if (op == TSK_IR_CONST || !used_once(x, uses)) return NULL;
    tsk_ir_inst **args = TSK_NEW_ARRAY(inst->block->func->module->arena, tsk_ir_inst *, 2);
    args[0] = tsk_ir_resolve(x->args[0]);
    args[1] = tsk_ir_resolve(x->args[1]);
    inst->args = args;
    inst->count = 2;
    return become(inst, op, changes);
}

tsk_ir_inst *tsk_ir_simplify_logic(tsk_ir_inst *inst, const tsk_ir_uses *uses, uint32_t *changes) {
    switch (inst->op) {
    case TSK_IR_EQ:
    case TSK_IR_SAME: return simplify_equal(inst, true, changes);
    case TSK_IR_NE:
    case TSK_IR_DIFFERENT: return simplify_equal(inst, false, changes);
    case TSK_IR_LT:
    case TSK_IR_GT: return simplify_relation(inst, false, changes);
    case TSK_IR_LE:
    case TSK_IR_GE: return simplify_relation(inst, true, changes);
    case TSK_IR_NOT: return simplify_not(inst, uses, changes);
    case TSK_IR_CONDITION:
    case TSK_IR_TO_BOOL:
        /* These look into strings; of anything else they are the truth. */
        return inst->args[0]->type & TSK_TY_STRING ? NULL : become(inst, TSK_IR_TRUTH, changes);
    default: return NULL;
    }
}

/* ---- reads of literals ---- */

/* The argument of the field; the last one when the key occurs twice. */
static tsk_ir_inst *field(const tsk_ir_inst *object, tsk_slice name) {
    const tsk_array *keys = tsk_as_array(object->imm.value);
    for (uint32_t i = object->count; i-- > 0;)
        if (tsk_ir_same_text(tsk_as_slice(keys->items[i]), name)) return object->args[i];
    return NULL;
}

static tsk_ir_inst *read_field(tsk_ir_inst *inst, const tsk_ir_inst *object, tsk_slice name) {
    if (object->count > MAX_FIELDS) return NULL;
    tsk_ir_inst *value = field(object, name);
    return value ? tsk_ir_resolve(value) : tsk_ir_const_before(inst, TSK_VALUE_NULL);
}

static bool has_unique_keys(const tsk_ir_inst *object) {
    const tsk_array *keys = tsk_as_array(object->imm.value);
    if (object->count > MAX_FIELDS) return false;
    for (uint32_t i = 0; i < object->count; i++)
        for (uint32_t k = 0; k < i; k++)
            if (tsk_ir_same_text(tsk_as_slice(keys->items[i]), tsk_as_slice(keys->items[k]))) return false;
    return true;
}

/* A literal whose n-th item is its n-th argument. */
static bool is_list_like(const tsk_ir_inst *inst) {
    return inst->op == TSK_IR_ARRAY || (inst->op == TSK_IR_OBJECT && has_unique_keys(inst));
}

/* An int32 constant; negative ones count from the end if `wrap`. */
static bool position(const tsk_ir_inst *at, uint32_t count, bool wrap, uint32_t *out) {
    if (at->op != TSK_IR_CONST || !tsk_is_i32(at->imm.value)) return false;
    int64_t i = tsk_as_i32(at->imm.value);
    if (wrap && i < 0) i += count;
    if (i < 0 || i >= count) return false;
    *out = (uint32_t)i;
    return true;
}

static tsk_ir_inst *read_index(tsk_ir_inst *inst, const tsk_ir_inst *from) {
    const tsk_ir_inst *at = inst->args[1];
    uint32_t i;
    if (from->op == TSK_IR_ARRAY) return position(at, from->count, true, &i) ? tsk_ir_resolve(from->args[i]) : NULL;
    if (from->op != TSK_IR_OBJECT || at->op != TSK_IR_CONST || !tsk_is_str(at->imm.value)) return NULL;
    return read_field(inst, from, tsk_as_slice(at->imm.value));
}

static tsk_ir_inst *read_member(tsk_ir_inst *inst, const tsk_ir_inst *from) {
    tsk_slice name = tsk_as_slice(inst->imm.value);
    if (from->op == TSK_IR_OBJECT) return read_field(inst, from, name);
    bool is_length = from->op == TSK_IR_ARRAY && tsk_ir_same_text(name, TSK_SLICE("length"));
    return is_length ? tsk_ir_const_before(inst, tsk_from_i32((int32_t)from->count)) : NULL;
}

static tsk_ir_inst *read_item_key(tsk_ir_inst *inst, const tsk_ir_inst *from) {
    uint32_t i;
    if (!is_list_like(from) || !position(inst->args[1], from->count, false, &i)) return NULL;
    if (from->op == TSK_IR_ARRAY) return inst->args[1];
    return tsk_ir_const_before(inst, tsk_as_array(from->imm.value)->items[i]);
}

tsk_ir_inst *tsk_ir_simplify_read(tsk_ir_inst *inst) {
    const tsk_ir_inst *from = inst->count ? inst->args[0] : NULL;
    uint32_t i;
    switch (inst->op) {
    case TSK_IR_MEMBER: return read_member(inst, from);
    case TSK_IR_INDEX: return read_index(inst, from);
    case TSK_IR_COUNT: return is_list_like(from) ? tsk_ir_const_before(inst, tsk_from_i32((int32_t)from->count)) : NULL;
    case TSK_IR_ITEM:
        if (!is_list_like(from) || !position(inst->args[1], from->count, false, &i)) return NULL;
        return tsk_ir_resolve(from->args[i]);
    case TSK_IR_ITEM_KEY: return read_item_key(inst, from);
    default: return NULL;
    }
}
