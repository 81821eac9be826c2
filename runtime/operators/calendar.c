/* The civil calendar: days, weeks, and moments from fields. */
#include "runtime/operators/date.h"

#define DAY 86400

const char *const tsk_month_names[12] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
const char *const tsk_day_names[7] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* Years begin in March here, so that the leap day is the last of its year. */
int64_t tsk_days_from_civil(int64_t year, int64_t month, int64_t day) {
    year += floor_div(month - 1, 12);
    month -= 12 * floor_div(month - 1, 12);
    year -= month <= 2;
    int64_t era = floor_div(year, 400), year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468 + day - 1;
}

bool tsk_is_leap_year(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int tsk_days_in_month(int64_t year, int month) {
    static const int8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && tsk_is_leap_year(year));
}

int tsk_weekday_of(int64_t days) {
    int64_t w = (days + 4) % 7;
    return (int)(w < 0 ? w + 7 : w);
}

bool tsk_moment_in_range(int64_t seconds) {
    return seconds > -(int64_t)TSK_YEAR_MAX * 366 * DAY && seconds < (int64_t)TSK_YEAR_MAX * 365 * DAY;
}

tsk_civil tsk_civil_of(const tsk_moment *moment) {
    tsk_civil c = {.micros = moment->micros};
    tsk_zone_at(moment->zone, moment->seconds, &c.zone);
    int64_t local = moment->seconds + c.zone.offset;
    int64_t days = floor_div(local, DAY);
    int32_t rest = (int32_t)(local - days * DAY);
    c.hour = rest / 3600;
    c.minute = rest / 60 % 60;
    c.second = rest % 60;
    c.weekday = tsk_weekday_of(days);

    int64_t shifted = days + 719468, era = floor_div(shifted, 146097), day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t m = (5 * day_of_year + 2) / 153;
    c.day = (int32_t)(day_of_year - (153 * m + 2) / 5 + 1);
    c.month = (int32_t)(m < 10 ? m + 3 : m - 9);
    c.year = year_of_era + era * 400 + (c.month <= 2);
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
