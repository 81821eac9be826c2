/* UTF-8 decoding and checking.  Texts are nearly always ASCII, so every loop first skips 16 bytes at
 * a time where the top bits are clear. */
#include "runtime/base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool continuation(char c) {
    return ((uint8_t)c & 0xC0) == 0x80;
}

unsigned tsk_utf8_decode(const char *ptr, const char *end, uint32_t *code) {
    uint32_t lead = (uint8_t)*ptr;
    if (lead < 0x80) return *code = lead, 1;
    unsigned len = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (!len || (size_t)(end - ptr) < len) return 0;
    uint32_t value = lead & (0x7Fu >> len);
    for (unsigned i = 1; i < len; i++) {
        if (!continuation(ptr[i])) return 0;
        value = value << 6 | ((uint8_t)ptr[i] & 0x3F);
    }
    if (len == 3 && (value < 0x800 || (value >= 0xD800 && value <= 0xDFFF))) return 0;
    if (len == 4 && (value < 0x10000 || value > 0x10FFFF)) return 0;
    *code = value;
    return len;
}

unsigned tsk_utf8_next(const char *ptr, const char *end, uint32_t *code) {
    unsigned len = tsk_utf8_decode(ptr, end, code);
    if (len) return len;
    *code = TSK_UTF8_REPLACEMENT;
    return 1;
}

unsigned tsk_utf8_encode(char out[4], uint32_t code) {
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = TSK_UTF8_REPLACEMENT;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    unsigned len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (unsigned i = len - 1; i > 0; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)((0xF00u >> len) | code);
    return len;
}

size_t tsk_utf8_ascii_prefix(const char *ptr, size_t len) {
    size_t i = 0;
#ifdef __SSE2__
    for (; i + 64 <= len; i += 64) {
        const __m128i *at = (const __m128i *)(const void *)(ptr + i);
        __m128i low = _mm_or_si128(_mm_loadu_si128(at), _mm_loadu_si128(at + 1));
        __m128i high = _mm_or_si128(_mm_loadu_si128(at + 2), _mm_loadu_si128(at + 3));
        if (_mm_movemask_epi8(_mm_or_si128(low, high))) break;
    }
    for (; i + 16 <= len; i += 16) {
        int high = _mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(const void *)(ptr + i)));
        if (high) return i + (size_t)__builtin_ctz((unsigned)high);
    }
#endif
    while (i < len && (uint8_t)ptr[i] < 0x80) i++;
    return i;
}

size_t tsk_utf8_valid_prefix(const char *ptr, size_t len) {
    for (size_t i = 0;;) {
        i += tsk_utf8_ascii_prefix(ptr + i, len - i);
        /* runs of wide text do not go back to the ASCII loop after each character */
        while (i < len && (uint8_t)ptr[i] >= 0x80) {
            uint32_t code;
            unsigned n = tsk_utf8_decode(ptr + i, ptr + len, &code);
            if (!n) return i;
            i += n;
        }
        if (i >= len) return len;
    }
}

size_t tsk_utf8_count(const char *ptr, size_t len) {
    size_t count = 0;
    for (size_t i = 0; i < len;) {
        size_t ascii = tsk_utf8_ascii_prefix(ptr + i, len - i);
        count += ascii;
        i += ascii;
        while (i < len && (uint8_t)ptr[i] >= 0x80) {
            uint32_t code;
            i += tsk_utf8_next(ptr + i, ptr + len, &code);
            count++;
        }
    }
    return count;
}

size_t tsk_utf8_offset(const char *ptr, size_t len, size_t index) {
    size_t i = 0;
    while (i < len && index) {
        size_t ascii = tsk_utf8_ascii_prefix(ptr + i, len - i < index ? len - i : index);
        i += ascii;
        index -= ascii;
        for (; i < len && index && (uint8_t)ptr[i] >= 0x80; index--) {
            uint32_t code;
            i += tsk_utf8_next(ptr + i, ptr + len, &code);
        }
    }
    return i;
}

size_t tsk_utf8_columns(const char *ptr, size_t len) {
    size_t columns = 0;
    for (size_t i = 0; i < len;) {
        size_t ascii = tsk_utf8_ascii_prefix(ptr + i, len - i);
        columns += ascii;
        i += ascii;
        if (i >= len) break;
        uint32_t code;
        i += tsk_utf8_next(ptr + i, ptr + len, &code);
        columns += tsk_utf8_width(code);
    }
    return columns;
}

size_t tsk_utf8_fit(const char *ptr, size_t len, size_t columns) {
    size_t i = 0, used = 0;
    while (i < len) {
        uint32_t code;
        unsigned n = tsk_utf8_next(ptr + i, ptr + len, &code);
        used += tsk_utf8_width(code);
        if (used > columns) break;
        i += n;
    }
    return i;
}

/* Bytes up to the first one that JSON cannot hold as it is, or that is not ASCII. */
static size_t json_plain_prefix(const char *ptr, size_t len) {
    size_t i = 0;
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
    for (; i + 16 <= len; i += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(ptr + i));
        /* signed: control characters and non-ASCII bytes are both below the blank */
        __m128i special = _mm_or_si128(_mm_cmplt_epi8(x, space),
                                       _mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, backslash)));
        int mask = _mm_movemask_epi8(special);
        if (mask) return i + (size_t)__builtin_ctz((unsigned)mask);
    }
#endif
    while (i < len && (int8_t)ptr[i] >= ' ' && ptr[i] != '"' && ptr[i] != '\\') i++;
    return i;
}

static void json_escape(tsk_buf *out, char c) {
    static const char letters[][2] = {{'"', '"'},  {'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'},
                                      {'\t', 't'}, {'\b', 'b'},  {'\f', 'f'}};
    for (size_t i = 0; i < TSK_COUNT(letters); i++) {
        if (letters[i][0] != c) continue;
        tsk_buf_char(out, '\\');
        tsk_buf_char(out, letters[i][1]);
        return;
    }
    tsk_buf_printf(out, "\\u%04x", (unsigned)(uint8_t)c);
}

/* A sequence that is not valid: a surrogate of three bytes, or one stray byte.  Its length is returned. */
static unsigned json_malformed(tsk_buf *out, const char *ptr, const char *end) {
    if (end - ptr >= 3 && (uint8_t)ptr[0] == 0xED && (uint8_t)ptr[1] >= 0xA0 && continuation(ptr[1]) &&
        continuation(ptr[2])) {
        tsk_buf_printf(out, "\\u%04x", 0xD000u | ((uint8_t)ptr[1] & 0x3Fu) << 6 | ((uint8_t)ptr[2] & 0x3Fu));
        return 3;
    }
    tsk_buf_add(out, "\xEF\xBF\xBD", 3);
    return 1;
}

void tsk_utf8_json(tsk_buf *out, const char *ptr, size_t len) {
    const char *end = ptr + len, *copied = ptr, *p = ptr;
    tsk_buf_char(out, '"');
    for (;;) {
        p += json_plain_prefix(p, (size_t)(end - p));
        uint32_t code;
        unsigned n;
        while (p < end && (uint8_t)*p >= 0x80 && (n = tsk_utf8_decode(p, end, &code))) p += n;
        if (p < end && (uint8_t)*p < 0x80 && *p != '"' && *p != '\\' && *p >= ' ') continue;
        tsk_buf_add(out, copied, (size_t)(p - copied));
        if (p == end) break;
        if ((uint8_t)*p >= 0x80) {
            p += json_malformed(out, p, end);
        } else {
            json_escape(out, *p++);
        }
        copied = p;
    }
    tsk_buf_char(out, '"');
}
