/* JSON Schema 2020-12, the part that docs/schema.md names. */
#include "runtime/operators/schema.h"

#include "runtime/base/number.h"
#include "runtime/base/utf8.h"
#include "runtime/operators/internal.h"

#include <math.h>

#define MAX_DEPTH 200
#define MAX_STEPS 20000000

typedef tsk_schema_check checker;
typedef tsk_schema_step step;

static bool check_below(checker *c, const step *at, tsk_value v, const step *rule, const tsk_entry *keyword) {
    const step below = tsk_schema_below(rule, keyword);
    return tsk_schema_json(c, at, v, &below);
}

/* Whether the schema takes the value, without a report. */
static bool takes(checker *c, const step *at, tsk_value v, const step *rule) {
    c->quiet++;
    bool ok = tsk_schema_json(c, at, v, rule);
    c->quiet--;
    return ok;
}

/* ---- references ---- */

static bool pointer_part(tsk_slice *rest, char *out, uint32_t *len, uint32_t room) {
    uint32_t n = 0, i = 1; /* behind the slash */
    for (; i < rest->len && rest->ptr[i] != '/'; i++) {
        char c = rest->ptr[i];
        if (n == room) return false;
        if (c == '~' && i + 1 < rest->len) c = rest->ptr[++i] == '1' ? '/' : '~';
        out[n++] = c;
    }
    *len = n;
    *rest = (tsk_slice){rest->ptr + i, rest->len - i};
    return true;
}

/* `#`, `#/$defs/name`: the schema, and the entry that holds it. */
static bool follow(checker *c, const step *rule, step *out) {
    tsk_slice ref = tsk_is_str(rule->value) ? tsk_as_slice(rule->value) : (tsk_slice){"", 0};
    char part[256];
    uint32_t len;
    if (!ref.len || *ref.ptr != '#')
        return tsk_schema_stop(c, rule, "$ref reaches only into its own file: #/$defs/name");
    tsk_slice rest = {ref.ptr + 1, ref.len - 1};
    *out = (step){.value = c->root};
    while (rest.len) {
        const tsk_entry *e = NULL;
        if (*rest.ptr != '/' || !pointer_part(&rest, part, &len, sizeof part))
            return tsk_schema_stop(c, rule, "$ref is no JSON pointer");
        if (tsk_is_object(out->value)) e = tsk_object_find(tsk_as_object(out->value), part, len);
        if (tsk_is_array(out->value)) {
            tsk_number n;
            const tsk_array *list = tsk_as_array(out->value);
            if (tsk_number_read(part, len, &n) && n.is_int && n.i >= 0 && n.i < list->count) {
                out->value = list->items[n.i];
                continue;
            }
        }
        if (!e) return tsk_schema_stop(c, rule, "$ref leads nowhere: %.*s", (int)ref.len, ref.ptr);
        *out = (step){.up = rule, .entry = e, .value = e->value};
    }
    return true;
}

/* ---- one kind of value ---- */

static bool check_types(checker *c, const step *at, tsk_value v, const step *rule) {
    bool known, ok = false;
    tsk_value type = rule->value;
    uint32_t count = tsk_is_array(type) ? tsk_as_array(type)->count : 1;
    for (uint32_t i = 0; i < count && !ok; i++) {
        tsk_value one = tsk_is_array(type) ? tsk_as_array(type)->items[i] : type;
        if (!tsk_is_str(one)) return tsk_schema_stop(c, rule, "a type must be a text");
        ok = tsk_value_has_type(v, tsk_as_slice(one), &known);
        if (!known)
            return tsk_schema_stop(c, rule, "there is no type \"%.*s\"", (int)tsk_as_slice(one).len,
                                   tsk_as_slice(one).ptr);
    }
    if (ok) return true;
    tsk_slice name = tsk_as_slice(tsk_value_string(c->heap, type));
    return tsk_schema_fail(c, at, rule, NULL, "expected %.*s, got %s", (int)name.len, name.ptr, tsk_schema_show(c, v));
}

static bool check_multiple(checker *c, const step *at, double d, const step *rule) {
    double of = tsk_is_number(rule->value) ? tsk_as_number(rule->value) : 0;
    if (!(of > 0)) return tsk_schema_stop(c, rule, "multipleOf must be more than zero");
    double quotient = d / of;
    if (fabs(quotient - nearbyint(quotient)) <= 1e-9 * fmax(1, fabs(quotient))) return true;
    return tsk_schema_fail(c, at, rule, NULL, "is not a multiple of %g", of);
}

static bool check_format(checker *c, const step *at, tsk_slice text, const step *rule) {
    bool known;
    if (!tsk_is_str(rule->value) || tsk_schema_has_format(text, tsk_as_slice(rule->value), &known)) return true;
    tsk_slice format = tsk_as_slice(rule->value);
    return tsk_schema_fail(c, at, rule, NULL, "is no %.*s", (int)format.len, format.ptr);
}

static bool check_required(checker *c, const step *at, const tsk_object *o, const step *rule, const char *why) {
    bool ok = true;
    if (!tsk_is_array(rule->value)) return tsk_schema_stop(c, rule, "required must be a list of keys");
    const tsk_array *keys = tsk_as_array(rule->value);
    for (uint32_t i = 0; i < keys->count; i++) {
        if (!tsk_is_str(keys->items[i])) return tsk_schema_stop(c, rule, "required must be a list of keys");
        tsk_slice key = tsk_as_slice(keys->items[i]);
        if (tsk_object_find(o, key.ptr, key.len)) continue;
        ok = tsk_schema_fail(c, at, rule, NULL, "\"%.*s\" is missing%s", (int)key.len, key.ptr, why);
    }
    return ok;
}

static bool check_dependent(checker *c, const step *at, const tsk_object *o, const step *rule) {
    bool ok = true;
    if (!tsk_is_object(rule->value)) return tsk_schema_stop(c, rule, "dependentRequired must be an object");
    const tsk_object *all = tsk_as_object(rule->value);
    for (uint32_t i = 0; i < all->count; i++) {
        const tsk_entry *e = &all->entries[i];
        const step below = tsk_schema_below(rule, e);
        if (tsk_object_find(o, e->key, e->key_len))
            ok &= check_required(c, at, o, &below,
                                 tsk_arena_printf(c->heap, ", which \"%.*s\" needs", (int)e->key_len, e->key));
    }
    return ok;
}

/* ---- objects ---- */

static bool matches_key(checker *c, const step *at, const step *patterns, const tsk_entry *pattern, tsk_slice key) {
    step below = tsk_schema_below(patterns, pattern);
    below.value = TSK_VALUE_NULL; /* the key is the pattern */
    c->quiet++;
    bool ok = tsk_schema_pattern(c, at, &below, key);
    c->quiet--;
    return ok;
}

static bool check_member(checker *c, const step *at, const tsk_object *schema, const step *rule, const tsk_entry *e) {
    const tsk_entry *properties = tsk_schema_rule(schema, "properties"),
                    *others = tsk_schema_rule(schema, "additionalProperties");
    const tsk_entry *patterns = tsk_schema_rule(schema, "patternProperties"), *p = NULL;
    const step below = tsk_schema_below(at, e);
    tsk_value v = e->value;
    bool ok = true, named = false;
    if (!tsk_schema_force(c, &v)) v = TSK_VALUE_UNDEFINED;
    bool known = !tsk_same(v, TSK_VALUE_UNDEFINED);
    if (properties && tsk_is_object(properties->value))
        p = tsk_object_find_hashed(tsk_as_object(properties->value), e->key, e->key_len, e->hash);
    if (p) {
        const step list = tsk_schema_below(rule, properties);
        named = true;
        if (known) ok &= check_below(c, &below, v, &list, p);
    }
    for (uint32_t i = 0; patterns && tsk_is_object(patterns->value) && i < tsk_as_object(patterns->value)->count; i++) {
        const step list = tsk_schema_below(rule, patterns);
        const tsk_entry *one = &tsk_as_object(patterns->value)->entries[i];
        if (!matches_key(c, at, &list, one, (tsk_slice){e->key, e->key_len})) continue;
        named = true;
        if (known) ok &= check_below(c, &below, v, &list, one);
    }
    if (named || !others) return ok;
    const step other = tsk_schema_below(rule, others);
    if (!tsk_is_bool(others->value)) return known ? tsk_schema_json(c, &below, v, &other) : true;
    if (tsk_as_bool(others->value)) return true;
    return tsk_schema_fail(c, &below, &other, NULL, "is not allowed");
}

static bool check_object(checker *c, const step *at, tsk_value v, const tsk_object *schema, const step *rule) {
    const tsk_object *o = tsk_as_object(v);
    bool ok = true;
    for (uint32_t i = 0; i < o->count && !c->problem; i++) ok &= check_member(c, at, schema, rule, &o->entries[i]);
    for (uint32_t i = 0; i < schema->count && !c->problem; i++) {
        const tsk_entry *e = &schema->entries[i];
        const step below = tsk_schema_below(rule, e);
        tsk_slice name = {e->key, e->key_len};
        if (tsk_slice_eq(name, TSK_SLICE("required")))
            ok &= check_required(c, at, o, &below, "");
        else if (tsk_slice_eq(name, TSK_SLICE("dependentRequired")))
            ok &= check_dependent(c, at, o, &below);
        else if (tsk_slice_eq(name, TSK_SLICE("minProperties")))
            ok &= tsk_schema_bound(c, at, &below, o->count, 1, false, "the number of keys");
        else if (tsk_slice_eq(name, TSK_SLICE("maxProperties")))
            ok &= tsk_schema_bound(c, at, &below, o->count, -1, false, "the number of keys");
        else if (tsk_slice_eq(name, TSK_SLICE("propertyNames")))
            for (uint32_t k = 0; k < o->count && !c->problem; k++) {
                const step key = tsk_schema_below(at, &o->entries[k]);
                ok &= tsk_schema_json(c, &key, tsk_str_borrow(c->heap, o->entries[k].key, o->entries[k].key_len),
                                      &below);
            }
    }
    return ok;
}

/* ---- lists ---- */

static bool check_items(checker *c, const step *at, const tsk_array *list, const step *rule, uint32_t from) {
    bool ok = true;
    for (uint32_t i = from; i < list->count && !c->problem; i++) {
        const step item = tsk_schema_item(at, i, list->items[i]);
        tsk_value v = list->items[i];
        if (tsk_schema_force(c, &v)) ok &= tsk_schema_json(c, &item, v, rule);
    }
    return ok;
}

static bool check_contains(checker *c, const step *at, const tsk_array *list, const step *rule) {
    for (uint32_t i = 0; i < list->count && !c->problem; i++) {
        const step item = tsk_schema_item(at, i, list->items[i]);
        tsk_value v = list->items[i];
        if (!tsk_schema_force(c, &v) || takes(c, &item, v, rule)) return true;
    }
    return tsk_schema_fail(c, at, rule, NULL, "no item is as `contains` wants it");
}

static bool check_list(checker *c, const step *at, tsk_value v, const tsk_object *schema, const step *rule) {
    const tsk_array *list = tsk_as_array(v);
    const tsk_entry *prefix = tsk_schema_rule(schema, "prefixItems");
    uint32_t first = prefix && tsk_is_array(prefix->value) ? tsk_as_array(prefix->value)->count : 0;
    bool ok = true;
    for (uint32_t i = 0; i < first && i < list->count && !c->problem; i++) {
        const step all = tsk_schema_below(rule, prefix),
                   one = tsk_schema_item(&all, i, tsk_as_array(prefix->value)->items[i]);
        const step item = tsk_schema_item(at, i, list->items[i]);
        tsk_value x = list->items[i];
        if (tsk_schema_force(c, &x)) ok &= tsk_schema_json(c, &item, x, &one);
    }
    for (uint32_t i = 0; i < schema->count && !c->problem; i++) {
        const tsk_entry *e = &schema->entries[i];
        const step below = tsk_schema_below(rule, e);
        tsk_slice name = {e->key, e->key_len};
        if (tsk_slice_eq(name, TSK_SLICE("items")))
            ok &= check_items(c, at, list, &below, first);
        else if (tsk_slice_eq(name, TSK_SLICE("minItems")))
            ok &= tsk_schema_bound(c, at, &below, list->count, 1, false, "the number of items");
        else if (tsk_slice_eq(name, TSK_SLICE("maxItems")))
            ok &= tsk_schema_bound(c, at, &below, list->count, -1, false, "the number of items");
        else if (tsk_slice_eq(name, TSK_SLICE("uniqueItems")) && tsk_is_bool(e->value) && tsk_as_bool(e->value))
            ok &= tsk_schema_unique(c, at, &below, list);
        else if (tsk_slice_eq(name, TSK_SLICE("contains")))
            ok &= check_contains(c, at, list, &below);
    }
    return ok;
}

/* ---- any value ---- */

/* A value that is not wholly known yet can only be compared with what it must be, not with what it may be. */
static bool is_known(const checker *c, tsk_value v) {
    if (c->force) return true;
    return !tsk_is_thunk(v) && !(tsk_is_object(v) && tsk_as_object(v)->flags & TSK_HAS_THUNKS) &&
           !(tsk_is_array(v) && tsk_as_array(v)->flags & TSK_HAS_THUNKS);
}

static bool check_alternatives(checker *c, const step *at, tsk_value v, const step *rule, bool one) {
    uint32_t taken = 0;
    if (!tsk_is_array(rule->value)) return tsk_schema_stop(c, rule, "alternatives must be a list of schemas");
    const tsk_array *list = tsk_as_array(rule->value);
    for (uint32_t i = 0; i < list->count && !c->problem && (one || !taken); i++) {
        const step alternative = tsk_schema_item(rule, i, list->items[i]);
        taken += takes(c, at, v, &alternative);
    }
    if (one ? taken == 1 : taken > 0) return true;
    if (taken)
        return tsk_schema_fail(c, at, rule, NULL, "fits %u of the alternatives, and must fit exactly one", taken);
    return tsk_schema_fail(c, at, rule, NULL, "fits none of the %u alternatives, got %s", list->count,
                           tsk_schema_show(c, v));
}

static bool check_all(checker *c, const step *at, tsk_value v, const step *rule) {
    bool ok = true;
    if (!tsk_is_array(rule->value)) return tsk_schema_stop(c, rule, "allOf must be a list of schemas");
    const tsk_array *list = tsk_as_array(rule->value);
    for (uint32_t i = 0; i < list->count && !c->problem; i++) {
        const step one = tsk_schema_item(rule, i, list->items[i]);
        ok &= tsk_schema_json(c, at, v, &one);
    }
    return ok;
}

static bool check_if(checker *c, const step *at, tsk_value v, const tsk_object *schema, const step *rule,
                     const step *condition) {
    const tsk_entry *branch = tsk_schema_rule(schema, takes(c, at, v, condition) ? "then" : "else");
    return !branch || check_below(c, at, v, rule, branch);
}

static bool check_keyword(checker *c, const step *at, tsk_value v, const tsk_object *schema, const step *rule,
                          const step *k) {
    static const struct {
        tsk_slice name;
        int direction;
        bool strict, length;
    } bounds[] = {{TSK_SLICE("minimum"), 1, false, false},         {TSK_SLICE("maximum"), -1, false, false},
                  {TSK_SLICE("exclusiveMinimum"), 1, true, false}, {TSK_SLICE("exclusiveMaximum"), -1, true, false},
                  {TSK_SLICE("minLength"), 1, false, true},        {TSK_SLICE("maxLength"), -1, false, true}};
    static const tsk_slice refused[] = {TSK_SLICE("$dynamicRef"), TSK_SLICE("$recursiveRef"),
                                        TSK_SLICE("unevaluatedProperties"), TSK_SLICE("unevaluatedItems")};
    tsk_slice name = {k->entry->key, k->entry->key_len};
    for (size_t i = 0; i < TSK_COUNT(bounds); i++) {
        if (!tsk_slice_eq(name, bounds[i].name)) continue;
        if (bounds[i].length ? !tsk_is_str(v) : !tsk_is_number(v)) return true;
        double measure = bounds[i].length ? (double)tsk_utf8_count(tsk_as_slice(v).ptr, tsk_as_slice(v).len)
                                          : tsk_as_number(v);
        return tsk_schema_bound(c, at, k, measure, bounds[i].direction, bounds[i].strict,
                                bounds[i].length ? "the length" : "the value");
    }
    for (size_t i = 0; i < TSK_COUNT(refused); i++)
        if (tsk_slice_eq(name, refused[i]))
            return tsk_schema_stop(c, k, "%.*s is not in the part of JSON Schema that is understood", (int)name.len,
                                   name.ptr);
    if (tsk_slice_eq(name, TSK_SLICE("type"))) return check_types(c, at, v, k);
    if (tsk_slice_eq(name, TSK_SLICE("multipleOf")))
        return !tsk_is_number(v) || check_multiple(c, at, tsk_as_number(v), k);
    if (tsk_slice_eq(name, TSK_SLICE("pattern"))) {
        if (!tsk_is_str(k->value)) return tsk_schema_stop(c, k, "a pattern must be a text");
        return !tsk_is_str(v) || tsk_schema_pattern(c, at, k, tsk_as_slice(v));
    }
    if (tsk_slice_eq(name, TSK_SLICE("format"))) return !tsk_is_str(v) || check_format(c, at, tsk_as_slice(v), k);
    if (tsk_slice_eq(name, TSK_SLICE("allOf"))) return check_all(c, at, v, k);
    if (tsk_slice_eq(name, TSK_SLICE("$ref"))) {
        step target;
        return follow(c, k, &target) && tsk_schema_json(c, at, v, &target);
    }
    if (!is_known(c, v)) return true;
    if (tsk_slice_eq(name, TSK_SLICE("enum"))) {
        if (!tsk_is_array(k->value)) return tsk_schema_stop(c, k, "enum must be a list");
        return tsk_schema_enum(c, at, k, v, k->value);
    }
    if (tsk_slice_eq(name, TSK_SLICE("const")))
        return tsk_value_same(v, k->value) || tsk_schema_fail(c, at, k, NULL, "is not the value it must be");
    if (tsk_slice_eq(name, TSK_SLICE("anyOf"))) return check_alternatives(c, at, v, k, false);
    if (tsk_slice_eq(name, TSK_SLICE("oneOf"))) return check_alternatives(c, at, v, k, true);
    if (tsk_slice_eq(name, TSK_SLICE("not")))
        return !takes(c, at, v, k) || tsk_schema_fail(c, at, k, NULL, "is what `not` forbids");
    if (tsk_slice_eq(name, TSK_SLICE("if"))) return check_if(c, at, v, schema, rule, k);
    return true;
}

bool tsk_schema_json(checker *c, const step *at, tsk_value v, const step *rule) {
    if (c->problem) return false;
    if (tsk_is_bool(rule->value))
        return tsk_as_bool(rule->value) || tsk_schema_fail(c, at, rule, NULL, "is not allowed");
    if (!tsk_is_object(rule->value))
        return tsk_schema_stop(c, rule, "a schema must be an object, got %s", tsk_schema_show(c, rule->value));
    if (++c->steps > MAX_STEPS) return tsk_schema_stop(c, rule, "the check takes too long");
    if (c->depth == MAX_DEPTH) return tsk_schema_stop(c, rule, "the value is nested too deeply");
    c->depth++;
    const tsk_object *schema = tsk_as_object(rule->value);
    bool ok = true;
    for (uint32_t i = 0; i < schema->count && !c->problem; i++) {
        const step keyword = tsk_schema_below(rule, &schema->entries[i]);
        ok &= check_keyword(c, at, v, schema, rule, &keyword);
    }
    if (tsk_is_object(v) && !c->problem) ok &= check_object(c, at, v, schema, rule);
    if (tsk_is_array(v) && !c->problem) ok &= check_list(c, at, v, schema, rule);
    c->depth--;
    return ok && !c->problem;
}

/* ---- json("schema", data, schema): {valid, errors} ---- */

#define ERRORS_MAX 100

typedef struct collected {
    tsk_op_context *cx;
    tsk_array *errors;
} collected;

static void collect(void *user, const step *at, const step *rule, const char *what, const char *hint) {
    collected *all = user;
    (void)rule;
    (void)hint;
    if (all->errors->count >= ERRORS_MAX) return;
    tsk_buf text;
    tsk_buf_init(&text, all->cx->heap);
    tsk_schema_path(&text, at);
    if (!text.len) tsk_buf_char(&text, '$');
    tsk_buf_printf(&text, ": %s", what);
    tsk_array_push(all->cx->heap, all->errors, tsk_str_take(&text));
}

TSK_OPERATOR(json_schema) {
    collected all = {cx, tsk_array_new(cx->heap, 0)};
    tsk_schema_check c = {.heap = cx->heap, .root = args[1], .report = collect, .user = &all};
    if (!tsk_schema_check_value(&c, args[0])) return tsk_op_fail(cx, TSK_E_ARGUMENT, "json_schema: %s", c.problem);
    tsk_object *result = tsk_object_new(cx->heap, 2);
    tsk_object_put(cx->heap, result, "valid", tsk_from_bool(all.errors->count == 0));
    tsk_object_put(cx->heap, result, "errors", tsk_from_array(all.errors));
    *out = tsk_from_object(result);
    return true;
}
