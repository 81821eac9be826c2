/* The concrete view: the parser notes where everything stands.
 *
 *   statements     document.c marks keys, brackets, blocks and comments where it takes them
 *   expressions    marked from their tree, once it is known to be the value:
 *
 *       port : base + [1, 2][0]   # why
 *              └──┘   └────┘└─┘                    nodes: names and literals, brackets
 *                   └┘  └┘                         gaps: operators, commas, comments, brackets around parts
 *
 * A gap holds nothing but punctuation, words like `and`, and comments: all that could hold anything is a node. */
#include "frontend/frontend.h"

void tsk_mark_add(tsk_parser *ps, tsk_mark_kind kind, const char *from, const char *to) {
    tsk_marks *marks = ps->marks;
    uint32_t pos = (uint32_t)(from - ps->text), len = (uint32_t)(to - from);
    if (len && to[-1] == '\r') len--; /* of the line end behind a comment */
    while (marks->count) {
        const tsk_mark *last = tsk_marks_at(marks, marks->count - 1);
        if (last->pos < pos || (last->pos == pos && !last->len)) break;
        marks->count--;
    }
    if (marks->count == marks->block_count * TSK_MARK_BLOCK) {
        if (marks->block_count == marks->block_cap) {
            uint32_t cap = marks->block_cap ? marks->block_cap * 2 : 64;
            marks->blocks = tsk_arena_grow(marks->arena, marks->blocks, marks->block_cap * sizeof *marks->blocks,
                                           cap * sizeof *marks->blocks);
            marks->block_cap = cap;
        }
        marks->blocks[marks->block_count++] = TSK_NEW_ARRAY(marks->arena, tsk_mark, TSK_MARK_BLOCK);
    }
    *tsk_marks_at(marks, marks->count++) = (tsk_mark){pos, kind, len & TSK_MARK_MAX_TEXT};
}

/* Behind a quoted text on one line. */
static const char *quoted_end(const char *p, const char *end) {
    char c = *p++;
    while (p < end && *p != c) p += *p == '\\' && p + 1 < end ? 2 : 1;
    return p < end ? p + 1 : end;
}

/* Parts between dots, blanks around them left out. */
static void mark_parts(tsk_parser *ps, const char *p, const char *to) {
    for (; p < to; p++) {
        while (p < to && tsk_is_blank(*p)) p++;
        const char *from = p;
        if (*p == '"' || *p == '\'') p = quoted_end(p, to);
        while (p < to && *p != '.') p++;
        const char *end = p;
        while (end > from && tsk_is(end[-1], TSK_C_BLANK | TSK_C_EOL)) end--;
        tsk_mark_add(ps, TSK_MARK_KEY, from, end);
    }
}

void tsk_mark_key(tsk_parser *ps, const char *from, const char *to) {
    mark_parts(ps, from, to);
}

void tsk_mark_section(tsk_parser *ps, const char *open, const char *close) {
    tsk_mark_add(ps, TSK_MARK_SECTION, open, open + 1);
    mark_parts(ps, open + 1, close);
    tsk_mark_add(ps, TSK_MARK_SECTION_END, close, close + 1);
}

void tsk_mark_value(tsk_parser *ps, const char *start) {
    const tsk_marks *marks = ps->marks;
    if (marks->count && tsk_marks_at(marks, marks->count - 1)->pos >= (uint32_t)(start - ps->text)) return;
    const char *end = ps->p;
    while (end > start && tsk_is(end[-1], TSK_C_BLANK | TSK_C_EOL)) end--;
    bool string = *start == '"' || *start == '\'' || *start == '`';
    if (end > start) tsk_mark_add(ps, string ? TSK_MARK_STRING : TSK_MARK_TEXT, start, end);
}

void tsk_mark_list(tsk_parser *ps, const char *start) {
    const char *close = ps->p;
    while (close[-1] != ']') close--; /* blanks behind it were skipped */
    close--;
    tsk_mark_add(ps, TSK_MARK_OPEN, start, start + 1);
    for (const char *p = start + 1; p < close;) {
        if (tsk_is(*p, TSK_C_BLANK | TSK_C_EOL)) {
            p++;
        } else if (*p == ',') {
            tsk_mark_add(ps, TSK_MARK_COMMA, p, p + 1);
            p++;
        } else {
            const char *from = p;
            bool string = *p == '"';
            if (string)
                p = quoted_end(p, close);
            else
                while (p < close && *p != ',' && !tsk_is(*p, TSK_C_BLANK | TSK_C_EOL)) p++;
            tsk_mark_add(ps, string ? TSK_MARK_STRING : TSK_MARK_TEXT, from, p);
        }
    }
    tsk_mark_add(ps, TSK_MARK_CLOSE, close, close + 1);
}

/* ---- expressions ---- */

/* What `:` and `=` between two nodes are. */
typedef enum gap_kind { GAP_OPERATOR, GAP_PAIR, GAP_SLICE } gap_kind;

typedef struct walk {
    tsk_parser *ps;
    const char *p; /* up to here everything is marked */
} walk;

static const char *start_of(const walk *w, const tsk_ast *ast) {
    return w->ps->text + (ast->span.pos - w->ps->source->base);
}

static void take(walk *w, tsk_mark_kind kind, const char *to) {
    tsk_mark_add(w->ps, kind, w->p, to);
    w->p = to;
}

/* Behind the operator at p. */
static const char *operator_end(const char *p, const char *to) {
    if (tsk_is(*p, TSK_C_START)) {
        while (p < to && tsk_is(*p, TSK_C_START)) p++;
        return p;
    }
    do p++;
    while (p < to && strchr("?|&=!<>+-*/%^:", *p) && !(*p == '/' && (p[1] == '/' || p[1] == '*')));
    return p;
}

static void gap(walk *w, const char *to, gap_kind kind) {
    while (w->p < to) {
        const char *p = w->p;
        switch (*p) {
        case ' ':
        case '\t':
        case '\r':
        case '\n': w->p++; break;
        case '#': take(w, TSK_MARK_COMMENT, tsk_line_end(w->ps, p)); break;
        case '(':
        case '[':
        case '{': take(w, TSK_MARK_OPEN, p + 1); break;
        case ')':
        case ']':
        case '}': take(w, TSK_MARK_CLOSE, p + 1); break;
        case ',':
        case ';': take(w, TSK_MARK_COMMA, p + 1); break;
        case '.':
        case '@': take(w, TSK_MARK_PREFIX, *p == '@' ? p + 1 : p + 3); break;
        case '/':
            if (p[1] == '/') {
                take(w, TSK_MARK_COMMENT, tsk_line_end(w->ps, p));
                break;
            }
            if (p[1] == '*') {
                const char *close = memmem(p + 2, (size_t)(w->ps->end - p - 2), "*/", 2);
                take(w, TSK_MARK_COMMENT, close ? close + 2 : w->ps->end);
                break;
            }
            take(w, TSK_MARK_OPERATOR, p + 1);
            break;
        default:
            if (kind != GAP_OPERATOR && (*p == ':' || *p == '='))
                take(w, kind == GAP_PAIR ? TSK_MARK_ASSIGN : TSK_MARK_COLON, p + 1);
            else
                take(w, TSK_MARK_OPERATOR, operator_end(p, to));
        }
    }
}

static void walk_node(walk *w, const tsk_ast *ast);

/* A name, a literal, a string. */
static void walk_leaf(walk *w, const tsk_ast *ast) {
    const char *start = start_of(w, ast);
    gap(w, start, GAP_OPERATOR);
    tsk_mark_kind kind = ast->kind == TSK_AST_LITERAL || ast->kind == TSK_AST_TEXT ? TSK_MARK_TEXT : TSK_MARK_NAME;
    if (*start == '"' || *start == '\'' || *start == '`') kind = TSK_MARK_STRING;
    take(w, kind, start + ast->span.len);
}

static void walk_pairs(walk *w, const tsk_ast *object) {
    for (uint32_t i = 0; i + 1 < object->count; i += 2) {
        const tsk_ast *key = object->items[i], *value = object->items[i + 1];
        if (!key) { /* `...` is in the gap */
            walk_node(w, value);
            continue;
        }
        bool plain = !(key->flags & TSK_AST_COMPUTED);
        if (plain) {
            gap(w, start_of(w, key), GAP_OPERATOR);
            take(w, TSK_MARK_KEY, start_of(w, key) + key->span.len);
        } else {
            walk_node(w, key);
        }
        if (start_of(w, value) < w->p) continue; /* `{ name }` */
        /* the brackets around a computed key, and those that the value begins with, stand on two sides of the colon */
        gap(w, start_of(w, value), GAP_PAIR);
        walk_node(w, value);
    }
}

static void walk_unary(walk *w, const tsk_ast *ast) {
    const char *p = start_of(w, ast), *end = p + 1;
    gap(w, p, GAP_OPERATOR);
    if (*p == '(')
        while (*end++ != ')') {}
    else if (tsk_is(*p, TSK_C_START))
        end = p + 3;
    take(w, TSK_MARK_PREFIX, end);
    walk_node(w, ast->items[0]);
}

/* Children from `first` on, with a gap of this kind before each. */
static void walk_children(walk *w, const tsk_ast *ast, uint32_t first, gap_kind kind) {
    for (uint32_t i = first; i < ast->count; i++) {
        const tsk_ast *item = ast->items[i];
        if (!item || (i && item == ast->items[i - 1])) continue; /* a bound that is not there; `a ?: b` */
        if (start_of(w, item) < w->p) {                          /* named arguments start at the bracket */
            walk_pairs(w, item);
            continue;
        }
        gap(w, start_of(w, item), kind);
        walk_node(w, item);
    }
}

static void walk_node(walk *w, const tsk_ast *ast) {
    const char *start = start_of(w, ast), *end = start + ast->span.len;
    switch ((tsk_ast_kind)ast->kind) {
    case TSK_AST_LITERAL:
    case TSK_AST_TEXT:
    case TSK_AST_NAME:
    case TSK_AST_GLOBAL:
    case TSK_AST_INTERPOLATE: walk_leaf(w, ast); return;
    case TSK_AST_OPERATOR:
        gap(w, start, GAP_OPERATOR);
        take(w, TSK_MARK_NAME, ast->name + ast->name_len);
        walk_children(w, ast, 0, GAP_OPERATOR);
        if (ast->flags & TSK_AST_HAS_ARGS) gap(w, end, GAP_OPERATOR);
        return;
    case TSK_AST_OBJECT:
        gap(w, start + 1, GAP_OPERATOR);
        walk_pairs(w, ast);
        gap(w, end, GAP_OPERATOR);
        return;
    case TSK_AST_ARRAY:
        gap(w, start + 1, GAP_OPERATOR);
        walk_children(w, ast, 0, GAP_OPERATOR);
        gap(w, end, GAP_OPERATOR);
        return;
    case TSK_AST_UNARY: walk_unary(w, ast); return;
    case TSK_AST_MEMBER:
        walk_node(w, ast->items[0]);
        gap(w, ast->name - 1, GAP_OPERATOR);
        take(w, TSK_MARK_MEMBER, ast->name + ast->name_len);
        return;
    case TSK_AST_INDEX:
    case TSK_AST_SLICE:
        walk_node(w, ast->items[0]);
        walk_children(w, ast, 1, GAP_SLICE);
        gap(w, end, GAP_SLICE);
        return;
    case TSK_AST_CALL:
        walk_children(w, ast, 0, GAP_OPERATOR);
        gap(w, end, GAP_OPERATOR);
        return;
    default: walk_children(w, ast, 0, GAP_OPERATOR);
    }
}

void tsk_mark_expression(tsk_parser *ps, const char *start, const tsk_ast *ast) {
    walk w = {ps, start};
    const char *end = ps->p;
    walk_node(&w, ast);
    gap(&w, end, GAP_OPERATOR);
}
