/* tsk doc: the reference of a configuration, made from what stands in it.
 *
 *   keys ──► comment above or behind, type, value or expression, where it is read from ──► Markdown or HTML
 *
 * Nothing is evaluated: what a key is on this machine is no documentation.  Secrets are not shown.  The page of HTML is
 * one file that loads nothing. */
#include "tools/tsk/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct documenting {
    const tsk_cli *cli;
    const char *file, *text;
    size_t text_len;
    bool html;
    tsk_page *out;
    bool in_table;
} documenting;

/* ---- text in both languages ---- */

static void put_html(tsk_page *out, const char *p, size_t len) {
    for (const char *end = p + len; p < end; p++) {
        switch (*p) {
        case '<': tsk_page_add(out, "&lt;", 4); break;
        case '>': tsk_page_add(out, "&gt;", 4); break;
        case '&': tsk_page_add(out, "&amp;", 5); break;
        case '"': tsk_page_add(out, "&quot;", 6); break;
        default: tsk_page_add(out, p, 1);
        }
    }
}

/* In a cell of a table: no line ends, no bars. */
static void put_cell(tsk_page *out, const char *p, size_t len, bool code) {
    for (const char *end = p + len; p < end; p++) {
        if (*p == '\n')
            tsk_page_add(out, " ", 1);
        else if (*p == '|')
            tsk_page_add(out, "\\|", 2);
        else if (!code && (*p == '<' || *p == '>'))
            tsk_page_add(out, *p == '<' ? "&lt;" : "&gt;", 4);
        else if (*p != '\r')
            tsk_page_add(out, p, 1);
    }
}

static void put_prose(documenting *d, const char *p, size_t len) {
    if (d->html)
        put_html(d->out, p, len);
    else
        put_cell(d->out, p, len, false);
}

/* Code that may hold backticks. */
static void put_code(documenting *d, const char *p, size_t len) {
    if (!len) return;
    if (d->html) {
        tsk_page_printf(d->out, "<code>");
        put_html(d->out, p, len);
        tsk_page_printf(d->out, "</code>");
        return;
    }
    bool ticks = memchr(p, '`', len) != NULL;
    tsk_page_printf(d->out, ticks ? "`` " : "`");
    put_cell(d->out, p, len, true);
    tsk_page_printf(d->out, ticks ? " ``" : "`");
}

/* ---- comments ---- */

static const char *line_start(const char *text, const char *p) {
    while (p > text && p[-1] != '\n') p--;
    return p;
}

/* A line that is a comment and no directive: its text. */
static bool comment_line(const char *line, const char *end, const char **from, const char **to) {
    while (line < end && (*line == ' ' || *line == '\t')) line++;
    if (line >= end) return false;
    if (*line == '#' && (line + 1 == end || line[1] != '!'))
        line++;
    else if (*line == '/' && line + 1 < end && line[1] == '/')
        line += 2;
    else
        return false;
    while (line < end && *line == ' ') line++;
    while (end > line && (end[-1] == ' ' || end[-1] == '\r')) end--;
    *from = line;
    *to = end;
    return end - line < 9 || memcmp(line, "tsk-lint:", 9) != 0;
}

/* The lines of comment right above the key, else what stands behind its value. */
static void find_comment(const documenting *d, size_t offset, size_t value_end, tsk_page *out) {
    const char *line = line_start(d->text, d->text + offset), *from, *to, *top = line;
    while (top > d->text) {
        const char *end = top - 1, *start = line_start(d->text, end);
        if (!comment_line(start, end, &from, &to)) break;
        top = start;
    }
    for (const char *p = top; p < line;) {
        const char *end = memchr(p, '\n', (size_t)(line - p));
        if (comment_line(p, end, &from, &to) && to > from) {
            if (out->len) tsk_page_add(out, " ", 1);
            tsk_page_add(out, from, (size_t)(to - from));
        }
        p = end + 1;
    }
    if (out->len) return;
    const char *p = d->text + value_end, *end = memchr(p, '\n', d->text_len - value_end);
    if (!end) end = d->text + d->text_len;
    char quote = 0;
    for (; p < end; p++) {
        if (quote)
            quote = *p == quote ? 0 : quote;
        else if (*p == '"' || *p == '\'')
            quote = *p;
        else if (*p == '#' && p > d->text && (p[-1] == ' ' || p[-1] == '\t'))
            break;
    }
    if (p < end && comment_line(p, end, &from, &to)) tsk_page_add(out, from, (size_t)(to - from));
}

/* ---- functions ---- */

/* The parameters of a function's text: "(a, b = 1)". */
static void put_parameters(documenting *d, const tusk_symbol *s) {
    const char *p = s->text, *end = p + s->text_len, *arrow = memmem(p, s->text_len, "=>", 2);
    const char *open = memchr(p, '(', s->text_len);
    if (!open || (arrow && arrow < open)) { /* a => .. */
        while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) p++;
        const char *stop = p;
        while (stop < end && *stop != ' ' && *stop != '=') stop++;
        put_code(d, p, (size_t)(stop - p));
        return;
    }
    unsigned depth = 0;
    const char *close = open;
    for (; close < end; close++) {
        if (*close == '(' || *close == '{' || *close == '[') depth++;
        if ((*close == ')' || *close == '}' || *close == ']') && --depth == 0) break;
    }
    put_code(d, open, close < end ? (size_t)(close + 1 - open) : (size_t)(end - open));
}

/* ---- keys ---- */

static const char *type_of(const tusk_symbol *s) {
    static const char *const kinds[] = {"null", "boolean", "integer", "number", "text", "list", "block", "function"};
    switch (s->kind) {
    case TUSK_SYMBOL_BLOCK: return "block";
    case TUSK_SYMBOL_LIST: return "list";
    case TUSK_SYMBOL_FUNCTION: return "function";
    case TUSK_SYMBOL_EXPRESSION: return "computed";
    case TUSK_SYMBOL_LITERAL: break;
    }
    return kinds[tusk_value_kind(s->value)];
}

static bool is_hidden(const documenting *d, const tusk_symbol *s) {
    return !GIVEN(d->cli, SHOW_SECRETS) && tusk_names_secret(s->name, s->name_len);
}

static void put_literal(documenting *d, const tusk_symbol *s) {
    char text[64];
    size_t len;
    const char *p;
    switch (tusk_value_kind(s->value)) {
    case TUSK_NULL: put_code(d, "null", 4); break;
    case TUSK_BOOL: put_code(d, tusk_value_bool(s->value) ? "true" : "false", tusk_value_bool(s->value) ? 4 : 5); break;
    case TUSK_INT:
        put_code(d, text, (size_t)snprintf(text, sizeof text, "%lld", (long long)tusk_value_int(s->value)));
        break;
    case TUSK_DOUBLE:
        put_code(d, text, (size_t)snprintf(text, sizeof text, "%.15g", tusk_value_double(s->value)));
        break;
    case TUSK_STRING:
        p = tusk_value_string(s->value, &len);
        if (is_hidden(d, s))
            put_prose(d, "not shown", 9);
        else if (len)
            put_code(d, p, len > 200 ? 200 : len);
        else
            put_code(d, "\"\"", 2);
        break;
    default: break;
    }
}

static void put_value(documenting *d, const tusk_symbol *s) {
    switch (s->kind) {
    case TUSK_SYMBOL_LITERAL: put_literal(d, s); break;
    case TUSK_SYMBOL_FUNCTION: put_parameters(d, s); break;
    case TUSK_SYMBOL_EXPRESSION:
        if (is_hidden(d, s) && !*s->reads)
            put_prose(d, "not shown", 9);
        else if (s->text)
            put_code(d, s->text, s->text_len > 300 ? 300 : s->text_len);
        break;
    case TUSK_SYMBOL_LIST: /* as it is written, when that is one line */
        if (is_hidden(d, s)) {
            put_prose(d, "not shown", 9);
        } else if (s->file && !strcmp(s->file, d->file)) {
            const char *p = d->text + s->offset + s->length,
                       *end = memchr(p, '\n', (size_t)(d->text + d->text_len - p));
            if (!end) end = d->text + d->text_len;
            const char *open = memchr(p, '[', (size_t)(end - p)), *close = open;
            for (const char *q = open; q && q < end; q++)
                if (*q == ']') close = q;
            if (open && close > open) put_code(d, open, (size_t)(close + 1 - open));
        }
        break;
    case TUSK_SYMBOL_BLOCK: break;
    }
}

static void put_reads(documenting *d, const tusk_symbol *s) {
    for (const char *p = s->reads; *p;) {
        size_t len = strcspn(p, "\n");
        if (p != s->reads) put_prose(d, ", ", 2);
        put_prose(d, p, len);
        p += len + (p[len] == '\n');
    }
}

static void end_table(documenting *d) {
    if (d->in_table && d->html) tsk_page_printf(d->out, "</table>\n");
    d->in_table = false;
}

static void begin_table(documenting *d) {
    if (d->in_table) return;
    d->in_table = true;
    tsk_page_printf(d->out,
                    d->html ? "<table>\n<tr><th>key</th><th>type</th><th>value</th><th>read from</th><th></th></tr>\n"
                            : "\n| key | type | value | read from | |\n|---|---|---|---|---|\n");
}

static void put_heading(documenting *d, const tusk_symbol *s, const tsk_page *comment) {
    unsigned level = s->depth + 2 > 6 ? 6 : s->depth + 2;
    end_table(d);
    if (d->html) {
        tsk_page_printf(d->out, "<h%u id=\"", level);
        put_html(d->out, s->path, s->path_len);
        tsk_page_printf(d->out, "\">");
        put_html(d->out, s->path, s->path_len);
        tsk_page_printf(d->out, "</h%u>\n", level);
    } else {
        tsk_page_printf(d->out, "\n%.*s ", (int)level, "######");
        put_cell(d->out, s->path, s->path_len, false);
        tsk_page_printf(d->out, "\n");
    }
    if (!comment->len) return;
    tsk_page_printf(d->out, d->html ? "<p>" : "\n");
    put_prose(d, comment->ptr, comment->len);
    tsk_page_printf(d->out, d->html ? "</p>\n" : "\n");
}

static void put_row(documenting *d, const tusk_symbol *s, const tsk_page *comment) {
    const char *open = d->html ? "<td>" : "", *between = d->html ? "</td><td>" : " | ";
    begin_table(d);
    tsk_page_printf(d->out, "%s%s", d->html ? "<tr>" : "| ", open);
    put_code(d, s->path, s->path_len);
    tsk_page_printf(d->out, "%s%s%s", between, type_of(s), between);
    put_value(d, s);
    tsk_page_printf(d->out, "%s", between);
    put_reads(d, s);
    tsk_page_printf(d->out, "%s", between);
    if (comment->len) put_prose(d, comment->ptr, comment->len);
    tsk_page_printf(d->out, d->html ? "</td></tr>\n" : " |\n");
}

static bool put_symbol(void *user, const tusk_symbol *s) {
    documenting *d = user;
    tsk_page comment = {0};
    tsk_page_add(&comment, "", 0);
    if (s->file && !strcmp(s->file, d->file)) {
        bool above_only = s->kind == TUSK_SYMBOL_FUNCTION || s->kind == TUSK_SYMBOL_BLOCK;
        size_t end = s->kind == TUSK_SYMBOL_EXPRESSION && s->text ? s->text_offset + s->text_len
                                                                  : s->offset + s->length;
        find_comment(d, s->offset, above_only ? d->text_len : end, &comment);
    }
    if (s->kind == TUSK_SYMBOL_BLOCK)
        put_heading(d, s, &comment);
    else
        put_row(d, s, &comment);
    free(comment.ptr);
    return true;
}

/* ---- the page ---- */

static const char style[] =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{border:1px solid #ccc;padding:.3rem "
    ".5rem;text-align:left;"
    "vertical-align:top}th{background:#f4f4f4}code{background:#f4f4f4;padding:0 .2rem;white-space:pre-wrap}"
    "@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}th,code{background:#2a2a2a}td,th{border-"
    "color:#444}}";

/* The comment at the top of the file, when a blank line parts it from the first key. */
static void put_introduction(documenting *d) {
    const char *p = d->text, *end = d->text + d->text_len, *from, *to;
    tsk_page text = {0};
    tsk_page_add(&text, "", 0);
    bool ended = false;
    while (p < end && !ended) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        if (!stop) stop = end;
        if (comment_line(p, stop, &from, &to)) {
            if (text.len && to > from) tsk_page_add(&text, " ", 1);
            tsk_page_add(&text, from, (size_t)(to - from));
        } else if (!(stop - p >= 2 && p[0] == '#' && p[1] == '!')) {
            ended = true;
            if (p != stop) text.len = 0; /* it belongs to the key */
        }
        p = stop + (stop < end);
    }
    if (text.len) {
        tsk_page_printf(d->out, d->html ? "<p>" : "\n");
        put_prose(d, text.ptr, text.len);
        tsk_page_printf(d->out, d->html ? "</p>\n" : "\n");
    }
    free(text.ptr);
}

static void put_page(documenting *d, tusk_program *program) {
    const char *slash = strrchr(d->file, '/'), *name = slash ? slash + 1 : d->file;
    if (d->html) {
        tsk_page_printf(
            d->out,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
        put_html(d->out, name, strlen(name));
        tsk_page_printf(d->out, "</title>\n<style>");
        tsk_page_add(d->out, style, sizeof style - 1);
        tsk_page_printf(d->out, "</style></head><body>\n<h1>");
        put_html(d->out, name, strlen(name));
        tsk_page_printf(d->out, "</h1>\n");
    } else {
        tsk_page_printf(d->out, "# ");
        put_cell(d->out, name, strlen(name), false);
        tsk_page_printf(d->out, "\n");
    }
    put_introduction(d);
    tusk_program_symbols(program, put_symbol, d);
    end_table(d);
    if (d->html) tsk_page_printf(d->out, "</body></html>\n");
}

int tsk_command_doc(tsk_cli *cli) {
    const char *format = cli->value[OPTION_FORMAT];
    tusk_program *program = NULL;
    tsk_page out = {0};
    if (format && strcmp(format, "markdown") && strcmp(format, "html"))
        return tsk_usage(cli, "there is no form '%s'; there are: markdown, html", format);
    tusk_status status = tusk_program_open(cli->options, cli->arguments[0], &program);
    if (status != TUSK_OK) {
        tsk_fail_program(cli, program, status);
        tusk_program_release(program);
        return (int)status;
    }
    documenting d = {.cli = cli, .html = format && !strcmp(format, "html"), .out = &out};
    int result = TUSK_OK;
    if (tusk_program_source(program, 0, &d.file, &d.text, &d.text_len)) put_page(&d, program);
    if (GIVEN(cli, OUTPUT))
        result = tsk_replace_file(cli, cli->value[OPTION_OUTPUT], out.ptr, out.len);
    else
        tsk_out(out.ptr, out.len);
    free(out.ptr);
    tusk_program_release(program);
    return result;
}
