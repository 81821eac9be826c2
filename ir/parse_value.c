/* Constants in the text form of the IR.
 *
 * Invariant: containers nest at most TSK_IR_TEXT_DEPTH deep, so the recursion is bounded.
 */
#include "ir/parse.h"
#include "runtime/base/number.h"

#define fail tsk_ir_parse_fail

/* ---- strings ---- */

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    char letter = (char)(c | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

static bool hex(tsk_ir_parser *ps, int digits, uint32_t *out) {
    *out = 0;
    for (int i = 0; i < digits; i++, ps->p++) {
        int digit = ps->p < ps->end ? hex_digit(*ps->p) : -1;
        if (digit < 0) return fail(ps, ps->p, "expected a hexadecimal digit");
        *out = *out << 4 | (uint32_t)digit;
    }
    return true;
}

/* Also surrogates: a lone one stays a sequence of three bytes. */
static void add_code(tsk_buf *out, uint32_t c) {
    if (c < 0x80) {
        tsk_buf_char(out, (char)c);
    } else if (c < 0x800) {
        tsk_buf_char(out, (char)(0xC0 | c >> 6));
        tsk_buf_char(out, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        tsk_buf_char(out, (char)(0xE0 | c >> 12));
        tsk_buf_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        tsk_buf_char(out, (char)(0x80 | (c & 0x3F)));
    } else {
        tsk_buf_char(out, (char)(0xF0 | c >> 18));
        tsk_buf_char(out, (char)(0x80 | (c >> 12 & 0x3F)));
        tsk_buf_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        tsk_buf_char(out, (char)(0x80 | (c & 0x3F)));
    }
}

/* After \u. */
static bool unicode_escape(tsk_ir_parser *ps, tsk_buf *out) {
    uint32_t c, low;
    if (!hex(ps, 4, &c)) return false;
    bool pair = c >= 0xD800 && c < 0xDC00 && ps->end - ps->p >= 6 && ps->p[0] == '\\' && ps->p[1] == 'u';
    if (!pair) {
        add_code(out, c);
        return true;
    }
    ps->p += 2;
    if (!hex(ps, 4, &low)) return false;
    if (low >= 0xDC00 && low < 0xE000) {
        add_code(out, 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00));
    } else {
        add_code(out, c);
        add_code(out, low);
    }
    return true;
}

static bool escape(tsk_ir_parser *ps, tsk_buf *out) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (ps->p == ps->end) return fail(ps, ps->p, "the string has no end");
    char c = *ps->p++;
    const char *known = c ? strchr(from, c) : NULL;
    if (known) {
        tsk_buf_char(out, to[known - from]);
        return true;
    }
    uint32_t byte;
    if (c == 'u') return unicode_escape(ps, out);
    if (c != 'x') return fail(ps, ps->p - 1, "unknown escape");
    if (!hex(ps, 2, &byte)) return false;
    tsk_buf_char(out, (char)byte);
    return true;
}

bool tsk_ir_parse_string(tsk_ir_parser *ps, tsk_slice *out) {
    const char *start = ps->p;
    if (ps->p == ps->end || *ps->p != '"') return fail(ps, ps->p, "expected a string");
    ps->p++;
    tsk_buf text;
    tsk_buf_init(&text, ps->arena);
    tsk_buf_reserve(&text, 1);
    while (ps->p < ps->end && *ps->p != '"' && *ps->p != '\n') {
        if (*ps->p != '\\') {
            tsk_buf_char(&text, *ps->p++);
            continue;
        }
        ps->p++;
        if (!escape(ps, &text)) return false;
    }
    if (ps->p == ps->end || *ps->p != '"') return fail(ps, start, "the string has no end");
    ps->p++;
    tsk_arena_shrink(ps->arena, text.ptr, text.cap, text.len);
    *out = (tsk_slice){text.ptr, (uint32_t)text.len};
    return true;
}

/* ---- values ---- */

static bool value(tsk_ir_parser *ps, bool keys, unsigned depth, tsk_value *out);

static bool items(tsk_ir_parser *ps, bool keys, unsigned depth, tsk_array *array) {
    if (tsk_ir_accept(ps, ']')) return true;
    do {
        tsk_value item;
        if (!value(ps, keys, depth + 1, &item)) return false;
        tsk_array_push(ps->arena, array, item);
    } while (tsk_ir_accept(ps, ','));
    return tsk_ir_expect(ps, ']');
}

static bool has_thunks(tsk_value v) {
    if (tsk_is_array(v)) return tsk_as_array(v)->flags & TSK_HAS_THUNKS;
    if (tsk_is_object(v)) return tsk_as_object(v)->flags & TSK_HAS_THUNKS;
    return tsk_is_thunk(v);
}

static bool array_value(tsk_ir_parser *ps, bool keys, unsigned depth, tsk_value *out) {
    tsk_array *array = tsk_array_new(ps->arena, 0);
    *out = tsk_from_array(array);
    if (!items(ps, keys, depth, array)) return false;
    for (uint32_t i = 0; i < array->count; i++)
        if (has_thunks(array->items[i])) array->flags |= TSK_HAS_THUNKS;
    return true;
}

static bool object_value(tsk_ir_parser *ps, bool keys, unsigned depth, tsk_value *out) {
    tsk_object *object = tsk_object_new(ps->arena, 0);
    *out = tsk_from_object(object);
    if (tsk_ir_accept(ps, '}')) return true;
    do {
        tsk_slice key;
        tsk_value v;
        while (ps->p < ps->end && *ps->p == ' ') ps->p++;
        if (!tsk_ir_parse_string(ps, &key) || !tsk_ir_expect(ps, ':') || !value(ps, keys, depth + 1, &v)) return false;
        tsk_object_set(ps->arena, object, key.ptr, key.len, v);
        if (has_thunks(v)) object->flags |= TSK_HAS_THUNKS;
    } while (tsk_ir_accept(ps, ','));
    return tsk_ir_expect(ps, '}');
}

/* @name or @name[captured, values] */
static bool function_value(tsk_ir_parser *ps, bool keys, unsigned depth, tsk_value *out) {
    tsk_ir_func *func;
    tsk_array captured = {0};
    if (!tsk_ir_parse_function(ps, &func)) return false;
    if (ps->p < ps->end && *ps->p == '[') {
        ps->p++;
        if (!items(ps, keys, depth, &captured)) return false;
    }
    tsk_cell *cell = tsk_arena_alloc(ps->arena, sizeof *cell + captured.count * sizeof cell->captures[0]);
    cell->kind = TSK_CELL_FUNCTION;
    cell->count = captured.count;
    cell->func = func;
    if (captured.count) memcpy(cell->captures, captured.items, captured.count * sizeof cell->captures[0]);
    *out = tsk_from_ptr(TSK_TAG_CELL, cell);
    return true;
}

static bool named_value(tsk_slice name, tsk_value *out) {
    static const struct {
        const char *name;
        tsk_value value;
    } named[] = {{"null", {TSK_BITS(TSK_TAG_CONST, 0)}},  {"undefined", {TSK_BITS(TSK_TAG_CONST, 1)}},
                 {"false", {TSK_BITS(TSK_TAG_CONST, 2)}}, {"true", {TSK_BITS(TSK_TAG_CONST, 3)}},
                 {"inf", {0x7FF0000000000000ull}},        {"-inf", {0xFFF0000000000000ull}},
                 {"nan", {0x7FF8000000000000ull}},        {"hole", {TSK_BITS(TSK_TAG_CONST, 4)}}};
    for (size_t i = 0; i < TSK_COUNT(named); i++)
        if (tsk_slice_eq(name, tsk_slice_cstr(named[i].name))) return *out = named[i].value, true;
    return false;
}

/* A numeral, a name, or key(3) in a tree. */
static bool scalar_value(tsk_ir_parser *ps, bool keys, tsk_value *out) {
    const char *from = ps->p;
    while (ps->p < ps->end && ((*ps->p >= '0' && *ps->p <= '9') || (*ps->p >= 'a' && *ps->p <= 'z') || *ps->p == '.' ||
                               *ps->p == '-' || *ps->p == '+'))
        ps->p++;
    tsk_slice text = {from, (uint32_t)(ps->p - from)};
    if (named_value(text, out) || tsk_number_parse(ps->arena, text.ptr, text.len, out)) return true;
    if (!keys || !tsk_slice_eq(text, TSK_SLICE("key"))) return fail(ps, from, "expected a value");
    uint64_t number;
    if (!tsk_ir_expect(ps, '(') || !tsk_ir_parse_number(ps, UINT32_MAX, &number)) return false;
    *out = tsk_from_thunk((uint32_t)number);
    return tsk_ir_expect(ps, ')');
}

static bool value(tsk_ir_parser *ps, bool keys, unsigned depth, tsk_value *out) {
    if (depth > TSK_IR_TEXT_DEPTH) return fail(ps, ps->p, "the constant is nested too deep");
    tsk_slice text;
    while (ps->p < ps->end && *ps->p == ' ') ps->p++;
    switch (ps->p < ps->end ? *ps->p : 0) {
    case '[': ps->p++; return array_value(ps, keys, depth, out);
    case '{': ps->p++; return object_value(ps, keys, depth, out);
    case '@': return function_value(ps, keys, depth, out);
    case '"':
        if (!tsk_ir_parse_string(ps, &text)) return false;
        *out = tsk_str_borrow(ps->arena, text.ptr, text.len);
        return true;
    default: return scalar_value(ps, keys, out);
    }
}

bool tsk_ir_parse_value(tsk_ir_parser *ps, bool keys, tsk_value *out) {
    return value(ps, keys, 0, out);
}
