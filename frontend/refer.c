/* Which name in the source stands for which key: for editors.
 *
 *   expression ──► NAME, $GLOBAL, .MEMBER, @path   ──► entry of the block that has the key
 *   function   ──► names it does not declare       ──► the same
 *
 * A key is told by its entry, whose text is a piece of the source where the key is written plainly. */
#include "frontend/frontend.h"
#include "frontend/js/lint.h"
#include "frontend/js/parse.h"

typedef struct referring {
    const tsk_graph *graph;
    tsk_lower lo;
    const tsk_local *bound;
    void (*visit)(void *user, tsk_span name, const tsk_entry *target, tsk_value owner);
    void *user;
    tsk_arena *arena;
    const tsk_scope *home; /* of the function being looked at */
} referring;

static const tsk_entry *find_in(const tsk_object *o, const char *name, uint32_t len) {
    char text[130];
    const tsk_entry *e = tsk_frontend_member(o, (tsk_slice){name, len});
    if (e || len + 1 >= sizeof text) return e;
    text[0] = '$';
    memcpy(text + 1, name, len);
    return tsk_object_find(o, text, len + 1);
}

/* The key that the node stands for; `owner` gets the block that has it. */
static const tsk_entry *entry_of(referring *r, const tsk_ast *ast, tsk_value *owner) {
    tsk_value base;
    char text[130];
    const tsk_entry *e;
    switch (ast->kind) {
    case TSK_AST_NAME:
        for (const tsk_local *l = r->bound; l; l = l->outer)
            if (l->len == ast->name_len && !memcmp(l->name, ast->name, l->len)) return NULL;
        for (const tsk_scope *s = r->lo.thunk->scope; s; s = s->parent) {
            e = tsk_frontend_member(s->object, (tsk_slice){ast->name, ast->name_len});
            *owner = tsk_from_object(s->object);
            if (e && !tsk_same(e->value, r->lo.self)) return e;
        }
        *owner = tsk_from_object(r->graph->root);
        return ast->flags & TSK_AST_IN_STRING ? find_in(r->graph->root, ast->name, ast->name_len) : NULL;
    case TSK_AST_GLOBAL: {
        if (!ast->name || ast->name_len + 1 >= sizeof text) return NULL;
        const tsk_definition *d = ast->definition;
        if (!d)
            d = tsk_scope_global(r->lo.fe, ast->name, ast->name_len,
                                 r->lo.thunk->scope ? r->lo.thunk->scope->section : 0, UINT32_MAX);
        if (!d) return NULL;
        text[0] = '$';
        memcpy(text + 1, ast->name, ast->name_len);
        *owner = tsk_from_object(d->scope->object);
        return tsk_object_find(d->scope->object, text, ast->name_len + 1);
    }
    case TSK_AST_MEMBER:
        if (!tsk_resolve_path(&r->lo, ast->items[0], &base) || !tsk_is_object(base)) return NULL;
        *owner = base;
        return find_in(tsk_as_object(base), ast->name, ast->name_len);
    default: return NULL;
    }
}

static void visit_path(referring *r, const tsk_ast *ast) {
    const char *p = ast->name, *end = p + ast->name_len;
    tsk_value at = TSK_VALUE_UNDEFINED, owner;
    bool from_root = ast->name_len > 4 && !memcmp(p, "var.", 4);
    if (from_root) p += 4, at = tsk_from_object(r->graph->root);
    while (p < end) {
        const char *dot = memchr(p, '.', (size_t)(end - p)), *stop = dot ? dot : end;
        const tsk_entry *e = NULL;
        uint32_t len = (uint32_t)(stop - p);
        if (tsk_is_object(at)) {
            owner = at;
            e = find_in(tsk_as_object(at), p, len);
        } else if (!from_root && p == ast->name) {
            const tsk_ast name = {.kind = TSK_AST_NAME, .name = p, .name_len = len};
            e = entry_of(r, &name, &owner);
        }
        if (!e) return;
        uint32_t pos = tsk_sources_pos(&r->graph->sources, p);
        if (pos) r->visit(r->user, (tsk_span){pos, len}, e, owner);
        at = e->value;
        p = stop + 1;
    }
}

static void visit(referring *r, const tsk_ast *ast) {
    tsk_value owner;
    const tsk_local *outer = r->bound;
    tsk_local locals[8];
    if (ast->kind == TSK_AST_NAME || ast->kind == TSK_AST_GLOBAL || ast->kind == TSK_AST_MEMBER) {
        const tsk_entry *e = entry_of(r, ast, &owner);
        tsk_span span = ast->span;
        if (ast->kind == TSK_AST_MEMBER)
            span = (tsk_span){tsk_sources_pos(&r->graph->sources, ast->name), ast->name_len};
        if (e && span.pos) r->visit(r->user, span, e, owner);
    }
    if (ast->kind == TSK_AST_OPERATOR && !(ast->flags & TSK_AST_HAS_ARGS)) visit_path(r, ast);
    uint32_t first = 0;
    if (ast->kind == TSK_AST_LAMBDA) {
        first = ast->count - 1;
        for (uint32_t i = 0; i < first && i < TSK_COUNT(locals); i++) {
            locals[i] = (tsk_local){
                .outer = (tsk_local *)(uintptr_t)r->bound, .name = ast->items[i]->name, .len = ast->items[i]->name_len};
            r->bound = &locals[i];
        }
    }
    for (uint32_t i = first; i < ast->count; i++)
        if (ast->items[i]) visit(r, ast->items[i]);
    r->bound = outer;
}

static void outer_name(void *user, const tsk_js_node *node) {
    referring *r = user;
    tsk_slice name = {node->name->text, node->name->len};
    for (const tsk_scope *s = r->home; s; s = s->parent) {
        const tsk_entry *e = tsk_frontend_member(s->object, name);
        if (!e) continue;
        r->visit(r->user, node->span, e, tsk_from_object(s->object));
        return;
    }
}

static void visit_functions(referring *r, const tsk_scope *scope) {
    for (uint32_t i = 0; i < scope->object->count; i++) {
        tsk_value v = scope->object->entries[i].value;
        if (!tsk_is_str(v) || !tsk_frontend_is_function(tsk_as_slice(v))) continue;
        tsk_slice text = tsk_as_slice(v);
        uint32_t base = tsk_sources_pos(&r->graph->sources, text.ptr);
        tsk_diags diags = {.arena = r->arena};
        const tsk_js_function *f = base ? tsk_js_parse_function(r->arena, &diags, text, base, NULL) : NULL;
        const tsk_js_lint names = {NULL, text, base, outer_name, r};
        r->home = scope;
        if (f) tsk_js_lint_function(&names, f);
        tsk_arena_reset(r->arena);
    }
}

void tsk_frontend_references(tsk_graph *g, tsk_arena *scratch,
                             void (*visit_reference)(void *user, tsk_span name, const tsk_entry *target,
                                                     tsk_value owner),
                             void *user) {
    referring r = {.graph = g, .visit = visit_reference, .user = user, .arena = scratch};
    for (uint32_t i = 0; i < g->thunk_count; i++) {
        const tsk_thunk *t = tsk_graph_thunk(g, i);
        if (tsk_weak_is_text(g, t, tsk_from_thunk(i))) continue;
        r.lo = (tsk_lower){.graph = g, .fe = g->frontend, .arena = scratch, .thunk = t, .self = tsk_from_thunk(i)};
        visit(&r, t->ast);
    }
    const tsk_frontend *fe = g->frontend;
    for (const tsk_scope *s = fe->scopes; s; s = s->before) visit_functions(&r, s);
    visit_functions(&r, fe->root);
}

/* ---- calls of operators, for what a key reads ---- */

typedef struct calling {
    const tsk_ir_env *env;
    void (*visit)(void *user, uint32_t number, tsk_slice first);
    void *user;
} calling;

static void visit_calls(const calling *c, const tsk_ast *ast) {
    tsk_slice name = {0};
    uint32_t from = 0, number;
    char text[96];
    if (ast->kind == TSK_AST_OPERATOR) name = (tsk_slice){ast->name, ast->name_len};
    if (ast->kind == TSK_AST_CALL && ast->items[0]->kind == TSK_AST_NAME) {
        name = (tsk_slice){ast->items[0]->name, ast->items[0]->name_len};
        from = 1;
    }
    if (name.len && name.len < sizeof text) {
        memcpy(text, name.ptr, name.len);
        text[name.len] = 0;
        const tsk_ast *first = ast->count > from ? ast->items[from] : NULL;
        bool literal = first && first->kind == TSK_AST_LITERAL && tsk_is_str(first->value);
        if (c->env->op_number(c->env->user, text, &number))
            c->visit(c->user, number, literal ? tsk_as_slice(first->value) : (tsk_slice){"", 0});
    }
    for (uint32_t i = 0; i < ast->count; i++)
        if (ast->items[i]) visit_calls(c, ast->items[i]);
}

void tsk_frontend_calls(const tsk_graph *g, uint32_t thunk, const tsk_ir_env *env,
                        void (*visit_call)(void *user, uint32_t number, tsk_slice first), void *user) {
    const calling c = {env, visit_call, user};
    visit_calls(&c, tsk_graph_thunk(g, thunk)->ast);
}

/* ---- the sides of a comparison as keys of their own ---- */

bool tsk_frontend_sides(tsk_graph *g, uint32_t number, uint32_t sides[2], const char **op) {
    static const struct {
        uint8_t op;
        const char *text;
    } ops[] = {{TSK_IR_EQ, "=="}, {TSK_IR_NE, "!="}, {TSK_IR_SAME, "==="}, {TSK_IR_DIFFERENT, "!=="},
               {TSK_IR_LT, "<"},  {TSK_IR_LE, "<="}, {TSK_IR_GT, ">"},     {TSK_IR_GE, ">="}};
    const tsk_thunk *t = tsk_graph_thunk(g, number);
    if (t->ast->kind != TSK_AST_BINARY) return false;
    *op = NULL;
    for (size_t i = 0; i < TSK_COUNT(ops); i++)
        if (ops[i].op == t->ast->op) *op = ops[i].text;
    if (!*op) return false;
    tsk_parser ps = {.graph = g, .fe = g->frontend, .arena = g->arena, .scope = (tsk_scope *)(uintptr_t)t->scope};
    const tsk_ast *ast = t->ast;
    for (int i = 0; i < 2; i++)
        sides[i] = tsk_as_thunk(tsk_thunk_new(&ps, NULL, 0, ast->items[i], ast->items[i]->span));
    return true;
}
