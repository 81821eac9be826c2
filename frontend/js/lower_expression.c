/* Expressions.
 *
 *   value     the instruction that gives it
 *   discard   for the effects: `i++` needs no old value
 *   condition goes to one of two blocks: `a && b` makes no boolean
 *
 * Chains to the left of binary operators are loops; other nesting is limited by tsk_js_deeper.
 */
#include "frontend/js/lowering.h"

#include <string.h>

typedef tsk_js_lowering lowering;
typedef tsk_js_node node;
typedef tsk_js_ir ir;

/* ---- keys ---- */

/* Canonical array indices are no names. */
static bool is_index(const tsk_js_name *name, uint32_t *index) {
    uint64_t n = 0;
    if (!name->len || name->len > 10 || (name->len > 1 && name->text[0] == '0')) return false;
    for (uint32_t i = 0; i < name->len; i++) {
        if (name->text[i] < '0' || name->text[i] > '9') return false;
        n = n * 10 + (uint64_t)(name->text[i] - '0');
    }
    *index = (uint32_t)n;
    return n < UINT32_MAX;
}

const tsk_js_name *tsk_lowering_plain_key(const node *key) {
    uint32_t index;
    return key->kind == TSK_JS_NODE_STRING && !is_index(key->name, &index) ? key->name : NULL;
}

ir tsk_lowering_member_key(lowering *l, const node *key) {
    uint32_t index;
    if (key->kind == TSK_JS_NODE_STRING && is_index(key->name, &index))
        return tsk_lowering_const(l, tsk_lowering_number_value(index));
    return tsk_lowering_value(l, key);
}

ir tsk_lowering_key_of(lowering *l, const node *property) {
    ir key = tsk_lowering_member_key(l, property->a);
    return property->flags & TSK_JS_NODE_COMPUTED ? tsk_lowering_emit1(l, TSK_IR_JS_TO_KEY, key) : key;
}

/* ---- names for functions ---- */

bool tsk_lowering_is_anonymous(const node *n) {
    if (n->kind == TSK_JS_NODE_FUNCTION) return !n->function->name;
    return n->kind == TSK_JS_NODE_CLASS && !n->class_node->name;
}

static ir value_with_name(lowering *l, const node *n, tsk_slice name) {
    tsk_lowering_at_node(l, n);
    return n->kind == TSK_JS_NODE_FUNCTION ? tsk_lowering_closure(l, n->function, name)
                                           : tsk_lowering_class_value(l, n->class_node, name);
}

ir tsk_lowering_value_named(lowering *l, const node *n, const tsk_js_name *name) {
    if (!name || !tsk_lowering_is_anonymous(n)) return tsk_lowering_value(l, n);
    return value_with_name(l, n, (tsk_slice){name->text, name->len});
}

/* ---- literals ---- */

static ir lower_template(lowering *l, const node *n) {
    uint32_t count = 0, used = 0;
    for (const node *p = n->list; p; p = p->next) count++;
    ir *parts = TSK_NEW_ARRAY(l->scratch, ir, count);
    for (const node *p = n->list; p; p = p->next) {
        if (p->kind == TSK_JS_NODE_TEXT) {
            if (p->name->len) parts[used++] = tsk_lowering_text(l, p->name);
            continue;
        }
        ir v = tsk_lowering_value(l, p);
        tsk_lowering_at_node(l, p);
        parts[used++] = tsk_ir_is(v, TSK_TY_STRING) ? v : tsk_lowering_emit1(l, TSK_IR_JS_TO_STRING, v);
    }
    tsk_lowering_at_node(l, n);
    if (!used) return tsk_lowering_text(l, n->list->name);
    if (used == 1) return parts[0];
    return tsk_ir_emit_index(&l->b, TSK_IR_JS_CONCAT, 0, parts, used);
}

static ir lower_regex(lowering *l, const node *n) {
    return tsk_lowering_emit2(l, TSK_IR_JS_REGEX, tsk_lowering_text(l, n->name), tsk_lowering_text(l, n->other));
}

/* ---- objects ---- */

/* `name: value` with a name that is no index and that the literal has not had. */
static bool is_slot(lowering *l, const node *p, const tsk_lowering_map *seen) {
    if (p->kind != TSK_JS_NODE_PROPERTY || p->op != TSK_JS_PROPERTY_VALUE || p->flags & TSK_JS_NODE_COMPUTED)
        return false;
    (void)l;
    const tsk_js_name *name = tsk_lowering_plain_key(p->a);
    return name && !tsk_lowering_map_get(seen, (uint64_t)(uintptr_t)name);
}

/* The properties at the start that are plain: the object is made with them.  Gives the first that is not. */
static const node *lower_slots(lowering *l, const node *n, ir *object) {
    tsk_lowering_map seen = {0};
    uint32_t count = 0;
    const node *end = n->list;
    for (; end && is_slot(l, end, &seen); end = end->next) {
        tsk_lowering_map_set(&seen, l->scratch, (uint64_t)(uintptr_t)end->a->name, (void *)(uintptr_t)end);
        count++;
    }
    ir *values = TSK_NEW_ARRAY(l->scratch, ir, count + 1);
    tsk_array *names = tsk_array_new(l->arena, count);
    uint32_t i = 0;
    for (const node *p = n->list; p != end; p = p->next) {
        tsk_array_push(l->arena, names, tsk_lowering_text_value(l, p->a->name));
        values[i++] = tsk_lowering_value_named(l, p->b, p->a->name);
    }
    tsk_lowering_at_node(l, n);
    *object = tsk_ir_emit(&l->b, TSK_IR_JS_OBJECT, tsk_from_array(names), values, count);
    return end;
}

static void define(lowering *l, uint64_t kind, ir object, ir key, ir value) {
    ir args[] = {object, key, value};
    tsk_ir_emit_index(&l->b, TSK_IR_JS_DEFINE, kind, args, 3);
}

static void lower_property(lowering *l, const node *p, ir object) {
    static const char *const prefixes[] = {[TSK_JS_PROPERTY_GETTER] = "get ", [TSK_JS_PROPERTY_SETTER] = "set "};
    bool computed = p->flags & TSK_JS_NODE_COMPUTED;
    if (p->op == TSK_JS_PROPERTY_PROTO) {
        tsk_lowering_emit2(l, TSK_IR_JS_SET_PROTO, object, tsk_lowering_value(l, p->b));
        return;
    }
    ir key = tsk_lowering_key_of(l, p), value;
    bool accessor = p->op == TSK_JS_PROPERTY_GETTER || p->op == TSK_JS_PROPERTY_SETTER;
    bool named = p->op != TSK_JS_PROPERTY_VALUE || tsk_lowering_is_anonymous(p->b);
    if (p->a->kind == TSK_JS_NODE_STRING && !computed && named) {
        tsk_slice name = {p->a->name->text, p->a->name->len};
        if (accessor) {
            const char *text = tsk_arena_printf(l->arena, "%s%.*s", prefixes[p->op], (int)name.len, name.ptr);
            name = (tsk_slice){text, name.len + 4};
        }
        value = value_with_name(l, p->b, name);
    } else {
        value = tsk_lowering_value(l, p->b);
        ir args[] = {value, key};
        if (named) tsk_ir_emit_index(&l->b, TSK_IR_JS_SET_NAME, accessor ? p->op - 1u : 0, args, 2);
    }
    tsk_lowering_at_node(l, p);
    if (p->b->kind == TSK_JS_NODE_FUNCTION && p->op != TSK_JS_PROPERTY_VALUE && p->b->function->uses_super)
        tsk_lowering_emit2(l, TSK_IR_JS_SET_HOME, value, object);
    uint64_t kind = p->op == TSK_JS_PROPERTY_GETTER   ? TSK_IR_JS_GETTER | TSK_IR_JS_ENUMERABLE
                    : p->op == TSK_JS_PROPERTY_SETTER ? TSK_IR_JS_SETTER | TSK_IR_JS_ENUMERABLE
                                                      : TSK_IR_JS_FIELD;
    define(l, kind, object, key, value);
}

static ir lower_object(lowering *l, const node *n) {
    ir object;
    const node *p = lower_slots(l, n, &object);
    for (; p; p = p->next) {
        if (p->kind == TSK_JS_NODE_SPREAD) {
            tsk_lowering_emit2(l, TSK_IR_JS_COPY_DATA, object, tsk_lowering_value(l, p->a));
            continue;
        }
        lower_property(l, p, object);
    }
    return object;
}

/* ---- members ---- */

/* What `?.` skips to the end of the chain. */
void tsk_lowering_skip_nullish(lowering *l, ir object) {
    tsk_ir_block *go_on = tsk_lowering_block_new(l);
    ir nothing = tsk_lowering_undefined(l);
    tsk_ir_block *skip = tsk_lowering_block_new(l);
    tsk_lowering_branch(l, tsk_lowering_emit1(l, TSK_IR_JS_NULLISH, object), skip, go_on);
    tsk_lowering_block_enter(l, skip);
    tsk_lowering_jump(l, l->chain_end, &nothing, 1);
    tsk_lowering_block_enter(l, go_on);
}

static ir lower_member(lowering *l, const node *n) {
    ir outer = n->kind == TSK_JS_NODE_MEMBER ? tsk_lowering_outer(l, n) : NULL;
    if (outer) return outer;
    tsk_lowering_reference r = tsk_lowering_reference_begin(l, n);
    return tsk_lowering_reference_get(l, &r);
}

static ir lower_chain(lowering *l, const node *n) {
    tsk_ir_block *outer = l->chain_end;
    tsk_ir_block *end = l->chain_end = tsk_lowering_block_new(l);
    ir result = tsk_lowering_block_value(end);
    ir v = tsk_lowering_value(l, n->a);
    tsk_lowering_jump(l, end, &v, 1);
    tsk_lowering_block_enter(l, end);
    l->chain_end = outer;
    return result;
}

/* ---- operators ---- */

static const uint16_t binary_ops[TSK_JS_TOKENS] = {
    [TSK_JS_TOKEN_BIT_OR] = TSK_IR_JS_BOR,
    [TSK_JS_TOKEN_BIT_XOR] = TSK_IR_JS_BXOR,
    [TSK_JS_TOKEN_BIT_AND] = TSK_IR_JS_BAND,
    [TSK_JS_TOKEN_EQUAL] = TSK_IR_JS_EQ,
    [TSK_JS_TOKEN_NOT_EQUAL] = TSK_IR_JS_NE,
    [TSK_JS_TOKEN_SAME] = TSK_IR_JS_SAME,
    [TSK_JS_TOKEN_DIFFERENT] = TSK_IR_JS_DIFFERENT,
    [TSK_JS_TOKEN_LESS] = TSK_IR_JS_LT,
    [TSK_JS_TOKEN_GREATER] = TSK_IR_JS_GT,
    [TSK_JS_TOKEN_LESS_EQUAL] = TSK_IR_JS_LE,
    [TSK_JS_TOKEN_GREATER_EQUAL] = TSK_IR_JS_GE,
    [TSK_JS_TOKEN_SHIFT_LEFT] = TSK_IR_JS_SHL,
    [TSK_JS_TOKEN_SHIFT_RIGHT] = TSK_IR_JS_SHR,
    [TSK_JS_TOKEN_SHIFT_ZERO] = TSK_IR_JS_USHR,
    [TSK_JS_TOKEN_PLUS] = TSK_IR_JS_ADD,
    [TSK_JS_TOKEN_MINUS] = TSK_IR_JS_SUB,
    [TSK_JS_TOKEN_TIMES] = TSK_IR_JS_MUL,
    [TSK_JS_TOKEN_DIVIDE] = TSK_IR_JS_DIV,
    [TSK_JS_TOKEN_REMAINDER] = TSK_IR_JS_MOD,
    [TSK_JS_TOKEN_POWER] = TSK_IR_JS_POW,
    [TSK_JS_TOKEN_IN] = TSK_IR_JS_IN,
    [TSK_JS_TOKEN_INSTANCEOF] = TSK_IR_JS_INSTANCEOF,
};

ir tsk_lowering_binary(lowering *l, uint8_t token, ir a, ir b) {
    return tsk_lowering_emit2(l, (tsk_ir_op)binary_ops[token], a, b);
}

static ir lower_private_in(lowering *l, const node *n) {
    ir name = tsk_lowering_binding_get(l, n->a->binding);
    ir object = tsk_lowering_value(l, n->b);
    tsk_lowering_at_node(l, n);
    return tsk_lowering_emit2(l, TSK_IR_JS_PRIVATE_HAS, object, name);
}

static ir lower_binary(lowering *l, const node *n) {
    uint32_t count = 0;
    const node *first = n;
    for (; first->kind == TSK_JS_NODE_BINARY && first->a->kind != TSK_JS_NODE_PRIVATE_NAME; first = first->a) count++;
    const node **chain = TSK_NEW_ARRAY(l->scratch, const node *, count + 1);
    uint32_t i = 0;
    for (const node *at = n; at != first; at = at->a) chain[i++] = at;
    ir v = first->kind == TSK_JS_NODE_BINARY ? lower_private_in(l, first) : tsk_lowering_value(l, first);
    while (i--) {
        ir right = tsk_lowering_value(l, chain[i]->b);
        tsk_lowering_at_node(l, chain[i]);
        v = tsk_lowering_binary(l, chain[i]->op, v, right);
    }
    return v;
}

static ir lower_typeof(lowering *l, const node *n) {
    const node *a = n->a;
    bool global = a->kind == TSK_JS_NODE_NAME && (!a->binding || a->binding->scope->kind == TSK_JS_SCOPE_SCRIPT) &&
                  !(l->function->uses_arguments && a->name->len == 9);
    ir v = global ? tsk_lowering_outer(l, a) : NULL;
    if (v) return tsk_lowering_emit1(l, TSK_IR_JS_TYPEOF, v);
    if (global) return tsk_lowering_emit_named(l, TSK_IR_JS_GLOBAL_TYPEOF, a->name, NULL, 0);
    return tsk_lowering_emit1(l, TSK_IR_JS_TYPEOF, tsk_lowering_value(l, a));
}

static ir lower_delete_member(lowering *l, const node *a) {
    if (a->a->kind == TSK_JS_NODE_SUPER) {
        tsk_lowering_this(l);
        if (a->kind == TSK_JS_NODE_INDEX) tsk_lowering_discard(l, a->b);
        return tsk_lowering_emit2(l, TSK_IR_JS_DELETE, tsk_lowering_const(l, TSK_VALUE_HOLE),
                                  tsk_lowering_undefined(l));
    }
    tsk_lowering_reference r = tsk_lowering_reference_begin(l, a);
    ir key = a->kind == TSK_JS_NODE_MEMBER ? tsk_lowering_text(l, a->name) : r.key;
    uint32_t index;
    if (a->kind == TSK_JS_NODE_MEMBER && is_index(a->name, &index))
        key = tsk_lowering_const(l, tsk_lowering_number_value(index));
    if (!key) key = tsk_lowering_value(l, a->b);
    tsk_lowering_at_node(l, a);
    return tsk_lowering_emit2(l, TSK_IR_JS_DELETE, r.object, key);
}

static ir lower_delete(lowering *l, const node *n) {
    const node *a = n->a;
    if (a->kind == TSK_JS_NODE_MEMBER || a->kind == TSK_JS_NODE_INDEX) return lower_delete_member(l, a);
    if (a->kind == TSK_JS_NODE_CHAIN && (a->a->kind == TSK_JS_NODE_MEMBER || a->a->kind == TSK_JS_NODE_INDEX)) {
        tsk_ir_block *outer = l->chain_end;
        tsk_ir_block *skipped = l->chain_end = tsk_lowering_block_new(l), *end = tsk_lowering_block_new(l);
        tsk_lowering_block_value(skipped);
        ir result = tsk_lowering_block_value(end), v = lower_delete_member(l, a->a);
        tsk_lowering_jump(l, end, &v, 1);
        tsk_lowering_block_enter(l, skipped);
        v = tsk_lowering_const(l, TSK_VALUE_TRUE);
        tsk_lowering_jump(l, end, &v, 1);
        tsk_lowering_block_enter(l, end);
        l->chain_end = outer;
        return result;
    }
    tsk_lowering_discard(l, a);
    return tsk_lowering_const(l, TSK_VALUE_TRUE);
}

static ir lower_unary(lowering *l, const node *n) {
    if (n->op == TSK_JS_TOKEN_TYPEOF) return lower_typeof(l, n);
    if (n->op == TSK_JS_TOKEN_DELETE) return lower_delete(l, n);
    if (n->op == TSK_JS_TOKEN_VOID) {
        tsk_lowering_discard(l, n->a);
        return tsk_lowering_undefined(l);
    }
    if (n->op == TSK_JS_TOKEN_MINUS && n->a->kind == TSK_JS_NODE_NUMBER)
        return tsk_lowering_const(l, tsk_lowering_number_value(-n->a->number));
    ir v = tsk_lowering_value(l, n->a);
    tsk_lowering_at_node(l, n);
    switch (n->op) {
    case TSK_JS_TOKEN_NOT: return tsk_lowering_emit1(l, TSK_IR_JS_NOT, v);
    case TSK_JS_TOKEN_MINUS: return tsk_lowering_emit1(l, TSK_IR_JS_NEG, v);
    case TSK_JS_TOKEN_TILDE: return tsk_lowering_emit1(l, TSK_IR_JS_BNOT, v);
    default: return tsk_ir_is(v, TSK_TY_JS_NUMBER) ? v : tsk_lowering_emit1(l, TSK_IR_JS_PLUS, v);
    }
}

/* ---- choices ---- */

static ir truth(lowering *l, ir v) {
    return tsk_ir_is(v, TSK_TY_BOOL) ? v : tsk_lowering_emit1(l, TSK_IR_JS_TRUTH, v);
}

/* The operands of a chain of one logical operator, in order. */
static const node **logical_chain(lowering *l, const node *n, uint32_t *count) {
    const node *first = n;
    *count = 1;
    for (; first->kind == TSK_JS_NODE_LOGICAL && first->op == n->op; first = first->a) ++*count;
    const node **chain = TSK_NEW_ARRAY(l->scratch, const node *, *count);
    uint32_t i = *count;
    for (const node *at = n; at != first; at = at->a) chain[--i] = at->b;
    chain[0] = first;
    return chain;
}

/* Whether `v` decides a chain: the block `end` gets it then. */
static void decide(lowering *l, uint8_t op, ir v, tsk_ir_block *end) {
    tsk_ir_block *done = tsk_lowering_block_new(l), *go_on = tsk_lowering_block_new(l);
    ir condition = op == TSK_JS_TOKEN_NULLISH ? tsk_lowering_emit1(l, TSK_IR_JS_NULLISH, v) : truth(l, v);
    bool stops_if_true = op == TSK_JS_TOKEN_OR;
    tsk_lowering_branch(l, condition, stops_if_true ? done : go_on, stops_if_true ? go_on : done);
    tsk_lowering_block_enter(l, done);
    tsk_lowering_jump(l, end, &v, 1);
    tsk_lowering_block_enter(l, go_on);
}

static ir lower_logical(lowering *l, const node *n) {
    uint32_t count;
    const node **chain = logical_chain(l, n, &count);
    tsk_ir_block *end = tsk_lowering_block_new(l);
    ir result = tsk_lowering_block_value(end);
    for (uint32_t i = 0; i < count; i++) {
        ir v = tsk_lowering_value(l, chain[i]);
        if (i + 1 < count)
            decide(l, n->op, v, end);
        else
            tsk_lowering_jump(l, end, &v, 1);
    }
    tsk_lowering_block_enter(l, end);
    return result;
}

static ir lower_conditional(lowering *l, const node *n) {
    tsk_ir_block *end = tsk_lowering_block_new(l);
    ir result = tsk_lowering_block_value(end), v;
    for (;; n = n->c) { /* a ? b : c ? d : e */
        tsk_ir_block *yes = tsk_lowering_block_new(l), *no = tsk_lowering_block_new(l);
        tsk_lowering_condition(l, n->a, yes, no);
        tsk_lowering_block_enter(l, yes);
        if (l->b.block) {
            v = tsk_lowering_value(l, n->b);
            tsk_lowering_jump(l, end, &v, 1);
        }
        tsk_lowering_block_enter(l, no);
        if (!l->b.block || n->c->kind != TSK_JS_NODE_CONDITIONAL) break;
    }
    if (l->b.block) {
        v = tsk_lowering_value(l, n->c);
        tsk_lowering_jump(l, end, &v, 1);
    }
    tsk_lowering_block_enter(l, end);
    return result;
}

static void condition_chain(lowering *l, const node *n, tsk_ir_block *yes, tsk_ir_block *no) {
    uint32_t count;
    const node **chain = logical_chain(l, n, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (i + 1 == count) {
            tsk_lowering_condition(l, chain[i], yes, no);
            return;
        }
        tsk_ir_block *next = tsk_lowering_block_new(l);
        if (n->op == TSK_JS_TOKEN_AND)
            tsk_lowering_condition(l, chain[i], next, no);
        else
            tsk_lowering_condition(l, chain[i], yes, next);
        tsk_lowering_block_enter(l, next);
        if (!l->b.block) return;
    }
}

void tsk_lowering_condition(lowering *l, const node *n, tsk_ir_block *yes, tsk_ir_block *no) {
    if (tsk_lowering_deeper(l)) {
        if (n->kind == TSK_JS_NODE_UNARY && n->op == TSK_JS_TOKEN_NOT) {
            tsk_lowering_condition(l, n->a, no, yes);
        } else if (n->kind == TSK_JS_NODE_LOGICAL && n->op != TSK_JS_TOKEN_NULLISH) {
            condition_chain(l, n, yes, no);
        } else {
            ir v = tsk_lowering_value(l, n);
            tsk_lowering_at_node(l, n);
            tsk_lowering_branch(l, truth(l, v), yes, no);
        }
    }
    l->depth--;
}

/* ---- every kind ---- */

static ir lower_sequence(lowering *l, const node *n) {
    const node *e = n->list;
    for (; e->next; e = e->next) tsk_lowering_discard(l, e);
    return tsk_lowering_value(l, e);
}

static ir value_of(lowering *l, const node *n) {
    static const tsk_slice none = {"", 0};
    switch (n->kind) {
    case TSK_JS_NODE_NUMBER: return tsk_lowering_const(l, tsk_lowering_number_value(n->number));
    case TSK_JS_NODE_STRING: return tsk_lowering_text(l, n->name);
    case TSK_JS_NODE_TRUE: return tsk_lowering_const(l, TSK_VALUE_TRUE);
    case TSK_JS_NODE_FALSE: return tsk_lowering_const(l, TSK_VALUE_FALSE);
    case TSK_JS_NODE_NULL: return tsk_lowering_const(l, TSK_VALUE_NULL);
    case TSK_JS_NODE_NAME: return tsk_lowering_name_get(l, n);
    case TSK_JS_NODE_THIS: return tsk_lowering_this(l);
    case TSK_JS_NODE_NEW_TARGET: return tsk_lowering_new_target(l);
    case TSK_JS_NODE_REGEX: return lower_regex(l, n);
    case TSK_JS_NODE_TEMPLATE: return lower_template(l, n);
    case TSK_JS_NODE_TAGGED: return tsk_lowering_tagged(l, n);
    case TSK_JS_NODE_ARRAY: return tsk_lowering_array(l, n->list);
    case TSK_JS_NODE_OBJECT: return lower_object(l, n);
    case TSK_JS_NODE_FUNCTION:
    case TSK_JS_NODE_CLASS: return value_with_name(l, n, none);
    case TSK_JS_NODE_MEMBER:
    case TSK_JS_NODE_PRIVATE:
    case TSK_JS_NODE_INDEX: return lower_member(l, n);
    case TSK_JS_NODE_CALL: return tsk_lowering_call(l, n);
    case TSK_JS_NODE_NEW: return tsk_lowering_new(l, n);
    case TSK_JS_NODE_CHAIN: return lower_chain(l, n);
    case TSK_JS_NODE_UNARY: return lower_unary(l, n);
    case TSK_JS_NODE_UPDATE: return tsk_lowering_update(l, n, true);
    case TSK_JS_NODE_BINARY: return lower_binary(l, n);
    case TSK_JS_NODE_LOGICAL: return lower_logical(l, n);
    case TSK_JS_NODE_CONDITIONAL: return lower_conditional(l, n);
    case TSK_JS_NODE_ASSIGN: return tsk_lowering_assign(l, n);
    case TSK_JS_NODE_SEQUENCE: return lower_sequence(l, n);
    case TSK_JS_NODE_OPERATOR: return tsk_lowering_operator(l, n);
    case TSK_JS_NODE_HOLE: return tsk_lowering_const(l, TSK_VALUE_HOLE);
    default: return tsk_lowering_undefined(l);
    }
}

ir tsk_lowering_value(lowering *l, const node *n) {
    ir v = NULL;
    tsk_lowering_at_node(l, n);
    if (tsk_lowering_deeper(l)) v = value_of(l, n);
    l->depth--;
    return v ? v : tsk_lowering_undefined(l);
}

void tsk_lowering_discard(lowering *l, const node *n) {
    if (n->kind == TSK_JS_NODE_UPDATE) {
        tsk_lowering_at_node(l, n);
        tsk_lowering_update(l, n, false);
    } else {
        tsk_lowering_value(l, n);
    }
}

/* ---- references, seen from here ---- */

tsk_lowering_reference tsk_lowering_reference_begin(lowering *l, const node *n) {
    tsk_lowering_reference r = {n, NULL, NULL, NULL};
    if (n->kind == TSK_JS_NODE_NAME) return r;
    if (n->a->kind == TSK_JS_NODE_SUPER) {
        r.object = tsk_lowering_this(l);
        r.key = n->kind == TSK_JS_NODE_MEMBER ? tsk_lowering_text(l, n->name) : tsk_lowering_value(l, n->b);
        tsk_lowering_at_node(l, n);
        r.base = tsk_lowering_emit1(l, TSK_IR_JS_SUPER_BASE, tsk_lowering_home_function(l));
        return r;
    }
    r.object = tsk_lowering_value(l, n->a);
    tsk_lowering_at_node(l, n);
    if (n->flags & TSK_JS_NODE_OPTIONAL) tsk_lowering_skip_nullish(l, r.object);
    if (n->kind == TSK_JS_NODE_PRIVATE) r.key = tsk_lowering_binding_get(l, n->binding);
    if (n->kind == TSK_JS_NODE_INDEX && !tsk_lowering_plain_key(n->b)) r.key = tsk_lowering_member_key(l, n->b);
    tsk_lowering_at_node(l, n);
    return r;
}

void tsk_lowering_reference_keep(lowering *l, tsk_lowering_reference *r) {
    if (r->node->kind != TSK_JS_NODE_INDEX || !r->key || tsk_ir_is(r->key, TSK_TY_JS & ~TSK_TY_OBJECT)) return;
    r->key = tsk_lowering_emit2(l, TSK_IR_JS_KEEP_KEY, r->base ? r->base : r->object, r->key);
}

static const tsk_js_name *name_of_reference(const tsk_lowering_reference *r) {
    return r->node->kind == TSK_JS_NODE_MEMBER ? r->node->name : r->node->b->name;
}

ir tsk_lowering_reference_get(lowering *l, const tsk_lowering_reference *r) {
    const node *n = r->node;
    if (n->kind == TSK_JS_NODE_NAME) return tsk_lowering_name_get(l, n);
    if (n->a->kind == TSK_JS_NODE_SUPER) return tsk_lowering_emit3(l, TSK_IR_JS_SUPER_GET, r->base, r->object, r->key);
    if (n->kind == TSK_JS_NODE_PRIVATE) return tsk_lowering_emit2(l, TSK_IR_JS_PRIVATE_GET, r->object, r->key);
    if (r->key) return tsk_lowering_emit2(l, TSK_IR_JS_GET_INDEX, r->object, r->key);
    return tsk_lowering_emit_named(l, TSK_IR_JS_GET, name_of_reference(r), &r->object, 1);
}

void tsk_lowering_reference_set(lowering *l, const tsk_lowering_reference *r, ir value) {
    const node *n = r->node;
    if (n->kind == TSK_JS_NODE_NAME) {
        tsk_lowering_name_set(l, n, value);
    } else if (n->a->kind == TSK_JS_NODE_SUPER) {
        ir args[] = {r->base, r->object, r->key, value};
        tsk_ir_emit_index(&l->b, TSK_IR_JS_SUPER_SET, 0, args, 4);
    } else if (n->kind == TSK_JS_NODE_PRIVATE) {
        tsk_lowering_emit3(l, TSK_IR_JS_PRIVATE_SET, r->object, r->key, value);
    } else if (r->key) {
        tsk_lowering_emit3(l, TSK_IR_JS_SET_INDEX, r->object, r->key, value);
    } else {
        ir args[] = {r->object, value};
        tsk_lowering_emit_named(l, TSK_IR_JS_SET, name_of_reference(r), args, 2);
    }
}
