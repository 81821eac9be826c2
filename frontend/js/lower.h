/* Functions: from the resolved tree to IR, one function at a time, when it is first called. */
#ifndef TSK_JS_LOWER_H
#define TSK_JS_LOWER_H

#include "frontend/js/ast.h"
#include "ir/script.h"

/* The IR function of a script or of a function text, without its body.  The tree must live as long as the module.
 * `home`: of tsk_ir_js. */
tsk_ir_func *tsk_js_lower_declare(tsk_ir_module *module, const tsk_js_function *f, const tsk_source *source,
                                  const void *home);
/* Makes the body, once.  `scratch` may be reset afterwards.  False: nested too deep; the function stays without one. */
bool tsk_js_lower_body(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch);
/* See tsk_script_subject_text. */
bool tsk_js_subject(const tsk_ir_func *func, uint32_t pos, tsk_script_subject what, tsk_buf *out);

#endif
