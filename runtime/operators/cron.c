/* next_cron: the next moment that five fields of cron(5) describe.
 *
 *   minute hour day-of-month month day-of-week       lists 1,2  ranges 1-5  steps 8-18/2  names mon, jan
 *   @hourly @daily @midnight @weekly @monthly @yearly @annually
 *
 * When both days are restricted, either suffices, as in cron.  Years are searched for a leap cycle and no further. */
#include "runtime/operators/date_read.h"

#include <strings.h>

#define LAST_YEARS 9 /* longer than the longest gap between two 29 February */

typedef struct field {
    uint64_t bits;
    bool restricted; /* it does not begin with a star */
} field;

typedef struct bounds {
    const char *name;
    int least, most;
    const char *const *words; /* of least, least + 1 ..; NULL: none */
} bounds;

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul",
                                     "aug", "sep", "oct", "nov", "dec", NULL};
static const char *const weekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL};

enum { MINUTE, HOUR, DAY, MONTH, WEEKDAY, FIELDS };
static const bounds limits[FIELDS] = {{"minute", 0, 59, NULL},
                                      {"hour", 0, 23, NULL},
                                      {"day of the month", 1, 31, NULL},
                                      {"month", 1, 12, months},
                                      {"day of the week", 0, 7, weekdays}};

static bool number(const char **p, const bounds *b, int *out) {
    if (**p >= '0' && **p <= '9') {
        for (*out = 0; **p >= '0' && **p <= '9' && *out < 1000; ++*p) *out = *out * 10 + (**p - '0');
        return *out >= b->least && *out <= b->most;
    }
    for (int i = 0; b->words && b->words[i]; i++) {
        if (strncasecmp(*p, b->words[i], 3)) continue;
        *p += 3;
        return *out = b->least + i, true;
    }
    return false;
}

/* One item of a list: *, 5, 1-5, with a step behind it. */
static bool item(const char **p, const bounds *b, field *out) {
    int from = b->least, to = b->most, step = 1;
    bool star = **p == '*';
    if (star)
        ++*p;
    else if (!number(p, b, &from))
        return false;
    to = star ? b->most : from;
    if (**p == '-' && !star) {
        ++*p;
        if (!number(p, b, &to)) return false;
    }
    if (**p == '/') {
        if (!star && to == from) to = b->most; /* 5/10: from 5 on */
        ++*p;
        for (step = 0; **p >= '0' && **p <= '9' && step < 1000; ++*p) step = step * 10 + (**p - '0');
    }
    if (step < 1 || from > to) return false;
    for (int i = from; i <= to; i += step) out->bits |= 1ull << i;
    return true;
}

static bool read_field(const char **p, const bounds *b, field *out) {
    *out = (field){.restricted = **p != '*'};
    while (item(p, b, out)) {
        if (**p != ',') break;
        ++*p;
    }
    bool ended = **p == ' ' || **p == '\t' || !**p;
    while (**p == ' ' || **p == '\t') ++*p;
    return ended && out->bits;
}

/* False: *wrong says which field; NULL when there are not five. */
static bool read_cron(const char *text, field fields[FIELDS], const char **wrong) {
    static const char *const words[][2] = {
        {"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},  {"@midnight", "0 0 * * *"}, {"@weekly", "0 0 * * 0"},
        {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}};
    for (size_t i = 0; i < TSK_COUNT(words); i++)
        if (!strcasecmp(text, words[i][0])) text = words[i][1];
    *wrong = NULL;
    while (*text == ' ' || *text == '\t') text++;
    for (int i = 0; i < FIELDS; i++) {
        if (!*text) return false;
        if (!read_field(&text, &limits[i], &fields[i])) return *wrong = limits[i].name, false;
    }
    if (fields[WEEKDAY].bits >> 7 & 1) fields[WEEKDAY].bits |= 1; /* 7 is Sunday too */
    return !*text;
}

static bool has(const field *f, int i) {
    return f->bits >> i & 1;
}

static bool day_fits(const field *f, const tsk_civil *c) {
    bool day = has(&f[DAY], c->day), weekday = has(&f[WEEKDAY], c->weekday);
    return f[DAY].restricted && f[WEEKDAY].restricted ? day || weekday : day && weekday;
}

/* Steps over months, days, hours and minutes that do not fit; civil fields that overflow carry over. */
static bool find_next(const field *f, tsk_moment *m) {
    const tsk_zone *zone = m->zone;
    tsk_civil c = tsk_civil_of(m);
    int64_t last = c.year + LAST_YEARS;
    c.minute++;
    c.second = 0;
    c.micros = 0;
    for (;;) {
        tsk_moment next = tsk_moment_of(&c, zone);
        if (next.seconds <= m->seconds) next.seconds = m->seconds / 60 * 60 + 60; /* an hour that comes twice */
        c = tsk_civil_of(&next);
        if (c.year > last) return false;
        if (!has(&f[MONTH], c.month)) {
            c.month++;
            c.day = 1;
            c.hour = c.minute = 0;
            if (c.month > 12) c.month = 1, c.year++;
        } else if (!day_fits(f, &c)) {
            c.day++;
            c.hour = c.minute = 0;
        } else if (!has(&f[HOUR], c.hour)) {
            c.hour++;
            c.minute = 0;
        } else if (!has(&f[MINUTE], c.minute)) {
            c.minute++;
        } else {
            return *m = next, true;
        }
    }
}

/* next_cron(expression[, from[, zone]]) */
TSK_OPERATOR(next_cron) {
    TSK_CALL("next_cron");
    tsk_slice text;
    const tsk_zone *zone;
    tsk_moment m;
    tsk_date_shape shape;
    field fields[FIELDS];
    const char *wrong;
    if (!tsk_arg_text(&call, 0, &text) || !tsk_arg_zone(&call, 2, &zone) || !tsk_arg_moment(&call, 1, zone, &m, &shape))
        return false;
    m.zone = zone;
    m.micros = 0;
    if (!read_cron(tsk_op_cstr(cx, text), fields, &wrong)) {
        tsk_arg_wrong(&call, 0, "five fields of cron: minute hour day month weekday");
        return wrong ? tsk_op_hint(cx, "the %s is not understood", wrong) : false;
    }
    if (!find_next(fields, &m)) return tsk_op_fail(cx, TSK_E_ARGUMENT, "next_cron: there is no such day");
    *out = tsk_date_text(cx, &m, TSK_DATE_TIME);
    return true;
}
