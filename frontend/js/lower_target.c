/* Assignments and destructuring.
 *
 * An array pattern takes values from an iterator; when anything in it throws, a handler closes the iterator and throws
 * on.  Patterns that cannot throw need no handler.
 */
#include "frontend/js/lowering.h"

typedef tsk_js_lowering lowering;
typedef tsk_js_node node;
typedef tsk_js_ir ir;

static bool is_pattern(const node *n) {
    return n->kind == TSK_JS_NODE_ARRAY_PATTERN || n->kind == TSK_JS_NODE_OBJECT_PATTERN;
}

/* Which name a function without one gets; in parentheses, a target gives none. */
static const tsk_js_name *name_for(const node *target) {
    return target->kind == TSK_JS_NODE_NAME && !(target->flags & TSK_JS_NODE_PARENTHESIZED) ? target->name : NULL;
}

/* ---- assignments ---- */

static ir assign_logical(lowering *l, const node *n) {
    tsk_lowering_reference r = tsk_lowering_reference_begin(l, n->a);
    tsk_lowering_reference_keep(l, &r);
    ir old = tsk_lowering_reference_get(l, &r);
    tsk_ir_block *end = tsk_lowering_block_new(l), *keep = tsk_lowering_block_new(l),
                 *write = tsk_lowering_block_new(l);
    ir result = tsk_lowering_block_value(end);
    ir condition = tsk_lowering_emit1(l, n->op == TSK_JS_TOKEN_NULLISH ? TSK_IR_JS_NULLISH : TSK_IR_JS_TRUTH, old);
    bool writes_if_true = n->op != TSK_JS_TOKEN_OR;
    tsk_lowering_branch(l, condition, writes_if_true ? write : keep, writes_if_true ? keep : write);
    tsk_lowering_block_enter(l, keep);
    tsk_lowering_jump(l, end, &old, 1);
    tsk_lowering_block_enter(l, write);
    ir v = tsk_lowering_value_named(l, n->b, name_for(n->a));
    tsk_lowering_at_node(l, n);
    tsk_lowering_reference_set(l, &r, v);
    tsk_lowering_jump(l, end, &v, 1);
    tsk_lowering_block_enter(l, end);
    return result;
}

ir tsk_lowering_assign(lowering *l, const node *n) {
    if (n->op == TSK_JS_TOKEN_NULLISH || n->op == TSK_JS_TOKEN_OR || n->op == TSK_JS_TOKEN_AND)
        return assign_logical(l, n);
    if (is_pattern(n->a)) {
        ir v = tsk_lowering_value(l, n->b);
        tsk_lowering_target(l, n->a, v, false);
        return v;
    }
    tsk_lowering_reference r = tsk_lowering_reference_begin(l, n->a);
    if (n->op != TSK_JS_TOKEN_ASSIGN) tsk_lowering_reference_keep(l, &r);
    ir old = n->op == TSK_JS_TOKEN_ASSIGN ? NULL : tsk_lowering_reference_get(l, &r);
    ir v = old ? tsk_lowering_value(l, n->b) : tsk_lowering_value_named(l, n->b, name_for(n->a));
    tsk_lowering_at_node(l, n);
    if (old) v = tsk_lowering_binary(l, n->op, old, v);
    tsk_lowering_reference_set(l, &r, v);
    return v;
}

ir tsk_lowering_update(lowering *l, const node *n, bool wanted) {
    tsk_lowering_reference r = tsk_lowering_reference_begin(l, n->a);
    tsk_lowering_reference_keep(l, &r);
    ir old = tsk_lowering_reference_get(l, &r);
    tsk_lowering_at_node(l, n);
    bool prefix = n->flags & TSK_JS_NODE_PREFIX;
    if (wanted && !prefix && !tsk_ir_is(old, TSK_TY_JS_NUMBER)) old = tsk_lowering_emit1(l, TSK_IR_JS_PLUS, old);
    ir v = tsk_lowering_emit1(l, n->op == TSK_JS_TOKEN_INCREMENT ? TSK_IR_JS_INC : TSK_IR_JS_DEC, old);
    tsk_lowering_reference_set(l, &r, v);
    return prefix ? v : old;
}

/* ---- patterns ---- */

static ir with_default(lowering *l, ir v, const node *value, const tsk_js_name *name) {
    tsk_ir_block *end = tsk_lowering_block_new(l), *given = tsk_lowering_block_new(l),
                 *missing = tsk_lowering_block_new(l);
    ir result = tsk_lowering_block_value(end);
    tsk_lowering_branch(l, tsk_lowering_emit1(l, TSK_IR_JS_IS_UNDEFINED, v), missing, given);
    tsk_lowering_block_enter(l, missing);
    ir other = tsk_lowering_value_named(l, value, name);
    tsk_lowering_jump(l, end, &other, 1);
    tsk_lowering_block_enter(l, given);
    tsk_lowering_jump(l, end, &v, 1);
    tsk_lowering_block_enter(l, end);
    return result;
}

/* A target whose object and key have been evaluated: that comes before its value. */
typedef struct place {
    const node *target, *value; /* value: the default, or NULL */
    tsk_lowering_reference reference;
    bool declares;
} place;

static place place_begin(lowering *l, const node *target, bool declares) {
    place p = {.target = target, .declares = declares};
    if (target->kind == TSK_JS_NODE_DEFAULT || target->kind == TSK_JS_NODE_REST) {
        p.target = target->a;
        if (target->kind == TSK_JS_NODE_DEFAULT) p.value = target->b;
    }
    if (!declares && !is_pattern(p.target)) p.reference = tsk_lowering_reference_begin(l, p.target);
    return p;
}

static void target_pattern(lowering *l, const node *target, ir value, bool declares);

static void place_put(lowering *l, const place *p, ir v) {
    if (p->value) v = with_default(l, v, p->value, name_for(p->target));
    tsk_lowering_at_node(l, p->target);
    if (is_pattern(p->target))
        target_pattern(l, p->target, v, p->declares);
    else if (p->declares)
        tsk_lowering_name_initialize(l, p->target, v);
    else
        tsk_lowering_reference_set(l, &p->reference, v);
}

static ir hole_to_undefined(lowering *l, ir v) {
    tsk_ir_block *end = tsk_lowering_block_new(l), *given = tsk_lowering_block_new(l),
                 *missing = tsk_lowering_block_new(l);
    ir result = tsk_lowering_block_value(end);
    tsk_lowering_branch(l, tsk_lowering_emit1(l, TSK_IR_JS_IS_HOLE, v), missing, given);
    tsk_lowering_block_enter(l, missing);
    ir nothing = tsk_lowering_undefined(l);
    tsk_lowering_jump(l, end, &nothing, 1);
    tsk_lowering_block_enter(l, given);
    tsk_lowering_jump(l, end, &v, 1);
    tsk_lowering_block_enter(l, end);
    return result;
}

static void array_element(lowering *l, const node *e, ir iterator, bool declares) {
    if (e->kind == TSK_JS_NODE_HOLE) {
        tsk_lowering_emit1(l, TSK_IR_JS_ITER_SKIP, iterator);
        return;
    }
    place p = place_begin(l, e, declares);
    tsk_lowering_at_node(l, e);
    ir v = e->kind == TSK_JS_NODE_REST ? tsk_lowering_emit1(l, TSK_IR_JS_ITER_REST, iterator)
                                       : hole_to_undefined(l, tsk_lowering_emit1(l, TSK_IR_JS_ITER_NEXT, iterator));
    place_put(l, &p, v);
}

/* Nothing between the first value and the last can throw, but the iterator itself. */
static bool is_quiet(const node *pattern, bool declares) {
    for (const node *e = pattern->list; e; e = e->next) {
        const node *t = e->kind == TSK_JS_NODE_REST ? e->a : e;
        if (t->kind == TSK_JS_NODE_HOLE) continue;
        if (t->kind != TSK_JS_NODE_NAME || !t->binding || t->binding->scope->kind == TSK_JS_SCOPE_SCRIPT) return false;
        bool refuses = t->binding->kind == TSK_JS_CONST || t->binding->kind == TSK_JS_SELF_NAME || t->binding->checked;
        if (!declares && refuses) return false;
    }
    return true;
}

static void array_pattern(lowering *l, const node *pattern, ir value, bool declares) {
    ir iterator = tsk_lowering_emit1(l, TSK_IR_JS_ITER, value);
    bool quiet = is_quiet(pattern, declares);
    tsk_ir_block *handler = quiet ? NULL : tsk_lowering_handler_begin(l);
    for (const node *e = pattern->list; e; e = e->next) array_element(l, e, iterator, declares);
    if (handler) tsk_lowering_close_handler(l, handler, iterator);
    tsk_lowering_at_node(l, pattern);
    tsk_lowering_emit1(l, TSK_IR_JS_ITER_CLOSE, iterator);
}

/* The key of a property of a pattern, and its value in `object`. */
static ir property_value(lowering *l, const node *p, ir object, ir key) {
    const tsk_js_name *name = p->flags & TSK_JS_NODE_COMPUTED ? NULL : tsk_lowering_plain_key(p->a);
    tsk_lowering_at_node(l, p);
    if (name) return tsk_lowering_emit_named(l, TSK_IR_JS_GET, name, &object, 1);
    return tsk_lowering_emit2(l, TSK_IR_JS_GET_INDEX, object, key);
}

static void object_pattern(lowering *l, const node *pattern, ir value, bool declares) {
    static const tsk_array empty;
    uint32_t count = 2;
    for (const node *p = pattern->list; p; p = p->next) count++;
    ir *keys = TSK_NEW_ARRAY(l->scratch, ir, count);
    count = 2;
    tsk_lowering_emit1(l, TSK_IR_JS_CHECK_OBJECT, value);
    for (const node *p = pattern->list; p; p = p->next) {
        if (p->kind == TSK_JS_NODE_REST) {
            place rest = place_begin(l, p, declares);
            keys[0] = tsk_ir_emit(&l->b, TSK_IR_JS_OBJECT, tsk_from_array(&empty), NULL, 0);
            keys[1] = value;
            tsk_ir_emit_index(&l->b, TSK_IR_JS_COPY_DATA, 0, keys, count);
            place_put(l, &rest, keys[0]);
            continue;
        }
        ir key = tsk_lowering_key_of(l, p);
        if (!tsk_ir_is(key, TSK_TY_STRING) && !(p->flags & TSK_JS_NODE_COMPUTED))
            key = tsk_lowering_emit1(l, TSK_IR_JS_TO_KEY, key);
        keys[count++] = key;
        place to = place_begin(l, p->b, declares);
        place_put(l, &to, property_value(l, p, value, key));
    }
}

static void target_pattern(lowering *l, const node *target, ir value, bool declares) {
    if (tsk_lowering_deeper(l)) {
        if (target->kind == TSK_JS_NODE_ARRAY_PATTERN)
            array_pattern(l, target, value, declares);
        else
            object_pattern(l, target, value, declares);
    }
    l->depth--;
}

void tsk_lowering_target(lowering *l, const node *target, ir value, bool declares) {
    place p = place_begin(l, target, declares);
    place_put(l, &p, value);
}
