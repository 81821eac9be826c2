/* Any pattern over any text: compiles or names an error inside the pattern; a search ends within its limits, and what it
 * captures lies inside the text.  Input: flags, a byte that says where the text begins, pattern, text. */
#include "runtime/regex/regex.h"

#include <stdlib.h>

static void search(const tsk_re_program *p, tsk_re_text text, tsk_re_machine *m, uint32_t *captures) {
    if (tsk_re_exec(p, m, text, 0, captures) != TSK_RE_MATCH) return;
    for (uint32_t i = 0; i < tsk_re_group_count(p); i++) {
        uint32_t start = captures[2 * i], end = captures[2 * i + 1];
        if (start == TSK_RE_NONE && end == TSK_RE_NONE && i) continue;
        if (start > end || end > text.count) abort();
    }
}

static void run(tsk_arena *arena, tsk_re_text pattern, tsk_re_text text, unsigned flags) {
    tsk_re_error error;
    const tsk_re_program *p = tsk_re_compile(arena, arena, pattern, flags, &error);
    if (!p) {
        if (!error.message || error.offset > pattern.count) abort();
        return;
    }
    tsk_re_machine machine;
    tsk_re_machine_init(&machine, &tsk_allocator_default);
    machine.step_limit = 20000;
    search(p, text, &machine, TSK_NEW_ARRAY(arena, uint32_t, 2 * tsk_re_group_count(p)));
    tsk_re_machine_free(&machine);
}

/* As Latin-1, then as UTF-16. */
static void run_both(tsk_arena *arena, const uint8_t *data, size_t size) {
    unsigned flags = data[0];
    if ((flags & TSK_RE_UNICODE) && (flags & TSK_RE_UNICODE_SETS)) flags &= ~(unsigned)TSK_RE_UNICODE;
    uint32_t rest = (uint32_t)size - 2, cut = data[1] < rest ? data[1] : rest;
    const uint8_t *bytes = data + 2;
    run(arena, (tsk_re_text){bytes, cut, false}, (tsk_re_text){bytes + cut, rest - cut, false}, flags);
    uint16_t *units = TSK_NEW_ARRAY(arena, uint16_t, rest / 2);
    memcpy(units, bytes, rest & ~1u);
    run(arena, (tsk_re_text){units, cut / 2, true}, (tsk_re_text){units + cut / 2, rest / 2 - cut / 2, true}, flags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2 || size > 4096) return 0;
    tsk_arena arena;
    tsk_trap trap;
    tsk_arena_init(&arena, &tsk_allocator_default, (size_t)256 << 20);
    arena.trap = &trap;
    if (!setjmp(trap.jump)) run_both(&arena, data, size);
    tsk_arena_free(&arena);
    return 0;
}
