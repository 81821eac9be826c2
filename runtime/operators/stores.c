/* The stores of a context.
 *
 * Values are copied into an arena of the store.  What is replaced stays there until the arena has grown to a
 * bound, then the living values move to a fresh one, so memory stays within about twice of what lives. */
#include "runtime/operators/stores.h"

#include "runtime/operators/internal.h"

#include <stdlib.h>

#define COMPACT_FIRST ((size_t)1 << 20)

struct tsk_stores *tsk_stores_new(const tsk_allocator *allocator) {
    if (!allocator) allocator = &tsk_allocator_default;
    struct tsk_stores *s = tsk_mem_alloc(allocator, sizeof *s);
    if (!s) return NULL;
    memset(s, 0, sizeof *s);
    s->allocator = allocator;
    s->compact_at = COMPACT_FIRST;
    tsk_arena_init(&s->arena, allocator, 0);
    tsk_arena_init(&s->spare, allocator, 0);
    return s;
}

void tsk_stores_free(struct tsk_stores *s) {
    if (!s) return;
    for (uint32_t i = 0; i < TSK_PATTERNS; i++)
        if (s->patterns[i].text) tsk_regex_free_pattern(s->pcre2, &s->patterns[i]);
    if (s->database) tsk_query_close(s->sqlite, s->database);
    tsk_state_unlock(s);
    tsk_arena_free(&s->arena);
    tsk_arena_free(&s->spare);
    tsk_mem_free(s->allocator, s, sizeof *s);
}

bool tsk_stores_use(tsk_op_context *cx, const char *op) {
    if (!cx->stores) return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED, "%s: this evaluation keeps no state", op);
    /* out of memory in the store leaves the evaluation like out of memory in its heap */
    cx->stores->arena.trap = cx->stores->spare.trap = cx->heap->trap;
    return true;
}

bool tsk_stores_find(tsk_op_context *cx, tsk_store store, tsk_slice name, tsk_value *out) {
    const tsk_object *map = cx->stores->maps[store];
    const tsk_entry *e = map ? tsk_object_find(map, name.ptr, name.len) : NULL;
    if (e) *out = e->value;
    return e != NULL;
}

/* Moves what lives to a fresh arena. */
static void compact(struct tsk_stores *s) {
    tsk_object *moved[TSK_STORE_COUNT] = {NULL};
    tsk_arena_reset(&s->spare);
    for (int i = 0; i < TSK_STORE_COUNT; i++)
        if (s->maps[i]) moved[i] = tsk_as_object(tsk_value_copy(&s->spare, tsk_from_object(s->maps[i])));
    tsk_arena old = s->arena;
    s->arena = s->spare;
    s->spare = old;
    memcpy(s->maps, moved, sizeof moved);
    tsk_arena_reset(&s->spare);
    s->compact_at = s->arena.reserved * 2 > COMPACT_FIRST ? s->arena.reserved * 2 : COMPACT_FIRST;
}

void tsk_stores_set(tsk_op_context *cx, tsk_store store, tsk_slice name, tsk_value v) {
    struct tsk_stores *s = cx->stores;
    tsk_arena *arena = &s->arena;
    if (arena->reserved > s->compact_at) compact(s);
    if (!s->maps[store]) s->maps[store] = tsk_object_new(arena, 8);
    tsk_value copy = tsk_value_copy(arena, v);
    tsk_entry *e = tsk_object_find(s->maps[store], name.ptr, name.len);
    if (e)
        e->value = copy;
    else
        tsk_object_set(arena, s->maps[store], tsk_arena_strdup(arena, name.ptr, name.len), name.len, copy);
}

void tsk_stores_replace(tsk_op_context *cx, tsk_store store, const tsk_object *values) {
    struct tsk_stores *s = cx->stores;
    if (s->arena.reserved > s->compact_at) compact(s);
    s->maps[store] = tsk_as_object(tsk_value_copy(&s->arena, tsk_from_object(values)));
}

bool tsk_stores_remove(tsk_op_context *cx, tsk_store store, tsk_slice name) {
    tsk_object *map = cx->stores->maps[store];
    return map && tsk_object_remove(map, name.ptr, name.len);
}
