/* date(...) in its many shapes, the clock, and the operators that format and parse. */
#include "runtime/operators/date_read.h"

static const tsk_action date_actions[] = {
    {"add", TSK_OP_DATE_ADD},
    {"subtract", TSK_OP_DATE_SUBTRACT},
    {"sub", TSK_OP_DATE_SUBTRACT},
    {"diff", TSK_OP_DATE_DIFF},
    {"parse", TSK_OP_DATE_PARSE},
    {"validate", TSK_OP_DATE_VALID},
    {"valid", TSK_OP_DATE_VALID},
    {"format", TSK_OP_DATE_FORMAT},
    {"timezone", TSK_OP_FROM_TIMESTAMP},
    {"isleapyear", TSK_OP_IS_LEAP_YEAR},
    {"age", TSK_OP_AGE},
};

/* A text that is a zone and no date: date("H", "America/New_York"). */
static bool names_zone(tsk_value v) {
    if (!tsk_is_str(v)) return false;
    tsk_slice s = tsk_as_slice(v);
    bool named = memchr(s.ptr, '/', s.len) && s.len && (s.ptr[0] < '0' || s.ptr[0] > '9');
    return (named || tsk_slice_same(s, "utc") || tsk_slice_same(s, "gmt")) && tsk_zone_find(s);
}

/* date(when), where `when` is a relative text or a number. */
static bool date_of_moment(const tsk_call *call, tsk_value *out) {
    const tsk_zone *zone;
    tsk_moment m;
    tsk_date_shape shape;
    tsk_slice format;
    if (!tsk_arg_zone(call, 2, &zone) || !tsk_arg_moment(call, 0, zone, &m, &shape)) return false;
    if (!tsk_arg_given(call, 1)) {
        *out = tsk_date_shaped(call->cx, &m, shape);
        return true;
    }
    if (!tsk_arg_text(call, 1, &format)) return false;
    *out = tsk_date_text(call->cx, &m, format);
    return true;
}

/* date(format[, when[, zone]]) */
static bool date_formatted(const tsk_call *call, tsk_value *out) {
    const tsk_zone *zone;
    tsk_moment m;
    tsk_date_shape shape;
    tsk_slice format;
    bool zone_second = call->count == 2 && names_zone(call->args[1]);
    if (!tsk_arg_text_or(call, 0, TSK_DATE_TIME, &format)) return false;
    if (!tsk_arg_zone(call, zone_second ? 1 : 2, &zone)) return false;
    if (!tsk_arg_moment(call, zone_second ? 2 : 1, zone, &m, &shape)) return false;
    *out = tsk_date_text(call->cx, &m, format);
    return true;
}

TSK_OPERATOR(date) {
    TSK_CALL("date");
    if (count == 0) return date_formatted(&call, out);
    if (tsk_is_number(args[0])) return date_of_moment(&call, out);
    tsk_slice first;
    if (!tsk_arg_text_or(&call, 0, TSK_DATE_TIME, &first)) return false;
    if (count > 1) {
        const tsk_action *action = tsk_action_find(date_actions, TSK_COUNT(date_actions), first);
        if (action) return tsk_op_call(cx, action->number, args + 1, count - 1, out);
    }
    first = tsk_slice_trim(first);
    tsk_moment now = tsk_date_now(cx, tsk_zone_utc()), m;
    tsk_date_shape shape;
    bool go_layout = memmem(first.ptr, first.len, "2006", 4) != NULL; /* the reference year of a format */
    bool absolute = !go_layout && first.len > 7 && first.ptr[0] >= '0' && first.ptr[0] <= '9' &&
                    tsk_date_parse(first, &now, &m, &shape);
    if (tsk_date_is_relative(first) || absolute) return date_of_moment(&call, out);
    return date_formatted(&call, out);
}

/* ---- the clock ---- */

TSK_OPERATOR(now) {
    TSK_CALL("now");
    const tsk_zone *zone;
    if (!tsk_arg_zone(&call, 0, &zone)) return false;
    tsk_moment m = tsk_date_now(cx, zone);
    *out = tsk_date_text(cx, &m, TSK_DATE_TIME);
    return true;
}

TSK_OPERATOR(today) {
    TSK_CALL("today");
    const tsk_zone *zone;
    if (!tsk_arg_zone(&call, 0, &zone)) return false;
    tsk_moment m = tsk_date_now(cx, zone);
    *out = tsk_date_text(cx, &m, TSK_DATE_ONLY);
    return true;
}

TSK_OPERATOR(utc_now) {
    tsk_moment m = tsk_date_now(cx, tsk_zone_utc());
    *out = tsk_date_text(cx, &m, TSK_DATE_TIME);
    return true;
}

TSK_OPERATOR(time) {
    *out = tsk_int(cx->heap, tsk_date_now(cx, tsk_zone_utc()).seconds);
    return true;
}

TSK_OPERATOR(microtime) {
    tsk_moment m = tsk_date_now(cx, tsk_zone_utc());
    *out = tsk_from_double((double)m.seconds + (double)m.micros / 1e6);
    return true;
}

/* timestamp(), timestamp(date), timestamp(format[, date]) */
TSK_OPERATOR(timestamp) {
    TSK_CALL("timestamp");
    const tsk_zone *zone = tsk_date_local_zone(cx);
    tsk_moment m = tsk_date_now(cx, zone), parsed;
    tsk_date_shape shape;
    tsk_slice format;
    if (!tsk_arg_given(&call, 0)) {
        *out = tsk_int(cx->heap, m.seconds);
        return true;
    }
    if (count == 1 &&
        (!tsk_is_str(args[0]) || tsk_date_parse(tsk_slice_trim(tsk_as_slice(args[0])), &m, &parsed, &shape))) {
        if (!tsk_arg_moment(&call, 0, zone, &m, &shape)) return false;
        *out = tsk_int(cx->heap, m.seconds);
        return true;
    }
    if (!tsk_arg_text(&call, 0, &format) || !tsk_arg_moment(&call, 1, zone, &m, &shape)) return false;
    *out = tsk_date_text(cx, &m, format);
    return true;
}

TSK_OPERATOR(iso) {
    TSK_CALL("iso");
    tsk_moment m;
    tsk_date_shape shape;
    if (!tsk_arg_moment(&call, 0, tsk_date_local_zone(cx), &m, &shape)) return false;
    *out = tsk_date_text(cx, &m, TSK_SLICE("c"));
    return true;
}

/* The name of the local zone, or the time now in another. */
TSK_OPERATOR(timezone) {
    TSK_CALL("timezone");
    const tsk_zone *zone;
    if (!tsk_arg_zone(&call, 0, &zone)) return false;
    tsk_moment m = tsk_date_now(cx, zone);
    *out = tsk_arg_given(&call, 0) ? tsk_date_text(cx, &m, TSK_DATE_TIME) : tsk_str_cstr(cx->heap, tsk_zone_name(zone));
    return true;
}

TSK_OPERATOR(date_now) {
    TSK_CALL("date.now");
    const tsk_zone *zone;
    tsk_slice format;
    if (!tsk_arg_text_or(&call, 0, TSK_DATE_TIME, &format) || !tsk_arg_zone(&call, 1, &zone)) return false;
    tsk_moment m = tsk_date_now(cx, zone);
    *out = tsk_date_text(cx, &m, format);
    return true;
}

/* ---- between texts and numbers ---- */

/* date_format(date, format[, zone]); the two may be swapped; date_format(format) is of now. */
TSK_OPERATOR(date_format) {
    TSK_CALL("date_format");
    const tsk_zone *zone;
    if (!tsk_arg_zone(&call, 2, &zone)) return false;
    tsk_moment m = tsk_date_now(cx, zone), parsed;
    tsk_date_shape shape;
    tsk_value swapped[2];
    bool first_is_date = !tsk_is_str(args[0]) ||
                         tsk_date_parse(tsk_slice_trim(tsk_as_slice(args[0])), &m, &parsed, &shape);
    swapped[0] = first_is_date ? args[0] : count > 1 ? args[1] : TSK_VALUE_NULL;
    swapped[1] = first_is_date ? (count > 1 ? args[1] : TSK_VALUE_NULL) : args[0];
    const tsk_call ordered = {cx, call.name, swapped, 2};
    tsk_slice format;
    if (!tsk_arg_moment(&ordered, 0, zone, &m, &shape) || !tsk_arg_text_or(&ordered, 1, TSK_DATE_TIME, &format))
        return false;
    *out = tsk_date_text(cx, &m, format);
    return true;
}

TSK_OPERATOR(date_parse) {
    TSK_CALL("date_parse");
    const tsk_zone *zone;
    tsk_moment m;
    tsk_date_shape shape;
    if (!tsk_arg_zone(&call, 1, &zone) || !tsk_arg_moment(&call, 0, zone, &m, &shape)) return false;
    *out = tsk_int(cx->heap, m.seconds);
    return true;
}

TSK_OPERATOR(date_validate) {
    tsk_moment now = tsk_date_now(cx, tsk_zone_utc()), m;
    tsk_date_shape shape;
    *out = tsk_from_bool(count > 0 && tsk_is_str(args[0]) &&
                         tsk_date_parse(tsk_slice_trim(tsk_as_slice(args[0])), &now, &m, &shape));
    return true;
}

/* A date shown in a zone. */
TSK_OPERATOR(from_timestamp) {
    TSK_CALL("from_timestamp");
    const tsk_zone *zone;
    tsk_moment m;
    tsk_date_shape shape;
    if (!tsk_arg_zone(&call, 1, &zone) || !tsk_arg_moment(&call, 0, tsk_date_local_zone(cx), &m, &shape)) return false;
    m.zone = zone;
    *out = tsk_date_text(cx, &m, TSK_DATE_TIME);
    return true;
}

/* "in 3 days", "2 hours ago" */
TSK_OPERATOR(from_now) {
    TSK_CALL("from_now");
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{31557600, "year"}, {2629800, "month"}, {86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    tsk_moment m;
    tsk_date_shape shape;
    if (!tsk_arg_moment(&call, 0, tsk_date_local_zone(cx), &m, &shape)) return false;
    int64_t distance = m.seconds - tsk_date_now(cx, m.zone).seconds, size = distance < 0 ? -distance : distance;
    size_t u = 0;
    while (u + 1 < TSK_COUNT(units) && size < units[u].seconds) u++;
    int64_t n = size / units[u].seconds;
    const char *text = n == 0 ? "just now"
                              : tsk_arena_printf(cx->heap, "%s%lld %s%s%s", distance > 0 ? "in " : "", (long long)n,
                                                 units[u].name, n == 1 ? "" : "s", distance > 0 ? "" : " ago");
    *out = tsk_str_cstr(cx->heap, text);
    return true;
}

bool tsk_duration_parse(tsk_slice text, int64_t *ms) {
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};
    text = tsk_slice_trim(text);
    int64_t n = 0;
    uint32_t i = 0;
    for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9' && i < 12; i++) n = n * 10 + (text.ptr[i] - '0');
    tsk_slice unit = {text.ptr + i, text.len - i};
    for (size_t u = 0; i && u < TSK_COUNT(units); u++)
        if (tsk_slice_same(unit, units[u].unit)) return !__builtin_mul_overflow(n, units[u].ms, ms);
    return false;
}

/* Seconds in "5m"; fractions only for milliseconds. */
TSK_OPERATOR(parse_duration) {
    TSK_CALL("parse_duration");
    tsk_slice text;
    int64_t ms;
    if (!tsk_arg_text(&call, 0, &text)) return false;
    if (!tsk_duration_parse(text, &ms)) return tsk_arg_wrong(&call, 0, "a duration such as \"5m\" or \"250ms\"");
    *out = ms % 1000 ? tsk_from_double((double)ms / 1000) : tsk_int(cx->heap, ms / 1000);
    return true;
}
