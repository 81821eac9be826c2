/* The interpreter's loop.
 *
 *   dispatch: one load of the handler's address, one jump.  State in locals: frame f, its registers r, pc.
 *
 * A handler either goes on with NEXT, or leaves to `raise` with ev->failure filled, or changes the frame and goes
 * on through `enter` (new frame) or `resume` (an older one).  f->pc is stored before anything that may fail, trap
 * or push.
 *
 * Feedback: a site remembers the kinds of its operands; the word is written only when a new kind is seen.
 */
#include "runtime/interp/interp.h"

#include "runtime/value/semantics.h"

#include <stdio.h>

#define MAX_NESTED 100 /* loops on the C stack: operators that evaluate other keys */

/* The bit of tsk_ir_type for a value; containers by tag, numbers apart. */
static inline uint32_t kind_bit(tsk_value v) {
    switch (tsk_tag(v)) {
    case TSK_TAG_INT: return TSK_TY_I32;
    case TSK_TAG_CONST: return tsk_is_null(v) ? TSK_TY_NULL : TSK_TY_BOOL;
    case TSK_TAG_STR: return TSK_TY_STRING;
    case TSK_TAG_ARRAY: return TSK_TY_ARRAY;
    case TSK_TAG_OBJECT: return TSK_TY_OBJECT;
    case TSK_TAG_CELL: return tsk_is_function(v) ? TSK_TY_FUNCTION : TSK_TY_I64;
    default: return TSK_TY_DOUBLE;
    }
}

TSK_INLINE void note(uint32_t *slot, uint32_t bits) {
    uint32_t seen = __atomic_load_n(slot, __ATOMIC_RELAXED);
    if (TSK_UNLIKELY((seen & bits) != bits)) __atomic_store_n(slot, seen | bits, __ATOMIC_RELAXED);
}

TSK_INLINE void count_one(const uint32_t *counter) {
    uint32_t *at = (uint32_t *)(uintptr_t)counter;
    uint32_t n = __atomic_load_n(at, __ATOMIC_RELAXED);
    if (TSK_LIKELY(n != UINT32_MAX)) __atomic_store_n(at, n + 1, __ATOMIC_RELAXED);
}

/* ---- thunks and trees ---- */

typedef enum found { FOUND_VALUE, FOUND_CODE, FOUND_FAILURE } found;

/* Code of a thunk that must run, or its value, or ev->failure. */
static found compile_thunk(tsk_eval *ev, uint32_t thunk, tsk_value *value, const tsk_bytecode **code) {
    if (!ev->host->compile(ev, thunk)) return FOUND_FAILURE;
    uint64_t word = tsk_memo_load(ev->outcomes, thunk);
    if (tsk_memo_is_value(word)) {
        *value = tsk_memo_value(word);
        return FOUND_VALUE;
    }
    *code = (const tsk_bytecode *)(uintptr_t)word;
    return FOUND_CODE;
}

static found known_failure(tsk_eval *ev, uint32_t thunk, uint64_t state) {
    const tsk_error *error = tsk_memo_error(state);
    if (error) {
        ev->failure = (tsk_failure){error->code, error->message, error->hint};
        ev->inner = error;
    } else {
        tsk_frame_cycle(ev, thunk);
    }
    return FOUND_FAILURE;
}

/* The value of a thunk when it is known; its code and memo word when it must run. */
static inline found find_thunk(tsk_eval *ev, uint32_t thunk, tsk_value *value, const tsk_bytecode **code,
                               _Atomic uint64_t **memo) {
    uint64_t word = tsk_memo_load(ev->outcomes, thunk);
    if (TSK_LIKELY(tsk_memo_is_value(word))) {
        *value = tsk_memo_value(word);
        return FOUND_VALUE;
    }
    *code = (const tsk_bytecode *)(uintptr_t)word;
    if (TSK_UNLIKELY(!word)) {
        found f = compile_thunk(ev, thunk, value, code);
        if (f != FOUND_CODE) return f;
    }
    _Atomic uint64_t *at = tsk_memo_find(&ev->memo, thunk);
    if (TSK_UNLIKELY(!at)) at = tsk_memo_make(&ev->memo, ev->heap, thunk);
    uint64_t state = atomic_load_explicit(at, memory_order_relaxed);
    if (tsk_memo_is_value(state)) {
        *value = tsk_memo_value(state);
        return FOUND_VALUE;
    }
    if (TSK_UNLIKELY(state != TSK_MEMO_ABSENT && state != TSK_MEMO_AGAIN)) return known_failure(ev, thunk, state);
    if ((*code)->effect <= TSK_EFFECT_SNAPSHOT && ev->shared) {
        uint64_t shared = tsk_memo_load(ev->shared, thunk);
        if (tsk_memo_is_value(shared)) {
            atomic_store_explicit(at, shared, memory_order_relaxed);
            *value = tsk_memo_value(shared);
            return FOUND_VALUE;
        }
    }
    *memo = at;
    return FOUND_CODE;
}

/* NULL: ev->failure. */
static inline tsk_frame *push_thunk(tsk_eval *ev, uint32_t thunk, const tsk_bytecode *code, _Atomic uint64_t *memo,
                                    uint32_t dest) {
    tsk_frame *frame = tsk_frame_push(ev, code);
    if (TSK_UNLIKELY(!frame)) return NULL;
    frame->thunk = thunk;
    frame->memo = memo;
    frame->dest = (uint16_t)dest;
    uint64_t state = atomic_load_explicit(memo, memory_order_relaxed);
    atomic_store_explicit(memo, state == TSK_MEMO_AGAIN ? TSK_MEMO_RUNNING_AGAIN : TSK_MEMO_RUNNING,
                          memory_order_relaxed);
    count_one(&code->calls);
    return frame;
}

static inline tsk_value finish_thunk(tsk_eval *ev, const tsk_frame *frame, tsk_value v) {
    if (frame->code->effect <= TSK_EFFECT_SNAPSHOT && ev->shared) v = ev->host->publish(ev, frame->thunk, v);
    atomic_store_explicit(frame->memo, tsk_memo_word(v), memory_order_relaxed);
    return v;
}

static inline bool has_thunks(tsk_value v) {
    if (tsk_is_array(v)) return tsk_as_array(v)->flags & TSK_HAS_THUNKS;
    if (tsk_is_object(v)) return tsk_as_object(v)->flags & TSK_HAS_THUNKS;
    return false;
}

/* A copy of the container to be filled; keys and index are shared. */
static tsk_value shallow_copy(tsk_arena *heap, tsk_value v) {
    if (tsk_is_array(v)) {
        tsk_value copy = tsk_slow_make_array(heap, tsk_as_array(v)->items, tsk_as_array(v)->count);
        return copy;
    }
    const tsk_object *from = tsk_as_object(v);
    tsk_object *copy = TSK_NEW(heap, tsk_object);
    *copy = *from;
    copy->flags = 0;
    copy->cap = from->count;
    copy->entries = TSK_NEW_ARRAY(heap, tsk_entry, from->count);
    if (from->count) memcpy(copy->entries, from->entries, from->count * sizeof *from->entries);
    return tsk_from_object(copy);
}

static inline uint32_t tree_count(tsk_value v) {
    return tsk_is_array(v) ? tsk_as_array(v)->count : tsk_as_object(v)->count;
}

static inline tsk_value *tree_item(tsk_value v, uint32_t i) {
    return tsk_is_array(v) ? &tsk_as_array(v)->items[i] : &tsk_as_object(v)->entries[i].value;
}

static const tsk_bytecode *tree_code(void);

static tsk_frame *push_tree(tsk_eval *ev, tsk_value container, uint32_t dest) {
    tsk_frame *frame = tsk_frame_push(ev, tree_code());
    if (!frame) return NULL;
    frame->marks |= TSK_FRAME_TREE;
    frame->dest = (uint16_t)dest;
    frame->regs[TSK_TREE_SOURCE] = container;
    frame->regs[TSK_TREE_AT] = tsk_from_i32(0);
    frame->regs[TSK_TREE_WAITING] = TSK_VALUE_FALSE;
    frame->regs[TSK_TREE_COPY] = shallow_copy(ev->heap, container);
    return frame;
}

typedef enum step { STEP_DONE, STEP_PUSHED, STEP_FAILED } step;

/* Goes over the container until something below must be computed in a frame of its own. */
static step tree_step(tsk_eval *ev, tsk_frame *f) {
    tsk_value source = f->regs[TSK_TREE_SOURCE], copy = f->regs[TSK_TREE_COPY];
    uint32_t i = (uint32_t)tsk_as_i32(f->regs[TSK_TREE_AT]), count = tree_count(source);
    if (tsk_as_bool(f->regs[TSK_TREE_WAITING])) {
        *tree_item(copy, i++) = f->regs[TSK_TREE_INCOMING];
        f->regs[TSK_TREE_WAITING] = TSK_VALUE_FALSE;
    }
    for (; i < count; i++) {
        tsk_value v = *tree_item(source, i);
        tsk_frame *pushed;
        if (tsk_is_thunk(v)) {
            const tsk_bytecode *code;
            _Atomic uint64_t *memo;
            found what = find_thunk(ev, tsk_as_thunk(v), tree_item(copy, i), &code, &memo);
            if (what == FOUND_VALUE) continue;
            if (what == FOUND_FAILURE) return STEP_FAILED;
            pushed = push_thunk(ev, tsk_as_thunk(v), code, memo, TSK_TREE_INCOMING);
        } else if (has_thunks(v)) {
            const tsk_value *ready = tsk_interp_tree_find(ev, tsk_ptr(v));
            if (ready) {
                *tree_item(copy, i) = *ready;
                continue;
            }
            pushed = push_tree(ev, v, TSK_TREE_INCOMING);
        } else {
            continue; /* the copy has it */
        }
        if (!pushed) return STEP_FAILED;
        f->regs[TSK_TREE_AT] = tsk_from_i32((int32_t)i);
        f->regs[TSK_TREE_WAITING] = TSK_VALUE_TRUE;
        return STEP_PUSHED;
    }
    tsk_interp_tree_add(ev, tsk_ptr(source), copy);
    return STEP_DONE;
}

/* ---- calls ---- */

/* The first frame of a part that js_loop.c runs. */
static tsk_frame *enter_function(tsk_eval *ev, const tsk_cell *cell, const tsk_operands *o, uint32_t dest) {
    tsk_frame *frame = ev->host->enter(ev, cell, o, 1);
    if (!frame) return NULL;
    frame->marks |= TSK_FRAME_FIRST;
    frame->dest = (uint16_t)dest;
    return frame;
}

static tsk_frame *push_call(tsk_eval *ev, const tsk_operands *o, uint32_t dest) {
    tsk_value callee = tsk_operand(o, 0);
    if (!tsk_is_function(callee)) {
        tsk_interp_fail(ev, TSK_E_NOT_CALLABLE, "%s is not a function", tsk_kind_name(tsk_kind_of(callee)));
        return NULL;
    }
    const tsk_cell *cell = tsk_as_cell(callee);
    if (cell->func->js) return enter_function(ev, cell, o, dest);
    const tsk_bytecode *code = tsk_bytecode_of(cell->func);
    if (!code) {
        tsk_interp_fail(ev, TSK_E_NOT_CALLABLE, "the function `%s` has no code", cell->func->name);
        return NULL;
    }
    tsk_frame *frame = tsk_frame_push(ev, code);
    if (!frame) return NULL;
    frame->dest = (uint16_t)dest;
    frame->captures = cell->captures;
    uint32_t given = o->list[TSK_LIST_COUNT] - 1;
    for (uint32_t i = 0; i < code->params; i++)
        frame->regs[code->first_param + i] = i < given ? tsk_operand(o, i + 1) : TSK_VALUE_NULL;
    count_one(&code->calls);
    return frame;
}

/* ---- arithmetic beyond the quick cases ---- */

static bool slow_add(tsk_eval *ev, tsk_value a, tsk_value b, tsk_value *out) {
    tsk_value args[] = {a, b};
    return tsk_value_add(ev->heap, args, 2, out, &ev->failure);
}

static bool slow_unary(tsk_eval *ev, uint32_t op, tsk_value v, tsk_value *out) {
    switch (op) {
    case TSK_OPC_NEG: return tsk_value_negate(ev->heap, v, out, &ev->failure);
    case TSK_OPC_TO_INT: return tsk_value_to_int(ev->heap, v, out, &ev->failure);
    case TSK_OPC_TO_FLOAT: return tsk_value_to_float(v, out, &ev->failure);
    case TSK_OPC_TO_BOOL: return tsk_value_to_bool(v, out, &ev->failure);
    case TSK_OPC_COUNT: return tsk_slow_count(ev->heap, v, out, &ev->failure);
    default: return tsk_slow_plus(ev->heap, v, out, &ev->failure);
    }
}

static bool slow_relation(uint32_t op, tsk_value a, tsk_value b) {
    int order = tsk_value_compare(a, b);
    if (order == 2) return false;
    switch (op) {
    case TSK_OPC_LT: return order < 0;
    case TSK_OPC_LE: return order <= 0;
    case TSK_OPC_GT: return order > 0;
    default: return order >= 0;
    }
}

/* ---- the loop ---- */

#define OPERANDS (&(tsk_operands){r, f->code->consts, f->code->lists + tsk_insn_wide(pc)})
#define A r[pc->a]
#define B r[pc->b]
#define C r[pc->c]
#define DISPATCH goto * pc->handler
#define NEXT                                                                                                           \
    do {                                                                                                               \
        pc++;                                                                                                          \
        DISPATCH;                                                                                                      \
    } while (0)
#define SAVE f->pc = pc
#define FEEDBACK(bits) note(&feedback[pc - base_pc], (bits))
#define FEEDBACK2(x, y) FEEDBACK(kind_bit(x) | kind_bit(y) << TSK_FEEDBACK_RIGHT)
#define BOTH(type) ((uint32_t)(type) | (uint32_t)(type) << TSK_FEEDBACK_RIGHT)
#define STEP                                                                                                           \
    do {                                                                                                               \
        if (TSK_UNLIKELY(--ev->fuel < 0) && !tsk_interp_refuel(ev)) goto raise;                                        \
    } while (0)

/* int32 without overflow, doubles, then everything else. */
#define ARITHMETIC(overflows, operator, slow)                                                                          \
    do {                                                                                                               \
        tsk_value x = B, y = C;                                                                                        \
        if (tsk_is_i32(x) && tsk_is_i32(y)) {                                                                          \
            int32_t n;                                                                                                 \
            if (TSK_LIKELY(!overflows(tsk_as_i32(x), tsk_as_i32(y), &n))) {                                            \
                FEEDBACK(BOTH(TSK_TY_I32) | (uint32_t)TSK_TY_I32 << TSK_FEEDBACK_RESULT);                              \
                A = tsk_from_i32(n);                                                                                   \
                NEXT;                                                                                                  \
            }                                                                                                          \
        } else if (tsk_is_double(x) && tsk_is_double(y)) {                                                             \
            FEEDBACK(BOTH(TSK_TY_DOUBLE) | (uint32_t)TSK_TY_DOUBLE << TSK_FEEDBACK_RESULT);                            \
            A = tsk_from_double(tsk_as_double(x) operator tsk_as_double(y));                                           \
            NEXT;                                                                                                      \
        }                                                                                                              \
        SAVE;                                                                                                          \
        if (!(slow)) goto raise;                                                                                       \
        FEEDBACK(kind_bit(x) | kind_bit(y) << TSK_FEEDBACK_RIGHT | kind_bit(A) << TSK_FEEDBACK_RESULT);                \
        NEXT;                                                                                                          \
    } while (0)

#define RELATION(operator)                                                                                             \
    do {                                                                                                               \
        tsk_value x = B, y = C;                                                                                        \
        FEEDBACK2(x, y);                                                                                               \
        bool holds;                                                                                                    \
        if (tsk_is_i32(x) && tsk_is_i32(y))                                                                            \
            holds = tsk_as_i32(x) operator tsk_as_i32(y);                                                              \
        else if (tsk_is_double(x) && tsk_is_double(y))                                                                 \
            holds = tsk_as_double(x) operator tsk_as_double(y);                                                        \
        else                                                                                                           \
            holds = slow_relation(pc->op, x, y);                                                                       \
        A = tsk_from_bool(holds);                                                                                      \
        NEXT;                                                                                                          \
    } while (0)

#define EQUALITY(function, wanted)                                                                                     \
    do {                                                                                                               \
        tsk_value x = B, y = C;                                                                                        \
        FEEDBACK2(x, y);                                                                                               \
        bool equal = tsk_is_i32(x) && tsk_is_i32(y) ? tsk_same(x, y) : function(x, y);                                 \
        A = tsk_from_bool(equal == (wanted));                                                                          \
        NEXT;                                                                                                          \
    } while (0)

#define FLOAT(operator)                                                                                                \
    do {                                                                                                               \
        A = tsk_from_double(tsk_as_number(B) operator tsk_as_number(C));                                               \
        NEXT;                                                                                                          \
    } while (0)

/* Proven not to overflow; in unsigned arithmetic a wrong proof cannot be undefined. */
#define INTEGER(operator)                                                                                              \
    do {                                                                                                               \
        A = tsk_from_i32((int32_t)((uint32_t)tsk_as_i32(B) operator(uint32_t) tsk_as_i32(C)));                         \
        NEXT;                                                                                                          \
    } while (0)

/* With `labels` set it only gives the addresses of the handlers. */
static tsk_left loop(tsk_eval *ev, bool raises, tsk_value *out, const void *const **labels) {
    static const void *const addresses[] = {
#define X(name, format) &&do_##name,
#include "runtime/interp/opcodes.def"
#undef X
    };
    if (labels) {
        *labels = addresses;
        return TSK_LEFT_RETURNED;
    }
    tsk_frame *f;
    tsk_value *r;
    const tsk_insn *pc, *base_pc;
    uint32_t *feedback;
    tsk_value result;
    found what;
    const tsk_bytecode *code;
    _Atomic uint64_t *memo;

    if (raises) goto raise;
enter:
    f = ev->top;
    pc = f->pc;
resume:
    r = f->regs;
    base_pc = f->code->insns;
    feedback = f->code->feedback;
    DISPATCH;

do_MOVE:
    A = B;
    NEXT;
do_LOADK:
    A = f->code->consts[tsk_insn_wide(pc)];
    NEXT;
do_LOAD_WIDE:
    A = r[tsk_insn_wide(pc)];
    NEXT;
do_STORE_WIDE:
    r[tsk_insn_wide(pc)] = A;
    NEXT;
do_CAPTURE:
    A = f->captures[tsk_insn_wide(pc)];
    NEXT;
do_CLOSURE:
    SAVE;
    tsk_slow_closure(ev, OPERANDS, f->code->funcs[OPERANDS->list[TSK_LIST_EXTRA]], &result);
    A = result;
    NEXT;

do_ADD:
    ARITHMETIC(__builtin_add_overflow, +, slow_add(ev, x, y, &A));
do_SUB:
    ARITHMETIC(__builtin_sub_overflow, -, tsk_value_arith(ev->heap, TSK_IR_SUB, x, y, &A, &ev->failure));
do_MUL:
    ARITHMETIC(__builtin_mul_overflow, *, tsk_value_arith(ev->heap, TSK_IR_MUL, x, y, &A, &ev->failure));
do_DIV:
do_MOD:
do_POW : {
    static const int operations[] = {TSK_IR_DIV, TSK_IR_MOD, TSK_IR_POW};
    tsk_value x = B, y = C;
    SAVE;
    if (!tsk_value_arith(ev->heap, operations[pc->op - TSK_OPC_DIV], x, y, &A, &ev->failure)) goto raise;
    FEEDBACK(kind_bit(x) | kind_bit(y) << TSK_FEEDBACK_RIGHT | kind_bit(A) << TSK_FEEDBACK_RESULT);
    NEXT;
}
do_ADD_LIST:
    SAVE;
    if (!tsk_slow_add_list(ev, OPERANDS, &result)) goto raise;
    A = result;
    NEXT;
do_NEG:
do_PLUS:
do_TO_INT:
do_TO_FLOAT:
do_TO_BOOL:
do_COUNT:
    SAVE;
    FEEDBACK(kind_bit(B));
    if (!slow_unary(ev, pc->op, B, &result)) goto raise;
    A = result;
    NEXT;
do_EQ:
    EQUALITY(tsk_value_equal, true);
do_NE:
    EQUALITY(tsk_value_equal, false);
do_SAME:
    EQUALITY(tsk_value_same, true);
do_DIFFERENT:
    EQUALITY(tsk_value_same, false);
do_LT:
    RELATION(<);
do_LE:
    RELATION(<=);
do_GT:
    RELATION(>);
do_GE:
    RELATION(>=);
do_IN:
    A = tsk_from_bool(tsk_value_in(B, C));
    NEXT;
do_NOT:
    A = tsk_from_bool(!tsk_value_truth(B));
    NEXT;
do_TRUTH:
    A = tsk_from_bool(tsk_value_truth(B));
    NEXT;
do_CONDITION:
    A = tsk_from_bool(tsk_value_condition(B));
    NEXT;
do_IS_NULL:
    A = tsk_from_bool(tsk_is_null(B));
    NEXT;
do_TO_STRING:
    SAVE;
    A = tsk_value_string(ev->heap, B);
    NEXT;
do_CONCAT:
    SAVE;
    tsk_slow_concat(ev, OPERANDS, &result);
    A = result;
    NEXT;

do_FADD:
    FLOAT(+);
do_FSUB:
    FLOAT(-);
do_FMUL:
    FLOAT(*);
do_FDIV:
    FLOAT(/);
do_IADD:
    INTEGER(+);
do_ISUB:
    INTEGER(-);
do_IMUL:
    INTEGER(*);
do_IAND:
    INTEGER(&);
do_ISHL:
    A = tsk_from_i32((int32_t)((uint32_t)tsk_as_i32(B) << ((uint32_t)tsk_as_i32(C) & 31)));
    NEXT;
do_ISHR:
    A = tsk_from_i32(tsk_as_i32(B) >> ((uint32_t)tsk_as_i32(C) & 31));
    NEXT;
do_ILT:
    A = tsk_from_bool(tsk_as_i32(B) < tsk_as_i32(C));
    NEXT;

do_ARRAY:
    SAVE;
    tsk_slow_array(ev, OPERANDS, &result);
    A = result;
    NEXT;
do_OBJECT:
    SAVE;
    tsk_slow_object(ev, OPERANDS, &result);
    A = result;
    NEXT;
do_MEMBER:
    SAVE;
    FEEDBACK(kind_bit(B));
    A = tsk_slow_member(ev->heap, B, ((const tsk_name_slot *)(const void *)(pc + 1))->name);
    pc++;
    NEXT;
do_INDEX:
    SAVE;
    FEEDBACK2(B, C);
    A = tsk_value_index(ev->heap, B, C);
    NEXT;
do_SLICE : {
    SAVE;
    const tsk_operands *o = OPERANDS;
    A = tsk_value_slice(ev->heap, tsk_operand(o, 0), tsk_operand(o, 1), tsk_operand(o, 2));
    NEXT;
}
do_MERGE:
    SAVE;
    if (!tsk_slow_merge(ev->heap, B, C, &A, &ev->failure)) goto raise;
    NEXT;
do_APPEND_ALL:
    SAVE;
    if (!tsk_slow_append(ev->heap, B, C, &A, &ev->failure)) goto raise;
    NEXT;
do_LIST_NEW:
    SAVE;
    A = tsk_from_array(tsk_array_new(ev->heap, 0));
    NEXT;
do_LIST_PUSH:
    SAVE;
    tsk_array_push(ev->heap, tsk_as_array(A), B);
    NEXT;
do_ITEM:
    A = tsk_slow_item(B, C);
    NEXT;
do_ITEM_KEY:
    SAVE;
    A = tsk_slow_item_key(ev->heap, B, C);
    NEXT;

do_KEY:
    SAVE;
    STEP;
    what = find_thunk(ev, tsk_insn_wide(pc), &A, &code, &memo);
    if (TSK_LIKELY(what == FOUND_VALUE)) NEXT;
    if (what == FOUND_FAILURE || !push_thunk(ev, tsk_insn_wide(pc), code, memo, pc->a)) goto raise;
    goto enter;
do_TREE : {
    SAVE;
    STEP;
    tsk_value source = f->code->consts[tsk_insn_wide(pc)];
    const tsk_value *ready = tsk_interp_tree_find(ev, tsk_ptr(source));
    if (ready || !has_thunks(source)) {
        A = ready ? *ready : source;
        NEXT;
    }
    if (!push_tree(ev, source, pc->a)) goto raise;
    goto enter;
}
do_TREE_STEP:
    STEP;
    switch (tree_step(ev, f)) {
    case STEP_PUSHED: goto enter;
    case STEP_FAILED: goto raise;
    case STEP_DONE: result = r[TSK_TREE_COPY]; goto leave;
    }
    goto raise;
do_OP:
    SAVE;
    STEP;
    if (!tsk_slow_op(ev, OPERANDS, &result)) goto raise;
    A = result;
    FEEDBACK(kind_bit(result) << TSK_FEEDBACK_RESULT);
    NEXT;
do_METHOD:
    SAVE;
    STEP;
    if (!tsk_slow_method(ev, OPERANDS, &result)) goto raise;
    A = result;
    FEEDBACK(kind_bit(tsk_operand(OPERANDS, 0)) | kind_bit(result) << TSK_FEEDBACK_RESULT);
    NEXT;
do_CALL:
    SAVE;
    STEP;
    if (!push_call(ev, OPERANDS, pc->a)) goto raise;
    if (TSK_UNLIKELY(ev->top->marks & TSK_FRAME_FIRST)) return TSK_LEFT_CROSSING;
    goto enter;
do_ERROR:
    SAVE;
    tsk_slow_error(ev, OPERANDS);
    goto raise;
do_POLL:
    SAVE;
    count_one(&f->code->turns);
    STEP;
    NEXT;
do_GUARD:
    SAVE;
    if (TSK_LIKELY(tsk_as_bool(A))) NEXT;
    tsk_interp_fail(ev, TSK_E_IR_INVALID, "a guard failed in baseline code");
    goto raise;

do_JUMP:
    pc += (int32_t)tsk_insn_wide(pc);
    DISPATCH;
do_BRANCH_FALSE:
    pc += A.bits == TSK_VALUE_TRUE.bits ? 1 : (int32_t)tsk_insn_wide(pc);
    DISPATCH;
do_BRANCH_TRUE:
    pc += A.bits == TSK_VALUE_TRUE.bits ? (int32_t)tsk_insn_wide(pc) : 1;
    DISPATCH;
do_RETURNK:
    result = f->code->consts[tsk_insn_wide(pc)];
    goto leave;
do_RETURN:
    result = A;
leave : {
    if (f->memo) {
        SAVE;
        result = finish_thunk(ev, f, result);
    }
    uint32_t dest = f->dest;
    bool first = f->marks & TSK_FRAME_FIRST;
    tsk_frame_pop(ev);
    if (first) {
        *out = result;
        return TSK_LEFT_RETURNED;
    }
    f = ev->top;
    f->regs[dest] = result;
    pc = f->marks & TSK_FRAME_TREE ? f->pc : f->pc + 1; /* a tree goes on with the next of its items */
    goto resume;
}
do_UNREACHABLE:
    SAVE;
    tsk_interp_fail(ev, TSK_E_IR_INVALID, "code that cannot be reached was reached");
raise:
    if (TSK_UNLIKELY(ev->leaving != TSK_LEFT_FAILED)) {
        tsk_left left = ev->leaving;
        ev->leaving = TSK_LEFT_FAILED;
        return left;
    }
    f = tsk_frame_unwind(ev);
    if (!f) return TSK_LEFT_FAILED;
    pc = f->pc;
    goto resume;
}

const void *const *tsk_interp_labels(void) {
    const void *const *labels;
    loop(NULL, false, NULL, &labels);
    return labels;
}

tsk_left tsk_interp_loop(tsk_eval *ev, bool raises, tsk_value *out) {
    return loop(ev, raises, out, NULL);
}

/* The code of every tree's frame; the same for all, made on first use. */
static const tsk_bytecode *tree_code(void) {
    static tsk_insn step_insn = {.op = TSK_OPC_TREE_STEP};
    static uint32_t no_feedback;
    static tsk_span no_span;
    static const tsk_bytecode code = {.name = "tree",
                                      .insns = &step_insn,
                                      .count = 1,
                                      .regs = TSK_TREE_REGS,
                                      .frame_bytes = sizeof(tsk_frame) + TSK_TREE_REGS * sizeof(tsk_value),
                                      .effect = TSK_EFFECT_CONTEXT,
                                      .spans = &no_span,
                                      .feedback = &no_feedback};
    if (!__atomic_load_n(&step_insn.handler, __ATOMIC_RELAXED))
        __atomic_store_n(&step_insn.handler, tsk_interp_labels()[TSK_OPC_TREE_STEP], __ATOMIC_RELAXED);
    return &code;
}

/* ---- entries ---- */

/* Runs the frame on top until it returns. */
static bool run(tsk_eval *ev, tsk_value *out) {
    if (++ev->nested > MAX_NESTED) {
        tsk_interp_fail(ev, TSK_E_DEPTH_LIMIT, "operators evaluate keys inside each other more than %d deep",
                        MAX_NESTED);
        ev->top->marks |= TSK_FRAME_FIRST;
        tsk_frame_unwind(ev);
        ev->nested--;
        return false;
    }
    bool ok = tsk_interp_run(ev, out) == TSK_LEFT_RETURNED;
    ev->nested--;
    return ok;
}

/* A failure before there was a frame. */
static bool fail_outside(tsk_eval *ev, uint32_t thunk) {
    if (ev->inner) {
        ev->error = ev->inner;
    } else {
        tsk_error *error = TSK_NEW(ev->heap, tsk_error);
        *error = (tsk_error){NULL, thunk, ev->failure.code, {0, 0}, ev->failure.message, ev->failure.hint, NULL};
        ev->error = error;
    }
    ev->inner = NULL;
    return false;
}

/* While an evaluation waits its frames are nobody else's to build on. */
static bool is_free(tsk_eval *ev) {
    if (TSK_LIKELY(!ev->waiting)) return true;
    tsk_interp_fail(ev, TSK_E_OPERATOR_FAILED, "the evaluation waits for an operator");
    return fail_outside(ev, TSK_NO_THUNK);
}

bool tsk_interp_key(tsk_eval *ev, uint32_t thunk, tsk_value *out) {
    const tsk_bytecode *code;
    _Atomic uint64_t *memo;
    if (!is_free(ev)) return false;
    switch (find_thunk(ev, thunk, out, &code, &memo)) {
    case FOUND_VALUE: return true;
    case FOUND_FAILURE: return fail_outside(ev, thunk);
    case FOUND_CODE: break;
    }
    if (!push_thunk(ev, thunk, code, memo, 0)) return fail_outside(ev, thunk);
    return run(ev, out);
}

tsk_asked tsk_interp_ask_key(tsk_eval *ev, uint32_t thunk, tsk_value *out) {
    const tsk_bytecode *code;
    _Atomic uint64_t *memo;
    found what = find_thunk(ev, thunk, out, &code, &memo);
    if (what == FOUND_VALUE) return TSK_ASKED_KNOWN;
    tsk_frame *frame = what == FOUND_CODE ? push_thunk(ev, thunk, code, memo, 0) : NULL;
    if (!frame) {
        fail_outside(ev, thunk);
        return TSK_ASKED_FAILED;
    }
    frame->marks |= TSK_FRAME_FIRST;
    return TSK_ASKED_PUSHED;
}

tsk_asked tsk_interp_ask_tree(tsk_eval *ev, tsk_value v) {
    if (!has_thunks(v) || tsk_interp_tree_find(ev, tsk_ptr(v))) return TSK_ASKED_KNOWN;
    tsk_frame *frame = push_tree(ev, v, 0);
    if (!frame) {
        fail_outside(ev, TSK_NO_THUNK);
        return TSK_ASKED_FAILED;
    }
    frame->marks |= TSK_FRAME_FIRST;
    return TSK_ASKED_PUSHED;
}

bool tsk_interp_tree(tsk_eval *ev, tsk_value v, tsk_value *out) {
    if (tsk_is_thunk(v)) return tsk_interp_key(ev, tsk_as_thunk(v), out);
    *out = v;
    if (!has_thunks(v)) return true;
    const tsk_value *ready = tsk_interp_tree_find(ev, tsk_ptr(v));
    if (ready) {
        *out = *ready;
        return true;
    }
    if (!is_free(ev)) return false;
    if (!push_tree(ev, v, 0)) return fail_outside(ev, TSK_NO_THUNK);
    return run(ev, out);
}

bool tsk_interp_call(tsk_eval *ev, const tsk_bytecode *code, const tsk_value *captures, const tsk_value *args,
                     uint32_t count, tsk_value *out) {
    tsk_frame *frame = is_free(ev) ? tsk_frame_push(ev, code) : NULL;
    if (!frame) return fail_outside(ev, TSK_NO_THUNK);
    frame->captures = captures;
    for (uint32_t i = 0; i < code->params; i++)
        frame->regs[code->first_param + i] = i < count ? args[i] : TSK_VALUE_NULL;
    count_one(&code->calls);
    return run(ev, out);
}
