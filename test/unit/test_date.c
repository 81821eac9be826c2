/* Dates: parsing, formatting, time zones with their changes, and arithmetic. */
#include "test/unit/operator_rows.h"

/* Monday 15 January 2024, 14:30:45.678 UTC */
#define NOW 1705329045678

static void check_at(const char *zone, const row *rows, size_t count) {
    bench b;
    char text[64];
    snprintf(text, sizeof text, "TZ=%s", zone);
    const char *env[] = {text, NULL};
    bench_open(&b, env);
    b.cx.now_ms = NOW;
    check_rows(&b, rows, count);
    bench_close(&b);
}

Test(date, php_letters) {
    static const row rows[] = {
        {"date", "[]", "\"2024-01-15 14:30:45\""},
        {"date", "[\"Y-m-d H:i:s\"]", "\"2024-01-15 14:30:45\""},
        {"date", "[\"d D j l N S w z\"]", "\"15 Mon 15 Monday 1 th 1 14\""},
        {"date", "[\"W F m M n t L o Y y\"]", "\"03 January 01 Jan 1 31 1 2024 2024 24\""},
        {"date", "[\"a A B g G h H i s u v\"]", "\"pm PM 646 2 14 02 14 30 45 678000 678\""},
        {"date", "[\"e I O P p T Z\"]", "\"UTC 0 +0000 +00:00 Z UTC 0\""},
        {"date", "[\"c\"]", "\"2024-01-15T14:30:45+00:00\""},
        {"date", "[\"r\"]", "\"Mon, 15 Jan 2024 14:30:45 +0000\""},
        {"date", "[\"U\"]", "\"1705329045\""},
        {"date", "[\"\\\\Y\\\\e\\\\a\\\\r: Y\"]", "\"Year: 2024\""},
        {"date", "[\"jS\", \"2024-01-01\"]", "\"1st\""},
        {"date", "[\"jS\", \"2024-01-02\"]", "\"2nd\""},
        {"date", "[\"jS\", \"2024-01-03\"]", "\"3rd\""},
        {"date", "[\"jS\", \"2024-01-12\"]", "\"12th\""},
        {"date", "[\"jS\", \"2024-01-21\"]", "\"21st\""},
        {"date", "[\"g A\", \"2024-01-01 00:05\"]", "\"12 AM\""},
        {"date", "[\"N w\", \"2024-01-14\"]", "\"7 0\""},
    };
    check_at("UTC", rows, sizeof rows / sizeof *rows);
}

Test(date, other_notations) {
    static const row rows[] = {
        {"date", "[\"%Y-%m-%d %H:%M:%S\"]", "\"2024-01-15 14:30:45\""},
        {"date", "[\"%A %B %-d, %j %p %%\"]", "\"Monday January 15, 015 PM %\""},
        {"date", "[\"YYYY-MM-DD HH:mm:ss.SSS\"]", "\"2024-01-15 14:30:45.678\""},
        {"date", "[\"dddd, MMMM Do YYYY [at] h:mm A\"]", "\"Monday, January 15th 2024 at 2:30 PM\""},
        {"date", "[\"DD.MM.YY\"]", "\"15.01.24\""},
        {"date", "[\"2006-01-02 15:04:05\"]", "\"2024-01-15 14:30:45\""},
        {"date", "[\"Mon Jan _2 15:04:05 MST 2006\"]", "\"Mon Jan 15 14:30:45 UTC 2024\""},
        {"date", "[\"2006-01-02T15:04:05.000Z07:00\"]", "\"2024-01-15T14:30:45.678Z\""},
        {"date", "[\"iso8601\"]", "\"2024-01-15T14:30:45+00:00\""},
    };
    check_at("UTC", rows, sizeof rows / sizeof *rows);
}

Test(date, iso_weeks) {
    static const row rows[] = {
        {"date", "[\"o-W\", \"2021-01-03\"]", "\"2020-53\""},
        {"date", "[\"o-W\", \"2021-01-04\"]", "\"2021-01\""},
        {"date", "[\"o-W\", \"2024-12-30\"]", "\"2025-01\""},
        {"date", "[\"o-W\", \"2016-01-01\"]", "\"2015-53\""},
        {"date", "[\"Y-m-d\", \"2024-W01-1\"]", "\"2024-01-01\""},
        {"date", "[\"Y-m-d\", \"2020-W53-7\"]", "\"2021-01-03\""},
        {"date", "[\"z t L\", \"2024-12-31\"]", "\"365 31 1\""},
        {"date", "[\"z t L\", \"2023-02-01\"]", "\"31 28 0\""},
        {"date", "[\"t L\", \"1900-02-01\"]", "\"28 0\""},
        {"date", "[\"t L\", \"2000-02-01\"]", "\"29 1\""},
    };
    check_at("UTC", rows, sizeof rows / sizeof *rows);
}

Test(date, relative_words) {
    static const row rows[] = {
        {"date", "[\"now\"]", "\"2024-01-15 14:30:45\""},
        {"date", "[\"today\"]", "\"2024-01-15\""},
        {"date", "[\"tomorrow\"]", "\"2024-01-16\""},
        {"date", "[\"yesterday\"]", "\"2024-01-14\""},
        {"date", "[\"+1 day\"]", "\"2024-01-16 14:30:45\""},
        {"date", "[\"-2 weeks\"]", "\"2024-01-01 14:30:45\""},
        {"date", "[\"next monday\"]", "\"2024-01-22\""},
        {"date", "[\"last friday\"]", "\"2024-01-12\""},
        {"date", "[\"Y-m-d\", \"monday\"]", "\"2024-01-15\""},
        {"date", "[\"Y-m-d\", \"monday next week\"]", "\"2024-01-22\""},
        {"date", "[\"Y-m-d\", \"sunday this week\"]", "\"2024-01-21\""},
        {"date", "[\"Y-m-d\", \"first day of next month\"]", "\"2024-02-01\""},
        {"date", "[\"Y-m-d\", \"last day of month\"]", "\"2024-01-31\""},
        {"date", "[\"Y-m-d\", \"last day of next month\"]", "\"2024-02-29\""},
        {"date", "[\"Y-m-d\", \"first monday of january 2025\"]", "\"2025-01-06\""},
        {"date", "[\"Y-m-d\", \"last friday of march 2024\"]", "\"2024-03-29\""},
        {"date", "[\"Y-m-d H:i\", \"tomorrow noon\"]", "\"2024-01-16 12:00\""},
        {"date", "[\"Y-m-d H:i\", \"yesterday 14:30\"]", "\"2024-01-14 14:30\""},
        {"date", "[\"Y-m-d\", \"2 weeks ago\"]", "\"2024-01-01\""},
        {"date", "[\"Y-m-d\", \"+3 weekdays\"]", "\"2024-01-18\""},
        {"date", "[\"Y-m-d\", \"2024-01-31 +1 month\"]", "\"2024-03-02\""},
        {"date", "[\"Y-m-d\", \"@0\"]", "\"1970-01-01\""},
        {"date", "[\"Y-m-d\", \"@-86400\"]", "\"1969-12-31\""},
        {"date", "[\"Y-m-d\", 1700000000]", "\"2023-11-14\""},
        {"date", "[\"Y-m-d H:i:s.v\", 1700000000123]", "\"2023-11-14 22:13:20.123\""},
        {"date", "[\"Y-m-d\", \"no date\"]", "!argument 2 must be a date, got string \"no date\""},
        {"date", "[\"Y-m-d\", \"2024-02-30\"]", "!must be a date"},
        {"date", "[\"Y-m-d\", true]", "!must be a date"},
    };
    check_at("UTC", rows, sizeof rows / sizeof *rows);
}

Test(date, written_dates) {
    static const row rows[] = {
        {"strtotime", "[\"1970-01-01 00:00:10\"]", "10"},
        {"strtotime", "[\"2024-01-15T10:30:00Z\"]", "1705314600"},
        {"strtotime", "[\"2024-01-15T10:30:00.5+05:30\"]", "1705294800"},
        {"strtotime", "[\"20240115T103000\"]", "1705314600"},
        {"strtotime", "[\"15 January 2024 10:30\"]", "1705314600"},
        {"strtotime", "[\"January 15, 2024 10:30am\"]", "1705314600"},
        {"strtotime", "[\"1/15/2024 10:30\"]", "1705314600"},
        {"strtotime", "[\"15.1.2024 10:30\"]", "1705314600"},
        {"strtotime", "[\"Mon, 15 Jan 2024 10:30:00 +0000\"]", "1705314600"},
        {"strtotime", "[\"2024-01-15 10:30 Europe/Berlin\"]", "1705311000"},
        {"date_validate", "[\"2024-02-29\"]", "true"},
        {"date_validate", "[\"2023-02-29\"]", "false"},
        {"date", "[\"validate\", \"soon\"]", "false"},
        {"date", "[\"parse\", \"1970-01-02\"]", "86400"},
    };
    check_at("UTC", rows, sizeof rows / sizeof *rows);
}

Test(date, berlin) {
    static const row rows[] = {
        {"date", "[\"H:i T P I\"]", "\"15:30 CET +01:00 0\""},
        {"date", "[\"c\", \"@1711846799\"]", "\"2024-03-31T01:59:59+01:00\""},
        {"date", "[\"c T I\", \"@1711846800\"]", "\"2024-03-31T03:00:00+02:00 CEST 1\""},
        {"date", "[\"c\", \"@1729990799\"]", "\"2024-10-27T02:59:59+02:00\""},
        {"date", "[\"c\", \"@1729990800\"]", "\"2024-10-27T02:00:00+01:00\""},
        {"date", "[\"c\", \"2024-03-31 02:30\"]", "\"2024-03-31T03:30:00+02:00\""},
        {"date", "[\"c\", \"2024-10-27 02:30\"]", "\"2024-10-27T02:30:00+02:00\""},
        {"date", "[\"c\", \"2099-07-01 12:00\"]", "\"2099-07-01T12:00:00+02:00\""},
        {"date", "[\"c\", \"2099-12-01 12:00\"]", "\"2099-12-01T12:00:00+01:00\""},
        {"date", "[\"H\", \"now\", \"America/New_York\"]", "\"09\""},
        {"date", "[\"H\", \"America/New_York\"]", "\"09\""},
        {"date", "[\"c\", \"now\", \"+05:30\"]", "\"2024-01-15T20:00:45+05:30\""},
        {"date", "[\"H\", \"now\", \"Mars/Olympus\"]", "!must be a time zone"},
        {"date", "[\"H\", \"now\", \"../etc/passwd\"]", "!must be a time zone"},
        {"date_add", "[\"2024-03-30 12:00\", 1, \"day\"]", "\"2024-03-31 12:00:00\""},
        {"date_add", "[\"2024-03-30 12:00\", 24, \"hours\"]", "\"2024-03-31 13:00:00\""},
        {"diff_days", "[\"2024-03-30\", \"2024-04-01\"]", "2"},
        {"diff_hours", "[\"2024-03-30 12:00\", \"2024-03-31 12:00\"]", "23"},
        {"timezone", "[]", "\"Europe/Berlin\""},
        {"from_timestamp", "[1711846800]", "\"2024-03-31 03:00:00\""},
    };
    check_at("Europe/Berlin", rows, sizeof rows / sizeof *rows);
}

Test(date, new_york) {
    static const row rows[] = {
        {"date", "[\"c T\", \"@1710053999\"]", "\"2024-03-10T01:59:59-05:00 EST\""},
        {"date", "[\"c T\", \"@1710054000\"]", "\"2024-03-10T03:00:00-04:00 EDT\""},
        {"date", "[\"c\", \"@1730613600\"]", "\"2024-11-03T01:00:00-05:00\""},
        {"date", "[\"c\", \"2050-07-04 12:00\"]", "\"2050-07-04T12:00:00-04:00\""},
    };
    check_at("America/New_York", rows, sizeof rows / sizeof *rows);
}

Test(date, posix_rules) {
    static const row rows[] = {
        {"date", "[\"c T\", \"@1711846800\"]", "\"2024-03-31T03:00:00+02:00 CEST\""},
        {"date", "[\"c T\"]", "\"2024-01-15T15:30:45+01:00 CET\""},
    };
    check_at("CET-1CEST,M3.5.0,M10.5.0/3", rows, sizeof rows / sizeof *rows);
    static const row fixed[] = {{"date", "[\"c T\"]", "\"2024-01-15T17:30:45+03:00 +03\""}};
    check_at("<+03>-3", fixed, 1);
    static const row nonsense[] = {{"date", "[\"T\"]", "\"UTC\""}};
    check_at("!?", nonsense, 1);
}

Test(date, arithmetic) {
    static const row rows[] = {
        {"date", "[\"add\", \"2024-01-31\", \"1\", \"month\"]", "\"2024-02-29\""},
        {"date", "[\"subtract\", \"2024-03-31\", 1, \"month\"]", "\"2024-02-29\""},
        {"date", "[\"add\", \"2024-02-29\", 1, \"year\"]", "\"2025-02-28\""},
        {"date", "[\"diff\", \"2024-01-01\", \"2024-03-01\"]", "60"},
        {"date", "[\"diff\", \"2024-01-31\", \"2024-02-29\", \"months\"]", "0"},
        {"date", "[\"diff\", \"2024-03-01\", \"2024-01-01\"]", "-60"},
        {"date", "[\"diff\", \"2024-01-01\", \"2024-03-01\", \"lightyears\"]", "!unit of time"},
        {"date_add", "[\"1d\"]", "\"2024-01-16 14:30:45\""},
        {"date_subtract", "[\"7d\"]", "\"2024-01-08 14:30:45\""},
        {"date_add", "[\"2024-01-15\", \"1 month 2 days\"]", "\"2024-02-17\""},
        {"date_add", "[\"2024-01-15T10:00:00Z\", \"90m\"]", "\"2024-01-15T11:30:00+00:00\""},
        {"date_add", "[\"2024-01-15\", 3]", "\"2024-01-18\""},
        {"date_add", "[\"2024-01-15\", \"soon\"]", "!must be a duration"},
        {"add_days", "[\"2024-02-28\", 2]", "\"2024-03-01\""},
        {"add_months", "[\"2023-10-31\", 4]", "\"2024-02-29\""},
        {"add_hours", "[\"2024-02-28\", 25]", "\"2024-02-29 01:00:00\""},
        {"add_business_days", "[\"2024-01-19\", 1]", "\"2024-01-22\""},
        {"add_business_days", "[\"2024-01-20\", 1]", "\"2024-01-22\""},
        {"business_days_between", "[\"2024-01-15\", \"2024-01-29\"]", "10"},
        {"start_of_month", "[\"2024-02-15 10:11\"]", "\"2024-02-01 00:00:00\""},
        {"end_of_month", "[\"2024-02-15\"]", "\"2024-02-29 23:59:59\""},
        {"start_of_week", "[\"2024-01-21\"]", "\"2024-01-15 00:00:00\""},
        {"date.end_of_year", "[]", "\"2024-12-31 23:59:59\""},
        {"age", "[\"2000-01-16\"]", "23"},
        {"age", "[\"2000-01-15\"]", "24"},
        {"year", "[\"2024-05-06\"]", "2024"},
        {"month", "[]", "1"},
        {"day_of_week", "[\"2024-01-14\"]", "0"},
        {"is_before", "[\"2024-01-01\", \"2024-01-02\"]", "true"},
        {"is_between", "[\"2024-01-02\", \"2024-01-01\", \"2024-01-03\"]", "true"},
        {"from_now", "[\"+3 days\"]", "\"in 3 days\""},
        {"from_now", "[\"-1 hour\"]", "\"1 hour ago\""},
        {"is_leap_year", "[2100]", "false"},
        {"days_in_month", "[2024, 2]", "29"},
        {"parse_duration", "[\"5m\"]", "300"},
        {"ttl_parse", "[\"250ms\"]", "0.25"},
        {"parse_duration", "[\"5x\"]", "!must be a duration"},
        {"date_add", "[\"2024-01-15\", 999999999, \"years\"]", "!outside the calendar"},
    };
    check_at("UTC", rows, sizeof rows / sizeof *rows);
}

Test(date, clocks) {
    static const row rows[] = {
        {"now", "[]", "\"2024-01-15 14:30:45\""},
        {"today", "[]", "\"2024-01-15\""},
        {"time", "[]", "1705329045"},
        {"unix", "[]", "1705329045"},
        {"timestamp", "[]", "1705329045"},
        {"timestamp", "[\"Y\"]", "\"2024\""},
        {"microtime", "[true]", "1705329045.678"},
        {"iso", "[]", "\"2024-01-15T14:30:45+00:00\""},
        {"date.now", "[]", "\"2024-01-15 14:30:45\""},
        {"date.now", "[\"Y\"]", "\"2024\""},
        {"date.today", "[]", "\"2024-01-15\""},
        {"date.format", "[\"2024-05-06\", \"d.m.Y\"]", "\"06.05.2024\""},
        {"format_date", "[\"d.m.Y\", \"2024-05-06\"]", "\"06.05.2024\""},
        {"date.format", "[\"Y\"]", "\"2024\""},
    };
    check_at("UTC", rows, sizeof rows / sizeof *rows);
}
