/* Reads the text form of the IR (see print.c).
 *
 *   pass 1   lines that begin with `func`  ──► functions, so that closures and frames may name later ones
 *   pass 2   bodies                        ──► blocks and instructions; constants are read by parse_value.c
 *
 *   A block or value may be mentioned before it is defined: the first mention makes the cell, the definition
 *   fills it, and at the end of the function every mentioned cell must be filled.
 *
 * Invariants
 *  - The first error ends the parse; it is reported with its position.
 *  - Work and memory are linear in the text: numbers of values and blocks are bounded by its length.
 *  - What comes out is well formed but not verified.
 */
#include "ir/parse.h"

#include <stdarg.h>
#include <stdio.h>

/* Small texts may use any number up to this. */
#define FREE_NUMBERS 65536

/* ---- characters ---- */

bool tsk_ir_parse_fail(tsk_ir_parser *ps, const char *at, const char *fmt, ...) {
    if (ps->failed) return false;
    ps->failed = true;
    va_list args;
    va_start(args, fmt);
    char message[160];
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    uint32_t offset = (uint32_t)(at - ps->source->text);
    tsk_diags_add(ps->diags, TSK_ERROR, TSK_E_IR_SYNTAX, (tsk_span){ps->source->base + offset, at < ps->end ? 1 : 0},
                  "%s", message);
    return false;
}

#define fail tsk_ir_parse_fail

/* Blanks within a line, and the comment that ends it. */
static void skip_blanks(tsk_ir_parser *ps) {
    while (ps->p < ps->end && (*ps->p == ' ' || *ps->p == '\t' || *ps->p == '\r')) ps->p++;
    if (ps->p < ps->end && *ps->p == ';')
        while (ps->p < ps->end && *ps->p != '\n') ps->p++;
}

static void skip_lines(tsk_ir_parser *ps) {
    for (skip_blanks(ps); ps->p < ps->end && *ps->p == '\n'; skip_blanks(ps)) ps->p++;
}

bool tsk_ir_accept(tsk_ir_parser *ps, char c) {
    skip_blanks(ps);
    if (ps->p == ps->end || *ps->p != c) return false;
    ps->p++;
    return true;
}

bool tsk_ir_expect(tsk_ir_parser *ps, char c) {
    return tsk_ir_accept(ps, c) || fail(ps, ps->p, "expected '%c'", c);
}

static bool expect_line_end(tsk_ir_parser *ps) {
    skip_blanks(ps);
    return ps->p == ps->end || *ps->p == '\n' || fail(ps, ps->p, "expected the end of the line");
}

/* Letters, digits and `_`; empty when there are none. */
static tsk_slice word(tsk_ir_parser *ps) {
    skip_blanks(ps);
    const char *from = ps->p;
    while (ps->p < ps->end && ((*ps->p >= 'a' && *ps->p <= 'z') || (*ps->p >= 'A' && *ps->p <= 'Z') ||
                               (*ps->p >= '0' && *ps->p <= '9') || *ps->p == '_'))
        ps->p++;
    return (tsk_slice){from, (uint32_t)(ps->p - from)};
}

static bool accept_word(tsk_ir_parser *ps, const char *text) {
    const char *before = ps->p;
    if (tsk_slice_eq(word(ps), tsk_slice_cstr(text))) return true;
    ps->p = before;
    return false;
}

bool tsk_ir_parse_number(tsk_ir_parser *ps, uint64_t max, uint64_t *out) {
    skip_blanks(ps);
    const char *from = ps->p;
    uint64_t value = 0;
    while (ps->p < ps->end && *ps->p >= '0' && *ps->p <= '9') {
        value = value * 10 + (uint64_t)(*ps->p++ - '0');
        if (value > max) return fail(ps, from, "the number is too large");
    }
    *out = value;
    return ps->p > from || fail(ps, from, "expected a number");
}

static bool number32(tsk_ir_parser *ps, uint32_t *out) {
    uint64_t value = 0;
    if (!tsk_ir_parse_number(ps, UINT32_MAX, &value)) return false;
    *out = (uint32_t)value;
    return true;
}

/* @name or @"name"; the text is in the module's arena. */
bool tsk_ir_parse_name(tsk_ir_parser *ps, tsk_slice *out) {
    if (!tsk_ir_expect(ps, '@')) return false;
    if (ps->p < ps->end && *ps->p == '"') return tsk_ir_parse_string(ps, out);
    const char *from = ps->p;
    while (ps->p < ps->end && tsk_ir_name_char(*ps->p)) ps->p++;
    *out = (tsk_slice){from, (uint32_t)(ps->p - from)};
    return out->len > 0 || fail(ps, from, "expected a name");
}

bool tsk_ir_parse_function(tsk_ir_parser *ps, tsk_ir_func **out) {
    skip_blanks(ps);
    const char *at = ps->p;
    tsk_slice name;
    if (!tsk_ir_parse_name(ps, &name)) return false;
    tsk_entry *entry = tsk_object_find(ps->functions, name.ptr, name.len);
    if (!entry) return fail(ps, at, "there is no function of this name");
    *out = tsk_ptr(entry->value);
    return true;
}

static bool type(tsk_ir_parser *ps, unsigned *out) {
    *out = 0;
    do {
        const char *at = ps->p;
        unsigned set = 0;
        if (!tsk_ir_type_named(word(ps), &set)) return fail(ps, at, "expected a type");
        *out |= set;
    } while (tsk_ir_accept(ps, '|'));
    return true;
}

/* ---- cells of the function: blocks and values by number ---- */

static tsk_ir_cell *cell(tsk_ir_parser *ps, tsk_ir_cells *cells, uint32_t number, const char *at) {
    if (number >= ps->max_number) {
        fail(ps, at, "the number is too large");
        return NULL;
    }
    if (number >= cells->cap) {
        uint32_t cap = number + 1 > cells->cap * 2 ? number + 1 : cells->cap * 2;
        cells->list = tsk_arena_grow(ps->scratch, cells->list, cells->cap * sizeof *cells->list,
                                     cap * sizeof *cells->list);
        memset(cells->list + cells->cap, 0, (cap - cells->cap) * sizeof *cells->list);
        cells->cap = cap;
    }
    tsk_ir_cell *found = &cells->list[number];
    if (found->owner != ps->func) *found = (tsk_ir_cell){.owner = ps->func, .at = at};
    if (!found->ptr) cells->open++;
    return found;
}

static tsk_ir_inst *mention_value(tsk_ir_parser *ps, const char *at, uint32_t number) {
    tsk_ir_cell *c = cell(ps, &ps->values, number, at);
    if (!c) return NULL;
    if (!c->ptr) c->ptr = TSK_NEW(ps->arena, tsk_ir_inst);
    return c->ptr;
}

/* %7 as an operand. */
static bool value(tsk_ir_parser *ps, tsk_ir_inst **out) {
    uint32_t number;
    skip_blanks(ps);
    const char *at = ps->p;
    if (!tsk_ir_expect(ps, '%') || !number32(ps, &number)) return false;
    *out = mention_value(ps, at, number);
    return *out != NULL;
}

/* %7 where it is made. */
static bool define_value(tsk_ir_parser *ps, tsk_ir_inst **out) {
    uint32_t number;
    skip_blanks(ps);
    const char *at = ps->p;
    if (!tsk_ir_expect(ps, '%') || !number32(ps, &number) || !(*out = mention_value(ps, at, number))) return false;
    tsk_ir_cell *c = &ps->values.list[number];
    if (c->defined) return fail(ps, at, "%%%u is defined twice", number);
    c->defined = true;
    ps->values.open--;
    return true;
}

static tsk_ir_block *mention_block(tsk_ir_parser *ps, const char *at, uint32_t number) {
    tsk_ir_cell *c = cell(ps, &ps->blocks, number, at);
    if (!c) return NULL;
    if (!c->ptr) {
        /* The first block that is mentioned is the first one defined, for the text starts with its label. */
        bool first = !ps->func->entry->mark;
        tsk_ir_block *block = first ? ps->func->entry : TSK_NEW(ps->arena, tsk_ir_block);
        block->func = ps->func;
        block->mark = 1;
        c->ptr = block;
    }
    return c->ptr;
}

static bool block_name(tsk_ir_parser *ps, uint32_t *number, tsk_ir_block **out) {
    skip_blanks(ps);
    const char *at = ps->p;
    if (ps->p == ps->end || *ps->p != 'b') return fail(ps, at, "expected a block");
    ps->p++;
    return number32(ps, number) && (*out = mention_block(ps, at, *number)) != NULL;
}

/* Every block and value that was named must have been made. */
static bool check_defined(tsk_ir_parser *ps, const tsk_ir_cells *cells, const char *what) {
    if (!cells->open) return true;
    for (uint32_t i = 0; i < cells->cap; i++) {
        const tsk_ir_cell *c = &cells->list[i];
        if (c->owner == ps->func && !c->defined) return fail(ps, c->at, "%s%u is not defined", what, i);
    }
    return true;
}

/* ---- operands ---- */

static void push_arg(tsk_ir_parser *ps, tsk_ir_inst *arg) {
    if (ps->arg_count == ps->arg_cap) {
        uint32_t cap = ps->arg_cap ? ps->arg_cap * 2 : 16;
        ps->args = tsk_arena_grow(ps->scratch, ps->args, ps->arg_cap * sizeof *ps->args, cap * sizeof *ps->args);
        ps->arg_cap = cap;
    }
    ps->args[ps->arg_count++] = arg;
}

/* %1, %2, %3: at least one. */
static bool values(tsk_ir_parser *ps) {
    do {
        tsk_ir_inst *arg;
        if (!value(ps, &arg)) return false;
        push_arg(ps, arg);
    } while (tsk_ir_accept(ps, ','));
    return true;
}

/* (%1, %2) or () */
static bool call_values(tsk_ir_parser *ps) {
    if (!tsk_ir_expect(ps, '(')) return false;
    if (tsk_ir_accept(ps, ')')) return true;
    return values(ps) && tsk_ir_expect(ps, ')');
}

static tsk_ir_inst **take_args(tsk_ir_parser *ps, uint32_t *count) {
    *count = ps->arg_count;
    tsk_ir_inst **args = NULL;
    if (ps->arg_count) {
        args = TSK_NEW_ARRAY(ps->arena, tsk_ir_inst *, ps->arg_count);
        memcpy(args, ps->args, ps->arg_count * sizeof *args);
    }
    ps->arg_count = 0;
    return args;
}

static bool edge(tsk_ir_parser *ps, tsk_ir_edge *out) {
    uint32_t number;
    if (!block_name(ps, &number, &out->to)) return false;
    if (ps->p < ps->end && *ps->p == '(' && !call_values(ps)) return false;
    out->args = take_args(ps, &out->count);
    return true;
}

static bool branch(tsk_ir_parser *ps, tsk_ir_inst *inst) {
    tsk_ir_inst *condition;
    if (!value(ps, &condition)) return false;
    if (!tsk_ir_expect(ps, ',') || !edge(ps, &inst->block->edges[0])) return false;
    if (!tsk_ir_expect(ps, ',') || !edge(ps, &inst->block->edges[1])) return false;
    push_arg(ps, condition);
    return true;
}

/* {"a": %1, "b": %2} */
static bool fields(tsk_ir_parser *ps, tsk_ir_inst *inst) {
    tsk_array *keys = tsk_array_new(ps->arena, 0);
    inst->imm.value = tsk_from_array(keys);
    if (!tsk_ir_expect(ps, '{')) return false;
    if (tsk_ir_accept(ps, '}')) return true;
    do {
        tsk_slice key;
        tsk_ir_inst *arg;
        skip_blanks(ps);
        if (!tsk_ir_parse_string(ps, &key) || !tsk_ir_expect(ps, ':') || !value(ps, &arg)) return false;
        tsk_array_push(ps->arena, keys, tsk_str_borrow(ps->arena, key.ptr, key.len));
        push_arg(ps, arg);
    } while (tsk_ir_accept(ps, ','));
    return tsk_ir_expect(ps, '}');
}

static bool operator_name(tsk_ir_parser *ps, tsk_ir_inst *inst) {
    skip_blanks(ps);
    const char *at = ps->p;
    if (at == ps->end || *at != '@') return tsk_ir_parse_number(ps, UINT32_MAX, &inst->imm.index);
    tsk_slice name;
    uint32_t number = 0;
    if (!tsk_ir_parse_name(ps, &name)) return false;
    const char *text = tsk_arena_strdup(ps->scratch, name.ptr, name.len);
    if (!ps->env || !ps->env->op_number || !ps->env->op_number(ps->env->user, text, &number))
        return fail(ps, at, "there is no operator of this name");
    inst->imm.index = number;
    return true;
}

static bool constant(tsk_ir_parser *ps, tsk_ir_inst *inst) {
    return tsk_ir_parse_value(ps, inst->op == TSK_IR_TREE, &inst->imm.value);
}

/* A member or method is named by a string. */
static bool name_string(tsk_ir_parser *ps, tsk_ir_inst *inst) {
    tsk_slice name;
    skip_blanks(ps);
    if (!tsk_ir_parse_string(ps, &name)) return false;
    inst->imm.value = tsk_str_borrow(ps->arena, name.ptr, name.len);
    return true;
}

/* %1, "name" */
static bool member(tsk_ir_parser *ps, tsk_ir_inst *inst) {
    tsk_ir_inst *of;
    if (!value(ps, &of) || !tsk_ir_expect(ps, ',')) return false;
    push_arg(ps, of);
    return name_string(ps, inst);
}

static bool callee(tsk_ir_parser *ps) {
    tsk_ir_inst *function;
    if (!value(ps, &function)) return false;
    push_arg(ps, function);
    return call_values(ps);
}

static bool plain(tsk_ir_parser *ps) {
    skip_blanks(ps);
    return ps->p == ps->end || *ps->p != '%' || values(ps);
}

static bool operands(tsk_ir_parser *ps, tsk_ir_inst *inst) {
    switch (tsk_ir_shape((tsk_ir_op)inst->op)) {
    case TSK_IR_SHAPE_VALUE: return constant(ps, inst);
    case TSK_IR_SHAPE_INDEX: return tsk_ir_parse_number(ps, UINT32_MAX, &inst->imm.index);
    case TSK_IR_SHAPE_CODE: return tsk_ir_parse_number(ps, UINT32_MAX, &inst->imm.index) && call_values(ps);
    case TSK_IR_SHAPE_CLOSURE: return tsk_ir_parse_function(ps, &inst->imm.func) && call_values(ps);
    case TSK_IR_SHAPE_FIELDS: return fields(ps, inst);
    case TSK_IR_SHAPE_NAME: return member(ps, inst);
    case TSK_IR_SHAPE_METHOD: return name_string(ps, inst) && call_values(ps);
    case TSK_IR_SHAPE_WITH: return constant(ps, inst) && call_values(ps);
    case TSK_IR_SHAPE_CALL: return callee(ps);
    case TSK_IR_SHAPE_OPERATOR: return operator_name(ps, inst) && call_values(ps);
    case TSK_IR_SHAPE_JUMP: return edge(ps, &inst->block->edges[0]);
    case TSK_IR_SHAPE_BRANCH: return branch(ps, inst);
    case TSK_IR_SHAPE_PLAIN: return plain(ps);
    }
    return false;
}

/* ---- frames ---- */

static bool registers(tsk_ir_parser *ps, tsk_ir_frame *frame) {
    uint32_t cap = 0;
    while (skip_blanks(ps), ps->p < ps->end && *ps->p == 'r') {
        ps->p++;
        if (frame->count == cap) {
            uint32_t more = cap ? cap * 2 : 4;
            frame->regs = tsk_arena_grow(ps->arena, frame->regs, cap * sizeof *frame->regs, more * sizeof *frame->regs);
            cap = more;
        }
        uint32_t reg;
        tsk_ir_inst *held;
        if (!number32(ps, &reg) || !tsk_ir_expect(ps, '=') || !value(ps, &held)) return false;
        frame->regs[frame->count].reg = reg;
        frame->regs[frame->count++].value = held;
    }
    return tsk_ir_expect(ps, ')');
}

static bool frames(tsk_ir_parser *ps, tsk_ir_inst *inst) {
    tsk_ir_frame **place = &inst->frame;
    while (tsk_ir_accept(ps, '!')) {
        const char *at = ps->p;
        tsk_ir_frame *frame = *place = TSK_NEW(ps->arena, tsk_ir_frame);
        if (!accept_word(ps, "frame")) return fail(ps, at, "expected 'frame'");
        if (!tsk_ir_expect(ps, '(') || !tsk_ir_parse_function(ps, &frame->func)) return false;
        if (!accept_word(ps, "pc")) return fail(ps, ps->p, "expected 'pc'");
        if (!number32(ps, &frame->pc)) return false;
        frame->after = accept_word(ps, "after");
        if (!frame->after && !accept_word(ps, "before")) return fail(ps, ps->p, "expected 'before' or 'after'");
        if (!registers(ps, frame)) return false;
        place = &frame->outer;
    }
    return true;
}

/* ---- instructions, blocks, functions ---- */

static bool same_lower(tsk_slice text, const char *name) {
    for (uint32_t i = 0; i < text.len; i++) {
        char c = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
        if (c != text.ptr[i]) return false;
    }
    return name[text.len] == 0;
}

static bool operation(tsk_ir_parser *ps, tsk_ir_op *out) {
    skip_blanks(ps);
    const char *at = ps->p;
    tsk_slice name = word(ps);
    for (int op = 0; op < TSK_IR_OP_COUNT; op++) {
        if (op == TSK_IR_PARAM || !same_lower(name, tsk_ir_op_name((tsk_ir_op)op))) continue;
        *out = (tsk_ir_op)op;
        return true;
    }
    return fail(ps, at, "expected an operation");
}

static bool check_count(tsk_ir_parser *ps, const char *at, tsk_ir_op op) {
    int want = tsk_ir_op_args(op);
    if (want >= 0 && ps->arg_count != (uint32_t)want)
        return fail(ps, at, "the operation takes %d argument%s, not %u", want, want == 1 ? "" : "s", ps->arg_count);
    return true;
}

static bool instruction(tsk_ir_parser *ps, tsk_ir_block *block) {
    tsk_ir_inst *inst = NULL;
    tsk_ir_op op = TSK_IR_CONST;
    const char *at = ps->p;
    bool is_definition = *at == '%';
    if (is_definition && (!define_value(ps, &inst) || !tsk_ir_expect(ps, '='))) return false;
    skip_blanks(ps);
    const char *op_at = ps->p;
    if (!operation(ps, &op)) return false;
    if (is_definition != (tsk_ir_op_type(op) != TSK_TY_NONE))
        return fail(ps, op_at, is_definition ? "the operation has no value" : "the value needs a name");
    if (block->last && (tsk_ir_op_flags((tsk_ir_op)block->last->op) & TSK_IR_T))
        return fail(ps, at, "the block has ended already");
    if (!inst) inst = TSK_NEW(ps->arena, tsk_ir_inst);
    inst->op = (uint16_t)op;
    inst->type = (uint16_t)tsk_ir_op_type(op);
    inst->span = (tsk_span){ps->source->base + (uint32_t)(op_at - ps->source->text), (uint32_t)(ps->p - op_at)};
    tsk_ir_append(block, inst);
    if (!operands(ps, inst) || !check_count(ps, op_at, op)) return false;
    inst->args = take_args(ps, &inst->count);
    if (op == TSK_IR_CONST) inst->type = (uint16_t)tsk_ir_type_of(inst->imm.value);
    unsigned set = 0;
    if (tsk_ir_accept(ps, ':')) {
        if (!type(ps, &set)) return false;
        inst->type = (uint16_t)set;
    }
    return frames(ps, inst) && expect_line_end(ps);
}

static bool parameters(tsk_ir_parser *ps, tsk_ir_block *block) {
    if (!tsk_ir_accept(ps, '(')) return true;
    do {
        tsk_ir_inst *param;
        unsigned set = TSK_TY_ANY;
        if (!define_value(ps, &param) || (tsk_ir_accept(ps, ':') && !type(ps, &set))) return false;
        tsk_ir_inst *made = tsk_ir_block_param(block, (tsk_ir_type)set);
        *param = *made;
        block->params[block->param_count - 1] = param;
    } while (tsk_ir_accept(ps, ','));
    return tsk_ir_expect(ps, ')');
}

static bool label(tsk_ir_parser *ps, tsk_ir_block **out) {
    uint32_t number;
    const char *at = ps->p;
    if (!block_name(ps, &number, out)) return false;
    tsk_ir_cell *c = &ps->blocks.list[number];
    if (c->defined) return fail(ps, at, "b%u is defined twice", number);
    c->defined = true;
    ps->blocks.open--;
    tsk_ir_func *func = ps->func;
    if (*out != func->entry) {
        func->last->next = *out;
        func->last = *out;
    }
    func->block_count++;
    if (!parameters(ps, *out)) return false;
    if (accept_word(ps, "handler") && !block_name(ps, &number, &(*out)->handler)) return false;
    return tsk_ir_expect(ps, ':') && expect_line_end(ps);
}

static bool body(tsk_ir_parser *ps) {
    tsk_ir_block *block = NULL;
    for (;;) {
        skip_lines(ps);
        if (ps->p == ps->end) return fail(ps, ps->p, "expected '}'");
        if (*ps->p == '}') break;
        bool is_label = *ps->p == 'b' && ps->p + 1 < ps->end && ps->p[1] >= '0' && ps->p[1] <= '9';
        if (!block && !is_label) return fail(ps, ps->p, "expected a block");
        if (is_label ? !label(ps, &block) : !instruction(ps, block)) return false;
    }
    if (!block) return fail(ps, ps->p, "the function has no block");
    const char *end = ps->p++;
    if (ps->func->entry->param_count != ps->func->params)
        return fail(ps, end, "the first block needs %u parameters", ps->func->params);
    return check_defined(ps, &ps->values, "%") && check_defined(ps, &ps->blocks, "b");
}

/* func @name(2) captures 1 { */
typedef struct function_header {
    tsk_slice name;
    uint32_t params, captures, flags, locals;
    bool js;
} function_header;

/* @f(3) captures 1 js 0 locals 2 { */
static bool header(tsk_ir_parser *ps, function_header *h) {
    *h = (function_header){0};
    if (!tsk_ir_parse_name(ps, &h->name) || !tsk_ir_expect(ps, '(') || !number32(ps, &h->params) ||
        !tsk_ir_expect(ps, ')') || (accept_word(ps, "captures") && !number32(ps, &h->captures)))
        return false;
    h->js = accept_word(ps, "js");
    if (h->js) {
        if (!number32(ps, &h->flags)) return false;
        if (!accept_word(ps, "locals")) return fail(ps, ps->p, "expected 'locals'");
        if (!number32(ps, &h->locals)) return false;
    }
    return tsk_ir_expect(ps, '{') && expect_line_end(ps);
}

static bool declare_function(tsk_ir_parser *ps) {
    skip_blanks(ps);
    const char *at = ps->p;
    function_header h;
    if (!header(ps, &h)) return false;
    bool added;
    tsk_entry *entry = tsk_object_slot(ps->scratch, ps->functions, h.name.ptr, h.name.len,
                                       tsk_hash(h.name.ptr, h.name.len), &added);
    if (!added || memchr(h.name.ptr, 0, h.name.len)) return fail(ps, at, "the name is taken or holds a NUL");
    tsk_ir_func *func = tsk_ir_func_new(ps->module, tsk_arena_strdup(ps->scratch, h.name.ptr, h.name.len), 0,
                                        h.captures);
    func->params = h.params;
    func->block_count = 0; /* counted as labels come */
    if (h.js) {
        func->js = TSK_NEW(ps->arena, tsk_ir_js);
        *func->js = (tsk_ir_js){.flags = h.flags, .locals = h.locals};
    }
    entry->value = tsk_from_ptr(TSK_TAG_CELL, func);
    return true;
}

static bool declare_functions(tsk_ir_parser *ps) {
    while (ps->p < ps->end) {
        skip_blanks(ps);
        if (accept_word(ps, "func") && !declare_function(ps)) return false;
        const char *newline = memchr(ps->p, '\n', (size_t)(ps->end - ps->p));
        ps->p = newline ? newline + 1 : ps->end;
    }
    return true;
}

static bool parse_functions(tsk_ir_parser *ps) {
    for (skip_lines(ps); ps->p < ps->end; skip_lines(ps)) {
        function_header h;
        if (!accept_word(ps, "func")) return fail(ps, ps->p, "expected 'func'");
        const char *at = ps->p;
        if (!tsk_ir_parse_function(ps, &ps->func)) return false;
        ps->p = at;
        if (!header(ps, &h)) return false;
        ps->values.open = ps->blocks.open = 0;
        if (!body(ps) || !expect_line_end(ps)) return false;
    }
    return true;
}

/* The effect of a call is that of the function, which may stand anywhere; a few rounds settle all but chains
 * of calls written against the order, and those stay on the safe side. */
static void summarize_all(tsk_ir_parser *ps) {
    for (int round = 0; round < 4; round++)
        for (tsk_ir_func *func = ps->module->first; func; func = func->next) tsk_ir_summarize_effects(func, ps->env);
}

static void parse(void *user, tsk_arena *scratch) {
    tsk_ir_parser *ps = user;
    ps->scratch = scratch;
    ps->functions = tsk_object_new(scratch, 0);
    if (!declare_functions(ps)) return;
    ps->p = ps->source->text;
    if (parse_functions(ps)) summarize_all(ps);
}

tsk_ir_module *tsk_ir_parse(tsk_arena *arena, const tsk_source *source, tsk_diags *diags, const tsk_ir_env *env) {
    tsk_ir_parser ps = {.arena = arena,
                        .source = source,
                        .p = source->text,
                        .end = source->text + source->len,
                        .diags = diags,
                        .env = env,
                        .module = tsk_ir_module_new(arena),
                        .max_number = source->len > FREE_NUMBERS ? source->len : FREE_NUMBERS};
    tsk_ir_with_scratch(arena, parse, &ps);
    return ps.failed ? NULL : ps.module;
}
