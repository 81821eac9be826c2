/* Fuzzing the parser of functions: any bytes are a script or one reported error inside of the text. */
#include "frontend/js/parse.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tsk_arena arena;
    tsk_trap trap;
    tsk_arena_init(&arena, NULL, 64 << 20);
    arena.trap = &trap;
    if (!setjmp(trap.jump)) {
        char *text = tsk_arena_zalloc(&arena, size + TSK_SOURCE_PADDING);
        if (size) memcpy(text, data, size);
        tsk_diags diags = {.arena = &arena};
        const tsk_js_function *script = tsk_js_parse_script(&arena, &diags, (tsk_slice){text, (uint32_t)size}, 0, NULL);
        if ((script == NULL) != (diags.errors == 1)) abort();
        if (diags.first && diags.first->span.pos > size) abort();
    }
    tsk_arena_free(&arena);
    return 0;
}
