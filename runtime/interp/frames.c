/* The stack of frames, how a failure leaves it, and the limits of an evaluation.
 *
 *   chunk ──► chunk ──► chunk        frames lie one behind the other; a frame that does not fit begins the next
 *    a b c     d e       f             chunk; chunks are kept for the next time until the context is reset
 *
 * A failure first looks for a handler down the frames; then frames are popped until that one, and every
 * thunk among them remembers the failure.
 */
#include "runtime/interp/interp.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#define FIRST_CHUNK ((size_t)4 << 10)
#define LARGEST_CHUNK ((size_t)1 << 20)
#define PORTION 1024   /* steps between two looks at limits */
#define CYCLE_SHOWN 16 /* keys in the message */

/* ---- frames ---- */

static tsk_frame_chunk *next_chunk(tsk_eval *ev, size_t size) {
    tsk_frame_chunk *last = ev->chunk;
    if (last && last->next && (size_t)(last->next->end - (char *)(last->next + 1)) >= size) return last->next;
    size_t want = FIRST_CHUNK;
    while (want < LARGEST_CHUNK && want < ev->frame_bytes) want *= 2;
    if (want < size + sizeof *last) want = size + sizeof *last;
    tsk_frame_chunk *fresh = tsk_mem_alloc(ev->allocator, want);
    if (!fresh) return NULL;
    *fresh = (tsk_frame_chunk){.prev = last, .next = last ? last->next : NULL, .end = (char *)fresh + want};
    if (fresh->next) fresh->next->prev = fresh;
    if (last)
        last->next = fresh;
    else
        ev->first_chunk = fresh;
    ev->frame_bytes += want;
    return fresh;
}

static bool enter_chunk(tsk_eval *ev, size_t size) {
    if (ev->limits.memory && ev->frame_bytes + size > ev->limits.memory)
        return tsk_interp_fail(ev, TSK_E_MEMORY_LIMIT, "evaluation takes more than %zu bytes of memory",
                               ev->limits.memory);
    tsk_frame_chunk *chunk = next_chunk(ev, size);
    if (!chunk) return tsk_interp_fail(ev, TSK_E_NO_MEMORY, "no memory for the frames of the evaluation");
    if (ev->chunk) ev->chunk->top = ev->free;
    ev->chunk = chunk;
    ev->free = (char *)(chunk + 1);
    ev->end = chunk->end;
    return true;
}

bool tsk_frame_room(tsk_eval *ev, size_t size) {
    if (ev->depth >= ev->limits.calls)
        return tsk_interp_fail(ev, TSK_E_DEPTH_LIMIT, "keys and calls wait for each other more than %u deep",
                               ev->limits.calls);
    return size <= (size_t)(ev->end - ev->free) || enter_chunk(ev, size);
}

void tsk_frame_previous_chunk(tsk_eval *ev) {
    if (!ev->chunk->prev) return;
    ev->chunk = ev->chunk->prev;
    ev->free = ev->chunk->top;
    ev->end = ev->chunk->end;
}

static void drop_frames(tsk_eval *ev) {
    ev->top = NULL;
    ev->depth = ev->nested = ev->pinned = 0;
    __atomic_store_n(&ev->inside, ev->inside_below, __ATOMIC_RELEASE);
    ev->waiting = false;
    ev->op.wait = NULL;
    ev->leaving = TSK_LEFT_FAILED;
    ev->chunk = ev->first_chunk;
    ev->free = ev->chunk ? (char *)(ev->chunk + 1) : NULL;
    ev->end = ev->chunk ? ev->chunk->end : NULL;
}

static void free_chunks(tsk_eval *ev, tsk_frame_chunk *from) {
    while (from) {
        tsk_frame_chunk *next = from->next;
        size_t size = (size_t)(from->end - (char *)from);
        ev->frame_bytes -= size;
        tsk_mem_free(ev->allocator, from, size);
        from = next;
    }
}

/* ---- failures ---- */

bool tsk_interp_fail(tsk_eval *ev, tsk_code code, const char *fmt, ...) {
    char text[512];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    ev->failure = (tsk_failure){code, tsk_arena_strdup(ev->heap, text, len), NULL};
    return false;
}

bool tsk_interp_is_fatal(tsk_code code) {
    switch (code) {
    case TSK_E_STEP_LIMIT:
    case TSK_E_TIME_LIMIT:
    case TSK_E_MEMORY_LIMIT:
    case TSK_E_NO_MEMORY:
    case TSK_E_DEPTH_LIMIT: return true;
    default: return false;
    }
}

static uint32_t pc_of(const tsk_frame *frame) {
    return (uint32_t)(frame->pc - frame->code->insns);
}

static const tsk_bytecode_handler *handler_of(const tsk_frame *frame) {
    const tsk_bytecode *code = frame->code;
    uint32_t pc = pc_of(frame), low = 0, high = code->handler_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (code->handlers[middle].to <= pc)
            low = middle + 1;
        else
            high = middle;
    }
    return low < code->handler_count && code->handlers[low].from <= pc ? &code->handlers[low] : NULL;
}

static tsk_span span_of(const tsk_frame *frame) {
    return frame->marks & TSK_FRAME_TREE ? (tsk_span){0, 0} : frame->code->spans[pc_of(frame)];
}

static uint32_t thunk_around(const tsk_frame *frame) {
    while (frame && frame->thunk == TSK_NO_THUNK) frame = frame->caller;
    return frame ? frame->thunk : TSK_NO_THUNK;
}

static const tsk_error *new_error(tsk_eval *ev, const tsk_error *inner, uint32_t thunk, tsk_span span) {
    tsk_error *error = TSK_NEW(ev->heap, tsk_error);
    *error = (tsk_error){inner, thunk, ev->failure.code, span, ev->failure.message, ev->failure.hint, NULL};
    return error;
}

/* What the memo of a thunk says after its frame was popped by a failure. */
static uint64_t after_failure(const tsk_frame *frame, const tsk_error *error, bool cycle_caught) {
    bool once = frame->code->effect == TSK_EFFECT_WRITE;
    if (tsk_interp_is_fatal(error->code) && !once) return TSK_MEMO_ABSENT;
    uint64_t state = atomic_load_explicit(frame->memo, memory_order_relaxed);
    if (cycle_caught && !once && state == TSK_MEMO_RUNNING) return TSK_MEMO_AGAIN;
    return (uintptr_t)error;
}

tsk_frame *tsk_frame_unwind(tsk_eval *ev) {
    tsk_frame *catcher = NULL;
    const tsk_bytecode_handler *handler = NULL;
    for (tsk_frame *f = ev->top; !catcher && !tsk_interp_is_fatal(ev->failure.code); f = f->caller) {
        if ((handler = handler_of(f))) catcher = f;
        if (f->marks & TSK_FRAME_FIRST) break;
    }
    bool cycle_caught = catcher && ev->failure.code == TSK_E_CYCLE;
    uint32_t origin = thunk_around(ev->top);
    const tsk_error *error = new_error(ev, ev->inner, origin, span_of(ev->top));
    ev->inner = NULL;
    while (ev->top != catcher) {
        tsk_frame *frame = ev->top;
        if (frame->thunk != TSK_NO_THUNK) {
            if (frame->thunk != origin) error = new_error(ev, error, frame->thunk, span_of(frame));
            atomic_store_explicit(frame->memo, after_failure(frame, error, cycle_caught), memory_order_relaxed);
        }
        bool first = frame->marks & TSK_FRAME_FIRST;
        tsk_frame_pop(ev);
        if (first) {
            ev->error = error;
            return NULL;
        }
    }
    catcher->pc = catcher->code->insns + handler->target;
    return catcher;
}

/* Names from the running frame back to the first of the cycle, then the first again. */
void tsk_frame_cycle(tsk_eval *ev, uint32_t thunk) {
    const tsk_frame *shown[CYCLE_SHOWN];
    uint32_t count = 0;
    for (const tsk_frame *f = ev->top; f && f->thunk != thunk; f = f->caller)
        if (f->thunk != TSK_NO_THUNK) shown[count++ % CYCLE_SHOWN] = f;
    tsk_buf path;
    tsk_buf_init(&path, ev->heap);
    const char *name = ev->host->key_name(ev, thunk);
    tsk_buf_cstr(&path, name);
    if (count > CYCLE_SHOWN) tsk_buf_printf(&path, " -> ... (%u keys)", count - CYCLE_SHOWN);
    for (uint32_t i = count < CYCLE_SHOWN ? count : CYCLE_SHOWN; i-- > 0;) {
        uint32_t at = count <= CYCLE_SHOWN ? i : (count - CYCLE_SHOWN + i) % CYCLE_SHOWN;
        tsk_buf_cstr(&path, " -> ");
        tsk_buf_cstr(&path, ev->host->key_name(ev, shown[at]->thunk));
    }
    tsk_buf_cstr(&path, " -> ");
    tsk_buf_cstr(&path, name);
    tsk_buf_char(&path, 0);
    const char *message = tsk_arena_printf(ev->heap, "a key depends on itself: %s", path.ptr);
    ev->failure = (tsk_failure){TSK_E_CYCLE, message, NULL};
}

/* ---- limits ---- */

uint64_t tsk_interp_clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void next_portion(tsk_eval *ev) {
    uint64_t left = ev->limits.steps ? ev->limits.steps - ev->steps : PORTION;
    ev->fuel = ev->portion = left < PORTION ? (int32_t)left : PORTION;
}

void tsk_interp_begin(tsk_eval *ev) {
    ev->steps = 0;
    ev->deadline_ns = ev->limits.time_ns ? tsk_interp_clock_ns() + ev->limits.time_ns : 0;
    ev->error = ev->inner = NULL;
    atomic_store_explicit(&ev->cancelled, 0, memory_order_relaxed);
    next_portion(ev);
}

bool tsk_interp_check_time(tsk_eval *ev) {
    if (TSK_UNLIKELY(atomic_load_explicit(&ev->cancelled, memory_order_relaxed)))
        return tsk_interp_fail(ev, TSK_E_TIME_LIMIT, "the evaluation was cancelled");
    if (ev->deadline_ns && tsk_interp_clock_ns() >= ev->deadline_ns)
        return tsk_interp_fail(ev, TSK_E_TIME_LIMIT, "evaluation takes longer than %llu ms",
                               (unsigned long long)(ev->limits.time_ns / 1000000u));
    return true;
}

bool tsk_interp_refuel(tsk_eval *ev) {
    ev->steps += (uint64_t)(ev->portion - ev->fuel);
    if (ev->limits.steps && ev->steps > ev->limits.steps) {
        ev->fuel = ev->portion = 0;
        return tsk_interp_fail(ev, TSK_E_STEP_LIMIT, "evaluation takes more than %llu steps",
                               (unsigned long long)ev->limits.steps);
    }
    next_portion(ev);
    return tsk_interp_check_time(ev);
}

/* ---- life of an evaluation ---- */

/* What a thunk with effects says when it was cut short: it may not run again. */
static const tsk_error interrupted = {
    .thunk = TSK_NO_THUNK, .code = TSK_E_MEMORY_LIMIT, .message = "the evaluation of this key was cut short before"};

void tsk_interp_abandon(tsk_eval *ev) {
    for (tsk_frame *f = ev->top; f; f = f->caller) {
        if (f->thunk == TSK_NO_THUNK) continue;
        bool once = f->code->effect == TSK_EFFECT_WRITE;
        atomic_store_explicit(f->memo, once ? (uintptr_t)&interrupted : TSK_MEMO_ABSENT, memory_order_relaxed);
    }
    drop_frames(ev);
    ev->inner = NULL;
}

void tsk_interp_reset(tsk_eval *ev) {
    drop_frames(ev);
    if (ev->first_chunk) {
        free_chunks(ev, ev->first_chunk->next);
        ev->first_chunk->next = NULL;
    }
    atomic_store_explicit(&ev->memo.top, NULL, memory_order_relaxed);
    ev->trees = NULL;
    ev->tree_count = ev->tree_cap = 0;
    ev->error = ev->inner = NULL;
}

void tsk_interp_free(tsk_eval *ev) {
    free_chunks(ev, ev->first_chunk);
    ev->first_chunk = ev->chunk = NULL;
    drop_frames(ev);
}

/* ---- computed trees ---- */

static uint32_t tree_slot(const tsk_eval *ev, const void *container) {
    uint32_t mask = ev->tree_cap - 1;
    uint32_t at = (uint32_t)(tsk_hash_mix((uintptr_t)container, 0x9E3779B97F4A7C15ull) >> 7) & mask;
    while (ev->trees[at].container && ev->trees[at].container != container) at = (at + 1) & mask;
    return at;
}

tsk_value *tsk_interp_tree_find(const tsk_eval *ev, const void *container) {
    if (!ev->tree_cap) return NULL;
    tsk_tree_slot *slot = &ev->trees[tree_slot(ev, container)];
    return slot->container ? &slot->value : NULL;
}

void tsk_interp_tree_add(tsk_eval *ev, const void *container, tsk_value v) {
    if (ev->tree_count * 2 >= ev->tree_cap) {
        tsk_tree_slot *old = ev->trees;
        uint32_t old_cap = ev->tree_cap, cap = old_cap ? old_cap * 2 : 16;
        ev->trees = tsk_arena_zalloc(ev->heap, cap * sizeof *old);
        ev->tree_cap = cap;
        for (uint32_t i = 0; i < old_cap; i++)
            if (old[i].container) ev->trees[tree_slot(ev, old[i].container)] = old[i];
    }
    ev->trees[tree_slot(ev, container)] = (tsk_tree_slot){container, v};
    ev->tree_count++;
}
