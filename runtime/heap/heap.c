/* Allocation: holes for small cells, blocks of their own for large ones, limits, handles.
 *
 *   cell ─► the hole being filled ─► next hole ─► a block of the pool ─► collect ─► the reserve ─► trap
 *
 * Invariants
 *  - heap->cur .. heap->end is zero.  With `stress` it is empty, so that every allocation comes here.
 *  - A collection happens before the cell of a call is taken, never between that and the return.
 */
#include "runtime/heap/internal.h"

#include <stdlib.h>

enum {
    KEEP_BLOCKS = 8,  /* over a reset */
    SEARCH_LINES = 2, /* holes of fewer lines are not worth opening */
    ROOM_PART = 32,   /* of the limit: with less room than that after a collection the heap is full */
    RESERVE_PART = 64,
    LEAST_RESERVE = 256 << 10,
    MOST_GIVEN = 8 /* reserves, one after the other, to a program that does not let go of anything */
};

bool tsk_heap_push(tsk_heap_state *st, tsk_heap_list *list, size_t item, const void *value) {
    if (TSK_UNLIKELY(list->count == list->capacity)) {
        uint32_t more = list->capacity ? list->capacity * 2 : 64;
        if (more < list->capacity) return false;
        void *p = tsk_mem_resize(st->allocator, list->items, list->capacity * item, more * item);
        if (!p) return false;
        list->items = p;
        list->capacity = more;
    }
    memcpy((char *)list->items + list->count++ * item, value, item);
    return true;
}

void tsk_heap_drop(tsk_heap_state *st, tsk_heap_list *list, size_t item) {
    if (list->items) tsk_mem_free(st->allocator, list->items, list->capacity * item);
    *list = (tsk_heap_list){0};
}

bool tsk_heap_append(tsk_heap_state *st, tsk_heap_rows *list, size_t item, const void *value) {
    uint32_t in_row = (uint32_t)(TSK_HEAP_ROW / item);
    if (TSK_UNLIKELY(list->count / in_row == list->rows.count)) {
        void *row = list->count < UINT32_MAX - in_row ? tsk_mem_alloc(st->allocator, TSK_HEAP_ROW) : NULL;
        if (!row) return false;
        if (!tsk_heap_push(st, &list->rows, sizeof row, &row)) {
            tsk_mem_free(st->allocator, row, TSK_HEAP_ROW);
            return false;
        }
    }
    memcpy(tsk_heap_item(list, item, list->count++), value, item);
    return true;
}

void tsk_heap_empty(tsk_heap_state *st, tsk_heap_rows *list, size_t kept) {
    list->count = 0;
    while (list->rows.count > kept / TSK_HEAP_ROW)
        tsk_mem_free(st->allocator, tsk_heap_pointers(&list->rows)[--list->rows.count], TSK_HEAP_ROW);
    if (!list->rows.count) tsk_heap_drop(st, &list->rows, sizeof(void *));
}

size_t tsk_heap_held(const tsk_heap_state *st) {
    return st->stats.reserved + st->external;
}

bool tsk_heap_has_room(const tsk_heap_state *st) {
    return !st->limit || tsk_heap_held(st) + st->limit / ROOM_PART <= st->limit;
}

void tsk_heap_touch(tsk_heap_state *st, uint32_t number) {
    tsk_heap_blocks[number].touched = true;
    if (!tsk_heap_push(st, &st->touched, sizeof number, &number)) st->touched_lost = true;
}

/* ---- life ---- */

static void fresh(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    heap->cur = heap->end = NULL;
    heap->exhausted = false;
    st->medium = st->medium_end = st->stress_cur = st->stress_end = NULL;
    st->cur_block = st->medium_block = UINT32_MAX;
    st->touched.count = st->holey.count = 0;
    st->holey_at = st->hole_line = 0;
    st->touched_lost = false;
    st->small_live = st->large_live = 0;
    st->large_old = st->finalizable_old = 0;
    st->since = st->external = st->reserve = 0;
    st->given = 0;
    /* The blocks that are kept are one hole each. */
    for (uint32_t i = 0; i < st->blocks.count; i++)
        if (!tsk_heap_push(st, &st->holey, sizeof(uint32_t), &tsk_heap_numbers(&st->blocks)[i])) break;
    st->nursery = TSK_HEAP_NURSERY;
    st->full_threshold = TSK_HEAP_FULL_FROM;
    st->full_at = UINT64_MAX; /* nothing was full yet */
    st->stack_lost = st->log_lost = false;
    st->phase = TSK_HEAP_IDLE;
    if (!++st->age) st->age = 1;
    st->roots.prev = st->roots.next = &st->roots;
}

tsk_heap *tsk_heap_new(const tsk_allocator *allocator, const tsk_heap_host *host, size_t limit) {
    tsk_heap *heap = tsk_mem_alloc(allocator, sizeof *heap);
    tsk_heap_state *st = heap ? tsk_mem_alloc(allocator, sizeof *st) : NULL;
    if (!st) {
        if (heap) tsk_mem_free(allocator, heap, sizeof *heap);
        return NULL;
    }
    memset(heap, 0, sizeof *heap);
    memset(st, 0, sizeof *st);
    heap->state = st;
    st->allocator = allocator;
    st->host = host;
    st->limit = limit;
    fresh(heap);
#ifdef TUSK_GC_STRESS
    const char *every = getenv("TSK_GC_STRESS");
    heap->stress = every != NULL;
    st->stress_every = every ? (uint32_t)strtoul(every, NULL, 10) : 0;
#endif
    return heap;
}

static void finalize_all(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    for (uint32_t i = 0; i < st->finalizable.count; i++) {
        tsk_heap_cell *cell = tsk_heap_pointers(&st->finalizable)[i];
        st->host->kinds[cell->kind].finalize(heap, cell);
    }
    st->finalizable.count = 0;
}

static void give_back(tsk_heap *heap, uint32_t keep) {
    tsk_heap_state *st = heap->state;
    finalize_all(heap);
    for (uint32_t i = 0; i < st->large.count; i++) {
        uint32_t first = tsk_heap_numbers(&st->large)[i];
        tsk_heap_give_blocks(first, tsk_heap_blocks[first].run);
    }
    st->large.count = 0;
    for (uint32_t i = keep; i < st->blocks.count; i++) tsk_heap_give_blocks(tsk_heap_numbers(&st->blocks)[i], 1);
    if (st->blocks.count > keep) st->blocks.count = keep;
    st->stack.count = st->logged.count = 0;
    tsk_heap_reset_weak(st);
    tsk_heap_trim_pool(UINT32_MAX);
    st->stats = (tsk_heap_stats){.reserved = (size_t)st->blocks.count * TSK_HEAP_BLOCK};
}

void tsk_heap_free(tsk_heap *heap) {
    if (!heap) return;
    tsk_heap_state *st = heap->state;
    give_back(heap, 0);
    tsk_heap_drop(st, &st->blocks, sizeof(uint32_t));
    tsk_heap_drop(st, &st->touched, sizeof(uint32_t));
    tsk_heap_drop(st, &st->holey, sizeof(uint32_t));
    tsk_heap_drop(st, &st->large, sizeof(uint32_t));
    tsk_heap_drop(st, &st->finalizable, sizeof(void *));
    tsk_heap_drop(st, &st->stack, sizeof(void *));
    tsk_heap_empty(st, &st->logged, 0);
    tsk_heap_drop_weak(st);
    const tsk_allocator *allocator = st->allocator;
    tsk_mem_free(allocator, st, sizeof *st);
    tsk_mem_free(allocator, heap, sizeof *heap);
}

static void clear_block(tsk_heap_block *b) {
    memset(b->lines, 0, sizeof b->lines);
    memset(b->next_lines, 0, sizeof b->next_lines);
    memset(b->holes, 0, sizeof b->holes);
    memset(b->starts, 0, sizeof b->starts);
    memset(b->live, 0, sizeof b->live);
    memset(b->dirty, 0, sizeof b->dirty);
    b->touched = false;
}

void tsk_heap_reset(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    give_back(heap, KEEP_BLOCKS);
    for (uint32_t i = 0; i < st->blocks.count; i++) clear_block(&tsk_heap_blocks[tsk_heap_numbers(&st->blocks)[i]]);
    fresh(heap);
}

void tsk_heap_set_stack_base(tsk_heap *heap, const void *base) {
    heap->state->stack_base = base;
}

const tsk_heap_stats *tsk_heap_statistics(tsk_heap *heap) {
    return &heap->state->stats;
}

/* ---- handles ---- */

void tsk_heap_root_add(tsk_heap *heap, tsk_heap_root *root, tsk_value v) {
    tsk_heap_root *head = &heap->state->roots;
    root->value = v;
    root->prev = head->prev;
    root->next = head;
    head->prev->next = root;
    head->prev = root;
}

void tsk_heap_root_remove(tsk_heap *heap, tsk_heap_root *root) {
    (void)heap;
    root->prev->next = root->next;
    root->next->prev = root->prev;
    root->prev = root->next = NULL;
}

/* ---- budget ---- */

void tsk_heap_account(tsk_heap *heap, ptrdiff_t bytes) {
    tsk_heap_state *st = heap->state;
    st->external = (size_t)((ptrdiff_t)st->external + bytes);
    if (bytes > 0) st->since += (size_t)bytes;
}

/* ---- blocks ---- */

/* Blocks within the limit and what is given beyond it, or NULL. */
static char *take(tsk_heap *heap, uint32_t count, size_t bytes, tsk_heap_use use) {
    tsk_heap_state *st = heap->state;
    if (st->limit && tsk_heap_held(st) + bytes > st->limit + st->reserve) return NULL;
    tsk_heap_list *list = use == TSK_HEAP_LARGE_CELL ? &st->large : &st->blocks;
    uint32_t first = tsk_heap_take_blocks(heap, count);
    if (first == UINT32_MAX) return NULL;
    if (!tsk_heap_push(st, list, sizeof first, &first)) {
        tsk_heap_give_blocks(first, count);
        return NULL;
    }
    for (uint32_t i = first; i < first + count; i++) {
        clear_block(&tsk_heap_blocks[i]);
        tsk_heap_blocks[i].use = (uint8_t)use;
    }
    tsk_heap_blocks[first].run = count;
    tsk_heap_blocks[first].place = list->count - 1;
    tsk_heap_blocks[first].bytes = bytes;
    st->stats.reserved += bytes;
    if (st->stats.reserved > st->stats.peak) st->stats.peak = st->stats.reserved;
    return tsk_heap_block_start(first);
}

/* ---- holes ---- */

/* The next row of free lines of at least `lines` lines, at or behind *line; its length, 0: none. */
static uint32_t find_hole(const tsk_heap_block *b, uint32_t lines, uint32_t *line) {
    uint32_t i = *line;
    while (i < TSK_HEAP_LINES) {
        uint64_t used = b->lines[i / 64] >> (i & 63);
        if (used & 1) {
            uint32_t row = (uint32_t)(~used ? __builtin_ctzll(~used) : 64);
            i += row < 64 - (i & 63) ? row : 64 - (i & 63);
            continue;
        }
        uint32_t from = i;
        while (i < TSK_HEAP_LINES && !TSK_HEAP_BIT(b->lines, i)) i++;
        if (i - from >= lines) {
            *line = from;
            return i - from;
        }
    }
    return 0;
}

/* Zeroes the hole and says where it is. */
static char *open_hole(tsk_heap *heap, uint32_t number, uint32_t line, uint32_t lines) {
    tsk_heap_state *st = heap->state;
    tsk_heap_block *b = &tsk_heap_blocks[number];
    char *p = tsk_heap_block_start(number) + (size_t)line * TSK_HEAP_LINE;
    size_t size = (size_t)lines * TSK_HEAP_LINE;
    if (b->clean && lines == TSK_HEAP_LINES)
        b->clean = false;
    else
        memset(p, 0, size);
    b->clean = false;
    if (!b->touched) tsk_heap_touch(st, number);
    TSK_HEAP_SET(b->holes, line);
    st->since += size;
    st->stats.allocated += size;
    return p;
}

/* The hole that small cells go into, out of the holes that the last collection left. */
static bool next_hole(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    for (; st->holey_at < st->holey.count; st->holey_at++, st->hole_line = 0) {
        uint32_t number = tsk_heap_numbers(&st->holey)[st->holey_at], line = st->hole_line;
        uint32_t found = find_hole(&tsk_heap_blocks[number], SEARCH_LINES, &line);
        if (!found) continue;
        st->hole_line = line + found;
        st->cur_block = number;
        st->cur_line = line;
        st->cur_walked = line * TSK_HEAP_LINE;
        heap->cur = open_hole(heap, number, line, found);
        heap->end = heap->cur + (size_t)found * TSK_HEAP_LINE;
        return true;
    }
    return false;
}

static bool whole_block(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    if (!take(heap, 1, TSK_HEAP_BLOCK, TSK_HEAP_SMALL_CELLS)) return false;
    st->cur_block = tsk_heap_numbers(&st->blocks)[st->blocks.count - 1];
    st->cur_line = st->cur_walked = 0;
    heap->cur = open_hole(heap, st->cur_block, 0, TSK_HEAP_LINES);
    heap->end = heap->cur + TSK_HEAP_BLOCK;
    return true;
}

/* A whole block for cells of middle size; the hole for the small ones stays open. */
static bool medium_block(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    char *cur = heap->cur, *end = heap->end;
    uint32_t block = st->cur_block, line = st->cur_line, walked = st->cur_walked;
    if (!whole_block(heap)) return false;
    st->medium = heap->cur;
    st->medium_end = heap->end;
    st->medium_block = st->cur_block;
    st->medium_line = st->medium_walked = 0;
    heap->cur = cur;
    heap->end = end;
    st->cur_block = block;
    st->cur_line = line;
    st->cur_walked = walked;
    return true;
}

void tsk_heap_retire(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    heap->cur = heap->end = st->medium = st->medium_end = st->stress_cur = st->stress_end = NULL;
    st->cur_block = st->medium_block = UINT32_MAX;
}

void tsk_heap_trim(tsk_heap *heap, void *cell, size_t old_size, size_t new_size) {
    tsk_heap_state *st = heap->state;
    if (((const tsk_heap_cell *)cell)->mark & TSK_HEAP_LARGE) return;
    old_size = (old_size + 15) & ~(size_t)15;
    new_size = (new_size + 15) & ~(size_t)15;
    char *tail = (char *)cell + new_size, *end = (char *)cell + old_size;
    if (tail == end) return;
    memset(tail, 0, old_size - new_size);
    uint32_t at = (uint32_t)(tail - tsk_heap_block_start(tsk_heap_block_of(cell)));
    if (end == heap->cur) {
        heap->cur = tail;
        if (st->cur_walked > at) st->cur_walked = at;
    } else if (end == st->medium) {
        st->medium = tail;
        if (st->medium_walked > at) st->medium_walked = at;
    } else {
        ((tsk_heap_cell *)(void *)tail)->word = (uint32_t)(old_size - new_size); /* kind 0: nothing */
    }
}

/* ---- cells ---- */

static void *from_holes(tsk_heap *heap, size_t size) {
    tsk_heap_state *st = heap->state;
    if (size <= (size_t)(heap->end - heap->cur)) {
        char *p = heap->cur;
        heap->cur += size;
        return p;
    }
    if (size <= (size_t)(st->medium_end - st->medium)) {
        char *p = st->medium;
        st->medium += size;
        return p;
    }
    return NULL;
}

/* ---- at the limit ---- */

/* More of the reserve; false: that was all, or it would not help. */
static bool give_more(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    if (!st->limit || st->given >= MOST_GIVEN) return false;
    size_t part = st->limit / RESERVE_PART;
    st->reserve = ++st->given * (part > LEAST_RESERVE ? part : LEAST_RESERVE);
    return true;
}

/* A block did not fit.  A collection that frees hardly anything is followed by others only now and then: the program has
 * been told, and goes on with the reserve.  False: there is no way. */
static bool find_room(tsk_heap *heap, bool *collected) {
    tsk_heap_state *st = heap->state;
    if (!*collected && !(st->given & (st->given - 1))) {
        *collected = true;
        tsk_heap_make_room(heap);
        if (tsk_heap_has_room(st)) return true;
    }
    if (!give_more(heap)) return false;
    heap->exhausted = true;
    return true;
}

static void *small_cell(tsk_heap *heap, size_t size) {
    bool middle = size > 2 * TSK_HEAP_LINE, collected = false;
    for (;;) {
        void *p = from_holes(heap, size);
        if (p) return p;
        bool more = middle && heap->cur != heap->end ? medium_block(heap) : next_hole(heap) || whole_block(heap);
        if (!more && !find_room(heap, &collected)) return NULL;
    }
}

/* Whoever throws because there is no room for a large cell needs some for small ones. */
static char *no_large_cell(tsk_heap *heap) {
    if (!tsk_heap_has_room(heap->state) && !heap->state->given) give_more(heap);
    return NULL;
}

static void *large_cell(tsk_heap *heap, size_t size, bool needed) {
    tsk_heap_state *st = heap->state;
    if (size > (size_t)UINT32_MAX * 16) return NULL;
    uint32_t count = (uint32_t)((size + TSK_HEAP_BLOCK - 1) / TSK_HEAP_BLOCK);
    size_t bytes = (size + 4095) & ~(size_t)4095;
    bool collected = false;
    char *p;
    while (!(p = take(heap, count, bytes, TSK_HEAP_LARGE_CELL))) {
        if (needed) {
            if (!find_room(heap, &collected)) return NULL;
        } else {
            if (collected) return no_large_cell(heap);
            collected = true;
            tsk_heap_make_room(heap);
        }
    }
    uint32_t first = tsk_heap_block_of(p);
    size_t used = 0;
    for (uint32_t i = first; i < first + count; i++, used += TSK_HEAP_BLOCK) {
        if (!tsk_heap_blocks[i].clean) memset(p + used, 0, size - used < TSK_HEAP_BLOCK ? size - used : TSK_HEAP_BLOCK);
        tsk_heap_blocks[i].clean = false;
    }
    ((tsk_heap_cell *)(void *)p)->mark = TSK_HEAP_LARGE;
    st->since += bytes;
    st->stats.allocated += bytes;
    return p;
}

static void *alloc(tsk_heap *heap, size_t size, unsigned kind, bool needed) {
    tsk_heap_state *st = heap->state;
    if (size > (size_t)1 << 40) return NULL;
    size = (size + 15) & ~(size_t)15;
    if (st->stress_cur) { /* the hole that was hidden */
        heap->cur = st->stress_cur;
        heap->end = st->stress_end;
        st->stress_cur = NULL;
    }
    tsk_heap_poll(heap);
    bool finalized = st->host->kinds[kind].finalize;
    void *none = NULL;
    if (finalized && !tsk_heap_push(st, &st->finalizable, sizeof none, &none)) return NULL;
    tsk_heap_cell *cell = size > TSK_HEAP_LARGE_FROM ? large_cell(heap, size, needed) : small_cell(heap, size);
    if (cell) cell->kind = (uint8_t)kind;
    if (finalized) {
        /* A collection above may have moved the list's end, but not the entry that is still empty. */
        if (cell)
            tsk_heap_pointers(&st->finalizable)[st->finalizable.count - 1] = cell;
        else
            st->finalizable.count--;
    }
    if (TSK_UNLIKELY(heap->stress)) {
        st->stress_cur = heap->cur;
        st->stress_end = heap->end;
        heap->cur = heap->end = NULL;
    }
    return cell;
}

void *tsk_heap_alloc_slow(tsk_heap *heap, size_t size, unsigned kind) {
    void *p = alloc(heap, size, kind, true);
    if (TSK_LIKELY(p != NULL)) return p;
    if (!heap->trap) abort();
    longjmp(heap->trap->jump, heap->state->limit ? TSK_TRAP_MEMORY_LIMIT : TSK_TRAP_NO_MEMORY);
}

void *tsk_heap_try_alloc(tsk_heap *heap, size_t size, unsigned kind) {
    return alloc(heap, size, kind, false);
}
