/* Lowering: an expression tree to IR.
 *
 *   names      -> constants, `key N`, `tree`, or block parameters for the variables of loops and lambdas
 *   ?: && ||   -> branches; a condition that folded picks its side without any block
 *   ?? | ||    -> the first operand in blocks with a handler, so that its errors are caught
 *
 * The builder folds while lowering goes on: what depends on nothing dynamic never becomes an instruction. */
#include "frontend/frontend.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

/* ---- small pieces ---- */

tsk_ir_inst *tsk_lower_null(tsk_lower *lo) {
    return tsk_ir_const(&lo->fn->b, TSK_VALUE_NULL);
}

tsk_ir_inst *tsk_lower_text(tsk_lower *lo, const char *ptr, size_t len) {
    return tsk_ir_const(&lo->fn->b, tsk_str_copy(lo->arena, ptr, len));
}

tsk_ir_inst *tsk_lower_error(tsk_lower *lo, const tsk_ast *at, tsk_code code, const char *fmt, ...) {
    char message[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    lo->fn->b.span = at->span;
    tsk_ir_inst *text = tsk_lower_text(lo, message, strlen(message));
    tsk_ir_emit_index(&lo->fn->b, TSK_IR_ERROR, code, &text, 1);
    return tsk_lower_null(lo);
}

void tsk_lower_bind(tsk_lower *lo, const char *name, uint32_t len, tsk_ir_inst *value) {
    tsk_local *local = tsk_arena_alloc(lo->arena, sizeof *local);
    *local = (tsk_local){lo->fn->locals, name, len, false, value};
    lo->fn->locals = local;
}

static tsk_ir_inst *capture(tsk_lower *lo, tsk_lower_func *fn, tsk_local *local, tsk_ir_inst *value) {
    uint32_t i = 0;
    while (i < fn->capture_count && fn->captures[i].of != local) i++;
    if (i == fn->capture_count) {
        if (fn->capture_count == fn->capture_cap) {
            uint32_t cap = fn->capture_cap ? fn->capture_cap * 2 : 4;
            fn->captures = tsk_arena_grow(lo->arena, fn->captures, fn->capture_cap * sizeof *fn->captures,
                                          cap * sizeof *fn->captures);
            fn->capture_cap = cap;
        }
        fn->captures[fn->capture_count].of = local;
        fn->captures[fn->capture_count++].value = value;
    }
    return tsk_ir_emit_index(&fn->b, TSK_IR_CAPTURE, i, NULL, 0);
}

/* The value of a variable; in a lambda, those of the functions around it are captured. */
static tsk_ir_inst *find_local(tsk_lower *lo, tsk_lower_func *fn, const char *name, uint32_t len, tsk_local **found) {
    if (!fn) return NULL;
    for (tsk_local *l = fn->locals; l; l = l->outer)
        if (l->len == len && memcmp(l->name, name, len) == 0) {
            *found = l;
            return l->value;
        }
    tsk_ir_inst *outer = find_local(lo, fn->outer, name, len, found);
    if (!outer) return NULL;
    if (outer->op == TSK_IR_CONST) return tsk_ir_const(&fn->b, outer->imm.value);
    return capture(lo, fn, *found, outer);
}

tsk_ir_inst *tsk_lower_local(tsk_lower *lo, const char *name, uint32_t len) {
    tsk_local *found;
    return lo->fn ? find_local(lo, lo->fn, name, len, &found) : NULL;
}

static bool has_thunks(tsk_value v) {
    if (tsk_is_object(v)) return tsk_as_object(v)->flags & TSK_HAS_THUNKS;
    return tsk_is_array(v) && (tsk_as_array(v)->flags & TSK_HAS_THUNKS);
}

tsk_ir_inst *tsk_lower_tree(tsk_lower *lo, tsk_value v) {
    if (tsk_is_thunk(v)) return tsk_ir_emit_index(&lo->fn->b, TSK_IR_KEY, tsk_as_thunk(v), NULL, 0);
    if (has_thunks(v)) return tsk_ir_emit(&lo->fn->b, TSK_IR_TREE, v, NULL, 0);
    return tsk_ir_const(&lo->fn->b, v);
}

/* ---- names ---- */

/* The entry `name`, else `$name`. */
static bool member_of(tsk_value v, const char *name, uint32_t len, tsk_value *out) {
    if (!tsk_is_object(v)) return false;
    const tsk_object *o = tsk_as_object(v);
    tsk_entry *e = tsk_object_find(o, name, len);
    char dollar[128];
    if (!e && len < sizeof dollar) {
        dollar[0] = '$';
        memcpy(dollar + 1, name, len);
        e = tsk_object_find(o, dollar, len + 1);
    }
    if (!e) return false;
    *out = e->value;
    return true;
}

bool tsk_resolve_path(const tsk_lower *lo, const tsk_ast *ast, tsk_value *out) {
    switch (ast->kind) {
    case TSK_AST_NAME:
        if (tsk_lower_local((tsk_lower *)lo, ast->name, ast->name_len)) return false;
        /* the body of a lambda runs when its key has its value, so it may call itself */
        if (tsk_scope_find(lo->thunk->scope, ast->name, ast->name_len,
                           lo->fn && lo->fn->outer ? TSK_VALUE_UNDEFINED : lo->self, out))
            return true;
        if (!(ast->flags & TSK_AST_IN_STRING)) return false;
        return member_of(tsk_from_object(lo->graph->root), ast->name, ast->name_len, out);
    case TSK_AST_GLOBAL: {
        if (!ast->name) {
            *out = tsk_from_object(lo->graph->root);
            return true;
        }
        if (tsk_lower_local((tsk_lower *)lo, ast->name, ast->name_len)) return false;
        const tsk_definition *d = ast->definition;
        if (!d)
            d = tsk_scope_global(lo->fe, ast->name, ast->name_len, lo->thunk->scope ? lo->thunk->scope->section : 0,
                                 UINT32_MAX);
        if (!d) return false;
        *out = d->value;
        return true;
    }
    case TSK_AST_MEMBER: {
        tsk_value base;
        return tsk_resolve_path(lo, ast->items[0], &base) && member_of(base, ast->name, ast->name_len, out);
    }
    default: return false;
    }
}

static tsk_ir_inst *lower_name(tsk_lower *lo, const tsk_ast *ast) {
    tsk_ir_inst *local = tsk_lower_local(lo, ast->name, ast->name_len);
    if (local) return local;
    tsk_value v;
    if (tsk_resolve_path(lo, ast, &v)) return tsk_lower_tree(lo, v);
    if (lo->graph->strict && !(ast->flags & TSK_AST_FROM_STRING))
        return tsk_lower_error(lo, ast, TSK_E_UNDEFINED_NAME, "`%.*s` is not defined", (int)ast->name_len, ast->name);
    return tsk_lower_null(lo);
}

static tsk_ir_inst *lower_global(tsk_lower *lo, const tsk_ast *ast) {
    tsk_ir_inst *local = ast->name ? tsk_lower_local(lo, ast->name, ast->name_len) : NULL;
    if (local) return local;
    tsk_value v;
    if (tsk_resolve_path(lo, ast, &v)) return tsk_lower_tree(lo, v);
    if (lo->graph->strict)
        return tsk_lower_error(lo, ast, TSK_E_UNDEFINED_GLOBAL, "`$%.*s` is never assigned", (int)ast->name_len,
                               ast->name);
    return tsk_lower_null(lo);
}

static tsk_ir_inst *lower_member(tsk_lower *lo, const tsk_ast *ast) {
    tsk_value v;
    if (tsk_resolve_path(lo, ast, &v)) return tsk_lower_tree(lo, v);
    tsk_ir_inst *base = tsk_lower_ast(lo, ast->items[0]);
    lo->fn->b.span = ast->span;
    return tsk_ir_emit(&lo->fn->b, TSK_IR_MEMBER, tsk_str_borrow(lo->arena, ast->name, ast->name_len), &base, 1);
}

/* ---- control flow ---- */

tsk_ir_inst *tsk_lower_condition(tsk_lower *lo, const tsk_ast *ast) {
    tsk_ir_inst *v = tsk_lower_ast(lo, ast);
    return tsk_ir_emit1(&lo->fn->b, TSK_IR_CONDITION, v);
}

static tsk_ir_inst *lower_or_null(tsk_lower *lo, const tsk_ast *ast) {
    return ast ? tsk_lower_ast(lo, ast) : tsk_lower_null(lo);
}

tsk_ir_inst *tsk_lower_choose(tsk_lower *lo, tsk_ir_inst *condition, const tsk_ast *yes, const tsk_ast *no) {
    if (condition->op == TSK_IR_CONST) return lower_or_null(lo, tsk_as_bool(condition->imm.value) ? yes : no);
    tsk_ir_builder *b = &lo->fn->b;
    tsk_ir_block *then = tsk_ir_build_block(b), *other = tsk_ir_build_block(b), *join = tsk_ir_build_block(b);
    tsk_ir_inst *result = tsk_ir_block_param(join, TSK_TY_ANY);
    tsk_ir_branch(b, condition, then, other);
    const tsk_ast *sides[] = {yes, no};
    tsk_ir_block *blocks[] = {then, other};
    for (int i = 0; i < 2; i++) {
        b->block = blocks[i];
        tsk_ir_inst *v = lower_or_null(lo, sides[i]);
        tsk_ir_jump(b, join, &v, 1);
    }
    b->block = join;
    return result;
}

/* a && b: the first when it is falsy. */
static tsk_ir_inst *lower_and(tsk_lower *lo, const tsk_ast *ast) {
    tsk_ir_builder *b = &lo->fn->b;
    tsk_ir_inst *first = tsk_lower_ast(lo, ast->items[0]);
    tsk_ir_inst *truth = tsk_ir_emit1(b, TSK_IR_TRUTH, first);
    if (truth->op == TSK_IR_CONST) return tsk_as_bool(truth->imm.value) ? tsk_lower_ast(lo, ast->items[1]) : first;
    tsk_ir_block *then = tsk_ir_build_block(b), *other = tsk_ir_build_block(b), *join = tsk_ir_build_block(b);
    tsk_ir_inst *result = tsk_ir_block_param(join, TSK_TY_ANY);
    tsk_ir_branch(b, truth, then, other);
    b->block = then;
    tsk_ir_inst *v = tsk_lower_ast(lo, ast->items[1]);
    tsk_ir_jump(b, join, &v, 1);
    b->block = other;
    tsk_ir_jump(b, join, &first, 1);
    b->block = join;
    return result;
}

/* Known without evaluating anything that could fail. */
static bool known(tsk_lower *lo, const tsk_ast *ast, tsk_value *out) {
    if (ast->kind == TSK_AST_LITERAL) {
        *out = ast->value;
        return true;
    }
    if (!tsk_resolve_path(lo, ast, out) || has_thunks(*out)) return false;
    return !tsk_is_thunk(*out) ||
           (lo->fn->b.func->module->fold && lo->env->key_constant(lo->env->user, tsk_as_thunk(*out), out));
}

tsk_ir_inst *tsk_lower_fallback(tsk_lower *lo, const tsk_ast *first, const tsk_ast *other, bool truthy) {
    tsk_ir_builder *b = &lo->fn->b;
    tsk_value v;
    if (known(lo, first, &v)) {
        tsk_ir_inst *inst = tsk_ir_const(b, v);
        tsk_ir_inst *use = truthy ? tsk_ir_emit1(b, TSK_IR_TRUTH, inst) : NULL;
        if (truthy ? use->op == TSK_IR_CONST && tsk_as_bool(use->imm.value) : !tsk_is_null(v)) return inst;
        if (!truthy || use->op == TSK_IR_CONST) return tsk_lower_ast(lo, other);
    }
    tsk_ir_block *outer = b->handler;
    tsk_ir_block *failed = tsk_ir_build_block(b), *second = tsk_ir_build_block(b), *join = tsk_ir_build_block(b);
    tsk_ir_block *pass = tsk_ir_build_block(b);
    tsk_ir_inst *result = tsk_ir_block_param(join, TSK_TY_ANY);
    b->handler = failed;
    tsk_ir_block *guarded = tsk_ir_build_block(b);
    tsk_ir_jump(b, guarded, NULL, 0);
    b->block = guarded;
    tsk_ir_inst *value = tsk_lower_ast(lo, first);
    b->handler = outer;
    tsk_ir_inst *use = tsk_ir_emit1(b, truthy ? TSK_IR_TRUTH : TSK_IR_IS_NULL, value);
    if (truthy)
        tsk_ir_branch(b, use, pass, second);
    else
        tsk_ir_branch(b, use, second, pass);
    b->block = pass;
    tsk_ir_jump(b, join, &value, 1);
    b->block = failed;
    tsk_ir_jump(b, second, NULL, 0);
    b->block = second;
    value = tsk_lower_ast(lo, other);
    tsk_ir_jump(b, join, &value, 1);
    b->block = join;
    return result;
}

/* ---- containers and strings ---- */

static tsk_ir_inst **lower_all(tsk_lower *lo, tsk_ast *const *items, uint32_t count) {
    tsk_ir_inst **args = TSK_NEW_ARRAY(lo->arena, tsk_ir_inst *, count + 1);
    for (uint32_t i = 0; i < count; i++) args[i] = tsk_lower_ast(lo, items[i]);
    return args;
}

static tsk_ir_inst *lower_array(tsk_lower *lo, const tsk_ast *ast) {
    tsk_ir_builder *b = &lo->fn->b;
    tsk_ir_inst *whole = NULL;
    for (uint32_t i = 0; i <= ast->count;) {
        uint32_t from = i;
        while (i < ast->count && ast->items[i]->kind != TSK_AST_SPREAD) i++;
        if (i > from || (!whole && i == ast->count)) {
            tsk_ir_inst **items = lower_all(lo, ast->items + from, i - from);
            b->span = ast->span;
            tsk_ir_inst *part = tsk_ir_emit(b, TSK_IR_ARRAY, TSK_VALUE_NULL, items, i - from);
            whole = whole ? tsk_ir_emit2(b, TSK_IR_APPEND_ALL, whole, part) : part;
        }
        if (i >= ast->count) break;
        tsk_ir_inst *spread = tsk_lower_ast(lo, ast->items[i++]->items[0]);
        if (!whole) whole = tsk_ir_emit(b, TSK_IR_ARRAY, TSK_VALUE_NULL, NULL, 0);
        b->span = ast->span;
        whole = tsk_ir_emit2(b, TSK_IR_APPEND_ALL, whole, spread);
    }
    return whole;
}

/* Pairs [from, to) without spreads as one OBJECT. */
static tsk_ir_inst *lower_pairs(tsk_lower *lo, const tsk_ast *ast, uint32_t from, uint32_t to) {
    tsk_array *keys = tsk_array_new(lo->arena, (to - from) / 2);
    tsk_ir_inst **values = TSK_NEW_ARRAY(lo->arena, tsk_ir_inst *, (to - from) / 2 + 1);
    for (uint32_t i = from; i < to; i += 2) {
        const tsk_ast *key = ast->items[i];
        tsk_value k = key->value;
        if (key->kind != TSK_AST_LITERAL || !tsk_is_str(k)) {
            tsk_ir_inst *inst = tsk_ir_emit1(&lo->fn->b, TSK_IR_TO_STRING, tsk_lower_ast(lo, key));
            if (inst->op != TSK_IR_CONST)
                return tsk_lower_error(lo, key, TSK_E_UNSUPPORTED,
                                       "a computed key must be known when the file is read");
            k = inst->imm.value;
        }
        tsk_array_push(lo->arena, keys, k);
        values[(i - from) / 2] = tsk_lower_ast(lo, ast->items[i + 1]);
    }
    lo->fn->b.span = ast->span;
    return tsk_ir_emit(&lo->fn->b, TSK_IR_OBJECT, tsk_from_array(keys), values, (to - from) / 2);
}

static tsk_ir_inst *lower_object(tsk_lower *lo, const tsk_ast *ast) {
    tsk_ir_inst *whole = NULL;
    for (uint32_t i = 0; i <= ast->count;) {
        uint32_t from = i;
        while (i < ast->count && ast->items[i]) i += 2;
        if (i > from || (!whole && i == ast->count)) {
            tsk_ir_inst *part = lower_pairs(lo, ast, from, i);
            whole = whole ? tsk_ir_emit2(&lo->fn->b, TSK_IR_MERGE, whole, part) : part;
        }
        if (i >= ast->count) break;
        tsk_ir_inst *spread = tsk_lower_ast(lo, ast->items[i + 1]);
        i += 2;
        if (!whole)
            whole = tsk_ir_emit(&lo->fn->b, TSK_IR_OBJECT, tsk_from_array(tsk_array_new(lo->arena, 0)), NULL, 0);
        whole = tsk_ir_emit2(&lo->fn->b, TSK_IR_MERGE, whole, spread);
    }
    return whole;
}

/* `${name}` that stands for nothing keeps its text: other tools expand it. */
static bool is_foreign_hole(tsk_lower *lo, const tsk_ast *ast) {
    tsk_value v;
    if (ast->kind != TSK_AST_NAME || !(ast->flags & TSK_AST_FROM_STRING)) return false;
    return !tsk_lower_local(lo, ast->name, ast->name_len) && !tsk_resolve_path(lo, ast, &v);
}

static tsk_ir_inst *lower_interpolation(tsk_lower *lo, const tsk_ast *ast) {
    tsk_ir_inst **parts = TSK_NEW_ARRAY(lo->arena, tsk_ir_inst *, ast->count);
    for (uint32_t i = 0; i < ast->count; i++) {
        const tsk_ast *part = ast->items[i];
        if (is_foreign_hole(lo, part)) {
            const char *text = tsk_arena_printf(lo->arena, "${%.*s}", (int)part->name_len, part->name);
            parts[i] = tsk_lower_text(lo, text, strlen(text));
        } else {
            parts[i] = tsk_lower_ast(lo, part);
        }
    }
    lo->fn->b.span = ast->span;
    return tsk_ir_emit(&lo->fn->b, TSK_IR_CONCAT, TSK_VALUE_NULL, parts, ast->count);
}

tsk_ir_inst *tsk_lower_closure(tsk_lower *lo, const tsk_ast *lambda) {
    uint32_t params = lambda->count - 1;
    tsk_lower_func fn = {.outer = lo->fn};
    tsk_ir_func *func = tsk_ir_func_new(lo->fn->b.func->module, "lambda", params, 0);
    fn.b = (tsk_ir_builder){.func = func, .block = func->entry, .span = lambda->span, .env = lo->env};
    lo->fn = &fn;
    for (uint32_t i = 0; i < params; i++)
        tsk_lower_bind(lo, lambda->items[i]->name, lambda->items[i]->name_len, func->entry->params[i]);
    tsk_ir_inst *v = tsk_lower_ast(lo, lambda->items[params]);
    tsk_ir_return(&fn.b, v);
    lo->fn = fn.outer;
    func->captures = fn.capture_count;
    tsk_ir_inst **values = TSK_NEW_ARRAY(lo->arena, tsk_ir_inst *, fn.capture_count + 1);
    for (uint32_t i = 0; i < fn.capture_count; i++) values[i] = fn.captures[i].value;
    lo->fn->b.span = lambda->span;
    return tsk_ir_emit_closure(&lo->fn->b, func, values, fn.capture_count);
}

static tsk_ir_inst *lower_slice(tsk_lower *lo, const tsk_ast *ast) {
    tsk_ir_inst *args[3];
    for (int i = 0; i < 3; i++) args[i] = lower_or_null(lo, ast->items[i]);
    lo->fn->b.span = ast->span;
    return tsk_ir_emit(&lo->fn->b, TSK_IR_SLICE, TSK_VALUE_NULL, args, 3);
}

tsk_ir_inst *tsk_lower_ast(tsk_lower *lo, const tsk_ast *ast) {
    tsk_ir_builder *b = &lo->fn->b;
    b->span = ast->span;
    if ((ast->flags & TSK_AST_ITEM) && (ast->flags & TSK_AST_WEAK) && !tsk_any_name_resolves(lo, ast)) {
        tsk_slice text = tsk_ast_source(lo->graph, ast);
        return tsk_lower_text(lo, text.ptr, text.len);
    }
    tsk_ir_inst *x, *y, **args;
    switch ((tsk_ast_kind)ast->kind) {
    case TSK_AST_LITERAL:
    case TSK_AST_TEXT: return tsk_ir_const(b, ast->value);
    case TSK_AST_NAME: return lower_name(lo, ast);
    case TSK_AST_GLOBAL: return lower_global(lo, ast);
    case TSK_AST_OPERATOR: return tsk_lower_operator(lo, ast);
    case TSK_AST_INTERPOLATE: return lower_interpolation(lo, ast);
    case TSK_AST_ARRAY: return lower_array(lo, ast);
    case TSK_AST_OBJECT: return lower_object(lo, ast);
    case TSK_AST_UNARY:
        x = tsk_lower_ast(lo, ast->items[0]);
        b->span = ast->span;
        return tsk_ir_emit1(b, (tsk_ir_op)ast->op, x);
    case TSK_AST_BINARY:
        x = tsk_lower_ast(lo, ast->items[0]);
        y = tsk_lower_ast(lo, ast->items[1]);
        b->span = ast->span;
        return tsk_ir_emit2(b, (tsk_ir_op)ast->op, x, y);
    case TSK_AST_ADD:
        args = lower_all(lo, ast->items, ast->count);
        b->span = ast->span;
        return tsk_ir_emit(b, TSK_IR_ADD, TSK_VALUE_NULL, args, ast->count);
    case TSK_AST_AND: return lower_and(lo, ast);
    case TSK_AST_OR: return tsk_lower_fallback(lo, ast->items[0], ast->items[1], true);
    case TSK_AST_DEFAULT: return tsk_lower_fallback(lo, ast->items[0], ast->items[1], false);
    case TSK_AST_TERNARY:
        return tsk_lower_choose(lo, tsk_lower_condition(lo, ast->items[0]), ast->items[1], ast->items[2]);
    case TSK_AST_MEMBER: return lower_member(lo, ast);
    case TSK_AST_INDEX:
        x = tsk_lower_ast(lo, ast->items[0]);
        y = tsk_lower_ast(lo, ast->items[1]);
        b->span = ast->span;
        return tsk_ir_emit2(b, TSK_IR_INDEX, x, y);
    case TSK_AST_SLICE: return lower_slice(lo, ast);
    case TSK_AST_CALL: return tsk_lower_call(lo, ast);
    case TSK_AST_LAMBDA: return tsk_lower_closure(lo, ast);
    case TSK_AST_SPREAD:
        return tsk_lower_error(lo, ast, TSK_E_EXPECTED_VALUE,
                               "a spread is only possible in a list, an object or a block");
    case TSK_AST_CASES:
        return tsk_lower_error(lo, ast, TSK_E_EXPECTED_VALUE,
                               "`{ ... }` after a value is only possible in @switch and @match");
    }
    return tsk_lower_null(lo);
}

/* ---- thunks ---- */

bool tsk_any_name_resolves(const tsk_lower *lo, const tsk_ast *ast) {
    tsk_value v;
    if (ast->kind == TSK_AST_NAME)
        return tsk_lower_local((tsk_lower *)lo, ast->name, ast->name_len) || tsk_resolve_path(lo, ast, &v);
    if (ast->kind == TSK_AST_MEMBER) {
        if (tsk_resolve_path(lo, ast, &v)) return true;
        /* `users.length` is an expression, `config.json` beside a block `config` is text */
        bool length = ast->name_len == 6 && memcmp(ast->name, "length", 6) == 0;
        if (tsk_resolve_path(lo, ast->items[0], &v)) return length || tsk_is_thunk(v);
    }
    for (uint32_t i = 0; i < ast->count; i++)
        if (ast->items[i] && tsk_any_name_resolves(lo, ast->items[i])) return true;
    return false;
}

/* Words of which none stands for anything are plain text: `John - Smith`, `free or pro`. */
bool tsk_weak_is_text(const tsk_graph *g, const tsk_thunk *t, tsk_value self) {
    tsk_lower lo = {.graph = (tsk_graph *)g, .fe = g->frontend, .thunk = t, .self = self};
    return (t->ast->flags & TSK_AST_WEAK) && !tsk_any_name_resolves(&lo, t->ast);
}

static void scope_path(tsk_buf *buf, const tsk_scope *scope) {
    if (!scope || !scope->name) return;
    scope_path(buf, scope->parent);
    tsk_buf_add(buf, scope->name, scope->name_len);
    tsk_buf_char(buf, '.');
}

void tsk_frontend_key_path(tsk_buf *buf, const tsk_thunk *t) {
    scope_path(buf, t->scope);
    if (t->key)
        tsk_buf_add(buf, t->key, t->key_len);
    else if (buf->len)
        buf->len--;
}

void tsk_frontend_lower(tsk_graph *g, uint32_t number, const tsk_ir_env *env, bool fold) {
    tsk_thunk *t = tsk_graph_thunk(g, number);
    tsk_value self = tsk_from_thunk(number);
    atomic_store_explicit(&t->state, TSK_THUNK_LOWERING, memory_order_relaxed);
    if (tsk_weak_is_text(g, t, self)) {
        tsk_slice text = tsk_ast_source(g, t->ast);
        t->constant = tsk_str_borrow(g->arena, text.ptr, text.len);
        atomic_store_explicit(&t->state, TSK_THUNK_CONSTANT, memory_order_release);
        return;
    }
    g->module->fold = fold;
    tsk_arena *arena = g->module->arena;
    tsk_lower_func fn = {0};
    tsk_buf path;
    tsk_buf_init(&path, arena);
    tsk_frontend_key_path(&path, t);
    tsk_buf_char(&path, 0);
    tsk_ir_func *func = tsk_ir_func_new(g->module, path.ptr, 0, 0);
    fn.b = (tsk_ir_builder){.func = func, .block = func->entry, .span = t->span, .env = env};
    tsk_lower lo = {.graph = g, .fe = g->frontend, .env = env, .arena = arena, .thunk = t, .self = self, .fn = &fn};
    tsk_ir_inst *v = tsk_lower_ast(&lo, t->ast);
    tsk_ir_return(&fn.b, v);
    if (fold && tsk_ir_is_constant(func, &t->constant)) {
        atomic_store_explicit(&t->state, TSK_THUNK_CONSTANT, memory_order_release);
        return;
    }
    t->func = func;
    atomic_store_explicit(&t->state, TSK_THUNK_CODE, memory_order_release);
}
