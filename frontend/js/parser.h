/* The state of the parser and what its files ask of each other.
 *
 * Recursive descent with one token in hand.  After an error `failed` is set and every function comes back quickly:
 * tokens are no longer read, so loops end.  Nodes are never NULL; after an error they are of no use.
 */
#ifndef TSK_JS_PARSER_H
#define TSK_JS_PARSER_H

#include "frontend/js/lexer.h"
#include "frontend/js/parse.h"

/* A statement that break or continue may name. */
typedef struct tsk_js_jump_target {
    struct tsk_js_jump_target *outer;
    tsk_js_node *statement;
    const tsk_js_name *label; /* NULL: the statement itself */
    bool is_loop, is_breakable;
} tsk_js_jump_target;

/* What an object literal may have only when it turns out to be a pattern; len 0: none. */
typedef struct tsk_js_cover {
    tsk_span initializer;     /* the first `{a = 1}` */
    tsk_span duplicate_proto; /* the first second `__proto__: value` */
} tsk_js_cover;

typedef struct tsk_js_parser {
    tsk_js_lexer lexer;
    tsk_js_token token, before; /* in hand; the one before it */
    const tsk_js_parse_options *options;
    tsk_arena *arena;
    tsk_js_function *function;
    tsk_js_jump_target *targets; /* of the function */
    tsk_js_node *continues;      /* with a label whose statement is not complete; linked by `a` */
    uint32_t depth, nodes;
    tsk_js_cover cover;
    tsk_span await; /* the last name `await` in the function, where an async arrow may not have one; len 0: none */
    uint32_t assignment_at; /* where the last assignment expression began: here an arrow function may */
    bool no_in;             /* in the head of a for */
    bool failed;
} tsk_js_parser;

/* ---- parse.c ---- */
void tsk_js_advance(tsk_js_parser *p);
bool tsk_js_accept(tsk_js_parser *p, tsk_js_token_kind kind);
void tsk_js_expect(tsk_js_parser *p, tsk_js_token_kind kind, const char *hint);
TSK_INLINE bool tsk_js_at(const tsk_js_parser *p, tsk_js_token_kind kind) {
    return p->token.kind == kind;
}
/* A word that is a keyword only here: of, get, set, async, static ... */
bool tsk_js_at_word(const tsk_js_parser *p, const char *word);
/* Remembers where the parser is, to look further and come back. */
typedef struct tsk_js_mark {
    const char *at;
    tsk_js_token token, before;
} tsk_js_mark;
tsk_js_mark tsk_js_mark_here(const tsk_js_parser *p);
void tsk_js_back_to(tsk_js_parser *p, const tsk_js_mark *mark);
tsk_diag *tsk_js_fail(tsk_js_parser *p, tsk_code code, tsk_span span, const char *fmt, ...) TSK_PRINTF(4, 5);
/* "expected `)` here, not `;`". */
void tsk_js_unexpected(tsk_js_parser *p, const char *expected);
/* False: too deep, reported.  Every descent that input can repeat goes through these. */
bool tsk_js_enter(tsk_js_parser *p);
void tsk_js_leave(tsk_js_parser *p);
tsk_js_node *tsk_js_node_new(tsk_js_parser *p, tsk_js_node_kind kind, tsk_span from);
/* The node reaches to the end of the last token. */
tsk_js_node *tsk_js_close(tsk_js_parser *p, tsk_js_node *node);
/* Lists. */
typedef struct tsk_js_list {
    tsk_js_node *first, **end;
    uint32_t count;
} tsk_js_list;
TSK_INLINE void tsk_js_list_init(tsk_js_list *l) {
    *l = (tsk_js_list){NULL, NULL, 0};
}
TSK_INLINE void tsk_js_list_add(tsk_js_list *l, tsk_js_node *node) {
    if (l->first)
        *l->end = node;
    else
        l->first = node;
    l->end = &node->next;
    l->count++;
}
/* A name that may be bound or read here: not a reserved word, eval or arguments when bound. */
const tsk_js_name *tsk_js_parse_name(tsk_js_parser *p, bool binds);
bool tsk_js_at_name(const tsk_js_parser *p);
/* A word, reserved or not, after a dot. */
const tsk_js_name *tsk_js_parse_word(tsk_js_parser *p);

/* ---- expression.c ---- */
tsk_js_node *tsk_js_parse_expression(tsk_js_parser *p);
/* An assignment expression; a literal may still turn out to be a pattern, so `cover` is to be looked at ... */
tsk_js_node *tsk_js_parse_assignment(tsk_js_parser *p);
/* ... and here it may not. */
tsk_js_node *tsk_js_parse_value(tsk_js_parser *p);
/* `, b, c` after the first part of an expression. */
tsk_js_node *tsk_js_parse_comma(tsk_js_parser *p, tsk_js_node *first, tsk_span from);
tsk_js_node *tsk_js_parse_unary(tsk_js_parser *p);
/* What had to turn out to be a pattern has not. */
void tsk_js_check_cover(tsk_js_parser *p);
/* An expression of its own begins; it ends, with a check, and what is around it goes on. */
tsk_js_cover tsk_js_cover_begin(tsk_js_parser *p);
void tsk_js_cover_end(tsk_js_parser *p, const tsk_js_cover *outer);
tsk_js_node *tsk_js_parse_left(tsk_js_parser *p); /* calls, members, new */

/* ---- primary.c ---- */
tsk_js_node *tsk_js_parse_primary(tsk_js_parser *p);
tsk_js_node *tsk_js_parse_template(tsk_js_parser *p, bool tagged);
/* Arguments between parentheses, added to the list of `call`. */
void tsk_js_parse_arguments(tsk_js_parser *p, tsk_js_node *call);
/* Key of a property: sets flags COMPUTED of `property`, and its a. */
void tsk_js_parse_key(tsk_js_parser *p, tsk_js_node *property);
/* `get`, `set` or `async` before a key: sets op, gives the flags of the function; 0: none. */
uint32_t tsk_js_parse_modifier(tsk_js_parser *p, tsk_js_node *property);

/* ---- pattern.c ---- */
/* A literal or reference that was parsed as an expression becomes a target; reported when it cannot be one. */
void tsk_js_to_target(tsk_js_parser *p, tsk_js_node *node, bool binds);
/* A SPREAD becomes the rest parameter of an arrow function. */
void tsk_js_to_rest(tsk_js_parser *p, tsk_js_node *node);
tsk_js_node *tsk_js_parse_binding(tsk_js_parser *p); /* name or pattern of a declaration */
tsk_js_node *tsk_js_parse_binding_default(tsk_js_parser *p);

/* ---- statement.c ---- */
tsk_js_node *tsk_js_parse_statement(tsk_js_parser *p, bool declarations);
/* Statements up to `}` or the end of the text. */
tsk_js_node *tsk_js_parse_statements(tsk_js_parser *p, tsk_js_token_kind end);

/* ---- function.c ---- */
tsk_js_node *tsk_js_parse_function_node(tsk_js_parser *p, bool statement); /* at `function` or `async function` */
/* At `(` of the parameters. */
tsk_js_node *tsk_js_parse_method(tsk_js_parser *p, uint32_t flags, tsk_span from);
/* `params` is a list of targets, at `=>`. */
tsk_js_node *tsk_js_parse_arrow(tsk_js_parser *p, tsk_js_node *params, tsk_span from, bool async);
tsk_js_function *tsk_js_function_new(tsk_js_parser *p, uint32_t flags, tsk_span from);
/* Into a function, and out again to what the parser was in. */
typedef struct tsk_js_outside {
    tsk_js_function *function;
    tsk_js_jump_target *targets;
    tsk_js_cover cover;
    tsk_span await;
    bool no_in;
} tsk_js_outside;
tsk_js_outside tsk_js_function_begin(tsk_js_parser *p, tsk_js_function *f);
void tsk_js_function_end(tsk_js_parser *p, const tsk_js_outside *outside);

/* ---- class.c ---- */
tsk_js_node *tsk_js_parse_class(tsk_js_parser *p, bool statement);

/* ---- resolve.c ---- */
/* Declares and resolves every name, and finds what may not be: duplicate declarations, unknown private names, super
 * and new.target where there is none.  False: reported. */
bool tsk_js_resolve_names(tsk_arena *arena, tsk_diags *diags, tsk_js_function *top, uint32_t max_depth);

#endif
