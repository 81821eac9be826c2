/* What folding, lowering and the passes ask of the runtime: the tsk_ir_env of a program.
 *
 * A fold that fails, or that would take much memory, is left to evaluation, which then reports it with the key that
 * wanted it. */
#include "runtime/engine/engine.h"

#include "runtime/value/semantics.h"

/* Bytes that folding one operation may take: a larger value would stay in the program for good. */
#define FOLD_ROOM ((size_t)4 << 20)
/* C stack that nested lowering may take; one thunk more takes less than as much again. */
#define STACK_ROOM ((size_t)512 << 10)

static bool fold_binary(tsk_arena *arena, tsk_ir_op op, const tsk_value *a, tsk_value *out, tsk_failure *failure) {
    switch (op) {
    case TSK_IR_SUB:
    case TSK_IR_MUL:
    case TSK_IR_DIV:
    case TSK_IR_MOD:
    case TSK_IR_POW: return tsk_value_arith(arena, (int)op, a[0], a[1], out, failure);
    case TSK_IR_MERGE: return tsk_slow_merge(arena, a[0], a[1], out, failure);
    case TSK_IR_APPEND_ALL: return tsk_slow_append(arena, a[0], a[1], out, failure);
    case TSK_IR_EQ: *out = tsk_from_bool(tsk_value_equal(a[0], a[1])); return true;
    case TSK_IR_NE: *out = tsk_from_bool(!tsk_value_equal(a[0], a[1])); return true;
    case TSK_IR_SAME: *out = tsk_from_bool(tsk_value_same(a[0], a[1])); return true;
    case TSK_IR_DIFFERENT: *out = tsk_from_bool(!tsk_value_same(a[0], a[1])); return true;
    case TSK_IR_LT: *out = tsk_from_bool(tsk_value_compare(a[0], a[1]) == -1); return true;
    case TSK_IR_LE: *out = tsk_from_bool(tsk_value_compare(a[0], a[1]) <= 0); return true;
    case TSK_IR_GT: *out = tsk_from_bool(tsk_value_compare(a[0], a[1]) == 1); return true;
    case TSK_IR_GE: *out = tsk_from_bool((tsk_value_compare(a[0], a[1]) & ~1) == 0); return true;
    case TSK_IR_IN: *out = tsk_from_bool(tsk_value_in(a[0], a[1])); return true;
    case TSK_IR_INDEX: *out = tsk_value_index(arena, a[0], a[1]); return true;
    case TSK_IR_ITEM: *out = tsk_slow_item(a[0], a[1]); return true;
    case TSK_IR_ITEM_KEY: *out = tsk_slow_item_key(arena, a[0], a[1]); return true;
    default: return false;
    }
}

static bool fold_unary(tsk_arena *arena, tsk_ir_op op, tsk_value v, tsk_value *out, tsk_failure *failure) {
    switch (op) {
    case TSK_IR_NEG: return tsk_value_negate(arena, v, out, failure);
    case TSK_IR_PLUS: return tsk_slow_plus(arena, v, out, failure);
    case TSK_IR_TO_INT: return tsk_value_to_int(arena, v, out, failure);
    case TSK_IR_TO_FLOAT: return tsk_value_to_float(v, out, failure);
    case TSK_IR_TO_BOOL: return tsk_value_to_bool(v, out, failure);
    case TSK_IR_COUNT: return tsk_slow_count(arena, v, out, failure);
    case TSK_IR_NOT: *out = tsk_from_bool(!tsk_value_truth(v)); return true;
    case TSK_IR_TRUTH: *out = tsk_from_bool(tsk_value_truth(v)); return true;
    case TSK_IR_CONDITION: *out = tsk_from_bool(tsk_value_condition(v)); return true;
    case TSK_IR_IS_NULL: *out = tsk_from_bool(tsk_is_null(v)); return true;
    case TSK_IR_TO_STRING: *out = tsk_value_string(arena, v); return true;
    default: return false;
    }
}

static tsk_value fold_concat(tsk_arena *arena, const tsk_value *args, uint32_t count) {
    tsk_buf text;
    tsk_buf_init(&text, arena);
    for (uint32_t i = 0; i < count; i++) tsk_value_text(&text, args[i]);
    return tsk_str_take(&text);
}

static bool fold_method(tsk_arena *arena, tsk_value name, const tsk_value *args, uint32_t count, tsk_value *out);

static bool fold_any(tsk_arena *arena, tsk_ir_op op, tsk_value imm, const tsk_value *args, uint32_t count,
                     tsk_value *out) {
    tsk_failure failure;
    switch (op) {
    case TSK_IR_ADD: return tsk_value_add(arena, args, count, out, &failure);
    case TSK_IR_CONCAT: *out = fold_concat(arena, args, count); return true;
    case TSK_IR_ARRAY: *out = tsk_slow_make_array(arena, args, count); return true;
    case TSK_IR_OBJECT: *out = tsk_slow_make_object(arena, tsk_as_array(imm), args); return true;
    case TSK_IR_MEMBER:
        *out = tsk_value_member(arena, args[0], tsk_as_str(imm)->ptr, tsk_as_str(imm)->len);
        return true;
    case TSK_IR_SLICE: *out = tsk_value_slice(arena, args[0], args[1], args[2]); return true;
    case TSK_IR_METHOD: return fold_method(arena, imm, args, count, out);
    default:
        return count == 1   ? fold_unary(arena, op, args[0], out, &failure)
               : count == 2 ? fold_binary(arena, op, args, out, &failure)
                            : false;
    }
}

/* ---- operators on constants ---- */

static const tsk_capabilities no_capabilities = {0};

static bool no_lookup(void *user, const char *path, uint32_t len, tsk_value *out) {
    (void)user, (void)path, (void)len, (void)out;
    return false;
}

static bool no_cross_file(void *user, tsk_slice file, tsk_slice path, const tsk_value *set, tsk_value *out) {
    (void)user, (void)file, (void)path, (void)set, (void)out;
    return false;
}

static tsk_op_context compile_time(tsk_arena *arena, tsk_failure *failure) {
    return (tsk_op_context){.heap = arena,
                            .caps = &no_capabilities,
                            .failure = failure,
                            .directory = ".",
                            .max_depth = 1000,
                            .lookup = no_lookup,
                            .cross_file = no_cross_file};
}

static bool fold_method(tsk_arena *arena, tsk_value name, const tsk_value *args, uint32_t count, tsk_value *out) {
    tsk_failure failure;
    tsk_op_context cx = compile_time(arena, &failure);
    return tsk_op_method(&cx, tsk_as_slice(name), args, count, out);
}

typedef struct fold_call {
    tsk_ir_op op;
    tsk_value imm;
    const tsk_operator *operator;
    const tsk_value *args;
    uint32_t count;
} fold_call;

static bool run_fold(tsk_arena *arena, const fold_call *call, tsk_value *out) {
    if (!call->operator) return fold_any(arena, call->op, call->imm, call->args, call->count, out);
    tsk_failure failure;
    tsk_op_context cx = compile_time(arena, &failure);
    return call->operator->fn(&cx, call->args, call->count, out);
}

/* What needs much room is not folded; without memory the trap goes on outwards. */
static bool trapped_fold(tsk_arena *arena, const fold_call *call, tsk_value *out) {
    tsk_trap trap, *outer = arena->trap;
    const size_t limit = arena->limit;
    int reason = setjmp(trap.jump);
    if (reason) {
        arena->trap = outer;
        arena->limit = limit;
        if (reason == TSK_TRAP_MEMORY_LIMIT) return false;
        longjmp(outer->jump, reason);
    }
    arena->trap = &trap;
    if (!limit || limit - arena->reserved > FOLD_ROOM) arena->limit = arena->reserved + FOLD_ROOM;
    bool folded = run_fold(arena, call, out);
    arena->trap = outer;
    arena->limit = limit;
    return folded;
}

static bool env_fold(void *user, tsk_arena *arena, tsk_ir_op op, tsk_value imm, const tsk_value *args, uint32_t count,
                     tsk_value *out) {
    (void)user;
    fold_call call = {.op = op, .imm = imm, .args = args, .count = count};
    return trapped_fold(arena, &call, out);
}

static bool env_fold_op(void *user, tsk_arena *arena, uint32_t number, const tsk_value *args, uint32_t count,
                        tsk_value *out) {
    (void)user;
    if (number >= TSK_OP_COUNT) return false;
    const tsk_operator *op = &tsk_operators[number];
    if (!op->fn || op->effect != TSK_EFFECT_PURE || (int)count < op->min || (op->max >= 0 && (int)count > op->max))
        return false;
    fold_call call = {.operator= op, .args = args, .count = count};
    return trapped_fold(arena, &call, out);
}

/* ---- operators' table ---- */

static tsk_effect env_op_effect(void *user, uint32_t number) {
    (void)user;
    return number < TSK_OP_COUNT ? (tsk_effect)tsk_operators[number].effect : TSK_EFFECT_WRITE;
}

static const char *env_op_name(void *user, uint32_t number) {
    (void)user;
    return number < TSK_OP_COUNT ? tsk_operators[number].name : NULL;
}

static bool env_op_number(void *user, const char *name, uint32_t *number) {
    (void)user;
    return tsk_op_find(name, strlen(name), number);
}

static void env_op_arity(void *user, uint32_t number, int *min, int *max) {
    (void)user;
    *min = number < TSK_OP_COUNT ? tsk_operators[number].min : 0;
    *max = number < TSK_OP_COUNT ? tsk_operators[number].max : -1;
}

static bool env_op_specialize(void *user, uint32_t number, tsk_slice first, uint32_t *better) {
    (void)user;
    return tsk_op_specialize(number, first, better);
}

/* ---- other thunks ---- */

static bool may_nest(const tusk_program *program) {
    const char *here = __builtin_frame_address(0);
    size_t used = (size_t)(here < program->stack ? program->stack - here : here - program->stack);
    return program->depth < TSK_LOWER_DEPTH && used < STACK_ROOM;
}

/* The outcome of a thunk, which is made now if that is possible; 0: not known. */
static uint64_t outcome(tusk_program *program, uint32_t thunk) {
    uint64_t word = tsk_memo_load(&program->outcomes, thunk);
    if (word || !may_nest(program)) return word;
    tsk_program_compile(program, thunk);
    return tsk_memo_load(&program->outcomes, thunk);
}

static tsk_effect env_key_effect(void *user, uint32_t thunk) {
    uint64_t word = outcome(user, thunk);
    if (tsk_memo_is_value(word)) return TSK_EFFECT_PURE;
    return word ? ((const tsk_bytecode *)(uintptr_t)word)->effect : TSK_EFFECT_WRITE;
}

static bool env_key_constant(void *user, uint32_t thunk, tsk_value *out) {
    tusk_program *program = user;
    if (program->settings.flags & TUSK_FLAG_NO_FOLD) return false;
    uint64_t word = outcome(program, thunk);
    if (!tsk_memo_is_value(word)) return false;
    *out = tsk_memo_value(word);
    return true;
}

static const char *env_key_name(void *user, uint32_t thunk) {
    tusk_program *program = user;
    if (thunk >= program->graph.thunk_count) return NULL;
    tsk_buf path;
    tsk_buf_init(&path, &program->scratch);
    tsk_frontend_key_path(&path, tsk_graph_thunk(&program->graph, thunk));
    tsk_buf_char(&path, 0);
    return path.len > 1 ? path.ptr : NULL;
}

static bool env_is_secret(void *user, tsk_slice name) {
    (void)user;
    return tsk_op_is_secret_name(name);
}

static bool env_is_built_in(void *user, tsk_slice name) {
    (void)user;
    return tsk_functions_is_built_in(name);
}

void tsk_env_init_plain(tsk_ir_env *env) {
    *env = (tsk_ir_env){.fold = env_fold,
                        .fold_op = env_fold_op,
                        .op_effect = env_op_effect,
                        .op_name = env_op_name,
                        .op_number = env_op_number,
                        .op_arity = env_op_arity,
                        .op_specialize = env_op_specialize,
                        .thunk_count = UINT32_MAX};
}

void tsk_env_init(tsk_ir_env *env, tusk_program *program) {
    tsk_env_init_plain(env);
    env->user = program;
    env->key_effect = env_key_effect;
    env->key_constant = env_key_constant;
    env->key_name = env_key_name;
    env->outer = tsk_functions_visible;
    env->function = tsk_functions_value;
    env->is_secret = env_is_secret;
    env->is_built_in = env_is_built_in;
    env->thunk_count = 0;
}
