/* One value of a source is set or removed; every other byte stays.
 *
 *   path ──► find.  Blocks, sections, lists and pairs of expressions are all walked over their marks; of keys that
 *   │        are assigned twice the last one counts, and `key: value` forgets what a block of that name held before
 *   ├─ found ──► its value is replaced by the new one
 *   └─ not   ──► the deepest block on the way gets a line in the manner of its last one; a missing block becomes a
 *                section where the document has sections, else a block
 *
 * The result is one piece of text for one piece of the source.  Whoever asks for it reads the new source before he uses
 * it: what a key means may depend on more than this file. */
#include "frontend/frontend.h"

#define NONE UINT32_MAX
#define STEP 4

typedef enum place_kind {
    PLACE_DOCUMENT,
    PLACE_SECTION,
    PLACE_BLOCK,
    PLACE_INDENT,
    PLACE_DASHES,
    PLACE_ARRAY
} place_kind;

/* What a key, or an item, could be added to. */
typedef struct place {
    place_kind kind;
    uint32_t depth;          /* steps of the path that lead to it */
    uint32_t open, close;    /* numbers of the marks around what it holds; open: NONE before the first mark */
    uint32_t last, last_end; /* its last statement or item: the first and the last mark; NONE: it is empty */
    uint32_t count;
} place;

/* What the path names. */
typedef struct site {
    uint32_t key;         /* first mark: of the key, the dash, or the item */
    uint32_t assign;      /* NONE: `name {`, or an item */
    uint32_t first, last; /* marks of the value; first > last: there is none */
    uint32_t before,
        next; /* last mark of what stands before in the same place, first of what comes next; NONE: nothing */
    place_kind kind;
    uint32_t open; /* of its place */
} site;

typedef struct finder {
    const tsk_edit *edit;
    const char *text;
    const tsk_marks *marks;
    tsk_arena *arena;
    site site;
    place place;
    bool found;
    uint32_t blocked; /* mark of a value on the way that is no container; NONE */
    bool spread_out;  /* the path names a block that is made of several statements */
    place beside;     /* ends with a statement whose dotted key goes the same way for `beside_depth` steps */
    uint32_t beside_depth;
} finder;

static tsk_mark mark_at(const finder *f, uint32_t i) {
    return *tsk_marks_at(f->marks, i);
}

static bool is(const finder *f, uint32_t i, tsk_mark_kind kind) {
    return i < f->marks->count && mark_at(f, i).kind == kind;
}

static char byte_of(const finder *f, uint32_t i) {
    tsk_mark m = mark_at(f, i);
    return m.len ? f->text[m.pos] : 0;
}

static uint32_t end_of(const finder *f, uint32_t i) {
    return mark_at(f, i).pos + mark_at(f, i).len;
}

static bool line_between(const finder *f, uint32_t i, uint32_t k) {
    uint32_t from = end_of(f, i), to = mark_at(f, k).pos;
    return to > from && memchr(f->text + from, '\n', to - from);
}

/* The mark that closes the one at i. */
static uint32_t closer_of(const finder *f, uint32_t i) {
    uint32_t depth = 0;
    for (; i < f->marks->count; i++) {
        tsk_mark_kind kind = (tsk_mark_kind)mark_at(f, i).kind;
        if (kind == TSK_MARK_OPEN || kind == TSK_MARK_INDENT) depth++;
        if ((kind == TSK_MARK_CLOSE || kind == TSK_MARK_DEDENT) && --depth == 0) break;
    }
    return i;
}

static bool ends_operand(tsk_mark_kind kind) {
    return kind == TSK_MARK_TEXT || kind == TSK_MARK_STRING || kind == TSK_MARK_NAME || kind == TSK_MARK_MEMBER ||
           kind == TSK_MARK_CLOSE;
}

static bool starts_operand(tsk_mark_kind kind) {
    return kind == TSK_MARK_TEXT || kind == TSK_MARK_STRING || kind == TSK_MARK_NAME || kind == TSK_MARK_OPEN ||
           kind == TSK_MARK_PREFIX;
}

/* Behind the value that starts at mark i, at most `end`; comments behind it do not belong to it. */
static uint32_t value_end(const finder *f, uint32_t i, uint32_t end) {
    uint32_t last = NONE;
    for (; i < end; i++) {
        tsk_mark_kind kind = (tsk_mark_kind)mark_at(f, i).kind;
        if (kind == TSK_MARK_COMMENT) continue;
        if (kind == TSK_MARK_OPEN || kind == TSK_MARK_INDENT) {
            bool apart = last != NONE && kind == TSK_MARK_OPEN && line_between(f, last, i) &&
                         ends_operand((tsk_mark_kind)mark_at(f, last).kind);
            if (apart) break;
            i = closer_of(f, i);
            last = i;
            continue;
        }
        bool statement = kind == TSK_MARK_KEY || kind == TSK_MARK_SECTION || kind == TSK_MARK_DASH ||
                         kind == TSK_MARK_BARE || kind == TSK_MARK_INCLUDE || kind == TSK_MARK_DIRECTIVE;
        if (statement || kind == TSK_MARK_COMMA || kind == TSK_MARK_CLOSE || kind == TSK_MARK_DEDENT) break;
        if (last != NONE && ends_operand((tsk_mark_kind)mark_at(f, last).kind) && starts_operand(kind) &&
            line_between(f, last, i))
            break; /* the next item of a list by lines */
        last = i;
    }
    return last == NONE ? NONE : last + 1;
}

/* ---- finding ---- */

static bool is_step(const finder *f, uint32_t i, uint32_t k) {
    const tsk_step *step = &f->edit->steps[k];
    tsk_mark m = mark_at(f, i);
    tsk_slice text = {f->text + m.pos, m.len};
    if (step->is_index) return false;
    if (m.len > 1 && (*text.ptr == '"' || *text.ptr == '\'')) {
        tsk_value v = tsk_frontend_literal(f->arena, text.ptr, text.len);
        text = tsk_is_str(v) ? tsk_as_slice(v) : text;
    }
    if (tsk_slice_eq(text, step->name)) return true;
    bool global = text.len == step->name.len + 1 && *text.ptr == '$';
    return global && memcmp(text.ptr + 1, step->name.ptr, step->name.len) == 0;
}

/* How many of the parts from mark i on, up to `end`, follow the path from step k on. */
static uint32_t follow(const finder *f, uint32_t i, uint32_t end, uint32_t k) {
    uint32_t n = 0;
    while (i < end && k + n < f->edit->count && is_step(f, i, k + n)) i++, n++;
    return n;
}

static void find_statements(finder *f, uint32_t i, uint32_t end, place at);
static void find_dashes(finder *f, uint32_t i, uint32_t end, place at);
static void find_items(finder *f, uint32_t i, uint32_t end, place at);

/* Into the value of marks [first, last], which k steps lead to. */
static void descend(finder *f, uint32_t first, uint32_t last, uint32_t k) {
    place at = {.depth = k, .open = first, .close = last, .last = NONE};
    bool whole = first <= last && closer_of(f, first) == last;
    if (first > last || !whole || (!is(f, first, TSK_MARK_OPEN) && !is(f, first, TSK_MARK_INDENT))) {
        f->blocked = first <= last ? first : NONE;
        f->place = (place){.last = NONE};
        return;
    }
    f->blocked = NONE;
    if (is(f, first, TSK_MARK_INDENT)) {
        at.kind = is(f, first + 1, TSK_MARK_DASH) ? PLACE_DASHES : PLACE_INDENT;
        if (at.kind == PLACE_DASHES)
            find_dashes(f, first + 1, last, at);
        else
            find_statements(f, first + 1, last, at);
    } else if (byte_of(f, first) == '[') {
        at.kind = PLACE_ARRAY;
        find_items(f, first + 1, last, at);
    } else {
        at.kind = PLACE_BLOCK;
        find_statements(f, first + 1, last, at);
    }
}

static void note_place(finder *f, place at) {
    if (at.depth >= f->place.depth) f->place = at;
}

static void add_to_place(finder *f, place *at, uint32_t first, uint32_t last) {
    if (f->site.next == NONE && f->found && f->site.open == at->open && f->site.key == at->last) f->site.next = first;
    at->last = first;
    at->last_end = last;
    at->count++;
}

static void found(finder *f, const place *at, site s) {
    s.before = at->last == NONE ? NONE : at->last_end;
    s.next = NONE;
    s.kind = at->kind;
    s.open = at->open;
    f->site = s;
    f->found = true;
    f->blocked = NONE;
}

/* `key: value`, `key {`...; returns behind it. */
static uint32_t find_statement(finder *f, uint32_t i, uint32_t end, place *at) {
    uint32_t parts = i, k = at->depth;
    while (is(f, parts, TSK_MARK_KEY) && parts < end && (parts == i || f->text[end_of(f, parts - 1)] == '.')) parts++;
    uint32_t assign = is(f, parts, TSK_MARK_ASSIGN) ? parts : NONE, first = assign == NONE ? parts : parts + 1;
    while (first < end && is(f, first, TSK_MARK_COMMENT)) first++;
    uint32_t next = value_end(f, first, end), last = next == NONE ? first - 1 : next - 1;
    if (next == NONE) next = parts + (assign != NONE);
    uint32_t n = follow(f, i, parts, k);
    if (n == parts - i || (n && k + n == f->edit->count)) {
        bool replaces = assign != NONE;
        if (replaces && k + n < f->edit->count) f->found = false;
        if (k + n == f->edit->count && n == parts - i)
            found(f, at, (site){.key = i, .assign = assign, .first = first, .last = last});
        else if (n == parts - i)
            descend(f, first, last, k + n);
        else
            f->spread_out = true;
    }
    add_to_place(f, at, i, next - 1);
    if (n && n < parts - i && k + n < f->edit->count && k + n >= f->beside_depth) {
        f->beside = *at;
        f->beside_depth = k + n;
    }
    return next;
}

static void find_section(finder *f, uint32_t i, uint32_t close, uint32_t end) {
    uint32_t parts = close - i - 1, n = follow(f, i + 1, close, 0);
    if (n == f->edit->count) f->spread_out = true;
    if (n != parts || n == f->edit->count) return;
    place at = {.kind = PLACE_SECTION, .depth = n, .open = close, .close = end, .last = NONE};
    find_statements(f, close + 1, end, at);
}

static void find_statements(finder *f, uint32_t i, uint32_t end, place at) {
    while (i < end) {
        switch ((tsk_mark_kind)mark_at(f, i).kind) {
        case TSK_MARK_KEY: i = find_statement(f, i, end, &at); break;
        case TSK_MARK_SECTION: {
            if (at.kind == PLACE_DOCUMENT && at.close == f->marks->count) at.close = i;
            uint32_t close = i, next = i + 1;
            while (!is(f, close, TSK_MARK_SECTION_END)) close++;
            while (next < end && !is(f, next, TSK_MARK_SECTION)) next++;
            find_section(f, i, close, next);
            i = next;
            break;
        }
        case TSK_MARK_BARE: {
            uint32_t next = value_end(f, i + 1, end);
            add_to_place(f, &at, i, next == NONE ? i : next - 1);
            i = next == NONE ? i + 1 : next;
            break;
        }
        case TSK_MARK_INCLUDE:
            add_to_place(f, &at, i, i);
            i++;
            break;
        default: i++;
        }
    }
    note_place(f, at);
}

/* One item of marks [first, last]; `start`: with its dash. */
static void find_item(finder *f, place *at, uint32_t start, uint32_t first, uint32_t last) {
    uint32_t k = at->depth;
    const tsk_step *step = &f->edit->steps[k];
    if (k < f->edit->count && step->is_index && step->index == at->count) {
        if (k + 1 == f->edit->count)
            found(f, at, (site){.key = start, .assign = NONE, .first = first, .last = last});
        else
            descend(f, first, last, k + 1);
    }
    add_to_place(f, at, start, first <= last ? last : start);
}

static void find_dashes(finder *f, uint32_t i, uint32_t end, place at) {
    while (i < end) {
        if (!is(f, i, TSK_MARK_DASH)) {
            i++;
            continue;
        }
        uint32_t next = value_end(f, i + 1, end);
        find_item(f, &at, i, i + 1, next == NONE ? i : next - 1);
        i = next == NONE ? i + 1 : next;
    }
    note_place(f, at);
}

static void find_items(finder *f, uint32_t i, uint32_t end, place at) {
    while (i < end) {
        if (is(f, i, TSK_MARK_COMMA) || is(f, i, TSK_MARK_COMMENT)) {
            i++;
            continue;
        }
        uint32_t next = value_end(f, i, end);
        if (next == NONE || next <= i) break;
        find_item(f, &at, i, i, next - 1);
        i = next;
    }
    note_place(f, at);
}

static void find(finder *f) {
    const uint32_t count = f->marks->count;
    uint32_t first = 0;
    while (first < count && (is(f, first, TSK_MARK_COMMENT) || is(f, first, TSK_MARK_DIRECTIVE))) first++;
    place at = {.kind = PLACE_DOCUMENT, .open = NONE, .close = count, .last = NONE};
    if (first < count && is(f, first, TSK_MARK_OPEN)) { /* the file is one object */
        uint32_t close = closer_of(f, first);
        at = (place){.kind = PLACE_BLOCK, .open = first, .close = close, .last = NONE};
        find_statements(f, first + 1, close, at);
    } else {
        find_statements(f, 0, count, at);
    }
}

/* ---- bytes ---- */

static uint32_t line_start(const finder *f, uint32_t pos) {
    while (pos && f->text[pos - 1] != '\n') pos--;
    return pos;
}

/* The first byte of the line end behind pos: \r\n, \n, or the end of the text. */
static uint32_t line_stop(const finder *f, uint32_t pos) {
    const char *end = f->edit->text.ptr + f->edit->text.len,
               *p = memchr(f->text + pos, '\n', (size_t)(end - f->text) - pos);
    if (!p) return f->edit->text.len;
    return (uint32_t)(p - f->text) - (p > f->text + pos && p[-1] == '\r');
}

static uint32_t next_line(const finder *f, uint32_t pos) {
    pos = line_stop(f, pos);
    if (f->text[pos] == '\r') pos++;
    return pos < f->edit->text.len ? pos + 1 : pos;
}

static const char *line_end_text(const finder *f) {
    const char *p = memchr(f->text, '\n', f->edit->text.len);
    return p && p > f->text && p[-1] == '\r' ? "\r\n" : "\n";
}

static bool only_blanks(const finder *f, uint32_t from, uint32_t to) {
    for (; from < to; from++)
        if (!tsk_is(f->text[from], TSK_C_BLANK | TSK_C_EOL)) return false;
    return true;
}

/* Behind the last byte of marks up to i that is no comment. */
static uint32_t byte_end(const finder *f, uint32_t i) {
    while (i && (mark_at(f, i).len == 0 || is(f, i, TSK_MARK_COMMENT))) i--;
    return end_of(f, i);
}

/* What a line that is to stand beside that of `pos` begins with. */
static void add_indent(const finder *f, tsk_buf *out, uint32_t pos) {
    uint32_t start = line_start(f, pos), p = start;
    if (only_blanks(f, start, pos)) {
        tsk_buf_add(out, f->text + start, pos - start);
        return;
    }
    while (tsk_is_blank(f->text[p])) p++;
    tsk_buf_add(out, f->text + start, p - start);
    for (; f->text[p] == '-' && tsk_is_blank(f->text[p + 1]) && p < pos;) /* items: their dashes are columns */
        do {
            tsk_buf_char(out, ' ');
            p++;
        } while (tsk_is_blank(f->text[p]) && p < pos);
}

static bool is_plain_name(tsk_slice s) {
    const char *p = s.ptr + (s.len > 1 && *s.ptr == '$');
    if (!s.len || !tsk_is(*p, TSK_C_START) || s.ptr[s.len - 1] == '-') return false;
    for (; p < s.ptr + s.len; p++)
        if (!tsk_is(*p, TSK_C_IDENT)) return false;
    return true;
}

static void add_key(tsk_buf *out, tsk_slice name, bool quoted) {
    if (!quoted && is_plain_name(name)) {
        tsk_buf_slice(out, name);
        return;
    }
    tsk_buf_char(out, '"');
    for (uint32_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == '"' || c == '\\' || (c == '$' && i + 1 < name.len && name.ptr[i + 1] == '{')) tsk_buf_char(out, '\\');
        tsk_buf_char(out, c);
    }
    tsk_buf_char(out, '"');
}

/* `:` or `=` with blanks, as the assignment at mark i has them. */
static void add_separator(const finder *f, tsk_buf *out, uint32_t assign) {
    if (assign == NONE) {
        tsk_buf_cstr(out, ": ");
        return;
    }
    uint32_t pos = mark_at(f, assign).pos;
    if (pos && tsk_is_blank(f->text[pos - 1])) tsk_buf_char(out, ' ');
    tsk_buf_char(out, f->text[pos]);
    bool close = assign + 1 < f->marks->count && mark_at(f, assign + 1).pos == pos + 1;
    if (!close) tsk_buf_char(out, ' ');
}

/* The assignment that new ones take for their model: of the statement at mark i, else the last one that begins a line. */
static uint32_t model_assign(const finder *f, uint32_t i) {
    if (i != NONE) {
        while (is(f, i, TSK_MARK_KEY)) i++;
        if (is(f, i, TSK_MARK_ASSIGN)) return i;
    }
    for (i = f->marks->count; i-- > 1;) {
        if (!is(f, i, TSK_MARK_ASSIGN) || !is(f, i - 1, TSK_MARK_KEY)) continue;
        uint32_t key = mark_at(f, i - 1).pos;
        if (only_blanks(f, line_start(f, key), key)) return i;
    }
    return NONE;
}

/* ---- the change ---- */

static void splice(tsk_edit *e, uint32_t from, uint32_t to) {
    e->from = from;
    e->to = to;
}

/* Strings keep the kind of quotes of the value before. */
static tsk_slice spelling(const finder *f, uint32_t old) {
    const tsk_edit *e = f->edit;
    if (old == NONE) return e->value;
    if (is(f, old, TSK_MARK_STRING) && byte_of(f, old) == '\'' && e->single.len) return e->single;
    if (is(f, old, TSK_MARK_TEXT) && e->bare.len && !tsk_is(byte_of(f, old), TSK_C_DIGIT)) return e->bare;
    return e->value;
}

static void replace_value(finder *f, tsk_edit *e) {
    const site *s = &f->site;
    tsk_slice value = spelling(f, s->first == s->last ? s->first : NONE);
    if (s->first > s->last) { /* `key:` or `-` */
        uint32_t at = end_of(f, s->assign == NONE ? s->key : s->assign);
        tsk_buf_char(&e->out, ' ');
        tsk_buf_slice(&e->out, value);
        splice(e, at, at);
    } else if (s->assign == NONE && s->kind != PLACE_ARRAY && s->kind != PLACE_DASHES) { /* `name {` */
        tsk_buf_cstr(&e->out, ": ");
        tsk_buf_slice(&e->out, value);
        splice(e, end_of(f, s->first - 1), byte_end(f, s->last));
    } else {
        bool block = is(f, s->first, TSK_MARK_INDENT); /* from behind the colon, comments and all */
        if (block && s->assign != NONE) tsk_buf_char(&e->out, ' ');
        tsk_buf_slice(&e->out, value);
        splice(e, block && s->assign != NONE ? end_of(f, s->assign) : mark_at(f, s->first).pos, byte_end(f, s->last));
    }
}

/* `key: value`; for the steps from k on `key: { rest: value }`, or `key.rest: value`. */
static void add_pair(finder *f, tsk_edit *e, uint32_t k, uint32_t model) {
    bool dotted = f->beside_depth > f->place.depth,
         quoted = model != NONE && is(f, model, TSK_MARK_KEY) && byte_of(f, model) == '"';
    uint32_t assign = model_assign(f, model), braces = 0;
    for (; k < e->count; k++) {
        add_key(&e->out, e->steps[k].name, quoted);
        if (dotted && k + 1 < e->count) {
            tsk_buf_char(&e->out, '.');
            continue;
        }
        add_separator(f, &e->out, assign);
        if (k + 1 < e->count) {
            tsk_buf_cstr(&e->out, "{ ");
            braces++;
        }
    }
    tsk_buf_slice(&e->out, e->value);
    while (braces--) tsk_buf_cstr(&e->out, " }");
}

static void add_new(finder *f, tsk_edit *e, const place *at) {
    if (at->kind == PLACE_DASHES) tsk_buf_cstr(&e->out, "- ");
    if (at->kind == PLACE_DASHES && at->last != NONE)
        tsk_buf_slice(&e->out, spelling(f, at->last + 1));
    else if (at->kind == PLACE_ARRAY || at->kind == PLACE_DASHES)
        tsk_buf_slice(&e->out, e->value);
    else
        add_pair(f, e, at->depth, at->last);
}

/* A comma stands behind what ends at this mark. */
static bool comma_behind(const finder *f, uint32_t i) {
    uint32_t p = byte_end(f, i);
    while (tsk_is_blank(f->text[p])) p++;
    return f->text[p] == ',';
}

static bool has_commas(const finder *f, const place *at) {
    if (at->kind == PLACE_ARRAY)
        return at->count < 2 || is(f, at->last - 1, TSK_MARK_COMMA) || is(f, at->last_end + 1, TSK_MARK_COMMA);
    if (at->kind != PLACE_BLOCK || byte_of(f, at->open) != '{') return false;
    for (uint32_t p = byte_end(f, at->last_end); tsk_is_blank(f->text[p]) || f->text[p] == ','; p++)
        if (f->text[p] == ',') return true;
    if (at->count == 1) return byte_of(f, at->last) == '"'; /* as JSON has them */
    uint32_t p = mark_at(f, at->last).pos;                  /* before it */
    while (p && tsk_is(f->text[p - 1], TSK_C_BLANK | TSK_C_EOL)) p--;
    return p && f->text[p - 1] == ',';
}

/* On a line of its own behind the last statement, or on the same line. */
static void append(finder *f, tsk_edit *e, const place *at) {
    uint32_t end = byte_end(f, at->last_end), key = mark_at(f, at->last).pos;
    bool bracket = at->kind == PLACE_BLOCK || at->kind == PLACE_ARRAY;
    bool inline_place = bracket && byte_of(f, at->close) != '<' &&
                        !memchr(f->text + end, '\n', mark_at(f, at->close).pos - end);
    bool commas = has_commas(f, at), trailing = comma_behind(f, at->last_end);
    if (inline_place) {
        if (trailing)
            tsk_buf_char(&e->out, ' ');
        else
            tsk_buf_cstr(&e->out, ", ");
        while (trailing && f->text[end] != ',') end++;
        end += trailing;
        add_new(f, e, at);
        splice(e, end, end);
        return;
    }
    uint32_t stop = line_stop(f, end);
    if (commas && !trailing) tsk_buf_char(&e->out, ',');
    tsk_buf_add(&e->out, f->text + end, stop - end); /* a comment */
    tsk_buf_cstr(&e->out, line_end_text(f));
    add_indent(f, &e->out, key);
    add_new(f, e, at);
    if (commas && trailing) tsk_buf_char(&e->out, ',');
    splice(e, end, stop);
}

/* Into a block, list or section that is empty. */
static void fill(finder *f, tsk_edit *e, const place *at) {
    uint32_t open = end_of(f, at->open);
    if (at->kind == PLACE_SECTION) {
        uint32_t stop = line_stop(f, open);
        tsk_buf_cstr(&e->out, line_end_text(f));
        add_indent(f, &e->out, mark_at(f, at->open).pos);
        add_new(f, e, at);
        splice(e, stop, stop);
    } else if (at->close == at->open + 1 && byte_of(f, at->close) != '<') {
        const char *blank = at->kind == PLACE_BLOCK ? " " : "";
        tsk_buf_cstr(&e->out, blank);
        add_new(f, e, at);
        tsk_buf_cstr(&e->out, blank);
        splice(e, open, mark_at(f, at->close).pos);
    } else { /* with comments, or `>` `<`: before the line that closes it */
        uint32_t start = line_start(f, mark_at(f, at->close).pos);
        add_indent(f, &e->out, mark_at(f, at->close).pos);
        for (int i = 0; i < STEP; i++) tsk_buf_char(&e->out, ' ');
        add_new(f, e, at);
        tsk_buf_cstr(&e->out, line_end_text(f));
        splice(e, start, start);
    }
}

static bool uses(const finder *f, tsk_mark_kind kind) {
    for (uint32_t i = 0; i < f->marks->count; i++)
        if (is(f, i, kind) && (kind != TSK_MARK_OPEN || (i && is(f, i - 1, TSK_MARK_KEY)))) return true;
    return false;
}

/* Before the first section and the comments that belong to it. */
static void before_sections(finder *f, tsk_edit *e, const place *at) {
    uint32_t i = at->close, start = line_start(f, mark_at(f, i).pos);
    while (i && is(f, i - 1, TSK_MARK_COMMENT) && next_line(f, end_of(f, i - 1)) == start) {
        uint32_t above = line_start(f, mark_at(f, i - 1).pos);
        if (above == 0 || !only_blanks(f, above, mark_at(f, i - 1).pos)) break;
        start = above;
        i--;
    }
    add_pair(f, e, 0, NONE);
    tsk_buf_cstr(&e->out, line_end_text(f));
    tsk_buf_cstr(&e->out, line_end_text(f));
    splice(e, start, start);
}

/* A new section, or a new block, behind everything. */
static void new_block(finder *f, tsk_edit *e) {
    const char *newline = line_end_text(f);
    uint32_t end = e->text.len;
    bool sections = uses(f, TSK_MARK_SECTION) || !uses(f, TSK_MARK_OPEN);
    if (end && f->text[end - 1] != '\n') tsk_buf_cstr(&e->out, newline);
    if (end) tsk_buf_cstr(&e->out, newline);
    if (sections) {
        tsk_buf_char(&e->out, '[');
        for (uint32_t k = 0; k + 1 < e->count; k++) {
            if (k) tsk_buf_char(&e->out, '.');
            add_key(&e->out, e->steps[k].name, false);
        }
        tsk_buf_char(&e->out, ']');
        tsk_buf_cstr(&e->out, newline);
        add_pair(f, e, e->count - 1, NONE);
    } else {
        add_key(&e->out, e->steps[0].name, false);
        tsk_buf_cstr(&e->out, is_plain_name(e->steps[0].name) ? " {" : ": {");
        tsk_buf_cstr(&e->out, newline);
        tsk_buf_cstr(&e->out, "    ");
        add_pair(f, e, 1, NONE);
        tsk_buf_cstr(&e->out, newline);
        tsk_buf_char(&e->out, '}');
    }
    tsk_buf_cstr(&e->out, newline);
    splice(e, end, end);
}

static const char *create(finder *f, tsk_edit *e) {
    const place *at = &f->place;
    bool list = at->kind == PLACE_ARRAY || at->kind == PLACE_DASHES;
    for (uint32_t k = at->depth + list; k < e->count; k++)
        if (e->steps[k].is_index || list) return "there is no such item, and nothing that it could be added to";
    if (f->spread_out) return "it is a block whose keys stand in several places; set them one by one";
    if (f->blocked != NONE) return "a value on the way to it is no block, and would have to be replaced";
    if (list && e->steps[at->depth].index != at->count)
        return "the list has fewer items; only the next one can be added";
    if (list != (e->steps[at->depth].is_index != 0))
        return list ? "a list has items by number: [0]" : "a block has keys, not items";
    if (f->beside_depth > at->depth)
        append(f, e, &f->beside);
    else if (at->kind == PLACE_DOCUMENT && e->count > 1)
        new_block(f, e);
    else if (at->last != NONE)
        append(f, e, at);
    else if (at->kind != PLACE_DOCUMENT)
        fill(f, e, at);
    else if (at->close < f->marks->count)
        before_sections(f, e, at);
    else {
        uint32_t end = e->text.len;
        if (end && f->text[end - 1] != '\n') tsk_buf_cstr(&e->out, line_end_text(f));
        add_pair(f, e, 0, NONE);
        tsk_buf_cstr(&e->out, line_end_text(f));
        splice(e, end, end);
    }
    return NULL;
}

/* ---- removing ---- */

/* The statement has its lines for itself, but for a comment. */
static bool has_lines(const finder *f, uint32_t from, uint32_t to) {
    if (!only_blanks(f, line_start(f, from), from)) return false;
    while (tsk_is_blank(f->text[to]) || f->text[to] == ',' || f->text[to] == ';') to++;
    char c = f->text[to];
    return tsk_is(c, TSK_C_EOL) || c == '#' || (c == '/' && f->text[to + 1] == '/');
}

static void remove_value(finder *f, tsk_edit *e) {
    const site *s = &f->site;
    uint32_t from = mark_at(f, s->key).pos, to = s->first <= s->last ? byte_end(f, s->last) : end_of(f, s->first - 1);
    bool comma = false;
    for (uint32_t p = to; tsk_is_blank(f->text[p]) || f->text[p] == ','; p++) comma |= f->text[p] == ',';
    bool last = s->next == NONE && s->before != NONE && !comma;
    if (last && (s->kind == PLACE_ARRAY || s->kind == PLACE_BLOCK) &&
        comma_behind(f, s->before)) /* its comma goes too */
        splice(e, byte_end(f, s->before), to);
    else if (has_lines(f, from, to))
        splice(e, line_start(f, from), next_line(f, to));
    else if (s->next != NONE)
        splice(e, from, mark_at(f, s->next).pos);
    else if (s->before != NONE)
        splice(e, byte_end(f, s->before), to);
    else
        splice(e, from, to);
}

const char *tsk_frontend_edit(tsk_edit *e, tsk_arena *arena) {
    finder f = {.edit = e, .text = e->text.ptr, .marks = e->marks, .arena = arena, .blocked = NONE};
    find(&f);
    e->found = f.found;
    tsk_buf_init(&e->out, arena);
    if (!e->remove && f.found) {
        replace_value(&f, e);
        return NULL;
    }
    if (!e->remove) return create(&f, e);
    if (f.spread_out && !f.found) return "it is a block whose keys stand in several places; remove them one by one";
    if (f.found) remove_value(&f, e);
    return NULL;
}
