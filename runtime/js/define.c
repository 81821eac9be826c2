/* [[GetOwnProperty]] and [[DefineOwnProperty]]. */
#include "runtime/js/model.h"

/* ---- looking ---- */

static bool is_length(tsk_js_key key) {
    return key.bits == tsk_js_key_atom(tsk_js_atoms.length).bits;
}

static void describe_data(tsk_js_descriptor *d, tsk_value v, uint32_t attributes) {
    *d = (tsk_js_descriptor){v, TSK_JS_HOLE, TSK_JS_HOLE, (uint8_t)(attributes & TSK_JS_PLAIN), TSK_JS_PLAIN};
}

static bool describe(tsk_js *js, tsk_js_found *f, tsk_js_descriptor *d) {
    tsk_value v = tsk_js_resolve(js, f);
    if (tsk_js_is_thrown(v)) return false;
    if (!tsk_js_is_cell(v)) {
        describe_data(d, v, f->attributes);
        return true;
    }
    const tsk_js_accessor *a = tsk_js_as_accessor(v);
    *d = (tsk_js_descriptor){TSK_JS_HOLE, a->get ? tsk_js_from_object(a->get) : TSK_VALUE_UNDEFINED,
                             a->set ? tsk_js_from_object(a->set) : TSK_VALUE_UNDEFINED,
                             (uint8_t)(f->attributes & (TSK_JS_ENUMERABLE | TSK_JS_CONFIGURABLE)),
                             TSK_JS_ENUMERABLE | TSK_JS_CONFIGURABLE};
    return true;
}

/* Those that are in no slot: lengths, units of strings, items of typed arrays. */
static bool slotless_own(tsk_js *js, const tsk_js_object *o, tsk_js_key key, tsk_js_descriptor *d) {
    tsk_value v;
    if (tsk_js_key_is_index(key)) {
        if (!(o->cell.flags & TSK_JS_EXOTIC) || !tsk_js_exotic_own(js, o, tsk_js_key_as_index(key), &v)) return false;
        describe_data(d, v, o->cell.aux == TSK_JS_TYPED_ARRAY ? TSK_JS_PLAIN : TSK_JS_ENUMERABLE);
        return true;
    }
    if (!is_length(key) || !tsk_js_has_length(o)) return false;
    bool fixed = o->cell.aux != TSK_JS_ARRAY || o->cell.flags & TSK_JS_LENGTH_READ_ONLY;
    describe_data(d, tsk_js_own_length(o), fixed ? 0 : TSK_JS_WRITABLE);
    return true;
}

static bool find(tsk_js_object *o, tsk_js_key key, tsk_js_found *f) {
    return tsk_js_key_is_index(key) ? tsk_js_find_element(o, tsk_js_key_as_index(key), f)
                                    : tsk_js_find_named(o, key, f);
}

int tsk_js_get_own(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_js_descriptor *d) {
    tsk_js_found f;
    if (slotless_own(js, o, key, d)) return 1;
    if (tsk_js_is_virtual(key) && !tsk_js_settle(js, o)) return -1;
    if (!find(o, key, &f)) return 0;
    return describe(js, &f, d) ? 1 : -1;
}

/* ---- defining ---- */

static bool is_accessor(const tsk_js_descriptor *d) {
    return !tsk_js_is_hole(d->get) || !tsk_js_is_hole(d->set);
}

static bool is_data(const tsk_js_descriptor *d) {
    return !tsk_js_is_hole(d->value) || d->present & TSK_JS_WRITABLE;
}

/* What ValidateAndApplyPropertyDescriptor says about a property that cannot be configured. */
static bool is_compatible(tsk_js *js, const tsk_js_descriptor *now, const tsk_js_descriptor *d) {
    if (now->attributes & TSK_JS_CONFIGURABLE) return true;
    if (d->present & d->attributes & TSK_JS_CONFIGURABLE) return false;
    if (d->present & TSK_JS_ENUMERABLE && (d->attributes ^ now->attributes) & TSK_JS_ENUMERABLE) return false;
    if (!is_accessor(d) && !is_data(d)) return true;
    if (is_accessor(d) != is_accessor(now)) return false;
    if (is_accessor(now))
        return (tsk_js_is_hole(d->get) || tsk_same(d->get, now->get)) &&
               (tsk_js_is_hole(d->set) || tsk_same(d->set, now->set));
    if (now->attributes & TSK_JS_WRITABLE) return true;
    if (d->present & d->attributes & TSK_JS_WRITABLE) return false;
    return tsk_js_is_hole(d->value) || tsk_js_same_value(js, d->value, now->value);
}

static bool can_add(const tsk_js_object *o, tsk_js_key key) {
    if (o->cell.flags & TSK_JS_NOT_EXTENSIBLE) return false;
    if (!tsk_js_key_is_index(key) || o->cell.aux != TSK_JS_ARRAY) return true;
    return !(o->cell.flags & TSK_JS_LENGTH_READ_ONLY) ||
           tsk_js_key_as_index(key) < ((const tsk_js_array *)(const void *)o)->length;
}

static bool add(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, uint32_t attributes) {
    if (!tsk_js_key_is_index(key)) return tsk_js_add_named(js, o, key, v, attributes);
    uint32_t index = tsk_js_key_as_index(key);
    if (!tsk_js_add_element(js, o, index, v, attributes)) return false;
    if (o->cell.aux == TSK_JS_ARRAY) {
        tsk_js_array *a = (tsk_js_array *)(void *)o;
        if (index >= a->length) tsk_js_array_put_length(a, index + 1);
    }
    return true;
}

static int add_described(tsk_js *js, tsk_js_object *o, tsk_js_key key, const tsk_js_descriptor *d) {
    if (!can_add(o, key)) return 0;
    uint32_t attributes = d->present & d->attributes;
    tsk_value v = tsk_js_is_hole(d->value) ? TSK_VALUE_UNDEFINED : d->value;
    if (is_accessor(d)) {
        attributes = (attributes & ~(uint32_t)TSK_JS_WRITABLE) | TSK_JS_ACCESSOR;
        v = tsk_js_accessor_new(js, d->get, d->set);
    }
    return add(js, o, key, v, attributes) ? 1 : -1;
}

static int change(tsk_js *js, tsk_js_object *o, tsk_js_key key, const tsk_js_descriptor *now,
                  const tsk_js_descriptor *d) {
    uint32_t attributes = (now->attributes & ~(uint32_t)d->present) | (d->attributes & d->present);
    tsk_value v = d->value;
    if (is_accessor(d)) {
        tsk_value get = tsk_js_is_hole(d->get) ? now->get : d->get, set = tsk_js_is_hole(d->set) ? now->set : d->set;
        attributes = (attributes & ~(uint32_t)TSK_JS_WRITABLE) | TSK_JS_ACCESSOR;
        v = tsk_js_accessor_new(js, get, set);
    } else if (is_accessor(now)) {
        if (!is_data(d)) {
            attributes |= TSK_JS_ACCESSOR;
        } else {
            if (tsk_js_is_hole(v)) v = TSK_VALUE_UNDEFINED;
        }
    }
    bool ok = tsk_js_key_is_index(key) ? tsk_js_change_element(js, o, tsk_js_key_as_index(key), v, attributes)
                                       : tsk_js_change_named(js, o, key, v, attributes);
    return ok ? 1 : -1;
}

/* ArraySetLength for a definition. */
static int define_length(tsk_js *js, tsk_js_array *a, const tsk_js_descriptor *d) {
    uint32_t length = a->length;
    if (!tsk_js_is_hole(d->value)) {
        double number;
        if (!tsk_js_to_uint32(js, d->value, &length) || !tsk_js_to_number(js, d->value, &number)) return -1;
        if ((double)length != number) {
            tsk_js_throw_range(js, "Invalid array length");
            return -1;
        }
    }
    tsk_js_descriptor now, wanted = *d;
    slotless_own(js, &a->object, tsk_js_key_atom(tsk_js_atoms.length), &now);
    if (!tsk_js_is_hole(d->value)) wanted.value = tsk_js_number(length);
    if (!is_compatible(js, &now, &wanted)) return 0;
    bool complete = true;
    if (length > a->length)
        tsk_js_array_put_length(a, length);
    else if (length < a->length)
        complete = tsk_js_array_shrink(js, a, length);
    if (d->present & TSK_JS_WRITABLE && !(d->attributes & TSK_JS_WRITABLE)) {
        tsk_js_mark_special(tsk_js_key_atom(tsk_js_atoms.length));
        a->object.cell.flags |= TSK_JS_LENGTH_READ_ONLY;
    }
    return complete;
}

static int define_typed(tsk_js *js, tsk_js_object *o, uint32_t index, const tsk_js_descriptor *d) {
    tsk_js_typed_array *a = (tsk_js_typed_array *)(void *)o;
    if (index >= a->length || is_accessor(d) || d->present & ~d->attributes) return 0;
    if (tsk_js_is_hole(d->value)) return 1;
    return tsk_js_typed_set(js, a, index, d->value) ? 1 : -1;
}

int tsk_js_define_own(tsk_js *js, tsk_js_object *o, tsk_js_key key, const tsk_js_descriptor *d) {
    tsk_js_descriptor now;
    tsk_js_found f;
    if (o->cell.aux == TSK_JS_ARRAY && is_length(key)) return define_length(js, (tsk_js_array *)(void *)o, d);
    if (o->cell.aux == TSK_JS_TYPED_ARRAY && tsk_js_key_is_index(key))
        return define_typed(js, o, tsk_js_key_as_index(key), d);
    if (tsk_js_is_numeric_name(o, key)) return 0;
    if (slotless_own(js, o, key, &now)) return is_compatible(js, &now, d);
    if (!tsk_js_settle(js, o)) return -1;
    if (!find(o, key, &f)) return add_described(js, o, key, d);
    if (!describe(js, &f, &now)) return -1;
    return is_compatible(js, &now, d) ? change(js, o, key, &now, d) : 0;
}

bool tsk_js_define_or_throw(tsk_js *js, tsk_js_object *o, tsk_js_key key, const tsk_js_descriptor *d) {
    int defined = tsk_js_define_own(js, o, key, d);
    if (defined) return defined > 0;
    int there = tsk_js_has_own(js, o, key);
    if (there > 0)
        tsk_js_throw_type(js, "Cannot redefine property: %s", tsk_js_describe_key(js, key));
    else if (!there)
        tsk_js_throw_type(js, "Cannot define property %s, object is not extensible", tsk_js_describe_key(js, key));
    return false;
}

bool tsk_js_define(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, uint32_t attributes) {
    tsk_js_found f;
    const unsigned odd = TSK_JS_NOT_EXTENSIBLE | TSK_JS_EXOTIC | TSK_JS_LAZY_OWN;
    if (TSK_LIKELY(!(o->cell.flags & odd) && !(tsk_js_has_length(o) && is_length(key)) && can_add(o, key)) &&
        !find(o, key, &f))
        return add(js, o, key, v, attributes);
    tsk_js_descriptor d = {v, TSK_JS_HOLE, TSK_JS_HOLE, (uint8_t)attributes, TSK_JS_PLAIN};
    return tsk_js_define_or_throw(js, o, key, &d);
}

bool tsk_js_define_accessor(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value get, tsk_value set,
                            uint32_t attributes) {
    tsk_js_descriptor d = {TSK_JS_HOLE, get, set, (uint8_t)attributes, TSK_JS_ENUMERABLE | TSK_JS_CONFIGURABLE};
    return tsk_js_define_or_throw(js, o, key, &d);
}
