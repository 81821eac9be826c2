/* `tsk validate` reads the functions of a configuration too: their errors point into the configuration.
 *
 * Text with escapes is not the text of the file; an error in it is reported at the string.
 */
#include "frontend/frontend.h"
#include "frontend/js/parse.h"

/* Is the text a function?  Words in parentheses and an arrow may be prose; `function` and a key with the suffix are not. */
typedef enum likeness { NO_FUNCTION, MAYBE_FUNCTION, SURELY_FUNCTION } likeness;

static likeness likeness_of(tsk_slice text, bool named) {
    const char *p = text.ptr, *end = p + text.len;
    if (!text.len || !tsk_is_function_text(p, end)) return NO_FUNCTION;
    while (p < end && tsk_is(*p, TSK_C_BLANK | TSK_C_EOL)) p++;
    size_t left = (size_t)(end - p);
    bool sure = named || (left > 8 && !memcmp(p, "function", 8)) || (left > 15 && !memcmp(p, "async function ", 15));
    return sure ? SURELY_FUNCTION : MAYBE_FUNCTION;
}

static void check_function(tsk_parser *ps, tsk_arena *arena, const char *open, tsk_slice text, bool named) {
    likeness is = likeness_of(text, named);
    if (is == NO_FUNCTION) return;
    tsk_diags *diags = &ps->graph->diags;
    const tsk_js_parse_options how = {.check_regex = ps->fe->options.check_regex};
    bool verbatim = text.ptr >= ps->text && text.ptr + text.len <= ps->end;
    uint32_t base = verbatim ? tsk_pos(ps, text.ptr) : 0;
    if (verbatim && is == SURELY_FUNCTION) {
        const tsk_js_function *f = tsk_js_parse_function(arena, diags, text, base, &how);
        if (f) tsk_lint_function(ps, f, text, base, true);
        return;
    }
    tsk_diags inner = {.arena = arena};
    const tsk_js_function *f = tsk_js_parse_function(arena, &inner, text, base, &how);
    if (f) tsk_lint_function(ps, f, text, base, is == SURELY_FUNCTION);
    if (f || !inner.first) return;
    tsk_diag *d = tsk_diags_add(diags, is == SURELY_FUNCTION ? TSK_ERROR : TSK_WARNING, inner.first->code,
                                verbatim ? inner.first->span : tsk_span_of(ps, open, ps->p), "%s",
                                inner.first->message);
    const char *hint = inner.first->hint;
    d->hint = is != SURELY_FUNCTION ? "a text that is no function may stay as it is"
              : hint                ? tsk_arena_strdup(ps->arena, hint, strlen(hint))
                                    : NULL;
}

/* The tree of a function is looked at and forgotten. */
void tsk_check_function(tsk_parser *ps, const char *open, tsk_slice text, bool named) {
    tsk_arena *scratch = ps->fe->options.scratch;
    check_function(ps, scratch ? scratch : ps->arena, open, text, named);
    if (scratch) tsk_arena_reset(scratch);
}
