/* JSON text to values, in one pass and without recursion.
 *
 * Open containers stand on a stack; the items of open arrays stand on another one, from which an array is copied
 * in its final size when it closes.  Object entries go straight into their object. */
#include "runtime/formats/json.h"

#include "runtime/base/number.h"
#include "runtime/base/utf8.h"

#define DEFAULT_DEPTH 1000

typedef struct frame {
    tsk_object *object; /* NULL: an array */
    size_t first;       /* array: its first item on the stack of values */
    tsk_slice key;      /* object: of the value being read */
} frame;

typedef struct reader {
    tsk_arena *arena;
    const char *text, *p, *end;
    tsk_read_problem *problem;
    frame *frames;
    uint32_t depth, frame_cap, max_depth;
    tsk_value *values;
    size_t value_count, value_cap;
} reader;

static bool fail(reader *r, const char *at, const char *what) {
    *r->problem = (tsk_read_problem){TSK_E_OPERATOR_FAILED, what, NULL, (size_t)(at - r->text)};
    return false;
}

static void skip_blanks(reader *r) {
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\r' || *r->p == '\t')) r->p++;
}

/* ---- strings ---- */

/* The first byte that is a quote, a backslash or a control character. */
static const char *plain_end(const char *p, const char *end) {
    const uint64_t ones = 0x0101010101010101ull, high = 0x8080808080808080ull;
    for (; end - p >= 8; p += 8) {
        uint64_t x = tsk_load64(p), quote = x ^ (ones * '"'), slash = x ^ (ones * '\\');
        uint64_t special = ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((x - ones * 0x20) & ~x);
        if (special & high) break;
    }
    while (p < end && *p != '"' && *p != '\\' && (uint8_t)*p >= 0x20) p++;
    return p;
}

static bool hex4(const char *p, const char *end, uint32_t *out) {
    if (end - p < 4) return false;
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        uint32_t d = c >= '0' && c <= '9'                 ? (uint32_t)(c - '0')
                     : (c | 32) >= 'a' && (c | 32) <= 'f' ? (uint32_t)((c | 32) - 'a' + 10)
                                                          : 16;
        if (d == 16) return false;
        v = v << 4 | d;
    }
    *out = v;
    return true;
}

/* A surrogate without its partner is kept in three bytes. */
static void add_code(tsk_buf *out, uint32_t code) {
    if (code >= 0xD800 && code < 0xE000) {
        const char bytes[3] = {(char)0xED, (char)(0x80 | (code >> 6 & 0x3F)), (char)(0x80 | (code & 0x3F))};
        tsk_buf_add(out, bytes, 3);
        return;
    }
    char bytes[4];
    tsk_buf_add(out, bytes, tsk_utf8_encode(bytes, code));
}

static bool read_escape(reader *r, tsk_buf *out) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *start = r->p++;
    if (r->p == r->end) return fail(r, start, "an unfinished escape");
    char c = *r->p++;
    if (c != 'u') {
        const char *at = strchr(from, c);
        if (!at || !c) return fail(r, start, "an unknown escape");
        tsk_buf_char(out, to[at - from]);
        return true;
    }
    uint32_t code, second;
    if (!hex4(r->p, r->end, &code)) return fail(r, start, "a \\u without four hexadecimal digits");
    r->p += 4;
    if (code >= 0xD800 && code < 0xDC00 && r->end - r->p >= 6 && r->p[0] == '\\' && r->p[1] == 'u' &&
        hex4(r->p + 2, r->end, &second) && second >= 0xDC00 && second < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
        r->p += 6;
    }
    add_code(out, code);
    return true;
}

/* After the opening quote; leaves after the closing one. */
static bool read_string(reader *r, tsk_slice *out) {
    const char *start = r->p;
    r->p = plain_end(start, r->end);
    if (r->p < r->end && *r->p == '"') {
        *out = (tsk_slice){start, (uint32_t)(r->p++ - start)};
        return true;
    }
    tsk_buf text;
    tsk_buf_init(&text, r->arena);
    tsk_buf_add(&text, start, (size_t)(r->p - start));
    while (r->p < r->end && *r->p != '"') {
        if (*r->p != '\\') return fail(r, r->p, "a control character in a string");
        if (!read_escape(r, &text)) return false;
        const char *rest = r->p;
        r->p = plain_end(rest, r->end);
        tsk_buf_add(&text, rest, (size_t)(r->p - rest));
    }
    if (r->p == r->end) return fail(r, start - 1, "a string without its end");
    r->p++;
    tsk_arena_shrink(r->arena, text.ptr, text.cap, text.len);
    *out = (tsk_slice){text.ptr ? text.ptr : "", (uint32_t)text.len};
    return true;
}

/* ---- numbers ---- */

static bool digit(const reader *r) {
    return r->p < r->end && *r->p >= '0' && *r->p <= '9';
}

static bool read_number(reader *r, tsk_value *out) {
    const char *start = r->p;
    bool negative = *r->p == '-', whole = true;
    if (negative) r->p++;
    if (!digit(r)) return fail(r, start, "a number without digits");
    uint64_t n = 0;
    const char *first = r->p;
    while (digit(r)) n = n * 10 + (uint64_t)(*r->p++ - '0');
    size_t digits = (size_t)(r->p - first);
    if (*first == '0' && digits > 1) return fail(r, start, "a number with a leading zero");
    if (r->p < r->end && *r->p == '.') {
        whole = false;
        r->p++;
        if (!digit(r)) return fail(r, start, "a number without digits after its point");
        while (digit(r)) r->p++;
    }
    if (r->p < r->end && (*r->p | 32) == 'e') {
        whole = false;
        r->p++;
        if (r->p < r->end && (*r->p == '+' || *r->p == '-')) r->p++;
        if (!digit(r)) return fail(r, start, "a number without digits in its exponent");
        while (digit(r)) r->p++;
    }
    if (whole && digits <= 18 && (n || !negative)) {
        *out = tsk_int(r->arena, negative ? -(int64_t)n : (int64_t)n);
        return true;
    }
    if (whole && !n && negative && digits == 1) {
        *out = tsk_from_double(-0.0);
        return true;
    }
    return tsk_number_parse(r->arena, start, (uint32_t)(r->p - start), out) || fail(r, start, "a malformed number");
}

/* ---- containers ---- */

static void push_value(reader *r, tsk_value v) {
    if (r->value_count == r->value_cap) {
        size_t cap = r->value_cap ? r->value_cap * 2 : 64;
        r->values = tsk_arena_grow(r->arena, r->values, r->value_cap * sizeof v, cap * sizeof v);
        r->value_cap = cap;
    }
    r->values[r->value_count++] = v;
}

static bool open_frame(reader *r, tsk_object *object) {
    if (r->depth == r->max_depth) return fail(r, r->p, "nesting deeper than allowed");
    if (r->depth == r->frame_cap) {
        uint32_t cap = r->frame_cap ? r->frame_cap * 2 : 16;
        r->frames = tsk_arena_grow(r->arena, r->frames, r->frame_cap * sizeof(frame), cap * sizeof(frame));
        r->frame_cap = cap;
    }
    r->frames[r->depth++] = (frame){.object = object, .first = r->value_count};
    return true;
}

static tsk_value close_array(reader *r, const frame *f) {
    uint32_t count = (uint32_t)(r->value_count - f->first);
    tsk_array *array = tsk_array_new(r->arena, count);
    array->count = count;
    if (count) memcpy(array->items, r->values + f->first, count * sizeof(tsk_value));
    r->value_count = f->first;
    return tsk_from_array(array);
}

static bool read_key(reader *r, frame *f) {
    skip_blanks(r);
    if (r->p == r->end || *r->p != '"') return fail(r, r->p, "a key in quotes was expected");
    r->p++;
    if (!read_string(r, &f->key)) return false;
    skip_blanks(r);
    if (r->p == r->end || *r->p != ':') return fail(r, r->p, "':' was expected after the key");
    r->p++;
    return true;
}

static bool read_word(reader *r, const char *word, tsk_value v, tsk_value *out) {
    size_t len = strlen(word);
    if ((size_t)(r->end - r->p) < len || memcmp(r->p, word, len) != 0) return fail(r, r->p, "a value was expected");
    r->p += len;
    *out = v;
    return true;
}

/* A scalar, or an opening bracket, for which *opened is set and no value given. */
static bool read_start(reader *r, tsk_value *out, bool *opened) {
    skip_blanks(r);
    if (r->p == r->end) return fail(r, r->p, "a value was expected");
    tsk_slice s;
    *opened = *r->p == '{' || *r->p == '[';
    switch (*r->p) {
    case '{': return open_frame(r, tsk_object_new(r->arena, 4)) && r->p++;
    case '[': return open_frame(r, NULL) && r->p++;
    case '"':
        r->p++;
        if (!read_string(r, &s)) return false;
        *out = tsk_str_borrow(r->arena, s.ptr, s.len);
        return true;
    case 't': return read_word(r, "true", TSK_VALUE_TRUE, out);
    case 'f': return read_word(r, "false", TSK_VALUE_FALSE, out);
    case 'n': return read_word(r, "null", TSK_VALUE_NULL, out);
    default:
        if (*r->p == '-' || digit(r)) return read_number(r, out);
        return fail(r, r->p, "a value was expected");
    }
}

/* Gives `v` to the innermost container, and closes those that end here.  *done: it was the whole text's value. */
static bool deliver(reader *r, tsk_value v, bool *done) {
    for (;;) {
        if (r->depth == 0) {
            r->values[0] = v;
            return *done = true;
        }
        frame *f = &r->frames[r->depth - 1];
        if (f->object)
            tsk_object_set(r->arena, f->object, f->key.ptr, f->key.len, v);
        else
            push_value(r, v);
        skip_blanks(r);
        char c = r->p < r->end ? *r->p : 0;
        if (c == ',') {
            r->p++;
            return !f->object || read_key(r, f);
        }
        if (c != (f->object ? '}' : ']'))
            return fail(r, r->p, f->object ? "',' or '}' was expected" : "',' or ']' was expected");
        r->p++;
        v = f->object ? tsk_from_object(f->object) : close_array(r, f);
        r->depth--;
    }
}

/* After an opening bracket: the container may be empty, which closes it. */
static bool enter(reader *r, tsk_value *out, bool *empty) {
    frame *f = &r->frames[r->depth - 1];
    skip_blanks(r);
    *empty = r->p < r->end && *r->p == (f->object ? '}' : ']');
    if (*empty) {
        r->p++;
        *out = f->object ? tsk_from_object(f->object) : close_array(r, f);
        r->depth--;
        return true;
    }
    return !f->object || read_key(r, f);
}

bool tsk_json_read(tsk_arena *arena, const char *text, size_t len, uint32_t max_depth, tsk_value *out,
                   tsk_read_problem *problem) {
    reader r = {.arena = arena,
                .text = text,
                .p = text,
                .end = text + len,
                .problem = problem,
                .max_depth = max_depth ? max_depth : DEFAULT_DEPTH};
    if (len > UINT32_MAX) return fail(&r, text, "the text is larger than 4 GiB");
    size_t valid = tsk_utf8_valid_prefix(text, len);
    if (valid < len) return fail(&r, text + valid, "a byte that is not UTF-8");
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) r.p += 3;
    push_value(&r, TSK_VALUE_NULL); /* slot of the result */
    for (bool done = false; !done;) {
        tsk_value v = TSK_VALUE_NULL;
        bool opened = false, empty = false;
        if (!read_start(&r, &v, &opened)) return false;
        if (opened) {
            if (!enter(&r, &v, &empty)) return false;
            if (!empty) continue;
        }
        if (!deliver(&r, v, &done)) return false;
    }
    skip_blanks(&r);
    if (r.p < r.end) return fail(&r, r.p, "something stands after the value");
    *out = r.values[0];
    return true;
}

bool tsk_json_parse(tsk_arena *arena, const char *text, size_t len, uint32_t max_depth, tsk_value *out,
                    tsk_failure *failure) {
    tsk_read_problem problem;
    if (tsk_json_read(arena, text, len, max_depth, out, &problem)) return true;
    unsigned line, column;
    tsk_read_place(text, len, problem.at, &line, &column);
    const char *message = tsk_arena_printf(arena, "JSON: %s at line %u, column %u", problem.message, line, column);
    *failure = (tsk_failure){problem.code, message, NULL};
    return false;
}
