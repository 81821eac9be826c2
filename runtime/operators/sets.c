/* Lists as sets: equality is that of `===`, where 1 and 1.0 are one.  A hash table makes all of these linear. */
#include "runtime/operators/internal.h"

#include <math.h>

typedef struct set {
    tsk_value *slots; /* undefined: free */
    uint32_t mask;
} set;

enum { HASH_DEPTH = 6 }; /* of containers whose content counts; below it only their size does */

static uint32_t hash_of(tsk_value v, int depth);

static uint32_t hash_pair(uint32_t a, uint32_t b) {
    return (uint32_t)(tsk_hash_mix(a ^ 0xA0761D6478BD642Full, b ^ 0xE7037ED1A0B428DBull) >> 8);
}

static uint32_t hash_array(const tsk_array *a, int depth) {
    uint32_t hash = a->count * 2654435761u + 1;
    for (uint32_t i = 0; depth && i < a->count; i++) hash = hash_pair(hash, hash_of(a->items[i], depth - 1));
    return hash;
}

/* A sum, since the order of keys does not count. */
static uint32_t hash_object(const tsk_object *o, int depth) {
    uint32_t hash = o->count * 2654435761u + 2;
    for (uint32_t i = 0; depth && i < o->count; i++)
        hash += hash_pair(tsk_hash(o->entries[i].key, o->entries[i].key_len), hash_of(o->entries[i].value, depth - 1));
    return hash;
}

/* Equal values have equal hashes. */
static uint32_t hash_of(tsk_value v, int depth) {
    if (tsk_is_str(v)) return tsk_hash(tsk_as_str(v)->ptr ? tsk_as_str(v)->ptr : "", tsk_as_str(v)->len);
    if (tsk_is_array(v)) return hash_array(tsk_as_array(v), depth);
    if (tsk_is_object(v)) return hash_object(tsk_as_object(v), depth);
    uint64_t bits = v.bits;
    if (tsk_is_number(v)) {
        double d = tsk_as_number(v);
        if (d == 0) d = 0; /* -0 is 0 */
        memcpy(&bits, &d, sizeof bits);
    } else if (tsk_is_null(v)) {
        bits = TSK_VALUE_NULL.bits;
    }
    return (uint32_t)(tsk_hash_mix(bits, 0x9E3779B97F4A7C15ull) >> 16);
}

static set set_new(tsk_op_context *cx, uint64_t items) {
    uint32_t size = 8;
    while (size < items * 2) size *= 2;
    set s = {TSK_NEW_ARRAY(cx->heap, tsk_value, size), size - 1};
    for (uint32_t i = 0; i < size; i++) s.slots[i] = TSK_VALUE_UNDEFINED;
    return s;
}

/* The slot of the value, or the free one where it belongs. */
static tsk_value *slot(const set *s, tsk_value v) {
    uint32_t at = hash_of(v, HASH_DEPTH) & s->mask;
    while (!tsk_same(s->slots[at], TSK_VALUE_UNDEFINED) && !tsk_value_same(s->slots[at], v)) at = (at + 1) & s->mask;
    return &s->slots[at];
}

static tsk_value known(tsk_value v) {
    return tsk_is_null(v) ? TSK_VALUE_NULL : v; /* undefined marks free slots */
}

static bool has(const set *s, tsk_value v) {
    return !tsk_same(*slot(s, known(v)), TSK_VALUE_UNDEFINED);
}

/* False when it was there already. */
static bool add(const set *s, tsk_value v) {
    tsk_value *at = slot(s, known(v));
    bool fresh = tsk_same(*at, TSK_VALUE_UNDEFINED);
    *at = known(v);
    return fresh;
}

static bool all_lists(const tsk_call *call, uint64_t *items) {
    const tsk_array *list;
    *items = 0;
    for (uint32_t i = 0; i < call->count; i++) {
        if (!tsk_arg_array(call, i, &list)) return false;
        *items += list->count;
    }
    return *items < UINT32_MAX / 4 || tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: too many items", call->name);
}

static bool united(const tsk_call *call, tsk_value *out) {
    uint64_t items;
    if (!all_lists(call, &items)) return false;
    set seen = set_new(call->cx, items);
    tsk_array *result = tsk_array_new(call->cx->heap, 8);
    for (uint32_t i = 0; i < call->count; i++) {
        const tsk_array *list = tsk_as_array(call->args[i]);
        for (uint32_t k = 0; k < list->count; k++)
            if (add(&seen, list->items[k])) tsk_array_push(call->cx->heap, result, list->items[k]);
    }
    *out = tsk_from_array(result);
    return true;
}

TSK_OPERATOR(unique) {
    TSK_CALL("unique");
    return united(&call, out);
}

TSK_OPERATOR(union) {
    TSK_CALL("union");
    return united(&call, out);
}

/* Items of the first list that are in all others (in = true) or in none of them. */
static bool sifted(const tsk_call *call, bool in, tsk_value *out) {
    uint64_t items;
    if (!all_lists(call, &items)) return false;
    tsk_value current = call->args[0];
    for (uint32_t i = 1; i < call->count; i++) {
        const tsk_array *list = tsk_as_array(current), *other = tsk_as_array(call->args[i]);
        set members = set_new(call->cx, other->count), seen = set_new(call->cx, list->count);
        for (uint32_t k = 0; k < other->count; k++) add(&members, other->items[k]);
        tsk_array *kept = tsk_array_new(call->cx->heap, 8);
        for (uint32_t k = 0; k < list->count; k++)
            if (has(&members, list->items[k]) == in && (!in || add(&seen, list->items[k])))
                tsk_array_push(call->cx->heap, kept, list->items[k]);
        current = tsk_from_array(kept);
    }
    *out = current;
    return true;
}

TSK_OPERATOR(intersect) {
    TSK_CALL("intersect");
    return sifted(&call, true, out);
}

TSK_OPERATOR(diff) {
    TSK_CALL("diff");
    return sifted(&call, false, out);
}
