/* Values between configurations and functions.
 *
 *   configuration ──► function    numbers become doubles (int32 stays what it is); keys are computed; a text that is a
 *                                 function becomes one; of the document: frozen, else fresh copies
 *   function ──► configuration    as JSON.stringify sees it (toJSON, enumerable own properties, no functions), but NaN
 *                                 and infinities stay, and Map, Set, typed arrays and errors have their contents;
 *                                 integral doubles up to 2^53 become integers; a cycle is an error
 *
 * Everything that can be shared stays shared only on the way in to frozen values; recursion is limited by the depth of
 * nesting that the options allow. */
#include "runtime/engine/realm.h"

#include "runtime/js/model.h"

#include <math.h>

#define INTEGRAL 9007199254740992.0 /* 2^53 */

enum { ITEM_WORK = 8 };

/* ---- into functions ---- */

typedef struct entering {
    tsk_realm *realm;
    tsk_js *js;
    bool frozen;
    uint32_t depth;
} entering;

static tsk_value enter(entering *e, tsk_value v);

static bool too_deep(tsk_realm *realm, uint32_t depth) {
    uint64_t max = realm->context->snapshot->settings.limits[TUSK_LIMIT_DEPTH];
    if (depth <= max) return false;
    tsk_js_throw_range(realm->js, "the value is nested more than %u deep", (unsigned)max);
    return true;
}

static tsk_value finish(const entering *e, tsk_js_object *o) {
    return e->frozen && !tsk_js_set_integrity(e->js, o, true) ? TSK_JS_THROWN : tsk_js_from_object(o);
}

static tsk_value enter_array(entering *e, const tsk_array *from) {
    tsk_js_array *array = tsk_js_array_make(e->js, from->count, from->count);
    if (!array) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < from->count; i++) {
        tsk_value v = enter(e, from->items[i]);
        if (tsk_js_is_thrown(v) || !tsk_js_worked(e->js, ITEM_WORK)) return TSK_JS_THROWN;
        tsk_js_elements *elements = array->object.elements;
        elements->items[i] = v;
        tsk_heap_wrote_at(e->js->heap, elements, &elements->items[i]);
    }
    return finish(e, &array->object);
}

static bool define(entering *e, tsk_js_object *o, const char *name, uint32_t len, tsk_value v, uint32_t attributes) {
    tsk_js_key key;
    tsk_js_string *text = tsk_js_string_utf8(e->js, name, len);
    return text && tsk_js_to_key(e->js, tsk_js_from_string(text), &key) && tsk_js_define(e->js, o, key, v, attributes);
}

/* A function `f_fujsen` of the document is `f` too. */
static bool define_short(entering *e, tsk_js_object *o, const tsk_object *from, const tsk_entry *entry, tsk_value v) {
    static const char suffix[] = "_fujsen";
    uint32_t n = sizeof suffix - 1, len = entry->key_len;
    if (len <= n || memcmp(entry->key + len - n, suffix, n) || tsk_object_find(from, entry->key, len - n)) return true;
    return define(e, o, entry->key, len - n, v, TSK_JS_HIDDEN);
}

static tsk_value member(entering *e, const tsk_object *from, const tsk_entry *entry) {
    tusk_program *program = e->realm->context->program;
    if (!e->frozen || !tsk_functions_is_text(entry->value)) return enter(e, entry->value);
    const tsk_function_key key = {
        entry->value, tsk_frontend_scope_of(&program->graph, from), {entry->key, entry->key_len}};
    const tsk_outer *outer = tsk_functions_find(program, &key);
    if (!outer) tsk_realm_no_memory(e->realm);
    return outer->func ? tsk_realm_outer(e->realm, outer) : enter(e, entry->value);
}

static tsk_value enter_object(entering *e, const tsk_object *from) {
    tsk_js_object *proto = tsk_js_intrinsic_get(e->js, TSK_JS_I_ObjectPrototype);
    tsk_js_object *o = proto ? tsk_js_object_new(e->js, proto) : NULL;
    if (!o) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < from->count; i++) {
        const tsk_entry *entry = &from->entries[i];
        tsk_value v = member(e, from, entry);
        if (tsk_js_is_thrown(v) || !tsk_js_worked(e->js, ITEM_WORK)) return TSK_JS_THROWN;
        if (!define(e, o, entry->key, entry->key_len, v, TSK_JS_PLAIN)) return TSK_JS_THROWN;
        if (e->frozen && tsk_js_is_callable(v) && !define_short(e, o, from, entry, v)) return TSK_JS_THROWN;
    }
    return finish(e, o);
}

static tsk_value enter_container(entering *e, tsk_value v) {
    if (too_deep(e->realm, ++e->depth)) return TSK_JS_THROWN;
    v = tsk_is_array(v) ? enter_array(e, tsk_as_array(v)) : enter_object(e, tsk_as_object(v));
    e->depth--;
    return v;
}

static tsk_value enter_text(tsk_js *js, const tsk_str *s) {
    const tsk_js_string *text = tsk_js_string_utf8(js, s->ptr, s->len);
    return text ? tsk_js_from_string(text) : TSK_JS_THROWN;
}

static tsk_value enter(entering *e, tsk_value v) {
    tsk_eval *ev = &e->realm->context->ev;
    if (tsk_is_thunk(v) && !tsk_interp_key(ev, tsk_as_thunk(v), &v)) {
        ev->host->failure_to_exception(ev);
        return TSK_JS_THROWN;
    }
    switch (tsk_kind_of(v)) {
    case TSK_INT: return tsk_is_i32(v) ? v : tsk_js_number((double)tsk_as_int(v));
    case TSK_DOUBLE: return tsk_js_number(tsk_as_double(v));
    case TSK_STRING: return enter_text(e->js, tsk_as_str(v));
    case TSK_ARRAY:
    case TSK_OBJECT: return enter_container(e, v);
    case TSK_FUNCTION: return tsk_realm_lambda(e->realm, v);
    default: return v;
    }
}

tsk_value tsk_exchange_enter(tsk_realm *realm, tsk_value v, bool frozen) {
    entering e = {realm, realm->js, frozen, 0};
    return enter(&e, v);
}

/* ---- out of functions ---- */

typedef struct leaving {
    tsk_realm *realm;
    tsk_js *js;
    tsk_arena *arena;
    uint32_t depth;
    const struct level *level;
} leaving;

typedef struct level {
    const struct level *outer;
    const tsk_js_object *object;
} level;

/* False: thrown.  HOLE: something that has no value outside. */
static bool leave(leaving *l, tsk_value v, tsk_value *out);

static tsk_value number_out(tsk_arena *arena, double d) {
    bool whole = fabs(d) <= INTEGRAL && trunc(d) == d && (d != 0 || !signbit(d));
    return whole ? tsk_int(arena, (int64_t)d) : tsk_from_double(d);
}

static tsk_value text_out(const leaving *l, tsk_js_string *s) {
    tsk_buf text;
    tsk_buf_init(&text, l->arena);
    tsk_js_string_to_utf8(l->js, s, &text, false);
    return tsk_str_take(&text);
}

static bool item_out(leaving *l, tsk_array *to, tsk_value v) {
    if (tsk_js_is_thrown(v) || !leave(l, v, &v)) return false;
    tsk_array_push(l->arena, to, tsk_js_is_hole(v) ? TSK_VALUE_NULL : v);
    return true;
}

static bool array_out(leaving *l, tsk_js_object *o, tsk_value *out) {
    uint64_t length;
    if (!tsk_js_length_of(l->js, o, &length)) return false;
    tsk_array *array = tsk_array_new(l->arena, length < 1024 ? (uint32_t)length : 1024);
    for (uint64_t i = 0; i < length; i++) {
        if (!tsk_js_worked(l->js, ITEM_WORK)) return false;
        if (!item_out(l, array, tsk_js_get_index(l->js, o, i))) return false;
    }
    *out = tsk_from_array(array);
    return true;
}

static bool set_out(leaving *l, const tsk_js_map *m, tsk_value *out) {
    tsk_array *array = tsk_array_new(l->arena, tsk_js_map_size(m));
    tsk_js_table *table = m->table;
    uint32_t position = 0;
    for (tsk_js_entry *e; (e = tsk_js_map_next(m, &table, &position));)
        if (!tsk_js_worked(l->js, ITEM_WORK) || !item_out(l, array, e->key)) return false;
    *out = tsk_from_array(array);
    return true;
}

static bool property_out(leaving *l, tsk_object *to, tsk_js_string *name, tsk_value v) {
    tsk_buf key;
    if (tsk_js_is_thrown(v) || !leave(l, v, &v)) return false;
    if (tsk_js_is_hole(v)) return true;
    tsk_buf_init(&key, l->arena);
    tsk_js_string_to_utf8(l->js, name, &key, true);
    tsk_object_set(l->arena, to, key.ptr, (uint32_t)key.len, v);
    return true;
}

/* Keys become texts, as they do in an object. */
static bool map_out(leaving *l, const tsk_js_map *m, tsk_value *out) {
    tsk_object *object = tsk_object_new(l->arena, tsk_js_map_size(m));
    tsk_js_table *table = m->table;
    uint32_t position = 0;
    for (tsk_js_entry *e; (e = tsk_js_map_next(m, &table, &position));) {
        tsk_value v = e->value;
        tsk_js_string *name = tsk_js_worked(l->js, ITEM_WORK) ? tsk_js_to_string(l->js, e->key) : NULL;
        if (!name || !property_out(l, object, name, v)) return false;
    }
    *out = tsk_from_object(object);
    return true;
}

static bool named_out(leaving *l, tsk_object *to, tsk_js_object *o, tsk_js_string *name) {
    return property_out(l, to, name, tsk_js_get(l->js, o, tsk_js_key_atom(name)));
}

static bool object_out(leaving *l, tsk_js_object *o, tsk_value *out) {
    tsk_js_array *keys = tsk_js_own_keys(l->js, o, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE);
    if (!keys) return false;
    uint32_t count = keys->object.elements->length;
    tsk_object *object = tsk_object_new(l->arena, count);
    if (o->cell.aux == TSK_JS_ERROR &&
        (!named_out(l, object, o, tsk_js_atoms.name) || !named_out(l, object, o, tsk_js_atoms.message)))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        tsk_value name = keys->object.elements->items[i];
        tsk_js_key key;
        if (!tsk_js_worked(l->js, ITEM_WORK)) return false;
        if (!tsk_js_to_key(l->js, name, &key) ||
            !property_out(l, object, tsk_js_as_string(name), tsk_js_get(l->js, o, key)))
            return false;
    }
    *out = tsk_from_object(object);
    return true;
}

static bool regexp_out(const leaving *l, tsk_js_object *o, tsk_value *out) {
    tsk_js_string *text = tsk_js_to_string(l->js, tsk_js_from_object(o));
    if (text) *out = text_out(l, text);
    return text != NULL;
}

static bool by_class(leaving *l, tsk_js_object *o, tsk_value *out) {
    switch (tsk_js_class_of(o)) {
    case TSK_JS_CLOSURE:
    case TSK_JS_NATIVE:
    case TSK_JS_BOUND: *out = TSK_JS_HOLE; return true;
    case TSK_JS_BOOLEAN:
    case TSK_JS_NUMBER:
    case TSK_JS_STRING_OBJECT: return leave(l, ((const tsk_js_wrapper *)(const void *)o)->value, out);
    case TSK_JS_ARRAY:
    case TSK_JS_ARGUMENTS:
    case TSK_JS_TYPED_ARRAY: return array_out(l, o, out);
    case TSK_JS_SET: return set_out(l, (const tsk_js_map *)(const void *)o, out);
    case TSK_JS_MAP: return map_out(l, (const tsk_js_map *)(const void *)o, out);
    case TSK_JS_REGEXP: return regexp_out(l, o, out);
    default: return object_out(l, o, out);
    }
}

/* What an object's toJSON gives instead of it; HOLE: it has none. */
static tsk_value replaced(tsk_js *js, tsk_js_object *o) {
    tsk_js_string *name = tsk_js_atom_utf8("toJSON", 6);
    if (!name) return tsk_js_throw_range(js, "Out of memory");
    tsk_value method = tsk_js_get(js, o, tsk_js_key_atom(name));
    if (tsk_js_is_thrown(method)) return method;
    return tsk_js_is_callable(method) ? tsk_js_call(js, method, tsk_js_from_object(o), 0, NULL) : TSK_JS_HOLE;
}

static bool leave_object(leaving *l, tsk_js_object *o, tsk_value *out) {
    for (const level *outer = l->level; outer; outer = outer->outer)
        if (outer->object == o) {
            tsk_js_throw_type(l->js, "the result contains itself: it has no value outside of functions");
            return false;
        }
    if (too_deep(l->realm, ++l->depth)) return false;
    level here = {l->level, o};
    l->level = &here;
    tsk_value other = replaced(l->js, o);
    bool ok = tsk_js_is_thrown(other) ? false : tsk_js_is_hole(other) ? by_class(l, o, out) : leave(l, other, out);
    l->level = here.outer;
    l->depth--;
    return ok;
}

static bool leave(leaving *l, tsk_value v, tsk_value *out) {
    *out = v;
    if (tsk_is_double(v))
        *out = number_out(l->arena, tsk_as_double(v));
    else if (tsk_js_is_string(v))
        *out = text_out(l, tsk_js_as_string(v));
    else if (tsk_js_is_object(v))
        return leave_object(l, tsk_js_as_object(v), out);
    else if (tsk_js_is_symbol(v) || tsk_js_is_undefined(v))
        *out = TSK_JS_HOLE;
    return true;
}

bool tsk_exchange_leave(tsk_realm *realm, tsk_arena *arena, tsk_value v, tsk_value *out) {
    leaving l = {realm, realm->js, arena, 0, NULL};
    if (!leave(&l, v, out)) return false;
    if (!tsk_js_is_hole(*out)) return true;
    *out = TSK_VALUE_NULL;
    if (tsk_js_is_undefined(v)) return true;
    tsk_js_throw_type(realm->js, "%s has no value outside of functions",
                      tsk_js_is_object(v) ? "a function as the result" : "a symbol");
    return false;
}
