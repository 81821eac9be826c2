/* Quick paths: values that are one plain literal.  Each looks, and takes only what it is sure of. */
#include "frontend/frontend.h"

#include "runtime/base/number.h"

#include <strings.h>

#define START (TSK_C_START | TSK_C_IDENT)
#define HEXDIGIT (TSK_C_IDENT | TSK_C_DIGIT | TSK_C_HEX)

const uint8_t tsk_char_class[256] = {
    ['a' ... 'f'] = START | TSK_C_HEX,
    ['g' ... 'z'] = START,
    ['A' ... 'F'] = START | TSK_C_HEX,
    ['G' ... 'Z'] = START,
    ['_'] = START,
    ['0' ... '9'] = HEXDIGIT,
    ['-'] = TSK_C_IDENT,
    [' '] = TSK_C_BLANK,
    ['\t'] = TSK_C_BLANK,
    ['\n'] = TSK_C_EOL,
    ['\r'] = TSK_C_EOL,
    [0] = TSK_C_EOL,
    [0x80 ... 0xFF] = START, /* letters of other scripts; the text is valid UTF-8 */
};

const char *tsk_scan_ident(const char *p) {
    return tsk_ident_end(p);
}

static const double powers_of_ten[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

static tsk_value make_range(tsk_parser *ps, int64_t min, int64_t max) {
    tsk_object *o = tsk_object_new(ps->arena, 4);
    tsk_object_put(ps->arena, o, "min", tsk_int(ps->arena, min));
    tsk_object_put(ps->arena, o, "max", tsk_int(ps->arena, max));
    tsk_object_put(ps->arena, o, "type", tsk_str_borrow(ps->arena, "range", 5));
    return tsk_from_object(o);
}

/* The number that n (up to 8) leading ASCII digits of a word stand for: pairs, then fours, then eights are joined. */
static inline uint64_t join_digits(uint64_t word, unsigned n) {
    if (n == 0) return 0;
    word = (word & 0x0F0F0F0F0F0F0F0Full) << (64 - 8 * n);
    word = (word * 10 + (word >> 8)) & 0x00FF00FF00FF00FFull;
    word = (word * 100 + (word >> 16)) & 0x0000FFFF0000FFFFull;
    return (word * 10000 + (word >> 32)) & 0xFFFFFFFFull;
}

/* How many of the 8 bytes, from the first, are digits. */
static inline unsigned count_digits(uint64_t word) {
    uint64_t high = (word & 0xF0F0F0F0F0F0F0F0ull) ^ 0x3030303030303030ull;
    uint64_t over = ((word & 0x0F0F0F0F0F0F0F0Full) + 0x0606060606060606ull) & 0xF0F0F0F0F0F0F0F0ull;
    uint64_t other = high | over;
    return other ? (unsigned)__builtin_ctzll(other) / 8 : 8;
}

/* Digits of at most 18 places; NULL when there are none or more. */
static inline const char *scan_digits(const char *p, int64_t *out) {
    uint64_t word = tsk_load64(p);
    unsigned n = count_digits(word);
    *out = (int64_t)join_digits(word, n);
    if (TSK_LIKELY(n < 8)) return n ? p + n : NULL;
    const char *from = p;
    for (p += 8; tsk_is(*p, TSK_C_DIGIT) && p - from < 18; p++) *out = *out * 10 + (*p - '0');
    return tsk_is(*p, TSK_C_DIGIT) ? NULL : p;
}

/* Decimal integers, short decimals, and ranges of two integers. */
bool tsk_quick_number(tsk_parser *ps, const char **cursor, tsk_value *out) {
    const char *p = *cursor;
    bool negative = *p == '-';
    int64_t whole, fraction;
    const char *digits = scan_digits(p + negative, &whole), *q = digits;
    if (!q) return false;
    if (TSK_LIKELY(!tsk_is(*q, TSK_C_IDENT) && *q != '.')) {
        if (negative && whole == 0) return false; /* -0 is a double */
        *out = tsk_int(ps->arena, negative ? -whole : whole);
        *cursor = q;
        return true;
    }
    if (*q == '-' && !negative) {
        const char *r = scan_digits(q + 1, &fraction);
        if (!r || tsk_is(*r, TSK_C_IDENT) || *r == '.') return false;
        *out = make_range(ps, whole, fraction);
        *cursor = r;
        return true;
    }
    if (*q != '.') return false;
    const char *point = q++;
    q = scan_digits(q, &fraction);
    if (!q || tsk_is(*q, TSK_C_IDENT) || *q == '.' || q - p > 16) return false;
    /* at most 15 digits: the integer and the power of ten are exact, so one division rounds right */
    int places = (int)(q - point - 1);
    double d = ((double)whole * powers_of_ten[places] + (double)fraction) / powers_of_ten[places];
    *out = tsk_from_double(negative ? -d : d);
    *cursor = q;
    return true;
}

bool tsk_quick_integer(tsk_parser *ps, const char **cursor, tsk_value *out) {
    int64_t n;
    const char *end = scan_digits(*cursor, &n);
    if (!end || tsk_is(*end, TSK_C_IDENT) || *end == '.') return false;
    *out = tsk_int(ps->arena, n);
    *cursor = end;
    return true;
}

void tsk_note_precision(tsk_parser *ps, const char *from, const char *to, tsk_value v) {
    if (!ps->fe->options.check || !tsk_is_double(v)) return;
    const char *p = from + (*from == '-');
    bool hex = *p == '0' && (p[1] | 0x20) == 'x';
    for (; p < to; p++)
        if (*p == '.' || (!hex && (*p | 0x20) == 'e')) return;
    tsk_diag *d = tsk_diags_add(&ps->graph->diags, TSK_WARNING, TSK_E_INTEGER_PRECISION, tsk_span_of(ps, from, to),
                                "the integer needs more than 64 bits and becomes a double");
    d->hint = "write it in quotes to keep all digits";
}

/* true, false, null and their kin; `whole`: the word is the whole value, so yes/no/on/off count too. */
bool tsk_quick_word(const char *start, uint32_t len, bool whole, tsk_value *out) {
#define WORD(a, b, c, d, e)                                                                                            \
    ((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 | (uint64_t)(d) << 24 | (uint64_t)(e) << 32)
    if (len < 2 || len > 5) {
        if (len != 9 || strncasecmp(start, "undefined", 9) != 0) return false;
        *out = TSK_VALUE_NULL;
        return true;
    }
    uint64_t word = 0;
    for (uint32_t i = 0; i < len; i++) word |= (uint64_t)(uint8_t)(start[i] | 0x20) << (8 * i);
    switch (word) {
    case WORD('t', 'r', 'u', 'e', 0): *out = TSK_VALUE_TRUE; return true;
    case WORD('f', 'a', 'l', 's', 'e'): *out = TSK_VALUE_FALSE; return true;
    case WORD('n', 'u', 'l', 'l', 0):
    case WORD('n', 'i', 'l', 0, 0): *out = TSK_VALUE_NULL; return true;
    case WORD('n', 'o', 'n', 'e', 0): *out = TSK_VALUE_NULL; return whole;
    case WORD('y', 'e', 's', 0, 0):
    case WORD('o', 'n', 0, 0, 0): *out = TSK_VALUE_TRUE; return whole;
    case WORD('n', 'o', 0, 0, 0):
    case WORD('o', 'f', 'f', 0, 0): *out = TSK_VALUE_FALSE; return whole;
    default: return false;
    }
#undef WORD
}

static bool quick_item(tsk_parser *ps, const char **p, tsk_value *out) {
    char c = **p;
    if (c == '"') return tsk_quick_string(ps, p, out);
    if (tsk_is(c, TSK_C_DIGIT) || c == '-') {
        const char *start = *p;
        if (!tsk_quick_number(ps, p, out)) return false;
        return memchr(start + 1, '-', (size_t)(*p - start - 1)) == NULL; /* no ranges in lists */
    }
    if (!tsk_is(c, TSK_C_START)) return false;
    const char *end = tsk_scan_ident(*p);
    if (!tsk_quick_word(*p, (uint32_t)(end - *p), false, out)) return false;
    *p = end;
    return true;
}

/* `[` ... `]` of plain literals, on one line or several. */
bool tsk_quick_array(tsk_parser *ps, tsk_value *out) {
    const char *p = ps->p + 1, *line = ps->line;
    tsk_value small[64], *items = small;
    uint32_t count = 0, cap = TSK_COUNT(small);
    for (;;) {
        while (tsk_is(*p, TSK_C_BLANK | TSK_C_EOL) && *p) {
            if (*p == '\n') line = p + 1;
            p++;
        }
        if (*p == ']') break;
        if (count == cap) {
            items = items == small ? memcpy(TSK_NEW_ARRAY(ps->arena, tsk_value, cap * 4), small, sizeof small)
                                   : tsk_arena_grow(ps->arena, items, cap * sizeof *items, cap * 4 * sizeof *items);
            cap *= 4;
        }
        if (!quick_item(ps, &p, &items[count])) return false;
        count++;
        while (tsk_is_blank(*p)) p++;
        if (*p == ',')
            p++;
        else if (*p != ']' && *p != '\n' && *p != '\r')
            return false;
    }
    tsk_array *array = tsk_array_new(ps->arena, items == small ? count : 0);
    if (items == small) {
        if (count) memcpy(array->items, small, count * sizeof *items);
    } else {
        array->items = items;
        array->cap = cap;
    }
    array->count = count;
    *out = tsk_from_array(array);
    ps->p = p + 1;
    ps->line = line;
    return true;
}
