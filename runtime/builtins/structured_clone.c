/* structuredClone: a deep copy that keeps sharing and cycles.  What cannot be copied (functions, symbols) throws. */
#include "runtime/builtins/global_functions.h"
#include "runtime/js/collections.h"

enum { MAX_DEPTH = 4000, CLONE_WORK = 8 };

typedef struct cloner {
    tsk_js *js;
    tsk_js_map *seen; /* object -> its copy */
    uint32_t depth;
} cloner;

static tsk_value clone(cloner *c, tsk_value v);

/* Throws an error with the name and the code of the DOMException that browsers and Node throw. */
static tsk_value refuse(cloner *c, tsk_value v) {
    enum { DATA_CLONE_ERR = 25 };
    tsk_js *js = c->js;
    tsk_js_throw_error(js, TSK_JS_ERROR_PLAIN, "%s could not be cloned.", tsk_js_describe(js, v));
    tsk_value error = js->exception;
    tsk_js_string *name = tsk_js_string_cstr(js, "DataCloneError"), *code = tsk_js_atom_utf8("code", 4);
    if (!tsk_js_is_object(error) || !name || !code) return TSK_JS_THROWN;
    tsk_js_define(js, tsk_js_as_object(error), tsk_js_key_atom(tsk_js_atoms.name), tsk_js_from_string(name),
                  TSK_JS_HIDDEN);
    tsk_js_define(js, tsk_js_as_object(error), tsk_js_key_atom(code), tsk_from_i32(DATA_CLONE_ERR), TSK_JS_HIDDEN);
    return TSK_JS_THROWN;
}

static void *make(cloner *c, const tsk_js_object *from, size_t size, tsk_js_intrinsic proto) {
    tsk_js_object *p = tsk_js_intrinsic_get(c->js, proto);
    if (!p) return NULL;
    if (from->cell.aux == TSK_JS_ORDINARY) return tsk_js_object_new(c->js, p);
    return tsk_js_object_of_class(c->js, tsk_js_class_of(from), size, p);
}

/* The copy is known before what it holds is copied. */
static bool remember(cloner *c, const tsk_js_object *from, const void *to) {
    return to && tsk_js_map_set(c->js, c->seen, tsk_js_from_object(from), tsk_js_from_object(to));
}

static bool copy_properties(cloner *c, tsk_js_object *from, tsk_js_object *to) {
    tsk_js_array *names = tsk_js_own_keys(c->js, from, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE);
    for (uint32_t i = 0; names && i < names->length; i++) {
        tsk_js_key key;
        if (!tsk_js_to_key(c->js, tsk_js_get_index(c->js, &names->object, i), &key)) return false;
        int own = tsk_js_has_own(c->js, from, key); /* a getter before it may have taken it away */
        if (own < 0) return false;
        if (!own) continue;
        tsk_value v = tsk_js_get(c->js, from, key);
        if (tsk_js_is_thrown(v) || tsk_js_is_thrown(v = clone(c, v))) return false;
        if (!tsk_js_define(c->js, to, key, v, TSK_JS_PLAIN)) return false;
    }
    return names != NULL;
}

static tsk_value clone_array(cloner *c, tsk_js_object *from) {
    uint32_t length = ((const tsk_js_array *)(const void *)from)->length;
    tsk_js_array *to = tsk_js_array_make(c->js, 0, 0);
    if (!remember(c, from, to) || !tsk_js_array_set_length(c->js, to, length)) return TSK_JS_THROWN;
    return copy_properties(c, from, &to->object) ? tsk_js_from_object(to) : TSK_JS_THROWN;
}

static tsk_value clone_ordinary(cloner *c, tsk_js_object *from) {
    tsk_js_object *to = (tsk_js_object *)make(c, from, 0, TSK_JS_I_ObjectPrototype);
    return remember(c, from, to) && copy_properties(c, from, to) ? tsk_js_from_object(to) : TSK_JS_THROWN;
}

static tsk_value clone_wrapper(cloner *c, tsk_js_object *from, tsk_js_intrinsic proto) {
    tsk_js_wrapper *to;
    if (from->cell.aux == TSK_JS_STRING_OBJECT) {
        tsk_js_object *o = tsk_js_to_object(c->js, ((const tsk_js_wrapper *)(const void *)from)->value);
        return remember(c, from, o) ? tsk_js_from_object(o) : TSK_JS_THROWN;
    }
    to = (tsk_js_wrapper *)make(c, from, sizeof *to, proto);
    if (!remember(c, from, to)) return TSK_JS_THROWN;
    TSK_HEAP_STORE(c->js->heap, to, value, ((const tsk_js_wrapper *)(const void *)from)->value);
    return tsk_js_from_object(to);
}

/* The entries are gathered first: what a getter changes meanwhile is not seen. */
static tsk_value clone_map(cloner *c, tsk_js_object *from, tsk_js_intrinsic proto) {
    const tsk_js_map *map = (const tsk_js_map *)(const void *)from;
    tsk_js_map *to = (tsk_js_map *)make(c, from, sizeof *to, proto);
    tsk_js_array *entries = tsk_js_array_make(c->js, 0, 0);
    if (!entries || !remember(c, from, to)) return TSK_JS_THROWN;
    tsk_js_table *table = map->table;
    uint32_t position = 0;
    for (const tsk_js_entry *e; (e = tsk_js_map_next(map, &table, &position)) != NULL;) {
        tsk_value pair[2] = {e->key, e->value};
        if (!tsk_js_array_push(c->js, entries, pair[0]) || !tsk_js_array_push(c->js, entries, pair[1]))
            return TSK_JS_THROWN;
    }
    for (uint32_t i = 0; i < entries->length; i += 2) {
        tsk_value key = clone(c, tsk_js_get_index(c->js, &entries->object, i));
        if (tsk_js_is_thrown(key)) return key;
        tsk_value value = clone(c, tsk_js_get_index(c->js, &entries->object, i + 1));
        if (tsk_js_is_thrown(value) || !tsk_js_map_set(c->js, to, key, value)) return TSK_JS_THROWN;
    }
    return tsk_js_from_object(to);
}

static tsk_value clone_buffer(cloner *c, tsk_js_object *from) {
    const tsk_js_array_buffer *old = (const tsk_js_array_buffer *)(const void *)from;
    tsk_js_array_buffer *to = tsk_js_array_buffer_new(c->js, old->buffer->cell.word);
    if (!remember(c, from, to)) return TSK_JS_THROWN;
    memcpy(to->buffer->bytes, old->buffer->bytes, old->buffer->cell.word);
    return tsk_js_from_object(to);
}

static tsk_value clone_typed(cloner *c, tsk_js_object *from) {
    const tsk_js_typed_array *old = (const tsk_js_typed_array *)(const void *)from;
    tsk_value buffer = clone(c, tsk_js_from_object(old->array_buffer));
    if (tsk_js_is_thrown(buffer)) return buffer;
    tsk_js_typed_array *to = tsk_js_typed_array_on(c->js, (tsk_js_typed_type)old->type,
                                                   (tsk_js_array_buffer *)(void *)tsk_js_as_object(buffer), old->offset,
                                                   old->length, NULL);
    return remember(c, from, to) ? tsk_js_from_object(to) : TSK_JS_THROWN;
}

static tsk_value clone_view(cloner *c, tsk_js_object *from) {
    const tsk_js_data_view *old = (const tsk_js_data_view *)(const void *)from;
    tsk_value buffer = clone(c, tsk_js_from_object(old->array_buffer));
    if (tsk_js_is_thrown(buffer)) return buffer;
    tsk_js_data_view *to = (tsk_js_data_view *)make(c, from, sizeof *to, TSK_JS_I_DataViewPrototype);
    if (!remember(c, from, to)) return TSK_JS_THROWN;
    to->offset = old->offset;
    to->length = old->length;
    TSK_HEAP_STORE(c->js->heap, to, array_buffer, (tsk_js_array_buffer *)(void *)tsk_js_as_object(buffer));
    return tsk_js_from_object(to);
}

/* Name, message, stack and cause of an error; its type by its name. */
static tsk_value clone_error(cloner *c, tsk_js_object *from) {
    static const struct {
        const char *name;
        tsk_js_intrinsic type;
    } types[] = {{"EvalError", TSK_JS_I_EvalError},           {"RangeError", TSK_JS_I_RangeError},
                 {"ReferenceError", TSK_JS_I_ReferenceError}, {"SyntaxError", TSK_JS_I_SyntaxError},
                 {"TypeError", TSK_JS_I_TypeError},           {"URIError", TSK_JS_I_URIError}};
    tsk_js *js = c->js;
    tsk_js_intrinsic type = TSK_JS_I_Error;
    tsk_value name = tsk_js_get(js, from, tsk_js_key_atom(tsk_js_atoms.name));
    if (tsk_js_is_thrown(name)) return name;
    tsk_js_string *text = tsk_js_to_string(js, name);
    if (!text) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < TSK_COUNT_OF(types); i++)
        if (tsk_js_string_is(js, text, types[i].name)) type = types[i].type;
    tsk_js_object *constructor = tsk_js_intrinsic_get(js, type);
    if (!constructor) return TSK_JS_THROWN;
    tsk_value to = tsk_js_construct(js, tsk_js_from_object(constructor), tsk_js_from_object(constructor), 0, NULL);
    if (tsk_js_is_thrown(to) || !remember(c, from, tsk_js_as_object(to))) return TSK_JS_THROWN;
    const tsk_js_string *const fields[] = {tsk_js_atoms.stack, tsk_js_atoms.message, tsk_js_atoms.cause};
    for (uint32_t i = 0; i < TSK_COUNT_OF(fields); i++) {
        tsk_js_key key = tsk_js_key_atom(fields[i]);
        int own = tsk_js_has_own(js, from, key);
        if (own < 0) return TSK_JS_THROWN;
        if (!own) continue;
        tsk_value v = tsk_js_get(js, from, key);
        if (tsk_js_is_thrown(v) || tsk_js_is_thrown(v = clone(c, v))) return TSK_JS_THROWN;
        if (!tsk_js_define(js, tsk_js_as_object(to), key, v, TSK_JS_HIDDEN)) return TSK_JS_THROWN;
    }
    return to;
}

static tsk_value clone_object(cloner *c, tsk_js_object *o) {
    switch (tsk_js_class_of(o)) {
    case TSK_JS_ORDINARY: return clone_ordinary(c, o);
    case TSK_JS_ARRAY: return clone_array(c, o);
    case TSK_JS_ERROR: return clone_error(c, o);
    case TSK_JS_BOOLEAN: return clone_wrapper(c, o, TSK_JS_I_BooleanPrototype);
    case TSK_JS_NUMBER: return clone_wrapper(c, o, TSK_JS_I_NumberPrototype);
    case TSK_JS_STRING_OBJECT: return clone_wrapper(c, o, TSK_JS_I_StringPrototype);
    case TSK_JS_DATE: return clone_wrapper(c, o, TSK_JS_I_DatePrototype);
    case TSK_JS_MAP: return clone_map(c, o, TSK_JS_I_MapPrototype);
    case TSK_JS_SET: return clone_map(c, o, TSK_JS_I_SetPrototype);
    case TSK_JS_ARRAY_BUFFER: return clone_buffer(c, o);
    case TSK_JS_TYPED_ARRAY: return clone_typed(c, o);
    case TSK_JS_DATA_VIEW: return clone_view(c, o);
    case TSK_JS_REGEXP: {
        /* A new one of the same source and flags: its lastIndex is 0, as the specification has it. */
        tsk_value v = tsk_js_from_object(o);
        tsk_js_object *constructor = tsk_js_intrinsic_get(c->js, TSK_JS_I_RegExp);
        if (!constructor) return TSK_JS_THROWN;
        v = tsk_js_construct(c->js, tsk_js_from_object(constructor), tsk_js_from_object(constructor), 1, &v);
        return !tsk_js_is_thrown(v) && remember(c, o, tsk_js_as_object(v)) ? v : TSK_JS_THROWN;
    }
    default: return refuse(c, tsk_js_from_object(o));
    }
}

static tsk_value clone(cloner *c, tsk_value v) {
    if (tsk_js_is_thrown(v) || !tsk_js_worked(c->js, CLONE_WORK)) return TSK_JS_THROWN;
    if (tsk_js_is_symbol(v)) return refuse(c, v);
    if (!tsk_js_is_object(v)) return v;
    const tsk_js_entry *known = tsk_js_map_find(c->js, c->seen, v);
    if (known) return known->value;
    if (++c->depth > MAX_DEPTH) return tsk_js_throw_range(c->js, "Maximum call stack size exceeded");
    tsk_value copy = clone_object(c, tsk_js_as_object(v));
    c->depth--;
    return copy;
}

tsk_value tsk_js_structured_clone(tsk_js *js, const tsk_js_args *a) {
    if (!a->count) return tsk_js_throw_type(js, "The \"value\" argument must be specified");
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_MapPrototype);
    if (!proto) return TSK_JS_THROWN;
    cloner c = {.js = js};
    c.seen = (tsk_js_map *)tsk_js_object_of_class(js, TSK_JS_MAP, sizeof *c.seen, proto);
    return c.seen ? clone(&c, a->values[0]) : TSK_JS_THROWN;
}
