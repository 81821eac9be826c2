/* What an evaluation knows of the request that it answers, and what it says about its answer.
 *
 *   server ─► tsk_web in tsk_op_context ─► @request, @cookie: a value made when it is first asked for
 *   @json, @render, @redirect ─► the value, as ever, and a note of status and type ─► tsk_web_answer(final value)
 *
 * A note goes with the value it was made for, which is told by its identity: the operators give a cell of their own.  So a
 * document means the same in a server and without one. */
#ifndef TSK_OPERATORS_WEB_H
#define TSK_OPERATORS_WEB_H

#include "runtime/operators/operator.h"

typedef enum tsk_answer_kind { TSK_ANSWER_JSON, TSK_ANSWER_HTML, TSK_ANSWER_REDIRECT } tsk_answer_kind;

typedef struct tsk_answer {
    const struct tsk_answer *before;
    tsk_value value;
    tsk_answer_kind kind;
    int status;
    tsk_slice location;
} tsk_answer;

typedef struct tsk_web {
    tsk_arena *heap;                              /* of the context */
    tsk_value (*make)(const struct tsk_web *web); /* the value of @request */
    tsk_value request;
    bool made;
    const tsk_answer *last;
} tsk_web;

/* What was noted of this value; NULL: nothing. */
const tsk_answer *tsk_web_answer(const tsk_web *web, tsk_value value);

#endif
