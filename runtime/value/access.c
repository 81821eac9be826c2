/* Reading parts of values, and copying values between heaps. */
#include "runtime/base/utf8.h"
#include "runtime/value/semantics.h"

#include <math.h>

/* A position that may count from the end; false when it is outside of [0, count). */
static bool position(int64_t at, uint64_t count, uint64_t *out) {
    if (at < 0) at += (int64_t)count;
    if (at < 0 || (uint64_t)at >= count) return false;
    *out = (uint64_t)at;
    return true;
}

/* Ints, doubles without a fraction, and strings that are such a numeral. */
static bool whole_number(tsk_value v, int64_t *out) {
    tsk_number n;
    if (tsk_is_int(v))
        n = (tsk_number){.is_int = true, .i = tsk_as_int(v)};
    else if (tsk_is_double(v))
        n = (tsk_number){.d = tsk_as_double(v)};
    else if (!tsk_is_str(v) || !tsk_number_read(tsk_as_str(v)->ptr, tsk_as_str(v)->len, &n))
        return false;
    if (!n.is_int && !(fabs(n.d) < 0x1p62 && n.d == trunc(n.d))) return false;
    *out = n.is_int ? n.i : (int64_t)n.d;
    return true;
}

static tsk_value entry_value(const tsk_object *o, const char *name, uint32_t len) {
    const tsk_entry *e = tsk_object_find(o, name, len);
    return e ? e->value : TSK_VALUE_NULL;
}

static tsk_value array_item(const tsk_array *array, int64_t at) {
    uint64_t i;
    return position(at, array->count, &i) ? array->items[i] : TSK_VALUE_NULL;
}

tsk_value tsk_value_member(tsk_arena *heap, tsk_value v, const char *name, uint32_t len) {
    if (tsk_is_object(v)) return entry_value(tsk_as_object(v), name, len);
    if (len == 6 && memcmp(name, "length", 6) == 0) {
        if (tsk_is_array(v)) return tsk_int(heap, tsk_as_array(v)->count);
        if (tsk_is_str(v)) return tsk_int(heap, (int64_t)tsk_utf8_count(tsk_as_str(v)->ptr, tsk_as_str(v)->len));
    }
    tsk_number n; /* paths such as servers.0.host */
    if (tsk_is_array(v) && tsk_number_read(name, len, &n) && n.is_int) return array_item(tsk_as_array(v), n.i);
    return TSK_VALUE_NULL;
}

/* Characters from number `from` up to number `to`, the text shared with `s`. */
static tsk_value characters(tsk_arena *heap, const tsk_str *s, uint64_t from, uint64_t to) {
    size_t start = tsk_utf8_offset(s->ptr, s->len, from);
    size_t len = tsk_utf8_offset(s->ptr + start, s->len - start, to - from);
    return tsk_str_borrow(heap, s->ptr + start, (uint32_t)len);
}

static tsk_value string_item(tsk_arena *heap, const tsk_str *s, int64_t at) {
    uint64_t i;
    if (at >= 0 && (uint64_t)at < s->len) {
        /* no need to count what comes after it */
        tsk_value c = characters(heap, s, (uint64_t)at, (uint64_t)at + 1);
        return tsk_as_str(c)->len ? c : TSK_VALUE_NULL;
    }
    if (!position(at, tsk_utf8_count(s->ptr, s->len), &i)) return TSK_VALUE_NULL;
    return characters(heap, s, i, i + 1);
}

tsk_value tsk_value_index(tsk_arena *heap, tsk_value v, tsk_value i) {
    int64_t at;
    if (tsk_is_object(v)) {
        tsk_slice key = tsk_as_slice(tsk_value_string(heap, i));
        return entry_value(tsk_as_object(v), key.ptr, key.len);
    }
    if (whole_number(i, &at)) {
        if (tsk_is_array(v)) return array_item(tsk_as_array(v), at);
        if (tsk_is_str(v)) return string_item(heap, tsk_as_str(v), at);
        return TSK_VALUE_NULL;
    }
    return tsk_is_str(i) ? tsk_value_member(heap, v, tsk_as_str(i)->ptr, tsk_as_str(i)->len) : TSK_VALUE_NULL;
}

/* A bound of a slice: null is open, negative counts from the end, and it never leaves [0, count]. */
static bool bound(tsk_value v, uint64_t count, uint64_t open, uint64_t *out) {
    int64_t at;
    if (tsk_is_null(v)) return *out = open, true;
    if (!whole_number(v, &at)) return false;
    if (at < 0) at += (int64_t)count;
    *out = at < 0 ? 0 : (uint64_t)at > count ? count : (uint64_t)at;
    return true;
}

tsk_value tsk_value_slice(tsk_arena *heap, tsk_value v, tsk_value from, tsk_value to) {
    uint64_t count, a, b;
    if (tsk_is_array(v))
        count = tsk_as_array(v)->count;
    else if (tsk_is_str(v))
        count = tsk_utf8_count(tsk_as_str(v)->ptr, tsk_as_str(v)->len);
    else
        return TSK_VALUE_NULL;
    if (!bound(from, count, 0, &a) || !bound(to, count, count, &b)) return TSK_VALUE_NULL;
    if (b < a) b = a;
    if (tsk_is_str(v)) return characters(heap, tsk_as_str(v), a, b);
    const tsk_array *source = tsk_as_array(v);
    tsk_array *part = tsk_array_new(heap, (uint32_t)(b - a));
    part->count = (uint32_t)(b - a);
    part->flags = source->flags;
    if (part->count) memcpy(part->items, source->items + a, part->count * sizeof *part->items);
    return tsk_from_array(part);
}

/* ---- copying ---- */

/* Containers whose items are still those of the source. */
typedef struct pending {
    tsk_arena *heap;
    tsk_value first[32];
    tsk_value *list;
    size_t count, cap;
} pending;

static void add_pending(pending *p, tsk_value v) {
    if (p->count == p->cap) {
        tsk_value *larger = TSK_NEW_ARRAY(p->heap, tsk_value, p->cap * 2);
        memcpy(larger, p->list, p->cap * sizeof *larger);
        p->list = larger;
        p->cap *= 2;
    }
    p->list[p->count++] = v;
}

static tsk_value copy_array(pending *p, const tsk_array *source) {
    tsk_array *copy = tsk_array_new(p->heap, source->count);
    copy->count = source->count;
    copy->flags = source->flags;
    if (copy->count) memcpy(copy->items, source->items, copy->count * sizeof *copy->items);
    tsk_value v = tsk_from_array(copy);
    if (copy->count) add_pending(p, v);
    return v;
}

static tsk_value copy_object(pending *p, const tsk_object *source) {
    tsk_object *copy = tsk_object_new(p->heap, source->count);
    copy->count = source->count;
    copy->flags = source->flags;
    copy->seen = source->seen;
    if (copy->count) memcpy(copy->entries, source->entries, copy->count * sizeof *copy->entries);
    if (source->index) {
        size_t slots = (size_t)source->index_mask + 1;
        copy->index = TSK_NEW_ARRAY(p->heap, uint64_t, slots);
        copy->index_mask = source->index_mask;
        memcpy(copy->index, source->index, slots * sizeof *copy->index);
    }
    size_t bytes = 0;
    for (uint32_t i = 0; i < copy->count; i++) bytes += copy->entries[i].key_len;
    char *keys = tsk_arena_alloc(p->heap, bytes);
    for (uint32_t i = 0; i < copy->count; i++) {
        tsk_entry *e = &copy->entries[i];
        if (e->key_len) memcpy(keys, e->key, e->key_len);
        e->key = keys;
        keys += e->key_len;
    }
    tsk_value v = tsk_from_object(copy);
    if (copy->count) add_pending(p, v);
    return v;
}

/* One level: what is inside a container is copied when its turn comes. */
static tsk_value copy_shallow(pending *p, tsk_value v) {
    switch (tsk_tag(v)) {
    case TSK_TAG_STR: {
        const tsk_str *s = tsk_as_str(v);
        tsk_value copy = tsk_str_copy(p->heap, s->ptr, s->len);
        tsk_as_str(copy)->hash = __atomic_load_n(&s->hash, __ATOMIC_RELAXED);
        return copy;
    }
    case TSK_TAG_ARRAY: return copy_array(p, tsk_as_array(v));
    case TSK_TAG_OBJECT: return copy_object(p, tsk_as_object(v));
    case TSK_TAG_CELL: {
        const tsk_cell *cell = tsk_as_cell(v);
        size_t size = sizeof *cell + cell->count * sizeof cell->captures[0];
        tsk_value copy = tsk_from_ptr(TSK_TAG_CELL, memcpy(tsk_arena_alloc(p->heap, size), cell, size));
        if (cell->count) add_pending(p, copy);
        return copy;
    }
    default: return v;
    }
}

static void copy_items(pending *p, tsk_value v) {
    if (tsk_is_object(v)) {
        tsk_object *o = tsk_as_object(v);
        for (uint32_t i = 0; i < o->count; i++) o->entries[i].value = copy_shallow(p, o->entries[i].value);
        return;
    }
    bool is_array = tsk_is_array(v);
    tsk_value *items = is_array ? tsk_as_array(v)->items : tsk_as_cell(v)->captures;
    uint32_t count = is_array ? tsk_as_array(v)->count : tsk_as_cell(v)->count;
    for (uint32_t i = 0; i < count; i++) items[i] = copy_shallow(p, items[i]);
}

tsk_value tsk_value_copy(tsk_arena *heap, tsk_value v) {
    pending p;
    p.heap = heap;
    p.list = p.first;
    p.count = 0;
    p.cap = TSK_COUNT(p.first);
    tsk_value copy = copy_shallow(&p, v);
    while (p.count) copy_items(&p, p.list[--p.count]);
    return copy;
}
