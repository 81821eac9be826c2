/* Calls, arrays, and operators of the configuration.
 *
 *   o.m(simple, arguments)  ─► JS_CALL_METHOD: looks the method up and calls it
 *   o.m(f())                ─► JS_GET, arguments, JS_CALL: the method is looked up before the arguments run
 */
#include "frontend/js/lowering.h"

#include <string.h>

typedef tsk_js_lowering lowering;
typedef tsk_js_node node;
typedef tsk_js_ir ir;

static uint32_t count_of(const node *list) {
    uint32_t n = 0;
    for (; list; list = list->next) n++;
    return n;
}

/* ---- arrays ---- */

static void add_item(lowering *l, ir array, const node *e) {
    if (e->kind == TSK_JS_NODE_SPREAD) {
        ir items = tsk_lowering_value(l, e->a);
        tsk_lowering_at_node(l, e->a);
        tsk_lowering_emit2(l, TSK_IR_JS_SPREAD, array, items);
        return;
    }
    tsk_lowering_emit2(l, TSK_IR_JS_PUSH, array, tsk_lowering_value(l, e));
}

ir tsk_lowering_array(lowering *l, const node *list) {
    enum { MAX_AT_ONCE = 4096 };
    uint32_t count = 0;
    const node *rest = list;
    for (; rest && rest->kind != TSK_JS_NODE_SPREAD && count < MAX_AT_ONCE; rest = rest->next) count++;
    ir *items = TSK_NEW_ARRAY(l->scratch, ir, count + 1);
    uint32_t i = 0;
    for (const node *e = list; e != rest; e = e->next) items[i++] = tsk_lowering_value(l, e);
    ir array = tsk_ir_emit_index(&l->b, TSK_IR_JS_ARRAY, 0, items, count);
    for (; rest; rest = rest->next) add_item(l, array, rest);
    return array;
}

/* ---- arguments ---- */

/* The values `first`, then the arguments. */
static ir emit_call(lowering *l, const node *n, tsk_ir_op op, const ir *first, uint32_t before) {
    uint32_t count = before + count_of(n->list);
    ir *args = TSK_NEW_ARRAY(l->scratch, ir, count);
    for (uint32_t i = 0; i < before; i++) args[i] = first[i];
    uint32_t i = before;
    for (const node *e = n->list; e; e = e->next) args[i++] = tsk_lowering_value(l, e);
    tsk_lowering_at_node(l, n);
    return tsk_ir_emit_index(&l->b, op, 0, args, count);
}

enum { MAX_LISTED = 4096 };

/* Many arguments go into an array, which is how the machine stack stays small. */
static bool needs_array(const node *n) {
    return n->flags & TSK_JS_NODE_HAS_SPREAD || count_of(n->list) > MAX_LISTED;
}

static ir call_value(lowering *l, const node *n, ir callee, ir this_value) {
    ir first[] = {callee, this_value};
    if (!needs_array(n)) return emit_call(l, n, TSK_IR_JS_CALL, first, 2);
    ir array = tsk_lowering_array(l, n->list);
    tsk_lowering_at_node(l, n);
    return tsk_lowering_emit3(l, TSK_IR_JS_CALL_SPREAD, callee, this_value, array);
}

/* ---- calls ---- */

/* Evaluating it cannot be told from evaluating it a little later. */
static bool is_simple(const node *e) {
    switch (e->kind) {
    case TSK_JS_NODE_NUMBER:
    case TSK_JS_NODE_STRING:
    case TSK_JS_NODE_TRUE:
    case TSK_JS_NODE_FALSE:
    case TSK_JS_NODE_NULL:
    case TSK_JS_NODE_FUNCTION: return true;
    case TSK_JS_NODE_NAME: return e->binding && !e->binding->checked && e->binding->scope->kind != TSK_JS_SCOPE_SCRIPT;
    default: return false;
    }
}

static bool all_simple(const node *list) {
    for (; list; list = list->next)
        if (!is_simple(list)) return false;
    return true;
}

static ir call_super(lowering *l, const node *n) {
    tsk_lowering_at_node(l, n);
    ir made, function = tsk_lowering_home_function(l), parent = tsk_lowering_emit1(l, TSK_IR_JS_SUPER_PARENT, function);
    ir first[] = {parent, tsk_lowering_new_target(l)};
    if (needs_array(n)) {
        ir array = tsk_lowering_array(l, n->list);
        tsk_lowering_at_node(l, n);
        made = tsk_lowering_emit3(l, TSK_IR_JS_SUPER_SPREAD, parent, first[1], array);
    } else {
        made = emit_call(l, n, TSK_IR_JS_SUPER_CALL, first, 2);
    }
    tsk_ir_block *twice = tsk_lowering_block_new(l), *once = tsk_lowering_block_new(l);
    tsk_lowering_branch(l, tsk_lowering_emit1(l, TSK_IR_JS_IS_HOLE, tsk_lowering_this_raw(l)), once, twice);
    tsk_lowering_block_enter(l, twice);
    /* Says that it has been called before: the mark is a hole in place of an object. */
    tsk_lowering_emit2(l, TSK_IR_JS_INIT_FIELDS, tsk_lowering_const(l, TSK_VALUE_HOLE), function);
    tsk_lowering_jump(l, once, NULL, 0);
    tsk_lowering_block_enter(l, once);
    tsk_lowering_this_set(l, made);
    tsk_lowering_emit2(l, TSK_IR_JS_INIT_FIELDS, made, function);
    return made;
}

/* The function and the `this` of a call by way of a member. */
static ir call_member(lowering *l, const node *n) {
    const node *callee = n->a;
    tsk_lowering_reference r = tsk_lowering_reference_begin(l, callee);
    bool plain = callee->a->kind != TSK_JS_NODE_SUPER && callee->kind != TSK_JS_NODE_PRIVATE && !r.key;
    bool optional = n->flags & TSK_JS_NODE_OPTIONAL;
    if (plain && !optional && !needs_array(n) && all_simple(n->list)) {
        uint32_t count = 1 + count_of(n->list), i = 1;
        ir *args = TSK_NEW_ARRAY(l->scratch, ir, count);
        args[0] = r.object;
        for (const node *e = n->list; e; e = e->next) args[i++] = tsk_lowering_value(l, e);
        tsk_lowering_at_node(l, n);
        const tsk_js_name *name = callee->kind == TSK_JS_NODE_MEMBER ? callee->name : callee->b->name;
        return tsk_lowering_emit_named(l, TSK_IR_JS_CALL_METHOD, name, args, count);
    }
    ir function = tsk_lowering_reference_get(l, &r);
    if (optional) tsk_lowering_skip_nullish(l, function);
    return call_value(l, n, function, r.object);
}

/* (a?.b)() and a?.b() keep `this`: the chain of the callee ends before the call when it stands in parentheses. */
static ir call_chain(lowering *l, const node *n) {
    const node *chain = n->a;
    tsk_ir_block *outer = l->chain_end, *end = l->chain_end = tsk_lowering_block_new(l),
                 *join = tsk_lowering_block_new(l);
    tsk_lowering_block_value(end);
    ir function = tsk_lowering_block_value(join), object = tsk_lowering_block_value(join);
    tsk_lowering_reference r = tsk_lowering_reference_begin(l, chain->a);
    ir found[] = {tsk_lowering_reference_get(l, &r), r.object};
    tsk_lowering_jump(l, join, found, 2);
    tsk_lowering_block_enter(l, end);
    if (l->b.block) {
        ir nothing[] = {tsk_lowering_undefined(l), tsk_lowering_undefined(l)};
        tsk_lowering_jump(l, join, nothing, 2);
    }
    tsk_lowering_block_enter(l, join);
    l->chain_end = outer;
    return call_value(l, n, function, object);
}

static bool is_member(const node *n) {
    return n->kind == TSK_JS_NODE_MEMBER || n->kind == TSK_JS_NODE_INDEX || n->kind == TSK_JS_NODE_PRIVATE;
}

ir tsk_lowering_call(lowering *l, const node *n) {
    if (n->a->kind == TSK_JS_NODE_SUPER) return call_super(l, n);
    ir function = n->a->kind == TSK_JS_NODE_MEMBER ? tsk_lowering_outer(l, n->a) : NULL;
    if (function && !(n->flags & TSK_JS_NODE_OPTIONAL)) return call_value(l, n, function, tsk_lowering_undefined(l));
    if (is_member(n->a)) return call_member(l, n);
    if (n->a->kind == TSK_JS_NODE_CHAIN && is_member(n->a->a)) return call_chain(l, n);
    ir callee = tsk_lowering_value(l, n->a);
    if (n->flags & TSK_JS_NODE_OPTIONAL) tsk_lowering_skip_nullish(l, callee);
    return call_value(l, n, callee, tsk_lowering_undefined(l));
}

ir tsk_lowering_new(lowering *l, const node *n) {
    ir callee = tsk_lowering_value(l, n->a);
    if (!needs_array(n)) return emit_call(l, n, TSK_IR_JS_NEW, &callee, 1);
    ir array = tsk_lowering_array(l, n->list);
    tsk_lowering_at_node(l, n);
    return tsk_lowering_emit2(l, TSK_IR_JS_NEW_SPREAD, callee, array);
}

/* ---- tagged templates ---- */

static ir template_object(lowering *l, const node *template) {
    tsk_array *texts = tsk_array_new(l->arena, 2);
    for (const node *p = template->list; p; p = p->next)
        if (p->kind == TSK_JS_NODE_TEXT)
            tsk_array_push(l->arena, texts, p->name ? tsk_lowering_text_value(l, p->name) : TSK_VALUE_UNDEFINED);
    for (const node *p = template->list; p; p = p->next)
        if (p->kind == TSK_JS_NODE_TEXT) tsk_array_push(l->arena, texts, tsk_lowering_text_value(l, p->other));
    return tsk_ir_emit(&l->b, TSK_IR_JS_TEMPLATE, tsk_from_array(texts), NULL, 0);
}

ir tsk_lowering_tagged(lowering *l, const node *n) {
    ir callee, this_value = tsk_lowering_undefined(l);
    if (is_member(n->a)) {
        tsk_lowering_reference r = tsk_lowering_reference_begin(l, n->a);
        callee = tsk_lowering_reference_get(l, &r);
        this_value = r.object;
    } else {
        callee = tsk_lowering_value(l, n->a);
    }
    ir *args = TSK_NEW_ARRAY(l->scratch, ir, 3 + count_of(n->b->list));
    uint32_t count = 0;
    args[count++] = callee;
    args[count++] = this_value;
    args[count++] = template_object(l, n->b);
    for (const node *p = n->b->list; p; p = p->next)
        if (p->kind != TSK_JS_NODE_TEXT) args[count++] = tsk_lowering_value(l, p);
    tsk_lowering_at_node(l, n);
    return tsk_ir_emit_index(&l->b, TSK_IR_JS_CALL, 0, args, count);
}

/* ---- operators of the configuration ---- */

/* An operation of the library: one of the IR's, or a C function by its number. */
static ir library_operation(lowering *l, const node *n, const char *name) {
    static const struct {
        const char *name;
        tsk_ir_op op;
        uint32_t index;
    } operations[] = {
#define X(text, op) {#text, TSK_IR_##op, 0},
#define Y(text, function) {#text, TSK_IR_JS_LIBRARY, TSK_IR_LIBRARY_##text},
#include "ir/tables/library.def"
#undef X
#undef Y
    };
    uint32_t which = 0, count = count_of(n->list), i = 0;
    while (strcmp(operations[which].name, name)) which++; /* its text is ours, so the name is there */
    if (!strcmp(name, "missing")) l->b.func->js->marks_missing = true;
    ir *args = TSK_NEW_ARRAY(l->scratch, ir, count + 1);
    for (const node *e = n->list; e; e = e->next) args[i++] = tsk_lowering_value(l, e);
    tsk_lowering_at_node(l, n);
    return tsk_ir_emit_index(&l->b, operations[which].op, operations[which].index, args, count);
}

static ir named_operator(lowering *l, const char *name, const ir *values, uint32_t count) {
    uint32_t number = UINT32_MAX;
    ir args[4] = {tsk_lowering_const(l, tsk_str_cstr(l->arena, name))};
    if (!l->env->op_number(l->env->user, name, &number)) number = UINT32_MAX;
    memcpy(args + 1, values, count * sizeof *values);
    return tsk_ir_emit_index(&l->b, TSK_IR_JS_OPERATOR, number, args, count + 1);
}

/* @cache(ttl, value, key): the value is computed only when the store does not have it. */
static ir lower_cache(lowering *l, const node *n) {
    const node *ttl = n->list, *value = ttl->next;
    ir put[] = {tsk_lowering_value(l, value->next), NULL, NULL};
    tsk_lowering_at_node(l, n);
    ir hit = named_operator(l, "cache_get", put, 1);
    tsk_ir_block *miss = tsk_lowering_block_new(l), *have = tsk_lowering_block_new(l), *end = tsk_lowering_block_new(l);
    ir result = tsk_lowering_block_value(end);
    tsk_lowering_branch(l, tsk_lowering_emit1(l, TSK_IR_JS_IS_UNDEFINED, hit), miss, have);
    tsk_lowering_block_enter(l, have);
    tsk_lowering_jump(l, end, &hit, 1);
    tsk_lowering_block_enter(l, miss);
    put[1] = tsk_lowering_value(l, ttl);
    put[2] = tsk_lowering_value(l, value);
    tsk_lowering_at_node(l, n);
    ir stored = named_operator(l, "cache_put", put, 3);
    tsk_lowering_jump(l, end, &stored, 1);
    tsk_lowering_block_enter(l, end);
    return result;
}

static bool is_cache(const lowering *l, const node *n) {
    return l->env && l->env->op_number && n->name->len == 5 && !memcmp(n->name->text, "cache", 5) &&
           count_of(n->list) == 3;
}

ir tsk_lowering_operator(lowering *l, const node *n) {
    uint32_t number = UINT32_MAX;
    const char *name = tsk_arena_strdup(l->scratch, n->name->text, n->name->len);
    if (l->b.func->js->flags & TSK_IR_FN_LIBRARY) return library_operation(l, n, name);
    if (is_cache(l, n)) return lower_cache(l, n);
    if (l->env && l->env->op_number && !l->env->op_number(l->env->user, name, &number)) number = UINT32_MAX;
    uint32_t count = count_of(n->list);
    ir *args = TSK_NEW_ARRAY(l->scratch, ir, count + 1);
    args[0] = tsk_lowering_text(l, n->name);
    uint32_t i = 1;
    for (const node *e = n->list; e; e = e->next) args[i++] = tsk_lowering_value(l, e);
    tsk_lowering_at_node(l, n);
    return tsk_ir_emit_index(&l->b, TSK_IR_JS_OPERATOR, number, args, count + 1);
}
