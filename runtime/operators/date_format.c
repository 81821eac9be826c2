/* Writing a moment in one pass over the format.  Four notations: PHP letters by default, strftime when there is
 * a '%', Go's reference time when there is a 2006, moment.js when there are runs like YYYY or HH. */
#include "runtime/operators/date.h"

#include <stdlib.h>

typedef struct writer {
    tsk_buf *out;
    const tsk_moment *moment;
    tsk_civil c;
} writer;

static void number(tsk_buf *out, int64_t n, int width) {
    char digits[24];
    int len = 0;
    uint64_t u = n < 0 ? (uint64_t)-n : (uint64_t)n;
    do {
        digits[len++] = (char)('0' + u % 10);
        u /= 10;
    } while (u);
    if (n < 0) tsk_buf_char(out, '-');
    for (int i = len; i < width; i++) tsk_buf_char(out, '0');
    while (len) tsk_buf_char(out, digits[--len]);
}

static void spaced(tsk_buf *out, int64_t n) {
    if (n < 10) tsk_buf_char(out, ' ');
    number(out, n, 1);
}

static void name_start(tsk_buf *out, const char *name) {
    tsk_buf_add(out, name, 3);
}

static int hour12(const tsk_civil *c) {
    return c->hour % 12 ? c->hour % 12 : 12;
}

/* +02:00 with ':' as separator, +0200 with none. */
static void offset(tsk_buf *out, const tsk_civil *c, const char *separator) {
    int32_t size = abs(c->zone.offset);
    tsk_buf_char(out, c->zone.offset < 0 ? '-' : '+');
    number(out, size / 3600, 2);
    tsk_buf_cstr(out, separator);
    number(out, size / 60 % 60, 2);
}

static const char *ordinal(int n) {
    if (n % 100 >= 11 && n % 100 <= 13) return "th";
    return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
}

static int64_t iso_year(const tsk_civil *c) {
    int64_t year;
    int week;
    tsk_iso_week(c, &year, &week);
    return year;
}

static int iso_week(const tsk_civil *c) {
    int64_t year;
    int week;
    tsk_iso_week(c, &year, &week);
    return week;
}

/* Swatch beats: thousandths of the day in Biel, UTC+1. */
static int64_t beats(const tsk_moment *m) {
    int64_t s = (m->seconds + 3600) % 86400;
    return (s < 0 ? s + 86400 : s) * 10 / 864;
}

static void php(const writer *w, tsk_slice format);

static void php_date_letter(const writer *w, char letter) {
    tsk_buf *out = w->out;
    const tsk_civil *c = &w->c;
    switch (letter) {
    case 'd': number(out, c->day, 2); break;
    case 'D': name_start(out, tsk_day_names[c->weekday]); break;
    case 'j': number(out, c->day, 1); break;
    case 'l': tsk_buf_cstr(out, tsk_day_names[c->weekday]); break;
    case 'N': number(out, c->weekday ? c->weekday : 7, 1); break;
    case 'S': tsk_buf_cstr(out, ordinal(c->day)); break;
    case 'w': number(out, c->weekday, 1); break;
    case 'z': number(out, c->yearday, 1); break;
    case 'W': number(out, iso_week(c), 2); break;
    case 'F': tsk_buf_cstr(out, tsk_month_names[c->month - 1]); break;
    case 'm': number(out, c->month, 2); break;
    case 'M': name_start(out, tsk_month_names[c->month - 1]); break;
    case 'n': number(out, c->month, 1); break;
    case 't': number(out, tsk_days_in_month(c->year, c->month), 1); break;
    case 'L': number(out, tsk_is_leap_year(c->year), 1); break;
    case 'o': number(out, iso_year(c), 1); break;
    case 'Y': number(out, c->year, 4); break;
    case 'y': number(out, llabs(c->year) % 100, 2); break;
    default: tsk_buf_char(out, letter);
    }
}

static void php_letter(const writer *w, char letter) {
    tsk_buf *out = w->out;
    const tsk_civil *c = &w->c;
    switch (letter) {
    case 'a': tsk_buf_cstr(out, c->hour < 12 ? "am" : "pm"); break;
    case 'A': tsk_buf_cstr(out, c->hour < 12 ? "AM" : "PM"); break;
    case 'B': number(out, beats(w->moment), 3); break;
    case 'g': number(out, hour12(c), 1); break;
    case 'G': number(out, c->hour, 1); break;
    case 'h': number(out, hour12(c), 2); break;
    case 'H': number(out, c->hour, 2); break;
    case 'i': number(out, c->minute, 2); break;
    case 's': number(out, c->second, 2); break;
    case 'u': number(out, c->micros, 6); break;
    case 'v': number(out, c->micros / 1000, 3); break;
    case 'e': tsk_buf_cstr(out, tsk_zone_name(w->moment->zone)); break;
    case 'I': number(out, c->zone.dst, 1); break;
    case 'O': offset(out, c, ""); break;
    case 'P': offset(out, c, ":"); break;
    case 'p':
        if (c->zone.offset)
            offset(out, c, ":");
        else
            tsk_buf_char(out, 'Z');
        break;
    case 'T': tsk_buf_cstr(out, c->zone.abbreviation); break;
    case 'Z': number(out, c->zone.offset, 1); break;
    case 'c': php(w, TSK_SLICE("Y-m-d\\TH:i:sP")); break;
    case 'r': php(w, TSK_SLICE("D, d M Y H:i:s O")); break;
    case 'U': number(out, w->moment->seconds, 1); break;
    default: php_date_letter(w, letter);
    }
}

static void php(const writer *w, tsk_slice format) {
    for (uint32_t i = 0; i < format.len; i++) {
        if (format.ptr[i] == '\\' && i + 1 < format.len)
            tsk_buf_char(w->out, format.ptr[++i]);
        else
            php_letter(w, format.ptr[i]);
    }
}

/* ---- strftime ---- */

static int week_from(const tsk_civil *c, int first_weekday) {
    return (c->yearday + 7 - (c->weekday + 7 - first_weekday) % 7) / 7;
}

static void percent(const writer *w, tsk_slice format);

static void percent_letter(const writer *w, char letter, bool plain) {
    tsk_buf *out = w->out;
    const tsk_civil *c = &w->c;
    int two = plain ? 1 : 2;
    switch (letter) {
    case 'Y': number(out, c->year, 4); break;
    case 'C': number(out, c->year / 100, two); break;
    case 'y': number(out, llabs(c->year) % 100, two); break;
    case 'm': number(out, c->month, two); break;
    case 'd': number(out, c->day, two); break;
    case 'e': plain ? number(out, c->day, 1) : spaced(out, c->day); break;
    case 'j': number(out, c->yearday + 1, plain ? 1 : 3); break;
    case 'H': number(out, c->hour, two); break;
    case 'k': plain ? number(out, c->hour, 1) : spaced(out, c->hour); break;
    case 'I': number(out, hour12(c), two); break;
    case 'l': plain ? number(out, hour12(c), 1) : spaced(out, hour12(c)); break;
    case 'M': number(out, c->minute, two); break;
    case 'S': number(out, c->second, two); break;
    case 'f': number(out, c->micros, 6); break;
    case 'L': number(out, c->micros / 1000, 3); break;
    case 'N': number(out, (int64_t)c->micros * 1000, 9); break;
    case 'p': tsk_buf_cstr(out, c->hour < 12 ? "AM" : "PM"); break;
    case 'P': tsk_buf_cstr(out, c->hour < 12 ? "am" : "pm"); break;
    case 'B': tsk_buf_cstr(out, tsk_month_names[c->month - 1]); break;
    case 'b':
    case 'h': name_start(out, tsk_month_names[c->month - 1]); break;
    case 'A': tsk_buf_cstr(out, tsk_day_names[c->weekday]); break;
    case 'a': name_start(out, tsk_day_names[c->weekday]); break;
    case 'u': number(out, c->weekday ? c->weekday : 7, 1); break;
    case 'w': number(out, c->weekday, 1); break;
    case 'U': number(out, week_from(c, 0), two); break;
    case 'W': number(out, week_from(c, 1), two); break;
    case 'V': number(out, iso_week(c), two); break;
    case 'G': number(out, iso_year(c), 4); break;
    case 'g': number(out, llabs(iso_year(c)) % 100, two); break;
    case 'z': offset(out, c, ""); break;
    case 'Z': tsk_buf_cstr(out, c->zone.abbreviation); break;
    case 's': number(out, w->moment->seconds, 1); break;
    case 'n': tsk_buf_char(out, '\n'); break;
    case 't': tsk_buf_char(out, '\t'); break;
    case '%': tsk_buf_char(out, '%'); break;
    case 'F': percent(w, TSK_SLICE("%Y-%m-%d")); break;
    case 'T':
    case 'X': percent(w, TSK_SLICE("%H:%M:%S")); break;
    case 'R': percent(w, TSK_SLICE("%H:%M")); break;
    case 'r': percent(w, TSK_SLICE("%I:%M:%S %p")); break;
    case 'D':
    case 'x': percent(w, TSK_SLICE("%m/%d/%y")); break;
    case 'c': percent(w, TSK_SLICE("%a %b %e %H:%M:%S %Y")); break;
    case '+': percent(w, TSK_SLICE("%a %b %e %H:%M:%S %Z %Y")); break;
    default: tsk_buf_char(out, '%'); tsk_buf_char(out, letter);
    }
}

static void percent(const writer *w, tsk_slice format) {
    for (uint32_t i = 0; i < format.len; i++) {
        if (format.ptr[i] != '%' || i + 1 == format.len) {
            tsk_buf_char(w->out, format.ptr[i]);
            continue;
        }
        bool plain = format.ptr[i + 1] == '-' && i + 2 < format.len;
        i += plain ? 2 : 1;
        percent_letter(w, format.ptr[i], plain);
    }
}

/* ---- moment.js: runs of one letter ---- */

static bool moment_run(const writer *w, char letter, uint32_t run) {
    tsk_buf *out = w->out;
    const tsk_civil *c = &w->c;
    int width = run > 1 ? 2 : 1;
    switch (letter) {
    case 'Y': run == 2 ? number(out, llabs(c->year) % 100, 2) : number(out, c->year, 4); break;
    case 'Q': number(out, (c->month + 2) / 3, 1); break;
    case 'M':
        if (run == 3)
            name_start(out, tsk_month_names[c->month - 1]);
        else if (run >= 4)
            tsk_buf_cstr(out, tsk_month_names[c->month - 1]);
        else
            number(out, c->month, width);
        break;
    case 'D': run >= 3 ? number(out, c->yearday + 1, run == 4 ? 3 : 1) : number(out, c->day, width); break;
    case 'd':
        if (run >= 4)
            tsk_buf_cstr(out, tsk_day_names[c->weekday]);
        else if (run > 1)
            tsk_buf_add(out, tsk_day_names[c->weekday], run);
        else
            number(out, c->weekday, 1);
        break;
    case 'E': number(out, c->weekday ? c->weekday : 7, 1); break;
    case 'H': number(out, c->hour, width); break;
    case 'h': number(out, hour12(c), width); break;
    case 'k': number(out, c->hour ? c->hour : 24, width); break;
    case 'm': number(out, c->minute, width); break;
    case 's': number(out, c->second, width); break;
    case 'S':
        for (uint32_t i = 0, scale = 100000; i < run; i++, scale /= 10)
            tsk_buf_char(out, scale ? (char)('0' + (uint32_t)c->micros / scale % 10) : '0');
        break;
    case 'A': tsk_buf_cstr(out, c->hour < 12 ? "AM" : "PM"); break;
    case 'a': tsk_buf_cstr(out, c->hour < 12 ? "am" : "pm"); break;
    case 'Z': offset(out, c, run == 1 ? ":" : ""); break;
    case 'z': tsk_buf_cstr(out, c->zone.abbreviation); break;
    case 'X': number(out, w->moment->seconds, 1); break;
    case 'x': number(out, w->moment->seconds * 1000 + c->micros / 1000, 1); break;
    case 'W': number(out, iso_week(c), width); break;
    case 'G': number(out, iso_year(c), 4); break;
    default: return false;
    }
    return true;
}

static void moment_js(const writer *w, tsk_slice format) {
    for (uint32_t i = 0; i < format.len;) {
        char letter = format.ptr[i];
        if (letter == '[') {
            const char *close = memchr(format.ptr + i, ']', format.len - i);
            if (close) {
                uint32_t stop = (uint32_t)(close - format.ptr);
                tsk_buf_add(w->out, format.ptr + i + 1, stop - i - 1);
                i = stop + 1;
                continue;
            }
        }
        uint32_t run = 1, longest = letter == 'S' ? 9 : 4;
        while (run < longest && i + run < format.len && format.ptr[i + run] == letter) run++;
        if (run == 1 && (letter == 'D' || letter == 'M') && i + 1 < format.len && format.ptr[i + 1] == 'o') {
            int n = letter == 'D' ? w->c.day : w->c.month;
            number(w->out, n, 1);
            tsk_buf_cstr(w->out, ordinal(n));
            i += 2;
            continue;
        }
        if (!moment_run(w, letter, run)) tsk_buf_add(w->out, format.ptr + i, run);
        i += run;
    }
}

/* ---- Go: Mon Jan 2 15:04:05 MST 2006 ---- */

/* Longest first where one begins another.  The letters are PHP's, or '!' with a name below. */
static const struct {
    const char *token, *php;
} go_tokens[] = {
    {"January", "F"}, {"Monday", "l"}, {"-07:00", "P"}, {"Z07:00", "p"}, {"-0700", "O"}, {"2006", "Y"}, {"Jan", "M"},
    {"Mon", "D"},     {"MST", "T"},    {"002", "!j"},   {"_2", "!e"},    {"01", "m"},    {"02", "d"},   {"03", "h"},
    {"04", "i"},      {"05", "s"},     {"06", "y"},     {"15", "H"},     {"PM", "A"},    {"pm", "a"},   {"1", "n"},
    {"2", "j"},       {"3", "g"},      {"4", "!M"},     {"5", "!S"},
};

static void go_token(const writer *w, const char *php_letters) {
    if (*php_letters == '!')
        percent_letter(w, php_letters[1], php_letters[1] == 'M' || php_letters[1] == 'S');
    else
        php_letter(w, *php_letters);
}

/* .000 or .999 after the seconds; the nines drop trailing zeros.  Bytes taken, 0: none. */
static uint32_t go_fraction(const writer *w, tsk_slice rest) {
    uint32_t n = 0;
    if (rest.len < 2 || (rest.ptr[0] != '.' && rest.ptr[0] != ',') || (rest.ptr[1] != '0' && rest.ptr[1] != '9'))
        return 0;
    while (n + 1 < rest.len && rest.ptr[n + 1] == rest.ptr[1] && n < 9) n++;
    if (n + 1 < rest.len && rest.ptr[n + 1] >= '0' && rest.ptr[n + 1] <= '9') return 0;
    int64_t nanos = (int64_t)w->c.micros * 1000;
    char digits[9];
    for (int i = 8; i >= 0; i--, nanos /= 10) digits[i] = (char)('0' + nanos % 10);
    uint32_t show = n;
    while (rest.ptr[1] == '9' && show && digits[show - 1] == '0') show--;
    if (show) {
        tsk_buf_char(w->out, rest.ptr[0]);
        tsk_buf_add(w->out, digits, show);
    }
    return n + 1;
}

static void go(const writer *w, tsk_slice format) {
    for (uint32_t i = 0; i < format.len;) {
        tsk_slice rest = {format.ptr + i, format.len - i};
        uint32_t taken = go_fraction(w, rest);
        for (size_t t = 0; !taken && t < TSK_COUNT(go_tokens); t++) {
            size_t len = strlen(go_tokens[t].token);
            if (rest.len < len || memcmp(rest.ptr, go_tokens[t].token, len) != 0) continue;
            go_token(w, go_tokens[t].php);
            taken = (uint32_t)len;
        }
        if (!taken) {
            tsk_buf_char(w->out, *rest.ptr);
            taken = 1;
        }
        i += taken;
    }
}

/* ---- choice ---- */

static bool has(tsk_slice s, const char *part) {
    return memmem(s.ptr, s.len, part, strlen(part)) != NULL;
}

/* Formats that have a name. */
static tsk_slice named(tsk_slice format) {
    static const struct {
        const char *name, *php;
    } names[] = {
        {"iso", "c"},     {"iso8601", "c"}, {"atom", "c"},      {"rfc3339", "c"},
        {"rfc2822", "r"}, {"unix", "U"},    {"timestamp", "U"}, {"cookie", "l, d-M-Y H:i:s T"},
    };
    for (size_t i = 0; i < TSK_COUNT(names); i++) {
        size_t len = strlen(names[i].name);
        if (format.len != len) continue;
        size_t k = 0;
        while (k < len && (format.ptr[k] | 0x20) == (names[i].name[k] | 0x20)) k++;
        if (k == len) return (tsk_slice){names[i].php, (uint32_t)strlen(names[i].php)};
    }
    return format;
}

void tsk_date_format(tsk_buf *out, const tsk_moment *moment, tsk_slice format) {
    writer w = {out, moment, tsk_civil_of(moment)};
    format = named(format);
    if (memchr(format.ptr, '%', format.len))
        percent(&w, format);
    else if (has(format, "2006"))
        go(&w, format);
    else if (has(format, "YYYY") || has(format, "MM") || has(format, "DD") || has(format, "HH"))
        moment_js(&w, format);
    else
        php(&w, format);
}
