/* The entry of the writers, and what they share: the walk, thunks, hidden values, flushing. */
#include "runtime/base/number.h"
#include "runtime/value/write_internal.h"

#include <stdarg.h>
#include <stdio.h>

#define DEFAULT_DEPTH 10000
#define FLUSH_AT ((size_t)64 << 10)

static const tsk_str hidden_text = {"•••", sizeof "•••" - 1, 0};

bool tsk_write_push(tsk_write_stack *stack, tsk_value v, uint32_t mode, size_t mark) {
    if (stack->count >= stack->max) return false;
    if (stack->count == stack->cap) {
        uint32_t cap = stack->cap ? stack->cap * 2 : 16;
        stack->frames = tsk_arena_grow(stack->arena, stack->frames, stack->cap * sizeof *stack->frames,
                                       cap * sizeof *stack->frames);
        stack->cap = cap;
    }
    stack->frames[stack->count++] = (tsk_write_frame){v, 0, mode, mark};
    return true;
}

uint32_t tsk_write_count(tsk_value v) {
    if (tsk_is_array(v)) return tsk_as_array(v)->count;
    return tsk_is_object(v) ? tsk_as_object(v)->count : 0;
}

tsk_value tsk_write_resolved(const tsk_writer *w, tsk_value v) {
    while (TSK_UNLIKELY(tsk_is_thunk(v))) v = w->resolve ? w->resolve(w->user, tsk_as_thunk(v)) : TSK_VALUE_NULL;
    return v;
}

bool tsk_write_refuse(tsk_writer *w, const char *fmt, ...) {
    char text[256];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    w->refused = tsk_arena_strdup(w->out->arena, text, len);
    return false;
}

tsk_value tsk_write_take(const tsk_writer *w, tsk_write_frame *frame, tsk_slice *key) {
    return tsk_write_peek(w, frame->v, frame->next++, key);
}

tsk_value tsk_write_peek(const tsk_writer *w, tsk_value container, uint32_t i, tsk_slice *key) {
    if (tsk_is_array(container)) {
        *key = (tsk_slice){"", 0};
        return tsk_write_resolved(w, tsk_as_array(container)->items[i]);
    }
    const tsk_entry *e = &tsk_as_object(container)->entries[i];
    *key = (tsk_slice){e->key, e->key_len};
    if (w->hide && w->hide(w->user, *key)) return tsk_from_str(&hidden_text);
    return tsk_write_resolved(w, e->value);
}

static void flush(const tsk_writer *w) {
    if (!w->sink || !w->out->len) return;
    w->sink(w->user, w->out->ptr, w->out->len);
    w->out->len = 0;
}

void tsk_write_flush(const tsk_writer *w) {
    if (TSK_UNLIKELY(w->out->len >= FLUSH_AT)) flush(w);
}

void tsk_write_indent(tsk_buf *out, size_t columns) {
    tsk_buf_reserve(out, columns);
    if (columns) memset(out->ptr + out->len, ' ', columns);
    out->len += columns;
}

void tsk_write_int(tsk_buf *out, int64_t i) {
    char digits[32];
    tsk_buf_add(out, digits, tsk_number_format_int(digits, i));
}

bool tsk_write_leaves(tsk_leaves *leaves, tsk_write_stack *stack, tsk_value v) {
    for (;;) {
        if (!tsk_write_count(v))
            leaves->leaf(leaves, v);
        else if (!tsk_write_push(stack, v, 0, leaves->path.len))
            return false;
        while (stack->count && tsk_write_top(stack)->next == tsk_write_count(tsk_write_top(stack)->v)) stack->count--;
        if (!stack->count) return true;
        tsk_write_frame *top = tsk_write_top(stack);
        uint32_t index = top->next;
        tsk_slice key;
        v = tsk_write_take(leaves->w, top, &key);
        leaves->path.len = top->mark;
        leaves->part(&leaves->path, key, index, tsk_is_array(top->v));
    }
}

bool tsk_write(tsk_writer *w, tsk_format format, tsk_value v) {
    static bool (*const writers[])(tsk_writer *, tsk_write_stack *, tsk_value) = {
        [TSK_FORMAT_JSON] = tsk_write_json, [TSK_FORMAT_YAML] = tsk_write_yaml,   [TSK_FORMAT_TSK] = tsk_write_tsk,
        [TSK_FORMAT_ENV] = tsk_write_env,   [TSK_FORMAT_TABLE] = tsk_write_table, [TSK_FORMAT_TOML] = tsk_write_toml,
        [TSK_FORMAT_CSV] = tsk_write_csv,   [TSK_FORMAT_INI] = tsk_write_ini,     [TSK_FORMAT_XML] = tsk_write_xml,
    };
    tsk_write_stack stack = {.arena = w->out->arena, .max = w->max_depth ? w->max_depth : DEFAULT_DEPTH};
    w->refused = NULL;
    bool done = writers[format](w, &stack, tsk_write_resolved(w, v));
    flush(w);
    return done;
}
