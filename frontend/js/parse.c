/* The parser's hands: tokens, nodes, names, errors; and the two entries. */
#include "frontend/js/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEFAULT_DEPTH = 1000, DEFAULT_NODES = 10000000 };

/* ---- tokens ---- */

void tsk_js_advance(tsk_js_parser *p) {
    if (p->failed) return;
    p->before = p->token;
    tsk_js_lexer_next(&p->lexer, &p->token);
    if (p->token.kind == TSK_JS_TOKEN_ERROR) p->failed = true;
    if (p->failed) p->token.kind = TSK_JS_TOKEN_END;
}

bool tsk_js_accept(tsk_js_parser *p, tsk_js_token_kind kind) {
    if (p->failed || p->token.kind != kind) return false;
    tsk_js_advance(p);
    return true;
}

void tsk_js_expect(tsk_js_parser *p, tsk_js_token_kind kind, const char *hint) {
    if (tsk_js_accept(p, kind)) return;
    if (p->failed) return;
    tsk_diag *d = tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "expected %s, not %s", tsk_js_token_text(kind),
                              tsk_js_token_text(p->token.kind));
    d->hint = hint;
}

bool tsk_js_at_word(const tsk_js_parser *p, const char *word) {
    return p->token.kind == TSK_JS_TOKEN_NAME && !p->token.escaped && p->token.name->len == strlen(word) &&
           !memcmp(p->token.name->text, word, p->token.name->len);
}

tsk_js_mark tsk_js_mark_here(const tsk_js_parser *p) {
    return (tsk_js_mark){p->lexer.at, p->token, p->before};
}

void tsk_js_back_to(tsk_js_parser *p, const tsk_js_mark *mark) {
    if (p->failed) return;
    p->lexer.at = mark->at;
    p->token = mark->token;
    p->before = mark->before;
}

/* ---- errors and limits ---- */

tsk_diag *tsk_js_fail(tsk_js_parser *p, tsk_code code, tsk_span span, const char *fmt, ...) {
    char text[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    p->failed = p->lexer.failed = true;
    p->token.kind = TSK_JS_TOKEN_END;
    if (!span.len) span.len = 1;
    return tsk_diags_add(p->lexer.diags, TSK_ERROR, code, span, "%s", text);
}

void tsk_js_unexpected(tsk_js_parser *p, const char *expected) {
    if (p->failed) return;
    tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "expected %s, not %s", expected, tsk_js_token_text(p->token.kind));
}

bool tsk_js_enter(tsk_js_parser *p) {
    uint32_t max = p->options->max_depth ? p->options->max_depth : DEFAULT_DEPTH;
    if (p->failed) return false;
    if (p->depth < max) {
        p->depth++;
        return true;
    }
    tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "the function is nested more than %u deep", max);
    return false;
}

void tsk_js_leave(tsk_js_parser *p) {
    p->depth--;
}

/* ---- nodes ---- */

tsk_js_node *tsk_js_node_new(tsk_js_parser *p, tsk_js_node_kind kind, tsk_span from) {
    uint32_t max = p->options->max_nodes ? p->options->max_nodes : DEFAULT_NODES;
    if (++p->nodes > max && !p->failed)
        tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "the function has more than %u parts", max);
    tsk_js_node *node = TSK_NEW(p->arena, tsk_js_node);
    *node = (tsk_js_node){.kind = (uint8_t)kind, .span = from, .at = from.pos};
    return node;
}

tsk_js_node *tsk_js_close(tsk_js_parser *p, tsk_js_node *node) {
    uint32_t end = p->before.span.pos + p->before.span.len;
    if (end > node->span.pos) node->span.len = end - node->span.pos;
    return node;
}

/* ---- names ---- */

static bool is_text(const tsk_js_name *name, const char *text) {
    return name->len == strlen(text) && !memcmp(name->text, text, name->len);
}

bool tsk_js_at_name(const tsk_js_parser *p) {
    return p->token.kind == TSK_JS_TOKEN_NAME;
}

/* A word written with escapes is the name it spells, and no reserved word may be spelled so. */
static bool spells_keyword(const tsk_js_name *name) {
    static const char *const words[] = {
#define X(name, text)
#define K(name, text) text,
#include "frontend/js/tokens.def"
#undef X
#undef K
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_text(name, words[i])) return true;
    return false;
}

static bool begins_operand(const tsk_js_parser *p) {
    if (p->token.newline) return false;
    switch (p->token.kind) {
    case TSK_JS_TOKEN_NAME:
    case TSK_JS_TOKEN_NUMBER:
    case TSK_JS_TOKEN_STRING:
    case TSK_JS_TOKEN_THIS:
    case TSK_JS_TOKEN_NEW:
    case TSK_JS_TOKEN_FUNCTION: return true;
    default: return false;
    }
}

/* A name like others, but in async functions, static blocks and where it can only be meant as the operator. */
static void check_await(tsk_js_parser *p) {
    static const char hint[] = "functions of configurations are called and give their value at once";
    uint32_t flags = p->function->flags;
    if (flags & TSK_JS_FUNCTION_STATIC_BLOCK) {
        tsk_js_fail(p, TSK_E_JS_SYNTAX, p->token.span, "`await` is a reserved word here");
        return;
    }
    tsk_js_mark start = tsk_js_mark_here(p);
    if (!(flags & TSK_JS_FUNCTION_ASYNC)) {
        tsk_js_advance(p);
        if (!begins_operand(p)) {
            tsk_js_back_to(p, &start);
            p->await = start.token.span;
            return;
        }
    }
    if (!p->failed) tsk_js_fail(p, TSK_E_JS_UNSUPPORTED, start.token.span, "await is not in the subset")->hint = hint;
}

const tsk_js_name *tsk_js_parse_name(tsk_js_parser *p, bool binds) {
    const tsk_js_token token = p->token;
    if (token.kind != TSK_JS_TOKEN_NAME) {
        if (!p->failed && token.kind > TSK_JS_TOKEN_ASSIGN_POWER)
            tsk_js_fail(p, TSK_E_JS_SYNTAX, token.span, "%s is a reserved word, not a name",
                        tsk_js_token_text(token.kind));
        else
            tsk_js_unexpected(p, "a name");
        return tsk_js_lexer_name(&p->lexer, "", 0);
    }
    if (token.escaped && spells_keyword(token.name))
        tsk_js_fail(p, TSK_E_JS_SYNTAX, token.span, "a reserved word may not be written with escapes");
    else if (binds && (is_text(token.name, "eval") || is_text(token.name, "arguments")))
        tsk_js_fail(p, TSK_E_JS_SYNTAX, token.span, "`%.*s` may not be declared or assigned", (int)token.name->len,
                    token.name->text);
    else if (is_text(token.name, "await"))
        check_await(p);
    tsk_js_advance(p);
    return token.name;
}

const tsk_js_name *tsk_js_parse_word(tsk_js_parser *p) {
    const tsk_js_token token = p->token;
    if (token.kind == TSK_JS_TOKEN_NAME) {
        tsk_js_advance(p);
        return token.name;
    }
    if (token.kind > TSK_JS_TOKEN_ASSIGN_POWER) {
        const char *at = p->lexer.start + (token.span.pos - p->lexer.base);
        tsk_js_advance(p);
        return tsk_js_lexer_name(&p->lexer, at, token.span.len);
    }
    tsk_js_unexpected(p, "a name");
    return tsk_js_lexer_name(&p->lexer, "", 0);
}

/* ---- entries ---- */

static void begin(tsk_js_parser *p, tsk_arena *arena, tsk_diags *diags, tsk_slice text, uint32_t base,
                  const tsk_js_parse_options *options) {
    static const tsk_js_parse_options defaults = {0};
    *p = (tsk_js_parser){.arena = arena, .options = options ? options : &defaults};
    tsk_js_lexer_init(&p->lexer, arena, diags, text, base);
    p->function = tsk_js_function_new(p, TSK_JS_FUNCTION_SCRIPT, (tsk_span){base, text.len});
}

static bool finish(tsk_js_parser *p, tsk_js_function *function) {
    uint32_t max = p->options->max_depth ? p->options->max_depth : DEFAULT_DEPTH;
    return !p->failed && tsk_js_resolve_names(p->arena, p->lexer.diags, function, max);
}

tsk_js_function *tsk_js_parse_script(tsk_arena *arena, tsk_diags *diags, tsk_slice text, uint32_t base,
                                     const tsk_js_parse_options *options) {
    tsk_js_parser p;
    begin(&p, arena, diags, text, base, options);
    tsk_js_lexer_skip_hashbang(&p.lexer);
    tsk_js_advance(&p);
    p.function->body = tsk_js_parse_statements(&p, TSK_JS_TOKEN_END);
    return finish(&p, p.function) ? p.function : NULL;
}

tsk_js_function *tsk_js_parse_function(tsk_arena *arena, tsk_diags *diags, tsk_slice text, uint32_t base,
                                       const tsk_js_parse_options *options) {
    tsk_js_parser p;
    begin(&p, arena, diags, text, base, options);
    tsk_js_advance(&p);
    tsk_js_node *node;
    tsk_js_mark start = tsk_js_mark_here(&p);
    tsk_span from = p.token.span;
    const tsk_js_name *name = NULL;
    if (tsk_js_at_name(&p) && !tsk_js_at_word(&p, "async")) {
        name = p.token.name;
        tsk_js_advance(&p);
    }
    if (name && tsk_js_at(&p, TSK_JS_TOKEN_LEFT_PAREN)) {
        node = tsk_js_parse_method(&p, TSK_JS_FUNCTION_METHOD, from);
        node->function->name = name;
    } else {
        tsk_js_back_to(&p, &start);
        node = tsk_js_parse_assignment(&p);
    }
    tsk_js_accept(&p, TSK_JS_TOKEN_SEMICOLON);
    if (!p.failed && node->kind != TSK_JS_NODE_FUNCTION)
        tsk_js_fail(&p, TSK_E_JS_SYNTAX, node->span, "expected one function");
    if (!tsk_js_at(&p, TSK_JS_TOKEN_END)) tsk_js_unexpected(&p, "the end of the function");
    tsk_js_node *statement = tsk_js_node_new(&p, TSK_JS_NODE_EXPRESSION, node->span);
    statement->a = node;
    p.function->body = statement;
    return finish(&p, p.function) ? node->function : NULL;
}
