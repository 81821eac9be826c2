/* Entry points of the frontend: load a text, read includes, parse single expressions and literals. */
#include "frontend/frontend.h"

#include "runtime/base/number.h"
#include "runtime/base/utf8.h"

#define MAX_INCLUDE_DEPTH 64

static bool is_peanuts(const char *name) {
    size_t len = strlen(name);
    return len > 8 && strcmp(name + len - 8, ".peanuts") == 0;
}

static void open_parser(tsk_parser *ps, tsk_graph *g, const tsk_source *source, tsk_scope *scope) {
    *ps = (tsk_parser){.graph = g,
                       .fe = g->frontend,
                       .arena = g->arena,
                       .source = source,
                       .p = source->text,
                       .text = source->text,
                       .end = source->text + source->len,
                       .line = source->text,
                       .scope = scope,
                       .commas = ((tsk_frontend *)g->frontend)->options.list_commas || is_peanuts(source->name)};
}

/* False, and reported: the text cannot be a source. */
static const tsk_source *add_source(tsk_graph *g, const char *name, const char *text, uint32_t len) {
    tsk_frontend *fe = g->frontend;
    tsk_source *source = len <= fe->options.max_source ? tsk_sources_add(&g->sources, name, text, len) : NULL;
    if (!source) {
        tsk_diag *d = tsk_diags_add(&g->diags, TSK_ERROR, TSK_E_SOURCE_TOO_LARGE, (tsk_span){0},
                                    "%s: the text has %u bytes, more than %u", name, len, fe->options.max_source);
        d->hint = "the limit is an option: --max-source";
        return NULL;
    }
    size_t bad = tsk_utf8_valid_prefix(text, len);
    if (bad < len) {
        tsk_diag *d = tsk_diags_add(&g->diags, TSK_ERROR, TSK_E_NOT_UTF8, (tsk_span){source->base + (uint32_t)bad, 1},
                                    "the text is not UTF-8: byte 0x%02X", (unsigned)(uint8_t)text[bad]);
        d->expected = "not part of a character";
        d->hint = "save the file as UTF-8";
        return NULL;
    }
    return source;
}

/* `<?php` at the start: a PHP script with another suffix. */
static bool refuse_php_script(tsk_graph *g, const tsk_source *source) {
    const char *p = source->text + (strncmp(source->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0);
    while (tsk_is(*p, TSK_C_BLANK | TSK_C_EOL) && *p) p++;
    if (*p == '#' && p[1] == '!') {
        const char *newline = memchr(p, '\n', (size_t)(source->text + source->len - p));
        if (newline) p = newline + 1;
    }
    if (memcmp(p, "<?", 2) != 0) return false;
    tsk_diag *d = tsk_diags_add(&g->diags, TSK_ERROR, TSK_E_FOREIGN_CODE,
                                (tsk_span){source->base + (uint32_t)(p - source->text), 5},
                                "this is a PHP script, not a configuration");
    d->expected = "PHP code";
    return true;
}

void tsk_frontend_load(tsk_graph *g, const char *name, const char *text, uint32_t len,
                       const tsk_load_options *options) {
    tsk_arena *arena = g->arena;
    tsk_frontend *fe = TSK_NEW(arena, tsk_frontend);
    fe->arena = arena;
    fe->options = *options;
    g->frontend = fe;
    g->strict = options->strict;
    g->sources.arena = g->diags.arena = arena;
    g->diags.max = options->max_errors;
    if (options->lint) tsk_lint_begin(g, options->lint);
    g->root = tsk_object_new(arena, 0);
    fe->root = TSK_NEW(arena, tsk_scope);
    fe->root->object = g->root;
    const tsk_source *source = add_source(g, name, text, len);
    if (!source || refuse_php_script(g, source)) return;
    tsk_parser ps;
    open_parser(&ps, g, source, fe->root);
    ps.marks = options->marks;
    tsk_parse_document(&ps);
}

static bool is_open(const tsk_parser *ps, const char *name) {
    for (uint32_t i = 0; i < ps->graph->sources.count && i < ps->fe->depth + 1; i++)
        if (i < ps->fe->depth && strcmp(ps->fe->including[i], name) == 0) return true;
    return strcmp(ps->source->name, name) == 0;
}

void tsk_parse_include(tsk_parser *ps, tsk_slice path, tsk_span span, bool keep) {
    tsk_graph *g = ps->graph;
    tsk_frontend *fe = ps->fe;
    const char *name = NULL, *text = NULL;
    uint32_t len = 0;
    if (ps->marks) {
        ps->marks->includes = true;
        return;
    }
    tsk_code code = fe->options.read
                        ? fe->options.read(fe->options.user, ps->arena, ps->source->name, path, &name, &text, &len)
                        : TSK_E_DENIED;
    if (code != TSK_OK) {
        tsk_diag *d = tsk_error(ps, code, span, "cannot include `%.*s`: %s", (int)path.len, path.ptr,
                                code == TSK_E_FILE_NOT_FOUND ? "there is no such file" : tsk_code_summary(code));
        if (name) d->hint = tsk_arena_printf(ps->arena, "looked for %s", name);
        return;
    }
    if (is_open(ps, name) || fe->depth >= MAX_INCLUDE_DEPTH) {
        tsk_diag *d = tsk_error(ps, TSK_E_INCLUDE_CYCLE, span, "`%s` includes itself", name);
        d->expected = "this file is already being read";
        return;
    }
    const tsk_source *source = add_source(g, name, text, len);
    if (!source || refuse_php_script(g, source)) return;
    if (!fe->including) fe->including = TSK_NEW_ARRAY(ps->arena, const char *, MAX_INCLUDE_DEPTH);
    fe->including[fe->depth++] = ps->source->name;
    tsk_parser inner;
    open_parser(&inner, g, source, ps->scope);
    inner.depth = ps->depth;
    inner.section = ps->section;
    inner.merge = true;
    inner.keep = keep;
    tsk_parse_document(&inner);
    fe->depth--;
}

bool tsk_frontend_expression(tsk_graph *g, const char *name, const char *text, uint32_t len, uint32_t *thunk) {
    tsk_frontend *fe = g->frontend;
    const tsk_source *source = add_source(g, name, text, len);
    if (!source) return false;
    tsk_parser ps;
    open_parser(&ps, g, source, fe->root);
    ps.nest = 1;
    tsk_skip_blanks(&ps);
    tsk_ast *ast = tsk_parse_expression(&ps);
    if (ast) {
        tsk_skip_blanks(&ps);
        if (ps.p >= ps.end) {
            ast->flags &= (uint16_t)~TSK_AST_WEAK; /* a lone name is a name here, never text */
            *thunk = tsk_as_thunk(tsk_thunk_new(&ps, NULL, 0, ast, ast->span));
            return true;
        }
        tsk_expression_fail(&ps, true, TSK_E_EXPECTED_SEPARATOR, ps.p, ps.end, "expected an operator or the end",
                            "unexpected text after the expression");
    }
    tsk_diag *d = tsk_error(&ps, ps.fail_code, ps.fail_span, "%s", ps.fail_message);
    d->expected = ps.fail_expected;
    d->hint = ps.fail_hint;
    return false;
}

tsk_value tsk_frontend_literal(tsk_arena *arena, const char *text, uint32_t len) {
    /* a graph of its own, so that nothing leaks into the program */
    tsk_graph *g = TSK_NEW(arena, tsk_graph);
    g->arena = arena;
    char *line = tsk_arena_zalloc(arena, len + 3 + TSK_SOURCE_PADDING);
    memcpy(line, "v: ", 3);
    memcpy(line + 3, text, len);
    const tsk_load_options options = {.max_depth = 200, .max_source = UINT32_MAX, .max_errors = 1};
    tsk_frontend_load(g, "<value>", line, len + 3, &options);
    tsk_entry *e = tsk_object_find(g->root, "v", 1);
    if (e && g->root->count == 1 && !g->diags.errors && !(g->root->flags & TSK_HAS_THUNKS) && len) return e->value;
    return tsk_str_copy(arena, text, len);
}

tsk_slice tsk_ast_source(const tsk_graph *g, const tsk_ast *ast) {
    const tsk_source *source = tsk_sources_at(&g->sources, ast->span.pos);
    if (!source) return (tsk_slice){"", 0};
    return (tsk_slice){source->text + (ast->span.pos - source->base), ast->span.len};
}

static void redefine(tsk_frontend *fe, const char *name, uint32_t len, tsk_value value) {
    tsk_entry *e = tsk_object_find(&fe->globals, name, len);
    for (tsk_definition *d = e ? fe->newest[tsk_as_i32(e->value)] : NULL; d; d = d->older) d->value = value;
}

void tsk_frontend_define(tsk_graph *g, const char *path, uint32_t len, tsk_value value) {
    tsk_object *o = g->root;
    const char *p = path, *end = path + len, *dot;
    while ((dot = memchr(p, '.', (size_t)(end - p)))) {
        tsk_entry *e = tsk_object_slot(g->arena, o, p, (uint32_t)(dot - p), tsk_hash(p, (size_t)(dot - p)), NULL);
        if (!tsk_is_object(e->value)) e->value = tsk_from_object(tsk_object_new(g->arena, 0));
        o = tsk_as_object(e->value);
        p = dot + 1;
    }
    uint32_t n = (uint32_t)(end - p);
    if (o == g->root && *p != '$') { /* `env` means `$env` where only that exists */
        char *dollar = tsk_arena_printf(g->arena, "$%.*s", (int)n, p);
        tsk_entry *e = tsk_object_find(o, p, n) ? NULL : tsk_object_find(o, dollar, n + 1);
        if (e) {
            p = dollar;
            n++;
        }
    }
    tsk_object_set(g->arena, o, p, n, value);
    if (*p == '$') redefine(g->frontend, p + 1, n - 1, value);
}
