/* Time values, fields, local time and the texts made from them.  Reading texts: date_text.c. */
#include "runtime/js/date_core.h"

#include "runtime/base/zone.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MS_DAY 86400000.0
#define MAX_TIME 8.64e15

/* ---- fields ---- */

void tsk_js_date_split(double t, double fields[TSK_JS_DATE_FIELDS]) {
    double days = floor(t / MS_DAY);
    int64_t year, rest = (int64_t)(t - days * MS_DAY);
    int32_t month, day;
    tsk_civil_from_days((int64_t)days, &year, &month, &day);
    fields[TSK_JS_YEAR] = (double)year;
    fields[TSK_JS_MONTH] = month - 1;
    fields[TSK_JS_DAY] = day;
    fields[TSK_JS_HOURS] = (double)(rest / 3600000);
    fields[TSK_JS_MINUTES] = (double)(rest / 60000 % 60);
    fields[TSK_JS_SECONDS] = (double)(rest / 1000 % 60);
    fields[TSK_JS_MILLISECONDS] = (double)(rest % 1000);
    fields[TSK_JS_WEEKDAY] = tsk_weekday_of((int64_t)days);
}

double tsk_js_date_join(const double f[TSK_JS_MILLISECONDS + 1]) {
    double whole[TSK_JS_MILLISECONDS + 1];
    for (int i = 0; i <= TSK_JS_MILLISECONDS; i++) {
        if (!isfinite(f[i])) return NAN;
        whole[i] = trunc(f[i]);
    }
    double year = whole[TSK_JS_YEAR] + floor(whole[TSK_JS_MONTH] / 12);
    double month = whole[TSK_JS_MONTH] - 12 * floor(whole[TSK_JS_MONTH] / 12);
    if (fabs(year) > 400000 || fabs(whole[TSK_JS_MONTH]) > 1e9) return NAN;
    double day = (double)tsk_days_from_civil((int64_t)year, (int64_t)month + 1, 1) + whole[TSK_JS_DAY] - 1;
    double time = whole[TSK_JS_HOURS] * 3600000 + whole[TSK_JS_MINUTES] * 60000 + whole[TSK_JS_SECONDS] * 1000 +
                  whole[TSK_JS_MILLISECONDS];
    double result = day * MS_DAY + time;
    return isfinite(result) ? result : NAN;
}

double tsk_js_time_clip(double t) {
    return fabs(t) <= MAX_TIME ? trunc(t) + 0.0 : NAN;
}

/* ---- the local zone ---- */

static const tsk_zone *local_zone(void) {
    static _Atomic(const tsk_zone *) known;
    const tsk_zone *zone = atomic_load_explicit(&known, memory_order_acquire);
    if (!zone) {
        zone = tsk_zone_local(getenv("TZ"));
        atomic_store_explicit(&known, zone, memory_order_release);
    }
    return zone;
}

static tsk_zone_info zone_at(double utc) {
    tsk_zone_info info;
    tsk_zone_at(local_zone(), (int64_t)floor(utc / 1000), &info);
    return info;
}

double tsk_js_local_time(double utc) {
    return isfinite(utc) ? utc + zone_at(utc).offset * 1000.0 : NAN;
}

double tsk_js_utc_time(double local) {
    if (!(fabs(local) <= MAX_TIME + MS_DAY)) return NAN;
    double seconds = floor(local / 1000);
    return (double)tsk_zone_to_utc(local_zone(), (int64_t)seconds) * 1000 + (local - seconds * 1000);
}

double tsk_js_date_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec * 1000 + (double)(now.tv_nsec / 1000000);
}

/* ---- texts ---- */

static const char day_names[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char month_names[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* English names of common zones, by abbreviation and minutes from UTC; the others show what the system's database has. */
static const char *zone_name(const tsk_zone_info *zone) {
    static const struct {
        char abbreviation[5];
        int16_t minutes;
        const char *name;
    } names[] = {{"UTC", 0, "Coordinated Universal Time"},
                 {"GMT", 0, "Greenwich Mean Time"},
                 {"WET", 0, "Western European Standard Time"},
                 {"BST", 60, "British Summer Time"},
                 {"WEST", 60, "Western European Summer Time"},
                 {"CET", 60, "Central European Standard Time"},
                 {"IST", 60, "Irish Standard Time"},
                 {"WAT", 60, "West Africa Time"},
                 {"CEST", 120, "Central European Summer Time"},
                 {"EET", 120, "Eastern European Standard Time"},
                 {"IST", 120, "Israel Standard Time"},
                 {"SAST", 120, "South Africa Standard Time"},
                 {"CAT", 120, "Central Africa Time"},
                 {"EEST", 180, "Eastern European Summer Time"},
                 {"IDT", 180, "Israel Daylight Time"},
                 {"MSK", 180, "Moscow Standard Time"},
                 {"EAT", 180, "East Africa Time"},
                 {"PKT", 300, "Pakistan Standard Time"},
                 {"IST", 330, "India Standard Time"},
                 {"WIB", 420, "Western Indonesia Time"},
                 {"CST", 480, "China Standard Time"},
                 {"HKT", 480, "Hong Kong Standard Time"},
                 {"PST", 480, "Philippine Standard Time"},
                 {"AWST", 480, "Australian Western Standard Time"},
                 {"JST", 540, "Japan Standard Time"},
                 {"KST", 540, "Korean Standard Time"},
                 {"ACST", 570, "Australian Central Standard Time"},
                 {"AEST", 600, "Australian Eastern Standard Time"},
                 {"ACDT", 630, "Australian Central Daylight Time"},
                 {"AEDT", 660, "Australian Eastern Daylight Time"},
                 {"NZST", 720, "New Zealand Standard Time"},
                 {"NZDT", 780, "New Zealand Daylight Time"},
                 {"NDT", -150, "Newfoundland Daylight Time"},
                 {"NST", -210, "Newfoundland Standard Time"},
                 {"ADT", -180, "Atlantic Daylight Time"},
                 {"AST", -240, "Atlantic Standard Time"},
                 {"EDT", -240, "Eastern Daylight Time"},
                 {"EST", -300, "Eastern Standard Time"},
                 {"CDT", -300, "Central Daylight Time"},
                 {"CST", -360, "Central Standard Time"},
                 {"MDT", -360, "Mountain Daylight Time"},
                 {"MST", -420, "Mountain Standard Time"},
                 {"PDT", -420, "Pacific Daylight Time"},
                 {"PST", -480, "Pacific Standard Time"},
                 {"AKDT", -480, "Alaska Daylight Time"},
                 {"AKST", -540, "Alaska Standard Time"},
                 {"HST", -600, "Hawaii-Aleutian Standard Time"}};
    for (size_t i = 0; i < TSK_COUNT(names); i++)
        if (names[i].minutes * 60 == zone->offset && strcmp(names[i].abbreviation, zone->abbreviation) == 0)
            return names[i].name;
    return zone->abbreviation;
}

/* The fields of one text as integers. */
typedef struct parts {
    int year, month, day, hours, minutes, seconds, ms, weekday;
    tsk_zone_info zone;
} parts;

static parts parts_of(double t, bool local) {
    double f[TSK_JS_DATE_FIELDS];
    parts p = {.zone = {0, false, "UTC"}};
    if (local) p.zone = zone_at(t);
    tsk_js_date_split(t + p.zone.offset * 1000.0, f);
    p.year = (int)f[TSK_JS_YEAR];
    p.month = (int)f[TSK_JS_MONTH];
    p.day = (int)f[TSK_JS_DAY];
    p.hours = (int)f[TSK_JS_HOURS];
    p.minutes = (int)f[TSK_JS_MINUTES];
    p.seconds = (int)f[TSK_JS_SECONDS];
    p.ms = (int)f[TSK_JS_MILLISECONDS];
    p.weekday = (int)f[TSK_JS_WEEKDAY];
    return p;
}

static int put_iso(char *out, size_t room, const parts *p) {
    const char *format = p->year < 0      ? "-%06d-%02d-%02dT%02d:%02d:%02d.%03dZ"
                         : p->year > 9999 ? "+%06d-%02d-%02dT%02d:%02d:%02d.%03dZ"
                                          : "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    return snprintf(out, room, format, abs(p->year), p->month + 1, p->day, p->hours, p->minutes, p->seconds, p->ms);
#pragma GCC diagnostic pop
}

static int put_date(char *out, size_t room, const parts *p) {
    return snprintf(out, room, "%s %s %02d %s%04d", day_names[p->weekday], month_names[p->month], p->day,
                    p->year < 0 ? "-" : "", abs(p->year));
}

static int put_time(char *out, size_t room, const parts *p) {
    int minutes = abs(p->zone.offset) / 60;
    return snprintf(out, room, "%02d:%02d:%02d GMT%c%02d%02d (%s)", p->hours, p->minutes, p->seconds,
                    p->zone.offset < 0 ? '-' : '+', minutes / 60, minutes % 60, zone_name(&p->zone));
}

static int put_locale_date(char *out, size_t room, const parts *p) {
    int year = p->year < 1 ? 1 - p->year : p->year; /* before Christ: there is no year 0 */
    return snprintf(out, room, "%d/%d/%d", p->month + 1, p->day, year);
}

static int put_locale_time(char *out, size_t room, const parts *p) {
    int hour = p->hours % 12;
    return snprintf(out, room, "%d:%02d:%02d %s", hour ? hour : 12, p->minutes, p->seconds,
                    p->hours < 12 ? "AM" : "PM");
}

size_t tsk_js_date_text(double t, tsk_js_date_style style, char out[TSK_JS_DATE_ROOM]) {
    size_t room = TSK_JS_DATE_ROOM;
    int n;
    if (t != t) return (size_t)snprintf(out, room, "Invalid Date");
    parts p = parts_of(t, style != TSK_JS_DATE_ISO && style != TSK_JS_DATE_UTC);
    switch (style) {
    case TSK_JS_DATE_ISO: n = put_iso(out, room, &p); break;
    case TSK_JS_DATE_FULL:
        n = put_date(out, room, &p);
        out[n++] = ' ';
        n += put_time(out + n, room - (size_t)n, &p);
        break;
    case TSK_JS_DATE_DATE: n = put_date(out, room, &p); break;
    case TSK_JS_DATE_TIME: n = put_time(out, room, &p); break;
    case TSK_JS_DATE_UTC:
        n = snprintf(out, room, "%s, %02d %s %s%04d %02d:%02d:%02d GMT", day_names[p.weekday], p.day,
                     month_names[p.month], p.year < 0 ? "-" : "", abs(p.year), p.hours, p.minutes, p.seconds);
        break;
    case TSK_JS_DATE_LOCALE:
        n = put_locale_date(out, room, &p);
        n += snprintf(out + n, room - (size_t)n, ", ");
        n += put_locale_time(out + n, room - (size_t)n, &p);
        break;
    case TSK_JS_DATE_LOCALE_DATE: n = put_locale_date(out, room, &p); break;
    default: n = put_locale_time(out, room, &p); break;
    }
    return (size_t)n;
}
