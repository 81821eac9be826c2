/* The table of operators and how a name finds its number.
 *
 * The hash table of names is built on the first look-up: it takes about ten microseconds, which a run that calls
 * no operator does not pay. */
#include "runtime/operators/internal.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#define tsk_op_special NULL
const tsk_operator tsk_operators[TSK_OP_COUNT] = {
#define X(number, name, min, max, effect, caps, fn) [TSK_OP_##number] = {name, min, max, TSK_EFFECT_##effect, caps, fn},
#include "ir/tables/operators.def"
#undef X
};
#undef tsk_op_special

/* Operators in the order of their numbers, then aliases. */
static const tsk_slice all_names[] = {
#define X(number, name, min, max, effect, caps, fn) TSK_SLICE(name),
#include "ir/tables/operators.def"
#undef X
#define A(name, number) TSK_SLICE(name),
#include "ir/tables/aliases.def"
#undef A
};

static const uint16_t alias_numbers[] = {
#define A(name, number) TSK_OP_##number,
#include "ir/tables/aliases.def"
#undef A
};

#define SLOTS 2048 /* power of two, more than twice the names */
_Static_assert(TSK_COUNT(all_names) * 2 < SLOTS, "the table of operator names is too full");

static uint16_t slots[SLOTS]; /* index in all_names + 1 */
static pthread_once_t slots_once = PTHREAD_ONCE_INIT;

TSK_INLINE bool skipped(char c) {
    return c == '_' || c == '.';
}

TSK_INLINE char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static uint32_t name_hash(const char *name, size_t len) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < len; i++)
        if (!skipped(name[i])) h = (h ^ (uint8_t)lower(name[i])) * 16777619u;
    return h ^ (h >> 15);
}

static bool name_same(tsk_slice known, const char *name, size_t len) {
    uint32_t k = 0;
    for (size_t i = 0; i < len; i++) {
        if (skipped(name[i])) continue;
        while (k < known.len && skipped(known.ptr[k])) k++;
        if (k == known.len || known.ptr[k] != lower(name[i])) return false;
        k++;
    }
    return k == known.len;
}

static void build_slots(void) {
    for (size_t i = 0; i < TSK_COUNT(all_names); i++) {
        uint32_t at = name_hash(all_names[i].ptr, all_names[i].len) & (SLOTS - 1);
        while (slots[at]) at = (at + 1) & (SLOTS - 1);
        slots[at] = (uint16_t)(i + 1);
    }
}

static bool find_plain(const char *name, size_t len, uint32_t *number) {
    pthread_once(&slots_once, build_slots);
    for (uint32_t at = name_hash(name, len) & (SLOTS - 1); slots[at]; at = (at + 1) & (SLOTS - 1)) {
        uint32_t i = slots[at] - 1u;
        if (!name_same(all_names[i], name, len)) continue;
        *number = i < TSK_OP_COUNT ? i : alias_numbers[i - TSK_OP_COUNT];
        return true;
    }
    return false;
}

/* Which operators a namespace reaches by their last part alone. */
static const struct {
    const char *name;
    uint16_t first, last;
} groups[] = {
    {"math", TSK_OP_CALC, TSK_OP_RANDOM_FLOAT},
    {"array", TSK_OP_LENGTH, TSK_OP_ZIP},
    {"array", TSK_OP_EACH, TSK_OP_ALL},
    {"array", TSK_OP_MIN, TSK_OP_PERCENTILE},
    {"array", TSK_OP_RANDOM_ITEM, TSK_OP_SAMPLE},
    {"array", TSK_OP_CONCAT, TSK_OP_CONCAT},
    {"array", TSK_OP_SPLIT, TSK_OP_SPLIT},
    {"array", TSK_OP_GET, TSK_OP_GET},
    {"array", TSK_OP_IS_EMPTY, TSK_OP_IS_NOT_EMPTY},
    {"list", TSK_OP_LENGTH, TSK_OP_ZIP},
    {"list", TSK_OP_EACH, TSK_OP_ALL},
    {"list", TSK_OP_CONCAT, TSK_OP_CONCAT},
    {"string", TSK_OP_UPPER, TSK_OP_TEXT_EXTRACT},
    {"string", TSK_OP_LENGTH, TSK_OP_JOIN},
    {"string", TSK_OP_SLICE, TSK_OP_SLICE},
    {"string", TSK_OP_EQUALS, TSK_OP_EQUALS},
    {"string", TSK_OP_IS_EMPTY, TSK_OP_IS_ALPHANUMERIC},
    {"text", TSK_OP_UPPER, TSK_OP_TEXT_EXTRACT},
    {"object", TSK_OP_KEYS, TSK_OP_INVERT},
    {"object", TSK_OP_LENGTH, TSK_OP_LENGTH},
    {"object", TSK_OP_MAP_VALUES, TSK_OP_FILTER_OBJECT},
    {"object", TSK_OP_IS_EMPTY, TSK_OP_IS_NOT_EMPTY},
    {"date", TSK_OP_DATE, TSK_OP_PARSE_DURATION},
    {"time", TSK_OP_DATE, TSK_OP_PARSE_DURATION},
    {"file", TSK_OP_FILE, TSK_OP_CWD},
    {"path", TSK_OP_PATH_JOIN, TSK_OP_CWD},
    {"path", TSK_OP_REALPATH, TSK_OP_REALPATH},
    {"json", TSK_OP_JSON, TSK_OP_JSON_SCHEMA},
    {"data", TSK_OP_PARSE, TSK_OP_ENV_FILE},
    {"hash", TSK_OP_HASH, TSK_OP_BCRYPT},
    {"crypto", TSK_OP_HASH, TSK_OP_JWT_VERIFY},
    {"hmac", TSK_OP_HASH, TSK_OP_HMAC_SHA512},
    {"random", TSK_OP_RANDOM, TSK_OP_UUID_V7},
    {"type", TSK_OP_INT, TSK_OP_IS},
    {"validate", TSK_OP_INT, TSK_OP_IS_DATE},
    {"system", TSK_OP_HOSTNAME, TSK_OP_PID},
};

static bool find_in_group(tsk_slice group, const char *name, size_t len, uint32_t *number) {
    if (!find_plain(name, len, number)) return false;
    for (size_t i = 0; i < TSK_COUNT(groups); i++)
        if (tsk_slice_same(group, groups[i].name) && *number >= groups[i].first && *number <= groups[i].last)
            return true;
    return false;
}

/* redis.get, slack.send ...: a member of a service is the service. */
static bool find_service_member(tsk_slice head, uint32_t *number) {
    return find_plain(head.ptr, head.len, number) && *number >= TSK_OP_HTTP;
}

bool tsk_op_find(const char *name, size_t len, uint32_t *number) {
    if ((len == 5 && memcmp(name, "Query", 5) == 0) || (len == 1 && *name == 'q')) {
        *number = TSK_OP_QUERY_OBJECT; /* the class, told from query(sql) by its capital */
        return true;
    }
    if (find_plain(name, len, number)) return true;
    const char *dot = memchr(name, '.', len);
    if (!dot) return false;
    size_t head = (size_t)(dot - name);
    return find_in_group(tsk_slice_from(name, head), dot + 1, len - head - 1, number) ||
           find_service_member(tsk_slice_from(name, head), number);
}

size_t tsk_op_names(const tsk_slice **names) {
    *names = all_names;
    return TSK_COUNT(all_names);
}

bool tsk_op_call(tsk_op_context *cx, uint32_t number, const tsk_value *args, uint32_t count, tsk_value *out) {
    const tsk_operator *op = &tsk_operators[number];
    int given = (int)count;
    if (given < op->min || (op->max >= 0 && given > op->max)) {
        int limit = given < op->min ? op->min : op->max;
        return tsk_op_fail(cx, TSK_E_WRONG_ARGUMENTS, "%s: %s %d argument%s expected, got %d", op->name,
                           op->min == op->max ? "exactly"
                           : given < op->min  ? "at least"
                                              : "at most",
                           limit, limit == 1 ? "" : "s", given);
    }
    return op->fn(cx, args, count, out);
}

/* json("app.json"), yaml("app.yml"): one line that ends as files of the format do. */
static bool reads_file(uint32_t number, tsk_slice first, uint32_t *better) {
    static const struct {
        uint16_t op, file_op;
        const char *suffix;
    } forms[] = {{TSK_OP_JSON, TSK_OP_JSON_FILE, ".json"}, {TSK_OP_YAML, TSK_OP_YAML_FILE, ".yaml"},
                 {TSK_OP_YAML, TSK_OP_YAML_FILE, ".yml"},  {TSK_OP_TOML, TSK_OP_TOML_FILE, ".toml"},
                 {TSK_OP_CSV, TSK_OP_CSV_FILE, ".csv"},    {TSK_OP_INI, TSK_OP_INI_FILE, ".ini"},
                 {TSK_OP_XML, TSK_OP_XML_FILE, ".xml"}};
    for (size_t i = 0; i < TSK_COUNT(forms); i++) {
        uint32_t len = (uint32_t)strlen(forms[i].suffix);
        if (forms[i].op != number || first.len <= len || memchr(first.ptr, '\n', first.len) ||
            !tsk_slice_same((tsk_slice){first.ptr + first.len - len, len}, forms[i].suffix))
            continue;
        *better = forms[i].file_op;
        return true;
    }
    return false;
}

bool tsk_op_specialize(uint32_t number, tsk_slice first, uint32_t *better) {
    bool writes;
    if (number == TSK_OP_FILE && tsk_op_is_operation_of_file(first, &writes) && writes)
        *better = TSK_OP_FILE_OP_WRITE;
    else
        return reads_file(number, first, better);
    return true;
}

/* A word of a name: bounded by its ends, '_', '-', '.' or the step from a small to a capital letter. */
static bool ends_in_word(tsk_slice name, const char *word) {
    uint32_t i = name.len;
    size_t k = strlen(word);
    while (k > 0 && i > 0) {
        char c = name.ptr[i - 1];
        if (c == '_' || c == '-') {
            i--;
            continue;
        }
        if (lower(c) != word[k - 1]) return false;
        i--;
        k--;
    }
    if (k > 0) return false;
    if (i == 0) return true;
    char before = name.ptr[i - 1], at = name.ptr[i];
    return before == '_' || before == '-' || before == '.' || before == '$' ||
           (before >= 'a' && before <= 'z' && at >= 'A' && at <= 'Z');
}

bool tsk_op_is_secret_name(tsk_slice name) {
    static const char *const words[] = {"secret",      "token",  "password",    "passwd",     "passphrase", "key",
                                        "credentials", "apikey", "credential",  "privatekey", "secretkey",  "accesskey",
                                        "secretid",    "pwd",    "authsecrets", "secrets",    "passwords",  "tokens"};
    /* `key` alone is an ordinary word (the key of a map); it hides a value only behind another word: API_KEY */
    if (tsk_slice_same(name, "key")) return false;
    for (size_t i = 0; i < TSK_COUNT(words); i++)
        if (ends_in_word(name, words[i])) return true;
    return false;
}

bool tsk_op_may_wait(tsk_op_context *cx, const char *name) {
    if (cx->may_wait) return true;
    return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED,
                       "@%s has to wait, and the evaluation cannot be suspended here: in a conversion, a getter or "
                       "another call that the runtime makes itself",
                       name);
}

bool tsk_op_fail(tsk_op_context *cx, tsk_code code, const char *fmt, ...) {
    char fixed[512];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(fixed, sizeof fixed, fmt, args);
    va_end(args);
    size_t len = n < 0 ? 0 : (size_t)n;
    char *message = tsk_arena_alloc(cx->heap, len + 1);
    if (len < sizeof fixed) {
        memcpy(message, fixed, len);
    } else {
        va_start(args, fmt);
        vsnprintf(message, len + 1, fmt, args);
        va_end(args);
    }
    message[len] = 0;
    *cx->failure = (tsk_failure){code, message, NULL};
    return false;
}

bool tsk_op_hint(tsk_op_context *cx, const char *fmt, ...) {
    char fixed[512];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(fixed, sizeof fixed, fmt, args);
    va_end(args);
    size_t len = n < 0 ? 0 : (size_t)n;
    if (len >= sizeof fixed) len = sizeof fixed - 1;
    cx->failure->hint = tsk_arena_strdup(cx->heap, fixed, len);
    return false;
}
