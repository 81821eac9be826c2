/* What a program calls a value that an error message is about: "o.f" in "o.f is not a function".
 *
 *   function, position ─► down the tree, into the node that covers it ─► the operation that stands there ─► its operand
 *
 * Only errors come here, so the tree is searched anew each time; a node covers what is in it, so a search is one way
 * down.  Long expressions are shortened: `f(...)`, `(intermediate value)`.
 */
#include "frontend/js/lower.h"
#include "frontend/js/lowering.h"

typedef tsk_js_node node;

enum { MAX_DEPTH = 12, MAX_LITERAL = 40 };

/* ---- searching ---- */

static bool covers(const node *n, uint32_t pos) {
    return n && pos >= n->span.pos && pos < n->span.pos + n->span.len;
}

static const node *covering(const node *list, uint32_t pos) {
    while (list && !covers(list, pos)) list = list->next;
    return list;
}

/* In a class, what runs where the class stands: its superclass and computed keys. */
static const node *child_of_class(const tsk_js_class_node *c, uint32_t pos) {
    if (covers(c->heritage, pos)) return c->heritage;
    const node *m = covering(c->members, pos);
    return m && m->flags & TSK_JS_NODE_COMPUTED && covers(m->a, pos) ? m->a : NULL;
}

static const node *child_of_if(const node *n, uint32_t pos) {
    for (; n && n->kind == TSK_JS_NODE_IF; n = n->c) {
        if (covers(n->a, pos)) return n->a;
        if (covers(n->b, pos)) return n->b;
    }
    return covers(n, pos) ? n : NULL;
}

static const node *child_at(const node *n, uint32_t pos) {
    switch (n->kind) {
    case TSK_JS_NODE_NUMBER:
    case TSK_JS_NODE_FUNCTION:
    case TSK_JS_NODE_FUNCTION_STATEMENT: return NULL;
    case TSK_JS_NODE_CLASS:
    case TSK_JS_NODE_CLASS_STATEMENT: return child_of_class(n->class_node, pos);
    case TSK_JS_NODE_IF: return child_of_if(n, pos);
    default: break;
    }
    const node *children[] = {n->a, n->b, n->c, n->d};
    for (int i = 0; i < 4; i++)
        if (covers(children[i], pos)) return children[i];
    return covering(n->list, pos);
}

static const node *top_at(const tsk_js_function *f, uint32_t pos) {
    if (f->fields_of) {
        const node *m = covering(f->fields_of->members, pos);
        return m && covers(m->b, pos) ? m->b : NULL;
    }
    const node *param = covering(f->params, pos);
    return param ? param : covering(f->body, pos);
}

/* ---- what is looked for ---- */

static const node *pattern_of(const node *n) {
    return n && n->kind == TSK_JS_NODE_DEFAULT ? n->a : n;
}

/* The value that a pattern takes apart, as its surroundings name it. */
static const node *source_of(const node *pattern, const node *around) {
    if (!around) return NULL;
    switch (around->kind) {
    case TSK_JS_NODE_DECLARATOR:
    case TSK_JS_NODE_ASSIGN: return around->a == pattern ? around->b : NULL;
    case TSK_JS_NODE_PROPERTY: return pattern_of(around->b) == pattern ? around->a : NULL;
    default: return NULL;
    }
}

static bool is_pattern(const node *n) {
    return n->kind == TSK_JS_NODE_ARRAY_PATTERN || n->kind == TSK_JS_NODE_OBJECT_PATTERN;
}

typedef struct found {
    const node *operation, *subject; /* subject: NULL when it has no name */
} found;

static found match(const node *n, const node *around, uint32_t pos, tsk_script_subject what) {
    bool here = n->at == pos;
    switch (what) {
    case TSK_SCRIPT_CALLED:
        if (here && (n->kind == TSK_JS_NODE_CALL || n->kind == TSK_JS_NODE_TAGGED)) return (found){n, n->a};
        break;
    case TSK_SCRIPT_CONSTRUCTED:
        if (here && n->kind == TSK_JS_NODE_NEW) return (found){n, n->a};
        break;
    case TSK_SCRIPT_ITERATED:
        if (n->kind == TSK_JS_NODE_FOR_OF && n->b->at == pos) return (found){n, n->b};
        if (n->kind == TSK_JS_NODE_SPREAD && n->a->at == pos) return (found){n, n->a};
        break;
    case TSK_SCRIPT_TAKEN_APART:
    case TSK_SCRIPT_FIRST_KEY: break;
    }
    if (what >= TSK_SCRIPT_ITERATED && here && is_pattern(n)) return (found){n, source_of(n, around)};
    return (found){NULL, NULL};
}

static found search(const tsk_js_function *f, uint32_t pos, tsk_script_subject what) {
    const node *around = NULL, *outer = NULL;
    for (const node *n = top_at(f, pos); n; n = child_at(n, pos)) {
        found here = match(n, around && around->kind == TSK_JS_NODE_DEFAULT ? outer : around, pos, what);
        if (here.operation) return here;
        outer = around;
        around = n;
    }
    return (found){NULL, NULL};
}

/* ---- writing ---- */

static void add_literal(tsk_buf *out, const node *n, const tsk_source *source) {
    const char *text = source->text + (n->span.pos - source->base);
    if (n->span.len <= MAX_LITERAL && !memchr(text, '\n', n->span.len))
        tsk_buf_add(out, text, n->span.len);
    else
        tsk_buf_cstr(out, "(intermediate value)");
}

static void add_name(tsk_buf *out, const tsk_js_name *name) {
    tsk_buf_add(out, name->text, name->len);
}

static void add(tsk_buf *out, const node *n, const tsk_source *source, int depth) {
    if (depth > MAX_DEPTH) {
        tsk_buf_cstr(out, "(intermediate value)");
        return;
    }
    bool optional = n->flags & TSK_JS_NODE_OPTIONAL;
    switch (n->kind) {
    case TSK_JS_NODE_NAME: add_name(out, n->name); return;
    case TSK_JS_NODE_CHAIN: add(out, n->a, source, depth + 1); return;
    case TSK_JS_NODE_MEMBER:
    case TSK_JS_NODE_PRIVATE:
        add(out, n->a, source, depth + 1);
        tsk_buf_cstr(out, optional ? "?." : ".");
        if (n->kind == TSK_JS_NODE_PRIVATE) tsk_buf_char(out, '#');
        add_name(out, n->name);
        return;
    case TSK_JS_NODE_INDEX:
        add(out, n->a, source, depth + 1);
        tsk_buf_cstr(out, optional ? "?.[" : "[");
        add(out, n->b, source, depth + 1);
        tsk_buf_char(out, ']');
        return;
    case TSK_JS_NODE_CALL:
        add(out, n->a, source, depth + 1);
        tsk_buf_cstr(out, optional ? "?.(...)" : "(...)");
        return;
    case TSK_JS_NODE_NUMBER:
    case TSK_JS_NODE_STRING:
    case TSK_JS_NODE_TRUE:
    case TSK_JS_NODE_FALSE:
    case TSK_JS_NODE_NULL:
    case TSK_JS_NODE_THIS:
    case TSK_JS_NODE_SUPER:
    case TSK_JS_NODE_REGEX:
    case TSK_JS_NODE_BINARY:
    case TSK_JS_NODE_UNARY: add_literal(out, n, source); return;
    case TSK_JS_NODE_LOGICAL:
    case TSK_JS_NODE_CONDITIONAL:
        tsk_buf_char(out, '(');
        add_literal(out, n, source);
        tsk_buf_char(out, ')');
        return;
    default: tsk_buf_cstr(out, "(intermediate value)");
    }
}

static bool add_first_key(tsk_buf *out, const node *pattern) {
    const node *p = pattern ? pattern->list : NULL;
    if (!p || p->kind != TSK_JS_NODE_PROPERTY || p->flags & TSK_JS_NODE_COMPUTED || p->a->kind != TSK_JS_NODE_STRING)
        return false;
    add_name(out, p->a->name);
    return true;
}

bool tsk_js_subject(const tsk_ir_func *func, uint32_t pos, tsk_script_subject what, tsk_buf *out) {
    const tsk_lowering_unit *unit = func->js->tree;
    if (!unit || !unit->function) return false;
    found here = search(unit->function, pos, what);
    if (what == TSK_SCRIPT_FIRST_KEY) return add_first_key(out, here.operation);
    if (here.subject) add(out, here.subject, func->js->source, 0);
    return here.subject;
}
