/* A small world for tests of the IR: four operators, eight keys, and folding by the real semantics. */
#ifndef TSK_TEST_IR_ENV_H
#define TSK_TEST_IR_ENV_H

#include "ir/ir.h"
#include "runtime/value/semantics.h"

static const struct {
    const char *name;
    tsk_effect effect;
} test_ops[] = {
    {"upper", TSK_EFFECT_PURE}, {"env", TSK_EFFECT_SNAPSHOT}, {"now", TSK_EFFECT_CONTEXT}, {"set", TSK_EFFECT_WRITE}};

static const char *const test_keys[] = {"$host", "$port", "app.name", "app.debug", "list", "user", "$now", "$answer"};

static tsk_effect test_op_effect(void *user, uint32_t number) {
    (void)user;
    return number < TSK_COUNT(test_ops) ? test_ops[number].effect : TSK_EFFECT_WRITE;
}

static const char *test_op_name(void *user, uint32_t number) {
    (void)user;
    return number < TSK_COUNT(test_ops) ? test_ops[number].name : NULL;
}

static bool test_op_number(void *user, const char *name, uint32_t *number) {
    (void)user;
    for (*number = 0; *number < TSK_COUNT(test_ops); ++*number)
        if (strcmp(test_ops[*number].name, name) == 0) return true;
    return false;
}

static bool test_fold_op(void *user, tsk_arena *arena, uint32_t number, const tsk_value *args, uint32_t count,
                         tsk_value *out) {
    (void)user;
    if (number != 0 || count != 1 || !tsk_is_str(args[0])) return false;
    *out = tsk_str_copy(arena, tsk_as_str(args[0])->ptr, tsk_as_str(args[0])->len);
    char *text = (char *)tsk_as_str(*out)->ptr;
    for (uint32_t i = 0; i < tsk_as_str(*out)->len; i++)
        if (text[i] >= 'a' && text[i] <= 'z') text[i] = (char)(text[i] - 32);
    return true;
}

static tsk_effect test_key_effect(void *user, uint32_t thunk) {
    (void)user;
    return thunk == 6 ? TSK_EFFECT_CONTEXT : TSK_EFFECT_SNAPSHOT;
}

static bool test_key_constant(void *user, uint32_t thunk, tsk_value *out) {
    (void)user;
    *out = tsk_from_i32(42);
    return thunk == 7;
}

static const char *test_key_name(void *user, uint32_t thunk) {
    (void)user;
    return thunk < TSK_COUNT(test_keys) ? test_keys[thunk] : NULL;
}

static bool test_fold_compare(tsk_ir_op op, tsk_value a, tsk_value b, tsk_value *out) {
    int order = tsk_value_compare(a, b);
    bool known = order != 2;
    *out = tsk_from_bool(known && (op == TSK_IR_LT   ? order < 0
                                   : op == TSK_IR_LE ? order <= 0
                                   : op == TSK_IR_GT ? order > 0
                                                     : order >= 0));
    return true;
}

static bool test_fold(void *user, tsk_arena *arena, tsk_ir_op op, tsk_value imm, const tsk_value *args, uint32_t count,
                      tsk_value *out) {
    (void)user;
    tsk_buf text;
    switch (op) {
    case TSK_IR_ADD: return tsk_value_add(arena, args, count, out, NULL);
    case TSK_IR_SUB:
    case TSK_IR_MUL:
    case TSK_IR_DIV:
    case TSK_IR_MOD:
    case TSK_IR_POW: return tsk_value_arith(arena, (int)op, args[0], args[1], out, NULL);
    case TSK_IR_NEG: return tsk_value_negate(arena, args[0], out, NULL);
    case TSK_IR_EQ: *out = tsk_from_bool(tsk_value_equal(args[0], args[1])); return true;
    case TSK_IR_NE: *out = tsk_from_bool(!tsk_value_equal(args[0], args[1])); return true;
    case TSK_IR_SAME: *out = tsk_from_bool(tsk_value_same(args[0], args[1])); return true;
    case TSK_IR_LT:
    case TSK_IR_LE:
    case TSK_IR_GT:
    case TSK_IR_GE: return test_fold_compare(op, args[0], args[1], out);
    case TSK_IR_ILT: *out = tsk_from_bool(tsk_as_i32(args[0]) < tsk_as_i32(args[1])); return true;
    case TSK_IR_NOT: *out = tsk_from_bool(!tsk_value_truth(args[0])); return true;
    case TSK_IR_TRUTH: *out = tsk_from_bool(tsk_value_truth(args[0])); return true;
    case TSK_IR_CONDITION: *out = tsk_from_bool(tsk_value_condition(args[0])); return true;
    case TSK_IR_IS_NULL: *out = tsk_from_bool(tsk_is_null(args[0])); return true;
    case TSK_IR_TO_STRING: *out = tsk_value_string(arena, args[0]); return true;
    case TSK_IR_CONCAT:
        tsk_buf_init(&text, arena);
        for (uint32_t i = 0; i < count; i++) tsk_value_text(&text, args[i]);
        *out = tsk_str_take(&text);
        return true;
    case TSK_IR_ARRAY: {
        tsk_array *array = tsk_array_new(arena, count);
        for (uint32_t i = 0; i < count; i++) tsk_array_push(arena, array, args[i]);
        *out = tsk_from_array(array);
        return true;
    }
    case TSK_IR_MEMBER:
        *out = tsk_value_member(arena, args[0], tsk_as_str(imm)->ptr, tsk_as_str(imm)->len);
        return true;
    case TSK_IR_INDEX: *out = tsk_value_index(arena, args[0], args[1]); return true;
    default: return false;
    }
}

static const tsk_ir_env test_env = {.fold = test_fold,
                                    .fold_op = test_fold_op,
                                    .op_effect = test_op_effect,
                                    .op_name = test_op_name,
                                    .op_number = test_op_number,
                                    .key_effect = test_key_effect,
                                    .key_constant = test_key_constant,
                                    .key_name = test_key_name,
                                    .thunk_count = TSK_COUNT(test_keys)};

#endif
