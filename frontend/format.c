/* The one style of sources.
 *
 *   marks ──► the gap before each ──► a line break and how far in, or blanks ──► the mark as it is written
 *
 * Lines stay where their author broke them; indentation, blanks, empty lines and needless separators are ours.  The
 * whole state is one frame for each bracket and block that is open, so any text takes one pass.
 *
 * Invariants
 *  - Nothing but the gaps between marks is changed, and nothing inside of the expressions in `texts`.
 *  - What is written reads back as the same marks; formatting it again changes nothing.
 *  - A blank never comes before `#` or `//` that is no comment: it would become one. */
#include "frontend/frontend.h"

#define STEP 4
#define ITEM 2 /* what stands behind `- ` */

typedef struct frame {
    uint32_t indent; /* of what is in it */
    uint32_t close;  /* of the line that closes it */
    uint32_t column; /* a block by indentation: where it stood in the source */
    bool broken;     /* what it holds begins on a line of its own, and so does what closes it */
} frame;

/* What is between two marks in the source. */
typedef struct gap {
    const char *from, *to;
    uint32_t lines; /* line ends */
    bool comma, semicolon;
    bool late; /* the semicolon is on the last line */
} gap;

typedef struct formatter {
    const char *text, *end;
    const tsk_marks *marks;
    const tsk_texts *texts;
    tsk_buf *out;
    frame *frames;
    uint32_t depth, cap; /* of frames */
    const char *at;      /* in the source: behind the last mark */
    tsk_mark last;       /* the last mark that has text */
    tsk_mark meant;      /* the last one that is no comment */
    uint32_t anchor;     /* how far in the line begins, behind its dashes */
    uint32_t ahead;      /* number of the next mark that is no comment, when it is larger than ours */
    uint32_t next_text;  /* of `texts` */
    uint64_t *broken;    /* a bit for each mark: a `{` with a line break somewhere before its `}` */
    bool first;          /* nothing is written yet */
    bool bare;           /* the next mark begins a statement */
    bool opened;         /* a block by indentation begins with the next mark */
    bool own_line;       /* the last comment had one */
} formatter;

static char byte_of(const formatter *f, tsk_mark m) {
    return m.len ? f->text[m.pos] : 0;
}

static bool is_empty_mark(tsk_mark m) {
    return m.kind == TSK_MARK_INDENT || m.kind == TSK_MARK_DEDENT || m.kind == TSK_MARK_BARE;
}

static bool is_line_comment(const formatter *f, tsk_mark m) {
    return m.kind == TSK_MARK_DIRECTIVE || (m.kind == TSK_MARK_COMMENT && f->text[m.pos + 1] != '*');
}

/* False: something stands there that no mark says. */
static bool read_gap(gap *g, const char *from, const char *to) {
    *g = (gap){.from = from, .to = to};
    for (const char *p = from; p < to; p++) {
        switch (*p) {
        case ' ':
        case '\t':
        case '\r':
        case '.': break;
        case '\n':
            g->lines++;
            g->late = false;
            break;
        case ',': g->comma = true; break;
        case ';': g->semicolon = g->late = true; break;
        default:
            if ((uint8_t)*p != 0xEF || memcmp(p, "\xEF\xBB\xBF", 3) != 0) return false;
            p += 2;
        }
    }
    return true;
}

/* ---- frames ---- */

static frame *top(const formatter *f) {
    return &f->frames[f->depth - 1];
}

static void push(formatter *f, frame fr) {
    if (f->depth == f->cap) {
        uint32_t cap = f->cap ? f->cap * 2 : 64;
        f->frames = tsk_arena_grow(f->out->arena, f->frames, f->cap * sizeof fr, cap * sizeof fr);
        f->cap = cap;
    }
    f->frames[f->depth++] = fr;
}

static uint32_t column_of(const formatter *f, uint32_t pos) {
    const char *p = f->text + pos, *line = p;
    while (line > f->text && line[-1] != '\n') line--;
    uint32_t column = 0;
    for (; line < p; line++) column = *line == '\t' ? (column | 7) + 1 : column + 1;
    return column;
}

/* How far in a block by indentation stands that begins behind f->meant. */
static uint32_t block_indent(const formatter *f) {
    return top(f)->indent + (f->meant.kind == TSK_MARK_DASH ? ITEM : STEP);
}

/* Looks for line breaks between `{` and `}` once, so that nesting costs nothing. */
static bool find_broken(formatter *f) {
    const uint32_t count = f->marks->count;
    f->broken = tsk_arena_zalloc(f->out->arena, (count / 64 + 1) * sizeof *f->broken);
    uint32_t *open = NULL, depth = 0, cap = 0, lines = 0;
    const char *at = f->text;
    for (uint32_t i = 0; i < count; i++) {
        tsk_mark m = *tsk_marks_at(f->marks, i);
        gap g;
        if (!read_gap(&g, at, f->text + m.pos)) return false;
        lines += g.lines;
        at = f->text + m.pos + m.len;
        if (m.kind == TSK_MARK_OPEN) {
            if (depth + 2 > cap) {
                uint32_t more = cap ? cap * 2 : 64;
                open = tsk_arena_grow(f->out->arena, open, cap * sizeof *open, more * sizeof *open);
                cap = more;
            }
            open[depth++] = i;
            open[depth++] = lines;
        } else if (m.kind == TSK_MARK_CLOSE && depth) {
            depth -= 2;
            if (lines > open[depth + 1]) f->broken[open[depth] / 64] |= 1ull << open[depth] % 64;
        }
    }
    return true;
}

/* ---- line breaks ---- */

static tsk_mark next_meant(formatter *f, uint32_t i) {
    if (f->ahead <= i) f->ahead = i + 1;
    while (f->ahead < f->marks->count && tsk_marks_at(f->marks, f->ahead)->kind == TSK_MARK_COMMENT) f->ahead++;
    return f->ahead < f->marks->count ? *tsk_marks_at(f->marks, f->ahead) : (tsk_mark){.kind = TSK_MARK_DEDENT};
}

/* How much further in a line stands that starts with this mark, when it goes on with the expression of the line before. */
static uint32_t going_on(const formatter *f, tsk_mark m, bool bare) {
    switch (m.kind) {
    case TSK_MARK_OPERATOR:
    case TSK_MARK_MEMBER:
    case TSK_MARK_ASSIGN:
    case TSK_MARK_COLON: return STEP;
    case TSK_MARK_TEXT:
    case TSK_MARK_STRING:
    case TSK_MARK_NAME:
    case TSK_MARK_OPEN:
    case TSK_MARK_PREFIX:
        if (bare) return 0;
        if (f->meant.kind == TSK_MARK_DASH) return ITEM;
        return f->meant.kind == TSK_MARK_ASSIGN || f->meant.kind == TSK_MARK_OPERATOR ||
                       f->meant.kind == TSK_MARK_PREFIX
                   ? STEP
                   : 0;
    default: return 0;
    }
}

/* A comment on a line of its own where blocks by indentation end: it stays in the innermost that it was as far in as. */
static uint32_t comment_indent(formatter *f, uint32_t i, tsk_mark m) {
    tsk_mark next = next_meant(f, i);
    if (next.kind == TSK_MARK_INDENT) return block_indent(f);
    if (next.kind != TSK_MARK_DEDENT) return top(f)->indent + going_on(f, next, next.kind == TSK_MARK_BARE);
    uint32_t column = column_of(f, m.pos), depth = f->depth;
    for (uint32_t k = f->ahead; depth > 1 && k < f->marks->count; k++, depth--) {
        if (tsk_marks_at(f->marks, k)->kind != TSK_MARK_DEDENT || column >= f->frames[depth - 1].column) break;
    }
    return f->frames[depth - 1].indent;
}

static uint32_t line_indent(formatter *f, uint32_t i, tsk_mark m) {
    if (m.kind == TSK_MARK_CLOSE) return top(f)->close;
    if (m.kind == TSK_MARK_COMMENT) return comment_indent(f, i, m);
    return top(f)->indent + going_on(f, m, f->bare);
}

static bool wants_break(const formatter *f, tsk_mark m, const gap *g) {
    if (f->first) return false;
    bool opened = f->last.kind == TSK_MARK_OPEN;
    char open = opened ? byte_of(f, f->last) : 0, byte = byte_of(f, m);
    if (m.kind == TSK_MARK_CLOSE) {
        if (opened && open != '>') return false; /* {} [] () */
        if (is_line_comment(f, f->last) || byte == '<') return true;
        return top(f)->broken || (g->lines && byte != '}');
    }
    if (g->late && m.kind == TSK_MARK_COMMENT && !is_line_comment(f, f->last)) return false; /* `; #port: 80` */
    if (g->lines || is_line_comment(f, f->last) || m.kind == TSK_MARK_SECTION) return true;
    if (g->semicolon && f->last.kind == TSK_MARK_DASH) return true; /* `-;` is no item */
    if (opened && open == '{' && m.kind != TSK_MARK_COMMENT) return top(f)->broken;
    bool statement = m.kind == TSK_MARK_KEY || m.kind == TSK_MARK_SECTION || m.kind == TSK_MARK_DASH || f->bare;
    return statement && f->last.kind == TSK_MARK_CLOSE && byte_of(f, f->last) == '<';
}

/* Whether an empty line stays, or comes, before the line of this mark. */
static bool wants_empty_line(const formatter *f, tsk_mark m, const gap *g) {
    if (m.kind == TSK_MARK_CLOSE || f->last.kind == TSK_MARK_OPEN || f->opened || going_on(f, m, f->bare)) return false;
    if (g->lines > 1) return true;
    bool comment = f->last.kind == TSK_MARK_COMMENT || f->last.kind == TSK_MARK_DIRECTIVE;
    return m.kind == TSK_MARK_SECTION && !(comment && f->own_line);
}

/* ---- blanks ---- */

static bool may_be_glued(const formatter *f, const gap *g, tsk_mark m) {
    char byte = byte_of(f, m);
    return g->from == g->to || !(tsk_is(byte, TSK_C_DIGIT) || byte == '.'); /* `- 5` is no numeral */
}

static unsigned blanks_after_prefix(const formatter *f, const gap *g, tsk_mark m) {
    char first = byte_of(f, f->last);
    bool word = tsk_is(first, TSK_C_START) || first == '(';
    return word || !may_be_glued(f, g, m);
}

static unsigned blanks_before_open(const formatter *f, const gap *g, tsk_mark m) {
    switch (f->last.kind) {
    case TSK_MARK_OPERATOR:
    case TSK_MARK_ASSIGN:
    case TSK_MARK_COMMA:
    case TSK_MARK_DASH:
    case TSK_MARK_KEY: return 1;
    default: return byte_of(f, m) == '{' || g->from < g->to; /* a call and an index stand close */
    }
}

/* Between two marks on one line. */
static unsigned blanks(const formatter *f, const gap *g, tsk_mark m) {
    char byte = byte_of(f, m), open = f->last.kind == TSK_MARK_OPEN ? byte_of(f, f->last) : 0;
    if (m.kind == TSK_MARK_COMMENT) return is_line_comment(f, m) ? 2 : 1;
    if (m.kind == TSK_MARK_COMMA) return 0;
    if (f->last.kind == TSK_MARK_COMMENT) return 1;
    if (m.kind == TSK_MARK_CLOSE) return byte == '}' && open != '{';
    if (open) return open == '{';
    if (m.kind == TSK_MARK_COLON || f->last.kind == TSK_MARK_COLON) return 0;
    if (m.kind == TSK_MARK_SECTION_END || f->last.kind == TSK_MARK_SECTION) return 0;
    if (f->last.kind == TSK_MARK_PREFIX) return blanks_after_prefix(f, g, m);
    if (m.kind == TSK_MARK_MEMBER) return g->from < g->to;
    if (m.kind == TSK_MARK_ASSIGN) return byte == '=';
    if (m.kind == TSK_MARK_OPEN) return blanks_before_open(f, g, m);
    return 1;
}

/* `#` and `//` that start no comment, because no blank is before them. */
static bool would_be_comment(const formatter *f, const gap *g, tsk_mark m) {
    const char *p = f->text + m.pos;
    if (g->from < g->to || m.kind == TSK_MARK_COMMENT || m.kind == TSK_MARK_DIRECTIVE) return false;
    return *p == '#' || (*p == '/' && (p[1] == '/' || p[1] == '*'));
}

/* ---- writing ---- */

/* With \n for every line end. */
static void add_lines(tsk_buf *out, const char *p, const char *end) {
    for (const char *cr; (cr = memchr(p, '\r', (size_t)(end - p))); p = cr + 1) {
        bool line_end = cr + 1 < end && cr[1] == '\n';
        tsk_buf_add(out, p, (size_t)(cr - p) + !line_end);
    }
    tsk_buf_add(out, p, (size_t)(end - p));
}

static void add_mark(formatter *f, tsk_mark m) {
    const char *from = f->text + m.pos, *to = from + m.len;
    const tsk_texts *t = f->texts;
    f->at = to;
    while (f->next_text < t->count && t->list[f->next_text].pos < m.pos) f->next_text++;
    if (f->next_text < t->count && t->list[f->next_text].pos == m.pos) {
        f->at = from + t->list[f->next_text].len;
        tsk_buf_add(f->out, from, (size_t)(f->at - from));
        return;
    }
    if (m.kind == TSK_MARK_COMMENT || m.kind == TSK_MARK_DIRECTIVE) {
        while (to > from && tsk_is(to[-1], TSK_C_BLANK | TSK_C_EOL)) to--;
        add_lines(f->out, from, to);
    } else if (m.kind == TSK_MARK_STRING) {
        add_lines(f->out, from, to);
    } else {
        tsk_buf_add(f->out, from, (size_t)(to - from));
    }
}

/* Separators of statements; those of expressions are marks. */
static void add_separator(formatter *f, tsk_mark m, const gap *g, bool broken) {
    if (f->first || f->last.kind == TSK_MARK_OPEN || is_line_comment(f, f->last)) return;
    if (g->comma && (broken || m.kind != TSK_MARK_CLOSE))
        tsk_buf_char(f->out, ',');
    else if (g->semicolon && !broken && m.kind != TSK_MARK_CLOSE && m.kind != TSK_MARK_COMMENT)
        tsk_buf_char(f->out, ';');
}

static void add_blanks(tsk_buf *out, uint32_t n) {
    static const char sixteen[] = "                ";
    for (; n > 16; n -= 16) tsk_buf_add(out, sixteen, 16);
    tsk_buf_add(out, sixteen, n);
}

/* `#!/x` is a directive only behind the first line, and a byte order mark is text there. */
static bool needs_line_before(const formatter *f, tsk_mark m) {
    if (m.len > 2 && memcmp(f->text + m.pos, "\xEF\xBB\xBF", 3) == 0) return true;
    return m.kind == TSK_MARK_DIRECTIVE && m.len > 2 && memcmp(f->text + m.pos, "#!/", 3) == 0;
}

static void add_gap(formatter *f, uint32_t i, tsk_mark m, const gap *g) {
    bool broken = wants_break(f, m, g);
    add_separator(f, m, g, broken);
    if (f->last.kind == TSK_MARK_OPEN && f->depth > 1 && broken) top(f)->broken = true;
    if (broken || f->first) {
        if (broken ? wants_empty_line(f, m, g) : needs_line_before(f, m)) tsk_buf_char(f->out, '\n');
        if (broken) tsk_buf_char(f->out, '\n');
        f->anchor = line_indent(f, i, m);
        add_blanks(f->out, f->anchor);
    } else if (m.kind == TSK_MARK_KEY && f->last.kind == TSK_MARK_KEY) {
        tsk_buf_char(f->out, '.');
    } else if (!would_be_comment(f, g, m)) {
        add_blanks(f->out, blanks(f, g, m));
    }
    if (m.kind == TSK_MARK_COMMENT) f->own_line = broken || f->first;
    if (m.kind == TSK_MARK_DIRECTIVE) f->own_line = true;
    f->first = false;
}

/* A comma that nothing follows. */
static bool is_needless(formatter *f, uint32_t i, tsk_mark m) {
    if (m.kind != TSK_MARK_COMMA || i + 1 >= f->marks->count) return false;
    tsk_mark next = *tsk_marks_at(f->marks, i + 1);
    return next.kind == TSK_MARK_CLOSE && !memchr(f->text + m.pos, '\n', next.pos - m.pos) && !top(f)->broken;
}

static void change_frames(formatter *f, uint32_t i, tsk_mark m) {
    switch (m.kind) {
    case TSK_MARK_INDENT:
        push(f, (frame){.indent = block_indent(f), .column = column_of(f, m.pos)});
        f->opened = true;
        break;
    case TSK_MARK_DEDENT:
        if (f->depth > 1) f->depth--;
        break;
    case TSK_MARK_OPEN:
        push(f, (frame){.indent = f->anchor + STEP,
                        .close = f->anchor,
                        .broken = byte_of(f, m) == '{' && (f->broken[i / 64] >> i % 64 & 1)});
        break;
    case TSK_MARK_CLOSE:
        if (f->depth > 1) f->depth--;
        break;
    case TSK_MARK_DASH: f->anchor += ITEM; break;
    default: break;
    }
}

bool tsk_frontend_format(tsk_buf *out, tsk_slice text, const tsk_marks *marks, const tsk_texts *texts) {
    formatter f = {.text = text.ptr,
                   .end = text.ptr + text.len,
                   .marks = marks,
                   .texts = texts,
                   .out = out,
                   .at = text.ptr,
                   .first = true};
    push(&f, (frame){0});
    if (!find_broken(&f)) return false;
    for (uint32_t i = 0; i < marks->count; i++) {
        tsk_mark m = *tsk_marks_at(marks, i);
        gap g;
        if (text.ptr + m.pos < f.at) continue; /* in a text */
        if (is_empty_mark(m)) {
            if (m.kind == TSK_MARK_BARE) f.bare = true;
            change_frames(&f, i, m);
            continue;
        }
        if (is_needless(&f, i, m)) {
            f.at = text.ptr + m.pos + m.len;
            continue;
        }
        read_gap(&g, f.at, text.ptr + m.pos);
        add_gap(&f, i, m, &g);
        add_mark(&f, m);
        change_frames(&f, i, m);
        f.last = m;
        f.bare = f.opened = false;
        if (m.kind != TSK_MARK_COMMENT) f.meant = m;
    }
    gap g;
    if (!read_gap(&g, f.at, f.end)) return false;
    if (g.comma && !f.first && !is_line_comment(&f, f.last)) tsk_buf_char(out, ',');
    if (!f.first) tsk_buf_char(out, '\n');
    return true;
}

/* ---- comparing ---- */

/* The next mark that counts. */
static bool next_mark(const tsk_marked *x, uint32_t *i, tsk_mark *m) {
    for (; *i < x->marks->count; ++*i) {
        *m = *tsk_marks_at(x->marks, *i);
        if (m->kind == TSK_MARK_COMMA && *i + 1 < x->marks->count &&
            tsk_marks_at(x->marks, *i + 1)->kind == TSK_MARK_CLOSE)
            continue;
        ++*i;
        return true;
    }
    return false;
}

static uint64_t mix(uint64_t hash, uint64_t x) {
    hash = (hash ^ x) * 0x9E3779B97F4A7C15ull;
    return hash ^ hash >> 29;
}

static uint64_t mix_text(uint64_t hash, const char *p, size_t len) {
    const char *end = p + len;
    for (; end - p >= 8; p += 8) hash = mix(hash, tsk_load64(p));
    for (; p < end; p++) hash = mix(hash, (uint8_t)*p);
    return hash;
}

/* \r\n counts as \n. */
static uint64_t mix_lines(uint64_t hash, const char *p, size_t len) {
    for (const char *end = p + len; p < end; p++)
        if (*p != '\r' || p + 1 == end || p[1] != '\n') hash = mix(hash, (uint8_t)*p);
    return hash;
}

uint64_t tsk_frontend_fingerprint(const tsk_marked *x) {
    uint64_t hash = x->texts->count;
    for (uint32_t i = 0; i < x->texts->count; i++)
        hash = mix_text(mix(hash, x->texts->list[i].len), x->text.ptr + x->texts->list[i].pos, x->texts->list[i].len);
    tsk_mark m;
    for (uint32_t i = 0; next_mark(x, &i, &m);) {
        const char *p = x->text.ptr + m.pos;
        uint32_t len = m.len;
        bool comment = m.kind == TSK_MARK_COMMENT || m.kind == TSK_MARK_DIRECTIVE;
        while (comment && len && tsk_is(p[len - 1], TSK_C_BLANK | TSK_C_EOL)) len--;
        hash = mix(hash, m.kind + 1u);
        hash = comment || m.kind == TSK_MARK_STRING ? mix_lines(hash, p, len) : mix_text(hash, p, len);
    }
    return hash;
}
