/* INI as our reader takes it: keys, then sections, whose names are dotted paths.
 *
 *   port = 8080
 *   tags[] = a
 *   [server.tls]
 *   on = true
 *
 * A text is in quotes when it would be read as something else.  Keys come before sections, since nothing can leave a
 * section again; lists hold plain values only. */
#include "runtime/base/number.h"
#include "runtime/value/write_internal.h"

#include <math.h>

#define DEEPEST 1000

typedef struct ini {
    tsk_writer *w;
    tsk_buf path; /* of the section */
    uint32_t depth;
    bool begun; /* a line was written */
} ini;

static void quoted(tsk_buf *out, tsk_slice s) {
    tsk_buf_char(out, '"');
    for (uint32_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        const char *escape = c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\0";
        if (c && !strchr("\"\\\n\r", c))
            tsk_buf_char(out, c);
        else
            tsk_buf_cstr(out, escape);
    }
    tsk_buf_char(out, '"');
}

/* Letters, digits and some signs: safe in keys, sections and values. */
static bool is_simple(tsk_slice s, const char *signs) {
    for (uint32_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool word = ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || (uint8_t)c >= 0x80;
        if (!word && !(c && strchr(signs, c))) return false;
    }
    return s.len > 0;
}

static void write_text(tsk_buf *out, tsk_slice s) {
    static const char *const words[] = {"true", "false", "null"};
    tsk_number number;
    bool plain = is_simple(s, "_-./:@+%$*?&=!~^,()<>| ") && s.ptr[0] != ' ' && s.ptr[s.len - 1] != ' ' &&
                 !tsk_number_read(s.ptr, s.len, &number);
    for (size_t i = 0; i < TSK_COUNT(words); i++) plain = plain && !tsk_slice_eq(s, tsk_slice_cstr(words[i]));
    if (plain)
        tsk_buf_slice(out, s);
    else
        quoted(out, s);
}

static void write_name(tsk_buf *out, tsk_slice s) {
    if (is_simple(s, "_-"))
        tsk_buf_slice(out, s);
    else
        quoted(out, s);
}

static bool scalar(ini *i, tsk_slice key, tsk_value v) {
    tsk_buf *out = i->w->out;
    char digits[32];
    double d;
    switch (tsk_kind_of(v)) {
    case TSK_NULL: tsk_buf_cstr(out, "null"); return true;
    case TSK_BOOL: tsk_buf_cstr(out, tsk_as_bool(v) ? "true" : "false"); return true;
    case TSK_INT: tsk_write_int(out, tsk_as_int(v)); return true;
    case TSK_STRING: write_text(out, tsk_as_slice(v)); return true;
    case TSK_ARRAY: tsk_buf_cstr(out, "[]"); return true;
    case TSK_OBJECT: tsk_buf_cstr(out, "{}"); return true;
    case TSK_DOUBLE: break;
    default: return tsk_write_refuse(i->w, "INI has no functions, and `%.*s` is one", (int)key.len, key.ptr);
    }
    d = tsk_as_double(v);
    if (!isfinite(d))
        return tsk_write_refuse(i->w, "INI has finite numbers only, and `%.*s` is none", (int)key.len, key.ptr);
    uint32_t len = tsk_number_format(digits, d);
    tsk_buf_add(out, digits, len);
    if (!memchr(digits, '.', len) && !memchr(digits, 'e', len)) tsk_buf_add(out, ".0", 2);
    return true;
}

static bool line(ini *i, tsk_slice key, tsk_value v, bool item) {
    if (item && tsk_write_is_container(v))
        return tsk_write_refuse(i->w, "a list in INI holds plain values only, and `%.*s` holds %s", (int)key.len,
                                key.ptr, tsk_is_array(v) ? "a list" : "an object");
    write_name(i->w->out, key);
    tsk_buf_cstr(i->w->out, item ? "[] = " : " = ");
    if (!scalar(i, key, v)) return false;
    tsk_buf_char(i->w->out, '\n');
    tsk_write_flush(i->w);
    return i->begun = true;
}

static bool is_section(tsk_value v) {
    return tsk_is_object(v) && tsk_write_count(v);
}

static bool own_lines(ini *i, tsk_value v) {
    for (uint32_t k = 0; k < tsk_write_count(v); k++) {
        tsk_slice key, none;
        tsk_value item = tsk_write_peek(i->w, v, k, &key);
        uint32_t items = tsk_is_array(item) ? tsk_write_count(item) : 0;
        for (uint32_t n = 0; n < items; n++)
            if (!line(i, key, tsk_write_peek(i->w, item, n, &none), true)) return false;
        if (!items && !is_section(item) && !line(i, key, item, false)) return false;
    }
    return true;
}

static bool has_own_lines(const ini *i, tsk_value v) {
    for (uint32_t k = 0; k < tsk_write_count(v); k++) {
        tsk_slice key;
        if (!is_section(tsk_write_peek(i->w, v, k, &key))) return true;
    }
    return false;
}

static bool section(ini *i, tsk_value v) {
    if (i->depth++ == DEEPEST) return false;
    if (i->path.len && has_own_lines(i, v)) {
        if (i->begun) tsk_buf_char(i->w->out, '\n');
        tsk_buf_char(i->w->out, '[');
        tsk_buf_add(i->w->out, i->path.ptr, i->path.len);
        tsk_buf_cstr(i->w->out, "]\n");
        i->begun = true;
    }
    if (!own_lines(i, v)) return false;
    for (uint32_t k = 0; k < tsk_write_count(v); k++) {
        tsk_slice key;
        size_t mark = i->path.len;
        tsk_value item = tsk_write_peek(i->w, v, k, &key);
        if (!is_section(item)) continue;
        if (!key.len) return tsk_write_refuse(i->w, "a section in INI has a name, and one key is empty");
        if (mark) tsk_buf_char(&i->path, '.');
        write_name(&i->path, key);
        if (!section(i, item)) return false;
        i->path.len = mark;
    }
    i->depth--;
    return true;
}

bool tsk_write_ini(tsk_writer *w, tsk_write_stack *stack __attribute__((unused)), tsk_value v) {
    ini i = {.w = w};
    if (!tsk_is_object(v)) return tsk_write_refuse(w, "an INI file holds keys, and the value is no object");
    tsk_buf_init(&i.path, w->out->arena);
    return section(&i, v);
}
