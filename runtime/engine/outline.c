/* What stands in a program, for tools: its keys, what names stand for, what was used.
 *
 * All of it is about the source: places are bytes in a file, and nothing is evaluated. */
#include "runtime/engine/engine.h"
#include "runtime/operators/schema.h"

typedef struct outlining {
    tusk_program *program;
    tusk_symbol_visitor visit;
    void *user;
    tusk_context *context; /* NULL: nobody asks what was used */
    tsk_buf reads;
    bool stopped;
} outlining;

static bool source_place(const tsk_graph *g, const char *key, uint32_t len, tusk_symbol *s) {
    uint32_t pos = tsk_sources_pos(&g->sources, key);
    const tsk_source *source = tsk_sources_at(&g->sources, pos);
    if (!pos || !source) return false;
    s->file = source->name;
    s->offset = pos - source->base;
    s->length = len;
    return true;
}

static void add_read(void *user, uint32_t number, tsk_slice first) {
    outlining *o = user;
    const tsk_operator *op = &tsk_operators[number];
    const char *what = op->caps & TSK_CAP_ENV    ? "environment variable"
                       : op->caps & TSK_CAP_READ ? "file"
                       : op->caps & TSK_CAP_NET  ? "network"
                                                 : NULL;
    if (!what) return;
    if (o->reads.len) tsk_buf_cstr(&o->reads, "\n");
    tsk_buf_cstr(&o->reads, what);
    if (first.len) tsk_buf_printf(&o->reads, " %.*s", (int)first.len, first.ptr);
}

/* Whether a key was computed, or the function behind it called. */
static bool was_used(const outlining *o, tsk_value v, const void *home, tsk_slice name) {
    if (!o->context) return false;
    if (tsk_is_thunk(v)) {
        uint32_t n = tsk_as_thunk(v);
        return tsk_memo_load(&o->context->ev.memo, n) || tsk_memo_load(&o->program->outcomes, n);
    }
    return tsk_is_str(v) && tsk_functions_was_called(o->program, v, home, name);
}

static void visit_object(outlining *o, const tsk_schema_step *at, const tsk_object *object, unsigned depth);

static void visit_below(outlining *o, const tsk_schema_step *at, tsk_value v, unsigned depth) {
    if (tsk_is_object(v)) visit_object(o, at, tsk_as_object(v), depth);
    for (uint32_t i = 0; tsk_is_array(v) && i < tsk_as_array(v)->count && !o->stopped; i++) {
        tsk_value item = tsk_as_array(v)->items[i];
        const tsk_schema_step below = tsk_schema_item(at, i, item);
        if (tsk_is_object(item) || tsk_is_array(item)) visit_below(o, &below, item, depth + 1);
    }
}

static void visit_object(outlining *o, const tsk_schema_step *at, const tsk_object *object, unsigned depth) {
    const tsk_graph *g = &o->program->graph;
    const void *home = o->context ? tsk_frontend_scope_of(g, object) : NULL; /* it has to be looked for */
    for (uint32_t i = 0; i < object->count && !o->stopped; i++) {
        const tsk_entry *e = &object->entries[i];
        const tsk_schema_step here = tsk_schema_below(at, e);
        tsk_buf path;
        tsk_buf_init(&path, o->reads.arena);
        tsk_schema_path(&path, &here);
        tusk_symbol s = {.path = path.ptr,
                         .path_len = path.len,
                         .name = e->key,
                         .name_len = e->key_len,
                         .depth = depth,
                         .value = {e->value.bits}};
        o->reads.len = 0;
        source_place(g, e->key, e->key_len, &s);
        if (tsk_is_thunk(e->value)) {
            uint32_t number = tsk_as_thunk(e->value);
            const tsk_thunk *t = tsk_graph_thunk(g, number);
            const tsk_source *source = tsk_sources_at(&g->sources, t->span.pos);
            s.kind = TUSK_SYMBOL_EXPRESSION;
            if (source) {
                s.text = source->text + (t->span.pos - source->base);
                s.text_len = t->span.len;
                s.text_offset = t->span.pos - source->base;
            }
            tsk_frontend_calls(g, number, &o->program->env, add_read, o);
        } else if (tsk_is_str(e->value) && tsk_frontend_is_function(tsk_as_slice(e->value))) {
            s.kind = TUSK_SYMBOL_FUNCTION;
            s.text = tsk_as_slice(e->value).ptr;
            s.text_len = tsk_as_slice(e->value).len;
        } else {
            s.kind = tsk_is_object(e->value)  ? TUSK_SYMBOL_BLOCK
                     : tsk_is_array(e->value) ? TUSK_SYMBOL_LIST
                                              : TUSK_SYMBOL_LITERAL;
        }
        s.used = was_used(o, e->value, home, (tsk_slice){e->key, e->key_len});
        tsk_buf_char(&o->reads, 0);
        s.reads = o->reads.ptr;
        if (!o->visit(o->user, &s)) o->stopped = true;
        if (!o->stopped) visit_below(o, &here, e->value, depth + 1);
    }
}

static void outline_locked(tusk_program *program, void *argument) {
    outlining *o = argument;
    const tsk_schema_step root = {0};
    tsk_trap *trap = o->reads.arena->trap;
    o->reads.arena->trap = program->arena.trap;
    visit_object(o, &root, program->graph.root, 0);
    o->reads.arena->trap = trap;
}

static tusk_status outline(tusk_program *program, tusk_context *context, tusk_symbol_visitor visit, void *user) {
    tsk_arena arena;
    tsk_arena_init(&arena, &program->allocator, 0);
    outlining o = {.program = program, .visit = visit, .user = user, .context = context};
    tsk_buf_init(&o.reads, &arena);
    bool done = tsk_program_locked(program, outline_locked, &o);
    tsk_arena_free(&arena);
    return done ? TUSK_OK : TUSK_NO_MEMORY;
}

tusk_status tusk_program_symbols(tusk_program *program, tusk_symbol_visitor visit, void *user) {
    return program && visit && program->graph.root ? outline(program, NULL, visit, user) : TUSK_USAGE;
}

tusk_status tusk_context_symbols(tusk_context *context, tusk_symbol_visitor visit, void *user) {
    return context && visit ? outline(context->program, context, visit, user) : TUSK_USAGE;
}

/* ---- names ---- */

typedef struct referring {
    tusk_program *program;
    tusk_reference_visitor visit;
    void *user;
} referring;

static void give_reference(void *user, tsk_span name, const tsk_entry *target, tsk_value owner) {
    referring *r = user;
    const tsk_graph *g = &r->program->graph;
    const tsk_source *source = tsk_sources_at(&g->sources, name.pos);
    (void)owner;
    if (!source) return;
    tusk_symbol place = {0};
    tusk_reference out = {.file = source->name, .offset = name.pos - source->base, .length = name.len};
    if (source_place(g, target->key, target->key_len, &place)) {
        out.target_file = place.file;
        out.target_offset = place.offset;
        out.target_length = place.length;
    }
    r->visit(r->user, &out);
}

static void references_locked(tusk_program *program, void *argument) {
    tsk_frontend_references(&program->graph, &program->scratch, give_reference, argument);
    tsk_arena_reset(&program->scratch);
}

tusk_status tusk_program_references(tusk_program *program, tusk_reference_visitor visit, void *user) {
    if (!program || !visit || !program->graph.frontend) return TUSK_USAGE;
    referring r = {program, visit, user};
    return tsk_program_locked(program, references_locked, &r) ? TUSK_OK : TUSK_NO_MEMORY;
}

/* ---- comparisons ---- */

typedef struct comparing {
    uint32_t thunk, sides[2];
    const char *op;
    bool is;
} comparing;

static void sides_locked(tusk_program *program, void *argument) {
    comparing *c = argument;
    c->is = tsk_frontend_sides(&program->graph, c->thunk, c->sides, &c->op);
}

typedef struct side {
    uint32_t thunk;
    tsk_value v;
} side;

static tusk_status compute_side(tusk_context *context, void *argument) {
    side *s = argument;
    return tsk_interp_key(&context->ev, s->thunk, &s->v) ? TUSK_OK : tsk_failure_report(context);
}

bool tusk_comparison(tusk_context *context, const char *path, const char **op, tusk_value *left, tusk_value *right) {
    if (!context || !path || !op || !left || !right) return false;
    tsk_path way;
    tsk_path_begin(&way, context->program, path, strlen(path));
    tsk_path_result result = tsk_path_static(&way);
    if (result != TSK_PATH_FOUND || !tsk_is_thunk(way.at)) return false;
    comparing c = {.thunk = tsk_as_thunk(way.at)};
    if (!tsk_program_locked(context->program, sides_locked, &c) || !c.is) return false;
    for (int i = 0; i < 2; i++) {
        side s = {.thunk = c.sides[i]};
        if (tsk_context_guard(context, compute_side, &s)) return false;
        *(i ? right : left) = (tusk_value){s.v.bits};
    }
    *op = c.op;
    return true;
}

/* ---- operators ---- */

bool tusk_operator_at(size_t i, const char **name, int *least, int *most) {
    if (i >= TSK_OP_COUNT) return false;
    *name = tsk_operators[i].name;
    *least = tsk_operators[i].min;
    *most = tsk_operators[i].max;
    return true;
}

bool tusk_names_secret(const char *name, size_t len) {
    return tsk_op_is_secret_name((tsk_slice){name, (uint32_t)len});
}
