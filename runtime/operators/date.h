/* Dates: moments, the civil calendar, time zones, and texts of both.
 *
 *   text or number ──date_parse.c──► tsk_moment ──date_format.c──► text
 *                                      │  ▲
 *           base/timezone.c: offset of a moment, moment of a local time
 *
 * The calendar is the proleptic Gregorian one; leap seconds do not exist. */
#ifndef TSK_DATE_H
#define TSK_DATE_H

#include "runtime/base/zone.h"
#include "runtime/operators/operator.h"

typedef struct tsk_moment {
    int64_t seconds; /* since 1970 UTC */
    int32_t micros;  /* 0 to 999999 */
    const tsk_zone *zone;
} tsk_moment;

typedef struct tsk_civil {
    int64_t year;
    int32_t month, day; /* from 1 */
    int32_t hour, minute, second, micros;
    int32_t weekday; /* 0 = Sunday */
    int32_t yearday; /* from 0 */
    tsk_zone_info zone;
} tsk_civil;

/* How a text was written, which decides how a date made from it is shown. */
typedef struct tsk_date_shape {
    bool date_only; /* no time of day in it, and none kept from now */
    bool iso;       /* 2024-01-31T10:00:00 */
} tsk_date_shape;

/* Years a moment may lie in. */
#define TSK_YEAR_MAX 99999

/* calendar.c */
tsk_civil tsk_civil_of(const tsk_moment *moment);
/* Local time fields, which may be out of range and carry over, in the zone of the result. */
tsk_moment tsk_moment_of(const tsk_civil *civil, const tsk_zone *zone);
void tsk_iso_week(const tsk_civil *civil, int64_t *year, int *week);
bool tsk_moment_in_range(int64_t seconds);
/* Monday to Friday counted; from a weekend, from its near edge. */
void tsk_civil_add_weekdays(tsk_civil *c, int64_t amount);

/* date_parse.c */
bool tsk_date_parse(tsk_slice text, const tsk_moment *now, tsk_moment *out, tsk_date_shape *shape);
/* Begins like a relative date ("+1 day", "next monday", "now"), so it is no format. */
bool tsk_date_is_relative(tsk_slice text);
typedef enum tsk_date_unit {
    TSK_UNIT_MILLISECOND,
    TSK_UNIT_SECOND,
    TSK_UNIT_MINUTE,
    TSK_UNIT_HOUR,
    TSK_UNIT_DAY,
    TSK_UNIT_WEEK,
    TSK_UNIT_MONTH,
    TSK_UNIT_QUARTER,
    TSK_UNIT_YEAR,
    TSK_UNIT_WEEKDAY /* Monday to Friday */
} tsk_date_unit;
/* "day", "days", "d", "mins" ...; m is minutes. */
bool tsk_date_unit_find(tsk_slice word, tsk_date_unit *unit);

/* calendar.c.  Months and years keep the day where the month has it, else its last day. */
bool tsk_date_shift(tsk_moment *moment, int64_t amount, tsk_date_unit unit);

extern const char *const tsk_month_names[12];
extern const char *const tsk_day_names[7]; /* from Sunday */

/* date_format.c: PHP letters, or strftime, moment.js, Go layout when the format looks like one. */
void tsk_date_format(tsk_buf *out, const tsk_moment *moment, tsk_slice format);

#endif
