/* Text under construction: a flat string with spare room, which is widened when a unit needs it and trimmed at the end.
 *
 * While it is built, text->length is its room, so the collector knows the size of the cell. */
#include "runtime/js/string.h"

#include "runtime/js/object.h"
#include "runtime/js/realm.h"

enum { PIECE = 1 << 16, UNITS_A_WORK = 8 };

void tsk_js_builder_init(tsk_js_builder *b, tsk_js *js) {
    *b = (tsk_js_builder){.js = js};
}

/* Room for `more` units, as wide as the text has to be.  False: it has failed. */
static bool reserve(tsk_js_builder *b, size_t more, bool wide) {
    if (b->failed) return false;
    wide |= b->wide;
    size_t need = b->length + more, room = b->text ? b->text->length : 0;
    if (need <= b->room && wide == b->wide) return true;
    size_t done = b->length < PIECE ? b->length : PIECE;
    if (!tsk_js_worked(b->js, (uint32_t)((done < more ? more : done) / UNITS_A_WORK))) {
        b->failed = true;
        return false;
    }
    if (need <= room && wide == b->wide) {
        b->room = (uint32_t)(room - need < PIECE ? room : need + PIECE);
        return true;
    }
    size_t want = need > room ? need + need / 2 + 16 : room;
    if (want > TSK_JS_MAX_LENGTH) want = need;
    tsk_js_string *bigger = tsk_js_string_new(b->js, want, wide);
    if (!bigger) {
        b->failed = true;
        return false;
    }
    if (b->text && wide == b->wide) {
        memcpy(bigger->data, b->text->data, (size_t)b->length << wide);
    } else if (b->text) {
        for (uint32_t i = 0; i < b->length; i++) ((uint16_t *)(void *)bigger->data)[i] = (uint8_t)b->text->data[i];
    }
    b->text = bigger;
    b->room = (uint32_t)(want - need < PIECE ? want : need + PIECE);
    b->wide = wide;
    return true;
}

char *tsk_js_builder_room_slow(tsk_js_builder *b, size_t more) {
    return reserve(b, more, false) && !b->wide ? b->text->data + b->length : NULL;
}

void tsk_js_builder_unit_slow(tsk_js_builder *b, uint32_t unit) {
    if (!reserve(b, 1, unit > 0xFF)) return;
    if (b->wide)
        ((uint16_t *)(void *)b->text->data)[b->length++] = (uint16_t)unit;
    else
        b->text->data[b->length++] = (char)unit;
}

void tsk_js_builder_ascii(tsk_js_builder *b, const char *text, size_t len) {
    if (!len || !reserve(b, len, false)) return;
    if (b->wide) {
        for (size_t i = 0; i < len; i++) ((uint16_t *)(void *)b->text->data)[b->length + i] = (uint8_t)text[i];
    } else {
        memcpy(b->text->data + b->length, text, len);
    }
    b->length += (uint32_t)len;
}

void tsk_js_builder_slice(tsk_js_builder *b, tsk_js_string *s, uint32_t from, uint32_t to) {
    if (b->failed || from >= to) return;
    s = tsk_js_flat(b->js, s);
    bool wide = tsk_js_is_wide(s);
    if (!wide) {
        tsk_js_builder_ascii(b, (const char *)s->chars + from, to - from);
        return;
    }
    if (!reserve(b, to - from, true)) return;
    memcpy(b->text->data + (size_t)b->length * 2, (const uint16_t *)s->chars + from, (size_t)(to - from) * 2);
    b->length += to - from;
}

void tsk_js_builder_string(tsk_js_builder *b, tsk_js_string *s) {
    s = tsk_js_flat(b->js, s);
    char *to = !s->length || tsk_js_is_wide(s) ? NULL : tsk_js_builder_room(b, s->length);
    if (TSK_LIKELY(to != NULL)) {
        tsk_js_copy_bytes(to, (const char *)s->chars, s->length);
        b->length += s->length;
        return;
    }
    tsk_js_builder_slice(b, s, 0, s->length);
}

tsk_js_string *tsk_js_builder_finish(tsk_js_builder *b) {
    if (b->failed) return NULL;
    if (!b->length) return tsk_js_atoms.empty;
    tsk_js_string *s = b->text;
    if (b->length == 1) return tsk_js_char_string(b->js, tsk_js_unit(s, 0));
    size_t head = offsetof(tsk_js_string, data);
    size_t old_size = head + ((size_t)s->length << b->wide), size = head + ((size_t)b->length << b->wide);
    s->length = b->length;
    tsk_heap_trim(b->js->heap, s, old_size, size);
    return s;
}
