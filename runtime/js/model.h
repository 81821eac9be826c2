/* What the files of the object model share: where properties are.
 *
 *   dictionary.c ◄─ shape.c ◄─ slots.c (find, add, change one own property of a name) ◄─ define.c property.c cache.c ...
 *                              elements.c (the same for indices)
 *
 * "Named" keys are atoms and symbols; indices are elements.  Some own properties of names are in no shape: an array's
 * and a string's `length`, and what a function has not made yet (TSK_JS_LAZY_OWN); tsk_js_is_virtual knows the names.
 *
 * Invariants
 *  - An object that is no dictionary has as many properties as its shape; slot i of them is inline while i is below
 *    shape->inline_slots, else slot ~(i - inline_slots) of the overflow.
 *  - A property that is not plain has made its name TSK_JS_SPECIAL, so that a store of a new name to an object need
 *    not look for setters and read-only properties on prototypes.
 */
#ifndef TSK_JS_MODEL_H
#define TSK_JS_MODEL_H

#include "runtime/js/collections.h"

typedef struct tsk_js_slots {
    tsk_heap_cell cell; /* word: capacity */
    tsk_value values[];
} tsk_js_slots;

/* ---- tables of properties (dictionary.c), in order of insertion ---- */
typedef struct tsk_js_property {
    tsk_js_key key; /* HOLE: deleted */
    tsk_value value;
    uint32_t attributes;
    uint32_t chain; /* entry number + 1 of the next of this bucket */
} tsk_js_property;

typedef struct tsk_js_dictionary {
    tsk_heap_cell cell;
    uint32_t root;     /* number of the shape that tells the object's size; 0 in a table of elements */
    uint32_t capacity; /* of entries, a power of two; as many buckets */
    uint32_t used;     /* deleted ones included */
    uint32_t live;
    bool has_symbols; /* among the keys, or had; atoms are nobody's to visit */
    tsk_js_property entries[];
    /* uint32_t buckets[capacity] behind them */
} tsk_js_dictionary;

size_t tsk_js_dictionary_size(const tsk_heap_cell *cell);
void tsk_js_dictionary_trace(tsk_heap *heap, const tsk_heap_cell *cell);
tsk_js_dictionary *tsk_js_dictionary_new(tsk_js *js, uint32_t root, uint32_t room); /* NULL: thrown */
tsk_js_property *tsk_js_dictionary_find(tsk_js_dictionary *d, tsk_js_key key);
/* With one more entry, which must not be there; perhaps another table.  NULL: thrown. */
tsk_js_dictionary *tsk_js_dictionary_add(tsk_js *js, tsk_js_dictionary *d, tsk_js_key key, tsk_value v,
                                         uint32_t attributes);
void tsk_js_dictionary_remove(tsk_js_dictionary *d, tsk_js_property *p);
TSK_INLINE bool tsk_js_property_live(const tsk_js_property *p) {
    return p->key.bits != TSK_JS_HOLE.bits;
}

/* ---- one own property ---- */
typedef struct tsk_js_found {
    tsk_value *slot; /* may hold a cell: accessor or lazy */
    void *owner;     /* cell that `slot` is in */
    uint32_t attributes;
    int32_t offset; /* as in a fact; of a property that is in a shape */
    bool in_shape;
} tsk_js_found;

tsk_js_shape *tsk_js_shape_class_root(tsk_js_class c, uint16_t base, uint16_t inline_slots);
/* The same for arrays and functions, which begin with one shape each, without inline slots; at hand once made. */
extern tsk_js_shape *tsk_js_class_roots[TSK_JS_BOUND + 1];
const tsk_js_shape *tsk_js_class_root_made(tsk_js_class c, size_t fields);
TSK_INLINE const tsk_js_shape *tsk_js_class_root(tsk_js_class c, size_t fields) {
    const tsk_js_shape *shape = __atomic_load_n(&tsk_js_class_roots[c], __ATOMIC_ACQUIRE);
    return TSK_LIKELY(shape != NULL) ? shape : tsk_js_class_root_made(c, fields);
}
/* The same properties in the same order, with attributes `change(key, attributes)`; NULL: use a dictionary. */
typedef uint32_t tsk_js_attribute_change(void *context, tsk_js_key key, uint32_t attributes);
tsk_js_shape *tsk_js_shape_change(tsk_js_shape *shape, tsk_js_attribute_change *change, void *context);
tsk_js_shape *tsk_js_shape_root_of(tsk_js_shape *shape);

TSK_INLINE bool tsk_js_in_dictionary(const tsk_js_object *o) {
    return o->cell.word == TSK_JS_DICTIONARY;
}
extern const tsk_js_elements tsk_js_no_elements;
/* An object of `size` bytes whose slots are not filled yet. */
TSK_INLINE tsk_js_object *tsk_js_object_bare(tsk_js *js, tsk_js_object *proto, const tsk_js_shape *shape, size_t size) {
    tsk_js_object *o = (tsk_js_object *)tsk_heap_alloc(js->heap, size, TSK_JS_KIND_OBJECT);
    o->cell.word = shape->number;
    o->cell.aux = shape->cls;
    o->proto = proto;
    o->elements = (tsk_js_elements *)(uintptr_t)&tsk_js_no_elements;
    return o;
}
TSK_INLINE tsk_value *tsk_js_slot_at(tsk_js_object *o, int32_t offset) {
    if (TSK_LIKELY(offset >= 0)) return (tsk_value *)(void *)((char *)o + offset);
    return &((tsk_js_slots *)o->elements->overflow)->values[~offset];
}
TSK_INLINE void *tsk_js_slot_owner(tsk_js_object *o, int32_t offset) {
    return TSK_LIKELY(offset >= 0) ? (void *)o : o->elements->overflow;
}
/* Own property of a name, without the virtual ones. */
bool tsk_js_find_named(tsk_js_object *o, tsk_js_key key, tsk_js_found *f);
TSK_INLINE bool tsk_js_is_as_seen(const tsk_js_seen *seen, tsk_js_object *o) {
    return seen->shape == o->cell.word && seen->shape && tsk_js_slot_at(o, seen->offset)->bits == seen->bits;
}
TSK_INLINE void tsk_js_see(tsk_js_seen *seen, const tsk_js_object *o, const tsk_js_found *f) {
    if (f->in_shape) *seen = (tsk_js_seen){o->cell.word, f->offset, f->slot->bits};
}
/* One that is not there yet; `o` may not be looked at for extensibility.  False: thrown. */
bool tsk_js_add_named(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, uint32_t attributes);
/* Other attributes and, unless it is HOLE, another value for one that is there. */
bool tsk_js_change_named(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, uint32_t attributes);
bool tsk_js_remove_named(tsk_js *js, tsk_js_object *o, tsk_js_key key);
bool tsk_js_to_dictionary(tsk_js *js, tsk_js_object *o);
void tsk_js_mark_special(tsk_js_key key);

/* What is in the slot of `f`, with a lazy one made; a cell when it is an accessor.  THROWN.  `f` is found again. */
tsk_value tsk_js_resolve(tsk_js *js, tsk_js_found *f);
/* The value that reading the slot gives. */
tsk_value tsk_js_load(tsk_js *js, tsk_js_found *f, tsk_value receiver);
TSK_INLINE bool tsk_js_is_cell(tsk_value v) {
    return tsk_tag(v) == TSK_TAG_CELL;
}
TSK_INLINE tsk_js_accessor *tsk_js_as_accessor(tsk_value v) {
    TSK_CHECK(tsk_js_is_cell(v) && tsk_js_has_kind(v, TSK_JS_KIND_ACCESSOR));
    return (tsk_js_accessor *)tsk_ptr(v);
}
tsk_value tsk_js_accessor_new(tsk_js *js, tsk_value get, tsk_value set); /* functions or anything else; a cell */

/* What the slot of a `stack` holds until it is looked at: the first line is that of the error then, as in Node. */
typedef struct tsk_js_stack {
    tsk_heap_cell cell; /* kind LAZY, aux: TSK_JS_MEMBER_STACK */
    tsk_js_object *error;
    tsk_js_string *frames; /* "\n    at ..." */
} tsk_js_stack;
tsk_value tsk_js_stack_text(tsk_js *js, const tsk_js_stack *stack);

/* ---- properties that are in no shape ---- */
TSK_INLINE bool tsk_js_is_virtual(tsk_js_key key) {
    return key.bits == tsk_js_key_atom(tsk_js_atoms.length).bits ||
           key.bits == tsk_js_key_atom(tsk_js_atoms.name).bits ||
           key.bits == tsk_js_key_atom(tsk_js_atoms.prototype).bits;
}
/* Makes length, name and prototype of a function (function.c). */
bool tsk_js_make_lazy_own(tsk_js *js, tsk_js_object *function);
/* Before the own names of `o` are listed or changed. */
TSK_INLINE bool tsk_js_settle(tsk_js *js, tsk_js_object *o) {
    return TSK_LIKELY(!(o->cell.flags & TSK_JS_LAZY_OWN)) || tsk_js_make_lazy_own(js, o);
}
/* `length` of an array or a string wrapper, when that is what `key` means: 1, the value in *out; 0: no. */
TSK_INLINE bool tsk_js_has_length(const tsk_js_object *o) {
    return o->cell.aux == TSK_JS_ARRAY || o->cell.aux == TSK_JS_STRING_OBJECT;
}
tsk_value tsk_js_own_length(const tsk_js_object *o);
TSK_INLINE void tsk_js_array_put_length(tsk_js_array *a, uint32_t length) {
    a->length = length;
    /* The two words are an int32, or something that looks like a cell, which quick reads do not take. */
    a->tag = (uint32_t)(length <= INT32_MAX ? TSK_TAG_INT : TSK_TAG_CELL) << 16;
}

/* ---- elements (elements.c) ---- */
/* Bit of an elements cell's flags: items[0] is a cell value, the dictionary of a sparse object; its length is 0. */
enum { TSK_JS_ELEMENTS_SPARSE = 1 };
TSK_INLINE tsk_js_dictionary *tsk_js_sparse_table(const tsk_js_object *o) {
    return (tsk_js_dictionary *)tsk_ptr(o->elements->items[0]);
}
/* An elements cell of its own for `o`, so that it can have an overflow. */
bool tsk_js_own_elements(tsk_js *js, tsk_js_object *o);
bool tsk_js_find_element(tsk_js_object *o, uint32_t index, tsk_js_found *f);
/* Not there yet, and allowed; does not change an array's length.  False: thrown. */
bool tsk_js_add_element(tsk_js *js, tsk_js_object *o, uint32_t index, tsk_value v, uint32_t attributes);
bool tsk_js_change_element(tsk_js *js, tsk_js_object *o, uint32_t index, tsk_value v, uint32_t attributes);
void tsk_js_remove_element(tsk_js_object *o, uint32_t index);
bool tsk_js_to_sparse(tsk_js *js, tsk_js_object *o);
/* A unit of a string wrapper or an item of a typed array (property.c). */
int tsk_js_exotic_own(tsk_js *js, const tsk_js_object *o, uint32_t index, tsk_value *out);
/* A text like "1.5" or "-0", which a typed array takes for an index that it does not have (property.c). */
bool tsk_js_is_numeric_name(const tsk_js_object *o, tsk_js_key key);
bool tsk_js_is_canonical_number(const tsk_js_string *atom);
/* Indices in ascending order, in scratch memory. */
uint32_t *tsk_js_sparse_indices(tsk_js *js, const tsk_js_object *o, uint32_t *count);
/* Makes the length smaller; elements that cannot be deleted stop it.  True: all were deleted. */
bool tsk_js_array_shrink(tsk_js *js, tsk_js_array *a, uint32_t length);

/* ---- stores: what came of one ---- */
typedef enum tsk_js_stored {
    TSK_JS_STORE_THROWN,
    TSK_JS_STORE_DONE,
    TSK_JS_STORE_READ_ONLY,
    TSK_JS_STORE_NO_SETTER,
    TSK_JS_STORE_NOT_EXTENSIBLE,
    TSK_JS_STORE_PRIMITIVE,
    TSK_JS_STORE_REDEFINE
} tsk_js_stored;
tsk_js_stored tsk_js_store(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, tsk_value receiver);
/* Throws for what was refused; true: done. */
bool tsk_js_stored_or_throw(tsk_js *js, tsk_js_stored stored, tsk_value base, tsk_js_key key);
/* The object that properties of a value are looked for on: of a primitive, the prototype of its kind.  NULL: thrown
 * or, of null and undefined, nothing is. */
tsk_js_object *tsk_js_base_object(tsk_js *js, tsk_value base);
tsk_value tsk_js_throw_read_of_null(tsk_js *js, tsk_value base, tsk_value key);
const char *tsk_js_describe_key(tsk_js *js, tsk_js_key key);

/* ---- facts (cache.c) ---- */
/* The low half of the fact about a shape; 0: none. */
uint32_t tsk_js_known(const tsk_js_cache *cache, uint32_t shape);
/* The slot of a property of the object or its prototypes, as the cache tells; NULL: it does not know. */
const tsk_value *tsk_js_told_slot(const tsk_js_object *o, const tsk_js_cache *cache);
void tsk_js_learn_place(tsk_js_cache *cache, uint32_t shape, int32_t offset);
void tsk_js_learn_absent(tsk_js_cache *cache, uint32_t shape);

#endif
