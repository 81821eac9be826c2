/* Letter case: the simple mappings of the scripts that have case, from a table of ranges, and what is made of them. */
#include "runtime/operators/text.h"

#include "runtime/base/utf8.h"

/* Small letters first..last map to capitals by adding `delta`; with step 2 only every other one is small. */
static const struct {
    uint16_t first, last;
    int16_t delta;
    uint16_t step;
} ranges[] = {
    {'a', 'z', -32, 1},       {0xE0, 0xF6, -32, 1},   {0xF8, 0xFE, -32, 1},    {0xFF, 0xFF, 0x79, 1},
    {0x101, 0x12F, -1, 2},    {0x133, 0x137, -1, 2},  {0x13A, 0x148, -1, 2},   {0x14B, 0x177, -1, 2},
    {0x17A, 0x17E, -1, 2},    {0x1CE, 0x1DC, -1, 2},  {0x1DF, 0x1EF, -1, 2},   {0x1F9, 0x21F, -1, 2},
    {0x223, 0x233, -1, 2},    {0x3AC, 0x3AC, -38, 1}, {0x3AD, 0x3AF, -37, 1},  {0x3B1, 0x3C1, -32, 1},
    {0x3C3, 0x3CB, -32, 1},   {0x3CC, 0x3CC, -64, 1}, {0x3CD, 0x3CE, -63, 1},  {0x430, 0x44F, -32, 1},
    {0x450, 0x45F, -80, 1},   {0x461, 0x481, -1, 2},  {0x48B, 0x4BF, -1, 2},   {0x4C2, 0x4CE, -1, 2},
    {0x4D1, 0x52F, -1, 2},    {0x561, 0x586, -48, 1}, {0x1E01, 0x1E95, -1, 2}, {0x1EA1, 0x1EFF, -1, 2},
    {0xFF41, 0xFF5A, -32, 1},
};

uint32_t tsk_case_upper(uint32_t code) {
    if (code < 0x80) return code - 'a' < 26u ? code - 32 : code;
    if (code == 0x3C2) return 0x3A3; /* final sigma */
    for (size_t i = 1; i < TSK_COUNT(ranges); i++)
        if (code >= ranges[i].first && code <= ranges[i].last && (code - ranges[i].first) % ranges[i].step == 0)
            return (uint32_t)((int32_t)code + ranges[i].delta);
    return code;
}

uint32_t tsk_case_lower(uint32_t code) {
    if (code < 0x80) return code - 'A' < 26u ? code + 32 : code;
    for (size_t i = 1; i < TSK_COUNT(ranges); i++) {
        uint32_t small = (uint32_t)((int32_t)code - ranges[i].delta);
        if (small >= ranges[i].first && small <= ranges[i].last && (small - ranges[i].first) % ranges[i].step == 0)
            return small;
    }
    return code;
}

bool tsk_case_is_letter(uint32_t code) {
    if (code < 0x80) return (code | 32) - 'a' < 26u;
    return code >= 0xC0 && code != 0xD7 && code != 0xF7 && !(code >= 0x2000 && code <= 0x2BFF) &&
           !(code >= 0x3000 && code <= 0x303F) && !(code >= 0xFE00 && code <= 0xFE6F) && code < 0x1F000;
}

void tsk_buf_code(tsk_buf *out, uint32_t code) {
    char bytes[4];
    tsk_buf_add(out, bytes, tsk_utf8_encode(bytes, code));
}

typedef enum letter_case { CASE_UPPER, CASE_LOWER, CASE_TITLE, CASE_CAPITALIZE } letter_case;

static void convert(tsk_buf *out, tsk_slice s, letter_case wanted) {
    const char *p = s.ptr, *end = p + s.len;
    bool start = true; /* of a word, or of the text */
    while (p < end) {
        uint32_t code;
        unsigned n = tsk_utf8_decode(p, end, &code);
        if (!n) { /* a stray byte stays as it is */
            tsk_buf_char(out, *p++);
            continue;
        }
        p += n;
        bool upper = wanted == CASE_UPPER || (wanted != CASE_LOWER && start);
        if (upper && code == 0xDF)
            tsk_buf_cstr(out, wanted == CASE_UPPER ? "SS" : "Ss");
        else
            tsk_buf_code(out, upper ? tsk_case_upper(code) : wanted == CASE_CAPITALIZE ? code : tsk_case_lower(code));
        start = wanted == CASE_TITLE && !tsk_case_is_letter(code) && code != '\'' && code != 0x2019 &&
                !(code >= '0' && code <= '9');
    }
}

static bool convert_argument(const tsk_call *call, letter_case wanted, tsk_value *out) {
    tsk_slice s;
    tsk_buf text;
    if (!tsk_arg_text(call, 0, &s)) return false;
    tsk_buf_init(&text, call->cx->heap);
    tsk_buf_reserve(&text, s.len);
    convert(&text, s, wanted);
    *out = tsk_str_take(&text);
    return true;
}

TSK_OPERATOR(upper) {
    TSK_CALL("upper");
    return convert_argument(&call, CASE_UPPER, out);
}

TSK_OPERATOR(lower) {
    TSK_CALL("lower");
    return convert_argument(&call, CASE_LOWER, out);
}

TSK_OPERATOR(title) {
    TSK_CALL("title");
    return convert_argument(&call, CASE_TITLE, out);
}

TSK_OPERATOR(capitalize) {
    TSK_CALL("capitalize");
    return convert_argument(&call, CASE_CAPITALIZE, out);
}

/* ---- names: snake_case, kebab-case, camelCase ---- */

/* Words are parted by anything but letters and digits, and where a small letter meets a capital. */
static void join_words(tsk_buf *out, tsk_slice s, char separator) {
    const char *p = s.ptr, *end = p + s.len;
    bool in_word = false, before_small = false, first = true;
    while (p < end) {
        uint32_t code, following = 0;
        p += tsk_utf8_next(p, end, &code);
        bool digit = code >= '0' && code <= '9', word = digit || tsk_case_is_letter(code);
        if (!word) {
            in_word = before_small = false;
            continue;
        }
        bool capital = !digit && tsk_case_lower(code) != code;
        if (p < end) tsk_utf8_next(p, end, &following);
        bool next_small = following && tsk_case_upper(following) != following;
        bool begins = !in_word || (capital && (before_small || next_small));
        if (begins && !first && separator) tsk_buf_char(out, separator);
        tsk_buf_code(out, begins && !first && !separator ? tsk_case_upper(code) : tsk_case_lower(code));
        in_word = true;
        first = false;
        before_small = !capital;
    }
}

static bool rejoin(const tsk_call *call, char separator, tsk_value *out) {
    tsk_slice s;
    tsk_buf text;
    if (!tsk_arg_text(call, 0, &s)) return false;
    tsk_buf_init(&text, call->cx->heap);
    join_words(&text, s, separator);
    *out = tsk_str_take(&text);
    return true;
}

TSK_OPERATOR(snake_case) {
    TSK_CALL("snake_case");
    return rejoin(&call, '_', out);
}

TSK_OPERATOR(kebab_case) {
    TSK_CALL("kebab_case");
    return rejoin(&call, '-', out);
}

TSK_OPERATOR(camel_case) {
    TSK_CALL("camel_case");
    return rejoin(&call, 0, out);
}

/* Base letters of U+00C0 to U+017F; '?' has none. */
static const char folded[] =
    "AAAAAAACEEEEIIIIDNOOOOO?OUUUUYTsaaaaaaaceeeeiiiidnooooo?ouuuuytyAaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGg"
    "HhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
_Static_assert(sizeof folded - 1 == 0x180 - 0xC0, "one base letter for each of Latin-1 and Latin Extended-A");

static void slug(tsk_buf *out, tsk_slice s, tsk_slice separator) {
    const char *p = s.ptr, *end = p + s.len;
    bool pending = false;
    while (p < end) {
        uint32_t code;
        p += tsk_utf8_next(p, end, &code);
        if (code >= 0xC0 && code < 0x180) code = (uint32_t)folded[code - 0xC0];
        code = tsk_case_lower(code);
        if (code == '\'' || code == 0x2019) continue; /* don't: dont */
        if (!(code >= '0' && code <= '9') && !(code < 0x80 && tsk_case_is_letter(code))) {
            pending = true;
            continue;
        }
        if (pending && out->len) tsk_buf_slice(out, separator);
        pending = false;
        tsk_buf_char(out, (char)code);
    }
}

TSK_OPERATOR(slug) {
    TSK_CALL("slug");
    tsk_slice s, separator;
    tsk_buf text;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_text_or(&call, 1, TSK_SLICE("-"), &separator)) return false;
    tsk_buf_init(&text, cx->heap);
    slug(&text, s, separator);
    *out = tsk_str_take(&text);
    return true;
}

TSK_OPERATOR(equals_ignore_case) {
    TSK_CALL("equals_ignore_case");
    tsk_slice a, b;
    if (!tsk_arg_text(&call, 0, &a) || !tsk_arg_text(&call, 1, &b)) return false;
    const char *p = a.ptr, *p_end = p + a.len, *q = b.ptr, *q_end = q + b.len;
    bool same = true;
    while (same && p < p_end && q < q_end) {
        uint32_t x, y;
        p += tsk_utf8_next(p, p_end, &x);
        q += tsk_utf8_next(q, q_end, &y);
        same = tsk_case_lower(x) == tsk_case_lower(y);
    }
    *out = tsk_from_bool(same && p == p_end && q == q_end);
    return true;
}
