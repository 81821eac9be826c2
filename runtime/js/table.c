/* Ordered hash tables: what is inside a Map and a Set.
 *
 *   bucket of hash ─► entry ─chain─► entry ...       entries stand in order of insertion
 *
 * A removed entry becomes a hole.  A table that is full is never grown in place: a new one takes over, without the
 * holes, and the old one keeps a link to it, so that iterators find their place again (see collections.h). */
#include "runtime/js/collections.h"

#define FIRST_CAPACITY 8u
#define MAX_CAPACITY (1u << 24) /* as V8: 2^24 entries */
#define SET_WORK 4
#define ENTRY_WORDS (sizeof(tsk_js_entry) / sizeof(tsk_value))

static uint32_t *buckets_of(tsk_js_table *t) {
    return (uint32_t *)(void *)(t->entries + t->capacity);
}

static size_t bytes_for(uint32_t capacity) {
    return sizeof(tsk_js_table) + capacity * (sizeof(tsk_js_entry) + sizeof(uint32_t));
}

size_t tsk_js_table_size(const tsk_heap_cell *cell) {
    return bytes_for(((const tsk_js_table *)(const void *)cell)->capacity);
}

void tsk_js_table_trace(tsk_heap *heap, const tsk_heap_cell *cell) {
    const tsk_js_table *t = (const tsk_js_table *)(const void *)cell;
    tsk_heap_visit(heap, t->next);
    if (cell->flags & TSK_JS_TABLE_WEAK && tsk_heap_weak(heap, cell)) return;
    tsk_heap_visit_records(heap, &t->entries[0].key, t->used, ENTRY_WORDS, 2);
}

/* Equal keys get equal bits, but for strings: -0 is 0, and a double that is an int32 is one. */
static tsk_value normal_key(tsk_value key) {
    if (!tsk_is_double(key)) return key;
    double d = tsk_as_double(key);
    return d == 0 ? tsk_from_i32(0) : tsk_js_number(d);
}

static uint32_t hash_of(tsk_js *js, tsk_value key) {
    if (tsk_js_is_string(key)) {
        uint32_t hash = __atomic_load_n(&tsk_js_as_string(key)->cell.word, __ATOMIC_RELAXED);
        return TSK_LIKELY(hash) ? hash : tsk_js_string_hash(js, tsk_js_as_string(key));
    }
    uint64_t h = tsk_hash_mix(key.bits ^ tsk_hash_seed, 0x9E3779B97F4A7C15ull);
    return (uint32_t)(h ^ (h >> 32));
}

static bool same_key(tsk_js *js, tsk_value a, tsk_value b) {
    if (tsk_same(a, b)) return true;
    return tsk_js_is_string(a) && tsk_js_is_string(b) &&
           tsk_js_string_equal(js, tsk_js_as_string(a), tsk_js_as_string(b));
}

static tsk_js_entry *find(tsk_js *js, tsk_js_table *t, tsk_value key, uint32_t hash) {
    uint32_t at = buckets_of(t)[hash & (t->capacity - 1)];
    while (at) {
        tsk_js_entry *e = &t->entries[at - 1];
        if (e->hash == hash && same_key(js, e->key, key)) return e;
        at = e->chain;
    }
    return NULL;
}

tsk_js_entry *tsk_js_map_find(tsk_js *js, const tsk_js_map *m, tsk_value key) {
    if (!m->table || !m->table->live) return NULL;
    key = normal_key(key);
    return find(js, m->table, key, hash_of(js, key));
}

static tsk_js_table *table_new(tsk_js *js, uint32_t capacity, uint8_t flags) {
    tsk_js_table *t = capacity <= MAX_CAPACITY
                          ? (tsk_js_table *)tsk_heap_try_alloc(js->heap, bytes_for(capacity), TSK_JS_KIND_TABLE)
                          : NULL;
    if (!t) {
        tsk_js_throw_range(js, "Map maximum size exceeded");
        return NULL;
    }
    t->capacity = capacity;
    t->cell.flags = flags;
    return t;
}

static void append(tsk_js_table *t, tsk_value key, tsk_value value, uint32_t hash) {
    uint32_t *bucket = &buckets_of(t)[hash & (t->capacity - 1)];
    t->entries[t->used] = (tsk_js_entry){key, value, hash, *bucket};
    *bucket = ++t->used;
    t->live++;
}

/* A table with room in place of the one that is full or half empty. */
static bool replace(tsk_js *js, tsk_js_map *m, uint32_t capacity) {
    bool weak = m->object.cell.aux == TSK_JS_WEAK_MAP || m->object.cell.aux == TSK_JS_WEAK_SET;
    tsk_js_table *old = m->table, *t = table_new(js, capacity, weak ? TSK_JS_TABLE_WEAK : 0);
    if (!t) return false;
    if (old) {
        for (uint32_t i = 0; i < old->used; i++) {
            const tsk_js_entry *e = &old->entries[i];
            if (!tsk_js_is_hole(e->key)) append(t, e->key, e->value, e->hash);
        }
        TSK_HEAP_STORE(js->heap, old, next, t);
    }
    tsk_heap_wrote(js->heap, t);
    TSK_HEAP_STORE(js->heap, m, table, t);
    return true;
}

static void wrote(tsk_js *js, tsk_js_table *t, const tsk_js_entry *e) {
    tsk_heap_wrote_at(js->heap, t, &e->key);
    tsk_heap_wrote_at(js->heap, t, &e->value);
}

bool tsk_js_map_set(tsk_js *js, tsk_js_map *m, tsk_value key, tsk_value value) {
    key = normal_key(key);
    uint32_t hash = hash_of(js, key);
    if (m->table) {
        tsk_js_entry *e = find(js, m->table, key, hash);
        if (e) {
            e->value = value;
            wrote(js, m->table, e);
            return tsk_js_worked(js, SET_WORK);
        }
    }
    tsk_js_table *t = m->table;
    if (!t || t->used == t->capacity) {
        uint32_t capacity = !t ? FIRST_CAPACITY : t->live > t->capacity / 2 ? t->capacity * 2 : t->capacity;
        if (!replace(js, m, capacity)) return false;
    }
    append(m->table, key, value, hash);
    wrote(js, m->table, &m->table->entries[m->table->used - 1]);
    return tsk_js_worked(js, SET_WORK);
}

/* Takes the entry out of its chain, so that a chain holds no holes. */
static void unlink_entry(tsk_js_table *t, tsk_js_entry *e) {
    uint32_t number = (uint32_t)(e - t->entries) + 1;
    uint32_t *link = &buckets_of(t)[e->hash & (t->capacity - 1)];
    while (*link != number) link = &t->entries[*link - 1].chain;
    *link = e->chain;
}

static void forget(tsk_js_table *t, tsk_js_entry *e) {
    unlink_entry(t, e);
    e->key = TSK_JS_HOLE;
    e->value = TSK_VALUE_UNDEFINED;
    t->live--;
}

bool tsk_js_map_delete(tsk_js *js, tsk_js_map *m, tsk_value key) {
    tsk_js_entry *e = tsk_js_map_find(js, m, key);
    if (e) forget(m->table, e);
    return e != NULL;
}

tsk_heap_pairs tsk_js_table_pairs(const tsk_heap_cell *cell) {
    tsk_js_table *t = (tsk_js_table *)(uintptr_t)cell;
    if (!(cell->flags & TSK_JS_TABLE_WEAK)) return (tsk_heap_pairs){0};
    return (tsk_heap_pairs){(tsk_heap_pair *)(void *)t->entries, t->used, ENTRY_WORDS};
}

void tsk_js_table_forget(tsk_heap *heap, tsk_heap_cell *cell, tsk_heap_pair *pair) {
    (void)heap;
    forget((tsk_js_table *)(void *)cell, (tsk_js_entry *)(void *)pair);
}

bool tsk_js_map_clear(tsk_js *js, tsk_js_map *m) {
    tsk_js_table *old = m->table;
    if (!old || !old->used) return true;
    tsk_js_table *t = table_new(js, FIRST_CAPACITY, 0);
    if (!t) return false;
    old->cleared = true;
    old->used = old->live = 0;
    TSK_HEAP_STORE(js->heap, old, next, t);
    TSK_HEAP_STORE(js->heap, m, table, t);
    return true;
}

tsk_js_entry *tsk_js_map_next(const tsk_js_map *m, tsk_js_table **table, uint32_t *position) {
    tsk_js_table *t = *table ? *table : m->table; /* a walk may begin before the first entry was made */
    uint32_t at = *position;
    if (!t) return NULL;
    while (t->next) {
        uint32_t holes = 0;
        if (t->cleared) holes = at;
        for (uint32_t i = 0; !t->cleared && i < at; i++) holes += tsk_js_is_hole(t->entries[i].key);
        at -= holes;
        t = t->next;
    }
    while (at < t->used && tsk_js_is_hole(t->entries[at].key)) at++;
    *table = t;
    *position = at + (at < t->used);
    return at < t->used ? &t->entries[at] : NULL;
}
