/* What looks wrong in a function that is right: findings of `tsk lint`. */
#ifndef TSK_JS_LINT_H
#define TSK_JS_LINT_H

#include "frontend/js/ast.h"
#include "runtime/base/diag.h"

typedef struct tsk_js_lint {
    tsk_diags *diags; /* NULL: only names are looked at */
    tsk_slice text;   /* of the function, at position `base` */
    uint32_t base;
    /* Every name that the function does not declare itself; may be NULL. */
    void (*outer_name)(void *user, const tsk_js_node *name);
    void *user;
} tsk_js_lint;

void tsk_js_lint_function(const tsk_js_lint *lint, const tsk_js_function *function);
#endif
