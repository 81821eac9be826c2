/* The tree of a pattern: what parse.c makes and compile.c reads. */
#ifndef TSK_REGEX_TREE_H
#define TSK_REGEX_TREE_H

#include "runtime/regex/regex.h"
#include "runtime/regex/unicode.h"

#define TSK_RE_UNICODE_MODE (TSK_RE_UNICODE | TSK_RE_UNICODE_SETS)
#define TSK_RE_MAX_DEPTH 1000
#define TSK_RE_MAX_GROUPS 65535

typedef enum tsk_re_node_kind {
    TSK_RE_EMPTY,
    TSK_RE_CHAR,    /* code; case never matters */
    TSK_RE_SET,     /* set, closed under case where case is ignored */
    TSK_RE_CAT,     /* child ... */
    TSK_RE_ALT,     /* child ... */
    TSK_RE_GROUP,   /* number, child */
    TSK_RE_LOOK,    /* behind, negative, child */
    TSK_RE_REPEAT,  /* min, max, lazy, child, the groups inside */
    TSK_RE_BACKREF, /* number */
    TSK_RE_NAMED,   /* name: a back reference, resolved when the pattern has been read */
    TSK_RE_LINE_START,
    TSK_RE_LINE_END,
    TSK_RE_WORD_EDGE /* negative */
} tsk_re_node_kind;

typedef struct tsk_re_node tsk_re_node;
struct tsk_re_node {
    tsk_re_node_kind kind;
    bool lazy, behind, negative;
    bool fold, multiline;             /* of a back reference and a word's edge; of a line's start and end */
    uint32_t code, number;            /* of a character; of a group */
    uint32_t min, max;                /* of repetitions; UINT32_MAX = no end */
    uint32_t first_group, last_group; /* inside a repetition: first <= n < last */
    uint32_t width;                   /* at least so many units are consumed (capped) */
    tsk_re_set set;
    tsk_re_name name;
    tsk_re_node *child; /* the first of a list */
    tsk_re_node *next;
};

typedef struct tsk_re_parser {
    tsk_arena *arena; /* of the tree */
    tsk_re_text pattern;
    uint32_t at;
    uint32_t depth;
    unsigned flags; /* those in force: modifiers of groups change them, and `fold` */
    bool unicode, sets, fold, has_names;
    uint32_t groups;  /* opened so far, the whole match included */
    uint32_t total;   /* without u: counted ahead */
    uint32_t largest; /* back reference, and where it stands */
    uint32_t largest_offset;
    tsk_re_name *names;
    uint32_t *name_hidden; /* how many lists of alternatives around hide the name (see parse.c) */
    uint32_t name_count, name_cap;
    tsk_re_node *references; /* TSK_RE_NAMED, chained by child */
    tsk_re_error *error;
    jmp_buf failed;
} tsk_re_parser;

/* The pieces of the parser that stand in parse_class.c. */
TSK_NORETURN void tsk_re_fail(tsk_re_parser *p, const char *message);
tsk_re_node *tsk_re_new_node(tsk_re_parser *p, tsk_re_node_kind kind);
tsk_re_node *tsk_re_char_node(tsk_re_parser *p, uint32_t code);
tsk_re_node *tsk_re_set_node(tsk_re_parser *p, tsk_re_set set, bool negated);
/* After "[". */
tsk_re_node *tsk_re_parse_class(tsk_re_parser *p);
/* \d \D \s \S \w \W \p \P, at the letter; NULL for anything else. */
tsk_re_node *tsk_re_class_escape(tsk_re_parser *p);
/* At the character after "\": one character. */
uint32_t tsk_re_char_escape(tsk_re_parser *p, bool in_class);
void tsk_re_word_set(tsk_re_parser *p, tsk_re_set *out);

/* Parses the whole pattern; NULL after an error. */
tsk_re_node *tsk_re_parse(tsk_re_parser *p);

/* The unit at `i`, or UINT32_MAX at the end. */
TSK_INLINE uint32_t tsk_re_unit(tsk_re_text t, uint32_t i) {
    if (i >= t.count) return UINT32_MAX;
    return t.wide ? ((const uint16_t *)t.units)[i] : ((const uint8_t *)t.units)[i];
}
/* The code point at `i`, or UINT32_MAX; `unicode`: pairs are one. */
TSK_INLINE uint32_t tsk_re_code(tsk_re_text t, uint32_t i, bool unicode, uint32_t *units) {
    uint32_t c = tsk_re_unit(t, i);
    *units = 1;
    if (unicode && (c & 0xFFFFFC00) == 0xD800) {
        uint32_t d = tsk_re_unit(t, i + 1);
        if ((d & 0xFFFFFC00) == 0xDC00) {
            *units = 2;
            return 0x10000 + ((c - 0xD800) << 10) + (d - 0xDC00);
        }
    }
    return c;
}
TSK_INLINE uint32_t tsk_re_peek(const tsk_re_parser *p) {
    uint32_t units;
    return tsk_re_code(p->pattern, p->at, p->unicode, &units);
}
TSK_INLINE uint32_t tsk_re_take(tsk_re_parser *p) {
    uint32_t units, c = tsk_re_code(p->pattern, p->at, p->unicode, &units);
    if (c != UINT32_MAX) p->at += units;
    return c;
}
TSK_INLINE bool tsk_re_accept(tsk_re_parser *p, uint32_t unit) {
    bool yes = tsk_re_unit(p->pattern, p->at) == unit;
    p->at += yes;
    return yes;
}

#endif
