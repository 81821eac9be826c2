/* Stack traces, and exceptions that nothing in functions catches. */
#include "runtime/engine/thrown.h"

#include "runtime/builtins/inspect.h"
#include "runtime/js/object.h"

#include <stdio.h>

enum { TRACE_DEPTH = 10 };

/* ---- traces ---- */

/* A name and place; `name` empty: the place alone. */
static void add_place(tsk_buf *out, const tsk_sources *sources, bool constructs, tsk_slice name, tsk_span span) {
    tsk_location at;
    tsk_buf_cstr(out, "    at ");
    if (name.len && constructs) tsk_buf_cstr(out, "new ");
    if (name.len) tsk_buf_add(out, name.ptr, name.len);
    if (!tsk_sources_locate(sources, span.pos, &at)) {
        tsk_buf_cstr(out, "<anonymous>\n");
        return;
    }
    tsk_buf_printf(out, name.len ? " (%s:%u:%u)\n" : "%s:%u:%u\n", at.source->name, at.line, at.column);
}

/* False: not shown. */
static bool add_frame(const tsk_eval *ev, const tsk_sources *sources, tsk_buf *out, const tsk_frame *f) {
    if (f->marks & TSK_FRAME_TREE) return false;
    tsk_span span = f->code->spans[f->pc - f->code->insns];
    if (tsk_frame_is_function(f)) {
        const tsk_ir_func *func = f->code->func;
        if (func->js->flags & TSK_IR_FN_LIBRARY)
            tsk_library_trace(out, func);
        else
            add_place(out, sources, f->marks & TSK_FRAME_CONSTRUCTS, func->js->name, span);
        return true;
    }
    if (f->thunk == TSK_NO_THUNK) return false;
    const char *name = ev->host->key_name((tsk_eval *)(uintptr_t)ev, f->thunk);
    add_place(out, sources, false, (tsk_slice){name, (uint32_t)strlen(name)}, span);
    return true;
}

/* The frame that called `function` last; NULL: nobody did. */
static const tsk_frame *caller_of(const tsk_frame *f, const tsk_js_object *function) {
    if (tsk_js_class_of(function) != TSK_JS_CLOSURE) return NULL;
    while (f && f->code->func != ((const tsk_js_closure *)(const void *)function)->func) f = f->caller;
    return f ? f->caller : NULL;
}

void tsk_thrown_trace(const tsk_eval *ev, const tsk_sources *sources, tsk_buf *out, const tsk_js_object *below) {
    int depth = 0;
    for (const tsk_frame *f = below ? caller_of(ev->top, below) : ev->top; f && depth < TRACE_DEPTH; f = f->caller)
        depth += add_frame(ev, sources, out, f);
}

/* ---- messages ---- */

bool tsk_thrown_subject(tsk_js *js, tsk_script_subject what, tsk_buf *out) {
    const tsk_frame *f = ((const tsk_eval *)js->user)->top;
    if (!f || !tsk_frame_is_function(f) || f->code->func->js->flags & TSK_IR_FN_LIBRARY) return false;
    bool iterates = f->pc->op == TSK_OPC_JS_ITER || f->pc->op == TSK_OPC_JS_SPREAD;
    if (what == TSK_SCRIPT_ITERATED && !iterates) return false;
    return tsk_script_subject_text(f->code->func, f->code->spans[f->pc - f->code->insns].pos, what, out);
}

uint32_t tsk_thrown_place(tsk_js *js) {
    const tsk_frame *f = ((const tsk_eval *)js->user)->top;
    return f && tsk_frame_is_function(f) ? f->code->spans[f->pc - f->code->insns].pos : 0;
}

/* ---- what was thrown ---- */

/* The byte of a line that `column`, counted as places show it, is at. */
static uint32_t offset_of(const tsk_sources *sources, const tsk_source *source, unsigned line, unsigned column) {
    uint32_t offset = 0;
    for (unsigned n = 1; n < line && offset < source->len; offset++) n += source->text[offset] == '\n';
    tsk_location at;
    while (offset < source->len && source->text[offset] != '\n' &&
           tsk_sources_locate(sources, source->base + offset, &at) && at.column < column)
        offset++;
    return offset;
}

/* The place of "(file:12:5)" or "at file:12:5" in the first line of a stack that has one. */
static tsk_span place_of(const tsk_sources *sources, const char *stack) {
    for (const char *at = stack; at && (at = strstr(at, "\n    at ")); at++) {
        const char *end = strchr(at + 1, '\n');
        for (uint32_t i = 0; i < sources->count; i++) {
            const tsk_source *source = sources->list[i];
            const char *name = strstr(at, source->name);
            unsigned line, column;
            if (!name || (end && name > end)) continue;
            if (sscanf(name + strlen(source->name), ":%u:%u", &line, &column) != 2) continue;
            return (tsk_span){source->base + offset_of(sources, source, line, column), 1};
        }
    }
    return (tsk_span){0, 0};
}

/* What the program itself says that an object is; NULL: it has no such function. */
static tsk_js_string *own_text(tsk_js *js, tsk_value v) {
    tsk_js_key key = tsk_js_key_atom(tsk_js_atom_utf8("toString", 8));
    tsk_value method = tsk_js_get_value(js, v, key);
    bool own = !tsk_js_is_thrown(method) && tsk_js_is_class(method, TSK_JS_CLOSURE);
    tsk_js_string *text = own ? tsk_js_to_string(js, v) : NULL;
    js->exception = TSK_JS_HOLE;
    return text;
}

static char *text_of(tsk_js *js, tsk_arena *arena, tsk_value v) {
    static const tsk_js_inspect_options options = {.depth = 2, .one_line = true};
    bool plain = tsk_js_is_object(v) && !tsk_js_is_class(v, TSK_JS_ERROR);
    tsk_js_string *own = tsk_js_is_string(v) ? tsk_js_as_string(v) : plain ? own_text(js, v) : NULL;
    tsk_buf text;
    tsk_buf_init(&text, arena);
    if (own)
        tsk_js_string_to_utf8(js, own, &text, true);
    else if (plain)
        tsk_js_inspect(js, v, options, &text);
    else
        tsk_buf_cstr(&text, tsk_js_describe(js, v));
    tsk_buf_char(&text, 0);
    return text.ptr;
}

void tsk_thrown_take(tsk_js *js, const tsk_sources *sources, tsk_arena *arena, tsk_thrown *out) {
    tsk_value v = tsk_js_take_exception(js), stack = TSK_VALUE_UNDEFINED;
    if (tsk_js_is_class(v, TSK_JS_ERROR))
        stack = tsk_js_get(js, tsk_js_as_object(v), tsk_js_key_atom(tsk_js_atoms.stack));
    js->exception = TSK_JS_HOLE;
    uint32_t at = v.bits == js->thrown.bits ? js->thrown_at : 0;
    char *text = text_of(js, arena, tsk_js_is_string(stack) ? stack : v);
    *out = (tsk_thrown){.text = text};
    if (tsk_js_is_string(stack))
        out->span = place_of(sources, text);
    else
        out->span = (tsk_span){at, at ? 1 : 0};
    char *lines = strchr(text, '\n');
    if (!lines) return;
    *lines = 0;
    out->stack = lines + 1;
}

void tsk_thrown_notes(tsk_diags *diags, tsk_diag *diag, const char *stack) {
    while (stack && *stack) {
        size_t len = strcspn(stack, "\n"), skip = strspn(stack, " ");
        if (skip < len) tsk_diag_note(diags, diag, (tsk_span){0, 0}, "%.*s", (int)(len - skip), stack + skip);
        stack += len + (stack[len] == '\n');
    }
}
