/* The heap of functions: cells survive while something reaches them, and only then. */
#include "runtime/heap/heap.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { NODE = 1, BYTES, OWNER, PAIR, TABLE };

typedef struct node {
    tsk_heap_cell cell; /* word: a number */
    struct node *left, *right;
    tsk_value value;
} node;

typedef struct bytes {
    tsk_heap_cell cell;
    size_t size; /* of data */
    uint64_t data[];
} bytes;

static int finalized;

static size_t node_size(const tsk_heap_cell *cell) {
    (void)cell;
    return sizeof(node);
}
static void node_trace(tsk_heap *heap, const tsk_heap_cell *cell) {
    const node *n = (const node *)(const void *)cell;
    tsk_heap_visit(heap, n->left);
    tsk_heap_visit(heap, n->right);
    tsk_heap_visit_value(heap, n->value);
}
/* Values, as elements of an array are. */
static size_t bytes_size(const tsk_heap_cell *cell) {
    return sizeof(bytes) + ((const bytes *)(const void *)cell)->size;
}
static void bytes_trace(tsk_heap *heap, const tsk_heap_cell *cell) {
    const bytes *b = (const bytes *)(const void *)cell;
    tsk_heap_visit_values(heap, (const tsk_value *)(const void *)b->data, b->size / 8);
}
static void owner_finalize(tsk_heap *heap, tsk_heap_cell *cell) {
    (void)heap, (void)cell;
    finalized++;
}

/* A key that it does not keep, and what lives while the key does. */
typedef struct pair {
    tsk_heap_cell cell;
    tsk_heap_pair pair;
    struct pair *next;
} pair;

static size_t pair_size(const tsk_heap_cell *cell) {
    (void)cell;
    return sizeof(pair);
}
static void pair_trace(tsk_heap *heap, const tsk_heap_cell *cell) {
    const pair *p = (const pair *)(const void *)cell;
    tsk_heap_visit(heap, p->next);
    if (tsk_heap_weak(heap, cell)) return;
    tsk_heap_visit_value(heap, p->pair.key);
    tsk_heap_visit_value(heap, p->pair.value);
}
static tsk_heap_pairs pair_pairs(const tsk_heap_cell *cell) {
    return (tsk_heap_pairs){&((pair *)(uintptr_t)cell)->pair, 1, 2};
}
static void pair_forget(tsk_heap *heap, tsk_heap_cell *cell, tsk_heap_pair *dead) {
    (void)heap, (void)cell;
    dead->key = dead->value = TSK_VALUE_NULL;
}

/* Many of them. */
typedef struct table {
    tsk_heap_cell cell; /* word: pairs */
    tsk_heap_pair pairs[];
} table;

static size_t table_size(const tsk_heap_cell *cell) {
    return sizeof(table) + cell->word * sizeof(tsk_heap_pair);
}
static void table_trace(tsk_heap *heap, const tsk_heap_cell *cell) {
    const table *t = (const table *)(const void *)cell;
    if (!tsk_heap_weak(heap, cell)) tsk_heap_visit_records(heap, &t->pairs[0].key, cell->word, 2, 2);
}
static tsk_heap_pairs table_pairs(const tsk_heap_cell *cell) {
    return (tsk_heap_pairs){((table *)(uintptr_t)cell)->pairs, cell->word, 2};
}

static const tsk_heap_kind kinds[] = {
    {0},
    {"node", node_size, node_trace, NULL, NULL, NULL},
    {"bytes", bytes_size, bytes_trace, NULL, NULL, NULL},
    {"owner", node_size, NULL, owner_finalize, NULL, NULL},
    {"pair", pair_size, pair_trace, NULL, pair_pairs, pair_forget},
    {"table", table_size, table_trace, NULL, table_pairs, pair_forget},
};
static const tsk_heap_host host = {kinds, TSK_COUNT(kinds), NULL, NULL};

static tsk_heap *make(size_t limit) {
    tsk_heap *heap = tsk_heap_new(&tsk_allocator_default, &host, limit);
    cr_assert(heap);
    return heap;
}

static node *cons(tsk_heap *heap, uint32_t number, node *left, node *right) {
    node *n = tsk_heap_alloc(heap, sizeof(node), NODE);
    n->cell.word = number;
    n->left = left;
    n->right = right;
    n->value = TSK_VALUE_NULL;
    return n;
}

static bytes *block(tsk_heap *heap, size_t size) {
    bytes *b = tsk_heap_alloc(heap, sizeof(bytes) + size, BYTES);
    b->size = size;
    return b;
}

TSK_NOINLINE static node *list(tsk_heap *heap, uint32_t length) {
    node *head = NULL;
    for (uint32_t i = 0; i < length; i++) head = cons(heap, i, head, NULL);
    return head;
}

static void check_list(const node *head, uint32_t length) {
    uint32_t at = length;
    for (; head; head = head->left) cr_assert_eq(head->cell.word, --at);
    cr_assert_eq(at, 0);
}

static pair *pair_new(tsk_heap *heap, node *key, node *value, pair *next) {
    pair *p = tsk_heap_alloc(heap, sizeof *p, PAIR);
    p->pair = (tsk_heap_pair){tsk_from_ptr(TSK_TAG_OBJECT, key), tsk_from_ptr(TSK_TAG_OBJECT, value)};
    p->next = next;
    return p;
}

TSK_NOINLINE static void garbage(tsk_heap *heap, uint32_t bytes_each, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) block(heap, bytes_each)->data[0] = TSK_VALUE_NULL.bits;
}

/* Overwrites what earlier calls left below on the stack. */
TSK_NOINLINE static void clear_stack(void) {
    volatile char space[32768];
    for (unsigned i = 0; i < sizeof space; i++) space[i] = 0;
}

TSK_NOINLINE static void root_list(tsk_heap *heap, tsk_heap_root *root, uint32_t length) {
    tsk_heap_root_add(heap, root, tsk_from_ptr(TSK_TAG_OBJECT, list(heap, length)));
}

Test(heap, list_on_the_stack) {
    tsk_heap *heap = make(0);
    node *head = list(heap, 1000);
    tsk_heap_collect(heap);
    tsk_heap_verify(heap);
    check_list(head, 1000);
    tsk_heap_collect_minor(heap);
    garbage(heap, 100, 100000);
    tsk_heap_verify(heap);
    check_list(head, 1000);
    cr_assert(tsk_heap_statistics(heap)->minor > 1);
    tsk_heap_free(heap);
}

/* Three pairs: a key that the root `keys` keeps; a key that only its own value knows; a key that is the first one's
 * value. */
TSK_NOINLINE static void root_pairs(tsk_heap *heap, tsk_heap_root *pairs, tsk_heap_root *keys) {
    node *kept = cons(heap, 1, NULL, NULL), *first = cons(heap, 10, NULL, NULL), *second = cons(heap, 20, NULL, NULL);
    tsk_heap_root_add(heap, keys, tsk_from_ptr(TSK_TAG_OBJECT, kept));
    node *lost = cons(heap, 2, NULL, NULL);
    pair *last = pair_new(heap, first, second, NULL);
    pair *middle = pair_new(heap, lost, cons(heap, 30, lost, NULL), last);
    tsk_heap_root_add(heap, pairs, tsk_from_ptr(TSK_TAG_OBJECT, pair_new(heap, kept, first, middle)));
}

static bool is_forgotten(const pair *p) {
    return tsk_same(p->pair.key, TSK_VALUE_NULL);
}

static void check_pairs(tsk_heap *heap, void (*collect)(tsk_heap *heap)) {
    tsk_heap_root pairs, keys;
    root_pairs(heap, &pairs, &keys);
    clear_stack();
    for (int turn = 0; turn < 2; turn++) {
        collect(heap);
        tsk_heap_verify(heap);
        const pair *first = tsk_ptr(pairs.value), *middle = first->next, *last = middle->next;
        cr_assert(!is_forgotten(first));
        cr_assert_eq(((const node *)tsk_ptr(first->pair.value))->cell.word, 10);
        cr_assert(is_forgotten(middle));
        cr_assert(tsk_same(last->pair.key, first->pair.value));
        cr_assert_eq(((const node *)tsk_ptr(last->pair.value))->cell.word, 20);
        garbage(heap, 100, 1000);
    }
    tsk_heap_root_remove(heap, &keys);
    keys.value = TSK_VALUE_NULL;
    clear_stack();
    tsk_heap_collect(heap);
    cr_assert(is_forgotten(tsk_ptr(pairs.value)));
    tsk_heap_root_remove(heap, &pairs);
}

Test(heap, weak_cells) {
    tsk_heap *heap = make(0);
    check_pairs(heap, tsk_heap_collect);
    check_pairs(heap, tsk_heap_collect_minor);
    tsk_heap_free(heap);
}

TSK_NOINLINE static table *table_new(tsk_heap *heap, tsk_heap_root *root, uint32_t count) {
    table *t = tsk_heap_try_alloc(heap, sizeof *t + count * sizeof(tsk_heap_pair), TABLE);
    cr_assert(t);
    t->cell.word = count;
    tsk_heap_root_add(heap, root, tsk_from_ptr(TSK_TAG_CELL, t));
    return t;
}

/* Each value is the key of the pair before it, so that none can be seen to be alive when the pairs are looked at in
 * order.  Every second pair has a key that nobody knows. */
TSK_NOINLINE static void fill_with_chain(tsk_heap *heap, table *t, tsk_heap_root *first) {
    tsk_value key = tsk_from_ptr(TSK_TAG_OBJECT, cons(heap, t->cell.word, NULL, NULL));
    tsk_heap_root_add(heap, first, key);
    for (uint32_t i = t->cell.word; i >= 2; i -= 2) {
        tsk_value value = tsk_from_ptr(TSK_TAG_OBJECT, cons(heap, i - 2, NULL, NULL));
        t->pairs[i - 1] = (tsk_heap_pair){key, value};
        tsk_heap_wrote_range(heap, t, &t->pairs[i - 1].key, 2);
        t->pairs[i - 2] = (tsk_heap_pair){tsk_from_ptr(TSK_TAG_OBJECT, cons(heap, 7, NULL, NULL)), value};
        tsk_heap_wrote_range(heap, t, &t->pairs[i - 2].key, 2);
        key = value;
    }
}

/* A chain that goes through a long table against its order takes no longer than one that does not. */
Test(heap, long_chains_of_pairs) {
    enum { COUNT = 400000 };
    tsk_heap *heap = make(0);
    tsk_heap_root root, first;
    table *t = table_new(heap, &root, COUNT);
    fill_with_chain(heap, t, &first);
    clear_stack();
    for (int turn = 0; turn < 3; turn++) {
        if (turn == 1)
            tsk_heap_collect(heap);
        else
            garbage(heap, 64, 200000);
        uint32_t dead = 0;
        for (uint32_t i = 0; i < COUNT; i += 2) {
            cr_assert_eq(((const node *)tsk_ptr(t->pairs[i + 1].value))->cell.word, i);
            dead += tsk_same(t->pairs[i].key, TSK_VALUE_NULL);
        }
        if (turn) cr_assert(dead > COUNT / 2 - 10, "%u", dead);
    }
    tsk_heap_root_remove(heap, &first);
    first.value = TSK_VALUE_NULL;
    t = NULL;
    clear_stack();
    tsk_heap_collect(heap);
    cr_assert(tsk_heap_statistics(heap)->live < COUNT * sizeof(tsk_heap_pair) + (1 << 20));
    tsk_heap_free(heap);
}

Test(heap, garbage_goes) {
    tsk_heap *heap = make(0);
    garbage(heap, 48, 2000000);
    cr_assert(tsk_heap_statistics(heap)->allocated > 100u << 20);
    cr_assert(tsk_heap_statistics(heap)->peak < 12u << 20, "%zu", tsk_heap_statistics(heap)->peak);
    garbage(heap, 100000, 2000);
    cr_assert(tsk_heap_statistics(heap)->peak < 16u << 20, "%zu", tsk_heap_statistics(heap)->peak);
    tsk_heap_free(heap);
}

Test(heap, handles) {
    tsk_heap *heap = make(0);
    tsk_heap_root root;
    root_list(heap, &root, 20000);
    clear_stack();
    tsk_heap_collect(heap);
    size_t live = tsk_heap_statistics(heap)->live;
    cr_assert(live >= 20000 * sizeof(node));
    check_list(tsk_ptr(root.value), 20000);
    tsk_heap_root_remove(heap, &root);
    root.value = TSK_VALUE_NULL;
    clear_stack();
    tsk_heap_collect(heap);
    cr_assert(tsk_heap_statistics(heap)->live < live / 2, "%zu", tsk_heap_statistics(heap)->live);
    tsk_heap_free(heap);
}

Test(heap, interior_and_boxed_addresses) {
    tsk_heap *heap = make(0);
    bytes *b = block(heap, 800);
    volatile uintptr_t inside = (uintptr_t)&b->data[50];
    b->data[50] = TSK_BITS(TSK_TAG_INT, 77);
    volatile uint64_t boxed = tsk_from_ptr(TSK_TAG_OBJECT, cons(heap, 5, NULL, NULL)).bits;
    b = NULL;
    clear_stack();
    for (int i = 0; i < 3; i++) {
        tsk_heap_collect(heap);
        garbage(heap, 64, 1000);
    }
    cr_assert_eq(*(uint64_t *)inside, TSK_BITS(TSK_TAG_INT, 77));
    cr_assert_eq(((node *)tsk_ptr((tsk_value){boxed}))->cell.word, 5);
    tsk_heap_free(heap);
}

Test(heap, large_cells) {
    tsk_heap *heap = make(0);
    bytes *big = block(heap, 1 << 20);
    for (uint32_t i = 0; i < (1 << 20) / 8; i++) {
        big->data[i] = i % 64 ? TSK_BITS(TSK_TAG_INT, i) : tsk_from_ptr(TSK_TAG_OBJECT, cons(heap, i, NULL, NULL)).bits;
        tsk_heap_wrote(heap, big);
    }
    garbage(heap, 200000, 100);
    tsk_heap_collect(heap);
    tsk_heap_verify(heap);
    for (uint32_t i = 0; i < (1 << 20) / 8; i += 64) {
        cr_assert_eq(((node *)tsk_ptr((tsk_value){big->data[i]}))->cell.word, i);
        cr_assert_eq(big->data[i + 1], TSK_BITS(TSK_TAG_INT, i + 1));
    }
    tsk_heap_free(heap);
}

/* Of a large cell only what was written to is looked at again. */
Test(heap, lines_of_large_cells) {
    enum { SLOTS = 100000 };
    tsk_heap *heap = make(0);
    bytes *big = block(heap, SLOTS * 8);
    tsk_value *slots = (tsk_value *)(void *)big->data;
    for (uint32_t i = 0; i < SLOTS; i++) slots[i] = tsk_from_i32((int32_t)i);
    tsk_heap_collect(heap);
    for (uint32_t turn = 0; turn < 20; turn++) {
        for (uint32_t i = turn; i < SLOTS; i += 1000) {
            slots[i] = tsk_from_ptr(TSK_TAG_OBJECT, cons(heap, i, NULL, NULL));
            tsk_heap_wrote_at(heap, big, &slots[i]);
            slots[i + 1] = tsk_from_double(0.5);
            tsk_heap_wrote_at(heap, big, &slots[i + 1]);
        }
        uint32_t row = 500 + turn * 4000;
        for (uint32_t i = row; i < row + 40; i += 3) slots[i] = tsk_from_ptr(TSK_TAG_OBJECT, cons(heap, i, NULL, NULL));
        tsk_heap_wrote_range(heap, big, &slots[row], 40);
        tsk_heap_verify(heap);
        if (turn % 5 == 4)
            garbage(heap, 64, 100000);
        else
            tsk_heap_collect_minor(heap);
        tsk_heap_verify(heap);
    }
    uint32_t cells = 0;
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (!tsk_is_pointer(slots[i])) continue;
        cr_assert_eq(((const node *)tsk_ptr(slots[i]))->cell.word, i);
        cells++;
    }
    cr_assert(cells >= 100, "%u", cells);
    tsk_heap_free(heap);
}

Test(heap, a_missing_barrier_of_a_large_cell_is_found, .signal = SIGABRT) {
    tsk_heap *heap = make(0);
    bytes *big = block(heap, 100000);
    tsk_value *slots = (tsk_value *)(void *)big->data;
    tsk_heap_collect(heap);
    slots[5000] = tsk_from_ptr(TSK_TAG_OBJECT, cons(heap, 1, NULL, NULL));
    tsk_heap_wrote_at(heap, big, &slots[5000]);
    tsk_heap_verify(heap);
    slots[6000] = slots[5000]; /* without tsk_heap_wrote_at */
    tsk_heap_verify(heap);
}

Test(heap, zeroed) {
    tsk_heap *heap = make(0);
    heap->stress = true; /* dead cells are overwritten */
    for (unsigned size = 8; size < 40000; size += size / 2) {
        bytes *b = block(heap, size & ~7u);
        for (size_t i = 0; i < b->size / 8; i++) cr_assert_eq(b->data[i], 0);
        for (size_t i = 0; i < b->size / 8; i++) b->data[i] = 0xFFF9123412341234u;
    }
    tsk_heap_free(heap);
}

static node *tree(tsk_heap *heap, unsigned depth) {
    node *left = depth ? tree(heap, depth - 1) : NULL;
    node *right = depth ? tree(heap, depth - 1) : NULL;
    return cons(heap, depth, left, right);
}
static uint32_t count(const node *n) {
    return n ? 1 + count(n->left) + count(n->right) : 0;
}

Test(heap, stress_every_allocation) {
    tsk_heap *heap = make(0);
    heap->stress = true;
    node *old = list(heap, 50);
    for (uint32_t i = 0; i < 100; i++) { /* old cells that point to new ones, cycles */
        node *n = old;
        for (uint32_t k = 0; k < i % 50; k++) n = n->left;
        TSK_HEAP_STORE(heap, n, right, tree(heap, 2));
        n->right->left->left->value = tsk_from_ptr(TSK_TAG_OBJECT, old);
        tsk_heap_wrote(heap, n->right->left->left);
    }
    check_list(old, 50);
    uint32_t total = 0;
    for (node *n = old; n; n = n->left) total += count(n->right);
    cr_assert_eq(total, 50 * 7);
    cr_assert(tsk_heap_statistics(heap)->full > 300);
    tsk_heap_free(heap);
}

Test(heap, a_missing_barrier_is_found, .signal = SIGABRT) {
    tsk_heap *heap = make(0);
    node *n = cons(heap, 1, NULL, NULL);
    tsk_heap_collect(heap);
    n->left = cons(heap, 2, NULL, NULL); /* without tsk_heap_wrote */
    tsk_heap_verify(heap);
}

/* A graph that changes at random beside a model of it in plain memory. */
Test(heap, random_graph) {
    enum { SLOTS = 20000 };
    tsk_heap *heap = make(0);
    bytes *slots = block(heap, SLOTS * 8);
    uint32_t *model = calloc(SLOTS, sizeof *model);
    uint64_t state = 88172645463325252ull;
    for (uint32_t i = 1; i < 3000000; i++) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        uint32_t at = (uint32_t)(state % SLOTS), other = (uint32_t)(state >> 32) % SLOTS;
        node *from = slots->data[other] ? tsk_ptr((tsk_value){slots->data[other]}) : NULL;
        node *n = cons(heap, i, NULL, NULL);
        if (from && state >> 20 & 1) {
            TSK_HEAP_STORE(heap, from, right, n);
            n->value = tsk_from_i32((int32_t)model[other]);
        }
        slots->data[at] = tsk_from_ptr(TSK_TAG_OBJECT, n).bits;
        tsk_heap_wrote(heap, slots);
        model[at] = i;
        if (i % 500000 == 0) tsk_heap_verify(heap);
    }
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (!model[i]) continue;
        const node *n = tsk_ptr((tsk_value){slots->data[i]});
        cr_assert_eq(n->cell.word, model[i]);
        if (n->right) cr_assert_eq((uint32_t)tsk_as_i32(n->right->value), model[i]);
    }
    free(model);
    tsk_heap_free(heap);
}

/* A long array that is written to between any two steps does not put off the end of a full collection for ever. */
Test(heap, steps_end) {
    enum { SLOTS = 100000 };
    tsk_heap *heap = make(0);
    bytes *slots = block(heap, SLOTS * 8);
    uint64_t state = 88172645463325252ull;
    for (uint32_t i = 0; i < 1500000; i++) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        uint32_t at = i < SLOTS ? i : (uint32_t)(state % SLOTS);
        bytes *made = block(heap, 200);
        made->data[0] = tsk_from_i32((int32_t)at).bits;
        slots->data[at] = tsk_from_ptr(TSK_TAG_OBJECT, made).bits;
        tsk_heap_wrote(heap, slots);
    }
    cr_assert(tsk_heap_statistics(heap)->full > 0);
    for (uint32_t i = 0; i < SLOTS; i++)
        cr_assert_eq(((const bytes *)tsk_ptr((tsk_value){slots->data[i]}))->data[0], tsk_from_i32((int32_t)i).bits);
    tsk_heap_verify(heap);
    tsk_heap_free(heap);
}

/* Enough that lives for full collections in steps. */
Test(heap, steps) {
    tsk_heap *heap = make(0);
    node *live = tree(heap, 19);
    for (uint32_t i = 0; i < 40; i++) {
        node *n = live;
        for (uint32_t k = 0; k < 8; k++) n = i >> k & 1 ? n->left : n->right;
        tsk_heap_collect_minor(heap);
        TSK_HEAP_STORE(heap, n, left, tree(heap, 10));
        garbage(heap, 64, 20000);
    }
    const tsk_heap_stats *stats = tsk_heap_statistics(heap);
    cr_assert(stats->increments > 10);
    cr_assert(stats->full > 0);
    tsk_heap_verify(heap);
    cr_assert_eq(count(live), (1u << 20) - 1);
    tsk_heap_free(heap);
}

/* At least `count` more cells, or until the limit is met (0). */
TSK_NOINLINE static void grow(tsk_heap *heap, tsk_heap_root *list, uint32_t count) {
    for (uint32_t i = 0; count ? i < count : !heap->exhausted; i++)
        list->value = tsk_from_ptr(TSK_TAG_OBJECT, cons(heap, 0, tsk_ptr(list->value), NULL));
}

TSK_NOINLINE static int grow_into_the_trap(tsk_heap *heap, tsk_heap_root *list) {
    tsk_trap trap;
    heap->trap = &trap;
    int reason = setjmp(trap.jump);
    if (!reason) grow(heap, list, UINT32_MAX);
    return reason;
}

Test(heap, limit) {
    tsk_heap *heap = make(2 << 20);
    tsk_heap_root keep;
    tsk_heap_root_add(heap, &keep, (tsk_value){TSK_BITS(TSK_TAG_OBJECT, 0)});
    cr_assert_null(tsk_heap_try_alloc(heap, 4 << 20, BYTES));
    cr_assert_not(heap->exhausted);
    grow(heap, &keep, 0);
    cr_assert(tsk_heap_statistics(heap)->reserved <= (2 << 20) + 32768);
    grow(heap, &keep, 1000);                                  /* out of the reserve */
    for (node *n = tsk_ptr(keep.value), *next; n; n = next) { /* so that a stale address keeps one cell at most */
        next = n->left;
        n->left = NULL;
    }
    keep.value = (tsk_value){TSK_BITS(TSK_TAG_OBJECT, 0)};
    tsk_heap_collect(heap);
    cr_assert_not(heap->exhausted);
    cr_assert(tsk_heap_statistics(heap)->live < 1 << 20);
    cr_assert_eq(grow_into_the_trap(heap, &keep), TSK_TRAP_MEMORY_LIMIT);
    tsk_heap_verify(heap);
    tsk_heap_free(heap);
}

static size_t resident(void) {
    unsigned long all, here = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    cr_assert(f && fscanf(f, "%lu %lu", &all, &here) == 2);
    fclose(f);
    return here * 4096;
}

TSK_NOINLINE static void peak(tsk_heap *heap, size_t small, size_t large) {
    tsk_heap_root keep;
    root_list(heap, &keep, (uint32_t)(small / sizeof(node)));
    bytes *big = block(heap, large);
    for (size_t i = 0; i < large / 8; i++) big->data[i] = tsk_from_i32(1).bits;
    cr_assert(resident() > small + large);
    tsk_heap_root_remove(heap, &keep);
}

/* After a peak the memory is the system's again, but for what the pool keeps: at once after a full collection, and
 * bit by bit while the program goes on. */
Test(heap, memory_goes_back) {
    enum { PEAK = 48 << 20, KEPT = 24 << 20 };
    for (int turn = 0; turn < 3; turn++) {
        tsk_heap *heap = make(0);
        size_t before = resident();
        peak(heap, PEAK, PEAK);
        clear_stack();
        if (turn == 0) {
            tsk_heap_free(heap);
            cr_assert(resident() < before + KEPT, "%zu %zu", before, resident());
            continue;
        }
        if (turn == 1) tsk_heap_collect(heap);
        if (turn == 2) garbage(heap, 4000, 1000000);
        cr_assert(resident() < before + KEPT, "%zu %zu", before, resident());
        cr_assert(tsk_heap_statistics(heap)->reserved < KEPT, "%zu", tsk_heap_statistics(heap)->reserved);
        tsk_heap_free(heap);
    }
}

TSK_NOINLINE static void make_owners(tsk_heap *heap, int n) {
    for (int i = 0; i < n; i++) cr_assert(tsk_heap_try_alloc(heap, sizeof(node), OWNER));
}

Test(heap, finalizers) {
    tsk_heap *heap = make(0);
    tsk_heap_root root;
    tsk_heap_root_add(heap, &root, tsk_from_ptr(TSK_TAG_OBJECT, tsk_heap_try_alloc(heap, sizeof(node), OWNER)));
    make_owners(heap, 1000);
    clear_stack();
    tsk_heap_collect(heap);
    cr_assert(finalized > 900 && finalized <= 1000, "%d", finalized);
    tsk_heap_free(heap);
    cr_assert_eq(finalized, 1001);
}

Test(heap, trim) {
    tsk_heap *heap = make(0);
    for (int stress = 0; stress < 2; stress++) {
        heap->stress = stress;
        bytes *first = block(heap, 1024), *second = block(heap, 256);
        second->data[0] = tsk_from_i32(7).bits;
        first->size = 64;
        tsk_heap_trim(heap, first, sizeof *first + 1024, sizeof *first + 64);
        bytes *third = block(heap, 256);
        tsk_heap_trim(heap, third, sizeof *third + 256, sizeof *third);
        third->size = 0;
        node *n = cons(heap, 9, NULL, NULL);
        tsk_heap_collect(heap);
        garbage(heap, 64, 100);
        tsk_heap_verify(heap);
        cr_assert_eq(second->data[0], tsk_from_i32(7).bits);
        cr_assert_eq(n->cell.word, 9);
        cr_assert_eq(third->size, 0);
    }
    tsk_heap_free(heap);
}

Test(heap, reset_and_many_heaps) {
    tsk_heap *heaps[20];
    node *lists[20];
    for (int i = 0; i < 20; i++) {
        heaps[i] = make(0);
        lists[i] = list(heaps[i], 5000);
    }
    for (int round = 0; round < 100; round++) {
        tsk_heap *heap = heaps[round % 20];
        check_list(lists[round % 20], 5000);
        tsk_heap_reset(heap);
        cr_assert_eq(tsk_heap_statistics(heap)->allocated, 0);
        lists[round % 20] = list(heap, 5000);
        tsk_heap_verify(heap);
    }
    for (int i = 0; i < 20; i++) tsk_heap_free(heaps[i]);
}
