/* Property access with an inline cache: what the interpreter and compiled code call when their own look at the cache
 * was not enough.
 *
 *   receiver ─► prototype ─► prototype ...      each object: is there a fact for its shape? if not, search, and leave one
 *
 * A fact about a shape and a name is true for ever and everywhere, so a stale one cannot be: an object that changes has
 * another shape.  What facts do not say, because it is the object's and not the shape's: whether it can be extended,
 * and what its prototype is.  A dictionary has no shape, so there are no facts about it.
 *
 * In a cache of stores, "add" also says that the name is absent.  It is only left, and only used, when no prototype can
 * have a setter or a read-only property of the name: the name is not TSK_JS_SPECIAL, or the cache says of every
 * prototype that the name is absent.  It names a shape that another thread may have made: facts are left with release
 * and looked at with acquire.
 */
#include "runtime/js/model.h"

#include "runtime/base/mutation.h"

#define LONGEST_WALK 16

static tsk_js_fact fact_for(const tsk_js_cache *cache, uint32_t shape) {
    for (uint32_t i = 0; i < TSK_JS_FACTS; i++) {
        tsk_js_fact fact = __atomic_load_n(&cache->facts[i], __ATOMIC_ACQUIRE);
        if (fact >> 32 == shape) return fact;
        if (!fact) break;
    }
    return 0;
}

/* Takes the place of an older fact about the shape, else the first free one, else any. */
static void leave_fact(tsk_js_cache *cache, uint32_t shape, uint32_t low) {
    uint32_t at = shape % TSK_JS_FACTS;
    if (shape == TSK_JS_DICTIONARY && !TSK_MUTANT(STALE_CACHE)) return;
    for (uint32_t i = 0; i < TSK_JS_FACTS; i++) {
        tsk_js_fact fact = __atomic_load_n(&cache->facts[i], __ATOMIC_ACQUIRE);
        if (fact && fact >> 32 != shape) continue;
        at = i;
        break;
    }
    __atomic_store_n(&cache->facts[at], (tsk_js_fact)shape << 32 | low, __ATOMIC_RELEASE);
}

static uint32_t low_of(int32_t offset) {
    return (uint32_t)offset & (TSK_JS_FACT_ADD - 1);
}

static int32_t offset_of(uint32_t low) {
    return (int32_t)(low << 2) >> 2;
}

static bool is_special(const tsk_js_string *atom) {
    return tsk_js_string_flags(atom) & TSK_JS_SPECIAL;
}

uint32_t tsk_js_known(const tsk_js_cache *cache, uint32_t shape) {
    return (uint32_t)fact_for(cache, shape);
}

void tsk_js_learn_place(tsk_js_cache *cache, uint32_t shape, int32_t offset) {
    leave_fact(cache, shape, low_of(offset));
}

void tsk_js_learn_absent(tsk_js_cache *cache, uint32_t shape) {
    leave_fact(cache, shape, TSK_JS_FACT_ABSENT);
}

/* A canonical number that is no index, as "-0" or "1.5": typed arrays have no such property and ask no prototype, which
 * facts cannot say. */
static bool is_number(const tsk_js_string *atom) {
    uint32_t first = atom->length ? tsk_js_unit(atom, 0) : 0;
    return TSK_UNLIKELY(first == '-' || first - '0' < 10u) && tsk_js_is_canonical_number(atom);
}

/* ---- get ---- */

const tsk_value *tsk_js_told_slot(const tsk_js_object *o, const tsk_js_cache *cache) {
    for (uint32_t step = 0; o && step < LONGEST_WALK; step++, o = o->proto) {
        uint32_t low = (uint32_t)fact_for(cache, o->cell.word);
        if (!low) return NULL;
        if (!(low & TSK_JS_FACT_ABSENT)) return tsk_js_slot_at((tsk_js_object *)(uintptr_t)o, offset_of(low));
    }
    return NULL;
}

/* A property that facts told: `o` has it at `offset`. */
static tsk_value load_at(tsk_js *js, tsk_js_object *o, int32_t offset, tsk_value receiver) {
    tsk_value v = *tsk_js_slot_at(o, offset);
    if (TSK_LIKELY(!tsk_js_is_cell(v))) return v;
    if (o->cell.aux == TSK_JS_ARRAY && offset == (int32_t)offsetof(tsk_js_array, length)) return tsk_js_own_length(o);
    tsk_js_found f = {tsk_js_slot_at(o, offset), tsk_js_slot_owner(o, offset), 0, offset, true};
    return tsk_js_load(js, &f, receiver);
}

/* `length`, `name` and `prototype` where shapes do not say; 1: *out, 0: search as usual, -1: thrown. */
static int get_virtual(tsk_js *js, tsk_js_object *o, const tsk_js_string *atom, tsk_js_cache *cache, tsk_value *out) {
    if (atom == tsk_js_atoms.length && tsk_js_has_length(o)) {
        /* The field of an array is laid out as a value. */
        if (o->cell.aux == TSK_JS_ARRAY)
            leave_fact(cache, o->cell.word, low_of((int32_t)offsetof(tsk_js_array, length)));
        *out = tsk_js_own_length(o);
        return 1;
    }
    return tsk_js_settle(js, o) ? 0 : -1;
}

static tsk_value get_on(tsk_js *js, tsk_js_object *o, const tsk_js_string *atom, tsk_js_cache *cache,
                        tsk_value receiver) {
    tsk_js_key key = tsk_js_key_atom(atom);
    bool virtual = tsk_js_is_virtual(key);
    for (; o; o = o->proto) {
        uint32_t low = (uint32_t)fact_for(cache, o->cell.word);
        if (low & TSK_JS_FACT_ABSENT) continue;
        if (low) return load_at(js, o, offset_of(low), receiver);
        if (virtual) {
            tsk_value v;
            int got = get_virtual(js, o, atom, cache, &v);
            if (got) return got > 0 ? v : TSK_JS_THROWN;
        }
        tsk_js_found f;
        if (tsk_js_find_named(o, key, &f)) {
            if (f.in_shape) leave_fact(cache, o->cell.word, low_of(f.offset));
            return tsk_js_load(js, &f, receiver);
        }
        leave_fact(cache, o->cell.word, TSK_JS_FACT_ABSENT);
    }
    return TSK_VALUE_UNDEFINED;
}

tsk_value tsk_js_get_cached(tsk_js *js, tsk_value base, tsk_js_string *atom, tsk_js_cache *cache) {
    if (is_number(atom)) return tsk_js_get_value(js, base, tsk_js_key_atom(atom));
    if (TSK_LIKELY(tsk_js_is_object(base))) return get_on(js, tsk_js_as_object(base), atom, cache, base);
    if (tsk_js_is_string(base) && atom == tsk_js_atoms.length)
        return tsk_from_i32((int32_t)tsk_js_as_string(base)->length);
    tsk_js_object *o = tsk_js_base_object(js, base);
    if (TSK_LIKELY(o != NULL)) return get_on(js, o, atom, cache, base);
    if (tsk_js_has_exception(js)) return TSK_JS_THROWN;
    return tsk_js_throw_read_of_null(js, base, tsk_js_from_string(atom));
}

/* ---- set ---- */

/* The cache knows that no prototype of `o` has the name. */
static bool known_absent_above(const tsk_js_object *o, const tsk_js_cache *cache) {
    for (o = o->proto; o; o = o->proto)
        if (!((uint32_t)fact_for(cache, o->cell.word) & (TSK_JS_FACT_ABSENT | TSK_JS_FACT_ADD))) return false;
    return true;
}

/* Looks, and leaves facts; false: a prototype has the name, or nothing certain can be said. */
static bool learn_absent_above(const tsk_js_object *o, tsk_js_key key, tsk_js_cache *cache) {
    uint32_t steps = 0;
    for (tsk_js_object *p = o->proto; p; p = p->proto) {
        tsk_js_found f;
        if (steps++ == LONGEST_WALK || tsk_js_in_dictionary(p)) return false;
        if (tsk_js_is_virtual(key) && (tsk_js_has_length(p) || p->cell.flags & TSK_JS_LAZY_OWN)) return false;
        if (tsk_js_find_named(p, key, &f)) return false;
        if (!fact_for(cache, p->cell.word)) leave_fact(cache, p->cell.word, TSK_JS_FACT_ABSENT);
    }
    return true;
}

/* The step of an "add" fact, when it can be taken. */
static bool add_as_told(tsk_js *js, tsk_js_object *o, const tsk_js_string *atom, uint32_t low, tsk_value v,
                        const tsk_js_cache *cache) {
    if (o->cell.flags & (TSK_JS_NOT_EXTENSIBLE | TSK_JS_LAZY_OWN)) return false;
    if (is_special(atom) && !known_absent_above(o, cache)) return false;
    const tsk_js_shape *to = tsk_js_shape_at(low & (TSK_JS_FACT_ADD - 1));
    int32_t offset = to->place.offset;
    if (offset < 0) { /* perhaps there is no room yet */
        const tsk_js_slots *over = (const tsk_js_slots *)o->elements->overflow;
        if (!over || (uint32_t)~offset >= over->cell.word) return false;
    }
    *tsk_js_slot_at(o, offset) = v;
    o->cell.word = to->number;
    tsk_heap_wrote(js->heap, tsk_js_slot_owner(o, offset));
    return true;
}

/* The store changed the shape of `o` from `before`: can the next one do the same at once? */
static void leave_add(const tsk_js_object *o, uint32_t before, tsk_js_key key, tsk_js_cache *cache) {
    if (before == TSK_JS_DICTIONARY || tsk_js_in_dictionary(o)) return;
    const tsk_js_shape *now = tsk_js_shape_at(o->cell.word);
    if (!now->parent || now->parent->number != before || now->key.bits != key.bits) return;
    if (now->place.attributes == TSK_JS_PLAIN) leave_fact(cache, before, TSK_JS_FACT_ADD | now->number);
}

static bool set_on(tsk_js *js, tsk_js_object *o, tsk_js_string *atom, tsk_value v, tsk_js_cache *cache) {
    tsk_js_key key = tsk_js_key_atom(atom);
    tsk_value receiver = tsk_js_from_object(o);
    tsk_js_found f;
    if (!(tsk_js_is_virtual(key) && (tsk_js_has_length(o) || o->cell.flags & TSK_JS_LAZY_OWN))) {
        if (tsk_js_find_named(o, key, &f)) {
            if (f.in_shape && (f.attributes & (TSK_JS_ACCESSOR | TSK_JS_WRITABLE)) == TSK_JS_WRITABLE) {
                leave_fact(cache, o->cell.word, low_of(f.offset));
                *f.slot = v;
                tsk_heap_wrote_at(js->heap, f.owner, f.slot);
                return true;
            }
        } else if (!is_special(atom) || learn_absent_above(o, key, cache)) {
            uint32_t before = o->cell.word;
            if (!tsk_js_stored_or_throw(js, tsk_js_store(js, o, key, v, receiver), receiver, key)) return false;
            leave_add(o, before, key, cache);
            return true;
        }
    }
    return tsk_js_stored_or_throw(js, tsk_js_store(js, o, key, v, receiver), receiver, key);
}

bool tsk_js_set_cached(tsk_js *js, tsk_value base, tsk_js_string *atom, tsk_value v, tsk_js_cache *cache) {
    if (TSK_UNLIKELY(!tsk_js_is_object(base)) || is_number(atom))
        return tsk_js_set_value(js, base, tsk_js_key_atom(atom), v);
    tsk_js_object *o = tsk_js_as_object(base);
    uint32_t low = (uint32_t)fact_for(cache, o->cell.word);
    if (low & TSK_JS_FACT_ADD) {
        if (TSK_LIKELY(add_as_told(js, o, atom, low, v, cache))) return true;
    } else if (low && !(low & TSK_JS_FACT_ABSENT)) {
        /* The property is writable data, as its shape says; a built-in that is not made yet is replaced. */
        int32_t offset = offset_of(low);
        *tsk_js_slot_at(o, offset) = v;
        tsk_heap_wrote(js->heap, tsk_js_slot_owner(o, offset));
        return true;
    }
    return set_on(js, o, atom, v, cache);
}
