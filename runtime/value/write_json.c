/* JSON as JSON.stringify lays it out; integers keep all their digits. */
#include "runtime/base/number.h"
#include "runtime/base/utf8.h"
#include "runtime/value/write_internal.h"

#include <math.h>

void tsk_write_json_string(tsk_buf *out, const char *ptr, size_t len) {
    tsk_utf8_json(out, ptr, len);
}

static void scalar(tsk_buf *out, tsk_value v) {
    switch (tsk_kind_of(v)) {
    case TSK_BOOL: tsk_buf_cstr(out, tsk_as_bool(v) ? "true" : "false"); return;
    case TSK_INT: tsk_write_int(out, tsk_as_int(v)); return;
    case TSK_DOUBLE: {
        char digits[32];
        if (!isfinite(tsk_as_double(v))) break;
        tsk_buf_add(out, digits, tsk_number_format(digits, tsk_as_double(v)));
        return;
    }
    case TSK_STRING: tsk_utf8_json(out, tsk_as_str(v)->ptr, tsk_as_str(v)->len); return;
    case TSK_ARRAY: tsk_buf_add(out, "[]", 2); return;
    case TSK_OBJECT: tsk_buf_add(out, "{}", 2); return;
    default: break;
    }
    tsk_buf_add(out, "null", 4);
}

static void new_line(const tsk_writer *w, const tsk_write_stack *stack) {
    if (w->indent <= 0) return;
    tsk_buf_char(w->out, '\n');
    tsk_write_indent(w->out, (size_t)w->indent * stack->count);
}

bool tsk_write_json(tsk_writer *w, tsk_write_stack *stack, tsk_value v) {
    tsk_buf *out = w->out;
    for (;;) {
        if (!tsk_write_count(v)) {
            scalar(out, v);
        } else {
            if (!tsk_write_push(stack, v, 0, 0)) return false;
            tsk_buf_char(out, tsk_is_array(v) ? '[' : '{');
        }
        tsk_write_flush(w);
        while (stack->count && tsk_write_top(stack)->next == tsk_write_count(tsk_write_top(stack)->v)) {
            tsk_value closed = tsk_write_top(stack)->v;
            stack->count--;
            new_line(w, stack);
            tsk_buf_char(out, tsk_is_array(closed) ? ']' : '}');
        }
        if (!stack->count) return true;
        tsk_write_frame *top = tsk_write_top(stack);
        if (top->next) tsk_buf_char(out, ',');
        new_line(w, stack);
        bool keyed = tsk_is_object(top->v);
        tsk_slice key;
        v = tsk_write_take(w, top, &key);
        if (!keyed) continue;
        tsk_utf8_json(out, key.ptr, key.len);
        tsk_buf_add(out, ": ", w->indent > 0 ? 2 : 1);
    }
}
