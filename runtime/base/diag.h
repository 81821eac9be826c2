/* Diagnostics: what is wrong, where, and what would be right.
 *
 *   config.tsk:12:9: error[E0107]: expected a value after '='
 *     12 | timeout =
 *        |          ^ expected a value
 *     hint: write `timeout: null` for an empty value
 *
 * Codes are one X-macro table (errors.def), from which docs/errors.md is checked.
 * Lists are sorted by position, bounded, and printed as text (colour only when asked) or JSON.
 */
#ifndef TSK_DIAG_H
#define TSK_DIAG_H

#include "runtime/base/source.h"

typedef enum tsk_code {
    TSK_OK = 0,
#define X(name, number, exit_code, summary) TSK_E_##name = number,
#include "runtime/base/errors.def"
#undef X
} tsk_code;

typedef enum tsk_severity { TSK_ERROR, TSK_WARNING, TSK_NOTE } tsk_severity;

typedef struct tsk_note {
    struct tsk_note *next;
    const char *text; /* "where $x is 3" */
    tsk_span span;    /* pos 0: no place */
} tsk_note;

/* What a tool may put in place of a piece of the source. */
typedef struct tsk_fix {
    tsk_span span;
    const char *text; /* NULL: there is no fix */
} tsk_fix;

typedef struct tsk_diag {
    struct tsk_diag *next;
    tsk_code code;
    tsk_severity severity;
    tsk_span span;
    const char *message;  /* one line, no full stop */
    const char *expected; /* the label under the caret; may be NULL */
    const char *hint;     /* may be NULL */
    tsk_note *notes;      /* values of the names in the expression, then the stack; may be NULL */
    const char *key;      /* the key being evaluated; may be NULL */
    tsk_fix fix;          /* changes no value */
    bool is_private;      /* what stands behind the span is not shown */
} tsk_diag;

typedef struct tsk_diags {
    tsk_arena *arena;
    tsk_diag *first;           /* ascending position */
    tsk_diag *recent;          /* added last: most come in order */
    uint32_t errors, warnings; /* kept */
    uint32_t max;              /* of kept errors, and of kept warnings; 0 = 20 */
    uint32_t dropped;          /* errors and warnings beyond max */
    /* Asked about each warning, which it may make an error; false: nobody wants it.  NULL: all count. */
    bool (*admit)(void *user, tsk_code code, tsk_span span, tsk_severity *severity);
    void *admit_user;
} tsk_diags;

/* Texts are copied into the list's arena.  Returns the kept diagnostic, to fill in expected, hint and notes
 * (use tsk_arena_printf on d->arena), or a scratch one when the list is full; never NULL. */
tsk_diag *tsk_diags_add(tsk_diags *diags, tsk_severity severity, tsk_code code, tsk_span span, const char *fmt, ...)
    TSK_PRINTF(5, 6);
/* Does nothing for a diagnostic that is not kept. */
void tsk_diag_fix(tsk_diags *diags, tsk_diag *diag, tsk_span span, const char *fmt, ...) TSK_PRINTF(4, 5);
void tsk_diag_note(tsk_diags *diags, tsk_diag *diag, tsk_span span, const char *fmt, ...) TSK_PRINTF(4, 5);

const char *tsk_code_name(tsk_code code);             /* "E0107" */
tsk_code tsk_code_find(const char *name, size_t len); /* TSK_OK: there is none */
const char *tsk_code_summary(tsk_code code);
int tsk_code_exit(tsk_code code); /* exit status of a tool that ends with this error */

typedef struct tsk_diag_style {
    bool colour;
    bool json;
    bool warnings; /* show warnings too */
} tsk_diag_style;

void tsk_diags_render(tsk_buf *out, const tsk_diags *diags, const tsk_sources *sources, tsk_diag_style style);
void tsk_diag_render(tsk_buf *out, const tsk_diag *diag, const tsk_sources *sources, tsk_diag_style style);

/* The candidate closest to `word` by edit distance, when close enough to suggest; else an empty slice. */
tsk_slice tsk_closest(tsk_slice word, const tsk_slice *candidates, size_t count);

#endif
