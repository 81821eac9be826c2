/* Modules, functions, blocks and the editing of instruction lists.
 *
 *   replace(old, by)   old.replaced ──► by          uses still name `old`
 *   replace(by, new)   by.replaced  ──► new
 *   apply              every use follows the chain to its end; afterwards no use names a replaced value
 *
 * Invariants
 *  - Parameters are in block->params and not in the list of instructions; everything else is in one list.
 *  - A chain of replacements has no cycle: tsk_ir_replace resolves its target first and ignores old == by.
 */
#include "ir/ir.h"

tsk_ir_module *tsk_ir_module_new(tsk_arena *arena) {
    tsk_ir_module *module = TSK_NEW(arena, tsk_ir_module);
    module->arena = arena;
    module->names = tsk_object_new(arena, 0);
    return module;
}

/* Gives `name`, or `name~2` and so on when it is taken.  The count stays with the name that was asked for, so
 * that a thousand equal names take a thousand steps. */
static const char *unique_name(tsk_ir_module *module, const char *name) {
    const char *want = name;
    for (;;) {
        uint32_t len = (uint32_t)strlen(want);
        bool added;
        tsk_entry *entry = tsk_object_slot(module->arena, module->names, want, len, tsk_hash(want, len), &added);
        if (added) {
            entry->value = tsk_from_i32(1);
            return want;
        }
        entry = tsk_object_find(module->names, name, (uint32_t)strlen(name));
        int32_t number = tsk_as_i32(entry->value) + 1;
        entry->value = tsk_from_i32(number);
        want = tsk_arena_printf(module->arena, "%s~%d", name, number);
    }
}

tsk_ir_func *tsk_ir_func_new(tsk_ir_module *module, const char *name, uint32_t params, uint32_t captures) {
    tsk_ir_func *func = TSK_NEW(module->arena, tsk_ir_func);
    if (!name) name = "";
    func->name = unique_name(module, tsk_arena_strdup(module->arena, name, strlen(name)));
    func->module = module;
    func->params = params;
    func->captures = captures;
    func->effect = TSK_EFFECT_WRITE;
    func->may_suspend = true;
    if (module->last)
        module->last->next = func;
    else
        module->first = func;
    module->last = func;
    tsk_ir_block *entry = tsk_ir_block_new(func);
    for (uint32_t i = 0; i < params; i++) tsk_ir_block_param(entry, TSK_TY_ANY);
    return func;
}

tsk_ir_func *tsk_ir_js_func_new(tsk_ir_module *module, const char *name, const tsk_ir_js *js, uint32_t declared,
                                uint32_t captures) {
    bool array = js->flags & TSK_IR_FN_ALL_ARGS;
    tsk_ir_func *func = tsk_ir_func_new(module, name, TSK_IR_JS_DECLARED + declared + array, captures);
    for (uint32_t i = 0; i < func->params; i++) func->entry->params[i]->type = TSK_TY_ALL;
    func->js = TSK_NEW(module->arena, tsk_ir_js);
    *func->js = *js;
    return func;
}

tsk_ir_block *tsk_ir_block_new(tsk_ir_func *func) {
    tsk_ir_block *block = TSK_NEW(func->module->arena, tsk_ir_block);
    block->func = func;
    block->id = func->block_count++;
    if (func->last)
        func->last->next = block;
    else
        func->entry = block;
    func->last = block;
    return block;
}

tsk_ir_inst *tsk_ir_inst_new(tsk_ir_func *func, tsk_ir_op op, uint32_t count) {
    tsk_ir_inst *inst = TSK_NEW(func->module->arena, tsk_ir_inst);
    inst->op = (uint16_t)op;
    inst->id = func->inst_count++;
    inst->count = count;
    if (count) inst->args = tsk_arena_zalloc(func->module->arena, sizeof(tsk_ir_inst *) * (size_t)count);
    return inst;
}

tsk_ir_inst *tsk_ir_block_param(tsk_ir_block *block, tsk_ir_type type) {
    tsk_arena *arena = block->func->module->arena;
    if (block->param_count == block->param_cap) {
        uint32_t cap = block->param_cap ? block->param_cap * 2 : 2;
        block->params = tsk_arena_grow(arena, block->params, block->param_cap * sizeof *block->params,
                                       cap * sizeof *block->params);
        block->param_cap = cap;
    }
    tsk_ir_inst *param = tsk_ir_inst_new(block->func, TSK_IR_PARAM, 0);
    param->type = (uint16_t)type;
    param->block = block;
    param->imm.index = block->param_count;
    block->params[block->param_count++] = param;
    return param;
}

void tsk_ir_insert_before(tsk_ir_inst *place, tsk_ir_inst *inst) {
    inst->block = place->block;
    inst->next = place;
    inst->prev = place->prev;
    if (place->prev)
        place->prev->next = inst;
    else
        place->block->first = inst;
    place->prev = inst;
}

void tsk_ir_append(tsk_ir_block *block, tsk_ir_inst *inst) {
    inst->block = block;
    inst->next = NULL;
    inst->prev = block->last;
    if (block->last)
        block->last->next = inst;
    else
        block->first = inst;
    block->last = inst;
}

void tsk_ir_remove(tsk_ir_inst *inst) {
    tsk_ir_block *block = inst->block;
    if (!block) return;
    if (inst->prev)
        inst->prev->next = inst->next;
    else
        block->first = inst->next;
    if (inst->next)
        inst->next->prev = inst->prev;
    else
        block->last = inst->prev;
    inst->prev = inst->next = NULL;
    inst->block = NULL;
}

tsk_ir_inst *tsk_ir_resolve(tsk_ir_inst *inst) {
    while (inst->replaced) {
        /* Halves the path for the next asker. */
        if (inst->replaced->replaced) inst->replaced = inst->replaced->replaced;
        inst = inst->replaced;
    }
    return inst;
}

void tsk_ir_replace(tsk_ir_inst *old, tsk_ir_inst *by) {
    by = tsk_ir_resolve(by);
    old = tsk_ir_resolve(old);
    if (by != old) old->replaced = by;
}

static void resolve_all(tsk_ir_inst **args, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) args[i] = tsk_ir_resolve(args[i]);
}

void tsk_ir_apply_replacements(tsk_ir_func *func) {
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) {
            resolve_all(inst->args, inst->count);
            for (tsk_ir_frame *frame = inst->frame; frame; frame = frame->outer)
                for (uint32_t i = 0; i < frame->count; i++) frame->regs[i].value = tsk_ir_resolve(frame->regs[i].value);
        }
        for (int e = 0; e < 2; e++) resolve_all(block->edges[e].args, block->edges[e].count);
    }
}

/* Puts a block that was not seen yet on the worklist. */
static void reach(tsk_ir_block *block, tsk_ir_block **work) {
    if (!block || block->mark) return;
    block->mark = 1;
    block->link = *work;
    *work = block;
}

static uint32_t instruction_count(const tsk_ir_block *block) {
    uint32_t count = block->param_count;
    for (const tsk_ir_inst *inst = block->first; inst; inst = inst->next) count++;
    return count;
}

uint32_t tsk_ir_drop_unreachable(tsk_ir_func *func) {
    for (tsk_ir_block *block = func->entry; block; block = block->next) block->mark = 0;
    tsk_ir_block *work = NULL;
    reach(func->entry, &work);
    while (work) {
        tsk_ir_block *block = work;
        work = block->link;
        reach(block->handler, &work);
        reach(block->edges[0].to, &work);
        reach(block->edges[1].to, &work);
    }
    uint32_t dropped = 0;
    tsk_ir_block *kept = func->entry;
    for (tsk_ir_block *block = func->entry->next; block; block = block->next) {
        if (block->mark) {
            kept->next = block;
            kept = block;
        } else {
            dropped += instruction_count(block);
        }
    }
    kept->next = NULL;
    func->last = kept;
    return dropped;
}

void tsk_ir_number(tsk_ir_func *func) {
    tsk_ir_drop_unreachable(func);
    uint32_t blocks = 0, values = 0;
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        block->id = blocks++;
        for (uint32_t i = 0; i < block->param_count; i++) block->params[i]->id = values++;
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next)
            if (tsk_ir_is_value(inst)) inst->id = values++;
    }
    uint32_t all = values;
    for (tsk_ir_block *block = func->entry; block; block = block->next)
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next)
            if (!tsk_ir_is_value(inst)) inst->id = all++;
    func->block_count = blocks;
    func->value_count = values;
    func->inst_count = all;
}

bool tsk_ir_is_constant(const tsk_ir_func *func, tsk_value *out) {
    const tsk_ir_inst *end = func->entry->last;
    if (!end || end->op != TSK_IR_RETURN || end->args[0]->op != TSK_IR_CONST) return false;
    /* Whatever stands before the return must be unable to fail or to be noticed. */
    for (const tsk_ir_inst *inst = end->prev; inst; inst = inst->prev)
        if (!tsk_ir_removable(inst, NULL)) return false;
    *out = end->args[0]->imm.value;
    return true;
}

void tsk_ir_with_scratch(tsk_arena *around, void (*body)(void *user, tsk_arena *scratch), void *user) {
    tsk_arena scratch;
    tsk_arena_init(&scratch, around->allocator, 0);
    tsk_trap trap, *outer = around->trap;
    if (outer) {
        int reason = setjmp(trap.jump);
        if (reason) {
            around->trap = outer;
            tsk_arena_free(&scratch);
            longjmp(outer->jump, reason);
        }
        around->trap = scratch.trap = &trap;
    }
    body(user, &scratch);
    around->trap = outer;
    tsk_arena_free(&scratch);
}
