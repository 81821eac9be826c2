/* Checks of the heap, for tests: every cell that lives is where the tables say, and points to cells that live. */
#include "runtime/heap/internal.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

TSK_NORETURN static void broken(const char *what, const tsk_heap_cell *cell) {
    fprintf(stderr, "heap: %s (cell %p, kind %u, mark %u)\n", what, (const void *)cell, cell->kind, cell->mark);
    abort();
}

/* A cell that a living one points to.  What an old cell points to is old, or the old one is in the log. */
void tsk_heap_verify_visit(tsk_heap *heap, const tsk_heap_cell *cell) {
    if (cell->mark & TSK_HEAP_PERMANENT) return;
    if (tsk_heap_cell_at(heap, (uintptr_t)cell) != cell) broken("a cell points to what is no cell of this heap", cell);
    if (cell->kind == 0 || cell->kind >= heap->state->host->kind_count) broken("a cell of no kind", cell);
    const tsk_heap_state *st = heap->state;
    if (st->phase == TSK_HEAP_IDLE && !st->log_lost && !(cell->mark & TSK_HEAP_MARKED) &&
        (st->verified->mark & (TSK_HEAP_MARKED | TSK_HEAP_LOGGED)) == TSK_HEAP_MARKED &&
        !(st->verified->mark & TSK_HEAP_LARGE &&
          tsk_heap_is_dirty(st->verified_slot ? (const void *)st->verified_slot : st->verified)))
        broken("this old cell points to a new one and was not logged", st->verified);
}

static void check_cell(tsk_heap *heap, const tsk_heap_cell *cell) {
    tsk_heap_state *st = heap->state;
    if (cell->kind == 0 || cell->kind >= st->host->kind_count) broken("a cell of no kind", cell);
    if (st->phase == TSK_HEAP_IDLE && !(cell->mark & TSK_HEAP_MARKED)) broken("an old cell without a mark", cell);
    st->verified = cell;
    if (st->host->kinds[cell->kind].trace) st->host->kinds[cell->kind].trace(heap, cell);
}

static void check_block(tsk_heap *heap, uint32_t number) {
    tsk_heap_state *st = heap->state;
    const tsk_heap_block *b = &tsk_heap_blocks[number];
    uint32_t end = 0; /* of the cell before */
    for (uint32_t step = 0; step < TSK_HEAP_STEPS; step++) {
        if (!TSK_HEAP_BIT(b->live, step)) continue;
        const tsk_heap_cell *cell = (const tsk_heap_cell *)(const void *)(tsk_heap_block_start(number) +
                                                                          (size_t)step * 16);
        size_t size = tsk_heap_cell_size(st, cell);
        if (step * 16 < end) broken("cells overlap", cell);
        if (!size || step * 16 + size > TSK_HEAP_BLOCK) broken("a cell leaves its block", cell);
        end = step * 16 + (uint32_t)size;
        for (uint32_t line = step * 16 / TSK_HEAP_LINE; line <= (end - 1) / TSK_HEAP_LINE; line++)
            if (!TSK_HEAP_BIT(b->next_lines, line)) broken("a line of a living cell is free", cell);
        check_cell(heap, cell);
    }
}

void tsk_heap_verify(tsk_heap *heap) {
    tsk_heap_state *st = heap->state;
    size_t bytes = (size_t)st->blocks.count * TSK_HEAP_BLOCK;
    st->verifying = true;
    for (uint32_t i = 0; i < st->blocks.count; i++) {
        uint32_t number = tsk_heap_numbers(&st->blocks)[i];
        if (atomic_load_explicit(&tsk_heap_blocks[number].owner, memory_order_relaxed) != heap ||
            tsk_heap_blocks[number].use != TSK_HEAP_SMALL_CELLS)
            broken("a block of somebody else", (const tsk_heap_cell *)(void *)tsk_heap_block_start(number));
        check_block(heap, number);
    }
    for (uint32_t i = 0; i < st->large.count; i++) {
        uint32_t number = tsk_heap_numbers(&st->large)[i];
        const tsk_heap_cell *cell = (const tsk_heap_cell *)(void *)tsk_heap_block_start(number);
        bytes += tsk_heap_blocks[number].bytes;
        if (!(cell->mark & TSK_HEAP_LARGE)) broken("a large cell without its mark", cell);
        if (tsk_heap_cell_size(st, cell) > tsk_heap_blocks[number].bytes)
            broken("a large cell leaves its blocks", cell);
        st->verified = cell;
        if (st->host->kinds[cell->kind].trace) st->host->kinds[cell->kind].trace(heap, cell);
    }
    st->verifying = false;
    if (bytes != st->stats.reserved) {
        fprintf(stderr, "heap: %zu bytes are held, %zu are counted\n", bytes, st->stats.reserved);
        abort();
    }
}
