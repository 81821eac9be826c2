/* Collections: minor, full, and full in steps.
 *
 *   minor   roots, cells that were written to ─► what is new and reachable becomes old ─► lines of the new blocks
 *   full    old marks cleared ─► roots ─► everything ─► lines of all blocks, blocks without cells to the pool
 *   steps   the clearing and the marking of a full one, or the marking of a minor one that takes too long, cut into
 *           pieces; the program runs between them.  Cells that it writes to after they were marked are logged and
 *           traced again; roots are read again at the end.  When the program writes faster than the log is read the
 *           steps come sooner, and get more time at last, so that the end comes.
 *
 * Invariants
 *  - Between collections `live` equals `starts` in every block, and all marked cells are old.
 *  - No minor collection begins while one is under way: marks mean something else then.
 */
#include "runtime/heap/internal.h"

enum {
    STEP_BYTES = 256 << 10,   /* of allocation between two steps */
    STEP_NS = 600 * 1000,     /* of clearing or marking in a step; what ends a collection comes to it */
    STEPS_AT_ONCE = 2,        /* at most, in a pause, when a large cell was as much allocation as many steps are for */
    STEP_HALVES = 5,          /* how often steps that gained nothing halve the bytes; then they get more time */
    STEP_TRIMMED = 4,         /* blocks whose memory goes to the system in a pause: it takes its time */
    MIN_NURSERY = 512 << 10,  /* the nursery adapts to what it costs */
    FULL_EVERY = 16,          /* times the threshold: allocation after which a full one is worth its time in any case */
    SHORT_MINOR = 300 * 1000, /* ns */
    LONG_MINOR = 1000 * 1000
};

/* What is not done within `most` ns is left to steps. */
static uint64_t begin_pause(tsk_heap_state *st, tsk_heap_part part, uint64_t most) {
    st->deadline = most == UINT64_MAX ? most : tsk_heap_clock_ns() + most;
    st->part = part;
    memset(st->part_ns, 0, sizeof st->part_ns);
    return st->part_began = tsk_heap_now_ns();
}

static uint64_t finish_pause(tsk_heap_state *st, uint64_t start, uint32_t trimmed) {
    tsk_heap_spend_on(st, TSK_HEAP_PART_SWEEP);
    tsk_heap_trim_pool(trimmed);
    uint64_t now = tsk_heap_now_ns(), took = now - start;
    st->part_ns[st->part] += now - st->part_began;
    for (int i = 0; i < TSK_HEAP_PARTS; i++)
        if (st->part_ns[i] > st->stats.longest_part_ns[i]) st->stats.longest_part_ns[i] = st->part_ns[i];
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

static void begin_clearing(tsk_heap_state *st) {
    st->phase = TSK_HEAP_CLEARING;
    st->clear_at = 0;
    st->partial = false;
    st->tries = 0;
    if (!++st->age) st->age = 1;
}

/* Blocks from `clear_at` on, until it is late; true: all are clear, and marking may begin. */
static bool clear_some(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    for (; st->clear_at < st->blocks.count; st->clear_at++) {
        if (tsk_heap_is_late(heap)) return false;
        clear_marks(tsk_heap_numbers(&st->blocks)[st->clear_at]);
    }
    for (uint32_t i = 0; i < st->large.count; i++) {
        tsk_heap_cell *cell = (tsk_heap_cell *)(void *)tsk_heap_block_start(tsk_heap_numbers(&st->large)[i]);
        cell->mark &= (uint8_t) ~(TSK_HEAP_MARKED | TSK_HEAP_LOGGED);
    }
    tsk_heap_forget_log(st);
    st->stack.count = 0;
    st->stack_lost = false;
    tsk_heap_reset_weak(st);
    return true;
}

/* ---- the end of marking ---- */

/* Of what the last collection has kept a minor one finds nothing dead, here and below. */
static void run_finalizers(tsk_heap *heap, bool all) {
    tsk_heap_state *st = heap->state;
    void **cells = tsk_heap_pointers(&st->finalizable);
    uint32_t kept = all ? 0 : st->finalizable_old;
    for (uint32_t i = kept; i < st->finalizable.count; i++) {
        tsk_heap_cell *cell = cells[i];
        if (cell && !(cell->mark & TSK_HEAP_MARKED)) {
            st->host->kinds[cell->kind].finalize(heap, cell);
            cell->kind = 0; /* never again */
            continue;
        }
        cells[kept++] = cell; /* NULL: of the allocation that is under way */
    }
    st->finalizable.count = st->finalizable_old = kept;
    if (kept && !cells[kept - 1]) st->finalizable_old--;
}

static void sweep_large(tsk_heap_state *st, bool all) {
    uint32_t *numbers = tsk_heap_numbers(&st->large), kept = all ? 0 : st->large_old;
    if (all) st->large_live = 0;
    for (uint32_t i = kept; i < st->large.count; i++) {
        const tsk_heap_cell *cell = (const tsk_heap_cell *)(const void *)tsk_heap_block_start(numbers[i]);
        const tsk_heap_block *b = &tsk_heap_blocks[numbers[i]];
        if (cell->mark & TSK_HEAP_MARKED) {
            st->large_live += b->bytes;
            numbers[kept++] = numbers[i];
        } else {
            st->stats.reserved -= b->bytes;
            tsk_heap_give_blocks(numbers[i], b->run);
        }
    }
    st->large.count = st->large_old = kept;
}

/* With `stress`: whoever reads a dead cell shall notice. */
static void poison(uint32_t number) {
    const tsk_heap_block *b = &tsk_heap_blocks[number];
    for (uint32_t line = 0; line < TSK_HEAP_LINES; line++)
        if (!TSK_HEAP_BIT(b->lines, line))
            memset(tsk_heap_block_start(number) + (size_t)line * TSK_HEAP_LINE, 0xDB, TSK_HEAP_LINE);
}

static size_t used_bytes(const tsk_heap_block *b) {
    size_t lines = 0;
    for (unsigned i = 0; i < TSK_COUNT(b->lines); i++) lines += (size_t)__builtin_popcountll(b->lines[i]);
    return lines * TSK_HEAP_LINE;
}

/* What is marked lives, and the lines that it covers are in use; the rest are holes.  Gives the bytes in use. */
static size_t sweep_block(tsk_heap *heap, uint32_t number) {
    tsk_heap_block *b = &tsk_heap_blocks[number];
    memcpy(b->lines, b->next_lines, sizeof b->lines);
    memcpy(b->starts, b->live, sizeof b->starts);
    memset(b->holes, 0, sizeof b->holes);
    b->touched = false;
    if (heap->stress) poison(number);
    return used_bytes(b);
}

/* Blocks without cells go to the pool, but for a nursery's.  The last of the list takes the place. */
static void drop_block(tsk_heap_state *st, uint32_t number) {
    uint32_t *numbers = tsk_heap_numbers(&st->blocks), place = tsk_heap_blocks[number].place;
    uint32_t last = numbers[--st->blocks.count];
    numbers[place] = last;
    tsk_heap_blocks[last].place = place;
    st->stats.reserved -= TSK_HEAP_BLOCK;
    tsk_heap_give_blocks(number, 1);
}

/* False: the block is gone. */
static bool keep_block(tsk_heap_state *st, uint32_t number, size_t used) {
    if (!used && (!tsk_heap_has_room(st) || st->stats.reserved > TSK_HEAP_NURSERY)) {
        drop_block(st, number);
        return false;
    }
    /* Without memory for the list the holes wait for the next full collection. */
    if (used < TSK_HEAP_BLOCK) (void)tsk_heap_push(st, &st->holey, sizeof number, &number);
    return true;
}

static void sweep_all(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    st->small_live = 0;
    st->holey.count = 0;
    for (uint32_t i = 0; i < st->blocks.count;) {
        uint32_t number = tsk_heap_numbers(&st->blocks)[i];
        size_t used = sweep_block(heap, number);
        st->small_live += used;
        i += keep_block(st, number, used);
    }
}

/* What a minor collection has not seen is as it was, and so are its holes that were not opened. */
static void sweep_touched(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    uint32_t *holey = tsk_heap_numbers(&st->holey), from = st->holey_at;
    if (from < st->holey.count && tsk_heap_blocks[holey[from]].touched) from++;
    st->holey.count -= from;
    if (st->holey.count) memmove(holey, holey + from, st->holey.count * sizeof *holey);
    for (uint32_t i = 0; i < st->touched.count; i++) {
        uint32_t number = tsk_heap_numbers(&st->touched)[i];
        st->small_live -= used_bytes(&tsk_heap_blocks[number]);
        size_t used = sweep_block(heap, number);
        st->small_live += used;
        keep_block(st, number, used);
    }
}

/* `all`: of a full collection. */
static void sweep(tsk_heap *heap, bool all) {
    tsk_heap_state *st = heap->state;
    tsk_heap_spend_on(st, TSK_HEAP_PART_SWEEP);
    tsk_heap_reset_weak(st);
    run_finalizers(heap, all);
    tsk_heap_retire(heap);
    sweep_large(st, all);
    if (all || st->touched_lost)
        sweep_all(heap);
    else
        sweep_touched(heap);
    st->touched.count = 0;
    st->touched_lost = false;
    st->holey_at = st->hole_line = 0;
    st->stats.live = st->small_live + st->large_live;
    st->since = 0;
    st->phase = TSK_HEAP_IDLE;
    if (tsk_heap_has_room(st)) {
        heap->exhausted = false;
        st->reserve = 0;
        st->given = 0;
    }
}

/* What may be allocated before the next full collection is in proportion to what it will have to mark. */
static size_t growth_of(size_t live) {
    return live <= TSK_HEAP_LARGE_LIVE ? live / 2 : live - TSK_HEAP_LARGE_LIVE / 2;
}

static void finish_full(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    sweep(heap, true);
    st->stats.full++;
    st->full_threshold = st->stats.live + growth_of(st->stats.live) + TSK_HEAP_FULL_FROM / 2;
    if (st->full_threshold < TSK_HEAP_FULL_FROM) st->full_threshold = TSK_HEAP_FULL_FROM;
    st->full_at = st->stats.allocated + (uint64_t)st->full_threshold * FULL_EVERY;
}

/* ---- minor ---- */

static void finish_minor(tsk_heap *heap, uint64_t start) {
    tsk_heap_state *st = heap->state;
    sweep(heap, false);
    st->stats.minor++;
    uint64_t took = st->pauses_of_minor + (tsk_heap_now_ns() - start);
    if (took > LONG_MINOR && st->nursery > MIN_NURSERY) st->nursery /= 2;
    if (took < SHORT_MINOR && st->nursery < TSK_HEAP_NURSERY) st->nursery *= 2;
}

/* True: all that can be reached is marked, and what weak cells held of the rest is forgotten. */
static bool mark(tsk_heap *heap) {
    tsk_heap_spend_on(heap->state, TSK_HEAP_PART_TRACE);
    if (!tsk_heap_drain(heap) || !tsk_heap_mark_roots(heap)) return false;
    tsk_heap_spend_on(heap->state, TSK_HEAP_PART_TRACE);
    return tsk_heap_drain_weak(heap) && tsk_heap_forget_dead(heap);
}

static void begin_minor(tsk_heap *heap, uint64_t most) {
    tsk_heap_state *st = heap->state;
    st->collecting = true;
    uint64_t start = begin_pause(st, TSK_HEAP_PART_TRACE, most);
    st->pauses_of_minor = 0;
    st->partial = true;
    st->tries = 0;
    if (mark(heap)) {
        finish_minor(heap, start);
        finish_pause(st, start, STEP_TRIMMED);
    } else {
        st->phase = TSK_HEAP_MARKING;
        st->since = 0;
        st->pauses_of_minor = finish_pause(st, start, STEP_TRIMMED);
    }
    st->collecting = false;
}

void tsk_heap_collect_minor(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    if (st->collecting) return;
    if (st->phase != TSK_HEAP_IDLE || st->log_lost)
        tsk_heap_collect(heap);
    else
        begin_minor(heap, UINT64_MAX);
}

/* ---- full ---- */

/* All of one; of the collection that is under way only what is left. */
static void collect(tsk_heap *heap, bool under_way) {
    tsk_heap_state *st = heap->state;
    st->collecting = true;
    uint64_t start = begin_pause(st, under_way ? TSK_HEAP_PART_TRACE : TSK_HEAP_PART_CLEAR, UINT64_MAX);
    if (!under_way) {
        begin_clearing(st);
        clear_some(heap);
    }
    mark(heap);
    finish_full(heap);
    finish_pause(st, start, UINT32_MAX);
    st->collecting = false;
}

void tsk_heap_collect(tsk_heap *heap) {
    if (!heap->state->collecting) collect(heap, false);
}

void tsk_heap_make_room(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    if (st->collecting) return;
    if (st->phase == TSK_HEAP_MARKING && !st->partial && !st->log_lost) {
        collect(heap, true);
        if (tsk_heap_has_room(st)) return;
    }
    collect(heap, false); /* what died since it was marked, too */
}

/* ---- in steps ---- */

static size_t step_bytes(const tsk_heap_state *st) {
    return (size_t)STEP_BYTES >> (st->tries < STEP_HALVES ? st->tries : STEP_HALVES);
}

/* The time for what was allocated beyond `due` bytes. */
static uint64_t step_ns(const tsk_heap_state *st, size_t due) {
    size_t steps = 1 + (st->since > due ? st->since - due : 0) / STEP_BYTES;
    return (uint64_t)STEP_NS * (steps < STEPS_AT_ONCE ? steps : STEPS_AT_ONCE);
}

static void mark_step(tsk_heap *heap, uint64_t start) {
    tsk_heap_state *st = heap->state;
    if (!mark(heap)) {
        if (st->long_again || (!st->stack.count && st->logged.count && st->logged.count >= st->backlog)) st->tries++;
        st->backlog = st->logged.count;
        st->long_again = false;
        return;
    }
    if (st->partial)
        finish_minor(heap, start);
    else
        finish_full(heap);
}

static void step(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    if (st->log_lost) { /* what was written is not known: from the start, at once */
        tsk_heap_collect(heap);
        return;
    }
    st->collecting = true;
    bool clearing = st->phase == TSK_HEAP_CLEARING;
    uint64_t more = st->tries > STEP_HALVES ? (uint64_t)STEP_NS / 8 * (st->tries - STEP_HALVES) : 0;
    uint64_t start = begin_pause(st, clearing ? TSK_HEAP_PART_CLEAR : TSK_HEAP_PART_TRACE,
                                 step_ns(st, step_bytes(st)) + more);
    if (clearing && clear_some(heap)) st->phase = TSK_HEAP_MARKING;
    if (st->phase == TSK_HEAP_MARKING) mark_step(heap, start);
    st->since = 0;
    st->stats.increments++;
    st->pauses_of_minor += finish_pause(st, start, STEP_TRIMMED);
    st->collecting = false;
}

static bool is_full_due(const tsk_heap_state *st) {
    return st->stats.live + st->external >= st->full_threshold || st->stats.allocated >= st->full_at;
}

void tsk_heap_poll(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    if (st->collecting) return;
    if (TSK_UNLIKELY(heap->stress)) {
        if (++st->stress_at < st->stress_every) return;
        st->stress_at = 0;
        tsk_heap_verify(heap);
        st->stress_full = !st->stress_full;
        if (st->stress_full)
            tsk_heap_collect(heap);
        else
            tsk_heap_collect_minor(heap);
    } else if (st->since >= (st->phase == TSK_HEAP_IDLE ? st->nursery : step_bytes(st))) {
        if (st->phase != TSK_HEAP_IDLE)
            step(heap);
        else if (st->log_lost)
            tsk_heap_collect(heap);
        else
            begin_minor(heap, step_ns(st, st->nursery));
        if (st->phase == TSK_HEAP_IDLE && st->partial && is_full_due(st)) begin_clearing(st);
    }
}
