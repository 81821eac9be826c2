/* Objects of functions: shapes, slots, elements; and every operation that ECMAScript defines on them.
 *
 *   object ─ header: kind OBJECT, class, flags, number of its shape
 *          ─ prototype (in the object: shapes are shared by all contexts of the process)
 *          ─ elements ─► { overflow ─► slots that did not fit inline, or the table of a dictionary
 *          │               items[0..length)  values, or HOLE }
 *          ─ inline slots (after the fields of the class)
 *
 *   shape ─ key, attributes, place of its last property; parent; transitions.  Immutable once published, found by number,
 *           process-wide.  An object with more than 64 own additions beyond its literal, or a process past its budget of
 *           shapes, has a dictionary instead (shape number TSK_JS_DICTIONARY).
 *
 * An inline cache is a few facts, each one 64-bit word (relaxed atomic): "objects of shape S have this name at offset
 * O" or "objects of shape S do not have this name".  A look-up that meets "absent" goes on with the prototype, so one
 * kind of fact serves own properties, methods on prototypes and polymorphic places, for every context and thread.
 *
 * A slot may hold, instead of a value, a cell (tag CELL): an accessor pair, or what is not made yet (tsk_js_member,
 * tsk_js_stack).  So fast paths check one tag after the load.
 *
 * Functions that return tsk_value give TSK_JS_THROWN when they throw, those that return bool give false; the
 * exception is in js->exception.
 */
#ifndef TSK_JS_OBJECT_H
#define TSK_JS_OBJECT_H

#include "runtime/js/string.h"

/* Never seen by programs. */
#define TSK_JS_HOLE                                                                                                    \
    ((tsk_value){TSK_BITS(TSK_TAG_CONST, 4)}) /* no element; a binding before its initialization; end of an iteration */
#define TSK_JS_THROWN ((tsk_value){TSK_BITS(TSK_TAG_CONST, 5)}) /* an exception is pending */
TSK_INLINE bool tsk_js_is_hole(tsk_value v) {
    return v.bits == TSK_JS_HOLE.bits;
}
TSK_INLINE bool tsk_js_is_thrown(tsk_value v) {
    return v.bits == TSK_JS_THROWN.bits;
}
TSK_INLINE bool tsk_js_is_undefined(tsk_value v) {
    return v.bits == TSK_VALUE_UNDEFINED.bits;
}
TSK_INLINE bool tsk_js_is_nullish(tsk_value v) {
    return tsk_is_null(v);
}

typedef enum tsk_js_class {
    TSK_JS_ORDINARY,
    TSK_JS_ARRAY,
    TSK_JS_CLOSURE, /* callable: a function of the program */
    TSK_JS_NATIVE,  /* callable: C */
    TSK_JS_BOUND,   /* callable: bind() */
    TSK_JS_ERROR,
    TSK_JS_BOOLEAN, /* wrappers */
    TSK_JS_NUMBER,
    TSK_JS_STRING_OBJECT,
    TSK_JS_SYMBOL_OBJECT,
    TSK_JS_DATE,
    TSK_JS_REGEXP,
    TSK_JS_MAP,
    TSK_JS_SET,
    TSK_JS_ARGUMENTS,
    TSK_JS_ITERATOR, /* of built-ins: array, string, map, set, regexp string */
    TSK_JS_ARRAY_BUFFER,
    TSK_JS_TYPED_ARRAY,
    TSK_JS_DATA_VIEW,
    TSK_JS_WEAK_MAP,
    TSK_JS_WEAK_SET,
    TSK_JS_WEAK_REF,
    TSK_JS_GLOBAL,
    TSK_JS_CLASSES
} tsk_js_class;

enum { /* cell.flags of an object; elements can be written without a look only when all are clear */
       TSK_JS_NOT_EXTENSIBLE = 1,
       TSK_JS_FROZEN_ELEMENTS = 2, /* none can be written, deleted or added */
       TSK_JS_SEALED_ELEMENTS = 4,
       TSK_JS_SPARSE = 8,            /* items are in a dictionary of their own, each with attributes */
       TSK_JS_EXOTIC = 16,           /* string wrapper, typed array: own rules for indices */
       TSK_JS_LENGTH_READ_ONLY = 32, /* of an array */
       TSK_JS_IS_PROTOTYPE = 64,     /* of some object */
       TSK_JS_LAZY_OWN = 128         /* a function whose length, name and prototype are not made yet */
};

enum { /* attributes of a property */
       TSK_JS_WRITABLE = 1,
       TSK_JS_ENUMERABLE = 2,
       TSK_JS_CONFIGURABLE = 4,
       TSK_JS_ACCESSOR = 8,
       TSK_JS_PLAIN = 7,
       TSK_JS_HIDDEN = 5 /* writable, configurable: as methods of built-ins are */
};

typedef struct tsk_js_elements {
    tsk_heap_cell cell;
    void *overflow;    /* cell SLOTS, or DICTIONARY when the shape says so; NULL: none */
    uint32_t capacity; /* of items */
    uint32_t length;   /* items that are in use; above are not initialized.  For arrays: min(length, what is stored) */
    tsk_value items[];
} tsk_js_elements;

typedef struct tsk_js_object {
    tsk_heap_cell cell;          /* word: shape number; aux: tsk_js_class */
    struct tsk_js_object *proto; /* NULL: null */
    tsk_js_elements *elements;   /* never NULL: the empty one is permanent and has no overflow */
    tsk_value slots[];           /* of an ordinary object; other classes have fields before */
} tsk_js_object;

typedef struct tsk_js_array {
    tsk_js_object object;
    uint32_t length;
    uint32_t tag; /* makes the two fields the value of `length` while that is below 2^31, see tsk_js_array_put_length */
} tsk_js_array;

typedef struct tsk_js_accessor {
    tsk_heap_cell cell;
    tsk_js_object *get, *set; /* NULL: undefined */
} tsk_js_accessor;

typedef struct tsk_js_box {
    tsk_heap_cell cell;
    tsk_value value;
} tsk_js_box;

/* Boolean, number, string and symbol wrappers; Date's time value. */
typedef struct tsk_js_wrapper {
    tsk_js_object object;
    tsk_value value;
} tsk_js_wrapper;

TSK_INLINE tsk_value tsk_js_from_object(const void *o) {
    return tsk_from_ptr(TSK_TAG_OBJECT, o);
}
TSK_INLINE bool tsk_js_is_object(tsk_value v) {
    return tsk_tag(v) == TSK_TAG_OBJECT;
}
TSK_INLINE tsk_js_object *tsk_js_as_object(tsk_value v) {
    TSK_CHECK(tsk_js_is_object(v) && tsk_js_has_kind(v, TSK_JS_KIND_OBJECT));
    return (tsk_js_object *)tsk_ptr(v);
}
TSK_INLINE tsk_js_class tsk_js_class_of(const tsk_js_object *o) {
    return (tsk_js_class)o->cell.aux;
}
TSK_INLINE bool tsk_js_is_class(tsk_value v, tsk_js_class c) {
    return tsk_js_is_object(v) && tsk_js_as_object(v)->cell.aux == (uint8_t)c;
}
TSK_INLINE bool tsk_js_is_array(tsk_value v) {
    return tsk_js_is_class(v, TSK_JS_ARRAY);
}
TSK_INLINE bool tsk_js_is_callable_object(const tsk_js_object *o) {
    return o->cell.aux >= TSK_JS_CLOSURE && o->cell.aux <= TSK_JS_BOUND;
}
TSK_INLINE bool tsk_js_is_callable(tsk_value v) {
    return tsk_js_is_object(v) && tsk_js_is_callable_object(tsk_js_as_object(v));
}
bool tsk_js_is_constructor(tsk_value v);

/* ---- shapes (shape.c): process-wide, any thread ---- */
enum { TSK_JS_DICTIONARY = 1 }; /* shape number of objects whose properties are in a table; 0 is no shape */

typedef struct tsk_js_place {
    int32_t offset; /* >= 0: bytes from the object's start; < 0: slot ~offset of the overflow */
    uint32_t attributes;
} tsk_js_place;

typedef struct tsk_js_shape {
    uint32_t number;
    uint32_t count; /* properties */
    uint16_t base;  /* bytes of fields before the inline slots */
    uint16_t inline_slots;
    uint32_t symbols; /* how many of the keys are symbols */
    struct tsk_js_shape *parent;
    tsk_js_key key;     /* of the last property */
    tsk_js_place place; /* of the last property */
    void *table;        /* key -> place; made when wanted often */
    uint32_t wanted;    /* how often it has been searched without a table */
    uint8_t cls;        /* tsk_js_class of the objects */
} tsk_js_shape;

tsk_js_shape *tsk_js_shape_root(uint16_t base, uint16_t inline_slots); /* of ordinary objects; NULL: no memory */
tsk_js_shape *tsk_js_shape_at(uint32_t number);
bool tsk_js_shape_nameable(const tsk_js_shape *shape); /* a text can say what it is: shape_text.c */
/* The shape as a text that means the same in another process; false: a key of it has no name. */
bool tsk_js_shape_describe(tsk_buf *out, const tsk_js_shape *shape);
/* The number of the shape that such a text at *text describes, which is made when there is none; *text is set behind it.
 * 0: the text is damaged, or there is no room for more shapes. */
uint32_t tsk_js_shape_bind(const char **text, const char *end);
bool tsk_js_shape_find(const tsk_js_shape *shape, tsk_js_key key, tsk_js_place *place);
/* With one more property; NULL: use a dictionary, as for every symbol that is collected. */
tsk_js_shape *tsk_js_shape_add(tsk_js_shape *shape, tsk_js_key key, uint32_t attributes);

/* A fact of an inline cache. */
typedef uint64_t tsk_js_fact;          /* shape number << 32 | offset; 0: none */
#define TSK_JS_FACT_ABSENT 0x80000000u /* this low half: not there, look at the prototype */
#define TSK_JS_FACT_ADD 0x40000000u    /* of stores: low half is this bit and the number of the shape to change to */
/* In any other low half: offset of the slot as a signed 30-bit number. */
enum { TSK_JS_FACTS = 4 };
typedef struct tsk_js_cache {
    tsk_js_fact facts[TSK_JS_FACTS];
} tsk_js_cache;

/* ---- making ---- */
tsk_js_object *tsk_js_object_new(tsk_js *js, tsk_js_object *proto); /* ordinary, 4 inline slots */
tsk_js_object *tsk_js_object_shaped(tsk_js *js, tsk_js_object *proto, const tsk_js_shape *shape); /* slots undefined */
/* Of a class with `size` bytes of fields (header included) and no inline slots; fields zero. */
void *tsk_js_object_of_class(tsk_js *js, tsk_js_class c, size_t size, tsk_js_object *proto);
tsk_js_array *tsk_js_array_make(tsk_js *js, uint32_t length, uint32_t capacity); /* holes up to length */
tsk_js_array *tsk_js_array_from(tsk_js *js, const tsk_value *items, uint32_t count);
bool tsk_js_array_push(tsk_js *js, tsk_js_array *a, tsk_value v);
bool tsk_js_elements_reserve(tsk_js *js, tsk_js_object *o, uint32_t capacity);
bool tsk_js_array_set_length(tsk_js *js, tsk_js_array *a,
                             uint32_t length); /* ArraySetLength; false: thrown or read-only */

/* ---- properties: the internal methods.  `receiver` as in the specification. ---- */
tsk_value tsk_js_get(tsk_js *js, tsk_js_object *o, tsk_js_key key);
tsk_value tsk_js_get_with(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value receiver);
tsk_value tsk_js_get_value(tsk_js *js, tsk_value base, tsk_js_key key);   /* of any value: GetV; TypeError for null */
tsk_value tsk_js_get_index(tsk_js *js, tsk_js_object *o, uint64_t index); /* up to 2^53 - 1 */
bool tsk_js_set(tsk_js *js, tsk_js_object *o, tsk_js_key key,
                tsk_value v); /* Set(O, P, V, true): throws when refused */
bool tsk_js_set_with(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, tsk_value receiver, bool *done);
bool tsk_js_set_value(tsk_js *js, tsk_value base, tsk_js_key key, tsk_value v);
bool tsk_js_set_index(tsk_js *js, tsk_js_object *o, uint64_t index, tsk_value v);
/* base[key] and base[key] = v for values, as programs write it. */
tsk_value tsk_js_get_item(tsk_js *js, tsk_value base, tsk_value key);
bool tsk_js_set_item(tsk_js *js, tsk_value base, tsk_value key, tsk_value v);
/* The key of base[key] += v, once for both: what an object is as a key. */
tsk_value tsk_js_keep_key(tsk_js *js, tsk_value base, tsk_value key);
/* 1: yes, 0: no, -1: thrown */
int tsk_js_has(tsk_js *js, tsk_js_object *o, tsk_js_key key);
int tsk_js_has_index(tsk_js *js, tsk_js_object *o, uint64_t index);
int tsk_js_has_own(tsk_js *js, tsk_js_object *o, tsk_js_key key);
int tsk_js_delete(tsk_js *js, tsk_js_object *o, tsk_js_key key); /* [[Delete]] */
bool tsk_js_delete_or_throw(tsk_js *js, tsk_js_object *o, tsk_js_key key);
/* The key of an index above 2^32 - 2 is an atom. */
bool tsk_js_index_key(tsk_js *js, uint64_t index, tsk_js_key *key);

typedef struct tsk_js_descriptor {
    tsk_value value, get, set; /* get and set: a function, undefined, or HOLE when absent; value HOLE when absent */
    uint8_t attributes;        /* values of those that are present */
    uint8_t present;           /* TSK_JS_WRITABLE, _ENUMERABLE, _CONFIGURABLE */
} tsk_js_descriptor;
int tsk_js_get_own(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_js_descriptor *d); /* 1 found, 0, -1 thrown */
int tsk_js_define_own(tsk_js *js, tsk_js_object *o, tsk_js_key key,
                      const tsk_js_descriptor *d); /* 1, 0 refused, -1 thrown */
bool tsk_js_define_or_throw(tsk_js *js, tsk_js_object *o, tsk_js_key key, const tsk_js_descriptor *d);
/* CreateDataPropertyOrThrow with these attributes. */
bool tsk_js_define(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, uint32_t attributes);
bool tsk_js_define_accessor(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value get, tsk_value set,
                            uint32_t attributes);
bool tsk_js_set_proto(tsk_js *js, tsk_js_object *o, tsk_js_object *proto); /* false: refused (cycle, not extensible) */
bool tsk_js_prevent_extensions(tsk_js *js, tsk_js_object *o);
bool tsk_js_set_integrity(tsk_js *js, tsk_js_object *o, bool frozen);
int tsk_js_test_integrity(tsk_js *js, tsk_js_object *o, bool frozen);

enum { TSK_JS_KEYS_STRINGS = 1, TSK_JS_KEYS_SYMBOLS = 2, TSK_JS_KEYS_ENUMERABLE = 4 };
/* Own keys in the order of the specification, as an array of strings and symbols; NULL: thrown. */
tsk_js_array *tsk_js_own_keys(tsk_js *js, tsk_js_object *o, unsigned which);
typedef enum tsk_js_list_kind { TSK_JS_LIST_KEYS, TSK_JS_LIST_VALUES, TSK_JS_LIST_ENTRIES } tsk_js_list_kind;
/* Object.keys, values or entries of an object that has enumerable names only, all of them data.  False: it is not that
 * simple; else *list, NULL when thrown. */
bool tsk_js_list_plain(tsk_js *js, tsk_js_object *o, tsk_js_list_kind what, tsk_js_array **list);
/* CopyDataProperties; keys in `excluded` (strings and symbols) are left out. */
bool tsk_js_copy_data(tsk_js *js, tsk_js_object *target, tsk_value source, const tsk_value *excluded, uint32_t count);

/* Private names: only own, never inherited. */
tsk_value tsk_js_private_get(tsk_js *js, tsk_value base, tsk_js_symbol *name);
bool tsk_js_private_set(tsk_js *js, tsk_value base, tsk_js_symbol *name, tsk_value v);
bool tsk_js_private_add(tsk_js *js, tsk_value base, tsk_js_symbol *name,
                        const tsk_js_descriptor *d); /* field, method, accessor */
int tsk_js_private_has(tsk_js *js, tsk_value base, tsk_js_symbol *name);

/* The slow sides of cached access: do the operation and leave a fact for the next time. */
tsk_value tsk_js_get_cached(tsk_js *js, tsk_value base, tsk_js_string *atom, tsk_js_cache *cache);
bool tsk_js_set_cached(tsk_js *js, tsk_value base, tsk_js_string *atom, tsk_value v, tsk_js_cache *cache);

#endif
