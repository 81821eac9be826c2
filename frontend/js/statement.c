/* Statements.  A `;` that is missing is put in where a line ends, before `}` and at the end of the text.
 *
 * break and continue know the statement they leave: `targets` is the stack of those that can be left, of the function.
 */
#include "frontend/js/parser.h"

#include <string.h>

static tsk_js_node *begin(tsk_js_parser *p, tsk_js_node_kind kind) {
    tsk_js_node *node = tsk_js_node_new(p, kind, p->token.span);
    tsk_js_advance(p);
    return node;
}

static void end_statement(tsk_js_parser *p) {
    if (tsk_js_accept(p, TSK_JS_TOKEN_SEMICOLON) || p->failed) return;
    if (tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACE) || tsk_js_at(p, TSK_JS_TOKEN_END) || p->token.newline) return;
    tsk_js_unexpected(p, "`;` or the end of the line");
}

/* ---- what can be left ---- */

static void push_target(tsk_js_parser *p, tsk_js_jump_target *t, tsk_js_node *statement, bool is_loop) {
    *t = (tsk_js_jump_target){p->targets, statement, NULL, is_loop, true};
    p->targets = t;
}

static tsk_js_node *parse_body(tsk_js_parser *p, tsk_js_node *loop) {
    tsk_js_jump_target target;
    push_target(p, &target, loop, true);
    tsk_js_node *body = tsk_js_parse_statement(p, false);
    p->targets = target.outer;
    return body;
}

/* The loop that a label stands before, behind other labels. */
static tsk_js_node *labeled_loop(tsk_js_node *statement) {
    while (statement && statement->kind == TSK_JS_NODE_LABELED) statement = statement->a;
    if (!statement) return NULL;
    switch (statement->kind) {
    case TSK_JS_NODE_FOR:
    case TSK_JS_NODE_FOR_OF:
    case TSK_JS_NODE_FOR_IN:
    case TSK_JS_NODE_WHILE:
    case TSK_JS_NODE_DO: return statement;
    default: return NULL;
    }
}

static void find_target(tsk_js_parser *p, tsk_js_node *jump, const tsk_js_name *label) {
    bool is_continue = jump->kind == TSK_JS_NODE_CONTINUE;
    for (tsk_js_jump_target *t = p->targets; t; t = t->outer) {
        if (label ? t->label != label : t->label != NULL || (is_continue && !t->is_loop)) continue;
        jump->target = t->statement; /* of a label: the LABELED; whether its statement is a loop is known later */
        return;
    }
    if (p->failed) return;
    if (label)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, jump->span, "there is no label `%.*s` around this statement", (int)label->len,
                    label->text);
    else
        tsk_js_fail(p, TSK_E_JS_SYNTAX, jump->span, "`%s` stands in no loop%s", is_continue ? "continue" : "break",
                    is_continue ? "" : " or switch");
}

static tsk_js_node *parse_jump(tsk_js_parser *p, tsk_js_node_kind kind) {
    tsk_js_node *node = begin(p, kind);
    const tsk_js_name *label = NULL;
    if (tsk_js_at_name(p) && !p->token.newline) label = tsk_js_parse_name(p, false);
    find_target(p, tsk_js_close(p, node), label);
    if (label && kind == TSK_JS_NODE_CONTINUE) { /* checked when the label's statement is complete */
        node->a = p->continues;
        p->continues = node;
    }
    end_statement(p);
    return node;
}

/* `continue label` must name a loop: those of this label are looked at when its statement is known. */
static void check_continues(tsk_js_parser *p, tsk_js_node *labeled) {
    tsk_js_node *loop = labeled_loop(labeled->a), **link = &p->continues;
    for (tsk_js_node *jump; (jump = *link);) {
        if (jump->target != labeled) {
            link = &jump->a;
            continue;
        }
        *link = jump->a;
        jump->a = NULL;
        jump->target = loop;
        if (!loop && !p->failed) tsk_js_fail(p, TSK_E_JS_SYNTAX, jump->span, "this label is on no loop");
    }
}

static tsk_js_node *parse_labeled(tsk_js_parser *p) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_LABELED, p->token.span);
    node->name = tsk_js_parse_name(p, false);
    for (tsk_js_jump_target *t = p->targets; t && !p->failed; t = t->outer)
        if (t->label == node->name) tsk_js_fail(p, TSK_E_JS_SYNTAX, node->span, "this label is in use around here");
    tsk_js_advance(p);
    tsk_js_jump_target target;
    push_target(p, &target, node, false);
    target.label = node->name;
    if (tsk_js_at(p, TSK_JS_TOKEN_FUNCTION))
        tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "a function declaration takes no label");
    node->a = tsk_js_parse_statement(p, false);
    p->targets = target.outer;
    check_continues(p, node);
    return tsk_js_close(p, node);
}

/* ---- declarations ---- */

static tsk_js_binding_kind declaration_kind(tsk_js_token_kind kind) {
    return kind == TSK_JS_TOKEN_VAR ? TSK_JS_VAR : kind == TSK_JS_TOKEN_LET ? TSK_JS_LET : TSK_JS_CONST;
}

static tsk_js_node *parse_declarator(tsk_js_parser *p, bool lexical) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_DECLARATOR, p->token.span);
    if (lexical && tsk_js_at(p, TSK_JS_TOKEN_LET)) tsk_js_unexpected(p, "a name");
    node->a = tsk_js_parse_binding(p);
    if (tsk_js_accept(p, TSK_JS_TOKEN_ASSIGN)) {
        node->b = tsk_js_parse_value(p);
    }
    return tsk_js_close(p, node);
}

static void check_initialized(tsk_js_parser *p, const tsk_js_node *declare) {
    for (const tsk_js_node *d = declare->list; d && !p->failed; d = d->next) {
        if (d->b) continue;
        if (d->a->kind != TSK_JS_NODE_NAME)
            tsk_js_fail(p, TSK_E_JS_SYNTAX, d->span, "a pattern needs a value: `= …`");
        else if (declare->op == TSK_JS_CONST)
            tsk_js_fail(p, TSK_E_JS_SYNTAX, d->span, "a const needs a value: `= …`");
    }
}

static tsk_js_node *parse_declare(tsk_js_parser *p) {
    tsk_js_binding_kind kind = declaration_kind((tsk_js_token_kind)p->token.kind);
    tsk_js_node *node = begin(p, TSK_JS_NODE_DECLARE);
    node->op = (uint8_t)kind;
    tsk_js_list list;
    tsk_js_list_init(&list);
    do tsk_js_list_add(&list, parse_declarator(p, kind != TSK_JS_VAR));
    while (tsk_js_accept(p, TSK_JS_TOKEN_COMMA));
    node->list = list.first;
    return tsk_js_close(p, node);
}

/* ---- loops ---- */

static tsk_js_node *parse_condition(tsk_js_parser *p) {
    tsk_js_expect(p, TSK_JS_TOKEN_LEFT_PAREN, "the condition stands in parentheses");
    tsk_js_node *condition = tsk_js_parse_expression(p);
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_PAREN, NULL);
    return condition;
}

static tsk_js_node *parse_while(tsk_js_parser *p) {
    tsk_js_node *node = begin(p, TSK_JS_NODE_WHILE);
    node->a = parse_condition(p);
    node->d = parse_body(p, node);
    return tsk_js_close(p, node);
}

static tsk_js_node *parse_do(tsk_js_parser *p) {
    tsk_js_node *node = begin(p, TSK_JS_NODE_DO);
    node->d = parse_body(p, node);
    tsk_js_expect(p, TSK_JS_TOKEN_WHILE, "the condition of `do` stands behind its body");
    node->a = parse_condition(p);
    tsk_js_accept(p, TSK_JS_TOKEN_SEMICOLON);
    return tsk_js_close(p, node);
}

/* `for (head of …)`: the head is a declaration of one target without a value, or a target. */
static void check_head(tsk_js_parser *p, tsk_js_node *head) {
    if (p->failed) return;
    if (head->kind != TSK_JS_NODE_DECLARE) {
        if (head->kind == TSK_JS_NODE_ASSIGN)
            tsk_js_fail(p, TSK_E_JS_SYNTAX, head->span, "the variable of this loop takes no value");
        else if (head->flags & TSK_JS_NODE_PARENTHESIZED &&
                 (head->kind == TSK_JS_NODE_ARRAY || head->kind == TSK_JS_NODE_OBJECT))
            tsk_js_fail(p, TSK_E_JS_SYNTAX, head->span, "this cannot be assigned to");
        else
            tsk_js_to_target(p, head, false);
        p->cover = (tsk_js_cover){0};
        return;
    }
    if (head->list->next)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, head->list->next->span, "this loop declares one variable");
    else if (head->list->b)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, head->list->b->span, "the variable of this loop takes no value");
}

static void parse_for_each(tsk_js_parser *p, tsk_js_node *node, tsk_js_node *head) {
    bool of = !tsk_js_at(p, TSK_JS_TOKEN_IN);
    node->kind = of ? TSK_JS_NODE_FOR_OF : TSK_JS_NODE_FOR_IN;
    check_head(p, head);
    tsk_js_advance(p);
    node->a = head;
    node->b = of ? tsk_js_parse_value(p) : tsk_js_parse_expression(p);
}

static void parse_for_rest(tsk_js_parser *p, tsk_js_node *node, tsk_js_node *head) {
    if (head && head->kind == TSK_JS_NODE_DECLARE) check_initialized(p, head);
    node->a = head;
    tsk_js_expect(p, TSK_JS_TOKEN_SEMICOLON, "`for (start; condition; step)`, `for (x of …)` or `for (k in …)`");
    if (!tsk_js_at(p, TSK_JS_TOKEN_SEMICOLON)) node->b = tsk_js_parse_expression(p);
    tsk_js_expect(p, TSK_JS_TOKEN_SEMICOLON, NULL);
    if (!tsk_js_at(p, TSK_JS_TOKEN_RIGHT_PAREN)) node->c = tsk_js_parse_expression(p);
}

static bool at_for_each(const tsk_js_parser *p) {
    return tsk_js_at(p, TSK_JS_TOKEN_IN) || tsk_js_at_word(p, "of");
}

/* The start of a for that is an expression: without the check for `{a = 1}`, which may be a target. */
static tsk_js_node *parse_for_start(tsk_js_parser *p) {
    tsk_span from = p->token.span;
    bool async_of = tsk_js_at_word(p, "async");
    tsk_js_node *head = tsk_js_parse_assignment(p);
    if (async_of && head->kind == TSK_JS_NODE_NAME && tsk_js_at_word(p, "of"))
        tsk_js_fail(p, TSK_E_JS_SYNTAX, from, "`for (async of …)` is not allowed");
    if (at_for_each(p)) return head;
    tsk_js_check_cover(p);
    return tsk_js_parse_comma(p, head, from);
}

static tsk_js_node *parse_for(tsk_js_parser *p) {
    tsk_js_node *node = begin(p, TSK_JS_NODE_FOR), *head = NULL;
    if (tsk_js_at_word(p, "await")) tsk_js_fail(p, TSK_E_JS_UNSUPPORTED, p->token.span, "await is not in the subset");
    tsk_js_expect(p, TSK_JS_TOKEN_LEFT_PAREN, NULL);
    p->no_in = true;
    switch (p->token.kind) {
    case TSK_JS_TOKEN_SEMICOLON: break;
    case TSK_JS_TOKEN_VAR:
    case TSK_JS_TOKEN_LET:
    case TSK_JS_TOKEN_CONST: head = parse_declare(p); break;
    default: head = parse_for_start(p);
    }
    p->no_in = false;
    if (head && at_for_each(p))
        parse_for_each(p, node, head);
    else
        parse_for_rest(p, node, head);
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_PAREN, NULL);
    node->d = parse_body(p, node);
    return tsk_js_close(p, node);
}

/* ---- choices ---- */

/* `else if` again and again is a list, not a nesting. */
static tsk_js_node *parse_if(tsk_js_parser *p) {
    tsk_js_node *first = NULL, **link = &first;
    for (;;) {
        tsk_js_node *node = begin(p, TSK_JS_NODE_IF);
        *link = node;
        link = &node->c;
        node->a = parse_condition(p);
        node->b = tsk_js_parse_statement(p, false);
        tsk_js_close(p, node);
        if (!tsk_js_accept(p, TSK_JS_TOKEN_ELSE)) return first;
        if (!tsk_js_at(p, TSK_JS_TOKEN_IF)) break;
    }
    *link = tsk_js_parse_statement(p, false);
    return tsk_js_close(p, first);
}

static bool ends_case(const tsk_js_parser *p) {
    return p->failed || tsk_js_at(p, TSK_JS_TOKEN_CASE) || tsk_js_at(p, TSK_JS_TOKEN_DEFAULT) ||
           tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACE) || tsk_js_at(p, TSK_JS_TOKEN_END);
}

static tsk_js_node *parse_case(tsk_js_parser *p) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_CASE, p->token.span);
    if (tsk_js_accept(p, TSK_JS_TOKEN_CASE))
        node->a = tsk_js_parse_expression(p);
    else
        tsk_js_expect(p, TSK_JS_TOKEN_DEFAULT, "a switch is made of `case value:` and `default:`");
    tsk_js_expect(p, TSK_JS_TOKEN_COLON, NULL);
    tsk_js_list list;
    tsk_js_list_init(&list);
    while (!ends_case(p)) tsk_js_list_add(&list, tsk_js_parse_statement(p, true));
    node->list = list.first;
    return tsk_js_close(p, node);
}

static tsk_js_node *parse_switch(tsk_js_parser *p) {
    tsk_js_node *node = begin(p, TSK_JS_NODE_SWITCH);
    node->a = parse_condition(p);
    tsk_js_expect(p, TSK_JS_TOKEN_LEFT_BRACE, NULL);
    tsk_js_jump_target target;
    push_target(p, &target, node, false);
    tsk_js_list list;
    tsk_js_list_init(&list);
    bool has_default = false;
    while (!p->failed && !tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACE) && !tsk_js_at(p, TSK_JS_TOKEN_END)) {
        tsk_js_node *one = parse_case(p);
        if (!one->a && has_default && !p->failed)
            tsk_js_fail(p, TSK_E_JS_SYNTAX, one->span, "a switch has one `default:`");
        has_default |= !one->a;
        tsk_js_list_add(&list, one);
    }
    p->targets = target.outer;
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_BRACE, NULL);
    node->list = list.first;
    return tsk_js_close(p, node);
}

/* ---- blocks, exceptions ---- */

tsk_js_node *tsk_js_parse_statements(tsk_js_parser *p, tsk_js_token_kind end) {
    tsk_js_list list;
    tsk_js_list_init(&list);
    while (!p->failed && !tsk_js_at(p, end) && !tsk_js_at(p, TSK_JS_TOKEN_END))
        tsk_js_list_add(&list, tsk_js_parse_statement(p, true));
    if (!tsk_js_at(p, end)) tsk_js_expect(p, end, "a block is open");
    return list.first;
}

static tsk_js_node *parse_block(tsk_js_parser *p) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_BLOCK, p->token.span);
    tsk_js_expect(p, TSK_JS_TOKEN_LEFT_BRACE, NULL);
    node->list = tsk_js_parse_statements(p, TSK_JS_TOKEN_RIGHT_BRACE);
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_BRACE, NULL);
    return tsk_js_close(p, node);
}

static tsk_js_node *parse_catch(tsk_js_parser *p) {
    tsk_js_node *node = begin(p, TSK_JS_NODE_CATCH);
    if (tsk_js_accept(p, TSK_JS_TOKEN_LEFT_PAREN)) {
        node->a = tsk_js_parse_binding(p);
        tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_PAREN, NULL);
    }
    node->b = parse_block(p);
    return tsk_js_close(p, node);
}

static tsk_js_node *parse_try(tsk_js_parser *p) {
    tsk_js_node *node = begin(p, TSK_JS_NODE_TRY);
    node->a = parse_block(p);
    if (tsk_js_at(p, TSK_JS_TOKEN_CATCH)) node->b = parse_catch(p);
    if (tsk_js_accept(p, TSK_JS_TOKEN_FINALLY)) node->c = parse_block(p);
    if (!node->b && !node->c) tsk_js_unexpected(p, "`catch` or `finally`");
    return tsk_js_close(p, node);
}

static tsk_js_node *parse_return(tsk_js_parser *p) {
    tsk_js_node *node = begin(p, TSK_JS_NODE_RETURN);
    if (p->function->flags & (TSK_JS_FUNCTION_SCRIPT | TSK_JS_FUNCTION_FIELDS) && !p->failed)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, node->span, "`return` stands in no function");
    bool ends = tsk_js_at(p, TSK_JS_TOKEN_SEMICOLON) || tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACE) ||
                tsk_js_at(p, TSK_JS_TOKEN_END) || p->token.newline;
    if (!ends) node->a = tsk_js_parse_expression(p);
    end_statement(p);
    return tsk_js_close(p, node);
}

static tsk_js_node *parse_throw(tsk_js_parser *p) {
    tsk_js_node *node = begin(p, TSK_JS_NODE_THROW);
    if (p->token.newline && !p->failed)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, node->span, "what is thrown must begin on the line of `throw`");
    node->a = tsk_js_parse_expression(p);
    end_statement(p);
    return tsk_js_close(p, node);
}

/* ---- the choice ---- */

static bool at_label(tsk_js_parser *p) {
    if (!tsk_js_at_name(p)) return false;
    tsk_js_mark start = tsk_js_mark_here(p);
    tsk_js_advance(p);
    bool label = tsk_js_at(p, TSK_JS_TOKEN_COLON);
    tsk_js_back_to(p, &start);
    return label;
}

static bool at_async_function(tsk_js_parser *p) {
    if (!tsk_js_at_word(p, "async")) return false;
    tsk_js_mark start = tsk_js_mark_here(p);
    tsk_js_advance(p);
    bool function = tsk_js_at(p, TSK_JS_TOKEN_FUNCTION) && !p->token.newline;
    tsk_js_back_to(p, &start);
    return function;
}

static tsk_js_node *parse_expression_statement(tsk_js_parser *p) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_EXPRESSION, p->token.span);
    node->a = tsk_js_parse_expression(p);
    end_statement(p);
    return tsk_js_close(p, node);
}

/* let, const, class and function stand in blocks, not as the body of an if or a loop. */
static void check_place(tsk_js_parser *p, bool declarations) {
    if (!declarations && !p->failed)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "a declaration may not stand here alone")->hint =
            "put it in a block: { … }";
}

static tsk_js_node *parse_declaration(tsk_js_parser *p, bool declarations) {
    if (!tsk_js_at(p, TSK_JS_TOKEN_VAR)) check_place(p, declarations);
    tsk_js_node *node = parse_declare(p);
    check_initialized(p, node);
    end_statement(p);
    return node;
}

static tsk_js_node *parse_simple(tsk_js_parser *p, bool declarations) {
    if (at_async_function(p)) {
        check_place(p, declarations);
        return tsk_js_parse_function_node(p, true);
    }
    return at_label(p) ? parse_labeled(p) : parse_expression_statement(p);
}

tsk_js_node *tsk_js_parse_statement(tsk_js_parser *p, bool declarations) {
    tsk_js_node *node;
    if (!tsk_js_enter(p)) return tsk_js_node_new(p, TSK_JS_NODE_EMPTY, p->token.span);
    switch (p->token.kind) {
    case TSK_JS_TOKEN_LEFT_BRACE: node = parse_block(p); break;
    case TSK_JS_TOKEN_SEMICOLON: node = begin(p, TSK_JS_NODE_EMPTY); break;
    case TSK_JS_TOKEN_VAR:
    case TSK_JS_TOKEN_LET:
    case TSK_JS_TOKEN_CONST: node = parse_declaration(p, declarations); break;
    case TSK_JS_TOKEN_FUNCTION:
        check_place(p, declarations);
        node = tsk_js_parse_function_node(p, true);
        break;
    case TSK_JS_TOKEN_CLASS:
        check_place(p, declarations);
        node = tsk_js_parse_class(p, true);
        break;
    case TSK_JS_TOKEN_IF: node = parse_if(p); break;
    case TSK_JS_TOKEN_FOR: node = parse_for(p); break;
    case TSK_JS_TOKEN_WHILE: node = parse_while(p); break;
    case TSK_JS_TOKEN_DO: node = parse_do(p); break;
    case TSK_JS_TOKEN_SWITCH: node = parse_switch(p); break;
    case TSK_JS_TOKEN_BREAK: node = parse_jump(p, TSK_JS_NODE_BREAK); break;
    case TSK_JS_TOKEN_CONTINUE: node = parse_jump(p, TSK_JS_NODE_CONTINUE); break;
    case TSK_JS_TOKEN_RETURN: node = parse_return(p); break;
    case TSK_JS_TOKEN_THROW: node = parse_throw(p); break;
    case TSK_JS_TOKEN_TRY: node = parse_try(p); break;
    case TSK_JS_TOKEN_DEBUGGER:
        node = begin(p, TSK_JS_NODE_EMPTY);
        end_statement(p);
        break;
    case TSK_JS_TOKEN_WITH:
        tsk_js_fail(p, TSK_E_JS_UNSUPPORTED, p->token.span, "with is not in the subset");
        node = tsk_js_node_new(p, TSK_JS_NODE_EMPTY, p->token.span);
        break;
    default: node = parse_simple(p, declarations);
    }
    tsk_js_leave(p);
    return node;
}
