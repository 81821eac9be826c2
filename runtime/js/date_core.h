/* Dates of functions: time values, calendar fields, local time, texts.  Pure functions of doubles, but for the local
 * time zone, which is read once a process.
 *
 *   time value (ms since 1970 UTC, NaN: invalid) ◄─► fields (UTC or local) ─► text;   text ─► time value
 */
#ifndef TSK_JS_DATE_CORE_H
#define TSK_JS_DATE_CORE_H

#include "runtime/js/number_text.h"

enum {
    TSK_JS_YEAR,
    TSK_JS_MONTH, /* from 0 */
    TSK_JS_DAY,   /* of the month, from 1 */
    TSK_JS_HOURS,
    TSK_JS_MINUTES,
    TSK_JS_SECONDS,
    TSK_JS_MILLISECONDS,
    TSK_JS_WEEKDAY, /* 0 = Sunday; not read when fields become a time */
    TSK_JS_DATE_FIELDS
};

/* `t` is finite; of a local time for local fields. */
void tsk_js_date_split(double t, double fields[TSK_JS_DATE_FIELDS]);
/* MakeDate(MakeDay, MakeTime) of fields that may be out of range or not finite: NaN then. */
double tsk_js_date_join(const double fields[TSK_JS_MILLISECONDS + 1]);
double tsk_js_time_clip(double t);
double tsk_js_local_time(double utc);
double tsk_js_utc_time(double local);
double tsk_js_date_now(void); /* of the clock */

/* Date.parse: the ISO format, then the free forms that V8 reads. */
double tsk_js_date_parse(tsk_js_units text);

typedef enum tsk_js_date_style {
    TSK_JS_DATE_ISO,         /* 2024-01-05T10:00:00.000Z */
    TSK_JS_DATE_FULL,        /* Fri Jan 05 2024 10:00:00 GMT+0100 (CET) */
    TSK_JS_DATE_DATE,        /* Fri Jan 05 2024 */
    TSK_JS_DATE_TIME,        /* 10:00:00 GMT+0100 (CET) */
    TSK_JS_DATE_UTC,         /* Fri, 05 Jan 2024 10:00:00 GMT */
    TSK_JS_DATE_LOCALE,      /* 1/5/2024, 10:00:00 AM */
    TSK_JS_DATE_LOCALE_DATE, /* 1/5/2024 */
    TSK_JS_DATE_LOCALE_TIME  /* 10:00:00 AM */
} tsk_js_date_style;
enum { TSK_JS_DATE_ROOM = 128 };
/* The length is returned; nothing is terminated.  "Invalid Date" for NaN. */
size_t tsk_js_date_text(double t, tsk_js_date_style style, char out[TSK_JS_DATE_ROOM]);

#endif
