/* Numerals and back.
 *
 * Reading: `-`? then 0x, 0b or 0o digits, or decimal digits with an optional fraction and exponent; `_` may stand
 * between two digits.  Doubles are correctly rounded: by one multiplication or division where both sides are exact
 * (Clinger's fast path), else by strtod in the C locale on a text of bounded length.
 *
 * Writing: the shortest decimal that reads back as the same double, in the layout of JavaScript. */
#include "runtime/base/number.h"

#include <locale.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define EXACT_POWERS 22
#define LARGEST_EXACT_INT 9007199254740992.0 /* 2^53 */

static const double powers_of_ten[EXACT_POWERS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* The host may have set a locale whose decimal point is a comma. */
static double strtod_c(const char *text) {
    static _Atomic(locale_t) c_locale;
    locale_t locale = atomic_load_explicit(&c_locale, memory_order_acquire);
    if (!locale) {
        locale_t fresh = newlocale(LC_ALL_MASK, "C", (locale_t)0);
        if (!fresh) return strtod(text, NULL);
        if (atomic_compare_exchange_strong(&c_locale, &locale, fresh))
            locale = fresh;
        else
            freelocale(fresh); /* another thread was first */
    }
    locale_t before = uselocale(locale);
    double d = strtod(text, NULL);
    uselocale(before);
    return d;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static unsigned digit_value(char c) {
    if (is_digit(c)) return (unsigned)(c - '0');
    char letter = (char)(c | 0x20);
    return letter >= 'a' && letter <= 'f' ? (unsigned)(letter - 'a' + 10) : 99;
}

/* The end of a run of digits with single `_` between them; NULL when there is none. */
static const char *skip_digits(const char *p, const char *end, unsigned radix) {
    if (p == end || digit_value(*p) >= radix) return NULL;
    for (p++; p < end; p++) {
        if (digit_value(*p) < radix) continue;
        if (*p != '_' || p + 1 == end || digit_value(p[1]) >= radix) break;
    }
    return p;
}

static bool set_int(tsk_number *out, uint64_t magnitude, bool negative) {
    if (magnitude > (uint64_t)INT64_MAX + negative) return false;
    *out = (tsk_number){.is_int = true, .i = (int64_t)(negative ? 0 - magnitude : magnitude)};
    return true;
}

/* Digits of a radix 2, 8 or 16.  Beyond 64 bits the low ones are dropped and remembered as "not zero". */
static bool read_bits(const char *p, const char *end, unsigned shift, bool negative, tsk_number *out) {
    if (skip_digits(p, end, 1u << shift) != end) return false;
    uint64_t bits = 0;
    int dropped = 0;
    for (; p < end; p++) {
        if (*p == '_') continue;
        if (bits >> (64 - shift)) {
            if (dropped < 4096) dropped += (int)shift;
            if (digit_value(*p)) bits |= 1;
            continue;
        }
        bits = bits << shift | digit_value(*p);
    }
    if (!dropped && set_int(out, bits, negative)) return true;
    double d = ldexp((double)bits, dropped);
    *out = (tsk_number){.d = negative ? -d : d};
    return true;
}

/* What the digits of a decimal numeral amount to: 0.DIGITS * 10^point, leading zeros left out. */
typedef struct decimal {
    char digits[TSK_NUMBER_DECISIVE_DIGITS];
    uint32_t count;
    int64_t point;
    bool more; /* a digit other than zero was left out */
} decimal;

static void add_digits(decimal *d, const char *p, const char *end, bool fraction) {
    for (; p < end; p++) {
        if (*p == '_') continue;
        if (d->count == 0 && *p == '0') {
            if (fraction) d->point--;
            continue;
        }
        if (!fraction) d->point++;
        if (d->count < TSK_NUMBER_DECISIVE_DIGITS)
            d->digits[d->count++] = *p;
        else if (*p != '0')
            d->more = true;
    }
}

static double slow_double(const char *digits, uint32_t count, int64_t point, bool more) {
    char text[TSK_NUMBER_DECISIVE_DIGITS + 32];
    size_t len = 0;
    text[len++] = '.';
    memcpy(text + len, digits, count);
    len += count;
    if (more) text[len++] = '1';
    int64_t exponent = point < -99999 ? -99999 : point > 99999 ? 99999 : point;
    snprintf(text + len, sizeof text - len, "e%d", (int)exponent);
    return strtod_c(text);
}

/* mantissa / 10^k, correctly rounded: the quotient by 5^k has 55 bits or more, and a remainder that tells the rest.
 * 2^53 <= mantissa, so the quotient is large enough; k <= 27, so 5^k is below 2^63 and the result is no subnormal. */
static double divide_exactly(uint64_t mantissa, int k) {
    typedef unsigned __int128 wide;
    uint64_t power = 1;
    for (int i = 0; i < k; i++) power *= 5;
    wide quotient = ((wide)mantissa << 64) / power;
    bool more = quotient * power != (wide)mantissa << 64;
    uint64_t high = (uint64_t)(quotient >> 64);
    int drop = (high ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll((uint64_t)quotient)) - 54;
    more |= (quotient & (((wide)1 << drop) - 1)) != 0;
    uint64_t kept = (uint64_t)(quotient >> drop); /* 54 bits: the last one is half of a unit */
    uint64_t rounded = (kept >> 1) + (kept & 1 && (more || kept >> 1 & 1));
    return ldexp((double)rounded, drop + 1 - 64 - k);
}

double tsk_number_from_digits(const char *digits, uint32_t count, int64_t point, bool more) {
    while (count && digits[count - 1] == '0' && !more) count--;
    if (!count) return 0;
    if (count <= 19 && !more) {
        uint64_t mantissa = 0;
        for (uint32_t i = 0; i < count; i++) mantissa = mantissa * 10 + (uint64_t)(digits[i] - '0');
        int64_t exponent = point - count;
        if (mantissa <= (uint64_t)LARGEST_EXACT_INT && exponent >= -EXACT_POWERS && exponent <= EXACT_POWERS) {
            double m = (double)mantissa;
            return exponent < 0 ? m / powers_of_ten[-exponent] : m * powers_of_ten[exponent];
        }
        if (mantissa > (uint64_t)LARGEST_EXACT_INT && exponent < 0 && exponent >= -27)
            return divide_exactly(mantissa, (int)-exponent);
    }
    return slow_double(digits, count, point, more);
}

/* The exponent after `e`, which saturates far outside of what a double has. */
static bool read_exponent(const char *p, const char *end, int64_t *out) {
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    if (p == end) return false;
    int64_t value = 0;
    for (; p < end; p++) {
        if (!is_digit(*p)) return false;
        if (value < (int64_t)1 << 40) value = value * 10 + (*p - '0');
    }
    *out = negative ? -value : value;
    return true;
}

/* False when it does not fit, and for -0, which only a double can hold. */
static bool read_integer(const char *p, const char *end, bool negative, tsk_number *out) {
    uint64_t value = 0;
    for (; p < end; p++) {
        if (*p == '_') continue;
        if (__builtin_mul_overflow(value, 10u, &value)) return false;
        if (__builtin_add_overflow(value, (uint64_t)(*p - '0'), &value)) return false;
    }
    return !(negative && value == 0) && set_int(out, value, negative);
}

static bool read_decimal(const char *p, const char *end, bool negative, tsk_number *out) {
    const char *whole_end = skip_digits(p, end, 10), *fraction = NULL, *fraction_end = NULL;
    if (!whole_end) return false;
    const char *q = whole_end;
    int64_t exponent = 0;
    if (q < end && *q == '.') {
        fraction = q + 1;
        q = fraction_end = skip_digits(fraction, end, 10);
        if (!q) return false;
    }
    bool integer = q == end && !fraction;
    if (q < end && (*q | 0x20) == 'e') {
        if (!read_exponent(q + 1, end, &exponent)) return false;
    } else if (q < end) {
        return false;
    }
    if (integer && read_integer(p, end, negative, out)) return true;
    decimal d;
    d.count = 0;
    d.point = 0;
    d.more = false;
    add_digits(&d, p, whole_end, false);
    if (fraction) add_digits(&d, fraction, fraction_end, true);
    d.point += exponent;
    double magnitude = tsk_number_from_digits(d.digits, d.count, d.point, d.more);
    *out = (tsk_number){.d = negative ? -magnitude : magnitude};
    return true;
}

bool tsk_number_read(const char *ptr, uint32_t len, tsk_number *out) {
    const char *p = ptr, *end = ptr + len;
    bool negative = p < end && *p == '-';
    if (negative) p++;
    if (p == end || !is_digit(*p)) return false;
    if (*p == '0' && end - p > 1) {
        switch (p[1] | 0x20) {
        case 'x': return read_bits(p + 2, end, 4, negative, out);
        case 'o': return read_bits(p + 2, end, 3, negative, out);
        case 'b': return read_bits(p + 2, end, 1, negative, out);
        default: break;
        }
    }
    return read_decimal(p, end, negative, out);
}

bool tsk_number_parse(tsk_arena *heap, const char *ptr, uint32_t len, tsk_value *out) {
    tsk_number n;
    if (!tsk_number_read(ptr, len, &n)) return false;
    *out = n.is_int ? tsk_int(heap, n.i) : tsk_from_double(n.d);
    return true;
}

static int order(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int compare_int_double(int64_t i, double d) {
    if (d != d) return 2;
    if (d >= 0x1p63) return -1;
    if (d < -0x1p63) return 1;
    int64_t whole = (int64_t)d; /* towards zero; exact */
    if (i != whole) return order(i, whole);
    double rest = d - (double)whole;
    return (rest < 0) - (rest > 0);
}

int tsk_number_compare(tsk_number a, tsk_number b) {
    if (a.is_int && b.is_int) return order(a.i, b.i);
    if (a.is_int) return compare_int_double(a.i, b.d);
    if (b.is_int) {
        int r = compare_int_double(b.i, a.d);
        return r == 2 ? 2 : -r;
    }
    if (a.d != a.d || b.d != b.d) return 2;
    return (a.d > b.d) - (a.d < b.d);
}

/* The digits of a positive double and the power of ten of its first digit plus one: 0.DIGITS * 10^point. */
typedef struct shortest {
    char digits[20];
    int count, point;
} shortest;

static void integer_digits(shortest *s, uint64_t value) {
    char reversed[20];
    int n = 0;
    for (; value; value /= 10) reversed[n++] = (char)('0' + value % 10);
    for (s->count = 0; s->count < n; s->count++) s->digits[s->count] = reversed[n - 1 - s->count];
    s->point = n;
}

/* Numbers that people write: the smallest k for which some integer over 10^k, divided once, is exactly d.  Up to 2^51
 * there is one such integer at most; of larger ones two may be, and the product cannot tell which is nearer. */
static bool short_decimal(double d, shortest *s) {
    if (d < 1e-7 || d >= LARGEST_EXACT_INT) return false;
    for (int k = 0; k <= EXACT_POWERS; k++) {
        double scaled = rint(d * powers_of_ten[k]);
        if (scaled > LARGEST_EXACT_INT / 4) return false;
        if (scaled / powers_of_ten[k] != d) continue;
        integer_digits(s, (uint64_t)scaled);
        s->point -= k;
        return true;
    }
    return false;
}

/* The others between 10^-7 and 2^53: sixteen or seventeen digits, exactly.  d is `value` in units of which `unit` are
 * one of the seventeenth digit and `half` are half the distance to the next double:
 *
 *   d = m 2^e,  10^16 <= d 10^k < 10^17:   value = 2 m 5^k   half = 5^k   unit = 2^(1 - e - k)
 */
static bool long_decimal(double d, shortest *s) {
    typedef unsigned __int128 wide;
    int e;
    if (d < 1e-7 || d >= LARGEST_EXACT_INT) return false;
    uint64_t m = (uint64_t)ldexp(frexp(d, &e), 53), power = 1;
    e -= 53;
    if (m == (uint64_t)1 << 52) return false; /* the next smaller double is nearer */
    int k = 16 - (int)floor(log10(d));
    if (k < 1 || k > 24) return false;
    for (int i = 0; i < k; i++) power *= 5;
    int shift = 1 - e - k;
    if (shift < 4 || shift > 120) return false;
    wide value = (wide)(2 * m) * power, unit = (wide)1 << shift;
    for (int digits = 16; digits <= 17; digits++) {
        wide step = digits == 16 ? unit * 10 : unit, n = (value + step / 2) / step, back = n * step;
        wide off = back > value ? back - value : value - back;
        if (digits == 16 && (off > power || (off == power && m & 1))) continue;
        if (2 * off == step && n & 1) n--; /* in the middle: the even one */
        integer_digits(s, (uint64_t)n);
        s->point -= digits == 16 ? k - 1 : k;
        return true;
    }
    return false;
}

static bool reads_back(const shortest *s, double d) {
    return slow_double(s->digits, (uint32_t)s->count, s->point, false) == d;
}

/* The next larger decimal of as many digits. */
static void step_up(shortest *s) {
    int i = s->count - 1;
    while (i >= 0 && s->digits[i] == '9') s->digits[i--] = '0';
    if (i >= 0) {
        s->digits[i]++;
    } else {
        s->digits[0] = '1';
        s->point++;
    }
}

static void printed_digits(double d, shortest *s) {
    char text[48];
    int exponent;
    bool power_of_two = frexp(d, &exponent) == 0.5;
    /* fifteen digits always survive, except in subnormals */
    for (int precision = d < 0x1p-1022 ? 1 : 15; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, d);
        /* only digits and the exponent are taken: the decimal point is the locale's */
        const char *p = text;
        for (s->count = 0; *p != 'e'; p++)
            if (is_digit(*p)) s->digits[s->count++] = *p;
        s->point = (int)strtol(p + 1, NULL, 10) + 1;
        if (precision == 17 || reads_back(s, d)) return;
        /* below a power of two doubles lie closer than above: the nearest may miss where a larger one hits */
        if (!power_of_two) continue;
        step_up(s);
        if (reads_back(s, d)) return;
    }
}

static uint32_t fill(char *out, char c, int count) {
    for (int i = 0; i < count; i++) out[i] = c;
    return count > 0 ? (uint32_t)count : 0;
}

/* Layout of Number.prototype.toString. */
static uint32_t lay_out(char *out, const shortest *s) {
    uint32_t len = 0;
    const char *digits = s->digits;
    int count = s->count, point = s->point;
    if (point > 21 || point <= -6) {
        out[len++] = digits[0];
        if (count > 1) {
            out[len++] = '.';
            memcpy(out + len, digits + 1, (size_t)count - 1);
            len += (uint32_t)count - 1;
        }
        return len + (uint32_t)snprintf(out + len, 6, "e%+d", point - 1);
    }
    if (point <= 0) {
        out[len++] = '0';
        out[len++] = '.';
        len += fill(out + len, '0', -point);
    }
    for (int i = 0; i < count; i++) {
        if (i && i == point) out[len++] = '.';
        out[len++] = digits[i];
    }
    return len + fill(out + len, '0', point - count);
}

/* 00 to 99. */
static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                            "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                            "8081828384858687888990919293949596979899";

static uint32_t digits_of(uint64_t value) {
    uint32_t n = 1;
    for (; value >= 10000; value /= 10000) n += 4;
    return n + (value >= 10) + (value >= 100) + (value >= 1000);
}

uint32_t tsk_number_format_int(char out[32], int64_t i) {
    uint64_t value = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
    if (i < 0) *out = '-';
    uint32_t len = (i < 0) + digits_of(value);
    char *at = out + len;
    for (; value >= 100; value /= 100) memcpy(at -= 2, pairs + value % 100 * 2, 2);
    if (value >= 10)
        memcpy(at - 2, pairs + value * 2, 2);
    else
        at[-1] = (char)('0' + value);
    return len;
}

uint32_t tsk_number_format(char out[32], double d) {
    uint32_t len = 0;
    if (d != d) return memcpy(out, "NaN", 3), 3;
    if (signbit(d)) {
        out[len++] = '-';
        d = -d;
    }
    if (d == 0) return out[len++] = '0', len;
    if (isinf(d)) return memcpy(out + len, "Infinity", 8), len + 8;
    shortest s;
    if (!short_decimal(d, &s) && !long_decimal(d, &s)) printed_digits(d, &s);
    while (s.count > 1 && s.digits[s.count - 1] == '0') s.count--;
    return len + lay_out(out + len, &s);
}
