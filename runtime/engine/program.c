/* Programs: loading a configuration, and the lock under which it learns.
 *
 *   file or text ──► padded text ──► tsk_frontend_load (includes through read_include) ──► -D keys ──► checks
 *
 * A program that could not be loaded exists all the same, to be asked for its report; nothing can be evaluated
 * in it. */
#include "runtime/engine/ahead.h"

#include "runtime/interp/native.h"

#include <limits.h>

tusk_status tsk_status_of(tsk_code code) {
    if (code == TSK_E_NO_MEMORY) return TUSK_NO_MEMORY;
    int status = tsk_code_exit(code);
    return status > 0 && status <= TUSK_INVALID ? (tusk_status)status : TUSK_ERROR;
}

/* ---- life ---- */

/* Bytes of tree for a byte of source: a short file then needs one block, and a long one is not copied about. */
#define ROOM_PER_BYTE 5

tusk_status tsk_program_create(const tusk_options *options, size_t source, tusk_program **out) {
    tsk_settings defaults;
    tsk_settings_default(&defaults);
    const tsk_settings *settings = options ? &options->settings : &defaults;
    size_t room = source < SIZE_MAX / ROOM_PER_BYTE / 2 ? source * ROOM_PER_BYTE : source;
    tsk_arena arena;
    *out = NULL;
    if (!tsk_arena_open(&arena, &settings->allocator, sizeof **out + room)) return TUSK_NO_MEMORY;
    tusk_program *program = *out = TSK_NEW(&arena, tusk_program);
    atomic_init(&program->references, 1);
    program->allocator = settings->allocator;
    program->settings = *settings; /* borrowed until loading copies them */
    program->arena = arena;
    program->arena.allocator = &program->allocator;
    tsk_arena_init(&program->scratch, &program->allocator, 0);
    pthread_mutex_init(&program->lock, NULL);
    program->graph.arena = program->graph.diags.arena = &program->arena;
    tsk_env_init(&program->env, program);
    program->native = tsk_settings_native(settings);
    tsk_native_set_places(program->native, tsk_native_place_in, &program->graph.sources);
    return TUSK_OK;
}

tusk_program *tusk_program_retain(tusk_program *program) {
    if (program) atomic_fetch_add_explicit(&program->references, 1, memory_order_relaxed);
    return program;
}

void tusk_program_release(tusk_program *program) {
    if (!program || atomic_fetch_sub_explicit(&program->references, 1, memory_order_acq_rel) != 1) return;
    tsk_native_free(program->native);
    tsk_program_schema_free(program);
    for (size_t i = 0; program->lowering && i < TSK_LOWER_DEPTH; i++)
        if (program->lowering[i].space) tsk_arena_free(&program->lowering[i].space->arena);
    tsk_arena_free(&program->scratch);
    pthread_mutex_destroy(&program->lock);
    tsk_allocator allocator = program->allocator;
    tsk_arena arena = program->arena; /* which the program is in */
    arena.allocator = &allocator;
    tsk_arena_free(&arena);
}

bool tsk_native_place_in(void *sources, tsk_span span, tsk_native_place *out) {
    tsk_location at;
    if (!tsk_sources_locate(sources, span.pos, &at)) return false;
    *out = (tsk_native_place){at.source->name, at.line, at.column};
    return true;
}

typedef struct jit_report {
    tsk_native *native;
    const tsk_sources *sources;
} jit_report;

static void put_line(void *user, tsk_buf *out, tsk_span span) {
    const jit_report *r = user;
    tsk_location at;
    if (tsk_sources_locate(r->sources, span.pos, &at))
        tsk_buf_printf(out, "%s:%u:%u", at.source->name, at.line, at.column);
    else
        tsk_buf_cstr(out, "the library");
}

static tusk_status write_jit_report(tsk_buf *out, void *argument) {
    const jit_report *r = argument;
    tsk_native_report(r->native, out, put_line, argument);
    return TUSK_OK;
}

char *tsk_native_report_text(tsk_native *native, const tsk_sources *sources) {
    char *text;
    jit_report r = {native, sources};
    if (!native) return tsk_text_copy("", 0);
    tsk_text_make(&text, write_jit_report, &r);
    return text;
}

char *tusk_program_jit_report(const tusk_program *program) {
    return program ? tsk_native_report_text(program->native, &program->graph.sources) : NULL;
}

bool tusk_program_busy(const tusk_program *program) {
    return program && tsk_native_busy(program->native);
}

size_t tusk_program_memory(const tusk_program *program) {
    if (!program) return 0;
    tusk_program *p = (tusk_program *)(uintptr_t)program;
    pthread_mutex_lock(&p->lock);
    size_t bytes = p->arena.reserved + p->scratch.reserved;
    for (size_t i = 0; p->lowering && i < TSK_LOWER_DEPTH; i++)
        if (p->lowering[i].space) bytes += p->lowering[i].space->arena.reserved;
    pthread_mutex_unlock(&p->lock);
    return bytes;
}

/* After a trap: thunks that were being lowered are as before. */
static void recover(tusk_program *program) {
    for (uint32_t i = 0; i < program->depth; i++) {
        tsk_thunk *thunk = tsk_graph_thunk(&program->graph, program->lowering[i].thunk);
        atomic_store_explicit(&thunk->state, TSK_THUNK_PARSED, memory_order_relaxed);
    }
    program->depth = 0;
    program->graph.module = NULL;
    tsk_arena_reset(&program->scratch);
}

bool tsk_program_locked(tusk_program *program, void (*body)(tusk_program *program, void *argument), void *argument) {
    pthread_mutex_lock(&program->lock);
    tsk_trap trap;
    volatile bool done = false;
    if (setjmp(trap.jump) == 0) {
        program->arena.trap = program->scratch.trap = &trap;
        program->stack = __builtin_frame_address(0);
        body(program, argument);
        done = true;
    } else {
        recover(program);
    }
    program->arena.trap = program->scratch.trap = NULL;
    pthread_mutex_unlock(&program->lock);
    return done;
}

const tsk_thunk *tsk_program_thunk(tusk_program *program, uint32_t number) {
    pthread_mutex_lock(&program->lock);
    const tsk_thunk *thunk = tsk_graph_thunk(&program->graph, number);
    pthread_mutex_unlock(&program->lock);
    return thunk;
}

/* ---- reading ---- */

static const char *failure_text(tsk_code code) {
    switch (code) {
    case TSK_E_FILE_NOT_FOUND: return "the file does not exist";
    case TSK_E_FILE_DENIED: return "the file may not be read";
    case TSK_E_SOURCE_TOO_LARGE: return "the file is larger than the limit";
    case TSK_E_NO_MEMORY: return "there is no memory for the file";
    default: return "the file cannot be read";
    }
}

typedef struct loading {
    const tsk_program_input *input;
    tusk_program *program;
    tsk_capabilities caps; /* made with the first include */
    bool has_caps;
} loading;

/* What was read, as text. */
static tsk_code as_text(tusk_program *program, const char *name, const char **text, uint32_t *len) {
    const char *why;
    if (tsk_binary_as_text(&program->arena, name, text, len, &why)) return TSK_OK;
    tsk_diags_add(&program->graph.diags, TSK_ERROR, TSK_E_BINARY_FILE, (tsk_span){0, 0}, "%s: %s", name, why);
    return TSK_E_BINARY_FILE;
}

static tsk_code read_include(void *user, tsk_arena *arena, const char *from, tsk_slice path, const char **name,
                             const char **text, uint32_t *len) {
    loading *l = user;
    const char *directory = from[0] == '<' ? l->program->directory : tsk_file_directory(arena, from);
    *name = tsk_file_join(arena, directory, path.ptr, path.len);
    uint64_t max = l->program->settings.limits[TUSK_LIMIT_SOURCE];
    const tsk_native_file *file = l->program->image ? tsk_image_file(l->program->image, *name) : NULL;
    if (file) {
        *text = file->text;
        *len = (uint32_t)file->len;
        return TSK_OK;
    }
    if (!l->has_caps && !l->input->include_anywhere) {
        tsk_settings_capabilities(&l->program->arena, &l->program->settings, l->program->directory, &l->caps);
        l->has_caps = true;
    }
    const char *const *roots = l->input->include_anywhere ? NULL : l->caps.read_roots;
    if (!l->input->include_anywhere && !(l->caps.mask & TSK_CAP_READ)) return TSK_E_DENIED;
    tsk_code code = tsk_file_read(arena, *name, roots, max, text, len, NULL);
    return code ? code : as_text(l->program, *name, text, len);
}

static void report_unread(tusk_program *program, const char *name, tsk_code code) {
    tsk_diags_add(&program->graph.diags, TSK_ERROR, code, (tsk_span){0, 0}, "%s: %s", name, failure_text(code));
}

static bool read_input(loading *l, const char **text, uint32_t *len) {
    tusk_program *program = l->program;
    const tsk_program_input *input = l->input;
    uint64_t max = program->settings.limits[TUSK_LIMIT_SOURCE];
    tsk_code code = TSK_OK;
    if (!input->text) {
        code = tsk_file_read(&program->arena, input->name, input->roots, max, text, len, &program->id);
    } else if (input->len > max || input->len > UINT32_MAX - TSK_SOURCE_PADDING) {
        code = TSK_E_SOURCE_TOO_LARGE;
    } else {
        *text = input->padded ? input->text : tsk_source_copy(&program->arena, input->text, input->len);
        *len = (uint32_t)input->len;
    }
    if (!code && !input->text) code = as_text(program, input->name, text, len);
    if (code && code != TSK_E_BINARY_FILE) report_unread(program, input->name, code);
    return !code;
}

/* ---- keys given from outside ---- */

/* The next part of a dotted key; quotes keep dots. */
static bool next_part(const char **p, tsk_slice *part) {
    if (!**p) return false;
    if (**p == '"') {
        const char *close = strchr(*p + 1, '"');
        if (close && (close[1] == '.' || !close[1])) {
            *part = (tsk_slice){*p + 1, (uint32_t)(close - *p - 1)};
            *p = close + 1 + (close[1] == '.');
            return true;
        }
    }
    size_t len = strcspn(*p, ".");
    *part = (tsk_slice){*p, (uint32_t)len};
    *p += len + ((*p)[len] == '.');
    return true;
}

static tsk_entry *define_slot(tusk_program *program, tsk_object *o, tsk_slice part) {
    if (!tsk_object_find(o, part.ptr, part.len)) {
        const char *global = tsk_arena_printf(&program->arena, "$%.*s", (int)part.len, part.ptr);
        tsk_entry *e = tsk_object_find(o, global, part.len + 1);
        if (e) return e;
    }
    return tsk_object_slot(&program->arena, o, part.ptr, part.len, tsk_hash(part.ptr, part.len), NULL);
}

static void define_key(tusk_program *program, const tsk_define *define) {
    tsk_object *o = program->graph.root;
    tsk_entry *entry = NULL;
    const char *p = define->key;
    tsk_slice part;
    while (next_part(&p, &part)) {
        if (entry) {
            if (!tsk_is_object(entry->value)) entry->value = tsk_from_object(tsk_object_new(&program->arena, 1));
            o = tsk_as_object(entry->value);
        }
        entry = define_slot(program, o, part);
    }
    tsk_value v = tsk_frontend_literal(&program->arena, define->text, (uint32_t)strlen(define->text));
    /* Who refers to the expression that stood there, by its number, gets the new value too. */
    if (tsk_is_thunk(entry->value)) {
        tsk_thunk *thunk = tsk_graph_thunk(&program->graph, tsk_as_thunk(entry->value));
        thunk->constant = v;
        atomic_store_explicit(&thunk->state, TSK_THUNK_CONSTANT, memory_order_release);
    }
    entry->value = v;
}

/* ---- loading ---- */

static tusk_status status_of_diags(const tsk_diags *diags) {
    for (const tsk_diag *d = diags->first; d; d = d->next)
        if (d->severity == TSK_ERROR) return tsk_status_of(d->code);
    return TUSK_OK;
}

static void check(tusk_program *program) {
    program->graph.module = tsk_ir_module_new(&program->arena);
    program->env.thunk_count = program->graph.thunk_count;
    tsk_frontend_check(&program->graph, &program->env);
    program->graph.module = NULL;
}

static bool has_suffix(const char *text, const char *suffix) {
    size_t n = strlen(text), m = strlen(suffix);
    return n >= m && strcmp(text + n - m, suffix) == 0;
}

static void load(tusk_program *program, void *argument) {
    loading *l = argument;
    tsk_arena *arena = &program->arena;
    tsk_settings borrowed = program->settings;
    tsk_settings_copy(arena, &program->settings, &borrowed);
    const tsk_settings *s = &program->settings;
    program->directory = l->input->directory ? tsk_arena_strdup(arena, l->input->directory, strlen(l->input->directory))
                                             : tsk_file_directory(arena, l->input->name);
    const char *text;
    uint32_t len;
    bool shown_as_given = strcmp(l->input->name, "-") != 0 || l->input->text;
    const char *name = shown_as_given ? l->input->name : "<stdin>";
    program->graph.root = tsk_object_new(arena, 0);
    if (!read_input(l, &text, &len)) return;
    if (l->input->marks) l->input->marks->arena->trap = arena->trap;
    tsk_load_options options = {
        .max_depth = (uint32_t)s->limits[TUSK_LIMIT_DEPTH],
        .max_source = (uint32_t)(s->limits[TUSK_LIMIT_SOURCE] < UINT32_MAX ? s->limits[TUSK_LIMIT_SOURCE] : UINT32_MAX),
        .max_errors = (uint32_t)s->limits[TUSK_LIMIT_ERRORS],
        .strict = s->flags & TUSK_FLAG_STRICT,
        .lenient = s->flags & TUSK_FLAG_LENIENT,
        .check = s->flags & TUSK_FLAG_CHECK,
        .lint = s->flags & TUSK_FLAG_LINT ? &s->lint : NULL,
        .list_commas = (s->flags & TUSK_FLAG_LIST_COMMAS) || has_suffix(name, ".peanuts"),
        .check_regex = tsk_functions_check_regex,
        .marks = l->input->marks,
        .scratch = &program->scratch,
        .user = l,
        .read = read_include};
    tsk_frontend_load(&program->graph, name, text, len, &options);
    program->own_thunks = program->graph.thunk_count;
    if (program->graph.diags.errors) return;
    for (const tsk_define *d = s->defines; d; d = d->next) define_key(program, d);
    if (s->flags & TUSK_FLAG_CHECK) check(program);
    /* many places will be asked for */
    if (program->graph.diags.warnings > 8 && program->graph.sources.count)
        tsk_source_index(&program->graph.sources, program->graph.sources.list[0]);
}

tusk_status tsk_program_load(tusk_program *program, const tsk_program_input *input) {
    loading l = {.input = input, .program = program};
    if (!tsk_program_locked(program, load, &l)) {
        program->failure = "there is no memory to load the configuration";
        return program->status = TUSK_NO_MEMORY;
    }
    bool readable = !program->graph.diags.errors || (program->settings.flags & TUSK_FLAG_CHECK);
    if (readable && tsk_program_rules(program, input) == TUSK_NO_MEMORY) {
        program->failure = "there is no memory to check the configuration";
        return program->status = TUSK_NO_MEMORY;
    }
    program->status = status_of_diags(&program->graph.diags);
    program->loaded = program->status == TUSK_OK;
    return program->status;
}

typedef struct refusal {
    const char *name;
    tsk_code code;
} refusal;

static void refuse(tusk_program *program, void *argument) {
    const refusal *r = argument;
    report_unread(program, r->name, r->code);
}

tusk_status tsk_program_refuse(tusk_program *program, const char *name, tsk_code code) {
    refusal r = {name, code};
    if (!tsk_program_locked(program, refuse, &r)) return program->status = TUSK_NO_MEMORY;
    return program->status = tsk_status_of(code);
}

tusk_status tusk_program_open(const tusk_options *options, const char *path, tusk_program **program) {
    if (!program) return TUSK_USAGE;
    *program = NULL;
    if (!path) return TUSK_USAGE;
    tusk_status status = tsk_program_create(options, 0, program);
    return status ? status : tsk_program_load(*program, &(tsk_program_input){.name = path});
}

tusk_status tusk_program_parse(const tusk_options *options, const char *name, const char *text, size_t len,
                               tusk_program **program) {
    if (!program) return TUSK_USAGE;
    *program = NULL;
    if (!name || (!text && len)) return TUSK_USAGE;
    tusk_status status = tsk_program_create(options, len, program);
    return status
               ? status
               : tsk_program_load(*program, &(tsk_program_input){.name = name, .text = text ? text : "", .len = len});
}

static void check_loaded(tusk_program *program, void *argument) {
    (void)argument;
    check(program);
}

tusk_status tusk_program_check(tusk_program *program) {
    if (!program) return TUSK_USAGE;
    if (program->loaded && !tsk_program_locked(program, check_loaded, NULL)) return TUSK_NO_MEMORY;
    return program->status == TUSK_NO_MEMORY ? TUSK_NO_MEMORY : status_of_diags(&program->graph.diags);
}

/* ---- questions ---- */

char *tusk_program_report(const tusk_program *program, int style) {
    if (!program) return tsk_text_copy("", 0);
    if (program->failure && !program->graph.diags.first)
        return tsk_text_copy(program->failure, strlen(program->failure));
    return tsk_failure_render((tusk_program *)(uintptr_t)program, &program->graph.diags, style);
}

unsigned tusk_program_errors(const tusk_program *program) {
    return program ? program->graph.diags.errors + (program->failure != NULL) : 0;
}

unsigned tusk_program_warnings(const tusk_program *program) {
    return program ? program->graph.diags.warnings : 0;
}

bool tusk_program_directive(const tusk_program *program, size_t i, const char **name, size_t *name_len,
                            const char **argument, size_t *argument_len) {
    const tsk_directive *d = program ? program->graph.directives : NULL;
    while (d && i--) d = d->next;
    if (!d) return false;
    if (name) *name = d->name.ptr;
    if (name_len) *name_len = d->name.len;
    if (argument) *argument = d->argument.ptr;
    if (argument_len) *argument_len = d->argument.len;
    return true;
}

/* ---- expressions ---- */

static tsk_expression *add_expression(tusk_program *program, tsk_slice text) {
    tsk_arena *arena = &program->arena;
    if (program->expression_count == program->expression_cap) {
        uint32_t cap = program->expression_cap ? program->expression_cap * 2 : 8;
        program->expression = tsk_arena_grow(arena, program->expression,
                                             program->expression_cap * sizeof *program->expression,
                                             cap * sizeof *program->expression);
        program->expression_cap = cap;
    }
    tsk_expression *e = TSK_NEW(arena, tsk_expression);
    e->text = text;
    e->thunk = TSK_NO_THUNK;
    e->diags = (tsk_diags){.arena = arena, .max = 1};
    return e;
}

const tsk_expression *tsk_program_expression(tusk_program *program, const char *text, size_t len) {
    uint32_t size = (uint32_t)len;
    tsk_entry *known = tsk_object_find(&program->expressions, text, size);
    if (known) return program->expression[tsk_as_i32(known->value)];
    tsk_arena *arena = &program->arena;
    char *copy = tsk_source_copy(arena, text, len);
    tsk_expression *e = add_expression(program, (tsk_slice){copy, size});
    tsk_diags own = program->graph.diags;
    program->graph.diags = e->diags;
    uint32_t thunk;
    if (tsk_frontend_expression(&program->graph, "<expression>", copy, size, &thunk)) e->thunk = thunk;
    e->diags = program->graph.diags;
    program->graph.diags = own;
    program->expression[program->expression_count] = e;
    tsk_object_set(arena, &program->expressions, copy, size, tsk_from_i32((int32_t)program->expression_count));
    program->expression_count++;
    return e;
}
