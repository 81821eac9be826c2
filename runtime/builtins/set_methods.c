/* The methods of Set that take another collection: union, isSubsetOf and the others.
 *
 *   other ─► record: its size as a number, its `has` and `keys`
 *   this  ─► walked when it is not the larger one, asking other.has(key); else other.keys() is walked
 *
 * The program's `has` and iterators may change the receiver meanwhile: walks see entries that come and go as forEach
 * does, and what becomes of a copy is in the copy alone. */
#include "runtime/builtins/library.h"
#include "runtime/js/collections.h"

#include <math.h>

/* What is asked of the other collection. */
typedef struct record {
    tsk_value object, has, keys;
    double size;
} record;

static bool get(tsk_js *js, tsk_js_object *o, const char *name, tsk_value *out) {
    tsk_js_string *atom = tsk_js_atom_utf8(name, strlen(name));
    *out = atom ? tsk_js_get(js, o, tsk_js_key_atom(atom)) : tsk_js_throw_range(js, "Out of memory");
    return !tsk_js_is_thrown(*out);
}

static bool get_function(tsk_js *js, tsk_js_object *o, const char *name, tsk_value *out) {
    if (!get(js, o, name, out)) return false;
    if (!tsk_js_is_callable(*out)) tsk_js_throw_type(js, "The '%s' property must be a function", name);
    return !tsk_js_has_exception(js);
}

/* GetSetRecord.  False: thrown. */
static bool record_of(tsk_js *js, tsk_value v, record *r) {
    tsk_value size;
    if (!tsk_js_is_object(v)) {
        tsk_js_throw_type(js, "%s is not an object", tsk_js_describe(js, v));
        return false;
    }
    tsk_js_object *o = tsk_js_as_object(v);
    r->object = v;
    if (!get(js, o, "size", &size) || !tsk_js_to_number(js, size, &r->size)) return false;
    if (r->size != r->size) {
        tsk_js_throw_type(js, "The 'size' property must be a number");
        return false;
    }
    r->size = trunc(r->size);
    if (r->size < 0) {
        tsk_js_throw_range(js, "%g is an invalid size", r->size);
        return false;
    }
    return get_function(js, o, "has", &r->has) && get_function(js, o, "keys", &r->keys);
}

/* other.has(key): 1, 0, -1: thrown. */
static int other_has(tsk_js *js, const record *r, tsk_value key) {
    tsk_value answer = tsk_js_call(js, r->has, r->object, 1, &key);
    return tsk_js_is_thrown(answer) ? -1 : tsk_js_to_boolean(answer);
}

static bool is_in(tsk_js *js, const tsk_js_map *m, tsk_value key) {
    return tsk_js_map_find(js, m, key) != NULL;
}

static tsk_js_map *set_new(tsk_js *js) {
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_SetPrototype);
    return proto ? (tsk_js_map *)tsk_js_object_of_class(js, TSK_JS_SET, sizeof(tsk_js_map), proto) : NULL;
}

/* A new Set with what is in this one.  NULL: thrown. */
static tsk_js_map *copy_of(tsk_js *js, const tsk_js_map *m) {
    tsk_js_map *copy = set_new(js);
    tsk_js_table *table = m->table;
    uint32_t position = 0;
    const tsk_js_entry *e;
    while (copy && (e = tsk_js_map_next(m, &table, &position)))
        if (!tsk_js_map_set(js, copy, e->key, TSK_VALUE_UNDEFINED)) return NULL;
    return copy;
}

enum { WALK_WORK = 4 };

/* A walk over the entries of a Set or over the keys of a record. */
typedef struct walk {
    const tsk_js_map *set; /* NULL: keys */
    tsk_js_table *table;
    uint32_t position;
    tsk_js_iteration keys;
} walk;

static walk walk_set(const tsk_js_map *m) {
    return (walk){.set = m, .table = m->table};
}

static bool walk_keys(tsk_js *js, const record *r, walk *w) {
    *w = (walk){.set = NULL};
    return tsk_js_iterate_by(js, r->object, r->keys, &w->keys);
}

/* False: the end, or thrown. */
static bool walk_on(tsk_js *js, walk *w, tsk_value *key) {
    if (!tsk_js_worked(js, WALK_WORK)) return false;
    if (w->set) {
        const tsk_js_entry *e = tsk_js_map_next(w->set, &w->table, &w->position);
        if (e) *key = e->key;
        return e != NULL;
    }
    *key = tsk_js_iterate_next(js, &w->keys);
    return !tsk_js_is_thrown(*key) && !tsk_js_is_hole(*key);
}

/* ---- new sets; NULL: thrown ---- */

static tsk_js_map *unite(tsk_js *js, const tsk_js_map *m, const record *r) {
    walk w;
    tsk_value key;
    if (!walk_keys(js, r, &w)) return NULL;
    tsk_js_map *result = copy_of(js, m);
    while (result && walk_on(js, &w, &key))
        if (!tsk_js_map_set(js, result, key, TSK_VALUE_UNDEFINED)) return NULL;
    return result;
}

static tsk_js_map *intersect(tsk_js *js, const tsk_js_map *m, const record *r) {
    bool own = tsk_js_map_size(m) <= r->size;
    walk w = walk_set(m);
    tsk_value key;
    tsk_js_map *result = set_new(js);
    if (!result || (!own && !walk_keys(js, r, &w))) return NULL;
    while (walk_on(js, &w, &key)) {
        int both = own ? other_has(js, r, key) : is_in(js, m, key);
        if (both < 0 || (both && !tsk_js_map_set(js, result, key, TSK_VALUE_UNDEFINED))) return NULL;
    }
    return result;
}

static tsk_js_map *subtract(tsk_js *js, const tsk_js_map *m, const record *r) {
    bool own = tsk_js_map_size(m) <= r->size;
    tsk_js_map *result = copy_of(js, m);
    if (!result) return NULL;
    walk w = walk_set(result);
    tsk_value key;
    if (!own && !walk_keys(js, r, &w)) return NULL;
    while (walk_on(js, &w, &key)) {
        int other = own ? other_has(js, r, key) : 1;
        if (other < 0) return NULL;
        if (other) tsk_js_map_delete(js, result, key);
    }
    return result;
}

static tsk_js_map *differ(tsk_js *js, const tsk_js_map *m, const record *r) {
    walk w;
    tsk_value key;
    if (!walk_keys(js, r, &w)) return NULL;
    tsk_js_map *result = copy_of(js, m);
    while (result && walk_on(js, &w, &key)) {
        if (is_in(js, m, key))
            tsk_js_map_delete(js, result, key);
        else if (!tsk_js_map_set(js, result, key, TSK_VALUE_UNDEFINED))
            return NULL;
    }
    return result;
}

/* ---- questions: 1, 0, -1: thrown ---- */

/* Whether other.has says `wanted` of every entry. */
static int all_in_other(tsk_js *js, const tsk_js_map *m, const record *r, int wanted) {
    walk w = walk_set(m);
    tsk_value key;
    while (walk_on(js, &w, &key)) {
        int other = other_has(js, r, key);
        if (other != wanted) return other < 0 ? -1 : 0;
    }
    return 1;
}

/* Whether the receiver has, or has not, every key of the other one. */
static int all_in_this(tsk_js *js, const tsk_js_map *m, const record *r, bool wanted) {
    walk w;
    tsk_value key;
    if (!walk_keys(js, r, &w)) return -1;
    while (walk_on(js, &w, &key))
        if (is_in(js, m, key) != wanted) return tsk_js_iterate_close(js, &w.keys) ? 0 : -1;
    return 1;
}

static int is_subset(tsk_js *js, const tsk_js_map *m, const record *r) {
    return tsk_js_map_size(m) > r->size ? 0 : all_in_other(js, m, r, 1);
}

static int is_superset(tsk_js *js, const tsk_js_map *m, const record *r) {
    return tsk_js_map_size(m) < r->size ? 0 : all_in_this(js, m, r, true);
}

static int is_disjoint(tsk_js *js, const tsk_js_map *m, const record *r) {
    return tsk_js_map_size(m) <= r->size ? all_in_other(js, m, r, 0) : all_in_this(js, m, r, false);
}

/* ---- methods ---- */

/* The receiver and the argument of a method.  False: thrown. */
static bool both(tsk_js *js, const tsk_js_args *a, const tsk_js_map **m, record *r) {
    if (tsk_js_is_class(a->this_value, TSK_JS_SET)) {
        *m = (const tsk_js_map *)(const void *)tsk_js_as_object(a->this_value);
        return record_of(js, tsk_js_arg(a, 0), r);
    }
    tsk_js_throw_type(js, "Method Set.prototype.%s called on incompatible receiver %s",
                      ((const tsk_js_native *)(const void *)a->callee)->spec->name, tsk_js_describe(js, a->this_value));
    return false;
}

tsk_value tsk_js_set_combine(tsk_js *js, const tsk_js_args *a) {
    static tsk_js_map *(*const how[])(tsk_js *, const tsk_js_map *, const record *) = {unite, intersect, subtract,
                                                                                       differ};
    const tsk_js_map *m;
    record r;
    if (!both(js, a, &m, &r)) return TSK_JS_THROWN;
    const tsk_js_map *result = how[tsk_js_callee_data(a)](js, m, &r);
    return result && !tsk_js_has_exception(js) ? tsk_js_from_object(result) : TSK_JS_THROWN;
}

tsk_value tsk_js_set_compare(tsk_js *js, const tsk_js_args *a) {
    static int (*const how[])(tsk_js *, const tsk_js_map *, const record *) = {is_subset, is_superset, is_disjoint};
    const tsk_js_map *m;
    record r;
    if (!both(js, a, &m, &r)) return TSK_JS_THROWN;
    int answer = how[tsk_js_callee_data(a)](js, m, &r);
    return answer < 0 || tsk_js_has_exception(js) ? TSK_JS_THROWN : tsk_from_bool(answer);
}
