/* Number. */
#include "runtime/builtins/global_functions.h"
#include "runtime/builtins/library.h"
#include "runtime/js/number_text.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static tsk_value construct(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = a->count ? tsk_js_to_numeric(js, a->values[0]) : tsk_from_i32(0);
    if (tsk_js_is_thrown(v) || tsk_js_is_undefined(a->new_target)) return v;
    tsk_js_object *proto = tsk_js_proto_for(js, a->new_target, TSK_JS_I_NumberPrototype);
    tsk_js_wrapper *o = proto ? tsk_js_object_of_class(js, TSK_JS_NUMBER, sizeof *o, proto) : NULL;
    if (!o) return TSK_JS_THROWN;
    o->value = v;
    return tsk_js_from_object(o);
}

/* ---- what numbers are ---- */

static bool is_whole(double d) {
    return isfinite(d) && trunc(d) == d;
}

enum { IS_FINITE, IS_INTEGER, IS_NAN, IS_SAFE };

static tsk_value is(tsk_js *js, const tsk_js_args *a) {
    (void)js;
    if (!tsk_js_is_number(tsk_js_arg(a, 0))) return TSK_VALUE_FALSE;
    double d = tsk_js_as_number(a->values[0]);
    switch (tsk_js_callee_data(a)) {
    case IS_FINITE: return tsk_from_bool(isfinite(d));
    case IS_INTEGER: return tsk_from_bool(is_whole(d));
    case IS_NAN: return tsk_from_bool(isnan(d));
    default: return tsk_from_bool(is_whole(d) && fabs(d) <= 9007199254740991.0);
    }
}

/* ---- as text ---- */

static bool this_number(tsk_js *js, const tsk_js_args *a, const char *name, double *out) {
    tsk_value v = a->this_value;
    if (tsk_js_is_class(v, TSK_JS_NUMBER)) v = ((tsk_js_wrapper *)(void *)tsk_js_as_object(v))->value;
    if (tsk_js_is_number(v)) {
        *out = tsk_js_as_number(v);
        return true;
    }
    tsk_js_throw_type(js, "Number.prototype.%s requires that 'this' be a Number", name);
    return false;
}

static tsk_value give_text(tsk_js *js, const char *text, size_t len) {
    const tsk_js_string *s = tsk_js_string_utf8(js, text, len);
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

static tsk_value plain_text(tsk_js *js, double d) {
    char text[TSK_JS_NUMBER_ROOM];
    return give_text(js, text, tsk_js_number_to_text(d, text));
}

static tsk_value to_string(tsk_js *js, const tsk_js_args *a) {
    double d, radix = 10;
    if (!this_number(js, a, "toString", &d)) return TSK_JS_THROWN;
    if (!tsk_js_is_undefined(tsk_js_arg(a, 0)) && !tsk_js_to_integer(js, a->values[0], &radix)) return TSK_JS_THROWN;
    if (radix < 2 || radix > 36) return tsk_js_throw_range(js, "toString() radix must be between 2 and 36");
    if (radix == 10) return plain_text(js, d);
    char text[TSK_JS_RADIX_ROOM];
    return give_text(js, text, tsk_js_number_to_radix(d, (unsigned)radix, text));
}

static tsk_value to_fixed(tsk_js *js, const tsk_js_args *a) {
    char text[TSK_JS_DIGITS_ROOM];
    double d, digits;
    if (!this_number(js, a, "toFixed", &d) || !tsk_js_to_integer(js, tsk_js_arg(a, 0), &digits)) return TSK_JS_THROWN;
    if (digits < 0 || digits > 100)
        return tsk_js_throw_range(js, "toFixed() digits argument must be between 0 and 100");
    if (!isfinite(d) || fabs(d) >= 1e21) return plain_text(js, d);
    return give_text(js, text, tsk_js_number_to_fixed(d, (unsigned)digits, text));
}

static tsk_value to_exponential(tsk_js *js, const tsk_js_args *a) {
    char text[TSK_JS_DIGITS_ROOM];
    double d, digits;
    if (!this_number(js, a, "toExponential", &d) || !tsk_js_to_integer(js, tsk_js_arg(a, 0), &digits))
        return TSK_JS_THROWN;
    if (!isfinite(d)) return plain_text(js, d);
    if (digits < 0 || digits > 100) return tsk_js_throw_range(js, "toExponential() argument must be between 0 and 100");
    int count = tsk_js_is_undefined(tsk_js_arg(a, 0)) ? -1 : (int)digits;
    return give_text(js, text, tsk_js_number_to_exponential(d, count, text));
}

static tsk_value to_precision(tsk_js *js, const tsk_js_args *a) {
    char text[TSK_JS_DIGITS_ROOM];
    double d, digits;
    if (!this_number(js, a, "toPrecision", &d)) return TSK_JS_THROWN;
    if (tsk_js_is_undefined(tsk_js_arg(a, 0))) return plain_text(js, d);
    if (!tsk_js_to_integer(js, a->values[0], &digits)) return TSK_JS_THROWN;
    if (!isfinite(d)) return plain_text(js, d);
    if (digits < 1 || digits > 100) return tsk_js_throw_range(js, "toPrecision() argument must be between 1 and 100");
    return give_text(js, text, tsk_js_number_to_precision(d, (unsigned)digits, text));
}

/* The shortest digits of a number, d.ddd times ten to the exponent; their number is returned. */
static int shortest_digits(double d, char *digits, int *exponent) {
    char text[TSK_JS_DIGITS_ROOM];
    size_t len = tsk_js_number_to_exponential(d, -1, text);
    int count = 0;
    size_t i = 0;
    for (; i < len && text[i] != 'e'; i++)
        if (text[i] != '.') digits[count++] = text[i];
    *exponent = atoi(text + i + 1);
    return count;
}

/* Keeps `keep` digits, halves away from zero; the first may become a ten, then the exponent grows. */
static int round_digits(char *digits, int count, int keep, int *exponent) {
    if (keep >= count) return count;
    bool up = keep >= 0 && digits[keep] >= '5';
    count = keep < 0 ? 0 : keep;
    if (!up) return count;
    while (count && digits[count - 1] == '9') count--;
    if (count) {
        digits[count - 1]++;
        return count;
    }
    digits[0] = '1';
    ++*exponent;
    return 1;
}

/* As en-US writes it: thousands, and at most three digits behind the point. */
static tsk_value to_locale_string(tsk_js *js, const tsk_js_args *a) {
    char digits[TSK_JS_DIGITS_ROOM];
    double d;
    int exponent = 0;
    if (!this_number(js, a, "toLocaleString", &d)) return TSK_JS_THROWN;
    if (isnan(d)) return give_text(js, "NaN", 3);
    if (isinf(d)) return give_text(js, d < 0 ? "-\xE2\x88\x9E" : "\xE2\x88\x9E", d < 0 ? 4 : 3);
    int count = shortest_digits(fabs(d), digits, &exponent);
    count = round_digits(digits, count, exponent + 4, &exponent);
    while (count && digits[count - 1] == '0') count--;
    tsk_js_builder out;
    tsk_js_builder_init(&out, js);
    if (signbit(d)) tsk_js_builder_unit(&out, '-');
    if (!count) exponent = 0;
    for (int at = exponent < 0 ? 0 : exponent; at >= 0 || exponent - at < count; at--) { /* power of ten */
        int i = exponent - at;
        if (at == -1) tsk_js_builder_unit(&out, '.');
        tsk_js_builder_unit(&out, i >= 0 && i < count ? (unsigned char)digits[i] : '0');
        if (at > 0 && at % 3 == 0) tsk_js_builder_unit(&out, ',');
    }
    const tsk_js_string *s = tsk_js_builder_finish(&out);
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

static tsk_value value_of(tsk_js *js, const tsk_js_args *a) {
    double d;
    return this_number(js, a, "valueOf", &d) ? tsk_js_number(d) : TSK_JS_THROWN;
}

/* ---- tables ---- */

static const tsk_js_member constructor[] = {
    TSK_JS_OBJECT_OF("prototype", NumberPrototype, 0),
    TSK_JS_METHOD_WITH("isFinite", is, 1, IS_FINITE),
    TSK_JS_METHOD_WITH("isInteger", is, 1, IS_INTEGER),
    TSK_JS_METHOD_WITH("isNaN", is, 1, IS_NAN),
    TSK_JS_METHOD_WITH("isSafeInteger", is, 1, IS_SAFE),
    TSK_JS_NUMBER_OF("MAX_VALUE", DBL_MAX),
    TSK_JS_NUMBER_OF("MIN_VALUE", 4.9406564584124654e-324),
    TSK_JS_NUMBER_OF("NaN", NAN),
    TSK_JS_NUMBER_OF("NEGATIVE_INFINITY", -INFINITY),
    TSK_JS_NUMBER_OF("POSITIVE_INFINITY", INFINITY),
    TSK_JS_NUMBER_OF("MAX_SAFE_INTEGER", 9007199254740991.0),
    TSK_JS_NUMBER_OF("MIN_SAFE_INTEGER", -9007199254740991.0),
    TSK_JS_NUMBER_OF("EPSILON", DBL_EPSILON),
    TSK_JS_OBJECT_OF("parseFloat", ParseFloat, TSK_JS_HIDDEN),
    TSK_JS_OBJECT_OF("parseInt", ParseInt, TSK_JS_HIDDEN),
};
static const tsk_js_member prototype[] = {
    TSK_JS_OBJECT_OF("constructor", Number, TSK_JS_HIDDEN),
    TSK_JS_METHOD("toExponential", to_exponential, 1),
    TSK_JS_METHOD("toFixed", to_fixed, 1),
    TSK_JS_METHOD("toPrecision", to_precision, 1),
    TSK_JS_METHOD("toString", to_string, 1),
    TSK_JS_METHOD("valueOf", value_of, 0),
    TSK_JS_METHOD("toLocaleString", to_locale_string, 0),
};

const tsk_js_intrinsic_spec tsk_js_library_number[] = {
    {.which = TSK_JS_I_NumberPrototype,
     .proto = TSK_JS_I_ObjectPrototype,
     .cls = TSK_JS_NUMBER,
     .members = prototype,
     .count = TSK_COUNT_OF(prototype)},
    {.which = TSK_JS_I_Number,
     .proto = TSK_JS_I_FunctionPrototype,
     .cls = TSK_JS_NATIVE,
     .fn = {"Number", construct, 1, TSK_JS_CONSTRUCTOR, 0},
     .members = constructor,
     .count = TSK_COUNT_OF(constructor)},
    TSK_JS_SHARED_FUNCTION(ParseInt, "parseInt", tsk_js_global_parse_int, 2, 0),
    TSK_JS_SHARED_FUNCTION(ParseFloat, "parseFloat", tsk_js_global_parse_float, 1, 0),
    {.which = TSK_JS_INTRINSICS}};
