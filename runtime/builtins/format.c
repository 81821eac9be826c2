/* The messages of console: a format with its values, or values side by side. */
#include "runtime/builtins/global_functions.h"
#include "runtime/builtins/inspect.h"
#include "runtime/builtins/json.h"
#include "runtime/js/number_text.h"

#include <math.h>

static const tsk_js_inspect_options usual = {.depth = 2}, shallow = {.depth = 0},
                                    complete = {.depth = 4, .hidden = true};

static bool put_text(tsk_js *js, tsk_value v, tsk_buf *out) {
    tsk_js_string *s = tsk_js_to_string(js, v);
    if (s) tsk_js_string_to_utf8(js, s, out, true);
    return s != NULL;
}

static void put_double(double d, tsk_buf *out) {
    char text[TSK_JS_NUMBER_ROOM];
    if (d == 0 && signbit(d)) tsk_buf_char(out, '-');
    tsk_buf_add(out, text, tsk_js_number_to_text(d, text));
}

/* %d, %i and %f: Number(v), parseInt(v), parseFloat(v).  False: thrown. */
static bool put_number(tsk_js *js, tsk_value v, char kind, tsk_buf *out) {
    double d = NAN;
    if (!tsk_js_is_symbol(v)) {
        const tsk_js_args args = {TSK_VALUE_UNDEFINED, TSK_VALUE_UNDEFINED, NULL, 1, &v};
        tsk_value number = kind == 'i' ? tsk_js_global_parse_int(js, &args) : v;
        if (kind == 'f') number = tsk_js_global_parse_float(js, &args);
        if (tsk_js_is_thrown(number) || !tsk_js_to_number(js, number, &d)) return false;
    }
    put_double(d, out);
    return true;
}

/* The object's toString is one of the library's: then it is shown as objects are. */
static bool has_usual_text(tsk_js *js, tsk_js_object *o) {
    tsk_js_key key = tsk_js_key_atom(tsk_js_atoms.toString);
    tsk_js_descriptor d;
    for (tsk_js_object *p = o; p; p = p->proto) {
        int there = tsk_js_has_own(js, p, key);
        if (there < 0) tsk_js_take_exception(js);
        if (there <= 0) continue;
        if (p == o) return false;
        there = tsk_js_get_own(js, p, tsk_js_key_atom(tsk_js_atoms.constructor), &d);
        return there > 0 && tsk_js_is_class(d.value, TSK_JS_NATIVE);
    }
    return true;
}

static bool put_string(tsk_js *js, tsk_value v, tsk_buf *out) {
    if (tsk_js_is_symbol(v)) {
        tsk_buf_cstr(out, tsk_js_describe(js, v));
        return true;
    }
    if (tsk_js_is_number(v)) {
        put_double(tsk_js_as_number(v), out);
        return true;
    }
    if (!tsk_js_is_object(v) || tsk_js_is_callable(v) || !has_usual_text(js, tsk_js_as_object(v)))
        return put_text(js, v, out);
    tsk_js_inspect(js, v, shallow, out);
    return true;
}

static bool put_json(tsk_js *js, tsk_value v, tsk_buf *out) {
    tsk_value text = tsk_js_json_stringify(js, v, TSK_VALUE_UNDEFINED, TSK_VALUE_UNDEFINED);
    if (!tsk_js_is_thrown(text)) return put_text(js, text, out);
    if (js->uncatchable) return false;
    tsk_js_take_exception(js);
    tsk_buf_cstr(out, "[Circular]");
    return true;
}

/* One directive: 1; 0: it is none, and the text stays as it is; -1: thrown. */
static int put_directive(tsk_js *js, char kind, tsk_value v, tsk_buf *out) {
    switch (kind) {
    case 's': return put_string(js, v, out) ? 1 : -1;
    case 'd':
    case 'i':
    case 'f': return put_number(js, v, kind, out) ? 1 : -1;
    case 'j': return put_json(js, v, out) ? 1 : -1;
    case 'o': tsk_js_inspect(js, v, complete, out); return 1;
    case 'O': tsk_js_inspect(js, v, usual, out); return 1;
    case 'c': return 1; /* styles are for browsers */
    default: return 0;
    }
}

/* Gives how many values were used, the format included; 0: thrown. */
static uint32_t put_format(tsk_js *js, uint32_t count, const tsk_value *values, tsk_buf *out) {
    tsk_buf format;
    uint32_t used = 1;
    tsk_buf_init(&format, js->scratch);
    tsk_js_string_to_utf8(js, tsk_js_as_string(values[0]), &format, true);
    for (size_t i = 0; i < format.len; i++) {
        char kind = format.ptr[i] == '%' && i + 1 < format.len ? format.ptr[i + 1] : 0;
        int put = kind == '%' ? 1 : 0;
        if (put) tsk_buf_char(out, '%');
        if (kind && !put && used < count) {
            put = put_directive(js, kind, values[used], out);
            if (put < 0) return 0;
            used += (uint32_t)put;
        }
        if (put)
            i++;
        else
            tsk_buf_char(out, format.ptr[i]);
    }
    return used;
}

bool tsk_js_format_message(tsk_js *js, uint32_t count, const tsk_value *values, tsk_buf *out) {
    uint32_t used = 0;
    if (count > 1 && tsk_js_is_string(values[0]) && !(used = put_format(js, count, values, out))) return false;
    for (uint32_t i = used; i < count; i++) {
        if (i) tsk_buf_char(out, ' ');
        if (tsk_js_is_string(values[i]))
            tsk_js_string_to_utf8(js, tsk_js_as_string(values[i]), out, true);
        else
            tsk_js_inspect(js, values[i], usual, out);
    }
    return !tsk_js_has_exception(js);
}
