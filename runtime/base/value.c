#include "runtime/base/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>

#ifdef TUSK_CHECKED_VALUES
void tsk_check_failed(const char *what, const char *file, int line) {
    fprintf(stderr, "%s:%d: a value is not what its accessor wants: %s\n", file, line, what);
    abort();
}
#endif

uint64_t tsk_hash_seed = 0x9E3779B97F4A7C15ull;

const char tsk_hash_mask[32] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

/* The kernel hands every process 16 random bytes; no call needed. */
__attribute__((constructor)) static void seed_hash(void) {
    const char *random = (const char *)getauxval(AT_RANDOM); /* NOLINT: the kernel's own pointer */
    if (random) tsk_hash_seed ^= tsk_load64(random);
}

uint32_t tsk_hash_long(const char *p, size_t n) {
    uint64_t h = tsk_hash_seed ^ n;
    const char *last = p + n - 16;
    for (; p < last; p += 16) h = tsk_hash_mix(tsk_load64(p) ^ h, tsk_load64(p + 8) ^ 0xE7037ED1A0B428DBull);
    h = tsk_hash_mix(tsk_load64(last) ^ h, tsk_load64(last + 8) ^ 0xA0761D6478BD642Full);
    uint32_t r = (uint32_t)(h ^ (h >> 32));
    return r ? r : 1;
}

tsk_kind tsk_kind_of(tsk_value v) {
    switch (tsk_tag(v)) {
    case TSK_TAG_INT: return TSK_INT;
    case TSK_TAG_CONST: return tsk_is_bool(v) ? TSK_BOOL : TSK_NULL;
    case TSK_TAG_STR: return TSK_STRING;
    case TSK_TAG_ARRAY: return TSK_ARRAY;
    case TSK_TAG_OBJECT: return TSK_OBJECT;
    case TSK_TAG_CELL: return tsk_is_function(v) ? TSK_FUNCTION : TSK_INT;
    case TSK_TAG_THUNK: return TSK_THUNK;
    default: return TSK_DOUBLE;
    }
}

const char *tsk_kind_name(tsk_kind kind) {
    static const char *const names[] = {"null",  "bool",   "int",      "double", "string",
                                        "array", "object", "function", "thunk"};
    return names[kind];
}

tsk_value tsk_int(tsk_arena *heap, int64_t i) {
    if (TSK_LIKELY(i >= INT32_MIN && i <= INT32_MAX)) return tsk_from_i32((int32_t)i);
    tsk_cell *cell = tsk_arena_alloc(heap, sizeof *cell);
    cell->kind = TSK_CELL_INT64;
    cell->count = 0;
    cell->i64 = i;
    return tsk_from_ptr(TSK_TAG_CELL, cell);
}

tsk_value tsk_str_copy(tsk_arena *heap, const char *ptr, size_t len) {
    char *copy = tsk_arena_alloc(heap, len);
    if (len) memcpy(copy, ptr, len);
    return tsk_str_borrow(heap, copy, (uint32_t)len);
}

tsk_value tsk_str_cstr(tsk_arena *heap, const char *text) {
    return tsk_str_copy(heap, text, strlen(text));
}

tsk_value tsk_str_take(tsk_buf *buf) {
    if (!buf->len) return tsk_str_borrow(buf->arena, "", 0); /* an empty text has an address too */
    tsk_arena_shrink(buf->arena, buf->ptr, buf->cap, buf->len);
    return tsk_str_borrow(buf->arena, buf->ptr, (uint32_t)buf->len);
}

tsk_array *tsk_array_new(tsk_arena *heap, uint32_t cap) {
    tsk_array *array = tsk_arena_alloc(heap, sizeof *array);
    *array = (tsk_array){.items = cap ? TSK_NEW_ARRAY(heap, tsk_value, cap) : NULL, .cap = cap};
    return array;
}

void tsk_array_push(tsk_arena *heap, tsk_array *array, tsk_value v) {
    if (array->count == array->cap) {
        uint32_t cap = array->cap ? array->cap * 2 : 4;
        array->items = tsk_arena_grow(heap, array->items, array->cap * sizeof v, cap * sizeof v);
        array->cap = cap;
    }
    array->items[array->count++] = v;
}

tsk_object *tsk_object_new(tsk_arena *heap, uint32_t cap) {
    tsk_object *o = tsk_arena_alloc(heap, sizeof *o);
    *o = (tsk_object){.entries = cap ? TSK_NEW_ARRAY(heap, tsk_entry, cap) : NULL, .cap = cap};
    return o;
}

static bool entry_is(const tsk_entry *e, const char *key, uint32_t len, uint32_t hash) {
    return e->hash == hash && e->key_len == len && memcmp(e->key, key, len) == 0;
}

tsk_entry *tsk_object_search(const tsk_object *o, const char *key, uint32_t len, uint32_t hash) {
    if (!o->index) {
        for (tsk_entry *e = o->entries, *end = e + o->count; e < end; e++)
            if (entry_is(e, key, len, hash)) return e;
        return NULL;
    }
    /* the hash stands in the index, so that a miss touches no entry */
    for (uint32_t at = hash & o->index_mask; o->index[at]; at = (at + 1) & o->index_mask) {
        if (o->index[at] >> 32 != hash) continue;
        tsk_entry *e = &o->entries[(uint32_t)o->index[at] - 1];
        if (entry_is(e, key, len, hash)) return e;
    }
    return NULL;
}

static void index_word(tsk_object *o, uint64_t word) {
    uint32_t at = (uint32_t)(word >> 32) & o->index_mask;
    while (o->index[at]) at = (at + 1) & o->index_mask;
    o->index[at] = word;
}

static void index_entry(tsk_object *o, uint32_t number) {
    index_word(o, (uint64_t)o->entries[number].hash << 32 | (number + 1));
}

/* Doubling walks the old index in its order: that fills the new one front to back in two streams. */
static void build_index(tsk_arena *heap, tsk_object *o, uint32_t size) {
    uint64_t *old = o->index;
    uint32_t old_size = old ? o->index_mask + 1 : 0;
    o->index = tsk_arena_zalloc(heap, size * sizeof *o->index);
    o->index_mask = size - 1;
    for (uint32_t i = 0; i < old_size; i++)
        if (old[i]) index_word(o, old[i]);
    for (uint32_t i = old ? o->count - 1 : 0; i < o->count; i++) index_entry(o, i);
}

tsk_entry *tsk_object_slot(tsk_arena *heap, tsk_object *o, const char *key, uint32_t len, uint32_t hash, bool *added) {
    tsk_entry *found = tsk_object_find_hashed(o, key, len, hash);
    if (added) *added = !found;
    if (found) return found;
    if (o->count == o->cap) {
        uint32_t cap = o->cap ? o->cap * 2 : 4;
        o->entries = tsk_arena_grow(heap, o->entries, o->cap * sizeof *o->entries, cap * sizeof *o->entries);
        o->cap = cap;
    }
    tsk_entry *e = &o->entries[o->count++];
    *e = (tsk_entry){key, len, hash, TSK_VALUE_NULL};
    o->seen |= 1ull << (hash >> 26);
    if (TSK_LIKELY(o->count <= TSK_SMALL_OBJECT && !o->index)) return e;
    if (o->index && o->count * 2 <= o->index_mask + 1)
        index_entry(o, o->count - 1);
    else
        build_index(heap, o, o->index ? (o->index_mask + 1) * 2 : TSK_SMALL_OBJECT * 4);
    return e;
}

void tsk_object_set(tsk_arena *heap, tsk_object *o, const char *key, uint32_t len, tsk_value v) {
    tsk_object_slot(heap, o, key, len, tsk_hash(key, len), NULL)->value = v;
}

void tsk_object_put(tsk_arena *heap, tsk_object *o, const char *literal, tsk_value v) {
    tsk_object_set(heap, o, literal, (uint32_t)strlen(literal), v);
}

bool tsk_object_remove(tsk_object *o, const char *key, uint32_t len) {
    tsk_entry *e = tsk_object_find(o, key, len);
    if (!e) return false;
    memmove(e, e + 1, (size_t)(o->entries + o->count - e - 1) * sizeof *e);
    o->count--;
    if (o->index) {
        memset(o->index, 0, (o->index_mask + 1) * sizeof *o->index);
        for (uint32_t i = 0; i < o->count; i++) index_entry(o, i);
    }
    return true;
}

bool tsk_value_has_type(tsk_value v, tsk_slice type, bool *known) {
    static const struct {
        tsk_slice name;
        unsigned kinds;
    } types[] = {{TSK_SLICE("string"), 1u << TSK_STRING},
                 {TSK_SLICE("text"), 1u << TSK_STRING},
                 {TSK_SLICE("number"), 1u << TSK_INT | 1u << TSK_DOUBLE},
                 {TSK_SLICE("float"), 1u << TSK_INT | 1u << TSK_DOUBLE},
                 {TSK_SLICE("double"), 1u << TSK_INT | 1u << TSK_DOUBLE},
                 {TSK_SLICE("integer"), 1u << TSK_INT},
                 {TSK_SLICE("int"), 1u << TSK_INT},
                 {TSK_SLICE("boolean"), 1u << TSK_BOOL},
                 {TSK_SLICE("bool"), 1u << TSK_BOOL},
                 {TSK_SLICE("array"), 1u << TSK_ARRAY},
                 {TSK_SLICE("list"), 1u << TSK_ARRAY},
                 {TSK_SLICE("object"), 1u << TSK_OBJECT},
                 {TSK_SLICE("block"), 1u << TSK_OBJECT},
                 {TSK_SLICE("null"), 1u << TSK_NULL},
                 {TSK_SLICE("any"), ~0u}};
    *known = true;
    for (size_t i = 0; i < TSK_COUNT(types); i++) {
        if (!tsk_slice_eq(types[i].name, type)) continue;
        if (types[i].kinds == 1u << TSK_INT && tsk_is_double(v)) { /* 8.0 is a whole number */
            double d = tsk_as_double(v);
            return d >= -9007199254740992.0 && d <= 9007199254740992.0 && d == (double)(int64_t)d;
        }
        return types[i].kinds >> tsk_kind_of(v) & 1;
    }
    return *known = false;
}
