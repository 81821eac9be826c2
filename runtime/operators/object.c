/* Objects: keys, values, paths, merging and choosing.  Every result is a new object. */
#include "runtime/operators/internal.h"

TSK_OPERATOR(keys) {
    TSK_CALL("keys");
    tsk_array *list = tsk_array_new(cx->heap, 8);
    if (tsk_is_array(args[0])) {
        for (uint32_t i = 0; i < tsk_as_array(args[0])->count; i++)
            tsk_array_push(cx->heap, list, tsk_int(cx->heap, i));
    } else {
        const tsk_object *o;
        if (!tsk_arg_object(&call, 0, &o)) return false;
        for (uint32_t i = 0; i < o->count; i++)
            tsk_array_push(cx->heap, list, tsk_str_borrow(cx->heap, o->entries[i].key, o->entries[i].key_len));
    }
    *out = tsk_from_array(list);
    return true;
}

TSK_OPERATOR(values) {
    TSK_CALL("values");
    const tsk_object *o;
    if (tsk_is_array(args[0])) return *out = args[0], true;
    if (!tsk_arg_object(&call, 0, &o)) return false;
    tsk_array *list = tsk_array_new(cx->heap, o->count);
    for (uint32_t i = 0; i < o->count; i++) tsk_array_push(cx->heap, list, o->entries[i].value);
    *out = tsk_from_array(list);
    return true;
}

/* [[key, value], ..] */
TSK_OPERATOR(entries) {
    TSK_CALL("entries");
    const tsk_object *o;
    if (!tsk_arg_object(&call, 0, &o)) return false;
    tsk_array *list = tsk_array_new(cx->heap, o->count);
    for (uint32_t i = 0; i < o->count; i++) {
        tsk_array *pair = tsk_array_new(cx->heap, 2);
        tsk_array_push(cx->heap, pair, tsk_str_borrow(cx->heap, o->entries[i].key, o->entries[i].key_len));
        tsk_array_push(cx->heap, pair, o->entries[i].value);
        tsk_array_push(cx->heap, list, tsk_from_array(pair));
    }
    *out = tsk_from_array(list);
    return true;
}

static void set_key(tsk_op_context *cx, tsk_object *o, tsk_value key, tsk_value v) {
    tsk_slice name = tsk_as_slice(tsk_value_string(cx->heap, key));
    tsk_object_set(cx->heap, o, name.len ? name.ptr : "", name.len, v);
}

TSK_OPERATOR(from_entries) {
    TSK_CALL("from_entries");
    const tsk_array *list;
    if (!tsk_arg_array(&call, 0, &list)) return false;
    tsk_object *o = tsk_object_new(cx->heap, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        if (!tsk_is_array(list->items[i]) || tsk_as_array(list->items[i])->count != 2)
            return tsk_op_fail(cx, TSK_E_ARGUMENT, "from_entries: item %u must be a pair of key and value, got %s",
                               i + 1, tsk_op_show(cx, list->items[i]));
        set_key(cx, o, tsk_as_array(list->items[i])->items[0], tsk_as_array(list->items[i])->items[1]);
    }
    *out = tsk_from_object(o);
    return true;
}

/* has(object, "a.b") */
TSK_OPERATOR(has) {
    TSK_CALL("has");
    tsk_slice path;
    tsk_value v;
    if (!tsk_arg_text(&call, 1, &path)) return false;
    *out = tsk_from_bool(tsk_path_get(args[0], path, &v));
    return true;
}

/* get(object, "a.b"[, otherwise]) */
TSK_OPERATOR(get) {
    TSK_CALL("get");
    tsk_slice path;
    if (!tsk_arg_text(&call, 1, &path)) return false;
    if (!tsk_path_get(args[0], path, out)) *out = count > 2 ? args[2] : TSK_VALUE_NULL;
    return true;
}

static tsk_object *copy_of(tsk_op_context *cx, const tsk_object *o, uint32_t more) {
    tsk_object *copy = tsk_object_new(cx->heap, o->count + more);
    for (uint32_t i = 0; i < o->count; i++)
        tsk_object_slot(cx->heap, copy, o->entries[i].key, o->entries[i].key_len, o->entries[i].hash, NULL)->value =
            o->entries[i].value;
    return copy;
}

/* A copy of `v` with the path set; objects are made where they are missing. */
static tsk_value with_path(tsk_op_context *cx, tsk_value v, tsk_slice path, tsk_value set) {
    if (!path.len) return set;
    const char *dot = memchr(path.ptr, '.', path.len);
    tsk_slice name = {path.ptr, dot ? (uint32_t)(dot - path.ptr) : path.len};
    tsk_slice rest = {path.ptr + name.len + (dot != NULL), path.len - name.len - (dot != NULL)};
    tsk_value index;
    if (tsk_is_array(v) && tsk_number_parse(cx->heap, name.ptr, name.len, &index) && tsk_is_i32(index) &&
        tsk_as_i32(index) >= 0 && (uint32_t)tsk_as_i32(index) < tsk_as_array(v)->count) {
        const tsk_array *list = tsk_as_array(v);
        tsk_array *copy = tsk_array_new(cx->heap, list->count);
        for (uint32_t i = 0; i < list->count; i++) tsk_array_push(cx->heap, copy, list->items[i]);
        tsk_value *place = &copy->items[tsk_as_i32(index)];
        *place = with_path(cx, *place, rest, set);
        return tsk_from_array(copy);
    }
    tsk_object *o = tsk_is_object(v) ? copy_of(cx, tsk_as_object(v), 1) : tsk_object_new(cx->heap, 1);
    const tsk_entry *e = tsk_object_find(o, name.ptr, name.len);
    tsk_object_set(cx->heap, o, name.ptr, name.len, with_path(cx, e ? e->value : TSK_VALUE_NULL, rest, set));
    return tsk_from_object(o);
}

#define PATH_MAX_LEN 1000 /* bounds the recursion of with_path */

TSK_OPERATOR(set) {
    TSK_CALL("set");
    tsk_slice path;
    if (!tsk_is_object(args[0]) && !tsk_is_array(args[0]) && !tsk_is_null(args[0]))
        return tsk_arg_wrong(&call, 0, "an object");
    if (!tsk_arg_text(&call, 1, &path)) return false;
    if (!path.len || path.len > PATH_MAX_LEN) return tsk_arg_wrong(&call, 1, "a path such as \"a.b\"");
    *out = with_path(cx, args[0], path, args[2]);
    return true;
}

static bool merged(const tsk_call *call, bool deep, tsk_value *out) {
    tsk_arena *heap = call->cx->heap;
    tsk_object *sum = tsk_object_new(heap, 8);
    tsk_value deep_sum = tsk_from_object(sum);
    for (uint32_t i = 0; i < call->count; i++) {
        const tsk_object *o;
        if (tsk_is_null(call->args[i])) continue;
        if (!tsk_arg_object(call, i, &o)) return false;
        if (deep) deep_sum = tsk_object_deep_merge(heap, deep_sum, call->args[i]);
        for (uint32_t k = 0; k < o->count && !deep; k++)
            tsk_object_slot(heap, sum, o->entries[k].key, o->entries[k].key_len, o->entries[k].hash, NULL)->value =
                o->entries[k].value;
    }
    *out = deep ? deep_sum : tsk_from_object(sum);
    return true;
}

TSK_OPERATOR(merge) {
    TSK_CALL("merge");
    return merged(&call, false, out);
}

TSK_OPERATOR(deep_merge) {
    TSK_CALL("deep_merge");
    return merged(&call, true, out);
}

/* Values are immutable, so a copy is the value. */
TSK_OPERATOR(clone) {
    (void)cx;
    *out = args[0];
    return true;
}

/* The further arguments are keys or lists of keys. */
static bool named(const tsk_call *call, tsk_object *names) {
    for (uint32_t i = 1; i < call->count; i++) {
        const tsk_array *list = tsk_is_array(call->args[i]) ? tsk_as_array(call->args[i]) : NULL;
        tsk_slice name;
        for (uint32_t k = 0; list && k < list->count; k++) set_key(call->cx, names, list->items[k], TSK_VALUE_TRUE);
        if (list) continue;
        if (!tsk_arg_text(call, i, &name)) return false;
        set_key(call->cx, names, call->args[i], TSK_VALUE_TRUE);
    }
    return true;
}

static bool chosen(const tsk_call *call, bool keep, tsk_value *out) {
    const tsk_object *o;
    tsk_object *names = tsk_object_new(call->cx->heap, 8), *result = tsk_object_new(call->cx->heap, 8);
    if (!tsk_arg_object(call, 0, &o) || !named(call, names)) return false;
    for (uint32_t i = 0; i < o->count; i++) {
        const tsk_entry *e = &o->entries[i];
        if ((tsk_object_find_hashed(names, e->key, e->key_len, e->hash) != NULL) == keep)
            tsk_object_slot(call->cx->heap, result, e->key, e->key_len, e->hash, NULL)->value = e->value;
    }
    *out = tsk_from_object(result);
    return true;
}

TSK_OPERATOR(pick) {
    TSK_CALL("pick");
    return chosen(&call, true, out);
}

TSK_OPERATOR(omit) {
    TSK_CALL("omit");
    return chosen(&call, false, out);
}

TSK_OPERATOR(invert) {
    TSK_CALL("invert");
    const tsk_object *o;
    if (!tsk_arg_object(&call, 0, &o)) return false;
    tsk_object *turned = tsk_object_new(cx->heap, o->count);
    for (uint32_t i = 0; i < o->count; i++)
        set_key(cx, turned, o->entries[i].value, tsk_str_borrow(cx->heap, o->entries[i].key, o->entries[i].key_len));
    *out = tsk_from_object(turned);
    return true;
}

/* array_combine(keys, values) */
TSK_OPERATOR(array_combine) {
    TSK_CALL("array_combine");
    const tsk_array *keys, *values;
    if (!tsk_arg_array(&call, 0, &keys) || !tsk_arg_array(&call, 1, &values)) return false;
    if (keys->count != values->count) return tsk_arg_wrong(&call, 1, "a list as long as the keys");
    tsk_object *o = tsk_object_new(cx->heap, keys->count);
    for (uint32_t i = 0; i < keys->count; i++) {
        tsk_slice key = tsk_as_slice(tsk_value_string(cx->heap, keys->items[i]));
        tsk_object_set(cx->heap, o, key.ptr, key.len, values->items[i]);
    }
    *out = tsk_from_object(o);
    return true;
}

/* The entries whose place in the second list is true: the last step of filter_object. */
TSK_OPERATOR(object_keep) {
    TSK_CALL("filter_object");
    const tsk_object *from;
    const tsk_array *wanted;
    if (!tsk_arg_object(&call, 0, &from) || !tsk_arg_array(&call, 1, &wanted)) return false;
    tsk_object *o = tsk_object_new(cx->heap, from->count);
    for (uint32_t i = 0; i < from->count && i < wanted->count; i++) {
        const tsk_entry *e = &from->entries[i];
        if (tsk_same(wanted->items[i], TSK_VALUE_TRUE)) tsk_object_set(cx->heap, o, e->key, e->key_len, e->value);
    }
    *out = tsk_from_object(o);
    return true;
}
