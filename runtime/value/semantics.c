/* Arithmetic, comparison and conversion of configuration values (language.md 4.4).
 *
 * Nothing here recurses: containers are compared with a stack of our own, since values that a program
 * builds may be nested deeper than the C stack is. */
#include "runtime/value/semantics.h"

#include "ir/ir.h"
#include "runtime/base/utf8.h"
#include "runtime/operators/operator.h"
#include "runtime/value/write.h"

#include <math.h>
#include <stdio.h>

#define LARGEST_EXACT_INT 9007199254740992.0 /* 2^53 */

/* ---- failures ---- */

#define SHOWN_TEXT 40

/* `string "abc"`, `3`, `null`, `array of 2`: short, on one line. */
static void describe(tsk_buf *out, tsk_value v) {
    tsk_kind kind = tsk_kind_of(v);
    if (kind != TSK_INT && kind != TSK_DOUBLE) tsk_buf_cstr(out, tsk_kind_name(kind));
    if (kind == TSK_STRING) {
        tsk_slice s = tsk_as_slice(v);
        size_t shown = tsk_utf8_fit(s.ptr, s.len, SHOWN_TEXT);
        tsk_buf_char(out, ' ');
        tsk_utf8_json(out, s.ptr, shown);
        if (shown < s.len) tsk_buf_cstr(out, "…");
    } else if (kind == TSK_ARRAY) {
        tsk_buf_printf(out, " of %u", tsk_as_array(v)->count);
    } else if (kind == TSK_OBJECT) {
        tsk_buf_printf(out, " of %u", tsk_as_object(v)->count);
    } else if (kind == TSK_BOOL) {
        tsk_buf_cstr(out, tsk_as_bool(v) ? " true" : " false");
    } else if (kind == TSK_INT || kind == TSK_DOUBLE) {
        tsk_value_text(out, v);
    }
}

static bool fail(struct tsk_failure *failure, tsk_code code, const char *message) {
    if (failure) *failure = (tsk_failure){code, message, NULL};
    return false;
}

/* `division by zero: 10 / 0` */
static bool fail_binary(tsk_arena *heap, struct tsk_failure *failure, const char *what, tsk_value a, const char *op,
                        tsk_value b) {
    tsk_buf text;
    tsk_buf_init(&text, heap);
    tsk_buf_cstr(&text, what);
    tsk_buf_cstr(&text, ": ");
    describe(&text, a);
    tsk_buf_printf(&text, " %s ", op);
    describe(&text, b);
    tsk_buf_char(&text, 0);
    return fail(failure, TSK_E_TYPE, text.ptr);
}

/* `cannot convert string "abc" to int` */
static bool fail_cast(tsk_arena *heap, struct tsk_failure *failure, tsk_value v, const char *target) {
    tsk_buf text;
    tsk_buf_init(&text, heap);
    tsk_buf_cstr(&text, "cannot convert ");
    describe(&text, v);
    tsk_buf_printf(&text, " to %s", target);
    tsk_buf_char(&text, 0);
    return fail(failure, TSK_E_TYPE, text.ptr);
}

/* The casts that get no heap keep their message in the thread. */
static bool fail_cast_static(struct tsk_failure *failure, tsk_value v, const char *target) {
    static _Thread_local char message[SHOWN_TEXT * 6 + 64];
    if (!failure) return false;
    tsk_arena arena;
    tsk_arena_init(&arena, NULL, 0);
    tsk_trap trap;
    arena.trap = &trap;
    if (setjmp(trap.jump)) {
        snprintf(message, sizeof message, "cannot convert %s to %s", tsk_kind_name(tsk_kind_of(v)), target);
    } else {
        fail_cast(&arena, failure, v, target);
        snprintf(message, sizeof message, "%s", failure->message);
    }
    tsk_arena_free(&arena);
    return fail(failure, TSK_E_TYPE, message);
}

/* ---- numbers ---- */

/* Numbers, and strings that are one numeral. */
static bool numeric(tsk_value v, tsk_number *out) {
    if (tsk_is_int(v))
        *out = (tsk_number){.is_int = true, .i = tsk_as_int(v)};
    else if (tsk_is_double(v))
        *out = (tsk_number){.d = tsk_as_double(v)};
    else if (tsk_is_str(v))
        return tsk_number_read(tsk_as_str(v)->ptr, tsk_as_str(v)->len, out);
    else
        return false;
    return true;
}

static double as_double(tsk_number n) {
    return n.is_int ? (double)n.i : n.d;
}

bool tsk_value_number(tsk_value v, double *out) {
    tsk_number n;
    if (!numeric(v, &n)) return false;
    *out = as_double(n);
    return true;
}

static bool is_zero(tsk_number n) {
    return n.is_int ? n.i == 0 : n.d == 0;
}

/* Quotients and the like: an int when that loses nothing. */
static tsk_value from_quotient(tsk_arena *heap, double d) {
    if (d == trunc(d) && fabs(d) <= LARGEST_EXACT_INT && !(d == 0 && signbit(d))) return tsk_int(heap, (int64_t)d);
    return tsk_from_double(d);
}

/* base ** exponent by squaring; false on overflow. */
static bool int_power(int64_t base, int64_t exponent, int64_t *out) {
    int64_t result = 1;
    for (;;) {
        if (exponent & 1 && __builtin_mul_overflow(result, base, &result)) return false;
        exponent >>= 1;
        if (!exponent) break;
        if (__builtin_mul_overflow(base, base, &base)) return false;
    }
    *out = result;
    return true;
}

/* Integers where the result is one; false: compute with doubles. */
static bool int_arith(int op, int64_t a, int64_t b, int64_t *out) {
    switch (op) {
    case TSK_IR_SUB: return !__builtin_sub_overflow(a, b, out);
    case TSK_IR_MUL: return !__builtin_mul_overflow(a, b, out);
    case TSK_IR_DIV:
        if (b == -1) return !__builtin_sub_overflow(0, a, out);
        *out = a / b;
        return a % b == 0;
    case TSK_IR_MOD: *out = b == -1 ? 0 : a % b; return true;
    default: return b >= 0 && int_power(a, b, out);
    }
}

static const char *op_text(int op) {
    switch (op) {
    case TSK_IR_SUB: return "-";
    case TSK_IR_MUL: return "*";
    case TSK_IR_DIV: return "/";
    case TSK_IR_MOD: return "%";
    default: return "**";
    }
}

static const char *needs_numbers(int op) {
    switch (op) {
    case TSK_IR_SUB: return "'-' needs two numbers";
    case TSK_IR_MUL: return "'*' needs two numbers";
    case TSK_IR_DIV: return "'/' needs two numbers";
    case TSK_IR_MOD: return "'%' needs two numbers";
    default: return "'**' needs two numbers";
    }
}

bool tsk_value_arith(tsk_arena *heap, int op, tsk_value a, tsk_value b, tsk_value *out, struct tsk_failure *failure) {
    tsk_number x, y;
    if (!numeric(a, &x) || !numeric(b, &y)) return fail_binary(heap, failure, needs_numbers(op), a, op_text(op), b);
    bool divides = op == TSK_IR_DIV || op == TSK_IR_MOD || (op == TSK_IR_POW && y.is_int && y.i < 0);
    if (divides && is_zero(op == TSK_IR_POW ? x : y))
        return fail_binary(heap, failure, "division by zero", a, op_text(op), b);
    int64_t i = 0;
    if (x.is_int && y.is_int && int_arith(op, x.i, y.i, &i)) {
        *out = tsk_int(heap, i);
        return true;
    }
    double p = as_double(x), q = as_double(y);
    switch (op) {
    case TSK_IR_SUB: *out = tsk_from_double(p - q); break;
    case TSK_IR_MUL: *out = tsk_from_double(p * q); break;
    case TSK_IR_DIV: *out = from_quotient(heap, p / q); break;
    case TSK_IR_MOD: *out = tsk_from_double(fmod(p, q)); break;
    default: *out = tsk_from_double(pow(p, q)); break;
    }
    return true;
}

bool tsk_value_negate(tsk_arena *heap, tsk_value a, tsk_value *out, struct tsk_failure *failure) {
    tsk_number n;
    if (!numeric(a, &n)) {
        tsk_buf text;
        tsk_buf_init(&text, heap);
        tsk_buf_cstr(&text, "'-' needs a number, not ");
        describe(&text, a);
        tsk_buf_char(&text, 0);
        return fail(failure, TSK_E_TYPE, text.ptr);
    }
    int64_t i;
    *out = n.is_int && !__builtin_sub_overflow(0, n.i, &i) ? tsk_int(heap, i) : tsk_from_double(-as_double(n));
    return true;
}

/* A buffer that nothing was added to has no memory, but every string has a pointer. */
static tsk_value take_text(tsk_buf *text) {
    return text->len ? tsk_str_take(text) : tsk_str_borrow(text->arena, "", 0);
}

static tsk_value add_numbers(tsk_arena *heap, tsk_value a, tsk_value b) {
    int64_t sum;
    if (tsk_is_int(a) && tsk_is_int(b) && !__builtin_add_overflow(tsk_as_int(a), tsk_as_int(b), &sum))
        return tsk_int(heap, sum);
    return tsk_from_double(tsk_as_number(a) + tsk_as_number(b));
}

bool tsk_value_add(tsk_arena *heap, const tsk_value *args, uint32_t count, tsk_value *out,
                   struct tsk_failure *failure) {
    tsk_value sum = args[0];
    uint32_t i = 1;
    for (; i < count && tsk_is_number(sum) && tsk_is_number(args[i]); i++) sum = add_numbers(heap, sum, args[i]);
    if (i < count) { /* from here on everything is text */
        tsk_buf text;
        tsk_buf_init(&text, heap);
        tsk_value_text(&text, sum);
        for (; i < count; i++) tsk_value_text(&text, args[i]);
        if (text.len > UINT32_MAX) return fail(failure, TSK_E_MEMORY_LIMIT, "'+' makes a string longer than 4 GiB");
        sum = take_text(&text);
    }
    *out = sum;
    return true;
}

/* ---- equality ---- */

static bool text_is(tsk_value v, const char *word) {
    tsk_slice s = tsk_as_slice(v);
    size_t len = strlen(word);
    if (s.len != len) return false;
    for (size_t i = 0; i < len; i++) {
        char c = s.ptr[i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != word[i]) return false;
    }
    return true;
}

/* Of scalars that are not of one kind. */
static bool equal_by_meaning(tsk_value a, tsk_value b) {
    if (tsk_is_bool(b)) return tsk_is_bool(a) ? false : equal_by_meaning(b, a);
    if (tsk_is_bool(a)) return tsk_is_str(b) && text_is(b, tsk_as_bool(a) ? "true" : "false");
    tsk_number x, y;
    return (tsk_is_number(a) || tsk_is_number(b)) && numeric(a, &x) && numeric(b, &y) && tsk_number_compare(x, y) == 0;
}

static bool equal_scalars(tsk_value a, tsk_value b, bool strict) {
    if (tsk_is_number(a) && tsk_is_number(b)) {
        tsk_number x, y;
        return numeric(a, &x) && numeric(b, &y) && tsk_number_compare(x, y) == 0;
    }
    if (tsk_same(a, b)) return true;
    if (tsk_is_str(a) && tsk_is_str(b)) return tsk_slice_eq(tsk_as_slice(a), tsk_as_slice(b));
    if (tsk_is_null(a) && tsk_is_null(b)) return true;
    return !strict && equal_by_meaning(a, b);
}

/* Two containers of one kind and size whose items from `next` on are still to be compared. */
typedef struct pair {
    tsk_value a, b;
    uint32_t next;
} pair;

typedef struct pair_stack {
    pair first[64];
    pair *pairs; /* `first`, or allocated */
    size_t count, cap;
} pair_stack;

static bool push_pair(pair_stack *s, tsk_value a, tsk_value b) {
    if (s->count == s->cap) {
        const tsk_allocator *memory = &tsk_allocator_default;
        size_t size = s->cap * sizeof *s->pairs;
        pair *larger = tsk_mem_alloc(memory, size * 2);
        if (!larger) return false;
        memcpy(larger, s->pairs, size);
        if (s->pairs != s->first) tsk_mem_free(memory, s->pairs, size);
        s->pairs = larger;
        s->cap *= 2;
    }
    s->pairs[s->count++] = (pair){a, b, 0};
    return true;
}

/* Compares one pair of values: scalars at once, containers by putting them on the stack. */
static bool equal_step(pair_stack *s, tsk_value a, tsk_value b, bool strict) {
    if (tsk_is_array(a) && tsk_is_array(b)) {
        if (tsk_same(a, b)) return true;
        return tsk_as_array(a)->count == tsk_as_array(b)->count && push_pair(s, a, b);
    }
    if (tsk_is_object(a) && tsk_is_object(b)) {
        if (tsk_same(a, b)) return true;
        return tsk_as_object(a)->count == tsk_as_object(b)->count && push_pair(s, a, b);
    }
    return equal_scalars(a, b, strict);
}

/* The next two items of the pair on top; false when an object lacks a key of the other. */
static bool next_items(pair *top, tsk_value *a, tsk_value *b) {
    uint32_t i = top->next++;
    if (tsk_is_array(top->a)) {
        *a = tsk_as_array(top->a)->items[i];
        *b = tsk_as_array(top->b)->items[i];
        return true;
    }
    const tsk_entry *x = &tsk_as_object(top->a)->entries[i];
    const tsk_entry *y = tsk_object_find_hashed(tsk_as_object(top->b), x->key, x->key_len, x->hash);
    if (!y) return false;
    *a = x->value;
    *b = y->value;
    return true;
}

/* Order of keys does not matter.  Containers too deep for the memory that is left are taken as different. */
static TSK_NOINLINE bool equal_containers(tsk_value a, tsk_value b, bool strict) {
    pair_stack s;
    s.pairs = s.first;
    s.count = 0;
    s.cap = TSK_COUNT(s.first);
    bool equal = equal_step(&s, a, b, strict);
    while (equal && s.count) {
        pair *top = &s.pairs[s.count - 1];
        uint32_t count = tsk_is_array(top->a) ? tsk_as_array(top->a)->count : tsk_as_object(top->a)->count;
        if (top->next == count) {
            s.count--;
            continue;
        }
        tsk_value x, y;
        equal = next_items(top, &x, &y) && equal_step(&s, x, y, strict);
    }
    if (s.pairs != s.first) tsk_mem_free(&tsk_allocator_default, s.pairs, s.cap * sizeof *s.pairs);
    return equal;
}

static bool is_container(tsk_value v) {
    return tsk_is_array(v) || tsk_is_object(v);
}

bool tsk_value_equal(tsk_value a, tsk_value b) {
    return is_container(a) && is_container(b) ? equal_containers(a, b, false) : equal_scalars(a, b, false);
}

bool tsk_value_same(tsk_value a, tsk_value b) {
    return is_container(a) && is_container(b) ? equal_containers(a, b, true) : equal_scalars(a, b, true);
}

int tsk_value_compare(tsk_value a, tsk_value b) {
    if (tsk_is_str(a) && tsk_is_str(b)) {
        tsk_slice x = tsk_as_slice(a), y = tsk_as_slice(b);
        uint32_t common = x.len < y.len ? x.len : y.len;
        int r = common ? memcmp(x.ptr, y.ptr, common) : 0;
        return r ? (r > 0) - (r < 0) : (x.len > y.len) - (x.len < y.len);
    }
    tsk_number x, y;
    return numeric(a, &x) && numeric(b, &y) ? tsk_number_compare(x, y) : 2;
}

bool tsk_value_in(tsk_value needle, tsk_value haystack) {
    if (tsk_is_array(haystack)) {
        const tsk_array *array = tsk_as_array(haystack);
        for (uint32_t i = 0; i < array->count; i++)
            if (tsk_value_equal(needle, array->items[i])) return true;
        return false;
    }
    if (!tsk_is_str(needle)) return false;
    tsk_slice part = tsk_as_slice(needle);
    if (tsk_is_object(haystack)) return tsk_object_find(tsk_as_object(haystack), part.ptr, part.len) != NULL;
    if (!tsk_is_str(haystack)) return false;
    tsk_slice whole = tsk_as_slice(haystack);
    const char *end = whole.ptr + whole.len;
    if (part.len == 0) return true;
    for (const char *p = whole.ptr; (size_t)(end - p) >= part.len; p++) {
        p = memchr(p, part.ptr[0], (size_t)(end - p) - part.len + 1);
        if (!p) return false;
        if (memcmp(p, part.ptr, part.len) == 0) return true;
    }
    return false;
}

/* ---- truth and casts ---- */

bool tsk_value_truth(tsk_value v) {
    switch (tsk_kind_of(v)) {
    case TSK_NULL: return false;
    case TSK_BOOL: return tsk_as_bool(v);
    case TSK_INT: return tsk_as_int(v) != 0;
    case TSK_DOUBLE: return tsk_as_double(v) != 0 && tsk_as_double(v) == tsk_as_double(v);
    case TSK_STRING: return tsk_as_str(v)->len > 0;
    case TSK_ARRAY: return tsk_as_array(v)->count > 0;
    case TSK_OBJECT: return tsk_as_object(v)->count > 0;
    default: return true;
    }
}

bool tsk_value_condition(tsk_value v) {
    if (tsk_is_str(v) && (text_is(v, "0") || text_is(v, "false") || text_is(v, "null"))) return false;
    return tsk_value_truth(v);
}

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Casts read what a person typed, so blanks around the numeral are allowed; and true is 1. */
static bool cast_number(tsk_value v, tsk_number *out) {
    if (tsk_is_bool(v)) {
        *out = (tsk_number){.is_int = true, .i = tsk_as_bool(v)};
        return true;
    }
    if (!tsk_is_str(v)) return numeric(v, out);
    tsk_slice s = tsk_as_slice(v);
    while (s.len && is_blank(s.ptr[0])) s.ptr++, s.len--;
    while (s.len && is_blank(s.ptr[s.len - 1])) s.len--;
    return tsk_number_read(s.ptr, s.len, out);
}

bool tsk_value_to_int(tsk_arena *heap, tsk_value v, tsk_value *out, struct tsk_failure *failure) {
    tsk_number n;
    if (!cast_number(v, &n)) return fail_cast(heap, failure, v, "int");
    if (!n.is_int) {
        if (!(n.d >= -0x1p63 && n.d < 0x1p63)) return fail_cast(heap, failure, v, "int");
        n.i = (int64_t)n.d;
    }
    *out = tsk_int(heap, n.i);
    return true;
}

bool tsk_value_to_float(tsk_value v, tsk_value *out, struct tsk_failure *failure) {
    tsk_number n;
    if (!cast_number(v, &n)) return fail_cast_static(failure, v, "float");
    *out = tsk_from_double(as_double(n));
    return true;
}

bool tsk_value_to_bool(tsk_value v, tsk_value *out, struct tsk_failure *failure) {
    static const char *const yes[] = {"true", "yes", "on", "enabled"};
    static const char *const no[] = {"false", "no", "off", "disabled", "null", "nil", "none", ""};
    tsk_number n;
    if (!tsk_is_str(v)) {
        *out = tsk_from_bool(tsk_value_truth(v));
        return true;
    }
    for (size_t i = 0; i < TSK_COUNT(yes); i++)
        if (text_is(v, yes[i])) return *out = TSK_VALUE_TRUE, true;
    for (size_t i = 0; i < TSK_COUNT(no); i++)
        if (text_is(v, no[i])) return *out = TSK_VALUE_FALSE, true;
    if (!cast_number(v, &n)) return fail_cast_static(failure, v, "bool");
    *out = tsk_from_bool(!is_zero(n));
    return true;
}

/* ---- text ---- */

void tsk_value_text(tsk_buf *out, tsk_value v) {
    char digits[32];
    switch (tsk_kind_of(v)) {
    case TSK_NULL: break;
    case TSK_BOOL: tsk_buf_cstr(out, tsk_as_bool(v) ? "true" : "false"); break;
    case TSK_INT: tsk_buf_add(out, digits, tsk_number_format_int(digits, tsk_as_int(v))); break;
    case TSK_DOUBLE: tsk_buf_add(out, digits, tsk_number_format(digits, tsk_as_double(v))); break;
    case TSK_STRING: tsk_buf_slice(out, tsk_as_slice(v)); break;
    case TSK_ARRAY:
    case TSK_OBJECT: {
        tsk_writer writer = {.out = out, .max_depth = UINT32_MAX};
        tsk_write(&writer, TSK_FORMAT_JSON, v);
        break;
    }
    default: tsk_buf_cstr(out, "[function]"); break;
    }
}

tsk_value tsk_value_string(tsk_arena *heap, tsk_value v) {
    if (tsk_is_str(v)) return v;
    tsk_buf text;
    tsk_buf_init(&text, heap);
    tsk_value_text(&text, v);
    return take_text(&text);
}
