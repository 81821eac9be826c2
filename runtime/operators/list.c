/* Lists: reading and cutting them, and what texts, lists and objects have in common. */
#include "runtime/operators/text.h"

#include "runtime/base/utf8.h"

#define RANGE_MAX 10000000

static tsk_value piece(tsk_op_context *cx, const tsk_array *list, uint64_t from, uint64_t count) {
    tsk_array *part = tsk_array_new(cx->heap, (uint32_t)count);
    part->count = (uint32_t)count;
    if (count) memcpy(part->items, list->items + from, count * sizeof *part->items);
    return tsk_from_array(part);
}

/* ---- common to texts, lists and objects ---- */

TSK_OPERATOR(length) {
    TSK_CALL("length");
    tsk_value v = args[0];
    tsk_slice s;
    if (tsk_is_array(v)) {
        *out = tsk_int(cx->heap, tsk_as_array(v)->count);
    } else if (tsk_is_object(v)) {
        *out = tsk_int(cx->heap, tsk_as_object(v)->count);
    } else if (tsk_is_null(v)) {
        *out = tsk_from_i32(0);
    } else {
        if (!tsk_arg_text(&call, 0, &s)) return false;
        *out = tsk_int(cx->heap, (int64_t)tsk_utf8_count(s.ptr, s.len));
    }
    return true;
}

/* Part of a text, item of a list, key of an object. */
TSK_OPERATOR(contains) {
    TSK_CALL("contains");
    tsk_slice s, part;
    if (tsk_is_array(args[0]) || tsk_is_object(args[0])) {
        *out = tsk_from_bool(tsk_value_in(args[1], args[0]));
        return true;
    }
    if (tsk_is_null(args[0])) return *out = TSK_VALUE_FALSE, true;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_text(&call, 1, &part)) return false;
    *out = tsk_from_bool(!part.len || memmem(s.ptr, s.len, part.ptr, part.len));
    return true;
}

/* The last place of `part`; NULL when there is none. */
static const char *last_place(tsk_slice s, tsk_slice part) {
    for (uint32_t at = s.len >= part.len ? s.len - part.len + 1 : 0; at > 0; at--)
        if (memcmp(s.ptr + at - 1, part.ptr, part.len) == 0) return s.ptr + at - 1;
    return NULL;
}

/* -1 when there is none. */
static bool position(const tsk_call *call, bool last, tsk_value *out) {
    tsk_slice s, part;
    int64_t at = -1;
    if (tsk_is_array(call->args[0])) {
        const tsk_array *list = tsk_as_array(call->args[0]);
        for (uint32_t i = 0; i < list->count && (last || at < 0); i++)
            if (tsk_value_equal(list->items[i], call->args[1])) at = i;
    } else {
        if (!tsk_arg_text(call, 0, &s) || !tsk_arg_text(call, 1, &part)) return false;
        const char *hit = last ? last_place(s, part) : part.len ? memmem(s.ptr, s.len, part.ptr, part.len) : s.ptr;
        if (hit) at = (int64_t)tsk_utf8_count(s.ptr, (size_t)(hit - s.ptr));
    }
    *out = tsk_int(call->cx->heap, at);
    return true;
}

TSK_OPERATOR(index_of) {
    TSK_CALL("index_of");
    return position(&call, false, out);
}

TSK_OPERATOR(last_index_of) {
    TSK_CALL("last_index_of");
    return position(&call, true, out);
}

TSK_OPERATOR(reverse) {
    TSK_CALL("reverse");
    tsk_slice s;
    if (tsk_is_array(args[0])) {
        const tsk_array *list = tsk_as_array(args[0]);
        tsk_array *turned = tsk_array_new(cx->heap, list->count);
        for (uint32_t i = list->count; i > 0; i--) tsk_array_push(cx->heap, turned, list->items[i - 1]);
        *out = tsk_from_array(turned);
        return true;
    }
    if (!tsk_arg_text(&call, 0, &s)) return false;
    char *text = tsk_arena_alloc(cx->heap, s.len), *to = text + s.len;
    for (const char *p = s.ptr, *end = p + s.len; p < end;) {
        uint32_t code;
        unsigned n = tsk_utf8_next(p, end, &code);
        to -= n;
        memcpy(to, p, n);
        p += n;
    }
    *out = tsk_str_borrow(cx->heap, text, s.len);
    return true;
}

/* join(list[, separator]); a separator first and the list second is accepted, as in implode. */
TSK_OPERATOR(join) {
    TSK_CALL("join");
    bool swapped = count == 2 && !tsk_is_array(args[0]) && tsk_is_array(args[1]);
    const tsk_array *list;
    tsk_slice separator;
    tsk_buf text;
    if (!tsk_arg_array(&call, swapped, &list)) return false;
    if (!(swapped ? tsk_arg_text(&call, 0, &separator) : tsk_arg_text_or(&call, 1, TSK_SLICE(","), &separator)))
        return false;
    tsk_buf_init(&text, cx->heap);
    for (uint32_t i = 0; i < list->count; i++) {
        if (i) tsk_buf_slice(&text, separator);
        tsk_value_text(&text, list->items[i]);
        if (!tsk_text_fits(&call, text.len)) return false;
    }
    *out = tsk_str_take(&text);
    return true;
}

static bool item(const tsk_call *call, int64_t at, tsk_value *out) {
    if (tsk_is_null(call->args[0])) return *out = TSK_VALUE_NULL, true;
    if (!tsk_is_array(call->args[0]) && !tsk_is_str(call->args[0])) return tsk_arg_wrong(call, 0, "a list or a string");
    *out = tsk_value_index(call->cx->heap, call->args[0], tsk_int(call->cx->heap, at));
    return true;
}

TSK_OPERATOR(first) {
    TSK_CALL("first");
    return item(&call, 0, out);
}

TSK_OPERATOR(last) {
    TSK_CALL("last");
    return item(&call, -1, out);
}

TSK_OPERATOR(nth) {
    TSK_CALL("nth");
    int64_t at;
    return tsk_arg_int(&call, 1, &at) && item(&call, at, out);
}

/* slice(list or text, from[, to]): the end is not included; negative numbers count from the end. */
TSK_OPERATOR(slice) {
    TSK_CALL("slice");
    int64_t at;
    if (!tsk_is_array(args[0]) && !tsk_is_str(args[0])) return tsk_arg_wrong(&call, 0, "a list or a string");
    if ((tsk_arg_given(&call, 1) && !tsk_arg_int(&call, 1, &at)) ||
        (tsk_arg_given(&call, 2) && !tsk_arg_int(&call, 2, &at)))
        return false;
    *out = tsk_value_slice(cx->heap, args[0], args[1], count > 2 ? args[2] : TSK_VALUE_NULL);
    return true;
}

/* ---- lists ---- */

static bool list_and_number(const tsk_call *call, const tsk_array **list, int64_t *n) {
    if (!tsk_arg_array(call, 0, list) || !tsk_arg_int(call, 1, n)) return false;
    return *n >= 0 || tsk_arg_wrong(call, 1, "a number from 0 up");
}

TSK_OPERATOR(take) {
    TSK_CALL("take");
    const tsk_array *list;
    int64_t n;
    if (!list_and_number(&call, &list, &n)) return false;
    *out = piece(cx, list, 0, n < list->count ? (uint64_t)n : list->count);
    return true;
}

TSK_OPERATOR(skip) {
    TSK_CALL("skip");
    const tsk_array *list;
    int64_t n;
    if (!list_and_number(&call, &list, &n)) return false;
    uint64_t from = n < list->count ? (uint64_t)n : list->count;
    *out = piece(cx, list, from, list->count - from);
    return true;
}

TSK_OPERATOR(chunk) {
    TSK_CALL("chunk");
    const tsk_array *list;
    int64_t n;
    if (!list_and_number(&call, &list, &n)) return false;
    if (n == 0) return tsk_arg_wrong(&call, 1, "a number from 1 up");
    tsk_array *parts = tsk_array_new(cx->heap, 4);
    for (uint64_t at = 0; at < list->count; at += (uint64_t)n) {
        uint64_t left = list->count - at;
        tsk_array_push(cx->heap, parts, piece(cx, list, at, (uint64_t)n < left ? (uint64_t)n : left));
        if ((uint64_t)n >= left) break;
    }
    *out = tsk_from_array(parts);
    return true;
}

/* A new list with the further arguments at its end. */
TSK_OPERATOR(push) {
    TSK_CALL("push");
    const tsk_array *list;
    if (!tsk_arg_array(&call, 0, &list)) return false;
    tsk_array *longer = tsk_array_new(cx->heap, list->count + count - 1);
    for (uint32_t i = 0; i < list->count; i++) tsk_array_push(cx->heap, longer, list->items[i]);
    for (uint32_t i = 1; i < count; i++) tsk_array_push(cx->heap, longer, args[i]);
    *out = tsk_from_array(longer);
    return true;
}

static void flatten_into(tsk_op_context *cx, tsk_array *flat, const tsk_array *list, int64_t depth) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (tsk_is_array(list->items[i]) && depth > 0)
            flatten_into(cx, flat, tsk_as_array(list->items[i]), depth - 1);
        else
            tsk_array_push(cx->heap, flat, list->items[i]);
    }
}

/* All levels, or as many as the second argument says. */
TSK_OPERATOR(flatten) {
    TSK_CALL("flatten");
    const tsk_array *list;
    int64_t depth, deepest = 1000;
    if (!tsk_arg_array(&call, 0, &list) || !tsk_arg_int_or(&call, 1, deepest, &depth)) return false;
    tsk_array *flat = tsk_array_new(cx->heap, list->count);
    flatten_into(cx, flat, list, depth < deepest ? depth : deepest);
    *out = tsk_from_array(flat);
    return true;
}

/* Without what is null, false, 0, "" or empty. */
TSK_OPERATOR(compact) {
    TSK_CALL("compact");
    const tsk_array *list;
    if (!tsk_arg_array(&call, 0, &list)) return false;
    tsk_array *kept = tsk_array_new(cx->heap, list->count);
    for (uint32_t i = 0; i < list->count; i++)
        if (tsk_value_truth(list->items[i])) tsk_array_push(cx->heap, kept, list->items[i]);
    *out = tsk_from_array(kept);
    return true;
}

/* range(n) is 0 .. n-1; range(a, b[, step]) is a .. b, the end included when a step meets it. */
TSK_OPERATOR(range) {
    TSK_CALL("range");
    double from = 0, to, step;
    if (count == 1) {
        int64_t n;
        if (!tsk_arg_int(&call, 0, &n)) return false;
        to = (double)n - 1;
        step = 1;
    } else {
        if (!tsk_arg_number(&call, 0, &from) || !tsk_arg_number(&call, 1, &to) ||
            !tsk_arg_number_or(&call, 2, from <= to ? 1 : -1, &step))
            return false;
        if (step == 0) return tsk_arg_wrong(&call, 2, "a step that is not 0");
        if ((to - from) * step < 0 && count == 3) step = -step;
    }
    double steps = (to - from) / step + 1e-9;
    if (!(steps < RANGE_MAX)) return tsk_op_fail(cx, TSK_E_ARGUMENT, "range: more than %d items", RANGE_MAX);
    tsk_array *list = tsk_array_new(cx->heap, steps < 0 ? 0 : (uint32_t)steps + 1);
    for (uint32_t i = 0; i <= steps && steps >= 0; i++)
        tsk_array_push(cx->heap, list, tsk_op_numeric(cx, from + i * step));
    *out = tsk_from_array(list);
    return true;
}

/* zip([a, b], [1, 2]) is [[a, 1], [b, 2]]; as long as the shortest. */
TSK_OPERATOR(zip) {
    TSK_CALL("zip");
    const tsk_array *list;
    uint32_t shortest = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (!tsk_arg_array(&call, i, &list)) return false;
        if (list->count < shortest) shortest = list->count;
    }
    tsk_array *rows = tsk_array_new(cx->heap, shortest);
    for (uint32_t i = 0; i < shortest; i++) {
        tsk_array *row = tsk_array_new(cx->heap, count);
        for (uint32_t k = 0; k < count; k++) tsk_array_push(cx->heap, row, tsk_as_array(args[k])->items[i]);
        tsk_array_push(cx->heap, rows, tsk_from_array(row));
    }
    *out = tsk_from_array(rows);
    return true;
}

/* ---- lists of objects ---- */

TSK_OPERATOR(pluck) {
    TSK_CALL("pluck");
    const tsk_array *list;
    tsk_slice path;
    if (!tsk_arg_array(&call, 0, &list) || !tsk_arg_text(&call, 1, &path)) return false;
    tsk_array *values = tsk_array_new(cx->heap, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        tsk_value v = TSK_VALUE_NULL;
        tsk_path_get(list->items[i], path, &v);
        tsk_array_push(cx->heap, values, v);
    }
    *out = tsk_from_array(values);
    return true;
}

/* {value of the path: [items]} */
TSK_OPERATOR(group_by) {
    TSK_CALL("group_by");
    const tsk_array *list;
    tsk_slice path;
    if (!tsk_arg_array(&call, 0, &list) || !tsk_arg_text(&call, 1, &path)) return false;
    tsk_object *groups = tsk_object_new(cx->heap, 8);
    for (uint32_t i = 0; i < list->count; i++) {
        tsk_value v = TSK_VALUE_NULL;
        tsk_path_get(list->items[i], path, &v);
        tsk_slice key = tsk_is_null(v) ? TSK_SLICE("null") : tsk_as_slice(tsk_value_string(cx->heap, v));
        bool added;
        tsk_entry *e = tsk_object_slot(cx->heap, groups, key.ptr, key.len, tsk_hash(key.ptr, key.len), &added);
        if (added) e->value = tsk_from_array(tsk_array_new(cx->heap, 4));
        tsk_array_push(cx->heap, tsk_as_array(e->value), list->items[i]);
    }
    *out = tsk_from_object(groups);
    return true;
}
