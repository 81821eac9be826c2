/* Array: what sort and toSorted (array_sort.js) ask C for.
 *
 *   object ─► sortable: items, undefined last ─► sort_text: by their text    or Library_sort: by a function
 *                                                    └─► sorted: put back
 *
 * Texts are merged pairwise from the bottom up: stable, n log n. */
#include "runtime/builtins/array.h"
#include "runtime/builtins/inner.h"

#include "runtime/base/mutation.h"

/* What is sorted: most pairs differ in their first units, which are in one word. */
typedef struct sort_key {
    uint64_t first; /* units behind what all texts begin with: eight, or four when a text is wide; then zeros */
    tsk_js_string *text;
    tsk_value value;
} sort_key;

enum {
    RUN = 8, /* items that insertion puts in order */
    COMPARED_WORK = 2
};

static uint64_t first_units(const tsk_js_string *s, uint32_t from, bool wide) {
    uint32_t end = from + (wide ? 4 : 8), bits = wide ? 16 : 8;
    uint64_t word = 0;
    for (uint32_t i = from; i < end; i++) word = word << bits | (i < s->length ? tsk_js_unit(s, i) : 0);
    return word;
}

/* How many units, up to `most`, are the same at the start of both. */
static uint32_t common_start(const tsk_js_string *a, const tsk_js_string *b, uint32_t most) {
    if (most > b->length) most = b->length;
    uint32_t i = 0;
    while (i < most && tsk_js_unit(a, i) == tsk_js_unit(b, i)) i++;
    return i;
}

static bool is_after(tsk_js *js, const sort_key *a, const sort_key *b) {
    if (a->first != b->first) return a->first > b->first;
    if (TSK_MUTANT(UNSTABLE_SORT)) return tsk_js_string_compare(js, a->text, b->text) >= 0;
    return a->text != b->text && tsk_js_string_compare(js, a->text, b->text) > 0;
}

/* ---- merging; false: thrown ---- */

static void insert_run(tsk_js *js, sort_key *keys, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        sort_key key = keys[i];
        uint32_t at = i;
        for (; at && is_after(js, &keys[at - 1], &key); at--) keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

static bool merge(tsk_js *js, const sort_key *a, const sort_key *middle, const sort_key *end, sort_key *to) {
    const sort_key *b = middle;
    if (b < end && is_after(js, b - 1, b)) {
        while (a < middle && b < end) {
            *to++ = is_after(js, a, b) ? *b++ : *a++;
            if (!tsk_js_worked(js, COMPARED_WORK)) return false;
        }
    }
    memcpy(to, a, (size_t)(middle - a) * sizeof *to);
    memcpy(to + (middle - a), b, (size_t)(end - b) * sizeof *to);
    return tsk_js_worked(js, 1);
}

/* How many of the first keys are in order already. */
static uint32_t in_order(tsk_js *js, const sort_key *keys, uint32_t count) {
    uint32_t i = 1;
    while (i < count && !is_after(js, &keys[i - 1], &keys[i]) && tsk_js_worked(js, COMPARED_WORK)) i++;
    return i;
}

/* Gives the one of the two that has the keys in order; NULL: thrown. */
static sort_key *sort_keys(tsk_js *js, sort_key *keys, sort_key *other, uint32_t count) {
    uint32_t sorted = in_order(js, keys, count);
    if (tsk_js_has_exception(js)) return NULL;
    if (sorted == count) return keys;
    for (uint32_t at = 0; at < count; at += RUN) {
        if (!tsk_js_worked(js, RUN * COMPARED_WORK)) return NULL;
        insert_run(js, keys + at, count - at < RUN ? count - at : RUN);
    }
    for (uint64_t width = RUN; width < count; width *= 2) {
        for (uint64_t at = 0; at < count; at += 2 * width) {
            uint64_t middle = at + width < count ? at + width : count;
            uint64_t end = at + 2 * width < count ? at + 2 * width : count;
            if (!merge(js, keys + at, keys + middle, keys + end, other + at)) return NULL;
        }
        sort_key *swap = keys;
        keys = other;
        other = swap;
    }
    return keys;
}

/* The first `count` items, which are primitive, by their text. */
static bool sort_by_text(tsk_js *js, tsk_js_array *items, uint32_t count) {
    bool wide = false;
    uint32_t common = TSK_JS_MAX_LENGTH;
    const tsk_js_string *first = NULL;
    tsk_js_array *texts = tsk_js_array_make(js, count, count); /* so that they stay */
    if (!texts) return false;
    for (uint32_t i = 0; i < count; i++) {
        tsk_js_string *s = tsk_js_to_string(js, items->object.elements->items[i]);
        if (!s || !tsk_js_worked(js, COMPARED_WORK)) return false;
        s = tsk_js_flat(js, s);
        wide |= tsk_js_is_wide(s);
        if (!first) first = s;
        common = common_start(first, s, common);
        texts->object.elements->items[i] = tsk_js_from_string(s);
        tsk_heap_wrote_at(js->heap, texts->object.elements, &texts->object.elements->items[i]);
    }
    tsk_js_scratch mark = tsk_js_scratch_begin(js);
    sort_key *keys = TSK_NEW_ARRAY(js->scratch, sort_key, count), *other = TSK_NEW_ARRAY(js->scratch, sort_key, count);
    tsk_value *v = items->object.elements->items;
    for (uint32_t i = 0; i < count; i++) {
        tsk_js_string *text = tsk_js_as_string(texts->object.elements->items[i]);
        keys[i] = (sort_key){first_units(text, common, wide), text, v[i]};
    }
    const sort_key *sorted = sort_keys(js, keys, other, count);
    for (uint32_t i = 0; sorted && i < count; i++) v[i] = sorted[i].value;
    tsk_heap_wrote_range(js->heap, items->object.elements, v, count);
    tsk_js_scratch_end(js, mark);
    return sorted != NULL;
}

static tsk_js_array *array_argument(const tsk_js_args *a, uint32_t i) {
    return (tsk_js_array *)(void *)tsk_js_as_object(a->values[i]);
}

tsk_value tsk_js_inner_sort_text(tsk_js *js, const tsk_js_args *a) {
    tsk_js_array *items = array_argument(a, 0);
    uint32_t count = items->length;
    while (count > 0 && tsk_js_is_undefined(items->object.elements->items[count - 1])) count--;
    for (uint32_t i = 0; i < count; i++) {
        tsk_value v = items->object.elements->items[i];
        if (tsk_js_is_object(v) || tsk_js_is_symbol(v)) return TSK_VALUE_FALSE;
    }
    return count < 2 || sort_by_text(js, items, count) ? TSK_VALUE_TRUE : TSK_JS_THROWN;
}

tsk_value tsk_js_inner_sortable(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_as_object(a->values[0]);
    double length = tsk_js_as_number(a->values[1]);
    bool holes = tsk_as_bool(a->values[2]);
    uint64_t undefined = 0;
    if (holes && length > UINT32_MAX) return tsk_js_throw_range(js, "Invalid array length");
    tsk_js_array *items = tsk_js_array_make(js, 0, length < 1024 ? (uint32_t)length : 1024);
    for (uint64_t i = 0; items && i < (uint64_t)length; i++) {
        tsk_value v = holes ? tsk_js_array_get(js, o, i) : tsk_js_array_item(js, o, i);
        if (tsk_js_is_thrown(v) || !tsk_js_worked(js, 1)) return TSK_JS_THROWN;
        if (tsk_js_is_undefined(v))
            undefined++;
        else if (!tsk_js_is_hole(v) && !tsk_js_array_push(js, items, v))
            return TSK_JS_THROWN;
    }
    for (; items && undefined > 0; undefined--)
        if (!tsk_js_array_push(js, items, TSK_VALUE_UNDEFINED)) return TSK_JS_THROWN;
    return items ? tsk_js_from_object(items) : TSK_JS_THROWN;
}

/* The items are there already, as plain values: nobody sees how they are written. */
static bool put_back_at_once(tsk_js *js, tsk_js_object *o, const tsk_js_array *items) {
    const unsigned odd = TSK_JS_NOT_EXTENSIBLE | TSK_JS_FROZEN_ELEMENTS;
    if (!tsk_js_array_is_dense(o) || o->cell.flags & odd || !tsk_js_array_inherits_nothing(o)) return false;
    uint32_t count = items->length;
    if (!count || count > o->elements->length) return false;
    memcpy(o->elements->items, items->object.elements->items, count * sizeof(tsk_value));
    tsk_heap_wrote_range(js->heap, o->elements, o->elements->items, count);
    return true;
}

/* Puts the items back in their order; behind them nothing is left. */
tsk_value tsk_js_inner_sorted(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_as_object(a->values[0]);
    uint64_t length = (uint64_t)tsk_js_as_number(a->values[1]), at = 0;
    const tsk_js_array *items = array_argument(a, 2);
    if (put_back_at_once(js, o, items)) at = items->length;
    for (; at < items->length; at++)
        if (!tsk_js_set_index(js, o, at, items->object.elements->items[at]) || !tsk_js_worked(js, 1))
            return TSK_JS_THROWN;
    for (; at < length; at++) {
        int there = tsk_js_has_index(js, o, at);
        if (there < 0 || (there && !tsk_js_array_delete(js, o, at))) return TSK_JS_THROWN;
    }
    return tsk_js_from_object(o);
}

/* Items of an array of the library from argument `i` on: `count` at argument i + 1 are there. */
static tsk_value *items_argument(const tsk_js_args *a, uint32_t i, uint32_t count) {
    tsk_js_elements *e = array_argument(a, i)->object.elements;
    double start = tsk_js_as_number(a->values[i + 1]);
    (void)count;
    assert(start >= 0 && start + count <= e->length);
    return e->items + (uint32_t)start;
}

tsk_value tsk_js_inner_slice(tsk_js *js, const tsk_js_args *a) {
    uint32_t count = (uint32_t)tsk_js_as_number(a->values[2]);
    const tsk_js_array *slice = tsk_js_array_from(js, items_argument(a, 0, count), count);
    return slice ? tsk_js_from_object(slice) : TSK_JS_THROWN;
}

tsk_value tsk_js_inner_move(tsk_js *js, const tsk_js_args *a) {
    uint32_t count = (uint32_t)tsk_js_as_number(a->values[4]);
    tsk_value *to = items_argument(a, 0, count);
    memmove(to, items_argument(a, 2, count), count * sizeof *to);
    tsk_heap_wrote_range(js->heap, array_argument(a, 0)->object.elements, to, count);
    return TSK_VALUE_UNDEFINED;
}
