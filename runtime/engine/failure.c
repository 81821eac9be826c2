/* Failures of evaluations as diagnostics.
 *
 *   app.tsk:4:12: error[E0302]: cannot subtract string "many" and 1
 *     4 | limit: $max - 1
 *       |        ^^^^^^^^
 *     where $max is "many"
 *     wanted by server.pool (app.tsk:9:9)
 *
 * The record of the failure says where it happened and which keys it ended; the values of names are looked up
 * now, and none is computed for it.  What belongs to a secret name is not shown. */
#include "runtime/engine/realm.h"

#include "runtime/engine/thrown.h"

#include "runtime/base/utf8.h"
#include "runtime/value/semantics.h"

#include <stdarg.h>
#include <stdio.h>

#define SHOWN_VALUE 60    /* bytes of a value in a note */
#define SHOWN_NOTES 6     /* values, and keys that wanted it */
#define SHORTEST_HIDDEN 4 /* bytes of a secret that is looked for in messages */
#define HIDDEN "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2"

void tsk_failure_value(tsk_buf *out, tsk_value v, bool secret) {
    if (secret) {
        tsk_buf_cstr(out, HIDDEN);
        return;
    }
    if (tsk_is_function(v)) {
        tsk_buf_cstr(out, "a function");
        return;
    }
    if ((tsk_is_array(v) && tsk_as_array(v)->flags & TSK_HAS_THUNKS) ||
        (tsk_is_object(v) && tsk_as_object(v)->flags & TSK_HAS_THUNKS)) {
        tsk_buf_printf(out, "%s", tsk_is_array(v) ? "a list" : "an object");
        return;
    }
    tsk_buf text;
    tsk_buf_init(&text, out->arena);
    if (tsk_is_str(v))
        tsk_utf8_json(&text, tsk_as_str(v)->ptr,
                      tsk_as_str(v)->len < 4 * SHOWN_VALUE ? tsk_as_str(v)->len : 4 * SHOWN_VALUE);
    else if (tsk_is_null(v))
        tsk_buf_cstr(&text, "null");
    else
        tsk_value_text(&text, v);
    size_t fit = text.len > SHOWN_VALUE ? tsk_utf8_fit(text.ptr, text.len, SHOWN_VALUE) : text.len;
    tsk_buf_add(out, text.ptr, fit);
    if (fit < text.len) tsk_buf_cstr(out, "...");
}

bool tsk_failure_is_secret(const tusk_context *context, const char *name, size_t len) {
    if (context->snapshot->settings.flags & TUSK_FLAG_SHOW_SECRETS) return false;
    size_t from = len;
    while (from && name[from - 1] != '.') from--;
    return tsk_op_is_secret_name((tsk_slice){name + from, (uint32_t)(len - from)});
}

/* ---- inputs ---- */

static void take_view(tusk_program *program, void *argument) {
    *(tsk_graph *)argument = program->graph;
}

void tsk_failure_inputs(tusk_context *context, uint32_t thunk, tsk_arena *arena, tsk_input_visitor visit, void *user) {
    tsk_graph view; /* with an arena that is ours */
    if (!tsk_program_locked(context->program, take_view, &view)) return;
    view.arena = arena;
    tsk_frontend_inputs(&view, thunk, visit, user);
}

typedef struct noting {
    tusk_context *context;
    tsk_diag *diag;
    tsk_slice source; /* of the instruction that failed */
    uint32_t count;
    bool everything; /* also what does not stand in `source` */
} noting;

static bool stands_in(tsk_slice source, const char *text) {
    return source.len && memmem(source.ptr, source.len, text, strlen(text));
}

/* Takes a secret's text out of the message. */
static void hide_in_message(noting *n, tsk_value v) {
    if (!tsk_is_str(v) || tsk_as_str(v)->len < SHORTEST_HIDDEN) return;
    const tsk_str *secret = tsk_as_str(v);
    for (;;) {
        const char *message = n->diag->message;
        const char *at = memmem(message, strlen(message), secret->ptr, secret->len);
        if (!at) return;
        n->diag->message = tsk_arena_printf(&n->context->report, "%.*s" HIDDEN "%s", (int)(at - message), message,
                                            at + secret->len);
    }
}

static void note_input(void *user, const char *text, tsk_value value) {
    noting *n = user;
    tsk_value v;
    bool known = tsk_context_known(n->context, value, &v),
         secret = tsk_failure_is_secret(n->context, text, strlen(text));
    if (known && secret) hide_in_message(n, v);
    if (n->count >= SHOWN_NOTES || !known || !(n->everything || stands_in(n->source, text))) return;
    n->count++;
    tsk_buf shown;
    tsk_buf_init(&shown, &n->context->report);
    tsk_failure_value(&shown, v, secret);
    tsk_diag_note(&n->context->diags, n->diag, (tsk_span){0, 0}, "where %s is %.*s", text, (int)shown.len, shown.ptr);
}

static tsk_slice source_text(tusk_program *program, tsk_span span) {
    pthread_mutex_lock(&program->lock);
    const tsk_source *source = tsk_sources_at(&program->graph.sources, span.pos);
    pthread_mutex_unlock(&program->lock);
    if (!source || !span.pos) return (tsk_slice){NULL, 0};
    uint32_t from = span.pos - source->base;
    return (tsk_slice){source->text + from, span.len < source->len - from ? span.len : source->len - from};
}

static void note_inputs(tusk_context *context, tsk_diag *diag, const tsk_error *origin) {
    if (origin->thunk == TSK_NO_THUNK || origin->code == TSK_E_CYCLE) return;
    noting n = {.context = context, .diag = diag, .source = source_text(context->program, origin->span)};
    tsk_failure_inputs(context, origin->thunk, &context->report, note_input, &n);
    n.everything = n.count == 0;
    if (n.everything) tsk_failure_inputs(context, origin->thunk, &context->report, note_input, &n);
}

/* ---- reports ---- */

static void begin_report(tusk_context *context) {
    if (context->diags_call == context->call) return;
    tsk_trap *trap = context->report.trap;
    tsk_arena_reset(&context->report);
    context->report.trap = trap;
    context->diags = (tsk_diags){.arena = &context->report, .max = context->diags.max};
    context->diags_call = context->call;
    context->no_memory = false;
}

static bool reported(const tsk_diags *diags, const tsk_error *error) {
    for (const tsk_diag *d = diags->first; d; d = d->next)
        if (d->code == error->code && d->span.pos == error->span.pos && d->span.len == error->span.len &&
            error->span.pos)
            return true;
    return false;
}

static tsk_span thunk_span(tusk_program *program, uint32_t thunk) {
    return thunk == TSK_NO_THUNK ? (tsk_span){0, 0} : tsk_program_thunk(program, thunk)->span;
}

/* The keys that the failure ended, from the one where it happened outwards. */
static void note_keys(tusk_context *context, tsk_diag *diag, const tsk_error *outermost) {
    const tsk_error *chain[SHOWN_NOTES];
    uint32_t count = 0;
    for (const tsk_error *e = outermost; e->inner; e = e->inner) chain[count++ % SHOWN_NOTES] = e;
    uint32_t shown = count < SHOWN_NOTES ? count : SHOWN_NOTES;
    for (uint32_t i = 0; i < shown; i++) {
        const tsk_error *e = chain[(count - 1 - i) % SHOWN_NOTES];
        if (e->thunk == TSK_NO_THUNK) continue;
        const char *name = context->ev.host->key_name(&context->ev, e->thunk);
        tsk_span span = e->span.pos ? e->span : thunk_span(context->program, e->thunk);
        tsk_diag_note(&context->diags, diag, span, "wanted by %s", name);
    }
    if (count > shown) tsk_diag_note(&context->diags, diag, (tsk_span){0, 0}, "and by %u keys more", count - shown);
}

tusk_status tsk_failure_report(tusk_context *context) {
    const tsk_error *outermost = context->ev.error, *origin = outermost;
    while (origin->inner) origin = origin->inner;
    begin_report(context);
    if (reported(&context->diags, origin)) return tsk_status_of(origin->code);
    tsk_span span = origin->span.pos ? origin->span : thunk_span(context->program, origin->thunk);
    tsk_diag *diag = tsk_diags_add(&context->diags, TSK_ERROR, origin->code, span, "%s", origin->message);
    if (origin->hint) diag->hint = tsk_arena_strdup(&context->report, origin->hint, strlen(origin->hint));
    if (origin->thunk != TSK_NO_THUNK) {
        const char *name = context->ev.host->key_name(&context->ev, origin->thunk);
        diag->key = tsk_arena_strdup(&context->report, name, strlen(name));
    }
    note_inputs(context, diag, origin);
    tsk_thrown_notes(&context->diags, diag, origin->trace);
    note_keys(context, diag, outermost);
    return tsk_status_of(origin->code);
}

static tusk_status add(tusk_context *context, tsk_code code, tsk_span span, const char *hint, const char *fmt,
                       va_list args) {
    char text[512];
    vsnprintf(text, sizeof text, fmt, args);
    begin_report(context);
    tsk_diag *diag = tsk_diags_add(&context->diags, TSK_ERROR, code, span, "%s", text);
    if (hint) diag->hint = tsk_arena_strdup(&context->report, hint, strlen(hint));
    return tsk_status_of(code);
}

tusk_status tsk_failure_add(tusk_context *context, tsk_code code, const char *hint, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    tusk_status status = add(context, code, (tsk_span){0, 0}, hint, fmt, args);
    va_end(args);
    return status;
}

tusk_status tsk_failure_add_at(tusk_context *context, tsk_code code, tsk_span span, const char *hint, const char *fmt,
                               ...) {
    va_list args;
    va_start(args, fmt);
    tusk_status status = add(context, code, span, hint, fmt, args);
    va_end(args);
    return status;
}

void tsk_failure_copy(tusk_context *context, const tsk_diags *diags) {
    begin_report(context);
    for (const tsk_diag *d = diags->first; d; d = d->next) {
        tsk_diag *copy = tsk_diags_add(&context->diags, d->severity, d->code, d->span, "%s", d->message);
        copy->expected = d->expected;
        copy->hint = d->hint ? tsk_arena_strdup(&context->report, d->hint, strlen(d->hint)) : NULL;
        for (const tsk_note *n = d->notes; n; n = n->next)
            tsk_diag_note(&context->diags, copy, n->span, "%s", n->text);
    }
}

/* ---- when memory ends ---- */

typedef struct place {
    tsk_span span;
    uint32_t thunk;
} place;

static place running(const tsk_eval *ev) {
    place p = {{0, 0}, TSK_NO_THUNK};
    for (const tsk_frame *f = ev->top; f; f = f->caller) {
        if (!p.span.pos && !(f->marks & TSK_FRAME_TREE)) p.span = f->code->spans[f->pc - f->code->insns];
        if (f->thunk == TSK_NO_THUNK) continue;
        p.thunk = f->thunk;
        break;
    }
    return p;
}

static void report_limit(tusk_context *context, place p) {
    begin_report(context);
    tsk_diag *diag = tsk_diags_add(&context->diags, TSK_ERROR, TSK_E_MEMORY_LIMIT, p.span,
                                   "evaluation takes more than %zu bytes of memory", context->heap.limit);
    diag->hint = "a larger limit can be given with --max-memory";
    if (p.thunk == TSK_NO_THUNK) return;
    tsk_buf path;
    tsk_buf_init(&path, &context->report);
    tsk_frontend_key_path(&path, tsk_program_thunk(context->program, p.thunk));
    tsk_buf_char(&path, 0);
    diag->key = path.ptr;
}

tusk_status tsk_failure_trap(tusk_context *context, tsk_trap_reason reason) {
    place p = running(&context->ev);
    tsk_interp_abandon(&context->ev);
    if (!context->heap.trap) tsk_realm_free(context);
    tsk_trap trap, *outer = context->report.trap;
    volatile bool made = false;
    if (reason == TSK_TRAP_MEMORY_LIMIT) {
        if (setjmp(trap.jump) == 0) {
            context->report.trap = &trap;
            report_limit(context, p);
            made = true;
        }
    }
    context->report.trap = outer;
    context->no_memory = !made;
    return made ? TUSK_ERROR : TUSK_NO_MEMORY;
}

/* ---- text ---- */

typedef struct rendering {
    tusk_program *program;
    const tsk_diags *diags;
    int style;
} rendering;

static tusk_status render(tsk_buf *out, void *argument) {
    const rendering *r = argument;
    tsk_diag_style style = {.colour = r->style & TUSK_REPORT_COLOUR,
                            .json = r->style & TUSK_REPORT_JSON,
                            .warnings = r->style & TUSK_REPORT_WARNINGS};
    /* The list of sources may grow while another thread parses an expression; what is in it stays. */
    pthread_mutex_lock(&r->program->lock);
    tsk_sources sources = r->program->graph.sources;
    pthread_mutex_unlock(&r->program->lock);
    tsk_diags_render(out, r->diags, &sources, style);
    return TUSK_OK;
}

char *tsk_failure_render(tusk_program *program, const tsk_diags *diags, int style) {
    rendering r = {program, diags, style};
    char *text;
    tsk_text_make(&text, render, &r);
    return text;
}
