/* Formatting: printf-like texts, {} and {name} fields, number patterns, {{templates}}. */
#include "runtime/operators/date.h"
#include "runtime/operators/text.h"

#include "runtime/base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DIGITS_MAX 15

/* A product such as 1.005 * 100 = 100.49999999999999 is first brought back to the 15 digits that it is meant to have. */
double tsk_round_digits(double d, int digits) {
    if (!isfinite(d) || d == 0) return d;
    if (digits == 0) return round(d);
    if (digits > 300) return d;
    double scale = pow(10, abs(digits)), scaled = digits < 0 ? d / scale : d * scale;
    if (!isfinite(scaled) || fabs(scaled) >= 1e15) return d;
    char text[40];
    snprintf(text, sizeof text, "%.15g", scaled);
    double whole = round(strtod(text, NULL));
    return digits < 0 ? whole * scale : whole / scale;
}

void tsk_format_grouped(tsk_buf *out, double d, int digits, tsk_slice point, tsk_slice thousands) {
    char text[400];
    if (!isfinite(d)) {
        tsk_buf_cstr(out, isnan(d) ? "NaN" : d < 0 ? "-Infinity" : "Infinity");
        return;
    }
    d = tsk_round_digits(d, digits);
    int len = snprintf(text, sizeof text, "%.*f", digits, fabs(d));
    int whole = digits ? len - digits - 1 : len;
    if (d < 0) tsk_buf_char(out, '-');
    for (int i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0) tsk_buf_slice(out, thousands);
        tsk_buf_char(out, text[i]);
    }
    if (digits) {
        tsk_buf_slice(out, point);
        tsk_buf_add(out, text + whole + 1, (size_t)digits);
    }
}

/* ---- %-directives ---- */

typedef struct directive {
    bool minus, plus, zero, space, alternate;
    char filler;
    int width, precision; /* precision -1: none */
    int64_t position;     /* of the argument from 1; 0: the next */
    char letter;
} directive;

static bool read_int(const char **p, const char *end, int *out) {
    int n = 0;
    const char *start = *p;
    for (; *p < end && **p >= '0' && **p <= '9' && n < 100000; ++*p) n = n * 10 + (**p - '0');
    *out = n;
    return *p > start;
}

/* After the '%'.  PHP's '%'x10d' gives its own filler. */
static bool read_directive(const char **at, const char *end, directive *d) {
    *d = (directive){.filler = ' ', .precision = -1};
    const char *p = *at, *start = p;
    int n;
    if (read_int(&p, end, &n) && p < end && *p == '$') {
        d->position = n;
        p++;
    } else {
        p = start;
    }
    for (; p < end; p++) {
        if (*p == '-')
            d->minus = true;
        else if (*p == '+')
            d->plus = true;
        else if (*p == ' ')
            d->space = true;
        else if (*p == '#')
            d->alternate = true;
        else if (*p == '0')
            d->zero = true;
        else if (*p == '\'' && p + 1 < end)
            d->filler = *++p;
        else
            break;
    }
    if (read_int(&p, end, &n)) d->width = n;
    if (p < end && *p == '.') {
        p++;
        d->precision = read_int(&p, end, &n) ? n : 0;
    }
    while (p < end && (*p == 'l' || *p == 'h')) p++;
    if (p == end || d->width > 10000 || d->precision > 300) return false;
    d->letter = *p++;
    *at = p;
    return true;
}

static void pad_out(tsk_buf *out, const directive *d, const char *text, size_t len) {
    size_t chars = tsk_utf8_count(text, len), width = (size_t)d->width;
    bool zeros = d->zero && !d->minus && d->letter != 's' && d->letter != 'v';
    size_t sign = zeros && len && (*text == '-' || *text == '+');
    if (zeros && sign) tsk_buf_char(out, *text);
    for (size_t i = chars; !d->minus && i < width; i++) tsk_buf_char(out, zeros ? '0' : d->filler);
    tsk_buf_add(out, text + sign, len - sign);
    for (size_t i = chars; d->minus && i < width; i++) tsk_buf_char(out, d->filler);
}

static bool put_integer(const tsk_call *call, uint32_t i, const directive *d, tsk_buf *out) {
    char text[80];
    int64_t n;
    double f;
    if (!tsk_arg_number(call, i, &f)) return false;
    if (tsk_is_int(call->args[i]))
        n = tsk_as_int(call->args[i]);
    else if (fabs(f) < 0x1p63)
        n = (int64_t)f;
    else
        return tsk_arg_wrong(call, i, "a number that fits 64 bits");
    size_t len = 0;
    uint64_t u = (uint64_t)n;
    switch (d->letter) {
    case 'd':
    case 'i':
        len = (size_t)snprintf(text, sizeof text, d->plus ? "%+lld" : d->space ? "% lld" : "%lld", (long long)n);
        break;
    case 'u': len = (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)u); break;
    case 'x': len = (size_t)snprintf(text, sizeof text, d->alternate ? "%#llx" : "%llx", (unsigned long long)u); break;
    case 'X': len = (size_t)snprintf(text, sizeof text, d->alternate ? "%#llX" : "%llX", (unsigned long long)u); break;
    case 'o': len = (size_t)snprintf(text, sizeof text, d->alternate ? "%#llo" : "%llo", (unsigned long long)u); break;
    case 'c': len = tsk_utf8_encode(text, (uint32_t)u); break;
    default: /* b */
        for (int bit = u ? 63 - __builtin_clzll(u) : 0; bit >= 0; bit--) text[len++] = (char)('0' + (u >> bit & 1));
    }
    pad_out(out, d, text, len);
    return true;
}

static bool put_double(const tsk_call *call, uint32_t i, const directive *d, tsk_buf *out) {
    char text[700], format[8];
    double f;
    if (!tsk_arg_number(call, i, &f)) return false;
    int precision = d->precision < 0 ? 6 : d->precision;
    char letter = d->letter;
    if ((letter == 'f' || letter == 'F') && precision <= DIGITS_MAX) f = tsk_round_digits(f, precision);
    snprintf(format, sizeof format, "%%%s.*%c", d->plus ? "+" : "", letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    int len = snprintf(text, sizeof text, format, precision, f);
#pragma GCC diagnostic pop
    pad_out(out, d, text, (size_t)len);
    return true;
}

static bool put_text(const tsk_call *call, uint32_t i, const directive *d, tsk_buf *out) {
    tsk_buf text;
    tsk_buf_init(&text, call->cx->heap);
    if (d->letter == 'q' && tsk_is_str(call->args[i]))
        tsk_utf8_json(&text, tsk_as_str(call->args[i])->ptr, tsk_as_str(call->args[i])->len);
    else
        tsk_value_text(&text, call->args[i]);
    size_t len = text.len;
    if (d->precision >= 0) len = tsk_utf8_offset(text.ptr, text.len, (size_t)d->precision);
    pad_out(out, d, text.ptr ? text.ptr : "", len);
    return true;
}

/* The directives of C, PHP and Go that make sense for values; `call` is the whole call, format first. */
static bool print_formatted(const tsk_call *call, tsk_slice format, tsk_buf *out) {
    const char *p = format.ptr, *end = p + format.len;
    uint32_t next = 1;
    while (p < end) {
        if (*p != '%') {
            tsk_buf_char(out, *p++);
            continue;
        }
        const char *start = p++;
        directive d;
        if (p < end && *p == '%') {
            tsk_buf_char(out, *p++);
            continue;
        }
        if (!read_directive(&p, end, &d) || !strchr("sdiufFeEgGxXobctvq", d.letter))
            return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: \"%.*s\" is no directive", call->name,
                               (int)(p - start + (p < end)), start);
        uint32_t i = d.position ? (uint32_t)d.position : next++;
        if (i >= call->count)
            return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: the format wants %u values, got %u", call->name, i,
                               call->count - 1);
        bool ok = strchr("diuxXobc", d.letter) ? put_integer(call, i, &d, out)
                  : strchr("fFeEgG", d.letter) ? put_double(call, i, &d, out)
                                               : put_text(call, i, &d, out);
        if (!ok || !tsk_text_fits(call, out->len)) return false;
    }
    return true;
}

TSK_OPERATOR(sprintf) {
    TSK_CALL("sprintf");
    tsk_slice format;
    tsk_buf text;
    if (!tsk_arg_text(&call, 0, &format)) return false;
    tsk_buf_init(&text, cx->heap);
    if (!print_formatted(&call, format, &text)) return false;
    *out = tsk_str_take(&text);
    return true;
}

/* ---- {} {0} {name} ---- */

static bool name_byte(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
           c == '-' || c == '$';
}

static bool has_braces(tsk_slice format) {
    for (uint32_t i = 0; i < format.len; i++) {
        if (format.ptr[i] != '{') continue;
        while (++i < format.len && name_byte(format.ptr[i])) {}
        if (i < format.len && format.ptr[i] == '}') return true;
    }
    return false;
}

static bool fill_braces(const tsk_call *call, tsk_slice format, tsk_buf *out) {
    uint32_t next = 1;
    for (uint32_t i = 0; i < format.len; i++) {
        uint32_t stop = i + 1;
        while (format.ptr[i] == '{' && stop < format.len && name_byte(format.ptr[stop])) stop++;
        if (format.ptr[i] != '{' || stop >= format.len || format.ptr[stop] != '}') {
            tsk_buf_char(out, format.ptr[i]);
            continue;
        }
        tsk_slice name = {format.ptr + i + 1, stop - i - 1};
        tsk_value number, v = TSK_VALUE_NULL;
        bool numbered = name.len && tsk_number_parse(call->cx->heap, name.ptr, name.len, &number) && tsk_is_i32(number);
        if (!name.len || numbered) {
            int64_t at = numbered ? (int64_t)tsk_as_i32(number) + 1 : next++;
            if (at < 1 || at >= call->count)
                return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: the format wants %lld values, got %u", call->name,
                                   (long long)at, call->count - 1);
            v = call->args[at];
        } else if (call->count > 1) {
            tsk_path_get(call->args[1], name, &v);
        }
        tsk_value_text(out, v);
        i = stop;
    }
    return true;
}

/* ---- number patterns: 0,0.00 ---- */

static bool is_number_pattern(tsk_slice p) {
    bool zero = false;
    for (uint32_t i = 0; i < p.len; i++) {
        if (p.ptr[i] == '0' || p.ptr[i] == '#')
            zero = true;
        else if (!strchr("$.,% ", p.ptr[i]))
            return false;
    }
    return zero;
}

static void format_pattern(tsk_buf *out, double d, tsk_slice p) {
    const char *point = memchr(p.ptr, '.', p.len);
    int digits = 0;
    for (const char *q = point ? point + 1 : p.ptr + p.len; q < p.ptr + p.len && (*q == '0' || *q == '#'); q++)
        digits++;
    bool percent = memchr(p.ptr, '%', p.len), comma = memchr(p.ptr, ',', p.len);
    if (p.len && *p.ptr == '$') tsk_buf_char(out, '$');
    tsk_format_grouped(out, percent ? d * 100 : d, digits > DIGITS_MAX ? DIGITS_MAX : digits, TSK_SLICE("."),
                       comma ? TSK_SLICE(",") : TSK_SLICE(""));
    if (percent) tsk_buf_char(out, '%');
}

/* A complete date, so that the clock is not needed: begins with yyyy-mm-dd. */
static bool absolute_date(tsk_value v, tsk_moment *m) {
    tsk_date_shape shape;
    tsk_moment epoch = {0, 0, tsk_zone_utc()};
    if (!tsk_is_str(v)) return false;
    tsk_slice s = tsk_as_slice(v);
    for (uint32_t i = 0; i < 10; i++)
        if (i >= s.len || (i == 4 || i == 7 ? s.ptr[i] != '-' : s.ptr[i] < '0' || s.ptr[i] > '9')) return false;
    return tsk_date_parse(s, &epoch, m, &shape);
}

/* format("%s v%d", a, b), format("{} {name}", ..), format(1234.5, "0,0.00"), format("2024-01-31", "DD.MM.YYYY") */
TSK_OPERATOR(format) {
    TSK_CALL("format");
    tsk_slice format;
    tsk_buf text;
    tsk_moment m;
    tsk_buf_init(&text, cx->heap);
    bool pattern = count == 2 && tsk_is_str(args[1]);
    if (pattern && tsk_is_number(args[0]) && is_number_pattern(tsk_as_slice(args[1]))) {
        format_pattern(&text, tsk_as_number(args[0]), tsk_as_slice(args[1]));
    } else if (pattern && absolute_date(args[0], &m)) {
        tsk_date_format(&text, &m, tsk_as_slice(args[1]));
    } else if (!tsk_arg_text(&call, 0, &format)) {
        return false;
    } else if (has_braces(format) ? !fill_braces(&call, format, &text) : !print_formatted(&call, format, &text)) {
        return false;
    }
    *out = tsk_str_take(&text);
    return true;
}

TSK_OPERATOR(format_number) {
    TSK_CALL("format_number");
    double d;
    int64_t digits;
    tsk_slice point, thousands;
    tsk_buf text;
    if (!tsk_arg_number(&call, 0, &d) || !tsk_arg_int_or(&call, 1, 0, &digits) ||
        !tsk_arg_text_or(&call, 2, TSK_SLICE("."), &point) || !tsk_arg_text_or(&call, 3, TSK_SLICE(","), &thousands))
        return false;
    if (digits < 0 || digits > DIGITS_MAX) return tsk_arg_wrong(&call, 1, "a number from 0 to 15");
    tsk_buf_init(&text, cx->heap);
    tsk_format_grouped(&text, d, (int)digits, point, thousands);
    *out = tsk_str_take(&text);
    return true;
}

TSK_OPERATOR(to_fixed) {
    TSK_CALL("to_fixed");
    double d;
    int64_t digits;
    tsk_buf text;
    if (!tsk_arg_number(&call, 0, &d) || !tsk_arg_int_or(&call, 1, 0, &digits)) return false;
    if (digits < 0 || digits > DIGITS_MAX) return tsk_arg_wrong(&call, 1, "a number from 0 to 15");
    tsk_buf_init(&text, cx->heap);
    tsk_format_grouped(&text, d, (int)digits, TSK_SLICE("."), TSK_SLICE(""));
    *out = tsk_str_take(&text);
    return true;
}

TSK_OPERATOR(currency) {
    TSK_CALL("currency");
    static const struct {
        const char *code, *symbol;
        int digits;
    } currencies[] = {{"USD", "$", 2}, {"EUR", "€", 2}, {"GBP", "£", 2},   {"JPY", "¥", 0},  {"CNY", "¥", 2},
                      {"INR", "₹", 2}, {"KRW", "₩", 0}, {"CAD", "CA$", 2}, {"AUD", "A$", 2}, {"BRL", "R$", 2}};
    double d;
    tsk_slice code;
    tsk_buf text;
    if (!tsk_arg_number(&call, 0, &d) || !tsk_arg_text_or(&call, 1, TSK_SLICE("USD"), &code)) return false;
    size_t i = 0;
    while (i < TSK_COUNT(currencies) && !(code.len == 3 && strncasecmp(code.ptr, currencies[i].code, 3) == 0)) i++;
    tsk_buf_init(&text, cx->heap);
    if (d < 0) tsk_buf_char(&text, '-');
    if (i < TSK_COUNT(currencies)) {
        tsk_buf_cstr(&text, currencies[i].symbol);
    } else {
        tsk_buf_slice(&text, code);
        tsk_buf_char(&text, ' ');
    }
    tsk_format_grouped(&text, fabs(d), i < TSK_COUNT(currencies) ? currencies[i].digits : 2, TSK_SLICE("."),
                       TSK_SLICE(","));
    *out = tsk_str_take(&text);
    return true;
}

/* ---- {{path}} ---- */

/* Unknown paths are empty, as in every template language; what is no path stays as it is written. */
TSK_OPERATOR(template) {
    TSK_CALL("template");
    tsk_slice s;
    tsk_buf text;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    if (tsk_arg_given(&call, 1) && !tsk_is_object(args[1]) && !tsk_is_array(args[1]))
        return tsk_arg_wrong(&call, 1, "an object");
    tsk_buf_init(&text, cx->heap);
    const char *at = s.ptr, *end = at + s.len;
    while (at < end) {
        const char *open = memmem(at, (size_t)(end - at), "{{", 2);
        const char *close = open ? memmem(open, (size_t)(end - open), "}}", 2) : NULL;
        if (!close) break;
        tsk_slice path = tsk_slice_trim(tsk_slice_from(open + 2, (size_t)(close - open - 2)));
        bool plain = path.len > 0;
        for (uint32_t i = 0; i < path.len; i++)
            plain = plain && (name_byte(path.ptr[i]) || path.ptr[i] == '[' || path.ptr[i] == ']');
        tsk_buf_add(&text, at, (size_t)(open - at));
        tsk_value v = TSK_VALUE_NULL;
        if (plain && count > 1) tsk_path_get(args[1], path, &v);
        if (plain)
            tsk_value_text(&text, v);
        else
            tsk_buf_add(&text, open, (size_t)(close + 2 - open));
        at = close + 2;
    }
    tsk_buf_add(&text, at, (size_t)(end - at));
    *out = tsk_str_take(&text);
    return true;
}
