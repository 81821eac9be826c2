/* Any bytes as a compiled configuration; once more behind a header whose checksum fits.  What is read is written, and that is
 * read as the same and written as the same bytes. */
#include "runtime/base/sha256.h"
#include "runtime/pnt/pnt.h"
#include "runtime/value/semantics.h"

#include <stdlib.h>

static void check(tsk_arena *arena, const char *bytes, size_t len) {
    tsk_value v, again;
    const char *why = NULL;
    if (!tsk_pnt_read(arena, bytes, len, 200, &v, &why)) {
        if (!why) abort();
        return;
    }
    tsk_buf first, second;
    tsk_buf_init(&first, arena);
    tsk_buf_init(&second, arena);
    tsk_pnt_writer w = {.out = &first, .max_depth = 200, .timestamp = 7};
    if (!tsk_pnt_write(&w, v, &why) || !tsk_pnt_read(arena, first.ptr, first.len, 200, &again, &why)) abort();
    w.out = &second;
    if (!tsk_pnt_write(&w, again, &why) || first.len != second.len || memcmp(first.ptr, second.ptr, first.len)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tsk_arena arena;
    tsk_trap trap;
    char *whole = malloc(size + TSK_PNT_HEADER);
    if (!whole) return 0;
    tsk_arena_init(&arena, &tsk_allocator_default, (size_t)256 << 20);
    arena.trap = &trap;
    if (!setjmp(trap.jump)) {
        check(&arena, (const char *)data, size);
        tsk_sha256 hash;
        tsk_sha256_begin(&hash);
        tsk_sha256_add(&hash, data, size);
        tsk_digest digest = tsk_sha256_end(&hash);
        memcpy(whole, "PNUT\1\0\0\0\0\0\0\0\0\0\0\0", 16);
        memcpy(whole + 16, digest.bytes, 8);
        memcpy(whole + TSK_PNT_HEADER, data, size);
        check(&arena, whole, size + TSK_PNT_HEADER);
    }
    tsk_arena_free(&arena);
    free(whole);
    return 0;
}
