/* The frontend: source text to a graph of keys.
 *
 *   text ──► document.c   statements, blocks, sections   ──► objects, literal values
 *              │  literal.c   numbers, words, quick lists
 *              │  string.c    quotes, escapes, `${}`, heredocs
 *              │  expression.c   everything else          ──► tsk_ast, one thunk a key
 *              │  directive.c   #!word, #include
 *              │  marks.c     where everything stands, when asked for ──► format.c, edit.c
 *              ▼
 *            scope.c      names and $globals to what they stand for
 *              ▼
 *            lower.c, lower_call.c, lower_loop.c          ──► IR, on demand
 *
 * The parser goes over the bytes once with one cursor; there are no tokens in memory.  A literal is
 * recognized by a quick path that gives up, without side effects, as soon as the value is anything
 * more; then the expression parser starts again at the value's first byte.
 *
 * Invariants
 *  - The text is followed by TSK_SOURCE_PADDING zero bytes, so looking ahead needs no bounds check;
 *    text may contain zero bytes, which are errors outside strings.
 *  - `line` is the first byte of the line that holds `p` whenever a statement starts.
 *  - Every block has a scope; scopes form the tree along which bare names are looked up.
 */
#ifndef TSK_FRONTEND_H
#define TSK_FRONTEND_H

#include "frontend/ast.h"

#include <emmintrin.h>

/* A block of keys, and the block around it. */
typedef struct tsk_scope {
    tsk_object *object;
    const struct tsk_scope *parent;
    tsk_array *list;  /* when the block is an item of a list: that list */
    const char *name; /* its key in the parent */
    uint32_t name_len;
    uint32_t section;               /* number of the [section] that it is in */
    const struct tsk_scope *before; /* made before it: all scopes of a document are in one list */
} tsk_scope;

/* One assignment `$name: value`. */
typedef struct tsk_definition {
    struct tsk_definition *older; /* of the same name */
    tsk_value value;              /* literal, container or thunk */
    const tsk_scope *scope;
    uint32_t order;
    uint32_t section;
} tsk_definition;

typedef struct tsk_frontend {
    tsk_arena *arena;
    tsk_load_options options;
    tsk_scope *root;
    const tsk_scope *scopes; /* the last one */
    tsk_object globals;      /* name -> number in `newest` */
    tsk_definition **newest;
    uint32_t newest_cap;
    uint32_t definitions;
    uint32_t sections;
    uint32_t depth;                            /* of includes */
    struct tsk_lint *lint;                     /* NULL: nobody asked for it */
    bool api;                                  /* #!api */
    struct tsk_free_entries *free_entries[28]; /* outgrown entry arrays by log2 of their size */
    const char **including;                    /* names of the files being read, outermost first */
} tsk_frontend;

typedef enum tsk_block_kind { TSK_BLOCK_ROOT, TSK_BLOCK_BRACE, TSK_BLOCK_ANGLE, TSK_BLOCK_INDENT } tsk_block_kind;

typedef struct tsk_parser {
    tsk_graph *graph;
    tsk_frontend *fe;
    tsk_arena *arena;
    const tsk_source *source;
    const char *p, *text, *end;
    const char *line;
    tsk_scope *scope;
    tsk_block_kind block;
    uint32_t depth;
    const char *operator_end, *operand; /* of the last binary operator: where it ends, where its operand starts */
    uint32_t nest;                      /* of open ( [ { in the expression: newlines are blanks */
    uint32_t section;
    bool keep;   /* keys that exist stay: @inherit */
    bool commas; /* a .peanuts file: unquoted `a, b` is a list */
    bool merge;  /* containers merge with what exists: includes */
    const char *
        *plain_holes; /* `${` that are no expressions, by address: looked at once, or the time would be exponential */
    uint32_t plain_count, plain_cap;
    tsk_ast **stack; /* children under construction */
    uint32_t stack_count, stack_cap;
    /* First failure of the expression parser; the caller decides whether it is an error or plain text. */
    bool failed;
    bool failed_hard; /* an error even where plain text is allowed */
    tsk_code fail_code;
    tsk_span fail_span;
    const char *fail_message, *fail_expected, *fail_hint;
    tsk_marks *marks; /* NULL: nobody wants them */
} tsk_parser;

/* ---- characters ---- */

enum { TSK_C_START = 1, TSK_C_IDENT = 2, TSK_C_DIGIT = 4, TSK_C_BLANK = 8, TSK_C_EOL = 16, TSK_C_HEX = 32 };
extern const uint8_t tsk_char_class[256];
TSK_INLINE bool tsk_is(char c, int classes) {
    return (tsk_char_class[(uint8_t)c] & classes) != 0;
}
TSK_INLINE bool tsk_is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* Bytes of identifiers among 16, one bit each. */
TSK_INLINE unsigned tsk_ident_mask(__m128i x) {
    __m128i letter = _mm_sub_epi8(_mm_or_si128(x, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    __m128i digit = _mm_sub_epi8(x, _mm_set1_epi8('0'));
    __m128i is = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter);
    is = _mm_or_si128(is, _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit));
    is = _mm_or_si128(is, _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('_')), _mm_cmpeq_epi8(x, _mm_set1_epi8('-'))));
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(is, x)); /* the top bit: other scripts */
}

/* Longest identifier at p, hyphens inside allowed. */
TSK_INLINE const char *tsk_ident_end(const char *p) {
    for (;; p += 16) {
        unsigned rest = ~tsk_ident_mask(_mm_loadu_si128((const __m128i *)(const void *)p)) & 0xFFFF;
        if (TSK_LIKELY(rest)) {
            p += __builtin_ctz(rest);
            break;
        }
    }
    while (p[-1] == '-') p--; /* `a-` is not a name: `a - b`, `a->b` */
    return p;
}

/* ---- document.c ---- */
void tsk_parse_document(tsk_parser *ps);
void tsk_parse_include(tsk_parser *ps, tsk_slice path, tsk_span span, bool keep);
/* Skips blanks, and where newlines do not matter newlines and comments too. */
void tsk_skip_blanks(tsk_parser *ps);
void tsk_skip_lines(tsk_parser *ps);
/* True where a value may end: end of line, comment, `;`, and in braces `,` and `}`. */
bool tsk_at_value_end(const tsk_parser *ps, const char *p);
/* A comment may start at p: it follows a blank or a bracket. */
bool tsk_at_comment(const tsk_parser *ps, const char *p);
tsk_value tsk_parse_braces(tsk_parser *ps, const char *key, uint32_t key_len, tsk_object *merge);
TSK_INLINE uint32_t tsk_pos(const tsk_parser *ps, const char *p) {
    return ps->source->base + (uint32_t)(p - ps->text);
}
/* The newline that ends the line of p, or the end of the text. */
TSK_INLINE const char *tsk_line_end(const tsk_parser *ps, const char *p) {
    const char *newline = memchr(p, '\n', (size_t)(ps->end - p));
    return newline ? newline : ps->end;
}
TSK_INLINE tsk_span tsk_span_of(const tsk_parser *ps, const char *from, const char *to) {
    return (tsk_span){tsk_pos(ps, from), (uint32_t)(to - from)};
}
tsk_diag *tsk_error(tsk_parser *ps, tsk_code code, tsk_span span, const char *fmt, ...) TSK_PRINTF(4, 5);

/* ---- literal.c: quick paths; false and no change when the value is anything more ---- */
bool tsk_quick_number(tsk_parser *ps, const char **p, tsk_value *out);
/* Decimal digits and nothing that could make them anything else. */
bool tsk_quick_integer(tsk_parser *ps, const char **p, tsk_value *out);
bool tsk_quick_word(const char *start, uint32_t len, bool whole, tsk_value *out);
bool tsk_quick_array(tsk_parser *ps, tsk_value *out);
/* Under TUSK_FLAG_CHECK: warns of an integer that had to become a double. */
void tsk_note_precision(tsk_parser *ps, const char *from, const char *to, tsk_value v);
/* tsk_ident_end where speed matters less than size. */
const char *tsk_scan_ident(const char *p);

/* ---- string.c ---- */
/* A string at ps->p, whatever its quotes.  Plain text gives a LITERAL node's value in `out` and NULL; otherwise an
 * INTERPOLATE node.  `raw`: the key says that this is a function.  ps->failed when it is not closed. */
tsk_ast *tsk_parse_string(tsk_parser *ps, bool raw, tsk_value *out);
/* A plain double-quoted string without escapes or interpolation: the quick path. */
bool tsk_quick_string(tsk_parser *ps, const char **p, tsk_value *out);
bool tsk_is_function_text(const char *p, const char *end);

/* ---- check_function.c ---- */
/* The text of a string that began at `open`: when it is a function, what is wrong with it is reported.  `named`: the
 * key says that it is one. */
void tsk_check_function(tsk_parser *ps, const char *open, tsk_slice text, bool named);

/* ---- expression.c ---- */
tsk_ast *tsk_parse_expression(tsk_parser *ps); /* NULL: ps->failed */
void tsk_expression_fail(tsk_parser *ps, bool hard, tsk_code code, const char *from, const char *to,
                         const char *expected, const char *fmt, ...) TSK_PRINTF(7, 8);
tsk_ast *tsk_ast_new(tsk_parser *ps, tsk_ast_kind kind, const char *from, const char *to, uint32_t count);
tsk_ast *tsk_ast_literal(tsk_parser *ps, tsk_value v, const char *from, const char *to);
/* A literal, or an array or object of nothing else. */
bool tsk_ast_constant(tsk_arena *arena, const tsk_ast *ast, tsk_value *out);
void tsk_ast_push(tsk_parser *ps, tsk_ast *ast);
/* A node with the children above `mark`. */
tsk_ast *tsk_ast_collect(tsk_parser *ps, tsk_ast_kind kind, const char *from, uint32_t mark);

/* ---- directive.c ---- */
/* At a `#` that starts a statement: a directive or comment; leaves p at the end of the line. */
void tsk_parse_hash(tsk_parser *ps);

/* ---- marks.c: the concrete view, only when ps->marks is there ---- */
void tsk_mark_add(tsk_parser *ps, tsk_mark_kind kind, const char *from, const char *to);
/* A dotted key, part by part. */
void tsk_mark_key(tsk_parser *ps, const char *from, const char *to);
/* The header of a section whose brackets these are. */
void tsk_mark_section(tsk_parser *ps, const char *open, const char *close);
/* The value from `start` to ps->p, unless its parts were marked already. */
void tsk_mark_value(tsk_parser *ps, const char *start);
/* A list of plain literals from `start` to ps->p. */
void tsk_mark_list(tsk_parser *ps, const char *start);
/* Everything from `start` to ps->p, which was parsed into `ast`. */
void tsk_mark_expression(tsk_parser *ps, const char *start, const tsk_ast *ast);
#define TSK_MARK(ps, kind, from, to)                                                                                   \
    do {                                                                                                               \
        if (TSK_UNLIKELY((ps)->marks)) tsk_mark_add(ps, TSK_MARK_##kind, from, to);                                    \
    } while (0)

/* ---- scope.c ---- */
tsk_scope *tsk_scope_new(tsk_parser *ps, tsk_object *object, const char *name, uint32_t name_len);
void tsk_scope_mark_thunks(const tsk_scope *scope);
void tsk_scope_define(tsk_parser *ps, const char *name, uint32_t len, tsk_value value);
tsk_definition *tsk_scope_global(const tsk_frontend *fe, const char *name, uint32_t len, uint32_t section,
                                 uint32_t order);
/* The value that a bare name stands for in a scope, outwards to the root; `self` (a thunk) does not see itself. */
bool tsk_scope_find(const tsk_scope *scope, const char *name, uint32_t len, tsk_value self, tsk_value *out);
tsk_entry *tsk_scope_slot(tsk_parser *ps, tsk_object *o, const char *key, uint32_t len, bool *added);
tsk_value tsk_thunk_new(tsk_parser *ps, const char *key, uint32_t key_len, const tsk_ast *ast, tsk_span span);

/* ---- lower.c ---- */
typedef struct tsk_local {
    struct tsk_local *outer;
    const char *name;
    uint32_t len;
    bool used; /* check.c */
    tsk_ir_inst *value;
} tsk_local;

typedef struct tsk_lower_func {
    struct tsk_lower_func *outer;
    tsk_ir_builder b;
    tsk_local *locals;
    struct {
        tsk_local *of; /* in an outer function */
        tsk_ir_inst *value;
    } * captures;
    uint32_t capture_count, capture_cap;
} tsk_lower_func;

typedef struct tsk_lower {
    tsk_graph *graph;
    tsk_frontend *fe;
    const tsk_ir_env *env;
    tsk_arena *arena;
    const tsk_thunk *thunk;
    tsk_value self; /* the thunk's number as a value */
    tsk_lower_func *fn;
} tsk_lower;

tsk_ir_inst *tsk_lower_ast(tsk_lower *lo, const tsk_ast *ast);
tsk_ir_inst *tsk_lower_call(tsk_lower *lo, const tsk_ast *ast);
tsk_ir_inst *tsk_lower_operator(tsk_lower *lo, const tsk_ast *ast);
/* Lambda loops: each, map, filter, reduce...  NULL: `number` is none of them. */
tsk_ir_inst *tsk_lower_loop(tsk_lower *lo, uint32_t number, const tsk_ast *call, tsk_ast *const *args, uint32_t count,
                            tsk_ir_inst *receiver);
tsk_ir_inst *tsk_lower_closure(tsk_lower *lo, const tsk_ast *lambda);
/* compose(f, g): the lambda v => f(g(v)). */
tsk_ir_inst *tsk_lower_composed(tsk_lower *lo, const tsk_ast *ast, tsk_ast *const *args, uint32_t count);
/* The expression is a lambda, or makes one. */
bool tsk_lower_is_function(const tsk_lower *lo, const tsk_ast *ast);
/* value ?? other, catching errors of the first; OR: falsy instead of null. */
tsk_ir_inst *tsk_lower_fallback(tsk_lower *lo, const tsk_ast *first, const tsk_ast *other, bool truthy);
tsk_ir_inst *tsk_lower_choose(tsk_lower *lo, tsk_ir_inst *condition, const tsk_ast *yes, const tsk_ast *no);
tsk_ir_inst *tsk_lower_condition(tsk_lower *lo, const tsk_ast *ast);
tsk_ir_inst *tsk_lower_null(tsk_lower *lo);
tsk_ir_inst *tsk_lower_text(tsk_lower *lo, const char *ptr, size_t len);
tsk_ir_inst *tsk_lower_error(tsk_lower *lo, const tsk_ast *at, tsk_code code, const char *fmt, ...) TSK_PRINTF(4, 5);
/* What a tree value becomes: constant, key or tree. */
tsk_ir_inst *tsk_lower_tree(tsk_lower *lo, tsk_value v);
/* A variable of a lambda or loop; NULL: none has the name. */
tsk_ir_inst *tsk_lower_local(tsk_lower *lo, const char *name, uint32_t len);
void tsk_lower_bind(tsk_lower *lo, const char *name, uint32_t len, tsk_ir_inst *value);
/* Follows names and members as far as the tree is known: the value and how many nodes from the outermost are left. */
bool tsk_resolve_path(const tsk_lower *lo, const tsk_ast *ast, tsk_value *out);
tsk_slice tsk_ast_source(const tsk_graph *graph, const tsk_ast *ast);

/* A bare name somewhere in the expression stands for something. */
bool tsk_any_name_resolves(const tsk_lower *lo, const tsk_ast *ast);
bool tsk_weak_is_text(const tsk_graph *graph, const tsk_thunk *thunk, tsk_value self);

/* ---- check.c ---- */
/* The operator whose name is nearest to this one; empty: none is near. */
tsk_slice tsk_closest_operator(tsk_arena *arena, const tsk_ir_env *env, const char *name, uint32_t len);

/* ---- lint.c: what looks wrong and is not; nothing happens unless fe->lint is set ---- */
typedef struct tsk_lint tsk_lint;
struct tsk_js_function;
void tsk_lint_begin(tsk_graph *g, const tsk_lint_options *options);
bool tsk_lint_admit(void *user, tsk_code code, tsk_span span, tsk_severity *severity); /* for tsk_diags */
/* A function that was parsed; `base` 0: its text is not that of the file.  `sure`: it is no prose with an arrow in it. */
void tsk_lint_function(tsk_parser *ps, const struct tsk_js_function *function, tsk_slice text, uint32_t base, bool sure);
/* One node of an expression, with the variables of lambdas around it. */
void tsk_lint_node(const tsk_lower *lo, const tsk_local *bound, const tsk_ast *ast);
/* A lambda after its body: its parameters are those of `bound` that are not in `outer`. */
void tsk_lint_lambda(const tsk_lower *lo, const tsk_local *bound, const tsk_local *outer);
/* What needs the whole document, after all expressions. */
void tsk_lint_document(tsk_graph *g, const tsk_ir_env *env);

#endif
