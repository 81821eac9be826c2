/* Memory: one allocator for everything, and arenas on top of it.
 *
 *   host allocator (malloc by default)  ->  chunks  ->  arena: bump, bump, bump ... freed as a whole
 *
 * Invariants
 *  - An allocation from an arena never returns NULL.  When the allocator refuses, or the arena's
 *    byte limit is reached, control leaves through the arena's trap (longjmp) to the API entry
 *    that set it.  Code between the two owns nothing but arena memory.
 *  - An arena is used by one thread at a time.
 */
#ifndef TSK_MEM_H
#define TSK_MEM_H

#include "runtime/base/base.h"

#include <setjmp.h>

/* Sizes are bytes. `resize(user, NULL, 0, n)` allocates, `resize(user, p, n, 0)` frees and returns NULL. */
typedef struct tsk_allocator {
    void *(*resize)(void *user, void *ptr, size_t old_size, size_t new_size);
    void *user;
} tsk_allocator;

/* malloc and free.  In a build with TUSK_FAIL_ALLOC the environment variable TSK_FAIL_ALLOC=N makes
 * the N-th allocation of the process, and every later one, fail. */
extern const tsk_allocator tsk_allocator_default;

void *tsk_mem_alloc(const tsk_allocator *a, size_t size); /* NULL when refused */
void *tsk_mem_resize(const tsk_allocator *a, void *ptr, size_t old_size, size_t new_size);
void tsk_mem_free(const tsk_allocator *a, void *ptr, size_t size);

typedef enum tsk_trap_reason { TSK_TRAP_NONE, TSK_TRAP_NO_MEMORY, TSK_TRAP_MEMORY_LIMIT } tsk_trap_reason;

/* Where an arena jumps to when it cannot serve: `if ((r = setjmp(trap.jump))) ...`. */
typedef struct tsk_trap {
    jmp_buf jump;
} tsk_trap;

typedef struct tsk_chunk tsk_chunk;

typedef struct tsk_arena {
    char *cur, *end;
    tsk_chunk *chunks;
    const tsk_allocator *allocator;
    tsk_trap *trap;
    size_t reserved;  /* bytes taken from the allocator */
    size_t limit;     /* of `reserved`; 0 = none */
    size_t next_size; /* of the next chunk */
} tsk_arena;

void tsk_arena_init(tsk_arena *arena, const tsk_allocator *allocator, size_t limit);
/* The same without a limit and with its first chunk, which has room for `room` bytes unless that is much.  False: no
 * memory. */
bool tsk_arena_open(tsk_arena *arena, const tsk_allocator *allocator, size_t room);
void tsk_arena_free(tsk_arena *arena);
/* Forgets everything allocated, keeps the first chunk. */
void tsk_arena_reset(tsk_arena *arena);
/* Leaves through the trap: for parts that need memory of another kind and get none. */
TSK_NORETURN void tsk_arena_fail(tsk_arena *arena, tsk_trap_reason reason);
void *tsk_arena_alloc_slow(tsk_arena *arena, size_t size);

/* 8-byte aligned, not zeroed; also nothing has an address. */
TSK_INLINE void *tsk_arena_alloc(tsk_arena *arena, size_t size) {
    size = (size + !size + 7) & ~(size_t)7;
    if (TSK_LIKELY(size <= (size_t)(arena->end - arena->cur))) {
        void *p = arena->cur;
        arena->cur += size;
        return p;
    }
    return tsk_arena_alloc_slow(arena, size);
}

TSK_INLINE void *tsk_arena_zalloc(tsk_arena *arena, size_t size) {
    return memset(tsk_arena_alloc(arena, size), 0, size);
}

/* Grows the last allocation in place where it can, else copies. */
void *tsk_arena_grow(tsk_arena *arena, void *ptr, size_t old_size, size_t new_size);
/* Gives back the tail of the last allocation; does nothing for an earlier one. */
void tsk_arena_shrink(tsk_arena *arena, void *ptr, size_t old_size, size_t new_size);
/* A NUL-terminated copy. */
char *tsk_arena_strdup(tsk_arena *arena, const char *ptr, size_t len);
char *tsk_arena_printf(tsk_arena *arena, const char *fmt, ...) TSK_PRINTF(2, 3);

#define TSK_NEW(arena, type) ((type *)tsk_arena_zalloc((arena), sizeof(type)))
#define TSK_NEW_ARRAY(arena, type, n) ((type *)tsk_arena_alloc((arena), sizeof(type) * (size_t)(n)))

/* Text under construction, in an arena. */
typedef struct tsk_buf {
    tsk_arena *arena;
    char *ptr;
    size_t len, cap;
} tsk_buf;

void tsk_buf_init(tsk_buf *buf, tsk_arena *arena);
void tsk_buf_reserve(tsk_buf *buf, size_t more);
void tsk_buf_printf(tsk_buf *buf, const char *fmt, ...) TSK_PRINTF(2, 3);

TSK_INLINE void tsk_buf_add(tsk_buf *buf, const char *ptr, size_t len) {
    if (TSK_UNLIKELY(buf->cap - buf->len < len)) tsk_buf_reserve(buf, len);
    if (len) memcpy(buf->ptr + buf->len, ptr, len);
    buf->len += len;
}

TSK_INLINE void tsk_buf_char(tsk_buf *buf, char c) {
    if (TSK_UNLIKELY(buf->cap == buf->len)) tsk_buf_reserve(buf, 1);
    buf->ptr[buf->len++] = c;
}

TSK_INLINE void tsk_buf_slice(tsk_buf *buf, tsk_slice s) {
    tsk_buf_add(buf, s.ptr, s.len);
}

TSK_INLINE void tsk_buf_cstr(tsk_buf *buf, const char *s) {
    tsk_buf_add(buf, s, strlen(s));
}

#endif
