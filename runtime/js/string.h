/* Strings of functions, atoms and symbols.
 *
 *   one-byte (Latin-1)  or  two-byte (UTF-16)  text:  flat | slice of a flat one or of a buffer | rope of two
 *
 * Length and indices count UTF-16 units, as ECMAScript does; most text is one byte a unit.  Configurations use
 * UTF-8 (WTF-8 inside): text is converted where it passes from one world to the other.
 *
 * An atom is the one permanent string of its text: property names and names in code.  Equal names are equal
 * addresses.  Atoms and symbols live in a process-wide table: found without a lock, added under one.  Text that is a
 * canonical array index ("0".."4294967294") is never an atom key; see tsk_js_key.
 *
 * Invariants
 *  - `chars` is NULL only in a rope; tsk_js_flat makes it flat once.  A string never changes otherwise.
 *  - A two-byte string may hold units below 256 only; equality and hashes go by units, not by width.
 */
#ifndef TSK_JS_STRING_H
#define TSK_JS_STRING_H

#include "runtime/heap/heap.h"

typedef enum tsk_js_kind { /* of cells: see kinds.c */
                           TSK_JS_KIND_STRING = 1,
                           TSK_JS_KIND_SYMBOL,
                           TSK_JS_KIND_OBJECT, /* of every class */
                           TSK_JS_KIND_ELEMENTS,
                           TSK_JS_KIND_SLOTS,      /* overflow: an array of values */
                           TSK_JS_KIND_DICTIONARY, /* of properties */
                           TSK_JS_KIND_ACCESSOR,   /* getter and setter */
                           TSK_JS_KIND_BOX,        /* a captured variable */
                           TSK_JS_KIND_BUFFER,     /* bytes */
                           TSK_JS_KIND_TABLE,      /* of Map and Set */
                           TSK_JS_KIND_ITERATION,  /* state of for-of and for-in in the interpreter */
                           TSK_JS_KIND_CONTINUATION,
                           TSK_JS_KIND_LAZY, /* not made yet: tsk_js_member of builtins/library.h, or tsk_js_stack */
                           TSK_JS_KINDS
} tsk_js_kind;

enum { /* cell.flags of a string */
       TSK_JS_WIDE = 1,
       TSK_JS_ATOM = 2,
       TSK_JS_SLICE = 4,
       TSK_JS_SPECIAL = 8, /* of an atom or symbol: somewhere a property of this name was an accessor or read-only */
       TSK_JS_ROPE = 16,   /* made as one; a slice too once it is flat */
       TSK_JS_BUFFER = 32  /* no text itself: room that slices share, see rope.c */
};

typedef struct tsk_js_string {
    tsk_heap_cell cell; /* word: hash of the units, 0 = not computed */
    uint32_t length;
    union {
        uint32_t depth; /* of a rope */
        uint32_t used;  /* of a buffer: units */
        uint32_t atom;  /* of the others: number of the atom of this text, 0: not known yet */
    };
    const void *chars;
    union {
        struct {
            struct tsk_js_string *left, *right;
        };                           /* rope */
        struct tsk_js_string *owner; /* slice */
        char data[1];                /* flat, inline */
    };
} tsk_js_string;

/* Bytes: of a slice that never was a rope.  A flat text takes as many as it has. */
#define TSK_JS_SLICE_SIZE (offsetof(tsk_js_string, owner) + sizeof(tsk_js_string *))

typedef struct tsk_js_symbol {
    tsk_heap_cell cell;         /* permanent, or of the heap: see atom.c */
    tsk_js_string *description; /* flat; NULL: undefined */
    struct tsk_js_symbol *next; /* of those that are lent to one context, or idle */
    bool is_private;            /* a private name #x */
    bool registered;            /* Symbol.for */
} tsk_js_symbol;

#define TSK_JS_MAX_LENGTH 536870888u /* as V8 */

/* A property key: an atom, a symbol or an array index. */
typedef struct tsk_js_key {
    uint64_t bits; /* of tsk_value: STR (atom), ARRAY (symbol), INT (index as uint32) */
} tsk_js_key;

typedef struct tsk_js tsk_js; /* realm.h */

/* ---- values ---- */
#define TSK_TAG_SYMBOL TSK_TAG_ARRAY /* functions have no tsk_array: an array is an object */
TSK_INLINE tsk_value tsk_js_from_string(const tsk_js_string *s) {
    return tsk_from_ptr(TSK_TAG_STR, s);
}
TSK_INLINE tsk_value tsk_js_from_symbol(const tsk_js_symbol *s) {
    return tsk_from_ptr(TSK_TAG_SYMBOL, s);
}
/* Of the cell that a value points to. */
TSK_INLINE bool tsk_js_has_kind(tsk_value v, tsk_js_kind kind) {
    return ((const tsk_heap_cell *)tsk_ptr(v))->kind == (unsigned)kind;
}
TSK_INLINE bool tsk_js_is_string(tsk_value v) {
    return tsk_tag(v) == TSK_TAG_STR;
}
TSK_INLINE bool tsk_js_is_symbol(tsk_value v) {
    return tsk_tag(v) == TSK_TAG_SYMBOL;
}
TSK_INLINE tsk_js_string *tsk_js_as_string(tsk_value v) {
    TSK_CHECK(tsk_js_is_string(v) && tsk_js_has_kind(v, TSK_JS_KIND_STRING));
    return (tsk_js_string *)tsk_ptr(v);
}
TSK_INLINE tsk_js_symbol *tsk_js_as_symbol(tsk_value v) {
    TSK_CHECK(tsk_js_is_symbol(v) && tsk_js_has_kind(v, TSK_JS_KIND_SYMBOL));
    return (tsk_js_symbol *)tsk_ptr(v);
}

/* ---- strings (string.c, rope.c) ---- */
/* All of these may throw (RangeError: too long): NULL, with the exception set. */
tsk_js_string *tsk_js_string_latin1(tsk_js *js, const char *units, size_t length);
tsk_js_string *tsk_js_string_utf16(tsk_js *js, const uint16_t *units, size_t length); /* narrow when it can be */
tsk_js_string *tsk_js_string_utf8(tsk_js *js, const char *text, size_t len);          /* WTF-8 */
tsk_js_string *tsk_js_string_cstr(tsk_js *js, const char *ascii);
/* With room for `length` units, to be filled by the caller through `chars`; wide or not. */
tsk_js_string *tsk_js_string_new(tsk_js *js, size_t length, bool wide);
tsk_js_string *tsk_js_string_try(tsk_js *js, size_t length, bool wide); /* the same; NULL: no room, nothing is thrown */
tsk_js_string *tsk_js_concat(tsk_js *js, tsk_js_string *a, tsk_js_string *b);
tsk_js_string *tsk_js_concat_number(tsk_js *js, tsk_js_string *a, tsk_value n); /* n: a number */
/* Of all parts, in one piece; NULL: that would not be a short text of two units or more. */
tsk_js_string *tsk_js_concat_short(tsk_js *js, tsk_js_string *const *parts, uint32_t count);
tsk_js_string *tsk_js_substring(tsk_js *js, tsk_js_string *s, uint32_t from, uint32_t to);
/* One-unit strings are permanent for units below 256. */
tsk_js_string *tsk_js_char_string(tsk_js *js, uint32_t unit);
extern tsk_js_string *tsk_js_char_strings[256]; /* of units that are bytes */
/* Methods that give one. */
typedef enum tsk_js_unit_method {
    TSK_JS_AT,
    TSK_JS_CHAR_AT,
    TSK_JS_CHAR_CODE_AT,
    TSK_JS_CODE_POINT_AT
} tsk_js_unit_method;
tsk_js_string *tsk_js_flatten(tsk_js *js, tsk_js_string *rope); /* the same string, flat */
/* `chars` of the result is set; never throws (a rope has been within the limit when it was made). */
TSK_INLINE tsk_js_string *tsk_js_flat(tsk_js *js, tsk_js_string *s) {
    return TSK_LIKELY(s->chars != NULL) ? s : tsk_js_flatten(js, s);
}
/* Threads mark names that they share: see tsk_js_mark_special. */
TSK_INLINE unsigned tsk_js_string_flags(const tsk_js_string *s) {
    return __atomic_load_n(&s->cell.flags, __ATOMIC_RELAXED);
}
TSK_INLINE bool tsk_js_is_wide(const tsk_js_string *s) {
    return tsk_js_string_flags(s) & TSK_JS_WIDE;
}
/* Of a flat string. */
TSK_INLINE uint32_t tsk_js_unit(const tsk_js_string *s, uint32_t i) {
    return tsk_js_is_wide(s) ? ((const uint16_t *)s->chars)[i] : ((const uint8_t *)s->chars)[i];
}
/* Most pieces are short: no call for those. */
TSK_INLINE void tsk_js_copy_bytes(char *to, const char *from, size_t n) {
    uint64_t head, tail;
    uint32_t half, end;
    if (n > 16) {
        memcpy(to, from, n);
    } else if (n >= 8) {
        memcpy(&head, from, 8);
        memcpy(&tail, from + n - 8, 8);
        memcpy(to, &head, 8);
        memcpy(to + n - 8, &tail, 8);
    } else if (n >= 4) {
        memcpy(&half, from, 4);
        memcpy(&end, from + n - 4, 4);
        memcpy(to, &half, 4);
        memcpy(to + n - 4, &end, 4);
    } else {
        for (; n; n--) *to++ = *from++;
    }
}
/* Keys are mostly short: no call for those. */
TSK_INLINE bool tsk_js_same_bytes(const char *a, const char *b, size_t n) {
    uint64_t x, y, u, v;
    uint32_t p, q, r, t;
    if (n > 16) return !memcmp(a, b, n);
    if (n >= 8) {
        memcpy(&x, a, 8);
        memcpy(&y, b, 8);
        memcpy(&u, a + n - 8, 8);
        memcpy(&v, b + n - 8, 8);
        return ((x ^ y) | (u ^ v)) == 0;
    }
    if (n >= 4) {
        memcpy(&p, a, 4);
        memcpy(&q, b, 4);
        memcpy(&r, a + n - 4, 4);
        memcpy(&t, b + n - 4, 4);
        return ((p ^ q) | (r ^ t)) == 0;
    }
    while (n && a[n - 1] == b[n - 1]) n--;
    return !n;
}
bool tsk_js_string_equal(tsk_js *js, tsk_js_string *a, tsk_js_string *b);
int tsk_js_string_compare(tsk_js *js, tsk_js_string *a, tsk_js_string *b); /* by unit: <0, 0, >0 */
uint32_t tsk_js_string_hash(tsk_js *js, tsk_js_string *s);
/* Of a text as flat strings hold it. */
uint32_t tsk_js_hash_units(const void *units, size_t length, bool wide);
/* The number of units of a WTF-8 text; writes them unless `units` is NULL.  Not wide: none is above 255. */
size_t tsk_js_decode_utf8(const char *text, size_t len, bool wide, void *units);
bool tsk_js_make_char_strings(void); /* for atom.c */
/* First occurrence at or after `from`, last at or before; -1: none. */
int64_t tsk_js_string_index(tsk_js *js, tsk_js_string *s, tsk_js_string *what, uint32_t from);
int64_t tsk_js_string_last_index(tsk_js *js, tsk_js_string *s, tsk_js_string *what, uint32_t from);
/* Appends the text as WTF-8 (`strict`: unpaired surrogates as U+FFFD). */
void tsk_js_string_to_utf8(tsk_js *js, tsk_js_string *s, tsk_buf *out, bool strict);

/* Text under construction.  Lives on the stack; its storage is a cell of the heap. */
typedef struct tsk_js_builder {
    tsk_js *js;
    tsk_js_string *text;   /* with spare room */
    uint32_t length, room; /* up to `room` units before limits are looked at again */
    bool wide, failed;     /* too long, or a limit was reached: thrown, tsk_js_builder_finish gives NULL */
} tsk_js_builder;
void tsk_js_builder_init(tsk_js_builder *b, tsk_js *js);
void tsk_js_builder_unit_slow(tsk_js_builder *b, uint32_t unit);
TSK_INLINE void tsk_js_builder_unit(tsk_js_builder *b, uint32_t unit) {
    if (TSK_LIKELY(!b->wide && unit <= 0xFF && b->length < b->room))
        b->text->data[b->length++] = (char)unit;
    else
        tsk_js_builder_unit_slow(b, unit);
}
char *tsk_js_builder_room_slow(tsk_js_builder *b, size_t more);
/* Room for Latin-1 units at the end, for the caller to fill and add to `length`; NULL: the text is wide, or failed. */
TSK_INLINE char *tsk_js_builder_room(tsk_js_builder *b, size_t more) {
    if (TSK_LIKELY(!b->wide && b->text && b->room - b->length >= more)) return b->text->data + b->length;
    return tsk_js_builder_room_slow(b, more);
}
void tsk_js_builder_ascii(tsk_js_builder *b, const char *text, size_t len);
void tsk_js_builder_string(tsk_js_builder *b, tsk_js_string *s);
void tsk_js_builder_slice(tsk_js_builder *b, tsk_js_string *s, uint32_t from, uint32_t to);
tsk_js_string *tsk_js_builder_finish(tsk_js_builder *b); /* NULL: thrown */

/* ---- atoms and keys (atom.c): process-wide, any thread ---- */
/* Predefined atoms: tsk_js_atoms.length, .prototype, ... from atoms.def; symbols as tsk_js_symbols.iterator, ... */
typedef struct tsk_js_atom_names {
#define X(name, text) tsk_js_string *name;
#include "runtime/js/atoms.def"
#undef X
} tsk_js_atom_names;
typedef struct tsk_js_symbol_names {
#define X(name) tsk_js_symbol *name;
#include "runtime/js/symbols.def"
#undef X
} tsk_js_symbol_names;
extern tsk_js_atom_names tsk_js_atoms;
extern tsk_js_symbol_names tsk_js_symbols;
bool tsk_js_atoms_init(void); /* once a process; called by tsk_js_new; false: no memory */

tsk_js_string *tsk_js_atom_utf8(const char *text, size_t len); /* NULL: no memory, or the table's budget is spent */
tsk_js_string *tsk_js_atom(tsk_js *js, tsk_js_string *s);      /* the same */
tsk_js_string *tsk_js_atom_find(tsk_js *js, tsk_js_string *s); /* NULL: no such atom, so no shape has this key */
/* Atoms by number - 1. */
enum { TSK_JS_ATOM_PAGE = 1024, TSK_JS_ATOM_PAGES = 16384 };
extern tsk_js_string **tsk_js_atom_pages[TSK_JS_ATOM_PAGES];
/* Of a flat string; NULL: nobody has asked for its atom yet. */
TSK_INLINE tsk_js_string *tsk_js_atom_known(tsk_js_string *s) {
    if (tsk_js_string_flags(s) & TSK_JS_ATOM) return s;
    uint32_t number = __atomic_load_n(&s->atom, __ATOMIC_ACQUIRE); /* literals are shared by threads */
    if (!number--) return NULL;
    return __atomic_load_n(&tsk_js_atom_pages[number / TSK_JS_ATOM_PAGE], __ATOMIC_ACQUIRE)[number % TSK_JS_ATOM_PAGE];
}
tsk_js_symbol *tsk_js_symbol_new(tsk_js *js, tsk_js_string *description, bool is_private);
tsk_js_symbol *tsk_js_symbol_for(tsk_js *js, tsk_js_string *key); /* Symbol.for; NULL: thrown */
void tsk_js_symbols_visit_lent(const tsk_js *js, tsk_heap *heap); /* descriptions, which are of the heap */
void tsk_js_symbols_give_back(tsk_js *js);                        /* when the heap is gone */

TSK_INLINE tsk_js_key tsk_js_key_atom(const tsk_js_string *atom) {
    return (tsk_js_key){tsk_js_from_string(atom).bits};
}
TSK_INLINE tsk_js_key tsk_js_key_symbol(const tsk_js_symbol *s) {
    return (tsk_js_key){tsk_js_from_symbol(s).bits};
}
TSK_INLINE tsk_js_key tsk_js_key_index(uint32_t i) {
    return (tsk_js_key){TSK_BITS(TSK_TAG_INT, i)};
}
TSK_INLINE bool tsk_js_key_is_index(tsk_js_key k) {
    return k.bits >> 48 == TSK_TAG_INT;
}
TSK_INLINE bool tsk_js_key_is_symbol(tsk_js_key k) {
    return k.bits >> 48 == TSK_TAG_SYMBOL;
}
TSK_INLINE uint32_t tsk_js_key_as_index(tsk_js_key k) {
    TSK_CHECK(tsk_js_key_is_index(k));
    return (uint32_t)k.bits;
}
TSK_INLINE tsk_js_string *tsk_js_key_as_atom(tsk_js_key k) {
    TSK_CHECK(k.bits >> 48 == TSK_TAG_STR);
    return (tsk_js_string *)tsk_ptr((tsk_value){k.bits});
}
/* ToPropertyKey: may call user code; false: thrown.  A text that is no atom yet becomes one; when the budget of atoms
 * is spent that is a RangeError. */
bool tsk_js_to_key(tsk_js *js, tsk_value v, tsk_js_key *key);
/* The key as a program sees it: a string or a symbol. */
tsk_value tsk_js_key_value(tsk_js *js, tsk_js_key key);

#endif
