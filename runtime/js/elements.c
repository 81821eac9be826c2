/* Properties whose keys are indices.
 *
 *   dense:  elements ─► items[0..length), holes between      all plain, or all sealed or frozen (flags of the object)
 *   sparse: elements ─► items[0]: table of properties        after an index far away, or one that is not plain
 *
 * A sparse object never becomes dense again. */
#include "runtime/js/model.h"

#include "runtime/base/mutation.h"
#include "runtime/builtins/library.h"

#include <stdlib.h>

#define MAX_CAPACITY (1u << 27)
#define SMALL_CAPACITY 500u /* up to here memory is always there */
#define FIRST_CAPACITY 4u
#define FREE_GAP 4096u          /* unused items that are fine */
#define FILLED_PART 8u          /* behind them one item of so many is in use */
#define MAX_DECLARED (1u << 22) /* arrays made with a length up to this are filled in any order and stay dense */

const tsk_js_elements tsk_js_no_elements = {.cell = {TSK_JS_KIND_ELEMENTS, TSK_HEAP_PERMANENT, 0, 0, 0}};

static tsk_js_elements *elements_new(tsk_js *js, uint32_t capacity) {
    size_t size = sizeof(tsk_js_elements) + (size_t)capacity * sizeof(tsk_value);
    tsk_js_elements *e = NULL;
    if (TSK_LIKELY(capacity <= SMALL_CAPACITY))
        e = (tsk_js_elements *)tsk_heap_alloc(js->heap, size, TSK_JS_KIND_ELEMENTS);
    else if (capacity <= MAX_CAPACITY)
        e = (tsk_js_elements *)tsk_heap_try_alloc(js->heap, size, TSK_JS_KIND_ELEMENTS);
    if (TSK_UNLIKELY(!e)) {
        tsk_js_throw_range(js, "Out of memory: an array of %u elements", capacity);
        return NULL;
    }
    e->capacity = capacity;
    return e;
}

static void put_elements(tsk_js *js, tsk_js_object *o, tsk_js_elements *e) {
    e->overflow = o->elements->overflow;
    tsk_heap_wrote(js->heap, e);
    TSK_HEAP_STORE(js->heap, o, elements, e);
}

bool tsk_js_own_elements(tsk_js *js, tsk_js_object *o) {
    if (o->elements != &tsk_js_no_elements) return true;
    tsk_js_elements *e = elements_new(js, 1); /* what the step of allocation leaves room for */
    if (e) put_elements(js, o, e);
    return e != NULL;
}

bool tsk_js_elements_reserve(tsk_js *js, tsk_js_object *o, uint32_t capacity) {
    const tsk_js_elements *old = o->elements;
    if (o->cell.flags & TSK_JS_SPARSE || capacity <= old->capacity) return true;
    tsk_js_elements *e = elements_new(js, capacity);
    if (!e) return false;
    memcpy(e->items, old->items, old->length * sizeof(tsk_value));
    e->length = old->length;
    put_elements(js, o, e);
    return true;
}

bool tsk_js_find_element(tsk_js_object *o, uint32_t index, tsk_js_found *f) {
    tsk_js_elements *e = o->elements;
    if (TSK_UNLIKELY(o->cell.flags & TSK_JS_SPARSE)) {
        tsk_js_dictionary *d = tsk_js_sparse_table(o);
        tsk_js_property *p = tsk_js_dictionary_find(d, tsk_js_key_index(index));
        if (!p) return false;
        *f = (tsk_js_found){&p->value, d, p->attributes, 0, false};
        return true;
    }
    if (TSK_MUTANT(HOLE_IS_OWN) && index < e->length && tsk_js_is_hole(e->items[index]))
        e->items[index] = TSK_VALUE_UNDEFINED;
    if (index >= e->length || tsk_js_is_hole(e->items[index])) return false;
    uint32_t attributes = TSK_JS_PLAIN;
    if (o->cell.flags & TSK_JS_FROZEN_ELEMENTS)
        attributes = TSK_JS_ENUMERABLE;
    else if (o->cell.flags & TSK_JS_SEALED_ELEMENTS)
        attributes = TSK_JS_ENUMERABLE | TSK_JS_WRITABLE;
    *f = (tsk_js_found){&e->items[index], e, attributes, 0, false};
    return true;
}

/* ---- sparse ---- */

bool tsk_js_to_sparse(tsk_js *js, tsk_js_object *o) {
    if (o->cell.flags & TSK_JS_SPARSE) return true;
    const tsk_js_elements *old = o->elements;
    tsk_js_dictionary *d = tsk_js_dictionary_new(js, 0, 0);
    tsk_js_found f;
    for (uint32_t i = 0; d && i < old->length; i++)
        if (tsk_js_find_element(o, i, &f)) d = tsk_js_dictionary_add(js, d, tsk_js_key_index(i), *f.slot, f.attributes);
    tsk_js_elements *e = d ? elements_new(js, 1) : NULL;
    if (!e) return false;
    e->cell.flags = TSK_JS_ELEMENTS_SPARSE;
    e->items[0] = tsk_from_ptr(TSK_TAG_CELL, d);
    put_elements(js, o, e);
    o->cell.flags |= TSK_JS_SPARSE;
    return true;
}

static bool add_sparse(tsk_js *js, tsk_js_object *o, uint32_t index, tsk_value v, uint32_t attributes) {
    tsk_js_dictionary *d = tsk_js_dictionary_add(js, tsk_js_sparse_table(o), tsk_js_key_index(index), v, attributes);
    if (!d) return false;
    o->elements->items[0] = tsk_from_ptr(TSK_TAG_CELL, d);
    tsk_heap_wrote(js->heap, o->elements);
    return true;
}

static int by_number(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

uint32_t *tsk_js_sparse_indices(tsk_js *js, const tsk_js_object *o, uint32_t *count) {
    const tsk_js_dictionary *d = tsk_js_sparse_table(o);
    uint32_t *indices = TSK_NEW_ARRAY(js->scratch, uint32_t, d->live + 1), n = 0;
    for (uint32_t i = 0; i < d->used; i++)
        if (tsk_js_property_live(&d->entries[i])) indices[n++] = tsk_js_key_as_index(d->entries[i].key);
    qsort(indices, n, sizeof *indices, by_number);
    *count = n;
    return indices;
}

/* ---- changing ---- */

static uint32_t grown_for(const tsk_js_object *o, uint32_t index) {
    uint32_t capacity = o->elements->capacity, grown = capacity + capacity / 2 + FIRST_CAPACITY;
    return grown > index ? grown : index + 1;
}

/* Enough of the items are in use that a table would take about as much room as holes up to `index`. */
static bool well_filled(const tsk_js_object *o, uint32_t index) {
    const tsk_js_elements *e = o->elements;
    uint32_t wanted = grown_for(o, index) / FILLED_PART, live = 0;
    for (uint32_t i = 0; i < e->length && live < wanted; i++) live += !tsk_js_is_hole(e->items[i]);
    return live >= wanted;
}

/* An element at `index` leaves a dense object dense. */
static bool near(const tsk_js_object *o, uint32_t index) {
    const tsk_js_elements *e = o->elements;
    if (index < e->capacity || index <= FREE_GAP) return true;
    if (o->cell.aux == TSK_JS_ARRAY) {
        uint32_t declared = ((const tsk_js_array *)(const void *)o)->length;
        if (declared <= MAX_DECLARED && index < declared) return true;
    }
    return index <= (uint64_t)e->length * 2 + FREE_GAP && (index == e->length || well_filled(o, index));
}

/* Capacity for an element at `index`; false: thrown. */
static bool make_room(tsk_js *js, tsk_js_object *o, uint32_t index) {
    return index < o->elements->capacity || tsk_js_elements_reserve(js, o, grown_for(o, index));
}

bool tsk_js_add_element(tsk_js *js, tsk_js_object *o, uint32_t index, tsk_value v, uint32_t attributes) {
    if (!(o->cell.flags & TSK_JS_SPARSE) && (attributes != TSK_JS_PLAIN || !near(o, index)))
        if (!tsk_js_to_sparse(js, o)) return false;
    if (o->cell.flags & TSK_JS_SPARSE) return add_sparse(js, o, index, v, attributes);
    if (!make_room(js, o, index)) return false;
    tsk_js_elements *e = o->elements;
    for (uint32_t i = e->length; i < index; i++) e->items[i] = TSK_JS_HOLE;
    e->items[index] = v;
    if (index >= e->length) e->length = index + 1;
    tsk_heap_wrote_at(js->heap, e, &e->items[index]);
    return true;
}

bool tsk_js_change_element(tsk_js *js, tsk_js_object *o, uint32_t index, tsk_value v, uint32_t attributes) {
    tsk_js_found f = {0};
    bool found = tsk_js_find_element(o, index, &f);
    if (found && f.attributes != attributes) {
        if (!tsk_js_to_sparse(js, o)) return false;
        tsk_js_property *p = tsk_js_dictionary_find(tsk_js_sparse_table(o), tsk_js_key_index(index));
        p->attributes = attributes;
        f.slot = &p->value;
        f.owner = tsk_js_sparse_table(o);
    }
    assert(found);
    if (tsk_js_is_hole(v)) return true;
    *f.slot = v;
    tsk_heap_wrote_at(js->heap, f.owner, f.slot);
    return true;
}

void tsk_js_remove_element(tsk_js_object *o, uint32_t index) {
    if (o->cell.flags & TSK_JS_SPARSE) {
        tsk_js_dictionary *d = tsk_js_sparse_table(o);
        tsk_js_property *p = tsk_js_dictionary_find(d, tsk_js_key_index(index));
        if (p) tsk_js_dictionary_remove(d, p);
    } else if (index < o->elements->length) {
        o->elements->items[index] = TSK_JS_HOLE;
    }
}

/* ---- an array's length ---- */

static uint32_t shortest_dense(const tsk_js_object *o, uint32_t length) {
    const tsk_js_elements *e = o->elements;
    if (!(o->cell.flags & (TSK_JS_SEALED_ELEMENTS | TSK_JS_FROZEN_ELEMENTS))) return length;
    for (uint32_t i = e->length; i > length; i--)
        if (!tsk_js_is_hole(e->items[i - 1])) return i;
    return length;
}

static uint32_t shortest_sparse(const tsk_js_dictionary *d, uint32_t length) {
    for (uint32_t i = 0; i < d->used; i++) {
        const tsk_js_property *p = &d->entries[i];
        if (!tsk_js_property_live(p) || p->attributes & TSK_JS_CONFIGURABLE) continue;
        if (tsk_js_key_as_index(p->key) >= length) length = tsk_js_key_as_index(p->key) + 1;
    }
    return length;
}

bool tsk_js_array_shrink(tsk_js *js, tsk_js_array *a, uint32_t length) {
    (void)js;
    tsk_js_object *o = &a->object;
    uint32_t reached;
    if (o->cell.flags & TSK_JS_SPARSE) {
        tsk_js_dictionary *d = tsk_js_sparse_table(o);
        reached = shortest_sparse(d, length);
        for (uint32_t i = 0; i < d->used; i++) {
            tsk_js_property *p = &d->entries[i];
            if (tsk_js_property_live(p) && tsk_js_key_as_index(p->key) >= reached) tsk_js_dictionary_remove(d, p);
        }
    } else {
        reached = shortest_dense(o, length);
        if (o->elements->length > reached) o->elements->length = reached;
    }
    tsk_js_array_put_length(a, reached);
    return reached == length;
}
