/* What operators keep in a context: variables, metrics, cache, the database; and services, the machine, validators. */
#include "runtime/operators/internal.h"
#include "runtime/operators/stores.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static tsk_arena heap;
static tsk_failure failure;
static tsk_capabilities caps;
static tsk_value document;
static tsk_op_context cx;
static const char *environment[4];
static char folder[] = "/tmp/tusk-state-XXXXXX";

static bool look_up(void *user, const char *path, uint32_t len, tsk_value *out) {
    (void)user;
    *out = document;
    for (const char *end = path + len; path < end;) {
        const char *dot = memchr(path, '.', (size_t)(end - path));
        if (!dot) dot = end;
        *out = tsk_value_member(&heap, *out, path, (uint32_t)(dot - path));
        path = dot + 1;
    }
    return true;
}

static void setup(void) {
    tsk_arena_init(&heap, NULL, 0);
    document = tsk_from_object(tsk_object_new(&heap, 4));
    cx = (tsk_op_context){.heap = &heap,
                          .caps = &caps,
                          .failure = &failure,
                          .directory = folder,
                          .has_now = true,
                          .now_ms = 1000000,
                          .env = environment,
                          .max_depth = 100,
                          .lookup = look_up,
                          .stores = tsk_stores_new(NULL)};
}

static void teardown(void) {
    tsk_stores_free(cx.stores);
    tsk_arena_free(&heap);
}

TestSuite(state, .init = setup, .fini = teardown);

static tsk_value str(const char *text) {
    return tsk_str_cstr(&heap, text);
}

#define NUM(i) tsk_from_i32(i)
#define STR(text) str(text)

static bool call(uint32_t number, uint32_t count, const tsk_value *args, tsk_value *out) {
    failure = (tsk_failure){TSK_OK, "", NULL};
    return tsk_op_call(&cx, number, args, count, out);
}

#define ARGS(...)                                                                                                      \
    (uint32_t)(sizeof((tsk_value[]){__VA_ARGS__}) / sizeof(tsk_value)), (tsk_value[]) {                                \
        __VA_ARGS__                                                                                                    \
    }

static tsk_value ok(uint32_t number, uint32_t count, const tsk_value *args) {
    tsk_value out;
    cr_assert(call(number, count, args, &out), "%s failed: %s", tsk_operators[number].name, failure.message);
    return out;
}

static void fails(tsk_code code, const char *part, uint32_t number, uint32_t count, const tsk_value *args) {
    tsk_value out;
    cr_assert(!call(number, count, args, &out), "%s did not fail", tsk_operators[number].name);
    cr_assert_eq(failure.code, code, "%d: %s", failure.code, failure.message);
    cr_assert(strstr(failure.message, part), "\"%s\" does not hold \"%s\"", failure.message, part);
}

/* The value as its text; containers are JSON. */
static void shows(tsk_value v, const char *wanted) {
    tsk_slice s = tsk_as_slice(tsk_value_string(&heap, v));
    cr_assert(s.len == strlen(wanted) && memcmp(s.ptr, wanted, s.len) == 0, "got %.*s, wanted %s", (int)s.len, s.ptr,
              wanted);
}

#define SHOWS(wanted, op, ...) shows(ok(TSK_OP_##op, ARGS(__VA_ARGS__)), wanted)
#define FAILS(code, part, op, ...) fails(TSK_E_##code, part, TSK_OP_##op, ARGS(__VA_ARGS__))

static tsk_value list(uint32_t count, const tsk_value *items) {
    tsk_array *array = tsk_array_new(&heap, count);
    for (uint32_t i = 0; i < count; i++) tsk_array_push(&heap, array, items[i]);
    return tsk_from_array(array);
}

static tsk_value object(const char *key, tsk_value v) {
    tsk_object *o = tsk_object_new(&heap, 1);
    tsk_object_put(&heap, o, key, v);
    return tsk_from_object(o);
}

/* ---- variables, metrics ---- */

Test(state, variables_are_set_and_read) {
    SHOWS("5", VARIABLE, STR("n"), NUM(5));
    SHOWS("5", VARIABLE, STR("n"));
    SHOWS("5", VARIABLE, STR("$n"));
    SHOWS("[1,{\"a\":2}]", VARIABLE, STR("deep"), list(ARGS(NUM(1), object("a", NUM(2)))));
    SHOWS("[1,{\"a\":2}]", VARIABLE, STR("deep"));
    SHOWS("", VARIABLE, STR("never"));
    FAILS(ARGUMENT, "variable: argument 1 must be a string, got array [1]", VARIABLE, list(ARGS(NUM(1))));
    FAILS(ARGUMENT, "must be the name of a variable", VARIABLE, STR("$"));
}

Test(state, variables_stand_before_keys_of_the_document) {
    tsk_object_put(&heap, tsk_as_object(document), "port", NUM(80));
    tsk_object_put(&heap, tsk_as_object(document), "$host", STR("h"));
    SHOWS("80", VARIABLE, STR("port"));
    SHOWS("h", VARIABLE, STR("host"));
    ok(TSK_OP_VARIABLE, ARGS(STR("port"), NUM(81)));
    SHOWS("81", VARIABLE, STR("port"));
}

Test(state, values_outlive_the_heap_that_made_them) {
    ok(TSK_OP_VARIABLE, ARGS(STR("text"), STR("kept when the heap is forgotten")));
    tsk_arena_reset(&heap);
    memset(tsk_arena_alloc(&heap, 4096), 'x', 4096);
    SHOWS("kept when the heap is forgotten", VARIABLE, STR("text"));
}

Test(state, replaced_values_do_not_pile_up) {
    char *large = tsk_arena_alloc(&heap, 100000);
    memset(large, 'v', 100000);
    tsk_value v = tsk_str_borrow(&heap, large, 100000);
    for (int i = 0; i < 1000; i++) ok(TSK_OP_VARIABLE, ARGS(STR("same"), v));
    cr_assert_lt(cx.stores->arena.reserved + cx.stores->spare.reserved, (size_t)8 << 20);
}

Test(state, metrics) {
    SHOWS("0", METRICS, STR("hits"));
    SHOWS("5", METRICS, STR("hits"), NUM(5));
    SHOWS("5", METRICS, STR("hits"));
    SHOWS("6", METRICS_INCREMENT, STR("hits"));
    SHOWS("8.5", METRICS_INCREMENT, STR("hits"), tsk_from_double(2.5));
    SHOWS("8.5", METRICS_GET, STR("hits"));
    SHOWS("7", METRICS_GET, STR("never"), NUM(7));
    SHOWS("12", METRICS_GAUGE, STR("load"), STR("12"));
    SHOWS("13", METRICS_INCREMENT, STR("load"));
    FAILS(ARGUMENT, "metrics: argument 2 must be a number, got string \"many\"", METRICS, STR("x"), STR("many"));
    FAILS(ARGUMENT, "argument 2 must be a number, got null", METRICS, STR("x"), TSK_VALUE_NULL);
    tsk_value unknown = ok(TSK_OP_QUERY_OBJECT, ARGS(STR("users")));
    cr_assert(tsk_same(ok(TSK_OP_METRICS, ARGS(STR("users"), unknown)), unknown));
    SHOWS("0", METRICS, STR("users"));
}

Test(state, nothing_is_kept_without_stores) {
    struct tsk_stores *stores = cx.stores;
    cx.stores = NULL;
    FAILS(OPERATOR_FAILED, "keeps no state", METRICS, STR("x"));
    FAILS(OPERATOR_FAILED, "keeps no state", QUERY, STR("SELECT 1"));
    SHOWS("3", CACHE_PUT, STR("k"), STR("5m"), NUM(3));
    cr_assert(tsk_same(ok(TSK_OP_CACHE_GET, ARGS(STR("k"))), TSK_VALUE_UNDEFINED));
    cx.stores = stores;
}

/* ---- cache ---- */

static bool hit(const char *key, const char *wanted) {
    tsk_value v = ok(TSK_OP_CACHE_GET, ARGS(STR(key)));
    if (tsk_same(v, TSK_VALUE_UNDEFINED)) return false;
    shows(v, wanted);
    return true;
}

Test(state, cache_values_expire) {
    static const struct {
        const char *ttl;
        int64_t ms;
    } cases[] = {{"250ms", 250},  {"30s", 30000},   {"30", 30000},    {"5m", 300000},
                 {"2h", 7200000}, {"1d", 86400000}, {"1w", 604800000}};
    for (size_t i = 0; i < TSK_COUNT(cases); i++) {
        SHOWS("v", CACHE_PUT, STR(cases[i].ttl), STR(cases[i].ttl), STR("v"));
        cx.now_ms += cases[i].ms - 1;
        cr_assert(hit(cases[i].ttl, "v"), "%s expired too early", cases[i].ttl);
        cx.now_ms += 1;
        cr_assert(!hit(cases[i].ttl, "v"), "%s did not expire", cases[i].ttl);
    }
}

Test(state, cache_takes_seconds_and_refuses_other_times) {
    SHOWS("1", CACHE_PUT, STR("n"), tsk_from_double(1.5), NUM(1));
    cx.now_ms += 1499;
    cr_assert(hit("n", "1"));
    cx.now_ms += 1;
    cr_assert(!hit("n", "1"));
    FAILS(ARGUMENT, "cache: argument 1 must be a time to live", CACHE_PUT, STR("k"), STR("5 minutes"), NUM(1));
    FAILS(ARGUMENT, "got string \"m\"", CACHE_PUT, STR("k"), STR("m"), NUM(1));
    FAILS(ARGUMENT, "got int -1", CACHE_PUT, STR("k"), NUM(-1), NUM(1));
    FAILS(ARGUMENT, "got null", CACHE_PUT, STR("k"), TSK_VALUE_NULL, NUM(1));
    SHOWS("1", CACHE_PUT, STR("far"), tsk_from_double(1e300), NUM(1));
    cr_assert(hit("far", "1"));
}

Test(state, cache_set_and_delete) {
    SHOWS("1", CACHE_SET, STR("k"), NUM(1));
    cx.now_ms += (int64_t)1 << 45;
    cr_assert(hit("k", "1"));
    SHOWS("2", CACHE_SET, STR("k"), NUM(2), STR("1s"));
    cr_assert(hit("k", "2"));
    SHOWS("true", CACHE_DELETE, STR("k"));
    SHOWS("false", CACHE_DELETE, STR("k"));
    cr_assert(!hit("k", ""));
}

Test(state, cache_keys_of_several_parts) {
    tsk_value parts = list(ARGS(STR("a"), NUM(1)));
    SHOWS("x", CACHE_PUT, parts, STR("1m"), STR("x"));
    SHOWS("x", CACHE_GET, STR("a"), NUM(1));
    cr_assert(tsk_same(ok(TSK_OP_CACHE_GET, ARGS(STR("a"), NUM(2))), TSK_VALUE_UNDEFINED));
    cr_assert(tsk_same(ok(TSK_OP_CACHE_GET, ARGS(STR("[\"a\",1]"))), TSK_VALUE_UNDEFINED));
    SHOWS("user:42:true", CACHE_KEY, STR("user"), NUM(42), TSK_VALUE_TRUE);
}

Test(state, cached_undefined_is_a_hit) {
    ok(TSK_OP_CACHE_PUT, ARGS(STR("u"), STR("1m"), TSK_VALUE_UNDEFINED));
    cr_assert(tsk_same(ok(TSK_OP_CACHE_GET, ARGS(STR("u"))), TSK_VALUE_NULL));
}

Test(state, cache_is_bounded) {
    char key[32];
    for (int i = 0; i < 20000; i++) {
        snprintf(key, sizeof key, "key%d", i);
        ok(TSK_OP_CACHE_PUT, ARGS(STR(key), STR("1h"), NUM(i)));
    }
    cr_assert_leq(cx.stores->maps[TSK_STORE_CACHE]->count, 4096);
    cr_assert(hit("key19999", "19999"));
    cr_assert(!hit("key0", ""));
}

Test(state, cache_is_bounded_in_bytes) {
    char key[32], *large = tsk_arena_alloc(&heap, 1 << 20);
    memset(large, 'v', 1 << 20);
    tsk_value v = tsk_str_borrow(&heap, large, 1 << 20);
    for (int i = 0; i < 300; i++) {
        snprintf(key, sizeof key, "key%d", i);
        ok(TSK_OP_CACHE_PUT, ARGS(STR(key), STR("1h"), v));
    }
    cr_assert_lt(cx.stores->arena.reserved + cx.stores->spare.reserved, (size_t)160 << 20);
    cr_assert_not(tsk_same(ok(TSK_OP_CACHE_GET, ARGS(STR("key299"))), TSK_VALUE_UNDEFINED));
}

/* ---- learn, optimize, feature ---- */

Test(state, learn_and_optimize_give_the_value_to_start_from) {
    SHOWS("8", LEARN, STR("pool"), NUM(8));
    SHOWS("32", OPTIMIZE, STR("batch"), NUM(32));
    SHOWS("", LEARN, STR("pool"));
    FAILS(ARGUMENT, "learn: argument 1 must be a string", LEARN, TSK_VALUE_NULL, NUM(1));
}

Test(state, features) {
    tsk_object *features = tsk_object_new(&heap, 2);
    tsk_object_put(&heap, features, "search", TSK_VALUE_TRUE);
    tsk_object_put(&heap, features, "legacy", TSK_VALUE_FALSE);
    tsk_object_put(&heap, tsk_as_object(document), "features", tsk_from_object(features));
    environment[0] = "TSK_FEATURE_NEW_UI=on";
    environment[1] = "TSK_FEATURE_LEGACY=1";
    environment[2] = "TSK_FEATURE_BROKEN=perhaps";
    SHOWS("true", FEATURE, STR("search"));
    SHOWS("false", FEATURE, STR("legacy"));
    SHOWS("true", FEATURE, STR("new_ui"));
    SHOWS("true", FEATURE, STR("new-ui"));
    SHOWS("false", FEATURE, STR("nothing"));
    SHOWS("true", FEATURE, STR("nothing"), TSK_VALUE_TRUE);
    FAILS(ARGUMENT, "TSK_FEATURE_BROKEN is not a boolean", FEATURE, STR("broken"));
    FAILS(ARGUMENT, "feature: argument 1 must be a string", FEATURE, document);
    memset(environment, 0, sizeof environment);
}

/* ---- query ---- */

#define SQL(wanted, ...) SHOWS(wanted, QUERY, __VA_ARGS__)

Test(state, query_gives_scalars_rows_and_counts) {
    SQL("42", STR("SELECT 6 * 7"));
    SQL("[{\"a\":1,\"b\":2.5}]", STR("SELECT 1 AS a, 2.5 AS b"));
    SQL("[]", STR("SELECT 1 WHERE 0"));
    SQL("", STR("SELECT NULL"));
    SQL("0", STR("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, data BLOB);"));
    SQL("2", STR("INSERT INTO t (name) VALUES (?), (?)"), STR("a"), STR("b"));
    SQL("2", STR("SELECT COUNT(*) FROM t"));
    SQL("[{\"id\":1,\"name\":\"a\"},{\"id\":2,\"name\":\"b\"}]", STR("SELECT id, name FROM t ORDER BY id"));
    SQL("1", STR("UPDATE t SET name = 'c' WHERE id = ? -- only one"), NUM(2));
    SQL("c", STR("SELECT name FROM t WHERE id = 2"));
    SQL("2", STR("DELETE FROM t"));
    SQL("00ff", STR("SELECT x'00ff'"));
    SQL("9223372036854775807", STR("SELECT 9223372036854775807"));
}

Test(state, query_binds_values) {
    SQL("it's a \"quote\"", STR("SELECT ? || ?"), STR("it's "), STR("a \"quote\""));
    SQL("x'; DROP TABLE t", STR("SELECT ?"), STR("x'; DROP TABLE t"));
    SQL("[{\"i\":\"integer\",\"r\":\"real\",\"t\":\"text\",\"n\":\"null\",\"b\":1}]",
        STR("SELECT typeof(?) AS i, typeof(?) AS r, typeof(?) AS t, typeof(?) AS n, ? AS b"),
        tsk_int(&heap, (int64_t)1 << 40), tsk_from_double(1.5), STR(""), TSK_VALUE_NULL, TSK_VALUE_TRUE);
    SQL("5", STR("SELECT ? + ?"), list(ARGS(NUM(2), NUM(3))));
    FAILS(ARGUMENT, "the statement has 2 parameters, and 1 value is given", QUERY, STR("SELECT ?, ?"), NUM(1));
    FAILS(ARGUMENT, "the statement has 0 parameters, and 1 value is given", QUERY, STR("SELECT 1"), NUM(1));
    FAILS(ARGUMENT, "query: argument 3 must be a string, number, boolean or null", QUERY, STR("SELECT ?, ?"), NUM(1),
          document);
}

Test(state, query_errors_carry_the_text_of_sqlite) {
    FAILS(QUERY_FAILED, "query: no such table: users", QUERY, STR("SELECT * FROM users"));
    cr_assert(strstr(failure.hint, "TSK_DB"));
    FAILS(QUERY_FAILED, "syntax error", QUERY, STR("SELEC 1"));
    FAILS(ARGUMENT, "one statement", QUERY, STR("SELECT 1; SELECT 2"));
    FAILS(ARGUMENT, "an SQL statement, got string \" ; \"", QUERY, STR(" ; "));
    FAILS(ARGUMENT, "query: argument 1 must be an SQL statement, got int 5", QUERY, NUM(5));
    SQL("1", STR("SELECT 1")); /* the connection is as good as before */
}

Test(state, query_is_bounded) {
    FAILS(QUERY_FAILED, "stopped after 200 million steps", QUERY,
          STR("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT COUNT(*) FROM c"));
    SQL("1", STR("SELECT 1"));
}

Test(state, query_reaches_no_other_file) {
    FAILS(QUERY_FAILED, "", QUERY, STR("ATTACH DATABASE '/tmp/tusk-other.db' AS other"));
    FAILS(QUERY_FAILED, "", QUERY, STR("VACUUM INTO '/tmp/tusk-other.db'"));
    FAILS(QUERY_FAILED, "", QUERY, STR("SELECT load_extension('x')"));
    FAILS(QUERY_FAILED, "", QUERY, STR("PRAGMA writable_schema = 1"));
    cr_assert(access("/tmp/tusk-other.db", F_OK) != 0);
}

Test(state, query_finalizes_what_a_trap_left_open) {
    tsk_trap trap;
    SQL("0", STR("CREATE TABLE t (x)"));
    SQL("100000", STR("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
                      "INSERT INTO t SELECT x FROM c LIMIT 100000"));
    heap.limit = heap.reserved + 4096;
    heap.trap = &trap;
    bool left = setjmp(trap.jump) != 0;
    if (!left) {
        tsk_value out, sql = STR("SELECT x FROM t");
        call(TSK_OP_QUERY, 1, &sql, &out);
    }
    cr_assert(left, "the rows did not reach the limit");
    heap.limit = 0;
    SQL("0", STR("DROP TABLE t")); /* refused while a statement reads it */
    heap.trap = NULL;
}

/* ---- databases in files ---- */

static char database[64];
static const char *no_roots[] = {NULL};

static void setup_file(void) {
    setup();
    strcpy(folder, "/tmp/tusk-state-XXXXXX");
    cr_assert(mkdtemp(folder));
    snprintf(database, sizeof database, "%s/test.db", folder);
    tsk_object_put(&heap, tsk_as_object(document), "database", object("sqlite", object("filename", STR("test.db"))));
    caps = (tsk_capabilities){.mask = TSK_CAP_READ | TSK_CAP_WRITE};
}

static void teardown_file(void) {
    unlink(database);
    rmdir(folder);
    teardown();
}

/* The next query connects anew. */
static void reconnect(void) {
    tsk_stores_free(cx.stores);
    cx.stores = tsk_stores_new(NULL);
}

TestSuite(database, .init = setup_file, .fini = teardown_file);

Test(database, stays_between_contexts_and_is_read_only_without_the_grant) {
    SQL("0", STR("CREATE TABLE t (x)"));
    SQL("1", STR("INSERT INTO t VALUES (7)"));
    reconnect();
    caps.mask = TSK_CAP_READ;
    SQL("7", STR("SELECT x FROM t"));
    FAILS(QUERY_FAILED, "readonly", QUERY, STR("INSERT INTO t VALUES (8)"));
    reconnect();
    caps = (tsk_capabilities){.mask = TSK_CAP_READ | TSK_CAP_WRITE, .write_roots = no_roots};
    FAILS(QUERY_FAILED, "readonly", QUERY, STR("INSERT INTO t VALUES (8)"));
}

Test(database, is_opened_only_where_reading_is_granted) {
    const char *inside[] = {folder, NULL}, *outside[] = {"/usr", NULL};
    caps.read_roots = inside;
    SQL("0", STR("CREATE TABLE t (x)"));
    reconnect();
    caps.read_roots = outside;
    FAILS(FILE_DENIED, "test.db may not be read", QUERY, STR("SELECT x FROM t"));
    caps.mask = 0;
    FAILS(DENIED, "query: reading files is not allowed", QUERY, STR("SELECT x FROM t"));
}

Test(database, is_not_made_without_the_grant_to_write) {
    caps.mask = TSK_CAP_READ;
    FAILS(QUERY_FAILED, "unable to open database file", QUERY, STR("SELECT 1"));
    cr_assert(strstr(failure.hint, "--allow-write"));
    cr_assert(access(database, F_OK) != 0);
}

Test(database, is_named_by_the_environment_first) {
    static char variable[80];
    snprintf(variable, sizeof variable, "TSK_DB=%s/missing/x.db", folder);
    environment[0] = variable;
    FAILS(FILE_NOT_FOUND, "missing/x.db does not exist", QUERY, STR("SELECT 1"));
    environment[0] = "DB_PATH=:memory:";
    SQL("0", STR("CREATE TABLE t (x)"));
    cr_assert(access(database, F_OK) != 0);
    environment[0] = NULL;
}

Test(database, name_must_be_text) {
    document = object("sqlite", object("filename", NUM(5)));
    FAILS(ARGUMENT, "sqlite.filename must be the name of a file, got int 5", QUERY, STR("SELECT 1"));
}

/* ---- services, other languages ---- */

Test(state, services_give_one_uniform_value) {
    SHOWS("{\"success\":false,\"error\":\"@redis needs a service that this build does not reach\"}", REDIS, STR("h"));
    SHOWS("{\"success\":false,\"error\":\"@Query needs a service that this build does not reach\"}", QUERY_OBJECT,
          STR("users"));
    for (uint32_t op = TSK_OP_HTTP; op < TSK_OP_COUNT; op++)
        cr_assert(tsk_op_is_service_failure(ok(op, 0, NULL)), "%s", tsk_operators[op].name);
    cr_assert_not(tsk_op_is_service_failure(object("success", TSK_VALUE_FALSE)));
    cr_assert_not(tsk_op_is_service_failure(object("error", STR("x"))));
    cr_assert_not(tsk_op_is_service_failure(STR("x")));
}

Test(state, other_languages_are_refused) {
    for (uint32_t op = TSK_OP_PHP; op < TSK_OP_HTTP; op++) {
        tsk_value code = STR("exit(1)");
        fails(TSK_E_FOREIGN_CALL, "a configuration does not call", op, 1, &code);
        cr_assert(failure.hint);
    }
    FAILS(FOREIGN_CALL, "shell: a configuration does not call the shell", SHELL, STR("ls"));
}

Test(state, there_is_no_request) {
    cr_assert(tsk_is_null(ok(TSK_OP_REQUEST, 0, NULL)));
    cr_assert(tsk_is_null(ok(TSK_OP_SESSION, ARGS(STR("user")))));
}

/* ---- the machine ---- */

Test(state, machine) {
    shows(ok(TSK_OP_PLATFORM, 0, NULL), "linux");
    SHOWS("Linux", UNAME, STR("s"));
    cr_assert(tsk_value_same(ok(TSK_OP_UNAME, ARGS(STR("machine"))), ok(TSK_OP_ARCH, 0, NULL)));
    cr_assert(tsk_value_same(ok(TSK_OP_UNAME, ARGS(STR("n"))), ok(TSK_OP_HOSTNAME, 0, NULL)));
    cr_assert(tsk_value_in(ok(TSK_OP_ARCH, 0, NULL), ok(TSK_OP_UNAME, 0, NULL)));
    FAILS(ARGUMENT, "uname: argument 1 must be", UNAME, STR("colour"));
    cr_assert_geq(tsk_as_int(ok(TSK_OP_CPU_COUNT, 0, NULL)), 1);
    cr_assert_gt(tsk_as_int(ok(TSK_OP_MEMORY_TOTAL, 0, NULL)), tsk_as_int(ok(TSK_OP_MEMORY_USAGE, 0, NULL)));
    cr_assert_gt(tsk_as_int(ok(TSK_OP_MEMORY_USAGE, 0, NULL)), 100000);
    cr_assert_eq(tsk_as_int(ok(TSK_OP_PID, 0, NULL)), getpid());
}

/* ---- validators ---- */

typedef struct judgement {
    uint32_t op;
    const char *text;
    bool valid;
} judgement;

Test(state, validators) {
    static const judgement cases[] = {
        {TSK_OP_IS_EMAIL, "a@b.de", true},
        {TSK_OP_IS_EMAIL, "first.last+tag@sub.example.org", true},
        {TSK_OP_IS_EMAIL, "a@b", false},
        {TSK_OP_IS_EMAIL, "@b.de", false},
        {TSK_OP_IS_EMAIL, "a..b@c.de", false},
        {TSK_OP_IS_EMAIL, "a b@c.de", false},
        {TSK_OP_IS_EMAIL, "a@b@c.de", false},
        {TSK_OP_IS_EMAIL, "a@-b.de", false},
        {TSK_OP_IS_URL, "https://example.org/a?b=c#d", true},
        {TSK_OP_IS_URL, "postgres://user:secret@localhost:5432/db", true},
        {TSK_OP_IS_URL, "http://[::1]:80/", true},
        {TSK_OP_IS_URL, "example.org", false},
        {TSK_OP_IS_URL, "http://", false},
        {TSK_OP_IS_URL, "http://a b/", false},
        {TSK_OP_IS_IP, "127.0.0.1", true},
        {TSK_OP_IS_IP, "::1", true},
        {TSK_OP_IS_IP, "127.0.0", false},
        {TSK_OP_IS_IPV4, "256.0.0.1", false},
        {TSK_OP_IS_IPV4, "::1", false},
        {TSK_OP_IS_IPV6, "fe80::1ff:fe23:4567:890a", true},
        {TSK_OP_IS_IPV6, "1::2::3", false},
        {TSK_OP_IS_IPV6, "127.0.0.1", false},
        {TSK_OP_IS_UUID, "123e4567-e89b-12d3-a456-426614174000", true},
        {TSK_OP_IS_UUID, "123e4567e89b12d3a456426614174000", false},
        {TSK_OP_IS_UUID, "123e4567-e89b-12d3-a456-42661417400g", false},
        {TSK_OP_IS_PHONE, "+49 (30) 1234-567", true},
        {TSK_OP_IS_PHONE, "12345", false},
        {TSK_OP_IS_PHONE, "call me 1234567", false},
        {TSK_OP_IS_ALPHA,
         "Stra\xC3\x9F"
         "e",
         true},
        {TSK_OP_IS_ALPHA, "a1", false},
        {TSK_OP_IS_ALPHANUMERIC, "a1", true},
        {TSK_OP_IS_ALPHANUMERIC, "a_1", false},
        {TSK_OP_IS_NUMERIC, "1.5e3", true},
        {TSK_OP_IS_NUMERIC, "1.5 px", false},
        {TSK_OP_IS_JSON, "{\"a\": [1]}", true},
        {TSK_OP_IS_JSON, "{a: 1}", false},
    };
    for (size_t i = 0; i < TSK_COUNT(cases); i++) {
        bool valid = tsk_as_bool(ok(cases[i].op, ARGS(STR(cases[i].text))));
        cr_assert_eq(valid, cases[i].valid, "%s(\"%s\")", tsk_operators[cases[i].op].name, cases[i].text);
        cr_assert_not(tsk_as_bool(ok(cases[i].op, ARGS(TSK_VALUE_NULL))), "%s(null)", tsk_operators[cases[i].op].name);
        cr_assert_not(tsk_as_bool(ok(cases[i].op, ARGS(STR("")))), "%s(\"\")", tsk_operators[cases[i].op].name);
    }
}
