/* What the files of Array share.
 *
 *   array.c ─ Array, arrays made and put together    array_change.c ─ methods that change the array
 *   array_iterate.c ─ flat, iterators    array_sort.c ─ sort by text
 *   array_iterate.js, array_sort.js ─ methods that call a function, see inner.h
 *
 * Every method works on any object with a length, as the specification says; items of arrays that are stored densely
 * are read and written directly, and looked at again after every call of a function. */
#ifndef TSK_JS_ARRAY_H
#define TSK_JS_ARRAY_H

#include "runtime/builtins/library.h"

/* `this` as an object and its length.  NULL: thrown. */
tsk_js_object *tsk_js_array_this(tsk_js *js, const tsk_js_args *a, uint64_t *length);
/* An item: HOLE when there is none, not even on a prototype. */
tsk_value tsk_js_array_item(tsk_js *js, tsk_js_object *o, uint64_t i);
/* The same, undefined for what is not there. */
TSK_INLINE tsk_value tsk_js_array_get(tsk_js *js, tsk_js_object *o, uint64_t i) {
    if (TSK_LIKELY(!(o->cell.flags & (TSK_JS_SPARSE | TSK_JS_EXOTIC)) && i < o->elements->length)) {
        tsk_value v = o->elements->items[i];
        if (TSK_LIKELY(!tsk_js_is_hole(v))) return v;
    }
    return tsk_js_get_index(js, o, i);
}
/* Items can be taken from o->elements->items[0..length): a plain array without holes in the way, and no prototype could
 * tell. */
bool tsk_js_array_is_dense(const tsk_js_object *o);
/* No prototype has an index: a hole of the object is one for everybody. */
bool tsk_js_array_inherits_nothing(const tsk_js_object *o);
bool tsk_js_array_delete(tsk_js *js, tsk_js_object *o, uint64_t i);
bool tsk_js_array_put_length_of(tsk_js *js, tsk_js_object *o, uint64_t length);
/* A position counted from the end when it is negative, within 0..length. */
bool tsk_js_array_position(tsk_js *js, tsk_value v, uint64_t length, uint64_t otherwise, uint64_t *out);

/* What map, filter, slice ... make: ArraySpeciesCreate. */
typedef struct tsk_js_result {
    tsk_js_object *o;
    bool plain; /* an array of ours, items are put one after the other */
} tsk_js_result;
bool tsk_js_result_new(tsk_js *js, tsk_js_object *original, uint64_t length, tsk_js_result *r);
bool tsk_js_result_put(tsk_js *js, const tsk_js_result *r, uint64_t i, tsk_value v);
/* Items `from` to `end` of an object at position `at` and behind it; holes are left out. */
bool tsk_js_result_put_all(tsk_js *js, const tsk_js_result *r, uint64_t at, tsk_js_object *o, uint64_t from,
                           uint64_t end);
tsk_value tsk_js_result_end(tsk_js *js, const tsk_js_result *r, uint64_t length); /* sets the length */

/* Methods, for the table in array.c. */
#define METHODS(X)                                                                                                     \
    X(push)                                                                                                            \
    X(pop)                                                                                                             \
    X(shift)                                                                                                           \
    X(unshift) X(splice) X(reverse) X(fill) X(copy_within) X(to_reversed) X(to_spliced) X(with) X(flat) X(iterator)
#define X(name) tsk_value tsk_js_array_##name##_method(tsk_js *js, const tsk_js_args *a);
METHODS(X)
#undef X

extern const tsk_js_member tsk_js_array_iterator_members[2];

#endif
