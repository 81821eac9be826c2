/* Conversions of ECMAScript: to primitives, numbers, strings, objects. */
#include "runtime/js/model.h"

#include "runtime/js/number_text.h"

#include <math.h>

/* ---- to primitives ---- */

static tsk_value call_conversion(tsk_js *js, tsk_js_object *o, tsk_js_string *name) {
    tsk_value method = tsk_js_get(js, o, tsk_js_key_atom(name));
    if (tsk_js_is_thrown(method)) return method;
    if (!tsk_js_is_callable(method)) return TSK_JS_HOLE;
    tsk_value v = tsk_js_call(js, method, tsk_js_from_object(o), 0, NULL);
    return tsk_js_is_object(v) ? TSK_JS_HOLE : v;
}

static tsk_value no_primitive(tsk_js *js) {
    return tsk_js_throw_type(js, "Cannot convert object to primitive value");
}

tsk_value tsk_js_to_primitive(tsk_js *js, tsk_value v, tsk_js_hint hint) {
    if (!tsk_js_is_object(v)) return v;
    tsk_js_object *o = tsk_js_as_object(v);
    tsk_value exotic = tsk_js_get(js, o, tsk_js_key_symbol(tsk_js_symbols.toPrimitive));
    if (tsk_js_is_thrown(exotic)) return exotic;
    if (!tsk_js_is_nullish(exotic)) {
        tsk_js_string *const names[] = {NULL, tsk_js_atoms.number, tsk_js_atoms.string};
        tsk_js_string *name = hint == TSK_JS_HINT_DEFAULT ? tsk_js_atoms.default_ : names[hint];
        if (!tsk_js_is_callable(exotic))
            return tsk_js_throw_type(js, "%s is not a function", tsk_js_describe(js, exotic));
        tsk_value argument = tsk_js_from_string(name);
        tsk_value result = tsk_js_call(js, exotic, v, 1, &argument);
        return tsk_js_is_object(result) ? no_primitive(js) : result;
    }
    bool string_first = hint == TSK_JS_HINT_STRING;
    for (int i = 0; i < 2; i++) {
        tsk_js_string *name = (i == 0) == string_first ? tsk_js_atoms.toString : tsk_js_atoms.valueOf;
        tsk_value result = call_conversion(js, o, name);
        if (!tsk_js_is_hole(result)) return result;
    }
    return no_primitive(js);
}

bool tsk_js_to_boolean(tsk_value v) {
    if (tsk_is_i32(v)) return tsk_as_i32(v) != 0;
    if (tsk_is_double(v)) return tsk_as_double(v) != 0 && !isnan(tsk_as_double(v));
    if (tsk_js_is_string(v)) return tsk_js_as_string(v)->length != 0;
    if (tsk_is_bool(v)) return tsk_as_bool(v);
    return !tsk_js_is_nullish(v) && !tsk_js_is_hole(v);
}

/* ---- to numbers ---- */

static double number_of_string(tsk_js *js, tsk_js_string *s) {
    s = tsk_js_flat(js, s);
    return tsk_js_text_to_number((tsk_js_units){s->chars, s->length, tsk_js_is_wide(s)});
}

bool tsk_js_to_number(tsk_js *js, tsk_value v, double *out) {
    if (tsk_js_is_object(v)) v = tsk_js_to_primitive(js, v, TSK_JS_HINT_NUMBER);
    if (tsk_js_is_number(v)) {
        *out = tsk_js_as_number(v);
    } else if (tsk_js_is_string(v)) {
        *out = number_of_string(js, tsk_js_as_string(v));
    } else if (tsk_is_bool(v)) {
        *out = tsk_as_bool(v);
    } else if (tsk_js_is_symbol(v)) {
        tsk_js_throw_type(js, "Cannot convert a Symbol value to a number");
        return false;
    } else if (tsk_js_is_thrown(v)) {
        return false;
    } else {
        *out = tsk_js_is_undefined(v) ? NAN : 0;
    }
    return true;
}

tsk_value tsk_js_to_numeric(tsk_js *js, tsk_value v) {
    double d;
    if (tsk_js_is_number(v)) return v;
    return tsk_js_to_number(js, v, &d) ? tsk_js_number(d) : TSK_JS_THROWN;
}

bool tsk_js_to_integer(tsk_js *js, tsk_value v, double *out) {
    if (tsk_is_i32(v)) {
        *out = tsk_as_i32(v);
        return true;
    }
    if (!tsk_js_to_number(js, v, out)) return false;
    *out = isnan(*out) ? 0 : trunc(*out) + 0.0; /* no -0 */
    return true;
}

/* Modulo 2^32. */
static uint32_t wrap(double d) {
    if (!(fabs(d) < 9007199254740992.0)) {
        if (!isfinite(d)) return 0;
        d = fmod(trunc(d), 4294967296.0);
    }
    return (uint32_t)(int64_t)d;
}

bool tsk_js_to_int32(tsk_js *js, tsk_value v, int32_t *out) {
    double d;
    if (tsk_is_i32(v)) {
        *out = tsk_as_i32(v);
        return true;
    }
    if (!tsk_js_to_number(js, v, &d)) return false;
    *out = (int32_t)wrap(d);
    return true;
}

bool tsk_js_to_uint32(tsk_js *js, tsk_value v, uint32_t *out) {
    int32_t i;
    if (!tsk_js_to_int32(js, v, &i)) return false;
    *out = (uint32_t)i;
    return true;
}

bool tsk_js_to_length(tsk_js *js, tsk_value v, uint64_t *out) {
    double d;
    if (!tsk_js_to_integer(js, v, &d)) return false;
    *out = d <= 0 ? 0 : d >= 9007199254740991.0 ? 9007199254740991u : (uint64_t)d;
    return true;
}

bool tsk_js_to_index(tsk_js *js, tsk_value v, uint64_t *out) {
    double d;
    if (!tsk_js_to_integer(js, v, &d)) return false;
    if (d < 0 || d > 9007199254740991.0) {
        tsk_js_throw_range(js, "Invalid index");
        return false;
    }
    *out = (uint64_t)d;
    return true;
}

/* ---- to strings ---- */

tsk_js_string *tsk_js_to_string(tsk_js *js, tsk_value v) {
    if (TSK_LIKELY(tsk_js_is_string(v))) return tsk_js_as_string(v);
    if (tsk_js_is_object(v)) {
        v = tsk_js_to_primitive(js, v, TSK_JS_HINT_STRING);
        if (tsk_js_is_string(v)) return tsk_js_as_string(v);
    }
    if (tsk_js_is_number(v)) {
        char text[TSK_JS_NUMBER_ROOM];
        return tsk_js_string_latin1(js, text, tsk_js_value_to_text(v, text));
    }
    if (tsk_is_bool(v)) return tsk_as_bool(v) ? tsk_js_atoms.true_ : tsk_js_atoms.false_;
    if (tsk_js_is_symbol(v)) {
        tsk_js_throw_type(js, "Cannot convert a Symbol value to a string");
        return NULL;
    }
    if (tsk_js_is_thrown(v)) return NULL;
    return tsk_js_is_undefined(v) ? tsk_js_atoms.undefined : tsk_js_atoms.null;
}

/* ---- to objects ---- */

static tsk_js_object *wrap_primitive(tsk_js *js, tsk_value v, tsk_js_class c, tsk_js_intrinsic proto) {
    tsk_js_object *prototype = tsk_js_intrinsic_get(js, proto);
    tsk_js_wrapper *o = prototype ? tsk_js_object_of_class(js, c, sizeof *o, prototype) : NULL;
    if (!o) return NULL;
    TSK_HEAP_STORE(js->heap, o, value, v);
    if (c == TSK_JS_STRING_OBJECT) o->object.cell.flags |= TSK_JS_EXOTIC;
    return &o->object;
}

tsk_js_object *tsk_js_to_object(tsk_js *js, tsk_value v) {
    if (TSK_LIKELY(tsk_js_is_object(v))) return tsk_js_as_object(v);
    if (tsk_js_is_number(v)) return wrap_primitive(js, v, TSK_JS_NUMBER, TSK_JS_I_NumberPrototype);
    if (tsk_js_is_string(v)) return wrap_primitive(js, v, TSK_JS_STRING_OBJECT, TSK_JS_I_StringPrototype);
    if (tsk_is_bool(v)) return wrap_primitive(js, v, TSK_JS_BOOLEAN, TSK_JS_I_BooleanPrototype);
    if (tsk_js_is_symbol(v)) return wrap_primitive(js, v, TSK_JS_SYMBOL_OBJECT, TSK_JS_I_SymbolPrototype);
    if (!tsk_js_is_thrown(v)) tsk_js_throw_type(js, "Cannot convert undefined or null to object");
    return NULL;
}

bool tsk_js_length_of(tsk_js *js, tsk_js_object *o, uint64_t *out) {
    if (tsk_js_class_of(o) == TSK_JS_ARRAY) {
        *out = ((const tsk_js_array *)(const void *)o)->length;
        return true;
    }
    tsk_value v = tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.length));
    return !tsk_js_is_thrown(v) && tsk_js_to_length(js, v, out);
}
