/* Rules that a document gives for itself, (language.md 7.2):
 *
 *   #!required host, server.port           keys that must be there
 *   #!type port=integer                    string, number, integer, float, boolean, array, object, null
 *   #!range port=1..65535                  of numbers, both ends included
 *
 * Also written `#!type port integer` and `#!range port 1 65535`.  Literals are looked at when the document is loaded, computed
 * values when they are known. */
#include "frontend/frontend.h"

#include "runtime/base/number.h"

typedef struct rules {
    tsk_graph *graph;
    const tsk_directive *directive;
    tsk_diags *diags;
    const char *only; /* NULL: all keys */
    bool (*known)(void *user, uint32_t thunk, tsk_value *out);
    void *user;
} rules;

static bool is_separator(char c) {
    return tsk_is(c, TSK_C_BLANK | TSK_C_EOL) || c == ',' || c == '=' || c == ':';
}

/* The next word of the argument, `p` moves behind it; empty at the end. */
static tsk_slice next_word(const char **p, const char *end) {
    while (*p < end && is_separator(**p)) ++*p;
    const char *start = *p;
    while (*p < end && !is_separator(**p)) ++*p;
    return (tsk_slice){start, (uint32_t)(*p - start)};
}

static tsk_diag *broken(const rules *r, tsk_code code, tsk_slice at) {
    const tsk_source *source = tsk_sources_at(&r->graph->sources, r->directive->span.pos);
    tsk_span span = source ? (tsk_span){source->base + (uint32_t)(at.ptr - source->text), at.len} : r->directive->span;
    return tsk_diags_add(r->diags, TSK_ERROR, code, span, "`%.*s`", (int)at.len, at.ptr);
}

/* False: the value is not known yet. */
static bool settle(const rules *r, tsk_value *v) {
    return !tsk_is_thunk(*v) || (r->known && r->known(r->user, tsk_as_thunk(*v), v));
}

static bool is_wanted(const rules *r, tsk_slice name) {
    return !r->only || tsk_slice_eq(name, (tsk_slice){r->only, (uint32_t)strlen(r->only)});
}

/* The value at a dotted path, or the computed one on the way to it; `name` stands for `$name` too. */
static bool find(const rules *r, tsk_slice path, tsk_value *out) {
    tsk_value v = tsk_from_object(r->graph->root);
    const char *p = path.ptr, *end = p + path.len;
    while (p < end) {
        const char *dot = memchr(p, '.', (size_t)(end - p)), *stop = dot ? dot : end;
        uint32_t len = (uint32_t)(stop - p);
        if (!settle(r, &v)) break;
        tsk_entry *e = tsk_is_object(v) ? tsk_object_find(tsk_as_object(v), p, len) : NULL;
        if (!e && tsk_is_object(v)) {
            const char *dollar = tsk_arena_printf(r->diags->arena, "$%.*s", (int)len, p);
            e = tsk_object_find(tsk_as_object(v), dollar, len + 1);
        }
        if (!e) return false;
        v = e->value;
        p = dot ? dot + 1 : end;
    }
    *out = v;
    return true;
}

static void check_required(const rules *r, const char *p, const char *end) {
    tsk_value v;
    for (tsk_slice name; (name = next_word(&p, end)).len;) {
        bool found = find(r, name, &v);
        if (!is_wanted(r, name) || (found && (!settle(r, &v) || !tsk_is_null(v)))) continue;
        tsk_diag *d = broken(r, TSK_E_REQUIRED_MISSING, name);
        d->message = tsk_arena_printf(r->diags->arena,
                                      found ? "the required key `%.*s` is null" : "the required key `%.*s` is missing",
                                      (int)name.len, name.ptr);
    }
}

static void malformed(const rules *r, const char *form) {
    tsk_diag *d = tsk_diags_add(r->diags, TSK_ERROR, TSK_E_BAD_DIRECTIVE, r->directive->span, "malformed #!%.*s",
                                (int)r->directive->name.len, r->directive->name.ptr);
    d->expected = tsk_arena_printf(r->diags->arena, "expected %s", form);
}

static void check_type(const rules *r, const char *p, const char *end) {
    tsk_slice name;
    while ((name = next_word(&p, end)).len) {
        tsk_slice type = next_word(&p, end);
        tsk_value v;
        bool known, right = tsk_value_has_type(TSK_VALUE_NULL, type, &known);
        if (!known)
            return malformed(r, "#!type key=type, a type being string, number, integer, boolean, array or object");
        if (!is_wanted(r, name) || !find(r, name, &v) || !settle(r, &v)) continue;
        right = tsk_value_has_type(v, type, &known);
        if (right) continue;
        tsk_diag *d = broken(r, TSK_E_CHECK_FAILED, name);
        d->message = tsk_arena_printf(r->diags->arena, "`%.*s` must be of type %.*s, not %s", (int)name.len, name.ptr,
                                      (int)type.len, type.ptr, tsk_kind_name(tsk_kind_of(v)));
    }
}

/* `1..65535`, `1-65535`, or the two numbers apart. */
static bool read_range(const char **p, const char *end, tsk_number *low, tsk_number *high) {
    tsk_slice word = next_word(p, end);
    const char *dots = memmem(word.ptr, word.len, "..", 2);
    const char *dash = dots || word.len < 2 ? NULL : memchr(word.ptr + 1, '-', word.len - 1);
    const char *split = dots ? dots : dash;
    tsk_slice first = {word.ptr, split ? (uint32_t)(split - word.ptr) : word.len};
    tsk_slice second = split ? (tsk_slice){split + (dots ? 2 : 1),
                                           (uint32_t)(word.ptr + word.len - split - (dots ? 2 : 1))}
                             : next_word(p, end);
    return tsk_number_read(first.ptr, first.len, low) && tsk_number_read(second.ptr, second.len, high);
}

static void check_range(const rules *r, const char *p, const char *end) {
    tsk_slice name;
    while ((name = next_word(&p, end)).len) {
        tsk_number low, high, number = {0};
        tsk_value v;
        if (!read_range(&p, end, &low, &high)) return malformed(r, "#!range key=low..high");
        if (!is_wanted(r, name) || !find(r, name, &v) || !settle(r, &v)) continue;
        bool numeric = tsk_is_number(v);
        if (numeric) {
            number = tsk_is_int(v) ? (tsk_number){true, tsk_as_int(v), (double)tsk_as_int(v)}
                                   : (tsk_number){false, 0, tsk_as_double(v)};
            if (tsk_number_compare(low, number) <= 0 && tsk_number_compare(number, high) <= 0) continue;
        }
        tsk_diag *d = broken(r, TSK_E_CHECK_FAILED, name);
        char digits[32];
        uint32_t len = !numeric        ? 0
                       : number.is_int ? tsk_number_format_int(digits, number.i)
                                       : tsk_number_format(digits, number.d);
        d->message = numeric ? tsk_arena_printf(r->diags->arena, "`%.*s` is %.*s, out of its range", (int)name.len,
                                                name.ptr, (int)len, digits)
                             : tsk_arena_printf(r->diags->arena, "`%.*s` must be a number, not %s", (int)name.len,
                                                name.ptr, tsk_kind_name(tsk_kind_of(v)));
    }
}

void tsk_frontend_rules(tsk_graph *g, tsk_diags *diags, const char *only,
                        bool (*known)(void *user, uint32_t thunk, tsk_value *out), void *user) {
    static const struct {
        tsk_slice name;
        void (*check)(const rules *r, const char *p, const char *end);
    } checks[] = {
        {TSK_SLICE("required"), check_required}, {TSK_SLICE("type"), check_type}, {TSK_SLICE("range"), check_range}};
    for (const tsk_directive *d = g->directives; d; d = d->next) {
        const rules r = {g, d, diags, only, known, user};
        for (size_t i = 0; i < TSK_COUNT(checks); i++)
            if (tsk_slice_eq(checks[i].name, d->name))
                checks[i].check(&r, d->argument.ptr, d->argument.ptr + d->argument.len);
    }
}
