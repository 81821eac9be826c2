/* Numerals, and what the configuration language does with values. */
#include "ir/ir.h"
#include "runtime/base/number.h"
#include "runtime/operators/operator.h"
#include "runtime/value/semantics.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static tsk_arena heap;

static void setup(void) {
    tsk_arena_init(&heap, NULL, 0);
}

static void teardown(void) {
    tsk_arena_free(&heap);
}

TestSuite(semantics, .init = setup, .fini = teardown);

static tsk_value str(const char *text) {
    return tsk_str_cstr(&heap, text);
}

static tsk_value num(double d) {
    return tsk_from_double(d);
}

static tsk_value whole(int64_t i) {
    return tsk_int(&heap, i);
}

static tsk_value list(uint32_t count, const tsk_value *items) {
    tsk_array *array = tsk_array_new(&heap, count);
    for (uint32_t i = 0; i < count; i++) tsk_array_push(&heap, array, items[i]);
    return tsk_from_array(array);
}

#define LIST(...) list(sizeof((tsk_value[]){__VA_ARGS__}) / sizeof(tsk_value), (tsk_value[]){__VA_ARGS__})

static tsk_value pair(const char *key1, tsk_value v1, const char *key2, tsk_value v2) {
    tsk_object *o = tsk_object_new(&heap, 2);
    tsk_object_put(&heap, o, key1, v1);
    tsk_object_put(&heap, o, key2, v2);
    return tsk_from_object(o);
}

/* The same bits, or strings of the same text. */
static void expect(tsk_value got, tsk_value wanted, const char *what) {
    tsk_slice a = tsk_as_slice(tsk_value_string(&heap, got)), b = tsk_as_slice(tsk_value_string(&heap, wanted));
    bool alike = tsk_kind_of(got) == tsk_kind_of(wanted) && tsk_slice_eq(a, b);
    if (alike && tsk_is_double(got)) alike = tsk_same(got, wanted);
    cr_assert(alike, "%s: got %s %.*s, wanted %s %.*s", what, tsk_kind_name(tsk_kind_of(got)), (int)a.len, a.ptr,
              tsk_kind_name(tsk_kind_of(wanted)), (int)b.len, b.ptr);
}

/* ---- numerals ---- */

static tsk_value parse(const char *text) {
    tsk_value v;
    cr_assert(tsk_number_parse(&heap, text, (uint32_t)strlen(text), &v), "%s", text);
    return v;
}

Test(semantics, integers) {
    static const struct {
        const char *text;
        int64_t value;
    } cases[] = {{"0", 0},
                 {"-17", -17},
                 {"007", 7},
                 {"1_000_000", 1000000},
                 {"0xFF", 255},
                 {"0Xff", 255},
                 {"0b1010", 10},
                 {"0o755", 493},
                 {"-0x10", -16},
                 {"0xdead_beef", 0xdeadbeef},
                 {"2147483648", 2147483648},
                 {"9223372036854775807", INT64_MAX},
                 {"-9223372036854775808", INT64_MIN},
                 {"0x7fffffffffffffff", INT64_MAX},
                 {"-0x8000000000000000", INT64_MIN},
                 {"0000000000000000000000000000000000012", 12},
                 {"9_223_372_036_854_775_807", INT64_MAX}};
    for (size_t i = 0; i < TSK_COUNT(cases); i++) expect(parse(cases[i].text), whole(cases[i].value), cases[i].text);
}

Test(semantics, doubles) {
    static const struct {
        const char *text;
        double value;
    } cases[] = {{"3.14", 3.14},
                 {"-3.5", -3.5},
                 {"1e3", 1000},
                 {"1.23e-4", 1.23e-4},
                 {"6.022E23", 6.022e23},
                 {"1e+21", 1e21},
                 {"-0", -0.0},
                 {"-0.0", -0.0},
                 {"0.1", 0.1},
                 {"1_0.2_5", 10.25},
                 {"1e999", INFINITY},
                 {"-1e999", -INFINITY},
                 {"1e-999", 0},
                 {"1e99999999999999999999", INFINITY},
                 {"0e99999999999999999999", 0},
                 {"9223372036854775808", 9223372036854775808.0},
                 {"-9223372036854775809", -9223372036854775808.0},
                 {"999999999999999999999", 1e21},
                 {"0xffffffffffffffff", 18446744073709551616.0},
                 {"0x1000000000000000000000", 0x1p84},
                 {"0x20000000000000800000000000000001", 0x1.00000000000005p125},
                 {"9007199254740993.0", 9007199254740992.0},
                 {"9007199254740993.00000000000000000001", 9007199254740994.0},
                 {"5e-324", 5e-324},
                 {"2.2250738585072011e-308", 2.2250738585072011e-308},
                 {"1.7976931348623157e308", 1.7976931348623157e308},
                 {"1.7976931348623159e308", INFINITY}};
    for (size_t i = 0; i < TSK_COUNT(cases); i++) expect(parse(cases[i].text), num(cases[i].value), cases[i].text);
}

Test(semantics, what_is_no_numeral) {
    static const char *const cases[] = {"",          "-",    "1.2.3", "5.",   ".5",    "+3", "0x",  "0xg",
                                        "1__0",      "_1",   "1_",    "1_.5", "1._5",  "1e", "1e+", "1e1_0",
                                        "--1",       "1 ",   " 1",    "0b2",  "0o8",   "1n", "NaN", "Infinity",
                                        "-Infinity", "0x_1", "1e1.5", "abc",  "12abc", "0b"};
    tsk_value v;
    for (size_t i = 0; i < TSK_COUNT(cases); i++)
        cr_assert_not(tsk_number_parse(&heap, cases[i], (uint32_t)strlen(cases[i]), &v), "`%s`", cases[i]);
}

Test(semantics, very_long_numerals_are_rounded_right) {
    /* exactly half way between two doubles, decided by a digit a thousand places later */
    char text[2100] = "9007199254740993.";
    size_t len = strlen(text);
    memset(text + len, '0', 1500);
    text[len + 1500] = 0;
    expect(parse(text), num(9007199254740992.0), "half way");
    text[len + 1499] = '1';
    expect(parse(text), num(9007199254740994.0), "just above");
    memset(text, '0', 2000);
    text[1] = '.';
    strcpy(text + 2000, "1e1999");
    expect(parse(text), num(1), "the exponent undoes the zeros");
}

static const char *format(double d) {
    static char out[33];
    out[tsk_number_format(out, d)] = 0;
    return out;
}

Test(semantics, formats_like_javascript) {
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},
                 {-0.0, "-0"},
                 {2, "2"},
                 {-1.5, "-1.5"},
                 {0.1, "0.1"},
                 {0.1 + 0.2, "0.30000000000000004"},
                 {1e20, "100000000000000000000"},
                 {1e21, "1e+21"},
                 {1.5e300, "1.5e+300"},
                 {123456789012345680.0, "123456789012345680"},
                 {0.000001, "0.000001"},
                 {0.0000001, "1e-7"},
                 {1.25e-7, "1.25e-7"},
                 {0.00012345, "0.00012345"},
                 {5e-324, "5e-324"},
                 {1.7976931348623157e308, "1.7976931348623157e+308"},
                 {9007199254740993.0, "9007199254740992"},
                 {100, "100"},
                 {1e15 + 0.5, "1000000000000000.5"},
                 {1.0 / 3, "0.3333333333333333"},
                 {1e23, "1e+23"},
                 {INFINITY, "Infinity"},
                 {-INFINITY, "-Infinity"},
                 {NAN, "NaN"},
                 {2.2250738585072014e-308, "2.2250738585072014e-308"}};
    for (size_t i = 0; i < TSK_COUNT(cases); i++) cr_assert_str_eq(format(cases[i].value), cases[i].text);
}

static uint64_t random_bits(void) {
    static uint64_t state = 88172645463325252ull;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void check_round_trip(double d) {
    const char *text = format(d);
    size_t len = strlen(text);
    cr_assert_lt(len, 32);
    tsk_number n;
    cr_assert(tsk_number_read(text, (uint32_t)len, &n), "%s", text);
    double back = n.is_int ? (double)n.i : n.d;
    cr_assert_eq(memcmp(&back, &d, sizeof d), 0, "%.17g became %s", d, text);
    /* no shorter text reads back the same */
    char shorter[40];
    int digits = 0;
    for (const char *p = text; *p && *p != 'e'; p++) digits += *p >= '0' && *p <= '9';
    if (strchr(text, '.') && fabs(d) >= 1 && digits > 1) {
        snprintf(shorter, sizeof shorter, "%.*e", digits - 2, d);
        cr_assert_neq(strtod(shorter, NULL), d, "%s is shorter than %s", shorter, text);
    }
}

Test(semantics, random_doubles_round_trip) {
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = random_bits();
        double d;
        memcpy(&d, &bits, sizeof d);
        if (isfinite(d)) check_round_trip(d);
        check_round_trip((double)(int64_t)(bits >> 20) / 1000.0);
        check_round_trip((double)(bits >> (i % 64)) / 7.0);
    }
}

Test(semantics, reads_what_strtod_reads) {
    for (int i = 0; i < 100000; i++) {
        char text[64];
        uint64_t bits = random_bits();
        int len = snprintf(text, sizeof text, "%llu.%llue%d", (unsigned long long)(bits >> (i % 50 + 4)),
                           (unsigned long long)(random_bits() >> (i % 60)), (int)(bits % 640) - 330);
        tsk_number n;
        cr_assert(tsk_number_read(text, (uint32_t)len, &n));
        cr_assert_eq(n.d, strtod(text, NULL), "%s", text);
    }
}

Test(semantics, the_locale_of_the_host_changes_nothing) {
    const char *names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"};
    for (size_t i = 0; i < TSK_COUNT(names); i++) {
        if (!setlocale(LC_ALL, names[i])) continue;
        expect(parse("1.2345678901234567890123e5"), num(1.2345678901234567890123e5), names[i]);
        cr_assert_str_eq(format(0.1 + 0.2), "0.30000000000000004");
    }
    setlocale(LC_ALL, "C");
}

/* ---- arithmetic ---- */

static tsk_failure failure;

static tsk_value arith(int op, tsk_value a, tsk_value b) {
    tsk_value out;
    failure = (tsk_failure){TSK_OK, "", NULL};
    return tsk_value_arith(&heap, op, a, b, &out, &failure) ? out : str(failure.message);
}

Test(semantics, arithmetic_keeps_integers) {
    expect(arith(TSK_IR_SUB, whole(3), whole(5)), whole(-2), "-");
    expect(arith(TSK_IR_MUL, whole(1 << 20), whole(1 << 20)), whole(1ll << 40), "*");
    expect(arith(TSK_IR_MUL, whole(INT64_MAX), whole(2)), num(18446744073709551616.0), "* overflow");
    expect(arith(TSK_IR_SUB, whole(INT64_MIN), whole(1)), num(-9223372036854775808.0), "- overflow");
    expect(arith(TSK_IR_DIV, whole(6), whole(3)), whole(2), "/");
    expect(arith(TSK_IR_DIV, whole(7), whole(2)), num(3.5), "/");
    expect(arith(TSK_IR_DIV, num(7.5), num(2.5)), whole(3), "/ of doubles");
    expect(arith(TSK_IR_DIV, whole(INT64_MIN), whole(-1)), num(9223372036854775808.0), "/ overflow");
    expect(arith(TSK_IR_MOD, whole(-7), whole(3)), whole(-1), "%");
    expect(arith(TSK_IR_MOD, whole(7), whole(-3)), whole(1), "%");
    expect(arith(TSK_IR_MOD, whole(INT64_MIN), whole(-1)), whole(0), "% overflow");
    expect(arith(TSK_IR_MOD, num(-7.5), whole(2)), num(-1.5), "% of doubles");
    expect(arith(TSK_IR_POW, whole(2), whole(10)), whole(1024), "**");
    expect(arith(TSK_IR_POW, whole(-3), whole(3)), whole(-27), "**");
    expect(arith(TSK_IR_POW, whole(2), whole(62)), whole(1ll << 62), "**");
    expect(arith(TSK_IR_POW, whole(2), whole(100)), num(0x1p100), "** overflow");
    expect(arith(TSK_IR_POW, whole(2), whole(-1)), num(0.5), "**");
    expect(arith(TSK_IR_POW, whole(0), whole(0)), whole(1), "**");
    expect(arith(TSK_IR_POW, whole(1), whole(INT64_MAX)), whole(1), "**");
    expect(arith(TSK_IR_SUB, str("10"), str("0x3")), whole(7), "numeric strings");
    expect(arith(TSK_IR_MUL, str("1.5"), whole(2)), num(3), "numeric strings");
}

Test(semantics, arithmetic_failures_name_the_values) {
    expect(arith(TSK_IR_DIV, whole(10), whole(0)), str("division by zero: 10 / 0"), "/");
    cr_assert_eq(failure.code, TSK_E_TYPE);
    expect(arith(TSK_IR_MOD, num(1.5), num(0)), str("division by zero: 1.5 % 0"), "%");
    expect(arith(TSK_IR_POW, whole(0), whole(-1)), str("division by zero: 0 ** -1"), "**");
    expect(arith(TSK_IR_SUB, str("abc"), whole(3)), str("'-' needs two numbers: string \"abc\" - 3"), "-");
    expect(arith(TSK_IR_MUL, TSK_VALUE_NULL, TSK_VALUE_TRUE), str("'*' needs two numbers: null * bool true"), "*");
    expect(arith(TSK_IR_MUL, LIST(whole(1), whole(2)), num(2.5)), str("'*' needs two numbers: array of 2 * 2.5"), "*");
    tsk_value out;
    cr_assert_not(tsk_value_arith(&heap, TSK_IR_SUB, str("x"), str("y"), &out, NULL), "nobody asks for the reason");
}

Test(semantics, negation) {
    tsk_value out;
    cr_assert(tsk_value_negate(&heap, whole(5), &out, NULL));
    expect(out, whole(-5), "-5");
    cr_assert(tsk_value_negate(&heap, whole(INT64_MIN), &out, NULL));
    expect(out, num(9223372036854775808.0), "-INT64_MIN");
    cr_assert(tsk_value_negate(&heap, str("2.5"), &out, NULL));
    expect(out, num(-2.5), "-\"2.5\"");
    cr_assert_not(tsk_value_negate(&heap, str("up"), &out, &failure));
    cr_assert_str_eq(failure.message, "'-' needs a number, not string \"up\"");
}

static tsk_value add(uint32_t count, const tsk_value *args) {
    tsk_value out;
    cr_assert(tsk_value_add(&heap, args, count, &out, NULL));
    return out;
}

#define ADD(...) add(sizeof((tsk_value[]){__VA_ARGS__}) / sizeof(tsk_value), (tsk_value[]){__VA_ARGS__})

Test(semantics, addition) {
    expect(ADD(whole(1), whole(2)), whole(3), "ints");
    expect(ADD(whole(1), num(2.5)), num(3.5), "mixed");
    expect(ADD(whole(INT64_MAX), whole(1)), num(9223372036854775808.0), "overflow");
    expect(ADD(whole(1), whole(2), str("a"), whole(1), whole(2)), str("3a12"), "left fold");
    expect(ADD(str("a"), TSK_VALUE_NULL, TSK_VALUE_TRUE, num(2.0), num(0.5)), str("atrue20.5"), "texts");
    expect(ADD(TSK_VALUE_NULL, TSK_VALUE_NULL), str(""), "nulls");
    expect(ADD(str("1"), whole(2)), str("12"), "a numeric string is still text");
    expect(ADD(str("x="), LIST(whole(1), str("q\"")), pair("a", num(1), "b", TSK_VALUE_NULL)),
           str("x=[1,\"q\\\"\"]{\"a\":1,\"b\":null}"), "containers");
}

Test(semantics, addition_of_many_parts_is_linear) {
    enum { PARTS = 100000 };
    tsk_value *parts = TSK_NEW_ARRAY(&heap, tsk_value, PARTS);
    for (int i = 0; i < PARTS; i++) parts[i] = str("0123456789");
    size_t before = heap.reserved;
    tsk_value sum = add(PARTS, parts);
    cr_assert_eq(tsk_as_str(sum)->len, PARTS * 10);
    cr_assert_lt(heap.reserved - before, (size_t)8 << 20);
}

/* ---- comparison ---- */

Test(semantics, equality) {
    struct {
        tsk_value a, b;
        bool equal, same;
    } cases[] = {
        {whole(1), num(1), true, true},
        {whole(1), str("1"), true, false},
        {num(1.5), str("1.50"), true, false},
        {str("1"), str("1.0"), false, false},
        {whole(1), TSK_VALUE_TRUE, false, false},
        {TSK_VALUE_TRUE, str("true"), true, false},
        {str("False"), TSK_VALUE_FALSE, true, false},
        {TSK_VALUE_TRUE, str("yes"), false, false},
        {TSK_VALUE_NULL, TSK_VALUE_UNDEFINED, true, true},
        {TSK_VALUE_NULL, whole(0), false, false},
        {TSK_VALUE_NULL, str(""), false, false},
        {num(NAN), num(NAN), false, false},
        {num(-0.0), whole(0), true, true},
        {whole(9007199254740993), num(9007199254740992.0), false, false},
        {whole(INT64_MAX), num(9223372036854775808.0), false, false},
        {str("a"), str("a"), true, true},
        {LIST(whole(1), str("2")), LIST(num(1), whole(2)), true, false},
        {LIST(whole(1)), LIST(whole(1), whole(2)), false, false},
        {LIST(whole(1)), str("[1]"), false, false},
        {pair("a", whole(1), "b", LIST(str("x"))), pair("b", LIST(str("x")), "a", num(1)), true, true},
        {pair("a", whole(1), "b", whole(2)), pair("a", whole(1), "c", whole(2)), false, false},
    };
    for (size_t i = 0; i < TSK_COUNT(cases); i++) {
        cr_assert_eq(tsk_value_equal(cases[i].a, cases[i].b), cases[i].equal, "== case %zu", i);
        cr_assert_eq(tsk_value_equal(cases[i].b, cases[i].a), cases[i].equal, "== case %zu reversed", i);
        cr_assert_eq(tsk_value_same(cases[i].a, cases[i].b), cases[i].same, "=== case %zu", i);
        cr_assert_eq(tsk_value_same(cases[i].b, cases[i].a), cases[i].same, "=== case %zu reversed", i);
    }
}

Test(semantics, order) {
    cr_assert_eq(tsk_value_compare(str("10"), str("9")), -1);
    cr_assert_eq(tsk_value_compare(str("a"), str("ab")), -1);
    cr_assert_eq(tsk_value_compare(str("\xC3\xA9"), str("z")), 1);
    cr_assert_eq(tsk_value_compare(str("10"), whole(9)), 1);
    cr_assert_eq(tsk_value_compare(whole(3), num(3)), 0);
    cr_assert_eq(tsk_value_compare(whole(INT64_MIN), num(-INFINITY)), 1);
    cr_assert_eq(tsk_value_compare(num(2.5), whole(2)), 1);
    cr_assert_eq(tsk_value_compare(num(-2.5), whole(-2)), -1);
    cr_assert_eq(tsk_value_compare(num(NAN), whole(2)), 2);
    cr_assert_eq(tsk_value_compare(str("x"), whole(2)), 2);
    cr_assert_eq(tsk_value_compare(TSK_VALUE_TRUE, whole(2)), 2);
    cr_assert_eq(tsk_value_compare(TSK_VALUE_NULL, whole(2)), 2);
}

Test(semantics, membership) {
    tsk_value items = LIST(whole(1), str("two"), LIST(whole(3)));
    cr_assert(tsk_value_in(str("1"), items));
    cr_assert(tsk_value_in(LIST(num(3)), items));
    cr_assert_not(tsk_value_in(str("tw"), items));
    cr_assert(tsk_value_in(str("b"), pair("a", whole(1), "b", TSK_VALUE_NULL)));
    cr_assert_not(tsk_value_in(whole(1), pair("a", whole(1), "b", whole(2))));
    cr_assert(tsk_value_in(str("ell"), str("hello")));
    cr_assert(tsk_value_in(str("lo"), str("hello")));
    cr_assert(tsk_value_in(str(""), str("")));
    cr_assert_not(tsk_value_in(str("hello!"), str("hello")));
    cr_assert_not(tsk_value_in(str("a"), whole(1)));
}

/* Arrays in arrays, `depth` deep, with a number in the middle. */
static tsk_value nested(int depth, int64_t middle) {
    tsk_value v = whole(middle);
    for (int i = 0; i < depth; i++) v = i % 2 ? LIST(v) : pair("k", v, "other", TSK_VALUE_NULL);
    return v;
}

Test(semantics, depth_is_no_problem) {
    enum { DEPTH = 300000 };
    tsk_value a = nested(DEPTH, 1), b = nested(DEPTH, 1), c = nested(DEPTH, 2);
    cr_assert(tsk_value_equal(a, b));
    cr_assert(tsk_value_same(a, b));
    cr_assert_not(tsk_value_equal(a, c));
    tsk_arena other;
    tsk_arena_init(&other, NULL, 0);
    tsk_value copy = tsk_value_copy(&other, a);
    cr_assert(tsk_value_same(a, copy));
    cr_assert_gt(tsk_as_str(tsk_value_string(&other, copy))->len, DEPTH);
    tsk_arena_free(&other);
}

/* ---- truth, casts, text ---- */

Test(semantics, truth) {
    tsk_value no[] = {TSK_VALUE_NULL,
                      TSK_VALUE_UNDEFINED,
                      TSK_VALUE_FALSE,
                      whole(0),
                      num(0),
                      num(-0.0),
                      num(NAN),
                      str(""),
                      tsk_from_array(tsk_array_new(&heap, 0)),
                      tsk_from_object(tsk_object_new(&heap, 0))};
    tsk_value yes[] = {TSK_VALUE_TRUE, whole(-1), whole(1ll << 40), num(0.1), str("x"), LIST(TSK_VALUE_NULL)};
    tsk_value only_true_as_value[] = {str("0"), str("false"), str("null"), str("False")};
    for (size_t i = 0; i < TSK_COUNT(no); i++)
        cr_assert(!tsk_value_truth(no[i]) && !tsk_value_condition(no[i]), "%zu", i);
    for (size_t i = 0; i < TSK_COUNT(yes); i++)
        cr_assert(tsk_value_truth(yes[i]) && tsk_value_condition(yes[i]), "%zu", i);
    for (size_t i = 0; i < TSK_COUNT(only_true_as_value); i++)
        cr_assert(tsk_value_truth(only_true_as_value[i]) && !tsk_value_condition(only_true_as_value[i]), "%zu", i);
}

static tsk_value to_int(tsk_value v) {
    tsk_value out;
    return tsk_value_to_int(&heap, v, &out, &failure) ? out : str(failure.message);
}

static tsk_value to_bool(tsk_value v) {
    tsk_value out;
    return tsk_value_to_bool(v, &out, &failure) ? out : str(failure.message);
}

static tsk_value to_float(tsk_value v) {
    tsk_value out;
    return tsk_value_to_float(v, &out, &failure) ? out : str(failure.message);
}

Test(semantics, casts) {
    expect(to_int(str(" 42\n")), whole(42), "blanks");
    expect(to_int(num(-3.9)), whole(-3), "towards zero");
    expect(to_int(str("2.5e3")), whole(2500), "numeral with exponent");
    expect(to_int(TSK_VALUE_TRUE), whole(1), "bool");
    expect(to_int(num(-9223372036854775808.0)), whole(INT64_MIN), "lowest");
    expect(to_int(num(1e30)), str("cannot convert 1e+30 to int"), "too large");
    expect(to_int(num(NAN)), str("cannot convert NaN to int"), "NaN");
    expect(to_int(str("42px")), str("cannot convert string \"42px\" to int"), "text");
    expect(to_int(TSK_VALUE_NULL), str("cannot convert null to int"), "null");
    expect(to_float(whole(3)), num(3), "int");
    expect(to_float(str("1e-3")), num(0.001), "text");
    expect(to_float(LIST(whole(1))), str("cannot convert array of 1 to float"), "array");
    expect(to_bool(str("Yes")), TSK_VALUE_TRUE, "yes");
    expect(to_bool(str("off")), TSK_VALUE_FALSE, "off");
    expect(to_bool(str("0.0")), TSK_VALUE_FALSE, "zero");
    expect(to_bool(str("2")), TSK_VALUE_TRUE, "two");
    expect(to_bool(TSK_VALUE_NULL), TSK_VALUE_FALSE, "null");
    expect(to_bool(str("maybe")), str("cannot convert string \"maybe\" to bool"), "text");
    cr_assert_eq(failure.code, TSK_E_TYPE);
    expect(to_bool(str("a very long text that goes on and on and on, \"quoted\"")),
           str("cannot convert string \"a very long text that goes on and on and\"… to bool"), "clipped");
    double d;
    cr_assert(tsk_value_number(str("0b11"), &d) && d == 3);
    cr_assert_not(tsk_value_number(TSK_VALUE_TRUE, &d));
    cr_assert_not(tsk_value_number(str(""), &d));
}

/* ---- parts ---- */

Test(semantics, members_and_indexes) {
    tsk_value array = LIST(whole(10), whole(20), whole(30)), text = str("aé漢😀z"),
              object = pair("a", whole(1), "200", str("OK"));
    expect(tsk_value_member(&heap, object, "a", 1), whole(1), "member");
    expect(tsk_value_member(&heap, object, "length", 6), TSK_VALUE_NULL, "objects have no length");
    expect(tsk_value_member(&heap, array, "length", 6), whole(3), "length");
    expect(tsk_value_member(&heap, text, "length", 6), whole(5), "characters");
    expect(tsk_value_member(&heap, array, "1", 1), whole(20), "index in a path");
    expect(tsk_value_member(&heap, whole(5), "x", 1), TSK_VALUE_NULL, "member of a number");
    expect(tsk_value_index(&heap, array, whole(-1)), whole(30), "from the end");
    expect(tsk_value_index(&heap, array, num(1.0)), whole(20), "integral double");
    expect(tsk_value_index(&heap, array, num(1.5)), TSK_VALUE_NULL, "fraction");
    expect(tsk_value_index(&heap, array, whole(3)), TSK_VALUE_NULL, "outside");
    expect(tsk_value_index(&heap, array, whole(-4)), TSK_VALUE_NULL, "outside");
    expect(tsk_value_index(&heap, array, str("length")), whole(3), "by name");
    expect(tsk_value_index(&heap, object, whole(200)), str("OK"), "number as key");
    expect(tsk_value_index(&heap, object, str("a")), whole(1), "key");
    expect(tsk_value_index(&heap, text, whole(2)), str("漢"), "character");
    expect(tsk_value_index(&heap, text, whole(-2)), str("😀"), "character from the end");
    expect(tsk_value_index(&heap, text, whole(5)), TSK_VALUE_NULL, "outside");
    expect(tsk_value_index(&heap, text, whole(7)), TSK_VALUE_NULL, "outside, though a byte is there");
    expect(tsk_value_index(&heap, TSK_VALUE_NULL, whole(0)), TSK_VALUE_NULL, "of null");
}

Test(semantics, slices) {
    tsk_value array = LIST(whole(1), whole(2), whole(3), whole(4)), text = str("aé漢😀z"), open = TSK_VALUE_NULL;
    expect(tsk_value_slice(&heap, array, whole(1), whole(3)), LIST(whole(2), whole(3)), "[1:3]");
    expect(tsk_value_slice(&heap, array, open, whole(-1)), LIST(whole(1), whole(2), whole(3)), "[:-1]");
    expect(tsk_value_slice(&heap, array, whole(-2), open), LIST(whole(3), whole(4)), "[-2:]");
    expect(tsk_value_slice(&heap, array, whole(-99), whole(99)), array, "[-99:99]");
    expect(tsk_value_slice(&heap, array, whole(3), whole(1)), tsk_from_array(tsk_array_new(&heap, 0)), "[3:1]");
    expect(tsk_value_slice(&heap, text, whole(1), whole(4)), str("é漢😀"), "[1:4]");
    expect(tsk_value_slice(&heap, text, whole(-1), open), str("z"), "[-1:]");
    expect(tsk_value_slice(&heap, text, whole(5), open), str(""), "[5:]");
    expect(tsk_value_slice(&heap, text, str("x"), open), TSK_VALUE_NULL, "no bound");
    expect(tsk_value_slice(&heap, whole(5), open, open), TSK_VALUE_NULL, "of a number");
}

Test(semantics, copies_share_nothing) {
    tsk_arena source;
    tsk_arena_init(&source, NULL, 0);
    tsk_object *o = tsk_object_new(&source, 0);
    for (int i = 0; i < 100; i++) {
        tsk_array *items = tsk_array_new(&source, 0);
        tsk_array_push(&source, items, tsk_int(&source, i * 10000000000ll));
        tsk_array_push(&source, items, tsk_str_cstr(&source, "text"));
        tsk_object_put(&source, o, tsk_arena_printf(&source, "key %d", i), tsk_from_array(items));
    }
    tsk_cell *lambda = tsk_arena_zalloc(&source, sizeof *lambda + sizeof(tsk_value));
    *lambda = (tsk_cell){.kind = TSK_CELL_FUNCTION, .count = 1};
    lambda->captures[0] = tsk_str_cstr(&source, "captured");
    tsk_object_put(&source, o, "f", tsk_from_ptr(TSK_TAG_CELL, lambda));
    tsk_value copy = tsk_value_copy(&heap, tsk_from_object(o));
    tsk_arena_free(&source);
    for (int i = 0; i < 100; i++) {
        const char *key = tsk_arena_printf(&heap, "key %d", i);
        tsk_value items = tsk_value_member(&heap, copy, key, (uint32_t)strlen(key));
        expect(items, LIST(whole(i * 10000000000ll), str("text")), key);
    }
    tsk_value f = tsk_value_member(&heap, copy, "f", 1);
    cr_assert(tsk_is_function(f));
    expect(tsk_as_cell(f)->captures[0], str("captured"), "capture");
}
