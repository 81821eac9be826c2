/* Error and its kinds. */
#include "runtime/builtins/library.h"

static bool put_hidden(tsk_js *js, tsk_js_object *o, tsk_js_string *name, tsk_value v) {
    return tsk_js_define(js, o, tsk_js_key_atom(name), v, TSK_JS_HIDDEN);
}

/* { cause } of the options, when it is there. */
static bool put_cause(tsk_js *js, tsk_js_object *error, tsk_value options) {
    if (!tsk_js_is_object(options)) return true;
    int there = tsk_js_has(js, tsk_js_as_object(options), tsk_js_key_atom(tsk_js_atoms.cause));
    if (there <= 0) return there == 0;
    tsk_value cause = tsk_js_get(js, tsk_js_as_object(options), tsk_js_key_atom(tsk_js_atoms.cause));
    return !tsk_js_is_thrown(cause) && put_hidden(js, error, tsk_js_atoms.cause, cause);
}

static tsk_js_object *make(tsk_js *js, const tsk_js_args *a, uint32_t message_at) {
    tsk_value new_target = tsk_js_is_undefined(a->new_target) ? tsk_js_from_object(a->callee) : a->new_target;
    tsk_js_object *proto = tsk_js_proto_for(js, new_target, (tsk_js_intrinsic)tsk_js_callee_data(a));
    tsk_js_string *message = NULL;
    if (!proto) return NULL;
    if (!tsk_js_is_undefined(tsk_js_arg(a, message_at)) && !(message = tsk_js_to_string(js, a->values[message_at])))
        return NULL;
    tsk_js_object *error = tsk_js_error_new(js, proto, message);
    return error && put_cause(js, error, tsk_js_arg(a, message_at + 1)) ? error : NULL;
}

static tsk_value construct(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_object *error = make(js, a, 0);
    return error ? tsk_js_from_object(error) : TSK_JS_THROWN;
}

static tsk_value construct_aggregate(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *error = make(js, a, 1);
    tsk_js_array *errors = error ? tsk_js_array_make(js, 0, 4) : NULL;
    tsk_js_iteration it;
    if (!errors || !tsk_js_iterate(js, tsk_js_arg(a, 0), &it)) return TSK_JS_THROWN;
    for (;;) {
        tsk_value v = tsk_js_iterate_next(js, &it);
        if (tsk_js_is_thrown(v)) return v;
        if (tsk_js_is_hole(v)) break;
        if (!tsk_js_array_push(js, errors, v)) return TSK_JS_THROWN;
    }
    if (!put_hidden(js, error, tsk_js_atoms.errors, tsk_js_from_object(errors))) return TSK_JS_THROWN;
    return tsk_js_from_object(error);
}

/* The property as text, or what stands for it when it is undefined.  NULL: thrown. */
static tsk_js_string *text_of(tsk_js *js, tsk_js_object *o, tsk_js_string *name, const char *otherwise) {
    tsk_value v = tsk_js_get(js, o, tsk_js_key_atom(name));
    if (tsk_js_is_thrown(v)) return NULL;
    return tsk_js_is_undefined(v) ? tsk_js_string_cstr(js, otherwise) : tsk_js_to_string(js, v);
}

static tsk_value to_string(tsk_js *js, const tsk_js_args *a) {
    if (!tsk_js_is_object(a->this_value))
        return tsk_js_throw_type(js, "Error.prototype.toString requires that 'this' be a JSReceiver");
    tsk_js_object *o = tsk_js_as_object(a->this_value);
    tsk_js_string *name = text_of(js, o, tsk_js_atoms.name, "Error");
    tsk_js_string *message = name ? text_of(js, o, tsk_js_atoms.message, "") : NULL;
    if (!message) return TSK_JS_THROWN;
    if (!name->length) return tsk_js_from_string(message);
    if (!message->length) return tsk_js_from_string(name);
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    tsk_js_builder_string(&text, name);
    tsk_js_builder_ascii(&text, ": ", 2);
    tsk_js_builder_string(&text, message);
    const tsk_js_string *s = tsk_js_builder_finish(&text);
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

/* As V8 has it: gives any object a `stack` of this moment. */
static tsk_value capture_stack_trace(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = tsk_js_arg(a, 0), below = tsk_js_arg(a, 1);
    if (!tsk_js_is_object(v)) return tsk_js_throw_type(js, "Invalid argument");
    bool ok = tsk_js_capture_stack(js, tsk_js_as_object(v), tsk_js_is_callable(below) ? tsk_js_as_object(below) : NULL);
    return ok ? TSK_VALUE_UNDEFINED : TSK_JS_THROWN;
}

#define PROTOTYPE_OF(kind)                                                                                             \
    static const tsk_js_member prototype_of_##kind[] = {                                                               \
        TSK_JS_OBJECT_OF("constructor", kind, TSK_JS_HIDDEN),                                                          \
        TSK_JS_TEXT_OF("name", #kind, TSK_JS_HIDDEN),                                                                  \
        TSK_JS_TEXT_OF("message", "", TSK_JS_HIDDEN),                                                                  \
    };                                                                                                                 \
    static const tsk_js_member constructor_of_##kind[] = {TSK_JS_OBJECT_OF("prototype", kind##Prototype, 0)};

PROTOTYPE_OF(TypeError)
PROTOTYPE_OF(RangeError)
PROTOTYPE_OF(ReferenceError)
PROTOTYPE_OF(SyntaxError)
PROTOTYPE_OF(EvalError)
PROTOTYPE_OF(URIError)
PROTOTYPE_OF(AggregateError)

static const tsk_js_member prototype_of_Error[] = {
    TSK_JS_OBJECT_OF("constructor", Error, TSK_JS_HIDDEN),
    TSK_JS_TEXT_OF("name", "Error", TSK_JS_HIDDEN),
    TSK_JS_TEXT_OF("message", "", TSK_JS_HIDDEN),
    TSK_JS_METHOD("toString", to_string, 0),
};
static const tsk_js_member constructor_of_Error[] = {
    TSK_JS_OBJECT_OF("prototype", ErrorPrototype, 0),
    TSK_JS_METHOD("captureStackTrace", capture_stack_trace, 2),
};

#define SPECS_OF(kind, prototype_parent, constructor_parent, code, length)                                             \
    {.which = TSK_JS_I_##kind##Prototype,                                                                              \
     .proto = TSK_JS_I_##prototype_parent,                                                                             \
     .members = prototype_of_##kind,                                                                                   \
     .count = TSK_COUNT_OF(prototype_of_##kind)},                                                                      \
    {                                                                                                                  \
        .which = TSK_JS_I_##kind, .proto = TSK_JS_I_##constructor_parent, .cls = TSK_JS_NATIVE,                        \
        .fn = {#kind, code, length, TSK_JS_CONSTRUCTOR, TSK_JS_I_##kind##Prototype}, .members = constructor_of_##kind, \
        .count = TSK_COUNT_OF(constructor_of_##kind)                                                                   \
    }

const tsk_js_intrinsic_spec tsk_js_library_error[] = {
    SPECS_OF(Error, ObjectPrototype, FunctionPrototype, construct, 1),
    SPECS_OF(TypeError, ErrorPrototype, Error, construct, 1),
    SPECS_OF(RangeError, ErrorPrototype, Error, construct, 1),
    SPECS_OF(ReferenceError, ErrorPrototype, Error, construct, 1),
    SPECS_OF(SyntaxError, ErrorPrototype, Error, construct, 1),
    SPECS_OF(EvalError, ErrorPrototype, Error, construct, 1),
    SPECS_OF(URIError, ErrorPrototype, Error, construct, 1),
    SPECS_OF(AggregateError, ErrorPrototype, Error, construct_aggregate, 2),
    {.which = TSK_JS_INTRINSICS}};
