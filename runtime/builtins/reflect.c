/* Reflect: the internal methods of objects as functions. */
#include "runtime/builtins/library.h"

/* The object of the first argument; NULL: thrown. */
static tsk_js_object *target_of(tsk_js *js, const tsk_js_args *a, const char *name) {
    tsk_value v = tsk_js_arg(a, 0);
    if (tsk_js_is_object(v)) return tsk_js_as_object(v);
    tsk_js_throw_type(js, "Reflect.%s called on non-object", name);
    return NULL;
}

static tsk_value truth(int answer) {
    return answer < 0 ? TSK_JS_THROWN : tsk_from_bool(answer);
}

/* With a function it is followed to that: this runs for anything else. */
static tsk_value apply(tsk_js *js, const tsk_js_args *a) {
    return tsk_js_throw_type(js, "%s is not a function", tsk_js_describe(js, tsk_js_arg(a, 0)));
}

static tsk_value construct(tsk_js *js, const tsk_js_args *a) {
    const tsk_value *values;
    uint32_t count;
    tsk_value target = tsk_js_arg(a, 0), new_target = a->count > 2 ? a->values[2] : target;
    if (!tsk_js_is_constructor(target))
        return tsk_js_throw_type(js, "%s is not a constructor", tsk_js_describe(js, target));
    if (!tsk_js_is_constructor(new_target))
        return tsk_js_throw_type(js, "%s is not a constructor", tsk_js_describe(js, new_target));
    if (!tsk_js_list_arguments(js, tsk_js_arg(a, 1), &values, &count)) return TSK_JS_THROWN;
    return tsk_js_construct(js, target, new_target, count, values);
}

static tsk_value define_property(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = target_of(js, a, "defineProperty");
    tsk_js_key key;
    tsk_js_descriptor d;
    if (!o || !tsk_js_to_key(js, tsk_js_arg(a, 1), &key) || !tsk_js_to_descriptor(js, tsk_js_arg(a, 2), &d))
        return TSK_JS_THROWN;
    return truth(tsk_js_define_own(js, o, key, &d));
}

static tsk_value delete_property(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = target_of(js, a, "deleteProperty");
    tsk_js_key key;
    if (!o || !tsk_js_to_key(js, tsk_js_arg(a, 1), &key)) return TSK_JS_THROWN;
    return truth(tsk_js_delete(js, o, key));
}

static tsk_value get(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = target_of(js, a, "get");
    tsk_js_key key;
    if (!o || !tsk_js_to_key(js, tsk_js_arg(a, 1), &key)) return TSK_JS_THROWN;
    return tsk_js_get_with(js, o, key, a->count > 2 ? a->values[2] : a->values[0]);
}

static tsk_value set(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = target_of(js, a, "set");
    tsk_js_key key;
    bool written;
    if (!o || !tsk_js_to_key(js, tsk_js_arg(a, 1), &key)) return TSK_JS_THROWN;
    tsk_value receiver = a->count > 3 ? a->values[3] : a->values[0];
    if (!tsk_js_set_with(js, o, key, tsk_js_arg(a, 2), receiver, &written)) return TSK_JS_THROWN;
    return tsk_from_bool(written);
}

static tsk_value has(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = target_of(js, a, "has");
    tsk_js_key key;
    if (!o || !tsk_js_to_key(js, tsk_js_arg(a, 1), &key)) return TSK_JS_THROWN;
    return truth(tsk_js_has(js, o, key));
}

/* The same as Object's, which takes no primitives here. */
static tsk_value as_object(tsk_js *js, const tsk_js_args *a, const char *name) {
    tsk_js_object *o = target_of(js, a, name), *object = o ? tsk_js_intrinsic_get(js, TSK_JS_I_Object) : NULL;
    tsk_js_string *atom = object ? tsk_js_atom_utf8(name, strlen(name)) : NULL;
    if (!atom) return TSK_JS_THROWN;
    return tsk_js_invoke(js, tsk_js_from_object(object), tsk_js_key_atom(atom), a->count, a->values);
}

static tsk_value get_descriptor(tsk_js *js, const tsk_js_args *a) {
    return as_object(js, a, "getOwnPropertyDescriptor");
}

static tsk_value get_prototype_of(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_object *o = target_of(js, a, "getPrototypeOf");
    if (!o) return TSK_JS_THROWN;
    return o->proto ? tsk_js_from_object(o->proto) : TSK_VALUE_NULL;
}

static tsk_value set_prototype_of(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = target_of(js, a, "setPrototypeOf");
    tsk_value proto = tsk_js_arg(a, 1);
    if (!o) return TSK_JS_THROWN;
    if (!tsk_js_is_object(proto) && (!tsk_js_is_nullish(proto) || tsk_js_is_undefined(proto)))
        return tsk_js_throw_type(js, "Object prototype may only be an Object or null: %s", tsk_js_describe(js, proto));
    bool done = tsk_js_set_proto(js, o, tsk_js_is_object(proto) ? tsk_js_as_object(proto) : NULL);
    return tsk_js_has_exception(js) ? TSK_JS_THROWN : tsk_from_bool(done);
}

static tsk_value is_extensible(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_object *o = target_of(js, a, "isExtensible");
    return o ? tsk_from_bool(!(o->cell.flags & TSK_JS_NOT_EXTENSIBLE)) : TSK_JS_THROWN;
}

static tsk_value prevent_extensions(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = target_of(js, a, "preventExtensions");
    if (!o) return TSK_JS_THROWN;
    bool done = tsk_js_prevent_extensions(js, o);
    return tsk_js_has_exception(js) ? TSK_JS_THROWN : tsk_from_bool(done);
}

static tsk_value own_keys(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = target_of(js, a, "ownKeys");
    const tsk_js_array *keys = o ? tsk_js_own_keys(js, o, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_SYMBOLS) : NULL;
    return keys ? tsk_js_from_object(keys) : TSK_JS_THROWN;
}

static const tsk_js_member members[] = {
    TSK_JS_METHOD("defineProperty", define_property, 3),
    TSK_JS_METHOD("deleteProperty", delete_property, 2),
    TSK_JS_FORWARDER("apply", apply, 3, TSK_JS_REFLECTS),
    TSK_JS_METHOD("construct", construct, 2),
    TSK_JS_METHOD("get", get, 2),
    TSK_JS_METHOD("getOwnPropertyDescriptor", get_descriptor, 2),
    TSK_JS_METHOD("getPrototypeOf", get_prototype_of, 1),
    TSK_JS_METHOD("has", has, 2),
    TSK_JS_METHOD("isExtensible", is_extensible, 1),
    TSK_JS_METHOD("ownKeys", own_keys, 1),
    TSK_JS_METHOD("preventExtensions", prevent_extensions, 1),
    TSK_JS_METHOD("set", set, 3),
    TSK_JS_METHOD("setPrototypeOf", set_prototype_of, 2),
    TSK_JS_TEXT_OF("@@toStringTag", "Reflect", TSK_JS_CONFIGURABLE),
};

const tsk_js_intrinsic_spec tsk_js_library_reflect[] = {
    {.which = TSK_JS_I_Reflect, .proto = TSK_JS_I_ObjectPrototype, .members = members, .count = TSK_COUNT_OF(members)},
    {.which = TSK_JS_INTRINSICS}};
