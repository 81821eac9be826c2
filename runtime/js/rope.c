/* Ropes: concatenation without a copy, made flat when the text is looked at.
 *
 *   "a" + "b" short: copied        long: rope ─► left, right        flat: the rope becomes a slice of its text
 */
#include "runtime/js/string.h"

#include "runtime/builtins/library.h"
#include "runtime/js/object.h"

enum { SHORTEST_ROPE = 24 };

static void copy_units(void *to, bool wide, const tsk_js_string *from) {
    if (tsk_js_is_wide(from) == wide) {
        memcpy(to, from->chars, (size_t)from->length << wide);
        return;
    }
    /* narrow into wide; the other way does not occur */
    const uint8_t *units = from->chars;
    for (uint32_t i = 0; i < from->length; i++) ((uint16_t *)to)[i] = units[i];
}

tsk_js_string *tsk_js_concat(tsk_js *js, tsk_js_string *a, tsk_js_string *b) {
    if (!a->length) return b;
    if (!b->length) return a;
    size_t length = (size_t)a->length + b->length;
    bool wide = (a->cell.flags | b->cell.flags) & TSK_JS_WIDE;
    if (length < SHORTEST_ROPE) {
        tsk_js_string *s = tsk_js_string_new(js, length, wide);
        if (!s) return NULL;
        copy_units(s->data, wide, tsk_js_flat(js, a));
        copy_units(s->data + ((size_t)a->length << wide), wide, tsk_js_flat(js, b));
        return s;
    }
    if (length > TSK_JS_MAX_LENGTH) {
        tsk_js_throw_range(js, "Invalid string length");
        return NULL;
    }
    tsk_js_string *rope = tsk_heap_alloc(js->heap, sizeof *rope, TSK_JS_KIND_STRING);
    rope->cell.flags = wide ? TSK_JS_WIDE : 0;
    rope->length = (uint32_t)length;
    rope->depth = (a->depth > b->depth ? a->depth : b->depth) + 1;
    rope->left = a;
    rope->right = b;
    return rope;
}

tsk_js_string *tsk_js_concat_short(tsk_js *js, tsk_js_string *const *parts, uint32_t count) {
    size_t length = 0;
    unsigned flags = 0;
    for (uint32_t i = 0; i < count; i++) {
        length += parts[i]->length;
        if (parts[i]->length) flags |= parts[i]->cell.flags;
    }
    if (length < 2 || length >= SHORTEST_ROPE) return NULL;
    bool wide = flags & TSK_JS_WIDE;
    tsk_js_string *s = tsk_js_string_new(js, length, wide);
    char *to = s ? s->data : NULL;
    for (uint32_t i = 0; s && i < count; i++) {
        copy_units(to, wide, tsk_js_flat(js, parts[i]));
        to += (size_t)parts[i]->length << wide;
    }
    return s;
}

/* Parts that are not copied yet, with the position of their end. */
typedef struct part {
    const tsk_js_string *s;
    uint32_t end;
} part;

/* From the end to the start: chains to the left, as loops make them, need no stack; the others at most one place for
 * each level. */
static void write_out(tsk_js *js, const tsk_js_string *rope, char *to, bool wide) {
    tsk_js_scratch mark = tsk_js_scratch_begin(js);
    uint32_t capacity = 64, count = 0;
    part small[64], *stack = small;
    part at = {rope, rope->length};
    for (;;) {
        while (!at.s->chars) {
            if (at.s->right->chars) {
                copy_units(to + ((size_t)(at.end - at.s->right->length) << wide), wide, at.s->right);
                at = (part){at.s->left, at.end - at.s->right->length};
                continue;
            }
            if (count == capacity) {
                part *bigger = TSK_NEW_ARRAY(js->scratch, part, capacity * 2);
                memcpy(bigger, stack, count * sizeof *stack);
                stack = bigger;
                capacity *= 2;
            }
            stack[count++] = (part){at.s->left, at.end - at.s->right->length};
            at.s = at.s->right;
        }
        copy_units(to + ((size_t)(at.end - at.s->length) << wide), wide, at.s);
        if (!count) break;
        at = stack[--count];
    }
    tsk_js_scratch_end(js, mark);
}

tsk_js_string *tsk_js_flatten(tsk_js *js, tsk_js_string *rope) {
    bool wide = tsk_js_is_wide(rope);
    tsk_js_string *flat = tsk_js_string_new(js, rope->length, wide);
    if (!flat) { /* there is no way to go on: as when the heap has no room for a small cell */
        js->exception = TSK_JS_HOLE;
        tsk_arena_fail(js->scratch, TSK_TRAP_MEMORY_LIMIT);
    }
    write_out(js, rope, flat->data, wide);
    rope->right = NULL;
    rope->owner = flat;
    rope->depth = 0;
    rope->chars = flat->chars;
    rope->cell.flags |= TSK_JS_SLICE;
    tsk_heap_wrote(js->heap, rope);
    return rope;
}
