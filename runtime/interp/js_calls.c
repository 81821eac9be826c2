/* Operations of functions that are calls into C: one function each, found by opcode.
 *
 *   loop ─► tsk_js_operation(pc->op) ─► operations[...](context of the instruction) ─► value or TSK_JS_THROWN
 *
 * Operations without a result give undefined.
 */
#include "runtime/interp/js_loop.h"

#include "runtime/builtins/inner.h"
#include "runtime/builtins/regexp.h"
#include "runtime/js/model.h"

/* The instruction that runs. */
typedef struct site {
    tsk_eval *ev;
    tsk_js *js;
    tsk_frame *frame;
    const tsk_operands *operands;
    uint32_t extra; /* the word in front of the list */
    uint32_t count; /* operands */
} site;

TSK_INLINE tsk_value operand(const site *s, uint32_t i) {
    return tsk_operand(s->operands, i);
}
TSK_INLINE tsk_js_object *object_operand(const site *s, uint32_t i) {
    return tsk_js_as_object(operand(s, i));
}
static tsk_value done(bool ok) {
    return ok ? TSK_VALUE_UNDEFINED : TSK_JS_THROWN;
}
static tsk_value truth(int answer) {
    return answer < 0 ? TSK_JS_THROWN : tsk_from_bool(answer);
}
static tsk_value string_or_thrown(const tsk_js_string *s) {
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}
static tsk_value object_or_thrown(const void *o) {
    return o ? tsk_js_from_object(o) : TSK_JS_THROWN;
}
static tsk_js_string *name_of_site(const site *s) {
    return tsk_js_as_string(s->frame->code->consts[s->extra]);
}

/* ---- operators ---- */

static tsk_value op_in(const site *s) {
    return truth(tsk_js_in(s->js, operand(s, 0), operand(s, 1)));
}

static tsk_value op_instanceof(const site *s) {
    return truth(tsk_js_instance_of(s->js, operand(s, 0), operand(s, 1)));
}

static tsk_value op_to_string(const site *s) {
    return string_or_thrown(tsk_js_to_string(s->js, operand(s, 0)));
}

static tsk_value op_to_key(const site *s) {
    tsk_js_key key;
    return tsk_js_to_key(s->js, operand(s, 0), &key) ? tsk_js_key_value(s->js, key) : TSK_JS_THROWN;
}

static tsk_value op_concat(const site *s) {
    tsk_js_string *parts[s->count + 1];
    for (uint32_t i = 0; i < s->count; i++) parts[i] = tsk_js_as_string(operand(s, i));
    tsk_js_string *text = tsk_js_concat_short(s->js, parts, s->count);
    if (text) return tsk_js_from_string(text);
    text = tsk_js_atoms.empty;
    for (uint32_t i = 0; text && i < s->count; i++) text = tsk_js_concat(s->js, text, parts[i]);
    return string_or_thrown(text);
}

/* ---- properties ---- */

static tsk_value op_delete(const site *s) {
    if (tsk_js_is_hole(operand(s, 0)))
        return tsk_js_throw_error(s->js, TSK_JS_REFERENCE_ERROR, "Unsupported reference to 'super'");
    tsk_js_object *o = tsk_js_to_object(s->js, operand(s, 0));
    tsk_js_key key;
    if (!o || !tsk_js_to_key(s->js, operand(s, 1), &key) || !tsk_js_delete_or_throw(s->js, o, key))
        return TSK_JS_THROWN;
    return TSK_VALUE_TRUE;
}

static tsk_value object_or_null(tsk_js_object *o) {
    return o ? tsk_js_from_object(o) : TSK_VALUE_NULL;
}

/* The object that `super.x` looks in: prototype of the home object of the function that runs. */
static tsk_value op_super_base(const site *s) {
    const tsk_js_closure *fn = (const tsk_js_closure *)(void *)object_operand(s, 0);
    return object_or_null(fn->home ? fn->home->proto : NULL);
}

static tsk_value op_super_get(const site *s) {
    tsk_js_key key;
    tsk_value base = operand(s, 0);
    if (!tsk_js_is_object(base)) return tsk_js_throw_read_of_null(s->js, base, operand(s, 2));
    if (!tsk_js_to_key(s->js, operand(s, 2), &key)) return TSK_JS_THROWN;
    return tsk_js_get_with(s->js, tsk_js_as_object(base), key, operand(s, 1));
}

static tsk_value op_super_set(const site *s) {
    tsk_js_key key;
    bool written;
    tsk_value base = operand(s, 0), receiver = operand(s, 1);
    if (!tsk_js_is_object(base))
        return tsk_js_throw_type(s->js, "Cannot set properties of null (setting '%s')",
                                 tsk_js_describe(s->js, operand(s, 2)));
    if (!tsk_js_to_key(s->js, operand(s, 2), &key)) return TSK_JS_THROWN;
    if (!tsk_js_set_with(s->js, tsk_js_as_object(base), key, operand(s, 3), receiver, &written)) return TSK_JS_THROWN;
    if (written) return TSK_VALUE_UNDEFINED;
    return tsk_js_throw_type(s->js, "Cannot assign to read only property '%s' of object",
                             tsk_js_describe(s->js, operand(s, 2)));
}

static tsk_value op_private_name(const site *s) {
    return tsk_js_from_symbol(tsk_js_symbol_new(s->js, name_of_site(s), true));
}

static tsk_value op_private_get(const site *s) {
    return tsk_js_private_get(s->js, operand(s, 0), tsk_js_as_symbol(operand(s, 1)));
}

static tsk_value op_private_set(const site *s) {
    return done(tsk_js_private_set(s->js, operand(s, 0), tsk_js_as_symbol(operand(s, 1)), operand(s, 2)));
}

/* What a field, method or accessor of a class or literal is as a property. */
static tsk_js_descriptor member_descriptor(uint32_t kind, tsk_value v) {
    tsk_js_descriptor d = {TSK_JS_HOLE, TSK_JS_HOLE, TSK_JS_HOLE, 0, TSK_JS_ENUMERABLE | TSK_JS_CONFIGURABLE};
    bool enumerable = kind & TSK_IR_JS_ENUMERABLE;
    switch (kind & 3) {
    case TSK_IR_JS_FIELD:
        d.value = v;
        d.attributes = TSK_JS_PLAIN;
        d.present = TSK_JS_PLAIN;
        return d;
    case TSK_IR_JS_METHOD:
        d.value = v;
        d.attributes = TSK_JS_HIDDEN;
        d.present = TSK_JS_PLAIN;
        break;
    case TSK_IR_JS_GETTER:
        d.get = v;
        d.attributes = TSK_JS_CONFIGURABLE;
        break;
    default:
        d.set = v;
        d.attributes = TSK_JS_CONFIGURABLE;
        break;
    }
    if (enumerable) d.attributes |= TSK_JS_ENUMERABLE;
    return d;
}

static tsk_value op_private_add(const site *s) {
    tsk_js_descriptor d = member_descriptor(s->extra, operand(s, 2));
    if ((s->extra & 3) == TSK_IR_JS_METHOD) d.attributes &= (uint8_t)~TSK_JS_WRITABLE;
    return done(tsk_js_private_add(s->js, operand(s, 0), tsk_js_as_symbol(operand(s, 1)), &d));
}

static tsk_value op_private_has(const site *s) {
    return truth(tsk_js_private_has(s->js, operand(s, 0), tsk_js_as_symbol(operand(s, 1))));
}

static tsk_value op_define(const site *s) {
    tsk_js_key key;
    if (!tsk_js_to_key(s->js, operand(s, 1), &key)) return TSK_JS_THROWN;
    tsk_js_descriptor d = member_descriptor(s->extra, operand(s, 2));
    return done(tsk_js_define_or_throw(s->js, object_operand(s, 0), key, &d));
}

static tsk_value op_set_proto(const site *s) {
    tsk_value proto = operand(s, 1);
    if (tsk_js_is_object(proto))
        tsk_js_set_proto(s->js, object_operand(s, 0), tsk_js_as_object(proto));
    else if (tsk_js_is_nullish(proto) && !tsk_js_is_undefined(proto))
        tsk_js_set_proto(s->js, object_operand(s, 0), NULL);
    return TSK_VALUE_UNDEFINED;
}

static tsk_value op_copy_data(const site *s) {
    uint32_t count = s->count - 2;
    tsk_value excluded[count + 1];
    for (uint32_t i = 0; i < count; i++) excluded[i] = operand(s, 2 + i);
    return done(tsk_js_copy_data(s->js, object_operand(s, 0), operand(s, 1), excluded, count));
}

/* ---- arrays under construction ---- */

static tsk_value op_push(const site *s) {
    return done(tsk_js_array_push(s->js, (tsk_js_array *)(void *)object_operand(s, 0), operand(s, 1)));
}

static tsk_value op_spread(const site *s) {
    tsk_js_array *to = (tsk_js_array *)(void *)object_operand(s, 0);
    tsk_js_iteration it;
    if (!tsk_js_iterate(s->js, operand(s, 1), &it)) return TSK_JS_THROWN;
    for (;;) {
        tsk_value v = tsk_js_iterate_next(s->js, &it);
        if (tsk_js_is_thrown(v)) return v;
        if (tsk_js_is_hole(v)) return TSK_VALUE_UNDEFINED;
        if (!tsk_js_array_push(s->js, to, v)) return TSK_JS_THROWN;
    }
}

/* ---- classes and functions ---- */

static tsk_value op_set_home(const site *s) {
    tsk_js_closure *fn = (tsk_js_closure *)(void *)object_operand(s, 0);
    TSK_HEAP_STORE(s->js->heap, fn, home, object_operand(s, 1));
    return TSK_VALUE_UNDEFINED;
}

static tsk_value op_set_fields(const site *s) {
    tsk_js_closure *fn = (tsk_js_closure *)(void *)object_operand(s, 0);
    TSK_HEAP_STORE(s->js->heap, fn, fields, operand(s, 1));
    return TSK_VALUE_UNDEFINED;
}

/* The prototype object of a class and what both inherit from. */
static tsk_value op_class(const site *s) {
    static const char not_constructor[] = "Class extends value %s is not a constructor or null";
    tsk_js *js = s->js;
    tsk_value parent = operand(s, 0);
    tsk_js_object *cls = object_operand(s, 1);
    tsk_js_object *proto_parent = tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype);
    if (tsk_js_is_constructor(parent)) {
        tsk_value proto = tsk_js_get(js, tsk_js_as_object(parent), tsk_js_key_atom(tsk_js_atoms.prototype));
        if (tsk_js_is_thrown(proto)) return proto;
        bool none = tsk_js_is_nullish(proto) && !tsk_js_is_undefined(proto);
        if (!none && !tsk_js_is_object(proto))
            return tsk_js_throw_type(js, "Class extends value does not have valid prototype property %s",
                                     tsk_js_describe(js, proto));
        proto_parent = none ? NULL : tsk_js_as_object(proto);
        tsk_js_set_proto(js, cls, tsk_js_as_object(parent));
    } else if (tsk_js_is_nullish(parent) && !tsk_js_is_undefined(parent)) {
        proto_parent = NULL;
    } else if (!tsk_js_is_hole(parent)) {
        return tsk_js_throw_type(js, not_constructor, tsk_js_describe(js, parent));
    }
    tsk_js_object *proto = tsk_js_object_new(js, proto_parent);
    if (!proto ||
        !tsk_js_define(js, proto, tsk_js_key_atom(tsk_js_atoms.constructor), tsk_js_from_object(cls), TSK_JS_HIDDEN) ||
        !tsk_js_define(js, cls, tsk_js_key_atom(tsk_js_atoms.prototype), tsk_js_from_object(proto), 0))
        return TSK_JS_THROWN;
    return tsk_js_from_object(cls);
}

/* SetFunctionName: "get x", "[symbol]". */
static tsk_value op_set_name(const site *s) {
    static const char *const prefixes[] = {"", "get ", "set "};
    tsk_js *js = s->js;
    tsk_value key = operand(s, 1);
    tsk_js_builder name;
    tsk_js_builder_init(&name, js);
    tsk_js_builder_ascii(&name, prefixes[s->extra], strlen(prefixes[s->extra]));
    if (tsk_js_is_symbol(key)) {
        const tsk_js_symbol *symbol = tsk_js_as_symbol(key);
        bool bracket = symbol->description && !symbol->is_private;
        if (bracket) tsk_js_builder_unit(&name, '[');
        if (symbol->description) tsk_js_builder_string(&name, symbol->description);
        if (bracket) tsk_js_builder_unit(&name, ']');
    } else {
        tsk_js_string *text = tsk_js_to_string(js, key);
        if (!text) return TSK_JS_THROWN;
        tsk_js_builder_string(&name, text);
    }
    tsk_js_string *text = tsk_js_builder_finish(&name);
    return done(text && tsk_js_define(js, object_operand(s, 0), tsk_js_key_atom(tsk_js_atoms.name),
                                      tsk_js_from_string(text), TSK_JS_CONFIGURABLE));
}

/* ---- calls ---- */

/* What an operation gives that is a call: when a frame was pushed, its value counts for nothing. */
static tsk_value called(tsk_js_called how, tsk_value v) {
    return how == TSK_JS_CALLED_VALUE ? v : how == TSK_JS_CALLED_FRAME ? TSK_VALUE_UNDEFINED : TSK_JS_THROWN;
}

static tsk_value invoke(const site *s, tsk_value fn, tsk_value this_value, uint32_t count, const tsk_value *args) {
    tsk_value v = TSK_VALUE_UNDEFINED;
    const tsk_js_invocation c = {fn, this_value, count, args};
    return called(tsk_js_loop_invoke(s->ev, &c, s->frame->pc->a, &v), v);
}

static tsk_value construct(const site *s, tsk_value fn, tsk_value new_target, uint32_t count, const tsk_value *args) {
    tsk_value v = TSK_VALUE_UNDEFINED;
    return called(tsk_js_loop_construct(s->ev, fn, new_target, count, args, s->frame->pc->a, &v), v);
}

static tsk_value op_call_spread(const site *s) {
    const tsk_js_elements *args = object_operand(s, 2)->elements;
    return invoke(s, operand(s, 0), operand(s, 1), args->length, args->items);
}

static tsk_value op_new_spread(const site *s) {
    const tsk_js_elements *args = object_operand(s, 1)->elements;
    tsk_value callee = operand(s, 0);
    return construct(s, callee, callee, args->length, args->items);
}

static tsk_value op_super_parent(const site *s) {
    return object_or_null(object_operand(s, 0)->proto);
}

static tsk_value super_construct(const site *s, uint32_t count, const tsk_value *args) {
    tsk_value parent = operand(s, 0);
    if (!tsk_js_is_constructor(parent)) {
        const tsk_ir_js *info = s->frame->code->func->js;
        bool named = info->flags & TSK_IR_FN_CLASS && info->name.len;
        bool none = parent.bits == tsk_js_from_object(s->js->intrinsics[TSK_JS_I_FunctionPrototype]).bits;
        return tsk_js_throw_type(s->js, "Super constructor %s of %.*s is not a constructor",
                                 none ? "null" : tsk_js_describe(s->js, parent), named ? (int)info->name.len : 15,
                                 named ? info->name.ptr : "anonymous class");
    }
    return construct(s, parent, operand(s, 1), count, args);
}

static tsk_value op_super_call(const site *s) {
    uint32_t count = s->count - 2;
    tsk_value args[count + 1];
    for (uint32_t i = 0; i < count; i++) args[i] = operand(s, 2 + i);
    return super_construct(s, count, args);
}

static tsk_value op_super_spread(const site *s) {
    const tsk_js_elements *args = object_operand(s, 2)->elements;
    return super_construct(s, args->length, args->items);
}

/* Fields of a class are defined by a function, which is called with the object. */
static tsk_value op_init_fields(const site *s) {
    if (tsk_js_is_hole(operand(s, 0)))
        return tsk_js_throw_error(s->js, TSK_JS_REFERENCE_ERROR, "Super constructor may only be called once");
    const tsk_js_closure *cls = (const tsk_js_closure *)(void *)object_operand(s, 1);
    if (!tsk_js_is_callable(cls->fields)) return TSK_VALUE_UNDEFINED;
    return invoke(s, cls->fields, operand(s, 0), 0, NULL);
}

/* ---- checks ---- */

static tsk_value op_throw_const(const site *s) {
    (void)name_of_site(s);
    return tsk_js_throw_type(s->js, "Assignment to constant variable.");
}

static tsk_value op_check_object(const site *s) {
    tsk_value v = operand(s, 0);
    if (!tsk_js_is_nullish(v)) return TSK_VALUE_UNDEFINED;
    const char *what = tsk_js_is_undefined(v) ? "undefined" : "null";
    const char *name = tsk_js_describe_subject(s->js, TSK_SCRIPT_TAKEN_APART, v);
    tsk_buf key;
    tsk_buf_init(&key, s->js->scratch);
    if (!s->js->host->subject || !s->js->host->subject(s->js, TSK_SCRIPT_FIRST_KEY, &key))
        return tsk_js_throw_type(s->js, "Cannot destructure '%s' as it is %s.", name, what);
    return tsk_js_throw_type(s->js, "Cannot destructure property '%.*s' of '%s' as it is %s.", (int)key.len, key.ptr,
                             name, what);
}

static tsk_value op_check_result(const site *s) {
    tsk_value v = operand(s, 0), made = operand(s, 1);
    if (tsk_js_is_object(v)) return v;
    if (!tsk_js_is_undefined(v))
        return tsk_js_throw_type(s->js, "Derived constructors may only return object or undefined");
    if (!tsk_js_is_hole(made)) return made;
    return tsk_js_throw_error(s->js, TSK_JS_REFERENCE_ERROR,
                              "Must call super constructor in derived class before accessing 'this' or returning from "
                              "derived constructor");
}

/* ---- names of scripts ---- */

static tsk_value op_global_typeof(const site *s) {
    tsk_js_string *name = name_of_site(s);
    tsk_js_key key = tsk_js_key_atom(name);
    int there = tsk_js_has(s->js, s->js->scope, key); /* its prototype is the global object */
    if (there < 0) return TSK_JS_THROWN;
    if (!there) return string_or_thrown(tsk_js_typeof(TSK_VALUE_UNDEFINED));
    tsk_js_cache none = {{0}};
    tsk_value v = tsk_js_global_get(s->js, name, &none);
    return tsk_js_is_thrown(v) ? v : string_or_thrown(tsk_js_typeof(v));
}

static tsk_value already_declared(const site *s, const tsk_js_string *name) {
    return tsk_js_throw_error(s->js, TSK_JS_SYNTAX_ERROR, "Identifier '%s' has already been declared",
                              tsk_js_describe(s->js, tsk_js_from_string(name)));
}

static tsk_value not_declarable(const site *s, const tsk_js_string *name) {
    return tsk_js_throw_type(s->js, "Cannot declare global '%s'", tsk_js_describe(s->js, tsk_js_from_string(name)));
}

/* A name that scripts declare: see tsk_ir_js_global. */
static tsk_value check_global(const site *s, tsk_js_string *name, tsk_ir_js_global kind) {
    tsk_js_key key = tsk_js_key_atom(name);
    tsk_js_descriptor d;
    if (tsk_js_has_own(s->js, s->js->scope, key) > 0) return already_declared(s, name);
    int there = tsk_js_get_own(s->js, s->js->global, key, &d);
    if (there < 0) return TSK_JS_THROWN;
    if (!there) {
        bool fixed = kind != TSK_IR_JS_CHECK_LEXICAL && s->js->global->cell.flags & TSK_JS_NOT_EXTENSIBLE;
        return fixed ? not_declarable(s, name) : TSK_VALUE_UNDEFINED;
    }
    if (d.attributes & TSK_JS_CONFIGURABLE) return TSK_VALUE_UNDEFINED;
    uint32_t variable = TSK_JS_WRITABLE | TSK_JS_ENUMERABLE;
    if (kind == TSK_IR_JS_CHECK_LEXICAL) return already_declared(s, name);
    if (kind == TSK_IR_JS_CHECK_FUNCTION && (d.attributes & variable) != variable) return not_declarable(s, name);
    return TSK_VALUE_UNDEFINED;
}

static tsk_value declare_function(const site *s, tsk_js_key key, tsk_value v) {
    tsk_js_descriptor d;
    int there = tsk_js_get_own(s->js, s->js->global, key, &d);
    if (there < 0) return TSK_JS_THROWN;
    if (there && !(d.attributes & TSK_JS_CONFIGURABLE)) return done(tsk_js_set(s->js, s->js->global, key, v));
    return done(tsk_js_define(s->js, s->js->global, key, v, TSK_JS_WRITABLE | TSK_JS_ENUMERABLE));
}

static tsk_value op_global_declare(const site *s) {
    tsk_js_string *name = name_of_site(s);
    tsk_js_key key = tsk_js_key_atom(name);
    tsk_js_found found;
    switch ((tsk_ir_js_global)tsk_as_i32(operand(s, 0))) {
    case TSK_IR_JS_CHECK_VAR:
    case TSK_IR_JS_CHECK_FUNCTION:
    case TSK_IR_JS_CHECK_LEXICAL: return check_global(s, name, (tsk_ir_js_global)tsk_as_i32(operand(s, 0)));
    case TSK_IR_JS_VAR:
        if (tsk_js_has_own(s->js, s->js->global, key)) return TSK_VALUE_UNDEFINED;
        return done(tsk_js_define(s->js, s->js->global, key, TSK_VALUE_UNDEFINED, TSK_JS_WRITABLE | TSK_JS_ENUMERABLE));
    case TSK_IR_JS_FUNCTION: return declare_function(s, key, operand(s, 1));
    case TSK_IR_JS_LET: return done(tsk_js_define(s->js, s->js->scope, key, TSK_JS_HOLE, TSK_JS_PLAIN));
    case TSK_IR_JS_CONST:
        return done(tsk_js_define(s->js, s->js->scope, key, TSK_JS_HOLE, TSK_JS_ENUMERABLE | TSK_JS_CONFIGURABLE));
    case TSK_IR_JS_INITIALIZE:
        if (!tsk_js_find_named(s->js->scope, key, &found)) return TSK_VALUE_UNDEFINED;
        *found.slot = operand(s, 1);
        tsk_heap_wrote_at(s->js->heap, found.owner, found.slot);
        return TSK_VALUE_UNDEFINED;
    }
    return TSK_VALUE_UNDEFINED;
}

/* ---- literals ---- */

static tsk_value op_regex(const site *s) {
    return object_or_thrown(tsk_js_regexp_new(s->js, tsk_js_as_string(operand(s, 0)), tsk_js_as_string(operand(s, 1))));
}

static tsk_js_array *frozen_array(const site *s, const tsk_value *texts, uint32_t count, tsk_js_array *raw) {
    tsk_js *js = s->js;
    tsk_js_key key;
    tsk_js_array *array = tsk_js_array_from(js, texts, count);
    if (!array) return NULL;
    if (raw) {
        key = tsk_js_key_atom(tsk_js_atoms.raw);
        if (!tsk_js_define(js, &array->object, key, tsk_js_from_object(raw), 0)) return NULL;
    }
    return tsk_js_set_integrity(js, &array->object, true) ? array : NULL;
}

/* The object of a tagged template is made once for each place in the program, in each realm. */
static tsk_value op_template(const site *s) {
    tsk_js *js = s->js;
    const tsk_value *consts = s->frame->code->consts + s->extra;
    for (const tsk_js_template *t = js->templates; t; t = t->next)
        if (t->site == consts) return tsk_js_from_object(t->object);
    uint32_t count = (uint32_t)tsk_as_i32(consts[0]) / 2;
    tsk_js_array *raw = frozen_array(s, consts + 1 + count, count, NULL);
    tsk_js_array *cooked = raw ? frozen_array(s, consts + 1, count, raw) : NULL;
    if (!cooked) return TSK_JS_THROWN;
    return tsk_js_keep_template(js, consts, &cooked->object) ? tsk_js_from_object(cooked) : TSK_JS_THROWN;
}

static tsk_value op_arguments(const site *s) {
    tsk_js *js = s->js;
    const tsk_js_elements *given = object_operand(s, 0)->elements;
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype);
    tsk_js_object *values = tsk_js_intrinsic_get(js, TSK_JS_I_ArrayProtoValues);
    tsk_js_object *thrower = tsk_js_intrinsic_get(js, TSK_JS_I_ThrowTypeError);
    if (!proto || !values || !thrower) return TSK_JS_THROWN;
    tsk_js_object *o = tsk_js_object_of_class(js, TSK_JS_ARGUMENTS, sizeof *o, proto);
    tsk_js_string *callee = tsk_js_atom_utf8("callee", 6);
    if (!o || !callee) return TSK_JS_THROWN;
    tsk_js_key length = tsk_js_key_atom(tsk_js_atoms.length), iterator = tsk_js_key_symbol(tsk_js_symbols.iterator);
    for (uint32_t i = 0; i < given->length; i++)
        if (!tsk_js_define(js, o, tsk_js_key_index(i), given->items[i], TSK_JS_PLAIN)) return TSK_JS_THROWN;
    return tsk_js_define(js, o, length, tsk_js_number(given->length), TSK_JS_HIDDEN) &&
                   tsk_js_define(js, o, iterator, tsk_js_from_object(values), TSK_JS_HIDDEN) &&
                   tsk_js_define_accessor(js, o, tsk_js_key_atom(callee), tsk_js_from_object(thrower),
                                          tsk_js_from_object(thrower), 0)
               ? tsk_js_from_object(o)
               : TSK_JS_THROWN;
}

static tsk_value op_operator(const site *s) {
    uint32_t count = s->count - 1;
    tsk_value args[count + 1];
    for (uint32_t i = 0; i < count; i++) args[i] = operand(s, 1 + i);
    if (s->ev->js_host->operate) {
        tsk_interp_before_operator(s->ev);
        tsk_value v = s->ev->js_host->operate(s->ev, s->extra, operand(s, 0), count, args);
        if (tsk_js_is_thrown(v)) tsk_interp_no_answer(s->ev);
        return v;
    }
    return tsk_js_throw_error(s->js, TSK_JS_REFERENCE_ERROR, "@%s: a script has no operators of a configuration",
                              tsk_js_describe(s->js, operand(s, 0)));
}

/* What functions of the library ask C for. */
static tsk_value op_library(const site *s) {
    static const tsk_js_native_fn functions[] = {
#define X(name, op)
#define Y(name, function) function,
#include "ir/tables/library.def"
#undef X
#undef Y
    };
    tsk_value values[s->count + 1];
    for (uint32_t i = 0; i < s->count; i++) values[i] = operand(s, i);
    tsk_js_args a = {TSK_VALUE_UNDEFINED, TSK_VALUE_UNDEFINED, NULL, s->count, values};
    return functions[s->extra](s->js, &a);
}

/* ---- iteration ---- */

static tsk_js_iteration *iteration(tsk_value v) {
    return &((tsk_js_iteration_cell *)tsk_ptr(v))->state;
}

static tsk_js_iteration_cell *new_iteration(const site *s) {
    tsk_js_iteration_cell *cell = tsk_heap_alloc(s->js->heap, sizeof *cell, TSK_JS_KIND_ITERATION);
    cell->state.iterator = cell->state.next_method = TSK_VALUE_UNDEFINED;
    return cell;
}

static tsk_value op_iter(const site *s) {
    tsk_js_iteration_cell *cell = new_iteration(s);
    tsk_js_iteration state;
    if (!tsk_js_iterate(s->js, operand(s, 0), &state)) return TSK_JS_THROWN;
    cell->state = state;
    tsk_heap_wrote(s->js->heap, cell);
    return tsk_from_ptr(TSK_TAG_CELL, cell);
}

tsk_value tsk_js_loop_next(tsk_js *js, tsk_value v) {
    return tsk_js_iterate_next(js, iteration(v));
}

static tsk_value op_iter_skip(const site *s) {
    return done(tsk_js_iterate_skip(s->js, iteration(operand(s, 0))));
}

static tsk_value op_iter_rest(const site *s) {
    tsk_js_array *rest = tsk_js_array_make(s->js, 0, 4);
    while (rest) {
        tsk_value v = tsk_js_iterate_next(s->js, iteration(operand(s, 0)));
        if (tsk_js_is_thrown(v)) return v;
        if (tsk_js_is_hole(v)) break;
        if (!tsk_js_array_push(s->js, rest, v)) return TSK_JS_THROWN;
    }
    return object_or_thrown(rest);
}

/* Left by an exception, which is thrown again afterwards: what closing throws gives way to it. */
static tsk_value op_iter_close(const site *s) {
    if (tsk_js_iterate_close(s->js, iteration(operand(s, 0)))) return TSK_VALUE_UNDEFINED;
    if (s->extra && !s->js->uncatchable) {
        tsk_js_take_exception(s->js);
        return TSK_VALUE_UNDEFINED;
    }
    return TSK_JS_THROWN;
}

/* Keys of an object and its prototypes, each once: those that are not enumerable hide others of their name. */
static bool add_keys(tsk_js *js, tsk_js_object *o, tsk_js_object *seen, tsk_js_array *keys) {
    tsk_js_array *own = tsk_js_own_keys(js, o, TSK_JS_KEYS_STRINGS);
    if (!own) return false;
    for (uint32_t i = 0; i < own->length; i++) {
        tsk_value name = own->object.elements->items[i];
        tsk_js_key key;
        tsk_js_descriptor d;
        if (!tsk_js_to_key(js, name, &key)) return false;
        int there = tsk_js_get_own(js, o, key, &d);
        if (there < 0) return false;
        int known = seen ? tsk_js_has_own(js, seen, key) : 0;
        if (known < 0) return false;
        if (!there || known) continue;
        if (seen && !tsk_js_define(js, seen, key, TSK_VALUE_TRUE, TSK_JS_PLAIN)) return false;
        if (d.attributes & TSK_JS_ENUMERABLE && !tsk_js_array_push(js, keys, name)) return false;
    }
    return true;
}

static bool has_enumerable(tsk_js *js, tsk_js_object *o) {
    for (; o; o = o->proto) {
        const tsk_js_array *own = tsk_js_own_keys(js, o, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE);
        if (!own || own->length) return true;
    }
    return false;
}

static tsk_value op_forin(const site *s) {
    tsk_js *js = s->js;
    tsk_js_iteration_cell *cell = new_iteration(s);
    tsk_js_array *keys = tsk_js_array_make(js, 0, 4);
    if (!keys) return TSK_JS_THROWN;
    cell->state.array = keys;
    tsk_heap_wrote(js->heap, cell);
    tsk_value v = operand(s, 0);
    if (tsk_js_is_nullish(v)) return tsk_from_ptr(TSK_TAG_CELL, cell);
    tsk_js_object *o = tsk_js_to_object(js, v);
    if (!o) return TSK_JS_THROWN;
    TSK_HEAP_STORE(js->heap, cell, state.iterator, tsk_js_from_object(o));
    tsk_js_object *seen = has_enumerable(js, o->proto) ? tsk_js_object_new(js, NULL) : NULL;
    for (; o; o = seen ? o->proto : NULL)
        if (!add_keys(js, o, seen, keys)) return TSK_JS_THROWN;
    return js->exception.bits == TSK_JS_HOLE.bits ? tsk_from_ptr(TSK_TAG_CELL, cell) : TSK_JS_THROWN;
}

/* A key that has been deleted since is left out. */
static tsk_value op_forin_next(const site *s) {
    tsk_js_iteration *it = iteration(operand(s, 0));
    while (it->index < it->array->length) {
        tsk_value name = it->array->object.elements->items[it->index++];
        tsk_js_key key;
        if (!tsk_js_to_key(s->js, name, &key)) return TSK_JS_THROWN;
        int there = tsk_js_has(s->js, tsk_js_as_object(it->iterator), key);
        if (there < 0) return TSK_JS_THROWN;
        if (there) return name;
    }
    return TSK_JS_HOLE;
}

/* ---- the table ---- */

typedef tsk_value operation_fn(const site *s);

static operation_fn *const operations[TSK_OPCODES] = {
    [TSK_OPC_JS_IN] = op_in,
    [TSK_OPC_JS_INSTANCEOF] = op_instanceof,
    [TSK_OPC_JS_TO_STRING] = op_to_string,
    [TSK_OPC_JS_TO_KEY] = op_to_key,
    [TSK_OPC_JS_CONCAT] = op_concat,
    [TSK_OPC_JS_DELETE] = op_delete,
    [TSK_OPC_JS_SUPER_BASE] = op_super_base,
    [TSK_OPC_JS_SUPER_GET] = op_super_get,
    [TSK_OPC_JS_SUPER_SET] = op_super_set,
    [TSK_OPC_JS_PRIVATE_NAME] = op_private_name,
    [TSK_OPC_JS_PRIVATE_GET] = op_private_get,
    [TSK_OPC_JS_PRIVATE_SET] = op_private_set,
    [TSK_OPC_JS_PRIVATE_ADD] = op_private_add,
    [TSK_OPC_JS_PRIVATE_HAS] = op_private_has,
    [TSK_OPC_JS_GLOBAL_TYPEOF] = op_global_typeof,
    [TSK_OPC_JS_GLOBAL_DECLARE] = op_global_declare,
    [TSK_OPC_JS_PUSH] = op_push,
    [TSK_OPC_JS_SPREAD] = op_spread,
    [TSK_OPC_JS_DEFINE] = op_define,
    [TSK_OPC_JS_SET_PROTO] = op_set_proto,
    [TSK_OPC_JS_COPY_DATA] = op_copy_data,
    [TSK_OPC_JS_REGEX] = op_regex,
    [TSK_OPC_JS_TEMPLATE] = op_template,
    [TSK_OPC_JS_CLASS] = op_class,
    [TSK_OPC_JS_SET_HOME] = op_set_home,
    [TSK_OPC_JS_SET_NAME] = op_set_name,
    [TSK_OPC_JS_SET_FIELDS] = op_set_fields,
    [TSK_OPC_JS_INIT_FIELDS] = op_init_fields,
    [TSK_OPC_JS_ARGUMENTS] = op_arguments,
    [TSK_OPC_JS_THROW_CONST] = op_throw_const,
    [TSK_OPC_JS_CALL_SPREAD] = op_call_spread,
    [TSK_OPC_JS_NEW_SPREAD] = op_new_spread,
    [TSK_OPC_JS_SUPER_PARENT] = op_super_parent,
    [TSK_OPC_JS_SUPER_CALL] = op_super_call,
    [TSK_OPC_JS_SUPER_SPREAD] = op_super_spread,
    [TSK_OPC_JS_OPERATOR] = op_operator,
    [TSK_OPC_JS_LIBRARY] = op_library,
    [TSK_OPC_JS_LIBRARY_OBJECT] = op_library,
    [TSK_OPC_JS_LIBRARY_LENGTH] = op_library,
    [TSK_OPC_JS_LIBRARY_CALLABLE] = op_library,
    [TSK_OPC_JS_CHECK_OBJECT] = op_check_object,
    [TSK_OPC_JS_CHECK_RESULT] = op_check_result,
    [TSK_OPC_JS_ITER] = op_iter,
    [TSK_OPC_JS_ITER_SKIP] = op_iter_skip,
    [TSK_OPC_JS_ITER_REST] = op_iter_rest,
    [TSK_OPC_JS_ITER_CLOSE] = op_iter_close,
    [TSK_OPC_JS_FORIN] = op_forin,
    [TSK_OPC_JS_FORIN_NEXT] = op_forin_next,
};

tsk_value tsk_js_operation(tsk_eval *ev, tsk_frame *f, const tsk_insn *pc, const tsk_operands *o) {
    const site s = {ev, ev->js, f, o, o->list[TSK_LIST_EXTRA], o->list[TSK_LIST_COUNT]};
    return operations[pc->op](&s);
}
