/* Inspection: an object becomes a list of entries, and these one line where they fit, else one line each; more than six
 * elements of an array are set in columns.  The layout is Node's. */
#include "runtime/builtins/inspect.h"
#include "runtime/base/utf8.h"
#include "runtime/js/collections.h"
#include "runtime/js/date_core.h"

#include <math.h>

enum { WIDTH = 80, COMPACT = 3, MAX_ITEMS = 100, MAX_TEXT = 10000, MAX_COLUMNS = 15, GROUPED_FROM = 6 };

typedef struct seen {
    const struct seen *outer;
    const tsk_js_object *object;
} seen;

typedef struct inspector {
    tsk_js *js;
    tsk_arena *arena;
    const seen *seen;
    unsigned depth_limit, depth, last_depth, indent;
    const tsk_js_object *circular; /* met again below itself */
} inspector;

typedef struct entries {
    const char **texts; /* NUL-terminated */
    uint32_t count, capacity;
    bool more; /* the last says how many are left out */
} entries;

static const char *inspect(inspector *in, tsk_value v, bool top);

static void add(inspector *in, entries *list, const char *text) {
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity ? 2 * list->capacity : 8;
        list->texts = (const char **)tsk_arena_grow(
            in->arena, (void *)list->texts, list->capacity * sizeof *list->texts, capacity * sizeof *list->texts);
        list->capacity = capacity;
    }
    list->texts[list->count++] = text;
}

static const char *utf8_of(inspector *in, tsk_js_string *s) {
    tsk_buf b;
    tsk_buf_init(&b, in->arena);
    tsk_js_string_to_utf8(in->js, s, &b, true);
    tsk_buf_char(&b, 0);
    return b.ptr;
}

/* Columns of a terminal. */
static unsigned width_of(const char *text) {
    return (unsigned)tsk_utf8_columns(text, strlen(text));
}

/* UTF-16 units: what Node counts when it decides on one line. */
static unsigned length_of(const char *text) {
    unsigned n = 0;
    for (; *text; text++) n += ((uint8_t)*text & 0xC0) != 0x80 ? 1u + ((uint8_t)*text >= 0xF0) : 0;
    return n;
}

/* ---- texts ---- */

static bool has_unit(const tsk_js_string *s, uint32_t unit) {
    for (uint32_t i = 0; i < s->length; i++)
        if (tsk_js_unit(s, i) == unit) return true;
    return false;
}

static bool needs_escape(const tsk_js_string *s, uint32_t i, char quote) {
    uint32_t c = tsk_js_unit(s, i);
    if (c < ' ' || c == '\\' || c == (uint8_t)quote || (c >= 0x7F && c <= 0x9F)) return true;
    if ((c & 0xF800) != 0xD800) return false;
    if (c < 0xDC00) return i + 1 >= s->length || (tsk_js_unit(s, i + 1) & 0xFC00) != 0xDC00;
    return i == 0 || (tsk_js_unit(s, i - 1) & 0xFC00) != 0xD800;
}

static void put_escape(tsk_buf *b, uint32_t c) {
    static const char from[] = "\b\t\n\f\r\\'\"`", to[] = "btnfr\\'\"`";
    const char *found = c && c < 128 ? strchr(from, (int)c) : NULL;
    if (found)
        tsk_buf_printf(b, "\\%c", to[found - from]);
    else
        tsk_buf_printf(b, c < 256 ? "\\x%02X" : "\\u%04x", c);
}

static const char *quoted(inspector *in, tsk_js_string *s) {
    bool cut = s->length > MAX_TEXT;
    uint32_t left_out = cut ? s->length - MAX_TEXT : 0;
    if (cut) s = tsk_js_substring(in->js, s, 0, MAX_TEXT);
    if (!s) return "''";
    s = tsk_js_flat(in->js, s);
    char quote = !has_unit(s, '\'') ? '\'' : !has_unit(s, '"') ? '"' : !has_unit(s, '`') ? '`' : '\'';
    tsk_buf b;
    tsk_buf_init(&b, in->arena);
    tsk_buf_char(&b, quote);
    for (uint32_t i = 0; i < s->length; i++) {
        uint32_t start = i;
        while (i < s->length && !needs_escape(s, i, quote)) i++;
        tsk_js_string *plain = start < i ? tsk_js_substring(in->js, s, start, i) : NULL;
        if (plain) tsk_js_string_to_utf8(in->js, plain, &b, true);
        if (i < s->length) put_escape(&b, tsk_js_unit(s, i));
    }
    tsk_buf_char(&b, quote);
    if (cut) tsk_buf_printf(&b, "... %u more character%s", left_out, left_out > 1 ? "s" : "");
    tsk_buf_char(&b, 0);
    return b.ptr;
}

static const char *symbol_text(inspector *in, const tsk_js_symbol *s) {
    return tsk_arena_printf(in->arena, "Symbol(%s)", s->description ? utf8_of(in, s->description) : "");
}

static const char *primitive(inspector *in, tsk_value v, bool top) {
    if (tsk_js_is_string(v)) return top ? utf8_of(in, tsk_js_as_string(v)) : quoted(in, tsk_js_as_string(v));
    if (tsk_js_is_symbol(v)) return symbol_text(in, tsk_js_as_symbol(v));
    if (tsk_js_is_number(v)) {
        char text[TSK_JS_NUMBER_ROOM];
        double d = tsk_js_as_number(v);
        if (d == 0 && signbit(d)) return "-0";
        size_t n = tsk_js_number_to_text(d, text);
        return tsk_arena_strdup(in->arena, text, n);
    }
    if (tsk_is_bool(v)) return tsk_as_bool(v) ? "true" : "false";
    return tsk_js_is_undefined(v) ? "undefined" : "null";
}

/* The name of a property, in quotes when it is no identifier. */
static const char *key_text(inspector *in, tsk_value key) {
    if (tsk_js_is_symbol(key)) return tsk_arena_printf(in->arena, "[%s]", symbol_text(in, tsk_js_as_symbol(key)));
    const char *text = utf8_of(in, tsk_js_as_string(key));
    bool plain = *text && (*text - '0' > 9 || *text < '0');
    for (const char *p = text; *p; p++) {
        char c = (char)(*p | 0x20);
        plain &= (c >= 'a' && c <= 'z') || (*p >= '0' && *p <= '9') || *p == '_' || *p == '$';
    }
    if (strcmp(text, "__proto__") == 0) return "['__proto__']";
    return plain ? text : quoted(in, tsk_js_as_string(key));
}

/* An own data property, without calling anything; HOLE: there is none. */
static tsk_value own_value(inspector *in, tsk_js_object *o, const tsk_js_string *atom) {
    tsk_js_descriptor d;
    int found = tsk_js_get_own(in->js, o, tsk_js_key_atom(atom), &d);
    if (found < 0) tsk_js_take_exception(in->js);
    return found > 0 ? d.value : TSK_JS_HOLE;
}

static const char *function_name(inspector *in, tsk_js_object *f) {
    tsk_value v = own_value(in, f, tsk_js_atoms.name);
    return tsk_js_is_string(v) ? utf8_of(in, tsk_js_as_string(v)) : "";
}

/* The name of the constructor, from the prototypes; NULL: the object has none. */
static const char *class_name(inspector *in, const tsk_js_object *o) {
    int steps = 0;
    for (tsk_js_object *p = o->proto; p && steps < 1000; p = p->proto, steps++) {
        tsk_value v = own_value(in, p, tsk_js_atoms.constructor);
        if (!tsk_js_is_callable(v)) continue;
        const char *name = function_name(in, tsk_js_as_object(v));
        if (*name) return name;
    }
    return NULL;
}

/* ---- layout ---- */

static void pad(tsk_buf *b, const char *text, unsigned width, bool left) {
    unsigned have = width_of(text);
    for (unsigned i = have; left && i < width; i++) tsk_buf_char(b, ' ');
    tsk_buf_cstr(b, text);
    for (unsigned i = have; !left && i < width; i++) tsk_buf_char(b, ' ');
}

/* More than six elements become rows of columns of equal width; numbers to the right. */
static void group(inspector *in, entries *list, bool numbers) {
    uint32_t count = list->count - list->more;
    unsigned total = 0, longest = 0, widths[MAX_COLUMNS] = {0};
    for (uint32_t i = 0; i < count; i++) {
        unsigned w = width_of(list->texts[i]);
        total += w + 2;
        if (w > longest) longest = w;
    }
    unsigned widest = longest + 2;
    if (widest * 3 + in->indent >= WIDTH || !((double)total / widest > 5 || longest <= 6)) return;
    double biased = fmax(widest - 3 - sqrt(widest - (double)total / list->count), 1);
    double columns_wanted = fmin(round(sqrt(2.5 * biased * count) / biased),
                                 floor((double)(WIDTH - in->indent) / widest));
    unsigned columns = (unsigned)fmin(columns_wanted, COMPACT * 4);
    if (columns <= 1) return;
    for (uint32_t i = 0; i < count; i++) {
        unsigned w = width_of(list->texts[i]) + 2;
        if (w > widths[i % columns]) widths[i % columns] = w;
    }
    entries rows = {0};
    for (uint32_t i = 0; i < count; i += columns) {
        uint32_t end = i + columns < count ? i + columns : count;
        tsk_buf b;
        tsk_buf_init(&b, in->arena);
        for (uint32_t j = i; j < end; j++) {
            bool last = j + 1 == end;
            const char *text = last ? list->texts[j] : tsk_arena_printf(in->arena, "%s, ", list->texts[j]);
            pad(&b, text, last ? (numbers ? widths[j - i] - 2 : 0) : widths[j - i], numbers);
        }
        tsk_buf_char(&b, 0);
        add(in, &rows, b.ptr);
    }
    if (list->more) add(in, &rows, list->texts[count]);
    *list = rows;
}

static bool fits(const inspector *in, const entries *list, unsigned start) {
    unsigned total = list->count + start;
    if (total + list->count > WIDTH) return false;
    for (uint32_t i = 0; i < list->count; i++) {
        total += length_of(list->texts[i]);
        if (total > WIDTH || strchr(list->texts[i], '\n')) return false;
    }
    return in->last_depth + 1 - in->depth < COMPACT; /* few levels below this object, whose entries are one deeper */
}

static const char *laid_out(inspector *in, entries *list, const char *open, const char *close, bool elements,
                            bool numbers) {
    uint32_t count = list->count;
    tsk_buf b;
    tsk_buf_init(&b, in->arena);
    if (elements && count > GROUPED_FROM) group(in, list, numbers);
    bool one_line = list->count == count && fits(in, list, count + in->indent + length_of(open) + 10);
    tsk_buf_cstr(&b, open);
    for (uint32_t i = 0; i < list->count; i++) {
        if (i) tsk_buf_char(&b, ',');
        if (one_line)
            tsk_buf_char(&b, ' ');
        else
            tsk_buf_printf(&b, "\n%*s", (int)in->indent + 2, "");
        tsk_buf_cstr(&b, list->texts[i]);
    }
    if (one_line)
        tsk_buf_char(&b, ' ');
    else
        tsk_buf_printf(&b, "\n%*s", (int)in->indent, "");
    tsk_buf_cstr(&b, close);
    tsk_buf_char(&b, 0);
    return b.ptr;
}

/* ---- entries ---- */

static const char *nested(inspector *in, tsk_value v) {
    in->indent += 2;
    const char *text = inspect(in, v, false);
    in->indent -= 2;
    return text;
}

static void left_out(inspector *in, entries *list, uint64_t count) {
    if (!count) return;
    add(in, list, tsk_arena_printf(in->arena, "... %llu more item%s", (unsigned long long)count, count > 1 ? "s" : ""));
    list->more = true;
}

static void array_entries(inspector *in, tsk_js_object *o, entries *list, bool *numbers) {
    uint32_t length = ((const tsk_js_array *)(const void *)o)->length, i = 0, holes;
    for (; i < length && list->count < MAX_ITEMS; i++) {
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
            add(in, list, tsk_arena_printf(in->arena, "<%u empty item%s>", holes, holes > 1 ? "s" : ""));
            *numbers = false;
            if (i >= length || list->count == MAX_ITEMS) break;
        }
        *numbers &= tsk_js_is_number(d.value);
        add(in, list, tsk_js_is_hole(d.value) ? "[Getter]" : nested(in, d.value));
    }
    left_out(in, list, length - i);
}

static void typed_entries(inspector *in, const tsk_js_typed_array *a, entries *list) {
    uint32_t i = 0;
    for (; i < a->length && i < MAX_ITEMS; i++) add(in, list, primitive(in, tsk_js_typed_get(a, i), false));
    left_out(in, list, a->length - i);
}

static void map_entries(inspector *in, const tsk_js_map *m, entries *list) {
    tsk_js_table *table = m->table;
    uint32_t position = 0;
    for (const tsk_js_entry *e; list->count < MAX_ITEMS && (e = tsk_js_map_next(m, &table, &position)) != NULL;) {
        tsk_value value = e->value;
        const char *text = nested(in, e->key);
        if (m->object.cell.aux == TSK_JS_MAP) text = tsk_arena_printf(in->arena, "%s => %s", text, nested(in, value));
        add(in, list, text);
    }
    left_out(in, list, tsk_js_map_size(m) - (list->count < tsk_js_map_size(m) ? list->count : tsk_js_map_size(m)));
}

static void property_entries(inspector *in, tsk_js_object *o, entries *list, bool skip_indices) {
    unsigned which = TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_SYMBOLS | TSK_JS_KEYS_ENUMERABLE;
    tsk_js_array *keys = tsk_js_own_keys(in->js, o, which);
    if (!keys) tsk_js_take_exception(in->js);
    for (uint32_t i = 0; keys && i < keys->length; i++) {
        tsk_value name = tsk_js_get_index(in->js, &keys->object, i);
        tsk_js_key key;
        tsk_js_descriptor d;
        if (!tsk_js_to_key(in->js, name, &key) || (skip_indices && tsk_js_key_is_index(key))) continue;
        if (tsk_js_get_own(in->js, o, key, &d) <= 0) continue;
        const char *text = tsk_js_is_hole(d.value) ? NULL : nested(in, d.value);
        if (!text) {
            bool get = tsk_js_is_callable(d.get), set = tsk_js_is_callable(d.set);
            text = get && set ? "[Getter/Setter]" : set ? "[Setter]" : "[Getter]";
        }
        add(in, list, tsk_arena_printf(in->arena, "%s: %s", key_text(in, name), text));
    }
}

/* ---- objects ---- */

/* What stands alone when there are no properties: [Function: f], /x/g, a date, an error's stack; NULL: nothing. */
static const char *base_of(inspector *in, tsk_js_object *o, const char *name) {
    static const char *const wrappers[] = {"Boolean", "Number", "String", "Symbol"};
    switch (tsk_js_class_of(o)) {
    case TSK_JS_CLOSURE:
    case TSK_JS_NATIVE:
    case TSK_JS_BOUND: {
        const char *own = function_name(in, o);
        bool is_class = o->cell.aux == TSK_JS_CLOSURE &&
                        ((const tsk_js_closure *)(const void *)o)->flags & TSK_JS_FN_CLASS;
        if (is_class) {
            const char *base = o->proto && tsk_js_is_callable_object(o->proto) ? function_name(in, o->proto) : "";
            return tsk_arena_printf(in->arena, "[class %s%s%s]", *own ? own : "(anonymous)", *base ? " extends " : "",
                                    base);
        }
        return tsk_arena_printf(in->arena, *own ? "[Function: %s]" : "[Function (anonymous)%s]", own);
    }
    case TSK_JS_ERROR: {
        tsk_value stack = own_value(in, o, tsk_js_atoms.stack);
        if (tsk_js_is_string(stack)) return utf8_of(in, tsk_js_as_string(stack));
        return tsk_arena_printf(in->arena, "[%s]", name ? name : "Error");
    }
    case TSK_JS_DATE: {
        char text[TSK_JS_DATE_ROOM];
        double t = tsk_js_as_number(((const tsk_js_wrapper *)(const void *)o)->value);
        return tsk_arena_strdup(in->arena, text, tsk_js_date_text(t, TSK_JS_DATE_ISO, text));
    }
    case TSK_JS_REGEXP: return tsk_js_describe(in->js, tsk_js_from_object(o));
    case TSK_JS_BOOLEAN:
    case TSK_JS_NUMBER:
    case TSK_JS_STRING_OBJECT:
    case TSK_JS_SYMBOL_OBJECT:
        return tsk_arena_printf(in->arena, "[%s: %s]", wrappers[o->cell.aux - TSK_JS_BOOLEAN],
                                primitive(in, ((const tsk_js_wrapper *)(const void *)o)->value, false));
    default: return NULL;
    }
}

/* What is in front of the brace: "", "Foo ", "Map(2) ", "[Object: null prototype] ". */
static const char *prefix_of(inspector *in, tsk_js_object *o, const char *name) {
    switch (tsk_js_class_of(o)) {
    case TSK_JS_ARRAY: {
        uint32_t length = ((const tsk_js_array *)(const void *)o)->length;
        if (name && strcmp(name, "Array") == 0) return "";
        return tsk_arena_printf(in->arena, "%s(%u) ", name ? name : "[Array: null prototype]", length);
    }
    case TSK_JS_MAP:
    case TSK_JS_SET:
        return tsk_arena_printf(in->arena, "%s(%u) ", name ? name : "[null prototype]",
                                tsk_js_map_size((const tsk_js_map *)(const void *)o));
    case TSK_JS_TYPED_ARRAY:
        return tsk_arena_printf(in->arena, "%s(%u) ", name ? name : "[null prototype]",
                                ((const tsk_js_typed_array *)(const void *)o)->length);
    default:
        if (!name) return "[Object: null prototype] ";
        return strcmp(name, "Object") == 0 ? "" : tsk_arena_printf(in->arena, "%s ", name);
    }
}

static const char *object_text(inspector *in, tsk_js_object *o) {
    entries list = {0};
    const char *name = class_name(in, o), *base = base_of(in, o, name);
    bool numbers = true, elements = true;
    switch (tsk_js_class_of(o)) {
    case TSK_JS_ARRAY: array_entries(in, o, &list, &numbers); break;
    case TSK_JS_TYPED_ARRAY: typed_entries(in, (const tsk_js_typed_array *)(const void *)o, &list); break;
    case TSK_JS_MAP:
    case TSK_JS_SET: map_entries(in, (const tsk_js_map *)(const void *)o, &list);
    /* fallthrough */
    default: elements = false; break;
    }
    property_entries(in, o, &list, elements || o->cell.aux == TSK_JS_STRING_OBJECT);
    if (base && !list.count) return base;
    const char *prefix = base ? tsk_arena_printf(in->arena, "%s ", base) : prefix_of(in, o, name);
    const char *open = tsk_arena_printf(in->arena, "%s%s", prefix, elements ? "[" : "{"), *close = elements ? "]" : "}";
    if (!list.count) return tsk_arena_printf(in->arena, "%s%s", open, close);
    return laid_out(in, &list, open, close, elements, numbers);
}

static bool is_empty(inspector *in, tsk_js_object *o) {
    tsk_js_array *keys = tsk_js_own_keys(in->js, o, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_SYMBOLS | TSK_JS_KEYS_ENUMERABLE);
    if (!keys) tsk_js_take_exception(in->js);
    if (!keys || keys->length) return false;
    if (o->cell.aux == TSK_JS_MAP || o->cell.aux == TSK_JS_SET)
        return tsk_js_map_size((const tsk_js_map *)(const void *)o) == 0;
    return o->cell.aux != TSK_JS_ARRAY || ((const tsk_js_array *)(const void *)o)->length == 0;
}

static const char *inspect(inspector *in, tsk_value v, bool top) {
    if (!tsk_js_is_object(v)) return primitive(in, v, top);
    tsk_js_object *o = tsk_js_as_object(v);
    for (const seen *s = in->seen; s; s = s->outer)
        if (s->object == o) {
            in->circular = o;
            return "[Circular *1]";
        }
    bool alone = tsk_js_is_callable_object(o) || o->cell.aux == TSK_JS_DATE || o->cell.aux == TSK_JS_REGEXP;
    if (in->depth > in->depth_limit && !alone && !is_empty(in, o)) {
        const char *name = class_name(in, o);
        return tsk_arena_printf(in->arena, "[%s]", name ? name : "Object: null prototype");
    }
    const seen here = {in->seen, o};
    in->seen = &here;
    in->last_depth = in->depth;
    in->depth++;
    /* entries look at the depth of this object, which is one less */
    const char *text;
    { text = object_text(in, o); }
    in->depth--;
    in->seen = here.outer;
    if (in->circular == o) {
        in->circular = NULL;
        text = tsk_arena_printf(in->arena, "<ref *1> %s", text);
    }
    return text;
}

void tsk_js_inspect(tsk_js *js, tsk_value v, unsigned depth, tsk_buf *out) {
    inspector in = {.js = js, .arena = js->scratch, .depth_limit = depth};
    tsk_buf_cstr(out, inspect(&in, v, false));
}

/* ---- messages ---- */

/* %d, %i and %f: what cannot be a number is NaN, and no user code is called. */
static void put_number(tsk_js *js, tsk_value v, char kind, tsk_buf *out) {
    char text[TSK_JS_NUMBER_ROOM];
    double d = NAN;
    if (!tsk_js_is_object(v) && !tsk_js_is_symbol(v) && !tsk_js_to_number(js, v, &d)) tsk_js_take_exception(js);
    if (kind == 'i') d = trunc(d);
    tsk_buf_add(out, text, tsk_js_number_to_text(d, text));
}

/* One directive; false: it is none, and the text stays as it is. */
static bool put_directive(tsk_js *js, char kind, tsk_value v, tsk_buf *out) {
    switch (kind) {
    case 's':
        if (tsk_js_is_string(v))
            tsk_js_string_to_utf8(js, tsk_js_as_string(v), out, true);
        else
            tsk_js_inspect(js, v, 0, out);
        return true;
    case 'd':
    case 'i':
    case 'f': put_number(js, v, kind, out); return true;
    case 'j':
    case 'o':
    case 'O': tsk_js_inspect(js, v, kind == 'O' ? 2 : 4, out); return true;
    case 'c': return true; /* styles are for browsers */
    default: return false;
    }
}

bool tsk_js_format_message(tsk_js *js, uint32_t count, const tsk_value *values, tsk_buf *out) {
    uint32_t used = 0;
    if (count > 1 && tsk_js_is_string(values[0])) {
        tsk_buf format;
        tsk_buf_init(&format, js->scratch);
        tsk_js_string_to_utf8(js, tsk_js_as_string(values[0]), &format, true);
        used = 1;
        for (size_t i = 0; i < format.len; i++) {
            char kind = format.ptr[i] == '%' && i + 1 < format.len ? format.ptr[i + 1] : 0;
            if (kind == '%') {
                tsk_buf_char(out, '%');
                i++;
            } else if (kind && used < count && put_directive(js, kind, values[used], out)) {
                used++;
                i++;
            } else {
                tsk_buf_char(out, format.ptr[i]);
            }
        }
        if (used < count) tsk_buf_char(out, ' ');
    }
    for (uint32_t i = used; i < count; i++) {
        if (i > used) tsk_buf_char(out, ' ');
        if (tsk_js_is_string(values[i]))
            tsk_js_string_to_utf8(js, tsk_js_as_string(values[i]), out, true);
        else
            tsk_js_inspect(js, values[i], 2, out);
    }
    return !tsk_js_has_exception(js);
}
