/* Tokens of functions: one at a time, as the parser asks.
 *
 * A `/` is a division until the parser, which alone knows, asks to read it again as a regular expression; a `}` is a
 * brace until the parser asks to go on with the template around it.  Positions are those of the source set, so every
 * token's span points into the configuration file.
 */
#ifndef TSK_JS_LEXER_H
#define TSK_JS_LEXER_H

#include "frontend/js/ast.h"
#include "runtime/base/diag.h"

typedef enum tsk_js_token_kind {
    TSK_JS_TOKEN_END,
    TSK_JS_TOKEN_ERROR, /* reported */
    TSK_JS_TOKEN_NAME,
    TSK_JS_TOKEN_PRIVATE_NAME, /* #name; the name is without # */
    TSK_JS_TOKEN_NUMBER,
    TSK_JS_TOKEN_STRING,
    TSK_JS_TOKEN_REGEX,    /* name: pattern, other: flags */
    TSK_JS_TOKEN_TEMPLATE, /* a part: name cooked or NULL, other raw; `last`: ends with ` */
#define X(name, text) TSK_JS_TOKEN_##name,
#define K(name, text) TSK_JS_TOKEN_##name,
#include "frontend/js/tokens.def"
#undef X
#undef K
    TSK_JS_TOKENS
} tsk_js_token_kind;

typedef struct tsk_js_token {
    uint8_t kind;
    bool newline; /* a line ends before it */
    bool escaped; /* a word written with \u: never a keyword */
    bool last;    /* of a template */
    tsk_span span;
    const tsk_js_name *name, *other;
    double number;
} tsk_js_token;

typedef struct tsk_js_lexer {
    tsk_arena *arena;
    tsk_diags *diags;
    const char *start, *at, *end; /* text; position of `start` is `base` */
    uint32_t base;
    bool failed;
    const tsk_js_name **names; /* hash table */
    uint32_t name_count, name_cap;
} tsk_js_lexer;

/* `text` stands in a source at position `base`. */
void tsk_js_lexer_init(tsk_js_lexer *lx, tsk_arena *arena, tsk_diags *diags, tsk_slice text, uint32_t base);
/* At the start of a text: `#! ...` is a comment. */
void tsk_js_lexer_skip_hashbang(tsk_js_lexer *lx);
void tsk_js_lexer_next(tsk_js_lexer *lx, tsk_js_token *token);
/* The token is `/` or `/=`: read again as a regular expression. */
void tsk_js_lexer_regex(tsk_js_lexer *lx, tsk_js_token *token);
/* The token is the `}` that ends an expression in a template: the part after it. */
void tsk_js_lexer_template(tsk_js_lexer *lx, tsk_js_token *token);
const tsk_js_name *tsk_js_lexer_name(tsk_js_lexer *lx, const char *text, size_t len);
/* "`=>`", "`while`", "a name": for messages. */
const char *tsk_js_token_text(tsk_js_token_kind kind);

#endif
