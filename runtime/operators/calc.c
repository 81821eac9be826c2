/* calc("1 + 2 * (3 - 4) ^ 2"): arithmetic in a text.  Numbers, + - * / % and ^ or **, parentheses. */
#include "runtime/operators/internal.h"

#define CALC_DEPTH 200

typedef struct calculator {
    tsk_op_context *cx;
    tsk_slice text;
    const char *p, *end;
    int depth;
} calculator;

static bool malformed(calculator *c) {
    return tsk_op_fail(c->cx, TSK_E_ARGUMENT, "calc: %s is no arithmetic, at character %ld",
                       tsk_op_show(c->cx, tsk_str_borrow(c->cx->heap, c->text.ptr, c->text.len)),
                       (long)(c->p - c->text.ptr) + 1);
}

static char peek(calculator *c) {
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n')) c->p++;
    return c->p < c->end ? *c->p : 0;
}

static bool sum(calculator *c, tsk_value *out);
static bool signed_factor(calculator *c, tsk_value *out);

static bool primary(calculator *c, tsk_value *out) {
    char first = peek(c);
    if (first == '(') {
        c->p++;
        if (++c->depth > CALC_DEPTH || !sum(c, out)) return c->depth > CALC_DEPTH ? malformed(c) : false;
        c->depth--;
        if (peek(c) != ')') return malformed(c);
        c->p++;
        return true;
    }
    const char *start = c->p;
    while (c->p < c->end) {
        char ch = *c->p;
        bool exponent_sign = (ch == '+' || ch == '-') && c->p > start && (c->p[-1] | 32) == 'e';
        if (!((ch >= '0' && ch <= '9') || ch == '.' || ch == '_' || (ch | 32) == 'e' || exponent_sign)) break;
        c->p++;
    }
    if (c->p > start && tsk_number_parse(c->cx->heap, start, (uint32_t)(c->p - start), out)) return true;
    c->p = start;
    return malformed(c);
}

/* Powers bind from the right and before a sign on their left: -2 ^ 2 is -4. */
static bool power(calculator *c, tsk_value *out) {
    tsk_value exponent;
    if (!primary(c, out)) return false;
    char op = peek(c);
    bool stars = op == '*' && c->end - c->p > 1 && c->p[1] == '*';
    if (op != '^' && !stars) return true;
    c->p += stars ? 2 : 1;
    return signed_factor(c, &exponent) && tsk_value_arith(c->cx->heap, TSK_IR_POW, *out, exponent, out, c->cx->failure);
}

static bool signed_factor(calculator *c, tsk_value *out) {
    bool negative = false;
    for (char op = peek(c); op == '-' || op == '+'; op = peek(c)) {
        negative ^= op == '-';
        c->p++;
    }
    if (++c->depth > CALC_DEPTH) return malformed(c);
    if (!power(c, out)) return false;
    c->depth--;
    return !negative || tsk_value_negate(c->cx->heap, *out, out, c->cx->failure);
}

static bool product(calculator *c, tsk_value *out) {
    tsk_value right;
    if (!signed_factor(c, out)) return false;
    for (char op = peek(c); op == '*' || op == '/' || op == '%'; op = peek(c)) {
        c->p++;
        int ir = op == '*' ? TSK_IR_MUL : op == '/' ? TSK_IR_DIV : TSK_IR_MOD;
        if (!signed_factor(c, &right) || !tsk_value_arith(c->cx->heap, ir, *out, right, out, c->cx->failure))
            return false;
    }
    return true;
}

static bool sum(calculator *c, tsk_value *out) {
    if (!product(c, out)) return false;
    for (char op = peek(c); op == '+' || op == '-'; op = peek(c)) {
        tsk_value pair[2];
        c->p++;
        pair[0] = *out;
        if (!product(c, &pair[1])) return false;
        bool ok = op == '+' ? tsk_value_add(c->cx->heap, pair, 2, out, c->cx->failure)
                            : tsk_value_arith(c->cx->heap, TSK_IR_SUB, pair[0], pair[1], out, c->cx->failure);
        if (!ok) return false;
    }
    return true;
}

bool tsk_calc_eval(tsk_op_context *cx, tsk_slice text, tsk_value *out) {
    calculator c = {cx, text, text.ptr, text.ptr + text.len, 0};
    if (!sum(&c, out)) return false;
    return peek(&c) == 0 || malformed(&c);
}
