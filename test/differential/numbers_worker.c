/* Our side of test/differential/numbers.mjs: computes one function for every argument on standard input.
 *
 *   numbers_worker math NAME     pairs of doubles -> doubles
 *   numbers_worker text NAME     pairs of doubles -> lines
 *   numbers_worker parse NAME    unit count (u32), radix (i32), UTF-16 units -> doubles; narrow text is also tried as Latin-1
 */
#include "runtime/js/date_core.h"
#include "runtime/js/math.h"
#include "runtime/js/number_text.h"

#include <stdio.h>
#include <stdlib.h>

typedef size_t (*text_fn)(double x, double y, char *out);

static size_t to_text(double x, double y, char *out) {
    (void)y;
    return tsk_js_number_to_text(x, out);
}
static size_t to_radix(double x, double y, char *out) {
    return tsk_js_number_to_radix(x, (unsigned)y, out);
}
static size_t to_fixed(double x, double y, char *out) {
    return tsk_js_number_to_fixed(x, (unsigned)y, out);
}
static size_t to_exponential(double x, double y, char *out) {
    return tsk_js_number_to_exponential(x, (int)y, out);
}
static size_t to_precision(double x, double y, char *out) {
    return tsk_js_number_to_precision(x, (unsigned)y, out);
}

/* y: the style. */
static size_t to_date(double x, double y, char *out) {
    return tsk_js_date_text(tsk_js_time_clip(x), (tsk_js_date_style)y, out);
}

static const struct {
    const char *name;
    text_fn fn;
} texts[] = {{"toString", to_text},         {"toStringRadix", to_radix},
             {"toFixed", to_fixed},         {"toExponential", to_exponential},
             {"toPrecision", to_precision}, {"Date", to_date}};

static int run_texts(const char *name) {
    double pair[2];
    char out[TSK_JS_RADIX_ROOM];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(texts[i].name, name) != 0) continue;
        while (fread(pair, sizeof pair, 1, stdin) == 1) {
            size_t n = texts[i].fn(pair[0], pair[1], out);
            out[n] = '\n';
            fwrite(out, 1, n + 1, stdout);
        }
        return 0;
    }
    return 2;
}

static const struct {
    const char *name;
    double (*unary)(double);
    double (*binary)(double, double);
} functions[] = {
#define UNARY(name) {#name, tsk_js_##name, NULL},
#define BINARY(name) {#name, NULL, tsk_js_##name},
    UNARY(sin) UNARY(cos) UNARY(tan) UNARY(asin) UNARY(acos) UNARY(atan) UNARY(exp) UNARY(expm1)     //
    UNARY(sinh) UNARY(cosh) UNARY(tanh) UNARY(cbrt) UNARY(log) UNARY(log1p) UNARY(log2) UNARY(log10) //
    UNARY(asinh) UNARY(acosh) UNARY(atanh) UNARY(round) UNARY(sign)                                  //
    BINARY(atan2) BINARY(pow) BINARY(min) BINARY(max)
#undef UNARY
#undef BINARY
};

static int run_math(const char *name) {
    double pair[2];
    bool hypot = strcmp(name, "hypot") == 0;
    size_t i = 0, count = sizeof functions / sizeof *functions;
    while (i < count && strcmp(functions[i].name, name) != 0) i++;
    if (i == count && !hypot) return 2;
    while (fread(pair, sizeof pair, 1, stdin) == 1) {
        double d = hypot                ? tsk_js_hypot(pair, 2)
                   : functions[i].unary ? functions[i].unary(pair[0])
                                        : functions[i].binary(pair[0], pair[1]);
        fwrite(&d, sizeof d, 1, stdout);
    }
    return 0;
}

static double parse(const char *name, tsk_js_units t, int32_t radix) {
    if (strcmp(name, "Number") == 0) return tsk_js_text_to_number(t);
    if (strcmp(name, "parseFloat") == 0) return tsk_js_parse_float(t);
    if (strcmp(name, "parseInt") == 0) return tsk_js_parse_int(t, radix);
    if (strcmp(name, "Date.parse") == 0) return tsk_js_date_parse(t);
    exit(2);
}

static int run_parse(const char *name) {
    static uint16_t units[1 << 16];
    static char narrow[1 << 16];
    struct {
        uint32_t count;
        int32_t radix;
    } head;
    while (fread(&head, sizeof head, 1, stdin) == 1) {
        if (head.count > 1 << 16 || fread(units, 2, head.count, stdin) != head.count) return 2;
        double d = parse(name, (tsk_js_units){units, head.count, true}, head.radix);
        bool is_narrow = true;
        for (uint32_t i = 0; i < head.count; i++) {
            narrow[i] = (char)units[i];
            is_narrow &= units[i] < 256;
        }
        if (is_narrow) {
            double again = parse(name, (tsk_js_units){narrow, head.count, false}, head.radix);
            if (memcmp(&again, &d, sizeof d) != 0) return 3;
        }
        fwrite(&d, sizeof d, 1, stdout);
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    if (strcmp(argv[1], "math") == 0) return run_math(argv[2]);
    if (strcmp(argv[1], "text") == 0) return run_texts(argv[2]);
    if (strcmp(argv[1], "parse") == 0) return run_parse(argv[2]);
    return 2;
}
