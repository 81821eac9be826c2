/* What scripts and functions of configurations share about exceptions. */
#ifndef TSK_THROWN_H
#define TSK_THROWN_H

#include "runtime/engine/engine.h"
#include "runtime/js/realm.h"

/* The host.trace of a realm: frames of functions, and of keys that wait for them. */
void tsk_thrown_trace(const tsk_eval *ev, const tsk_sources *sources, tsk_buf *out, const tsk_js_object *below);

/* Its host.subject. */
bool tsk_thrown_subject(tsk_js *js, tsk_script_subject what, tsk_buf *out);

/* Its host.place. */
uint32_t tsk_thrown_place(tsk_js *js);

typedef struct tsk_thrown {
    const char *text;  /* "TypeError: x is no function", or what was thrown as text */
    tsk_span span;     /* of the throw, when it is known */
    const char *stack; /* more lines of the text, then "    at f (file:1:2)"; NULL: none */
} tsk_thrown;

/* Takes the pending exception. */
void tsk_thrown_take(tsk_js *js, const tsk_sources *sources, tsk_arena *arena, tsk_thrown *out);
/* The lines of a stack as notes. */
void tsk_thrown_notes(tsk_diags *diags, tsk_diag *diag, const char *stack);

#endif
