/* Functions of the library in our own language: their text, compiled one at a time when first looked at.
 *
 *   tsk_js_library_text ─► "\nArray_map(" ... "\n}\n" ─► tsk_script_library ─► function of the program
 *
 * The text is one source without a place in the program's: such functions have no line that a user could look at. */
#include "runtime/engine/engine.h"

#include "ir/script.h"
#include "runtime/builtins/inner.h"

/* The text of a function; its length is 0 when there is none. */
static tsk_slice text_of(const char *text_name) {
    size_t len = strlen(text_name);
    for (const char *at = tsk_js_library_text; (at = strchr(at, '\n')) != NULL;) {
        if (strncmp(++at, text_name, len) || at[len] != '(') continue;
        const char *end = strstr(at, "\n}\n");
        return (tsk_slice){at, end ? (uint32_t)(end + 2 - at) : 0};
    }
    return (tsk_slice){"", 0};
}

tsk_ir_func *tsk_library_load(tsk_ir_module *module, tsk_diags *diags, const char *text_name, const char *name,
                              uint32_t length) {
    static const tsk_source source = {.name = "<anonymous>", .text = tsk_js_library_text, .base = 1};
    for (tsk_ir_func *func = module->first; func; func = func->next)
        if (func->js && func->js->flags & TSK_IR_FN_LIBRARY && !strcmp(func->name, text_name)) return func;
    tsk_slice text = text_of(text_name);
    if (!strncmp(name, "@@", 2)) name = tsk_arena_printf(module->arena, "[Symbol.%s]", name + 2);
    return tsk_script_library(module, &source, text, name, length, diags);
}

/* As V8 names it, "Array.map"; what functions of the library share is left out. */
void tsk_library_trace(tsk_buf *out, const tsk_ir_func *func) {
    const char *name = func->name, *mark = strchr(name, '_');
    if (!mark || !strncmp(name, "Library_", 8)) return;
    tsk_buf_printf(out, "    at %.*s.%s (<anonymous>)\n", (int)(mark - name), name, mark + 1);
}
