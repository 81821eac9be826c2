/* Array: made, put together, looked through without calling functions. */
#include "runtime/builtins/array.h"
#include "runtime/builtins/inner.h"

#include "runtime/js/model.h"

/* ---- shared ---- */

tsk_js_object *tsk_js_array_this(tsk_js *js, const tsk_js_args *a, uint64_t *length) {
    tsk_js_object *o = tsk_js_to_object(js, a->this_value);
    return o && tsk_js_length_of(js, o, length) ? o : NULL;
}

bool tsk_js_array_is_dense(const tsk_js_object *o) {
    return tsk_js_class_of(o) == TSK_JS_ARRAY && !(o->cell.flags & (TSK_JS_SPARSE | TSK_JS_EXOTIC)) &&
           o->elements->length == ((const tsk_js_array *)(const void *)o)->length;
}

bool tsk_js_array_inherits_nothing(const tsk_js_object *o) {
    for (const tsk_js_object *p = o->proto; p; p = p->proto)
        if (p->elements->length || p->cell.flags & (TSK_JS_SPARSE | TSK_JS_EXOTIC)) return false;
    return true;
}

tsk_value tsk_js_array_item(tsk_js *js, tsk_js_object *o, uint64_t i) {
    if (TSK_LIKELY(!(o->cell.flags & (TSK_JS_SPARSE | TSK_JS_EXOTIC)) && i < o->elements->length)) {
        tsk_value v = o->elements->items[i];
        if (TSK_LIKELY(!tsk_js_is_hole(v))) return v;
    }
    int there = tsk_js_has_index(js, o, i);
    return there > 0 ? tsk_js_get_index(js, o, i) : there < 0 ? TSK_JS_THROWN : TSK_JS_HOLE;
}

bool tsk_js_array_delete(tsk_js *js, tsk_js_object *o, uint64_t i) {
    tsk_js_key key;
    return tsk_js_index_key(js, i, &key) && tsk_js_delete_or_throw(js, o, key);
}

bool tsk_js_array_put_length_of(tsk_js *js, tsk_js_object *o, uint64_t length) {
    return tsk_js_set(js, o, tsk_js_key_atom(tsk_js_atoms.length), tsk_js_number((double)length));
}

bool tsk_js_array_position(tsk_js *js, tsk_value v, uint64_t length, uint64_t otherwise, uint64_t *out) {
    double d;
    *out = otherwise;
    if (tsk_js_is_undefined(v)) return true;
    if (!tsk_js_to_integer(js, v, &d)) return false;
    if (d < 0)
        *out = d + (double)length > 0 ? (uint64_t)(d + (double)length) : 0;
    else
        *out = d < (double)length ? (uint64_t)d : length;
    return true;
}

/* ---- results ---- */

static bool plain_result(tsk_js *js, uint64_t length, tsk_js_result *r) {
    if (length > UINT32_MAX) {
        tsk_js_throw_range(js, "Invalid array length");
        return false;
    }
    tsk_js_array *array = tsk_js_array_make(js, 0, length < 1024 ? (uint32_t)length : 1024);
    *r = (tsk_js_result){array ? &array->object : NULL, true};
    return array != NULL;
}

static tsk_value species(tsk_js *js, const tsk_js_args *a) {
    (void)js;
    return a->this_value;
}

/* @@species of the constructor of arrays is still the function above: what it gives is known without a call. */
static bool has_own_species(tsk_js *js, tsk_js_object *constructor) {
    tsk_js_seen *seen = &js->seen[TSK_JS_SEEN_SPECIES];
    tsk_js_found f;
    if (tsk_js_is_as_seen(seen, constructor)) return true;
    if (!tsk_js_find_named(constructor, tsk_js_key_symbol(tsk_js_symbols.species), &f)) return false;
    tsk_value v = tsk_js_resolve(js, &f);
    const tsk_js_object *get = tsk_js_is_cell(v) ? tsk_js_as_accessor(v)->get : NULL;
    if (!get || get->cell.aux != TSK_JS_NATIVE) return false;
    if (((const tsk_js_native *)(const void *)get)->spec->fn != species) return false;
    tsk_js_see(seen, constructor, &f);
    return true;
}

/* An array without names of its own, and nobody has changed what its prototype says of the constructor. */
static bool is_common(tsk_js *js, const tsk_js_object *o) {
    tsk_js_object *proto = js->intrinsics[TSK_JS_I_ArrayPrototype], *constructor = js->intrinsics[TSK_JS_I_Array];
    if (!constructor || o->proto != proto || tsk_js_in_dictionary(o) || tsk_js_shape_at(o->cell.word)->count)
        return false;
    tsk_js_seen *seen = &js->seen[TSK_JS_SEEN_CONSTRUCTOR];
    if (!tsk_js_is_as_seen(seen, proto)) {
        tsk_js_found f;
        if (!tsk_js_find_named(proto, tsk_js_key_atom(tsk_js_atoms.constructor), &f)) return false;
        if (tsk_js_resolve(js, &f).bits != tsk_js_from_object(constructor).bits) return false;
        tsk_js_see(seen, proto, &f);
    }
    return has_own_species(js, constructor);
}

bool tsk_js_result_new(tsk_js *js, tsk_js_object *original, uint64_t length, tsk_js_result *r) {
    static tsk_js_cache constructors; /* what facts say is true in every realm */
    if (tsk_js_class_of(original) != TSK_JS_ARRAY) return plain_result(js, length, r);
    if (TSK_LIKELY(is_common(js, original))) return plain_result(js, length, r);
    tsk_value c = tsk_js_get_cached(js, tsk_js_from_object(original), tsk_js_atoms.constructor, &constructors);
    if (tsk_js_is_object(c) && tsk_js_as_object(c) == js->intrinsics[TSK_JS_I_Array] &&
        has_own_species(js, tsk_js_as_object(c)))
        return plain_result(js, length, r);
    if (tsk_js_is_object(c)) {
        c = tsk_js_get(js, tsk_js_as_object(c), tsk_js_key_symbol(tsk_js_symbols.species));
        if (c.bits == TSK_VALUE_NULL.bits) c = TSK_VALUE_UNDEFINED;
    }
    if (tsk_js_is_thrown(c)) return false;
    bool intrinsic = tsk_js_is_object(c) && tsk_js_as_object(c) == js->intrinsics[TSK_JS_I_Array];
    if (tsk_js_is_undefined(c) || intrinsic) return plain_result(js, length, r);
    if (!tsk_js_is_constructor(c)) {
        tsk_js_throw_type(js, "object.constructor[Symbol.species] is not a constructor");
        return false;
    }
    tsk_value argument = tsk_js_number((double)length), made = tsk_js_construct(js, c, c, 1, &argument);
    *r = (tsk_js_result){tsk_js_is_object(made) ? tsk_js_as_object(made) : NULL, false};
    return r->o != NULL;
}

bool tsk_js_result_put(tsk_js *js, const tsk_js_result *r, uint64_t i, tsk_value v) {
    tsk_js_key key;
    if (TSK_LIKELY(r->plain && i == r->o->elements->length && !(r->o->cell.flags & TSK_JS_SPARSE)))
        return tsk_js_array_push(js, (tsk_js_array *)(void *)r->o, v);
    return tsk_js_index_key(js, i, &key) && tsk_js_define(js, r->o, key, v, TSK_JS_PLAIN);
}

/* Of a dense array to the end of one of ours, at once. */
static bool append_all(tsk_js *js, tsk_js_object *to, const tsk_js_object *o, uint32_t from, uint32_t count) {
    uint32_t length = to->elements->length;
    if (!tsk_js_elements_reserve(js, to, length + count)) return false;
    tsk_js_elements *e = to->elements;
    memcpy(e->items + length, o->elements->items + from, count * sizeof *e->items);
    e->length = length + count;
    tsk_js_array_put_length((tsk_js_array *)(void *)to, e->length);
    tsk_heap_wrote_range(js->heap, e, e->items + length, count);
    return true;
}

bool tsk_js_result_put_all(tsk_js *js, const tsk_js_result *r, uint64_t at, tsk_js_object *o, uint64_t from,
                           uint64_t end) {
    if (from >= end) return true;
    if (r->plain && at == r->o->elements->length && tsk_js_array_is_dense(r->o) && tsk_js_array_is_dense(o) &&
        end <= o->elements->length && tsk_js_array_inherits_nothing(o) && end - from < UINT32_MAX - at)
        return append_all(js, r->o, o, (uint32_t)from, (uint32_t)(end - from));
    for (uint64_t i = from; i < end; i++) {
        tsk_value v = tsk_js_array_item(js, o, i);
        if (tsk_js_is_thrown(v) || !tsk_js_worked(js, 1)) return false;
        if (!tsk_js_is_hole(v) && !tsk_js_result_put(js, r, at + i - from, v)) return false;
    }
    return true;
}

tsk_value tsk_js_result_end(tsk_js *js, const tsk_js_result *r, uint64_t length) {
    const tsk_js_array *array = (const tsk_js_array *)(const void *)r->o;
    if (r->plain && array->length == length) return tsk_js_from_object(r->o);
    return tsk_js_array_put_length_of(js, r->o, length) ? tsk_js_from_object(r->o) : TSK_JS_THROWN;
}

/* ---- Array ---- */

static tsk_value construct(tsk_js *js, const tsk_js_args *a) {
    tsk_value new_target = tsk_js_is_undefined(a->new_target) ? tsk_js_from_object(a->callee) : a->new_target;
    tsk_js_object *proto = tsk_js_proto_for(js, new_target, TSK_JS_I_ArrayPrototype);
    tsk_js_array *array = proto ? tsk_js_array_make(js, 0, a->count) : NULL;
    if (!array) return TSK_JS_THROWN;
    TSK_HEAP_STORE(js->heap, &array->object, proto, proto);
    if (a->count == 1 && tsk_js_is_number(a->values[0])) {
        double d = tsk_js_as_number(a->values[0]);
        if (!(d >= 0 && d <= UINT32_MAX && d == (double)(uint32_t)d))
            return tsk_js_throw_range(js, "Invalid array length");
        return tsk_js_array_set_length(js, array, (uint32_t)d) ? tsk_js_from_object(array) : TSK_JS_THROWN;
    }
    for (uint32_t i = 0; i < a->count; i++)
        if (!tsk_js_array_push(js, array, a->values[i])) return TSK_JS_THROWN;
    return tsk_js_from_object(array);
}

static tsk_value is_array(tsk_js *js, const tsk_js_args *a) {
    (void)js;
    return tsk_from_bool(tsk_js_is_array(tsk_js_arg(a, 0)));
}

/* What `this` of from and of makes: itself with new, or a plain array.  `count` < 0: no argument. */
static bool result_of_this(tsk_js *js, const tsk_js_args *a, double count, tsk_js_result *r) {
    tsk_value c = a->this_value;
    bool intrinsic = tsk_js_is_object(c) && tsk_js_as_object(c) == js->intrinsics[TSK_JS_I_Array];
    if (intrinsic || !tsk_js_is_constructor(c)) return plain_result(js, count < 0 ? 0 : (uint64_t)count, r);
    tsk_value argument = tsk_js_number(count), made = tsk_js_construct(js, c, c, count >= 0, &argument);
    *r = (tsk_js_result){tsk_js_is_object(made) ? tsk_js_as_object(made) : NULL, false};
    return r->o != NULL;
}

static tsk_value of(tsk_js *js, const tsk_js_args *a) {
    tsk_js_result r;
    if (!result_of_this(js, a, a->count, &r)) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < a->count; i++)
        if (!tsk_js_result_put(js, &r, i, a->values[i])) return TSK_JS_THROWN;
    return tsk_js_result_end(js, &r, a->count);
}

static tsk_value from_iterable(tsk_js *js, const tsk_js_args *a, tsk_value items, tsk_value method) {
    tsk_js_result r;
    tsk_js_iteration it;
    if (!result_of_this(js, a, -1, &r) || !tsk_js_iterate_by(js, items, method, &it)) return TSK_JS_THROWN;
    for (uint64_t i = 0;; i++) {
        tsk_value v = tsk_js_iterate_next(js, &it);
        if (tsk_js_is_thrown(v)) return v;
        if (tsk_js_is_hole(v)) return tsk_js_result_end(js, &r, i);
        if (!tsk_js_result_put(js, &r, i, v)) {
            tsk_js_iterate_close(js, &it);
            return TSK_JS_THROWN;
        }
    }
}

tsk_value tsk_js_inner_from(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_args as_method = {.this_value = a->values[0]};
    const tsk_js_args with_items = {.count = 1, .values = a->values + 1};
    uint64_t length;
    tsk_js_result r;
    tsk_value method = tsk_js_inner_iterator_of(js, &with_items);
    if (tsk_js_is_thrown(method)) return method;
    if (!tsk_js_is_undefined(method)) return from_iterable(js, &as_method, a->values[1], method);
    tsk_js_object *o = tsk_js_to_object(js, a->values[1]);
    if (!o || !tsk_js_length_of(js, o, &length) || !result_of_this(js, &as_method, (double)length, &r))
        return TSK_JS_THROWN;
    for (uint64_t i = 0; i < length; i++) {
        tsk_value v = tsk_js_array_get(js, o, i);
        if (tsk_js_is_thrown(v) || !tsk_js_result_put(js, &r, i, v)) return TSK_JS_THROWN;
    }
    return tsk_js_result_end(js, &r, length);
}

tsk_value tsk_js_inner_made_by(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_args as_method = {.this_value = a->values[0]};
    tsk_js_result r;
    if (!result_of_this(js, &as_method, a->count > 1 ? tsk_js_as_number(a->values[1]) : -1, &r)) return TSK_JS_THROWN;
    return tsk_js_from_object(r.o);
}

tsk_value tsk_js_inner_ended(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_result r = {tsk_js_as_object(a->values[0]), false};
    return tsk_js_result_end(js, &r, (uint64_t)tsk_js_as_number(a->values[1]));
}

/* ---- put together ---- */

static int is_spreadable(tsk_js *js, tsk_value v) {
    if (!tsk_js_is_object(v)) return 0;
    tsk_value flag = tsk_js_get(js, tsk_js_as_object(v), tsk_js_key_symbol(tsk_js_symbols.isConcatSpreadable));
    if (tsk_js_is_thrown(flag)) return -1;
    return tsk_js_is_undefined(flag) ? tsk_js_is_array(v) : tsk_js_to_boolean(flag);
}

static bool concat_one(tsk_js *js, const tsk_js_result *r, tsk_value v, uint64_t *at) {
    int spread = is_spreadable(js, v);
    uint64_t length;
    if (spread < 0) return false;
    if (!spread) return tsk_js_result_put(js, r, (*at)++, v);
    tsk_js_object *o = tsk_js_as_object(v);
    if (!tsk_js_length_of(js, o, &length)) return false;
    if (*at + length > 9007199254740991u) {
        tsk_js_throw_type(js, "Invalid array length");
        return false;
    }
    if (!tsk_js_result_put_all(js, r, *at, o, 0, length)) return false;
    *at += length;
    return true;
}

static tsk_value concat(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_to_object(js, a->this_value);
    tsk_js_result r;
    uint64_t at = 0;
    if (!o || !tsk_js_result_new(js, o, 0, &r) || !concat_one(js, &r, tsk_js_from_object(o), &at)) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < a->count; i++)
        if (!concat_one(js, &r, a->values[i], &at)) return TSK_JS_THROWN;
    return tsk_js_result_end(js, &r, at);
}

static tsk_value slice(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, start, end;
    tsk_js_result r;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o || !tsk_js_array_position(js, tsk_js_arg(a, 0), length, 0, &start) ||
        !tsk_js_array_position(js, tsk_js_arg(a, 1), length, length, &end) ||
        !tsk_js_result_new(js, o, end > start ? end - start : 0, &r))
        return TSK_JS_THROWN;
    if (!tsk_js_result_put_all(js, &r, 0, o, start, end)) return TSK_JS_THROWN;
    return tsk_js_result_end(js, &r, end > start ? end - start : 0);
}

/* Arrays that are being joined: one inside itself is empty text. */
typedef struct joining {
    struct joining *outer;
    const tsk_js_object *o;
} joining;
static _Thread_local joining *joins;

static bool is_joined(const tsk_js_object *o) {
    for (const joining *j = joins; j; j = j->outer)
        if (j->o == o) return true;
    return false;
}

static tsk_js_string *join_items(tsk_js *js, tsk_js_object *o, uint64_t length, tsk_js_string *separator, bool locale) {
    if (length > 1 &&
        separator->length > TSK_JS_MAX_LENGTH / (length - 1)) { /* before billions of holes are looked at */
        tsk_js_throw_range(js, "Invalid string length");
        return NULL;
    }
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    for (uint64_t i = 0; i < length; i++) {
        if (i) tsk_js_builder_string(&text, separator);
        if (text.failed || !tsk_js_worked(js, 1)) return NULL;
        tsk_value v = tsk_js_array_get(js, o, i);
        if (tsk_js_is_thrown(v)) return NULL;
        if (tsk_js_is_nullish(v)) continue;
        if (locale) {
            tsk_js_string *name = tsk_js_atom_utf8("toLocaleString", 14);
            v = name ? tsk_js_invoke(js, v, tsk_js_key_atom(name), 0, NULL) : TSK_JS_THROWN;
            if (tsk_js_is_thrown(v)) return NULL;
        }
        tsk_js_string *s = tsk_js_to_string(js, v);
        if (!s) return NULL;
        tsk_js_builder_string(&text, s);
    }
    return tsk_js_builder_finish(&text);
}

static tsk_value join_with(tsk_js *js, tsk_js_object *o, uint64_t length, tsk_js_string *separator, bool locale) {
    if (is_joined(o)) return tsk_js_from_string(tsk_js_atoms.empty);
    joining j = {joins, o};
    if (js->depth >= TSK_JS_MAX_C_DEPTH) return tsk_js_throw_range(js, "Maximum call stack size exceeded");
    joins = &j;
    js->depth++;
    const tsk_js_string *s = join_items(js, o, length, separator, locale);
    js->depth--;
    joins = j.outer;
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

/* The object that is joined.  Lengths that no array has are refused before anything is looked at, as V8 does. */
static tsk_js_object *joined_this(tsk_js *js, const tsk_js_args *a, uint64_t *length) {
    tsk_js_object *o = tsk_js_array_this(js, a, length);
    if (!o || *length <= UINT32_MAX) return o;
    tsk_js_throw_type(js, "Invalid array length");
    return NULL;
}

static tsk_value join(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    tsk_js_object *o = joined_this(js, a, &length);
    tsk_js_string *separator = NULL;
    if (o)
        separator = tsk_js_is_undefined(tsk_js_arg(a, 0)) ? tsk_js_char_string(js, ',')
                                                          : tsk_js_to_string(js, a->values[0]);
    return separator ? join_with(js, o, length, separator, false) : TSK_JS_THROWN;
}

static tsk_value to_locale_string(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    tsk_js_object *o = joined_this(js, a, &length);
    return o ? join_with(js, o, length, tsk_js_char_string(js, ','), true) : TSK_JS_THROWN;
}

static tsk_value to_string(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_to_object(js, a->this_value);
    tsk_js_string *name = tsk_js_atom_utf8("join", 4);
    tsk_value method = o && name ? tsk_js_get(js, o, tsk_js_key_atom(name)) : TSK_JS_THROWN;
    if (tsk_js_is_thrown(method)) return method;
    if (tsk_js_is_callable(method)) return tsk_js_call(js, method, tsk_js_from_object(o), 0, NULL);
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype);
    method = proto ? tsk_js_get(js, proto, tsk_js_key_atom(tsk_js_atoms.toString)) : TSK_JS_THROWN;
    return tsk_js_is_thrown(method) ? method : tsk_js_call(js, method, tsk_js_from_object(o), 0, NULL);
}

/* ---- looked through ---- */

static tsk_value at(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    double d;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o || !tsk_js_to_integer(js, tsk_js_arg(a, 0), &d)) return TSK_JS_THROWN;
    if (d < 0) d += (double)length;
    return d < 0 || d >= (double)length ? TSK_VALUE_UNDEFINED : tsk_js_array_get(js, o, (uint64_t)d);
}

/* Where one of the items from `i` to `end` is `v`; `end` when none is.  Nothing is called. */
static uint32_t find_in_piece(tsk_js *js, const tsk_value *items, uint32_t i, uint32_t end, tsk_value v, bool nan) {
    if (tsk_js_is_number(v)) {
        double d = tsk_js_as_number(v);
        if (d != d) {
            for (; nan && i < end; i++)
                if (tsk_is_double(items[i]) && tsk_as_double(items[i]) != tsk_as_double(items[i])) return i;
            return end;
        }
        for (; i < end; i++)
            if (items[i].bits == v.bits || (tsk_js_is_number(items[i]) && tsk_js_as_number(items[i]) == d)) return i;
    } else if (tsk_js_is_string(v)) {
        tsk_js_string *s = tsk_js_as_string(v);
        for (; i < end; i++)
            if (tsk_js_is_string(items[i]) && tsk_js_as_string(items[i])->length == s->length &&
                tsk_js_string_equal(js, tsk_js_as_string(items[i]), s))
                return i;
    } else {
        for (; i < end; i++)
            if (items[i].bits == v.bits) return i;
    }
    return end;
}

/* The same of a dense array; its length when none is.  False: thrown. */
static bool find_item(tsk_js *js, const tsk_js_elements *e, uint64_t from, tsk_value v, bool nan, uint32_t *found) {
    enum { PIECE = 1 << 16 };
    uint32_t length = e->length;
    for (uint32_t i = (uint32_t)from, end;; i = end) {
        end = length - i < PIECE ? length : i + PIECE;
        *found = find_in_piece(js, e->items, i, end, v, nan);
        if (*found < end || end == length) return true;
        if (!tsk_js_worked(js, PIECE / 4)) return false;
    }
}

/* An array that can be searched so: all there is, is in it. */
static bool is_searchable(const tsk_js_object *o, uint64_t length) {
    return tsk_js_array_is_dense(o) && o->elements->length == length && tsk_js_array_inherits_nothing(o);
}

static tsk_value includes(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, i;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o) return TSK_JS_THROWN;
    if (!length) return TSK_VALUE_FALSE;
    if (!tsk_js_array_position(js, tsk_js_arg(a, 1), length, 0, &i)) return TSK_JS_THROWN;
    if (is_searchable(o, length) && !tsk_js_is_undefined(tsk_js_arg(a, 0))) { /* holes are undefined too */
        uint32_t found;
        if (!find_item(js, o->elements, i, a->values[0], true, &found)) return TSK_JS_THROWN;
        return tsk_from_bool(found < length);
    }
    for (; i < length; i++) {
        tsk_value v = tsk_js_array_get(js, o, i);
        if (tsk_js_is_thrown(v) || !tsk_js_worked(js, 1)) return TSK_JS_THROWN;
        if (tsk_js_same_value_zero(js, v, tsk_js_arg(a, 0))) return TSK_VALUE_TRUE;
    }
    return TSK_VALUE_FALSE;
}

static tsk_value index_of(tsk_js *js, const tsk_js_args *a) {
    uint64_t length, i;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o) return TSK_JS_THROWN;
    if (!length) return tsk_from_i32(-1);
    if (!tsk_js_array_position(js, tsk_js_arg(a, 1), length, 0, &i)) return TSK_JS_THROWN;
    if (is_searchable(o, length)) {
        uint32_t found;
        if (!find_item(js, o->elements, i, tsk_js_arg(a, 0), false, &found)) return TSK_JS_THROWN;
        return found < length ? tsk_js_number(found) : tsk_from_i32(-1);
    }
    for (; i < length; i++) {
        tsk_value v = tsk_js_array_item(js, o, i);
        if (tsk_js_is_thrown(v) || !tsk_js_worked(js, 1)) return TSK_JS_THROWN;
        if (!tsk_js_is_hole(v) && tsk_js_strict_equals(js, v, tsk_js_arg(a, 0))) return tsk_js_number((double)i);
    }
    return tsk_from_i32(-1);
}

static tsk_value last_index_of(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    double from_index;
    tsk_js_object *o = tsk_js_array_this(js, a, &length);
    if (!o) return TSK_JS_THROWN;
    if (!length) return tsk_from_i32(-1);
    from_index = (double)length - 1;
    if (a->count > 1) {
        double d;
        if (!tsk_js_to_integer(js, a->values[1], &d)) return TSK_JS_THROWN;
        if (d < 0)
            from_index = (double)length + d;
        else if (d < from_index)
            from_index = d;
    }
    for (double i = from_index; i >= 0; i--) {
        tsk_value v = tsk_js_array_item(js, o, (uint64_t)i);
        if (tsk_js_is_thrown(v) || !tsk_js_worked(js, 1)) return TSK_JS_THROWN;
        if (!tsk_js_is_hole(v) && tsk_js_strict_equals(js, v, tsk_js_arg(a, 0))) return tsk_js_number(i);
    }
    return tsk_from_i32(-1);
}

/* ---- tables ---- */

#define OURS(name, length) TSK_JS_LIBRARY_METHOD(name, "Array_" name, length)

static const tsk_js_member constructor[] = {
    TSK_JS_OBJECT_OF("prototype", ArrayPrototype, 0),
    TSK_JS_METHOD("isArray", is_array, 1),
    OURS("from", 1),
    TSK_JS_METHOD("of", of, 0),
    TSK_JS_ACCESSOR_OF("@@species", species, NULL),
};

#define OWN(name, method, length) TSK_JS_METHOD(name, tsk_js_array_##method##_method, length)
#define OWN_WITH(name, method, length, data) TSK_JS_METHOD_WITH(name, tsk_js_array_##method##_method, length, data)

static const tsk_js_member prototype[] = {
    TSK_JS_OBJECT_OF("constructor", Array, TSK_JS_HIDDEN),
    TSK_JS_METHOD("at", at, 1),
    TSK_JS_METHOD("concat", concat, 1),
    OWN("copyWithin", copy_within, 2),
    OWN("fill", fill, 1),
    OURS("find", 1),
    OURS("findIndex", 1),
    OURS("findLast", 1),
    OURS("findLastIndex", 1),
    TSK_JS_METHOD("lastIndexOf", last_index_of, 1),
    OWN("pop", pop, 0),
    OWN("push", push, 1),
    OWN("reverse", reverse, 0),
    OWN("shift", shift, 0),
    OWN("unshift", unshift, 1),
    TSK_JS_METHOD("slice", slice, 2),
    OURS("sort", 1),
    OWN("splice", splice, 2),
    TSK_JS_METHOD("includes", includes, 1),
    TSK_JS_METHOD("indexOf", index_of, 1),
    TSK_JS_METHOD("join", join, 1),
    OWN_WITH("keys", iterator, 0, 0),
    OWN_WITH("entries", iterator, 0, 2),
    TSK_JS_OBJECT_OF("values", ArrayProtoValues, TSK_JS_HIDDEN),
    OURS("forEach", 1),
    OURS("filter", 1),
    OWN("flat", flat, 0),
    OURS("flatMap", 1),
    OURS("map", 1),
    OURS("every", 1),
    OURS("some", 1),
    OURS("reduce", 1),
    OURS("reduceRight", 1),
    TSK_JS_METHOD("toLocaleString", to_locale_string, 0),
    TSK_JS_OBJECT_OF("toString", ArrayProtoToString, TSK_JS_HIDDEN),
    OWN("toReversed", to_reversed, 0),
    OURS("toSorted", 1),
    OWN("toSpliced", to_spliced, 2),
    OWN("with", with, 2),
    TSK_JS_OBJECT_OF("@@iterator", ArrayProtoValues, TSK_JS_HIDDEN),
    TSK_JS_OBJECT_OF("@@unscopables", ArrayUnscopables, TSK_JS_CONFIGURABLE),
};

static void list_unscopables(tsk_js *js, tsk_js_object *o) {
    static const char *const names[] = {"at",       "copyWithin",    "entries",  "fill",     "find",     "findIndex",
                                        "findLast", "findLastIndex", "flat",     "flatMap",  "includes", "keys",
                                        "values",   "toReversed",    "toSorted", "toSpliced"};
    for (uint32_t i = 0; i < TSK_COUNT_OF(names); i++) {
        tsk_js_string *name = tsk_js_atom_utf8(names[i], strlen(names[i]));
        if (!name || !tsk_js_define(js, o, tsk_js_key_atom(name), TSK_VALUE_TRUE, TSK_JS_PLAIN)) return;
    }
}

static tsk_value give_this(tsk_js *js, const tsk_js_args *a) {
    (void)js;
    return a->this_value;
}

static const tsk_js_member iterator_prototype[] = {TSK_JS_METHOD("@@iterator", give_this, 0)};

const tsk_js_intrinsic_spec tsk_js_library_array[] = {
    {.which = TSK_JS_I_ArrayPrototype,
     .proto = TSK_JS_I_ObjectPrototype,
     .cls = TSK_JS_ARRAY,
     .members = prototype,
     .count = TSK_COUNT_OF(prototype)},
    {.which = TSK_JS_I_Array,
     .proto = TSK_JS_I_FunctionPrototype,
     .cls = TSK_JS_NATIVE,
     .fn = {"Array", construct, 1, TSK_JS_CONSTRUCTOR, 0},
     .members = constructor,
     .count = TSK_COUNT_OF(constructor)},
    TSK_JS_SHARED_FUNCTION(ArrayProtoValues, "values", tsk_js_array_iterator_method, 0, 1),
    {.which = TSK_JS_I_ArrayUnscopables, .proto = TSK_JS_INTRINSICS, .init = list_unscopables},
    TSK_JS_SHARED_FUNCTION(ArrayProtoToString, "toString", to_string, 0, 0),
    {.which = TSK_JS_I_IteratorPrototype,
     .proto = TSK_JS_I_ObjectPrototype,
     .members = iterator_prototype,
     .count = TSK_COUNT_OF(iterator_prototype)},
    {.which = TSK_JS_I_ArrayIteratorPrototype,
     .proto = TSK_JS_I_IteratorPrototype,
     .members = tsk_js_array_iterator_members,
     .count = 2},
    {.which = TSK_JS_INTRINSICS}};
