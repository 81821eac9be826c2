/* What is known about one instruction: its row of the table, its kinds, its effect, whether it can fail.
 *
 * Types are sets of kinds.  Everything here is monotone: with more kinds in an argument an instruction has
 * more kinds in its result and can throw in more cases.  SCCP depends on that.
 */
#include "ir/ir.h"

typedef struct op_row {
    const char *name;
    int16_t args;
    uint16_t type;
    uint16_t flags;
} op_row;

enum { P = TSK_IR_P, N = TSK_IR_N, S = TSK_IR_S, T = TSK_IR_T, L = TSK_IR_L, W = TSK_IR_W };

static const op_row rows[TSK_IR_OP_COUNT] = {
#define X(name, args, type, flags) {#name, args, TSK_TY_##type, flags},
#include "ir/tables/instructions.def"
#undef X
};

const char *tsk_ir_op_name(tsk_ir_op op) {
    return rows[op].name;
}

unsigned tsk_ir_op_flags(tsk_ir_op op) {
    return rows[op].flags;
}

int tsk_ir_op_args(tsk_ir_op op) {
    return rows[op].args;
}

tsk_ir_type tsk_ir_op_type(tsk_ir_op op) {
    return (tsk_ir_type)rows[op].type;
}

tsk_ir_type tsk_ir_type_of(tsk_value v) {
    if (v.bits == TSK_VALUE_HOLE.bits) return TSK_TY_HOLE;
    switch (tsk_kind_of(v)) {
    case TSK_NULL: return TSK_TY_NULL;
    case TSK_BOOL: return TSK_TY_BOOL;
    case TSK_INT: return tsk_is_i32(v) ? TSK_TY_I32 : TSK_TY_I64;
    case TSK_DOUBLE: return TSK_TY_DOUBLE;
    case TSK_STRING: return TSK_TY_STRING;
    case TSK_ARRAY: return TSK_TY_ARRAY;
    case TSK_OBJECT: return TSK_TY_OBJECT;
    case TSK_FUNCTION: return TSK_TY_FUNCTION;
    case TSK_THUNK: break;
    }
    return TSK_TY_ANY;
}

bool tsk_ir_is_value(const tsk_ir_inst *inst) {
    return rows[inst->op].type != TSK_TY_NONE;
}

bool tsk_ir_is(const tsk_ir_inst *inst, tsk_ir_type set) {
    return (inst->type & ~(unsigned)set) == 0;
}

/* ---- kinds of results ---- */

/* Of + - * on two numbers: int32 operands cannot leave int64, others may overflow into a double. */
static unsigned number_type(unsigned a, unsigned b) {
    unsigned type = 0;
    if ((a & TSK_TY_I32) && (b & TSK_TY_I32)) type |= TSK_TY_INT;
    if (((a & TSK_TY_I64) && (b & TSK_TY_INT)) || ((a & TSK_TY_INT) && (b & TSK_TY_I64))) type |= TSK_TY_NUMBER;
    if ((a & TSK_TY_DOUBLE) || (b & TSK_TY_DOUBLE)) type |= TSK_TY_DOUBLE;
    return type;
}

static unsigned add_type(const tsk_ir_inst *inst) {
    unsigned type = inst->count ? inst->args[0]->type : TSK_TY_ANY;
    for (uint32_t i = 1; i < inst->count; i++) {
        unsigned next = inst->args[i]->type;
        if (!type || !next) return 0;
        unsigned sum = 0;
        if ((type & TSK_TY_NUMBER) && (next & TSK_TY_NUMBER)) sum = number_type(type, next);
        if ((type | next) & ~(unsigned)TSK_TY_NUMBER) sum |= TSK_TY_STRING;
        type = sum;
    }
    return type;
}

/* A remainder is not larger than either operand. */
static unsigned remainder_type(unsigned a, unsigned b) {
    unsigned type = (a | b) & TSK_TY_DOUBLE;
    if ((a & TSK_TY_INT) && (b & TSK_TY_INT)) type |= TSK_TY_I32;
    if ((a & TSK_TY_I64) && (b & TSK_TY_I64)) type |= TSK_TY_INT;
    return type;
}

/* Numeric strings take part in arithmetic, so only proven numbers narrow the result. */
static unsigned arithmetic_type(const tsk_ir_inst *inst) {
    unsigned a = inst->args[0]->type, b = inst->args[1]->type;
    if (!a || !b) return 0;
    if ((a | b) & ~(unsigned)TSK_TY_NUMBER) return TSK_TY_NUMBER;
    switch (inst->op) {
    case TSK_IR_SUB:
    case TSK_IR_MUL: return number_type(a, b);
    case TSK_IR_MOD: return remainder_type(a, b);
    case TSK_IR_POW: return (a & TSK_TY_INT) && (b & TSK_TY_INT) ? TSK_TY_NUMBER : TSK_TY_DOUBLE;
    default: return TSK_TY_NUMBER; /* an integral quotient is an int, also of doubles */
    }
}

static unsigned to_int_type(unsigned a) {
    return a && !(a & ~(unsigned)(TSK_TY_I32 | TSK_TY_BOOL)) ? TSK_TY_I32 : TSK_TY_INT;
}

static unsigned sign_type(const tsk_ir_inst *inst) {
    unsigned a = inst->args[0]->type;
    if (a & ~(unsigned)TSK_TY_NUMBER) return TSK_TY_NUMBER;
    if (inst->op == TSK_IR_PLUS) return a;
    unsigned type = a & TSK_TY_DOUBLE;
    if (a & TSK_TY_I32) type |= TSK_TY_INT;
    if (a & TSK_TY_I64) type |= TSK_TY_NUMBER;
    return type;
}

tsk_ir_type tsk_ir_infer(const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_CONST: return tsk_ir_type_of(inst->imm.value);
    case TSK_IR_PARAM:
    case TSK_IR_CAPTURE: return (tsk_ir_type)inst->type;
    case TSK_IR_ADD: return (tsk_ir_type)add_type(inst);
    case TSK_IR_SUB:
    case TSK_IR_MUL:
    case TSK_IR_DIV:
    case TSK_IR_MOD:
    case TSK_IR_POW: return (tsk_ir_type)arithmetic_type(inst);
    case TSK_IR_NEG:
    case TSK_IR_PLUS: return (tsk_ir_type)sign_type(inst);
    case TSK_IR_TO_INT: return (tsk_ir_type)to_int_type(inst->args[0]->type);
    default: return (tsk_ir_type)rows[inst->op].type;
    }
}

/* ---- effects ---- */

static tsk_effect later(tsk_effect a, tsk_effect b) {
    return a > b ? a : b;
}

/* A function that an operation may call: what running it does. */
static tsk_effect callee_effect(const tsk_ir_inst *callee) {
    if (callee->op == TSK_IR_CLOSURE) return callee->imm.func->effect;
    if (callee->op == TSK_IR_CONST && tsk_is_function(callee->imm.value) && tsk_as_cell(callee->imm.value)->func->js)
        return tsk_as_cell(callee->imm.value)->func->effect;
    return callee->type & TSK_TY_FUNCTION ? TSK_EFFECT_CONTEXT : TSK_EFFECT_PURE;
}

/* The methods themselves are pure; a lambda among the arguments is called by them. */
static tsk_effect method_effect(const tsk_ir_inst *inst) {
    tsk_effect effect = TSK_EFFECT_PURE;
    for (uint32_t i = 1; i < inst->count; i++)
        if (inst->args[i]->op == TSK_IR_CLOSURE) effect = later(effect, callee_effect(inst->args[i]));
    return effect;
}

tsk_effect tsk_ir_effect(const tsk_ir_inst *inst, const tsk_ir_env *env) {
    switch (inst->op) {
    case TSK_IR_KEY:
        return env && env->key_effect ? env->key_effect(env->user, (uint32_t)inst->imm.index) : TSK_EFFECT_CONTEXT;
    case TSK_IR_OP:
        return env && env->op_effect ? env->op_effect(env->user, (uint32_t)inst->imm.index) : TSK_EFFECT_WRITE;
    case TSK_IR_TREE: return TSK_EFFECT_CONTEXT;
    case TSK_IR_CALL: return callee_effect(inst->args[0]);
    case TSK_IR_METHOD: return method_effect(inst);
    default: return rows[inst->op].flags & W ? TSK_EFFECT_WRITE : TSK_EFFECT_PURE;
    }
}

/* ---- failure ---- */

static bool all_args_are(const tsk_ir_inst *inst, tsk_ir_type set) {
    for (uint32_t i = 0; i < inst->count; i++)
        if (!tsk_ir_is(inst->args[i], set)) return false;
    return true;
}

static bool is_nonzero_number(const tsk_ir_inst *inst) {
    return inst->op == TSK_IR_CONST && tsk_is_number(inst->imm.value) && tsk_as_number(inst->imm.value) != 0;
}

/* Zero to a negative integer is a division by zero. */
static bool power_divides(const tsk_ir_inst *base, const tsk_ir_inst *exponent) {
    if (is_nonzero_number(base) || tsk_ir_is(exponent, TSK_TY_DOUBLE)) return false;
    return exponent->op != TSK_IR_CONST || tsk_as_number(exponent->imm.value) < 0;
}

bool tsk_ir_can_throw(const tsk_ir_inst *inst) {
    if (rows[inst->op].flags & N) return false;
    switch (inst->op) {
    /* Any value has a text; only memory can run out, which is nothing to rely on. */
    case TSK_IR_ADD:
    case TSK_IR_TO_STRING: return false;
    case TSK_IR_SUB:
    case TSK_IR_MUL:
    case TSK_IR_NEG:
    case TSK_IR_PLUS: return !all_args_are(inst, TSK_TY_NUMBER);
    case TSK_IR_DIV:
    case TSK_IR_MOD: return !all_args_are(inst, TSK_TY_NUMBER) || !is_nonzero_number(inst->args[1]);
    case TSK_IR_POW: return !all_args_are(inst, TSK_TY_NUMBER) || power_divides(inst->args[0], inst->args[1]);
    case TSK_IR_TO_INT: return !all_args_are(inst, TSK_TY_INT | TSK_TY_BOOL);
    case TSK_IR_TO_FLOAT: return !all_args_are(inst, TSK_TY_NUMBER | TSK_TY_BOOL);
    case TSK_IR_TO_BOOL: return (inst->args[0]->type & TSK_TY_STRING) != 0;
    case TSK_IR_MERGE: return !all_args_are(inst, TSK_TY_OBJECT | TSK_TY_NULL);
    case TSK_IR_APPEND_ALL: return !all_args_are(inst, TSK_TY_ARRAY);
    case TSK_IR_COUNT: return !all_args_are(inst, TSK_TY_ARRAY | TSK_TY_OBJECT | TSK_TY_NULL);
    default: return true;
    }
}

bool tsk_ir_removable(const tsk_ir_inst *inst, const tsk_ir_env *env) {
    return (rows[inst->op].flags & P) && !tsk_ir_can_throw(inst) && tsk_ir_effect(inst, env) == TSK_EFFECT_PURE;
}

/* ---- summaries ---- */

bool tsk_ir_may_suspend(const tsk_ir_func *func) {
    for (const tsk_ir_block *block = func->entry; block; block = block->next)
        for (const tsk_ir_inst *inst = block->first; inst; inst = inst->next)
            if ((rows[inst->op].flags & S) && inst->op != TSK_IR_POLL && inst->op != TSK_IR_GUARD) return true;
    return false;
}

void tsk_ir_summarize_effects(tsk_ir_func *func, const tsk_ir_env *env) {
    tsk_effect effect = TSK_EFFECT_PURE;
    for (tsk_ir_block *block = func->entry; block; block = block->next)
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next)
            effect = later(effect, tsk_ir_effect(inst, env));
    func->effect = effect;
    func->may_suspend = tsk_ir_may_suspend(func);
}

bool tsk_ir_narrow(tsk_ir_inst *inst, tsk_ir_type set) {
    unsigned type = inst->type & (unsigned)set;
    if (!type || type == inst->type) return false;
    inst->type = (uint16_t)type;
    return true;
}

void tsk_ir_summarize(tsk_ir_func *func, const tsk_ir_env *env) {
    for (tsk_ir_block *block = func->entry; block; block = block->next)
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next)
            if (tsk_ir_is_value(inst)) tsk_ir_narrow(inst, tsk_ir_infer(inst));
    tsk_ir_summarize_effects(func, env);
}
