/* What expressions are made of: names, literals, parentheses, templates, regular expressions, operators of the
 * configuration.
 *
 * Parentheses are a cover: `(a, b = 1, ...c)` is parsed as expressions, and becomes parameters when `=>` follows.
 */
#include "frontend/js/parser.h"

#include <string.h>

static tsk_js_node *leaf(tsk_js_parser *p, tsk_js_node_kind kind) {
    tsk_js_node *node = tsk_js_node_new(p, kind, p->token.span);
    node->name = p->token.name;
    tsk_js_advance(p);
    return node;
}

/* An arrow function may begin only where a whole assignment expression does. */
static bool at_arrow(const tsk_js_parser *p, tsk_span from, uint32_t begin) {
    return tsk_js_at(p, TSK_JS_TOKEN_ARROW) && !p->token.newline && from.pos == begin;
}

/* ---- names ---- */

static tsk_js_node *parse_name(tsk_js_parser *p, tsk_span from, uint32_t begin) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_NAME, from);
    node->name = tsk_js_parse_name(p, false);
    if (!at_arrow(p, from, begin)) return node;
    tsk_js_to_target(p, node, true);
    return tsk_js_parse_arrow(p, node, from, false);
}

/* ---- lists: arrays, arguments ---- */

/* `...value`; of an array or object, the value may turn out to be a pattern. */
static tsk_js_node *parse_spread(tsk_js_parser *p) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_SPREAD, p->token.span);
    tsk_js_advance(p);
    node->a = tsk_js_parse_assignment(p);
    return tsk_js_close(p, node);
}

static tsk_js_node *parse_element(tsk_js_parser *p) {
    return tsk_js_at(p, TSK_JS_TOKEN_ELLIPSIS) ? parse_spread(p) : tsk_js_parse_assignment(p);
}

void tsk_js_parse_arguments(tsk_js_parser *p, tsk_js_node *call) {
    tsk_js_list list;
    tsk_js_list_init(&list);
    bool no_in = p->no_in;
    tsk_js_cover outer = tsk_js_cover_begin(p);
    p->no_in = false;
    tsk_js_expect(p, TSK_JS_TOKEN_LEFT_PAREN, NULL);
    while (!p->failed && !tsk_js_at(p, TSK_JS_TOKEN_RIGHT_PAREN)) {
        tsk_js_node *argument = parse_element(p);
        if (argument->kind == TSK_JS_NODE_SPREAD) call->flags |= TSK_JS_NODE_HAS_SPREAD;
        tsk_js_list_add(&list, argument);
        if (!tsk_js_accept(p, TSK_JS_TOKEN_COMMA)) break;
    }
    tsk_js_cover_end(p, &outer);
    p->no_in = no_in;
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_PAREN, "arguments are separated by commas");
    call->list = list.first;
}

static tsk_js_node *parse_array(tsk_js_parser *p) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_ARRAY, p->token.span);
    tsk_js_list list;
    tsk_js_list_init(&list);
    tsk_js_advance(p);
    while (!p->failed && !tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACKET)) {
        if (tsk_js_at(p, TSK_JS_TOKEN_COMMA)) {
            tsk_js_list_add(&list, leaf(p, TSK_JS_NODE_HOLE));
            continue;
        }
        tsk_js_node *element = parse_element(p);
        tsk_js_list_add(&list, element);
        if (!tsk_js_at(p, TSK_JS_TOKEN_COMMA)) break;
        tsk_js_advance(p);
        if (element->kind == TSK_JS_NODE_SPREAD && tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACKET))
            element->flags |= TSK_JS_NODE_TRAILING_COMMA;
    }
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_BRACKET, "elements are separated by commas");
    node->list = list.first;
    return node;
}

/* ---- objects ---- */

void tsk_js_parse_key(tsk_js_parser *p, tsk_js_node *property) {
    tsk_span from = p->token.span;
    bool no_in = p->no_in;
    switch (p->token.kind) {
    case TSK_JS_TOKEN_NUMBER:
        property->a = tsk_js_node_new(p, TSK_JS_NODE_NUMBER, from);
        property->a->number = p->token.number;
        tsk_js_advance(p);
        return;
    case TSK_JS_TOKEN_STRING: property->a = leaf(p, TSK_JS_NODE_STRING); return;
    case TSK_JS_TOKEN_LEFT_BRACKET:
        property->flags |= TSK_JS_NODE_COMPUTED;
        tsk_js_advance(p);
        p->no_in = false;
        property->a = tsk_js_parse_value(p);
        p->no_in = no_in;
        tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_BRACKET, NULL);
        return;
    default: property->a = tsk_js_node_new(p, TSK_JS_NODE_STRING, from); property->a->name = tsk_js_parse_word(p);
    }
}

/* `{name}` and, when it turns out to be a pattern, `{name = default}`. */
static void parse_shorthand(tsk_js_parser *p, tsk_js_node *property, const tsk_js_mark *start) {
    tsk_js_back_to(p, start);
    property->flags |= TSK_JS_NODE_SHORTHAND;
    property->b = tsk_js_node_new(p, TSK_JS_NODE_NAME, p->token.span);
    property->b->name = tsk_js_parse_name(p, false);
    if (!tsk_js_at(p, TSK_JS_TOKEN_ASSIGN)) return;
    tsk_span at = p->token.span;
    tsk_js_advance(p);
    tsk_js_node *with_default = tsk_js_node_new(p, TSK_JS_NODE_DEFAULT, property->b->span);
    with_default->a = property->b;
    with_default->b = tsk_js_parse_value(p);
    property->b = tsk_js_close(p, with_default);
    if (!p->cover.initializer.len) p->cover.initializer = at;
}

/* After `get`, `set` or `async`: is this a key of its own? */
static bool ends_key(const tsk_js_parser *p) {
    switch (p->token.kind) {
    case TSK_JS_TOKEN_LEFT_PAREN:
    case TSK_JS_TOKEN_COLON:
    case TSK_JS_TOKEN_COMMA:
    case TSK_JS_TOKEN_RIGHT_BRACE:
    case TSK_JS_TOKEN_ASSIGN:
    case TSK_JS_TOKEN_SEMICOLON:
    case TSK_JS_TOKEN_END: return true;
    default: return false;
    }
}

uint32_t tsk_js_parse_modifier(tsk_js_parser *p, tsk_js_node *property) {
    static const struct {
        const char *word;
        uint32_t flags;
        tsk_js_property op;
    } modifiers[] = {{"get", TSK_JS_FUNCTION_GETTER, TSK_JS_PROPERTY_GETTER},
                     {"set", TSK_JS_FUNCTION_SETTER, TSK_JS_PROPERTY_SETTER},
                     {"async", TSK_JS_FUNCTION_ASYNC, TSK_JS_PROPERTY_METHOD}};
    if (tsk_js_at(p, TSK_JS_TOKEN_TIMES))
        tsk_js_fail(p, TSK_E_JS_UNSUPPORTED, p->token.span, "generators are not in the subset");
    for (size_t i = 0; i < sizeof modifiers / sizeof *modifiers; i++) {
        if (!tsk_js_at_word(p, modifiers[i].word)) continue;
        tsk_js_mark start = tsk_js_mark_here(p);
        tsk_js_advance(p);
        if (ends_key(p) || (p->token.newline && modifiers[i].flags == TSK_JS_FUNCTION_ASYNC)) {
            tsk_js_back_to(p, &start);
            return 0;
        }
        if (tsk_js_at(p, TSK_JS_TOKEN_TIMES))
            tsk_js_fail(p, TSK_E_JS_UNSUPPORTED, p->token.span, "generators are not in the subset");
        property->op = (uint8_t)modifiers[i].op;
        return modifiers[i].flags | TSK_JS_FUNCTION_METHOD;
    }
    return 0;
}

static bool is_proto(const tsk_js_node *property) {
    const tsk_js_node *key = property->a;
    return !(property->flags & TSK_JS_NODE_COMPUTED) && key->kind == TSK_JS_NODE_STRING && key->name->len == 9 &&
           !memcmp(key->name->text, "__proto__", 9);
}

static tsk_js_node *parse_property(tsk_js_parser *p) {
    if (tsk_js_at(p, TSK_JS_TOKEN_ELLIPSIS)) return parse_spread(p);
    tsk_js_node *property = tsk_js_node_new(p, TSK_JS_NODE_PROPERTY, p->token.span);
    tsk_span from = p->token.span;
    uint32_t flags = tsk_js_parse_modifier(p, property);
    tsk_js_mark start = tsk_js_mark_here(p);
    bool is_name = tsk_js_at_name(p);
    tsk_js_parse_key(p, property);
    if (flags || tsk_js_at(p, TSK_JS_TOKEN_LEFT_PAREN)) {
        if (!flags) property->op = TSK_JS_PROPERTY_METHOD;
        property->b = tsk_js_parse_method(p, flags | TSK_JS_FUNCTION_METHOD, from);
    } else if (tsk_js_accept(p, TSK_JS_TOKEN_COLON)) {
        property->b = tsk_js_parse_assignment(p);
        if (is_proto(property)) property->op = TSK_JS_PROPERTY_PROTO;
    } else if (is_name) {
        parse_shorthand(p, property, &start);
    } else {
        tsk_js_unexpected(p, "`:`");
        property->b = property->a;
    }
    return tsk_js_close(p, property);
}

static tsk_js_node *parse_object(tsk_js_parser *p) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_OBJECT, p->token.span);
    tsk_js_list list;
    tsk_js_list_init(&list);
    bool no_in = p->no_in;
    p->no_in = false;
    tsk_js_advance(p);
    uint32_t protos = 0;
    while (!p->failed && !tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACE)) {
        tsk_js_node *property = parse_property(p);
        tsk_js_list_add(&list, property);
        bool proto = property->kind == TSK_JS_NODE_PROPERTY && property->op == TSK_JS_PROPERTY_PROTO;
        if (proto && protos++ && !p->cover.duplicate_proto.len) p->cover.duplicate_proto = property->span;
        if (!tsk_js_accept(p, TSK_JS_TOKEN_COMMA)) break;
    }
    p->no_in = no_in;
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_BRACE, "properties are separated by commas");
    node->list = list.first;
    return node;
}

/* ---- parentheses ---- */

/* What stands between the parentheses of parameters, of an expression or of the call of `async`. */
typedef struct group {
    tsk_js_list list;
    tsk_span odd; /* what an expression may not have: nothing, a spread or a comma at the end */
    bool spread;
} group;

static void parse_group(tsk_js_parser *p, group *g) {
    bool no_in = p->no_in;
    *g = (group){.odd = {p->token.span.pos, 0}};
    tsk_js_advance(p);
    p->no_in = false;
    while (!p->failed && !tsk_js_at(p, TSK_JS_TOKEN_RIGHT_PAREN)) {
        tsk_js_node *element = parse_element(p);
        tsk_js_list_add(&g->list, element);
        if (element->kind == TSK_JS_NODE_SPREAD) {
            g->odd = element->span;
            g->spread = true;
        }
        if (!tsk_js_at(p, TSK_JS_TOKEN_COMMA)) break;
        tsk_span comma = p->token.span;
        tsk_js_advance(p);
        if (!tsk_js_at(p, TSK_JS_TOKEN_RIGHT_PAREN)) continue;
        g->odd = comma;
        element->flags |= TSK_JS_NODE_TRAILING_COMMA;
    }
    if (!g->list.count) g->odd = p->token.span;
    p->no_in = no_in;
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_PAREN, "a parenthesis is open");
}

static tsk_js_node *arrow_of_group(tsk_js_parser *p, const group *g, tsk_span from, bool async) {
    p->cover = (tsk_js_cover){0};
    for (tsk_js_node *param = g->list.first; param && !p->failed; param = param->next) {
        if (param->kind == TSK_JS_NODE_SPREAD)
            tsk_js_to_rest(p, param);
        else
            tsk_js_to_target(p, param, true);
    }
    return tsk_js_parse_arrow(p, g->list.first, from, async);
}

static tsk_js_node *parse_parenthesized(tsk_js_parser *p, tsk_span from, uint32_t begin) {
    group g;
    tsk_js_cover outer = tsk_js_cover_begin(p);
    parse_group(p, &g);
    tsk_js_node *node;
    if (at_arrow(p, from, begin)) {
        node = arrow_of_group(p, &g, from, false);
    } else {
        if (g.odd.len && !p->failed)
            tsk_js_fail(p, TSK_E_JS_SYNTAX, g.odd, "expected an expression here")->hint =
                "or `=>` after the parentheses, when these are parameters";
        node = g.list.first ? g.list.first : tsk_js_node_new(p, TSK_JS_NODE_NULL, from);
        if (g.list.count > 1) {
            node = tsk_js_node_new(p, TSK_JS_NODE_SEQUENCE, from);
            node->list = g.list.first;
            tsk_js_close(p, node);
        }
        node->flags |= TSK_JS_NODE_PARENTHESIZED;
    }
    tsk_js_cover_end(p, &outer);
    return node;
}

/* `async (...)`: an arrow function, or the call of a function of that name. */
static tsk_js_node *parse_async_group(tsk_js_parser *p, tsk_js_node *callee, tsk_span from) {
    group g;
    tsk_js_cover outer = tsk_js_cover_begin(p);
    parse_group(p, &g);
    tsk_js_node *node;
    if (tsk_js_at(p, TSK_JS_TOKEN_ARROW) && !p->token.newline) {
        node = arrow_of_group(p, &g, from, true);
    } else {
        node = tsk_js_node_new(p, TSK_JS_NODE_CALL, from);
        node->a = callee;
        node->list = g.list.first;
        if (g.spread) node->flags |= TSK_JS_NODE_HAS_SPREAD;
        tsk_js_close(p, node);
    }
    tsk_js_cover_end(p, &outer);
    return node;
}

/* `async` before a function or an arrow; such a function runs as a plain one. */
static tsk_js_node *parse_async(tsk_js_parser *p, tsk_span from, uint32_t begin) {
    tsk_js_mark start = tsk_js_mark_here(p);
    tsk_js_advance(p);
    if (!p->token.newline && tsk_js_at(p, TSK_JS_TOKEN_FUNCTION)) {
        tsk_js_back_to(p, &start);
        return tsk_js_parse_function_node(p, false);
    }
    if (!p->token.newline && from.pos == begin && tsk_js_at_name(p)) {
        tsk_js_node *name = tsk_js_node_new(p, TSK_JS_NODE_NAME, p->token.span);
        name->name = tsk_js_parse_name(p, true);
        if (tsk_js_at(p, TSK_JS_TOKEN_ARROW) && !p->token.newline) return tsk_js_parse_arrow(p, name, from, true);
        tsk_js_unexpected(p, "`=>`");
    }
    tsk_js_back_to(p, &start);
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_NAME, from);
    node->name = tsk_js_parse_name(p, false);
    if (!p->token.newline && from.pos == begin && tsk_js_at(p, TSK_JS_TOKEN_LEFT_PAREN))
        return parse_async_group(p, node, from);
    return at_arrow(p, from, begin) ? tsk_js_parse_arrow(p, node, from, false) : node;
}

/* ---- templates and regular expressions ---- */

static tsk_js_node *parse_text(tsk_js_parser *p, bool tagged) {
    tsk_js_node *text = tsk_js_node_new(p, TSK_JS_NODE_TEXT, p->token.span);
    text->name = p->token.name;
    text->other = p->token.other;
    if (!text->name && !tagged && !p->failed)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "an escape in this template is not complete");
    return text;
}

tsk_js_node *tsk_js_parse_template(tsk_js_parser *p, bool tagged) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_TEMPLATE, p->token.span);
    tsk_js_list list;
    tsk_js_list_init(&list);
    bool no_in = p->no_in;
    p->no_in = false;
    while (!p->failed) {
        tsk_js_list_add(&list, parse_text(p, tagged));
        if (p->token.last) break;
        tsk_js_advance(p);
        tsk_js_list_add(&list, tsk_js_parse_expression(p));
        if (!tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACE)) {
            tsk_js_unexpected(p, "`}` at the end of the expression in the template");
            break;
        }
        tsk_js_lexer_template(&p->lexer, &p->token);
        if (p->token.kind == TSK_JS_TOKEN_ERROR) p->failed = true;
    }
    p->no_in = no_in;
    tsk_js_advance(p);
    node->list = list.first;
    return tsk_js_close(p, node);
}

static tsk_js_node *parse_regex(tsk_js_parser *p) {
    tsk_js_lexer_regex(&p->lexer, &p->token);
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_REGEX, p->token.span);
    if (p->token.kind == TSK_JS_TOKEN_ERROR) p->failed = true;
    if (!p->failed && p->options->check_regex) {
        tsk_slice pattern = {p->token.name->text, p->token.name->len};
        tsk_slice flags = {p->token.other->text, p->token.other->len};
        const char *wrong = p->options->check_regex(p->options->user, p->arena, pattern, flags);
        if (wrong) tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "%s", wrong);
    }
    node->name = p->token.name;
    node->other = p->token.other;
    tsk_js_advance(p);
    return node;
}

/* ---- operators of the configuration: @env("HOME"), @cache.get("k") ---- */

static tsk_js_node *parse_operator(tsk_js_parser *p) {
    tsk_js_node *node = tsk_js_node_new(p, TSK_JS_NODE_OPERATOR, p->token.span);
    const char *at = p->lexer.start + (p->token.span.pos + p->token.span.len - p->lexer.base);
    do {
        tsk_js_advance(p);
        tsk_js_parse_word(p);
    } while (tsk_js_at(p, TSK_JS_TOKEN_DOT));
    const char *end = p->lexer.start + (p->before.span.pos + p->before.span.len - p->lexer.base);
    if (p->failed) return node;
    if (memchr(at, ' ', (size_t)(end - at)))
        tsk_js_fail(p, TSK_E_JS_SYNTAX, node->span, "the name of an operator has no spaces");
    node->name = tsk_js_lexer_name(&p->lexer, at, (size_t)(end - at));
    tsk_js_parse_arguments(p, node);
    if (node->flags & TSK_JS_NODE_HAS_SPREAD && !p->failed)
        tsk_js_fail(p, TSK_E_JS_UNSUPPORTED, node->span, "an operator of the configuration takes no spread arguments");
    return tsk_js_close(p, node);
}

/* ---- the choice ---- */

static tsk_js_node *refuse(tsk_js_parser *p) {
    if (tsk_js_at(p, TSK_JS_TOKEN_IMPORT) || tsk_js_at(p, TSK_JS_TOKEN_EXPORT))
        tsk_js_fail(p, TSK_E_JS_UNSUPPORTED, p->token.span, "modules are not in the subset")->hint =
            "functions of the same file see each other by name";
    else
        tsk_js_unexpected(p, "an expression");
    return tsk_js_node_new(p, TSK_JS_NODE_NULL, p->token.span);
}

tsk_js_node *tsk_js_parse_primary(tsk_js_parser *p) {
    tsk_span from = p->token.span;
    uint32_t begin = p->assignment_at;
    tsk_js_node *node;
    switch (p->token.kind) {
    case TSK_JS_TOKEN_NUMBER:
        node = tsk_js_node_new(p, TSK_JS_NODE_NUMBER, from);
        node->number = p->token.number;
        tsk_js_advance(p);
        return node;
    case TSK_JS_TOKEN_STRING: return leaf(p, TSK_JS_NODE_STRING);
    case TSK_JS_TOKEN_TRUE: return leaf(p, TSK_JS_NODE_TRUE);
    case TSK_JS_TOKEN_FALSE: return leaf(p, TSK_JS_NODE_FALSE);
    case TSK_JS_TOKEN_NULL: return leaf(p, TSK_JS_NODE_NULL);
    case TSK_JS_TOKEN_THIS: return leaf(p, TSK_JS_NODE_THIS);
    case TSK_JS_TOKEN_NAME:
        return tsk_js_at_word(p, "async") ? parse_async(p, from, begin) : parse_name(p, from, begin);
    case TSK_JS_TOKEN_LEFT_BRACKET: {
        bool no_in = p->no_in;
        p->no_in = false;
        node = parse_array(p);
        p->no_in = no_in;
        return tsk_js_close(p, node);
    }
    case TSK_JS_TOKEN_LEFT_BRACE: return tsk_js_close(p, parse_object(p));
    case TSK_JS_TOKEN_LEFT_PAREN: return parse_parenthesized(p, from, begin);
    case TSK_JS_TOKEN_FUNCTION: return tsk_js_parse_function_node(p, false);
    case TSK_JS_TOKEN_CLASS: return tsk_js_parse_class(p, false);
    case TSK_JS_TOKEN_TEMPLATE: return tsk_js_parse_template(p, false);
    case TSK_JS_TOKEN_DIVIDE:
    case TSK_JS_TOKEN_ASSIGN_DIVIDE: return parse_regex(p);
    case TSK_JS_TOKEN_AT: return parse_operator(p);
    default: return refuse(p);
    }
}
