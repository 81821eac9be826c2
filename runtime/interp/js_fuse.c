/* Fused instructions: runs that occur often get one handler, so that only its end is a jump that must be guessed.
 *
 *   pc    handler                 op
 *   7     -> inc, poll, if        JS_INC  r4, r4          the three are done from here on
 *   8     -> poll, if             POLL                    whoever comes back to here does the rest
 *   9     -> if                   JS_IF_LT r4, r3
 *
 * Only the handlers change: every instruction still says what it does, may be jumped to, and is what frame states,
 * traces and other tiers speak of.  A part that meets something unusual goes on with the plain handler of its own.
 */
#include "runtime/interp/interp.h"

typedef struct run {
    uint16_t ops[3], count;
} run;

static const run runs[] = {
#define F2(first, second) {{TSK_OPC_##first, TSK_OPC_##second, 0}, 2},
#define F3(first, second, third) {{TSK_OPC_##first, TSK_OPC_##second, TSK_OPC_##third}, 3},
#include "runtime/interp/js_fused.def"
#undef F2
#undef F3
};

/* Where the instruction after the one at `pc` begins. */
static uint32_t after(const tsk_insn *insns, uint32_t pc) {
    return pc + 1 + tsk_opcode_has_slot((tsk_opcode)insns[pc].op);
}

static bool begins(const run *r, const tsk_insn *insns, uint32_t pc, uint32_t count) {
    for (uint32_t i = 0; i < r->count; i++, pc = after(insns, pc))
        if (pc >= count || insns[pc].op != r->ops[i]) return false;
    return true;
}

void tsk_js_fuse(tsk_insn *insns, uint32_t count) {
    const void *const *fused = tsk_js_loop_labels() + TSK_OPCODES + 1;
    for (uint32_t pc = 0; pc < count; pc = after(insns, pc)) {
        for (size_t i = 0; i < TSK_COUNT(runs); i++) {
            if (!begins(&runs[i], insns, pc, count)) continue;
            __atomic_store_n(&insns[pc].handler, fused[i], __ATOMIC_RELAXED);
            break;
        }
    }
}

void tsk_js_unfuse(tsk_insn *insns, uint32_t count) {
    const void *const *labels = tsk_js_loop_labels();
    for (uint32_t pc = 0; pc < count; pc = after(insns, pc))
        __atomic_store_n(&insns[pc].handler, labels[insns[pc].op], __ATOMIC_RELAXED);
}
