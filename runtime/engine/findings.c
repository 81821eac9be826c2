/* Diagnostics of a program one by one, its texts, and the text with everything repaired that can be: for tools. */
#include "runtime/engine/engine.h"

#include <stdlib.h>

tusk_status tusk_options_lint(tusk_options *options, const char *code, tusk_lint_level level) {
    if (!options || (unsigned)level > TUSK_LINT_ERROR) return TUSK_USAGE;
    tsk_lint_options *lint = &options->settings.lint;
    if (!code) {
        lint->all_errors = level == TUSK_LINT_ERROR;
        return TUSK_OK;
    }
    tsk_code found = tsk_code_find(code, strlen(code));
    if (!found || (uint32_t)found >= TSK_LINT_CODES) return TUSK_USAGE;
    uint64_t bit = 1ull << (found % 64);
    lint->off[found / 64] &= ~bit;
    lint->errors[found / 64] &= ~bit;
    if (level == TUSK_LINT_OFF) lint->off[found / 64] |= bit;
    if (level == TUSK_LINT_ERROR) lint->errors[found / 64] |= bit;
    return TUSK_OK;
}

bool tusk_program_source(const tusk_program *program, size_t i, const char **name, const char **text, size_t *len) {
    if (!program || i >= program->graph.sources.count) return false;
    const tsk_source *source = program->graph.sources.list[i];
    if (name) *name = source->name;
    if (text) *text = source->text;
    if (len) *len = source->len;
    return true;
}

/* Where a span is, in the terms of the public interface. */
bool tsk_place_of(const tsk_sources *sources, tsk_span span, tusk_place *out) {
    *out = (tusk_place){.file = NULL};
    tsk_location at;
    if (!tsk_sources_locate(sources, span.pos, &at)) return false;
    uint32_t offset = span.pos - at.source->base;
    *out = (tusk_place){at.source->name, offset,
                        span.len <= at.source->len - offset ? span.len : at.source->len - offset, at.line, at.column};
    return true;
}

bool tusk_program_diagnostic(const tusk_program *program, const void **cursor, tusk_diagnostic *out) {
    if (!program || !cursor || !out) return false;
    const tsk_diag *d = *cursor ? ((const tsk_diag *)*cursor)->next : program->graph.diags.first;
    if (!d) return false;
    *cursor = d;
    *out = (tusk_diagnostic){.severity = (tusk_severity)d->severity,
                             .code = tsk_code_name(d->code),
                             .summary = tsk_code_summary(d->code),
                             .message = d->message,
                             .expected = d->expected,
                             .hint = d->hint};
    tsk_place_of(&program->graph.sources, d->span, &out->place);
    if (d->fix.text && tsk_place_of(&program->graph.sources, d->fix.span, &out->fix_place)) out->fix = d->fix.text;
    return true;
}

/* ---- repairing ---- */

static int by_position(const void *a, const void *b) {
    const tsk_fix *x = *(const tsk_fix *const *)a, *y = *(const tsk_fix *const *)b;
    return x->span.pos < y->span.pos ? -1 : x->span.pos > y->span.pos;
}

typedef struct repair {
    const tusk_program *program;
    size_t count;
} repair;

static tusk_status repair_body(tsk_buf *out, void *argument) {
    repair *r = argument;
    const tsk_source *source = r->program->graph.sources.list[0];
    size_t total = 0;
    for (const tsk_diag *d = r->program->graph.diags.first; d; d = d->next) total += d->fix.text != NULL;
    const tsk_fix **fixes = TSK_NEW_ARRAY(out->arena, const tsk_fix *, total);
    total = 0;
    for (const tsk_diag *d = r->program->graph.diags.first; d; d = d->next)
        if (d->fix.text && tsk_sources_at(&r->program->graph.sources, d->fix.span.pos) == source)
            fixes[total++] = &d->fix;
    qsort(fixes, total, sizeof *fixes, by_position);
    uint32_t done = 0; /* bytes of the source that are written */
    tsk_buf_reserve(out, source->len);
    for (size_t i = 0; i < total; i++) {
        uint32_t from = fixes[i]->span.pos - source->base;
        if (from < done) continue; /* inside of another one */
        tsk_buf_add(out, source->text + done, from - done);
        tsk_buf_cstr(out, fixes[i]->text);
        done = from + fixes[i]->span.len;
        r->count++;
    }
    tsk_buf_add(out, source->text + done, source->len - done);
    return TUSK_OK;
}

tusk_status tusk_program_repair(const tusk_program *program, char **text, size_t *fixes) {
    if (!program || !text || !fixes || !program->graph.sources.count) return TUSK_USAGE;
    repair r = {program, 0};
    tusk_status status = tsk_text_make(text, repair_body, &r);
    *fixes = r.count;
    return status;
}
