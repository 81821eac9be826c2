/* The heap of functions: cells of one context, collected.
 *
 *   region (reserved address space) ─► blocks of 32 KiB ─► lines of 128 bytes ─► cells (16-byte steps)
 *        │                                └ large cells: runs of blocks
 *        └ a pool shared by all heaps of the process hands blocks out and takes them back
 *
 * A mark-region collector (Immix: Blackburn and McKinley 2008) that never moves a cell, generational by sticky mark
 * bits (Demers et al. 1990), with an incremental full marking.  The heap is scanned precisely by the trace function
 * of each kind; the machine stack and the registers of interpreter frames are scanned conservatively, so C code
 * holds cells in plain local variables.
 *
 * Invariants
 *  - A heap is used by one thread at a time.  Cells never point into another heap; permanent cells (atoms, shapes'
 *    keys, literals) may be pointed to by everybody and are never freed while their owner lives.
 *  - Memory from tsk_heap_alloc is zero but for its header, and the next allocation may trace it.
 *  - Every store of a cell's address into a cell goes through tsk_heap_wrote (or TSK_HEAP_STORE), or through
 *    tsk_heap_wrote_at when the cell may be a large one: of that only the line with the slot is looked at again.
 *  - A cell that only C memory outside the stack points to must be rooted (tsk_heap_root).
 *  - Small allocations never fail: past the limit the heap first collects, then sets `exhausted` (the interpreter
 *    throws a RangeError at the next poll) and serves from a reserve, given in parts; when that is used up too, control
 *    leaves through the trap, like an arena's.  Large ones may give NULL: the caller throws.
 */
#ifndef TSK_HEAP_H
#define TSK_HEAP_H

#include "runtime/base/mem.h"
#include "runtime/base/value.h"

typedef struct tsk_heap tsk_heap;

/* In front of every cell. */
typedef struct tsk_heap_cell {
    uint8_t kind;  /* index of the kind table; 0: no cell */
    uint8_t mark;  /* the collector's */
    uint8_t flags; /* the kind's */
    uint8_t aux;   /* the kind's */
    uint32_t word; /* the kind's: shape number of an object, hash of a string, size of a buffer */
} tsk_heap_cell;

/* Bits of `mark`. */
enum {
    TSK_HEAP_MARKED = 1,    /* reached in this cycle, or old */
    TSK_HEAP_LOGGED = 2,    /* in the list of cells to look at again */
    TSK_HEAP_PERMANENT = 4, /* not in any heap: never traced, never freed */
    TSK_HEAP_LARGE = 8,
    TSK_HEAP_AWAITED = 16 /* key of a pair that is looked at again when it is marked */
};

typedef struct tsk_heap_pair {
    tsk_value key, value; /* no pair when the key is no cell */
} tsk_heap_pair;

/* Pairs stand in a row, `words` words from one to the next; they do not move while the cell lives. */
typedef struct tsk_heap_pairs {
    tsk_heap_pair *first;
    uint32_t count, words; /* words 0: this cell of the kind holds no pairs */
} tsk_heap_pairs;

typedef struct tsk_heap_kind {
    const char *name;
    size_t (*size)(const tsk_heap_cell *cell);                /* bytes, as allocated */
    void (*trace)(tsk_heap *heap, const tsk_heap_cell *cell); /* calls tsk_heap_visit*; NULL: holds no cells */
    /* NULL: nothing outside the heap is owned.  Cells of a kind that has one are made by tsk_heap_try_alloc. */
    void (*finalize)(tsk_heap *heap, tsk_heap_cell *cell);
    /* For cells that hold pairs of which each lives while its key does, NULL for others: where the pairs are, and what
     * is done about one whose key is dead. */
    tsk_heap_pairs (*pairs)(const tsk_heap_cell *cell);
    void (*forget)(tsk_heap *heap, tsk_heap_cell *cell, tsk_heap_pair *pair);
} tsk_heap_kind;

/* What the owner of the heap does for it. */
typedef struct tsk_heap_host {
    const tsk_heap_kind *kinds;
    uint32_t kind_count;
    void *user;
    /* Calls tsk_heap_visit* and tsk_heap_visit_range.  False: it was too late for all (tsk_heap_is_late); it is called
     * again after a while and goes on with the rest. */
    bool (*roots)(tsk_heap *heap, void *user);
} tsk_heap_host;

/* Pauses are counted by length, in steps; the last count is of all longer ones. */
enum { TSK_HEAP_PAUSES = 128, TSK_HEAP_PAUSE_STEP = 50000 /* ns */ };

/* What a pause is spent on. */
typedef enum tsk_heap_part {
    TSK_HEAP_PART_CLEAR, /* marks of the collection before */
    TSK_HEAP_PART_TRACE,
    TSK_HEAP_PART_ROOTS,
    TSK_HEAP_PART_WEAK,
    TSK_HEAP_PART_SWEEP,
    TSK_HEAP_PARTS
} tsk_heap_part;

typedef struct tsk_heap_stats {
    uint64_t allocated; /* bytes, since the heap was made */
    size_t live;        /* bytes, after the last collection */
    size_t reserved;    /* bytes of blocks held now */
    size_t peak;        /* of `reserved` */
    uint64_t minor, full, increments;
    uint64_t pause_ns, longest_pause_ns;
    uint32_t pauses[TSK_HEAP_PAUSES];
    uint64_t longest_part_ns[TSK_HEAP_PARTS]; /* each in the pause that spent most on it */
} tsk_heap_stats;

struct tsk_heap {
    char *cur, *end; /* the hole that is being filled */
    bool exhausted;  /* over the limit: see above; whoever throws for it may clear it */
    bool stress;     /* collect at every slow path; with TUSK_GC_STRESS at every allocation, or one of TSK_GC_STRESS */
    tsk_trap *trap;
    struct tsk_heap_state *state; /* heap.c's */
};

/* NULL: no memory.  `limit` in bytes, 0 = none. */
tsk_heap *tsk_heap_new(const tsk_allocator *allocator, const tsk_heap_host *host, size_t limit);
/* Gives all blocks back to the pool; finalizers run. */
void tsk_heap_free(tsk_heap *heap);
/* As good as new, keeping a few blocks. */
void tsk_heap_reset(tsk_heap *heap);
/* Address of the frame at which the stack scan of this thread ends: set by whoever enters from outside. */
void tsk_heap_set_stack_base(tsk_heap *heap, const void *base);

void *tsk_heap_alloc_slow(tsk_heap *heap, size_t size, unsigned kind);
/* Zeroed, 16-byte aligned. */
TSK_INLINE void *tsk_heap_alloc(tsk_heap *heap, size_t size, unsigned kind) {
#ifndef TUSK_GC_STRESS
    size_t rounded = (size + 15) & ~(size_t)15;
    char *p = heap->cur;
    if (TSK_LIKELY(rounded <= (size_t)(heap->end - p))) {
        heap->cur = p + rounded;
        ((tsk_heap_cell *)(void *)p)->kind = (uint8_t)kind;
        return p;
    }
#endif
    return tsk_heap_alloc_slow(heap, size, kind);
}
/* For sizes that a program chooses: NULL when the limit does not allow it. */
void *tsk_heap_try_alloc(tsk_heap *heap, size_t size, unsigned kind);
/* Gives back the tail of a cell whose `size` says `new_size` from now on. */
void tsk_heap_trim(tsk_heap *heap, void *cell, size_t old_size, size_t new_size);
/* Memory outside the heap that a cell owns, for the budget; negative when it is freed. */
void tsk_heap_account(tsk_heap *heap, ptrdiff_t bytes);

/* ---- barrier ---- */
void tsk_heap_log(tsk_heap *heap, tsk_heap_cell *cell);
void tsk_heap_log_at(tsk_heap *heap, tsk_heap_cell *cell, const tsk_value *slot);
void tsk_heap_log_range(tsk_heap *heap, tsk_heap_cell *cell, const tsk_value *slots, size_t count);
/* After cells were stored into `cell`. */
TSK_INLINE void tsk_heap_wrote(tsk_heap *heap, void *cell) {
    tsk_heap_cell *c = (tsk_heap_cell *)cell;
    if (TSK_UNLIKELY((c->mark & (TSK_HEAP_MARKED | TSK_HEAP_LOGGED | TSK_HEAP_PERMANENT)) == TSK_HEAP_MARKED))
        tsk_heap_log(heap, c);
}
/* After a value was stored into a slot of `cell`. */
TSK_INLINE void tsk_heap_wrote_at(tsk_heap *heap, void *cell, const tsk_value *slot) {
    tsk_heap_cell *c = (tsk_heap_cell *)cell;
    if (TSK_UNLIKELY((c->mark & (TSK_HEAP_MARKED | TSK_HEAP_LOGGED | TSK_HEAP_PERMANENT)) == TSK_HEAP_MARKED) &&
        tsk_is_pointer(*slot))
        tsk_heap_log_at(heap, c, slot);
}
/* After values were stored into slots in a row. */
TSK_INLINE void tsk_heap_wrote_range(tsk_heap *heap, void *cell, const tsk_value *slots, size_t count) {
    tsk_heap_cell *c = (tsk_heap_cell *)cell;
    if (TSK_UNLIKELY((c->mark & (TSK_HEAP_MARKED | TSK_HEAP_LOGGED | TSK_HEAP_PERMANENT)) == TSK_HEAP_MARKED))
        tsk_heap_log_range(heap, c, slots, count);
}
#define TSK_HEAP_STORE(heap, cell, field, what) ((cell)->field = (what), tsk_heap_wrote((heap), (cell)))

/* ---- for trace and roots ---- */
void tsk_heap_visit(tsk_heap *heap, const void *cell); /* NULL is fine */
/* A NaN-boxed value: tags STR, ARRAY (symbols), OBJECT and CELL are addresses of cells. */
void tsk_heap_visit_value(tsk_heap *heap, tsk_value v);
/* Many are visited in pieces, later: they stay where they are, and what is written to them is told. */
void tsk_heap_visit_values(tsk_heap *heap, const tsk_value *v, size_t count);
/* `count` records of `words` words each (at most 7), of which the first `values` are values. */
void tsk_heap_visit_records(tsk_heap *heap, const tsk_value *first, size_t count, unsigned words, unsigned values);
/* In a trace: the pairs of this cell are not to be visited.  False: visit everything now. */
bool tsk_heap_weak(tsk_heap *heap, const tsk_heap_cell *cell);
/* Never 0, and another one when marks are cleared: what was visited at this age and is still the same need not be
 * visited again. */
uint8_t tsk_heap_age(const tsk_heap *heap);
bool tsk_heap_is_late(const tsk_heap *heap);
TSK_INLINE bool tsk_heap_is_marked(const void *cell) {
    return ((const tsk_heap_cell *)cell)->mark & (TSK_HEAP_MARKED | TSK_HEAP_PERMANENT);
}
/* Words that may be values, addresses into cells, or anything else. */
void tsk_heap_visit_range(tsk_heap *heap, const void *from, const void *to);

/* ---- handles: how hosts and C memory hold cells ---- */
typedef struct tsk_heap_root {
    struct tsk_heap_root *prev, *next;
    tsk_value value;
} tsk_heap_root;
void tsk_heap_root_add(tsk_heap *heap, tsk_heap_root *root, tsk_value v);
void tsk_heap_root_remove(tsk_heap *heap, tsk_heap_root *root);

/* ---- collecting ---- */
void tsk_heap_collect(tsk_heap *heap); /* everything, now */
void tsk_heap_collect_minor(tsk_heap *heap);
const tsk_heap_stats *tsk_heap_statistics(tsk_heap *heap);
/* Checks every invariant that can be checked; aborts with a message.  For tests. */
void tsk_heap_verify(tsk_heap *heap);

#endif
