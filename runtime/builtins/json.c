/* JSON: stringify, the reviver of parse, and the table of the object.
 *
 *   value ─ toJSON ─ replacer ─ unwrap ─► prepared value ─► skipped (undefined, functions, symbols) or written
 */
#include "runtime/builtins/json.h"
#include "runtime/js/number_text.h"

#include <math.h>

enum { MAX_GAP = 10, FEW_PROPERTIES = 16, VALUE_WORK = 4 };

/* Objects that are being written, innermost first. */
typedef struct frame {
    const struct frame *outer;
    const tsk_js_object *object;
} frame;

typedef struct writer {
    tsk_js *js;
    tsk_js_builder out;
    tsk_value replacer;  /* a function, or undefined */
    tsk_js_array *names; /* the list of properties that a replacer array gives; NULL: all */
    tsk_js_string *gap;  /* NULL: one line */
    const frame *frames;
    uint32_t depth;
    tsk_js_cache to_json; /* which shapes do not have it */
} writer;

static bool write_value(writer *w, tsk_value v);

/* ---- strings ---- */

static void write_escaped(writer *w, uint32_t c) {
    static const char hex[] = "0123456789abcdef";
    static const char from[] = "\b\t\n\f\r\"\\", to[] = "btnfr\"\\";
    const char *found = c && c < 128 ? strchr(from, (int)c) : NULL;
    tsk_js_builder_unit(&w->out, '\\');
    if (found) {
        tsk_js_builder_unit(&w->out, (uint8_t)to[found - from]);
        return;
    }
    char text[5] = {'u', hex[c >> 12], hex[c >> 8 & 15], hex[c >> 4 & 15], hex[c & 15]};
    tsk_js_builder_ascii(&w->out, text, sizeof text);
}

static bool is_lone_surrogate(const tsk_js_string *s, uint32_t i) {
    uint32_t c = tsk_js_unit(s, i);
    if ((c & 0xF800) != 0xD800) return false;
    if (c < 0xDC00) return i + 1 >= s->length || (tsk_js_unit(s, i + 1) & 0xFC00) != 0xDC00;
    return i == 0 || (tsk_js_unit(s, i - 1) & 0xFC00) != 0xD800;
}

/* Any of eight bytes has to be escaped: control characters, quotes and backslashes. */
static uint64_t has_special(uint64_t bytes) {
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    uint64_t quote = bytes ^ (ones * '"'), backslash = bytes ^ (ones * '\\');
    uint64_t control = (bytes - ones * ' ') & ~bytes;
    return (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | control) & high;
}

/* A Latin-1 string without anything to escape, at once; false: it is not that simple. */
static bool write_plain_text(writer *w, const tsk_js_string *s) {
    uint32_t length = s->length, i = 0;
    char *to = tsk_js_builder_room(&w->out, (size_t)length + 2);
    if (!to) return false;
    const char *from = (const char *)s->chars;
    *to++ = '"';
    for (; i + 8 <= length; i += 8) {
        uint64_t bytes;
        memcpy(&bytes, from + i, 8);
        if (has_special(bytes)) return false;
        memcpy(to + i, &bytes, 8);
    }
    for (; i < length; i++) {
        uint8_t c = (uint8_t)from[i];
        if (c < ' ' || c == '"' || c == '\\') return false;
        to[i] = (char)c;
    }
    to[length] = '"';
    w->out.length += length + 2;
    return true;
}

static void write_quoted(writer *w, tsk_js_string *s) {
    s = tsk_js_flat(w->js, s);
    if (!tsk_js_is_wide(s) && write_plain_text(w, s)) return;
    uint32_t start = 0;
    bool wide = tsk_js_is_wide(s);
    tsk_js_builder_unit(&w->out, '"');
    for (uint32_t i = 0; i < s->length; i++) {
        uint32_t c = tsk_js_unit(s, i);
        if (c >= ' ' && c != '"' && c != '\\' && !(wide && is_lone_surrogate(s, i))) continue;
        tsk_js_builder_slice(&w->out, s, start, i);
        if (w->out.failed) return;
        write_escaped(w, c);
        start = i + 1;
    }
    tsk_js_builder_slice(&w->out, s, start, s->length);
    tsk_js_builder_unit(&w->out, '"');
}

/* ---- preparing ---- */

static bool call_to_json(writer *w, tsk_js_key key, tsk_value *v) {
    tsk_js *js = w->js;
    tsk_value fn = tsk_js_get_cached(js, *v, tsk_js_atoms.toJSON, &w->to_json);
    if (tsk_js_is_thrown(fn)) return false;
    if (!tsk_js_is_callable(fn)) return true;
    tsk_value name = tsk_js_key_value(js, key);
    if (tsk_js_is_thrown(name)) return false;
    *v = tsk_js_call(js, fn, *v, 1, &name);
    return !tsk_js_is_thrown(*v);
}

static bool call_replacer(writer *w, tsk_value holder, tsk_js_key key, tsk_value *v) {
    tsk_value args[2] = {tsk_js_key_value(w->js, key), *v};
    if (tsk_js_is_thrown(args[0])) return false;
    *v = tsk_js_call(w->js, w->replacer, holder, 2, args);
    return !tsk_js_is_thrown(*v);
}

/* Number, String and Boolean objects are written as what they hold. */
static bool unwrap(tsk_js *js, tsk_value *v) {
    switch (tsk_js_class_of(tsk_js_as_object(*v))) {
    case TSK_JS_NUMBER: {
        double d;
        if (!tsk_js_to_number(js, *v, &d)) return false;
        *v = tsk_js_number(d);
        return true;
    }
    case TSK_JS_STRING_OBJECT: {
        tsk_js_string *s = tsk_js_to_string(js, *v);
        if (s) *v = tsk_js_from_string(s);
        return s != NULL;
    }
    case TSK_JS_BOOLEAN: *v = ((const tsk_js_wrapper *)(const void *)tsk_js_as_object(*v))->value; return true;
    default: return true;
    }
}

/* A HOLE afterwards: there is nothing to write.  `holder` is looked at by a replacer only. */
static bool prepare(writer *w, tsk_value holder, tsk_js_key key, tsk_value *v) {
    if (tsk_js_is_object(*v) && !call_to_json(w, key, v)) return false;
    if (!tsk_js_is_undefined(w->replacer) && !call_replacer(w, holder, key, v)) return false;
    if (tsk_js_is_object(*v) && !unwrap(w->js, v)) return false;
    if (tsk_js_is_undefined(*v) || tsk_js_is_symbol(*v) || tsk_js_is_callable(*v)) *v = TSK_JS_HOLE;
    return true;
}

/* ---- objects and arrays ---- */

static void new_line(writer *w) {
    if (!w->gap) return;
    uint32_t length = w->gap->length;
    char *to = tsk_js_is_wide(w->gap) ? NULL : tsk_js_builder_room(&w->out, 1 + (size_t)w->depth * length);
    if (to) {
        *to++ = '\n';
        for (uint32_t i = 0; i < w->depth; i++) memcpy(to + (size_t)i * length, w->gap->chars, length);
        w->out.length += 1 + w->depth * length;
        return;
    }
    tsk_js_builder_unit(&w->out, '\n');
    for (uint32_t i = 0; i < w->depth; i++) tsk_js_builder_string(&w->out, w->gap);
}

static bool write_member(writer *w, const tsk_js_object *o, tsk_js_key key, tsk_value v, bool *any) {
    if (!prepare(w, tsk_js_from_object(o), key, &v)) return false;
    if (tsk_js_is_hole(v)) return true;
    if (*any) tsk_js_builder_unit(&w->out, ',');
    *any = true;
    new_line(w);
    tsk_value name = tsk_js_key_value(w->js, key);
    if (tsk_js_is_thrown(name)) return false;
    write_quoted(w, tsk_js_as_string(name));
    tsk_js_builder_unit(&w->out, ':');
    if (w->gap) tsk_js_builder_unit(&w->out, ' ');
    return write_value(w, v);
}

static bool write_named(writer *w, tsk_js_object *o, tsk_js_array *names, bool *any) {
    for (uint32_t i = 0; i < names->length; i++) {
        tsk_js_key key;
        if (!tsk_js_to_key(w->js, tsk_js_get_index(w->js, &names->object, i), &key)) return false;
        tsk_value v = tsk_js_get(w->js, o, key);
        if (tsk_js_is_thrown(v) || !write_member(w, o, key, v, any)) return false;
    }
    return true;
}

/* The properties of a plain small object, last first; false: it is not that simple. */
static bool plain_properties(const tsk_js_object *o, const tsk_js_shape *found[FEW_PROPERTIES], uint32_t *count) {
    if (o->cell.aux != TSK_JS_ORDINARY || o->elements->length || o->cell.flags & (TSK_JS_SPARSE | TSK_JS_EXOTIC))
        return false;
    if (o->cell.word == TSK_JS_DICTIONARY) return false;
    const tsk_js_shape *s = tsk_js_shape_at(o->cell.word);
    if (!s || s->count > FEW_PROPERTIES) return false;
    *count = s->count;
    for (uint32_t i = 0; i < *count; i++, s = s->parent) {
        if (tsk_js_key_is_symbol(s->key) || !(s->place.attributes & TSK_JS_ENUMERABLE)) return false;
        if (s->place.attributes & TSK_JS_ACCESSOR || s->place.offset < 0) return false;
        found[i] = s;
    }
    return true;
}

static bool write_plain(writer *w, tsk_js_object *o, const tsk_js_shape *const *found, uint32_t count, bool *any) {
    uint32_t shape = o->cell.word;
    while (count--) {
        const tsk_js_shape *s = found[count];
        tsk_value v = TSK_JS_HOLE;
        if (o->cell.word == shape) v = *(const tsk_value *)(const void *)((const char *)o + s->place.offset);
        if (tsk_js_is_hole(v) || tsk_tag(v) == TSK_TAG_CELL) v = tsk_js_get(w->js, o, s->key);
        if (tsk_js_is_thrown(v) || !write_member(w, o, s->key, v, any)) return false;
    }
    return true;
}

static bool write_object(writer *w, tsk_js_object *o) {
    const tsk_js_shape *found[FEW_PROPERTIES];
    uint32_t count;
    bool any = false, ok;
    tsk_js_builder_unit(&w->out, '{');
    if (w->names) {
        ok = write_named(w, o, w->names, &any);
    } else if (plain_properties(o, found, &count)) {
        ok = write_plain(w, o, found, count, &any);
    } else {
        tsk_js_array *names = tsk_js_own_keys(w->js, o, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE);
        ok = names && write_named(w, o, names, &any);
    }
    w->depth--;
    if (any) new_line(w);
    tsk_js_builder_unit(&w->out, '}');
    return ok;
}

static tsk_value element(tsk_js *js, tsk_js_object *o, uint64_t i) {
    if (TSK_LIKELY(!(o->cell.flags & (TSK_JS_SPARSE | TSK_JS_EXOTIC)) && i < o->elements->length)) {
        tsk_value v = o->elements->items[i];
        if (TSK_LIKELY(!tsk_js_is_hole(v))) return v;
    }
    return tsk_js_get_index(js, o, i);
}

static bool write_array(writer *w, tsk_js_object *o) {
    uint64_t length;
    if (!tsk_js_length_of(w->js, o, &length)) return false;
    tsk_js_builder_unit(&w->out, '[');
    for (uint64_t i = 0; i < length; i++) {
        tsk_js_key key = tsk_js_key_index(0);
        tsk_value v = element(w->js, o, i);
        if (tsk_js_is_thrown(v) || !tsk_js_index_key(w->js, i, &key)) return false;
        if (!prepare(w, tsk_js_from_object(o), key, &v)) return false;
        if (i) tsk_js_builder_unit(&w->out, ',');
        new_line(w);
        if (!write_value(w, tsk_js_is_hole(v) ? TSK_VALUE_NULL : v)) return false;
        if (w->out.failed) break;
    }
    w->depth--;
    if (length) new_line(w);
    tsk_js_builder_unit(&w->out, ']');
    return true;
}

static bool write_container(writer *w, tsk_js_object *o) {
    const frame here = {w->frames, o};
    for (const frame *f = w->frames; f; f = f->outer)
        if (f->object == o) return tsk_js_throw_type(w->js, "Converting circular structure to JSON"), false;
    if (++w->depth > TSK_JS_JSON_DEPTH) return tsk_js_throw_range(w->js, "JSON is nested too deeply"), false;
    w->frames = &here;
    bool ok = o->cell.aux == TSK_JS_ARRAY ? write_array(w, o) : write_object(w, o);
    w->frames = here.outer;
    return ok;
}

static void write_number(writer *w, tsk_value v) {
    char text[TSK_JS_NUMBER_ROOM], *to = NULL;
    if (w->out.length <= TSK_JS_MAX_LENGTH - sizeof text) to = tsk_js_builder_room(&w->out, sizeof text);
    size_t length = tsk_js_value_to_text(v, to ? to : text);
    if (to)
        w->out.length += (uint32_t)length;
    else
        tsk_js_builder_ascii(&w->out, text, length);
}

/* A prepared value. */
static bool write_value(writer *w, tsk_value v) {
    tsk_js *js = w->js;
    if (!tsk_js_worked(js, VALUE_WORK)) return false;
    if (w->out.failed) return true; /* too long: the end of it all says so */
    if (tsk_js_is_object(v)) return write_container(w, tsk_js_as_object(v));
    if (tsk_js_is_string(v)) {
        write_quoted(w, tsk_js_as_string(v));
    } else if (tsk_js_is_number(v) && isfinite(tsk_js_as_number(v))) {
        write_number(w, v);
    } else {
        const char *word = tsk_same(v, TSK_VALUE_TRUE) ? "true" : tsk_same(v, TSK_VALUE_FALSE) ? "false" : "null";
        tsk_js_builder_ascii(&w->out, word, strlen(word));
    }
    return true;
}

/* ---- replacer and space ---- */

/* An element of a replacer array as a name; undefined: it is none. */
static tsk_value listed_name(tsk_js *js, tsk_value v) {
    bool wrapped = tsk_js_is_class(v, TSK_JS_NUMBER) || tsk_js_is_class(v, TSK_JS_STRING_OBJECT);
    if (!tsk_js_is_string(v) && !tsk_js_is_number(v) && !wrapped) return TSK_VALUE_UNDEFINED;
    tsk_js_string *s = tsk_js_to_string(js, v);
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

/* Each name once: an object that has them as keys finds those that came before. */
static bool read_names(writer *w, tsk_js_object *list) {
    tsk_js *js = w->js;
    uint64_t length;
    tsk_js_object *seen = tsk_js_object_new(js, NULL);
    w->names = tsk_js_array_make(js, 0, 0);
    if (!seen || !w->names || !tsk_js_length_of(js, list, &length)) return false;
    for (uint64_t i = 0; i < length; i++) {
        tsk_js_key key;
        tsk_value v = tsk_js_get_index(js, list, i);
        if (tsk_js_is_thrown(v) || tsk_js_is_thrown(v = listed_name(js, v))) return false;
        if (tsk_js_is_undefined(v)) continue;
        if (!tsk_js_to_key(js, v, &key)) return false;
        int known = tsk_js_has_own(js, seen, key);
        if (known > 0) continue;
        if (known < 0 || !tsk_js_define(js, seen, key, TSK_VALUE_TRUE, TSK_JS_PLAIN) ||
            !tsk_js_array_push(js, w->names, v))
            return false;
    }
    return true;
}

static bool read_space(writer *w, tsk_value space) {
    if (tsk_js_is_object(space) && !unwrap(w->js, &space)) return false;
    if (tsk_js_is_number(space)) {
        double n = tsk_js_as_number(space);
        size_t count = n >= MAX_GAP ? MAX_GAP : n >= 1 ? (size_t)n : 0;
        if (count && !(w->gap = tsk_js_string_latin1(w->js, "          ", count))) return false;
    } else if (tsk_js_is_string(space)) {
        tsk_js_string *s = tsk_js_as_string(space);
        if (s->length) w->gap = s->length <= MAX_GAP ? tsk_js_flat(w->js, s) : tsk_js_substring(w->js, s, 0, MAX_GAP);
        return !s->length || w->gap;
    }
    return true;
}

tsk_value tsk_js_json_stringify(tsk_js *js, tsk_value v, tsk_value replacer, tsk_value space) {
    writer w = {.js = js, .replacer = TSK_VALUE_UNDEFINED};
    if (tsk_js_is_callable(replacer))
        w.replacer = replacer;
    else if (tsk_js_is_array(replacer) && !read_names(&w, tsk_js_as_object(replacer)))
        return TSK_JS_THROWN;
    if (!read_space(&w, space)) return TSK_JS_THROWN;
    tsk_js_key key = tsk_js_key_atom(tsk_js_atoms.empty);
    tsk_value holder = TSK_VALUE_UNDEFINED;
    if (!tsk_js_is_undefined(w.replacer)) {
        tsk_js_object *o = tsk_js_object_new(js, tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype));
        if (!o || !tsk_js_define(js, o, key, v, TSK_JS_PLAIN)) return TSK_JS_THROWN;
        holder = tsk_js_from_object(o);
    }
    tsk_js_builder_init(&w.out, js);
    if (!prepare(&w, holder, key, &v)) return TSK_JS_THROWN;
    if (tsk_js_is_hole(v)) return TSK_VALUE_UNDEFINED;
    if (!write_value(&w, v)) return TSK_JS_THROWN;
    tsk_js_string *text = tsk_js_builder_finish(&w.out);
    return text ? tsk_js_from_string(text) : TSK_JS_THROWN;
}

/* ---- reviver ---- */

static tsk_value revive(tsk_js *js, tsk_js_object *holder, tsk_js_key key, tsk_value reviver, uint32_t depth);

static bool revive_element(tsk_js *js, tsk_js_object *o, tsk_js_key key, tsk_value reviver, uint32_t depth) {
    tsk_value v = revive(js, o, key, reviver, depth);
    if (tsk_js_is_thrown(v)) return false;
    if (tsk_js_is_undefined(v)) return tsk_js_delete(js, o, key) >= 0;
    tsk_js_descriptor d = {v, TSK_JS_HOLE, TSK_JS_HOLE, TSK_JS_PLAIN, TSK_JS_PLAIN};
    return tsk_js_define_own(js, o, key, &d) >= 0;
}

static bool revive_elements(tsk_js *js, tsk_js_object *o, tsk_value reviver, uint32_t depth) {
    if (o->cell.aux == TSK_JS_ARRAY) {
        uint64_t length;
        if (!tsk_js_length_of(js, o, &length)) return false;
        for (uint64_t i = 0; i < length; i++) {
            tsk_js_key key;
            if (!tsk_js_index_key(js, i, &key) || !revive_element(js, o, key, reviver, depth)) return false;
        }
        return true;
    }
    tsk_js_array *names = tsk_js_own_keys(js, o, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE);
    for (uint32_t i = 0; names && i < names->length; i++) {
        tsk_js_key key;
        if (!tsk_js_to_key(js, tsk_js_get_index(js, &names->object, i), &key)) return false;
        if (!revive_element(js, o, key, reviver, depth)) return false;
    }
    return names != NULL;
}

static tsk_value revive(tsk_js *js, tsk_js_object *holder, tsk_js_key key, tsk_value reviver, uint32_t depth) {
    if (depth > TSK_JS_JSON_DEPTH) return tsk_js_throw_range(js, "JSON is nested too deeply");
    tsk_value args[2];
    args[1] = tsk_js_get(js, holder, key);
    if (tsk_js_is_thrown(args[1])) return args[1];
    if (tsk_js_is_object(args[1]) && !revive_elements(js, tsk_js_as_object(args[1]), reviver, depth + 1))
        return TSK_JS_THROWN;
    args[0] = tsk_js_key_value(js, key);
    if (tsk_js_is_thrown(args[0])) return args[0];
    return tsk_js_call(js, reviver, tsk_js_from_object(holder), 2, args);
}

/* ---- the object ---- */

static tsk_value json_parse(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *text = tsk_js_to_string(js, tsk_js_arg(a, 0));
    if (!text) return TSK_JS_THROWN;
    if (tsk_js_is_undefined(tsk_js_arg(a, 0)))
        return tsk_js_throw_error(js, TSK_JS_SYNTAX_ERROR, "\"undefined\" is not valid JSON");
    tsk_value v = tsk_js_json_parse(js, text), reviver = tsk_js_arg(a, 1);
    if (tsk_js_is_thrown(v) || !tsk_js_is_callable(reviver)) return v;
    tsk_js_key key = tsk_js_key_atom(tsk_js_atoms.empty);
    tsk_js_object *root = tsk_js_object_new(js, tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype));
    if (!root || !tsk_js_define(js, root, key, v, TSK_JS_PLAIN)) return TSK_JS_THROWN;
    return revive(js, root, key, reviver, 0);
}

static tsk_value json_stringify(tsk_js *js, const tsk_js_args *a) {
    return tsk_js_json_stringify(js, tsk_js_arg(a, 0), tsk_js_arg(a, 1), tsk_js_arg(a, 2));
}

static const tsk_js_member members[] = {TSK_JS_METHOD("parse", json_parse, 2),
                                        TSK_JS_METHOD("stringify", json_stringify, 3),
                                        TSK_JS_TEXT_OF("@@toStringTag", "JSON", TSK_JS_CONFIGURABLE)};

const tsk_js_intrinsic_spec tsk_js_library_json[] = {
    {.which = TSK_JS_I_JSON, .proto = TSK_JS_I_ObjectPrototype, .members = members, .count = TSK_COUNT_OF(members)},
    {.which = TSK_JS_INTRINSICS}};
