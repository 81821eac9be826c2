/* Strings: making flat ones, slices, comparing, searching, and the passage from and to UTF-8. */
#include "runtime/js/string.h"

#include "runtime/base/mutation.h"
#include "runtime/base/utf8.h"
#include "runtime/js/object.h"
#include "runtime/js/realm.h"

/* ---- making ---- */

tsk_js_string *tsk_js_string_try(tsk_js *js, size_t length, bool wide) {
    enum { SMALL = 4096 };
    if (length > TSK_JS_MAX_LENGTH) return NULL;
    size_t size = offsetof(tsk_js_string, data) + (length << wide);
    tsk_js_string *s = TSK_LIKELY(size <= SMALL) ? tsk_heap_alloc(js->heap, size, TSK_JS_KIND_STRING)
                                                 : tsk_heap_try_alloc(js->heap, size, TSK_JS_KIND_STRING);
    if (!s) return NULL;
    s->cell.flags = wide ? TSK_JS_WIDE : 0;
    s->length = (uint32_t)length;
    s->chars = s->data;
    return s;
}

tsk_js_string *tsk_js_string_new(tsk_js *js, size_t length, bool wide) {
    tsk_js_string *s = tsk_js_string_try(js, length, wide);
    if (TSK_LIKELY(s != NULL)) return s;
    tsk_js_throw_range(js, length > TSK_JS_MAX_LENGTH ? "Invalid string length" : "Out of memory");
    return NULL;
}

tsk_js_string *tsk_js_string_latin1(tsk_js *js, const char *units, size_t length) {
    if (!length) return tsk_js_atoms.empty;
    if (length == 1) return tsk_js_char_string(js, (uint8_t)units[0]);
    tsk_js_string *s = tsk_js_string_new(js, length, false);
    if (s) memcpy(s->data, units, length);
    return s;
}

tsk_js_string *tsk_js_string_cstr(tsk_js *js, const char *ascii) {
    return tsk_js_string_latin1(js, ascii, strlen(ascii));
}

static bool fits_narrow(const uint16_t *units, size_t length) {
    uint16_t all = 0;
    for (size_t i = 0; i < length; i++) all |= units[i];
    return all < 256;
}

tsk_js_string *tsk_js_string_utf16(tsk_js *js, const uint16_t *units, size_t length) {
    if (length <= 1) return length ? tsk_js_char_string(js, units[0]) : tsk_js_atoms.empty;
    bool wide = !fits_narrow(units, length);
    tsk_js_string *s = tsk_js_string_new(js, length, wide);
    if (!s) return NULL;
    if (wide) {
        memcpy(s->data, units, length * sizeof *units);
    } else {
        for (size_t i = 0; i < length; i++) s->data[i] = (char)units[i];
    }
    return s;
}

/* ---- UTF-8 ---- */

/* One step in WTF-8, where a surrogate is three bytes like any other unit. */
static unsigned decode(const char *at, const char *end, uint32_t *code) {
    const unsigned char *p = (const unsigned char *)at;
    if (end - at >= 3 && p[0] == 0xED && p[1] >= 0xA0) {
        *code = (uint32_t)(0xD000 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F));
        return 3;
    }
    return tsk_utf8_next(at, end, code);
}

size_t tsk_js_decode_utf8(const char *text, size_t len, bool wide, void *units) {
    uint8_t *narrow = units;
    uint16_t *out = units;
    size_t n = 0;
    for (const char *at = text, *end = text + len; at < end;) {
        uint32_t code;
        at += decode(at, end, &code);
        if (code > 0xFFFF) {
            if (units) {
                out[n] = (uint16_t)(0xD7C0 + (code >> 10));
                out[n + 1] = (uint16_t)(0xDC00 | (code & 0x3FF));
            }
            n += 2;
            continue;
        }
        if (units && wide)
            out[n] = (uint16_t)code;
        else if (units)
            narrow[n] = (uint8_t)code;
        n++;
    }
    return n;
}

tsk_js_string *tsk_js_string_utf8(tsk_js *js, const char *text, size_t len) {
    if (tsk_utf8_ascii_prefix(text, len) == len) return tsk_js_string_latin1(js, text, len);
    bool wide = false;
    for (const char *at = text, *end = text + len; at < end && !wide;) {
        uint32_t code;
        at += decode(at, end, &code);
        wide = code > 0xFF;
    }
    tsk_js_string *s = tsk_js_string_new(js, tsk_js_decode_utf8(text, len, wide, NULL), wide);
    if (s) tsk_js_decode_utf8(text, len, wide, s->data);
    return s;
}

static void add_unit(tsk_buf *out, uint32_t unit, bool strict) {
    if (strict) unit = TSK_UTF8_REPLACEMENT;
    char bytes[] = {(char)(0xE0 | unit >> 12), (char)(0x80 | (unit >> 6 & 0x3F)), (char)(0x80 | (unit & 0x3F))};
    tsk_buf_add(out, bytes, 3);
}

void tsk_js_string_to_utf8(tsk_js *js, tsk_js_string *s, tsk_buf *out, bool strict) {
    s = tsk_js_flat(js, s);
    if (!tsk_js_is_wide(s)) {
        size_t ascii = tsk_utf8_ascii_prefix(s->chars, s->length);
        tsk_buf_add(out, s->chars, ascii);
        for (size_t i = ascii; i < s->length; i++) {
            char bytes[4];
            tsk_buf_add(out, bytes, tsk_utf8_encode(bytes, ((const uint8_t *)s->chars)[i]));
        }
        return;
    }
    const uint16_t *units = s->chars;
    for (uint32_t i = 0; i < s->length; i++) {
        uint32_t unit = units[i];
        bool pair = unit >> 10 == 0x36 && i + 1 < s->length && units[i + 1] >> 10 == 0x37;
        char bytes[4];
        if (pair)
            tsk_buf_add(out, bytes, tsk_utf8_encode(bytes, 0x10000 + ((unit & 0x3FF) << 10 | (units[++i] & 0x3FF))));
        else if (unit >> 11 == 0x1B)
            add_unit(out, unit, strict);
        else
            tsk_buf_add(out, bytes, tsk_utf8_encode(bytes, unit));
    }
}

/* ---- one unit ---- */

tsk_js_string *tsk_js_char_strings[256];

bool tsk_js_make_char_strings(void) {
    for (uint32_t unit = 0; unit < 256; unit++) {
        char text[4];
        tsk_js_char_strings[unit] = tsk_js_atom_utf8(text, tsk_utf8_encode(text, unit));
        if (!tsk_js_char_strings[unit]) return false;
    }
    return true;
}

tsk_js_string *tsk_js_char_string(tsk_js *js, uint32_t unit) {
    if (TSK_LIKELY(unit < 256)) return tsk_js_char_strings[unit];
    tsk_js_string *s = tsk_js_string_new(js, 1, true);
    if (s) *(uint16_t *)(void *)s->data = (uint16_t)unit;
    return s;
}

/* ---- parts ---- */

tsk_js_string *tsk_js_substring(tsk_js *js, tsk_js_string *s, uint32_t from, uint32_t to) {
    enum { COPIED = 24 };
    uint32_t length = to - from;
    if (!length) return tsk_js_atoms.empty;
    if (length == s->length) return s;
    s = tsk_js_flat(js, s);
    if (length == 1) return tsk_js_char_string(js, tsk_js_unit(s, from));
    bool wide = tsk_js_is_wide(s);
    if (TSK_MUTANT(SLICE_SHIFTED) && from && length > COPIED) from--;
    const char *chars = (const char *)s->chars + ((size_t)from << wide);
    if (length <= COPIED)
        return wide ? tsk_js_string_utf16(js, (const uint16_t *)(const void *)chars, length)
                    : tsk_js_string_latin1(js, chars, length);
    tsk_js_string *slice = tsk_heap_alloc(js->heap, TSK_JS_SLICE_SIZE, TSK_JS_KIND_STRING);
    slice->cell.flags = (uint8_t)(TSK_JS_SLICE | (wide ? TSK_JS_WIDE : 0));
    slice->length = length;
    slice->chars = chars;
    slice->owner = tsk_js_string_flags(s) & TSK_JS_SLICE ? s->owner : s;
    return slice;
}

/* ---- hashes and comparisons ---- */

uint32_t tsk_js_hash_units(const void *units, size_t length, bool wide) {
    uint32_t hash;
    char narrow[64];
    if (wide && length <= sizeof narrow && fits_narrow(units, length)) {
        for (size_t i = 0; i < length; i++) narrow[i] = (char)((const uint16_t *)units)[i];
        hash = tsk_hash(narrow, length);
    } else if (wide) {
        /* By units, whatever their width: long texts are seldom keys. */
        hash = 0x811C9DC5u ^ (uint32_t)length;
        for (size_t i = 0; i < length; i++) hash = (hash ^ ((const uint16_t *)units)[i]) * 0x01000193u;
        hash ^= hash >> 15;
    } else if (length > sizeof narrow) {
        hash = 0x811C9DC5u ^ (uint32_t)length;
        for (size_t i = 0; i < length; i++) hash = (hash ^ ((const uint8_t *)units)[i]) * 0x01000193u;
        hash ^= hash >> 15;
    } else {
        hash = tsk_hash(units, length);
    }
    return hash ? hash : 1;
}

uint32_t tsk_js_string_hash(tsk_js *js, tsk_js_string *s) {
    /* Literals are shared by threads, which may all find it missing and write the same. */
    uint32_t hash = __atomic_load_n(&s->cell.word, __ATOMIC_RELAXED);
    if (TSK_LIKELY(hash)) return hash;
    s = tsk_js_flat(js, s);
    hash = tsk_js_hash_units(s->chars, s->length, tsk_js_is_wide(s));
    tsk_js_read(js, s->length);
    __atomic_store_n(&s->cell.word, hash, __ATOMIC_RELAXED);
    return hash;
}

bool tsk_js_string_equal(tsk_js *js, tsk_js_string *a, tsk_js_string *b) {
    if (a == b) return true;
    if (a->length != b->length) return false;
    a = tsk_js_flat(js, a);
    b = tsk_js_flat(js, b);
    uint32_t x = __atomic_load_n(&a->atom, __ATOMIC_RELAXED), y = __atomic_load_n(&b->atom, __ATOMIC_RELAXED);
    if (x && y) return x == y;
    tsk_js_read(js, a->length);
    if (tsk_js_is_wide(a) == tsk_js_is_wide(b))
        return tsk_js_same_bytes(a->chars, b->chars, (size_t)a->length << tsk_js_is_wide(a));
    for (uint32_t i = 0; i < a->length; i++)
        if (tsk_js_unit(a, i) != tsk_js_unit(b, i)) return false;
    return true;
}

int tsk_js_string_compare(tsk_js *js, tsk_js_string *a, tsk_js_string *b) {
    a = tsk_js_flat(js, a);
    b = tsk_js_flat(js, b);
    uint32_t common = a->length < b->length ? a->length : b->length;
    tsk_js_read(js, common);
    if (!tsk_js_is_wide(a) && !tsk_js_is_wide(b)) {
        int order = memcmp(a->chars, b->chars, common);
        if (order) return order;
    } else {
        for (uint32_t i = 0; i < common; i++) {
            uint32_t x = tsk_js_unit(a, i), y = tsk_js_unit(b, i);
            if (x != y) return x < y ? -1 : 1;
        }
    }
    return a->length < b->length ? -1 : a->length > b->length;
}

/* ---- searching ----
 *
 *   first unit ─► the others, one by one ─► (more of that than the text is long) ─► two ways
 */

/* A text from one end or the other. */
typedef struct view {
    const tsk_js_string *s;
    uint32_t start; /* of the first unit; seen from the end, behind it */
    bool back;
} view;

TSK_INLINE uint32_t seen(const view *v, int64_t i) {
    return tsk_js_unit(v->s, (uint32_t)(v->back ? v->start - 1 - i : v->start + i));
}

/* Where the greatest suffix begins, in the order of units or in the opposite one, less 1; and its period. */
static int64_t greatest_suffix(const view *w, int64_t count, bool opposite, int64_t *period) {
    int64_t begin = -1, at = 0, k = 1;
    for (*period = 1; at + k < count;) {
        uint32_t a = seen(w, at + k), b = seen(w, begin + k);
        if (a == b && k != *period) {
            k++;
        } else if (a == b) {
            at += *period;
            k = 1;
        } else if ((a < b) != opposite) {
            at += k;
            k = 1;
            *period = at - begin;
        } else {
            begin = at++;
            k = *period = 1;
        }
    }
    return begin;
}

static bool repeats(const view *w, int64_t count, int64_t period) {
    for (int64_t i = 0; i < count; i++)
        if (seen(w, i) != seen(w, i + period)) return false;
    return true;
}

/* In linear time without memory (Crochemore and Perrin 1991): what is looked for is cut where its periods tell least of each
 * other; its right part is compared first, then the left one. */
static int64_t find_in_two_ways(view text, int64_t length, view what, int64_t count) {
    int64_t period, other, cut = greatest_suffix(&what, count, false, &period);
    int64_t cut_too = greatest_suffix(&what, count, true, &other);
    if (cut_too > cut) {
        cut = cut_too;
        period = other;
    }
    bool periodic = cut + 1 + period <= count && repeats(&what, cut + 1, period);
    if (!periodic) period = (cut + 1 > count - cut - 1 ? cut + 1 : count - cut - 1) + 1;
    int64_t known = -1; /* up to here the start is the same, for it was so one period before */
    for (int64_t at = 0; at <= length - count;) {
        int64_t i = (cut > known ? cut : known) + 1;
        while (i < count && seen(&what, i) == seen(&text, at + i)) i++;
        if (i < count) {
            at += i - cut;
            known = -1;
            continue;
        }
        for (i = cut; i > known && seen(&what, i) == seen(&text, at + i);) i--;
        if (i <= known) return at;
        at += period;
        known = periodic ? count - period - 1 : -1;
    }
    return -1;
}

/* How many units of `what` are the same at this place. */
static uint32_t same_units(const tsk_js_string *s, const tsk_js_string *what, uint32_t at) {
    uint32_t i = 0;
    while (i < what->length && tsk_js_unit(s, at + i) == tsk_js_unit(what, i)) i++;
    return i;
}

/* More was compared than the way that is behind pays for. */
static bool is_slow(uint64_t compared, uint64_t way) {
    enum { UNITS_A_UNIT = 8, FREE = 1024 };
    return compared > way * UNITS_A_UNIT + FREE;
}

/* A wide text is gone through by its first unit. */
static int64_t index_wide(const tsk_js_string *s, const tsk_js_string *what, uint32_t from) {
    uint32_t last = s->length - what->length, first = tsk_js_unit(what, 0);
    uint64_t compared = 0;
    for (uint32_t i = from; i <= last; i++) {
        if (tsk_js_unit(s, i) != first) continue;
        uint32_t same = same_units(s, what, i);
        if (same == what->length) return i;
        if (!is_slow(compared += same, i - from)) continue;
        int64_t at = find_in_two_ways((view){s, i, false}, s->length - i, (view){what, 0, false}, what->length);
        return at < 0 ? at : at + i;
    }
    return -1;
}

/* By its first character, as long as that is rare; then by memmem, which no text makes slow. */
static const char *find_narrow(const char *chars, size_t length, const char *what, size_t count) {
    const char *end = chars + length - count + 1;
    for (size_t budget = 64; chars < end; chars++) {
        const char *hit = memchr(chars, *what, (size_t)(end - chars));
        if (!hit || memcmp(hit, what, count) == 0) return hit;
        budget += (size_t)(hit - chars) / 16;
        chars = hit;
        if (!budget--) return memmem(chars, (size_t)(end - chars) + count - 1, what, count);
    }
    return NULL;
}

int64_t tsk_js_string_index(tsk_js *js, tsk_js_string *s, tsk_js_string *what, uint32_t from) {
    if (from > s->length || what->length > s->length - from) return -1;
    if (!what->length) return from;
    s = tsk_js_flat(js, s);
    what = tsk_js_flat(js, what);
    if (tsk_js_is_wide(s) || tsk_js_is_wide(what)) {
        int64_t at = index_wide(s, what, from);
        tsk_js_read(js, at < 0 ? s->length - from : (uint32_t)at - from);
        return at;
    }
    const char *chars = s->chars;
    const char *found = find_narrow(chars + from, s->length - from, what->chars, what->length);
    tsk_js_read(js, found ? (size_t)(found - chars) - from : s->length - from);
    return found ? found - chars : -1;
}

/* At or before `last`, by its first unit. */
static int64_t last_index(const tsk_js_string *s, const tsk_js_string *what, uint32_t last) {
    bool narrow = !tsk_js_is_wide(s) && !tsk_js_is_wide(what);
    uint32_t first = tsk_js_unit(what, 0);
    const char *chars = s->chars;
    uint64_t compared = 0;
    for (int64_t i = last; i >= 0; i--) {
        if (narrow) {
            const char *hit = memrchr(chars, (int)first, (size_t)i + 1);
            if (!hit) return -1;
            i = hit - chars;
        } else if (tsk_js_unit(s, (uint32_t)i) != first) {
            continue;
        }
        uint32_t same = same_units(s, what, (uint32_t)i);
        if (same == what->length) return i;
        if (!is_slow(compared += same, (uint64_t)(last - i))) continue;
        uint32_t end = (uint32_t)i + what->length;
        int64_t at = find_in_two_ways((view){s, end, true}, end, (view){what, what->length, true}, what->length);
        return at < 0 ? at : i - at;
    }
    return -1;
}

int64_t tsk_js_string_last_index(tsk_js *js, tsk_js_string *s, tsk_js_string *what, uint32_t from) {
    if (what->length > s->length) return -1;
    s = tsk_js_flat(js, s);
    what = tsk_js_flat(js, what);
    uint32_t last = s->length - what->length;
    if (from < last) last = from;
    int64_t at = what->length ? last_index(s, what, last) : last;
    tsk_js_read(js, at < 0 ? last : last - (uint32_t)at);
    return at;
}
