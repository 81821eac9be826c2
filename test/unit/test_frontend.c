/* The parser alone: source text to constant tree, thunks and diagnostics. */
#include "frontend/frontend.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct fixture {
    tsk_arena arena;
    tsk_trap trap;
    tsk_graph *graph;
} fixture;

static void load_with(fixture *f, const char *text, size_t len, tsk_load_options options) {
    tsk_arena_init(&f->arena, NULL, 0);
    f->arena.trap = &f->trap;
    if (setjmp(f->trap.jump)) cr_assert_fail("out of memory");
    f->graph = TSK_NEW(&f->arena, tsk_graph);
    f->graph->arena = &f->arena;
    char *copy = tsk_arena_zalloc(&f->arena, len + TSK_SOURCE_PADDING);
    memcpy(copy, text, len);
    tsk_frontend_load(f->graph, "t.tsk", copy, (uint32_t)len, &options);
}

static void load(fixture *f, const char *text) {
    load_with(f, text, strlen(text), (tsk_load_options){.max_depth = 1000, .max_source = 1u << 30, .max_errors = 20});
}

static tsk_value at(const fixture *f, const char *path) {
    tsk_value v = tsk_from_object(f->graph->root);
    while (*path) {
        size_t n = strcspn(path, "/");
        if (tsk_is_array(v)) {
            v = tsk_as_array(v)->items[atoi(path)];
        } else {
            cr_assert(tsk_is_object(v), "no object before `%s`", path);
            tsk_entry *e = tsk_object_find(tsk_as_object(v), path, (uint32_t)n);
            cr_assert_not_null(e, "no key `%s`", path);
            v = e->value;
        }
        path += n + (path[n] == '/');
    }
    return v;
}

static void expect_str(const fixture *f, const char *path, const char *text) {
    tsk_value v = at(f, path);
    cr_assert(tsk_is_str(v), "%s is no string", path);
    tsk_slice s = tsk_as_slice(v);
    cr_expect(s.len == strlen(text) && memcmp(s.ptr, text, s.len) == 0, "%s: `%.*s` is not `%s`", path, (int)s.len,
              s.ptr, text);
}

static void expect_int(const fixture *f, const char *path, int64_t i) {
    tsk_value v = at(f, path);
    cr_assert(tsk_is_int(v), "%s is no integer", path);
    cr_expect_eq(tsk_as_int(v), i);
}

/* Errors as "line:column:code ..." in their order. */
static void expect_errors(const char *text, const char *expected) {
    fixture f;
    load(&f, text);
    char found[512] = "";
    for (const tsk_diag *d = f.graph->diags.first; d; d = d->next) {
        tsk_location l;
        cr_assert(tsk_sources_locate(&f.graph->sources, d->span.pos, &l));
        size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, "%s%u:%u:%d", used ? " " : "", l.line, l.column, (int)d->code);
    }
    cr_expect_str_eq(found, expected, "%s: %s, not %s", text, found, expected);
    tsk_arena_free(&f.arena);
}

Test(frontend, block_styles) {
    fixture f;
    load(&f, "top: 1\n[sec.deep]\na = 2\ncurly { b: 3, c { d: 4 } }\nangle >\n  e: 5\n  in>\n    g: 6\n  <\n<\n"
             "ind:\n  h: 7\n  l:\n    - one\n    - k: 8\n      m: 9\n    - [1, 2]\nlevels [x, 10]\n[sec]\nz: 11\n");
    cr_expect_eq(f.graph->diags.errors, 0);
    expect_int(&f, "top", 1);
    expect_int(&f, "sec/deep/a", 2);
    expect_int(&f, "sec/deep/curly/c/d", 4);
    expect_int(&f, "sec/deep/angle/in/g", 6);
    expect_int(&f, "sec/deep/ind/h", 7);
    expect_int(&f, "sec/deep/ind/l/1/m", 9);
    expect_int(&f, "sec/deep/ind/l/2/1", 2);
    expect_int(&f, "sec/z", 11);
    tsk_arena_free(&f.arena);
}

Test(frontend, strings) {
    fixture f;
    load(&f,
         "a: \"x\\n\\u00e9\\u{1F600}\\d\\\"\"\nb: 'raw \\n \\' \\\\'\nc: \"\"\"\none\n two\n\"\"\"\nd: '''\nq\n'''\n"
         "e: <<END\nhere ${\nEND\ng: \"two\nlines\"\nh: \"\"\ni: \"${not closed\"\nf_fujsen: \"\"\"\nfunction f() { "
         "return `${x}\\n`; }\n\"\"\"\n");
    cr_expect_eq(f.graph->diags.errors, 0);
    expect_str(&f, "a", "x\n\xC3\xA9\xF0\x9F\x98\x80\\d\"");
    expect_str(&f, "b", "raw \\n ' \\");
    expect_str(&f, "c", "one\n two");
    expect_str(&f, "d", "q");
    expect_str(&f, "e", "here ${");
    expect_str(&f, "g", "two\nlines");
    expect_str(&f, "h", "");
    expect_str(&f, "i", "${not closed");
    expect_str(&f, "f_fujsen", "function f() { return `${x}\\n`; }");
    tsk_arena_free(&f.arena);
}

Test(frontend, scalars_and_text) {
    fixture f;
    load(&f, "a: 0xFF\nb: 1_000\nc: -17\nd: 9223372036854775807\ne: Yes\ng: off # no\nh: nil\ni: 1.2.3\nj: "
             "2024-01-15\nk: 30s\n"
             "l: http://x/y // z\nm: /usr/bin\nn: 8000-9000\no: This is text; p: 3\nq: 12:30\nr: 12345678\ns: "
             "123456789012\n");
    cr_expect_eq(f.graph->diags.errors, 0);
    expect_int(&f, "a", 255);
    expect_int(&f, "b", 1000);
    expect_int(&f, "c", -17);
    expect_int(&f, "d", INT64_MAX);
    cr_expect(tsk_same(at(&f, "e"), TSK_VALUE_TRUE));
    cr_expect(tsk_same(at(&f, "g"), TSK_VALUE_FALSE));
    cr_expect(tsk_is_null(at(&f, "h")));
    expect_str(&f, "i", "1.2.3");
    expect_str(&f, "j", "2024-01-15");
    expect_str(&f, "k", "30s");
    expect_str(&f, "l", "http://x/y");
    expect_str(&f, "m", "/usr/bin");
    expect_int(&f, "n/max", 9000);
    expect_str(&f, "o", "This is text");
    expect_int(&f, "p", 3);
    expect_str(&f, "q", "12:30");
    expect_int(&f, "r", 12345678);
    expect_int(&f, "s", 123456789012);
    tsk_arena_free(&f.arena);
}

/* Every count of digits takes the path without a loop to another place. */
Test(frontend, integers_of_every_length) {
    char text[96], digits[] = "1234567890123456789";
    for (size_t n = 1; n <= 18; n++) {
        fixture f;
        snprintf(text, sizeof text, "a: %.*s\nb: -%.*s\nc: [%.*s]\n", (int)n, digits, (int)n, digits, (int)n, digits);
        load(&f, text);
        int64_t expected = strtoll(digits + 0, NULL, 10);
        for (size_t i = n; i < 19; i++) expected /= 10;
        expect_int(&f, "a", expected);
        expect_int(&f, "b", -expected);
        expect_int(&f, "c/0", expected);
        tsk_arena_free(&f.arena);
    }
}

Test(frontend, hashes_agree) {
    const char text[] = "abcdefghijklmnopqrstuvwxyz0123456789________________";
    for (size_t n = 0; n <= 20; n++) cr_expect_eq(tsk_hash(text, n), tsk_hash_padded(text, n), "length %zu", n);
}

Test(frontend, errors_are_found_and_survived) {
    expect_errors("malformed = \n", "1:13:107");
    expect_errors("a: 1\nb: [1, 2\nc: 3\nd: 4\n", "3:1:111");
    expect_errors("a: \"open\nb: 2\n", "1:4:103");
    expect_errors("foo\nb: 1\nbar baz\n", "1:4:108 3:4:108");
    expect_errors("a { b: 1\n", "1:3:105");
    expect_errors("a >\n b: 1\n", "1:3:105");
    expect_errors("}\na: 1\n", "1:1:106");
    expect_errors("[x\na: 1\n", "1:1:112");
    expect_errors("a: @env(\"X\" + )\nb: 1\nc: $d +\n", "1:15:110 3:8:110");
    expect_errors("a: 1 /* open\n", "1:6:104");
    expect_errors("t: php(time())\n", "1:4:116");
    expect_errors("a: 世界 \"x\"\nb: \"x\" 世\n", "2:8:109");
}

static char *repeat(const char *piece, size_t n, const char *tail) {
    size_t len = strlen(piece);
    char *text = malloc(n * len + strlen(tail) + 1);
    for (size_t i = 0; i < n; i++) memcpy(text + i * len, piece, len);
    strcpy(text + n * len, tail);
    return text;
}

Test(frontend, nesting_is_bounded) {
    static const char *const pieces[] = {"[",    "{a:", "{\na {\n", "(",     "!",    "@f(",
                                         "\"${", "-(",  "1 ? ",     "[{a: ", "x => "};
    for (size_t i = 0; i < TSK_COUNT(pieces); i++) {
        fixture f;
        char *text = repeat(pieces[i], 100000, "");
        char *whole = malloc(strlen(text) + 8);
        sprintf(whole, "k: %s", text);
        load(&f, whole);
        cr_expect(f.graph->diags.errors >= 1, "%s", pieces[i]);
        tsk_arena_free(&f.arena);
        free(text);
        free(whole);
    }
}

Test(frontend, long_chain_is_one_node) {
    fixture f;
    char *sum = repeat("$p + ", 100000, "$p\n"), *text = malloc(strlen(sum) + 32);
    sprintf(text, "$p: 1\nv: %s", sum);
    load(&f, text);
    cr_expect_eq(f.graph->diags.errors, 0);
    cr_expect_eq(tsk_graph_thunk(f.graph, tsk_as_thunk(at(&f, "v")))->ast->count, 100001);
    tsk_arena_free(&f.arena);
    free(sum);
    free(text);
}

Test(frontend, every_prefix_is_survived) {
    const char text[] =
        "#!api\n$g: \"a ${$b.c} {$d}\" # c\n[s.t]\nl: [1, two, \"3\", {x: 1}]\nm: @if($g == 'x' ? 1 : (2 + -3) ** 2)\n"
        "n { a: <<X\n1\nX\n}\no >\n p:\n  - q: 1\n<\nr: (a, b) => a | b ?? c.d[0:1]\ns: "
        "\"\"\"\nt\n\"\"\"\n...n\n@include \"f\"\n";
    for (size_t n = 0; n < sizeof text; n++) {
        fixture f;
        load_with(&f, text, n, (tsk_load_options){.max_depth = 100, .max_source = 1u << 30, .max_errors = 20});
        tsk_arena_free(&f.arena);
    }
}
