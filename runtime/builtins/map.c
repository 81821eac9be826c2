/* Map, Set and their iterators: the tables are in runtime/js/table.c.  Much is shared: `data` of a method tells
 * which of the two it belongs to. */
#include "runtime/builtins/inner.h"
#include "runtime/js/collections.h"

enum { OF_MAP = TSK_JS_MAP, OF_SET = TSK_JS_SET, KIND_SHIFT = 8 };

static const char *class_name(tsk_js_class c) {
    switch (c) {
    case TSK_JS_MAP: return "Map";
    case TSK_JS_SET: return "Set";
    case TSK_JS_WEAK_MAP: return "WeakMap";
    default: return "WeakSet";
    }
}

/* The receiver of a method; NULL: thrown. */
static tsk_js_map *receiver(tsk_js *js, const tsk_js_args *a) {
    tsk_js_class c = (tsk_js_class)(tsk_js_callee_data(a) & 0xFF);
    if (tsk_js_is_class(a->this_value, c)) return (tsk_js_map *)(void *)tsk_js_as_object(a->this_value);
    const char *method = ((const tsk_js_native *)(const void *)a->callee)->spec->name;
    tsk_js_throw_type(js, "Method %s.prototype.%s called on incompatible receiver %s", class_name(c), method,
                      tsk_js_describe(js, a->this_value));
    return NULL;
}

/* ---- construction ---- */

/* The adder is the built-in one, as nearly always. */
static bool is_own_adder(tsk_value adder, tsk_js_native_fn fn) {
    if (!tsk_js_is_class(adder, TSK_JS_NATIVE)) return false;
    return ((const tsk_js_native *)(const void *)tsk_js_as_object(adder))->spec->fn == fn;
}

static bool add_pair(tsk_js *js, tsk_js_map *m, tsk_value adder, bool direct, tsk_value item) {
    if (!tsk_js_is_object(item)) {
        tsk_js_throw_type(js, "Iterator value %s is not an entry object", tsk_js_describe(js, item));
        return false;
    }
    tsk_value pair[2];
    pair[0] = tsk_js_get_index(js, tsk_js_as_object(item), 0);
    if (tsk_js_is_thrown(pair[0])) return false;
    pair[1] = tsk_js_get_index(js, tsk_js_as_object(item), 1);
    if (tsk_js_is_thrown(pair[1])) return false;
    if (direct) return tsk_js_map_set(js, m, pair[0], pair[1]);
    return !tsk_js_is_thrown(tsk_js_call(js, adder, tsk_js_from_object(m), 2, pair));
}

static bool add_single(tsk_js *js, tsk_js_map *m, tsk_value adder, bool direct, tsk_value item) {
    if (direct) return tsk_js_map_set(js, m, item, TSK_VALUE_UNDEFINED);
    return !tsk_js_is_thrown(tsk_js_call(js, adder, tsk_js_from_object(m), 1, &item));
}

static tsk_value map_set(tsk_js *js, const tsk_js_args *a);
static tsk_value set_add(tsk_js *js, const tsk_js_args *a);

static bool fill(tsk_js *js, tsk_js_map *m, tsk_value iterable) {
    bool is_map = m->object.cell.aux == TSK_JS_MAP || m->object.cell.aux == TSK_JS_WEAK_MAP;
    tsk_js_string *name = tsk_js_atom_utf8(is_map ? "set" : "add", 3);
    if (!name) return !tsk_js_is_thrown(tsk_js_throw_range(js, "Out of memory"));
    tsk_value adder = tsk_js_get(js, &m->object, tsk_js_key_atom(name));
    if (tsk_js_is_thrown(adder)) return false;
    if (!tsk_js_is_callable(adder)) {
        tsk_js_throw_type(js, "'%s' returned for property '%s' of object '#<%s>' is not a function",
                          tsk_js_describe(js, adder), is_map ? "set" : "add", class_name(tsk_js_class_of(&m->object)));
        return false;
    }
    bool direct = is_own_adder(adder, is_map ? map_set : set_add);
    tsk_js_iteration it;
    if (!tsk_js_iterate(js, iterable, &it)) return false;
    for (;;) {
        tsk_value item = tsk_js_iterate_next(js, &it);
        if (tsk_js_is_thrown(item)) return false;
        if (tsk_js_is_hole(item)) return true;
        if (is_map ? add_pair(js, m, adder, direct, item) : add_single(js, m, adder, direct, item)) continue;
        tsk_js_iterate_close(js, &it);
        return false;
    }
}

static tsk_js_intrinsic prototype_of(tsk_js_class c) {
    switch (c) {
    case TSK_JS_MAP: return TSK_JS_I_MapPrototype;
    case TSK_JS_SET: return TSK_JS_I_SetPrototype;
    case TSK_JS_WEAK_MAP: return TSK_JS_I_WeakMapPrototype;
    default: return TSK_JS_I_WeakSetPrototype;
    }
}

tsk_value tsk_js_map_construct(tsk_js *js, const tsk_js_args *a) {
    tsk_js_class c = (tsk_js_class)tsk_js_callee_data(a);
    if (tsk_js_is_undefined(a->new_target))
        return tsk_js_throw_type(js, "Constructor %s requires 'new'", class_name(c));
    tsk_js_object *proto = tsk_js_proto_for(js, a->new_target, prototype_of(c));
    if (!proto) return TSK_JS_THROWN;
    tsk_js_map *m = (tsk_js_map *)tsk_js_object_of_class(js, c, sizeof *m, proto);
    if (!m) return TSK_JS_THROWN;
    tsk_value iterable = tsk_js_arg(a, 0);
    if (!tsk_js_is_nullish(iterable) && !fill(js, m, iterable)) return TSK_JS_THROWN;
    return tsk_js_from_object(m);
}

static tsk_value species(tsk_js *js, const tsk_js_args *a) {
    (void)js;
    return a->this_value;
}

/* ---- entries ---- */

static tsk_value map_get(tsk_js *js, const tsk_js_args *a) {
    tsk_js_map *m = receiver(js, a);
    if (!m) return TSK_JS_THROWN;
    const tsk_js_entry *e = tsk_js_map_find(js, m, tsk_js_arg(a, 0));
    return e ? e->value : TSK_VALUE_UNDEFINED;
}

static tsk_value map_set(tsk_js *js, const tsk_js_args *a) {
    tsk_js_map *m = receiver(js, a);
    if (!m || !tsk_js_map_set(js, m, tsk_js_arg(a, 0), tsk_js_arg(a, 1))) return TSK_JS_THROWN;
    return a->this_value;
}

static tsk_value map_get_or_insert(tsk_js *js, const tsk_js_args *a) {
    tsk_js_map *m = receiver(js, a);
    if (!m) return TSK_JS_THROWN;
    const tsk_js_entry *e = tsk_js_map_find(js, m, tsk_js_arg(a, 0));
    if (e) return e->value;
    return tsk_js_map_set(js, m, tsk_js_arg(a, 0), tsk_js_arg(a, 1)) ? tsk_js_arg(a, 1) : TSK_JS_THROWN;
}

static tsk_value set_add(tsk_js *js, const tsk_js_args *a) {
    tsk_js_map *m = receiver(js, a);
    if (!m || !tsk_js_map_set(js, m, tsk_js_arg(a, 0), TSK_VALUE_UNDEFINED)) return TSK_JS_THROWN;
    return a->this_value;
}

static tsk_value has(tsk_js *js, const tsk_js_args *a) {
    tsk_js_map *m = receiver(js, a);
    return m ? tsk_from_bool(tsk_js_map_find(js, m, tsk_js_arg(a, 0)) != NULL) : TSK_JS_THROWN;
}

static tsk_value delete_entry(tsk_js *js, const tsk_js_args *a) {
    tsk_js_map *m = receiver(js, a);
    return m ? tsk_from_bool(tsk_js_map_delete(js, m, tsk_js_arg(a, 0))) : TSK_JS_THROWN;
}

static tsk_value clear(tsk_js *js, const tsk_js_args *a) {
    tsk_js_map *m = receiver(js, a);
    return m && tsk_js_map_clear(js, m) ? TSK_VALUE_UNDEFINED : TSK_JS_THROWN;
}

static tsk_value size(tsk_js *js, const tsk_js_args *a) {
    tsk_js_map *m = receiver(js, a);
    return m ? tsk_js_number(tsk_js_map_size(m)) : TSK_JS_THROWN;
}

/* ---- iterators ---- */

static tsk_value iterator_of(tsk_js *js, const tsk_js_map *m, uint32_t what) {
    tsk_js_intrinsic which = tsk_js_class_of(&m->object) == TSK_JS_MAP ? TSK_JS_I_MapIteratorPrototype
                                                                       : TSK_JS_I_SetIteratorPrototype;
    tsk_js_object *proto = tsk_js_intrinsic_get(js, which);
    if (!proto) return TSK_JS_THROWN;
    tsk_js_iterator *it = (tsk_js_iterator *)tsk_js_object_of_class(js, TSK_JS_ITERATOR, sizeof *it, proto);
    if (!it) return TSK_JS_THROWN;
    it->target = tsk_js_from_object(m);
    it->extra = m->table ? tsk_from_ptr(TSK_TAG_CELL, m->table) : TSK_VALUE_UNDEFINED;
    it->what = (uint8_t)what;
    it->type = (uint8_t)which;
    tsk_heap_wrote(js->heap, it);
    return tsk_js_from_object(it);
}

static tsk_value iterator(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_map *m = receiver(js, a);
    return m ? iterator_of(js, m, tsk_js_callee_data(a) >> KIND_SHIFT) : TSK_JS_THROWN;
}

/* The next entry; NULL: there is none, and never will be. */
static const tsk_js_entry *advance(tsk_js *js, tsk_js_iterator *it) {
    if (tsk_js_is_undefined(it->target)) return NULL;
    const tsk_js_map *m = (const tsk_js_map *)(const void *)tsk_js_as_object(it->target);
    tsk_js_table *table = tsk_js_is_undefined(it->extra) ? NULL : (tsk_js_table *)tsk_ptr(it->extra);
    const tsk_js_entry *e = tsk_js_map_next(m, &table, &it->position);
    if (!e)
        it->target = it->extra = TSK_VALUE_UNDEFINED;
    else
        it->extra = tsk_from_ptr(TSK_TAG_CELL, table);
    tsk_heap_wrote(js->heap, it);
    return e;
}

/* ---- getOrInsertComputed ---- */

tsk_value tsk_js_inner_map_find(tsk_js *js, const tsk_js_args *a) {
    if (!tsk_js_is_class(a->values[0], TSK_JS_MAP))
        return tsk_js_throw_type(js, "Method Map.prototype.getOrInsertComputed called on incompatible receiver %s",
                                 tsk_js_describe(js, a->values[0]));
    const tsk_js_map *m = (const tsk_js_map *)(const void *)tsk_js_as_object(a->values[0]);
    const tsk_js_entry *e = tsk_js_map_find(js, m, a->values[1]);
    return e ? e->value : TSK_JS_HOLE;
}

tsk_value tsk_js_inner_map_put(tsk_js *js, const tsk_js_args *a) {
    tsk_js_map *m = (tsk_js_map *)(void *)tsk_js_as_object(a->values[0]);
    return tsk_js_map_set(js, m, a->values[1], a->values[2]) ? a->values[2] : TSK_JS_THROWN;
}

/* ---- walks of forEach: iterators that no program sees ---- */

static tsk_value walk(tsk_js *js, tsk_value v, tsk_js_class c) {
    if (tsk_js_is_class(v, c)) return iterator_of(js, (const tsk_js_map *)(const void *)tsk_js_as_object(v), 0);
    return tsk_js_throw_type(js, "Method %s.prototype.forEach called on incompatible receiver %s", class_name(c),
                             tsk_js_describe(js, v));
}

tsk_value tsk_js_inner_walk_map(tsk_js *js, const tsk_js_args *a) {
    return walk(js, a->values[0], TSK_JS_MAP);
}

tsk_value tsk_js_inner_walk_set(tsk_js *js, const tsk_js_args *a) {
    return walk(js, a->values[0], TSK_JS_SET);
}

tsk_value tsk_js_inner_walk_next(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_entry *e = advance(js, (tsk_js_iterator *)(void *)tsk_js_as_object(a->values[0]));
    return e ? e->key : TSK_JS_HOLE;
}

/* Of the entry whose key was given last, before anything else runs. */
tsk_value tsk_js_inner_walk_value(tsk_js *js, const tsk_js_args *a) {
    (void)js;
    const tsk_js_iterator *it = (const tsk_js_iterator *)(const void *)tsk_js_as_object(a->values[0]);
    return ((const tsk_js_table *)tsk_ptr(it->extra))->entries[it->position - 1].value;
}

/* ---- next ---- */

tsk_value tsk_js_map_step(tsk_js *js, tsk_js_iterator *it) {
    const tsk_js_entry *e = advance(js, it);
    if (!e) return TSK_JS_HOLE;
    bool is_map = it->type == TSK_JS_I_MapIteratorPrototype;
    tsk_value pair[2] = {e->key, is_map ? e->value : e->key};
    if (it->what != TSK_JS_ITERATE_ENTRIES) return pair[it->what == TSK_JS_ITERATE_VALUES];
    const tsk_js_array *both = tsk_js_array_from(js, pair, 2);
    return both ? tsk_js_from_object(both) : TSK_JS_THROWN;
}

#define KEYS(of) (of | TSK_JS_ITERATE_KEYS << KIND_SHIFT)
#define VALUES(of) (of | TSK_JS_ITERATE_VALUES << KIND_SHIFT)
#define ENTRIES(of) (of | TSK_JS_ITERATE_ENTRIES << KIND_SHIFT)
#define SIZE_OF(of)                                                                                                    \
    {                                                                                                                  \
        .cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_ACCESSOR, TSK_JS_CONFIGURABLE), .fn = { "size", size, 0, 0, of }      \
    }

static const tsk_js_member map_prototype[] = {
    TSK_JS_OBJECT_OF("constructor", Map, TSK_JS_HIDDEN),
    TSK_JS_METHOD_WITH("get", map_get, 1, OF_MAP),
    TSK_JS_METHOD_WITH("set", map_set, 2, OF_MAP),
    TSK_JS_METHOD_WITH("has", has, 1, OF_MAP),
    TSK_JS_METHOD_WITH("delete", delete_entry, 1, OF_MAP),
    TSK_JS_METHOD_WITH("clear", clear, 0, OF_MAP),
    TSK_JS_OBJECT_OF("entries", MapProtoEntries, TSK_JS_HIDDEN),
    TSK_JS_LIBRARY_METHOD("forEach", "Map_forEach", 1),
    TSK_JS_METHOD_WITH("keys", iterator, 0, KEYS(OF_MAP)),
    SIZE_OF(OF_MAP),
    TSK_JS_METHOD_WITH("values", iterator, 0, VALUES(OF_MAP)),
    TSK_JS_TEXT_OF("@@toStringTag", "Map", TSK_JS_CONFIGURABLE),
    TSK_JS_OBJECT_OF("@@iterator", MapProtoEntries, TSK_JS_HIDDEN),
    TSK_JS_METHOD_WITH("getOrInsert", map_get_or_insert, 2, OF_MAP),
    TSK_JS_LIBRARY_METHOD("getOrInsertComputed", "Map_getOrInsertComputed", 2),
};
/* The data of the methods in set_methods.c. */
enum { UNION, INTERSECTION, DIFFERENCE, SYMMETRIC_DIFFERENCE };
enum { SUBSET, SUPERSET, DISJOINT };
static const tsk_js_member set_prototype[] = {
    TSK_JS_OBJECT_OF("constructor", Set, TSK_JS_HIDDEN),
    TSK_JS_METHOD_WITH("has", has, 1, OF_SET),
    TSK_JS_METHOD_WITH("add", set_add, 1, OF_SET),
    TSK_JS_METHOD_WITH("delete", delete_entry, 1, OF_SET),
    TSK_JS_METHOD_WITH("clear", clear, 0, OF_SET),
    TSK_JS_METHOD_WITH("entries", iterator, 0, ENTRIES(OF_SET)),
    TSK_JS_LIBRARY_METHOD("forEach", "Set_forEach", 1),
    SIZE_OF(OF_SET),
    TSK_JS_OBJECT_OF("values", SetProtoValues, TSK_JS_HIDDEN),
    TSK_JS_OBJECT_OF("keys", SetProtoValues, TSK_JS_HIDDEN),
    TSK_JS_TEXT_OF("@@toStringTag", "Set", TSK_JS_CONFIGURABLE),
    TSK_JS_OBJECT_OF("@@iterator", SetProtoValues, TSK_JS_HIDDEN),
    TSK_JS_METHOD_WITH("union", tsk_js_set_combine, 1, UNION),
    TSK_JS_METHOD_WITH("intersection", tsk_js_set_combine, 1, INTERSECTION),
    TSK_JS_METHOD_WITH("difference", tsk_js_set_combine, 1, DIFFERENCE),
    TSK_JS_METHOD_WITH("symmetricDifference", tsk_js_set_combine, 1, SYMMETRIC_DIFFERENCE),
    TSK_JS_METHOD_WITH("isSubsetOf", tsk_js_set_compare, 1, SUBSET),
    TSK_JS_METHOD_WITH("isSupersetOf", tsk_js_set_compare, 1, SUPERSET),
    TSK_JS_METHOD_WITH("isDisjointFrom", tsk_js_set_compare, 1, DISJOINT),
};
static const tsk_js_member map_constructor[] = {TSK_JS_OBJECT_OF("prototype", MapPrototype, 0),
                                                TSK_JS_LIBRARY_METHOD("groupBy", "Map_groupBy", 2),
                                                TSK_JS_ACCESSOR_OF("@@species", species, NULL)};
static const tsk_js_member set_constructor[] = {TSK_JS_OBJECT_OF("prototype", SetPrototype, 0),
                                                TSK_JS_ACCESSOR_OF("@@species", species, NULL)};
static const tsk_js_member map_iterator[] = {
    TSK_JS_METHOD_WITH("next", tsk_js_iterator_next, 0, TSK_JS_I_MapIteratorPrototype),
    TSK_JS_TEXT_OF("@@toStringTag", "Map Iterator", TSK_JS_CONFIGURABLE)};
static const tsk_js_member set_iterator[] = {
    TSK_JS_METHOD_WITH("next", tsk_js_iterator_next, 0, TSK_JS_I_SetIteratorPrototype),
    TSK_JS_TEXT_OF("@@toStringTag", "Set Iterator", TSK_JS_CONFIGURABLE)};

const tsk_js_intrinsic_spec tsk_js_library_map[] = {
    {.which = TSK_JS_I_MapPrototype,
     .proto = TSK_JS_I_ObjectPrototype,
     .members = map_prototype,
     .count = TSK_COUNT_OF(map_prototype)},
    {.which = TSK_JS_I_SetPrototype,
     .proto = TSK_JS_I_ObjectPrototype,
     .members = set_prototype,
     .count = TSK_COUNT_OF(set_prototype)},
    {.which = TSK_JS_I_Map,
     .proto = TSK_JS_I_FunctionPrototype,
     .cls = TSK_JS_NATIVE,
     .fn = {"Map", tsk_js_map_construct, 0, TSK_JS_CONSTRUCTOR, TSK_JS_MAP},
     .members = map_constructor,
     .count = TSK_COUNT_OF(map_constructor)},
    {.which = TSK_JS_I_Set,
     .proto = TSK_JS_I_FunctionPrototype,
     .cls = TSK_JS_NATIVE,
     .fn = {"Set", tsk_js_map_construct, 0, TSK_JS_CONSTRUCTOR, TSK_JS_SET},
     .members = set_constructor,
     .count = TSK_COUNT_OF(set_constructor)},
    {.which = TSK_JS_I_MapIteratorPrototype,
     .proto = TSK_JS_I_IteratorPrototype,
     .members = map_iterator,
     .count = TSK_COUNT_OF(map_iterator)},
    {.which = TSK_JS_I_SetIteratorPrototype,
     .proto = TSK_JS_I_IteratorPrototype,
     .members = set_iterator,
     .count = TSK_COUNT_OF(set_iterator)},
    TSK_JS_SHARED_FUNCTION(MapProtoEntries, "entries", iterator, 0, ENTRIES(OF_MAP)),
    TSK_JS_SHARED_FUNCTION(SetProtoValues, "values", iterator, 0, VALUES(OF_SET)),
    {.which = TSK_JS_INTRINSICS}};
