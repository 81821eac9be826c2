/* TOML 1.0 that reads back as the same value, keys in the same order.
 *
 *   title = "x"             scalars and lists
 *   a.b = 1                 a table that other keys stand behind: as dotted keys, which keeps the order
 *   [server]                the tables at the end
 *   [[server.port]]         lists of nothing but tables with keys
 *
 * TOML has no null, so null is refused; a document is a table. */
#include "runtime/base/number.h"
#include "runtime/base/utf8.h"
#include "runtime/value/write_internal.h"

#include <math.h>

#define DEEPEST 1000

typedef struct toml {
    tsk_writer *w;
    tsk_buf path; /* of the table, as a header writes it */
    uint32_t depth;
    bool begun; /* a line was written */
} toml;

static bool inline_value(toml *t, tsk_slice key, tsk_value v);
static bool table(toml *t, tsk_value v);

static void quoted(tsk_buf *out, tsk_slice s) {
    static const char letters[32] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    tsk_buf_char(out, '"');
    for (const char *p = s.ptr, *end = p + s.len; p < end;) {
        uint32_t code;
        char bytes[4];
        p += tsk_utf8_next(p, end, &code);
        if (code == '"' || code == '\\') tsk_buf_char(out, '\\');
        if (code >= ' ' && code != 0x7F)
            tsk_buf_add(out, bytes, tsk_utf8_encode(bytes, code));
        else if (code < ' ' && letters[code])
            tsk_buf_printf(out, "\\%c", letters[code]);
        else
            tsk_buf_printf(out, "\\u%04X", code);
    }
    tsk_buf_char(out, '"');
}

static void write_key(tsk_buf *out, tsk_slice key) {
    bool bare = key.len > 0;
    for (uint32_t i = 0; i < key.len && bare; i++) {
        char c = key.ptr[i];
        bare = ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }
    if (bare)
        tsk_buf_slice(out, key);
    else
        quoted(out, key);
}

static void floating(tsk_buf *out, double d) {
    char digits[32];
    if (!isfinite(d)) {
        tsk_buf_cstr(out, isnan(d) ? "nan" : d < 0 ? "-inf" : "inf");
        return;
    }
    uint32_t len = tsk_number_format(digits, d);
    tsk_buf_add(out, digits, len);
    if (!memchr(digits, '.', len) && !memchr(digits, 'e', len)) tsk_buf_add(out, ".0", 2);
}

static bool scalar(toml *t, tsk_slice key, tsk_value v) {
    tsk_buf *out = t->w->out;
    switch (tsk_kind_of(v)) {
    case TSK_BOOL: tsk_buf_cstr(out, tsk_as_bool(v) ? "true" : "false"); return true;
    case TSK_INT: tsk_write_int(out, tsk_as_int(v)); return true;
    case TSK_DOUBLE: floating(out, tsk_as_double(v)); return true;
    case TSK_STRING: quoted(out, tsk_as_slice(v)); return true;
    default: break;
    }
    return tsk_write_refuse(t->w, "TOML has no %s, and `%.*s` is one or holds one",
                            tsk_is_function(v) ? "function" : "null", (int)key.len, key.ptr);
}

static bool inline_container(toml *t, tsk_slice name, tsk_value v) {
    tsk_buf *out = t->w->out;
    bool keyed = tsk_is_object(v);
    tsk_buf_char(out, keyed ? '{' : '[');
    for (uint32_t i = 0; i < tsk_write_count(v); i++) {
        tsk_slice key;
        tsk_value item = tsk_write_peek(t->w, v, i, &key);
        if (i) tsk_buf_cstr(out, ", ");
        if (keyed) {
            tsk_buf_cstr(out, i ? "" : " ");
            write_key(out, key);
            tsk_buf_cstr(out, " = ");
        }
        if (!inline_value(t, keyed ? key : name, item)) return false;
    }
    tsk_buf_cstr(out, !keyed ? "]" : tsk_write_count(v) ? " }" : "}");
    tsk_write_flush(t->w);
    return true;
}

static bool inline_value(toml *t, tsk_slice key, tsk_value v) {
    if (!tsk_write_is_container(v)) return scalar(t, key, v);
    if (t->depth++ == DEEPEST) return false;
    bool done = inline_container(t, key, v);
    t->depth--;
    return done;
}

/* [[...]] can say it: tables with keys only. */
static bool is_tables(const tsk_writer *w, tsk_value v) {
    for (uint32_t i = 0; i < tsk_write_count(v); i++) {
        tsk_slice key;
        tsk_value item = tsk_write_peek(w, v, i, &key);
        if (!tsk_is_object(item) || !tsk_write_count(item)) return false;
    }
    return tsk_is_array(v) && tsk_write_count(v) > 0;
}

static bool has_header(const tsk_writer *w, tsk_value v) {
    return (tsk_is_object(v) && tsk_write_count(v)) || is_tables(w, v);
}

/* a.b.c = value, for everything in a table that other keys stand behind.  `start`: of the line, in the buffer. */
static bool dotted(toml *t, tsk_buf *prefix, tsk_slice key, tsk_value v) {
    size_t mark = prefix->len;
    tsk_buf *out = t->w->out;
    bool done = t->depth++ < DEEPEST;
    write_key(prefix, key);
    if (done && tsk_is_object(v) && tsk_write_count(v)) {
        tsk_buf_char(prefix, '.');
        for (uint32_t i = 0; done && i < tsk_write_count(v); i++) {
            tsk_slice name;
            tsk_value item = tsk_write_peek(t->w, v, i, &name);
            done = dotted(t, prefix, name, item);
        }
    } else if (done) {
        tsk_buf_add(out, prefix->ptr, prefix->len);
        tsk_buf_cstr(out, " = ");
        done = inline_value(t, key, v);
        tsk_buf_char(out, '\n');
        t->begun = true;
    }
    prefix->len = mark;
    t->depth--;
    tsk_write_flush(t->w);
    return done;
}

/* A table of nothing but tables needs no header of its own. */
static bool has_own_lines(const tsk_writer *w, tsk_value v) {
    for (uint32_t i = 0; i < tsk_write_count(v); i++) {
        tsk_slice key;
        if (!has_header(w, tsk_write_peek(w, v, i, &key))) return true;
    }
    return false;
}

static bool headed(toml *t, tsk_slice key, tsk_value v) {
    size_t mark = t->path.len;
    tsk_buf *out = t->w->out;
    bool tables = tsk_is_array(v), done = true;
    if (t->path.len) tsk_buf_char(&t->path, '.');
    write_key(&t->path, key);
    for (uint32_t i = 0; done && i < (tables ? tsk_write_count(v) : 1); i++) {
        tsk_slice none;
        tsk_value one = tables ? tsk_write_peek(t->w, v, i, &none) : v;
        if (tables || has_own_lines(t->w, one)) {
            if (t->begun) tsk_buf_char(out, '\n');
            t->begun = true;
            tsk_buf_cstr(out, tables ? "[[" : "[");
            tsk_buf_add(out, t->path.ptr, t->path.len);
            tsk_buf_cstr(out, tables ? "]]\n" : "]\n");
        }
        done = table(t, one);
    }
    t->path.len = mark;
    return done;
}

static bool table(toml *t, tsk_value v) {
    uint32_t first_header = tsk_write_count(v);
    tsk_buf prefix;
    tsk_buf_init(&prefix, t->w->out->arena);
    for (tsk_slice key; first_header > 0; first_header--)
        if (!has_header(t->w, tsk_write_peek(t->w, v, first_header - 1, &key))) break;
    if (t->depth++ == DEEPEST) return false;
    for (uint32_t i = 0; i < tsk_write_count(v); i++) {
        tsk_slice key;
        tsk_value item = tsk_write_peek(t->w, v, i, &key);
        if (!(i < first_header ? dotted(t, &prefix, key, item) : headed(t, key, item))) return false;
    }
    t->depth--;
    return true;
}

bool tsk_write_toml(tsk_writer *w, tsk_write_stack *stack __attribute__((unused)), tsk_value v) {
    toml t = {.w = w};
    if (!tsk_is_object(v)) return tsk_write_refuse(w, "a TOML document is a table, and the value is none");
    tsk_buf_init(&t.path, w->out->arena);
    return table(&t, v);
}
