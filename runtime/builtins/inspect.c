/* Inspection: what is shown of an object of each class.
 *
 *   object ─► base ("[Function: f]") or prefix ("Map(2) ") ─► entries: elements, then properties ─► layout
 *
 * Names of constructors, prefixes and the order of decisions are Node's. */
#include "runtime/builtins/inspect.h"

#include "runtime/builtins/regexp.h"
#include "runtime/js/collections.h"
#include "runtime/js/date_core.h"

enum { MAX_ITEMS = 100, MAX_BYTES = 50, MAX_PROTOTYPES = 1000 };

/* An object under way. */
typedef struct shown {
    tsk_js_object *o;
    const char *constructor; /* NULL: none */
    const char *tag;         /* "": none */
    tsk_js_array *keys;      /* properties behind the elements; NULL: none could be listed */
} shown;

static const char *inspect(tsk_js_inspector *in, tsk_value v);

static const char *nested(tsk_js_inspector *in, tsk_value v) {
    in->indent += 2;
    const char *text = inspect(in, v);
    in->indent -= 2;
    return text;
}

static void forgive(tsk_js *js) {
    if (tsk_js_has_exception(js) && !js->uncatchable) tsk_js_take_exception(js);
}

/* ---- names ---- */

/* An own data property, without calling anything; HOLE: there is none. */
static tsk_value own_value(tsk_js_inspector *in, tsk_js_object *o, const tsk_js_string *atom) {
    tsk_js_descriptor d;
    int found = tsk_js_get_own(in->js, o, tsk_js_key_atom(atom), &d);
    if (found < 0) forgive(in->js);
    return found > 0 ? d.value : TSK_JS_HOLE;
}

static const char *own_text(tsk_js_inspector *in, tsk_js_object *o, const tsk_js_string *atom) {
    tsk_value v = own_value(in, o, atom);
    return tsk_js_is_string(v) ? tsk_js_inspect_utf8(in, tsk_js_as_string(v)) : "";
}

/* The name of the constructor, from the prototypes; NULL: the object has none. */
static const char *constructor_name(tsk_js_inspector *in, const tsk_js_object *o) {
    int steps = 0;
    for (tsk_js_object *p = o->proto; p && steps < MAX_PROTOTYPES; p = p->proto, steps++) {
        tsk_value v = own_value(in, p, tsk_js_atoms.constructor);
        if (!tsk_js_is_callable(v)) continue;
        const char *name = own_text(in, tsk_js_as_object(v), tsk_js_atoms.name);
        if (*name) return name;
    }
    return NULL;
}

/* @@toStringTag, unless it is shown with the properties. */
static const char *tag_of(tsk_js_inspector *in, tsk_js_object *o) {
    tsk_js_descriptor d;
    tsk_js_key key = tsk_js_key_symbol(tsk_js_symbols.toStringTag);
    tsk_value tag = tsk_js_get(in->js, o, key);
    if (tsk_js_is_thrown(tag)) forgive(in->js);
    if (!tsk_js_is_string(tag)) return "";
    bool own = tsk_js_get_own(in->js, o, key, &d) > 0 && (in->options.hidden || d.attributes & TSK_JS_ENUMERABLE);
    return own ? "" : tsk_js_inspect_utf8(in, tsk_js_as_string(tag));
}

/* "Foo ", "Map(2) ", "Foo [Tag] ", "[Object: null prototype] ".  `size`: "(2)" or "". */
static const char *prefix_of(tsk_js_inspector *in, const shown *s, const char *fallback, const char *size) {
    const char *name = s->constructor, *tag = s->tag;
    if (!name) {
        bool other = *tag && strcmp(fallback, tag) != 0;
        return tsk_arena_printf(in->arena, "[%s%s: null prototype] %s%s%s", fallback, size, other ? "[" : "",
                                other ? tag : "", other ? "] " : "");
    }
    if (*tag && strcmp(name, tag) != 0) return tsk_arena_printf(in->arena, "%s%s [%s] ", name, size, tag);
    return tsk_arena_printf(in->arena, "%s%s ", name, size);
}

static const char *sized_prefix(tsk_js_inspector *in, const shown *s, const char *fallback, uint32_t size) {
    return prefix_of(in, s, fallback, tsk_arena_printf(in->arena, "(%u)", size));
}

/* ---- entries ---- */

static uint32_t most_items(const tsk_js_inspector *in) {
    return in->options.items ? in->options.items : MAX_ITEMS;
}

static void left_out(tsk_js_inspector *in, tsk_js_entries *list, uint64_t count) {
    if (!count) return;
    tsk_js_entries_add(
        in, list, tsk_arena_printf(in->arena, "... %llu more item%s", (unsigned long long)count, count > 1 ? "s" : ""));
    list->more = true;
}

static const char *property_text(tsk_js_inspector *in, const tsk_js_descriptor *d) {
    if (!tsk_js_is_hole(d->value)) return nested(in, d->value);
    bool get = tsk_js_is_callable(d->get), set = tsk_js_is_callable(d->set);
    return get && set ? "[Getter/Setter]" : set ? "[Setter]" : get ? "[Getter]" : "undefined";
}

static void array_entries(tsk_js_inspector *in, tsk_js_object *o, tsk_js_entries *list, bool *numbers) {
    uint32_t length = ((const tsk_js_array *)(const void *)o)->length, i = 0, holes;
    for (; i < length && list->count < most_items(in); i++) {
        tsk_js_descriptor d;
        for (holes = 0; i < length && tsk_js_get_own(in->js, o, tsk_js_key_index(i), &d) == 0; i++) {
            holes++;
            if (o->elements->length <= i) { /* nothing is stored from here on, or it is sparse: then it takes longer */
                if (o->cell.flags & TSK_JS_SPARSE) continue;
                holes += length - i - 1;
                i = length - 1;
            }
        }
        if (holes) {
            tsk_js_entries_add(in, list, tsk_arena_printf(in->arena, "<%u empty item%s>", holes, holes > 1 ? "s" : ""));
            *numbers = false;
            if (i >= length || list->count == most_items(in)) break;
        }
        *numbers &= tsk_js_is_number(d.value);
        tsk_js_entries_add(in, list, property_text(in, &d));
    }
    left_out(in, list, length - i);
}

static void typed_entries(tsk_js_inspector *in, const tsk_js_typed_array *a, tsk_js_entries *list) {
    uint32_t i = 0;
    for (; i < a->length && i < most_items(in); i++)
        tsk_js_entries_add(in, list, tsk_js_inspect_primitive(in, tsk_js_typed_get(a, i)));
    left_out(in, list, a->length - i);
}

static void map_entries(tsk_js_inspector *in, const tsk_js_map *m, tsk_js_entries *list) {
    tsk_js_table *table = m->table;
    uint32_t position = 0, size = tsk_js_map_size(m);
    for (const tsk_js_entry *e; list->count < most_items(in) && (e = tsk_js_map_next(m, &table, &position)) != NULL;) {
        tsk_value value = e->value;
        const char *text = nested(in, e->key);
        if (m->object.cell.aux == TSK_JS_MAP) text = tsk_arena_printf(in->arena, "%s => %s", text, nested(in, value));
        tsk_js_entries_add(in, list, text);
    }
    left_out(in, list, size > list->count ? size - list->count : 0);
}

/* What an iterator of a Map or Set has still to give. */
static void iterator_entries(tsk_js_inspector *in, const tsk_js_iterator *it, tsk_js_entries *list) {
    if (tsk_js_is_undefined(it->target)) return;
    const tsk_js_map *m = (const tsk_js_map *)(const void *)tsk_js_as_object(it->target);
    tsk_js_table *table = tsk_js_is_undefined(it->extra) ? NULL : (tsk_js_table *)tsk_ptr(it->extra);
    uint32_t position = it->position;
    bool is_map = it->type == TSK_JS_I_MapIteratorPrototype;
    for (const tsk_js_entry *e; list->count < most_items(in) && (e = tsk_js_map_next(m, &table, &position)) != NULL;) {
        tsk_value key = e->key, value = is_map ? e->value : e->key;
        const char *text = nested(in, it->what == TSK_JS_ITERATE_VALUES ? value : key);
        if (it->what == TSK_JS_ITERATE_ENTRIES)
            text = tsk_arena_printf(in->arena, "[ %s, %s ]", text, nested(in, value));
        tsk_js_entries_add(in, list, text);
    }
}

static void buffer_entries(tsk_js_inspector *in, const tsk_js_array_buffer *buffer, tsk_js_entries *list) {
    uint32_t bytes = buffer->buffer->cell.word;
    tsk_buf b;
    tsk_buf_init(&b, in->arena);
    tsk_buf_cstr(&b, "[Uint8Contents]: <");
    for (uint32_t i = 0; i < bytes && i < MAX_BYTES; i++)
        tsk_buf_printf(&b, i ? " %02x" : "%02x", buffer->buffer->bytes[i]);
    if (bytes > MAX_BYTES)
        tsk_buf_printf(&b, " ... %u more byte%s", bytes - MAX_BYTES, bytes - MAX_BYTES > 1 ? "s" : "");
    tsk_buf_cstr(&b, ">");
    tsk_buf_char(&b, 0);
    tsk_js_entries_add(in, list, b.ptr);
    tsk_js_entries_add(in, list, tsk_arena_printf(in->arena, "byteLength: %u", bytes));
}

static void view_entries(tsk_js_inspector *in, const tsk_js_data_view *view, tsk_js_entries *list) {
    tsk_js_entries_add(in, list, tsk_arena_printf(in->arena, "byteLength: %u", view->length));
    tsk_js_entries_add(in, list, tsk_arena_printf(in->arena, "byteOffset: %u", view->offset));
    tsk_js_entries_add(in, list,
                       tsk_arena_printf(in->arena, "buffer: %s", nested(in, tsk_js_from_object(view->array_buffer))));
}

static void element_entries(tsk_js_inspector *in, tsk_js_object *o, tsk_js_entries *list, tsk_js_layout *layout) {
    const void *p = o;
    switch (tsk_js_class_of(o)) {
    case TSK_JS_ARRAY: array_entries(in, o, list, &layout->numbers); break;
    case TSK_JS_TYPED_ARRAY: typed_entries(in, (const tsk_js_typed_array *)p, list); break;
    case TSK_JS_MAP:
    case TSK_JS_SET: map_entries(in, (const tsk_js_map *)p, list); break;
    case TSK_JS_ITERATOR:
        if (layout->open[0] == '[') iterator_entries(in, (const tsk_js_iterator *)p, list);
        break;
    case TSK_JS_ARRAY_BUFFER: buffer_entries(in, (const tsk_js_array_buffer *)p, list); break;
    case TSK_JS_DATA_VIEW: view_entries(in, (const tsk_js_data_view *)p, list); break;
    case TSK_JS_WEAK_MAP:
    case TSK_JS_WEAK_SET: tsk_js_entries_add(in, list, "<items unknown>"); break;
    default: break;
    }
}

static void property_entries(tsk_js_inspector *in, const shown *s, tsk_js_entries *list) {
    for (uint32_t i = 0; s->keys && i < s->keys->length; i++) {
        tsk_value name = tsk_js_get_index(in->js, &s->keys->object, i);
        tsk_js_key key;
        tsk_js_descriptor d;
        if (!tsk_js_to_key(in->js, name, &key) || tsk_js_get_own(in->js, s->o, key, &d) <= 0) continue;
        const char *text = property_text(in, &d);
        tsk_js_entries_add(in, list,
                           tsk_arena_printf(in->arena, "%s: %s",
                                            tsk_js_inspect_key(in, name, d.attributes & TSK_JS_ENUMERABLE), text));
    }
}

/* ---- which properties ---- */

static bool has_elements(const tsk_js_object *o) {
    return o->cell.aux == TSK_JS_ARRAY || o->cell.aux == TSK_JS_TYPED_ARRAY || o->cell.aux == TSK_JS_STRING_OBJECT;
}

/* An error's name, message and stack are in its text already. */
static bool is_in_text(tsk_js_inspector *in, tsk_js_object *error, tsk_js_key key, const char *stack) {
    const tsk_js_string *const names[] = {tsk_js_atoms.name, tsk_js_atoms.message, tsk_js_atoms.stack};
    for (uint32_t i = 0; i < TSK_COUNT_OF(names); i++) {
        if (key.bits != tsk_js_key_atom(names[i]).bits) continue;
        tsk_value v = own_value(in, error, names[i]);
        return tsk_js_is_string(v) && strstr(stack, tsk_js_inspect_utf8(in, tsk_js_as_string(v)));
    }
    return false;
}

static bool add_key(tsk_js_inspector *in, tsk_js_array *keys, tsk_js_object *o, const tsk_js_string *atom) {
    tsk_js_descriptor d;
    int there = tsk_js_get_own(in->js, o, tsk_js_key_atom(atom), &d);
    if (there <= 0 || (in->options.hidden || d.attributes & TSK_JS_ENUMERABLE)) return true; /* listed already */
    return tsk_js_array_push(in->js, keys, tsk_js_from_string(atom));
}

/* Without indices where these are elements; of an error (`stack` not NULL), with its cause and errors. */
static tsk_js_array *keys_of(tsk_js_inspector *in, tsk_js_object *o, const char *stack) {
    unsigned which = TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_SYMBOLS | (in->options.hidden ? 0u : TSK_JS_KEYS_ENUMERABLE);
    tsk_js_array *all = tsk_js_own_keys(in->js, o, which), *keys = all ? tsk_js_array_make(in->js, 0, 0) : NULL;
    for (uint32_t i = 0; keys && i < all->length; i++) {
        tsk_value name = tsk_js_get_index(in->js, &all->object, i);
        tsk_js_key key;
        if (!tsk_js_to_key(in->js, name, &key) || (has_elements(o) && tsk_js_key_is_index(key))) continue;
        if (stack && is_in_text(in, o, key, stack)) continue;
        if (!tsk_js_array_push(in->js, keys, name)) keys = NULL;
    }
    if (keys && stack && (!add_key(in, keys, o, tsk_js_atoms.cause) || !add_key(in, keys, o, tsk_js_atoms.errors)))
        keys = NULL;
    if (!keys) forgive(in->js);
    return keys;
}

/* ---- bases ---- */

static const char *class_base(tsk_js_inspector *in, const shown *s, const char *name) {
    tsk_js_object *parent = s->o->proto;
    const char *base = parent && tsk_js_is_callable_object(parent) ? own_text(in, parent, tsk_js_atoms.name) : "";
    bool odd = s->constructor && strcmp(s->constructor, "Function") != 0;
    return tsk_arena_printf(in->arena, "[class %s%s%s%s%s%s]", *name ? name : "(anonymous)", odd ? " [" : "",
                            odd ? s->constructor : "", odd ? "]" : "",
                            !s->constructor ? " extends null"
                            : *base         ? " extends "
                                            : "",
                            base);
}

static const char *function_base(tsk_js_inspector *in, const shown *s) {
    const char *name = own_text(in, s->o, tsk_js_atoms.name);
    bool closure = s->o->cell.aux == TSK_JS_CLOSURE;
    if (closure && ((const tsk_js_closure *)(const void *)s->o)->flags & TSK_JS_FN_CLASS)
        return class_base(in, s, name);
    bool odd = s->constructor && strcmp(s->constructor, "Function") != 0;
    return tsk_arena_printf(in->arena, "[Function%s%s%s]%s%s", s->constructor ? "" : " (null prototype)",
                            *name ? ": " : " (anonymous)", name, odd ? " " : "", odd ? s->constructor : "");
}

static const char *regexp_base(tsk_js_inspector *in, const shown *s) {
    tsk_js_object *proto = tsk_js_intrinsic_get(in->js, TSK_JS_I_RegExpPrototype);
    tsk_value method = proto ? tsk_js_get(in->js, proto, tsk_js_key_atom(tsk_js_atoms.toString)) : TSK_JS_THROWN;
    tsk_value text = tsk_js_is_callable(method) ? tsk_js_call(in->js, method, tsk_js_from_object(s->o), 0, NULL)
                                                : method;
    if (tsk_js_is_thrown(text)) forgive(in->js);
    const char *prefix = prefix_of(in, s, "RegExp", "");
    return tsk_arena_printf(in->arena, "%s%s", strcmp(prefix, "RegExp ") != 0 ? prefix : "",
                            tsk_js_is_string(text) ? tsk_js_inspect_utf8(in, tsk_js_as_string(text)) : "");
}

static const char *date_base(tsk_js_inspector *in, const shown *s) {
    char text[TSK_JS_DATE_ROOM];
    double t = tsk_js_as_number(((const tsk_js_wrapper *)(const void *)s->o)->value);
    const char *prefix = prefix_of(in, s, "Date", "");
    return tsk_arena_printf(in->arena, "%s%.*s", strcmp(prefix, "Date ") != 0 ? prefix : "",
                            (int)tsk_js_date_text(t, TSK_JS_DATE_ISO, text), text);
}

static const char *wrapper_base(tsk_js_inspector *in, const shown *s) {
    static const char *const types[] = {"Boolean", "Number", "String", "Symbol"};
    const char *type = types[s->o->cell.aux - TSK_JS_BOOLEAN], *other = "";
    if (!s->constructor)
        other = " (null prototype)";
    else if (strcmp(s->constructor, type) != 0)
        other = tsk_arena_printf(in->arena, " (%s)", s->constructor);
    return tsk_arena_printf(in->arena, "[%s%s: %s]", type, other,
                            tsk_js_inspect_primitive(in, ((const tsk_js_wrapper *)(const void *)s->o)->value));
}

/* The stack, or name and message without one. */
static const char *stack_of(tsk_js_inspector *in, tsk_js_object *error) {
    tsk_value stack = own_value(in, error, tsk_js_atoms.stack);
    if (tsk_js_is_string(stack) && tsk_js_as_string(stack)->length)
        return tsk_js_inspect_utf8(in, tsk_js_as_string(stack));
    return tsk_arena_strdup(in->arena, tsk_js_describe(in->js, tsk_js_from_object(error)),
                            strlen(tsk_js_describe(in->js, tsk_js_from_object(error))));
}

/* A stack that begins with the name of the error, while its class is called otherwise: "MyError [TypeError]: ...". */
static const char *with_class(tsk_js_inspector *in, const shown *s, const char *stack) {
    tsk_value v = tsk_js_get(in->js, s->o, tsk_js_key_atom(tsk_js_atoms.name));
    if (tsk_js_is_thrown(v)) forgive(in->js);
    const char *name = tsk_js_is_string(v) ? tsk_js_inspect_utf8(in, tsk_js_as_string(v)) : "Error";
    size_t length = strlen(name);
    bool regular = length >= 5 && strcmp(name + length - 5, "Error") == 0 && strncmp(stack, name, length) == 0 &&
                   strchr(":\n", stack[length]);
    if (!s->constructor || !regular) return stack;
    const char *prefix = prefix_of(in, s, "Error", "");
    prefix = tsk_arena_strdup(in->arena, prefix, strlen(prefix) - 1);
    if (strcmp(name, prefix) == 0) return stack;
    if (strstr(prefix, name)) return tsk_arena_printf(in->arena, "%s%s", prefix, stack + length);
    return tsk_arena_printf(in->arena, "%s [%s]%s", prefix, name, stack + length);
}

static const char *error_base(tsk_js_inspector *in, const shown *s, const char *stack) {
    stack = with_class(in, s, stack);
    const char *message = own_text(in, s->o, tsk_js_atoms.message);
    const char *after = *message ? strstr(stack, message) : NULL;
    after = after ? after + strlen(message) : stack;
    bool frames = strstr(after, "\n    at") != NULL;
    tsk_buf b;
    tsk_buf_init(&b, in->arena);
    if (!frames) tsk_buf_char(&b, '[');
    for (const char *p = stack; *p; p++) {
        tsk_buf_char(&b, *p);
        if (*p == '\n') tsk_buf_printf(&b, "%*s", (int)in->indent, "");
    }
    if (!frames) tsk_buf_char(&b, ']');
    tsk_buf_char(&b, 0);
    return b.ptr;
}

/* ---- objects ---- */

static const char *iterator_open(tsk_js_inspector *in, const shown *s) {
    const tsk_js_iterator *it = (const tsk_js_iterator *)(const void *)s->o;
    const char *kind = it->what == TSK_JS_ITERATE_ENTRIES ? "Entries" : "Iterator";
    if (it->type == TSK_JS_I_MapIteratorPrototype) return tsk_arena_printf(in->arena, "[Map %s] {", kind);
    if (it->type == TSK_JS_I_SetIteratorPrototype) return tsk_arena_printf(in->arena, "[Set %s] {", kind);
    return tsk_arena_printf(in->arena, "%s{", prefix_of(in, s, "Object", ""));
}

static const char *open_with(tsk_js_inspector *in, const char *prefix, char brace) {
    return tsk_arena_printf(in->arena, "%s%c", prefix, brace);
}

/* Base and opening brace. */
static void choose(tsk_js_inspector *in, const shown *s, const char *stack, tsk_js_layout *l) {
    const void *p = s->o;
    bool plain = s->constructor && strcmp(s->constructor, "Object") == 0 && !*s->tag;
    *l = (tsk_js_layout){"", "{", "}", false, true};
    switch (tsk_js_class_of(s->o)) {
    case TSK_JS_ARRAY: {
        bool named = !s->constructor || strcmp(s->constructor, "Array") != 0 || *s->tag;
        const char *prefix = named ? sized_prefix(in, s, "Array", ((const tsk_js_array *)p)->length) : "";
        *l = (tsk_js_layout){"", open_with(in, prefix, '['), "]", true, true};
        break;
    }
    case TSK_JS_TYPED_ARRAY: {
        const tsk_js_typed_array *a = (const tsk_js_typed_array *)p;
        *l = (tsk_js_layout){"", open_with(in, sized_prefix(in, s, "TypedArray", a->length), '['), "]", true, true};
        break;
    }
    case TSK_JS_MAP:
        l->open = open_with(in, sized_prefix(in, s, "Map", tsk_js_map_size((const tsk_js_map *)p)), '{');
        break;
    case TSK_JS_SET:
        l->open = open_with(in, sized_prefix(in, s, "Set", tsk_js_map_size((const tsk_js_map *)p)), '{');
        break;
    case TSK_JS_ITERATOR: l->open = iterator_open(in, s); break;
    case TSK_JS_CLOSURE:
    case TSK_JS_NATIVE:
    case TSK_JS_BOUND: l->base = function_base(in, s); break;
    case TSK_JS_ERROR: l->base = error_base(in, s, stack); break;
    case TSK_JS_DATE: l->base = date_base(in, s); break;
    case TSK_JS_REGEXP: l->base = regexp_base(in, s); break;
    case TSK_JS_BOOLEAN:
    case TSK_JS_NUMBER:
    case TSK_JS_STRING_OBJECT:
    case TSK_JS_SYMBOL_OBJECT: l->base = wrapper_base(in, s); break;
    case TSK_JS_ARGUMENTS: l->open = "[Arguments] {"; break;
    case TSK_JS_ARRAY_BUFFER: l->open = open_with(in, prefix_of(in, s, "ArrayBuffer", ""), '{'); break;
    case TSK_JS_DATA_VIEW: l->open = open_with(in, prefix_of(in, s, "DataView", ""), '{'); break;
    case TSK_JS_WEAK_MAP: l->open = open_with(in, prefix_of(in, s, "WeakMap", ""), '{'); break;
    case TSK_JS_WEAK_SET: l->open = open_with(in, prefix_of(in, s, "WeakSet", ""), '{'); break;
    default:
        if (!plain) l->open = open_with(in, prefix_of(in, s, "Object", ""), '{');
        break;
    }
}

/* Nothing is inside but, perhaps, properties. */
static bool is_empty(const tsk_js_object *o) {
    const void *p = o;
    switch (tsk_js_class_of(o)) {
    case TSK_JS_ARRAY: return !((const tsk_js_array *)p)->length;
    case TSK_JS_TYPED_ARRAY: return !((const tsk_js_typed_array *)p)->length;
    case TSK_JS_MAP:
    case TSK_JS_SET: return !tsk_js_map_size((const tsk_js_map *)p);
    case TSK_JS_ITERATOR:
        return ((const tsk_js_iterator *)p)->type != TSK_JS_I_MapIteratorPrototype &&
               ((const tsk_js_iterator *)p)->type != TSK_JS_I_SetIteratorPrototype;
    case TSK_JS_ARRAY_BUFFER:
    case TSK_JS_DATA_VIEW:
    case TSK_JS_WEAK_MAP:
    case TSK_JS_WEAK_SET: return false;
    default: return true;
    }
}

static uint32_t circular_number(tsk_js_inspector *in, const tsk_js_object *o, bool add) {
    for (uint32_t i = 0; i < in->circular_count; i++)
        if (in->circular[i] == o) return i + 1;
    if (!add) return 0;
    if (in->circular_count == in->circular_room) {
        uint32_t room = in->circular_room ? 2 * in->circular_room : 4;
        in->circular = (const tsk_js_object **)tsk_arena_grow(
            in->arena, (void *)in->circular, in->circular_room * sizeof *in->circular, room * sizeof *in->circular);
        in->circular_room = room;
    }
    in->circular[in->circular_count++] = o;
    return in->circular_count;
}

/* Too deep to be shown: "[Foo]". */
static const char *only_name(tsk_js_inspector *in, const shown *s) {
    const char *prefix = prefix_of(in, s, s->o->cell.aux == TSK_JS_ARRAY ? "Array" : "Object", "");
    return tsk_arena_printf(in->arena, "[%.*s]", (int)strlen(prefix) - 1, prefix);
}

static const char *object_text(tsk_js_inspector *in, tsk_js_object *o) {
    const char *stack = o->cell.aux == TSK_JS_ERROR ? stack_of(in, o) : NULL;
    shown s = {o, constructor_name(in, o), tag_of(in, o), keys_of(in, o, stack)};
    tsk_js_layout layout;
    tsk_js_entries list = {0};
    choose(in, &s, stack, &layout);
    bool no_keys = !s.keys || !s.keys->length, too_deep = in->depth > in->options.depth;
    if (*layout.base && (no_keys || (too_deep && o->cell.aux == TSK_JS_REGEXP))) return layout.base;
    if (no_keys && is_empty(o)) return tsk_arena_printf(in->arena, "%s%s", layout.open, layout.close);
    if (too_deep) return only_name(in, &s);
    const tsk_js_inspected here = {in->seen, o};
    in->seen = &here;
    in->last_depth = ++in->depth;
    element_entries(in, o, &list, &layout);
    property_entries(in, &s, &list);
    in->seen = here.outer;
    uint32_t number = circular_number(in, o, false);
    if (number)
        layout.base = tsk_arena_printf(in->arena, "<ref *%u>%s%s", number, *layout.base ? " " : "", layout.base);
    const char *text = tsk_js_laid_out(in, &list, &layout);
    in->depth--;
    return text;
}

static const char *inspect(tsk_js_inspector *in, tsk_value v) {
    if (!tsk_js_is_object(v)) return tsk_js_inspect_primitive(in, v);
    tsk_js_object *o = tsk_js_as_object(v);
    for (const tsk_js_inspected *s = in->seen; s; s = s->outer)
        if (s->object == o) return tsk_arena_printf(in->arena, "[Circular *%u]", circular_number(in, o, true));
    return object_text(in, o);
}

void tsk_js_inspect(tsk_js *js, tsk_value v, tsk_js_inspect_options options, tsk_buf *out) {
    tsk_js_inspector in = {.js = js, .arena = js->scratch, .options = options};
    tsk_buf_cstr(out, inspect(&in, v));
}
