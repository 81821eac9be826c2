/* Arguments of the date operators. */
#include "runtime/operators/date_read.h"

#include <math.h>
#include <time.h>

#define LARGEST_INT ((int64_t)1 << 53)
#define MILLISECONDS_FROM ((int64_t)100000000000) /* a larger number counts milliseconds */

const tsk_zone *tsk_date_local_zone(const tsk_op_context *cx) {
    return tsk_zone_local(tsk_op_environment(cx, "TZ", 2));
}

tsk_moment tsk_date_now(const tsk_op_context *cx, const tsk_zone *zone) {
    if (cx->has_now) {
        int64_t ms = cx->now_ms % 1000 + (cx->now_ms % 1000 < 0 ? 1000 : 0);
        return (tsk_moment){(cx->now_ms - ms) / 1000, (int32_t)ms * 1000, zone};
    }
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (tsk_moment){t.tv_sec, (int32_t)(t.tv_nsec / 1000), zone};
}

static bool moment_of_int(int64_t n, const tsk_zone *zone, tsk_moment *out) {
    if (n > LARGEST_INT || n < -LARGEST_INT) return false;
    int64_t unit = n >= MILLISECONDS_FROM || n <= -MILLISECONDS_FROM ? 1000 : 1;
    int64_t rest = n % unit + (n % unit < 0 ? unit : 0);
    *out = (tsk_moment){(n - rest) / unit, (int32_t)(rest * 1000), zone};
    return tsk_moment_in_range(out->seconds);
}

static bool moment_of_number(tsk_value v, const tsk_zone *zone, tsk_moment *out) {
    if (tsk_is_int(v)) return moment_of_int(tsk_as_int(v), zone, out);
    double n = tsk_as_double(v);
    if (fabs(n) >= (double)MILLISECONDS_FROM) n /= 1000;
    if (!(fabs(n) < 3.2e12)) return false;
    int64_t micros = llround(n * 1e6), rest = micros % 1000000 + (micros % 1000000 < 0 ? 1000000 : 0);
    *out = (tsk_moment){(micros - rest) / 1000000, (int32_t)rest, zone};
    return tsk_moment_in_range(out->seconds);
}

bool tsk_arg_moment(const tsk_call *call, uint32_t i, const tsk_zone *zone, tsk_moment *out, tsk_date_shape *shape) {
    tsk_moment now = tsk_date_now(call->cx, zone);
    *shape = (tsk_date_shape){false, false};
    if (!tsk_arg_given(call, i)) {
        *out = now;
        return true;
    }
    tsk_value v = call->args[i];
    if (tsk_is_number(v) && moment_of_number(v, zone, out)) return true;
    if (tsk_is_str(v) && tsk_date_parse(tsk_slice_trim(tsk_as_slice(v)), &now, out, shape)) return true;
    return tsk_arg_wrong(call, i, "a date");
}

bool tsk_arg_zone(const tsk_call *call, uint32_t i, const tsk_zone **out) {
    *out = tsk_date_local_zone(call->cx);
    if (!tsk_arg_given(call, i)) return true;
    tsk_slice name;
    if (!tsk_arg_text(call, i, &name)) return false;
    *out = tsk_zone_find(name);
    if (*out) return true;
    tsk_arg_wrong(call, i, "a time zone");
    return tsk_op_hint(call->cx, "zones are named like \"Europe/Berlin\", \"UTC\" or \"+02:00\"");
}

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

/* One [+-]N unit from *at; M alone is months, m minutes. */
static bool read_step(const char **at, const char *end, int64_t *amount, tsk_date_unit *unit) {
    const char *p = *at;
    int sign = 1;
    while (p < end && (*p == ' ' || *p == '+' || *p == '-')) {
        if (*p == '-') sign = -sign;
        p++;
    }
    int64_t n = 0;
    int count = 0;
    for (; p < end && digit(*p) && count < 12; p++, count++) n = n * 10 + (*p - '0');
    while (p < end && *p == ' ') p++;
    const char *word = p;
    while (p < end && ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z')) p++;
    tsk_slice w = tsk_slice_from(word, (size_t)(p - word));
    if (!count || (p < end && *p != ' ' && *p != '+' && *p != '-' && !digit(*p))) return false;
    while (p < end && *p == ' ') p++;
    *amount = sign * n;
    *at = p;
    if (w.len == 0) {
        *unit = TSK_UNIT_DAY;
        return true;
    }
    if (w.len == 1 && *w.ptr == 'M') {
        *unit = TSK_UNIT_MONTH;
        return true;
    }
    return tsk_date_unit_find(w, unit);
}

static bool shift(const tsk_call *call, tsk_moment *moment, int sign, int64_t amount, tsk_date_unit unit,
                  tsk_date_shape *shape) {
    if (unit < TSK_UNIT_DAY) shape->date_only = false;
    if (amount == INT64_MIN) amount++; /* has no opposite; both are far outside */
    if (tsk_date_shift(moment, sign * amount, unit)) return true;
    return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: the result is outside the calendar", call->name);
}

bool tsk_arg_shift(const tsk_call *call, uint32_t i, int sign, tsk_moment *moment, tsk_date_shape *shape) {
    int64_t amount;
    tsk_date_unit unit;
    if (call->count > i + 1) { /* amount and unit as two arguments */
        tsk_slice word;
        if (!tsk_arg_int(call, i, &amount) || !tsk_arg_text(call, i + 1, &word)) return false;
        if (!tsk_date_unit_find(word, &unit)) return tsk_arg_wrong(call, i + 1, "a unit of time such as \"day\"");
        return shift(call, moment, sign, amount, unit, shape);
    }
    if (i < call->count && tsk_is_number(call->args[i]))
        return tsk_arg_int(call, i, &amount) && shift(call, moment, sign, amount, TSK_UNIT_DAY, shape);
    tsk_slice text;
    if (!tsk_arg_text(call, i, &text)) return false;
    text = tsk_slice_trim(text);
    const char *at = text.ptr, *end = at + text.len;
    do {
        if (!read_step(&at, end, &amount, &unit))
            return tsk_arg_wrong(call, i, "a duration such as \"1d\" or \"2 weeks\"");
        if (!shift(call, moment, sign, amount, unit, shape)) return false;
    } while (at < end);
    return true;
}

tsk_value tsk_date_text(tsk_op_context *cx, const tsk_moment *m, tsk_slice format) {
    tsk_buf text;
    tsk_buf_init(&text, cx->heap);
    tsk_date_format(&text, m, format);
    return tsk_str_take(&text);
}

tsk_value tsk_date_shaped(tsk_op_context *cx, const tsk_moment *m, tsk_date_shape shape) {
    return tsk_date_text(cx, m, shape.date_only ? TSK_DATE_ONLY : shape.iso ? TSK_SLICE("c") : TSK_DATE_TIME);
}
