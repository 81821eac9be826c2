/* parseInt, parseFloat, isNaN and isFinite. */
#include "runtime/builtins/global_functions.h"
#include "runtime/js/number_text.h"

#include <math.h>

static tsk_js_units units_of(tsk_js *js, tsk_js_string *s) {
    s = tsk_js_flat(js, s);
    return (tsk_js_units){s->chars, s->length, tsk_js_is_wide(s)};
}

tsk_value tsk_js_global_parse_int(tsk_js *js, const tsk_js_args *a) {
    tsk_value v = tsk_js_arg(a, 0);
    int32_t radix;
    if (tsk_is_i32(v) && tsk_js_is_undefined(tsk_js_arg(a, 1))) return v;
    tsk_js_string *s = tsk_js_to_string(js, v);
    if (!s || !tsk_js_to_int32(js, tsk_js_arg(a, 1), &radix)) return TSK_JS_THROWN;
    return tsk_js_number(tsk_js_parse_int(units_of(js, s), radix));
}

tsk_value tsk_js_global_parse_float(tsk_js *js, const tsk_js_args *a) {
    if (tsk_is_i32(tsk_js_arg(a, 0))) return a->values[0];
    tsk_js_string *s = tsk_js_to_string(js, tsk_js_arg(a, 0));
    return s ? tsk_js_number(tsk_js_parse_float(units_of(js, s))) : TSK_JS_THROWN;
}

tsk_value tsk_js_global_is_nan(tsk_js *js, const tsk_js_args *a) {
    double d;
    return tsk_js_to_number(js, tsk_js_arg(a, 0), &d) ? tsk_from_bool(d != d) : TSK_JS_THROWN;
}

tsk_value tsk_js_global_is_finite(tsk_js *js, const tsk_js_args *a) {
    double d;
    return tsk_js_to_number(js, tsk_js_arg(a, 0), &d) ? tsk_from_bool(isfinite(d)) : TSK_JS_THROWN;
}
