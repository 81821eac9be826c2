/* The expression tree: what a value that is not a literal was parsed into.
 *
 * One node is a header, a name or value, and its children behind it; all in the program's arena.
 * Long chains of `+` are one node with many children, so the tree is never deeper than the nesting
 * limit and every stage may recurse over it. */
#ifndef TSK_AST_H
#define TSK_AST_H

#include "ir/graph.h"

typedef enum tsk_ast_kind {
    TSK_AST_LITERAL,     /* value */
    TSK_AST_NAME,        /* name */
    TSK_AST_GLOBAL,      /* $name: name without the dollar, definition when one precedes */
    TSK_AST_OPERATOR,    /* @name.path, with arguments when TSK_AST_HAS_ARGS: name is the dotted path */
    TSK_AST_TEXT,        /* words that are not an expression: value */
    TSK_AST_INTERPOLATE, /* parts of a string */
    TSK_AST_ARRAY,       /* items, SPREAD allowed */
    TSK_AST_OBJECT,      /* pairs: key (NULL for a spread), value */
    TSK_AST_SPREAD,      /* one */
    TSK_AST_UNARY,       /* op: a tsk_ir_op */
    TSK_AST_BINARY,      /* op */
    TSK_AST_ADD,         /* two or more operands of `+` */
    TSK_AST_AND,
    TSK_AST_OR,
    TSK_AST_DEFAULT, /* `??` and `|` */
    TSK_AST_TERNARY,
    TSK_AST_MEMBER, /* of child 0: name */
    TSK_AST_INDEX,  /* child 0 [child 1] */
    TSK_AST_SLICE,  /* child 0 [child 1 : child 2], either bound may be NULL */
    TSK_AST_CALL,   /* child 0 called with the rest */
    TSK_AST_LAMBDA, /* parameters as NAME nodes, then the body */
    TSK_AST_CASES   /* child 0 { pairs }: the argument of @switch(v {...}) */
} tsk_ast_kind;

enum {
    TSK_AST_HAS_ARGS = 1,
    TSK_AST_WEAK = 2, /* only bare names and operators below: may still turn out to be plain text */
    TSK_AST_PARENS = 4,
    TSK_AST_FROM_STRING = 8, /* `${name}` or `{$name}` */
    TSK_AST_COMPUTED = 16,   /* object key in brackets */
    TSK_AST_IN_STRING = 64,  /* name somewhere in a `${}`: may stand for `$name` too */
    TSK_AST_ITEM = 32        /* stands where a value stands, in a list or pair: text if nothing in it resolves */
};

typedef struct tsk_ast tsk_ast;
struct tsk_ast {
    uint8_t kind; /* tsk_ast_kind */
    uint8_t op;   /* tsk_ir_op of UNARY and BINARY */
    uint16_t flags;
    uint16_t height; /* of the tree below */
    uint32_t count;  /* of items */
    tsk_span span;
    union {
        tsk_value value;
        struct {
            const char *name;
            uint32_t name_len;
        };
    };
    union {
        struct tsk_definition *definition; /* GLOBAL */
        uint32_t order;                    /* GLOBAL without one: definitions seen before */
    };
    tsk_ast *items[];
};

#endif
