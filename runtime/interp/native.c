/* Which functions become native code, and when.
 *
 *   made ─► counting ─► recording kinds of operands ─► compiled, entered ─► wrong guesses ─► recording ...
 *                                                   └► refused: stays in the interpreter
 *
 * The counters are of executed calls and of portions of steps spent in a function.  While kinds are recorded, the
 * instructions that take numbers point to a handler that looks at their operands first.
 *
 * Invariants
 *  - Whatever goes wrong here, a program runs on in the interpreter.
 *  - Code is published last, with release; it is freed as native_free.c has it.
 *  - State, versions, loops and the map of a function change under `deciding`; threads that only run it read what is
 *    atomic.  `lock` is that of the queue, and taken last.
 */
#include "runtime/interp/native.h"

#include "runtime/interp/js_loop.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { COUNTING, RECORDING, ASKED, REFUSED };
enum {
    CALLS_TO_LOOK = 100,     /* for code that an earlier run has left */
    CALLS_TO_RECORD = 40000, /* as long as it takes to compile a function of that price, whatever its size */
    CALLS_TO_COMPILE = 60,   /* more: what notes kinds is several times as slow */
    TURNS_TO_COMPILE = 2,    /* portions of steps that end in a loop, after those of turns_to_record */
    WRONG_GUESSES = 6,       /* until a function is compiled again; those at a known place count twice */
    MOST_VERSIONS = 6        /* then one without guesses */
};
/* What is over sooner is not compiled: that costs milliseconds, and as many to load the backend. */
#define SOON_NS 12000000u
#define IDLE_SECONDS 2 /* until the thread that compiles ends */
#define STACK_SHARE 4  /* of the machine stack's limit, for native code */

/* Where a function's native code was left for the interpreter. */
typedef struct tsk_native_exits {
    struct tsk_native_exits *next;
    const tsk_bytecode *code;
    uint32_t counts[]; /* by pc */
} tsk_native_exits;

/* A compilation: waiting, being done, or done and to be freed. */
typedef struct order {
    struct order *next;
    tsk_native_job job;
    tsk_bytecode *code;
    tsk_native_loop *loop; /* NULL: the entry */
    uint32_t version;      /* of the code when it was asked for */
    tsk_native_code made;  /* entry NULL: nothing */
    tsk_native_sight sight;
} order;

struct tsk_native {
    tsk_allocator allocator;
    tsk_native_mode mode;
    uint32_t threshold, stress; /* state of the random exits */
    bool print;
    char *only;
    uint32_t made; /* functions */
    tsk_native_view view;
    uint64_t began;
    tsk_native_cache *cache;           /* NULL: none */
    const tsk_native_backend *backend; /* the thread's */
    bool gone;                         /* the backend cannot be had */
    tsk_arena maps, scratch;

    pthread_mutex_t deciding, lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool started, stops, ended;
    /* under the lock */
    order *first, **last, *running;
    /* under `deciding` */
    tsk_native_store store;
    size_t most;
    uint64_t swept; /* when */
    uint32_t put_off, dropped;
    tsk_native_exits *left; /* in `maps` */
};

static char *copy_text(const tsk_native *native, const char *text) {
    size_t size = text ? strlen(text) + 1 : 0;
    char *copy = text ? tsk_mem_alloc(&native->allocator, size) : NULL;
    return copy ? memcpy(copy, text, size) : NULL;
}

static void free_text(const tsk_native *native, const char *text) {
    if (text) tsk_mem_free(&native->allocator, (char *)(uintptr_t)text, strlen(text) + 1);
}

tsk_native *tsk_native_new(const tsk_allocator *allocator, const tsk_native_options *options) {
    tsk_native *native = tsk_mem_alloc(allocator, sizeof *native);
    if (!native) return NULL;
    *native = (tsk_native){.allocator = *allocator,
                           .mode = options->mode,
                           .threshold = options->threshold,
                           .stress = options->stress,
                           .most = options->most ? options->most : SIZE_MAX,
                           .view = options->view};
    native->store.allocator = &native->allocator;
    native->last = &native->first;
    native->began = tsk_interp_clock_ns();
    native->print = getenv("TSK_JIT_PRINT") != NULL;
    native->only = copy_text(native, options->only);
    native->view.directory = copy_text(native, options->view.directory);
    tsk_native_view_begin(&native->view);
    if (options->cache && !tsk_native_view_needs_lines(&native->view))
        native->cache = tsk_native_cache_new(&native->allocator, options->cache);
    tsk_arena_init(&native->maps, &native->allocator, 0);
    tsk_arena_init(&native->scratch, &native->allocator, 0);
    pthread_mutex_init(&native->deciding, NULL);
    pthread_mutex_init(&native->lock, NULL);
    pthread_cond_init(&native->changed, NULL);
    return native;
}

void tsk_native_set_places(tsk_native *native, bool (*place)(void *user, tsk_span span, tsk_native_place *out),
                           void *user) {
    if (!native) return;
    native->view.place = place;
    native->view.place_user = user;
}

static void drop_order(tsk_native *native, order *o) {
    tsk_mem_free(&native->allocator, o, sizeof *o);
}

/* What waits is dropped; what is being compiled is waited for. */
static void stop_thread(tsk_native *native) {
    pthread_mutex_lock(&native->lock);
    native->stops = true;
    while (native->first) {
        order *o = native->first;
        native->first = o->next;
        drop_order(native, o);
    }
    native->last = &native->first;
    pthread_cond_broadcast(&native->changed);
    pthread_mutex_unlock(&native->lock);
    if (native->started) pthread_join(native->thread, NULL);
}

bool tsk_native_busy(tsk_native *native) {
    if (!native || !native->started) return false;
    pthread_mutex_lock(&native->lock);
    bool busy = native->running;
    pthread_mutex_unlock(&native->lock);
    return busy;
}

void tsk_native_free(tsk_native *native) {
    if (!native) return;
    stop_thread(native);
    tsk_native_cache_free(native->cache);
    tsk_native_store_free(&native->store);
    tsk_arena_free(&native->maps);
    tsk_arena_free(&native->scratch);
    pthread_cond_destroy(&native->changed);
    pthread_mutex_destroy(&native->lock);
    pthread_mutex_destroy(&native->deciding);
    free_text(native, native->only);
    free_text(native, native->view.directory);
    tsk_allocator allocator = native->allocator;
    tsk_mem_free(&allocator, native, sizeof *native);
}

void tsk_native_begin(tsk_eval *ev, tsk_native *native) {
    ev->native = native;
    if (!native) return;
    pthread_mutex_lock(&native->deciding);
    tsk_native_join(&native->store, ev);
    pthread_mutex_unlock(&native->deciding);
}

void tsk_native_end(tsk_eval *ev) {
    tsk_native *native = ev->native;
    if (!native) return;
    pthread_mutex_lock(&native->deciding);
    tsk_native_part(&native->store, ev);
    tsk_native_store_reclaim(&native->store);
    pthread_mutex_unlock(&native->deciding);
    ev->native = NULL;
}

/* ---- the machine stack ---- */

/* The stack of this thread: where it ends, and its size. */
typedef struct machine_stack {
    const char *low, *high;
    size_t share; /* of native code */
} machine_stack;

static machine_stack find_machine_stack(const char *here) {
    enum { LEAST = 64 << 10, UNLIMITED = 1 << 20 };
    pthread_attr_t attributes;
    struct rlimit limit;
    void *low;
    size_t size;
    if (gettid() == getpid()) { /* it grows: what is mapped now says nothing */
        size = !getrlimit(RLIMIT_STACK, &limit) && limit.rlim_cur != RLIM_INFINITY ? (size_t)limit.rlim_cur
                                                                                   : (size_t)UNLIMITED * STACK_SHARE;
        return (machine_stack){here - size, here + size, size / STACK_SHARE};
    }
    if (pthread_getattr_np(pthread_self(), &attributes)) return (machine_stack){here - LEAST, here + LEAST, 0};
    bool known = !pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
    if (!known || size < LEAST) return (machine_stack){here - LEAST, here + LEAST, 0};
    return (machine_stack){low, (const char *)low + size, size / STACK_SHARE};
}

/* Code that runs on a stack of its own making (a coroutine) is interpreted. */
void tsk_native_find_stack(tsk_eval *ev) {
    static _Thread_local machine_stack stack;
    const char *here = __builtin_frame_address(0);
    if (TSK_UNLIKELY(!stack.high)) stack = find_machine_stack(here);
    bool within = here > stack.low && here <= stack.high;
    size_t left = within ? (size_t)(here - stack.low) : 0, share = left / 2 < stack.share ? left / 2 : stack.share;
    ev->stack_floor = here - share;
}

/* ---- the backend ---- */

/* In the folder of `file`, or in lib beside that. */
static bool is_beside(const char *file, size_t len, char *path, size_t size) {
    static const char *const places[] = {"", "../lib/"};
    while (len && file[len - 1] != '/') len--;
    for (size_t i = 0; len && i < TSK_COUNT(places); i++) {
        int written = snprintf(path, size, "%.*s%slibtusk-jit.so", (int)len, file, places[i]);
        if ((size_t)written < size && !access(path, R_OK)) return true;
    }
    return false;
}

/* Beside the shared library that this is in, or the program. */
bool tsk_native_backend_path(char *path, size_t size) {
    Dl_info here;
    char program[PATH_MAX];
    if (dladdr(tsk_native_helpers, &here) && is_beside(here.dli_fname, strlen(here.dli_fname), path, size)) return true;
    ssize_t len = readlink("/proc/self/exe", program, sizeof program);
    return len > 0 && is_beside(program, (size_t)len, path, size);
}

static void *open_backend(void) {
    char path[PATH_MAX + 32];
    void *handle = tsk_native_backend_path(path, sizeof path) ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    return handle ? handle : dlopen("libtusk-jit.so", RTLD_NOW | RTLD_LOCAL);
}

bool tsk_native_available(void) {
    char path[PATH_MAX + 32];
    return tsk_native_backend_path(path, sizeof path) || open_backend();
}

const tsk_native_backend *tsk_native_find_backend(void) {
    void *handle = open_backend();
    const tsk_native_backend *backend = handle ? dlsym(handle, TSK_NATIVE_SYMBOL) : NULL;
    bool fits = backend && backend->version == TSK_NATIVE_VERSION && backend->helpers == TSK_NATIVE_HELPERS;
    return fits ? backend : NULL;
}

static bool load_backend(tsk_native *native) {
    if (native->backend || native->gone) return native->backend;
    native->backend = tsk_native_find_backend();
    native->gone = !native->backend;
    return native->backend;
}

/* ---- compiling ---- */

/* NULL: no memory, or the function has too many registers. */
static const tsk_code_map *map_of(tsk_native *native, tsk_bytecode *code) {
    if (code->map) return code->map;
    tsk_trap trap;
    if (setjmp(trap.jump)) return NULL;
    native->maps.trap = native->scratch.trap = &trap;
    const tsk_code_map *map = tsk_bytecode_map(&native->maps, &native->scratch, code);
    tsk_arena_reset(&native->scratch);
    if (map)
        __atomic_store_n(&code->targets, tsk_arena_zalloc(&native->maps, code->count * sizeof *code->targets),
                         __ATOMIC_RELEASE);
    __atomic_store_n(&code->map, map, __ATOMIC_RELEASE); /* code that this function is inlined in reads it */
    return map;
}

static double thread_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static const struct tsk_js_shape *shape_at(uint32_t number) {
    return tsk_js_shape_at(number);
}

static bool nameable(uint32_t shape) {
    return tsk_js_shape_nameable(tsk_js_shape_at(shape));
}

/* Fills o->made, unless it stays in the interpreter.  On any thread; `lock` is not held. */
static void compile(tsk_native *native, order *o) {
    const tsk_native_job *job = &o->job;
    char message[256] = "";
    tsk_native_object object = {0};
    if (!load_backend(native)) return;
    double began = thread_ms();
    if (!native->backend->compile(job, &object, message, sizeof message)) {
        if (native->print) fprintf(stderr, "%s: %s\n", job->code->name, message);
        return;
    }
    tsk_native_code loaded;
    bool ok = tsk_native_load(&object, &loaded);
    loaded.code = job->code;
    loaded.from = job->from;
    if (ok) tsk_native_sight_loaded(&o->sight, native->backend, &object, &loaded);
    if (ok && native->cache) tsk_native_cache_put(native->cache, job->code, job->from, &object);
    free(object.bytes);
    free(object.shapes);
    if (!ok) return;
    if (native->print)
        fprintf(stderr, "%s from %d: object %zu bytes, %u instructions, %.1f ms\n", job->code->name, (int)job->from,
                object.size, job->code->count, thread_ms() - began);
    loaded.milliseconds = (float)(thread_ms() - began);
    o->made = loaded;
}

static uint32_t calls_to_record(const tsk_native *native) {
    if (native->mode != TSK_NATIVE_ON) return 1;
    return native->cache ? CALLS_TO_LOOK : CALLS_TO_RECORD;
}

static void set_countdown(tsk_bytecode *code, uint32_t calls) {
    __atomic_store_n(&code->countdown, calls, __ATOMIC_RELAXED);
}

/* What calls run from now on; NULL: the interpreter. */
static void set_native(tsk_bytecode *code, const tsk_native_code *made) {
    __atomic_store_n(&code->quiet, made && made->quiet ? made->entry : NULL, __ATOMIC_RELEASE);
    __atomic_store_n(&code->native, made ? made->entry : NULL, __ATOMIC_RELEASE);
    set_countdown(code, made ? 0 : 1);
}

/* ---- room ---- */

enum {
    PIECE_BYTES = 4096, /* about what one takes: so many, and so many for each instruction */
    INSN_BYTES = 100,
    SWEEP_EVERY_MS = 20 /* at most, while the program runs on */
};

static bool has_room(const tsk_native *native, size_t size) {
    size_t total = tsk_native_total();
    return total <= native->most && size <= native->most - total;
}

/* It counts from the beginning, until it is asked for again. */
static void count_anew(tsk_native *native, tsk_bytecode *code, tsk_native_loop *loop) {
    if (loop) {
        loop->asked = false;
        loop->turns = 0;
        return;
    }
    code->state = COUNTING;
    set_countdown(code, calls_to_record(native));
}

/* As if it had never been compiled. */
static void drop(tsk_native *native, tsk_native_code *c) {
    tsk_bytecode *code = (tsk_bytecode *)(uintptr_t)c->code;
    tsk_native_code **at = &code->pieces;
    while (*at != c) at = &(*at)->sibling;
    *at = c->sibling;
    if (c->loop) {
        c->loop->entry = NULL;
        c->loop->looked = false;
    } else {
        code->looked = false;
        set_native(code, NULL);
    }
    count_anew(native, code, c->loop);
    tsk_native_store_retire(&native->store, c);
}

/* Drops what was not called since the last time, and finds out about the rest: its next call comes to wake_up. */
static void sweep(tsk_native *native) {
    for (tsk_native_code *c = native->store.live, *next; c; c = next) {
        next = c->next;
        if (c->resting) {
            drop(native, c);
            native->dropped++;
            continue;
        }
        c->resting = true;
        if (!c->loop) set_native((tsk_bytecode *)(uintptr_t)c->code, NULL);
    }
    native->swept = tsk_interp_clock_ns();
}

/* It was only resting. */
static bool wake_up(tsk_bytecode *code) {
    tsk_native_code *c = code->pieces;
    while (c && c->loop) c = c->sibling;
    if (!c) return false;
    c->resting = false;
    set_native(code, c);
    return true;
}

static bool make_room(tsk_native *native, const tsk_bytecode *code) {
    size_t size = PIECE_BYTES + INSN_BYTES * (size_t)code->count;
    if (has_room(native, size)) return true;
    tsk_native_store_reclaim(&native->store);
    if (!has_room(native, size) &&
        (native->mode != TSK_NATIVE_ON || tsk_interp_clock_ns() - native->swept > SWEEP_EVERY_MS * 1000000u)) {
        sweep(native);
        tsk_native_store_reclaim(&native->store);
    }
    if (has_room(native, size)) return true;
    native->put_off++;
    return false;
}

/* ---- what was made becomes what runs; under `deciding` ---- */

static tsk_native_code *keep(tsk_native *native, tsk_bytecode *code, tsk_native_loop *loop, tsk_native_code *loaded) {
    tsk_native_code *kept = tsk_native_store_add(&native->store, loaded);
    if (!kept) return NULL;
    kept->loop = loop;
    kept->sibling = code->pieces;
    return code->pieces = kept;
}

/* Code that an earlier run has left; NULL: none. */
static tsk_native_code *look_in_cache(tsk_native *native, tsk_bytecode *code, tsk_native_loop *loop) {
    tsk_native_code loaded;
    uint32_t from = loop ? loop->pc : TSK_NATIVE_FROM_START;
    if (!native->cache || code->versions) return NULL;
    if (!tsk_native_cache_get(native->cache, code, from, &loaded)) return NULL;
    loaded.code = code;
    loaded.from = from;
    tsk_native_view_cached(&native->view, &loaded);
    if (native->print) fprintf(stderr, "%s from %d: cached\n", code->name, (int)from);
    return keep(native, code, loop, &loaded);
}

/* The order is done. It is of no use when the code was taken back meanwhile, or when more was made than there is room for. */
static void publish(tsk_native *native, order *o) {
    tsk_bytecode *code = o->code;
    bool stale = o->version != code->versions, late = !stale && o->made.entry && !has_room(native, 0);
    if (late) count_anew(native, code, o->loop);
    if (stale || late) {
        if (o->made.entry) tsk_native_unload(&o->made);
        return;
    }
    tsk_native_code *made = o->made.entry ? keep(native, code, o->loop, &o->made) : NULL;
    if (o->loop)
        __atomic_store_n(&o->loop->entry, made ? made->entry : NULL, __ATOMIC_RELEASE);
    else if (made)
        set_native(code, made);
    else
        __atomic_store_n(&code->refused, true, __ATOMIC_RELAXED);
}

/* ---- the thread ---- */

/* Compiling gives way to the program where they have to share a processor. */
static void stand_back(void) {
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 10);
}

static void *work(void *argument) {
    tsk_native *native = argument;
    stand_back();
    pthread_mutex_lock(&native->lock);
    while (!native->stops) {
        order *o = native->first;
        if (!o) {
            struct timespec until;
            clock_gettime(CLOCK_REALTIME, &until);
            until.tv_sec += IDLE_SECONDS;
            if (!pthread_cond_timedwait(&native->changed, &native->lock, &until) || native->first) continue;
            break;
        }
        native->first = o->next;
        if (!native->first) native->last = &native->first;
        native->running = o;
        pthread_mutex_unlock(&native->lock);
        compile(native, o);
        pthread_mutex_lock(&native->deciding);
        publish(native, o);
        tsk_native_store_reclaim(&native->store);
        pthread_mutex_unlock(&native->deciding);
        pthread_mutex_lock(&native->lock);
        native->running = NULL;
        drop_order(native, o);
    }
    native->ended = true;
    pthread_mutex_unlock(&native->lock);
    return NULL;
}

/* The thread gets no signals: those are the program's. */
static void start_thread(tsk_native *native) {
    pthread_mutex_lock(&native->lock);
    bool ended = native->ended;
    native->ended = false;
    pthread_mutex_unlock(&native->lock);
    if (ended) pthread_join(native->thread, NULL);
    if (native->started && !ended) return;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    native->started = !pthread_create(&native->thread, NULL, work, native);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* In this order: a thread that is about to end sees what is waiting. */
static void compile_later(tsk_native *native, order *o) {
    pthread_mutex_lock(&native->lock);
    *native->last = o;
    native->last = &o->next;
    pthread_cond_signal(&native->changed);
    pthread_mutex_unlock(&native->lock);
    start_thread(native);
}

static void ask_for(tsk_native *native, tsk_bytecode *code, tsk_native_loop *loop) {
    if (!make_room(native, code)) {
        count_anew(native, code, loop);
        return;
    }
    const tsk_code_map *map = map_of(native, code);
    order *o = map ? tsk_mem_alloc(&native->allocator, sizeof *o) : NULL;
    if (!o) return;
    *o = (order){.job = {code, map, loop ? loop->pc : TSK_NATIVE_FROM_START, 0, shape_at, nameable, &o->sight.watch},
                 .code = code,
                 .loop = loop,
                 .version = code->versions};
    if (code->versions > MOST_VERSIONS) o->job.flags |= TSK_NATIVE_GENERIC;
    if (code->no_entry_guess) o->job.flags |= TSK_NATIVE_NO_ENTRY;
    tsk_native_sight_begin(&o->sight, &native->view, &o->job);
    if (native->stress) o->job.flags |= TSK_NATIVE_STRESS;
    if (native->cache) o->job.flags |= TSK_NATIVE_PORTABLE;
    if (native->mode == TSK_NATIVE_ON) {
        compile_later(native, o);
    } else {
        compile(native, o);
        publish(native, o);
        drop_order(native, o);
    }
}

const tsk_code_map *tsk_native_map(tsk_native *native, const tsk_bytecode *code) {
    pthread_mutex_lock(&native->deciding);
    const tsk_code_map *map = map_of(native, (tsk_bytecode *)(uintptr_t)code);
    pthread_mutex_unlock(&native->deciding);
    return map;
}

static void start_recording(tsk_native *native, tsk_bytecode *code) {
    const tsk_code_map *map = map_of(native, code);
    code->state = map ? RECORDING : REFUSED;
    if (map) tsk_js_loop_record(code, map, true);
}

static void compile_entry(tsk_native *native, tsk_bytecode *code) {
    code->state = ASKED;
    set_countdown(code, UINT32_MAX);
    if (code->map) tsk_js_loop_record(code, code->map, false);
    ask_for(native, code, NULL);
}

/* ---- when ---- */

/* Compiling takes some 5 ms and 0.7 ms for each instruction, a portion in the interpreter 0.1 ms: only what has run for as
 * long as it takes to compile it is compiled. */
static uint32_t turns_to_record(const tsk_bytecode *code) {
    return 50 + 7 * code->count;
}

static uint32_t calls_to_compile(const tsk_native *native) {
    return native->mode == TSK_NATIVE_ON ? CALLS_TO_COMPILE : native->threshold;
}

/* Is it in a list of names, numbers and ranges of numbers? */
static bool is_listed(const char *list, const tsk_bytecode *code) {
    size_t len = strlen(code->name), n;
    for (; *list; list += n + (list[n] == ',')) {
        n = strcspn(list, ",");
        char *end;
        unsigned long from = strtoul(list, &end, 10),
                      to = *end == '-' && end > list ? strtoul(end + 1, &end, 10) : from;
        if (end == list + n && n && code->number >= from && code->number <= to) return true;
        if (n == len && !memcmp(list, code->name, n)) return true;
    }
    return false;
}

/* Numbers it; true: it is never compiled. */
static bool is_left_out(tsk_native *native, tsk_bytecode *code) {
    pthread_mutex_lock(&native->deciding);
    code->number = ++native->made;
    pthread_mutex_unlock(&native->deciding);
    if (!native->only || is_listed(native->only, code)) return false;
    code->state = REFUSED;
    code->refused = true;
    return true;
}

void tsk_native_made(tsk_eval *ev, const tsk_bytecode *made) {
    tsk_native *native = ev->native;
    tsk_bytecode *code = (tsk_bytecode *)(uintptr_t)made;
    if (!native || code->native || is_left_out(native, code)) return;
    if (native->mode == TSK_NATIVE_ALWAYS) {
        pthread_mutex_lock(&native->deciding);
        compile_entry(native, code);
        pthread_mutex_unlock(&native->deciding);
        return;
    }
    if (native->mode == TSK_NATIVE_RECORD) {
        pthread_mutex_lock(&native->deciding);
        start_recording(native, code);
        pthread_mutex_unlock(&native->deciding);
        return;
    }
    set_countdown(code, calls_to_record(native));
}

static bool is_soon(const tsk_native *native) {
    return native->mode == TSK_NATIVE_ON && tsk_interp_clock_ns() - native->began < SOON_NS;
}

/* Once a function, before anything else is done about it. */
static bool was_cached(tsk_native *native, tsk_bytecode *code) {
    if (code->looked || code->state != COUNTING) return false;
    if (native->cache && !make_room(native, code)) {
        count_anew(native, code, NULL);
        return true;
    }
    code->looked = true;
    const tsk_native_code *kept = look_in_cache(native, code, NULL);
    if (!kept) {
        if (native->mode == TSK_NATIVE_ON && native->cache) set_countdown(code, CALLS_TO_RECORD - CALLS_TO_LOOK);
        return native->mode == TSK_NATIVE_ON && native->cache;
    }
    code->state = ASKED;
    set_native(code, kept);
    return true;
}

static void count_is_over(tsk_native *native, tsk_bytecode *code) {
    if (wake_up(code) || was_cached(native, code)) return;
    if (is_soon(native)) {
        set_countdown(code, CALLS_TO_RECORD);
        return;
    }
    set_countdown(code, UINT32_MAX);
    if (code->state == COUNTING) {
        start_recording(native, code);
        if (code->state == RECORDING) set_countdown(code, calls_to_compile(native));
    } else if (code->state == RECORDING) {
        compile_entry(native, code);
    }
}

void tsk_native_called(tsk_eval *ev, const tsk_bytecode *called) {
    tsk_native *native = ev->native;
    tsk_bytecode *code = (tsk_bytecode *)(uintptr_t)called;
    if (__atomic_load_n(&code->native, __ATOMIC_RELAXED)) return;
    if (!native) {
        set_countdown(code, UINT32_MAX);
        return;
    }
    pthread_mutex_lock(&native->deciding);
    if (__atomic_load_n(&code->countdown, __ATOMIC_RELAXED) <= 1) count_is_over(native, code);
    tsk_native_store_reclaim(&native->store);
    pthread_mutex_unlock(&native->deciding);
}

static tsk_native_loop *new_loop(tsk_native *native) {
    tsk_trap trap;
    if (setjmp(trap.jump)) return NULL;
    native->maps.trap = &trap;
    return TSK_NEW(&native->maps, tsk_native_loop);
}

static tsk_native_loop *loop_at(tsk_native *native, tsk_bytecode *code, uint32_t pc) {
    tsk_native_loop *l = code->loops;
    while (l && l->pc != pc) l = l->next;
    if (l || !(l = new_loop(native))) return l;
    *l = (tsk_native_loop){.next = code->loops, .pc = pc};
    return code->loops = l;
}

static tsk_native_loop *turned(tsk_native *native, tsk_bytecode *code, uint32_t pc) {
    if (code->state == REFUSED || code->refused || native->mode == TSK_NATIVE_RECORD) return NULL;
    code->turns++;
    if (native->cache && !code->versions) {
        tsk_native_loop *l = loop_at(native, code, pc);
        if (l && !l->asked && !l->looked && make_room(native, code)) {
            l->looked = true;
            const tsk_native_code *kept = look_in_cache(native, code, l);
            if (kept) l->entry = kept->entry;
        }
        if (l && l->entry) {
            l->asked = true;
            return l;
        }
    }
    if (is_soon(native) || (native->mode == TSK_NATIVE_ON && code->turns < turns_to_record(code))) return NULL;
    if (code->state == COUNTING && native->mode != TSK_NATIVE_ALWAYS) {
        start_recording(native, code);
        if (native->mode == TSK_NATIVE_ON) set_countdown(code, CALLS_TO_COMPILE);
        return NULL;
    }
    tsk_native_loop *l = loop_at(native, code, pc);
    if (!l) return NULL;
    bool hot = native->mode != TSK_NATIVE_ON || ++l->turns >= TURNS_TO_COMPILE;
    if (hot && !l->asked) {
        l->asked = true;
        if (code->map && code->state == RECORDING) tsk_js_loop_record(code, code->map, false);
        ask_for(native, code, l);
    }
    return l;
}

/* Code that is used does not rest. */
static tsk_native_fn enter_loop(tsk_eval *ev, const tsk_bytecode *code, const tsk_native_loop *l) {
    for (tsk_native_code *c = code->pieces; c; c = c->sibling)
        if (c->loop == l) c->resting = false;
    return tsk_native_allowed(ev, code) ? tsk_native_inside(ev, &l->entry) : NULL;
}

tsk_native_fn tsk_native_turned(tsk_eval *ev, tsk_frame *frame) {
    tsk_native *native = ev->native;
    tsk_bytecode *code = (tsk_bytecode *)(uintptr_t)frame->code;
    if (!native) return NULL;
    pthread_mutex_lock(&native->deciding);
    const tsk_native_loop *l = turned(native, code, (uint32_t)(frame->pc - code->insns));
    tsk_native_fn entry = l && l->entry ? enter_loop(ev, code, l) : NULL;
    tsk_native_store_reclaim(&native->store);
    pthread_mutex_unlock(&native->deciding);
    return entry;
}

/* ---- wrong guesses ---- */

static uint32_t next_random(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Mostly soon, so that few guards of a short program are never taken; sometimes late, so that long ways are gone in
 * native code. */
bool tsk_native_stressed(tsk_eval *ev) {
    if (!ev->native || ev->exits_in >= 0 || !__atomic_load_n(&ev->native->stress, __ATOMIC_RELAXED)) return false;
    uint32_t state = __atomic_load_n(&ev->native->stress, __ATOMIC_RELAXED), reach = 1u << next_random(&state) % 10;
    ev->exits_in = (int32_t)(next_random(&state) % reach);
    __atomic_store_n(&ev->native->stress, state, __ATOMIC_RELAXED);
    return true;
}

/* Takes back what was compiled; it is recorded again what there is to see. */
static void take_back(tsk_native *native, tsk_bytecode *code) {
    code->versions++;
    set_native(code, NULL); /* also when it was compiled ahead */
    while (code->pieces) drop(native, code->pieces);
    for (tsk_native_loop *l = code->loops; l; l = l->next) *l = (tsk_native_loop){.next = l->next, .pc = l->pc};
    code->exits = 0;
    code->state = RECORDING;
    tsk_js_loop_record(code, code->map, true);
    set_countdown(code, calls_to_compile(native) / 4 + 1);
}

/* The interpreter comes to the instruction once more: it is to note what is new there.  False: it did already. */
static bool record_again(tsk_native *native, tsk_bytecode *code, uint32_t pc) {
    if (native->mode == TSK_NATIVE_ALWAYS || !code->map || tsk_js_loop_records(code, pc)) return false;
    tsk_js_loop_record(code, code->map, true);
    return true;
}

/* NULL: no memory. */
static tsk_native_exits *left_of(tsk_native *native, tsk_bytecode *code) {
    tsk_trap trap;
    if (code->left) return code->left;
    if (setjmp(trap.jump)) return NULL;
    native->maps.trap = &trap;
    tsk_native_exits *left = tsk_arena_zalloc(&native->maps, sizeof *left + code->count * sizeof *left->counts);
    left->next = native->left;
    left->code = code;
    return native->left = code->left = left;
}

static void count_exit(tsk_native *native, tsk_bytecode *code, uint32_t pc) {
    tsk_native_exits *left = left_of(native, code);
    if (left) left->counts[pc]++;
}

static void add_exits(tsk_native *native, tsk_bytecode *code, uint32_t count) {
    code->exits += count;
    if (code->exits >= WRONG_GUESSES && native->mode != TSK_NATIVE_ALWAYS && map_of(native, code))
        take_back(native, code);
}

void tsk_native_left(tsk_eval *ev, const tsk_bytecode *left, uint32_t pc, const tsk_value *regs, bool entering) {
    tsk_native *native = ev->native;
    tsk_bytecode *code = (tsk_bytecode *)(uintptr_t)left;
    uint32_t before = __atomic_load_n(&code->feedback[pc], __ATOMIC_RELAXED);
    if (!native) return;
    if (native->print)
        fprintf(stderr, "left %s at %u%s, feedback %x\n", code->name, pc, entering ? " entering" : "", before);
    pthread_mutex_lock(&native->deciding);
    count_exit(native, code, pc);
    bool again = entering ? code->no_entry_guess : before >> TSK_FEEDBACK_WRONG & 1;
    if (entering)
        code->no_entry_guess = true;
    else if (regs ? !tsk_js_loop_note(code, code->insns + pc, regs) : !record_again(native, code, pc))
        __atomic_store_n(&code->feedback[pc], before | 1u << TSK_FEEDBACK_WRONG, __ATOMIC_RELAXED);
    add_exits(native, code, again ? 2 : 1);
    tsk_native_store_reclaim(&native->store);
    pthread_mutex_unlock(&native->deciding);
}

void tsk_native_left_inside(tsk_eval *ev, const tsk_bytecode *code) {
    tsk_native *native = ev->native;
    if (!native) return;
    pthread_mutex_lock(&native->deciding);
    add_exits(native, (tsk_bytecode *)(uintptr_t)code, 1);
    pthread_mutex_unlock(&native->deciding);
}

/* ---- statistics ---- */

static void report_code(tsk_buf *out, const tsk_native_code *c, void (*line)(void *user, tsk_buf *out, tsk_span span),
                        void *user) {
    bool loop = c->from != TSK_NATIVE_FROM_START;
    tsk_buf_printf(out, "  %4u %-24s %7zu bytes  ", c->code->number, c->code->name, c->size);
    if (c->milliseconds > 0)
        tsk_buf_printf(out, "%6.1f ms  compiled", (double)c->milliseconds);
    else
        tsk_buf_cstr(out, "           cached  ");
    tsk_buf_cstr(out, loop ? "  from a loop at " : "  ");
    if (loop) line(user, out, c->code->spans[c->from]);
    tsk_buf_char(out, '\n');
}

static void report_left(tsk_buf *out, const tsk_native_exits *l, void (*line)(void *user, tsk_buf *out, tsk_span span),
                        void *user) {
    for (uint32_t pc = 0; pc < l->code->count; pc++) {
        if (!l->counts[pc]) continue;
        tsk_buf_printf(out, "  %-24s %7u times at ", l->code->name, l->counts[pc]);
        line(user, out, l->code->spans[pc]);
        tsk_buf_char(out, '\n');
    }
}

static void report_room(const tsk_native *native, tsk_buf *out) {
    const tsk_native_store *store = &native->store;
    if (store->taken_back)
        tsk_buf_printf(out, "taken back: %llu pieces, of which %llu are freed\n", (unsigned long long)store->taken_back,
                       (unsigned long long)store->freed);
    if (native->dropped || native->put_off)
        tsk_buf_printf(out, "no room: %u pieces dropped, %u compilations put off\n", native->dropped, native->put_off);
}

void tsk_native_report(tsk_native *native, tsk_buf *out, void (*line)(void *user, tsk_buf *out, tsk_span span),
                       void *user) {
    size_t count = 0, bytes = 0;
    pthread_mutex_lock(&native->deciding);
    for (const tsk_native_code *c = native->store.live; c; c = c->next) count++, bytes += c->size;
    tsk_buf_printf(out, "native code: %zu pieces, %zu bytes\n", count, bytes);
    report_room(native, out);
    for (const tsk_native_code *c = native->store.live; c; c = c->next) report_code(out, c, line, user);
    if (native->left) tsk_buf_cstr(out, "left for the interpreter:\n");
    for (const tsk_native_exits *l = native->left; l; l = l->next) report_left(out, l, line, user);
    pthread_mutex_unlock(&native->deciding);
}
