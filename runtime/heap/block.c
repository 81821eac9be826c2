/* Blocks: one region of address space for the process, and the pool of those that nobody uses.
 *
 *   reserve once ─► commit 8 MiB at a time (blocks and their descriptions) ─► take / give under a lock
 *
 * Invariants
 *  - The region never moves and never shrinks, so an address says its block without a lock.
 *  - A free block has no owner.  What the pool has beyond KEEP_DIRTY goes to the system piece by piece, which takes its
 *    time: at the end of pauses, when a heap is freed, and as much as is taken when memory of the system is taken.
 */
#include "runtime/heap/internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

enum {
    COMMIT = 256,            /* blocks */
    MAX_BLOCKS = 1 << 20,    /* 32 GiB of addresses */
    MIN_BLOCKS = 8 * COMMIT, /* less is no memory */
    KEEP_DIRTY = 512         /* blocks of the pool that keep their memory: 16 MiB */
};

_Static_assert(sizeof(tsk_heap_block) * COMMIT % 4096 == 0, "descriptions are committed by pages");

char *tsk_heap_region;
tsk_heap_block *tsk_heap_blocks;
_Atomic uint32_t tsk_heap_block_count;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t free_bits[MAX_BLOCKS / 64];  /* 1: in the pool */
static uint64_t dirty_bits[MAX_BLOCKS / 64]; /* 1: in the pool, and has memory */
static uint32_t reserved_blocks, first_free, dirty_free;

static void *reserve(size_t size) {
    void *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static bool reserve_region(void) {
    if (reserved_blocks) return true;
    for (uint32_t n = MAX_BLOCKS; n >= MIN_BLOCKS; n /= 2) {
        size_t size = ((size_t)n + 1) * TSK_HEAP_BLOCK, table_size = (size_t)n * sizeof(tsk_heap_block);
        char *region = reserve(size);
        void *table = region ? reserve(table_size) : NULL;
        if (!table) {
            if (region) munmap(region, size);
            continue;
        }
        tsk_heap_region = region + (-(uintptr_t)region & (TSK_HEAP_BLOCK - 1));
        tsk_heap_blocks = table;
        reserved_blocks = n;
        return true;
    }
    return false;
}

static bool commit_more(void) {
    if (!reserve_region()) return false;
    uint32_t count = atomic_load_explicit(&tsk_heap_block_count, memory_order_relaxed);
    if (count + COMMIT > reserved_blocks) return false;
    if (mprotect(tsk_heap_blocks + count, sizeof(tsk_heap_block) * COMMIT, PROT_READ | PROT_WRITE) ||
        mprotect(tsk_heap_block_start(count), (size_t)TSK_HEAP_BLOCK * COMMIT, PROT_READ | PROT_WRITE))
        return false;
    for (uint32_t i = count; i < count + COMMIT; i++) tsk_heap_blocks[i].clean = true;
    memset(free_bits + count / 64, 0xFF, COMMIT / 8);
    atomic_store_explicit(&tsk_heap_block_count, count + COMMIT, memory_order_release);
    return true;
}

/* First row of `count` free blocks at or after first_free; UINT32_MAX: none. */
static uint32_t find_run(uint32_t count) {
    uint32_t all = atomic_load_explicit(&tsk_heap_block_count, memory_order_relaxed), run = 0;
    for (uint32_t i = first_free & ~63u; i < all;) {
        uint64_t word = free_bits[i / 64];
        if (!(i & 63) && word == 0) {
            run = 0;
            i += 64;
        } else if (!(i & 63) && word == ~0ull && run + 64 < count) {
            run += 64;
            i += 64;
        } else {
            run = word >> (i & 63) & 1 ? run + 1 : 0;
            i++;
            if (run == count) return i - count;
        }
    }
    return UINT32_MAX;
}

/* ---- memory that goes back to the system ---- */

/* The topmost row of free blocks with memory, of one word of the map; its length, 0: none. */
static uint32_t topmost_dirty(uint32_t most, uint32_t *first) {
    for (uint32_t word = atomic_load_explicit(&tsk_heap_block_count, memory_order_relaxed) / 64; word-- > 0;) {
        uint64_t bits = dirty_bits[word];
        if (!bits) continue;
        uint32_t top = 63 - (uint32_t)__builtin_clzll(bits), run = 1;
        while (run < most && run <= top && bits >> (top - run) & 1) run++;
        *first = word * 64 + top - run + 1;
        return run;
    }
    return 0;
}

static void set_row(uint64_t *bits, uint32_t first, uint32_t count, bool on) {
    for (uint32_t i = first; i < first + count; i++) {
        if (on)
            bits[i / 64] |= 1ull << (i & 63);
        else
            bits[i / 64] &= ~(1ull << (i & 63));
    }
}

/* Nobody can take the row while the system does. */
static bool give_row_to_system(uint32_t most) {
    uint32_t first, count = topmost_dirty(most, &first);
    if (!count) return false;
    set_row(free_bits, first, count, false);
    set_row(dirty_bits, first, count, false);
    dirty_free -= count;
    pthread_mutex_unlock(&lock);
    bool gone = !madvise(tsk_heap_block_start(first), (size_t)count * TSK_HEAP_BLOCK, MADV_DONTNEED);
    pthread_mutex_lock(&lock);
    for (uint32_t i = first; i < first + count; i++) tsk_heap_blocks[i].clean = gone;
    set_row(free_bits, first, count, true);
    if (first < first_free) first_free = first;
    return gone;
}

void tsk_heap_trim_pool(uint32_t most) {
    pthread_mutex_lock(&lock);
    while (most && dirty_free > KEEP_DIRTY) {
        uint32_t before = dirty_free;
        if (!give_row_to_system(most < before - KEEP_DIRTY ? most : before - KEEP_DIRTY)) break;
        most -= before - dirty_free < most ? before - dirty_free : most;
    }
    pthread_mutex_unlock(&lock);
}

/* ---- blocks of a heap ---- */

uint32_t tsk_heap_take_blocks(tsk_heap *heap, uint32_t count) {
    pthread_mutex_lock(&lock);
    uint32_t first, grown = 0;
    while ((first = find_run(count)) == UINT32_MAX && commit_more()) continue;
    if (first != UINT32_MAX) {
        for (uint32_t i = first; i < first + count; i++) {
            if (tsk_heap_blocks[i].clean)
                grown++;
            else
                dirty_free--;
            tsk_heap_blocks[i].head = first;
            atomic_store_explicit(&tsk_heap_blocks[i].owner, heap, memory_order_relaxed);
        }
        set_row(free_bits, first, count, false);
        set_row(dirty_bits, first, count, false);
        if (first <= first_free && count == 1) first_free = first + 1;
    }
    bool trim = grown && dirty_free > KEEP_DIRTY;
    pthread_mutex_unlock(&lock);
    if (trim) tsk_heap_trim_pool(grown);
    return first;
}

void tsk_heap_give_blocks(uint32_t first, uint32_t count) {
    pthread_mutex_lock(&lock);
    for (uint32_t i = first; i < first + count; i++) {
        tsk_heap_block *b = &tsk_heap_blocks[i];
        if (!b->clean) {
            dirty_free++;
            dirty_bits[i / 64] |= 1ull << (i & 63);
        }
        atomic_store_explicit(&b->owner, NULL, memory_order_relaxed);
        b->use = TSK_HEAP_FREE;
    }
    set_row(free_bits, first, count, true);
    if (first < first_free) first_free = first;
    pthread_mutex_unlock(&lock);
}
