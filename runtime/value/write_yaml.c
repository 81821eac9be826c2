/* YAML in block style, for readers of version 1.1 and 1.2 alike: a string stays plain only when neither of
 * them could take it for anything else; otherwise it is double-quoted on one line. */
#include "runtime/base/number.h"
#include "runtime/base/utf8.h"
#include "runtime/value/write_internal.h"

#include <math.h>
#include <strings.h>

#define INDENT 2
#define LONGEST_IMPLICIT_KEY 160 /* the limit is 1024 after escaping */

static bool is_ambiguous_word(tsk_slice s) {
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan"};
    for (size_t i = 0; i < TSK_COUNT(words); i++)
        if (strlen(words[i]) == s.len && strncasecmp(words[i], s.ptr, s.len) == 0) return true;
    return false;
}

/* Numbers, dates, times, versions: whatever starts like a number and has no letter that rules it out. */
static bool is_numberish(tsk_slice s) {
    if (!strchr("0123456789+-.", s.ptr[0])) return false;
    for (uint32_t i = 0; i < s.len; i++)
        if (!s.ptr[i] || !strchr("0123456789abcdefABCDEFxXoO_.:+-TtZz ,", s.ptr[i])) return false;
    return true;
}

static bool is_escaped(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 || code == 0xFEFF ||
           code == 0xFFFE || code == 0xFFFF;
}

static bool can_start_plain(char c) {
    char letter = (char)(c | 0x20);
    bool word = (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || (uint8_t)c >= 0x80;
    return word || (c && strchr("_/.$(+", c));
}

static bool is_plain(tsk_slice s) {
    if (!s.len || !can_start_plain(s.ptr[0]) || s.ptr[s.len - 1] == ' ') return false;
    for (const char *p = s.ptr, *end = p + s.len; p < end;) {
        uint32_t code;
        unsigned n = tsk_utf8_decode(p, end, &code);
        if (!n || is_escaped(code)) return false;
        if (code == ':' && (p + 1 == end || p[1] == ' ')) return false;
        if (code == '#' && p > s.ptr && p[-1] == ' ') return false;
        p += n;
    }
    return !is_ambiguous_word(s) && !is_numberish(s);
}

static void quoted(tsk_buf *out, tsk_slice s) {
    tsk_buf_char(out, '"');
    for (const char *p = s.ptr, *end = p + s.len; p < end;) {
        uint32_t code;
        char bytes[4];
        p += tsk_utf8_next(p, end, &code);
        if (code == '"' || code == '\\') {
            tsk_buf_char(out, '\\');
            tsk_buf_char(out, (char)code);
        } else if (code == '\n' || code == '\t' || code == '\r') {
            tsk_buf_cstr(out, code == '\n' ? "\\n" : code == '\t' ? "\\t" : "\\r");
        } else if (is_escaped(code)) {
            tsk_buf_printf(out, "\\u%04X", code);
        } else {
            tsk_buf_add(out, bytes, tsk_utf8_encode(bytes, code));
        }
    }
    tsk_buf_char(out, '"');
}

static void text(tsk_buf *out, tsk_slice s) {
    if (is_plain(s))
        tsk_buf_slice(out, s);
    else
        quoted(out, s);
}

/* Readers of version 1.1 want a point in every float, also before an exponent. */
static void floating(tsk_buf *out, double d) {
    char digits[32];
    if (!isfinite(d)) {
        tsk_buf_cstr(out, isnan(d) ? ".nan" : d < 0 ? "-.inf" : ".inf");
        return;
    }
    uint32_t len = tsk_number_format(digits, d);
    const char *exponent = memchr(digits, 'e', len);
    uint32_t mantissa = exponent ? (uint32_t)(exponent - digits) : len;
    tsk_buf_add(out, digits, mantissa);
    if (!memchr(digits, '.', mantissa)) tsk_buf_add(out, ".0", 2);
    tsk_buf_add(out, digits + mantissa, len - mantissa);
}

static void scalar(tsk_buf *out, tsk_value v) {
    switch (tsk_kind_of(v)) {
    case TSK_BOOL: tsk_buf_cstr(out, tsk_as_bool(v) ? "true" : "false"); break;
    case TSK_INT: tsk_write_int(out, tsk_as_int(v)); break;
    case TSK_DOUBLE: floating(out, tsk_as_double(v)); break;
    case TSK_STRING: text(out, tsk_as_slice(v)); break;
    case TSK_ARRAY: tsk_buf_cstr(out, "[]"); break;
    case TSK_OBJECT: tsk_buf_cstr(out, "{}"); break;
    default: tsk_buf_cstr(out, "null"); break;
    }
}

static void write_key(tsk_buf *out, tsk_slice key, size_t indent) {
    if (key.len <= LONGEST_IMPLICIT_KEY) {
        text(out, key);
    } else {
        tsk_buf_cstr(out, "? ");
        quoted(out, key);
        tsk_buf_char(out, '\n');
        tsk_write_indent(out, indent);
    }
    tsk_buf_char(out, ':');
}

/* The mark of a frame is the column of its items. */
bool tsk_write_yaml(tsk_writer *w, tsk_write_stack *stack, tsk_value v) {
    tsk_buf *out = w->out;
    bool after_dash = false; /* the first item of a container stands on the line of its dash */
    for (;;) {
        bool root = !stack->count;
        if (!tsk_write_count(v)) {
            if (!root) tsk_buf_char(out, ' ');
            scalar(out, v);
            tsk_buf_char(out, '\n');
            after_dash = false;
        } else {
            if (!tsk_write_push(stack, v, 0, root ? 0 : tsk_write_top(stack)->mark + INDENT)) return false;
            if (!root) tsk_buf_char(out, after_dash ? ' ' : '\n');
        }
        tsk_write_flush(w);
        while (stack->count && tsk_write_top(stack)->next == tsk_write_count(tsk_write_top(stack)->v)) stack->count--;
        if (!stack->count) return true;
        tsk_write_frame *top = tsk_write_top(stack);
        if (!after_dash) tsk_write_indent(out, top->mark);
        after_dash = tsk_is_array(top->v);
        size_t indent = top->mark;
        tsk_slice key;
        v = tsk_write_take(w, top, &key);
        if (after_dash)
            tsk_buf_char(out, '-');
        else
            write_key(out, key, indent);
    }
}
