/* `tsk validate` reads the functions of a configuration too: their errors point into the configuration.
 *
 * Text with escapes is not the text of the file; an error in it is reported at the string.
 */
#include "frontend/frontend.h"
#include "frontend/js/parse.h"

/* Words in parentheses and an arrow may be prose; `function` and a key with the suffix are not. */
static bool is_function(tsk_slice text, bool named) {
    const char *p = text.ptr, *end = p + text.len;
    if (!text.len || !tsk_is_function_text(p, end)) return false;
    while (p < end && tsk_is(*p, TSK_C_BLANK | TSK_C_EOL)) p++;
    size_t left = (size_t)(end - p);
    return named || (left > 8 && !memcmp(p, "function", 8)) || (left > 15 && !memcmp(p, "async function ", 15));
}

void tsk_check_function(tsk_parser *ps, const char *open, tsk_slice text, bool named) {
    if (!is_function(text, named)) return;
    tsk_diags *diags = &ps->graph->diags;
    const tsk_js_parse_options how = {.check_regex = ps->fe->options.check_regex};
    if (text.ptr >= ps->text && text.ptr + text.len <= ps->end) {
        tsk_js_parse_function(ps->arena, diags, text, tsk_pos(ps, text.ptr), &how);
        return;
    }
    tsk_diags inner = {.arena = ps->arena};
    if (tsk_js_parse_function(ps->arena, &inner, text, 0, &how) || !inner.first) return;
    tsk_diag *d = tsk_diags_add(diags, TSK_ERROR, inner.first->code, tsk_span_of(ps, open, ps->p), "%s",
                                inner.first->message);
    d->hint = inner.first->hint;
}
