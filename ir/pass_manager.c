/* Runs passes in order until none of them changes anything.
 *
 *   sccp ─► copyprop ─► algebra ─► simplifycfg ─► dce ─┐
 *     ▲                                                │ changed, and fewer than ROUNDS
 *     └────────────────────────────────────────────────┘
 *
 * Each pass gets an arena of its own that is empty again afterwards.
 */
#include "ir/passes/pass.h"

#define ROUNDS 4

const tsk_ir_pass tsk_ir_passes[] = {
#define X(name, function, summary) {#name, summary, function},
#include "ir/tables/passes.def"
#undef X
};

const size_t tsk_ir_pass_count = TSK_COUNT(tsk_ir_passes);

const tsk_ir_pass *tsk_ir_pass_find(const char *name, size_t len) {
    for (size_t i = 0; i < TSK_COUNT(tsk_ir_passes); i++)
        if (tsk_slice_eq((tsk_slice){name, (uint32_t)len}, tsk_slice_cstr(tsk_ir_passes[i].name)))
            return &tsk_ir_passes[i];
    return NULL;
}

static void set_default(tsk_ir_pipeline *p) {
    for (size_t i = 0; i < TSK_COUNT(tsk_ir_passes); i++) p->passes[p->count++] = &tsk_ir_passes[i];
}

static void clear(tsk_ir_pipeline *p) {
    *p = (tsk_ir_pipeline){0};
#ifndef NDEBUG
    p->verify = true;
#endif
}

void tsk_ir_pipeline_default(tsk_ir_pipeline *p) {
    clear(p);
    set_default(p);
}

static void remove_pass(tsk_ir_pipeline *p, const tsk_ir_pass *pass) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < p->count; i++)
        if (p->passes[i] != pass) p->passes[kept++] = p->passes[i];
    p->count = kept;
}

/* One name of the list, or one to leave out. */
static bool apply_word(tsk_ir_pipeline *p, tsk_slice word) {
    bool minus = word.len && word.ptr[0] == '-';
    const tsk_ir_pass *pass = tsk_ir_pass_find(word.ptr + minus, word.len - minus);
    if (!pass || (!minus && p->count == TSK_COUNT(p->passes))) return false;
    if (minus)
        remove_pass(p, pass);
    else
        p->passes[p->count++] = pass;
    return true;
}

static tsk_slice next_word(const char **text) {
    while (**text == ' ' || **text == ',') (*text)++;
    const char *from = *text;
    while (**text && **text != ' ' && **text != ',') (*text)++;
    return (tsk_slice){from, (uint32_t)(*text - from)};
}

bool tsk_ir_pipeline_parse(tsk_ir_pipeline *p, const char *text, tsk_slice *unknown) {
    clear(p);
    tsk_slice word = next_word(&text);
    if (tsk_slice_eq(word, TSK_SLICE("none"))) word = next_word(&text);
    if (tsk_slice_eq(word, TSK_SLICE("default"))) {
        set_default(p);
        word = next_word(&text);
    } else if (word.len && word.ptr[0] == '-') {
        set_default(p);
    }
    for (; word.len; word = next_word(&text)) {
        if (apply_word(p, word)) continue;
        *unknown = word;
        return false;
    }
    return true;
}

typedef struct run {
    tsk_ir_pipeline *pipeline;
    tsk_ir_func *func;
    const tsk_ir_env *env;
    tsk_diags *diags;
    bool ok;
} run;

static bool run_round(run *r, tsk_arena *scratch, uint32_t *changed) {
    tsk_ir_pipeline *p = r->pipeline;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t n = p->passes[i]->run(r->func, r->env, scratch);
        tsk_arena_reset(scratch);
        p->stats[i].runs++;
        p->stats[i].changed += n;
        *changed += n;
        if (n && p->verify && !tsk_ir_verify(r->func, r->env, r->diags)) return false;
    }
    return true;
}

static void run_rounds(void *user, tsk_arena *scratch) {
    run *r = user;
    if (r->pipeline->verify && !tsk_ir_verify(r->func, r->env, r->diags)) return;
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t changed = 0;
        if (!run_round(r, scratch, &changed)) return;
        if (!changed) break;
    }
    tsk_ir_summarize(r->func, r->env);
    tsk_ir_number(r->func);
    r->ok = true;
}

bool tsk_ir_pipeline_run(tsk_ir_pipeline *p, tsk_ir_func *func, const tsk_ir_env *env, tsk_diags *diags) {
    run r = {.pipeline = p, .func = func, .env = env, .diags = diags};
    tsk_ir_with_scratch(func->module->arena, run_rounds, &r);
    return r.ok;
}
