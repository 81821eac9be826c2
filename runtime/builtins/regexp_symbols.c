/* RegExp: what match, matchAll, replace, search and split of String ask of a pattern.
 *
 * As the specification says, with calls of exec; for expressions that nobody has changed matches are taken from the
 * machine directly, and no arrays are made of them. */
#include "runtime/builtins/inner.h"
#include "runtime/builtins/regexp.h"

#include "runtime/builtins/string.h"
#include "runtime/js/collections.h"

#include <math.h>

static tsk_value object_or_thrown(const void *o) {
    return o ? tsk_js_from_object(o) : TSK_JS_THROWN;
}

/* `this` and the text; NULL: thrown. */
static tsk_js_object *begin(tsk_js *js, const tsk_js_args *a, const char *name, tsk_js_string **s) {
    if (!tsk_js_is_object(a->this_value)) {
        tsk_js_throw_type(js, "RegExp.prototype.%s called on incompatible receiver %s", name,
                          tsk_js_describe(js, a->this_value));
        return NULL;
    }
    *s = tsk_js_to_string(js, tsk_js_arg(a, 0));
    if (!*s) return NULL;
    *s = tsk_js_flat(js, *s);
    return tsk_js_as_object(a->this_value);
}

static tsk_js_string *flags_of(tsk_js *js, tsk_js_object *o) {
    tsk_value v = tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.flags));
    return tsk_js_is_thrown(v) ? NULL : tsk_js_to_string(js, v);
}

static bool has_flag(tsk_js *js, tsk_js_string *flags, char letter) {
    return tsk_js_string_index(js, flags, tsk_js_char_string(js, (unsigned char)letter), 0) >= 0;
}

static bool is_full_unicode(tsk_js *js, tsk_js_string *flags) {
    return has_flag(js, flags, 'u') || has_flag(js, flags, 'v');
}

/* After an empty match: one further, so the next is another. */
static bool step_over(tsk_js *js, tsk_js_object *o, tsk_js_string *s, bool unicode) {
    uint64_t i;
    return tsk_js_regexp_last_index(js, o, &i) && tsk_js_regexp_put_last_index(js, o, tsk_js_advance(s, i, unicode));
}

/* Item 0 of a match as text; NULL: thrown. */
static tsk_js_string *matched_text(tsk_js *js, tsk_value match) {
    tsk_value v = tsk_js_get_index(js, tsk_js_as_object(match), 0);
    return tsk_js_is_thrown(v) ? NULL : tsk_js_to_string(js, v);
}

/* ---- match ---- */

static tsk_value match_all_pristine(tsk_js *js, tsk_js_regexp *re, tsk_js_string *s) {
    const tsk_re_program *program = tsk_js_regexp_program(js, re);
    tsk_js_array *result = program ? tsk_js_array_make(js, 0, 8) : NULL;
    if (!result) return TSK_JS_THROWN;
    uint32_t captures[2 * tsk_re_group_count(program)];
    bool unicode = re->bits & (TSK_RE_UNICODE | TSK_RE_UNICODE_SETS);
    for (uint64_t at = 0; at <= s->length;) {
        int found = tsk_js_regexp_run(js, program, s, (uint32_t)at, captures);
        if (found < 0) return TSK_JS_THROWN;
        if (!found) break;
        const tsk_js_string *part = tsk_js_substring(js, s, captures[0], captures[1]);
        if (!part || !tsk_js_array_push(js, result, tsk_js_from_string(part))) return TSK_JS_THROWN;
        at = captures[1] > captures[0] ? captures[1] : tsk_js_advance(s, captures[1], unicode);
    }
    if (!tsk_js_regexp_put_last_index(js, &re->object, 0)) return TSK_JS_THROWN;
    return result->length ? tsk_js_from_object(result) : TSK_VALUE_NULL;
}

tsk_value tsk_js_regexp_match_method(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s;
    tsk_js_object *o = begin(js, a, "@@match", &s);
    if (!o) return TSK_JS_THROWN;
    tsk_js_regexp *re = tsk_js_as_regexp(a->this_value);
    if (re && re->bits & TSK_RE_GLOBAL && tsk_js_regexp_is_pristine(js, o)) return match_all_pristine(js, re, s);
    tsk_js_string *flags = flags_of(js, o);
    if (!flags) return TSK_JS_THROWN;
    if (!has_flag(js, flags, 'g')) return tsk_js_regexp_exec(js, o, s);
    bool unicode = is_full_unicode(js, flags);
    tsk_js_array *result = tsk_js_array_make(js, 0, 8);
    if (!result || !tsk_js_regexp_put_last_index(js, o, 0)) return TSK_JS_THROWN;
    for (;;) {
        tsk_value match = tsk_js_regexp_exec(js, o, s);
        if (tsk_js_is_thrown(match)) return match;
        if (!tsk_js_is_object(match)) return result->length ? tsk_js_from_object(result) : TSK_VALUE_NULL;
        const tsk_js_string *text = matched_text(js, match);
        if (!text || !tsk_js_array_push(js, result, tsk_js_from_string(text))) return TSK_JS_THROWN;
        if (!text->length && !step_over(js, o, s, unicode)) return TSK_JS_THROWN;
    }
}

/* ---- matchAll ---- */

static tsk_value species_of(tsk_js *js, tsk_js_object *o) {
    tsk_js_object *otherwise = tsk_js_intrinsic_get(js, TSK_JS_I_RegExp);
    tsk_value c = otherwise ? tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.constructor)) : TSK_JS_THROWN;
    if (tsk_js_is_thrown(c)) return c;
    if (tsk_js_is_undefined(c)) return tsk_js_from_object(otherwise);
    if (!tsk_js_is_object(c)) return tsk_js_throw_type(js, "The .constructor property is not an object");
    tsk_value s = tsk_js_get(js, tsk_js_as_object(c), tsk_js_key_symbol(tsk_js_symbols.species));
    if (tsk_js_is_thrown(s)) return s;
    if (tsk_js_is_nullish(s)) return tsk_js_from_object(otherwise);
    return tsk_js_is_constructor(s) ? s
                                    : tsk_js_throw_type(js, "object.constructor[Symbol.species] is not a constructor");
}

enum { IS_GLOBAL = 1, IS_UNICODE = 2 };

tsk_value tsk_js_regexp_match_all_method(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s;
    uint64_t index;
    tsk_js_object *o = begin(js, a, "@@matchAll", &s);
    tsk_js_string *flags = NULL;
    if (!o) return TSK_JS_THROWN;
    tsk_value c = species_of(js, o);
    if (tsk_js_is_thrown(c) || !(flags = flags_of(js, o))) return TSK_JS_THROWN;
    tsk_value args[] = {tsk_js_from_object(o), tsk_js_from_string(flags)};
    tsk_value made = tsk_js_construct(js, c, c, 2, args);
    if (tsk_js_is_thrown(made) || !tsk_js_regexp_last_index(js, o, &index) ||
        !tsk_js_regexp_put_last_index(js, tsk_js_as_object(made), index))
        return TSK_JS_THROWN;
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_RegExpStringIteratorPrototype);
    tsk_js_iterator *it = proto ? tsk_js_object_of_class(js, TSK_JS_ITERATOR, sizeof *it, proto) : NULL;
    if (!it) return TSK_JS_THROWN;
    it->target = made;
    it->extra = tsk_js_from_string(s);
    it->what = (uint8_t)((has_flag(js, flags, 'g') ? IS_GLOBAL : 0) | (is_full_unicode(js, flags) ? IS_UNICODE : 0));
    it->type = TSK_JS_I_RegExpStringIteratorPrototype;
    tsk_heap_wrote(js->heap, it);
    return tsk_js_from_object(it);
}

tsk_value tsk_js_regexp_next_method(tsk_js *js, const tsk_js_args *a) {
    tsk_js_iterator *it = tsk_js_is_class(a->this_value, TSK_JS_ITERATOR)
                              ? (tsk_js_iterator *)(void *)tsk_js_as_object(a->this_value)
                              : NULL;
    if (!it || it->type != TSK_JS_I_RegExpStringIteratorPrototype)
        return tsk_js_throw_type(js, "next method called on incompatible receiver %s",
                                 tsk_js_describe(js, a->this_value));
    if (tsk_js_is_undefined(it->target)) return tsk_js_iterator_result(js, TSK_VALUE_UNDEFINED, true);
    tsk_js_object *o = tsk_js_as_object(it->target);
    tsk_js_string *s = tsk_js_flat(js, tsk_js_as_string(it->extra));
    tsk_value match = tsk_js_regexp_exec(js, o, s);
    if (tsk_js_is_thrown(match)) return match;
    bool last = !tsk_js_is_object(match) || !(it->what & IS_GLOBAL);
    if (last) it->target = TSK_VALUE_UNDEFINED;
    if (!tsk_js_is_object(match)) return tsk_js_iterator_result(js, TSK_VALUE_UNDEFINED, true);
    if (!last) {
        const tsk_js_string *text = matched_text(js, match);
        if (!text || (!text->length && !step_over(js, o, s, it->what & IS_UNICODE))) return TSK_JS_THROWN;
    }
    return tsk_js_iterator_result(js, match, false);
}

/* ---- replace ---- */

/* What stands for a match: the template filled in.  `captures` has the match first. */
static bool add_replacement(tsk_js *js, tsk_js_builder *out, tsk_value with, tsk_js_string *s, uint32_t at,
                            const tsk_js_array *captures, tsk_value groups) {
    const tsk_value *items = captures->object.elements->items;
    if (!tsk_js_is_undefined(groups)) {
        const tsk_js_object *named = tsk_js_to_object(js, groups);
        if (!named) return false;
        groups = tsk_js_from_object(named);
    }
    return tsk_js_substitute(js, out, tsk_js_as_string(with), s, at, tsk_js_as_string(items[0]), items + 1,
                             captures->length - 1, groups);
}

/* Match, captures as strings or undefined, and the place of the match; NULL: thrown. */
static tsk_js_array *captures_of(tsk_js *js, tsk_value match, double *index) {
    tsk_js_object *o = tsk_js_as_object(match);
    uint64_t length;
    if (!tsk_js_length_of(js, o, &length)) return NULL;
    tsk_js_array *captures = tsk_js_array_make(js, 0, 4);
    for (uint64_t i = 0; captures && (i < length || !i); i++) {
        tsk_value v = tsk_js_get_index(js, o, i);
        if (tsk_js_is_thrown(v)) return NULL;
        if (!tsk_js_is_undefined(v) || !i) {
            const tsk_js_string *text = tsk_js_to_string(js, v);
            if (!text) return NULL;
            v = tsk_js_from_string(text);
        }
        if (!tsk_js_array_push(js, captures, v)) return NULL;
        if (i) continue;
        v = tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.index));
        if (tsk_js_is_thrown(v) || !tsk_js_to_integer(js, v, index)) return NULL;
    }
    return captures;
}

/* The same with where the match begins, where it ends, and its named groups. */
static tsk_js_array *match_parts(tsk_js *js, const tsk_js_string *s, tsk_value match, uint32_t *at, uint32_t *end,
                                 tsk_value *groups) {
    double d;
    tsk_js_array *captures = captures_of(js, match, &d);
    if (!captures) return NULL;
    *at = (uint32_t)fmax(fmin(d, s->length), 0);
    uint32_t length = tsk_js_as_string(captures->object.elements->items[0])->length;
    *end = (uint64_t)*at + length < s->length ? *at + length : s->length;
    *groups = tsk_js_get(js, tsk_js_as_object(match), tsk_js_key_atom(tsk_js_atoms.groups));
    return tsk_js_is_thrown(*groups) ? NULL : captures;
}

static bool replace_match(tsk_js *js, tsk_js_builder *out, tsk_js_string *s, tsk_value match, tsk_value with,
                          uint32_t *done) {
    uint32_t at, end;
    tsk_value groups;
    const tsk_js_array *captures = match_parts(js, s, match, &at, &end, &groups);
    if (!captures) return false;
    tsk_js_builder text; /* on its own, as matches may not be in order */
    tsk_js_builder_init(&text, js);
    if (!add_replacement(js, &text, with, s, at, captures, groups)) return false;
    tsk_js_string *replacement = tsk_js_builder_finish(&text);
    if (!replacement) return false;
    if (at < *done) return true;
    tsk_js_builder_slice(out, s, *done, at);
    tsk_js_builder_string(out, replacement);
    *done = end;
    return true;
}

/* All matches first: what replaces them must not disturb the search. */
static tsk_js_array *collect(tsk_js *js, tsk_js_object *o, tsk_js_string *s, bool global, bool unicode) {
    tsk_js_array *matches = tsk_js_array_make(js, 0, 8);
    if (matches && global && !tsk_js_regexp_put_last_index(js, o, 0)) return NULL;
    while (matches) {
        tsk_value match = tsk_js_regexp_exec(js, o, s);
        if (tsk_js_is_thrown(match) || (tsk_js_is_object(match) && !tsk_js_array_push(js, matches, match))) return NULL;
        if (!tsk_js_is_object(match) || !global) break;
        const tsk_js_string *text = matched_text(js, match);
        if (!text || (!text->length && !step_over(js, o, s, unicode))) return NULL;
    }
    return matches;
}

static tsk_value finish(tsk_js_builder *out, tsk_js_string *s, uint32_t end) {
    if (end < s->length) tsk_js_builder_slice(out, s, end, s->length);
    const tsk_js_string *result = tsk_js_builder_finish(out);
    return result ? tsk_js_from_string(result) : TSK_JS_THROWN;
}

/* With a template that has no `$`: no captures are needed, and no code of the program runs. */
static tsk_value replace_plain(tsk_js *js, tsk_js_regexp *re, tsk_js_string *s, tsk_js_string *with) {
    const tsk_re_program *program = tsk_js_regexp_program(js, re);
    if (!program) return TSK_JS_THROWN;
    uint32_t captures[2 * tsk_re_group_count(program)], end = 0;
    bool global = re->bits & TSK_RE_GLOBAL, unicode = re->bits & (TSK_RE_UNICODE | TSK_RE_UNICODE_SETS);
    tsk_js_builder out;
    tsk_js_builder_init(&out, js);
    for (uint64_t at = 0; at <= s->length;) {
        int found = tsk_js_regexp_run(js, program, s, (uint32_t)at, captures);
        if (found < 0) return TSK_JS_THROWN;
        if (!found) break;
        tsk_js_builder_slice(&out, s, end, captures[0]);
        tsk_js_builder_string(&out, with);
        end = captures[1];
        if (!global) break;
        at = captures[1] > captures[0] ? captures[1] : tsk_js_advance(s, captures[1], unicode);
    }
    if (global && !tsk_js_regexp_put_last_index(js, &re->object, 0)) return TSK_JS_THROWN;
    return finish(&out, s, end);
}

static tsk_js_array *all_matches(tsk_js *js, tsk_js_object *o, tsk_js_string *s) {
    tsk_js_string *flags = flags_of(js, o);
    if (!flags) return NULL;
    bool global = has_flag(js, flags, 'g');
    return collect(js, o, s, global, global && is_full_unicode(js, flags));
}

tsk_value tsk_js_inner_regexp_subject(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s;
    const tsk_js_args as_method = {.this_value = a->values[0], .count = 1, .values = a->values + 1};
    return begin(js, &as_method, "@@replace", &s) ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

tsk_value tsk_js_inner_regexp_replace(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_as_object(a->values[0]);
    tsk_js_string *s = tsk_js_as_string(a->values[1]), *with = tsk_js_to_string(js, a->values[2]);
    if (!with) return TSK_JS_THROWN;
    tsk_js_regexp *re = tsk_js_as_regexp(a->values[0]);
    bool plain = re && !(re->bits & TSK_RE_STICKY) && tsk_js_regexp_is_pristine(js, o) &&
                 tsk_js_string_index(js, with, tsk_js_char_string(js, '$'), 0) < 0;
    if (plain) return replace_plain(js, re, s, with);
    const tsk_js_array *matches = all_matches(js, o, s);
    if (!matches) return TSK_JS_THROWN;
    tsk_js_builder out;
    tsk_js_builder_init(&out, js);
    uint32_t end = 0;
    for (uint32_t i = 0; i < matches->length; i++) {
        tsk_value match = matches->object.elements->items[i];
        if (!replace_match(js, &out, s, match, tsk_js_from_string(with), &end)) return TSK_JS_THROWN;
    }
    return finish(&out, s, end);
}

tsk_value tsk_js_inner_regexp_matches(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_array *matches = all_matches(js, tsk_js_as_object(a->values[0]), tsk_js_as_string(a->values[1]));
    return matches ? tsk_js_from_object(matches) : TSK_JS_THROWN;
}

/* What a function is told: match, captures, position, string, and the named groups when there are some. */
tsk_value tsk_js_inner_match_arguments(tsk_js *js, const tsk_js_args *a) {
    uint32_t at, end;
    tsk_value groups;
    tsk_js_array *args = match_parts(js, tsk_js_as_string(a->values[1]), a->values[0], &at, &end, &groups);
    if (!args || !tsk_js_array_push(js, args, tsk_js_number(at)) || !tsk_js_array_push(js, args, a->values[1]) ||
        (!tsk_js_is_undefined(groups) && !tsk_js_array_push(js, args, groups)))
        return TSK_JS_THROWN;
    tsk_value *place = tsk_js_as_object(a->values[2])->elements->items;
    place[0] = tsk_js_number(at);
    place[1] = tsk_js_number(end);
    return tsk_js_from_object(args);
}

/* ---- search ---- */

tsk_value tsk_js_regexp_search_method(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s;
    tsk_js_object *o = begin(js, a, "@@search", &s);
    if (!o) return TSK_JS_THROWN;
    tsk_js_key key = tsk_js_key_atom(tsk_js_atoms.lastIndex);
    tsk_value before = tsk_js_get(js, o, key);
    if (tsk_js_is_thrown(before)) return before;
    if (!tsk_js_same_value(js, before, tsk_from_i32(0)) && !tsk_js_set(js, o, key, tsk_from_i32(0)))
        return TSK_JS_THROWN;
    tsk_value match = tsk_js_regexp_exec(js, o, s);
    tsk_value after = tsk_js_is_thrown(match) ? match : tsk_js_get(js, o, key);
    if (tsk_js_is_thrown(after)) return after;
    if (!tsk_js_same_value(js, after, before) && !tsk_js_set(js, o, key, before)) return TSK_JS_THROWN;
    if (!tsk_js_is_object(match)) return tsk_from_i32(-1);
    return tsk_js_get(js, tsk_js_as_object(match), tsk_js_key_atom(tsk_js_atoms.index));
}

/* ---- split ---- */

static bool push_part(tsk_js *js, tsk_js_array *to, tsk_js_string *s, uint64_t from, uint64_t end) {
    const tsk_js_string *part = tsk_js_substring(js, s, (uint32_t)from, (uint32_t)end);
    return part && tsk_js_array_push(js, to, tsk_js_from_string(part));
}

/* The captures of a match between two parts.  False: thrown. */
static bool push_captures(tsk_js *js, tsk_js_array *to, tsk_js_object *match, uint32_t limit) {
    uint64_t length;
    if (!tsk_js_length_of(js, match, &length)) return false;
    for (uint64_t i = 1; i < length && to->length < limit; i++) {
        tsk_value v = tsk_js_get_index(js, match, i);
        if (tsk_js_is_thrown(v) || !tsk_js_array_push(js, to, v)) return false;
    }
    return true;
}

static tsk_value split_text(tsk_js *js, tsk_js_object *splitter, tsk_js_string *s, uint32_t limit, bool unicode) {
    tsk_js_array *parts = tsk_js_array_make(js, 0, 8);
    if (!parts || !limit) return object_or_thrown(parts);
    if (!s->length) {
        tsk_value match = tsk_js_regexp_exec(js, splitter, s);
        if (tsk_js_is_thrown(match)) return match;
        if (!tsk_js_is_object(match) && !push_part(js, parts, s, 0, 0)) return TSK_JS_THROWN;
        return tsk_js_from_object(parts);
    }
    uint64_t from = 0, at = 0, end;
    while (at < s->length) {
        if (!tsk_js_regexp_put_last_index(js, splitter, at)) return TSK_JS_THROWN;
        tsk_value match = tsk_js_regexp_exec(js, splitter, s);
        if (tsk_js_is_thrown(match)) return match;
        if (!tsk_js_is_object(match)) {
            at = tsk_js_advance(s, at, unicode);
            continue;
        }
        if (!tsk_js_regexp_last_index(js, splitter, &end)) return TSK_JS_THROWN;
        if (end > s->length) end = s->length;
        if (end == from) {
            at = tsk_js_advance(s, at, unicode);
            continue;
        }
        if (!push_part(js, parts, s, from, at)) return TSK_JS_THROWN;
        from = end;
        if (parts->length < limit && !push_captures(js, parts, tsk_js_as_object(match), limit)) return TSK_JS_THROWN;
        if (parts->length >= limit) return tsk_js_from_object(parts);
        at = from;
    }
    return push_part(js, parts, s, from, s->length) ? tsk_js_from_object(parts) : TSK_JS_THROWN;
}

/* The same for an expression nobody has changed: it searches on instead of being tried at every unit. */
static tsk_value split_pristine(tsk_js *js, tsk_js_regexp *re, tsk_js_string *s, uint32_t limit) {
    const tsk_re_program *program = tsk_js_regexp_program(js, re);
    tsk_js_array *parts = program ? tsk_js_array_make(js, 0, 8) : NULL;
    if (!parts || !limit) return object_or_thrown(parts);
    uint32_t groups = tsk_re_group_count(program), captures[2 * groups], from = 0;
    bool unicode = re->bits & (TSK_RE_UNICODE | TSK_RE_UNICODE_SETS);
    for (uint64_t at = 0; at < s->length || !s->length;) {
        int found = tsk_js_regexp_run(js, program, s, (uint32_t)at, captures);
        if (found < 0) return TSK_JS_THROWN;
        if (found && !s->length) return tsk_js_from_object(parts);
        if (!found || captures[0] >= s->length) break;
        if (captures[1] == from || (captures[1] == captures[0] && captures[0] < at)) {
            at = tsk_js_advance(s, captures[0] > at ? captures[0] : at, unicode);
            continue;
        }
        if (!push_part(js, parts, s, from, captures[0])) return TSK_JS_THROWN;
        from = captures[1];
        for (uint32_t i = 1; i < groups && parts->length < limit; i++) {
            const uint32_t *c = captures + 2 * i;
            bool ok = c[0] == TSK_RE_NONE ? tsk_js_array_push(js, parts, TSK_VALUE_UNDEFINED)
                                          : push_part(js, parts, s, c[0], c[1]);
            if (!ok) return TSK_JS_THROWN;
        }
        if (parts->length >= limit) return tsk_js_from_object(parts);
        at = captures[1] > captures[0] ? captures[1] : tsk_js_advance(s, captures[1], unicode);
    }
    return push_part(js, parts, s, from, s->length) ? tsk_js_from_object(parts) : TSK_JS_THROWN;
}

tsk_value tsk_js_regexp_split_method(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s;
    uint32_t limit = UINT32_MAX;
    tsk_js_object *o = begin(js, a, "@@split", &s);
    if (!o) return TSK_JS_THROWN;
    tsk_js_regexp *re = tsk_js_as_regexp(a->this_value);
    bool plain_limit = tsk_js_is_undefined(tsk_js_arg(a, 1)) || tsk_is_i32(tsk_js_arg(a, 1));
    if (re && plain_limit && !(re->bits & TSK_RE_STICKY) && tsk_js_regexp_is_pristine(js, o)) {
        if (tsk_is_i32(tsk_js_arg(a, 1))) limit = (uint32_t)tsk_as_i32(a->values[1]);
        return split_pristine(js, re, s, limit);
    }
    tsk_value c = species_of(js, o);
    tsk_js_string *flags = tsk_js_is_thrown(c) ? NULL : flags_of(js, o), *with_y = flags;
    if (flags && !has_flag(js, flags, 'y')) with_y = tsk_js_concat(js, flags, tsk_js_char_string(js, 'y'));
    if (!with_y) return TSK_JS_THROWN;
    tsk_value args[] = {tsk_js_from_object(o), tsk_js_from_string(with_y)};
    tsk_value splitter = tsk_js_construct(js, c, c, 2, args);
    if (tsk_js_is_thrown(splitter) ||
        (!tsk_js_is_undefined(tsk_js_arg(a, 1)) && !tsk_js_to_uint32(js, a->values[1], &limit)))
        return TSK_JS_THROWN;
    return split_text(js, tsk_js_as_object(splitter), s, limit, is_full_unicode(js, flags));
}
