/* String: case, order, normal forms, surrogates. */
#include "runtime/builtins/string.h"

#include "runtime/js/case.h"
#include "runtime/js/collation.h"
#include "runtime/js/normal.h"

static tsk_value string_or_thrown(const tsk_js_string *s) {
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

/* ---- case ---- */

static uint32_t code_at(const tsk_js_string *s, uint32_t *i) {
    uint32_t unit = tsk_js_unit(s, (*i)++);
    if (unit >> 10 != 0x36 || *i >= s->length) return unit;
    uint32_t low = tsk_js_unit(s, *i);
    if (low >> 10 != 0x37) return unit;
    ++*i;
    return 0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF));
}

static uint32_t code_before(const tsk_js_string *s, uint32_t *i) {
    uint32_t unit = tsk_js_unit(s, --*i);
    if (unit >> 10 != 0x37 || !*i) return unit;
    uint32_t high = tsk_js_unit(s, *i - 1);
    if (high >> 10 != 0x36) return unit;
    --*i;
    return 0x10000 + ((high & 0x3FF) << 10 | (unit & 0x3FF));
}

/* A capital sigma at `at` ends a word: a letter before it, none behind. */
static bool is_final_sigma(const tsk_js_string *s, uint32_t at) {
    uint32_t i = at, code = 0;
    while (i > 0 && tsk_js_is_case_ignorable(code = code_before(s, &i))) code = 0;
    if (!code || !tsk_js_is_cased(code)) return false;
    for (i = at + 1; i < s->length;) {
        code = code_at(s, &i);
        if (!tsk_js_is_case_ignorable(code)) return !tsk_js_is_cased(code);
    }
    return true;
}

static void add_code(tsk_js_builder *text, uint32_t code) {
    if (code > 0xFFFF) {
        tsk_js_builder_unit(text, 0xD7C0 + (code >> 10));
        code = 0xDC00 | (code & 0x3FF);
    }
    tsk_js_builder_unit(text, code);
}

/* The first unit that changes, or the length. */
static uint32_t unchanged(const tsk_js_string *s, bool upper) {
    uint32_t i = 0;
    for (; i < s->length; i++) {
        uint32_t unit = tsk_js_unit(s, i);
        if (unit >= 0x80 || (upper ? unit >= 'a' && unit <= 'z' : unit >= 'A' && unit <= 'Z')) break;
    }
    return i;
}

/* A one-byte text of characters that become one of their kind: for small letters all, for capitals those below 0x80.
 * NULL: it is none, or (with an exception) thrown. */
static tsk_js_string *change_narrow(tsk_js *js, const tsk_js_string *s, bool upper) {
    const uint8_t *from = s->chars;
    uint8_t all = 0;
    if (tsk_js_is_wide(s)) return NULL;
    for (uint32_t i = 0; i < s->length; i++) all |= from[i];
    if (upper && all & 0x80) return NULL;
    tsk_js_string *made = tsk_js_string_new(js, s->length, false);
    if (!made) return NULL;
    uint8_t *to = (uint8_t *)(uintptr_t)made->chars;
    from = s->chars;
    if (!(all & 0x80)) {
        uint8_t first = upper ? 'a' : 'A';
        for (uint32_t i = 0; i < s->length; i++) to[i] = (uint8_t)(from[i] ^ ((uint8_t)(from[i] - first) < 26) << 5);
        return made;
    }
    for (uint32_t i = 0; i < s->length; i++) {
        uint8_t unit = from[i];
        bool capital = (uint8_t)(unit - 'A') < 26 || ((uint8_t)(unit - 0xC0) < 0x1F && unit != 0xD7);
        to[i] = (uint8_t)(unit | capital << 5);
    }
    return made;
}

tsk_value tsk_js_string_change_case_method(tsk_js *js, const tsk_js_args *a) {
    enum { SIGMA = 0x3A3, FINAL_SIGMA = 0x3C2 };
    bool upper = tsk_js_callee_data(a);
    tsk_js_string *s = tsk_js_string_this(js, a, upper ? "toUpperCase" : "toLowerCase");
    if (!s) return TSK_JS_THROWN;
    s = tsk_js_flat(js, s);
    tsk_js_read(js, s->length);
    uint32_t start = unchanged(s, upper);
    if (start == s->length) return tsk_js_from_string(s);
    const tsk_js_string *narrow = change_narrow(js, s, upper);
    if (narrow || tsk_js_has_exception(js)) return string_or_thrown(narrow);
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    tsk_js_builder_slice(&text, s, 0, start);
    for (uint32_t i = start; i < s->length && !text.failed;) {
        uint32_t at = i, out[3];
        uint32_t code = code_at(s, &i);
        unsigned n = tsk_js_case(code, upper, out);
        if (code == SIGMA && !upper && is_final_sigma(s, at)) out[0] = FINAL_SIGMA;
        for (unsigned k = 0; k < n; k++) add_code(&text, out[k]);
    }
    return string_or_thrown(tsk_js_builder_finish(&text));
}

/* ---- order, forms ---- */

tsk_value tsk_js_string_locale_compare_method(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s = tsk_js_string_this(js, a, "localeCompare");
    tsk_js_string *other = s ? tsk_js_to_string(js, tsk_js_arg(a, 0)) : NULL;
    if (!other) return TSK_JS_THROWN;
    tsk_js_scratch mark = tsk_js_scratch_begin(js);
    s = tsk_js_normalize(js, tsk_js_flat(js, s), TSK_JS_NFD);
    other = s ? tsk_js_normalize(js, tsk_js_flat(js, other), TSK_JS_NFD) : NULL;
    tsk_js_scratch_end(js, mark);
    return other ? tsk_from_i32(tsk_js_collate(s, other)) : TSK_JS_THROWN;
}

tsk_value tsk_js_string_normalize_method(tsk_js *js, const tsk_js_args *a) {
    static const char *const forms[] = {"NFC", "NFD", "NFKC", "NFKD"}; /* in the order of tsk_js_form */
    tsk_js_string *s = tsk_js_string_this(js, a, "normalize");
    unsigned form = TSK_JS_NFC;
    if (!s) return TSK_JS_THROWN;
    if (!tsk_js_is_undefined(tsk_js_arg(a, 0))) {
        tsk_js_string *name = tsk_js_to_string(js, a->values[0]);
        if (!name) return TSK_JS_THROWN;
        while (form < TSK_COUNT_OF(forms) && !tsk_js_string_is(js, name, forms[form])) form++;
        if (form == TSK_COUNT_OF(forms))
            return tsk_js_throw_range(js, "The normalization form should be one of NFC, NFD, NFKC, NFKD.");
    }
    tsk_js_scratch mark = tsk_js_scratch_begin(js);
    const tsk_js_string *result = tsk_js_normalize(js, tsk_js_flat(js, s), (tsk_js_form)form);
    tsk_js_scratch_end(js, mark);
    return string_or_thrown(result);
}

/* ---- surrogates ---- */

/* isWellFormed, or with data toWellFormed. */
tsk_value tsk_js_string_well_formed_method(tsk_js *js, const tsk_js_args *a) {
    bool repair = tsk_js_callee_data(a);
    tsk_js_string *s = tsk_js_string_this(js, a, repair ? "toWellFormed" : "isWellFormed");
    if (!s) return TSK_JS_THROWN;
    if (!tsk_js_is_wide(s)) return repair ? tsk_js_from_string(s) : TSK_VALUE_TRUE;
    s = tsk_js_flat(js, s);
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    for (uint32_t i = 0; i < s->length && !text.failed;) {
        uint32_t code = code_at(s, &i);
        bool lone = code >> 11 == 0x1B;
        if (lone && !repair) return TSK_VALUE_FALSE;
        add_code(&text, lone ? 0xFFFD : code);
    }
    return repair ? string_or_thrown(tsk_js_builder_finish(&text)) : TSK_VALUE_TRUE;
}
