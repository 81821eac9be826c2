/* Pairs that live while their keys do.
 *
 *   weak cell, or a line of it ─► pairs ─► key marked ─► value is visited
 *                                   └► it is not ─► awaited: bucket of key ─► pair ─► pair ...
 *                                          ├ the key is marked later ─► the pair is looked at again
 *                                          └ marking has ended without it ─► the pair is forgotten
 *
 * Each pair is looked at once, and once more when its key is reached, so a chain of values that are keys takes time in
 * proportion to its length.
 *
 * Invariants
 *  - A key of a pair that is awaited has the bit AWAITED until it is marked.
 *  - A key that is not marked when everything that can be reached is, is dead: nobody can find it any more, so its
 *    pairs may be forgotten in pieces while the program runs and new cells are made.
 *  - When memory for a pair is missing its key and value stay alive.
 */
#include "runtime/heap/internal.h"

enum {
    PIECE = 256,      /* pairs between two looks at the clock */
    FULL_BUCKETS = 4, /* pairs a bucket */
    KEPT = 64 << 10   /* bytes of each list after a collection */
};

/* Pairs number `from` up to `to` of a cell are to be looked at. */
typedef struct range {
    const tsk_heap_cell *cell;
    uint32_t from, to;
} range;

typedef struct awaited {
    tsk_heap_cell *cell;
    uint32_t pair;
    uint32_t next; /* number of the next in the bucket, + 1 */
} awaited;

static awaited *awaited_at(const tsk_heap_state *st, uint32_t i) {
    return (awaited *)tsk_heap_item(&st->awaited, sizeof(awaited), i);
}

static tsk_heap_pair *pair_at(const tsk_heap_pairs *pairs, uint32_t i) {
    return (tsk_heap_pair *)(void *)((tsk_value *)(void *)pairs->first + (size_t)i * pairs->words);
}

static tsk_heap_pairs pairs_of(const tsk_heap_state *st, const tsk_heap_cell *cell) {
    return st->host->kinds[cell->kind].pairs(cell);
}

static bool push_range(tsk_heap_state *st, const tsk_heap_cell *cell, uint32_t from, uint32_t to) {
    range r = {cell, from, to};
    return tsk_heap_append(st, &st->weak, sizeof r, &r);
}

bool tsk_heap_weak(tsk_heap *heap, const tsk_heap_cell *cell) {
    tsk_heap_state *st = heap->state;
    return !st->verifying && push_range(st, cell, 0, pairs_of(st, cell).count);
}

bool tsk_heap_weak_line(tsk_heap *heap, const tsk_heap_cell *cell, const char *line) {
    tsk_heap_state *st = heap->state;
    tsk_heap_pairs pairs = pairs_of(st, cell);
    ptrdiff_t from = line - (const char *)pairs.first, step = (ptrdiff_t)(pairs.words * sizeof(tsk_value));
    ptrdiff_t first = from > 0 ? from / step : 0, end = (from + TSK_HEAP_LINE + step - 1) / step;
    if (end > (ptrdiff_t)pairs.count) end = pairs.count;
    return first >= end || push_range(st, cell, (uint32_t)first, (uint32_t)end);
}

/* ---- keys that are not marked yet ---- */

static uint32_t lower_power(uint32_t n) {
    return 1u << (31 - __builtin_clz(n));
}

static uint32_t *bucket_at(const tsk_heap_state *st, uint32_t i) {
    return (uint32_t *)tsk_heap_item(&st->buckets, sizeof(uint32_t), i);
}

/* Linear hashing: the table grows by one bucket at a time, so that no pause has to fill a new one. */
static uint32_t *bucket_of(tsk_heap_state *st, const void *key) {
    uint64_t hash = tsk_hash_mix((uintptr_t)key, 0x9E3779B97F4A7C15ull);
    uint32_t number = (uint32_t)(hash ^ hash >> 32), low = lower_power(st->buckets.count);
    uint32_t i = number & (low * 2 - 1);
    return bucket_at(st, i < st->buckets.count ? i : number & (low - 1));
}

static void chain(tsk_heap_state *st, uint32_t i, const void *key) {
    uint32_t *bucket = bucket_of(st, key);
    awaited_at(st, i)->next = *bucket;
    *bucket = i + 1;
}

/* Puts what is in the bucket where it belongs now; what is not awaited any more goes. */
static void chain_anew(tsk_heap_state *st, uint32_t bucket) {
    uint32_t i = *bucket_at(st, bucket);
    *bucket_at(st, bucket) = 0;
    while (i) {
        const awaited *a = awaited_at(st, i - 1);
        uint32_t next = a->next;
        tsk_heap_pairs pairs = pairs_of(st, a->cell);
        tsk_value key = a->pair < pairs.count ? pair_at(&pairs, a->pair)->key : TSK_VALUE_UNDEFINED;
        if (tsk_is_pointer(key) && !tsk_heap_is_marked(tsk_ptr(key))) chain(st, i - 1, tsk_ptr(key));
        i = next;
    }
}

/* Without memory the chains grow longer; false: there is no bucket at all. */
static bool one_more_bucket(tsk_heap_state *st) {
    uint32_t none = 0, count = st->buckets.count;
    if (!tsk_heap_append(st, &st->buckets, sizeof none, &none)) return count > 0;
    if (count) chain_anew(st, count - lower_power(count));
    return true;
}

static bool await(tsk_heap_state *st, const tsk_heap_cell *cell, uint32_t pair, tsk_heap_cell *key) {
    awaited a = {(tsk_heap_cell *)(uintptr_t)cell, pair, 0};
    if (st->awaited.count >= st->buckets.count * FULL_BUCKETS && !one_more_bucket(st)) return false;
    if (!tsk_heap_append(st, &st->awaited, sizeof a, &a)) return false;
    chain(st, st->awaited.count - 1, key);
    key->mark |= TSK_HEAP_AWAITED;
    return true;
}

void tsk_heap_wake(tsk_heap *heap, tsk_heap_cell *key) {
    tsk_heap_state *st = heap->state;
    key->mark &= (uint8_t)~TSK_HEAP_AWAITED;
    if (!st->buckets.count) return;
    for (uint32_t i = *bucket_of(st, key); i; i = awaited_at(st, i - 1)->next) {
        const awaited *a = awaited_at(st, i - 1);
        tsk_heap_pairs pairs = pairs_of(st, a->cell);
        tsk_heap_pair *pair = a->pair < pairs.count ? pair_at(&pairs, a->pair) : NULL;
        if (pair && tsk_is_pointer(pair->key) && tsk_ptr(pair->key) == key &&
            !push_range(st, a->cell, a->pair, a->pair + 1))
            st->stack_lost = true;
    }
}

static void look_at(tsk_heap *heap, const tsk_heap_cell *cell, const tsk_heap_pairs *pairs, uint32_t i) {
    const tsk_heap_pair *pair = pair_at(pairs, i);
    if (!tsk_is_pointer(pair->key)) return;
    tsk_heap_cell *key = tsk_ptr(pair->key);
    if (!tsk_heap_marked_aside((uintptr_t)key) && !tsk_heap_is_marked(key)) {
        if (await(heap->state, cell, i, key)) return;
        tsk_heap_visit(heap, key);
    }
    if (tsk_is_pointer(pair->value) && !tsk_heap_marked_aside((uintptr_t)tsk_ptr(pair->value)))
        tsk_heap_visit(heap, tsk_ptr(pair->value));
}

/* A piece of the last range. */
static void look_at_some(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    range *last = (range *)tsk_heap_item(&st->weak, sizeof(range), st->weak.count - 1), r = *last;
    tsk_heap_pairs pairs = pairs_of(st, r.cell);
    if (r.to > pairs.count) r.to = pairs.count;
    if (r.from + PIECE < r.to)
        last->from = r.to = r.from + PIECE;
    else
        st->weak.count--;
    for (uint32_t i = r.from; i < r.to; i++) look_at(heap, r.cell, &pairs, i);
}

bool tsk_heap_drain_weak(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    for (;;) {
        if (!tsk_heap_drain(heap)) return false;
        if (!st->weak.count) return true;
        tsk_heap_spend_on(st, TSK_HEAP_PART_WEAK);
        for (uint32_t n = 0; st->weak.count && st->stack.count < PIECE; n++) {
            if (n && tsk_heap_is_late(heap)) return false;
            look_at_some(heap);
        }
    }
}

/* ---- the end ---- */

bool tsk_heap_forget_dead(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    uint32_t from = st->forget_at;
    if (from < st->awaited.count) tsk_heap_spend_on(st, TSK_HEAP_PART_WEAK);
    for (; st->forget_at < st->awaited.count; st->forget_at++) {
        if (st->forget_at > from && (st->forget_at - from) % PIECE == 0 && tsk_heap_is_late(heap)) return false;
        const awaited *a = awaited_at(st, st->forget_at);
        tsk_heap_pairs pairs = pairs_of(st, a->cell);
        if (a->pair >= pairs.count) continue;
        tsk_heap_pair *pair = pair_at(&pairs, a->pair);
        if (tsk_is_pointer(pair->key) && !tsk_heap_is_marked(tsk_ptr(pair->key)))
            st->host->kinds[a->cell->kind].forget(heap, a->cell, pair);
    }
    return true;
}

static void empty(tsk_heap_state *st, size_t kept) {
    tsk_heap_empty(st, &st->weak, kept);
    tsk_heap_empty(st, &st->awaited, kept);
    tsk_heap_empty(st, &st->buckets, kept);
}

void tsk_heap_reset_weak(tsk_heap_state *st) {
    st->forget_at = 0;
    if (st->weak.count || st->awaited.count) empty(st, KEPT);
}

void tsk_heap_drop_weak(tsk_heap_state *st) {
    empty(st, 0);
}
