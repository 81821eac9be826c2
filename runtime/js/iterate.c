/* Loops over iterables from C.
 *
 *   array, untouched ─► its elements, no iterator object
 *   anything else    ─► iterable[Symbol.iterator]() ─► next() ─► { value, done }
 *                                                   └► the library's own next(): a step, no result object
 *
 * An array is untouched when it has no @@iterator of its own, its prototype is the intrinsic one whose @@iterator is the
 * built-in values(), and %ArrayIteratorPrototype%.next is the built-in one: nobody can tell the difference then. */
#include "runtime/js/model.h"

#include "runtime/builtins/library.h"

static tsk_js_key iterator_key(void) {
    return tsk_js_key_symbol(tsk_js_symbols.iterator);
}

/* ---- the quick path ---- */

/* The member of an intrinsic's table that has this name. */
static const tsk_js_member *member_of(tsk_js_intrinsic which, const char *name) {
    const tsk_js_intrinsic_spec *spec = tsk_js_library_spec(which);
    for (uint32_t i = 0; spec && i < spec->count; i++)
        if (!strcmp(spec->members[i].fn.name, name)) return &spec->members[i];
    return NULL;
}

/* Property `key` of the intrinsic is still `member`, or the function that was made of it. */
static bool is_original(tsk_js_object *o, tsk_js_key key, const tsk_js_member *same, const tsk_js_member *function,
                        const tsk_js_object *made, tsk_js_found *f) {
    if (!function || !tsk_js_find_named(o, key, f) || f->attributes & TSK_JS_ACCESSOR) return false;
    tsk_value v = *f->slot;
    if (made && v.bits == tsk_js_from_object(made).bits) return true;
    if (tsk_js_is_cell(v)) {
        const void *cell = tsk_ptr(v);
        return cell == same || cell == function;
    }
    if (!tsk_js_is_class(v, TSK_JS_NATIVE)) return false;
    const tsk_js_native_spec *spec = ((const tsk_js_native *)(const void *)tsk_js_as_object(v))->spec;
    return spec->fn == function->fn.fn && spec->data == function->fn.data;
}

/* No iterator of a loop over arrays can be seen. */
static bool arrays_are_untouched(tsk_js *js) {
    tsk_js_object *arrays = tsk_js_intrinsic_get(js, TSK_JS_I_ArrayPrototype);
    tsk_js_object *iterators = tsk_js_intrinsic_get(js, TSK_JS_I_ArrayIteratorPrototype);
    if (!arrays || !iterators) return false;
    tsk_js_seen *iterator = &js->seen[TSK_JS_SEEN_ITERATOR], *step = &js->seen[TSK_JS_SEEN_NEXT];
    if (TSK_LIKELY(tsk_js_is_as_seen(iterator, arrays) && tsk_js_is_as_seen(step, iterators))) return true;
    static const tsk_js_member *values, *same, *next; /* the same whoever finds them */
    if (!__atomic_load_n(&next, __ATOMIC_ACQUIRE)) {
        __atomic_store_n(&values, member_of(TSK_JS_I_ArrayPrototype, "values"), __ATOMIC_RELEASE);
        __atomic_store_n(&same, member_of(TSK_JS_I_ArrayPrototype, "@@iterator"), __ATOMIC_RELEASE);
        __atomic_store_n(&next, member_of(TSK_JS_I_ArrayIteratorPrototype, "next"), __ATOMIC_RELEASE);
    }
    const tsk_js_member *next_member = __atomic_load_n(&next, __ATOMIC_ACQUIRE);
    tsk_js_found f, g;
    if (!is_original(arrays, iterator_key(), __atomic_load_n(&same, __ATOMIC_ACQUIRE),
                     __atomic_load_n(&values, __ATOMIC_ACQUIRE), js->intrinsics[TSK_JS_I_ArrayProtoValues], &f) ||
        !is_original(iterators, tsk_js_key_atom(tsk_js_atoms.next), next_member, next_member, NULL, &g))
        return false;
    tsk_js_see(iterator, arrays, &f);
    tsk_js_see(step, iterators, &g);
    return true;
}

static bool iterates_quickly(tsk_js *js, tsk_value iterable) {
    if (!tsk_js_is_array(iterable)) return false;
    tsk_js_object *o = tsk_js_as_object(iterable);
    tsk_js_found f;
    if (o->proto != js->intrinsics[TSK_JS_I_ArrayPrototype]) return false;
    if (tsk_js_in_dictionary(o) || tsk_js_shape_at(o->cell.word)->symbols) {
        if (tsk_js_find_named(o, iterator_key(), &f)) return false;
    }
    return arrays_are_untouched(js);
}

/* ---- iterators of the library ---- */

/* The next value; HOLE at the end; THROWN. */
static tsk_value step(tsk_js *js, tsk_js_iterator *it) {
    if (tsk_js_is_undefined(it->target)) return TSK_JS_HOLE; /* once at the end, always */
    switch (it->type) {
    case TSK_JS_I_ArrayIteratorPrototype: return tsk_js_array_step(js, it);
    case TSK_JS_I_StringIteratorPrototype: return tsk_js_string_step(js, it);
    default: return tsk_js_map_step(js, it);
    }
}

tsk_value tsk_js_iterator_next(tsk_js *js, const tsk_js_args *a) {
    tsk_js_iterator *it = tsk_js_is_class(a->this_value, TSK_JS_ITERATOR)
                              ? (tsk_js_iterator *)(void *)tsk_js_as_object(a->this_value)
                              : NULL;
    if (!it || it->type != tsk_js_callee_data(a))
        return tsk_js_throw_type(js, "next method called on incompatible receiver %s",
                                 tsk_js_describe(js, a->this_value));
    tsk_value v = step(js, it);
    if (tsk_js_is_thrown(v)) return v;
    return tsk_js_is_hole(v) ? tsk_js_iterator_result(js, TSK_VALUE_UNDEFINED, true)
                             : tsk_js_iterator_result(js, v, false);
}

/* next() would make a result that nobody but the loop sees. */
static bool is_built_in(const tsk_js_iteration *it) {
    if (!tsk_js_is_class(it->next_method, TSK_JS_NATIVE) || !tsk_js_is_class(it->iterator, TSK_JS_ITERATOR))
        return false;
    const tsk_js_native_spec *spec = ((const tsk_js_native *)(const void *)tsk_js_as_object(it->next_method))->spec;
    return spec->fn == tsk_js_iterator_next &&
           spec->data == ((const tsk_js_iterator *)(const void *)tsk_js_as_object(it->iterator))->type;
}

/* ---- the loop ---- */

bool tsk_js_iterate(tsk_js *js, tsk_value iterable, tsk_js_iteration *it) {
    *it = (tsk_js_iteration){TSK_VALUE_UNDEFINED, TSK_VALUE_UNDEFINED, NULL, 0, false, false};
    if (iterates_quickly(js, iterable)) {
        it->array = (tsk_js_array *)(void *)tsk_js_as_object(iterable);
        return true;
    }
    tsk_value method = TSK_VALUE_UNDEFINED;
    if (!tsk_js_is_nullish(iterable)) method = tsk_js_get_value(js, iterable, iterator_key());
    return !tsk_js_is_thrown(method) && tsk_js_iterate_by(js, iterable, method, it);
}

bool tsk_js_iterate_by(tsk_js *js, tsk_value iterable, tsk_value method, tsk_js_iteration *it) {
    *it = (tsk_js_iteration){TSK_VALUE_UNDEFINED, TSK_VALUE_UNDEFINED, NULL, 0, false, false};
    if (!tsk_js_is_callable(method)) {
        tsk_js_throw_type(js, "%s is not iterable", tsk_js_describe_subject(js, TSK_SCRIPT_ITERATED, iterable));
        return false;
    }
    it->iterator = tsk_js_call(js, method, iterable, 0, NULL);
    if (tsk_js_is_thrown(it->iterator)) return false;
    if (!tsk_js_is_object(it->iterator)) {
        tsk_js_throw_type(js, "Result of the Symbol.iterator method is not an object");
        return false;
    }
    it->next_method = tsk_js_get(js, tsk_js_as_object(it->iterator), tsk_js_key_atom(tsk_js_atoms.next));
    it->built_in = is_built_in(it);
    return !tsk_js_is_thrown(it->next_method);
}

/* `value_read`: false when the program skips the value, which is then not looked at. */
static tsk_value next_of_iterator(tsk_js *js, tsk_js_iteration *it, bool value_read) {
    if (it->built_in) return step(js, (tsk_js_iterator *)(void *)tsk_js_as_object(it->iterator));
    tsk_value result = tsk_js_call(js, it->next_method, it->iterator, 0, NULL);
    if (tsk_js_is_thrown(result)) return result;
    if (!tsk_js_is_object(result))
        return tsk_js_throw_type(js, "Iterator result %s is not an object", tsk_js_describe(js, result));
    tsk_js_object *o = tsk_js_as_object(result);
    tsk_value done = tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.done));
    if (tsk_js_is_thrown(done)) return done;
    if (tsk_js_to_boolean(done)) return TSK_JS_HOLE;
    return value_read ? tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.value)) : TSK_VALUE_UNDEFINED;
}

static tsk_value next(tsk_js *js, tsk_js_iteration *it, bool value_read) {
    if (it->done) return TSK_JS_HOLE;
    tsk_value v;
    if (TSK_LIKELY(it->array != NULL)) {
        if (it->index >= it->array->length)
            v = TSK_JS_HOLE;
        else
            v = tsk_js_get_index(js, &it->array->object, it->index++);
    } else {
        v = next_of_iterator(js, it, value_read);
    }
    /* An iterator that ended or threw is not closed. */
    it->done = tsk_js_is_hole(v) || (tsk_js_is_thrown(v) && !it->array);
    return v;
}

tsk_value tsk_js_iterate_next(tsk_js *js, tsk_js_iteration *it) {
    const tsk_js_object *o = it->array ? &it->array->object : NULL;
    if (TSK_LIKELY(o && !it->done && !(o->cell.flags & (TSK_JS_SPARSE | TSK_JS_EXOTIC)))) {
        tsk_value v = it->index < o->elements->length ? o->elements->items[it->index] : TSK_JS_HOLE;
        if (TSK_LIKELY(!tsk_js_is_hole(v))) {
            it->index++;
            return v;
        }
    }
    return next(js, it, true);
}

bool tsk_js_iterate_skip(tsk_js *js, tsk_js_iteration *it) {
    return !tsk_js_is_thrown(next(js, it, false));
}

bool tsk_js_iterate_close(tsk_js *js, tsk_js_iteration *it) {
    bool pending = tsk_js_has_exception(js), uncatchable = js->uncatchable;
    tsk_value exception = js->exception;
    if (it->done || it->array) return !pending;
    it->done = true;
    if (uncatchable) return false; /* no more code of the program runs */
    js->exception = TSK_JS_HOLE;
    tsk_value method = tsk_js_get(js, tsk_js_as_object(it->iterator), tsk_js_key_atom(tsk_js_atoms.return_));
    tsk_value result = method;
    if (tsk_js_is_nullish(method))
        result = it->iterator; /* nothing to call: as good as an object */
    else if (!tsk_js_is_thrown(method))
        result = tsk_js_call(js, method, it->iterator, 0, NULL);
    if (js->uncatchable) return false;
    if (pending) {
        js->exception = exception;
        return false;
    }
    if (tsk_js_is_thrown(result)) return false;
    if (tsk_js_is_object(result)) return true;
    tsk_js_throw_type(js, "%s is not an object", tsk_js_describe(js, result));
    return false;
}

tsk_value tsk_js_iterator_result(tsk_js *js, tsk_value value, bool done) {
    static tsk_js_shape *made;
    tsk_js_shape *shape = __atomic_load_n(&made, __ATOMIC_ACQUIRE);
    if (TSK_UNLIKELY(!shape)) {
        shape = tsk_js_shape_root(sizeof(tsk_js_object), 4);
        if (shape) shape = tsk_js_shape_add(shape, tsk_js_key_atom(tsk_js_atoms.value), TSK_JS_PLAIN);
        if (shape) shape = tsk_js_shape_add(shape, tsk_js_key_atom(tsk_js_atoms.done), TSK_JS_PLAIN);
        if (!shape) return tsk_js_throw_range(js, "Out of memory");
        __atomic_store_n(&made, shape, __ATOMIC_RELEASE);
    }
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype);
    tsk_js_object *o = proto ? tsk_js_object_shaped(js, proto, shape) : NULL;
    if (!o) return TSK_JS_THROWN;
    o->slots[0] = value;
    o->slots[1] = tsk_from_bool(done);
    tsk_heap_wrote(js->heap, o);
    return tsk_js_from_object(o);
}
