/* Any text read as JSON by the functions' parser: what it reads is the same after writing and reading again, indented or
 * not, and whatever it takes the configuration's reader takes too, with the same value. */
#include "runtime/base/utf8.h"
#include "runtime/builtins/json.h"
#include "runtime/formats/json.h"

#include <stdio.h>
#include <stdlib.h>

static tsk_js *js;

/* NULL: thrown, which is forgotten. */
static tsk_js_string *written(tsk_value v, tsk_value indent) {
    tsk_value text = tsk_js_json_stringify(js, v, TSK_VALUE_UNDEFINED, indent);
    if (!tsk_js_is_thrown(text)) return tsk_js_flat(js, tsk_js_as_string(text));
    tsk_js_take_exception(js);
    return NULL;
}

static bool read_text(tsk_js_string *text, tsk_value *v) {
    *v = tsk_js_json_parse(js, text);
    if (!tsk_js_is_thrown(*v)) return true;
    tsk_js_take_exception(js);
    return false;
}

/* A text that was written is read, and then written the same. */
static void check_stable(tsk_value v, tsk_value indent, tsk_js_string *compact) {
    tsk_value again;
    tsk_js_string *text = written(v, indent);
    if (!text) return; /* too long */
    if (!read_text(text, &again)) abort();
    tsk_js_string *second = written(again, TSK_VALUE_UNDEFINED);
    if (!second || !tsk_js_string_equal(js, second, compact)) abort();
}

/* ---- against the reader of configurations ---- */

static bool same(tsk_value ours, tsk_value theirs);

static bool same_text(tsk_value ours, tsk_slice theirs) {
    tsk_js_string *text = tsk_js_string_utf8(js, theirs.ptr, theirs.len);
    return text && tsk_js_is_string(ours) && tsk_js_string_equal(js, tsk_js_as_string(ours), text);
}

static bool same_items(tsk_value ours, const tsk_array *theirs) {
    if (!tsk_js_is_class(ours, TSK_JS_ARRAY)) return false;
    tsk_js_object *o = tsk_js_as_object(ours);
    if (((tsk_js_array *)o)->length != theirs->count) return false;
    for (uint32_t i = 0; i < theirs->count; i++)
        if (!same(tsk_js_get(js, o, tsk_js_key_index(i)), theirs->items[i])) return false;
    return true;
}

static bool same_entries(tsk_value ours, const tsk_object *theirs) {
    if (!tsk_js_is_class(ours, TSK_JS_ORDINARY)) return false;
    tsk_js_object *o = tsk_js_as_object(ours);
    const tsk_js_array *keys = tsk_js_own_keys(js, o, TSK_JS_KEYS_STRINGS);
    if (!keys || keys->length != theirs->count) return false;
    for (uint32_t i = 0; i < theirs->count; i++) {
        const tsk_entry *e = &theirs->entries[i];
        tsk_js_key key;
        const tsk_js_string *name = tsk_js_string_utf8(js, e->key, e->key_len);
        if (!name || !tsk_js_to_key(js, tsk_js_from_string(name), &key)) return false;
        if (!same(tsk_js_get(js, o, key), e->value)) return false;
    }
    return true;
}

static bool same(tsk_value ours, tsk_value theirs) {
    switch (tsk_kind_of(theirs)) {
    case TSK_INT: /* an int64 there, rounded here */
    case TSK_DOUBLE: return tsk_js_is_number(ours) && tsk_js_as_number(ours) == tsk_as_number(theirs);
    case TSK_STRING: return same_text(ours, tsk_as_slice(theirs));
    case TSK_ARRAY: return same_items(ours, tsk_as_array(theirs));
    case TSK_OBJECT: return same_entries(ours, tsk_as_object(theirs));
    default: return tsk_same(ours, theirs);
    }
}

static void compare_readers(tsk_arena *arena, const uint8_t *data, size_t size, bool read, tsk_value ours) {
    tsk_failure failure;
    tsk_value theirs;
    if (size >= 3 && !memcmp(data, "\xEF\xBB\xBF", 3)) return; /* it skips the mark */
    bool valid = tsk_json_parse(arena, (const char *)data, size, 500, &theirs, &failure);
    if (valid == read && (!valid || same(ours, theirs))) return;
    fprintf(stderr, "functions: %s\nconfigurations: %s\n", read ? "read" : "refused", valid ? "read" : failure.message);
    abort();
}

/* ---- both ---- */

static void check(tsk_arena *arena, tsk_js_string *text, const uint8_t *data, size_t size) {
    tsk_value v;
    bool read = text && read_text(text, &v);
    if (data) compare_readers(arena, data, size, read, v);
    tsk_js_string *compact = read ? written(v, TSK_VALUE_UNDEFINED) : NULL;
    if (!compact) return;
    check_stable(v, TSK_VALUE_UNDEFINED, compact);
    check_stable(v, tsk_from_i32(3), compact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const tsk_js_host host = {.call = NULL};
    tsk_arena arena;
    tsk_trap trap;
    tsk_arena_init(&arena, &tsk_allocator_default, (size_t)256 << 20);
    js = tsk_js_new(&tsk_allocator_default, &host, NULL, (size_t)256 << 20);
    if (!js) return 0;
    arena.trap = js->heap->trap = js->scratch->trap = &trap;
    tsk_heap_set_stack_base(js->heap, __builtin_frame_address(0));
    if (!setjmp(trap.jump)) {
        bool plain = tsk_utf8_valid_prefix((const char *)data, size) == size;
        check(&arena, tsk_js_string_utf8(js, (const char *)data, size), plain ? data : NULL, size);
        uint16_t *units = TSK_NEW_ARRAY(&arena, uint16_t, size / 2 + 1);
        memcpy(units, data, size & ~(size_t)1);
        check(&arena, tsk_js_string_utf16(js, units, size / 2), NULL, 0);
    }
    tsk_js_free(js);
    tsk_arena_free(&arena);
    return 0;
}
