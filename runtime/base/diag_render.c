/* Diagnostics as text for people and as JSON for tools.
 *
 * Excerpts are measured in display columns, so that the caret stands under what it means below wide and
 * combining characters.  Nothing of the source reaches the terminal that could command it: control
 * characters and direction overrides are shown as U+FFFD. */
#include "runtime/base/diag.h"
#include "runtime/base/utf8.h"

#define EXCERPT_COLUMNS 120
#define COLUMNS_BEFORE_SPAN 40

static const char *const severity_names[] = {"error", "warning", "note"};

enum { RESET, BOLD, RED, YELLOW, CYAN, BLUE };

static void colour(tsk_buf *out, tsk_diag_style style, int which) {
    static const char *const codes[] = {"\033[0m", "\033[1m", "\033[1;31m", "\033[1;33m", "\033[1;36m", "\033[34m"};
    if (style.colour) tsk_buf_cstr(out, codes[which]);
}

static int severity_colour(tsk_severity severity) {
    return severity == TSK_ERROR ? RED : severity == TSK_WARNING ? YELLOW : CYAN;
}

/* The text with what a terminal must not see replaced, tabs kept. */
static void add_clean(tsk_buf *out, const char *ptr, size_t len) {
    for (const char *p = ptr, *end = ptr + len; p < end;) {
        uint32_t code;
        char encoded[4];
        p += tsk_utf8_next(p, end, &code);
        if (tsk_utf8_unprintable(code) && code != '\t') code = TSK_UTF8_REPLACEMENT;
        tsk_buf_add(out, encoded, tsk_utf8_encode(encoded, code));
    }
}

static unsigned shown_width(uint32_t code) {
    return tsk_utf8_unprintable(code) ? 1 : tsk_utf8_width(code);
}

static size_t shown_columns(const char *ptr, size_t len) {
    size_t columns = 0;
    for (const char *p = ptr, *end = ptr + len; p < end;) {
        uint32_t code;
        p += tsk_utf8_next(p, end, &code);
        columns += shown_width(code);
    }
    return columns;
}

/* The part of a line that is shown, in bytes. */
typedef struct window {
    uint32_t from, to;
} window;

/* The byte where `columns` columns from `from` end, never past the line. */
static uint32_t forward(tsk_slice line, uint32_t from, size_t columns) {
    for (size_t used = 0; from < line.len;) {
        uint32_t code;
        unsigned n = tsk_utf8_next(line.ptr + from, line.ptr + line.len, &code);
        used += shown_width(code);
        if (used > columns) break;
        from += n;
    }
    return from;
}

/* Lines may be megabytes long, so this looks only around the span. */
static window choose_window(tsk_slice line, uint32_t at) {
    if (forward(line, 0, EXCERPT_COLUMNS) == line.len) return (window){0, line.len};
    uint32_t from = 0;
    if (forward(line, 0, EXCERPT_COLUMNS - COLUMNS_BEFORE_SPAN) < at) {
        from = at;
        for (size_t columns = 0; columns < COLUMNS_BEFORE_SPAN;) {
            uint32_t code, end = from;
            do from--;
            while (from > 0 && end - from < 4 && ((uint8_t)line.ptr[from] & 0xC0) == 0x80);
            /* A character only if it ends here; else its last byte is one by itself, as it will be going forward. */
            if (tsk_utf8_next(line.ptr + from, line.ptr + end, &code) != end - from) {
                from = end - 1;
                code = TSK_UTF8_REPLACEMENT;
            }
            columns += shown_width(code);
            if (from == 0) break;
        }
    }
    return (window){from, forward(line, from, EXCERPT_COLUMNS)};
}

/* Blanks as wide as the text; tabs stay tabs, so that both lines move alike. */
static void add_padding(tsk_buf *out, const char *ptr, size_t len) {
    for (const char *p = ptr, *end = ptr + len; p < end;) {
        uint32_t code;
        p += tsk_utf8_next(p, end, &code);
        if (code == '\t') {
            tsk_buf_char(out, '\t');
            continue;
        }
        for (unsigned i = shown_width(code); i > 0; i--) tsk_buf_char(out, ' ');
    }
}

static void add_carets(tsk_buf *out, const char *ptr, size_t len) {
    size_t columns = shown_columns(ptr, len);
    tsk_buf_char(out, '^');
    for (size_t i = 1; i < columns; i++) tsk_buf_char(out, '~');
}

/* The bytes of the line that the span covers; a span of several lines ends at the end of its first. */
static window span_in_line(const tsk_location *at, tsk_span span) {
    uint32_t from = at->line_offset < at->line_text.len ? at->line_offset : at->line_text.len;
    uint32_t left = at->line_text.len - from;
    return (window){from, from + (span.len < left ? span.len : left)};
}

/* Of a secret no more than its name is shown. */
static void hide_value(const tsk_diag *diag, tsk_location *at) {
    if (diag->is_private) at->line_text.len = span_in_line(at, diag->span).to;
}

static void render_excerpt(tsk_buf *out, const tsk_diag *diag, const tsk_location *at, tsk_diag_style style) {
    const char *line = at->line_text.ptr;
    window span = span_in_line(at, diag->span), shown = choose_window(at->line_text, span.from);
    bool cut_left = shown.from > 0, cut_right = shown.to < at->line_text.len || diag->is_private;
    char number[16];
    int gutter = 0;
    for (uint32_t n = at->line; n || !gutter; n /= 10) number[sizeof number - (size_t)++gutter] = (char)('0' + n % 10);

    colour(out, style, BLUE);
    tsk_buf_printf(out, "  %.*s |", gutter, number + sizeof number - (size_t)gutter);
    colour(out, style, RESET);
    if (at->line_text.len) tsk_buf_char(out, ' ');
    if (cut_left) tsk_buf_cstr(out, "…");
    add_clean(out, line + shown.from, shown.to - shown.from);
    if (cut_right) tsk_buf_cstr(out, "…");

    colour(out, style, BLUE);
    tsk_buf_printf(out, "\n  %*s |", gutter, "");
    colour(out, style, RESET);
    tsk_buf_cstr(out, cut_left ? "  " : " ");
    add_padding(out, line + shown.from, span.from - shown.from);
    colour(out, style, severity_colour(diag->severity));
    add_carets(out, line + span.from, (span.to < shown.to ? span.to : shown.to) - span.from);
    if (diag->expected) {
        tsk_buf_char(out, ' ');
        add_clean(out, diag->expected, strlen(diag->expected));
    }
    colour(out, style, RESET);
    tsk_buf_char(out, '\n');
}

static void add_place(tsk_buf *out, const tsk_location *at) {
    add_clean(out, at->source->name, strlen(at->source->name));
    tsk_buf_printf(out, ":%u:%u", at->line, at->column);
}

static void add_label(tsk_buf *out, tsk_diag_style style, const char *label, const char *text) {
    tsk_buf_cstr(out, "  ");
    colour(out, style, CYAN);
    tsk_buf_cstr(out, label);
    colour(out, style, RESET);
    tsk_buf_char(out, ' ');
    add_clean(out, text, strlen(text));
}

static void render_text(tsk_buf *out, const tsk_diag *diag, const tsk_sources *sources, tsk_diag_style style) {
    tsk_location at;
    bool placed = tsk_sources_locate(sources, diag->span.pos, &at);
    if (placed) hide_value(diag, &at);
    if (placed) {
        colour(out, style, BOLD);
        add_place(out, &at);
        colour(out, style, RESET);
        tsk_buf_cstr(out, ": ");
    }
    colour(out, style, severity_colour(diag->severity));
    tsk_buf_printf(out, "%s[%s]", severity_names[diag->severity], tsk_code_name(diag->code));
    colour(out, style, RESET);
    tsk_buf_cstr(out, ": ");
    add_clean(out, diag->message, strlen(diag->message));
    tsk_buf_char(out, '\n');
    if (placed) render_excerpt(out, diag, &at, style);
    if (diag->key) {
        add_label(out, style, "key:", diag->key);
        tsk_buf_char(out, '\n');
    }
    for (const tsk_note *note = diag->notes; note; note = note->next) {
        add_label(out, style, "note:", note->text);
        if (tsk_sources_locate(sources, note->span.pos, &at)) {
            tsk_buf_cstr(out, " (");
            add_place(out, &at);
            tsk_buf_char(out, ')');
        }
        tsk_buf_char(out, '\n');
    }
    if (diag->hint) {
        add_label(out, style, "hint:", diag->hint);
        tsk_buf_char(out, '\n');
    }
}

static void json_member(tsk_buf *out, const char *name, const char *text) {
    if (!text) return;
    tsk_buf_printf(out, ", \"%s\": ", name);
    tsk_utf8_json(out, text, strlen(text));
}

static void json_place(tsk_buf *out, const tsk_location *at) {
    json_member(out, "file", at->source->name);
    tsk_buf_printf(out, ", \"line\": %u, \"column\": %u", at->line, at->column);
}

static void json_notes(tsk_buf *out, const tsk_note *notes, const tsk_sources *sources) {
    tsk_buf_cstr(out, ", \"notes\": [");
    for (const tsk_note *note = notes; note; note = note->next) {
        tsk_location at;
        tsk_buf_cstr(out, note == notes ? "{\"text\": " : ", {\"text\": ");
        tsk_utf8_json(out, note->text, strlen(note->text));
        if (tsk_sources_locate(sources, note->span.pos, &at)) json_place(out, &at);
        tsk_buf_char(out, '}');
    }
    tsk_buf_char(out, ']');
}

static void render_json(tsk_buf *out, const tsk_diag *diag, const tsk_sources *sources) {
    tsk_location at;
    tsk_buf_printf(out, "{\"severity\": \"%s\", \"code\": \"%s\"", severity_names[diag->severity],
                   tsk_code_name(diag->code));
    json_member(out, "summary", tsk_code_summary(diag->code));
    json_member(out, "message", diag->message);
    if (tsk_sources_locate(sources, diag->span.pos, &at)) {
        hide_value(diag, &at);
        window span = span_in_line(&at, diag->span);
        json_place(out, &at);
        size_t columns = tsk_utf8_columns(at.line_text.ptr + span.from, span.to - span.from);
        tsk_buf_printf(out, ", \"end_column\": %zu, \"line_text\": ", at.column + columns);
        tsk_utf8_json(out, at.line_text.ptr, at.line_text.len);
    }
    json_member(out, "expected", diag->expected);
    json_member(out, "hint", diag->hint);
    json_member(out, "key", diag->key);
    json_notes(out, diag->notes, sources);
    if (tsk_sources_locate(sources, diag->fix.text ? diag->fix.span.pos : 0, &at)) {
        uint32_t offset = diag->fix.span.pos - at.source->base;
        tsk_buf_printf(out, ", \"fix\": {\"offset\": %u, \"length\": %u", offset, diag->fix.span.len);
        json_member(out, "text", diag->fix.text);
        tsk_buf_char(out, '}');
    }
    tsk_buf_char(out, '}');
}

void tsk_diag_render(tsk_buf *out, const tsk_diag *diag, const tsk_sources *sources, tsk_diag_style style) {
    if (style.json)
        render_json(out, diag, sources);
    else
        render_text(out, diag, sources, style);
}

void tsk_diags_render(tsk_buf *out, const tsk_diags *diags, const tsk_sources *sources, tsk_diag_style style) {
    const char *separator = "\n  ";
    if (style.json) tsk_buf_char(out, '[');
    for (const tsk_diag *diag = diags->first; diag; diag = diag->next) {
        if (diag->severity == TSK_WARNING && !style.warnings) continue;
        if (style.json) {
            tsk_buf_cstr(out, separator);
            separator = ",\n  ";
        }
        tsk_diag_render(out, diag, sources, style);
    }
    if (style.json)
        tsk_buf_cstr(out, *separator == ',' ? "\n]\n" : "]\n");
    else if (diags->dropped)
        tsk_buf_printf(out, "(%u more not shown)\n", diags->dropped);
}
