/* The algebra of sets of code points.  Every operation leaves its result tidy (see unicode.h). */
#include "runtime/regex/unicode.h"

#include <stdlib.h>

static void push(tsk_arena *arena, tsk_re_set *set, uint32_t start, uint32_t end) {
    if (set->count + 2 > set->cap) {
        uint32_t cap = set->cap ? 2 * set->cap : 8;
        set->bounds = tsk_arena_grow(arena, set->bounds, sizeof(uint32_t) * set->cap, sizeof(uint32_t) * cap);
        set->cap = cap;
    }
    set->bounds[set->count++] = start;
    set->bounds[set->count++] = end;
}

void tsk_re_set_add(tsk_arena *arena, tsk_re_set *set, uint32_t first, uint32_t last) {
    push(arena, set, first, last + 1);
}

static int by_start(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

void tsk_re_set_tidy(tsk_re_set *set) {
    uint32_t *b = set->bounds, kept = 0;
    if (!set->count) return;
    qsort(b, set->count / 2, 2 * sizeof *b, by_start);
    for (uint32_t i = 2; i < set->count; i += 2) {
        if (b[i] <= b[kept + 1]) {
            if (b[i + 1] > b[kept + 1]) b[kept + 1] = b[i + 1];
        } else {
            kept += 2;
            b[kept] = b[i];
            b[kept + 1] = b[i + 1];
        }
    }
    set->count = kept + 2;
}

bool tsk_re_set_has(const uint32_t *bounds, uint32_t count, uint32_t code) {
    uint32_t low = 0, high = count; /* the number of boundaries that are not above the code */
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (bounds[middle] <= code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low & 1;
}

void tsk_re_set_union(tsk_arena *arena, tsk_re_set *set, const tsk_re_set *other) {
    for (uint32_t i = 0; i < other->count; i += 2) push(arena, set, other->bounds[i], other->bounds[i + 1]);
    tsk_re_set_tidy(set);
}

void tsk_re_set_complement(tsk_arena *arena, tsk_re_set *set) {
    tsk_re_set out = {0};
    uint32_t from = 0;
    for (uint32_t i = 0; i < set->count; i += 2) {
        if (set->bounds[i] > from) push(arena, &out, from, set->bounds[i]);
        from = set->bounds[i + 1];
    }
    if (from < TSK_RE_CODE_END) push(arena, &out, from, TSK_RE_CODE_END);
    *set = out;
}

void tsk_re_set_intersect(tsk_arena *arena, tsk_re_set *set, const tsk_re_set *other, bool without) {
    tsk_re_set out = {0}, by = *other;
    if (without) tsk_re_set_complement(arena, &by);
    for (uint32_t i = 0, j = 0; i < set->count && j < by.count;) {
        uint32_t start = set->bounds[i] > by.bounds[j] ? set->bounds[i] : by.bounds[j];
        uint32_t a = set->bounds[i + 1], b = by.bounds[j + 1], end = a < b ? a : b;
        if (start < end) push(arena, &out, start, end);
        if (a <= b) i += 2;
        if (b <= a) j += 2;
    }
    *set = out;
}

static void runs_of(bool unicode, const tsk_re_case_run **runs, uint32_t *count) {
    *runs = unicode ? tsk_re_fold_runs : tsk_re_upper_runs;
    *count = unicode ? tsk_re_fold_run_count : tsk_re_upper_run_count;
}

/* The members that a case run moves (`from`), and what they become (`moved`). */
static void follow_runs(tsk_arena *arena, const tsk_re_set *set, bool unicode, tsk_re_set *moved, tsk_re_set *from) {
    const tsk_re_case_run *runs;
    uint32_t count;
    runs_of(unicode, &runs, &count);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t c = runs[i].first; c <= runs[i].last; c += runs[i].stride) {
            if (!tsk_re_set_has(set->bounds, set->count, c)) continue;
            uint32_t to = (uint32_t)((int32_t)c + runs[i].delta);
            push(arena, moved, to, to + 1);
            push(arena, from, c, c + 1);
        }
    }
    tsk_re_set_tidy(moved);
    tsk_re_set_tidy(from);
}

void tsk_re_set_fold(tsk_arena *arena, tsk_re_set *set, bool unicode) {
    tsk_re_set moved = {0}, from = {0};
    follow_runs(arena, set, unicode, &moved, &from);
    tsk_re_set_intersect(arena, set, &from, true);
    tsk_re_set_union(arena, set, &moved);
}

void tsk_re_set_keep_folded(tsk_arena *arena, tsk_re_set *set) {
    tsk_re_set moved = {0}, from = {0};
    follow_runs(arena, set, true, &moved, &from);
    tsk_re_set_intersect(arena, set, &from, true);
}

void tsk_re_set_close(tsk_arena *arena, tsk_re_set *set, bool unicode) {
    const tsk_re_case_run *runs;
    tsk_re_set folded = {set->bounds, set->count, set->count}; /* growing copies */
    uint32_t count;
    tsk_re_set_fold(arena, &folded, unicode);
    runs_of(unicode, &runs, &count);
    tsk_re_set out = {0}, none = {0};
    tsk_re_set_union(arena, &out, &folded);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t c = runs[i].first; c <= runs[i].last; c += runs[i].stride) {
            uint32_t to = (uint32_t)((int32_t)c + runs[i].delta);
            bool in = tsk_re_set_has(folded.bounds, folded.count, to);
            if (in) push(arena, &out, c, c + 1);
            if (!in && tsk_re_set_has(folded.bounds, folded.count, c)) push(arena, &none, c, c + 1);
        }
    }
    tsk_re_set_tidy(&out);
    tsk_re_set_tidy(&none);
    tsk_re_set_intersect(arena, &out, &none, true);
    *set = out;
}
