/* What Object.groupBy and Map.groupBy (collect.js) ask C for: arrays by what a function says of their items. */
#include "runtime/builtins/inner.h"
#include "runtime/js/collections.h"

/* The group of this key, made when it is new; NULL: thrown. */
static tsk_js_array *group_in_map(tsk_js *js, tsk_js_map *groups, tsk_value key) {
    const tsk_js_entry *e = tsk_js_map_find(js, groups, key);
    if (e) return (tsk_js_array *)(void *)tsk_js_as_object(e->value);
    tsk_js_array *group = tsk_js_array_make(js, 0, 0);
    return group && tsk_js_map_set(js, groups, key, tsk_js_from_object(group)) ? group : NULL;
}

static tsk_js_array *group_in_object(tsk_js *js, tsk_js_object *groups, tsk_value name) {
    tsk_js_key key;
    if (!tsk_js_to_key(js, name, &key)) return NULL;
    int there = tsk_js_has_own(js, groups, key);
    if (there > 0) return (tsk_js_array *)(void *)tsk_js_as_object(tsk_js_get(js, groups, key));
    tsk_js_array *group = there ? NULL : tsk_js_array_make(js, 0, 0);
    return group && tsk_js_define(js, groups, key, tsk_js_from_object(group), TSK_JS_PLAIN) ? group : NULL;
}

static tsk_js_object *groups_new(tsk_js *js, bool map) {
    if (!map) return tsk_js_object_new(js, NULL);
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_MapPrototype);
    return proto ? tsk_js_object_of_class(js, TSK_JS_MAP, sizeof(tsk_js_map), proto) : NULL;
}

tsk_value tsk_js_inner_groups(tsk_js *js, const tsk_js_args *a) {
    tsk_value items = a->values[1], callback = a->values[2];
    if (tsk_js_is_nullish(items)) return tsk_js_throw_type(js, "%s is not iterable", tsk_js_describe(js, items));
    if (!tsk_js_is_callable(callback))
        return tsk_js_throw_type(js, "%s is not a function", tsk_js_describe(js, callback));
    const tsk_js_object *groups = groups_new(js, tsk_as_bool(a->values[0]));
    return groups ? tsk_js_from_object(groups) : TSK_JS_THROWN;
}

tsk_value tsk_js_inner_group(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *groups = tsk_js_as_object(a->values[0]);
    bool map = tsk_js_class_of(groups) == TSK_JS_MAP;
    tsk_js_array *group = map ? group_in_map(js, (tsk_js_map *)(void *)groups, a->values[1])
                              : group_in_object(js, groups, a->values[1]);
    return group && tsk_js_array_push(js, group, a->values[2]) ? TSK_VALUE_UNDEFINED : TSK_JS_THROWN;
}
