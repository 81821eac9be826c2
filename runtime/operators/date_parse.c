/* Texts to moments: ISO, common written dates, epoch numbers, and the relative words of PHP's strtotime.
 *
 * A text is a sequence of parts, each recognized by one scanner below, in any order; what they say is collected
 * in `reading` and put together once the text has ended: date, time of day, weekday, then relative units. */
#include "runtime/operators/date.h"

#include <stdlib.h>

typedef enum special {
    SPECIAL_NONE,
    SPECIAL_FIRST_DAY,  /* first day of */
    SPECIAL_LAST_DAY,   /* last day of */
    SPECIAL_NTH_WEEKDAY /* second friday of; nth -1 is the last */
} special;

typedef struct reading {
    const char *p, *end;
    bool has_date, has_time, has_epoch, reset_time, has_relative, iso;
    int64_t year;
    int32_t month, day;
    int32_t hour, minute, second, micros;
    int64_t epoch;
    const tsk_zone *zone; /* NULL: that of now */
    struct {
        int64_t year, month, day, seconds, millis, weekdays;
    } add;
    bool has_weekday;
    int weekday, weekday_mode; /* 0: not today, 1: today counts */
    special special;
    int nth;
    bool week_word; /* "next week": a weekday is meant inside that week */
} reading;

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

static char low(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool letter(char c) {
    return low(c) >= 'a' && low(c) <= 'z';
}

static bool word_is(tsk_slice w, const char *name) {
    for (uint32_t i = 0; i < w.len; i++)
        if (!name[i] || low(w.ptr[i]) != name[i]) return false;
    return !name[w.len];
}

/* A word that is a name or its beginning of at least three letters. */
static bool word_begins(tsk_slice w, const char *name) {
    if (w.len < 3) return false;
    for (uint32_t i = 0; i < w.len; i++)
        if (!name[i] || low(w.ptr[i]) != low(name[i])) return false;
    return true;
}

static char peek(const reading *r, size_t ahead) {
    return (size_t)(r->end - r->p) > ahead ? r->p[ahead] : 0;
}

static void skip_blanks(reading *r) {
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == ',')) r->p++;
}

static tsk_slice peek_word(const reading *r) {
    const char *p = r->p;
    while (p < r->end && letter(*p)) p++;
    return (tsk_slice){r->p, (uint32_t)(p - r->p)};
}

/* Between `min` and `max` digits, and no digit after them. */
static bool digits(reading *r, int min, int max, int32_t *out) {
    int n = 0;
    int32_t value = 0;
    while (n < max && digit(peek(r, (size_t)n))) value = value * 10 + (r->p[n++] - '0');
    if (n < min || digit(peek(r, (size_t)n))) return false;
    r->p += n;
    *out = value;
    return true;
}

static bool accept(reading *r, char c) {
    if (peek(r, 0) != c) return false;
    r->p++;
    return true;
}

static int month_of(tsk_slice w) {
    if (word_is(w, "sept")) return 9;
    for (int i = 0; i < 12; i++)
        if (word_begins(w, tsk_month_names[i])) return i + 1;
    return 0;
}

static int weekday_of(tsk_slice w) {
    if (word_is(w, "tues")) return 2;
    if (word_is(w, "thur") || word_is(w, "thurs")) return 4;
    for (int i = 0; i < 7; i++)
        if (word_begins(w, tsk_day_names[i])) return i;
    return -1;
}

static bool set_date(reading *r, int64_t year, int32_t month, int32_t day) {
    if (r->has_date || month < 1 || month > 12 || day < 1 || day > tsk_days_in_month(year, month)) return false;
    r->has_date = true;
    r->year = year;
    r->month = month;
    r->day = day;
    return true;
}

static bool set_time(reading *r, int32_t hour, int32_t minute, int32_t second, int32_t micros) {
    if (r->has_time || hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute || second))) return false;
    r->has_time = true;
    r->hour = hour;
    r->minute = minute;
    r->second = second;
    r->micros = micros;
    return true;
}

/* ---- numbers: dates and times ---- */

static int32_t fraction(reading *r) {
    int32_t micros = 0, scale = 100000;
    for (; digit(peek(r, 0)); r->p++, scale /= 10) micros += (*r->p - '0') * scale;
    return micros;
}

/* am, pm, a.m.: changes the hour. */
static bool meridian(reading *r, int32_t *hour) {
    size_t at = peek(r, 0) == ' ' ? 1 : 0;
    char c = low(peek(r, at));
    if (c != 'a' && c != 'p') return false;
    bool dots = peek(r, at + 1) == '.';
    if (low(peek(r, at + 1 + dots)) != 'm' || letter(peek(r, at + 2 + dots)) || *hour < 1 || *hour > 12) return false;
    r->p += at + 2 + dots;
    if (dots) accept(r, '.');
    *hour = *hour % 12 + (c == 'p' ? 12 : 0);
    return true;
}

/* +02:00, -0500, Z; false when there is none here. */
static bool scan_offset(reading *r) {
    char c = peek(r, 0);
    size_t n = 0;
    if (low(c) == 'z' && !letter(peek(r, 1))) {
        n = 1;
    } else if ((c == '+' || c == '-') && digit(peek(r, 1)) && digit(peek(r, 2))) {
        n = 3;
        size_t colon = peek(r, n) == ':';
        if (digit(peek(r, n + colon)) && digit(peek(r, n + colon + 1))) n += colon + 2;
        if (digit(peek(r, n)) || letter(peek(r, n))) return false;
    }
    if (!n || r->zone) return false;
    r->zone = tsk_zone_find((tsk_slice){r->p, (uint32_t)n});
    r->p += n;
    return r->zone != NULL;
}

/* hh:mm[:ss[.ffffff]] [am|pm] [offset], or 3pm. */
static bool scan_time(reading *r) {
    int32_t hour, minute = 0, second = 0, micros = 0;
    if (!digits(r, 1, 2, &hour)) return false;
    if (accept(r, ':')) {
        if (!digits(r, 2, 2, &minute)) return false;
        if (peek(r, 0) == ':' && digit(peek(r, 1))) {
            r->p++;
            if (!digits(r, 2, 2, &second)) return false;
            if ((peek(r, 0) == '.' || peek(r, 0) == ',') && digit(peek(r, 1))) {
                r->p++;
                micros = fraction(r);
            }
        }
        meridian(r, &hour);
    } else if (!meridian(r, &hour)) {
        return false;
    }
    if (!set_time(r, hour, minute, second, micros)) return false;
    const char *before = r->p;
    if (accept(r, ' ') &&
        !((peek(r, 0) == '+' || peek(r, 0) == '-') && digit(peek(r, 2)) && (digit(peek(r, 3)) || peek(r, 3) == ':'))) {
        r->p = before;
        return true;
    }
    if (!scan_offset(r)) r->p = before;
    return true;
}

/* 20240131[T101500] */
static bool scan_compact(reading *r) {
    int32_t all;
    if (!digits(r, 8, 8, &all) || !set_date(r, all / 10000, all / 100 % 100, all % 100)) return false;
    if (low(peek(r, 0)) != 't') return true;
    r->p++;
    r->iso = true;
    if (digit(peek(r, 2)) && digit(peek(r, 3))) {
        int32_t second = 0;
        const char *p = r->p;
        int count = 0;
        while (digit(peek(r, (size_t)count))) count++;
        if (count != 4 && count != 6) return false;
        int32_t hour = (p[0] - '0') * 10 + (p[1] - '0'), minute = (p[2] - '0') * 10 + (p[3] - '0');
        if (count == 6) second = (p[4] - '0') * 10 + (p[5] - '0');
        r->p += count;
        return set_time(r, hour, minute, second, 0) && (scan_offset(r) || true);
    }
    return scan_time(r);
}

/* 2024-W05[-3] */
static bool scan_iso_week(reading *r, int64_t year) {
    int32_t week, day = 1;
    r->p++;
    if (!digits(r, 2, 2, &week) || week < 1 || week > 53) return false;
    if (accept(r, '-') && (!digits(r, 1, 1, &day) || day < 1 || day > 7)) return false;
    int64_t january4 = tsk_days_from_civil(year, 1, 4);
    int64_t days = january4 - (tsk_weekday_of(january4) + 6) % 7 + (week - 1) * 7 + day - 1;
    tsk_moment m = {days * 86400, 0, tsk_zone_utc()};
    tsk_civil c = tsk_civil_of(&m);
    return set_date(r, c.year, c.month, c.day);
}

/* 2024-01-31, 2024/1/31, 2024-01, 2024-031; then perhaps T and a time. */
static bool scan_year_first(reading *r) {
    int32_t year, month, day = 1;
    if (!digits(r, 4, 4, &year)) return false;
    char separator = peek(r, 0);
    if (separator != '-' && separator != '/') return false;
    r->p++;
    if (separator == '-' && low(peek(r, 0)) == 'w') return scan_iso_week(r, year);
    if (digit(peek(r, 0)) && digit(peek(r, 1)) && digit(peek(r, 2)) && !digit(peek(r, 3))) {
        int32_t yearday;
        if (!digits(r, 3, 3, &yearday) || yearday < 1 || yearday > 365 + tsk_is_leap_year(year)) return false;
        tsk_moment m = {(tsk_days_from_civil(year, 1, 1) + yearday - 1) * 86400, 0, tsk_zone_utc()};
        tsk_civil c = tsk_civil_of(&m);
        return set_date(r, year, c.month, c.day);
    }
    if (!digits(r, 1, 2, &month)) return false;
    if (accept(r, separator) && !digits(r, 1, 2, &day)) return false;
    if (!set_date(r, year, month, day)) return false;
    if (low(peek(r, 0)) == 't' && digit(peek(r, 1))) {
        r->p++;
        r->iso = true;
        return scan_time(r);
    }
    return true;
}

/* 1/31/2024 and 1/31 (American), 31.1.2024, 31-1-2024 */
static bool scan_day_or_month_first(reading *r, int64_t this_year) {
    int32_t first, second, year;
    if (!digits(r, 1, 2, &first)) return false;
    char separator = peek(r, 0);
    if (separator != '/' && separator != '.' && separator != '-') return false;
    r->p++;
    if (!digits(r, 1, 2, &second)) return false;
    if (!accept(r, separator)) return separator == '/' && set_date(r, this_year, first, second);
    if (!digits(r, 4, 4, &year)) return false;
    return separator == '/' ? set_date(r, year, first, second) : set_date(r, year, second, first);
}

static void skip_between(reading *r) {
    while (peek(r, 0) == ' ' || peek(r, 0) == '-' || peek(r, 0) == ',' || peek(r, 0) == '.') r->p++;
}

static void skip_ordinal(reading *r) {
    tsk_slice w = peek_word(r);
    if (word_is(w, "st") || word_is(w, "nd") || word_is(w, "rd") || word_is(w, "th")) r->p += 2;
}

/* A year that is not the hour of a following time. */
static bool scan_year(reading *r, int32_t *year) {
    const char *before = r->p;
    skip_between(r);
    if (digits(r, 4, 4, year) && peek(r, 0) != ':') return true;
    r->p = before;
    return false;
}

/* 31 January 2024, 31-Jan-2024, 31st of january */
static bool scan_day_month(reading *r, int64_t this_year) {
    int32_t day, year;
    if (!digits(r, 1, 2, &day)) return false;
    skip_ordinal(r);
    skip_between(r);
    if (word_is(peek_word(r), "of")) {
        r->p += 2;
        skip_between(r);
    }
    tsk_slice w = peek_word(r);
    int month = month_of(w);
    if (!month) return false;
    r->p += w.len;
    return set_date(r, scan_year(r, &year) ? year : this_year, month, day);
}

/* January 31, 2024; January 2024; January */
static bool scan_month_day(reading *r, int64_t this_year) {
    tsk_slice w = peek_word(r);
    int month = month_of(w);
    int32_t day = 1, year;
    if (!month || (r->end - r->p > (ptrdiff_t)w.len && digit(r->p[w.len]))) return false;
    r->p += w.len;
    if (scan_year(r, &year)) return set_date(r, year, month, 1);
    const char *before = r->p;
    skip_between(r);
    if (digits(r, 1, 2, &day) && peek(r, 0) != ':' && low(peek(r, 0)) != 'p' && low(peek(r, 0)) != 'a') {
        skip_ordinal(r);
        if (!scan_year(r, &year)) year = (int32_t)this_year;
        return set_date(r, year, month, day);
    }
    r->p = before;
    return set_date(r, this_year, month, 1);
}

/* ---- words ---- */

bool tsk_date_unit_find(tsk_slice w, tsk_date_unit *unit) {
    static const struct {
        const char *word;
        tsk_date_unit unit;
    } units[] = {
        {"ms", TSK_UNIT_MILLISECOND},
        {"msec", TSK_UNIT_MILLISECOND},
        {"millisecond", TSK_UNIT_MILLISECOND},
        {"s", TSK_UNIT_SECOND},
        {"sec", TSK_UNIT_SECOND},
        {"second", TSK_UNIT_SECOND},
        {"m", TSK_UNIT_MINUTE},
        {"min", TSK_UNIT_MINUTE},
        {"minute", TSK_UNIT_MINUTE},
        {"h", TSK_UNIT_HOUR},
        {"hr", TSK_UNIT_HOUR},
        {"hour", TSK_UNIT_HOUR},
        {"d", TSK_UNIT_DAY},
        {"day", TSK_UNIT_DAY},
        {"w", TSK_UNIT_WEEK},
        {"week", TSK_UNIT_WEEK},
        {"mo", TSK_UNIT_MONTH},
        {"mon", TSK_UNIT_MONTH},
        {"month", TSK_UNIT_MONTH},
        {"quarter", TSK_UNIT_QUARTER},
        {"q", TSK_UNIT_QUARTER},
        {"y", TSK_UNIT_YEAR},
        {"yr", TSK_UNIT_YEAR},
        {"year", TSK_UNIT_YEAR},
        {"weekday", TSK_UNIT_WEEKDAY},
        {"businessday", TSK_UNIT_WEEKDAY},
    };
    for (int plural = 0; plural < 2; plural++) {
        if (plural && (w.len < 3 || low(w.ptr[w.len - 1]) != 's')) return false;
        tsk_slice stem = {w.ptr, w.len - (uint32_t)plural};
        for (size_t i = 0; i < TSK_COUNT(units); i++)
            if (word_is(stem, units[i].word)) {
                *unit = units[i].unit;
                return true;
            }
    }
    return false;
}

static bool add_unit(reading *r, int64_t amount, tsk_slice word) {
    tsk_date_unit unit;
    if (word_is(word, "fortnight") || word_is(word, "fortnights")) {
        r->add.day += amount * 14;
    } else if (!tsk_date_unit_find(word, &unit)) {
        return false;
    } else {
        switch (unit) {
        case TSK_UNIT_MILLISECOND: r->add.millis += amount; break;
        case TSK_UNIT_SECOND: r->add.seconds += amount; break;
        case TSK_UNIT_MINUTE: r->add.seconds += amount * 60; break;
        case TSK_UNIT_HOUR: r->add.seconds += amount * 3600; break;
        case TSK_UNIT_DAY: r->add.day += amount; break;
        case TSK_UNIT_WEEK: r->add.day += amount * 7; break;
        case TSK_UNIT_MONTH: r->add.month += amount; break;
        case TSK_UNIT_QUARTER: r->add.month += amount * 3; break;
        case TSK_UNIT_YEAR: r->add.year += amount; break;
        case TSK_UNIT_WEEKDAY: r->add.weekdays += amount; break;
        }
    }
    r->has_relative = true;
    return true;
}

/* 1 for first, 2 for second ..., 0: no ordinal. */
static int ordinal_of(tsk_slice w) {
    static const char *const words[] = {"first",   "second", "third", "fourth", "fifth",    "sixth",
                                        "seventh", "eighth", "ninth", "tenth",  "eleventh", "twelfth"};
    for (int i = 0; i < 12; i++)
        if (word_is(w, words[i])) return i + 1;
    return 0;
}

static bool next_word_is(reading *r, const char *word) {
    const char *before = r->p;
    skip_blanks(r);
    tsk_slice w = peek_word(r);
    if (word_is(w, word)) {
        r->p += w.len;
        return true;
    }
    r->p = before;
    return false;
}

/* What follows an ordinal, next, last or this: a weekday, "day of", or a unit. */
static bool after_amount(reading *r, int amount, bool ordinal, bool last) {
    skip_blanks(r);
    tsk_slice w = peek_word(r);
    const char *before = r->p;
    int weekday = weekday_of(w);
    r->p += w.len;
    if ((ordinal || last) && word_is(w, "day") && next_word_is(r, "of")) {
        if (r->special != SPECIAL_NONE || (ordinal && amount != 1)) return false;
        r->special = last ? SPECIAL_LAST_DAY : SPECIAL_FIRST_DAY;
        return true;
    }
    if (weekday >= 0) {
        if ((ordinal || last) && next_word_is(r, "of")) {
            if (r->special != SPECIAL_NONE) return false;
            r->special = SPECIAL_NTH_WEEKDAY;
            r->nth = last ? -1 : amount;
            r->weekday = weekday;
            r->reset_time = true;
            return true;
        }
        if (r->has_weekday) return false;
        r->has_weekday = r->reset_time = true;
        r->weekday = weekday;
        r->weekday_mode = amount == 0 ? 1 : 0;
        r->add.day += (amount > 0 ? amount - 1 : amount) * 7;
        return true;
    }
    if (word_is(w, "week") && !ordinal) {
        r->add.day += amount * 7;
        r->has_relative = r->week_word = true;
        return true;
    }
    r->p = before;
    return w.len && add_unit(r, amount, w) && (r->p += w.len, true);
}

/* [+-]N unit [ago] */
static bool scan_amount(reading *r) {
    int sign = 1;
    int64_t amount = 0;
    while (peek(r, 0) == '+' || peek(r, 0) == '-') {
        if (*r->p == '-') sign = -sign;
        r->p++;
    }
    skip_blanks(r);
    int count = 0;
    for (; digit(peek(r, 0)); r->p++, count++) {
        if (count >= 9) return false;
        amount = amount * 10 + (*r->p - '0');
    }
    if (!count) return false;
    skip_blanks(r);
    tsk_slice w = peek_word(r);
    int weekday = weekday_of(w);
    if (weekday >= 0 && !r->has_weekday && !word_is(w, "mon")) {
        r->p += w.len;
        r->has_weekday = r->reset_time = true;
        r->weekday = weekday;
        r->weekday_mode = 0;
        r->add.day += (sign > 0 ? amount - 1 : -amount) * 7;
        return true;
    }
    if (!w.len || !add_unit(r, sign * amount, w)) return false;
    r->p += w.len;
    return true;
}

static void negate_relative(reading *r) {
    r->add.year = -r->add.year;
    r->add.month = -r->add.month;
    r->add.day = -r->add.day;
    r->add.seconds = -r->add.seconds;
    r->add.millis = -r->add.millis;
    r->add.weekdays = -r->add.weekdays;
}

static bool scan_zone_name(reading *r) {
    static const struct {
        const char *name;
        int8_t hours;
    } short_names[] = {{"est", -5}, {"edt", -4}, {"cst", -6}, {"cdt", -5},  {"mst", -7}, {"mdt", -6}, {"pst", -8},
                       {"pdt", -7}, {"cet", 1},  {"cest", 2}, {"eet", 2},   {"eest", 3}, {"wet", 0},  {"west", 1},
                       {"bst", 1},  {"msk", 3},  {"jst", 9},  {"aest", 10}, {"aedt", 11}};
    if (r->zone) return false;
    tsk_slice w = peek_word(r);
    for (size_t i = 0; i < TSK_COUNT(short_names); i++) {
        if (!word_is(w, short_names[i].name)) continue;
        char text[4] = {short_names[i].hours < 0 ? '-' : '+', (char)('0' + abs(short_names[i].hours) / 10),
                        (char)('0' + abs(short_names[i].hours) % 10)};
        r->zone = tsk_zone_find((tsk_slice){text, 3});
        r->p += w.len;
        return r->zone != NULL;
    }
    const char *p = r->p;
    while (p < r->end && *p != ' ' && *p != '\t' && *p != ',') p++;
    tsk_slice name = {r->p, (uint32_t)(p - r->p)};
    bool region = memchr(name.ptr, '/', name.len) != NULL;
    if (!region && !word_is(name, "utc") && !word_is(name, "gmt") && !word_is(name, "z") &&
        !(name.len > 3 && (word_is((tsk_slice){name.ptr, 3}, "utc") || word_is((tsk_slice){name.ptr, 3}, "gmt"))))
        return false;
    r->zone = tsk_zone_find(name);
    r->p = p;
    return r->zone != NULL;
}

static bool scan_word(reading *r, int64_t this_year) {
    tsk_slice w = peek_word(r);
    const char *after = r->p + w.len;
    int ordinal = ordinal_of(w);
    if (word_is(w, "now") || (word_is(w, "month") && r->special != SPECIAL_NONE)) {
        r->p = after; /* "last day of month" is of this one */
    } else if (word_is(w, "today") || word_is(w, "midnight")) {
        r->p = after;
        r->reset_time = true;
    } else if (word_is(w, "tomorrow") || word_is(w, "yesterday")) {
        r->p = after;
        r->reset_time = true;
        r->add.day += low(*w.ptr) == 't' ? 1 : -1;
    } else if (word_is(w, "noon")) {
        r->p = after;
        return set_time(r, 12, 0, 0, 0);
    } else if (word_is(w, "ago") && r->has_relative) {
        r->p = after;
        negate_relative(r);
    } else if (word_is(w, "in") || word_is(w, "at") || word_is(w, "on") || word_is(w, "of") || word_is(w, "and")) {
        r->p = after;
    } else if (word_is(w, "next")) {
        r->p = after;
        return after_amount(r, 1, false, false);
    } else if (word_is(w, "last") || word_is(w, "previous")) {
        r->p = after;
        return after_amount(r, -1, false, low(*w.ptr) == 'l');
    } else if (word_is(w, "this")) {
        r->p = after;
        return after_amount(r, 0, false, false);
    } else if (ordinal) {
        r->p = after;
        return after_amount(r, ordinal, true, false);
    } else if (month_of(w) && scan_month_day(r, this_year)) {
        return true;
    } else if (weekday_of(w) >= 0 && !r->has_weekday) {
        r->p = after;
        r->has_weekday = true;
        if (!r->has_time) r->reset_time = true;
        r->weekday = weekday_of(w);
        r->weekday_mode = 1;
    } else if (low(peek(r, 0)) == 't' && digit(peek(r, 1)) && r->has_date) {
        r->p++;
        return scan_time(r);
    } else {
        return scan_zone_name(r);
    }
    return true;
}

/* Tries one scanner from the current place; puts everything back when it does not fit. */
static bool attempt(reading *r, bool (*scan)(reading *r)) {
    reading before = *r;
    if (scan(r)) return true;
    *r = before;
    return false;
}

static bool attempt_in_year(reading *r, int64_t year, bool (*scan)(reading *r, int64_t year)) {
    reading before = *r;
    if (scan(r, year)) return true;
    *r = before;
    return false;
}

static bool scan_number(reading *r, int64_t this_year) {
    return attempt(r, scan_year_first) || attempt(r, scan_time) || attempt(r, scan_compact) ||
           attempt_in_year(r, this_year, scan_day_month) || attempt_in_year(r, this_year, scan_day_or_month_first) ||
           attempt(r, scan_amount);
}

/* "@1700000000.5", and a text of digits alone: seconds, from 1e11 on milliseconds. */
static bool scan_epoch(reading *r) {
    const char *start = r->p;
    bool at = accept(r, '@'), negative = accept(r, '-');
    int count = 0;
    int64_t n = 0;
    for (; digit(peek(r, 0)) && count < 15; r->p++, count++) n = n * 10 + (*r->p - '0');
    if (!count || (!at && (count < 9 || negative))) return (r->p = start, false);
    int32_t micros = 0;
    if (peek(r, 0) == '.' && digit(peek(r, 1))) {
        r->p++;
        micros = fraction(r);
    } else if (n >= 100000000000) {
        micros = (int32_t)(n % 1000) * 1000;
        n /= 1000;
    }
    if (!at && r->p != r->end) return (r->p = start, false);
    if (negative) {
        n = -n - (micros > 0);
        micros = micros ? 1000000 - micros : 0;
    }
    r->has_epoch = true;
    r->epoch = n;
    r->micros = micros;
    return true;
}

static bool scan_all(reading *r, int64_t this_year) {
    skip_blanks(r);
    if (r->p == r->end) return false;
    int32_t year;
    reading whole = *r;
    if (digits(&whole, 4, 4, &year) && whole.p == whole.end) { /* a year alone */
        r->p = whole.p;
        return set_date(r, year, 1, 1);
    }
    if (!scan_epoch(r) && *r->p == '@') return false;
    for (skip_blanks(r); r->p < r->end; skip_blanks(r)) {
        char c = *r->p;
        bool ok = digit(c)               ? scan_number(r, this_year)
                  : c == '+' || c == '-' ? attempt(r, scan_amount) || (r->has_time && attempt(r, scan_offset))
                  : letter(c)            ? scan_word(r, this_year)
                                         : false;
        if (!ok) return false;
    }
    return true;
}

/* ---- putting it together ---- */

static void apply_weekday(reading *r, tsk_civil *c) {
    int current = tsk_weekday_of(tsk_days_from_civil(c->year, c->month, c->day)), wanted = r->weekday;
    if (r->week_word && r->weekday_mode == 1) {
        if (current == 0 && wanted != 0) wanted -= 7;
        if (wanted == 0 && current != 0) wanted = 7;
        c->day += wanted - current;
        return;
    }
    int difference = wanted - current;
    if ((r->add.day < 0 && difference < 0) || (r->add.day >= 0 && difference <= -r->weekday_mode)) difference += 7;
    c->day += difference;
}

static void apply_special(const reading *r, tsk_civil *c) {
    if (r->special == SPECIAL_NONE) return;
    if (r->special == SPECIAL_FIRST_DAY) {
        c->day = 1;
    } else if (r->special == SPECIAL_LAST_DAY) {
        c->month++;
        c->day = 0;
    } else {
        bool last = r->nth < 0;
        int64_t edge = last ? tsk_days_from_civil(c->year, c->month + 1, 0) : tsk_days_from_civil(c->year, c->month, 1);
        int at = tsk_weekday_of(edge);
        c->day = 1 + (last ? -(at - r->weekday + 7) % 7 : (r->weekday - at + 7) % 7 + 7 * (r->nth - 1));
        if (last) {
            c->month++;
            c->day--; /* day 0 of the next month is the last of this one */
        }
    }
}

static bool small_enough(const reading *r) {
    int64_t most = 1000000000;
    return llabs(r->add.year) <= TSK_YEAR_MAX && llabs(r->add.month) <= TSK_YEAR_MAX * 12 &&
           llabs(r->add.day) <= most / 10 && llabs(r->add.weekdays) <= most / 100 &&
           llabs(r->add.seconds) <= most * 3600;
}

/* The date fields brought into range, for rules that look at the month. */
static void normalize(tsk_civil *c) {
    tsk_moment m = {tsk_days_from_civil(c->year, c->month, c->day) * 86400, 0, tsk_zone_utc()};
    tsk_civil clean = tsk_civil_of(&m);
    c->year = clean.year;
    c->month = clean.month;
    c->day = clean.day;
}

static tsk_moment combine(reading *r, const tsk_moment *now) {
    const tsk_zone *zone = r->zone ? r->zone : now->zone;
    tsk_moment base = {now->seconds, now->micros, zone};
    if (r->has_epoch) base = (tsk_moment){r->epoch, r->micros, zone};
    tsk_civil c = tsk_civil_of(&base);
    if (r->has_date) {
        c.year = r->year;
        c.month = r->month;
        c.day = r->day;
    }
    if (r->has_time || r->has_date || r->reset_time) {
        c.hour = r->has_time ? r->hour : 0;
        c.minute = r->has_time ? r->minute : 0;
        c.second = r->has_time ? r->second : 0;
        c.micros = r->has_time ? r->micros : 0;
    }
    if (r->has_weekday) apply_weekday(r, &c);
    if (r->special != SPECIAL_NONE) c.day = 1; /* so that a month is added to the month, whatever its days */
    c.year += r->add.year;
    c.month += (int32_t)r->add.month;
    c.day += (int32_t)r->add.day;
    if (r->special != SPECIAL_NONE || r->add.weekdays) normalize(&c);
    apply_special(r, &c);
    if (r->add.weekdays) tsk_civil_add_weekdays(&c, r->add.weekdays);
    bool moved = r->has_time || r->has_date || r->reset_time || r->has_weekday || r->special != SPECIAL_NONE ||
                 r->add.year || r->add.month || r->add.day || r->add.weekdays;
    tsk_moment m = moved ? tsk_moment_of(&c, zone) : base; /* in a repeated hour the fields name two moments */
    int64_t micros = m.micros + r->add.millis % 1000 * 1000;
    m.seconds += r->add.seconds + r->add.millis / 1000 + (micros < 0 ? -1 : micros / 1000000);
    m.micros = (int32_t)(micros < 0 ? micros + 1000000 : micros % 1000000);
    m.zone = now->zone;
    return m;
}

bool tsk_date_parse(tsk_slice text, const tsk_moment *now, tsk_moment *out, tsk_date_shape *shape) {
    reading r = {.p = text.ptr, .end = text.ptr + text.len};
    if (!text.len || text.len > 200 || !scan_all(&r, tsk_civil_of(now).year) || !small_enough(&r)) return false;
    *out = combine(&r, now);
    bool adds_time = r.add.seconds || r.add.millis;
    shape->date_only = (r.has_date || r.reset_time) && !r.has_time && !adds_time && !r.has_epoch;
    shape->iso = r.iso;
    return tsk_moment_in_range(out->seconds);
}

bool tsk_date_is_relative(tsk_slice text) {
    enum { STANDALONE_WORDS = 6 };
    static const char *const words[] = {"now",  "today", "tomorrow", "yesterday", "midnight", "noon",
                                        "next", "last",  "previous", "this",      "first",    "in"};
    reading r = {.p = text.ptr, .end = text.ptr + text.len};
    skip_blanks(&r);
    char c = peek(&r, 0);
    if (c == '+' || c == '-') return digit(peek(&r, 1)) || (peek(&r, 1) == ' ' && digit(peek(&r, 2)));
    if (c == '@') return digit(peek(&r, 1)) || peek(&r, 1) == '-';
    tsk_slice w = peek_word(&r);
    bool alone = r.p + w.len == r.end;
    for (size_t i = 0; i < TSK_COUNT(words); i++)
        if (word_is(w, words[i])) return !alone || i < STANDALONE_WORDS;
    if (weekday_of(w) >= 0 && w.len > 3) return true;
    if (!digit(c)) return false;
    tsk_moment now = {0, 0, tsk_zone_utc()}, unused; /* "2 weeks ago" */
    tsk_date_shape shape;
    return memmem(text.ptr, text.len, "ago", 3) && tsk_date_parse(text, &now, &unused, &shape);
}
