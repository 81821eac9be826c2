/* Classes.  The values of fields belong to one function of the class (`fields`, for instances) or to another
 * (`statics`, for the class itself), which are run with `this` as what gets the fields.
 */
#include "frontend/js/parser.h"

#include <string.h>

static bool is_text(const tsk_js_node *key, const char *text) {
    return key->kind == TSK_JS_NODE_STRING && key->name->len == strlen(text) &&
           !memcmp(key->name->text, text, key->name->len);
}

static void refuse(tsk_js_parser *p, tsk_span span, const char *message) {
    if (!p->failed) tsk_js_fail(p, TSK_E_JS_SYNTAX, span, "%s", message);
}

static void parse_class_key(tsk_js_parser *p, tsk_js_node *property) {
    if (!tsk_js_at(p, TSK_JS_TOKEN_PRIVATE_NAME)) {
        tsk_js_parse_key(p, property);
        return;
    }
    property->a = tsk_js_node_new(p, TSK_JS_NODE_PRIVATE_NAME, p->token.span);
    property->a->name = p->token.name;
    if (p->token.name->len == 11 && !memcmp(p->token.name->text, "constructor", 11))
        refuse(p, p->token.span, "a private member may not be named #constructor");
    tsk_js_advance(p);
}

/* ---- fields ---- */

static tsk_js_function *function_of_fields(tsk_js_parser *p, tsk_js_class_node *class_node, bool is_static) {
    tsk_js_function **f = is_static ? &class_node->statics : &class_node->fields;
    if (!*f) {
        uint32_t flags = TSK_JS_FUNCTION_FIELDS | TSK_JS_FUNCTION_METHOD | TSK_JS_FUNCTION_SIMPLE;
        *f = tsk_js_function_new(p, flags | (is_static ? TSK_JS_FUNCTION_STATIC : 0), class_node->span);
        (*f)->fields_of = class_node;
    }
    return *f;
}

static void parse_field(tsk_js_parser *p, tsk_js_class_node *class_node, tsk_js_node *property) {
    bool is_static = property->flags & TSK_JS_NODE_STATIC;
    property->op = TSK_JS_PROPERTY_FIELD;
    if (!(property->flags & TSK_JS_NODE_COMPUTED)) {
        if (is_text(property->a, "constructor")) refuse(p, property->a->span, "a field may not be named constructor");
        if (is_static && is_text(property->a, "prototype"))
            refuse(p, property->a->span, "a static field may not be named prototype");
    }
    tsk_js_function *f = function_of_fields(p, class_node, is_static);
    if (tsk_js_accept(p, TSK_JS_TOKEN_ASSIGN)) {
        tsk_js_outside outside = tsk_js_function_begin(p, f);
        property->b = tsk_js_parse_value(p);
        tsk_js_function_end(p, &outside);
    }
    if (tsk_js_accept(p, TSK_JS_TOKEN_SEMICOLON) || tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACE) || p->token.newline) return;
    tsk_js_unexpected(p, "`;` or the end of the line");
}

static void parse_static_block(tsk_js_parser *p, tsk_js_class_node *class_node, tsk_js_node *property) {
    property->op = TSK_JS_PROPERTY_STATIC_BLOCK;
    property->flags |= TSK_JS_NODE_STATIC;
    uint32_t flags = TSK_JS_FUNCTION_FIELDS | TSK_JS_FUNCTION_METHOD | TSK_JS_FUNCTION_SIMPLE | TSK_JS_FUNCTION_STATIC |
                     TSK_JS_FUNCTION_STATIC_BLOCK;
    tsk_js_outside in_class = tsk_js_function_begin(p, function_of_fields(p, class_node, true));
    tsk_js_function *f = tsk_js_function_new(p, flags, p->token.span);
    tsk_js_outside outside = tsk_js_function_begin(p, f);
    tsk_js_advance(p);
    f->body = tsk_js_parse_statements(p, TSK_JS_TOKEN_RIGHT_BRACE);
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_BRACE, NULL);
    tsk_js_function_end(p, &outside);
    tsk_js_function_end(p, &in_class);
    property->b = tsk_js_node_new(p, TSK_JS_NODE_FUNCTION, f->span);
    property->b->function = f;
}

/* ---- methods ---- */

static void parse_constructor(tsk_js_parser *p, tsk_js_class_node *class_node, tsk_js_node *property, uint32_t flags,
                              tsk_span from) {
    if (flags) refuse(p, property->a->span, "the constructor is a plain method");
    if (class_node->constructor) refuse(p, property->a->span, "a class has one constructor");
    flags = TSK_JS_FUNCTION_METHOD | TSK_JS_FUNCTION_CONSTRUCTOR;
    if (class_node->heritage) flags |= TSK_JS_FUNCTION_DERIVED;
    class_node->constructor = tsk_js_parse_method(p, flags, from)->function;
}

/* False: it is the constructor. */
static bool parse_class_method(tsk_js_parser *p, tsk_js_class_node *class_node, tsk_js_node *property, uint32_t flags,
                               tsk_span from) {
    bool computed = property->flags & TSK_JS_NODE_COMPUTED, is_static = property->flags & TSK_JS_NODE_STATIC;
    if (!computed && !is_static && is_text(property->a, "constructor")) {
        parse_constructor(p, class_node, property, flags, from);
        return false;
    }
    if (!computed && is_static && is_text(property->a, "prototype"))
        refuse(p, property->a->span, "a static member may not be named prototype");
    if (!flags) property->op = TSK_JS_PROPERTY_METHOD;
    property->b = tsk_js_parse_method(p, flags | TSK_JS_FUNCTION_METHOD, from);
    if (property->a->kind == TSK_JS_NODE_PRIVATE_NAME) function_of_fields(p, class_node, is_static);
    return true;
}

/* ---- members ---- */

/* `static` is a modifier unless it is the name of the member. */
static bool parse_static(tsk_js_parser *p) {
    if (!tsk_js_at(p, TSK_JS_TOKEN_STATIC)) return false;
    tsk_js_mark start = tsk_js_mark_here(p);
    tsk_js_advance(p);
    switch (p->token.kind) {
    case TSK_JS_TOKEN_LEFT_PAREN:
    case TSK_JS_TOKEN_ASSIGN:
    case TSK_JS_TOKEN_SEMICOLON:
    case TSK_JS_TOKEN_RIGHT_BRACE: tsk_js_back_to(p, &start); return false;
    default: return true;
    }
}

static void parse_class_member(tsk_js_parser *p, tsk_js_class_node *class_node, tsk_js_list *members) {
    tsk_js_node *property = tsk_js_node_new(p, TSK_JS_NODE_PROPERTY, p->token.span);
    tsk_span from = p->token.span;
    if (parse_static(p)) {
        property->flags |= TSK_JS_NODE_STATIC;
        from = p->token.span;
        if (tsk_js_at(p, TSK_JS_TOKEN_LEFT_BRACE)) {
            parse_static_block(p, class_node, property);
            tsk_js_list_add(members, tsk_js_close(p, property));
            return;
        }
    }
    uint32_t flags = tsk_js_parse_modifier(p, property);
    parse_class_key(p, property);
    if (!flags && !tsk_js_at(p, TSK_JS_TOKEN_LEFT_PAREN))
        parse_field(p, class_node, property);
    else if (!parse_class_method(p, class_node, property, flags, from))
        return;
    tsk_js_list_add(members, tsk_js_close(p, property));
}

tsk_js_node *tsk_js_parse_class(tsk_js_parser *p, bool statement) {
    tsk_js_node *node = tsk_js_node_new(p, statement ? TSK_JS_NODE_CLASS_STATEMENT : TSK_JS_NODE_CLASS, p->token.span);
    tsk_js_class_node *class_node = TSK_NEW(p->arena, tsk_js_class_node);
    *class_node = (tsk_js_class_node){.span = p->token.span};
    node->class_node = class_node;
    tsk_js_advance(p);
    if (statement || tsk_js_at_name(p)) class_node->name = tsk_js_parse_name(p, true);
    if (tsk_js_accept(p, TSK_JS_TOKEN_EXTENDS)) {
        tsk_js_cover outer = tsk_js_cover_begin(p);
        class_node->heritage = tsk_js_parse_left(p);
        tsk_js_cover_end(p, &outer);
        const tsk_js_node *h = class_node->heritage;
        if (h->kind == TSK_JS_NODE_FUNCTION && h->function->flags & TSK_JS_FUNCTION_ARROW &&
            !(h->flags & TSK_JS_NODE_PARENTHESIZED))
            refuse(p, h->span, "a class extends a class, not an arrow function");
    }
    tsk_js_expect(p, TSK_JS_TOKEN_LEFT_BRACE, "the members of a class stand in braces");
    tsk_js_list members;
    tsk_js_list_init(&members);
    while (!p->failed && !tsk_js_at(p, TSK_JS_TOKEN_RIGHT_BRACE)) {
        if (tsk_js_accept(p, TSK_JS_TOKEN_SEMICOLON)) continue;
        if (tsk_js_at(p, TSK_JS_TOKEN_END)) break;
        parse_class_member(p, class_node, &members);
    }
    tsk_js_expect(p, TSK_JS_TOKEN_RIGHT_BRACE, NULL);
    class_node->members = members.first;
    tsk_js_close(p, node);
    class_node->span = node->span;
    return node;
}
