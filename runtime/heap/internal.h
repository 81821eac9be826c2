/* What the files of the heap share.
 *
 *   address ─► block number ─► tsk_heap_block: owner, starts of cells, marks, lines in use
 *
 * Invariants
 *  - `starts` holds the cells that survived the last collection; cells in a hole that was opened since are added when
 *    somebody asks (tsk_heap_cell_at walks the hole).
 *  - `live` holds the cells marked; after a collection the two are equal.
 *  - A hole is filled from its first line without a gap; what is not filled yet is zero.
 *  - The log holds the cells that have the bit LOGGED, and the lines of large cells that have their bit in `dirty`.
 */
#ifndef TSK_HEAP_INTERNAL_H
#define TSK_HEAP_INTERNAL_H

#include "runtime/heap/heap.h"

enum {
    TSK_HEAP_BLOCK = 32768,
    TSK_HEAP_LINE = 128,
    TSK_HEAP_LINES = TSK_HEAP_BLOCK / TSK_HEAP_LINE,
    TSK_HEAP_STEPS = TSK_HEAP_BLOCK / 16,
    TSK_HEAP_LARGE_FROM = 16384, /* bytes: larger cells have blocks of their own */
    TSK_HEAP_NURSERY = 4 << 20,  /* at most */
    TSK_HEAP_FULL_FROM = 8 << 20,
    TSK_HEAP_LARGE_LIVE = 32 << 20 /* from here on memory is spent to save time */
};

typedef enum tsk_heap_use { TSK_HEAP_FREE, TSK_HEAP_SMALL_CELLS, TSK_HEAP_LARGE_CELL } tsk_heap_use;

typedef struct tsk_heap_block {
    _Atomic(tsk_heap *) owner; /* NULL: in the pool.  Other threads look at it: see tsk_heap_cell_at */
    uint32_t head;             /* of a large cell: number of its first block */
    uint32_t run;              /* in the first block: how many */
    uint8_t use;
    bool clean;     /* never written to since the system gave it */
    bool touched;   /* in the list of that name */
    uint32_t place; /* of small cells: in the heap's list */
    size_t bytes;   /* of a large cell */
    uint64_t lines[TSK_HEAP_LINES / 64], next_lines[TSK_HEAP_LINES / 64];
    uint64_t holes[TSK_HEAP_LINES / 64]; /* first lines of holes that were opened and not walked yet */
    uint64_t starts[TSK_HEAP_STEPS / 64], live[TSK_HEAP_STEPS / 64];
    uint64_t dirty[TSK_HEAP_LINES / 64]; /* of a large cell: lines written to after it was marked */
} tsk_heap_block;                        /* 256 of these fill whole pages */

/* ---- block.c: the pool of the process ---- */
extern char *tsk_heap_region;
extern tsk_heap_block *tsk_heap_blocks;
extern _Atomic uint32_t tsk_heap_block_count; /* numbers below have memory */

/* `count` blocks in a row; UINT32_MAX: none. */
uint32_t tsk_heap_take_blocks(tsk_heap *heap, uint32_t count);
void tsk_heap_give_blocks(uint32_t first, uint32_t count);
/* Up to `most` blocks' memory to the system, while the pool has more than it keeps. */
void tsk_heap_trim_pool(uint32_t most);
TSK_INLINE char *tsk_heap_block_start(uint32_t number) {
    return tsk_heap_region + (size_t)number * TSK_HEAP_BLOCK;
}
TSK_INLINE uint32_t tsk_heap_block_of(const void *p) {
    return (uint32_t)((size_t)((const char *)p - tsk_heap_region) / TSK_HEAP_BLOCK);
}

/* ---- state ---- */
typedef struct tsk_heap_list {
    void *items;
    uint32_t count, capacity;
} tsk_heap_list;
TSK_INLINE void **tsk_heap_pointers(const tsk_heap_list *l) {
    return (void **)l->items;
}
TSK_INLINE uint32_t *tsk_heap_numbers(const tsk_heap_list *l) {
    return (uint32_t *)l->items;
}

/* A list that may get long in a pause: it grows without being copied. */
enum { TSK_HEAP_ROW = 16384 /* bytes */ };
typedef struct tsk_heap_rows {
    tsk_heap_list rows; /* addresses of rows of items */
    uint32_t count;     /* of items */
} tsk_heap_rows;
/* Item sizes are powers of two. */
TSK_INLINE void *tsk_heap_item(const tsk_heap_rows *l, size_t item, uint32_t i) {
    uint32_t in_row = (uint32_t)(TSK_HEAP_ROW / item);
    return (char *)tsk_heap_pointers(&l->rows)[i / in_row] + i % in_row * item;
}

typedef enum tsk_heap_phase { TSK_HEAP_IDLE, TSK_HEAP_CLEARING, TSK_HEAP_MARKING } tsk_heap_phase;

typedef struct tsk_heap_state {
    const tsk_allocator *allocator;
    const tsk_heap_host *host;
    const char *stack_base;
    size_t limit, external;
    size_t reserve;        /* bytes beyond the limit that are given now; 0: none */
    uint32_t given;        /* how often that was made more since there was room */
    size_t since;          /* bytes opened or accounted since the last collection or step */
    size_t nursery;        /* collect when `since` gets here */
    size_t full_threshold; /* collect everything when `live` gets here */
    uint64_t full_at;      /* or when stats.allocated does: what was alive may be dead for long */
    tsk_heap_list blocks;  /* numbers of blocks of small cells */
    tsk_heap_list touched; /* of those, where cells were made or marked since the last collection ... */
    bool touched_lost;     /* ... but not all, for want of memory */
    tsk_heap_list holey;   /* and those in which holes may be; before `holey_at` none is left */
    uint32_t holey_at, hole_line;
    size_t small_live;   /* bytes of lines in use, after the last collection */
    tsk_heap_list large; /* numbers of first blocks */
    tsk_heap_list finalizable;
    uint32_t large_old, finalizable_old; /* of these, those that the last collection has kept */
    size_t large_live;                   /* bytes */
    tsk_heap_list stack;            /* cells to trace; an odd address begins a range of values, its extent follows */
    tsk_heap_rows logged;           /* cells written to after they were marked; an odd address begins a line */
    tsk_heap_rows weak;             /* weak.c's: ranges of pairs that have to be looked at */
    tsk_heap_rows awaited, buckets; /* pairs whose keys are not marked yet, by key */
    uint32_t forget_at;             /* in `awaited`: those before are forgotten, or their keys are alive */
    uint32_t cur_block, cur_line;   /* of the hole that is being filled; UINT32_MAX: none */
    uint32_t cur_walked;            /* where in the block the next walk of the hole begins */
    char *medium, *medium_end;      /* a second hole, for cells that did not fit the first */
    uint32_t medium_block, medium_line, medium_walked;
    char *stress_cur, *stress_end;    /* with `stress`: the first hole, hidden from the quick path */
    uint32_t stress_every, stress_at; /* of so many allocations one collects; counts them */
    bool stack_lost;                  /* the mark stack could not grow: marked cells must be traced again */
    bool log_lost;                    /* the log could not grow: the next collection is a full one */
    bool collecting, stress_full;
    bool verifying;
    const tsk_heap_cell *verified;  /* the cell whose references are being checked */
    const tsk_value *verified_slot; /* where the reference is, if it is one of many values */
    tsk_heap_phase phase;
    bool partial;             /* what is under way, or was last, is a minor collection */
    uint32_t clear_at;        /* CLEARING: place in `blocks` */
    uint32_t backlog;         /* MARKING: length of the log after the step before */
    bool long_again;          /* MARKING: a large cell was read as a whole again in this step */
    uint32_t tries;           /* MARKING: steps that gained nothing */
    uint64_t deadline;        /* of what is being done: a time of tsk_heap_clock_ns, or UINT64_MAX */
    uint8_t age;              /* see tsk_heap_age */
    size_t marked;            /* cells, ever: the measure of work */
    uint64_t pauses_of_minor; /* ns: what the minor collection has taken so far */
    tsk_heap_part part;       /* what the pause is spent on right now, since when, and what was spent already */
    uint64_t part_began, part_ns[TSK_HEAP_PARTS];
    tsk_heap_root roots;
    tsk_heap_stats stats;
} tsk_heap_state;

bool tsk_heap_push(tsk_heap_state *st, tsk_heap_list *list, size_t item, const void *value);
void tsk_heap_drop(tsk_heap_state *st, tsk_heap_list *list, size_t item);
bool tsk_heap_append(tsk_heap_state *st, tsk_heap_rows *list, size_t item, const void *value);
/* Forgets the items, and gives back rows beyond those that `kept` bytes need. */
void tsk_heap_empty(tsk_heap_state *st, tsk_heap_rows *list, size_t kept);
/* Stops filling holes; their rest is found again after the collection. */
void tsk_heap_retire(tsk_heap *heap);
size_t tsk_heap_held(const tsk_heap_state *st); /* bytes that count for the limit */
/* So much is left to the limit that the program may go on. */
bool tsk_heap_has_room(const tsk_heap_state *st);
void tsk_heap_touch(tsk_heap_state *st, uint32_t number);

/* ---- mark.c ---- */
/* The cell that an address points into, if it is one of this heap's. */
tsk_heap_cell *tsk_heap_cell_at(tsk_heap *heap, uintptr_t address);
size_t tsk_heap_cell_size(const tsk_heap_state *st, const tsk_heap_cell *cell);
/* A small cell that is marked, seen without touching it: most of what is visited again is old and not in the processor's
 * cache, while the marks of a block are together.  Any address will do. */
bool tsk_heap_marked_aside(uintptr_t address);
bool tsk_heap_mark_roots(tsk_heap *heap); /* stack, handles, host; false: not all */
/* From now on the pause is spent on `part`. */
void tsk_heap_spend_on(tsk_heap_state *st, tsk_heap_part part);
/* Processor time of this thread: what other programs take is not the collector's. */
uint64_t tsk_heap_now_ns(void);
/* A clock that is quick to read, for deadlines. */
uint64_t tsk_heap_clock_ns(void);
/* Traces what is on the mark stack, and then what is in the log, until nothing is left (true) or it is late. */
bool tsk_heap_drain(tsk_heap *heap);
void tsk_heap_verify_visit(tsk_heap *heap, const tsk_heap_cell *cell); /* verify.c */

/* ---- weak.c ---- */
/* The pairs of which a part is in the line of a large cell.  False: no memory. */
bool tsk_heap_weak_line(tsk_heap *heap, const tsk_heap_cell *cell, const char *line);
/* `key`, which is awaited, has been marked. */
void tsk_heap_wake(tsk_heap *heap, tsk_heap_cell *key);
/* As tsk_heap_drain, and what pairs keep because their keys are alive. */
bool tsk_heap_drain_weak(tsk_heap *heap);
/* When all that can be reached is marked; false: it is late, there is more. */
bool tsk_heap_forget_dead(tsk_heap *heap);
void tsk_heap_reset_weak(tsk_heap_state *st);
void tsk_heap_drop_weak(tsk_heap_state *st);

/* ---- log.c ---- */
void tsk_heap_forget_log(tsk_heap_state *st);
/* Takes the last entry out and traces it. */
void tsk_heap_trace_logged(tsk_heap *heap);
bool tsk_heap_is_dirty(const void *slot); /* of a large cell */

/* ---- collect.c ---- */
/* At a slow path: collects, or does a step, if it is time. */
void tsk_heap_poll(tsk_heap *heap);
/* At the limit: ends the full collection that is under way, or does one, whatever time it takes. */
void tsk_heap_make_room(tsk_heap *heap);

#define TSK_HEAP_BIT(map, i) ((map)[(i) >> 6] >> ((i)&63) & 1)
#define TSK_HEAP_SET(map, i) ((map)[(i) >> 6] |= 1ull << ((i)&63))

#endif
