/* Array: what sort and toSorted (array_sort.js) ask C for.
 *
 *   object ─► sortable: items, undefined last ─► sort_text: by their text    or Library_sort: by a function
 *                                                    └─► sorted: put back
 *
 * Texts are merged pairwise from the bottom up: stable, n log n. */
#include "runtime/builtins/array.h"
#include "runtime/builtins/inner.h"

/* A merge sort of positions by the texts they stand for. */
static bool sort_by_keys(tsk_js *js, tsk_js_array *texts, tsk_js_array *values, tsk_js_array *to) {
    uint32_t count = texts->length;
    tsk_js_scratch mark = tsk_js_scratch_begin(js);
    uint32_t *from = TSK_NEW_ARRAY(js->scratch, uint32_t, count + 1),
             *other = TSK_NEW_ARRAY(js->scratch, uint32_t, count + 1);
    const tsk_value *text = texts->object.elements->items;
    for (uint32_t i = 0; i < count; i++) from[i] = i;
    for (uint64_t width = 1; width < count; width *= 2) {
        for (uint64_t at = 0; at < count; at += 2 * width) {
            uint64_t a = at, middle = at + width < count ? at + width : count, b = middle;
            uint64_t end = at + 2 * width < count ? at + 2 * width : count;
            for (uint64_t k = at; k < end; k++) {
                bool right = b < end && (a == middle || tsk_js_string_compare(js, tsk_js_as_string(text[from[a]]),
                                                                              tsk_js_as_string(text[from[b]])) > 0);
                other[k] = right ? from[b++] : from[a++];
            }
        }
        uint32_t *swap = from;
        from = other;
        other = swap;
    }
    for (uint32_t i = 0; i < count; i++) to->object.elements->items[i] = values->object.elements->items[from[i]];
    tsk_heap_wrote(js->heap, to->object.elements);
    tsk_js_scratch_end(js, mark);
    return true;
}

/* By their text: `count` texts and values, of which the texts are sorted. */
static bool sort_by_text(tsk_js *js, tsk_js_array *items, uint32_t count) {
    tsk_js_array *texts = tsk_js_array_make(js, count, count);
    tsk_js_array *values = texts ? tsk_js_array_from(js, items->object.elements->items, count) : NULL;
    if (!values) return false;
    for (uint32_t i = 0; i < count; i++) {
        const tsk_js_string *s = tsk_js_to_string(js, values->object.elements->items[i]);
        if (!s) return false;
        texts->object.elements->items[i] = tsk_js_from_string(s);
        tsk_heap_wrote(js->heap, texts->object.elements);
    }
    return sort_by_keys(js, texts, values, items);
}

static tsk_js_array *array_argument(const tsk_js_args *a, uint32_t i) {
    return (tsk_js_array *)(void *)tsk_js_as_object(a->values[i]);
}

tsk_value tsk_js_inner_sort_text(tsk_js *js, const tsk_js_args *a) {
    tsk_js_array *items = array_argument(a, 0);
    uint32_t count = items->length;
    while (count > 0 && tsk_js_is_undefined(items->object.elements->items[count - 1])) count--;
    for (uint32_t i = 0; i < count; i++) {
        tsk_value v = items->object.elements->items[i];
        if (tsk_js_is_object(v) || tsk_js_is_symbol(v)) return TSK_VALUE_FALSE;
    }
    return count < 2 || sort_by_text(js, items, count) ? TSK_VALUE_TRUE : TSK_JS_THROWN;
}

tsk_value tsk_js_inner_sortable(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_as_object(a->values[0]);
    double length = tsk_js_as_number(a->values[1]);
    bool holes = tsk_as_bool(a->values[2]);
    uint64_t undefined = 0;
    if (holes && length > UINT32_MAX) return tsk_js_throw_range(js, "Invalid array length");
    tsk_js_array *items = tsk_js_array_make(js, 0, length < 1024 ? (uint32_t)length : 1024);
    for (uint64_t i = 0; items && i < (uint64_t)length; i++) {
        tsk_value v = holes ? tsk_js_array_get(js, o, i) : tsk_js_array_item(js, o, i);
        if (tsk_js_is_thrown(v)) return v;
        if (tsk_js_is_undefined(v))
            undefined++;
        else if (!tsk_js_is_hole(v) && !tsk_js_array_push(js, items, v))
            return TSK_JS_THROWN;
    }
    for (; items && undefined > 0; undefined--)
        if (!tsk_js_array_push(js, items, TSK_VALUE_UNDEFINED)) return TSK_JS_THROWN;
    return items ? tsk_js_from_object(items) : TSK_JS_THROWN;
}

/* Puts the items back in their order; behind them nothing is left. */
tsk_value tsk_js_inner_sorted(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_as_object(a->values[0]);
    uint64_t length = (uint64_t)tsk_js_as_number(a->values[1]), at = 0;
    const tsk_js_array *items = array_argument(a, 2);
    for (; at < items->length; at++)
        if (!tsk_js_set_index(js, o, at, items->object.elements->items[at])) return TSK_JS_THROWN;
    for (; at < length; at++) {
        int there = tsk_js_has_index(js, o, at);
        if (there < 0 || (there && !tsk_js_array_delete(js, o, at))) return TSK_JS_THROWN;
    }
    return tsk_js_from_object(o);
}

/* Items of an array of the library from argument `i` on: `count` at argument i + 1 are there. */
static tsk_value *items_argument(const tsk_js_args *a, uint32_t i, uint32_t count) {
    tsk_js_elements *e = array_argument(a, i)->object.elements;
    double start = tsk_js_as_number(a->values[i + 1]);
    (void)count;
    assert(start >= 0 && start + count <= e->length);
    return e->items + (uint32_t)start;
}

tsk_value tsk_js_inner_slice(tsk_js *js, const tsk_js_args *a) {
    uint32_t count = (uint32_t)tsk_js_as_number(a->values[2]);
    const tsk_js_array *slice = tsk_js_array_from(js, items_argument(a, 0, count), count);
    return slice ? tsk_js_from_object(slice) : TSK_JS_THROWN;
}

tsk_value tsk_js_inner_move(tsk_js *js, const tsk_js_args *a) {
    uint32_t count = (uint32_t)tsk_js_as_number(a->values[4]);
    memmove(items_argument(a, 0, count), items_argument(a, 2, count), count * sizeof(tsk_value));
    tsk_heap_wrote(js->heap, array_argument(a, 0)->object.elements);
    return TSK_VALUE_UNDEFINED;
}
