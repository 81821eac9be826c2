/* Layouts of the collections of functions: what the collector, the interpreter and builtins/ must agree on.
 *
 *   Map, Set, WeakMap ─► table: buckets ─► entries in order of insertion, chained; a removed entry has the key HOLE
 *                        │
 *                        └ next: the table that took its place (grown, compacted or cleared); iterators follow it
 *   ArrayBuffer ─► buffer (bytes)  ◄─ typed arrays see a part of them
 *
 * Invariants
 *  - A table that has a `next` is not written any more: positions in it are turned into positions in the next one by
 *    counting the holes before them.
 *  - A typed array's `data` points into the buffer of its `array_buffer`, which never changes or shrinks.
 *  - What the collector visits: map.table, iterator.target and .extra, array_buffer.buffer, typed_array.array_buffer.
 */
#ifndef TSK_JS_COLLECTIONS_H
#define TSK_JS_COLLECTIONS_H

#include "runtime/js/realm.h"

/* ---- Map and Set ---- */
typedef struct tsk_js_entry {
    tsk_value key, value; /* as tsk_heap_pair; of a Set: value is undefined */
    uint32_t hash, chain; /* entry number + 1 of the next of this bucket */
} tsk_js_entry;

typedef struct tsk_js_table {
    tsk_heap_cell cell;        /* kind TABLE; flags: TSK_JS_TABLE_WEAK */
    struct tsk_js_table *next; /* see above; NULL: this is the one in use */
    uint32_t capacity;         /* of entries; there are as many buckets, a power of two */
    uint32_t used;             /* entries, holes included */
    uint32_t live;
    bool cleared; /* `next` began empty */
    tsk_js_entry entries[];
    /* uint32_t buckets[capacity] behind them */
} tsk_js_table;

enum { TSK_JS_TABLE_WEAK = 1 }; /* keys are cells, which it does not keep; values live while their keys do */

typedef struct tsk_js_map { /* classes MAP, SET, WEAK_MAP and WEAK_SET */
    tsk_js_object object;
    tsk_js_table *table; /* NULL: empty, nothing was ever in it */
} tsk_js_map;

/* For the table of kinds. */
size_t tsk_js_table_size(const tsk_heap_cell *cell);
void tsk_js_table_trace(tsk_heap *heap, const tsk_heap_cell *cell);
tsk_heap_pairs tsk_js_table_pairs(const tsk_heap_cell *cell);
void tsk_js_table_forget(tsk_heap *heap, tsk_heap_cell *cell, tsk_heap_pair *pair);

/* The keys are compared as SameValueZero.  NULL: absent. */
tsk_js_entry *tsk_js_map_find(tsk_js *js, const tsk_js_map *m, tsk_value key);
bool tsk_js_map_set(tsk_js *js, tsk_js_map *m, tsk_value key, tsk_value value); /* false: thrown */
bool tsk_js_map_delete(tsk_js *js, tsk_js_map *m, tsk_value key);               /* was there */
bool tsk_js_map_clear(tsk_js *js, tsk_js_map *m);                               /* false: thrown */
TSK_INLINE uint32_t tsk_js_map_size(const tsk_js_map *m) {
    return m->table ? m->table->live : 0;
}
/* Walks in order of insertion while entries come and go.  `*table` and `*position` begin as m->table and 0.  NULL: the
 * end; what is added after that is not seen by a caller that stops. */
tsk_js_entry *tsk_js_map_next(const tsk_js_map *m, tsk_js_table **table, uint32_t *position);

/* ---- iterators of built-ins (class ITERATOR) ---- */
typedef struct tsk_js_iterator {
    tsk_js_object object;
    tsk_value target; /* what is iterated; undefined: at the end */
    tsk_value extra;  /* Map and Set: the table */
    uint32_t position;
    uint8_t what; /* the built-in's: keys, values or entries */
    uint8_t type; /* intrinsic of its prototype (tsk_js_intrinsic), for brand checks */
} tsk_js_iterator;
enum { TSK_JS_ITERATE_KEYS, TSK_JS_ITERATE_VALUES, TSK_JS_ITERATE_ENTRIES };
/* What next() of arrays, strings, and Map and Set does (builtins/) while the target is not undefined: the value, HOLE at
 * the end, or THROWN. */
tsk_value tsk_js_array_step(tsk_js *js, tsk_js_iterator *it);
tsk_value tsk_js_string_step(tsk_js *js, tsk_js_iterator *it);
tsk_value tsk_js_map_step(tsk_js *js, tsk_js_iterator *it);
/* next() of all of them (iterate.c); data: the intrinsic that is the iterator's prototype. */
tsk_value tsk_js_iterator_next(tsk_js *js, const tsk_js_args *a);

/* ---- bytes ---- */
typedef struct tsk_js_buffer {
    tsk_heap_cell cell; /* kind BUFFER; word: bytes */
    uint8_t bytes[];
} tsk_js_buffer;

typedef struct tsk_js_array_buffer {
    tsk_js_object object;
    tsk_js_buffer *buffer; /* never NULL once constructed */
} tsk_js_array_buffer;

typedef enum tsk_js_typed_type {
#define X(NAME, name, type) TSK_JS_##NAME,
#include "runtime/js/typed_types.def"
#undef X
    TSK_JS_TYPED_TYPES
} tsk_js_typed_type;
extern const uint8_t tsk_js_typed_sizes[TSK_JS_TYPED_TYPES]; /* bytes of an element */

typedef struct tsk_js_typed_array { /* flag EXOTIC is set */
    tsk_js_object object;
    tsk_js_array_buffer *array_buffer;
    void *data;
    uint32_t length; /* elements */
    uint32_t offset; /* bytes */
    uint32_t type;   /* tsk_js_typed_type */
    uint32_t unused;
} tsk_js_typed_array;

typedef struct tsk_js_data_view {
    tsk_js_object object;
    tsk_js_array_buffer *array_buffer;
    uint32_t length, offset; /* bytes */
} tsk_js_data_view;

/* index < length */
TSK_INLINE tsk_value tsk_js_typed_get(const tsk_js_typed_array *a, uint32_t index) {
    switch ((tsk_js_typed_type)a->type) {
    case TSK_JS_INT32: return tsk_from_i32(((const int32_t *)a->data)[index]);
    case TSK_JS_UINT8_CLAMPED:
    case TSK_JS_UINT8: return tsk_from_i32(((const uint8_t *)a->data)[index]);
    case TSK_JS_INT8: return tsk_from_i32(((const int8_t *)a->data)[index]);
    case TSK_JS_INT16: return tsk_from_i32(((const int16_t *)a->data)[index]);
    case TSK_JS_UINT16: return tsk_from_i32(((const uint16_t *)a->data)[index]);
    case TSK_JS_UINT32: return tsk_js_number(((const uint32_t *)a->data)[index]);
    case TSK_JS_FLOAT32: return tsk_js_number((double)((const float *)a->data)[index]);
    default: return tsk_js_number(((const double *)a->data)[index]);
    }
}
/* Stores a number that has been converted. */
void tsk_js_typed_put(const tsk_js_typed_array *a, uint32_t index, double d);
/* Converts, which may call user code and throw (false); an index that is outside is ignored after that. */
bool tsk_js_typed_set(tsk_js *js, tsk_js_typed_array *a, uint64_t index, tsk_value v);
/* Zeroed; NULL: thrown. */
tsk_js_array_buffer *tsk_js_array_buffer_new(tsk_js *js, uint64_t bytes);
tsk_js_typed_array *tsk_js_typed_array_new(tsk_js *js, tsk_js_typed_type type, uint64_t length);
/* On a part of a buffer; `proto` NULL: the type's own. */
tsk_js_typed_array *tsk_js_typed_array_on(tsk_js *js, tsk_js_typed_type type, tsk_js_array_buffer *buffer,
                                          uint32_t offset, uint32_t length, tsk_js_object *proto);

#endif
