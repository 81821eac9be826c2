/* Checks of `tsk validate`, inputs for `tsk explain`, and the printed expression tree. */
#include "frontend/frontend.h"

#include "ir/op_number.h"

typedef struct walk {
    tsk_graph *graph;
    const tsk_ir_env *env;
    const tsk_thunk *thunk;
    tsk_lower lo;
    tsk_local *bound; /* variables of lambdas and loops around */
    bool in_loop;
} walk;

static bool find_op(const walk *w, const char *name, uint32_t len, uint32_t *number) {
    char text[96];
    if (!len || len >= sizeof text) return false;
    memcpy(text, name, len);
    text[len] = 0;
    return w->env->op_number(w->env->user, text, number);
}

static bool is_bound(const walk *w, const char *name, uint32_t len) {
    for (tsk_local *l = w->bound; l; l = l->outer)
        if (l->len == len && memcmp(l->name, name, len) == 0) return l->used = true;
    static const tsk_slice loop_names[] = {TSK_SLICE("item"), TSK_SLICE("index"), TSK_SLICE("key"), TSK_SLICE("acc"),
                                           TSK_SLICE("_")};
    for (size_t i = 0; w->in_loop && i < TSK_COUNT(loop_names); i++)
        if (tsk_slice_eq(loop_names[i], (tsk_slice){name, len})) return true;
    return false;
}

/* ---- suggestions ---- */

typedef struct names {
    tsk_slice *list;
    size_t count, cap;
} names;

static void add_name(tsk_arena *arena, names *n, const char *ptr, uint32_t len) {
    if (n->count == n->cap) {
        size_t cap = n->cap ? n->cap * 2 : 64;
        n->list = tsk_arena_grow(arena, n->list, n->cap * sizeof *n->list, cap * sizeof *n->list);
        n->cap = cap;
    }
    n->list[n->count++] = (tsk_slice){ptr, len};
}

static void suggest(walk *w, tsk_diag *d, const char *word, uint32_t len, const names *n, const char *prefix) {
    tsk_slice best = tsk_closest((tsk_slice){word, len}, n->list, n->count);
    if (best.len)
        d->hint = tsk_arena_printf(w->graph->diags.arena, "did you mean `%s%.*s`?", prefix, (int)best.len, best.ptr);
}

tsk_slice tsk_closest_operator(tsk_arena *arena, const tsk_ir_env *env, const char *name, uint32_t len) {
    names n = {0};
    for (uint32_t i = 0; i < TSK_OP_COUNT; i++) {
        const char *op = env->op_name(env->user, i);
        if (op) add_name(arena, &n, op, (uint32_t)strlen(op));
    }
    return tsk_closest((tsk_slice){name, len}, n.list, n.count);
}

static void unknown_operator(walk *w, const tsk_ast *ast, const char *name, uint32_t len) {
    tsk_diag *d = tsk_diags_add(&w->graph->diags, TSK_ERROR, TSK_E_UNKNOWN_OPERATOR,
                                (tsk_span){ast->span.pos, len + (ast->kind == TSK_AST_OPERATOR)},
                                "no operator is called `%.*s`", (int)len, name);
    tsk_slice best = tsk_closest_operator(w->graph->arena, w->env, name, len);
    if (best.len)
        d->hint = tsk_arena_printf(w->graph->diags.arena, "did you mean `%s%.*s`?",
                                   ast->kind == TSK_AST_OPERATOR ? "@" : "", (int)best.len, best.ptr);
}

static void undefined_global(walk *w, const tsk_ast *ast) {
    tsk_diag *d = tsk_diags_add(&w->graph->diags, TSK_ERROR, TSK_E_UNDEFINED_GLOBAL, ast->span,
                                "`$%.*s` is never assigned", (int)ast->name_len, ast->name);
    names n = {0};
    const tsk_frontend *fe = w->graph->frontend;
    for (uint32_t i = 0; i < fe->globals.count; i++)
        add_name(w->graph->arena, &n, fe->globals.entries[i].key, fe->globals.entries[i].key_len);
    suggest(w, d, ast->name, ast->name_len, &n, "$");
}

static void undefined_name(walk *w, const tsk_ast *ast) {
    bool hole = ast->flags & TSK_AST_FROM_STRING;
    tsk_diag *d = tsk_diags_add(
        &w->graph->diags, w->graph->strict ? TSK_ERROR : TSK_WARNING, TSK_E_UNDEFINED_NAME, ast->span,
        hole ? "`%.*s` stands for nothing; the text is kept" : "`%.*s` stands for nothing; it counts as null",
        (int)ast->name_len, ast->name);
    names n = {0};
    for (const tsk_scope *s = w->thunk->scope; s; s = s->parent)
        for (uint32_t i = 0; i < s->object->count && i < 10000; i++)
            add_name(w->graph->arena, &n, s->object->entries[i].key, s->object->entries[i].key_len);
    suggest(w, d, ast->name, ast->name_len, &n, "");
}

/* ---- the walk over one expression ---- */

static void visit(walk *w, const tsk_ast *ast);

static void visit_items(walk *w, const tsk_ast *ast, uint32_t from) {
    for (uint32_t i = from; i < ast->count; i++)
        if (ast->items[i]) visit(w, ast->items[i]);
}

static bool is_loop(uint32_t number) {
    return number == TSK_OP_EACH || number == TSK_OP_MAP || number == TSK_OP_FILTER || number == TSK_OP_REDUCE ||
           number == TSK_OP_FIND || number == TSK_OP_FIND_INDEX || number == TSK_OP_ANY || number == TSK_OP_ALL ||
           number == TSK_OP_WHILE || number == TSK_OP_FOR || number == TSK_OP_MAP_VALUES ||
           number == TSK_OP_FILTER_OBJECT || number == TSK_OP_PIPE || number == TSK_OP_COMPOSE;
}

static void check_arity(walk *w, const tsk_ast *ast, uint32_t number, uint32_t count) {
    int min, max;
    w->env->op_arity(w->env->user, number, &min, &max);
    if ((int)count >= min && (max < 0 || (int)count <= max)) return;
    tsk_diag *d = tsk_diags_add(&w->graph->diags, TSK_ERROR, TSK_E_WRONG_ARGUMENTS, ast->span,
                                "%s cannot be called with %u argument%s", w->env->op_name(w->env->user, number), count,
                                count == 1 ? "" : "s");
    d->expected = max < 0 ? tsk_arena_printf(w->graph->diags.arena, "expected at least %d", min)
                          : tsk_arena_printf(w->graph->diags.arena, "expected %d to %d", min, max);
}

static void visit_call(walk *w, const tsk_ast *ast, const char *name, uint32_t len, uint32_t from) {
    uint32_t number;
    bool op = find_op(w, name, len, &number), outer = w->in_loop;
    if (op) check_arity(w, ast, number, ast->count - from);
    w->in_loop = outer || (op && is_loop(number));
    bool steps = op && (number == TSK_OP_PIPE || number == TSK_OP_COMPOSE);
    for (uint32_t i = from; i < ast->count; i++) {
        const tsk_ast *item = ast->items[i];
        if (item && !(steps && item->kind == TSK_AST_NAME && find_op(w, item->name, item->name_len, &number)))
            visit(w, item);
    }
    w->in_loop = outer;
}

/* A function of the document, perhaps without its suffix. */
static bool is_visible_function(const walk *w, const char *name, uint32_t len) {
    tsk_value v;
    const void *home;
    return tsk_frontend_visible(w->thunk->scope, (tsk_slice){name, len}, &v, &home) && tsk_is_str(v) &&
           tsk_frontend_is_function(tsk_as_slice(v));
}

static void visit_operator(walk *w, const tsk_ast *ast) {
    tsk_value v;
    const char *dot = memchr(ast->name, '.', ast->name_len);
    uint32_t first = dot ? (uint32_t)(dot - ast->name) : ast->name_len, number;
    is_bound(w, ast->name, first);
    bool cross = ast->name_len > 8 && memcmp(ast->name + ast->name_len - 8, ".tsk.", 5) == 0;
    bool known = cross || find_op(w, ast->name, ast->name_len, &number) ||
                 tsk_scope_find(w->thunk->scope, ast->name, first, w->lo.self, &v) ||
                 (first == 3 && memcmp(ast->name, "var", 3) == 0) || is_visible_function(w, ast->name, ast->name_len);
    if (!known && (ast->flags & TSK_AST_HAS_ARGS)) {
        unknown_operator(w, ast, ast->name, ast->name_len);
        visit_items(w, ast, 0);
    } else if (cross || !(ast->flags & TSK_AST_HAS_ARGS)) {
        visit_items(w, ast, 0);
    } else {
        visit_call(w, ast, ast->name, ast->name_len, 0);
    }
}

static void visit_lambda(walk *w, const tsk_ast *ast) {
    tsk_local *outer = w->bound;
    for (uint32_t i = 0; i + 1 < ast->count; i++) {
        tsk_local *l = tsk_arena_alloc(w->graph->arena, sizeof *l);
        *l = (tsk_local){.outer = w->bound, .name = ast->items[i]->name, .len = ast->items[i]->name_len};
        w->bound = l;
    }
    tsk_value self = w->lo.self;
    w->lo.self = TSK_VALUE_UNDEFINED; /* a lambda may call itself */
    visit(w, ast->items[ast->count - 1]);
    w->lo.self = self;
    if (w->lo.fe->lint) tsk_lint_lambda(&w->lo, w->bound, outer);
    w->bound = outer;
}

static void visit(walk *w, const tsk_ast *ast) {
    tsk_value v;
    uint32_t number;
    if ((ast->flags & TSK_AST_ITEM) && (ast->flags & TSK_AST_WEAK) && !tsk_any_name_resolves(&w->lo, ast)) return;
    if (TSK_UNLIKELY(w->lo.fe->lint != NULL)) tsk_lint_node(&w->lo, w->bound, ast);
    switch (ast->kind) {
    case TSK_AST_NAME:
        if (!is_bound(w, ast->name, ast->name_len) && !tsk_resolve_path(&w->lo, ast, &v)) undefined_name(w, ast);
        break;
    case TSK_AST_GLOBAL:
        if (ast->name && !is_bound(w, ast->name, ast->name_len) && !tsk_resolve_path(&w->lo, ast, &v))
            undefined_global(w, ast);
        break;
    case TSK_AST_OPERATOR: visit_operator(w, ast); break;
    case TSK_AST_LAMBDA: visit_lambda(w, ast); break;
    case TSK_AST_CALL: {
        const tsk_ast *callee = ast->items[0];
        if (callee->kind == TSK_AST_NAME && is_visible_function(w, callee->name, callee->name_len)) {
            visit_items(w, ast, 1);
        } else if (callee->kind == TSK_AST_NAME) {
            bool known = is_bound(w, callee->name, callee->name_len) ||
                         find_op(w, callee->name, callee->name_len, &number) || tsk_resolve_path(&w->lo, callee, &v);
            if (!known) unknown_operator(w, callee, callee->name, callee->name_len);
            visit_call(w, ast, callee->name, callee->name_len, 1);
        } else if (callee->kind == TSK_AST_MEMBER) {
            const tsk_ast *base = callee->items[0];
            tsk_slice source = tsk_ast_source(w->graph, callee);
            bool namespaced = base->kind == TSK_AST_NAME && !tsk_resolve_path(&w->lo, base, &v) &&
                              find_op(w, source.ptr, source.len, &number);
            if (!namespaced) visit(w, base);
            bool outer = w->in_loop;
            w->in_loop = outer || (find_op(w, callee->name, callee->name_len, &number) && is_loop(number));
            visit_items(w, ast, 1);
            w->in_loop = outer;
        } else {
            visit_items(w, ast, 0);
        }
        break;
    }
    default: visit_items(w, ast, 0);
    }
}

void tsk_frontend_check(tsk_graph *g, const tsk_ir_env *env) {
    for (uint32_t i = 0; i < g->thunk_count; i++) {
        const tsk_thunk *t = tsk_graph_thunk(g, i);
        tsk_value self = tsk_from_thunk(i);
        if (tsk_weak_is_text(g, t, self)) continue;
        walk w = {.graph = g, .env = env, .thunk = t};
        w.lo = (tsk_lower){.graph = g, .fe = g->frontend, .env = env, .arena = g->arena, .thunk = t, .self = self};
        visit(&w, t->ast);
    }
    tsk_frontend_rules(g, &g->diags, NULL, NULL, NULL);
    tsk_lint_document(g, env);
}

/* ---- inputs of one key ---- */

typedef struct inputs {
    tsk_lower lo;
    const tsk_graph *graph;
    void (*visit)(void *user, const char *text, tsk_value value);
    void *user;
    tsk_arena *arena;
} inputs;

static void visit_inputs(inputs *in, const tsk_ast *ast) {
    tsk_value v;
    if (ast->kind == TSK_AST_NAME || ast->kind == TSK_AST_GLOBAL || ast->kind == TSK_AST_MEMBER) {
        if (tsk_resolve_path(&in->lo, ast, &v)) {
            tsk_slice s = tsk_ast_source(in->graph, ast);
            in->visit(in->user, tsk_arena_strdup(in->arena, s.ptr, s.len), v);
            return;
        }
    }
    if (ast->kind == TSK_AST_OPERATOR && !(ast->flags & TSK_AST_HAS_ARGS)) {
        const char *dot = memchr(ast->name, '.', ast->name_len);
        uint32_t first = dot ? (uint32_t)(dot - ast->name) : ast->name_len;
        if (tsk_scope_find(in->lo.thunk->scope, ast->name, first, in->lo.self, &v))
            in->visit(in->user, tsk_arena_strdup(in->arena, ast->name, first), v);
    }
    for (uint32_t i = 0; i < ast->count; i++)
        if (ast->items[i]) visit_inputs(in, ast->items[i]);
}

void tsk_frontend_inputs(const tsk_graph *g, uint32_t number,
                         void (*visit_input)(void *user, const char *text, tsk_value value), void *user) {
    const tsk_thunk *t = tsk_graph_thunk(g, number);
    inputs in = {.graph = g, .visit = visit_input, .user = user, .arena = g->arena};
    in.lo = (tsk_lower){
        .graph = (tsk_graph *)g, .fe = g->frontend, .arena = g->arena, .thunk = t, .self = tsk_from_thunk(number)};
    if (!tsk_weak_is_text(g, t, in.lo.self)) visit_inputs(&in, t->ast);
}

/* ---- the tree as text ---- */

static void print_ast(tsk_buf *out, const tsk_graph *g, const tsk_ast *ast, int indent) {
    static const char *const kinds[] = {"literal", "name",   "global",  "operator", "text",   "interpolate",
                                        "array",   "object", "spread",  "unary",    "binary", "add",
                                        "and",     "or",     "default", "ternary",  "member", "index",
                                        "slice",   "call",   "lambda",  "cases"};
    tsk_buf_printf(out, "%*s", indent, "");
    if (!ast) {
        tsk_buf_cstr(out, "-\n");
        return;
    }
    tsk_buf_cstr(out, kinds[ast->kind]);
    if (ast->kind == TSK_AST_UNARY || ast->kind == TSK_AST_BINARY)
        tsk_buf_printf(out, " %s", tsk_ir_op_name((tsk_ir_op)ast->op));
    tsk_slice source = tsk_ast_source(g, ast);
    const char *newline = memchr(source.ptr, '\n', source.len);
    if (newline) source.len = (uint32_t)(newline - source.ptr);
    tsk_buf_printf(out, "  `%.*s`%s\n", (int)source.len, source.ptr, newline ? " ..." : "");
    for (uint32_t i = 0; i < ast->count; i++) print_ast(out, g, ast->items[i], indent + 2);
}

void tsk_frontend_print_ast(tsk_buf *out, const tsk_graph *g, uint32_t thunk) {
    print_ast(out, g, tsk_graph_thunk(g, thunk)->ast, 0);
}
