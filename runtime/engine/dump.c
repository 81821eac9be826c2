/* What `tsk ir`, `tsk code` and `tsk parse` show of a program: IR before and after passes, baseline code, expression
 * trees, the document with its expressions as text.
 *
 * IR is lowered anew for each dump, into the dump's own arena, and what the program knows of the thunk stays as it
 * was. */
#include "runtime/engine/engine.h"

#include "runtime/value/write.h"

#define FRAME_ENTRIES ((size_t)1 << 20) /* frame states that are printed for one function */

typedef struct dumping {
    tsk_buf *out;
    const char *path, *passes;
    bool before, stats;
    tsk_ir_pipeline pipeline;
    tusk_status status;
    void (*one)(tusk_program *program, struct dumping *d, uint32_t thunk);
} dumping;

static void heading(tusk_program *program, tsk_buf *out, uint32_t thunk) {
    size_t before = out->len;
    tsk_frontend_key_path(out, tsk_graph_thunk(&program->graph, thunk));
    if (out->len == before) tsk_buf_cstr(out, "<expression>");
}

/* ---- which thunks ---- */

static void dump_below(tusk_program *program, dumping *d, tsk_value v) {
    if (tsk_is_thunk(v)) {
        d->one(program, d, tsk_as_thunk(v));
    } else if (tsk_is_array(v)) {
        const tsk_array *array = tsk_as_array(v);
        for (uint32_t i = 0; i < array->count; i++) dump_below(program, d, array->items[i]);
    } else if (tsk_is_object(v)) {
        const tsk_object *object = tsk_as_object(v);
        for (uint32_t i = 0; i < object->count; i++) dump_below(program, d, object->entries[i].value);
    }
}

static void dump_path(tusk_program *program, dumping *d) {
    tsk_path path;
    tsk_path_begin(&path, program, d->path, strlen(d->path));
    if (tsk_path_static(&path) == TSK_PATH_MISSING) {
        tsk_buf_printf(d->out, "there is no key `%s`\n", d->path);
        d->status = TUSK_ERROR;
        return;
    }
    size_t before = d->out->len;
    dump_below(program, d, path.at);
    if (d->out->len == before) tsk_buf_printf(d->out, "; %s is a literal\n", d->path);
}

static void dump_locked(tusk_program *program, void *argument) {
    dumping *d = argument;
    tsk_trap *trap = d->out->arena->trap;
    d->out->arena->trap = program->arena.trap;
    program->env.thunk_count = program->graph.thunk_count;
    if (d->path) {
        dump_path(program, d);
    } else {
        for (uint32_t i = 0; i < program->own_thunks; i++) d->one(program, d, i);
    }
    d->out->arena->trap = trap;
}

static tusk_status run_dump(tusk_program *program, dumping *d) {
    tsk_trap *trap = d->out->arena->trap;
    bool done = tsk_program_locked(program, dump_locked, d);
    d->out->arena->trap = trap;
    return done ? d->status : TUSK_NO_MEMORY;
}

typedef struct request {
    tusk_program *program;
    dumping d;
} request;

static tusk_status dump_body(tsk_buf *out, void *argument) {
    request *r = argument;
    r->d.out = out;
    return run_dump(r->program, &r->d);
}

/* ---- IR ---- */

static tsk_ir_func *constant_function(tusk_program *program, uint32_t number, tsk_value v) {
    tsk_ir_module *module = program->graph.module;
    tsk_buf path;
    tsk_buf_init(&path, module->arena);
    heading(program, &path, number);
    tsk_buf_char(&path, 0);
    tsk_ir_module *fresh = tsk_ir_module_new(module->arena);
    tsk_ir_func *func = tsk_ir_func_new(fresh, path.ptr, 0, 0);
    tsk_ir_builder b = {.func = func, .block = func->entry, .env = &program->env};
    tsk_ir_return(&b, tsk_ir_const(&b, v));
    return func;
}

/* The thunk's function as it is lowered, without touching what the program made of it. */
static tsk_ir_func *lower_again(tusk_program *program, tsk_arena *arena, uint32_t number) {
    tsk_graph *graph = &program->graph;
    tsk_thunk *thunk = tsk_graph_thunk(graph, number);
    tsk_value outcome = thunk->constant; /* or the function: they share their place */
    uint32_t state = atomic_load_explicit(&thunk->state, memory_order_relaxed);
    graph->module = tsk_ir_module_new(arena);
    tsk_program_begin_lowering(program, number);
    tsk_frontend_lower(graph, number, &program->env, !(program->settings.flags & TUSK_FLAG_NO_FOLD));
    program->depth--;
    bool is_constant = atomic_load_explicit(&thunk->state, memory_order_relaxed) == TSK_THUNK_CONSTANT;
    tsk_ir_func *lowered = is_constant ? constant_function(program, number, thunk->constant) : thunk->func;
    thunk->constant = outcome;
    atomic_store_explicit(&thunk->state, state, memory_order_release);
    graph->module = NULL;
    return lowered;
}

static void run_passes(tusk_program *program, dumping *d, tsk_ir_func *func) {
    tsk_ir_pipeline pipeline = d->pipeline;
    memset(pipeline.stats, 0, sizeof pipeline.stats);
    tsk_diags diags = {.arena = d->out->arena};
    if (!tsk_ir_pipeline_run(&pipeline, func, &program->env, &diags) && diags.first)
        tsk_buf_printf(d->out, "; %s\n", diags.first->message);
    for (uint32_t i = 0; i < pipeline.count; i++) {
        d->pipeline.stats[i].runs += pipeline.stats[i].runs;
        d->pipeline.stats[i].changed += pipeline.stats[i].changed;
    }
    tsk_ir_summarize(func, &program->env);
}

static void dump_ir_of(tusk_program *program, dumping *d, uint32_t thunk) {
    tsk_arena *arena = d->out->arena;
    tsk_ir_func *func = lower_again(program, arena, thunk);
    tsk_func_list list;
    tsk_program_functions(arena, func, &list);
    for (uint32_t i = 0; i < list.count && !d->before; i++) {
        run_passes(program, d, list.at[i]);
        if (d->passes) continue; /* only the default passes lead to code */
        const tsk_bytecode *code = tsk_bytecode_generate(arena, arena, list.at[i]);
        tsk_bytecode_attach_frames(code, arena, FRAME_ENTRIES);
    }
    for (uint32_t i = list.count; i-- > 0;) {
        if (d->out->len) tsk_buf_char(d->out, '\n');
        tsk_ir_print_func(d->out, list.at[i], &program->env);
    }
}

static void print_stats(tsk_buf *out, const tsk_ir_pipeline *pipeline) {
    tsk_buf_cstr(out, "\n");
    for (uint32_t i = 0; i < pipeline->count; i++)
        tsk_buf_printf(out, "; %-12s %u runs, %u changes\n", pipeline->passes[i]->name, pipeline->stats[i].runs,
                       pipeline->stats[i].changed);
}

static bool choose_passes(tsk_ir_pipeline *pipeline, const char *passes, tsk_buf *out) {
    tsk_slice unknown;
    if (!passes) {
        tsk_ir_pipeline_default(pipeline);
        return true;
    }
    if (tsk_ir_pipeline_parse(pipeline, passes, &unknown)) return true;
    tsk_buf_printf(out, "there is no pass `%.*s`\n", (int)unknown.len, unknown.ptr);
    return false;
}

static tusk_status dump_ir_body(tsk_buf *out, void *argument) {
    request *r = argument;
    if (!choose_passes(&r->d.pipeline, r->d.passes, out)) return TUSK_USAGE;
    tusk_status status = dump_body(out, r);
    if (!status && r->d.stats && !r->d.before) print_stats(out, &r->d.pipeline);
    return status;
}

tusk_status tusk_dump_ir(tusk_program *program, const char *path, const char *passes, bool before, bool stats,
                         char **text) {
    if (!program || !text) return TUSK_USAGE;
    *text = NULL;
    if (!program->loaded) return program->status;
    request r = {program, {.path = path, .passes = passes, .before = before, .stats = stats, .one = dump_ir_of}};
    return tsk_text_make(text, dump_ir_body, &r);
}

/* ---- code ---- */

static void dump_code_of(tusk_program *program, dumping *d, uint32_t thunk) {
    tsk_program_compile(program, thunk);
    uint64_t word = tsk_memo_load(&program->outcomes, thunk);
    if (d->out->len) tsk_buf_char(d->out, '\n');
    if (!tsk_memo_is_value(word)) {
        const tsk_bytecode *code = (const tsk_bytecode *)(uintptr_t)word;
        tsk_bytecode_print(d->out, code, &program->env);
        for (uint32_t i = 0; i < code->func_count; i++) {
            tsk_buf_char(d->out, '\n');
            tsk_bytecode_print(d->out, tsk_bytecode_of(code->funcs[i]), &program->env);
        }
        return;
    }
    tsk_buf_cstr(d->out, "constant @");
    heading(program, d->out, thunk);
    tsk_buf_cstr(d->out, ": ");
    tsk_failure_value(d->out, tsk_memo_value(word), false);
    tsk_buf_char(d->out, '\n');
}

tusk_status tusk_dump_code(tusk_program *program, const char *path, char **text) {
    if (!program || !text) return TUSK_USAGE;
    *text = NULL;
    if (!program->loaded) return program->status;
    request r = {program, {.path = path, .one = dump_code_of}};
    return tsk_text_make(text, dump_body, &r);
}

/* ---- expression trees ---- */

static void dump_ast_of(tusk_program *program, dumping *d, uint32_t thunk) {
    if (d->out->len) tsk_buf_char(d->out, '\n');
    heading(program, d->out, thunk);
    tsk_buf_cstr(d->out, ":\n");
    tsk_frontend_print_ast(d->out, &program->graph, thunk);
}

bool tusk_builtin_name(size_t i, const char **name, size_t *len) {
    const tsk_slice *names;
    if (i >= tsk_op_names(&names)) return false;
    *name = names[i].ptr;
    *len = names[i].len;
    return true;
}

tusk_status tusk_dump_ast(tusk_program *program, const char *path, char **text) {
    if (!program || !text) return TUSK_USAGE;
    *text = NULL;
    if (!program->loaded) return program->status;
    request r = {program, {.path = path, .one = dump_ast_of}};
    return tsk_text_make(text, dump_body, &r);
}

/* ---- text of IR ---- */

typedef struct transforming {
    const char *name, *text, *passes;
    size_t len;
    char **report;
} transforming;

static tusk_status transform_func(tsk_buf *out, const transforming *t, tsk_ir_func *func, tsk_diags *diags) {
    tsk_ir_env env;
    tsk_env_init_plain(&env);
    tsk_ir_pipeline pipeline;
    if (!choose_passes(&pipeline, t->passes, out)) return TUSK_USAGE;
    pipeline.verify = true;
    if (!tsk_ir_verify(func, &env, diags) || !tsk_ir_pipeline_run(&pipeline, func, &env, diags)) return TUSK_INVALID;
    tsk_ir_summarize(func, &env);
    return TUSK_OK;
}

static tusk_status transform(tsk_buf *out, void *argument) {
    const transforming *t = argument;
    tsk_arena *arena = out->arena;
    tsk_sources sources = {.arena = arena};
    tsk_diags diags = {.arena = arena};
    const tsk_source *source = tsk_sources_add(&sources, t->name, tsk_source_copy(arena, t->text, t->len),
                                               (uint32_t)t->len);
    tsk_ir_env env;
    tsk_env_init_plain(&env);
    tsk_ir_module *module = source ? tsk_ir_parse(arena, source, &diags, &env) : NULL;
    tusk_status status = module ? TUSK_OK : TUSK_INVALID;
    for (tsk_ir_func *f = module ? module->first : NULL; f && !status; f = f->next)
        status = transform_func(out, t, f, &diags);
    if (!status) tsk_ir_print(out, module, &env);
    tsk_buf report;
    tsk_buf_init(&report, arena);
    tsk_diags_render(&report, &diags, &sources, (tsk_diag_style){.warnings = true});
    *t->report = tsk_text_copy(report.ptr, report.len);
    return status;
}

tusk_status tusk_transform_ir(const char *name, const char *text, size_t len, const char *passes, char **result,
                              char **report) {
    if (!name || !text || !result || !report || len > UINT32_MAX - TSK_SOURCE_PADDING) return TUSK_USAGE;
    *report = NULL;
    transforming t = {name, text, passes, len, report};
    return tsk_text_make(result, transform, &t);
}

/* ---- the document as it is written ---- */

typedef struct raw {
    tusk_program *program;
    tsk_format format;
    int indent;
    void (*sink)(void *user, const char *ptr, size_t len);
    void *user;
    tsk_arena *arena;
} raw;

static tsk_value source_of(void *user, uint32_t number) {
    const raw *r = user;
    tsk_span span = tsk_program_thunk(r->program, number)->span;
    const tsk_source *source = tsk_sources_at(&r->program->graph.sources, span.pos);
    if (!source || !span.pos) return TSK_VALUE_NULL;
    return tsk_str_borrow(r->arena, source->text + (span.pos - source->base), span.len);
}

static void raw_sink(void *user, const char *ptr, size_t len) {
    const raw *r = user;
    r->sink(r->user, ptr, len);
}

static tusk_status write_raw(tsk_buf *out, void *argument) {
    raw *r = argument;
    r->arena = out->arena;
    tsk_writer writer = {.out = out, .indent = r->indent, .resolve = source_of, .sink = raw_sink, .user = r};
    bool written = tsk_write(&writer, r->format, tsk_from_object(r->program->graph.root));
    out->len = 0;
    return written ? TUSK_OK : TUSK_ERROR;
}

tusk_status tusk_write_raw(tusk_program *program, tusk_format format, int indent,
                           void (*sink)(void *user, const char *ptr, size_t len), void *user) {
    if (!program || !sink || (unsigned)format > TUSK_FORMAT_XML) return TUSK_USAGE;
    if (!program->loaded) return program->status;
    raw r = {.program = program, .format = (tsk_format)format, .indent = indent, .sink = sink, .user = user};
    char *rest;
    tusk_status status = tsk_text_make(&rest, write_raw, &r);
    tusk_text_free(rest);
    return status;
}
