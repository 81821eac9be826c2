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
    RESERVE = 512 << 10, /* bytes beyond the limit, for whoever handles the error */
    KEEP_BLOCKS = 8,     /* over a reset */
    SEARCH_LINES = 2     /* holes of fewer lines are not worth opening */
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

/* ---- life ---- */

static void fresh(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    heap->cur = heap->end = NULL;
    heap->exhausted = false;
    st->medium = st->medium_end = st->stress_cur = st->stress_end = NULL;
    st->cur_block = st->medium_block = UINT32_MAX;
    st->hole_block = st->hole_line = 0;
    st->searchable = st->blocks.count;
    st->since = st->external = 0;
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
    heap->stress = getenv("TSK_GC_STRESS") != NULL;
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

static bool fits(const tsk_heap_state *st, size_t bytes, size_t reserve) {
    return !st->limit || tsk_heap_held(st) + bytes <= st->limit + reserve;
}

/* Blocks within the limit, or NULL. */
static char *take(tsk_heap *heap, uint32_t count, size_t bytes, tsk_heap_use use, size_t reserve) {
    tsk_heap_state *st = heap->state;
    if (!fits(st, bytes, reserve)) return NULL;
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
    b->touched = true;
    TSK_HEAP_SET(b->holes, line);
    st->since += size;
    st->stats.allocated += size;
    return p;
}

/* The hole that small cells go into, out of the holes that the last collection left. */
static bool next_hole(tsk_heap *heap, size_t size) {
    tsk_heap_state *st = heap->state;
    uint32_t lines = (uint32_t)((size + TSK_HEAP_LINE - 1) / TSK_HEAP_LINE);
    if (lines < SEARCH_LINES) lines = SEARCH_LINES;
    while (st->hole_block < st->searchable) {
        uint32_t number = tsk_heap_numbers(&st->blocks)[st->hole_block], line = st->hole_line;
        uint32_t found = find_hole(&tsk_heap_blocks[number], lines, &line);
        if (found) {
            st->hole_line = line + found;
            st->cur_block = number;
            st->cur_line = line;
            st->cur_walked = line * TSK_HEAP_LINE;
            heap->cur = open_hole(heap, number, line, found);
            heap->end = heap->cur + (size_t)found * TSK_HEAP_LINE;
            return true;
        }
        st->hole_block++;
        st->hole_line = 0;
    }
    return false;
}

static bool whole_block(tsk_heap *heap, size_t reserve) {
    tsk_heap_state *st = heap->state;
    if (!take(heap, 1, TSK_HEAP_BLOCK, TSK_HEAP_SMALL_CELLS, reserve)) return false;
    st->cur_block = tsk_heap_numbers(&st->blocks)[st->blocks.count - 1];
    st->cur_line = st->cur_walked = 0;
    heap->cur = open_hole(heap, st->cur_block, 0, TSK_HEAP_LINES);
    heap->end = heap->cur + TSK_HEAP_BLOCK;
    return true;
}

/* A whole block for cells of middle size; the hole for the small ones stays open. */
static bool medium_block(tsk_heap *heap, size_t reserve) {
    tsk_heap_state *st = heap->state;
    char *cur = heap->cur, *end = heap->end;
    uint32_t block = st->cur_block, line = st->cur_line, walked = st->cur_walked;
    if (!whole_block(heap, reserve)) return false;
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
    st->hole_block = st->hole_line = 0;
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

static void *small_cell(tsk_heap *heap, size_t size) {
    bool middle = size > 2 * TSK_HEAP_LINE;
    size_t reserve = 0;
    for (unsigned tries = 0;; tries++) {
        void *p = from_holes(heap, size);
        if (p) return p;
        bool more = middle && heap->cur != heap->end ? medium_block(heap, reserve)
                                                     : next_hole(heap, size) || whole_block(heap, reserve);
        if (more) continue;
        if (tries == 0 && !heap->exhausted) {
            tsk_heap_collect(heap);
        } else if (!reserve && heap->state->limit) {
            heap->exhausted = true;
            reserve = RESERVE;
        } else {
            return NULL;
        }
    }
}

static void *large_cell(tsk_heap *heap, size_t size, size_t reserve) {
    tsk_heap_state *st = heap->state;
    if (size > (size_t)UINT32_MAX * 16) return NULL;
    uint32_t count = (uint32_t)((size + TSK_HEAP_BLOCK - 1) / TSK_HEAP_BLOCK);
    size_t bytes = (size + 4095) & ~(size_t)4095;
    char *p = take(heap, count, bytes, TSK_HEAP_LARGE_CELL, 0);
    if (!p) {
        tsk_heap_collect(heap);
        p = take(heap, count, bytes, TSK_HEAP_LARGE_CELL, reserve);
        if (!p) return NULL;
        heap->exhausted |= !fits(st, 0, 0);
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

static void *alloc(tsk_heap *heap, size_t size, unsigned kind, size_t large_reserve) {
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
    tsk_heap_cell *cell = size > TSK_HEAP_LARGE_FROM ? large_cell(heap, size, large_reserve) : small_cell(heap, size);
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
    void *p = alloc(heap, size, kind, RESERVE);
    if (TSK_LIKELY(p != NULL)) return p;
    if (!heap->trap) abort();
    longjmp(heap->trap->jump, heap->state->limit ? TSK_TRAP_MEMORY_LIMIT : TSK_TRAP_NO_MEMORY);
}

void *tsk_heap_try_alloc(tsk_heap *heap, size_t size, unsigned kind) {
    return alloc(heap, size, kind, 0);
}
