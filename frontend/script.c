/* Scripts and functions for the engine: see ir/script.h. */
#include "ir/script.h"

#include "frontend/js/lower.h"
#include "frontend/js/parse.h"

#include <string.h>

tsk_ir_func *tsk_script_load(tsk_ir_module *module, const tsk_source *source, tsk_diags *diags,
                             const tsk_script_options *options) {
    const tsk_js_parse_options how = {
        .max_depth = options->max_depth, .check_regex = options->check_regex, .user = options->user};
    tsk_slice text = {source->text, source->len};
    const tsk_js_function *f = tsk_js_parse_script(module->arena, diags, text, source->base, &how);
    return f ? tsk_js_lower_declare(module, f, source, NULL) : NULL;
}

tsk_ir_func *tsk_script_library(tsk_ir_module *module, const tsk_source *source, tsk_slice text, const char *name,
                                uint32_t length, tsk_diags *diags) {
    uint32_t base = source->base + (uint32_t)(text.ptr - source->text);
    const tsk_js_function *f = tsk_js_parse_function(module->arena, diags, text, base, NULL);
    tsk_ir_func *func = f ? tsk_js_lower_declare(module, f, source, NULL) : NULL;
    if (!func) return NULL;
    func->js->name = (tsk_slice){name, (uint32_t)strlen(name)};
    func->js->length = length;
    func->js->flags |= TSK_IR_FN_LIBRARY;
    return func;
}

bool tsk_script_subject_text(const tsk_ir_func *func, uint32_t pos, tsk_script_subject what, tsk_buf *out) {
    return tsk_js_subject(func, pos, what, out);
}

tsk_ir_func *tsk_script_function(tsk_ir_module *module, const tsk_source *source, tsk_slice text, const void *home,
                                 tsk_slice name, tsk_diags *diags, const tsk_script_options *options) {
    const tsk_js_parse_options how = {
        .max_depth = options->max_depth, .check_regex = options->check_regex, .user = options->user};
    uint32_t base = source->base + (uint32_t)(text.ptr - source->text);
    const tsk_js_function *f = tsk_js_parse_function(module->arena, diags, text, base, &how);
    tsk_ir_func *func = f ? tsk_js_lower_declare(module, f, source, home) : NULL;
    if (func && !func->js->name.len) func->js->name = name;
    return func;
}

bool tsk_script_lower(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch) {
    return tsk_js_lower_body(func, env, scratch);
}
