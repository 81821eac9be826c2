/* Operations of functions that are calls into C: one function each, found by opcode.
 *
 *   loop ─► tsk_js_operation(pc->op) ─► operations[...](context of the instruction) ─► value or TSK_JS_THROWN
 *
 * Operations without a result give undefined.
 */
#include "runtime/interp/js_loop.h"

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
    tsk_js_string *text = tsk_js_atoms.empty;
    for (uint32_t i = 0; text && i < s->count; i++)
        text = tsk_js_concat(s->js, text, tsk_js_as_string(operand(s, i)));
    return string_or_thrown(text);
}

/* ---- properties ---- */

static tsk_value op_delete(const site *s) {
    tsk_js_object *o = tsk_js_to_object(s->js, operand(s, 0));
    tsk_js_key key;
    if (!o || !tsk_js_to_key(s->js, operand(s, 1), &key) || !tsk_js_delete_or_throw(s->js, o, key))
        return TSK_JS_THROWN;
    return TSK_VALUE_TRUE;
}

/* The object that `super.x` looks in: prototype of the home object of the function that runs. */
static tsk_js_object *super_base(const site *s) {
    const tsk_js_closure *fn = (const tsk_js_closure *)(void *)object_operand(s, 0);
    tsk_js_object *base = fn->home ? fn->home->proto : NULL;
    if (!base) tsk_js_throw_type(s->js, "Cannot read properties of null through 'super'");
    return base;
}

static tsk_value op_super_get(const site *s) {
    tsk_js_key key;
    if (!tsk_js_to_key(s->js, operand(s, 2), &key)) return TSK_JS_THROWN;
    tsk_js_object *base = super_base(s);
    return base ? tsk_js_get_with(s->js, base, key, operand(s, 1)) : TSK_JS_THROWN;
}

static tsk_value op_super_set(const site *s) {
    tsk_js_key key;
    bool written;
    if (!tsk_js_to_key(s->js, operand(s, 2), &key)) return TSK_JS_THROWN;
    tsk_js_object *base = super_base(s);
    if (!base || !tsk_js_set_with(s->js, base, key, operand(s, 3), operand(s, 1), &written)) return TSK_JS_THROWN;
    if (written) return TSK_VALUE_UNDEFINED;
    return tsk_js_throw_type(s->js, "Cannot assign to read only property '%s' of object",
                             tsk_js_describe(s->js, operand(s, 2)));
}

static tsk_value op_private_name(const site *s) {
    tsk_js_symbol *name = tsk_js_symbol_new(s->js, name_of_site(s), true);
    return name ? tsk_js_from_symbol(name) : TSK_JS_THROWN;
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

static tsk_value op_init_fields(const site *s) {
    const tsk_js_closure *cls = (const tsk_js_closure *)(void *)object_operand(s, 1);
    if (!tsk_js_is_callable(cls->fields)) return TSK_VALUE_UNDEFINED;
    return tsk_js_call(s->js, cls->fields, operand(s, 0), 0, NULL);
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

static tsk_value op_call_spread(const site *s) {
    const tsk_js_elements *args = object_operand(s, 2)->elements;
    return tsk_js_call(s->js, operand(s, 0), operand(s, 1), args->length, args->items);
}

static tsk_value op_new_spread(const site *s) {
    const tsk_js_elements *args = object_operand(s, 1)->elements;
    tsk_value callee = operand(s, 0);
    return tsk_js_construct(s->js, callee, callee, args->length, args->items);
}

static tsk_value super_construct(const site *s, uint32_t count, const tsk_value *args) {
    tsk_js_object *parent = object_operand(s, 0)->proto;
    tsk_value callee = parent ? tsk_js_from_object(parent) : TSK_VALUE_NULL;
    if (!tsk_js_is_constructor(callee))
        return tsk_js_throw_type(s->js, "Super constructor %s of anonymous class is not a constructor",
                                 tsk_js_describe(s->js, callee));
    return tsk_js_construct(s->js, callee, operand(s, 1), count, args);
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

/* ---- checks ---- */

static tsk_value op_throw_const(const site *s) {
    (void)name_of_site(s);
    return tsk_js_throw_type(s->js, "Assignment to constant variable.");
}

static tsk_value op_check_object(const site *s) {
    tsk_value v = operand(s, 0);
    if (!tsk_js_is_nullish(v)) return TSK_VALUE_UNDEFINED;
    return tsk_js_throw_type(s->js, "Cannot destructure '%s' as it is %s.", tsk_js_describe(s->js, v),
                             tsk_js_is_undefined(v) ? "undefined" : "null");
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
