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
 *  - Code is published last, with release; what a frame may be in stays until tsk_native_free.
 */
#include "runtime/interp/native.h"

#include "runtime/interp/js_loop.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { COUNTING, RECORDING, COMPILED, REFUSED };
enum {
    CALLS_TO_RECORD = 60,
    CALLS_TO_COMPILE = 240,
    TURNS_TO_RECORD = 1,
    TURNS_TO_COMPILE = 4096, /* 1024 at a time */
    WRONG_GUESSES = 12,      /* until a function is compiled again */
    MOST_VERSIONS = 6        /* then one without guesses */
};
#define STACK_SHARE 4 /* of the machine stack's limit, for native code */

struct tsk_native {
    tsk_allocator allocator;
    tsk_native_mode mode;
    uint32_t threshold;
    bool gone; /* the backend cannot be had */
    bool print;
    const tsk_native_backend *backend;
    tsk_arena maps, scratch;
    tsk_native_code *code;
};

tsk_native *tsk_native_new(const tsk_allocator *allocator, tsk_native_mode mode, uint32_t threshold) {
    tsk_native *native = tsk_mem_alloc(allocator, sizeof *native);
    if (!native) return NULL;
    *native = (tsk_native){.allocator = *allocator, .mode = mode, .threshold = threshold};
    native->print = getenv("TSK_JIT_PRINT") != NULL;
    tsk_arena_init(&native->maps, &native->allocator, 0);
    tsk_arena_init(&native->scratch, &native->allocator, 0);
    return native;
}

void tsk_native_free(tsk_native *native) {
    if (!native) return;
    while (native->code) {
        tsk_native_code *next = native->code->next;
        tsk_native_unload(native->code);
        tsk_mem_free(&native->allocator, native->code, sizeof *native->code);
        native->code = next;
    }
    tsk_arena_free(&native->maps);
    tsk_arena_free(&native->scratch);
    tsk_allocator allocator = native->allocator;
    tsk_mem_free(&allocator, native, sizeof *native);
}

void tsk_native_set_stack(tsk_eval *ev) {
    struct rlimit limit;
    size_t size = (size_t)1 << 20;
    if (!getrlimit(RLIMIT_STACK, &limit) && limit.rlim_cur != RLIM_INFINITY)
        size = (size_t)limit.rlim_cur / STACK_SHARE;
    ev->stack_floor = (const char *)__builtin_frame_address(0) - size;
}

/* ---- the backend ---- */

/* In the folder of `file`, or in lib beside that. */
static void *open_beside(const char *file, size_t len) {
    static const char *const places[] = {"", "../lib/"};
    while (len && file[len - 1] != '/') len--;
    for (size_t i = 0; len && i < TSK_COUNT(places); i++) {
        char path[PATH_MAX + 32];
        snprintf(path, sizeof path, "%.*s%slibtusk-jit.so", (int)len, file, places[i]);
        void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (handle) return handle;
    }
    return NULL;
}

/* Beside the shared library that this is in, or the program. */
static void *open_backend(void) {
    Dl_info here;
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program);
    void *handle = dladdr(tsk_native_helpers, &here) ? open_beside(here.dli_fname, strlen(here.dli_fname)) : NULL;
    if (!handle && len > 0) handle = open_beside(program, (size_t)len);
    return handle ? handle : dlopen("libtusk-jit.so", RTLD_NOW | RTLD_LOCAL);
}

static bool load_backend(tsk_native *native) {
    if (native->backend || native->gone) return native->backend;
    void *handle = open_backend();
    const tsk_native_backend *backend = handle ? dlsym(handle, TSK_NATIVE_SYMBOL) : NULL;
    if (backend && backend->version == TSK_NATIVE_VERSION && backend->helpers == TSK_NATIVE_HELPERS)
        native->backend = backend;
    else
        native->gone = true;
    return native->backend;
}

/* ---- compiling ---- */

/* NULL: no memory, or the function has too many registers. */
static const tsk_code_map *map_of(tsk_native *native, tsk_bytecode *code) {
    if (code->map) return code->map;
    tsk_trap trap;
    if (setjmp(trap.jump)) return NULL;
    native->maps.trap = native->scratch.trap = &trap;
    code->map = tsk_bytecode_map(&native->maps, &native->scratch, code);
    tsk_arena_reset(&native->scratch);
    return code->map;
}

/* NULL: it stays in the interpreter. */
static tsk_native_fn compile(tsk_native *native, tsk_bytecode *code, uint32_t from) {
    char message[256] = "";
    tsk_native_object object;
    tsk_native_job job = {code, map_of(native, code), from, 0};
    if (!job.map || !load_backend(native)) return NULL;
    if (code->versions > MOST_VERSIONS) job.flags |= TSK_NATIVE_GENERIC;
    if (code->state & TSK_NATIVE_NO_ENTRY << 8) job.flags |= TSK_NATIVE_NO_ENTRY;
    if (native->print) job.flags |= TSK_NATIVE_PRINT;
    if (!native->backend->compile(&job, &object, message, sizeof message)) {
        if (native->print) fprintf(stderr, "%s: %s\n", code->name, message);
        return NULL;
    }
    tsk_native_code *loaded = tsk_mem_alloc(&native->allocator, sizeof *loaded);
    bool ok = loaded && tsk_native_load(object.bytes, object.size, loaded);
    free(object.bytes);
    if (!ok) {
        if (native->print) fprintf(stderr, "%s: the object cannot be loaded\n", code->name);
        if (loaded) tsk_mem_free(&native->allocator, loaded, sizeof *loaded);
        return NULL;
    }
    loaded->next = native->code;
    native->code = loaded;
    return loaded->entry;
}

static unsigned state_of(const tsk_bytecode *code) {
    return code->state & 0xFF;
}

static void set_state(tsk_bytecode *code, unsigned state) {
    code->state = (code->state & ~0xFFu) | state;
}

static void start_recording(tsk_native *native, tsk_bytecode *code) {
    const tsk_code_map *map = map_of(native, code);
    set_state(code, map ? RECORDING : REFUSED);
    if (map) tsk_js_loop_record(code, map, true);
}

static void compile_entry(tsk_native *native, tsk_bytecode *code) {
    tsk_native_fn entry = compile(native, code, TSK_NATIVE_FROM_START);
    set_state(code, entry ? COMPILED : REFUSED);
    code->countdown = entry ? 0 : UINT32_MAX;
    if (code->map) tsk_js_loop_record(code, code->map, false);
    __atomic_store_n(&code->native, entry, __ATOMIC_RELEASE);
}

/* ---- when ---- */

static uint32_t calls_to_record(const tsk_native *native) {
    return native->mode == TSK_NATIVE_ON ? CALLS_TO_RECORD : 1;
}

static uint32_t calls_to_compile(const tsk_native *native) {
    return native->mode == TSK_NATIVE_ON ? CALLS_TO_COMPILE : native->threshold;
}

void tsk_native_made(tsk_eval *ev, const tsk_bytecode *made) {
    tsk_native *native = ev->native;
    tsk_bytecode *code = (tsk_bytecode *)(uintptr_t)made;
    if (!native) return;
    if (native->mode == TSK_NATIVE_ALWAYS) {
        compile_entry(native, code);
        return;
    }
    code->countdown = calls_to_record(native);
}

void tsk_native_called(tsk_eval *ev, const tsk_bytecode *called) {
    tsk_native *native = ev->native;
    tsk_bytecode *code = (tsk_bytecode *)(uintptr_t)called;
    if (!native || state_of(code) == REFUSED) {
        code->countdown = UINT32_MAX;
    } else if (state_of(code) == COUNTING) {
        start_recording(native, code);
        code->countdown = calls_to_compile(native);
    } else if (!code->native) {
        compile_entry(native, code);
    }
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
    *l = (tsk_native_loop){code->loops, pc, compile(native, code, pc)};
    return code->loops = l;
}

tsk_native_fn tsk_native_turned(tsk_eval *ev, tsk_frame *frame) {
    tsk_native *native = ev->native;
    tsk_bytecode *code = (tsk_bytecode *)(uintptr_t)frame->code;
    if (!native || state_of(code) == REFUSED) return NULL;
    code->turns += (uint32_t)ev->portion;
    if (state_of(code) == COUNTING && native->mode != TSK_NATIVE_ALWAYS) {
        start_recording(native, code);
        if (native->mode == TSK_NATIVE_ON) code->countdown = CALLS_TO_COMPILE;
        return NULL;
    }
    if (native->mode == TSK_NATIVE_ON && code->turns < TURNS_TO_COMPILE) return NULL;
    const tsk_native_loop *l = loop_at(native, code, (uint32_t)(frame->pc - code->insns));
    return l && tsk_native_allowed(ev, code) ? l->entry : NULL;
}

/* ---- wrong guesses ---- */

void tsk_native_left(tsk_eval *ev, const tsk_bytecode *left, uint32_t pc, const tsk_value *regs, bool entering) {
    tsk_native *native = ev->native;
    tsk_bytecode *code = (tsk_bytecode *)(uintptr_t)left;
    uint32_t before = code->feedback[pc];
    if (entering)
        code->state |= TSK_NATIVE_NO_ENTRY << 8;
    else if (!tsk_js_loop_note(code, code->insns + pc, regs))
        code->feedback[pc] = before | 1u << TSK_FEEDBACK_WRONG;
    if (++code->exits % WRONG_GUESSES || !native || native->mode == TSK_NATIVE_ALWAYS) return;
    code->versions++;
    __atomic_store_n(&code->native, NULL, __ATOMIC_RELEASE);
    code->loops = NULL;
    if (!code->map) return;
    set_state(code, RECORDING);
    tsk_js_loop_record(code, code->map, true);
    code->countdown = calls_to_compile(native) / 4 + 1;
}
