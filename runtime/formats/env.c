/* Files of environment variables, as shells and containers take them.
 *
 *   export NAME=value   # comment       'raw text'   "text with \n \t \" \\ \$"   both over several lines
 *
 * Values are texts.  Nothing is expanded: a file says the same wherever it is read. */
#include "runtime/formats/internal.h"

static bool is_name(char c, bool first) {
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || (!first && (tsk_read_digit(c) || c == '.' || c == '-'));
}

static void skip_blanks(tsk_reader *r) {
    while (tsk_read_blank(tsk_read_at(r, 0))) r->p++;
}

static void skip_line(tsk_reader *r) {
    while (r->p < r->end && !tsk_read_break(*r->p)) r->p++;
}

/* One piece of a value, in quotes. */
static bool add_quoted(tsk_reader *r, tsk_buf *out) {
    static const char from[] = "nrt\"\\$`", to[] = "\n\r\t\"\\$`";
    const char *start = r->p++;
    for (; r->p < r->end && *r->p != *start; r->p++) {
        const char *known = NULL;
        if (*r->p == '\\' && *start == '"' && r->p + 1 < r->end && r->p[1]) known = strchr(from, r->p[1]);
        tsk_buf_char(out, known ? to[known - from] : *r->p);
        r->p += known != NULL;
    }
    if (r->p == r->end) return tsk_read_fail(r, start, "a value without its closing quote");
    r->p++;
    return true;
}

/* Pieces with and without quotes stand side by side, as 'it'\''s' in a shell. */
static bool read_value(tsk_reader *r, tsk_value *out) {
    tsk_buf text;
    tsk_buf_init(&text, r->arena);
    size_t kept = 0; /* bytes that are not blanks at the end */
    skip_blanks(r);
    for (const char *start = r->p; r->p < r->end && !tsk_read_break(*r->p);) {
        char c = *r->p;
        if (c == '#' && (r->p == start || tsk_read_blank(r->p[-1]))) break;
        if (c == '"' || c == '\'') {
            if (!add_quoted(r, &text)) return false;
            kept = text.len;
            continue;
        }
        if (c == '\\' && r->p + 1 < r->end && !tsk_read_break(r->p[1])) c = *++r->p;
        tsk_buf_char(&text, c);
        r->p++;
        if (!tsk_read_blank(c)) kept = text.len;
    }
    text.len = kept;
    *out = tsk_read_text(r, tsk_read_taken(&text));
    return true;
}

static bool read_line(tsk_reader *r, tsk_object *o) {
    static const char word[] = "export";
    if ((size_t)(r->end - r->p) > sizeof word && memcmp(r->p, word, sizeof word - 1) == 0 &&
        tsk_read_blank(r->p[sizeof word - 1])) {
        r->p += sizeof word - 1;
        skip_blanks(r);
    }
    const char *start = r->p;
    while (r->p < r->end && is_name(*r->p, r->p == start)) r->p++;
    tsk_slice name = tsk_read_slice(start, r->p);
    skip_blanks(r);
    if (!name.len || tsk_read_at(r, 0) != '=') {
        tsk_read_fail(r, name.len ? r->p : start,
                      name.len ? "'=' was expected" : "the name of a variable was expected");
        return tsk_read_hint(r, "lines are NAME=value");
    }
    r->p++;
    tsk_value v;
    if (!read_value(r, &v)) return false;
    tsk_object_set(r->arena, o, name.ptr, name.len, v);
    skip_line(r);
    return true;
}

bool tsk_read_env(tsk_reader *r, tsk_value *out) {
    tsk_object *o = tsk_object_new(r->arena, 8);
    while (r->p < r->end) {
        skip_blanks(r);
        if (r->p < r->end && tsk_read_break(*r->p))
            r->p++;
        else if (tsk_read_at(r, 0) == '#')
            skip_line(r);
        else if (r->p < r->end && !read_line(r, o))
            return false;
    }
    *out = tsk_from_object(o);
    return true;
}
