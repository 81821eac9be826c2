/* A configuration is a graph of keys.
 *
 *   root object ── literal values                       (the constant tree)
 *        └──────── thunk numbers ──► thunks: expression -> IR -> baseline code -> value
 *
 * The frontend fills a graph from source text; the engine owns it as part of a program and asks the
 * frontend to lower a thunk when its value is first wanted.  Lowering folds: most thunks end as
 * constants and have no code at all.
 *
 * Invariants
 *  - Thunks are numbered in source order.  A thunk's state only moves forward, under the program's lock,
 *    and is published with release order; `constant` and `func` are immutable afterwards.
 *  - The tree is immutable once loading has ended; a thunk that turned out constant stays in the tree as
 *    its number and is read through the thunk.
 */
#ifndef TSK_GRAPH_H
#define TSK_GRAPH_H

#include "ir/ir.h"

typedef enum tsk_thunk_state {
    TSK_THUNK_PARSED,   /* has an expression tree only */
    TSK_THUNK_LOWERING, /* being lowered: seen again, it is a static cycle */
    TSK_THUNK_CONSTANT, /* `constant` holds the value */
    TSK_THUNK_CODE      /* `func` computes it */
} tsk_thunk_state;

typedef struct tsk_thunk {
    _Atomic uint32_t state; /* tsk_thunk_state */
    tsk_span span;          /* of the expression */
    uint32_t key_len;
    const char *key; /* last part of the path; NULL for an item of a list or a bare expression */
    const struct tsk_scope *scope;
    const struct tsk_ast *ast;
    union {
        tsk_value constant;
        tsk_ir_func *func;
    };
} tsk_thunk;

/* Thunks live in blocks so that growing never moves one. */
#define TSK_THUNK_BLOCK 16
typedef struct tsk_directive {
    struct tsk_directive *next;
    tsk_slice name;     /* without `#!` or `#` */
    tsk_slice argument; /* text after the name, trimmed; may be empty */
    tsk_span span;
} tsk_directive;

typedef struct tsk_graph {
    tsk_arena *arena; /* of the program: tree, thunks, source texts */
    tsk_sources sources;
    tsk_diags diags;
    tsk_object *root;
    tsk_thunk **thunk_blocks;
    uint32_t thunk_count, thunk_block_count;
    tsk_directive *directives, *last_directive;
    uint32_t response; /* thunk number + 1 of the last bare expression statement; 0 = none */
    bool strict;       /* #!strict or the option */
    tsk_ir_module *module;
    void *frontend; /* scopes, definitions of $globals */
} tsk_graph;

TSK_INLINE tsk_thunk *tsk_graph_thunk(const tsk_graph *g, uint32_t number) {
    return &g->thunk_blocks[number / TSK_THUNK_BLOCK][number % TSK_THUNK_BLOCK];
}

/* What lint leaves out and takes for an error, by the numbers of codes. */
#define TSK_LINT_CODES 1024
typedef struct tsk_lint_options {
    uint64_t off[TSK_LINT_CODES / 64], errors[TSK_LINT_CODES / 64];
    bool all_errors;
    bool whole_document; /* something reads all of it */
} tsk_lint_options;

/* ---- the concrete view: where in a source everything stands, for those who keep the text and change parts of it ---- */

typedef enum tsk_mark_kind {
    TSK_MARK_COMMENT,
    TSK_MARK_DIRECTIVE,   /* `#!word ...` and the like, the whole line */
    TSK_MARK_SECTION,     /* `[` of a header, then its KEYs */
    TSK_MARK_SECTION_END, /* `]` */
    TSK_MARK_KEY,         /* one part of a dotted key, or the key of a pair */
    TSK_MARK_ASSIGN,      /* `:` or `=` behind a key */
    TSK_MARK_OPEN,        /* ( [ {, and > of a block */
    TSK_MARK_CLOSE,
    TSK_MARK_INDENT, /* empty: a block by indentation, or a list of `-`, begins at the next mark */
    TSK_MARK_DEDENT, /* empty: it ends */
    TSK_MARK_DASH,
    TSK_MARK_BARE,    /* empty: an expression or `...name` that is a statement begins here */
    TSK_MARK_INCLUDE, /* a whole statement */
    TSK_MARK_TEXT,    /* words, a number, a name: whatever is no more than itself */
    TSK_MARK_STRING,  /* with its quotes */
    TSK_MARK_NAME,    /* in an expression; `@name.path` too */
    TSK_MARK_MEMBER,  /* `.name` behind a value */
    TSK_MARK_OPERATOR,
    TSK_MARK_PREFIX, /* `-` `!` `not` `(int)` `...` `@`, in front of what it belongs to */
    TSK_MARK_COLON,  /* of a slice */
    TSK_MARK_COMMA   /* in an expression */
} tsk_mark_kind;

typedef struct tsk_mark {
    uint32_t pos; /* byte of the text */
    uint32_t kind : 5, len : 27;
} tsk_mark;
#define TSK_MARK_MAX_TEXT ((1u << 27) - 1)

/* Between two marks there are blanks, line ends, and `,` or `;` between statements.  Marks are recorded by the parser as
 * it goes, in ascending order: when it starts again at an earlier byte, what was recorded behind it is dropped. */
#define TSK_MARK_BLOCK 4096
typedef struct tsk_marks {
    tsk_arena *arena; /* for the blocks and nothing else */
    tsk_mark **blocks;
    uint32_t count, block_count, block_cap;
    bool includes; /* there are files to include, which were not read */
} tsk_marks;

TSK_INLINE tsk_mark *tsk_marks_at(const tsk_marks *marks, uint32_t i) {
    return &marks->blocks[i / TSK_MARK_BLOCK][i % TSK_MARK_BLOCK];
}

/* What loading may read and how much it may use. */
typedef struct tsk_load_options {
    uint32_t max_depth;  /* of nesting */
    uint32_t max_source; /* bytes of one file */
    uint32_t max_errors;
    bool strict;  /* unknown operators and undefined names are errors */
    bool lenient; /* lines that are not understood are dropped with a warning */
    const tsk_lint_options *lint; /* NULL, or with `check`: look for what is suspicious too */
    bool check;   /* look for unknown operators, undefined names, duplicate keys: tsk validate */
    /* Of functions, see tsk_script_options; may be NULL. */
    const char *(*check_regex)(void *user, tsk_arena *arena, tsk_slice pattern, tsk_slice flags);
    tsk_arena *scratch; /* for what is not kept; NULL: all is */
    bool list_commas; /* `.peanuts`: unquoted `a, b` is a list */
    tsk_marks *marks; /* NULL, or to be filled; then included files are not read */
    void *user;
    /* Reads an included file, resolved against the including one.  Gives a padded text in `arena`, and the
     * name to show; an error code otherwise, with *name set when it is known.  NULL: includes are refused. */
    tsk_code (*read)(void *user, tsk_arena *arena, const char *from, tsk_slice path, const char **name,
                     const char **text, uint32_t *len);
} tsk_load_options;

/* ---- the frontend's side: frontend/frontend.c ---- */

/* Parses a padded text into the graph (zeroed but for `arena`).  Syntax errors are in graph->diags. */
void tsk_frontend_load(tsk_graph *graph, const char *name, const char *text, uint32_t len,
                       const tsk_load_options *options);
/* Lowers one thunk, and first whatever it needs to know.  Reports into graph->diags in check mode. */
void tsk_frontend_lower(tsk_graph *graph, uint32_t thunk, const tsk_ir_env *env, bool fold);
/* Parses one expression against the root scope, as a new thunk: `tsk eval`, -D, `var("path")`.
 * False: not an expression; reported. */
bool tsk_frontend_expression(tsk_graph *graph, const char *name, const char *text, uint32_t len, uint32_t *thunk);
/* True when the text is exactly one plain scalar or container literal, which `out` then holds; never makes thunks.
 * Text that is not a literal is a string. Used for -D key=value. */
tsk_value tsk_frontend_literal(tsk_arena *arena, const char *text, uint32_t len);
/* Sets a key by its dotted path, making blocks on the way, and every $global of that name: -D key=value.  Texts are borrowed. */
void tsk_frontend_define(tsk_graph *graph, const char *path, uint32_t len, tsk_value value);
/* Adds what `check` asks for to graph->diags; lowers everything. */
void tsk_frontend_check(tsk_graph *graph, const tsk_ir_env *env);
/* rules.c: what #!required, #!type and #!range say about `only` this path, or all; `known` gives what was computed (NULL:
 * nothing was). */
void tsk_frontend_rules(tsk_graph *graph, tsk_diags *diags, const char *only,
                        bool (*known)(void *user, uint32_t thunk, tsk_value *out), void *user);
/* refer.c: names and the keys they stand for, `owner` being the object that has the key; what a thunk calls, with the first
 * argument when it is a literal text; new thunks for the sides of a comparison (false: it is none). */
void tsk_frontend_references(tsk_graph *graph, tsk_arena *scratch,
                             void (*visit)(void *user, tsk_span name, const tsk_entry *target, tsk_value owner),
                             void *user);
void tsk_frontend_calls(const tsk_graph *graph, uint32_t thunk, const tsk_ir_env *env,
                        void (*visit)(void *user, uint32_t number, tsk_slice first), void *user);
bool tsk_frontend_sides(tsk_graph *graph, uint32_t thunk, uint32_t sides[2], const char **op);
/* An indented tree of the statements and expressions, for `tsk parse --ast`. */
void tsk_frontend_print_ast(tsk_buf *out, const tsk_graph *graph, uint32_t thunk);

/* ---- functions: text of the document that is ECMAScript ---- */

bool tsk_frontend_is_function(tsk_slice text);
/* The scope of the names in a block of the document, for tsk_ir_js.home; of any other object, that of the root. */
const void *tsk_frontend_scope_of(const tsk_graph *graph, const tsk_object *object);
/* The entry `name`, else `name_fujsen`; NULL: none. */
const tsk_entry *tsk_frontend_member(const tsk_object *object, tsk_slice name);
/* What a name stands for in a function whose scope is `home`, and the scope that has it. */
bool tsk_frontend_visible(const void *home, tsk_slice name, tsk_value *value, const void **found);

/* "server.http.port" of the thunk, appended; "" for a bare expression. */
void tsk_frontend_key_path(tsk_buf *buf, const tsk_thunk *thunk);

/* Expressions that may turn out to be text as they are written, in ascending order: calls of what is unknown here, words of
 * which none is a name.  Positions are bytes of the graph's first source. */
typedef struct tsk_texts {
    tsk_span *list;
    uint32_t count, cap;
} tsk_texts;
void tsk_frontend_texts(const tsk_graph *graph, const tsk_ir_env *env, tsk_arena *arena, tsk_texts *texts);

/* The one style of sources, see docs/style.md.  `text` is what the marks were made of, without errors.  False: there is
 * something between the marks that does not belong there. */
bool tsk_frontend_format(tsk_buf *out, tsk_slice text, const tsk_marks *marks, const tsk_texts *texts);
/* Two texts with the same fingerprint differ in blanks, line ends and needless separators only. */
typedef struct tsk_marked {
    tsk_slice text;
    const tsk_marks *marks;
    const tsk_texts *texts;
} tsk_marked;
uint64_t tsk_frontend_fingerprint(const tsk_marked *marked);

/* One value is set or removed. */
typedef struct tsk_step { /* of a path */
    tsk_slice name;
    uint32_t index;
    bool is_index;
} tsk_step;
typedef struct tsk_edit {
    tsk_slice text;
    const tsk_marks *marks; /* of the text, which has no errors */
    const tsk_step *steps;
    uint32_t count;
    bool remove;
    tsk_slice value;        /* as it is to be written */
    tsk_slice single, bare; /* the same string in single quotes and without any; empty: it has no such spelling */
    /* The answer: bytes [from, to) become `out`. */
    bool found; /* there was a value */
    uint32_t from, to;
    tsk_buf out;
} tsk_edit;
/* NULL, or why it cannot be done.  Nothing to remove: `found` is false, and the answer is empty. */
const char *tsk_frontend_edit(tsk_edit *edit, tsk_arena *arena);

/* What the inputs of a thunk are: calls `visit` for every key it reads directly. */
void tsk_frontend_inputs(const tsk_graph *graph, uint32_t thunk,
                         void (*visit)(void *user, const char *text, tsk_value value), void *user);

#endif
