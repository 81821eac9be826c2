/* Configurations that are compiled ahead of time: tskc, and what opens its objects.
 *
 *   program ─► every function lowered ─► jobs, by identity ─► backend ─► object with a tsk_native_image
 *                                                                          │
 *   image ─► program: its texts are parsed ─► function lowered when called ─► identity ─► its native code
 *
 * What depends on the environment is computed by the program that runs, under its own grants. Code that finds no function of
 * its identity (the runtime is another one) is never entered: functions are interpreted then. */
#include "runtime/engine/ahead.h"

#include "runtime/interp/native.h"
#include "runtime/js/object.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- opening ---- */

const tsk_native_file *tsk_image_file(const tsk_native_image *image, const char *name) {
    for (uint32_t i = 0; i < image->file_count; i++)
        if (!strcmp(image->files[i].name, name)) return &image->files[i];
    return NULL;
}

static int by_identity(const void *key, const void *function) {
    return memcmp(key, &((const tsk_native_function *)function)->identity, sizeof(tsk_digest));
}

static void bind_function(tsk_native_function *f) {
    const char *text = f->shape_texts;
    for (uint32_t i = 0; i < f->shape_count; i++)
        f->shapes[i] = tsk_js_shape_bind(&text, f->shape_texts + f->shape_texts_size);
}

/* A shape that cannot be made has the number 0, which no object has. */
static void bind_shapes(tsk_native_image *image) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    if (!image->shapes_bound)
        for (uint32_t i = 0; i < image->function_count; i++) bind_function(&image->functions[i]);
    image->shapes_bound = 1;
    pthread_mutex_unlock(&lock);
}

void tsk_image_adopt(tusk_program *program, const tsk_bytecode *made) {
    tsk_native_image *image = program->image;
    tsk_bytecode *code = (tsk_bytecode *)(uintptr_t)made;
    tsk_digest identity;
    if (!image || image->version != TSK_NATIVE_VERSION || !image->function_count) return;
    tsk_native_identify(code, &identity);
    const tsk_native_function *f = bsearch(&identity, image->functions, image->function_count, sizeof *f, by_identity);
    if (!f) return;
    bind_shapes(image);
    __atomic_store_n(&code->quiet, f->quiet ? f->entry : NULL, __ATOMIC_RELEASE);
    __atomic_store_n(&code->native, f->entry, __ATOMIC_RELEASE);
    __atomic_store_n(&code->countdown, 0, __ATOMIC_RELAXED);
}

tusk_status tusk_program_image(const tusk_options *options, tusk_image *image, tusk_program **program) {
    if (!program) return TUSK_USAGE;
    *program = NULL;
    tsk_native_image *native = (tsk_native_image *)(void *)image;
    if (!native || !native->file_count) return TUSK_USAGE;
    const tsk_native_file *file = &native->files[0];
    tusk_status status = tsk_program_create(options, file->len, program);
    if (status) return status;
    (*program)->image = native;
    return tsk_program_load(
        *program, &(tsk_program_input){.name = file->name, .text = file->text, .len = file->len, .padded = true});
}

/* ---- finding the functions ---- */

static void number_functions(tusk_program *program, const tsk_object *block);

static void number_in(tusk_program *program, const tsk_object *block, const tsk_entry *e) {
    const tsk_graph *graph = &program->graph;
    if (tsk_functions_is_text(e->value)) {
        const tsk_slice name = {e->key, e->key_len};
        tsk_functions_number(program, &(tsk_function_key){e->value, tsk_frontend_scope_of(graph, block), name});
    } else if (tsk_is_object(e->value)) {
        number_functions(program, tsk_as_object(e->value));
    }
}

/* Recursion follows the nesting of the source, which is limited. */
static void number_functions(tusk_program *program, const tsk_object *block) {
    for (uint32_t i = 0; i < block->count; i++) number_in(program, block, &block->entries[i]);
}

static void number_all(tusk_program *program, void *argument) {
    (void)argument;
    number_functions(program, program->graph.root);
    tsk_arena_reset(&program->scratch);
}

/* ---- compiling ---- */

typedef struct compiling {
    tusk_program *program;
    const tusk_compilation *wanted;
    tsk_arena *arena;
    tsk_native_job *jobs;
    tsk_digest *identities;
    uint32_t count;
    tsk_native_object object;
    char message[256];
} compiling;

static const struct tsk_js_shape *shape_at(uint32_t number) {
    return tsk_js_shape_at(number);
}

static bool nameable(uint32_t shape) {
    return tsk_js_shape_nameable(tsk_js_shape_at(shape));
}

static bool describe(void *user, uint32_t shape, tsk_slice *text) {
    const compiling *c = user;
    tsk_buf out;
    tsk_buf_init(&out, c->arena);
    bool ok = tsk_js_shape_describe(&out, tsk_js_shape_at(shape));
    *text = (tsk_slice){out.ptr, (uint32_t)out.len};
    return ok;
}

/* Keeps the list in the order of identities; two functions of one identity need one code. */
static void add_job(compiling *c, const tsk_bytecode *code, const tsk_code_map *map) {
    tsk_digest identity;
    tsk_native_identify(code, &identity);
    uint32_t at = 0;
    int order = 1;
    while (at < c->count && (order = memcmp(&c->identities[at], &identity, sizeof identity)) < 0) at++;
    if (at < c->count && !order) return;
    memmove(&c->jobs[at + 1], &c->jobs[at], (c->count - at) * sizeof *c->jobs);
    memmove(&c->identities[at + 1], &c->identities[at], (c->count - at) * sizeof *c->identities);
    c->jobs[at] = (tsk_native_job){
        code, map, TSK_NATIVE_FROM_START, TSK_NATIVE_PORTABLE | TSK_NATIVE_ALONE, shape_at, nameable, NULL};
    c->identities[at] = identity;
    c->count++;
}

static bool collect_jobs(compiling *c) {
    const tsk_ir_module *module = c->program->functions.module;
    uint32_t most = 0;
    for (tsk_ir_func *f = module ? module->first : NULL; f; f = f->next, most++)
        if (f->js && !tsk_bytecode_of(f) && tsk_functions_compile(c->program, f) == TSK_COMPILED_NO_MEMORY)
            return false;
    c->jobs = tsk_arena_alloc(c->arena, (most + 1) * sizeof *c->jobs);
    c->identities = tsk_arena_alloc(c->arena, (most + 1) * sizeof *c->identities);
    for (tsk_ir_func *f = most ? module->first : NULL; f; f = f->next) {
        const tsk_bytecode *code = f->js ? tsk_bytecode_of(f) : NULL;
        const tsk_code_map *map = code ? tsk_native_map(c->program->native, code) : NULL;
        if (map) add_job(c, code, map);
    }
    return true;
}

static const tsk_native_file *collect_files(const compiling *c, uint32_t *count) {
    const tsk_sources *sources = &c->program->graph.sources;
    tsk_native_file *files = tsk_arena_alloc(c->arena, (sources->count + 1) * sizeof *files);
    *count = 0;
    for (uint32_t i = 0; i < sources->count; i++) { /* others are texts of functions and expressions */
        const tsk_source *s = sources->list[i];
        if (!i || s->name[0] != '<') files[(*count)++] = (tsk_native_file){s->name, s->text, s->len};
    }
    return files;
}

static tusk_status fail(const compiling *c, const char *message) {
    tsk_diags_add(&c->program->graph.diags, TSK_ERROR, TSK_E_NATIVE, (tsk_span){0, 0}, "%s", message);
    return TUSK_ERROR;
}

/* ---- dumps ---- */

static void put(const compiling *c, const char *title, const char *suffix, const char *text) {
    const tsk_settings *settings = &c->program->settings;
    const tsk_native_view view = {.dump = settings->dump, .directory = settings->dump_directory};
    const char *heading = tsk_arena_printf(c->arena, "%s: %s", c->wanted->name, title);
    tsk_native_view_put(&view, c->wanted->name, heading, suffix, text);
}

static void put_ir(const compiling *c) {
    tsk_buf out;
    tsk_buf_init(&out, c->arena);
    for (uint32_t i = 0; i < c->count; i++) tsk_ir_print_func(&out, c->jobs[i].code->func, &c->program->env);
    tsk_buf_char(&out, 0);
    put(c, "IR", "ir", out.ptr);
}

static void show_llvm(void *user, bool before, const char *text) {
    put(user, before ? "LLVM before its passes" : "LLVM after its passes", before ? "before.ll" : "ll", text);
}

/* Made for itself, as the same code may be wanted in another form. */
static void put_assembly(compiling *c, const tsk_native_backend *backend, const tsk_native_ahead *ahead) {
    tsk_native_watch watch = *ahead->watch;
    tsk_native_ahead text = *ahead;
    tsk_native_object assembly;
    watch.show = NULL;
    text.watch = &watch;
    text.form = TSK_NATIVE_ASSEMBLY;
    text.debug = true;
    if (!backend->ahead(&text, &assembly, c->message, sizeof c->message)) return;
    put(c, "assembly", "s", assembly.bytes);
    free(assembly.bytes);
}

static tusk_status compile(compiling *c) {
    const unsigned dump = c->program->settings.dump;
    const tsk_native_backend *backend = tsk_native_find_backend();
    if (!backend)
        return fail(
            c, "native code cannot be made: the module libtusk-jit.so, which needs LLVM, is not beside the library");
    if (!collect_jobs(c)) return TUSK_NO_MEMORY;
    const tsk_native_watch watch = {tsk_native_place_in, &c->program->graph.sources,
                                    dump & TSK_NATIVE_DUMP_LLVM ? show_llvm : NULL, c};
    tsk_native_ahead ahead = {.name = c->wanted->name,
                              .form = (tsk_native_form)c->wanted->form,
                              .optimize = c->wanted->optimize,
                              .debug = c->wanted->debug,
                              .cpu = c->wanted->cpu ? c->wanted->cpu : "x86-64-v2",
                              .jobs = c->jobs,
                              .identities = c->identities,
                              .job_count = c->count,
                              .constants = tsk_ahead_constants(c->program, c->arena),
                              .describe = describe,
                              .watch = &watch,
                              .user = c};
    ahead.files = collect_files(c, &ahead.file_count);
    if (dump & TSK_NATIVE_DUMP_IR) put_ir(c);
    if (dump & TSK_NATIVE_DUMP_ASM) put_assembly(c, backend, &ahead);
    if (backend->ahead(&ahead, &c->object, c->message, sizeof c->message)) return TUSK_OK;
    return fail(c, c->message);
}

static bool is_identifier(const char *name) {
    static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    size_t len = strlen(name);
    return strspn(name, first) > 0 && len < 200 &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789") == len;
}

/* Others than these LLVM would complain about in its own way. */
static bool is_cpu(const char *name) {
    static const char *const names[] = {"native", "x86-64-v2", "x86-64-v3", "x86-64-v4"};
    for (size_t i = 0; i < TSK_COUNT(names); i++)
        if (!strcmp(names[i], name)) return true;
    return false;
}

static tusk_status run_guarded(compiling *c, tusk_status (*body)(compiling *c)) {
    tsk_arena arena;
    tsk_trap trap;
    tsk_arena_init(&arena, &c->program->allocator, 0);
    arena.trap = &trap;
    c->arena = &arena;
    tusk_status status = setjmp(trap.jump) ? TUSK_NO_MEMORY : body(c);
    tsk_arena_free(&arena);
    return status;
}

static tusk_status make_header(compiling *c) {
    tsk_buf out;
    tsk_buf_init(&out, c->arena);
    tsk_ahead_header(&out, c->program, c->wanted->name);
    c->object.bytes = tsk_text_copy(out.ptr, out.len);
    c->object.size = out.len;
    return c->object.bytes ? TUSK_OK : TUSK_NO_MEMORY;
}

tusk_status tusk_program_compile(tusk_program *program, const tusk_compilation *wanted, char **bytes, size_t *size) {
    if (!program || !wanted || !bytes || !size || !program->loaded || !program->native) return TUSK_USAGE;
    if (!wanted->name || !is_identifier(wanted->name) || wanted->optimize > 3 ||
        (wanted->cpu && !is_cpu(wanted->cpu)) || (unsigned)wanted->form > TUSK_FORM_HEADER)
        return TUSK_USAGE;
    *bytes = NULL;
    compiling c = {.program = program, .wanted = wanted};
    if (!tsk_js_atoms_init() || !tsk_program_locked(program, number_all, NULL)) return TUSK_NO_MEMORY;
    tusk_status status = run_guarded(&c, wanted->form == TUSK_FORM_HEADER ? make_header : compile);
    *bytes = c.object.bytes;
    *size = c.object.size;
    return status;
}

const char *tusk_program_file(const tusk_program *program, size_t i) {
    const tsk_sources *sources = program ? &program->graph.sources : NULL;
    for (uint32_t n = 0; sources && n < sources->count; n++)
        if (sources->list[n]->name[0] != '<' && !i--) return sources->list[n]->name;
    return NULL;
}
