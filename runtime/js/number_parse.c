/* Numbers of functions: reading.
 *
 *   StringToNumber   white space | literal of radix 2, 8, 16 | sign and decimal literal | nothing else
 *   parseFloat       white space | sign and decimal literal | anything
 *   parseInt         white space | sign | digits of a radix | anything
 *
 * Decimals are correctly rounded by runtime/base/number.h, digits of a radix that is a power of two here (to nearest,
 * ties to even).  Other radixes are rounded as V8 does: in parts that fit 32 bits. */
#include "runtime/js/number_text.h"

#include "runtime/base/number.h"

#include <math.h>

bool tsk_js_is_space(uint32_t unit) {
    if (unit < 128) return unit == ' ' || (unit >= 9 && unit <= 13);
    switch (unit) {
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
    case 0xFEFF: return true;
    default: return unit >= 0x2000 && unit <= 0x200A;
    }
}

static bool is_digit(uint32_t c) {
    return c >= '0' && c <= '9';
}

static unsigned digit_value(uint32_t c) {
    if (is_digit(c)) return c - '0';
    uint32_t letter = c | 0x20;
    return letter >= 'a' && letter <= 'z' ? letter - 'a' + 10 : 99;
}

/* A text that is being read; at its end the unit is 0, which no number holds. */
typedef struct cursor {
    tsk_js_units text;
    size_t at, end;
} cursor;

static uint32_t peek(const cursor *c, size_t ahead) {
    return c->at + ahead < c->end ? tsk_js_unit_at(c->text, c->at + ahead) : 0;
}

static cursor open_text(tsk_js_units t) {
    cursor c = {t, 0, t.length};
    while (c.at < c.end && tsk_js_is_space(tsk_js_unit_at(t, c.at))) c.at++;
    return c;
}

static bool read_sign(cursor *c) {
    uint32_t unit = peek(c, 0);
    if (unit == '-' || unit == '+') c->at++;
    return unit == '-';
}

static bool read_word(cursor *c, const char *word) {
    size_t n = 0;
    for (; word[n]; n++)
        if (peek(c, n) != (uint8_t)word[n]) return false;
    c->at += n;
    return true;
}

/* ---- decimal literals ---- */

/* 0.DIGITS * 10^point, leading zeros left out. */
typedef struct decimal {
    char digits[TSK_NUMBER_DECISIVE_DIGITS];
    uint32_t count;
    int64_t point;
    bool more;
} decimal;

static bool read_digits(cursor *c, decimal *d, bool fraction) {
    size_t start = c->at;
    for (uint32_t unit; is_digit(unit = peek(c, 0)); c->at++) {
        if (d->count == 0 && unit == '0') {
            if (fraction) d->point--;
            continue;
        }
        if (!fraction) d->point++;
        if (d->count < TSK_NUMBER_DECISIVE_DIGITS)
            d->digits[d->count++] = (char)unit;
        else if (unit != '0')
            d->more = true;
    }
    return c->at > start;
}

/* Reads e[+-]DIGITS when it is complete, else nothing. */
static int64_t read_exponent(cursor *c) {
    if ((peek(c, 0) | 0x20) != 'e') return 0;
    size_t sign = peek(c, 1) == '+' || peek(c, 1) == '-';
    if (!is_digit(peek(c, 1 + sign))) return 0;
    bool negative = peek(c, 1) == '-';
    int64_t value = 0;
    for (c->at += 1 + sign; is_digit(peek(c, 0)); c->at++)
        if (value < (int64_t)1 << 40) value = value * 10 + (peek(c, 0) - '0');
    return negative ? -value : value;
}

/* StrDecimalLiteral after its sign; NaN and nothing read when there is none. */
static double read_decimal(cursor *c) {
    if (read_word(c, "Infinity")) return INFINITY;
    decimal d;
    d.count = 0;
    d.point = 0;
    d.more = false;
    bool whole = read_digits(c, &d, false);
    if (peek(c, 0) == '.' && (whole || is_digit(peek(c, 1)))) {
        c->at++;
        read_digits(c, &d, true);
    } else if (!whole) {
        return NAN;
    }
    d.point += read_exponent(c);
    return tsk_number_from_digits(d.digits, d.count, d.point, d.more);
}

/* One to nine digits and nothing else: the usual case. */
static bool short_integer(const cursor *c, double *out) {
    size_t n = c->end - c->at;
    uint32_t value = 0;
    if (n == 0 || n > 9) return false;
    for (size_t i = 0; i < n; i++) {
        uint32_t unit = peek(c, i);
        if (!is_digit(unit)) return false;
        value = value * 10 + (unit - '0');
    }
    *out = value;
    return true;
}

double tsk_js_parse_float(tsk_js_units t) {
    cursor c = open_text(t);
    bool negative = read_sign(&c);
    double d = read_decimal(&c);
    return negative ? -d : d;
}

/* ---- digits of a radix ---- */

/* Radix 2^shift.  Beyond 64 bits the low bits are dropped and remembered as "not zero", which rounds correctly. */
static double read_bits(cursor *c, unsigned shift) {
    uint64_t bits = 0;
    int dropped = 0;
    for (unsigned digit; (digit = digit_value(peek(c, 0))) < 1u << shift; c->at++) {
        if (bits >> (64 - shift)) {
            if (dropped < 4096) dropped += (int)shift;
            if (digit) bits |= 1;
        } else {
            bits = bits << shift | digit;
        }
    }
    return ldexp((double)bits, dropped);
}

static double read_parts(cursor *c, unsigned radix) {
    const uint32_t largest = UINT32_MAX / 36;
    double value = 0;
    while (peek(c, 0) == '0') c->at++; /* parts begin at the first digit that counts */
    for (bool done = false; !done;) {
        uint32_t part = 0, multiplier = 1;
        for (;;) {
            unsigned digit = digit_value(peek(c, 0));
            if (digit >= radix) {
                done = true;
                break;
            }
            if (multiplier * radix > largest) break;
            multiplier *= radix;
            part = part * radix + digit;
            c->at++;
        }
        value = value * multiplier + part;
    }
    return value;
}

static double read_radix(cursor *c, unsigned radix) {
    if (digit_value(peek(c, 0)) >= radix) return NAN;
    if ((radix & (radix - 1)) == 0) return read_bits(c, (unsigned)__builtin_ctz(radix));
    if (radix != 10) return read_parts(c, radix);
    decimal d;
    d.count = 0;
    d.point = 0;
    d.more = false;
    read_digits(c, &d, false);
    return tsk_number_from_digits(d.digits, d.count, d.point, d.more);
}

double tsk_js_parse_int(tsk_js_units t, int32_t radix) {
    cursor c = open_text(t);
    bool negative = read_sign(&c);
    if (radix != 0 && (radix < 2 || radix > 36)) return NAN;
    if ((radix == 0 || radix == 16) && peek(&c, 0) == '0' && (peek(&c, 1) | 0x20) == 'x') {
        c.at += 2;
        radix = 16;
    }
    double d = read_radix(&c, radix ? (unsigned)radix : 10);
    return negative ? -d : d;
}

/* The shift of 0b, 0o, 0x; 0: none of them. */
static unsigned radix_prefix(const cursor *c) {
    if (peek(c, 0) != '0') return 0;
    switch (peek(c, 1) | 0x20) {
    case 'b': return 1;
    case 'o': return 3;
    case 'x': return 4;
    default: return 0;
    }
}

double tsk_js_text_to_number(tsk_js_units t) {
    cursor c = open_text(t);
    while (c.end > c.at && tsk_js_is_space(tsk_js_unit_at(t, c.end - 1))) c.end--;
    double d;
    if (c.at == c.end) return 0;
    if (short_integer(&c, &d)) return d;
    unsigned shift = radix_prefix(&c);
    if (shift) {
        c.at += 2;
        d = read_radix(&c, 1u << shift);
    } else {
        bool negative = read_sign(&c);
        d = read_decimal(&c);
        if (negative) d = -d;
    }
    return c.at == c.end ? d : NAN;
}
