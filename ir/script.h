/* Functions of ECMAScript: what the frontend makes of their text.
 *
 *   text ─► tree, names resolved ─► tsk_ir_func without a body ─► (first call) body
 *
 * The tree lies in the arena of the module and is let go with it. */
#ifndef TSK_SCRIPT_H
#define TSK_SCRIPT_H

#include "ir/ir.h"

typedef struct tsk_script_options {
    uint32_t max_depth; /* of nesting; 0: the default */
    /* Checks a regular expression: NULL when it is one, else what is wrong.  May be NULL. */
    const char *(*check_regex)(void *user, tsk_arena *arena, tsk_slice pattern, tsk_slice flags);
    void *user;
} tsk_script_options;

/* A script, statements at the outermost level.  NULL: reported. */
tsk_ir_func *tsk_script_load(tsk_ir_module *module, const tsk_source *source, tsk_diags *diags,
                             const tsk_script_options *options);
/* A function of the library, `name(parameters) { ... }`, whose text may use the operations of ir/tables/library.def.
 * `name` and `length` are its properties; `text` lies in `source` and is right.  NULL: reported. */
tsk_ir_func *tsk_script_library(tsk_ir_module *module, const tsk_source *source, tsk_slice text, const char *name,
                                uint32_t length, tsk_diags *diags);
/* A function of a configuration, `function f(a) { }` or `(a) => a`, that stands in the scope `home`; `text` lies in
 * `source`.  `name`: of one that gives itself none.  NULL: reported. */
tsk_ir_func *tsk_script_function(tsk_ir_module *module, const tsk_source *source, tsk_slice text, const void *home,
                                 tsk_slice name, tsk_diags *diags, const tsk_script_options *options);
/* The body of a function that has none, so func->js->ast is not NULL.  `scratch` may be reset afterwards.  False: it is
 * nested too deep. */
bool tsk_script_lower(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch);

/* Messages name values as the program does: "o.f is not a function". */
typedef enum tsk_script_subject {
    TSK_SCRIPT_CALLED,
    TSK_SCRIPT_CONSTRUCTED,
    TSK_SCRIPT_ITERATED,
    TSK_SCRIPT_TAKEN_APART, /* by a pattern */
    TSK_SCRIPT_FIRST_KEY    /* not the value, but what the pattern takes first */
} tsk_script_subject;

/* The text of the value that the operation at `pos` is about.  False: it has no name there. */
bool tsk_script_subject_text(const tsk_ir_func *func, uint32_t pos, tsk_script_subject what, tsk_buf *out);

#endif
