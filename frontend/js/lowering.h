/* What the files of the lowering share: the state of one function.
 *
 *   lower.c ─ functions, names, this      lower_ssa.c ─ blocks, variables, parameters of blocks
 *   lower_expression.c, lower_call.c      values
 *   lower_target.c                        assignments and destructuring
 *   lower_statement.c, lower_exit.c       statements; break, continue, return, finally
 *   lower_class.c                         classes
 *
 * SSA is made on the fly (Braun et al., "Simple and Efficient Construction of Static Single Assignment Form", 2013):
 * reading a variable walks to the blocks before; a loop's header stays open until all of its jumps are known.
 *
 * Where a variable lives:
 *   global      scripts' outermost names                          JS_GLOBAL_*
 *   value       most of them                                      SSA
 *   pinned      assigned in a try, declared outside of it         JS_LOCAL_*, one register
 *   boxed       captured and changed                              JS_BOX_*; the box is a value
 *   captured    of a function outside                             CAPTURE: the value, or the box
 *
 * Invariants
 *  - l->b.block is NULL where control cannot be; statements are then skipped.
 *  - A block's handler is l->b.handler at the moment it is made.
 *  - A handler block has one virtual predecessor, the block before the try: what changes inside is pinned or boxed.
 */
#ifndef TSK_JS_LOWERING_H
#define TSK_JS_LOWERING_H

#include "frontend/js/lexer.h"
#include "frontend/js/lower.h"

typedef tsk_ir_inst *tsk_js_ir; /* a value */

/* What a function that has no body yet is made of: tsk_ir_js.ast. */
typedef struct tsk_lowering_unit {
    const tsk_js_function *function; /* NULL: the usual constructor of the class */
    const tsk_js_class_node *class_node;
} tsk_lowering_unit;

typedef struct tsk_lowering_pred {
    tsk_ir_block *block;
    uint32_t edge;
} tsk_lowering_pred;

typedef struct tsk_lowering_block {
    tsk_ir_block *block;
    tsk_lowering_pred *preds;
    uint32_t count, cap;
    bool open;            /* more predecessors will come */
    tsk_ir_block *before; /* of a handler */
    struct tsk_js_open_param {
        struct tsk_js_open_param *next;
        uint32_t variable;
        tsk_ir_inst *param;
    } * params; /* that wait until it is closed */
} tsk_lowering_block;

/* By a 64-bit key. */
typedef struct tsk_lowering_map {
    struct {
        uint64_t key;
        void *value; /* NULL: free */
    } * at;
    uint32_t count, cap;
} tsk_lowering_map;

typedef enum tsk_lowering_exit_kind { TSK_EXIT_RETURN, TSK_EXIT_BREAK, TSK_EXIT_CONTINUE } tsk_lowering_exit_kind;

/* A way out of a try with a finally. */
typedef struct tsk_lowering_exit {
    struct tsk_lowering_exit *next;
    tsk_lowering_exit_kind kind;
    const tsk_js_node *target;
    int32_t number;
} tsk_lowering_exit;

/* What a break, continue or return passes on its way out. */
typedef struct tsk_lowering_context {
    struct tsk_lowering_context *outer;
    const tsk_js_node *statement; /* loop, switch or label; NULL: of a finally */
    tsk_ir_block *leave, *again;  /* targets of break and continue */
    tsk_js_ir iterator;           /* of a for-of: closed when it is left */
    tsk_ir_block *handler;        /* outside of it */
    tsk_ir_block *finally;        /* takes (kind, value) */
    tsk_lowering_exit *exits;     /* of the finally */
    int32_t exit_count;
} tsk_lowering_context;

typedef struct tsk_js_lowering {
    tsk_ir_builder b;
    tsk_arena *arena, *scratch; /* of the module; of this run */
    const tsk_ir_env *env;
    const tsk_lowering_unit *unit;
    const tsk_js_function *function;
    const tsk_source *source;
    tsk_lowering_block *blocks; /* by id */
    uint32_t block_cap;
    tsk_lowering_map variables; /* block, variable -> value */
    tsk_lowering_map constants, names, captures;
    uint32_t *pinned; /* by id of the binding: index + 1 of its register */
    struct tsk_js_pending {
        struct tsk_js_pending *next;
        tsk_ir_block *block;
        uint32_t variable;
        tsk_ir_inst *param;
    } * pending;
    tsk_lowering_context *context;
    tsk_ir_block *chain_end; /* of an optional chain: where `?.` goes with undefined */
    uint32_t loops, depth;
    uint32_t this_local;  /* of a derived constructor: index + 1 of the register of `this` */
    tsk_js_ir this_value; /* where it is not the parameter; NULL */
    tsk_js_ir this_box;   /* of a derived constructor whose arrows see `this` */
    tsk_js_ir arguments;  /* NULL: not used */
    bool too_deep;
} tsk_js_lowering;

/* ---- lower_ssa.c ---- */
tsk_ir_block *tsk_lowering_block_new(tsk_js_lowering *l);               /* all jumps to it come before it is entered */
tsk_ir_block *tsk_lowering_block_open(tsk_js_lowering *l);              /* a loop's header */
void tsk_lowering_block_enter(tsk_js_lowering *l, tsk_ir_block *block); /* no jump: nothing is reachable from here */
void tsk_lowering_block_close(tsk_js_lowering *l, tsk_ir_block *block); /* of an open one: all jumps are there */
/* The handler of what follows; its code is made after it with enter_handler. */
tsk_ir_block *tsk_lowering_handler_begin(tsk_js_lowering *l);
void tsk_lowering_handler_end(tsk_js_lowering *l, tsk_ir_block *handler); /* goes on in a block outside of it */
void tsk_lowering_handler_enter(tsk_js_lowering *l, tsk_ir_block *handler);
/* A new block with this handler. */
void tsk_lowering_under_handler(tsk_js_lowering *l, tsk_ir_block *handler);
void tsk_lowering_jump(tsk_js_lowering *l, tsk_ir_block *to, const tsk_js_ir *args, uint32_t count);
void tsk_lowering_branch(tsk_js_lowering *l, tsk_js_ir condition, tsk_ir_block *yes, tsk_ir_block *no);
tsk_js_ir tsk_lowering_block_value(tsk_ir_block *block); /* a parameter: before any jump */
tsk_js_ir tsk_lowering_variable_get(tsk_js_lowering *l, uint32_t variable);
void tsk_lowering_variable_set(tsk_js_lowering *l, uint32_t variable, tsk_js_ir value);
/* Instructions that stand at the start of the function. */
tsk_js_ir tsk_lowering_hoist(tsk_js_lowering *l, tsk_ir_op op, uint64_t imm);
void tsk_lowering_ssa_finish(tsk_js_lowering *l);
void *tsk_lowering_map_get(const tsk_lowering_map *map, uint64_t key);
void tsk_lowering_map_set(tsk_lowering_map *map, tsk_arena *arena, uint64_t key, void *value);

/* ---- lower.c ---- */
tsk_js_ir tsk_lowering_const(tsk_js_lowering *l, tsk_value v);
tsk_js_ir tsk_lowering_undefined(tsk_js_lowering *l);
tsk_js_ir tsk_lowering_int(tsk_js_lowering *l, int32_t n);
tsk_js_ir tsk_lowering_text(tsk_js_lowering *l, const tsk_js_name *name);
tsk_value tsk_lowering_text_value(tsk_js_lowering *l, const tsk_js_name *name);
tsk_value tsk_lowering_number_value(double d);
tsk_js_ir tsk_lowering_emit0(tsk_js_lowering *l, tsk_ir_op op);
tsk_js_ir tsk_lowering_emit1(tsk_js_lowering *l, tsk_ir_op op, tsk_js_ir a);
tsk_js_ir tsk_lowering_emit2(tsk_js_lowering *l, tsk_ir_op op, tsk_js_ir a, tsk_js_ir b);
tsk_js_ir tsk_lowering_emit3(tsk_js_lowering *l, tsk_ir_op op, tsk_js_ir a, tsk_js_ir b, tsk_js_ir c);
tsk_js_ir tsk_lowering_emit_named(tsk_js_lowering *l, tsk_ir_op op, const tsk_js_name *name, const tsk_js_ir *args,
                                  uint32_t count);
void tsk_lowering_at_node(tsk_js_lowering *l, const tsk_js_node *n);
/* Not deeper than the machine stack allows; false: give up, the result is of no use. */
bool tsk_lowering_deeper(tsk_js_lowering *l);

/* What `n`, `a` or `a.b`, names in the configuration; NULL: nothing, or not for certain. */
tsk_js_ir tsk_lowering_outer(tsk_js_lowering *l, const tsk_js_node *n);
/* Names.  `n` has name and binding. */
tsk_js_ir tsk_lowering_name_get(tsk_js_lowering *l, const tsk_js_node *n);
void tsk_lowering_name_set(tsk_js_lowering *l, const tsk_js_node *n, tsk_js_ir value);        /* an assignment */
void tsk_lowering_name_initialize(tsk_js_lowering *l, const tsk_js_node *n, tsk_js_ir value); /* a declaration */
tsk_js_ir tsk_lowering_binding_get(tsk_js_lowering *l, const tsk_js_binding *b);
void tsk_lowering_binding_initialize(tsk_js_lowering *l, const tsk_js_binding *b, tsk_js_ir value);
/* The variables and functions of a scope and its list. */
void tsk_lowering_scope_begin(tsk_js_lowering *l, const tsk_js_scope *scope, const tsk_js_node *list);
void tsk_lowering_scope_begin_functions(tsk_js_lowering *l, const tsk_js_node *list);
/* New boxes for the variables of a loop, with their values: each turn has its own. */
void tsk_lowering_scope_copy(tsk_js_lowering *l, const tsk_js_scope *scope);

tsk_js_ir tsk_lowering_this(tsk_js_lowering *l);
void tsk_lowering_this_set(tsk_js_lowering *l, tsk_js_ir value); /* what super() has made */
tsk_js_ir tsk_lowering_this_raw(tsk_js_lowering *l);             /* HOLE before super() */
tsk_js_ir tsk_lowering_home_function(tsk_js_lowering *l);        /* whose home object counts for super */
tsk_js_ir tsk_lowering_new_target(tsk_js_lowering *l);
/* `name`: of a function without one. */
tsk_js_ir tsk_lowering_closure(tsk_js_lowering *l, const tsk_js_function *f, tsk_slice name);
tsk_js_ir tsk_lowering_closure_of_class(tsk_js_lowering *l, const tsk_js_class_node *c, tsk_slice name);

/* ---- lower_expression.c ---- */
tsk_js_ir tsk_lowering_value(tsk_js_lowering *l, const tsk_js_node *n);
/* Where `?.` meets undefined or null, to the end of the chain with undefined. */
void tsk_lowering_skip_nullish(tsk_js_lowering *l, tsk_js_ir object);
/* A function or class without a name gets this one. */
tsk_js_ir tsk_lowering_value_named(tsk_js_lowering *l, const tsk_js_node *n, const tsk_js_name *name);
bool tsk_lowering_is_anonymous(const tsk_js_node *n);
void tsk_lowering_discard(tsk_js_lowering *l, const tsk_js_node *n); /* for its effects */
void tsk_lowering_condition(tsk_js_lowering *l, const tsk_js_node *n, tsk_ir_block *yes, tsk_ir_block *no);
tsk_js_ir tsk_lowering_binary(tsk_js_lowering *l, uint8_t token, tsk_js_ir a, tsk_js_ir b);
/* The key of a property; computed ones become what they name. */
tsk_js_ir tsk_lowering_key_of(tsk_js_lowering *l, const tsk_js_node *property);
/* The text of a key that is no index, for fast access; NULL: none. */
const tsk_js_name *tsk_lowering_plain_key(const tsk_js_node *key);
tsk_js_ir tsk_lowering_member_key(tsk_js_lowering *l, const tsk_js_node *key); /* constant key of an index operation */

/* ---- lower_call.c ---- */
tsk_js_ir tsk_lowering_call(tsk_js_lowering *l, const tsk_js_node *n);
tsk_js_ir tsk_lowering_new(tsk_js_lowering *l, const tsk_js_node *n);
tsk_js_ir tsk_lowering_tagged(tsk_js_lowering *l, const tsk_js_node *n);
tsk_js_ir tsk_lowering_array(tsk_js_lowering *l, const tsk_js_node *list);
tsk_js_ir tsk_lowering_operator(tsk_js_lowering *l, const tsk_js_node *n);

/* ---- lower_target.c ---- */
typedef struct tsk_lowering_reference { /* a target that has been evaluated up to its value */
    const tsk_js_node *node;
    tsk_js_ir object, key;
    tsk_js_ir base; /* of super: where the search begins; `object` is `this` */
} tsk_lowering_reference;
tsk_lowering_reference tsk_lowering_reference_begin(tsk_js_lowering *l, const tsk_js_node *n);
/* It is read and then written: its key is converted once. */
void tsk_lowering_reference_keep(tsk_js_lowering *l, tsk_lowering_reference *r);
tsk_js_ir tsk_lowering_reference_get(tsk_js_lowering *l, const tsk_lowering_reference *r);
void tsk_lowering_reference_set(tsk_js_lowering *l, const tsk_lowering_reference *r, tsk_js_ir value);
tsk_js_ir tsk_lowering_assign(tsk_js_lowering *l, const tsk_js_node *n);
tsk_js_ir tsk_lowering_update(tsk_js_lowering *l, const tsk_js_node *n, bool wanted);
/* `declares`: names get their first value. */
void tsk_lowering_target(tsk_js_lowering *l, const tsk_js_node *target, tsk_js_ir value, bool declares);

/* ---- lower_statement.c ---- */
void tsk_lowering_statements(tsk_js_lowering *l, const tsk_js_node *list);

/* ---- lower_exit.c ---- */
void tsk_lowering_leave(tsk_js_lowering *l, tsk_lowering_exit_kind kind, const tsk_js_node *target, tsk_js_ir value);
void tsk_lowering_try(tsk_js_lowering *l, const tsk_js_node *s);
/* The handler that closes an iterator when an exception leaves what was under it. */
void tsk_lowering_close_handler(tsk_js_lowering *l, tsk_ir_block *handler, tsk_js_ir iterator);

/* ---- lower_class.c ---- */
tsk_js_ir tsk_lowering_class_value(tsk_js_lowering *l, const tsk_js_class_node *c, tsk_slice name);
void tsk_lowering_class_fields(tsk_js_lowering *l, const tsk_js_function *f); /* body of a function of fields */
/* The usual constructor. */
void tsk_lowering_class_constructor(tsk_js_lowering *l, const tsk_js_class_node *c);

#endif
