/* Numbers of functions as text, and text as numbers: exactly what ECMAScript says, where it leaves room what V8 does.
 * Pure functions: no heap, no exceptions. */
#ifndef TSK_JS_NUMBER_TEXT_H
#define TSK_JS_NUMBER_TEXT_H

#include "runtime/base/number.h"
#include "runtime/base/value.h"

/* Text as functions hold it: bytes of Latin-1, or units of UTF-16. */
typedef struct tsk_js_units {
    const void *chars;
    size_t length;
    bool wide;
} tsk_js_units;

TSK_INLINE uint32_t tsk_js_unit_at(tsk_js_units t, size_t i) {
    return t.wide ? ((const uint16_t *)t.chars)[i] : ((const uint8_t *)t.chars)[i];
}

/* WhiteSpace or LineTerminator: what trim() removes. */
bool tsk_js_is_space(uint32_t unit);

/* ---- numbers to text: the length is returned, nothing is terminated ---- */
enum {
    TSK_JS_NUMBER_ROOM = 32,
    TSK_JS_RADIX_ROOM = 2300, /* 1024 digits, a point, 1074 digits, a sign */
    TSK_JS_DIGITS_ROOM = 136  /* 100 digits and what surrounds them */
};
/* Number::toString(d, 10). */
size_t tsk_js_number_to_text(double d, char out[TSK_JS_NUMBER_ROOM]);
/* Of a value that is a number. */
TSK_INLINE size_t tsk_js_value_to_text(tsk_value v, char out[TSK_JS_NUMBER_ROOM]) {
    return tsk_is_i32(v) ? tsk_number_format_int(out, tsk_as_i32(v)) : tsk_js_number_to_text(tsk_as_double(v), out);
}
/* The same of radix 2 to 36, fractions to the precision of the double. */
size_t tsk_js_number_to_radix(double d, unsigned radix, char out[TSK_JS_RADIX_ROOM]);
/* toFixed: 0 to 100 digits behind the point. */
size_t tsk_js_number_to_fixed(double d, unsigned digits, char out[TSK_JS_DIGITS_ROOM]);
/* toExponential: 0 to 100 digits behind the point; -1: as many as needed. */
size_t tsk_js_number_to_exponential(double d, int digits, char out[TSK_JS_DIGITS_ROOM]);
/* toPrecision: 1 to 100 digits. */
size_t tsk_js_number_to_precision(double d, unsigned digits, char out[TSK_JS_DIGITS_ROOM]);

/* ---- text to numbers ---- */
/* StringToNumber: the whole text, white space around it is ignored; "" is 0; NaN when it is no number. */
double tsk_js_text_to_number(tsk_js_units t);
/* parseFloat: the longest prefix that is a decimal literal. */
double tsk_js_parse_float(tsk_js_units t);
/* parseInt, with the radix after ToInt32. */
double tsk_js_parse_int(tsk_js_units t, int32_t radix);

#endif
