/* Statements: keys, blocks, sections and lists.
 *
 *   [a.b]  name { }  name > <  name: indented  name [ ]  key: value  key = value  $g: value  - item
 *
 * Every block style ends in parse_block with another way to close.  After an error the parser goes on at
 * the next line that can start a statement, so one run reports every mistake. */
#include "frontend/frontend.h"

#include "runtime/base/number.h"

#include <emmintrin.h>
#include <stdarg.h>
#include <stdio.h>

static void parse_block(tsk_parser *ps, tsk_block_kind kind, tsk_scope *scope, const char *open, uint32_t indent);

tsk_diag *tsk_error(tsk_parser *ps, tsk_code code, tsk_span span, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    char message[512];
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    tsk_severity severity = ps->fe->options.lenient && code < 200 ? TSK_WARNING : TSK_ERROR;
    return tsk_diags_add(&ps->graph->diags, severity, code, span, "%s", message);
}

/* ---- blanks and ends ---- */

static void skip_block_comment(tsk_parser *ps) {
    const char *open = ps->p, *close = memmem(open + 2, (size_t)(ps->end - open - 2), "*/", 2);
    if (!close) {
        tsk_diag *d = tsk_error(ps, TSK_E_UNTERMINATED_COMMENT, tsk_span_of(ps, open, open + 2),
                                "the comment has no closing */");
        d->expected = "this comment is never closed";
        ps->p = ps->end;
        return;
    }
    for (const char *nl = open; (nl = memchr(nl, '\n', (size_t)(close - nl))); ps->line = ++nl) {}
    ps->p = close + 2;
    TSK_MARK(ps, COMMENT, open, ps->p);
}

/* Between statements. `#` in the first place of a line is looked at by the caller. */
void tsk_skip_lines(tsk_parser *ps) {
    if (TSK_LIKELY(*ps->p == '\n')) ps->line = ++ps->p;
    for (;;) {
        const char *p = ps->p;
        /* indentation: spaces counted sixteen at a time, without a branch on how many */
        unsigned other;
        do {
            __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
            other = ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8(' '))) & 0xFFFF;
            p += other ? __builtin_ctz(other) : 16;
        } while (!other);
        while (TSK_UNLIKELY(*p == ' ' || *p == '\t' || *p == '\r')) p++;
        ps->p = p;
        if (TSK_LIKELY(tsk_is(*p, TSK_C_START))) return;
        switch (*p) {
        case '\n': ps->line = ps->p = p + 1; break;
        case ';': ps->p = p + 1; break;
        case '#': tsk_parse_hash(ps); break;
        case '/':
            if (p[1] == '/') {
                ps->p = tsk_line_end(ps, p);
                TSK_MARK(ps, COMMENT, p, ps->p);
            } else if (p[1] == '*') {
                skip_block_comment(ps);
            } else {
                return;
            }
            break;
        default: return;
        }
    }
}

/* Inside expressions: newlines and comments are blanks only within brackets. */
void tsk_skip_blanks(tsk_parser *ps) {
    for (;;) {
        const char *p = ps->p;
        while (tsk_is_blank(*p)) p++;
        ps->p = p;
        if (*p == '/' && p[1] == '*') {
            skip_block_comment(ps);
            continue;
        }
        if (!ps->nest) return;
        if (*p == '\r') {
            ps->p++;
        } else if (*p == '\n') {
            ps->line = ++ps->p;
        } else if ((*p == '#' && (p == ps->text || !tsk_is(p[-1], TSK_C_START | TSK_C_DIGIT))) ||
                   (*p == '/' && p[1] == '/')) {
            ps->p = tsk_line_end(ps, p);
        } else {
            return;
        }
    }
}

bool tsk_at_comment(const tsk_parser *ps, const char *p) {
    if (*p != '#' && !(*p == '/' && (p[1] == '/' || p[1] == '*'))) return false;
    if (p == ps->text) return true;
    char before = p[-1];
    return tsk_is(before, TSK_C_BLANK | TSK_C_EOL) || (*p == '#' && strchr(",[]{}()\"'`;", before));
}

bool tsk_at_value_end(const tsk_parser *ps, const char *p) {
    switch (*p) {
    case '\n':
    case ';': return true;
    case '\r':
        while (*p == '\r') p++;
        return *p == '\n' || p >= ps->end;
    case 0: return p >= ps->end;
    case ',':
    case '}': return ps->block == TSK_BLOCK_BRACE;
    case '#':
    case '/': return tsk_at_comment(ps, p);
    default: return false;
    }
}

static uint32_t column_of(const char *line, const char *p) {
    uint32_t column = 0;
    for (; line < p; line++) column = *line == '\t' ? (column | 7) + 1 : column + 1;
    return column;
}

/* ---- recovery ---- */

/* Behind a quoted text at p, at most `end`. */
static const char *skip_quoted(const char *p, const char *end) {
    char c = *p++;
    while (p < end && *p != c) p += *p == '\\' && p + 1 < end ? 2 : 1;
    return p < end ? p + 1 : end;
}

/* The `}`, from `at` on, of the block that was opened on this line before it; NULL when there is none. */
static const char *close_on_line(const char *line, const char *at, const char *end) {
    char open[16];
    unsigned depth = 0, around = 0;
    for (const char *p = line; p < end;) {
        if (*p == '"' || *p == '\'') {
            p = skip_quoted(p, end);
            continue;
        }
        if (p >= at && !around) {
            around = depth;
            for (unsigned i = 0; i < depth; i++)
                if (open[i] != '{') return NULL; /* a `}` may belong to an object inside */
            if (!depth) return NULL;
        }
        if (*p == '{' || *p == '[' || *p == '(') {
            if (depth == sizeof open) return NULL;
            open[depth++] = *p;
        } else if (*p == '}' && around && depth == around) {
            return p;
        } else if ((*p == '}' || *p == ']' || *p == ')') && depth) {
            depth--;
        }
        p++;
    }
    return NULL;
}

/* After an error at `at`: to the end of its line, and over lines that can only belong to what was broken. */
static void recover(tsk_parser *ps, const char *at, uint32_t indent) {
    ps->nest = 0;
    ps->stack_count = 0;
    if (at > ps->p) ps->p = at;
    if (ps->block == TSK_BLOCK_BRACE && ps->p - ps->line < 4096) {
        const char *close = close_on_line(ps->line, ps->p, tsk_line_end(ps, ps->p));
        if (close) {
            ps->p = close;
            return;
        }
    }
    for (;;) {
        const char *newline = tsk_line_end(ps, ps->p);
        ps->p = newline;
        if (newline >= ps->end) return;
        const char *line = newline + 1, *p = line;
        while (tsk_is_blank(*p)) p++;
        bool closer = *p == ']' || *p == ')' || (*p == '}' && ps->block != TSK_BLOCK_BRACE);
        if (!closer && (column_of(line, p) <= indent || *p == '}' || *p == '<' || *p == '\n' || *p == '\r')) return;
        if (closer && column_of(line, p) < indent) return;
        ps->p = ps->line = line;
    }
}

static void report_failure(tsk_parser *ps) {
    tsk_diag *d = tsk_error(ps, ps->fail_code, ps->fail_span, "%s", ps->fail_message);
    d->expected = ps->fail_expected;
    d->hint = ps->fail_hint;
    ps->failed = ps->failed_hard = false;
}

/* ---- values ---- */

/* The words from `start` to where the value ends, as they stand. */
static tsk_slice bare_text(tsk_parser *ps, const char *start) {
    const char *p = start;
    while (p < ps->end && *p != '\n' && *p != ';' && !tsk_at_comment(ps, p) &&
           !(ps->block == TSK_BLOCK_BRACE && (*p == ',' || *p == '}')))
        p++;
    ps->p = p;
    while (p > start && tsk_is(p[-1], TSK_C_BLANK | TSK_C_EOL)) p--;
    return (tsk_slice){start, (uint32_t)(p - start)};
}

static void skip_to_value_end(tsk_parser *ps) {
    while (tsk_is_blank(*ps->p)) ps->p++;
}

/* A failed or too long expression is an error where it can be nothing else; otherwise the value is text. */
static bool must_be_expression(const tsk_parser *ps, const char *start) {
    char c = *start;
    return ps->failed_hard || c == '"' || c == '\'' || c == '`' || c == '[' || c == '{' ||
           ((c == '$' || c == '@') && (tsk_is(start[1], TSK_C_START) || start[1] == '(' || start[1] == '{'));
}

/* `a, b, 3` in a .peanuts file. */
static tsk_value comma_list(tsk_parser *ps, tsk_slice text) {
    tsk_array *list = tsk_array_new(ps->arena, 0);
    const char *p = text.ptr, *end = p + text.len;
    for (;;) {
        const char *comma = memchr(p, ',', (size_t)(end - p)), *stop = comma ? comma : end;
        while (p < stop && tsk_is(*p, TSK_C_BLANK)) p++;
        while (stop > p && tsk_is(stop[-1], TSK_C_BLANK)) stop--;
        uint32_t len = (uint32_t)(stop - p);
        tsk_value v;
        if (!tsk_number_parse(ps->arena, p, len, &v) && !tsk_quick_word(p, len, true, &v)) {
            bool quoted = len > 1 && (*p == '"' || *p == '\'') && stop[-1] == *p;
            v = tsk_str_borrow(ps->arena, p + quoted, len - 2 * quoted);
        }
        tsk_array_push(ps->arena, list, v);
        if (!comma) return tsk_from_array(list);
        p = comma + 1;
    }
}

/* `a: b +` and then a line `c: d`: what was taken for the operand is the next key. */
static bool ran_into_key(const tsk_parser *ps, const char *start) {
    const char *word = ps->operand;
    if (*ps->p != ':' && *ps->p != '=') return false;
    if (ps->operator_end <= start || word < ps->operator_end || word > ps->p) return false;
    return tsk_is(*word, TSK_C_START) && memchr(ps->operator_end, '\n', (size_t)(word - ps->operator_end)) &&
           !memchr(word, '\n', (size_t)(ps->p - word));
}

static tsk_value expression_value(tsk_parser *ps, const char *key, uint32_t key_len, const char *start) {
    const char *start_line = ps->line;
    ps->p = start;
    ps->failed = ps->failed_hard = false;
    tsk_ast *ast = tsk_parse_expression(ps);
    if (ast) {
        skip_to_value_end(ps);
        if (tsk_at_value_end(ps, ps->p)) {
            tsk_value v;
            if (TSK_UNLIKELY(ps->marks)) tsk_mark_expression(ps, start, ast);
            if (tsk_ast_constant(ps->arena, ast, &v)) return v;
            return tsk_thunk_new(ps, key, key_len, ast, ast->span);
        }
        const char *junk = ps->p, *end = junk;
        while (end < ps->end && !tsk_is(*end, TSK_C_BLANK | TSK_C_EOL)) end++;
        if (ran_into_key(ps, start)) {
            ps->p = ps->operator_end;
            tsk_expression_fail(ps, false, TSK_E_EXPECTED_OPERAND, ps->p, ps->p, "expected a value",
                                "expected a value");
        }
        tsk_expression_fail(ps, false, TSK_E_EXPECTED_SEPARATOR, junk, end,
                            "expected an operator or the end of the value", "unexpected `%.*s` after the value",
                            (int)(end - junk > 40 ? 40 : end - junk), junk);
    }
    if (must_be_expression(ps, start)) {
        uint32_t indent = column_of(start_line, start_line + strspn(start_line, " \t"));
        const char *at = ps->p;
        report_failure(ps);
        recover(ps, at, indent);
        return TSK_VALUE_NULL;
    }
    ps->failed = false;
    ps->nest = 0;
    ps->stack_count = 0;
    ps->line = start_line;
    tsk_slice text = bare_text(ps, start);
    tsk_value v;
    TSK_MARK(ps, TEXT, start, start + text.len);
    if (tsk_number_parse(ps->arena, text.ptr, text.len, &v)) return v;
    if (ps->commas && memchr(text.ptr, ',', text.len)) return comma_list(ps, text);
    return tsk_str_borrow(ps->arena, text.ptr, text.len);
}

/* `key` names a function by convention: its text is taken as it stands. */
static bool is_function_key(const char *key, uint32_t len) {
    return len >= 6 && memcmp(key + len - 6, "fujsen", 6) == 0 && (len == 6 || key[len - 7] == '_');
}

/* When everything is checked, any text is looked into. */
static bool may_be_function(const tsk_parser *ps, const char *key, uint32_t key_len) {
    return ps->fe->options.check || is_function_key(key, key_len);
}

static tsk_value string_value(tsk_parser *ps, const char *key, uint32_t key_len, const char *start) {
    tsk_value v;
    ps->failed = ps->failed_hard = false;
    const char *start_line = ps->line;
    tsk_ast *ast = tsk_parse_string(ps, key && is_function_key(key, key_len), &v);
    if (ps->failed) {
        bool long_text = ps->fail_span.len > 1; /* its lines are no statements */
        report_failure(ps);
        ps->line = start_line;
        ps->p = long_text ? ps->end : tsk_line_end(ps, start);
        return TSK_VALUE_NULL;
    }
    TSK_MARK(ps, STRING, start, ps->p);
    skip_to_value_end(ps);
    if (!tsk_at_value_end(ps, ps->p)) {
        ps->line = start_line;
        return expression_value(ps, key, key_len, start);
    }
    return ast ? tsk_thunk_new(ps, key, key_len, ast, ast->span) : v;
}

/* The value goes on in the next line, which starts with `?` or `.name`. */
static bool goes_on(const char *p) {
    if (*p != '\n' && *p != '\r') return false;
    while (tsk_is(*p, TSK_C_BLANK | TSK_C_EOL) && *p) p++;
    return (*p == '?' && (tsk_is_blank(p[1]) || p[1] == '?')) || (*p == '.' && tsk_is(p[1], TSK_C_START));
}

static tsk_value thunk_of_name(tsk_parser *ps, tsk_ast_kind kind, const char *key, uint32_t key_len, const char *start,
                               const char *name, uint32_t name_len) {
    tsk_ast *ast = tsk_ast_new(ps, kind, start, name + name_len, 0);
    ast->name = name;
    ast->name_len = name_len;
    if (kind == TSK_AST_NAME) ast->flags = TSK_AST_WEAK;
    if (kind == TSK_AST_GLOBAL) {
        ast->order = ps->fe->definitions;
        tsk_definition *d = tsk_scope_global(ps->fe, name, name_len, ps->section, ast->order);
        ast->definition = d;
    }
    return tsk_thunk_new(ps, key, key_len, ast, ast->span);
}

/* `1.2.3`, `2024-01-15`, `30s`, `12:30`: looks like a number, is none, and holds no operator: text.
 * Hexadecimal, exponents and the like are numbers. */
static bool numeral_like(tsk_parser *ps, const char *start, tsk_value *out) {
    const char *p = start + (*start == '-'), *end;
    if (!tsk_is(*p, TSK_C_DIGIT)) return false;
    while (tsk_is(*p, TSK_C_IDENT) || *p == '.' || *p == ':') p++;
    for (end = p; tsk_is_blank(*end); end++) {}
    if (!tsk_at_value_end(ps, end)) return false;
    ps->p = end;
    if (tsk_number_parse(ps->arena, start, (uint32_t)(p - start), out))
        tsk_note_precision(ps, start, p, *out);
    else
        *out = tsk_str_borrow(ps->arena, start, (uint32_t)(p - start));
    return true;
}

/* The block that a spread at ps->p names, when it is written above; ps->p is behind the name then. */
static bool read_spread(tsk_parser *ps, tsk_value *out) {
    const char *dots = ps->p;
    ps->p += 3;
    tsk_ast *ast = tsk_parse_expression(ps);
    const tsk_thunk here = {.scope = ps->scope};
    const tsk_lower lo = {.graph = ps->graph, .fe = ps->fe, .arena = ps->arena, .self = TSK_VALUE_NULL, .thunk = &here};
    if (TSK_UNLIKELY(ps->marks) && ast) {
        tsk_mark_add(ps, TSK_MARK_BARE, dots, dots);
        tsk_mark_add(ps, TSK_MARK_PREFIX, dots, dots + 3);
        tsk_mark_expression(ps, dots + 3, ast);
    }
    return ast && tsk_resolve_path(&lo, ast, out) && tsk_is_object(*out);
}

/* `{ ...name, ` of something that is no block above: the object can only be computed. */
static bool spreads_computed(tsk_parser *ps) {
    const char *start = ps->p, *line = ps->line, *p = start + 1;
    tsk_value v;
    while (tsk_is(*p, TSK_C_BLANK | TSK_C_EOL) && *p) p++;
    if (*p != '.' || p[1] != '.' || p[2] != '.') return false;
    ps->p = p;
    ps->failed = ps->failed_hard = false;
    bool computed = !read_spread(ps, &v) && !ps->failed && !(ps->marks && ps->marks->includes);
    ps->failed = ps->failed_hard = false;
    ps->p = start;
    ps->line = line;
    return computed;
}

/* Quick paths first. */
static tsk_value read_value(tsk_parser *ps, const char *key, uint32_t key_len, tsk_object *merge) {
    const char *start = ps->p, *p = start;
    tsk_value v;
    switch (*p) {
    case '"':
        if (tsk_quick_string(ps, &p, &v)) {
            ps->p = p;
            skip_to_value_end(ps);
            if (TSK_UNLIKELY(!tsk_at_value_end(ps, ps->p))) return expression_value(ps, key, key_len, start);
            if (TSK_LIKELY(!(key && may_be_function(ps, key, key_len)))) return v;
            ps->p = start;
        }
        return string_value(ps, key, key_len, start);
    case '\'':
    case '`': return string_value(ps, key, key_len, start);
    case '<':
        if (p[1] == '<' && (tsk_is(p[2], TSK_C_START) || p[2] == '<' || p[2] == '\'' || p[2] == '"'))
            return string_value(ps, key, key_len, start);
        break;
    case '0' ... '9':
    case '-':
        if (tsk_quick_number(ps, &p, &v)) {
            while (tsk_is_blank(*p)) p++;
            if (TSK_LIKELY(tsk_at_value_end(ps, p))) {
                ps->p = p;
                return v;
            }
        }
        if (numeral_like(ps, start, &v)) return v;
        break;
    case '[':
        if (tsk_quick_array(ps, &v)) {
            skip_to_value_end(ps);
            if (TSK_LIKELY(tsk_at_value_end(ps, ps->p)) && !goes_on(ps->p)) {
                if (TSK_UNLIKELY(ps->marks)) tsk_mark_list(ps, start);
                return v;
            }
        }
        break;
    case '{':
        if (spreads_computed(ps)) break;
        return tsk_parse_braces(ps, key, key_len, merge);
    case '$':
        if (tsk_is(p[1], TSK_C_START)) {
            const char *name = p + 1;
            p = tsk_scan_ident(name);
            ps->p = p;
            skip_to_value_end(ps);
            if (*ps->p != '.' && tsk_at_value_end(ps, ps->p) && !goes_on(ps->p))
                return thunk_of_name(ps, TSK_AST_GLOBAL, key, key_len, start, name, (uint32_t)(p - name));
        }
        break;
    default:
        if (tsk_is(*p, TSK_C_START)) {
            p = tsk_scan_ident(p);
            uint32_t len = (uint32_t)(p - start);
            ps->p = p;
            skip_to_value_end(ps);
            if (tsk_at_value_end(ps, ps->p) && !goes_on(ps->p)) {
                if (tsk_quick_word(start, len, true, &v)) return v;
                return thunk_of_name(ps, TSK_AST_NAME, key, key_len, start, start, len);
            }
        } else if (*p == '/') { /* a path or a regular expression: text either way */
            tsk_slice text = bare_text(ps, start);
            return tsk_str_borrow(ps->arena, text.ptr, text.len);
        }
    }
    return expression_value(ps, key, key_len, start);
}

/* A value at ps->p, which is no blank and no line end; `merge` is what `{` may add to. */
static tsk_value parse_value(tsk_parser *ps, const char *key, uint32_t key_len, tsk_object *merge) {
    const char *start = ps->p;
    tsk_value v = read_value(ps, key, key_len, merge);
    if (TSK_UNLIKELY(ps->marks)) tsk_mark_value(ps, start);
    return v;
}

/* ---- keys ---- */

static void assign(tsk_parser *ps, tsk_object *o, const char *key, uint32_t len, const char *at, tsk_value v) {
    bool added;
    tsk_entry *fresh = *key != '$' && key == at ? tsk_object_append(o, key, len, tsk_hash_padded(key, len)) : NULL;
    if (TSK_LIKELY(fresh)) {
        fresh->value = v;
        return;
    }
    tsk_entry *e = tsk_scope_slot(ps, o, key, len, &added);
    if (!added) {
        if (ps->keep) return;
        e->key = key; /* where the value that counts is assigned */
        if (ps->fe->options.check && !ps->merge)
            tsk_diags_add(&ps->graph->diags, TSK_WARNING, TSK_E_DUPLICATE_KEY, tsk_span_of(ps, at, at + len),
                          "the key `%.*s` is assigned again; the last value counts", (int)len, key);
    }
    e->value = v;
    if (*key == '$' && len > 1) tsk_scope_define(ps, key + 1, len - 1, v);
}

/* The object under a key: the one there, when blocks of this kind merge, or a new one. */
static tsk_object *object_at(tsk_parser *ps, tsk_object *o, const char *key, uint32_t len, bool merge, bool *merged) {
    bool added;
    tsk_entry *e = tsk_scope_slot(ps, o, key, len, &added);
    if (merged) *merged = !added && tsk_is_object(e->value);
    if (!added && tsk_is_object(e->value) && (merge || ps->merge)) return tsk_as_object(e->value);
    if (!added && ps->keep && !tsk_is_object(e->value)) return tsk_object_new(ps->arena, 0); /* read, but not kept */
    tsk_object *fresh = tsk_object_new(ps->arena, 0);
    e->value = tsk_from_object(fresh);
    if (*key == '$' && len > 1) tsk_scope_define(ps, key + 1, len - 1, e->value);
    return fresh;
}

/* One part of a key at p: identifier, string or integer.  False: there is none. */
static bool read_key_part(tsk_parser *ps, const char **cursor, const char **key, uint32_t *len) {
    const char *p = *cursor;
    if (tsk_is(*p, TSK_C_START) || tsk_is(*p, TSK_C_DIGIT) || (*p == '$' && tsk_is(p[1], TSK_C_START))) {
        const char *end = tsk_scan_ident(p + (*p == '$'));
        *key = p;
        *len = (uint32_t)(end - p);
        *cursor = end;
        return true;
    }
    if (*p != '"' && *p != '\'') return false;
    tsk_value v;
    ps->p = p;
    tsk_ast *ast = tsk_parse_string(ps, true, &v);
    if (ps->failed || ast) {
        ps->failed = ps->failed_hard = false;
        return false;
    }
    *key = tsk_as_slice(v).ptr;
    *len = tsk_as_slice(v).len;
    *cursor = ps->p;
    return true;
}

typedef struct key_ref {
    tsk_object *object; /* that the last part belongs to */
    const char *key;    /* last part */
    uint32_t len;
    const char *at, *after; /* of the whole key in the source */
} key_ref;

/* A key at ps->p, dots opening nested objects in `o`; `next` is what follows.  False, and nothing made, when it is no key. */
static bool read_key(tsk_parser *ps, tsk_object *o, key_ref *ref) {
    struct {
        const char *key;
        uint32_t len;
    } parts[64];
    uint32_t count = 0;
    const char *p = ps->p;
    ref->at = p;
    for (;;) {
        if (count == TSK_COUNT(parts) || !read_key_part(ps, &p, &parts[count].key, &parts[count].len)) {
            ps->p = ref->at;
            return false;
        }
        count++;
        if (*p != '.' || p[1] == '.') break;
        p++;
    }
    ref->after = p;
    const char *q = p;
    while (tsk_is_blank(*q)) q++;
    ps->p = ref->at;
    bool block = count == 1 && q > p ? *q == '{' || *q == '[' || *q == '>' : *q == '{' || *q == '>';
    if (!(*q == ':' || (*q == '=' && q[1] != '=') || block)) return false;
    for (uint32_t i = 0; i + 1 < count; i++) {
        o = object_at(ps, o, parts[i].key, parts[i].len, true, NULL);
        o->flags |= TSK_HAS_THUNKS; /* it has no scope through which a thunk below could mark it */
    }
    ref->object = o;
    ref->key = parts[count - 1].key;
    ref->len = parts[count - 1].len;
    ps->p = q;
    return true;
}

/* The common case of read_key: `name:` or `name =`. */
static inline bool read_plain_key(tsk_parser *ps, key_ref *ref) {
    const char *start = ps->p, *end = tsk_scan_ident(start), *q = end;
    while (*q == ' ') q++;
    if (*q != ':' && (*q != '=' || q[1] == '=')) return false;
    *ref = (key_ref){ps->scope->object, start, (uint32_t)(end - start), start, end};
    ps->p = q;
    return true;
}

/* ---- blocks ---- */

static bool enter(tsk_parser *ps, const char *open) {
    if (++ps->depth <= ps->fe->options.max_depth) return true;
    tsk_diag *d = tsk_error(ps, TSK_E_TOO_DEEP, tsk_span_of(ps, open, open + 1), "nesting is deeper than %u levels",
                            ps->fe->options.max_depth);
    d->hint = "the limit is an option: --max-depth";
    ps->p = ps->end; /* what follows would only repeat the message */
    return false;
}

/* `{` at ps->p: a block of statements, or of pairs separated by commas. */
tsk_value tsk_parse_braces(tsk_parser *ps, const char *key, uint32_t key_len, tsk_object *merge) {
    const char *open = ps->p;
    tsk_object *o = merge ? merge : tsk_object_new(ps->arena, 0);
    if (!enter(ps, open)) return tsk_from_object(o);
    ps->p++;
    TSK_MARK(ps, OPEN, open, ps->p);
    parse_block(ps, TSK_BLOCK_BRACE, tsk_scope_new(ps, o, key, key_len), open, 0);
    ps->depth--;
    return tsk_from_object(o);
}

static void expect_end(tsk_parser *ps, const char *what) {
    skip_to_value_end(ps);
    if (tsk_at_value_end(ps, ps->p) || (ps->block != TSK_BLOCK_ROOT && *ps->p == '<')) return;
    const char *junk = ps->p, *end = junk;
    while (end < ps->end && !tsk_is(*end, TSK_C_BLANK | TSK_C_EOL)) end++;
    tsk_diag *d = tsk_error(ps, TSK_E_EXPECTED_SEPARATOR, tsk_span_of(ps, junk, end), "unexpected `%.*s` after %s",
                            (int)(end - junk > 40 ? 40 : end - junk), junk, what);
    d->expected = "expected the end of the line";
    if (strcmp(what, "the block") == 0 && strchr("=!?|&+.[", *junk))
        d->hint = "put the object in parentheses to compute with it: ({ ... })";
    ps->p = tsk_line_end(ps, end);
}

static tsk_value parse_list(tsk_parser *ps, uint32_t indent, const char *open);

/* The text at p looks like `key:`, `key =`, `key {` or `key >`. */
static bool looks_like_key(const char *p) {
    if (*p == '$') p++;
    for (;; p++) {
        if (*p == '"' || *p == '\'') {
            const char *close = p + 1;
            while (*close && *close != *p && *close != '\n') close += *close == '\\' && close[1] ? 2 : 1;
            if (*close != *p) return false;
            p = close + 1;
        } else {
            if (!tsk_is(*p, TSK_C_START | TSK_C_DIGIT)) return false;
            while (tsk_is(*p, TSK_C_IDENT)) p++;
        }
        if (*p != '.') break;
    }
    while (tsk_is_blank(*p)) p++;
    if (*p == '>') {
        do p++;
        while (tsk_is_blank(*p));
        return tsk_is(*p, TSK_C_EOL) || *p == '#' || (*p == '/' && (p[1] == '/' || p[1] == '*'));
    }
    return *p == '{' || (*p == ':' && p[1] != '/') || (*p == '=' && p[1] != '=');
}

static tsk_value value_on_next_line(tsk_parser *ps, const char *key, uint32_t len, tsk_object *merge) {
    tsk_value v = parse_value(ps, key, len, merge);
    if (tsk_is_object(v)) expect_end(ps, "the block");
    return v;
}

/* `key:` with nothing behind it: an indented block, a list, a value on the next line, or null. */
static tsk_value empty_value(tsk_parser *ps, const char *key, uint32_t len, uint32_t key_column, char separator,
                             tsk_object *merge) {
    const char *p = ps->p, *line = ps->line;
    tsk_skip_lines(ps);
    uint32_t column = column_of(ps->line, ps->p);
    const char *next = ps->p;
    bool moved = ps->line != line && next < ps->end;
    bool item = *next == '-' && (tsk_is(next[1], TSK_C_BLANK | TSK_C_EOL));
    if (moved && separator == ':') {
        if (item && column >= key_column) return parse_list(ps, column, next);
        if (column > key_column && looks_like_key(next)) {
            tsk_object *o = merge ? merge : tsk_object_new(ps->arena, 0);
            if (!enter(ps, next)) return tsk_from_object(o);
            parse_block(ps, TSK_BLOCK_INDENT, tsk_scope_new(ps, o, key, len), next, column);
            ps->depth--;
            return tsk_from_object(o);
        }
    }
    if (moved && column > key_column && !item && *next != '}' && *next != '<' && !looks_like_key(next))
        return value_on_next_line(ps, key, len, merge);
    ps->p = p;
    ps->line = line;
    if (separator == '=') {
        tsk_diag *d = tsk_error(ps, TSK_E_EXPECTED_VALUE, tsk_span_of(ps, p, p), "expected a value after `%.*s =`",
                                (int)len, key);
        d->expected = "expected a value";
        d->hint = tsk_arena_printf(ps->arena, "write `%.*s = null` for no value, or `%.*s = \"\"` for an empty text",
                                   (int)len, key, (int)len, key);
    }
    return TSK_VALUE_NULL;
}

/* `- word`: text, as in YAML, even where a key or a block has this name. */
static bool lone_word(tsk_parser *ps, tsk_value *out) {
    const char *start = ps->p, *end = tsk_is(*start, TSK_C_START) ? tsk_scan_ident(start) : start, *after = end;
    while (tsk_is_blank(*after)) after++;
    if (end == start || !tsk_at_value_end(ps, after)) return false;
    ps->p = after;
    TSK_MARK(ps, TEXT, start, end);
    if (!tsk_quick_word(start, (uint32_t)(end - start), true, out))
        *out = tsk_str_borrow(ps->arena, start, (uint32_t)(end - start));
    return true;
}

/* `- item` lines of one indentation. */
static tsk_value parse_list(tsk_parser *ps, uint32_t indent, const char *open) {
    tsk_array *list = tsk_array_new(ps->arena, 0);
    if (!enter(ps, open)) return tsk_from_array(list);
    tsk_scope *outer = ps->scope;
    tsk_block_kind outer_block = ps->block;
    ps->block = TSK_BLOCK_INDENT;
    TSK_MARK(ps, INDENT, ps->p, ps->p);
    while (ps->p < ps->end && *ps->p == '-' && tsk_is(ps->p[1], TSK_C_BLANK | TSK_C_EOL) &&
           column_of(ps->line, ps->p) == indent) {
        const char *dash = ps->p++;
        TSK_MARK(ps, DASH, dash, ps->p);
        skip_to_value_end(ps);
        tsk_value v;
        if (tsk_at_value_end(ps, ps->p)) {
            v = empty_value(ps, NULL, 0, indent, ':', NULL);
        } else if (*ps->p == '-' && tsk_is_blank(ps->p[1])) {
            v = parse_list(ps, column_of(ps->line, ps->p), ps->p);
        } else if (looks_like_key(ps->p) && *ps->p != '{') {
            tsk_object *o = tsk_object_new(ps->arena, 0);
            tsk_scope *scope = tsk_scope_new(ps, o, NULL, 0);
            scope->list = list;
            if (enter(ps, dash)) {
                parse_block(ps, TSK_BLOCK_INDENT, scope, dash, column_of(ps->line, ps->p));
                ps->depth--;
            }
            v = tsk_from_object(o);
        } else if (!lone_word(ps, &v)) {
            v = parse_value(ps, NULL, 0, NULL);
        }
        if (tsk_is_thunk(v) || (tsk_is_object(v) && (tsk_as_object(v)->flags & TSK_HAS_THUNKS)) ||
            (tsk_is_array(v) && (tsk_as_array(v)->flags & TSK_HAS_THUNKS)))
            list->flags |= TSK_HAS_THUNKS;
        tsk_array_push(ps->arena, list, v);
        tsk_skip_lines(ps);
    }
    TSK_MARK(ps, DEDENT, ps->p, ps->p);
    ps->scope = outer;
    ps->block = outer_block;
    ps->depth--;
    return tsk_from_array(list);
}

/* ---- statements ---- */

static void parse_assignment(tsk_parser *ps, const key_ref *ref) {
    if (TSK_UNLIKELY(ps->marks)) {
        tsk_mark_key(ps, ref->at, ref->after);
        tsk_mark_add(ps, TSK_MARK_ASSIGN, ps->p, ps->p + 1);
    }
    char separator = *ps->p++;
    while (tsk_is_blank(*ps->p)) ps->p++;
    const char *line = ps->line;
    tsk_value v;
    tsk_object *merge = NULL;
    if (ps->merge || ps->keep) {
        tsk_entry *e = tsk_object_find(ref->object, ref->key, ref->len);
        if (e && tsk_is_object(e->value)) merge = tsk_as_object(e->value);
    }
    if (TSK_UNLIKELY(tsk_at_value_end(ps, ps->p)) && !(*ps->p == '/' && ps->p[1] != '/' && ps->p[1] != '*')) {
        uint32_t column = column_of(line, line + strspn(line, " \t-"));
        v = empty_value(ps, ref->key, ref->len, column_of(line, ref->at) < column ? column_of(line, ref->at) : column,
                        separator, merge);
    } else {
        v = parse_value(ps, ref->key, ref->len, merge);
        if (tsk_is_object(v)) expect_end(ps, "the block");
    }
    assign(ps, ref->object, ref->key, ref->len, ref->at, v);
}

static void parse_angle(tsk_parser *ps, const key_ref *ref) {
    const char *open = ps->p++;
    TSK_MARK(ps, OPEN, open, ps->p);
    expect_end(ps, "the `>` that opens a block");
    tsk_object *o = object_at(ps, ref->object, ref->key, ref->len, true, NULL);
    if (!enter(ps, open)) return;
    parse_block(ps, TSK_BLOCK_ANGLE, tsk_scope_new(ps, o, ref->key, ref->len), open, 0);
    ps->depth--;
}

static void parse_keyed(tsk_parser *ps, const key_ref *ref) {
    if (*ps->p == ':' || *ps->p == '=') return parse_assignment(ps, ref);
    if (TSK_UNLIKELY(ps->marks)) tsk_mark_key(ps, ref->at, ref->after);
    switch (*ps->p) {
    case '{': {
        tsk_object *o = object_at(ps, ref->object, ref->key, ref->len, true, NULL);
        tsk_parse_braces(ps, ref->key, ref->len, o);
        expect_end(ps, "the block");
        break;
    }
    case '>': parse_angle(ps, ref); break;
    default: { /* name [ ... ] */
        tsk_value v = parse_value(ps, ref->key, ref->len, NULL);
        assign(ps, ref->object, ref->key, ref->len, ref->at, v);
    }
    }
}

static void bad_section(tsk_parser *ps, const char *open, const char *at, const char *expected) {
    tsk_diag *d = tsk_error(ps, TSK_E_BAD_SECTION, tsk_span_of(ps, open, at), "malformed section header");
    d->expected = expected;
    d->hint = "a section header is a dotted name in brackets: [server.http]";
    ps->p = tsk_line_end(ps, at);
}

/* `[a.b "c d"]` at ps->p: parts between dots, quoted or as they stand. */
static void parse_section(tsk_parser *ps, tsk_scope *root) {
    const char *open = ps->p, *p = open + 1;
    ps->scope = root;
    ps->section = ++ps->fe->sections;
    tsk_object *o = root->object;
    tsk_scope *scope = root;
    bool merged = false;
    for (;;) {
        const char *key;
        uint32_t len;
        while (tsk_is_blank(*p)) p++;
        if (*p == '"' || *p == '\'') {
            if (!read_key_part(ps, &p, &key, &len)) return bad_section(ps, open, p + 1, "this name is not closed");
        } else {
            key = p;
            while (p < ps->end && *p != '.' && *p != ']' && *p != '\n' && *p != '[') p++;
            len = (uint32_t)(p - key);
            while (len && tsk_is(key[len - 1], TSK_C_BLANK | TSK_C_EOL)) len--;
        }
        if (!len) return bad_section(ps, open, p + (*p == ']'), "expected a section name");
        while (tsk_is_blank(*p)) p++;
        o = object_at(ps, o, key, len, true, &merged);
        ps->scope = scope;
        scope = tsk_scope_new(ps, o, key, len);
        if (*p == ']') break;
        if (*p != '.') return bad_section(ps, open, p, "expected `]`");
        p++;
    }
    ps->p = p + 1;
    if (TSK_UNLIKELY(ps->marks)) tsk_mark_section(ps, open, p);
    if (merged && ps->fe->options.check && !ps->merge)
        tsk_diags_add(&ps->graph->diags, TSK_WARNING, TSK_E_DUPLICATE_SECTION, tsk_span_of(ps, open, ps->p),
                      "the section occurs again and is merged");
    ps->scope = scope;
    expect_end(ps, "the section header");
}

static void merge_object(tsk_parser *ps, tsk_object *into, const tsk_object *from) {
    for (uint32_t i = 0; i < from->count; i++) {
        const tsk_entry e = from->entries[i];
        bool added;
        tsk_scope_slot(ps, into, e.key, e.key_len, &added)->value = e.value;
    }
    into->flags |= from->flags;
}

/* `...name`: the keys of a block that stands above. */
static void parse_spread(tsk_parser *ps) {
    const char *open = ps->p;
    tsk_value v;
    ps->failed = ps->failed_hard = false;
    bool found = read_spread(ps, &v);
    if (ps->failed) {
        report_failure(ps);
        recover(ps, ps->p, UINT32_MAX);
        return;
    }
    if (found) {
        merge_object(ps, ps->scope->object, tsk_as_object(v));
        if (tsk_as_object(v)->flags & TSK_HAS_THUNKS) {
            ps->scope->object->flags &= ~(uint32_t)TSK_HAS_THUNKS;
            tsk_scope_mark_thunks(ps->scope);
        }
        return;
    }
    if (ps->marks && ps->marks->includes) return; /* it may be in one of them */
    tsk_diag *d = tsk_error(ps, TSK_E_UNDEFINED_NAME, tsk_span_of(ps, open, ps->p),
                            "nothing above is a block of this name");
    d->expected = "expected the name of a block";
    d->hint = "a spread copies the keys of a block that is written before it";
}

/* include "f", import "f", inherit "f", with or without `@`.  False when it is something else. */
static bool parse_include(tsk_parser *ps) {
    const char *p = ps->p, *open = p;
    if (*p == '@') p++;
    const char *word = p;
    while (tsk_is(*p, TSK_C_START)) p++;
    tsk_slice name = {word, (uint32_t)(p - word)};
    bool inherit = tsk_slice_eq(name, TSK_SLICE("inherit"));
    if (!inherit && !tsk_slice_eq(name, TSK_SLICE("include")) && !tsk_slice_eq(name, TSK_SLICE("import"))) return false;
    while (tsk_is_blank(*p)) p++;
    bool parens = *p == '(' && *open == '@';
    if (parens) p++;
    if (*p != '"' && *p != '\'') return false;
    tsk_value v;
    ps->p = p;
    tsk_ast *ast = tsk_parse_string(ps, false, &v);
    if (ast || ps->failed) {
        ps->failed = ps->failed_hard = false;
        tsk_error(ps, TSK_E_EXPECTED_VALUE, tsk_span_of(ps, p, p + 1), "the path of an included file is a plain string")
            ->expected = "expected a string without `${}`";
        recover(ps, p, UINT32_MAX);
        return true;
    }
    tsk_span span = tsk_span_of(ps, p, ps->p);
    if (parens && *ps->p == ')') ps->p++;
    TSK_MARK(ps, INCLUDE, open, ps->p);
    expect_end(ps, "the path");
    tsk_parse_include(ps, tsk_as_slice(v), span, inherit);
    return true;
}

/* A bare expression: the response of an `#!api` file, or a call for its effect. */
static void parse_bare(tsk_parser *ps) {
    const char *start = ps->p;
    uint32_t indent = column_of(ps->line, start);
    ps->failed = ps->failed_hard = false;
    tsk_ast *ast = tsk_parse_expression(ps);
    if (ast) skip_to_value_end(ps);
    if (ast && tsk_at_value_end(ps, ps->p) && (ps->fe->api || *start == '@' || ast->kind == TSK_AST_CALL)) {
        if (TSK_UNLIKELY(ps->marks)) {
            tsk_mark_add(ps, TSK_MARK_BARE, start, start);
            tsk_mark_expression(ps, start, ast);
        }
        tsk_value v = tsk_thunk_new(ps, NULL, 0, ast, ast->span);
        ps->graph->response = tsk_as_thunk(v) + 1;
        return;
    }
    const char *at = start;
    if (ps->failed_hard) {
        at = ps->p;
        report_failure(ps);
    } else {
        const char *end = start;
        while (tsk_is(*end, TSK_C_IDENT | TSK_C_DIGIT) || *end == '.') end++;
        bool word = end > start;
        const char *mark = end;
        while (!word && mark < ps->end && !tsk_is(*mark, TSK_C_BLANK | TSK_C_EOL)) mark++;
        tsk_diag *d = tsk_error(ps, TSK_E_EXPECTED_KEY, word ? tsk_span_of(ps, end, end) : tsk_span_of(ps, start, mark),
                                word ? "expected `:` or `=` after `%.*s`" : "expected a key, found `%.*s`",
                                (int)(mark - start > 40 ? 40 : mark - start), start);
        d->expected = word ? "expected `:` or `=`" : "expected a key, a section or the end of the block";
        if (word)
            d->hint = tsk_arena_printf(ps->arena, "write `%.*s: value`", (int)(end - start > 40 ? 40 : end - start),
                                       start);
    }
    ps->failed = ps->failed_hard = false;
    recover(ps, at, indent);
}

static void unexpected_close(tsk_parser *ps) {
    const char *p = ps->p++;
    tsk_diag *d = tsk_error(ps, TSK_E_UNEXPECTED_CLOSE, tsk_span_of(ps, p, p + 1), "`%c` closes nothing", *p);
    d->expected = "no block is open here";
}

static void unterminated_block(tsk_parser *ps, tsk_block_kind kind, const char *open, const tsk_scope *scope) {
    if (ps->depth > ps->fe->options.max_depth) return;
    const char *closer = kind == TSK_BLOCK_BRACE ? "}" : "<";
    tsk_diag *d = tsk_error(ps, TSK_E_UNTERMINATED_BLOCK, tsk_span_of(ps, open, open + 1),
                            "the block `%.*s` is never closed", (int)scope->name_len, scope->name ? scope->name : "");
    d->expected = tsk_arena_printf(ps->arena, "this `%c` has no `%s`", *open, closer);
}

/* A literal at p; the first byte behind it, or NULL when it is anything more. */
static inline const char *quick_literal(tsk_parser *ps, const char *p, const char *key, uint32_t key_len,
                                        tsk_value *v) {
    const char *start = p;
    switch (*p) {
    case '"': return tsk_quick_string(ps, &p, v) && !may_be_function(ps, key, key_len) ? p : NULL;
    case '0' ... '9':
    case '-': return tsk_quick_number(ps, &p, v) ? p : NULL;
    default:
        if (!tsk_is(*p, TSK_C_START)) return NULL;
        p = tsk_ident_end(p);
        return tsk_quick_word(start, (uint32_t)(p - start), true, v) && !goes_on(p) ? p : NULL;
    }
}

/* Most statements: `name: literal` or `name = literal` on one line.  False, and nothing done, when it is more. */
static inline bool quick_statement(tsk_parser *ps) {
    const char *key = ps->p, *end = tsk_ident_end(key), *p = end;
    tsk_value v;
    p += *p == ' ';
    if (*p != ':' && (*p != '=' || p[1] == '=')) return false;
    p++;
    p += *p == ' ';
    uint32_t len = (uint32_t)(end - key);
    p = quick_literal(ps, p, key, len, &v);
    if (!p || *p != '\n') return false;
    ps->p = p;
    assign(ps, ps->scope->object, key, len, key, v);
    return true;
}

/* One statement; p is at its first byte. */
static void parse_statement(tsk_parser *ps, tsk_scope *root, tsk_block_kind kind) {
    key_ref ref;
    char c = *ps->p;
    if (TSK_LIKELY(tsk_is(c, TSK_C_START)) && read_plain_key(ps, &ref)) return parse_assignment(ps, &ref);
    if (TSK_LIKELY(tsk_is(c, TSK_C_START | TSK_C_DIGIT)) || c == '$' || c == '"' || c == '\'') {
        if (TSK_LIKELY(read_key(ps, ps->scope->object, &ref))) return parse_keyed(ps, &ref);
        if (tsk_is(c, TSK_C_START) && parse_include(ps)) return;
    } else if (c == '[') {
        if (kind == TSK_BLOCK_ROOT) return parse_section(ps, root);
        const char *end = tsk_line_end(ps, ps->p);
        tsk_error(ps, TSK_E_BAD_SECTION, tsk_span_of(ps, ps->p, ps->p + 1), "a section cannot start inside a block")
            ->expected = "the block around it is still open";
        ps->p = end;
        return;
    } else if (c == '.' && ps->p[1] == '.' && ps->p[2] == '.') {
        return parse_spread(ps);
    } else if (c == '@' && parse_include(ps)) {
        return;
    } else if (c == '}' || c == ']' || c == ')' || (c == '<' && ps->p[1] != '<')) {
        return unexpected_close(ps);
    }
    parse_bare(ps);
}

static bool closes(tsk_parser *ps, tsk_block_kind kind, uint32_t indent) {
    const char *p = ps->p;
    switch (kind) {
    case TSK_BLOCK_BRACE:
        if (*p != '}') return false;
        ps->p++;
        TSK_MARK(ps, CLOSE, p, ps->p);
        return true;
    case TSK_BLOCK_ANGLE:
        if (*p != '<' || p[1] == '<') return false;
        ps->p++;
        TSK_MARK(ps, CLOSE, p, ps->p);
        return true;
    case TSK_BLOCK_INDENT:
        if (*p == '}' || *p == '<') return true;
        return column_of(ps->line, p) < indent;
    default: return false;
    }
}

static void parse_block(tsk_parser *ps, tsk_block_kind kind, tsk_scope *scope, const char *open, uint32_t indent) {
    tsk_scope *outer = ps->scope, *root = scope;
    tsk_block_kind outer_block = ps->block;
    /* the quick path marks nothing, so it is not taken when there are marks */
    const int quick = ps->marks ? 0 : TSK_C_START;
    ps->scope = scope;
    ps->block = kind;
    if (kind == TSK_BLOCK_INDENT) TSK_MARK(ps, INDENT, ps->p, ps->p);
    for (;;) {
        tsk_skip_lines(ps);
        if (ps->p >= ps->end) {
            if (kind == TSK_BLOCK_BRACE || kind == TSK_BLOCK_ANGLE) unterminated_block(ps, kind, open, scope);
            break;
        }
        if (kind != TSK_BLOCK_ROOT) {
            if (closes(ps, kind, indent)) break;
            if (kind == TSK_BLOCK_BRACE && *ps->p == ',') {
                ps->p++;
                continue;
            }
            if (kind == TSK_BLOCK_INDENT) {
                const char *first = ps->line + strspn(ps->line, " \t");
                if (first == ps->p && column_of(ps->line, first) > indent) {
                    tsk_error(ps, TSK_E_BAD_INDENT, tsk_span_of(ps, first, first + 1),
                              "this line is indented deeper than its block")
                        ->expected = tsk_arena_printf(ps->arena, "expected %u columns", indent);
                    recover(ps, first, indent);
                    continue;
                }
                if (*ps->p == '-' && tsk_is_blank(ps->p[1])) break; /* next item of the list around */
            }
        }
        ps->block = kind;
        if (TSK_LIKELY(tsk_is(*ps->p, quick)) && quick_statement(ps)) continue;
        parse_statement(ps, root, kind);
    }
    if (kind == TSK_BLOCK_INDENT) TSK_MARK(ps, DEDENT, ps->p, ps->p);
    ps->scope = outer;
    ps->block = outer_block;
}

/* The whole text into ps->scope. */
void tsk_parse_document(tsk_parser *ps) {
    if (ps->end - ps->p >= 3 && memcmp(ps->p, "\xEF\xBB\xBF", 3) == 0) ps->p += 3;
    ps->line = ps->p;
    if (ps->p[0] == '#' && ps->p[1] == '!' && ps->p[2] == '/') {
        TSK_MARK(ps, COMMENT, ps->p, tsk_line_end(ps, ps->p));
        ps->p = tsk_line_end(ps, ps->p);
    }
    tsk_skip_lines(ps);
    if (*ps->p == '{') { /* the file is one object */
        tsk_parse_braces(ps, NULL, 0, ps->scope->object);
        tsk_skip_lines(ps);
        if (ps->p < ps->end) parse_block(ps, TSK_BLOCK_ROOT, ps->scope, ps->p, 0);
        return;
    }
    parse_block(ps, TSK_BLOCK_ROOT, ps->scope, ps->p, 0);
}
