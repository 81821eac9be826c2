/* Concatenations.
 *
 *   add %a, "x"                  ──►  concat %a, "x"       from the first operand that is proven not to be a number
 *   concat (concat %a, %b), %c   ──►  concat %a, %b, %c    the inner one in the same block and used nowhere else
 *   concat %a, "x", 1, null, %b  ──►  concat %a, "x1", %b
 *   add (add %a, %b), %c         ──►  add %a, %b, %c       left operand only: `+` associates to the left
 *
 * Each inner concatenation is taken apart once, from the outermost on with a stack of its own, so a chain of
 * n costs n.
 */
#include "ir/passes/pass.h"
#include "runtime/base/number.h"

#include <inttypes.h>
#include <stdio.h>

typedef struct level {
    tsk_ir_inst *inst;
    uint32_t next; /* argument */
} level;

typedef struct texts {
    tsk_ir_func *func;
    tsk_arena *scratch;
    tsk_ir_uses uses;
    tsk_ir_inst **leaves;
    uint32_t leaf_count, leaf_cap;
    level *stack;
    uint32_t depth, stack_cap;
    uint32_t changes;
} texts;

/* ---- add to concat ---- */

/* The first operand that is certainly no number; the count when there is none. */
static uint32_t first_text(const tsk_ir_inst *add) {
    uint32_t i = 0;
    while (i < add->count && (add->args[i]->type & TSK_TY_NUMBER)) i++;
    return i;
}

/* The operands before the text are still added, as numbers or not, in an instruction of their own. */
static void split_sum(tsk_ir_inst *inst, uint32_t count) {
    tsk_ir_inst *sum = tsk_ir_inst_new(inst->block->func, TSK_IR_ADD, count);
    memcpy(sum->args, inst->args, count * sizeof *sum->args);
    sum->span = inst->span;
    sum->type = (uint16_t)tsk_ir_infer(sum);
    tsk_ir_insert_before(inst, sum);
    inst->args += count - 1;
    inst->count -= count - 1;
    inst->args[0] = sum;
}

static uint32_t make_concats(tsk_ir_func *func) {
    uint32_t changes = 0;
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) {
            if (inst->op != TSK_IR_ADD || !(inst->type & TSK_TY_STRING)) continue;
            uint32_t text = first_text(inst);
            if (text == inst->count) continue;
            if (text > 1) split_sum(inst, text);
            changes += tsk_ir_become(inst, TSK_IR_CONCAT);
        }
    }
    return changes;
}

/* ---- flattening ---- */

static void push_leaf(texts *t, tsk_ir_inst *leaf) {
    if (t->leaf_count == t->leaf_cap) {
        uint32_t cap = t->leaf_cap ? t->leaf_cap * 2 : 64;
        t->leaves = tsk_arena_grow(t->scratch, t->leaves, t->leaf_cap * sizeof *t->leaves, cap * sizeof *t->leaves);
        t->leaf_cap = cap;
    }
    t->leaves[t->leaf_count++] = leaf;
}

static void enter(texts *t, tsk_ir_inst *inst) {
    if (t->depth == t->stack_cap) {
        uint32_t cap = t->stack_cap ? t->stack_cap * 2 : 64;
        t->stack = tsk_arena_grow(t->scratch, t->stack, t->stack_cap * sizeof *t->stack, cap * sizeof *t->stack);
        t->stack_cap = cap;
    }
    t->stack[t->depth++] = (level){inst, 0};
}

/* An operand of `user` that may be written out there.  Not out of another block: that may be a loop. */
static bool can_absorb(const texts *t, const tsk_ir_inst *root, const level *user, const tsk_ir_inst *arg) {
    if (arg->block != root->block || tsk_ir_use_count(&t->uses, arg) != 1) return false;
    if (user->inst->op == TSK_IR_ADD) return arg->op == TSK_IR_ADD && user->next == 0;
    return user->inst->op == TSK_IR_CONCAT && (arg->op == TSK_IR_CONCAT || arg->op == TSK_IR_TO_STRING);
}

/* The operands of `root` with everything that can be absorbed written out; what was absorbed is removed. */
static void collect(texts *t, tsk_ir_inst *root) {
    t->leaf_count = 0;
    enter(t, root);
    while (t->depth) {
        level *top = &t->stack[t->depth - 1];
        if (top->next == top->inst->count) {
            t->depth--;
            continue;
        }
        tsk_ir_inst *arg = top->inst->args[top->next];
        bool absorb = can_absorb(t, root, top, arg);
        top->next++;
        if (!absorb) {
            push_leaf(t, arg);
            continue;
        }
        tsk_ir_remove(arg);
        t->changes++;
        enter(t, arg);
    }
}

/* ---- constants ---- */

/* Appends the text of a scalar constant; false: not a scalar. */
static bool constant_text(tsk_buf *out, const tsk_ir_inst *inst) {
    if (inst->op != TSK_IR_CONST) return false;
    tsk_value v = inst->imm.value;
    char text[32];
    switch (tsk_kind_of(v)) {
    case TSK_NULL: return true;
    case TSK_BOOL: tsk_buf_cstr(out, tsk_as_bool(v) ? "true" : "false"); return true;
    case TSK_INT: tsk_buf_printf(out, "%" PRId64, tsk_as_int(v)); return true;
    case TSK_DOUBLE: tsk_buf_add(out, text, tsk_number_format(text, tsk_as_double(v))); return true;
    case TSK_STRING: tsk_buf_slice(out, tsk_as_slice(v)); return true;
    default: return false;
    }
}

static bool is_scalar(const tsk_ir_inst *inst) {
    return inst->op == TSK_IR_CONST && !(inst->type & (TSK_TY_ARRAY | TSK_TY_OBJECT | TSK_TY_FUNCTION));
}

/* Joins runs of constants and drops empty ones, in t->leaves. */
static void join_constants(texts *t, tsk_ir_inst *root) {
    uint32_t kept = 0;
    for (uint32_t i = 0, end; i < t->leaf_count; i = end) {
        for (end = i; end < t->leaf_count && is_scalar(t->leaves[end]);) end++;
        if (end == i) {
            t->leaves[kept++] = t->leaves[end++];
            continue;
        }
        tsk_buf text;
        tsk_buf_init(&text, t->func->module->arena);
        for (uint32_t k = i; k < end; k++) constant_text(&text, t->leaves[k]);
        if (end - i == 1 && text.len)
            t->leaves[kept++] = t->leaves[i];
        else if (text.len)
            t->leaves[kept++] = tsk_ir_const_before(root, tsk_str_take(&text));
    }
    t->leaf_count = kept;
}

/* The root with its new operands; a single one needs no concatenation. */
static void rebuild(texts *t, tsk_ir_inst *root) {
    tsk_arena *arena = t->func->module->arena;
    if (root->op == TSK_IR_CONCAT && t->leaf_count <= 1) {
        tsk_ir_inst *only = t->leaf_count ? t->leaves[0] : tsk_ir_const_before(root, tsk_str_cstr(arena, ""));
        if (only->type == TSK_TY_STRING) {
            tsk_ir_replace(root, only);
            tsk_ir_remove(root);
            t->changes++;
            return;
        }
        root->op = TSK_IR_TO_STRING;
    }
    root->args = TSK_NEW_ARRAY(arena, tsk_ir_inst *, t->leaf_count);
    memcpy(root->args, t->leaves, t->leaf_count * sizeof *root->args);
    root->count = t->leaf_count;
    t->changes++;
}

static bool differs(const texts *t, const tsk_ir_inst *root) {
    return t->leaf_count < 2 || t->leaf_count != root->count ||
           memcmp(t->leaves, root->args, root->count * sizeof *root->args) != 0;
}

static void flatten(texts *t, tsk_ir_inst *root) {
    collect(t, root);
    if (root->op == TSK_IR_CONCAT) join_constants(t, root);
    if (differs(t, root)) rebuild(t, root);
}

uint32_t tsk_ir_simplify_text(tsk_ir_func *func, tsk_arena *scratch) {
    texts t = {.func = func, .scratch = scratch};
    t.changes = make_concats(func);
    tsk_ir_uses_build(&t.uses, func, scratch);
    for (tsk_ir_block *block = func->entry; block; block = block->next) {
        /* From the end: an outer concatenation stands after its parts and takes them away. */
        for (tsk_ir_inst *inst = block->last, *prev; inst; inst = prev) {
            tsk_ir_inst *after = inst->next;
            bool is_sum = inst->op == TSK_IR_CONCAT || inst->op == TSK_IR_ADD;
            if (is_sum && inst->id < func->value_count) flatten(&t, inst);
            prev = inst->block ? inst->prev : after->prev;
        }
    }
    if (t.changes) tsk_ir_apply_replacements(func);
    return t.changes;
}
