/* Sorting: a merge sort, so equal items keep their order.  Numbers come by size, texts by their bytes, and values of
 * different kinds in the order null, booleans, numbers, texts, lists, objects. */
#include "runtime/operators/internal.h"

static int rank(tsk_value v) {
    switch (tsk_kind_of(v)) {
    case TSK_NULL: return 0;
    case TSK_BOOL: return 1;
    case TSK_INT:
    case TSK_DOUBLE: return 2;
    case TSK_STRING: return 3;
    case TSK_ARRAY: return 4;
    default: return 5;
    }
}

static int order(tsk_value a, tsk_value b) {
    int x = rank(a), y = rank(b);
    if (x != y) return x < y ? -1 : 1;
    if (x == 1) return tsk_as_bool(a) - tsk_as_bool(b);
    if (x != 2 && x != 3) return 0;
    int result = tsk_value_compare(a, b);
    return result == 2 ? 0 : result;
}

typedef struct item {
    tsk_value key, value;
} item;

/* From `from` to `to`, with as much room in `room`; the result is back in `items`. */
static void merge_sort(item *items, item *room, uint32_t count, int sign) {
    for (uint32_t width = 1; width<count; width = width> count / 2 ? count : width * 2) {
        for (uint32_t start = 0; start < count;) {
            uint32_t mid = count - start < width ? count : start + width,
                     end = count - mid < width ? count : mid + width;
            uint32_t a = start, b = mid;
            for (uint32_t k = start; k < end; k++)
                room[k] = b == end || (a < mid && order(items[a].key, items[b].key) * sign <= 0) ? items[a++]
                                                                                                 : items[b++];
            start = end;
        }
        memcpy(items, room, count * sizeof *items);
    }
}

static tsk_value sorted(tsk_op_context *cx, const tsk_array *list, const tsk_slice *path, int sign) {
    item *items = TSK_NEW_ARRAY(cx->heap, item, list->count), *room = TSK_NEW_ARRAY(cx->heap, item, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        items[i] = (item){list->items[i], list->items[i]};
        if (path && !tsk_path_get(list->items[i], *path, &items[i].key)) items[i].key = TSK_VALUE_NULL;
    }
    merge_sort(items, room, list->count, sign);
    tsk_array *result = tsk_array_new(cx->heap, list->count);
    for (uint32_t i = 0; i < list->count; i++) tsk_array_push(cx->heap, result, items[i].value);
    return tsk_from_array(result);
}

static bool direction(const tsk_call *call, uint32_t i, int *sign) {
    tsk_slice word;
    if (!tsk_arg_text_or(call, i, TSK_SLICE("asc"), &word)) return false;
    *sign = tsk_slice_same(word, "desc") || tsk_slice_same(word, "descending") ? -1 : 1;
    return *sign < 0 || tsk_slice_same(word, "asc") || tsk_slice_same(word, "ascending") ||
           tsk_arg_wrong(call, i, "\"asc\" or \"desc\"");
}

TSK_OPERATOR(sort) {
    TSK_CALL("sort");
    const tsk_array *list;
    int sign;
    if (!tsk_arg_array(&call, 0, &list) || !direction(&call, 1, &sign)) return false;
    *out = sorted(cx, list, NULL, sign);
    return true;
}

/* sort_by(list, "key"[, "desc"]) */
TSK_OPERATOR(sort_by) {
    TSK_CALL("sort_by");
    const tsk_array *list;
    tsk_slice path;
    int sign;
    if (!tsk_arg_array(&call, 0, &list) || !tsk_arg_text(&call, 1, &path) || !direction(&call, 2, &sign)) return false;
    *out = sorted(cx, list, &path, sign);
    return true;
}
