/* Patterns of destructuring: those of declarations are parsed as such; those of assignments and arrow parameters were
 * parsed as literals and are rewritten in place.
 */
#include "frontend/js/parser.h"

#include <string.h>

static void refuse(tsk_js_parser *p, const tsk_js_node *node, const char *message) {
    if (!p->failed) tsk_js_fail(p, TSK_E_JS_SYNTAX, node->span, "%s", message);
}

/* ---- from literals ---- */

static void check_name(tsk_js_parser *p, const tsk_js_node *node) {
    const tsk_js_name *n = node->name;
    if ((n->len == 4 && !memcmp(n->text, "eval", 4)) || (n->len == 9 && !memcmp(n->text, "arguments", 9)))
        refuse(p, node, "`eval` and `arguments` may not be assigned");
}

/* `target = value` was parsed as an assignment. */
static void default_of_assign(tsk_js_parser *p, tsk_js_node *node, bool binds) {
    if (node->op != TSK_JS_TOKEN_ASSIGN || (node->flags & TSK_JS_NODE_PARENTHESIZED)) {
        refuse(p, node, "this cannot be assigned to");
        return;
    }
    node->kind = TSK_JS_NODE_DEFAULT;
    if (binds) tsk_js_to_target(p, node->a, true);
}

static void element_to_target(tsk_js_parser *p, tsk_js_node *node, bool binds) {
    if (node->kind == TSK_JS_NODE_ASSIGN)
        default_of_assign(p, node, binds);
    else if (node->kind == TSK_JS_NODE_DEFAULT)
        tsk_js_to_target(p, node->a, binds);
    else if ((node->kind == TSK_JS_NODE_ARRAY || node->kind == TSK_JS_NODE_OBJECT) &&
             (node->flags & TSK_JS_NODE_PARENTHESIZED))
        refuse(p, node, "a pattern may not be in parentheses");
    else
        tsk_js_to_target(p, node, binds);
}

static void rest_of_spread(tsk_js_parser *p, tsk_js_node *node, bool binds, bool of_object) {
    node->kind = TSK_JS_NODE_REST;
    if (node->next || (node->flags & TSK_JS_NODE_TRAILING_COMMA)) refuse(p, node, "a rest element must be the last");
    if (node->a->kind == TSK_JS_NODE_ASSIGN) refuse(p, node->a, "a rest element has no default");
    if (of_object && (node->a->kind == TSK_JS_NODE_ARRAY || node->a->kind == TSK_JS_NODE_OBJECT))
        refuse(p, node->a, "the rest of an object is a name or a property");
    else
        element_to_target(p, node->a, binds);
}

void tsk_js_to_rest(tsk_js_parser *p, tsk_js_node *node) {
    rest_of_spread(p, node, true, false);
}

static void array_to_pattern(tsk_js_parser *p, tsk_js_node *node, bool binds) {
    node->kind = TSK_JS_NODE_ARRAY_PATTERN;
    for (tsk_js_node *e = node->list; e && !p->failed; e = e->next) {
        if (e->kind == TSK_JS_NODE_SPREAD)
            rest_of_spread(p, e, binds, false);
        else if (e->kind != TSK_JS_NODE_HOLE)
            element_to_target(p, e, binds);
    }
}

static void object_to_pattern(tsk_js_parser *p, tsk_js_node *node, bool binds) {
    node->kind = TSK_JS_NODE_OBJECT_PATTERN;
    for (tsk_js_node *e = node->list; e && !p->failed; e = e->next) {
        if (e->kind == TSK_JS_NODE_SPREAD) {
            rest_of_spread(p, e, binds, true);
        } else if (e->op != TSK_JS_PROPERTY_VALUE && e->op != TSK_JS_PROPERTY_PROTO) {
            refuse(p, e, "a method is no target of an assignment");
        } else {
            e->op = TSK_JS_PROPERTY_VALUE;
            element_to_target(p, e->b, binds);
        }
    }
}

void tsk_js_to_target(tsk_js_parser *p, tsk_js_node *node, bool binds) {
    if (!tsk_js_enter(p)) return;
    switch (node->kind) {
    case TSK_JS_NODE_NAME:
        check_name(p, node);
        if (binds && (node->flags & TSK_JS_NODE_PARENTHESIZED))
            refuse(p, node, "a parameter may not be in parentheses");
        break;
    case TSK_JS_NODE_ASSIGN:
        if (binds)
            default_of_assign(p, node, true);
        else
            refuse(p, node, "this cannot be assigned to");
        break;
    case TSK_JS_NODE_ARRAY: array_to_pattern(p, node, binds); break;
    case TSK_JS_NODE_OBJECT: object_to_pattern(p, node, binds); break;
    case TSK_JS_NODE_ARRAY_PATTERN:
    case TSK_JS_NODE_OBJECT_PATTERN:
        /* The left side of a default, rewritten when its `=` was met; as a parameter it must bind names only. */
        for (tsk_js_node *e = node->list; binds && e && !p->failed; e = e->next) {
            tsk_js_node *target = e->kind == TSK_JS_NODE_PROPERTY ? e->b : e;
            if (target->kind == TSK_JS_NODE_REST || target->kind == TSK_JS_NODE_DEFAULT) target = target->a;
            if (target->kind != TSK_JS_NODE_HOLE) tsk_js_to_target(p, target, true);
        }
        break;
    case TSK_JS_NODE_MEMBER:
    case TSK_JS_NODE_INDEX:
    case TSK_JS_NODE_PRIVATE:
        if (binds) refuse(p, node, "a parameter is a name or a pattern");
        break;
    default: refuse(p, node, binds ? "a parameter is a name or a pattern" : "this cannot be assigned to");
    }
    tsk_js_leave(p);
}

/* ---- of declarations ---- */

static tsk_js_node *parse_rest(tsk_js_parser *p, bool of_object) {
    tsk_js_node *rest = tsk_js_node_new(p, TSK_JS_NODE_REST, p->token.span);
    tsk_js_advance(p);
    if (of_object && !tsk_js_at_name(p)) tsk_js_unexpected(p, "a name");
    rest->a = tsk_js_parse_binding(p);
    if (!p->failed && tsk_js_at(p, TSK_JS_TOKEN_COMMA)) refuse(p, rest, "a rest element must be the last");
    return tsk_js_close(p, rest);
}

static tsk_js_node *parse_array_pattern(tsk_js_parser *p) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_ARRAY_PATTERN, p->token.span);
    tsk_js_list list;
    tsk_js_list_init(&list);
    tsk_js_advance(p);
    while (!p->failed && !tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACKET)) {
        if (tsk_js_at(p, TSK_JS_TOKEN_COMMA)) {
            tsk_js_list_add(&list, tsk_js_node_new(p, TSK_JS_NODE_HOLE, p->token.span));
            tsk_js_advance(p);
            continue;
        }
        bool rest = tsk_js_at(p, TSK_JS_TOKEN_ELLIPSIS);
        tsk_js_list_add(&list, rest ? parse_rest(p, false) : tsk_js_parse_binding_default(p));
        if (!tsk_js_accept(p, TSK_JS_TOKEN_COMMA)) break;
    }
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_BRACKET, "elements are separated by commas");
    node->list = list.first;
    return tsk_js_close(p, node);
}

static tsk_js_node *parse_pattern_property(tsk_js_parser *p) {
    tsk_js_node *property = tsk_js_node_new(p, TSK_JS_NODE_PROPERTY, p->token.span);
    tsk_js_mark start = tsk_js_mark_here(p);
    bool is_name = tsk_js_at_name(p);
    tsk_js_parse_key(p, property);
    if (tsk_js_accept(p, TSK_JS_TOKEN_COLON)) {
        property->b = tsk_js_parse_binding_default(p);
    } else if (is_name) {
        tsk_js_back_to(p, &start);
        property->flags |= TSK_JS_NODE_SHORTHAND;
        property->b = tsk_js_parse_binding_default(p);
    } else {
        tsk_js_unexpected(p, "`:`");
        property->b = property->a;
    }
    return tsk_js_close(p, property);
}

static tsk_js_node *parse_object_pattern(tsk_js_parser *p) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_OBJECT_PATTERN, p->token.span);
    tsk_js_list list;
    tsk_js_list_init(&list);
    tsk_js_advance(p);
    while (!p->failed && !tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACE)) {
        bool rest = tsk_js_at(p, TSK_JS_TOKEN_ELLIPSIS);
        tsk_js_list_add(&list, rest ? parse_rest(p, true) : parse_pattern_property(p));
        if (!tsk_js_accept(p, TSK_JS_TOKEN_COMMA)) break;
    }
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_BRACE, "properties are separated by commas");
    node->list = list.first;
    return tsk_js_close(p, node);
}

tsk_js_node *tsk_js_parse_binding(tsk_js_parser *p) {
    tsk_js_node *node;
    if (!tsk_js_enter(p)) return tsk_js_node_new(p, TSK_JS_NODE_NULL, p->token.span);
    if (tsk_js_at(p, TSK_JS_TOKEN_LEFT_BRACKET)) {
        node = parse_array_pattern(p);
    } else if (tsk_js_at(p, TSK_JS_TOKEN_LEFT_BRACE)) {
        node = parse_object_pattern(p);
    } else {
        node = tsk_js_node_new(p, TSK_JS_NODE_NAME, p->token.span);
        node->name = tsk_js_parse_name(p, true);
    }
    tsk_js_leave(p);
    return node;
}

tsk_js_node *tsk_js_parse_binding_default(tsk_js_parser *p) {
    tsk_span from = p->token.span;
    tsk_js_node *target = tsk_js_parse_binding(p);
    if (!tsk_js_accept(p, TSK_JS_TOKEN_ASSIGN)) return target;
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_DEFAULT, from);
    node->a = target;
    bool no_in = p->no_in;
    p->no_in = false;
    node->b = tsk_js_parse_value(p);
    p->no_in = no_in;
    return tsk_js_close(p, node);
}
