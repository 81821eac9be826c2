/* The civil calendar and time zones: what the date operators of configurations and Date of functions share.
 *
 * The calendar is the proleptic Gregorian one; leap seconds do not exist. */
#ifndef TSK_ZONE_H
#define TSK_ZONE_H

#include "runtime/base/base.h"

/* ---- civil.c ---- */
int64_t tsk_days_from_civil(int64_t year, int64_t month,
                            int64_t day); /* since 1970; any month and day: they carry over */
void tsk_civil_from_days(int64_t days, int64_t *year, int32_t *month, int32_t *day); /* from 1 */
bool tsk_is_leap_year(int64_t year);
int tsk_days_in_month(int64_t year, int month);
int tsk_weekday_of(int64_t days);                        /* 0 = Sunday */
TSK_INLINE int64_t tsk_floor_div(int64_t a, int64_t b) { /* b > 0 */
    return a / b - (a % b < 0);
}

/* ---- timezone.c ---- */

/* Immutable, shared by all threads, kept until the process ends. */
typedef struct tsk_zone tsk_zone;

typedef struct tsk_zone_info {
    int32_t offset; /* seconds east of UTC */
    bool dst;
    const char *abbreviation;
} tsk_zone_info;

/* NULL: no such zone.  Names are "Europe/Berlin", "UTC", "Z", "+02:00", "UTC+2". */
const tsk_zone *tsk_zone_find(tsk_slice name);
/* $TZ as the C library reads it: a name, ":name", or a POSIX rule; NULL is /etc/localtime. */
const tsk_zone *tsk_zone_local(const char *tz);
const tsk_zone *tsk_zone_utc(void);
const char *tsk_zone_name(const tsk_zone *zone);
void tsk_zone_at(const tsk_zone *zone, int64_t utc, tsk_zone_info *out);
/* The moment of a local time; the first of two, and past the gap when the clock skipped it. */
int64_t tsk_zone_to_utc(const tsk_zone *zone, int64_t local);

#endif
