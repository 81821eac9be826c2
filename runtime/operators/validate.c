/* Is this text an address, a number, an identifier?  What is no text is none. */
#include "runtime/operators/text.h"

#include "runtime/base/utf8.h"

#include <arpa/inet.h>

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

static bool ascii_letter(char c) {
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool hex(char c) {
    return digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* Labels of letters, digits and inner hyphens, parted by dots. */
static bool host(tsk_slice s, bool needs_dot) {
    uint32_t label = 0;
    bool dot = false;
    if (!s.len || s.len > 253) return false;
    for (uint32_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '.') {
            if (!label || s.ptr[i - 1] == '-') return false;
            dot = true;
            label = 0;
            continue;
        }
        bool inner = c == '-' && label > 0;
        if (!(digit(c) || ascii_letter(c) || (uint8_t)c >= 0x80 || inner) || ++label > 63) return false;
    }
    return label > 0 && s.ptr[s.len - 1] != '-' && (dot || !needs_dot);
}

static bool email(tsk_slice s) {
    const char *at = memchr(s.ptr, '@', s.len);
    if (!at || at == s.ptr || at - s.ptr > 64) return false;
    for (const char *p = s.ptr; p < at; p++) {
        bool dot = *p == '.';
        if (dot && (p == s.ptr || p + 1 == at || p[1] == '.')) return false;
        if (!dot && !digit(*p) && !ascii_letter(*p) && (uint8_t)*p < 0x80 && !strchr("!#$%&'*+/=?^_`{|}~-", *p))
            return false;
    }
    return host(tsk_slice_from(at + 1, (size_t)(s.ptr + s.len - at - 1)), true);
}

static bool ip(tsk_slice s, int family) {
    char text[64];
    uint8_t address[16];
    if (s.len >= sizeof text || memchr(s.ptr, 0, s.len)) return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = 0;
    return inet_pton(family, text, address) == 1;
}

/* scheme://[user@]host[:port][/..] */
static bool url(tsk_slice s) {
    uint32_t i = 0;
    while (i < s.len && (ascii_letter(s.ptr[i]) || (i && (digit(s.ptr[i]) || strchr("+-.", s.ptr[i]))))) i++;
    if (!i || s.len - i < 4 || memcmp(s.ptr + i, "://", 3) != 0) return false;
    for (uint32_t k = i; k < s.len; k++)
        if ((uint8_t)s.ptr[k] <= ' ' || strchr("<>\"\\^`{|}", s.ptr[k])) return false;
    const char *p = s.ptr + i + 3, *end = s.ptr + s.len, *stop = p;
    while (stop < end && *stop != '/' && *stop != '?' && *stop != '#') stop++;
    const char *at = memchr(p, '@', (size_t)(stop - p));
    if (at) p = at + 1;
    if (p < stop && *p == '[') {
        const char *close = memchr(p, ']', (size_t)(stop - p));
        return close && ip(tsk_slice_from(p + 1, (size_t)(close - p - 1)), AF_INET6);
    }
    const char *colon = memchr(p, ':', (size_t)(stop - p));
    for (const char *q = colon ? colon + 1 : stop; q < stop; q++)
        if (!digit(*q)) return false;
    return host(tsk_slice_from(p, (size_t)((colon ? colon : stop) - p)), false);
}

static bool uuid(tsk_slice s) {
    if (s.len != 36) return false;
    for (uint32_t i = 0; i < 36; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? s.ptr[i] != '-' : !hex(s.ptr[i])) return false;
    }
    return true;
}

/* Seven to fifteen digits, with the usual signs between them. */
static bool phone(tsk_slice s) {
    uint32_t digits = 0;
    for (uint32_t i = 0; i < s.len; i++) {
        if (digit(s.ptr[i]))
            digits++;
        else if (!(s.ptr[i] == '+' && i == 0) && !strchr(" -.()/", s.ptr[i]))
            return false;
    }
    return digits >= 7 && digits <= 15;
}

static bool only(tsk_slice s, bool digits_too) {
    const char *p = s.ptr, *end = p + s.len;
    while (p < end) {
        uint32_t code;
        p += tsk_utf8_next(p, end, &code);
        if (!tsk_case_is_letter(code) && !(digits_too && code >= '0' && code <= '9')) return false;
    }
    return s.len > 0;
}

#define VALIDATION(name, expression)                                                                                   \
    bool tsk_##name(tsk_slice s) {                                                                                     \
        return s.len && !memchr(s.ptr, 0, s.len) && (expression);                                                      \
    }                                                                                                                  \
    TSK_OPERATOR(name) {                                                                                               \
        (void)cx;                                                                                                      \
        *out = tsk_from_bool(tsk_is_str(args[0]) && tsk_##name(tsk_as_slice(args[0])));                                \
        return true;                                                                                                   \
    }
VALIDATION(is_email, email(s))
VALIDATION(is_url, url(s))
VALIDATION(is_uuid, uuid(s))
VALIDATION(is_phone, phone(s))
VALIDATION(is_ipv4, ip(s, AF_INET))
VALIDATION(is_ipv6, ip(s, AF_INET6))
VALIDATION(is_ip, ip(s, AF_INET) || ip(s, AF_INET6))
VALIDATION(is_alpha, only(s, false))
VALIDATION(is_alphanumeric, only(s, true))

/* ---- texts from outside ---- */

/* No control characters, quotes, angle brackets, backslashes and signs of a shell. */
TSK_OPERATOR(is_safe_string) {
    TSK_CALL("is_safe_string");
    tsk_slice s;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    bool safe = true;
    for (uint32_t i = 0; i < s.len && safe; i++)
        safe = (uint8_t)s.ptr[i] >= ' ' && !strchr("\"'`<>\\;$|&\x7F", s.ptr[i]);
    *out = tsk_from_bool(safe);
    return true;
}

/* Without tags, control characters, and blanks at its ends. */
TSK_OPERATOR(sanitize_string) {
    TSK_CALL("sanitize_string");
    tsk_slice s;
    tsk_buf text;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    tsk_buf_init(&text, cx->heap);
    for (const char *p = s.ptr, *end = p + s.len; p < end; p++) {
        const char *close = *p == '<' ? memchr(p, '>', (size_t)(end - p)) : NULL;
        if (close)
            p = close;
        else if (((uint8_t)*p >= ' ' && *p != 0x7F) || *p == '\n' || *p == '\t')
            tsk_buf_char(&text, *p);
    }
    tsk_slice trimmed = tsk_slice_trim(tsk_slice_from(text.len ? text.ptr : "", text.len));
    *out = tsk_op_text(cx, trimmed.ptr, trimmed.len);
    return true;
}

/* With a backslash before quotes and backslashes, and \0 for a zero byte. */
TSK_OPERATOR(escape_string) {
    TSK_CALL("escape_string");
    tsk_slice s;
    tsk_buf text;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    tsk_buf_init(&text, cx->heap);
    for (uint32_t i = 0; i < s.len; i++) {
        if (strchr("\"'\\", s.ptr[i])) tsk_buf_char(&text, '\\');
        tsk_buf_char(&text, s.ptr[i] ? s.ptr[i] : '0');
    }
    *out = tsk_str_take(&text);
    return true;
}

/* validate_length(v, least[, most]): characters of a text, items of a list or object. */
TSK_OPERATOR(validate_length) {
    TSK_CALL("validate_length");
    tsk_value length;
    int64_t least, most;
    if (!tsk_op_length(cx, args, 1, &length) || !tsk_arg_int(&call, 1, &least) ||
        !tsk_arg_int_or(&call, 2, INT64_MAX, &most))
        return false;
    *out = tsk_from_bool(tsk_as_int(length) >= least && tsk_as_int(length) <= most);
    return true;
}

/* validate_enum(v, list), validate_enum(v, a, b, ..): it is one of these. */
TSK_OPERATOR(validate_enum) {
    bool listed = count == 2 && tsk_is_array(args[1]);
    const tsk_value *items = listed ? tsk_as_array(args[1])->items : args + 1;
    uint32_t n = listed ? tsk_as_array(args[1])->count : count - 1;
    bool found = false;
    for (uint32_t i = 0; i < n && !found; i++) found = tsk_value_equal(args[0], items[i]);
    (void)cx;
    *out = tsk_from_bool(found);
    return true;
}

bool tsk_is_hostname(tsk_slice s) {
    return s.len && host(s, false);
}
