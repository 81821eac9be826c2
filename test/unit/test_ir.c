/* The IR: builder, text form, verifier, dominators, passes.  Golden cases are test/golden/ir/NAME.ir with the expected
 * text in NAME.ir.expected; their first line names the passes.  TSK_UPDATE_GOLDEN=1 writes the expected files. */
#include "test/unit/ir_env.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef TSK_TEST_DIR
#define TSK_TEST_DIR "test"
#endif

static tsk_arena arena;
static tsk_sources sources;
static tsk_diags diags;

static void setup(void) {
    tsk_arena_init(&arena, NULL, 0);
    sources = (tsk_sources){.arena = &arena};
    diags = (tsk_diags){.arena = &arena};
}

static void teardown(void) {
    tsk_arena_free(&arena);
}

TestSuite(ir, .init = setup, .fini = teardown);

static tsk_ir_module *parse(const char *text) {
    size_t len = strlen(text);
    char *padded = tsk_arena_zalloc(&arena, len + TSK_SOURCE_PADDING);
    memcpy(padded, text, len);
    return tsk_ir_parse(&arena, tsk_sources_add(&sources, "test.ir", padded, (uint32_t)len), &diags, &test_env);
}

static const char *print(tsk_ir_module *module) {
    tsk_buf out;
    tsk_buf_init(&out, &arena);
    tsk_ir_print(&out, module, &test_env);
    tsk_buf_char(&out, 0);
    return out.ptr;
}

static const char *messages(void) {
    tsk_buf out;
    tsk_buf_init(&out, &arena);
    tsk_diags_render(&out, &diags, &sources, (tsk_diag_style){0});
    tsk_buf_char(&out, 0);
    return out.ptr;
}

/* Parses, verifies, runs the passes on every function and verifies again. */
static tsk_ir_module *optimize(const char *text, const char *passes) {
    tsk_ir_module *module = parse(text);
    cr_assert(module, "%s", messages());
    for (tsk_ir_func *func = module->first; func; func = func->next) {
        tsk_ir_pipeline pipeline;
        tsk_slice unknown;
        cr_assert(tsk_ir_pipeline_parse(&pipeline, passes, &unknown), "unknown pass in %s", passes);
        pipeline.verify = true;
        cr_assert(tsk_ir_pipeline_run(&pipeline, func, &test_env, &diags), "%s", messages());
    }
    return module;
}

/* ---- golden cases ---- */

static const char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    tsk_buf text;
    tsk_buf_init(&text, &arena);
    char part[4096];
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;) tsk_buf_add(&text, part, n);
    fclose(file);
    tsk_buf_char(&text, 0);
    return text.ptr;
}

static void check_golden(const char *path) {
    const char *text = read_file(path), *expected_path = tsk_arena_printf(&arena, "%s.expected", path);
    static const char lead[] = "; passes: ";
    cr_assert(text && strncmp(text, lead, sizeof lead - 1) == 0, "%s: the first line must name the passes", path);
    const char *from = text + sizeof lead - 1;
    const char *passes = tsk_arena_strdup(&arena, from, strcspn(from, "\n"));
    const char *before = print(parse(text));
    cr_expect_str_eq(print(parse(before)), before, "%s does not survive printing", path);
    tsk_ir_module *module = optimize(text, passes);
    const char *after = print(module), *expected = read_file(expected_path);
    cr_expect_str_eq(print(parse(after)), after, "%s does not survive printing after the passes", path);
    if (getenv("TSK_UPDATE_GOLDEN")) {
        FILE *file = fopen(expected_path, "wb");
        cr_assert(file && fputs(after, file) >= 0 && fclose(file) == 0, "cannot write %s", expected_path);
    } else {
        cr_assert(expected, "%s is missing", expected_path);
        cr_expect_str_eq(after, expected, "%s", path);
    }
}

Test(ir, golden) {
    const char *root = getenv("TSK_TEST_DIR");
    const char *folder = tsk_arena_printf(&arena, "%s/golden/ir", root ? root : TSK_TEST_DIR);
    DIR *dir = opendir(folder);
    cr_assert(dir, "%s cannot be read", folder);
    int cases = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        size_t len = strlen(entry->d_name);
        if (len < 3 || strcmp(entry->d_name + len - 3, ".ir") != 0) continue;
        check_golden(tsk_arena_printf(&arena, "%s/%s", folder, entry->d_name));
        cases++;
    }
    closedir(dir);
    cr_expect(cases >= 3 * (int)tsk_ir_pass_count, "only %d golden cases", cases);
}

/* ---- text form ---- */

Test(ir, text_keeps_every_kind_of_constant) {
    static const char *const constants[] = {"0",
                                            "-2147483648",
                                            "2147483648",
                                            "-9223372036854775808",
                                            "1.0",
                                            "-0.0",
                                            "0.1",
                                            "1e+300",
                                            "5e-324",
                                            "123456789012345680000.0",
                                            "inf",
                                            "-inf",
                                            "nan",
                                            "true",
                                            "false",
                                            "null",
                                            "undefined",
                                            "\"\"",
                                            "\"a\\n\\\"\\\\\\u0001\"",
                                            "\"\\xff\\xed\\xa0\\x80\"",
                                            "\"\\u0000\"",
                                            "[]",
                                            "{}",
                                            "[1, 1.0, [\"x\"]]",
                                            "{\"a\": {\"\": null}}",
                                            "@f",
                                            "@f[1, @f]"};
    for (size_t i = 0; i < TSK_COUNT(constants); i++) {
        const char *text = tsk_arena_printf(&arena, "func @f(0) {\nb0:\n  %%0 = const %s\n  return %%0\n}\n",
                                            constants[i]);
        tsk_ir_module *module = parse(text);
        cr_assert(module, "%s", messages());
        const char *once = print(module);
        cr_expect_str_eq(once, text);
        cr_expect(tsk_ir_verify(module->first, &test_env, &diags), "%s", messages());
    }
}

Test(ir, text_keeps_frames_handlers_and_names) {
    static const char text[] =
        "func @\"two words\"(2) captures 1 {\n"
        "b0(%0, %1: i32|string):\n"
        "  %2 = op @env(%0) : string !frame(@\"two words\" pc 7 before r0=%0 r3=%1) !frame(@b-2.x pc 0 after)\n"
        "  %3 = capture 0 : number\n"
        "  %4 = truth %2\n"
        "  branch %4, b1, b2(%3)\n"
        "b1 handler b3:\n"
        "  %5 = tree {\"a\": [key(1), 2]}\n"
        "  jump b2(%5)\n"
        "b2(%6):\n"
        "  return %6\n"
        "b3:\n"
        "  error 303(%2)\n"
        "  unreachable\n"
        "}\n\n"
        "func @b-2.x(0) {\nb0:\n  %0 = key 0  ; $host\n  %1 = method \"at\"(%0, %0)\n  return %1\n}\n";
    tsk_ir_module *module = parse(text);
    cr_assert(module, "%s", messages());
    cr_expect_str_eq(print(module), text);
    for (tsk_ir_func *func = module->first; func; func = func->next)
        cr_expect(tsk_ir_verify(func, &test_env, &diags), "%s", messages());
    cr_expect_eq(module->first->next->effect, TSK_EFFECT_SNAPSHOT);
}

Test(ir, malformed_text_is_reported_where_it_is) {
    static const struct {
        const char *text;
        uint32_t line, column;
    } cases[] = {
        {"x", 1, 1},
        {"func", 1, 5},
        {"func @f", 1, 8},
        {"func @f(0) {", 1, 13},
        {"func @f(0) {\n}", 2, 1},
        {"func @f(1) {\nb0:\n  unreachable\n}\n", 4, 1},
        {"func @f(0) {\nb0:\n  unreachable\n}\nfunc @f(0) {\n", 5, 6},
        {"func @f(0) {\n  unreachable\n}\n", 2, 3},
        {"func @f(0) {\nb0:\n  %0 = nothing\n", 3, 8},
        {"func @f(0) {\nb0:\n  %0 = jump b0\n", 3, 8},
        {"func @f(0) {\nb0:\n  key 1\n", 3, 3},
        {"func @f(0) {\nb0:\n  %0 = add %9, %9\n  return %0\n}\n", 3, 12},
        {"func @f(0) {\nb0:\n  jump b7\n}\n", 3, 8},
        {"func @f(0) {\nb0:\n  %0 = key 1\n  %0 = key 1\n", 4, 3},
        {"func @f(0) {\nb0:\n  unreachable\nb0:\n", 4, 1},
        {"func @f(0) {\nb0:\n  unreachable\n  unreachable\n", 4, 3},
        {"func @f(0) {\nb0:\n  %4000000000 = key 1\n", 3, 3},
        {"func @f(0) {\nb0:\n  %0 = key 99999999999\n", 3, 12},
        {"func @f(0) {\nb0:\n  %0 = op @nobody()\n", 3, 11},
        {"func @f(0) {\nb0:\n  %0 = closure @g()\n", 3, 16},
        {"func @f(0) {\nb0:\n  %0 = const \"a\n", 3, 14},
        {"func @f(0) {\nb0:\n  %0 = const \"\\q\"\n", 3, 16},
        {"func @f(0) {\nb0:\n  %0 = const [1, \n", 3, 18},
        {"func @f(0) {\nb0:\n  %0 = const 1x\n", 3, 14},
        {"func @f(0) {\nb0:\n  %0 = const key(1)\n", 3, 14},
        {"func @f(0) {\nb0:\n  %0 = eq %0\n", 3, 8},
        {"func @f(0) {\nb0(%0: nonsense):\n", 2, 7},
        {"func @f(0) {\nb0:\n  %0 = key 1 !frame(@f pc 1 r0=%0)\n", 3, 28},
    };
    for (size_t i = 0; i < TSK_COUNT(cases); i++) {
        diags = (tsk_diags){.arena = &arena};
        cr_expect_null(parse(cases[i].text), "accepted: %s", cases[i].text);
        tsk_location at;
        cr_assert(diags.first && diags.first->code == TSK_E_IR_SYNTAX, "%s", cases[i].text);
        cr_assert(tsk_sources_locate(&sources, diags.first->span.pos, &at));
        cr_expect(at.line == cases[i].line && at.column == cases[i].column, "expected %u:%u\n%s", cases[i].line,
                  cases[i].column, messages());
    }
}

Test(ir, deep_constants_are_refused_not_followed) {
    enum { DEEP = 100000 };
    char *text = tsk_arena_alloc(&arena, DEEP + 64);
    int len = snprintf(text, 64, "func @f(0) {\nb0:\n  %%0 = const ");
    memset(text + len, '[', DEEP);
    text[len + DEEP] = 0;
    cr_expect_null(parse(text));
}

/* ---- verifier ---- */

Test(ir, verifier_names_what_is_broken) {
    static const struct {
        const char *body, *message;
    } cases[] = {
        {"b0:\n  %0 = key 1\n", "terminators end blocks"},
        {"b0:\n  jump b1\nb1:\n", "the block is empty"},
        {"b0:\n  jump b1\nb1:\n  jump b0\n", "an edge to the entry"},
        {"b0:\n  jump b1\nb1(%0):\n  return %0\n", "0 arguments for 1 parameters of b1"},
        {"b0:\n  %0 = key 1\n  jump b1(%0)\nb1(%1: i32):\n  return %1\n",
         "the type of %0 does not fit the parameter of b1"},
        {"b0:\n  jump b1\nb1 handler b2:\n  jump b3\nb2(%0):\n  return %0\nb3:\n  jump b2(%1)\nb4:\n  %1 = key 1\n  "
         "jump b2(%1)\n",
         "b2 cannot be a handler"},
        {"b0:\n  %0 = not %1\n  %1 = key 1\n  return %0\n", "%1 does not dominate its use"},
        {"b0:\n  %0 = key 1 : bool\n  branch %0, b1, b2\nb1:\n  %1 = key 2\n  jump b2\nb2:\n  return %1\n",
         "%1 does not dominate its use"},
        {"b0:\n  jump b1\nb1 handler b2:\n  %0 = key 1\n  jump b3\nb2:\n  return %0\nb3:\n  return %0\n",
         "%0 does not dominate its use"},
        {"b0:\n  jump b1\nb1 handler b2:\n  %0 = key 1\n  jump b2\nb2:\n  return %0\n", "%0 does not dominate its use"},
        {"b0:\n  %0 = key 1\n  branch %0, b1, b1\nb1:\n  return %0\n", "argument 0 has the wrong type"},
        {"b0:\n  %0 = key 1 : i32\n  %1 = fadd %0, %0\n  return %1\n", "argument 0 has the wrong type"},
        {"b0:\n  %0 = key 99\n  return %0\n", "no such thunk"},
        {"b0:\n  %0 = op 99()\n  return %0\n", "no such operator"},
        {"b0:\n  %0 = capture 0\n  return %0\n", "the function has no such capture"},
        {"b0:\n  %0 = key 1\n  %1 = closure @f(%0)\n  return %1\n", "wrong number of captures"},
        {"b0:\n  %0 = tree 5\n  return %0\n", "a tree is an array or object"},
        {"b0:\n  %0 = key 1 : none\n  return %0\n", "the type does not fit"},
        {"b0:\n  %0 = key 1\n  %1 = not %0 : i32\n  return %1\n", "the type does not fit"},
        {"b0:\n  %0 = const 1 : string\n  return %0\n", "the type is not that of the value"},
        {"b0:\n  %0 = const 1\n  %1 = add %0\n  return %1\n", "1 arguments"},
        {"b0:\n  %0 = const 1 !frame(@f pc 0 before)\n  return %0\n", "only safepoints have frame states"},
        {"b0:\n  %0 = key 1 !frame(@f pc 0 before r0=%1)\n  %1 = key 2\n  return %1\n",
         "register 0 of a frame state is not known here"},
    };
    for (size_t i = 0; i < TSK_COUNT(cases); i++) {
        diags = (tsk_diags){.arena = &arena};
        tsk_ir_module *module = parse(tsk_arena_printf(&arena, "func @f(0) {\n%s}\n", cases[i].body));
        cr_assert(module, "%s", messages());
        cr_expect_not(tsk_ir_verify(module->first, &test_env, &diags), "accepted: %s", cases[i].body);
        cr_assert(diags.first && diags.first->code == TSK_E_IR_INVALID);
        cr_expect(strstr(diags.first->message, cases[i].message), "%s\ninstead of: %s", diags.first->message,
                  cases[i].message);
    }
}

/* ---- builder ---- */

static tsk_ir_builder builder(bool fold, uint32_t params) {
    tsk_ir_module *module = tsk_ir_module_new(&arena);
    module->fold = fold;
    tsk_ir_func *func = tsk_ir_func_new(module, "test", params, 0);
    return (tsk_ir_builder){.func = func, .block = func->entry, .env = &test_env};
}

Test(ir, builder_folds_as_it_goes) {
    tsk_ir_builder b = builder(true, 0);
    tsk_ir_inst *two = tsk_ir_const(&b, tsk_from_i32(2)),
                *six = tsk_ir_emit2(&b, TSK_IR_MUL, two, tsk_ir_const(&b, tsk_from_i32(3)));
    tsk_ir_inst *text = tsk_ir_emit2(&b, TSK_IR_ADD, tsk_ir_const(&b, tsk_str_cstr(&arena, "port ")), six);
    tsk_ir_inst *upper = tsk_ir_emit_index(&b, TSK_IR_OP, 0, &text, 1);
    cr_assert_eq(upper->op, TSK_IR_CONST);
    cr_expect(tsk_slice_eq(tsk_as_slice(upper->imm.value), TSK_SLICE("PORT 6")));
    cr_expect_eq(tsk_ir_emit_index(&b, TSK_IR_KEY, 7, NULL, 0)->op, TSK_IR_CONST);
    cr_expect_eq(tsk_ir_emit_index(&b, TSK_IR_KEY, 1, NULL, 0)->op, TSK_IR_KEY);
    cr_expect_eq(tsk_ir_emit_index(&b, TSK_IR_OP, 1, &text, 1)->op, TSK_IR_OP);
    cr_expect_eq(tsk_ir_emit2(&b, TSK_IR_DIV, two, tsk_ir_const(&b, tsk_from_i32(0)))->op, TSK_IR_DIV);
    tsk_ir_inst *flag = tsk_ir_emit1(&b, TSK_IR_NOT, tsk_ir_emit_index(&b, TSK_IR_KEY, 2, NULL, 0));
    cr_expect_eq(tsk_ir_emit1(&b, TSK_IR_TRUTH, flag), flag);
    tsk_ir_return(&b, upper);
    cr_expect(tsk_ir_verify(b.func, &test_env, &diags), "%s", messages());
}

Test(ir, builder_does_not_fold_unless_asked) {
    tsk_ir_builder b = builder(false, 0);
    tsk_ir_inst *two = tsk_ir_const(&b, tsk_from_i32(2)), *four = tsk_ir_emit2(&b, TSK_IR_ADD, two, two);
    cr_expect_eq(four->op, TSK_IR_ADD);
    cr_expect_eq(four->type, TSK_TY_INT);
    tsk_ir_return(&b, four);
    tsk_value v;
    cr_expect_not(tsk_ir_is_constant(b.func, &v));
}

Test(ir, builder_survives_code_after_a_terminator) {
    tsk_ir_builder b = builder(true, 1);
    tsk_ir_return(&b, b.func->entry->params[0]);
    cr_assert_null(b.block);
    tsk_ir_inst *key = tsk_ir_emit_index(&b, TSK_IR_KEY, 1, NULL, 0);
    tsk_ir_return(&b, key);
    tsk_ir_jump(&b, tsk_ir_build_block(&b), NULL, 0);
    tsk_ir_emit(&b, TSK_IR_UNREACHABLE, TSK_VALUE_NULL, NULL, 0);
    cr_expect(tsk_ir_verify(b.func, &test_env, &diags), "%s", messages());
    cr_expect_eq(b.func->block_count, 1);
}

Test(ir, names_of_functions_are_unique) {
    tsk_ir_module *module = tsk_ir_module_new(&arena);
    cr_expect_str_eq(tsk_ir_func_new(module, "map", 0, 0)->name, "map");
    cr_expect_str_eq(tsk_ir_func_new(module, "map~2", 0, 0)->name, "map~2");
    cr_expect_str_eq(tsk_ir_func_new(module, "map", 0, 0)->name, "map~3");
    cr_expect_str_eq(tsk_ir_func_new(module, "map~2", 0, 0)->name, "map~2~2");
    cr_expect_str_eq(tsk_ir_func_new(module, NULL, 0, 0)->name, "");
}

/* ---- queries ---- */

Test(ir, a_call_has_the_effect_of_its_function) {
    tsk_ir_module *module = parse(
        "func @pure(1) {\nb0(%0):\n  return %0\n}\n"
        "func @writes(1) {\nb0(%0):\n  %1 = op @set(%0, %0)\n  return %1\n}\n"
        "func @f(1) {\nb0(%0):\n  %1 = closure @pure()\n  %2 = call %1(%0)\n  return %2\n}\n"
        "func @g(1) {\nb0(%0):\n  %1 = closure @writes()\n  %2 = call %1(%0)\n  return %2\n}\n"
        "func @h(1) {\nb0(%0):\n  %1 = call %0(%0)\n  return %1\n}\n"
        "func @i(1) {\nb0(%0):\n  %1 = method \"upper\"(%0)\n  return %1\n}\n"
        "func @j(1) {\nb0(%0):\n  %1 = key 6\n  return %1\n}\n");
    static const tsk_effect expected[] = {TSK_EFFECT_PURE,    TSK_EFFECT_WRITE, TSK_EFFECT_PURE,   TSK_EFFECT_WRITE,
                                          TSK_EFFECT_CONTEXT, TSK_EFFECT_PURE,  TSK_EFFECT_CONTEXT};
    cr_assert(module, "%s", messages());
    size_t i = 0;
    for (tsk_ir_func *func = module->first; func; func = func->next, i++) {
        tsk_ir_summarize(func, &test_env);
        cr_expect_eq(func->effect, expected[i], "@%s has effect %d", func->name, func->effect);
    }
}

Test(ir, only_unsafe_arithmetic_throws) {
    static const struct {
        const char *text;
        bool throws;
    } cases[] = {{"add %0, %1", false},   {"sub %1, %1", false}, {"sub %0, %1", true},     {"div %1, %2", false},
                 {"div %1, %1", true},    {"mod %1, %2", false}, {"pow %1, %2", false},    {"pow %1, %1", true},
                 {"pow %1, %3", true},    {"pow %1, %4", false}, {"neg %0", true},         {"neg %4", false},
                 {"to_int %1", false},    {"to_int %4", true},   {"to_bool %0", true},     {"to_bool %1", false},
                 {"to_string %0", false}, {"count %0", true},    {"concat %0, %1", false}, {"method \"at\"(%0)", true}};
    for (size_t i = 0; i < TSK_COUNT(cases); i++) {
        tsk_ir_module *module = parse(
            tsk_arena_printf(&arena,
                             "func @f(2) {\nb0(%%0, %%1: int):\n  %%2 = const 2\n  %%3 = const -1\n"
                             "  %%4 = key 1 : double\n  %%5 = %s\n  return %%5\n}\n",
                             cases[i].text));
        cr_assert(module, "%s", messages());
        cr_expect_eq(tsk_ir_can_throw(module->first->entry->last->prev), cases[i].throws, "%s", cases[i].text);
    }
}

/* ---- dominators ---- */

static tsk_ir_block *block_at(tsk_ir_func *func, uint32_t id) {
    tsk_ir_block *block = func->entry;
    while (block->id != id) block = block->next;
    return block;
}

Test(ir, dominators_know_handlers) {
    tsk_ir_func *func = parse("func @f(1) {\nb0(%0: bool):\n  jump b1\nb1 handler b3:\n  branch %0, b2, b4\n"
                              "b2 handler b3:\n  jump b4\nb3:\n  jump b5\nb4:\n  jump b5\nb5:\n  return %0\n}\n")
                            ->first;
    tsk_ir_dominators d;
    tsk_ir_dominators_build(&d, func, &arena);
    cr_assert_eq(d.count, 6);
    tsk_ir_block *b[6];
    for (uint32_t i = 0; i < 6; i++) b[i] = block_at(func, i);
    cr_expect(tsk_ir_dominates(&d, b[1], b[3]) && tsk_ir_dominates(&d, b[1], b[5]) && tsk_ir_dominates(&d, b[3], b[3]));
    cr_expect_not(tsk_ir_dominates(&d, b[2], b[3]) || tsk_ir_dominates(&d, b[3], b[5]) ||
                  tsk_ir_dominates(&d, b[5], b[1]));
    cr_expect(tsk_ir_visible(&d, b[0], b[3]) && tsk_ir_visible(&d, b[1], b[4]) && tsk_ir_visible(&d, b[2], b[2]));
    /* a value of b1 need not be there when its handler runs */
    cr_expect_not(tsk_ir_visible(&d, b[1], b[3]) || tsk_ir_visible(&d, b[1], b[5]));
    cr_expect_eq(d.order[d.idom[d.position[3]]], b[1]);
    cr_expect_eq(d.order[d.idom[d.position[5]]], b[1]);
}

/* Can `to` be reached when control may not enter `without`? */
static bool reaches(const tsk_ir_func *func, const tsk_ir_block *to, const tsk_ir_block *without) {
    bool *seen = tsk_arena_zalloc(&arena, func->block_count);
    const tsk_ir_block **stack = TSK_NEW_ARRAY(&arena, const tsk_ir_block *, func->block_count);
    uint32_t depth = 0;
    if (func->entry != without) stack[depth++] = func->entry;
    seen[func->entry->id] = true;
    while (depth) {
        const tsk_ir_block *at = stack[--depth];
        if (at == to) return true;
        const tsk_ir_block *next[] = {at->edges[0].to, at->edges[1].to, at->handler};
        for (int i = 0; i < 3; i++) {
            if (!next[i] || next[i] == without || seen[next[i]->id]) continue;
            seen[next[i]->id] = true;
            stack[depth++] = next[i];
        }
    }
    return false;
}

/* Graphs by chance: a dominates b when b cannot be reached without a. */
Test(ir, dominators_are_what_they_are) {
    uint32_t seed = 1;
    for (int round = 0; round < 300; round++) {
        tsk_buf text;
        tsk_buf_init(&text, &arena);
        uint32_t blocks = 3 + (uint32_t)round % 12;
        tsk_buf_cstr(&text, "func @f(1) {\nb0(%0: bool):\n  jump b1\n");
        for (uint32_t i = 1; i < blocks; i++) {
            uint32_t to[3];
            for (int k = 0; k < 3; k++) to[k] = 1 + (seed = seed * 1664525 + 1013904223) / 65536 % (blocks - 1);
            if (to[2] % 3 == 0 && to[2] != i)
                tsk_buf_printf(&text, "b%u handler b%u:\n", i, to[2]);
            else
                tsk_buf_printf(&text, "b%u:\n", i);
            if (to[0] == to[1])
                tsk_buf_printf(&text, "  jump b%u\n", to[0]);
            else
                tsk_buf_printf(&text, "  branch %%0, b%u, b%u\n", to[0], to[1]);
        }
        tsk_buf_cstr(&text, "}\n");
        tsk_buf_char(&text, 0);
        tsk_ir_module *module = parse(text.ptr);
        cr_assert(module, "%s%s", text.ptr, messages());
        tsk_ir_func *func = module->first;
        tsk_ir_dominators d;
        tsk_ir_dominators_build(&d, func, &arena);
        for (const tsk_ir_block *a = func->entry; a; a = a->next)
            for (const tsk_ir_block *b = func->entry; b; b = b->next)
                cr_assert_eq(tsk_ir_dominates(&d, a, b), !reaches(func, b, a), "b%u, b%u in\n%s", a->id, b->id,
                             text.ptr);
    }
}

/* ---- passes ---- */

Test(ir, pipelines_are_named_in_text) {
    tsk_ir_pipeline p;
    tsk_slice unknown;
    tsk_ir_pipeline_default(&p);
    cr_expect_eq(p.count, tsk_ir_pass_count);
    cr_expect(tsk_ir_pipeline_parse(&p, "dce, sccp", &unknown) && p.count == 2 &&
              strcmp(p.passes[0]->name, "dce") == 0);
    cr_expect(tsk_ir_pipeline_parse(&p, "-sccp,-dce", &unknown) && p.count == tsk_ir_pass_count - 2);
    cr_expect(tsk_ir_pipeline_parse(&p, "none", &unknown) && p.count == 0);
    cr_expect(tsk_ir_pipeline_parse(&p, "default,dce", &unknown) && p.count == tsk_ir_pass_count + 1);
    cr_expect_not(tsk_ir_pipeline_parse(&p, "sccp,dced", &unknown));
    cr_expect(tsk_slice_eq(unknown, TSK_SLICE("dced")));
    cr_expect_null(tsk_ir_pass_find("", 0));
}

Test(ir, a_folded_thunk_is_constant) {
    tsk_ir_module *module = optimize(
        "func @f(0) {\nb0:\n  %0 = key 7\n  %1 = const 0\n  %2 = gt %0, %1\n  branch %2, b1, b2\n"
        "b1:\n  %3 = const \"yes\"\n  jump b3(%3)\nb2:\n  %4 = op @now()\n  jump b3(%4)\n"
        "b3(%5):\n  return %5\n}\n",
        "default");
    tsk_value v;
    cr_assert(tsk_ir_is_constant(module->first, &v), "%s", print(module));
    cr_expect(tsk_is_str(v) && tsk_slice_eq(tsk_as_slice(v), TSK_SLICE("yes")));
    cr_expect_eq(module->first->effect, TSK_EFFECT_PURE);
}

enum { LARGE = 100000 };

static void run_default(tsk_ir_func *func) {
    tsk_ir_pipeline p;
    tsk_ir_pipeline_default(&p);
    p.verify = true;
    cr_assert(tsk_ir_pipeline_run(&p, func, &test_env, &diags), "%s", messages());
}

Test(ir, passes_are_linear_in_instructions, .timeout = 20) {
    tsk_ir_builder b = builder(false, 2);
    tsk_ir_inst *text = b.func->entry->params[0], *sum = tsk_ir_emit1(&b, TSK_IR_TO_INT, b.func->entry->params[1]);
    tsk_ir_inst *dash = tsk_ir_const(&b, tsk_str_cstr(&arena, "-"));
    for (int i = 0; i < LARGE / 2; i++) {
        text = tsk_ir_emit2(&b, TSK_IR_ADD, text, dash);
        sum = tsk_ir_emit2(&b, TSK_IR_SUB, tsk_ir_emit1(&b, TSK_IR_NEG, sum), dash);
    }
    tsk_ir_inst *both[2] = {text, sum};
    tsk_ir_return(&b, tsk_ir_emit(&b, TSK_IR_ARRAY, TSK_VALUE_NULL, both, 2));
    run_default(b.func);
    cr_expect_lt(b.func->value_count, 3 * LARGE / 2);
}

Test(ir, passes_are_linear_in_blocks, .timeout = 20) {
    tsk_ir_builder b = builder(false, 1);
    tsk_ir_block *failed = tsk_ir_build_block(&b), *out = tsk_ir_build_block(&b);
    b.handler = failed;
    tsk_ir_inst *value = b.func->entry->params[0];
    for (int i = 0; i < LARGE; i++) {
        tsk_ir_block *next = tsk_ir_build_block(&b);
        if (i % 3 == 0) {
            tsk_ir_jump(&b, next, NULL, 0);
        } else {
            tsk_ir_inst *test = tsk_ir_emit1(&b, TSK_IR_TRUTH, tsk_ir_emit_index(&b, TSK_IR_KEY, 1, NULL, 0));
            tsk_ir_branch(&b, test, next, out);
        }
        b.block = next;
    }
    tsk_ir_return(&b, value);
    b.block = out;
    tsk_ir_return(&b, value);
    b.block = failed;
    tsk_ir_return(&b, value);
    run_default(b.func);
    cr_expect_gt(b.func->block_count, LARGE / 2);
    const char *text = print(b.func->module);
    cr_expect_str_eq(print(parse(text)), text);
}

static void run_within(size_t limit) {
    tsk_arena small;
    tsk_trap trap;
    tsk_arena_init(&small, NULL, limit);
    small.trap = &trap;
    if (setjmp(trap.jump) == 0) {
        tsk_ir_module *module = tsk_ir_module_new(&small);
        tsk_ir_func *func = tsk_ir_func_new(module, "f", 1, 0);
        tsk_ir_builder b = {.func = func, .block = func->entry, .env = &test_env};
        tsk_ir_inst *text = func->entry->params[0];
        for (int i = 0; i < 200; i++)
            text = tsk_ir_emit2(&b, TSK_IR_ADD, tsk_ir_emit1(&b, TSK_IR_TO_STRING, text), text);
        tsk_ir_return(&b, text);
        tsk_ir_pipeline p;
        tsk_ir_pipeline_default(&p);
        cr_expect(tsk_ir_pipeline_run(&p, func, &test_env, NULL));
    } else {
        cr_expect_eq(small.trap, &trap, "the trap is the caller's again");
    }
    tsk_arena_free(&small);
}

Test(ir, running_out_of_memory_leaves_by_the_trap) {
    for (size_t limit = 8 << 10; limit < (size_t)1 << 20; limit += 4 << 10) run_within(limit);
}
