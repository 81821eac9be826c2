/* Functions of a configuration in one context.
 *
 *   tsk_realm ─ js        heap, built-ins: made with the first call, let go with the context or its reset
 *             ─ outer     by number (functions.c): closures, frozen values, the context object
 *             ─ values    what operators that functions call were given and gave
 *
 *   call from C ──► tsk_realm_call ──► js_loop ◄──► interp ◄── configuration: CALL of a function
 *                                         └─ JS_OUTER: sibling functions, keys; JS_OPERATOR: @env("X")
 *
 * Invariants
 *  - A closure of a number is the same object as long as the realm lives.
 *  - An exception that crosses into keys is a failure like others, with the place and the stack of the throw; one that
 *    comes back out of keys into functions is an Error, and going on outwards it is the failure that it was.
 *  - After a trap the realm is let go: nothing of it is used again. */
#ifndef TSK_REALM_H
#define TSK_REALM_H

#include "runtime/engine/engine.h"
#include "runtime/js/realm.h"

typedef struct tsk_realm {
    tusk_context *context;
    tsk_js *js;
    uint32_t outer_cap;
    tsk_arena values;
    uint32_t operating; /* operators that run; `values` is emptied when none does */
    tsk_value failed;   /* the Error that stands for a failure of a key */
    const tsk_error *failure;
    tsk_value *lambdas; /* of the configuration that functions have got */
    uint32_t lambda_count;
} tsk_realm;

tsk_realm *tsk_realm_make(tusk_context *context);
/* Made when there is none; leaves by the trap without memory. */
TSK_INLINE tsk_realm *tsk_realm_of(tusk_context *context) {
    return TSK_LIKELY(context->realm != NULL) ? context->realm : tsk_realm_make(context);
}
void tsk_realm_free(tusk_context *context);
/* Who enters the context from outside sets these. */
void tsk_realm_enter(tsk_realm *realm, tsk_trap *trap);
_Noreturn void tsk_realm_no_memory(const tsk_realm *realm);

/* The value of a number; TSK_JS_THROWN. */
tsk_value tsk_realm_outer(tsk_realm *realm, const tsk_outer *outer);
void tsk_realm_keep(tsk_realm *realm, uint32_t number, tsk_value v);
/* A function of the configuration as one of the realm's. */
tsk_value tsk_realm_lambda(tsk_realm *realm, tsk_value function);

/* ---- exchange.c ---- */
/* `frozen`: of the document.  TSK_JS_THROWN. */
tsk_value tsk_exchange_enter(tsk_realm *realm, tsk_value v, bool frozen);
/* False: thrown. */
bool tsk_exchange_leave(tsk_realm *realm, tsk_arena *arena, tsk_value v, tsk_value *out);

#endif
