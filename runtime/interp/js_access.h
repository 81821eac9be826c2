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

enum { TSK_JS_MAX_HOPS = 8 };

TSK_INLINE tsk_js_fact tsk_js_fact_at(const tsk_js_cache *cache, uint32_t i) {
    return __atomic_load_n(&cache->facts[i], __ATOMIC_RELAXED);
}

/* The low half of the fact about a shape; 0: there is none. */
TSK_INLINE uint32_t tsk_js_fact_for(const tsk_js_cache *cache, uint32_t shape, uint32_t first) {
    tsk_js_fact fact = tsk_js_fact_at(cache, first);
    if (TSK_LIKELY(fact >> 32 == shape)) return (uint32_t)fact;
    for (uint32_t i = 0; i < TSK_JS_FACTS; i++) {
        fact = tsk_js_fact_at(cache, i);
        if (fact >> 32 == shape) return (uint32_t)fact;
    }
    return 0;
}

/* The slot that a fact tells of, which is not "absent". */
TSK_INLINE tsk_value *tsk_js_fact_slot(const tsk_js_object *o, uint32_t low) {
    int32_t offset = (int32_t)(low << 2) >> 2;
    if (TSK_LIKELY(offset >= 0)) return (tsk_value *)(uintptr_t)((const char *)o + offset);
    return &((tsk_js_slots *)o->elements->overflow)->values[~offset];
}

/* HOLE: the cache does not know, or the slot holds something that is no value. */
TSK_INLINE tsk_value tsk_js_get_quickly(const tsk_js_object *o, const tsk_js_cache *cache) {
    for (uint32_t hop = 0; hop < TSK_JS_MAX_HOPS && o; hop++, o = o->proto) {
        uint32_t low = tsk_js_fact_for(cache, o->cell.word, hop % TSK_JS_FACTS);
        if (TSK_UNLIKELY(!low)) return TSK_JS_HOLE;
        if (low & TSK_JS_FACT_ABSENT) continue;
        tsk_value v = *tsk_js_fact_slot(o, low);
        return TSK_UNLIKELY(tsk_tag(v) == TSK_TAG_CELL) ? TSK_JS_HOLE : v;
    }
    return TSK_JS_HOLE;
}

TSK_INLINE tsk_value tsk_js_get_of_value_quickly(tsk_value base, const tsk_js_cache *cache) {
    return TSK_LIKELY(tsk_js_is_object(base)) ? tsk_js_get_quickly(tsk_js_as_object(base), cache) : TSK_JS_HOLE;
}

/* Facts of stores are about writable slots; one that holds a cell, or a variable without a value yet, is not written. */
TSK_INLINE bool tsk_js_put_quickly(tsk_js *js, tsk_js_object *o, uint32_t low, tsk_value v) {
    if (TSK_UNLIKELY(!low || (low & (TSK_JS_FACT_ABSENT | TSK_JS_FACT_ADD)))) return false;
    tsk_value *slot = tsk_js_fact_slot(o, low);
    if (TSK_UNLIKELY(tsk_tag(*slot) == TSK_TAG_CELL || tsk_js_is_hole(*slot))) return false;
    *slot = v;
    tsk_heap_wrote(js->heap, TSK_LIKELY((int32_t)(low << 2) >= 0) ? (void *)o : o->elements->overflow);
    return true;
}

TSK_INLINE bool tsk_js_set_quickly(tsk_js *js, tsk_js_object *o, const tsk_js_cache *cache, tsk_value v) {
    return tsk_js_put_quickly(js, o, tsk_js_fact_for(cache, o->cell.word, 0), v);
}

/* A name of the outermost scope. */
TSK_INLINE bool tsk_js_set_global_quickly(tsk_js *js, const tsk_js_cache *cache, tsk_value v) {
    tsk_js_object *o = js->scope;
    uint32_t low = tsk_js_fact_for(cache, o->cell.word, 0);
    if (low & TSK_JS_FACT_ABSENT) low = tsk_js_fact_for(cache, (o = js->global)->cell.word, 1);
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
    tsk_heap_wrote(js->heap, elements);
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
    tsk_heap_wrote(js->heap, elements);
    return true;
}

#endif
