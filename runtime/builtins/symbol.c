/* Symbol, and the wrappers of booleans. */
#include "runtime/builtins/library.h"

/* ---- Symbol ---- */

static tsk_value construct(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *description = NULL;
    if (!tsk_js_is_undefined(a->new_target)) return tsk_js_throw_type(js, "Symbol is not a constructor");
    if (!tsk_js_is_undefined(tsk_js_arg(a, 0)) && !(description = tsk_js_to_string(js, a->values[0])))
        return TSK_JS_THROWN;
    return tsk_js_from_symbol(tsk_js_symbol_new(js, description, false));
}

static tsk_value symbol_for(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *key = tsk_js_to_string(js, tsk_js_arg(a, 0));
    const tsk_js_symbol *s = key ? tsk_js_symbol_for(js, key) : NULL;
    return s ? tsk_js_from_symbol(s) : TSK_JS_THROWN;
}

static tsk_value key_for(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = tsk_js_arg(a, 0);
    if (!tsk_js_is_symbol(v)) return tsk_js_throw_type(js, "%s is not a symbol", tsk_js_describe(js, v));
    const tsk_js_symbol *s = tsk_js_as_symbol(v);
    return s->registered ? tsk_js_from_string(s->description) : TSK_VALUE_UNDEFINED;
}

/* The symbol that `this` is or wraps; NULL: thrown. */
static const tsk_js_symbol *this_symbol(tsk_js *js, const tsk_js_args *a, const char *method) {
    tsk_value v = a->this_value;
    if (tsk_js_is_class(v, TSK_JS_SYMBOL_OBJECT)) v = ((tsk_js_wrapper *)(void *)tsk_js_as_object(v))->value;
    if (tsk_js_is_symbol(v)) return tsk_js_as_symbol(v);
    tsk_js_throw_type(js, "%s requires that 'this' be a Symbol", method);
    return NULL;
}

static tsk_value symbol_to_string(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_symbol *s = this_symbol(js, a, "Symbol.prototype.toString");
    if (!s) return TSK_JS_THROWN;
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    tsk_js_builder_ascii(&text, "Symbol(", 7);
    if (s->description) tsk_js_builder_string(&text, s->description);
    tsk_js_builder_unit(&text, ')');
    const tsk_js_string *result = tsk_js_builder_finish(&text);
    return result ? tsk_js_from_string(result) : TSK_JS_THROWN;
}

static tsk_value symbol_value(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_symbol *s = this_symbol(js, a, "Symbol.prototype.valueOf");
    return s ? tsk_js_from_symbol(s) : TSK_JS_THROWN;
}

static tsk_value symbol_description(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_symbol *s = this_symbol(js, a, "Symbol.prototype.description");
    if (!s) return TSK_JS_THROWN;
    return s->description ? tsk_js_from_string(s->description) : TSK_VALUE_UNDEFINED;
}

/* ---- Boolean ---- */

static tsk_value construct_boolean(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = tsk_from_bool(tsk_js_to_boolean(tsk_js_arg(a, 0)));
    if (tsk_js_is_undefined(a->new_target)) return v;
    tsk_js_object *proto = tsk_js_proto_for(js, a->new_target, TSK_JS_I_BooleanPrototype);
    tsk_js_wrapper *o = proto ? tsk_js_object_of_class(js, TSK_JS_BOOLEAN, sizeof *o, proto) : NULL;
    if (!o) return TSK_JS_THROWN;
    o->value = v;
    return tsk_js_from_object(o);
}

enum { GIVE_VALUE, GIVE_TEXT };

static tsk_value boolean_value(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = a->this_value;
    bool text = tsk_js_callee_data(a) == GIVE_TEXT;
    if (tsk_js_is_class(v, TSK_JS_BOOLEAN)) v = ((tsk_js_wrapper *)(void *)tsk_js_as_object(v))->value;
    if (!tsk_is_bool(v))
        return tsk_js_throw_type(js, "Boolean.prototype.%s requires that 'this' be a Boolean",
                                 text ? "toString" : "valueOf");
    return text ? tsk_js_from_string(tsk_js_to_string(js, v)) : v;
}

/* ---- tables ---- */

#define WELL_KNOWN(name)                                                                                               \
    {                                                                                                                  \
        .cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_SYMBOL, 0), .fn = { #name, NULL, 0, 0, 0 }                            \
    }

static const tsk_js_member constructor[] = {
    TSK_JS_OBJECT_OF("prototype", SymbolPrototype, 0),
    TSK_JS_METHOD("for", symbol_for, 1),
    TSK_JS_METHOD("keyFor", key_for, 1),
    WELL_KNOWN(asyncIterator),
    WELL_KNOWN(hasInstance),
    WELL_KNOWN(isConcatSpreadable),
    WELL_KNOWN(iterator),
    WELL_KNOWN(match),
    WELL_KNOWN(matchAll),
    WELL_KNOWN(replace),
    WELL_KNOWN(search),
    WELL_KNOWN(species),
    WELL_KNOWN(split),
    WELL_KNOWN(toPrimitive),
    WELL_KNOWN(toStringTag),
    WELL_KNOWN(unscopables),
};
static const tsk_js_member prototype[] = {
    TSK_JS_OBJECT_OF("constructor", Symbol, TSK_JS_HIDDEN),
    TSK_JS_METHOD("toString", symbol_to_string, 0),
    TSK_JS_METHOD("valueOf", symbol_value, 0),
    TSK_JS_ACCESSOR_OF("description", symbol_description, NULL),
    TSK_JS_TEXT_OF("@@toStringTag", "Symbol", TSK_JS_CONFIGURABLE),
    {.cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_METHOD, TSK_JS_CONFIGURABLE),
     .fn = {"@@toPrimitive", symbol_value, 1, 0, 0}},
};
static const tsk_js_member boolean_constructor[] = {TSK_JS_OBJECT_OF("prototype", BooleanPrototype, 0)};
static const tsk_js_member boolean_prototype[] = {
    TSK_JS_OBJECT_OF("constructor", Boolean, TSK_JS_HIDDEN),
    TSK_JS_METHOD_WITH("toString", boolean_value, 0, GIVE_TEXT),
    TSK_JS_METHOD_WITH("valueOf", boolean_value, 0, GIVE_VALUE),
};

const tsk_js_intrinsic_spec tsk_js_library_symbol[] = {{.which = TSK_JS_I_SymbolPrototype,
                                                        .proto = TSK_JS_I_ObjectPrototype,
                                                        .members = prototype,
                                                        .count = TSK_COUNT_OF(prototype)},
                                                       {.which = TSK_JS_I_Symbol,
                                                        .proto = TSK_JS_I_FunctionPrototype,
                                                        .cls = TSK_JS_NATIVE,
                                                        .fn = {"Symbol", construct, 0, TSK_JS_CONSTRUCTOR, 0},
                                                        .members = constructor,
                                                        .count = TSK_COUNT_OF(constructor)},
                                                       {.which = TSK_JS_I_BooleanPrototype,
                                                        .proto = TSK_JS_I_ObjectPrototype,
                                                        .cls = TSK_JS_BOOLEAN,
                                                        .members = boolean_prototype,
                                                        .count = TSK_COUNT_OF(boolean_prototype)},
                                                       {.which = TSK_JS_I_Boolean,
                                                        .proto = TSK_JS_I_FunctionPrototype,
                                                        .cls = TSK_JS_NATIVE,
                                                        .fn = {"Boolean", construct_boolean, 1, TSK_JS_CONSTRUCTOR, 0},
                                                        .members = boolean_constructor,
                                                        .count = TSK_COUNT_OF(boolean_constructor)},
                                                       {.which = TSK_JS_INTRINSICS}};
