/* What a configuration says it must be: #!required, #!type, #!range, and schemas.
 *
 *   #!schema "file", --schema ──► program of the schema, evaluated once ──► its values, settled
 *            │ when the configuration is loaded: defaults of keys that are missing; literals are checked
 *            └ when all of it is evaluated:      everything is checked
 *
 * What is wrong is said at the key of the configuration; a note has the place in the schema. */
#include "runtime/operators/schema.h"
#include "runtime/engine/engine.h"

struct tsk_program_schema {
    tusk_program *program;
    tusk_context *context; /* holds the values */
    tsk_value root;
    bool tusk, strict;
};

/* ---- reading it ---- */

static const tsk_directive *find_directive(const tsk_graph *g, const char *name) {
    for (const tsk_directive *d = g->directives; d; d = d->next)
        if (tsk_slice_eq(d->name, (tsk_slice){name, (uint32_t)strlen(name)})) return d;
    return NULL;
}

/* The text between quotes, or all of it. */
static tsk_slice unquoted(tsk_slice s) {
    bool quoted = s.len > 1 && (*s.ptr == '"' || *s.ptr == '\'') && s.ptr[s.len - 1] == *s.ptr;
    return quoted ? (tsk_slice){s.ptr + 1, s.len - 2} : s;
}

/* A value without thunks; keys stay where they are, so that their places are known. */
static tsk_value settle(tsk_arena *arena, const tusk_context *context, tsk_value v) {
    if (!tsk_context_known(context, v, &v)) return TSK_VALUE_NULL;
    if (tsk_is_array(v) && tsk_as_array(v)->flags & TSK_HAS_THUNKS) {
        const tsk_array *from = tsk_as_array(v);
        tsk_array *to = tsk_array_new(arena, from->count);
        for (uint32_t i = 0; i < from->count; i++) tsk_array_push(arena, to, settle(arena, context, from->items[i]));
        return tsk_from_array(to);
    }
    if (!tsk_is_object(v) || !(tsk_as_object(v)->flags & TSK_HAS_THUNKS)) return v;
    const tsk_object *from = tsk_as_object(v);
    tsk_object *to = tsk_object_new(arena, from->count);
    for (uint32_t i = 0; i < from->count; i++) {
        const tsk_entry *e = &from->entries[i];
        tsk_object_slot(arena, to, e->key, e->key_len, e->hash, NULL)->value = settle(arena, context, e->value);
    }
    return tsk_from_object(to);
}

typedef struct opening {
    tusk_program *program;
    const char *path;
    const char *const *roots;
    tsk_span span;
    struct tsk_program_schema *schema;
    tusk_status status;
    const tsk_diags *diags; /* of the schema */
} opening;

static void report_opening(tusk_program *program, void *argument) {
    const opening *o = argument;
    const tsk_diag *first = o->diags ? o->diags->first : NULL;
    while (first && first->severity != TSK_ERROR) first = first->next;
    tsk_code code = first ? first->code : TSK_E_BAD_SCHEMA;
    bool missing = code == TSK_E_FILE_NOT_FOUND || code == TSK_E_FILE_DENIED;
    tsk_diag *d = tsk_diags_add(&program->graph.diags, TSK_ERROR, missing ? code : TSK_E_BAD_SCHEMA, o->span,
                                "the schema cannot be used: %s", first ? first->message : "it cannot be read");
    tsk_location at;
    if (first && tsk_sources_locate(&o->schema->program->graph.sources, first->span.pos, &at))
        tsk_diag_note(&program->graph.diags, d, (tsk_span){0}, "schema %s:%u:%u", at.source->name, at.line, at.column);
}

static void choose_root(struct tsk_program_schema *s) {
    const tsk_graph *g = &s->program->graph;
    const tsk_entry *section = tsk_object_find(g->root, "schema", 6);
    tsk_value v = section && tsk_is_object(section->value) ? section->value : tsk_from_object(g->root);
    s->root = settle(&s->program->arena, s->context, v);
    const tsk_entry *type = tsk_schema_rule(tsk_as_object(s->root), "type");
    bool json = tsk_schema_is_json(s->root) ||
                (type && !section && tsk_is_str(type->value) && tsk_schema_is_rule(s->root));
    s->tusk = !json;
    s->strict = g->strict;
}

static bool evaluate(opening *o) {
    tusk_snapshot *snapshot = NULL;
    struct tsk_program_schema *s = o->schema;
    o->status = tusk_snapshot_new(s->program, NULL, &snapshot);
    if (!o->status) o->status = tusk_context_new(snapshot, &s->context);
    tusk_snapshot_release(snapshot);
    if (!o->status) o->status = tusk_evaluate(s->context, false);
    if (!o->status) return true;
    o->diags = s->context ? &s->context->diags : NULL;
    return false;
}

static void settle_locked(tusk_program *program, void *argument) {
    (void)program;
    choose_root(argument);
}

static void open_schema(opening *o) {
    tusk_program *program = o->program;
    struct tsk_program_schema *s = o->schema = tsk_mem_alloc(&program->allocator, sizeof *s);
    if (!s) {
        o->status = TUSK_NO_MEMORY;
        return;
    }
    *s = (struct tsk_program_schema){0};
    tusk_options options = {.settings = program->settings};
    options.settings.allocator = program->allocator;
    options.settings.defines = NULL;
    options.settings.schema = NULL;
    options.settings.flags &= ~(uint32_t)(TUSK_FLAG_CHECK | TUSK_FLAG_LINT);
    o->status = tsk_program_create(&options, 0, &s->program);
    const tsk_program_input input = {.name = o->path, .roots = o->roots, .is_schema = true};
    if (!o->status) o->status = tsk_program_load(s->program, &input);
    if (o->status) {
        o->diags = s->program ? &s->program->graph.diags : NULL;
        return;
    }
    if (evaluate(o) && !tsk_program_locked(s->program, settle_locked, s)) o->status = TUSK_NO_MEMORY;
}

void tsk_program_schema_free(tusk_program *program) {
    struct tsk_program_schema *s = program->schema;
    if (!s) return;
    program->schema = NULL;
    tusk_context_free(s->context);
    tusk_program_release(s->program);
    tsk_mem_free(&program->allocator, s, sizeof *s);
}

/* ---- defaults ---- */

/* What a field has when nobody gives it: undefined when it has no default. */
static tsk_value default_of(tsk_value field) {
    const tsk_entry *e = tsk_is_object(field) ? tsk_schema_rule(tsk_as_object(field), "default") : NULL;
    return e ? e->value : TSK_VALUE_UNDEFINED;
}

/* The fields below a field; NULL: none. */
static const tsk_object *fields_of(const struct tsk_program_schema *s, tsk_value field) {
    if (!tsk_is_object(field)) return NULL;
    const tsk_object *o = tsk_as_object(field);
    if (s->tusk && !tsk_schema_is_rule(field)) return o;
    const tsk_entry *e = tsk_schema_rule(o, "properties");
    if (!e && s->tusk) e = tsk_schema_rule(o, "fields");
    return e && tsk_is_object(e->value) ? tsk_as_object(e->value) : NULL;
}

/* True when something was added. */
static bool fill(tsk_arena *arena, const struct tsk_program_schema *s, tsk_object *o, const tsk_object *fields) {
    bool added = false;
    for (uint32_t i = 0; fields && i < fields->count; i++) {
        const tsk_entry *field = &fields->entries[i];
        const tsk_object *below = fields_of(s, field->value);
        tsk_entry *e = tsk_object_find_hashed(o, field->key, field->key_len, field->hash);
        bool described = !s->tusk || tsk_schema_is_rule(field->value);
        tsk_value v = described ? default_of(field->value) : TSK_VALUE_UNDEFINED;
        if (e) {
            if (below && tsk_is_object(e->value)) added |= fill(arena, s, tsk_as_object(e->value), below);
        } else if (!tsk_same(v, TSK_VALUE_UNDEFINED)) {
            tsk_object_set(arena, o, field->key, field->key_len, v);
            added = true;
        } else if (below) {
            tsk_object *block = tsk_object_new(arena, 0);
            if (!fill(arena, s, block, below)) continue;
            tsk_object_set(arena, o, field->key, field->key_len, tsk_from_object(block));
            added = true;
        }
    }
    return added;
}

/* ---- checking ---- */

typedef struct checking {
    tusk_program *program;
    tusk_context *context; /* NULL: while loading */
    tsk_diags *diags;
    const tsk_directive *directive;
} checking;

static tsk_span place_of(const checking *k, const tsk_schema_step *at) {
    const tsk_graph *g = &k->program->graph;
    for (; at; at = at->up) {
        if (tsk_is_thunk(at->value)) return tsk_program_thunk(k->program, tsk_as_thunk(at->value))->span;
        uint32_t pos = at->entry ? tsk_sources_pos(&g->sources, at->entry->key) : 0;
        if (pos) return (tsk_span){pos, at->entry->key_len};
    }
    if (k->directive) return k->directive->span;
    return g->sources.count ? (tsk_span){g->sources.list[0]->base, 0} : (tsk_span){0};
}

/* While loading the lock is held already. */
static tsk_span place_locked(const checking *k, const tsk_schema_step *at) {
    return at && tsk_is_thunk(at->value) ? tsk_graph_thunk(&k->program->graph, tsk_as_thunk(at->value))->span
                                         : place_of(k, at);
}

static void note_rule(const checking *k, tsk_diag *d, const tsk_schema_step *rule) {
    const tsk_sources *sources = &k->program->schema->program->graph.sources;
    tsk_buf path;
    tsk_location at;
    tsk_buf_init(&path, k->diags->arena);
    tsk_schema_path(&path, rule);
    tsk_buf_char(&path, 0);
    for (const tsk_schema_step *s = rule; s; s = s->up) {
        if (!s->entry || !tsk_sources_locate(sources, tsk_sources_pos(sources, s->entry->key), &at)) continue;
        tsk_diag_note(k->diags, d, (tsk_span){0}, "schema %s:%u:%u%s%s", at.source->name, at.line, at.column,
                      path.len > 1 ? ": " : "", path.ptr);
        return;
    }
}

static void report(void *user, const tsk_schema_step *at, const tsk_schema_step *rule, const char *what,
                   const char *hint) {
    const checking *k = user;
    tsk_buf path;
    tsk_buf_init(&path, k->diags->arena);
    tsk_schema_path(&path, at);
    tsk_span span = k->context ? place_of(k, at) : place_locked(k, at);
    tsk_diag *d = path.len ? tsk_diags_add(k->diags, TSK_ERROR, TSK_E_SCHEMA, span, "`%.*s`: %s", (int)path.len,
                                           path.ptr, what)
                           : tsk_diags_add(k->diags, TSK_ERROR, TSK_E_SCHEMA, span, "%s", what);
    d->hint = hint;
    note_rule(k, d, rule);
}

static bool force(void *user, tsk_value *v) {
    const checking *k = user;
    return tsk_context_known(k->context, *v, v);
}

static void check_schema(checking *k, tsk_arena *heap) {
    const struct tsk_program_schema *s = k->program->schema;
    tsk_schema_check c = {.heap = heap,
                          .root = s->root,
                          .tusk = s->tusk,
                          .strict = s->strict,
                          .force = k->context ? force : NULL,
                          .report = report,
                          .user = k};
    k->directive = find_directive(&k->program->graph, "schema");
    if (tsk_schema_check_value(&c, tsk_from_object(k->program->graph.root))) return;
    tsk_diag *d = tsk_diags_add(k->diags, TSK_ERROR, TSK_E_BAD_SCHEMA,
                                k->directive ? k->directive->span : (tsk_span){0}, "the schema is wrong: %s",
                                c.problem);
    note_rule(k, d, &c.problem_at);
}

/* ---- entries ---- */

static void apply_locked(tusk_program *program, void *argument) {
    (void)argument;
    struct tsk_program_schema *s = program->schema;
    tsk_graph *g = &program->graph;
    fill(&program->arena, s, g->root, fields_of(s, s->root));
    /* who checks everything evaluates too, and then sees all at once */
    if (program->settings.flags & TUSK_FLAG_CHECK && !g->diags.errors) return;
    checking k = {.program = program, .diags = &g->diags};
    check_schema(&k, &program->arena);
}

static void rules_locked(tusk_program *program, void *argument) {
    (void)argument;
    tsk_frontend_rules(&program->graph, &program->graph.diags, NULL, NULL, NULL);
}

static void locate(opening *o, tsk_arena *names, const tsk_directive *directive) {
    const tusk_program *program = o->program;
    tsk_capabilities caps;
    tsk_slice path = unquoted(directive->argument);
    o->path = tsk_file_join(names, program->directory, path.ptr, path.len);
    o->span = directive->span;
    tsk_settings_capabilities(names, &program->settings, program->directory, &caps);
    o->roots = caps.read_roots;
}

static tusk_status load(tusk_program *program, const tsk_directive *directive) {
    tsk_arena names;
    tsk_trap trap;
    tsk_arena_init(&names, &program->allocator, 0);
    if (setjmp(trap.jump)) {
        tsk_arena_free(&names);
        return TUSK_NO_MEMORY;
    }
    names.trap = &trap;
    opening o = {.program = program, .path = program->settings.schema};
    if (!o.path) locate(&o, &names, directive);
    open_schema(&o);
    program->schema = o.schema;
    bool done = o.status != TUSK_NO_MEMORY && tsk_program_locked(program, o.status ? report_opening : apply_locked, &o);
    tsk_arena_free(&names);
    return done ? TUSK_OK : TUSK_NO_MEMORY;
}

tusk_status tsk_program_rules(tusk_program *program, const tsk_program_input *input) {
    const tsk_directive *directive = find_directive(&program->graph, "schema");
    program->has_rules = find_directive(&program->graph, "required") || find_directive(&program->graph, "type") ||
                         find_directive(&program->graph, "range");
    if (program->has_rules && !(program->settings.flags & TUSK_FLAG_CHECK) &&
        !tsk_program_locked(program, rules_locked, NULL))
        return TUSK_NO_MEMORY;
    if (input->is_schema || (!directive && !program->settings.schema)) return TUSK_OK;
    return load(program, directive);
}

static bool known(void *user, uint32_t thunk, tsk_value *out) {
    return tsk_context_known(user, tsk_from_thunk(thunk), out);
}

tusk_status tsk_context_rules(tusk_context *context, const char *path) {
    tusk_program *program = context->program;
    if (!program->has_rules && (!program->schema || path)) return TUSK_OK;
    tsk_diags diags = {.arena = &context->heap, .max = context->diags.max};
    if (program->has_rules) tsk_frontend_rules(&program->graph, &diags, path, known, context);
    if (program->schema && !path) {
        checking k = {.program = program, .context = context, .diags = &diags};
        check_schema(&k, &context->heap);
    }
    if (!diags.errors) return TUSK_OK;
    tsk_failure_copy(context, &diags);
    return TUSK_INVALID;
}

bool tusk_program_has_schema(const tusk_program *program) {
    return program && program->schema;
}
