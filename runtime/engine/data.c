/* Texts of data formats, read for the host: the values are the context's.
 *
 *   text ──► copy in the heap of the context ──► tsk_format_read ──► value
 *                                                      └──► a source of the program, for the excerpt of the report */
#include "runtime/engine/engine.h"

#include "runtime/formats/formats.h"

typedef struct reading {
    tsk_format format;
    const char *name, *text;
    size_t len;
    tsk_value v;
    uint32_t base; /* of the source, when there is something to report */
} reading;

static void add_source(tusk_program *program, void *argument) {
    reading *r = argument;
    const char *name = tsk_arena_strdup(&program->arena, r->name, strlen(r->name));
    const char *text = tsk_source_copy(&program->arena, r->text, r->len);
    const tsk_source *source = tsk_sources_add(&program->graph.sources, name, text, (uint32_t)r->len);
    r->base = source ? source->base : 0;
}

static tusk_status read_body(tusk_context *context, void *argument) {
    reading *r = argument;
    tsk_read_options options = {.max_depth = (uint32_t)context->snapshot->settings.limits[TUSK_LIMIT_DEPTH]};
    tsk_read_problem problem;
    const char *text = tsk_source_copy(&context->heap, r->text, r->len);
    if (tsk_format_read(r->format, &context->heap, text, r->len, &options, &r->v, &problem)) return TUSK_OK;
    if (r->len <= UINT32_MAX / 2 && !tsk_program_locked(context->program, add_source, r)) return TUSK_NO_MEMORY;
    tsk_span span = {r->base ? r->base + (uint32_t)problem.at : 0, 1};
    return tsk_failure_add_at(context, problem.code, span, problem.hint, "%s: %s", tsk_format_name(r->format),
                              problem.message);
}

tusk_status tusk_parse_data(tusk_context *context, tusk_format format, const char *name, const char *text, size_t len,
                            tusk_value *value) {
    if (!context || !text || !value || !tsk_format_is_data((tsk_format)format)) return TUSK_USAGE;
    reading r = {.format = (tsk_format)format, .name = name ? name : "<data>", .text = text, .len = len};
    tusk_status status = tsk_context_guard(context, read_body, &r);
    if (status == TUSK_OK) *value = (tusk_value){r.v.bits};
    return status;
}

bool tusk_format_named(const char *name, size_t len, tusk_format *format) {
    tsk_format found;
    if (!name || !format) return false;
    if (len >= 3 && memcmp(name + len - 3, "tsk", 3) == 0 && (len == 3 || name[len - 4] == '.'))
        return *format = TUSK_FORMAT_TSK, true;
    if (!tsk_format_named((tsk_slice){name, (uint32_t)len}, &found)) return false;
    return *format = (tusk_format)found, true;
}
