/* json(...) in its shapes, paths into values, merging and comparing. */
#include "runtime/formats/json.h"
#include "runtime/operators/internal.h"
#include "runtime/value/write.h"

static const tsk_action json_actions[] = {
    {"parse", TSK_OP_JSON_PARSE},   {"stringify", TSK_OP_JSON_STRINGIFY},
    {"pretty", TSK_OP_JSON_PRETTY}, {"validate", TSK_OP_JSON_VALIDATE},
    {"valid", TSK_OP_JSON_VALID},   {"get", TSK_OP_JSON_GET},
    {"path", TSK_OP_JSON_GET},      {"merge", TSK_OP_JSON_MERGE},
    {"diff", TSK_OP_JSON_DIFF},     {"schema", TSK_OP_JSON_SCHEMA},
    {"keys", TSK_OP_KEYS},          {"encode", TSK_OP_JSON_STRINGIFY},
    {"decode", TSK_OP_JSON_PARSE},
};

static const tsk_action *action_of(tsk_value v) {
    return tsk_is_str(v) ? tsk_action_find(json_actions, TSK_COUNT(json_actions), tsk_as_slice(v)) : NULL;
}

bool tsk_json_is_operation(const tsk_value *args, uint32_t count) {
    return count > 1 && (action_of(args[0]) || action_of(args[1]));
}

/* json("op", data..), json(data, "op"[, path]), json(text) parses, json(value[, status]) is the value of a response. */
TSK_OPERATOR(json) {
    TSK_CALL("json");
    const tsk_action *action = count > 1 ? action_of(args[0]) : NULL;
    if (action) return tsk_op_call(cx, action->number, args + 1, count - 1, out);
    action = count > 1 ? action_of(args[1]) : NULL;
    if (action) {
        tsk_value *rest = TSK_NEW_ARRAY(cx->heap, tsk_value, count);
        rest[0] = args[0];
        for (uint32_t i = 2; i < count; i++) rest[i - 1] = args[i];
        return tsk_op_call(cx, action->number, rest, count - 1, out);
    }
    if (count == 1 && tsk_is_str(args[0])) {
        tsk_slice s = tsk_slice_trim(tsk_as_slice(args[0]));
        if (s.len && (*s.ptr == '{' || *s.ptr == '[')) return tsk_op_json_parse(cx, args, count, out);
        if (s.len > 5 && tsk_slice_same(tsk_slice_from(s.ptr + s.len - 5, 5), ".json")) {
            tsk_op_fail(cx, TSK_E_ARGUMENT, "json: \"%.*s\" looks like a file", (int)s.len, s.ptr);
            return tsk_op_hint(cx, "read it with json_file(path), or write the path as a literal");
        }
    }
    *out = call.args[0];
    return true;
}

static bool parse_text(const tsk_call *call, tsk_slice text, tsk_value *out) {
    tsk_op_context *cx = call->cx;
    tsk_read_problem problem;
    if (tsk_json_read(cx->heap, text.ptr, text.len, cx->max_depth, out, &problem)) return true;
    return tsk_op_fail(cx, problem.code, "%s: %s", call->name,
                       tsk_read_problem_text(cx->heap, text.ptr, text.len, &problem));
}

TSK_OPERATOR(json_parse) {
    TSK_CALL("json_parse");
    tsk_slice text, kind;
    if (!tsk_arg_text(&call, 0, &text) || !tsk_arg_text_or(&call, 1, TSK_SLICE("json"), &kind)) return false;
    if (!tsk_slice_same(kind, "json")) return tsk_arg_wrong(&call, 1, "\"json\"");
    return parse_text(&call, text, out);
}

static bool write_json(const tsk_call *call, tsk_value v, int indent, tsk_value *out) {
    tsk_buf text;
    tsk_buf_init(&text, call->cx->heap);
    tsk_writer w = {.out = &text, .indent = indent, .max_depth = call->cx->max_depth};
    if (!tsk_write(&w, TSK_FORMAT_JSON, v))
        return tsk_op_fail(call->cx, TSK_E_DEPTH_LIMIT, "%s: the value is nested too deeply", call->name);
    while (text.len && text.ptr[text.len - 1] == '\n') text.len--;
    *out = tsk_str_take(&text);
    return true;
}

/* The second argument: true is two spaces, a number that many, "json" none. */
TSK_OPERATOR(json_stringify) {
    TSK_CALL("json_stringify");
    int64_t indent = 0;
    if (tsk_arg_given(&call, 1)) {
        if (tsk_is_bool(args[1])) {
            indent = tsk_as_bool(args[1]) ? 2 : 0;
        } else if (tsk_is_str(args[1]) && !tsk_slice_same(tsk_as_slice(args[1]), "json")) {
            if (!tsk_slice_same(tsk_as_slice(args[1]), "pretty"))
                return tsk_arg_wrong(&call, 1, "\"json\", \"pretty\" or a number of spaces");
            indent = 2;
        } else if (!tsk_is_str(args[1]) && !tsk_arg_int(&call, 1, &indent)) {
            return false;
        }
    }
    if (indent < 0 || indent > 16) return tsk_arg_wrong(&call, 1, "a number of spaces up to 16");
    return write_json(&call, args[0], (int)indent, out);
}

TSK_OPERATOR(json_pretty) {
    TSK_CALL("json_pretty");
    int64_t indent;
    if (!tsk_arg_int_or(&call, 1, 2, &indent)) return false;
    if (indent < 1 || indent > 16) return tsk_arg_wrong(&call, 1, "a number of spaces from 1 to 16");
    return write_json(&call, args[0], (int)indent, out);
}

static bool readable(tsk_op_context *cx, tsk_value v, tsk_failure *why) {
    tsk_value parsed;
    if (!tsk_is_str(v)) {
        *why = (tsk_failure){TSK_E_TYPE, "JSON: the value is no text", NULL};
        return false;
    }
    return tsk_json_parse(cx->heap, tsk_as_str(v)->ptr, tsk_as_str(v)->len, cx->max_depth, &parsed, why);
}

TSK_OPERATOR(json_valid) {
    tsk_failure why;
    *out = tsk_from_bool(readable(cx, args[0], &why));
    return true;
}

/* {valid, error} */
TSK_OPERATOR(json_validate) {
    tsk_failure why = {TSK_OK, NULL, NULL};
    tsk_object *result = tsk_object_new(cx->heap, 2);
    bool valid = readable(cx, args[0], &why);
    tsk_object_put(cx->heap, result, "valid", tsk_from_bool(valid));
    tsk_object_put(cx->heap, result, "error", valid ? TSK_VALUE_NULL : tsk_str_cstr(cx->heap, why.message));
    *out = tsk_from_object(result);
    return true;
}

/* ---- paths ---- */

/* One step: a key of an object or the number of an item. */
static bool step(tsk_value *v, tsk_slice name) {
    if (tsk_is_object(*v)) {
        const tsk_entry *e = tsk_object_find(tsk_as_object(*v), name.ptr, name.len);
        if (e) *v = e->value;
        return e != NULL;
    }
    if (!tsk_is_array(*v) || !name.len) return false;
    const tsk_array *list = tsk_as_array(*v);
    bool negative = *name.ptr == '-';
    int64_t at = 0;
    for (uint32_t i = negative; i < name.len; i++) {
        if (name.ptr[i] < '0' || name.ptr[i] > '9' || at > UINT32_MAX) return false;
        at = at * 10 + (name.ptr[i] - '0');
    }
    if (negative) at = (int64_t)list->count - at;
    if (at < 0 || at >= list->count || name.len == negative) return false;
    *v = list->items[at];
    return true;
}

/* a.b[0]["c"], with or without a leading "$.". */
bool tsk_path_get(tsk_value root, tsk_slice path, tsk_value *out) {
    const char *p = path.ptr, *end = p + path.len;
    tsk_value v = root;
    if (p < end && *p == '$' && (end - p == 1 || p[1] == '.' || p[1] == '[')) p++;
    if (tsk_is_object(v) && path.len) { /* a key that itself holds dots */
        const tsk_entry *whole = tsk_object_find(tsk_as_object(v), path.ptr, path.len);
        if (whole) return *out = whole->value, true;
    }
    while (p < end) {
        const char *start, *stop;
        if (*p == '[') {
            const char *close = memchr(p, ']', (size_t)(end - p));
            if (!close) return false;
            start = p + 1;
            stop = close;
            p = close + 1;
            if (stop - start >= 2 && (*start == '"' || *start == '\'') && stop[-1] == *start) start++, stop--;
        } else {
            start = p += *p == '.';
            while (p < end && *p != '.' && *p != '[') p++;
            stop = p;
        }
        if (!step(&v, tsk_slice_from(start, (size_t)(stop - start)))) return false;
    }
    *out = v;
    return true;
}

/* A value, or the value of a JSON text. */
static bool data_of(const tsk_call *call, uint32_t i, tsk_value *out) {
    if (i >= call->count) return tsk_arg_wrong(call, i, "a value");
    *out = call->args[i];
    if (!tsk_is_str(*out)) return true;
    return parse_text(call, tsk_as_slice(*out), out);
}

TSK_OPERATOR(json_get) {
    TSK_CALL("json_get");
    tsk_value data;
    tsk_slice path;
    if (!data_of(&call, 0, &data) || !tsk_arg_text(&call, 1, &path)) return false;
    if (!tsk_path_get(data, path, out)) *out = count > 2 ? args[2] : TSK_VALUE_NULL;
    return true;
}

/* ---- merging and comparing ---- */

#define MERGE_DEPTH 1000

static tsk_value merge(tsk_arena *heap, tsk_value a, tsk_value b, int depth) {
    if (!tsk_is_object(a) || !tsk_is_object(b) || depth == MERGE_DEPTH) return b;
    const tsk_object *x = tsk_as_object(a), *y = tsk_as_object(b);
    tsk_object *o = tsk_object_new(heap, x->count + y->count);
    for (uint32_t i = 0; i < x->count; i++)
        tsk_object_slot(heap, o, x->entries[i].key, x->entries[i].key_len, x->entries[i].hash, NULL)->value =
            x->entries[i].value;
    for (uint32_t i = 0; i < y->count; i++) {
        const tsk_entry *e = &y->entries[i];
        bool added;
        tsk_entry *slot = tsk_object_slot(heap, o, e->key, e->key_len, e->hash, &added);
        slot->value = added ? e->value : merge(heap, slot->value, e->value, depth + 1);
    }
    return tsk_from_object(o);
}

tsk_value tsk_object_deep_merge(tsk_arena *heap, tsk_value a, tsk_value b) {
    return merge(heap, a, b, 0);
}

TSK_OPERATOR(json_merge) {
    TSK_CALL("json_merge");
    tsk_value sum, next;
    if (!data_of(&call, 0, &sum)) return false;
    for (uint32_t i = 1; i < count; i++) {
        if (!data_of(&call, i, &next)) return false;
        sum = merge(cx->heap, sum, next, 0);
    }
    *out = sum;
    return true;
}

typedef struct comparison {
    tsk_arena *heap;
    tsk_object *added, *removed, *changed;
} comparison;

static void note(tsk_arena *heap, tsk_object *where, const char *path, tsk_value v) {
    tsk_object_set(heap, where, path, (uint32_t)strlen(path), v);
}

static const char *below(tsk_arena *heap, const char *path, const tsk_entry *e) {
    return tsk_arena_printf(heap, "%s%s%.*s", path, *path ? "." : "", (int)e->key_len, e->key);
}

static void compare(const comparison *c, const char *path, tsk_value a, tsk_value b, int depth) {
    if (!tsk_is_object(a) || !tsk_is_object(b) || depth == MERGE_DEPTH) {
        if (tsk_value_same(a, b)) return;
        tsk_object *change = tsk_object_new(c->heap, 2);
        tsk_object_put(c->heap, change, "from", a);
        tsk_object_put(c->heap, change, "to", b);
        note(c->heap, c->changed, path, tsk_from_object(change));
        return;
    }
    const tsk_object *x = tsk_as_object(a), *y = tsk_as_object(b);
    for (uint32_t i = 0; i < x->count; i++) {
        const tsk_entry *e = &x->entries[i], *other = tsk_object_find_hashed(y, e->key, e->key_len, e->hash);
        if (other)
            compare(c, below(c->heap, path, e), e->value, other->value, depth + 1);
        else
            note(c->heap, c->removed, below(c->heap, path, e), e->value);
    }
    for (uint32_t i = 0; i < y->count; i++) {
        const tsk_entry *e = &y->entries[i];
        if (!tsk_object_find_hashed(x, e->key, e->key_len, e->hash))
            note(c->heap, c->added, below(c->heap, path, e), e->value);
    }
}

/* {added, removed, changed} by dotted path. */
TSK_OPERATOR(json_diff) {
    TSK_CALL("json_diff");
    tsk_value a, b;
    if (!data_of(&call, 0, &a) || !data_of(&call, 1, &b)) return false;
    const comparison c = {cx->heap, tsk_object_new(cx->heap, 2), tsk_object_new(cx->heap, 2),
                          tsk_object_new(cx->heap, 2)};
    compare(&c, "", a, b, 0);
    tsk_object *result = tsk_object_new(cx->heap, 3);
    tsk_object_put(cx->heap, result, "added", tsk_from_object(c.added));
    tsk_object_put(cx->heap, result, "removed", tsk_from_object(c.removed));
    tsk_object_put(cx->heap, result, "changed", tsk_from_object(c.changed));
    *out = tsk_from_object(result);
    return true;
}
