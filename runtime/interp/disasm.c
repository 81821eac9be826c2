/* Baseline code as text, and frame states for the text of the IR.
 *
 *   code @database.url: 3 registers
 *      0  KEY      r0, 3                 ; $host
 *      1  LOADK    r1, "postgres://"
 *      2  ADD      r0, r1, r0
 *      3  RETURN   r0
 *     live 0:
 *     handler 0..3 -> 7
 *
 * What is live at a safepoint is read off the table of intervals in one walk over both, which costs no more than
 * what it gives.
 */
#include "runtime/interp/interp.h"

#include "runtime/base/utf8.h"
#include "runtime/js/string.h"
#include "runtime/value/semantics.h"

/* The last ones are followed by a data slot. */
typedef enum format { N, R, RR, RRR, RK, RI, J, RJ, L, W, RRI, RRJ, RIJ, RS, RRS, LS } format;

static const struct {
    const char *name;
    format format;
} opcodes[] = {
#define X(name, format) {#name, format},
#include "runtime/interp/opcodes.def"

/* in the order of tsk_opcode */
#include "runtime/interp/js_opcodes.def"
#undef X
};

bool tsk_opcode_has_slot(tsk_opcode op) {
    return op == TSK_OPC_MEMBER || opcodes[op].format >= RS;
}

/* The walk over safepoints: the values live at each in turn. */
typedef struct live_walk {
    const tsk_bytecode *code;
    const tsk_bytecode_live **active;
    uint32_t count, next;
} live_walk;

static void live_begin(live_walk *walk, const tsk_bytecode *code, tsk_arena *arena) {
    *walk = (live_walk){.code = code, .active = TSK_NEW_ARRAY(arena, const tsk_bytecode_live *, code->live_count)};
}

/* Leaves what is live before the instruction at `position` in walk->active. */
static void live_advance(live_walk *walk, uint32_t position) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < walk->count; i++)
        if (walk->active[i]->to >= position) walk->active[kept++] = walk->active[i];
    walk->count = kept;
    for (; walk->next < walk->code->live_count && walk->code->live[walk->next].from < position; walk->next++)
        if (walk->code->live[walk->next].to >= position) walk->active[walk->count++] = &walk->code->live[walk->next];
}

bool tsk_bytecode_attach_frames(const tsk_bytecode *code, tsk_arena *arena, size_t max_entries) {
    size_t entries = 0;
    live_walk walk;
    live_begin(&walk, code, arena);
    for (uint32_t i = 0; i < code->point_count; i++) {
        live_advance(&walk, code->points[i].position);
        entries += walk.count;
        if (entries > max_entries) return false;
    }
    live_begin(&walk, code, arena);
    for (uint32_t i = 0; i < code->point_count; i++) {
        live_advance(&walk, code->points[i].position);
        tsk_ir_frame *frame = TSK_NEW(arena, tsk_ir_frame);
        frame->func = code->func;
        frame->pc = code->points[i].pc;
        frame->count = walk.count;
        frame->regs = tsk_arena_alloc(arena, walk.count * sizeof *frame->regs);
        for (uint32_t k = 0; k < walk.count; k++) {
            frame->regs[k].reg = walk.active[k]->reg;
            frame->regs[k].value = walk.active[k]->value;
        }
        code->points[i].inst->frame = frame;
    }
    return true;
}

/* ---- text ---- */

#define SHOWN 40 /* bytes of a constant */

static void print_value(tsk_buf *out, tsk_value v) {
    if (tsk_is_thunk(v) || tsk_is_function(v)) {
        tsk_buf_cstr(out, tsk_kind_name(tsk_kind_of(v)));
        return;
    }
    if (tsk_is_array(v) || tsk_is_object(v)) {
        uint32_t count = tsk_is_array(v) ? tsk_as_array(v)->count : tsk_as_object(v)->count;
        tsk_buf_printf(out, "%s of %u", tsk_kind_name(tsk_kind_of(v)), count);
        return;
    }
    tsk_buf text;
    tsk_buf_init(&text, out->arena);
    tsk_value_text(&text, v);
    bool quote = tsk_is_str(v);
    if (tsk_is_null(v)) tsk_buf_cstr(&text, "null");
    if (quote) tsk_buf_char(out, '"');
    for (size_t i = 0; i < text.len && i < SHOWN; i++) {
        char c = text.ptr[i];
        if ((unsigned char)c < 0x20 || c == 0x7F || c == '"' || c == '\\')
            tsk_buf_printf(out, "\\x%02x", (unsigned char)c);
        else
            tsk_buf_char(out, c);
    }
    if (text.len > SHOWN) tsk_buf_cstr(out, "...");
    if (quote) tsk_buf_char(out, '"');
}

static void print_js_text(tsk_buf *out, const tsk_js_string *s) {
    for (uint32_t i = 0; i < s->length && i < SHOWN; i++) {
        char utf8[4];
        tsk_buf_add(out, utf8, tsk_utf8_encode(utf8, tsk_js_unit(s, i)));
    }
    if (s->length > SHOWN) tsk_buf_cstr(out, "...");
}

/* Strings in the constants of a function are of its own world. */
static void print_const(tsk_buf *out, const tsk_bytecode *code, uint32_t index) {
    tsk_value v = code->consts[index];
    if (!code->func->js || !tsk_js_is_string(v)) {
        print_value(out, v);
        return;
    }
    tsk_buf_char(out, '"');
    print_js_text(out, tsk_js_as_string(v));
    tsk_buf_char(out, '"');
}

static void print_operand(tsk_buf *out, const tsk_bytecode *code, uint32_t word) {
    if (word & TSK_OPERAND_CONST)
        print_const(out, code, word & ~TSK_OPERAND_CONST);
    else
        tsk_buf_printf(out, "r%u", word);
}

static void print_list(tsk_buf *out, const tsk_bytecode *code, const tsk_insn *insn, const tsk_ir_env *env) {
    const uint32_t *list = code->lists + tsk_insn_wide(insn);
    uint32_t extra = list[TSK_LIST_EXTRA];
    tsk_buf_printf(out, "r%u", insn->a);
    switch (insn->op) {
    case TSK_OPC_OP: {
        const char *name = env && env->op_name ? env->op_name(env->user, extra) : NULL;
        tsk_buf_printf(out, ", %s", name ? name : "?");
        break;
    }
    case TSK_OPC_METHOD:
    case TSK_OPC_OBJECT:
        tsk_buf_cstr(out, ", ");
        print_value(out, code->consts[extra]);
        break;
    case TSK_OPC_CLOSURE:
    case TSK_OPC_JS_CLOSURE: tsk_buf_printf(out, ", @%s", code->funcs[extra]->name); break;
    case TSK_OPC_ERROR: tsk_buf_printf(out, ", %s", tsk_code_name((tsk_code)extra)); break;
    default: break;
    }
    tsk_buf_cstr(out, " (");
    for (uint32_t i = 0; i < list[TSK_LIST_COUNT]; i++) {
        if (i) tsk_buf_cstr(out, ", ");
        print_operand(out, code, list[TSK_LIST_FIRST + i]);
    }
    tsk_buf_char(out, ')');
}

static void print_key(tsk_buf *out, const tsk_insn *insn, const tsk_ir_env *env) {
    tsk_buf_printf(out, "r%u, %u", insn->a, tsk_insn_wide(insn));
    if (insn->op != TSK_OPC_KEY || !env || !env->key_name) return;
    const char *name = env->key_name(env->user, tsk_insn_wide(insn));
    if (name) tsk_buf_printf(out, "  ; %s", name);
}

/* The name in the data slot of an instruction of functions: an atom, flat. */
static void print_name(tsk_buf *out, const tsk_insn *slot) {
    tsk_buf_cstr(out, ", .");
    print_js_text(out, *(tsk_js_string *const *)(const void *)slot);
}

static void print_insn(tsk_buf *out, const tsk_bytecode *code, uint32_t pc, const tsk_ir_env *env) {
    const tsk_insn *insn = &code->insns[pc];
    uint32_t target = pc + tsk_insn_wide(insn), near_target = (uint32_t)((int32_t)pc + (int16_t)insn->c);
    tsk_buf_printf(out, "%5u  %-12s", pc, opcodes[insn->op].name);
    switch (opcodes[insn->op].format) {
    case N: break;
    case R: tsk_buf_printf(out, "r%u", insn->a); break;
    case RR: tsk_buf_printf(out, "r%u, r%u", insn->a, insn->b); break;
    case RRR: tsk_buf_printf(out, "r%u, r%u, r%u", insn->a, insn->b, insn->c); break;
    case RK:
        tsk_buf_printf(out, "r%u, ", insn->a);
        print_const(out, code, tsk_insn_wide(insn));
        break;
    case RI: print_key(out, insn, env); break;
    case J: tsk_buf_printf(out, "-> %u", target); break;
    case RJ: tsk_buf_printf(out, "r%u -> %u", insn->a, target); break;
    case RRI: tsk_buf_printf(out, "r%u, r%u, %d", insn->a, insn->b, (int16_t)insn->c); break;
    case RRJ: tsk_buf_printf(out, "r%u, r%u -> %u", insn->a, insn->b, near_target); break;
    case RIJ: tsk_buf_printf(out, "r%u, %d -> %u", insn->a, (int16_t)insn->b, near_target); break;
    case RS: tsk_buf_printf(out, "r%u", insn->a); break;
    case RRS: tsk_buf_printf(out, "r%u, r%u", insn->a, insn->b); break;
    case L:
    case LS: print_list(out, code, insn, env); break;
    case W: tsk_buf_printf(out, "r%u, r%u", insn->a, tsk_insn_wide(insn)); break;
    }
    if (insn->op == TSK_OPC_MEMBER) {
        const tsk_str *name = ((const tsk_name_slot *)(const void *)(insn + 1))->name;
        tsk_buf_printf(out, ", .%.*s", (int)name->len, name->ptr);
    }
    if (opcodes[insn->op].format >= RS && insn->op != TSK_OPC_JS_OBJECT) print_name(out, insn + 1);
    while (out->len && out->ptr[out->len - 1] == ' ') out->len--;
    tsk_buf_char(out, '\n');
}

void tsk_bytecode_print(tsk_buf *out, const tsk_bytecode *code, const tsk_ir_env *env) {
    tsk_buf_printf(out, "code @%s: %u registers, %u parameters\n", code->name, code->regs, code->params);
    for (uint32_t pc = 0; pc < code->count; pc++) {
        print_insn(out, code, pc, env);
        if (tsk_opcode_has_slot((tsk_opcode)code->insns[pc].op)) pc++;
    }
    live_walk walk;
    live_begin(&walk, code, out->arena);
    for (uint32_t i = 0; i < code->point_count; i++) {
        live_advance(&walk, code->points[i].position);
        tsk_buf_printf(out, "  live %u:", code->points[i].pc);
        for (uint32_t k = 0; k < walk.count; k++)
            tsk_buf_printf(out, " r%u=%%%u", walk.active[k]->reg, walk.active[k]->value->id);
        tsk_buf_char(out, '\n');
    }
    for (uint32_t i = 0; i < code->handler_count; i++)
        tsk_buf_printf(out, "  handler %u..%u -> %u\n", code->handlers[i].from, code->handlers[i].to - 1,
                       code->handlers[i].target);
}
