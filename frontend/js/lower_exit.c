/* Ways out: break, continue, return, exceptions, and finally, which all of them pass.
 *
 *   try A catch B finally C:
 *
 *      A ──exception──► B ──exception──► (1, e) ─┐
 *      │ normal        │ normal                  ▼
 *      └──► (0, -) ◄───┘          return v ──► (n, v) ─► C ─► where the number says
 *
 * C is there once; the number and the value are parameters of its block.
 */
#include "frontend/js/lowering.h"

#include "runtime/base/mutation.h"

typedef tsk_js_lowering lowering;
typedef tsk_js_node node;
typedef tsk_js_ir ir;

enum { NORMAL, THROWN, FIRST_EXIT };

static void return_from_function(lowering *l, ir value) {
    if (l->function->flags & TSK_JS_FUNCTION_DERIVED) {
        if (l->b.handler) tsk_lowering_under_handler(l, NULL); /* the function has ended: nothing in it catches */
        value = tsk_lowering_emit2(l, TSK_IR_JS_CHECK_RESULT, value, tsk_lowering_this_raw(l));
    }
    tsk_ir_return(&l->b, value);
}

static void through_finally(lowering *l, tsk_lowering_context *c, tsk_lowering_exit_kind kind, const node *target,
                            ir value) {
    tsk_lowering_exit *e = c->exits;
    while (e && (e->kind != kind || e->target != target)) e = e->next;
    if (!e) {
        e = TSK_NEW(l->scratch, tsk_lowering_exit);
        *e = (tsk_lowering_exit){c->exits, kind, target, FIRST_EXIT + c->exit_count++};
        c->exits = e;
    }
    ir args[] = {tsk_lowering_int(l, e->number), value ? value : tsk_lowering_undefined(l)};
    tsk_lowering_jump(l, c->finally, args, 2);
}

static void leave(lowering *l, tsk_lowering_exit_kind kind, const node *target, ir value) {
    for (tsk_lowering_context *c = l->context; c; c = c->outer) {
        bool here = kind != TSK_EXIT_RETURN && c->statement == target;
        if (here && kind == TSK_EXIT_CONTINUE) {
            tsk_lowering_jump(l, c->again, NULL, 0);
            return;
        }
        if (c->iterator) {
            tsk_lowering_under_handler(l, c->handler);
            tsk_lowering_emit1(l, TSK_IR_JS_ITER_CLOSE, c->iterator);
        }
        if (here) {
            tsk_lowering_jump(l, c->leave, NULL, 0);
            return;
        }
        if (c->finally) {
            through_finally(l, c, kind, target, value);
            return;
        }
    }
    return_from_function(l, value);
}

void tsk_lowering_leave(lowering *l, tsk_lowering_exit_kind kind, const node *target, ir value) {
    tsk_ir_block *handler = l->b.handler;
    leave(l, kind, target, value);
    l->b.handler = handler;
}

/* Again: the place is that of the first time. */
static void throw_on(lowering *l, ir exception) {
    l->b.span = (tsk_span){0, 0};
    tsk_lowering_emit1(l, TSK_IR_JS_THROW, exception);
}

void tsk_lowering_close_handler(lowering *l, tsk_ir_block *handler, ir iterator) {
    tsk_lowering_handler_end(l, handler);
    tsk_ir_block *after = l->b.block;
    tsk_lowering_handler_enter(l, handler);
    ir exception = tsk_lowering_emit0(l, TSK_IR_JS_CATCH);
    tsk_ir_emit_index(&l->b, TSK_IR_JS_ITER_CLOSE, 1, &iterator, 1);
    throw_on(l, exception);
    l->b.block = after;
}

/* ---- try ---- */

static void end_normally(lowering *l, const tsk_lowering_context *c, tsk_ir_block *after) {
    if (!l->b.block) return;
    if (!c->finally) {
        tsk_lowering_jump(l, after, NULL, 0);
        return;
    }
    ir args[] = {tsk_lowering_int(l, NORMAL), tsk_lowering_undefined(l)};
    tsk_lowering_jump(l, c->finally, args, 2);
}

static void lower_block(lowering *l, const node *block) {
    tsk_lowering_scope_begin(l, block->scope, block->list);
    tsk_lowering_statements(l, block->list);
}

static void lower_catch(lowering *l, const node *c) {
    tsk_lowering_at_node(l, c);
    ir exception = tsk_lowering_emit0(l, TSK_IR_JS_CATCH);
    tsk_lowering_scope_begin(l, c->scope, NULL);
    if (c->a) tsk_lowering_target(l, c->a, exception, true);
    lower_block(l, c->b);
}

/* After the finally: on to where the number says. */
static void dispatch(lowering *l, const tsk_lowering_context *c, ir number, ir value, tsk_ir_block *after) {
    if (!l->b.block) return;
    tsk_ir_block *thrown = tsk_lowering_block_new(l), *next = tsk_lowering_block_new(l);
    tsk_lowering_branch(l, tsk_lowering_emit2(l, TSK_IR_JS_SAME, number, tsk_lowering_int(l, THROWN)), thrown, next);
    tsk_lowering_block_enter(l, thrown);
    if (TSK_MUTANT(FINALLY_FORGETS))
        tsk_lowering_jump(l, after, NULL, 0);
    else
        throw_on(l, value);
    tsk_lowering_block_enter(l, next);
    for (const tsk_lowering_exit *e = c->exits; e; e = e->next) {
        tsk_ir_block *here = tsk_lowering_block_new(l);
        next = tsk_lowering_block_new(l);
        tsk_lowering_branch(l, tsk_lowering_emit2(l, TSK_IR_JS_SAME, number, tsk_lowering_int(l, e->number)), here,
                            next);
        tsk_lowering_block_enter(l, here);
        tsk_lowering_leave(l, e->kind, e->target, value);
        tsk_lowering_block_enter(l, next);
    }
    tsk_lowering_jump(l, after, NULL, 0);
}

void tsk_lowering_try(lowering *l, const node *s) {
    tsk_ir_block *after = tsk_lowering_block_new(l), *outermost = NULL;
    tsk_lowering_context context = {.outer = l->context};
    ir number = NULL, value = NULL;
    if (s->c) {
        context.finally = tsk_lowering_block_new(l);
        number = tsk_lowering_block_value(context.finally);
        value = tsk_lowering_block_value(context.finally);
        l->context = &context;
        outermost = tsk_lowering_handler_begin(l);
    }
    tsk_ir_block *handler = s->b ? tsk_lowering_handler_begin(l) : NULL;
    lower_block(l, s->a);
    if (handler) {
        tsk_lowering_handler_end(l, handler);
        end_normally(l, &context, after);
        tsk_lowering_handler_enter(l, handler);
        lower_catch(l, s->b);
    }
    end_normally(l, &context, after);
    if (s->c) {
        l->context = context.outer;
        l->b.handler = outermost->handler;
        tsk_lowering_handler_enter(l, outermost);
        tsk_lowering_at_node(l, s->c);
        ir exception = tsk_lowering_emit0(l, TSK_IR_JS_CATCH);
        ir args[] = {tsk_lowering_int(l, THROWN), exception};
        tsk_lowering_jump(l, context.finally, args, 2);
        tsk_lowering_block_enter(l, context.finally);
        lower_block(l, s->c);
        tsk_lowering_at_node(l, s->c);
        dispatch(l, &context, number, value, after);
    }
    tsk_lowering_block_enter(l, after);
}
