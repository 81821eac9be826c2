/* Lines that start with `#`: directives and comments (language.md 7.3).
 *
 *   #!word ...          always a directive           #!include "f" and #!strict act at once
 *   #known: value       metadata
 *   #include "f"        a statement, in exactly this form
 *   anything else       a comment
 *
 * Directives are properties of the document, never part of its data. */
#include "frontend/frontend.h"

static bool is_known(tsk_slice word) {
    static const tsk_slice known[] = {
        TSK_SLICE("web"),       TSK_SLICE("api"),        TSK_SLICE("cli"),        TSK_SLICE("cron"),
        TSK_SLICE("daemon"),    TSK_SLICE("middleware"), TSK_SLICE("auth"),       TSK_SLICE("cache"),
        TSK_SLICE("cache-ttl"), TSK_SLICE("rate-limit"), TSK_SLICE("rate_limit"), TSK_SLICE("port"),
        TSK_SLICE("host"),      TSK_SLICE("ssl"),        TSK_SLICE("cors"),       TSK_SLICE("compress"),
        TSK_SLICE("optimize"),  TSK_SLICE("monitor"),    TSK_SLICE("validate"),   TSK_SLICE("encrypt"),
        TSK_SLICE("version"),   TSK_SLICE("timeout"),    TSK_SLICE("debug"),      TSK_SLICE("env")};
    for (size_t i = 0; i < TSK_COUNT(known); i++)
        if (tsk_slice_eq(known[i], word)) return true;
    return false;
}

static tsk_slice trim(const char *from, const char *to) {
    while (from < to && tsk_is(*from, TSK_C_BLANK | TSK_C_EOL)) from++;
    while (to > from && tsk_is(to[-1], TSK_C_BLANK | TSK_C_EOL)) to--;
    return (tsk_slice){from, (uint32_t)(to - from)};
}

static void record(tsk_parser *ps, tsk_slice name, tsk_slice argument, const char *from, const char *to) {
    tsk_directive *d = tsk_arena_alloc(ps->arena, sizeof *d);
    *d = (tsk_directive){NULL, name, argument, tsk_span_of(ps, from, to)};
    if (ps->graph->last_directive)
        ps->graph->last_directive->next = d;
    else
        ps->graph->directives = d;
    ps->graph->last_directive = d;
    TSK_MARK(ps, DIRECTIVE, from, to);
}

/* `"path"` and nothing else: the path; an empty slice otherwise. */
static tsk_slice quoted(tsk_slice s) {
    if (s.len < 3 || (*s.ptr != '"' && *s.ptr != '\'') || s.ptr[s.len - 1] != *s.ptr) return (tsk_slice){0};
    if (memchr(s.ptr + 1, *s.ptr, s.len - 2)) return (tsk_slice){0};
    return (tsk_slice){s.ptr + 1, s.len - 2};
}

static bool is_conditional(tsk_slice word) {
    static const tsk_slice words[] = {TSK_SLICE("if"),        TSK_SLICE("ifdef"),  TSK_SLICE("elif"),
                                      TSK_SLICE("else"),      TSK_SLICE("endif"),  TSK_SLICE("unless"),
                                      TSK_SLICE("endunless"), TSK_SLICE("define"), TSK_SLICE("macro")};
    for (size_t i = 0; i < TSK_COUNT(words); i++)
        if (tsk_slice_eq(words[i], word)) return true;
    return false;
}

/* Effects of `#!word argument`. */
static void act(tsk_parser *ps, tsk_slice word, tsk_slice argument, const char *from, const char *to) {
    if (tsk_slice_eq(word, TSK_SLICE("api")) || (tsk_slice_eq(word, TSK_SLICE("/api")) && !argument.len))
        ps->fe->api = true;
    if (tsk_slice_eq(word, TSK_SLICE("strict"))) ps->graph->strict = ps->fe->options.strict = true;
    if (tsk_slice_eq(word, TSK_SLICE("include"))) {
        tsk_slice path = quoted(argument);
        if (path.len) {
            tsk_parse_include(ps, path, tsk_span_of(ps, path.ptr, path.ptr + path.len), false);
            return;
        }
        tsk_diag *d = tsk_error(ps, TSK_E_BAD_DIRECTIVE, tsk_span_of(ps, from, to),
                                "#!include needs a file name in quotes");
        d->hint = "write #!include \"file.tsk\"";
    }
    if (is_conditional(word)) {
        tsk_diag *d = tsk_error(ps, TSK_E_UNSUPPORTED, tsk_span_of(ps, from, to),
                                "conditional directives are not supported");
        d->hint = "use an expression: key: condition ? a : b, or @if(condition, a, b)";
    }
}

void tsk_parse_hash(tsk_parser *ps) {
    const char *p = ps->p, *end = tsk_line_end(ps, p), *word = p + 1, *rest;
    ps->p = end;
    TSK_MARK(ps, COMMENT, p, end);
    if (TSK_LIKELY(*word == ' ')) return;
    bool first = p == ps->line + strspn(ps->line, " \t");
    if (!first || word >= end) return;
    bool bang = *word == '!';
    if (bang)
        for (word++; tsk_is_blank(*word);) word++; /* `#! api` counts */
    rest = word;
    while (rest < end && (tsk_is(*rest, TSK_C_IDENT) || (bang && *rest == '/'))) rest++;
    tsk_slice name = {word, (uint32_t)(rest - word)};
    if (!name.len) return;
    bool colon = *rest == ':';
    tsk_slice argument = trim(rest + colon, end);
    if (bang) {
        record(ps, name, argument, p, end);
        act(ps, name, argument, p, end);
        return;
    }
    if (colon) {
        if (is_known(name)) record(ps, name, argument, p, end);
        return;
    }
    if (tsk_slice_eq(name, TSK_SLICE("include")) || tsk_slice_eq(name, TSK_SLICE("include_once"))) {
        tsk_slice path = quoted(argument);
        if (!path.len) return;
        TSK_MARK(ps, DIRECTIVE, p, end);
        if (ps->fe->lint) {
            tsk_diag *d = tsk_diags_add(&ps->graph->diags, TSK_WARNING, TSK_E_DEPRECATED, tsk_span_of(ps, p, rest),
                                        "`#%.*s` looks like a comment and is none", (int)name.len, name.ptr);
            d->hint = "write @include";
            tsk_diag_fix(&ps->graph->diags, d, tsk_span_of(ps, p, rest), "@include");
        }
        tsk_parse_include(ps, path, tsk_span_of(ps, path.ptr, path.ptr + path.len), false);
        return;
    }
    if (tsk_slice_eq(name, TSK_SLICE("if")) && argument.len) act(ps, name, argument, p, end);
}
