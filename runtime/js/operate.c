/* Operators of ECMAScript on any values. */
#include "runtime/js/model.h"

#include "runtime/js/math.h"
#include "runtime/js/number_text.h"

#include <math.h>

/* ---- arithmetic ---- */

static tsk_value string_or_thrown(const tsk_js_string *s) {
    return TSK_LIKELY(s != NULL) ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

tsk_value tsk_js_add(tsk_js *js, tsk_value a, tsk_value b) {
    if (TSK_LIKELY(tsk_js_is_string(a))) {
        tsk_js_string *left = tsk_js_as_string(a);
        if (tsk_js_is_string(b)) return string_or_thrown(tsk_js_concat(js, left, tsk_js_as_string(b)));
        if (tsk_js_is_number(b)) return string_or_thrown(tsk_js_concat_number(js, left, b));
    }
    if (tsk_js_is_number(a) && tsk_js_is_number(b)) return tsk_js_number(tsk_js_as_number(a) + tsk_js_as_number(b));
    if (tsk_js_is_object(a)) {
        a = tsk_js_to_primitive(js, a, TSK_JS_HINT_DEFAULT);
        if (tsk_js_is_thrown(a)) return a;
    }
    if (tsk_js_is_object(b)) {
        b = tsk_js_to_primitive(js, b, TSK_JS_HINT_DEFAULT);
        if (tsk_js_is_thrown(b)) return b;
    }
    if (tsk_js_is_string(a) || tsk_js_is_string(b)) {
        tsk_js_string *left = tsk_js_to_string(js, a);
        tsk_js_string *right = left ? tsk_js_to_string(js, b) : NULL;
        return string_or_thrown(right ? tsk_js_concat(js, left, right) : NULL);
    }
    double x, y;
    if (!tsk_js_to_number(js, a, &x) || !tsk_js_to_number(js, b, &y)) return TSK_JS_THROWN;
    return tsk_js_number(x + y);
}

double tsk_js_fmod(double a, double b) {
    if (fabs(a) < 9007199254740992.0 && fabs(b) < 9007199254740992.0) {
        int64_t x = (int64_t)a, y = (int64_t)b;
        if ((double)x == a && (double)y == b && y > 0 && x > 0) return (double)(x % y);
    }
    return fmod(a, b);
}

static tsk_value shift_or_bit(tsk_js_arithmetic op, double x, double y) {
    int32_t a, b;
    tsk_js_to_int32(NULL, tsk_from_double(x), &a);
    tsk_js_to_int32(NULL, tsk_from_double(y), &b);
    switch (op) {
    case TSK_JS_BAND: return tsk_from_i32(a & b);
    case TSK_JS_BOR: return tsk_from_i32(a | b);
    case TSK_JS_BXOR: return tsk_from_i32(a ^ b);
    case TSK_JS_SHL: return tsk_from_i32((int32_t)((uint32_t)a << (b & 31)));
    case TSK_JS_SHR: return tsk_from_i32(a >> (b & 31));
    default: return tsk_js_number((uint32_t)a >> (b & 31));
    }
}

tsk_value tsk_js_arith(tsk_js *js, tsk_js_arithmetic op, tsk_value a, tsk_value b) {
    double x, y;
    if (!tsk_js_to_number(js, a, &x) || !tsk_js_to_number(js, b, &y)) return TSK_JS_THROWN;
    switch (op) {
    case TSK_JS_SUB: return tsk_js_number(x - y);
    case TSK_JS_MUL: return tsk_js_number(x * y);
    case TSK_JS_DIV: return tsk_js_number(x / y);
    case TSK_JS_MOD: return tsk_js_number(tsk_js_fmod(x, y));
    case TSK_JS_POW: return tsk_js_number(tsk_js_pow(x, y));
    default: return shift_or_bit(op, x, y);
    }
}

/* ---- equality ---- */

bool tsk_js_strict_equals(tsk_js *js, tsk_value a, tsk_value b) {
    if (tsk_js_is_number(a)) return tsk_js_is_number(b) && tsk_js_as_number(a) == tsk_js_as_number(b);
    if (a.bits == b.bits) return true;
    return tsk_js_is_string(a) && tsk_js_is_string(b) &&
           tsk_js_string_equal(js, tsk_js_as_string(a), tsk_js_as_string(b));
}

/* Of a number or boolean with a string, boolean or number. */
static int equal_as_numbers(tsk_js *js, tsk_value a, tsk_value b) {
    double x, y;
    if (!tsk_js_to_number(js, a, &x) || !tsk_js_to_number(js, b, &y)) return -1;
    return x == y;
}

int tsk_js_loose_equals(tsk_js *js, tsk_value a, tsk_value b) {
    for (;;) {
        if (tsk_js_is_nullish(a) || tsk_js_is_nullish(b)) return tsk_js_is_nullish(a) && tsk_js_is_nullish(b);
        bool object_a = tsk_js_is_object(a), object_b = tsk_js_is_object(b);
        bool same_kind = tsk_tag(a) == tsk_tag(b) || (tsk_js_is_number(a) && tsk_js_is_number(b));
        if (same_kind || (object_a && object_b)) return tsk_js_strict_equals(js, a, b);
        if (object_a) {
            a = tsk_js_to_primitive(js, a, TSK_JS_HINT_DEFAULT);
            if (tsk_js_is_thrown(a)) return -1;
        } else if (object_b) {
            b = tsk_js_to_primitive(js, b, TSK_JS_HINT_DEFAULT);
            if (tsk_js_is_thrown(b)) return -1;
        } else {
            return tsk_js_is_symbol(a) || tsk_js_is_symbol(b) ? 0 : equal_as_numbers(js, a, b);
        }
    }
}

bool tsk_js_same_value_zero(tsk_js *js, tsk_value a, tsk_value b) {
    if (tsk_js_is_number(a) && tsk_js_is_number(b) && isnan(tsk_js_as_number(a)) && isnan(tsk_js_as_number(b)))
        return true;
    return tsk_js_strict_equals(js, a, b);
}

bool tsk_js_same_value(tsk_js *js, tsk_value a, tsk_value b) {
    if (tsk_js_is_number(a) && tsk_js_is_number(b)) {
        double x = tsk_js_as_number(a), y = tsk_js_as_number(b);
        if (x == 0 && y == 0) return signbit(x) == signbit(y);
    }
    return tsk_js_same_value_zero(js, a, b);
}

/* ---- order ---- */

int tsk_js_compare(tsk_js *js, tsk_js_relation op, tsk_value a, tsk_value b) {
    a = tsk_js_to_primitive(js, a, TSK_JS_HINT_NUMBER);
    if (tsk_js_is_thrown(a)) return -1;
    b = tsk_js_to_primitive(js, b, TSK_JS_HINT_NUMBER);
    if (tsk_js_is_thrown(b)) return -1;
    double x, y;
    if (tsk_js_is_string(a) && tsk_js_is_string(b)) {
        x = tsk_js_string_compare(js, tsk_js_as_string(a), tsk_js_as_string(b));
        y = 0;
    } else if (!tsk_js_to_number(js, a, &x) || !tsk_js_to_number(js, b, &y)) {
        return -1;
    }
    switch (op) {
    case TSK_JS_LT: return x < y;
    case TSK_JS_LE: return x <= y;
    case TSK_JS_GT: return x > y;
    default: return x >= y;
    }
}

/* ---- instanceof, in, typeof ---- */

int tsk_js_ordinary_has_instance(tsk_js *js, tsk_value c, tsk_value v) {
    if (!tsk_js_is_callable(c)) return 0;
    if (tsk_js_is_class(c, TSK_JS_BOUND))
        return tsk_js_instance_of(js, v, tsk_js_from_object(((tsk_js_bound *)(void *)tsk_js_as_object(c))->target));
    if (!tsk_js_is_object(v)) return 0;
    tsk_value proto = tsk_js_get(js, tsk_js_as_object(c), tsk_js_key_atom(tsk_js_atoms.prototype));
    if (tsk_js_is_thrown(proto)) return -1;
    if (!tsk_js_is_object(proto)) {
        tsk_js_throw_type(js, "Function has non-object prototype '%s' in instanceof check", tsk_js_describe(js, proto));
        return -1;
    }
    for (const tsk_js_object *o = tsk_js_as_object(v)->proto; o; o = o->proto)
        if (o == tsk_js_as_object(proto)) return 1;
    return 0;
}

int tsk_js_instance_of(tsk_js *js, tsk_value v, tsk_value target) {
    if (!tsk_js_is_object(target)) {
        tsk_js_throw_type(js, "Right-hand side of 'instanceof' is not an object");
        return -1;
    }
    tsk_value method = tsk_js_get(js, tsk_js_as_object(target), tsk_js_key_symbol(tsk_js_symbols.hasInstance));
    if (tsk_js_is_thrown(method)) return -1;
    if (!tsk_js_is_nullish(method)) {
        tsk_value result = tsk_js_call(js, method, target, 1, &v);
        return tsk_js_is_thrown(result) ? -1 : tsk_js_to_boolean(result);
    }
    if (!tsk_js_is_callable(target)) {
        tsk_js_throw_type(js, "Right-hand side of 'instanceof' is not callable");
        return -1;
    }
    return tsk_js_ordinary_has_instance(js, target, v);
}

int tsk_js_in(tsk_js *js, tsk_value key, tsk_value o) {
    tsk_js_key k;
    if (!tsk_js_is_object(o)) {
        tsk_js_throw_type(js, "Cannot use 'in' operator to search for '%s' in %s", tsk_js_describe(js, key),
                          tsk_js_describe(js, o));
        return -1;
    }
    return tsk_js_to_key(js, key, &k) ? tsk_js_has(js, tsk_js_as_object(o), k) : -1;
}

tsk_js_string *tsk_js_typeof(tsk_value v) {
    if (tsk_js_is_number(v)) return tsk_js_atoms.number;
    if (tsk_js_is_string(v)) return tsk_js_atoms.string;
    if (tsk_is_bool(v)) return tsk_js_atoms.boolean;
    if (tsk_js_is_symbol(v)) return tsk_js_atoms.symbol;
    if (tsk_js_is_callable(v)) return tsk_js_atoms.function;
    return tsk_js_is_undefined(v) ? tsk_js_atoms.undefined : tsk_js_atoms.object;
}
