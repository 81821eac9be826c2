/* Data formats as operators: parse and stringify of each, by name or by argument, and files read as data. */
#include "runtime/formats/formats.h"
#include "runtime/operators/file_open.h"

/* ---- options ---- */

static bool separator_of(const tsk_call *call, uint32_t i, tsk_value v, char *out) {
    tsk_slice s = tsk_is_str(v) ? tsk_as_slice(v) : (tsk_slice){"", 0};
    if (tsk_slice_same(s, "tab")) s = TSK_SLICE("\t");
    bool usable = s.len == 1 && *s.ptr != '"' && *s.ptr != '\n' && *s.ptr != '\r';
    if (!usable) return tsk_arg_wrong(call, i, "a separator of one character, or {separator: \";\", header: false}");
    *out = *s.ptr;
    return true;
}

/* csv: ";" or {separator: ";", header: false}. */
static bool csv_options(const tsk_call *call, uint32_t i, tsk_read_options *out) {
    if (!tsk_arg_given(call, i)) return true;
    if (!tsk_is_object(call->args[i])) return separator_of(call, i, call->args[i], &out->separator);
    const tsk_object *o = tsk_as_object(call->args[i]);
    for (uint32_t k = 0; k < o->count; k++) {
        const tsk_entry *e = &o->entries[k];
        tsk_slice name = {e->key, e->key_len};
        if (tsk_slice_eq(name, TSK_SLICE("separator"))) {
            if (!separator_of(call, i, e->value, &out->separator)) return false;
        } else if (tsk_slice_eq(name, TSK_SLICE("header")) && tsk_is_bool(e->value)) {
            out->lists = !tsk_as_bool(e->value);
        } else {
            return tsk_arg_wrong(call, i, "an object with `separator` and `header` (true or false)");
        }
    }
    return true;
}

/* ---- reading and writing ---- */

/* `options_at`: the argument with options of CSV. */
static bool read_text(const tsk_call *call, tsk_format format, tsk_slice text, uint32_t options_at, bool all,
                      tsk_value *out) {
    tsk_op_context *cx = call->cx;
    tsk_read_options options = {.max_depth = cx->max_depth, .all = all};
    tsk_read_problem problem;
    if (format == TSK_FORMAT_CSV && !csv_options(call, options_at, &options)) return false;
    if (tsk_format_read(format, cx->heap, text.ptr, text.len, &options, out, &problem)) return true;
    *cx->failure = (tsk_failure){
        problem.code,
        tsk_arena_printf(cx->heap, "%s: %s", call->name, tsk_read_problem_text(cx->heap, text.ptr, text.len, &problem)),
        problem.hint};
    return false;
}

static bool parse(const tsk_call *call, tsk_format format, bool all, tsk_value *out) {
    tsk_slice text;
    if (!call->count || !tsk_is_str(call->args[0])) return tsk_arg_wrong(call, 0, "a text");
    return tsk_arg_text(call, 0, &text) && read_text(call, format, text, 1, all, out);
}

static bool stringify(const tsk_call *call, tsk_format format, uint32_t options_at, tsk_value *out) {
    tsk_op_context *cx = call->cx;
    tsk_read_options options = {0};
    tsk_buf text;
    if (format == TSK_FORMAT_CSV && !csv_options(call, options_at, &options)) return false;
    tsk_buf_init(&text, cx->heap);
    tsk_writer w = {.out = &text, .separator = options.separator, .max_depth = cx->max_depth};
    if (!tsk_write(&w, format, call->args[0])) {
        if (w.refused) return tsk_op_fail(cx, TSK_E_ARGUMENT, "%s: %s", call->name, w.refused);
        return tsk_op_fail(cx, TSK_E_DEPTH_LIMIT, "%s: the value is nested too deeply", call->name);
    }
    *out = tsk_str_take(&text);
    return true;
}

/* The file's data, or the second argument when there is no such file. */
static bool read_file(const tsk_call *call, tsk_format format, tsk_value *out) {
    tsk_place place;
    tsk_slice text;
    if (!tsk_place_find(call, 0, TSK_CAP_READ, &place)) return false;
    if (!tsk_place_read(call, &place, &text)) {
        if (call->count < 2 || call->cx->failure->code != TSK_E_FILE_NOT_FOUND) return false;
        *out = call->args[1];
        return true;
    }
    tsk_call named = *call;
    named.name = place.shown;
    return read_text(&named, format, text, call->count, false, out);
}

/* ---- one name for all of a format ---- */

static bool is_word(tsk_value v, const char *const *words) {
    if (!tsk_is_str(v)) return false;
    for (; *words; words++)
        if (tsk_slice_same(tsk_as_slice(v), *words)) return true;
    return false;
}

/* yaml("parse", text), yaml(text, "parse"), yaml(text) parses; yaml("stringify", v), yaml(v) of anything else writes. */
static bool either(const tsk_call *call, tsk_format format, tsk_value *out) {
    static const char *const parsing[] = {"parse", "decode", "load", NULL};
    static const char *const writing[] = {"stringify", "encode", "dump", NULL};
    bool first = is_word(call->args[0], parsing) || is_word(call->args[0], writing);
    bool second = call->count > 1 && (is_word(call->args[1], parsing) || is_word(call->args[1], writing));
    if (call->count == 1) first = second = false;
    tsk_value rest[3];
    tsk_call inner = {call->cx, call->name, rest, 0};
    for (uint32_t i = 0; i < call->count; i++)
        if (!(first && i == 0) && !(!first && second && i == 1)) rest[inner.count++] = call->args[i];
    bool parses = first    ? is_word(call->args[0], parsing)
                  : second ? is_word(call->args[1], parsing)
                           : tsk_is_str(rest[0]);
    return parses ? parse(&inner, format, false, out) : stringify(&inner, format, 1, out);
}

#define FORMAT(name, FORMAT_NAME)                                                                                      \
    TSK_OPERATOR(name##_parse) {                                                                                       \
        TSK_CALL(#name "_parse");                                                                                      \
        return parse(&call, TSK_FORMAT_##FORMAT_NAME, false, out);                                                     \
    }                                                                                                                  \
    TSK_OPERATOR(name##_stringify) {                                                                                   \
        TSK_CALL(#name "_stringify");                                                                                  \
        return stringify(&call, TSK_FORMAT_##FORMAT_NAME, 1, out);                                                     \
    }                                                                                                                  \
    TSK_OPERATOR(name##_file) {                                                                                        \
        TSK_CALL(#name "_file");                                                                                       \
        return read_file(&call, TSK_FORMAT_##FORMAT_NAME, out);                                                        \
    }
#define FORMAT_WITH_NAME(name, FORMAT_NAME)                                                                            \
    FORMAT(name, FORMAT_NAME)                                                                                          \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        return either(&call, TSK_FORMAT_##FORMAT_NAME, out);                                                           \
    }
FORMAT_WITH_NAME(yaml, YAML)
FORMAT_WITH_NAME(toml, TOML)
FORMAT_WITH_NAME(csv, CSV)
FORMAT_WITH_NAME(ini, INI)
FORMAT_WITH_NAME(xml, XML)
FORMAT(env, ENV)

/* All documents of a stream. */
TSK_OPERATOR(yaml_parse_all) {
    TSK_CALL("yaml_parse_all");
    return parse(&call, TSK_FORMAT_YAML, true, out);
}

/* ---- the format as an argument ---- */

static bool format_argument(const tsk_call *call, tsk_format *out) {
    tsk_slice name;
    *out = TSK_FORMAT_JSON;
    if (!tsk_arg_given(call, 1)) return true;
    if (tsk_is_str(call->args[1]) && tsk_arg_text(call, 1, &name) && tsk_format_named(name, out)) return true;
    return tsk_arg_wrong(call, 1, "\"json\", \"yaml\", \"toml\", \"csv\", \"ini\", \"xml\" or \"env\"");
}

/* parse(text[, "yaml"[, options of csv]]) */
TSK_OPERATOR(parse) {
    TSK_CALL("parse");
    tsk_format format;
    tsk_slice text;
    if (!tsk_is_str(args[0])) return tsk_arg_wrong(&call, 0, "a text");
    if (!tsk_arg_text(&call, 0, &text) || !format_argument(&call, &format)) return false;
    if (format == TSK_FORMAT_JSON) return tsk_op_json_parse(cx, args, 1, out);
    return read_text(&call, format, text, 2, false, out);
}

/* stringify(v[, "yaml"[, options of csv]]); what else the second argument may be is as of json_stringify. */
TSK_OPERATOR(stringify) {
    TSK_CALL("stringify");
    tsk_format format = TSK_FORMAT_JSON;
    bool named = count > 1 && tsk_is_str(args[1]) && !tsk_slice_same(tsk_as_slice(args[1]), "pretty");
    if (named && !format_argument(&call, &format)) return false;
    if (format == TSK_FORMAT_JSON) return tsk_op_json_stringify(cx, args, count > 2 ? 2 : count, out);
    return stringify(&call, format, 2, out);
}
