/* Expressions, from the comma down to calls and members; primary.c has what they are made of.
 *
 *   expression ─ assignment ─ conditional ─ binary (by precedence) ─ unary ─ update ─ left-hand side ─ primary
 *
 * What may turn out to be a pattern or the parameters of an arrow function is parsed as an expression first and
 * rewritten by pattern.c when `=` or `=>` follows.
 */
#include "frontend/js/parser.h"

/* ---- binary operators ---- */

enum { PRECEDENCE_NULLISH = 1, PRECEDENCE_OR, PRECEDENCE_AND, PRECEDENCE_RELATION = 7, PRECEDENCE_POWER = 11 };

static int precedence(const tsk_js_parser *p) {
    switch (p->token.kind) {
    case TSK_JS_TOKEN_NULLISH: return PRECEDENCE_NULLISH;
    case TSK_JS_TOKEN_OR: return PRECEDENCE_OR;
    case TSK_JS_TOKEN_AND: return PRECEDENCE_AND;
    case TSK_JS_TOKEN_BIT_OR: return 4;
    case TSK_JS_TOKEN_BIT_XOR: return 5;
    case TSK_JS_TOKEN_BIT_AND: return 6;
    case TSK_JS_TOKEN_EQUAL:
    case TSK_JS_TOKEN_NOT_EQUAL:
    case TSK_JS_TOKEN_SAME:
    case TSK_JS_TOKEN_DIFFERENT: return PRECEDENCE_RELATION;
    case TSK_JS_TOKEN_IN: return p->no_in ? 0 : PRECEDENCE_RELATION + 1;
    case TSK_JS_TOKEN_INSTANCEOF:
    case TSK_JS_TOKEN_LESS:
    case TSK_JS_TOKEN_GREATER:
    case TSK_JS_TOKEN_LESS_EQUAL:
    case TSK_JS_TOKEN_GREATER_EQUAL: return PRECEDENCE_RELATION + 1;
    case TSK_JS_TOKEN_SHIFT_LEFT:
    case TSK_JS_TOKEN_SHIFT_RIGHT:
    case TSK_JS_TOKEN_SHIFT_ZERO: return PRECEDENCE_RELATION + 2;
    case TSK_JS_TOKEN_PLUS:
    case TSK_JS_TOKEN_MINUS: return PRECEDENCE_RELATION + 3;
    case TSK_JS_TOKEN_TIMES:
    case TSK_JS_TOKEN_DIVIDE:
    case TSK_JS_TOKEN_REMAINDER: return PRECEDENCE_POWER;
    case TSK_JS_TOKEN_POWER: return PRECEDENCE_POWER + 1;
    default: return 0;
    }
}

/* It ends an expression: `() => {} + 1` is none. */
static bool is_arrow(const tsk_js_node *node) {
    return node->kind == TSK_JS_NODE_FUNCTION && !(node->flags & TSK_JS_NODE_PARENTHESIZED) &&
           node->function->flags & TSK_JS_FUNCTION_ARROW;
}

static bool is_logical(const tsk_js_node *node) {
    return node->kind == TSK_JS_NODE_LOGICAL && !(node->flags & TSK_JS_NODE_PARENTHESIZED);
}

/* `a ?? b || c` needs parentheses. */
static void check_mixed(tsk_js_parser *p, const tsk_js_node *node) {
    const tsk_js_node *sides[] = {node->a, node->b};
    for (int i = 0; i < 2; i++)
        if (is_logical(sides[i]) && (sides[i]->op == TSK_JS_TOKEN_NULLISH) != (node->op == TSK_JS_TOKEN_NULLISH) &&
            !p->failed)
            tsk_js_fail(p, TSK_E_JS_SYNTAX, node->span, "`??` may not be mixed with `||` and `&&`")->hint =
                "put parentheses around one of them";
}

static tsk_js_node *parse_binary(tsk_js_parser *p, int least);

/* `#x in o`: only here may a private name stand alone. */
static tsk_js_node *parse_private_in(tsk_js_parser *p) {
    tsk_js_node *name = tsk_js_node_new(p, TSK_JS_NODE_PRIVATE_NAME, p->token.span);
    name->name = p->token.name;
    tsk_js_advance(p);
    if (!tsk_js_at(p, TSK_JS_TOKEN_IN)) tsk_js_unexpected(p, "`in`");
    return name;
}

static tsk_js_node *parse_operand(tsk_js_parser *p, int least) {
    if (tsk_js_at(p, TSK_JS_TOKEN_PRIVATE_NAME) && least <= PRECEDENCE_RELATION + 1) return parse_private_in(p);
    return tsk_js_parse_unary(p);
}

static tsk_js_node *parse_binary(tsk_js_parser *p, int least) {
    tsk_span from = p->token.span;
    tsk_js_node *left = parse_operand(p, least);
    if (is_arrow(left)) return left;
    for (int prec; !p->failed && (prec = precedence(p)) >= least && prec;) {
        tsk_js_token_kind op = (tsk_js_token_kind)p->token.kind;
        bool logical = prec <= PRECEDENCE_AND, power = op == TSK_JS_TOKEN_POWER;
        if (power && left->kind == TSK_JS_NODE_UNARY && !(left->flags & TSK_JS_NODE_PARENTHESIZED)) {
            tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "`-a ** b` is ambiguous")->hint =
                "write (-a) ** b or -(a ** b)";
            return left;
        }
        tsk_js_advance(p);
        if (!tsk_js_enter(p)) return left;
        tsk_js_node *node = tsk_js_node_new(p, logical ? TSK_JS_NODE_LOGICAL : TSK_JS_NODE_BINARY, from);
        node->op = (uint8_t)op;
        node->a = left;
        node->b = parse_binary(p, power ? prec : prec + 1);
        tsk_js_leave(p);
        if (logical) check_mixed(p, node);
        left = tsk_js_close(p, node);
    }
    return left;
}

/* ---- unary operators ---- */

static tsk_js_node *parse_update(tsk_js_parser *p, tsk_js_node *target, tsk_span from, uint16_t flags) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_UPDATE, from);
    node->flags = flags;
    node->op = flags ? p->before.kind : p->token.kind;
    node->a = target ? target : tsk_js_parse_unary(p);
    if (node->a->kind == TSK_JS_NODE_ARRAY || node->a->kind == TSK_JS_NODE_OBJECT) {
        if (!p->failed) tsk_js_fail(p, TSK_E_JS_SYNTAX, node->a->span, "only a variable or a property can be counted");
    } else {
        tsk_js_to_target(p, node->a, false);
    }
    return node;
}

static bool deletes_name(const tsk_js_node *operand) {
    return operand->kind == TSK_JS_NODE_NAME || operand->kind == TSK_JS_NODE_PRIVATE ||
           (operand->kind == TSK_JS_NODE_CHAIN && operand->a->kind == TSK_JS_NODE_PRIVATE);
}

static tsk_js_node *parse_prefix(tsk_js_parser *p) {
    tsk_span from = p->token.span;
    tsk_js_token_kind op = (tsk_js_token_kind)p->token.kind;
    tsk_js_advance(p);
    if (op == TSK_JS_TOKEN_INCREMENT || op == TSK_JS_TOKEN_DECREMENT)
        return tsk_js_close(p, parse_update(p, NULL, from, TSK_JS_NODE_PREFIX));
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_UNARY, from);
    node->op = (uint8_t)op;
    node->a = tsk_js_parse_unary(p);
    if (op == TSK_JS_TOKEN_DELETE && !p->failed && deletes_name(node->a))
        tsk_js_fail(p, TSK_E_JS_SYNTAX, node->span, "only properties can be deleted");
    return tsk_js_close(p, node);
}

tsk_js_node *tsk_js_parse_unary(tsk_js_parser *p) {
    if (!tsk_js_enter(p)) return tsk_js_node_new(p, TSK_JS_NODE_NULL, p->token.span);
    tsk_js_node *node;
    switch (p->token.kind) {
    case TSK_JS_TOKEN_NOT:
    case TSK_JS_TOKEN_TILDE:
    case TSK_JS_TOKEN_PLUS:
    case TSK_JS_TOKEN_MINUS:
    case TSK_JS_TOKEN_TYPEOF:
    case TSK_JS_TOKEN_VOID:
    case TSK_JS_TOKEN_DELETE:
    case TSK_JS_TOKEN_INCREMENT:
    case TSK_JS_TOKEN_DECREMENT: node = parse_prefix(p); break;
    default: {
        tsk_span from = p->token.span;
        node = tsk_js_parse_left(p);
        bool counts = tsk_js_at(p, TSK_JS_TOKEN_INCREMENT) || tsk_js_at(p, TSK_JS_TOKEN_DECREMENT);
        if (counts && !p->token.newline) {
            node = parse_update(p, node, from, 0);
            tsk_js_advance(p);
            tsk_js_close(p, node);
        }
        break;
    }
    }
    tsk_js_leave(p);
    return node;
}

/* ---- calls and members ---- */

/* `.name`, `.#name`; the dot is behind. */
static tsk_js_node *parse_member(tsk_js_parser *p, tsk_js_node *object, tsk_span from) {
    bool is_private = tsk_js_at(p, TSK_JS_TOKEN_PRIVATE_NAME);
    tsk_js_node *node = tsk_js_node_new(p, is_private ? TSK_JS_NODE_PRIVATE : TSK_JS_NODE_MEMBER, from);
    node->a = object;
    node->at = p->token.span.pos;
    if (is_private) {
        node->name = p->token.name;
        if (object->kind == TSK_JS_NODE_SUPER)
            tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "super has no private members");
        tsk_js_advance(p);
    } else {
        node->name = tsk_js_parse_word(p);
    }
    return node;
}

static tsk_js_node *parse_index(tsk_js_parser *p, tsk_js_node *object, tsk_span from) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_INDEX, from);
    bool no_in = p->no_in;
    node->at = p->token.span.pos;
    tsk_js_advance(p);
    p->no_in = false;
    node->a = object;
    node->b = tsk_js_parse_expression(p);
    p->no_in = no_in;
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_BRACKET, NULL);
    return node;
}

/* A call is where the name is that is called, else at its parenthesis. */
static uint32_t position_of_call(const tsk_js_parser *p) {
    bool named = p->before.kind == TSK_JS_TOKEN_NAME || p->before.kind == TSK_JS_TOKEN_PRIVATE_NAME ||
                 p->before.kind == TSK_JS_TOKEN_SUPER;
    return named ? p->before.span.pos : p->token.span.pos;
}

static tsk_js_node *parse_call(tsk_js_parser *p, tsk_js_node *callee, tsk_span from) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_CALL, from);
    node->a = callee;
    node->at = position_of_call(p);
    tsk_js_parse_arguments(p, node);
    return node;
}

static tsk_js_node *parse_tagged(tsk_js_parser *p, tsk_js_node *tag, tsk_span from) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_TAGGED, from);
    node->a = tag;
    node->at = position_of_call(p);
    node->b = tsk_js_parse_template(p, true);
    return node;
}

static tsk_js_node *parse_new(tsk_js_parser *p);

/* After `?.`: name, [index] or (arguments). */
static tsk_js_node *parse_optional(tsk_js_parser *p, tsk_js_node *left, tsk_span from) {
    tsk_js_advance(p);
    tsk_js_node *node;
    if (tsk_js_at(p, TSK_JS_TOKEN_LEFT_PAREN))
        node = parse_call(p, left, from);
    else if (tsk_js_at(p, TSK_JS_TOKEN_LEFT_BRACKET))
        node = parse_index(p, left, from);
    else
        node = parse_member(p, left, from);
    node->flags |= TSK_JS_NODE_OPTIONAL;
    return node;
}

/* One more step to the right of `left`; NULL: there is none.  `calls`: a call may be one. */
static tsk_js_node *parse_step(tsk_js_parser *p, tsk_js_node *left, tsk_span from, bool calls) {
    switch (p->token.kind) {
    case TSK_JS_TOKEN_DOT: tsk_js_advance(p); return parse_member(p, left, from);
    case TSK_JS_TOKEN_LEFT_BRACKET: return parse_index(p, left, from);
    case TSK_JS_TOKEN_TEMPLATE: return parse_tagged(p, left, from);
    case TSK_JS_TOKEN_LEFT_PAREN: return calls ? parse_call(p, left, from) : NULL;
    default: return NULL;
    }
}

static tsk_js_node *parse_super(tsk_js_parser *p) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_SUPER, p->token.span);
    tsk_js_advance(p);
    if (!tsk_js_at(p, TSK_JS_TOKEN_DOT) && !tsk_js_at(p, TSK_JS_TOKEN_LEFT_BRACKET) &&
        !tsk_js_at(p, TSK_JS_TOKEN_LEFT_PAREN))
        tsk_js_unexpected(p, "a member or a call after `super`");
    return node;
}

static tsk_js_node *parse_new(tsk_js_parser *p) {
    tsk_span from = p->token.span;
    tsk_js_advance(p);
    if (tsk_js_accept(p, TSK_JS_TOKEN_DOT)) {
        if (!tsk_js_at_word(p, "target")) tsk_js_unexpected(p, "`new.target`");
        tsk_js_advance(p);
        return tsk_js_close(p, tsk_js_node_new(p, TSK_JS_NODE_NEW_TARGET, from));
    }
    if (!tsk_js_enter(p)) return tsk_js_node_new(p, TSK_JS_NODE_NULL, from);
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_NEW, from);
    tsk_span callee_from = p->token.span;
    tsk_js_node *callee = tsk_js_at(p, TSK_JS_TOKEN_NEW)     ? parse_new(p)
                          : tsk_js_at(p, TSK_JS_TOKEN_SUPER) ? parse_super(p)
                                                             : tsk_js_parse_primary(p);
    for (tsk_js_node *step; (step = parse_step(p, callee, callee_from, false));) callee = tsk_js_close(p, step);
    if (tsk_js_at(p, TSK_JS_TOKEN_OPTIONAL_DOT)) tsk_js_unexpected(p, "arguments: `new` takes no optional chain");
    node->a = callee;
    if (callee->kind == TSK_JS_NODE_SUPER) tsk_js_unexpected(p, "a constructor after `new`");
    if (tsk_js_at(p, TSK_JS_TOKEN_LEFT_PAREN)) tsk_js_parse_arguments(p, node);
    tsk_js_leave(p);
    return tsk_js_close(p, node);
}

tsk_js_node *tsk_js_parse_left(tsk_js_parser *p) {
    tsk_span from = p->token.span;
    tsk_js_node *left = tsk_js_at(p, TSK_JS_TOKEN_NEW)     ? parse_new(p)
                        : tsk_js_at(p, TSK_JS_TOKEN_SUPER) ? parse_super(p)
                                                           : tsk_js_parse_primary(p);
    if (is_arrow(left)) return left;
    bool chain = false;
    uint32_t steps = 0, max = p->options->max_depth ? p->options->max_depth : 1000;
    while (!p->failed) {
        if (++steps > max)
            tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "more than %u members and calls in a row", max);
        tsk_js_node *step;
        if (tsk_js_at(p, TSK_JS_TOKEN_OPTIONAL_DOT)) {
            step = parse_optional(p, left, from);
            chain = true;
        } else if (chain && tsk_js_at(p, TSK_JS_TOKEN_TEMPLATE)) {
            tsk_js_unexpected(p, "no template: an optional chain cannot be a tag");
            break;
        } else if (!(step = parse_step(p, left, from, true))) {
            break;
        }
        left = tsk_js_close(p, step);
    }
    if (!chain) return left;
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_CHAIN, from);
    node->a = left;
    return tsk_js_close(p, node);
}

/* ---- conditional, assignment, comma ---- */

static tsk_js_node *parse_conditional(tsk_js_parser *p) {
    tsk_span from = p->token.span;
    tsk_js_node *condition = parse_binary(p, PRECEDENCE_NULLISH);
    if (!tsk_js_at(p, TSK_JS_TOKEN_QUESTION) || is_arrow(condition)) return condition;
    tsk_js_advance(p);
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_CONDITIONAL, from);
    bool no_in = p->no_in;
    node->a = condition;
    p->no_in = false;
    node->b = tsk_js_parse_value(p);
    p->no_in = no_in;
    tsk_js_expect(p, TSK_JS_TOKEN_COLON, "a conditional is `condition ? value : other`");
    node->c = tsk_js_parse_value(p);
    return tsk_js_close(p, node);
}

/* The token of the operator of `+=` and its like; `=` stays. */
static uint8_t operator_of(uint8_t assignment) {
    if (assignment == TSK_JS_TOKEN_ASSIGN) return assignment;
    if (assignment <= TSK_JS_TOKEN_ASSIGN_BIT_AND)
        return (uint8_t)(assignment - TSK_JS_TOKEN_ASSIGN_NULLISH + TSK_JS_TOKEN_NULLISH);
    return (uint8_t)(assignment - TSK_JS_TOKEN_ASSIGN_SHIFT_LEFT + TSK_JS_TOKEN_SHIFT_LEFT);
}

static bool is_assignment(const tsk_js_parser *p) {
    return p->token.kind >= TSK_JS_TOKEN_ASSIGN && p->token.kind <= TSK_JS_TOKEN_ASSIGN_POWER;
}

/* A parenthesized pattern is none, and only `=` takes one. */
static void check_target(tsk_js_parser *p, tsk_js_node *target, bool plain) {
    bool literal = target->kind == TSK_JS_NODE_ARRAY || target->kind == TSK_JS_NODE_OBJECT;
    if (literal && (!plain || (target->flags & TSK_JS_NODE_PARENTHESIZED))) {
        if (!p->failed) tsk_js_fail(p, TSK_E_JS_SYNTAX, target->span, "this cannot be assigned to");
        return;
    }
    if (literal) p->cover = (tsk_js_cover){0};
    tsk_js_to_target(p, target, false);
}

void tsk_js_check_cover(tsk_js_parser *p) {
    if (p->failed) return;
    if (p->cover.initializer.len)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, p->cover.initializer, "`=` in an object literal")->hint =
            "a property is `name: value`; defaults stand in patterns only";
    else if (p->cover.duplicate_proto.len)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, p->cover.duplicate_proto, "`__proto__` is given twice");
}

tsk_js_cover tsk_js_cover_begin(tsk_js_parser *p) {
    tsk_js_cover outer = p->cover;
    p->cover = (tsk_js_cover){0};
    return outer;
}

void tsk_js_cover_end(tsk_js_parser *p, const tsk_js_cover *outer) {
    tsk_js_check_cover(p);
    p->cover = *outer;
}

static bool is_bare_literal(const tsk_js_node *node) {
    return (node->kind == TSK_JS_NODE_ARRAY || node->kind == TSK_JS_NODE_OBJECT) &&
           !(node->flags & TSK_JS_NODE_PARENTHESIZED);
}

tsk_js_node *tsk_js_parse_assignment(tsk_js_parser *p) {
    tsk_span from = p->token.span;
    p->assignment_at = from.pos;
    if (!tsk_js_enter(p)) return tsk_js_node_new(p, TSK_JS_NODE_NULL, from);
    if (tsk_js_at(p, TSK_JS_TOKEN_YIELD)) {
        tsk_js_fail(p, TSK_E_JS_UNSUPPORTED, from, "generators are not in the subset");
    }
    tsk_js_cover outer = tsk_js_cover_begin(p);
    tsk_js_node *node = parse_conditional(p);
    if (is_assignment(p) && !is_arrow(node)) {
        tsk_js_node *assign = tsk_js_node_new(p, TSK_JS_NODE_ASSIGN, from);
        assign->op = operator_of(p->token.kind);
        check_target(p, node, assign->op == TSK_JS_TOKEN_ASSIGN);
        tsk_js_advance(p);
        assign->a = node;
        assign->b = tsk_js_parse_value(p);
        node = tsk_js_close(p, assign);
    }
    if (!is_bare_literal(node)) tsk_js_check_cover(p);
    if (outer.initializer.len) p->cover.initializer = outer.initializer;
    if (outer.duplicate_proto.len) p->cover.duplicate_proto = outer.duplicate_proto;
    tsk_js_leave(p);
    return node;
}

tsk_js_node *tsk_js_parse_value(tsk_js_parser *p) {
    tsk_js_cover outer = tsk_js_cover_begin(p);
    tsk_js_node *node = tsk_js_parse_assignment(p);
    tsk_js_cover_end(p, &outer);
    return node;
}

tsk_js_node *tsk_js_parse_comma(tsk_js_parser *p, tsk_js_node *first, tsk_span from) {
    if (!tsk_js_at(p, TSK_JS_TOKEN_COMMA)) return first;
    tsk_js_list list;
    tsk_js_list_init(&list);
    tsk_js_list_add(&list, first);
    while (tsk_js_accept(p, TSK_JS_TOKEN_COMMA)) tsk_js_list_add(&list, tsk_js_parse_value(p));
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_SEQUENCE, from);
    node->list = list.first;
    return tsk_js_close(p, node);
}

tsk_js_node *tsk_js_parse_expression(tsk_js_parser *p) {
    tsk_span from = p->token.span;
    return tsk_js_parse_comma(p, tsk_js_parse_value(p), from);
}
