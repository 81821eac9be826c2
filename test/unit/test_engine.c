/* The public interface: values, errors, limits, grants, threads, and every allocation failing in turn. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tusk/tusk.h>
#include <unistd.h>

typedef struct session {
    tusk_options *options;
    tusk_program *program;
    tusk_snapshot *snapshot;
    tusk_context *context;
    tusk_status status;
} session;

static session s;

static const char *const environment[] = {"HOST=db.example", "PORT=5432", "TSK_NOW=1700000000", NULL};

static void begin_options(void) {
    s = (session){.options = tusk_options_new()};
    tusk_options_environment(s.options, environment);
}

static void start(void) {
    if (s.status) return;
    cr_assert_eq(tusk_snapshot_new(s.program, NULL, &s.snapshot), TUSK_OK);
    cr_assert_eq(tusk_context_new(s.snapshot, &s.context), TUSK_OK);
}

static void parse(const char *text) {
    s.status = tusk_program_parse(s.options, "test.tsk", text, strlen(text), &s.program);
    start();
}

static void open_text(const char *text) {
    begin_options();
    parse(text);
    char *report = tusk_program_report(s.program, TUSK_REPORT_TEXT);
    cr_assert_eq(s.status, TUSK_OK, "%s", report);
    tusk_text_free(report);
}

static void end(void) {
    tusk_context_free(s.context);
    tusk_snapshot_release(s.snapshot);
    tusk_program_release(s.program);
    tusk_options_free(s.options);
}

static void expect_int(const char *path, int64_t wanted) {
    int64_t v = 0;
    tusk_status status = tusk_get_int(s.context, path, &v);
    char *report = tusk_context_report(s.context, TUSK_REPORT_TEXT);
    cr_assert_eq(status, TUSK_OK, "%s: %s", path, report);
    cr_assert_eq(v, wanted, "%s: %lld", path, (long long)v);
    tusk_text_free(report);
}

static void expect_text(const char *path, const char *wanted) {
    const char *text;
    size_t len;
    tusk_status status = tusk_get_string(s.context, path, &text, &len);
    char *report = tusk_context_report(s.context, TUSK_REPORT_TEXT);
    cr_assert_eq(status, TUSK_OK, "%s: %s", path, report);
    cr_assert(len == strlen(wanted) && memcmp(text, wanted, len) == 0, "%s: %.*s", path, (int)len, text);
    tusk_text_free(report);
}

static void expect_report(const char *part) {
    char *report = tusk_context_report(s.context, TUSK_REPORT_TEXT);
    cr_assert(strstr(report, part), "%s is not in:\n%s", part, report);
    tusk_text_free(report);
}

static void expect_failure(const char *path, tusk_status wanted, const char *part) {
    tusk_value v;
    tusk_status status = tusk_get(s.context, path, &v);
    cr_assert_eq(status, wanted, "%s: %d", path, (int)status);
    expect_report(part);
}

static void collect(void *user, const char *ptr, size_t len) {
    char *to = user;
    strncat(to, ptr, len);
}

static void expect_json(const char *path, const char *wanted) {
    tusk_value v;
    char text[4096] = "";
    cr_assert_eq(tusk_get(s.context, path, &v), TUSK_OK);
    cr_assert_eq(tusk_write(s.context, v, TUSK_FORMAT_JSON, 0, collect, text), TUSK_OK);
    cr_assert_str_eq(text, wanted);
}

/* ---- values ---- */

Test(engine, literals_and_paths) {
    open_text("a: 1\n[s]\nb: \"two\"\nlist: [10, 20, {c: 30}]\n\"x.y\": 5\n$g: 7\n");
    expect_int("a", 1);
    expect_text("s.b", "two");
    expect_int("s.list[0]", 10);
    expect_int("s.list[-2]", 20);
    expect_int("s.list[2].c", 30);
    expect_int("s.list.1", 20);
    expect_int("s.list.length", 3);
    expect_int("s.\"x.y\"", 5);
    expect_int("s.x.y", 5);
    expect_int("s.g", 7);
    expect_int("s.$g", 7);
    expect_failure("s.lst", TUSK_ERROR, "did you mean `list`?");
    expect_failure("s..b", TUSK_USAGE, "is not a path");
    expect_failure("a.b.c", TUSK_ERROR, "there is no key");
    int64_t n;
    cr_assert_eq(tusk_get_int(s.context, "s.b", &n), TUSK_INVALID);
    expect_report("`s.b` is string, not an integer");
    end();
}

/* More paths than a context remembers, in a text that ends where its memory does. */
Test(engine, paths_asked_for_often) {
    enum { KEYS = 3000, TEXT = 64 };
    char *text = malloc(KEYS * TEXT * 2), *to = text;
    for (int i = 0; i < KEYS; i++)
        to += sprintf(to, "[s%d]\nkey: %d\nclock: %d\na_key_of_twentyfive_letters_%d: @timestamp() * 0 + %d\n", i, i,
                      -i, i, 2 * i);
    open_text(text);
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < KEYS; i += round < 2 ? 1 : 7) {
            char path[TEXT];
            for (int which = 0; which < 3; which++) {
                const char *const names[] = {"key", "clock", "a_key_of_twentyfive_letters"};
                int n = snprintf(path, sizeof path, which < 2 ? "s%d.%s" : "s%d.%s_%d", i, names[which], i);
                char *exact = strcpy(malloc((size_t)n + 1), path);
                expect_int(exact, which == 0 ? i : which == 1 ? -i : 2 * i);
                free(exact);
            }
        }
        tusk_value v;
        cr_assert_eq(tusk_get(s.context, "s17.kez", &v), TUSK_ERROR);
        cr_assert_eq(tusk_get(s.context, "s17.", &v), TUSK_USAGE);
        if (round == 2) tusk_context_reset(s.context);
    }
    free(text);
    end();
}

Test(engine, expressions) {
    open_text("host: env(\"HOST\", \"localhost\")\nport: @int(env(\"PORT\", 1))\nurl: \"db://${host}:${port}/x\"\n"
              "twice: port * 2\nlist: [port, twice, {deep: twice + 1}]\nsum: list[2].deep + 1\n");
    expect_int("sum", 10866);
    expect_text("url", "db://db.example:5432/x");
    expect_json("", "{\"host\":\"db.example\",\"port\":5432,\"url\":\"db://db.example:5432/x\",\"twice\":10864,"
                    "\"list\":[5432,10864,{\"deep\":10865}],\"sum\":10866}");
    cr_assert_eq(tusk_evaluate(s.context, true), TUSK_OK);
    tusk_value v;
    cr_assert_eq(tusk_evaluate_text(s.context, "twice + 1", 9, &v), TUSK_OK);
    cr_assert_eq(tusk_value_int(v), 10865);
    cr_assert_eq(tusk_evaluate_text(s.context, "twice +", 7, &v), TUSK_INVALID);
    expect_report("E0110");
    cr_assert_eq(tusk_evaluate_text(s.context, "twice +", 7, &v), TUSK_INVALID);
    expect_report("E0110");
    end();
}

Test(engine, items_are_computed_when_asked_for) {
    open_text("bad: 1 - env(\"HOST\")\nobject {\n  good: env(\"PORT\")\n  worse: bad\n}\n");
    tusk_value object, v;
    const char *key;
    size_t len;
    cr_assert_eq(tusk_get(s.context, "object", &object), TUSK_OK);
    cr_assert_eq(tusk_value_count(object), 2);
    cr_assert_eq(tusk_value_entry(s.context, object, 0, &key, &len, &v), TUSK_OK);
    cr_assert(len == 4 && memcmp(key, "good", 4) == 0);
    cr_assert_eq(tusk_value_kind(v), TUSK_STRING);
    cr_assert_eq(tusk_value_entry(s.context, object, 1, &key, &len, &v), TUSK_INVALID);
    expect_report("wanted by object.worse (test.tsk:4:10)");
    end();
}

Test(engine, defines_replace_keys) {
    begin_options();
    tusk_options_define(s.options, "port", "99");
    tusk_options_define(s.options, "new.deep.key", "[1, 2]");
    tusk_options_define(s.options, "name", "plain text");
    parse("port: env(\"PORT\")\nnext: port + 1\n$name: env(\"HOST\")\ncopy: $name\n");
    expect_int("next", 100);
    expect_int("new.deep.key[1]", 2);
    expect_text("copy", "plain text");
    end();
}

Test(engine, response_of_an_api_file) {
    open_text("#!api\n$x: 1\nvalue: 2\n{answer: value + $x}\n");
    tusk_value v;
    char text[256] = "";
    cr_assert_eq(tusk_response(s.context, &v), TUSK_OK);
    cr_assert_eq(tusk_write(s.context, v, TUSK_FORMAT_JSON, 0, collect, text), TUSK_OK);
    cr_assert_str_eq(text, "{\"answer\":3}");
    end();
    open_text("$x: 1\nvalue: $x + 1\n");
    text[0] = 0;
    cr_assert_eq(tusk_response(s.context, &v), TUSK_OK);
    cr_assert_eq(tusk_write(s.context, v, TUSK_FORMAT_JSON, 0, collect, text), TUSK_OK);
    cr_assert_str_eq(text, "{\"value\":2}");
    end();
}

/* ---- failures ---- */

Test(engine, cycles) {
    open_text("[s]\na: b + 1\nb: c + 1\nc: a + 1\nd: a ?? \"saved\"\n");
    expect_failure("s.a", TUSK_INVALID, "s.a -> s.b -> s.c -> s.a");
    expect_text("s.d", "saved");
    end();
}

Test(engine, failures_name_values_and_hide_secrets) {
    open_text("api_token: env(\"HOST\")\nport: env(\"PORT\")\nx: port - api_token\nouter: x + 1\n");
    expect_failure("outer", TUSK_INVALID, "wanted by outer (test.tsk:4:8)");
    expect_report("where port is \"5432\"");
    char *report = tusk_context_report(s.context, TUSK_REPORT_TEXT);
    cr_assert_null(strstr(report, "db.example"), "%s", report);
    cr_assert(strstr(report, "test.tsk:3:4"), "%s", report);
    tusk_text_free(report);
    end();
}

Test(engine, all_errors_are_reported_once) {
    open_text("a: 1 - env(\"HOST\")\nb: a + 1\nc: 2 - env(\"HOST\")\n");
    cr_assert_eq(tusk_evaluate(s.context, true), TUSK_INVALID);
    char *report = tusk_context_report(s.context, TUSK_REPORT_TEXT);
    int count = 0;
    for (const char *p = report; (p = strstr(p, "error[")); p++) count++;
    cr_assert_eq(count, 2, "%s", report);
    tusk_text_free(report);
    end();
}

Test(engine, broken_files_have_a_report) {
    begin_options();
    parse("a =\nb: [1, 2\n");
    cr_assert_eq(s.status, TUSK_INVALID);
    cr_assert_gt(tusk_program_errors(s.program), 0);
    tusk_snapshot *snapshot;
    cr_assert_eq(tusk_snapshot_new(s.program, NULL, &snapshot), TUSK_INVALID);
    cr_assert_null(snapshot);
    end();
    begin_options();
    cr_assert_eq(tusk_program_open(s.options, "/does/not/exist.tsk", &s.program), TUSK_NOT_FOUND);
    char *report = tusk_program_report(s.program, TUSK_REPORT_TEXT);
    cr_assert(strstr(report, "E0501"), "%s", report);
    tusk_text_free(report);
    end();
}

/* ---- limits and grants ---- */

static void open_limited(tusk_limit limit, uint64_t value, const char *text) {
    begin_options();
    cr_assert_eq(tusk_options_limit(s.options, limit, value), TUSK_OK);
    parse(text);
    cr_assert_eq(s.status, TUSK_OK);
}

static const char long_loop[] = "n: @int(env(\"PORT\")) * 200\nx: reduce(range(1, n), (a, b) => a + b, 0)\ny: 1\n";

Test(engine, limits) {
    open_limited(TUSK_LIMIT_STEPS, 1000, long_loop);
    expect_failure("x", TUSK_ERROR, "E0402");
    expect_int("y", 1);
    end();
    open_limited(TUSK_LIMIT_MEMORY, 1 << 20, long_loop);
    expect_failure("x", TUSK_ERROR, "E0404");
    expect_int("y", 1);
    end();
}

static void *cancel_soon(void *context) {
    usleep(20000);
    tusk_context_cancel(context);
    return NULL;
}

/* A sum that takes minutes, stopped by another thread and by the clock. */
static const char endless[] = "n: @int(env(\"PORT\")) * 100\nlist: range(1, n)\n"
                              "x: reduce(list, (a, b) => a + sum(list) + b, 0)\n";

Test(engine, cancellation_and_time) {
    open_text(endless);
    pthread_t thread;
    pthread_create(&thread, NULL, cancel_soon, s.context);
    expect_failure("x", TUSK_ERROR, "the evaluation was cancelled");
    pthread_join(thread, NULL);
    end();
    open_limited(TUSK_LIMIT_TIME, 20, endless);
    expect_failure("x", TUSK_ERROR, "E0403");
    end();
}

static char *long_chain(unsigned n) {
    char *text = malloc((size_t)n * 32 + 64);
    size_t len = (size_t)sprintf(text, "k0: @int(env(\"PORT\"))\n");
    for (unsigned i = 1; i < n; i++) len += (size_t)sprintf(text + len, "k%u: k%u + 1\n", i, i - 1);
    return text;
}

Test(engine, long_chains_need_no_c_stack) {
    char *text = long_chain(50000);
    open_text(text);
    expect_int("k49999", 5432 + 49999);
    end();
    open_limited(TUSK_LIMIT_CALLS, 1000, text);
    expect_failure("k49999", TUSK_ERROR, "E0406");
    expect_int("k500", 5432 + 500);
    expect_int("k1400", 5432 + 1400);
    end();
    free(text);
}

Test(engine, grants) {
    begin_options();
    tusk_options_deny(s.options, TUSK_GRANT_ENV);
    parse("x: env(\"HOST\")\ny: env(\"HOST\") ?? \"none\"\n");
    expect_failure("x", TUSK_DENIED, "E0401");
    expect_text("y", "none");
    end();
}

static char directory[] = "/tmp/tusk-engine-XXXXXX";

static const char *make_file(const char *name, const char *text) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *f = fopen(path, "w");
    cr_assert(f != NULL);
    fputs(text, f);
    fclose(f);
    return path;
}

static void make_directory(void) {
    cr_assert(mkdtemp(directory) != NULL);
}

static void remove_directory(void) {
    char command[512];
    snprintf(command, sizeof command, "rm -r %s", directory);
    cr_assert_eq(system(command), 0);
}

TestSuite(engine_files, .init = make_directory, .fini = remove_directory);

Test(engine_files, includes_stay_within_the_directory) {
    make_file("inner.tsk", "y: 2\n");
    begin_options();
    s.status = tusk_program_open(s.options, make_file("a.tsk", "@include \"inner.tsk\"\nx: y + 1\n"), &s.program);
    start();
    expect_int("x", 3);
    end();
    begin_options();
    s.status = tusk_program_open(s.options, make_file("b.tsk", "@include \"/etc/hostname\"\n"), &s.program);
    cr_assert_eq(s.status, TUSK_DENIED);
    end();
    char link[256];
    snprintf(link, sizeof link, "%s/link.tsk", directory);
    cr_assert_eq(symlink("/etc/hostname", link), 0);
    begin_options();
    s.status = tusk_program_open(s.options, make_file("c.tsk", "@include \"link.tsk\"\n"), &s.program);
    cr_assert_eq(s.status, TUSK_DENIED);
    end();
}

Test(engine_files, other_documents) {
    make_file("other.tsk", "[a]\nb: env(\"PORT\")\nself: @main.tsk.get(\"x\")\n");
    begin_options();
    s.status = tusk_program_open(
        s.options,
        make_file("main.tsk", "x: @other.tsk.get(\"a.b\")\ny: @other.tsk.get(\"none\")\nz: @other.tsk.get(\"a.self\")\n"
                              "w: @missing.tsk.get(\"a\")\n"),
        &s.program);
    start();
    expect_text("x", "5432");
    expect_json("y", "null");
    expect_failure("z", TUSK_INVALID, "asks for itself");
    expect_json("w", "null");
    end();
}

Test(engine_files, hierarchy) {
    char below[300];
    snprintf(below, sizeof below, "%s/below", directory);
    cr_assert_eq(mkdir(below, 0700), 0);
    make_file("peanu.tsk", "[server]\nhost: \"top\"\nport: 1\n");
    make_file("below/peanut.tsk", "[server]\nport: 2\n");
    begin_options();
    s.status = tusk_program_open_hierarchy(s.options, below, &s.program);
    start();
    expect_text("server.host", "top");
    expect_int("server.port", 2);
    end();
}

/* ---- tools ---- */

static void expect_part(char *text, const char *part) {
    cr_assert(text && strstr(text, part), "%s is not in:\n%s", part, text);
    tusk_text_free(text);
}

Test(engine, tools) {
    open_text("port: env(\"PORT\", 1)\nurl: \"http://x:${port}\"\nconstant: 1 + 1\nsecret_key: \"abcdef\"\n");
    char *text;
    cr_assert_eq(tusk_explain(s.context, "url", false, &text), TUSK_OK);
    expect_part(text, "test.tsk:2:6");
    cr_assert_eq(tusk_explain(s.context, "port", false, &text), TUSK_OK);
    expect_part(text, "environment variable PORT");
    cr_assert_eq(tusk_explain(s.context, "secret_key", true, &text), TUSK_OK);
    cr_assert_null(strstr(text, "abcdef"));
    tusk_text_free(text);
    cr_assert_eq(tusk_dump_ir(s.program, "url", NULL, false, true, &text), TUSK_OK);
    expect_part(text, "!frame(@url pc");
    cr_assert_eq(tusk_dump_ir(s.program, "constant", NULL, false, false, &text), TUSK_OK);
    expect_part(text, "const 2");
    cr_assert_eq(tusk_dump_ir(s.program, NULL, "nonsense", false, false, &text), TUSK_USAGE);
    tusk_text_free(text);
    cr_assert_eq(tusk_dump_code(s.program, NULL, &text), TUSK_OK);
    expect_part(text, "KEY");
    cr_assert_eq(tusk_dump_ast(s.program, "url", &text), TUSK_OK);
    tusk_text_free(text);
    char raw[1024] = "";
    cr_assert_eq(tusk_write_raw(s.program, TUSK_FORMAT_JSON, 0, collect, raw), TUSK_OK);
    cr_assert(strstr(raw, "1 + 1"), "%s", raw);
    expect_text("url", "http://x:5432");
    end();
}

/* ---- threads ---- */

static void *evaluate_many(void *argument) {
    tusk_snapshot *snapshot = argument;
    int64_t sum = 0;
    for (int i = 0; i < 20; i++) {
        tusk_context *context;
        tusk_value v;
        int64_t n = 0;
        if (tusk_context_new(snapshot, &context)) return NULL;
        if (tusk_evaluate(context, false) == TUSK_OK && tusk_get_int(context, "k999", &n) == TUSK_OK) sum += n;
        char expression[32];
        int len = snprintf(expression, sizeof expression, "k%d + %d", i * 7, i);
        if (tusk_evaluate_text(context, expression, (size_t)len, &v) == TUSK_OK) sum += tusk_value_int(v);
        tusk_context_free(context);
    }
    return (void *)(intptr_t)sum;
}

Test(engine, threads_share_a_snapshot) {
    char *text = long_chain(1000);
    open_text(text);
    free(text);
    pthread_t threads[8];
    for (size_t i = 0; i < 8; i++) cr_assert_eq(pthread_create(&threads[i], NULL, evaluate_many, s.snapshot), 0);
    int64_t wanted = 0;
    for (int i = 0; i < 20; i++) wanted += 5432 + 999 + 5432 + i * 7 + i;
    for (size_t i = 0; i < 8; i++) {
        void *sum;
        pthread_join(threads[i], &sum);
        cr_assert_eq((intptr_t)sum, wanted);
    }
    end();
}

/* ---- every allocation fails once ---- */

typedef struct counting {
    long left; /* allocations until one fails; every later one fails too */
    bool once; /* or only that one */
    size_t held;
} counting;

static void *counted(void *user, void *ptr, size_t old_size, size_t new_size) {
    counting *c = user;
    if (new_size > old_size && c->left-- <= 0 && (!c->once || c->left == -1)) return NULL;
    void *fresh = NULL;
    if (new_size) {
        fresh = realloc(ptr, new_size);
        cr_assert(fresh != NULL);
    } else {
        free(ptr);
    }
    c->held = c->held - old_size + new_size;
    return fresh;
}

static const char varied[] = "host: env(\"HOST\", \"x\")\nlist: map([1, 2, 3], v => v + 1)\n"
                             "all: [host, list, {a: now(), b: list}]\nbad: 1 - host\nsaved: bad ?? join(list, \",\")\n"
                             "big: repeat(host, 3000)\nlater: all[2].b[0] + length(big)\n";

/* True when nothing failed. */
static bool try_everything(counting *c) {
    tusk_options *options = tusk_options_new();
    tusk_options_environment(options, environment);
    tusk_options_allocator(options, counted, c);
    tusk_program *program = NULL;
    tusk_snapshot *snapshot = NULL;
    tusk_context *context = NULL;
    tusk_value v;
    bool fine = tusk_program_parse(options, "x.tsk", varied, strlen(varied), &program) == TUSK_OK &&
                tusk_snapshot_new(program, NULL, &snapshot) == TUSK_OK &&
                tusk_context_new(snapshot, &context) == TUSK_OK;
    if (fine) {
        tusk_status status = tusk_evaluate(context, true);
        cr_assert(status == TUSK_INVALID || status == TUSK_NO_MEMORY, "%d", (int)status);
        fine &= status == TUSK_INVALID;
        fine &= tusk_get(context, "later", &v) == TUSK_OK;
        fine &= tusk_evaluate_text(context, "later + 1", 9, &v) == TUSK_OK;
        tusk_text_free(tusk_context_report(context, TUSK_REPORT_TEXT));
        /* with memory again everything works */
        c->left = 1000000;
        tusk_context_reset(context);
        int64_t n = 0;
        cr_assert_eq(tusk_get_int(context, "later", &n), TUSK_OK);
        cr_assert_eq(n, 30002);
    }
    tusk_text_free(tusk_program_report(program, TUSK_REPORT_TEXT));
    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
    tusk_options_free(options);
    cr_assert_eq(c->held, 0, "%zu bytes leak", c->held);
    return fine;
}

static void fail_each(bool once) {
    for (long n = 0; n < 2000; n++) {
        counting c = {.left = n, .once = once};
        bool fine = try_everything(&c);
        if (fine) {
            cr_assert_gt(n, 5);
            return;
        }
    }
    cr_assert(false, "never enough memory");
}

Test(engine, no_memory_from_an_allocation_on) {
    fail_each(false);
}

Test(engine, no_memory_once) {
    fail_each(true);
}
