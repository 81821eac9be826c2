/* Dates of functions in UTC: fields, texts, and what Date.parse reads.  The expectations are Node's;
 * test/differential/numbers.mjs compares many more, in any zone. */
#include "runtime/js/date_core.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

static void utc(void) {
    setenv("TZ", "UTC", 1);
}

static double parse(const char *text) {
    return tsk_js_date_parse((tsk_js_units){text, strlen(text), false});
}

static void reads(const char *text, const char *want) {
    char out[TSK_JS_DATE_ROOM];
    size_t n = tsk_js_date_text(parse(text), TSK_JS_DATE_ISO, out);
    cr_expect(n == strlen(want) && memcmp(out, want, n) == 0, "%s: %.*s, not %s", text, (int)n, out, want);
}
#define INVALID "Invalid Date"

Test(js_date, iso, .init = utc) {
    reads("2024", "2024-01-01T00:00:00.000Z");
    reads("2024-02-30", "2024-03-01T00:00:00.000Z");
    reads("2024-13-01", INVALID);
    reads("2024-01-01T24:00:00Z", "2024-01-02T00:00:00.000Z");
    reads("2024-01-01T24:00:01Z", INVALID);
    reads("2024-01-01T10:00:00.1234567Z", "2024-01-01T10:00:00.123Z");
    reads("+275760-09-13T00:00:00.000Z", "+275760-09-13T00:00:00.000Z");
    reads("+275760-09-13T00:00:00.001Z", INVALID);
    reads("-000001-01-01", "-000001-01-01T00:00:00.000Z");
    reads("2020-06-15T10:00+0200", "2020-06-15T08:00:00.000Z");
    reads("2020-06-15T10", INVALID);
}

Test(js_date, free_forms, .init = utc) {
    reads("Fri Jan 05 2024 10:00:00 GMT+0200 (CEST)", "2024-01-05T08:00:00.000Z");
    reads("January 1, 2020 12:30:45.678 EST", "2020-01-01T17:30:45.678Z");
    reads("2024/01/02 3:04 PM", "2024-01-02T15:04:00.000Z");
    reads("1/2/60", "1960-01-02T00:00:00.000Z");
    reads("Sat, 1-Jan-2000 08:00:00 UT", "2000-01-01T08:00:00.000Z");
    reads("2020-06-15 10:00 +0530", "2020-06-15T04:30:00.000Z");
    reads("Jan 1 2000 13:00 pm", INVALID);
    reads("Jan 1 2000 12am", INVALID);
    reads("20200615", INVALID);
    reads("", INVALID);
    reads("12", "2001-12-01T00:00:00.000Z");
}

static void writes(double t, tsk_js_date_style style, const char *want) {
    char out[TSK_JS_DATE_ROOM];
    size_t n = tsk_js_date_text(t, style, out);
    cr_expect(n == strlen(want) && memcmp(out, want, n) == 0, "%.*s, not %s", (int)n, out, want);
}

Test(js_date, texts, .init = utc) {
    double t = 1704449045006.0;
    writes(t, TSK_JS_DATE_ISO, "2024-01-05T10:04:05.006Z");
    writes(t, TSK_JS_DATE_FULL, "Fri Jan 05 2024 10:04:05 GMT+0000 (Coordinated Universal Time)");
    writes(t, TSK_JS_DATE_UTC, "Fri, 05 Jan 2024 10:04:05 GMT");
    writes(t, TSK_JS_DATE_LOCALE, "1/5/2024, 10:04:05 AM");
    writes(-62198755200000.0, TSK_JS_DATE_ISO, "-000001-01-01T00:00:00.000Z");
    writes(-62198755200000.0, TSK_JS_DATE_DATE, "Fri Jan 01 -0001");
    writes(NAN, TSK_JS_DATE_UTC, INVALID);
}

Test(js_date, fields) {
    double f[TSK_JS_DATE_FIELDS];
    tsk_js_date_split(-1, f);
    cr_expect_eq(f[TSK_JS_YEAR], 1969);
    cr_expect_eq(f[TSK_JS_MILLISECONDS], 999);
    cr_expect_eq(f[TSK_JS_WEEKDAY], 3);
    const double carried[] = {2023, 13, 31, 25, -1, 61, 0.9};
    cr_expect_eq(tsk_js_date_join(carried), 1709427601000.0);
    const double far[] = {1e300, 0, 1, 0, 0, 0, 0}, bad[] = {2024, NAN, 1, 0, 0, 0, 0};
    cr_expect(isnan(tsk_js_date_join(far)));
    cr_expect(isnan(tsk_js_date_join(bad)));
    cr_expect(isnan(tsk_js_time_clip(8.64e15 + 1)));
    cr_expect_eq(tsk_js_time_clip(8.64e15), 8.64e15);
    cr_expect(!signbit(tsk_js_time_clip(-0.5)));
}

Test(js_date, a_zone_with_summer_time) {
    setenv("TZ", "Europe/Berlin", 1);
    cr_expect_eq(tsk_js_local_time(1704449045006.0), 1704449045006.0 + 3600000);
    cr_expect_eq(tsk_js_utc_time(1720000000123.0), 1720000000123.0 - 7200000);
    /* 2024-03-31 02:30 does not exist, 2024-10-27 02:30 is there twice */
    cr_expect_eq(tsk_js_utc_time(1711852200000.0), 1711848600000.0);
    cr_expect_eq(tsk_js_utc_time(1729996200000.0), 1729989000000.0);
}
