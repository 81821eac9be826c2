/* One own property of a name: finding, adding, changing and removing it, in a shape or in a dictionary. */
#include "runtime/js/model.h"

#include "runtime/builtins/library.h"

void tsk_js_mark_special(tsk_js_key key) {
    if (tsk_js_key_is_index(key)) return;
    tsk_heap_cell *cell = (tsk_heap_cell *)tsk_ptr((tsk_value){key.bits});
    if (!(__atomic_load_n(&cell->flags, __ATOMIC_RELAXED) & TSK_JS_SPECIAL))
        __atomic_fetch_or(&cell->flags, (uint8_t)TSK_JS_SPECIAL, __ATOMIC_RELAXED);
}

bool tsk_js_find_named(tsk_js_object *o, tsk_js_key key, tsk_js_found *f) {
    if (TSK_UNLIKELY(tsk_js_in_dictionary(o))) {
        tsk_js_property *p = tsk_js_dictionary_find((tsk_js_dictionary *)o->elements->overflow, key);
        if (!p) return false;
        *f = (tsk_js_found){&p->value, o->elements->overflow, p->attributes, 0, false};
        return true;
    }
    tsk_js_place place;
    if (!tsk_js_shape_find(tsk_js_shape_at(o->cell.word), key, &place)) return false;
    *f = (tsk_js_found){tsk_js_slot_at(o, place.offset), tsk_js_slot_owner(o, place.offset), place.attributes,
                        place.offset, true};
    return true;
}

/* ---- adding ---- */

static bool out_of_memory(tsk_js *js) {
    tsk_js_throw_range(js, "Out of memory");
    return false;
}

/* Room for slot `index` of the overflow. */
static bool reserve_overflow(tsk_js *js, tsk_js_object *o, uint32_t index) {
    tsk_js_slots *old = (tsk_js_slots *)o->elements->overflow;
    uint32_t capacity = old ? old->cell.word : 0;
    if (index < capacity) return true;
    if (!tsk_js_own_elements(js, o)) return false;
    uint32_t more = capacity ? capacity * 2 : 6;
    tsk_js_slots *slots = (tsk_js_slots *)tsk_heap_alloc(js->heap, sizeof *slots + more * sizeof(tsk_value),
                                                         TSK_JS_KIND_SLOTS);
    slots->cell.word = more;
    if (capacity) memcpy(slots->values, old->values, capacity * sizeof(tsk_value));
    TSK_HEAP_STORE(js->heap, o->elements, overflow, slots);
    return true;
}

static bool add_to_dictionary(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, uint32_t attributes) {
    tsk_js_dictionary *d = (tsk_js_dictionary *)o->elements->overflow;
    if (attributes & TSK_JS_ACCESSOR || !(attributes & TSK_JS_WRITABLE)) tsk_js_mark_special(key);
    d = tsk_js_dictionary_add(js, d, key, v, attributes);
    if (!d) return false;
    TSK_HEAP_STORE(js->heap, o->elements, overflow, d);
    return true;
}

bool tsk_js_add_named(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, uint32_t attributes) {
    if (!tsk_js_in_dictionary(o)) {
        const tsk_js_shape *shape = tsk_js_shape_add(tsk_js_shape_at(o->cell.word), key, attributes);
        if (TSK_LIKELY(shape != NULL)) {
            int32_t offset = shape->place.offset;
            if (offset < 0 && !reserve_overflow(js, o, (uint32_t)~offset)) return false;
            *tsk_js_slot_at(o, offset) = v;
            o->cell.word = shape->number;
            tsk_heap_wrote(js->heap, tsk_js_slot_owner(o, offset));
            return true;
        }
        if (!tsk_js_to_dictionary(js, o)) return false;
    }
    return add_to_dictionary(js, o, key, v, attributes);
}

bool tsk_js_to_dictionary(tsk_js *js, tsk_js_object *o) {
    if (tsk_js_in_dictionary(o)) return true;
    tsk_js_shape *shape = tsk_js_shape_at(o->cell.word);
    if (!tsk_js_own_elements(js, o)) return false;
    const tsk_js_shape *root = tsk_js_shape_root_of(shape);
    if (!root) return out_of_memory(js);
    tsk_js_dictionary *d = tsk_js_dictionary_new(js, root->number, shape->count + 1);
    if (!d) return false;
    tsk_js_scratch mark = tsk_js_scratch_begin(js);
    const tsk_js_shape **chain = TSK_NEW_ARRAY(js->scratch, const tsk_js_shape *, shape->count + 1);
    uint32_t n = shape->count;
    for (const tsk_js_shape *s = shape; s->parent; s = s->parent) chain[--n] = s;
    for (uint32_t i = 0; i < shape->count; i++) /* there is room: the table stays the same */
        tsk_js_dictionary_add(js, d, chain[i]->key, *tsk_js_slot_at(o, chain[i]->place.offset),
                              chain[i]->place.attributes);
    tsk_js_scratch_end(js, mark);
    for (uint32_t i = 0; i < shape->inline_slots; i++)
        *tsk_js_slot_at(o, (int32_t)(shape->base + i * sizeof(tsk_value))) = TSK_VALUE_UNDEFINED;
    o->cell.word = TSK_JS_DICTIONARY;
    TSK_HEAP_STORE(js->heap, o->elements, overflow, d);
    return true;
}

/* ---- changing and removing ---- */

typedef struct one_change {
    tsk_js_key key;
    uint32_t attributes;
} one_change;

static uint32_t change_one(void *context, tsk_js_key key, uint32_t attributes) {
    const one_change *c = (const one_change *)context;
    return key.bits == c->key.bits ? c->attributes : attributes;
}

bool tsk_js_change_named(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, uint32_t attributes) {
    tsk_js_found f = {0};
    bool found = tsk_js_find_named(o, key, &f);
    if (found && f.attributes != attributes && f.in_shape) {
        one_change c = {key, attributes};
        const tsk_js_shape *shape = tsk_js_shape_change(tsk_js_shape_at(o->cell.word), change_one, &c);
        if (shape)
            o->cell.word = shape->number;
        else if (!tsk_js_to_dictionary(js, o))
            return false;
        found = tsk_js_find_named(o, key, &f);
    }
    assert(found);
    if (!f.in_shape) {
        tsk_js_dictionary_find((tsk_js_dictionary *)f.owner, key)->attributes = attributes;
        if (attributes & TSK_JS_ACCESSOR || !(attributes & TSK_JS_WRITABLE)) tsk_js_mark_special(key);
    }
    if (!tsk_js_is_hole(v)) {
        *f.slot = v;
        tsk_heap_wrote_at(js->heap, f.owner, f.slot);
    }
    return true;
}

bool tsk_js_remove_named(tsk_js *js, tsk_js_object *o, tsk_js_key key) {
    /* What was added last goes the way it came; functions never, whose first shape means that some names are lazy. */
    if (!tsk_js_in_dictionary(o) && o->cell.aux == TSK_JS_ORDINARY) {
        const tsk_js_shape *shape = tsk_js_shape_at(o->cell.word);
        if (shape->key.bits == key.bits && shape->parent) {
            *tsk_js_slot_at(o, shape->place.offset) = TSK_VALUE_UNDEFINED;
            o->cell.word = shape->parent->number;
            return true;
        }
    }
    if (!tsk_js_to_dictionary(js, o)) return false;
    tsk_js_dictionary *d = (tsk_js_dictionary *)o->elements->overflow;
    tsk_js_property *p = tsk_js_dictionary_find(d, key);
    if (p) tsk_js_dictionary_remove(d, p);
    return true;
}

/* ---- reading a slot ---- */

tsk_value tsk_js_resolve(tsk_js *js, tsk_js_found *f) {
    tsk_value v = *f->slot;
    if (!tsk_js_is_cell(v) || ((const tsk_heap_cell *)tsk_ptr(v))->kind != TSK_JS_KIND_LAZY) return v;
    /* Making it runs no user code and adds nothing to the object: the slot stays where it is. */
    tsk_value made = tsk_js_lazy_make(js, (const tsk_js_member *)tsk_ptr(v));
    if (tsk_js_is_thrown(made)) return made;
    *f->slot = made;
    tsk_heap_wrote_at(js->heap, f->owner, f->slot);
    return made;
}

tsk_value tsk_js_load(tsk_js *js, tsk_js_found *f, tsk_value receiver) {
    tsk_value v = tsk_js_resolve(js, f);
    if (TSK_LIKELY(!tsk_js_is_cell(v))) return v;
    const tsk_js_accessor *a = tsk_js_as_accessor(v);
    return a->get ? tsk_js_call(js, tsk_js_from_object(a->get), receiver, 0, NULL) : TSK_VALUE_UNDEFINED;
}

tsk_value tsk_js_accessor_new(tsk_js *js, tsk_value get, tsk_value set) {
    tsk_js_accessor *a = (tsk_js_accessor *)tsk_heap_alloc(js->heap, sizeof *a, TSK_JS_KIND_ACCESSOR);
    a->get = tsk_js_is_object(get) ? tsk_js_as_object(get) : NULL;
    a->set = tsk_js_is_object(set) ? tsk_js_as_object(set) : NULL;
    return tsk_from_ptr(TSK_TAG_CELL, a);
}

tsk_value tsk_js_own_length(const tsk_js_object *o) {
    if (o->cell.aux == TSK_JS_ARRAY) return tsk_js_number(((const tsk_js_array *)(const void *)o)->length);
    tsk_value text = ((const tsk_js_wrapper *)(const void *)o)->value;
    return tsk_from_i32(tsk_js_is_string(text) ? (int32_t)tsk_js_as_string(text)->length : 0);
}
