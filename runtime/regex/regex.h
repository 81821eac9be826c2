/* Regular expressions as ECMAScript 2025 means them, over Latin-1 or UTF-16 text.
 *
 *   text of the pattern -> parse.c (tree) -> compile.c (program) -> exec.c (search, with a stack of its own)
 *
 * Invariants
 *  - Nothing here knows the JavaScript realm.  A program is immutable: any number of threads may run it, each with a
 *    machine of its own.
 *  - Every search ends: steps and memory of a machine are limited, and no function recurses over the subject.
 *  - Positions are counted in units of the text (bytes of Latin-1, or UTF-16 units).
 */
#ifndef TSK_REGEX_REGEX_H
#define TSK_REGEX_REGEX_H

#include "runtime/base/mem.h"

typedef struct tsk_re_text {
    const void *units;
    uint32_t count;
    bool wide; /* UTF-16 in the order of the machine; else Latin-1 */
} tsk_re_text;

enum {
    TSK_RE_INDICES = 1,       /* d */
    TSK_RE_GLOBAL = 2,        /* g: the caller's, as d */
    TSK_RE_IGNORE_CASE = 4,   /* i */
    TSK_RE_MULTILINE = 8,     /* m */
    TSK_RE_DOT_ALL = 16,      /* s */
    TSK_RE_UNICODE = 32,      /* u */
    TSK_RE_UNICODE_SETS = 64, /* v */
    TSK_RE_STICKY = 128       /* y */
};

typedef struct tsk_re_error {
    const char *message; /* as V8 words it: "Unterminated group" */
    uint32_t offset;     /* unit of the pattern */
} tsk_re_error;

/* A named group; alternatives may repeat a name, then each has an entry.  In the order of the pattern. */
typedef struct tsk_re_name {
    const uint16_t *units; /* UTF-16, escapes resolved */
    uint32_t count;
    uint32_t group;
} tsk_re_name;

typedef struct tsk_re_program tsk_re_program;

/* False when a flag is unknown or stands twice, or u and v are both there. */
bool tsk_re_flags(tsk_re_text text, unsigned *flags);

/* NULL and `*error` when the pattern is wrong.  The program lives in `arena`; `scratch` (which may be the same arena)
 * holds what only the compiler needs. */
const tsk_re_program *tsk_re_compile(tsk_arena *arena, tsk_arena *scratch, tsk_re_text pattern, unsigned flags,
                                     tsk_re_error *error);

unsigned tsk_re_program_flags(const tsk_re_program *program);
/* Groups, the whole match included: at least 1. */
uint32_t tsk_re_group_count(const tsk_re_program *program);
uint32_t tsk_re_name_list(const tsk_re_program *program, const tsk_re_name **names);

#define TSK_RE_NONE UINT32_MAX /* the position of a group that took no part */
enum { TSK_RE_PORTION = 1 << 16 };

/* What a search works with; kept from one to the next, so that the stack is not allocated anew. */
typedef struct tsk_re_machine {
    const tsk_allocator *allocator;
    uint64_t step_limit; /* of one search; 0 = none */
    size_t memory_limit; /* bytes of the stack; 0 = none */
    uint64_t steps;      /* of the last search */
    /* After every TSK_RE_PORTION steps; false: the search ends as at its limit.  May be NULL. */
    bool (*poll)(void *user);
    void *user;
    struct tsk_re_frame *stack;
    uint32_t *registers;
    uint32_t cap, register_cap;
} tsk_re_machine;

typedef enum tsk_re_result { TSK_RE_NO_MATCH, TSK_RE_MATCH, TSK_RE_STEP_LIMIT, TSK_RE_MEMORY_LIMIT } tsk_re_result;

void tsk_re_machine_init(tsk_re_machine *machine, const tsk_allocator *allocator);
void tsk_re_machine_free(tsk_re_machine *machine);

/* Searches from unit `start` on (with the flag y: only there).  `captures` gets start and end of every group, two numbers
 * each.  With u or v a start between the halves of a pair means the pair. */
tsk_re_result tsk_re_exec(const tsk_re_program *program, tsk_re_machine *machine, tsk_re_text text, uint32_t start,
                          uint32_t *captures);

#endif
