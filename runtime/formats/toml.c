/* TOML 1.0.
 *
 * The tables that are open for more are told by flags of their objects and arrays, which are taken off at the end:
 *
 *   [a.b]      a: nothing, a later header may define it     b: DEFINED
 *   x.y = 1    x: DOTTED, open to dotted keys only
 *   x = {..}   INLINE, closed             [[t]]  the array is TABLES, its last table is where [t.u] goes on
 *
 * Dates and times are checked and are texts as they are written; integers beyond 64 bits are errors, as the
 * specification wants. */
#include "runtime/formats/internal.h"

#include <math.h>

enum { DEFINED = 0x100, DOTTED = 0x200, INLINE = 0x400, TABLES = 0x800, ALL = 0xF00 };

typedef struct toml {
    tsk_reader r;
    tsk_object *root, *table; /* table: of the last header */
} toml;

/* A dotted key: its parts. */
typedef struct path {
    tsk_slice *parts;
    uint32_t count, cap;
} path;

static bool read_value(toml *t, tsk_value *out);

static char at(const toml *t, size_t ahead) {
    return tsk_read_at(&t->r, ahead);
}

static void blanks(toml *t) {
    while (tsk_read_blank(at(t, 0))) t->r.p++;
}

/* ---- lines ---- */

static bool line_end(toml *t) {
    if (at(t, 0) == '\n') return t->r.p++, true;
    if (at(t, 0) == '\r' && at(t, 1) == '\n') return t->r.p += 2, true;
    return false;
}

static bool comment(toml *t) {
    if (at(t, 0) != '#') return true;
    for (; t->r.p < t->r.end && *t->r.p != '\n'; t->r.p++) {
        char c = *t->r.p;
        if (c == '\r' && at(t, 1) == '\n') return true;
        if (((uint8_t)c < 0x20 && c != '\t') || c == 0x7F)
            return tsk_read_fail(&t->r, t->r.p, "a control character in a comment");
    }
    return true;
}

/* Over blanks, comments and line ends. */
static bool blank_lines(toml *t) {
    do {
        blanks(t);
        if (!comment(t)) return false;
    } while (line_end(t));
    return true;
}

static bool end_of_line(toml *t, const char *behind) {
    blanks(t);
    if (!comment(t)) return false;
    return t->r.p == t->r.end || line_end(t) || tsk_read_fail(&t->r, t->r.p, "something stands behind the %s", behind);
}

/* ---- texts ---- */

static bool read_escape(toml *t, tsk_buf *out) {
    static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
    const char *start = t->r.p++;
    char c = at(t, 0);
    const char *known = c ? strchr(from, c) : NULL;
    uint32_t code;
    t->r.p += c != 0;
    if (known) return tsk_buf_char(out, to[known - from]), true;
    if (c != 'u' && c != 'U') {
        tsk_read_fail(&t->r, start, "an unknown escape");
        return tsk_read_hint(&t->r, "a backslash is written \\\\, or the text put in single quotes");
    }
    if (!tsk_read_code(&t->r, c == 'u' ? 4 : 8, &code))
        return tsk_read_fail(&t->r, start, "\\%c without %d hexadecimal digits", c, c == 'u' ? 4 : 8);
    return tsk_read_add_code(out, code) || tsk_read_fail(&t->r, start, "an escape that is no character");
}

static bool is_control(char c) {
    return ((uint8_t)c < 0x20 && c != '\t') || c == 0x7F;
}

/* On one line. */
static bool read_string(toml *t, tsk_slice *out) {
    const char *start = t->r.p++, *from = t->r.p;
    char quote = *start;
    tsk_buf text;
    tsk_buf_init(&text, t->r.arena);
    bool copied = false;
    while (t->r.p < t->r.end && !is_control(*t->r.p)) {
        if (*t->r.p == quote) {
            if (!copied) return *out = tsk_read_slice(from, t->r.p++), true;
            tsk_buf_add(&text, from, (size_t)(t->r.p++ - from));
            return *out = tsk_read_taken(&text), true;
        }
        if (*t->r.p != '\\' || quote == '\'') {
            t->r.p++;
            continue;
        }
        tsk_buf_add(&text, from, (size_t)(t->r.p - from));
        copied = true;
        if (!read_escape(t, &text)) return false;
        from = t->r.p;
    }
    if (t->r.p < t->r.end && !tsk_read_break(*t->r.p))
        return tsk_read_fail(&t->r, t->r.p, "a control character in a text");
    return tsk_read_fail(&t->r, start, "a text without its closing quote");
}

/* A backslash at the end of a line: everything up to the next text counts as nothing. */
static bool continued(toml *t) {
    const char *p = t->r.p + 1;
    while (p < t->r.end && tsk_read_blank(*p)) p++;
    if (p < t->r.end && *p == '\r' && p + 1 < t->r.end && p[1] == '\n') p++;
    if (p == t->r.end || *p != '\n') return false;
    while (p < t->r.end && (tsk_read_blank(*p) || tsk_read_break(*p))) p++;
    t->r.p = p;
    return true;
}

/* Between three quotes. */
static bool read_long_string(toml *t, tsk_slice *out) {
    const char *start = t->r.p;
    char quote = *start;
    tsk_buf text;
    tsk_buf_init(&text, t->r.arena);
    t->r.p += 3;
    line_end(t);
    while (t->r.p < t->r.end) {
        char c = *t->r.p;
        if (c == quote && at(t, 1) == quote && at(t, 2) == quote) {
            t->r.p += 3;
            for (int i = 0; i < 2 && at(t, 0) == quote; i++, t->r.p++) tsk_buf_char(&text, quote);
            return *out = tsk_read_taken(&text), true;
        }
        if (c == '\\' && quote == '"') {
            if (!continued(t) && !read_escape(t, &text)) return false;
            continue;
        }
        if (c != '\n' && !(c == '\r' && at(t, 1) == '\n') && is_control(c))
            return tsk_read_fail(&t->r, t->r.p, "a control character in a text");
        tsk_buf_char(&text, c);
        t->r.p++;
    }
    return tsk_read_fail(&t->r, start, "a text without its closing quotes");
}

/* ---- keys ---- */

static bool is_bare(char c) {
    return tsk_read_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '-';
}

static bool read_key(toml *t, tsk_slice *out) {
    const char *start = t->r.p;
    if (*start == '"' || *start == '\'') return read_string(t, out);
    while (is_bare(at(t, 0))) t->r.p++;
    *out = tsk_read_slice(start, t->r.p);
    if (out->len) return true;
    tsk_read_fail(&t->r, start, "a key was expected");
    return t->r.p < t->r.end && (uint8_t)*start >= 0x80 ? tsk_read_hint(&t->r, "put it in quotes") : false;
}

/* The parts stay valid until the path is read again. */
static bool read_path(toml *t, path *out) {
    out->count = 0;
    for (;;) {
        blanks(t);
        if (t->r.p == t->r.end) return tsk_read_fail(&t->r, t->r.p, "a key was expected");
        if (out->count == out->cap) {
            uint32_t cap = out->cap ? out->cap * 2 : 4;
            out->parts = tsk_arena_grow(t->r.arena, out->parts, out->cap * sizeof(tsk_slice), cap * sizeof(tsk_slice));
            out->cap = cap;
        }
        if (!read_key(t, &out->parts[out->count++])) return false;
        blanks(t);
        if (at(t, 0) != '.') break;
        t->r.p++;
    }
    if (out->count > t->r.options.max_depth - t->r.depth)
        return tsk_read_fail(&t->r, t->r.p, "nesting deeper than %u levels", t->r.options.max_depth);
    return true;
}

static tsk_entry *slot(toml *t, tsk_object *o, tsk_slice key, bool *added) {
    return tsk_object_slot(t->r.arena, o, key.len ? key.ptr : "", key.len, tsk_hash(key.ptr, key.len), added);
}

static tsk_object *new_table(toml *t, uint32_t flags) {
    tsk_object *o = tsk_object_new(t->r.arena, 4);
    o->flags |= flags;
    return o;
}

static int shown(tsk_slice key) {
    return (int)(key.len > 64 ? 64 : key.len);
}

static bool twice(toml *t, const char *start, tsk_slice key) {
    return tsk_read_fail(&t->r, start, "`%.*s` is defined twice", shown(key), key.ptr);
}

/* ---- numbers ---- */

/* Digits with single underscores between them; their number, 0 when that is not what stands there. */
static uint32_t digits(const char **p, const char *end, bool hex) {
    uint32_t n = 0;
    for (bool after = false; *p < end; (*p)++) {
        if (hex ? tsk_read_hex(**p) >= 0 : tsk_read_digit(**p)) {
            n++;
            after = true;
        } else if (**p == '_' && after && *p + 1 < end &&
                   (hex ? tsk_read_hex((*p)[1]) >= 0 : tsk_read_digit((*p)[1]))) {
            after = false;
        } else {
            break;
        }
    }
    return n;
}

/* 0xFF, 0o17, 0b101 */
static bool based(tsk_slice s, int64_t *out, bool *fits) {
    const char *p = s.ptr + 2, *end = s.ptr + s.len;
    unsigned bits = s.ptr[1] == 'x' ? 4 : s.ptr[1] == 'o' ? 3 : 1;
    uint64_t n = 0;
    *fits = true;
    if (!digits(&p, end, bits == 4) || p != end) return false;
    for (p = s.ptr + 2; p < end; p++) {
        if (*p == '_') continue;
        unsigned digit = (unsigned)tsk_read_hex(*p);
        if (digit >> bits) return false;
        if (n >> (63 - bits)) *fits = false;
        n = n << bits | digit;
    }
    *out = (int64_t)n;
    return true;
}

/* An integer or float in decimal; *whole: an integer. */
static bool is_decimal(tsk_slice s, bool *whole) {
    const char *p = s.ptr, *end = p + s.len;
    *whole = true;
    if (p < end && (*p == '+' || *p == '-')) p++;
    const char *first = p;
    uint32_t n = digits(&p, end, false);
    if (!n || (n > 1 && *first == '0')) return false;
    if (p < end && *p == '.') {
        *whole = false;
        p++;
        if (!digits(&p, end, false)) return false;
    }
    if (p < end && (*p | 32) == 'e') {
        *whole = false;
        p++;
        if (p < end && (*p == '+' || *p == '-')) p++;
        if (!digits(&p, end, false)) return false;
    }
    return p == end;
}

static bool read_number(toml *t, tsk_slice s, tsk_value *out) {
    bool fits = true, whole = false;
    int64_t n;
    if (s.len > 2 && *s.ptr == '0' && strchr("xob", s.ptr[1]) && based(s, &n, &fits)) {
        *out = tsk_int(t->r.arena, n);
    } else if (is_decimal(s, &whole)) {
        char *text = tsk_arena_alloc(t->r.arena, s.len);
        uint32_t len = 0;
        for (uint32_t i = *s.ptr == '+'; i < s.len; i++)
            if (s.ptr[i] != '_') text[len++] = s.ptr[i];
        if (!tsk_number_parse(t->r.arena, text, len, out)) return false;
        if (whole && !tsk_is_int(*out)) fits = tsk_as_number(*out) == 0; /* -0 is the integer 0 */
        if (whole && fits && !tsk_is_int(*out)) *out = tsk_from_i32(0);
        if (!whole && tsk_is_int(*out)) *out = tsk_from_double(tsk_as_number(*out));
    } else {
        return false;
    }
    return fits || tsk_read_fail(&t->r, s.ptr, "an integer that does not fit 64 bits");
}

/* ---- dates and times ---- */

static bool two(const char **p, const char *end, unsigned least, unsigned most) {
    if (end - *p < 2 || !tsk_read_digit((*p)[0]) || !tsk_read_digit((*p)[1])) return false;
    unsigned n = (unsigned)((*p)[0] - '0') * 10 + (unsigned)((*p)[1] - '0');
    *p += 2;
    return n >= least && n <= most;
}

static bool sign(const char **p, const char *end, char c) {
    return *p < end && **p == c ? (*p)++, true : false;
}

static bool is_date(const char **p, const char *end) {
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (end - *p < 10) return false;
    unsigned year = 0, month;
    for (int i = 0; i < 4; i++, (*p)++) {
        if (!tsk_read_digit(**p)) return false;
        year = year * 10 + (unsigned)(**p - '0');
    }
    if (!sign(p, end, '-') || !two(p, end, 1, 12)) return false;
    month = (unsigned)((*p)[-2] - '0') * 10 + (unsigned)((*p)[-1] - '0');
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return sign(p, end, '-') && two(p, end, 1, (unsigned)days[month - 1] + (month == 2 && leap));
}

static bool is_time(const char **p, const char *end) {
    if (!two(p, end, 0, 23) || !sign(p, end, ':') || !two(p, end, 0, 59) || !sign(p, end, ':') || !two(p, end, 0, 60))
        return false;
    if (!sign(p, end, '.')) return true;
    const char *fraction = *p;
    while (*p < end && tsk_read_digit(**p)) (*p)++;
    return *p > fraction;
}

static bool is_moment(tsk_slice s) {
    const char *p = s.ptr, *end = p + s.len;
    if (s.len > 2 && p[2] == ':') return is_time(&p, end) && p == end;
    if (!is_date(&p, end)) return false;
    if (p == end) return true;
    if (!sign(&p, end, 'T') && !sign(&p, end, 't') && !sign(&p, end, ' ')) return false;
    if (!is_time(&p, end)) return false;
    if (p == end || ((*p | 32) == 'z' && p + 1 == end)) return true;
    return (sign(&p, end, '+') || sign(&p, end, '-')) && two(&p, end, 0, 23) && sign(&p, end, ':') &&
           two(&p, end, 0, 59) && p == end;
}

/* ---- values ---- */

/* A word, number or date: up to what can end it.  A blank may stand between date and time. */
static tsk_slice bare_word(toml *t) {
    const char *start = t->r.p;
    while (is_bare(at(t, 0)) || (at(t, 0) && strchr("+.:", at(t, 0)))) t->r.p++;
    if (t->r.p - start == 10 && start[4] == '-' && start[7] == '-' && at(t, 0) == ' ' && tsk_read_digit(at(t, 1)) &&
        tsk_read_digit(at(t, 2)) && at(t, 3) == ':') {
        t->r.p++;
        while (is_bare(at(t, 0)) || (at(t, 0) && strchr("+.:", at(t, 0)))) t->r.p++;
    }
    return tsk_read_slice(start, t->r.p);
}

static bool read_bare(toml *t, tsk_value *out) {
    static const struct {
        const char *word;
        double number;
    } specials[] = {{"inf", (double)INFINITY}, {"+inf", (double)INFINITY}, {"-inf", -(double)INFINITY},
                    {"nan", (double)NAN},      {"+nan", (double)NAN},      {"-nan", (double)NAN}};
    const char *start = t->r.p;
    tsk_slice s = bare_word(t);
    if (!s.len) return tsk_read_fail(&t->r, start, "a value was expected");
    if (tsk_slice_eq(s, TSK_SLICE("true"))) return *out = TSK_VALUE_TRUE, true;
    if (tsk_slice_eq(s, TSK_SLICE("false"))) return *out = TSK_VALUE_FALSE, true;
    for (size_t i = 0; i < TSK_COUNT(specials); i++)
        if (tsk_slice_eq(s, tsk_slice_cstr(specials[i].word))) return *out = tsk_from_double(specials[i].number), true;
    t->r.problem->message = NULL;
    if (read_number(t, s, out)) return true;
    if (t->r.problem->message) return false;
    if (is_moment(s)) return *out = tsk_read_text(&t->r, s), true;
    tsk_read_fail(&t->r, start, "`%.*s` is no value", shown(s), s.ptr);
    return tsk_read_hint(&t->r, "a text stands in quotes");
}

static bool read_array(toml *t, tsk_value *out) {
    const char *start = t->r.p++;
    tsk_array *items = tsk_array_new(t->r.arena, 4);
    if (!tsk_read_enter(&t->r)) return false;
    for (;;) {
        tsk_value item;
        if (!blank_lines(t)) return false;
        if (at(t, 0) == ']') break;
        if (t->r.p == t->r.end) return tsk_read_fail(&t->r, start, "[ is never closed");
        if (!read_value(t, &item)) return false;
        tsk_array_push(t->r.arena, items, item);
        if (!blank_lines(t)) return false;
        if (at(t, 0) == ',')
            t->r.p++;
        else if (t->r.p < t->r.end && *t->r.p != ']')
            return tsk_read_fail(&t->r, t->r.p, "',' or ']' was expected");
    }
    t->r.p++;
    t->r.depth--;
    *out = tsk_from_array(items);
    return true;
}

/* `path = value` into a table. */
static bool read_pair(toml *t, tsk_object *table) {
    path keys = {0};
    const char *start = t->r.p;
    if (!read_path(t, &keys)) return false;
    if (at(t, 0) != '=') return tsk_read_fail(&t->r, t->r.p, "'=' was expected after the key");
    t->r.p++;
    blanks(t);
    for (uint32_t i = 0; i + 1 < keys.count; i++) {
        bool added;
        tsk_entry *e = slot(t, table, keys.parts[i], &added);
        if (added)
            e->value = tsk_from_object(new_table(t, DOTTED));
        else if (!tsk_is_object(e->value) || tsk_as_object(e->value)->flags & (DEFINED | INLINE))
            return twice(t, start, keys.parts[i]);
        table = tsk_as_object(e->value);
        table->flags |= DOTTED;
    }
    tsk_slice key = keys.parts[keys.count - 1];
    if (tsk_object_find(table, key.ptr, key.len)) return twice(t, start, key);
    tsk_value v;
    t->r.depth += keys.count - 1;
    if (!read_value(t, &v)) return false;
    t->r.depth -= keys.count - 1;
    slot(t, table, key, NULL)->value = v;
    return true;
}

static bool read_inline_table(toml *t, tsk_value *out) {
    const char *start = t->r.p++;
    tsk_object *table = new_table(t, 0);
    if (!tsk_read_enter(&t->r)) return false;
    blanks(t);
    for (bool first = true; at(t, 0) != '}' || !first; first = false) {
        if (t->r.p == t->r.end) return tsk_read_fail(&t->r, start, "{ is never closed");
        if (!read_pair(t, table)) return false;
        blanks(t);
        if (at(t, 0) == '}') break;
        if (at(t, 0) != ',') {
            tsk_read_fail(&t->r, t->r.p, "',' or '}' was expected");
            return tsk_read_break(at(t, 0)) ? tsk_read_hint(&t->r, "an inline table stands on one line") : false;
        }
        t->r.p++;
        blanks(t);
    }
    t->r.p++;
    t->r.depth--;
    table->flags |= INLINE;
    *out = tsk_from_object(table);
    return true;
}

static bool read_value(toml *t, tsk_value *out) {
    char c = at(t, 0);
    tsk_slice text;
    if (c == '"' || c == '\'') {
        bool is_long = at(t, 1) == c && at(t, 2) == c;
        if (!(is_long ? read_long_string(t, &text) : read_string(t, &text))) return false;
        *out = tsk_read_text(&t->r, text);
        return true;
    }
    if (c == '[') return read_array(t, out);
    if (c == '{') return read_inline_table(t, out);
    return read_bare(t, out);
}

/* ---- headers ---- */

/* The table that a part of a header but the last leads to; NULL: it leads to no table, or to one that is closed. */
static tsk_object *step(toml *t, tsk_object *table, tsk_slice key) {
    bool added;
    tsk_entry *e = slot(t, table, key, &added);
    if (added) e->value = tsk_from_object(new_table(t, 0));
    tsk_value v = e->value;
    if (tsk_is_array(v) && tsk_as_array(v)->flags & TABLES) v = tsk_as_array(v)->items[tsk_as_array(v)->count - 1];
    return tsk_is_object(v) && !(tsk_as_object(v)->flags & INLINE) ? tsk_as_object(v) : NULL;
}

static bool open_table(toml *t, const char *start, tsk_object *parent, tsk_slice key) {
    bool added;
    tsk_entry *e = slot(t, parent, key, &added);
    if (added) e->value = tsk_from_object(new_table(t, 0));
    if (!tsk_is_object(e->value) || tsk_as_object(e->value)->flags & (DEFINED | DOTTED | INLINE))
        return twice(t, start, key);
    t->table = tsk_as_object(e->value);
    t->table->flags |= DEFINED;
    return true;
}

static bool open_item(toml *t, const char *start, tsk_object *parent, tsk_slice key) {
    bool added;
    tsk_entry *e = slot(t, parent, key, &added);
    if (added) {
        tsk_array *tables = tsk_array_new(t->r.arena, 4);
        tables->flags |= TABLES;
        e->value = tsk_from_array(tables);
    }
    if (!tsk_is_array(e->value) || !(tsk_as_array(e->value)->flags & TABLES)) return twice(t, start, key);
    t->table = new_table(t, DEFINED);
    tsk_array_push(t->r.arena, tsk_as_array(e->value), tsk_from_object(t->table));
    return true;
}

static bool read_header(toml *t) {
    const char *start = t->r.p++;
    bool item = at(t, 0) == '[';
    path keys = {0};
    t->r.p += item;
    t->r.depth = 0;
    if (!read_path(t, &keys)) return false;
    t->r.depth = keys.count;
    if (at(t, 0) != ']' || (item && at(t, 1) != ']'))
        return tsk_read_fail(&t->r, t->r.p, "'%s' was expected after the name of a table", item ? "]]" : "]");
    t->r.p += item ? 2 : 1;
    tsk_object *parent = t->root;
    for (uint32_t i = 0; i + 1 < keys.count; i++)
        if (!(parent = step(t, parent, keys.parts[i]))) return twice(t, start, keys.parts[i]);
    tsk_slice last = keys.parts[keys.count - 1];
    return (item ? open_item(t, start, parent, last) : open_table(t, start, parent, last)) && end_of_line(t, "header");
}

/* Takes the flags of reading off.  Nothing is nested deeper than twice the limit: tables in arrays count once. */
static void finish(tsk_value v) {
    if (tsk_is_array(v)) {
        tsk_array *array = tsk_as_array(v);
        array->flags &= ~(uint32_t)ALL;
        for (uint32_t i = 0; i < array->count; i++) finish(array->items[i]);
    } else if (tsk_is_object(v)) {
        tsk_object *object = tsk_as_object(v);
        object->flags &= ~(uint32_t)ALL;
        for (uint32_t i = 0; i < object->count; i++) finish(object->entries[i].value);
    }
}

bool tsk_read_toml(tsk_reader *r, tsk_value *out) {
    toml t = {.r = *r};
    t.root = t.table = new_table(&t, DEFINED);
    for (;;) {
        if (!blank_lines(&t)) return false;
        if (t.r.p == t.r.end) break;
        if (at(&t, 0) == '[' ? !read_header(&t) : !read_pair(&t, t.table) || !end_of_line(&t, "value")) return false;
    }
    finish(tsk_from_object(t.root));
    *out = tsk_from_object(t.root);
    return true;
}
