/* Baseline code and the interpreter: text of IR in, value or failure out.
 *
 * The n-th function of a text is thunk n, unless it has parameters or captures. */
#include "runtime/interp/interp.h"
#include "runtime/value/semantics.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct machine {
    tsk_arena arena, scratch, heap;
    tsk_diags diags;
    tsk_ir_module *module;
    tsk_memo outcomes;
    const char *names[64];
    uint32_t compiled;
    tsk_capabilities caps;
    tsk_eval ev;
} machine;

static machine m;

static bool compile(tsk_eval *ev, uint32_t thunk) {
    (void)ev;
    uint32_t n = 0;
    for (tsk_ir_func *f = m.module->first; f; f = f->next, n++) {
        if (n != thunk) continue;
        const tsk_bytecode *code = tsk_bytecode_generate(&m.arena, &m.scratch, f);
        atomic_store(tsk_memo_make(&m.outcomes, &m.arena, thunk), (uintptr_t)code);
        m.compiled++;
        return true;
    }
    cr_assert(false, "thunk %u does not exist", thunk);
    return false;
}

static const char *key_name(tsk_eval *ev, uint32_t thunk) {
    (void)ev;
    uint32_t n = 0;
    for (const tsk_ir_func *f = m.module->first; f; f = f->next, n++)
        if (n == thunk) return f->name;
    return "?";
}

static void prepare(tsk_eval *ev) {
    ev->prepared = true;
}

static const tsk_interp_host host = {.compile = compile, .prepare = prepare, .key_name = key_name};

static void load(const char *text) {
    m = (machine){0};
    tsk_arena_init(&m.arena, NULL, 0);
    tsk_arena_init(&m.scratch, NULL, 0);
    tsk_arena_init(&m.heap, NULL, 0);
    m.diags.arena = &m.arena;
    tsk_source source = {.name = "test", .text = text, .len = (uint32_t)strlen(text), .base = 1};
    m.module = tsk_ir_parse(&m.arena, &source, &m.diags, NULL);
    cr_assert(m.module, "%s at %s", m.diags.first->message, text + m.diags.first->span.pos - 1);
    for (tsk_ir_func *f = m.module->first; f; f = f->next) {
        cr_assert(tsk_ir_verify(f, NULL, &m.diags), "%s", m.diags.first ? m.diags.first->message : "not valid");
        tsk_ir_summarize(f, NULL);
        if (f->params || f->captures) tsk_bytecode_generate(&m.arena, &m.scratch, f);
    }
    m.ev = (tsk_eval){.heap = &m.heap,
                      .host = &host,
                      .outcomes = &m.outcomes,
                      .allocator = &tsk_allocator_default,
                      .limits = {.calls = 100000}};
    m.ev.op = (tsk_op_context){.heap = &m.heap, .failure = &m.ev.failure, .caps = &m.caps};
    tsk_interp_begin(&m.ev);
}

static void unload(void) {
    tsk_interp_free(&m.ev);
    tsk_arena_free(&m.arena);
    tsk_arena_free(&m.scratch);
    tsk_arena_free(&m.heap);
}

static const char *shown(tsk_value v) {
    tsk_buf text;
    tsk_buf_init(&text, &m.heap);
    tsk_value_text(&text, v);
    tsk_buf_char(&text, 0);
    return text.ptr;
}

static void expect_key(uint32_t thunk, const char *wanted) {
    tsk_value v;
    cr_assert(tsk_interp_key(&m.ev, thunk, &v), "failed: %s", m.ev.error->message);
    cr_assert_str_eq(shown(v), wanted);
    cr_assert_null(m.ev.top);
    cr_assert_eq(m.ev.depth, 0);
}

static void expect_failure(uint32_t thunk, tsk_code code, const char *message) {
    tsk_value v;
    cr_assert_not(tsk_interp_key(&m.ev, thunk, &v), "no failure but %s", shown(v));
    cr_assert_eq(m.ev.error->code, code, "%s: %s", tsk_code_name(m.ev.error->code), m.ev.error->message);
    if (message) cr_assert_str_eq(m.ev.error->message, message);
    cr_assert_null(m.ev.top);
}

static void expect(const char *text, const char *wanted) {
    load(text);
    expect_key(0, wanted);
    unload();
}

Test(interp, arithmetic) {
    expect("func @k(0) {\nb0:\n  %0 = const 2\n  %1 = const 40\n  %2 = add %0, %1\n  return %2\n}\n", "42");
    expect("func @k(0) {\nb0:\n  %0 = const 2147483647\n  %1 = const 1\n  %2 = add %0, %1\n  return %2\n}\n",
           "2147483648");
    expect("func @k(0) {\nb0:\n  %0 = const 100000\n  %1 = mul %0, %0\n  %2 = sub %1, %0\n  return %2\n}\n",
           "9999900000");
    expect("func @k(0) {\nb0:\n  %0 = const 1.5\n  %1 = const 2.25\n  %2 = mul %0, %1\n  return %2\n}\n", "3.375");
    expect("func @k(0) {\nb0:\n  %0 = const 7\n  %1 = const 2\n  %2 = div %0, %1\n  %3 = neg %2\n  return %3\n}\n",
           "-3.5");
    expect("func @k(0) {\nb0:\n  %0 = const \"12\"\n  %1 = plus %0\n  %2 = add %1, %1\n  return %2\n}\n", "24");
    expect("func @k(0) {\nb0:\n  %0 = const \"a\"\n  %1 = const 1\n  %2 = const null\n  %3 = add %0, %1, %2, %0\n  "
           "return %3\n}\n",
           "a1a");
}

Test(interp, comparisons) {
    expect("func @k(0) {\nb0:\n  %0 = const 1\n  %1 = const 1.5\n  %2 = lt %0, %1\n  %3 = ge %0, %1\n  %4 = eq %0, %0\n"
           "  %5 = different %0, %1\n  %6 = array %2, %3, %4, %5\n  return %6\n}\n",
           "[true,false,true,true]");
}

/* Sums 0..9 in a loop with two values carried around. */
static const char loop_text[] =
    "func @k(0) {\nb0:\n  %0 = const 0\n  %1 = const 10\n  %2 = const 1\n  jump b1(%0, %0)\n"
    "b1(%3, %4):\n  poll\n  %5 = lt %3, %1\n  branch %5, b2, b3\n"
    "b2:\n  %6 = add %4, %3\n  %7 = add %3, %2\n  jump b1(%7, %6)\nb3:\n  return %4\n}\n";

Test(interp, loops) {
    load(loop_text);
    expect_key(0, "45");
    const tsk_bytecode *code = tsk_bytecode_of(m.module->first);
    cr_assert_eq(code->calls, 1);
    cr_assert_eq(code->turns, 11);
    unload();
}

/* The parameters of the loop change places in every turn: a cycle of moves. */
Test(interp, parallel_moves) {
    expect(
        "func @k(0) {\nb0:\n  %0 = const 0\n  %1 = const 5\n  %2 = const 1\n  %20 = const \"a\"\n  %21 = const \"b\"\n"
        "  %22 = const \"c\"\n  jump b1(%0, %20, %21, %22)\n"
        "b1(%3, %4, %5, %6):\n  poll\n  %7 = lt %3, %1\n  branch %7, b2, b3\n"
        "b2:\n  %8 = add %3, %2\n  jump b1(%8, %5, %6, %4)\nb3:\n  %9 = concat %4, %5, %6\n  return %9\n}\n",
        "cab");
    /* two cycles and a chain at once */
    expect(
        "func @k(0) {\nb0:\n  %0 = const 0\n  %1 = const 3\n  %2 = const 1\n  %20 = const \"a\"\n  %21 = const \"b\"\n"
        "  %22 = const \"c\"\n  %23 = const \"d\"\n  %24 = const \"e\"\n  jump b1(%0, %20, %21, %22, %23, %24)\n"
        "b1(%3, %4, %5, %6, %7, %8):\n  poll\n  %9 = lt %3, %1\n  branch %9, b2, b3\n"
        "b2:\n  %10 = add %3, %2\n  jump b1(%10, %5, %4, %7, %6, %4)\n"
        "b3:\n  %11 = concat %4, %5, %6, %7, %8\n  return %11\n}\n",
        "badca");
}

Test(interp, branch_with_arguments) {
    expect("func @k(0) {\nb0:\n  %0 = const 7\n  %1 = const 8\n  %2 = lt %1, %0\n  branch %2, b1(%0), b1(%1)\n"
           "b1(%3):\n  return %3\n}\n",
           "8");
}

Test(interp, keys_are_computed_once) {
    load("func @a(0) {\nb0:\n  %0 = key 1\n  %1 = key 1\n  %2 = key 2\n  %3 = array %0, %1, %2\n  return %3\n}\n"
         "func @b(0) {\nb0:\n  %0 = const 1\n  %1 = list_new\n  list_push %1, %0\n  return %1\n}\n"
         "func @c(0) {\nb0:\n  %0 = key 1\n  return %0\n}\n");
    expect_key(0, "[[1],[1],[1]]");
    cr_assert_eq(tsk_bytecode_of(m.module->first->next)->calls, 1);
    expect_key(2, "[1]");
    cr_assert_eq(m.compiled, 3);
    unload();
}

Test(interp, cycle_names_the_path) {
    load("func @a(0) {\nb0:\n  %0 = key 1\n  return %0\n}\nfunc @b(0) {\nb0:\n  %0 = key 2\n  return %0\n}\n"
         "func @c(0) {\nb0:\n  %0 = key 1\n  return %0\n}\n");
    expect_failure(0, TSK_E_CYCLE, "a key depends on itself: b -> c -> b");
    expect_failure(0, TSK_E_CYCLE, "a key depends on itself: b -> c -> b");
    unload();
}

/* a: b ?? 1, b: a.  Whoever is asked first, both are 1. */
static const char caught_cycle[] =
    "func @a(0) {\nb0:\n  jump b1\nb1 handler b2:\n  %0 = key 1\n  jump b3(%0)\nb2:\n  %1 = const 1\n  jump b3(%1)\n"
    "b3(%2):\n  return %2\n}\nfunc @b(0) {\nb0:\n  %0 = key 0\n  return %0\n}\n";

Test(interp, cycle_is_caught) {
    load(caught_cycle);
    expect_key(0, "1");
    expect_key(1, "1");
    unload();
    load(caught_cycle);
    expect_key(1, "1");
    expect_key(0, "1");
    unload();
}

Test(interp, failures_are_remembered) {
    load("func @a(0) {\nb0:\n  %0 = key 1\n  return %0\n}\n"
         "func @b(0) {\nb0:\n  %0 = const \"boom\"\n  error 304(%0)\n  unreachable\n}\n"
         "func @c(0) {\nb0:\n  jump b1\nb1 handler b2:\n  %0 = key 0\n  return %0\nb2:\n  %1 = const \"saved\"\n  "
         "return %1\n}\n");
    expect_failure(0, TSK_E_OPERATOR_FAILED, "boom");
    cr_assert_eq(m.ev.error->thunk, 0);
    cr_assert_eq(m.ev.error->inner->thunk, 1);
    expect_failure(1, TSK_E_OPERATOR_FAILED, "boom");
    cr_assert_eq(tsk_bytecode_of(m.module->first->next)->calls, 1);
    expect_key(2, "saved");
    unload();
}

/* The handler sees what was computed before the block it guards, however much that block computes. */
Test(interp, handlers_keep_registers) {
    load("func @k(0) {\nb0:\n  %0 = key 1\n  %1 = key 2\n  jump b1\nb1 handler b2:\n  %2 = add %0, %0\n  %3 = add %2, "
         "%2\n"
         "  %4 = add %3, %2\n  %5 = array %2, %3, %4\n  %6 = key 3\n  return %6\nb2:\n  %7 = concat %0, %1\n  return "
         "%7\n}\n"
         "func @one(0) {\nb0:\n  %0 = const 1\n  return %0\n}\nfunc @two(0) {\nb0:\n  %0 = const \"two\"\n  return "
         "%0\n}\n"
         "func @bad(0) {\nb0:\n  %0 = const \"boom\"\n  error 304(%0)\n  unreachable\n}\n");
    expect_key(0, "1two");
    unload();
}

Test(interp, calls_and_captures) {
    expect("func @k(0) {\nb0:\n  %0 = const 10\n  %1 = closure @f(%0)\n  %2 = const 1\n  %3 = call %1(%2, %2)\n"
           "  %4 = call %1(%3)\n  return %4\n}\n"
           "func @f(2) captures 1 {\nb0(%0, %1):\n  %2 = capture 0\n  %3 = add %0, %2\n  %4 = is_null %1\n"
           "  %5 = array %3, %4\n  %6 = const 0\n  %7 = index %5, %6\n  return %7\n}\n",
           "21");
    load("func @k(0) {\nb0:\n  %0 = const 1\n  %1 = call %0(%0)\n  return %1\n}\n");
    expect_failure(0, TSK_E_NOT_CALLABLE, "int is not a function");
    unload();
}

Test(interp, containers) {
    expect("func @k(0) {\nb0:\n  %0 = const 1\n  %1 = object {\"a\": %0, \"b\": %0}\n  %2 = const {\"b\": 2, \"c\": "
           "[1, 2, 3]}\n"
           "  %3 = merge %1, %2\n  %4 = member %3, \"c\"\n  %5 = append_all %4, %4\n  %6 = count %5\n  %7 = member %3, "
           "\"b\"\n"
           "  %8 = item_key %3, %0\n  %9 = item %3, %0\n  %10 = const null\n  %11 = slice %5, %0, %10\n"
           "  %12 = array %6, %7, %8, %9, %11\n  return %12\n}\n",
           "[6,2,\"b\",2,[2,3,1,2,3]]");
}

Test(interp, trees) {
    load("func @k(0) {\nb0:\n  %0 = tree {\"x\": key(1), \"l\": [1, key(1), {\"d\": key(2)}], \"n\": null}\n"
         "  return %0\n}\nfunc @b(0) {\nb0:\n  %0 = const 5\n  %1 = add %0, %0\n  return %1\n}\n"
         "func @c(0) {\nb0:\n  %0 = key 1\n  return %0\n}\n");
    expect_key(0, "{\"x\":10,\"l\":[1,10,{\"d\":10}],\"n\":null}");
    unload();
}

Test(interp, step_limit_stops_a_loop) {
    load("func @k(0) {\nb0:\n  jump b1\nb1:\n  poll\n  jump b1\n}\n");
    m.ev.limits.steps = 5000;
    tsk_interp_begin(&m.ev);
    expect_failure(0, TSK_E_STEP_LIMIT, NULL);
    m.ev.limits.steps = 0;
    m.ev.limits.time_ns = 2000000;
    tsk_interp_begin(&m.ev);
    expect_failure(0, TSK_E_TIME_LIMIT, NULL);
    unload();
}

/* A chain of a million calls ends at the limit, not in the C stack. */
Test(interp, depth_limit) {
    load("func @k(0) {\nb0:\n  %0 = closure @f()\n  %1 = call %0(%0)\n  return %1\n}\n"
         "func @f(1) {\nb0(%0):\n  %1 = call %0(%0)\n  return %1\n}\n");
    expect_failure(0, TSK_E_DEPTH_LIMIT, NULL);
    unload();
}

/* ---- many values ---- */

static tsk_buf big;

static void big_begin(tsk_arena *arena) {
    tsk_arena_init(arena, NULL, 0);
    tsk_buf_init(&big, arena);
}

/* An array of n keys: all are live at once, more than instructions can name. */
Test(interp, registers_beyond_16_bits) {
    tsk_arena arena;
    big_begin(&arena);
    const unsigned n = 70000;
    tsk_buf_cstr(&big, "func @k(0) {\nb0:\n  %0 = const 1\n  %1 = key 1\n");
    for (unsigned i = 2; i < n; i++) tsk_buf_printf(&big, "  %%%u = add %%%u, %%0\n", i, i - 1);
    tsk_buf_printf(&big, "  %%%u = array ", n);
    for (unsigned i = 1; i < n; i++) tsk_buf_printf(&big, "%s%%%u", i > 1 ? ", " : "", i);
    tsk_buf_printf(&big,
                   "\n  %%%u = count %%%u\n  %%%u = const -1\n  %%%u = index %%%u, %%%u\n  %%%u = array %%%u, %%%u\n  "
                   "return %%%u\n}\n",
                   n + 1, n, n + 2, n + 3, n, n + 2, n + 4, n + 1, n + 3, n + 4);
    tsk_buf_cstr(&big, "func @one(0) {\nb0:\n  %0 = const 1\n  return %0\n}\n");
    tsk_buf_char(&big, 0);
    expect(big.ptr, "[69999,69999]");
    tsk_arena_free(&arena);
}

/* ---- random programs against a direct evaluation ---- */

static uint32_t seed;
static uint32_t draw(uint32_t below) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

enum { POOL = 12 };

/* Nested loops whose bodies mix a pool of integers that all live around the loops.  The same is done in C. */
static void random_program(uint32_t loops, int32_t pool[POOL]) {
    uint32_t next = 0, block = 1;
    uint32_t ids[POOL];
    tsk_buf_cstr(&big, "func @k(0) {\nb0:\n");
    for (uint32_t i = 0; i < POOL; i++) {
        pool[i] = (int32_t)draw(100);
        tsk_buf_printf(&big, "  %%%u = const %d\n", next, pool[i]);
        ids[i] = next++;
    }
    uint32_t zero = next++, one = next++, mask = next++;
    tsk_buf_printf(&big, "  %%%u = const 0\n  %%%u = const 1\n  %%%u = const 65535\n", zero, one, mask);
    for (uint32_t l = 0; l < loops; l++) {
        uint32_t turns = draw(4), limit = next++, counter = next++, test = next++;
        tsk_buf_printf(&big, "  %%%u = const %u\n  jump b%u(%%%u", limit, turns, block, zero);
        for (uint32_t i = 0; i < POOL; i++) tsk_buf_printf(&big, ", %%%u", ids[i]);
        tsk_buf_printf(&big, ")\nb%u(%%%u: i32", block, counter);
        for (uint32_t i = 0; i < POOL; i++) tsk_buf_printf(&big, ", %%%u: i32", ids[i] = next++);
        tsk_buf_printf(&big, "):\n  poll\n  %%%u = ilt %%%u, %%%u\n  branch %%%u, b%u, b%u\nb%u:\n", test, counter,
                       limit, test, block + 1, block + 2, block + 1);
        uint32_t inner[POOL], op[POOL][3];
        for (uint32_t i = 0; i < POOL; i++) {
            op[i][0] = draw(POOL), op[i][1] = draw(POOL), op[i][2] = draw(3);
            inner[i] = ids[op[i][0]];
            if (op[i][2] == 0) continue; /* a plain move */
            static const char *const names[] = {"", "iadd", "imul"};
            uint32_t raw = next++;
            inner[i] = next++;
            tsk_buf_printf(&big, "  %%%u = %s %%%u, %%%u\n  %%%u = iand %%%u, %%%u\n", raw, names[op[i][2]],
                           ids[op[i][0]], ids[op[i][1]], inner[i], raw, mask);
        }
        uint32_t up = next++;
        tsk_buf_printf(&big, "  %%%u = iadd %%%u, %%%u\n  jump b%u(%%%u", up, counter, one, block, up);
        for (uint32_t i = 0; i < POOL; i++) tsk_buf_printf(&big, ", %%%u", inner[i]);
        tsk_buf_printf(&big, ")\nb%u:\n", block + 2);
        block += 3;
        for (uint32_t t = 0; t < turns; t++) {
            int32_t old[POOL];
            memcpy(old, pool, sizeof old);
            for (uint32_t i = 0; i < POOL; i++) {
                uint32_t a = (uint32_t)old[op[i][0]], b = (uint32_t)old[op[i][1]];
                pool[i] = (int32_t)(op[i][2] == 0 ? a : (op[i][2] == 1 ? a + b : a * b) & 65535);
            }
        }
    }
    tsk_buf_printf(&big, "  %%%u = array ", next);
    for (uint32_t i = 0; i < POOL; i++) tsk_buf_printf(&big, "%s%%%u", i ? ", " : "", ids[i]);
    tsk_buf_printf(&big, "\n  return %%%u\n}\n", next);
    tsk_buf_char(&big, 0);
}

Test(interp, random_loops) {
    for (seed = 1; seed < 1000000; seed = seed + 7919) {
        uint32_t keep = seed;
        tsk_arena arena;
        big_begin(&arena);
        int32_t pool[POOL];
        random_program(1 + draw(6), pool);
        tsk_buf wanted;
        tsk_buf_init(&wanted, &arena);
        for (int i = 0; i < POOL; i++) tsk_buf_printf(&wanted, "%c%d", i ? ',' : '[', pool[i]);
        tsk_buf_cstr(&wanted, "]");
        tsk_buf_char(&wanted, 0);
        expect(big.ptr, wanted.ptr);
        tsk_arena_free(&arena);
        seed = keep;
    }
}

/* ---- tables ---- */

Test(interp, frame_states_name_live_registers) {
    load("func @k(0) {\nb0:\n  %0 = key 1\n  %1 = key 1\n  %2 = add %0, %1\n  return %2\n}\n"
         "func @b(0) {\nb0:\n  %0 = const 1\n  return %0\n}\n");
    expect_key(0, "2");
    const tsk_bytecode *code = tsk_bytecode_of(m.module->first);
    cr_assert(tsk_bytecode_attach_frames(code, &m.arena, 1000));
    tsk_ir_inst *first = m.module->first->entry->first;
    cr_assert_eq(first->frame->count, 0);
    cr_assert_eq(first->next->frame->count, 1);
    cr_assert_eq(first->next->frame->regs[0].value, first);
    cr_assert_eq(first->next->frame->pc, 1);
    tsk_buf text;
    tsk_buf_init(&text, &m.arena);
    tsk_bytecode_print(&text, code, NULL);
    tsk_buf_char(&text, 0);
    cr_assert(strstr(text.ptr, "live 1: r0=%0\n"), "%s", text.ptr);
    unload();
}

Test(interp, feedback_sees_kinds) {
    load("func @k(0) {\nb0:\n  %0 = key 1\n  %1 = const 1\n  %2 = add %0, %1\n  return %2\n}\n"
         "func @b(0) {\nb0:\n  %0 = const \"x\"\n  return %0\n}\n");
    expect_key(0, "x1");
    const tsk_bytecode *code = tsk_bytecode_of(m.module->first);
    uint32_t seen = 0;
    for (uint32_t pc = 0; pc < code->count; pc++)
        if (code->insns[pc].op == TSK_OPC_ADD) seen = code->feedback[pc];
    cr_assert_eq(seen, TSK_TY_STRING | TSK_TY_I32 << TSK_FEEDBACK_RIGHT | TSK_TY_STRING << TSK_FEEDBACK_RESULT);
    unload();
}
