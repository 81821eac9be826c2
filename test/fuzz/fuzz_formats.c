/* Any text read as each data format: the place of an error lies inside the text, and what is read is the same after it
 * was written and read again, in every format that keeps kinds.  Input: a byte that chooses the format, text. */
#include "runtime/formats/formats.h"

#include <stdlib.h>

static const tsk_format all[] = {TSK_FORMAT_YAML, TSK_FORMAT_TOML, TSK_FORMAT_CSV, TSK_FORMAT_INI,
                                 TSK_FORMAT_XML,  TSK_FORMAT_ENV,  TSK_FORMAT_JSON};

static bool same(tsk_value a, tsk_value b);

static bool same_entries(const tsk_object *a, const tsk_object *b) {
    if (a->count != b->count) return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const tsk_entry *e = tsk_object_find(b, a->entries[i].key, a->entries[i].key_len);
        if (!e || !same(a->entries[i].value, e->value)) return false;
    }
    return true;
}

static bool same(tsk_value a, tsk_value b) {
    if (tsk_kind_of(a) != tsk_kind_of(b)) return false;
    if (tsk_is_object(a)) return same_entries(tsk_as_object(a), tsk_as_object(b));
    if (tsk_is_str(a)) return tsk_slice_eq(tsk_as_slice(a), tsk_as_slice(b));
    if (tsk_is_int(a)) return tsk_as_int(a) == tsk_as_int(b);
    if (!tsk_is_array(a)) return tsk_same(a, b);
    if (tsk_as_array(a)->count != tsk_as_array(b)->count) return false;
    for (uint32_t i = 0; i < tsk_as_array(a)->count; i++)
        if (!same(tsk_as_array(a)->items[i], tsk_as_array(b)->items[i])) return false;
    return true;
}

static void there_and_back(tsk_arena *arena, tsk_format format, tsk_value v) {
    tsk_buf text;
    tsk_value again;
    tsk_read_problem problem;
    tsk_buf_init(&text, arena);
    tsk_writer w = {.out = &text, .max_depth = 400};
    if (!tsk_write(&w, format, v)) return; /* the format cannot say it */
    if (!tsk_format_read(format, arena, text.ptr ? text.ptr : "", text.len, NULL, &again, &problem)) abort();
    if (!same(v, again)) abort();
}

static void run(tsk_arena *arena, const uint8_t *data, size_t size) {
    tsk_value v;
    tsk_read_problem problem;
    tsk_format format = all[(data[0] & 0x3F) % TSK_COUNT(all)];
    const char *text = tsk_arena_strdup(arena, (const char *)data + 1, size);
    tsk_read_options options = {.max_depth = 200, .all = data[0] & 0x40, .lists = data[0] & 0x80};
    if (!tsk_format_read(format, arena, text, size, &options, &v, &problem)) {
        if (!problem.message || problem.at > size) abort();
        tsk_read_problem_text(arena, text, size, &problem);
        return;
    }
    there_and_back(arena, TSK_FORMAT_YAML, v);
    there_and_back(arena, TSK_FORMAT_TOML, v);
    there_and_back(arena, TSK_FORMAT_INI, v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!size || size > 4096) return 0;
    tsk_arena arena;
    tsk_trap trap;
    tsk_arena_init(&arena, &tsk_allocator_default, (size_t)512 << 20);
    arena.trap = &trap;
    if (!setjmp(trap.jump)) run(&arena, data, size - 1);
    tsk_arena_free(&arena);
    return 0;
}
