/* JSON.parse: recursive descent over Latin-1 or UTF-16 units, up to a fixed depth.
 *
 * Members of an object and the first items of an array are gathered on the machine stack, where the collector finds
 * them, and become an array, or an object of the right shape, at once; objects that follow with the same keys take the
 * shape of the one before. */
#include "runtime/builtins/json.h"
#include "runtime/js/number_text.h"

enum { FEW = 8, NAME_CACHE = 64, VALUE_WORK = 4 };

typedef struct parser {
    tsk_js *js;
    tsk_js_string *text; /* flat */
    tsk_js_units units;
    uint32_t at, length;
    uint32_t depth;
    tsk_js_string *names[NAME_CACHE]; /* atoms seen, by a cheap hash */
    struct {
        uint32_t count;
        tsk_js_key keys[FEW];
        int32_t offsets[FEW];
        const tsk_js_shape *shape;
    } last; /* the object made last */
} parser;

static tsk_value parse_value(parser *p);

static uint32_t peek(const parser *p) {
    return p->at < p->length ? tsk_js_unit_at(p->units, p->at) : 0;
}

static void skip_space(parser *p) {
    for (; p->at < p->length; p->at++) {
        uint32_t c = tsk_js_unit_at(p->units, p->at);
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
    }
}

/* ---- errors, in V8's words ---- */

static tsk_value fail(parser *p, const char *what) {
    return tsk_js_throw_error(p->js, TSK_JS_SYNTAX_ERROR, "%s in JSON at position %u", what, p->at);
}

static const char *excerpt(parser *p, uint32_t from, uint32_t to) {
    tsk_js_string *part = tsk_js_substring(p->js, p->text, from, to);
    tsk_buf b;
    tsk_buf_init(&b, p->js->scratch);
    if (part) tsk_js_string_to_utf8(p->js, part, &b, true);
    tsk_buf_char(&b, 0);
    return b.ptr;
}

static tsk_value unexpected(parser *p) {
    enum { AROUND = 10 };
    uint32_t from = 0, to = p->length, c = peek(p);
    if (p->at >= p->length) return tsk_js_throw_error(p->js, TSK_JS_SYNTAX_ERROR, "Unexpected end of JSON input");
    if (c - '0' < 10 || c == '-') return fail(p, "Unexpected number");
    if (c == '"') return fail(p, "Unexpected string");
    bool cut = p->length > 2 * AROUND, before = cut && p->at >= AROUND, after = cut && p->at < p->length - AROUND;
    if (before) from = p->at - AROUND;
    if (after) to = p->at + AROUND;
    tsk_js_scratch mark = tsk_js_scratch_begin(p->js);
    const char *token = excerpt(p, p->at, p->at + 1), *around = excerpt(p, from, to);
    tsk_js_throw_error(p->js, TSK_JS_SYNTAX_ERROR, "Unexpected token '%s', %s\"%s\"%s is not valid JSON", token,
                       before ? "..." : "", around, after ? "..." : "");
    tsk_js_scratch_end(p->js, mark);
    return TSK_JS_THROWN;
}

/* ---- strings ---- */

static int hex_digit(uint32_t c) {
    if (c - '0' < 10) return (int)(c - '0');
    c |= 0x20;
    return c - 'a' < 6 ? (int)(c - 'a' + 10) : -1;
}

/* Behind a backslash. */
static bool parse_escape(parser *p, tsk_js_builder *out) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    uint32_t c = peek(p);
    const char *found = c && c < 128 ? strchr(from, (int)c) : NULL;
    if (p->at >= p->length || c > 255) return unexpected(p), false;
    if (found) {
        tsk_js_builder_unit(out, (uint8_t)to[found - from]);
        p->at++;
        return true;
    }
    if (c != 'u') return fail(p, "Bad escaped character"), false;
    uint32_t unit = 0;
    p->at++;
    for (int i = 0; i < 4; i++, p->at++) {
        int digit = hex_digit(peek(p));
        if (digit < 0) return fail(p, "Bad Unicode escape"), false;
        unit = unit << 4 | (uint32_t)digit;
    }
    tsk_js_builder_unit(out, unit);
    return true;
}

/* Moves to the quote, backslash, control character or end. */
static uint32_t scan_plain(parser *p) {
    uint32_t c = 0;
    if (p->units.wide) {
        const uint16_t *units = (const uint16_t *)p->units.chars;
        while (p->at < p->length && (c = units[p->at]) != '"' && c != '\\' && c >= ' ') p->at++;
    } else {
        const uint8_t *units = (const uint8_t *)p->units.chars;
        while (p->at < p->length && (c = units[p->at]) != '"' && c != '\\' && c >= ' ') p->at++;
    }
    return c;
}

static bool end_of_plain(parser *p, uint32_t c) {
    if (p->at < p->length && (c == '"' || c == '\\')) return true;
    fail(p, p->at < p->length ? "Bad control character in string literal" : "Unterminated string");
    return false;
}

static tsk_js_string *piece(parser *p, uint32_t from, uint32_t to) {
    if (to - from == 1) return tsk_js_char_string(p->js, tsk_js_unit_at(p->units, from));
    if (p->units.wide) return tsk_js_string_utf16(p->js, (const uint16_t *)p->units.chars + from, to - from);
    return tsk_js_string_latin1(p->js, (const char *)p->units.chars + from, to - from);
}

static tsk_js_string *parse_escaped(parser *p, uint32_t start) {
    tsk_js_builder out;
    tsk_js_builder_init(&out, p->js);
    for (;;) {
        tsk_js_builder_slice(&out, p->text, start, p->at);
        if (out.failed) return NULL;
        if (tsk_js_unit_at(p->units, p->at++) == '"') return tsk_js_builder_finish(&out);
        if (!parse_escape(p, &out)) return NULL;
        start = p->at;
        if (!end_of_plain(p, scan_plain(p))) return NULL;
    }
}

/* At the opening quote.  NULL: thrown. */
static tsk_js_string *parse_string(parser *p) {
    uint32_t start = ++p->at, c = scan_plain(p);
    if (!end_of_plain(p, c)) return NULL;
    if (c == '\\') return parse_escaped(p, start);
    return piece(p, start, p->at++);
}

/* The same for a name: mostly one that was seen before. */
static bool parse_name(parser *p, tsk_js_key *key) {
    uint32_t start = p->at + 1;
    tsk_js_string **known = NULL;
    if (!p->units.wide) {
        p->at = start;
        uint32_t c = scan_plain(p), length = p->at - start;
        if (!end_of_plain(p, c)) return false;
        const uint8_t *text = (const uint8_t *)p->units.chars + start;
        if (c == '"' && length && text[0] > '9') {
            known = &p->names[(text[0] * 7u + text[length - 1] * 3u + length) % NAME_CACHE];
            if (*known && (*known)->length == length && !tsk_js_is_wide(*known) &&
                tsk_js_same_bytes((*known)->chars, (const char *)text, length)) {
                p->at++;
                *key = tsk_js_key_atom(*known);
                return true;
            }
        }
        p->at = start - 1;
    }
    tsk_js_string *name = parse_string(p);
    if (!name || !tsk_js_to_key(p->js, tsk_js_from_string(name), key)) return false;
    if (known && !tsk_js_key_is_index(*key)) *known = tsk_js_key_as_atom(*key);
    return true;
}

/* ---- numbers ---- */

static uint32_t skip_digits(parser *p) {
    uint32_t start = p->at;
    while (peek(p) - '0' < 10) p->at++;
    return p->at - start;
}

static tsk_value parse_number(parser *p) {
    uint32_t start = p->at;
    bool negative = peek(p) == '-', plain = true;
    p->at += negative;
    uint32_t first = p->at, digits = skip_digits(p);
    if (!digits) return fail(p, "No number after minus sign");
    if (digits > 1 && tsk_js_unit_at(p->units, first) == '0') {
        p->at = first + 1;
        return fail(p, "Unexpected number");
    }
    if (peek(p) == '.') {
        plain = false;
        p->at++;
        if (!skip_digits(p)) return fail(p, "Unterminated fractional number");
    }
    if ((peek(p) | 0x20) == 'e') {
        plain = false;
        p->at++;
        if (peek(p) == '+' || peek(p) == '-') p->at++;
        if (!skip_digits(p)) return fail(p, "Exponent part is missing a number");
    }
    if (plain && digits <= 9) {
        int32_t n = 0;
        for (uint32_t i = first; i < p->at; i++) n = n * 10 + (int32_t)(tsk_js_unit_at(p->units, i) - '0');
        return negative && !n ? tsk_from_double(-0.0) : tsk_from_i32(negative ? -n : n);
    }
    const char *from = (const char *)p->units.chars + (size_t)start * (p->units.wide ? 2 : 1);
    return tsk_js_number(tsk_js_text_to_number((tsk_js_units){from, p->at - start, p->units.wide}));
}

/* ---- arrays and objects ---- */

static bool enter(parser *p) {
    p->at++;
    if (++p->depth <= TSK_JS_JSON_DEPTH) return true;
    tsk_js_throw_range(p->js, "JSON is nested too deeply");
    return false;
}

/* One more item: gathered, or pushed once there is an array. */
static bool add_item(parser *p, tsk_js_array **a, tsk_value items[FEW], uint32_t *count, tsk_value v) {
    if (!*a && *count < FEW) {
        items[(*count)++] = v;
        return true;
    }
    if (!*a && !(*a = tsk_js_array_from(p->js, items, *count))) return false;
    return tsk_js_array_push(p->js, *a, v);
}

static tsk_value parse_array(parser *p) {
    if (!enter(p)) return TSK_JS_THROWN;
    tsk_js_array *a = NULL;
    tsk_value items[FEW];
    uint32_t count = 0;
    skip_space(p);
    if (peek(p) != ']') {
        for (;;) {
            tsk_value v = parse_value(p);
            if (tsk_js_is_thrown(v) || !add_item(p, &a, items, &count, v)) return TSK_JS_THROWN;
            skip_space(p);
            if (peek(p) == ']') break;
            if (peek(p) != ',') return fail(p, "Expected ',' or ']' after array element");
            p->at++;
        }
    }
    p->at++;
    p->depth--;
    if (!a) a = tsk_js_array_from(p->js, items, count);
    return a ? tsk_js_from_object(a) : TSK_JS_THROWN;
}

/* The members of an object that is not finished: keys are different atoms. */
typedef struct members {
    uint32_t count;
    tsk_js_key keys[FEW];
    tsk_value values[FEW];
} members;

static const tsk_js_shape *shape_for(parser *p, const members *m) {
    if (p->last.count == m->count && memcmp(p->last.keys, m->keys, m->count * sizeof *m->keys) == 0)
        return p->last.shape;
    tsk_js_shape *shape = tsk_js_shape_root(sizeof(tsk_js_object), m->count <= FEW / 2 ? FEW / 2 : FEW);
    for (uint32_t i = 0; shape && i < m->count; i++) {
        shape = tsk_js_shape_add(shape, m->keys[i], TSK_JS_PLAIN);
        if (!shape || shape->place.offset < 0) return NULL;
        p->last.keys[i] = m->keys[i];
        p->last.offsets[i] = shape->place.offset;
    }
    p->last.count = shape ? m->count : 0;
    p->last.shape = shape;
    return shape;
}

static tsk_js_object *object_of(parser *p, const members *m) {
    tsk_js *js = p->js;
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype);
    if (!proto) return NULL;
    const tsk_js_shape *shape = m->count ? shape_for(p, m) : NULL;
    if (!shape) {
        p->last.count = 0;
        tsk_js_object *o = tsk_js_object_new(js, proto);
        for (uint32_t i = 0; o && i < m->count; i++)
            if (!tsk_js_define(js, o, m->keys[i], m->values[i], TSK_JS_PLAIN)) return NULL;
        return o;
    }
    tsk_js_object *o = tsk_js_object_shaped(js, proto, shape);
    if (!o) return NULL;
    for (uint32_t i = 0; i < m->count; i++) *(tsk_value *)(void *)((char *)o + p->last.offsets[i]) = m->values[i];
    tsk_heap_wrote(js->heap, o);
    return o;
}

/* One more member: gathered, or defined on `*o` once that exists. */
static bool add_member(parser *p, tsk_js_object **o, members *m, tsk_js_key key, tsk_value v) {
    if (!*o) {
        for (uint32_t i = 0; i < m->count; i++)
            if (m->keys[i].bits == key.bits) {
                m->values[i] = v;
                return true;
            }
        if (m->count < FEW && !tsk_js_key_is_index(key)) {
            m->keys[m->count] = key;
            m->values[m->count++] = v;
            return true;
        }
        if (!(*o = object_of(p, m))) return false;
    }
    return tsk_js_define(p->js, *o, key, v, TSK_JS_PLAIN);
}

static tsk_value parse_object(parser *p) {
    if (!enter(p)) return TSK_JS_THROWN;
    tsk_js_object *o = NULL;
    members m;
    m.count = 0;
    skip_space(p);
    if (peek(p) != '}') {
        for (bool first = true;; first = false) {
            tsk_js_key key;
            skip_space(p);
            if (peek(p) != '"')
                return fail(p, first ? "Expected property name or '}'" : "Expected double-quoted property name");
            if (!parse_name(p, &key)) return TSK_JS_THROWN;
            skip_space(p);
            if (peek(p) != ':') return first ? fail(p, "Expected ':' after property name") : unexpected(p);
            p->at++;
            tsk_value v = parse_value(p);
            if (tsk_js_is_thrown(v) || !add_member(p, &o, &m, key, v)) return TSK_JS_THROWN;
            skip_space(p);
            if (peek(p) == '}') break;
            if (peek(p) != ',') return fail(p, "Expected ',' or '}' after property value");
            p->at++;
        }
    }
    p->at++;
    p->depth--;
    if (!o) o = object_of(p, &m);
    return o ? tsk_js_from_object(o) : TSK_JS_THROWN;
}

static tsk_value parse_word(parser *p, const char *word, tsk_value v) {
    for (; *word; word++, p->at++)
        if (peek(p) != (uint8_t)*word) return unexpected(p);
    return v;
}

static tsk_value parse_value(parser *p) {
    tsk_js *js = p->js;
    if (!tsk_js_worked(js, VALUE_WORK)) return TSK_JS_THROWN;
    skip_space(p);
    switch (peek(p)) {
    case '{': return parse_object(p);
    case '[': return parse_array(p);
    case 't': return parse_word(p, "true", TSK_VALUE_TRUE);
    case 'f': return parse_word(p, "false", TSK_VALUE_FALSE);
    case 'n': return parse_word(p, "null", TSK_VALUE_NULL);
    case '"': {
        tsk_js_string *s = parse_string(p);
        return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
    }
    case '-':
    case '0' ... '9': return parse_number(p);
    default: return unexpected(p);
    }
}

tsk_value tsk_js_json_parse(tsk_js *js, tsk_js_string *text) {
    parser p = {.js = js, .text = tsk_js_flat(js, text)};
    p.length = p.text->length;
    p.units = (tsk_js_units){p.text->chars, p.length, tsk_js_is_wide(p.text)};
    tsk_value v = parse_value(&p);
    if (tsk_js_is_thrown(v)) return v;
    skip_space(&p);
    if (p.at < p.length)
        return tsk_js_throw_error(js, TSK_JS_SYNTAX_ERROR,
                                  "Unexpected non-whitespace character after JSON at position %u", p.at);
    return v;
}
