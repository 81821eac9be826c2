/* Every operator with arguments of every kind: it gives a value or a failure that names it, and nothing else happens.  Null
 * for arguments of which none is null is given only by those that say so. */
#include "test/unit/op_env.h"

#include "runtime/operators/stores.h"

#include <math.h>

TestSuite(sweep, .init = setup, .fini = teardown);

enum { VALUES = 14, SLOW_CALLS = 20 };

static bool look_up(void *user, const char *path, uint32_t len, tsk_value *out) {
    (void)user, (void)path, (void)len;
    *out = TSK_VALUE_NULL;
    return true;
}

static void make_values(tsk_value pool[VALUES]) {
    static const char *const texts[] = {"null",
                                        "true",
                                        "0",
                                        "-7",
                                        "9223372036854775807",
                                        "0.5",
                                        "\"\"",
                                        "\"tea\"",
                                        "\"2026-01-31\"",
                                        "[]",
                                        "[1, \"a\", null, [2]]",
                                        "{}",
                                        "{\"a\": {\"b\": [1]}, \"c\": \"\"}"};
    for (size_t i = 0; i < TSK_COUNT(texts); i++) pool[i] = json(texts[i]);
    pool[VALUES - 1] = tsk_from_double((double)NAN);
}

/* Seconds of key derivation a call. */
static bool is_slow(uint32_t number) {
    return number == TSK_OP_BCRYPT || number == TSK_OP_HASH_PASSWORD || number == TSK_OP_VERIFY_PASSWORD ||
           number == TSK_OP_ENCRYPT || number == TSK_OP_DECRYPT;
}

/* Null is what they say when there is nothing. */
static bool may_be_null(uint32_t number) {
    static const uint16_t those[] = {
        TSK_OP_ENV,         TSK_OP_ENV_SECURE, TSK_OP_JSON,          TSK_OP_JSON_GET,     TSK_OP_REGEX,
        TSK_OP_REGEX_MATCH, TSK_OP_TEXT_MATCH, TSK_OP_REGEX_EXTRACT, TSK_OP_TEXT_EXTRACT, TSK_OP_FIRST,
        TSK_OP_LAST,        TSK_OP_NTH,        TSK_OP_GET,           TSK_OP_VARIABLE,     TSK_OP_CACHE_GET,
        TSK_OP_LEARN,       TSK_OP_OPTIMIZE,   TSK_OP_FEATURE,       TSK_OP_REQUEST,      TSK_OP_SESSION,
        TSK_OP_COOKIE,      TSK_OP_SERVER,     TSK_OP_USER,          TSK_OP_LOCAL_IP,     TSK_OP_MAC_ADDRESS,
        TSK_OP_RANDOM_ITEM, TSK_OP_MIN,        TSK_OP_MAX,           TSK_OP_MODE,         TSK_OP_QUERY,
        TSK_OP_OPTIMIZE_RECORD, TSK_OP_URL_PARSE,   TSK_OP_CHAR_AT,    TSK_OP_YAML,          TSK_OP_YAML_PARSE,   TSK_OP_WEIGHTED_RANDOM};
    for (size_t i = 0; i < TSK_COUNT(those); i++)
        if (those[i] == number) return true;
    return false;
}

static const char *call_text(uint32_t number, const tsk_value *args, uint32_t count) {
    tsk_buf text;
    tsk_buf_init(&text, &heap);
    tsk_buf_printf(&text, "%s(", tsk_operators[number].name);
    for (uint32_t i = 0; i < count; i++) tsk_buf_printf(&text, "%s%s", i ? ", " : "", shown(args[i]));
    tsk_buf_add(&text, ")", 2);
    return text.ptr;
}

/* Operators that fail by the name of another that does their work. */
static const char *worker(uint32_t number, const char *message) {
    switch (number) {
    case TSK_OP_DATE_TODAY: return "today";
    case TSK_OP_CROSS_SET: return ".tsk.set";
    case TSK_OP_MATH: return "calc";
    case TSK_OP_OBJECT_KEEP: return "filter_object";
    case TSK_OP_TO_ARRAY: return "split";
    case TSK_OP_RENDER: return "template";
    case TSK_OP_NOT_EMPTY: return ""; /* the caller's own words */
    case TSK_OP_OBJECT: return strstr(message, "json_parse") ? "json_parse" : "from_entries";
    case TSK_OP_PARSE: return "json_parse";
    default: return tsk_operators[number].name;
    }
}

static bool names_operator(uint32_t number, const char *message) {
    const char *name = tsk_operators[number].name;
    size_t part = strcspn(name, "_");
    bool as_operators = strncmp(message, "division by zero", 16) == 0 || strncmp(message, "cannot convert", 14) == 0;
    return as_operators || strstr(message, name) || strncmp(message, name, part) == 0 ||
           strncmp(message, "@", 1) == 0 || strstr(message, worker(number, message));
}

static void check_call(uint32_t number, const tsk_value *args, uint32_t count) {
    bool any_null = false;
    tsk_value out = TSK_VALUE_TRUE;
    why = (tsk_failure){TSK_OK, NULL, NULL};
    for (uint32_t i = 0; i < count; i++) any_null = any_null || tsk_is_null(args[i]);
    if (!tsk_op_call(&op_cx, number, args, count, &out)) {
        cr_assert(why.message && *why.message && why.code != TSK_OK, "%s: no reason", call_text(number, args, count));
        cr_expect(names_operator(number, why.message), "%s: %s", call_text(number, args, count), why.message);
        return;
    }
    cr_assert_neq(tsk_kind_of(out), TSK_THUNK);
    cr_expect(!tsk_is_null(out) || any_null || may_be_null(number), "%s is null", call_text(number, args, count));
}

static void check_operator(uint32_t number, const tsk_value pool[VALUES]) {
    const tsk_operator *op = &tsk_operators[number];
    int most = op->max < 0 || op->max > 3 ? (op->min > 3 ? op->min : 3) : op->max;
    for (int count = op->min; count <= most; count++) {
        uint32_t calls = 1;
        for (int i = 0; i < count && i < 3; i++) calls *= VALUES;
        for (uint32_t c = 0; c < calls && !(is_slow(number) && c >= SLOW_CALLS); c++) {
            tsk_value args[8];
            for (uint32_t i = 0, rest = c; i < (uint32_t)count; i++, rest /= VALUES) args[i] = pool[rest % VALUES];
            check_call(number, args, (uint32_t)count);
        }
    }
}

Test(sweep, every_operator) {
    static const char *const no_environment[] = {NULL};
    for (uint32_t number = 0; number < TSK_OP_COUNT; number++) {
        tsk_value pool[VALUES];
        if (!tsk_operators[number].fn) continue; /* a special form: the frontend makes control flow of it */
        tsk_arena_reset(&heap);
        make_values(pool);
        op_cx.env = no_environment;
        op_cx.lookup = look_up;
        op_cx.max_depth = 100;
        op_cx.has_now = true;
        op_cx.now_ms = 1769860800000;
        op_cx.stores = tsk_stores_new(NULL);
        check_operator(number, pool);
        tsk_stores_free(op_cx.stores);
    }
}
