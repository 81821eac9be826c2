/* Properties, variables.
 *
 *   get: object? shape of a fact? ─► slot; "absent" ─► the prototype and its facts ─► ... otherwise the runtime's look-up
 *
 * What the caches of the interpreter know when code is made stands in the code as comparisons with shapes.
 */
#include "backend/unit.h"

#include <string.h>

enum { MAX_HOPS = 4, MAX_WAYS = 2 * MAX_HOPS * TSK_JS_FACTS + 4 };

/* The ways that meet with a value. */
typedef struct ways {
    LLVMBasicBlockRef meet, slow;
    LLVMValueRef values[MAX_WAYS];
    LLVMBasicBlockRef from[MAX_WAYS];
    unsigned count;
} ways;

static void bring(tsk_jit_unit *u, ways *w, LLVMValueRef v) {
    w->values[w->count] = v;
    w->from[w->count++] = LLVMGetInsertBlock(u->b);
}

static LLVMValueRef meet(tsk_jit_unit *u, ways *w) {
    tsk_jit_at(u, w->meet);
    if (!w->count) return tsk_jit_bits(u, TSK_VALUE_UNDEFINED); /* never reached */
    LLVMValueRef phi = LLVMBuildPhi(u->b, u->i64, "");
    LLVMAddIncoming(phi, w->values, w->from, w->count);
    return phi;
}

static const tsk_js_cache *cache_of(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    const void *slot[2];
    memcpy(slot, &u->code->insns[u->map->pc[inst->mark] + 1], sizeof slot);
    return slot[1];
}

static LLVMValueRef slot_word(tsk_jit_unit *u, const tsk_ir_inst *inst, int word) {
    return tsk_jit_load(u, u->ptr, tsk_jit_insn(u, u->map->pc[inst->mark] + 1), word * 8, TSK_JIT_FIXED);
}

static LLVMValueRef shape_of(tsk_jit_unit *u, LLVMValueRef object) {
    return tsk_jit_load(u, u->i32, object, offsetof(tsk_heap_cell, word), TSK_JIT_HEADER);
}

static int32_t offset_in(uint32_t low) {
    return (int32_t)(low << 2) >> 2;
}

/* The cell and the place of a slot. */
static LLVMValueRef slot_owner(tsk_jit_unit *u, LLVMValueRef object, int32_t *offset) {
    if (*offset >= 0) return object;
    LLVMValueRef elements = tsk_jit_load(u, u->ptr, object, offsetof(tsk_js_object, elements), TSK_JIT_HEADER);
    *offset = (int32_t)offsetof(tsk_js_slots, values) + ~*offset * (int32_t)sizeof(tsk_value);
    return tsk_jit_load(u, u->ptr, elements, offsetof(tsk_js_elements, overflow), TSK_JIT_HEADER);
}

/* Comes back at `go_on` when the cell is new or in the log already, or else stays at `log`. */
static void test_mark(tsk_jit_unit *u, LLVMValueRef cell, LLVMBasicBlockRef log, LLVMBasicBlockRef go_on) {
    LLVMValueRef mark = tsk_jit_load(u, u->i8, cell, offsetof(tsk_heap_cell, mark), TSK_JIT_STATE);
    enum { BITS = TSK_HEAP_MARKED | TSK_HEAP_LOGGED | TSK_HEAP_PERMANENT };
    mark = LLVMBuildAnd(u->b, mark, tsk_jit_int(u, u->i8, BITS), "");
    LLVMValueRef old = LLVMBuildICmp(u->b, LLVMIntEQ, mark, tsk_jit_int(u, u->i8, TSK_HEAP_MARKED), "");
    tsk_jit_branch(u, old, log, go_on, false);
    tsk_jit_at(u, log);
}

void tsk_jit_log_write(tsk_jit_unit *u, LLVMValueRef cell) {
    LLVMBasicBlockRef log = tsk_jit_block(u, "log"), go_on = tsk_jit_block(u, "");
    test_mark(u, cell, log, go_on);
    LLVMValueRef arguments[] = {u->heap, cell};
    tsk_jit_call(u, TSK_NATIVE_log_write, arguments);
    LLVMBuildBr(u->b, go_on);
    tsk_jit_at(u, go_on);
}

/* Numbers and bools are no cells. */
static bool may_be_cell(const tsk_jit_unit *u, const tsk_ir_inst *v) {
    return u->values[v->mark].rep == TSK_JIT_BOXED && v->op != TSK_IR_CONST;
}

void tsk_jit_wrote(tsk_jit_unit *u, LLVMValueRef cell, const tsk_ir_inst *v) {
    if (may_be_cell(u, v)) tsk_jit_log_write(u, cell);
}

void tsk_jit_wrote_at(tsk_jit_unit *u, LLVMValueRef cell, LLVMValueRef slot, const tsk_ir_inst *value, LLVMValueRef v) {
    if (!may_be_cell(u, value)) return;
    LLVMBasicBlockRef old = tsk_jit_block(u, "old"), log = tsk_jit_block(u, "log"), go_on = tsk_jit_block(u, "");
    test_mark(u, cell, old, go_on);
    LLVMValueRef tag = LLVMBuildLShr(u->b, v, tsk_jit_int(u, u->i64, 48), "");
    tag = LLVMBuildSub(u->b, tag, tsk_jit_int(u, u->i64, TSK_TAG_STR), "");
    LLVMValueRef last = tsk_jit_int(u, u->i64, TSK_TAG_CELL - TSK_TAG_STR);
    tsk_jit_branch(u, LLVMBuildICmp(u->b, LLVMIntULE, tag, last, ""), log, go_on, false);
    tsk_jit_at(u, log);
    LLVMValueRef arguments[] = {u->heap, cell, slot};
    tsk_jit_call(u, TSK_NATIVE_log_write_at, arguments);
    LLVMBuildBr(u->b, go_on);
    tsk_jit_at(u, go_on);
}

/* ---- get ---- */

static bool has_cache(const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_JS_GET:
    case TSK_IR_JS_SET:
    case TSK_IR_JS_CALL_METHOD:
    case TSK_IR_JS_GLOBAL_GET:
    case TSK_IR_JS_GLOBAL_SET: return true;
    default: return false;
    }
}

void tsk_jit_copy_facts(tsk_jit_unit *u) {
    u->facts = tsk_arena_zalloc(u->arena, u->map->count * sizeof *u->facts);
    for (uint32_t i = 0; i < u->map->count; i++) {
        if (!has_cache(u->map->values[i])) continue;
        const tsk_js_cache *cache = cache_of(u, u->map->values[i]);
        tsk_js_fact *facts = u->facts[i] = tsk_arena_zalloc(u->arena, TSK_JS_FACTS * sizeof *facts);
        unsigned count = 0;
        for (unsigned f = 0; f < TSK_JS_FACTS; f++)
            if ((facts[count] = __atomic_load_n(&cache->facts[f], __ATOMIC_RELAXED)) &&
                tsk_jit_knows_shape(u, (uint32_t)(facts[count] >> 32)))
                count++;
        if (count < TSK_JS_FACTS) facts[count] = 0;
    }
}

static unsigned facts_of(const tsk_jit_unit *u, const tsk_ir_inst *inst, const tsk_js_fact **facts) {
    unsigned count = 0;
    *facts = u->facts[inst->mark];
    while (count < TSK_JS_FACTS && (*facts)[count]) count++;
    return count;
}

/* The value of a slot that holds one; else the slow way. */
static void take_slot(tsk_jit_unit *u, ways *w, LLVMValueRef object, int32_t offset) {
    LLVMValueRef owner = slot_owner(u, object, &offset);
    LLVMValueRef v = tsk_jit_load(u, u->i64, owner, offset, TSK_JIT_SLOT);
    LLVMBasicBlockRef good = tsk_jit_block(u, "");
    tsk_jit_branch(u, tsk_jit_has_tag(u, v, TSK_TAG_CELL), w->slow, good, false);
    tsk_jit_at(u, good);
    bring(u, w, v);
    LLVMBuildBr(u->b, w->meet);
}

static bool is_place(tsk_js_fact fact) {
    return !((uint32_t)fact & (TSK_JS_FACT_ABSENT | TSK_JS_FACT_ADD));
}

/* Compares the shape with all facts; objects that do not have the name go on with their prototype. */
static void look_up(tsk_jit_unit *u, ways *w, LLVMValueRef object, const tsk_js_fact *facts, unsigned count,
                    unsigned hops) {
    LLVMBasicBlockRef above = NULL;
    LLVMValueRef shape = shape_of(u, object);
    for (unsigned i = 0; i < count; i++) {
        bool place = is_place(facts[i]);
        if (!place && (hops == 0 || (uint32_t)facts[i] & TSK_JS_FACT_ADD)) continue;
        if (!place && !above) above = tsk_jit_block(u, "above");
        LLVMBasicBlockRef yes = place ? tsk_jit_block(u, "") : above, no = tsk_jit_block(u, "");
        LLVMValueRef is = LLVMBuildICmp(u->b, LLVMIntEQ, shape, tsk_jit_shape(u, (uint32_t)(facts[i] >> 32)), "");
        tsk_jit_branch(u, is, yes, no, true);
        if (place) {
            tsk_jit_at(u, yes);
            take_slot(u, w, object, offset_in((uint32_t)facts[i]));
        }
        tsk_jit_at(u, no);
    }
    LLVMBuildBr(u->b, w->slow);
    if (!above) return;
    tsk_jit_at(u, above);
    LLVMValueRef proto = tsk_jit_load(u, u->ptr, object, offsetof(tsk_js_object, proto), TSK_JIT_HEADER);
    LLVMBasicBlockRef there = tsk_jit_block(u, "");
    tsk_jit_branch(u, LLVMBuildIsNull(u->b, proto, ""), w->slow, there, false);
    tsk_jit_at(u, there);
    look_up(u, w, proto, facts, count, hops - 1);
}

static bool is_named(const tsk_ir_inst *inst, const char *name) {
    tsk_slice text = tsk_as_slice(inst->imm.value);
    return text.len == strlen(name) && !memcmp(text.ptr, name, text.len);
}

/* The length of a string. */
static void take_string_length(tsk_jit_unit *u, ways *w, LLVMValueRef base) {
    LLVMBasicBlockRef is = tsk_jit_block(u, "string"), no = tsk_jit_block(u, "");
    tsk_jit_branch(u, tsk_jit_has_tag(u, base, TSK_TAG_STR), is, no, false);
    tsk_jit_at(u, is);
    LLVMValueRef string = tsk_jit_pointer(u, base);
    LLVMValueRef length = tsk_jit_load(u, u->i32, string, offsetof(tsk_js_string, length), TSK_JIT_HEADER);
    bring(u, w, tsk_jit_box(u, length, TSK_JIT_I32));
    LLVMBuildBr(u->b, w->meet);
    tsk_jit_at(u, no);
}

/* What has no properties in the cache: numbers and the like. */
enum { OTHER_BASES = TSK_TY_ALL & ~TSK_TY_OBJECT & ~TSK_TY_STRING };

/* The shape that a store of a new name leads to, when the slot is in the object; NULL: the runtime does it. */
static const tsk_js_shape *shape_added(const tsk_jit_unit *u, tsk_js_fact fact) {
    if (!((uint32_t)fact & TSK_JS_FACT_ADD)) return NULL;
    const tsk_js_shape *to = u->job->shape_at((uint32_t)fact & (TSK_JS_FACT_ADD - 1));
    return to->place.offset >= 0 && tsk_jit_knows_shape(u, to->number) ? to : NULL;
}

/* The cache was enough until now: what it does not know is done by the interpreter, so that the rest of the code may
 * rely on what was looked at. */
static bool is_sure(const tsk_jit_unit *u, const tsk_ir_inst *inst, const tsk_js_fact *facts, unsigned count) {
    bool places = false;
    if (tsk_jit_was_wrong(u, inst) || u->job->flags & TSK_NATIVE_GENERIC) return false;
    bool noted = inst->op == TSK_IR_JS_GET || inst->op == TSK_IR_JS_CALL_METHOD;
    unsigned bases = noted ? tsk_jit_seen(u, inst, 0) : TSK_TY_OBJECT;
    if (!bases || bases & OTHER_BASES) return false;
    for (unsigned i = 0; i < count; i++) {
        bool adds = (uint32_t)facts[i] & TSK_JS_FACT_ADD;
        if (adds && (inst->op != TSK_IR_JS_SET || !shape_added(u, facts[i]))) return false;
        places |= adds || is_place(facts[i]);
    }
    return places;
}

bool tsk_jit_is_sure(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    const tsk_js_fact *facts;
    unsigned count = facts_of(u, inst, &facts);
    return is_sure(u, inst, facts, count);
}

LLVMBasicBlockRef tsk_jit_slow_block(tsk_jit_unit *u, bool sure) {
    if (!sure) return tsk_jit_block(u, "slow");
    tsk_jit_stress(u);
    return tsk_jit_exit_block(u);
}

/* Methods of strings: there were strings here. */
static void look_up_of_string(tsk_jit_unit *u, ways *w, LLVMValueRef base, const tsk_js_fact *facts, unsigned count) {
    LLVMBasicBlockRef is = tsk_jit_block(u, "string"), there = tsk_jit_block(u, ""), no = tsk_jit_block(u, "");
    tsk_jit_branch(u, tsk_jit_has_tag(u, base, TSK_TAG_STR), is, no, true);
    tsk_jit_at(u, is);
    LLVMValueRef proto = tsk_jit_load(u, u->ptr, u->js, offsetof(tsk_js, intrinsics) + TSK_JS_I_StringPrototype * 8,
                                      TSK_JIT_STATE);
    tsk_jit_branch(u, LLVMBuildIsNull(u->b, proto, ""), w->slow, there, false);
    tsk_jit_at(u, there);
    look_up(u, w, proto, facts, count, 1);
    tsk_jit_at(u, no);
}

LLVMValueRef tsk_jit_get_named(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef base) {
    const tsk_js_fact *facts;
    unsigned count = facts_of(u, inst, &facts);
    bool sure = is_sure(u, inst, facts, count);
    ways w = {.meet = tsk_jit_block(u, ""), .slow = tsk_jit_slow_block(u, sure)};
    LLVMBasicBlockRef object = tsk_jit_block(u, "");
    if (is_named(inst, "length"))
        take_string_length(u, &w, base);
    else if (tsk_jit_seen(u, inst, 0) & TSK_TY_STRING)
        look_up_of_string(u, &w, base, facts, count);
    tsk_jit_branch(u, tsk_jit_has_tag(u, base, TSK_TAG_OBJECT), object, w.slow, true);
    tsk_jit_at(u, object);
    look_up(u, &w, tsk_jit_pointer(u, base), facts, count, MAX_HOPS - 1);
    if (sure) return meet(u, &w);
    tsk_jit_at(u, w.slow);
    LLVMValueRef arguments[] = {u->js, base, slot_word(u, inst, 0), slot_word(u, inst, 1)};
    tsk_jit_save_pc(u);
    LLVMValueRef v = tsk_jit_call(u, TSK_NATIVE_get, arguments);
    tsk_jit_check_thrown(u, v);
    bring(u, &w, v);
    LLVMBuildBr(u->b, w.meet);
    return meet(u, &w);
}

LLVMValueRef tsk_jit_find_method(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef base) {
    const tsk_js_fact *facts;
    unsigned count = facts_of(u, inst, &facts);
    ways w = {.meet = tsk_jit_block(u, ""), .slow = tsk_jit_exit_block(u)};
    if (tsk_jit_seen(u, inst, 0) == TSK_TY_STRING) {
        look_up_of_string(u, &w, base, facts, count);
        LLVMBuildBr(u->b, w.slow);
        return meet(u, &w);
    }
    tsk_jit_guard(u, tsk_jit_has_tag(u, base, TSK_TAG_OBJECT));
    look_up(u, &w, tsk_jit_pointer(u, base), facts, count, MAX_HOPS - 1);
    return meet(u, &w);
}

static void get_global(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    const tsk_js_fact *facts;
    unsigned count = facts_of(u, inst, &facts);
    bool sure = is_sure(u, inst, facts, count);
    ways w = {.meet = tsk_jit_block(u, ""), .slow = tsk_jit_slow_block(u, sure)};
    LLVMBasicBlockRef good = tsk_jit_block(u, "");
    LLVMValueRef scope = tsk_jit_load(u, u->ptr, u->js, offsetof(tsk_js, scope), TSK_JIT_FIXED);
    ways found = {.meet = tsk_jit_block(u, ""), .slow = w.slow};
    look_up(u, &found, scope, facts, count, 1);
    if (found.count) {
        LLVMValueRef v = meet(u, &found);
        LLVMValueRef hole = LLVMBuildICmp(u->b, LLVMIntEQ, v, tsk_jit_bits(u, TSK_JS_HOLE), "");
        tsk_jit_branch(u, hole, w.slow, good, false);
        tsk_jit_at(u, good);
        bring(u, &w, v);
        LLVMBuildBr(u->b, w.meet);
    } else {
        LLVMDeleteBasicBlock(found.meet);
        LLVMDeleteBasicBlock(good);
    }
    if (sure) {
        tsk_jit_give(u, inst, meet(u, &w), TSK_JIT_BOXED);
        return;
    }
    tsk_jit_at(u, w.slow);
    LLVMValueRef arguments[] = {u->js, slot_word(u, inst, 0), slot_word(u, inst, 1)};
    tsk_jit_save_pc(u);
    LLVMValueRef v = tsk_jit_call(u, TSK_NATIVE_global_get, arguments);
    tsk_jit_check_thrown(u, v);
    bring(u, &w, v);
    LLVMBuildBr(u->b, w.meet);
    tsk_jit_give(u, inst, meet(u, &w), TSK_JIT_BOXED);
}

/* ---- set ---- */

/* As add_as_told of the runtime's cache, for names that no prototype can have a setter of. */
static void add_slot(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef object, const tsk_js_shape *to,
                     const tsk_ir_inst *v, LLVMBasicBlockRef slow) {
    LLVMValueRef atom = slot_word(u, inst, 0), number = tsk_jit_shape(u, to->number);
    LLVMValueRef special = tsk_jit_load(u, u->i8, atom, offsetof(tsk_heap_cell, flags), TSK_JIT_STATE);
    special = LLVMBuildAnd(u->b, special, tsk_jit_int(u, u->i8, TSK_JS_SPECIAL), "");
    tsk_jit_need(u, LLVMBuildICmp(u->b, LLVMIntEQ, special, tsk_jit_int(u, u->i8, 0), ""), slow);
    LLVMValueRef odd = tsk_jit_load(u, u->i8, object, offsetof(tsk_heap_cell, flags), TSK_JIT_HEADER);
    odd = LLVMBuildAnd(u->b, odd, tsk_jit_int(u, u->i8, TSK_JS_NOT_EXTENSIBLE | TSK_JS_LAZY_OWN), "");
    LLVMValueRef extensible = LLVMBuildICmp(u->b, LLVMIntEQ, odd, tsk_jit_int(u, u->i8, 0), "");
    if (u->job->flags & TSK_NATIVE_PORTABLE) { /* there may have been no room for the shape */
        LLVMValueRef known = LLVMBuildICmp(u->b, LLVMIntNE, number, tsk_jit_int(u, u->i32, 0), "");
        extensible = LLVMBuildAnd(u->b, extensible, known, "");
    }
    tsk_jit_need(u, extensible, slow);
    tsk_jit_store(u, tsk_jit_boxed(u, v), object, to->place.offset, TSK_JIT_SLOT);
    tsk_jit_store(u, number, object, offsetof(tsk_heap_cell, word), TSK_JIT_HEADER);
    tsk_jit_wrote(u, object, v);
}

/* Stores into the slots that facts name; a slot that holds a cell is not simply written.  What remains is at `slow`. */
static void store_quickly(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef object, const tsk_ir_inst *v,
                          LLVMBasicBlockRef slow, LLVMBasicBlockRef done, bool binding) {
    const tsk_js_fact *facts;
    unsigned count = facts_of(u, inst, &facts);
    LLVMValueRef shape = shape_of(u, object), boxed = tsk_jit_boxed(u, v);
    for (unsigned i = 0; i < count; i++) {
        const tsk_js_shape *to = binding ? NULL : shape_added(u, facts[i]);
        if (!is_place(facts[i]) && !to) continue;
        LLVMBasicBlockRef yes = tsk_jit_block(u, ""), no = tsk_jit_block(u, "");
        LLVMValueRef is = LLVMBuildICmp(u->b, LLVMIntEQ, shape, tsk_jit_shape(u, (uint32_t)(facts[i] >> 32)), "");
        tsk_jit_branch(u, is, yes, no, true);
        tsk_jit_at(u, yes);
        if (to) {
            add_slot(u, inst, object, to, v, slow);
            LLVMBuildBr(u->b, done);
            tsk_jit_at(u, no);
            continue;
        }
        LLVMBasicBlockRef good = tsk_jit_block(u, "");
        int32_t offset = offset_in((uint32_t)facts[i]);
        LLVMValueRef owner = slot_owner(u, object, &offset);
        LLVMValueRef old = tsk_jit_load(u, u->i64, owner, offset, TSK_JIT_SLOT);
        LLVMValueRef odd = binding ? LLVMBuildICmp(u->b, LLVMIntEQ, old, tsk_jit_bits(u, TSK_JS_HOLE), "")
                                   : tsk_jit_has_tag(u, old, TSK_TAG_CELL);
        tsk_jit_branch(u, odd, slow, good, false);
        tsk_jit_at(u, good);
        tsk_jit_store(u, boxed, owner, offset, TSK_JIT_SLOT);
        tsk_jit_wrote(u, owner, v);
        LLVMBuildBr(u->b, done);
        tsk_jit_at(u, no);
    }
    LLVMBuildBr(u->b, slow);
}

static void set_named(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    bool sure = tsk_jit_is_sure(u, inst);
    LLVMBasicBlockRef object = tsk_jit_block(u, ""), slow = tsk_jit_slow_block(u, sure), done = tsk_jit_block(u, "");
    LLVMValueRef base = tsk_jit_boxed(u, inst->args[0]);
    tsk_jit_branch(u, tsk_jit_has_tag(u, base, TSK_TAG_OBJECT), object, slow, true);
    tsk_jit_at(u, object);
    store_quickly(u, inst, tsk_jit_pointer(u, base), inst->args[1], slow, done, false);
    if (sure) {
        tsk_jit_at(u, done);
        return;
    }
    tsk_jit_at(u, slow);
    LLVMValueRef arguments[] = {u->js, base, slot_word(u, inst, 0), tsk_jit_boxed(u, inst->args[1]),
                                slot_word(u, inst, 1)};
    tsk_jit_save_pc(u);
    tsk_jit_check(u, tsk_jit_call(u, TSK_NATIVE_set, arguments));
    LLVMBuildBr(u->b, done);
    tsk_jit_at(u, done);
}

static void set_global(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    bool sure = tsk_jit_is_sure(u, inst);
    LLVMBasicBlockRef done = tsk_jit_block(u, ""), slow = tsk_jit_slow_block(u, sure);
    LLVMValueRef scope = tsk_jit_load(u, u->ptr, u->js, offsetof(tsk_js, scope), TSK_JIT_FIXED);
    store_quickly(u, inst, scope, inst->args[0], slow, done, true);
    if (sure) {
        tsk_jit_at(u, done);
        return;
    }
    tsk_jit_at(u, slow);
    LLVMValueRef arguments[] = {u->js, slot_word(u, inst, 0), tsk_jit_boxed(u, inst->args[0]), slot_word(u, inst, 1)};
    tsk_jit_save_pc(u);
    tsk_jit_check(u, tsk_jit_call(u, TSK_NATIVE_global_set, arguments));
    LLVMBuildBr(u->b, done);
    tsk_jit_at(u, done);
}

/* ---- keys that are used twice ---- */

static void keep_key(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    const tsk_ir_inst *v = inst->args[1];
    if (u->values[v->mark].rep != TSK_JIT_BOXED) {
        tsk_jit_give(u, inst, tsk_jit_ref(u, v), (tsk_jit_rep)u->values[v->mark].rep);
        return;
    }
    LLVMBasicBlockRef object = tsk_jit_block(u, "key"), good = tsk_jit_block(u, ""), from[2];
    LLVMValueRef key = tsk_jit_boxed(u, v), base = tsk_jit_boxed(u, inst->args[0]);
    tsk_jit_branch(u, tsk_jit_has_tag(u, key, TSK_TAG_OBJECT), object, good, false);
    from[0] = LLVMGetInsertBlock(u->b);
    tsk_jit_at(u, object);
    tsk_jit_save_pc(u);
    LLVMValueRef arguments[] = {u->js, base, key}, made = tsk_jit_call(u, TSK_NATIVE_keep_key, arguments);
    tsk_jit_check_thrown(u, made);
    from[1] = LLVMGetInsertBlock(u->b);
    LLVMBuildBr(u->b, good);
    tsk_jit_at(u, good);
    LLVMValueRef phi = LLVMBuildPhi(u->b, u->i64, ""), values[] = {key, made};
    LLVMAddIncoming(phi, values, from, 2);
    tsk_jit_give(u, inst, phi, TSK_JIT_BOXED);
}

/* ---- variables ---- */

static void check_hole(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    const tsk_ir_inst *v = inst->args[0];
    if (u->values[v->mark].rep != TSK_JIT_BOXED) {
        tsk_jit_give(u, inst, tsk_jit_ref(u, v), (tsk_jit_rep)u->values[v->mark].rep);
        return;
    }
    LLVMValueRef boxed = tsk_jit_boxed(u, v);
    LLVMValueRef is = LLVMBuildICmp(u->b, LLVMIntEQ, boxed, tsk_jit_bits(u, TSK_JS_HOLE), "");
    if (u->inlined) {
        tsk_jit_guard(u, LLVMBuildNot(u->b, is, ""));
        tsk_jit_give(u, inst, boxed, TSK_JIT_BOXED);
        return;
    }
    LLVMBasicBlockRef hole = tsk_jit_block(u, "hole"), good = tsk_jit_block(u, "");
    tsk_jit_branch(u, is, hole, good, false);
    tsk_jit_at(u, hole);
    tsk_jit_save_pc(u);
    if (inst->op == TSK_IR_JS_CHECK_TDZ) {
        LLVMValueRef arguments[] = {u->js, slot_word(u, inst, 0)};
        tsk_jit_call(u, TSK_NATIVE_uninitialized, arguments);
    } else {
        tsk_jit_call(u, TSK_NATIVE_no_this, &u->js);
    }
    tsk_jit_throw(u);
    tsk_jit_at(u, good);
    tsk_jit_give(u, inst, boxed, TSK_JIT_BOXED);
}

/* A name outside of the function: the realm's value, when it has one already. */
static void get_outer(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    LLVMBasicBlockRef known = tsk_jit_block(u, ""), slow = tsk_jit_block(u, "slow"), done = tsk_jit_block(u, "");
    /* which number a name has depends on what was asked for before */
    LLVMValueRef number = tsk_jit_load(u, u->i32, tsk_jit_insn(u, u->map->pc[inst->mark]), offsetof(tsk_insn, b),
                                       TSK_JIT_FIXED);
    LLVMValueRef count = tsk_jit_load(u, u->i32, u->js, offsetof(tsk_js, outer_count), TSK_JIT_STATE);
    tsk_jit_branch(u, LLVMBuildICmp(u->b, LLVMIntULT, number, count, ""), known, slow, true);
    tsk_jit_at(u, known);
    LLVMValueRef list = tsk_jit_load(u, u->ptr, u->js, offsetof(tsk_js, outer), TSK_JIT_STATE);
    LLVMValueRef index = LLVMBuildZExt(u->b, number, u->i64, "");
    LLVMValueRef v = tsk_jit_load(u, u->i64, LLVMBuildInBoundsGEP2(u->b, u->i64, list, &index, 1, ""), 0,
                                  TSK_JIT_STATE);
    LLVMValueRef hole = LLVMBuildICmp(u->b, LLVMIntEQ, v, tsk_jit_bits(u, TSK_JS_HOLE), "");
    tsk_jit_branch(u, hole, slow, done, false);
    tsk_jit_at(u, slow);
    tsk_jit_save_pc(u);
    LLVMValueRef arguments[] = {u->ev, number};
    LLVMValueRef made = tsk_jit_call(u, TSK_NATIVE_outer, arguments);
    tsk_jit_check_thrown(u, made);
    tsk_jit_give_either(u, inst, v, known, made, done);
}

static bool emit_variable(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_CAPTURE: {
        /* a closure that is called where it was made has them from here */
        tsk_jit_memory memory = u->inlined || u->framed ? TSK_JIT_HEADER : TSK_JIT_FIXED;
        LLVMValueRef v = tsk_jit_load(u, u->i64, u->captures, (int64_t)inst->imm.index * 8, memory);
        tsk_jit_give(u, inst, v, TSK_JIT_BOXED);
        return true;
    }
    case TSK_IR_JS_OUTER: get_outer(u, inst); return true;
    case TSK_IR_JS_BOX_GET: {
        LLVMValueRef box = tsk_jit_pointer(u, tsk_jit_boxed(u, inst->args[0]));
        tsk_jit_give(u, inst, tsk_jit_load(u, u->i64, box, offsetof(tsk_js_box, value), TSK_JIT_SLOT), TSK_JIT_BOXED);
        return true;
    }
    case TSK_IR_JS_BOX_SET: {
        LLVMValueRef box = tsk_jit_pointer(u, tsk_jit_boxed(u, inst->args[0]));
        tsk_jit_store(u, tsk_jit_boxed(u, inst->args[1]), box, offsetof(tsk_js_box, value), TSK_JIT_SLOT);
        tsk_jit_wrote(u, box, inst->args[1]);
        return true;
    }
    case TSK_IR_JS_LOCAL_GET:
        tsk_jit_give(u, inst, LLVMBuildLoad2(u->b, u->i64, u->locals[inst->imm.index], ""), TSK_JIT_BOXED);
        return true;
    case TSK_IR_JS_LOCAL_SET:
        LLVMBuildStore(u->b, tsk_jit_boxed(u, inst->args[0]), u->locals[inst->imm.index]);
        return true;
    case TSK_IR_JS_CHECK_TDZ:
    case TSK_IR_JS_CHECK_THIS: check_hole(u, inst); return true;
    default: return false;
    }
}

bool tsk_jit_emit_property(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_JS_GET:
        tsk_jit_give(u, inst, tsk_jit_get_named(u, inst, tsk_jit_boxed(u, inst->args[0])), TSK_JIT_BOXED);
        return true;
    case TSK_IR_JS_SET: set_named(u, inst); return true;
    case TSK_IR_JS_GLOBAL_GET: get_global(u, inst); return true;
    case TSK_IR_JS_GLOBAL_SET: set_global(u, inst); return true;
    case TSK_IR_JS_KEEP_KEY: keep_key(u, inst); return true;
    default: return emit_variable(u, inst);
    }
}
