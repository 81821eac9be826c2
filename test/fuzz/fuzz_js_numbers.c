/* Any text read as a number; any double written in every form, the shortest of which reads back as the same. */
#include "runtime/js/number_text.h"

#include <math.h>
#include <stdlib.h>

static void check_text(const uint8_t *data, size_t size) {
    tsk_js_units narrow = {data, size, false};
    tsk_js_text_to_number(narrow);
    tsk_js_parse_float(narrow);
    for (int32_t radix = 0; radix < 38; radix += 5) tsk_js_parse_int(narrow, radix);
    uint16_t *units = malloc(size + 1);
    memcpy(units, data, size & ~(size_t)1);
    tsk_js_text_to_number((tsk_js_units){units, size / 2, true});
    free(units);
}

static void check_double(double d, unsigned parameter) {
    char out[TSK_JS_RADIX_ROOM];
    size_t len = tsk_js_number_to_text(d, out);
    double back = tsk_js_text_to_number((tsk_js_units){out, len, false});
    if (!(back == d || (isnan(d) && isnan(back)))) abort();
    if (tsk_js_number_to_radix(d, 2 + parameter % 35, out) > TSK_JS_RADIX_ROOM) abort();
    if (tsk_js_number_to_fixed(d, parameter % 101, out) > TSK_JS_DIGITS_ROOM) abort();
    if (tsk_js_number_to_exponential(d, (int)(parameter % 101), out) > TSK_JS_DIGITS_ROOM) abort();
    if (tsk_js_number_to_precision(d, 1 + parameter % 100, out) > TSK_JS_DIGITS_ROOM) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    double d;
    check_text(data, size);
    if (size <= sizeof d) return 0;
    memcpy(&d, data, sizeof d);
    check_double(d, data[sizeof d]);
    return 0;
}
