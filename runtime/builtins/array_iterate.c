/* Array: flat, iterators, and what array_iterate.js asks C for. */
#include "runtime/builtins/array.h"
#include "runtime/builtins/inner.h"

#include "runtime/js/collections.h"

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
        if (tsk_js_is_thrown(v) || !tsk_js_worked(js, 1))
            ok = false;
        else if (tsk_js_is_hole(v))
            continue;
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

/* Items can be put at the end without asking: an array that is dense and takes them. */
static bool is_appendable(const tsk_js_object *o) {
    enum { FIXED = TSK_JS_NOT_EXTENSIBLE | TSK_JS_LENGTH_READ_ONLY };
    return tsk_js_array_is_dense(o) && !(o->cell.flags & FIXED);
}

/* What flatMap does with an answer. */
tsk_value tsk_js_inner_flatten(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_as_object(a->values[0]);
    const tsk_js_result r = {o, is_appendable(o)};
    tsk_value v = a->values[2];
    uint64_t at = (uint64_t)tsk_js_as_number(a->values[1]), inner;
    bool ok = tsk_js_is_array(v) ? tsk_js_length_of(js, tsk_js_as_object(v), &inner) &&
                                       flatten(js, &r, &at, tsk_js_as_object(v), inner, 0)
                                 : tsk_js_result_put(js, &r, at++, v);
    return ok ? tsk_js_number((double)at) : TSK_JS_THROWN;
}

/* ---- for methods that call a function ---- */

tsk_value tsk_js_inner_species(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *original = tsk_js_as_object(a->values[0]);
    double length = tsk_js_as_number(a->values[1]);
    tsk_js_result r;
    if (!tsk_js_result_new(js, original, (uint64_t)length, &r)) return TSK_JS_THROWN;
    if (r.plain && length > 0) {
        tsk_js_array *array = (tsk_js_array *)(void *)r.o;
        if (!tsk_js_array_set_length(js, array, (uint32_t)length)) return TSK_JS_THROWN;
        if (tsk_js_array_is_dense(original) && !tsk_js_elements_reserve(js, r.o, (uint32_t)length))
            return TSK_JS_THROWN;
    }
    return tsk_js_from_object(r.o);
}

tsk_value tsk_js_inner_empty(tsk_js *js, const tsk_js_args *a) {
    (void)a;
    return tsk_js_throw_type(js, "Reduce of empty array with no initial value");
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

tsk_value tsk_js_array_step(tsk_js *js, tsk_js_iterator *it) {
    uint64_t length;
    tsk_js_object *o = tsk_js_as_object(it->target);
    if (!tsk_js_length_of(js, o, &length)) return TSK_JS_THROWN;
    if (it->position >= length) {
        it->target = TSK_VALUE_UNDEFINED;
        return TSK_JS_HOLE;
    }
    uint32_t i = it->position++;
    if (it->what == TSK_JS_ITERATE_KEYS) return tsk_js_number(i);
    tsk_value v = tsk_js_array_get(js, o, i);
    if (tsk_js_is_thrown(v) || it->what == TSK_JS_ITERATE_VALUES) return v;
    tsk_value pair[] = {tsk_js_number(i), v};
    const tsk_js_array *both = tsk_js_array_from(js, pair, 2);
    return both ? tsk_js_from_object(both) : TSK_JS_THROWN;
}

const tsk_js_member tsk_js_array_iterator_members[] = {
    TSK_JS_METHOD_WITH("next", tsk_js_iterator_next, 0, TSK_JS_I_ArrayIteratorPrototype),
    TSK_JS_TEXT_OF("@@toStringTag", "Array Iterator", TSK_JS_CONFIGURABLE)};
