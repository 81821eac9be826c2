/* The parser of functions: what is JavaScript and what is not (as Node has it, but for @operators). */
#include "frontend/js/parse.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

typedef struct fixture {
    tsk_arena arena;
    tsk_trap trap;
    tsk_diags diags;
} fixture;

static tsk_js_function *parse(fixture *f, const char *text, bool script) {
    size_t len = strlen(text);
    tsk_arena_init(&f->arena, NULL, 0);
    f->arena.trap = &f->trap;
    if (setjmp(f->trap.jump)) cr_assert_fail("out of memory");
    f->diags = (tsk_diags){.arena = &f->arena};
    char *copy = tsk_arena_zalloc(&f->arena, len + TSK_SOURCE_PADDING);
    memcpy(copy, text, len);
    tsk_slice slice = {copy, (uint32_t)len};
    return script ? tsk_js_parse_script(&f->arena, &f->diags, slice, 0, NULL)
                  : tsk_js_parse_function(&f->arena, &f->diags, slice, 0, NULL);
}

static const char *const scripts[] = {
    "1+2*3",
    "let a=1, b; const {c, d:[e,...f], ...g} = x; var h = (a,b)=>a+b",
    "x => x*2; (x) => ({a:1}); async x => 1; async (a,b=2,...c) => { return a }",
    "function f(a,b=1,{c}={},...[d]){ return a ?\? b }",
    "for (let i=0;i<10;i++) { continue } for (const x of y) break; for (var k in o) {} for (;;) { break }",
    "l: for(;;){ for(;;) continue l; } ",
    "switch(x){ case 1: let y=2; break; default: z() }",
    "try { a() } catch { b() } finally { c() }",
    "try { a() } catch ({message}) { b() }",
    "class A extends B { #p = 1; static s = 2; get x(){ return this.#p } set x(v){ this.#p = v } static { this.t = 1 } "
    "constructor(){ super(); super.m() } m(){ return super.m() } static async q(){} [k+1](){} 'str'(){} 12(){} get(){} "
    "set(){} static(){} async(){} has(o){ return #p in o } }",
    "var t = `a${b}c${`n${1}`}d`; tag`x${1}y`",
    "/re[/]x/gi.test(s); a = b / c / d",
    "[a, b] = [b, a]; ({a, b: c.d, ...e} = f); [a=1, [b]] = c",
    "a ||= b; a &&= c; a ?\?= d; a **= 2; a >>>= 1",
    "if (a) b; else if (c) d; else e",
    "do x++; while (x < 5) y",
    "var x = function fact(n){ return n<2?1:n*fact(n-1) }",
    "throw new Error(\"x\")",
    "(function(){ new.target })",
    "a = b\n++c",
    "typeof x === 'undefined' ? void 0 : delete a.b",
    "0x1F + 0b11 + 0o17 + 1_000 + .5 + 1e3",
    "\"\\u{1F600}\\x41\\n\\\ncont\"",
    "@env(\"HOME\") + @cache.get(\"k\")",
    "var {a = 1, b: {c = 2} = {}} = z",
    "(a, b)",
    "((a)) = 1",
    "for (const [k, v] of Object.entries(o)) {}",
    "for ({a} of b) {}",
    "for (a.b in c) {}",
    "({__proto__: null, \"__proto__\"(){}, get __proto__(){return 1}})",
    "({__proto__: a, __proto__: b} = c)",
    "async function f(){ return 1 }",
    "({async f(){}, get a(){return 1}, set a(v){}, [x]:1, 'k':2, 3:4, n})",
    "let async; async = 1; async(1,2)",
    "of = 1; for (of of []) ;",
    "var let_ = 1; var get, set, target",
    "x = a ? b : c ? d : e",
    "(x => x)(1)",
    "x = y => z => y+z",
    "f(...a, b, ...c)",
    "[,,1,,]",
    "`\\u{41}`",
    "if (1) function_call(); else ;",
    "({ if: 1, class: 2 }).if",
    "a.class.new",
    "x = {a(){ return super.toString() }}",
};

Test(js_parse, accepts) {
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        fixture f;
        tsk_js_function *script = parse(&f, scripts[i], true);
        cr_expect(script, "%s: %s", scripts[i], f.diags.first ? f.diags.first->message : "");
        cr_expect_null(f.diags.first, "%s", scripts[i]);
        tsk_arena_free(&f.arena);
    }
}

static const char *const broken[] = {
    "let a; let a",
    "let a; var a",
    "var a; let a",
    "function f(a,a){}",
    "(a,a)=>1",
    "a => {} ()",
    "a + b => c",
    "({a=1})",
    "({__proto__:1,__proto__:2})",
    "for (let i, j of x) ;",
    "for (let i = 0 of x) ;",
    "const c",
    "break",
    "continue",
    "l: break m",
    "l: { continue l }",
    "return 1",
    "class A { constructor(){} constructor(){} }",
    "class A { #a; #a }",
    "class A { m(){ this.#b } }",
    "class A { constructor(){ super() } }",
    "function f(){ super.x }",
    "new.target",
    "a ?\? b || c",
    "-a ** b",
    "(a, b) = 1",
    "[a]++ ",
    "({a:1} = 1)",
    "if (1) let x = 1",
    "if (1) function f(){}",
    "while(0) class A {}",
    "let let = 1",
    "var yield",
    "eval = 1",
    "arguments++",
    "function eval(){}",
    "\"use strict\"; with(a){}",
    "delete x",
    "01",
    "\"\\07\"",
    "`${a`",
    "/a",
    "a?.b = 1",
    "new a?.b()",
    "a?.`x`",
    "({get a(x){}})",
    "({set a(){}})",
    "function f(a=1){ \"use strict\" }",
    "throw\n1",
    "try {}",
    "switch(x){ default: default: }",
    "{ function f(){} function f(){} }",
    "try{}catch(e){ let e }",
    "try{}catch([a,a]){}",
    "(...a)",
    "(a,)",
    "()",
    "[...a, b] = c",
    "[...a,] = c",
    "({...{a}} = b)",
    "class A extends B { static prototype(){} }",
    "class A { get constructor(){} }",
    "class A { x = arguments }",
    "let [a, a] = b",
    "enum x",
    "import x",
    "label: label: ;",
    "`\\u{}`",
};

Test(js_parse, refuses) {
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        fixture f;
        cr_expect_null(parse(&f, broken[i], true), "%s", broken[i]);
        cr_expect_eq(f.diags.errors, 1, "%s: %u errors", broken[i], f.diags.errors);
        tsk_arena_free(&f.arena);
    }
}

Test(js_parse, grammar) {
    static const struct {
        bool accepted;
        const char *text;
    } rows[] = {
#define G(accepted, text) {accepted, text},
#include "js_grammar.def"
#undef G
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fixture f;
        bool accepted = parse(&f, rows[i].text, true) != NULL;
        cr_expect_eq(accepted, rows[i].accepted, "%s: %s", rows[i].text, f.diags.first ? f.diags.first->message : "");
        tsk_arena_free(&f.arena);
    }
}

Test(js_parse, one_function) {
    static const char *const functions[] = {"function f(a) { return a }", "(a) => a", "f(a) { return a; }",
                                            "async function f() {}", " x => ({x})  "};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        fixture f;
        cr_expect(parse(&f, functions[i], false), "%s", functions[i]);
        tsk_arena_free(&f.arena);
    }
    static const char *const others[] = {"1", "function f() {} function g() {}", "", "f(a)"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        fixture f;
        cr_expect_null(parse(&f, others[i], false), "%s", others[i]);
        tsk_arena_free(&f.arena);
    }
}

/* x is read by the inner function and assigned by the outer: it lives in a box; y is captured by its value. */
Test(js_parse, captures) {
    fixture f;
    const tsk_js_function *g = parse(&f, "function g(x, y) { x = 1; return () => x + y }", false);
    cr_assert(g);
    const tsk_js_binding *x = g->params->binding, *y = g->params->next->binding;
    cr_expect(x->captured && x->reassigned && tsk_js_binding_boxed(x));
    cr_expect(y->captured && !tsk_js_binding_boxed(y));
    const tsk_js_function *inner = g->body->next->a->function;
    cr_expect_eq(inner->capture_count, 2);
    tsk_arena_free(&f.arena);
}

/* A function that is made before its variable has a value looks at it each time. */
Test(js_parse, early) {
    fixture f;
    const tsk_js_function *g = parse(&f, "function g() { const h = () => x; const x = 1; return h }", false);
    cr_assert(g);
    const tsk_js_binding *x = g->body->next->list->a->binding;
    cr_expect(x->checked && x->early && tsk_js_binding_boxed(x));
    tsk_arena_free(&f.arena);
}

Test(js_parse, depth) {
    static const char *const nests[] = {"(", "[", "{a:", "x=>", "-", "a?b:", "function(){", "class{a=", "`${"};
    for (size_t i = 0; i < sizeof nests / sizeof *nests; i++) {
        size_t len = strlen(nests[i]), count = 100000;
        char *text = malloc(len * count + 2);
        char *at = text;
        *at++ = '(';
        for (size_t k = 0; k < count; k++, at += len) memcpy(at, nests[i], len);
        *at = 0;
        fixture f;
        cr_expect_null(parse(&f, text, true), "%s", nests[i]);
        cr_expect_eq(f.diags.errors, 1);
        tsk_arena_free(&f.arena);
        free(text);
    }
}
