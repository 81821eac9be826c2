/* The order of texts for people: see collation.h. */
#include "runtime/js/collation.h"

#include "runtime/js/case.h"
#include "runtime/js/normal.h"

typedef enum level { LETTERS, ACCENTS, CASES, LEVELS } level;
enum { UNKNOWN = 0x10000, FIRST_RANK = 128 }; /* letters and marks that the table does not cover */

typedef struct weights {
    uint32_t of[LEVELS];
    uint32_t second;
} weights;

/* Walks over a text's weights of one level. */
typedef struct walk {
    const tsk_js_string *s;
    uint32_t i;
    uint32_t pending; /* a second letter */
} walk;

static weights unknown(uint32_t code) {
    uint32_t rank = tsk_js_mark_rank(code), lower[3];
    if (rank) return (weights){{0, FIRST_RANK + rank, 1}, 0};
    bool capital = tsk_js_case(code, false, lower) == 1 && lower[0] != code;
    return (weights){{UNKNOWN + (capital ? lower[0] : code), 1, capital ? 2 : 1}, 0};
}

static weights weights_of(uint32_t code) {
    for (uint32_t i = 0; i < tsk_js_collation_range_count; i++) {
        const tsk_js_collation_range *r = &tsk_js_collation_ranges[i];
        if (code - r->first >= r->end - r->first) continue;
        const tsk_js_collation *c = &tsk_js_collation_table[r->place + code - r->first];
        return (weights){{c->letter, c->accent, c->letter_case}, c->second_letter};
    }
    return unknown(code);
}

/* 0 at the end. */
static uint32_t next(walk *w, level l) {
    uint32_t weight = w->pending;
    w->pending = 0;
    while (!weight && w->i < w->s->length) {
        uint32_t code = tsk_js_unit(w->s, w->i++);
        if (code >> 10 == 0x36 && w->i < w->s->length && tsk_js_unit(w->s, w->i) >> 10 == 0x37)
            code = 0x10000 + ((code & 0x3FF) << 10 | (tsk_js_unit(w->s, w->i++) & 0x3FF));
        weights of = weights_of(code);
        weight = of.of[l];
        if (of.second) w->pending = l == LETTERS ? of.second : 1;
    }
    return weight;
}

int tsk_js_collate(const tsk_js_string *a, const tsk_js_string *b) {
    for (level l = LETTERS; l < LEVELS; l++) {
        walk x = {a, 0, 0}, y = {b, 0, 0};
        for (;;) {
            uint32_t p = next(&x, l), q = next(&y, l);
            if (p != q) return p < q ? -1 : 1;
            if (!p) break;
        }
    }
    return 0;
}
