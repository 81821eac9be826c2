/* Scripts and functions for the engine: see ir/script.h. */
#include "ir/script.h"

#include "frontend/js/lower.h"
#include "frontend/js/parse.h"

tsk_ir_func *tsk_script_load(tsk_ir_module *module, const tsk_source *source, tsk_diags *diags,
                             const tsk_script_options *options) {
    const tsk_js_parse_options how = {
        .max_depth = options->max_depth, .check_regex = options->check_regex, .user = options->user};
    tsk_slice text = {source->text, source->len};
    const tsk_js_function *f = tsk_js_parse_script(module->arena, diags, text, source->base, &how);
    return f ? tsk_js_lower_declare(module, f, source) : NULL;
}

bool tsk_script_lower(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch) {
    return tsk_js_lower_body(func, env, scratch);
}
