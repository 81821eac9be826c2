/* Operations of the library's own functions: see inner.h. */
#include "runtime/builtins/inner.h"

#include "runtime/builtins/array.h"

/* ---- arguments ---- */

tsk_value tsk_js_inner_object(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_object *o = tsk_js_to_object(js, a->values[0]);
    return o ? tsk_js_from_object(o) : TSK_JS_THROWN;
}

tsk_value tsk_js_inner_length(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    const tsk_js_object *o = tsk_js_as_object(a->values[0]);
    if (TSK_LIKELY(tsk_js_class_of(o) == TSK_JS_ARRAY)) {
        uint32_t count = ((const tsk_js_array *)(const void *)o)->length;
        if (TSK_LIKELY(count <= INT32_MAX)) return tsk_from_i32((int32_t)count);
    }
    return tsk_js_length_of(js, tsk_js_as_object(a->values[0]), &length) ? tsk_js_number((double)length)
                                                                         : TSK_JS_THROWN;
}

tsk_value tsk_js_inner_callable(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = a->values[0];
    if (tsk_js_is_callable(v)) return TSK_VALUE_UNDEFINED;
    if (tsk_js_is_hole(v)) v = TSK_VALUE_UNDEFINED; /* a missing argument */
    return tsk_js_throw_type(js, "%s is not a function", tsk_js_describe(js, v));
}

tsk_value tsk_js_inner_comparator(tsk_js *js, const tsk_js_args *a) {
    if (tsk_js_is_undefined(a->values[0]) || tsk_js_is_callable(a->values[0])) return TSK_VALUE_UNDEFINED;
    return tsk_js_throw_type(js, "The comparison function must be either a function or undefined");
}

tsk_value tsk_js_inner_constructor(tsk_js *js, const tsk_js_args *a) {
    if (tsk_js_is_constructor(a->values[0])) return TSK_VALUE_UNDEFINED;
    return tsk_js_throw_type(js, "%s is not a constructor", tsk_js_describe(js, a->values[0]));
}

/* ---- items ---- */

tsk_value tsk_js_inner_item(tsk_js *js, tsk_value object, tsk_value index) {
    return tsk_js_array_item(js, tsk_js_as_object(object), (uint64_t)tsk_js_as_number(index));
}

bool tsk_js_inner_put(tsk_js *js, tsk_value object, tsk_value index, tsk_value v) {
    tsk_js_key key;
    return tsk_js_index_key(js, (uint64_t)tsk_js_as_number(index), &key) &&
           tsk_js_define(js, tsk_js_as_object(object), key, v, TSK_JS_PLAIN);
}

/* ---- iterables ---- */

tsk_value tsk_js_inner_iterator_of(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = a->values[0];
    if (tsk_js_is_nullish(v)) return tsk_js_throw_type(js, "%s is not iterable", tsk_js_describe(js, v));
    tsk_value method = tsk_js_get_value(js, v, tsk_js_key_symbol(tsk_js_symbols.iterator));
    return tsk_js_is_nullish(method) ? TSK_VALUE_UNDEFINED : method;
}

tsk_value tsk_js_inner_iterate(tsk_js *js, const tsk_js_args *a) {
    tsk_js_iteration_cell *cell = tsk_heap_alloc(js->heap, sizeof *cell, TSK_JS_KIND_ITERATION);
    cell->state.iterator = cell->state.next_method = TSK_VALUE_UNDEFINED;
    tsk_js_iteration state;
    if (!tsk_js_iterate_by(js, a->values[0], a->values[1], &state)) return TSK_JS_THROWN;
    cell->state = state;
    tsk_heap_wrote(js->heap, cell);
    return tsk_from_ptr(TSK_TAG_CELL, cell);
}

tsk_value tsk_js_inner_close(tsk_js *js, const tsk_js_args *a) {
    if (tsk_js_iterate_close(js, &((tsk_js_iteration_cell *)tsk_ptr(a->values[0]))->state)) return TSK_VALUE_UNDEFINED;
    if (js->uncatchable) return TSK_JS_THROWN;
    tsk_js_take_exception(js);
    return TSK_VALUE_UNDEFINED;
}

/* ---- functions that share work ---- */

tsk_value tsk_js_inner_helpers(tsk_js *js, const tsk_js_args *a) {
    (void)a;
    const tsk_js_object *o = tsk_js_intrinsic_get(js, TSK_JS_I_Library);
    return o ? tsk_js_from_object(o) : TSK_JS_THROWN;
}

static const tsk_js_member helpers[] = {
    TSK_JS_LIBRARY_METHOD("replaceText", "Library_replaceText", 4),
    TSK_JS_LIBRARY_METHOD("group", "Library_group", 3),
    TSK_JS_LIBRARY_METHOD("sortTyped", "Library_sortTyped", 3),
    TSK_JS_LIBRARY_METHOD("mergeHalves", "Library_mergeHalves", 5),
    TSK_JS_LIBRARY_METHOD("order", "Library_order", 2),
    TSK_JS_LIBRARY_METHOD("byText", "Library_byText", 2),
    TSK_JS_LIBRARY_METHOD("sort", "Library_sort", 2),
    TSK_JS_LIBRARY_METHOD("run", "Library_run", 4),
    TSK_JS_LIBRARY_METHOD("insert", "Library_insert", 5),
    TSK_JS_LIBRARY_METHOD("collapse", "Library_collapse", 3),
    TSK_JS_LIBRARY_METHOD("merge", "Library_merge", 5),
    TSK_JS_LIBRARY_METHOD("mergeLow", "Library_mergeLow", 5),
    TSK_JS_LIBRARY_METHOD("mergeHigh", "Library_mergeHigh", 5),
    TSK_JS_LIBRARY_METHOD("gallopLeft", "Library_gallopLeft", 6),
    TSK_JS_LIBRARY_METHOD("gallopRight", "Library_gallopRight", 6),
};

/* No program can reach it, so its members are what they are here. */
const tsk_js_intrinsic_spec tsk_js_library_inner[] = {
    {.which = TSK_JS_I_Library, .proto = TSK_JS_INTRINSICS, .members = helpers, .count = TSK_COUNT_OF(helpers)},
    {.which = TSK_JS_INTRINSICS}};
