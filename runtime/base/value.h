/* Values: 64 bits, NaN-boxed, and the cells they point to.
 *
 *   0000... to 0xFFF8...   a double (every NaN is 0x7FF8000000000000)
 *   0xFFF9  int32          0xFFFA  null, undefined, false, true
 *   0xFFFB  string *       0xFFFC  array *       0xFFFD  object *
 *   0xFFFE  boxed cell *: an int64 outside int32, or a function
 *   0xFFFF  thunk number: stands in a constant tree where the value must be computed first;
 *           never seen by operators, builtins or hosts
 *
 * Invariants
 *  - Cells are immutable once another module can see them, except an array or object that its
 *    maker is still filling.  A cell lives in the arena of its maker.
 *  - An integer that fits int32 is never boxed, so equal integers have equal bits.
 *  - An object keeps insertion order; its keys are unique.
 *  - tsk_value is a struct so that mixing it with a number does not compile.  An accessor (tsk_as_...) wants a value of
 *    its kind, which builds with TUSK_CHECKED_VALUES look at.
 */
#ifndef TSK_VALUE_H
#define TSK_VALUE_H

#include "runtime/base/mem.h"

typedef struct tsk_value {
    uint64_t bits;
} tsk_value;

enum { TSK_TAG_INT = 0xFFF9, TSK_TAG_CONST, TSK_TAG_STR, TSK_TAG_ARRAY, TSK_TAG_OBJECT, TSK_TAG_CELL, TSK_TAG_THUNK };

typedef enum tsk_kind {
    TSK_NULL, /* undefined reports as null outside functions */
    TSK_BOOL,
    TSK_INT, /* int32 or boxed int64 */
    TSK_DOUBLE,
    TSK_STRING,
    TSK_ARRAY,
    TSK_OBJECT,
    TSK_FUNCTION,
    TSK_THUNK
} tsk_kind;

typedef struct tsk_str {
    const char *ptr; /* UTF-8; may point into a source text; not NUL-terminated */
    uint32_t len;
    uint32_t hash; /* of the text, 0 = not computed yet; a relaxed atomic */
} tsk_str;

typedef struct tsk_array {
    tsk_value *items;
    uint32_t count, cap;
    uint32_t flags; /* TSK_HAS_THUNKS */
} tsk_array;

typedef struct tsk_entry {
    const char *key; /* points into the source text where the key is written plainly */
    uint32_t key_len;
    uint32_t hash;
    tsk_value value;
} tsk_entry;

typedef struct tsk_object {
    tsk_entry *entries; /* insertion order */
    uint64_t *index;    /* hash << 32 | entry number + 1, linear probing, power of two; NULL while small */
    uint32_t count, cap;
    uint32_t index_mask;
    uint32_t flags; /* TSK_HAS_THUNKS */
    uint64_t seen;  /* one bit for each hash present: most absent keys are known without a search */
} tsk_object;

/* Objects up to this many keys are searched by comparing hashes one after another. */
#define TSK_SMALL_OBJECT 16

enum { TSK_HAS_THUNKS = 1 }; /* a thunk stands in this container or below */

typedef enum tsk_cell_kind { TSK_CELL_INT64, TSK_CELL_FUNCTION } tsk_cell_kind;

typedef struct tsk_cell {
    uint32_t kind;  /* tsk_cell_kind */
    uint32_t count; /* function: of captures */
    union {
        int64_t i64;
        struct tsk_ir_func *func; /* a lambda of the configuration */
    };
    tsk_value captures[];
} tsk_cell;

#define TSK_BITS(tag, payload) (((uint64_t)(tag) << 48) | (payload))
#define TSK_VALUE_NULL ((tsk_value){TSK_BITS(TSK_TAG_CONST, 0)})
#define TSK_VALUE_UNDEFINED ((tsk_value){TSK_BITS(TSK_TAG_CONST, 1)})
#define TSK_VALUE_FALSE ((tsk_value){TSK_BITS(TSK_TAG_CONST, 2)})
#define TSK_VALUE_TRUE ((tsk_value){TSK_BITS(TSK_TAG_CONST, 3)})

TSK_INLINE unsigned tsk_tag(tsk_value v) {
    return (unsigned)(v.bits >> 48);
}
TSK_INLINE bool tsk_is_pointer(tsk_value v) {
    return tsk_tag(v) - TSK_TAG_STR <= TSK_TAG_CELL - TSK_TAG_STR;
}
TSK_INLINE void *tsk_ptr(tsk_value v) {
    TSK_CHECK(tsk_is_pointer(v));
    return (void *)(uintptr_t)(v.bits & 0xFFFFFFFFFFFFull);
}
TSK_INLINE bool tsk_same(tsk_value a, tsk_value b) {
    return a.bits == b.bits;
}

TSK_INLINE tsk_value tsk_from_bool(bool b) {
    return b ? TSK_VALUE_TRUE : TSK_VALUE_FALSE;
}
TSK_INLINE tsk_value tsk_from_i32(int32_t i) {
    return (tsk_value){TSK_BITS(TSK_TAG_INT, (uint32_t)i)};
}
TSK_INLINE tsk_value tsk_from_double(double d) {
    tsk_value v;
    if (TSK_UNLIKELY(d != d)) return (tsk_value){0x7FF8000000000000ull};
    memcpy(&v.bits, &d, 8);
    return v;
}
TSK_INLINE tsk_value tsk_from_ptr(unsigned tag, const void *p) {
    return (tsk_value){TSK_BITS(tag, (uint64_t)(uintptr_t)p)};
}
TSK_INLINE tsk_value tsk_from_str(const tsk_str *s) {
    return tsk_from_ptr(TSK_TAG_STR, s);
}
TSK_INLINE tsk_value tsk_from_array(const tsk_array *a) {
    return tsk_from_ptr(TSK_TAG_ARRAY, a);
}
TSK_INLINE tsk_value tsk_from_object(const tsk_object *o) {
    return tsk_from_ptr(TSK_TAG_OBJECT, o);
}
TSK_INLINE tsk_value tsk_from_thunk(uint32_t number) {
    return (tsk_value){TSK_BITS(TSK_TAG_THUNK, number)};
}

TSK_INLINE bool tsk_is_double(tsk_value v) {
    return v.bits < TSK_BITS(TSK_TAG_INT, 0);
}
TSK_INLINE bool tsk_is_i32(tsk_value v) {
    return tsk_tag(v) == TSK_TAG_INT;
}
TSK_INLINE bool tsk_is_null(tsk_value v) {
    return v.bits <= TSK_VALUE_UNDEFINED.bits && v.bits >= TSK_VALUE_NULL.bits;
}
TSK_INLINE bool tsk_is_bool(tsk_value v) {
    return (v.bits | 1) == TSK_VALUE_TRUE.bits;
}
TSK_INLINE bool tsk_is_str(tsk_value v) {
    return tsk_tag(v) == TSK_TAG_STR;
}
TSK_INLINE bool tsk_is_array(tsk_value v) {
    return tsk_tag(v) == TSK_TAG_ARRAY;
}
TSK_INLINE bool tsk_is_object(tsk_value v) {
    return tsk_tag(v) == TSK_TAG_OBJECT;
}
TSK_INLINE bool tsk_is_thunk(tsk_value v) {
    return tsk_tag(v) == TSK_TAG_THUNK;
}
TSK_INLINE bool tsk_is_cell(tsk_value v, tsk_cell_kind kind) {
    return tsk_tag(v) == TSK_TAG_CELL && ((const tsk_cell *)tsk_ptr(v))->kind == (uint32_t)kind;
}
TSK_INLINE bool tsk_is_function(tsk_value v) {
    return tsk_is_cell(v, TSK_CELL_FUNCTION);
}
TSK_INLINE bool tsk_is_int(tsk_value v) {
    return tsk_is_i32(v) || tsk_is_cell(v, TSK_CELL_INT64);
}
TSK_INLINE bool tsk_is_number(tsk_value v) {
    return tsk_is_double(v) || tsk_is_int(v);
}

TSK_INLINE bool tsk_as_bool(tsk_value v) {
    TSK_CHECK(tsk_is_bool(v));
    return v.bits == TSK_VALUE_TRUE.bits;
}
TSK_INLINE int32_t tsk_as_i32(tsk_value v) {
    TSK_CHECK(tsk_is_i32(v));
    return (int32_t)(uint32_t)v.bits;
}
TSK_INLINE int64_t tsk_as_int(tsk_value v) {
    TSK_CHECK(tsk_is_int(v));
    return tsk_is_i32(v) ? tsk_as_i32(v) : ((const tsk_cell *)tsk_ptr(v))->i64;
}
TSK_INLINE double tsk_as_double(tsk_value v) {
    TSK_CHECK(tsk_is_double(v));
    double d;
    memcpy(&d, &v.bits, 8);
    return d;
}
/* Of an int or a double. */
TSK_INLINE double tsk_as_number(tsk_value v) {
    return tsk_is_double(v) ? tsk_as_double(v) : (double)tsk_as_int(v);
}
TSK_INLINE tsk_str *tsk_as_str(tsk_value v) {
    TSK_CHECK(tsk_is_str(v));
    return tsk_ptr(v);
}
TSK_INLINE tsk_slice tsk_as_slice(tsk_value v) {
    TSK_CHECK(tsk_is_str(v));
    const tsk_str *s = tsk_ptr(v);
    return (tsk_slice){s->ptr, s->len};
}
TSK_INLINE tsk_array *tsk_as_array(tsk_value v) {
    TSK_CHECK(tsk_is_array(v));
    return tsk_ptr(v);
}
TSK_INLINE tsk_object *tsk_as_object(tsk_value v) {
    TSK_CHECK(tsk_is_object(v));
    return tsk_ptr(v);
}
TSK_INLINE tsk_cell *tsk_as_cell(tsk_value v) {
    TSK_CHECK(tsk_tag(v) == TSK_TAG_CELL);
    return tsk_ptr(v);
}
TSK_INLINE uint32_t tsk_as_thunk(tsk_value v) {
    TSK_CHECK(tsk_is_thunk(v));
    return (uint32_t)v.bits;
}

tsk_kind tsk_kind_of(tsk_value v);
const char *tsk_kind_name(tsk_kind kind); /* "null", "bool", "int", "double", "string", "array", "object", "function" */
/* Whether it is of a type as rules and schemas name them ("int", "text", "list", "any" ...); *known is false for other names. */
bool tsk_value_has_type(tsk_value v, tsk_slice type, bool *known);

tsk_value tsk_int(tsk_arena *heap, int64_t i);
/* The cell borrows the text. */
TSK_INLINE tsk_value tsk_str_borrow(tsk_arena *heap, const char *ptr, uint32_t len) {
    tsk_str *s = (tsk_str *)tsk_arena_alloc(heap, sizeof *s);
    *s = (tsk_str){ptr, len, 0};
    return tsk_from_str(s);
}
tsk_value tsk_str_copy(tsk_arena *heap, const char *ptr, size_t len);
tsk_value tsk_str_cstr(tsk_arena *heap, const char *text);
/* Takes what the buffer holds (which must be in the same arena as the value). */
tsk_value tsk_str_take(tsk_buf *buf);

/* Hash of a key: seeded once a process, so that input cannot choose collisions. Never 0. */
extern uint64_t tsk_hash_seed;
TSK_INLINE uint64_t tsk_hash_mix(uint64_t a, uint64_t b) {
    __uint128_t m = (__uint128_t)a * b;
    return (uint64_t)m ^ (uint64_t)(m >> 64);
}
TSK_INLINE uint64_t tsk_load64(const char *p) {
    uint64_t x;
    memcpy(&x, p, 8);
    return x;
}
TSK_INLINE uint32_t tsk_load32(const char *p) {
    uint32_t x;
    memcpy(&x, p, 4);
    return x;
}
uint32_t tsk_hash_long(const char *p, size_t n);
TSK_INLINE uint32_t tsk_hash_pair(uint64_t low, uint64_t high, size_t n) {
    uint64_t h = tsk_hash_mix(low ^ tsk_hash_seed ^ n, high ^ 0xA0761D6478BD642Full);
    uint32_t r = (uint32_t)(h ^ (h >> 32));
    return r | !r;
}
/* Keys of up to 16 bytes are two words, zero-filled, and one 128-bit product (the mixing step of wyhash). */
TSK_INLINE uint32_t tsk_hash(const char *p, size_t n) {
    if (TSK_UNLIKELY(n > 16)) return tsk_hash_long(p, n);
    uint64_t words[2] = {0, 0};
    if (n >= 8) {
        words[0] = tsk_load64(p);
        if (n > 8) words[1] = tsk_load64(p + n - 8) >> (8 * (16 - n));
    } else if (n >= 4) {
        words[0] = tsk_load32(p) | (uint64_t)tsk_load32(p + n - 4) << (8 * (n - 4));
    } else if (n) {
        words[0] = (uint8_t)p[0] | (uint64_t)(uint8_t)p[n >> 1] << (8 * (n >> 1)) |
                   (uint64_t)(uint8_t)p[n - 1] << (8 * (n - 1));
    }
    return tsk_hash_pair(words[0], words[1], n);
}
extern const char tsk_hash_mask[32]; /* 16 bytes of ones, 16 of zeros */
/* The same of a text that may be read 16 bytes past its start, such as source text: no branch on the length. */
TSK_INLINE uint32_t tsk_hash_padded(const char *p, size_t n) {
    if (TSK_UNLIKELY(n > 16)) return tsk_hash_long(p, n);
    const char *mask = tsk_hash_mask + 16 - n;
    return tsk_hash_pair(tsk_load64(p) & tsk_load64(mask), tsk_load64(p + 8) & tsk_load64(mask + 8), n);
}

tsk_array *tsk_array_new(tsk_arena *heap, uint32_t cap);
void tsk_array_push(tsk_arena *heap, tsk_array *array, tsk_value v);

tsk_object *tsk_object_new(tsk_arena *heap, uint32_t cap);
/* NULL when absent. */
tsk_entry *tsk_object_search(const tsk_object *o, const char *key, uint32_t len, uint32_t hash);
TSK_INLINE tsk_entry *tsk_object_find_hashed(const tsk_object *o, const char *key, uint32_t len, uint32_t hash) {
    return o->seen >> (hash >> 26) & 1 ? tsk_object_search(o, key, len, hash) : NULL;
}
TSK_INLINE tsk_entry *tsk_object_find(const tsk_object *o, const char *key, uint32_t len) {
    return tsk_object_find_hashed(o, key, len, tsk_hash(key, len));
}
/* The entry of this key, appended with the value null when absent; `*added` (may be NULL) says which.  Borrows the key. */
tsk_entry *tsk_object_slot(tsk_arena *heap, tsk_object *o, const char *key, uint32_t len, uint32_t hash, bool *added);
/* Appends a key that is certainly new to an object with room and no index; NULL when it is not that simple. */
TSK_INLINE tsk_entry *tsk_object_append(tsk_object *o, const char *key, uint32_t len, uint32_t hash) {
    uint64_t bit = 1ull << (hash >> 26);
    if (TSK_UNLIKELY((o->seen & bit) || o->count >= TSK_SMALL_OBJECT || o->count == o->cap)) return NULL;
    o->seen |= bit;
    tsk_entry *e = &o->entries[o->count++];
    e->key = key;
    e->key_len = len;
    e->hash = hash;
    return e;
}
/* Sets or replaces; borrows the key. */
void tsk_object_set(tsk_arena *heap, tsk_object *o, const char *key, uint32_t len, tsk_value v);
/* The same with a key that is a C string literal. */
void tsk_object_put(tsk_arena *heap, tsk_object *o, const char *literal, tsk_value v);
bool tsk_object_remove(tsk_object *o, const char *key, uint32_t len);

#endif
