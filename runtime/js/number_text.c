/* Numbers of functions: writing.
 *
 * The shortest text of a double is runtime/base/number.h's.  Fixed, exponential and precision are exact: a double has a
 * finite decimal expansion, and of two texts that are equally near the larger is taken (the C library takes the even
 * one).  Fractions in other radixes follow V8: digits until the rest is smaller than half the distance to the next
 * double. */
#include "runtime/js/number_text.h"

#include "runtime/base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_DIGITS 780 /* no double has more significant digits than 767 */

/* "NaN", "Infinity" and their like, or 0. */
static size_t special_text(double d, char *out) {
    return isfinite(d) ? 0 : tsk_number_format(out, d);
}

static size_t put(char *out, size_t len, const char *text, size_t n) {
    memcpy(out + len, text, n);
    return len + n;
}

static size_t put_zeros(char *out, size_t len, int count) {
    for (; count > 0; count--) out[len++] = '0';
    return len;
}

size_t tsk_js_number_to_text(double d, char out[TSK_JS_NUMBER_ROOM]) {
    if (d == 0) return out[0] = '0', 1; /* -0 too */
    if (fabs(d) <= 2147483647.0 && (double)(int32_t)d == d) return tsk_number_format_int(out, (int32_t)d);
    return tsk_number_format(out, d);
}

/* ---- exact decimals ---- */

/* 0.DIGITS * 10^point of a finite d > 0. */
typedef struct exact {
    char digits[MAX_DIGITS];
    int count, point;
} exact;

static void expand(exact *e, double d) {
    char text[MAX_DIGITS + 16];
    snprintf(text, sizeof text, "%.770e", d);
    const char *p = text;
    /* the decimal point is the locale's, so only digits are taken */
    for (e->count = 0; *p != 'e'; p++)
        if (*p >= '0' && *p <= '9') e->digits[e->count++] = *p;
    e->point = (int)strtol(p + 1, NULL, 10) + 1;
}

/* Keeps `count` digits (may be 0 or less: then what remains is nothing, or one digit that was carried), halves up. */
static void round_digits(exact *e, int count) {
    if (count < 0) {
        e->count = 0;
        return;
    }
    if (count >= e->count) {
        while (e->count < count) e->digits[e->count++] = '0';
        return;
    }
    bool up = e->digits[count] >= '5';
    e->count = count;
    if (!up) return;
    int i = count;
    while (i > 0 && e->digits[i - 1] == '9') e->digits[--i] = '0';
    if (i > 0) {
        e->digits[i - 1]++;
        return;
    }
    memmove(e->digits + 1, e->digits, (size_t)count);
    e->digits[0] = '1';
    e->count++;
    e->point++;
}

static size_t put_exponent(char *out, size_t len, int exponent) {
    return len + (size_t)snprintf(out + len, 8, "e%+d", exponent);
}

/* d.ddd of `count` digits. */
static size_t put_scientific(char *out, size_t len, const exact *e, int count) {
    out[len++] = e->digits[0];
    if (count > 1) {
        out[len++] = '.';
        len = put(out, len, e->digits + 1, (size_t)count - 1);
    }
    return put_exponent(out, len, e->point - 1);
}

/* ---- toFixed ---- */

/* d * 10^digits as an integer, halves up; digits <= 22, so that 53 bits times 10^22 are below 2^127. */
static unsigned __int128 scaled_integer(double d, unsigned digits) {
    int exponent;
    unsigned __int128 n = (uint64_t)ldexp(frexp(d, &exponent), 53);
    exponent -= 53;
    for (unsigned i = 0; i < digits; i++) n *= 10;
    if (exponent >= 0) return n << exponent; /* below 1e21; the zeros behind the point are the caller's */
    if (exponent < -127) return 0;
    unsigned __int128 half = (unsigned __int128)1 << (-exponent - 1);
    return (n >> -exponent) + ((n & half) != 0);
}

static size_t small_fixed(double d, unsigned digits, char *out, size_t len) {
    char reversed[48];
    bool whole = d >= 0x1p52;
    unsigned __int128 n = scaled_integer(d, whole ? 0 : digits);
    unsigned behind = whole ? 0 : digits, count = 0;
    for (; n || count <= behind; n /= 10) reversed[count++] = (char)('0' + (int)(n % 10));
    while (count > behind) out[len++] = reversed[--count];
    if (!digits) return len;
    out[len++] = '.';
    if (whole) return put_zeros(out, len, (int)digits);
    while (count) out[len++] = reversed[--count];
    return len;
}

size_t tsk_js_number_to_fixed(double d, unsigned digits, char out[TSK_JS_DIGITS_ROOM]) {
    if (!(fabs(d) < 1e21)) return tsk_number_format(out, d);
    size_t len = 0;
    if (d < 0) {
        out[len++] = '-';
        d = -d;
    }
    if (digits <= 22) return small_fixed(d, digits, out, len);
    exact e;
    expand(&e, d);
    if (d == 0) e.point = -(int)digits;
    round_digits(&e, e.point + (int)digits);
    if (e.point <= 0) {
        len = put(out, len, "0.", 2);
        int zeros = e.count ? -e.point : (int)digits;
        len = put_zeros(out, len, zeros);
        return put(out, len, e.digits, (size_t)e.count);
    }
    len = put(out, len, e.digits, (size_t)e.point);
    out[len++] = '.';
    return put(out, len, e.digits + e.point, digits);
}

/* ---- toExponential, toPrecision ---- */

/* The shortest digits, from the shortest text. */
static void shortest_digits(exact *e, double d) {
    char text[32];
    uint32_t len = tsk_number_format(text, d), i = 0;
    int exponent = 0;
    bool point = false;
    e->count = e->point = 0;
    for (; i < len && text[i] != 'e'; i++) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        if (!e->count && text[i] == '0') {
            if (point) e->point--;
            continue;
        }
        e->digits[e->count++] = text[i];
        if (!point) e->point++;
    }
    if (i < len) {
        text[len] = 0;
        exponent = (int)strtol(text + i + 1, NULL, 10);
    }
    e->point += exponent;
    while (e->count > 1 && e->digits[e->count - 1] == '0') e->count--;
}

static void zero_digits(exact *e, int count) {
    memset(e->digits, '0', (size_t)count);
    e->count = count;
    e->point = 1;
}

size_t tsk_js_number_to_exponential(double d, int digits, char out[TSK_JS_DIGITS_ROOM]) {
    size_t len = special_text(d, out);
    if (len) return len;
    if (d < 0) {
        out[len++] = '-';
        d = -d;
    }
    exact e;
    if (d == 0) {
        zero_digits(&e, digits < 0 ? 1 : digits + 1);
    } else if (digits < 0) {
        shortest_digits(&e, d);
    } else {
        expand(&e, d);
        round_digits(&e, digits + 1);
    }
    return put_scientific(out, len, &e, digits < 0 ? e.count : digits + 1);
}

size_t tsk_js_number_to_precision(double d, unsigned digits, char out[TSK_JS_DIGITS_ROOM]) {
    size_t len = special_text(d, out);
    if (len) return len;
    if (d < 0) {
        out[len++] = '-';
        d = -d;
    }
    exact e;
    int count = (int)digits;
    if (d == 0) {
        zero_digits(&e, count);
    } else {
        expand(&e, d);
        round_digits(&e, count);
    }
    if (e.point - 1 < -6 || e.point - 1 >= count) return put_scientific(out, len, &e, count);
    if (e.point <= 0) {
        len = put(out, len, "0.", 2);
        len = put_zeros(out, len, -e.point);
        return put(out, len, e.digits, digits);
    }
    len = put(out, len, e.digits, (size_t)e.point);
    if (e.point == count) return len;
    out[len++] = '.';
    return put(out, len, e.digits + e.point, (size_t)(count - e.point));
}

/* ---- other radixes ---- */

static const char radix_digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static unsigned digit_of(char c) {
    return c > '9' ? (unsigned)(c - 'a') + 10 : (unsigned)(c - '0');
}

/* Digits behind the point; `*carry` when rounding up went through all of them.  Returns how many. */
static size_t radix_fraction(double value, double fraction, unsigned radix, char *out, bool *carry) {
    double delta = fmax(0.5 * (nextafter(value, INFINITY) - value), 0x1p-1074);
    size_t n = 0;
    if (fraction < delta) return 0;
    do {
        fraction *= radix;
        delta *= radix;
        unsigned digit = (unsigned)fraction;
        out[n++] = radix_digits[digit];
        fraction -= digit;
        bool up = fraction > 0.5 || (fraction == 0.5 && (digit & 1));
        if (!up || fraction + delta <= 1) continue;
        while (n && digit_of(out[n - 1]) + 1 == radix) n--;
        if (n)
            out[n - 1] = radix_digits[digit_of(out[n - 1]) + 1];
        else
            *carry = true;
        return n;
    } while (fraction >= delta);
    return n;
}

/* Digits before the point, last one first.  Of large numbers the low digits are unknown: zeros. */
static size_t radix_integer(double integer, unsigned radix, char *reversed) {
    size_t n = 0;
    while (integer / radix >= 0x1p53) {
        integer /= radix;
        reversed[n++] = '0';
    }
    do {
        double rest = fmod(integer, radix);
        reversed[n++] = radix_digits[(unsigned)rest];
        integer = (integer - rest) / radix;
    } while (integer > 0);
    return n;
}

size_t tsk_js_number_to_radix(double d, unsigned radix, char out[TSK_JS_RADIX_ROOM]) {
    if (radix == 10) return tsk_js_number_to_text(d, out);
    size_t len = special_text(d, out);
    if (len) return len;
    if (d < 0) {
        out[len++] = '-';
        d = -d;
    }
    char fraction[1100], reversed[1100];
    bool carry = false;
    double integer = floor(d);
    size_t behind = radix_fraction(d, d - integer, radix, fraction, &carry);
    size_t before = radix_integer(carry ? integer + 1 : integer, radix, reversed);
    while (before) out[len++] = reversed[--before];
    if (!behind) return len;
    out[len++] = '.';
    return put(out, len, fraction, behind);
}
