/* Which expressions are kept as they are written, blanks and all, because they may turn out to be text.
 *
 *   author: John - Smith        words of which none is a name here: text (lower.c)
 *   reply: @frobnicate( 1 )     a call of something unknown: its own text (lower_call.c)
 *
 * Whoever changes the blanks of a source must leave these alone.  Where this cannot be decided by looking at one file,
 * the expression is taken for text. */
#include "frontend/frontend.h"

typedef struct search {
    tsk_lower lo;
    tsk_arena *arena;
    tsk_texts *texts;
    const tsk_source *source;
} search;

static void keep(search *s, const tsk_ast *ast) {
    tsk_texts *t = s->texts;
    uint32_t pos = ast->span.pos - s->source->base;
    if (t->count && pos < t->list[t->count - 1].pos + t->list[t->count - 1].len) return;
    if (t->count == t->cap) {
        uint32_t cap = t->cap ? t->cap * 2 : 64;
        t->list = tsk_arena_grow(s->arena, t->list, t->cap * sizeof *t->list, cap * sizeof *t->list);
        t->cap = cap;
    }
    t->list[t->count++] = (tsk_span){pos, ast->span.len};
}

static bool is_operator(const search *s, const char *name, uint32_t len) {
    char text[96];
    uint32_t number;
    if (!len || len >= sizeof text) return false;
    memcpy(text, name, len);
    text[len] = 0;
    return s->lo.env->op_number(s->lo.env->user, text, &number);
}

static bool is_visible(const search *s, const char *name, uint32_t len) {
    tsk_value v;
    return tsk_scope_find(s->lo.thunk->scope, name, len, s->lo.self, &v);
}

/* A call that nothing here says the meaning of. */
static bool is_unknown_call(const search *s, const tsk_ast *ast) {
    if (ast->kind == TSK_AST_OPERATOR && ast->flags & TSK_AST_HAS_ARGS) {
        const char *dot = memchr(ast->name, '.', ast->name_len);
        if (is_operator(s, ast->name, ast->name_len)) return false;
        return !dot || !is_visible(s, ast->name, (uint32_t)(dot - ast->name));
    }
    if (ast->kind != TSK_AST_CALL || ast->items[0]->kind != TSK_AST_NAME) return false;
    const tsk_ast *name = ast->items[0];
    return !is_operator(s, name->name, name->name_len) && !is_visible(s, name->name, name->name_len);
}

static void look(search *s, const tsk_ast *ast, bool whole) {
    bool words = (ast->flags & TSK_AST_WEAK) && (whole || ast->flags & TSK_AST_ITEM) &&
                 !tsk_any_name_resolves(&s->lo, ast);
    if (words || is_unknown_call(s, ast)) {
        keep(s, ast);
        return;
    }
    for (uint32_t i = 0; i < ast->count; i++)
        if (ast->items[i]) look(s, ast->items[i], false);
}

void tsk_frontend_texts(const tsk_graph *g, const tsk_ir_env *env, tsk_arena *arena, tsk_texts *texts) {
    *texts = (tsk_texts){0};
    if (!g->sources.count) return;
    search s = {.arena = arena, .texts = texts, .source = g->sources.list[0]};
    for (uint32_t i = 0; i < g->thunk_count; i++) {
        const tsk_thunk *thunk = tsk_graph_thunk(g, i);
        s.lo = (tsk_lower){.graph = (tsk_graph *)(uintptr_t)g,
                           .fe = g->frontend,
                           .env = env,
                           .thunk = thunk,
                           .self = tsk_from_thunk(i)};
        look(&s, thunk->ast, true);
    }
}
