/* Array: methods that call a function for every item, and iterators. */
#include "runtime/builtins/array.h"

#include "runtime/js/collections.h"

/* ---- callbacks ---- */

static tsk_js_object *begin(tsk_js *js, const tsk_js_args *a, uint64_t *length) {
    tsk_js_object *o = tsk_js_array_this(js, a, length);
    if (!o || tsk_js_is_callable(tsk_js_arg(a, 0))) return o;
    tsk_js_throw_type(js, "%s is not a function", tsk_js_describe(js, tsk_js_arg(a, 0)));
    return NULL;
}

static tsk_value call(tsk_js *js, const tsk_js_args *a, tsk_js_object *o, tsk_value v, uint64_t i) {
    tsk_value args[] = {v, tsk_js_number((double)i), tsk_js_from_object(o)};
    return tsk_js_call(js, a->values[0], tsk_js_arg(a, 1), 3, args);
}

tsk_value tsk_js_array_for_each_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    tsk_js_object *o = begin(js, a, &length);
    for (uint64_t i = 0; o && i < length; i++) {
        tsk_value v = tsk_js_array_item(js, o, i);
        if (!tsk_js_is_hole(v) && !tsk_js_is_thrown(v)) v = call(js, a, o, v, i);
        if (tsk_js_is_thrown(v)) return v;
    }
    return o ? TSK_VALUE_UNDEFINED : TSK_JS_THROWN;
}

tsk_value tsk_js_array_map_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    tsk_js_object *o = begin(js, a, &length);
    tsk_js_result r;
    if (!o || !tsk_js_result_new(js, o, length, &r)) return TSK_JS_THROWN;
    for (uint64_t i = 0; i < length; i++) {
        tsk_value v = tsk_js_array_item(js, o, i);
        if (tsk_js_is_hole(v)) continue;
        if (!tsk_js_is_thrown(v)) v = call(js, a, o, v, i);
        if (tsk_js_is_thrown(v) || !tsk_js_result_put(js, &r, i, v)) return TSK_JS_THROWN;
    }
    /* Of another constructor's object the length is not set. */
    return r.plain ? tsk_js_result_end(js, &r, length) : tsk_js_from_object(r.o);
}

tsk_value tsk_js_array_filter_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, count = 0;
    tsk_js_object *o = begin(js, a, &length);
    tsk_js_result r;
    if (!o || !tsk_js_result_new(js, o, 0, &r)) return TSK_JS_THROWN;
    for (uint64_t i = 0; i < length; i++) {
        tsk_value v = tsk_js_array_item(js, o, i), kept = v;
        if (tsk_js_is_hole(v)) continue;
        if (!tsk_js_is_thrown(v)) kept = call(js, a, o, v, i);
        if (tsk_js_is_thrown(kept)) return kept;
        if (tsk_js_to_boolean(kept) && !tsk_js_result_put(js, &r, count++, v)) return TSK_JS_THROWN;
    }
    return tsk_js_from_object(r.o);
}

/* some and every: whether a call gives `stop`. */
static tsk_value test(tsk_js *js, const tsk_js_args *a, bool stop) {
    uint64_t length;
    tsk_js_object *o = begin(js, a, &length);
    for (uint64_t i = 0; o && i < length; i++) {
        tsk_value v = tsk_js_array_item(js, o, i);
        if (tsk_js_is_hole(v)) continue;
        if (!tsk_js_is_thrown(v)) v = call(js, a, o, v, i);
        if (tsk_js_is_thrown(v)) return v;
        if (tsk_js_to_boolean(v) == stop) return tsk_from_bool(stop);
    }
    return o ? tsk_from_bool(!stop) : TSK_JS_THROWN;
}

tsk_value tsk_js_array_some_method(tsk_js *js, const tsk_js_args *a) {
    return test(js, a, true);
}

tsk_value tsk_js_array_every_method(tsk_js *js, const tsk_js_args *a) {
    return test(js, a, false);
}

/* Holes are looked at too. */
static tsk_value find(tsk_js *js, const tsk_js_args *a, bool last, bool index) {
    uint64_t length;
    tsk_js_object *o = begin(js, a, &length);
    for (uint64_t n = 0; o && n < length; n++) {
        uint64_t i = last ? length - 1 - n : n;
        tsk_value v = tsk_js_array_get(js, o, i), found = v;
        if (!tsk_js_is_thrown(v)) found = call(js, a, o, v, i);
        if (tsk_js_is_thrown(found)) return found;
        if (tsk_js_to_boolean(found)) return index ? tsk_js_number((double)i) : v;
    }
    if (!o) return TSK_JS_THROWN;
    return index ? tsk_from_i32(-1) : TSK_VALUE_UNDEFINED;
}

tsk_value tsk_js_array_find_method(tsk_js *js, const tsk_js_args *a) {
    return find(js, a, false, false);
}

tsk_value tsk_js_array_find_index_method(tsk_js *js, const tsk_js_args *a) {
    return find(js, a, false, true);
}

tsk_value tsk_js_array_find_last_method(tsk_js *js, const tsk_js_args *a) {
    return find(js, a, true, false);
}

tsk_value tsk_js_array_find_last_index_method(tsk_js *js, const tsk_js_args *a) {
    return find(js, a, true, true);
}

static tsk_value reduce(tsk_js *js, const tsk_js_args *a, bool right) {
    uint64_t length, n = 0;
    tsk_js_object *o = begin(js, a, &length);
    if (!o) return TSK_JS_THROWN;
    tsk_value sum = a->count > 1 ? a->values[1] : TSK_JS_HOLE;
    for (; tsk_js_is_hole(sum) && n < length; n++) sum = tsk_js_array_item(js, o, right ? length - 1 - n : n);
    if (tsk_js_is_hole(sum)) return tsk_js_throw_type(js, "Reduce of empty array with no initial value");
    for (; !tsk_js_is_thrown(sum) && n < length; n++) {
        uint64_t i = right ? length - 1 - n : n;
        tsk_value v = tsk_js_array_item(js, o, i);
        if (tsk_js_is_hole(v)) continue;
        if (tsk_js_is_thrown(v)) return v;
        tsk_value args[] = {sum, v, tsk_js_number((double)i), tsk_js_from_object(o)};
        sum = tsk_js_call(js, a->values[0], TSK_VALUE_UNDEFINED, 4, args);
    }
    return sum;
}

tsk_value tsk_js_array_reduce_method(tsk_js *js, const tsk_js_args *a) {
    return reduce(js, a, false);
}

tsk_value tsk_js_array_reduce_right_method(tsk_js *js, const tsk_js_args *a) {
    return reduce(js, a, true);
}

/* ---- flat ---- */

static bool flatten(tsk_js *js, const tsk_js_result *r, uint64_t *at, tsk_js_object *o, uint64_t length, double depth) {
    if (js->depth >= TSK_JS_MAX_C_DEPTH) {
        tsk_js_throw_range(js, "Maximum call stack size exceeded");
        return false;
    }
    js->depth++;
    bool ok = true;
    for (uint64_t i = 0; ok && i < length; i++) {
        tsk_value v = tsk_js_array_item(js, o, i);
        uint64_t inner;
        if (tsk_js_is_hole(v)) continue;
        if (tsk_js_is_thrown(v))
            ok = false;
        else if (depth > 0 && tsk_js_is_array(v))
            ok = tsk_js_length_of(js, tsk_js_as_object(v), &inner) &&
                 flatten(js, r, at, tsk_js_as_object(v), inner, depth - 1);
        else
            ok = tsk_js_result_put(js, r, (*at)++, v);
    }
    js->depth--;
    return ok;
}

tsk_value tsk_js_array_flat_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, at = 0;
    double depth = 1;
    tsk_js_result r;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o || (!tsk_js_is_undefined(tsk_js_arg(a, 0)) && !tsk_js_to_integer(js, a->values[0], &depth)) ||
        !tsk_js_result_new(js, o, 0, &r) || !flatten(js, &r, &at, o, length, depth))
        return TSK_JS_THROWN;
    return tsk_js_from_object(r.o);
}

tsk_value tsk_js_array_flat_map_method(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, at = 0;
    tsk_js_result r;
    tsk_js_object *o = begin(js, a, &length);
    if (!o || !tsk_js_result_new(js, o, 0, &r)) return TSK_JS_THROWN;
    for (uint64_t i = 0; i < length; i++) {
        tsk_value v = tsk_js_array_item(js, o, i);
        uint64_t inner;
        if (tsk_js_is_hole(v)) continue;
        if (!tsk_js_is_thrown(v)) v = call(js, a, o, v, i);
        if (tsk_js_is_thrown(v)) return v;
        if (!tsk_js_is_array(v)) {
            if (!tsk_js_result_put(js, &r, at++, v)) return TSK_JS_THROWN;
        } else if (!tsk_js_length_of(js, tsk_js_as_object(v), &inner) ||
                   !flatten(js, &r, &at, tsk_js_as_object(v), inner, 0)) {
            return TSK_JS_THROWN;
        }
    }
    return tsk_js_from_object(r.o);
}

/* ---- iterators ---- */

/* keys, values, entries: data tells which. */
tsk_value tsk_js_array_iterator_method(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_to_object(js, a->this_value);
    tsk_js_object *proto = o ? tsk_js_intrinsic_get(js, TSK_JS_I_ArrayIteratorPrototype) : NULL;
    tsk_js_iterator *it = proto ? tsk_js_object_of_class(js, TSK_JS_ITERATOR, sizeof *it, proto) : NULL;
    if (!it) return TSK_JS_THROWN;
    it->target = tsk_js_from_object(o);
    it->extra = TSK_VALUE_UNDEFINED;
    it->what = (uint8_t)tsk_js_callee_data(a);
    it->type = TSK_JS_I_ArrayIteratorPrototype;
    tsk_heap_wrote(js->heap, it);
    return tsk_js_from_object(it);
}

static tsk_value next(tsk_js *js, const tsk_js_args *a) {
    tsk_js_iterator *it = tsk_js_is_class(a->this_value, TSK_JS_ITERATOR)
                              ? (tsk_js_iterator *)(void *)tsk_js_as_object(a->this_value)
                              : NULL;
    uint64_t length;
    if (!it || it->type != TSK_JS_I_ArrayIteratorPrototype)
        return tsk_js_throw_type(js, "next method called on incompatible receiver %s",
                                 tsk_js_describe(js, a->this_value));
    if (tsk_js_is_undefined(it->target)) return tsk_js_iterator_result(js, TSK_VALUE_UNDEFINED, true);
    tsk_js_object *o = tsk_js_as_object(it->target);
    if (!tsk_js_length_of(js, o, &length)) return TSK_JS_THROWN;
    if (it->position >= length) {
        it->target = TSK_VALUE_UNDEFINED;
        return tsk_js_iterator_result(js, TSK_VALUE_UNDEFINED, true);
    }
    uint32_t i = it->position++;
    if (it->what == TSK_JS_ITERATE_KEYS) return tsk_js_iterator_result(js, tsk_js_number(i), false);
    tsk_value v = tsk_js_array_get(js, o, i);
    if (tsk_js_is_thrown(v) || it->what == TSK_JS_ITERATE_VALUES)
        return tsk_js_is_thrown(v) ? v : tsk_js_iterator_result(js, v, false);
    tsk_value pair[] = {tsk_js_number(i), v};
    const tsk_js_array *both = tsk_js_array_from(js, pair, 2);
    return both ? tsk_js_iterator_result(js, tsk_js_from_object(both), false) : TSK_JS_THROWN;
}

const tsk_js_member tsk_js_array_iterator_members[] = {
    TSK_JS_METHOD("next", next, 0), TSK_JS_TEXT_OF("@@toStringTag", "Array Iterator", TSK_JS_CONFIGURABLE)};
