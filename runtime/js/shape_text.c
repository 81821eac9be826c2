/* Shapes in the words of no process: class, room and the steps from the root, each with its key as text.
 *
 *   shape ─► class, base, inline slots, count │ attributes, kind of key, length, text │ ... ─► the same shape elsewhere
 *
 * Numbers are of the machine's byte order: such texts stay on the machine, or go into an object that is for its kind. */
#include "runtime/js/model.h"

enum { KEY_ATOM, KEY_WELL_KNOWN };

typedef struct root_text {
    uint16_t cls, base, inline_slots, count;
} root_text;
typedef struct step_text {
    uint8_t attributes, kind;
    uint16_t length;
} step_text;

static tsk_js_symbol *const *well_known(uint32_t *count) {
    *count = sizeof tsk_js_symbols / sizeof(tsk_js_symbol *);
    return (tsk_js_symbol *const *)(const void *)&tsk_js_symbols;
}

/* Other symbols are somebody's: nobody else can name them. */
static bool is_well_known(const tsk_js_symbol *s, uint16_t *number) {
    uint32_t count;
    tsk_js_symbol *const *all = well_known(&count);
    for (uint32_t i = 0; i < count; i++) {
        if (all[i] != s) continue;
        if (number) *number = (uint16_t)i;
        return true;
    }
    return false;
}

static bool describe_step(tsk_buf *out, const tsk_js_shape *s) {
    step_text step = {(uint8_t)s->place.attributes, KEY_ATOM, 0};
    if (s->place.attributes > UINT8_MAX) return false;
    if (tsk_js_key_is_symbol(s->key)) {
        step.kind = KEY_WELL_KNOWN;
        if (!is_well_known(tsk_js_as_symbol((tsk_value){s->key.bits}), &step.length)) return false;
        tsk_buf_add(out, (const char *)&step, sizeof step);
        return true;
    }
    size_t at = out->len;
    tsk_buf_add(out, (const char *)&step, sizeof step);
    tsk_js_string_to_utf8(NULL, tsk_js_key_as_atom(s->key), out, false);
    size_t length = out->len - at - sizeof step;
    step.length = (uint16_t)length;
    memcpy(out->ptr + at, &step, sizeof step);
    return length <= UINT16_MAX;
}

enum { MOST = 1 << 10 };

bool tsk_js_shape_nameable(const tsk_js_shape *shape) {
    for (const tsk_js_shape *s = shape; s->parent; s = s->parent) {
        if (s->place.attributes > UINT8_MAX) return false;
        if (tsk_js_key_is_symbol(s->key)) {
            if (!is_well_known(tsk_js_as_symbol((tsk_value){s->key.bits}), NULL)) return false;
        } else if (tsk_js_key_as_atom(s->key)->length > UINT16_MAX / 3) {
            return false;
        }
    }
    return shape->count <= MOST;
}

bool tsk_js_shape_describe(tsk_buf *out, const tsk_js_shape *shape) {
    const tsk_js_shape *steps[MOST];
    if (shape->count > MOST) return false;
    uint32_t n = shape->count;
    for (const tsk_js_shape *s = shape; s->parent; s = s->parent) steps[--n] = s;
    root_text root = {shape->cls, shape->base, shape->inline_slots, (uint16_t)shape->count};
    tsk_buf_add(out, (const char *)&root, sizeof root);
    for (uint32_t i = 0; i < shape->count; i++)
        if (!describe_step(out, steps[i])) return false;
    return true;
}

static bool take(const char **text, const char *end, void *to, size_t size) {
    if (size > (size_t)(end - *text)) return false;
    memcpy(to, *text, size);
    *text += size;
    return true;
}

static bool take_key(const char **text, const char *end, const step_text *step, tsk_js_key *key) {
    uint32_t count;
    tsk_js_symbol *const *all = well_known(&count);
    if (step->kind == KEY_WELL_KNOWN) {
        if (step->length >= count) return false;
        *key = tsk_js_key_symbol(all[step->length]);
        return true;
    }
    if (step->kind != KEY_ATOM || step->length > end - *text) return false;
    const tsk_js_string *atom = tsk_js_atom_utf8(*text, step->length);
    *text += step->length;
    if (atom) *key = tsk_js_key_atom(atom);
    return atom;
}

uint32_t tsk_js_shape_bind(const char **text, const char *end) {
    root_text root;
    if (!take(text, end, &root, sizeof root) || root.cls > UINT8_MAX) return 0;
    tsk_js_shape *shape = tsk_js_shape_class_root((tsk_js_class)root.cls, root.base, root.inline_slots);
    for (uint32_t i = 0; shape && i < root.count; i++) {
        step_text step;
        tsk_js_key key;
        if (!take(text, end, &step, sizeof step) || !take_key(text, end, &step, &key)) return 0;
        shape = tsk_js_shape_add(shape, key, step.attributes);
    }
    return shape ? shape->number : 0;
}
