/* Marking: from the roots through the trace functions of the kinds.
 *
 *   stack, registers ─► words ─► tsk_heap_cell_at ─┐
 *   handles, host ──────────────────────────────────┼─► mark ─► mark stack ─► trace ─► visit ─► mark ...
 *   the log (minor, incremental) ───────────────────┘
 *   pairs of weak cells (weak.c), when nothing else is left ─► visit ...
 *
 * Invariants
 *  - A marked cell has its bit in `live` and its lines in `next_lines`; it is traced after it was marked.
 *  - When the mark stack cannot grow, marking goes on by tracing every marked cell again, so it never fails.
 */
#include "runtime/heap/internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum {
    RANGE_FROM = 1024, /* values: longer ranges are traced in pieces */
    RANGE_WORK = 32,   /* values of a range that cost about what a cell does */
    CLOCK_EVERY = 256  /* cells: how often the clock is read */
};

size_t tsk_heap_cell_size(const tsk_heap_state *st, const tsk_heap_cell *cell) {
    size_t size = cell->kind ? st->host->kinds[cell->kind].size(cell) : cell->word;
    return (size + 15) & ~(size_t)15;
}

static void set_lines(uint64_t *lines, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i <= to; i++) TSK_HEAP_SET(lines, i);
}

static void push(tsk_heap_state *st, const void *p) {
    if (TSK_UNLIKELY(!tsk_heap_push(st, &st->stack, sizeof p, &p))) st->stack_lost = true;
}

static void mark(tsk_heap *heap, tsk_heap_cell *cell) {
    tsk_heap_state *st = heap->state;
    cell->mark |= TSK_HEAP_MARKED;
    st->marked++;
    if (TSK_UNLIKELY(cell->mark & TSK_HEAP_AWAITED)) tsk_heap_wake(heap, cell);
    if (!(cell->mark & TSK_HEAP_LARGE)) {
        uint32_t number = tsk_heap_block_of(cell);
        tsk_heap_block *b = &tsk_heap_blocks[number];
        uint32_t offset = (uint32_t)((const char *)cell - tsk_heap_block_start(number));
        TSK_HEAP_SET(b->live, offset / 16);
        uint32_t last = offset + (uint32_t)tsk_heap_cell_size(st, cell) - 1;
        set_lines(b->next_lines, offset / TSK_HEAP_LINE, last / TSK_HEAP_LINE);
        if (!b->touched) tsk_heap_touch(st, number);
    }
    if (st->host->kinds[cell->kind].trace) push(st, cell);
}

void tsk_heap_visit(tsk_heap *heap, const void *cell) {
    if (!cell) return;
    tsk_heap_cell *c = (tsk_heap_cell *)(uintptr_t)cell;
    if (TSK_UNLIKELY(heap->state->verifying)) {
        tsk_heap_verify_visit(heap, c);
        return;
    }
    if (!(c->mark & (TSK_HEAP_MARKED | TSK_HEAP_PERMANENT))) mark(heap, c);
}

void tsk_heap_visit_value(tsk_heap *heap, tsk_value v) {
    if (tsk_is_pointer(v)) tsk_heap_visit(heap, tsk_ptr(v));
}

/* A range on the mark stack is two words: its address, odd, and its extent, even. */
static uintptr_t extent_of(size_t count, unsigned words, unsigned values) {
    return count << 8 | values << 4 | words << 1;
}

static bool push_range(tsk_heap_state *st, const tsk_value *first, uintptr_t extent) {
    uintptr_t begin = (uintptr_t)first + 1;
    if (!tsk_heap_push(st, &st->stack, sizeof begin, &begin)) return false;
    if (tsk_heap_push(st, &st->stack, sizeof extent, &extent)) return true;
    st->stack.count--;
    return false;
}

static void visit_slot(tsk_heap *heap, const tsk_value *slot) {
    heap->state->verified_slot = slot;
    tsk_heap_visit_value(heap, *slot);
}

void tsk_heap_visit_records(tsk_heap *heap, const tsk_value *first, size_t count, unsigned words, unsigned values) {
    tsk_heap_state *st = heap->state;
    if (count > RANGE_FROM && !st->verifying && push_range(st, first, extent_of(count, words, values))) return;
    for (size_t i = 0; i < count; i++, first += words)
        for (unsigned k = 0; k < values; k++) visit_slot(heap, first + k);
    st->verified_slot = NULL;
}

void tsk_heap_visit_values(tsk_heap *heap, const tsk_value *v, size_t count) {
    tsk_heap_state *st = heap->state;
    if (count > RANGE_FROM || st->verifying) {
        tsk_heap_visit_records(heap, v, count, 1, 1);
        return;
    }
    for (size_t i = 0; i < count; i++) tsk_heap_visit_value(heap, v[i]);
}

/* ---- addresses that may be anything ---- */

/* Sets the start bits of the cells in a hole from `at` on; gives the end of what is filled. */
static uint32_t walk_hole(const tsk_heap_state *st, uint32_t number, uint32_t at) {
    tsk_heap_block *b = &tsk_heap_blocks[number];
    const char *start = tsk_heap_block_start(number);
    while (at < TSK_HEAP_BLOCK && !TSK_HEAP_BIT(b->lines, at / TSK_HEAP_LINE)) {
        const tsk_heap_cell *cell = (const tsk_heap_cell *)(const void *)(start + at);
        size_t size = tsk_heap_cell_size(st, cell);
        if (!size) break; /* not filled yet */
        if (cell->kind) TSK_HEAP_SET(b->starts, at / 16);
        at += (uint32_t)size;
    }
    return at;
}

/* The holes of a block that were opened; those that are being filled stay open. */
static void walk_holes(tsk_heap_state *st, uint32_t number) {
    tsk_heap_block *b = &tsk_heap_blocks[number];
    for (uint32_t word = 0; word < TSK_HEAP_LINES / 64; word++)
        for (uint64_t bits = b->holes[word]; bits; bits &= bits - 1) {
            uint32_t line = word * 64 + (uint32_t)__builtin_ctzll(bits);
            if (st->cur_block == number && st->cur_line == line)
                st->cur_walked = walk_hole(st, number, st->cur_walked);
            else if (st->medium_block == number && st->medium_line == line)
                st->medium_walked = walk_hole(st, number, st->medium_walked);
            else
                walk_hole(st, number, line * TSK_HEAP_LINE);
        }
    memset(b->holes, 0, sizeof b->holes);
    if (st->cur_block == number) TSK_HEAP_SET(b->holes, st->cur_line);
    if (st->medium_block == number) TSK_HEAP_SET(b->holes, st->medium_line);
}

tsk_heap_cell *tsk_heap_cell_at(tsk_heap *heap, uintptr_t address) {
    tsk_heap_state *st = heap->state;
    uintptr_t offset = address - (uintptr_t)tsk_heap_region;
    uint32_t count = atomic_load_explicit(&tsk_heap_block_count, memory_order_relaxed);
    if (offset >= (uintptr_t)count * TSK_HEAP_BLOCK) return NULL;
    uint32_t number = (uint32_t)(offset / TSK_HEAP_BLOCK);
    tsk_heap_block *b = &tsk_heap_blocks[number];
    if (atomic_load_explicit(&b->owner, memory_order_relaxed) != heap) return NULL;
    if (b->use == TSK_HEAP_LARGE_CELL) {
        char *first = tsk_heap_block_start(b->head);
        return address < (uintptr_t)first + tsk_heap_blocks[b->head].bytes ? (tsk_heap_cell *)(void *)first : NULL;
    }
    if (b->use != TSK_HEAP_SMALL_CELLS) return NULL;
    if (b->holes[0] | b->holes[1] | b->holes[2] | b->holes[3]) walk_holes(st, number);
    uint32_t step = (uint32_t)(offset % TSK_HEAP_BLOCK) / 16;
    uint32_t word = step / 64;
    uint64_t bits = b->starts[word] & (~0ull >> (63 - step % 64));
    while (!bits) {
        if (!word) return NULL;
        bits = b->starts[--word];
    }
    uint32_t found = word * 64 + 63 - (uint32_t)__builtin_clzll(bits);
    tsk_heap_cell *cell = (tsk_heap_cell *)(void *)(tsk_heap_block_start(number) + (size_t)found * 16);
    return address < (uintptr_t)cell + tsk_heap_cell_size(st, cell) ? cell : NULL;
}

bool tsk_heap_marked_aside(uintptr_t address) {
    uintptr_t offset = address - (uintptr_t)tsk_heap_region;
    uint32_t count = atomic_load_explicit(&tsk_heap_block_count, memory_order_relaxed);
    if (offset >= (uintptr_t)count * TSK_HEAP_BLOCK) return false;
    return TSK_HEAP_BIT(tsk_heap_blocks[offset / TSK_HEAP_BLOCK].live, offset % TSK_HEAP_BLOCK / 16);
}

/* Reads stacks of other functions, so the address sanitizer must look away. */
__attribute__((no_sanitize("address"))) void tsk_heap_visit_range(tsk_heap *heap, const void *from, const void *to) {
    const uint64_t *p = (const uint64_t *)(((uintptr_t)from + 7) & ~(uintptr_t)7);
    for (; (uintptr_t)(p + 1) <= (uintptr_t)to; p++) {
        uint64_t word = *p, top = word >> 48;
        if (top && top - TSK_TAG_STR > TSK_TAG_CELL - TSK_TAG_STR) continue;
        uintptr_t address = (uintptr_t)(word & 0xFFFFFFFFFFFFull);
        if (tsk_heap_marked_aside(address)) continue;
        tsk_heap_cell *cell = tsk_heap_cell_at(heap, address);
        if (cell) tsk_heap_visit(heap, cell);
    }
}

/* ---- roots ---- */

/* The far end of this thread's stack, for heaps whose owner did not say where the scan ends. */
static const char *thread_stack_end(void) {
    static _Thread_local const char *end;
    if (!end) {
        pthread_attr_t attributes;
        if (pthread_getattr_np(pthread_self(), &attributes)) return NULL;
        void *low = NULL;
        size_t size = 0;
        pthread_attr_getstack(&attributes, &low, &size);
        pthread_attr_destroy(&attributes);
        end = (const char *)low + size;
    }
    return end;
}

TSK_NOINLINE static void scan_stack(tsk_heap *heap) {
    __builtin_unwind_init(); /* the registers that a caller may rely on are saved in this frame, right below its address */
    const char *from = (const char *)__builtin_frame_address(0) - 128;
    const char *base = heap->state->stack_base ? heap->state->stack_base : thread_stack_end();
    if (base) tsk_heap_visit_range(heap, from, base);
    __asm__ volatile("" ::: "memory"); /* no tail call: the frame must stay */
}

bool tsk_heap_mark_roots(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    tsk_heap_spend_on(st, TSK_HEAP_PART_ROOTS);
    scan_stack(heap);
    for (tsk_heap_root *r = st->roots.next; r != &st->roots; r = r->next) tsk_heap_visit_value(heap, r->value);
    return !st->host->roots || st->host->roots(heap, st->host->user);
}

/* ---- tracing ---- */

/* One piece of the range on top of the stack; the rest stays, below what the piece pushes. */
static size_t trace_range(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    void **top = tsk_heap_pointers(&st->stack) + st->stack.count - 2;
    const tsk_value *v = (const tsk_value *)((uintptr_t)top[0] - 1);
    uintptr_t extent = (uintptr_t)top[1];
    unsigned words = extent >> 1 & 7, values = extent >> 4 & 7;
    size_t count = extent >> 8, now = count < RANGE_FROM ? count : RANGE_FROM;
    if (now < count) {
        top[0] = (char *)top[0] + now * words * sizeof *v;
        top[1] = (void *)extent_of(count - now, words, values);
    } else {
        st->stack.count -= 2;
    }
    for (size_t i = 0; i < now; i++, v += words)
        for (unsigned k = 0; k < values; k++)
            if (tsk_is_pointer(v[k]) && !tsk_heap_marked_aside((uintptr_t)tsk_ptr(v[k])))
                tsk_heap_visit(heap, tsk_ptr(v[k]));
    return now * values / RANGE_WORK;
}

/* The entry on top of the stack is the extent of a range when the one below has an odd address. */
static bool range_on_top(const tsk_heap_state *st) {
    return st->stack.count >= 2 && ((uintptr_t)tsk_heap_pointers(&st->stack)[st->stack.count - 2] & 1);
}

static uint64_t read_clock(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t tsk_heap_now_ns(void) {
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t tsk_heap_clock_ns(void) {
    return read_clock(CLOCK_MONOTONIC);
}

bool tsk_heap_is_late(const tsk_heap *heap) {
    uint64_t deadline = heap->state->deadline;
    return deadline != UINT64_MAX && tsk_heap_clock_ns() >= deadline;
}

uint8_t tsk_heap_age(const tsk_heap *heap) {
    return heap->state->age;
}

void tsk_heap_spend_on(tsk_heap_state *st, tsk_heap_part part) {
    if (st->part == part) return;
    uint64_t now = tsk_heap_now_ns();
    st->part_ns[st->part] += now - st->part_began;
    st->part_began = now;
    st->part = part;
}

static bool drain_lists(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    size_t done = 0, look = st->marked + CLOCK_EVERY;
    while (st->stack.count || st->logged.count) {
        if (done + st->marked >= look) {
            if (tsk_heap_is_late(heap)) return false;
            look = done + st->marked + CLOCK_EVERY;
        }
        done++;
        if (range_on_top(st)) {
            done += trace_range(heap);
        } else if (st->stack.count) {
            const tsk_heap_cell *cell = tsk_heap_pointers(&st->stack)[--st->stack.count];
            st->host->kinds[cell->kind].trace(heap, cell);
        } else {
            tsk_heap_trace_logged(heap);
        }
    }
    return true;
}

static void trace_again(tsk_heap *heap, tsk_heap_cell *cell) {
    tsk_heap_state *st = heap->state;
    if (st->host->kinds[cell->kind].trace) st->host->kinds[cell->kind].trace(heap, cell);
    uint64_t deadline = st->deadline;
    st->deadline = UINT64_MAX;
    drain_lists(heap);
    st->deadline = deadline;
}

/* Every marked cell: what was forgotten hangs on one of them. */
static void trace_all_marked(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    for (uint32_t i = 0; i < st->blocks.count; i++) {
        uint32_t number = tsk_heap_numbers(&st->blocks)[i];
        for (uint32_t step = 0; step < TSK_HEAP_STEPS; step++)
            if (TSK_HEAP_BIT(tsk_heap_blocks[number].live, step))
                trace_again(heap, (tsk_heap_cell *)(void *)(tsk_heap_block_start(number) + (size_t)step * 16));
    }
    for (uint32_t i = 0; i < st->large.count; i++) {
        tsk_heap_cell *cell = (tsk_heap_cell *)(void *)tsk_heap_block_start(tsk_heap_numbers(&st->large)[i]);
        if (cell->mark & TSK_HEAP_MARKED) trace_again(heap, cell);
    }
}

bool tsk_heap_drain(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    if (!drain_lists(heap)) return false;
    while (TSK_UNLIKELY(st->stack_lost)) {
        st->stack_lost = false;
        trace_all_marked(heap);
    }
    return true;
}
