/* WeakMap, WeakSet, WeakRef.  The tables of the first two are weak (runtime/js/table.c): an entry lives while its key does.
 *
 * A WeakRef keeps its target: ECMAScript has it alive until the end of the job in which it was made or looked at, and
 * an evaluation is one job, whose memory goes at its end. */
#include "runtime/builtins/inner.h"
#include "runtime/js/collections.h"

static const char *name_of(const tsk_js_args *a) {
    return tsk_js_callee_data(a) == TSK_JS_WEAK_MAP ? "WeakMap" : "WeakSet";
}

static tsk_js_map *receiver(tsk_js *js, const tsk_js_args *a) {
    if (tsk_js_is_class(a->this_value, (tsk_js_class)tsk_js_callee_data(a)))
        return (tsk_js_map *)(void *)tsk_js_as_object(a->this_value);
    tsk_js_throw_type(js, "Method %s.prototype.%s called on incompatible receiver %s", name_of(a),
                      ((const tsk_js_native *)(const void *)a->callee)->spec->name, tsk_js_describe(js, a->this_value));
    return NULL;
}

/* CanBeHeldWeakly: an object, or a symbol that no registry can give again. */
static bool can_be_key(tsk_value v) {
    return tsk_js_is_object(v) || (tsk_js_is_symbol(v) && !tsk_js_as_symbol(v)->registered);
}

static tsk_value put(tsk_js *js, const tsk_js_args *a, tsk_value v) {
    tsk_js_map *m = receiver(js, a);
    tsk_value key = tsk_js_arg(a, 0);
    if (!m) return TSK_JS_THROWN;
    if (!can_be_key(key))
        return tsk_js_throw_type(js, "Invalid value used %s",
                                 tsk_js_callee_data(a) == TSK_JS_WEAK_MAP ? "as weak map key" : "in weak set");
    return tsk_js_map_set(js, m, key, v) ? a->this_value : TSK_JS_THROWN;
}

static tsk_value map_set(tsk_js *js, const tsk_js_args *a) {
    return put(js, a, tsk_js_arg(a, 1));
}

static tsk_value set_add(tsk_js *js, const tsk_js_args *a) {
    return put(js, a, TSK_VALUE_UNDEFINED);
}

static tsk_value map_get(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_map *m = receiver(js, a);
    if (!m) return TSK_JS_THROWN;
    const tsk_js_entry *e = can_be_key(tsk_js_arg(a, 0)) ? tsk_js_map_find(js, m, a->values[0]) : NULL;
    return e ? e->value : TSK_VALUE_UNDEFINED;
}

static tsk_value map_get_or_insert(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_map *m = receiver(js, a);
    if (!m) return TSK_JS_THROWN;
    const tsk_js_entry *e = can_be_key(tsk_js_arg(a, 0)) ? tsk_js_map_find(js, m, a->values[0]) : NULL;
    if (e) return e->value;
    return tsk_js_is_thrown(map_set(js, a)) ? TSK_JS_THROWN : tsk_js_arg(a, 1);
}

tsk_value tsk_js_inner_weak_map_find(tsk_js *js, const tsk_js_args *a) {
    if (!tsk_js_is_class(a->values[0], TSK_JS_WEAK_MAP))
        return tsk_js_throw_type(js, "Method WeakMap.prototype.getOrInsertComputed called on incompatible receiver %s",
                                 tsk_js_describe(js, a->values[0]));
    if (!can_be_key(a->values[1])) return tsk_js_throw_type(js, "Invalid value used as weak map key");
    const tsk_js_map *m = (const tsk_js_map *)(const void *)tsk_js_as_object(a->values[0]);
    const tsk_js_entry *e = tsk_js_map_find(js, m, a->values[1]);
    return e ? e->value : TSK_JS_HOLE;
}

static tsk_value has(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_map *m = receiver(js, a);
    if (!m) return TSK_JS_THROWN;
    return tsk_from_bool(can_be_key(tsk_js_arg(a, 0)) && tsk_js_map_find(js, m, a->values[0]));
}

static tsk_value delete_entry(tsk_js *js, const tsk_js_args *a) {
    tsk_js_map *m = receiver(js, a);
    if (!m) return TSK_JS_THROWN;
    return tsk_from_bool(can_be_key(tsk_js_arg(a, 0)) && tsk_js_map_delete(js, m, a->values[0]));
}

/* ---- WeakRef ---- */

static tsk_value construct_ref(tsk_js *js, const tsk_js_args *a) {
    if (tsk_js_is_undefined(a->new_target)) return tsk_js_throw_type(js, "Constructor WeakRef requires 'new'");
    if (!can_be_key(tsk_js_arg(a, 0))) return tsk_js_throw_type(js, "WeakRef: target must be an object");
    tsk_js_object *proto = tsk_js_proto_for(js, a->new_target, TSK_JS_I_WeakRefPrototype);
    tsk_js_wrapper *ref = proto ? tsk_js_object_of_class(js, TSK_JS_WEAK_REF, sizeof *ref, proto) : NULL;
    if (!ref) return TSK_JS_THROWN;
    TSK_HEAP_STORE(js->heap, ref, value, a->values[0]);
    return tsk_js_from_object(ref);
}

static tsk_value deref(tsk_js *js, const tsk_js_args *a) {
    if (tsk_js_is_class(a->this_value, TSK_JS_WEAK_REF))
        return ((const tsk_js_wrapper *)(const void *)tsk_js_as_object(a->this_value))->value;
    return tsk_js_throw_type(js, "Method WeakRef.prototype.deref called on incompatible receiver %s",
                             tsk_js_describe(js, a->this_value));
}

/* ---- tables ---- */

static const tsk_js_member map_prototype[] = {
    TSK_JS_OBJECT_OF("constructor", WeakMap, TSK_JS_HIDDEN),
    TSK_JS_METHOD_WITH("delete", delete_entry, 1, TSK_JS_WEAK_MAP),
    TSK_JS_METHOD_WITH("get", map_get, 1, TSK_JS_WEAK_MAP),
    TSK_JS_METHOD_WITH("getOrInsert", map_get_or_insert, 2, TSK_JS_WEAK_MAP),
    TSK_JS_LIBRARY_METHOD("getOrInsertComputed", "WeakMap_getOrInsertComputed", 2),
    TSK_JS_METHOD_WITH("set", map_set, 2, TSK_JS_WEAK_MAP),
    TSK_JS_METHOD_WITH("has", has, 1, TSK_JS_WEAK_MAP),
    TSK_JS_TEXT_OF("@@toStringTag", "WeakMap", TSK_JS_CONFIGURABLE),
};
static const tsk_js_member set_prototype[] = {
    TSK_JS_OBJECT_OF("constructor", WeakSet, TSK_JS_HIDDEN),
    TSK_JS_METHOD_WITH("delete", delete_entry, 1, TSK_JS_WEAK_SET),
    TSK_JS_METHOD_WITH("has", has, 1, TSK_JS_WEAK_SET),
    TSK_JS_METHOD_WITH("add", set_add, 1, TSK_JS_WEAK_SET),
    TSK_JS_TEXT_OF("@@toStringTag", "WeakSet", TSK_JS_CONFIGURABLE),
};
static const tsk_js_member ref_prototype[] = {
    TSK_JS_OBJECT_OF("constructor", WeakRef, TSK_JS_HIDDEN),
    TSK_JS_METHOD("deref", deref, 0),
    TSK_JS_TEXT_OF("@@toStringTag", "WeakRef", TSK_JS_CONFIGURABLE),
};
static const tsk_js_member map_constructor[] = {TSK_JS_OBJECT_OF("prototype", WeakMapPrototype, 0)};
static const tsk_js_member set_constructor[] = {TSK_JS_OBJECT_OF("prototype", WeakSetPrototype, 0)};
static const tsk_js_member ref_constructor[] = {TSK_JS_OBJECT_OF("prototype", WeakRefPrototype, 0)};

#define SPECS_OF(type, members_of, construct, length, data)                                                            \
    {.which = TSK_JS_I_##type##Prototype,                                                                              \
     .proto = TSK_JS_I_ObjectPrototype,                                                                                \
     .members = members_of##_prototype,                                                                                \
     .count = TSK_COUNT_OF(members_of##_prototype)},                                                                   \
    {                                                                                                                  \
        .which = TSK_JS_I_##type, .proto = TSK_JS_I_FunctionPrototype, .cls = TSK_JS_NATIVE,                           \
        .fn = {#type, construct, length, TSK_JS_CONSTRUCTOR, data}, .members = members_of##_constructor,               \
        .count = TSK_COUNT_OF(members_of##_constructor)                                                                \
    }

const tsk_js_intrinsic_spec tsk_js_library_weak[] = {SPECS_OF(WeakMap, map, tsk_js_map_construct, 0, TSK_JS_WEAK_MAP),
                                                     SPECS_OF(WeakSet, set, tsk_js_map_construct, 0, TSK_JS_WEAK_SET),
                                                     SPECS_OF(WeakRef, ref, construct_ref, 1, 0),
                                                     {.which = TSK_JS_INTRINSICS}};
