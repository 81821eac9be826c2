/* Tables of properties: of objects that have too many for a shape, and of sparse elements.
 *
 *   bucket of key ─► entry ─chain─► entry ...       entries stand in order of insertion
 *
 * Keys are compared by their bits: atoms and symbols exist once.  A deleted entry stays in its chain, with the key
 * HOLE, until the table is made anew. */
#include "runtime/js/model.h"

#define FIRST_CAPACITY 16u
#define MAX_CAPACITY (1u << 25)
#define ENTRY_WORDS (sizeof(tsk_js_property) / sizeof(tsk_value))

static uint32_t *buckets_of(tsk_js_dictionary *d) {
    return (uint32_t *)(void *)(d->entries + d->capacity);
}

static size_t bytes_for(uint32_t capacity) {
    return sizeof(tsk_js_dictionary) + capacity * (sizeof(tsk_js_property) + sizeof(uint32_t));
}

size_t tsk_js_dictionary_size(const tsk_heap_cell *cell) {
    return bytes_for(((const tsk_js_dictionary *)(const void *)cell)->capacity);
}

void tsk_js_dictionary_trace(tsk_heap *heap, const tsk_heap_cell *cell) {
    const tsk_js_dictionary *d = (const tsk_js_dictionary *)(const void *)cell;
    if (d->has_symbols)
        tsk_heap_visit_records(heap, (const tsk_value *)(const void *)&d->entries[0].key, d->used, ENTRY_WORDS, 1);
    tsk_heap_visit_records(heap, &d->entries[0].value, d->used, ENTRY_WORDS, 1);
}

static uint32_t bucket_of(const tsk_js_dictionary *d, tsk_js_key key) {
    uint64_t h = tsk_hash_mix(key.bits ^ tsk_hash_seed, 0x9E3779B97F4A7C15ull);
    return (uint32_t)(h ^ (h >> 32)) & (d->capacity - 1);
}

static tsk_js_dictionary *with_capacity(tsk_js *js, uint32_t root, uint32_t capacity) {
    tsk_js_dictionary *d = NULL;
    if (capacity <= MAX_CAPACITY)
        d = (tsk_js_dictionary *)tsk_heap_try_alloc(js->heap, bytes_for(capacity), TSK_JS_KIND_DICTIONARY);
    if (!d) {
        tsk_js_throw_range(js, "Too many properties in an object");
        return NULL;
    }
    d->root = root;
    d->capacity = capacity;
    return d;
}

tsk_js_dictionary *tsk_js_dictionary_new(tsk_js *js, uint32_t root, uint32_t room) {
    uint32_t capacity = FIRST_CAPACITY;
    while (capacity < room && capacity <= MAX_CAPACITY) capacity *= 2;
    return with_capacity(js, root, capacity);
}

tsk_js_property *tsk_js_dictionary_find(tsk_js_dictionary *d, tsk_js_key key) {
    uint32_t at = buckets_of(d)[bucket_of(d, key)];
    while (at) {
        tsk_js_property *p = &d->entries[at - 1];
        if (p->key.bits == key.bits) return p;
        at = p->chain;
    }
    return NULL;
}

static void append(tsk_js_dictionary *d, tsk_js_key key, tsk_value v, uint32_t attributes) {
    uint32_t *bucket = &buckets_of(d)[bucket_of(d, key)];
    d->entries[d->used] = (tsk_js_property){key, v, attributes, *bucket};
    d->has_symbols |= tsk_js_key_is_symbol(key);
    *bucket = ++d->used;
    d->live++;
}

/* The same entries without the deleted ones, with room for more. */
static tsk_js_dictionary *made_anew(tsk_js *js, const tsk_js_dictionary *d) {
    uint32_t capacity = d->live > d->capacity / 2 ? d->capacity * 2 : d->capacity;
    tsk_js_dictionary *to = with_capacity(js, d->root, capacity);
    if (!to) return NULL;
    for (uint32_t i = 0; i < d->used; i++) {
        const tsk_js_property *p = &d->entries[i];
        if (tsk_js_property_live(p)) append(to, p->key, p->value, p->attributes);
    }
    return to;
}

tsk_js_dictionary *tsk_js_dictionary_add(tsk_js *js, tsk_js_dictionary *d, tsk_js_key key, tsk_value v,
                                         uint32_t attributes) {
    if (d->used == d->capacity) d = made_anew(js, d);
    if (!d) return NULL;
    append(d, key, v, attributes);
    tsk_js_property *p = &d->entries[d->used - 1];
    if (tsk_js_key_is_symbol(key)) tsk_heap_wrote_at(js->heap, d, (const tsk_value *)(const void *)&p->key);
    tsk_heap_wrote_at(js->heap, d, &p->value);
    return d;
}

void tsk_js_dictionary_remove(tsk_js_dictionary *d, tsk_js_property *p) {
    p->key.bits = TSK_JS_HOLE.bits;
    p->value = TSK_VALUE_UNDEFINED;
    d->live--;
}
