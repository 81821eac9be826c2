/* What the writers share, and nobody else uses.
 *
 * A writer walks with a stack of its own, because values may be nested deeper than the C stack is. */
#ifndef TSK_WRITE_INTERNAL_H
#define TSK_WRITE_INTERNAL_H

#include "runtime/value/write.h"

typedef struct tsk_write_frame {
    tsk_value v;   /* an array or object */
    uint32_t next; /* number of the next item */
    uint32_t mode; /* the format's own */
    size_t mark;   /* the format's own */
} tsk_write_frame;

typedef struct tsk_write_stack {
    tsk_arena *arena;
    tsk_write_frame *frames;
    uint32_t count, cap, max;
} tsk_write_stack;

/* False at the limit of depth. */
bool tsk_write_push(tsk_write_stack *stack, tsk_value v, uint32_t mode, size_t mark);
TSK_INLINE tsk_write_frame *tsk_write_top(tsk_write_stack *stack) {
    return &stack->frames[stack->count - 1];
}

/* Items of a container; 0 for anything else. */
uint32_t tsk_write_count(tsk_value v);
TSK_INLINE bool tsk_write_is_container(tsk_value v) {
    return tsk_is_array(v) || tsk_is_object(v);
}

tsk_value tsk_write_resolved(const tsk_writer *w, tsk_value v);
/* The next item, resolved, or the text "•••" when its key is hidden; `*key` is empty for arrays. */
tsk_value tsk_write_take(const tsk_writer *w, tsk_write_frame *frame, tsk_slice *key);

/* Returns false: the format cannot express the value. */
bool tsk_write_refuse(tsk_writer *w, const char *fmt, ...) TSK_PRINTF(2, 3);
/* The next value of a container without taking it: for formats that look at all of it first. */
tsk_value tsk_write_peek(const tsk_writer *w, tsk_value container, uint32_t i, tsk_slice *key);

void tsk_write_flush(const tsk_writer *w); /* when there is enough to be worth it */
void tsk_write_indent(tsk_buf *out, size_t columns);
void tsk_write_int(tsk_buf *out, int64_t i);

/* Walks over everything that is not a non-empty container, with its path in `path`. */
typedef struct tsk_leaves {
    const tsk_writer *w;
    tsk_buf path;
    void (*part)(tsk_buf *path, tsk_slice key, uint32_t index, bool in_array); /* appends one step */
    void (*leaf)(struct tsk_leaves *leaves, tsk_value v);
    void *user;
} tsk_leaves;
bool tsk_write_leaves(tsk_leaves *leaves, tsk_write_stack *stack, tsk_value v);

bool tsk_write_json(tsk_writer *w, tsk_write_stack *stack, tsk_value v);
bool tsk_write_tsk(tsk_writer *w, tsk_write_stack *stack, tsk_value v);
bool tsk_write_yaml(tsk_writer *w, tsk_write_stack *stack, tsk_value v);
bool tsk_write_env(tsk_writer *w, tsk_write_stack *stack, tsk_value v);
bool tsk_write_toml(tsk_writer *w, tsk_write_stack *stack, tsk_value v);
bool tsk_write_csv(tsk_writer *w, tsk_write_stack *stack, tsk_value v);
bool tsk_write_ini(tsk_writer *w, tsk_write_stack *stack, tsk_value v);
bool tsk_write_xml(tsk_writer *w, tsk_write_stack *stack, tsk_value v);
bool tsk_write_table(tsk_writer *w, tsk_write_stack *stack, tsk_value v);

#endif
