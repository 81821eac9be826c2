/* Ropes: concatenation without a copy, made flat when the text is looked at; and buffers, for text that grows at its end.
 *
 *   "a" + "b" short: copied        long: rope ─► left, right        flat: the rope becomes a slice of its text
 *
 *   text += piece, again and again:   buffer  t e x t p i e c e . . .
 *                                     slice   └─────┘       │        slice: ends where the buffer's use ends
 *                                     slice   └─────────────┘        goes on in place; any other has a rope made
 *
 * Invariants
 *  - Units of a buffer below `used` never change.
 *  - A text goes into a buffer when that many concatenations led to it that copying it is cheap against them, and a piece
 *    only when it is short; a buffer is left behind for a larger one once.  So no program copies much more than it
 *    concatenates, and large ropes stay ropes.
 */
#include "runtime/js/string.h"

#include "runtime/builtins/library.h"
#include "runtime/js/number_text.h"
#include "runtime/js/object.h"

enum {
    SHORTEST_ROPE = 24,
    LONGEST_JOINED = 256, /* of several parts at once */
    LONGEST_PIECE = 256,  /* that is copied to the end of a buffer */
    FIRST_PIECES = 4,     /* concatenations before there is a buffer, */
    UNITS_A_PIECE = 64    /* and for so many units of the text at least one */
};

static void widen(uint16_t *to, const uint8_t *from, size_t n) {
    while (n--) *to++ = *from++;
}

/* Narrow into wide is possible, the other way does not occur. */
TSK_INLINE void copy_units(char *to, bool wide, const tsk_js_string *from) {
    if (TSK_LIKELY(tsk_js_is_wide(from) == wide))
        tsk_js_copy_bytes(to, (const char *)from->chars, (size_t)from->length << wide);
    else
        widen((uint16_t *)(void *)to, (const uint8_t *)from->chars, from->length);
}

/* ---- short texts ---- */

static tsk_js_string *join_short(tsk_js *js, tsk_js_string *a, tsk_js_string *b, bool wide) {
    a = tsk_js_flat(js, a);
    b = tsk_js_flat(js, b);
    tsk_js_string *s = tsk_js_string_new(js, (size_t)a->length + b->length, wide);
    if (!s) return NULL;
    copy_units(s->data, wide, a);
    copy_units(s->data + ((size_t)a->length << wide), wide, b);
    return s;
}

tsk_js_string *tsk_js_concat_short(tsk_js *js, tsk_js_string *const *parts, uint32_t count) {
    size_t length = 0, limit = count > 2 ? LONGEST_JOINED : SHORTEST_ROPE;
    unsigned flags = 0;
    for (uint32_t i = 0; i < count; i++) {
        length += parts[i]->length;
        if (parts[i]->length) flags |= parts[i]->cell.flags;
    }
    if (length < 2 || length >= limit) return NULL;
    bool wide = flags & TSK_JS_WIDE;
    tsk_js_string *s = tsk_js_string_new(js, length, wide);
    char *to = s ? s->data : NULL;
    for (uint32_t i = 0; s && i < count; i++) {
        copy_units(to, wide, tsk_js_flat(js, parts[i]));
        to += (size_t)parts[i]->length << wide;
    }
    return s;
}

/* ---- writing ropes out ---- */

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

/* The rope becomes a slice of `flat`, whose units begin with its own. */
static void make_flat(tsk_js *js, tsk_js_string *rope, tsk_js_string *flat) {
    write_out(js, rope, flat->data, tsk_js_is_wide(rope));
    rope->right = NULL;
    rope->owner = flat;
    rope->depth = 0;
    rope->chars = flat->chars;
    rope->cell.flags |= TSK_JS_SLICE;
    tsk_heap_wrote(js->heap, rope);
}

tsk_js_string *tsk_js_flatten(tsk_js *js, tsk_js_string *rope) {
    tsk_js_string *flat = tsk_js_string_new(js, rope->length, tsk_js_is_wide(rope));
    tsk_js_read(js, rope->length);
    if (!flat) { /* there is no way to go on: as when the heap has no room for a small cell */
        js->exception = TSK_JS_HOLE;
        tsk_arena_fail(js->scratch, TSK_TRAP_MEMORY_LIMIT);
    }
    make_flat(js, rope, flat);
    return rope;
}

/* ---- buffers ---- */

/* NULL: no room. */
static tsk_js_string *buffer_for(tsk_js *js, size_t length, bool wide) {
    size_t room = length + length / 2 + 32;
    tsk_js_string *buffer = tsk_js_string_try(js, room < TSK_JS_MAX_LENGTH ? room : TSK_JS_MAX_LENGTH, wide);
    if (buffer) buffer->cell.flags |= TSK_JS_BUFFER;
    return buffer;
}

static bool ends_buffer(const tsk_js_string *s) {
    if (!(tsk_js_string_flags(s) & TSK_JS_SLICE) || !(s->owner->cell.flags & TSK_JS_BUFFER)) return false;
    return s->length == s->owner->used && s->chars == s->owner->data;
}

/* Puts a text that grows into a buffer. */
static bool put_in_buffer(tsk_js *js, tsk_js_string *rope) {
    if (rope->chars || rope->depth < FIRST_PIECES || rope->length / UNITS_A_PIECE > rope->depth) return false;
    tsk_js_string *buffer = buffer_for(js, rope->length, tsk_js_is_wide(rope));
    if (!buffer) return false;
    make_flat(js, rope, buffer);
    buffer->used = rope->length;
    return true;
}

/* `b` behind `a`, which ends its buffer; NULL: that cannot be. */
static tsk_js_string *append(tsk_js *js, const tsk_js_string *a, const tsk_js_string *b) {
    tsk_js_string *buffer = a->owner;
    bool wide = tsk_js_is_wide(buffer);
    size_t length = (size_t)a->length + b->length, used = (size_t)a->length << wide;
    if (length > TSK_JS_MAX_LENGTH || (tsk_js_is_wide(b) && !wide)) return NULL;
    if (length > buffer->length) {
        tsk_js_string *larger = buffer_for(js, length, wide);
        if (!larger) return NULL;
        memcpy(larger->data, buffer->data, used);
        buffer->used = 0;
        buffer = larger;
    }
    tsk_js_string *s = tsk_heap_alloc(js->heap, TSK_JS_SLICE_SIZE, TSK_JS_KIND_STRING);
    if (b->chars)
        copy_units(buffer->data + used, wide, b);
    else
        write_out(js, b, buffer->data + used, wide);
    buffer->used = (uint32_t)length;
    s->cell.flags = (uint8_t)(TSK_JS_SLICE | (wide ? TSK_JS_WIDE : 0));
    s->length = (uint32_t)length;
    s->chars = buffer->data;
    s->owner = buffer;
    return s;
}

/* ---- concatenation ---- */

static tsk_js_string *rope_of(tsk_js *js, tsk_js_string *a, tsk_js_string *b) {
    size_t length = (size_t)a->length + b->length;
    if (length > TSK_JS_MAX_LENGTH) {
        tsk_js_throw_range(js, "Invalid string length");
        return NULL;
    }
    uint32_t left = a->chars ? 0 : a->depth, right = b->chars ? 0 : b->depth;
    tsk_js_string *rope = tsk_heap_alloc(js->heap, sizeof *rope, TSK_JS_KIND_STRING);
    rope->cell.flags = (uint8_t)(TSK_JS_ROPE | ((a->cell.flags | b->cell.flags) & TSK_JS_WIDE));
    rope->length = (uint32_t)length;
    rope->depth = (left > right ? left : right) + 1;
    rope->left = a;
    rope->right = b;
    return rope;
}

/* Without a rope; NULL with nothing thrown: it takes one. */
static tsk_js_string *copied(tsk_js *js, tsk_js_string *a, tsk_js_string *b) {
    if (a->length < SHORTEST_ROPE && b->length < SHORTEST_ROPE - a->length)
        return join_short(js, a, b, (a->cell.flags | b->cell.flags) & TSK_JS_WIDE);
    if (b->length > LONGEST_PIECE) return NULL;
    return ends_buffer(a) || put_in_buffer(js, a) ? append(js, a, b) : NULL;
}

tsk_js_string *tsk_js_concat(tsk_js *js, tsk_js_string *a, tsk_js_string *b) {
    if (!a->length) return b;
    if (!b->length) return a;
    tsk_js_string *s = copied(js, a, b);
    return TSK_LIKELY(s != NULL) ? s : rope_of(js, a, b);
}

tsk_js_string *tsk_js_concat_number(tsk_js *js, tsk_js_string *a, tsk_value n) {
    char text[TSK_JS_NUMBER_ROOM];
    size_t length = tsk_js_value_to_text(n, text);
    tsk_js_string digits = {.length = (uint32_t)length, .chars = text}; /* as long as it is only copied */
    tsk_js_string *s = a->length ? copied(js, a, &digits) : NULL;
    if (TSK_LIKELY(s != NULL)) return s;
    tsk_js_string *b = tsk_js_string_latin1(js, text, length);
    return a->length ? rope_of(js, a, b) : b;
}
