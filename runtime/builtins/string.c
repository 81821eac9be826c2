/* String: made, looked at, cut.  What takes patterns or changes case is in string_match.c and string_text.c. */
#include "runtime/builtins/string.h"

#include "runtime/js/collections.h"
#include "runtime/js/number_text.h"

#include <math.h>

static tsk_value string_or_thrown(const tsk_js_string *s) {
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

tsk_js_string *tsk_js_string_this(tsk_js *js, const tsk_js_args *a, const char *name) {
    if (TSK_LIKELY(tsk_js_is_string(a->this_value))) return tsk_js_as_string(a->this_value);
    if (!tsk_js_is_nullish(a->this_value)) return tsk_js_to_string(js, a->this_value);
    tsk_js_throw_type(js, "String.prototype.%s called on null or undefined", name);
    return NULL;
}

/* ---- String ---- */

static tsk_value construct(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s = tsk_js_atoms.empty;
    bool plain = tsk_js_is_undefined(a->new_target);
    if (a->count && plain && tsk_js_is_symbol(a->values[0])) {
        tsk_js_string *name = tsk_js_atoms.toString;
        return tsk_js_invoke(js, a->values[0], tsk_js_key_atom(name), 0, NULL);
    }
    if (a->count && !(s = tsk_js_to_string(js, a->values[0]))) return TSK_JS_THROWN;
    if (plain) return tsk_js_from_string(s);
    tsk_js_object *proto = tsk_js_proto_for(js, a->new_target, TSK_JS_I_StringPrototype);
    tsk_js_wrapper *o = proto ? tsk_js_object_of_class(js, TSK_JS_STRING_OBJECT, sizeof *o, proto) : NULL;
    if (!o) return TSK_JS_THROWN;
    o->object.cell.flags |= TSK_JS_EXOTIC;
    TSK_HEAP_STORE(js->heap, o, value, tsk_js_from_string(s));
    return tsk_js_from_object(o);
}

tsk_value tsk_js_string_from_char_code(tsk_js *js, const tsk_js_args *a) {
    uint32_t unit;
    if (a->count == 1) {
        if (!tsk_js_to_uint32(js, a->values[0], &unit)) return TSK_JS_THROWN;
        return string_or_thrown(tsk_js_char_string(js, unit & 0xFFFF));
    }
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    for (uint32_t i = 0; i < a->count; i++) {
        if (!tsk_js_to_uint32(js, a->values[i], &unit)) return TSK_JS_THROWN;
        tsk_js_builder_unit(&text, unit & 0xFFFF);
    }
    return string_or_thrown(tsk_js_builder_finish(&text));
}

static void add_code_point(tsk_js_builder *text, uint32_t code) {
    if (code > 0xFFFF) {
        tsk_js_builder_unit(text, 0xD7C0 + (code >> 10));
        code = 0xDC00 | (code & 0x3FF);
    }
    tsk_js_builder_unit(text, code);
}

static tsk_value from_code_point(tsk_js *js, const tsk_js_args *a) {
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    for (uint32_t i = 0; i < a->count; i++) {
        double d;
        if (!tsk_js_to_number(js, a->values[i], &d)) return TSK_JS_THROWN;
        if (!(d >= 0 && d <= 0x10FFFF && d == trunc(d)))
            return tsk_js_throw_range(js, "Invalid code point %s", tsk_js_describe(js, a->values[i]));
        add_code_point(&text, (uint32_t)d);
    }
    return string_or_thrown(tsk_js_builder_finish(&text));
}

static tsk_value raw(tsk_js *js, const tsk_js_args *a) {
    uint64_t length;
    tsk_js_object *cooked = tsk_js_to_object(js, tsk_js_arg(a, 0));
    tsk_value v = cooked ? tsk_js_get(js, cooked, tsk_js_key_atom(tsk_js_atoms.raw)) : TSK_JS_THROWN;
    tsk_js_object *literals = tsk_js_is_thrown(v) ? NULL : tsk_js_to_object(js, v);
    if (!literals || !tsk_js_length_of(js, literals, &length)) return TSK_JS_THROWN;
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    for (uint64_t i = 0; i < length; i++) {
        tsk_value part = tsk_js_get_index(js, literals, i);
        tsk_js_string *s = tsk_js_is_thrown(part) ? NULL : tsk_js_to_string(js, part);
        if (!s) return TSK_JS_THROWN;
        tsk_js_builder_string(&text, s);
        if (i + 1 == length || i + 1 >= a->count) continue;
        if (!(s = tsk_js_to_string(js, a->values[i + 1]))) return TSK_JS_THROWN;
        tsk_js_builder_string(&text, s);
    }
    return string_or_thrown(tsk_js_builder_finish(&text));
}

/* ---- units ---- */

static uint32_t code_point(const tsk_js_string *s, uint32_t i) {
    uint32_t unit = tsk_js_unit(s, i);
    if (unit >> 10 != 0x36 || i + 1 >= s->length) return unit;
    uint32_t low = tsk_js_unit(s, i + 1);
    return low >> 10 == 0x37 ? 0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF)) : unit;
}

tsk_value tsk_js_string_unit_at(tsk_js *js, const tsk_js_args *a) {
    static const char *const names[] = {"at", "charAt", "charCodeAt", "codePointAt"};
    uint16_t what = tsk_js_callee_data(a);
    double d;
    tsk_js_string *s = tsk_js_string_this(js, a, names[what]);
    if (!s || !tsk_js_to_integer(js, tsk_js_arg(a, 0), &d)) return TSK_JS_THROWN;
    if (what == TSK_JS_AT && d < 0) d += s->length;
    if (d < 0 || d >= s->length) {
        if (what == TSK_JS_CHAR_AT) return tsk_js_from_string(tsk_js_atoms.empty);
        return what == TSK_JS_CHAR_CODE_AT ? tsk_from_double(NAN) : TSK_VALUE_UNDEFINED;
    }
    s = tsk_js_flat(js, s);
    uint32_t i = (uint32_t)d;
    if (what == TSK_JS_CHAR_CODE_AT) return tsk_from_i32((int32_t)tsk_js_unit(s, i));
    if (what == TSK_JS_CODE_POINT_AT) return tsk_from_i32((int32_t)code_point(s, i));
    return string_or_thrown(tsk_js_char_string(js, tsk_js_unit(s, i)));
}

/* ---- searching ---- */

/* The argument as text, which must be no regular expression.  NULL: thrown. */
static tsk_js_string *search_text(tsk_js *js, const tsk_js_args *a, const char *name) {
    tsk_value v = tsk_js_arg(a, 0);
    if (tsk_js_is_object(v)) {
        tsk_value matcher = tsk_js_get(js, tsk_js_as_object(v), tsk_js_key_symbol(tsk_js_symbols.match));
        if (tsk_js_is_thrown(matcher)) return NULL;
        bool regexp = tsk_js_is_undefined(matcher) ? tsk_js_is_class(v, TSK_JS_REGEXP) : tsk_js_to_boolean(matcher);
        if (regexp) {
            tsk_js_throw_type(js, "First argument to String.prototype.%s must not be a regular expression", name);
            return NULL;
        }
    }
    return tsk_js_to_string(js, v);
}

/* A position within the text. */
static bool position(tsk_js *js, tsk_value v, uint32_t length, uint32_t otherwise, uint32_t *out) {
    double d;
    *out = otherwise;
    if (tsk_js_is_undefined(v)) return true;
    if (!tsk_js_to_integer(js, v, &d)) return false;
    *out = d <= 0 ? 0 : d >= length ? length : (uint32_t)d;
    return true;
}

enum { ENDS_WITH, INCLUDES, STARTS_WITH };

static tsk_value has(tsk_js *js, const tsk_js_args *a) {
    static const char *const names[] = {"endsWith", "includes", "startsWith"};
    uint16_t what = tsk_js_callee_data(a);
    uint32_t at;
    tsk_js_string *s = tsk_js_string_this(js, a, names[what]);
    tsk_js_string *part = s ? search_text(js, a, names[what]) : NULL;
    if (!part || !position(js, tsk_js_arg(a, 1), s->length, what == ENDS_WITH ? s->length : 0, &at))
        return TSK_JS_THROWN;
    if (what == INCLUDES) return tsk_from_bool(tsk_js_string_index(js, s, part, at) >= 0);
    if (what == ENDS_WITH) {
        if (part->length > at) return TSK_VALUE_FALSE;
        at -= part->length;
    }
    if (part->length > s->length - at) return TSK_VALUE_FALSE;
    tsk_js_string *same = tsk_js_substring(js, s, at, at + part->length);
    return same ? tsk_from_bool(tsk_js_string_equal(js, same, part)) : TSK_JS_THROWN;
}

static tsk_value index_of(tsk_js *js, const tsk_js_args *a) {
    uint32_t at;
    tsk_js_string *s = tsk_js_string_this(js, a, "indexOf");
    tsk_js_string *part = s ? tsk_js_to_string(js, tsk_js_arg(a, 0)) : NULL;
    if (!part || !position(js, tsk_js_arg(a, 1), s->length, 0, &at)) return TSK_JS_THROWN;
    return tsk_js_number((double)tsk_js_string_index(js, s, part, at));
}

static tsk_value last_index_of(tsk_js *js, const tsk_js_args *a) {
    double d;
    tsk_js_string *s = tsk_js_string_this(js, a, "lastIndexOf");
    tsk_js_string *part = s ? tsk_js_to_string(js, tsk_js_arg(a, 0)) : NULL;
    if (!part || !tsk_js_to_number(js, tsk_js_arg(a, 1), &d)) return TSK_JS_THROWN;
    uint32_t at = isnan(d) || d >= s->length ? s->length : d <= 0 ? 0 : (uint32_t)d;
    return tsk_js_number((double)tsk_js_string_last_index(js, s, part, at));
}

/* ---- parts ---- */

static tsk_value slice(tsk_js *js, const tsk_js_args *a) {
    double from, to;
    tsk_js_string *s = tsk_js_string_this(js, a, "slice");
    if (!s || !tsk_js_to_integer(js, tsk_js_arg(a, 0), &from)) return TSK_JS_THROWN;
    to = s->length;
    if (!tsk_js_is_undefined(tsk_js_arg(a, 1)) && !tsk_js_to_integer(js, a->values[1], &to)) return TSK_JS_THROWN;
    from = from < 0 ? fmax(from + s->length, 0) : fmin(from, s->length);
    to = to < 0 ? fmax(to + s->length, 0) : fmin(to, s->length);
    if (from >= to) return tsk_js_from_string(tsk_js_atoms.empty);
    return string_or_thrown(tsk_js_substring(js, s, (uint32_t)from, (uint32_t)to));
}

static tsk_value substring(tsk_js *js, const tsk_js_args *a) {
    uint32_t from, to;
    tsk_js_string *s = tsk_js_string_this(js, a, "substring");
    if (!s || !position(js, tsk_js_arg(a, 0), s->length, 0, &from) ||
        !position(js, tsk_js_arg(a, 1), s->length, s->length, &to))
        return TSK_JS_THROWN;
    return string_or_thrown(from < to ? tsk_js_substring(js, s, from, to) : tsk_js_substring(js, s, to, from));
}

static tsk_value substr(tsk_js *js, const tsk_js_args *a) {
    double from, count;
    tsk_js_string *s = tsk_js_string_this(js, a, "substr");
    if (!s || !tsk_js_to_integer(js, tsk_js_arg(a, 0), &from)) return TSK_JS_THROWN;
    from = from < 0 ? fmax(from + s->length, 0) : fmin(from, s->length);
    count = s->length;
    if (!tsk_js_is_undefined(tsk_js_arg(a, 1)) && !tsk_js_to_integer(js, a->values[1], &count)) return TSK_JS_THROWN;
    double to = fmin(from + fmax(count, 0), s->length);
    return string_or_thrown(tsk_js_substring(js, s, (uint32_t)from, (uint32_t)to));
}

static tsk_value concat(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s = tsk_js_string_this(js, a, "concat");
    for (uint32_t i = 0; s && i < a->count; i++) {
        tsk_js_string *next = tsk_js_to_string(js, a->values[i]);
        s = next ? tsk_js_concat(js, s, next) : NULL;
    }
    return string_or_thrown(s);
}

static tsk_value repeat(tsk_js *js, const tsk_js_args *a) {
    double count;
    tsk_js_string *s = tsk_js_string_this(js, a, "repeat");
    if (!s || !tsk_js_to_integer(js, tsk_js_arg(a, 0), &count)) return TSK_JS_THROWN;
    if (count < 0 || isinf(count))
        return tsk_js_throw_range(js, "Invalid count value: %s", tsk_js_describe(js, tsk_js_arg(a, 0)));
    if (!s->length || count == 0) return tsk_js_from_string(tsk_js_atoms.empty);
    if (count * s->length > TSK_JS_MAX_LENGTH) return tsk_js_throw_range(js, "Invalid string length");
    /* By doubling: ropes share their halves. */
    tsk_js_string *result = tsk_js_atoms.empty;
    for (uint32_t n = (uint32_t)count; n && result; n >>= 1) {
        if (n & 1) result = tsk_js_concat(js, result, s);
        if (n > 1 && !(s = tsk_js_concat(js, s, s))) return TSK_JS_THROWN;
    }
    return string_or_thrown(result);
}

static tsk_value pad(tsk_js *js, const tsk_js_args *a) {
    bool at_start = tsk_js_callee_data(a);
    uint64_t want;
    tsk_js_string *s = tsk_js_string_this(js, a, at_start ? "padStart" : "padEnd");
    if (!s || !tsk_js_to_length(js, tsk_js_arg(a, 0), &want)) return TSK_JS_THROWN;
    if (want <= s->length) return tsk_js_from_string(s);
    tsk_js_string *with = tsk_js_is_undefined(tsk_js_arg(a, 1)) ? tsk_js_char_string(js, ' ')
                                                                : tsk_js_to_string(js, a->values[1]);
    if (!with) return TSK_JS_THROWN;
    if (!with->length) return tsk_js_from_string(s);
    if (want > TSK_JS_MAX_LENGTH) return tsk_js_throw_range(js, "Invalid string length");
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    uint32_t missing = (uint32_t)want - s->length;
    if (!at_start) tsk_js_builder_string(&text, s);
    for (; missing >= with->length && !text.failed; missing -= with->length) tsk_js_builder_string(&text, with);
    tsk_js_builder_slice(&text, with, 0, missing);
    if (at_start) tsk_js_builder_string(&text, s);
    return string_or_thrown(tsk_js_builder_finish(&text));
}

enum { TRIM_START = 1, TRIM_END = 2 };

static tsk_value trim(tsk_js *js, const tsk_js_args *a) {
    static const char *const names[] = {"", "trimStart", "trimEnd", "trim"};
    uint16_t what = tsk_js_callee_data(a);
    tsk_js_string *s = tsk_js_string_this(js, a, names[what]);
    if (!s) return TSK_JS_THROWN;
    s = tsk_js_flat(js, s);
    uint32_t from = 0, to = s->length;
    for (; what & TRIM_START && from < to && tsk_js_is_space(tsk_js_unit(s, from)); from++)
        if (!tsk_js_worked(js, 1)) return TSK_JS_THROWN;
    for (; what & TRIM_END && from < to && tsk_js_is_space(tsk_js_unit(s, to - 1)); to--)
        if (!tsk_js_worked(js, 1)) return TSK_JS_THROWN;
    return string_or_thrown(tsk_js_substring(js, s, from, to));
}

static tsk_value value_of(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = a->this_value;
    if (tsk_js_is_class(v, TSK_JS_STRING_OBJECT)) v = ((tsk_js_wrapper *)(void *)tsk_js_as_object(v))->value;
    if (tsk_js_is_string(v)) return v;
    return tsk_js_throw_type(js, "String.prototype.%s requires that 'this' be a String",
                             tsk_js_callee_data(a) ? "toString" : "valueOf");
}

/* ---- iterator ---- */

static tsk_value iterator(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s = tsk_js_string_this(js, a, "[Symbol.iterator]");
    tsk_js_object *proto = s ? tsk_js_intrinsic_get(js, TSK_JS_I_StringIteratorPrototype) : NULL;
    tsk_js_iterator *it = proto ? tsk_js_object_of_class(js, TSK_JS_ITERATOR, sizeof *it, proto) : NULL;
    if (!it) return TSK_JS_THROWN;
    it->extra = TSK_VALUE_UNDEFINED;
    it->type = TSK_JS_I_StringIteratorPrototype;
    TSK_HEAP_STORE(js->heap, it, target, tsk_js_from_string(s));
    return tsk_js_from_object(it);
}

tsk_value tsk_js_string_step(tsk_js *js, tsk_js_iterator *it) {
    tsk_js_string *s = tsk_js_flat(js, tsk_js_as_string(it->target));
    if (it->position >= s->length) {
        it->target = TSK_VALUE_UNDEFINED;
        return TSK_JS_HOLE;
    }
    uint32_t from = it->position;
    it->position = (uint32_t)tsk_js_advance(s, from, true);
    const tsk_js_string *part = tsk_js_substring(js, s, from, it->position);
    return part ? tsk_js_from_string(part) : TSK_JS_THROWN;
}

/* ---- Annex B: "x".bold() ---- */

static const char *const tags[][2] = {{"a", "name"},     {"big", ""},      {"blink", ""}, {"b", ""},     {"tt", ""},
                                      {"font", "color"}, {"font", "size"}, {"i", ""},     {"a", "href"}, {"small", ""},
                                      {"strike", ""},    {"sub", ""},      {"sup", ""}};

static tsk_value tag(tsk_js *js, const tsk_js_args *a) {
    const char *const *name = tags[tsk_js_callee_data(a)];
    tsk_js_string *s = tsk_js_string_this(js, a, name[0]);
    tsk_js_string *value = s && *name[1] ? tsk_js_to_string(js, tsk_js_arg(a, 0)) : tsk_js_atoms.empty;
    if (!s || !value) return TSK_JS_THROWN;
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    tsk_js_builder_unit(&text, '<');
    tsk_js_builder_ascii(&text, name[0], strlen(name[0]));
    if (*name[1]) {
        tsk_js_builder_unit(&text, ' ');
        tsk_js_builder_ascii(&text, name[1], strlen(name[1]));
        tsk_js_builder_ascii(&text, "=\"", 2);
        value = tsk_js_flat(js, value);
        for (uint32_t i = 0; i < value->length && !text.failed; i++) {
            if (tsk_js_unit(value, i) == '"')
                tsk_js_builder_ascii(&text, "&quot;", 6);
            else
                tsk_js_builder_unit(&text, tsk_js_unit(value, i));
        }
        tsk_js_builder_unit(&text, '"');
    }
    tsk_js_builder_unit(&text, '>');
    tsk_js_builder_string(&text, s);
    tsk_js_builder_ascii(&text, "</", 2);
    tsk_js_builder_ascii(&text, name[0], strlen(name[0]));
    tsk_js_builder_unit(&text, '>');
    return string_or_thrown(tsk_js_builder_finish(&text));
}

/* ---- tables ---- */

static const tsk_js_member constructor[] = {
    TSK_JS_OBJECT_OF("prototype", StringPrototype, 0),
    TSK_JS_METHOD("fromCharCode", tsk_js_string_from_char_code, 1),
    TSK_JS_METHOD("fromCodePoint", from_code_point, 1),
    TSK_JS_METHOD("raw", raw, 1),
};

#define OWN(name, method, length, data) TSK_JS_METHOD_WITH(name, tsk_js_string_##method##_method, length, data)

static const tsk_js_member prototype[] = {
    TSK_JS_OBJECT_OF("constructor", String, TSK_JS_HIDDEN),
    TSK_JS_METHOD_WITH("anchor", tag, 1, 0),
    TSK_JS_METHOD_WITH("at", tsk_js_string_unit_at, 1, TSK_JS_AT),
    TSK_JS_METHOD_WITH("big", tag, 0, 1),
    TSK_JS_METHOD_WITH("blink", tag, 0, 2),
    TSK_JS_METHOD_WITH("bold", tag, 0, 3),
    TSK_JS_METHOD_WITH("charAt", tsk_js_string_unit_at, 1, TSK_JS_CHAR_AT),
    TSK_JS_METHOD_WITH("charCodeAt", tsk_js_string_unit_at, 1, TSK_JS_CHAR_CODE_AT),
    TSK_JS_METHOD_WITH("codePointAt", tsk_js_string_unit_at, 1, TSK_JS_CODE_POINT_AT),
    TSK_JS_METHOD("concat", concat, 1),
    TSK_JS_METHOD_WITH("endsWith", has, 1, ENDS_WITH),
    TSK_JS_METHOD_WITH("fontcolor", tag, 1, 5),
    TSK_JS_METHOD_WITH("fontsize", tag, 1, 6),
    TSK_JS_METHOD_WITH("fixed", tag, 0, 4),
    TSK_JS_METHOD_WITH("includes", has, 1, INCLUDES),
    TSK_JS_METHOD("indexOf", index_of, 1),
    OWN("isWellFormed", well_formed, 0, false),
    TSK_JS_METHOD_WITH("italics", tag, 0, 7),
    TSK_JS_METHOD("lastIndexOf", last_index_of, 1),
    TSK_JS_METHOD_WITH("link", tag, 1, 8),
    OWN("localeCompare", locale_compare, 1, 0),
    OWN("match", match, 1, 0),
    OWN("matchAll", match_all, 1, 0),
    OWN("normalize", normalize, 0, 0),
    TSK_JS_METHOD_WITH("padEnd", pad, 1, false),
    TSK_JS_METHOD_WITH("padStart", pad, 1, true),
    TSK_JS_METHOD("repeat", repeat, 1),
    TSK_JS_LIBRARY_METHOD("replace", "String_replace", 2),
    TSK_JS_LIBRARY_METHOD("replaceAll", "String_replaceAll", 2),
    OWN("search", search, 1, 0),
    TSK_JS_METHOD("slice", slice, 2),
    TSK_JS_METHOD_WITH("small", tag, 0, 9),
    OWN("split", split, 2, 0),
    TSK_JS_METHOD_WITH("strike", tag, 0, 10),
    TSK_JS_METHOD_WITH("sub", tag, 0, 11),
    TSK_JS_METHOD("substr", substr, 2),
    TSK_JS_METHOD("substring", substring, 2),
    TSK_JS_METHOD_WITH("sup", tag, 0, 12),
    TSK_JS_METHOD_WITH("startsWith", has, 1, STARTS_WITH),
    TSK_JS_METHOD_WITH("toString", value_of, 0, true),
    OWN("toWellFormed", well_formed, 0, true),
    TSK_JS_METHOD_WITH("trim", trim, 0, TRIM_START | TRIM_END),
    TSK_JS_OBJECT_OF("trimStart", StringProtoTrimStart, TSK_JS_HIDDEN),
    TSK_JS_OBJECT_OF("trimLeft", StringProtoTrimStart, TSK_JS_HIDDEN),
    TSK_JS_OBJECT_OF("trimEnd", StringProtoTrimEnd, TSK_JS_HIDDEN),
    TSK_JS_OBJECT_OF("trimRight", StringProtoTrimEnd, TSK_JS_HIDDEN),
    OWN("toLocaleLowerCase", change_case, 0, false),
    OWN("toLocaleUpperCase", change_case, 0, true),
    OWN("toLowerCase", change_case, 0, false),
    OWN("toUpperCase", change_case, 0, true),
    TSK_JS_METHOD_WITH("valueOf", value_of, 0, false),
    TSK_JS_METHOD("@@iterator", iterator, 0),
};

static const tsk_js_member iterator_prototype[] = {
    TSK_JS_METHOD_WITH("next", tsk_js_iterator_next, 0, TSK_JS_I_StringIteratorPrototype),
    TSK_JS_TEXT_OF("@@toStringTag", "String Iterator", TSK_JS_CONFIGURABLE)};

const tsk_js_intrinsic_spec tsk_js_library_string[] = {
    {.which = TSK_JS_I_StringPrototype,
     .proto = TSK_JS_I_ObjectPrototype,
     .cls = TSK_JS_STRING_OBJECT,
     .members = prototype,
     .count = TSK_COUNT_OF(prototype)},
    {.which = TSK_JS_I_String,
     .proto = TSK_JS_I_FunctionPrototype,
     .cls = TSK_JS_NATIVE,
     .fn = {"String", construct, 1, TSK_JS_CONSTRUCTOR, 0},
     .members = constructor,
     .count = TSK_COUNT_OF(constructor)},
    {.which = TSK_JS_I_StringIteratorPrototype,
     .proto = TSK_JS_I_IteratorPrototype,
     .members = iterator_prototype,
     .count = TSK_COUNT_OF(iterator_prototype)},
    TSK_JS_SHARED_FUNCTION(StringProtoTrimStart, "trimStart", trim, 0, TRIM_START),
    TSK_JS_SHARED_FUNCTION(StringProtoTrimEnd, "trimEnd", trim, 0, TRIM_END),
    {.which = TSK_JS_INTRINSICS}};
