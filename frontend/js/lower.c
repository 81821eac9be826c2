/* Functions: names, `this`, closures, and the beginning of a body. */
#include "frontend/js/lowering.h"

#include "runtime/base/mutation.h"

#include <math.h>
#include <string.h>

/* ---- emitting ---- */

void tsk_lowering_at_node(tsk_js_lowering *l, const tsk_js_node *n) {
    uint32_t before = n->at > n->span.pos ? n->at - n->span.pos : 0;
    l->b.span = (tsk_span){n->span.pos + before, n->span.len - before};
}

tsk_js_ir tsk_lowering_emit0(tsk_js_lowering *l, tsk_ir_op op) {
    return tsk_ir_emit_index(&l->b, op, 0, NULL, 0);
}

tsk_js_ir tsk_lowering_emit1(tsk_js_lowering *l, tsk_ir_op op, tsk_js_ir a) {
    return tsk_ir_emit_index(&l->b, op, 0, &a, 1);
}

tsk_js_ir tsk_lowering_emit2(tsk_js_lowering *l, tsk_ir_op op, tsk_js_ir a, tsk_js_ir b) {
    tsk_js_ir args[] = {a, b};
    return tsk_ir_emit_index(&l->b, op, 0, args, 2);
}

tsk_js_ir tsk_lowering_emit3(tsk_js_lowering *l, tsk_ir_op op, tsk_js_ir a, tsk_js_ir b, tsk_js_ir c) {
    tsk_js_ir args[] = {a, b, c};
    return tsk_ir_emit_index(&l->b, op, 0, args, 3);
}

tsk_value tsk_lowering_text_value(tsk_js_lowering *l, const tsk_js_name *name) {
    uint64_t key = (uint64_t)(uintptr_t)name;
    tsk_str *s = tsk_lowering_map_get(&l->names, key);
    if (!s) {
        s = tsk_as_str(tsk_str_borrow(l->arena, name->text, name->len));
        tsk_lowering_map_set(&l->names, l->scratch, key, s);
    }
    return tsk_from_str(s);
}

tsk_js_ir tsk_lowering_emit_named(tsk_js_lowering *l, tsk_ir_op op, const tsk_js_name *name, const tsk_js_ir *args,
                                  uint32_t count) {
    return tsk_ir_emit(&l->b, op, tsk_lowering_text_value(l, name), args, count);
}

/* In a loop a constant is loaded once, before it. */
tsk_js_ir tsk_lowering_const(tsk_js_lowering *l, tsk_value v) {
    if (!l->loops) return tsk_ir_const(&l->b, v);
    tsk_js_ir known = tsk_lowering_map_get(&l->constants, v.bits);
    if (!known) {
        known = tsk_lowering_hoist(l, TSK_IR_CONST, v.bits);
        tsk_lowering_map_set(&l->constants, l->scratch, v.bits, known);
    }
    return known;
}

tsk_js_ir tsk_lowering_undefined(tsk_js_lowering *l) {
    return tsk_lowering_const(l, TSK_VALUE_UNDEFINED);
}

tsk_js_ir tsk_lowering_int(tsk_js_lowering *l, int32_t n) {
    return tsk_lowering_const(l, tsk_from_i32(n));
}

tsk_js_ir tsk_lowering_text(tsk_js_lowering *l, const tsk_js_name *name) {
    return tsk_lowering_const(l, tsk_lowering_text_value(l, name));
}

tsk_value tsk_lowering_number_value(double d) {
    bool whole = d >= INT32_MIN && d <= INT32_MAX && (double)(int32_t)d == d && !(d == 0 && signbit(d));
    return whole ? tsk_from_i32((int32_t)d) : tsk_from_double(d);
}

enum { MAX_DEPTH = 1500 };

bool tsk_lowering_deeper(tsk_js_lowering *l) {
    if (++l->depth <= MAX_DEPTH && !l->too_deep) return true;
    l->too_deep = true;
    return false;
}

/* ---- where names live ---- */

static bool is_global(const tsk_js_binding *b) {
    return !b || b->scope->kind == TSK_JS_SCOPE_SCRIPT;
}

static bool is_own(const tsk_js_lowering *l, const tsk_js_binding *b) {
    return b->scope->function == l->function;
}

static bool has_dead_zone(const tsk_js_binding *b) {
    return b->kind == TSK_JS_LET || b->kind == TSK_JS_CONST || b->kind == TSK_JS_CLASS || b->kind == TSK_JS_PARAM ||
           (b->kind == TSK_JS_SELF_NAME && b->scope->kind == TSK_JS_SCOPE_CLASS);
}

static bool is_pinned(const tsk_js_binding *b) {
    return b->in_handler && !tsk_js_binding_boxed(b);
}

/* Number of the register of a pinned variable. */
static uint64_t pin(tsk_js_lowering *l, const tsk_js_binding *b) {
    if (!l->pinned[b->id]) l->pinned[b->id] = ++l->b.func->js->locals;
    return l->pinned[b->id] - 1;
}

static tsk_js_ir captured(tsk_js_lowering *l, uint64_t key, uint32_t index) {
    tsk_js_ir known = tsk_lowering_map_get(&l->captures, key);
    if (known) return known;
    known = tsk_lowering_hoist(l, TSK_IR_CAPTURE, index);
    known->type = TSK_TY_ALL;
    tsk_lowering_map_set(&l->captures, l->scratch, key, known);
    return known;
}

/* The value, or the box, of a variable of a function outside. */
static tsk_js_ir captured_binding(tsk_js_lowering *l, const tsk_js_binding *b) {
    const tsk_js_capture *c = l->function->captures;
    while (c->binding != b) c = c->next;
    return captured(l, (uint64_t)(uintptr_t)b, c->index);
}

/* The box, or of a variable that needs none the value, as closures capture it. */
static tsk_js_ir binding_place(tsk_js_lowering *l, const tsk_js_binding *b) {
    if (!is_own(l, b)) return captured_binding(l, b);
    if (is_pinned(b)) return tsk_ir_emit_index(&l->b, TSK_IR_JS_LOCAL_GET, pin(l, b), NULL, 0);
    return tsk_lowering_variable_get(l, b->id);
}

static tsk_js_ir check_dead_zone(tsk_js_lowering *l, const tsk_js_binding *b, tsk_js_ir v) {
    if (!b->checked || !b->name || !(v->type & TSK_TY_HOLE)) return v;
    return tsk_lowering_emit_named(l, TSK_IR_JS_CHECK_TDZ, b->name, &v, 1);
}

tsk_js_ir tsk_lowering_binding_get(tsk_js_lowering *l, const tsk_js_binding *b) {
    tsk_js_ir v = binding_place(l, b);
    if (tsk_js_binding_boxed(b)) v = tsk_lowering_emit1(l, TSK_IR_JS_BOX_GET, v);
    tsk_js_ir checked = check_dead_zone(l, b, v);
    bool own_value = is_own(l, b) && !tsk_js_binding_boxed(b) && !is_pinned(b);
    if (checked != v && own_value) tsk_lowering_variable_set(l, b->id, checked);
    return checked;
}

static void binding_put(tsk_js_lowering *l, const tsk_js_binding *b, tsk_js_ir value) {
    if (tsk_js_binding_boxed(b))
        tsk_lowering_emit2(l, TSK_IR_JS_BOX_SET, binding_place(l, b), value);
    else if (is_pinned(b))
        tsk_ir_emit_index(&l->b, TSK_IR_JS_LOCAL_SET, pin(l, b), &value, 1);
    else
        tsk_lowering_variable_set(l, b->id, value);
}

/* A box that is made when the variable gets its first value: nobody can see it before. */
static bool boxed_late(const tsk_js_binding *b) {
    bool once = b->kind == TSK_JS_LET || b->kind == TSK_JS_CONST || b->kind == TSK_JS_CLASS || b->kind == TSK_JS_PARAM;
    return tsk_js_binding_boxed(b) && once && !b->early && !b->checked && !b->in_handler;
}

void tsk_lowering_binding_initialize(tsk_js_lowering *l, const tsk_js_binding *b, tsk_js_ir value) {
    if (boxed_late(b))
        tsk_lowering_variable_set(l, b->id, tsk_lowering_emit1(l, TSK_IR_JS_BOX, value));
    else
        binding_put(l, b, value);
}

/* ---- names ---- */

static bool is_arguments(const tsk_js_lowering *l, const tsk_js_node *n) {
    return l->function->uses_arguments && !n->binding && n->name->len == 9 && !memcmp(n->name->text, "arguments", 9);
}

static const tsk_js_function *home_of(const tsk_js_function *f) {
    while (f->flags & TSK_JS_FUNCTION_ARROW && f->outer) f = f->outer;
    return f;
}

/* What arrows take from the function around them, after their variables. */
enum { TAKES_THIS, TAKES_NEW_TARGET, TAKES_ARGUMENTS, TAKES_FUNCTION, TAKEN };

/* An arrow of a configuration that no other function is around, which has nobody to take them from. */
static bool stands_alone(const tsk_js_function *f, const void *home) {
    return home && f->flags & TSK_JS_FUNCTION_ARROW && home_of(f)->flags & TSK_JS_FUNCTION_SCRIPT;
}

static bool takes(const tsk_js_function *f, const void *home, int what) {
    if (!(f->flags & TSK_JS_FUNCTION_ARROW) || stands_alone(f, home)) return false;
    switch (what) {
    case TAKES_THIS: return f->uses_this;
    case TAKES_NEW_TARGET: return f->uses_new_target;
    case TAKES_ARGUMENTS: return f->uses_arguments && !(home_of(f)->flags & TSK_JS_FUNCTION_SCRIPT);
    default: return f->uses_super;
    }
}

static tsk_js_ir taken(tsk_js_lowering *l, int what) {
    uint32_t index = l->function->capture_count;
    for (int i = 0; i < what; i++) index += takes(l->function, l->b.func->js->home, i);
    return captured(l, (uint64_t)what + 1, index);
}

static tsk_js_ir arguments_of(tsk_js_lowering *l) {
    return l->function->flags & TSK_JS_FUNCTION_ARROW ? taken(l, TAKES_ARGUMENTS) : l->arguments;
}

/* ---- names of the configuration ---- */

static tsk_js_ir outer(tsk_js_lowering *l, uint32_t number) {
    return tsk_ir_emit_index(&l->b, TSK_IR_JS_OUTER, number, NULL, 0);
}

enum { MAX_PARTS = 16 };

/* `a`, `a.b`, `a.b.c` where a is a name that no function declares. */
static uint32_t parts_of(const tsk_js_node *n, tsk_slice *parts) {
    uint32_t count = 1;
    for (const tsk_js_node *m = n; m->kind != TSK_JS_NODE_NAME; m = m->a, count++)
        if (m->kind != TSK_JS_NODE_MEMBER || m->flags & TSK_JS_NODE_OPTIONAL || count == MAX_PARTS) return 0;
    for (uint32_t i = count; i--; n = n->a) {
        if (n->kind == TSK_JS_NODE_NAME && n->binding) return 0;
        parts[i] = (tsk_slice){n->name->text, n->name->len};
    }
    return count;
}

static bool outer_number(const tsk_js_lowering *l, const tsk_js_node *n, uint32_t *number) {
    tsk_slice parts[MAX_PARTS];
    const void *home = l->b.func->js->home;
    uint32_t count = home && l->env && l->env->outer ? parts_of(n, parts) : 0;
    return count && l->env->outer(l->env->user, home, parts, count, number);
}

tsk_js_ir tsk_lowering_outer(tsk_js_lowering *l, const tsk_js_node *n) {
    uint32_t number;
    if (!outer_number(l, n, &number)) return NULL;
    tsk_lowering_at_node(l, n);
    return outer(l, number);
}

tsk_js_ir tsk_lowering_name_get(tsk_js_lowering *l, const tsk_js_node *n) {
    tsk_lowering_at_node(l, n);
    bool of_function = !(home_of(l->function)->flags & TSK_JS_FUNCTION_SCRIPT);
    if (is_arguments(l, n) && of_function) return arguments_of(l);
    if (!is_global(n->binding)) return tsk_lowering_binding_get(l, n->binding);
    bool undefined = !n->binding && n->name->len == 9 && !memcmp(n->name->text, "undefined", 9);
    if (undefined) return tsk_lowering_undefined(l);
    tsk_js_ir v = tsk_lowering_outer(l, n);
    return v ? v : tsk_lowering_emit_named(l, TSK_IR_JS_GLOBAL_GET, n->name, NULL, 0);
}

void tsk_lowering_name_set(tsk_js_lowering *l, const tsk_js_node *n, tsk_js_ir value) {
    const tsk_js_binding *b = n->binding;
    uint32_t number;
    if (is_global(b)) {
        bool constant = outer_number(l, n, &number);
        tsk_lowering_emit_named(l, constant ? TSK_IR_JS_THROW_CONST : TSK_IR_JS_GLOBAL_SET, n->name, &value, !constant);
        return;
    }
    if (b->checked) tsk_lowering_binding_get(l, b);
    if (b->kind == TSK_JS_CONST || b->kind == TSK_JS_SELF_NAME)
        tsk_lowering_emit_named(l, TSK_IR_JS_THROW_CONST, n->name, NULL, 0);
    else
        binding_put(l, b, value);
}

static void declare_global(tsk_js_lowering *l, tsk_ir_js_global kind, const tsk_js_name *name, tsk_js_ir value) {
    tsk_js_ir args[] = {tsk_lowering_int(l, (int32_t)kind), value};
    tsk_lowering_emit_named(l, TSK_IR_JS_GLOBAL_DECLARE, name, args, 2);
}

void tsk_lowering_name_initialize(tsk_js_lowering *l, const tsk_js_node *n, tsk_js_ir value) {
    const tsk_js_binding *b = n->binding;
    if (!is_global(b))
        tsk_lowering_binding_initialize(l, b, value);
    else if (b && b->kind != TSK_JS_VAR && b->kind != TSK_JS_FUNCTION)
        declare_global(l, TSK_IR_JS_INITIALIZE, n->name, value);
    else
        tsk_lowering_emit_named(l, TSK_IR_JS_GLOBAL_SET, n->name, &value, 1);
}

/* ---- scopes ---- */

static void begin_binding(tsk_js_lowering *l, const tsk_js_binding *b) {
    bool dead = has_dead_zone(b) && b->checked;
    if (b->kind == TSK_JS_PRIVATE_BINDING || boxed_late(b)) return;
    if (tsk_js_binding_boxed(b)) {
        tsk_js_ir value = dead || (has_dead_zone(b) && b->early) ? tsk_lowering_const(l, TSK_VALUE_HOLE)
                                                                 : tsk_lowering_undefined(l);
        tsk_lowering_variable_set(l, b->id, tsk_lowering_emit1(l, TSK_IR_JS_BOX, value));
    } else if (dead) {
        binding_put(l, b, tsk_lowering_const(l, TSK_VALUE_HOLE));
    } else if (is_pinned(b)) {
        binding_put(l, b, tsk_lowering_undefined(l));
    }
}

void tsk_lowering_scope_begin_functions(tsk_js_lowering *l, const tsk_js_node *list) {
    static const tsk_slice none;
    for (const tsk_js_node *s = list; s; s = s->next) {
        if (s->kind != TSK_JS_NODE_FUNCTION_STATEMENT) continue;
        tsk_lowering_at_node(l, s);
        tsk_js_ir closure = tsk_lowering_closure(l, s->function, none);
        if (is_global(s->function->declared))
            declare_global(l, TSK_IR_JS_FUNCTION, s->function->name, closure);
        else
            binding_put(l, s->function->declared, closure);
    }
}

void tsk_lowering_scope_begin(tsk_js_lowering *l, const tsk_js_scope *scope, const tsk_js_node *list) {
    for (const tsk_js_binding *b = scope->first; b; b = b->next) begin_binding(l, b);
    tsk_lowering_scope_begin_functions(l, list);
}

void tsk_lowering_scope_copy(tsk_js_lowering *l, const tsk_js_scope *scope) {
    if (!scope->captured || !l->b.block || TSK_MUTANT(SHARED_LOOP_VARIABLE)) return;
    for (const tsk_js_binding *b = scope->first; b; b = b->next) {
        if (!tsk_js_binding_boxed(b)) continue;
        tsk_js_ir value = tsk_lowering_emit1(l, TSK_IR_JS_BOX_GET, tsk_lowering_variable_get(l, b->id));
        tsk_lowering_variable_set(l, b->id, tsk_lowering_emit1(l, TSK_IR_JS_BOX, value));
    }
}

/* Names of a script: first all are checked, then declared. */
static void begin_script(tsk_js_lowering *l, const tsk_js_function *f) {
    for (const tsk_js_binding *b = f->scope->first; b; b = b->next) {
        tsk_ir_js_global kind = b->kind == TSK_JS_VAR        ? TSK_IR_JS_CHECK_VAR
                                : b->kind == TSK_JS_FUNCTION ? TSK_IR_JS_CHECK_FUNCTION
                                                             : TSK_IR_JS_CHECK_LEXICAL;
        l->b.span = b->span;
        if (b->name) declare_global(l, kind, b->name, tsk_lowering_undefined(l));
    }
    for (const tsk_js_binding *b = f->scope->first; b; b = b->next) {
        tsk_ir_js_global kind = b->kind == TSK_JS_VAR     ? TSK_IR_JS_VAR
                                : b->kind == TSK_JS_CONST ? TSK_IR_JS_CONST
                                                          : TSK_IR_JS_LET;
        if (b->name && b->kind != TSK_JS_FUNCTION) declare_global(l, kind, b->name, tsk_lowering_undefined(l));
    }
    tsk_lowering_scope_begin_functions(l, f->body);
}

/* ---- this, super, new.target ---- */

static bool this_is_late(const tsk_js_lowering *l) {
    return home_of(l->function)->flags & TSK_JS_FUNCTION_DERIVED;
}

static tsk_js_ir this_box(tsk_js_lowering *l) {
    if (l->function->flags & TSK_JS_FUNCTION_ARROW) return taken(l, TAKES_THIS);
    return l->this_box;
}

tsk_js_ir tsk_lowering_this_raw(tsk_js_lowering *l) {
    if (!this_is_late(l)) {
        if (l->this_value) return l->this_value;
        if (stands_alone(l->function, l->b.func->js->home)) return outer(l, TSK_IR_JS_CONTEXT);
        return l->function->flags & TSK_JS_FUNCTION_ARROW ? taken(l, TAKES_THIS)
                                                          : l->b.func->entry->params[TSK_IR_JS_THIS];
    }
    if (l->this_local) return tsk_ir_emit_index(&l->b, TSK_IR_JS_LOCAL_GET, l->this_local - 1, NULL, 0);
    return tsk_lowering_emit1(l, TSK_IR_JS_BOX_GET, this_box(l));
}

tsk_js_ir tsk_lowering_this(tsk_js_lowering *l) {
    tsk_js_ir v = tsk_lowering_this_raw(l);
    return this_is_late(l) ? tsk_lowering_emit1(l, TSK_IR_JS_CHECK_THIS, v) : v;
}

void tsk_lowering_this_set(tsk_js_lowering *l, tsk_js_ir value) {
    if (l->this_local)
        tsk_ir_emit_index(&l->b, TSK_IR_JS_LOCAL_SET, l->this_local - 1, &value, 1);
    else
        tsk_lowering_emit2(l, TSK_IR_JS_BOX_SET, this_box(l), value);
}

tsk_js_ir tsk_lowering_home_function(tsk_js_lowering *l) {
    if (l->function && l->function->flags & TSK_JS_FUNCTION_ARROW) return taken(l, TAKES_FUNCTION);
    return l->b.func->entry->params[TSK_IR_JS_CALLEE];
}

tsk_js_ir tsk_lowering_new_target(tsk_js_lowering *l) {
    if (stands_alone(l->function, l->b.func->js->home)) return tsk_lowering_undefined(l);
    if (l->function && l->function->flags & TSK_JS_FUNCTION_ARROW) return taken(l, TAKES_NEW_TARGET);
    return l->b.func->entry->params[TSK_IR_JS_NEW_TARGET];
}

/* A function of the configuration that is called without an object has the context object. */
static void begin_this_of_configuration(tsk_js_lowering *l) {
    tsk_js_ir given = l->b.func->entry->params[TSK_IR_JS_THIS];
    tsk_ir_block *none = tsk_lowering_block_new(l), *some = tsk_lowering_block_new(l), *end = tsk_lowering_block_new(l);
    tsk_js_ir result = tsk_lowering_block_value(end);
    tsk_lowering_branch(l, tsk_lowering_emit1(l, TSK_IR_JS_IS_UNDEFINED, given), none, some);
    tsk_lowering_block_enter(l, none);
    tsk_js_ir context = outer(l, TSK_IR_JS_CONTEXT);
    tsk_lowering_jump(l, end, &context, 1);
    tsk_lowering_block_enter(l, some);
    tsk_lowering_jump(l, end, &given, 1);
    tsk_lowering_block_enter(l, end);
    l->this_value = result;
}

static void begin_this(tsk_js_lowering *l) {
    const tsk_js_function *f = l->function;
    if (l->b.func->js->home && f->outer->flags & TSK_JS_FUNCTION_SCRIPT && f->uses_this &&
        !(f->flags & TSK_JS_FUNCTION_ARROW))
        begin_this_of_configuration(l);
    if (!(f->flags & TSK_JS_FUNCTION_DERIVED)) return;
    tsk_js_ir hole = tsk_lowering_const(l, TSK_VALUE_HOLE);
    if (f->this_captured) {
        l->this_box = tsk_lowering_emit1(l, TSK_IR_JS_BOX, hole);
    } else {
        l->this_local = ++l->b.func->js->locals;
        tsk_lowering_this_set(l, hole);
    }
}

/* ---- closures ---- */

static uint32_t flags_of(const tsk_js_function *f) {
    enum {
        NO_CONSTRUCTOR = TSK_JS_FUNCTION_METHOD | TSK_JS_FUNCTION_GETTER | TSK_JS_FUNCTION_SETTER |
                         TSK_JS_FUNCTION_FIELDS | TSK_JS_FUNCTION_ASYNC | TSK_JS_FUNCTION_SCRIPT
    };
    if (f->flags & TSK_JS_FUNCTION_ARROW) return TSK_IR_FN_ARROW;
    if (f->flags & TSK_JS_FUNCTION_SCRIPT) return TSK_IR_FN_SCRIPT;
    if (f->flags & TSK_JS_FUNCTION_CONSTRUCTOR)
        return TSK_IR_FN_CONSTRUCTOR | TSK_IR_FN_CLASS | (f->flags & TSK_JS_FUNCTION_DERIVED ? TSK_IR_FN_DERIVED : 0);
    return f->flags & NO_CONSTRUCTOR ? 0 : TSK_IR_FN_CONSTRUCTOR;
}

static tsk_ir_func *make_func(tsk_ir_module *module, const tsk_lowering_unit *unit, const tsk_ir_js *js,
                              uint32_t declared, uint32_t captures) {
    tsk_lowering_unit *copy = TSK_NEW(module->arena, tsk_lowering_unit);
    *copy = *unit;
    tsk_ir_js with = *js;
    with.ast = copy;
    with.tree = copy;
    const char *name = js->name.len ? tsk_arena_strdup(module->arena, js->name.ptr, js->name.len) : "anonymous";
    return tsk_ir_js_func_new(module, name, &with, declared, captures);
}

static tsk_ir_func *func_of(tsk_ir_module *module, const tsk_js_function *f, tsk_slice name, const tsk_source *source,
                            const void *home) {
    uint32_t declared = 0, captures = f->capture_count;
    bool rest = false;
    for (const tsk_js_node *p = f->params; p; p = p->next) {
        rest = p->kind == TSK_JS_NODE_REST;
        declared += !rest;
    }
    for (int i = 0; i < TAKEN; i++) captures += takes(f, home, i);
    bool arguments = f->uses_arguments && !(f->flags & (TSK_JS_FUNCTION_ARROW | TSK_JS_FUNCTION_SCRIPT));
    tsk_ir_js js = {.name = f->name ? (tsk_slice){f->name->text, f->name->len} : name,
                    .length = f->length,
                    .flags = flags_of(f) | (rest || arguments ? TSK_IR_FN_ALL_ARGS : 0),
                    .rest_from = arguments ? 0 : declared,
                    .span = f->span,
                    .source = source,
                    .home = home};
    return make_func(module, &(tsk_lowering_unit){f, NULL}, &js, declared, captures);
}

tsk_ir_func *tsk_js_lower_declare(tsk_ir_module *module, const tsk_js_function *f, const tsk_source *source,
                                  const void *home) {
    return func_of(module, f, (tsk_slice){"", 0}, source, home);
}

static tsk_js_ir what_is_taken(tsk_js_lowering *l, int what) {
    switch (what) {
    case TAKES_THIS: return this_is_late(l) ? this_box(l) : tsk_lowering_this_raw(l);
    case TAKES_NEW_TARGET: return tsk_lowering_new_target(l);
    case TAKES_ARGUMENTS: return arguments_of(l);
    default: return tsk_lowering_home_function(l);
    }
}

static tsk_js_ir emit_closure(tsk_js_lowering *l, tsk_ir_func *func, const tsk_js_ir *captures, uint32_t count) {
    return tsk_ir_emit_index(&l->b, TSK_IR_JS_CLOSURE, (uint64_t)(uintptr_t)func, captures, count);
}

tsk_js_ir tsk_lowering_closure(tsk_js_lowering *l, const tsk_js_function *f, tsk_slice name) {
    tsk_ir_func *func = func_of(l->b.func->module, f, name, l->source, l->b.func->js->home);
    tsk_js_ir *captures = TSK_NEW_ARRAY(l->scratch, tsk_js_ir, func->captures + 1);
    uint32_t count = 0;
    for (const tsk_js_capture *c = f->captures; c; c = c->next) captures[count++] = binding_place(l, c->binding);
    for (int i = 0; i < TAKEN; i++)
        if (takes(f, func->js->home, i)) captures[count++] = what_is_taken(l, i);
    return emit_closure(l, func, captures, count);
}

tsk_js_ir tsk_lowering_closure_of_class(tsk_js_lowering *l, const tsk_js_class_node *c, tsk_slice name) {
    if (c->name) name = (tsk_slice){c->name->text, c->name->len};
    uint32_t flags = TSK_IR_FN_CONSTRUCTOR | TSK_IR_FN_CLASS;
    if (c->heritage) flags |= TSK_IR_FN_DERIVED | TSK_IR_FN_ALL_ARGS;
    tsk_ir_js js = {.name = name, .flags = flags, .span = c->span, .source = l->source, .home = l->b.func->js->home};
    if (!c->constructor)
        return emit_closure(l, make_func(l->b.func->module, &(tsk_lowering_unit){NULL, c}, &js, 0, 0), NULL, 0);
    tsk_js_ir closure = tsk_lowering_closure(l, c->constructor, name);
    tsk_ir_func *func = closure->imm.func;
    func->js->span = c->span; /* the text of a class is the whole of it */
    if (c->name) func->js->name = name;
    ((tsk_lowering_unit *)func->js->ast)->class_node = c;
    return closure;
}

/* ---- bodies ---- */

/* Value of the parameter `index` after the array of all arguments: of a rest parameter beside `arguments`. */
static tsk_js_ir rest_of(tsk_js_lowering *l, uint32_t declared) {
    const tsk_ir_func *func = l->b.func;
    tsk_js_ir array = func->entry->params[func->params - 1];
    if (!func->js->rest_from && !declared) return array;
    if (func->js->rest_from) return array;
    tsk_js_ir iterator = tsk_lowering_emit1(l, TSK_IR_JS_ITER, array);
    for (uint32_t i = 0; i < declared; i++) tsk_lowering_emit1(l, TSK_IR_JS_ITER_SKIP, iterator);
    return tsk_lowering_emit1(l, TSK_IR_JS_ITER_REST, iterator);
}

static void begin_params(tsk_js_lowering *l, const tsk_js_function *f) {
    uint32_t index = 0;
    tsk_js_ir *params = l->b.func->entry->params + TSK_IR_JS_DECLARED;
    for (const tsk_js_node *p = f->params; p; p = p->next) {
        tsk_lowering_at_node(l, p);
        if (p->kind == TSK_JS_NODE_REST)
            tsk_lowering_target(l, p->a, rest_of(l, index), true);
        else
            tsk_lowering_target(l, p, params[index++], true);
    }
}

/* In the scope of a body beside that of parameters with code, variables of the same names start with their values. */
static void begin_body_scope(tsk_js_lowering *l, const tsk_js_function *f) {
    for (const tsk_js_binding *b = f->body_scope->first; b; b = b->next) {
        begin_binding(l, b);
        if (b->param) binding_put(l, b, tsk_lowering_binding_get(l, b->param));
    }
    tsk_lowering_scope_begin_functions(l, f->body);
}

static void lower_function(tsk_js_lowering *l, const tsk_js_function *f) {
    const tsk_ir_func *func = l->b.func;
    begin_this(l);
    if (f->uses_arguments && func->js->flags & TSK_IR_FN_ALL_ARGS)
        l->arguments = tsk_lowering_emit1(l, TSK_IR_JS_ARGUMENTS, func->entry->params[func->params - 1]);
    if (f->self) {
        begin_binding(l, f->self);
        binding_put(l, f->self, func->entry->params[TSK_IR_JS_CALLEE]);
    }
    if (f->flags & TSK_JS_FUNCTION_SCRIPT) {
        begin_script(l, f);
        tsk_lowering_statements(l, f->body);
        return;
    }
    const tsk_js_class_node *c = l->unit->class_node;
    if (c && c->constructor == f && !(f->flags & TSK_JS_FUNCTION_DERIVED))
        tsk_lowering_emit2(l, TSK_IR_JS_INIT_FIELDS, tsk_lowering_this(l), tsk_lowering_home_function(l));
    for (const tsk_js_binding *b = f->scope->first; b; b = b->next) begin_binding(l, b);
    begin_params(l, f);
    if (f->body_scope)
        begin_body_scope(l, f);
    else
        tsk_lowering_scope_begin_functions(l, f->body);
    if (f->fields_of)
        tsk_lowering_class_fields(l, f);
    else
        tsk_lowering_statements(l, f->body);
}

static void lower_end(tsk_js_lowering *l) {
    if (!l->b.block) return;
    tsk_js_ir value = tsk_lowering_undefined(l);
    if (l->function && l->function->flags & TSK_JS_FUNCTION_DERIVED)
        value = tsk_lowering_emit2(l, TSK_IR_JS_CHECK_RESULT, value, tsk_lowering_this_raw(l));
    tsk_ir_return(&l->b, value);
}

bool tsk_js_lower_body(tsk_ir_func *func, const tsk_ir_env *env, tsk_arena *scratch) {
    const tsk_lowering_unit *unit = func->js->ast;
    tsk_js_lowering l = {.b = {.func = func, .block = func->entry, .env = env, .span = func->js->span},
                         .arena = func->module->arena,
                         .scratch = scratch,
                         .env = env,
                         .unit = unit,
                         .function = unit->function,
                         .source = func->js->source,
                         .block_cap = 16};
    l.blocks = tsk_arena_zalloc(scratch, l.block_cap * sizeof *l.blocks);
    l.blocks[0].block = func->entry;
    if (unit->function) {
        l.pinned = tsk_arena_zalloc(scratch, (unit->function->binding_count + 1) * sizeof *l.pinned);
        lower_function(&l, unit->function);
    } else {
        tsk_lowering_class_constructor(&l, unit->class_node);
    }
    lower_end(&l);
    if (l.too_deep) return false;
    tsk_lowering_ssa_finish(&l);
    func->js->ast = NULL;
    return true;
}
