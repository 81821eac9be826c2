/* Arithmetic with dates: shifting, differences, parts, and the edges of days, weeks, months and years. */
#include "runtime/operators/date_read.h"

/* ---- shifting ---- */

static bool shifted(const tsk_call *call, int sign, tsk_value *out) {
    tsk_moment m;
    tsk_date_shape shape;
    const tsk_zone *zone = tsk_date_local_zone(call->cx);
    if (call->count == 1) { /* date.add("1d"): from now */
        m = tsk_date_now(call->cx, zone);
        shape = (tsk_date_shape){false, false};
        if (!tsk_arg_shift(call, 0, sign, &m, &shape)) return false;
    } else if (!tsk_arg_moment(call, 0, zone, &m, &shape) || !tsk_arg_shift(call, 1, sign, &m, &shape)) {
        return false;
    }
    *out = tsk_date_shaped(call->cx, &m, shape);
    return true;
}

/* The public guides pack arguments into one text: "2024-01-01,3,days". */
typedef struct packed {
    tsk_value args[3];
} packed;

static tsk_call unpacked(tsk_call call, packed *p) {
    if (call.count != 1 || !tsk_is_str(call.args[0])) return call;
    tsk_slice text = tsk_as_slice(call.args[0]);
    const char *from = text.ptr, *end = text.ptr + text.len;
    uint32_t n = 0;
    while (n < TSK_COUNT(p->args)) {
        const char *comma = n + 1 < TSK_COUNT(p->args) && from < end ? memchr(from, ',', (size_t)(end - from)) : NULL;
        tsk_slice part = tsk_slice_trim(tsk_slice_from(from, (size_t)((comma ? comma : end) - from)));
        p->args[n++] = tsk_str_borrow(call.cx->heap, part.ptr, part.len);
        if (!comma) break;
        from = comma + 1;
    }
    return n > 1 ? (tsk_call){call.cx, call.name, p->args, n} : call;
}

/* The same, and `date, amount, unit` as `date, "amount unit"`. */
static tsk_call unpacked_shift(tsk_call call, packed *p) {
    call = unpacked(call, p);
    if (call.count != 3 || call.args != p->args) return call;
    tsk_slice amount = tsk_as_slice(p->args[1]), unit = tsk_as_slice(p->args[2]);
    const char *text = tsk_arena_printf(call.cx->heap, "%.*s %.*s", (int)amount.len, amount.ptr, (int)unit.len,
                                        unit.ptr);
    p->args[1] = tsk_str_borrow(call.cx->heap, text, (uint32_t)strlen(text));
    call.count = 2;
    return call;
}

TSK_OPERATOR(date_add) {
    packed p;
    const tsk_call call = unpacked_shift((tsk_call){cx, "date_add", args, count}, &p);
    return shifted(&call, 1, out);
}

TSK_OPERATOR(date_subtract) {
    packed p;
    const tsk_call call = unpacked_shift((tsk_call){cx, "date_subtract", args, count}, &p);
    return shifted(&call, -1, out);
}

static bool shifted_by(const tsk_call *call, int sign, tsk_date_unit unit, tsk_value *out) {
    tsk_moment m;
    tsk_date_shape shape;
    int64_t amount;
    if (!tsk_arg_moment(call, 0, tsk_date_local_zone(call->cx), &m, &shape) || !tsk_arg_int(call, 1, &amount))
        return false;
    if (unit < TSK_UNIT_DAY) shape.date_only = false;
    if (amount == INT64_MIN) amount++; /* has no opposite; both are far outside */
    if (!tsk_date_shift(&m, sign * amount, unit))
        return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: the result is outside the calendar", call->name);
    *out = tsk_date_shaped(call->cx, &m, shape);
    return true;
}

#define SHIFT(name, sign, unit)                                                                                        \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        return shifted_by(&call, sign, unit, out);                                                                     \
    }
SHIFT(add_seconds, 1, TSK_UNIT_SECOND)
SHIFT(add_minutes, 1, TSK_UNIT_MINUTE)
SHIFT(add_hours, 1, TSK_UNIT_HOUR)
SHIFT(add_days, 1, TSK_UNIT_DAY)
SHIFT(add_weeks, 1, TSK_UNIT_WEEK)
SHIFT(add_months, 1, TSK_UNIT_MONTH)
SHIFT(add_years, 1, TSK_UNIT_YEAR)
SHIFT(subtract_days, -1, TSK_UNIT_DAY)
SHIFT(subtract_months, -1, TSK_UNIT_MONTH)
SHIFT(subtract_years, -1, TSK_UNIT_YEAR)
SHIFT(add_business_days, 1, TSK_UNIT_WEEKDAY)

/* ---- differences ---- */

static int64_t local_seconds(const tsk_moment *m) {
    tsk_zone_info info;
    tsk_zone_at(m->zone, m->seconds, &info);
    return m->seconds + info.offset;
}

/* Whole months from a to b, towards zero. */
static int64_t months_between(const tsk_moment *a, const tsk_moment *b) {
    if (b->seconds < a->seconds) return -months_between(b, a);
    tsk_civil x = tsk_civil_of(a), y = tsk_civil_of(b);
    int64_t months = (y.year - x.year) * 12 + y.month - x.month;
    int64_t in_x = ((x.day * 24 + x.hour) * 60 + x.minute) * 60 + x.second;
    int64_t in_y = ((y.day * 24 + y.hour) * 60 + y.minute) * 60 + y.second;
    return months - (in_y < in_x);
}

static int64_t difference(const tsk_moment *a, const tsk_moment *b, tsk_date_unit unit) {
    int64_t seconds = b->seconds - a->seconds, days = (local_seconds(b) - local_seconds(a)) / 86400;
    switch (unit) {
    case TSK_UNIT_MILLISECOND: return seconds * 1000 + (b->micros - a->micros) / 1000;
    case TSK_UNIT_SECOND: return seconds;
    case TSK_UNIT_MINUTE: return seconds / 60;
    case TSK_UNIT_HOUR: return seconds / 3600;
    case TSK_UNIT_DAY: return days;
    case TSK_UNIT_WEEK: return days / 7;
    case TSK_UNIT_MONTH: return months_between(a, b);
    case TSK_UNIT_QUARTER: return months_between(a, b) / 3;
    case TSK_UNIT_YEAR: return months_between(a, b) / 12;
    case TSK_UNIT_WEEKDAY: break;
    }
    return 0;
}

static bool two_moments(const tsk_call *call, tsk_moment *a, tsk_moment *b) {
    tsk_date_shape shape;
    const tsk_zone *zone = tsk_date_local_zone(call->cx);
    return tsk_arg_moment(call, 0, zone, a, &shape) && tsk_arg_moment(call, 1, zone, b, &shape);
}

/* From the first date to the second: positive when the second is later. */
TSK_OPERATOR(date_diff) {
    packed p;
    const tsk_call call = unpacked((tsk_call){cx, "date_diff", args, count}, &p);
    tsk_moment a, b;
    tsk_slice word;
    tsk_date_unit unit;
    if (!two_moments(&call, &a, &b) || !tsk_arg_text_or(&call, 2, TSK_SLICE("day"), &word)) return false;
    if (!tsk_date_unit_find(word, &unit) || unit == TSK_UNIT_WEEKDAY)
        return tsk_arg_wrong(&call, 2, "a unit of time such as \"day\"");
    *out = tsk_int(cx->heap, difference(&a, &b, unit));
    return true;
}

#define DIFFERENCE(name, unit)                                                                                         \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        tsk_moment a, b;                                                                                               \
        if (!two_moments(&call, &a, &b)) return false;                                                                 \
        *out = tsk_int(cx->heap, difference(&a, &b, unit));                                                            \
        return true;                                                                                                   \
    }
DIFFERENCE(diff_days, TSK_UNIT_DAY)
DIFFERENCE(diff_hours, TSK_UNIT_HOUR)
DIFFERENCE(age, TSK_UNIT_YEAR)

static int64_t day_number(const tsk_moment *m) {
    tsk_civil c = tsk_civil_of(m);
    return tsk_days_from_civil(c.year, c.month, c.day);
}

/* Monday to Friday, the first day counted and the last not. */
TSK_OPERATOR(business_days_between) {
    TSK_CALL("business_days_between");
    tsk_moment a, b;
    if (!two_moments(&call, &a, &b)) return false;
    int64_t from = day_number(&a), to = day_number(&b), sign = 1;
    if (from > to) {
        int64_t swap = from;
        from = to;
        to = swap;
        sign = -1;
    }
    int64_t days = (to - from) / 7 * 5;
    for (int64_t d = to - (to - from) % 7; d < to; d++) days += tsk_weekday_of(d) % 6 != 0;
    *out = tsk_int(cx->heap, sign * days);
    return true;
}

static int order(const tsk_moment *a, const tsk_moment *b) {
    if (a->seconds != b->seconds) return a->seconds < b->seconds ? -1 : 1;
    return (a->micros > b->micros) - (a->micros < b->micros);
}

TSK_OPERATOR(is_before) {
    TSK_CALL("is_before");
    tsk_moment a, b;
    if (!two_moments(&call, &a, &b)) return false;
    *out = tsk_from_bool(order(&a, &b) < 0);
    return true;
}

TSK_OPERATOR(is_after) {
    TSK_CALL("is_after");
    tsk_moment a, b;
    if (!two_moments(&call, &a, &b)) return false;
    *out = tsk_from_bool(order(&a, &b) > 0);
    return true;
}

TSK_OPERATOR(is_date_between) {
    TSK_CALL("is_between");
    tsk_moment m, low, high;
    tsk_date_shape shape;
    if (!two_moments(&call, &m, &low) || !tsk_arg_moment(&call, 2, low.zone, &high, &shape)) return false;
    *out = tsk_from_bool(order(&low, &m) <= 0 && order(&m, &high) <= 0);
    return true;
}

/* ---- edges ---- */

typedef enum edge { EDGE_DAY, EDGE_WEEK, EDGE_MONTH, EDGE_YEAR } edge;

/* The first second of the unit, or of the one after it. */
static tsk_moment edge_of(const tsk_moment *m, edge unit, int next) {
    tsk_civil c = tsk_civil_of(m);
    c.hour = c.minute = c.second = c.micros = 0;
    if (unit == EDGE_DAY) c.day += next;
    if (unit == EDGE_WEEK) c.day += 7 * next - (c.weekday + 6) % 7;
    if (unit == EDGE_YEAR) c.month = 1 + 12 * next;
    if (unit == EDGE_MONTH) c.month += next;
    if (unit == EDGE_MONTH || unit == EDGE_YEAR) c.day = 1;
    return tsk_moment_of(&c, m->zone);
}

static bool edge_text(const tsk_call *call, edge unit, bool end, tsk_value *out) {
    tsk_moment m;
    tsk_date_shape shape;
    if (!tsk_arg_moment(call, 0, tsk_date_local_zone(call->cx), &m, &shape)) return false;
    m = edge_of(&m, unit, end);
    m.seconds -= end;
    *out = tsk_date_text(call->cx, &m, TSK_DATE_TIME);
    return true;
}

#define EDGE(name, unit, end)                                                                                          \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        return edge_text(&call, unit, end, out);                                                                       \
    }
EDGE(start_of_day, EDGE_DAY, false)
EDGE(start_of_week, EDGE_WEEK, false)
EDGE(start_of_month, EDGE_MONTH, false)
EDGE(start_of_year, EDGE_YEAR, false)
EDGE(end_of_day, EDGE_DAY, true)
EDGE(end_of_week, EDGE_WEEK, true)
EDGE(end_of_month, EDGE_MONTH, true)
EDGE(end_of_year, EDGE_YEAR, true)

/* ---- parts ---- */

#define PART(name, part)                                                                                               \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        tsk_moment m;                                                                                                  \
        tsk_date_shape shape;                                                                                          \
        if (!tsk_arg_moment(&call, 0, tsk_date_local_zone(cx), &m, &shape)) return false;                              \
        *out = tsk_int(cx->heap, tsk_civil_of(&m).part);                                                               \
        return true;                                                                                                   \
    }
PART(year, year)
PART(month, month)
PART(day, day)
PART(hour, hour)
PART(minute, minute)
PART(second, second)
PART(day_of_week, weekday)

TSK_OPERATOR(is_leap_year) {
    TSK_CALL("is_leap_year");
    int64_t year;
    if (!tsk_arg_int(&call, 0, &year)) return false;
    *out = tsk_from_bool(tsk_is_leap_year(year));
    return true;
}

TSK_OPERATOR(days_in_month) {
    TSK_CALL("days_in_month");
    int64_t year, month;
    if (!tsk_arg_int(&call, 0, &year) || !tsk_arg_int(&call, 1, &month)) return false;
    if (month < 1 || month > 12) return tsk_arg_wrong(&call, 1, "a month from 1 to 12");
    *out = tsk_from_i32(tsk_days_in_month(year, (int)month));
    return true;
}
