/* The log: what was written to after it was marked, and has to be looked at again.
 *
 *   store ─► small cell ─► LOGGED ─┐
 *         └► large cell ─► line ─► dirty ─┴─► log ─► trace of the cell, words of the line ─► visit ...
 *
 * Invariants
 *  - What is in the log has its bit; taken out, it has not, and the next store logs it again.
 *  - The log is empty when a collection ends.  One that could not grow is lost: the next collection begins anew.
 */
#include "runtime/heap/internal.h"

static void push(tsk_heap_state *st, uintptr_t entry, bool *logged) {
    *logged = tsk_heap_append(st, &st->logged, sizeof entry, &entry);
    if (TSK_UNLIKELY(!*logged)) st->log_lost = true;
}

void tsk_heap_log(tsk_heap *heap, tsk_heap_cell *cell) {
    bool logged;
    push(heap->state, (uintptr_t)cell, &logged);
    if (logged) cell->mark |= TSK_HEAP_LOGGED;
}

static uint32_t line_in_block(const void *p) {
    return (uint32_t)((size_t)((const char *)p - tsk_heap_region) % TSK_HEAP_BLOCK / TSK_HEAP_LINE);
}

void tsk_heap_log_at(tsk_heap *heap, tsk_heap_cell *cell, const tsk_value *slot) {
    if (!(cell->mark & TSK_HEAP_LARGE)) {
        tsk_heap_log(heap, cell);
        return;
    }
    tsk_heap_block *b = &tsk_heap_blocks[tsk_heap_block_of(slot)];
    uint32_t line = line_in_block(slot);
    if (TSK_HEAP_BIT(b->dirty, line)) return;
    bool logged;
    push(heap->state, ((uintptr_t)slot & ~(uintptr_t)(TSK_HEAP_LINE - 1)) | 1, &logged);
    if (logged) TSK_HEAP_SET(b->dirty, line);
}

void tsk_heap_log_range(tsk_heap *heap, tsk_heap_cell *cell, const tsk_value *slots, size_t count) {
    if (!(cell->mark & TSK_HEAP_LARGE)) {
        tsk_heap_log(heap, cell);
        return;
    }
    for (size_t i = 0; i < count;) {
        if (tsk_is_pointer(slots[i])) {
            tsk_heap_log_at(heap, cell, &slots[i]);
            i += (TSK_HEAP_LINE - (uintptr_t)&slots[i] % TSK_HEAP_LINE) / sizeof *slots; /* the next line */
        } else {
            i++;
        }
    }
}

bool tsk_heap_is_dirty(const void *slot) {
    return TSK_HEAP_BIT(tsk_heap_blocks[tsk_heap_block_of(slot)].dirty, line_in_block(slot));
}

static uintptr_t entry_at(const tsk_heap_state *st, uint32_t i) {
    return *(const uintptr_t *)tsk_heap_item(&st->logged, sizeof(uintptr_t), i);
}

/* Takes the mark of being logged away. */
static void clean(uintptr_t entry) {
    if (entry & 1)
        tsk_heap_blocks[tsk_heap_block_of((void *)entry)].dirty[line_in_block((void *)entry) / 64] &= ~(
            1ull << (line_in_block((void *)entry) & 63));
    else
        ((tsk_heap_cell *)entry)->mark &= (uint8_t)~TSK_HEAP_LOGGED;
}

void tsk_heap_forget_log(tsk_heap_state *st) {
    for (uint32_t i = 0; i < st->logged.count; i++) clean(entry_at(st, i));
    st->logged.count = 0;
    st->log_lost = false;
}

/* The words of a line may be values, numbers of the kind, or left over from what the cell held before. */
static void trace_line(tsk_heap *heap, const char *line) {
    const char *first = tsk_heap_block_start(tsk_heap_blocks[tsk_heap_block_of(line)].head);
    const tsk_heap_cell *cell = (const tsk_heap_cell *)(const void *)first;
    const char *end = first + tsk_heap_cell_size(heap->state, cell);
    const tsk_heap_kind *kind = &heap->state->host->kinds[cell->kind];
    if (kind->pairs && kind->pairs(cell).words && tsk_heap_weak_line(heap, cell, line)) return;
    if (end > line) tsk_heap_visit_range(heap, line, end - line < TSK_HEAP_LINE ? end : line + TSK_HEAP_LINE);
}

void tsk_heap_trace_logged(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    uintptr_t entry = entry_at(st, --st->logged.count);
    clean(entry);
    if (entry & 1) {
        trace_line(heap, (const char *)(entry - 1));
        return;
    }
    const tsk_heap_cell *cell = (const tsk_heap_cell *)entry;
    st->long_again |= (cell->mark & TSK_HEAP_LARGE) != 0;
    if (st->host->kinds[cell->kind].trace) st->host->kinds[cell->kind].trace(heap, cell);
}
