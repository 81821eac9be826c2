/* Functions: text to a tree with every name resolved. */
#ifndef TSK_JS_PARSE_H
#define TSK_JS_PARSE_H

#include "frontend/js/ast.h"
#include "runtime/base/diag.h"

typedef struct tsk_js_parse_options {
    uint32_t max_depth; /* of nesting; 0: 1,000 */
    uint32_t max_nodes; /* 0: 10,000,000 */
    /* Checks a regular expression: NULL when it is one, else what is wrong.  May be NULL. */
    const char *(*check_regex)(void *user, tsk_arena *arena, tsk_slice pattern, tsk_slice flags);
    void *user;
} tsk_js_parse_options;

/* A script: statements.  NULL: reported.  Everything lies in `arena`; `text` must live as long and stands at position
 * `base` of the source set. */
tsk_js_function *tsk_js_parse_script(tsk_arena *arena, tsk_diags *diags, tsk_slice text, uint32_t base,
                                     const tsk_js_parse_options *options);
/* One function as a configuration has them: `function f(a) { }`, `(a) => a`, `f(a) { }`, `async function...`. */
tsk_js_function *tsk_js_parse_function(tsk_arena *arena, tsk_diags *diags, tsk_slice text, uint32_t base,
                                       const tsk_js_parse_options *options);
#endif
