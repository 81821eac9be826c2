/* Days since 1970 and the civil calendar. */
#include "runtime/base/zone.h"

/* Years begin in March here, so that the leap day is the last of its year. */
int64_t tsk_days_from_civil(int64_t year, int64_t month, int64_t day) {
    year += tsk_floor_div(month - 1, 12);
    month -= 12 * tsk_floor_div(month - 1, 12);
    year -= month <= 2;
    int64_t era = tsk_floor_div(year, 400), year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468 + day - 1;
}

void tsk_civil_from_days(int64_t days, int64_t *year, int32_t *month, int32_t *day) {
    int64_t shifted = days + 719468, era = tsk_floor_div(shifted, 146097), day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t m = (5 * day_of_year + 2) / 153;
    *day = (int32_t)(day_of_year - (153 * m + 2) / 5 + 1);
    *month = (int32_t)(m < 10 ? m + 3 : m - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
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
