/* Functions of configurations through the public interface: handles, arguments, results, errors, threads, memory. */
#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tusk/tusk.h>

static const char text[] = "[f]\n"
                           "rate: 3\n"
                           "add: \"(a, b) => a + b\"\n"
                           "scale: \"(x) => x * rate\"\n"
                           "kind: \"(x) => typeof x\"\n"
                           "self: \"() => this.user ?? 'nobody'\"\n"
                           "make: \"(n) => Array.from({ length: n }, (_, i) => 'item ' + i)\"\n"
                           "count: \"(list) => list.length\"\n"
                           "fail: \"(x) => { throw new Error('no ' + x) }\"\n"
                           "state: \"() => { globalThis.n = (globalThis.n ?? 0) + 1; return globalThis.n }\"\n"
                           "spin: \"() => { for (;;); }\"\n"
                           "deep: \"(n) => deep(n + 1)\"\n"
                           "safe: \"() => { try { return deep(0) } catch (e) { return e.name } }\"\n"
                           "price: \"(n) => n * stock.price\"\n"
                           "goods: \"(price) => { globalThis.stock = { price } }\"\n"
                           "bad_goods: \"(how) => { globalThis.stock = { get price() { "
                           "if (how === 1) throw new Error('no price'); "
                           "if (how === 2) for (;;); "
                           "if (how === 3) for (const all = [];;) all.push(new Array(10000).fill(1)); "
                           "return how === 4 ? 'dear' : 2 } } }\"\n"
                           "through: scale(14)\n"
                           "python: \"def f(x): return x\"\n";

static tusk_program *program;
static tusk_snapshot *snapshot;
static tusk_context *context;

static void begin(tusk_options *options) {
    cr_assert_eq(tusk_program_parse(options, "test.tsk", text, strlen(text), &program), TUSK_OK);
    cr_assert_eq(tusk_snapshot_new(program, NULL, &snapshot), TUSK_OK);
    cr_assert_eq(tusk_context_new(snapshot, &context), TUSK_OK);
}

static void end(void) {
    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
}

static tusk_argument integer(int64_t i) {
    return (tusk_argument){.kind = TUSK_ARGUMENT_INT, .integer = i};
}

static tusk_argument number(double d) {
    return (tusk_argument){.kind = TUSK_ARGUMENT_DOUBLE, .number = d};
}

static tusk_argument string(const char *s) {
    return (tusk_argument){.kind = TUSK_ARGUMENT_STRING, .text = s, .len = strlen(s)};
}

static tusk_argument json(const char *s) {
    return (tusk_argument){.kind = TUSK_ARGUMENT_JSON, .text = s, .len = strlen(s)};
}

static tusk_value call(const char *path, const tusk_argument *args, size_t count) {
    tusk_value v;
    tusk_status status = tusk_call_path(context, path, NULL, args, count, &v);
    char *report = tusk_context_report(context, TUSK_REPORT_TEXT);
    cr_assert_eq(status, TUSK_OK, "%s: %s", path, report);
    tusk_text_free(report);
    return v;
}

static void expect_text(tusk_value v, const char *wanted) {
    size_t len;
    cr_assert_eq(tusk_value_kind(v), TUSK_STRING);
    const char *s = tusk_value_string(v, &len);
    cr_assert(len == strlen(wanted) && !memcmp(s, wanted, len), "%.*s", (int)len, s);
}

Test(calls, numbers_and_texts) {
    begin(NULL);
    tusk_value v = call("f.add", (tusk_argument[]){integer(20), integer(22)}, 2);
    cr_assert_eq(tusk_value_kind(v), TUSK_INT);
    cr_assert_eq(tusk_value_int(v), 42);
    v = call("f.add", (tusk_argument[]){number(0.5), number(0.25)}, 2);
    cr_assert_eq(tusk_value_kind(v), TUSK_DOUBLE);
    cr_assert_eq(tusk_value_double(v), 0.75);
    v = call("f.add", (tusk_argument[]){integer(INT32_MAX), integer(1)}, 2);
    cr_assert_eq(tusk_value_int(v), 2147483648);
    v = call("f.add", (tusk_argument[]){number(0.5), number(0.5)}, 2);
    cr_assert_eq(tusk_value_kind(v), TUSK_INT, "an integral result is an integer");
    expect_text(call("f.add", (tusk_argument[]){string("gr\xC3\xBC"), string("n")}, 2), "gr\xC3\xBCn");
    expect_text(call("f.kind", (tusk_argument[]){{.kind = TUSK_ARGUMENT_NULL}}, 1), "object");
    expect_text(call("f.kind", (tusk_argument[]){{.kind = TUSK_ARGUMENT_BOOL, .boolean = true}}, 1), "boolean");
    expect_text(call("f.kind", NULL, 0), "undefined");
    cr_assert_eq(tusk_value_int(call("f.scale", (tusk_argument[]){integer(5)}, 1)), 15);
    cr_assert_eq(tusk_value_int(call("f.count", (tusk_argument[]){json("[1, [2], {}]")}, 1)), 3);
    end();
}

Test(calls, values_of_the_context_are_copied) {
    begin(NULL);
    tusk_value list = call("f.make", (tusk_argument[]){integer(3)}, 1), item;
    cr_assert_eq(tusk_value_count(list), 3);
    cr_assert_eq(tusk_value_item(context, list, 2, &item), TUSK_OK);
    expect_text(item, "item 2");
    tusk_value document;
    cr_assert_eq(tusk_evaluate_text(context, "[f.rate, 2]", 11, &document), TUSK_OK);
    tusk_argument argument = {.kind = TUSK_ARGUMENT_VALUE, .value = document};
    cr_assert_eq(tusk_value_int(call("f.count", &argument, 1)), 2);
    end();
}

Test(calls, context_object_lasts_for_one_call) {
    begin(NULL);
    const tusk_function *self;
    tusk_value v;
    tusk_argument object = json("{\"user\": \"ann\"}");
    cr_assert_eq(tusk_function_find(context, "f.self", &self), TUSK_OK);
    cr_assert_eq(tusk_call(context, self, &object, NULL, 0, &v), TUSK_OK);
    expect_text(v, "ann");
    cr_assert_eq(tusk_call(context, self, NULL, NULL, 0, &v), TUSK_OK);
    expect_text(v, "nobody");
    end();
}

static void expect_failure(const char *path, const tusk_argument *args, size_t count, tusk_status wanted,
                           const char *words) {
    tusk_value v;
    tusk_status status = tusk_call_path(context, path, NULL, args, count, &v);
    char *report = tusk_context_report(context, TUSK_REPORT_TEXT);
    cr_assert_eq(status, wanted, "%s: %d %s", path, status, report);
    cr_assert(strstr(report, words), "%s: %s", path, report);
    tusk_text_free(report);
}

Test(calls, failures) {
    begin(NULL);
    tusk_argument seven = integer(7), broken = json("{");
    expect_failure("f.fail", &seven, 1, TUSK_ERROR, "test.tsk:9:23: error[E0803]: uncaught Error: no 7");
    expect_failure("f.count", &broken, 1, TUSK_USAGE, "argument 1 is no JSON");
    expect_failure("f.nothing", NULL, 0, TUSK_ERROR, "there is no function `f.nothing`");
    expect_failure("f.rate", NULL, 0, TUSK_INVALID, "`f.rate` is not a JavaScript function");
    expect_failure("f.python", NULL, 0, TUSK_INVALID, "`f.python` is not a JavaScript function");
    cr_assert_eq(tusk_value_int(call("f.add", (tusk_argument[]){integer(1), integer(2)}, 2)), 3);
    cr_assert_eq(tusk_call(context, NULL, NULL, NULL, 0, NULL), TUSK_USAGE);
    cr_assert_eq(tusk_call_path(context, "f.add", NULL, NULL, 2, NULL), TUSK_USAGE);
    end();
}

/* ---- numbers alone, and native code that is entered without a guard and left with one ---- */

static const tusk_function *function(const char *path) {
    const tusk_function *found;
    cr_assert_eq(tusk_function_find(context, path, &found), TUSK_OK, "%s", path);
    return found;
}

static double of_numbers(const tusk_function *f, double a, double b) {
    double result;
    cr_assert_eq(tusk_call_numbers(context, f, (double[]){a, b}, 2, &result), TUSK_OK);
    return result;
}

static void expect_no_price(const tusk_function *price, int how, tusk_status wanted, const char *words) {
    double result;
    tusk_value v;
    tusk_argument seven = integer(7);
    call("f.bad_goods", (tusk_argument[]){integer(how)}, 1);
    for (int i = 0; i < 3; i++) {
        bool numbers = i != 1;
        tusk_status status = numbers ? tusk_call_numbers(context, price, (double[]){7}, 1, &result)
                                     : tusk_call(context, price, NULL, &seven, 1, &v);
        char *report = tusk_context_report(context, TUSK_REPORT_TEXT);
        cr_assert_eq(status, wanted, "%d: %d %s", how, status, report);
        cr_assert(strstr(report, words), "%d: %s", how, report);
        tusk_text_free(report);
    }
}

static void use_numbers(tusk_options *options) {
    begin(options);
    const tusk_function *add = function("f.add"), *price = function("f.price"), *kind = function("f.kind");
    for (int i = 0; i < 20; i++) cr_assert_eq(of_numbers(add, i, 2), i + 2);
    cr_assert_eq(of_numbers(add, INT32_MAX, 1), 2147483648.0);
    cr_assert_eq(of_numbers(add, 0.5, 0.25), 0.75);
    cr_assert(signbit(of_numbers(add, -0.0, -0.0)));
    cr_assert(isnan(of_numbers(add, NAN, 1)));
    expect_text(call("f.add", (tusk_argument[]){string("a"), string("b")}, 2), "ab");
    cr_assert_eq(of_numbers(add, 20, 22), 42);
    double result;
    cr_assert_eq(tusk_call_numbers(context, kind, (double[]){1}, 1, &result), TUSK_INVALID);
    char *report = tusk_context_report(context, TUSK_REPORT_TEXT);
    cr_assert(strstr(report, "the function gave no number"), "%s", report);
    tusk_text_free(report);
    cr_assert_eq(tusk_call_numbers(context, add, NULL, 1, &result), TUSK_USAGE);
    call("f.goods", (tusk_argument[]){integer(3)}, 1);
    for (int i = 0; i < 20; i++) cr_assert_eq(of_numbers(price, i, 0), 3 * i);
    expect_no_price(price, 1, TUSK_ERROR, "uncaught Error: no price");
    expect_no_price(price, 2, TUSK_ERROR, "E0402");
    call("f.bad_goods", (tusk_argument[]){integer(4)}, 1);
    cr_assert_eq(tusk_call_numbers(context, price, (double[]){7}, 1, &result), TUSK_OK); /* 7 * 'dear' */
    cr_assert(isnan(result));
    call("f.bad_goods", (tusk_argument[]){integer(5)}, 1);
    cr_assert_eq(of_numbers(price, 7, 0), 14);
    expect_no_price(price, 3, TUSK_ERROR, "uncaught RangeError: Out of memory");
    call("f.goods", (tusk_argument[]){integer(3)}, 1);
    for (int i = 0; i < 20; i++) cr_assert_eq(of_numbers(price, i, 0), 3 * i);
    end();
}

Test(calls, numbers_alone) {
    tusk_options *options = tusk_options_new();
    tusk_options_limit(options, TUSK_LIMIT_STEPS, 1000000);
    tusk_options_limit(options, TUSK_LIMIT_HEAP, 16 << 20);
    use_numbers(options);
    tusk_options_jit(options, TUSK_JIT_THRESHOLD, 3);
    use_numbers(options);
    tusk_options_jit(options, TUSK_JIT_ALWAYS, 0);
    use_numbers(options);
    tusk_options_free(options);
}

Test(calls, limits) {
    tusk_options *options = tusk_options_new();
    tusk_options_limit(options, TUSK_LIMIT_STEPS, 100000);
    tusk_options_limit(options, TUSK_LIMIT_CALLS, 500);
    begin(options);
    expect_failure("f.spin", NULL, 0, TUSK_ERROR, "E0402");
    expect_failure("f.deep", (tusk_argument[]){integer(0)}, 1, TUSK_ERROR, "Maximum call stack size exceeded");
    expect_text(call("f.safe", NULL, 0), "RangeError");
    end();
    tusk_options_free(options);
}

Test(calls, reset_gives_a_new_realm) {
    begin(NULL);
    cr_assert_eq(tusk_value_int(call("f.state", NULL, 0)), 1);
    cr_assert_eq(tusk_value_int(call("f.state", NULL, 0)), 2);
    tusk_context_reset(context);
    cr_assert_eq(tusk_value_int(call("f.state", NULL, 0)), 1);
    int64_t n;
    cr_assert_eq(tusk_get_int(context, "f.through", &n), TUSK_OK);
    cr_assert_eq(n, 42);
    end();
}

/* ---- memory: what a host has allocated after many calls ---- */

static size_t live;

static void *counted(void *user, void *ptr, size_t old_size, size_t new_size) {
    (void)user;
    live += new_size - old_size;
    if (new_size) return realloc(ptr, new_size);
    free(ptr);
    return NULL;
}

Test(calls, no_growth) {
    tusk_options *options = tusk_options_new();
    tusk_options_allocator(options, counted, NULL);
    begin(options);
    tusk_argument fifty = integer(50), x = string("x");
    size_t before = 0;
    for (int i = 0; i < 20000; i++) {
        call("f.make", &fifty, 1);
        cr_assert_eq(tusk_call_path(context, "f.fail", NULL, &x, 1, NULL), TUSK_ERROR);
        if (i == 5000) before = live;
    }
    cr_assert_leq(live, before + 65536, "%zu bytes, then %zu", before, live);
    end();
    cr_assert_eq(live, 0);
    tusk_options_free(options);
}

/* ---- threads: one handle, a context each ---- */

static void *work(void *argument) {
    const tusk_function *const *functions = argument;
    tusk_context *own;
    if (tusk_context_new(snapshot, &own)) return "no context";
    for (int i = 0; i < 2000; i++) {
        tusk_value v;
        tusk_argument args[] = {integer(i), integer(1)};
        if (tusk_call(own, functions[0], NULL, args, 2, &v) || tusk_value_int(v) != i + 1) return "add";
        if (tusk_call(own, functions[1], NULL, args, 1, &v) || tusk_value_int(v) != 3 * i) return "scale";
        if (i % 100 == 0) tusk_context_reset(own);
    }
    tusk_context_free(own);
    return NULL;
}

Test(calls, threads) {
    begin(NULL);
    const tusk_function *functions[2];
    cr_assert_eq(tusk_function_find(context, "f.add", &functions[0]), TUSK_OK);
    cr_assert_eq(tusk_function_find(context, "f.scale", &functions[1]), TUSK_OK);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, work, functions);
    for (int i = 0; i < 4; i++) {
        void *problem;
        pthread_join(threads[i], &problem);
        cr_assert_null(problem, "%s", (const char *)problem);
    }
    end();
}
