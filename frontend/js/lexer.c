/* Text of functions to tokens: see lexer.h.
 *
 *   spaces and comments ─► first character decides: word, number, string, template, punctuator
 *
 * Names and strings are kept once for each text in a table of the lexer; one without escapes costs no copy.
 * Invariant: `at` never passes `end`, and every error is reported once, as a token of kind ERROR.
 */
#include "frontend/js/lexer.h"

#include "runtime/base/identifier.h"
#include "runtime/base/number.h"
#include "runtime/base/utf8.h"

#include <string.h>

void tsk_js_lexer_init(tsk_js_lexer *lx, tsk_arena *arena, tsk_diags *diags, tsk_slice text, uint32_t base) {
    *lx = (tsk_js_lexer){.arena = arena, .diags = diags, .start = text.ptr, .at = text.ptr, .base = base};
    lx->end = text.ptr + text.len;
}

/* ---- names ---- */

static void grow_names(tsk_js_lexer *lx) {
    uint32_t old_cap = lx->name_cap;
    const tsk_js_name **old = lx->names;
    lx->name_cap = old_cap ? old_cap * 2 : 64;
    lx->names = tsk_arena_zalloc(lx->arena, lx->name_cap * sizeof *lx->names);
    for (uint32_t i = 0; i < old_cap; i++) {
        if (!old[i]) continue;
        uint32_t at = old[i]->hash & (lx->name_cap - 1);
        while (lx->names[at]) at = (at + 1) & (lx->name_cap - 1);
        lx->names[at] = old[i];
    }
}

const tsk_js_name *tsk_js_lexer_name(tsk_js_lexer *lx, const char *text, size_t len) {
    if (lx->name_count * 2 >= lx->name_cap) grow_names(lx);
    uint32_t hash = tsk_hash(text, (uint32_t)len), at = hash & (lx->name_cap - 1);
    for (; lx->names[at]; at = (at + 1) & (lx->name_cap - 1)) {
        const tsk_js_name *n = lx->names[at];
        if (n->hash == hash && n->len == len && !memcmp(n->text, text, len)) return n;
    }
    tsk_js_name *fresh = TSK_NEW(lx->arena, tsk_js_name);
    *fresh = (tsk_js_name){text, (uint32_t)len, hash, {NULL, NULL}};
    lx->names[at] = fresh;
    lx->name_count++;
    return fresh;
}

/* Of a text that does not lie in the source: the table keeps a copy. */
static const tsk_js_name *name_of_buf(tsk_js_lexer *lx, const tsk_buf *buf) {
    return tsk_js_lexer_name(lx, buf->len ? tsk_arena_strdup(lx->arena, buf->ptr, buf->len) : "", buf->len);
}

/* ---- errors ---- */

static uint32_t position(const tsk_js_lexer *lx, const char *at) {
    return lx->base + (uint32_t)(at - lx->start);
}

static void fail(tsk_js_lexer *lx, tsk_js_token *token, const char *from, tsk_code code, const char *message,
                 const char *hint) {
    uint32_t len = lx->at > from ? (uint32_t)(lx->at - from) : 1;
    tsk_diag *d = tsk_diags_add(lx->diags, TSK_ERROR, code, (tsk_span){position(lx, from), len}, "%s", message);
    d->hint = hint;
    lx->failed = true;
    token->kind = TSK_JS_TOKEN_ERROR;
}

/* ---- characters ---- */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_space_code(uint32_t c) {
    return c == 0xA0 || c == 0xFEFF || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

static bool is_line_end(uint32_t c) {
    return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

static bool is_name_code(uint32_t c, bool first) {
    if (c < 0x80) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$') return true;
        return !first && c >= '0' && c <= '9';
    }
    if (first) return tsk_identifier_start(c);
    return c == 0x200C || c == 0x200D || tsk_identifier_part(c);
}

/* The character at `at`; 0 at the end. */
static unsigned peek(const tsk_js_lexer *lx, uint32_t *code) {
    if (lx->at >= lx->end) {
        *code = 0;
        return 0;
    }
    if ((unsigned char)*lx->at < 0x80) {
        *code = (unsigned char)*lx->at;
        return 1;
    }
    return tsk_utf8_next(lx->at, lx->end, code);
}

static char char_at(const tsk_js_lexer *lx, size_t i) {
    return i < (size_t)(lx->end - lx->at) ? lx->at[i] : 0;
}

/* WTF-8: surrogates too; the two halves of a pair become one character. */
static void add_unit(tsk_buf *buf, uint32_t code) {
    const unsigned char *p = buf->len >= 3 ? (const unsigned char *)buf->ptr + buf->len : NULL;
    if (code >= 0xDC00 && code <= 0xDFFF && p && p[-3] == 0xED && p[-2] >= 0xA0 && p[-2] < 0xB0) {
        uint32_t high = 0xD000u | (p[-2] & 0x3Fu) << 6 | (p[-1] & 0x3Fu);
        buf->len -= 3;
        code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00);
    }
    char utf8[4];
    if (code >= 0xD800 && code <= 0xDFFF) {
        utf8[0] = (char)0xED;
        utf8[1] = (char)(0x80 | (code >> 6 & 0x3F));
        utf8[2] = (char)(0x80 | (code & 0x3F));
        tsk_buf_add(buf, utf8, 3);
    } else {
        tsk_buf_add(buf, utf8, tsk_utf8_encode(utf8, code));
    }
}

/* ---- spaces and comments ---- */

static bool skip_block_comment(tsk_js_lexer *lx, tsk_js_token *token) {
    const char *from = lx->at;
    for (lx->at += 2; lx->at < lx->end; lx->at++) {
        if (lx->at[0] == '*' && char_at(lx, 1) == '/') {
            lx->at += 2;
            return true;
        }
        uint32_t c;
        peek(lx, &c);
        if (is_line_end(c)) token->newline = true;
    }
    fail(lx, token, from, TSK_E_JS_SYNTAX, "the comment does not end", "close it with `*/`");
    return false;
}

static bool at_text(const tsk_js_lexer *lx, const char *text, size_t len) {
    return (size_t)(lx->end - lx->at) >= len && !memcmp(lx->at, text, len);
}

static void skip_line(tsk_js_lexer *lx) {
    uint32_t c;
    for (unsigned n; (n = peek(lx, &c)) && !is_line_end(c);) lx->at += n;
}

void tsk_js_lexer_skip_hashbang(tsk_js_lexer *lx) {
    if (at_text(lx, "#!", 2)) skip_line(lx);
}

/* Comments of HTML are comments here: `<!--` anywhere, `-->` where a line begins. */
static bool skip_spaces(tsk_js_lexer *lx, tsk_js_token *token) {
    bool first = lx->at == lx->start;
    for (;;) {
        uint32_t c;
        unsigned n = peek(lx, &c);
        if ((c == '/' && char_at(lx, 1) == '/') || (c == '<' && at_text(lx, "<!--", 4)) ||
            (c == '-' && (first || token->newline) && at_text(lx, "-->", 3))) {
            skip_line(lx);
        } else if (c == '/' && char_at(lx, 1) == '*') {
            if (!skip_block_comment(lx, token)) return false;
        } else if (n && is_line_end(c)) {
            token->newline = true;
            lx->at += n;
        } else if (n && (c == ' ' || c == '\t' || c == 0x0B || c == 0x0C || (c >= 0x80 && is_space_code(c)))) {
            lx->at += n;
        } else {
            return true;
        }
    }
}

/* ---- escapes ---- */

/* After `\u`: four digits or {digits}.  -1: malformed. */
static int32_t unicode_escape(tsk_js_lexer *lx) {
    uint32_t code = 0;
    if (char_at(lx, 0) == '{') {
        lx->at++;
        const char *from = lx->at;
        for (; hex_digit(char_at(lx, 0)) >= 0; lx->at++) {
            code = code << 4 | (uint32_t)hex_digit(*lx->at);
            if (code > 0x10FFFF) return -1;
        }
        if (lx->at == from || char_at(lx, 0) != '}') return -1;
        lx->at++;
        return (int32_t)code;
    }
    for (int i = 0; i < 4; i++, lx->at++) {
        if (hex_digit(char_at(lx, 0)) < 0) return -1;
        code = code << 4 | (uint32_t)hex_digit(*lx->at);
    }
    return (int32_t)code;
}

/* After a backslash in a string or template.  False: not a legal escape. */
static bool read_escape(tsk_js_lexer *lx, tsk_buf *out) {
    static const char plain[] = "b\bf\fn\nr\rt\tv\v";
    uint32_t c;
    unsigned n = peek(lx, &c);
    if (!n) return false;
    lx->at += n;
    if (is_line_end(c)) {
        if (c == '\r' && char_at(lx, 0) == '\n') lx->at++;
        return true;
    }
    const char *known = c < 0x80 ? strchr(plain, (int)c) : NULL;
    if (known && (known - plain) % 2 == 0 && c) {
        tsk_buf_char(out, known[1]);
        return true;
    }
    if (c == 'x') {
        int high = hex_digit(char_at(lx, 0)), low = hex_digit(char_at(lx, 1));
        if (high < 0 || low < 0) return false;
        lx->at += 2;
        add_unit(out, (uint32_t)(high * 16 + low));
        return true;
    }
    if (c == 'u') {
        int32_t code = unicode_escape(lx);
        if (code >= 0) add_unit(out, (uint32_t)code);
        return code >= 0;
    }
    if (c >= '0' && c <= '9') {
        if (c != '0' || is_digit(char_at(lx, 0))) return false; /* octal: not in strict code */
        tsk_buf_char(out, 0);
        return true;
    }
    tsk_buf_add(out, lx->at - n, n);
    return true;
}

/* ---- tokens ---- */

static void read_string(tsk_js_lexer *lx, tsk_js_token *token) {
    const char *from = lx->at;
    char quote = *lx->at++;
    tsk_buf text;
    tsk_buf_init(&text, lx->arena);
    for (;;) {
        const char *run = lx->at;
        while (lx->at < lx->end && *lx->at != quote && *lx->at != '\\' && *lx->at != '\n' && *lx->at != '\r') lx->at++;
        tsk_buf_add(&text, run, (size_t)(lx->at - run));
        char c = char_at(lx, 0);
        if (c == quote && lx->at < lx->end) break;
        if (c != '\\') {
            fail(lx, token, from, TSK_E_JS_SYNTAX, "the string does not end on its line", "close it with its quote");
            return;
        }
        const char *escape = lx->at++;
        if (!read_escape(lx, &text)) {
            fail(lx, token, escape, TSK_E_JS_SYNTAX, "an escape that strings do not have", NULL);
            return;
        }
    }
    lx->at++;
    token->kind = TSK_JS_TOKEN_STRING;
    token->name = name_of_buf(lx, &text);
}

/* From after ` or } to after ` or ${. */
static void read_template(tsk_js_lexer *lx, tsk_js_token *token, const char *from) {
    tsk_buf cooked, raw;
    tsk_buf_init(&cooked, lx->arena);
    tsk_buf_init(&raw, lx->arena);
    bool legal = true;
    for (;;) {
        if (lx->at >= lx->end) {
            fail(lx, token, from, TSK_E_JS_SYNTAX, "the template does not end", "close it with a backquote");
            return;
        }
        char c = *lx->at;
        if (c == '`' || (c == '$' && char_at(lx, 1) == '{')) break;
        const char *run = lx->at++;
        if (c == '\\') {
            legal &= read_escape(lx, &cooked);
        } else if (c == '\r') {
            if (char_at(lx, 0) == '\n') lx->at++;
            tsk_buf_char(&cooked, '\n');
        } else {
            tsk_buf_char(&cooked, c);
        }
        for (; run < lx->at; run++) {
            if (*run != '\r')
                tsk_buf_char(&raw, *run);
            else if (run + 1 >= lx->at || run[1] != '\n')
                tsk_buf_char(&raw, '\n');
        }
    }
    token->last = *lx->at == '`';
    lx->at += token->last ? 1 : 2;
    token->kind = TSK_JS_TOKEN_TEMPLATE;
    token->name = legal ? name_of_buf(lx, &cooked) : NULL;
    token->other = name_of_buf(lx, &raw);
}

/* Digits of a base with separators between them; false: a separator where none may be, or no digits. */
static bool read_digits(tsk_js_lexer *lx, int base, tsk_buf *out) {
    size_t before = out->len;
    for (bool digit = false;; lx->at++) {
        char c = char_at(lx, 0);
        int value = hex_digit(c);
        if (value >= 0 && value < base) {
            tsk_buf_char(out, c);
            digit = true;
        } else if (c == '_') {
            int next = hex_digit(char_at(lx, 1));
            if (!digit || next < 0 || next >= base) return false;
            digit = false;
        } else {
            return out->len > before;
        }
    }
}

/* A whole number of base 2, 8 or 16, correctly rounded: the digits beyond 53 bits count for rounding only. */
static double radix_number(const tsk_buf *digits, int bits) {
    uint64_t head = 0;
    int shift = 0;
    bool rest = false;
    for (size_t i = 0; i < digits->len; i++) {
        uint64_t d = (uint64_t)hex_digit(digits->ptr[i]);
        if (head >> 58) {
            shift += bits;
            rest |= d != 0;
        } else {
            head = head << bits | d;
        }
    }
    return __builtin_ldexp((double)(head | rest), shift);
}

/* Legal: 1  1.5  .5  1.  1e3  1_000.  The text without separators and where its point is go to the exact reader. */
static bool decimal_number(tsk_js_lexer *lx, double *out) {
    tsk_buf digits;
    tsk_buf_init(&digits, lx->arena);
    bool whole = is_digit(char_at(lx, 0));
    if (whole && char_at(lx, 0) == '0' && (is_digit(char_at(lx, 1)) || char_at(lx, 1) == '_')) return false;
    if (whole && !read_digits(lx, 10, &digits)) return false;
    int64_t point = (int64_t)digits.len, exponent = 0;
    if (char_at(lx, 0) == '.') {
        lx->at++;
        if (is_digit(char_at(lx, 0)) ? !read_digits(lx, 10, &digits) : !whole || char_at(lx, 0) == '_') return false;
    }
    if (char_at(lx, 0) == 'e' || char_at(lx, 0) == 'E') {
        lx->at++;
        bool minus = char_at(lx, 0) == '-';
        if (minus || char_at(lx, 0) == '+') lx->at++;
        tsk_buf power;
        tsk_buf_init(&power, lx->arena);
        if (!read_digits(lx, 10, &power)) return false;
        for (size_t i = 0; i < power.len && exponent < 100000; i++) exponent = exponent * 10 + power.ptr[i] - '0';
        if (minus) exponent = -exponent;
    }
    size_t zeros = 0;
    while (zeros < digits.len && digits.ptr[zeros] == '0') zeros++;
    size_t count = digits.len - zeros;
    bool more = count > TSK_NUMBER_DECISIVE_DIGITS;
    *out = tsk_number_from_digits(digits.ptr + zeros, (uint32_t)(more ? TSK_NUMBER_DECISIVE_DIGITS : count),
                                  point - (int64_t)zeros + exponent, more);
    return true;
}

static void read_number(tsk_js_lexer *lx, tsk_js_token *token) {
    const char *from = lx->at;
    char kind = (char)(char_at(lx, 1) | 0x20);
    int bits = *from != '0' ? 0 : kind == 'x' ? 4 : kind == 'o' ? 3 : kind == 'b' ? 1 : 0;
    bool legal;
    if (bits) {
        tsk_buf digits;
        tsk_buf_init(&digits, lx->arena);
        lx->at += 2;
        legal = read_digits(lx, 1 << bits, &digits);
        if (legal) token->number = radix_number(&digits, bits);
    } else {
        legal = decimal_number(lx, &token->number);
    }
    uint32_t c;
    unsigned n = peek(lx, &c);
    if (legal && c == 'n') {
        lx->at++;
        fail(lx, token, from, TSK_E_JS_UNSUPPORTED, "BigInt is not in the subset", "leave out the `n`");
    } else if (!legal || (n && is_name_code(c, false))) {
        if (lx->at < lx->end) lx->at++;
        fail(lx, token, from, TSK_E_JS_SYNTAX, "not a number", NULL);
    } else {
        token->kind = TSK_JS_TOKEN_NUMBER;
    }
}

static const struct {
    const char *text;
    uint8_t kind, len;
} punctuators[] = {
#define X(name, text) {text, TSK_JS_TOKEN_##name, sizeof text - 1},
#define K(name, text)
#include "frontend/js/tokens.def"
#undef X
#undef K
};

static const struct {
    const char *text;
    uint8_t kind, len;
} keywords[] = {
#define X(name, text)
#define K(name, text) {text, TSK_JS_TOKEN_##name, sizeof text - 1},
#include "frontend/js/tokens.def"
#undef X
#undef K
};

static uint8_t keyword(const char *text, size_t len) {
    if (len < 2 || len > 10 || *text < 'b' || *text > 'y') return TSK_JS_TOKEN_NAME;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (keywords[i].len == len && !memcmp(keywords[i].text, text, len)) return keywords[i].kind;
    return TSK_JS_TOKEN_NAME;
}

/* A name without a keyword's meaning; `from` is where the token starts.  False: reported. */
static bool read_name(tsk_js_lexer *lx, tsk_js_token *token, const char *from) {
    const char *run = lx->at;
    tsk_buf text;
    tsk_buf_init(&text, lx->arena);
    for (bool first = true;; first = false) {
        uint32_t c;
        unsigned n = peek(lx, &c);
        if (n && is_name_code(c, first)) {
            lx->at += n;
            continue;
        }
        if (c != '\\') {
            if (!first) break;
            lx->at += n;
            fail(lx, token, from, TSK_E_JS_SYNTAX, "an unexpected character", NULL);
            return false;
        }
        tsk_buf_add(&text, run, (size_t)(lx->at - run));
        lx->at++;
        int32_t code = char_at(lx, 0) == 'u' ? (lx->at++, unicode_escape(lx)) : -1;
        if (code < 0 || !is_name_code((uint32_t)code, first)) {
            fail(lx, token, from, TSK_E_JS_SYNTAX, "an escape that names do not have", NULL);
            return false;
        }
        add_unit(&text, (uint32_t)code);
        token->escaped = true;
        run = lx->at;
    }
    token->kind = TSK_JS_TOKEN_NAME;
    if (token->escaped) {
        tsk_buf_add(&text, run, (size_t)(lx->at - run));
        token->name = name_of_buf(lx, &text);
    } else {
        token->name = tsk_js_lexer_name(lx, run, (size_t)(lx->at - run));
    }
    return true;
}

static void read_word(tsk_js_lexer *lx, tsk_js_token *token) {
    const char *from = lx->at;
    if (!read_name(lx, token, from)) return;
    uint8_t kind = keyword(token->name->text, token->name->len);
    if (kind == TSK_JS_TOKEN_NAME) return;
    if (token->escaped) return; /* the parser refuses it where a keyword's text may not be a name */
    token->kind = kind;
}

/* The longest punctuator; `?.` before a digit is a question mark. */
static bool read_punctuator(tsk_js_lexer *lx, tsk_js_token *token) {
    size_t left = (size_t)(lx->end - lx->at), best = 0;
    for (size_t i = 0; i < sizeof punctuators / sizeof *punctuators; i++) {
        size_t len = punctuators[i].len;
        if (len <= best || len > left || memcmp(punctuators[i].text, lx->at, len) != 0) continue;
        if (punctuators[i].kind == TSK_JS_TOKEN_OPTIONAL_DOT && is_digit(char_at(lx, 2))) continue;
        best = len;
        token->kind = punctuators[i].kind;
    }
    lx->at += best;
    return best;
}

static void begin(tsk_js_token *token) {
    *token = (tsk_js_token){.kind = TSK_JS_TOKEN_END};
}

static void finish(const tsk_js_lexer *lx, tsk_js_token *token, const char *from) {
    token->span = (tsk_span){position(lx, from), (uint32_t)(lx->at - from)};
}

void tsk_js_lexer_next(tsk_js_lexer *lx, tsk_js_token *token) {
    begin(token);
    if (!skip_spaces(lx, token)) return;
    const char *from = lx->at;
    char c = char_at(lx, 0);
    if (lx->at < lx->end) {
        if (c == '"' || c == '\'') {
            read_string(lx, token);
        } else if (c == '`') {
            lx->at++;
            read_template(lx, token, from);
        } else if (is_digit(c) || (c == '.' && is_digit(char_at(lx, 1)))) {
            read_number(lx, token);
        } else if (c == '#') {
            lx->at++;
            if (read_name(lx, token, from)) token->kind = TSK_JS_TOKEN_PRIVATE_NAME;
        } else if (!read_punctuator(lx, token)) {
            read_word(lx, token);
        }
    }
    finish(lx, token, from);
}

void tsk_js_lexer_regex(tsk_js_lexer *lx, tsk_js_token *token) {
    const char *from = lx->start + (token->span.pos - lx->base);
    bool newline = token->newline, in_class = false;
    begin(token);
    token->newline = newline;
    lx->at = from + 1;
    for (;; lx->at++) {
        uint32_t c;
        unsigned n = peek(lx, &c);
        if (!n || is_line_end(c)) {
            fail(lx, token, from, TSK_E_JS_SYNTAX, "the regular expression does not end on its line", NULL);
            return;
        }
        if (c == '/' && !in_class) break;
        if (c == '[') in_class = true;
        if (c == ']') in_class = false;
        if (c == '\\' && lx->at + 1 < lx->end && !is_line_end((unsigned char)lx->at[1])) lx->at++;
    }
    token->name = tsk_js_lexer_name(lx, from + 1, (size_t)(lx->at - from - 1));
    const char *flags = ++lx->at;
    while (is_name_code((unsigned char)char_at(lx, 0) & 0x7Fu, false) && (unsigned char)char_at(lx, 0) < 0x80) lx->at++;
    token->other = tsk_js_lexer_name(lx, flags, (size_t)(lx->at - flags));
    token->kind = TSK_JS_TOKEN_REGEX;
    finish(lx, token, from);
}

void tsk_js_lexer_template(tsk_js_lexer *lx, tsk_js_token *token) {
    const char *from = lx->start + (token->span.pos - lx->base);
    begin(token);
    lx->at = from + 1;
    read_template(lx, token, from);
    finish(lx, token, from);
}

const char *tsk_js_token_text(tsk_js_token_kind kind) {
    static const char *const texts[TSK_JS_TOKENS] = {
        [TSK_JS_TOKEN_END] = "the end of the function",
        [TSK_JS_TOKEN_ERROR] = "an error",
        [TSK_JS_TOKEN_NAME] = "a name",
        [TSK_JS_TOKEN_PRIVATE_NAME] = "a private name",
        [TSK_JS_TOKEN_NUMBER] = "a number",
        [TSK_JS_TOKEN_STRING] = "a string",
        [TSK_JS_TOKEN_REGEX] = "a regular expression",
        [TSK_JS_TOKEN_TEMPLATE] = "a template",
#define X(name, text) [TSK_JS_TOKEN_##name] = "`" text "`",
#define K(name, text) [TSK_JS_TOKEN_##name] = "`" text "`",
#include "frontend/js/tokens.def"
#undef X
#undef K
    };
    return texts[kind];
}
