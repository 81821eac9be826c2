/* RegExp: made, run, described. */
#include "runtime/builtins/regexp.h"

#include "runtime/js/model.h"

static tsk_value object_or_thrown(const void *o) {
    return o ? tsk_js_from_object(o) : TSK_JS_THROWN;
}

static tsk_value string_or_thrown(const tsk_js_string *s) {
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

static tsk_js_key last_index_key(void) {
    return tsk_js_key_atom(tsk_js_atoms.lastIndex);
}

/* ---- making ---- */

static const tsk_js_shape *first_shape(void) {
    static tsk_js_shape *made;
    tsk_js_shape *shape = __atomic_load_n(&made, __ATOMIC_ACQUIRE);
    if (shape) return shape;
    shape = tsk_js_shape_class_root(TSK_JS_REGEXP, sizeof(tsk_js_regexp), 1);
    if (shape) shape = tsk_js_shape_add(shape, last_index_key(), TSK_JS_WRITABLE);
    if (shape) tsk_js_mark_special(last_index_key());
    __atomic_store_n(&made, shape, __ATOMIC_RELEASE);
    return shape;
}

static tsk_js_object *make(tsk_js *js, tsk_js_object *proto, tsk_js_string *source, tsk_js_string *flags) {
    unsigned bits;
    flags = tsk_js_flat(js, flags);
    if (!tsk_re_flags((tsk_re_text){flags->chars, flags->length, tsk_js_is_wide(flags)}, &bits)) {
        tsk_js_throw_error(js, TSK_JS_SYNTAX_ERROR, "Invalid flags supplied to RegExp constructor '%s'",
                           tsk_js_describe(js, tsk_js_from_string(flags)));
        return NULL;
    }
    const tsk_js_shape *shape = first_shape();
    tsk_js_object *o = shape ? tsk_js_object_shaped(js, proto, shape) : NULL;
    if (!o) return NULL;
    tsk_js_regexp *re = (tsk_js_regexp *)(void *)o;
    re->source = tsk_js_from_string(source);
    re->flags = tsk_js_from_string(flags);
    re->bits = bits;
    *(tsk_value *)(void *)(re + 1) = tsk_from_i32(0);
    tsk_heap_wrote(js->heap, re);
    return tsk_js_regexp_program(js, re) ? o : NULL;
}

tsk_js_object *tsk_js_regexp_new(tsk_js *js, tsk_js_string *source, tsk_js_string *flags) {
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_RegExpPrototype);
    return proto && source && flags ? make(js, proto, source, flags) : NULL;
}

static int is_regexp(tsk_js *js, tsk_value v) {
    if (!tsk_js_is_object(v)) return 0;
    tsk_value matcher = tsk_js_get(js, tsk_js_as_object(v), tsk_js_key_symbol(tsk_js_symbols.match));
    if (tsk_js_is_thrown(matcher)) return -1;
    return tsk_js_is_undefined(matcher) ? tsk_js_is_class(v, TSK_JS_REGEXP) : tsk_js_to_boolean(matcher);
}

static tsk_js_string *text_or_empty(tsk_js *js, tsk_value v) {
    return tsk_js_is_undefined(v) ? tsk_js_atoms.empty : tsk_js_is_thrown(v) ? NULL : tsk_js_to_string(js, v);
}

static tsk_value construct(tsk_js *js, const tsk_js_args *a) {
    tsk_value pattern = tsk_js_arg(a, 0), flags = tsk_js_arg(a, 1), new_target = a->new_target;
    int regexp = is_regexp(js, pattern);
    if (regexp < 0) return TSK_JS_THROWN;
    if (tsk_js_is_undefined(new_target)) {
        new_target = tsk_js_from_object(a->callee);
        if (regexp && tsk_js_is_undefined(flags)) {
            tsk_value c = tsk_js_get(js, tsk_js_as_object(pattern), tsk_js_key_atom(tsk_js_atoms.constructor));
            if (tsk_js_is_thrown(c) || c.bits == new_target.bits) return tsk_js_is_thrown(c) ? c : pattern;
        }
    }
    const tsk_js_regexp *re = tsk_js_as_regexp(pattern);
    if (re) {
        if (tsk_js_is_undefined(flags)) flags = re->flags;
        pattern = re->source;
    } else if (regexp) {
        tsk_js_object *o = tsk_js_as_object(pattern);
        pattern = tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.source));
        if (tsk_js_is_thrown(pattern)) return pattern;
        if (tsk_js_is_undefined(flags)) flags = tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.flags));
    }
    tsk_js_object *proto = tsk_js_is_thrown(flags) ? NULL : tsk_js_proto_for(js, new_target, TSK_JS_I_RegExpPrototype);
    tsk_js_string *source = proto ? text_or_empty(js, pattern) : NULL;
    tsk_js_string *flag_text = source ? text_or_empty(js, flags) : NULL;
    return object_or_thrown(flag_text ? make(js, proto, source, flag_text) : NULL);
}

/* Annex B: the object becomes another expression, unless that one is an error. */
static tsk_value compile(tsk_js *js, const tsk_js_args *a) {
    tsk_js_regexp *re = tsk_js_as_regexp(a->this_value);
    if (!re)
        return tsk_js_throw_type(js, "Method RegExp.prototype.compile called on incompatible receiver %s",
                                 tsk_js_describe(js, a->this_value));
    tsk_value pattern = tsk_js_arg(a, 0), flags = tsk_js_arg(a, 1);
    const tsk_js_regexp *from = tsk_js_as_regexp(pattern);
    if (from && !tsk_js_is_undefined(flags))
        return tsk_js_throw_type(js, "Invalid flags supplied to RegExp constructor");
    tsk_js_string *source = from ? tsk_js_as_string(from->source) : text_or_empty(js, pattern);
    tsk_js_string *flag_text = !source ? NULL : from ? tsk_js_as_string(from->flags) : text_or_empty(js, flags);
    const tsk_js_regexp *made = flag_text ? (tsk_js_regexp *)(void *)tsk_js_regexp_new(js, source, flag_text) : NULL;
    if (!made) return TSK_JS_THROWN;
    re->source = made->source;
    re->flags = made->flags;
    re->bits = made->bits;
    re->place = made->place;
    re->serial = made->serial;
    tsk_heap_wrote(js->heap, re);
    return tsk_js_regexp_put_last_index(js, &re->object, 0) ? a->this_value : TSK_JS_THROWN;
}

/* ---- lastIndex ---- */

static bool has_first_shape(const tsk_js_object *o) {
    return o->cell.word == first_shape()->number;
}

bool tsk_js_regexp_last_index(tsk_js *js, tsk_js_object *o, uint64_t *out) {
    tsk_value v = tsk_js_get(js, o, last_index_key());
    return !tsk_js_is_thrown(v) && tsk_js_to_length(js, v, out);
}

bool tsk_js_regexp_put_last_index(tsk_js *js, tsk_js_object *o, uint64_t i) {
    if (TSK_LIKELY(tsk_js_class_of(o) == TSK_JS_REGEXP && has_first_shape(o))) {
        *(tsk_value *)(void *)((tsk_js_regexp *)(void *)o + 1) = tsk_js_number((double)i);
        return true;
    }
    return tsk_js_set(js, o, last_index_key(), tsk_js_number((double)i));
}

/* ---- exec ---- */

static tsk_value group_text(tsk_js *js, tsk_js_string *s, const uint32_t *capture) {
    if (capture[0] == TSK_RE_NONE) return TSK_VALUE_UNDEFINED;
    return string_or_thrown(tsk_js_substring(js, s, capture[0], capture[1]));
}

static tsk_value group_range(tsk_js *js, const uint32_t *capture) {
    if (capture[0] == TSK_RE_NONE) return TSK_VALUE_UNDEFINED;
    tsk_value range[] = {tsk_js_number(capture[0]), tsk_js_number(capture[1])};
    return object_or_thrown(tsk_js_array_from(js, range, 2));
}

static bool put(tsk_js *js, tsk_js_array *array, tsk_js_string *name, tsk_value v) {
    return !tsk_js_is_thrown(v) && tsk_js_add_named(js, &array->object, tsk_js_key_atom(name), v, TSK_JS_PLAIN);
}

/* The groups that have names, with the items of `values`; undefined when none has one. */
static tsk_value named_groups(tsk_js *js, const tsk_re_program *program, const uint32_t *captures,
                              const tsk_js_array *values) {
    const tsk_re_name *names;
    uint32_t count = tsk_re_name_list(program, &names);
    if (!count) return TSK_VALUE_UNDEFINED;
    tsk_js_object *o = tsk_js_object_new(js, NULL);
    for (uint32_t i = 0; o && i < count; i++) {
        tsk_js_string *name = tsk_js_string_utf16(js, names[i].units, names[i].count);
        tsk_js_key key;
        if (!name || !tsk_js_to_key(js, tsk_js_from_string(name), &key)) return TSK_JS_THROWN;
        bool matched = captures[2 * names[i].group] != TSK_RE_NONE;
        if (!matched && tsk_js_has_own(js, o, key) > 0) continue; /* another group of that name may have */
        if (!tsk_js_define(js, o, key, values->object.elements->items[names[i].group], TSK_JS_PLAIN))
            return TSK_JS_THROWN;
    }
    return object_or_thrown(o);
}

static tsk_js_array *list_groups(tsk_js *js, tsk_js_string *s, const uint32_t *captures, uint32_t groups, bool ranges) {
    tsk_js_array *array = tsk_js_array_make(js, 0, groups);
    for (uint32_t i = 0; array && i < groups; i++) {
        tsk_value v = ranges ? group_range(js, captures + 2 * i) : group_text(js, s, captures + 2 * i);
        if (tsk_js_is_thrown(v) || !tsk_js_array_push(js, array, v)) return NULL;
    }
    return array;
}

static tsk_value match_result(tsk_js *js, const tsk_js_regexp *re, const tsk_re_program *program, tsk_js_string *s,
                              const uint32_t *captures) {
    uint32_t groups = tsk_re_group_count(program);
    tsk_js_array *array = list_groups(js, s, captures, groups, false);
    if (!array || !put(js, array, tsk_js_atoms.index, tsk_js_number(captures[0])) ||
        !put(js, array, tsk_js_atoms.input, tsk_js_from_string(s)) ||
        !put(js, array, tsk_js_atoms.groups, named_groups(js, program, captures, array)))
        return TSK_JS_THROWN;
    if (re->bits & TSK_RE_INDICES) {
        tsk_js_array *ranges = list_groups(js, s, captures, groups, true);
        if (!ranges || !put(js, ranges, tsk_js_atoms.groups, named_groups(js, program, captures, ranges)) ||
            !put(js, array, tsk_js_atoms.indices, tsk_js_from_object(ranges)))
            return TSK_JS_THROWN;
    }
    return tsk_js_from_object(array);
}

tsk_value tsk_js_regexp_builtin_exec(tsk_js *js, tsk_js_regexp *re, tsk_js_string *s) {
    uint64_t start;
    if (!tsk_js_regexp_last_index(js, &re->object, &start)) return TSK_JS_THROWN;
    bool moves = re->bits & (TSK_RE_GLOBAL | TSK_RE_STICKY);
    if (!moves) start = 0;
    const tsk_re_program *program = tsk_js_regexp_program(js, re);
    if (!program) return TSK_JS_THROWN;
    uint32_t captures[2 * tsk_re_group_count(program)];
    int found = start > s->length ? 0 : tsk_js_regexp_run(js, program, s, (uint32_t)start, captures);
    if (found < 0) return TSK_JS_THROWN;
    if (!found) return !moves || tsk_js_regexp_put_last_index(js, &re->object, 0) ? TSK_VALUE_NULL : TSK_JS_THROWN;
    if (moves && !tsk_js_regexp_put_last_index(js, &re->object, captures[1])) return TSK_JS_THROWN;
    return match_result(js, re, program, s, captures);
}

static tsk_value exec(tsk_js *js, const tsk_js_args *a) {
    tsk_js_regexp *re = tsk_js_as_regexp(a->this_value);
    if (!re)
        return tsk_js_throw_type(js, "Method RegExp.prototype.exec called on incompatible receiver %s",
                                 tsk_js_describe(js, a->this_value));
    tsk_js_string *s = tsk_js_to_string(js, tsk_js_arg(a, 0));
    return s ? tsk_js_regexp_builtin_exec(js, re, s) : TSK_JS_THROWN;
}

tsk_value tsk_js_regexp_exec(tsk_js *js, tsk_js_object *o, tsk_js_string *s) {
    tsk_value method = tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.exec));
    if (tsk_js_is_thrown(method)) return method;
    bool ours = tsk_js_is_class(method, TSK_JS_NATIVE) &&
                ((const tsk_js_native *)(const void *)tsk_js_as_object(method))->spec->fn == exec;
    tsk_value argument = tsk_js_from_string(s);
    if (tsk_js_is_callable(method) && !ours) {
        tsk_value v = tsk_js_call(js, method, tsk_js_from_object(o), 1, &argument);
        if (tsk_js_is_object(v) || tsk_js_is_thrown(v) || (tsk_js_is_nullish(v) && !tsk_js_is_undefined(v))) return v;
        return tsk_js_throw_type(js, "object null is not a function");
    }
    const tsk_js_args args = {tsk_js_from_object(o), TSK_VALUE_UNDEFINED, NULL, 1, &argument};
    return exec(js, &args);
}

static tsk_value test(tsk_js *js, const tsk_js_args *a) {
    if (!tsk_js_is_object(a->this_value))
        return tsk_js_throw_type(js, "Method RegExp.prototype.test called on incompatible receiver %s",
                                 tsk_js_describe(js, a->this_value));
    tsk_js_object *o = tsk_js_as_object(a->this_value);
    tsk_js_string *s = tsk_js_to_string(js, tsk_js_arg(a, 0));
    if (!s) return TSK_JS_THROWN;
    tsk_js_regexp *re = tsk_js_as_regexp(a->this_value);
    if (re && !(re->bits & (TSK_RE_GLOBAL | TSK_RE_STICKY)) && tsk_js_regexp_is_pristine(js, o)) {
        const tsk_re_program *program = tsk_js_regexp_program(js, re);
        if (!program) return TSK_JS_THROWN;
        uint32_t captures[2 * tsk_re_group_count(program)];
        int found = tsk_js_regexp_run(js, program, s, 0, captures);
        return found < 0 ? TSK_JS_THROWN : tsk_from_bool(found);
    }
    tsk_value v = tsk_js_regexp_exec(js, o, s);
    return tsk_js_is_thrown(v) ? v : tsk_from_bool(tsk_js_is_object(v));
}

/* ---- described ---- */

static const struct {
    char letter;
    uint16_t bit;
    const char *name;
} flag_table[] = {{'d', TSK_RE_INDICES, "hasIndices"},       {'g', TSK_RE_GLOBAL, "global"},
                  {'i', TSK_RE_IGNORE_CASE, "ignoreCase"},   {'m', TSK_RE_MULTILINE, "multiline"},
                  {'s', TSK_RE_DOT_ALL, "dotAll"},           {'u', TSK_RE_UNICODE, "unicode"},
                  {'v', TSK_RE_UNICODE_SETS, "unicodeSets"}, {'y', TSK_RE_STICKY, "sticky"}};

static tsk_value get_flags(tsk_js *js, const tsk_js_args *a) {
    if (!tsk_js_is_object(a->this_value))
        return tsk_js_throw_type(js, "RegExp.prototype.flags getter called on non-object");
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    for (size_t i = 0; i < TSK_COUNT_OF(flag_table); i++) {
        tsk_js_string *name = tsk_js_atom_utf8(flag_table[i].name, strlen(flag_table[i].name));
        tsk_value v = name ? tsk_js_get(js, tsk_js_as_object(a->this_value), tsk_js_key_atom(name)) : TSK_JS_THROWN;
        if (tsk_js_is_thrown(v)) return v;
        if (tsk_js_to_boolean(v)) tsk_js_builder_unit(&text, (unsigned char)flag_table[i].letter);
    }
    return string_or_thrown(tsk_js_builder_finish(&text));
}

static bool is_prototype(tsk_js *js, tsk_value v) {
    return tsk_js_is_object(v) && tsk_js_as_object(v) == js->intrinsics[TSK_JS_I_RegExpPrototype];
}

static tsk_value get_flag(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_regexp *re = tsk_js_as_regexp(a->this_value);
    uint16_t which = tsk_js_callee_data(a);
    if (re) return tsk_from_bool(re->bits & flag_table[which].bit);
    if (is_prototype(js, a->this_value)) return TSK_VALUE_UNDEFINED;
    return tsk_js_throw_type(js, "RegExp.prototype.%s getter called on non-RegExp object", flag_table[which].name);
}

/* The source so that it can stand between slashes. */
static tsk_value get_source(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_regexp *re = tsk_js_as_regexp(a->this_value);
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    if (!re && !is_prototype(js, a->this_value))
        return tsk_js_throw_type(js, "RegExp.prototype.source getter called on non-RegExp object");
    if (!re || !tsk_js_as_string(re->source)->length) {
        tsk_js_builder_ascii(&text, "(?:)", 4);
        return string_or_thrown(tsk_js_builder_finish(&text));
    }
    tsk_js_string *s = tsk_js_flat(js, tsk_js_as_string(re->source));
    bool in_class = false, escaped = false;
    for (uint32_t i = 0; i < s->length; i++) {
        uint32_t unit = tsk_js_unit(s, i);
        bool line = unit == '\n' || unit == '\r' || unit == 0x2028 || unit == 0x2029;
        if (!escaped && ((unit == '/' && !in_class) || line)) tsk_js_builder_unit(&text, '\\');
        if (line)
            tsk_js_builder_ascii(&text,
                                 unit == '\n'     ? "n"
                                 : unit == '\r'   ? "r"
                                 : unit == 0x2028 ? "u2028"
                                                  : "u2029",
                                 unit < 0x80 ? 1 : 5);
        else
            tsk_js_builder_unit(&text, unit);
        if (!escaped && unit == '[') in_class = true;
        if (!escaped && unit == ']') in_class = false;
        escaped = !escaped && unit == '\\';
    }
    return string_or_thrown(tsk_js_builder_finish(&text));
}

static tsk_value to_string(tsk_js *js, const tsk_js_args *a) {
    if (!tsk_js_is_object(a->this_value))
        return tsk_js_throw_type(js, "Method RegExp.prototype.toString called on incompatible receiver %s",
                                 tsk_js_describe(js, a->this_value));
    tsk_js_object *o = tsk_js_as_object(a->this_value);
    tsk_value source = tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.source));
    tsk_js_string *source_text = tsk_js_is_thrown(source) ? NULL : tsk_js_to_string(js, source);
    tsk_value flags = source_text ? tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.flags)) : TSK_JS_THROWN;
    tsk_js_string *flag_text = tsk_js_is_thrown(flags) ? NULL : tsk_js_to_string(js, flags);
    if (!flag_text) return TSK_JS_THROWN;
    tsk_js_builder text;
    tsk_js_builder_init(&text, js);
    tsk_js_builder_unit(&text, '/');
    tsk_js_builder_string(&text, source_text);
    tsk_js_builder_unit(&text, '/');
    tsk_js_builder_string(&text, flag_text);
    return string_or_thrown(tsk_js_builder_finish(&text));
}

static tsk_value species(tsk_js *js, const tsk_js_args *a) {
    (void)js;
    return a->this_value;
}

/* ---- tables ---- */

#define FLAG(index, flag_name)                                                                                         \
    {                                                                                                                  \
        .cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_ACCESSOR, TSK_JS_CONFIGURABLE),                                       \
        .fn = {(flag_name), get_flag, 0, 0, (index)}, .set = {                                                         \
            (flag_name),                                                                                               \
            NULL,                                                                                                      \
            1,                                                                                                         \
            0,                                                                                                         \
            0                                                                                                          \
        }                                                                                                              \
    }

enum { PLACE_OF_EXEC = 1, PLACE_OF_FLAGS = 2 };

static const tsk_js_member prototype[] = {
    TSK_JS_OBJECT_OF("constructor", RegExp, TSK_JS_HIDDEN),
    TSK_JS_METHOD("exec", exec, 1),
    TSK_JS_ACCESSOR_OF("flags", get_flags, NULL),
    FLAG(0, "hasIndices"),
    FLAG(1, "global"),
    FLAG(2, "ignoreCase"),
    FLAG(3, "multiline"),
    FLAG(4, "dotAll"),
    FLAG(5, "unicode"),
    FLAG(6, "unicodeSets"),
    FLAG(7, "sticky"),
    TSK_JS_ACCESSOR_OF("source", get_source, NULL),
    TSK_JS_METHOD("compile", compile, 2),
    TSK_JS_METHOD("test", test, 1),
    TSK_JS_METHOD("toString", to_string, 0),
    TSK_JS_METHOD("@@match", tsk_js_regexp_match_method, 1),
    TSK_JS_METHOD("@@matchAll", tsk_js_regexp_match_all_method, 1),
    TSK_JS_LIBRARY_METHOD("@@replace", "RegExp_replace", 2),
    TSK_JS_METHOD("@@search", tsk_js_regexp_search_method, 1),
    TSK_JS_METHOD("@@split", tsk_js_regexp_split_method, 2),
};

/* Only exec and flags are looked at: who changes the getter of one flag is not noticed. */
bool tsk_js_regexp_is_pristine(tsk_js *js, const tsk_js_object *o) {
    tsk_js_object *proto = js->intrinsics[TSK_JS_I_RegExpPrototype];
    tsk_js_found f;
    if (!proto || o->proto != proto || !has_first_shape(o)) return false;
    if (!tsk_is_i32(*(const tsk_value *)(const void *)((const tsk_js_regexp *)(const void *)o + 1))) return false;
    if (!tsk_js_find_named(proto, tsk_js_key_atom(tsk_js_atoms.exec), &f)) return false;
    tsk_value v = *f.slot;
    bool exec_is_ours = tsk_js_is_cell(v)
                            ? tsk_ptr(v) == &prototype[PLACE_OF_EXEC]
                            : tsk_js_is_class(v, TSK_JS_NATIVE) &&
                                  ((const tsk_js_native *)(const void *)tsk_js_as_object(v))->spec->fn == exec;
    if (!exec_is_ours || !tsk_js_find_named(proto, tsk_js_key_atom(tsk_js_atoms.flags), &f)) return false;
    if (!tsk_js_is_cell(*f.slot)) return false;
    if (tsk_ptr(*f.slot) == &prototype[PLACE_OF_FLAGS]) return true;
    const tsk_js_object *getter = tsk_js_as_accessor(*f.slot)->get;
    return getter && tsk_js_class_of(getter) == TSK_JS_NATIVE &&
           ((const tsk_js_native *)(const void *)getter)->spec->fn == get_flags;
}

static const tsk_js_member constructor[] = {
    TSK_JS_OBJECT_OF("prototype", RegExpPrototype, 0),
    TSK_JS_ACCESSOR_OF("@@species", species, NULL),
    TSK_JS_METHOD("escape", tsk_js_regexp_escape, 1),
};

static const tsk_js_member string_iterator[] = {
    TSK_JS_METHOD("next", tsk_js_regexp_next_method, 0),
    TSK_JS_TEXT_OF("@@toStringTag", "RegExp String Iterator", TSK_JS_CONFIGURABLE)};

const tsk_js_intrinsic_spec tsk_js_library_regexp[] = {{.which = TSK_JS_I_RegExpPrototype,
                                                        .proto = TSK_JS_I_ObjectPrototype,
                                                        .members = prototype,
                                                        .count = TSK_COUNT_OF(prototype)},
                                                       {.which = TSK_JS_I_RegExp,
                                                        .proto = TSK_JS_I_FunctionPrototype,
                                                        .cls = TSK_JS_NATIVE,
                                                        .fn = {"RegExp", construct, 2, TSK_JS_CONSTRUCTOR, 0},
                                                        .members = constructor,
                                                        .count = TSK_COUNT_OF(constructor)},
                                                       {.which = TSK_JS_I_RegExpStringIteratorPrototype,
                                                        .proto = TSK_JS_I_IteratorPrototype,
                                                        .members = string_iterator,
                                                        .count = TSK_COUNT_OF(string_iterator)},
                                                       {.which = TSK_JS_INTRINSICS}};
