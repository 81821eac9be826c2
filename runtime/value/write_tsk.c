/* TuskLang text that reads back as the same value.
 *
 *   host: "localhost"          statements, one a line
 *   ports: 8000-9000
 *   pool {                     objects under a plain name
 *       "max size": 5
 *   }
 *   servers: [                 arrays that do not fit on the line
 *       {name: "a", port: 1},
 *   ]
 *
 * Inside an array everything is an expression: items are separated by commas, and ranges are written as
 * the objects they are.  NaN has no numeral and becomes null, infinity is 1e999. */
#include "runtime/base/number.h"
#include "runtime/base/utf8.h"
#include "runtime/value/write_internal.h"

#include <math.h>

#define INDENT 4
#define LINE_COLUMNS 100
#define LARGEST_RANGE 999999999999999999 /* the lexer takes ranges of up to 18 digits */

enum { STATEMENTS, ITEMS }; /* mode of a frame: what its items are written as */

static void escaped(tsk_buf *out, const char *ptr, size_t len) {
    static const char letters[32] = {['\n'] = 'n', ['\t'] = 't', ['\r'] = 'r'};
    tsk_buf_char(out, '"');
    for (const char *p = ptr, *end = ptr + len; p < end;) {
        uint32_t code;
        unsigned n = tsk_utf8_decode(p, end, &code);
        if (!n) {
            tsk_buf_add(out, "\xEF\xBF\xBD", 3);
            p++;
            continue;
        }
        /* what would read as interpolation: ${ and {$ */
        bool dollar = code == '$' && ((p + 1 < end && p[1] == '{') || (p > ptr && p[-1] == '{'));
        if (code == '"' || code == '\\' || dollar) tsk_buf_char(out, '\\');
        if (code >= ' ' && code != 0x7F) {
            tsk_buf_add(out, p, n);
        } else if (code < ' ' && letters[code]) {
            tsk_buf_char(out, '\\');
            tsk_buf_char(out, letters[code]);
        } else {
            tsk_buf_printf(out, "\\u%04x", code);
        }
        p += n;
    }
    tsk_buf_char(out, '"');
}

/* Letters, digits, `_`, and `-` inside, starting with a letter or `_`. */
static bool is_name(const char *p, size_t len) {
    if (!len || p[len - 1] == '-') return false;
    for (size_t i = 0; i < len; i++) {
        char c = p[i], letter = (char)(c | 0x20);
        bool start = (letter >= 'a' && letter <= 'z') || c == '_';
        if (!start && (i == 0 || !((c >= '0' && c <= '9') || c == '-'))) return false;
    }
    return true;
}

void tsk_write_tsk_key(tsk_buf *out, const char *ptr, size_t len) {
    bool global = len > 1 && ptr[0] == '$';
    if (is_name(ptr + global, len - global))
        tsk_buf_add(out, ptr, len);
    else
        escaped(out, ptr, len);
}

static void floating(tsk_buf *out, double d) {
    char digits[32];
    if (isnan(d)) {
        tsk_buf_cstr(out, "null");
    } else if (isinf(d)) {
        tsk_buf_cstr(out, d < 0 ? "-1e999" : "1e999");
    } else {
        uint32_t len = tsk_number_format(digits, d);
        tsk_buf_add(out, digits, len);
        if (!memchr(digits, '.', len) && !memchr(digits, 'e', len)) tsk_buf_add(out, ".0", 2);
    }
}

/* Scalars and empty containers. */
static void scalar(tsk_buf *out, tsk_value v) {
    switch (tsk_kind_of(v)) {
    case TSK_BOOL: tsk_buf_cstr(out, tsk_as_bool(v) ? "true" : "false"); break;
    case TSK_INT: tsk_write_int(out, tsk_as_int(v)); break;
    case TSK_DOUBLE: floating(out, tsk_as_double(v)); break;
    case TSK_STRING: escaped(out, tsk_as_str(v)->ptr, tsk_as_str(v)->len); break;
    case TSK_ARRAY: tsk_buf_cstr(out, "[]"); break;
    case TSK_OBJECT: tsk_buf_cstr(out, "{}"); break;
    default: tsk_buf_cstr(out, "null"); break;
    }
}

static bool range_bound(const tsk_writer *w, const tsk_entry *e, const char *name, int64_t *out) {
    if (e->key_len != 3 || memcmp(e->key, name, 3) != 0) return false;
    tsk_value v = tsk_write_resolved(w, e->value);
    if (!tsk_is_int(v)) return false;
    *out = tsk_as_int(v);
    return *out >= 0 && *out <= LARGEST_RANGE;
}

/* {min: 8000, max: 9000, type: "range"}, in this order. */
static bool is_range(const tsk_writer *w, tsk_value v, int64_t *min, int64_t *max) {
    if (!tsk_is_object(v) || tsk_as_object(v)->count != 3 || w->hide) return false;
    const tsk_entry *e = tsk_as_object(v)->entries;
    if (!range_bound(w, &e[0], "min", min) || !range_bound(w, &e[1], "max", max)) return false;
    if (e[2].key_len != 4 || memcmp(e[2].key, "type", 4) != 0) return false;
    tsk_value type = tsk_write_resolved(w, e[2].value);
    return tsk_is_str(type) && tsk_slice_eq(tsk_as_slice(type), TSK_SLICE("range"));
}

/* Writes the value as an expression without a line break, if it ends before byte `limit` of the buffer; else leaves
 * the buffer as it was.  Each level takes a byte at least, so the recursion ends within a line. */
static bool on_one_line(tsk_writer *w, tsk_value v, size_t limit) {
    tsk_buf *out = w->out;
    size_t start = out->len;
    bool fits = out->len < limit;
    if (fits && tsk_is_str(v)) fits = tsk_as_str(v)->len < limit - out->len;
    if (fits && !tsk_write_count(v)) {
        scalar(out, v);
    } else if (fits) {
        tsk_write_frame frame = {.v = v};
        bool keyed = tsk_is_object(v);
        tsk_buf_char(out, keyed ? '{' : '[');
        while (fits && frame.next < tsk_write_count(v)) {
            tsk_slice key;
            if (frame.next) tsk_buf_add(out, ", ", 2);
            tsk_value item = tsk_write_take(w, &frame, &key);
            fits = out->len < limit && key.len < limit - out->len;
            if (fits && keyed) {
                tsk_write_tsk_key(out, key.ptr, key.len);
                tsk_buf_add(out, ": ", 2);
            }
            fits = fits && on_one_line(w, item, limit);
        }
        tsk_buf_char(out, keyed ? '}' : ']');
    }
    fits = fits && out->len <= limit;
    if (!fits) out->len = start;
    return fits;
}

/* The value as an expression: on this line, or opened to be continued by the loop. */
static bool expression(tsk_writer *w, tsk_write_stack *stack, tsk_value v, size_t line_start) {
    if (!tsk_write_count(v)) {
        scalar(w->out, v);
        return true;
    }
    if (on_one_line(w, v, line_start + LINE_COLUMNS)) return true;
    tsk_buf_char(w->out, tsk_is_array(v) ? '[' : '{');
    return tsk_write_push(stack, v, ITEMS, 0);
}

/* `key: value`, or `key {` whose statements follow. */
static bool statement(tsk_writer *w, tsk_write_stack *stack, tsk_slice key, tsk_value v, size_t line_start) {
    tsk_buf *out = w->out;
    int64_t min = 0, max = 0;
    tsk_write_tsk_key(out, key.ptr, key.len);
    if (tsk_is_object(v) && tsk_write_count(v) && !is_range(w, v, &min, &max)) {
        tsk_buf_cstr(out, is_name(key.ptr, key.len) ? " {" : ": {");
        return tsk_write_push(stack, v, STATEMENTS, 0);
    }
    tsk_buf_add(out, ": ", 2);
    if (!tsk_is_object(v) || !tsk_write_count(v)) return expression(w, stack, v, line_start);
    tsk_write_int(out, min);
    tsk_buf_char(out, '-');
    tsk_write_int(out, max);
    return true;
}

/* One item of the container on top, on a line of its own, indented by its depth. */
static bool next_item(tsk_writer *w, tsk_write_stack *stack, size_t depth) {
    tsk_buf *out = w->out;
    tsk_write_frame *top = tsk_write_top(stack);
    bool keyed = tsk_is_object(top->v), as_statement = top->mode == STATEMENTS;
    tsk_slice key;
    size_t line_start = out->len;
    tsk_write_indent(out, depth * INDENT);
    tsk_value v = tsk_write_take(w, top, &key);
    if (as_statement) return statement(w, stack, key, v, line_start);
    if (keyed) {
        tsk_write_tsk_key(out, key.ptr, key.len);
        tsk_buf_add(out, ": ", 2);
    }
    return expression(w, stack, v, line_start);
}

/* Ends the container on top. */
static void close(tsk_writer *w, tsk_write_stack *stack, size_t depth) {
    tsk_write_indent(w->out, depth * INDENT);
    tsk_buf_char(w->out, tsk_is_array(tsk_write_top(stack)->v) ? ']' : '}');
    stack->count--;
}

bool tsk_write_tsk(tsk_writer *w, tsk_write_stack *stack, tsk_value v) {
    bool document = tsk_is_object(v); /* its statements stand at the margin, without braces */
    if (document && !tsk_write_count(v)) return true;
    if (document ? !tsk_write_push(stack, v, STATEMENTS, 0) : !expression(w, stack, v, w->out->len)) return false;
    if (!document) tsk_buf_char(w->out, '\n');
    while (stack->count) {
        uint32_t depth = stack->count;
        tsk_write_frame *top = tsk_write_top(stack);
        size_t indent = depth - document;
        if (top->next < tsk_write_count(top->v)) {
            if (!next_item(w, stack, indent)) return false;
            if (stack->count > depth) {
                tsk_buf_char(w->out, '\n');
                continue;
            }
        } else {
            if (document && depth == 1) return true;
            close(w, stack, indent - 1);
        }
        if (stack->count && tsk_write_top(stack)->mode == ITEMS) tsk_buf_char(w->out, ',');
        tsk_buf_char(w->out, '\n');
        tsk_write_flush(w);
    }
    return true;
}
