/* Calls: `@name(...)`, `name(...)`, `value.name(...)`, and the forms that are control flow in disguise. */
#include "frontend/frontend.h"

#include "ir/op_number.h"

#include <stdio.h>

/* Operator of this name; names are compared as the table says. */
static bool find_op(const tsk_lower *lo, const char *name, uint32_t len, uint32_t *number) {
    char text[96];
    if (!len || len >= sizeof text) return false;
    memcpy(text, name, len);
    text[len] = 0;
    return lo->env->op_number(lo->env->user, text, number);
}

/* A call of nothing we know is its own text; strict programs refuse it. */
static tsk_ir_inst *unknown(tsk_lower *lo, const tsk_ast *ast, const char *name, uint32_t len) {
    if (lo->graph->strict) {
        tsk_slice best = tsk_closest_operator(lo->arena, lo->env, name, len);
        const char *at = ast->kind == TSK_AST_OPERATOR ? "@" : "";
        return best.len
                   ? tsk_lower_error(lo, ast, TSK_E_UNKNOWN_OPERATOR,
                                     "no operator is called `%.*s`\ndid you mean `%s%.*s`?", (int)len, name, at,
                                     (int)best.len, best.ptr)
                   : tsk_lower_error(lo, ast, TSK_E_UNKNOWN_OPERATOR, "no operator is called `%.*s`", (int)len, name);
    }
    tsk_slice source = tsk_ast_source(lo->graph, ast);
    return tsk_lower_text(lo, source.ptr, source.len);
}

static tsk_ir_inst *emit_op(tsk_lower *lo, const tsk_ast *at, uint32_t number, tsk_ir_inst *const *args,
                            uint32_t count) {
    lo->fn->b.span = at->span;
    return tsk_ir_emit_index(&lo->fn->b, TSK_IR_OP, number, args, count);
}

static bool literal_text(const tsk_ast *ast, tsk_slice *out) {
    if (ast->kind != TSK_AST_LITERAL || !tsk_is_str(ast->value)) return false;
    *out = tsk_as_slice(ast->value);
    return true;
}

/* ---- switch ---- */

/* v, {case: result, ...}[, default] or v, c, r, ...[, default]: a chain of comparisons. */
typedef struct cases {
    tsk_lower *lo;
    tsk_ir_inst *value;
    tsk_ast *const *items; /* case, result, ... */
    uint32_t count;        /* of items, even */
    const tsk_ast *otherwise;
} cases;

static bool is_default(const tsk_ast *key) {
    tsk_slice s;
    return literal_text(key, &s) && (tsk_slice_eq(s, TSK_SLICE("default")) || tsk_slice_eq(s, TSK_SLICE("_")));
}

static tsk_ir_inst *lower_cases(cases c) {
    tsk_lower *lo = c.lo;
    tsk_ir_builder *b = &lo->fn->b;
    tsk_ir_block *join = NULL;
    tsk_ir_inst *result = NULL, *v;
    for (uint32_t i = 0; i + 1 < c.count; i += 2) {
        if (is_default(c.items[i])) {
            c.otherwise = c.items[i + 1];
            continue;
        }
        tsk_ir_inst *hit = tsk_ir_emit2(b, TSK_IR_EQ, c.value, tsk_lower_ast(lo, c.items[i]));
        if (hit->op == TSK_IR_CONST) {
            if (!tsk_as_bool(hit->imm.value)) continue;
            c.otherwise = c.items[i + 1];
            break;
        }
        if (!join) {
            join = tsk_ir_build_block(b);
            result = tsk_ir_block_param(join, TSK_TY_ANY);
        }
        tsk_ir_block *then = tsk_ir_build_block(b), *next = tsk_ir_build_block(b);
        tsk_ir_branch(b, hit, then, next);
        b->block = then;
        v = tsk_lower_ast(lo, c.items[i + 1]);
        tsk_ir_jump(b, join, &v, 1);
        b->block = next;
    }
    v = c.otherwise ? tsk_lower_ast(lo, c.otherwise) : tsk_lower_null(lo);
    if (!join) return v;
    tsk_ir_jump(b, join, &v, 1);
    b->block = join;
    return result;
}

static tsk_ir_inst *lower_switch(tsk_lower *lo, tsk_ast *const *args, uint32_t count) {
    cases c = {.lo = lo};
    if (args[0]->kind == TSK_AST_CASES) {
        c.items = args[0]->items[1]->items;
        c.count = args[0]->items[1]->count;
        c.otherwise = count > 1 ? args[1] : NULL;
        c.value = tsk_lower_ast(lo, args[0]->items[0]);
        return lower_cases(c);
    }
    c.value = tsk_lower_ast(lo, args[0]);
    if (count >= 2 && args[1]->kind == TSK_AST_OBJECT) {
        c.items = args[1]->items;
        c.count = args[1]->count;
        c.otherwise = count > 2 ? args[2] : NULL;
    } else {
        c.items = args + 1;
        c.count = (count - 1) & ~1u;
        c.otherwise = (count - 1) & 1 ? args[count - 1] : NULL;
    }
    return lower_cases(c);
}

/* ---- cache ---- */

/* Variables of loops and lambdas that the expression reads: with its text they are the key. */
static void collect_locals(tsk_lower *lo, const tsk_ast *ast, tsk_ir_inst **out, uint32_t *count, uint32_t cap) {
    if (ast->kind == TSK_AST_NAME || ast->kind == TSK_AST_GLOBAL) {
        for (tsk_local *l = lo->fn->locals; l && ast->name; l = l->outer)
            if (l->len == ast->name_len && memcmp(l->name, ast->name, l->len) == 0) {
                if (*count < cap) out[(*count)++] = l->value;
                return;
            }
    }
    for (uint32_t i = 0; i < ast->count; i++)
        if (ast->items[i]) collect_locals(lo, ast->items[i], out, count, cap);
}

/* @cache(ttl, value[, key]): the value is computed only when the store does not have it. */
static tsk_ir_inst *lower_cache(tsk_lower *lo, const tsk_ast *ast, tsk_ast *const *args, uint32_t count) {
    tsk_ir_builder *b = &lo->fn->b;
    tsk_ir_inst *key[34];
    uint32_t keys = 0;
    if (count > 2) {
        key[keys++] = tsk_lower_ast(lo, args[2]);
    } else {
        const tsk_source *source = tsk_sources_at(&lo->graph->sources, args[1]->span.pos);
        tsk_slice text = tsk_ast_source(lo->graph, args[1]);
        const char *id = tsk_arena_printf(lo->arena, "%s:%u:%.*s", source ? source->name : "", args[1]->span.pos,
                                          (int)text.len, text.ptr);
        key[keys++] = tsk_lower_text(lo, id, strlen(id));
        collect_locals(lo, args[1], key, &keys, TSK_COUNT(key));
    }
    tsk_ir_inst *hit = emit_op(lo, ast, TSK_OP_CACHE_GET, key, keys);
    tsk_ir_inst *undefined = tsk_ir_const(b, TSK_VALUE_UNDEFINED);
    tsk_ir_inst *miss = tsk_ir_emit2(b, TSK_IR_SAME, hit, undefined);
    tsk_ir_block *compute = tsk_ir_build_block(b), *have = tsk_ir_build_block(b), *join = tsk_ir_build_block(b);
    tsk_ir_inst *result = tsk_ir_block_param(join, TSK_TY_ANY);
    tsk_ir_branch(b, miss, compute, have);
    b->block = have;
    tsk_ir_jump(b, join, &hit, 1);
    b->block = compute;
    tsk_ir_inst *whole = keys == 1 ? key[0] : tsk_ir_emit(b, TSK_IR_ARRAY, TSK_VALUE_NULL, key, keys);
    tsk_ir_inst *put[3] = {whole, tsk_lower_ast(lo, args[0]), tsk_lower_ast(lo, args[1])};
    tsk_ir_inst *stored = emit_op(lo, ast, TSK_OP_CACHE_PUT, put, 3);
    tsk_ir_jump(b, join, &stored, 1);
    b->block = join;
    return result;
}

/* ---- paths from the root: var("a.b"), @var.a.b ---- */

static bool path_value(const tsk_lower *lo, const char *path, uint32_t len, tsk_value *out) {
    const char *p = path, *end = path + len;
    tsk_value v = tsk_from_object(lo->graph->root);
    while (p < end) {
        const char *dot = memchr(p, '.', (size_t)(end - p));
        if (!dot) dot = end;
        tsk_entry *e = tsk_is_object(v) ? tsk_object_find(tsk_as_object(v), p, (uint32_t)(dot - p)) : NULL;
        if (!e && tsk_is_object(v) && dot - p < 120) {
            char dollar[128] = "$";
            memcpy(dollar + 1, p, (size_t)(dot - p));
            e = tsk_object_find(tsk_as_object(v), dollar, (uint32_t)(dot - p) + 1);
        }
        if (!e) return false;
        v = e->value;
        p = dot + 1;
        if (tsk_is_thunk(v) && p < end) return false;
    }
    *out = v;
    return true;
}

/* The longest known part of a path, then members. NULL: not even its first part is known. */
static tsk_ir_inst *lower_path(tsk_lower *lo, tsk_value v, const char *rest, const char *end) {
    while (rest < end && tsk_is_object(v)) {
        const char *dot = memchr(rest, '.', (size_t)(end - rest));
        if (!dot) dot = end;
        tsk_entry *e = tsk_object_find(tsk_as_object(v), rest, (uint32_t)(dot - rest));
        if (!e) return tsk_lower_null(lo);
        v = e->value;
        rest = dot < end ? dot + 1 : end;
    }
    tsk_ir_inst *inst = tsk_lower_tree(lo, v);
    while (rest < end) {
        const char *dot = memchr(rest, '.', (size_t)(end - rest));
        if (!dot) dot = end;
        inst = tsk_ir_emit(&lo->fn->b, TSK_IR_MEMBER, tsk_str_borrow(lo->arena, rest, (uint32_t)(dot - rest)), &inst,
                           1);
        rest = dot < end ? dot + 1 : end;
    }
    return inst;
}

static tsk_ir_inst *lower_root_path(tsk_lower *lo, const char *path, uint32_t len) {
    const char *dot = memchr(path, '.', len), *end = path + len;
    uint32_t first = dot ? (uint32_t)(dot - path) : len;
    tsk_value v;
    if (!path_value(lo, path, first, &v)) return NULL;
    return lower_path(lo, v, dot ? dot + 1 : end, end);
}

/* ---- calls by number ---- */

static tsk_ir_inst *wrong_count(tsk_lower *lo, const tsk_ast *ast, uint32_t number, uint32_t count) {
    int min, max;
    lo->env->op_arity(lo->env->user, number, &min, &max);
    if ((int)count >= min && (max < 0 || (int)count <= max)) return NULL;
    const char *name = lo->env->op_name(lo->env->user, number);
    char range[32];
    if (max < 0)
        snprintf(range, sizeof range, "at least %d", min);
    else if (min == max)
        snprintf(range, sizeof range, "%d", min);
    else
        snprintf(range, sizeof range, "%d to %d", min, max);
    return tsk_lower_error(lo, ast, TSK_E_WRONG_ARGUMENTS, "%s takes %s argument%s, not %u", name, range,
                           max == 1 ? "" : "s", count);
}

static tsk_ir_inst *lower_fujsen(tsk_lower *lo, const tsk_ast *ast, tsk_ast *const *args, uint32_t count);

/* NULL: the operator is not a special form. */
static tsk_ir_inst *lower_special(tsk_lower *lo, const tsk_ast *ast, uint32_t number, tsk_ast *const *args,
                                  uint32_t count) {
    tsk_slice path;
    tsk_ir_inst *v;
    switch (number) {
    case TSK_OP_IF:
    case TSK_OP_WHEN:
        if (count == 1) return tsk_lower_ast(lo, args[0]);
        return tsk_lower_choose(lo, tsk_lower_condition(lo, args[0]), args[1], count > 2 ? args[2] : NULL);
    case TSK_OP_MATCH:
        if (args[0]->kind != TSK_AST_CASES && count == 2 && args[1]->kind != TSK_AST_OBJECT) return NULL;
        return lower_switch(lo, args, count);
    case TSK_OP_SWITCH: return lower_switch(lo, args, count);
    case TSK_OP_TRY:
    case TSK_OP_DEFAULT:
        if (count == 1)
            return tsk_lower_fallback(lo, args[0], &(tsk_ast){.kind = TSK_AST_LITERAL, .value = TSK_VALUE_NULL}, false);
        return tsk_lower_fallback(lo, args[0], args[1], false);
    case TSK_OP_COALESCE: {
        if (count == 1) return tsk_lower_ast(lo, args[0]);
        if (count == 2) return tsk_lower_fallback(lo, args[0], args[1], false);
        tsk_ast *call = tsk_arena_alloc(lo->arena, sizeof *call + (count - 1) * sizeof *args);
        *call = (tsk_ast){.kind = TSK_AST_OPERATOR, .flags = TSK_AST_HAS_ARGS, .span = ast->span};
        call->name = "coalesce";
        call->name_len = 8;
        call->count = count - 1;
        memcpy(call->items, args + 1, (count - 1) * sizeof *args);
        return tsk_lower_fallback(lo, args[0], call, false);
    }
    case TSK_OP_VAR:
    case TSK_OP_REF:
    case TSK_OP_GLOBAL:
        if (!literal_text(args[0], &path))
            return tsk_lower_error(lo, args[0], TSK_E_UNSUPPORTED, "the path must be a literal text");
        v = lower_root_path(lo, path.ptr, path.len);
        return v ? v : count > 1 ? tsk_lower_ast(lo, args[1]) : tsk_lower_null(lo);
    case TSK_OP_COMPOSE: return tsk_lower_composed(lo, ast, args, count);
    case TSK_OP_FUJSEN: return lower_fujsen(lo, ast, args, count);
    case TSK_OP_CACHE:
        if (count < 2) return tsk_lower_error(lo, ast, TSK_E_WRONG_ARGUMENTS, "cache takes a time to live and a value");
        return lower_cache(lo, ast, args, count);
    default: return tsk_lower_loop(lo, number, ast, args, count, NULL);
    }
}

static tsk_ir_inst *lower_op(tsk_lower *lo, const tsk_ast *ast, uint32_t number, tsk_ast *const *args, uint32_t count) {
    tsk_ir_inst *v = wrong_count(lo, ast, number, count);
    if (v) return v;
    for (uint32_t i = 0; i < count; i++)
        if (args[i]->kind == TSK_AST_CASES && number != TSK_OP_SWITCH && number != TSK_OP_MATCH)
            return tsk_lower_ast(lo, args[i]);
    v = count || number == TSK_OP_CACHE ? lower_special(lo, ast, number, args, count) : NULL;
    if (v) return v;
    if (number == TSK_OP_MATCH) number = TSK_OP_TEXT_MATCH;
    tsk_slice first;
    if (count && literal_text(args[0], &first)) lo->env->op_specialize(lo->env->user, number, first, &number);
    if (number == TSK_OP_JSON && ((const tsk_frontend *)lo->graph->frontend)->api) number = TSK_OP_JSON_RESPONSE;
    tsk_ir_inst **values = TSK_NEW_ARRAY(lo->arena, tsk_ir_inst *, count + 1);
    for (uint32_t i = 0; i < count; i++) values[i] = tsk_lower_ast(lo, args[i]);
    return emit_op(lo, ast, number, values, count);
}

/* A function of ECMAScript in the document, with the scope that it stands in. */
typedef struct function_text {
    tsk_value text;
    const void *home;
    tsk_slice name;
} function_text;

static bool is_function_value(tsk_value v) {
    return tsk_is_str(v) && tsk_frontend_is_function(tsk_as_slice(v));
}

static bool member_function(const tsk_lower *lo, tsk_value base, const char *name, uint32_t len, function_text *f) {
    if (!tsk_is_object(base)) return false;
    f->name = (tsk_slice){name, len};
    const tsk_entry *e = tsk_frontend_member(tsk_as_object(base), f->name);
    if (!e || !is_function_value(e->value)) return false;
    f->text = e->value;
    f->home = tsk_frontend_scope_of(lo->graph, tsk_as_object(base));
    return true;
}

/* What `name(...)` or `a.b.name(...)` calls; `_fujsen` may be left out. */
static bool find_function(tsk_lower *lo, const tsk_ast *callee, function_text *f) {
    tsk_value base;
    if (callee->kind == TSK_AST_MEMBER)
        return tsk_resolve_path(lo, callee->items[0], &base) &&
               member_function(lo, base, callee->name, callee->name_len, f);
    if (callee->kind != TSK_AST_NAME || tsk_lower_local(lo, callee->name, callee->name_len)) return false;
    f->name = (tsk_slice){callee->name, callee->name_len};
    return tsk_frontend_visible(lo->thunk->scope, f->name, &f->text, &f->home) && is_function_value(f->text);
}

/* The same by a dotted path from the root. */
static bool find_function_at(const tsk_lower *lo, tsk_slice path, function_text *f) {
    tsk_value at = tsk_from_object(lo->graph->root);
    const char *p = path.ptr, *end = p + path.len;
    for (const char *dot; (dot = memchr(p, '.', (size_t)(end - p))); p = dot + 1) {
        const tsk_entry *e = tsk_is_object(at) ? tsk_object_find(tsk_as_object(at), p, (uint32_t)(dot - p)) : NULL;
        if (!e) return false;
        at = e->value;
    }
    return member_function(lo, at, p, (uint32_t)(end - p), f);
}

static tsk_ir_inst *call_function(tsk_lower *lo, const tsk_ast *ast, const function_text *f, tsk_ast *const *args,
                                  uint32_t count) {
    const char *problem = "there are no functions here";
    tsk_value function = lo->env->function ? lo->env->function(lo->env->user, f->text, f->home, f->name, &problem)
                                           : TSK_VALUE_NULL;
    if (tsk_is_null(function))
        return tsk_lower_error(lo, ast, TSK_E_JS_SYNTAX, "the function `%.*s` has an error: %s", (int)f->name.len,
                               f->name.ptr, problem);
    tsk_ir_inst **values = TSK_NEW_ARRAY(lo->arena, tsk_ir_inst *, count + 1);
    values[0] = tsk_ir_const(&lo->fn->b, function);
    for (uint32_t i = 0; i < count; i++) values[i + 1] = tsk_lower_ast(lo, args[i]);
    lo->fn->b.span = ast->span;
    return tsk_ir_emit(&lo->fn->b, TSK_IR_CALL, TSK_VALUE_NULL, values, count + 1);
}

/* @fujsen("section.function", ...) */
static tsk_ir_inst *lower_fujsen(tsk_lower *lo, const tsk_ast *ast, tsk_ast *const *args, uint32_t count) {
    tsk_slice path;
    function_text f;
    if (!literal_text(args[0], &path))
        return tsk_lower_error(lo, args[0], TSK_E_UNSUPPORTED, "the path of the function must be a literal text");
    if (!find_function_at(lo, path, &f))
        return tsk_lower_error(lo, args[0], TSK_E_NOT_CALLABLE, "`%.*s` is not a JavaScript function", (int)path.len,
                               path.ptr);
    return call_function(lo, ast, &f, args + 1, count - 1);
}

/* A call of something in the document; NULL when it is nothing that can be called. */
static tsk_ir_inst *call_value(tsk_lower *lo, const tsk_ast *ast, tsk_value v, tsk_ast *const *args, uint32_t count) {
    if (!tsk_is_thunk(v)) return NULL;
    tsk_ir_inst **values = TSK_NEW_ARRAY(lo->arena, tsk_ir_inst *, count + 1);
    values[0] = tsk_lower_tree(lo, v);
    for (uint32_t i = 0; i < count; i++) values[i + 1] = tsk_lower_ast(lo, args[i]);
    lo->fn->b.span = ast->span;
    return tsk_ir_emit(&lo->fn->b, TSK_IR_CALL, TSK_VALUE_NULL, values, count + 1);
}

bool tsk_lower_is_function(const tsk_lower *lo, const tsk_ast *ast) {
    uint32_t number;
    if (ast->kind == TSK_AST_CALL && ast->items[0]->kind == TSK_AST_NAME)
        ast = ast->items[0];
    else if (ast->kind != TSK_AST_OPERATOR || !(ast->flags & TSK_AST_HAS_ARGS))
        return ast->kind == TSK_AST_LAMBDA;
    return find_op(lo, ast->name, ast->name_len, &number) && number == TSK_OP_COMPOSE;
}

static bool is_lambda(const tsk_lower *lo, tsk_value v) {
    return tsk_is_thunk(v) && tsk_lower_is_function(lo, tsk_graph_thunk(lo->graph, tsk_as_thunk(v))->ast);
}

static tsk_ir_inst *lower_method(tsk_lower *lo, const tsk_ast *ast, const char *name, uint32_t len,
                                 tsk_ir_inst *receiver, tsk_ast *const *args, uint32_t count) {
    uint32_t number;
    if (count && find_op(lo, name, len, &number)) {
        tsk_ir_inst *loop = tsk_lower_loop(lo, number, ast, args, count, receiver);
        if (loop) return loop;
    }
    tsk_ir_inst **values = TSK_NEW_ARRAY(lo->arena, tsk_ir_inst *, count + 1);
    values[0] = receiver;
    for (uint32_t i = 0; i < count; i++) values[i + 1] = tsk_lower_ast(lo, args[i]);
    lo->fn->b.span = ast->span;
    return tsk_ir_emit(&lo->fn->b, TSK_IR_METHOD, tsk_str_borrow(lo->arena, name, len), values, count + 1);
}

tsk_ir_inst *tsk_lower_call(tsk_lower *lo, const tsk_ast *ast) {
    const tsk_ast *callee = ast->items[0];
    tsk_ast *const *args = ast->items + 1;
    uint32_t count = ast->count - 1, number;
    tsk_value v;
    tsk_ir_inst *call;
    function_text function;
    if (find_function(lo, callee, &function)) return call_function(lo, ast, &function, args, count);
    bool resolved = tsk_resolve_path(lo, callee, &v);
    if (callee->kind == TSK_AST_NAME) {
        bool op = find_op(lo, callee->name, callee->name_len, &number);
        if (resolved && (!op || is_lambda(lo, v)) && (call = call_value(lo, ast, v, args, count))) return call;
        tsk_ir_inst *local = NULL;
        for (tsk_lower_func *fn = lo->fn; fn && !local; fn = fn->outer)
            for (tsk_local *l = fn->locals; l; l = l->outer)
                if (l->len == callee->name_len && memcmp(l->name, callee->name, l->len) == 0) local = l->value;
        if (!local && resolved && !op && !tsk_is_thunk(v))
            return tsk_lower_error(lo, ast, TSK_E_NOT_CALLABLE, "`%.*s` is no function and cannot be called: %s",
                                   (int)callee->name_len, callee->name, tsk_kind_name(tsk_kind_of(v)));
        if (!local)
            return op ? lower_op(lo, ast, number, args, count) : unknown(lo, ast, callee->name, callee->name_len);
    } else if (callee->kind == TSK_AST_MEMBER) {
        if (resolved && is_lambda(lo, v) && (call = call_value(lo, ast, v, args, count))) return call;
        const tsk_ast *base = callee->items[0];
        if (base->kind == TSK_AST_NAME && !tsk_resolve_path(lo, base, &v)) { /* math.round(x) without `@` */
            tsk_slice source = tsk_ast_source(lo->graph, callee);
            bool local = false;
            for (tsk_local *l = lo->fn->locals; l; l = l->outer)
                local = local || (l->len == base->name_len && memcmp(l->name, base->name, l->len) == 0);
            if (!local && find_op(lo, source.ptr, source.len, &number)) return lower_op(lo, ast, number, args, count);
        }
        return lower_method(lo, ast, callee->name, callee->name_len, tsk_lower_ast(lo, base), args, count);
    }
    tsk_ir_inst **values = TSK_NEW_ARRAY(lo->arena, tsk_ir_inst *, count + 1);
    values[0] = tsk_lower_ast(lo, callee);
    for (uint32_t i = 0; i < count; i++) values[i + 1] = tsk_lower_ast(lo, args[i]);
    lo->fn->b.span = ast->span;
    return tsk_ir_emit(&lo->fn->b, TSK_IR_CALL, TSK_VALUE_NULL, values, count + 1);
}

/* ---- @name ---- */

static bool ends_with(const char *name, uint32_t len, const char *suffix, uint32_t n) {
    return len > n && memcmp(name + len - n, suffix, n) == 0;
}

static tsk_ir_inst *lower_cross_file(tsk_lower *lo, const tsk_ast *ast, bool set) {
    tsk_ir_inst *args[3];
    uint32_t want = set ? 2 : 1;
    if (ast->count < want)
        return tsk_lower_error(lo, ast, TSK_E_WRONG_ARGUMENTS, set ? "set takes a key and a value" : "get takes a key");
    args[0] = tsk_lower_text(lo, ast->name, ast->name_len - 4); /* without .get or .set */
    for (uint32_t i = 0; i < want; i++) args[i + 1] = tsk_lower_ast(lo, ast->items[i]);
    return emit_op(lo, ast, set ? TSK_OP_CROSS_SET : TSK_OP_CROSS_GET, args, want + 1);
}

/* @name.path without arguments: a key, an operator without arguments, or the environment. */
static tsk_ir_inst *lower_reference(tsk_lower *lo, const tsk_ast *ast) {
    const char *name = ast->name, *end = name + ast->name_len, *dot = memchr(name, '.', ast->name_len);
    uint32_t first = dot ? (uint32_t)(dot - name) : ast->name_len, number;
    tsk_value v;
    tsk_ir_inst *inst;
    if (dot && first == 3 && memcmp(name, "env", 3) == 0) {
        inst = tsk_lower_text(lo, dot + 1, (size_t)(end - dot - 1));
        return emit_op(lo, ast, TSK_OP_ENV, &inst, 1);
    }
    if (dot && ((first == 3 && memcmp(name, "var", 3) == 0) || (first == 6 && memcmp(name, "global", 6) == 0))) {
        inst = lower_root_path(lo, dot + 1, (uint32_t)(end - dot - 1));
        return inst ? inst : tsk_lower_null(lo);
    }
    if (tsk_scope_find(lo->thunk->scope, name, first, lo->self, &v)) return lower_path(lo, v, dot ? dot + 1 : end, end);
    if ((inst = lower_root_path(lo, name, ast->name_len))) return inst;
    int min, max;
    const char *rest = end;
    bool op = find_op(lo, name, ast->name_len, &number);
    if (!op && dot && find_op(lo, name, first, &number)) { /* @request.query.page */
        op = true;
        rest = dot + 1;
    }
    if (op) {
        lo->env->op_arity(lo->env->user, number, &min, &max);
        if (min == 0) {
            inst = emit_op(lo, ast, number, NULL, 0);
            while (rest < end) {
                dot = memchr(rest, '.', (size_t)(end - rest));
                if (!dot) dot = end;
                inst = tsk_ir_emit(&lo->fn->b, TSK_IR_MEMBER, tsk_str_borrow(lo->arena, rest, (uint32_t)(dot - rest)),
                                   &inst, 1);
                rest = dot < end ? dot + 1 : end;
            }
            return inst;
        }
    }
    if (memchr(name, '.', ast->name_len)) return tsk_lower_null(lo);
    inst = tsk_lower_text(lo, name, ast->name_len); /* @DEBUG: a variable of the environment */
    return emit_op(lo, ast, TSK_OP_ENV, &inst, 1);
}

tsk_ir_inst *tsk_lower_operator(tsk_lower *lo, const tsk_ast *ast) {
    const char *name = ast->name;
    uint32_t len = ast->name_len, number;
    if (ends_with(name, len, ".tsk.get", 8) || ends_with(name, len, ".tsk.set", 8))
        return lower_cross_file(lo, ast, name[len - 3] == 's');
    if (!(ast->flags & TSK_AST_HAS_ARGS)) return lower_reference(lo, ast);
    tsk_value v;
    if (tsk_scope_find(lo->thunk->scope, name, len, lo->self, &v) && is_lambda(lo, v)) {
        tsk_ir_inst **values = TSK_NEW_ARRAY(lo->arena, tsk_ir_inst *, ast->count + 1);
        values[0] = tsk_lower_tree(lo, v);
        for (uint32_t i = 0; i < ast->count; i++) values[i + 1] = tsk_lower_ast(lo, ast->items[i]);
        lo->fn->b.span = ast->span;
        return tsk_ir_emit(&lo->fn->b, TSK_IR_CALL, TSK_VALUE_NULL, values, ast->count + 1);
    }
    if (find_op(lo, name, len, &number)) return lower_op(lo, ast, number, ast->items, ast->count);
    function_text f = {.name = {name, len}};
    bool visible = tsk_frontend_visible(lo->thunk->scope, f.name, &f.text, &f.home) && is_function_value(f.text);
    if (visible || find_function_at(lo, f.name, &f)) return call_function(lo, ast, &f, ast->items, ast->count);
    const char *dot = memrchr(name, '.', len);
    if (!dot) return unknown(lo, ast, name, len);
    /* @user.name.upper(): a method of a key */
    const char *head = memchr(name, '.', len);
    if (!tsk_scope_find(lo->thunk->scope, name, (uint32_t)(head - name), lo->self, &v)) {
        tsk_ir_inst *base;
        bool var = head - name == 3 && memcmp(name, "var", 3) == 0 && dot > head;
        if (var && (base = lower_root_path(lo, head + 1, (uint32_t)(dot - head - 1))))
            return lower_method(lo, ast, dot + 1, (uint32_t)(name + len - dot - 1), base, ast->items, ast->count);
        return unknown(lo, ast, name, len);
    }
    tsk_ir_inst *receiver = lower_path(lo, v, head < dot ? head + 1 : dot, dot);
    return lower_method(lo, ast, dot + 1, (uint32_t)(name + len - dot - 1), receiver, ast->items, ast->count);
}
