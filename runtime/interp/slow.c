/* Instructions that are calls: operators, containers, text.
 *
 * Operands are gathered from registers and constants into one array, on the C stack when they are few.  An
 * operator may evaluate other parts of the document while it holds them, so there is no shared buffer. */
#include "runtime/interp/interp.h"

#include "runtime/value/semantics.h"

#define FEW 16

#define GATHER(name)                                                                                                   \
    uint32_t count = o->list[TSK_LIST_COUNT];                                                                          \
    tsk_value few_[FEW];                                                                                               \
    tsk_value *const name = gather(ev, o, few_)

static tsk_value *gather(tsk_eval *ev, const tsk_operands *o, tsk_value few[FEW]) {
    uint32_t count = o->list[TSK_LIST_COUNT];
    tsk_value *values = count <= FEW ? few : TSK_NEW_ARRAY(ev->heap, tsk_value, count);
    for (uint32_t i = 0; i < count; i++) values[i] = tsk_operand(o, i);
    return values;
}

bool tsk_slow_add_list(tsk_eval *ev, const tsk_operands *o, tsk_value *out) {
    GATHER(args);
    return tsk_value_add(ev->heap, args, count, out, &ev->failure);
}

void tsk_slow_concat(tsk_eval *ev, const tsk_operands *o, tsk_value *out) {
    tsk_buf text;
    tsk_buf_init(&text, ev->heap);
    for (uint32_t i = 0; i < o->list[TSK_LIST_COUNT]; i++) {
        tsk_value v = tsk_operand(o, i);
        if (tsk_is_str(v))
            tsk_buf_slice(&text, tsk_as_slice(v));
        else
            tsk_value_text(&text, v);
    }
    *out = tsk_str_take(&text);
}

tsk_value tsk_slow_make_array(tsk_arena *heap, const tsk_value *values, uint32_t count) {
    tsk_array *array = tsk_array_new(heap, count);
    if (count) memcpy(array->items, values, count * sizeof *values);
    array->count = count;
    return tsk_from_array(array);
}

void tsk_slow_array(tsk_eval *ev, const tsk_operands *o, tsk_value *out) {
    uint32_t count = o->list[TSK_LIST_COUNT];
    tsk_array *array = tsk_array_new(ev->heap, count);
    for (uint32_t i = 0; i < count; i++) array->items[i] = tsk_operand(o, i);
    array->count = count;
    *out = tsk_from_array(array);
}

tsk_value tsk_slow_make_object(tsk_arena *heap, const tsk_array *keys, const tsk_value *values) {
    tsk_object *object = tsk_object_new(heap, keys->count);
    for (uint32_t i = 0; i < keys->count; i++) {
        tsk_slice key = tsk_as_slice(keys->items[i]);
        tsk_object_set(heap, object, key.ptr, key.len, values[i]);
    }
    return tsk_from_object(object);
}

void tsk_slow_object(tsk_eval *ev, const tsk_operands *o, tsk_value *out) {
    const tsk_array *keys = tsk_as_array(o->consts[o->list[TSK_LIST_EXTRA]]);
    tsk_object *object = tsk_object_new(ev->heap, keys->count);
    for (uint32_t i = 0; i < keys->count; i++) {
        tsk_slice key = tsk_as_slice(keys->items[i]);
        tsk_object_set(ev->heap, object, key.ptr, key.len, tsk_operand(o, i));
    }
    *out = tsk_from_object(object);
}

void tsk_slow_closure(tsk_eval *ev, const tsk_operands *o, tsk_ir_func *func, tsk_value *out) {
    uint32_t count = o->list[TSK_LIST_COUNT];
    tsk_cell *cell = tsk_arena_alloc(ev->heap, sizeof *cell + count * sizeof(tsk_value));
    cell->kind = TSK_CELL_FUNCTION;
    cell->count = count;
    cell->func = func;
    for (uint32_t i = 0; i < count; i++) cell->captures[i] = tsk_operand(o, i);
    *out = tsk_from_ptr(TSK_TAG_CELL, cell);
}

/* ---- operators ---- */

static const char *capability_option(uint32_t missing) {
    if (missing & TSK_CAP_NET) return "--allow-net";
    if (missing & TSK_CAP_RUN) return "--allow-run";
    if (missing & TSK_CAP_WRITE) return "--allow-write";
    if (missing & TSK_CAP_READ) return "--allow-read";
    return "--allow-env";
}

/* As the language spells it: some operators are the inside of a form with another name. */
static const char *spelled(const tsk_operator *op) {
    static const char *const forms[][2] = {
        {"file_op", "file"}, {"file_read", "file"}, {"tsk_set", ".tsk.set"}, {"tsk_get", ".tsk.get"}};
    for (size_t i = 0; i < TSK_COUNT(forms); i++)
        if (strcmp(op->name, forms[i][0]) == 0) return forms[i][1];
    return op->name;
}

static bool may_call(tsk_eval *ev, const tsk_operator *op, uint32_t count) {
    if (!op->fn) return tsk_interp_fail(ev, TSK_E_UNSUPPORTED, "`%s` cannot be called here", spelled(op));
    if ((int)count < op->min || (op->max >= 0 && (int)count > op->max))
        return tsk_interp_fail(ev, TSK_E_WRONG_ARGUMENTS, "%s: %u arguments are too %s", spelled(op), count,
                               (int)count < op->min ? "few" : "many");
    uint32_t missing = op->caps & ~ev->op.caps->mask;
    if (!missing) return true;
    tsk_interp_fail(ev, TSK_E_DENIED, "%s needs a capability that was not granted", spelled(op));
    ev->failure.hint = tsk_arena_printf(ev->heap, "run with %s to grant it", capability_option(missing));
    return false;
}

bool tsk_slow_operator(tsk_eval *ev, uint32_t number, const tsk_value *args, uint32_t count, tsk_value *out) {
    const tsk_operator *op = &(ev->operators ? ev->operators : tsk_operators)[number];
    ev->inner = NULL;
    if (!may_call(ev, op, count)) return false;
    if (TSK_UNLIKELY(!ev->prepared && op->effect != TSK_EFFECT_PURE)) ev->host->prepare(ev);
    tsk_interp_before_operator(ev);
    return op->fn(&ev->op, args, count, out) ? tsk_interp_check_time(ev) : tsk_interp_no_answer(ev);
}

bool tsk_slow_op(tsk_eval *ev, const tsk_operands *o, tsk_value *out) {
    GATHER(args);
    return tsk_slow_operator(ev, o->list[TSK_LIST_EXTRA], args, count, out);
}

bool tsk_slow_method(tsk_eval *ev, const tsk_operands *o, tsk_value *out) {
    GATHER(args);
    ev->inner = NULL;
    if (TSK_UNLIKELY(!ev->prepared)) ev->host->prepare(ev);
    tsk_interp_before_operator(ev);
    return tsk_op_method(&ev->op, tsk_as_slice(o->consts[o->list[TSK_LIST_EXTRA]]), args, count, out) ||
           tsk_interp_no_answer(ev);
}

bool tsk_slow_error(tsk_eval *ev, const tsk_operands *o) {
    tsk_value v = o->list[TSK_LIST_COUNT] ? tsk_operand(o, 0) : TSK_VALUE_NULL;
    tsk_slice text = tsk_is_str(v) ? tsk_as_slice(v) : TSK_SLICE("evaluation failed");
    /* A hint stands on a line of its own. */
    const char *line = text.len ? memchr(text.ptr, '\n', text.len) : NULL;
    uint32_t len = line ? (uint32_t)(line - text.ptr) : text.len;
    const char *hint = line ? tsk_arena_strdup(ev->heap, line + 1, text.len - len - 1) : NULL;
    ev->failure = (tsk_failure){(tsk_code)o->list[TSK_LIST_EXTRA], tsk_arena_strdup(ev->heap, text.ptr, len), hint};
    return false;
}

/* ---- containers: shared with the folder ---- */

static bool type_failure(tsk_arena *heap, tsk_failure *failure, const char *what, tsk_value v) {
    const char *kind = tsk_kind_name(tsk_kind_of(v));
    *failure = (tsk_failure){TSK_E_TYPE, tsk_arena_printf(heap, "%s, got %s", what, kind), NULL};
    return false;
}

/* Unary plus: the number that a value stands for. */
bool tsk_slow_plus(tsk_arena *heap, tsk_value v, tsk_value *out, tsk_failure *failure) {
    if (!tsk_is_number(v)) return tsk_value_arith(heap, TSK_IR_SUB, v, tsk_from_i32(0), out, failure);
    *out = v;
    return true;
}

static void merge_into(tsk_arena *heap, tsk_object *to, const tsk_object *from) {
    for (uint32_t i = 0; i < from->count; i++) {
        const tsk_entry *e = &from->entries[i];
        tsk_object_slot(heap, to, e->key, e->key_len, e->hash, NULL)->value = e->value;
    }
}

bool tsk_slow_merge(tsk_arena *heap, tsk_value a, tsk_value b, tsk_value *out, tsk_failure *failure) {
    if (!tsk_is_null(a) && !tsk_is_object(a)) return type_failure(heap, failure, "only objects can be merged", a);
    if (!tsk_is_null(b) && !tsk_is_object(b)) return type_failure(heap, failure, "only objects can be merged", b);
    uint32_t count = (tsk_is_object(a) ? tsk_as_object(a)->count : 0) +
                     (tsk_is_object(b) ? tsk_as_object(b)->count : 0);
    tsk_object *merged = tsk_object_new(heap, count);
    if (tsk_is_object(a)) merge_into(heap, merged, tsk_as_object(a));
    if (tsk_is_object(b)) merge_into(heap, merged, tsk_as_object(b));
    *out = tsk_from_object(merged);
    return true;
}

bool tsk_slow_append(tsk_arena *heap, tsk_value a, tsk_value b, tsk_value *out, tsk_failure *failure) {
    if (!tsk_is_array(a)) return type_failure(heap, failure, "only a list can be continued", a);
    if (!tsk_is_null(b) && !tsk_is_array(b))
        return type_failure(heap, failure, "only a list can be spread into a list", b);
    const tsk_array *first = tsk_as_array(a), *second = tsk_is_array(b) ? tsk_as_array(b) : NULL;
    uint32_t more = second ? second->count : 0;
    if (more > UINT32_MAX / 16 - first->count) return type_failure(heap, failure, "the list is too long", b);
    tsk_array *all = tsk_array_new(heap, first->count + more);
    if (first->count) memcpy(all->items, first->items, first->count * sizeof(tsk_value));
    if (more) memcpy(all->items + first->count, second->items, more * sizeof(tsk_value));
    all->count = first->count + more;
    *out = tsk_from_array(all);
    return true;
}

bool tsk_slow_count(tsk_arena *heap, tsk_value v, tsk_value *out, tsk_failure *failure) {
    uint32_t count = 0;
    if (tsk_is_array(v))
        count = tsk_as_array(v)->count;
    else if (tsk_is_object(v))
        count = tsk_as_object(v)->count;
    else if (!tsk_is_null(v))
        return type_failure(heap, failure, "a list or an object is needed to go over", v);
    *out = tsk_from_i32((int32_t)count);
    return true;
}

/* The number is inside what COUNT gave: the loops that lowering makes ask for nothing else. */
tsk_value tsk_slow_item(tsk_value v, tsk_value i) {
    int64_t at = tsk_is_int(i) ? tsk_as_int(i) : -1;
    if (at < 0) return TSK_VALUE_NULL;
    if (tsk_is_array(v)) return at < tsk_as_array(v)->count ? tsk_as_array(v)->items[at] : TSK_VALUE_NULL;
    if (tsk_is_object(v)) return at < tsk_as_object(v)->count ? tsk_as_object(v)->entries[at].value : TSK_VALUE_NULL;
    return TSK_VALUE_NULL;
}

tsk_value tsk_slow_item_key(tsk_arena *heap, tsk_value v, tsk_value i) {
    int64_t at = tsk_is_int(i) ? tsk_as_int(i) : -1;
    if (!tsk_is_object(v)) return i;
    if (at < 0 || at >= tsk_as_object(v)->count) return TSK_VALUE_NULL;
    const tsk_entry *e = &tsk_as_object(v)->entries[at];
    return tsk_str_borrow(heap, e->key, e->key_len);
}

tsk_value tsk_slow_member(tsk_arena *heap, tsk_value v, const tsk_str *name) {
    if (TSK_LIKELY(tsk_is_object(v))) {
        const tsk_entry *e = tsk_object_find_hashed(tsk_as_object(v), name->ptr, name->len, name->hash);
        if (e) return e->value;
    }
    return tsk_value_member(heap, v, name->ptr, name->len);
}
