/* Reading, writing and deleting properties of objects and of any values: [[Get]], [[Set]], [[HasProperty]], [[Delete]]
 * of ordinary objects, arrays, functions, string wrappers and typed arrays. */
#include "runtime/js/model.h"

#include "runtime/js/number_text.h"

#include <stdio.h>

#define FEW_COMPUTED 16u
#define LOOKUP_WORK 8
#define INDEX_ROOM 24

/* ---- own properties of string wrappers and typed arrays ---- */

typedef enum own_index { NOT_OWN, OWN, ENDS } own_index; /* ENDS: not there, and prototypes are not asked */

static own_index exotic_index(tsk_js *js, const tsk_js_object *o, uint32_t index, tsk_value *out) {
    if (o->cell.aux == TSK_JS_TYPED_ARRAY) {
        const tsk_js_typed_array *a = (const tsk_js_typed_array *)(const void *)o;
        if (index >= a->length) return ENDS;
        *out = tsk_js_typed_get(a, index);
        return OWN;
    }
    if (o->cell.aux != TSK_JS_STRING_OBJECT) return NOT_OWN;
    tsk_value v = ((const tsk_js_wrapper *)(const void *)o)->value;
    if (!tsk_js_is_string(v) || index >= tsk_js_as_string(v)->length) return NOT_OWN;
    tsk_js_string *unit = tsk_js_char_string(js, tsk_js_unit(tsk_js_flat(js, tsk_js_as_string(v)), index));
    *out = tsk_js_from_string(unit);
    return OWN;
}

int tsk_js_exotic_own(tsk_js *js, const tsk_js_object *o, uint32_t index, tsk_value *out) {
    return exotic_index(js, o, index, out) == OWN;
}

bool tsk_js_is_numeric_name(const tsk_js_object *o, tsk_js_key key) {
    if (o->cell.aux != TSK_JS_TYPED_ARRAY || tsk_js_key_is_index(key) || tsk_js_key_is_symbol(key)) return false;
    return tsk_js_is_canonical_number(tsk_js_key_as_atom(key));
}

bool tsk_js_is_canonical_number(const tsk_js_string *s) {
    char text[TSK_JS_NUMBER_ROOM];
    if (!s->length || s->length >= sizeof text || !strchr("-0123456789IN", (int)(tsk_js_unit(s, 0) & 0x7F)))
        return false;
    double d = tsk_js_text_to_number((tsk_js_units){s->chars, s->length, tsk_js_is_wide(s)});
    size_t n = tsk_js_number_to_text(d, text);
    bool minus_zero = d == 0 && tsk_js_unit(s, 0) == '-';
    if (minus_zero) return s->length == 2;
    if (n != s->length) return false;
    for (uint32_t i = 0; i < n; i++)
        if (tsk_js_unit(s, i) != (uint8_t)text[i]) return false;
    return true;
}

/* ---- get ---- */

static tsk_value get_element(tsk_js *js, tsk_js_object *o, uint32_t index, tsk_value receiver) {
    for (; o; o = o->proto) {
        tsk_js_found f;
        tsk_value v;
        if (TSK_UNLIKELY(o->cell.flags & TSK_JS_EXOTIC)) {
            own_index own = exotic_index(js, o, index, &v);
            if (own == OWN) return v;
            if (own == ENDS) break;
        }
        if (tsk_js_find_element(o, index, &f)) return tsk_js_load(js, &f, receiver);
    }
    return TSK_VALUE_UNDEFINED;
}

tsk_value tsk_js_get_with(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value receiver) {
    if (tsk_js_key_is_index(key)) return get_element(js, o, tsk_js_key_as_index(key), receiver);
    bool virtual = tsk_js_is_virtual(key);
    for (; o; o = o->proto) {
        if (TSK_UNLIKELY(virtual)) {
            if (tsk_js_has_length(o) && key.bits == tsk_js_key_atom(tsk_js_atoms.length).bits)
                return tsk_js_own_length(o);
            if (!tsk_js_settle(js, o)) return TSK_JS_THROWN;
        }
        if (TSK_UNLIKELY(o->cell.flags & TSK_JS_EXOTIC) && tsk_js_is_numeric_name(o, key)) break;
        tsk_js_found f;
        if (tsk_js_find_named(o, key, &f)) return tsk_js_load(js, &f, receiver);
    }
    return TSK_VALUE_UNDEFINED;
}

tsk_value tsk_js_get(tsk_js *js, tsk_js_object *o, tsk_js_key key) {
    return tsk_js_get_with(js, o, key, tsk_js_from_object(o));
}

tsk_js_object *tsk_js_base_object(tsk_js *js, tsk_value base) {
    if (tsk_js_is_object(base)) return tsk_js_as_object(base);
    if (tsk_js_is_string(base)) return tsk_js_intrinsic_get(js, TSK_JS_I_StringPrototype);
    if (tsk_js_is_number(base)) return tsk_js_intrinsic_get(js, TSK_JS_I_NumberPrototype);
    if (tsk_is_bool(base)) return tsk_js_intrinsic_get(js, TSK_JS_I_BooleanPrototype);
    if (tsk_js_is_symbol(base)) return tsk_js_intrinsic_get(js, TSK_JS_I_SymbolPrototype);
    return NULL;
}

tsk_value tsk_js_keep_key(tsk_js *js, tsk_value base, tsk_value v) {
    tsk_js_key key;
    if (tsk_js_is_nullish(base)) return tsk_js_throw_read_of_null(js, base, v);
    return tsk_js_to_key(js, v, &key) ? tsk_js_key_value(js, key) : TSK_JS_THROWN;
}

tsk_value tsk_js_throw_read_of_null(tsk_js *js, tsk_value base, tsk_value key) {
    return tsk_js_throw_type(js, "Cannot read properties of %s (reading '%s')",
                             tsk_js_is_undefined(base) ? "undefined" : "null", tsk_js_describe(js, key));
}

const char *tsk_js_describe_key(tsk_js *js, tsk_js_key key) {
    if (!tsk_js_key_is_index(key)) return tsk_js_describe(js, (tsk_value){key.bits});
    return tsk_arena_printf(js->scratch, "%u", tsk_js_key_as_index(key));
}

/* An own property of a primitive string. */
static bool string_own(tsk_js *js, tsk_value base, tsk_js_key key, tsk_value *out) {
    if (!tsk_js_is_string(base)) return false;
    tsk_js_string *s = tsk_js_as_string(base);
    if (key.bits == tsk_js_key_atom(tsk_js_atoms.length).bits) {
        *out = tsk_from_i32((int32_t)s->length);
        return true;
    }
    if (!tsk_js_key_is_index(key) || tsk_js_key_as_index(key) >= s->length) return false;
    *out = tsk_js_from_string(tsk_js_char_string(js, tsk_js_unit(tsk_js_flat(js, s), tsk_js_key_as_index(key))));
    return true;
}

tsk_value tsk_js_get_value(tsk_js *js, tsk_value base, tsk_js_key key) {
    tsk_value v;
    if (tsk_js_is_object(base)) return tsk_js_get_with(js, tsk_js_as_object(base), key, base);
    if (string_own(js, base, key, &v)) return v;
    tsk_js_object *o = tsk_js_base_object(js, base);
    if (o) return tsk_js_get_with(js, o, key, base);
    if (tsk_js_has_exception(js)) return TSK_JS_THROWN;
    return tsk_js_throw_read_of_null(js, base, tsk_js_key_value(js, key));
}

bool tsk_js_index_key(tsk_js *js, uint64_t index, tsk_js_key *key) {
    if (TSK_LIKELY(index < UINT32_MAX)) {
        *key = tsk_js_key_index((uint32_t)index);
        return true;
    }
    char text[INDEX_ROOM];
    int n = snprintf(text, sizeof text, "%llu", (unsigned long long)index);
    tsk_js_string *atom = tsk_js_atom_utf8(text, (size_t)n);
    if (!atom) tsk_js_throw_range(js, "Too many property names");
    *key = tsk_js_key_atom(atom);
    return atom != NULL;
}

/* The key of an index that is only looked for: of a large one no atom is made, for a loop over what has the length
 * 2^53 - 1 would make millions.  Such a loop stops here too, when a limit says so.  1, 0: no object has it, -1: thrown. */
static int index_to_find(tsk_js *js, uint64_t index, tsk_js_key *key) {
    if (!tsk_js_worked(js, LOOKUP_WORK)) return -1;
    if (TSK_LIKELY(index < UINT32_MAX)) {
        *key = tsk_js_key_index((uint32_t)index);
        return 1;
    }
    char text[INDEX_ROOM];
    int n = snprintf(text, sizeof text, "%llu", (unsigned long long)index);
    tsk_js_string *s = tsk_js_string_latin1(js, text, (size_t)n), *atom = s ? tsk_js_atom_find(js, s) : NULL;
    *key = tsk_js_key_atom(atom);
    return atom ? 1 : s ? 0 : -1;
}

tsk_value tsk_js_get_index(tsk_js *js, tsk_js_object *o, uint64_t index) {
    const tsk_js_elements *e = o->elements;
    if (TSK_LIKELY(index < e->length && !(o->cell.flags & (TSK_JS_SPARSE | TSK_JS_EXOTIC))))
        if (TSK_LIKELY(!tsk_js_is_hole(e->items[index]))) return e->items[index];
    tsk_js_key key;
    int found = index_to_find(js, index, &key);
    return found > 0 ? tsk_js_get(js, o, key) : found ? TSK_JS_THROWN : TSK_VALUE_UNDEFINED;
}

/* ---- base[key] ---- */

/* The key of a value that is only looked for: a text that is no atom is no property's name, so none is made of it.
 * 1: *key; 0: no object has it; -1: thrown. */
static int key_to_find(tsk_js *js, tsk_value v, tsk_js_key *key) {
    if (tsk_js_is_string(v)) {
        tsk_js_string *s = tsk_js_as_string(v);
        if (!(tsk_js_string_flags(s) & TSK_JS_ATOM)) {
            s = tsk_js_flat(js, s);
            bool number = s->length && tsk_js_unit(s, 0) - '0' < 10;
            if (!number) {
                s = tsk_js_atom_find(js, s);
                if (!s) return 0;
                *key = tsk_js_key_atom(s);
                return 1;
            }
        }
    }
    return tsk_js_to_key(js, v, key) ? 1 : -1;
}

/* An own property of an object that is used as a map; NULL: it takes the long way. */
static tsk_js_property *own_of_map(tsk_value base, tsk_js_key key) {
    if (!tsk_js_is_object(base) || tsk_js_key_is_index(key)) return NULL;
    const tsk_js_object *o = tsk_js_as_object(base);
    if (!tsk_js_in_dictionary(o) || o->cell.flags & TSK_JS_EXOTIC) return NULL;
    tsk_js_property *p = tsk_js_dictionary_find((tsk_js_dictionary *)o->elements->overflow, key);
    return p && !tsk_js_is_cell(p->value) ? p : NULL;
}

tsk_value tsk_js_get_item(tsk_js *js, tsk_value base, tsk_value key) {
    tsk_js_key k;
    if (TSK_LIKELY(tsk_is_i32(key) && tsk_as_i32(key) >= 0)) {
        k = tsk_js_key_index((uint32_t)tsk_as_i32(key));
        if (tsk_js_is_object(base)) return get_element(js, tsk_js_as_object(base), tsk_js_key_as_index(k), base);
        return tsk_js_get_value(js, base, k);
    }
    if (tsk_js_is_nullish(base)) return tsk_js_throw_read_of_null(js, base, key);
    /* The prototype of a primitive is made first, and with it the atoms of its names. */
    if (!tsk_js_is_object(base) && !tsk_js_base_object(js, base)) return TSK_JS_THROWN;
    int found = key_to_find(js, key, &k);
    if (found <= 0) return found ? TSK_JS_THROWN : TSK_VALUE_UNDEFINED;
    const tsk_js_property *own = own_of_map(base, k);
    if (own && !(own->attributes & TSK_JS_ACCESSOR)) return own->value;
    return tsk_js_get_value(js, base, k);
}

/* ---- set ---- */

/* ArraySetLength for a store. */
static tsk_js_stored store_length(tsk_js *js, tsk_js_array *a, tsk_value v) {
    uint32_t length;
    if (a->object.cell.flags & TSK_JS_LENGTH_READ_ONLY) return TSK_JS_STORE_READ_ONLY;
    if (TSK_LIKELY(tsk_is_i32(v) && tsk_as_i32(v) >= 0)) {
        length = (uint32_t)tsk_as_i32(v);
    } else {
        double number;
        if (!tsk_js_to_uint32(js, v, &length) || !tsk_js_to_number(js, v, &number)) return TSK_JS_STORE_THROWN;
        if ((double)length != number) {
            tsk_js_throw_range(js, "Invalid array length");
            return TSK_JS_STORE_THROWN;
        }
    }
    if (a->object.cell.flags & TSK_JS_LENGTH_READ_ONLY) return TSK_JS_STORE_READ_ONLY; /* by the conversion */
    return tsk_js_array_set_length(js, a, length) ? TSK_JS_STORE_DONE : TSK_JS_STORE_THROWN;
}

static tsk_js_stored call_setter(tsk_js *js, tsk_js_found *f, tsk_value v, tsk_value receiver) {
    tsk_value cell = tsk_js_resolve(js, f);
    if (tsk_js_is_thrown(cell)) return TSK_JS_STORE_THROWN;
    const tsk_js_accessor *a = tsk_js_as_accessor(cell);
    if (!a->set) return TSK_JS_STORE_NO_SETTER;
    v = tsk_js_call(js, tsk_js_from_object(a->set), receiver, 1, &v);
    return tsk_js_is_thrown(v) ? TSK_JS_STORE_THROWN : TSK_JS_STORE_DONE;
}

/* A property was found on the way from `receiver` up; HOLE-like answer TSK_JS_STORE_REDEFINE: go on with the receiver. */
static tsk_js_stored store_found(tsk_js *js, tsk_js_found *f, bool own, tsk_value v, tsk_value receiver) {
    if (TSK_UNLIKELY(f->attributes & TSK_JS_ACCESSOR)) return call_setter(js, f, v, receiver);
    if (!(f->attributes & TSK_JS_WRITABLE)) return TSK_JS_STORE_READ_ONLY;
    if (!own) return TSK_JS_STORE_REDEFINE;
    *f->slot = v;
    tsk_heap_wrote_at(js->heap, f->owner, f->slot);
    return TSK_JS_STORE_DONE;
}

static tsk_js_stored add_own_index(tsk_js *js, tsk_js_object *o, uint32_t index, tsk_value v) {
    if (o->cell.flags & TSK_JS_NOT_EXTENSIBLE) return TSK_JS_STORE_NOT_EXTENSIBLE;
    tsk_js_array *a = o->cell.aux == TSK_JS_ARRAY ? (tsk_js_array *)(void *)o : NULL;
    bool longer = a && index >= a->length;
    if (longer && o->cell.flags & TSK_JS_LENGTH_READ_ONLY) return TSK_JS_STORE_NOT_EXTENSIBLE;
    if (!tsk_js_add_element(js, o, index, v, TSK_JS_PLAIN)) return TSK_JS_STORE_THROWN;
    if (longer) tsk_js_array_put_length(a, index + 1);
    return TSK_JS_STORE_DONE;
}

/* The receiver is another object than the one where the search began. */
static tsk_js_stored store_on_other(tsk_js *js, tsk_js_key key, tsk_value v, tsk_value receiver) {
    tsk_js_descriptor d;
    if (!tsk_js_is_object(receiver)) return TSK_JS_STORE_PRIMITIVE;
    tsk_js_object *o = tsk_js_as_object(receiver);
    int found = tsk_js_get_own(js, o, key, &d);
    if (found < 0) return TSK_JS_STORE_THROWN;
    if (found && (!tsk_js_is_hole(d.get) || !tsk_js_is_hole(d.set))) return TSK_JS_STORE_REDEFINE;
    if (found && !(d.attributes & TSK_JS_WRITABLE)) return TSK_JS_STORE_READ_ONLY;
    uint8_t attributes = found ? 0 : TSK_JS_PLAIN;
    d = (tsk_js_descriptor){v, TSK_JS_HOLE, TSK_JS_HOLE, attributes, attributes};
    int defined = tsk_js_define_own(js, o, key, &d);
    if (defined < 0) return TSK_JS_STORE_THROWN;
    return defined ? TSK_JS_STORE_DONE : TSK_JS_STORE_NOT_EXTENSIBLE;
}

/* `o` has indices of its own kind: DONE and the like, or REDEFINE to go on. */
static tsk_js_stored store_exotic(tsk_js *js, tsk_js_object *o, uint32_t index, tsk_value v, tsk_value receiver) {
    tsk_value old;
    own_index own = exotic_index(js, o, index, &old);
    if (o->cell.aux == TSK_JS_TYPED_ARRAY) {
        if (receiver.bits == tsk_js_from_object(o).bits)
            return tsk_js_typed_set(js, (tsk_js_typed_array *)(void *)o, index, v) ? TSK_JS_STORE_DONE
                                                                                   : TSK_JS_STORE_THROWN;
        return own == OWN ? TSK_JS_STORE_REDEFINE : TSK_JS_STORE_DONE;
    }
    return own == OWN ? TSK_JS_STORE_READ_ONLY : TSK_JS_STORE_REDEFINE;
}

static tsk_js_stored store_element(tsk_js *js, tsk_js_object *o, uint32_t index, tsk_value v, tsk_value receiver) {
    bool direct = receiver.bits == tsk_js_from_object(o).bits;
    for (tsk_js_object *holder = o; holder; holder = holder->proto) {
        tsk_js_found f;
        tsk_js_stored stored;
        if (TSK_UNLIKELY(holder->cell.flags & TSK_JS_EXOTIC)) {
            stored = store_exotic(js, holder, index, v, receiver);
            if (stored != TSK_JS_STORE_REDEFINE) return stored;
        }
        if (!tsk_js_find_element(holder, index, &f)) continue;
        stored = store_found(js, &f, direct && holder == o, v, receiver);
        if (stored != TSK_JS_STORE_REDEFINE) return stored;
        break;
    }
    return direct ? add_own_index(js, o, index, v) : store_on_other(js, tsk_js_key_index(index), v, receiver);
}

/* `length` of arrays and strings, and what functions make late; REDEFINE: it is none of these. */
static tsk_js_stored store_virtual(tsk_js *js, tsk_js_object *holder, tsk_js_key key, tsk_value v, bool own) {
    if (tsk_js_has_length(holder) && key.bits == tsk_js_key_atom(tsk_js_atoms.length).bits) {
        if (holder->cell.aux == TSK_JS_STRING_OBJECT) return TSK_JS_STORE_READ_ONLY;
        if (own) return store_length(js, (tsk_js_array *)(void *)holder, v);
        if (holder->cell.flags & TSK_JS_LENGTH_READ_ONLY) return TSK_JS_STORE_READ_ONLY;
    }
    return tsk_js_settle(js, holder) ? TSK_JS_STORE_REDEFINE : TSK_JS_STORE_THROWN;
}

tsk_js_stored tsk_js_store(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, tsk_value receiver) {
    if (tsk_js_key_is_index(key)) return store_element(js, o, tsk_js_key_as_index(key), v, receiver);
    bool direct = receiver.bits == tsk_js_from_object(o).bits, virtual = tsk_js_is_virtual(key);
    for (tsk_js_object *holder = o; holder; holder = holder->proto) {
        tsk_js_found f;
        tsk_js_stored stored;
        if (TSK_UNLIKELY(virtual)) {
            stored = store_virtual(js, holder, key, v, direct && holder == o);
            if (stored != TSK_JS_STORE_REDEFINE) return stored;
        }
        if (TSK_UNLIKELY(holder->cell.flags & TSK_JS_EXOTIC) && tsk_js_is_numeric_name(holder, key)) {
            /* No element has such an index; but the value is converted. */
            if (!direct || holder != o || tsk_js_typed_set(js, (tsk_js_typed_array *)(void *)o, UINT64_MAX, v))
                return TSK_JS_STORE_DONE;
            return TSK_JS_STORE_THROWN;
        }
        if (!tsk_js_find_named(holder, key, &f)) continue;
        stored = store_found(js, &f, direct && holder == o, v, receiver);
        if (stored != TSK_JS_STORE_REDEFINE) return stored;
        break;
    }
    if (!direct) return store_on_other(js, key, v, receiver);
    if (o->cell.flags & TSK_JS_NOT_EXTENSIBLE) return TSK_JS_STORE_NOT_EXTENSIBLE;
    if (!tsk_js_settle(js, o) || !tsk_js_add_named(js, o, key, v, TSK_JS_PLAIN)) return TSK_JS_STORE_THROWN;
    return TSK_JS_STORE_DONE;
}

static const char *primitive_type(tsk_value v) {
    if (tsk_js_is_string(v)) return "string";
    if (tsk_js_is_symbol(v)) return "symbol";
    return tsk_is_bool(v) ? "boolean" : "number";
}

bool tsk_js_stored_or_throw(tsk_js *js, tsk_js_stored stored, tsk_value base, tsk_js_key key) {
    if (TSK_LIKELY(stored == TSK_JS_STORE_DONE)) return true;
    if (stored == TSK_JS_STORE_THROWN) return false;
    const char *name = tsk_js_describe_key(js, key), *object = tsk_js_describe(js, base);
    switch (stored) {
    case TSK_JS_STORE_READ_ONLY:
    case TSK_JS_STORE_REDEFINE:
        tsk_js_throw_type(js, "Cannot assign to read only property '%s' of %s '%s'", name,
                          tsk_js_is_object(base) ? "object" : primitive_type(base), object);
        break;
    case TSK_JS_STORE_NO_SETTER:
        tsk_js_throw_type(js, "Cannot set property %s of %s which has only a getter", name, object);
        break;
    case TSK_JS_STORE_PRIMITIVE:
        tsk_js_throw_type(js, "Cannot create property '%s' on %s '%s'", name, primitive_type(base), object);
        break;
    default: tsk_js_throw_type(js, "Cannot add property %s, object is not extensible", name); break;
    }
    return false;
}

bool tsk_js_set_with(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v, tsk_value receiver, bool *done) {
    tsk_js_stored stored = tsk_js_store(js, o, key, v, receiver);
    *done = stored == TSK_JS_STORE_DONE;
    return stored != TSK_JS_STORE_THROWN;
}

bool tsk_js_set(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value v) {
    tsk_value receiver = tsk_js_from_object(o);
    return tsk_js_stored_or_throw(js, tsk_js_store(js, o, key, v, receiver), receiver, key);
}

bool tsk_js_set_value(tsk_js *js, tsk_value base, tsk_js_key key, tsk_value v) {
    if (TSK_LIKELY(tsk_js_is_object(base))) return tsk_js_set(js, tsk_js_as_object(base), key, v);
    tsk_value own;
    if (string_own(js, base, key, &own)) return tsk_js_stored_or_throw(js, TSK_JS_STORE_READ_ONLY, base, key);
    tsk_js_object *o = tsk_js_base_object(js, base);
    if (o) return tsk_js_stored_or_throw(js, tsk_js_store(js, o, key, v, base), base, key);
    if (!tsk_js_has_exception(js))
        tsk_js_throw_type(js, "Cannot set properties of %s (setting '%s')",
                          tsk_js_is_undefined(base) ? "undefined" : "null", tsk_js_describe_key(js, key));
    return false;
}

bool tsk_js_set_index(tsk_js *js, tsk_js_object *o, uint64_t index, tsk_value v) {
    tsk_js_key key;
    return tsk_js_index_key(js, index, &key) && tsk_js_set(js, o, key, v);
}

/* An object that gets many names that are computed is a map: it would spend shapes that nobody else has. */
static bool prefer_dictionary(tsk_js *js, tsk_value base, tsk_js_key key) {
    tsk_js_found f;
    if (!tsk_js_is_object(base) || tsk_js_key_is_index(key)) return true;
    tsk_js_object *o = tsk_js_as_object(base);
    if (o->cell.aux != TSK_JS_ORDINARY || tsk_js_in_dictionary(o)) return true;
    if (tsk_js_shape_at(o->cell.word)->count < FEW_COMPUTED || tsk_js_find_named(o, key, &f)) return true;
    return tsk_js_to_dictionary(js, o);
}

bool tsk_js_set_item(tsk_js *js, tsk_value base, tsk_value key, tsk_value v) {
    tsk_js_key k;
    if (TSK_LIKELY(tsk_is_i32(key) && tsk_as_i32(key) >= 0)) {
        k = tsk_js_key_index((uint32_t)tsk_as_i32(key));
    } else {
        if (tsk_js_is_nullish(base)) {
            tsk_js_throw_type(js, "Cannot set properties of %s (setting '%s')",
                              tsk_js_is_undefined(base) ? "undefined" : "null", tsk_js_describe(js, key));
            return false;
        }
        if (!tsk_js_to_key(js, key, &k)) return false;
        tsk_js_property *own = own_of_map(base, k);
        if (own && (own->attributes & (TSK_JS_ACCESSOR | TSK_JS_WRITABLE)) == TSK_JS_WRITABLE) {
            own->value = v;
            tsk_heap_wrote(js->heap, tsk_js_as_object(base)->elements->overflow);
            return true;
        }
        if (!prefer_dictionary(js, base, k)) return false;
    }
    return tsk_js_set_value(js, base, k, v);
}

/* ---- has ---- */

static int own_virtual(tsk_js *js, tsk_js_object *o, tsk_js_key key) {
    if (tsk_js_has_length(o) && key.bits == tsk_js_key_atom(tsk_js_atoms.length).bits) return 1;
    return tsk_js_settle(js, o) ? 0 : -1;
}

static own_index has_own_key(tsk_js *js, tsk_js_object *o, tsk_js_key key, bool *thrown) {
    tsk_js_found f;
    *thrown = false;
    if (tsk_js_key_is_index(key)) {
        tsk_value v;
        own_index own = NOT_OWN;
        if (o->cell.flags & TSK_JS_EXOTIC) own = exotic_index(js, o, tsk_js_key_as_index(key), &v);
        if (own != NOT_OWN) return own;
        return tsk_js_find_element(o, tsk_js_key_as_index(key), &f) ? OWN : NOT_OWN;
    }
    if (tsk_js_is_virtual(key)) {
        int own = own_virtual(js, o, key);
        *thrown = own < 0;
        if (own) return own < 0 ? ENDS : OWN;
    }
    if (TSK_UNLIKELY(o->cell.flags & TSK_JS_EXOTIC) && tsk_js_is_numeric_name(o, key)) return ENDS;
    return tsk_js_find_named(o, key, &f) ? OWN : NOT_OWN;
}

int tsk_js_has_own(tsk_js *js, tsk_js_object *o, tsk_js_key key) {
    bool thrown;
    own_index own = has_own_key(js, o, key, &thrown);
    return thrown ? -1 : own == OWN;
}

int tsk_js_has(tsk_js *js, tsk_js_object *o, tsk_js_key key) {
    bool thrown;
    for (; o; o = o->proto) {
        own_index own = has_own_key(js, o, key, &thrown);
        if (thrown) return -1;
        if (own != NOT_OWN) return own == OWN;
    }
    return 0;
}

int tsk_js_has_index(tsk_js *js, tsk_js_object *o, uint64_t index) {
    tsk_js_key key;
    int found = index_to_find(js, index, &key);
    return found > 0 ? tsk_js_has(js, o, key) : found;
}

/* ---- delete ---- */

static int delete_element(tsk_js *js, tsk_js_object *o, uint32_t index) {
    tsk_js_found f;
    tsk_value v;
    if (o->cell.flags & TSK_JS_EXOTIC && exotic_index(js, o, index, &v) == OWN) return 0;
    if (!tsk_js_find_element(o, index, &f)) return 1;
    if (!(f.attributes & TSK_JS_CONFIGURABLE)) return 0;
    tsk_js_remove_element(o, index);
    return 1;
}

int tsk_js_delete(tsk_js *js, tsk_js_object *o, tsk_js_key key) {
    if (tsk_js_key_is_index(key)) return delete_element(js, o, tsk_js_key_as_index(key));
    tsk_js_found f;
    if (tsk_js_is_virtual(key)) {
        int own = own_virtual(js, o, key);
        if (own) return own < 0 ? -1 : 0;
    }
    if (!tsk_js_find_named(o, key, &f)) return 1;
    if (!(f.attributes & TSK_JS_CONFIGURABLE)) return 0;
    return tsk_js_settle(js, o) && tsk_js_remove_named(js, o, key) ? 1 : -1;
}

bool tsk_js_delete_or_throw(tsk_js *js, tsk_js_object *o, tsk_js_key key) {
    int deleted = tsk_js_delete(js, o, key);
    if (!deleted)
        tsk_js_throw_type(js, "Cannot delete property '%s' of %s", tsk_js_describe_key(js, key),
                          tsk_js_describe(js, tsk_js_from_object(o)));
    return deleted > 0;
}
