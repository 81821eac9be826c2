/* Programs: words of code, and what a search needs beside it.  compile.c writes them, exec.c runs them.
 *
 * An operation is a word and its operands, words too; targets are indices into the code.  Operations that read a character
 * come in four forms, which follow each other: forwards and backwards (in lookbehinds), units and (u or v) code points. */
#ifndef TSK_REGEX_PROGRAM_H
#define TSK_REGEX_PROGRAM_H

#include "runtime/regex/regex.h"
#include "runtime/regex/unicode.h"

enum {
    TSK_RE_OP_MATCH,
    TSK_RE_OP_JUMP,       /* target */
    TSK_RE_OP_SPLIT,      /* target: tried after what follows */
    TSK_RE_OP_SPLIT_LAZY, /* target: tried before what follows */
    TSK_RE_OP_UNIT,       /* unit */
    TSK_RE_OP_UNIT_BACK,
    TSK_RE_OP_CODE, /* code point */
    TSK_RE_OP_CODE_BACK,
    TSK_RE_OP_UNIT_SET, /* number of the set */
    TSK_RE_OP_UNIT_SET_BACK,
    TSK_RE_OP_CODE_SET,
    TSK_RE_OP_CODE_SET_BACK,
    TSK_RE_OP_RUN,      /* min, max, then one of the eight above: as often as it goes */
    TSK_RE_OP_RUN_LAZY, /* the same, as seldom as it goes */
    TSK_RE_OP_RUN_ALL,  /* a RUN that never gives back: what follows cannot begin with its character */
    TSK_RE_OP_SAVE,     /* register: the position */
    TSK_RE_OP_ZERO,     /* register: 0 */
    TSK_RE_OP_CLEAR,    /* first, last: registers that become unset */
    TSK_RE_OP_LOOP,     /* register, min, max, target: counts a round, or leaves to the target */
    TSK_RE_OP_LOOP_LAZY,
    TSK_RE_OP_PROGRESS,       /* register: fails when the position is still the saved one */
    TSK_RE_OP_PROGRESS_AFTER, /* register, counter, min: the same, but not in the first `min` rounds */
    TSK_RE_OP_BACKREF,        /* group, whether case is ignored */
    TSK_RE_OP_BACKREF_BACK,
    TSK_RE_OP_LOOK,     /* an assertion begins */
    TSK_RE_OP_LOOK_NOT, /* target: where it goes on when the assertion holds, because its body fails */
    TSK_RE_OP_LOOK_END,
    TSK_RE_OP_LOOK_NOT_END,
    TSK_RE_OP_TEXT_START,
    TSK_RE_OP_TEXT_END,
    TSK_RE_OP_LINE_START,
    TSK_RE_OP_LINE_END,
    TSK_RE_OP_WORD_EDGE, /* number of the set */
    TSK_RE_OP_NO_WORD_EDGE
};

enum { TSK_RE_FORM_BACK = 1, TSK_RE_FORM_CODE = 2 };

typedef struct tsk_re_class {
    uint64_t low[4]; /* code points below 256 */
    const uint32_t *bounds;
    uint32_t count;
} tsk_re_class;

struct tsk_re_program {
    unsigned flags;
    bool unicode;
    bool anchored;  /* can only match where the search starts */
    bool has_first; /* a match begins with a unit below 256 of `first`, or (wide_first) with any above */
    bool wide_first;
    int single_first; /* the only such unit, or -1 */
    bool first[256];
    bool
        leads; /* a match begins with the RUN_ALL at `lead`, which has no maximum, and then the character at `lead_end` */
    uint32_t lead, lead_end;
    uint32_t groups, registers; /* of the latter 2 a group, then those of loops */
    uint32_t *code;
    uint32_t code_count, code_cap;
    tsk_re_class *classes;
    uint32_t class_count, class_cap;
    const tsk_re_name *names;
    uint32_t name_count;
};

TSK_INLINE bool tsk_re_class_has(const tsk_re_class *c, uint32_t code) {
    if (code < 256) return c->low[code >> 6] >> (code & 63) & 1;
    return tsk_re_set_has(c->bounds, c->count, code);
}

#endif
