/* The civil calendar: days, weeks, and moments from fields. */
#include "runtime/operators/date.h"

#include <stdlib.h>

#define DAY 86400

const char *const tsk_month_names[12] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
const char *const tsk_day_names[7] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

bool tsk_moment_in_range(int64_t seconds) {
    return seconds > -(int64_t)TSK_YEAR_MAX * 366 * DAY && seconds < (int64_t)TSK_YEAR_MAX * 365 * DAY;
}

tsk_civil tsk_civil_of(const tsk_moment *moment) {
    tsk_civil c = {.micros = moment->micros};
    tsk_zone_at(moment->zone, moment->seconds, &c.zone);
    int64_t local = moment->seconds + c.zone.offset;
    int64_t days = tsk_floor_div(local, DAY);
    int32_t rest = (int32_t)(local - days * DAY);
    c.hour = rest / 3600;
    c.minute = rest / 60 % 60;
    c.second = rest % 60;
    c.weekday = tsk_weekday_of(days);

    tsk_civil_from_days(days, &c.year, &c.month, &c.day);
    c.yearday = (int32_t)(days - tsk_days_from_civil(c.year, 1, 1));
    return c;
}

tsk_moment tsk_moment_of(const tsk_civil *c, const tsk_zone *zone) {
    int64_t local = tsk_days_from_civil(c->year, c->month, c->day) * DAY + (int64_t)c->hour * 3600 +
                    (int64_t)c->minute * 60 + c->second;
    return (tsk_moment){tsk_zone_to_utc(zone, local), c->micros, zone};
}

/* Week 1 is the week of the year's first Thursday; weeks begin on Monday. */
void tsk_iso_week(const tsk_civil *c, int64_t *year, int *week) {
    int from_monday = (c->weekday + 6) % 7;
    int thursday = c->yearday - from_monday + 3;
    *year = c->year;
    if (thursday < 0) {
        --*year;
        thursday += tsk_is_leap_year(*year) ? 366 : 365;
    } else if (thursday >= (tsk_is_leap_year(*year) ? 366 : 365)) {
        thursday -= tsk_is_leap_year(*year) ? 366 : 365;
        ++*year;
    }
    *week = thursday / 7 + 1;
}

void tsk_civil_add_weekdays(tsk_civil *c, int64_t amount) {
    int64_t days = tsk_days_from_civil(c->year, c->month, c->day);
    int64_t weeks = amount / 5, rest = amount % 5, step = amount < 0 ? -1 : 1;
    int weekday = tsk_weekday_of(days);
    if (weekday == 6) days += step > 0 ? -1 : 2; /* from a weekend, count from its near edge */
    if (weekday == 0) days += step > 0 ? -2 : 1;
    days += weeks * 7;
    for (int64_t i = rest < 0 ? -rest : rest; i > 0; i--) {
        do days += step;
        while (tsk_weekday_of(days) == 0 || tsk_weekday_of(days) == 6);
    }
    tsk_moment m = {days * 86400, 0, tsk_zone_utc()};
    tsk_civil moved = tsk_civil_of(&m);
    c->year = moved.year;
    c->month = moved.month;
    c->day = moved.day;
}

#define AMOUNT_MAX ((int64_t)1000000000000)

bool tsk_date_shift(tsk_moment *moment, int64_t amount, tsk_date_unit unit) {
    if (amount > AMOUNT_MAX || amount < -AMOUNT_MAX) return false;
    tsk_civil c = tsk_civil_of(moment);
    int64_t months = 0, days = 0, seconds = 0;
    switch (unit) {
    case TSK_UNIT_SECOND: seconds = amount; break;
    case TSK_UNIT_MINUTE: seconds = amount * 60; break;
    case TSK_UNIT_HOUR: seconds = amount * 3600; break;
    case TSK_UNIT_DAY: days = amount; break;
    case TSK_UNIT_WEEK: days = amount * 7; break;
    case TSK_UNIT_MONTH: months = amount; break;
    case TSK_UNIT_QUARTER: months = amount * 3; break;
    case TSK_UNIT_YEAR: months = amount * 12; break;
    case TSK_UNIT_MILLISECOND:
    case TSK_UNIT_WEEKDAY: break;
    }
    if (llabs(months) > TSK_YEAR_MAX * 12 || llabs(days) > TSK_YEAR_MAX * 366 ||
        llabs(seconds) > (int64_t)TSK_YEAR_MAX * 366 * 86400)
        return false;
    if (months) {
        int64_t month = c.year * 12 + c.month - 1 + months;
        c.year = month / 12 - (month % 12 < 0);
        c.month = (int32_t)(month - c.year * 12) + 1;
        int last = tsk_days_in_month(c.year, c.month);
        if (c.day > last) c.day = last;
    }
    c.day += (int32_t)days;
    if (unit == TSK_UNIT_WEEKDAY) {
        if (llabs(amount) > 10000000) return false;
        tsk_civil_add_weekdays(&c, amount);
    }
    if (months || days || unit == TSK_UNIT_WEEKDAY) *moment = tsk_moment_of(&c, moment->zone);
    moment->seconds += seconds;
    if (unit == TSK_UNIT_MILLISECOND) {
        int64_t micros = moment->micros + amount % 1000 * 1000;
        moment->seconds += amount / 1000 + (micros < 0 ? -1 : micros / 1000000);
        moment->micros = (int32_t)(micros < 0 ? micros + 1000000 : micros % 1000000);
    }
    return tsk_moment_in_range(moment->seconds);
}
