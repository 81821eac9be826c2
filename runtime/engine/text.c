/* Results of tools as C strings, which the caller frees. */
#include "runtime/engine/engine.h"

#include <stdlib.h>

char *tsk_text_copy(const char *ptr, size_t len) {
    char *copy = malloc(len + 1);
    if (!copy) return NULL;
    if (len) memcpy(copy, ptr, len);
    copy[len] = 0;
    return copy;
}

void tusk_text_free(char *text) {
    free(text);
}

tusk_status tsk_text_make(char **text, tusk_status (*body)(tsk_buf *out, void *argument), void *argument) {
    *text = NULL;
    tsk_arena arena;
    tsk_arena_init(&arena, NULL, 0);
    tsk_trap trap;
    if (setjmp(trap.jump)) {
        tsk_arena_free(&arena);
        return TUSK_NO_MEMORY;
    }
    arena.trap = &trap;
    tsk_buf out;
    tsk_buf_init(&out, &arena);
    tusk_status status = body(&out, argument);
    *text = tsk_text_copy(out.ptr, out.len);
    tsk_arena_free(&arena);
    return *text ? status : TUSK_NO_MEMORY;
}
