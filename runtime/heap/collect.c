/* Collections: minor, full, and full in steps.
 *
 *   minor   roots, cells that were written to ─► what is new and reachable becomes old ─► lines of the new blocks
 *   full    old marks cleared ─► roots ─► everything ─► lines of all blocks, blocks without cells to the pool
 *   steps   the clearing and the marking of a full one cut into pieces; the program runs between them.  Cells that it
 *           writes to after they were marked are logged and traced again; roots are read again at the end.  The end is
 *           a pause too, so it is tried only when little can be left, and put off when there is more than that.
 *
 * Invariants
 *  - Between collections `live` equals `starts` in every block, and all marked cells are old.
 *  - No minor collection while a full one is under way: marks mean something else then.
 */
#include "runtime/heap/internal.h"

#include <time.h>

enum {
    STEP_BYTES = 256 << 10,   /* of allocation between two steps */
    STEP_CELLS = 8000,        /* traced in a step; about a millisecond */
    STEP_BLOCKS = 96,         /* cleared in a step */
    MIN_NURSERY = 512 << 10,  /* the nursery adapts to the pauses it costs */
    SHORT_PAUSE = 300 * 1000, /* ns */
    LONG_PAUSE = 1000 * 1000
};

/* Of this thread: what other programs take is not the collector's, and must not make the nursery small. */
static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t finish_pause(tsk_heap_state *st, uint64_t start) {
    uint64_t took = now_ns() - start;
    uint64_t step = took / TSK_HEAP_PAUSE_STEP;
    st->stats.pauses[step < TSK_HEAP_PAUSES ? step : TSK_HEAP_PAUSES - 1]++;
    st->stats.pause_ns += took;
    if (took > st->stats.longest_pause_ns) st->stats.longest_pause_ns = took;
    return took;
}

/* ---- clearing ---- */

static void clear_marks(uint32_t number) {
    tsk_heap_block *b = &tsk_heap_blocks[number];
    char *start = tsk_heap_block_start(number);
    for (uint32_t word = 0; word < TSK_HEAP_STEPS / 64; word++) {
        for (uint64_t bits = b->starts[word] | b->live[word]; bits; bits &= bits - 1) {
            uint32_t step = word * 64 + (uint32_t)__builtin_ctzll(bits);
            tsk_heap_cell *cell = (tsk_heap_cell *)(void *)(start + (size_t)step * 16);
            cell->mark &= (uint8_t) ~(TSK_HEAP_MARKED | TSK_HEAP_LOGGED);
        }
    }
    memset(b->live, 0, sizeof b->live);
    memset(b->next_lines, 0, sizeof b->next_lines);
}

static void forget_log(tsk_heap_state *st) {
    for (uint32_t i = 0; i < st->logged.count; i++) {
        tsk_heap_cell *cell = tsk_heap_pointers(&st->logged)[i];
        cell->mark &= (uint8_t)~TSK_HEAP_LOGGED;
    }
    st->logged.count = 0;
    st->log_lost = false;
}

/* Blocks from `from` on, at most `most`; true: all are clear, and marking may begin. */
static bool clear_some(tsk_heap_state *st, uint32_t most) {
    for (; st->clear_at < st->blocks.count && most; st->clear_at++, most--)
        clear_marks(tsk_heap_numbers(&st->blocks)[st->clear_at]);
    if (st->clear_at < st->blocks.count) return false;
    for (uint32_t i = 0; i < st->large.count; i++) {
        tsk_heap_cell *cell = (tsk_heap_cell *)(void *)tsk_heap_block_start(tsk_heap_numbers(&st->large)[i]);
        cell->mark &= (uint8_t) ~(TSK_HEAP_MARKED | TSK_HEAP_LOGGED);
    }
    forget_log(st);
    st->stack.count = 0;
    st->stack_lost = false;
    st->weak.count = 0;
    return true;
}

/* ---- the end of marking ---- */

static void run_finalizers(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    void **cells = tsk_heap_pointers(&st->finalizable);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < st->finalizable.count; i++) {
        tsk_heap_cell *cell = cells[i];
        if (cell && !(cell->mark & TSK_HEAP_MARKED)) {
            st->host->kinds[cell->kind].finalize(heap, cell);
            cell->kind = 0; /* never again */
            continue;
        }
        cells[kept++] = cell; /* NULL: of the allocation that is under way */
    }
    st->finalizable.count = kept;
}

/* What weak cells point to and is not marked, they forget. */
static void end_weak(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    for (uint32_t i = 0; i < st->weak.count; i++) {
        tsk_heap_cell *cell = tsk_heap_pointers(&st->weak)[i];
        st->host->kinds[cell->kind].weak(heap, cell, true);
    }
    st->weak.count = 0;
}

static void sweep_large(tsk_heap_state *st, size_t *live) {
    uint32_t *numbers = tsk_heap_numbers(&st->large), kept = 0;
    for (uint32_t i = 0; i < st->large.count; i++) {
        const tsk_heap_cell *cell = (const tsk_heap_cell *)(const void *)tsk_heap_block_start(numbers[i]);
        const tsk_heap_block *b = &tsk_heap_blocks[numbers[i]];
        if (cell->mark & TSK_HEAP_MARKED) {
            *live += b->bytes;
            numbers[kept++] = numbers[i];
        } else {
            st->stats.reserved -= b->bytes;
            tsk_heap_give_blocks(numbers[i], b->run);
        }
    }
    st->large.count = kept;
}

/* With `stress`: whoever reads a dead cell shall notice. */
static void poison(uint32_t number) {
    const tsk_heap_block *b = &tsk_heap_blocks[number];
    for (uint32_t line = 0; line < TSK_HEAP_LINES; line++)
        if (!TSK_HEAP_BIT(b->lines, line))
            memset(tsk_heap_block_start(number) + (size_t)line * TSK_HEAP_LINE, 0xDB, TSK_HEAP_LINE);
}

static uint32_t used_lines(const tsk_heap_block *b) {
    uint32_t n = 0;
    for (unsigned i = 0; i < TSK_COUNT(b->lines); i++) n += (uint32_t)__builtin_popcountll(b->lines[i]);
    return n;
}

/* What is marked lives, and the lines that it covers are in use; the rest are holes. */
static void sweep_small(tsk_heap *heap, bool all, size_t *live) {
    tsk_heap_state *st = heap->state;
    uint32_t *numbers = tsk_heap_numbers(&st->blocks), kept = 0;
    for (uint32_t i = 0; i < st->blocks.count; i++) {
        tsk_heap_block *b = &tsk_heap_blocks[numbers[i]];
        if (all || b->touched) {
            memcpy(b->lines, b->next_lines, sizeof b->lines);
            memcpy(b->starts, b->live, sizeof b->starts);
            memset(b->holes, 0, sizeof b->holes);
            b->touched = false;
            if (heap->stress) poison(numbers[i]);
        }
        uint32_t used = used_lines(b);
        *live += (size_t)used * TSK_HEAP_LINE;
        if (!used && (st->stats.reserved > TSK_HEAP_NURSERY || (st->limit && tsk_heap_held(st) > st->limit))) {
            st->stats.reserved -= TSK_HEAP_BLOCK;
            tsk_heap_give_blocks(numbers[i], 1);
        } else {
            numbers[kept++] = numbers[i];
        }
    }
    st->blocks.count = st->searchable = kept;
}

static void sweep(tsk_heap *heap, bool all) {
    tsk_heap_state *st = heap->state;
    size_t live = 0;
    end_weak(heap);
    run_finalizers(heap);
    tsk_heap_retire(heap);
    sweep_large(st, &live);
    sweep_small(heap, all, &live);
    st->stats.live = live;
    st->since = 0;
    if (!st->limit || tsk_heap_held(st) <= st->limit) heap->exhausted = false;
}

static void finish_full(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    sweep(heap, true);
    st->phase = TSK_HEAP_IDLE;
    st->stats.full++;
    st->full_threshold = st->stats.live + st->stats.live / 2 + TSK_HEAP_FULL_FROM / 2;
    if (st->full_threshold < TSK_HEAP_FULL_FROM) st->full_threshold = TSK_HEAP_FULL_FROM;
}

/* ---- minor ---- */

/* Cells that were written to after they were marked. */
static void trace_log(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    for (uint32_t i = 0; i < st->logged.count; i++) {
        tsk_heap_cell *cell = tsk_heap_pointers(&st->logged)[i];
        cell->mark &= (uint8_t)~TSK_HEAP_LOGGED;
        if (st->host->kinds[cell->kind].trace) st->host->kinds[cell->kind].trace(heap, cell);
    }
    st->logged.count = 0;
}

static void adapt_nursery(tsk_heap_state *st, uint64_t took) {
    if (took > LONG_PAUSE && st->nursery > MIN_NURSERY) st->nursery /= 2;
    if (took < SHORT_PAUSE && st->nursery < TSK_HEAP_NURSERY) st->nursery *= 2;
}

void tsk_heap_collect_minor(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    if (st->collecting) return;
    if (st->phase != TSK_HEAP_IDLE || st->log_lost) {
        tsk_heap_collect(heap);
        return;
    }
    st->collecting = true;
    uint64_t start = now_ns();
    trace_log(heap);
    tsk_heap_mark_roots(heap);
    tsk_heap_drain_weak(heap, SIZE_MAX);
    sweep(heap, false);
    st->stats.minor++;
    adapt_nursery(st, finish_pause(st, start));
    st->collecting = false;
}

/* ---- full ---- */

void tsk_heap_collect(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    if (st->collecting) return;
    st->collecting = true;
    uint64_t start = now_ns();
    st->clear_at = 0;
    clear_some(st, UINT32_MAX);
    tsk_heap_mark_roots(heap);
    tsk_heap_drain_weak(heap, SIZE_MAX);
    finish_full(heap);
    finish_pause(st, start);
    st->collecting = false;
}

/* ---- full, in steps ---- */

static void begin_steps(tsk_heap_state *st) {
    st->phase = TSK_HEAP_CLEARING;
    st->clear_at = 0;
}

static void mark_step(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    if (st->log_lost) { /* what was written is not known: from the start, at once */
        st->collecting = false;
        tsk_heap_collect(heap);
        st->collecting = true;
        return;
    }
    if (!tsk_heap_drain(heap, STEP_CELLS)) return;
    trace_log(heap);
    tsk_heap_mark_roots(heap);
    if (tsk_heap_drain_weak(heap, STEP_CELLS)) finish_full(heap);
}

static void step(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    st->collecting = true;
    uint64_t start = now_ns();
    if (st->phase == TSK_HEAP_CLEARING) {
        if (clear_some(st, STEP_BLOCKS)) st->phase = TSK_HEAP_MARKING;
    } else {
        mark_step(heap);
    }
    st->since = 0;
    st->stats.increments++;
    finish_pause(st, start);
    st->collecting = false;
}

void tsk_heap_poll(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    if (st->collecting) return;
    if (TSK_UNLIKELY(heap->stress)) {
        tsk_heap_verify(heap);
        st->stress_full = !st->stress_full;
        if (st->stress_full)
            tsk_heap_collect(heap);
        else
            tsk_heap_collect_minor(heap);
    } else if (st->phase != TSK_HEAP_IDLE) {
        if (st->since >= STEP_BYTES) step(heap);
    } else if (st->since >= st->nursery) {
        tsk_heap_collect_minor(heap);
        if (st->stats.live + st->external >= st->full_threshold) begin_steps(st);
    }
}
