/* Array: methods that change the array, and their copying twins. */
#include "runtime/builtins/array.h"

#include "runtime/js/model.h"

static const double MOST = 9007199254740991.0;

/* A dense array that may be written: no index is read-only or on the way to a setter. */
static bool is_open(const tsk_js_object *o) {
    enum { CLOSED = TSK_JS_NOT_EXTENSIBLE | TSK_JS_FROZEN_ELEMENTS | TSK_JS_SEALED_ELEMENTS | TSK_JS_LENGTH_READ_ONLY };
    return tsk_js_array_is_dense(o) && !(o->cell.flags & CLOSED);
}

/* The same, and holes are nothing but holes: no prototype has an index. */
static bool is_free(const tsk_js_object *o) {
    return is_open(o) && tsk_js_array_inherits_nothing(o);
}

static tsk_value length_or_thrown(tsk_js *js, tsk_js_object *o, double length) {
    return tsk_js_array_put_length_of(js, o, (uint64_t)length) ? tsk_js_number(length) : TSK_JS_THROWN;
}

/* Item `from` to `to`, also when it is not there. */
static bool move(tsk_js *js, tsk_js_object *o, uint64_t from, uint64_t to) {
    tsk_value v = tsk_js_array_item(js, o, from);
    if (tsk_js_is_thrown(v) || !tsk_js_worked(js, 1)) return false;
    return tsk_js_is_hole(v) ? tsk_js_array_delete(js, o, to) : tsk_js_set_index(js, o, to, v);
}

/* So many items are moved at once: about as much work as a few when they are looked at. */
static bool moved(tsk_js *js, uint64_t count) {
    return tsk_js_worked(js, (uint32_t)(count / 16));
}

/* ---- at the ends ---- */

tsk_value tsk_js_array_push_method(tsk_js *js, const tsk_js_args *a) {
    if (TSK_LIKELY(tsk_js_is_array(a->this_value) && is_free(tsk_js_as_object(a->this_value)))) {
        tsk_js_array *array = (tsk_js_array *)(void *)tsk_js_as_object(a->this_value);
        for (uint32_t i = 0; i < a->count; i++)
            if (!tsk_js_array_push(js, array, a->values[i])) return TSK_JS_THROWN;
        return tsk_js_number(array->length);
    }
    uint64_t length;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o) return TSK_JS_THROWN;
    if ((double)length + a->count > MOST)
        return tsk_js_throw_type(js,
                                 "Pushing %u elements on an array-like of length %.0f is disallowed, as the total "
                                 "surpasses 2**53-1",
                                 a->count, (double)length);
    for (uint32_t i = 0; i < a->count; i++)
        if (!tsk_js_set_index(js, o, length + i, a->values[i])) return TSK_JS_THROWN;
    return length_or_thrown(js, o, (double)length + a->count);
}

tsk_value tsk_js_array_pop_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o) return TSK_JS_THROWN;
    if (!length) return tsk_js_array_put_length_of(js, o, 0) ? TSK_VALUE_UNDEFINED : TSK_JS_THROWN;
    if (TSK_LIKELY(is_open(o))) {
        tsk_js_elements *e = o->elements;
        tsk_value v = e->items[e->length - 1];
        if (TSK_LIKELY(!tsk_js_is_hole(v))) {
            e->length--;
            tsk_js_array_put_length((tsk_js_array *)(void *)o, e->length);
            return v;
        }
    }
    tsk_value v = tsk_js_get_index(js, o, length - 1);
    if (tsk_js_is_thrown(v) || !tsk_js_array_delete(js, o, length - 1) ||
        !tsk_js_array_put_length_of(js, o, length - 1))
        return TSK_JS_THROWN;
    return v;
}

tsk_value tsk_js_array_shift_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o) return TSK_JS_THROWN;
    if (!length) return tsk_js_array_put_length_of(js, o, 0) ? TSK_VALUE_UNDEFINED : TSK_JS_THROWN;
    if (is_free(o)) {
        tsk_js_elements *e = o->elements;
        tsk_value v = tsk_js_is_hole(e->items[0]) ? TSK_VALUE_UNDEFINED : e->items[0];
        memmove(e->items, e->items + 1, (e->length - 1) * sizeof *e->items);
        e->length--;
        tsk_heap_wrote(js->heap, e);
        tsk_js_array_put_length((tsk_js_array *)(void *)o, e->length);
        return v;
    }
    tsk_value first = tsk_js_get_index(js, o, 0);
    if (tsk_js_is_thrown(first)) return first;
    for (uint64_t i = 1; i < length; i++)
        if (!move(js, o, i, i - 1)) return TSK_JS_THROWN;
    if (!tsk_js_array_delete(js, o, length - 1) || !tsk_js_array_put_length_of(js, o, length - 1)) return TSK_JS_THROWN;
    return first;
}

tsk_value tsk_js_array_unshift_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o) return TSK_JS_THROWN;
    if (a->count && is_free(o) && length + a->count < UINT32_MAX / 2) {
        tsk_js_array *array = (tsk_js_array *)(void *)o;
        for (uint32_t i = 0; i < a->count; i++)
            if (!tsk_js_array_push(js, array, TSK_VALUE_UNDEFINED)) return TSK_JS_THROWN;
        tsk_js_elements *e = o->elements;
        memmove(e->items + a->count, e->items, (size_t)length * sizeof *e->items);
        memcpy(e->items, a->values, a->count * sizeof *e->items);
        tsk_heap_wrote(js->heap, e);
        return tsk_js_number(array->length);
    }
    if (a->count && (double)length + a->count > MOST) return tsk_js_throw_type(js, "Invalid array length");
    for (uint64_t i = a->count ? length : 0; i > 0; i--)
        if (!move(js, o, i - 1, i - 1 + a->count)) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < a->count; i++)
        if (!tsk_js_set_index(js, o, i, a->values[i])) return TSK_JS_THROWN;
    return length_or_thrown(js, o, (double)length + a->count);
}

/* ---- in the middle ---- */

/* Start and number of what splice and toSpliced take out. */
static bool splice_range(tsk_js *js, const tsk_js_args *a, uint64_t length, uint64_t *start, uint64_t *removed) {
    double d;
    if (!tsk_js_array_position(js, a->count ? a->values[0] : tsk_from_i32(0), length, 0, start)) return false;
    *removed = 0;
    if (!a->count) return true;
    *removed = length - *start;
    if (a->count == 1) return true;
    if (!tsk_js_to_integer(js, a->values[1], &d)) return false;
    if (d < (double)*removed) *removed = d > 0 ? (uint64_t)d : 0;
    return true;
}

/* Moves the rest of a dense array; room has been made for what is added. */
static bool splice_dense(tsk_js *js, tsk_js_object *o, uint32_t start, uint32_t removed, uint32_t added,
                         const tsk_value *values) {
    tsk_js_array *array = (tsk_js_array *)(void *)o;
    uint32_t length = array->length, rest = length - start - removed;
    for (uint32_t i = removed; i < added; i++)
        if (!tsk_js_array_push(js, array, TSK_VALUE_UNDEFINED)) return false;
    if (!added && !removed) return true; /* the items of an empty array are shared and constant */
    tsk_js_elements *e = o->elements;
    memmove(e->items + start + added, e->items + start + removed, rest * sizeof *e->items);
    if (added) memcpy(e->items + start, values, added * sizeof *e->items);
    e->length = start + added + rest;
    tsk_js_array_put_length(array, e->length);
    tsk_heap_wrote_range(js->heap, e, e->items + start, added + rest);
    return true;
}

static bool splice_slowly(tsk_js *js, tsk_js_object *o, uint64_t length, uint64_t start, uint64_t removed,
                          uint32_t added, const tsk_value *values) {
    if (added < removed) {
        for (uint64_t i = start; i < length - removed; i++)
            if (!move(js, o, i + removed, i + added)) return false;
        for (uint64_t i = length; i > length - removed + added; i--)
            if (!tsk_js_array_delete(js, o, i - 1)) return false;
    } else if (added > removed) {
        for (uint64_t i = length - removed; i > start; i--)
            if (!move(js, o, i - 1 + removed, i - 1 + added)) return false;
    }
    for (uint32_t i = 0; i < added; i++)
        if (!tsk_js_set_index(js, o, start + i, values[i])) return false;
    return tsk_js_array_put_length_of(js, o, length - removed + added);
}

tsk_value tsk_js_array_splice_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, start, removed;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    tsk_js_result r;
    if (!o || !splice_range(js, a, length, &start, &removed)) return TSK_JS_THROWN;
    uint32_t added = a->count > 2 ? a->count - 2 : 0;
    if ((double)(length - removed) + added > MOST) return tsk_js_throw_type(js, "Invalid array length");
    if (!tsk_js_result_new(js, o, removed, &r)) return TSK_JS_THROWN;
    if (!tsk_js_result_put_all(js, &r, 0, o, start, start + removed)) return TSK_JS_THROWN;
    tsk_value result = tsk_js_result_end(js, &r, removed);
    if (tsk_js_is_thrown(result)) return result;
    bool quick = is_free(o) && o->elements->length == length;
    bool ok = quick ? splice_dense(js, o, (uint32_t)start, (uint32_t)removed, added, a->values + 2)
                    : splice_slowly(js, o, length, start, removed, added, a->values + 2);
    return ok ? result : TSK_JS_THROWN;
}

tsk_value tsk_js_array_reverse_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o) return TSK_JS_THROWN;
    if (is_free(o)) {
        tsk_value *items = o->elements->items;
        if (!moved(js, length)) return TSK_JS_THROWN;
        for (uint32_t i = 0, k = o->elements->length; k > i + 1; i++) {
            tsk_value v = items[i];
            items[i] = items[--k];
            items[k] = v;
        }
        tsk_heap_wrote(js->heap, o->elements);
        return tsk_js_from_object(o);
    }
    for (uint64_t i = 0; i < length / 2; i++) {
        uint64_t k = length - 1 - i;
        tsk_value low = tsk_js_array_item(js, o, i);
        tsk_value high = tsk_js_is_thrown(low) ? low : tsk_js_array_item(js, o, k);
        if (tsk_js_is_thrown(high) || !tsk_js_worked(js, 1)) return TSK_JS_THROWN;
        bool low_there = !tsk_js_is_hole(low), high_there = !tsk_js_is_hole(high);
        if (high_there ? !tsk_js_set_index(js, o, i, high) : low_there && !tsk_js_array_delete(js, o, i))
            return TSK_JS_THROWN;
        if (low_there ? !tsk_js_set_index(js, o, k, low) : high_there && !tsk_js_array_delete(js, o, k))
            return TSK_JS_THROWN;
    }
    return tsk_js_from_object(o);
}

tsk_value tsk_js_array_fill_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, i, end;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o || !tsk_js_array_position(js, tsk_js_arg(a, 1), length, 0, &i) ||
        !tsk_js_array_position(js, tsk_js_arg(a, 2), length, length, &end))
        return TSK_JS_THROWN;
    tsk_value v = tsk_js_arg(a, 0);
    if (i < end && is_free(o) && end <= o->elements->length) {
        tsk_value *items = o->elements->items;
        if (!moved(js, end - i)) return TSK_JS_THROWN;
        for (uint64_t k = i; k < end; k++) items[k] = v;
        tsk_heap_wrote_range(js->heap, o->elements, items + i, end - i);
        i = end;
    }
    for (; i < end; i++)
        if (!tsk_js_set_index(js, o, i, v) || !tsk_js_worked(js, 1)) return TSK_JS_THROWN;
    return tsk_js_from_object(o);
}

tsk_value tsk_js_array_copy_within_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, to, from, end;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o || !tsk_js_array_position(js, tsk_js_arg(a, 0), length, 0, &to) ||
        !tsk_js_array_position(js, tsk_js_arg(a, 1), length, 0, &from) ||
        !tsk_js_array_position(js, tsk_js_arg(a, 2), length, length, &end))
        return TSK_JS_THROWN;
    uint64_t count = end > from ? end - from : 0;
    if (count > length - to) count = length - to;
    bool backwards = from < to && to < from + count;
    for (uint64_t n = 0; n < count; n++) {
        uint64_t i = backwards ? count - 1 - n : n;
        if (!move(js, o, from + i, to + i)) return TSK_JS_THROWN;
    }
    return tsk_js_from_object(o);
}

/* ---- copies ---- */

/* A plain array of `length`; NULL: thrown. */
static tsk_js_array *copy_target(tsk_js *js, double length) {
    if (length > UINT32_MAX) {
        tsk_js_throw_range(js, "Invalid array length");
        return NULL;
    }
    return tsk_js_array_make(js, 0, length < 1024 ? (uint32_t)length : 1024);
}

static bool copy_items(tsk_js *js, tsk_js_array *to, tsk_js_object *o, uint64_t from, uint64_t end) {
    /* Each item is looked at again: a getter may have changed the array. */
    for (uint64_t i = from; i < end; i++) {
        tsk_value v = tsk_js_array_get(js, o, i);
        if (tsk_js_is_thrown(v) || !tsk_js_array_push(js, to, v)) return false;
    }
    return true;
}

tsk_value tsk_js_array_to_reversed_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    tsk_js_array *copy = o ? copy_target(js, (double)length) : NULL;
    for (uint64_t i = length; copy && i > 0; i--) {
        tsk_value v = tsk_js_array_get(js, o, i - 1);
        if (tsk_js_is_thrown(v) || !tsk_js_array_push(js, copy, v)) return TSK_JS_THROWN;
    }
    return copy ? tsk_js_from_object(copy) : TSK_JS_THROWN;
}

tsk_value tsk_js_array_to_spliced_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, start, removed;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o || !splice_range(js, a, length, &start, &removed)) return TSK_JS_THROWN;
    uint32_t added = a->count > 2 ? a->count - 2 : 0;
    double size = (double)(length - removed) + added;
    if (size > MOST) return tsk_js_throw_type(js, "Invalid array length");
    tsk_js_array *copy = copy_target(js, size);
    if (!copy || !copy_items(js, copy, o, 0, start)) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < added; i++)
        if (!tsk_js_array_push(js, copy, a->values[2 + i])) return TSK_JS_THROWN;
    return copy_items(js, copy, o, start + removed, length) ? tsk_js_from_object(copy) : TSK_JS_THROWN;
}

tsk_value tsk_js_array_with_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    double index;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o || !tsk_js_to_integer(js, tsk_js_arg(a, 0), &index)) return TSK_JS_THROWN;
    if (index < 0) index += (double)length;
    if (index < 0 || index >= (double)length) return tsk_js_throw_range(js, "Invalid index : %.0f", index);
    tsk_js_array *copy = copy_target(js, (double)length);
    if (!copy || !copy_items(js, copy, o, 0, (uint64_t)index) || !tsk_js_array_push(js, copy, tsk_js_arg(a, 1)) ||
        !copy_items(js, copy, o, (uint64_t)index + 1, length))
        return TSK_JS_THROWN;
    return tsk_js_from_object(copy);
}
