/* Methods of typed arrays that call back, search, sort or list. */
#include "runtime/builtins/typed_array.h"
#include "runtime/js/number_text.h"

#include <math.h>

/* ---- callbacks ---- */

static bool callback(tsk_js *js, const tsk_js_args *args, tsk_js_typed_array **a) {
    *a = tsk_js_typed_receiver(js, args->this_value);
    if (!*a) return false;
    if (tsk_js_is_callable(tsk_js_arg(args, 0))) return true;
    tsk_js_throw_type(js, "%s is not a function", tsk_js_describe(js, tsk_js_arg(args, 0)));
    return false;
}

static tsk_value call_with(tsk_js *js, const tsk_js_args *args, tsk_value v, uint32_t i) {
    tsk_value with[3] = {v, tsk_js_number(i), args->this_value};
    return tsk_js_call(js, args->values[0], tsk_js_arg(args, 1), 3, with);
}

static tsk_value found(tsk_js_typed_search what, tsk_value v, uint32_t i) {
    switch (what) {
    case TSK_JS_TYPED_EVERY: return TSK_VALUE_FALSE;
    case TSK_JS_TYPED_SOME: return TSK_VALUE_TRUE;
    case TSK_JS_TYPED_FIND:
    case TSK_JS_TYPED_FIND_LAST: return v;
    default: return tsk_js_number(i);
    }
}

static tsk_value not_found(tsk_js_typed_search what) {
    switch (what) {
    case TSK_JS_TYPED_EVERY: return TSK_VALUE_TRUE;
    case TSK_JS_TYPED_SOME: return TSK_VALUE_FALSE;
    case TSK_JS_TYPED_FIND_INDEX:
    case TSK_JS_TYPED_FIND_LAST_INDEX: return tsk_from_i32(-1);
    default: return TSK_VALUE_UNDEFINED;
    }
}

tsk_value tsk_js_typed_search_with(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_search what = (tsk_js_typed_search)tsk_js_callee_data(args);
    bool last = what == TSK_JS_TYPED_FIND_LAST || what == TSK_JS_TYPED_FIND_LAST_INDEX;
    tsk_js_typed_array *a;
    if (!callback(js, args, &a)) return TSK_JS_THROWN;
    for (uint32_t n = 0; n < a->length; n++) {
        uint32_t i = last ? a->length - 1 - n : n;
        tsk_value v = tsk_js_typed_get(a, i), answer = call_with(js, args, v, i);
        if (tsk_js_is_thrown(answer)) return answer;
        if (what == TSK_JS_TYPED_FOR_EACH) continue;
        if (tsk_js_to_boolean(answer) != (what == TSK_JS_TYPED_EVERY)) return found(what, v, i);
    }
    return not_found(what);
}

tsk_value tsk_js_typed_reduce(tsk_js *js, const tsk_js_args *args) {
    bool right = tsk_js_callee_data(args) != 0;
    tsk_js_typed_array *a;
    uint32_t n = 0;
    if (!callback(js, args, &a)) return TSK_JS_THROWN;
    tsk_value result = tsk_js_arg(args, 1);
    if (args->count < 2) {
        if (!a->length) return tsk_js_throw_type(js, "Reduce of empty array with no initial value");
        result = tsk_js_typed_get(a, right ? a->length - 1 : 0);
        n = 1;
    }
    for (; n < a->length; n++) {
        uint32_t i = right ? a->length - 1 - n : n;
        tsk_value with[4] = {result, tsk_js_typed_get(a, i), tsk_js_number(i), args->this_value};
        result = tsk_js_call(js, args->values[0], TSK_VALUE_UNDEFINED, 4, with);
        if (tsk_js_is_thrown(result)) return result;
    }
    return result;
}

tsk_value tsk_js_typed_map(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a;
    if (!callback(js, args, &a)) return TSK_JS_THROWN;
    tsk_js_typed_array *to = tsk_js_typed_like(js, a, a->length);
    for (uint32_t i = 0; to && i < a->length; i++) {
        tsk_value v = call_with(js, args, tsk_js_typed_get(a, i), i);
        if (tsk_js_is_thrown(v) || !tsk_js_typed_set(js, to, i, v)) return TSK_JS_THROWN;
    }
    return to ? tsk_js_from_object(to) : TSK_JS_THROWN;
}

tsk_value tsk_js_typed_filter(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a;
    if (!callback(js, args, &a)) return TSK_JS_THROWN;
    tsk_js_array *kept = tsk_js_array_make(js, 0, 0);
    if (!kept) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < a->length; i++) {
        tsk_value v = tsk_js_typed_get(a, i), answer = call_with(js, args, v, i);
        if (tsk_js_is_thrown(answer)) return answer;
        if (tsk_js_to_boolean(answer) && !tsk_js_array_push(js, kept, v)) return TSK_JS_THROWN;
    }
    tsk_js_typed_array *to = tsk_js_typed_like(js, a, kept->length);
    for (uint32_t i = 0; to && i < kept->length; i++)
        if (!tsk_js_typed_set(js, to, i, tsk_js_get_index(js, &kept->object, i))) return TSK_JS_THROWN;
    return to ? tsk_js_from_object(to) : TSK_JS_THROWN;
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
        tsk_js_typed_set(js, a, i, high);
        tsk_js_typed_set(js, a, a->length - 1 - i, low);
    }
    return tsk_js_from_object(a);
}

/* ---- sorting: merging halves, stable; values are compared in the order in which V8 does it ---- */

typedef struct sorter {
    tsk_js *js;
    tsk_value compare; /* undefined: by value, NaN last, -0 before 0 */
    bool failed;
} sorter;

static bool in_order(sorter *s, double a, double b) {
    if (tsk_js_is_undefined(s->compare)) {
        if (a != a || b != b) return b != b;
        return a < b || (a == b && (a != 0 || signbit(a) || !signbit(b)));
    }
    tsk_value with[2] = {tsk_js_number(a), tsk_js_number(b)};
    tsk_value v = tsk_js_call(s->js, s->compare, TSK_VALUE_UNDEFINED, 2, with);
    double d = 0;
    s->failed |= tsk_js_is_thrown(v) || !tsk_js_to_number(s->js, v, &d);
    return !(d > 0);
}

static void merge(sorter *s, const double *from, double *to, uint32_t low, uint32_t mid, uint32_t high) {
    uint32_t a = low, b = mid;
    for (uint32_t i = low; i < high && !s->failed; i++) {
        bool left = a < mid && (b >= high || in_order(s, from[a], from[b]));
        to[i] = left ? from[a++] : from[b++];
    }
}

/* Both hold the same values from `low` to `high`; in the end `to` has them in their order. */
static void sort_part(sorter *s, double *from, double *to, uint32_t low, uint32_t high) {
    uint32_t middle = low + (high - low) / 2;
    if (middle - low > 1) sort_part(s, to, from, low, middle);
    if (high - middle > 1) sort_part(s, to, from, middle, high);
    merge(s, from, to, low, middle, high);
}

tsk_value tsk_js_typed_sort(tsk_js *js, const tsk_js_args *args) {
    sorter s = {js, tsk_js_arg(args, 0), false};
    if (!tsk_js_is_undefined(s.compare) && !tsk_js_is_callable(s.compare))
        return tsk_js_throw_type(js, "The comparison function must be either a function or undefined");
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    if (a && tsk_js_callee_data(args)) a = copy_of(js, a);
    if (!a) return TSK_JS_THROWN;
    tsk_js_typed_array *room = tsk_js_typed_array_new(js, TSK_JS_FLOAT64, 2 * (uint64_t)a->length);
    if (!room) return TSK_JS_THROWN;
    double *values = (double *)room->data;
    for (uint32_t i = 0; i < a->length; i++) values[i] = tsk_js_as_number(tsk_js_typed_get(a, i));
    double *sorted = values + a->length;
    if (a->length) memcpy(sorted, values, a->length * sizeof *values);
    if (a->length > 1) sort_part(&s, values, sorted, 0, a->length);
    if (s.failed) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < a->length; i++) tsk_js_typed_set(js, a, i, tsk_js_number(sorted[i]));
    return tsk_js_from_object(a);
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
