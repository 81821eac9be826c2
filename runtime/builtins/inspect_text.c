/* Inspection: primitives and names of properties. */
#include "runtime/base/utf8.h"
#include "runtime/builtins/inspect.h"
#include "runtime/js/number_text.h"

#include <math.h>

enum { WIDTH = 80, MAX_TEXT = 10000, SHORT_TEXT = 16 };

const char *tsk_js_inspect_utf8(tsk_js_inspector *in, tsk_js_string *s) {
    tsk_buf b;
    tsk_buf_init(&b, in->arena);
    tsk_js_string_to_utf8(in->js, s, &b, true);
    tsk_buf_char(&b, 0);
    return b.ptr;
}

/* Columns of a terminal. */
unsigned tsk_js_inspect_columns(const char *text) {
    return (unsigned)tsk_utf8_columns(text, strlen(text));
}

static bool has_unit(const tsk_js_string *s, uint32_t unit) {
    for (uint32_t i = 0; i < s->length; i++)
        if (tsk_js_unit(s, i) == unit) return true;
    return false;
}

static bool needs_escape(const tsk_js_string *s, uint32_t i, char quote) {
    uint32_t c = tsk_js_unit(s, i);
    if (c < ' ' || c == '\\' || c == (uint8_t)quote || (c >= 0x7F && c <= 0x9F)) return true;
    if ((c & 0xF800) != 0xD800) return false;
    if (c < 0xDC00) return i + 1 >= s->length || (tsk_js_unit(s, i + 1) & 0xFC00) != 0xDC00;
    return i == 0 || (tsk_js_unit(s, i - 1) & 0xFC00) != 0xD800;
}

static void put_escape(tsk_buf *b, uint32_t c) {
    static const char from[] = "\b\t\n\f\r\\'\"`", to[] = "btnfr\\'\"`";
    const char *found = c && c < 128 ? strchr(from, (int)c) : NULL;
    if (found)
        tsk_buf_printf(b, "\\%c", to[found - from]);
    else
        tsk_buf_printf(b, c < 256 ? "\\x%02X" : "\\u%04x", c);
}

/* Units from `from` to `end` in quotes. */
static void put_quoted(tsk_js_inspector *in, tsk_js_string *s, uint32_t from, uint32_t end, tsk_buf *b) {
    char quote = !has_unit(s, '\'') ? '\'' : !has_unit(s, '"') ? '"' : !has_unit(s, '`') ? '`' : '\'';
    tsk_buf_char(b, quote);
    for (uint32_t i = from; i < end; i++) {
        uint32_t start = i;
        while (i < end && !needs_escape(s, i, quote)) i++;
        tsk_js_string *plain = start < i ? tsk_js_substring(in->js, s, start, i) : NULL;
        if (plain) tsk_js_string_to_utf8(in->js, plain, b, true);
        if (i < end) put_escape(b, tsk_js_unit(s, i));
    }
    tsk_buf_char(b, quote);
}

const char *tsk_js_inspect_quoted(tsk_js_inspector *in, tsk_js_string *s) {
    uint32_t left_out = s->length > MAX_TEXT ? s->length - MAX_TEXT : 0;
    if (left_out) s = tsk_js_substring(in->js, s, 0, MAX_TEXT);
    if (!s) return "''";
    s = tsk_js_flat(in->js, s);
    tsk_buf b;
    tsk_buf_init(&b, in->arena);
    bool lines = s->length > SHORT_TEXT && s->length + in->indent + 4 > WIDTH; /* one literal a line */
    uint32_t start = 0;
    for (uint32_t i = 0; lines && i + 1 < s->length; i++) {
        if (tsk_js_unit(s, i) != '\n') continue;
        tsk_js_string *line = tsk_js_substring(in->js, s, start, i + 1);
        if (line) put_quoted(in, tsk_js_flat(in->js, line), 0, line->length, &b);
        tsk_buf_printf(&b, " +\n%*s", (int)in->indent, "");
        start = i + 1;
    }
    tsk_js_string *rest = start ? tsk_js_substring(in->js, s, start, s->length) : s;
    if (rest) put_quoted(in, tsk_js_flat(in->js, rest), 0, rest->length, &b);
    if (left_out) tsk_buf_printf(&b, "... %u more character%s", left_out, left_out > 1 ? "s" : "");
    tsk_buf_char(&b, 0);
    return b.ptr;
}

static const char *symbol_text(tsk_js_inspector *in, const tsk_js_symbol *s) {
    return tsk_arena_printf(in->arena, "Symbol(%s)", s->description ? tsk_js_inspect_utf8(in, s->description) : "");
}

const char *tsk_js_inspect_primitive(tsk_js_inspector *in, tsk_value v) {
    if (tsk_js_is_string(v)) return tsk_js_inspect_quoted(in, tsk_js_as_string(v));
    if (tsk_js_is_symbol(v)) return symbol_text(in, tsk_js_as_symbol(v));
    if (tsk_js_is_number(v)) {
        char text[TSK_JS_NUMBER_ROOM];
        double d = tsk_js_as_number(v);
        if (d == 0 && signbit(d)) return "-0";
        size_t n = tsk_js_number_to_text(d, text);
        return tsk_arena_strdup(in->arena, text, n);
    }
    if (tsk_is_bool(v)) return tsk_as_bool(v) ? "true" : "false";
    return tsk_js_is_undefined(v) ? "undefined" : "null";
}

/* The name of a property, in quotes when it is no identifier. */
const char *tsk_js_inspect_key(tsk_js_inspector *in, tsk_value key, bool enumerable) {
    if (tsk_js_is_symbol(key)) return tsk_arena_printf(in->arena, "[%s]", symbol_text(in, tsk_js_as_symbol(key)));
    const char *text = tsk_js_inspect_utf8(in, tsk_js_as_string(key));
    if (!enumerable) return tsk_arena_printf(in->arena, "[%s]", text);
    bool plain = *text && (*text - '0' > 9 || *text < '0');
    for (const char *p = text; *p; p++) {
        char c = (char)(*p | 0x20);
        plain &= (c >= 'a' && c <= 'z') || (*p >= '0' && *p <= '9') || *p == '_';
    }
    if (strcmp(text, "__proto__") == 0) return "['__proto__']";
    return plain ? text : tsk_js_inspect_quoted(in, tsk_js_as_string(key));
}
