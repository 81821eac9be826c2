/* Growing a memo table; see memo.h. */
#include "runtime/interp/memo.h"

static tsk_memo_top *grow_top(tsk_memo *memo, tsk_arena *arena, uint32_t blocks) {
    tsk_memo_top *old = atomic_load_explicit(&memo->top, memory_order_relaxed);
    uint32_t cap = old ? old->blocks * 2 : 4;
    if (cap < blocks) cap = blocks;
    tsk_memo_top *top = tsk_arena_zalloc(arena, sizeof *top + cap * sizeof top->at[0]);
    top->blocks = cap;
    for (uint32_t i = 0; old && i < old->blocks; i++)
        atomic_init(&top->at[i], atomic_load_explicit(&old->at[i], memory_order_relaxed));
    atomic_store_explicit(&memo->top, top, memory_order_release);
    return top;
}

_Atomic uint64_t *tsk_memo_make(tsk_memo *memo, tsk_arena *arena, uint32_t number) {
    tsk_memo_top *top = atomic_load_explicit(&memo->top, memory_order_relaxed);
    uint32_t i = number / TSK_MEMO_BLOCK;
    if (!top || i >= top->blocks) top = grow_top(memo, arena, i + 1);
    tsk_memo_block *block = atomic_load_explicit(&top->at[i], memory_order_relaxed);
    if (!block) {
        block = tsk_arena_zalloc(arena, sizeof *block);
        atomic_store_explicit(&top->at[i], block, memory_order_release);
    }
    return &block->words[number % TSK_MEMO_BLOCK];
}
