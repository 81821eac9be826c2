/* Functions in all their forms: declarations, expressions, methods, arrows. */
#include "frontend/js/parser.h"

#include <string.h>

tsk_js_function *tsk_js_function_new(tsk_js_parser *p, uint32_t flags, tsk_span from) {
    tsk_js_function *f = TSK_NEW(p->arena, tsk_js_function);
    *f = (tsk_js_function){.flags = flags, .span = from, .outer = p->function};
    return f;
}

/* ---- going into a function and out of it ---- */

tsk_js_outside tsk_js_function_begin(tsk_js_parser *p, tsk_js_function *f) {
    tsk_js_outside outside = {p->function, p->targets, tsk_js_cover_begin(p), p->await, p->no_in};
    p->function = f;
    p->await.len = 0;
    p->targets = NULL;
    p->no_in = false;
    return outside;
}

void tsk_js_function_end(tsk_js_parser *p, const tsk_js_outside *outside) {
    tsk_js_function *f = p->function;
    uint32_t end = p->before.span.pos + p->before.span.len;
    if (end > f->span.pos) f->span.len = end - f->span.pos;
    p->function = outside->function;
    p->targets = outside->targets;
    p->cover = outside->cover;
    p->await = outside->await;
    p->no_in = outside->no_in;
}

/* ---- parameters ---- */

static void count_params(tsk_js_function *f) {
    bool counts = true, simple = true;
    f->param_count = f->length = 0;
    for (const tsk_js_node *param = f->params; param; param = param->next) {
        f->param_count++;
        simple &= param->kind == TSK_JS_NODE_NAME;
        counts &= param->kind != TSK_JS_NODE_DEFAULT && param->kind != TSK_JS_NODE_REST;
        f->length += counts;
    }
    if (simple) f->flags |= TSK_JS_FUNCTION_SIMPLE;
}

static void check_accessor(tsk_js_parser *p, const tsk_js_function *f) {
    if (p->failed) return;
    if (f->flags & TSK_JS_FUNCTION_GETTER && f->params)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, f->params->span, "a getter has no parameters");
    if (f->flags & TSK_JS_FUNCTION_SETTER && (f->param_count != 1 || f->params->kind == TSK_JS_NODE_REST))
        tsk_js_fail(p, TSK_E_JS_SYNTAX, f->params ? f->params->span : p->before.span, "a setter has one parameter");
}

static void parse_params(tsk_js_parser *p, tsk_js_function *f) {
    tsk_js_list list;
    tsk_js_list_init(&list);
    tsk_js_expect(p, TSK_JS_TOKEN_LEFT_PAREN, NULL);
    while (!p->failed && !tsk_js_at(p, TSK_JS_TOKEN_RIGHT_PAREN)) {
        if (tsk_js_at(p, TSK_JS_TOKEN_ELLIPSIS)) {
            tsk_js_node *rest = tsk_js_node_new(p, TSK_JS_NODE_REST, p->token.span);
            tsk_js_advance(p);
            rest->a = tsk_js_parse_binding(p);
            tsk_js_list_add(&list, tsk_js_close(p, rest));
            break;
        }
        tsk_js_list_add(&list, tsk_js_parse_binding_default(p));
        if (!tsk_js_accept(p, TSK_JS_TOKEN_COMMA)) break;
    }
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_PAREN, "parameters are separated by commas, and a rest parameter is the last");
    f->params = list.first;
    count_params(f);
    check_accessor(p, f);
}

/* ---- bodies ---- */

/* A function with other than plain parameters may not say "use strict" (all of them are strict anyway). */
static void check_directives(tsk_js_parser *p, const tsk_js_function *f) {
    if (f->flags & TSK_JS_FUNCTION_SIMPLE) return;
    for (const tsk_js_node *s = f->body; s && !p->failed; s = s->next) {
        const tsk_js_node *text = s->kind == TSK_JS_NODE_EXPRESSION ? s->a : NULL;
        if (!text || text->kind != TSK_JS_NODE_STRING || text->flags & TSK_JS_NODE_PARENTHESIZED) return;
        if (text->span.len == 12 && text->name->len == 10 && !memcmp(text->name->text, "use strict", 10))
            tsk_js_fail(p, TSK_E_JS_SYNTAX, text->span,
                        "\"use strict\" may not stand in a function with such parameters");
    }
}

static void parse_body(tsk_js_parser *p, tsk_js_function *f) {
    tsk_js_expect(p, TSK_JS_TOKEN_LEFT_BRACE, "the body of a function stands in braces");
    f->body = tsk_js_parse_statements(p, TSK_JS_TOKEN_RIGHT_BRACE);
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_BRACE, NULL);
    check_directives(p, f);
}

static tsk_js_node *node_of(tsk_js_parser *p, tsk_js_node_kind kind, tsk_js_function *f) {
    tsk_js_node *node = tsk_js_node_new(p, kind, f->span);
    node->function = f;
    return tsk_js_close(p, node);
}

tsk_js_node *tsk_js_parse_function_node(tsk_js_parser *p, bool statement) {
    tsk_js_function *f = tsk_js_function_new(p, 0, p->token.span);
    bool async = tsk_js_at_word(p, "async");
    if (async) tsk_js_advance(p);
    tsk_js_advance(p);
    if (tsk_js_at(p, TSK_JS_TOKEN_TIMES))
        tsk_js_fail(p, TSK_E_JS_UNSUPPORTED, p->token.span, "generators are not in the subset");
    if (statement)
        f->name = tsk_js_parse_name(p, true); /* it belongs to what is outside, that of an expression inside */
    tsk_js_outside outside = tsk_js_function_begin(p, f);
    if (!statement && tsk_js_at_name(p)) {
        f->name = tsk_js_parse_name(p, true);
        f->flags |= TSK_JS_FUNCTION_NAMED;
    }
    if (async) f->flags |= TSK_JS_FUNCTION_ASYNC;
    parse_params(p, f);
    parse_body(p, f);
    tsk_js_function_end(p, &outside);
    return node_of(p, statement ? TSK_JS_NODE_FUNCTION_STATEMENT : TSK_JS_NODE_FUNCTION, f);
}

tsk_js_node *tsk_js_parse_method(tsk_js_parser *p, uint32_t flags, tsk_span from) {
    tsk_js_function *f = tsk_js_function_new(p, flags, from);
    tsk_js_outside outside = tsk_js_function_begin(p, f);
    parse_params(p, f);
    parse_body(p, f);
    tsk_js_function_end(p, &outside);
    return node_of(p, TSK_JS_NODE_FUNCTION, f);
}

tsk_js_node *tsk_js_parse_arrow(tsk_js_parser *p, tsk_js_node *params, tsk_span from, bool async) {
    tsk_js_function *f = tsk_js_function_new(p, TSK_JS_FUNCTION_ARROW, from);
    if (async) f->flags |= TSK_JS_FUNCTION_ASYNC;
    if (async && p->await.len && p->await.pos > from.pos)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, p->await, "`await` is a reserved word here");
    f->params = params;
    count_params(f);
    tsk_js_advance(p);
    bool no_in = p->no_in;
    tsk_js_outside outside = tsk_js_function_begin(p, f);
    if (tsk_js_at(p, TSK_JS_TOKEN_LEFT_BRACE)) {
        parse_body(p, f);
    } else {
        p->no_in = no_in;
        f->flags |= TSK_JS_FUNCTION_EXPRESSION_BODY;
        f->body = tsk_js_node_new(p, TSK_JS_NODE_RETURN, p->token.span);
        f->body->a = tsk_js_parse_value(p);
        tsk_js_close(p, f->body);
    }
    tsk_js_function_end(p, &outside);
    return node_of(p, TSK_JS_NODE_FUNCTION, f);
}
