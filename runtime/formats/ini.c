/* INI files.
 *
 *   name = "tea; green"      in quotes: a text, with escapes in double ones
 *   port = 8080 ; comment    without: a number, true, false, null, [] or {} where it is one, else a text
 *   tags[] = a               keys with [] collect a list
 *   [server.tls]             sections nest at their dots; a section that comes twice goes on
 *
 * `:` separates like `=`.  Comments begin with `;` or `#` at the start of a line or behind a blank. */
#include "runtime/formats/internal.h"

typedef struct ini {
    tsk_reader *r;
    tsk_object *root, *section;
} ini;

static tsk_slice trimmed(const char *from, const char *to) {
    while (from < to && tsk_read_blank(*from)) from++;
    while (to > from && tsk_read_blank(to[-1])) to--;
    return tsk_read_slice(from, to);
}

static int shown(tsk_slice s) {
    return (int)(s.len > 64 ? 64 : s.len);
}

static bool is_comment(const char *p, const char *start) {
    return (*p == ';' || *p == '#') && (p == start || tsk_read_blank(p[-1]));
}

/* From the opening quote; the cursor goes behind the closing one. */
static bool read_quoted(tsk_reader *r, const char *end, tsk_slice *out) {
    static const char from[] = "\\\"'nrt0", to[] = "\\\"'\n\r\t\0";
    const char *start = r->p++;
    tsk_buf text;
    tsk_buf_init(&text, r->arena);
    for (; r->p < end && *r->p != *start; r->p++) {
        const char *known = *r->p == '\\' && *start == '"' && r->p + 1 < end ? strchr(from, r->p[1]) : NULL;
        tsk_buf_char(&text, known ? to[known - from] : *r->p);
        r->p += known != NULL;
    }
    if (r->p == end) return tsk_read_fail(r, start, "a text without its closing quote");
    r->p++;
    *out = tsk_read_taken(&text);
    return true;
}

static tsk_value plain_value(tsk_reader *r, tsk_slice s) {
    static const struct {
        const char *word;
        tsk_value v;
    } words[] = {{"true", {TSK_BITS(TSK_TAG_CONST, 3)}},
                 {"false", {TSK_BITS(TSK_TAG_CONST, 2)}},
                 {"null", {TSK_BITS(TSK_TAG_CONST, 0)}}};
    tsk_value v;
    for (size_t i = 0; i < TSK_COUNT(words); i++)
        if (tsk_slice_eq(s, tsk_slice_cstr(words[i].word))) return words[i].v;
    if (tsk_slice_eq(s, TSK_SLICE("[]"))) return tsk_from_array(tsk_array_new(r->arena, 0));
    if (tsk_slice_eq(s, TSK_SLICE("{}"))) return tsk_from_object(tsk_object_new(r->arena, 0));
    bool leading_zero = s.len > 1 && *s.ptr == '0' && tsk_read_digit(s.ptr[1]);
    if (!leading_zero && s.len && tsk_number_parse(r->arena, s.ptr, s.len, &v)) return v;
    return tsk_read_text(r, s);
}

/* Behind the separator, up to the end of the line. */
static bool read_value(tsk_reader *r, const char *end, tsk_value *out) {
    tsk_slice text;
    while (r->p < end && tsk_read_blank(*r->p)) r->p++;
    const char *start = r->p;
    if (r->p == end || (*r->p != '"' && *r->p != '\'')) {
        while (r->p < end && !is_comment(r->p, start)) r->p++;
        *out = plain_value(r, trimmed(start, r->p));
        return true;
    }
    if (!read_quoted(r, end, &text)) return false;
    *out = tsk_read_text(r, text);
    const char *behind = r->p;
    while (r->p < end && tsk_read_blank(*r->p)) r->p++;
    return r->p == end || (r->p > behind && is_comment(r->p, start)) ||
           tsk_read_fail(r, r->p, "something stands behind a text in quotes");
}

static tsk_entry *slot(ini *i, tsk_object *o, tsk_slice key, bool *added) {
    return tsk_object_slot(i->r->arena, o, key.len ? key.ptr : "", key.len, tsk_hash(key.ptr, key.len), added);
}

/* One part of a section's name. */
static bool descend(ini *i, tsk_slice part, const char *at) {
    bool added;
    if (!part.len) return tsk_read_fail(i->r, at, "a section without a name");
    tsk_entry *e = slot(i, i->section, part, &added);
    if (added) e->value = tsk_from_object(tsk_object_new(i->r->arena, 4));
    if (!tsk_is_object(e->value))
        return tsk_read_fail(i->r, at, "`%.*s` is a key and cannot be a section too", shown(part), part.ptr);
    i->section = tsk_as_object(e->value);
    return true;
}

/* [a."b.c".d] */
static bool read_section(ini *i, const char *end) {
    tsk_reader *r = i->r;
    const char *start = r->p++;
    i->section = i->root;
    for (uint32_t depth = 0;; depth++) {
        if (depth == r->options.max_depth) return tsk_read_fail(r, start, "nesting deeper than %u levels", depth);
        tsk_slice part;
        while (r->p < end && tsk_read_blank(*r->p)) r->p++;
        if (r->p < end && *r->p == '"') {
            if (!read_quoted(r, end, &part)) return false;
        } else {
            const char *from = r->p;
            while (r->p < end && *r->p != ']' && *r->p != '.') r->p++;
            part = trimmed(from, r->p);
        }
        while (r->p < end && tsk_read_blank(*r->p)) r->p++;
        if (!descend(i, part, start)) return false;
        if (r->p < end && *r->p == ']') break;
        if (r->p == end || *r->p != '.') return tsk_read_fail(r, start, "a section without its ]");
        r->p++;
    }
    const char *behind = ++r->p;
    while (r->p < end && tsk_read_blank(*r->p)) r->p++;
    return r->p == end || is_comment(r->p, behind) || tsk_read_fail(r, r->p, "something stands behind the section");
}

/* Into the list under the key, which is made when the key is new. */
static bool add_item(ini *i, tsk_slice key, tsk_value v, const char *at) {
    bool added;
    tsk_entry *e = slot(i, i->section, key, &added);
    if (added) e->value = tsk_from_array(tsk_array_new(i->r->arena, 4));
    if (!tsk_is_array(e->value))
        return tsk_read_fail(i->r, at, "`%.*s` is no list, since it has a value already", shown(key), key.ptr);
    tsk_array_push(i->r->arena, tsk_as_array(e->value), v);
    return true;
}

static bool read_pair(ini *i, const char *end) {
    tsk_reader *r = i->r;
    const char *start = r->p;
    tsk_slice key;
    bool quoted = *r->p == '"';
    if (quoted) {
        if (!read_quoted(r, end, &key)) return false;
        while (r->p < end && tsk_read_blank(*r->p)) r->p++;
    } else {
        while (r->p < end && *r->p != '=' && *r->p != ':') r->p++;
        key = trimmed(start, r->p);
    }
    bool item = quoted ? end - r->p > 2 && r->p[0] == '[' && r->p[1] == ']'
                       : key.len > 2 && key.ptr[key.len - 2] == '[' && key.ptr[key.len - 1] == ']';
    if (item && quoted) r->p += 2;
    if (item && !quoted) key = trimmed(key.ptr, key.ptr + key.len - 2);
    while (r->p < end && tsk_read_blank(*r->p)) r->p++;
    if (r->p == end || (*r->p != '=' && *r->p != ':')) {
        tsk_read_fail(r, start, "a line that is neither a section nor `key = value`");
        return tsk_read_hint(r, "comments begin with ; or #");
    }
    if (!key.len && !quoted) return tsk_read_fail(r, start, "a key was expected");
    r->p++;
    tsk_value v;
    bool added;
    if (!read_value(r, end, &v)) return false;
    if (item) return add_item(i, key, v, start);
    tsk_entry *e = slot(i, i->section, key, &added);
    e->value = v;
    return added || tsk_read_fail(r, start, "the key `%.*s` comes twice", shown(key), key.ptr);
}

bool tsk_read_ini(tsk_reader *r, tsk_value *out) {
    ini i = {.r = r, .root = tsk_object_new(r->arena, 8)};
    i.section = i.root;
    while (r->p < r->end) {
        const char *end = r->p;
        while (end < r->end && !tsk_read_break(*end)) end++;
        while (r->p < end && tsk_read_blank(*r->p)) r->p++;
        if (r->p < end && !is_comment(r->p, r->p) && !(*r->p == '[' ? read_section(&i, end) : read_pair(&i, end)))
            return false;
        r->p = end + (end < r->end);
    }
    *out = tsk_from_object(i.root);
    return true;
}
