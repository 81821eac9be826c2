/* Functions as a tree: what the parser makes and the lowering reads.
 *
 *   source ─► lexer.c ─► parser: expression.c statement.c function.c class.c ─► tree ─► scope.c: every name resolved
 *
 * One node type: a kind, a span, and fields that the kind gives a meaning (the table below).  Patterns of
 * destructuring are nodes of their own kinds; an array or object literal that turns out to be a pattern is rewritten
 * in place.
 *
 * Invariants
 *  - All of a tree lies in the arena of the parser; a name is one address for each text (`==` compares names).
 *  - After scope.c every NAME in use has a binding or is a name of the outermost scope (binding NULL).
 *  - Lists are linked by `next`.
 */
#ifndef TSK_JS_AST_H
#define TSK_JS_AST_H

#include "runtime/base/mem.h"
#include "runtime/base/source.h"
#include "runtime/base/value.h"

/* A text of the source after escapes, WTF-8; one a parser. */
typedef struct tsk_js_name {
    const char *text;
    uint32_t len;
    uint32_t hash;
    struct tsk_js_binding *visible[2]; /* during resolve.c: the innermost variable, private name of this text */
} tsk_js_name;

/* X(kind): in the comment what a, b, c, d, list, name, number and op are. */
typedef enum tsk_js_node_kind {
    /* expressions */
    TSK_JS_NODE_NUMBER, /* number */
    TSK_JS_NODE_STRING, /* name: the text */
    TSK_JS_NODE_TRUE,
    TSK_JS_NODE_FALSE,
    TSK_JS_NODE_NULL,
    TSK_JS_NODE_NAME, /* name, binding */
    TSK_JS_NODE_THIS,
    TSK_JS_NODE_SUPER, /* only below MEMBER, INDEX, CALL */
    TSK_JS_NODE_NEW_TARGET,
    TSK_JS_NODE_REGEX,    /* name: pattern; other: flags */
    TSK_JS_NODE_TEMPLATE, /* list: TEXT, expression, TEXT, ..., TEXT */
    TSK_JS_NODE_TEXT,     /* name: cooked (NULL: bad escape, in tagged ones); other: raw */
    TSK_JS_NODE_TAGGED,   /* a: tag; b: TEMPLATE */
    TSK_JS_NODE_ARRAY,    /* list: expressions, HOLE, SPREAD */
    TSK_JS_NODE_HOLE,
    TSK_JS_NODE_SPREAD,   /* a */
    TSK_JS_NODE_OBJECT,   /* list: PROPERTY, SPREAD */
    TSK_JS_NODE_PROPERTY, /* a: key (STRING, NUMBER, PRIVATE_NAME; any when COMPUTED); b: value; op: tsk_js_property;
                                 flags: COMPUTED, STATIC, SHORTHAND; binding: hidden one of the class, for the key of a
                                 computed field or the function of a private method */
    TSK_JS_NODE_FUNCTION, /* function */
    TSK_JS_NODE_CLASS,    /* class */
    TSK_JS_NODE_MEMBER,   /* a . name; flags: OPTIONAL */
    TSK_JS_NODE_PRIVATE,  /* a . #name, binding; flags: OPTIONAL */
    TSK_JS_NODE_INDEX,    /* a [ b ]; flags: OPTIONAL */
    TSK_JS_NODE_CALL,     /* a ( list ); flags: OPTIONAL, HAS_SPREAD */
    TSK_JS_NODE_NEW,      /* new a ( list ); flags: HAS_SPREAD */
    TSK_JS_NODE_CHAIN,    /* a: what an OPTIONAL inside of it can leave with undefined */
    TSK_JS_NODE_UNARY,    /* op: token; a */
    TSK_JS_NODE_UPDATE,   /* op: ++ or --; a; flags: PREFIX */
    TSK_JS_NODE_BINARY,   /* a op b; `#x in b` has a PRIVATE_NAME as a */
    TSK_JS_NODE_PRIVATE_NAME, /* name, binding */
    TSK_JS_NODE_LOGICAL,      /* a && b, a || b, a ?? b */
    TSK_JS_NODE_CONDITIONAL,  /* a ? b : c */
    TSK_JS_NODE_ASSIGN,       /* a op= b; a: target or pattern; op: token of the operator, = for plain */
    TSK_JS_NODE_SEQUENCE,     /* list */
    TSK_JS_NODE_OPERATOR,     /* @name ( list ) */

    /* patterns; targets are NAME, MEMBER, INDEX, PRIVATE or patterns */
    TSK_JS_NODE_ARRAY_PATTERN,  /* list: DEFAULT or target, HOLE, REST */
    TSK_JS_NODE_OBJECT_PATTERN, /* list: PROPERTY with b: DEFAULT or target, REST */
    TSK_JS_NODE_DEFAULT,        /* a: target; b: value */
    TSK_JS_NODE_REST,           /* a: target */

    /* statements */
    TSK_JS_NODE_EXPRESSION, /* a */
    TSK_JS_NODE_DECLARE,    /* op: tsk_js_binding_kind; list: DECLARATOR */
    TSK_JS_NODE_DECLARATOR, /* a: target; b: value or NULL */
    TSK_JS_NODE_BLOCK,      /* list, scope */
    TSK_JS_NODE_EMPTY,
    TSK_JS_NODE_IF,                 /* a, b, c or NULL */
    TSK_JS_NODE_FOR,                /* a; b; c, any NULL; d: body; scope */
    TSK_JS_NODE_FOR_OF,             /* a: DECLARE or target; b: iterable; d: body; scope */
    TSK_JS_NODE_FOR_IN,             /* the same */
    TSK_JS_NODE_WHILE,              /* a: condition; d: body */
    TSK_JS_NODE_DO,                 /* the same */
    TSK_JS_NODE_SWITCH,             /* a; list: CASE; scope */
    TSK_JS_NODE_CASE,               /* a: value, NULL: default; list */
    TSK_JS_NODE_BREAK,              /* target: statement that is left */
    TSK_JS_NODE_CONTINUE,           /* target: loop */
    TSK_JS_NODE_RETURN,             /* a or NULL */
    TSK_JS_NODE_THROW,              /* a */
    TSK_JS_NODE_TRY,                /* a: block; b: CATCH or NULL; c: finally or NULL */
    TSK_JS_NODE_CATCH,              /* a: pattern or NULL; b: block; scope */
    TSK_JS_NODE_LABELED,            /* name; a: statement */
    TSK_JS_NODE_FUNCTION_STATEMENT, /* function; made at the start of its scope */
    TSK_JS_NODE_CLASS_STATEMENT     /* class */
} tsk_js_node_kind;

typedef enum tsk_js_property {
    TSK_JS_PROPERTY_VALUE,
    TSK_JS_PROPERTY_METHOD,
    TSK_JS_PROPERTY_GETTER,
    TSK_JS_PROPERTY_SETTER,
    TSK_JS_PROPERTY_PROTO,       /* __proto__: value in a literal */
    TSK_JS_PROPERTY_FIELD,       /* of a class; b: value, evaluated in `fields` or `statics`, or NULL */
    TSK_JS_PROPERTY_STATIC_BLOCK /* b: function, called by `statics` */
} tsk_js_property;

enum { /* flags of nodes */
       TSK_JS_NODE_COMPUTED = 1,
       TSK_JS_NODE_STATIC = 2,
       TSK_JS_NODE_SHORTHAND = 4,
       TSK_JS_NODE_OPTIONAL = 8,
       TSK_JS_NODE_HAS_SPREAD = 16,
       TSK_JS_NODE_PREFIX = 32,
       TSK_JS_NODE_PARENTHESIZED = 64,
       TSK_JS_NODE_TRAILING_COMMA = 128 /* after a SPREAD: no rest element */
};

typedef struct tsk_js_node {
    uint8_t kind, op;
    uint16_t flags;
    tsk_span span;
    uint32_t at; /* where messages about it point: the name of a member, what is called; 0: the start */
    struct tsk_js_node *next;
    const tsk_js_name *name;
    union {
        const tsk_js_name *other;
        struct tsk_js_binding *binding;
        struct tsk_js_scope *scope;
        struct tsk_js_function *function;
        struct tsk_js_class_node *class_node;
        struct tsk_js_node *target;
    };
    union {
        double number;
        struct {
            struct tsk_js_node *a, *b, *c, *d;
        };
    };
    struct tsk_js_node *list;
} tsk_js_node;

/* ---- scopes ---- */

typedef enum tsk_js_binding_kind {
    TSK_JS_VAR,
    TSK_JS_LET,
    TSK_JS_CONST,
    TSK_JS_CLASS,
    TSK_JS_FUNCTION, /* a function declaration */
    TSK_JS_PARAM,
    TSK_JS_CATCH_PARAM, /* a plain name: var of the same name is allowed */
    TSK_JS_SELF_NAME,   /* of a function expression or class, inside of it: assignments throw */
    TSK_JS_HIDDEN_NAME, /* of the compiler */
    TSK_JS_PRIVATE_BINDING
} tsk_js_binding_kind;

typedef struct tsk_js_binding {
    struct tsk_js_binding *next;     /* in the scope */
    struct tsk_js_binding *shadowed; /* of the same name, further out */
    struct tsk_js_function *user;    /* the last that captured it */
    struct tsk_js_binding *param;    /* of a var of a body: the parameter of its name, whose value it starts with */
    const tsk_js_name *name;
    struct tsk_js_scope *scope;
    tsk_span span;
    uint8_t kind;
    bool captured;   /* used in a function inside the one that declares it */
    bool reassigned; /* other than by its declaration */
    bool early;      /* a function that captures it is made before it has its value */
    bool checked;    /* a use may come before the declaration has run: HOLE is looked for */
    bool read;       /* lint.c: its value is used */
    bool in_handler; /* assigned in a try block and declared outside of it: its register is the same everywhere */
    uint32_t id;     /* dense in the function that declares it */
    uint32_t ready;  /* position in the source from which it has its value */
} tsk_js_binding;

/* Lives in a box of the heap, which the functions that use it share; others are captured by their value. */
TSK_INLINE bool tsk_js_binding_boxed(const tsk_js_binding *b) {
    return b->captured && (b->reassigned || b->early);
}

typedef enum tsk_js_scope_kind {
    TSK_JS_SCOPE_SCRIPT,
    TSK_JS_SCOPE_FUNCTION, /* parameters, and what is declared in the body when no parameter has code */
    TSK_JS_SCOPE_BODY,     /* of a function whose parameters have code */
    TSK_JS_SCOPE_BLOCK,
    TSK_JS_SCOPE_SWITCH,
    TSK_JS_SCOPE_LOOP, /* let of a for: a copy each turn when captured */
    TSK_JS_SCOPE_CLASS
} tsk_js_scope_kind;

typedef struct tsk_js_scope {
    struct tsk_js_scope *parent;
    struct tsk_js_function *function;
    tsk_js_binding *first, *last;
    uint32_t depth, start; /* nesting; position in the source */
    uint8_t kind;
    bool captured; /* some binding is */
} tsk_js_scope;

enum { /* of a function */
       TSK_JS_FUNCTION_ARROW = 1,
       TSK_JS_FUNCTION_METHOD = 2,
       TSK_JS_FUNCTION_GETTER = 4,
       TSK_JS_FUNCTION_SETTER = 8,
       TSK_JS_FUNCTION_CONSTRUCTOR = 16, /* of a class */
       TSK_JS_FUNCTION_DERIVED = 32,
       TSK_JS_FUNCTION_FIELDS = 64, /* code of fields and static blocks: no parameters, `this` is the object */
       TSK_JS_FUNCTION_SCRIPT = 128,
       TSK_JS_FUNCTION_EXPRESSION_BODY = 256, /* body is one RETURN */
       TSK_JS_FUNCTION_SIMPLE = 512,          /* parameters are plain names */
       TSK_JS_FUNCTION_ASYNC = 1024,
       TSK_JS_FUNCTION_NAMED = 2048,  /* an expression with a name, which is bound inside of it */
       TSK_JS_FUNCTION_STATIC = 4096, /* with FIELDS: of the class itself */
       TSK_JS_FUNCTION_STATIC_BLOCK = 8192
};

typedef struct tsk_js_capture {
    struct tsk_js_capture *next;
    tsk_js_binding *binding; /* of a function outside */
    uint32_t index;
} tsk_js_capture;

typedef struct tsk_js_function {
    const tsk_js_name *name; /* NULL: none of its own */
    struct tsk_js_function *outer;
    tsk_js_node *params; /* targets, DEFAULT, REST */
    uint32_t param_count, length;
    tsk_js_node *body; /* list of statements */
    tsk_js_scope *scope, *body_scope;
    tsk_js_binding *self;                /* SELF_NAME */
    tsk_js_binding *declared;            /* of a declaration: the variable it is the value of */
    struct tsk_js_class_node *fields_of; /* with FIELDS: its code are the values of the members that are fields */
    tsk_js_capture *captures, *last_capture;
    uint32_t capture_count, binding_count;
    uint32_t flags;
    /* Used in it, or in arrows inside of it: these take them from here. */
    bool uses_this, uses_arguments, uses_super, uses_new_target;
    bool this_captured; /* by an arrow */
    uint32_t made; /* position in the source where its closure is made: a declaration is at the start of its scope */
    tsk_span span; /* the whole text */
} tsk_js_function;

typedef struct tsk_js_class_node {
    const tsk_js_name *name;      /* NULL: none */
    tsk_js_binding *self;         /* the name inside of the class */
    tsk_js_binding *declared;     /* of a declaration: the variable outside of it */
    tsk_js_scope *scope;          /* self and private names */
    tsk_js_node *heritage;        /* NULL: none */
    tsk_js_function *constructor; /* NULL: the usual one */
    tsk_js_function *fields;      /* makes the fields and private methods of an instance; NULL: none */
    tsk_js_function *statics;     /* the same of the class, and its static blocks */
    tsk_js_node *members;         /* PROPERTY, in order, without the constructor */
    tsk_span span;
} tsk_js_class_node;

#endif
