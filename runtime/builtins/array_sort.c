/* Array: sort and toSorted.
 *
 *   items ─► without holes and undefined ─► numbers or strings: compared here    else: the function's answer
 *                                     └─► runs of up to 16 by insertion, then merged pairwise: stable, n log n
 *
 * Items are copied into an array that nobody else sees, so what the function does to the original cannot disturb. */
#include "runtime/builtins/array.h"

enum { RUN = 16 };

typedef struct sorting {
    tsk_js *js;
    tsk_value compare; /* undefined: as strings */
} sorting;

/* True: `a` has to come after `b`.  -1: thrown. */
static int is_after(const sorting *s, tsk_value a, tsk_value b) {
    if (tsk_js_is_undefined(s->compare))
        return tsk_js_string_compare(s->js, tsk_js_as_string(a), tsk_js_as_string(b)) > 0;
    tsk_value args[] = {a, b};
    tsk_value v = tsk_js_call(s->js, s->compare, TSK_VALUE_UNDEFINED, 2, args);
    if (TSK_LIKELY(tsk_is_i32(v))) return tsk_as_i32(v) > 0;
    double d;
    if (tsk_js_is_thrown(v) || !tsk_js_to_number(s->js, v, &d)) return -1;
    return d > 0;
}

static bool sort_run(const sorting *s, tsk_value *items, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        tsk_value v = items[i];
        uint32_t at = i;
        for (; at > 0; at--) {
            int after = is_after(s, items[at - 1], v);
            if (after < 0) return false;
            if (!after) break;
            items[at] = items[at - 1];
            items[at - 1] = v; /* nothing is lost to the collector or an exception */
        }
    }
    return true;
}

static bool merge(const sorting *s, const tsk_value *a, uint32_t count_a, const tsk_value *b, uint32_t count_b,
                  tsk_value *to) {
    while (count_a && count_b) {
        int after = is_after(s, *a, *b);
        if (after < 0) return false;
        if (after) {
            *to++ = *b++;
            count_b--;
        } else {
            *to++ = *a++;
            count_a--;
        }
    }
    memcpy(to, a, count_a * sizeof *a);
    memcpy(to + count_a, b, count_b * sizeof *b);
    return true;
}

/* `spare` is as large as `items`; both are seen by the collector. */
static bool sort_all(const sorting *s, tsk_value *items, tsk_value *spare, uint32_t count) {
    for (uint32_t at = 0; at < count; at += RUN)
        if (!sort_run(s, items + at, count - at < RUN ? count - at : RUN)) return false;
    tsk_value *from = items, *to = spare;
    for (uint64_t width = RUN; width < count; width *= 2) {
        for (uint64_t at = 0; at < count; at += 2 * width) {
            uint64_t left = count - at < width ? count - at : width;
            uint64_t right = count - at - left < width ? count - at - left : width;
            if (!merge(s, from + at, (uint32_t)left, from + at + left, (uint32_t)right, to + at)) return false;
        }
        tsk_value *other = from;
        from = to;
        to = other;
    }
    if (from != items) memcpy(items, from, count * sizeof *items);
    return true;
}

static bool sort_array(tsk_js *js, tsk_js_array *items, tsk_value compare) {
    uint32_t count = items->length;
    tsk_js_array *spare = tsk_js_array_make(js, count, count);
    if (!spare) return false;
    const sorting s = {js, compare};
    tsk_js_elements *e = items->object.elements, *room = spare->object.elements;
    bool ok = sort_all(&s, e->items, room->items, count);
    tsk_heap_wrote(js->heap, e);
    tsk_heap_wrote(js->heap, room);
    return ok;
}

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

/* By their text: pairs of text and value, of which the texts are sorted. */
static bool sort_by_text(tsk_js *js, tsk_js_array *items) {
    uint32_t count = items->length;
    bool strings = true;
    for (uint32_t i = 0; strings && i < count; i++) strings = tsk_js_is_string(items->object.elements->items[i]);
    if (strings) return sort_array(js, items, TSK_VALUE_UNDEFINED);
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

/* What there is to sort: neither holes nor undefined.  Counts the latter. */
static tsk_js_array *collect(tsk_js *js, tsk_js_object *o, uint64_t length, bool holes, uint64_t *undefined) {
    tsk_js_array *items = tsk_js_array_make(js, 0, length < 1024 ? (uint32_t)length : 1024);
    *undefined = 0;
    for (uint64_t i = 0; items && i < length; i++) {
        tsk_value v = holes ? tsk_js_array_get(js, o, i) : tsk_js_array_item(js, o, i);
        if (tsk_js_is_thrown(v)) return NULL;
        if (tsk_js_is_undefined(v))
            ++*undefined;
        else if (!tsk_js_is_hole(v) && !tsk_js_array_push(js, items, v))
            return NULL;
    }
    return items;
}

static bool sort_items(tsk_js *js, tsk_js_array *items, tsk_value compare) {
    if (items->length < 2) {
        if (!tsk_js_is_undefined(compare) || !items->length) return true;
        return tsk_js_to_string(js, items->object.elements->items[0]) != NULL;
    }
    return tsk_js_is_undefined(compare) ? sort_by_text(js, items) : sort_array(js, items, compare);
}

static bool is_comparator(tsk_js *js, tsk_value v) {
    if (tsk_js_is_undefined(v) || tsk_js_is_callable(v)) return true;
    tsk_js_throw_type(js, "The comparison function must be either a function or undefined");
    return false;
}

tsk_value tsk_js_array_sort_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, undefined;
    tsk_value compare = tsk_js_arg(a, 0);
    if (!is_comparator(js, compare)) return TSK_JS_THROWN;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    tsk_js_array *items = o ? collect(js, o, length, false, &undefined) : NULL;
    if (!items || !sort_items(js, items, compare)) return TSK_JS_THROWN;
    uint64_t at = 0;
    for (; at < items->length; at++)
        if (!tsk_js_set_index(js, o, at, items->object.elements->items[at])) return TSK_JS_THROWN;
    for (; undefined > 0; undefined--, at++)
        if (!tsk_js_set_index(js, o, at, TSK_VALUE_UNDEFINED)) return TSK_JS_THROWN;
    for (; at < length; at++) {
        int there = tsk_js_has_index(js, o, at);
        if (there < 0 || (there && !tsk_js_array_delete(js, o, at))) return TSK_JS_THROWN;
    }
    return tsk_js_from_object(o);
}

tsk_value tsk_js_array_to_sorted_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, undefined;
    tsk_value compare = tsk_js_arg(a, 0);
    if (!is_comparator(js, compare)) return TSK_JS_THROWN;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (o && length > UINT32_MAX) return tsk_js_throw_range(js, "Invalid array length");
    tsk_js_array *items = o ? collect(js, o, length, true, &undefined) : NULL;
    if (!items || !sort_items(js, items, compare)) return TSK_JS_THROWN;
    for (; undefined > 0; undefined--)
        if (!tsk_js_array_push(js, items, TSK_VALUE_UNDEFINED)) return TSK_JS_THROWN;
    return tsk_js_from_object(items);
}
