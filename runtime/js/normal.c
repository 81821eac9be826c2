/* Normal forms of Unicode: see normal.h. */
#include "runtime/js/normal.h"

enum {
    SYLLABLES = 0xAC00, /* of Hangul: computed, not in the tables */
    LEADS = 0x1100,
    VOWELS = 0x1161,
    TAILS = 0x11A7, /* one before the first */
    LEAD_COUNT = 19,
    VOWEL_COUNT = 21,
    TAIL_COUNT = 28,
    SYLLABLE_COUNT = LEAD_COUNT * VOWEL_COUNT * TAIL_COUNT,
    FIRST_MARK = 0x300,
    CLASSES = 64
};

typedef struct mark {
    uint32_t code;
    uint32_t rank;
} mark;

typedef struct normalizer {
    tsk_js_builder out;
    tsk_arena *arena;
    bool compose, compatible;
    bool has_starter;
    uint32_t starter;
    mark *marks, *sorted; /* behind the starter */
    uint32_t count, cap;
} normalizer;

/* ---- tables ---- */

static const tsk_js_decomposition *find(const tsk_js_decomposition *table, uint32_t count, uint32_t code) {
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (table[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && table[low].code == code ? &table[low] : NULL;
}

uint32_t tsk_js_mark_rank(uint32_t code) {
    if (code < FIRST_MARK) return 0;
    uint32_t low = 0, high = tsk_js_class_run_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (tsk_js_class_runs[middle].last < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < tsk_js_class_run_count && tsk_js_class_runs[low].first <= code ? tsk_js_class_runs[low].rank : 0;
}

/* The code point of the two; 0: there is none. */
static uint32_t composed(uint32_t first, uint32_t second) {
    if (first - LEADS < LEAD_COUNT && second - VOWELS < VOWEL_COUNT)
        return SYLLABLES + ((first - LEADS) * VOWEL_COUNT + second - VOWELS) * TAIL_COUNT;
    if (first - SYLLABLES < SYLLABLE_COUNT && (first - SYLLABLES) % TAIL_COUNT == 0 &&
        second - TAILS - 1 < TAIL_COUNT - 1)
        return first + second - TAILS;
    uint32_t low = 0, high = tsk_js_composition_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        const tsk_js_composition *c = &tsk_js_compositions[middle];
        if (c->first < first || (c->first == first && c->second < second))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == tsk_js_composition_count) return 0;
    const tsk_js_composition *c = &tsk_js_compositions[low];
    return c->first == first && c->second == second ? c->whole : 0;
}

/* ---- pieces ---- */

static void put(normalizer *n, uint32_t code) {
    if (code > 0xFFFF) {
        tsk_js_builder_unit(&n->out, 0xD7C0 + (code >> 10));
        code = 0xDC00 | (code & 0x3FF);
    }
    tsk_js_builder_unit(&n->out, code);
}

/* Marks in the order of their classes; those of a class stay as they are. */
static void sort_marks(normalizer *n) {
    uint32_t places[CLASSES + 1] = {0};
    bool in_order = true;
    for (uint32_t i = 0; i < n->count; i++) {
        places[n->marks[i].rank + 1]++;
        in_order = in_order && (!i || n->marks[i - 1].rank <= n->marks[i].rank);
    }
    if (in_order) return;
    for (uint32_t i = 1; i <= CLASSES; i++) places[i] += places[i - 1];
    for (uint32_t i = 0; i < n->count; i++) n->sorted[places[n->marks[i].rank]++] = n->marks[i];
    mark *swap = n->marks;
    n->marks = n->sorted;
    n->sorted = swap;
}

/* Into the starter goes each mark that nothing of its class or a higher one stands in front of. */
static void compose_marks(normalizer *n) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n->count; i++) {
        bool blocked = kept && n->marks[kept - 1].rank >= n->marks[i].rank;
        uint32_t whole = blocked ? 0 : composed(n->starter, n->marks[i].code);
        if (whole)
            n->starter = whole;
        else
            n->marks[kept++] = n->marks[i];
    }
    n->count = kept;
}

static void close_piece(normalizer *n) {
    sort_marks(n);
    if (n->compose && n->has_starter) compose_marks(n);
}

static void flush(normalizer *n) {
    if (n->has_starter) put(n, n->starter);
    for (uint32_t i = 0; i < n->count; i++) put(n, n->marks[i].code);
    n->has_starter = false;
    n->count = 0;
}

static void add_mark(normalizer *n, uint32_t code, uint32_t rank) {
    if (n->count == n->cap) {
        uint32_t cap = n->cap ? 2 * n->cap : 32;
        n->marks = tsk_arena_grow(n->arena, n->marks, n->cap * sizeof *n->marks, cap * sizeof *n->marks);
        n->sorted = TSK_NEW_ARRAY(n->arena, mark, cap);
        n->cap = cap;
    }
    n->marks[n->count++] = (mark){code, rank};
}

/* A code point that does not decompose. */
static void add(normalizer *n, uint32_t code) {
    uint32_t rank = tsk_js_mark_rank(code);
    if (rank) {
        add_mark(n, code, rank);
        return;
    }
    close_piece(n);
    if (n->compose && n->has_starter && !n->count) {
        uint32_t whole = composed(n->starter, code);
        if (whole) {
            n->starter = whole;
            return;
        }
    }
    flush(n);
    n->starter = code;
    n->has_starter = true;
}

static void decompose(normalizer *n, uint32_t code) {
    if (code < 0xA0) {
        add(n, code);
        return;
    }
    uint32_t syllable = code - SYLLABLES;
    if (syllable < SYLLABLE_COUNT) {
        add(n, LEADS + syllable / (VOWEL_COUNT * TAIL_COUNT));
        add(n, VOWELS + syllable % (VOWEL_COUNT * TAIL_COUNT) / TAIL_COUNT);
        if (syllable % TAIL_COUNT) add(n, TAILS + syllable % TAIL_COUNT);
        return;
    }
    const tsk_js_decomposition *d = n->compatible ? find(tsk_js_compatible, tsk_js_compatible_count, code) : NULL;
    if (!d) d = find(tsk_js_canonical, tsk_js_canonical_count, code);
    if (!d) {
        add(n, code);
        return;
    }
    const uint16_t *units = tsk_js_decomposition_units + d->place;
    for (uint32_t i = 0; i < d->length; i++) {
        uint32_t unit = *units++;
        add(n, unit >> 10 == 0x36 ? 0x10000 + ((unit & 0x3FF) << 10 | (*units++ & 0x3FF)) : unit);
    }
}

/* ---- texts ---- */

/* Below these code points nothing changes. */
static uint32_t first_changed(tsk_js_form form) {
    return form == TSK_JS_NFC ? FIRST_MARK : form == TSK_JS_NFD ? 0xC0 : 0xA0;
}

tsk_js_string *tsk_js_normalize(tsk_js *js, tsk_js_string *s, tsk_js_form form) {
    uint32_t i = 0, least = first_changed(form);
    while (i < s->length && tsk_js_unit(s, i) < least) i++;
    if (i == s->length) return s;
    if (i) i--; /* a mark may change it */
    normalizer n = {.arena = js->scratch,
                    .compose = form == TSK_JS_NFC || form == TSK_JS_NFKC,
                    .compatible = form == TSK_JS_NFKC || form == TSK_JS_NFKD};
    tsk_js_builder_init(&n.out, js);
    if (i) tsk_js_builder_slice(&n.out, s, 0, i);
    while (i < s->length && !n.out.failed) {
        if (!tsk_js_worked(js, 1)) return NULL;
        uint32_t code = tsk_js_unit(s, i++);
        if (code >> 10 == 0x36 && i < s->length && tsk_js_unit(s, i) >> 10 == 0x37)
            code = 0x10000 + ((code & 0x3FF) << 10 | (tsk_js_unit(s, i++) & 0x3FF));
        decompose(&n, code);
    }
    close_piece(&n);
    flush(&n);
    return tsk_js_builder_finish(&n.out);
}
