/* Function.prototype.  Functions are not made from text: the constructor throws. */
#include "runtime/builtins/library.h"

#include "ir/ir.h"

static tsk_value construct(tsk_js *js, const tsk_js_args *a) {
    for (uint32_t i = 0; i < a->count; i++)
        if (!tsk_js_to_string(js, a->values[i])) return TSK_JS_THROWN;
    return tsk_js_throw_error(js, TSK_JS_EVAL_ERROR, "Code generation from strings disallowed for this context");
}

/* Function.prototype is a function that does nothing. */
static tsk_value nothing(tsk_js *js, const tsk_js_args *a) {
    (void)js;
    (void)a;
    return TSK_VALUE_UNDEFINED;
}

static tsk_value not_a_function(tsk_js *js, const char *name) {
    return tsk_js_throw_type(js, "Function.prototype.%s was called on a value that is not a function", name);
}

/* call and apply of a function are followed to it: these run for anything else. */
static tsk_value call(tsk_js *js, const tsk_js_args *a) {
    (void)a;
    return not_a_function(js, "call");
}

static tsk_value apply(tsk_js *js, const tsk_js_args *a) {
    (void)a;
    return not_a_function(js, "apply");
}

bool tsk_js_list_arguments(tsk_js *js, tsk_value v, const tsk_value **values, uint32_t *count) {
    enum { MOST = 1 << 20 };
    uint64_t length;
    if (!tsk_js_is_object(v)) {
        tsk_js_throw_type(js, "CreateListFromArrayLike called on non-object");
        return false;
    }
    tsk_js_object *o = tsk_js_as_object(v);
    if (!tsk_js_length_of(js, o, &length)) return false;
    if (length > MOST) {
        tsk_js_throw_range(js, "Invalid array length");
        return false;
    }
    tsk_js_array *list = tsk_js_array_make(js, 0, (uint32_t)length);
    for (uint32_t i = 0; list && i < length; i++) {
        tsk_value item = tsk_js_get_index(js, o, i);
        if (tsk_js_is_thrown(item) || !tsk_js_array_push(js, list, item)) return false;
    }
    if (!list) return false;
    *values = list->object.elements->items;
    *count = list->length;
    return true;
}

/* ---- bind ---- */

/* What is left of the target's length, after `given` arguments. */
static bool bound_length(tsk_js *js, tsk_js_object *target, uint32_t given, double *out) {
    tsk_js_key key = tsk_js_key_atom(tsk_js_atoms.length);
    *out = 0;
    int there = tsk_js_has_own(js, target, key);
    if (there <= 0) return there == 0;
    tsk_value length = tsk_js_get(js, target, key);
    if (tsk_js_is_thrown(length)) return false;
    if (!tsk_js_is_number(length)) return true;
    double n;
    tsk_js_to_integer(js, length, &n);
    *out = n - given > 0 ? n - given : 0;
    return true;
}

static tsk_js_string *bound_name(tsk_js *js, tsk_js_object *target) {
    tsk_value name = tsk_js_get(js, target, tsk_js_key_atom(tsk_js_atoms.name));
    if (tsk_js_is_thrown(name)) return NULL;
    tsk_js_string *prefix = tsk_js_string_cstr(js, "bound ");
    return prefix && tsk_js_is_string(name) ? tsk_js_concat(js, prefix, tsk_js_as_string(name)) : prefix;
}

static tsk_value bind(tsk_js *js, const tsk_js_args *a) {
    if (!tsk_js_is_callable(a->this_value)) return tsk_js_throw_type(js, "Bind must be called on a function");
    tsk_js_object *target = tsk_js_as_object(a->this_value);
    uint32_t given = a->count > 1 ? a->count - 1 : 0;
    tsk_js_bound *bound = tsk_js_bound_new(js, target, tsk_js_arg(a, 0), given, given ? a->values + 1 : NULL);
    double length;
    if (!bound || !bound_length(js, target, given, &length)) return TSK_JS_THROWN;
    const tsk_js_string *name = bound_name(js, target);
    if (!name ||
        !tsk_js_define(js, &bound->object, tsk_js_key_atom(tsk_js_atoms.length), tsk_js_number(length),
                       TSK_JS_CONFIGURABLE) ||
        !tsk_js_define(js, &bound->object, tsk_js_key_atom(tsk_js_atoms.name), tsk_js_from_string(name),
                       TSK_JS_CONFIGURABLE))
        return TSK_JS_THROWN;
    return tsk_js_from_object(bound);
}

/* ---- toString ---- */

static tsk_value to_string(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_string *s;
    if (!tsk_js_is_callable(a->this_value))
        return tsk_js_throw_type(js, "Function.prototype.toString requires that 'this' be a Function");
    const tsk_js_object *o = tsk_js_as_object(a->this_value);
    const tsk_ir_js *info = tsk_js_class_of(o) == TSK_JS_CLOSURE ? ((const tsk_js_closure *)(const void *)o)->func->js
                                                                 : NULL;
    if (info && !(info->flags & TSK_IR_FN_LIBRARY)) {
        s = tsk_js_string_utf8(js, info->source->text + (info->span.pos - info->source->base), info->span.len);
    } else {
        tsk_js_builder text;
        tsk_js_builder_init(&text, js);
        const tsk_js_native *native = tsk_js_class_of(o) == TSK_JS_NATIVE ? (const tsk_js_native *)(const void *)o
                                                                          : NULL;
        const char *name = info ? info->name.ptr : native ? native->spec->name : "";
        tsk_js_builder_ascii(&text, "function ", 9);
        if (native) tsk_js_builder_ascii(&text, native->prefix, strlen(native->prefix));
        if (strncmp(name, "@@", 2)) {
            tsk_js_builder_ascii(&text, name, strlen(name));
        } else {
            tsk_js_builder_ascii(&text, "[Symbol.", 8);
            tsk_js_builder_ascii(&text, name + 2, strlen(name + 2));
            tsk_js_builder_unit(&text, ']');
        }
        tsk_js_builder_ascii(&text, "() { [native code] }", 20);
        s = tsk_js_builder_finish(&text);
    }
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

static tsk_value has_instance(tsk_js *js, const tsk_js_args *a) {
    int answer = tsk_js_ordinary_has_instance(js, a->this_value, tsk_js_arg(a, 0));
    return answer < 0 ? TSK_JS_THROWN : tsk_from_bool(answer);
}

/* ---- %ThrowTypeError% ---- */

static tsk_value throw_type_error(tsk_js *js, const tsk_js_args *a) {
    (void)a;
    return tsk_js_throw_type(js, "'caller', 'callee', and 'arguments' properties may not be accessed on strict mode "
                                 "functions or the arguments objects for calls to them");
}

static void freeze(tsk_js *js, tsk_js_object *o) {
    tsk_js_descriptor fixed = {TSK_JS_HOLE, TSK_JS_HOLE, TSK_JS_HOLE, 0, TSK_JS_CONFIGURABLE};
    tsk_js_define_own(js, o, tsk_js_key_atom(tsk_js_atoms.length), &fixed);
    tsk_js_define_own(js, o, tsk_js_key_atom(tsk_js_atoms.name), &fixed);
    tsk_js_prevent_extensions(js, o);
}

/* ---- tables ---- */

#define POISONED(name)                                                                                                 \
    {                                                                                                                  \
        .cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_ACCESSOR, TSK_JS_CONFIGURABLE), .fn = {(name), NULL, 0, 0, 0},        \
        .other = TSK_JS_I_ThrowTypeError                                                                               \
    }

static const tsk_js_member prototype[] = {
    POISONED("arguments"),
    POISONED("caller"),
    TSK_JS_OBJECT_OF("constructor", Function, TSK_JS_HIDDEN),
    TSK_JS_FORWARDER("apply", apply, 2, TSK_JS_APPLIES),
    TSK_JS_METHOD("bind", bind, 1),
    TSK_JS_FORWARDER("call", call, 1, TSK_JS_CALLS),
    TSK_JS_METHOD("toString", to_string, 0),
    {.cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_METHOD, 0), .fn = {"@@hasInstance", has_instance, 1, 0, 0}},
};

static const tsk_js_member constructor[] = {TSK_JS_OBJECT_OF("prototype", FunctionPrototype, 0)};

const tsk_js_intrinsic_spec tsk_js_library_function[] = {{.which = TSK_JS_I_FunctionPrototype,
                                                          .proto = TSK_JS_I_ObjectPrototype,
                                                          .cls = TSK_JS_NATIVE,
                                                          .fn = {"", nothing, 0, 0, 0},
                                                          .members = prototype,
                                                          .count = TSK_COUNT_OF(prototype)},
                                                         {.which = TSK_JS_I_Function,
                                                          .proto = TSK_JS_I_FunctionPrototype,
                                                          .cls = TSK_JS_NATIVE,
                                                          .fn = {"Function", construct, 1, TSK_JS_CONSTRUCTOR, 0},
                                                          .members = constructor,
                                                          .count = TSK_COUNT_OF(constructor)},
                                                         {.which = TSK_JS_I_ThrowTypeError,
                                                          .proto = TSK_JS_I_FunctionPrototype,
                                                          .cls = TSK_JS_NATIVE,
                                                          .fn = {"", throw_type_error, 0, 0, 0},
                                                          .members = prototype,
                                                          .count = 0,
                                                          .init = freeze},
                                                         {.which = TSK_JS_INTRINSICS}};
