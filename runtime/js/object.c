/* Making objects and arrays. */
#include "runtime/js/model.h"

#define INLINE_SLOTS 4
#define LARGEST_FIELDS 4096u

static void *no_shape(tsk_js *js) {
    tsk_js_throw_range(js, "Out of memory");
    return NULL;
}

tsk_js_object *tsk_js_object_new(tsk_js *js, tsk_js_object *proto) {
    static tsk_js_shape *root;
    tsk_js_shape *shape = __atomic_load_n(&root, __ATOMIC_ACQUIRE);
    if (TSK_UNLIKELY(!shape)) {
        shape = tsk_js_shape_root(sizeof(tsk_js_object), INLINE_SLOTS);
        if (!shape) return (tsk_js_object *)no_shape(js);
        __atomic_store_n(&root, shape, __ATOMIC_RELEASE);
    }
    return tsk_js_object_bare(js, proto, shape, sizeof(tsk_js_object) + INLINE_SLOTS * sizeof(tsk_value));
}

tsk_js_object *tsk_js_object_shaped(tsk_js *js, tsk_js_object *proto, const tsk_js_shape *shape) {
    tsk_js_object *o = tsk_js_object_bare(js, proto, shape, shape->base + shape->inline_slots * sizeof(tsk_value));
    uint32_t count = shape->count < shape->inline_slots ? shape->count : shape->inline_slots;
    tsk_value *slots = (tsk_value *)(void *)((char *)o + shape->base);
    for (uint32_t i = 0; i < count; i++) slots[i] = TSK_VALUE_UNDEFINED;
    if (TSK_LIKELY(count == shape->count)) return o;
    /* More than fits inline. */
    uint32_t more = shape->count - count;
    if (!tsk_js_own_elements(js, o)) return NULL;
    tsk_js_slots *over = (tsk_js_slots *)tsk_heap_alloc(js->heap, sizeof *over + more * sizeof(tsk_value),
                                                        TSK_JS_KIND_SLOTS);
    over->cell.word = more;
    for (uint32_t i = 0; i < more; i++) over->values[i] = TSK_VALUE_UNDEFINED;
    TSK_HEAP_STORE(js->heap, o->elements, overflow, over);
    return o;
}

void *tsk_js_object_of_class(tsk_js *js, tsk_js_class c, size_t size, tsk_js_object *proto) {
    assert(size >= sizeof(tsk_js_object) && size <= LARGEST_FIELDS);
    tsk_js_shape *shape = tsk_js_shape_class_root(c, (uint16_t)size, 0);
    return shape ? tsk_js_object_bare(js, proto, shape, size) : no_shape(js);
}

/* ---- arrays ---- */

static tsk_js_array *empty_array(tsk_js *js, uint32_t capacity) {
    const tsk_js_shape *shape = tsk_js_class_root(TSK_JS_ARRAY, sizeof(tsk_js_array));
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ArrayPrototype);
    if (!proto) return NULL;
    if (!shape) return (tsk_js_array *)no_shape(js);
    tsk_js_array *a = (tsk_js_array *)(void *)tsk_js_object_bare(js, proto, shape, sizeof(tsk_js_array));
    tsk_js_array_put_length(a, 0);
    return !capacity || tsk_js_elements_reserve(js, &a->object, capacity) ? a : NULL;
}

tsk_js_array *tsk_js_array_make(tsk_js *js, uint32_t length, uint32_t capacity) {
    tsk_js_array *a = empty_array(js, capacity);
    if (!a) return NULL;
    tsk_js_array_put_length(a, length);
    if (!capacity) return a;
    tsk_js_elements *e = a->object.elements;
    uint32_t stored = length < e->capacity ? length : e->capacity;
    for (uint32_t i = 0; i < stored; i++) e->items[i] = TSK_JS_HOLE;
    e->length = stored;
    return a;
}

tsk_js_array *tsk_js_array_from(tsk_js *js, const tsk_value *items, uint32_t count) {
    tsk_js_array *a = empty_array(js, count);
    if (!a || !count) return a;
    tsk_js_elements *e = a->object.elements;
    memcpy(e->items, items, count * sizeof(tsk_value));
    e->length = count;
    tsk_js_array_put_length(a, count);
    tsk_heap_wrote(js->heap, e);
    return a;
}

bool tsk_js_array_push(tsk_js *js, tsk_js_array *a, tsk_value v) {
    tsk_js_object *o = &a->object;
    tsk_js_elements *e = o->elements;
    uint32_t index = a->length;
    const unsigned odd = TSK_JS_NOT_EXTENSIBLE | TSK_JS_SPARSE | TSK_JS_LENGTH_READ_ONLY;
    if (TSK_LIKELY(!(o->cell.flags & odd) && index == e->length && index < e->capacity)) {
        e->items[index] = v;
        e->length = index + 1;
        tsk_js_array_put_length(a, index + 1);
        tsk_heap_wrote_at(js->heap, e, &e->items[index]);
        return tsk_js_worked(js, 1);
    }
    if (index == UINT32_MAX) {
        tsk_js_throw_type(js, "Pushing 1 elements on an array-like of length %u is disallowed by ECMA-262", index);
        return false;
    }
    if (o->cell.flags & (TSK_JS_NOT_EXTENSIBLE | TSK_JS_LENGTH_READ_ONLY)) {
        tsk_js_throw_type(js, "Cannot add property %u, object is not extensible", index);
        return false;
    }
    if (!tsk_js_add_element(js, o, index, v, TSK_JS_PLAIN)) return false;
    tsk_js_array_put_length(a, index + 1);
    return true;
}

bool tsk_js_array_set_length(tsk_js *js, tsk_js_array *a, uint32_t length) {
    if (length == a->length && !(a->object.cell.flags & TSK_JS_LENGTH_READ_ONLY)) return true;
    if (a->object.cell.flags & TSK_JS_LENGTH_READ_ONLY) {
        tsk_js_throw_type(js, "Cannot assign to read only property 'length' of object '[object Array]'");
        return false;
    }
    if (length > a->length) {
        tsk_js_array_put_length(a, length);
        return true;
    }
    if (tsk_js_array_shrink(js, a, length)) return true;
    tsk_js_throw_type(js, "Cannot delete property '%u' of [object Array]", a->length - 1);
    return false;
}
