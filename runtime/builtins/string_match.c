/* String: match, replace, search and split.  Objects with the method of the well-known symbol, as regular expressions are,
 * do it themselves. */
#include "runtime/builtins/inner.h"
#include "runtime/builtins/string.h"

#include "runtime/builtins/regexp.h"

enum { PART_WORK = 4 };

static tsk_value string_or_thrown(const tsk_js_string *s) {
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

/* ---- to the pattern ---- */

/* 1: the argument has done it, told `this` and with count 2 the second argument, the result in *out; 0: it has no such method; -1: thrown. */
static int delegate(tsk_js *js, const tsk_js_args *a, const tsk_js_symbol *symbol, const char *name, uint32_t count,
                    tsk_value *out) {
    tsk_value pattern = tsk_js_arg(a, 0);
    if (tsk_js_is_nullish(a->this_value)) {
        tsk_js_throw_type(js, "String.prototype.%s called on null or undefined", name);
        return -1;
    }
    if (tsk_js_is_nullish(pattern)) return 0;
    /* Of the primitives none has one unless a program put it on a prototype. */
    tsk_value method = tsk_js_get_value(js, pattern, tsk_js_key_symbol(symbol));
    if (tsk_js_is_thrown(method)) return -1;
    if (tsk_js_is_nullish(method)) return 0;
    tsk_value args[] = {a->this_value, tsk_js_arg(a, 1)};
    *out = tsk_js_call(js, method, pattern, count, args);
    return tsk_js_is_thrown(*out) ? -1 : 1;
}

/* The flags of a regular expression must have g: matchAll and replaceAll. */
static bool check_global(tsk_js *js, tsk_value pattern, const char *name) {
    if (!tsk_js_is_object(pattern)) return true;
    tsk_js_object *o = tsk_js_as_object(pattern);
    tsk_value matcher = tsk_js_get(js, o, tsk_js_key_symbol(tsk_js_symbols.match));
    if (tsk_js_is_thrown(matcher)) return false;
    bool regexp = tsk_js_is_undefined(matcher) ? tsk_js_is_class(pattern, TSK_JS_REGEXP) : tsk_js_to_boolean(matcher);
    if (!regexp) return true;
    tsk_value flags = tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.flags));
    if (tsk_js_is_thrown(flags)) return false;
    if (tsk_js_is_nullish(flags)) {
        tsk_js_throw_type(js, "String.prototype.%s called with a non-global RegExp argument", name);
        return false;
    }
    tsk_js_string *text = tsk_js_to_string(js, flags);
    if (!text) return false;
    if (tsk_js_string_index(js, text, tsk_js_char_string(js, 'g'), 0) >= 0) return true;
    tsk_js_throw_type(js, "String.prototype.%s called with a non-global RegExp argument", name);
    return false;
}

/* A regular expression of the argument, asked by its method. */
static tsk_value by_regexp(tsk_js *js, const tsk_js_args *a, const tsk_js_symbol *symbol, const char *flags) {
    tsk_js_string *s = tsk_js_to_string(js, a->this_value), *source = s ? tsk_js_atoms.empty : NULL;
    if (s && !tsk_js_is_undefined(tsk_js_arg(a, 0))) source = tsk_js_to_string(js, a->values[0]);
    tsk_js_object *re = source ? tsk_js_regexp_new(js, source, tsk_js_string_cstr(js, flags)) : NULL;
    tsk_value argument = tsk_js_from_string(s);
    return re ? tsk_js_invoke(js, tsk_js_from_object(re), tsk_js_key_symbol(symbol), 1, &argument) : TSK_JS_THROWN;
}

tsk_value tsk_js_string_match_method(tsk_js *js, const tsk_js_args *a) {
    tsk_value result;
    int done = delegate(js, a, tsk_js_symbols.match, "match", 1, &result);
    if (done) return done > 0 ? result : TSK_JS_THROWN;
    return by_regexp(js, a, tsk_js_symbols.match, "");
}

tsk_value tsk_js_string_match_all_method(tsk_js *js, const tsk_js_args *a) {
    tsk_value result;
    if (!tsk_js_is_nullish(a->this_value) && !check_global(js, tsk_js_arg(a, 0), "matchAll")) return TSK_JS_THROWN;
    int done = delegate(js, a, tsk_js_symbols.matchAll, "matchAll", 1, &result);
    if (done) return done > 0 ? result : TSK_JS_THROWN;
    return by_regexp(js, a, tsk_js_symbols.matchAll, "g");
}

tsk_value tsk_js_string_search_method(tsk_js *js, const tsk_js_args *a) {
    tsk_value result;
    int done = delegate(js, a, tsk_js_symbols.search, "search", 1, &result);
    if (done) return done > 0 ? result : TSK_JS_THROWN;
    return by_regexp(js, a, tsk_js_symbols.search, "");
}

/* ---- replace ---- */

/* $1 to $99: the number of units it takes, 0 when it is none. */
static uint32_t capture_number(const tsk_js_string *t, uint32_t at, uint32_t count, uint32_t *number) {
    uint32_t digit[2] = {0, 0}, n = 0;
    for (; n < 2 && at + n < t->length; n++) {
        uint32_t unit = tsk_js_unit(t, at + n);
        if (unit < '0' || unit > '9') break;
        digit[n] = unit - '0';
    }
    if (n == 2 && digit[0] * 10 + digit[1] >= 1 && digit[0] * 10 + digit[1] <= count) {
        *number = digit[0] * 10 + digit[1];
        return 2;
    }
    *number = digit[0];
    return n && digit[0] >= 1 && digit[0] <= count;
}

static bool add_value(tsk_js *js, tsk_js_builder *out, tsk_value v) {
    if (tsk_js_is_undefined(v)) return true;
    tsk_js_string *s = tsk_js_to_string(js, v);
    if (s) tsk_js_builder_string(out, s);
    return s != NULL;
}

/* $<name>: units up to the `>`; 0: there is none.  UINT32_MAX: thrown. */
static uint32_t add_named(tsk_js *js, tsk_js_builder *out, tsk_js_string *t, uint32_t at, tsk_value groups) {
    if (!tsk_js_is_object(groups)) return 0;
    int64_t end = tsk_js_string_index(js, t, tsk_js_char_string(js, '>'), at);
    if (end < 0) return 0;
    tsk_js_string *name = tsk_js_substring(js, t, at + 1, (uint32_t)end);
    tsk_js_key key;
    if (!name || !tsk_js_to_key(js, tsk_js_from_string(name), &key)) return UINT32_MAX;
    tsk_value v = tsk_js_get(js, tsk_js_as_object(groups), key);
    if (tsk_js_is_thrown(v) || !add_value(js, out, v)) return UINT32_MAX;
    return (uint32_t)end + 1 - at;
}

bool tsk_js_substitute(tsk_js *js, tsk_js_builder *out, tsk_js_string *template, tsk_js_string *subject,
                       uint32_t position, tsk_js_string *matched, const tsk_value *captures, uint32_t count,
                       tsk_value groups) {
    tsk_js_string *t = tsk_js_flat(js, template), *dollar = tsk_js_char_string(js, '$');
    for (uint32_t i = 0; i < t->length;) {
        int64_t next = tsk_js_string_index(js, t, dollar, i);
        uint32_t at = next < 0 ? t->length : (uint32_t)next, number, used = 1;
        tsk_js_builder_slice(out, t, i, at);
        if (next < 0) break;
        uint32_t kind = at + 1 < t->length ? tsk_js_unit(t, at + 1) : 0;
        if (kind == '$') {
            tsk_js_builder_unit(out, '$');
        } else if (kind == '&') {
            tsk_js_builder_string(out, matched);
        } else if (kind == '`') {
            tsk_js_builder_slice(out, subject, 0, position);
        } else if (kind == '\'') {
            if ((uint64_t)position + matched->length < subject->length)
                tsk_js_builder_slice(out, subject, position + matched->length, subject->length);
        } else if ((used = capture_number(t, at + 1, count, &number))) {
            if (!add_value(js, out, captures[number - 1])) return false;
        } else if (kind == '<' && (used = add_named(js, out, t, at + 1, groups))) {
            if (used == UINT32_MAX) return false;
        } else {
            tsk_js_builder_unit(out, '$');
            used = 0;
        }
        i = at + 1 + used;
    }
    return true;
}

/* ---- replace (replace.js) ---- */

tsk_value tsk_js_inner_replacer(tsk_js *js, const tsk_js_args *a) {
    tsk_value pattern = a->values[1];
    bool all = tsk_as_bool(a->values[2]);
    const char *name = all ? "replaceAll" : "replace";
    if (tsk_js_is_nullish(a->values[0]))
        return tsk_js_throw_type(js, "String.prototype.%s called on null or undefined", name);
    if (all && !check_global(js, pattern, name)) return TSK_JS_THROWN;
    if (tsk_js_is_nullish(pattern)) return TSK_VALUE_UNDEFINED;
    tsk_value method = tsk_js_get_value(js, pattern, tsk_js_key_symbol(tsk_js_symbols.replace));
    return tsk_js_is_nullish(method) ? TSK_VALUE_UNDEFINED : method;
}

tsk_value tsk_js_inner_replace_text(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s = tsk_js_as_string(a->values[0]), *part = tsk_js_as_string(a->values[1]);
    bool all = tsk_as_bool(a->values[3]);
    tsk_js_string *with = tsk_js_to_string(js, a->values[2]);
    if (!with) return TSK_JS_THROWN;
    int64_t at = tsk_js_string_index(js, s, part, 0);
    if (at < 0) return tsk_js_from_string(s);
    tsk_js_builder out;
    tsk_js_builder_init(&out, js);
    uint32_t end = 0, step = part->length ? part->length : 1;
    while (at >= 0 && !out.failed) {
        tsk_js_builder_slice(&out, s, end, (uint32_t)at);
        if (!tsk_js_substitute(js, &out, with, s, (uint32_t)at, part, NULL, 0, TSK_VALUE_UNDEFINED))
            return TSK_JS_THROWN;
        end = (uint32_t)at + part->length;
        at = all && (uint64_t)at + step <= s->length ? tsk_js_string_index(js, s, part, (uint32_t)at + step) : -1;
    }
    if (end < s->length) tsk_js_builder_slice(&out, s, end, s->length);
    return string_or_thrown(tsk_js_builder_finish(&out));
}

tsk_value tsk_js_inner_index_of(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s = tsk_js_as_string(a->values[0]), *part = tsk_js_as_string(a->values[1]);
    return tsk_js_number((double)tsk_js_string_index(js, s, part, (uint32_t)tsk_as_i32(a->values[2])));
}

tsk_value tsk_js_inner_substring(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s = tsk_js_as_string(a->values[0]);
    uint32_t from = (uint32_t)tsk_as_i32(a->values[1]), to = (uint32_t)tsk_as_i32(a->values[2]);
    return from < to ? string_or_thrown(tsk_js_substring(js, s, from, to)) : tsk_js_from_string(tsk_js_atoms.empty);
}

tsk_value tsk_js_inner_concat(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_elements *parts = tsk_js_as_object(a->values[0])->elements;
    tsk_js_builder out;
    tsk_js_builder_init(&out, js);
    for (uint32_t i = 0; i < parts->length && !out.failed; i++)
        tsk_js_builder_string(&out, tsk_js_as_string(parts->items[i]));
    return string_or_thrown(tsk_js_builder_finish(&out));
}

/* ---- split ---- */

static bool push_part(tsk_js *js, tsk_js_array *to, tsk_js_string *s, uint32_t from, uint32_t end) {
    const tsk_js_string *part = tsk_js_worked(js, PART_WORK) ? tsk_js_substring(js, s, from, end) : NULL;
    return part && tsk_js_array_push(js, to, tsk_js_from_string(part));
}

/* Where `by` is next; -1: nowhere.  A separator is mostly one character. */
static int64_t separator(tsk_js *js, tsk_js_string *s, tsk_js_string *by, uint32_t from) {
    if (by->length > 1 || tsk_js_is_wide(s) || tsk_js_is_wide(by)) return tsk_js_string_index(js, s, by, from);
    const char *chars = s->chars;
    const char *at = from < s->length ? memchr(chars + from, *(const uint8_t *)by->chars, s->length - from) : NULL;
    return at ? at - chars : -1;
}

tsk_value tsk_js_string_split_method(tsk_js *js, const tsk_js_args *a) {
    tsk_value result;
    uint32_t limit = UINT32_MAX;
    int done = delegate(js, a, tsk_js_symbols.split, "split", 2, &result);
    if (done) return done > 0 ? result : TSK_JS_THROWN;
    tsk_js_string *s = tsk_js_to_string(js, a->this_value);
    if (!s || (!tsk_js_is_undefined(tsk_js_arg(a, 1)) && !tsk_js_to_uint32(js, a->values[1], &limit)))
        return TSK_JS_THROWN;
    tsk_js_string *by = tsk_js_to_string(js, tsk_js_arg(a, 0));
    tsk_js_array *parts = by ? tsk_js_array_make(js, 0, 8) : NULL;
    if (!parts) return TSK_JS_THROWN;
    bool whole = tsk_js_is_undefined(tsk_js_arg(a, 0));
    if (!limit) return tsk_js_from_object(parts);
    if (whole || (!s->length && by->length))
        return tsk_js_array_push(js, parts, tsk_js_from_string(s)) ? tsk_js_from_object(parts) : TSK_JS_THROWN;
    s = tsk_js_flat(js, s);
    by = tsk_js_flat(js, by);
    if (!by->length) {
        for (uint32_t i = 0; i < s->length && i < limit; i++)
            if (!push_part(js, parts, s, i, i + 1)) return TSK_JS_THROWN;
        return tsk_js_from_object(parts);
    }
    uint32_t from = 0;
    for (int64_t at; (at = separator(js, s, by, from)) >= 0; from = (uint32_t)at + by->length) {
        if (!push_part(js, parts, s, from, (uint32_t)at)) return TSK_JS_THROWN;
        if (parts->length == limit) return tsk_js_from_object(parts);
    }
    return push_part(js, parts, s, from, s->length) ? tsk_js_from_object(parts) : TSK_JS_THROWN;
}
