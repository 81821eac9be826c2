/* Expressions: Pratt parsing straight from the bytes.
 *
 *   low   ?:   | ??   || or   && and   == != === !==   < <= > >= in   + -   * / %   unary, casts   **   postfix   high
 *
 * A newline ends an expression, except inside brackets, after a binary operator, and before a line that starts with
 * `?`, `:` (of an open `?`) or `.`.  Failure is recorded once in the parser; the caller decides whether it is an error or
 * whether the value is plain text. */
#include "frontend/frontend.h"

#include "runtime/base/number.h"

#include <stdarg.h>
#include <stdio.h>

enum { P_TERNARY = 1, P_DEFAULT, P_OR, P_AND, P_EQUALITY, P_RELATION, P_ADD, P_MUL, P_POW };

static tsk_ast *parse_binary(tsk_parser *ps, int min);
static tsk_ast *parse_unary(tsk_parser *ps);

/* tsk_skip_blanks where mostly one space or nothing is to be skipped: what is above `/` ends all blanks. */
static inline void skip_blanks(tsk_parser *ps) {
    const char *p = ps->p;
    p += *p == ' ';
    if (TSK_LIKELY((uint8_t)*p > '/'))
        ps->p = p;
    else
        tsk_skip_blanks(ps);
}

void tsk_expression_fail(tsk_parser *ps, bool hard, tsk_code code, const char *from, const char *to,
                         const char *expected, const char *fmt, ...) {
    if (ps->failed) return;
    ps->failed = true;
    ps->failed_hard = hard;
    ps->fail_code = code;
    ps->fail_span = tsk_span_of(ps, from, to);
    ps->fail_expected = expected;
    ps->fail_hint = NULL;
    char message[256];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    ps->fail_message = tsk_arena_strdup(ps->arena, message, n < (int)sizeof message ? (size_t)n : sizeof message - 1);
}

static tsk_ast *fail_here(tsk_parser *ps, bool hard, tsk_code code, const char *expected, const char *message) {
    const char *end = ps->p;
    if (end < ps->end && *end != '\n') end++;
    while (end < ps->end && ((uint8_t)*end & 0xC0) == 0x80) end++;
    tsk_expression_fail(ps, hard, code, ps->p, end, expected, "%s", message);
    return NULL;
}

/* ---- nodes ---- */

tsk_ast *tsk_ast_new(tsk_parser *ps, tsk_ast_kind kind, const char *from, const char *to, uint32_t count) {
    tsk_ast *ast = tsk_arena_alloc(ps->arena, sizeof *ast + count * sizeof(tsk_ast *));
    *ast = (tsk_ast){.kind = (uint8_t)kind, .count = count, .span = tsk_span_of(ps, from, to)};
    return ast;
}

tsk_ast *tsk_ast_literal(tsk_parser *ps, tsk_value v, const char *from, const char *to) {
    tsk_ast *ast = tsk_ast_new(ps, TSK_AST_LITERAL, from, to, 0);
    ast->value = v;
    return ast;
}

void tsk_ast_push(tsk_parser *ps, tsk_ast *ast) {
    if (ps->stack_count == ps->stack_cap) {
        uint32_t cap = ps->stack_cap ? ps->stack_cap * 2 : 32;
        ps->stack = tsk_arena_grow(ps->arena, ps->stack, ps->stack_cap * sizeof *ps->stack, cap * sizeof *ps->stack);
        ps->stack_cap = cap;
    }
    ps->stack[ps->stack_count++] = ast;
}

static tsk_ast *adopt(tsk_parser *ps, tsk_ast *ast) {
    bool weak = ast->count > 0;
    for (uint32_t i = 0; i < ast->count; i++) {
        const tsk_ast *item = ast->items[i];
        if (!item) continue;
        if (item->height >= ast->height) ast->height = (uint16_t)(item->height + 1);
        weak = weak && (item->flags & TSK_AST_WEAK);
    }
    bool operator_kind = ast->kind >= TSK_AST_UNARY && ast->kind <= TSK_AST_MEMBER;
    if (weak && operator_kind) ast->flags |= TSK_AST_WEAK;
    if (ast->height <= ps->fe->options.max_depth) return ast;
    return fail_here(ps, true, TSK_E_TOO_DEEP, "nested too deeply here",
                     "the expression is nested deeper than the limit");
}

tsk_ast *tsk_ast_collect(tsk_parser *ps, tsk_ast_kind kind, const char *from, uint32_t mark) {
    uint32_t count = ps->stack_count - mark;
    tsk_ast *ast = tsk_ast_new(ps, kind, from, ps->p, count);
    if (count) memcpy(ast->items, ps->stack + mark, count * sizeof *ast->items);
    ps->stack_count = mark;
    return adopt(ps, ast);
}

static tsk_ast *node1(tsk_parser *ps, tsk_ast_kind kind, int op, const char *from, tsk_ast *a) {
    tsk_ast *ast = tsk_ast_new(ps, kind, from, ps->p, 1);
    ast->op = (uint8_t)op;
    ast->items[0] = a;
    return adopt(ps, ast);
}

static tsk_ast *node2(tsk_parser *ps, tsk_ast_kind kind, int op, tsk_ast *a, tsk_ast *b) {
    tsk_ast *ast = tsk_ast_new(ps, kind, ps->p, ps->p, 2);
    ast->op = (uint8_t)op;
    ast->span = (tsk_span){a->span.pos, b->span.pos + b->span.len - a->span.pos};
    ast->items[0] = a;
    ast->items[1] = b;
    return adopt(ps, ast);
}

/* Of the characters ps->p stands behind blanks; the extent of a node must not hold them. */
static void close_span(tsk_parser *ps, tsk_ast *ast) {
    uint32_t end = tsk_pos(ps, ps->p);
    if (end > ast->span.pos) ast->span.len = end - ast->span.pos;
}

bool tsk_ast_constant(tsk_arena *arena, const tsk_ast *ast, tsk_value *out) {
    if (ast->kind == TSK_AST_LITERAL || ast->kind == TSK_AST_TEXT) {
        *out = ast->value;
        return true;
    }
    if (ast->kind == TSK_AST_ARRAY) {
        for (uint32_t i = 0; i < ast->count; i++)
            if (ast->items[i]->kind != TSK_AST_LITERAL && ast->items[i]->kind != TSK_AST_ARRAY &&
                ast->items[i]->kind != TSK_AST_OBJECT)
                return false;
        tsk_array *a = tsk_array_new(arena, ast->count);
        for (uint32_t i = 0; i < ast->count; i++)
            if (!tsk_ast_constant(arena, ast->items[i], &a->items[i])) return false;
        a->count = ast->count;
        *out = tsk_from_array(a);
        return true;
    }
    if (ast->kind != TSK_AST_OBJECT) return false;
    tsk_object *o = tsk_object_new(arena, 0);
    for (uint32_t i = 0; i < ast->count; i += 2) {
        tsk_value v;
        const tsk_ast *key = ast->items[i];
        if (!key || key->kind != TSK_AST_LITERAL || !tsk_ast_constant(arena, ast->items[i + 1], &v)) return false;
        tsk_slice k = tsk_as_slice(key->value);
        tsk_object_set(arena, o, k.ptr, k.len, v);
    }
    *out = tsk_from_object(o);
    return true;
}

/* ---- brackets ---- */

static bool enter(tsk_parser *ps) {
    if (++ps->depth <= ps->fe->options.max_depth) return true;
    fail_here(ps, true, TSK_E_TOO_DEEP, "nested too deeply here", "the expression is nested deeper than the limit");
    ps->fail_hint = "the limit is an option: --max-depth";
    return false;
}

static tsk_ast *unclosed(tsk_parser *ps, const char *open, char closer) {
    if (ps->failed) return NULL;
    if (ps->p >= ps->end) {
        tsk_expression_fail(ps, true, TSK_E_UNTERMINATED_BLOCK, open, open + 1, "this bracket is never closed",
                            "expected `%c` before the end of the file", closer);
    } else {
        const char *end = ps->p + 1;
        while (end < ps->end && ((uint8_t)*end & 0xC0) == 0x80) end++;
        tsk_expression_fail(ps, true, TSK_E_EXPECTED_TOKEN, ps->p, end,
                            closer == ')' || closer == ']' || closer == '}' ? "expected `,` or the closing bracket"
                                                                            : NULL,
                            "expected `%c`, found `%.*s`", closer, (int)(end - ps->p), ps->p);
        if (memchr(open, '\n', (size_t)(ps->p - open))) {
            tsk_location at;
            if (tsk_sources_locate(&ps->graph->sources, tsk_pos(ps, open), &at))
                ps->fail_hint = tsk_arena_printf(ps->arena, "the `%c` of line %u is still open", *open, at.line);
        }
    }
    return NULL;
}

/* A word run inside a list that is no expression: up to `,`, the closer or the end of the line. */
static tsk_ast *bare_item(tsk_parser *ps, const char *start, char closer) {
    const char *p = start;
    while (p < ps->end && *p != '\n' && *p != ',' && *p != closer && !tsk_at_comment(ps, p)) p++;
    ps->p = p;
    while (p > start && tsk_is(p[-1], TSK_C_BLANK | TSK_C_EOL)) p--;
    tsk_ast *ast = tsk_ast_new(ps, TSK_AST_TEXT, start, p, 0);
    ast->value = tsk_str_borrow(ps->arena, start, (uint32_t)(p - start));
    return ast;
}

/* One item of a list or value of a pair: an expression, or plain words. */
static tsk_ast *parse_item(tsk_parser *ps, char closer) {
    const char *start = ps->p, *line = ps->line;
    uint32_t depth = ps->depth, nest = ps->nest, mark = ps->stack_count;
    tsk_ast *ast = tsk_parse_expression(ps);
    if (ast) {
        tsk_skip_blanks(ps);
        const char *p = ps->p;
        if (*p == ',' || *p == closer || p >= ps->end || ps->line != line) {
            ast->flags |= TSK_AST_ITEM;
            return ast;
        }
    }
    bool wordy = tsk_is(*start, TSK_C_START | TSK_C_DIGIT) || *start == '/' || *start == '.' || *start == '*' ||
                 *start == '-' || *start == '+';
    if (ps->failed_hard || !wordy || (ast && ast->kind >= TSK_AST_INTERPOLATE && !(ast->flags & TSK_AST_WEAK)))
        return ast;
    const char *colon = tsk_is(*start, TSK_C_START) ? tsk_scan_ident(start) : start;
    while (tsk_is_blank(*colon)) colon++;
    if (*start != '/' && (*colon == ':' || *colon == '=') && colon > start &&
        closer == ']') { /* the next key: the list was not closed */
        ps->failed = false;
        tsk_expression_fail(ps, true, TSK_E_EXPECTED_TOKEN, start, colon + 1, "a key cannot stand in a list",
                            "expected `,` or `]` before `%.*s`", (int)(colon - start > 40 ? 40 : colon - start), start);
        return NULL;
    }
    const char *at_end = start;
    while (at_end < ps->end && *at_end != '\n' && *at_end != ',' && *at_end != closer && !tsk_at_comment(ps, at_end)) {
        if (*at_end == '(' || *at_end == '"' || *at_end == '[' || *at_end == '{' || *at_end == '@' || *at_end == '$')
            return ast;
        at_end++;
    }
    ps->failed = false;
    ps->depth = depth;
    ps->nest = nest;
    ps->stack_count = mark;
    ps->line = line;
    return bare_item(ps, start, closer);
}

/* After an item: a comma, or a line end when items stand on lines of their own.  False: neither, so the list must close. */
static bool separator(tsk_parser *ps, const char *line) {
    tsk_skip_blanks(ps);
    if (*ps->p == ',' || *ps->p == ';') {
        ps->p++;
        tsk_skip_blanks(ps);
        return true;
    }
    return ps->line != line;
}

static tsk_ast *parse_spread_item(tsk_parser *ps) {
    const char *start = ps->p;
    ps->p += 3;
    tsk_ast *ast = tsk_parse_expression(ps);
    return ast ? node1(ps, TSK_AST_SPREAD, 0, start, ast) : NULL;
}

static tsk_ast *parse_array(tsk_parser *ps) {
    const char *open = ps->p++;
    uint32_t mark = ps->stack_count;
    if (!enter(ps)) return NULL;
    ps->nest++;
    tsk_skip_blanks(ps);
    while (*ps->p != ']') {
        const char *line = ps->line;
        tsk_ast *item = ps->p[0] == '.' && ps->p[1] == '.' && ps->p[2] == '.' ? parse_spread_item(ps)
                        : ps->p < ps->end                                     ? parse_item(ps, ']')
                                                                              : NULL;
        if (!item) return unclosed(ps, open, ']');
        tsk_ast_push(ps, item);
        if (!separator(ps, line) && *ps->p != ']') return unclosed(ps, open, ']');
    }
    ps->p++;
    ps->nest--;
    ps->depth--;
    return tsk_ast_collect(ps, TSK_AST_ARRAY, open, mark);
}

static tsk_ast *parse_pair_key(tsk_parser *ps) {
    const char *start = ps->p;
    tsk_value v;
    if (*start == '"' || *start == '\'' || *start == '`') {
        tsk_ast *ast = tsk_parse_string(ps, false, &v);
        if (ps->failed) return NULL;
        if (ast) ast->flags |= TSK_AST_COMPUTED;
        return ast ? ast : tsk_ast_literal(ps, v, start, ps->p);
    }
    if (*start == '[') {
        ps->p++;
        tsk_ast *ast = tsk_parse_expression(ps);
        if (ast) tsk_skip_blanks(ps);
        if (!ast || *ps->p != ']') return unclosed(ps, start, ']');
        ps->p++;
        ast->flags |= TSK_AST_COMPUTED;
        return ast;
    }
    const char *p = start;
    if (*p == '$') p++;
    if (!tsk_is(*p, TSK_C_START | TSK_C_DIGIT))
        return fail_here(ps, true, TSK_E_EXPECTED_KEY, "expected a key", "expected a key or the closing brace");
    while (tsk_is(*p, TSK_C_IDENT) || (*p == '.' && tsk_is(p[1], TSK_C_START))) p++;
    while (p[-1] == '-') p--;
    ps->p = p;
    return tsk_ast_literal(ps, tsk_str_borrow(ps->arena, start, (uint32_t)(p - start)), start, p);
}

/* `{ key: value, ... }`; a key alone stands for `key: key`. */
static tsk_ast *parse_object(tsk_parser *ps) {
    const char *open = ps->p++;
    uint32_t mark = ps->stack_count;
    if (!enter(ps)) return NULL;
    ps->nest++;
    tsk_skip_blanks(ps);
    while (*ps->p != '}') {
        const char *line = ps->line;
        if (ps->p >= ps->end) return unclosed(ps, open, '}');
        if (ps->p[0] == '.' && ps->p[1] == '.' && ps->p[2] == '.') {
            ps->p += 3;
            tsk_ast *ast = tsk_parse_expression(ps);
            if (!ast) return NULL;
            tsk_ast_push(ps, NULL);
            tsk_ast_push(ps, ast);
        } else {
            const char *start = ps->p;
            tsk_ast *key = parse_pair_key(ps), *value;
            if (!key) return NULL;
            tsk_skip_blanks(ps);
            if (*ps->p == ':' || (*ps->p == '=' && ps->p[1] != '=')) {
                ps->p++;
                tsk_skip_blanks(ps);
                value = parse_item(ps, '}');
                if (!value) return ps->failed ? NULL : unclosed(ps, open, '}');
            } else if (key->kind == TSK_AST_LITERAL && tsk_is(*start, TSK_C_START) &&
                       (*ps->p == ',' || *ps->p == '}')) {
                value = tsk_ast_new(ps, TSK_AST_NAME, start, start + key->span.len, 0);
                value->name = start;
                value->name_len = key->span.len;
            } else {
                return fail_here(ps, true, TSK_E_EXPECTED_TOKEN, "expected `:`", "expected `:` after the key");
            }
            tsk_ast_push(ps, key);
            tsk_ast_push(ps, value);
        }
        if (!separator(ps, line) && *ps->p != '}') return unclosed(ps, open, '}');
    }
    ps->p++;
    ps->nest--;
    ps->depth--;
    return tsk_ast_collect(ps, TSK_AST_OBJECT, open, mark);
}

/* ---- primaries ---- */

static tsk_ast *name_node(tsk_parser *ps, tsk_ast_kind kind, const char *start, const char *name, const char *end) {
    tsk_ast *ast = tsk_ast_new(ps, kind, start, end, 0);
    ast->name = name;
    ast->name_len = (uint32_t)(end - name);
    ps->p = end;
    return ast;
}

static tsk_ast *parse_global(tsk_parser *ps) {
    const char *start = ps->p, *name = start + 1;
    if (*name == '.' || !tsk_is(*name, TSK_C_START)) {
        if (*name == '.' || *name == ')' || *name == ',') { /* `$.`: the whole document */
            ps->p = *name == '.' && tsk_is(name[1], TSK_C_START) ? name : name + (*name == '.');
            tsk_ast *ast = tsk_ast_new(ps, TSK_AST_GLOBAL, start, ps->p, 0);
            ast->name = NULL;
            return ast;
        }
        return fail_here(ps, false, TSK_E_EXPECTED_OPERAND, "expected a name after `$`",
                         "`$` is not followed by a name");
    }
    tsk_ast *ast = name_node(ps, TSK_AST_GLOBAL, start, name, tsk_scan_ident(name));
    ast->order = ps->fe->definitions;
    tsk_definition *d = tsk_scope_global(ps->fe, name, ast->name_len, ps->section, ast->order);
    if (d)
        ast->definition = d;
    else
        ast->definition = NULL;
    return ast;
}

/* Arguments up to `)`, pushed on the stack; trailing `name: value` ones as one object. */
static bool parse_args(tsk_parser *ps) {
    const char *open = ps->p++;
    if (!enter(ps)) return false;
    ps->nest++;
    uint32_t pairs = 0;
    tsk_skip_blanks(ps);
    while (*ps->p != ')') {
        const char *line = ps->line, *start = ps->p;
        if (ps->p >= ps->end) return unclosed(ps, open, ')'), false;
        const char *word = tsk_is(*start, TSK_C_START) ? tsk_scan_ident(start) : start, *colon = word;
        while (tsk_is_blank(*colon)) colon++;
        if (word > start && *colon == ':' && colon[1] != ':') {
            tsk_ast_push(ps,
                         tsk_ast_literal(ps, tsk_str_borrow(ps->arena, start, (uint32_t)(word - start)), start, word));
            ps->p = colon + 1;
            tsk_skip_blanks(ps);
            pairs++;
        } else if (pairs && (*start == '}' || *start == ']')) {
            return unclosed(ps, open, ')'), false;
        } else if (pairs) {
            fail_here(ps, true, TSK_E_EXPECTED_TOKEN, "expected `name: value`", "named arguments come last");
            return false;
        }
        tsk_ast *arg = start[0] == '.' && start[1] == '.' && start[2] == '.' ? parse_spread_item(ps)
                                                                             : tsk_parse_expression(ps);
        if (!arg) return ps->failed ? (ps->failed_hard = true, false) : (unclosed(ps, open, ')'), false);
        tsk_skip_blanks(ps);
        if (*ps->p == '{' && !pairs) { /* @switch(v { "a": 1 }) */
            tsk_ast *cases = parse_object(ps);
            if (!cases) return false;
            arg = node2(ps, TSK_AST_CASES, 0, arg, cases);
            if (!arg) return false;
        }
        tsk_ast_push(ps, arg);
        if (!separator(ps, line) && *ps->p != ')') return unclosed(ps, open, ')'), false;
    }
    ps->p++;
    ps->nest--;
    ps->depth--;
    if (pairs) {
        tsk_ast *object = tsk_ast_collect(ps, TSK_AST_OBJECT, open, ps->stack_count - 2 * pairs);
        if (!object) return false;
        tsk_ast_push(ps, object);
    }
    return true;
}

static bool is_php(const char *name, uint32_t len) {
    return len == 3 && memcmp(name, "php", 3) == 0;
}

static tsk_ast *foreign(tsk_parser *ps, const char *start, const char *end) {
    tsk_expression_fail(ps, true, TSK_E_FOREIGN_CODE, start, end, "PHP code",
                        "the file embeds PHP code, which only a PHP interpreter can run");
    ps->fail_hint = "for the time use @time(), for encoding json_encode(v), for hashes @hash(...)";
    return NULL;
}

/* `@name.path`, `@name(args)`, `@(expr)`, `@{...}`. */
static tsk_ast *parse_operator(tsk_parser *ps) {
    const char *start = ps->p++;
    if (*ps->p == '(') return parse_unary(ps);
    if (*ps->p == '{') return parse_object(ps);
    if (!tsk_is(*ps->p, TSK_C_START))
        return fail_here(ps, false, TSK_E_EXPECTED_OPERAND, "expected a name after `@`",
                         "`@` is not followed by an operator name");
    const char *name = ps->p, *end = tsk_scan_ident(name);
    if (is_php(name, (uint32_t)(end - name)) && *end == '(') return foreign(ps, start, end);
    /* the whole dotted path belongs to the name; with arguments its last part may turn out to be a method */
    while (*end == '.' && tsk_is(end[1], TSK_C_START)) end = tsk_scan_ident(end + 1);
    uint32_t mark = ps->stack_count;
    ps->p = end;
    bool args = *end == '(';
    if (args && !parse_args(ps)) return NULL;
    tsk_ast *ast = tsk_ast_collect(ps, TSK_AST_OPERATOR, start, mark);
    if (!ast) return NULL;
    if (args) ast->flags |= TSK_AST_HAS_ARGS;
    ast->name = name;
    ast->name_len = (uint32_t)(end - name);
    return ast;
}

static bool at_arrow(const char *p) {
    while (tsk_is_blank(*p)) p++;
    return p[0] == '=' && p[1] == '>';
}

/* A list of parameters at p, and an arrow. */
static bool at_lambda(const char *p) {
    for (p++; tsk_is(*p, TSK_C_START | TSK_C_DIGIT | TSK_C_BLANK | TSK_C_EOL) && *p;) {
        p++;
        while (*p == ',' || *p == '$' || *p == '-') p++;
    }
    return *p == ')' && at_arrow(p + 1);
}

static tsk_ast *parse_lambda(tsk_parser *ps) {
    const char *start = ps->p;
    bool parens = *start == '(';
    uint32_t mark = ps->stack_count;
    if (!enter(ps)) return NULL;
    if (parens) ps->p++;
    ps->nest += parens;
    for (;;) {
        tsk_skip_blanks(ps);
        if (parens && *ps->p == ')') break;
        const char *name = ps->p, *word = name + (*name == '$');
        if (!tsk_is(*word, TSK_C_START))
            return fail_here(ps, true, TSK_E_EXPECTED_KEY, "expected a parameter name", "malformed parameter list");
        tsk_ast_push(ps, name_node(ps, TSK_AST_NAME, name, word, tsk_scan_ident(word)));
        if (!parens) break;
        tsk_skip_blanks(ps);
        if (*ps->p == ',') ps->p++;
    }
    if (parens) ps->p++;
    ps->nest -= parens;
    tsk_skip_blanks(ps);
    ps->p += 2; /* `=>` was seen by at_lambda */
    ps->nest++;
    tsk_skip_blanks(ps);
    ps->nest--;
    if (*ps->p == '{') {
        fail_here(ps, true, TSK_E_NOT_A_FUNCTION_BODY, "a body of statements",
                  "a lambda of the configuration is one expression");
        ps->fail_hint = "write a function with statements as text: key_fujsen: \"\"\"(a) => { ... }\"\"\"";
        return NULL;
    }
    tsk_ast *body = tsk_parse_expression(ps);
    if (!body) return NULL;
    tsk_ast_push(ps, body);
    ps->depth--;
    return tsk_ast_collect(ps, TSK_AST_LAMBDA, start, mark);
}

/* `/pattern/flags` where an operand is expected: its text, flags in PCRE's inline form. */
static tsk_ast *parse_regex(tsk_parser *ps) {
    const char *start = ps->p, *p = start + 1;
    bool set = false;
    for (; p < ps->end && *p != '\n' && (*p != '/' || set); p++) {
        if (*p == '\\' && p[1] != '\n')
            p++;
        else if (*p == '[')
            set = true;
        else if (*p == ']')
            set = false;
    }
    if (*p != '/' || p == start + 1)
        return fail_here(ps, false, TSK_E_EXPECTED_OPERAND, "expected a value", "expected a value");
    const char *flags = p + 1, *end = flags;
    char inline_flags[8];
    unsigned n = 0;
    for (; tsk_is(*end, TSK_C_START | TSK_C_DIGIT); end++) {
        if (!strchr("gimsuy", *end) || n >= 6)
            return fail_here(ps, false, TSK_E_EXPECTED_OPERAND, "expected a value", "expected a value");
        if (strchr("ims", *end)) inline_flags[n++] = *end;
    }
    tsk_buf text;
    tsk_buf_init(&text, ps->arena);
    if (n) tsk_buf_printf(&text, "(?%.*s)", (int)n, inline_flags);
    tsk_buf_add(&text, start + 1, (size_t)(p - start - 1));
    ps->p = end;
    return tsk_ast_literal(ps, tsk_str_take(&text), start, end);
}

static tsk_ast *parse_number(tsk_parser *ps) {
    const char *start = ps->p, *p = start;
    tsk_value v;
    if (TSK_LIKELY(tsk_quick_integer(ps, &p, &v))) {
        ps->p = p;
        return tsk_ast_literal(ps, v, start, p);
    }
    while (tsk_is(*p, TSK_C_DIGIT | TSK_C_START) || (*p == '.' && tsk_is(p[1], TSK_C_DIGIT)) ||
           ((*p == '-' || *p == '+') && (p[-1] == 'e' || p[-1] == 'E') && tsk_is(p[1], TSK_C_DIGIT)))
        p++;
    if (!tsk_number_parse(ps->arena, start, (uint32_t)(p - start), &v)) {
        tsk_expression_fail(ps, false, TSK_E_EXPECTED_OPERAND, start, p, "not a number", "`%.*s` is not a number",
                            (int)(p - start > 40 ? 40 : p - start), start);
        return NULL;
    }
    ps->p = p;
    tsk_note_precision(ps, start, p, v);
    return tsk_ast_literal(ps, v, start, p);
}

static tsk_ast *parse_cast_or_parens(tsk_parser *ps) {
    static const struct {
        tsk_slice name;
        int op;
    } casts[] = {{TSK_SLICE("int"), TSK_IR_TO_INT},      {TSK_SLICE("integer"), TSK_IR_TO_INT},
                 {TSK_SLICE("float"), TSK_IR_TO_FLOAT},  {TSK_SLICE("double"), TSK_IR_TO_FLOAT},
                 {TSK_SLICE("bool"), TSK_IR_TO_BOOL},    {TSK_SLICE("boolean"), TSK_IR_TO_BOOL},
                 {TSK_SLICE("string"), TSK_IR_TO_STRING}};
    const char *open = ps->p, *line = ps->line;
    const char *word = open + 1, *end = word;
    while (tsk_is(*end, TSK_C_START)) end++;
    if (*end == ')') {
        const char *next = end + 1;
        while (tsk_is_blank(*next)) next++;
        bool operand = tsk_is(*next, TSK_C_START | TSK_C_DIGIT) || (*next && strchr("\"'`$@([", *next));
        for (size_t i = 0; operand && i < TSK_COUNT(casts); i++) {
            if (!tsk_slice_eq(casts[i].name, (tsk_slice){word, (uint32_t)(end - word)})) continue;
            if (!enter(ps)) return NULL;
            ps->p = next;
            tsk_ast *value = parse_unary(ps);
            ps->depth--;
            return value ? node1(ps, TSK_AST_UNARY, casts[i].op, open, value) : NULL;
        }
    }
    if (!enter(ps)) return NULL;
    ps->p++;
    ps->nest++;
    tsk_skip_blanks(ps);
    tsk_ast *ast = tsk_parse_expression(ps);
    if (!ast) return NULL;
    tsk_skip_blanks(ps);
    if (*ps->p != ')') {
        if (ps->p >= ps->end || ps->line != line) return unclosed(ps, open, ')');
        tsk_expression_fail(ps, false, TSK_E_EXPECTED_TOKEN, ps->p, ps->p + (ps->p < ps->end), "expected `)`",
                            "this `(` is not closed");
        return NULL;
    }
    ps->p++;
    ps->nest--;
    ps->depth--;
    ast->flags |= TSK_AST_PARENS;
    return ast;
}

static tsk_ast *parse_word(tsk_parser *ps) {
    const char *start = ps->p, *end = tsk_scan_ident(start);
    uint32_t len = (uint32_t)(end - start);
    tsk_value v;
    if (at_arrow(end)) return parse_lambda(ps);
    if (tsk_quick_word(start, len, false, &v) && *end != '(' && *end != '.') {
        ps->p = end;
        return tsk_ast_literal(ps, v, start, end);
    }
    if (is_php(start, len) && *end == '(') return foreign(ps, start, end);
    tsk_ast *ast = name_node(ps, TSK_AST_NAME, start, start, end);
    ast->flags |= TSK_AST_WEAK;
    return ast;
}

/* Where a value should be: right behind the operator when only blank lines follow it. */
static tsk_ast *no_operand(tsk_parser *ps) {
    const char *from = ps->operator_end;
    if (ps->p == ps->operand && memchr(from, '\n', (size_t)(ps->p - from))) ps->p = from;
    return fail_here(ps, false, TSK_E_EXPECTED_OPERAND, "expected a value", "expected a value");
}

static tsk_ast *parse_primary(tsk_parser *ps) {
    const char *start = ps->p;
    tsk_value v;
    switch (*start) {
    case '"':
    case '\'':
    case '`': {
        tsk_ast *ast = tsk_parse_string(ps, false, &v);
        if (ps->failed) return NULL;
        if (ast) close_span(ps, ast);
        return ast ? ast : tsk_ast_literal(ps, v, start, ps->p);
    }
    case '0' ... '9': return parse_number(ps);
    case '$': return parse_global(ps);
    case '@': return parse_operator(ps);
    case '[': return parse_array(ps);
    case '{': return parse_object(ps);
    case '(': return at_lambda(start) ? parse_lambda(ps) : parse_cast_or_parens(ps);
    case '/': return parse_regex(ps);
    default:
        if (tsk_is(*start, TSK_C_START)) return parse_word(ps);
        return no_operand(ps);
    }
}

/* ---- postfix ---- */

/* The next line goes on with `.name`. */
static bool continues_with_dot(tsk_parser *ps) {
    const char *p = ps->p, *line = ps->line;
    while (tsk_is(*p, TSK_C_BLANK | TSK_C_EOL) && *p) {
        if (*p == '\n') line = p + 1;
        p++;
    }
    if (*p != '.' || !tsk_is(p[1], TSK_C_START)) return false;
    ps->p = p;
    ps->line = line;
    return true;
}

static tsk_ast *parse_index(tsk_parser *ps, tsk_ast *ast) {
    const char *open = ps->p++;
    tsk_ast *from = NULL, *to = NULL;
    if (!enter(ps)) return NULL;
    ps->nest++;
    tsk_skip_blanks(ps);
    if (*ps->p != ':' && !(from = tsk_parse_expression(ps))) return NULL;
    tsk_skip_blanks(ps);
    bool slice = *ps->p == ':';
    if (slice) {
        ps->p++;
        tsk_skip_blanks(ps);
        if (*ps->p != ']' && !(to = tsk_parse_expression(ps))) return NULL;
        tsk_skip_blanks(ps);
    }
    if (*ps->p != ']') return unclosed(ps, open, ']');
    ps->p++;
    ps->nest--;
    ps->depth--;
    tsk_ast *node = tsk_ast_new(ps, slice ? TSK_AST_SLICE : TSK_AST_INDEX, open, ps->p, slice ? 3 : 2);
    node->items[0] = ast;
    node->items[1] = from;
    if (slice) node->items[2] = to;
    node->span = (tsk_span){ast->span.pos, tsk_pos(ps, ps->p) - ast->span.pos};
    return adopt(ps, node);
}

static tsk_ast *parse_postfix(tsk_parser *ps) {
    tsk_ast *ast = parse_primary(ps);
    while (ast) {
        char c = *ps->p;
        if (c == '.' && (tsk_is(ps->p[1], TSK_C_START | TSK_C_DIGIT) || ps->p[1] == '$')) {
            const char *name = ps->p + 1, *end = tsk_scan_ident(name + (*name == '$'));
            ps->p = end;
            tsk_ast *node = tsk_ast_new(ps, TSK_AST_MEMBER, name, end, 1);
            node->name = name;
            node->name_len = (uint32_t)(end - name);
            node->items[0] = ast;
            node->span = (tsk_span){ast->span.pos, tsk_pos(ps, end) - ast->span.pos};
            ast = adopt(ps, node);
        } else if (c == '[') {
            ast = parse_index(ps, ast);
        } else if (c == '(') {
            uint32_t mark = ps->stack_count;
            uint32_t start = ast->span.pos;
            tsk_ast_push(ps, ast);
            if (!parse_args(ps)) return NULL;
            ast = tsk_ast_collect(ps, TSK_AST_CALL, ps->text + (start - ps->source->base), mark);
            if (ast) ast->flags &= (uint16_t)~TSK_AST_WEAK;
        } else if ((c == '\n' || c == '\r' || tsk_is_blank(c)) && !(ast->flags & TSK_AST_WEAK) &&
                   continues_with_dot(ps)) {
            continue;
        } else {
            return ast;
        }
    }
    return NULL;
}

/* ---- operators ---- */

static tsk_ast *parse_unary(tsk_parser *ps) {
    const char *start = ps->p;
    int op = -1;
    if (*start == '!' && start[1] != '=') {
        op = TSK_IR_NOT;
    } else if (*start == '-' || *start == '+') {
        op = *start == '-' ? TSK_IR_NEG : TSK_IR_PLUS;
    } else if (memcmp(start, "not", 3) == 0 && tsk_is_blank(start[3])) {
        op = TSK_IR_NOT;
        ps->p += 2;
    }
    tsk_ast *ast;
    if (op < 0) {
        ast = parse_postfix(ps);
    } else {
        if (!enter(ps)) return NULL;
        ps->p++;
        tsk_skip_blanks(ps);
        ast = parse_unary(ps);
        ps->depth--;
        if (!ast) return NULL;
        if (op == TSK_IR_NEG && ast->kind == TSK_AST_LITERAL && tsk_is_number(ast->value) &&
            !(ast->flags & TSK_AST_PARENS)) {
            tsk_slice text = {start, (uint32_t)(ps->p - start)};
            tsk_value v;
            if (tsk_number_parse(ps->arena, text.ptr, text.len, &v)) return tsk_ast_literal(ps, v, start, ps->p);
        }
        ast = node1(ps, TSK_AST_UNARY, op, start, ast);
    }
    if (!ast) return NULL;
    const char *p = ps->p;
    while (tsk_is_blank(*p)) p++;
    if (p[0] == '*' && p[1] == '*') {
        ps->p = p + 2;
        ps->nest++;
        tsk_skip_blanks(ps);
        ps->nest--;
        if (!enter(ps)) return NULL;
        tsk_ast *right = parse_unary(ps);
        ps->depth--;
        return right ? node2(ps, TSK_AST_BINARY, TSK_IR_POW, ast, right) : NULL;
    }
    return ast;
}

typedef struct infix {
    uint8_t precedence, len;
    uint8_t kind; /* tsk_ast_kind */
    uint8_t op;
} infix;

static bool word_operator(const char *p, const char *word, size_t len) {
    return memcmp(p, word, len) == 0 && tsk_is(p[len], TSK_C_BLANK | TSK_C_EOL) && tsk_is_blank(p[-1]);
}

/* The binary operator at p; precedence 0 when there is none. */
static infix read_infix(const char *p) {
    switch (*p) {
    case '?':
        return p[1] == '?' ? (infix){P_DEFAULT, 2, TSK_AST_DEFAULT, 0} : (infix){P_TERNARY, 1, TSK_AST_TERNARY, 0};
    case '|': return p[1] == '|' ? (infix){P_OR, 2, TSK_AST_OR, 0} : (infix){P_DEFAULT, 1, TSK_AST_DEFAULT, 0};
    case '&': return p[1] == '&' ? (infix){P_AND, 2, TSK_AST_AND, 0} : (infix){0};
    case '=':
        if (p[1] != '=') return (infix){0};
        return p[2] == '=' ? (infix){P_EQUALITY, 3, TSK_AST_BINARY, TSK_IR_SAME}
                           : (infix){P_EQUALITY, 2, TSK_AST_BINARY, TSK_IR_EQ};
    case '!':
        if (p[1] != '=') return (infix){0};
        return p[2] == '=' ? (infix){P_EQUALITY, 3, TSK_AST_BINARY, TSK_IR_DIFFERENT}
                           : (infix){P_EQUALITY, 2, TSK_AST_BINARY, TSK_IR_NE};
    case '<':
        return p[1] == '=' ? (infix){P_RELATION, 2, TSK_AST_BINARY, TSK_IR_LE}
                           : (infix){P_RELATION, 1, TSK_AST_BINARY, TSK_IR_LT};
    case '>':
        return p[1] == '=' ? (infix){P_RELATION, 2, TSK_AST_BINARY, TSK_IR_GE}
                           : (infix){P_RELATION, 1, TSK_AST_BINARY, TSK_IR_GT};
    case '+': return (infix){P_ADD, 1, TSK_AST_ADD, 0};
    case '-': return (infix){P_ADD, 1, TSK_AST_BINARY, TSK_IR_SUB};
    case '*': return p[1] == '*' ? (infix){0} : (infix){P_MUL, 1, TSK_AST_BINARY, TSK_IR_MUL};
    case '/': return p[1] == '/' || p[1] == '*' ? (infix){0} : (infix){P_MUL, 1, TSK_AST_BINARY, TSK_IR_DIV};
    case '%': return (infix){P_MUL, 1, TSK_AST_BINARY, TSK_IR_MOD};
    case '^': return (infix){P_POW, 1, TSK_AST_BINARY, TSK_IR_POW};
    case 'a': return word_operator(p, "and", 3) ? (infix){P_AND, 3, TSK_AST_AND, 0} : (infix){0};
    case 'o': return word_operator(p, "or", 2) ? (infix){P_OR, 2, TSK_AST_OR, 0} : (infix){0};
    case 'i': return word_operator(p, "in", 2) ? (infix){P_RELATION, 2, TSK_AST_BINARY, TSK_IR_IN} : (infix){0};
    default: return (infix){0};
    }
}

/* Outside brackets a line that starts with `?` or `:` goes on with the ternary above. */
static bool continues_with(tsk_parser *ps, char c) {
    if (ps->nest) return false;
    const char *p = ps->p, *line = ps->line;
    if (*p != '\n' && *p != '\r') return false;
    while (tsk_is(*p, TSK_C_BLANK | TSK_C_EOL) && *p) {
        if (*p == '\n') line = p + 1;
        p++;
    }
    if (*p != c || (c == '?' && !tsk_is(p[1], TSK_C_BLANK) && p[1] != '?')) return false;
    ps->p = p;
    ps->line = line;
    return true;
}

/* Blanks behind an operator: the operand may stand on the next line. */
static void skip_to_operand(tsk_parser *ps) {
    ps->operator_end = ps->p;
    ps->nest++;
    skip_blanks(ps);
    ps->nest--;
    ps->operand = ps->p;
}

static tsk_ast *parse_ternary(tsk_parser *ps, tsk_ast *condition) {
    if (!enter(ps)) return NULL;
    skip_to_operand(ps);
    tsk_ast *yes = *ps->p == ':' ? condition : parse_binary(ps, P_TERNARY); /* `a ?: b` */
    if (!yes) return NULL;
    skip_blanks(ps);
    if (*ps->p != ':' && !continues_with(ps, ':')) {
        fail_here(ps, false, TSK_E_EXPECTED_TOKEN, "expected `:`", "the `?` has no `:`");
        return NULL;
    }
    ps->p++;
    skip_to_operand(ps);
    tsk_ast *no = parse_binary(ps, P_TERNARY);
    if (!no) return NULL;
    ps->depth--;
    tsk_ast *ast = tsk_ast_new(ps, TSK_AST_TERNARY, ps->p, ps->p, 3);
    ast->items[0] = condition;
    ast->items[1] = yes;
    ast->items[2] = no;
    ast->span = (tsk_span){condition->span.pos, no->span.pos + no->span.len - condition->span.pos};
    return adopt(ps, ast);
}

/* Operands of a chain of `+`, so that a hundred thousand parts are one node. */
static tsk_ast *parse_sum(tsk_parser *ps, tsk_ast *first) {
    uint32_t mark = ps->stack_count;
    uint32_t start = first->span.pos;
    tsk_ast_push(ps, first);
    for (;;) {
        ps->p++;
        skip_to_operand(ps);
        tsk_ast *next = parse_binary(ps, P_ADD + 1);
        if (!next) return NULL;
        tsk_ast_push(ps, next);
        const char *end = ps->p;
        tsk_skip_blanks(ps);
        if (*ps->p != '+') {
            tsk_ast *ast = tsk_ast_collect(ps, TSK_AST_ADD, ps->text + (start - ps->source->base), mark);
            if (ast) ast->span.len = tsk_pos(ps, end) - start;
            return ast;
        }
    }
}

static tsk_ast *parse_binary(tsk_parser *ps, int min) {
    tsk_ast *left = parse_unary(ps);
    while (left) {
        const char *before = ps->p, *line = ps->line;
        skip_blanks(ps);
        if (min <= P_TERNARY && *ps->p != '?') continues_with(ps, '?');
        infix in = read_infix(ps->p);
        if (!in.precedence || in.precedence < min) {
            if (!ps->nest) {
                ps->p = before;
                ps->line = line;
            }
            return left;
        }
        if (in.kind == TSK_AST_ADD) {
            left = parse_sum(ps, left);
            continue;
        }
        ps->p += in.len;
        if (in.kind == TSK_AST_TERNARY) return parse_ternary(ps, left);
        skip_to_operand(ps);
        tsk_ast *right = parse_binary(ps, in.precedence + 1);
        left = right ? node2(ps, (tsk_ast_kind)in.kind, in.op, left, right) : NULL;
    }
    return NULL;
}

tsk_ast *tsk_parse_expression(tsk_parser *ps) {
    uint32_t depth = ps->depth, nest = ps->nest, mark = ps->stack_count;
    tsk_ast *ast = parse_binary(ps, P_TERNARY);
    ps->depth = depth;
    if (!ast) {
        ps->nest = nest;
        ps->stack_count = mark;
    }
    return ast;
}
