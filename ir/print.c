/* The text form of the IR, which tsk_ir_parse reads back exactly.
 *
 *   func @app.url(1) captures 2 {
 *   b0(%0):
 *     %1 = key 3 : string  ; $host
 *     %2 = const 1.5
 *     %3 = add %1, %2 : string
 *     %4 = op @hash(%3) !frame(@app.url pc 12 before r1=%3)
 *     branch %5, b1, b2(%4)
 *   b1 handler b3:
 *
 *  - A type is written where it says more than the operation does.
 *  - Doubles always have a point, an exponent or a name (inf, nan); integers never.
 *  - Strings are JSON; a byte that is no UTF-8 is \xNN.
 *  - Blocks and values are renumbered first, so equal functions give equal texts.
 */
#include "ir/ir.h"
#include "ir/text.h"
#include "runtime/base/number.h"
#include "runtime/base/utf8.h"

typedef struct printer {
    tsk_buf *out;
    const tsk_ir_env *env;
} printer;

static const struct {
    unsigned set;
    const char *name;
} type_names[] = {{TSK_TY_ALL, "all"},       {TSK_TY_JS, "js"},
                  {TSK_TY_ANY, "any"},       {TSK_TY_NUMBER, "number"},
                  {TSK_TY_INT, "int"},       {TSK_TY_NULL, "null"},
                  {TSK_TY_BOOL, "bool"},     {TSK_TY_I32, "i32"},
                  {TSK_TY_I64, "i64"},       {TSK_TY_DOUBLE, "double"},
                  {TSK_TY_STRING, "string"}, {TSK_TY_ARRAY, "array"},
                  {TSK_TY_OBJECT, "object"}, {TSK_TY_FUNCTION, "function"},
                  {TSK_TY_SYMBOL, "symbol"}, {TSK_TY_HOLE, "hole"}};

bool tsk_ir_type_named(tsk_slice name, unsigned *set) {
    for (size_t i = 0; i < TSK_COUNT(type_names); i++)
        if (tsk_slice_eq(name, tsk_slice_cstr(type_names[i].name))) return *set = type_names[i].set, true;
    if (!tsk_slice_eq(name, TSK_SLICE("none"))) return false;
    *set = TSK_TY_NONE;
    return true;
}

static void print_type(tsk_buf *out, unsigned set) {
    if (!set) tsk_buf_cstr(out, "none");
    const char *between = "";
    for (size_t i = 0; set && i < TSK_COUNT(type_names); i++) {
        if ((set & type_names[i].set) != type_names[i].set) continue;
        tsk_buf_printf(out, "%s%s", between, type_names[i].name);
        set &= ~type_names[i].set;
        between = "|";
    }
}

/* ---- values ---- */

static void print_string(tsk_buf *out, const char *ptr, size_t len) {
    const char *end = ptr + len;
    tsk_buf_char(out, '"');
    while (ptr < end) {
        unsigned char c = (unsigned char)*ptr;
        uint32_t code;
        unsigned size = c < 0x80 ? 1 : tsk_utf8_decode(ptr, end, &code);
        if (c == '"' || c == '\\')
            tsk_buf_printf(out, "\\%c", c);
        else if (c == '\n')
            tsk_buf_cstr(out, "\\n");
        else if (c == '\t')
            tsk_buf_cstr(out, "\\t");
        else if (c < 0x20 || c == 0x7F)
            tsk_buf_printf(out, "\\u%04x", c);
        else if (size == 0)
            tsk_buf_printf(out, "\\x%02x", c);
        else
            tsk_buf_add(out, ptr, size);
        ptr += size ? size : 1;
    }
    tsk_buf_char(out, '"');
}

static void print_double(tsk_buf *out, double d) {
    char text[32];
    if (d != d || d - d != 0) {
        tsk_buf_cstr(out, d != d ? "nan" : d > 0 ? "inf" : "-inf");
        return;
    }
    uint32_t len = tsk_number_format(text, d);
    if (d == 0 && __builtin_signbit(d) && text[0] != '-') tsk_buf_char(out, '-');
    tsk_buf_add(out, text, len);
    if (!memchr(text, '.', len) && !memchr(text, 'e', len)) tsk_buf_cstr(out, ".0");
}

bool tsk_ir_plain_name(const char *ptr, size_t len) {
    if (len == 0) return false;
    for (size_t i = 0; i < len; i++)
        if (!tsk_ir_name_char(ptr[i])) return false;
    return true;
}

static void print_name(tsk_buf *out, const char *name) {
    size_t len = strlen(name);
    tsk_buf_char(out, '@');
    if (tsk_ir_plain_name(name, len))
        tsk_buf_add(out, name, len);
    else
        print_string(out, name, len);
}

static void print_value(tsk_buf *out, tsk_value v, unsigned depth);

static void print_values(tsk_buf *out, const tsk_value *items, uint32_t count, unsigned depth) {
    tsk_buf_char(out, '[');
    for (uint32_t i = 0; i < count; i++) {
        if (i) tsk_buf_cstr(out, ", ");
        print_value(out, items[i], depth + 1);
    }
    tsk_buf_char(out, ']');
}

static void print_object(tsk_buf *out, const tsk_object *o, unsigned depth) {
    tsk_buf_char(out, '{');
    for (uint32_t i = 0; i < o->count; i++) {
        if (i) tsk_buf_cstr(out, ", ");
        print_string(out, o->entries[i].key, o->entries[i].key_len);
        tsk_buf_cstr(out, ": ");
        print_value(out, o->entries[i].value, depth + 1);
    }
    tsk_buf_char(out, '}');
}

static void print_value(tsk_buf *out, tsk_value v, unsigned depth) {
    if (depth > TSK_IR_TEXT_DEPTH) {
        tsk_buf_cstr(out, "null");
        return;
    }
    switch (tsk_kind_of(v)) {
    case TSK_NULL:
        tsk_buf_cstr(out, tsk_same(v, TSK_VALUE_HOLE) ? "hole" : tsk_same(v, TSK_VALUE_NULL) ? "null" : "undefined");
        break;
    case TSK_BOOL: tsk_buf_cstr(out, tsk_as_bool(v) ? "true" : "false"); break;
    case TSK_INT: tsk_buf_printf(out, "%lld", (long long)tsk_as_int(v)); break;
    case TSK_DOUBLE: print_double(out, tsk_as_double(v)); break;
    case TSK_STRING: print_string(out, tsk_as_str(v)->ptr, tsk_as_str(v)->len); break;
    case TSK_ARRAY: print_values(out, tsk_as_array(v)->items, tsk_as_array(v)->count, depth); break;
    case TSK_OBJECT: print_object(out, tsk_as_object(v), depth); break;
    case TSK_THUNK: tsk_buf_printf(out, "key(%u)", tsk_as_thunk(v)); break;
    case TSK_FUNCTION:
        print_name(out, tsk_as_cell(v)->func->name);
        if (tsk_as_cell(v)->count) print_values(out, tsk_as_cell(v)->captures, tsk_as_cell(v)->count, depth);
        break;
    }
}

/* ---- instructions ---- */

static void print_args(tsk_buf *out, tsk_ir_inst *const *args, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) tsk_buf_printf(out, "%s%%%u", i ? ", " : "", args[i]->id);
}

static void print_call_args(tsk_buf *out, tsk_ir_inst *const *args, uint32_t count) {
    tsk_buf_char(out, '(');
    print_args(out, args, count);
    tsk_buf_char(out, ')');
}

static void print_edge(tsk_buf *out, const tsk_ir_edge *edge) {
    tsk_buf_printf(out, "b%u", edge->to->id);
    if (edge->count) print_call_args(out, edge->args, edge->count);
}

static void print_fields(tsk_buf *out, const tsk_ir_inst *inst) {
    const tsk_array *keys = tsk_as_array(inst->imm.value);
    tsk_buf_cstr(out, " {");
    for (uint32_t i = 0; i < inst->count; i++) {
        const tsk_str *key = tsk_as_str(keys->items[i]);
        if (i) tsk_buf_cstr(out, ", ");
        print_string(out, key->ptr, key->len);
        tsk_buf_printf(out, ": %%%u", inst->args[i]->id);
    }
    tsk_buf_char(out, '}');
}

static void print_operator(printer *p, const tsk_ir_inst *inst) {
    uint32_t number = (uint32_t)inst->imm.index;
    const char *name = p->env && p->env->op_name ? p->env->op_name(p->env->user, number) : NULL;
    tsk_buf_char(p->out, ' ');
    if (name)
        print_name(p->out, name);
    else
        tsk_buf_printf(p->out, "%u", number);
    print_call_args(p->out, inst->args, inst->count);
}

static void print_operands(printer *p, const tsk_ir_inst *inst) {
    tsk_buf *out = p->out;
    switch (tsk_ir_shape((tsk_ir_op)inst->op)) {
    case TSK_IR_SHAPE_VALUE:
        tsk_buf_char(out, ' ');
        print_value(out, inst->imm.value, 0);
        break;
    case TSK_IR_SHAPE_INDEX: tsk_buf_printf(out, " %llu", (unsigned long long)inst->imm.index); break;
    case TSK_IR_SHAPE_CODE:
        tsk_buf_printf(out, " %llu", (unsigned long long)inst->imm.index);
        print_call_args(out, inst->args, inst->count);
        break;
    case TSK_IR_SHAPE_CLOSURE:
        tsk_buf_char(out, ' ');
        print_name(out, inst->imm.func->name);
        print_call_args(out, inst->args, inst->count);
        break;
    case TSK_IR_SHAPE_FIELDS: print_fields(out, inst); break;
    case TSK_IR_SHAPE_NAME:
        tsk_buf_char(out, ' ');
        print_args(out, inst->args, inst->count);
        tsk_buf_cstr(out, ", ");
        print_value(out, inst->imm.value, 0);
        break;
    case TSK_IR_SHAPE_WITH:
    case TSK_IR_SHAPE_METHOD:
        tsk_buf_char(out, ' ');
        print_value(out, inst->imm.value, 0);
        print_call_args(out, inst->args, inst->count);
        break;
    case TSK_IR_SHAPE_CALL:
        tsk_buf_printf(out, " %%%u", inst->args[0]->id);
        print_call_args(out, inst->args + 1, inst->count - 1);
        break;
    case TSK_IR_SHAPE_OPERATOR: print_operator(p, inst); break;
    case TSK_IR_SHAPE_JUMP:
        tsk_buf_char(out, ' ');
        print_edge(out, &inst->block->edges[0]);
        break;
    case TSK_IR_SHAPE_BRANCH:
        tsk_buf_printf(out, " %%%u, ", inst->args[0]->id);
        print_edge(out, &inst->block->edges[0]);
        tsk_buf_cstr(out, ", ");
        print_edge(out, &inst->block->edges[1]);
        break;
    case TSK_IR_SHAPE_PLAIN:
        if (inst->count) tsk_buf_char(out, ' ');
        print_args(out, inst->args, inst->count);
        break;
    }
}

static void print_frames(tsk_buf *out, const tsk_ir_frame *frame) {
    for (; frame; frame = frame->outer) {
        tsk_buf_cstr(out, " !frame(");
        print_name(out, frame->func->name);
        tsk_buf_printf(out, " pc %u %s", frame->pc, frame->after ? "after" : "before");
        for (uint32_t i = 0; i < frame->count; i++)
            tsk_buf_printf(out, " r%u=%%%u", frame->regs[i].reg, frame->regs[i].value->id);
        tsk_buf_char(out, ')');
    }
}

/* A name from the configuration, made harmless: it must not end the comment. */
static void print_comment(tsk_buf *out, const char *text) {
    tsk_buf_cstr(out, "  ; ");
    for (; *text; text++) tsk_buf_char(out, (unsigned char)*text < 0x20 ? '?' : *text);
}

static void print_inst(printer *p, const tsk_ir_inst *inst) {
    tsk_buf *out = p->out;
    tsk_buf_cstr(out, "  ");
    if (tsk_ir_is_value(inst)) tsk_buf_printf(out, "%%%u = ", inst->id);
    for (const char *name = tsk_ir_op_name((tsk_ir_op)inst->op); *name; name++)
        tsk_buf_char(out, *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name);
    print_operands(p, inst);
    if (inst->op != TSK_IR_CONST && inst->type != tsk_ir_op_type((tsk_ir_op)inst->op)) {
        tsk_buf_cstr(out, " : ");
        print_type(out, inst->type);
    }
    print_frames(out, inst->frame);
    if (inst->op == TSK_IR_KEY && p->env && p->env->key_name) {
        const char *name = p->env->key_name(p->env->user, (uint32_t)inst->imm.index);
        if (name) print_comment(out, name);
    }
    tsk_buf_char(out, '\n');
}

static void print_block(printer *p, const tsk_ir_block *block) {
    tsk_buf *out = p->out;
    tsk_buf_printf(out, "b%u", block->id);
    for (uint32_t i = 0; i < block->param_count; i++) {
        tsk_buf_printf(out, "%s%%%u", i ? ", " : "(", block->params[i]->id);
        if (block->params[i]->type == TSK_TY_ANY) continue;
        tsk_buf_cstr(out, ": ");
        print_type(out, block->params[i]->type);
    }
    if (block->param_count) tsk_buf_char(out, ')');
    if (block->handler) tsk_buf_printf(out, " handler b%u", block->handler->id);
    tsk_buf_cstr(out, ":\n");
    for (const tsk_ir_inst *inst = block->first; inst; inst = inst->next) print_inst(p, inst);
}

void tsk_ir_print_func(tsk_buf *out, tsk_ir_func *func, const tsk_ir_env *env) {
    printer p = {out, env};
    tsk_ir_number(func);
    tsk_buf_cstr(out, "func ");
    print_name(out, func->name);
    tsk_buf_printf(out, "(%u)", func->params);
    if (func->captures) tsk_buf_printf(out, " captures %u", func->captures);
    if (func->js) tsk_buf_printf(out, " js %u locals %u", func->js->flags, func->js->locals);
    tsk_buf_cstr(out, " {\n");
    for (const tsk_ir_block *block = func->entry; block; block = block->next) print_block(&p, block);
    tsk_buf_cstr(out, "}\n");
}

void tsk_ir_print(tsk_buf *out, tsk_ir_module *module, const tsk_ir_env *env) {
    for (tsk_ir_func *func = module->first; func; func = func->next) {
        if (func != module->first) tsk_buf_char(out, '\n');
        tsk_ir_print_func(out, func, env);
    }
}
