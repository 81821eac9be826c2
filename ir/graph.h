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
    bool list_commas; /* `.peanuts`: unquoted `a, b` is a list */
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

/* What the inputs of a thunk are: calls `visit` for every key it reads directly. */
void tsk_frontend_inputs(const tsk_graph *graph, uint32_t thunk,
                         void (*visit)(void *user, const char *text, tsk_value value), void *user);

#endif
