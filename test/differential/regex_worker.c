/* Our side of test/differential/regex.mjs: compiles and searches, one line an answer.
 *
 * A question: four numbers (u32: units of the pattern, of the flags, of the subject, the start), then the units (UTF-16).
 * An answer: "E message", "N", "L" (a limit was reached) or "M" with start and end of every group (-1 -1: took no part).
 * What fits Latin-1 is asked again as Latin-1, and must get the same answer ("?" when it does not). */
#include "runtime/regex/regex.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct question {
    tsk_re_text pattern, flags, subject;
    uint32_t start;
} question;

static void answer(const question *q, tsk_re_machine *machine, tsk_buf *out) {
    unsigned flags;
    tsk_re_error error;
    if (!tsk_re_flags(q->flags, &flags)) {
        tsk_buf_cstr(out, "E flags\n");
        return;
    }
    const tsk_re_program *p = tsk_re_compile(out->arena, out->arena, q->pattern, flags, &error);
    if (!p) {
        tsk_buf_printf(out, "E %s\n", error.message);
        return;
    }
    uint32_t groups = tsk_re_group_count(p), *captures = TSK_NEW_ARRAY(out->arena, uint32_t, 2 * groups);
    tsk_re_result r = tsk_re_exec(p, machine, q->subject, q->start, captures);
    tsk_buf_char(out, "NMLL"[r]);
    for (uint32_t i = 0; r == TSK_RE_MATCH && i < 2 * groups; i++) tsk_buf_printf(out, " %d", (int)captures[i]);
    tsk_buf_char(out, '\n');
}

static bool narrow(tsk_re_text *t, uint8_t *room) {
    const uint16_t *units = t->units;
    for (uint32_t i = 0; i < t->count; i++) {
        if (units[i] > 255) return false;
        room[i] = (uint8_t)units[i];
    }
    *t = (tsk_re_text){room, t->count, false};
    return true;
}

static tsk_re_text read_text(uint16_t *room, uint32_t count) {
    if (count > 1 << 16 || fread(room, 2, count, stdin) != count) exit(2);
    return (tsk_re_text){room, count, true};
}

int main(void) {
    static uint16_t wide[3][1 << 16];
    static uint8_t bytes[2][1 << 16];
    uint32_t head[4];
    tsk_arena arena;
    tsk_re_machine machine;
    tsk_trap trap;
    tsk_arena_init(&arena, &tsk_allocator_default, 0);
    tsk_re_machine_init(&machine, &tsk_allocator_default);
    machine.step_limit = 300000;
    arena.trap = &trap;
    if (setjmp(trap.jump)) return 3;
    while (fread(head, sizeof head, 1, stdin) == 1) {
        question q;
        tsk_buf first, again;
        q.pattern = read_text(wide[0], head[0]);
        q.flags = read_text(wide[1], head[1]);
        q.subject = read_text(wide[2], head[2]);
        q.start = head[3];
        tsk_buf_init(&first, &arena);
        tsk_buf_init(&again, &arena);
        answer(&q, &machine, &first);
        bool other = narrow(&q.pattern, bytes[0]);
        other |= narrow(&q.subject, bytes[1]);
        if (other) answer(&q, &machine, &again);
        bool same = !other || (first.len == again.len && memcmp(first.ptr, again.ptr, first.len) == 0);
        if (same) {
            fwrite(first.ptr, 1, first.len, stdout);
        } else {
            fputs("?\n", stdout);
        }
        tsk_arena_reset(&arena);
    }
    tsk_re_machine_free(&machine);
    tsk_arena_free(&arena);
    return 0;
}
