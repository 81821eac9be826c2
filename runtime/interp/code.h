/* Baseline code: what the interpreter runs, one for each IR function.
 *
 *   tsk_ir_func ──► regalloc.c: intervals, registers ──► codegen.c: instructions, tables ──► tsk_bytecode
 *
 *   pc    handler  op      a   b   c
 *   0     -> code  KEY     0   3          r0 = key 3
 *   1     -> code  LOADK   1   k0         r1 = "postgres://"
 *   2     -> code  ADD     0   1   0
 *   3     -> code  RETURN  0
 *
 * An instruction is 16 bytes; `handler` is the address in the interpreter's loop that executes it, so
 * dispatch is one load and one jump.  Operations with any number of operands name a list in a side
 * table: count, extra word, then operands (a register, or a constant with the top bit set).  Numbers of
 * 32 bits lie in b and c.  MEMBER is followed by a data slot.
 *
 * Registers beyond 65,535 are reached through LOAD_WIDE and STORE_WIDE by way of the first four
 * registers, which such functions do not use for anything else; lists reach every register.
 *
 * Invariants
 *  - The code of a function never changes once published; only feedback and counters do (relaxed atomics:
 *    a lost update costs speed, nothing else).
 *  - pc and register numbers of this code are what frame states, profiles and traces speak of.
 *  - A register is written before it is read on every path, so frames need no clearing.
 *  - An instruction reads all its operands before it writes its result.
 */
#ifndef TSK_CODE_H
#define TSK_CODE_H

#include "ir/ir.h"

typedef enum tsk_opcode {
#define X(name, format) TSK_OPC_##name,
#include "runtime/interp/opcodes.def"

/* after the others: in tables by operation, 0 is "none" */
#include "runtime/interp/js_opcodes.def"
#undef X
    TSK_OPCODES
} tsk_opcode;

typedef struct tsk_insn {
    const void *handler;
    uint16_t op;
    uint16_t a, b, c;
} tsk_insn;

/* What stands in a data slot instead of an instruction; those of functions hold two addresses: see js_opcodes.def. */
typedef struct tsk_name_slot {
    const tsk_str *name; /* hash computed */
    uint64_t unused;
} tsk_name_slot;

_Static_assert(sizeof(tsk_insn) == 16 && sizeof(tsk_name_slot) == 16, "instructions are 16 bytes");

TSK_INLINE uint32_t tsk_insn_wide(const tsk_insn *insn) {
    return insn->b | (uint32_t)insn->c << 16;
}

enum {
    TSK_LIST_COUNT, /* of operands */
    TSK_LIST_EXTRA, /* OP, ERROR: number; METHOD, OBJECT, CLOSURE: a constant or table index */
    TSK_LIST_FIRST
};
#define TSK_OPERAND_CONST 0x80000000u
#define TSK_NO_REG UINT32_MAX
#define TSK_NO_THUNK UINT32_MAX
#define TSK_WIDE_FROM 0xFFF0u /* highest number of registers without wide ones */
#define TSK_WIDE_SCRATCH 4u

/* While pc is in [from, to) a failure continues at `target`. */
typedef struct tsk_bytecode_handler {
    uint32_t from, to, target;
} tsk_bytecode_handler;

/* The register of a value after position `from` and until position `to`; positions number the IR instructions
 * in the order of the code. */
typedef struct tsk_bytecode_live {
    tsk_ir_inst *value;
    uint32_t reg;
    uint32_t from, to;
} tsk_bytecode_live;

typedef struct tsk_bytecode_point {
    uint32_t pc, position;
    tsk_ir_inst *inst;
} tsk_bytecode_point;

struct tsk_eval;
struct tsk_frame;
/* Runs a frame to its end: the result, or TSK_JS_THROWN. */
typedef tsk_value (*tsk_native_fn)(struct tsk_eval *ev, struct tsk_frame *frame);

/* Native code that goes on at a loop head. */
typedef struct tsk_native_loop {
    struct tsk_native_loop *next;
    uint32_t pc, turns;
    bool asked, looked;
    tsk_native_fn entry; /* NULL: not there yet, or refused */
} tsk_native_loop;

typedef struct tsk_bytecode {
    const char *name;
    tsk_ir_func *func;
    tsk_insn *insns;
    uint32_t frame_bytes;
    uint32_t entry;       /* TSK_ENTER_*: how a call may begin */
    uint32_t first_param; /* parameters stand in registers from here on */
    uint32_t declared;    /* of the parameters of a function: those that its text names */
    tsk_value missing;    /* what they are without an argument */
    uint32_t params;
    uint32_t count;
    uint32_t regs;
    tsk_effect effect;
    tsk_value *consts;
    uint32_t const_count;
    uint32_t *lists;
    uint32_t list_words;
    tsk_ir_func **funcs; /* of CLOSURE */
    uint32_t func_count;
    tsk_bytecode_handler *handlers; /* by ascending pc, disjoint */
    uint32_t handler_count;
    tsk_span *spans;            /* by pc */
    uint32_t *feedback;         /* by pc: kinds of operands seen, see TSK_FEEDBACK_* */
    tsk_bytecode_point *points; /* safepoints by ascending pc */
    uint32_t point_count;
    tsk_bytecode_live *live; /* by ascending `from`: what is live at all safepoints, in one table */
    uint32_t live_count;
    uint32_t calls, turns; /* counted executions; relaxed atomics */
    /* Of functions of ECMAScript: see native.h. */
    tsk_native_fn native; /* NULL: none */
    tsk_native_fn quiet;  /* the same, when a call of it needs no guard: see tsk_native_object; or NULL */
    tsk_native_loop *loops;
    struct tsk_native_code *pieces; /* of native code */
    const struct tsk_code_map *map;
    const tsk_ir_func **targets; /* by pc of calls: the one called, TSK_NATIVE_MANY or TSK_NATIVE_C; NULL: not noted */
    uint32_t plain_args;         /* how many arguments just go into registers; UINT32_MAX: calls need a closer look */
    uint32_t countdown; /* calls until something is to be done; 0: there is native code; UINT32_MAX: do not count */
    uint32_t state, exits, versions;
    uint32_t number;               /* in the order in which code was made */
    struct tsk_native_exits *left; /* how often it was left, by pc; NULL: never */
    bool no_entry_guess, refused, looked;
} tsk_bytecode;

/* Calls for which a function has nothing else to do than to take its arguments one by one; the interpreter pushes their
 * frames itself, unless there is native code. */
enum { TSK_ENTER_CALL = 1, TSK_ENTER_NEW = 2 };

/* Feedback of a site: sets of tsk_ir_type, each of 9 bits, and whether a guess of native code was wrong there. */
enum { TSK_FEEDBACK_LEFT = 0, TSK_FEEDBACK_RIGHT = 9, TSK_FEEDBACK_RESULT = 18, TSK_FEEDBACK_WRONG = 27 };

TSK_INLINE const tsk_bytecode *tsk_bytecode_of(const tsk_ir_func *func) {
    return (const tsk_bytecode *)__atomic_load_n(&func->code, __ATOMIC_ACQUIRE);
}

/* Makes the code of a function, also published as func->code.  The functions that it closes over need code of their
 * own before it runs.  Code lives in `arena`; `scratch` may be reset afterwards. */
const tsk_bytecode *tsk_bytecode_generate(tsk_arena *arena, tsk_arena *scratch, tsk_ir_func *func);

struct tsk_code_map;
/* Where everything is in code that was made before (native.h); made by going the same way again. NULL: the function has
 * too many registers. */
const struct tsk_code_map *tsk_bytecode_map(tsk_arena *arena, tsk_arena *scratch, const tsk_bytecode *code);

/* Fills inst->frame of the function's safepoints, so that the text form of the IR shows frame states. States are
 * made on demand, as all of them together can be quadratic; a function whose states are larger than `max_entries`
 * in sum gets none and false is returned. */
bool tsk_bytecode_attach_frames(const tsk_bytecode *code, tsk_arena *arena, size_t max_entries);
/* A data slot follows. */
bool tsk_opcode_has_slot(tsk_opcode op);
void tsk_bytecode_print(tsk_buf *out, const tsk_bytecode *code, const tsk_ir_env *env);

/* ---- regalloc.c: used by codegen.c ---- */
typedef struct tsk_regalloc {
    tsk_arena *scratch;
    tsk_ir_func *func;
    tsk_ir_block **order; /* blocks as they will be laid out: reverse postorder */
    uint32_t block_count;
    uint32_t *position;   /* of a block in `order`, by id */
    uint32_t value_count; /* values are numbered by inst->mark */
    tsk_ir_inst **values;
    uint32_t *start, *end; /* interval in positions; end 0: never needs a register */
    uint32_t *reg;
    uint32_t regs, first_param;
    uint32_t *uses; /* by value: how many operands name it */
    bool wide, fuse;
} tsk_regalloc;

void tsk_regalloc_run(tsk_regalloc *ra, tsk_ir_func *func, tsk_arena *scratch, bool fuse);
/* Operands of this instruction are in a list, where constants need no register. */
bool tsk_regalloc_lists(const tsk_ir_inst *inst);
/* The comparison in front of the branch that alone wants it, so both are one instruction. */
bool tsk_regalloc_fused(const tsk_regalloc *ra, const tsk_ir_inst *inst);

/* ---- codegen_js.c: the same questions for operations of functions ---- */
bool tsk_regalloc_lists_js(const tsk_ir_inst *inst);
bool tsk_regalloc_is_condition(const tsk_ir_inst *inst);
/* Operand `arg` is a small integer that stands in the instruction. */
bool tsk_regalloc_immediate(const tsk_ir_inst *inst, uint32_t arg, bool fused);

#endif
