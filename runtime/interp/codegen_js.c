/* Functions of ECMAScript to baseline code: the part of codegen.c for JS_ operations.
 *
 *   JS_ADD x, const 1   ─► JS_ADD_I r, r, 1                 small integers stand in the instruction
 *   JS_LT + BRANCH      ─► JS_IF_LT a, b, target            one instruction, no register for the boolean
 *   JS_GET o "name"     ─► JS_GET r, o ; { atom, cache }    a data slot: the name and what was seen here
 *   everything cold     ─► OP r, list                       one handler, a function by opcode
 *
 * Text in constants becomes permanent strings of the world of functions here, once, so the loop never converts.
 */
#include "runtime/interp/codegen.h"

#include "runtime/base/utf8.h"
#include "runtime/js/object.h"

/* ---- constants ---- */

/* One step in WTF-8, where a surrogate is three bytes like any other unit. */
static unsigned decode(const char *at, const char *end, uint32_t *code) {
    const unsigned char *p = (const unsigned char *)at;
    if (end - at >= 3 && p[0] == 0xED && p[1] >= 0xA0) {
        *code = (uint32_t)(0xD000 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F));
        return 3;
    }
    return tsk_utf8_next(at, end, code);
}

static tsk_js_string *permanent_string(tsk_arena *arena, tsk_slice text) {
    const char *end = text.ptr + text.len;
    size_t length = 0;
    uint32_t code, all = 0;
    for (const char *at = text.ptr; at < end; length++) {
        at += decode(at, end, &code);
        all |= code;
        length += code > 0xFFFF;
    }
    bool wide = all > 0xFF;
    size_t size = offsetof(tsk_js_string, data) + (wide ? length * 2 : length);
    tsk_js_string *s = tsk_arena_zalloc(arena, size);
    s->cell.kind = TSK_JS_KIND_STRING;
    s->cell.mark = TSK_HEAP_PERMANENT;
    s->cell.flags = wide ? TSK_JS_WIDE : 0;
    s->length = (uint32_t)length;
    s->chars = s->data;
    uint16_t *units = (uint16_t *)(void *)s->data;
    for (const char *at = text.ptr, *byte = s->data; at < end;) {
        at += decode(at, end, &code);
        if (!wide) {
            *(char *)(uintptr_t)byte++ = (char)code;
        } else if (code <= 0xFFFF) {
            *units++ = (uint16_t)code;
        } else {
            *units++ = (uint16_t)(0xD7C0 + (code >> 10));
            *units++ = (uint16_t)(0xDC00 | (code & 0x3FF));
        }
    }
    return s;
}

tsk_value tsk_codegen_js_const(tsk_codegen *cg, tsk_value v) {
    if (tsk_tag(v) != TSK_TAG_STR) return v;
    return tsk_js_from_string(permanent_string(cg->arena, tsk_as_slice(v)));
}

static tsk_js_string *name_atom(tsk_codegen *cg, tsk_value name) {
    tsk_slice text = tsk_as_slice(name);
    tsk_js_string *atom = tsk_js_atom_utf8(text.ptr, text.len);
    if (!atom) tsk_arena_fail(cg->arena, TSK_TRAP_NO_MEMORY);
    return atom;
}

static void name_slot(tsk_codegen *cg, const tsk_ir_inst *inst) {
    tsk_codegen_emit_slot(cg, name_atom(cg, inst->imm.value), tsk_arena_zalloc(cg->arena, sizeof(tsk_js_cache)));
}

/* ---- integers in the instruction ---- */

static const uint16_t immediate_opcodes[TSK_IR_OP_COUNT] = {
#define IMMEDIATE(name) [TSK_IR_##name] = TSK_OPC_##name##_I
    IMMEDIATE(JS_ADD), IMMEDIATE(JS_SUB),  IMMEDIATE(JS_MUL), IMMEDIATE(JS_DIV), IMMEDIATE(JS_MOD),  IMMEDIATE(JS_BAND),
    IMMEDIATE(JS_BOR), IMMEDIATE(JS_BXOR), IMMEDIATE(JS_SHL), IMMEDIATE(JS_SHR), IMMEDIATE(JS_USHR),
#undef IMMEDIATE
};

static bool is_small(const tsk_ir_inst *inst) {
    if (inst->op != TSK_IR_CONST || !tsk_is_i32(inst->imm.value)) return false;
    int32_t n = tsk_as_i32(inst->imm.value);
    return n >= INT16_MIN && n <= INT16_MAX;
}

static uint16_t small(const tsk_ir_inst *inst) {
    return (uint16_t)tsk_as_i32(inst->imm.value);
}

/* ---- conditions ---- */

/* By the IR's operation: the opcode that jumps when it holds; JS_IF_NOT_... is at a fixed distance. */
static const uint16_t if_opcodes[TSK_IR_OP_COUNT] = {
    [TSK_IR_JS_LT] = TSK_OPC_JS_IF_LT,           [TSK_IR_JS_LE] = TSK_OPC_JS_IF_LE,
    [TSK_IR_JS_GT] = TSK_OPC_JS_IF_GT,           [TSK_IR_JS_GE] = TSK_OPC_JS_IF_GE,
    [TSK_IR_JS_SAME] = TSK_OPC_JS_IF_SAME,       [TSK_IR_JS_DIFFERENT] = TSK_OPC_JS_IF_NOT_SAME,
    [TSK_IR_JS_EQ] = TSK_OPC_JS_IF_EQ,           [TSK_IR_JS_NE] = TSK_OPC_JS_IF_NOT_EQ,
    [TSK_IR_JS_TRUTH] = TSK_OPC_JS_IF_TRUTH,     [TSK_IR_JS_NOT] = TSK_OPC_JS_IF_NOT_TRUTH,
    [TSK_IR_JS_NULLISH] = TSK_OPC_JS_IF_NULLISH, [TSK_IR_JS_IS_UNDEFINED] = TSK_OPC_JS_IF_UNDEFINED,
    [TSK_IR_JS_IS_HOLE] = TSK_OPC_JS_IF_HOLE,
};

static tsk_opcode opposite(tsk_opcode op) {
    enum { BINARY = TSK_OPC_JS_IF_NOT_LT - TSK_OPC_JS_IF_LT, UNARY = TSK_OPC_JS_IF_NOT_TRUTH - TSK_OPC_JS_IF_TRUTH };
    if (op >= TSK_OPC_JS_IF_NOT_TRUTH) return (tsk_opcode)(op - UNARY);
    if (op >= TSK_OPC_JS_IF_TRUTH) return (tsk_opcode)(op + UNARY);
    return (tsk_opcode)(op >= TSK_OPC_JS_IF_NOT_LT ? op - BINARY : op + BINARY);
}

bool tsk_regalloc_is_condition(const tsk_ir_inst *inst) {
    return if_opcodes[inst->op];
}

/* The comparison with null, undefined, false or true. */
static bool is_with_word(const tsk_ir_inst *inst) {
    return (inst->op == TSK_IR_JS_SAME || inst->op == TSK_IR_JS_DIFFERENT) && inst->args[1]->op == TSK_IR_CONST &&
           tsk_tag(inst->args[1]->imm.value) == TSK_TAG_CONST;
}

bool tsk_regalloc_immediate(const tsk_ir_inst *inst, uint32_t arg, bool fused) {
    if (arg != 1) return false;
    if (fused && is_with_word(inst)) return true;
    return (immediate_opcodes[inst->op] || fused) && is_small(inst->args[1]);
}

uint32_t tsk_codegen_js_branch(tsk_codegen *cg, const tsk_ir_inst *condition, bool holds) {
    tsk_opcode op = (tsk_opcode)if_opcodes[condition->op];
    if (!holds) op = opposite(op);
    uint32_t a = tsk_codegen_use(cg, condition->args[0], TSK_SCRATCH_FIRST);
    if (condition->count == 1) return tsk_codegen_emit_wide(cg, op, a, 0);
    if (is_with_word(condition))
        return tsk_codegen_emit(cg, op == TSK_OPC_JS_IF_SAME ? TSK_OPC_JS_IF_IS : TSK_OPC_JS_IF_IS_NOT, a,
                                (uint16_t)condition->args[1]->imm.value.bits, 0); /* words differ in their low bits */
    if (!is_small(condition->args[1]))
        return tsk_codegen_emit(cg, op, a, tsk_codegen_use(cg, condition->args[1], TSK_SCRATCH_SECOND), 0);
    tsk_opcode with_number = (tsk_opcode)(op + (TSK_OPC_JS_IF_LT_I - TSK_OPC_JS_IF_LT));
    return tsk_codegen_emit(cg, with_number, a, small(condition->args[1]), 0);
}

/* ---- operations ---- */

/* Operations that only name their registers. */
static const uint16_t plain_opcodes[TSK_IR_OP_COUNT] = {
#define PLAIN(name) [TSK_IR_##name] = TSK_OPC_##name
    PLAIN(JS_ADD),       PLAIN(JS_SUB),   PLAIN(JS_MUL),       PLAIN(JS_DIV),          PLAIN(JS_MOD),
    PLAIN(JS_POW),       PLAIN(JS_BAND),  PLAIN(JS_BOR),       PLAIN(JS_BXOR),         PLAIN(JS_SHL),
    PLAIN(JS_SHR),       PLAIN(JS_USHR),  PLAIN(JS_NEG),       PLAIN(JS_BNOT),         PLAIN(JS_PLUS),
    PLAIN(JS_INC),       PLAIN(JS_DEC),   PLAIN(JS_EQ),        PLAIN(JS_NE),           PLAIN(JS_SAME),
    PLAIN(JS_DIFFERENT), PLAIN(JS_LT),    PLAIN(JS_LE),        PLAIN(JS_GT),           PLAIN(JS_GE),
    PLAIN(JS_NOT),       PLAIN(JS_TRUTH), PLAIN(JS_NULLISH),   PLAIN(JS_IS_UNDEFINED), PLAIN(JS_IS_HOLE),
    PLAIN(JS_TYPEOF),    PLAIN(JS_BOX),   PLAIN(JS_GET_INDEX), PLAIN(JS_CHECK_THIS),   PLAIN(JS_ITER_NEXT),
    PLAIN(JS_BOX_GET),   PLAIN(JS_ITEM),  PLAIN(JS_KEEP_KEY),
#undef PLAIN
};

static uint32_t used(tsk_codegen *cg, const tsk_ir_inst *inst, uint32_t i) {
    return i < inst->count ? tsk_codegen_use(cg, inst->args[i], i ? TSK_SCRATCH_SECOND : TSK_SCRATCH_FIRST) : 0;
}

static void emit_plain(tsk_codegen *cg, const tsk_ir_inst *inst) {
    uint32_t first = used(cg, inst, 0);
    if (tsk_regalloc_immediate(inst, 1, false)) {
        tsk_opcode op = (tsk_opcode)immediate_opcodes[inst->op];
        tsk_codegen_emit(cg, op, tsk_codegen_result(cg, inst), first, small(inst->args[1]));
    } else {
        tsk_opcode op = (tsk_opcode)plain_opcodes[inst->op];
        tsk_codegen_emit(cg, op, tsk_codegen_result(cg, inst), first, used(cg, inst, 1));
    }
}

/* The names of an object literal as atoms, in the order of its values: what the data slot of JS_OBJECT names. */
static const tsk_js_key *literal_keys(tsk_codegen *cg, const tsk_array *names) {
    tsk_js_key *keys = TSK_NEW_ARRAY(cg->arena, tsk_js_key, names->count);
    for (uint32_t i = 0; i < names->count; i++) keys[i] = tsk_js_key_atom(name_atom(cg, names->items[i]));
    return keys;
}

/* Word in front of the list of an operation that is a call into C. */
static uint32_t extra_word(tsk_codegen *cg, const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_JS_PRIVATE_NAME:
    case TSK_IR_JS_GLOBAL_TYPEOF:
    case TSK_IR_JS_GLOBAL_DECLARE:
    case TSK_IR_JS_THROW_CONST: return tsk_codegen_add_const(cg, tsk_js_from_string(name_atom(cg, inst->imm.value)));
    case TSK_IR_JS_TEMPLATE: {
        const tsk_array *texts = tsk_as_array(inst->imm.value);
        uint32_t first = cg->consts.count;
        tsk_codegen_add_const(cg, tsk_from_i32((int32_t)texts->count));
        for (uint32_t i = 0; i < texts->count; i++)
            tsk_codegen_add_const(cg, tsk_codegen_js_const(cg, texts->items[i]));
        return first;
    }
    default: return (uint32_t)inst->imm.index;
    }
}

static tsk_opcode call_opcode(tsk_ir_op op) {
    static const uint16_t opcodes[TSK_IR_OP_COUNT] = {
#define CALLED(name) [TSK_IR_##name] = TSK_OPC_##name
        CALLED(JS_IN),           CALLED(JS_INSTANCEOF),    CALLED(JS_TO_STRING),      CALLED(JS_TO_KEY),
        CALLED(JS_CONCAT),       CALLED(JS_DELETE),        CALLED(JS_SUPER_GET),      CALLED(JS_SUPER_SET),
        CALLED(JS_PRIVATE_NAME), CALLED(JS_PRIVATE_GET),   CALLED(JS_PRIVATE_SET),    CALLED(JS_PRIVATE_ADD),
        CALLED(JS_PRIVATE_HAS),  CALLED(JS_GLOBAL_TYPEOF), CALLED(JS_GLOBAL_DECLARE), CALLED(JS_PUSH),
        CALLED(JS_SPREAD),       CALLED(JS_DEFINE),        CALLED(JS_SET_PROTO),      CALLED(JS_COPY_DATA),
        CALLED(JS_REGEX),        CALLED(JS_TEMPLATE),      CALLED(JS_CLASS),          CALLED(JS_SET_HOME),
        CALLED(JS_SET_NAME),     CALLED(JS_SET_FIELDS),    CALLED(JS_INIT_FIELDS),    CALLED(JS_ARGUMENTS),
        CALLED(JS_THROW_CONST),  CALLED(JS_CALL_SPREAD),   CALLED(JS_NEW_SPREAD),     CALLED(JS_SUPER_CALL),
        CALLED(JS_SUPER_SPREAD), CALLED(JS_OPERATOR),      CALLED(JS_CHECK_OBJECT),   CALLED(JS_CHECK_RESULT),
        CALLED(JS_ITER),         CALLED(JS_ITER_REST),     CALLED(JS_ITER_CLOSE),     CALLED(JS_FORIN),
        CALLED(JS_FORIN_NEXT),   CALLED(JS_ARRAY),         CALLED(JS_CALL),           CALLED(JS_NEW),
        CALLED(JS_LIBRARY),      CALLED(JS_SUPER_BASE),    CALLED(JS_SUPER_PARENT),   CALLED(JS_ITER_SKIP),
#undef CALLED
    };
    return (tsk_opcode)opcodes[op];
}

/* The loop of functions knows some operations of the library itself. */
static tsk_opcode library_opcode(const tsk_ir_inst *inst) {
    switch (inst->imm.index) {
    case TSK_IR_LIBRARY_object: return TSK_OPC_JS_LIBRARY_OBJECT;
    case TSK_IR_LIBRARY_length: return TSK_OPC_JS_LIBRARY_LENGTH;
    case TSK_IR_LIBRARY_callable: return TSK_OPC_JS_LIBRARY_CALLABLE;
    default: return TSK_OPC_JS_LIBRARY;
    }
}

bool tsk_regalloc_lists_js(const tsk_ir_inst *inst) {
    if (inst->op == TSK_IR_JS_OBJECT || inst->op == TSK_IR_JS_CLOSURE || inst->op == TSK_IR_JS_CALL_METHOD) return true;
    return call_opcode((tsk_ir_op)inst->op);
}

/* A variable that handlers see changed has the register `index` after the parameters. */
static uint32_t local(const tsk_codegen *cg, const tsk_ir_inst *inst) {
    return cg->ra.first_param + cg->ra.func->params + (uint32_t)inst->imm.index;
}

void tsk_codegen_js(tsk_codegen *cg, tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_JS_GET:
    case TSK_IR_JS_CHECK_TDZ:
        tsk_codegen_emit(cg, inst->op == TSK_IR_JS_GET ? TSK_OPC_JS_GET : TSK_OPC_JS_CHECK_TDZ,
                         tsk_codegen_result(cg, inst), used(cg, inst, 0), 0);
        name_slot(cg, inst);
        break;
    case TSK_IR_JS_SET: {
        uint32_t object = used(cg, inst, 0);
        tsk_codegen_emit(cg, TSK_OPC_JS_SET, object, used(cg, inst, 1), 0);
        name_slot(cg, inst);
        break;
    }
    case TSK_IR_JS_PUT:
    case TSK_IR_JS_SET_INDEX: {
        uint32_t object = used(cg, inst, 0), key = used(cg, inst, 1);
        uint32_t value = tsk_codegen_use(cg, inst->args[2], TSK_SCRATCH_MOVE);
        tsk_codegen_emit(cg, inst->op == TSK_IR_JS_PUT ? TSK_OPC_JS_PUT : TSK_OPC_JS_SET_INDEX, object, key, value);
        break;
    }
    case TSK_IR_JS_GLOBAL_GET:
        tsk_codegen_emit(cg, TSK_OPC_JS_GLOBAL_GET, tsk_codegen_result(cg, inst), 0, 0);
        name_slot(cg, inst);
        break;
    case TSK_IR_JS_GLOBAL_SET:
        tsk_codegen_emit(cg, TSK_OPC_JS_GLOBAL_SET, used(cg, inst, 0), 0, 0);
        name_slot(cg, inst);
        break;
    case TSK_IR_JS_OUTER:
        tsk_codegen_emit_wide(cg, TSK_OPC_JS_OUTER, tsk_codegen_result(cg, inst), (uint32_t)inst->imm.index);
        break;
    case TSK_IR_JS_BOX_SET: {
        uint32_t box = used(cg, inst, 0);
        tsk_codegen_emit(cg, TSK_OPC_JS_BOX_SET, box, used(cg, inst, 1), 0);
        break;
    }
    case TSK_IR_JS_LOCAL_GET: tsk_codegen_move(cg, tsk_codegen_result(cg, inst), local(cg, inst)); break;
    case TSK_IR_JS_LOCAL_SET: tsk_codegen_move(cg, local(cg, inst), used(cg, inst, 0)); break;
    case TSK_IR_JS_OBJECT:
        tsk_codegen_emit_list(cg, TSK_OPC_JS_OBJECT, inst, 0);
        tsk_codegen_emit_slot(cg, literal_keys(cg, tsk_as_array(inst->imm.value)), NULL);
        break;
    case TSK_IR_JS_CLOSURE:
        tsk_codegen_emit_list(cg, TSK_OPC_JS_CLOSURE, inst, tsk_codegen_add_func(cg, inst->imm.func));
        break;
    case TSK_IR_JS_CALL_METHOD:
        tsk_codegen_emit_list(cg, TSK_OPC_JS_CALL_METHOD, inst, 0);
        name_slot(cg, inst);
        break;
    case TSK_IR_JS_LIBRARY: tsk_codegen_emit_list(cg, library_opcode(inst), inst, (uint32_t)inst->imm.index); break;
    case TSK_IR_JS_CATCH: tsk_codegen_emit(cg, TSK_OPC_JS_CATCH, tsk_codegen_result(cg, inst), 0, 0); break;
    default:
        if (plain_opcodes[inst->op])
            emit_plain(cg, inst);
        else
            tsk_codegen_emit_list(cg, call_opcode((tsk_ir_op)inst->op), inst, extra_word(cg, inst));
        break;
    }
}

void tsk_codegen_js_throw(tsk_codegen *cg, const tsk_ir_inst *inst) {
    tsk_codegen_emit(cg, TSK_OPC_JS_THROW, tsk_codegen_use(cg, inst->args[0], TSK_SCRATCH_FIRST), 0, 0);
}

void tsk_codegen_js_entry(tsk_bytecode *code, const tsk_ir_func *func) {
    uint32_t flags = func->js->flags;
    bool all = flags & TSK_IR_FN_ALL_ARGS;
    code->declared = func->params - TSK_IR_JS_DECLARED - all;
    code->missing = func->js->marks_missing ? TSK_JS_HOLE : TSK_VALUE_UNDEFINED;
    if (!all && !code->first_param && !(flags & TSK_IR_FN_CLASS)) code->entry |= TSK_ENTER_CALL;
    if (!all && (flags & (TSK_IR_FN_CONSTRUCTOR | TSK_IR_FN_DERIVED)) == TSK_IR_FN_CONSTRUCTOR)
        code->entry |= TSK_ENTER_NEW;
}
