/* The interpreter: runs baseline code for one context.
 *
 *   tsk_interp_key(n) ──► constant?  memo?  snapshot's memo? ──► value
 *                     └─► frame ──► loop ──► KEY, CALL, TREE push frames; RETURN pops one
 *                                      └──► failure: frames unwind to the nearest handler
 *
 * Frames are linked blocks of the context's own stack: the C stack does not grow when keys wait for keys,
 * functions call functions or trees are computed.  Only an operator that asks for another part of the document
 * enters the loop again from C, a bounded number of times.
 *
 * Configurations and functions of ECMAScript have a loop each, on the same stack of frames.  run.c goes from one to
 * the other, and resumes an evaluation that was suspended:
 *
 *   frames     key ─ key ┃ function ─ map ─ callback ┃ key      ┃ first of a part
 *   loops      interp.c    js_loop.c                   interp.c
 *
 *   tsk_interp_key ─► run ─► operator: tsk_op_wait ─► false, ev->waiting: frames stay, no C stack is held
 *   tsk_interp_resume(answer) ─► the operator's register gets it, the instruction after it is next
 *
 * Invariants
 *  - ev->top is the frame that runs; frame->pc of every other frame is the instruction that waits, and of the
 *    running one it is up to date whenever C code is called that may fail or trap.
 *  - A thunk runs at most once a context: its memo word says running, value or failure.  Only a failure that was
 *    part of a cycle and was caught may be tried once more, because who is asked first must not decide.
 *  - Values in memos and registers hold no thunks.
 *  - An evaluation that waits has no C code on its stack: where C called into a loop, `pinned` is not 0 and operators
 *    that would wait fail instead.  Until it is resumed or abandoned nothing else may run on this stack.
 *  - When an arena's trap is taken, tsk_interp_abandon brings the evaluation back to an empty stack.
 */
#ifndef TSK_INTERP_H
#define TSK_INTERP_H

#include "runtime/interp/code.h"
#include "runtime/interp/memo.h"
#include "runtime/operators/operator.h"

typedef struct tsk_eval tsk_eval;

/* Why a thunk has no value.  One record for each thunk that the failure ended, linked inwards. */
typedef struct tsk_error {
    const struct tsk_error *inner; /* of the key that this one read; NULL where it happened */
    uint32_t thunk;                /* TSK_NO_THUNK: none */
    tsk_code code;
    tsk_span span; /* of the instruction that failed */
    const char *message, *hint;
    const char *trace; /* the stack of functions, lines of text; may be NULL */
} tsk_error;

/* States of a word in a context's memo, next to values and pointers to errors. */
enum { TSK_MEMO_ABSENT, TSK_MEMO_RUNNING, TSK_MEMO_AGAIN, TSK_MEMO_RUNNING_AGAIN, TSK_MEMO_STATES };

TSK_INLINE const tsk_error *tsk_memo_error(uint64_t word) {
    return word >= TSK_MEMO_STATES && !tsk_memo_is_value(word) ? (const tsk_error *)(uintptr_t)word : NULL;
}

typedef struct tsk_frame {
    struct tsk_frame *caller;
    const tsk_bytecode *code;
    const tsk_insn *pc;
    _Atomic uint64_t *memo; /* of the thunk */
    uint32_t thunk;         /* or TSK_NO_THUNK: a function or a tree, whose memo says nothing */
    uint16_t dest;          /* register of the caller that gets the result */
    uint8_t step;           /* bytes from the instruction of the caller that waits for it to the next one */
    uint8_t marks;          /* TSK_FRAME_*; a function without any is left the quick way */
    const tsk_value *captures;
    tsk_value constructed; /* with TSK_FRAME_CONSTRUCTS: the object, which a result that is none gives way to */
    tsk_value regs[];
} tsk_frame;

enum {
    TSK_FRAME_FIRST = 1, /* of a part: a loop that leaves it ends */
    TSK_FRAME_TREE = 2,
    TSK_FRAME_CONSTRUCTS = 4, /* `constructed` is set */
    TSK_FRAME_OF_CHUNK = 8,   /* the first frame of a chunk that is not the first */
    TSK_FRAME_BELOW_A = 16, /* the collector has visited the registers of the caller, which waits since then: at the */
    TSK_FRAME_BELOW_B = 32  /* age of the heap of which this is the mark, see tsk_js_loop_roots */
};

/* Registers of a frame that computes a tree. */
enum { TSK_TREE_INCOMING, TSK_TREE_SOURCE, TSK_TREE_COPY, TSK_TREE_AT, TSK_TREE_WAITING, TSK_TREE_REGS };

typedef struct tsk_frame_chunk {
    struct tsk_frame_chunk *prev, *next;
    char *end;
    char *top; /* where the frames ended when the next chunk was begun */
} tsk_frame_chunk;

typedef struct tsk_limits {
    uint64_t steps;   /* 0 = none */
    uint64_t time_ns; /* 0 = none */
    size_t memory;    /* 0 = none */
    uint32_t calls;
} tsk_limits;

typedef struct tsk_operands {
    const tsk_value *regs, *consts;
    const uint32_t *list;
} tsk_operands;

TSK_INLINE tsk_value tsk_operand_of(const tsk_operands *o, uint32_t word) {
    return word & TSK_OPERAND_CONST ? o->consts[word & ~TSK_OPERAND_CONST] : o->regs[word];
}
TSK_INLINE tsk_value tsk_operand(const tsk_operands *o, uint32_t i) {
    return tsk_operand_of(o, o->list[TSK_LIST_FIRST + i]);
}

/* What the engine does for the interpreter. */
typedef struct tsk_interp_host {
    /* Makes sure the thunk is compiled: its word in ev->outcomes is then a constant or a pointer to code.  False: no
     * memory, ev->failure filled. */
    bool (*compile)(tsk_eval *ev, uint32_t thunk);
    /* Shares the value of a thunk with the snapshot: gives the frozen value that all contexts use. */
    tsk_value (*publish)(tsk_eval *ev, uint32_t thunk, tsk_value v);
    /* Environment, clock and stores, before the first operator that is not pure is called. */
    void (*prepare)(tsk_eval *ev);
    /* Dotted path of a thunk, for messages. */
    const char *(*key_name)(tsk_eval *ev, uint32_t thunk);

    /* Where configurations and functions meet; NULL: they do not.  False: ev->failure or an exception. */
    /* Pushes a frame for a call of a function of ECMAScript with values of the configuration. */
    tsk_frame *(*enter)(tsk_eval *ev, const tsk_cell *function, const tsk_operands *operands, uint32_t first);
    bool (*to_function)(tsk_eval *ev, tsk_value v, tsk_value *out);
    bool (*from_function)(tsk_eval *ev, tsk_value v, tsk_value *out);
    void (*failure_to_exception)(tsk_eval *ev); /* ev->failure, or ev->error when frames were left */
    void (*exception_to_failure)(tsk_eval *ev);
    /* Native code that was entered without a guard, so that heap->trap is NULL, is left: tsk_js_loop_resume with one. */
    tsk_value (*resume)(tsk_eval *ev, tsk_frame *frame);
} tsk_interp_host;

/* How a loop ends. */
typedef enum tsk_left {
    TSK_LEFT_FAILED,   /* the first frame of the part has been dropped: an exception or ev->error */
    TSK_LEFT_RETURNED, /* the first frame has given its value and is gone */
    TSK_LEFT_CROSSING, /* a frame of the other loop is on top, the first of its part */
    TSK_LEFT_WAITING
} tsk_left;

typedef struct tsk_tree_slot {
    const void *container;
    tsk_value value;
} tsk_tree_slot;

struct tsk_eval {
    tsk_arena *heap;
    struct tsk_js *js; /* functions of ECMAScript; NULL: none yet */
    const struct tsk_js_loop_host *js_host;
    const tsk_interp_host *host;
    void *user;
    const tsk_operator *operators; /* by number */
    const tsk_memo *outcomes;      /* of the program: constant, or pointer to tsk_bytecode */
    const tsk_memo *shared;        /* of the snapshot: values; may be NULL */
    tsk_memo memo;                 /* of the context, in heap */
    tsk_op_context op;
    bool prepared;

    tsk_frame *top;
    tsk_frame_chunk *chunk, *first_chunk;
    char *free, *end; /* of the chunk in use */
    size_t frame_bytes;
    uint32_t depth, nested;
    uint32_t pinned;  /* C code on the machine stack that waits for frames of ours: they cannot be suspended */
    bool suspendable; /* whoever runs the evaluation can resume it */
    bool waiting;     /* for what op.wait stands for */
    tsk_left leaving; /* what made the instruction on top give up, when it was no failure */
    const tsk_allocator *allocator;

    tsk_tree_slot *trees; /* computed copies by container; open addressing */
    uint32_t tree_count, tree_cap;

    tsk_limits limits;
    uint64_t steps; /* done before the current portion */
    uint64_t deadline_ns;
    int32_t fuel, portion; /* of steps until limits are looked at */
    _Atomic uint32_t cancelled;

    struct tsk_native *native; /* NULL: none is made */
    /* native_free.c: native code that the interpreter is below; how often it has come back from all of it. */
    uint32_t inside, outside, outside_then;
    uint32_t inside_below; /* 1: native code without a frame waits, which was entered without a guard */
    bool awaited;
    struct tsk_eval *next_user;
    bool ahead; /* some is there from the beginning */
    /* tsk_js_loop_roots: the mark of frames at this age of the heap; whether all that are below one with it have it. */
    uint8_t visit_age, visit_mark;
    bool visited_all;
    const tsk_frame *interpreted; /* the interpreter goes on with this frame although it has native code */
    const void *const *helpers;   /* of native code */
    const char *stack_floor;      /* native code is not entered when the machine stack is below */
    uint32_t left_at;             /* pc of the instruction whose guard failed */
    int32_t exits_in;             /* guards until one fails on purpose: --stress-exits */

    tsk_failure failure;    /* of the instruction that fails */
    const tsk_error *inner; /* the failure it stems from, when that was another key's */
    const tsk_error *error; /* the one that left the outermost frame */
};

/* Starts the clock and the count of steps of one evaluation. */
void tsk_interp_begin(tsk_eval *ev);
/* The value of a thunk.  False: ev->error says why, or ev->waiting is set (only when it was suspendable). */
bool tsk_interp_key(tsk_eval *ev, uint32_t thunk, tsk_value *out);
/* The same for an instruction of a function that waits for the key without a loop of its own: pushed means that a frame of
 * the key is on top. */
typedef enum tsk_asked { TSK_ASKED_FAILED, TSK_ASKED_KNOWN, TSK_ASKED_PUSHED } tsk_asked;
tsk_asked tsk_interp_ask_key(tsk_eval *ev, uint32_t thunk, tsk_value *out);
/* And for all thunks in a value of the constant tree: known means that there is nothing left to compute. */
tsk_asked tsk_interp_ask_tree(tsk_eval *ev, tsk_value v);
/* Any value of the constant tree with the thunks in it computed. */
bool tsk_interp_tree(tsk_eval *ev, tsk_value v, tsk_value *out);
/* Runs a function. */
bool tsk_interp_call(tsk_eval *ev, const tsk_bytecode *code, const tsk_value *captures, const tsk_value *args,
                     uint32_t count, tsk_value *out);
/* Goes on after a wait: with the answer, a value of the configuration, or with ev->failure filled when there is none.
 * Like tsk_interp_key; `out` gets what the evaluation that was begun gives. */
bool tsk_interp_resume(tsk_eval *ev, const tsk_value *answer, tsk_value *out);
/* After a trap, or instead of resuming: drops all frames; the thunks that ran are as if never begun. */
void tsk_interp_abandon(tsk_eval *ev);
/* Forgets memos, trees and frames; the heap is reset by the caller.  The first chunk of frames stays. */
void tsk_interp_reset(tsk_eval *ev);
void tsk_interp_free(tsk_eval *ev);
/* True for failures that `??` cannot catch: limits, cancellation, no memory. */
bool tsk_interp_is_fatal(tsk_code code);
/* Handler addresses by tsk_opcode. */
const void *const *tsk_interp_labels(void);
/* The same for functions of ECMAScript (js_loop.c), the one that records (native_record.c), those of js_fused.def. */
const void *const *tsk_js_loop_labels(void);
/* Chooses fused handlers for code that is finished (js_fuse.c). */
void tsk_js_fuse(tsk_insn *insns, uint32_t count);
/* Every instruction by itself again. */
void tsk_js_unfuse(tsk_insn *insns, uint32_t count);

/* ---- run.c ---- */
/* Runs the frame on top until it has returned, failed or waits; it is on the C stack of whoever calls. */
tsk_left tsk_interp_run(tsk_eval *ev, tsk_value *out);
/* The loops: from the frame on top, or, with `raises`, from its handlers. */
tsk_left tsk_interp_loop(tsk_eval *ev, bool raises, tsk_value *out);
tsk_left tsk_js_loop(tsk_eval *ev, bool raises, tsk_value *out);
/* Around every call of an operator: whether it may wait; and after one that gave nothing, whether it does.  False. */
TSK_INLINE void tsk_interp_before_operator(tsk_eval *ev) {
    ev->op.may_wait = ev->suspendable && !ev->pinned;
}
TSK_INLINE bool tsk_interp_no_answer(tsk_eval *ev) {
    if (ev->op.wait) {
        ev->waiting = true;
        ev->leaving = TSK_LEFT_WAITING;
    }
    return false;
}
TSK_INLINE bool tsk_frame_is_function(const tsk_frame *f) {
    return f->code->func && f->code->func->js;
}

/* ---- frames.c: used by interp.c ---- */
/* False: ev->failure says which limit was reached. */
bool tsk_frame_room(tsk_eval *ev, size_t size);
void tsk_frame_previous_chunk(tsk_eval *ev);
TSK_INLINE bool tsk_frame_has_room(const tsk_eval *ev, const tsk_bytecode *code) {
    return ev->depth < ev->limits.calls && code->frame_bytes <= (size_t)(ev->end - ev->free);
}
/* There is room. */
TSK_INLINE tsk_frame *tsk_frame_take(tsk_eval *ev, const tsk_bytecode *code) {
    tsk_frame *frame = (tsk_frame *)(void *)ev->free;
    ev->free += code->frame_bytes;
    ev->depth++;
    *frame = (tsk_frame){
        .caller = ev->top, .code = code, .pc = code->insns, .thunk = TSK_NO_THUNK, .step = sizeof(tsk_insn)};
    ev->top = frame;
    return frame;
}
/* NULL: ev->failure says that a limit was reached. */
TSK_INLINE tsk_frame *tsk_frame_push(tsk_eval *ev, const tsk_bytecode *code) {
    bool room = tsk_frame_has_room(ev, code);
    if (TSK_UNLIKELY(!room) && !tsk_frame_room(ev, code->frame_bytes)) return NULL;
    tsk_frame *frame = tsk_frame_take(ev, code);
    if (TSK_UNLIKELY(!room)) frame->marks = TSK_FRAME_OF_CHUNK;
    return frame;
}
/* The frame on top, which is not the first of a chunk. */
TSK_INLINE void tsk_frame_drop(tsk_eval *ev, tsk_frame *frame) {
    ev->top = frame->caller;
    ev->depth--;
    ev->free = (char *)frame;
}
TSK_INLINE void tsk_frame_pop(tsk_eval *ev) {
    tsk_frame_drop(ev, ev->top);
    if (TSK_UNLIKELY((char *)(ev->chunk + 1) == ev->free)) tsk_frame_previous_chunk(ev);
}
/* Unwinds after a failure, never past the first frame of the part.  Gives the frame that goes on, its pc at the
 * handler; NULL: nobody catches it, the first frame is popped too and ev->error is set. */
tsk_frame *tsk_frame_unwind(tsk_eval *ev);
/* ev->failure for a thunk that is already running: the path of the cycle. */
void tsk_frame_cycle(tsk_eval *ev, uint32_t thunk);
/* False: ev->failure says which limit was reached. */
uint64_t tsk_interp_clock_ns(void); /* CLOCK_MONOTONIC, as `perf record -k 1` */
bool tsk_interp_refuel(tsk_eval *ev);
bool tsk_interp_check_time(tsk_eval *ev);
bool tsk_interp_fail(tsk_eval *ev, tsk_code code, const char *fmt, ...) TSK_PRINTF(3, 4); /* false */
tsk_value *tsk_interp_tree_find(const tsk_eval *ev, const void *container);
void tsk_interp_tree_add(tsk_eval *ev, const void *container, tsk_value v);

/* ---- slow.c: instructions that are calls ---- */
bool tsk_slow_add_list(tsk_eval *ev, const tsk_operands *o, tsk_value *out);
void tsk_slow_concat(tsk_eval *ev, const tsk_operands *o, tsk_value *out);
void tsk_slow_array(tsk_eval *ev, const tsk_operands *o, tsk_value *out);
void tsk_slow_object(tsk_eval *ev, const tsk_operands *o, tsk_value *out);
void tsk_slow_closure(tsk_eval *ev, const tsk_operands *o, tsk_ir_func *func, tsk_value *out);
bool tsk_slow_op(tsk_eval *ev, const tsk_operands *o, tsk_value *out);
/* An operator with everything around its call: grants, number of arguments, inputs, time. */
bool tsk_slow_operator(tsk_eval *ev, uint32_t number, const tsk_value *args, uint32_t count, tsk_value *out);
bool tsk_slow_method(tsk_eval *ev, const tsk_operands *o, tsk_value *out);
bool tsk_slow_error(tsk_eval *ev, const tsk_operands *o);

/* The same semantics for the folder. */
bool tsk_slow_plus(tsk_arena *heap, tsk_value v, tsk_value *out, tsk_failure *failure);
bool tsk_slow_merge(tsk_arena *heap, tsk_value a, tsk_value b, tsk_value *out, tsk_failure *failure);
bool tsk_slow_append(tsk_arena *heap, tsk_value a, tsk_value b, tsk_value *out, tsk_failure *failure);
bool tsk_slow_count(tsk_arena *heap, tsk_value v, tsk_value *out, tsk_failure *failure);
tsk_value tsk_slow_item(tsk_value v, tsk_value i);
tsk_value tsk_slow_item_key(tsk_arena *heap, tsk_value v, tsk_value i);
tsk_value tsk_slow_make_object(tsk_arena *heap, const tsk_array *keys, const tsk_value *values);
tsk_value tsk_slow_make_array(tsk_arena *heap, const tsk_value *values, uint32_t count);
tsk_value tsk_slow_member(tsk_arena *heap, tsk_value v, const tsk_str *name);

#endif
