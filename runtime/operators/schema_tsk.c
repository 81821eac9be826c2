/* Schemas of TuskLang: a block of fields, each described by
 *
 *   "int"  "string!"  "email?"  "string[]"  "int | bool"     a type; ! required, ? may be null, [] a list of it
 *   ["dev", "test", "production"]                            one of these
 *   1-65535                                                  a whole number in a range
 *   { type: "int", required: true, min: 1, max: 10 }         a description in full
 *   { host: "string!", port: "int" }                         a block of fields
 *
 * A block is a description when every key of it is a word of descriptions with a fitting value. */
#include "runtime/operators/schema.h"

#include "runtime/base/diag.h"
#include "runtime/base/utf8.h"
#include "runtime/value/semantics.h"

#include <math.h>

#define MAX_DEPTH 200

typedef tsk_schema_check checker;
typedef tsk_schema_step step;

/* ---- words of descriptions ---- */

typedef enum word_kind { WORD_TEXT, WORD_FLAG, WORD_NUMBER, WORD_LIST, WORD_ANY } word_kind;

static const struct {
    tsk_slice name;
    word_kind kind;
    bool decides; /* a block with it describes something */
} words[] = {{TSK_SLICE("type"), WORD_TEXT, true},         {TSK_SLICE("required"), WORD_FLAG, true},
             {TSK_SLICE("optional"), WORD_FLAG, true},     {TSK_SLICE("nullable"), WORD_FLAG, true},
             {TSK_SLICE("default"), WORD_ANY, false},      {TSK_SLICE("min"), WORD_NUMBER, true},
             {TSK_SLICE("max"), WORD_NUMBER, true},        {TSK_SLICE("min_length"), WORD_NUMBER, true},
             {TSK_SLICE("max_length"), WORD_NUMBER, true}, {TSK_SLICE("pattern"), WORD_TEXT, true},
             {TSK_SLICE("format"), WORD_TEXT, true},       {TSK_SLICE("enum"), WORD_LIST, true},
             {TSK_SLICE("one_of"), WORD_LIST, true},       {TSK_SLICE("const"), WORD_ANY, false},
             {TSK_SLICE("items"), WORD_ANY, false},        {TSK_SLICE("fields"), WORD_ANY, false},
             {TSK_SLICE("properties"), WORD_ANY, false},   {TSK_SLICE("unique"), WORD_FLAG, true},
             {TSK_SLICE("strict"), WORD_FLAG, true},       {TSK_SLICE("description"), WORD_TEXT, false},
             {TSK_SLICE("example"), WORD_ANY, false},      {TSK_SLICE("secret"), WORD_FLAG, true}};

static bool fits(tsk_value v, word_kind kind) {
    if (tsk_is_thunk(v)) return true;
    switch (kind) {
    case WORD_TEXT: return tsk_is_str(v);
    case WORD_FLAG: return tsk_is_bool(v);
    case WORD_NUMBER: return tsk_is_number(v);
    case WORD_LIST: return tsk_is_array(v);
    case WORD_ANY: break;
    }
    return true;
}

/* The words of a type are looked at here, so that a field called `type` can be told from one. */
static bool is_type_text(tsk_value v) {
    bool known;
    if (!tsk_is_str(v)) return tsk_is_thunk(v);
    tsk_slice text = tsk_as_slice(v);
    uint32_t n = 0;
    while (n < text.len && text.ptr[n] != '|' && text.ptr[n] != '[' && text.ptr[n] != '!' && text.ptr[n] != '?' &&
           text.ptr[n] != ' ')
        n++;
    tsk_value_has_type(TSK_VALUE_NULL, (tsk_slice){text.ptr, n}, &known);
    if (!known) tsk_schema_has_format((tsk_slice){"", 0}, (tsk_slice){text.ptr, n}, &known);
    return known;
}

bool tsk_schema_is_rule(tsk_value v) {
    bool decided = false;
    if (!tsk_is_object(v)) return false;
    const tsk_object *o = tsk_as_object(v);
    for (uint32_t i = 0; i < o->count; i++) {
        tsk_slice key = {o->entries[i].key, o->entries[i].key_len};
        size_t k = 0;
        while (k < TSK_COUNT(words) && !tsk_slice_eq(words[k].name, key)) k++;
        if (k == TSK_COUNT(words) || !fits(o->entries[i].value, words[k].kind)) return false;
        if (k == 0 && o->count > 1 && !is_type_text(o->entries[i].value)) return false;
        decided |= words[k].decides;
    }
    return decided || tsk_schema_rule(o, "fields") || tsk_schema_rule(o, "items") || tsk_schema_rule(o, "properties");
}

static bool flag(const tsk_object *o, const char *name) {
    const tsk_entry *e = tsk_schema_rule(o, name);
    return e && tsk_is_bool(e->value) && tsk_as_bool(e->value);
}

/* ---- types ---- */

/* One alternative of a type: "int", "string[]", without `!` and `?`. */
static bool has_one_type(checker *c, tsk_value v, tsk_slice type, const step *rule) {
    bool known;
    if (type.len > 2 && !memcmp(type.ptr + type.len - 2, "[]", 2)) {
        type.len -= 2;
        if (!tsk_is_array(v)) {
            has_one_type(c, TSK_VALUE_NULL, type, rule);
            return false;
        }
        for (uint32_t i = 0; i < tsk_as_array(v)->count; i++) {
            tsk_value item = tsk_as_array(v)->items[i];
            if (tsk_schema_force(c, &item) && !has_one_type(c, item, type, rule)) return false;
        }
        return true;
    }
    bool ok = tsk_value_has_type(v, type, &known);
    if (known) return ok;
    ok = tsk_schema_has_format(tsk_is_str(v) ? tsk_as_slice(v) : (tsk_slice){"", 0}, type, &known);
    if (!known) return tsk_schema_stop(c, rule, "there is no type \"%.*s\"", (int)type.len, type.ptr);
    return ok && tsk_is_str(v);
}

/* `string[]` alone: each item is looked at where it stands. */
static bool is_list_type(tsk_slice *type) {
    while (type->len && (type->ptr[type->len - 1] == '!' || type->ptr[type->len - 1] == '?')) type->len--;
    if (type->len < 3 || memcmp(type->ptr + type->len - 2, "[]", 2) || memchr(type->ptr, '|', type->len)) return false;
    type->len -= 2;
    return true;
}

static bool check_list_type(checker *c, const step *at, const tsk_array *list, tsk_slice type, const step *rule) {
    bool ok = true;
    for (uint32_t i = 0; i < list->count && !c->problem; i++) {
        const step item = tsk_schema_item(at, i, list->items[i]);
        tsk_value v = list->items[i];
        if (!tsk_schema_force(c, &v) || has_one_type(c, v, type, rule)) continue;
        ok = tsk_schema_fail(c, &item, rule, NULL, "expected %.*s, got %s", (int)type.len, type.ptr,
                             tsk_schema_show(c, v));
    }
    return ok;
}

static bool check_type(checker *c, const step *at, tsk_value v, const step *rule) {
    tsk_value text = rule->value;
    if (!tsk_schema_force(c, &text) || !tsk_is_str(text)) return tsk_schema_stop(c, rule, "a type must be a text");
    const char *p = tsk_as_slice(text).ptr, *end = p + tsk_as_slice(text).len;
    tsk_slice item = tsk_as_slice(text);
    bool ok = false;
    if (tsk_is_array(v) && is_list_type(&item)) return check_list_type(c, at, tsk_as_array(v), item, rule);
    while (p < end) {
        const char *stop = memchr(p, '|', (size_t)(end - p));
        if (!stop) stop = end;
        const char *last = stop;
        while (p < last && *p == ' ') p++;
        while (last > p && (last[-1] == ' ' || last[-1] == '!' || last[-1] == '?')) {
            if (last[-1] == '?' && tsk_is_null(v)) ok = true;
            last--;
        }
        ok |= has_one_type(c, v, (tsk_slice){p, (uint32_t)(last - p)}, rule);
        if (c->problem) return false;
        p = stop + 1;
    }
    if (ok) return true;
    tsk_slice name = tsk_as_slice(text);
    while (name.len && (name.ptr[name.len - 1] == '!' || name.ptr[name.len - 1] == '?')) name.len--;
    return tsk_schema_fail(c, at, rule, NULL, "expected %.*s, got %s", (int)name.len, name.ptr, tsk_schema_show(c, v));
}

/* ---- blocks of fields ---- */

static bool is_required(const tsk_entry *field) {
    if (tsk_is_str(field->value)) {
        tsk_slice text = tsk_as_slice(field->value);
        return text.len && (text.ptr[text.len - 1] == '!');
    }
    return tsk_schema_is_rule(field->value) && flag(tsk_as_object(field->value), "required");
}

/* The block below a field, NULL: it describes no block. */
static const tsk_entry *block_of(const tsk_entry *field, tsk_value *out) {
    if (!tsk_is_object(field->value)) return NULL;
    *out = field->value;
    if (!tsk_schema_is_rule(field->value)) return field;
    const tsk_entry *below = tsk_schema_rule(tsk_as_object(field->value), "fields");
    if (!below) below = tsk_schema_rule(tsk_as_object(field->value), "properties");
    if (below) *out = below->value;
    return below && tsk_is_object(below->value) ? below : NULL;
}

static bool is_range(tsk_value v) {
    const tsk_entry *type = tsk_is_object(v) ? tsk_schema_rule(tsk_as_object(v), "type") : NULL;
    return type && tsk_is_str(type->value) && tsk_slice_eq(tsk_as_slice(type->value), TSK_SLICE("range")) &&
           tsk_as_object(v)->count == 3;
}

/* What must be there and is not, also in blocks that are not there at all. */
static bool check_missing(checker *c, const step *at, const tsk_object *o, const step *rule, const tsk_object *fields,
                          uint32_t depth) {
    bool ok = true;
    for (uint32_t i = 0; i < fields->count && depth < MAX_DEPTH; i++) {
        const tsk_entry *field = &fields->entries[i];
        const step below = tsk_schema_below(rule, field);
        tsk_value block;
        if (o && tsk_object_find_hashed(o, field->key, field->key_len, field->hash)) continue;
        if (is_required(field))
            ok = tsk_schema_fail(c, at, &below, NULL, "\"%.*s\" is missing", (int)field->key_len, field->key);
        else if (block_of(field, &block) && !is_range(field->value)) {
            const tsk_entry missing = {field->key, field->key_len, field->hash, TSK_VALUE_NULL};
            const step inner = tsk_schema_below(at, &missing);
            ok &= check_missing(c, &inner, NULL, &below, tsk_as_object(block), depth + 1);
        }
    }
    return ok;
}

static bool check_unknown(checker *c, const step *at, const step *rule, const tsk_object *fields) {
    tsk_slice *names = TSK_NEW_ARRAY(c->heap, tsk_slice, fields->count);
    for (uint32_t i = 0; i < fields->count; i++)
        names[i] = (tsk_slice){fields->entries[i].key, fields->entries[i].key_len};
    tsk_slice near = tsk_closest((tsk_slice){at->entry->key, at->entry->key_len}, names, fields->count);
    const char *hint = near.len ? tsk_arena_printf(c->heap, "did you mean `%.*s`?", (int)near.len, near.ptr) : NULL;
    return tsk_schema_fail(c, at, rule, hint, "is not allowed");
}

static bool check_fields(checker *c, const step *at, tsk_value v, const step *rule, bool strict) {
    const tsk_object *fields = tsk_as_object(rule->value);
    if (!tsk_is_object(v)) return tsk_schema_fail(c, at, rule, NULL, "expected a block, got %s", tsk_schema_show(c, v));
    const tsk_object *o = tsk_as_object(v);
    bool ok = check_missing(c, at, o, rule, fields, 0);
    for (uint32_t i = 0; i < o->count && !c->problem; i++) {
        const tsk_entry *e = &o->entries[i], *field = tsk_object_find_hashed(fields, e->key, e->key_len, e->hash);
        const step member = tsk_schema_below(at, e);
        tsk_value x = e->value;
        if (!field && (strict || c->strict) && *e->key != '$')
            ok = check_unknown(c, &member, rule, fields);
        else if (field && tsk_schema_force(c, &x)) {
            const step below = tsk_schema_below(rule, field);
            ok &= tsk_schema_tsk(c, &member, x, &below);
        }
    }
    return ok;
}

/* ---- descriptions in full ---- */

static bool check_bound(checker *c, const step *at, tsk_value v, const step *word, int direction) {
    if (tsk_is_number(v)) return tsk_schema_bound(c, at, word, tsk_as_number(v), direction, false, "the value");
    if (tsk_is_array(v))
        return tsk_schema_bound(c, at, word, tsk_as_array(v)->count, direction, false, "the number of items");
    if (!tsk_is_str(v)) return true;
    double length = (double)tsk_utf8_count(tsk_as_slice(v).ptr, tsk_as_slice(v).len);
    return tsk_schema_bound(c, at, word, length, direction, false, "the length");
}

static bool check_items(checker *c, const step *at, tsk_value v, const step *rule) {
    bool ok = true;
    for (uint32_t i = 0; tsk_is_array(v) && i < tsk_as_array(v)->count && !c->problem; i++) {
        const step item = tsk_schema_item(at, i, tsk_as_array(v)->items[i]);
        tsk_value x = item.value;
        if (tsk_schema_force(c, &x)) ok &= tsk_schema_tsk(c, &item, x, rule);
    }
    for (uint32_t i = 0; tsk_is_object(v) && i < tsk_as_object(v)->count && !c->problem; i++) {
        const step member = tsk_schema_below(at, &tsk_as_object(v)->entries[i]);
        tsk_value x = member.value;
        if (tsk_schema_force(c, &x)) ok &= tsk_schema_tsk(c, &member, x, rule);
    }
    return ok;
}

static bool check_word(checker *c, const step *at, tsk_value v, const tsk_object *all, const step *w) {
    tsk_slice name = {w->entry->key, w->entry->key_len};
    bool known;
    if (tsk_slice_eq(name, TSK_SLICE("type"))) return check_type(c, at, v, w);
    if (tsk_slice_eq(name, TSK_SLICE("min"))) return check_bound(c, at, v, w, 1);
    if (tsk_slice_eq(name, TSK_SLICE("max"))) return check_bound(c, at, v, w, -1);
    if (tsk_slice_eq(name, TSK_SLICE("min_length"))) return tsk_is_number(v) || check_bound(c, at, v, w, 1);
    if (tsk_slice_eq(name, TSK_SLICE("max_length"))) return tsk_is_number(v) || check_bound(c, at, v, w, -1);
    if (tsk_slice_eq(name, TSK_SLICE("pattern")))
        return !tsk_is_str(v) || tsk_schema_pattern(c, at, w, tsk_as_slice(v));
    if (tsk_slice_eq(name, TSK_SLICE("enum")) || tsk_slice_eq(name, TSK_SLICE("one_of")))
        return tsk_schema_enum(c, at, w, v, w->value);
    if (tsk_slice_eq(name, TSK_SLICE("const")))
        return tsk_value_same(v, w->value) || tsk_schema_fail(c, at, w, NULL, "is not the value it must be");
    if (tsk_slice_eq(name, TSK_SLICE("items"))) return check_items(c, at, v, w);
    if (tsk_slice_eq(name, TSK_SLICE("fields")) || tsk_slice_eq(name, TSK_SLICE("properties")))
        return tsk_is_object(w->value) ? check_fields(c, at, v, w, flag(all, "strict"))
                                       : tsk_schema_stop(c, w, "fields must be a block");
    if (tsk_slice_eq(name, TSK_SLICE("unique")))
        return !tsk_is_array(v) || !tsk_as_bool(w->value) || tsk_schema_unique(c, at, w, tsk_as_array(v));
    if (!tsk_slice_eq(name, TSK_SLICE("format"))) return true;
    tsk_slice format = tsk_as_slice(w->value);
    if (tsk_schema_has_format(tsk_is_str(v) ? tsk_as_slice(v) : (tsk_slice){"", 0}, format, &known) || !tsk_is_str(v))
        return known || tsk_schema_stop(c, w, "there is no format \"%.*s\"", (int)format.len, format.ptr);
    return tsk_schema_fail(c, at, w, NULL, "is no %.*s", (int)format.len, format.ptr);
}

static bool check_described(checker *c, const step *at, tsk_value v, const step *rule) {
    const tsk_object *all = tsk_as_object(rule->value);
    bool ok = true;
    if (tsk_is_null(v) && flag(all, "nullable")) return true;
    for (uint32_t i = 0; i < all->count && !c->problem; i++) {
        const step word = tsk_schema_below(rule, &all->entries[i]);
        ok &= check_word(c, at, v, all, &word);
    }
    return ok;
}

static bool check_range(checker *c, const step *at, tsk_value v, const step *rule) {
    bool known;
    if (!tsk_value_has_type(v, TSK_SLICE("int"), &known))
        return tsk_schema_fail(c, at, rule, NULL, "expected int, got %s", tsk_schema_show(c, v));
    const tsk_object *range = tsk_as_object(rule->value);
    for (int i = 0; i < 2; i++) {
        step bound = *rule;
        bound.value = tsk_schema_rule(range, i ? "max" : "min")->value;
        if (!tsk_schema_bound(c, at, &bound, tsk_as_number(v), i ? -1 : 1, false, "the value")) return false;
    }
    return true;
}

bool tsk_schema_tsk(checker *c, const step *at, tsk_value v, const step *rule) {
    bool ok = true;
    step here = *rule;
    if (c->problem) return false;
    if (!tsk_schema_force(c, &here.value))
        return tsk_schema_stop(c, rule, "this part of the schema cannot be computed");
    if (c->depth == MAX_DEPTH) return tsk_schema_stop(c, rule, "the value is nested too deeply");
    c->depth++;
    if (tsk_is_str(here.value))
        ok = check_type(c, at, v, &here);
    else if (tsk_is_array(here.value))
        ok = tsk_schema_enum(c, at, &here, v, here.value);
    else if (is_range(here.value))
        ok = check_range(c, at, v, &here);
    else if (tsk_schema_is_rule(here.value))
        ok = check_described(c, at, v, &here);
    else if (tsk_is_object(here.value))
        ok = check_fields(c, at, v, &here, false);
    else if (!tsk_is_null(here.value))
        tsk_schema_stop(c, rule, "a field is described by a type, a list of values, a range or a block, not by %s",
                        tsk_schema_show(c, here.value));
    c->depth--;
    return ok && !c->problem;
}
