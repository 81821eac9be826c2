/* Scopes: what declares names, and where a name leads.
 *
 * Positions decide what is ready: a use before the end of its declaration may meet a variable without a value, and so
 * may a function that is made before it.  Only a switch is left and entered in the middle; its names are always looked
 * at.
 *
 * Every name knows the innermost variable it means at the moment, so a look-up is one step; closing a scope puts back
 * what its variables hid.
 */
#ifndef TSK_JS_SCOPE_H
#define TSK_JS_SCOPE_H

#include "frontend/js/lexer.h"

/* A try statement around the place where the walk is, in the same function. */
typedef struct tsk_js_guard {
    struct tsk_js_guard *outer;
    uint32_t depth; /* of the scope it stands in */
} tsk_js_guard;

typedef struct tsk_js_resolver {
    tsk_arena *arena;
    tsk_diags *diags;
    tsk_js_function *function;
    tsk_js_scope *scope;
    tsk_js_guard *guards;
    uint32_t depth, max_depth;
    uint32_t loops; /* around the place, in the function */
    bool failed;
} tsk_js_resolver;

tsk_diag *tsk_js_resolve_fail(tsk_js_resolver *r, tsk_span span, const char *fmt, ...) TSK_PRINTF(3, 4);

tsk_js_scope *tsk_js_scope_open(tsk_js_resolver *r, tsk_js_scope_kind kind, uint32_t start);
void tsk_js_scope_close(tsk_js_resolver *r);
/* Reports a name that the scope cannot have twice. */
tsk_js_binding *tsk_js_scope_declare(tsk_js_resolver *r, tsk_js_scope *scope, tsk_js_binding_kind kind,
                                     const tsk_js_node *name, uint32_t ready);
/* One of the compiler's own, or NULL as a name. */
tsk_js_binding *tsk_js_scope_add(tsk_js_resolver *r, tsk_js_scope *scope, tsk_js_binding_kind kind,
                                 const tsk_js_name *name, tsk_span span, uint32_t ready);
/* A var at its place: no scope between here and the function's own may declare the name. */
void tsk_js_scope_check_var(tsk_js_resolver *r, const tsk_js_node *name);

/* What the name leads to from here, and what that makes of binding and functions; NULL: a global name. */
tsk_js_binding *tsk_js_scope_use(tsk_js_resolver *r, const tsk_js_node *name);
void tsk_js_scope_use_binding(tsk_js_resolver *r, tsk_js_binding *b, uint32_t position);
void tsk_js_scope_assigned(tsk_js_resolver *r, tsk_js_binding *b);
tsk_js_binding *tsk_js_scope_private(tsk_js_resolver *r, tsk_js_node *name);

#endif
