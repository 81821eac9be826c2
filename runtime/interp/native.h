/* Native code of functions: what the interpreter, the engine and the backend agree on.
 *
 *   counters ─► native.c: record kinds, then compile ─► backend (loaded when first wanted) ─► object ─► code->native
 *                                                                                               │
 *   interpreter ─► entry(ev, frame) ─► value, the frame is gone                                 │
 *                     └─ a guess was wrong: registers are written, the interpreter goes on with the same frame
 *
 * Native code runs on the frame that the interpreter would use and names everything by way of it, so an object holds no
 * address of this process: constants, names and caches are found from frame->code, helpers in the table of the eval.
 *
 * Invariants
 *  - An entry pops its frame before it returns, also when it throws.
 *  - Code is freed when its slot was empty and every evaluation has been outside of native code since (native_free.c).
 *  - Several threads may run the same functions: counters are relaxed, decisions are made under one lock.
 *  - The backend knows this header and those of runtime/ for layouts; it links nothing of runtime/.
 */
#ifndef TSK_NATIVE_H
#define TSK_NATIVE_H

#include "runtime/interp/interp.h"

#include "runtime/base/sha256.h"

typedef struct tsk_native tsk_native;

/* ---- the table of helpers ---- */
typedef enum tsk_native_helper {
#define X(name, result, arguments) TSK_NATIVE_##name,
#include "runtime/interp/native.def"
#undef X
    TSK_NATIVE_HELPERS
} tsk_native_helper;
extern const void *const tsk_native_helpers[TSK_NATIVE_HELPERS];

/* What an exit passes, after the frame: values in this order, each for a register of the frame. */
typedef enum tsk_native_passed {
    TSK_PASSED_VALUE,
    TSK_PASSED_I32,
    TSK_PASSED_F64,
    TSK_PASSED_BOOL,
    TSK_PASSED_CONST
} tsk_native_passed;
typedef struct tsk_native_exit {
    uint32_t pc, count;
    uint32_t
        values[]; /* register << 3 | tsk_native_passed; after CONST, the number of the constant; which is not passed */
} tsk_native_exit;

/* ---- what the backend needs to know of a function ---- */

/* Where everything is in the baseline code; arrays by inst->mark. */
typedef struct tsk_code_map {
    uint32_t count;
    tsk_ir_inst **values;
    uint32_t *pc, *position;     /* of each instruction; of one that is part of its branch, the branch's */
    uint32_t *reg, *start, *end; /* see tsk_bytecode_live */
    uint32_t *constant;          /* index in code->consts + 1 */
    tsk_ir_block **order;        /* as laid out */
    uint32_t block_count;
    tsk_ir_dominators dominators;
} tsk_code_map;

/* What a call called that did not always call the same function of ours. */
#define TSK_NATIVE_MANY ((const tsk_ir_func *)(uintptr_t)1)
/* Always functions of C. */
#define TSK_NATIVE_C ((const tsk_ir_func *)(uintptr_t)2)

/* ---- the backend ---- */
#define TSK_NATIVE_VERSION 3
#define TSK_NATIVE_FROM_START UINT32_MAX

enum {                           /* flags of a job */
       TSK_NATIVE_GENERIC = 1,   /* no guesses */
       TSK_NATIVE_NO_ENTRY = 2,  /* none about parameters */
       TSK_NATIVE_STRESS = 8,    /* guards also fail when ev->exits_in says so */
       TSK_NATIVE_PORTABLE = 16, /* shapes are read from a table */
       TSK_NATIVE_ALONE = 32     /* no functions in it, whose addresses would be of this process */
};

typedef struct tsk_native_place {
    const char *file;
    uint32_t line, column;
} tsk_native_place;

/* Whoever wants to see what is made. */
typedef struct tsk_native_watch {
    /* Where in the source something is, for the object's tables of lines; NULL: it gets none.  From any thread. */
    bool (*place)(void *user, tsk_span span, tsk_native_place *out);
    void *place_user;
    /* Gets LLVM's representation as text, before and after the passes; may be NULL. */
    void (*show)(void *user, bool before, const char *text);
    void *show_user;
} tsk_native_watch;

typedef struct tsk_native_job {
    const tsk_bytecode *code;
    const tsk_code_map *map;
    uint32_t from; /* pc of a loop head's POLL, or TSK_NATIVE_FROM_START */
    uint32_t flags;
    const struct tsk_js_shape *(*shape_at)(uint32_t number);
    bool (*nameable)(uint32_t shape); /* of portable code: shapes that another process can make */
    const tsk_native_watch *watch;    /* NULL: nobody */
} tsk_native_job;

/* An ELF object with one global function; both parts are allocated with malloc.  A portable one reads
 * the numbers of shapes from its table, its one weak symbol, in which those of the process that made it stand. */
typedef struct tsk_native_object {
    char *bytes;
    size_t size;
    bool bound; /* has addresses of this process in it */
    bool quiet; /* neither allocates nor throws, except where it is left for the interpreter */
    uint32_t *shapes, shape_count;
} tsk_native_object;

/* ---- code that is compiled ahead of time ---- */

/* What the object of a configuration holds, as the backend lays it out and the engine finds it (ahead.c of both). */
typedef struct tsk_native_function {
    tsk_digest identity;
    tsk_native_fn entry;
    uint32_t *shapes;        /* the table of the code */
    const char *shape_texts; /* what belongs there: tsk_js_shape_bind */
    uint32_t shape_count, shape_texts_size;
    uint32_t quiet, reserved;
} tsk_native_function;
typedef struct tsk_native_file {
    const char *name, *text; /* padded as sources are */
    uint64_t len;
} tsk_native_file;
typedef struct tsk_native_image {
    uint32_t version, file_count, function_count;
    uint32_t shapes_bound;        /* 1: the tables are filled */
    const tsk_native_file *files; /* the configuration, then what it includes */
    tsk_native_function *functions;
} tsk_native_image;

/* Constants for C code. */
typedef enum tsk_native_data_kind {
    TSK_NATIVE_DATA_BOOL,
    TSK_NATIVE_DATA_INT,
    TSK_NATIVE_DATA_DOUBLE,
    TSK_NATIVE_DATA_TEXT,
    TSK_NATIVE_DATA_LIST, /* address and number of items, which are of one kind */
    TSK_NATIVE_DATA_BLOCK /* a struct */
} tsk_native_data_kind;
typedef struct tsk_native_data {
    tsk_native_data_kind kind;
    uint32_t count;
    int64_t integer;
    double number;
    tsk_slice text;
    const struct tsk_native_data *items;
} tsk_native_data;

typedef enum tsk_native_form { TSK_NATIVE_OBJECT, TSK_NATIVE_ASSEMBLY, TSK_NATIVE_LLVM } tsk_native_form;
typedef struct tsk_native_ahead {
    const char *name; /* what the global symbols begin with */
    tsk_native_form form;
    unsigned optimize; /* 0..3 */
    bool debug;
    const char *cpu; /* "native", or a name that LLVM knows */
    const tsk_native_job *jobs;
    const tsk_digest *identities;
    uint32_t job_count;
    const tsk_native_file *files;
    uint32_t file_count;
    const tsk_native_data *constants; /* a block; NULL: none */
    const tsk_native_watch *watch;    /* who also knows the places, with `debug` */
    bool (*describe)(void *user, uint32_t shape, tsk_slice *text);
    void *user;
} tsk_native_ahead;

typedef struct tsk_native_backend {
    uint32_t version, helpers;
    /* False: `message` says why. Safe from any thread. */
    bool (*compile)(const tsk_native_job *job, tsk_native_object *out, char *message, size_t size);
    bool (*ahead)(const tsk_native_ahead *what, tsk_native_object *out, char *message, size_t size);
    /* Each instruction as text, with its offset in the code. */
    bool (*disassemble)(const void *code, size_t size,
                        void (*each)(void *user, size_t offset, size_t size, const char *text), void *user);
} tsk_native_backend;
#define TSK_NATIVE_SYMBOL "tsk_native_backend_1"

/* NULL: the module is not there, or is of another build. */
const tsk_native_backend *tsk_native_find_backend(void);
/* The module is there; it is not loaded for that where it stands beside the library. */
bool tsk_native_available(void);
/* Where the module is; false: not where it should be. */
bool tsk_native_backend_path(char *path, size_t size);

/* What the code is in the words of no process (native_identity.c). */
void tsk_native_identify(const tsk_bytecode *code, tsk_digest *out);
/* NULL: it has too many registers, or there is no memory. */
const tsk_code_map *tsk_native_map(tsk_native *native, const tsk_bytecode *code);

/* ---- loading an object (native_load.c) ---- */
typedef struct tsk_native_code {
    struct tsk_native_code *next, *before; /* of the list that it is in */
    struct tsk_native_code *sibling;       /* the next one of the same function */
    tsk_native_loop *loop;                 /* NULL: from the function's start */
    bool resting;                          /* not called since others wanted its room */
    void *memory;
    size_t size, code_size; /* of the pages; of the instructions */
    tsk_native_fn entry;
    bool quiet; /* as in the object */
    const tsk_bytecode *code;
    uint32_t from;
    float milliseconds; /* that making it took; 0: an earlier run did */
    void *gdb;          /* what GDB was told; NULL: nothing */
} tsk_native_code;

/* False: not an object of the kind that the backend makes, or no memory. */
bool tsk_native_load(const tsk_native_object *object, tsk_native_code *out);
void tsk_native_unload(tsk_native_code *code);
/* Bytes of native code in the process. */
size_t tsk_native_total(void);
/* The object with the addresses that its sections got, for malloc's heap; NULL: no memory. */
char *tsk_native_placed_copy(const tsk_native_object *object, const tsk_native_code *code);

/* ---- keeping code, and freeing it when nobody can be in it (native_free.c) ---- */
typedef struct tsk_native_store {
    const tsk_allocator *allocator;
    tsk_native_code *live, *retired, *waiting; /* waiting: until this period is over */
    tsk_eval *users;
    uint64_t taken_back, freed;
} tsk_native_store;
/* Between them an evaluation may run code of the store. */
void tsk_native_join(tsk_native_store *store, tsk_eval *ev);
void tsk_native_part(tsk_native_store *store, tsk_eval *ev);
/* Takes what was loaded. NULL: no memory, and it is unloaded. */
tsk_native_code *tsk_native_store_add(tsk_native_store *store, tsk_native_code *loaded);
/* Its slot is empty. */
void tsk_native_store_retire(tsk_native_store *store, tsk_native_code *code);
/* Frees what can be freed; called now and then. */
void tsk_native_store_reclaim(tsk_native_store *store);
void tsk_native_store_free(tsk_native_store *store);

/* The code in a slot, to be called at once; NULL: there is none any more.  tsk_native_outside follows the call. */
TSK_INLINE tsk_native_fn tsk_native_inside(tsk_eval *ev, const tsk_native_fn *slot) {
    __atomic_store_n(&ev->inside, ev->inside + 1, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* the other half is the barrier in native_free.c */
    tsk_native_fn entry = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
    if (TSK_UNLIKELY(!entry)) __atomic_store_n(&ev->inside, ev->inside - 1, __ATOMIC_RELEASE);
    return entry;
}
TSK_INLINE void tsk_native_outside(tsk_eval *ev) {
    uint32_t inside = ev->inside - 1;
    if (!inside) __atomic_store_n(&ev->outside, ev->outside + 1, __ATOMIC_RELEASE);
    __atomic_store_n(&ev->inside, inside, __ATOMIC_RELEASE);
}

/* ---- what can be seen of native code ---- */

enum { /* of each function that is compiled */
       TSK_NATIVE_DUMP_IR = 1,
       TSK_NATIVE_DUMP_LLVM = 2,
       TSK_NATIVE_DUMP_ASM = 4
};
typedef struct tsk_native_view {
    uint32_t dump;
    const char *directory; /* where dumps go; NULL: standard error */
    bool gdb, perf_map, perf_dump;
    bool (*place)(void *user, tsk_span span, tsk_native_place *out); /* from any thread; NULL: nobody knows */
    void *place_user;
} tsk_native_view;

/* One compilation that is looked at. */
typedef struct tsk_native_sight {
    const tsk_native_view *view;
    const tsk_bytecode *code;
    uint32_t from, version;
    tsk_native_watch watch; /* for the job */
} tsk_native_sight;

/* ---- native_see.c ---- */
/* Adds what the environment asks for: TSK_GDB, TSK_PERF_MAP, TSK_PERF_DUMP. */
void tsk_native_view_begin(tsk_native_view *view);
/* Code that an earlier run has left would not do. */
bool tsk_native_view_needs_lines(const tsk_native_view *view);
/* A dump, in a file STEM.SUFFIX or below a heading. */
void tsk_native_view_put(const tsk_native_view *view, const char *stem, const char *heading, const char *suffix,
                         const char *text);
/* Before it is compiled, by the thread that asks for it; and when it is loaded. */
void tsk_native_sight_begin(tsk_native_sight *sight, const tsk_native_view *view, const tsk_native_job *job);
void tsk_native_sight_loaded(const tsk_native_sight *sight, const tsk_native_backend *backend,
                             const tsk_native_object *object, tsk_native_code *code);
void tsk_native_view_cached(const tsk_native_view *view, const tsk_native_code *code);

/* ---- native_lines.c ---- */
typedef struct tsk_native_line {
    uint32_t offset, line; /* of the first instruction; which others follow until the next row */
    const char *file;      /* in the object */
} tsk_native_line;
/* By ascending offset, to be freed; NULL: none. */
tsk_native_line *tsk_native_lines(const tsk_native_object *object, uint32_t *count);

/* ---- native_debug.c, native_perf.c ---- */
void tsk_native_gdb_add(const tsk_native_object *object, tsk_native_code *code);
void tsk_native_gdb_remove(tsk_native_code *code);
void tsk_native_perf_map(const tsk_native_code *code);
void tsk_native_perf_dump(const tsk_native_object *object, const tsk_native_code *code);

/* ---- code on disk (native_cache.c) ---- */
typedef struct tsk_native_cache tsk_native_cache;
tsk_native_cache *tsk_native_cache_new(const tsk_allocator *allocator, const char *directory); /* NULL: no memory */
void tsk_native_cache_free(tsk_native_cache *cache);
/* `from` as in a job. Both are safe from any thread. */
bool tsk_native_cache_get(tsk_native_cache *cache, const tsk_bytecode *code, uint32_t from, tsk_native_code *out);
/* Keeps the object, unless it is bound to this process. */
void tsk_native_cache_put(tsk_native_cache *cache, const tsk_bytecode *code, uint32_t from,
                          const tsk_native_object *object);

/* ---- promotion (native.c): for one set of functions, which threads may share ---- */
typedef enum tsk_native_mode {
    TSK_NATIVE_OFF,
    TSK_NATIVE_ON,
    TSK_NATIVE_ALWAYS,
    TSK_NATIVE_THRESHOLD,
    TSK_NATIVE_RECORD /* kinds are noted from the first call on and nothing is compiled */
} tsk_native_mode;

typedef struct tsk_native_options {
    tsk_native_mode mode;
    uint32_t threshold;
    uint32_t stress;   /* a seed for exits that are taken at random, or 0 */
    const char *cache; /* code is looked for in this directory, and kept there; NULL: none */
    size_t most;       /* bytes of native code in the process; 0: any number */
    const char *only;  /* names and numbers of functions that may be compiled: "sum,12,20-31"; NULL: all */
    tsk_native_view view;
} tsk_native_options;

/* Copies the texts. NULL: no memory. */
tsk_native *tsk_native_new(const tsk_allocator *allocator, const tsk_native_options *options);
/* How places are found, before anything is compiled. */
void tsk_native_set_places(tsk_native *native, bool (*place)(void *user, tsk_span span, tsk_native_place *out),
                           void *user);
/* What there is and how often it was left, as lines of text; `line` adds the place of an instruction. */
void tsk_native_report(tsk_native *native, tsk_buf *out, void (*line)(void *user, tsk_buf *out, tsk_span span),
                       void *user);
/* Waits for what is being compiled; nobody runs functions of the set any more. */
void tsk_native_free(tsk_native *native);
/* An evaluation that is going to run functions of the set begins and ends; ev->native is set meanwhile. */
void tsk_native_begin(tsk_eval *ev, tsk_native *native);
void tsk_native_end(tsk_eval *ev);
bool tsk_native_busy(tsk_native *native); /* something is */
/* After baseline code was made. */
void tsk_native_made(tsk_eval *ev, const tsk_bytecode *code);
/* Counts a call; true: there is native code, or it is time to think about it. */
TSK_INLINE bool tsk_native_counted(const tsk_bytecode *code) {
    uint32_t left = __atomic_load_n(&code->countdown, __ATOMIC_RELAXED);
    if (TSK_LIKELY(left == UINT32_MAX)) return false;
    if (TSK_UNLIKELY(left <= 1)) return true;
    __atomic_store_n((uint32_t *)(uintptr_t)&code->countdown, left - 1, __ATOMIC_RELAXED);
    return false;
}
void tsk_native_called(tsk_eval *ev, const tsk_bytecode *code);
/* A portion of steps was used up in this frame, which is at a loop head: the code that goes on from there, as from
 * tsk_native_inside, or NULL. */
tsk_native_fn tsk_native_turned(tsk_eval *ev, tsk_frame *frame);
/* A guard has failed: was that on purpose?  Chooses the next one then. */
bool tsk_native_stressed(tsk_eval *ev);
/* A guess of native code was wrong at this instruction, whose operands are in `regs`, or NULL when it is going to be done
 * again; or one about parameters was. */
void tsk_native_left(tsk_eval *ev, const tsk_bytecode *code, uint32_t pc, const tsk_value *regs, bool entering);
/* And this is the code of the function that the one it was wrong about is part of. */
void tsk_native_left_inside(tsk_eval *ev, const tsk_bytecode *code);
/* May native code be entered?  Not when the machine stack is used up; and while the evaluation can be suspended, only that
 * of functions that call nothing: native code cannot wait. */
TSK_INLINE bool tsk_native_allowed(const tsk_eval *ev, const tsk_bytecode *code) {
    if (ev->suspendable && !ev->pinned && code->func->may_suspend) return false;
    return (const char *)__builtin_frame_address(0) > ev->stack_floor;
}
/* Whoever enters an evaluation on a machine stack says so. */
void tsk_native_find_stack(tsk_eval *ev);
TSK_INLINE void tsk_native_set_stack(tsk_eval *ev) {
    if (ev->native || ev->ahead) tsk_native_find_stack(ev);
}

#endif
