/* Any text: the IR parser, printer and verifier agree, and the passes keep what the verifier checks. */
#include "test/unit/ir_env.h"

#include <stdio.h>
#include <stdlib.h>

static tsk_ir_module *parse(tsk_arena *arena, const char *text, size_t len) {
    tsk_source source = {.name = "fuzz", .text = text, .len = (uint32_t)len, .base = 1};
    tsk_diags diags = {.arena = arena};
    tsk_ir_module *module = tsk_ir_parse(arena, &source, &diags, &test_env);
    if (!module != !!diags.errors) abort();
    return module;
}

static bool verify(tsk_arena *arena, tsk_ir_module *module, bool run_passes) {
    tsk_diags diags = {.arena = arena};
    bool ok = true;
    for (tsk_ir_func *func = module->first; func && ok; func = func->next) {
        tsk_ir_pipeline pipeline;
        tsk_ir_pipeline_default(&pipeline);
        pipeline.verify = true;
        ok = run_passes ? tsk_ir_pipeline_run(&pipeline, func, &test_env, &diags)
                        : tsk_ir_verify(func, &test_env, &diags);
    }
    if (run_passes && !ok) fprintf(stderr, "%s\n", diags.first ? diags.first->message : "no message");
    return ok;
}

static void check_round_trip(tsk_arena *arena, tsk_ir_module *module) {
    tsk_buf first, second;
    tsk_buf_init(&first, arena);
    tsk_buf_init(&second, arena);
    tsk_ir_print(&first, module, &test_env);
    tsk_ir_module *again = parse(arena, first.ptr, first.len);
    if (!again || !verify(arena, again, false)) abort();
    tsk_ir_print(&second, again, &test_env);
    if (first.len != second.len || memcmp(first.ptr, second.ptr, first.len) != 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tsk_arena arena;
    tsk_arena_init(&arena, NULL, (size_t)256 << 20);
    tsk_trap trap;
    arena.trap = &trap;
    if (setjmp(trap.jump) == 0 && size > 0) {
        tsk_ir_module *module = parse(&arena, (const char *)data, size);
        if (module && module->first && verify(&arena, module, false)) {
            check_round_trip(&arena, module);
            if (!verify(&arena, module, true)) abort();
            check_round_trip(&arena, module);
        }
    }
    tsk_arena_free(&arena);
    return 0;
}
