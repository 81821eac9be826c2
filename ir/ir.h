/* The intermediate representation: SSA with block parameters.
 *
 *   module -> functions -> blocks -> instructions (= values)
 *
 *   func @database.url(0) {
 *   b0:
 *     %0 = key 3  ; $host
 *     %1 = const "postgres://"
 *     %2 = add %1, %0 : string
 *     return %2
 *   }
 *
 * A function is the body of a thunk (no parameters) or of a lambda.  Control flow joins pass values
 * by arguments of edges to block parameters; there are no phi instructions.  A block may name a
 * handler: when one of its instructions throws, control continues there (the handler takes no
 * parameters and sees values that dominate the block).  That is how `??`, `|` and `||` catch.
 *
 * Invariants (tsk_ir_verify)
 *  - Every block ends in exactly one terminator; block 0 is the entry and no edge or handler goes to it.
 *  - Every argument dominates its use; edge arguments match the target's parameters in number.
 *  - A handler has no parameters; values of the block it guards, its parameters included, are not visible in it.
 *  - The type of a value is never empty, and that of an edge's argument lies within the type of its parameter.
 *    Passes only ever narrow a type.
 *  - A list under construction is read only after its last LIST_PUSH.
 *  - Argument counts and immediates fit instructions.def; OP and KEY numbers exist when a graph is given.
 *  - A frame state names values that dominate its instruction.
 *
 * Everything lives in the module's arena; a module is used by one thread at a time.
 */
#ifndef TSK_IR_H
#define TSK_IR_H

#include "runtime/base/diag.h"
#include "runtime/base/value.h"

typedef enum tsk_ir_op {
#define X(name, args, type, flags) TSK_IR_##name,
#include "ir/tables/instructions.def"
#undef X
    TSK_IR_OP_COUNT
} tsk_ir_op;

/* A set of kinds a value may have: the lattice is set inclusion. */
typedef enum tsk_ir_type {
    TSK_TY_NONE = 0,
    TSK_TY_NULL = 1, /* and undefined */
    TSK_TY_BOOL = 2,
    TSK_TY_I32 = 4,
    TSK_TY_I64 = 8, /* an integer outside int32 */
    TSK_TY_DOUBLE = 16,
    TSK_TY_STRING = 32,
    TSK_TY_ARRAY = 64,
    TSK_TY_OBJECT = 128,
    TSK_TY_FUNCTION = 256,
    TSK_TY_INT = TSK_TY_I32 | TSK_TY_I64,
    TSK_TY_NUMBER = TSK_TY_INT | TSK_TY_DOUBLE,
    TSK_TY_ANY = 511, /* of configurations */
    /* Of functions, whose arrays and functions are objects. */
    TSK_TY_CELL = 256, /* a box or an iteration; the bit is shared, as no function of ours sees both */
    TSK_TY_SYMBOL = 512,
    TSK_TY_HOLE = 1024, /* no element, end of an iteration, variable that is not initialized */
    TSK_TY_JS_NUMBER = TSK_TY_I32 | TSK_TY_DOUBLE,
    TSK_TY_JS = TSK_TY_NULL | TSK_TY_BOOL | TSK_TY_JS_NUMBER | TSK_TY_STRING | TSK_TY_OBJECT | TSK_TY_SYMBOL,
    TSK_TY_ALL = 2047
} tsk_ir_type;

/* Not a value of any program: see TSK_TY_HOLE. */
#define TSK_VALUE_HOLE ((tsk_value){TSK_BITS(TSK_TAG_CONST, 4)})

enum { /* instruction flags */
       TSK_IR_P = 1,
       TSK_IR_N = 2,
       TSK_IR_S = 4,
       TSK_IR_T = 8,
       TSK_IR_L = 16,
       TSK_IR_W = 32
};

/* When a value is known, in rising order: binding times and effects in one scale. */
typedef enum tsk_effect {
    TSK_EFFECT_PURE,     /* at compile time */
    TSK_EFFECT_SNAPSHOT, /* once a snapshot: environment, files */
    TSK_EFFECT_CONTEXT,  /* once a context: clock, random, queries, variables */
    TSK_EFFECT_WRITE     /* at most once a context, in source order; never folded, merged or moved */
} tsk_effect;

typedef struct tsk_ir_inst tsk_ir_inst;
typedef struct tsk_ir_block tsk_ir_block;
typedef struct tsk_ir_func tsk_ir_func;

/* How to rebuild the interpreter's frame at this instruction. */
typedef struct tsk_ir_frame {
    struct tsk_ir_frame *outer; /* of the function that this one was inlined into */
    tsk_ir_func *func;
    uint32_t pc; /* of the baseline code */
    bool after;  /* resume after the operation, its result stored, instead of before it */
    uint32_t count;
    struct {
        uint32_t reg;
        tsk_ir_inst *value;
    } * regs; /* live registers only */
} tsk_ir_frame;

struct tsk_ir_inst {
    uint16_t op;   /* tsk_ir_op */
    uint16_t type; /* tsk_ir_type set */
    uint32_t id;   /* dense in the function, see tsk_ir_number: values first, then instructions without a value */
    tsk_span span; /* the source this came from */
    tsk_ir_block *block;
    tsk_ir_inst *prev, *next; /* in the block */
    union {
        tsk_value value;
        uint64_t index;
        tsk_ir_func *func;
    } imm;
    tsk_ir_frame *frame;   /* safepoints: NULL until baseline code exists */
    tsk_ir_inst *replaced; /* by this value: see tsk_ir_resolve */
    uint32_t mark;         /* scratch of the running pass */
    uint32_t count;        /* of args */
    tsk_ir_inst **args;
};

typedef struct tsk_ir_edge {
    tsk_ir_block *to;
    tsk_ir_inst **args; /* one for each parameter of `to` */
    uint32_t count;
} tsk_ir_edge;

struct tsk_ir_block {
    uint32_t id; /* dense */
    tsk_ir_func *func;
    tsk_ir_block *next; /* in layout order */
    tsk_ir_block *link; /* worklist of the running pass */
    tsk_ir_block *handler;
    tsk_ir_inst **params; /* these are not in the list first..last */
    uint32_t param_count, param_cap;
    tsk_ir_inst *first, *last;
    tsk_ir_edge edges[2]; /* of the terminator: JUMP has one, BRANCH two; the others have to == NULL */
    uint32_t mark;        /* scratch of the running pass */
};

/* imm.index of JS_DEFINE and JS_PRIVATE_ADD. */
typedef enum tsk_ir_js_member {
    TSK_IR_JS_FIELD,
    TSK_IR_JS_METHOD, /* of a class: not enumerable; private: not writable */
    TSK_IR_JS_GETTER,
    TSK_IR_JS_SETTER,
    TSK_IR_JS_ENUMERABLE = 4 /* added for accessors in object literals */
} tsk_ir_js_member;

/* First argument of JS_GLOBAL_DECLARE.  A script first checks all its names, then declares. */
typedef enum tsk_ir_js_global {
    TSK_IR_JS_CHECK_VAR, /* SyntaxError when a lexical binding has the name; value is not used */
    TSK_IR_JS_CHECK_FUNCTION,
    TSK_IR_JS_CHECK_LEXICAL,
    TSK_IR_JS_VAR,
    TSK_IR_JS_FUNCTION,
    TSK_IR_JS_LET, /* made, not initialized */
    TSK_IR_JS_CONST,
    TSK_IR_JS_INITIALIZE
} tsk_ir_js_global;

enum {                            /* tsk_ir_js.flags */
       TSK_IR_FN_CONSTRUCTOR = 1, /* may be called with new */
       TSK_IR_FN_CLASS = 2,       /* only with new */
       TSK_IR_FN_DERIVED = 4,     /* `this` is made by super() */
       TSK_IR_FN_ARROW = 8,
       TSK_IR_FN_ALL_ARGS = 16, /* the last parameter is an array of the arguments from `rest_from` on */
       TSK_IR_FN_SCRIPT = 32,
       TSK_IR_FN_LIBRARY = 64 /* of the library: shows no text and no place */
};

/* imm.index of JS_LIBRARY. */
typedef enum tsk_ir_library {
#define X(name, op)
#define Y(name, function) TSK_IR_LIBRARY_##name,
#include "ir/tables/library.def"
#undef X
#undef Y
    TSK_IR_LIBRARY_COUNT
} tsk_ir_library;

/* What functions have beyond lambdas.  Parameters of the entry block: this, the function that runs, new.target, the
 * declared ones (undefined when missing; defaults and patterns are code), and with ALL_ARGS the array. */
enum { TSK_IR_JS_THIS, TSK_IR_JS_CALLEE, TSK_IR_JS_NEW_TARGET, TSK_IR_JS_DECLARED };
typedef struct tsk_ir_js {
    tsk_slice name;     /* its `name` property; WTF-8 */
    uint32_t length;    /* its `length` property */
    uint32_t flags;     /* complete with the parse: other threads read them while the body is made */
    bool marks_missing; /* parameters without an argument are HOLE, not undefined; known with the body */
    uint32_t rest_from;
    uint32_t locals; /* variables that exception handlers see changed: JS_LOCAL_GET and _SET */
    tsk_span span;   /* of the whole text, for toString */
    const tsk_source *source;
    const void *home; /* of a function of a configuration: the scope it stands in, the frontend's; NULL: a script */
    void *ast;        /* what the frontend needs to make the body; NULL: made */
    const void *tree; /* the same, for messages */
} tsk_ir_js;

struct tsk_ir_func {
    const char *name; /* unique in the module */
    struct tsk_ir_module *module;
    tsk_ir_func *next;
    uint32_t params; /* of a lambda; they are the parameters of the entry block */
    uint32_t captures;
    tsk_ir_block *entry, *last;
    uint32_t block_count, value_count, inst_count; /* after tsk_ir_number; inst_count includes the values */
    tsk_effect effect; /* latest binding time of anything it does; WRITE until tsk_ir_summarize has looked */
    bool may_suspend;
    void *code;    /* baseline code, owned by the interpreter */
    tsk_ir_js *js; /* a function of ECMAScript; NULL: of the configuration */
};

typedef struct tsk_ir_module {
    tsk_arena *arena;
    tsk_ir_func *first, *last;
    tsk_object *names; /* of functions: how often each was asked for */
    bool fold;         /* the builder folds as it goes */
} tsk_ir_module;

/* JS_OUTER of the context object, `context` and in a function of its own `this`. */
enum { TSK_IR_JS_CONTEXT };

/* What folding and effects are asked of; filled by the engine, so that ir/ knows no runtime. */
typedef struct tsk_ir_env {
    void *user;
    /* Computes a pure instruction on constants.  False: throws or cannot be folded. */
    bool (*fold)(void *user, tsk_arena *arena, tsk_ir_op op, tsk_value imm, const tsk_value *args, uint32_t count,
                 tsk_value *out);
    /* Calls a pure operator on constants. */
    bool (*fold_op)(void *user, tsk_arena *arena, uint32_t number, const tsk_value *args, uint32_t count,
                    tsk_value *out);
    tsk_effect (*op_effect)(void *user, uint32_t number);
    const char *(*op_name)(void *user, uint32_t number); /* NULL: no such operator */
    bool (*op_number)(void *user, const char *name,
                      uint32_t *number); /* for lowering and the parser of the text form */
    void (*op_arity)(void *user, uint32_t number, int *min, int *max); /* max -1: any number */
    /* A better operator when the first argument is this text: FILE of "write" is FILE_OP_WRITE. */
    bool (*op_specialize)(void *user, uint32_t number, tsk_slice first, uint32_t *better);
    tsk_effect (*key_effect)(void *user, uint32_t thunk);
    /* True when the thunk is already known to be this constant. */
    bool (*key_constant)(void *user, uint32_t thunk, tsk_value *out);
    const char *(*key_name)(void *user, uint32_t thunk); /* for comments in the text form; may give NULL */
    /* The number for JS_OUTER of `parts` joined with dots: what a function of the configuration does not declare, seen
     * from the scope `home`.  False: the configuration has none, or the name is a built-in one.  NULL: see false. */
    bool (*outer)(void *user, const void *home, const tsk_slice *parts, uint32_t count, uint32_t *number);
    /* A text of the configuration that is a function, as a function value; null: it is not right, `problem` says why. */
    tsk_value (*function)(void *user, tsk_value text, const void *home, tsk_slice name, const char **problem);
    bool (*is_secret)(void *user, tsk_slice name);   /* the name of a key whose value is not shown */
    bool (*is_built_in)(void *user, tsk_slice name); /* a name that functions have everywhere */
    uint32_t thunk_count;
} tsk_ir_env;

/* ---- module and builder (ir.c, build.c) ---- */
tsk_ir_module *tsk_ir_module_new(tsk_arena *arena);
/* With its entry block, which has `params` parameters.  A name that is taken gets a number: "map", "map~2". */
tsk_ir_func *tsk_ir_func_new(tsk_ir_module *module, const char *name, uint32_t params, uint32_t captures);
/* A function of ECMAScript with `declared` parameters; parameters of the entry block as tsk_ir_js says.  Copies `js`. */
tsk_ir_func *tsk_ir_js_func_new(tsk_ir_module *module, const char *name, const tsk_ir_js *js, uint32_t declared,
                                uint32_t captures);
tsk_ir_block *tsk_ir_block_new(tsk_ir_func *func);
tsk_ir_inst *tsk_ir_block_param(tsk_ir_block *block, tsk_ir_type type);

/* Emits at the end of `block`.  With module->fold set, an instruction with constant arguments comes back as a
 * constant, and x+0-like identities that hold for every type come back as the argument. */
typedef struct tsk_ir_builder {
    tsk_ir_func *func;
    tsk_ir_block *block;   /* NULL after a terminator */
    tsk_span span;         /* given to every new instruction */
    tsk_ir_block *handler; /* given to every new block, see tsk_ir_build_block */
    const tsk_ir_env *env;
} tsk_ir_builder;

tsk_ir_block *tsk_ir_build_block(tsk_ir_builder *b); /* new block with the builder's handler; does not move there */
tsk_ir_inst *tsk_ir_const(tsk_ir_builder *b, tsk_value v);
tsk_ir_inst *tsk_ir_emit(tsk_ir_builder *b, tsk_ir_op op, tsk_value imm, tsk_ir_inst *const *args, uint32_t count);
tsk_ir_inst *tsk_ir_emit_index(tsk_ir_builder *b, tsk_ir_op op, uint64_t index, tsk_ir_inst *const *args,
                               uint32_t count);
tsk_ir_inst *tsk_ir_emit_closure(tsk_ir_builder *b, tsk_ir_func *func, tsk_ir_inst *const *captures, uint32_t count);
tsk_ir_inst *tsk_ir_emit1(tsk_ir_builder *b, tsk_ir_op op, tsk_ir_inst *a);
tsk_ir_inst *tsk_ir_emit2(tsk_ir_builder *b, tsk_ir_op op, tsk_ir_inst *a, tsk_ir_inst *c);
void tsk_ir_jump(tsk_ir_builder *b, tsk_ir_block *to, tsk_ir_inst *const *args, uint32_t count);
/* Edges without arguments. */
void tsk_ir_branch(tsk_ir_builder *b, tsk_ir_inst *condition, tsk_ir_block *yes, tsk_ir_block *no);
void tsk_ir_return(tsk_ir_builder *b, tsk_ir_inst *value);

/* The constant that an instruction gives for constant arguments (its own are not looked at): asks env->fold,
 * fold_op or key_constant.  False: it throws, has an effect or cannot be known now. */
bool tsk_ir_fold(tsk_ir_func *func, const tsk_ir_env *env, const tsk_ir_inst *inst, const tsk_value *values,
                 tsk_value *out);

/* ---- editing (ir.c) and queries (query.c) ---- */
const char *tsk_ir_op_name(tsk_ir_op op); /* as in the table: "ADD"; the text form has it in lower case */
unsigned tsk_ir_op_flags(tsk_ir_op op);
int tsk_ir_op_args(tsk_ir_op op);
tsk_ir_type tsk_ir_op_type(tsk_ir_op op); /* of the result, whatever the arguments */
tsk_ir_type tsk_ir_type_of(tsk_value v);
bool tsk_ir_is_value(const tsk_ir_inst *inst); /* has a result that others may use */
/* Takes away kinds that are not in `set`; never all of them.  True when the type changed. */
bool tsk_ir_narrow(tsk_ir_inst *inst, tsk_ir_type set);
bool tsk_ir_is(const tsk_ir_inst *inst, tsk_ir_type set); /* proven: a kind in `set` whenever it is computed */
/* The kinds the result can have, from the operation and the types of its arguments; PARAM, CAPTURE: as declared. */
tsk_ir_type tsk_ir_infer(const tsk_ir_inst *inst);
tsk_effect tsk_ir_effect(const tsk_ir_inst *inst, const tsk_ir_env *env);
bool tsk_ir_can_throw(const tsk_ir_inst *inst);
/* Pure and cannot throw: may go when unused. */
bool tsk_ir_removable(const tsk_ir_inst *inst, const tsk_ir_env *env);
void tsk_ir_remove(tsk_ir_inst *inst);
void tsk_ir_append(tsk_ir_block *block, tsk_ir_inst *inst);
void tsk_ir_insert_before(tsk_ir_inst *place, tsk_ir_inst *inst);
tsk_ir_inst *tsk_ir_inst_new(tsk_ir_func *func, tsk_ir_op op, uint32_t count);
/* Every use of `old` will be `by`; uses are rewritten by tsk_ir_apply_replacements at the end of a pass. */
void tsk_ir_replace(tsk_ir_inst *old, tsk_ir_inst *by);
tsk_ir_inst *tsk_ir_resolve(tsk_ir_inst *inst);
void tsk_ir_apply_replacements(tsk_ir_func *func);
/* Drops blocks that cannot be reached; gives the number of instructions that went with them. */
uint32_t tsk_ir_drop_unreachable(tsk_ir_func *func);
/* Renumbers blocks (unreachable ones are dropped) and values densely in layout order. */
void tsk_ir_number(tsk_ir_func *func);
/* Runs `body` with an arena that is freed afterwards, also when an allocation leaves by the trap of `around`. */
void tsk_ir_with_scratch(tsk_arena *around, void (*body)(void *user, tsk_arena *scratch), void *user);
/* Recomputes func->effect and result types from instructions. */
void tsk_ir_summarize(tsk_ir_func *func, const tsk_ir_env *env);
/* It has an operation that may wait: a call, a key, an operator. */
bool tsk_ir_may_suspend(const tsk_ir_func *func);
void tsk_ir_summarize_effects(tsk_ir_func *func, const tsk_ir_env *env); /* leaves the types alone */
/* The function is `return const`: true and the value. */
bool tsk_ir_is_constant(const tsk_ir_func *func, tsk_value *out);

/* ---- dominators (dominators.c) ---- */
typedef struct tsk_ir_dominators {
    tsk_ir_block **order; /* reverse postorder, handlers count as successors */
    uint32_t count;
    uint32_t *idom;     /* by position in order; the entry's is 0 */
    uint32_t *position; /* by block id */
    struct {
        uint32_t enter, leave;         /* of the block's begin in a walk of the dominator tree */
        uint32_t end_enter, end_leave; /* of its end: all of its instructions have run */
    } * walk;                          /* by position */
} tsk_ir_dominators;
/* Numbers the function, so unreachable blocks are gone and every block has a position. */
void tsk_ir_dominators_build(tsk_ir_dominators *d, tsk_ir_func *func, tsk_arena *scratch);
bool tsk_ir_dominates(const tsk_ir_dominators *d, const tsk_ir_block *a, const tsk_ir_block *b);
/* Values of `a` may be used in `b`: every path to b runs through the whole of a, not into its handler. */
bool tsk_ir_visible(const tsk_ir_dominators *d, const tsk_ir_block *a, const tsk_ir_block *b);

/* ---- text form (print.c, parse.c) ---- */
void tsk_ir_print_func(tsk_buf *out, tsk_ir_func *func, const tsk_ir_env *env);
void tsk_ir_print(tsk_buf *out, tsk_ir_module *module, const tsk_ir_env *env);
/* NULL on error, which is reported. Reads what tsk_ir_print writes. */
tsk_ir_module *tsk_ir_parse(tsk_arena *arena, const tsk_source *source, tsk_diags *diags, const tsk_ir_env *env);

/* ---- verifier (verify.c) ---- */
/* True when every invariant holds; otherwise reports E0602 with the function, block and value. */
bool tsk_ir_verify(tsk_ir_func *func, const tsk_ir_env *env, tsk_diags *diags);

/* ---- passes (passes/) ---- */
typedef struct tsk_ir_pass_stats {
    uint32_t runs, changed; /* instructions removed, replaced or simplified */
} tsk_ir_pass_stats;

typedef struct tsk_ir_pass {
    const char *name;
    const char *summary;
    /* The number of changes made. */
    uint32_t (*run)(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch);
} tsk_ir_pass;

/* One line a pass in ir/tables/passes.def, in the default order. */
extern const tsk_ir_pass tsk_ir_passes[];
extern const size_t tsk_ir_pass_count;
const tsk_ir_pass *tsk_ir_pass_find(const char *name, size_t len);

typedef struct tsk_ir_pipeline {
    const tsk_ir_pass *passes[32];
    tsk_ir_pass_stats stats[32];
    uint32_t count;
    bool verify; /* after every pass; always on in debug builds */
} tsk_ir_pipeline;

void tsk_ir_pipeline_default(tsk_ir_pipeline *p);
/* "sccp,dce" or "-sccp" (default without it) or "none".  False: `*unknown` is the bad name. */
bool tsk_ir_pipeline_parse(tsk_ir_pipeline *p, const char *text, tsk_slice *unknown);
/* Runs to a fixed point, at most four rounds.  False only if verification failed. */
bool tsk_ir_pipeline_run(tsk_ir_pipeline *p, tsk_ir_func *func, const tsk_ir_env *env, tsk_diags *diags);

#endif
