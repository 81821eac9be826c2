/* What code is, in the words of no process: two functions of one identity can run each other's native code.
 *
 *   instructions, lists, constants, names, handlers ─► SHA-256
 *
 * The numbers of outer names are left out, since they depend on what was asked for before; native code reads them from
 * the instruction. So are shapes: who keeps code says which it assumed. */
#include "runtime/interp/native.h"

#include "runtime/js/model.h"

#include <tusk/tusk.h>

/* What native code knows of layouts.  A build with other ones has other identities. */
static const uint32_t layouts[] = {TSK_NATIVE_VERSION,
                                   TSK_NATIVE_HELPERS,
                                   TSK_OPCODES,
                                   sizeof(tsk_eval),
                                   offsetof(tsk_eval, js),
                                   offsetof(tsk_eval, top),
                                   offsetof(tsk_eval, fuel),
                                   offsetof(tsk_eval, helpers),
                                   offsetof(tsk_eval, stack_floor),
                                   sizeof(tsk_frame),
                                   offsetof(tsk_frame, captures),
                                   sizeof(tsk_bytecode),
                                   offsetof(tsk_bytecode, consts),
                                   offsetof(tsk_bytecode, native),
                                   sizeof(tsk_js),
                                   offsetof(tsk_js, heap),
                                   offsetof(tsk_js, outer),
                                   offsetof(tsk_js, scope),
                                   sizeof(tsk_heap_cell),
                                   offsetof(tsk_js_object, proto),
                                   offsetof(tsk_js_object, elements),
                                   offsetof(tsk_js_object, slots),
                                   offsetof(tsk_js_elements, items),
                                   offsetof(tsk_js_closure, captures),
                                   offsetof(tsk_ir_func, code)};

static void add_text(tsk_sha256 *h, tsk_value v) {
    const tsk_js_string *s = tsk_js_as_string(v);
    uint32_t head[] = {s->length, s->chars ? tsk_js_is_wide(s) : 2};
    tsk_sha256_add(h, head, sizeof head);
    if (s->chars) tsk_sha256_add(h, s->chars, (size_t)s->length << tsk_js_is_wide(s));
}

static void add_constants(tsk_sha256 *h, const tsk_bytecode *code) {
    for (uint32_t i = 0; i < code->const_count; i++) {
        tsk_value v = code->consts[i];
        bool plain = tsk_is_double(v) || tsk_is_i32(v) || tsk_is_bool(v) || tsk_is_null(v) || tsk_js_is_undefined(v);
        uint64_t word = plain ? v.bits : v.bits >> 48;
        tsk_sha256_add(h, &word, sizeof word);
        if (tsk_js_is_string(v)) add_text(h, v);
    }
}

/* The name in the data slot behind an instruction, or the keys of a literal. */
static void add_slot(tsk_sha256 *h, const tsk_bytecode *code, const tsk_insn *insn) {
    const void *first;
    memcpy(&first, insn + 1, sizeof first);
    if (insn->op != TSK_OPC_JS_OBJECT) {
        add_text(h, tsk_js_from_string(first));
        return;
    }
    const tsk_js_key *keys = first;
    uint32_t count = code->lists[tsk_insn_wide(insn) + TSK_LIST_COUNT];
    for (uint32_t i = 0; i < count; i++) add_text(h, (tsk_value){keys[i].bits});
}

static void add_instructions(tsk_sha256 *h, const tsk_bytecode *code) {
    for (uint32_t pc = 0; pc < code->count; pc++) {
        const tsk_insn *insn = &code->insns[pc];
        bool outer = insn->op == TSK_OPC_JS_OUTER;
        uint16_t words[] = {insn->op, insn->a, outer ? 0 : insn->b, outer ? 0 : insn->c};
        tsk_sha256_add(h, words, sizeof words);
        if (!tsk_opcode_has_slot((tsk_opcode)insn->op)) continue;
        add_slot(h, code, insn);
        pc++;
    }
}

void tsk_native_identify(const tsk_bytecode *code, tsk_digest *out) {
    tsk_sha256 h;
    const tsk_ir_func *func = code->func;
    uint32_t head[] = {
        code->count,       code->regs,       code->params,        code->declared,         code->first_param,
        code->const_count, code->list_words, code->handler_count, code->plain_args,       code->frame_bytes,
        func->js->flags,   func->js->locals, func->may_suspend,   func->js->marks_missing};
    tsk_sha256_begin(&h);
    tsk_sha256_add(&h, TUSK_VERSION, sizeof TUSK_VERSION);
    tsk_sha256_add(&h, layouts, sizeof layouts);
    tsk_sha256_add(&h, head, sizeof head);
    add_instructions(&h, code);
    tsk_sha256_add(&h, code->lists, code->list_words * sizeof *code->lists);
    tsk_sha256_add(&h, code->handlers, code->handler_count * sizeof *code->handlers);
    add_constants(&h, code);
    for (uint32_t i = 0; i < code->func_count; i++) /* what their closures are */
        tsk_sha256_add(&h, &code->funcs[i]->js->flags, sizeof code->funcs[i]->js->flags);
    *out = tsk_sha256_end(&h);
}
