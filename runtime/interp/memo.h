/* One word for each thunk, in blocks that exist once one of their words is written.
 *
 *   word = bits of the value XOR the thunk tag, so that
 *     0                      nothing yet
 *     below 2^48             a state or a pointer: see the table's owner
 *     anything else          the value
 *
 * A table may be read by any thread without a lock; writers hold the lock of the table's owner. Values
 * are published with release order, so what they point to is complete. */
#ifndef TSK_MEMO_H
#define TSK_MEMO_H

#include "runtime/base/value.h"

#include <stdatomic.h>

#define TSK_MEMO_BLOCK 64

typedef struct tsk_memo_block {
    _Atomic uint64_t words[TSK_MEMO_BLOCK];
} tsk_memo_block;

typedef struct tsk_memo_top {
    uint32_t blocks;
    _Atomic(tsk_memo_block *) at[];
} tsk_memo_top;

typedef struct tsk_memo {
    _Atomic(tsk_memo_top *) top;
} tsk_memo;

TSK_INLINE uint64_t tsk_memo_word(tsk_value v) {
    return v.bits ^ TSK_BITS(TSK_TAG_THUNK, 0);
}
TSK_INLINE bool tsk_memo_is_value(uint64_t word) {
    return word >> 48 != 0;
}
TSK_INLINE tsk_value tsk_memo_value(uint64_t word) {
    return (tsk_value){word ^ TSK_BITS(TSK_TAG_THUNK, 0)};
}

/* NULL while the word has no block. */
TSK_INLINE _Atomic uint64_t *tsk_memo_find(const tsk_memo *memo, uint32_t number) {
    const tsk_memo_top *top = atomic_load_explicit(&memo->top, memory_order_acquire);
    if (TSK_UNLIKELY(!top || number / TSK_MEMO_BLOCK >= top->blocks)) return NULL;
    tsk_memo_block *block = atomic_load_explicit(&top->at[number / TSK_MEMO_BLOCK], memory_order_acquire);
    return TSK_LIKELY(block != NULL) ? &block->words[number % TSK_MEMO_BLOCK] : NULL;
}

TSK_INLINE uint64_t tsk_memo_load(const tsk_memo *memo, uint32_t number) {
    _Atomic uint64_t *word = tsk_memo_find(memo, number);
    return word ? atomic_load_explicit(word, memory_order_acquire) : 0;
}

/* The word, with its block made in `arena` when there is none; an outgrown top stays readable in the arena. */
_Atomic uint64_t *tsk_memo_make(tsk_memo *memo, tsk_arena *arena, uint32_t number);

#endif
