/* Statements.
 *
 *   while (c) body    ─►   c ? ┌► body ─► again: poll, c ? ─┐ : after       the test is there twice when it is short
 *                              └────────────────────────────┘
 *   for (x of o) body ─►   header: next ─► hole ? after : body under a handler that closes the iterator
 */
#include "frontend/js/lowering.h"

typedef tsk_js_lowering lowering;
typedef tsk_js_node node;
typedef tsk_js_ir ir;

static void lower_statement(lowering *l, const node *s);

/* ---- loops ---- */

/* Short enough to stand twice, and nothing that must be there once. */
static bool is_short(const node *n, int *budget) {
    if (--*budget < 0) return false;
    switch (n->kind) {
    case TSK_JS_NODE_NUMBER:
    case TSK_JS_NODE_STRING:
    case TSK_JS_NODE_TRUE:
    case TSK_JS_NODE_FALSE:
    case TSK_JS_NODE_NULL:
    case TSK_JS_NODE_THIS:
    case TSK_JS_NODE_NAME: return true;
    case TSK_JS_NODE_MEMBER:
    case TSK_JS_NODE_UNARY:
    case TSK_JS_NODE_UPDATE: return is_short(n->a, budget);
    case TSK_JS_NODE_INDEX:
    case TSK_JS_NODE_BINARY:
    case TSK_JS_NODE_LOGICAL:
    case TSK_JS_NODE_ASSIGN: return is_short(n->a, budget) && is_short(n->b, budget);
    case TSK_JS_NODE_CALL:
        for (const node *e = n->list; e; e = e->next)
            if (!is_short(e, budget)) return false;
        return is_short(n->a, budget);
    default: return false;
    }
}

static bool is_true(const node *n) {
    return !n || n->kind == TSK_JS_NODE_TRUE || (n->kind == TSK_JS_NODE_NUMBER && n->number != 0);
}

static void test(lowering *l, const node *condition, tsk_ir_block *yes, tsk_ir_block *no) {
    if (!l->b.block) return;
    if (is_true(condition))
        tsk_lowering_jump(l, yes, NULL, 0);
    else
        tsk_lowering_condition(l, condition, yes, no);
}

static void poll(lowering *l) {
    if (l->b.block) tsk_lowering_emit0(l, TSK_IR_POLL);
}

/* for, while and do: `update` and `scope` may be NULL. */
static void lower_loop(lowering *l, const node *s, const node *condition, const node *update,
                       const tsk_js_scope *scope) {
    int budget = 40;
    bool twice = is_true(condition) || is_short(condition, &budget);
    bool test_first = s->kind != TSK_JS_NODE_DO;
    tsk_ir_block *after = tsk_lowering_block_new(l), *again = tsk_lowering_block_new(l);
    tsk_lowering_context context = {.outer = l->context, .statement = s, .leave = after, .again = again};
    tsk_ir_block *head = tsk_lowering_block_open(l), *body = head;
    if (test_first && twice)
        test(l, condition, head, after);
    else
        tsk_lowering_jump(l, head, NULL, 0);
    l->loops++;
    tsk_lowering_block_enter(l, head);
    if (test_first && !twice && l->b.block) {
        body = tsk_lowering_block_new(l);
        tsk_lowering_condition(l, condition, body, after);
        tsk_lowering_block_enter(l, body);
    }
    l->context = &context;
    lower_statement(l, s->d);
    l->context = context.outer;
    tsk_lowering_jump(l, again, NULL, 0);
    tsk_lowering_block_enter(l, again);
    if (l->b.block) {
        tsk_lowering_at_node(l, s);
        if (scope) tsk_lowering_scope_copy(l, scope);
        if (update) tsk_lowering_discard(l, update);
        poll(l);
        if (test_first && !twice)
            tsk_lowering_jump(l, head, NULL, 0);
        else
            test(l, condition, head, after);
    }
    tsk_lowering_block_close(l, head);
    l->loops--;
    tsk_lowering_block_enter(l, after);
}

static void lower_for(lowering *l, const node *s) {
    tsk_lowering_scope_begin(l, s->scope, NULL);
    if (s->a && s->a->kind == TSK_JS_NODE_DECLARE)
        lower_statement(l, s->a);
    else if (s->a)
        tsk_lowering_discard(l, s->a);
    tsk_lowering_scope_copy(l, s->scope);
    lower_loop(l, s, s->b, s->c, s->scope);
}

static void bind_item(lowering *l, const node *s, ir v) {
    tsk_lowering_scope_begin(l, s->scope, NULL);
    bool declares = s->a->kind == TSK_JS_NODE_DECLARE;
    tsk_lowering_target(l, declares ? s->a->list->a : s->a, v, declares);
}

static void lower_for_each(lowering *l, const node *s) {
    bool of = s->kind == TSK_JS_NODE_FOR_OF;
    tsk_lowering_scope_begin(l, s->scope, NULL);
    ir iterable = tsk_lowering_value(l, s->b);
    tsk_lowering_at_node(l, s->b);
    ir iterator = tsk_lowering_emit1(l, of ? TSK_IR_JS_ITER : TSK_IR_JS_FORIN, iterable);
    tsk_ir_block *head = tsk_lowering_block_open(l), *after = tsk_lowering_block_new(l),
                 *again = tsk_lowering_block_new(l);
    tsk_ir_block *body = tsk_lowering_block_new(l);
    tsk_lowering_context context = {.outer = l->context,
                                    .statement = s,
                                    .leave = after,
                                    .again = again,
                                    .iterator = of ? iterator : NULL,
                                    .handler = l->b.handler};
    tsk_lowering_jump(l, head, NULL, 0);
    l->loops++;
    tsk_lowering_block_enter(l, head);
    ir v = tsk_lowering_emit1(l, of ? TSK_IR_JS_ITER_NEXT : TSK_IR_JS_FORIN_NEXT, iterator);
    tsk_lowering_branch(l, tsk_lowering_emit1(l, TSK_IR_JS_IS_HOLE, v), after, body);
    tsk_lowering_block_enter(l, body);
    tsk_ir_block *handler = of ? tsk_lowering_handler_begin(l) : NULL;
    bind_item(l, s, v);
    l->context = &context;
    lower_statement(l, s->d);
    l->context = context.outer;
    if (handler) tsk_lowering_close_handler(l, handler, iterator);
    tsk_lowering_jump(l, again, NULL, 0);
    tsk_lowering_block_enter(l, again);
    tsk_lowering_at_node(l, s);
    poll(l);
    tsk_lowering_jump(l, head, NULL, 0);
    tsk_lowering_block_close(l, head);
    l->loops--;
    tsk_lowering_block_enter(l, after);
}

/* ---- choices ---- */

static void lower_if(lowering *l, const node *s) {
    tsk_ir_block *after = tsk_lowering_block_new(l);
    for (; s && s->kind == TSK_JS_NODE_IF && l->b.block; s = s->c) {
        tsk_ir_block *yes = tsk_lowering_block_new(l), *no = s->c ? tsk_lowering_block_new(l) : after;
        tsk_lowering_at_node(l, s);
        tsk_lowering_condition(l, s->a, yes, no);
        tsk_lowering_block_enter(l, yes);
        lower_statement(l, s->b);
        tsk_lowering_jump(l, after, NULL, 0);
        if (!s->c) {
            tsk_lowering_block_enter(l, after);
            return;
        }
        tsk_lowering_block_enter(l, no);
    }
    if (s) lower_statement(l, s);
    tsk_lowering_jump(l, after, NULL, 0);
    tsk_lowering_block_enter(l, after);
}

static void lower_switch(lowering *l, const node *s) {
    ir value = tsk_lowering_value(l, s->a);
    tsk_lowering_scope_begin(l, s->scope, NULL);
    uint32_t count = 0, i = 0;
    for (const node *c = s->list; c; c = c->next) {
        tsk_lowering_scope_begin_functions(l, c->list);
        count++;
    }
    tsk_ir_block **blocks = TSK_NEW_ARRAY(l->scratch, tsk_ir_block *, count + 1);
    for (uint32_t b = 0; b <= count; b++) blocks[b] = tsk_lowering_block_new(l);
    tsk_ir_block *otherwise = blocks[count];
    for (const node *c = s->list; c; c = c->next, i++) {
        if (!c->a) {
            otherwise = blocks[i];
            continue;
        }
        ir wanted = tsk_lowering_value(l, c->a);
        tsk_lowering_at_node(l, c);
        tsk_ir_block *next = tsk_lowering_block_new(l);
        tsk_lowering_branch(l, tsk_lowering_emit2(l, TSK_IR_JS_SAME, value, wanted), blocks[i], next);
        tsk_lowering_block_enter(l, next);
    }
    tsk_lowering_jump(l, otherwise, NULL, 0);
    tsk_lowering_context context = {.outer = l->context, .statement = s, .leave = blocks[count]};
    l->context = &context;
    l->b.block = NULL;
    i = 0;
    for (const node *c = s->list; c; c = c->next, i++) {
        tsk_lowering_jump(l, blocks[i], NULL, 0);
        tsk_lowering_block_enter(l, blocks[i]);
        tsk_lowering_statements(l, c->list);
    }
    l->context = context.outer;
    tsk_lowering_jump(l, blocks[count], NULL, 0);
    tsk_lowering_block_enter(l, blocks[count]);
}

/* ---- the rest ---- */

static void lower_declare(lowering *l, const node *s) {
    for (const node *d = s->list; d; d = d->next) {
        ir v;
        if (d->b)
            v = tsk_lowering_value_named(l, d->b, d->a->kind == TSK_JS_NODE_NAME ? d->a->name : NULL);
        else if (s->op != TSK_JS_VAR)
            v = tsk_lowering_undefined(l);
        else
            continue;
        tsk_lowering_at_node(l, d);
        tsk_lowering_target(l, d->a, v, true);
    }
}

static void lower_labeled(lowering *l, const node *s) {
    tsk_ir_block *after = tsk_lowering_block_new(l);
    tsk_lowering_context context = {.outer = l->context, .statement = s, .leave = after};
    l->context = &context;
    lower_statement(l, s->a);
    l->context = context.outer;
    tsk_lowering_jump(l, after, NULL, 0);
    tsk_lowering_block_enter(l, after);
}

static void lower_class_statement(lowering *l, const node *s) {
    const tsk_js_class_node *c = s->class_node;
    node named = {.kind = TSK_JS_NODE_NAME, .name = c->name, .span = s->span, .binding = c->declared};
    ir v = tsk_lowering_class_value(l, c, (tsk_slice){c->name->text, c->name->len});
    tsk_lowering_name_initialize(l, &named, v);
}

static void lower_return(lowering *l, const node *s) {
    ir v = s->a ? tsk_lowering_value(l, s->a) : tsk_lowering_undefined(l);
    tsk_lowering_at_node(l, s);
    tsk_lowering_leave(l, TSK_EXIT_RETURN, NULL, v);
}

static void statement_of(lowering *l, const node *s) {
    switch (s->kind) {
    case TSK_JS_NODE_EXPRESSION: tsk_lowering_discard(l, s->a); break;
    case TSK_JS_NODE_DECLARE: lower_declare(l, s); break;
    case TSK_JS_NODE_BLOCK:
        tsk_lowering_scope_begin(l, s->scope, s->list);
        tsk_lowering_statements(l, s->list);
        break;
    case TSK_JS_NODE_IF: lower_if(l, s); break;
    case TSK_JS_NODE_FOR: lower_for(l, s); break;
    case TSK_JS_NODE_FOR_OF:
    case TSK_JS_NODE_FOR_IN: lower_for_each(l, s); break;
    case TSK_JS_NODE_WHILE:
    case TSK_JS_NODE_DO: lower_loop(l, s, s->a, NULL, NULL); break;
    case TSK_JS_NODE_SWITCH: lower_switch(l, s); break;
    case TSK_JS_NODE_BREAK: tsk_lowering_leave(l, TSK_EXIT_BREAK, s->target, NULL); break;
    case TSK_JS_NODE_CONTINUE: tsk_lowering_leave(l, TSK_EXIT_CONTINUE, s->target, NULL); break;
    case TSK_JS_NODE_RETURN: lower_return(l, s); break;
    case TSK_JS_NODE_THROW: {
        ir v = tsk_lowering_value(l, s->a);
        tsk_lowering_at_node(l, s);
        tsk_lowering_emit1(l, TSK_IR_JS_THROW, v);
        break;
    }
    case TSK_JS_NODE_TRY: tsk_lowering_try(l, s); break;
    case TSK_JS_NODE_LABELED: lower_labeled(l, s); break;
    case TSK_JS_NODE_CLASS_STATEMENT: lower_class_statement(l, s); break;
    default: break;
    }
}

static void lower_statement(lowering *l, const node *s) {
    if (!l->b.block) return;
    tsk_lowering_at_node(l, s);
    if (tsk_lowering_deeper(l)) statement_of(l, s);
    l->depth--;
}

void tsk_lowering_statements(lowering *l, const node *list) {
    for (const node *s = list; s && l->b.block; s = s->next) lower_statement(l, s);
}
