/* The verifier: every invariant of ir.h, checked in two steps.
 *
 *   shape       blocks, terminators, edges, counts, immediates, types   (local to an instruction or edge)
 *   dominance   every argument, edge argument and frame value is made before it is used
 *
 * The first violation is reported and ends the check.  Unreachable blocks are dropped, not checked.
 */
#include "ir/ir.h"

#include <stdarg.h>
#include <stdio.h>

typedef struct verifier {
    tsk_ir_func *func;
    const tsk_ir_env *env;
    tsk_diags *diags;
    tsk_ir_dominators dom;
    bool ok;
} verifier;

TSK_PRINTF(4, 5)
static bool broken(verifier *v, const tsk_ir_block *block, const tsk_ir_inst *inst, const char *fmt, ...) {
    char message[160], where[32] = "";
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    if (inst && tsk_ir_is_value(inst)) snprintf(where, sizeof where, " %%%u", inst->id);
    if (v->diags)
        tsk_diags_add(v->diags, TSK_ERROR, TSK_E_IR_INVALID, inst ? inst->span : (tsk_span){0, 0}, "@%s b%u%s: %s%s%s",
                      v->func->name, block ? block->id : 0, where, inst ? tsk_ir_op_name((tsk_ir_op)inst->op) : "",
                      inst ? ": " : "", message);
    return false;
}

/* ---- shape ---- */

static bool check_immediate(verifier *v, const tsk_ir_inst *inst) {
    const tsk_ir_block *b = inst->block;
    const tsk_ir_env *env = v->env;
    switch (inst->op) {
    case TSK_IR_CONST:
        if (tsk_is_thunk(inst->imm.value)) return broken(v, b, inst, "a constant is no thunk");
        return inst->type == tsk_ir_type_of(inst->imm.value) || broken(v, b, inst, "the type is not that of the value");
    case TSK_IR_CAPTURE:
        return inst->imm.index < v->func->captures || broken(v, b, inst, "the function has no such capture");
    case TSK_IR_JS_LOCAL_GET:
    case TSK_IR_JS_LOCAL_SET:
        return (v->func->js && inst->imm.index < v->func->js->locals) || broken(v, b, inst, "no such local");
    case TSK_IR_JS_CLOSURE:
        if (inst->imm.func && !inst->imm.func->js) return broken(v, b, inst, "not a function of ECMAScript");
        return (inst->imm.func && inst->count == inst->imm.func->captures) ||
               broken(v, b, inst, "wrong number of captures");
    case TSK_IR_CLOSURE:
        if (!inst->imm.func) return broken(v, b, inst, "no function");
        return inst->count == inst->imm.func->captures || broken(v, b, inst, "wrong number of captures");
    case TSK_IR_JS_GET:
    case TSK_IR_JS_SET:
    case TSK_IR_JS_PRIVATE_NAME:
    case TSK_IR_JS_GLOBAL_GET:
    case TSK_IR_JS_GLOBAL_TYPEOF:
    case TSK_IR_JS_GLOBAL_SET:
    case TSK_IR_JS_GLOBAL_DECLARE:
    case TSK_IR_JS_CHECK_TDZ:
    case TSK_IR_JS_THROW_CONST:
    case TSK_IR_JS_CALL_METHOD:
    case TSK_IR_MEMBER:
    case TSK_IR_METHOD: return tsk_is_str(inst->imm.value) || broken(v, b, inst, "the name is no string");
    case TSK_IR_TREE:
        return tsk_is_array(inst->imm.value) || tsk_is_object(inst->imm.value) ||
               broken(v, b, inst, "a tree is an array or object");
    case TSK_IR_KEY:
        return !env || !env->thunk_count || inst->imm.index < env->thunk_count || broken(v, b, inst, "no such thunk");
    case TSK_IR_JS_LIBRARY:
        return inst->imm.index < TSK_IR_LIBRARY_COUNT || broken(v, b, inst, "the library has no such operation");
    case TSK_IR_JS_TEMPLATE: return tsk_is_array(inst->imm.value) || broken(v, b, inst, "no array");
    case TSK_IR_JS_OPERATOR:
        /* a name that is none: calling it throws */
        if (inst->imm.index == UINT32_MAX) return true;
        /* fallthrough */
    case TSK_IR_OP:
        return !env || !env->op_name || env->op_name(env->user, (uint32_t)inst->imm.index) ||
               broken(v, b, inst, "no such operator");
    default: return true;
    }
}

static bool check_fields(verifier *v, const tsk_ir_inst *inst) {
    if (!tsk_is_array(inst->imm.value) || tsk_as_array(inst->imm.value)->count != inst->count)
        return broken(v, inst->block, inst, "keys and arguments differ in number");
    for (uint32_t i = 0; i < inst->count; i++)
        if (!tsk_is_str(tsk_as_array(inst->imm.value)->items[i]))
            return broken(v, inst->block, inst, "a key is no string");
    return true;
}

static uint32_t least_args(tsk_ir_op op) {
    switch (op) {
    case TSK_IR_ADD:
    case TSK_IR_JS_CALL:
    case TSK_IR_JS_SUPER_CALL:
    case TSK_IR_JS_COPY_DATA: return 2;
    case TSK_IR_JS_NEW:
    case TSK_IR_JS_CALL_METHOD:
    case TSK_IR_METHOD:
    case TSK_IR_CALL: return 1;
    default: return 0;
    }
}

/* What the arguments must be proven to be. */
static tsk_ir_type argument_type(tsk_ir_op op) {
    switch (op) {
    case TSK_IR_FADD:
    case TSK_IR_FSUB:
    case TSK_IR_FMUL:
    case TSK_IR_FDIV: return TSK_TY_DOUBLE;
    case TSK_IR_IADD:
    case TSK_IR_ISUB:
    case TSK_IR_IMUL:
    case TSK_IR_ISHL:
    case TSK_IR_ISHR:
    case TSK_IR_IAND:
    case TSK_IR_ILT: return TSK_TY_I32;
    case TSK_IR_BRANCH: return TSK_TY_BOOL;
    default: return TSK_TY_ALL;
    }
}

static bool check_args(verifier *v, const tsk_ir_inst *inst) {
    int want = tsk_ir_op_args((tsk_ir_op)inst->op);
    if ((want >= 0 && inst->count != (uint32_t)want) || inst->count < least_args((tsk_ir_op)inst->op))
        return broken(v, inst->block, inst, "%u arguments", inst->count);
    tsk_ir_type set = argument_type((tsk_ir_op)inst->op);
    for (uint32_t i = 0; i < inst->count; i++) {
        if (!inst->args[i] || !tsk_ir_is_value(inst->args[i]))
            return broken(v, inst->block, inst, "argument %u is no value", i);
        if (!tsk_ir_is(inst->args[i], set)) return broken(v, inst->block, inst, "argument %u has the wrong type", i);
    }
    return (inst->op != TSK_IR_OBJECT && inst->op != TSK_IR_JS_OBJECT) || check_fields(v, inst);
}

static bool check_type(verifier *v, const tsk_ir_inst *inst) {
    unsigned most = tsk_ir_op_type((tsk_ir_op)inst->op);
    if (v->func->js && inst->op == TSK_IR_CAPTURE) most = TSK_TY_ALL;
    return (!inst->type == !most && !(inst->type & ~most)) || broken(v, inst->block, inst, "the type does not fit");
}

static bool check_inst(verifier *v, const tsk_ir_block *block, const tsk_ir_inst *inst) {
    if (inst->op >= TSK_IR_OP_COUNT || inst->op == TSK_IR_PARAM) return broken(v, block, NULL, "unknown instruction");
    if (inst->block != block || (inst->next ? inst->next->prev != inst : block->last != inst))
        return broken(v, block, inst, "the list of instructions is broken");
    unsigned flags = tsk_ir_op_flags((tsk_ir_op)inst->op);
    if (((flags & TSK_IR_T) != 0) != (inst->next == NULL)) return broken(v, block, inst, "terminators end blocks");
    if (inst->frame && !(flags & TSK_IR_S)) return broken(v, block, inst, "only safepoints have frame states");
    return check_args(v, inst) && check_immediate(v, inst) && check_type(v, inst);
}

static bool check_edge(verifier *v, const tsk_ir_block *block, const tsk_ir_edge *edge) {
    const tsk_ir_block *to = edge->to;
    if (to->func != v->func || to == v->func->entry) return broken(v, block, block->last, "an edge to the entry");
    if (edge->count != to->param_count)
        return broken(v, block, block->last, "%u arguments for %u parameters of b%u", edge->count, to->param_count,
                      to->id);
    for (uint32_t i = 0; i < edge->count; i++) {
        if (!tsk_ir_is_value(edge->args[i])) return broken(v, block, block->last, "an edge argument is no value");
        if (!tsk_ir_is(edge->args[i], (tsk_ir_type)to->params[i]->type))
            return broken(v, block, block->last, "the type of %%%u does not fit the parameter of b%u",
                          edge->args[i]->id, to->id);
    }
    return true;
}

static bool check_edges(verifier *v, const tsk_ir_block *block) {
    unsigned op = block->last->op, count = op == TSK_IR_BRANCH ? 2 : op == TSK_IR_JUMP ? 1 : 0;
    for (unsigned e = 0; e < 2; e++) {
        if ((block->edges[e].to != NULL) != (e < count)) return broken(v, block, block->last, "wrong number of edges");
        if (e < count && !check_edge(v, block, &block->edges[e])) return false;
    }
    return true;
}

static bool check_block(verifier *v, const tsk_ir_block *block) {
    if (!block->last) return broken(v, block, NULL, "the block is empty");
    for (uint32_t i = 0; i < block->param_count; i++) {
        const tsk_ir_inst *param = block->params[i];
        if (param->op != TSK_IR_PARAM || param->block != block || param->imm.index != i || !param->type ||
            (param->type & ~(unsigned)TSK_TY_ALL))
            return broken(v, block, NULL, "parameter %u is malformed", i);
    }
    const tsk_ir_block *handler = block->handler;
    if (handler && (handler->param_count || handler == v->func->entry))
        return broken(v, block, NULL, "b%u cannot be a handler", handler->id);
    for (const tsk_ir_inst *inst = block->first; inst; inst = inst->next)
        if (!check_inst(v, block, inst)) return false;
    return check_edges(v, block);
}

static bool check_shape(verifier *v) {
    tsk_ir_number(v->func);
    if (v->func->entry->param_count != v->func->params)
        return broken(v, v->func->entry, NULL, "the entry block has the wrong number of parameters");
    for (const tsk_ir_block *block = v->func->entry; block; block = block->next)
        if (!check_block(v, block)) return false;
    return true;
}

/* ---- dominance ---- */

/* Instructions get their place in the block as mark; parameters are before all of them. */
static void place_instructions(tsk_ir_func *func) {
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        uint32_t place = 0;
        for (uint32_t i = 0; i < block->param_count; i++) block->params[i]->mark = 0;
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) inst->mark = ++place;
    }
}

/* The value is made on every path to this instruction. */
static bool is_made(const verifier *v, const tsk_ir_inst *value, const tsk_ir_inst *user) {
    const tsk_ir_block *block = value->block;
    if (!block || block->func != v->func || block->id >= v->func->block_count) return false;
    if (v->dom.order[v->dom.position[block->id]] != block) return false; /* it was dropped */
    if (block == user->block) return value->mark < user->mark;
    return tsk_ir_visible(&v->dom, block, user->block);
}

static bool all_made(verifier *v, tsk_ir_inst *const *values, uint32_t count, const tsk_ir_inst *user) {
    for (uint32_t i = 0; i < count; i++)
        if (!is_made(v, values[i], user))
            return broken(v, user->block, user, "%%%u does not dominate its use", values[i]->id);
    return true;
}

static bool check_frames(verifier *v, const tsk_ir_inst *inst) {
    for (const tsk_ir_frame *frame = inst->frame; frame; frame = frame->outer) {
        if (!frame->func) return broken(v, inst->block, inst, "a frame state names no function");
        for (uint32_t i = 0; i < frame->count; i++) {
            const tsk_ir_inst *value = frame->regs[i].value;
            if (!value || !tsk_ir_is_value(value) || !is_made(v, value, inst))
                return broken(v, inst->block, inst, "register %u of a frame state is not known here",
                              frame->regs[i].reg);
        }
    }
    return true;
}

static bool check_uses(verifier *v, const tsk_ir_block *block) {
    for (const tsk_ir_inst *inst = block->first; inst; inst = inst->next)
        if (!all_made(v, inst->args, inst->count, inst) || !check_frames(v, inst)) return false;
    for (int e = 0; e < 2; e++)
        if (!all_made(v, block->edges[e].args, block->edges[e].count, block->last)) return false;
    return true;
}

static void verify(void *user, tsk_arena *scratch) {
    verifier *v = user;
    if (!check_shape(v)) return;
    tsk_ir_dominators_build(&v->dom, v->func, scratch);
    place_instructions(v->func);
    for (const tsk_ir_block *block = v->func->entry; block; block = block->next)
        if (!check_uses(v, block)) return;
    v->ok = true;
}

bool tsk_ir_verify(tsk_ir_func *func, const tsk_ir_env *env, tsk_diags *diags) {
    verifier v = {.func = func, .env = env, .diags = diags};
    tsk_ir_with_scratch(func->module->arena, verify, &v);
    return v.ok;
}
