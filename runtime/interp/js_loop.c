/* The loop that runs functions of ECMAScript.
 *
 *   tsk_js_loop_call ─► frame ─► loop: JS_CALL pushes frames, RETURN pops them ─► value
 *                                  └─► throw: handler of the frame, else the frame is dropped, down to the first
 *
 * The same frames, registers and instructions as the loop of configurations, with the semantics of ECMAScript and the
 * values of runtime/js.  int32, doubles, cached properties and dense arrays are done here; everything else is a call.
 *
 * Invariants
 *  - f->pc is stored before anything that may throw, allocate or push: stack traces and the collector read it.
 *  - Cells are found by the collector through the registers of all frames, conservatively; a register that was never
 *    written holds an old value, which at worst keeps something alive.
 *  - An exception is either pending in js->exception or not there; a handler begins with JS_CATCH, which takes it.
 */
#include "runtime/interp/js_loop.h"

#include "runtime/interp/native.h"

#include "runtime/builtins/inner.h"
#include "runtime/interp/js_access.h"
#include "runtime/interp/js_arithmetic.h"
#include "runtime/js/model.h"

/* ---- frames ---- */

static void too_deep(tsk_js *js) {
    tsk_js_throw_range(js, "Maximum call stack size exceeded");
}

/* The array of the arguments from `from` on, for functions that want them all. */
static bool pass_array(tsk_js *js, tsk_value *to, uint32_t from, uint32_t count, const tsk_value *args) {
    tsk_js_array *all = from < count ? tsk_js_array_from(js, args + from, count - from)
                                     : tsk_js_array_from(js, NULL, 0);
    if (!all) return false;
    *to = tsk_js_from_object(all);
    return true;
}

static bool check_call(tsk_js *js, const tsk_js_closure *fn, bool constructs) {
    if (!constructs && (fn->flags & TSK_JS_FN_CLASS)) {
        tsk_slice name = fn->func->js->name;
        tsk_js_throw_type(js, "Class constructor %.*s cannot be invoked without 'new'", (int)name.len, name.ptr);
        return false;
    }
    return true;
}

tsk_frame *tsk_js_loop_push(tsk_eval *ev, tsk_js_closure *fn, tsk_value this_value, tsk_value new_target,
                            uint32_t count, const tsk_value *args) {
    tsk_js *js = ev->js;
    if (!check_call(js, fn, !tsk_js_is_undefined(new_target))) return NULL;
    const tsk_bytecode *code = tsk_bytecode_of(fn->func);
    if (TSK_UNLIKELY(!code) && !(code = ev->js_host->compile(ev, fn->func))) return NULL;
    if (TSK_UNLIKELY(tsk_native_counted(code))) tsk_native_called(ev, code);
    tsk_frame *frame = tsk_frame_push(ev, code);
    if (TSK_UNLIKELY(!frame)) {
        too_deep(js);
        return NULL;
    }
    frame->captures = fn->captures;
    tsk_value *p = frame->regs + code->first_param;
    p[TSK_IR_JS_THIS] = this_value;
    p[TSK_IR_JS_CALLEE] = tsk_js_from_object(fn);
    p[TSK_IR_JS_NEW_TARGET] = new_target;
    const tsk_ir_js *info = fn->func->js;
    uint32_t declared = code->declared, given = count < declared ? count : declared;
    p += TSK_IR_JS_DECLARED;
    for (uint32_t i = 0; i < given; i++) p[i] = args[i];
    for (uint32_t i = given; i < declared; i++) p[i] = code->missing;
    if (info->flags & TSK_IR_FN_ALL_ARGS) {
        p[declared] = TSK_VALUE_UNDEFINED; /* the collector may look while the array is made */
        if (!pass_array(js, p + declared, info->rest_from, count, args)) {
            tsk_frame_pop(ev);
            return NULL;
        }
    }
    return frame;
}

/* The object that `new` makes for a constructor that is not derived. */
static bool make_this(tsk_js *js, const tsk_js_closure *fn, tsk_value new_target, tsk_value *out) {
    *out = TSK_JS_HOLE;
    if (fn->flags & TSK_JS_FN_DERIVED) return true;
    tsk_js_object *proto = tsk_js_proto_for(js, new_target, TSK_JS_I_ObjectPrototype);
    if (!proto) return false;
    tsk_js_object *made = tsk_js_object_new(js, proto);
    if (!made) return false;
    *out = tsk_js_from_object(made);
    return true;
}

/* What a constructor that ends with `result` gives. */
static tsk_value constructed_or(const tsk_frame *frame, tsk_value result) {
    return tsk_js_is_object(result) || tsk_js_is_hole(frame->constructed) ? result : frame->constructed;
}

tsk_frame *tsk_js_loop_push_new(tsk_eval *ev, tsk_js_closure *fn, tsk_value new_target, uint32_t count,
                                const tsk_value *args) {
    tsk_value receiver;
    if (!make_this(ev->js, fn, new_target, &receiver)) return NULL;
    tsk_frame *frame = tsk_js_loop_push(ev, fn, receiver, new_target, count, args);
    if (!frame) return NULL;
    frame->constructed = receiver;
    frame->marks |= TSK_FRAME_CONSTRUCTS;
    return frame;
}

/* Drops frames until one has a handler for where it is; NULL: none down to the first of the part, which is dropped
 * too. */
static tsk_frame *unwind(tsk_eval *ev) {
    for (;;) {
        tsk_frame *f = ev->top;
        const tsk_bytecode *code = f->code;
        uint32_t pc = (uint32_t)(f->pc - code->insns);
        for (uint32_t i = 0; !ev->js->uncatchable && i < code->handler_count; i++) {
            const tsk_bytecode_handler *h = &code->handlers[i];
            if (pc < h->from || pc >= h->to) continue;
            f->pc = code->insns + h->target;
            return f;
        }
        bool first = f->marks & TSK_FRAME_FIRST;
        tsk_frame_pop(ev);
        if (first) return NULL;
    }
}

bool tsk_js_loop_poll(tsk_eval *ev) {
    tsk_js *js = ev->js;
    if (TSK_UNLIKELY(js->heap->exhausted)) { /* the program may let go of something and go on */
        js->heap->exhausted = false;
        tsk_js_throw_range(js, "Out of memory");
        return false;
    }
    if (tsk_interp_refuel(ev)) return true;
    tsk_js_throw_error(js, TSK_JS_RANGE_ERROR, "%s", ev->failure.message);
    js->uncatchable = true;
    return false;
}

bool tsk_js_loop_worked(tsk_js *js, uint32_t steps) {
    tsk_eval *ev = js->user;
    ev->fuel -= (int32_t)steps;
    return (ev->fuel >= 0 && !js->heap->exhausted) || tsk_js_loop_poll(ev);
}

void tsk_js_loop_spend(tsk_js *js, uint32_t steps) {
    enum { OVERDRAWN = -(1 << 28) };
    tsk_eval *ev = js->user;
    if (ev->fuel > OVERDRAWN) ev->fuel -= (int32_t)steps;
}

/* ---- calls ---- */

/* The frame of a call whose arguments stand in a list from `first` on, for a function that takes them one by one; NULL:
 * no such function, or no room: the long way says why. */
TSK_INLINE tsk_frame *push_quickly(tsk_eval *ev, const tsk_operands *o, uint32_t first, tsk_value callee,
                                   tsk_value this_value, uint32_t dest, size_t step) {
    if (TSK_UNLIKELY(!tsk_js_is_class(callee, TSK_JS_CLOSURE))) return NULL;
    tsk_js_closure *fn = (tsk_js_closure *)(void *)tsk_js_as_object(callee);
    const tsk_bytecode *code = tsk_bytecode_of(fn->func);
    if (TSK_UNLIKELY(!code || !(code->entry & TSK_ENTER_CALL))) return NULL;
    if (TSK_UNLIKELY(!tsk_frame_has_room(ev, code) || tsk_native_counted(code))) return NULL;
    tsk_frame *frame = tsk_frame_take(ev, code);
    frame->dest = (uint16_t)dest;
    frame->step = (uint8_t)step;
    frame->captures = fn->captures;
    tsk_value *p = frame->regs;
    p[TSK_IR_JS_THIS] = this_value;
    p[TSK_IR_JS_CALLEE] = callee;
    p[TSK_IR_JS_NEW_TARGET] = TSK_VALUE_UNDEFINED;
    p += TSK_IR_JS_DECLARED;
    const tsk_value *end = p + code->declared;
    const uint32_t *word = o->list + TSK_LIST_FIRST + first, *last = word + o->list[TSK_LIST_COUNT] - first;
    while (p < end && word < last) *p++ = tsk_operand_of(o, *word++);
    while (TSK_UNLIKELY(p < end)) *p++ = code->missing;
    return frame;
}

tsk_js_called tsk_js_loop_invoke(tsk_eval *ev, const tsk_js_invocation *invocation, uint32_t dest, tsk_value *out) {
    if (tsk_js_is_class(invocation->fn, TSK_JS_NATIVE) && !tsk_js_is_forwarder(invocation->fn)) {
        *out = tsk_js_call_native(ev->js, invocation->fn, invocation->this_value, invocation->count, invocation->args);
        return tsk_js_is_thrown(*out) ? TSK_JS_CALLED_THROWN : TSK_JS_CALLED_VALUE;
    }
    tsk_js_invocation c = *invocation;
    if (TSK_UNLIKELY(tsk_js_is_forwarder(c.fn)) && !tsk_js_follow(ev->js, &c)) return TSK_JS_CALLED_THROWN;
    if (TSK_LIKELY(tsk_js_is_class(c.fn, TSK_JS_CLOSURE))) {
        tsk_js_closure *fn = (tsk_js_closure *)(void *)tsk_js_as_object(c.fn);
        tsk_frame *frame = tsk_js_loop_push(ev, fn, c.this_value, TSK_VALUE_UNDEFINED, c.count, c.args);
        if (TSK_UNLIKELY(!frame)) return TSK_JS_CALLED_THROWN;
        frame->dest = (uint16_t)dest;
        return TSK_JS_CALLED_FRAME;
    }
    if (TSK_UNLIKELY(!tsk_js_is_callable(c.fn))) {
        tsk_js_throw_type(ev->js, "%s is not a function", tsk_js_describe_subject(ev->js, TSK_SCRIPT_CALLED, c.fn));
        return TSK_JS_CALLED_THROWN;
    }
    *out = tsk_js_call_native(ev->js, c.fn, c.this_value, c.count, c.args);
    return tsk_js_is_thrown(*out) ? TSK_JS_CALLED_THROWN : TSK_JS_CALLED_VALUE;
}

tsk_js_called tsk_js_loop_construct(tsk_eval *ev, tsk_value callee, tsk_value new_target, uint32_t count,
                                    const tsk_value *args, uint32_t dest, tsk_value *out) {
    if (TSK_LIKELY(tsk_js_is_class(callee, TSK_JS_CLOSURE))) {
        tsk_js_closure *fn = (tsk_js_closure *)(void *)tsk_js_as_object(callee);
        if (TSK_LIKELY(fn->flags & TSK_JS_FN_CONSTRUCTOR)) {
            tsk_frame *frame = tsk_js_loop_push_new(ev, fn, new_target, count, args);
            if (TSK_UNLIKELY(!frame)) return TSK_JS_CALLED_THROWN;
            frame->dest = (uint16_t)dest;
            return TSK_JS_CALLED_FRAME;
        }
    }
    if (TSK_UNLIKELY(!tsk_js_is_constructor(callee))) {
        tsk_js_throw_type(ev->js, "%s is not a constructor",
                          tsk_js_describe_subject(ev->js, TSK_SCRIPT_CONSTRUCTED, callee));
        return TSK_JS_CALLED_THROWN;
    }
    *out = tsk_js_construct(ev->js, callee, new_target, count, args);
    return tsk_js_is_thrown(*out) ? TSK_JS_CALLED_THROWN : TSK_JS_CALLED_VALUE;
}

/* The arguments stand in a list: they are copied to the machine stack, where a native function reads them and from
 * where a frame takes them. */
static TSK_NOINLINE tsk_js_called call_list(tsk_eval *ev, tsk_operands o, uint32_t first, tsk_value callee,
                                            tsk_value this_value, uint32_t dest, tsk_value *out) {
    uint32_t count = o.list[TSK_LIST_COUNT] - first;
    tsk_value args[count + 1];
    for (uint32_t i = 0; i < count; i++) args[i] = tsk_operand(&o, first + i);
    const tsk_js_invocation c = {callee, this_value, count, args};
    return tsk_js_loop_invoke(ev, &c, dest, out);
}

static tsk_js_called construct_list(tsk_eval *ev, const tsk_operands *o, uint32_t dest, tsk_value *out) {
    uint32_t count = o->list[TSK_LIST_COUNT] - 1;
    tsk_value args[count + 1];
    for (uint32_t i = 0; i < count; i++) args[i] = tsk_operand(o, 1 + i);
    tsk_value callee = tsk_operand(o, 0);
    return tsk_js_loop_construct(ev, callee, callee, count, args, dest, out);
}

typedef struct literal_slot {
    const tsk_js_key *keys;
    const tsk_js_shape *shape; /* made when first run */
} literal_slot;

static tsk_value make_closure(tsk_js *js, const tsk_operands *o, tsk_ir_func *func) {
    uint32_t count = o->list[TSK_LIST_COUNT];
    tsk_value captures[count + 1];
    for (uint32_t i = 0; i < count; i++) captures[i] = tsk_operand(o, i);
    tsk_js_closure *closure = tsk_js_closure_new(js, func, count, captures);
    return closure ? tsk_js_from_object(closure) : TSK_JS_THROWN;
}

static tsk_value make_array(tsk_js *js, const tsk_operands *o) {
    uint32_t count = o->list[TSK_LIST_COUNT];
    tsk_js_array *array = tsk_js_array_make(js, count, count);
    if (!array) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < count; i++) array->object.elements->items[i] = tsk_operand(o, i);
    tsk_heap_wrote(js->heap, array->object.elements);
    return tsk_js_from_object(array);
}

static TSK_NOINLINE tsk_value make_first_object(tsk_js *js, tsk_operands o, literal_slot *slot) {
    uint32_t count = o.list[TSK_LIST_COUNT];
    const tsk_js_shape *shape = __atomic_load_n(&slot->shape, __ATOMIC_ACQUIRE);
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype);
    if (!shape) {
        tsk_js_shape *made = tsk_js_shape_root(sizeof(tsk_js_object), (uint16_t)(count < 4 ? 4 : count));
        for (uint32_t i = 0; made && i < count; i++) made = tsk_js_shape_add(made, slot->keys[i], TSK_JS_PLAIN);
        __atomic_store_n(&slot->shape, shape = made, __ATOMIC_RELEASE);
    }
    tsk_js_object *object = shape ? tsk_js_object_shaped(js, proto, shape) : tsk_js_object_new(js, proto);
    if (!object) return TSK_JS_THROWN;
    for (uint32_t i = 0; i < count; i++) {
        if (shape)
            object->slots[i] = tsk_operand(&o, i);
        else if (!tsk_js_define(js, object, slot->keys[i], tsk_operand(&o, i), TSK_JS_PLAIN))
            return TSK_JS_THROWN;
    }
    if (shape) tsk_heap_wrote(js->heap, object);
    return tsk_js_from_object(object);
}

/* The shape of a literal is found once; then an object is an allocation and its values. */
TSK_INLINE tsk_value make_object(tsk_js *js, const tsk_operands *o, literal_slot *slot) {
    uint32_t count = o->list[TSK_LIST_COUNT];
    const tsk_js_shape *shape = __atomic_load_n(&slot->shape, __ATOMIC_ACQUIRE);
    tsk_js_object *proto = js->intrinsics[TSK_JS_I_ObjectPrototype];
    if (TSK_UNLIKELY(!shape || !proto || count > shape->inline_slots)) return make_first_object(js, *o, slot);
    size_t size = shape->base + shape->inline_slots * sizeof(tsk_value);
    tsk_js_object *object = tsk_js_object_bare(js, proto, shape, size);
    for (uint32_t i = 0; i < count; i++) object->slots[i] = tsk_operand(o, i);
    tsk_heap_wrote(js->heap, object);
    return tsk_js_from_object(object);
}

/* ---- the loop ---- */

#define A r[pc->a]
#define B r[pc->b]
#define C r[pc->c]
#define NAME ((const tsk_js_name_slot *)(const void *)(pc + 1))
#define OPERANDS ((tsk_operands){r, f->code->consts, f->code->lists + tsk_insn_wide(pc)})
/* Another thread may change the handler of an instruction, between ones that do the same: a word is read as a whole, which
 * the thread sanitizer has to be told. */
#ifdef __SANITIZE_THREAD__
#define DISPATCH goto *__atomic_load_n(&pc->handler, __ATOMIC_RELAXED)
#else
#define DISPATCH goto * pc->handler
#endif
#define GO(n)                                                                                                          \
    do {                                                                                                               \
        pc += (n);                                                                                                     \
        DISPATCH;                                                                                                      \
    } while (0)
#define NEXT GO(1)
/* Calls with the operands `o` from `first` on; the instruction takes so many places. */
#define CALL(first, callee_value, this_value, places)                                                                  \
    do {                                                                                                               \
        tsk_value callee = (callee_value), receiver = (this_value);                                                    \
        tsk_frame *frame = push_quickly(ev, &o, (first), callee, receiver, pc->a, (places) * sizeof *pc);              \
        if (TSK_LIKELY(frame != NULL)) {                                                                               \
            f = frame;                                                                                                 \
            r = f->regs;                                                                                               \
            pc = f->code->insns;                                                                                       \
            DISPATCH;                                                                                                  \
        }                                                                                                              \
        switch (call_list(ev, OPERANDS, (first), callee, receiver, pc->a, &given)) {                                   \
        case TSK_JS_CALLED_FRAME: ev->top->step = (places) * sizeof *pc; goto enter;                                   \
        case TSK_JS_CALLED_THROWN: goto raise;                                                                         \
        case TSK_JS_CALLED_VALUE: A = given;                                                                           \
        }                                                                                                              \
        GO(places);                                                                                                    \
    } while (0)
#define SAVE f->pc = pc
#define STEP                                                                                                           \
    do {                                                                                                               \
        if (TSK_UNLIKELY(--ev->fuel < 0) && !tsk_js_loop_poll(ev)) goto raise;                                         \
    } while (0)
/* The result of a call into C, or an exception. */
#define GIVE(expression)                                                                                               \
    do {                                                                                                               \
        SAVE;                                                                                                          \
        result = (expression);                                                                                         \
        if (TSK_UNLIKELY(tsk_js_is_thrown(result))) goto raise;                                                        \
        A = result;                                                                                                    \
    } while (0)

/* ---- parts of fused instructions: what is usual; else the plain handler takes over ---- */

#define NUMBERS_PART(plain, y, overflows, operator)                                                                    \
    do {                                                                                                               \
        COMPUTE(y, overflows, operator, goto plain);                                                                   \
        pc++;                                                                                                          \
    } while (0)
#define PART_JS_ADD NUMBERS_PART(do_JS_ADD, c, tsk_js_add_overflows, +)
#define PART_JS_ADD_I NUMBERS_PART(do_JS_ADD_I, small_c, tsk_js_add_overflows, +)
#define PART_JS_SUB NUMBERS_PART(do_JS_SUB, c, __builtin_sub_overflow, -)
#define PART_JS_SUB_I NUMBERS_PART(do_JS_SUB_I, small_c, __builtin_sub_overflow, -)
#define PART_JS_MUL NUMBERS_PART(do_JS_MUL, c, tsk_js_multiply_overflows, *)
#define PART_JS_INC                                                                                                    \
    do {                                                                                                               \
        if (TSK_UNLIKELY(!IS_I32_b || I32_b == INT32_MAX)) goto do_JS_INC;                                             \
        A = tsk_from_i32(I32_b + 1);                                                                                   \
        pc++;                                                                                                          \
    } while (0)
#define PART_POLL                                                                                                      \
    do {                                                                                                               \
        if (TSK_UNLIKELY(ev->fuel <= 0)) goto do_POLL;                                                                 \
        ev->fuel--;                                                                                                    \
        pc++;                                                                                                          \
    } while (0)
#define PART_MOVE (A = B, pc++)
#define PART_LOADK (A = f->code->consts[tsk_insn_wide(pc)], pc++)
#define PART_CAPTURE (A = f->captures[tsk_insn_wide(pc)], pc++)
#define PART_JS_BOX_GET (A = ((const tsk_js_box *)tsk_ptr(B))->value, pc++)
/* `value` or HOLE; `size`: of the instruction. */
#define VALUE_PART(plain, expression, size)                                                                            \
    do {                                                                                                               \
        tsk_value v = (expression);                                                                                    \
        if (TSK_UNLIKELY(tsk_js_is_hole(v))) goto plain;                                                               \
        A = v;                                                                                                         \
        pc += (size);                                                                                                  \
    } while (0)
#define PART_JS_CHECK_TDZ VALUE_PART(do_JS_CHECK_TDZ, B, 2)
#define PART_JS_GET_INDEX VALUE_PART(do_JS_GET_INDEX, tsk_js_item_quickly(B, C), 1)
#define PART_JS_ITEM VALUE_PART(do_JS_ITEM, tsk_js_item_quickly(B, C), 1)
#define PART_JS_GET                                                                                                    \
    do {                                                                                                               \
        if (TSK_UNLIKELY(!tsk_js_is_object(B))) goto do_JS_GET;                                                        \
        const tsk_value *slot = tsk_js_find_at_once(tsk_js_as_object(B), NAME->cache);                                 \
        if (TSK_UNLIKELY(!slot || tsk_tag(*slot) == TSK_TAG_CELL)) goto do_JS_GET;                                     \
        A = *slot;                                                                                                     \
        pc += 2;                                                                                                       \
    } while (0)
#define PART_JS_GLOBAL_GET VALUE_PART(do_JS_GLOBAL_GET, tsk_js_get_global_quickly(js, NAME->cache), 2)

/* With `labels` set it only gives the addresses of the handlers. */
static tsk_left loop(tsk_eval *ev, bool raises, tsk_value *out, const void *const **labels) {
    /* Configuration opcodes that functions never have end in UNREACHABLE. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
    static const void *const addresses[] = {
        [0 ... TSK_OPCODES - 1] = &&do_UNREACHABLE,
        [TSK_OPC_MOVE] = &&do_MOVE,
        [TSK_OPC_LOADK] = &&do_LOADK,
        [TSK_OPC_LOAD_WIDE] = &&do_LOAD_WIDE,
        [TSK_OPC_STORE_WIDE] = &&do_STORE_WIDE,
        [TSK_OPC_CAPTURE] = &&do_CAPTURE,
        [TSK_OPC_POLL] = &&do_POLL,
        [TSK_OPC_JUMP] = &&do_JUMP,
        [TSK_OPC_BRANCH_FALSE] = &&do_BRANCH_FALSE,
        [TSK_OPC_BRANCH_TRUE] = &&do_BRANCH_TRUE,
        [TSK_OPC_RETURN] = &&do_RETURN,
        [TSK_OPC_RETURNK] = &&do_RETURNK,
#define X(name, format) [TSK_OPC_##name] = &&do_##name,
#define Y(name) [TSK_OPC_##name] = &&do_operation,
#define Z(name) [TSK_OPC_##name] = &&do_effect,
#include "runtime/interp/js_opcodes.def"
#undef X
        [TSK_OPCODES] = &&do_record,
#define F2(first, second) &&do_##first##_##second,
#define F3(first, second, third) &&do_##first##_##second##_##third,
#include "runtime/interp/js_fused.def"
#undef F2
#undef F3
    };
#pragma GCC diagnostic pop
    if (labels) {
        *labels = addresses;
        return TSK_LEFT_RETURNED;
    }
    tsk_js *const js = ev->js;
    tsk_frame *f;
    tsk_value *r;
    const tsk_insn *pc;
    tsk_value result, given; /* `given` has an address, so `result` can live in a register */

    if (raises) goto raise;
enter:
    f = ev->top;
    pc = f->pc;
    tsk_native_fn native = __atomic_load_n(&f->code->native, __ATOMIC_RELAXED);
    if (native && pc == f->code->insns && ev->interpreted != f && tsk_native_allowed(ev, f->code) &&
        (native = tsk_native_inside(ev, &f->code->native)))
        goto run_native;
    ev->interpreted = NULL;
resume:
    r = f->regs;
    DISPATCH;

/* The frame is run by native code, from its start or from where it is. */
run_native : {
    uint32_t dest = f->dest, step = f->step;
    bool first = f->marks & TSK_FRAME_FIRST;
    ev->pinned++;
    result = native(ev, f);
    ev->pinned--;
    tsk_native_outside(ev);
    if (first) {
        *out = result;
        return tsk_js_is_thrown(result) ? TSK_LEFT_FAILED : TSK_LEFT_RETURNED;
    }
    if (TSK_UNLIKELY(tsk_js_is_thrown(result))) goto raise;
    f = ev->top;
    pc = f->pc;
    f->regs[dest] = result;
    pc = (const tsk_insn *)(const void *)((const char *)pc + step);
    goto resume;
}
do_record:
    tsk_js_loop_note(f->code, pc, r);
    goto *addresses[pc->op];

do_MOVE:
    A = B;
    NEXT;
do_LOADK:
    A = f->code->consts[tsk_insn_wide(pc)];
    NEXT;
do_LOAD_WIDE:
    A = r[tsk_insn_wide(pc)];
    NEXT;
do_STORE_WIDE:
    r[tsk_insn_wide(pc)] = A;
    NEXT;
do_CAPTURE:
    A = f->captures[tsk_insn_wide(pc)];
    NEXT;

do_JS_ADD:
    ADD(c);
    NEXT;
do_JS_ADD_I:
    ADD(small_c);
    NEXT;
do_JS_SUB:
    SUBTRACT(c);
    NEXT;
do_JS_SUB_I:
    SUBTRACT(small_c);
    NEXT;
do_JS_MUL:
    MULTIPLY(c);
    NEXT;
do_JS_MUL_I:
    MULTIPLY(small_c);
    NEXT;
do_JS_DIV:
    DIVIDE(c);
    NEXT;
do_JS_DIV_I:
    DIVIDE(small_c);
    NEXT;
do_JS_MOD:
    REMAINDER(c);
    NEXT;
do_JS_MOD_I:
    REMAINDER(small_c);
    NEXT;
do_JS_BAND:
    AND(c);
do_JS_BAND_I:
    AND(small_c);
do_JS_BOR:
    OR(c);
do_JS_BOR_I:
    OR(small_c);
do_JS_BXOR:
    XOR(c);
do_JS_BXOR_I:
    XOR(small_c);
do_JS_SHL:
    SHIFT_LEFT(c);
do_JS_SHL_I:
    SHIFT_LEFT(small_c);
do_JS_SHR:
    SHIFT_RIGHT(c);
do_JS_SHR_I:
    SHIFT_RIGHT(small_c);
do_JS_USHR:
    SHIFT_ZERO(c);
do_JS_USHR_I:
    SHIFT_ZERO(small_c);
do_JS_POW:
    GIVE(tsk_js_arith(js, TSK_JS_POW, B, C));
    NEXT;
do_JS_NEG : {
    tsk_value x = B;
    if (tsk_is_double(x))
        A = tsk_from_double(-tsk_as_double(x));
    else if (tsk_is_i32(x) && tsk_as_i32(x) != 0 && tsk_as_i32(x) != INT32_MIN)
        A = tsk_from_i32(-tsk_as_i32(x));
    else
        GIVE(tsk_js_arith(js, TSK_JS_MUL, x, tsk_from_i32(-1)));
    NEXT;
}
do_JS_BNOT : {
    tsk_value x = B;
    if (tsk_is_i32(x))
        A = tsk_from_i32(~tsk_as_i32(x));
    else
        GIVE(tsk_js_arith(js, TSK_JS_BXOR, x, tsk_from_i32(-1)));
    NEXT;
}
do_JS_PLUS:
    if (TSK_LIKELY(tsk_js_is_number(B)))
        A = B;
    else
        GIVE(tsk_js_to_numeric(js, B));
    NEXT;
do_JS_KEEP_KEY:
    if (TSK_LIKELY(!tsk_js_is_object(C)))
        A = C;
    else
        GIVE(tsk_js_keep_key(js, B, C));
    NEXT;
do_JS_INC:
do_JS_DEC : {
    tsk_value x = B;
    int32_t by = pc->op == TSK_OPC_JS_INC ? 1 : -1, n;
    if (TSK_UNLIKELY(!tsk_js_is_number(x))) {
        GIVE(tsk_js_to_numeric(js, x));
        x = result;
    }
    if (tsk_is_i32(x) && !__builtin_add_overflow(tsk_as_i32(x), by, &n))
        A = tsk_from_i32(n);
    else
        A = tsk_from_double(tsk_js_as_number(x) + by);
    NEXT;
}
do_JS_LT:
    RELATE(b, c, <, TSK_JS_LT, ANSWER);
do_JS_IF_LT:
    RELATE(a, b, <, TSK_JS_LT, JUMP_IF);
do_JS_IF_NOT_LT:
    RELATE(a, b, <, TSK_JS_LT, JUMP_UNLESS);
do_JS_IF_LT_I:
    RELATE(a, small_b, <, TSK_JS_LT, JUMP_IF);
do_JS_IF_NOT_LT_I:
    RELATE(a, small_b, <, TSK_JS_LT, JUMP_UNLESS);
do_JS_LE:
    RELATE(b, c, <=, TSK_JS_LE, ANSWER);
do_JS_IF_LE:
    RELATE(a, b, <=, TSK_JS_LE, JUMP_IF);
do_JS_IF_NOT_LE:
    RELATE(a, b, <=, TSK_JS_LE, JUMP_UNLESS);
do_JS_IF_LE_I:
    RELATE(a, small_b, <=, TSK_JS_LE, JUMP_IF);
do_JS_IF_NOT_LE_I:
    RELATE(a, small_b, <=, TSK_JS_LE, JUMP_UNLESS);
do_JS_GT:
    RELATE(b, c, >, TSK_JS_GT, ANSWER);
do_JS_IF_GT:
    RELATE(a, b, >, TSK_JS_GT, JUMP_IF);
do_JS_IF_NOT_GT:
    RELATE(a, b, >, TSK_JS_GT, JUMP_UNLESS);
do_JS_IF_GT_I:
    RELATE(a, small_b, >, TSK_JS_GT, JUMP_IF);
do_JS_IF_NOT_GT_I:
    RELATE(a, small_b, >, TSK_JS_GT, JUMP_UNLESS);
do_JS_GE:
    RELATE(b, c, >=, TSK_JS_GE, ANSWER);
do_JS_IF_GE:
    RELATE(a, b, >=, TSK_JS_GE, JUMP_IF);
do_JS_IF_NOT_GE:
    RELATE(a, b, >=, TSK_JS_GE, JUMP_UNLESS);
do_JS_IF_GE_I:
    RELATE(a, small_b, >=, TSK_JS_GE, JUMP_IF);
do_JS_IF_NOT_GE_I:
    RELATE(a, small_b, >=, TSK_JS_GE, JUMP_UNLESS);
do_JS_SAME:
    SAME_VALUES(b, c, ANSWER);
do_JS_DIFFERENT:
    SAME_VALUES(b, c, ANSWER_NOT);
do_JS_IF_SAME:
    SAME_VALUES(a, b, JUMP_IF);
do_JS_IF_SAME_I:
    SAME_VALUES(a, small_b, JUMP_IF);
do_JS_IF_NOT_SAME:
    SAME_VALUES(a, b, JUMP_UNLESS);
do_JS_IF_NOT_SAME_I:
    SAME_VALUES(a, small_b, JUMP_UNLESS);
do_JS_EQ:
    LOOSELY_EQUAL(b, c, ANSWER);
do_JS_NE:
    LOOSELY_EQUAL(b, c, ANSWER_NOT);
do_JS_IF_EQ:
    LOOSELY_EQUAL(a, b, JUMP_IF);
do_JS_IF_EQ_I:
    LOOSELY_EQUAL(a, small_b, JUMP_IF);
do_JS_IF_NOT_EQ:
    LOOSELY_EQUAL(a, b, JUMP_UNLESS);
do_JS_IF_NOT_EQ_I:
    LOOSELY_EQUAL(a, small_b, JUMP_UNLESS);
do_JS_IF_IS:
    JUMP_IF(A.bits == WORD_B.bits);
do_JS_IF_IS_NOT:
    JUMP_IF(A.bits != WORD_B.bits);
do_JS_IF_TRUTH:
    JUMP_IF_WIDE(tsk_js_truth_quickly(A));
do_JS_IF_NOT_TRUTH:
    JUMP_IF_WIDE(!tsk_js_truth_quickly(A));
do_JS_TRUTH:
    A = tsk_from_bool(tsk_js_truth_quickly(B));
    NEXT;
do_JS_IF_NULLISH:
    JUMP_IF_WIDE(tsk_js_is_nullish(A));
do_JS_IF_NOT_NULLISH:
    JUMP_IF_WIDE(!tsk_js_is_nullish(A));
do_JS_NULLISH:
    A = tsk_from_bool(tsk_js_is_nullish(B));
    NEXT;
do_JS_IF_UNDEFINED:
    JUMP_IF_WIDE(tsk_js_is_undefined(A));
do_JS_IF_NOT_UNDEFINED:
    JUMP_IF_WIDE(!tsk_js_is_undefined(A));
do_JS_IS_UNDEFINED:
    A = tsk_from_bool(tsk_js_is_undefined(B));
    NEXT;
do_JS_IF_HOLE:
    JUMP_IF_WIDE(tsk_js_is_hole(A));
do_JS_IF_NOT_HOLE:
    JUMP_IF_WIDE(!tsk_js_is_hole(A));
do_JS_IS_HOLE:
    A = tsk_from_bool(tsk_js_is_hole(B));
    NEXT;
do_JS_NOT:
    A = tsk_from_bool(!tsk_js_truth_quickly(B));
    NEXT;
do_JS_TYPEOF:
    A = tsk_js_from_string(tsk_js_typeof(B));
    NEXT;

do_JS_GET : {
    if (TSK_LIKELY(tsk_js_is_object(B))) {
        const tsk_value *slot = tsk_js_find_quickly(tsk_js_as_object(B), NAME->cache);
        if (TSK_LIKELY(slot && tsk_tag(*slot) != TSK_TAG_CELL)) {
            A = *slot;
            GO(2);
        }
    }
    GIVE(tsk_js_get_cached(js, B, NAME->atom, NAME->cache));
    GO(2);
}
do_JS_SET : {
    tsk_value object = A;
    if (TSK_LIKELY(tsk_js_is_object(object)) &&
        TSK_LIKELY(tsk_js_set_quickly(js, tsk_js_as_object(object), NAME->cache, B)))
        GO(2);
    SAVE;
    if (!tsk_js_set_cached(js, object, NAME->atom, B, NAME->cache)) goto raise;
    GO(2);
}
do_JS_GET_INDEX : {
    tsk_value v = tsk_js_item_quickly(B, C);
    if (TSK_LIKELY(!tsk_js_is_hole(v))) {
        A = v;
        NEXT;
    }
    GIVE(tsk_js_get_item(js, B, C));
    NEXT;
}
do_JS_SET_INDEX:
    if (TSK_LIKELY(tsk_js_set_item_quickly(js, A, B, C))) NEXT;
    SAVE;
    if (!tsk_js_set_item(js, A, B, C)) goto raise;
    NEXT;
do_JS_ITEM : {
    tsk_value v = tsk_js_item_quickly(B, C);
    if (TSK_UNLIKELY(tsk_js_is_hole(v))) {
        GIVE(tsk_js_inner_item(js, B, C));
        NEXT;
    }
    A = v;
    NEXT;
}
do_JS_PUT:
    if (TSK_LIKELY(tsk_js_put_item_quickly(js, A, B, C))) NEXT;
    SAVE;
    if (!tsk_js_inner_put(js, A, B, C)) goto raise;
    NEXT;
do_JS_GLOBAL_GET : {
    tsk_value v = tsk_js_get_global_quickly(js, NAME->cache);
    if (TSK_LIKELY(!tsk_js_is_hole(v))) {
        A = v;
        GO(2);
    }
    GIVE(tsk_js_global_get(js, NAME->atom, NAME->cache));
    GO(2);
}
do_JS_GLOBAL_SET:
    if (TSK_LIKELY(tsk_js_set_global_quickly(js, NAME->cache, A))) GO(2);
    SAVE;
    if (!tsk_js_global_set(js, NAME->atom, A, NAME->cache)) goto raise;
    GO(2);
do_JS_OUTER : {
    uint32_t number = tsk_insn_wide(pc);
    tsk_value v = number < js->outer_count ? js->outer[number] : TSK_JS_HOLE;
    if (TSK_LIKELY(!tsk_js_is_hole(v))) {
        A = v;
        NEXT;
    }
    GIVE(ev->js_host->outer(ev, number));
    NEXT;
}
do_JS_BOX : {
    SAVE;
    tsk_js_box *box = tsk_heap_alloc(js->heap, sizeof *box, TSK_JS_KIND_BOX);
    box->value = B;
    A = tsk_from_ptr(TSK_TAG_CELL, box);
    NEXT;
}
do_JS_BOX_GET:
    A = ((const tsk_js_box *)tsk_ptr(B))->value;
    NEXT;
do_JS_BOX_SET : {
    tsk_js_box *box = tsk_ptr(A);
    TSK_HEAP_STORE(js->heap, box, value, B);
    NEXT;
}
do_JS_CHECK_TDZ:
    if (TSK_MUTANT(NO_DEAD_ZONE) && tsk_js_is_hole(B)) B = TSK_VALUE_UNDEFINED;
    if (TSK_UNLIKELY(tsk_js_is_hole(B))) {
        SAVE;
        tsk_js_throw_uninitialized(js, NAME->atom);
        goto raise;
    }
    A = B;
    GO(2);
do_JS_CHECK_THIS:
    if (TSK_UNLIKELY(tsk_js_is_hole(B))) {
        SAVE;
        tsk_js_throw_error(js, TSK_JS_REFERENCE_ERROR,
                           "Must call super constructor in derived class before accessing 'this' or returning from "
                           "derived constructor");
        goto raise;
    }
    A = B;
    NEXT;

do_JS_OBJECT : {
    const tsk_operands o = OPERANDS;
    GIVE(make_object(js, &o, (literal_slot *)(uintptr_t)(pc + 1)));
    GO(2);
}
do_JS_ARRAY : {
    tsk_operands o = OPERANDS;
    GIVE(make_array(js, &o));
    NEXT;
}
do_JS_CLOSURE : {
    tsk_operands o = OPERANDS;
    GIVE(make_closure(js, &o, f->code->funcs[o.list[TSK_LIST_EXTRA]]));
    NEXT;
}
do_JS_CALL : {
    SAVE;
    STEP;
    const tsk_operands o = OPERANDS;
    CALL(2, tsk_operand(&o, 0), tsk_operand(&o, 1), 1);
}
do_JS_CALL_METHOD : {
    SAVE;
    STEP;
    const tsk_operands o = OPERANDS;
    tsk_value base_value = tsk_operand(&o, 0), method;
    const tsk_value *slot = NULL;
    if (TSK_LIKELY(tsk_js_is_object(base_value))) slot = tsk_js_find_quickly(tsk_js_as_object(base_value), NAME->cache);
    if (TSK_LIKELY(slot && tsk_tag(*slot) != TSK_TAG_CELL)) {
        method = *slot;
    } else {
        method = tsk_js_get_cached(js, base_value, NAME->atom, NAME->cache);
        if (tsk_js_is_thrown(method)) goto raise;
    }
    CALL(1, method, base_value, 2);
}
do_JS_NEW : {
    SAVE;
    STEP;
    tsk_operands o = OPERANDS;
    switch (construct_list(ev, &o, pc->a, &given)) {
    case TSK_JS_CALLED_FRAME: goto enter;
    case TSK_JS_CALLED_THROWN: goto raise;
    case TSK_JS_CALLED_VALUE: A = given;
    }
    NEXT;
}
do_JS_LIBRARY_OBJECT : {
    const tsk_operands o = OPERANDS;
    tsk_value v = tsk_operand(&o, 0);
    if (TSK_UNLIKELY(!tsk_js_is_object(v))) goto do_operation;
    A = v;
    NEXT;
}
do_JS_LIBRARY_LENGTH : {
    const tsk_operands o = OPERANDS;
    tsk_value v = tsk_operand(&o, 0);
    if (TSK_UNLIKELY(!tsk_js_is_array(v))) goto do_operation;
    uint32_t length = ((const tsk_js_array *)(const void *)tsk_js_as_object(v))->length;
    if (TSK_UNLIKELY(length > INT32_MAX)) goto do_operation;
    A = tsk_from_i32((int32_t)length);
    NEXT;
}
do_JS_LIBRARY_CALLABLE : {
    const tsk_operands o = OPERANDS;
    if (TSK_UNLIKELY(!tsk_js_is_callable(tsk_operand(&o, 0)))) goto do_operation;
    NEXT;
}
do_JS_ITER_NEXT:
    GIVE(tsk_js_loop_next(js, B));
    NEXT;
do_operation : {
    SAVE;
    STEP;
    tsk_operands o = OPERANDS;
    result = tsk_js_operation(ev, f, pc, &o);
    if (TSK_UNLIKELY(tsk_js_is_thrown(result))) goto raise;
    if (TSK_UNLIKELY(ev->top != f)) goto enter; /* the operation is a call */
    A = result;
    NEXT;
}
do_effect : {
    SAVE;
    STEP;
    tsk_operands o = OPERANDS;
    if (TSK_UNLIKELY(tsk_js_is_thrown(tsk_js_operation(ev, f, pc, &o)))) goto raise;
    NEXT;
}
do_JS_CATCH:
    A = tsk_js_take_exception(js);
    NEXT;
do_JS_THROW:
    SAVE;
    tsk_js_throw(js, A);
    goto raise;

do_POLL:
    SAVE;
    if (TSK_UNLIKELY(--ev->fuel < 0)) {
        if (!tsk_js_loop_poll(ev)) goto raise;
        if ((native = tsk_native_turned(ev, f))) goto run_native;
    }
    NEXT;

#define F2(first, second)                                                                                              \
    do_##first##_##second : PART_##first;                                                                              \
    goto do_##second;
#define F3(first, second, third)                                                                                       \
    do_##first##_##second##_##third : PART_##first;                                                                    \
    PART_##second;                                                                                                     \
    goto do_##third;
#include "runtime/interp/js_fused.def"

do_JUMP:
    GO((int32_t)tsk_insn_wide(pc));
do_BRANCH_FALSE:
    JUMP_IF_WIDE(A.bits != TSK_VALUE_TRUE.bits);
do_BRANCH_TRUE:
    JUMP_IF_WIDE(A.bits == TSK_VALUE_TRUE.bits);
do_RETURNK:
    result = f->code->consts[tsk_insn_wide(pc)];
    goto leave;
do_RETURN:
    result = A;
leave : {
    const tsk_frame *left = f;
    if (TSK_UNLIKELY(left->marks)) {
        if (left->marks & TSK_FRAME_CONSTRUCTS) result = constructed_or(left, result);
        tsk_frame_pop(ev);
        if (left->marks & TSK_FRAME_FIRST) {
            *out = result;
            return TSK_LEFT_RETURNED;
        }
    } else {
        tsk_frame_drop(ev, f);
    }
    f = left->caller;
    pc = f->pc;
    r = f->regs;
    r[left->dest] = result;
    pc = (const tsk_insn *)(const void *)((const char *)pc + left->step);
    DISPATCH;
}
do_UNREACHABLE:
    SAVE;
    tsk_js_throw_error(js, TSK_JS_ERROR_PLAIN, "code that cannot be reached was reached");
raise:
    if (TSK_UNLIKELY(ev->leaving != TSK_LEFT_FAILED)) {
        tsk_left left = ev->leaving;
        ev->leaving = TSK_LEFT_FAILED;
        return left;
    }
    f = unwind(ev);
    if (!f) return TSK_LEFT_FAILED;
    pc = f->pc;
    goto resume;
}

const void *const *tsk_js_loop_labels(void) {
    const void *const *labels;
    loop(NULL, false, NULL, &labels);
    return labels;
}

tsk_left tsk_js_loop(tsk_eval *ev, bool raises, tsk_value *out) {
    return loop(ev, raises, out, NULL);
}

/* ---- entry ---- */

/* Native code that takes these arguments as they are, and room for its frame, as from tsk_native_inside; NULL: the long
 * way. */
TSK_INLINE tsk_native_fn native_for(tsk_eval *ev, const tsk_js_closure *fn, uint32_t count) {
    const tsk_bytecode *code = tsk_bytecode_of(fn->func);
    if (!code || !__atomic_load_n(&code->native, __ATOMIC_RELAXED)) return NULL;
    if (count < code->plain_args || !tsk_native_allowed(ev, code) || !tsk_frame_has_room(ev, code)) return NULL;
    return tsk_native_inside(ev, &code->native);
}

tsk_value tsk_js_loop_call(tsk_js *js, tsk_js_closure *fn, tsk_value this_value, tsk_value new_target, uint32_t count,
                           const tsk_value *args) {
    tsk_eval *ev = js->user;
    bool constructs = !tsk_js_is_undefined(new_target);
    tsk_native_fn native = constructs ? NULL : native_for(ev, fn, count);
    if (native) {
        ev->pinned++;
        tsk_value v = tsk_js_loop_call_native(ev, tsk_bytecode_of(fn->func), native, fn, this_value, args);
        ev->pinned--;
        tsk_native_outside(ev);
        return v;
    }
    tsk_frame *frame = constructs ? tsk_js_loop_push_new(ev, fn, new_target, count, args)
                                  : tsk_js_loop_push(ev, fn, this_value, new_target, count, args);
    tsk_value result;
    return frame && tsk_interp_run(ev, &result) == TSK_LEFT_RETURNED ? result : TSK_JS_THROWN;
}

/* Marks of an age that was left before all were visited must not be taken for those of the next one. */
static void begin_visits(tsk_eval *ev, uint8_t age) {
    enum { BOTH = TSK_FRAME_BELOW_A | TSK_FRAME_BELOW_B };
    if (ev->visit_age && !ev->visited_all)
        for (tsk_frame *f = ev->top; f; f = f->caller) f->marks &= (uint8_t)~BOTH;
    ev->visit_mark = ev->visit_mark == TSK_FRAME_BELOW_A ? TSK_FRAME_BELOW_B : TSK_FRAME_BELOW_A;
    ev->visit_age = age;
    ev->visited_all = false;
}

static void mark_visited(tsk_eval *ev, tsk_frame *above) {
    above->marks &= (uint8_t) ~(TSK_FRAME_BELOW_A | TSK_FRAME_BELOW_B);
    above->marks |= ev->visit_mark;
}

/* A frame that waits for the one above it does not change.  That one is new when it has no mark: a frame that comes
 * back to the top loses nothing, as the next one above it is another. */
bool tsk_js_loop_roots(tsk_eval *ev, tsk_heap *heap) {
    enum { LOOK_EVERY = 64 };
    uint32_t count = 0;
    tsk_frame *above = NULL;
    if (ev->visit_age != tsk_heap_age(heap)) begin_visits(ev, tsk_heap_age(heap));
    for (tsk_frame *f = ev->top; f; above = f, f = f->caller) {
        if (above && above->marks & ev->visit_mark) {
            if (ev->visited_all) return true;
            continue;
        }
        if (++count % LOOK_EVERY == 0 && tsk_heap_is_late(heap)) {
            ev->visited_all = false;
            return false;
        }
        if (tsk_frame_is_function(f)) {
            tsk_heap_visit_range(heap, f->regs, f->regs + f->code->regs);
            if (f->marks & TSK_FRAME_CONSTRUCTS) tsk_heap_visit_value(heap, f->constructed);
        }
        if (above) mark_visited(ev, above);
    }
    ev->visited_all = true;
    return true;
}

/* ---- for native code ---- */

tsk_js_object *tsk_js_loop_literal(tsk_js *js, const void *slot) {
    const tsk_js_shape *shape = __atomic_load_n(&((const literal_slot *)slot)->shape, __ATOMIC_ACQUIRE);
    return shape ? tsk_js_object_shaped(js, tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype), shape) : NULL;
}

tsk_value tsk_js_loop_resume(tsk_eval *ev, tsk_frame *frame) {
    tsk_value result;
    ev->interpreted = frame;
    return tsk_interp_run(ev, &result) == TSK_LEFT_RETURNED ? result : TSK_JS_THROWN;
}

/* What a call came to, with the frame that it may have pushed run to its end. */
static tsk_value finish(tsk_eval *ev, tsk_js_called what, tsk_value value) {
    if (what == TSK_JS_CALLED_VALUE) return value;
    if (what != TSK_JS_CALLED_FRAME) return TSK_JS_THROWN;
    tsk_frame *frame = ev->top;
    tsk_native_fn native = __atomic_load_n(&frame->code->native, __ATOMIC_ACQUIRE);
    if (native && frame->pc == frame->code->insns && tsk_native_allowed(ev, frame->code)) return native(ev, frame);
    tsk_value result;
    return tsk_interp_run(ev, &result) == TSK_LEFT_RETURNED ? result : TSK_JS_THROWN;
}

tsk_value tsk_js_loop_finish_call(tsk_eval *ev, tsk_frame *f, tsk_value callee, tsk_value this_value, uint32_t first) {
    const tsk_insn *pc = f->pc;
    tsk_value *r = f->regs, result = TSK_VALUE_UNDEFINED;
    tsk_js_called what = call_list(ev, OPERANDS, first, callee, this_value, 0, &result);
    return finish(ev, what, result);
}

tsk_value tsk_js_loop_step(tsk_eval *ev, tsk_frame *f) {
    tsk_js *js = ev->js;
    const tsk_insn *pc = f->pc;
    tsk_value *r = f->regs, result = TSK_VALUE_UNDEFINED;
    tsk_operands o = OPERANDS;
    switch (pc->op) {
    case TSK_OPC_JS_OBJECT: return make_object(js, &o, (literal_slot *)(uintptr_t)(pc + 1));
    case TSK_OPC_JS_ARRAY: return make_array(js, &o);
    case TSK_OPC_JS_CLOSURE: return make_closure(js, &o, f->code->funcs[o.list[TSK_LIST_EXTRA]]);
    case TSK_OPC_JS_NEW: {
        tsk_js_called what = construct_list(ev, &o, 0, &result);
        return finish(ev, what, result);
    }
    default: {
        const tsk_frame *top = ev->top;
        result = tsk_js_operation(ev, f, pc, &o);
        if (tsk_js_is_thrown(result) || ev->top == top) return result;
        return finish(ev, TSK_JS_CALLED_FRAME, result);
    }
    }
}
