/* Listing own properties, in the order of the specification: indices, then texts, then symbols; and copying them. */
#include "runtime/js/model.h"

#include "runtime/builtins/library.h"

enum { COPY_WORK = 4 };

typedef struct listing {
    tsk_js *js;
    tsk_js_object *o;
    tsk_js_array *keys;
    unsigned which;
    bool failed;
} listing;

static void list(listing *l, tsk_js_key key, uint32_t attributes) {
    if (l->failed || (l->which & TSK_JS_KEYS_ENUMERABLE && !(attributes & TSK_JS_ENUMERABLE))) return;
    tsk_value v = tsk_js_key_value(l->js, key);
    l->failed = tsk_js_is_thrown(v) || !tsk_js_array_push(l->js, l->keys, v);
}

/* A name, when it is of the kind that is listed now. */
static void list_name(listing *l, tsk_js_key key, uint32_t attributes, bool symbols) {
    bool symbol = tsk_js_key_is_symbol(key);
    if (symbol != symbols || (symbol && tsk_js_as_symbol((tsk_value){key.bits})->is_private)) return;
    list(l, key, attributes);
}

static uint32_t exotic_count(const tsk_js_object *o) {
    if (o->cell.aux == TSK_JS_TYPED_ARRAY) return ((const tsk_js_typed_array *)(const void *)o)->length;
    if (o->cell.aux != TSK_JS_STRING_OBJECT) return 0;
    tsk_value text = ((const tsk_js_wrapper *)(const void *)o)->value;
    return tsk_js_is_string(text) ? tsk_js_as_string(text)->length : 0;
}

static void list_indices(listing *l) {
    tsk_js_object *o = l->o;
    if (o->cell.flags & TSK_JS_EXOTIC)
        for (uint32_t i = 0, n = exotic_count(o); i < n && !l->failed; i++)
            list(l, tsk_js_key_index(i), TSK_JS_ENUMERABLE);
    if (!(o->cell.flags & TSK_JS_SPARSE)) {
        for (uint32_t i = 0; i < o->elements->length && !l->failed; i++)
            if (!tsk_js_is_hole(o->elements->items[i])) list(l, tsk_js_key_index(i), TSK_JS_ENUMERABLE);
        return;
    }
    tsk_js_scratch mark = tsk_js_scratch_begin(l->js);
    uint32_t count;
    const uint32_t *indices = tsk_js_sparse_indices(l->js, o, &count);
    tsk_js_found f;
    for (uint32_t i = 0; i < count && !l->failed; i++)
        if (tsk_js_find_element(o, indices[i], &f)) list(l, tsk_js_key_index(indices[i]), f.attributes);
    tsk_js_scratch_end(l->js, mark);
}

/* The steps from the first property to the last one, in scratch memory. */
static const tsk_js_shape **chain_of(tsk_js *js, const tsk_js_shape *shape) {
    const tsk_js_shape **chain = TSK_NEW_ARRAY(js->scratch, const tsk_js_shape *, shape->count + 1);
    uint32_t n = shape->count;
    for (; shape->parent; shape = shape->parent) chain[--n] = shape;
    return chain;
}

static void list_names(listing *l, bool symbols) {
    tsk_js_object *o = l->o;
    if (tsk_js_in_dictionary(o)) {
        const tsk_js_dictionary *d = (const tsk_js_dictionary *)o->elements->overflow;
        for (uint32_t i = 0; i < d->used; i++)
            if (tsk_js_property_live(&d->entries[i]))
                list_name(l, d->entries[i].key, d->entries[i].attributes, symbols);
        return;
    }
    const tsk_js_shape *shape = tsk_js_shape_at(o->cell.word);
    if (symbols && !shape->symbols) return;
    tsk_js_scratch mark = tsk_js_scratch_begin(l->js);
    const tsk_js_shape **chain = chain_of(l->js, shape);
    for (uint32_t i = 0; i < shape->count; i++) list_name(l, chain[i]->key, chain[i]->place.attributes, symbols);
    tsk_js_scratch_end(l->js, mark);
}

/* The shape, when it tells all there is to list. */
static const tsk_js_shape *plain_shape(const tsk_js_object *o) {
    if (o->elements->length || o->cell.flags & (TSK_JS_SPARSE | TSK_JS_EXOTIC | TSK_JS_LAZY_OWN)) return NULL;
    if (tsk_js_has_length(o) || tsk_js_in_dictionary(o)) return NULL;
    const tsk_js_shape *shape = tsk_js_shape_at(o->cell.word);
    if (shape->symbols) return NULL;
    for (const tsk_js_shape *s = shape; s->parent; s = s->parent)
        if (!(s->place.attributes & TSK_JS_ENUMERABLE)) return NULL;
    return shape;
}

bool tsk_js_list_plain(tsk_js *js, tsk_js_object *o, tsk_js_list_kind what, tsk_js_array **list) {
    const tsk_js_shape *shape = plain_shape(o);
    if (!shape) return false;
    for (const tsk_js_shape *s = shape; what != TSK_JS_LIST_KEYS && s->parent; s = s->parent)
        if (tsk_js_is_cell(*tsk_js_slot_at(o, s->place.offset))) return false;
    *list = tsk_js_array_make(js, shape->count, shape->count);
    uint32_t at = shape->count;
    for (const tsk_js_shape *s = shape; *list && s->parent; s = s->parent) {
        tsk_value pair[] = {{s->key.bits}, *tsk_js_slot_at(o, s->place.offset)}, v = pair[what != TSK_JS_LIST_KEYS];
        if (what == TSK_JS_LIST_ENTRIES) {
            const tsk_js_array *entry = tsk_js_array_from(js, pair, 2);
            if (!entry) *list = NULL;
            v = tsk_js_from_object(entry);
        }
        if (!*list) break;
        tsk_js_elements *e = (*list)->object.elements; /* which may be old when the next entry is made */
        e->items[--at] = v;
        tsk_heap_wrote_at(js->heap, e, &e->items[at]);
    }
    return true;
}

tsk_js_array *tsk_js_own_keys(tsk_js *js, tsk_js_object *o, unsigned which) {
    tsk_js_array *plain;
    if (!tsk_js_settle(js, o)) return NULL;
    if (which & TSK_JS_KEYS_STRINGS && tsk_js_list_plain(js, o, TSK_JS_LIST_KEYS, &plain)) return plain;
    listing l = {js, o, tsk_js_array_make(js, 0, 8), which, false};
    if (!l.keys) return NULL;
    if (which & TSK_JS_KEYS_STRINGS) {
        list_indices(&l);
        if (tsk_js_has_length(o)) list(&l, tsk_js_key_atom(tsk_js_atoms.length), 0);
        list_names(&l, false);
    }
    if (which & TSK_JS_KEYS_SYMBOLS) list_names(&l, true);
    return l.failed ? NULL : l.keys;
}

/* ---- CopyDataProperties ---- */

/* An empty ordinary object takes the shape and slots of a plain one. */
static bool copy_at_once(tsk_js *js, tsk_js_object *target, const tsk_js_object *source) {
    if (target->cell.aux != TSK_JS_ORDINARY || source->cell.aux != TSK_JS_ORDINARY) return false;
    if (tsk_js_in_dictionary(target) || tsk_js_in_dictionary(source) || target->cell.flags || source->elements->length)
        return false;
    if (source->cell.flags & TSK_JS_SPARSE) return false;
    const tsk_js_shape *to = tsk_js_shape_at(target->cell.word), *from = tsk_js_shape_at(source->cell.word);
    if (to->count || to->base != from->base || to->inline_slots != from->inline_slots || from->symbols ||
        from->count > from->inline_slots)
        return false;
    for (const tsk_js_shape *s = from; s->parent; s = s->parent)
        if (s->place.attributes != TSK_JS_PLAIN) return false;
    size_t size = from->count * sizeof(tsk_value);
    const tsk_value *slots = (const tsk_value *)(const void *)((const char *)source + from->base);
    for (uint32_t i = 0; i < from->count; i++)
        if (tsk_js_is_cell(slots[i])) return false;
    if (size) memcpy((char *)target + to->base, slots, size);
    target->cell.word = from->number;
    tsk_heap_wrote(js->heap, target);
    return true;
}

static bool is_excluded(tsk_js *js, tsk_value key, const tsk_value *excluded, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (tsk_js_strict_equals(js, key, excluded[i])) return true;
    return false;
}

static bool copy_one(tsk_js *js, tsk_js_object *target, tsk_js_object *source, tsk_value name) {
    tsk_js_key key;
    tsk_js_descriptor d;
    if (!tsk_js_to_key(js, name, &key) || !tsk_js_worked(js, COPY_WORK)) return false;
    int found = tsk_js_get_own(js, source, key, &d);
    if (found <= 0) return !found;
    if (!(d.attributes & TSK_JS_ENUMERABLE)) return true;
    tsk_value v = tsk_js_is_hole(d.value) ? tsk_js_get(js, source, key) : d.value;
    return !tsk_js_is_thrown(v) && tsk_js_define(js, target, key, v, TSK_JS_PLAIN);
}

bool tsk_js_copy_data(tsk_js *js, tsk_js_object *target, tsk_value source, const tsk_value *excluded, uint32_t count) {
    if (tsk_js_is_nullish(source)) return true;
    tsk_js_object *from = tsk_js_to_object(js, source);
    if (!from) return false;
    if (!count && copy_at_once(js, target, from)) return true;
    tsk_js_array *names = tsk_js_own_keys(js, from, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_SYMBOLS);
    if (!names) return false;
    for (uint32_t i = 0; i < names->length; i++) {
        tsk_value name = names->object.elements->items[i];
        if (!is_excluded(js, name, excluded, count) && !copy_one(js, target, from, name)) return false;
    }
    return true;
}
