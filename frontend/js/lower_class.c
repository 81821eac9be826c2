/* Classes.
 *
 *   private names ─► superclass ─► constructor ─► prototype ─► methods and keys, in order ─► the name ─► static fields
 *
 * The fields of instances are the code of one function, which the constructor calls when it has `this`.
 */
#include "frontend/js/lowering.h"

#include <string.h>

typedef tsk_js_lowering lowering;
typedef tsk_js_node node;
typedef tsk_js_ir ir;

static bool is_private(const node *member) {
    return member->a && member->a->kind == TSK_JS_NODE_PRIVATE_NAME;
}

static bool is_method(const node *member) {
    return member->op != TSK_JS_PROPERTY_FIELD && member->op != TSK_JS_PROPERTY_STATIC_BLOCK;
}

static tsk_ir_js_member kind_of(const node *member) {
    switch (member->op) {
    case TSK_JS_PROPERTY_GETTER: return TSK_IR_JS_GETTER;
    case TSK_JS_PROPERTY_SETTER: return TSK_IR_JS_SETTER;
    case TSK_JS_PROPERTY_FIELD: return TSK_IR_JS_FIELD;
    default: return TSK_IR_JS_METHOD;
    }
}

/* "get #x" of a key that is a text; empty for others. */
static tsk_slice method_name(lowering *l, const node *member) {
    static const char *const prefixes[] = {[TSK_IR_JS_FIELD] = "", "", "get ", "set "};
    const node *key = member->a;
    if (member->flags & TSK_JS_NODE_COMPUTED || key->kind == TSK_JS_NODE_NUMBER) return (tsk_slice){"", 0};
    const char *text = tsk_arena_printf(l->arena, "%s%s%.*s", prefixes[kind_of(member)], is_private(member) ? "#" : "",
                                        (int)key->name->len, key->name->text);
    return (tsk_slice){text, (uint32_t)strlen(text)};
}

/* ---- methods ---- */

static ir make_method(lowering *l, const node *member, ir target, ir key) {
    tsk_ir_js_member kind = kind_of(member);
    tsk_lowering_at_node(l, member);
    ir closure = tsk_lowering_closure(l, member->b->function, method_name(l, member));
    bool late = member->flags & TSK_JS_NODE_COMPUTED || member->a->kind == TSK_JS_NODE_NUMBER;
    ir args[] = {closure, key};
    if (late) tsk_ir_emit_index(&l->b, TSK_IR_JS_SET_NAME, kind == TSK_IR_JS_METHOD ? 0 : kind - 1u, args, 2);
    if (member->b->function->uses_super) tsk_lowering_emit2(l, TSK_IR_JS_SET_HOME, closure, target);
    return closure;
}

static void lower_member(lowering *l, const node *member, ir cls, ir proto) {
    ir target = member->flags & TSK_JS_NODE_STATIC ? cls : proto;
    if (is_private(member)) {
        if (is_method(member))
            tsk_lowering_binding_initialize(l, member->binding, make_method(l, member, target, NULL));
        return;
    }
    if (member->op == TSK_JS_PROPERTY_STATIC_BLOCK) return;
    if (member->op == TSK_JS_PROPERTY_FIELD) {
        if (member->flags & TSK_JS_NODE_COMPUTED)
            tsk_lowering_binding_initialize(l, member->binding, tsk_lowering_key_of(l, member));
        return;
    }
    ir key = tsk_lowering_key_of(l, member);
    ir args[] = {target, key, make_method(l, member, target, key)};
    tsk_ir_emit_index(&l->b, TSK_IR_JS_DEFINE, kind_of(member), args, 3);
}

/* ---- the class ---- */

static void begin_names(lowering *l, const tsk_js_class_node *c) {
    tsk_lowering_scope_begin(l, c->scope, NULL);
    for (const tsk_js_binding *b = c->scope->first; b; b = b->next) {
        if (b->kind != TSK_JS_PRIVATE_BINDING) continue;
        const char *text = tsk_arena_printf(l->arena, "#%.*s", (int)b->name->len, b->name->text);
        tsk_value name = tsk_str_borrow(l->arena, text, b->name->len + 1);
        tsk_lowering_binding_initialize(l, b, tsk_ir_emit(&l->b, TSK_IR_JS_PRIVATE_NAME, name, NULL, 0));
    }
}

static const tsk_js_name *prototype_name(lowering *l) {
    static const char text[] = "prototype";
    tsk_js_name *name = TSK_NEW(l->arena, tsk_js_name);
    *name = (tsk_js_name){.text = text, .len = sizeof text - 1};
    return name;
}

ir tsk_lowering_class_value(lowering *l, const tsk_js_class_node *c, tsk_slice name) {
    static const tsk_slice none = {"", 0};
    begin_names(l, c);
    ir parent = c->heritage ? tsk_lowering_value(l, c->heritage) : tsk_lowering_const(l, TSK_VALUE_HOLE);
    l->b.span = c->span;
    ir cls = tsk_lowering_closure_of_class(l, c, name);
    tsk_lowering_emit2(l, TSK_IR_JS_CLASS, parent, cls);
    ir proto = tsk_lowering_emit_named(l, TSK_IR_JS_GET, prototype_name(l), &cls, 1);
    tsk_lowering_emit2(l, TSK_IR_JS_SET_HOME, cls, proto);
    for (const node *m = c->members; m; m = m->next) lower_member(l, m, cls, proto);
    l->b.span = c->span;
    if (c->self) tsk_lowering_binding_initialize(l, c->self, cls);
    if (c->fields) {
        ir fields = tsk_lowering_closure(l, c->fields, none);
        tsk_lowering_emit2(l, TSK_IR_JS_SET_HOME, fields, proto);
        tsk_lowering_emit2(l, TSK_IR_JS_SET_FIELDS, cls, fields);
    }
    if (c->statics) {
        ir statics = tsk_lowering_closure(l, c->statics, none);
        tsk_lowering_emit2(l, TSK_IR_JS_SET_HOME, statics, cls);
        tsk_lowering_emit2(l, TSK_IR_JS_CALL, statics, cls);
    }
    return cls;
}

/* ---- functions of fields ---- */

static void add_private(lowering *l, const node *m, ir value) {
    ir args[] = {tsk_lowering_this(l), tsk_lowering_binding_get(l, m->a->binding), value};
    tsk_ir_emit_index(&l->b, TSK_IR_JS_PRIVATE_ADD, kind_of(m), args, 3);
}

static void add_field(lowering *l, const node *m) {
    bool computed = m->flags & TSK_JS_NODE_COMPUTED;
    ir key = computed        ? tsk_lowering_binding_get(l, m->binding)
             : is_private(m) ? NULL
                             : tsk_lowering_member_key(l, m->a);
    ir value = tsk_lowering_undefined(l);
    if (m->b && tsk_lowering_is_anonymous(m->b) && !computed && m->a->kind != TSK_JS_NODE_NUMBER) {
        tsk_slice name = method_name(l, m);
        value = m->b->kind == TSK_JS_NODE_FUNCTION ? tsk_lowering_closure(l, m->b->function, name)
                                                   : tsk_lowering_class_value(l, m->b->class_node, name);
    } else if (m->b) {
        value = tsk_lowering_value(l, m->b);
        ir args[] = {value, key};
        if (tsk_lowering_is_anonymous(m->b)) tsk_ir_emit_index(&l->b, TSK_IR_JS_SET_NAME, 0, args, 2);
    }
    tsk_lowering_at_node(l, m);
    if (is_private(m)) {
        add_private(l, m, value);
        return;
    }
    ir args[] = {tsk_lowering_this(l), key, value};
    tsk_ir_emit_index(&l->b, TSK_IR_JS_DEFINE, TSK_IR_JS_FIELD, args, 3);
}

static void run_static_block(lowering *l, const node *m) {
    static const tsk_slice none = {"", 0};
    ir block = tsk_lowering_closure(l, m->b->function, none);
    tsk_lowering_emit2(l, TSK_IR_JS_SET_HOME, block, tsk_lowering_this(l));
    tsk_lowering_emit2(l, TSK_IR_JS_CALL, block, tsk_lowering_this(l));
}

void tsk_lowering_class_fields(lowering *l, const tsk_js_function *f) {
    uint16_t is_static = f->flags & TSK_JS_FUNCTION_STATIC ? TSK_JS_NODE_STATIC : 0;
    for (const node *m = f->fields_of->members; m; m = m->next)
        if ((m->flags & TSK_JS_NODE_STATIC) == is_static && is_private(m) && is_method(m))
            add_private(l, m, tsk_lowering_binding_get(l, m->binding));
    for (const node *m = f->fields_of->members; m; m = m->next) {
        if ((m->flags & TSK_JS_NODE_STATIC) != is_static || is_method(m)) continue;
        tsk_lowering_at_node(l, m);
        if (m->op == TSK_JS_PROPERTY_STATIC_BLOCK)
            run_static_block(l, m);
        else
            add_field(l, m);
    }
}

/* constructor(...args) { super(...args); }, which looks at no iterator; or constructor() { }. */
void tsk_lowering_class_constructor(lowering *l, const tsk_js_class_node *c) {
    tsk_ir_func *func = l->b.func;
    ir function = func->entry->params[TSK_IR_JS_CALLEE], made = func->entry->params[TSK_IR_JS_THIS];
    if (c->heritage)
        made = tsk_lowering_emit3(l, TSK_IR_JS_SUPER_SPREAD, tsk_lowering_emit1(l, TSK_IR_JS_SUPER_PARENT, function),
                                  func->entry->params[TSK_IR_JS_NEW_TARGET], func->entry->params[func->params - 1]);
    tsk_lowering_emit2(l, TSK_IR_JS_INIT_FIELDS, made, function);
    tsk_ir_return(&l->b, made);
}
