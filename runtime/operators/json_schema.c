/* json("schema", data, schema): the part of JSON Schema that configurations use. */
#include "runtime/operators/internal.h"
#include "runtime/operators/regex.h"

#include "runtime/base/utf8.h"

#include <math.h>

#define SCHEMA_DEPTH 200
#define ERRORS_MAX 100

typedef struct checker {
    tsk_op_context *cx;
    tsk_array *errors;
} checker;

static void report(checker *c, const char *path, const char *what) {
    if (c->errors->count >= ERRORS_MAX) return;
    const char *text = tsk_arena_printf(c->cx->heap, "%s: %s", *path ? path : "$", what);
    tsk_array_push(c->cx->heap, c->errors, tsk_str_cstr(c->cx->heap, text));
}

static bool rule(const tsk_object *schema, const char *name, tsk_value *out) {
    const tsk_entry *e = tsk_object_find(schema, name, (uint32_t)strlen(name));
    if (e) *out = e->value;
    return e != NULL;
}

static bool is_type(tsk_value v, tsk_slice type) {
    if (tsk_slice_same(type, "integer"))
        return tsk_is_int(v) || (tsk_is_double(v) && tsk_as_double(v) == trunc(tsk_as_double(v)));
    if (tsk_slice_same(type, "number")) return tsk_is_number(v);
    if (tsk_slice_same(type, "string")) return tsk_is_str(v);
    if (tsk_slice_same(type, "boolean")) return tsk_is_bool(v);
    if (tsk_slice_same(type, "array")) return tsk_is_array(v);
    if (tsk_slice_same(type, "object")) return tsk_is_object(v);
    return tsk_slice_same(type, "null") && tsk_is_null(v);
}

static void check_type(checker *c, const char *path, tsk_value v, tsk_value type) {
    bool ok = false;
    if (tsk_is_str(type)) ok = is_type(v, tsk_as_slice(type));
    for (uint32_t i = 0; tsk_is_array(type) && i < tsk_as_array(type)->count; i++) {
        tsk_value one = tsk_as_array(type)->items[i];
        ok = ok || (tsk_is_str(one) && is_type(v, tsk_as_slice(one)));
    }
    tsk_slice name = tsk_as_slice(tsk_value_string(c->cx->heap, type));
    if (!ok)
        report(c, path,
               tsk_arena_printf(c->cx->heap, "expected %.*s, got %s", (int)name.len, name.ptr, tsk_op_show(c->cx, v)));
}

/* minimum and its relatives: `measure` against the rule. */
static void check_bound(checker *c, const char *path, const tsk_object *schema, const char *name, double measure,
                        int direction, bool strict, const char *noun) {
    tsk_value limit;
    double bound;
    if (!rule(schema, name, &limit) || !tsk_value_number(limit, &bound)) return;
    double over = (measure - bound) * direction; /* negative: out of bounds */
    if (over < 0 || (strict && over == 0)) {
        char text[32];
        uint32_t len = tsk_number_format(text, bound);
        report(c, path,
               tsk_arena_printf(c->cx->heap, "%s is %s %s%.*s", noun, direction > 0 ? "less than" : "more than",
                                strict ? "or equal to " : "", (int)len, text));
    }
}

static bool check(checker *c, const char *path, tsk_value v, tsk_value schema, int depth);

static bool check_object(checker *c, const char *path, const tsk_object *o, const tsk_object *schema, int depth) {
    tsk_arena *heap = c->cx->heap;
    tsk_value required, properties = TSK_VALUE_NULL, others;
    if (rule(schema, "required", &required) && tsk_is_array(required))
        for (uint32_t i = 0; i < tsk_as_array(required)->count; i++) {
            tsk_slice key = tsk_as_slice(tsk_value_string(heap, tsk_as_array(required)->items[i]));
            if (!tsk_object_find(o, key.ptr, key.len))
                report(c, path, tsk_arena_printf(heap, "\"%.*s\" is missing", (int)key.len, key.ptr));
        }
    bool known = rule(schema, "properties", &properties) && tsk_is_object(properties);
    bool closed = rule(schema, "additionalProperties", &others) && tsk_is_bool(others) && !tsk_as_bool(others);
    for (uint32_t i = 0; i < o->count; i++) {
        const tsk_entry *e = &o->entries[i];
        const tsk_entry *p = known ? tsk_object_find_hashed(tsk_as_object(properties), e->key, e->key_len, e->hash)
                                   : NULL;
        const char *name = tsk_arena_printf(heap, "%s%s%.*s", path, *path ? "." : "", (int)e->key_len, e->key);
        if (p && !check(c, name, e->value, p->value, depth + 1)) return false;
        if (!p && closed) report(c, name, "is not allowed");
    }
    return true;
}

static bool check_text(checker *c, const char *path, tsk_slice s, const tsk_object *schema) {
    tsk_value pattern;
    bool matches;
    double length = (double)tsk_utf8_count(s.ptr, s.len);
    check_bound(c, path, schema, "minLength", length, 1, false, "the length");
    check_bound(c, path, schema, "maxLength", length, -1, false, "the length");
    if (!rule(schema, "pattern", &pattern) || !tsk_is_str(pattern)) return true;
    if (!tsk_regex_matches(c->cx, tsk_as_slice(pattern), s, &matches)) return false;
    if (!matches) report(c, path, "does not match the pattern");
    return true;
}

static bool check(checker *c, const char *path, tsk_value v, tsk_value schema_value, int depth) {
    tsk_value r;
    if (tsk_is_bool(schema_value)) {
        if (!tsk_as_bool(schema_value)) report(c, path, "is not allowed");
        return true;
    }
    if (!tsk_is_object(schema_value))
        return tsk_op_fail(c->cx, TSK_E_ARGUMENT, "json_schema: a schema must be an object, got %s",
                           tsk_op_show(c->cx, schema_value));
    if (depth == SCHEMA_DEPTH)
        return tsk_op_fail(c->cx, TSK_E_DEPTH_LIMIT, "json_schema: the value is nested too deeply");
    const tsk_object *schema = tsk_as_object(schema_value);
    if (rule(schema, "type", &r)) check_type(c, path, v, r);
    if (rule(schema, "enum", &r) && tsk_is_array(r)) {
        bool found = false;
        for (uint32_t i = 0; i < tsk_as_array(r)->count; i++)
            found = found || tsk_value_same(v, tsk_as_array(r)->items[i]);
        if (!found) report(c, path, "is none of the allowed values");
    }
    if (rule(schema, "const", &r) && !tsk_value_same(v, r)) report(c, path, "is not the value it must be");
    if (tsk_is_number(v)) {
        check_bound(c, path, schema, "minimum", tsk_as_number(v), 1, false, "the value");
        check_bound(c, path, schema, "maximum", tsk_as_number(v), -1, false, "the value");
        check_bound(c, path, schema, "exclusiveMinimum", tsk_as_number(v), 1, true, "the value");
        check_bound(c, path, schema, "exclusiveMaximum", tsk_as_number(v), -1, true, "the value");
    }
    if (tsk_is_str(v) && !check_text(c, path, tsk_as_slice(v), schema)) return false;
    if (tsk_is_object(v) && !check_object(c, path, tsk_as_object(v), schema, depth)) return false;
    if (tsk_is_array(v)) {
        const tsk_array *list = tsk_as_array(v);
        check_bound(c, path, schema, "minItems", list->count, 1, false, "the number of items");
        check_bound(c, path, schema, "maxItems", list->count, -1, false, "the number of items");
        for (uint32_t i = 0; rule(schema, "items", &r) && i < list->count; i++)
            if (!check(c, tsk_arena_printf(c->cx->heap, "%s[%u]", path, i), list->items[i], r, depth + 1)) return false;
    }
    return true;
}

/* {valid, errors} */
TSK_OPERATOR(json_schema) {
    checker c = {cx, tsk_array_new(cx->heap, 0)};
    if (!check(&c, "", args[0], args[1], 0)) return false;
    tsk_object *result = tsk_object_new(cx->heap, 2);
    tsk_object_put(cx->heap, result, "valid", tsk_from_bool(c.errors->count == 0));
    tsk_object_put(cx->heap, result, "errors", tsk_from_array(c.errors));
    *out = tsk_from_object(result);
    return true;
}
