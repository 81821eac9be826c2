/* One function on its way from IR to LLVM: what the files of the backend share.
 *
 *   module.c ─► kinds.c: a kind set and a representation for every value
 *                 └► function.c: blocks, entry, edges, returns ─► emit_*.c: instructions by group
 *                       └► exit.c: guards, exits into the interpreter, exceptions          ─► pipeline.c: passes, object
 *
 * Invariants
 *  - A value has one representation, fixed before code is emitted; conversions are emitted where it is used.
 *  - Parameters of blocks, and in code that starts at a loop everything that is live there, are in memory slots, which
 *    the first pass makes registers of.
 *  - A guard stands before the first effect of its instruction, so the interpreter can do the instruction again.
 */
#ifndef TSK_JIT_UNIT_H
#define TSK_JIT_UNIT_H

#include "runtime/interp/native.h"
#include "runtime/js/model.h"

#include <llvm-c/Core.h>

typedef enum tsk_jit_rep {
    TSK_JIT_NOTHING, /* not computed, or a constant that is made where it is used */
    TSK_JIT_BOXED,   /* i64: a tsk_value */
    TSK_JIT_I32,
    TSK_JIT_F64,
    TSK_JIT_BOOL /* i1 */
} tsk_jit_rep;

typedef struct tsk_jit_value {
    uint16_t kinds; /* tsk_ir_type set; 0: nothing known yet */
    uint8_t rep;
    bool slot;        /* ref is the address of its slot */
    bool guessed;     /* a block parameter that takes numbers on the word of the feedback */
    LLVMValueRef ref; /* NULL: not emitted */
} tsk_jit_value;

/* What memory a load or store is about: nothing of one kind overlaps another. */
typedef enum tsk_jit_memory {
    TSK_JIT_FIXED,  /* never changes while the function runs */
    TSK_JIT_FRAME,  /* registers and fields of frames */
    TSK_JIT_STATE,  /* of the eval and the realm */
    TSK_JIT_HEADER, /* of cells: shapes, prototypes, lengths, addresses of elements */
    TSK_JIT_SLOT,   /* properties and boxes */
    TSK_JIT_ITEM,   /* of arrays */
    TSK_JIT_MEMORIES
} tsk_jit_memory;

typedef struct tsk_jit_inlined tsk_jit_inlined;
typedef struct tsk_jit_framed tsk_jit_framed;

/* What is known of a function that stands in the place of a call. */
typedef struct tsk_jit_body {
    const tsk_bytecode *code;
    const tsk_code_map *map;
    const tsk_ir_inst *call;
    tsk_jit_value *values;
    tsk_js_fact **facts;
    const uint32_t *feedback;
    uint16_t *seen;
    tsk_jit_inlined **inlines; /* in it, by mark */
} tsk_jit_body;

typedef struct tsk_jit_unit {
    const tsk_native_job *job;
    tsk_arena *arena;
    /* of the function that is looked at: the unit's, or one that is inlined in it */
    const tsk_bytecode *code;
    const tsk_code_map *map;
    tsk_js_fact **facts;           /* by mark: what the cache of the instruction knows */
    const uint32_t *feedback;      /* by pc */
    uint16_t *seen;                /* by mark: kinds seen wherever it is an operand */
    tsk_jit_inlined **inlines;     /* by mark of the call; NULL: called */
    tsk_jit_inlined *inlined;      /* without a frame; NULL: the unit's own, or one with a frame: */
    tsk_jit_framed *framed;        /* that; NULL: not in one */
    tsk_jit_framed **framed_calls; /* by mark of the call; NULL: not now */
    tsk_jit_rep result_rep;        /* of one that is inlined */
    bool bound;                    /* the code has addresses of this process in it */
    bool asks;                     /* it calls what may allocate or throw, see tsk_native_object */
    LLVMContextRef context;
    LLVMModuleRef module;
    LLVMBuilderRef b;
    LLVMValueRef fn;
    LLVMTypeRef i1, i8, i32, i64, f64, ptr, nothing, entry_type;
    LLVMValueRef aliasing[TSK_JIT_MEMORIES];
    LLVMValueRef likely, unlikely; /* weights of branches */
    unsigned aliasing_kind, weight_kind, invariant_kind;
    /* made at the entry */
    LLVMBasicBlockRef prologue;
    LLVMValueRef ev, frame, js, heap, code_address, insns, consts, helpers, captures, stack;
    LLVMValueRef fuel;         /* slot of the budget of steps, where it is kept; NULL: it is in the eval */
    LLVMValueRef c_room;       /* for arguments of functions of C; NULL: none yet */
    LLVMValueRef *locals;      /* slots of variables that handlers see */
    LLVMBasicBlockRef *blocks; /* by number of the IR's block; NULL: not reached */
    LLVMBasicBlockRef unwinding;
    struct tsk_jit_debug *debug; /* NULL: without */
    LLVMMetadataRef subprogram;
    LLVMValueRef shape_table; /* of portable code */
    uint32_t *shapes, shape_count, shape_cap;
    tsk_jit_value *values; /* by mark */
    /* of the instruction that is emitted */
    const tsk_ir_inst *inst;
    LLVMBasicBlockRef exit;
    LLVMBasicBlockRef block_throws; /* of its block */
    const tsk_ir_inst *checkpoint;  /* where the interpreter goes on when a guard of it fails */
    LLVMBasicBlockRef shared;       /* the exit there; NULL: not made yet */
} tsk_jit_unit;

#define TSK_JIT_NUMBER ((unsigned)TSK_TY_JS_NUMBER)

/* ---- module.c ---- */
typedef bool tsk_jit_maker(tsk_jit_unit *u, void *what, tsk_native_object *out, char *message, size_t size);
/* What `make` makes in the unit, whose module and arena are open for it alone.  False, with a message: memory was short,
 * LLVM gave up, or `make` said so. */
bool tsk_jit_make(tsk_jit_unit *u, tsk_jit_maker *make, void *what, tsk_native_object *out, char *message, size_t size);
void tsk_jit_add_function(tsk_jit_unit *u, const char *name);

/* ---- ahead.c ---- */
bool tsk_jit_ahead(const tsk_native_ahead *what, tsk_native_object *out, char *message, size_t size);

/* ---- debug.c ---- */
struct tsk_jit_debug *tsk_jit_debug_begin(tsk_jit_unit *u, const char *main_file, const tsk_native_watch *watch);
void tsk_jit_debug_end(tsk_jit_unit *u);
void tsk_jit_debug_function(tsk_jit_unit *u, const char *linkage_name);
/* What is emitted from now on is of the instruction at `pc`. */
void tsk_jit_debug_place(tsk_jit_unit *u, uint32_t pc);

/* ---- kinds.c ---- */
void tsk_jit_find_kinds(tsk_jit_unit *u);
/* The kinds of operand `i` where it is used: proven, or seen. */
unsigned tsk_jit_kinds_at(const tsk_jit_unit *u, const tsk_ir_inst *inst, uint32_t i);
/* The kinds of the result, given those of the operands. */
unsigned tsk_jit_result_kinds(tsk_jit_unit *u, const tsk_ir_inst *inst);
/* The kinds of operand `i` that the interpreter noted; 0: none. */
unsigned tsk_jit_seen(const tsk_jit_unit *u, const tsk_ir_inst *inst, uint32_t i);
bool tsk_jit_only(unsigned kinds, unsigned set); /* not empty, and within the set */
/* A guess was wrong here before. */
bool tsk_jit_was_wrong(const tsk_jit_unit *u, const tsk_ir_inst *inst);

/* Parts of it, for the function that is looked at: what can be known at first, and until nothing grows. */
void tsk_jit_prepare_kinds(tsk_jit_unit *u);
void tsk_jit_flow(tsk_jit_unit *u);
void tsk_jit_choose_reps(tsk_jit_unit *u);
/* All of it, when the kinds of the parameters are known: calls that cannot be inlined after all give anything. */
void tsk_jit_settle_kinds(tsk_jit_unit *u);

/* ---- inline.c ---- */
/* The calls of the function that may be inlined, by mark. */
tsk_jit_inlined **tsk_jit_find_inlines(tsk_jit_unit *u);
/* Kinds of its result, given those of the arguments. */
unsigned tsk_jit_inlined_kinds(tsk_jit_unit *u, tsk_jit_inlined *in);
/* When all kinds are known: is it so that nothing happens before a guard of it? */
bool tsk_jit_can_inline(tsk_jit_unit *u, tsk_jit_inlined *in);
/* Nobody notices when the instruction is done twice, as it is emitted. */
bool tsk_jit_is_pure(tsk_jit_unit *u, const tsk_ir_inst *inst);
void tsk_jit_choose_inlined_reps(tsk_jit_unit *u, tsk_jit_inlined *in);
void tsk_jit_emit_inlined(tsk_jit_unit *u, const tsk_ir_inst *call, LLVMValueRef callee, LLVMValueRef receiver);
void tsk_jit_return_inlined(tsk_jit_unit *u, const tsk_ir_inst *v);
LLVMBasicBlockRef tsk_jit_inlined_exit(const tsk_jit_unit *u);
/* The one function that the call has called; NULL: there is none. */
const tsk_bytecode *tsk_jit_target_of(const tsk_jit_unit *u, const tsk_ir_inst *call);
uint32_t tsk_jit_first_argument(const tsk_ir_inst *call);
/* What the call passes for this parameter; NULL: the callee, or undefined. */
const tsk_ir_inst *tsk_jit_argument_for(const tsk_ir_inst *call, uint32_t param);
LLVMValueRef tsk_jit_constant_address(const tsk_jit_unit *u, const void *p);
/* The arguments, in the representations of the code that calls. */
void tsk_jit_take_arguments(tsk_jit_unit *u, const tsk_ir_inst *call, uint32_t count, LLVMValueRef callee,
                            LLVMValueRef receiver, LLVMValueRef *values, tsk_jit_rep *reps);
/* Slots are made where the code begins: elsewhere each turn of a loop would make them anew. */
LLVMValueRef tsk_jit_slot_at_entry(tsk_jit_unit *u, unsigned rep);
/* Inside of the function: slots for the parameters of its blocks, and the arguments into those of the first. */
void tsk_jit_give_arguments(tsk_jit_unit *u, const LLVMValueRef *values, const tsk_jit_rep *reps);
/* The unit becomes that of the function; gives what it was, for tsk_jit_go_back. */
tsk_jit_unit tsk_jit_enter(tsk_jit_unit *u, const tsk_jit_body *body);
/* Inside of it: what its feedback says. */
void tsk_jit_prepare_body(tsk_jit_unit *u, tsk_jit_body *body);
/* From a function that is part of the unit to the one that calls it; what is of the whole unit stays. */
void tsk_jit_go_back(tsk_jit_unit *u, const tsk_jit_unit *outer);

/* ---- framed.c ---- */
/* The calls whose function is part of the unit and has a frame, by mark. */
tsk_jit_framed **tsk_jit_find_framed(tsk_jit_unit *u);
/* The result, boxed; what is not as expected goes the slow way. */
LLVMValueRef tsk_jit_emit_framed(tsk_jit_unit *u, tsk_jit_framed *in, LLVMValueRef callee, LLVMValueRef receiver,
                                 LLVMBasicBlockRef slow);
/* In such a function, before anybody may look at its frame; `lasts`: every way through the block comes here. */
void tsk_jit_push_framed(tsk_jit_unit *u, bool lasts);
void tsk_jit_write_frame(tsk_jit_unit *u);
void tsk_jit_return_framed(tsk_jit_unit *u, LLVMValueRef boxed);
void tsk_jit_left_framed(tsk_jit_unit *u, LLVMValueRef value);
void tsk_jit_unwind_framed(tsk_jit_unit *u);

/* ---- function.c ---- */
bool tsk_jit_emit_function(tsk_jit_unit *u);
/* All blocks of a function that is inlined, from here. */
void tsk_jit_emit_blocks(tsk_jit_unit *u);
LLVMTypeRef tsk_jit_type_for(const tsk_jit_unit *u, unsigned rep);
LLVMValueRef tsk_jit_changed_to(tsk_jit_unit *u, LLVMValueRef v, tsk_jit_rep from, tsk_jit_rep to);
LLVMBasicBlockRef tsk_jit_block(tsk_jit_unit *u, const char *name);
void tsk_jit_at(tsk_jit_unit *u, LLVMBasicBlockRef block);
LLVMValueRef tsk_jit_int(const tsk_jit_unit *u, LLVMTypeRef type, uint64_t n);
LLVMValueRef tsk_jit_bits(const tsk_jit_unit *u, tsk_value v);
LLVMValueRef tsk_jit_address(tsk_jit_unit *u, LLVMValueRef base, int64_t offset);
LLVMValueRef tsk_jit_load(tsk_jit_unit *u, LLVMTypeRef type, LLVMValueRef base, int64_t offset, tsk_jit_memory memory);
void tsk_jit_store(tsk_jit_unit *u, LLVMValueRef v, LLVMValueRef base, int64_t offset, tsk_jit_memory memory);
/* Conditional branch; `yes` is the usual way when `likely`. */
void tsk_jit_branch(tsk_jit_unit *u, LLVMValueRef condition, LLVMBasicBlockRef yes, LLVMBasicBlockRef no, bool likely);
void tsk_jit_need(tsk_jit_unit *u, LLVMValueRef condition, LLVMBasicBlockRef otherwise); /* goes on where it holds */
LLVMValueRef tsk_jit_call(tsk_jit_unit *u, tsk_native_helper helper, LLVMValueRef *arguments);
/* One that takes any number of them. */
LLVMValueRef tsk_jit_call_with(tsk_jit_unit *u, tsk_native_helper helper, LLVMValueRef *arguments, unsigned passed);
/* The value of an instruction, in its own representation; and what an instruction gives. */
LLVMValueRef tsk_jit_ref(tsk_jit_unit *u, const tsk_ir_inst *v);
void tsk_jit_give(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef v, tsk_jit_rep rep);
/* Both ways of a little diamond meet: phi of what they bring. */
LLVMValueRef tsk_jit_meet(tsk_jit_unit *u, LLVMTypeRef type, LLVMValueRef a, LLVMBasicBlockRef from_a, LLVMValueRef b,
                          LLVMBasicBlockRef from_b);
/* The end of a slow way: the instruction gives `slow`, or what a quick way brought to `done`; both are boxed. */
void tsk_jit_give_either(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef quick, LLVMBasicBlockRef from,
                         LLVMValueRef slow, LLVMBasicBlockRef done);
/* Pops the frame and returns. */
void tsk_jit_return(tsk_jit_unit *u, LLVMValueRef boxed);

/* The number of a shape of this process: in portable code, from the table that is filled when the code is loaded. */
LLVMValueRef tsk_jit_shape(tsk_jit_unit *u, uint32_t number);
bool tsk_jit_knows_shape(const tsk_jit_unit *u, uint32_t number); /* code may speak of it */
/* Makes the table, when all code is emitted. */
void tsk_jit_finish_shapes(tsk_jit_unit *u, LLVMLinkage linkage);

/* ---- convert.c: representations; a guard may leave ---- */
LLVMValueRef tsk_jit_box(tsk_jit_unit *u, LLVMValueRef v, tsk_jit_rep rep);
LLVMValueRef tsk_jit_boxed(tsk_jit_unit *u, const tsk_ir_inst *v);
LLVMValueRef tsk_jit_as_i32(tsk_jit_unit *u, const tsk_ir_inst *v);
LLVMValueRef tsk_jit_as_f64(tsk_jit_unit *u, const tsk_ir_inst *v);
LLVMValueRef tsk_jit_unbox(tsk_jit_unit *u, LLVMValueRef boxed, tsk_jit_rep rep);
LLVMValueRef tsk_jit_has_tag(tsk_jit_unit *u, LLVMValueRef boxed, unsigned tag);
LLVMValueRef tsk_jit_pointer(tsk_jit_unit *u, LLVMValueRef boxed);
/* ToInt32 of a double. */
LLVMValueRef tsk_jit_truncate(tsk_jit_unit *u, LLVMValueRef d);

/* ---- exit.c ---- */
void tsk_jit_guard(tsk_jit_unit *u, LLVMValueRef condition);
/* Part of every guard: leaves on purpose, when exits are tested. */
void tsk_jit_stress(tsk_jit_unit *u);
void tsk_jit_leave(tsk_jit_unit *u); /* always */
void tsk_jit_exit_while_entering(tsk_jit_unit *u, uint32_t pc);
/* frame->pc is this instruction: before what may throw, collect or be seen in a trace. */
void tsk_jit_save_pc(tsk_jit_unit *u);
void tsk_jit_check_thrown(tsk_jit_unit *u, LLVMValueRef boxed);
void tsk_jit_check(tsk_jit_unit *u, LLVMValueRef not_thrown); /* i1 */
void tsk_jit_throw(tsk_jit_unit *u);                          /* an exception is pending */
LLVMBasicBlockRef tsk_jit_throws(tsk_jit_unit *u);            /* where it goes */
/* Writes the operands to their registers, for an instruction that a helper does. */
void tsk_jit_store_operands(tsk_jit_unit *u, const tsk_ir_inst *inst);
/* The instruction is done by the interpreter's own code: its result, boxed and not thrown. */
LLVMValueRef tsk_jit_step(tsk_jit_unit *u, const tsk_ir_inst *inst);
LLVMValueRef tsk_jit_insn(tsk_jit_unit *u, uint32_t pc);

/* ---- emit_*.c: false, not an instruction of the group ---- */
bool tsk_jit_emit_number(tsk_jit_unit *u, const tsk_ir_inst *inst);
bool tsk_jit_emit_compare(tsk_jit_unit *u, const tsk_ir_inst *inst);
bool tsk_jit_emit_property(tsk_jit_unit *u, const tsk_ir_inst *inst);
bool tsk_jit_emit_call(tsk_jit_unit *u, const tsk_ir_inst *inst);
bool tsk_jit_emit_item(tsk_jit_unit *u, const tsk_ir_inst *inst);
bool tsk_jit_emit_native(tsk_jit_unit *u, const tsk_ir_inst *inst);
bool tsk_jit_emit_alloc(tsk_jit_unit *u, const tsk_ir_inst *inst);
/* What the cache of the instruction knows was enough until now: what it does not know is left to the interpreter. */
bool tsk_jit_is_sure(const tsk_jit_unit *u, const tsk_ir_inst *inst);
/* Only items of dense arrays were seen here. */
bool tsk_jit_only_items(const tsk_jit_unit *u, const tsk_ir_inst *inst);
/* The number of the function of Math that the call most likely is, of a number; -1: none. */
int tsk_jit_math(const tsk_jit_unit *u, const tsk_ir_inst *inst);
/* The method of a call by the cache of the instruction; where the cache does not know, the interpreter goes on. */
LLVMValueRef tsk_jit_find_method(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef base);
/* What caches know, once and for all: what they learn meanwhile must not make one part of the code rely on what another
 * does not. */
void tsk_jit_copy_facts(tsk_jit_unit *u);
LLVMBasicBlockRef tsk_jit_exit_block(tsk_jit_unit *u);
/* The barrier, after `v` was stored into the cell. */
void tsk_jit_log_write(tsk_jit_unit *u, LLVMValueRef cell);
void tsk_jit_wrote(tsk_jit_unit *u, LLVMValueRef cell, const tsk_ir_inst *v);
/* The same of a cell that may be large: `v`, which is `value`, was stored into `slot`. */
void tsk_jit_wrote_at(tsk_jit_unit *u, LLVMValueRef cell, LLVMValueRef slot, const tsk_ir_inst *value, LLVMValueRef v);
/* Where what is not quick goes: into the interpreter when the instruction is sure of what it sees. */
LLVMBasicBlockRef tsk_jit_slow_block(tsk_jit_unit *u, bool sure);
/* The key as an unsigned 32-bit index; what is none goes the slow way. */
LLVMValueRef tsk_jit_index(tsk_jit_unit *u, const tsk_ir_inst *key, LLVMBasicBlockRef slow);
/* Adds an item behind the last one of an array, where there is room; `index`: that it gets, or NULL; `own`: whatever
 * prototypes have.  The new length. */
LLVMValueRef tsk_jit_append(tsk_jit_unit *u, LLVMValueRef base, const tsk_ir_inst *v, LLVMValueRef index, bool own,
                            LLVMBasicBlockRef slow);

/* The budget of steps, where a slot has it: begins at the entry, is written before and read after what uses it. */
void tsk_jit_begin_fuel(tsk_jit_unit *u);
void tsk_jit_fuel_out(tsk_jit_unit *u);
void tsk_jit_fuel_in(tsk_jit_unit *u);

/* ---- emit_native.c ---- */
enum { TSK_JIT_C_ARGUMENTS = 8 };
/* The call most likely calls a function of C. */
bool tsk_jit_calls_c(const tsk_jit_unit *u, const tsk_ir_inst *inst);
LLVMValueRef tsk_jit_call_c(tsk_jit_unit *u, const tsk_ir_inst *inst, uint32_t first, LLVMValueRef callee,
                            LLVMValueRef receiver, LLVMBasicBlockRef slow);
/* charCodeAt of a string, with an int32, whose result is one. */
bool tsk_jit_is_char_code(const tsk_jit_unit *u, const tsk_ir_inst *inst);
/* The string of the unit at `index` of a string of bytes. */
LLVMValueRef tsk_jit_item_of_string(tsk_jit_unit *u, LLVMValueRef string, LLVMValueRef index, LLVMBasicBlockRef slow);
/* base.name by the cache of the instruction. */
LLVMValueRef tsk_jit_get_named(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef base);

/* ---- disassemble.c ---- */
bool tsk_jit_disassemble(const void *code, size_t size,
                         void (*each)(void *user, size_t offset, size_t size, const char *text), void *user);

/* ---- pipeline.c ---- */
/* Runs `body`, which gives false with a message. LLVM ends the process when something in it goes badly wrong; here that ends
 * the body, what it has is lost, and nothing is compiled any more. */
bool tsk_jit_survive(bool (*body)(void *argument, char *message, size_t size), void *argument, char *message,
                     size_t size);
bool tsk_jit_make_object(tsk_jit_unit *u, tsk_native_object *out, char *message, size_t size);
/* The module of code that is compiled ahead, in the form that was asked for. */
bool tsk_jit_make_output(tsk_jit_unit *u, const tsk_native_ahead *what, tsk_native_object *out, char *message,
                         size_t size);

#endif
