/* Evaluations that wait: a script is run twice, once with an operator that answers at once and once with the same
 * operator suspending the evaluation each time, with collections in between; both must give the same.
 *
 * `@wait(x)` answers x; `@wait(x, message)` fails with that message.  The collector runs at every allocation. */
#include "ir/script.h"
#include "runtime/engine/engine.h"
#include "runtime/interp/js_loop.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>

typedef struct machine {
    tsk_arena arena, scratch, heap;
    tsk_sources sources;
    tsk_diags diags;
    tsk_ir_module *module;
    tsk_memo outcomes;
    tsk_ir_func *thunks[8];
    tsk_capabilities caps;
    tsk_js *js;
    tsk_eval ev;
    /* what waits */
    bool at_once;
    int waits;
    tsk_value answer;
    const char *fails;
    char message[128];
} machine;

static machine m;

/* ---- the operator ---- */

static tsk_value keep_answer(tsk_js *js, uint32_t count, const tsk_value *args) {
    m.answer = count > 0 ? args[0] : TSK_VALUE_UNDEFINED;
    m.fails = NULL;
    if (count < 2) return TSK_VALUE_UNDEFINED;
    snprintf(m.message, sizeof m.message, "%s", tsk_js_describe(js, args[1]));
    m.fails = m.message;
    return TSK_VALUE_UNDEFINED;
}

static tsk_value operate(tsk_eval *ev, uint32_t number, tsk_value name, uint32_t count, const tsk_value *args) {
    (void)number, (void)name;
    m.waits++;
    keep_answer(ev->js, count, args);
    if (m.at_once) return m.fails ? tsk_js_throw_type(ev->js, "%s", m.fails) : m.answer;
    if (!tsk_op_may_wait(&ev->op, "wait")) return tsk_js_throw_type(ev->js, "%s", ev->failure.message);
    ev->op.wait = &m;
    return TSK_JS_THROWN;
}

/* The same for configurations. */
static bool wait_operator(tsk_op_context *cx, const tsk_value *args, uint32_t count, tsk_value *out) {
    (void)out;
    m.waits++;
    m.answer = count > 0 ? args[0] : TSK_VALUE_NULL;
    m.fails = NULL;
    if (!tsk_op_may_wait(cx, "wait")) return false;
    cx->wait = &m;
    return false;
}

static const tsk_operator operators[] = {{"wait", 0, -1, TSK_EFFECT_CONTEXT, 0, wait_operator}};

/* ---- hosts ---- */

static const tsk_bytecode *compile_function(tsk_eval *ev, tsk_ir_func *func) {
    static const tsk_ir_env env;
    (void)ev;
    tsk_arena_reset(&m.scratch);
    if (func->js->ast) cr_assert(tsk_script_lower(func, &env, &m.scratch));
    cr_assert(tsk_ir_verify(func, &env, &m.diags), "%s", m.diags.first ? m.diags.first->message : "not valid");
    return tsk_bytecode_generate(&m.arena, &m.scratch, func);
}

static const tsk_js_loop_host loop_host = {.compile = compile_function, .operate = operate};

static void trace(tsk_js *js, tsk_buf *out, const tsk_js_object *above) {
    (void)js, (void)out, (void)above;
}

static bool roots(tsk_js *js, tsk_heap *heap) {
    tsk_heap_visit_value(heap, m.answer);
    return tsk_js_loop_roots(js->user, heap);
}

static tsk_ir_func *library(tsk_js *js, const char *text_name, const char *name, uint32_t length) {
    (void)js;
    return tsk_library_load(m.module, &m.diags, text_name, name, length);
}

static bool poll(tsk_js *js, uint32_t steps) {
    (void)steps;
    return tsk_js_loop_poll(js->user);
}

static const tsk_js_host realm_host = {
    .call = tsk_js_loop_call, .trace = trace, .library = library, .roots = roots, .poll = poll};

static bool compile(tsk_eval *ev, uint32_t thunk) {
    (void)ev;
    const tsk_bytecode *code = tsk_bytecode_generate(&m.arena, &m.scratch, m.thunks[thunk]);
    atomic_store(tsk_memo_make(&m.outcomes, &m.arena, thunk), (uintptr_t)code);
    return true;
}

static const char *key_name(tsk_eval *ev, uint32_t thunk) {
    (void)ev, (void)thunk;
    return "key";
}

static void prepare(tsk_eval *ev) {
    ev->prepared = true;
}

static tsk_frame *enter(tsk_eval *ev, const tsk_cell *function, const tsk_operands *operands, uint32_t first) {
    uint32_t count = operands->list[TSK_LIST_COUNT] - first;
    tsk_value args[count + 1];
    for (uint32_t i = 0; i < count; i++) args[i] = tsk_operand(operands, first + i);
    tsk_js_closure *fn = tsk_js_closure_new(ev->js, function->func, 0, NULL);
    return tsk_js_loop_push(ev, fn, TSK_VALUE_UNDEFINED, TSK_VALUE_UNDEFINED, count, args);
}

/* Only numbers cross in these tests. */
static bool cross(tsk_eval *ev, tsk_value v, tsk_value *out) {
    (void)ev;
    *out = v;
    return true;
}

static void failure_to_exception(tsk_eval *ev) {
    tsk_js_throw_type(ev->js, "%s", ev->failure.message);
    ev->js->uncatchable = tsk_interp_is_fatal(ev->failure.code);
}

static void exception_to_failure(tsk_eval *ev) {
    tsk_value v = tsk_js_take_exception(ev->js);
    tsk_interp_fail(ev, TSK_E_OPERATOR_FAILED, "%s", tsk_js_describe(ev->js, v));
}

static const tsk_interp_host host = {.compile = compile,
                                     .prepare = prepare,
                                     .key_name = key_name,
                                     .enter = enter,
                                     .to_function = cross,
                                     .from_function = cross,
                                     .failure_to_exception = failure_to_exception,
                                     .exception_to_failure = exception_to_failure};

/* ---- machine ---- */

static void start(void) {
    m = (machine){.answer = TSK_VALUE_UNDEFINED};
    tsk_arena_init(&m.arena, NULL, 0);
    tsk_arena_init(&m.scratch, NULL, 0);
    tsk_arena_init(&m.heap, NULL, 0);
    m.sources.arena = m.diags.arena = &m.arena;
    m.module = tsk_ir_module_new(&m.arena);
    m.ev = (tsk_eval){.heap = &m.heap,
                      .host = &host,
                      .js_host = &loop_host,
                      .operators = operators,
                      .outcomes = &m.outcomes,
                      .allocator = &tsk_allocator_default,
                      .limits = {.calls = 10000}};
    m.ev.op = (tsk_op_context){.heap = &m.heap, .failure = &m.ev.failure, .caps = &m.caps};
    m.js = m.ev.js = tsk_js_new(&tsk_allocator_default, &realm_host, &m.ev, 0);
    m.js->heap->stress = true;
}

static void stop(void) {
    tsk_interp_free(&m.ev);
    tsk_js_free(m.js);
    tsk_arena_free(&m.arena);
    tsk_arena_free(&m.scratch);
    tsk_arena_free(&m.heap);
}

static TSK_NOINLINE void with_machine(void (*volatile body)(void)) {
    start();
    tsk_heap_set_stack_base(m.js->heap, __builtin_frame_address(0));
    body();
    stop();
}

#define SUSPEND_TEST(name)                                                                                             \
    static void name(void);                                                                                            \
    Test(suspend, name) {                                                                                              \
        with_machine(name);                                                                                            \
    }                                                                                                                  \
    static void name(void)

static tsk_ir_func *load(const char *text) {
    static const tsk_script_options options;
    size_t len = strlen(text);
    char *copy = tsk_arena_zalloc(&m.arena, len + TSK_SOURCE_PADDING);
    memcpy(copy, text, len);
    const tsk_source *source = tsk_sources_add(&m.sources, "test.js", copy, (uint32_t)len);
    tsk_ir_func *func = tsk_script_load(m.module, source, &m.diags, &options);
    cr_assert(func, "%s", m.diags.first ? m.diags.first->message : text);
    return func;
}

/* Nothing of the evaluation is on the machine stack between two of these. */
static TSK_NOINLINE bool resume(tsk_value *out) {
    if (m.fails)
        m.ev.failure = (tsk_failure){TSK_E_OPERATOR_FAILED, tsk_arena_strdup(&m.heap, m.fails, strlen(m.fails)), NULL};
    return tsk_interp_resume(&m.ev, m.fails ? NULL : &m.answer, out);
}

static TSK_NOINLINE bool begin(tsk_ir_func *func, tsk_value *out) {
    tsk_interp_begin(&m.ev);
    tsk_js_closure *script = tsk_js_closure_new(m.js, func, 0, NULL);
    *out = tsk_js_loop_call(m.js, script, TSK_VALUE_UNDEFINED, TSK_VALUE_UNDEFINED, 0, NULL);
    return !tsk_js_is_thrown(*out);
}

static const char *text_of(tsk_value v) {
    tsk_buf out;
    tsk_buf_init(&out, &m.arena);
    tsk_js_string *text = tsk_js_to_string(m.js, v);
    cr_assert(text != NULL);
    tsk_js_string_to_utf8(m.js, text, &out, true);
    tsk_buf_char(&out, 0);
    return out.ptr;
}

static const char *result_text(bool ok) {
    if (!ok) return tsk_arena_printf(&m.arena, "!%s", text_of(tsk_js_take_exception(m.js)));
    return text_of(tsk_js_get(m.js, m.js->global, tsk_js_key_atom(tsk_js_atom_utf8("result", 6))));
}

/* What the script leaves in `result`, as text; "!" and the exception when it throws. */
static const char *run(const char *text, bool at_once) {
    tsk_value out;
    m.at_once = at_once;
    m.ev.suspendable = true;
    m.waits = 0;
    bool ok = begin(load(text), &out);
    while (!ok && m.ev.waiting) {
        cr_assert_eq(m.ev.pinned, 0);
        cr_assert_eq(m.js->depth, 0);
        tsk_heap_collect(m.js->heap);
        ok = resume(&out);
    }
    cr_assert_null(m.ev.top);
    m.ev.suspendable = false;
    return result_text(ok);
}

static void same(const char *text, int waits, const char *expected) {
    const char *at_once = run(text, true);
    cr_expect_str_eq(at_once, expected, "at once: %s", at_once);
    cr_expect_eq(m.waits, waits, "%d waits", m.waits);
    const char *suspended = run(text, false);
    cr_expect_str_eq(suspended, expected, "suspended: %s", suspended);
    cr_expect_eq(m.waits, waits);
}

/* ---- functions ---- */

SUSPEND_TEST(plain) {
    same("globalThis.result = @wait(1) + @wait(2) * 10;", 2, "21");
    same("{ function f(n) { return n ? f(n - 1) + @wait(n) : 0 } globalThis.result = f(50); }", 50, "1275");
    same("globalThis.result = `${@wait('a')}-${[@wait('b'), ...[@wait('c')]]}`;", 3, "a-b,c");
    same("globalThis.result = null; new (class { x = 1; constructor() { globalThis.result = this.x + @wait(2) } })()",
         1, "3");
}

SUSPEND_TEST(callbacks_three_deep) {
    same("{ const log = [];"
         "const out = [1, 2].map(a => [3, 4].reduce((s, b) => s + [9, 5, 7, 1].toSorted((x, y) => {"
         "  try { return @wait(x - y) } finally { log.push(x) } }).join('') + a + b + @wait('.'), ''));"
         "globalThis.result = out.join('|') + ' ' + log.length; }",
         28, "157913.157914.|157923.157924. 24");
}

SUSPEND_TEST(every_callback) {
    same("globalThis.result = [[3, 1, 2].map(x => @wait(x * 2)), [3, 1, 2].filter(x => @wait(x > 1)),"
         "[3, 1, 2].some(x => @wait(x === 1)), [3, 1, 2].every(x => @wait(x > 1)),"
         "[3, 1, 2].find(x => @wait(x < 3)), [3, 1, 2].findIndex(x => @wait(x < 3)),"
         "[3, 1, 2].findLast(x => @wait(x < 3)), [3, 1, 2].findLastIndex(x => @wait(x > 2)),"
         "[3, 1, 2].reduceRight((s, x) => @wait(s + x), ''), [3, 1, 2].flatMap(x => @wait([x, x]))].join(' ');",
         24, "6,2,4 3,2 true false 1 1 2 0 213 3,3,1,1,2,2");
    same("{ let s = 0; [1, 2, 3].forEach((x, i) => { s += @wait(x) * i }); globalThis.result = s; }", 3, "8");
    same("{ const a = [3, 1, 2]; a.sort((x, y) => @wait(y - x)); globalThis.result = a; }", 4, "3,2,1");
}

SUSPEND_TEST(other_collections) {
    same("{ const log = [];"
         "new Map([[1, 2], [3, 4]]).forEach((v, k) => log.push(@wait(v + k)));"
         "new Set([5, 6]).forEach(v => log.push(@wait(v)));"
         "log.push(Array.from([1, 2], x => @wait(x * 2)), Array.from({ length: 2 }, (x, i) => @wait(i)),"
         "  Array.from(new Set('ab'), x => @wait(x)));"
         "log.push(new Float64Array([1, 2]).map(x => @wait(x / 2)), Int32Array.from([7, 8], x => @wait(x)),"
         "  new Int32Array([2, 3, 1]).sort((x, y) => @wait(x - y)), new Int8Array([1, 2]).reduce((x, y) => @wait(x + "
         "y)));"
         "log.push(JSON.stringify(Object.groupBy([1, 2, 3], x => @wait(x % 2 ? 'odd' : 'even'))));"
         "globalThis.result = log.join(' '); }",
         21, "3 7 5 6 2,4 0,1 a,b 0.5,1 7,8 1,2,3 3 {\"odd\":[1,3],\"even\":[2]}");
}

SUSPEND_TEST(replacements) {
    same("globalThis.result = ['a-b-c'.replace('-', (m, i) => @wait(m + i)), 'a-b-c'.replaceAll('-', (m, i) => "
         "@wait(i)),"
         "  'x1y22'.replace(/([a-z])([0-9]+)/g, (m, a, b, i) => @wait(b) + a + [i].map(x => @wait(x)))].join();",
         7, "a-1b-c,a1b3c,1x022y2");
}

SUSPEND_TEST(calls_by_way_of_others) {
    same("{ function f(...a) { return this + @wait(a.join('')) }"
         "globalThis.result = [f.call('a', 1), f.apply('b', [2, 3]), f.bind('c', 4)(5), f(...[6]), f.call.call(f, 'd'),"
         "  Reflect.apply(f, 'e', [7]), [8].map(f.bind('f'))].join(); }",
         7, "a1,b23,c45,undefined6,d,e7,f808");
    same("{ class A { x = @wait(1); constructor(a) { this.a = @wait(a) } }"
         "class B extends A { y = @wait(this.x + 1); constructor(...a) { super(...a); this.z = @wait(3) } }"
         "class C extends B {}"
         "globalThis.result = JSON.stringify([new C(...[9]), new B(8)]); }",
         8, "[{\"x\":1,\"a\":9,\"y\":2,\"z\":3},{\"x\":1,\"a\":8,\"y\":2,\"z\":3}]");
}

SUSPEND_TEST(errors_on_resume) {
    same("try { @wait(1, 'no'); globalThis.result = 'went on' } catch (e) { globalThis.result = e.message }", 1, "no");
    same("@wait(1, 'nobody catches');", 1, "!TypeError: nobody catches");
    same("{ const log = [];"
         "for (let i = 0; i < 6; i++) {"
         "  try { log.push(i % 2 ? @wait(i, 'e' + i) : @wait(i)) } catch (e) { log.push(e.message) }"
         "  finally { try { log.push(@wait('f', 'g')) } catch { log.push(@wait('h')) } } }"
         "globalThis.result = log.join(''); }",
         18, "0he1h2he3h4he5h");
    same("{ const log = [];"
         "function f() { try { return @wait('lost') } finally { log.push(@wait('kept')); } }"
         "function g() { try { [1, 2].map(x => [x].sort(), [1].forEach(() => @wait(0, 'out'))) }"
         "  finally { log.push(@wait('left')); return 'g' } }"
         "globalThis.result = f() + g() + log; }",
         4, "lostgkept,left");
}

SUSPEND_TEST(regions_that_cannot_wait) {
    same("globalThis.result = [1].map(x => x).length;", 0, "1");
    const char *text = run(
        "const log = [];"
        "const tries = [() => +{ valueOf() { return @wait(1) } }, () => `${{ toString() { return @wait('s') } }}`,"
        "  () => ({ get x() { return @wait(2) } }).x, () => JSON.stringify({ toJSON() { return @wait(3) } }),"
        "  () => [...{ [Symbol.iterator]() { return { next() { return @wait(4) } } } }]];"
        "for (const f of tries) try { f(); log.push('waited') } catch (e) { log.push(e.message.split(' ')[0]) }"
        "globalThis.result = log.join() + @wait('!');",
        false);
    cr_assert_str_eq(text, "@wait,@wait,@wait,@wait,@wait!", "%s", text);
}

SUSPEND_TEST(nobody_resumes) {
    tsk_value out;
    cr_assert_not(begin(load("[1].map(() => @wait(1))"), &out));
    cr_assert_not(m.ev.waiting);
    const char *text = result_text(false);
    cr_assert(strstr(text, "@wait has to wait"), "%s", text);
}

SUSPEND_TEST(cancelled) {
    for (int after = 0; after < 6; after++) {
        tsk_value out;
        m.at_once = false;
        m.ev.suspendable = true;
        bool ok = begin(load("[1, 2, 3].map(a => [4, 5].reduce((s, b) => { try { return @wait(a + b) }"
                             " finally { globalThis.result = 'left' } }, 0))"),
                        &out);
        for (int i = 0; i < after && !ok; i++) ok = resume(&out);
        cr_assert_not(ok);
        cr_assert(m.ev.waiting);
        cr_assert_gt(m.ev.depth, 3);
        tsk_interp_abandon(&m.ev);
        cr_assert_not(m.ev.waiting);
        cr_assert_eq(m.ev.depth, 0);
    }
    same("globalThis.result = [1, 2].map(x => @wait(x));", 2, "1,2");
}

SUSPEND_TEST(stopped_while_it_waits) {
    tsk_value out;
    m.ev.suspendable = true;
    cr_assert_not(begin(load("try { [1].forEach(() => @wait(1)) } catch { globalThis.result = 'caught' }"), &out));
    cr_assert(m.ev.waiting);
    atomic_store(&m.ev.cancelled, 1);
    cr_assert_not(resume(&out));
    cr_assert_not(m.ev.waiting);
    const char *text = result_text(false);
    cr_assert(strstr(text, "cancelled"), "%s", text);
}

/* ---- configurations ---- */

static tsk_ir_func *thunk_new(const char *name, uint32_t number, tsk_ir_builder *b) {
    tsk_ir_func *func = m.thunks[number] = tsk_ir_func_new(m.module, name, 0, 0);
    *b = (tsk_ir_builder){.func = func, .block = func->entry, .span = {1, 1}};
    return func;
}

static tsk_ir_func *function_of(const char *text) {
    size_t len = strlen(text);
    char *copy = tsk_arena_zalloc(&m.arena, len + TSK_SOURCE_PADDING);
    memcpy(copy, text, len);
    const tsk_source *source = tsk_sources_add(&m.sources, "test.tsk", copy, (uint32_t)len);
    tsk_ir_func *func = tsk_script_library(m.module, source, (tsk_slice){copy, (uint32_t)len}, "f", 1, &m.diags);
    cr_assert(func != NULL);
    func->js->flags &= ~(unsigned)TSK_IR_FN_LIBRARY;
    return func;
}

/* Key 0: @wait(5) + 1.  Key 1: f(key 0) + @wait(100), f waits too.  Key 2: f with what throws. */
static void build_keys(const char *function) {
    tsk_ir_builder b;
    thunk_new("a", 0, &b);
    tsk_ir_inst *five = tsk_ir_const(&b, tsk_from_i32(5)), *one = tsk_ir_const(&b, tsk_from_i32(1));
    tsk_ir_inst *waited = tsk_ir_emit_index(&b, TSK_IR_OP, 0, &five, 1);
    tsk_ir_return(&b, tsk_ir_emit2(&b, TSK_IR_ADD, waited, one));
    thunk_new("b", 1, &b);
    tsk_cell *cell = tsk_arena_zalloc(&m.arena, sizeof *cell);
    cell->kind = TSK_CELL_FUNCTION;
    cell->func = function_of(function);
    tsk_ir_inst *args[] = {tsk_ir_const(&b, tsk_from_ptr(TSK_TAG_CELL, cell)),
                           tsk_ir_emit_index(&b, TSK_IR_KEY, 0, NULL, 0)};
    tsk_ir_inst *called = tsk_ir_emit_index(&b, TSK_IR_CALL, 0, args, 2);
    tsk_ir_inst *hundred = tsk_ir_const(&b, tsk_from_i32(100));
    tsk_ir_return(&b, tsk_ir_emit2(&b, TSK_IR_ADD, called, tsk_ir_emit_index(&b, TSK_IR_OP, 0, &hundred, 1)));
    for (int i = 0; i < 2; i++) tsk_ir_summarize(m.thunks[i], NULL);
}

SUSPEND_TEST(functions_in_keys) {
    tsk_value v = TSK_VALUE_NULL;
    m.ev.suspendable = true;
    build_keys("f(x) { return [1, 2].map(y => [y].reduce((s, z) => s + @wait(z * 1000), x))[1] }");
    tsk_interp_begin(&m.ev);
    bool ok = tsk_interp_key(&m.ev, 1, &v);
    for (; !ok && m.ev.waiting; ok = resume(&v)) {
        tsk_value other;
        tsk_heap_collect(m.js->heap);
        cr_assert_not(tsk_interp_key(&m.ev, 0, &other) && m.waits < 2, "frames of an evaluation that waits");
        cr_assert(m.ev.waiting);
    }
    cr_assert(ok, "%s", m.ev.error->message);
    cr_assert_eq(tsk_as_i32(v), 2106);
    cr_assert_eq(m.waits, 4);
    cr_assert(tsk_interp_key(&m.ev, 1, &v), "the memo has it");
    cr_assert_eq(m.waits, 4);
}

SUSPEND_TEST(exceptions_reach_keys) {
    tsk_value v = TSK_VALUE_NULL;
    m.ev.suspendable = true;
    build_keys("f(x) { try { return [x].map(y => { throw @wait('thrown') }) } finally { @wait(0) } }");
    tsk_interp_begin(&m.ev);
    bool ok = tsk_interp_key(&m.ev, 1, &v);
    while (!ok && m.ev.waiting) ok = resume(&v);
    cr_assert_not(ok);
    cr_assert_str_eq(m.ev.error->message, "thrown");
    cr_assert_eq(m.waits, 3);
}
