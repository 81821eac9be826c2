/* Numbers of functions: text of every form, and back.  test/differential/numbers.mjs compares millions with Node. */
#include "runtime/js/number_text.h"

#include <criterion/criterion.h>
#include <math.h>

typedef size_t (*writer)(double d, int parameter, char *out);

static size_t plain(double d, int parameter, char *out) {
    (void)parameter;
    return tsk_js_number_to_text(d, out);
}
static size_t radix(double d, int parameter, char *out) {
    return tsk_js_number_to_radix(d, (unsigned)parameter, out);
}
static size_t fixed(double d, int parameter, char *out) {
    return tsk_js_number_to_fixed(d, (unsigned)parameter, out);
}
static size_t exponential(double d, int parameter, char *out) {
    return tsk_js_number_to_exponential(d, parameter, out);
}
static size_t precision(double d, int parameter, char *out) {
    return tsk_js_number_to_precision(d, (unsigned)parameter, out);
}

static void writes(writer w, double d, int parameter, const char *want) {
    char out[TSK_JS_RADIX_ROOM];
    out[w(d, parameter, out)] = 0;
    cr_expect_str_eq(out, want, "%a with %d: %s, not %s", d, parameter, out, want);
}

Test(js_numbers, to_string) {
    writes(plain, -0.0, 0, "0");
    writes(plain, NAN, 0, "NaN");
    writes(plain, -INFINITY, 0, "-Infinity");
    writes(plain, 1e21, 0, "1e+21");
    writes(plain, 123456789012345680000.0, 0, "123456789012345680000");
    writes(plain, 1e-7, 0, "1e-7");
    writes(plain, 0.000001, 0, "0.000001");
    writes(plain, 5e-324, 0, "5e-324");
    writes(plain, -2147483648.0, 0, "-2147483648");
    writes(plain, 0x1p-44, 0, "5.684341886080802e-14");
}

Test(js_numbers, radix) {
    writes(radix, 255, 16, "ff");
    writes(radix, -255.5, 16, "-ff.8");
    writes(radix, 0.1, 3, "0.0022002200220022002200220022002201");
    writes(radix, 0.5, 36, "0.i");
    writes(radix, 1e21, 35, "8fwemaex3jg000");
    writes(radix, 1e21, 10, "1e+21");
    writes(radix, 0, 2, "0");
}

Test(js_numbers, fixed) {
    writes(fixed, 2.5, 0, "3");
    writes(fixed, -2.5, 0, "-3");
    writes(fixed, 1.005, 2, "1.00");
    writes(fixed, 1.45, 1, "1.4");
    writes(fixed, -0.0000001, 2, "-0.00");
    writes(fixed, 9007199254740991.0, 3, "9007199254740991.000");
    writes(fixed, 1e21, 2, "1e+21");
    writes(fixed, 0, 30, "0.000000000000000000000000000000");
    writes(fixed, 0.1, 30, "0.100000000000000005551115123126");
}

Test(js_numbers, exponential_and_precision) {
    writes(exponential, 123456, 2, "1.23e+5");
    writes(exponential, 25, 0, "3e+1");
    writes(exponential, 0, -1, "0e+0");
    writes(exponential, 0, 2, "0.00e+0");
    writes(exponential, -1.5e-9, -1, "-1.5e-9");
    writes(precision, 123.456, 4, "123.5");
    writes(precision, 0.000001, 2, "0.0000010");
    writes(precision, 0.0000001, 2, "1.0e-7");
    writes(precision, 1e21, 3, "1.00e+21");
    writes(precision, 99.99, 3, "100");
    writes(precision, 0, 3, "0.00");
}

static void reads(double (*f)(tsk_js_units), const char *text, double want) {
    double got = f((tsk_js_units){text, strlen(text), false});
    cr_expect(memcmp(&got, &want, sizeof got) == 0 || (got != got && want != want), "%s: %a, not %a", text, got, want);
}

Test(js_numbers, parse) {
    reads(tsk_js_text_to_number, "", 0);
    reads(tsk_js_text_to_number, " \n12\t", 12);
    reads(tsk_js_text_to_number, "-0", -0.0);
    reads(tsk_js_text_to_number, "0x1F", 31);
    reads(tsk_js_text_to_number, "-0x1F", NAN);
    reads(tsk_js_text_to_number, "0x", NAN);
    reads(tsk_js_text_to_number, "1_000", NAN);
    reads(tsk_js_text_to_number, "5.", 5);
    reads(tsk_js_text_to_number, ".5e1", 5);
    reads(tsk_js_text_to_number, ".", NAN);
    reads(tsk_js_text_to_number, "-Infinity", -INFINITY);
    reads(tsk_js_text_to_number, "9007199254740993", 9007199254740992.0);
    reads(tsk_js_text_to_number, "9007199254740993.0000001", 9007199254740994.0);
    reads(tsk_js_text_to_number, "0x20000000000001", 9007199254740992.0);
    reads(tsk_js_text_to_number, "0x20000000000003", 9007199254740996.0);
    reads(tsk_js_parse_float, "3.14abc", 3.14);
    reads(tsk_js_parse_float, "1e", 1);
    reads(tsk_js_parse_float, "0x10", 0);
    reads(tsk_js_parse_float, "x", NAN);
}

Test(js_numbers, parse_int) {
    static const struct {
        const char *text;
        int32_t radix;
        double want;
    } rows[] = {{"42px", 0, 42}, {"0x1f", 0, 31}, {"0x1f", 16, 31}, {"0x1f", 10, 0}, {"z", 36, 35},  {"12", 1, NAN},
                {"12", 2, 1},    {"-0", 0, -0.0}, {" 7", 37, NAN},  {"", 0, NAN},    {"1e3", 10, 1}, {"777", 8, 511}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double got = tsk_js_parse_int((tsk_js_units){rows[i].text, strlen(rows[i].text), false}, rows[i].radix);
        cr_expect(memcmp(&got, &rows[i].want, sizeof got) == 0 || (got != got && rows[i].want != rows[i].want),
                  "%s radix %d: %g", rows[i].text, rows[i].radix, got);
    }
}

Test(js_numbers, wide_text_and_spaces) {
    static const uint16_t text[] = {0xFEFF, 0x2003, '1', '.', '5', 0x2029}, letter[] = {'1', 0x0131};
    cr_expect_eq(tsk_js_text_to_number((tsk_js_units){text, 6, true}), 1.5);
    cr_expect(isnan(tsk_js_text_to_number((tsk_js_units){letter, 2, true})));
    cr_expect_eq(tsk_js_parse_float((tsk_js_units){letter, 2, true}), 1);
}
