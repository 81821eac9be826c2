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
 *  - Code that a frame may be in is not freed before the program is.
 *  - Several threads may run the same functions: counters are relaxed, decisions are made under one lock.
 *  - The backend knows this header and those of runtime/ for layouts; it links nothing of runtime/.
 */
#ifndef TSK_NATIVE_H
#define TSK_NATIVE_H

#include "runtime/interp/interp.h"

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

/* ---- the backend ---- */
#define TSK_NATIVE_VERSION 1
#define TSK_NATIVE_FROM_START UINT32_MAX

enum {                          /* flags of a job */
       TSK_NATIVE_GENERIC = 1,  /* no guesses */
       TSK_NATIVE_NO_ENTRY = 2, /* none about parameters */
       TSK_NATIVE_PRINT = 4,    /* the unit's LLVM IR to standard error */
       TSK_NATIVE_STRESS = 8    /* guards also fail when ev->exits_in says so */
};

typedef struct tsk_native_job {
    const tsk_bytecode *code;
    const tsk_code_map *map;
    uint32_t from; /* pc of a loop head's POLL, or TSK_NATIVE_FROM_START */
    uint32_t flags;
} tsk_native_job;

/* An ELF object whose one global function is named "entry"; allocated with malloc. */
typedef struct tsk_native_object {
    char *bytes;
    size_t size;
    bool bound; /* has addresses of this process in it */
} tsk_native_object;

typedef struct tsk_native_backend {
    uint32_t version, helpers;
    /* False: `message` says why. Safe from any thread. */
    bool (*compile)(const tsk_native_job *job, tsk_native_object *out, char *message, size_t size);
} tsk_native_backend;
#define TSK_NATIVE_SYMBOL "tsk_native_backend_1"

/* ---- loading an object (native_load.c) ---- */
typedef struct tsk_native_code {
    struct tsk_native_code *next;
    void *memory;
    size_t size;
    tsk_native_fn entry;
} tsk_native_code;

/* False: not an object of the kind that the backend makes, or no memory. */
bool tsk_native_load(const char *object, size_t size, tsk_native_code *out);
void tsk_native_unload(tsk_native_code *code);

/* ---- promotion (native.c): for one set of functions, which threads may share ---- */
typedef enum tsk_native_mode { TSK_NATIVE_OFF, TSK_NATIVE_ON, TSK_NATIVE_ALWAYS, TSK_NATIVE_THRESHOLD } tsk_native_mode;

typedef struct tsk_native tsk_native;
/* `stress`: a seed for exits that are taken at random, or 0. NULL: no memory. */
tsk_native *tsk_native_new(const tsk_allocator *allocator, tsk_native_mode mode, uint32_t threshold, uint32_t stress);
/* Waits for what is being compiled; nobody runs functions of the set any more. */
void tsk_native_free(tsk_native *native);
bool tsk_native_busy(tsk_native *native); /* something is */
/* After baseline code was made. */
void tsk_native_made(tsk_eval *ev, const tsk_bytecode *code);
/* Counts a call; true: there is native code, or it is time to think about it. */
TSK_INLINE bool tsk_native_counted(const tsk_bytecode *code) {
    uint32_t left = __atomic_load_n(&code->countdown, __ATOMIC_RELAXED);
    if (TSK_UNLIKELY(left <= 1)) return true;
    __atomic_store_n((uint32_t *)(uintptr_t)&code->countdown, left - 1, __ATOMIC_RELAXED);
    return false;
}
void tsk_native_called(tsk_eval *ev, const tsk_bytecode *code);
/* A portion of steps was used up in this frame, which is at a loop head: the code that goes on from there, or NULL. */
tsk_native_fn tsk_native_turned(tsk_eval *ev, tsk_frame *frame);
/* A guard has failed: was that on purpose?  Chooses the next one then. */
bool tsk_native_stressed(tsk_eval *ev);
/* A guess of native code was wrong at this instruction, whose operands are in `regs`; or one about parameters was. */
void tsk_native_left(tsk_eval *ev, const tsk_bytecode *code, uint32_t pc, const tsk_value *regs, bool entering);
/* May native code be entered?  Not when the machine stack is used up; and while the evaluation can be suspended, only that
 * of functions that call nothing: native code cannot wait. */
TSK_INLINE bool tsk_native_allowed(const tsk_eval *ev, const tsk_bytecode *code) {
    if (ev->suspendable && !ev->pinned && code->func->may_suspend) return false;
    return (const char *)__builtin_frame_address(0) > ev->stack_floor;
}
/* Whoever enters an evaluation on a machine stack says so. */
void tsk_native_find_stack(tsk_eval *ev);
TSK_INLINE void tsk_native_set_stack(tsk_eval *ev) {
    if (ev->native) tsk_native_find_stack(ev);
}

#endif
