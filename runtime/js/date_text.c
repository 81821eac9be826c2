/* Date.parse.
 *
 *   text ─► tokens ─► ISO date and time, as far as it goes ─► the rest in free form ─► day, time, zone ─► time value
 *
 * The free form is V8's: numbers before ':' are a time, other numbers are a day, words are months, zones, AM and PM;
 * words before the first number mean nothing, nor does text in parentheses. */
#include "runtime/base/zone.h"
#include "runtime/js/date_core.h"

#include <math.h>

enum { NONE = INT32_MAX, MAX_DIGITS = 9 };

typedef enum token_kind { END, NUMBER, SYMBOL, SPACE, MONTH, AM_PM, ZONE, SEPARATOR_T, WORD, OTHER } token_kind;

typedef struct token {
    token_kind kind;
    int length, value; /* of a number, a symbol, a word that is known */
} token;

typedef struct reader {
    tsk_js_units text;
    size_t at;
    token next; /* not taken yet */
    int day[3], day_count, month;
    int time[4], time_count, half; /* half: what AM or PM adds */
    int sign, zone_hour, zone_minute;
    bool iso;
} reader;

/* ---- tokens ---- */

static uint32_t unit(const reader *r) {
    return r->at < r->text.length ? tsk_js_unit_at(r->text, r->at) : 0;
}

static token scan_number(reader *r) {
    token t = {NUMBER, 0, 0};
    size_t from = r->at;
    int significant = 0;
    for (; unit(r) - '0' < 10; r->at++) {
        if (!significant && unit(r) == '0') continue;
        if (significant++ < MAX_DIGITS) t.value = t.value * 10 + (int)(unit(r) - '0');
    }
    t.length = r->at - from > 1000 ? 1000 : (int)(r->at - from);
    return t;
}

static token scan_word(reader *r) {
    static const struct {
        char text[4];
        token_kind kind;
        int value;
    } words[] = {{"jan", MONTH, 1},  {"feb", MONTH, 2},    {"mar", MONTH, 3}, {"apr", MONTH, 4}, {"may", MONTH, 5},
                 {"jun", MONTH, 6},  {"jul", MONTH, 7},    {"aug", MONTH, 8}, {"sep", MONTH, 9}, {"oct", MONTH, 10},
                 {"nov", MONTH, 11}, {"dec", MONTH, 12},   {"am", AM_PM, 0},  {"pm", AM_PM, 12}, {"ut", ZONE, 0},
                 {"utc", ZONE, 0},   {"z", ZONE, 0},       {"gmt", ZONE, 0},  {"cdt", ZONE, -5}, {"cst", ZONE, -6},
                 {"edt", ZONE, -4},  {"est", ZONE, -5},    {"mdt", ZONE, -6}, {"mst", ZONE, -7}, {"pdt", ZONE, -7},
                 {"pst", ZONE, -8},  {"t", SEPARATOR_T, 0}};
    char start[4] = {0};
    int length = 0;
    for (; unit(r) >= 'A'; r->at++, length += length < 1000) {
        uint32_t c = unit(r);
        if (length < 3) start[length] = c < 128 ? (char)(c - 'A' < 26 ? c | 0x20 : c) : '\x7f';
    }
    for (size_t i = 0; i < TSK_COUNT(words); i++)
        if (strcmp(words[i].text, start) == 0 && (length <= 3 || words[i].kind == MONTH))
            return (token){words[i].kind, length, words[i].value};
    return (token){WORD, length, 0};
}

static token scan_parentheses(reader *r) {
    int depth = 0;
    do {
        depth += (unit(r) == '(') - (unit(r) == ')');
        r->at++;
    } while (depth > 0 && r->at < r->text.length);
    return (token){OTHER, 0, 0};
}

static token scan(reader *r) {
    uint32_t c = unit(r);
    if (r->at >= r->text.length) return (token){END, 0, 0};
    if (c - '0' < 10) return scan_number(r);
    if (c >= 'A') return scan_word(r);
    if (c == '(') return scan_parentheses(r);
    r->at++;
    if (c == ':' || c == '-' || c == '+' || c == '.' || c == ')') return (token){SYMBOL, 1, (int)c};
    return (token){tsk_js_is_space(c) ? SPACE : OTHER, 1, 0};
}

static token take(reader *r) {
    token t = r->next;
    r->next = scan(r);
    return t;
}

static bool next_is(const reader *r, char symbol) {
    return r->next.kind == SYMBOL && r->next.value == symbol;
}

static bool skip(reader *r, char symbol) {
    if (!next_is(r, symbol)) return false;
    take(r);
    return true;
}

static bool is_sign(token t) {
    return t.kind == SYMBOL && (t.value == '+' || t.value == '-');
}

static bool is_z(token t) {
    return t.kind == ZONE && t.length == 1;
}

/* A number of this many digits and in this range is next. */
static bool next_number(const reader *r, int digits, int least, int most) {
    return r->next.kind == NUMBER && r->next.length == digits && r->next.value >= least && r->next.value <= most;
}

/* ---- what has been read ---- */

static bool add_day(reader *r, int n) {
    if (r->day_count == 3) return false;
    r->day[r->day_count++] = n;
    return true;
}

static bool add_time(reader *r, int n) {
    if (r->time_count == 4) return false;
    r->time[r->time_count++] = n;
    return true;
}

static void end_time(reader *r, int n) {
    add_time(r, n);
    while (r->time_count < 4) add_time(r, 0);
}

/* The next number continues a time: minutes, seconds or milliseconds. */
static bool expects_time(const reader *r, int n) {
    return (r->time_count == 1 && n < 60) || (r->time_count == 2 && n < 60) || (r->time_count == 3 && n < 1000);
}

static void set_zone(reader *r, int hours) {
    r->sign = hours < 0 ? -1 : 1;
    r->zone_hour = hours < 0 ? -hours : hours;
    r->zone_minute = 0;
}

static bool is_utc(const reader *r) {
    return r->zone_hour == 0 && r->zone_minute == 0;
}

/* The first three digits of a fraction. */
static int milliseconds_of(token t) {
    int n = t.value, length = t.length > MAX_DIGITS ? MAX_DIGITS : t.length;
    for (; length < 3; length++) n *= 10;
    for (; length > 3; length--) n /= 10;
    return n;
}

/* ---- the ISO format ---- */

typedef enum progress { DONE, REST, INVALID } progress;

static progress iso_zone(reader *r) {
    if (is_z(r->next)) {
        take(r);
        set_zone(r, 0);
    } else if (is_sign(r->next)) {
        r->sign = take(r).value == '+' ? 1 : -1;
        if (r->next.kind != NUMBER) return INVALID;
        token t = take(r);
        if (t.length == 4) {
            r->zone_hour = t.value / 100;
            r->zone_minute = t.value % 100;
        } else {
            if (t.length != 2 || !skip(r, ':') || !next_number(r, 2, 0, 59)) return INVALID;
            r->zone_hour = t.value;
            r->zone_minute = take(r).value;
        }
        if (r->zone_hour > 23 || r->zone_minute > 59) return INVALID;
    }
    return r->next.kind == END ? DONE : INVALID;
}

static progress iso_time(reader *r) {
    if (!next_number(r, 2, 0, 24)) return INVALID;
    int hour = take(r).value, most = hour == 24 ? 0 : 59;
    add_time(r, hour);
    if (!skip(r, ':') || !next_number(r, 2, 0, most)) return INVALID;
    add_time(r, take(r).value);
    if (skip(r, ':')) {
        if (!next_number(r, 2, 0, most)) return INVALID;
        add_time(r, take(r).value);
        if (skip(r, '.')) {
            if (r->next.kind != NUMBER || (hour == 24 && r->next.value > 0)) return INVALID;
            add_time(r, milliseconds_of(take(r)));
        }
    }
    return iso_zone(r);
}

/* REST: `*first` is the token with which the free form goes on. */
static progress read_iso(reader *r, token *first) {
    if (is_sign(r->next)) {
        *first = take(r);
        if (r->next.kind != NUMBER || r->next.length != 6) return REST;
        int year = take(r).value;
        if (first->value == '-' && year == 0) return REST;
        add_day(r, first->value == '-' ? -year : year);
    } else if (r->next.kind == NUMBER && r->next.length == 4) {
        add_day(r, take(r).value);
    } else {
        *first = take(r);
        return REST;
    }
    for (int i = 0; i < 2 && skip(r, '-'); i++) {
        if (!next_number(r, 2, 1, i ? 31 : 12)) {
            *first = take(r);
            return REST;
        }
        add_day(r, take(r).value);
    }
    if (r->next.kind == SEPARATOR_T) {
        take(r);
        if (iso_time(r) == INVALID) return INVALID;
    } else if (r->next.kind != END) {
        *first = take(r);
        return REST;
    }
    if (r->sign == NONE && !r->time_count) set_zone(r, 0); /* a day alone is in UTC */
    r->iso = true;
    return DONE;
}

/* ---- the free form ---- */

static bool free_number(reader *r, int n) {
    if (skip(r, ':')) {
        if (skip(r, ':')) {
            if (r->time_count) return false;
            return add_time(r, n) && add_time(r, 0);
        }
        if (!add_time(r, n)) return false;
        skip(r, '.');
        return true;
    }
    if (next_is(r, '.')) {
        take(r);
        if (expects_time(r, n)) {
            add_time(r, n);
            if (r->next.kind != NUMBER) return false;
            end_time(r, milliseconds_of(take(r)));
            return true;
        }
    }
    if (r->zone_hour != NONE && r->zone_minute == NONE && n < 60) {
        r->zone_minute = n;
        return true;
    }
    if (expects_time(r, n)) {
        end_time(r, n);
        return r->next.kind == END || r->next.kind == SPACE || is_z(r->next) || is_sign(r->next);
    }
    if (!add_day(r, n)) return false;
    skip(r, '-');
    return true;
}

static bool free_word(reader *r, token t, bool has_number) {
    if (t.kind == AM_PM && r->time_count) {
        r->half = t.value;
    } else if (t.kind == MONTH) {
        r->month = t.value;
        skip(r, '-');
    } else if (t.kind == ZONE && has_number) {
        set_zone(r, t.value);
    } else {
        return !has_number && r->next.kind != NUMBER;
    }
    return true;
}

static bool free_offset(reader *r, token sign) {
    int n = 0, length = 0;
    r->sign = sign.value == '+' ? 1 : -1;
    if (r->next.kind == NUMBER) {
        token t = take(r);
        n = t.value;
        length = t.length;
    }
    if (next_is(r, ':')) {
        r->zone_hour = n;
        r->zone_minute = NONE;
    } else if (length == 1 || length == 2) {
        r->zone_hour = n;
        r->zone_minute = 0;
    } else if (length == 3 || length == 4) {
        r->zone_hour = n / 100;
        r->zone_minute = n % 100;
    } else {
        return false;
    }
    return true;
}

static bool read_free(reader *r, token t) {
    bool has_number = r->day_count > 0;
    for (; t.kind != END; t = take(r)) {
        if (t.kind == NUMBER) {
            has_number = true;
            if (!free_number(r, t.value)) return false;
        } else if (t.kind >= MONTH && t.kind <= WORD) {
            if (!free_word(r, t, has_number)) return false;
        } else if (is_sign(t) && (is_utc(r) || r->time_count)) {
            has_number = true;
            if (!free_offset(r, t)) return false;
        } else if ((is_sign(t) || (t.kind == SYMBOL && t.value == ')')) && has_number) {
            return false;
        }
    }
    return true;
}

/* ---- the result ---- */

static bool is_day(int n) {
    return n >= 1 && n <= 31;
}

static bool finish_day(reader *r, double *f) {
    int year = 0, month = r->month, day, count = r->day_count;
    if (!count) return false;
    while (r->day_count < 3) r->day[r->day_count++] = 1;
    const int *n = r->day;
    if (month == NONE) {
        /* As V8: numbers that are missing count, so "2020" is a year. */
        bool year_first = r->iso || !is_day(n[0]);
        year = year_first ? n[0] : n[2];
        month = year_first ? n[1] : n[0];
        day = year_first ? n[2] : n[1];
    } else {
        bool day_first = is_day(n[0]);
        day = day_first ? n[0] : n[1];
        year = day_first ? n[1] : n[0];
    }
    if (!r->iso && year >= 0 && year < 100) year += year < 50 ? 2000 : 1900;
    f[TSK_JS_YEAR] = year;
    f[TSK_JS_MONTH] = month - 1;
    f[TSK_JS_DAY] = day;
    return month >= 1 && month <= 12 && is_day(day);
}

static bool finish_time(reader *r, double *f) {
    while (r->time_count < 4) r->time[r->time_count++] = 0;
    int hour = r->time[0], minute = r->time[1], second = r->time[2], ms = r->time[3];
    if (r->half != NONE) {
        if (hour > 12) return false;
        hour = hour % 12 + r->half;
    }
    if (hour > 23 || minute > 59 || second > 59 || ms > 999) {
        if (hour != 24 || minute || second || ms) return false;
    }
    f[TSK_JS_HOURS] = hour;
    f[TSK_JS_MINUTES] = minute;
    f[TSK_JS_SECONDS] = second;
    f[TSK_JS_MILLISECONDS] = ms;
    return true;
}

double tsk_js_date_parse(tsk_js_units text) {
    reader r = {.text = text, .month = NONE, .half = NONE, .sign = NONE, .zone_hour = NONE, .zone_minute = NONE};
    double f[TSK_JS_DATE_FIELDS];
    token first = {END, 0, 0};
    r.next = scan(&r);
    progress p = read_iso(&r, &first);
    if (p == INVALID || (p == REST && !read_free(&r, first))) return NAN;
    if (!finish_day(&r, f) || !finish_time(&r, f)) return NAN;
    double t = tsk_js_date_join(f);
    if (r.sign == NONE) return tsk_js_time_clip(tsk_js_utc_time(t));
    uint32_t hours = r.zone_hour == NONE ? 0 : (uint32_t)r.zone_hour;
    uint32_t minutes = r.zone_minute == NONE ? 0 : (uint32_t)r.zone_minute;
    uint32_t seconds = hours * 3600 + minutes * 60; /* V8 lets it wrap around, too */
    return seconds > INT32_MAX ? NAN : tsk_js_time_clip(t - r.sign * (double)seconds * 1000);
}
