/* The walk that resolves names: scopes are opened in the order of the source, everything they declare first.
 *
 *   function ─ hoist var and functions ─ parameters ─ body
 *   block ─ declare let, const, class and functions of its list ─ statements
 *
 * Recursion follows the nesting that the parser has limited; lists and chains to the left are loops.
 */
#include "frontend/js/parser.h"
#include "frontend/js/scope.h"

#include <string.h>

typedef tsk_js_resolver resolver;
typedef tsk_js_node node;

static void walk(resolver *r, node *n);
static void walk_statement(resolver *r, node *s);
static void walk_function(resolver *r, tsk_js_function *f);
static void walk_class(resolver *r, tsk_js_class_node *c);

static uint32_t end_of(const node *n) {
    return n->span.pos + n->span.len;
}

static bool deeper(resolver *r, const node *n) {
    if (r->failed) return false;
    if (++r->depth <= r->max_depth) return true;
    tsk_js_resolve_fail(r, n->span, "the function is nested more than %u deep", r->max_depth);
    return false;
}

static void walk_list(resolver *r, node *list) {
    for (node *n = list; n && !r->failed; n = n->next) walk(r, n);
}

/* ---- what a declaration declares ---- */

typedef void declare_fn(resolver *r, node *name, tsk_js_binding_kind kind, uint32_t ready);

/* Every name of a target, patterns looked through. */
static void each_name(resolver *r, node *target, declare_fn *declare, tsk_js_binding_kind kind, uint32_t ready) {
    switch (target->kind) {
    case TSK_JS_NODE_NAME: declare(r, target, kind, ready); break;
    case TSK_JS_NODE_DEFAULT:
    case TSK_JS_NODE_REST: each_name(r, target->a, declare, kind, ready); break;
    case TSK_JS_NODE_PROPERTY: each_name(r, target->b, declare, kind, ready); break;
    case TSK_JS_NODE_ARRAY_PATTERN:
    case TSK_JS_NODE_OBJECT_PATTERN:
        for (node *e = target->list; e; e = e->next) each_name(r, e, declare, kind, ready);
        break;
    default: break;
    }
}

static void declare_here(resolver *r, node *name, tsk_js_binding_kind kind, uint32_t ready) {
    name->binding = tsk_js_scope_declare(r, r->scope, kind, name, ready);
}

static void check_var(resolver *r, node *name, tsk_js_binding_kind kind, uint32_t ready) {
    (void)kind;
    (void)ready;
    tsk_js_scope_check_var(r, name);
}

/* ---- hoisting ---- */

static void hoist_declare(resolver *r, node *declare) {
    if (declare->op != TSK_JS_VAR) return;
    for (node *d = declare->list; d; d = d->next) {
        /* In a loop the value is given again and again: no function may keep one of them. */
        uint32_t ready = r->loops ? UINT32_MAX : end_of(d);
        each_name(r, d->a, declare_here, TSK_JS_VAR, d->b || r->loops ? ready : 0);
    }
}

/* Declares every var of the statements in the scope of the function. */
static void hoist(resolver *r, node *list) {
    for (node *s = list; s && !r->failed; s = s->next) {
        switch (s->kind) {
        case TSK_JS_NODE_DECLARE: hoist_declare(r, s); break;
        case TSK_JS_NODE_BLOCK:
        case TSK_JS_NODE_CASE:
        case TSK_JS_NODE_SWITCH: hoist(r, s->list); break;
        case TSK_JS_NODE_IF:
            for (node *i = s; i; i = i->kind == TSK_JS_NODE_IF ? i->c : NULL) {
                hoist(r, i->kind == TSK_JS_NODE_IF ? i->b : i);
            }
            break;
        case TSK_JS_NODE_FOR:
        case TSK_JS_NODE_FOR_OF:
        case TSK_JS_NODE_FOR_IN:
        case TSK_JS_NODE_WHILE:
        case TSK_JS_NODE_DO:
            r->loops += s->kind != TSK_JS_NODE_FOR;
            if (s->a && s->a->kind == TSK_JS_NODE_DECLARE) hoist_declare(r, s->a);
            r->loops += s->kind == TSK_JS_NODE_FOR;
            hoist(r, s->d);
            r->loops--;
            break;
        case TSK_JS_NODE_LABELED: hoist(r, s->a); break;
        case TSK_JS_NODE_TRY:
            hoist(r, s->a);
            if (s->b) hoist(r, s->b->b);
            if (s->c) hoist(r, s->c);
            break;
        default: break;
        }
    }
}

static tsk_js_binding *declare_name(resolver *r, node *at, const tsk_js_name *name, tsk_js_binding_kind kind,
                                    uint32_t ready) {
    node named = {.kind = TSK_JS_NODE_NAME, .name = name, .span = at->span};
    return tsk_js_scope_declare(r, r->scope, kind, &named, ready);
}

/* Declares what the list itself declares in the scope that is open. */
static void declare_list(resolver *r, node *list) {
    for (node *s = list; s && !r->failed; s = s->next) {
        if (s->kind == TSK_JS_NODE_FUNCTION_STATEMENT) {
            s->function->made = r->scope->start;
            s->function->declared = declare_name(r, s, s->function->name, TSK_JS_FUNCTION, r->scope->start + 1);
        } else if (s->kind == TSK_JS_NODE_CLASS_STATEMENT) {
            s->class_node->declared = declare_name(r, s, s->class_node->name, TSK_JS_CLASS, end_of(s));
        } else if (s->kind == TSK_JS_NODE_DECLARE && s->op != TSK_JS_VAR) {
            for (node *d = s->list; d; d = d->next)
                each_name(r, d->a, declare_here, (tsk_js_binding_kind)s->op, end_of(d));
        }
    }
}

/* ---- names in use ---- */

static void use_name(resolver *r, node *n) {
    static const char arguments[] = "arguments";
    n->binding = tsk_js_scope_use(r, n);
    if (n->binding || n->name->len != 9 || memcmp(n->name->text, arguments, 9)) return;
    tsk_js_function *f = r->function;
    while (f->flags & TSK_JS_FUNCTION_ARROW && f->outer) f = f->outer;
    if (f->flags & TSK_JS_FUNCTION_FIELDS)
        tsk_js_resolve_fail(r, n->span, "`arguments` may not be used in a field or static block");
    for (tsk_js_function *g = r->function; g != f; g = g->outer) g->uses_arguments = true;
    f->uses_arguments = true;
}

static void assign_name(resolver *r, node *n) {
    use_name(r, n);
    if (!n->binding) return;
    n->binding->reassigned = true;
    tsk_js_scope_assigned(r, n->binding);
}

/* The first value of a declared name. */
static void initialize_name(resolver *r, node *name, tsk_js_binding_kind kind, uint32_t ready) {
    (void)ready;
    if (kind == TSK_JS_VAR) {
        tsk_js_scope_check_var(r, name);
        name->binding = tsk_js_scope_use(r, name);
        if (name->binding && (name->binding->ready > end_of(name) + 1 || name->binding->kind != TSK_JS_VAR))
            name->binding->reassigned |= name->binding->ready == UINT32_MAX || name->binding->kind != TSK_JS_VAR;
    }
    if (name->binding) tsk_js_scope_assigned(r, name->binding);
}

/* `this` and its kin belong to the nearest function that is no arrow; arrows take them from there. */
static tsk_js_function *home_of_this(tsk_js_function *f) {
    while (f->flags & TSK_JS_FUNCTION_ARROW && f->outer) f = f->outer;
    return f;
}

static void use_this(resolver *r) {
    tsk_js_function *home = home_of_this(r->function);
    for (tsk_js_function *f = r->function; f != home; f = f->outer) f->uses_this = true;
    home->uses_this = true;
    home->this_captured |= home != r->function;
}

static void use_super(resolver *r, node *n, bool call) {
    tsk_js_function *home = home_of_this(r->function);
    bool allowed = call ? (home->flags & TSK_JS_FUNCTION_DERIVED) != 0 : (home->flags & TSK_JS_FUNCTION_METHOD) != 0;
    if (!allowed)
        tsk_js_resolve_fail(r, n->span,
                            call ? "super() stands in no constructor of a class that extends another"
                                 : "super stands in no method");
    for (tsk_js_function *f = r->function; f != home; f = f->outer) f->uses_super = true;
    home->uses_super = true;
    use_this(r);
    if (!call) return;
    for (tsk_js_function *f = r->function; f != home; f = f->outer) f->uses_new_target = true;
    home->uses_new_target = true;
}

static void use_new_target(resolver *r, node *n) {
    tsk_js_function *home = home_of_this(r->function);
    if (home->flags & TSK_JS_FUNCTION_SCRIPT) tsk_js_resolve_fail(r, n->span, "new.target stands in no function");
    for (tsk_js_function *f = r->function; f != home; f = f->outer) f->uses_new_target = true;
    home->uses_new_target = true;
}

/* ---- targets ---- */

static void walk_target(resolver *r, node *t) {
    if (!deeper(r, t)) return;
    switch (t->kind) {
    case TSK_JS_NODE_NAME: assign_name(r, t); break;
    case TSK_JS_NODE_DEFAULT:
        walk_target(r, t->a);
        walk(r, t->b);
        break;
    case TSK_JS_NODE_REST: walk_target(r, t->a); break;
    case TSK_JS_NODE_HOLE: break;
    case TSK_JS_NODE_PROPERTY:
        if (t->flags & TSK_JS_NODE_COMPUTED) walk(r, t->a);
        walk_target(r, t->b);
        break;
    case TSK_JS_NODE_ARRAY_PATTERN:
    case TSK_JS_NODE_OBJECT_PATTERN:
        for (node *e = t->list; e && !r->failed; e = e->next) walk_target(r, e);
        break;
    default: walk(r, t);
    }
    r->depth--;
}

/* The code in a declared pattern: defaults and computed keys. */
static void walk_pattern_code(resolver *r, node *t) {
    if (!deeper(r, t)) return;
    switch (t->kind) {
    case TSK_JS_NODE_DEFAULT:
        walk_pattern_code(r, t->a);
        walk(r, t->b);
        break;
    case TSK_JS_NODE_REST: walk_pattern_code(r, t->a); break;
    case TSK_JS_NODE_PROPERTY:
        if (t->flags & TSK_JS_NODE_COMPUTED) walk(r, t->a);
        walk_pattern_code(r, t->b);
        break;
    case TSK_JS_NODE_ARRAY_PATTERN:
    case TSK_JS_NODE_OBJECT_PATTERN:
        for (node *e = t->list; e && !r->failed; e = e->next) walk_pattern_code(r, e);
        break;
    default: break;
    }
    r->depth--;
}

/* ---- expressions ---- */

static void walk_function_value(resolver *r, node *n) {
    if (!n->function->made) n->function->made = n->span.pos;
    walk_function(r, n->function);
}

static void walk_object(resolver *r, node *object) {
    for (node *p = object->list; p && !r->failed; p = p->next) {
        if (p->kind == TSK_JS_NODE_PROPERTY && p->flags & TSK_JS_NODE_COMPUTED) walk(r, p->a);
        walk(r, p->kind == TSK_JS_NODE_PROPERTY ? p->b : p->a);
    }
}

static void walk_update(resolver *r, node *n) {
    if (n->a->kind == TSK_JS_NODE_NAME)
        assign_name(r, n->a);
    else
        walk(r, n->a);
}

static void walk_private(resolver *r, node *n) {
    node name = *n;
    n->binding = tsk_js_scope_private(r, &name);
}

/* One node; gives the one to go on with, so that chains to the left need no stack. */
static node *walk_one(resolver *r, node *n) {
    switch (n->kind) {
    case TSK_JS_NODE_NAME: use_name(r, n); return NULL;
    case TSK_JS_NODE_THIS: use_this(r); return NULL;
    case TSK_JS_NODE_SUPER: use_super(r, n, false); return NULL;
    case TSK_JS_NODE_NEW_TARGET: use_new_target(r, n); return NULL;
    case TSK_JS_NODE_TEMPLATE:
    case TSK_JS_NODE_ARRAY:
    case TSK_JS_NODE_SEQUENCE:
    case TSK_JS_NODE_OPERATOR: walk_list(r, n->list); return NULL;
    case TSK_JS_NODE_OBJECT: walk_object(r, n); return NULL;
    case TSK_JS_NODE_FUNCTION: walk_function_value(r, n); return NULL;
    case TSK_JS_NODE_CLASS: walk_class(r, n->class_node); return NULL;
    case TSK_JS_NODE_PRIVATE: walk_private(r, n); return n->a;
    case TSK_JS_NODE_PRIVATE_NAME: walk_private(r, n); return NULL;
    case TSK_JS_NODE_MEMBER:
    case TSK_JS_NODE_SPREAD:
    case TSK_JS_NODE_CHAIN:
    case TSK_JS_NODE_UNARY: return n->a;
    case TSK_JS_NODE_UPDATE: walk_update(r, n); return NULL;
    case TSK_JS_NODE_TAGGED:
    case TSK_JS_NODE_INDEX:
    case TSK_JS_NODE_BINARY:
    case TSK_JS_NODE_LOGICAL: walk(r, n->b); return n->a;
    case TSK_JS_NODE_CALL:
        walk_list(r, n->list);
        if (n->a->kind != TSK_JS_NODE_SUPER) return n->a;
        use_super(r, n->a, true);
        return NULL;
    case TSK_JS_NODE_NEW: walk_list(r, n->list); return n->a;
    case TSK_JS_NODE_CONDITIONAL:
        walk(r, n->a);
        walk(r, n->b);
        return n->c;
    case TSK_JS_NODE_ASSIGN: walk_target(r, n->a); return n->b;
    default: return NULL;
    }
}

static void walk(resolver *r, node *n) {
    if (!deeper(r, n)) return;
    while (n && !r->failed) n = walk_one(r, n);
    r->depth--;
}

/* ---- functions ---- */

static bool has_code(const node *target) {
    switch (target->kind) {
    case TSK_JS_NODE_DEFAULT: return true;
    case TSK_JS_NODE_REST: return has_code(target->a);
    case TSK_JS_NODE_PROPERTY: return target->flags & TSK_JS_NODE_COMPUTED || has_code(target->b);
    case TSK_JS_NODE_ARRAY_PATTERN:
    case TSK_JS_NODE_OBJECT_PATTERN:
        for (const node *e = target->list; e; e = e->next)
            if (has_code(e)) return true;
        return false;
    default: return false;
    }
}

static void check_await(resolver *r, const tsk_js_name *name, tsk_span span) {
    bool await = name->len == 5 && !memcmp(name->text, "await", 5);
    if (await && !r->failed) tsk_js_resolve_fail(r, span, "`await` may not be declared by an async function");
}

static void check_param(resolver *r, node *name, tsk_js_binding_kind kind, uint32_t ready) {
    (void)kind;
    (void)ready;
    check_await(r, name->name, name->span);
}

static void declare_params(resolver *r, tsk_js_function *f) {
    bool async = f->flags & TSK_JS_FUNCTION_ASYNC;
    for (node *param = f->params; param && async; param = param->next)
        each_name(r, param, check_param, TSK_JS_PARAM, 0);
    bool simple = f->flags & TSK_JS_FUNCTION_SIMPLE;
    for (node *param = f->params; param && !r->failed; param = param->next)
        each_name(r, param, declare_here, TSK_JS_PARAM, simple ? f->span.pos : end_of(param));
}

/* A var of the body that has the name of a parameter starts with its value. */
static void take_params(resolver *r, const tsk_js_function *f) {
    for (tsk_js_binding *b = f->body_scope->first; b && !r->failed; b = b->next) {
        if (!b->shadowed || b->shadowed->scope != f->scope || b->shadowed->kind != TSK_JS_PARAM) continue;
        b->param = b->shadowed;
        b->ready = UINT32_MAX;
    }
}

static void walk_body(resolver *r, tsk_js_function *f) {
    bool params_have_code = false;
    for (const node *param = f->params; param; param = param->next) params_have_code |= has_code(param);
    if (params_have_code) {
        f->body_scope = tsk_js_scope_open(r, TSK_JS_SCOPE_BODY, f->body ? f->body->span.pos : f->span.pos);
        hoist(r, f->body);
        take_params(r, f);
    } else {
        hoist(r, f->body);
    }
    declare_list(r, f->body);
    for (node *s = f->body; s && !r->failed; s = s->next) walk_statement(r, s);
    if (params_have_code) tsk_js_scope_close(r);
}

static void walk_function(resolver *r, tsk_js_function *f) {
    tsk_js_guard *guards = r->guards;
    uint32_t loops = r->loops;
    tsk_js_function *outer = r->function;
    f->outer = outer;
    r->function = f;
    r->guards = NULL;
    r->loops = 0;
    bool named = f->flags & TSK_JS_FUNCTION_NAMED;
    if (named) {
        if (f->flags & TSK_JS_FUNCTION_ASYNC) check_await(r, f->name, f->span);
        tsk_js_scope_open(r, TSK_JS_SCOPE_BLOCK, f->span.pos);
        f->self = tsk_js_scope_add(r, r->scope, TSK_JS_SELF_NAME, f->name, f->span, 0);
    }
    f->scope = tsk_js_scope_open(r, TSK_JS_SCOPE_FUNCTION, f->span.pos);
    declare_params(r, f);
    for (node *param = f->params; param && !r->failed; param = param->next) walk_pattern_code(r, param);
    walk_body(r, f);
    tsk_js_scope_close(r);
    if (named) tsk_js_scope_close(r);
    r->function = outer;
    r->guards = guards;
    r->loops = loops;
}

/* ---- classes ---- */

static bool pairs(const node *a, const node *b) {
    bool accessors = (a->op == TSK_JS_PROPERTY_GETTER && b->op == TSK_JS_PROPERTY_SETTER) ||
                     (a->op == TSK_JS_PROPERTY_SETTER && b->op == TSK_JS_PROPERTY_GETTER);
    return accessors && (a->flags & TSK_JS_NODE_STATIC) == (b->flags & TSK_JS_NODE_STATIC);
}

/* Two declarations of a private name must be a getter and its setter. */
static void declare_private(resolver *r, tsk_js_class_node *c, node *member) {
    const node *first = NULL;
    uint32_t count = 0;
    if (member->a->name->visible[1] && member->a->name->visible[1]->scope == r->scope) {
        for (const node *m = c->members; m != member; m = m->next)
            if (m->a && m->a->kind == TSK_JS_NODE_PRIVATE_NAME && m->a->name == member->a->name) {
                first = m;
                count++;
            }
    }
    if (!first)
        tsk_js_scope_add(r, r->scope, TSK_JS_PRIVATE_BINDING, member->a->name, member->a->span, 0);
    else if (count > 1 || !pairs(first, member))
        tsk_js_resolve_fail(r, member->a->span, "this private name is declared twice");
    if (member->op != TSK_JS_PROPERTY_FIELD)
        member->binding = tsk_js_scope_add(r, r->scope, TSK_JS_HIDDEN_NAME, NULL, member->span, 0);
}

static void declare_members(resolver *r, tsk_js_class_node *c) {
    for (node *m = c->members; m && !r->failed; m = m->next) {
        if (m->a && m->a->kind == TSK_JS_NODE_PRIVATE_NAME) declare_private(r, c, m);
        if (m->op == TSK_JS_PROPERTY_FIELD && m->flags & TSK_JS_NODE_COMPUTED)
            m->binding = tsk_js_scope_add(r, r->scope, TSK_JS_HIDDEN_NAME, NULL, m->span, 0);
    }
}

/* The function of the fields uses the names, keys and methods that it puts into the object. */
static void walk_fields(resolver *r, tsk_js_function *f) {
    tsk_js_class_node *c = f->fields_of;
    tsk_js_function *outer = r->function;
    tsk_js_guard *guards = r->guards;
    f->outer = outer;
    f->made = c->span.pos + c->span.len;
    r->function = f;
    r->guards = NULL;
    f->scope = tsk_js_scope_open(r, TSK_JS_SCOPE_FUNCTION, f->span.pos);
    uint16_t is_static = f->flags & TSK_JS_FUNCTION_STATIC ? TSK_JS_NODE_STATIC : 0;
    for (node *m = c->members; m && !r->failed; m = m->next) {
        bool of_fields = m->op == TSK_JS_PROPERTY_FIELD || m->op == TSK_JS_PROPERTY_STATIC_BLOCK;
        if ((m->flags & TSK_JS_NODE_STATIC) != is_static) continue;
        if (m->a && m->a->kind == TSK_JS_NODE_PRIVATE_NAME) walk_private(r, m->a);
        if (m->binding) tsk_js_scope_use_binding(r, m->binding, f->made);
        if (of_fields && m->b) walk(r, m->b);
    }
    f->uses_this = true;
    tsk_js_scope_close(r);
    r->function = outer;
    r->guards = guards;
}

static void walk_class(resolver *r, tsk_js_class_node *c) {
    c->scope = tsk_js_scope_open(r, TSK_JS_SCOPE_CLASS, c->span.pos);
    uint32_t end = c->span.pos + c->span.len;
    if (c->name) c->self = tsk_js_scope_add(r, c->scope, TSK_JS_SELF_NAME, c->name, c->span, end);
    if (c->heritage) walk(r, c->heritage); /* private names of the class are not in sight */
    declare_members(r, c);
    if (c->constructor) {
        c->constructor->made = c->span.pos;
        walk_function(r, c->constructor);
    }
    for (node *m = c->members; m && !r->failed; m = m->next) {
        if (m->flags & TSK_JS_NODE_COMPUTED) walk(r, m->a);
        if (m->op != TSK_JS_PROPERTY_FIELD && m->op != TSK_JS_PROPERTY_STATIC_BLOCK) walk(r, m->b);
    }
    if (c->fields) walk_fields(r, c->fields);
    if (c->statics) walk_fields(r, c->statics);
    tsk_js_scope_close(r);
}

/* ---- statements ---- */

static void walk_block(resolver *r, node *s, tsk_js_scope_kind kind) {
    s->scope = tsk_js_scope_open(r, kind, s->span.pos);
    declare_list(r, s->list);
    for (node *i = s->list; i && !r->failed; i = i->next) walk_statement(r, i);
    tsk_js_scope_close(r);
}

static void walk_declare(resolver *r, node *s) {
    for (node *d = s->list; d && !r->failed; d = d->next) {
        walk_pattern_code(r, d->a);
        if (d->b) walk(r, d->b);
        bool initializes = d->b || s->op != TSK_JS_VAR || r->loops;
        each_name(r, d->a, initializes ? initialize_name : check_var, (tsk_js_binding_kind)s->op, 0);
        if (d->a->kind == TSK_JS_NODE_NAME && !initializes) d->a->binding = tsk_js_scope_use(r, d->a);
    }
}

static void walk_for(resolver *r, node *s) {
    s->scope = tsk_js_scope_open(r, TSK_JS_SCOPE_LOOP, s->span.pos);
    if (s->a && s->a->kind == TSK_JS_NODE_DECLARE) {
        if (s->a->op != TSK_JS_VAR) {
            for (node *d = s->a->list; d; d = d->next)
                each_name(r, d->a, declare_here, (tsk_js_binding_kind)s->a->op, end_of(d));
        }
        walk_declare(r, s->a);
    } else if (s->a) {
        walk(r, s->a);
    }
    r->loops++;
    if (s->b) walk(r, s->b);
    walk_statement(r, s->d);
    if (s->c) walk(r, s->c);
    r->loops--;
    tsk_js_scope_close(r);
}

/* The iterable is evaluated with the names of the loop in sight and without a value. */
static void walk_for_each(resolver *r, node *s) {
    s->scope = tsk_js_scope_open(r, TSK_JS_SCOPE_LOOP, s->span.pos);
    bool lexical = s->a->kind == TSK_JS_NODE_DECLARE && s->a->op != TSK_JS_VAR;
    if (lexical) {
        s->a->list->b = NULL;
        each_name(r, s->a->list->a, declare_here, (tsk_js_binding_kind)s->a->op, end_of(s->b));
    }
    walk(r, s->b);
    r->loops++;
    if (s->a->kind == TSK_JS_NODE_DECLARE)
        walk_declare(r, s->a);
    else
        walk_target(r, s->a);
    walk_statement(r, s->d);
    r->loops--;
    tsk_js_scope_close(r);
}

static void walk_switch(resolver *r, node *s) {
    walk(r, s->a);
    s->scope = tsk_js_scope_open(r, TSK_JS_SCOPE_SWITCH, s->span.pos);
    for (node *c = s->list; c && !r->failed; c = c->next) declare_list(r, c->list);
    for (node *c = s->list; c && !r->failed; c = c->next) {
        if (c->a) walk(r, c->a);
        for (node *i = c->list; i && !r->failed; i = i->next) walk_statement(r, i);
    }
    tsk_js_scope_close(r);
}

static void refuse_param(resolver *r, node *name, tsk_js_binding_kind kind, uint32_t ready) {
    (void)kind;
    (void)ready;
    const tsk_js_binding *b = name->name->visible[0];
    if (b && b->scope == r->scope && !r->failed)
        tsk_js_resolve_fail(r, name->span, "`%.*s` is the parameter of the catch", (int)name->name->len,
                            name->name->text);
}

/* The block of a catch may not declare the names of its parameter again. */
static void check_catch_block(resolver *r, node *list) {
    for (node *s = list; s && !r->failed; s = s->next) {
        node named = {.kind = TSK_JS_NODE_NAME, .span = s->span};
        if (s->kind == TSK_JS_NODE_DECLARE && s->op != TSK_JS_VAR) {
            for (node *d = s->list; d; d = d->next) each_name(r, d->a, refuse_param, TSK_JS_LET, 0);
        } else if (s->kind == TSK_JS_NODE_FUNCTION_STATEMENT || s->kind == TSK_JS_NODE_CLASS_STATEMENT) {
            named.name = s->kind == TSK_JS_NODE_CLASS_STATEMENT ? s->class_node->name : s->function->name;
            refuse_param(r, &named, TSK_JS_LET, 0);
        }
    }
}

static void walk_catch(resolver *r, node *c) {
    c->scope = tsk_js_scope_open(r, TSK_JS_SCOPE_BLOCK, c->span.pos);
    if (c->a) {
        bool plain = c->a->kind == TSK_JS_NODE_NAME;
        each_name(r, c->a, declare_here, plain ? TSK_JS_CATCH_PARAM : TSK_JS_LET, end_of(c->a));
        walk_pattern_code(r, c->a);
    }
    if (c->a) check_catch_block(r, c->b->list);
    walk_block(r, c->b, TSK_JS_SCOPE_BLOCK);
    tsk_js_scope_close(r);
}

static void walk_try(resolver *r, node *s) {
    tsk_js_guard guard = {r->guards, r->scope->depth};
    r->guards = &guard;
    walk_block(r, s->a, TSK_JS_SCOPE_BLOCK);
    if (!s->c) r->guards = guard.outer;
    if (s->b) walk_catch(r, s->b);
    r->guards = guard.outer;
    if (s->c) walk_block(r, s->c, TSK_JS_SCOPE_BLOCK);
}

static void walk_if(resolver *r, node *s) {
    for (node *i = s; i && !r->failed; i = i->c) {
        if (i->kind != TSK_JS_NODE_IF) {
            walk_statement(r, i);
            return;
        }
        walk(r, i->a);
        walk_statement(r, i->b);
    }
}

static void walk_loop(resolver *r, node *s) {
    r->loops++;
    walk(r, s->a);
    walk_statement(r, s->d);
    r->loops--;
}

static void walk_statement(resolver *r, node *s) {
    if (!deeper(r, s)) return;
    switch (s->kind) {
    case TSK_JS_NODE_EXPRESSION:
    case TSK_JS_NODE_THROW: walk(r, s->a); break;
    case TSK_JS_NODE_RETURN:
        if (s->a) walk(r, s->a);
        break;
    case TSK_JS_NODE_DECLARE: walk_declare(r, s); break;
    case TSK_JS_NODE_BLOCK: walk_block(r, s, TSK_JS_SCOPE_BLOCK); break;
    case TSK_JS_NODE_IF: walk_if(r, s); break;
    case TSK_JS_NODE_FOR: walk_for(r, s); break;
    case TSK_JS_NODE_FOR_OF:
    case TSK_JS_NODE_FOR_IN: walk_for_each(r, s); break;
    case TSK_JS_NODE_WHILE:
    case TSK_JS_NODE_DO: walk_loop(r, s); break;
    case TSK_JS_NODE_SWITCH: walk_switch(r, s); break;
    case TSK_JS_NODE_TRY: walk_try(r, s); break;
    case TSK_JS_NODE_LABELED: walk_statement(r, s->a); break;
    case TSK_JS_NODE_FUNCTION_STATEMENT: walk_function(r, s->function); break;
    case TSK_JS_NODE_CLASS_STATEMENT: walk_class(r, s->class_node); break;
    default: break;
    }
    r->depth--;
}

bool tsk_js_resolve_names(tsk_arena *arena, tsk_diags *diags, tsk_js_function *top, uint32_t max_depth) {
    resolver r = {.arena = arena, .diags = diags, .function = top, .max_depth = max_depth * 2};
    top->scope = tsk_js_scope_open(&r, TSK_JS_SCOPE_SCRIPT, top->span.pos);
    hoist(&r, top->body);
    declare_list(&r, top->body);
    for (node *s = top->body; s && !r.failed; s = s->next) walk_statement(&r, s);
    tsk_js_scope_close(&r);
    return !r.failed;
}
