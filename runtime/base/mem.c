#include "runtime/base/mem.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define FIRST_CHUNK ((size_t)8 << 10)
#define LARGEST_CHUNK ((size_t)2 << 20)
#define HUGE_PAGE ((size_t)2 << 20)

struct tsk_chunk {
    tsk_chunk *next;
    size_t size; /* of the whole chunk, this header included */
};

#ifdef TUSK_FAIL_ALLOC
/* Counts down to the first refused allocation; single-threaded tests only. */
static bool refuse_allocation(void) {
    static long left = -1;
    if (left < 0) {
        const char *text = getenv("TSK_FAIL_ALLOC");
        left = text ? strtol(text, NULL, 10) : 0;
        if (left == 0) left = __LONG_MAX__;
    }
    return left <= 1 ? true : (left--, false);
}
#endif

/* The sanitizers' leak checker does not look for pointers in mapped memory, and their own allocator finds more errors. */
#if defined(__SANITIZE_ADDRESS__)
#define MAP_LARGE false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MAP_LARGE false
#endif
#endif
#ifndef MAP_LARGE
#define MAP_LARGE true
#endif

/* Blocks of one huge page that were given back, for the next who asks: whoever loads documents one after another does
 * not pay for fresh pages each time.  The kernel may take their content (MADV_FREE) when memory is short. */
static _Atomic(void *) spare[4];

static void *take_spare(void) {
    for (size_t i = 0; i < TSK_COUNT(spare); i++) {
        if (!atomic_load_explicit(&spare[i], memory_order_relaxed)) continue;
        void *block = atomic_exchange_explicit(&spare[i], NULL, memory_order_acquire);
        if (block) return block;
    }
    return NULL;
}

static bool keep_spare(void *block) {
    madvise(block, HUGE_PAGE, MADV_FREE);
    for (size_t i = 0; i < TSK_COUNT(spare); i++) {
        void *none = NULL;
        if (atomic_load_explicit(&spare[i], memory_order_relaxed)) continue;
        if (atomic_compare_exchange_strong_explicit(&spare[i], &none, block, memory_order_release,
                                                    memory_order_relaxed))
            return true;
    }
    return false;
}

/* Blocks of a huge page and more are mapped aligned, and huge pages asked for: a large document is filled from end to
 * end at once, and then there is one page fault for 2 MiB instead of 512.  A refusal of huge pages changes nothing. */
static void *map_large(size_t size) {
    void *kept = size == HUGE_PAGE ? take_spare() : NULL;
    if (kept) return kept;
    size_t room = size + HUGE_PAGE;
    char *at = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) return NULL;
    size_t head = -(uintptr_t)at & (HUGE_PAGE - 1);
    size_t used = (size + 4095) & ~(size_t)4095;
    if (head) munmap(at, head);
    if (room - head > used) munmap(at + head + used, room - head - used);
    madvise(at + head, used, MADV_HUGEPAGE);
    return at + head;
}

static void unmap_large(void *ptr, size_t size) {
    if (size == HUGE_PAGE && keep_spare(ptr)) return;
    munmap(ptr, (size + 4095) & ~(size_t)4095);
}

static void *resize_large(void *ptr, size_t old_size, size_t new_size) {
    void *fresh = NULL;
    if (new_size) {
        fresh = new_size >= HUGE_PAGE ? map_large(new_size) : malloc(new_size);
        if (!fresh) return NULL;
        if (old_size) memcpy(fresh, ptr, old_size < new_size ? old_size : new_size);
    }
    if (old_size >= HUGE_PAGE)
        unmap_large(ptr, old_size);
    else
        free(ptr);
    return fresh;
}

static void *default_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
    (void)user;
#ifdef TUSK_FAIL_ALLOC
    if (new_size && refuse_allocation()) return NULL;
#endif
    if (TSK_UNLIKELY(MAP_LARGE && (old_size >= HUGE_PAGE || new_size >= HUGE_PAGE)))
        return resize_large(ptr, old_size, new_size);
    if (new_size) return realloc(ptr, new_size);
    free(ptr);
    return NULL;
}

const tsk_allocator tsk_allocator_default = {default_resize, NULL};

void *tsk_mem_alloc(const tsk_allocator *a, size_t size) {
    return a->resize(a->user, NULL, 0, size);
}

void *tsk_mem_resize(const tsk_allocator *a, void *ptr, size_t old_size, size_t new_size) {
    return a->resize(a->user, ptr, old_size, new_size);
}

void tsk_mem_free(const tsk_allocator *a, void *ptr, size_t size) {
    if (ptr) a->resize(a->user, ptr, size, 0);
}

void tsk_arena_init(tsk_arena *arena, const tsk_allocator *allocator, size_t limit) {
    *arena = (tsk_arena){
        .allocator = allocator ? allocator : &tsk_allocator_default, .limit = limit, .next_size = FIRST_CHUNK};
}

/* What has come past a quarter of a megabyte will go on: huge pages from there. */
static size_t larger_chunk(size_t size) {
    return size < LARGEST_CHUNK / 8 ? size * 2 : LARGEST_CHUNK;
}

static tsk_chunk *new_chunk(tsk_arena *arena, size_t size) {
    tsk_chunk *chunk = tsk_mem_alloc(arena->allocator, size);
    if (!chunk) return NULL;
    chunk->size = size;
    arena->reserved += size;
    return chunk;
}

bool tsk_arena_open(tsk_arena *arena, const tsk_allocator *allocator, size_t room) {
    tsk_arena_init(arena, allocator, 0);
    size_t size = FIRST_CHUNK;
    while (size < LARGEST_CHUNK && size - sizeof(tsk_chunk) < room) size = larger_chunk(size);
    tsk_chunk *chunk = new_chunk(arena, size);
    if (!chunk) return false;
    chunk->next = NULL;
    arena->chunks = chunk;
    arena->cur = (char *)(chunk + 1);
    arena->end = (char *)chunk + size;
    arena->next_size = larger_chunk(size);
    return true;
}

void tsk_arena_free(tsk_arena *arena) {
    for (tsk_chunk *c = arena->chunks; c;) {
        tsk_chunk *next = c->next;
        tsk_mem_free(arena->allocator, c, c->size);
        c = next;
    }
    tsk_arena_init(arena, arena->allocator, arena->limit);
}

void tsk_arena_reset(tsk_arena *arena) {
    /* the smallest chunk stays: usually the first one, and never a block that was large on its own */
    tsk_chunk *first = arena->chunks;
    for (tsk_chunk *c = first; c; c = c->next)
        if (c->size < first->size) first = c;
    for (tsk_chunk *c = arena->chunks; c;) {
        tsk_chunk *next = c->next;
        if (c != first) {
            arena->reserved -= c->size;
            tsk_mem_free(arena->allocator, c, c->size);
        }
        c = next;
    }
    if (first) first->next = NULL;
    arena->chunks = first;
    arena->cur = first ? (char *)(first + 1) : NULL;
    arena->end = first ? (char *)first + first->size : NULL;
    arena->next_size = FIRST_CHUNK;
}

TSK_NORETURN void tsk_arena_fail(tsk_arena *arena, tsk_trap_reason reason) {
    if (!arena->trap) abort(); /* an API entry forgot its trap: a bug of ours, never of the input */
    longjmp(arena->trap->jump, (int)reason);
}

void *tsk_arena_alloc_slow(tsk_arena *arena, size_t size) {
    size_t want = arena->next_size;
    if (size > want / 4) want = size + sizeof(tsk_chunk); /* a large block gets a chunk of its own */
    if (want < size) tsk_arena_fail(arena, TSK_TRAP_NO_MEMORY);
    if (arena->limit && (arena->reserved >= arena->limit || want > arena->limit - arena->reserved))
        tsk_arena_fail(arena, TSK_TRAP_MEMORY_LIMIT);
    tsk_chunk *chunk = new_chunk(arena, want);
    if (!chunk) tsk_arena_fail(arena, TSK_TRAP_NO_MEMORY);
    char *mem = (char *)(chunk + 1);
    if (size > arena->next_size / 4 && arena->chunks) {
        /* keep bumping in the current chunk */
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
        return mem;
    }
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    arena->cur = mem + size;
    arena->end = (char *)chunk + want;
    arena->next_size = larger_chunk(arena->next_size);
    return mem;
}

void *tsk_arena_grow(tsk_arena *arena, void *ptr, size_t old_size, size_t new_size) {
    size_t old_room = (old_size + 7) & ~(size_t)7, new_room = (new_size + 7) & ~(size_t)7;
    if (ptr && (char *)ptr + old_room == arena->cur && new_room - old_room <= (size_t)(arena->end - arena->cur)) {
        arena->cur += new_room - old_room;
        return ptr;
    }
    void *fresh = tsk_arena_alloc(arena, new_size);
    if (old_size) memcpy(fresh, ptr, old_size);
    return fresh;
}

void tsk_arena_shrink(tsk_arena *arena, void *ptr, size_t old_size, size_t new_size) {
    size_t old_room = (old_size + 7) & ~(size_t)7, new_room = (new_size + 7) & ~(size_t)7;
    if (ptr && (char *)ptr + old_room == arena->cur) arena->cur -= old_room - new_room;
}

char *tsk_arena_strdup(tsk_arena *arena, const char *ptr, size_t len) {
    char *copy = tsk_arena_alloc(arena, len + 1);
    if (len) memcpy(copy, ptr, len);
    copy[len] = 0;
    return copy;
}

void tsk_buf_init(tsk_buf *buf, tsk_arena *arena) {
    *buf = (tsk_buf){.arena = arena};
}

void tsk_buf_reserve(tsk_buf *buf, size_t more) {
    size_t need = buf->len + more;
    if (need <= buf->cap) return;
    size_t cap = buf->cap ? buf->cap * 2 : 64;
    if (cap < need) cap = need;
    buf->ptr = tsk_arena_grow(buf->arena, buf->ptr, buf->cap, cap);
    buf->cap = cap;
}

static void buf_vprintf(tsk_buf *buf, const char *fmt, va_list args) {
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    if (n > 0) {
        tsk_buf_reserve(buf, (size_t)n + 1);
        vsnprintf(buf->ptr + buf->len, (size_t)n + 1, fmt, again);
        buf->len += (size_t)n;
    }
    va_end(again);
}

void tsk_buf_printf(tsk_buf *buf, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    buf_vprintf(buf, fmt, args);
    va_end(args);
}

char *tsk_arena_printf(tsk_arena *arena, const char *fmt, ...) {
    tsk_buf buf;
    tsk_buf_init(&buf, arena);
    va_list args;
    va_start(args, fmt);
    buf_vprintf(&buf, fmt, args);
    va_end(args);
    tsk_buf_char(&buf, 0);
    return buf.ptr;
}
