/* Date: arguments and receivers around runtime/js/date_core.h.  Getters and setters share code: `data` of a method
 * tells the field, and whether it is the local or the UTC one. */
#include "runtime/builtins/library.h"
#include "runtime/js/date_core.h"

#include <math.h>

enum { LOCAL = 0x10, FIELD_MASK = 0xF, COUNT_SHIFT = 8 };

static double now(const tsk_js *js) {
    return js->now == js->now ? js->now : tsk_js_date_now();
}

/* thisTimeValue. */
static bool receiver(tsk_js *js, const tsk_js_args *a, tsk_js_wrapper **date, double *t) {
    if (!tsk_js_is_class(a->this_value, TSK_JS_DATE)) {
        tsk_js_throw_type(js, "this is not a Date object.");
        return false;
    }
    *date = (tsk_js_wrapper *)(void *)tsk_js_as_object(a->this_value);
    *t = tsk_js_as_number((*date)->value);
    return true;
}

static tsk_value text_of(tsk_js *js, double t, tsk_js_date_style style) {
    char out[TSK_JS_DATE_ROOM];
    tsk_js_string *s = tsk_js_string_latin1(js, out, tsk_js_date_text(t, style, out));
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

static double parse(tsk_js *js, tsk_js_string *s) {
    s = tsk_js_flat(js, s);
    tsk_js_read(js, s->length);
    return tsk_js_date_parse((tsk_js_units){s->chars, s->length, tsk_js_is_wide(s)});
}

/* ---- construction ---- */

/* Year, month ... of arguments; the years 0 to 99 are those of the last century. */
static bool join_arguments(tsk_js *js, const tsk_js_args *a, double *t) {
    double f[TSK_JS_MILLISECONDS + 1] = {NAN, 0, 1, 0, 0, 0, 0};
    for (uint32_t i = 0; i < a->count && i <= TSK_JS_MILLISECONDS; i++)
        if (!tsk_js_to_number(js, a->values[i], &f[i])) return false;
    double year = trunc(f[TSK_JS_YEAR]);
    if (year >= 0 && year <= 99) f[TSK_JS_YEAR] = 1900 + year;
    *t = tsk_js_date_join(f);
    return true;
}

/* What `new Date(v)` stands for. */
static bool time_of(tsk_js *js, tsk_value v, double *t) {
    if (tsk_js_is_class(v, TSK_JS_DATE)) {
        *t = tsk_js_as_number(((const tsk_js_wrapper *)(const void *)tsk_js_as_object(v))->value);
        return true;
    }
    v = tsk_js_to_primitive(js, v, TSK_JS_HINT_DEFAULT);
    if (tsk_js_is_thrown(v)) return false;
    if (tsk_js_is_string(v)) {
        *t = parse(js, tsk_js_as_string(v));
        return true;
    }
    if (!tsk_js_to_number(js, v, t)) return false;
    *t = tsk_js_time_clip(*t);
    return true;
}

static tsk_value construct(tsk_js *js, const tsk_js_args *a) {
    double t;
    if (tsk_js_is_undefined(a->new_target)) return text_of(js, floor(now(js)), TSK_JS_DATE_FULL);
    if (a->count == 0) {
        t = tsk_js_time_clip(floor(now(js)));
    } else if (a->count == 1) {
        if (!time_of(js, a->values[0], &t)) return TSK_JS_THROWN;
    } else {
        if (!join_arguments(js, a, &t)) return TSK_JS_THROWN;
        t = tsk_js_time_clip(tsk_js_utc_time(t));
    }
    tsk_js_object *proto = tsk_js_proto_for(js, a->new_target, TSK_JS_I_DatePrototype);
    if (!proto) return TSK_JS_THROWN;
    tsk_js_wrapper *date = (tsk_js_wrapper *)tsk_js_object_of_class(js, TSK_JS_DATE, sizeof *date, proto);
    if (!date) return TSK_JS_THROWN;
    date->value = tsk_js_number(t);
    return tsk_js_from_object(date);
}

static tsk_value date_now(tsk_js *js, const tsk_js_args *a) {
    (void)a;
    return tsk_js_number(floor(now(js)));
}

static tsk_value date_parse(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *s = tsk_js_to_string(js, tsk_js_arg(a, 0));
    return s ? tsk_js_number(parse(js, s)) : TSK_JS_THROWN;
}

static tsk_value date_utc(tsk_js *js, const tsk_js_args *a) {
    double t;
    return join_arguments(js, a, &t) ? tsk_js_number(tsk_js_time_clip(t)) : TSK_JS_THROWN;
}

/* ---- getters ---- */

static tsk_value get_time(tsk_js *js, const tsk_js_args *a) {
    tsk_js_wrapper *date;
    double t;
    return receiver(js, a, &date, &t) ? date->value : TSK_JS_THROWN;
}

static tsk_value get_field(tsk_js *js, const tsk_js_args *a) {
    unsigned data = tsk_js_callee_data(a);
    tsk_js_wrapper *date;
    double t, f[TSK_JS_DATE_FIELDS];
    if (!receiver(js, a, &date, &t)) return TSK_JS_THROWN;
    if (t != t) return tsk_from_double(NAN);
    tsk_js_date_split(data & LOCAL ? tsk_js_local_time(t) : t, f);
    return tsk_js_number(f[data & FIELD_MASK]);
}

static tsk_value get_year(tsk_js *js, const tsk_js_args *a) {
    tsk_js_wrapper *date;
    double t, f[TSK_JS_DATE_FIELDS];
    if (!receiver(js, a, &date, &t)) return TSK_JS_THROWN;
    if (t != t) return tsk_from_double(NAN);
    tsk_js_date_split(tsk_js_local_time(t), f);
    return tsk_js_number(f[TSK_JS_YEAR] - 1900);
}

/* Whole minutes, as V8. */
static tsk_value get_zone_offset(tsk_js *js, const tsk_js_args *a) {
    tsk_js_wrapper *date;
    double t;
    if (!receiver(js, a, &date, &t)) return TSK_JS_THROWN;
    return tsk_js_number(t != t ? NAN : trunc((t - tsk_js_local_time(t)) / 60000) + 0.0);
}

/* ---- setters ---- */

static tsk_value store(tsk_js_wrapper *date, double t) {
    return date->value = tsk_js_number(tsk_js_time_clip(t));
}

static tsk_value set_time(tsk_js *js, const tsk_js_args *a) {
    tsk_js_wrapper *date;
    double t;
    if (!receiver(js, a, &date, &t) || !tsk_js_to_number(js, tsk_js_arg(a, 0), &t)) return TSK_JS_THROWN;
    return store(date, t);
}

/* From the first field on, as many as there are arguments; all are converted before the date is looked at. */
static tsk_value set_fields(tsk_js *js, const tsk_js_args *a) {
    unsigned data = tsk_js_callee_data(a), first = data & FIELD_MASK, most = data >> COUNT_SHIFT;
    tsk_js_wrapper *date;
    double t, given[4] = {NAN}, f[TSK_JS_DATE_FIELDS];
    if (!receiver(js, a, &date, &t)) return TSK_JS_THROWN;
    for (unsigned i = 0; i < most && i < a->count; i++)
        if (!tsk_js_to_number(js, a->values[i], &given[i])) return TSK_JS_THROWN;
    if (t != t && first != TSK_JS_YEAR) return tsk_from_double(NAN);
    if (t != t)
        t = 0;
    else if (data & LOCAL)
        t = tsk_js_local_time(t);
    tsk_js_date_split(t, f);
    for (unsigned i = 0; i < most && (i == 0 || i < a->count); i++) f[first + i] = given[i];
    t = tsk_js_date_join(f);
    return store(date, data & LOCAL ? tsk_js_utc_time(t) : t);
}

static tsk_value set_year(tsk_js *js, const tsk_js_args *a) {
    tsk_js_wrapper *date;
    double t, year, f[TSK_JS_DATE_FIELDS];
    if (!receiver(js, a, &date, &t) || !tsk_js_to_number(js, tsk_js_arg(a, 0), &year)) return TSK_JS_THROWN;
    tsk_js_date_split(t != t ? 0 : tsk_js_local_time(t), f);
    year = trunc(year);
    f[TSK_JS_YEAR] = year >= 0 && year <= 99 ? 1900 + year : year;
    return store(date, tsk_js_utc_time(tsk_js_date_join(f)));
}

/* ---- texts ---- */

static tsk_value to_text(tsk_js *js, const tsk_js_args *a) {
    tsk_js_wrapper *date;
    double t;
    if (!receiver(js, a, &date, &t)) return TSK_JS_THROWN;
    return text_of(js, t, (tsk_js_date_style)tsk_js_callee_data(a));
}

static tsk_value to_iso_string(tsk_js *js, const tsk_js_args *a) {
    tsk_js_wrapper *date;
    double t;
    if (!receiver(js, a, &date, &t)) return TSK_JS_THROWN;
    return t != t ? tsk_js_throw_range(js, "Invalid time value") : text_of(js, t, TSK_JS_DATE_ISO);
}

static tsk_value to_json(tsk_js *js, const tsk_js_args *a) {
    tsk_js_object *o = tsk_js_to_object(js, a->this_value);
    if (!o) return TSK_JS_THROWN;
    tsk_value v = tsk_js_to_primitive(js, tsk_js_from_object(o), TSK_JS_HINT_NUMBER);
    if (tsk_js_is_thrown(v)) return v;
    if (tsk_js_is_number(v) && !isfinite(tsk_js_as_number(v))) return TSK_VALUE_NULL;
    tsk_js_string *name = tsk_js_atom_utf8("toISOString", 11);
    if (!name) return tsk_js_throw_range(js, "Out of memory");
    return tsk_js_invoke(js, tsk_js_from_object(o), tsk_js_key_atom(name), 0, NULL);
}

/* OrdinaryToPrimitive; dates prefer text. */
static tsk_value to_primitive(tsk_js *js, const tsk_js_args *a) {
    tsk_value hint = tsk_js_arg(a, 0);
    if (!tsk_js_is_object(a->this_value))
        return tsk_js_throw_type(js, "Date.prototype[Symbol.toPrimitive] called on non-object");
    tsk_js_string *text = tsk_js_is_string(hint) ? tsk_js_as_string(hint) : tsk_js_atoms.empty;
    bool number = tsk_js_string_is(js, text, "number");
    if (!number && !tsk_js_string_is(js, text, "string") && !tsk_js_string_is(js, text, "default"))
        return tsk_js_throw_type(js, "Invalid hint: %s", tsk_js_describe(js, hint));
    for (int i = 0; i < 2; i++) {
        tsk_js_string *name = number == (i == 0) ? tsk_js_atoms.valueOf : tsk_js_atoms.toString;
        tsk_value fn = tsk_js_get(js, tsk_js_as_object(a->this_value), tsk_js_key_atom(name));
        if (tsk_js_is_thrown(fn)) return fn;
        if (!tsk_js_is_callable(fn)) continue;
        tsk_value v = tsk_js_call(js, fn, a->this_value, 0, NULL);
        if (!tsk_js_is_object(v)) return v;
    }
    return tsk_js_throw_type(js, "Cannot convert object to primitive value");
}

/* ---- tables ---- */

#define GET(name, field)                                                                                               \
    TSK_JS_METHOD_WITH("get" name, get_field, 0, (field) | LOCAL),                                                     \
        TSK_JS_METHOD_WITH("getUTC" name, get_field, 0, field)
#define SET(name, field, count)                                                                                        \
    TSK_JS_METHOD_WITH("set" name, set_fields, count, (field) | LOCAL | (count) << COUNT_SHIFT),                       \
        TSK_JS_METHOD_WITH("setUTC" name, set_fields, count, (field) | (count) << COUNT_SHIFT)

static const tsk_js_member prototype[] = {
    TSK_JS_OBJECT_OF("constructor", Date, TSK_JS_HIDDEN),
    TSK_JS_METHOD_WITH("toString", to_text, 0, TSK_JS_DATE_FULL),
    TSK_JS_METHOD_WITH("toDateString", to_text, 0, TSK_JS_DATE_DATE),
    TSK_JS_METHOD_WITH("toTimeString", to_text, 0, TSK_JS_DATE_TIME),
    TSK_JS_METHOD("toISOString", to_iso_string, 0),
    TSK_JS_OBJECT_OF("toUTCString", DateProtoToUTCString, TSK_JS_HIDDEN),
    TSK_JS_OBJECT_OF("toGMTString", DateProtoToUTCString, TSK_JS_HIDDEN),
    TSK_JS_METHOD_WITH("toLocaleString", to_text, 0, TSK_JS_DATE_LOCALE),
    TSK_JS_METHOD_WITH("toLocaleDateString", to_text, 0, TSK_JS_DATE_LOCALE_DATE),
    TSK_JS_METHOD_WITH("toLocaleTimeString", to_text, 0, TSK_JS_DATE_LOCALE_TIME),
    TSK_JS_METHOD("toJSON", to_json, 1),
    TSK_JS_METHOD("getTime", get_time, 0),
    TSK_JS_METHOD("valueOf", get_time, 0),
    TSK_JS_METHOD("getTimezoneOffset", get_zone_offset, 0),
    TSK_JS_METHOD("getYear", get_year, 0),
    GET("FullYear", TSK_JS_YEAR),
    GET("Month", TSK_JS_MONTH),
    GET("Date", TSK_JS_DAY),
    GET("Day", TSK_JS_WEEKDAY),
    GET("Hours", TSK_JS_HOURS),
    GET("Minutes", TSK_JS_MINUTES),
    GET("Seconds", TSK_JS_SECONDS),
    GET("Milliseconds", TSK_JS_MILLISECONDS),
    TSK_JS_METHOD("setTime", set_time, 1),
    TSK_JS_METHOD("setYear", set_year, 1),
    SET("FullYear", TSK_JS_YEAR, 3),
    SET("Month", TSK_JS_MONTH, 2),
    SET("Date", TSK_JS_DAY, 1),
    SET("Hours", TSK_JS_HOURS, 4),
    SET("Minutes", TSK_JS_MINUTES, 3),
    SET("Seconds", TSK_JS_SECONDS, 2),
    SET("Milliseconds", TSK_JS_MILLISECONDS, 1),
    {.cell = TSK_JS_MEMBER_CELL(TSK_JS_MEMBER_METHOD, TSK_JS_CONFIGURABLE),
     .fn = {"@@toPrimitive", to_primitive, 1, 0, 0}},
};

static const tsk_js_member constructor[] = {
    TSK_JS_OBJECT_OF("prototype", DatePrototype, 0),
    TSK_JS_METHOD("now", date_now, 0),
    TSK_JS_METHOD("parse", date_parse, 1),
    TSK_JS_METHOD("UTC", date_utc, 7),
};

const tsk_js_intrinsic_spec tsk_js_library_date[] = {
    {.which = TSK_JS_I_DatePrototype,
     .proto = TSK_JS_I_ObjectPrototype,
     .members = prototype,
     .count = TSK_COUNT_OF(prototype)},
    {.which = TSK_JS_I_Date,
     .proto = TSK_JS_I_FunctionPrototype,
     .cls = TSK_JS_NATIVE,
     .fn = {"Date", construct, 7, TSK_JS_CONSTRUCTOR, 0},
     .members = constructor,
     .count = TSK_COUNT_OF(constructor)},
    TSK_JS_SHARED_FUNCTION(DateProtoToUTCString, "toUTCString", to_text, 0, TSK_JS_DATE_UTC),
    {.which = TSK_JS_INTRINSICS}};
