/* Documents in other files: @name.tsk.get("a.b").
 *
 *   name ──► beside the configuration, ./config, .., ../config ──► program ──► context of its own ──► value, copied
 *
 * A file is opened once a context, with the options of the one that asks, and only where that one may read.  The chain
 * of openers tells a file that asks for itself. */
#include "runtime/engine/engine.h"

#include "runtime/value/semantics.h"

static bool fail(tusk_context *context, tsk_code code, tsk_slice file, const char *what) {
    return tsk_interp_fail(&context->ev, code, "%.*s %s", (int)file.len, file.ptr, what);
}

static const char *with_suffix(tsk_arena *arena, tsk_slice file) {
    bool has = file.len > 4 && memcmp(file.ptr + file.len - 4, ".tsk", 4) == 0;
    return tsk_arena_printf(arena, "%.*s%s", (int)file.len, file.ptr, has ? "" : ".tsk");
}

/* A program for the file of this path: it exists whatever comes of it, unless there is no memory. */
static tsk_cross_file *new_file(tusk_context *context) {
    tsk_cross_file *file = TSK_NEW(&context->heap, tsk_cross_file);
    tusk_options options = {.settings = context->snapshot->settings};
    options.settings.allocator = context->program->allocator;
    options.settings.defines = NULL; /* they are keys of the document that asks */
    if (tsk_program_create(&options, 0, &file->program)) longjmp(context->heap.trap->jump, TSK_TRAP_NO_MEMORY);
    file->next = context->files;
    context->files = file;
    return file;
}

static void drop_file(tusk_context *context, tsk_cross_file *file) {
    context->files = file->next;
    tusk_program_release(file->program);
}

static bool same_file(tsk_file_id a, tsk_file_id b) {
    return a.device == b.device && a.inode == b.inode && (a.device || a.inode);
}

static tsk_cross_file *find_file(const tusk_context *context, tsk_file_id id) {
    for (tsk_cross_file *f = context->files->next; f; f = f->next)
        if (f->context && same_file(f->program->id, id)) return f;
    return NULL;
}

static bool opens_itself(const tusk_context *context, tsk_file_id id) {
    for (; context; context = context->opener)
        if (same_file(context->program->id, id)) return true;
    return false;
}

static tsk_code first_code(const tusk_program *program) {
    const tsk_diag *d = program->graph.diags.first;
    while (d && d->severity != TSK_ERROR) d = d->next;
    return d ? d->code : TSK_E_FILE_FAILED;
}

static void start(tusk_context *context, tsk_cross_file *file) {
    const char *path;
    for (size_t i = 0; (path = tusk_program_file(file->program, i)); i++) context->ev.op.reading(context, path);
    tusk_snapshot *snapshot;
    if (tusk_snapshot_new(file->program, NULL, &snapshot)) longjmp(context->heap.trap->jump, TSK_TRAP_NO_MEMORY);
    tusk_status status = tsk_context_create(snapshot, context, &file->context);
    tusk_snapshot_release(snapshot);
    if (status) longjmp(context->heap.trap->jump, TSK_TRAP_NO_MEMORY);
}

/* What opening one candidate gave. */
typedef enum opened { OPENED, NOT_THERE, REFUSED, BROKEN } opened;

static opened open_candidate(tusk_context *context, const char *path, tsk_cross_file **out) {
    tsk_cross_file *file = new_file(context);
    tsk_program_input input = {.name = path, .roots = context->snapshot->caps.read_roots};
    tusk_status status = tsk_program_load(file->program, &input);
    tsk_code code = status ? first_code(file->program) : TSK_OK;
    if (status == TUSK_NO_MEMORY) longjmp(context->heap.trap->jump, TSK_TRAP_NO_MEMORY);
    if (code == TSK_E_FILE_NOT_FOUND || code == TSK_E_FILE_DENIED) {
        drop_file(context, file);
        return code == TSK_E_FILE_DENIED && tsk_file_exists(path) ? REFUSED : NOT_THERE;
    }
    context->ev.op.reading(context, path);
    tsk_cross_file *known = find_file(context, file->program->id);
    if (known) {
        drop_file(context, file);
        *out = known;
        return OPENED;
    }
    if (status) {
        const char *message = file->program->graph.diags.first->message;
        tsk_interp_fail(&context->ev, code, "%s: %s", path, message);
        drop_file(context, file);
        return BROKEN;
    }
    if (opens_itself(context, file->program->id)) {
        drop_file(context, file);
        tsk_interp_fail(&context->ev, TSK_E_CYCLE, "%s asks for itself", path);
        return BROKEN;
    }
    start(context, file);
    *out = file;
    return OPENED;
}

/* NULL and *missing: no such file anywhere; NULL alone: it failed. */
static tsk_cross_file *open_file(tusk_context *context, tsk_slice name, bool *missing) {
    static const char *const places[] = {"", "config/", "../", "../config/"};
    const char *file_name = with_suffix(&context->heap, name), *refused = NULL;
    for (size_t i = 0; i < TSK_COUNT(places); i++) {
        const char *relative = tsk_arena_printf(&context->heap, "%s%s", places[i], file_name);
        const char *path = tsk_file_join(&context->heap, context->program->directory, relative, strlen(relative));
        tsk_cross_file *file;
        switch (open_candidate(context, path, &file)) {
        case OPENED: return file;
        case BROKEN: return NULL;
        case REFUSED: refused = refused ? refused : path; break;
        case NOT_THERE: break;
        }
    }
    *missing = !refused;
    if (refused)
        fail(context, TSK_E_FILE_DENIED, tsk_slice_cstr(refused), "may not be read");
    else
        fail(context, TSK_E_FILE_NOT_FOUND, tsk_slice_cstr(file_name),
             "is neither beside the configuration nor in config/, ../ or ../config/");
    return NULL;
}

/* ---- values ---- */

typedef struct question {
    tsk_slice path;
    tsk_value v;
} question;

static bool force(void *user, tsk_value *v) {
    return tsk_interp_tree(&((tusk_context *)user)->ev, *v, v);
}

static tusk_status answer(tusk_context *context, void *argument) {
    question *q = argument;
    tsk_path path;
    tsk_path_begin(&path, context->program, q->path.ptr, q->path.len);
    tsk_path_result result = tsk_path_follow(&path, force, context);
    if (result == TSK_PATH_FAILED || (result == TSK_PATH_FOUND && !force(context, &path.at)))
        return tsk_failure_report(context);
    q->v = result == TSK_PATH_FOUND ? path.at : TSK_VALUE_NULL;
    return TUSK_OK;
}

bool tsk_cross_file_get(void *user, tsk_slice file, tsk_slice path, const tsk_value *set, tsk_value *out) {
    tusk_context *context = user;
    const tsk_capabilities *caps = &context->snapshot->caps;
    if (set && !(caps->mask & TSK_CAP_WRITE))
        return fail(context, TSK_E_DENIED, file, "may not be written: writing was not granted");
    if (set) return fail(context, TSK_E_UNSUPPORTED, file, "cannot be changed from a configuration in this version");
    if (!(caps->mask & TSK_CAP_READ))
        return fail(context, TSK_E_DENIED, file, "may not be read: reading was not granted");
    bool missing = false;
    tsk_cross_file *other = open_file(context, file, &missing);
    if (!other && missing && path.len &&
        !context->program->graph.strict) { /* what is not there is null, in other files too */
        *out = TSK_VALUE_NULL;
        return true;
    }
    if (!other) return false;
    question q = {.path = path};
    tusk_status status = tsk_context_guard(other->context, answer, &q);
    if (status == TUSK_NO_MEMORY) longjmp(context->heap.trap->jump, TSK_TRAP_NO_MEMORY);
    if (status) {
        const tsk_diag *d = other->context->diags.first;
        return tsk_interp_fail(&context->ev, d ? d->code : TSK_E_OPERATOR_FAILED, "%.*s: %s", (int)file.len, file.ptr,
                               d ? d->message : "evaluation failed");
    }
    *out = tsk_value_copy(&context->heap, q.v);
    return true;
}

void tsk_cross_close(tusk_context *context) {
    for (tsk_cross_file *f = context->files; f; f = f->next) {
        tusk_context_free(f->context);
        tusk_program_release(f->program);
    }
    context->files = NULL;
}
