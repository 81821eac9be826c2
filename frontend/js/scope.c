/* Scopes: declarations, look-up, captures.  See scope.h. */
#include "frontend/js/scope.h"

#include <stdarg.h>
#include <stdio.h>

tsk_diag *tsk_js_resolve_fail(tsk_js_resolver *r, tsk_span span, const char *fmt, ...) {
    char text[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    r->failed = true;
    return tsk_diags_add(r->diags, TSK_ERROR, TSK_E_JS_SYNTAX, span, "%s", text);
}

tsk_js_scope *tsk_js_scope_open(tsk_js_resolver *r, tsk_js_scope_kind kind, uint32_t start) {
    tsk_js_scope *scope = TSK_NEW(r->arena, tsk_js_scope);
    *scope = (tsk_js_scope){.parent = r->scope, .function = r->function, .kind = (uint8_t)kind, .start = start};
    scope->depth = r->scope ? r->scope->depth + 1 : 0;
    r->scope = scope;
    return scope;
}

/* Where a name keeps what it means; its text stays what it is. */
static tsk_js_binding **visible(const tsk_js_name *name, bool is_private) {
    return &((tsk_js_name *)(uintptr_t)name)->visible[is_private];
}

void tsk_js_scope_close(tsk_js_resolver *r) {
    for (const tsk_js_binding *b = r->scope->first; b; b = b->next)
        if (b->name) *visible(b->name, b->kind == TSK_JS_PRIVATE_BINDING) = b->shadowed;
    r->scope = r->scope->parent;
}

/* ---- declarations ---- */

static tsk_js_binding *find_in(const tsk_js_scope *scope, const tsk_js_name *name, bool is_private) {
    tsk_js_binding *b = *visible(name, is_private);
    return b && b->scope == scope ? b : NULL;
}

tsk_js_binding *tsk_js_scope_add(tsk_js_resolver *r, tsk_js_scope *scope, tsk_js_binding_kind kind,
                                 const tsk_js_name *name, tsk_span span, uint32_t ready) {
    tsk_js_binding *b = TSK_NEW(r->arena, tsk_js_binding);
    *b = (tsk_js_binding){.name = name, .scope = scope, .span = span, .kind = (uint8_t)kind, .ready = ready};
    b->id = scope->function->binding_count++;
    if (scope->last)
        scope->last->next = b;
    else
        scope->first = b;
    scope->last = b;
    if (name) {
        tsk_js_binding **seen = visible(name, kind == TSK_JS_PRIVATE_BINDING);
        b->shadowed = *seen;
        *seen = b;
    }
    return b;
}

/* Declarations of a function's own scope that may meet: var, parameters, functions. */
static bool is_var_like(const tsk_js_scope *scope, uint8_t kind) {
    bool of_function = scope->kind <= TSK_JS_SCOPE_BODY;
    return kind == TSK_JS_VAR || kind == TSK_JS_PARAM || (kind == TSK_JS_FUNCTION && of_function);
}

static void report_twice(tsk_js_resolver *r, const tsk_js_node *name, const tsk_js_binding *first) {
    if (r->failed) return;
    tsk_diag *d = tsk_js_resolve_fail(r, name->span, "`%.*s` is declared twice", (int)name->name->len,
                                      name->name->text);
    tsk_diag_note(r->diags, d, first->span, "the first declaration is here");
}

tsk_js_binding *tsk_js_scope_declare(tsk_js_resolver *r, tsk_js_scope *scope, tsk_js_binding_kind kind,
                                     const tsk_js_node *name, uint32_t ready) {
    tsk_js_binding *b = find_in(scope, name->name, false);
    if (!b && scope->kind == TSK_JS_SCOPE_BODY && !is_var_like(scope, (uint8_t)kind)) {
        b = find_in(scope->parent, name->name, false); /* no let of a parameter's name */
        if (b) report_twice(r, name, b);
    }
    if (!b || b->kind == TSK_JS_SELF_NAME) return tsk_js_scope_add(r, scope, kind, name->name, name->span, ready);
    bool both_params = b->kind == TSK_JS_PARAM && kind == TSK_JS_PARAM;
    if (both_params || !is_var_like(scope, b->kind) || !is_var_like(scope, (uint8_t)kind)) report_twice(r, name, b);
    if (kind == TSK_JS_FUNCTION) { /* takes the place of a var or parameter; of two functions the last one counts */
        b->reassigned |= b->kind != TSK_JS_VAR;
        if (b->kind != TSK_JS_PARAM) b->kind = TSK_JS_FUNCTION;
    } else if (kind == TSK_JS_VAR && b->ready < ready) {
        b->ready = ready; /* the last of several values */
    }
    return b;
}

void tsk_js_scope_check_var(tsk_js_resolver *r, const tsk_js_node *name) {
    for (tsk_js_binding *b = *visible(name->name, false); b && b->scope->kind > TSK_JS_SCOPE_BODY; b = b->shadowed) {
        if (b->scope->function != r->function) return;
        if (b->kind != TSK_JS_CATCH_PARAM && b->kind != TSK_JS_SELF_NAME) report_twice(r, name, b);
    }
}

/* ---- uses ---- */

static void add_capture(tsk_js_resolver *r, tsk_js_function *f, tsk_js_binding *b) {
    for (const tsk_js_capture *c = f->captures; c; c = c->next)
        if (c->binding == b) return;
    tsk_js_capture *c = TSK_NEW(r->arena, tsk_js_capture);
    *c = (tsk_js_capture){NULL, b, f->capture_count++};
    if (f->last_capture)
        f->last_capture->next = c;
    else
        f->captures = c;
    f->last_capture = c;
}

static bool has_dead_zone(const tsk_js_binding *b) {
    switch (b->kind) {
    case TSK_JS_LET:
    case TSK_JS_CONST:
    case TSK_JS_CLASS:
    case TSK_JS_PARAM: return true;
    case TSK_JS_SELF_NAME: return b->scope->kind == TSK_JS_SCOPE_CLASS;
    default: return false;
    }
}

void tsk_js_scope_use_binding(tsk_js_resolver *r, tsk_js_binding *b, uint32_t position) {
    tsk_js_function *owner = b->scope->function, *outermost = NULL;
    if (b->scope->kind == TSK_JS_SCOPE_SCRIPT) return; /* by its name */
    bool known = b->user == r->function;
    for (tsk_js_function *f = r->function; f != owner; f = f->outer) {
        if (!known) add_capture(r, f, b);
        outermost = f;
    }
    b->user = r->function;
    if (outermost) {
        b->captured = b->scope->captured = true;
        position = outermost->made;
    }
    bool odd = b->scope->kind == TSK_JS_SCOPE_SWITCH;
    if (position >= b->ready && !odd) return;
    if (outermost) b->early = true;
    if (has_dead_zone(b)) b->checked = true;
}

tsk_js_binding *tsk_js_scope_use(tsk_js_resolver *r, const tsk_js_node *name) {
    tsk_js_binding *b = *visible(name->name, false);
    if (b) tsk_js_scope_use_binding(r, b, name->span.pos);
    return b;
}

void tsk_js_scope_assigned(tsk_js_resolver *r, tsk_js_binding *b) {
    if (b->scope->function != r->function) return;
    for (const tsk_js_guard *g = r->guards; g; g = g->outer)
        if (b->scope->depth <= g->depth) b->in_handler = true;
}

tsk_js_binding *tsk_js_scope_private(tsk_js_resolver *r, tsk_js_node *name) {
    tsk_js_binding *b = *visible(name->name, true);
    if (b)
        tsk_js_scope_use_binding(r, b, name->span.pos);
    else if (!r->failed)
        tsk_js_resolve_fail(r, name->span, "`#%.*s` is declared in no class around this", (int)name->name->len,
                            name->name->text);
    return b;
}
