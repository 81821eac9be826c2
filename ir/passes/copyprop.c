/* Copy propagation: what only passes a value on is replaced by that value.
 *
 *   b1(%2):  with jump b1(%0) and jump b1(%2)   ──►  %0       a parameter that is always the same
 *   truth %1 : bool, to_string %1 : string      ──►  %1       a conversion to what it is already
 *
 * The value dominates the parameter's block: it is visible at the end of every predecessor that passes it, and
 * the others are dominated by the block itself.
 */
#include "ir/passes/pass.h"

/* A parameter that becomes a copy may make others copies; loops inside loops need one sweep a level. */
#define SWEEPS 8

/* The kinds of argument for which the operation gives the argument itself. */
static tsk_ir_type identity_on(tsk_ir_op op) {
    switch (op) {
    case TSK_IR_TRUTH:
    case TSK_IR_CONDITION:
    case TSK_IR_TO_BOOL: return TSK_TY_BOOL;
    case TSK_IR_TO_STRING: return TSK_TY_STRING;
    case TSK_IR_TO_FLOAT: return TSK_TY_DOUBLE;
    case TSK_IR_TO_INT: return TSK_TY_INT;
    case TSK_IR_PLUS: return TSK_TY_NUMBER;
    default: return TSK_TY_NONE;
    }
}

static uint32_t replace_conversions(tsk_ir_func *func) {
    uint32_t changes = 0;
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        for (tsk_ir_inst *inst = block->first, *next; inst; inst = next) {
            next = inst->next;
            if (inst->count != 1) continue;
            tsk_ir_inst *source = tsk_ir_resolve(inst->args[0]);
            tsk_ir_type set = identity_on((tsk_ir_op)inst->op);
            if (inst->op == TSK_IR_CONCAT) set = TSK_TY_STRING;
            if (!set || !tsk_ir_is(source, set) || !tsk_ir_may_replace(inst, source)) continue;
            tsk_ir_replace(inst, source);
            tsk_ir_remove(inst);
            changes++;
        }
    }
    return changes;
}

/* The only value that ever comes in, apart from the parameter itself; NULL when there are several. */
static tsk_ir_inst *only_source(const tsk_ir_preds *preds, const tsk_ir_inst *param) {
    tsk_ir_inst *only = NULL;
    uint32_t block = param->block->id, at = (uint32_t)param->imm.index;
    for (uint32_t i = preds->start[block]; i < preds->start[block + 1]; i++) {
        tsk_ir_inst *arg = tsk_ir_resolve(preds->edges[i]->args[at]);
        if (arg == param || arg == only) continue;
        if (only) return NULL;
        only = arg;
    }
    return only;
}

static uint32_t replace_params(tsk_ir_func *func, const tsk_ir_preds *preds) {
    uint32_t changes = 0;
    for (tsk_ir_block *block = func->entry->next; block; block = block->next) {
        for (uint32_t i = 0; i < block->param_count; i++) {
            tsk_ir_inst *param = block->params[i];
            if (param->replaced) continue;
            tsk_ir_inst *source = only_source(preds, param);
            if (!source || !tsk_ir_may_replace(param, source)) continue;
            tsk_ir_replace(param, source);
            changes++;
        }
    }
    return changes;
}

/* Replaced parameters go, with the arguments of the edges. */
static void drop_replaced_params(tsk_ir_func *func) {
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        for (int e = 0; e < 2; e++) {
            tsk_ir_edge *edge = &block->edges[e];
            uint32_t kept = 0;
            for (uint32_t i = 0; i < edge->count; i++)
                if (!edge->to->params[i]->replaced) edge->args[kept++] = edge->args[i];
            edge->count = kept;
        }
    }
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        uint32_t kept = 0;
        for (uint32_t i = 0; i < block->param_count; i++) {
            tsk_ir_inst *param = block->params[i];
            if (param->replaced) continue;
            param->imm.index = kept;
            block->params[kept++] = param;
        }
        block->param_count = kept;
    }
}

uint32_t tsk_ir_pass_copyprop(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch) {
    (void)env;
    tsk_ir_number(func);
    tsk_ir_preds preds;
    tsk_ir_preds_build(&preds, func, scratch);
    uint32_t changes = 0;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        uint32_t more = replace_conversions(func) + replace_params(func, &preds);
        changes += more;
        if (!more) break;
    }
    if (!changes) return 0;
    tsk_ir_apply_replacements(func);
    drop_replaced_params(func);
    return changes;
}
