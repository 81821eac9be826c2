/* Properties, items, variables.
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

/* The barrier. */
static void wrote(tsk_jit_unit *u, LLVMValueRef cell, const tsk_ir_inst *v) {
    if (may_be_cell(u, v)) tsk_jit_log_write(u, cell);
}

/* The barrier of a cell that may be large, after `v` was stored into `slot`. */
static void wrote_at(tsk_jit_unit *u, LLVMValueRef cell, LLVMValueRef slot, LLVMValueRef v) {
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

/* The cache was enough until now: what it does not know is done by the interpreter, so that the rest of the code may
 * rely on what was looked at. */
static bool is_sure(const tsk_jit_unit *u, const tsk_ir_inst *inst, const tsk_js_fact *facts, unsigned count) {
    bool places = false;
    if (tsk_jit_was_wrong(u, inst) || u->job->flags & TSK_NATIVE_GENERIC) return false;
    bool noted = inst->op == TSK_IR_JS_GET || inst->op == TSK_IR_JS_CALL_METHOD;
    unsigned bases = noted ? tsk_jit_seen(u, inst, 0) : TSK_TY_OBJECT;
    if (!bases || bases & OTHER_BASES) return false;
    for (unsigned i = 0; i < count; i++) {
        if ((uint32_t)facts[i] & TSK_JS_FACT_ADD && is_place(facts[i] & ~(tsk_js_fact)TSK_JS_FACT_ADD)) return false;
        places |= is_place(facts[i]);
    }
    return places;
}

bool tsk_jit_is_sure(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    const tsk_js_fact *facts;
    unsigned count = facts_of(u, inst, &facts);
    return is_sure(u, inst, facts, count);
}

static LLVMBasicBlockRef slow_block(tsk_jit_unit *u, bool sure) {
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
    ways w = {.meet = tsk_jit_block(u, ""), .slow = slow_block(u, sure)};
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
    tsk_jit_guard(u, tsk_jit_has_tag(u, base, TSK_TAG_OBJECT));
    look_up(u, &w, tsk_jit_pointer(u, base), facts, count, MAX_HOPS - 1);
    return meet(u, &w);
}

static void get_global(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    const tsk_js_fact *facts;
    unsigned count = facts_of(u, inst, &facts);
    bool sure = is_sure(u, inst, facts, count);
    ways w = {.meet = tsk_jit_block(u, ""), .slow = slow_block(u, sure)};
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

/* Stores into the slots that facts name; a slot that holds a cell is not simply written.  What remains is at `slow`. */
static void store_quickly(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMValueRef object, const tsk_ir_inst *v,
                          LLVMBasicBlockRef slow, LLVMBasicBlockRef done, bool binding) {
    const tsk_js_fact *facts;
    unsigned count = facts_of(u, inst, &facts);
    LLVMValueRef shape = shape_of(u, object), boxed = tsk_jit_boxed(u, v);
    for (unsigned i = 0; i < count; i++) {
        if (!is_place(facts[i])) continue;
        LLVMBasicBlockRef yes = tsk_jit_block(u, ""), no = tsk_jit_block(u, ""), good = tsk_jit_block(u, "");
        LLVMValueRef is = LLVMBuildICmp(u->b, LLVMIntEQ, shape, tsk_jit_shape(u, (uint32_t)(facts[i] >> 32)), "");
        tsk_jit_branch(u, is, yes, no, true);
        tsk_jit_at(u, yes);
        int32_t offset = offset_in((uint32_t)facts[i]);
        LLVMValueRef owner = slot_owner(u, object, &offset);
        LLVMValueRef old = tsk_jit_load(u, u->i64, owner, offset, TSK_JIT_SLOT);
        LLVMValueRef odd = binding ? LLVMBuildICmp(u->b, LLVMIntEQ, old, tsk_jit_bits(u, TSK_JS_HOLE), "")
                                   : tsk_jit_has_tag(u, old, TSK_TAG_CELL);
        tsk_jit_branch(u, odd, slow, good, false);
        tsk_jit_at(u, good);
        tsk_jit_store(u, boxed, owner, offset, TSK_JIT_SLOT);
        wrote(u, owner, v);
        LLVMBuildBr(u->b, done);
        tsk_jit_at(u, no);
    }
    LLVMBuildBr(u->b, slow);
}

static void set_named(tsk_jit_unit *u, const tsk_ir_inst *inst) {
    bool sure = tsk_jit_is_sure(u, inst);
    LLVMBasicBlockRef object = tsk_jit_block(u, ""), slow = slow_block(u, sure), done = tsk_jit_block(u, "");
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
    LLVMBasicBlockRef done = tsk_jit_block(u, ""), slow = slow_block(u, sure);
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

/* ---- items ---- */

/* The key as an unsigned 32-bit index; what is none goes the slow way. */
static LLVMValueRef index_of(tsk_jit_unit *u, const tsk_ir_inst *key, LLVMBasicBlockRef slow) {
    LLVMBasicBlockRef good = tsk_jit_block(u, "");
    LLVMValueRef index;
    switch (u->values[key->mark].rep) {
    case TSK_JIT_I32: LLVMDeleteBasicBlock(good); return tsk_jit_ref(u, key);
    case TSK_JIT_F64: {
        LLVMValueRef d = tsk_jit_ref(u, key);
        LLVMValueRef low = LLVMBuildFCmp(u->b, LLVMRealOGE, d, LLVMConstReal(u->f64, 0), "");
        LLVMValueRef high = LLVMBuildFCmp(u->b, LLVMRealOLT, d, LLVMConstReal(u->f64, 2147483648.0), "");
        LLVMBasicBlockRef within = tsk_jit_block(u, "");
        tsk_jit_branch(u, LLVMBuildAnd(u->b, low, high, ""), within, slow, true);
        tsk_jit_at(u, within);
        index = LLVMBuildFPToSI(u->b, d, u->i32, "");
        LLVMValueRef whole = LLVMBuildFCmp(u->b, LLVMRealOEQ, LLVMBuildSIToFP(u->b, index, u->f64, ""), d, "");
        tsk_jit_branch(u, whole, good, slow, true);
        break;
    }
    default: {
        LLVMValueRef boxed = tsk_jit_boxed(u, key);
        tsk_jit_branch(u, tsk_jit_has_tag(u, boxed, TSK_TAG_INT), good, slow, true);
        tsk_jit_at(u, good);
        return LLVMBuildTrunc(u->b, boxed, u->i32, "");
    }
    }
    tsk_jit_at(u, good);
    return index;
}

/* The elements of an object without any of `flags`, when the index is one of theirs; and the item's address. */
static LLVMValueRef item_address(tsk_jit_unit *u, LLVMValueRef base, const tsk_ir_inst *key, unsigned flags,
                                 LLVMBasicBlockRef slow, LLVMValueRef *elements) {
    LLVMBasicBlockRef object = tsk_jit_block(u, ""), plain = tsk_jit_block(u, ""), within = tsk_jit_block(u, "");
    LLVMValueRef index = index_of(u, key, slow);
    tsk_jit_branch(u, tsk_jit_has_tag(u, base, TSK_TAG_OBJECT), object, slow, true);
    tsk_jit_at(u, object);
    LLVMValueRef o = tsk_jit_pointer(u, base);
    LLVMValueRef has = tsk_jit_load(u, u->i8, o, offsetof(tsk_heap_cell, flags), TSK_JIT_HEADER);
    has = LLVMBuildAnd(u->b, has, tsk_jit_int(u, u->i8, flags), "");
    tsk_jit_branch(u, LLVMBuildICmp(u->b, LLVMIntEQ, has, tsk_jit_int(u, u->i8, 0), ""), plain, slow, true);
    tsk_jit_at(u, plain);
    *elements = tsk_jit_load(u, u->ptr, o, offsetof(tsk_js_object, elements), TSK_JIT_HEADER);
    LLVMValueRef length = tsk_jit_load(u, u->i32, *elements, offsetof(tsk_js_elements, length), TSK_JIT_HEADER);
    tsk_jit_branch(u, LLVMBuildICmp(u->b, LLVMIntULT, index, length, ""), within, slow, true);
    tsk_jit_at(u, within);
    LLVMValueRef items = tsk_jit_address(u, *elements, offsetof(tsk_js_elements, items));
    LLVMValueRef wide = LLVMBuildZExt(u->b, index, u->i64, "");
    return LLVMBuildInBoundsGEP2(u->b, u->i64, items, &wide, 1, "");
}

enum { ODD = TSK_JS_SPARSE | TSK_JS_EXOTIC };
enum { CAREFUL = ODD | TSK_JS_FROZEN_ELEMENTS | TSK_JS_SEALED_ELEMENTS | TSK_JS_NOT_EXTENSIBLE };

/* Only items of dense arrays were seen here. */
bool tsk_jit_only_items(const tsk_jit_unit *u, const tsk_ir_inst *inst) {
    return tsk_jit_seen(u, inst, 0) == TSK_TY_OBJECT && !tsk_jit_was_wrong(u, inst);
}

static void get_item(tsk_jit_unit *u, const tsk_ir_inst *inst, tsk_native_helper helper) {
    bool sure = tsk_jit_only_items(u, inst);
    ways w = {.meet = tsk_jit_block(u, ""), .slow = slow_block(u, sure)};
    LLVMBasicBlockRef good = tsk_jit_block(u, "");
    LLVMValueRef base = tsk_jit_boxed(u, inst->args[0]), elements;
    LLVMValueRef v = tsk_jit_load(u, u->i64, item_address(u, base, inst->args[1], ODD, w.slow, &elements), 0,
                                  TSK_JIT_ITEM);
    LLVMValueRef hole = LLVMBuildICmp(u->b, LLVMIntEQ, v, tsk_jit_bits(u, TSK_JS_HOLE), "");
    tsk_jit_branch(u, hole, w.slow, good, false);
    tsk_jit_at(u, good);
    bring(u, &w, v);
    LLVMBuildBr(u->b, w.meet);
    if (sure) {
        tsk_jit_give(u, inst, meet(u, &w), TSK_JIT_BOXED);
        return;
    }
    tsk_jit_at(u, w.slow);
    LLVMValueRef arguments[] = {u->js, base, tsk_jit_boxed(u, inst->args[1])};
    tsk_jit_save_pc(u);
    LLVMValueRef found = tsk_jit_call(u, helper, arguments);
    tsk_jit_check_thrown(u, found);
    bring(u, &w, found);
    LLVMBuildBr(u->b, w.meet);
    tsk_jit_give(u, inst, meet(u, &w), TSK_JIT_BOXED);
}

/* The library fills an array: the item behind the last one, where there is room. */
static void append_item(tsk_jit_unit *u, const tsk_ir_inst *inst, LLVMBasicBlockRef slow, LLVMBasicBlockRef done) {
    LLVMBasicBlockRef object = tsk_jit_block(u, ""), plain = tsk_jit_block(u, ""), room = tsk_jit_block(u, "");
    LLVMValueRef base = tsk_jit_boxed(u, inst->args[0]), index = index_of(u, inst->args[1], slow);
    tsk_jit_branch(u, tsk_jit_has_tag(u, base, TSK_TAG_OBJECT), object, slow, true);
    tsk_jit_at(u, object);
    LLVMValueRef a = tsk_jit_pointer(u, base);
    LLVMValueRef class = tsk_jit_load(u, u->i8, a, offsetof(tsk_heap_cell, aux), TSK_JIT_HEADER);
    LLVMValueRef flags = tsk_jit_load(u, u->i8, a, offsetof(tsk_heap_cell, flags), TSK_JIT_HEADER);
    flags = LLVMBuildAnd(u->b, flags, tsk_jit_int(u, u->i8, CAREFUL | TSK_JS_LENGTH_READ_ONLY), "");
    LLVMValueRef length = tsk_jit_load(u, u->i32, a, offsetof(tsk_js_array, length), TSK_JIT_SLOT); /* a property */
    LLVMValueRef is = LLVMBuildICmp(u->b, LLVMIntEQ, class, tsk_jit_int(u, u->i8, TSK_JS_ARRAY), "");
    is = LLVMBuildAnd(u->b, is, LLVMBuildICmp(u->b, LLVMIntEQ, flags, tsk_jit_int(u, u->i8, 0), ""), "");
    is = LLVMBuildAnd(u->b, is, LLVMBuildICmp(u->b, LLVMIntEQ, length, index, ""), "");
    tsk_jit_branch(u, is, plain, slow, true);
    tsk_jit_at(u, plain);
    LLVMValueRef elements = tsk_jit_load(u, u->ptr, a, offsetof(tsk_js_object, elements), TSK_JIT_HEADER);
    LLVMValueRef used = tsk_jit_load(u, u->i32, elements, offsetof(tsk_js_elements, length), TSK_JIT_HEADER);
    LLVMValueRef capacity = tsk_jit_load(u, u->i32, elements, offsetof(tsk_js_elements, capacity), TSK_JIT_HEADER);
    LLVMValueRef fits = LLVMBuildICmp(u->b, LLVMIntEQ, used, index, "");
    fits = LLVMBuildAnd(u->b, fits, LLVMBuildICmp(u->b, LLVMIntULT, index, capacity, ""), "");
    tsk_jit_branch(u, fits, room, slow, true);
    tsk_jit_at(u, room);
    LLVMValueRef more = LLVMBuildAdd(u->b, index, tsk_jit_int(u, u->i32, 1), "");
    LLVMValueRef items = tsk_jit_address(u, elements, offsetof(tsk_js_elements, items));
    LLVMValueRef wide = LLVMBuildZExt(u->b, index, u->i64, "");
    tsk_jit_store(u, tsk_jit_boxed(u, inst->args[2]), LLVMBuildInBoundsGEP2(u->b, u->i64, items, &wide, 1, ""), 0,
                  TSK_JIT_ITEM);
    tsk_jit_store(u, more, elements, offsetof(tsk_js_elements, length), TSK_JIT_HEADER);
    tsk_jit_store(u, more, a, offsetof(tsk_js_array, length), TSK_JIT_SLOT);
    wrote(u, elements, inst->args[2]);
    LLVMBuildBr(u->b, done);
}

static void set_item(tsk_jit_unit *u, const tsk_ir_inst *inst, tsk_native_helper helper) {
    bool sure = tsk_jit_only_items(u, inst);
    LLVMBasicBlockRef slow = slow_block(u, sure), good = tsk_jit_block(u, ""), done = tsk_jit_block(u, "");
    LLVMValueRef base = tsk_jit_boxed(u, inst->args[0]), elements;
    LLVMValueRef v = tsk_jit_boxed(u, inst->args[2]);
    LLVMValueRef place = item_address(u, base, inst->args[1], CAREFUL, slow, &elements);
    LLVMValueRef old = tsk_jit_load(u, u->i64, place, 0, TSK_JIT_ITEM);
    LLVMValueRef hole = LLVMBuildICmp(u->b, LLVMIntEQ, old, tsk_jit_bits(u, TSK_JS_HOLE), "");
    tsk_jit_branch(u, hole, slow, good, false);
    tsk_jit_at(u, good);
    tsk_jit_store(u, v, place, 0, TSK_JIT_ITEM);
    if (may_be_cell(u, inst->args[2])) wrote_at(u, elements, place, v);
    LLVMBuildBr(u->b, done);
    if (sure) {
        tsk_jit_at(u, done);
        return;
    }
    tsk_jit_at(u, slow);
    if (inst->op == TSK_IR_JS_PUT) {
        slow = tsk_jit_block(u, "slow");
        append_item(u, inst, slow, done);
        tsk_jit_at(u, slow);
    }
    LLVMValueRef arguments[] = {u->js, base, tsk_jit_boxed(u, inst->args[1]), v};
    tsk_jit_save_pc(u);
    tsk_jit_check(u, tsk_jit_call(u, helper, arguments));
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
        LLVMValueRef v = tsk_jit_load(u, u->i64, u->captures, (int64_t)inst->imm.index * 8, TSK_JIT_FIXED);
        tsk_jit_give(u, inst, v, TSK_JIT_BOXED);
        return true;
    }
    case TSK_IR_JS_OUTER: get_outer(u, inst); return true;
    case TSK_IR_JS_BOX: {
        LLVMValueRef arguments[] = {u->js, tsk_jit_boxed(u, inst->args[0])};
        tsk_jit_save_pc(u);
        tsk_jit_give(u, inst, tsk_jit_call(u, TSK_NATIVE_new_box, arguments), TSK_JIT_BOXED);
        return true;
    }
    case TSK_IR_JS_BOX_GET: {
        LLVMValueRef box = tsk_jit_pointer(u, tsk_jit_boxed(u, inst->args[0]));
        tsk_jit_give(u, inst, tsk_jit_load(u, u->i64, box, offsetof(tsk_js_box, value), TSK_JIT_SLOT), TSK_JIT_BOXED);
        return true;
    }
    case TSK_IR_JS_BOX_SET: {
        LLVMValueRef box = tsk_jit_pointer(u, tsk_jit_boxed(u, inst->args[0]));
        tsk_jit_store(u, tsk_jit_boxed(u, inst->args[1]), box, offsetof(tsk_js_box, value), TSK_JIT_SLOT);
        wrote(u, box, inst->args[1]);
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
    case TSK_IR_JS_GET_INDEX: get_item(u, inst, TSK_NATIVE_get_item); return true;
    case TSK_IR_JS_KEEP_KEY: keep_key(u, inst); return true;
    case TSK_IR_JS_ITEM: get_item(u, inst, TSK_NATIVE_library_item); return true;
    case TSK_IR_JS_SET_INDEX: set_item(u, inst, TSK_NATIVE_set_item); return true;
    case TSK_IR_JS_PUT: set_item(u, inst, TSK_NATIVE_library_put); return true;
    default: return emit_variable(u, inst);
    }
}
