/* Properties and elements in the loop of functions: what is done without a call.
 *
 *   JS_GET ─► fact about the shape of the object ─► value at its offset
 *                 └ "absent" ─► prototype, its fact ...                       HOLE: the slow side looks, and leaves a fact
 *
 * The facts of a place are in the order in which its first object's prototypes were asked, so the fact to look at first
 * is the one with the number of the hop; objects of other shapes are found by looking at all of them.
 */
#ifndef TSK_JS_ACCESS_H
#define TSK_JS_ACCESS_H

#include "runtime/js/model.h"

typedef struct tsk_js_name_slot {
    tsk_js_string *atom;
    tsk_js_cache *cache;
} tsk_js_name_slot;

#define TSK_JS_FACT_OUTSIDE                                                                                            \
    0x20000000u /* from here on the slot is not in the object: the offset is negative, or none */

TSK_INLINE tsk_js_fact tsk_js_fact_at(const tsk_js_cache *cache, uint32_t i) {
    return __atomic_load_n(&cache->facts[i], __ATOMIC_RELAXED);
}

/* The low half of a fact when it is about the shape of this object; else more than 32 bits. */
TSK_INLINE uint64_t tsk_js_fact_on(const tsk_js_cache *cache, uint32_t i, const tsk_js_object *o) {
    return tsk_js_fact_at(cache, i) ^ (tsk_js_fact)o->cell.word << 32;
}

TSK_INLINE tsk_value *tsk_js_slot_inside(const tsk_js_object *o, uint64_t offset) {
    return (tsk_value *)(uintptr_t)((const char *)o + offset);
}

/* The slot that a fact tells of, which is not "absent". */
TSK_INLINE tsk_value *tsk_js_fact_slot(const tsk_js_object *o, uint32_t low) {
    if (TSK_LIKELY(low < TSK_JS_FACT_OUTSIDE)) return tsk_js_slot_inside(o, low);
    return &((tsk_js_slots *)o->elements->overflow)->values[low ^ (TSK_JS_FACT_ADD - 1)];
}

/* The slot of a property of the object or of its prototype; NULL: the facts to look at first do not tell. */
TSK_INLINE const tsk_value *tsk_js_find_at_once(const tsk_js_object *o, const tsk_js_cache *cache) {
    uint64_t low = tsk_js_fact_on(cache, 0, o);
    if (low == TSK_JS_FACT_ABSENT && o->proto) low = tsk_js_fact_on(cache, 1, o = o->proto);
    return TSK_LIKELY(low < TSK_JS_FACT_OUTSIDE) ? tsk_js_slot_inside(o, low) : NULL;
}

/* The same by all facts, and through all prototypes; that about a prototype stands behind the one about its object. */
TSK_INLINE const tsk_value *tsk_js_find_quickly(const tsk_js_object *o, const tsk_js_cache *cache) {
    const tsk_js_object *owner = o;
    uint32_t i = 0;
    uint64_t low = tsk_js_fact_on(cache, 0, o);
    if (TSK_LIKELY(low < TSK_JS_FACT_OUTSIDE)) return tsk_js_slot_inside(o, low);
    while (low > UINT32_MAX && ++i < TSK_JS_FACTS) low = tsk_js_fact_on(cache, i, o);
    while (low == TSK_JS_FACT_ABSENT && owner->proto)
        low = tsk_js_fact_on(cache, i = (i + 1) % TSK_JS_FACTS, owner = owner->proto);
    return TSK_LIKELY(low < TSK_JS_FACT_OUTSIDE) ? tsk_js_slot_inside(owner, low) : tsk_js_told_slot(o, cache);
}

/* HOLE: the cache does not know, or the slot holds something that is no value. */
TSK_INLINE tsk_value tsk_js_get_quickly(const tsk_js_object *o, const tsk_js_cache *cache) {
    const tsk_value *slot = tsk_js_find_quickly(o, cache);
    return TSK_UNLIKELY(!slot || tsk_tag(*slot) == TSK_TAG_CELL) ? TSK_JS_HOLE : *slot;
}

TSK_INLINE tsk_value tsk_js_get_of_value_quickly(tsk_value base, const tsk_js_cache *cache) {
    return TSK_LIKELY(tsk_js_is_object(base)) ? tsk_js_get_quickly(tsk_js_as_object(base), cache) : TSK_JS_HOLE;
}

/* The low half of the fact about the shape of `o`, of which the one to look at first has this number; 0: none. */
TSK_INLINE uint32_t tsk_js_fact_for(const tsk_js_cache *cache, const tsk_js_object *o, uint32_t first) {
    uint64_t low = tsk_js_fact_on(cache, first, o);
    return TSK_LIKELY(low <= UINT32_MAX) ? (uint32_t)low : tsk_js_known(cache, o->cell.word);
}

/* Facts of stores are about writable slots; one that holds a cell, or a variable without a value yet, is not written. */
TSK_INLINE bool tsk_js_put_quickly(tsk_js *js, tsk_js_object *o, uint32_t low, tsk_value v) {
    if (TSK_UNLIKELY(!low || low >= TSK_JS_FACT_ADD)) return false;
    tsk_value *slot = tsk_js_fact_slot(o, low);
    if (TSK_UNLIKELY(tsk_tag(*slot) == TSK_TAG_CELL || tsk_js_is_hole(*slot))) return false;
    *slot = v;
    tsk_heap_wrote(js->heap, TSK_LIKELY(low < TSK_JS_FACT_OUTSIDE) ? (void *)o : o->elements->overflow);
    return true;
}

TSK_INLINE bool tsk_js_set_quickly(tsk_js *js, tsk_js_object *o, const tsk_js_cache *cache, tsk_value v) {
    return tsk_js_put_quickly(js, o, tsk_js_fact_for(cache, o, 0), v);
}

/* A name of the outermost scope, or else of the global object, which is the prototype of its object.  HOLE: as above, or
 * the variable has no value yet. */
TSK_INLINE tsk_value tsk_js_get_global_quickly(const tsk_js *js, const tsk_js_cache *cache) {
    const tsk_js_object *o = js->scope;
    uint64_t low = tsk_js_fact_on(cache, 0, o);
    if (low == TSK_JS_FACT_ABSENT) low = tsk_js_fact_on(cache, 1, o = js->global);
    const tsk_value *slot = TSK_LIKELY(low < TSK_JS_FACT_ADD) ? tsk_js_fact_slot(o, (uint32_t)low)
                                                              : tsk_js_told_slot(js->scope, cache);
    return TSK_UNLIKELY(!slot || tsk_tag(*slot) == TSK_TAG_CELL) ? TSK_JS_HOLE : *slot;
}

TSK_INLINE bool tsk_js_set_global_quickly(tsk_js *js, const tsk_js_cache *cache, tsk_value v) {
    tsk_js_object *o = js->scope;
    uint32_t low = tsk_js_fact_for(cache, o, 0);
    if (low & TSK_JS_FACT_ABSENT) low = tsk_js_fact_for(cache, o = js->global, 1);
    return tsk_js_put_quickly(js, o, low, v);
}

enum { TSK_JS_ODD_ELEMENTS = TSK_JS_SPARSE | TSK_JS_EXOTIC };
enum {
    TSK_JS_CAREFUL_ELEMENTS = TSK_JS_ODD_ELEMENTS | TSK_JS_FROZEN_ELEMENTS | TSK_JS_SEALED_ELEMENTS |
                              TSK_JS_NOT_EXTENSIBLE
};

/* HOLE: not an item of a dense array. */
TSK_INLINE tsk_value tsk_js_item_quickly(tsk_value base, tsk_value key) {
    if (!tsk_js_is_object(base) || !tsk_is_i32(key)) return TSK_JS_HOLE;
    const tsk_js_object *o = tsk_js_as_object(base);
    uint32_t i = (uint32_t)tsk_as_i32(key);
    if (TSK_UNLIKELY((o->cell.flags & TSK_JS_ODD_ELEMENTS) || i >= o->elements->length)) return TSK_JS_HOLE;
    return o->elements->items[i];
}

TSK_INLINE bool tsk_js_set_item_quickly(tsk_js *js, tsk_value base, tsk_value key, tsk_value v) {
    if (!tsk_js_is_object(base) || !tsk_is_i32(key)) return false;
    tsk_js_object *o = tsk_js_as_object(base);
    uint32_t i = (uint32_t)tsk_as_i32(key);
    tsk_js_elements *elements = o->elements;
    if (TSK_UNLIKELY((o->cell.flags & TSK_JS_CAREFUL_ELEMENTS) || i >= elements->length)) return false;
    if (TSK_UNLIKELY(tsk_js_is_hole(elements->items[i]))) return false;
    elements->items[i] = v;
    tsk_heap_wrote_at(js->heap, elements, &elements->items[i]);
    return true;
}

/* An own property of an object that is being filled; false: not an array, or no room. */
TSK_INLINE bool tsk_js_put_item_quickly(tsk_js *js, tsk_value base, tsk_value key, tsk_value v) {
    if (!tsk_js_is_array(base) || !tsk_is_i32(key)) return false;
    tsk_js_array *a = (tsk_js_array *)(void *)tsk_js_as_object(base);
    uint32_t i = (uint32_t)tsk_as_i32(key);
    tsk_js_elements *elements = a->object.elements;
    if (TSK_UNLIKELY((a->object.cell.flags & (TSK_JS_CAREFUL_ELEMENTS | TSK_JS_LENGTH_READ_ONLY)) ||
                     i > elements->length))
        return false;
    if (i == elements->length) {
        if (TSK_UNLIKELY(i >= elements->capacity)) return false;
        elements->length = i + 1;
        if (i >= a->length) tsk_js_array_put_length(a, i + 1);
    }
    elements->items[i] = v;
    tsk_heap_wrote_at(js->heap, elements, &elements->items[i]);
    return true;
}

#endif
