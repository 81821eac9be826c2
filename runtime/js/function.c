/* Functions as objects, and calling them from C.
 *
 *   tsk_js_call ─► closure: the interpreter (host->call)
 *               ─► native:  its C function
 *               ─► bound, call, apply: what they call (tsk_js_follow), then one of these
 *
 * Most functions never show their `length`, `name` and `prototype`: these are made at the first look
 * (TSK_JS_LAZY_OWN). */
#include "runtime/js/model.h"

#include "ir/ir.h"
#include "runtime/builtins/library.h"

#define MAX_ARGUMENTS 65535u
#define ALWAYS_THERE 4096u /* bytes: up to here memory is always there */

/* ---- making ---- */

/* Of a class whose objects differ in size: `size` bytes, described by a root shape of its own. */
static void *function_new(tsk_js *js, tsk_js_class c, size_t fields, size_t size, tsk_js_object *proto) {
    const tsk_js_shape *shape = tsk_js_class_root(c, fields);
    tsk_js_object *o = NULL;
    if (TSK_LIKELY(shape && size <= ALWAYS_THERE))
        o = (tsk_js_object *)tsk_heap_alloc(js->heap, size, TSK_JS_KIND_OBJECT);
    else if (shape)
        o = (tsk_js_object *)tsk_heap_try_alloc(js->heap, size, TSK_JS_KIND_OBJECT);
    if (!o) {
        tsk_js_throw_range(js, "Out of memory");
        return NULL;
    }
    o->cell.word = shape->number;
    o->cell.aux = (uint8_t)c;
    o->proto = proto;
    o->elements = (tsk_js_elements *)(uintptr_t)&tsk_js_no_elements;
    return o;
}

tsk_js_object *tsk_js_native_new(tsk_js *js, const tsk_js_native_spec *spec, const char *prefix) {
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_FunctionPrototype);
    if (!proto) return NULL;
    tsk_js_native *fn = (tsk_js_native *)function_new(js, TSK_JS_NATIVE, sizeof *fn, sizeof *fn, proto);
    if (!fn) return NULL;
    fn->object.cell.flags |= TSK_JS_LAZY_OWN;
    fn->spec = spec;
    fn->prefix = prefix;
    return &fn->object;
}

tsk_js_closure *tsk_js_closure_new(tsk_js *js, struct tsk_ir_func *func, uint32_t count, const tsk_value *captures) {
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_FunctionPrototype);
    if (!proto) return NULL;
    size_t size = sizeof(tsk_js_closure) + count * sizeof(tsk_value);
    tsk_js_closure *fn = (tsk_js_closure *)function_new(js, TSK_JS_CLOSURE, sizeof *fn, size, proto);
    if (!fn) return NULL;
    fn->object.cell.flags |= TSK_JS_LAZY_OWN;
    fn->func = func;
    fn->fields = TSK_VALUE_UNDEFINED;
    fn->flags = tsk_js_closure_flags(func->js->flags);
    fn->count = count;
    if (count) memcpy(fn->captures, captures, count * sizeof(tsk_value));
    return fn;
}

tsk_js_bound *tsk_js_bound_new(tsk_js *js, tsk_js_object *target, tsk_value this_value, uint32_t count,
                               const tsk_value *args) {
    size_t size = sizeof(tsk_js_bound) + count * sizeof(tsk_value);
    if (count > MAX_ARGUMENTS) {
        tsk_js_throw_range(js, "Too many arguments in function call");
        return NULL;
    }
    tsk_js_bound *fn = (tsk_js_bound *)function_new(js, TSK_JS_BOUND, sizeof *fn, size, target->proto);
    if (!fn) return NULL;
    fn->target = target;
    fn->this_value = this_value;
    fn->count = count;
    if (count) memcpy(fn->args, args, count * sizeof(tsk_value));
    return fn;
}

/* ---- own properties that are made late ---- */

static tsk_js_string *name_of_native(tsk_js *js, const char *name, const char *prefix) {
    bool symbol = name[0] == '@' && name[1] == '@';
    const char *text = tsk_arena_printf(js->scratch, "%s%s%s%s", prefix, symbol ? "[Symbol." : "",
                                        symbol ? name + 2 : name, symbol ? "]" : "");
    return tsk_js_string_cstr(js, text);
}

/* The `prototype` of a function that is no class: an object that knows its constructor. */
static bool make_prototype(tsk_js *js, tsk_js_object *function) {
    tsk_js_object *parent = tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype);
    tsk_js_object *proto = parent ? tsk_js_object_new(js, parent) : NULL;
    return proto &&
           tsk_js_add_named(js, proto, tsk_js_key_atom(tsk_js_atoms.constructor), tsk_js_from_object(function),
                            TSK_JS_HIDDEN) &&
           tsk_js_add_named(js, function, tsk_js_key_atom(tsk_js_atoms.prototype), tsk_js_from_object(proto),
                            TSK_JS_WRITABLE);
}

bool tsk_js_make_lazy_own(tsk_js *js, tsk_js_object *function) {
    const tsk_js_closure *closure = NULL;
    tsk_js_string *name;
    uint32_t length;
    if (function->cell.aux == TSK_JS_CLOSURE) {
        closure = (const tsk_js_closure *)(const void *)function;
        const tsk_ir_js *info = closure->func->js;
        name = tsk_js_string_utf8(js, info->name.ptr, info->name.len);
        length = info->length;
    } else {
        const tsk_js_native *native = (const tsk_js_native *)(const void *)function;
        tsk_js_scratch mark = tsk_js_scratch_begin(js);
        name = name_of_native(js, native->spec->name, native->prefix);
        tsk_js_scratch_end(js, mark);
        length = native->spec->length;
    }
    if (!name) return false;
    function->cell.flags &= (uint8_t)~TSK_JS_LAZY_OWN;
    if (!tsk_js_add_named(js, function, tsk_js_key_atom(tsk_js_atoms.length), tsk_js_number(length),
                          TSK_JS_CONFIGURABLE) ||
        !tsk_js_add_named(js, function, tsk_js_key_atom(tsk_js_atoms.name), tsk_js_from_string(name),
                          TSK_JS_CONFIGURABLE))
        return false;
    bool has_prototype = closure &&
                         (closure->flags & (TSK_JS_FN_CONSTRUCTOR | TSK_JS_FN_CLASS)) == TSK_JS_FN_CONSTRUCTOR;
    return !has_prototype || make_prototype(js, function);
}

/* ---- calling ---- */

static tsk_value call_native(tsk_js *js, tsk_js_object *fn, tsk_value this_value, tsk_value new_target, uint32_t count,
                             const tsk_value *args) {
    tsk_js_args a = {this_value, new_target, fn, count, args};
    return ((const tsk_js_native *)(const void *)fn)->spec->fn(js, &a);
}

/* The arguments of a bound function in front of `args`; NULL: thrown. */
static tsk_value *all_arguments(tsk_js *js, const tsk_js_bound *fn, uint32_t count, const tsk_value *args) {
    if (count > MAX_ARGUMENTS) {
        tsk_js_throw_range(js, "Too many arguments in function call");
        return NULL;
    }
    tsk_js_slots *all = (tsk_js_slots *)tsk_heap_try_alloc(
        js->heap, sizeof *all + (fn->count + count) * sizeof(tsk_value), TSK_JS_KIND_SLOTS);
    if (!all) {
        tsk_js_throw_range(js, "Out of memory");
        return NULL;
    }
    all->cell.word = fn->count + count;
    memcpy(all->values, fn->args, fn->count * sizeof(tsk_value));
    if (count) memcpy(all->values + fn->count, args, count * sizeof(tsk_value));
    return all->values;
}

static bool follow_bound(tsk_js *js, tsk_js_invocation *c) {
    const tsk_js_bound *fn = (const tsk_js_bound *)(const void *)tsk_js_as_object(c->fn);
    if (fn->count) {
        const tsk_value *all = all_arguments(js, fn, c->count, c->args);
        if (!all) return false;
        c->args = all;
        c->count += fn->count;
    }
    c->fn = tsk_js_from_object(fn->target);
    c->this_value = fn->this_value;
    return true;
}

/* `callee(this, list)`. */
static bool follow_apply(tsk_js *js, tsk_js_invocation *c, tsk_value callee, tsk_value this_value, tsk_value list,
                         bool may_lack) {
    c->fn = callee;
    c->this_value = this_value;
    c->count = 0;
    return (may_lack && tsk_js_is_nullish(list)) || tsk_js_list_arguments(js, list, &c->args, &c->count);
}

static tsk_value argument(const tsk_js_invocation *c, uint32_t i) {
    return i < c->count ? c->args[i] : TSK_VALUE_UNDEFINED;
}

bool tsk_js_follow(tsk_js *js, tsk_js_invocation *c) {
    while (tsk_js_is_forwarder(c->fn)) {
        const tsk_js_object *o = tsk_js_as_object(c->fn);
        if (o->cell.aux == TSK_JS_BOUND) {
            if (!follow_bound(js, c)) return false;
            continue;
        }
        unsigned flags = ((const tsk_js_native *)(const void *)o)->spec->flags;
        if (!tsk_js_is_callable(flags & TSK_JS_REFLECTS ? argument(c, 0) : c->this_value)) break;
        if (flags & TSK_JS_CALLS) {
            c->fn = c->this_value;
            c->this_value = argument(c, 0);
            c->args += c->count > 0;
            c->count -= c->count > 0;
        } else if (flags & TSK_JS_APPLIES) {
            if (!follow_apply(js, c, c->this_value, argument(c, 0), argument(c, 1), true)) return false;
        } else if (!follow_apply(js, c, argument(c, 0), argument(c, 1), argument(c, 2), false)) {
            return false;
        }
    }
    return true;
}

static bool enter(tsk_js *js) {
    if (TSK_UNLIKELY(js->depth >= TSK_JS_MAX_C_DEPTH)) {
        tsk_js_throw_range(js, "Maximum call stack size exceeded");
        return false;
    }
    js->depth++;
    return true;
}

tsk_value tsk_js_call(tsk_js *js, tsk_value fn, tsk_value this_value, uint32_t count, const tsk_value *args) {
    if (TSK_UNLIKELY(!tsk_js_is_callable(fn)))
        return tsk_js_throw_type(js, "%s is not a function", tsk_js_describe(js, fn));
    tsk_js_invocation c = {fn, this_value, count, args};
    if (TSK_UNLIKELY(tsk_js_is_forwarder(fn)) && !tsk_js_follow(js, &c)) return TSK_JS_THROWN;
    if (!enter(js)) return TSK_JS_THROWN;
    tsk_js_object *o = tsk_js_as_object(c.fn);
    tsk_value result;
    if (tsk_js_class_of(o) == TSK_JS_CLOSURE)
        result = js->host->call(js, (tsk_js_closure *)(void *)o, c.this_value, TSK_VALUE_UNDEFINED, c.count, c.args);
    else
        result = call_native(js, o, c.this_value, TSK_VALUE_UNDEFINED, c.count, c.args);
    js->depth--;
    return result;
}

tsk_value tsk_js_call_native(tsk_js *js, tsk_value fn, tsk_value this_value, uint32_t count, const tsk_value *args) {
    if (!enter(js)) return TSK_JS_THROWN;
    tsk_value result = call_native(js, tsk_js_as_object(fn), this_value, TSK_VALUE_UNDEFINED, count, args);
    js->depth--;
    return result;
}

bool tsk_js_is_constructor(tsk_value v) {
    if (!tsk_js_is_object(v)) return false;
    const tsk_js_object *o = tsk_js_as_object(v);
    switch (tsk_js_class_of(o)) {
    case TSK_JS_CLOSURE: return ((const tsk_js_closure *)(const void *)o)->flags & TSK_JS_FN_CONSTRUCTOR;
    case TSK_JS_NATIVE: return ((const tsk_js_native *)(const void *)o)->spec->flags & TSK_JS_CONSTRUCTOR;
    case TSK_JS_BOUND:
        return tsk_js_is_constructor(tsk_js_from_object(((const tsk_js_bound *)(const void *)o)->target));
    default: return false;
    }
}

static tsk_value construct_bound(tsk_js *js, const tsk_js_bound *fn, tsk_value new_target, uint32_t count,
                                 const tsk_value *args) {
    tsk_value target = tsk_js_from_object(fn->target);
    if (tsk_same(new_target, tsk_js_from_object(fn))) new_target = target;
    if (!fn->count) return tsk_js_construct(js, target, new_target, count, args);
    const tsk_value *all = all_arguments(js, fn, count, args);
    return all ? tsk_js_construct(js, target, new_target, fn->count + count, all) : TSK_JS_THROWN;
}

tsk_value tsk_js_construct(tsk_js *js, tsk_value fn, tsk_value new_target, uint32_t count, const tsk_value *args) {
    if (TSK_UNLIKELY(!tsk_js_is_constructor(fn)))
        return tsk_js_throw_type(js, "%s is not a constructor", tsk_js_describe(js, fn));
    if (!enter(js)) return TSK_JS_THROWN;
    tsk_js_object *o = tsk_js_as_object(fn);
    tsk_value result;
    switch (tsk_js_class_of(o)) {
    case TSK_JS_CLOSURE:
        result = js->host->call(js, (tsk_js_closure *)(void *)o, TSK_VALUE_UNDEFINED, new_target, count, args);
        break;
    case TSK_JS_NATIVE: result = call_native(js, o, TSK_VALUE_UNDEFINED, new_target, count, args); break;
    default: result = construct_bound(js, (const tsk_js_bound *)(const void *)o, new_target, count, args); break;
    }
    js->depth--;
    return result;
}

tsk_value tsk_js_invoke(tsk_js *js, tsk_value base, tsk_js_key key, uint32_t count, const tsk_value *args) {
    tsk_value fn = tsk_js_get_value(js, base, key);
    if (tsk_js_is_thrown(fn)) return fn;
    if (!tsk_js_is_callable(fn))
        return tsk_js_throw_type(js, "%s.%s is not a function", tsk_js_describe(js, base),
                                 tsk_js_describe_key(js, key));
    return tsk_js_call(js, fn, base, count, args);
}

tsk_js_object *tsk_js_proto_for(tsk_js *js, tsk_value new_target, tsk_js_intrinsic otherwise) {
    if (tsk_js_is_object(new_target)) {
        tsk_value proto = tsk_js_get(js, tsk_js_as_object(new_target), tsk_js_key_atom(tsk_js_atoms.prototype));
        if (tsk_js_is_thrown(proto)) return NULL;
        if (tsk_js_is_object(proto)) return tsk_js_as_object(proto);
    }
    return tsk_js_intrinsic_get(js, otherwise);
}
