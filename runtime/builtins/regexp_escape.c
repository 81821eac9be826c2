/* RegExp.escape: a text as the pattern that matches it, in every place of a pattern and with any flags. */
#include "runtime/builtins/regexp.h"
#include "runtime/js/number_text.h"

#include <stdio.h>

static void hex(tsk_js_builder *b, char letter, uint32_t value, int digits) {
    char text[8];
    int n = snprintf(text, sizeof text, "\\%c%0*x", letter, digits, value);
    tsk_js_builder_ascii(b, text, (size_t)n);
}

static void escape_ascii(tsk_js_builder *b, uint32_t c) {
    static const char controls[] = "tnvfr"; /* from 9 on */
    bool syntax = c && strchr("^$\\.*+?()[]{}|/", (int)c), control = c >= '\t' && c <= '\r';
    if (c && strchr(",-=<>#&!%:;@~'`\" ", (int)c)) {
        hex(b, 'x', c, 2);
        return;
    }
    if (syntax || control) tsk_js_builder_unit(b, '\\');
    tsk_js_builder_unit(b, control ? (uint8_t)controls[c - '\t'] : c);
}

/* The unit at `i` is half of a pair in the text. */
static bool in_pair(tsk_js_string *s, uint32_t i) {
    uint32_t c = tsk_js_unit(s, i);
    if ((c & 0xFC00) == 0xD800) return i + 1 < s->length && (tsk_js_unit(s, i + 1) & 0xFC00) == 0xDC00;
    return i && (tsk_js_unit(s, i - 1) & 0xFC00) == 0xD800;
}

tsk_value tsk_js_regexp_escape(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = tsk_js_arg(a, 0);
    if (!tsk_js_is_string(v)) return tsk_js_throw_type(js, "%s is not a string", tsk_js_describe(js, v));
    tsk_js_string *s = tsk_js_flat(js, tsk_js_as_string(v));
    tsk_js_builder b;
    tsk_js_builder_init(&b, js);
    for (uint32_t i = 0; i < s->length && !b.failed; i++) {
        uint32_t c = tsk_js_unit(s, i), letter = c | 32;
        bool surrogate = (c & 0xF800) == 0xD800;
        if (!i && (c - '0' < 10 || letter - 'a' < 26)) /* what stands before must not take it: \0, \c, \x ... */
            hex(&b, 'x', c, 2);
        else if (c < 128)
            escape_ascii(&b, c);
        else if (tsk_js_is_space(c) || (surrogate && !in_pair(s, i)))
            hex(&b, c < 256 ? 'x' : 'u', c, c < 256 ? 2 : 4);
        else
            tsk_js_builder_unit(&b, c);
    }
    tsk_js_string *text = tsk_js_builder_finish(&b);
    return text ? tsk_js_from_string(text) : TSK_JS_THROWN;
}
