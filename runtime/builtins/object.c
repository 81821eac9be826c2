/* Object and Object.prototype. */
#include "runtime/builtins/library.h"

/* ---- helpers ---- */

static tsk_value object_or_thrown(const void *o) {
    return o ? tsk_js_from_object(o) : TSK_JS_THROWN;
}

static tsk_value truth(int answer) {
    return answer < 0 ? TSK_JS_THROWN : tsk_from_bool(answer);
}

static bool put(tsk_js *js, tsk_js_object *o, tsk_js_string *name, tsk_value v) {
    return tsk_js_define(js, o, tsk_js_key_atom(name), v, TSK_JS_PLAIN);
}

static tsk_js_object *new_object(tsk_js *js) {
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype);
    return proto ? tsk_js_object_new(js, proto) : NULL;
}

/* ---- descriptors as objects ---- */

static tsk_value from_descriptor(tsk_js *js, const tsk_js_descriptor *d) {
    tsk_js_object *o = new_object(js);
    bool ok = o != NULL;
    if (ok && tsk_js_is_hole(d->get) && tsk_js_is_hole(d->set)) {
        ok = put(js, o, tsk_js_atoms.value, d->value) &&
             put(js, o, tsk_js_atoms.writable, tsk_from_bool(d->attributes & TSK_JS_WRITABLE));
    } else if (ok) {
        ok = put(js, o, tsk_js_atoms.get, tsk_js_is_hole(d->get) ? TSK_VALUE_UNDEFINED : d->get) &&
             put(js, o, tsk_js_atoms.set, tsk_js_is_hole(d->set) ? TSK_VALUE_UNDEFINED : d->set);
    }
    ok = ok && put(js, o, tsk_js_atoms.enumerable, tsk_from_bool(d->attributes & TSK_JS_ENUMERABLE)) &&
         put(js, o, tsk_js_atoms.configurable, tsk_from_bool(d->attributes & TSK_JS_CONFIGURABLE));
    return ok ? tsk_js_from_object(o) : TSK_JS_THROWN;
}

/* The field of that name: HOLE when it is not there.  False: thrown. */
static bool field_of(tsk_js *js, tsk_js_object *o, tsk_js_string *name, tsk_value *out) {
    *out = TSK_JS_HOLE;
    int there = tsk_js_has(js, o, tsk_js_key_atom(name));
    if (there <= 0) return there == 0;
    *out = tsk_js_get(js, o, tsk_js_key_atom(name));
    return !tsk_js_is_thrown(*out);
}

static bool flag_of(tsk_js *js, tsk_js_object *o, tsk_js_string *name, uint8_t bit, tsk_js_descriptor *d) {
    tsk_value v;
    if (!field_of(js, o, name, &v)) return false;
    if (tsk_js_is_hole(v)) return true;
    d->present |= bit;
    if (tsk_js_to_boolean(v)) d->attributes |= bit;
    return true;
}

static bool accessor_of(tsk_js *js, tsk_js_object *o, tsk_js_string *name, const char *what, tsk_value *out) {
    if (!field_of(js, o, name, out)) return false;
    if (tsk_js_is_hole(*out) || tsk_js_is_undefined(*out) || tsk_js_is_callable(*out)) return true;
    tsk_js_throw_type(js, "%s must be a function: %s", what, tsk_js_describe(js, *out));
    return false;
}

bool tsk_js_to_descriptor(tsk_js *js, tsk_value v, tsk_js_descriptor *d) {
    *d = (tsk_js_descriptor){TSK_JS_HOLE, TSK_JS_HOLE, TSK_JS_HOLE, 0, 0};
    if (!tsk_js_is_object(v)) {
        tsk_js_throw_type(js, "Property description must be an object: %s", tsk_js_describe(js, v));
        return false;
    }
    tsk_js_object *o = tsk_js_as_object(v);
    if (!flag_of(js, o, tsk_js_atoms.enumerable, TSK_JS_ENUMERABLE, d) ||
        !flag_of(js, o, tsk_js_atoms.configurable, TSK_JS_CONFIGURABLE, d) ||
        !field_of(js, o, tsk_js_atoms.value, &d->value) || !flag_of(js, o, tsk_js_atoms.writable, TSK_JS_WRITABLE, d) ||
        !accessor_of(js, o, tsk_js_atoms.get, "Getter", &d->get) ||
        !accessor_of(js, o, tsk_js_atoms.set, "Setter", &d->set))
        return false;
    bool accessor = !tsk_js_is_hole(d->get) || !tsk_js_is_hole(d->set);
    bool data = !tsk_js_is_hole(d->value) || d->present & TSK_JS_WRITABLE;
    if (!accessor || !data) return true;
    tsk_js_throw_type(js,
                      "Invalid property descriptor. Cannot both specify accessors and a value or writable attribute");
    return false;
}

/* ---- Object ---- */

static tsk_value construct(tsk_js *js, const tsk_js_args *a) {
    bool derived = !tsk_js_is_undefined(a->new_target) &&
                   tsk_js_as_object(a->new_target) != (tsk_js_object *)(uintptr_t)a->callee;
    if (derived) {
        tsk_js_object *proto = tsk_js_proto_for(js, a->new_target, TSK_JS_I_ObjectPrototype);
        return object_or_thrown(proto ? tsk_js_object_new(js, proto) : NULL);
    }
    tsk_value v = tsk_js_arg(a, 0);
    return object_or_thrown(tsk_js_is_nullish(v) ? new_object(js) : tsk_js_to_object(js, v));
}

static bool assign_one(tsk_js *js, tsk_js_object *to, tsk_value source) {
    if (tsk_js_is_nullish(source)) return true;
    tsk_js_object *from = tsk_js_to_object(js, source);
    tsk_js_array *keys = from ? tsk_js_own_keys(js, from, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_SYMBOLS) : NULL;
    if (!keys) return false;
    for (uint32_t i = 0; i < keys->length; i++) {
        tsk_js_key key;
        tsk_js_descriptor d;
        if (!tsk_js_to_key(js, keys->object.elements->items[i], &key)) return false;
        int there = tsk_js_get_own(js, from, key, &d);
        if (there < 0) return false;
        if (!there || !(d.attributes & TSK_JS_ENUMERABLE)) continue;
        tsk_value v = tsk_js_get(js, from, key);
        if (tsk_js_is_thrown(v) || !tsk_js_set(js, to, key, v)) return false;
    }
    return true;
}

static tsk_value assign(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *to = tsk_js_to_object(js, tsk_js_arg(a, 0));
    for (uint32_t i = 1; to && i < a->count; i++)
        if (!assign_one(js, to, a->values[i])) return TSK_JS_THROWN;
    return object_or_thrown(to);
}

static bool define_all(tsk_js *js, tsk_js_object *o, tsk_value properties) {
    tsk_js_object *from = tsk_js_to_object(js, properties);
    tsk_js_array *keys = from ? tsk_js_own_keys(js, from, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_SYMBOLS) : NULL;
    if (!keys) return false;
    /* All descriptions are read before the first property is made; they wait as pairs in an array. */
    tsk_js_array *found = tsk_js_array_make(js, 0, keys->length);
    for (uint32_t i = 0; found && i < keys->length; i++) {
        tsk_value name = keys->object.elements->items[i];
        tsk_js_key key;
        tsk_js_descriptor d;
        if (!tsk_js_to_key(js, name, &key)) return false;
        int there = tsk_js_get_own(js, from, key, &d);
        if (there < 0) return false;
        if (!there || !(d.attributes & TSK_JS_ENUMERABLE)) continue;
        tsk_value v = tsk_js_get(js, from, key);
        if (tsk_js_is_thrown(v) || !tsk_js_to_descriptor(js, v, &d)) return false;
        tsk_value parts[] = {name, d.value, d.get, d.set, tsk_from_i32(d.attributes | d.present << 8)};
        for (int k = 0; k < 5; k++)
            if (!tsk_js_array_push(js, found, parts[k])) return false;
    }
    for (uint32_t i = 0; found && i < found->length; i += 5) {
        const tsk_value *parts = found->object.elements->items + i;
        uint32_t bits = (uint32_t)tsk_as_i32(parts[4]);
        tsk_js_descriptor d = {parts[1], parts[2], parts[3], (uint8_t)bits, (uint8_t)(bits >> 8)};
        tsk_js_key key;
        if (!tsk_js_to_key(js, parts[0], &key) || !tsk_js_define_or_throw(js, o, key, &d)) return false;
    }
    return found != NULL;
}

static tsk_value create(tsk_js *js, const tsk_js_args *a) {
    tsk_value proto = tsk_js_arg(a, 0);
    if (!tsk_js_is_object(proto) && (!tsk_js_is_nullish(proto) || tsk_js_is_undefined(proto)))
        return tsk_js_throw_type(js, "Object prototype may only be an Object or null: %s", tsk_js_describe(js, proto));
    tsk_js_object *o = tsk_js_object_new(js, tsk_js_is_object(proto) ? tsk_js_as_object(proto) : NULL);
    if (!o || tsk_js_is_undefined(tsk_js_arg(a, 1))) return object_or_thrown(o);
    return define_all(js, o, tsk_js_arg(a, 1)) ? tsk_js_from_object(o) : TSK_JS_THROWN;
}

static tsk_value define_property(tsk_js *js, const tsk_js_args *a) {
    tsk_js_key key;
    tsk_js_descriptor d;
    if (!tsk_js_is_object(tsk_js_arg(a, 0))) return tsk_js_throw_type(js, "Object.defineProperty called on non-object");
    if (!tsk_js_to_key(js, tsk_js_arg(a, 1), &key) || !tsk_js_to_descriptor(js, tsk_js_arg(a, 2), &d) ||
        !tsk_js_define_or_throw(js, tsk_js_as_object(a->values[0]), key, &d))
        return TSK_JS_THROWN;
    return a->values[0];
}

static tsk_value define_properties(tsk_js *js, const tsk_js_args *a) {
    if (!tsk_js_is_object(tsk_js_arg(a, 0)))
        return tsk_js_throw_type(js, "Object.defineProperties called on non-object");
    return define_all(js, tsk_js_as_object(a->values[0]), tsk_js_arg(a, 1)) ? a->values[0] : TSK_JS_THROWN;
}

static tsk_value entry_of(tsk_js *js, tsk_value name, tsk_value v) {
    tsk_value pair[] = {name, v};
    return object_or_thrown(tsk_js_array_from(js, pair, 2));
}

static tsk_value list(tsk_js *js, const tsk_js_args *a) {
    tsk_js_list_kind what = (tsk_js_list_kind)tsk_js_callee_data(a);
    tsk_js_object *o = tsk_js_to_object(js, tsk_js_arg(a, 0));
    tsk_js_array *plain;
    if (!o) return TSK_JS_THROWN;
    if (tsk_js_list_plain(js, o, what, &plain)) return object_or_thrown(plain);
    if (what == TSK_JS_LIST_KEYS)
        return object_or_thrown(tsk_js_own_keys(js, o, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE));
    tsk_js_array *keys = tsk_js_own_keys(js, o, TSK_JS_KEYS_STRINGS);
    tsk_js_array *result = keys ? tsk_js_array_make(js, 0, keys->length) : NULL;
    for (uint32_t i = 0; result && i < keys->length; i++) {
        tsk_value name = keys->object.elements->items[i];
        tsk_js_key key;
        tsk_js_descriptor d;
        if (!tsk_js_to_key(js, name, &key)) return TSK_JS_THROWN;
        int there = tsk_js_get_own(js, o, key, &d);
        if (there < 0) return TSK_JS_THROWN;
        if (!there || !(d.attributes & TSK_JS_ENUMERABLE)) continue;
        tsk_value v = tsk_js_get(js, o, key);
        if (!tsk_js_is_thrown(v) && what == TSK_JS_LIST_ENTRIES) v = entry_of(js, name, v);
        if (tsk_js_is_thrown(v) || !tsk_js_array_push(js, result, v)) return TSK_JS_THROWN;
    }
    return object_or_thrown(result);
}

static tsk_value set_integrity(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = tsk_js_arg(a, 0);
    if (!tsk_js_is_object(v)) return v;
    bool frozen = tsk_js_callee_data(a);
    if (tsk_js_set_integrity(js, tsk_js_as_object(v), frozen)) return v;
    return tsk_js_has_exception(js) ? TSK_JS_THROWN : tsk_js_throw_type(js, "Cannot freeze");
}

static tsk_value test_integrity(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = tsk_js_arg(a, 0);
    if (!tsk_js_is_object(v)) return TSK_VALUE_TRUE;
    return truth(tsk_js_test_integrity(js, tsk_js_as_object(v), tsk_js_callee_data(a)));
}

static tsk_value prevent_extensions(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = tsk_js_arg(a, 0);
    if (!tsk_js_is_object(v)) return v;
    return tsk_js_prevent_extensions(js, tsk_js_as_object(v)) ? v
           : tsk_js_has_exception(js)                         ? TSK_JS_THROWN
                                                              : tsk_js_throw_type(js, "Cannot prevent extensions");
}

static tsk_value is_extensible(tsk_js *js, const tsk_js_args *a) {
    (void)js;
    tsk_value v = tsk_js_arg(a, 0);
    return tsk_from_bool(tsk_js_is_object(v) && !(tsk_js_as_object(v)->cell.flags & TSK_JS_NOT_EXTENSIBLE));
}

static tsk_value from_entries(tsk_js *js, const tsk_js_args *a) {
    tsk_value iterable = tsk_js_arg(a, 0);
    if (tsk_js_is_nullish(iterable)) return tsk_js_throw_type(js, "%s is not iterable", tsk_js_describe(js, iterable));
    tsk_js_object *o = new_object(js);
    tsk_js_iteration it;
    if (!o || !tsk_js_iterate(js, iterable, &it)) return TSK_JS_THROWN;
    for (;;) {
        tsk_value item = tsk_js_iterate_next(js, &it);
        if (tsk_js_is_thrown(item)) return item;
        if (tsk_js_is_hole(item)) return tsk_js_from_object(o);
        tsk_value name = TSK_JS_THROWN, v = TSK_JS_THROWN;
        tsk_js_key key;
        if (!tsk_js_is_object(item))
            tsk_js_throw_type(js, "Iterator value %s is not an entry object", tsk_js_describe(js, item));
        else if (!tsk_js_is_thrown(name = tsk_js_get_index(js, tsk_js_as_object(item), 0)))
            v = tsk_js_get_index(js, tsk_js_as_object(item), 1);
        if (tsk_js_is_thrown(v) || !tsk_js_to_key(js, name, &key) || !tsk_js_define(js, o, key, v, TSK_JS_PLAIN)) {
            tsk_js_iterate_close(js, &it);
            return TSK_JS_THROWN;
        }
    }
}

static tsk_value get_descriptor(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_to_object(js, tsk_js_arg(a, 0));
    tsk_js_key key;
    tsk_js_descriptor d;
    if (!o || !tsk_js_to_key(js, tsk_js_arg(a, 1), &key)) return TSK_JS_THROWN;
    int there = tsk_js_get_own(js, o, key, &d);
    if (there < 0) return TSK_JS_THROWN;
    return there ? from_descriptor(js, &d) : TSK_VALUE_UNDEFINED;
}

static tsk_value get_descriptors(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_to_object(js, tsk_js_arg(a, 0));
    tsk_js_array *keys = o ? tsk_js_own_keys(js, o, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_SYMBOLS) : NULL;
    tsk_js_object *result = keys ? new_object(js) : NULL;
    for (uint32_t i = 0; result && i < keys->length; i++) {
        tsk_js_key key;
        tsk_js_descriptor d;
        if (!tsk_js_to_key(js, keys->object.elements->items[i], &key)) return TSK_JS_THROWN;
        int there = tsk_js_get_own(js, o, key, &d);
        if (there < 0) return TSK_JS_THROWN;
        if (!there) continue;
        tsk_value v = from_descriptor(js, &d);
        if (tsk_js_is_thrown(v) || !tsk_js_define(js, result, key, v, TSK_JS_PLAIN)) return TSK_JS_THROWN;
    }
    return object_or_thrown(result);
}

static tsk_value get_names(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_to_object(js, tsk_js_arg(a, 0));
    return object_or_thrown(o ? tsk_js_own_keys(js, o, tsk_js_callee_data(a)) : NULL);
}

static tsk_value get_prototype_of(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_object *o = tsk_js_to_object(js, tsk_js_arg(a, 0));
    if (!o) return TSK_JS_THROWN;
    return o->proto ? tsk_js_from_object(o->proto) : TSK_VALUE_NULL;
}

static tsk_value change_prototype(tsk_js *js, tsk_value v, tsk_value proto) {
    if (!tsk_js_is_object(v)) return v;
    tsk_js_object *o = tsk_js_as_object(v), *to = tsk_js_is_object(proto) ? tsk_js_as_object(proto) : NULL;
    if (tsk_js_set_proto(js, o, to)) return v;
    if (tsk_js_has_exception(js)) return TSK_JS_THROWN;
    if (o->cell.flags & TSK_JS_NOT_EXTENSIBLE)
        return tsk_js_throw_type(js, "%s is not extensible", tsk_js_describe(js, v));
    return tsk_js_throw_type(js, o == js->intrinsics[TSK_JS_I_ObjectPrototype]
                                     ? "Immutable prototype object 'Object.prototype' cannot have their prototype set"
                                     : "Cyclic __proto__ value");
}

static tsk_value set_prototype_of(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = tsk_js_arg(a, 0), proto = tsk_js_arg(a, 1);
    if (tsk_js_is_nullish(v)) return tsk_js_throw_type(js, "Object.setPrototypeOf called on null or undefined");
    if (!tsk_js_is_object(proto) && (!tsk_js_is_nullish(proto) || tsk_js_is_undefined(proto)))
        return tsk_js_throw_type(js, "Object prototype may only be an Object or null: %s", tsk_js_describe(js, proto));
    return change_prototype(js, v, proto);
}

static tsk_value has_own(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_to_object(js, tsk_js_arg(a, 0));
    tsk_js_key key;
    if (!o || !tsk_js_to_key(js, tsk_js_arg(a, 1), &key)) return TSK_JS_THROWN;
    return truth(tsk_js_has_own(js, o, key));
}

static tsk_value is_same(tsk_js *js, const tsk_js_args *a) {
    return tsk_from_bool(tsk_js_same_value(js, tsk_js_arg(a, 0), tsk_js_arg(a, 1)));
}

/* ---- Object.prototype ---- */

static tsk_value has_own_property(tsk_js *js, const tsk_js_args *a) {
    tsk_js_key key;
    if (!tsk_js_to_key(js, tsk_js_arg(a, 0), &key)) return TSK_JS_THROWN;
    tsk_js_object *o = tsk_js_to_object(js, a->this_value);
    return o ? truth(tsk_js_has_own(js, o, key)) : TSK_JS_THROWN;
}

static tsk_value is_prototype_of(tsk_js *js, const tsk_js_args *a) {
    if (!tsk_js_is_object(tsk_js_arg(a, 0))) return TSK_VALUE_FALSE;
    const tsk_js_object *o = tsk_js_to_object(js, a->this_value);
    if (!o) return TSK_JS_THROWN;
    for (const tsk_js_object *p = tsk_js_as_object(a->values[0])->proto; p; p = p->proto)
        if (p == o) return TSK_VALUE_TRUE;
    return TSK_VALUE_FALSE;
}

static tsk_value property_is_enumerable(tsk_js *js, const tsk_js_args *a) {
    tsk_js_key key;
    tsk_js_descriptor d;
    if (!tsk_js_to_key(js, tsk_js_arg(a, 0), &key)) return TSK_JS_THROWN;
    tsk_js_object *o = tsk_js_to_object(js, a->this_value);
    int there = o ? tsk_js_get_own(js, o, key, &d) : -1;
    return there < 0 ? TSK_JS_THROWN : tsk_from_bool(there && d.attributes & TSK_JS_ENUMERABLE);
}

static const char *class_tag(const tsk_js_object *o) {
    switch (tsk_js_class_of(o)) {
    case TSK_JS_ARRAY: return "Array";
    case TSK_JS_CLOSURE:
    case TSK_JS_NATIVE:
    case TSK_JS_BOUND: return "Function";
    case TSK_JS_ERROR: return "Error";
    case TSK_JS_BOOLEAN: return "Boolean";
    case TSK_JS_NUMBER: return "Number";
    case TSK_JS_STRING_OBJECT: return "String";
    case TSK_JS_DATE: return "Date";
    case TSK_JS_REGEXP: return "RegExp";
    case TSK_JS_ARGUMENTS: return "Arguments";
    default: return "Object";
    }
}

static tsk_value to_string(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = a->this_value;
    if (tsk_js_is_nullish(v)) {
        const tsk_js_string *s = tsk_js_string_cstr(js,
                                                    tsk_js_is_undefined(v) ? "[object Undefined]" : "[object Null]");
        return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
    }
    tsk_js_object *o = tsk_js_to_object(js, v);
    tsk_value tag = o ? tsk_js_get(js, o, tsk_js_key_symbol(tsk_js_symbols.toStringTag)) : TSK_JS_THROWN;
    if (tsk_js_is_thrown(tag)) return tag;
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    tsk_js_builder_ascii(&text, "[object ", 8);
    if (tsk_js_is_string(tag))
        tsk_js_builder_string(&text, tsk_js_as_string(tag));
    else
        tsk_js_builder_ascii(&text, class_tag(o), strlen(class_tag(o)));
    tsk_js_builder_unit(&text, ']');
    const tsk_js_string *s = tsk_js_builder_finish(&text);
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

static tsk_value to_locale_string(tsk_js *js, const tsk_js_args *a) {
    return tsk_js_invoke(js, a->this_value, tsk_js_key_atom(tsk_js_atoms.toString), 0, NULL);
}

static tsk_value value_of(tsk_js *js, const tsk_js_args *a) {
    return object_or_thrown(tsk_js_to_object(js, a->this_value));
}

static tsk_value get_proto(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_object *o = tsk_js_to_object(js, a->this_value);
    if (!o) return TSK_JS_THROWN;
    return o->proto ? tsk_js_from_object(o->proto) : TSK_VALUE_NULL;
}

static tsk_value put_proto(tsk_js *js, const tsk_js_args *a) {
    tsk_value proto = tsk_js_arg(a, 0);
    if (tsk_js_is_nullish(a->this_value))
        return tsk_js_throw_type(js, "Object.prototype.__proto__ called on null or undefined");
    if (!tsk_js_is_object(proto) && (!tsk_js_is_nullish(proto) || tsk_js_is_undefined(proto)))
        return TSK_VALUE_UNDEFINED;
    return tsk_js_is_thrown(change_prototype(js, a->this_value, proto)) ? TSK_JS_THROWN : TSK_VALUE_UNDEFINED;
}

enum { OF_GETTER, OF_SETTER };

static tsk_value define_accessor(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_to_object(js, a->this_value);
    tsk_value fn = tsk_js_arg(a, 1);
    tsk_js_key key;
    if (!o) return TSK_JS_THROWN;
    if (!tsk_js_is_callable(fn))
        return tsk_js_throw_type(js, "Object.prototype.__define%setter__: Expecting function",
                                 tsk_js_callee_data(a) == OF_GETTER ? "G" : "S");
    tsk_js_descriptor d = {TSK_JS_HOLE, TSK_JS_HOLE, TSK_JS_HOLE, TSK_JS_ENUMERABLE | TSK_JS_CONFIGURABLE,
                           TSK_JS_ENUMERABLE | TSK_JS_CONFIGURABLE};
    *(tsk_js_callee_data(a) == OF_GETTER ? &d.get : &d.set) = fn;
    if (!tsk_js_to_key(js, tsk_js_arg(a, 0), &key) || !tsk_js_define_or_throw(js, o, key, &d)) return TSK_JS_THROWN;
    return TSK_VALUE_UNDEFINED;
}

static tsk_value look_up_accessor(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_to_object(js, a->this_value);
    tsk_js_key key;
    if (!o || !tsk_js_to_key(js, tsk_js_arg(a, 0), &key)) return TSK_JS_THROWN;
    for (; o; o = o->proto) {
        tsk_js_descriptor d;
        int there = tsk_js_get_own(js, o, key, &d);
        if (there < 0) return TSK_JS_THROWN;
        if (!there) continue;
        tsk_value v = tsk_js_callee_data(a) == OF_GETTER ? d.get : d.set;
        return tsk_js_is_hole(v) ? TSK_VALUE_UNDEFINED : v;
    }
    return TSK_VALUE_UNDEFINED;
}

/* ---- tables ---- */

static const tsk_js_member prototype[] = {
    TSK_JS_OBJECT_OF("constructor", Object, TSK_JS_HIDDEN),
    TSK_JS_METHOD_WITH("__defineGetter__", define_accessor, 2, OF_GETTER),
    TSK_JS_METHOD_WITH("__defineSetter__", define_accessor, 2, OF_SETTER),
    TSK_JS_METHOD("hasOwnProperty", has_own_property, 1),
    TSK_JS_METHOD_WITH("__lookupGetter__", look_up_accessor, 1, OF_GETTER),
    TSK_JS_METHOD_WITH("__lookupSetter__", look_up_accessor, 1, OF_SETTER),
    TSK_JS_METHOD("isPrototypeOf", is_prototype_of, 1),
    TSK_JS_METHOD("propertyIsEnumerable", property_is_enumerable, 1),
    TSK_JS_METHOD("toString", to_string, 0),
    TSK_JS_METHOD("valueOf", value_of, 0),
    TSK_JS_ACCESSOR_OF("__proto__", get_proto, put_proto),
    TSK_JS_METHOD("toLocaleString", to_locale_string, 0),
};

static const tsk_js_member constructor[] = {
    TSK_JS_OBJECT_OF("prototype", ObjectPrototype, 0),
    TSK_JS_METHOD("assign", assign, 2),
    TSK_JS_METHOD("getOwnPropertyDescriptor", get_descriptor, 2),
    TSK_JS_METHOD("getOwnPropertyDescriptors", get_descriptors, 1),
    TSK_JS_METHOD_WITH("getOwnPropertyNames", get_names, 1, TSK_JS_KEYS_STRINGS),
    TSK_JS_METHOD_WITH("getOwnPropertySymbols", get_names, 1, TSK_JS_KEYS_SYMBOLS),
    TSK_JS_METHOD("hasOwn", has_own, 2),
    TSK_JS_METHOD("is", is_same, 2),
    TSK_JS_METHOD("preventExtensions", prevent_extensions, 1),
    TSK_JS_METHOD_WITH("seal", set_integrity, 1, false),
    TSK_JS_METHOD("create", create, 2),
    TSK_JS_METHOD("defineProperties", define_properties, 2),
    TSK_JS_METHOD("defineProperty", define_property, 3),
    TSK_JS_METHOD_WITH("freeze", set_integrity, 1, true),
    TSK_JS_METHOD("getPrototypeOf", get_prototype_of, 1),
    TSK_JS_METHOD("setPrototypeOf", set_prototype_of, 2),
    TSK_JS_METHOD("isExtensible", is_extensible, 1),
    TSK_JS_METHOD_WITH("isFrozen", test_integrity, 1, true),
    TSK_JS_METHOD_WITH("isSealed", test_integrity, 1, false),
    TSK_JS_METHOD_WITH("keys", list, 1, TSK_JS_LIST_KEYS),
    TSK_JS_METHOD_WITH("entries", list, 1, TSK_JS_LIST_ENTRIES),
    TSK_JS_METHOD("fromEntries", from_entries, 1),
    TSK_JS_METHOD_WITH("values", list, 1, TSK_JS_LIST_VALUES),
    TSK_JS_LIBRARY_METHOD("groupBy", "Object_groupBy", 2),
};

const tsk_js_intrinsic_spec tsk_js_library_object[] = {{.which = TSK_JS_I_ObjectPrototype,
                                                        .proto = TSK_JS_INTRINSICS,
                                                        .members = prototype,
                                                        .count = TSK_COUNT_OF(prototype)},
                                                       {.which = TSK_JS_I_Object,
                                                        .proto = TSK_JS_I_FunctionPrototype,
                                                        .cls = TSK_JS_NATIVE,
                                                        .fn = {"Object", construct, 1, TSK_JS_CONSTRUCTOR, 0},
                                                        .members = constructor,
                                                        .count = TSK_COUNT_OF(constructor)},
                                                       {.which = TSK_JS_INTRINSICS}};
