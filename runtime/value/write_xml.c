/* XML by the mapping of our reader: "@name" is an attribute, "#text" the text beside elements, a list the same element
 * once for each item.
 *
 * A document has one element around everything, so the value is an object with one key.  XML has no kinds: numbers and
 * booleans are written as their text, null as an empty element, an empty list as no element. */
#include "runtime/base/utf8.h"
#include "runtime/value/semantics.h"
#include "runtime/value/write_internal.h"

#define DEEPEST 1000
#define INDENT 2

typedef struct xml {
    tsk_writer *w;
    uint32_t depth;
} xml;

static bool element(xml *x, tsk_slice name, tsk_value v);

static bool is_name(tsk_slice s) {
    for (uint32_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool start = ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == ':' || (uint8_t)c >= 0x80;
        if (!start && (i == 0 || !((c >= '0' && c <= '9') || c == '-' || c == '.'))) return false;
    }
    return s.len > 0;
}

static bool bad_name(xml *x, tsk_slice name) {
    return tsk_write_refuse(x->w, "XML has no name `%.*s`", (int)(name.len > 64 ? 64 : name.len), name.ptr);
}

static bool write_text(xml *x, tsk_slice name, tsk_value v, bool attribute) {
    tsk_buf *out = x->w->out;
    if (tsk_write_is_container(v) || tsk_is_function(v))
        return tsk_write_refuse(x->w, "`%.*s` has to be a plain value in XML", (int)name.len, name.ptr);
    if (tsk_is_null(v)) return true;
    tsk_slice s = tsk_as_slice(tsk_value_string(out->arena, v));
    for (const char *p = s.ptr, *end = p + s.len; p < end;) {
        uint32_t code;
        char bytes[4];
        p += tsk_utf8_next(p, end, &code);
        const char *entity = code == '&'   ? "&amp;"
                             : code == '<' ? "&lt;"
                             : code == '>' ? "&gt;"
                             : code == '"' ? "&quot;"
                                           : NULL;
        if (entity && (code != '"' || attribute))
            tsk_buf_cstr(out, entity);
        else if (code == '\r' || (attribute && (code == '\n' || code == '\t')))
            tsk_buf_printf(out, "&#%u;", code);
        else if ((code < ' ' && code != '\n' && code != '\t') || code == 0xFFFE || code == 0xFFFF)
            return tsk_write_refuse(x->w, "XML cannot hold the character U+%04X, which is in `%.*s`", code,
                                    (int)name.len, name.ptr);
        else
            tsk_buf_add(out, bytes, tsk_utf8_encode(bytes, code));
    }
    return true;
}

/* The parts of an element that are not attributes. */
static bool inner(xml *x, tsk_slice name, tsk_value v) {
    tsk_buf *out = x->w->out;
    tsk_buf_char(out, '>');
    bool elements = false;
    for (uint32_t i = 0; i < tsk_write_count(v); i++) {
        tsk_slice key;
        tsk_value item = tsk_write_peek(x->w, v, i, &key);
        if (key.len && *key.ptr == '@') continue;
        if (tsk_slice_eq(key, TSK_SLICE("#text"))) {
            if (!write_text(x, key, item, false)) return false;
            continue;
        }
        elements = true;
        uint32_t count = tsk_is_array(item) ? tsk_write_count(item) : 1;
        for (uint32_t n = 0; n < count; n++) {
            tsk_slice none;
            tsk_value one = tsk_is_array(item) ? tsk_write_peek(x->w, item, n, &none) : item;
            tsk_buf_char(out, '\n');
            tsk_write_indent(out, (size_t)x->depth * INDENT);
            if (!element(x, key, one)) return false;
        }
    }
    if (elements) {
        tsk_buf_char(out, '\n');
        tsk_write_indent(out, (size_t)(x->depth - 1) * INDENT);
    }
    tsk_buf_cstr(out, "</");
    tsk_buf_slice(out, name);
    tsk_buf_char(out, '>');
    tsk_write_flush(x->w);
    return true;
}

static bool object_element(xml *x, tsk_slice name, tsk_value v) {
    tsk_buf *out = x->w->out;
    uint32_t attributes = 0;
    for (uint32_t i = 0; i < tsk_write_count(v); i++) {
        tsk_slice key;
        tsk_value item = tsk_write_peek(x->w, v, i, &key);
        if (!key.len || *key.ptr != '@') continue;
        tsk_slice attribute = {key.ptr + 1, key.len - 1};
        if (!is_name(attribute)) return bad_name(x, key);
        tsk_buf_char(out, ' ');
        tsk_buf_slice(out, attribute);
        tsk_buf_cstr(out, "=\"");
        if (!write_text(x, key, item, true)) return false;
        tsk_buf_char(out, '"');
        attributes++;
    }
    if (attributes < tsk_write_count(v)) return inner(x, name, v);
    tsk_buf_cstr(out, "/>");
    return true;
}

static bool element(xml *x, tsk_slice name, tsk_value v) {
    tsk_buf *out = x->w->out;
    if (!is_name(name)) return bad_name(x, name);
    if (tsk_is_array(v))
        return tsk_write_refuse(x->w, "XML has no list in a list, which `%.*s` holds", (int)name.len, name.ptr);
    tsk_buf_char(out, '<');
    tsk_buf_slice(out, name);
    if (tsk_is_object(v)) {
        if (x->depth++ == DEEPEST) return false;
        bool done = object_element(x, name, v);
        x->depth--;
        return done;
    }
    if (tsk_is_null(v)) return tsk_buf_cstr(out, "/>"), true;
    tsk_buf_char(out, '>');
    if (!write_text(x, name, v, false)) return false;
    tsk_buf_cstr(out, "</");
    tsk_buf_slice(out, name);
    tsk_buf_char(out, '>');
    return true;
}

bool tsk_write_xml(tsk_writer *w, tsk_write_stack *stack __attribute__((unused)), tsk_value v) {
    xml x = {.w = w};
    tsk_slice name;
    if (!tsk_is_object(v) || tsk_write_count(v) != 1)
        return tsk_write_refuse(w, "an XML document has one element around everything: an object with one key");
    v = tsk_write_peek(w, v, 0, &name);
    if (tsk_is_array(v))
        return tsk_write_refuse(w, "the element around everything comes once, and `%.*s` is a list", (int)name.len,
                                name.ptr);
    tsk_buf_cstr(w->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if (!element(&x, name, v)) return false;
    tsk_buf_char(w->out, '\n');
    return true;
}
