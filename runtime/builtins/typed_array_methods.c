/* Methods of typed arrays that search, change or list, and what typed_array.js asks C for. */
#include "runtime/builtins/inner.h"
#include "runtime/builtins/typed_array.h"
#include "runtime/js/number_text.h"

#include <math.h>

/* ---- for methods that call a function ---- */

static tsk_js_typed_array *argument(const tsk_js_args *a) {
    return (tsk_js_typed_array *)(void *)tsk_js_as_object(a->values[0]);
}

static tsk_value typed_or_thrown(const tsk_js_typed_array *a) {
    return a ? tsk_js_from_object(a) : TSK_JS_THROWN;
}

tsk_value tsk_js_inner_typed_length(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_typed_array *typed = tsk_js_typed_receiver(js, a->values[0]);
    return typed ? tsk_js_number(typed->length) : TSK_JS_THROWN;
}

tsk_value tsk_js_inner_typed_like(tsk_js *js, const tsk_js_args *a) {
    return typed_or_thrown(tsk_js_typed_like(js, argument(a), (uint64_t)tsk_js_as_number(a->values[1])));
}

/* ---- searching ---- */

enum { INCLUDES, INDEX_OF, LAST_INDEX_OF };

tsk_value tsk_js_typed_index_of(tsk_js *js, const tsk_js_args *args) {
    unsigned what = tsk_js_callee_data(args);
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    tsk_value wanted = tsk_js_arg(args, 0), missing = what == INCLUDES ? TSK_VALUE_FALSE : tsk_from_i32(-1);
    if (!a) return TSK_JS_THROWN;
    if (!a->length) return missing;
    int64_t length = a->length, i, step = what == LAST_INDEX_OF ? -1 : 1;
    if (what == LAST_INDEX_OF) {
        double from = (double)length - 1;
        if (args->count > 1 && !tsk_js_to_integer(js, args->values[1], &from)) return TSK_JS_THROWN;
        if (from < 0) from += (double)length;
        i = from < 0 ? -1 : from >= (double)length ? length - 1 : (int64_t)from;
    } else {
        uint64_t from;
        if (!tsk_js_relative_index(js, tsk_js_arg(args, 1), a->length, 0, &from)) return TSK_JS_THROWN;
        i = (int64_t)from;
    }
    if (!tsk_js_is_number(wanted)) return missing;
    double d = tsk_js_as_number(wanted);
    for (; i >= 0 && i < length; i += step) {
        double here = tsk_js_as_number(tsk_js_typed_get(a, (uint32_t)i));
        if (!tsk_js_worked(js, 1)) return TSK_JS_THROWN;
        if (here == d || (what == INCLUDES && here != here && d != d))
            return what == INCLUDES ? TSK_VALUE_TRUE : tsk_js_number((double)i);
    }
    return missing;
}

/* ---- elements ---- */

/* An element as toLocaleString has it.  NULL: thrown. */
static tsk_js_string *locale_text(tsk_js *js, tsk_value v) {
    tsk_js_string *name = tsk_js_atom_utf8("toLocaleString", 14);
    v = name ? tsk_js_invoke(js, v, tsk_js_key_atom(name), 0, NULL) : tsk_js_throw_range(js, "Out of memory");
    return tsk_js_is_thrown(v) ? NULL : tsk_js_to_string(js, v);
}

tsk_value tsk_js_typed_join(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    tsk_js_string *separator = NULL;
    if (!a) return TSK_JS_THROWN;
    bool locale = tsk_js_callee_data(args) != 0; /* toLocaleString */
    if (!locale && !tsk_js_is_undefined(tsk_js_arg(args, 0)) && !(separator = tsk_js_to_string(js, args->values[0])))
        return TSK_JS_THROWN;
    tsk_js_builder out;
    tsk_js_builder_init(&out, js);
    for (uint32_t i = 0; i < a->length && !out.failed; i++) {
        char text[TSK_JS_NUMBER_ROOM];
        tsk_value v = tsk_js_typed_get(a, i);
        if (i && separator) tsk_js_builder_string(&out, separator);
        if (i && !separator) tsk_js_builder_unit(&out, ',');
        tsk_js_string *other = NULL;
        if (locale && !(other = locale_text(js, v))) return TSK_JS_THROWN;
        if (other)
            tsk_js_builder_string(&out, other);
        else
            tsk_js_builder_ascii(&out, text, tsk_js_number_to_text(tsk_js_as_number(v), text));
    }
    tsk_js_string *s = tsk_js_builder_finish(&out);
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

tsk_value tsk_js_typed_at(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    double i;
    if (!a || !tsk_js_to_integer(js, tsk_js_arg(args, 0), &i)) return TSK_JS_THROWN;
    if (i < 0) i += a->length;
    return i >= 0 && i < a->length ? tsk_js_typed_get(a, (uint32_t)i) : TSK_VALUE_UNDEFINED;
}

/* A copy of the same type, whatever the species. */
static tsk_js_typed_array *copy_of(tsk_js *js, const tsk_js_typed_array *a) {
    tsk_js_typed_array *to = tsk_js_typed_array_new(js, (tsk_js_typed_type)a->type, a->length);
    if (to && a->length) memcpy(to->data, a->data, to->array_buffer->buffer->cell.word);
    return to;
}

tsk_value tsk_js_typed_with(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    double i, d;
    if (!a || !tsk_js_to_integer(js, tsk_js_arg(args, 0), &i) || !tsk_js_to_number(js, tsk_js_arg(args, 1), &d))
        return TSK_JS_THROWN;
    if (i < 0) i += a->length;
    if (!(i >= 0 && i < a->length)) return tsk_js_throw_range(js, "Invalid typed array index");
    tsk_js_typed_array *to = copy_of(js, a);
    if (!to || !tsk_js_typed_set(js, to, (uint64_t)i, tsk_js_number(d))) return TSK_JS_THROWN;
    return tsk_js_from_object(to);
}

tsk_value tsk_js_typed_reverse(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    if (a && tsk_js_callee_data(args)) a = copy_of(js, a);
    if (!a) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < a->length / 2; i++) {
        tsk_value low = tsk_js_typed_get(a, i), high = tsk_js_typed_get(a, a->length - 1 - i);
        if (!tsk_js_typed_set(js, a, i, high) || !tsk_js_typed_set(js, a, a->length - 1 - i, low)) return TSK_JS_THROWN;
    }
    return tsk_js_from_object(a);
}

/* ---- sorting by value: merging halves, stable ---- */

/* By value, NaN last, -0 before 0. */
static bool in_order(double a, double b) {
    if (a != a || b != b) return b != b;
    return a < b || (a == b && (a != 0 || signbit(a) || !signbit(b)));
}

/* False, here and below: thrown. */
static bool merge(tsk_js *js, const double *from, double *to, uint32_t low, uint32_t mid, uint32_t high) {
    uint32_t a = low, b = mid;
    for (uint32_t i = low; i < high; i++) {
        if (!tsk_js_worked(js, 1)) return false;
        bool left = a < mid && (b >= high || in_order(from[a], from[b]));
        to[i] = left ? from[a++] : from[b++];
    }
    return true;
}

/* Both hold the same values from `low` to `high`; in the end `to` has them in their order. */
static bool sort_part(tsk_js *js, double *from, double *to, uint32_t low, uint32_t high) {
    uint32_t middle = low + (high - low) / 2;
    if (middle - low > 1 && !sort_part(js, to, from, low, middle)) return false;
    if (high - middle > 1 && !sort_part(js, to, from, middle, high)) return false;
    return merge(js, from, to, low, middle, high);
}

tsk_value tsk_js_inner_typed_sort(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = argument(args);
    tsk_js_typed_array *room = tsk_js_typed_array_new(js, TSK_JS_FLOAT64, 2 * (uint64_t)a->length);
    if (!room) return TSK_JS_THROWN;
    double *values = (double *)room->data;
    for (uint32_t i = 0; i < a->length; i++) values[i] = tsk_js_as_number(tsk_js_typed_get(a, i));
    double *sorted = values + a->length;
    if (a->length) memcpy(sorted, values, a->length * sizeof *values);
    if (a->length > 1 && !sort_part(js, values, sorted, 0, a->length)) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < a->length; i++)
        if (!tsk_js_typed_set(js, a, i, tsk_js_number(sorted[i]))) return TSK_JS_THROWN;
    return tsk_js_from_object(a);
}

tsk_value tsk_js_inner_typed_copy(tsk_js *js, const tsk_js_args *args) {
    const tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->values[0]);
    return a ? typed_or_thrown(copy_of(js, a)) : TSK_JS_THROWN;
}

/* ---- iterators: those of arrays ---- */

tsk_value tsk_js_typed_iterator(tsk_js *js, const tsk_js_args *args) {
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ArrayIteratorPrototype);
    if (!proto || !tsk_js_typed_receiver(js, args->this_value)) return TSK_JS_THROWN;
    tsk_js_iterator *it = (tsk_js_iterator *)tsk_js_object_of_class(js, TSK_JS_ITERATOR, sizeof *it, proto);
    if (!it) return TSK_JS_THROWN;
    it->target = args->this_value;
    it->extra = TSK_VALUE_UNDEFINED;
    it->what = (uint8_t)tsk_js_callee_data(args);
    it->type = TSK_JS_I_ArrayIteratorPrototype;
    tsk_heap_wrote(js->heap, it);
    return tsk_js_from_object(it);
}
