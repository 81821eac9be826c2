/* Private names of classes: own properties whose keys are symbols that programs never see as values. */
#include "runtime/js/model.h"

static const char *text_of(tsk_js *js, const tsk_js_symbol *name) {
    return name->description ? tsk_js_describe(js, tsk_js_from_string(name->description)) : "#";
}

static bool find(tsk_value base, const tsk_js_symbol *name, tsk_js_found *f) {
    return tsk_js_is_object(base) && tsk_js_find_named(tsk_js_as_object(base), tsk_js_key_symbol(name), f);
}

tsk_value tsk_js_private_get(tsk_js *js, tsk_value base, tsk_js_symbol *name) {
    tsk_js_found f;
    if (!find(base, name, &f))
        return tsk_js_throw_type(js, "Cannot read private member %s from an object whose class did not declare it",
                                 text_of(js, name));
    if (f.attributes & TSK_JS_ACCESSOR && !tsk_js_as_accessor(*f.slot)->get)
        return tsk_js_throw_type(js, "'%s' was defined without a getter", text_of(js, name));
    return tsk_js_load(js, &f, base);
}

bool tsk_js_private_set(tsk_js *js, tsk_value base, tsk_js_symbol *name, tsk_value v) {
    tsk_js_found f;
    if (!find(base, name, &f)) {
        tsk_js_throw_type(js, "Cannot write private member %s to an object whose class did not declare it",
                          text_of(js, name));
        return false;
    }
    if (f.attributes & TSK_JS_ACCESSOR) {
        const tsk_js_accessor *a = tsk_js_as_accessor(*f.slot);
        if (a->set) return !tsk_js_is_thrown(tsk_js_call(js, tsk_js_from_object(a->set), base, 1, &v));
        tsk_js_throw_type(js, "'%s' was defined without a setter", text_of(js, name));
        return false;
    }
    if (!(f.attributes & TSK_JS_WRITABLE)) {
        tsk_js_throw_type(js, "Private method '%s' is not writable", text_of(js, name));
        return false;
    }
    *f.slot = v;
    tsk_heap_wrote_at(js->heap, f.owner, f.slot);
    return true;
}

/* The other half of an accessor that has one. */
static bool complete_accessor(tsk_js *js, const tsk_js_found *f, const tsk_js_descriptor *d) {
    tsk_js_accessor *a = tsk_js_as_accessor(*f->slot);
    bool get = tsk_js_is_object(d->get), set = tsk_js_is_object(d->set);
    if ((get && a->get) || (set && a->set)) return false;
    if (get) a->get = tsk_js_as_object(d->get);
    if (set) a->set = tsk_js_as_object(d->set);
    tsk_heap_wrote(js->heap, a);
    return true;
}

bool tsk_js_private_add(tsk_js *js, tsk_value base, tsk_js_symbol *name, const tsk_js_descriptor *d) {
    tsk_js_found f;
    bool accessor = tsk_js_is_object(d->get) || tsk_js_is_object(d->set);
    if (!tsk_js_is_object(base)) {
        tsk_js_throw_type(js, "Cannot write private member %s to an object whose class did not declare it",
                          text_of(js, name));
        return false;
    }
    if (find(base, name, &f)) {
        if (accessor && f.attributes & TSK_JS_ACCESSOR && complete_accessor(js, &f, d)) return true;
        tsk_js_throw_type(js, "Cannot initialize %s twice on the same object", text_of(js, name));
        return false;
    }
    if (!tsk_js_settle(js, tsk_js_as_object(base))) return false;
    uint32_t attributes = accessor ? TSK_JS_ACCESSOR : d->attributes & TSK_JS_WRITABLE;
    tsk_value v = accessor ? tsk_js_accessor_new(js, d->get, d->set) : d->value;
    return tsk_js_add_named(js, tsk_js_as_object(base), tsk_js_key_symbol(name), v, attributes);
}

int tsk_js_private_has(tsk_js *js, tsk_value base, tsk_js_symbol *name) {
    tsk_js_found f;
    if (tsk_js_is_object(base)) return find(base, name, &f);
    tsk_js_throw_type(js, "Cannot use 'in' operator to search for '%s' in %s", text_of(js, name),
                      tsk_js_describe(js, base));
    return -1;
}
