/* What both kinds of schemas share: see schema.h. */
#include "runtime/operators/schema.h"

#include "runtime/base/diag.h"
#include "runtime/base/number.h"
#include "runtime/base/utf8.h"
#include "runtime/js/string.h"
#include "runtime/operators/text.h"
#include "runtime/regex/regex.h"
#include "runtime/value/semantics.h"
#include "runtime/value/write.h"

#include <stdarg.h>
#include <stdio.h>

#define MAX_STEPS 20000000
#define PATTERN_STEPS 5000000
#define SHOWN 40 /* bytes of a value in a message */

typedef struct tsk_schema_pattern {
    struct tsk_schema_pattern *next;
    tsk_slice text;
    const tsk_re_program *program;
} pattern;

bool tsk_schema_force(const tsk_schema_check *c, tsk_value *v) {
    return !tsk_is_thunk(*v) || (c->force && c->force(c->user, v));
}

bool tsk_schema_fail(tsk_schema_check *c, const tsk_schema_step *at, const tsk_schema_step *rule, const char *hint,
                     const char *fmt, ...) {
    if (c->quiet) return false;
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    c->report(c->user, at, rule, tsk_arena_strdup(c->heap, text, strlen(text)), hint);
    return false;
}

bool tsk_schema_stop(tsk_schema_check *c, const tsk_schema_step *rule, const char *fmt, ...) {
    if (c->problem) return false;
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    c->problem = tsk_arena_strdup(c->heap, text, strlen(text));
    c->problem_at = *rule;
    c->problem_at.up = NULL;
    return false;
}

tsk_schema_step tsk_schema_below(const tsk_schema_step *up, const tsk_entry *entry) {
    return (tsk_schema_step){up, entry, 0, entry->value};
}

tsk_schema_step tsk_schema_item(const tsk_schema_step *up, uint32_t index, tsk_value v) {
    return (tsk_schema_step){up, NULL, index, v};
}

static bool is_plain_key(tsk_slice key) {
    for (uint32_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                     c == '-' || c == '$' || (uint8_t)c >= 0x80;
        if (!plain) return false;
    }
    return key.len > 0;
}

void tsk_schema_path(tsk_buf *out, const tsk_schema_step *at) {
    if (!at || !at->up) return;
    tsk_schema_path(out, at->up);
    if (!at->entry) {
        tsk_buf_printf(out, "[%u]", at->index);
        return;
    }
    tsk_slice key = {at->entry->key, at->entry->key_len};
    if (out->len) tsk_buf_char(out, '.');
    if (is_plain_key(key))
        tsk_buf_slice(out, key);
    else
        tsk_utf8_json(out, key.ptr, key.len);
}

const tsk_entry *tsk_schema_rule(const tsk_object *schema, const char *name) {
    return tsk_object_find(schema, name, (uint32_t)strlen(name));
}

const char *tsk_schema_show(tsk_schema_check *c, tsk_value v) {
    tsk_buf out;
    tsk_buf_init(&out, c->heap);
    const char *kind = tsk_kind_name(tsk_kind_of(v));
    if (tsk_is_array(v) || tsk_is_object(v)) return kind;
    tsk_buf_printf(&out, "%s ", kind);
    if (tsk_is_str(v) && tsk_as_slice(v).len > SHOWN) {
        tsk_slice text = tsk_as_slice(v);
        uint32_t cut = SHOWN;
        while (cut && ((uint8_t)text.ptr[cut] & 0xC0) == 0x80) cut--;
        tsk_utf8_json(&out, text.ptr, cut);
        tsk_buf_cstr(&out, "…");
    } else if (tsk_is_str(v)) {
        tsk_utf8_json(&out, tsk_as_slice(v).ptr, tsk_as_slice(v).len);
    } else if (tsk_is_null(v)) {
        return kind;
    } else {
        tsk_value_text(&out, v);
    }
    tsk_buf_char(&out, 0);
    return out.ptr;
}

bool tsk_schema_bound(tsk_schema_check *c, const tsk_schema_step *at, const tsk_schema_step *rule, double measure,
                      int direction, bool strict, const char *noun) {
    double bound;
    tsk_value limit = rule->value;
    if (!tsk_schema_force(c, &limit)) return true;
    if (!tsk_is_number(limit)) return tsk_schema_stop(c, rule, "a bound must be a number");
    bound = tsk_as_number(limit);
    double over = (measure - bound) * direction; /* negative: out of bounds */
    if (!(over < 0) && !(strict && over == 0)) return true;
    char text[32];
    uint32_t len = tsk_number_format(text, bound);
    return tsk_schema_fail(c, at, rule, NULL, "%s is %s %s%.*s", noun, direction > 0 ? "less than" : "more than",
                           strict ? "or equal to " : "", (int)len, text);
}

/* ---- patterns: regular expressions as functions have them, found anywhere in the text ---- */

static tsk_re_text units_of(tsk_arena *heap, tsk_slice text) {
    uint16_t *units = TSK_NEW_ARRAY(heap, uint16_t, text.len + 1);
    return (tsk_re_text){units, (uint32_t)tsk_js_decode_utf8(text.ptr, text.len, true, units), true};
}

static const tsk_re_program *compiled(tsk_schema_check *c, const tsk_schema_step *rule, tsk_slice text) {
    for (const pattern *p = c->patterns; p; p = p->next)
        if (tsk_slice_eq(p->text, text)) return p->program;
    tsk_re_error error;
    tsk_re_text units = units_of(c->heap, text);
    const tsk_re_program *program = tsk_re_compile(c->heap, c->heap, units, TSK_RE_UNICODE, &error);
    if (!program) program = tsk_re_compile(c->heap, c->heap, units, 0, &error);
    if (!program) {
        tsk_schema_stop(c, rule, "the pattern is no regular expression: %s", error.message);
        return NULL;
    }
    pattern *p = TSK_NEW(c->heap, pattern);
    *p = (pattern){c->patterns, text, program};
    c->patterns = p;
    return program;
}

bool tsk_schema_pattern(tsk_schema_check *c, const tsk_schema_step *at, const tsk_schema_step *rule, tsk_slice text) {
    tsk_slice source = rule->entry && !tsk_is_str(rule->value) ? (tsk_slice){rule->entry->key, rule->entry->key_len}
                       : tsk_is_str(rule->value)               ? tsk_as_slice(rule->value)
                                                               : (tsk_slice){"", 0};
    const tsk_re_program *program = compiled(c, rule, source);
    if (!program) return false;
    tsk_re_text units = units_of(c->heap, text);
    uint32_t *captures = TSK_NEW_ARRAY(c->heap, uint32_t, 2 * tsk_re_group_count(program));
    tsk_re_machine machine;
    tsk_re_machine_init(&machine, c->heap->allocator);
    machine.step_limit = PATTERN_STEPS;
    machine.memory_limit = (size_t)64 << 20;
    tsk_re_result result = tsk_re_exec(program, &machine, units, 0, captures);
    tsk_re_machine_free(&machine);
    if (result == TSK_RE_MATCH) return true;
    if (result != TSK_RE_NO_MATCH) return tsk_schema_stop(c, rule, "the pattern takes too long");
    return tsk_schema_fail(c, at, rule, NULL, "does not match the pattern %.*s", (int)source.len, source.ptr);
}

/* ---- lists of values ---- */

bool tsk_schema_enum(tsk_schema_check *c, const tsk_schema_step *at, const tsk_schema_step *rule, tsk_value v,
                     tsk_value allowed) {
    const tsk_array *list = tsk_as_array(allowed);
    tsk_slice *words = TSK_NEW_ARRAY(c->heap, tsk_slice, list->count);
    size_t count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        tsk_value one = list->items[i];
        if (!tsk_schema_force(c, &one) || tsk_value_same(v, one)) return true;
        if (tsk_is_str(one)) words[count++] = tsk_as_slice(one);
    }
    if (c->quiet) return false;
    tsk_slice near = tsk_is_str(v) ? tsk_closest(tsk_as_slice(v), words, count) : (tsk_slice){"", 0};
    tsk_buf all;
    tsk_buf_init(&all, c->heap);
    for (uint32_t i = 0; i < list->count && all.len < 200; i++) {
        tsk_value one = list->items[i];
        if (i) tsk_buf_cstr(&all, ", ");
        if (tsk_schema_force(c, &one)) tsk_value_text(&all, one);
    }
    tsk_buf_char(&all, 0);
    const char *hint = near.len ? tsk_arena_printf(c->heap, "did you mean \"%.*s\"?", (int)near.len, near.ptr)
                                : tsk_arena_printf(c->heap, "allowed are %s", all.ptr);
    return tsk_schema_fail(c, at, rule, hint, "is none of the allowed values");
}

bool tsk_schema_unique(tsk_schema_check *c, const tsk_schema_step *at, const tsk_schema_step *rule,
                       const tsk_array *list) {
    for (uint32_t i = 1; i < list->count; i++)
        for (uint32_t k = 0; k < i; k++) {
            tsk_value a = list->items[i], b = list->items[k];
            if (++c->steps > MAX_STEPS) return tsk_schema_stop(c, rule, "the check takes too long");
            if (!tsk_schema_force(c, &a) || !tsk_schema_force(c, &b) || !tsk_value_same(a, b)) continue;
            return tsk_schema_fail(c, at, rule, NULL, "items %u and %u are the same", k, i);
        }
    return true;
}

/* ---- formats ---- */

static bool all_digits(const char *p, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (p[i] < '0' || p[i] > '9') return false;
    return true;
}

static int two(const char *p) {
    return (p[0] - '0') * 10 + (p[1] - '0');
}

static bool is_date(tsk_slice s) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-') return false;
    if (!all_digits(s.ptr, 4) || !all_digits(s.ptr + 5, 2) || !all_digits(s.ptr + 8, 2)) return false;
    int year = two(s.ptr) * 100 + two(s.ptr + 2), month = two(s.ptr + 5), day = two(s.ptr + 8);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

/* 12:30:00[.5](Z or +01:00) */
static bool is_time(tsk_slice s) {
    if (s.len < 9 || s.ptr[2] != ':' || s.ptr[5] != ':') return false;
    if (!all_digits(s.ptr, 2) || !all_digits(s.ptr + 3, 2) || !all_digits(s.ptr + 6, 2)) return false;
    if (two(s.ptr) > 23 || two(s.ptr + 3) > 59 || two(s.ptr + 6) > 60) return false;
    uint32_t i = 8;
    if (s.ptr[i] == '.') {
        uint32_t from = ++i;
        while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9') i++;
        if (i == from) return false;
    }
    if (i + 1 == s.len) return s.ptr[i] == 'Z' || s.ptr[i] == 'z';
    return i + 6 == s.len && (s.ptr[i] == '+' || s.ptr[i] == '-') && all_digits(s.ptr + i + 1, 2) &&
           s.ptr[i + 3] == ':' && all_digits(s.ptr + i + 4, 2) && two(s.ptr + i + 1) <= 23 && two(s.ptr + i + 4) <= 59;
}

static bool is_date_time(tsk_slice s) {
    if (s.len < 20 || (s.ptr[10] != 'T' && s.ptr[10] != 't' && s.ptr[10] != ' ')) return false;
    return is_date((tsk_slice){s.ptr, 10}) && is_time((tsk_slice){s.ptr + 11, s.len - 11});
}

/* 5m, 30s, 100ms, 2h, 1d, 1w: as the language reads them. */
static bool is_duration(tsk_slice s) {
    static const tsk_slice units[] = {TSK_SLICE("ms"), TSK_SLICE("s"), TSK_SLICE("m"),
                                      TSK_SLICE("h"),  TSK_SLICE("d"), TSK_SLICE("w")};
    uint32_t i = 0;
    while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9') i++;
    if (!i) return false;
    for (size_t k = 0; k < TSK_COUNT(units); k++)
        if (tsk_slice_eq((tsk_slice){s.ptr + i, s.len - i}, units[k])) return true;
    return i == s.len;
}

bool tsk_schema_has_format(tsk_slice text, tsk_slice format, bool *known) {
    static const struct {
        tsk_slice name;
        bool (*is)(tsk_slice text);
    } formats[] = {{TSK_SLICE("email"), tsk_is_email},     {TSK_SLICE("url"), tsk_is_url},
                   {TSK_SLICE("uri"), tsk_is_url},         {TSK_SLICE("uuid"), tsk_is_uuid},
                   {TSK_SLICE("ip"), tsk_is_ip},           {TSK_SLICE("ipv4"), tsk_is_ipv4},
                   {TSK_SLICE("ipv6"), tsk_is_ipv6},       {TSK_SLICE("hostname"), tsk_is_hostname},
                   {TSK_SLICE("date"), is_date},           {TSK_SLICE("time"), is_time},
                   {TSK_SLICE("date-time"), is_date_time}, {TSK_SLICE("datetime"), is_date_time},
                   {TSK_SLICE("duration"), is_duration},   {TSK_SLICE("phone"), tsk_is_phone}};
    *known = true;
    for (size_t i = 0; i < TSK_COUNT(formats); i++)
        if (tsk_slice_eq(formats[i].name, format)) return formats[i].is(text);
    *known = false;
    return true;
}

/* ---- entry ---- */

bool tsk_schema_is_json(tsk_value v) {
    static const char *const signs[] = {"$schema",
                                        "$ref",
                                        "$defs",
                                        "$id",
                                        "allOf",
                                        "anyOf",
                                        "oneOf",
                                        "properties",
                                        "patternProperties",
                                        "additionalProperties",
                                        "definitions"};
    if (tsk_is_bool(v)) return true;
    if (!tsk_is_object(v)) return false;
    for (size_t i = 0; i < TSK_COUNT(signs); i++)
        if (tsk_schema_rule(tsk_as_object(v), signs[i])) return true;
    return false;
}

bool tsk_schema_check_value(tsk_schema_check *c, tsk_value v) {
    const tsk_schema_step at = {.value = v}, rule = {.value = c->root};
    if (!tsk_schema_force(c, &v)) return true;
    if (c->tusk)
        tsk_schema_tsk(c, &at, v, &rule);
    else
        tsk_schema_json(c, &at, v, &rule);
    return !c->problem;
}
