/* Strings: every quote form, escapes, `${expression}`, `{$name}`, heredocs.
 *
 *   "..."  """..."""   escapes, interpolation, newlines inside
 *   `...`              the same
 *   '...'  '''...'''   raw, but for \' and \\
 *   <<ID  <<<ID        lines up to one that is just ID; <<<'ID' raw
 *
 * A string without escapes is a slice of the source.  Otherwise its pieces are built once, in the arena. */
#include "frontend/frontend.h"

#include "runtime/base/utf8.h"

#include <emmintrin.h>

/* Up to the closing quote when nothing but plain text comes before it. */
bool tsk_quick_string(tsk_parser *ps, const char **cursor, tsk_value *out) {
    const char *start = *cursor + 1, *p = start;
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), dollar = _mm_set1_epi8('$');
    const __m128i low = _mm_set1_epi8('\r'); /* up to here are the controls that need a closer look */
    for (;; p += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash)),
                                   _mm_or_si128(_mm_cmpeq_epi8(x, dollar), _mm_cmpeq_epi8(_mm_min_epu8(x, low), x)));
        int mask = _mm_movemask_epi8(hit);
        if (mask) {
            p += __builtin_ctz((unsigned)mask);
            if (*p == '\t') { /* a tab is plain; go on behind it */
                p -= 15;
                continue;
            }
            break;
        }
    }
    if (*p != '"' || (p == start && p[1] == '"')) return false;
    *out = tsk_str_borrow(ps->arena, start, (uint32_t)(p - start));
    *cursor = p + 1;
    return true;
}

/* Behind the word `function`: a name or none, and the list of parameters. */
static bool is_function_head(const char *p, const char *end) {
    while (p < end && (tsk_is(*p, TSK_C_BLANK | TSK_C_EOL | TSK_C_START | TSK_C_DIGIT) || *p == '*' || *p == '$')) p++;
    return p < end && *p == '(';
}

/* `function`, `async`, `(`...`) =>` or `name =>`: text of a FUJSEN function, in which `${` is its own. */
bool tsk_is_function_text(const char *p, const char *end) {
    while (p < end && tsk_is(*p, TSK_C_BLANK | TSK_C_EOL)) p++;
    while (p + 1 < end && p[0] == '/' && (p[1] == '/' || p[1] == '*')) { /* leading comments */
        const char *stop = p[1] == '/' ? memchr(p, '\n', (size_t)(end - p))
                                       : memmem(p + 2, (size_t)(end - p - 2), "*/", 2);
        if (!stop) return false;
        p = stop + (p[1] == '/' ? 1 : 2);
        while (p < end && tsk_is(*p, TSK_C_BLANK | TSK_C_EOL)) p++;
    }
    if (p == end || !(tsk_is(*p, TSK_C_START) || *p == '(')) return false;
    size_t left = (size_t)(end - p);
    if (left > 8 && memcmp(p, "function", 8) == 0 && !tsk_is(p[8], TSK_C_START | TSK_C_DIGIT))
        return is_function_head(p + 8, end) && memchr(p, '{', left);
    if (left > 6 && memcmp(p, "async ", 6) == 0) return tsk_is_function_text(p + 6, end);
    if (*p == '(') {
        int open = 0;
        for (; p < end; p++) {
            if (*p == '(') open++;
            if (*p == ')' && --open == 0) break;
        }
        if (p == end) return false;
        p++;
    } else {
        while (p < end && tsk_is(*p, TSK_C_START | TSK_C_DIGIT)) p++;
    }
    while (p < end && tsk_is(*p, TSK_C_BLANK | TSK_C_EOL)) p++;
    return p + 1 < end && p[0] == '=' && p[1] == '>';
}

/* ---- strings with something in them ---- */

typedef struct string_state {
    tsk_parser *ps;
    const char *open;
    tsk_buf text;
    const char *run; /* the piece so far that is not in `text` yet is [run, p) of the source */
    uint32_t mark;   /* of the parser's stack: parts so far */
} string_state;

static void flush_run(string_state *st, const char *to) {
    tsk_buf_add(&st->text, st->run, (size_t)(to - st->run));
}

static void push_text(string_state *st, const char *to) {
    flush_run(st, to);
    if (st->text.len) {
        tsk_value v = tsk_str_take(&st->text);
        tsk_ast_push(st->ps, tsk_ast_literal(st->ps, v, st->open, to));
    }
    tsk_buf_init(&st->text, st->ps->arena);
}

static int hex_value(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Hex digits from p, between min and max of them; the number of bytes read, 0 when there are too few. */
static unsigned read_hex(const char *p, unsigned min, unsigned max, uint32_t *out) {
    unsigned n = 0;
    uint32_t x = 0;
    for (; n < max && tsk_is(p[n], TSK_C_HEX); n++) x = x * 16 + (uint32_t)hex_value(p[n]);
    *out = x;
    return n >= min ? n : 0;
}

static void add_code_point(string_state *st, uint32_t cp) {
    char bytes[4];
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000)) cp = 0xFFFD;
    tsk_buf_add(&st->text, bytes, tsk_utf8_encode(bytes, cp));
}

/* `p` is behind the backslash; returns behind the escape, or NULL when it is none and stays as written. */
static const char *read_escape(string_state *st, const char *p) {
    static const char simple[128] = {
        ['n'] = '\n', ['t'] = '\t', ['r'] = '\r', ['\\'] = '\\', ['"'] = '"', ['\''] = '\'',
        ['/'] = '/',  ['b'] = '\b', ['f'] = '\f', ['$'] = '$',   ['`'] = '`'};
    uint32_t cp, low;
    unsigned n;
    if ((uint8_t)*p < 128 && simple[(uint8_t)*p]) {
        tsk_buf_char(&st->text, simple[(uint8_t)*p]);
        return p + 1;
    }
    switch (*p) {
    case '0':
        if (tsk_is(p[1], TSK_C_DIGIT)) return NULL;
        tsk_buf_char(&st->text, 0);
        return p + 1;
    case 'x':
        if (!read_hex(p + 1, 2, 2, &cp)) return NULL;
        add_code_point(st, cp);
        return p + 3;
    case 'u':
        if (p[1] == '{') {
            n = read_hex(p + 2, 1, 6, &cp);
            if (!n || p[2 + n] != '}') return NULL;
            add_code_point(st, cp);
            return p + 3 + n;
        }
        if (!read_hex(p + 1, 4, 4, &cp)) return NULL;
        if (cp >= 0xD800 && cp < 0xDC00 && p[5] == '\\' && p[6] == 'u' && read_hex(p + 7, 4, 4, &low) &&
            low >= 0xDC00 && low < 0xE000) {
            add_code_point(st, 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00));
            return p + 11;
        }
        add_code_point(st, cp);
        return p + 5;
    default: return NULL;
    }
}

/* ---- `${` that turned out to be plain text: a set of addresses ---- */

static const char **plain_slot(const tsk_parser *ps, const char *p) {
    uint32_t i = (uint32_t)(p - ps->text) * 2654435761u;
    while (ps->plain_holes[i & (ps->plain_cap - 1)] && ps->plain_holes[i & (ps->plain_cap - 1)] != p) i++;
    return &ps->plain_holes[i & (ps->plain_cap - 1)];
}

static bool is_plain_hole(const tsk_parser *ps, const char *p) {
    return ps->plain_cap && *plain_slot(ps, p);
}

static void add_plain_hole(tsk_parser *ps, const char *p) {
    if (ps->plain_count * 2 >= ps->plain_cap) {
        const char **old = ps->plain_holes;
        uint32_t count = ps->plain_cap;
        ps->plain_cap = count ? count * 2 : 16;
        ps->plain_holes = tsk_arena_zalloc(ps->arena, ps->plain_cap * sizeof *ps->plain_holes);
        for (uint32_t i = 0; i < count; i++)
            if (old[i]) *plain_slot(ps, old[i]) = old[i];
    }
    const char **slot = plain_slot(ps, p);
    ps->plain_count += !*slot;
    *slot = p;
}

/* Names in a hole may stand for globals. */
static void mark_names(tsk_ast *ast) {
    if (ast->kind == TSK_AST_NAME) ast->flags |= TSK_AST_IN_STRING;
    if (ast->kind == TSK_AST_INTERPOLATE) return; /* its holes are marked */
    for (uint32_t i = 0; i < ast->count; i++)
        if (ast->items[i]) mark_names(ast->items[i]);
}

/* `${expression}` at p; the node and the byte behind it, or NULL: then it is plain text, or nested too deeply. */
static tsk_ast *read_braced(string_state *st, const char *p, const char **after) {
    tsk_parser *ps = st->ps;
    if (is_plain_hole(ps, p)) return NULL;
    if (ps->depth >= ps->fe->options.max_depth) {
        tsk_expression_fail(ps, true, TSK_E_TOO_DEEP, p, p + 2, "nested too deeply here",
                            "the expression is nested deeper than the limit");
        return NULL;
    }
    const char *line = ps->line;
    uint32_t nest = ps->nest, depth = ps->depth, mark = ps->stack_count;
    ps->p = p + 2;
    ps->nest = 1;
    ps->depth++;
    tsk_skip_blanks(ps);
    tsk_ast *ast = tsk_parse_expression(ps);
    if (ast) tsk_skip_blanks(ps);
    ps->nest = nest;
    ps->depth = depth;
    if (ast && *ps->p == '}') {
        *after = ps->p + 1;
        ast->flags |= TSK_AST_FROM_STRING;
        mark_names(ast);
        return ast;
    }
    ps->line = line;
    ps->stack_count = mark;
    if (ps->failed && ps->fail_code == TSK_E_TOO_DEEP) return NULL;
    ps->failed = ps->failed_hard = false;
    add_plain_hole(ps, p);
    return NULL;
}

/* `{$name.path}` at p. */
static tsk_ast *read_dollar(string_state *st, const char *p, const char **after) {
    const char *q = p + 2;
    while (tsk_is(*q, TSK_C_IDENT) || *q == '.' || *q == '[' || *q == ']') q++;
    if (*q != '}' || q == p + 2 || !tsk_is(p[2], TSK_C_START)) return NULL;
    string_state at = *st;
    tsk_ast *ast = read_braced(&at, p - 1, after); /* the expression starts at `$`, one byte behind the brace */
    return ast && *after == q + 1 ? ast : NULL;
}

typedef enum quote_end { END_QUOTE, END_TRIPLE, END_HEREDOC } quote_end;

typedef struct quote {
    quote_end end;
    char c;           /* of END_QUOTE and END_TRIPLE */
    bool raw;         /* no interpolation, only \' and \\ */
    bool verbatim;    /* nothing at all: functions, heredocs in quotes */
    tsk_slice id;     /* of END_HEREDOC */
    const char *stop; /* END_HEREDOC: first byte of the closing line */
} quote;

static bool at_end(const quote *q, const char *p) {
    if (q->end == END_HEREDOC) return p == q->stop;
    return *p == q->c && (q->end == END_QUOTE || (p[1] == q->c && p[2] == q->c));
}

/* One special character; returns where to go on. */
static const char *read_special(string_state *st, const quote *q, const char *p) {
    const char *after = p;
    if (*p == '\r' && p[1] == '\n') {
        flush_run(st, p);
        st->run = p + 1;
        return p + 2;
    }
    if (q->verbatim) return p + 1;
    if (*p == '\\') {
        if (q->raw) {
            if (p[1] != '\\' && p[1] != q->c) return p + 1;
            flush_run(st, p);
            st->run = p + 1;
            return p + 2;
        }
        flush_run(st, p);
        st->run = p;
        after = read_escape(st, p + 1);
        if (!after) return p + (p[1] == '\n' || !p[1] ? 1 : 2);
        st->run = after;
        return after;
    }
    if (q->raw) return p + 1;
    tsk_ast *ast = NULL;
    const char *save = st->ps->p;
    if (*p == '$' && p[1] == '{')
        ast = read_braced(st, p, &after);
    else if (*p == '{' && p[1] == '$')
        ast = read_dollar(st, p, &after);
    st->ps->p = save;
    if (!ast) return p + 1;
    push_text(st, p);
    tsk_ast_push(st->ps, ast);
    st->run = after;
    return after;
}

static bool is_special(const quote *q, char c) {
    return c == '\\' || c == '\r' || c == '$' || c == '{' || c == q->c || c == 0;
}

static tsk_ast *unterminated(tsk_parser *ps, const char *open, size_t quotes) {
    tsk_expression_fail(ps, true, TSK_E_UNTERMINATED_STRING, open, open + quotes, "this string is never closed",
                        "the string has no closing %.*s", (int)quotes, open);
    return NULL;
}

/* The body of a string from p; ends with ps->p behind the closing quote. */
static tsk_ast *read_body(tsk_parser *ps, const char *open, const char *p, quote q, size_t quotes, tsk_value *out) {
    string_state st = {.ps = ps, .open = open, .run = p, .mark = ps->stack_count};
    tsk_buf_init(&st.text, ps->arena);
    for (;;) {
        while (!is_special(&q, *p) && p != q.stop) {
            if (*p == '\n') ps->line = p + 1;
            p++;
        }
        if (at_end(&q, p)) break;
        if (p >= ps->end) {
            ps->stack_count = st.mark;
            return unterminated(ps, open, quotes);
        }
        p = read_special(&st, &q, p);
        if (TSK_UNLIKELY(ps->failed)) { /* nested too deeply */
            ps->stack_count = st.mark;
            return NULL;
        }
    }
    const char *stop = p;
    if (q.end != END_QUOTE && stop > st.run && stop[-1] == '\n') stop--; /* the newline before the closer */
    if (stop > st.run && q.end != END_QUOTE && stop[-1] == '\r') stop--;
    ps->p = q.end == END_HEREDOC ? q.stop + strspn(q.stop, " \t") + q.id.len : p + quotes;
    if (ps->stack_count == st.mark && st.text.len == 0) {
        *out = tsk_str_borrow(ps->arena, st.run, (uint32_t)(stop - st.run));
        return NULL;
    }
    if (ps->stack_count == st.mark) {
        flush_run(&st, stop);
        *out = tsk_str_take(&st.text);
        return NULL;
    }
    push_text(&st, stop);
    return tsk_ast_collect(ps, TSK_AST_INTERPOLATE, open, st.mark);
}

/* First byte of the line that holds nothing but the identifier; NULL when there is none. */
static const char *heredoc_stop(const tsk_parser *ps, const char *p, tsk_slice id) {
    while (p < ps->end) {
        const char *word = p + strspn(p, " \t");
        if ((size_t)(ps->end - word) >= id.len && memcmp(word, id.ptr, id.len) == 0) {
            const char *rest = word + id.len;
            if (!tsk_is(*rest, TSK_C_IDENT)) return p;
        }
        const char *newline = memchr(p, '\n', (size_t)(ps->end - p));
        if (!newline) return NULL;
        p = newline + 1;
    }
    return NULL;
}

static tsk_ast *parse_heredoc(tsk_parser *ps, bool raw, tsk_value *out) {
    const char *open = ps->p, *p = open + (open[2] == '<' ? 3 : 2);
    char c = *p == '\'' || *p == '"' ? *p++ : 0;
    tsk_slice id = {p, (uint32_t)(tsk_scan_ident(p) - p)};
    p += id.len;
    if (c && *p++ != c) return unterminated(ps, open, (size_t)(p - open));
    while (tsk_is_blank(*p) || *p == '\r') p++;
    const char *stop = *p == '\n' ? heredoc_stop(ps, p + 1, id) : NULL;
    if (!stop) {
        tsk_expression_fail(ps, true, TSK_E_UNTERMINATED_STRING, open, p, "this text is never closed",
                            "no line consists of `%.*s`", (int)id.len, id.ptr);
        return NULL;
    }
    bool verbatim = c == '\'' || raw || tsk_is_function_text(p + 1, stop);
    return read_body(ps, open, p + 1, (quote){END_HEREDOC, 0, false, verbatim, id, stop}, 0, out);
}

static tsk_ast *parse_quoted(tsk_parser *ps, bool raw, tsk_value *out) {
    const char *open = ps->p;
    char c = *open;
    if (c == '<') return parse_heredoc(ps, raw, out);
    const char *quick = open;
    if (c == '"' && tsk_quick_string(ps, &quick, out)) { /* in plain text a function is as any other */
        ps->p = quick;
        return NULL;
    }
    bool single = c == '\'';
    if (c != '`' && open[1] == c && open[2] == c) {
        const char *p = open + 3;
        if (*p == '\r' && p[1] == '\n') p++;
        if (*p == '\n') ps->line = ++p;
        const char *close = memmem(p, (size_t)(ps->end - p), open, 3);
        bool verbatim = raw || (!single && tsk_is_function_text(p, close ? close : ps->end));
        return read_body(ps, open, p, (quote){.end = END_TRIPLE, .c = c, .raw = single, .verbatim = verbatim}, 3, out);
    }
    /* a function in ordinary quotes keeps its escapes but not `${}` */
    quote q = {.end = END_QUOTE, .c = c, .raw = single};
    if (!single) {
        const char *close = open + 1;
        while (close < ps->end && *close != c) close += *close == '\\' && close + 1 < ps->end ? 2 : 1;
        if (close > ps->end) close = ps->end;
        if (raw || tsk_is_function_text(open + 1, close)) {
            string_state st = {.ps = ps, .open = open, .run = open + 1, .mark = ps->stack_count};
            tsk_buf_init(&st.text, ps->arena);
            const char *p = open + 1;
            while (p < close) {
                quote escapes = q;
                if (*p == '\n') ps->line = p + 1;
                p = *p == '\\' || *p == '\r' ? read_special(&st, &escapes, p) : p + 1;
            }
            if (*close != c || close >= ps->end) return unterminated(ps, open, 1);
            flush_run(&st, close);
            *out = tsk_str_take(&st.text);
            ps->p = close + 1;
            return NULL;
        }
    }
    return read_body(ps, open, open + 1, q, 1, out);
}

tsk_ast *tsk_parse_string(tsk_parser *ps, bool raw, tsk_value *out) {
    const char *open = ps->p;
    tsk_ast *ast = parse_quoted(ps, raw, out);
    if (!ast && !ps->failed && ps->fe->options.check) tsk_check_function(ps, open, tsk_as_slice(*out), raw);
    return ast;
}
