/* Throwing: the pending exception, error objects with their `stack`, texts for messages. */
#include "runtime/js/model.h"

#include "ir/ir.h"
#include "runtime/builtins/library.h"
#include "runtime/js/number_text.h"

#include <stdarg.h>
#include <stdio.h>

#define LONGEST_TEXT 200u /* of a value in a message */

tsk_value tsk_js_throw(tsk_js *js, tsk_value v) {
    if (!tsk_js_is_class(v, TSK_JS_ERROR) && js->host && js->host->place) {
        uint32_t at = js->host->place(js); /* 0 when a finally throws it on */
        if (at || v.bits != js->thrown.bits) js->thrown_at = at;
        js->thrown = v;
    }
    js->exception = v;
    return TSK_JS_THROWN;
}

tsk_value tsk_js_take_exception(tsk_js *js) {
    tsk_value v = js->exception;
    js->exception = TSK_JS_HOLE;
    js->uncatchable = false;
    return v;
}

/* ---- error objects ---- */

/* A data property on the way from `o` up, when it is a string; runs no code of programs. */
static tsk_js_string *plain_text(tsk_js *js, tsk_js_object *o, tsk_js_string *name) {
    for (; o; o = o->proto) {
        tsk_js_found f;
        if (!tsk_js_find_named(o, tsk_js_key_atom(name), &f)) continue;
        tsk_value v = f.attributes & TSK_JS_ACCESSOR ? TSK_VALUE_UNDEFINED : tsk_js_resolve(js, &f);
        return tsk_js_is_string(v) ? tsk_js_as_string(v) : NULL;
    }
    return NULL;
}

static void add_head(tsk_js *js, tsk_buf *out, tsk_js_string *name, tsk_js_string *message) {
    if (name)
        tsk_js_string_to_utf8(js, name, out, false);
    else
        tsk_buf_cstr(out, "Error");
    if (!message || !message->length) return;
    tsk_buf_cstr(out, ": ");
    tsk_js_string_to_utf8(js, message, out, false);
}

/* The frames of this moment, for a slot.  HOLE: no memory. */
static tsk_value stack_of(tsk_js *js, tsk_js_object *error, const tsk_js_object *below) {
    tsk_js_scratch mark = tsk_js_scratch_begin(js);
    tsk_buf text;
    tsk_buf_init(&text, js->scratch);
    tsk_buf_char(&text, '\n');
    if (js->host && js->host->trace) js->host->trace(js, &text, below);
    while (text.len && text.ptr[text.len - 1] == '\n') text.len--;
    tsk_js_string *frames = tsk_js_string_utf8(js, text.ptr, text.len);
    tsk_js_scratch_end(js, mark);
    if (!frames) return TSK_JS_HOLE;
    tsk_js_stack *stack = (tsk_js_stack *)tsk_heap_alloc(js->heap, sizeof *stack, TSK_JS_KIND_LAZY);
    stack->cell.aux = TSK_JS_MEMBER_STACK;
    stack->error = error;
    stack->frames = frames;
    return tsk_from_ptr(TSK_TAG_CELL, stack);
}

tsk_value tsk_js_stack_text(tsk_js *js, const tsk_js_stack *stack) {
    tsk_js_scratch mark = tsk_js_scratch_begin(js);
    tsk_buf text;
    tsk_buf_init(&text, js->scratch);
    add_head(js, &text, plain_text(js, stack->error, tsk_js_atoms.name),
             plain_text(js, stack->error, tsk_js_atoms.message));
    tsk_js_string_to_utf8(js, stack->frames, &text, false);
    const tsk_js_string *s = tsk_js_string_utf8(js, text.ptr, text.len);
    tsk_js_scratch_end(js, mark);
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

tsk_js_object *tsk_js_error_new(tsk_js *js, tsk_js_object *proto, tsk_js_string *message) {
    tsk_js_object *error = (tsk_js_object *)tsk_js_object_of_class(js, TSK_JS_ERROR, sizeof *error, proto);
    tsk_value stack = error ? stack_of(js, error, NULL) : TSK_JS_HOLE;
    if (tsk_js_is_hole(stack) ||
        !tsk_js_add_named(js, error, tsk_js_key_atom(tsk_js_atoms.stack), stack, TSK_JS_HIDDEN))
        return NULL;
    if (message &&
        !tsk_js_add_named(js, error, tsk_js_key_atom(tsk_js_atoms.message), tsk_js_from_string(message), TSK_JS_HIDDEN))
        return NULL;
    return error;
}

bool tsk_js_capture_stack(tsk_js *js, tsk_js_object *o, const tsk_js_object *below) {
    tsk_js_key key = tsk_js_key_atom(tsk_js_atoms.stack);
    tsk_js_found f;
    tsk_value stack = stack_of(js, o, below);
    if (tsk_js_is_hole(stack) || !tsk_js_define(js, o, key, TSK_VALUE_UNDEFINED, TSK_JS_HIDDEN)) return false;
    if (!tsk_js_find_named(o, key, &f)) return true;
    *f.slot = stack;
    tsk_heap_wrote(js->heap, f.owner);
    return true;
}

tsk_value tsk_js_throw_error(tsk_js *js, tsk_js_error_type type, const char *fmt, ...) {
    static const tsk_js_intrinsic protos[TSK_JS_ERROR_TYPES] = {
        TSK_JS_I_ErrorPrototype,          TSK_JS_I_TypeErrorPrototype,     TSK_JS_I_RangeErrorPrototype,
        TSK_JS_I_ReferenceErrorPrototype, TSK_JS_I_SyntaxErrorPrototype,   TSK_JS_I_EvalErrorPrototype,
        TSK_JS_I_URIErrorPrototype,       TSK_JS_I_AggregateErrorPrototype};
    char text[1024];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    size_t length = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    js->exception = TSK_VALUE_UNDEFINED; /* should the error itself not be made */
    tsk_js_string *message = tsk_js_string_utf8(js, text, length);
    tsk_js_object *proto = message ? tsk_js_intrinsic_get(js, protos[type]) : NULL;
    tsk_js_object *error = proto ? tsk_js_error_new(js, proto, message) : NULL;
    return error ? tsk_js_throw(js, tsk_js_from_object(error)) : TSK_JS_THROWN;
}

/* ---- texts of values ---- */

static void add_text(tsk_js *js, tsk_buf *out, tsk_js_string *s) {
    if (s->length > LONGEST_TEXT) {
        tsk_js_string *start = tsk_js_substring(js, s, 0, LONGEST_TEXT);
        if (start) tsk_js_string_to_utf8(js, start, out, true);
        tsk_buf_cstr(out, "...");
        return;
    }
    tsk_js_string_to_utf8(js, s, out, true);
}

static void add_number(tsk_buf *out, double d) {
    char text[TSK_JS_NUMBER_ROOM];
    tsk_buf_add(out, text, tsk_js_number_to_text(d, text));
}

/* The source text of a function, as V8 shows it. */
static void add_function(tsk_buf *out, const tsk_js_object *o) {
    const tsk_ir_js *info = o->cell.aux == TSK_JS_CLOSURE ? ((const tsk_js_closure *)(const void *)o)->func->js : NULL;
    if (info && !(info->flags & TSK_IR_FN_LIBRARY)) {
        uint32_t shown = info->span.len < LONGEST_TEXT ? info->span.len : LONGEST_TEXT;
        tsk_buf_add(out, info->source->text + (info->span.pos - info->source->base), shown);
        if (shown < info->span.len) tsk_buf_cstr(out, "...");
        return;
    }
    const char *name = info                           ? info->name.ptr
                       : o->cell.aux == TSK_JS_NATIVE ? ((const tsk_js_native *)(const void *)o)->spec->name
                                                      : "";
    tsk_buf_printf(out, "function %s() { [native code] }", name);
}

/* `name` of the constructor that the object's prototype names, without running code of programs. */
static void add_constructor(tsk_js *js, tsk_buf *out, tsk_js_object *o) {
    for (; o; o = o->proto) {
        tsk_js_found f;
        if (!tsk_js_find_named(o, tsk_js_key_atom(tsk_js_atoms.constructor), &f)) continue;
        tsk_value v = f.attributes & TSK_JS_ACCESSOR ? TSK_VALUE_UNDEFINED : tsk_js_resolve(js, &f);
        if (!tsk_js_is_callable(v) || !tsk_js_settle(js, tsk_js_as_object(v))) break;
        tsk_js_string *name = plain_text(js, tsk_js_as_object(v), tsk_js_atoms.name);
        if (!name || !name->length) break;
        add_text(js, out, name);
        return;
    }
    tsk_buf_cstr(out, "Object");
}

static void add_object(tsk_js *js, tsk_buf *out, tsk_js_object *o) {
    if (tsk_js_is_callable_object(o)) {
        add_function(out, o);
    } else if (o->cell.aux == TSK_JS_ERROR) {
        add_head(js, out, plain_text(js, o, tsk_js_atoms.name), plain_text(js, o, tsk_js_atoms.message));
    } else if (o->cell.aux == TSK_JS_ARRAY) {
        tsk_buf_cstr(out, "[object Array]");
    } else {
        tsk_buf_cstr(out, "#<");
        add_constructor(js, out, o);
        tsk_buf_char(out, '>');
    }
}

static void add_symbol(tsk_js *js, tsk_buf *out, const tsk_js_symbol *s) {
    tsk_buf_cstr(out, "Symbol(");
    if (s->description) add_text(js, out, s->description);
    tsk_buf_char(out, ')');
}

const char *tsk_js_describe_subject(tsk_js *js, tsk_script_subject what, tsk_value v) {
    tsk_buf out;
    tsk_buf_init(&out, js->scratch);
    if (!js->host || !js->host->subject || !js->host->subject(js, what, &out)) return tsk_js_describe(js, v);
    tsk_buf_char(&out, '\0');
    return out.ptr;
}

const char *tsk_js_describe(tsk_js *js, tsk_value v) {
    tsk_value pending = js->exception;
    tsk_buf out;
    tsk_buf_init(&out, js->scratch);
    if (tsk_js_is_string(v))
        add_text(js, &out, tsk_js_as_string(v));
    else if (tsk_js_is_symbol(v))
        add_symbol(js, &out, tsk_js_as_symbol(v));
    else if (tsk_js_is_object(v))
        add_object(js, &out, tsk_js_as_object(v));
    else if (tsk_js_is_number(v))
        add_number(&out, tsk_js_as_number(v));
    else if (tsk_is_bool(v))
        tsk_buf_cstr(&out, v.bits == TSK_VALUE_TRUE.bits ? "true" : "false");
    else
        tsk_buf_cstr(&out, v.bits == TSK_VALUE_NULL.bits ? "null" : "undefined");
    tsk_buf_char(&out, '\0');
    js->exception = pending;
    return out.ptr;
}
