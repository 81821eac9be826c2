/* What `tsk lint` finds in a configuration that is right.
 *
 *   document.c, string.c ──► functions, one after another         ──► js/lint.c
 *   check.c              ──► every expression, node by node       ──► tsk_lint_node, tsk_lint_lambda
 *                            afterwards the tree of literals, and globals that nothing read
 *
 * Every finding is a warning with a code of its own.  tsk_lint_admit decides whether it counts: codes are switched off
 * by options, and by comments, which is looked up only for findings.
 *
 *   # tsk-lint: disable=E0914,E0915      the next line; behind something, this line
 *   # tsk-lint: disable-file=E0901       the whole file; `all` stands for every code
 *
 * Findings are about the file itself, not about what it includes. */
#include "frontend/js/lint.h"
#include "frontend/frontend.h"

#include "ir/op_number.h"
#include "runtime/base/number.h"

/* A name in a function that the function does not declare. */
typedef struct outer_name {
    struct outer_name *next;
    tsk_slice name;
    tsk_span span;
    const tsk_scope *scope;
} outer_name;

struct tsk_lint {
    tsk_graph *graph;
    tsk_lint_options options;
    tsk_object read; /* names that may stand for a $global */
    outer_name *outer_names;
    struct pragmas *pragmas; /* of the file; NULL: not looked for yet */
};

static bool has_code(const uint64_t *set, tsk_code code) {
    return (uint32_t)code < TSK_LINT_CODES && (set[code / 64] >> (code % 64) & 1);
}

static void add_code(uint64_t *set, tsk_code code) {
    if ((uint32_t)code < TSK_LINT_CODES) set[code / 64] |= 1ull << (code % 64);
}

/* ---- comments that switch codes off ---- */

typedef struct pragma {
    uint32_t from, to; /* positions it is about */
    uint64_t codes[TSK_LINT_CODES / 64];
} pragma;

typedef struct pragmas {
    pragma *list;
    uint32_t count, cap;
} pragmas;

static void read_codes(pragma *out, const char *p, const char *end) {
    while (p < end) {
        while (p < end && (tsk_is_blank(*p) || *p == ',')) p++;
        const char *word = p;
        while (p < end && tsk_is(*p, TSK_C_IDENT | TSK_C_DIGIT)) p++;
        if (p == word) return;
        if (tsk_slice_eq((tsk_slice){word, (uint32_t)(p - word)}, TSK_SLICE("all")))
            memset(out->codes, 0xFF, sizeof out->codes);
        else
            add_code(out->codes, tsk_code_find(word, (size_t)(p - word)));
    }
}

static void read_pragma(tsk_arena *arena, pragmas *all, const tsk_source *source, const char *at) {
    static const tsk_slice line_form = TSK_SLICE("disable="), file_form = TSK_SLICE("disable-file=");
    const char *end = source->text + source->len, *p = at + strlen("tsk-lint:");
    const char *stop = memchr(p, '\n', (size_t)(end - p)), *line = at;
    if (!stop) stop = end;
    while (tsk_is_blank(*p)) p++;
    bool file = (size_t)(stop - p) > file_form.len && !memcmp(p, file_form.ptr, file_form.len);
    if (!file && ((size_t)(stop - p) <= line_form.len || memcmp(p, line_form.ptr, line_form.len))) return;
    while (line > source->text && line[-1] != '\n') line--;
    const char *comment = line + strspn(line, " \t");
    bool alone = *comment == '#' || (*comment == '/' && comment[1] == '/');
    const char *next = stop < end ? memchr(stop + 1, '\n', (size_t)(end - stop - 1)) : NULL;
    if (all->count == all->cap) {
        uint32_t cap = all->cap ? all->cap * 2 : 8;
        all->list = tsk_arena_grow(arena, all->list, all->cap * sizeof *all->list, cap * sizeof *all->list);
        all->cap = cap;
    }
    pragma *one = &all->list[all->count++];
    *one = (pragma){.from = file    ? source->base
                            : alone ? source->base + (uint32_t)(stop - source->text)
                                    : source->base + (uint32_t)(line - source->text),
                    .to = file     ? source->base + source->len
                          : !alone ? source->base + (uint32_t)(stop - source->text)
                          : next   ? source->base + (uint32_t)(next - source->text)
                                   : source->base + source->len};
    read_codes(one, p + (file ? file_form.len : line_form.len), stop);
}

static pragmas *read_pragmas(tsk_arena *arena, const tsk_source *source) {
    pragmas *all = TSK_NEW(arena, pragmas);
    const char *p = source->text, *end = p + source->len;
    while ((p = memmem(p, (size_t)(end - p), "tsk-lint:", 9))) {
        read_pragma(arena, all, source, p);
        p += 9;
    }
    return all;
}

static bool is_disabled(tsk_lint *lint, tsk_code code, uint32_t pos) {
    if (!lint->pragmas) lint->pragmas = read_pragmas(lint->graph->arena, lint->graph->sources.list[0]);
    for (uint32_t i = 0; i < lint->pragmas->count; i++) {
        const pragma *p = &lint->pragmas->list[i];
        if (p->from <= pos && pos <= p->to && has_code(p->codes, code)) return true;
    }
    return false;
}

bool tsk_lint_admit(void *user, tsk_code code, tsk_span span, tsk_severity *severity) {
    tsk_lint *lint = user;
    const tsk_sources *sources = &lint->graph->sources;
    if (has_code(lint->options.off, code)) return false;
    if (!sources->count || (span.pos && tsk_sources_at(sources, span.pos) != sources->list[0])) return false;
    if (is_disabled(lint, code, span.pos)) return false;
    if (lint->options.all_errors || has_code(lint->options.errors, code)) *severity = TSK_ERROR;
    return true;
}

void tsk_lint_begin(tsk_graph *g, const tsk_lint_options *options) {
    tsk_frontend *fe = g->frontend;
    fe->lint = TSK_NEW(g->arena, tsk_lint);
    fe->lint->graph = g;
    fe->lint->options = *options;
    g->diags.admit = tsk_lint_admit;
    g->diags.admit_user = fe->lint;
}

static tsk_diag *warn(const tsk_lint *lint, tsk_code code, tsk_span span, const char *text) {
    return tsk_diags_add(&lint->graph->diags, TSK_WARNING, code, span, "%s", text);
}

/* ---- what is read ---- */

static void read_name(tsk_lint *lint, const char *name, uint32_t len) {
    if (len && *name == '$') name++, len--;
    if (!len || tsk_object_find(&lint->read, name, len)) return;
    tsk_arena *arena = lint->graph->arena;
    tsk_object_set(arena, &lint->read, tsk_arena_strdup(arena, name, len), len, TSK_VALUE_NULL);
}

static void read_path(tsk_lint *lint, tsk_slice path) {
    const char *p = path.ptr, *end = p + path.len;
    while (p < end) {
        const char *dot = memchr(p, '.', (size_t)(end - p)), *stop = dot ? dot : end;
        read_name(lint, p, (uint32_t)(stop - p));
        p = stop + 1;
    }
}

/* Operators look keys up by texts too: var("name"), @fujsen("a.b"). */
static void read_node(tsk_lint *lint, const tsk_ast *ast) {
    if (ast->kind == TSK_AST_GLOBAL && !ast->name) lint->options.whole_document = true;
    if (ast->kind == TSK_AST_NAME || ast->kind == TSK_AST_GLOBAL || ast->kind == TSK_AST_OPERATOR)
        if (ast->name) read_path(lint, (tsk_slice){ast->name, ast->name_len});
    for (uint32_t i = 0; i < ast->count; i++) {
        const tsk_ast *item = ast->items[i];
        if ((ast->kind == TSK_AST_OPERATOR || ast->kind == TSK_AST_CALL) && item && item->kind == TSK_AST_LITERAL &&
            tsk_is_str(item->value) && tsk_as_slice(item->value).len < 100)
            read_path(lint, tsk_as_slice(item->value));
    }
}

static void see_outer_name(void *user, const tsk_js_node *node) {
    tsk_parser *ps = user;
    tsk_lint *lint = ps->fe->lint;
    read_name(lint, node->name->text, node->name->len);
    outer_name *o = tsk_arena_alloc(ps->arena, sizeof *o);
    const char *name = tsk_arena_strdup(ps->arena, node->name->text, node->name->len); /* the tree is not kept */
    *o = (outer_name){lint->outer_names, {name, node->name->len}, node->span, ps->scope};
    lint->outer_names = o;
}

void tsk_lint_function(tsk_parser *ps, const tsk_js_function *function, tsk_slice text, uint32_t base, bool sure) {
    if (!ps->fe->lint) return;
    /* prose with an arrow in it is no function, and text with escapes has no places */
    bool prose = !sure && function->flags & TSK_JS_FUNCTION_EXPRESSION_BODY;
    tsk_js_lint js = {base && !prose ? &ps->graph->diags : NULL, text, base, see_outer_name, ps};
    outer_name *before = ps->fe->lint->outer_names;
    tsk_js_lint_function(&js, function);
    if (!sure || !base) ps->fe->lint->outer_names = before;
}

/* ---- expressions ---- */

static bool is_local(const tsk_local *bound, const tsk_ast *ast) {
    while (ast->kind == TSK_AST_MEMBER) ast = ast->items[0];
    for (; bound && ast->name; bound = bound->outer)
        if (bound->len == ast->name_len && !memcmp(bound->name, ast->name, bound->len)) return true;
    return false;
}

/* What a side of a comparison is, when that is known before anything is evaluated. */
static bool known(const tsk_lower *lo, const tsk_local *bound, const tsk_ast *ast, tsk_value *out) {
    if (ast->kind == TSK_AST_LITERAL) {
        *out = ast->value;
        return true;
    }
    bool name = ast->kind == TSK_AST_NAME || ast->kind == TSK_AST_GLOBAL || ast->kind == TSK_AST_MEMBER;
    return name && !is_local(bound, ast) && tsk_resolve_path(lo, ast, out) && !tsk_is_thunk(*out);
}

static bool same_literal(tsk_value a, tsk_value b) {
    return tsk_same(a, b) || (tsk_is_str(a) && tsk_is_str(b) && tsk_slice_eq(tsk_as_slice(a), tsk_as_slice(b)));
}

static bool is_same(const tsk_ast *a, const tsk_ast *b) {
    if (a->kind != b->kind || a->count != b->count) return false;
    switch (a->kind) {
    case TSK_AST_LITERAL: return same_literal(a->value, b->value);
    case TSK_AST_NAME:
    case TSK_AST_GLOBAL:
    case TSK_AST_MEMBER:
        if (a->name_len != b->name_len || !a->name || !b->name || memcmp(a->name, b->name, a->name_len)) return false;
        break;
    case TSK_AST_INDEX: break;
    default: return false;
    }
    for (uint32_t i = 0; i < a->count; i++)
        if (!is_same(a->items[i], b->items[i])) return false;
    return true;
}

static bool is_nan(const tsk_lower *lo, const tsk_ast *ast) {
    tsk_value v;
    return ast->kind == TSK_AST_NAME && tsk_slice_eq((tsk_slice){ast->name, ast->name_len}, TSK_SLICE("NaN")) &&
           !tsk_resolve_path(lo, ast, &v);
}

typedef enum sort { NOTHING, BOOLEAN, NUMBER, TEXT, LIST, BLOCK, OTHER } sort;

static sort sort_of(tsk_value v) {
    static const sort sorts[] = {NOTHING, BOOLEAN, NUMBER, NUMBER, TEXT, LIST, BLOCK, OTHER, OTHER};
    return sorts[tsk_kind_of(v)];
}

/* `==` sees the number in a text, and the boolean in "true". */
static bool never_equal(tsk_value a, tsk_value b, bool strict) {
    sort x = sort_of(a), y = sort_of(b);
    tsk_number number;
    if (x == y || x == NOTHING || y == NOTHING || x == OTHER || y == OTHER) return false;
    if (strict || x > TEXT || y > TEXT) return true;
    if (x != TEXT && y != TEXT) return false;
    tsk_slice text = tsk_as_slice(x == TEXT ? a : b);
    if (x == BOOLEAN || y == BOOLEAN)
        return !tsk_slice_eq(text, TSK_SLICE("true")) && !tsk_slice_eq(text, TSK_SLICE("false"));
    return !tsk_number_read(text.ptr, text.len, &number);
}

static void check_comparison(const tsk_lint *lint, const tsk_lower *lo, const tsk_local *bound, const tsk_ast *ast) {
    static const char *const names[] = {"null", "a boolean", "a number", "text", "a list", "a block", "a function"};
    const tsk_ast *left = ast->items[0], *right = ast->items[1];
    bool equality = ast->op == TSK_IR_EQ || ast->op == TSK_IR_NE || ast->op == TSK_IR_SAME ||
                    ast->op == TSK_IR_DIFFERENT;
    bool relation = ast->op == TSK_IR_LT || ast->op == TSK_IR_LE || ast->op == TSK_IR_GT || ast->op == TSK_IR_GE;
    tsk_value a, b;
    if (!equality && !relation) return;
    if (is_nan(lo, left) || is_nan(lo, right)) {
        warn(lint, TSK_E_NAN_COMPARISON, ast->span, "nothing is equal to NaN, nor less or greater");
    } else if (left->kind == TSK_AST_LITERAL && right->kind == TSK_AST_LITERAL) {
        warn(lint, TSK_E_CONSTANT_CONDITION, ast->span, "this comparison of two literals always has the same result");
    } else if (is_same(left, right)) {
        warn(lint, TSK_E_SELF_COMPARISON, ast->span, "both sides of the comparison are the same");
    } else if (equality && known(lo, bound, left, &a) && known(lo, bound, right, &b) &&
               never_equal(a, b, ast->op == TSK_IR_SAME || ast->op == TSK_IR_DIFFERENT)) {
        tsk_diag *d = warn(lint, TSK_E_NEVER_EQUAL, ast->span, "the two sides can never be equal");
        d->hint = tsk_arena_printf(lint->graph->arena, "the left side is %s, the right side %s", names[sort_of(a)],
                                   names[sort_of(b)]);
    }
}

static void check_condition(const tsk_lint *lint, const tsk_ast *condition) {
    if (condition->kind == TSK_AST_LITERAL)
        warn(lint, TSK_E_CONSTANT_CONDITION, condition->span, "the condition is always the same");
}

static void check_choice(const tsk_lint *lint, const tsk_ast *choice, const tsk_ast *yes, const tsk_ast *no) {
    if (no && is_same(yes, no))
        warn(lint, TSK_E_CONSTANT_CONDITION, choice->span,
             "both branches are the same, so the condition decides nothing");
}

/* Keys of an object that is computed, or cases: each is followed by its value. */
enum { CASES_LOOKED_AT = 200 };

static void check_twice(const tsk_lint *lint, tsk_ast *const *items, uint32_t count, uint32_t from, tsk_code code,
                        const char *text) {
    for (uint32_t i = from + 2; i + 1 < count && i < CASES_LOOKED_AT; i += 2)
        for (uint32_t k = from; k < i; k += 2) {
            const tsk_ast *a = items[i], *b = items[k];
            if (!a || !b || a->kind != TSK_AST_LITERAL || b->kind != TSK_AST_LITERAL) continue;
            if (!same_literal(a->value, b->value)) continue;
            warn(lint, code, a->span, text);
            break;
        }
}

static void check_special(const tsk_lint *lint, const tsk_ast *ast, uint32_t number, tsk_ast *const *args,
                          uint32_t count) {
    static const char case_twice[] = "this case stands above already, so it is never reached";
    if ((number == TSK_OP_IF || number == TSK_OP_WHEN) && count > 1) {
        check_condition(lint, args[0]);
        check_choice(lint, ast, args[1], count > 2 ? args[2] : NULL);
    }
    if (number != TSK_OP_SWITCH && number != TSK_OP_MATCH) return;
    const tsk_ast *cases = count && args[0]->kind == TSK_AST_CASES        ? args[0]->items[1]
                           : count > 1 && args[1]->kind == TSK_AST_OBJECT ? args[1]
                                                                          : NULL;
    if (cases)
        check_twice(lint, cases->items, cases->count, 0, TSK_E_DUPLICATE_CASE, case_twice);
    else
        check_twice(lint, args, count, 1, TSK_E_DUPLICATE_CASE, case_twice);
}

static bool find_op(const tsk_ir_env *env, tsk_slice name, uint32_t *number) {
    char text[96];
    if (!name.len || name.len >= sizeof text) return false;
    memcpy(text, name.ptr, name.len);
    text[name.len] = 0;
    return env->op_number(env->user, text, number);
}

/* `{$name}` in a string. */
static void check_hole(const tsk_lint *lint, const tsk_ast *hole) {
    const tsk_source *source = tsk_sources_at(&lint->graph->sources, hole->span.pos);
    uint32_t at = source ? hole->span.pos - source->base : 0;
    if (at < 2 || source->text[at - 1] != '{' || source->text[at - 2] == '$' || source->text[at] != '$') return;
    tsk_diag *d = warn(lint, TSK_E_DEPRECATED, (tsk_span){hole->span.pos - 1, hole->span.len + 2},
                       "`{$name}` is the old form of `${name}`");
    d->hint = "tsk lint --fix writes the new one";
    tsk_diag_fix(&lint->graph->diags, d, (tsk_span){hole->span.pos - 1, 0}, "$");
}

void tsk_lint_node(const tsk_lower *lo, const tsk_local *bound, const tsk_ast *ast) {
    tsk_lint *lint = lo->fe->lint;
    uint32_t number;
    read_node(lint, ast);
    if (ast->flags & TSK_AST_FROM_STRING) check_hole(lint, ast);
    switch (ast->kind) {
    case TSK_AST_BINARY: check_comparison(lint, lo, bound, ast); break;
    case TSK_AST_AND:
    case TSK_AST_OR: check_condition(lint, ast->items[0]); break;
    case TSK_AST_TERNARY:
        check_condition(lint, ast->items[0]);
        check_choice(lint, ast, ast->items[1], ast->items[2]);
        break;
    case TSK_AST_DEFAULT:
        if (ast->items[0]->kind == TSK_AST_LITERAL && !tsk_is_null(ast->items[0]->value))
            warn(lint, TSK_E_UNREACHABLE, ast->items[1]->span, "this default is never used: the left side is no null");
        break;
    case TSK_AST_OBJECT:
        check_twice(lint, ast->items, ast->count, 0, TSK_E_DUPLICATE_KEY,
                    "this key stands twice in the object; the last value counts");
        break;
    case TSK_AST_OPERATOR:
        if (find_op(lo->env, (tsk_slice){ast->name, ast->name_len}, &number))
            check_special(lint, ast, number, ast->items, ast->count);
        break;
    case TSK_AST_CALL:
        if (ast->items[0]->kind == TSK_AST_NAME &&
            find_op(lo->env, (tsk_slice){ast->items[0]->name, ast->items[0]->name_len}, &number))
            check_special(lint, ast, number, ast->items + 1, ast->count - 1);
        break;
    default: break;
    }
}

/* The parameters, innermost first in `bound`, after the body was looked at. */
void tsk_lint_lambda(const tsk_lower *lo, const tsk_local *bound, const tsk_local *outer) {
    const tsk_lint *lint = lo->fe->lint;
    bool used_behind = false;
    tsk_value v;
    for (const tsk_local *l = bound; l != outer; l = l->outer) {
        const tsk_source *source = lint->graph->sources.list[0];
        tsk_span span = {source->base + (uint32_t)(l->name - source->text), l->len};
        tsk_diag *d = NULL;
        const tsk_ast name = {.kind = TSK_AST_NAME, .name = l->name, .name_len = l->len};
        if (l->name < source->text || l->name >= source->text + source->len) return; /* of an included file */
        used_behind |= l->used;
        if (!used_behind && l->name[0] != '_')
            tsk_diags_add(&lint->graph->diags, TSK_WARNING, TSK_E_UNUSED_PARAMETER, span,
                          "the parameter `%.*s` is never read", (int)l->len, l->name);
        if (is_local(outer, &name) || (l->used && tsk_scope_find(lo->thunk->scope, l->name, l->len, lo->self, &v)))
            d = tsk_diags_add(&lint->graph->diags, TSK_WARNING, TSK_E_SHADOWED_NAME, span,
                              "`%.*s` hides a %s of the same name", (int)l->len, l->name,
                              is_local(outer, &name) ? "parameter" : "key");
        if (d) d->hint = "give one of them another name";
    }
}

/* ---- literals ---- */

typedef struct literals {
    tsk_lint *lint;
    const tsk_ir_env *env;
    const tsk_source *source;
} literals;

/* Where the value of a key begins; NULL when that is not plain to see. */
static const char *value_of_key(const literals *l, const tsk_entry *e) {
    const char *p = e->key, *end = l->source->text + l->source->len;
    if (p < l->source->text || p >= end) return NULL;
    p += e->key_len;
    if (*p == '"' || *p == '\'') p++;
    while (tsk_is_blank(*p)) p++;
    if (*p != ':' && *p != '=') return NULL;
    p++;
    while (tsk_is_blank(*p)) p++;
    return p < end ? p : NULL;
}

static tsk_span span_in(const literals *l, const char *p, uint32_t len) {
    return (tsk_span){l->source->base + (uint32_t)(p - l->source->text), len};
}

static void check_word(const literals *l, const tsk_entry *e) {
    const char *p = value_of_key(l, e), *end = p ? tsk_scan_ident(p) : NULL;
    uint32_t len = p ? (uint32_t)(end - p) : 0;
    char word[10];
    if (!len || len >= sizeof word) return;
    for (uint32_t i = 0; i < len; i++) word[i] = (char)(p[i] | 0x20);
    word[len] = 0;
    bool yes = !strcmp(word, "yes") || !strcmp(word, "on"), no = !strcmp(word, "no") || !strcmp(word, "off");
    bool null = !strcmp(word, "nil") || !strcmp(word, "none") || !strcmp(word, "undefined");
    tsk_diag *d = NULL;
    if (tsk_is_bool(e->value) && (tsk_as_bool(e->value) ? yes : no)) {
        d = tsk_diags_add(&l->lint->graph->diags, TSK_WARNING, TSK_E_UNQUOTED_WORD, span_in(l, p, len),
                          "`%.*s` without quotes is the boolean %s", (int)len, p, yes ? "true" : "false");
        d->hint = "write true or false for the boolean, quotes for the text";
        tsk_diag_fix(&l->lint->graph->diags, d, span_in(l, p, len), "%s", yes ? "true" : "false");
    } else if (tsk_is_null(e->value) && null) {
        d = tsk_diags_add(&l->lint->graph->diags, TSK_WARNING, TSK_E_DEPRECATED, span_in(l, p, len),
                          "`%.*s` is an old word for null", (int)len, p);
        tsk_diag_fix(&l->lint->graph->diags, d, span_in(l, p, len), "null");
    }
}

static void check_number(const literals *l, const tsk_entry *e) {
    const char *p = value_of_key(l, e);
    if (!p || *p != '0' || !tsk_is(p[1], TSK_C_DIGIT)) return;
    uint32_t len = (uint32_t)strspn(p, "0123456789");
    char digits[32];
    uint32_t n = tsk_number_format_int(digits, tsk_as_int(e->value));
    tsk_diag *d = tsk_diags_add(&l->lint->graph->diags, TSK_WARNING, TSK_E_LEADING_ZERO, span_in(l, p, len),
                                "this is the decimal number %.*s", (int)n, digits);
    d->hint = tsk_arena_printf(l->lint->graph->arena, "write 0o%.*s for an octal number, or quotes for a text",
                               (int)(len - strspn(p, "0")), p + strspn(p, "0"));
}

/* scheme://user:password@host */
static bool has_password(tsk_slice s) {
    const char *scheme = s.len > 10 ? memmem(s.ptr, s.len, "://", 3) : NULL;
    if (!scheme) return false;
    const char *p = scheme + 3, *end = s.ptr + s.len, *colon = NULL;
    for (; p < end && *p != '/' && *p != '@' && *p != ' ' && *p != '?'; p++)
        if (*p == ':' && !colon) colon = p;
    return p < end && *p == '@' && colon && colon + 1 < p;
}

static void check_secret(const literals *l, const tsk_entry *e) {
    tsk_slice s = tsk_as_slice(e->value);
    bool named = s.len && l->env->is_secret(l->env->user, (tsk_slice){e->key, e->key_len});
    if (!named && !has_password(s)) return;
    const char *end = l->source->text + l->source->len;
    if (e->key < l->source->text || e->key >= end || tsk_is_function_text(s.ptr, s.ptr + s.len)) return;
    tsk_diag *d = tsk_diags_add(&l->lint->graph->diags, TSK_WARNING, TSK_E_PLAIN_SECRET, span_in(l, e->key, e->key_len),
                                named ? "the secret `%.*s` stands in plain text"
                                      : "the URL of `%.*s` holds a password in plain text",
                                (int)e->key_len, e->key);
    d->is_private = true;
    d->hint = "read it from the environment: @env(\"NAME\"), or from a file that only its user can read";
}

static void check_literals(const literals *l, tsk_value v) {
    for (uint32_t i = 0; tsk_is_array(v) && i < tsk_as_array(v)->count; i++)
        check_literals(l, tsk_as_array(v)->items[i]);
    if (!tsk_is_object(v)) return;
    const tsk_object *o = tsk_as_object(v);
    for (uint32_t i = 0; i < o->count; i++) {
        const tsk_entry *e = &o->entries[i];
        switch (tsk_kind_of(e->value)) {
        case TSK_NULL:
        case TSK_BOOL: check_word(l, e); break;
        case TSK_INT: check_number(l, e); break;
        case TSK_STRING: check_secret(l, e); break;
        case TSK_ARRAY:
        case TSK_OBJECT: check_literals(l, e->value); break;
        default: break;
        }
    }
}

/* ---- globals and names ---- */

static void check_globals(const tsk_lint *lint) {
    const tsk_frontend *fe = lint->graph->frontend;
    const tsk_source *source = lint->graph->sources.list[0];
    for (uint32_t i = 0; i < fe->globals.count; i++) {
        const tsk_entry *e = &fe->globals.entries[i];
        if (tsk_object_find(&lint->read, e->key, e->key_len)) continue;
        const tsk_definition *d = fe->newest[i];
        while (d->older) d = d->older;
        const char *name = tsk_arena_printf(lint->graph->arena, "$%.*s", (int)e->key_len, e->key);
        const tsk_entry *at = tsk_object_find(d->scope->object, name, e->key_len + 1);
        if (!at || at->key < source->text || at->key >= source->text + source->len) continue;
        tsk_diags_add(&lint->graph->diags, TSK_WARNING, TSK_E_UNUSED_GLOBAL,
                      (tsk_span){source->base + (uint32_t)(at->key - source->text), at->key_len},
                      "the global `$%.*s` is never read in this file", (int)e->key_len, e->key)
            ->hint = "without the `$` it is a key like others; who includes the file may read it too";
    }
}

static void check_outer_names(const tsk_lint *lint, const tsk_ir_env *env) {
    for (const outer_name *o = lint->outer_names; o; o = o->next) {
        tsk_value v;
        const void *home;
        if (env->is_built_in(env->user, o->name) || tsk_slice_eq(o->name, TSK_SLICE("context"))) continue;
        if (tsk_frontend_visible(o->scope, o->name, &v, &home)) continue;
        tsk_diag *d = tsk_diags_add(&lint->graph->diags, TSK_WARNING, TSK_E_UNDEFINED_NAME, o->span,
                                    "`%.*s` stands for nothing; reading it throws a ReferenceError", (int)o->name.len,
                                    o->name.ptr);
        d->hint = "a function sees its own variables, built-ins, and the keys of its section and of those around it";
    }
}

void tsk_lint_document(tsk_graph *g, const tsk_ir_env *env) {
    tsk_lint *lint = ((tsk_frontend *)g->frontend)->lint;
    if (!lint || !g->sources.count) return;
    const literals l = {lint, env, g->sources.list[0]};
    check_literals(&l, tsk_from_object(g->root));
    if (!lint->options.whole_document) check_globals(lint);
    check_outer_names(lint, env);
}
