/* encodeURIComponent and its kin: UTF-8 in percent signs. */
#include "runtime/builtins/global_functions.h"

/* What stands for itself in a URI: letters and digits anyway. */
static const char unescaped[] = "-_.!~*'()", reserved[] = ";/?:@&=+$,#";

static bool is_one_of(uint32_t c, const char *set) {
    return c && c < 128 && strchr(set, (int)c);
}

static bool is_word(uint32_t c) {
    return c - '0' < 10 || (c | 0x20) - 'a' < 26;
}

static void put_byte(tsk_js_builder *out, uint32_t byte) {
    static const char hex[] = "0123456789ABCDEF";
    char text[3] = {'%', hex[byte >> 4 & 15], hex[byte & 15]};
    tsk_js_builder_ascii(out, text, 3);
}

static void put_utf8(tsk_js_builder *out, uint32_t c) {
    if (c < 0x80) {
        put_byte(out, c);
        return;
    }
    if (c < 0x800) {
        put_byte(out, 0xC0 | c >> 6);
    } else {
        if (c < 0x10000) {
            put_byte(out, 0xE0 | c >> 12);
        } else {
            put_byte(out, 0xF0 | c >> 18);
            put_byte(out, 0x80 | (c >> 12 & 63));
        }
        put_byte(out, 0x80 | (c >> 6 & 63));
    }
    put_byte(out, 0x80 | (c & 63));
}

static tsk_value finish(tsk_js_builder *out) {
    tsk_js_string *s = tsk_js_builder_finish(out);
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

static tsk_value malformed(tsk_js *js) {
    return tsk_js_throw_error(js, TSK_JS_URI_ERROR, "URI malformed");
}

/* `plain`: what is kept beside letters, digits and the unreserved marks. */
static tsk_value encode(tsk_js *js, const tsk_js_args *a, const char *plain) {
    tsk_js_string *s = tsk_js_to_string(js, tsk_js_arg(a, 0));
    if (!s) return TSK_JS_THROWN;
    s = tsk_js_flat(js, s);
    tsk_js_builder out;
    tsk_js_builder_init(&out, js);
    for (uint32_t i = 0; i < s->length && !out.failed; i++) {
        uint32_t c = tsk_js_unit(s, i);
        if (is_word(c) || is_one_of(c, unescaped) || is_one_of(c, plain)) {
            tsk_js_builder_unit(&out, c);
            continue;
        }
        if ((c & 0xF800) == 0xD800) {
            uint32_t low = i + 1 < s->length ? tsk_js_unit(s, i + 1) : 0;
            if (c >= 0xDC00 || (low & 0xFC00) != 0xDC00) return malformed(js);
            c = 0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF);
            i++;
        }
        put_utf8(&out, c);
    }
    return finish(&out);
}

static int hex_digit(uint32_t c) {
    if (c - '0' < 10) return (int)(c - '0');
    c |= 0x20;
    return c - 'a' < 6 ? (int)(c - 'a' + 10) : -1;
}

/* %XX at this place; -1: it is not. */
static int read_byte(const tsk_js_string *s, uint32_t i) {
    if (i + 3 > s->length || tsk_js_unit(s, i) != '%') return -1;
    int high = hex_digit(tsk_js_unit(s, i + 1)), low = hex_digit(tsk_js_unit(s, i + 2));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* The character of the escapes at `*at`, which moves behind them; -1: malformed. */
static int64_t read_utf8(const tsk_js_string *s, uint32_t *at) {
    int first = read_byte(s, *at);
    if (first < 0) return -1;
    *at += 3;
    if (first < 0x80) return first;
    int more = first >= 0xF0 && first < 0xF8   ? 3
               : first >= 0xE0 && first < 0xF0 ? 2
               : first >= 0xC0 && first < 0xE0 ? 1
                                               : 0;
    if (!more) return -1;
    static const int32_t least[] = {0, 0x80, 0x800, 0x10000};
    int32_t c = first & (0x3F >> more);
    for (int i = 0; i < more; i++, *at += 3) {
        int next = read_byte(s, *at);
        if (next < 0 || (next & 0xC0) != 0x80) return -1;
        c = c << 6 | (next & 63);
    }
    return c < least[more] || c > 0x10FFFF || (c & ~0x7FF) == 0xD800 ? -1 : c;
}

static void put_character(tsk_js_builder *out, uint32_t c) {
    if (c < 0x10000) {
        tsk_js_builder_unit(out, c);
        return;
    }
    tsk_js_builder_unit(out, 0xD800 + ((c - 0x10000) >> 10));
    tsk_js_builder_unit(out, 0xDC00 + (c & 0x3FF));
}

/* `kept`: characters whose escapes stay. */
static tsk_value decode(tsk_js *js, const tsk_js_args *a, const char *kept) {
    tsk_js_string *s = tsk_js_to_string(js, tsk_js_arg(a, 0));
    if (!s) return TSK_JS_THROWN;
    s = tsk_js_flat(js, s);
    tsk_js_builder out;
    tsk_js_builder_init(&out, js);
    for (uint32_t i = 0; i < s->length && !out.failed;) {
        if (tsk_js_unit(s, i) != '%') {
            tsk_js_builder_unit(&out, tsk_js_unit(s, i++));
            continue;
        }
        uint32_t start = i;
        int64_t c = read_utf8(s, &i);
        if (c < 0) return malformed(js);
        if (is_one_of((uint32_t)c, kept))
            tsk_js_builder_slice(&out, s, start, i);
        else
            put_character(&out, (uint32_t)c);
    }
    return finish(&out);
}

tsk_value tsk_js_encode_uri_component(tsk_js *js, const tsk_js_args *a) {
    return encode(js, a, "");
}

tsk_value tsk_js_encode_uri(tsk_js *js, const tsk_js_args *a) {
    return encode(js, a, reserved);
}

tsk_value tsk_js_decode_uri_component(tsk_js *js, const tsk_js_args *a) {
    return decode(js, a, "");
}

tsk_value tsk_js_decode_uri(tsk_js *js, const tsk_js_args *a) {
    return decode(js, a, reserved);
}

/* ---- escape and unescape, of the annex ---- */

tsk_value tsk_js_escape(tsk_js *js, const tsk_js_args *a) {
    static const char hex[] = "0123456789ABCDEF";
    tsk_js_string *s = tsk_js_to_string(js, tsk_js_arg(a, 0));
    if (!s) return TSK_JS_THROWN;
    s = tsk_js_flat(js, s);
    tsk_js_builder out;
    tsk_js_builder_init(&out, js);
    for (uint32_t i = 0; i < s->length && !out.failed; i++) {
        uint32_t c = tsk_js_unit(s, i);
        if (is_word(c) || is_one_of(c, "@*_+-./")) {
            tsk_js_builder_unit(&out, c);
        } else if (c < 256) {
            put_byte(&out, c);
        } else {
            char text[6] = {'%', 'u', hex[c >> 12], hex[c >> 8 & 15], hex[c >> 4 & 15], hex[c & 15]};
            tsk_js_builder_ascii(&out, text, 6);
        }
    }
    return finish(&out);
}

/* %XX or %uXXXX at this place: the unit, and how long it is written; -1: neither. */
static int32_t read_escape(const tsk_js_string *s, uint32_t i, uint32_t *length) {
    bool wide = i + 6 <= s->length && tsk_js_unit(s, i + 1) == 'u';
    int32_t unit = 0;
    *length = wide ? 6 : 3;
    if (i + *length > s->length) return -1;
    for (uint32_t k = wide ? 2 : 1; k < *length; k++) {
        int digit = hex_digit(tsk_js_unit(s, i + k));
        if (digit < 0) return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

tsk_value tsk_js_unescape(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s = tsk_js_to_string(js, tsk_js_arg(a, 0));
    if (!s) return TSK_JS_THROWN;
    s = tsk_js_flat(js, s);
    tsk_js_builder out;
    tsk_js_builder_init(&out, js);
    for (uint32_t i = 0; i < s->length && !out.failed;) {
        uint32_t c = tsk_js_unit(s, i), length = 1;
        int32_t unit = c == '%' ? read_escape(s, i, &length) : -1;
        tsk_js_builder_unit(&out, unit < 0 ? c : (uint32_t)unit);
        i += unit < 0 ? 1 : length;
    }
    return finish(&out);
}
