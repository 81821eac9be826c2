/* Scalars of YAML: plain, quoted and block texts, and what plain ones stand for. */
#include "runtime/formats/yaml.h"

#include <math.h>

/* ---- line ends inside of texts: one is a blank, more are one less ---- */

/* Over line ends and the blanks of lines that have nothing else; their number. */
static unsigned skip_lines(tsk_yaml *y) {
    unsigned lines = 0;
    for (;;) {
        while (tsk_read_blank(tsk_yaml_at(y, 0))) y->r.p++;
        if (!tsk_read_break(tsk_yaml_at(y, 0))) return lines;
        tsk_yaml_next_line(y);
        lines++;
    }
}

static void add_folded(tsk_buf *out, unsigned lines) {
    if (lines == 1) tsk_buf_char(out, ' ');
    while (lines-- > 1) tsk_buf_char(out, '\n');
}

/* ---- plain ---- */

/* To the end of the text on this line; the byte behind its last one that is no blank. */
static const char *plain_line(tsk_yaml *y, bool flow) {
    const char *start = y->r.p, *last = start;
    for (;; y->r.p++) {
        char c = tsk_yaml_at(y, 0), next = tsk_yaml_at(y, 1);
        if (!c || tsk_read_break(c)) break;
        if (c == ':' && (tsk_yaml_ends(next) || (flow && tsk_yaml_flow_sign(next)))) break;
        if (c == '#' && y->r.p > start && tsk_read_blank(y->r.p[-1])) break;
        if (flow && tsk_yaml_flow_sign(c)) break;
        if (!tsk_read_blank(c)) last = y->r.p + 1;
    }
    y->r.p = last;
    return last;
}

static bool plain_may_start(tsk_yaml *y, bool flow) {
    char c = tsk_yaml_at(y, 0), next = tsk_yaml_at(y, 1);
    if (c == '-' || c == '?' || c == ':') return !tsk_yaml_ends(next) && !(flow && tsk_yaml_flow_sign(next));
    return !strchr(",[]{}#&*!|>'\"%@`", c);
}

static bool no_plain_start(tsk_yaml *y) {
    char c = tsk_yaml_at(y, 0);
    if (c == '-') return tsk_read_fail(&y->r, y->r.p, "a sequence cannot begin here");
    if (c == '?' || c == ':') return tsk_read_fail(&y->r, y->r.p, "a mapping cannot begin here");
    tsk_read_fail(&y->r, y->r.p, "a value cannot begin with %c", c);
    return tsk_read_hint(&y->r, "put it in quotes");
}

bool tsk_yaml_plain(tsk_yaml *y, int indent, bool flow, bool single, tsk_slice *out) {
    if (!plain_may_start(y, flow)) return no_plain_start(y);
    const char *start = y->r.p, *last = plain_line(y, flow);
    *out = tsk_read_slice(start, last);
    if (single) return true;
    tsk_buf text;
    tsk_buf_init(&text, y->r.arena);
    for (;;) {
        const char *line = y->line;
        unsigned lines = skip_lines(y);
        char c = tsk_yaml_at(y, 0), next = tsk_yaml_at(y, 1);
        bool over = !lines || tsk_yaml_ended(y) || c == '#' || (!flow && tsk_yaml_column(y) <= indent) ||
                    (flow &&
                     (tsk_yaml_flow_sign(c) || (c == ':' && (tsk_yaml_ends(next) || tsk_yaml_flow_sign(next)))));
        if (over) {
            y->r.p = last;
            y->line = line;
            break;
        }
        if (!text.len) tsk_buf_slice(&text, *out);
        add_folded(&text, lines);
        start = y->r.p;
        last = plain_line(y, flow);
        tsk_buf_add(&text, start, (size_t)(last - start));
    }
    if (text.len) *out = tsk_read_taken(&text);
    return true;
}

/* ---- quoted ---- */

static bool read_escape(tsk_yaml *y, tsk_buf *out) {
    static const char from[] = "0abt\tnvfre \"/\\", to[] = "\0\a\b\t\t\n\v\f\r\x1B \"/\\";
    static const struct {
        char letter;
        unsigned digits;
    } codes[] = {{'x', 2}, {'u', 4}, {'U', 8}};
    const char *start = y->r.p++;
    char c = tsk_yaml_at(y, 0);
    const char *known = c ? strchr(from, c) : NULL;
    uint32_t code = c == 'N' ? 0x85 : c == '_' ? 0xA0 : c == 'L' ? 0x2028 : c == 'P' ? 0x2029 : 0, low;
    y->r.p += c != 0;
    if (known) return tsk_buf_char(out, to[known - from]), true;
    if (code) return tsk_read_add_code(out, code);
    for (size_t i = 0; i < TSK_COUNT(codes); i++) {
        if (c != codes[i].letter) continue;
        if (!tsk_read_code(&y->r, codes[i].digits, &code))
            return tsk_read_fail(&y->r, start, "\\%c without %u hexadecimal digits", c, codes[i].digits);
        const char *after = y->r.p;
        if (code >= 0xD800 && code < 0xDC00 && tsk_yaml_at(y, 0) == '\\' && tsk_yaml_at(y, 1) == 'u') {
            y->r.p += 2; /* two halves of one character, as JSON writes them */
            if (tsk_read_code(&y->r, 4, &low) && low >= 0xDC00 && low < 0xE000)
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            else
                y->r.p = after;
        }
        return tsk_read_add_code(out, code) || tsk_read_fail(&y->r, start, "an escape that is no character");
    }
    tsk_read_fail(&y->r, start, "an unknown escape");
    return tsk_read_hint(&y->r, "a backslash is written \\\\, or the text put in single quotes");
}

/* At a line end inside of quotes.  `kept`: bytes of the buffer that came from escapes and stay although they are
 * blanks.  `escaped`: a backslash stands before the line end, which then counts as nothing. */
static bool fold_quoted(tsk_yaml *y, int indent, const char *start, size_t kept, bool escaped, tsk_buf *out) {
    while (!escaped && out->len > kept && tsk_read_blank(out->ptr[out->len - 1])) out->len--;
    unsigned lines = skip_lines(y);
    if (y->r.p == y->r.end || tsk_yaml_ended(y)) return tsk_read_fail(&y->r, start, "a text without its closing quote");
    if (tsk_yaml_column(y) <= indent) {
        tsk_read_fail(&y->r, y->r.p, "a line of a text in quotes is not indented deeper than what holds it");
        return tsk_read_hint(&y->r, "is the closing quote missing?");
    }
    if (escaped)
        while (lines-- > 1) tsk_buf_char(out, '\n');
    else
        add_folded(out, lines);
    return true;
}

bool tsk_yaml_quoted(tsk_yaml *y, int indent, tsk_slice *out) {
    const char *start = y->r.p++, *from = y->r.p;
    char quote = *start;
    while (y->r.p < y->r.end && *y->r.p != quote && *y->r.p != '\\' && !tsk_read_break(*y->r.p)) y->r.p++;
    bool plain = tsk_yaml_at(y, 0) == quote && !(quote == '\'' && tsk_yaml_at(y, 1) == '\'');
    if (plain) return *out = tsk_read_slice(from, y->r.p++), true;
    tsk_buf text;
    tsk_buf_init(&text, y->r.arena);
    tsk_buf_add(&text, from, (size_t)(y->r.p - from));
    for (size_t kept = 0; y->r.p < y->r.end;) {
        char c = *y->r.p;
        if (c == quote) {
            y->r.p++;
            if (quote == '"' || tsk_yaml_at(y, 0) != '\'') return *out = tsk_read_taken(&text), true;
            y->r.p++;
            tsk_buf_char(&text, '\'');
        } else if (c == '\\' && quote == '"') {
            bool line = tsk_read_break(tsk_yaml_at(y, 1));
            if (line) y->r.p++;
            if (line ? !fold_quoted(y, indent, start, kept, true, &text) : !read_escape(y, &text)) return false;
            kept = text.len;
        } else if (tsk_read_break(c)) {
            if (!fold_quoted(y, indent, start, kept, false, &text)) return false;
            kept = text.len;
        } else {
            tsk_buf_char(&text, c);
            y->r.p++;
        }
    }
    return tsk_read_fail(&y->r, start, "a text without its closing quote");
}

/* ---- block texts: | keeps line ends, > folds them ---- */

typedef struct block {
    bool folded;
    char chomp; /* '-' no line end at the end, '+' all, 0 one */
    int column; /* of the text; -1: the first line that is not empty says */
    tsk_buf text;
    unsigned lines;   /* line ends since the last line with text */
    bool any, deeper; /* there was one; it began with a blank */
} block;

static bool block_header(tsk_yaml *y, int indent, block *b) {
    b->folded = *y->r.p++ == '>';
    for (int i = 0; i < 2; i++) {
        char c = tsk_yaml_at(y, 0);
        if ((c == '-' || c == '+') && !b->chomp)
            b->chomp = c;
        else if (c >= '1' && c <= '9' && b->column < 0)
            b->column = (indent > 0 ? indent : 0) + (c - '0');
        else
            break;
        y->r.p++;
    }
    const char *before = y->r.p;
    while (tsk_read_blank(tsk_yaml_at(y, 0))) y->r.p++;
    if (tsk_yaml_at(y, 0) == '#' && y->r.p > before)
        while (y->r.p < y->r.end && !tsk_read_break(*y->r.p)) y->r.p++;
    if (y->r.p < y->r.end && !tsk_read_break(*y->r.p))
        return tsk_read_fail(&y->r, y->r.p, "something stands behind the %c of a block of text", b->folded ? '>' : '|');
    if (y->r.p < y->r.end) tsk_yaml_next_line(y);
    return true;
}

/* Looks ahead for the first line with text. */
static bool find_column(tsk_yaml *y, int indent, block *b) {
    int widest = 0;
    const char *wide = y->r.p;
    for (const char *p = y->r.p; p < y->r.end;) {
        const char *start = p;
        while (p < y->r.end && *p == ' ') p++;
        if (p < y->r.end && !tsk_read_break(*p)) {
            b->column = (int)(p - start);
            break;
        }
        if (p - start > widest) widest = (int)(p - start), wide = start;
        if (p < y->r.end) p += *p == '\r' && p + 1 < y->r.end && p[1] == '\n' ? 2 : 1;
    }
    if (b->column <= indent)
        b->column = widest > indent ? widest : indent + 1;
    else if (widest > b->column)
        return tsk_read_fail(&y->r, wide, "an empty line before a block of text is indented deeper than the text");
    return true;
}

static void block_line(block *b, tsk_slice line) {
    bool deeper = line.len && tsk_read_blank(*line.ptr);
    if (!b->any || !b->folded || deeper || b->deeper)
        while (b->lines--) tsk_buf_char(&b->text, '\n');
    else
        add_folded(&b->text, b->lines);
    tsk_buf_slice(&b->text, line);
    b->any = true;
    b->deeper = deeper;
    b->lines = 0;
}

bool tsk_yaml_block_text(tsk_yaml *y, int indent, tsk_slice *out) {
    block b = {.column = -1};
    tsk_buf_init(&b.text, y->r.arena);
    if (!block_header(y, indent, &b) || (b.column < 0 && !find_column(y, indent, &b))) return false;
    while (y->r.p < y->r.end) {
        const char *p = y->r.p;
        while (p < y->r.end && *p == ' ' && p - y->r.p < b.column) p++;
        bool empty = p == y->r.end || tsk_read_break(*p);
        if (!empty && (p - y->r.p < b.column || tsk_yaml_ended(y))) break;
        const char *start = p;
        while (p < y->r.end && !tsk_read_break(*p)) p++;
        if (!empty) block_line(&b, tsk_read_slice(start, p));
        y->r.p = p;
        if (p < y->r.end) {
            tsk_yaml_next_line(y);
            b.lines++;
        }
    }
    if (b.chomp != '-' && b.any && b.lines) tsk_buf_char(&b.text, '\n'), b.lines--;
    for (; b.chomp == '+' && b.lines; b.lines--) tsk_buf_char(&b.text, '\n');
    *out = tsk_read_taken(&b.text);
    return true;
}

/* ---- what plain texts stand for ---- */

static bool is_one_of(tsk_slice s, const char *const *words) {
    for (; *words; words++)
        if (strlen(*words) == s.len && memcmp(*words, s.ptr, s.len) == 0) return true;
    return false;
}

static bool is_special_float(tsk_slice s, double *out) {
    static const char *const infinite[] = {".inf", ".Inf", ".INF", NULL}, *const nan[] = {".nan", ".NaN", ".NAN", NULL};
    if (is_one_of(s, nan)) return *out = (double)NAN, true;
    bool negative = s.len && *s.ptr == '-';
    if (s.len && (*s.ptr == '-' || *s.ptr == '+')) s.ptr++, s.len--;
    if (!is_one_of(s, infinite)) return false;
    *out = negative ? -(double)INFINITY : (double)INFINITY;
    return true;
}

/* 0o17 and 0x1F have no sign. */
static bool is_based(tsk_slice s) {
    if (s.len < 3 || *s.ptr != '0' || (s.ptr[1] != 'x' && s.ptr[1] != 'o')) return false;
    for (uint32_t i = 2; i < s.len; i++)
        if (s.ptr[1] == 'x' ? tsk_read_hex(s.ptr[i]) < 0 : s.ptr[i] < '0' || s.ptr[i] > '7') return false;
    return true;
}

/* [-+]? (\. [0-9]+ | [0-9]+ (\. [0-9]*)?) ([eE] [-+]? [0-9]+)? */
static bool is_decimal(tsk_slice s) {
    const char *p = s.ptr, *end = p + s.len;
    if (p < end && (*p == '-' || *p == '+')) p++;
    const char *whole = p;
    while (p < end && tsk_read_digit(*p)) p++;
    bool digits = p > whole;
    if (p < end && *p == '.') {
        const char *part = ++p;
        while (p < end && tsk_read_digit(*p)) p++;
        digits = digits || p > part;
    }
    if (!digits) return false;
    if (p < end && (*p | 32) == 'e') {
        p++;
        if (p < end && (*p == '-' || *p == '+')) p++;
        const char *exponent = p;
        while (p < end && tsk_read_digit(*p)) p++;
        if (p == exponent) return false;
    }
    return p == end;
}

/* The language knows no leading '+', no leading zeros, and no point without digits on both sides. */
static tsk_value decimal(tsk_yaml *y, tsk_slice s) {
    char *text = tsk_arena_alloc(y->r.arena, (size_t)s.len + 3);
    uint32_t n = 0, i = *s.ptr == '-' || *s.ptr == '+';
    if (*s.ptr == '-') text[n++] = '-';
    while (i + 1 < s.len && s.ptr[i] == '0' && tsk_read_digit(s.ptr[i + 1])) i++;
    if (s.ptr[i] == '.') text[n++] = '0';
    for (; i < s.len; i++) {
        if (s.ptr[i] == '.' && (i + 1 == s.len || !tsk_read_digit(s.ptr[i + 1]))) {
            if (memchr(s.ptr + i, 'e', s.len - i) || memchr(s.ptr + i, 'E', s.len - i)) continue;
            text[n++] = '.';
            text[n++] = '0';
            continue;
        }
        text[n++] = s.ptr[i];
    }
    tsk_value v;
    if (tsk_number_parse(y->r.arena, text, n, &v)) return v;
    return tsk_str_borrow(y->r.arena, s.ptr, s.len); /* never: is_decimal has looked */
}

static tsk_value plain_value(tsk_yaml *y, tsk_slice s) {
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const yes[] = {"true", "True", "TRUE", NULL}, *const no[] = {"false", "False", "FALSE", NULL};
    double special;
    tsk_value v;
    if (is_one_of(s, nulls)) return TSK_VALUE_NULL;
    if (is_one_of(s, yes)) return TSK_VALUE_TRUE;
    if (is_one_of(s, no)) return TSK_VALUE_FALSE;
    if (is_special_float(s, &special)) return tsk_from_double(special);
    if (is_based(s) && tsk_number_parse(y->r.arena, s.ptr, s.len, &v)) return v;
    return is_decimal(s) ? decimal(y, s) : tsk_read_text(&y->r, s);
}

bool tsk_yaml_resolve(tsk_yaml *y, tsk_yaml_tag tag, bool plain, tsk_slice text, tsk_value *out) {
    static const char *const wanted[] = {
        [TSK_YAML_INT] = "a whole number", [TSK_YAML_FLOAT] = "a number", [TSK_YAML_BOOL] = "a boolean",
        [TSK_YAML_NULL] = "null",          [TSK_YAML_SEQ] = "a sequence", [TSK_YAML_MAP] = "a mapping"};
    bool right = true;
    *out = tag == TSK_YAML_TEXT || (!plain && !tag) ? tsk_read_text(&y->r, text) : plain_value(y, text);
    switch (tag) {
    case TSK_YAML_UNTAGGED:
    case TSK_YAML_TEXT: return true;
    case TSK_YAML_INT: right = tsk_is_int(*out); break;
    case TSK_YAML_FLOAT:
        right = tsk_is_number(*out);
        if (right) *out = tsk_from_double(tsk_as_number(*out));
        break;
    case TSK_YAML_BOOL: right = tsk_is_bool(*out); break;
    case TSK_YAML_NULL: right = tsk_is_null(*out); break;
    default: right = false; break;
    }
    return right || tsk_read_fail(&y->r, y->r.p, "the value is not what its tag says: %s", wanted[tag]);
}
