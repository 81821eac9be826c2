/* What codegen.c and codegen_js.c share: the state of one generation, and how instructions and lists are emitted. */
#ifndef TSK_CODEGEN_H
#define TSK_CODEGEN_H

#include "runtime/interp/interp.h"

enum {
    TSK_SCRATCH_RESULT = 0,
    TSK_SCRATCH_FIRST = 0,
    TSK_SCRATCH_SECOND = 1,
    TSK_SCRATCH_MOVE = 2,
    TSK_SCRATCH_CYCLE = 3
};

typedef struct tsk_fixup {
    uint32_t pc;
    uint32_t block; /* position in order */
} tsk_fixup;

typedef struct tsk_stub {
    uint32_t pc; /* of the branch */
    const tsk_ir_edge *edge;
    const tsk_ir_block *from;
} tsk_stub;

#define TSK_VECTOR(type)                                                                                               \
    struct {                                                                                                           \
        type *at;                                                                                                      \
        uint32_t count, cap;                                                                                           \
    }

typedef struct tsk_codegen {
    tsk_regalloc ra;
    tsk_arena *arena, *scratch;
    const void *const *labels;
    TSK_VECTOR(tsk_insn) insns;
    TSK_VECTOR(tsk_span) spans;
    TSK_VECTOR(tsk_value) consts;
    TSK_VECTOR(uint32_t) lists;
    TSK_VECTOR(tsk_ir_func *) funcs;
    TSK_VECTOR(tsk_fixup) fixups;
    TSK_VECTOR(tsk_stub) stubs;
    TSK_VECTOR(tsk_bytecode_handler) handlers;
    TSK_VECTOR(tsk_bytecode_point) points;
    uint32_t *block_pc;
    uint32_t *const_of; /* by value: index in consts + 1 */
    uint32_t temp;      /* register for cycles of moves; TSK_NO_REG until one occurs */
    /* Of parallel moves, by register: how many wait to read it, and what it gets (register + 1). */
    uint32_t *readers, *source;
    uint32_t *pc_of, *position_of; /* by value, see tsk_bytecode_map; NULL: not wanted */
    bool map;
    tsk_span span;
    bool too_far; /* a near jump does not reach its target */
} tsk_codegen;

#define TSK_CODEGEN_PUSH(cg, vector, item)                                                                             \
    do {                                                                                                               \
        if ((cg)->vector.count == (cg)->vector.cap) {                                                                  \
            uint32_t cap_ = (cg)->vector.cap ? (cg)->vector.cap * 2 : 16;                                              \
            (cg)->vector.at = tsk_arena_grow((cg)->scratch, (cg)->vector.at,                                           \
                                             (cg)->vector.cap * sizeof *(cg)->vector.at,                               \
                                             cap_ * sizeof *(cg)->vector.at);                                          \
            (cg)->vector.cap = cap_;                                                                                   \
        }                                                                                                              \
        (cg)->vector.at[(cg)->vector.count++] = (item);                                                                \
    } while (0)

uint32_t tsk_codegen_emit(tsk_codegen *cg, tsk_opcode op, uint32_t a, uint32_t b, uint32_t c);
/* With a number of 32 bits in b and c. */
uint32_t tsk_codegen_emit_wide(tsk_codegen *cg, tsk_opcode op, uint32_t a, uint32_t bc);
/* The operands of an instruction in a list, with `extra` in front. */
void tsk_codegen_emit_list(tsk_codegen *cg, tsk_opcode op, const tsk_ir_inst *inst, uint32_t extra);
void tsk_codegen_emit_slot(tsk_codegen *cg, const void *first, const void *second);
uint32_t tsk_codegen_add_const(tsk_codegen *cg, tsk_value v);
uint32_t tsk_codegen_add_func(tsk_codegen *cg, tsk_ir_func *func);
/* A register that an instruction can name, loaded by way of `scratch` when the value's own is too far. */
uint32_t tsk_codegen_use(tsk_codegen *cg, const tsk_ir_inst *inst, uint32_t scratch);
/* The register for the result of an instruction. */
uint32_t tsk_codegen_result(const tsk_codegen *cg, const tsk_ir_inst *inst);

void tsk_codegen_move(tsk_codegen *cg, uint32_t to, uint32_t from);

/* ---- codegen_js.c: functions of ECMAScript ---- */
tsk_value tsk_codegen_js_const(tsk_codegen *cg, tsk_value v);
void tsk_codegen_js_throw(tsk_codegen *cg, const tsk_ir_inst *inst);
void tsk_codegen_js(tsk_codegen *cg, tsk_ir_inst *inst);
void tsk_codegen_js_entry(tsk_bytecode *code, const tsk_ir_func *func);
/* The comparison and the jump in one: jumps when the condition holds, or when it does not.  Gives the pc of the
 * instruction, whose distance codegen.c patches. */
uint32_t tsk_codegen_js_branch(tsk_codegen *cg, const tsk_ir_inst *condition, bool holds);

#endif
