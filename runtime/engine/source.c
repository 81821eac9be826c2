/* Sources: the text of a configuration and where everything in it stands, for those who change it; source_edit.c sets values.
 *
 *   text ──► program with marks ──► frontend: format, edit ──► new text ──► program with marks: is it what was meant?
 *
 * A new text is only given away after it was read again: a mistake in how it is made ends in an error, never in a
 * changed configuration.  One tree exists at a time: of the old text a fingerprint is kept. */
#include "runtime/engine/source.h"

/* ---- reading ---- */

static void let_go(tsk_reading *r) {
    tusk_program_release(r->program);
    r->program = NULL;
}

static void find_texts(tusk_program *program, void *argument) {
    tsk_reading *r = argument;
    r->arena.trap = program->arena.trap;
    tsk_frontend_texts(&program->graph, &program->env, &r->arena, &r->texts);
}

tusk_status tsk_source_read(tusk_source *source, tsk_reading *r, tsk_slice text) {
    tusk_status status = tsk_program_create(&source->options, text.len, &r->program);
    if (status) return status;
    tsk_arena_init(&r->arena, &source->allocator, 0);
    r->marks.arena = &r->arena;
    if (text.len > TSK_MARK_MAX_TEXT) return tsk_program_refuse(r->program, source->name, TSK_E_SOURCE_TOO_LARGE);
    status = tsk_program_load(
        r->program, &(tsk_program_input){
                        .name = source->name, .text = text.ptr, .len = text.len, .padded = true, .marks = &r->marks});
    if (!status && !tsk_program_locked(r->program, find_texts, r)) status = TUSK_NO_MEMORY;
    r->arena.trap = NULL;
    return status;
}

void tsk_source_forget(tsk_reading *r) {
    let_go(r);
    tsk_arena_free(&r->arena);
    *r = (tsk_reading){0};
}

static tusk_source *source_new(const tusk_options *options) {
    tsk_settings settings;
    tsk_settings_default(&settings);
    if (options) settings = options->settings;
    tsk_arena arena;
    if (!tsk_arena_open(&arena, &settings.allocator, sizeof(tusk_source))) return NULL;
    tusk_source *source = TSK_NEW(&arena, tusk_source);
    source->allocator = settings.allocator;
    source->arena = arena;
    source->arena.allocator = &source->allocator;
    source->options.settings = settings;
    tsk_arena_init(&source->result, &source->allocator, 0);
    return source;
}

void tusk_source_free(tusk_source *source) {
    if (!source) return;
    tsk_source_forget(&source->read);
    tsk_arena_free(&source->result);
    tsk_allocator allocator = source->allocator;
    tsk_arena arena = source->arena; /* which the source is in */
    arena.allocator = &allocator;
    tsk_arena_free(&arena);
}

/* Takes the text of a file, or a copy of one in memory; TSK_E_NO_MEMORY when there is none. */
static tsk_code take_text(tusk_source *source, const char *path, const char *text, size_t len) {
    tsk_trap trap;
    if (setjmp(trap.jump)) return TSK_E_NO_MEMORY;
    tsk_arena *arena = &source->arena;
    arena->trap = &trap;
    tsk_settings borrowed = source->options.settings;
    tsk_settings_copy(arena, &source->options.settings, &borrowed);
    const uint64_t max = borrowed.limits[TUSK_LIMIT_SOURCE];
    tsk_code code = TSK_OK;
    bool standard_input = path && strcmp(path, "-") == 0 && !text;
    source->name = standard_input ? "<stdin>" : tsk_arena_strdup(arena, path, strlen(path));
    if (!text) {
        uint32_t size = 0;
        code = tsk_file_read(arena, path, NULL, max, &source->text.ptr, &size, NULL);
        source->text.len = size;
    } else if (len > max || len > TSK_MARK_MAX_TEXT) {
        code = TSK_E_SOURCE_TOO_LARGE;
    } else {
        source->text = (tsk_slice){tsk_source_copy(arena, text, len), (uint32_t)len};
    }
    arena->trap = NULL;
    return code;
}

static tusk_status open_source(const tusk_options *options, const char *name, const char *text, size_t len,
                               tusk_source **out) {
    tusk_source *source = *out = source_new(options);
    if (!source) return TUSK_NO_MEMORY;
    tsk_code code = take_text(source, name, text, len);
    if (code == TSK_E_NO_MEMORY) return source->status = TUSK_NO_MEMORY;
    if (!code) return source->status = tsk_source_read(source, &source->read, source->text);
    source->status = tsk_program_create(&source->options, 0, &source->read.program);
    if (!source->status) source->status = tsk_program_refuse(source->read.program, source->name, code);
    return source->status;
}

tusk_status tusk_source_open(const tusk_options *options, const char *path, tusk_source **source) {
    if (!source) return TUSK_USAGE;
    *source = NULL;
    return path ? open_source(options, path, NULL, 0, source) : TUSK_USAGE;
}

tusk_status tusk_source_parse(const tusk_options *options, const char *name, const char *text, size_t len,
                              tusk_source **source) {
    if (!source) return TUSK_USAGE;
    *source = NULL;
    return name && (text || !len) ? open_source(options, name, text ? text : "", len, source) : TUSK_USAGE;
}

char *tusk_source_report(const tusk_source *source, int style) {
    return tusk_program_report(source ? source->read.program : NULL, style);
}

const char *tusk_source_text(const tusk_source *source, size_t *len) {
    if (len) *len = source ? source->text.len : 0;
    return source ? source->text.ptr : NULL;
}

/* ---- questions ---- */

tusk_status tsk_source_again(tusk_source *source) {
    if (source->status || source->read.program) return source->status;
    return source->status = tsk_source_read(source, &source->read, source->text);
}

bool tsk_source_answer(tusk_source *source, void (*body)(tusk_source *source, void *argument), void *argument) {
    tsk_trap trap;
    tsk_arena_reset(&source->result);
    if (setjmp(trap.jump)) {
        source->result.trap = NULL;
        return false;
    }
    source->result.trap = &trap;
    tsk_buf_init(&source->out, &source->result);
    body(source, argument);
    source->result.trap = NULL;
    return true;
}

static void refuse(tusk_program *program, void *argument) {
    tsk_diag *d = tsk_diags_add(&program->graph.diags, TSK_ERROR, TSK_E_CHANGE_REFUSED, (tsk_span){0, 0}, "%s",
                                (const char *)argument);
    d->hint = "nothing was changed; something in it means what it does only where it stands, such as a bracket in "
              "unquoted text";
}

tsk_slice tsk_source_new_text(tusk_source *source) {
    static const char padding[TSK_SOURCE_PADDING];
    uint32_t len = (uint32_t)source->out.len;
    tsk_buf_add(&source->out, padding, sizeof padding);
    return (tsk_slice){source->out.ptr, len};
}

static void format(tusk_source *source, void *argument) {
    bool *understood = argument;
    tsk_buf_reserve(&source->out, source->text.len + source->text.len / 8 + 256);
    *understood = tsk_frontend_format(&source->out, source->text, &source->read.marks, &source->read.texts);
}

static uint64_t fingerprint(tsk_slice text, const tsk_reading *r) {
    return tsk_frontend_fingerprint(&(tsk_marked){text, &r->marks, &r->texts});
}

tusk_status tusk_source_format(tusk_source *source, const char **text, size_t *len) {
    if (!source || !text || !len) return TUSK_USAGE;
    tusk_status status = tsk_source_again(source);
    if (status) return status;
    bool same = false;
    let_go(&source->read);
    if (!tsk_source_answer(source, format, &same)) return TUSK_NO_MEMORY;
    uint64_t before = fingerprint(source->text, &source->read);
    tsk_slice result = tsk_source_new_text(source);
    tsk_source_forget(&source->read);
    status = tsk_source_read(source, &source->read, result);
    same = same && !status && fingerprint(result, &source->read) == before;
    *text = result.ptr;
    *len = result.len;
    if (same || status == TUSK_NO_MEMORY) {
        tsk_source_forget(&source->read);
        return status;
    }
    static const char message[] = "in the one style the file would not mean the same";
    tsk_program_locked(source->read.program, refuse, (void *)(uintptr_t)message);
    return TUSK_INVALID;
}
