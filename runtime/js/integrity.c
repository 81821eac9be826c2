/* Prototypes, extensibility, seal and freeze. */
#include "runtime/js/model.h"

bool tsk_js_set_proto(tsk_js *js, tsk_js_object *o, tsk_js_object *proto) {
    if (o->proto == proto) return true;
    if (o->cell.flags & TSK_JS_NOT_EXTENSIBLE || o == js->intrinsics[TSK_JS_I_ObjectPrototype]) return false;
    for (const tsk_js_object *p = proto; p; p = p->proto)
        if (p == o) return false;
    if (proto) proto->cell.flags |= TSK_JS_IS_PROTOTYPE;
    TSK_HEAP_STORE(js->heap, o, proto, proto);
    return true;
}

bool tsk_js_prevent_extensions(tsk_js *js, tsk_js_object *o) {
    if (!tsk_js_settle(js, o)) return false; /* else those names could not be added later */
    o->cell.flags |= TSK_JS_NOT_EXTENSIBLE;
    return true;
}

static bool is_private(tsk_js_key key) {
    return tsk_js_key_is_symbol(key) && tsk_js_as_symbol((tsk_value){key.bits})->is_private;
}

static uint32_t tightened(uint32_t attributes, bool frozen) {
    attributes &= ~(uint32_t)TSK_JS_CONFIGURABLE;
    if (frozen && !(attributes & TSK_JS_ACCESSOR)) attributes &= ~(uint32_t)TSK_JS_WRITABLE;
    return attributes;
}

static uint32_t tighten_named(void *context, tsk_js_key key, uint32_t attributes) {
    return is_private(key) ? attributes : tightened(attributes, *(const bool *)context);
}

static void tighten_dictionary(tsk_js_dictionary *d, bool frozen) {
    for (uint32_t i = 0; i < d->used; i++) {
        tsk_js_property *p = &d->entries[i];
        if (!tsk_js_property_live(p) || is_private(p->key)) continue;
        p->attributes = tightened(p->attributes, frozen);
        if (frozen) tsk_js_mark_special(p->key);
    }
}

static bool tighten_names(tsk_js *js, tsk_js_object *o, bool frozen) {
    if (!tsk_js_in_dictionary(o)) {
        const tsk_js_shape *shape = tsk_js_shape_change(tsk_js_shape_at(o->cell.word), tighten_named, &frozen);
        if (shape) {
            o->cell.word = shape->number;
            return true;
        }
        if (!tsk_js_to_dictionary(js, o)) return false;
    }
    tighten_dictionary((tsk_js_dictionary *)o->elements->overflow, frozen);
    return true;
}

bool tsk_js_set_integrity(tsk_js *js, tsk_js_object *o, bool frozen) {
    if (o->cell.aux == TSK_JS_TYPED_ARRAY && ((const tsk_js_typed_array *)(const void *)o)->length) {
        tsk_js_throw_type(js, "Cannot %s array buffer views with elements", frozen ? "freeze" : "seal");
        return false;
    }
    if (!tsk_js_prevent_extensions(js, o) || !tighten_names(js, o, frozen)) return false;
    if (o->cell.flags & TSK_JS_SPARSE) tighten_dictionary(tsk_js_sparse_table(o), frozen);
    o->cell.flags |= frozen ? TSK_JS_FROZEN_ELEMENTS | TSK_JS_SEALED_ELEMENTS : TSK_JS_SEALED_ELEMENTS;
    if (frozen && o->cell.aux == TSK_JS_ARRAY) {
        tsk_js_mark_special(tsk_js_key_atom(tsk_js_atoms.length));
        o->cell.flags |= TSK_JS_LENGTH_READ_ONLY;
    }
    return true;
}

/* ---- asking ---- */

static bool is_tight(uint32_t attributes, bool frozen) {
    return tightened(attributes, frozen) == attributes;
}

static bool dictionary_is_tight(const tsk_js_dictionary *d, bool frozen) {
    for (uint32_t i = 0; i < d->used; i++) {
        const tsk_js_property *p = &d->entries[i];
        if (tsk_js_property_live(p) && !is_private(p->key) && !is_tight(p->attributes, frozen)) return false;
    }
    return true;
}

static bool names_are_tight(const tsk_js_object *o, bool frozen) {
    if (tsk_js_in_dictionary(o)) return dictionary_is_tight((const tsk_js_dictionary *)o->elements->overflow, frozen);
    for (const tsk_js_shape *s = tsk_js_shape_at(o->cell.word); s->parent; s = s->parent)
        if (!is_private(s->key) && !is_tight(s->place.attributes, frozen)) return false;
    return true;
}

static bool elements_are_tight(const tsk_js_object *o, bool frozen) {
    if (o->cell.flags & TSK_JS_SPARSE) return dictionary_is_tight(tsk_js_sparse_table(o), frozen);
    if (o->cell.flags & (frozen ? TSK_JS_FROZEN_ELEMENTS : TSK_JS_SEALED_ELEMENTS)) return true;
    for (uint32_t i = 0; i < o->elements->length; i++)
        if (!tsk_js_is_hole(o->elements->items[i])) return false;
    return true;
}

int tsk_js_test_integrity(tsk_js *js, tsk_js_object *o, bool frozen) {
    if (!(o->cell.flags & TSK_JS_NOT_EXTENSIBLE)) return 0;
    if (!tsk_js_settle(js, o)) return -1;
    if (o->cell.aux == TSK_JS_TYPED_ARRAY && ((const tsk_js_typed_array *)(const void *)o)->length) return 0;
    if (frozen && o->cell.aux == TSK_JS_ARRAY && !(o->cell.flags & TSK_JS_LENGTH_READ_ONLY)) return 0;
    return names_are_tight(o, frozen) && elements_are_tight(o, frozen);
}
