/* One walk over the tree of a function, after its names are resolved.
 *
 * A variable is read when its value can get anywhere: assigning to it is not reading it, and neither are `x++` and
 * `x += 1` as statements.  A scope is looked at when the walk leaves it, since nothing outside can use what it
 * declares.  The walk is as deep as the one that resolved the names, which has a limit. */
#include "frontend/js/lint.h"

#include "frontend/js/lexer.h"

typedef tsk_js_node node;
typedef const tsk_js_lint linter;

static void walk(linter *l, const node *n);
static void walk_statement(linter *l, const node *s);
static void walk_statements(linter *l, const node *list);
static void walk_function(linter *l, const tsk_js_function *f);

static tsk_diag *warn(linter *l, tsk_code code, tsk_span span, const char *text) {
    static _Thread_local tsk_diag nowhere;
    return l->diags ? tsk_diags_add(l->diags, TSK_WARNING, code, span, "%s", text) : &nowhere;
}

static bool is_named(const node *n, const char *text) {
    return n->kind == TSK_JS_NODE_NAME && !n->binding && n->name->len == strlen(text) &&
           !memcmp(n->name->text, text, n->name->len);
}

static void walk_list(linter *l, const node *list) {
    for (; list; list = list->next) walk(l, list);
}

/* ---- variables ---- */

/* Declarations of functions and classes are placed at their first word. */
static tsk_span name_span(linter *l, const tsk_js_binding *b) {
    const char *end = l->text.ptr + l->text.len, *p = l->text.ptr + (b->span.pos - l->base), *start = p;
    bool declared = b->kind == TSK_JS_FUNCTION || b->kind == TSK_JS_CLASS;
    while (declared && p < end && *p != ' ' && *p != '\n') p++; /* `function`, `class`, `async` */
    const char *name = declared && p < end ? memmem(p, (size_t)(end - p), b->name->text, b->name->len) : NULL;
    return (tsk_span){name ? b->span.pos + (uint32_t)(name - start) : b->span.pos, b->name->len};
}

static void unused(linter *l, tsk_code code, const tsk_js_binding *b, const char *what) {
    if (!l->diags || !b->name->len || b->name->text[0] == '_') return;
    tsk_diags_add(l->diags, TSK_WARNING, code, name_span(l, b), "the %s `%.*s` is never %s", what, (int)b->name->len,
                  b->name->text, code == TSK_E_UNUSED_FUNCTION ? "used" : "read");
}

static void shadowed(linter *l, const tsk_js_binding *b) {
    const tsk_js_binding *other = b->shadowed;
    if (!l->diags || !other || other == b->param || other->kind >= TSK_JS_SELF_NAME || other->scope == b->scope) return;
    tsk_diag *d = tsk_diags_add(l->diags, TSK_WARNING, TSK_E_SHADOWED_NAME, name_span(l, b),
                                "`%.*s` hides a variable of the same name", (int)b->name->len, b->name->text);
    tsk_diag_note(l->diags, d, other->span, "the hidden one");
}

static void leave_scope(linter *l, const tsk_js_scope *scope) {
    for (const tsk_js_binding *b = scope ? scope->first : NULL; b; b = b->next) {
        if (b->kind >= TSK_JS_SELF_NAME || !b->name) continue;
        shadowed(l, b);
        if (b->read || b->kind == TSK_JS_PARAM || b->kind == TSK_JS_CATCH_PARAM) continue;
        if (b->kind == TSK_JS_FUNCTION || b->kind == TSK_JS_CLASS)
            unused(l, TSK_E_UNUSED_FUNCTION, b, b->kind == TSK_JS_CLASS ? "class" : "function");
        else
            unused(l, TSK_E_UNUSED_VARIABLE, b, "variable");
    }
}

static const node *name_of_param(const node *p) {
    if (p->kind == TSK_JS_NODE_DEFAULT) p = p->a;
    return p->kind == TSK_JS_NODE_NAME ? p : NULL;
}

static const tsk_js_binding *param_binding(const tsk_js_function *f, const node *p) {
    const node *n = name_of_param(p);
    for (const tsk_js_binding *b = n ? f->scope->first : NULL; b; b = b->next)
        if (b->kind == TSK_JS_PARAM && b->name == n->name) return b;
    return NULL;
}

/* A parameter before one that is used has to be there. */
static void leave_params(linter *l, const tsk_js_function *f) {
    const tsk_js_binding *last_unused = NULL;
    bool fixed = f->flags & (TSK_JS_FUNCTION_SETTER | TSK_JS_FUNCTION_METHOD | TSK_JS_FUNCTION_CONSTRUCTOR);
    if (f->uses_arguments || fixed) return;
    for (const node *p = f->params; p; p = p->next) {
        const tsk_js_binding *b = param_binding(f, p);
        bool read = !b || b->read;
        for (const tsk_js_binding *v = f->body_scope && b ? f->body_scope->first : NULL; v && !read; v = v->next)
            read = v->param == b && v->read;
        last_unused = read ? NULL : last_unused ? last_unused : b;
    }
    for (bool from = false; last_unused && !from; from = true)
        for (const node *p = f->params; p; p = p->next) {
            const tsk_js_binding *b = param_binding(f, p);
            from |= b == last_unused;
            if (from && b) unused(l, TSK_E_UNUSED_PARAMETER, b, "parameter");
        }
}

static void read_name(linter *l, const node *n) {
    if (n->binding)
        n->binding->read = true;
    else if (l->outer_name)
        l->outer_name(l->user, n);
}

/* The code inside of a pattern or target; plain names in it are assigned, which is not reading. */
static void walk_target(linter *l, const node *t) {
    if (!t) return;
    switch (t->kind) {
    case TSK_JS_NODE_NAME:
        if (!t->binding) read_name(l, t);
        break;
    case TSK_JS_NODE_DEFAULT:
        walk_target(l, t->a);
        walk(l, t->b);
        break;
    case TSK_JS_NODE_REST: walk_target(l, t->a); break;
    case TSK_JS_NODE_PROPERTY:
        if (t->flags & TSK_JS_NODE_COMPUTED) walk(l, t->a);
        walk_target(l, t->b);
        break;
    case TSK_JS_NODE_ARRAY_PATTERN:
    case TSK_JS_NODE_OBJECT_PATTERN:
        for (const node *e = t->list; e; e = e->next) walk_target(l, e);
        break;
    case TSK_JS_NODE_HOLE: break;
    default: walk(l, t);
    }
}

/* `const {a, ...rest} = o` names a to leave it out. */
static void read_beside_rest(const node *pattern) {
    bool rest = false;
    if (pattern->kind != TSK_JS_NODE_OBJECT_PATTERN) return;
    for (const node *e = pattern->list; e; e = e->next) rest |= e->kind == TSK_JS_NODE_REST;
    for (const node *e = pattern->list; e && rest; e = e->next)
        if (e->kind == TSK_JS_NODE_PROPERTY && e->b->kind == TSK_JS_NODE_NAME && e->b->binding)
            e->b->binding->read = true;
}

/* ---- comparisons ---- */

static bool is_literal(const node *n) {
    switch (n->kind) {
    case TSK_JS_NODE_NUMBER:
    case TSK_JS_NODE_STRING:
    case TSK_JS_NODE_TRUE:
    case TSK_JS_NODE_FALSE:
    case TSK_JS_NODE_NULL: return true;
    case TSK_JS_NODE_TEMPLATE: return n->list && !n->list->next;
    case TSK_JS_NODE_UNARY: return n->op != TSK_JS_TOKEN_TYPEOF && n->op != TSK_JS_TOKEN_DELETE && is_literal(n->a);
    default: return false;
    }
}

static bool makes_object(const node *n) {
    return n->kind == TSK_JS_NODE_ARRAY || n->kind == TSK_JS_NODE_OBJECT || n->kind == TSK_JS_NODE_FUNCTION ||
           n->kind == TSK_JS_NODE_CLASS || n->kind == TSK_JS_NODE_REGEX;
}

/* The same place, read twice with nothing in between. */
static bool is_same(const node *a, const node *b) {
    for (;; a = a->a, b = b->a) {
        if (a->kind != b->kind) return false;
        switch (a->kind) {
        case TSK_JS_NODE_NAME: return a->name == b->name;
        case TSK_JS_NODE_THIS: return true;
        case TSK_JS_NODE_NUMBER: return a->number == b->number;
        case TSK_JS_NODE_STRING: return a->name == b->name;
        case TSK_JS_NODE_CHAIN: break;
        case TSK_JS_NODE_MEMBER:
            if (a->name != b->name) return false;
            break;
        case TSK_JS_NODE_INDEX:
            if (!is_same(a->b, b->b)) return false;
            break;
        default: return false;
        }
    }
}

static bool is_nan(const node *n) {
    bool member = n->kind == TSK_JS_NODE_MEMBER && n->name->len == 3 && !memcmp(n->name->text, "NaN", 3);
    return is_named(n, "NaN") || (member && is_named(n->a, "Number"));
}

static bool is_type_name(const node *n) {
    static const char *const names[] = {"undefined", "boolean",  "number", "string",
                                        "object",    "function", "symbol", "bigint"};
    for (size_t i = 0; i < TSK_COUNT(names); i++)
        if (n->name->len == strlen(names[i]) && !memcmp(n->name->text, names[i], n->name->len)) return true;
    return false;
}

static void check_comparison(linter *l, const node *n) {
    bool equality = n->op >= TSK_JS_TOKEN_EQUAL && n->op <= TSK_JS_TOKEN_DIFFERENT;
    bool strict = n->op == TSK_JS_TOKEN_SAME || n->op == TSK_JS_TOKEN_DIFFERENT;
    bool relation = n->op >= TSK_JS_TOKEN_LESS && n->op <= TSK_JS_TOKEN_GREATER_EQUAL;
    if (!equality && !relation) return;
    const node *type_of = n->a->kind == TSK_JS_NODE_UNARY && n->a->op == TSK_JS_TOKEN_TYPEOF   ? n->b
                          : n->b->kind == TSK_JS_NODE_UNARY && n->b->op == TSK_JS_TOKEN_TYPEOF ? n->a
                                                                                               : NULL;
    if (is_nan(n->a) || is_nan(n->b)) {
        warn(l, TSK_E_NAN_COMPARISON, n->span, "nothing is equal to NaN, nor less or greater")->hint =
            "use Number.isNaN(x)";
    } else if (is_literal(n->a) && is_literal(n->b)) {
        warn(l, TSK_E_CONSTANT_CONDITION, n->span, "this comparison of two literals always has the same result");
    } else if (is_same(n->a, n->b)) {
        warn(l, TSK_E_SELF_COMPARISON, n->span, "both sides of the comparison are the same")->hint =
            equality ? "to look for NaN, use Number.isNaN(x)" : NULL;
    } else if (equality && type_of && type_of->kind == TSK_JS_NODE_STRING && !is_type_name(type_of)) {
        warn(l, TSK_E_NEVER_EQUAL, type_of->span, "typeof never gives this")->hint =
            "it gives \"undefined\", \"boolean\", \"number\", \"string\", \"object\" or \"function\"";
    } else if (equality && type_of && is_literal(type_of) && type_of->kind != TSK_JS_NODE_STRING) {
        warn(l, TSK_E_NEVER_EQUAL, type_of->span, "typeof gives a text, which this is not");
    } else if (strict && (makes_object(n->a) || makes_object(n->b))) {
        warn(l, TSK_E_NEVER_EQUAL, n->span, "a new object is equal to nothing else");
    }
}

/* ---- conditions ---- */

static void walk_condition(linter *l, const node *n, bool may_be_constant) {
    if (n->kind == TSK_JS_NODE_ASSIGN && !(n->flags & TSK_JS_NODE_PARENTHESIZED))
        warn(l, TSK_E_ASSIGNED_CONDITION, n->span, "the condition assigns")->hint =
            "write `===` to compare, or another pair of parentheses if the assignment is meant";
    else if ((is_literal(n) || makes_object(n)) && !may_be_constant)
        warn(l, TSK_E_CONSTANT_CONDITION, n->span, "the condition is always the same");
    walk(l, n);
}

/* ---- expressions ---- */

static void check_number(linter *l, const node *n) {
    uint32_t from = n->span.pos - l->base;
    if (!l->diags || n->span.pos < l->base || from + n->span.len > l->text.len || n->span.len < 16) return;
    uint64_t digits = 0;
    for (const char *p = l->text.ptr + from, *end = p + n->span.len; p < end; p++) {
        if (*p == '_') continue;
        if (*p < '0' || *p > '9' || digits > UINT64_MAX / 10 - 9) return;
        digits = digits * 10 + (uint64_t)(*p - '0');
    }
    if (n->number < 18446744073709551616.0 && (uint64_t)n->number == digits) return;
    warn(l, TSK_E_INTEGER_PRECISION, n->span, "numbers of functions are doubles, which do not keep these digits");
}

static bool same_key(const node *a, const node *b) {
    return a->kind == b->kind && (a->kind == TSK_JS_NODE_NUMBER ? a->number == b->number : a->name == b->name);
}

static bool is_plain(const node *p) {
    return p->kind == TSK_JS_NODE_PROPERTY && p->op == TSK_JS_PROPERTY_VALUE && !(p->flags & TSK_JS_NODE_COMPUTED);
}

/* Literals with more keys are tables that a program made. */
enum { KEYS_LOOKED_AT = 200 };

static void walk_object(linter *l, const node *n) {
    uint32_t count = 0;
    for (const node *p = n->list; p; p = p->next, count++) {
        if (p->kind == TSK_JS_NODE_SPREAD) {
            walk(l, p->a);
            continue;
        }
        if (p->flags & TSK_JS_NODE_COMPUTED) walk(l, p->a);
        walk(l, p->b);
        for (const node *q = n->list; is_plain(p) && q != p && count < KEYS_LOOKED_AT; q = q->next)
            if (is_plain(q) && same_key(p->a, q->a)) {
                warn(l, TSK_E_DUPLICATE_KEY, p->a->span, "this key stands twice in the object; the last value counts");
                break;
            }
    }
}

static void walk_class(linter *l, const tsk_js_class_node *c) {
    if (c->heritage) walk(l, c->heritage);
    if (c->constructor) walk_function(l, c->constructor);
    for (const node *m = c->members; m; m = m->next) {
        if (m->flags & TSK_JS_NODE_COMPUTED) walk(l, m->a);
        if (m->b) walk(l, m->b);
    }
}

static void walk_assign(linter *l, const node *n, bool statement) {
    bool compound = n->op != TSK_JS_TOKEN_ASSIGN;
    if (n->a->kind == TSK_JS_NODE_NAME && n->a->binding) {
        if ((compound || !statement) && !(statement && n->op >= TSK_JS_TOKEN_ASSIGN_BIT_OR)) n->a->binding->read = true;
        if (!compound && is_same(n->a, n->b)) warn(l, TSK_E_NO_EFFECT, n->span, "the variable is assigned to itself");
    } else {
        walk_target(l, n->a);
    }
    walk(l, n->b);
}

/* What is left to walk, so that chains to the left need no stack. */
static const node *walk_one(linter *l, const node *n) {
    switch (n->kind) {
    case TSK_JS_NODE_NAME: read_name(l, n); return NULL;
    case TSK_JS_NODE_NUMBER: check_number(l, n); return NULL;
    case TSK_JS_NODE_TEMPLATE:
    case TSK_JS_NODE_ARRAY:
    case TSK_JS_NODE_SEQUENCE:
    case TSK_JS_NODE_OPERATOR: walk_list(l, n->list); return NULL;
    case TSK_JS_NODE_OBJECT: walk_object(l, n); return NULL;
    case TSK_JS_NODE_FUNCTION: walk_function(l, n->function); return NULL;
    case TSK_JS_NODE_CLASS: walk_class(l, n->class_node); return NULL;
    case TSK_JS_NODE_PRIVATE:
    case TSK_JS_NODE_MEMBER:
    case TSK_JS_NODE_SPREAD:
    case TSK_JS_NODE_CHAIN:
    case TSK_JS_NODE_UNARY:
    case TSK_JS_NODE_UPDATE: return n->a;
    case TSK_JS_NODE_BINARY:
        check_comparison(l, n);
        walk(l, n->b);
        return n->a;
    case TSK_JS_NODE_LOGICAL:
        if (is_literal(n->a))
            warn(l, TSK_E_CONSTANT_CONDITION, n->a->span, "the left side is always the same, so only one side counts");
        walk(l, n->b);
        return n->a;
    case TSK_JS_NODE_TAGGED:
    case TSK_JS_NODE_INDEX: walk(l, n->b); return n->a;
    case TSK_JS_NODE_CALL:
    case TSK_JS_NODE_NEW: walk_list(l, n->list); return n->a;
    case TSK_JS_NODE_CONDITIONAL:
        walk_condition(l, n->a, false);
        walk(l, n->b);
        return n->c;
    case TSK_JS_NODE_ASSIGN: walk_assign(l, n, false); return NULL;
    default: return NULL;
    }
}

static void walk(linter *l, const node *n) {
    while (n) n = walk_one(l, n);
}

/* ---- functions ---- */

static void walk_function(linter *l, const tsk_js_function *f) {
    for (const node *p = f->params; p; p = p->next) walk_target(l, p);
    walk_statements(l, f->body);
    if (f->body_scope) leave_scope(l, f->body_scope);
    leave_params(l, f);
    if (f->scope) leave_scope(l, f->scope);
}

/* ---- statements ---- */

static bool ends(const node *s);

static bool list_ends(const node *list) {
    for (; list; list = list->next)
        if (ends(list)) return true;
    return false;
}

/* Nothing behind the statement is reached. */
static bool ends(const node *s) {
    switch (s->kind) {
    case TSK_JS_NODE_RETURN:
    case TSK_JS_NODE_THROW:
    case TSK_JS_NODE_BREAK:
    case TSK_JS_NODE_CONTINUE: return true;
    case TSK_JS_NODE_BLOCK: return list_ends(s->list);
    case TSK_JS_NODE_IF:
        while (s->kind == TSK_JS_NODE_IF) {
            if (!s->c || !ends(s->b)) return false;
            s = s->c;
        }
        return ends(s);
    case TSK_JS_NODE_TRY: return (s->c && ends(s->c)) || (ends(s->a) && (!s->b || ends(s->b->b)));
    default: return false;
    }
}

/* Declarations of functions are made before everything else, and a `var` without a value is no code. */
static bool is_hoisted(const node *s) {
    if (s->kind != TSK_JS_NODE_DECLARE || s->op != TSK_JS_VAR) {
        return s->kind == TSK_JS_NODE_FUNCTION_STATEMENT || s->kind == TSK_JS_NODE_EMPTY;
    }
    for (const node *d = s->list; d; d = d->next)
        if (d->b) return false;
    return true;
}

static void walk_statements(linter *l, const node *list) {
    bool ended = false;
    for (const node *s = list; s; s = s->next) {
        if (ended && !is_hoisted(s)) {
            warn(l, TSK_E_UNREACHABLE, s->span, "this is never reached: what stands before it leaves");
            ended = false;
        } else {
            ended = ended || ends(s);
        }
        walk_statement(l, s);
    }
}

static bool has_effect(const node *n) {
    switch (n->kind) {
    case TSK_JS_NODE_NUMBER:
    case TSK_JS_NODE_TRUE:
    case TSK_JS_NODE_FALSE:
    case TSK_JS_NODE_NULL:
    case TSK_JS_NODE_NAME:
    case TSK_JS_NODE_THIS:
    case TSK_JS_NODE_REGEX:
    case TSK_JS_NODE_BINARY: return false;
    default: return true;
    }
}

static void walk_expression(linter *l, const node *n) {
    if (!has_effect(n))
        warn(l, TSK_E_NO_EFFECT, n->span, "the value is computed and forgotten")->hint =
            n->kind == TSK_JS_NODE_BINARY && n->op == TSK_JS_TOKEN_EQUAL ? "write `=` to assign" : NULL;
    if (n->kind == TSK_JS_NODE_ASSIGN)
        walk_assign(l, n, true);
    else if (n->kind == TSK_JS_NODE_UPDATE)
        walk_target(l, n->a);
    else
        walk(l, n);
}

static void walk_declare(linter *l, const node *s) {
    for (const node *d = s->list; d; d = d->next) {
        read_beside_rest(d->a);
        walk_target(l, d->a);
        if (d->b) walk(l, d->b);
    }
}

static void walk_for(linter *l, const node *s) {
    if (s->a && s->a->kind == TSK_JS_NODE_DECLARE)
        walk_declare(l, s->a);
    else if (s->a)
        walk_expression(l, s->a);
    if (s->b) walk_condition(l, s->b, true);
    walk_statement(l, s->d);
    if (s->c) walk_expression(l, s->c);
    leave_scope(l, s->scope);
}

static void walk_for_each(linter *l, const node *s) {
    walk(l, s->b);
    if (s->a->kind == TSK_JS_NODE_DECLARE)
        walk_declare(l, s->a);
    else
        walk_target(l, s->a);
    walk_statement(l, s->d);
    leave_scope(l, s->scope);
}

static void walk_switch(linter *l, const node *s) {
    uint32_t count = 0;
    walk(l, s->a);
    for (const node *c = s->list; c; c = c->next, count++) {
        if (c->a) walk(l, c->a);
        walk_statements(l, c->list);
        for (const node *other = s->list; c->a && other != c && count < KEYS_LOOKED_AT; other = other->next)
            if (other->a && is_literal(c->a) && c->a->kind != TSK_JS_NODE_TEMPLATE && is_same(c->a, other->a)) {
                warn(l, TSK_E_DUPLICATE_CASE, c->a->span, "this case stands above already, so it is never reached");
                break;
            }
    }
    leave_scope(l, s->scope);
}

static void walk_try(linter *l, const node *s) {
    walk_statement(l, s->a);
    if (s->b) {
        if (s->b->a) walk_target(l, s->b->a);
        walk_statement(l, s->b->b);
        leave_scope(l, s->b->scope);
    }
    if (s->c) walk_statement(l, s->c);
}

static void walk_if(linter *l, const node *s) {
    for (; s && s->kind == TSK_JS_NODE_IF; s = s->c) {
        walk_condition(l, s->a, false);
        walk_statement(l, s->b);
        for (const node *other = s->c; other && other->kind == TSK_JS_NODE_IF; other = other->c)
            if (is_same(s->a, other->a)) {
                warn(l, TSK_E_UNREACHABLE, other->a->span,
                     "this condition stands above already, so it is never true here");
                break;
            }
    }
    if (s) walk_statement(l, s);
}

static void walk_statement(linter *l, const node *s) {
    switch (s->kind) {
    case TSK_JS_NODE_EXPRESSION: walk_expression(l, s->a); break;
    case TSK_JS_NODE_THROW: walk(l, s->a); break;
    case TSK_JS_NODE_RETURN:
        if (s->a) walk(l, s->a);
        break;
    case TSK_JS_NODE_DECLARE: walk_declare(l, s); break;
    case TSK_JS_NODE_BLOCK:
        walk_statements(l, s->list);
        leave_scope(l, s->scope);
        break;
    case TSK_JS_NODE_IF: walk_if(l, s); break;
    case TSK_JS_NODE_FOR: walk_for(l, s); break;
    case TSK_JS_NODE_FOR_OF:
    case TSK_JS_NODE_FOR_IN: walk_for_each(l, s); break;
    case TSK_JS_NODE_WHILE:
    case TSK_JS_NODE_DO:
        walk_condition(l, s->a, s->a->kind == TSK_JS_NODE_TRUE || s->kind == TSK_JS_NODE_DO);
        walk_statement(l, s->d);
        break;
    case TSK_JS_NODE_SWITCH: walk_switch(l, s); break;
    case TSK_JS_NODE_TRY: walk_try(l, s); break;
    case TSK_JS_NODE_LABELED: walk_statement(l, s->a); break;
    case TSK_JS_NODE_FUNCTION_STATEMENT: walk_function(l, s->function); break;
    case TSK_JS_NODE_CLASS_STATEMENT: walk_class(l, s->class_node); break;
    default: break;
    }
}

void tsk_js_lint_function(linter *l, const tsk_js_function *function) {
    walk_function(l, function);
}
