/* Writers.  TuskLang text is held to its promise: what was written reads back as the same value. */
#include "ir/graph.h"
#include "runtime/base/number.h"
#include "runtime/value/semantics.h"
#include "runtime/value/write.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

static tsk_arena heap;

static void setup(void) {
    tsk_arena_init(&heap, NULL, 0);
}

static void teardown(void) {
    tsk_arena_free(&heap);
}

TestSuite(write, .init = setup, .fini = teardown);

static tsk_value str(const char *text) {
    return tsk_str_cstr(&heap, text);
}

static tsk_value whole(int64_t i) {
    return tsk_int(&heap, i);
}

static tsk_value num(double d) {
    return tsk_from_double(d);
}

static tsk_value list(uint32_t count, const tsk_value *items) {
    tsk_array *array = tsk_array_new(&heap, count);
    for (uint32_t i = 0; i < count; i++) tsk_array_push(&heap, array, items[i]);
    return tsk_from_array(array);
}

#define LIST(...) list(sizeof((tsk_value[]){__VA_ARGS__}) / sizeof(tsk_value), (tsk_value[]){__VA_ARGS__})

typedef struct member {
    const char *key;
    tsk_value value;
} member;

static tsk_value object(uint32_t count, const member *members) {
    tsk_object *o = tsk_object_new(&heap, count);
    for (uint32_t i = 0; i < count; i++) tsk_object_put(&heap, o, members[i].key, members[i].value);
    return tsk_from_object(o);
}

#define OBJECT(...) object(sizeof((member[]){__VA_ARGS__}) / sizeof(member), (member[]){__VA_ARGS__})
#define EMPTY_LIST tsk_from_array(tsk_array_new(&heap, 0))
#define EMPTY_OBJECT tsk_from_object(tsk_object_new(&heap, 0))

static const char *text_of(tsk_buf *out) {
    tsk_buf_char(out, 0);
    return out->ptr;
}

static const char *write_with(tsk_writer w, tsk_format format, tsk_value v) {
    tsk_buf out;
    tsk_buf_init(&out, &heap);
    w.out = &out;
    cr_assert(tsk_write(&w, format, v));
    return text_of(&out);
}

static const char *write_as(tsk_format format, tsk_value v) {
    return write_with((tsk_writer){.indent = format == TSK_FORMAT_JSON ? 2 : 0}, format, v);
}

static tsk_value sample(void) {
    return OBJECT(
        {"$app", str("tusk")}, {"port", whole(8080)}, {"ratio", num(2)}, {"on", TSK_VALUE_TRUE},
        {"none", TSK_VALUE_NULL}, {"ports", OBJECT({"min", whole(8000)}, {"max", whole(9000)}, {"type", str("range")})},
        {"db", OBJECT({"host", str("a \"b\"\n")}, {"user name", OBJECT({"x", EMPTY_LIST}, {"y", EMPTY_OBJECT})})},
        {"tags", LIST(str("a"), num(1.5), LIST(whole(1)), OBJECT({"k", whole(1)}))});
}

/* ---- JSON ---- */

Test(write, json) {
    cr_assert_str_eq(write_as(TSK_FORMAT_JSON, sample()), "{\n"
                                                          "  \"$app\": \"tusk\",\n"
                                                          "  \"port\": 8080,\n"
                                                          "  \"ratio\": 2,\n"
                                                          "  \"on\": true,\n"
                                                          "  \"none\": null,\n"
                                                          "  \"ports\": {\n"
                                                          "    \"min\": 8000,\n"
                                                          "    \"max\": 9000,\n"
                                                          "    \"type\": \"range\"\n"
                                                          "  },\n"
                                                          "  \"db\": {\n"
                                                          "    \"host\": \"a \\\"b\\\"\\n\",\n"
                                                          "    \"user name\": {\n"
                                                          "      \"x\": [],\n"
                                                          "      \"y\": {}\n"
                                                          "    }\n"
                                                          "  },\n"
                                                          "  \"tags\": [\n"
                                                          "    \"a\",\n"
                                                          "    1.5,\n"
                                                          "    [\n"
                                                          "      1\n"
                                                          "    ],\n"
                                                          "    {\n"
                                                          "      \"k\": 1\n"
                                                          "    }\n"
                                                          "  ]\n"
                                                          "}");
    tsk_writer compact = {.indent = 0};
    cr_assert_str_eq(write_with(compact, TSK_FORMAT_JSON, LIST(whole(INT64_MIN), num(NAN), num(INFINITY), num(1e21))),
                     "[-9223372036854775808,null,null,1e+21]");
    cr_assert_str_eq(write_with(compact, TSK_FORMAT_JSON, OBJECT({"a", LIST()}, {"b", TSK_VALUE_UNDEFINED})),
                     "{\"a\":[],\"b\":null}");
    cr_assert_str_eq(write_as(TSK_FORMAT_JSON, whole(7)), "7");
    cr_assert_str_eq(write_as(TSK_FORMAT_JSON, EMPTY_OBJECT), "{}");
}

static tsk_value nested(int depth) {
    tsk_value v = whole(1);
    for (int i = 0; i < depth; i++) v = i % 2 ? LIST(v) : OBJECT({"k", v});
    return v;
}

Test(write, depth_is_limited_and_never_by_the_stack) {
    static const tsk_format formats[] = {TSK_FORMAT_JSON, TSK_FORMAT_TSK, TSK_FORMAT_YAML, TSK_FORMAT_ENV,
                                         TSK_FORMAT_TABLE};
    for (size_t i = 0; i < TSK_COUNT(formats); i++) {
        tsk_buf out;
        tsk_buf_init(&out, &heap);
        tsk_writer w = {.out = &out, .max_depth = 2000};
        cr_assert(tsk_write(&w, formats[i], nested(2000)), "format %zu", i);
        cr_assert_not(tsk_write(&w, formats[i], nested(2001 + 100)), "format %zu", i);
    }
    tsk_writer compact = {.max_depth = UINT32_MAX};
    cr_assert_gt(strlen(write_with(compact, TSK_FORMAT_JSON, nested(400000))), 400000);
    tsk_buf out;
    tsk_buf_init(&out, &heap);
    tsk_writer w = {.out = &out};
    cr_assert_not(tsk_write(&w, TSK_FORMAT_JSON, nested(10001)), "10000 by default");
}

/* ---- callbacks ---- */

static tsk_value resolve(void *user, uint32_t thunk) {
    (void)user;
    return thunk == 1 ? tsk_from_thunk(2) : thunk == 2 ? LIST(tsk_from_thunk(3), whole(2)) : str("three");
}

static bool hide(void *user, tsk_slice key) {
    (void)user;
    return key.len >= 4 && memcmp(key.ptr + key.len - 4, "_KEY", 4) == 0;
}

Test(write, thunks_and_hidden_values) {
    tsk_value v = OBJECT({"a", tsk_from_thunk(1)}, {"API_KEY", str("secret")}, {"B_KEY", LIST(whole(1))},
                         {"c", whole(1)});
    tsk_writer w = {.resolve = resolve, .hide = hide};
    cr_assert_str_eq(write_with(w, TSK_FORMAT_JSON, v),
                     "{\"a\":[\"three\",2],\"API_KEY\":\"•••\",\"B_KEY\":\"•••\",\"c\":1}");
    cr_assert_str_eq(write_with(w, TSK_FORMAT_TSK, v), "a: [\"three\", 2]\nAPI_KEY: \"•••\"\nB_KEY: \"•••\"\nc: 1\n");
    cr_assert_str_eq(write_with(w, TSK_FORMAT_YAML, v), "a:\n  - three\n  - 2\nAPI_KEY: •••\nB_KEY: •••\nc: 1\n");
    cr_assert_str_eq(write_with(w, TSK_FORMAT_ENV, v), "A_0=three\nA_1=2\nAPI_KEY='•••'\nB_KEY='•••'\nC=1\n");
    cr_assert_str_eq(write_with(w, TSK_FORMAT_TABLE, v), "path     type      value\n"
                                                         "a[0]     string    three\n"
                                                         "a[1]     int       2\n"
                                                         "API_KEY  string    •••\n"
                                                         "B_KEY    string    •••\n"
                                                         "c        int       1\n");
}

typedef struct sink_state {
    size_t total, calls, largest;
} sink_state;

static void sink(void *user, const char *ptr, size_t len) {
    sink_state *s = user;
    cr_assert_not_null(ptr);
    s->total += len;
    s->calls++;
    if (len > s->largest) s->largest = len;
}

Test(write, large_output_needs_little_memory) {
    tsk_array *items = tsk_array_new(&heap, 0);
    for (int i = 0; i < 100000; i++) tsk_array_push(&heap, items, str("0123456789 0123456789 0123456789"));
    tsk_value v = OBJECT({"items", tsk_from_array(items)});
    static const tsk_format formats[] = {TSK_FORMAT_JSON, TSK_FORMAT_TSK, TSK_FORMAT_YAML, TSK_FORMAT_ENV,
                                         TSK_FORMAT_TABLE};
    for (size_t i = 0; i < TSK_COUNT(formats); i++) {
        tsk_buf out;
        tsk_buf_init(&out, &heap);
        sink_state state = {0, 0, 0};
        tsk_writer w = {.out = &out, .indent = 2, .sink = sink, .user = &state};
        cr_assert(tsk_write(&w, formats[i], v));
        cr_assert_gt(state.total, 3400000);
        cr_assert_lt(state.largest, 70000);
        cr_assert_eq(out.len, 0);
        cr_assert_lt(out.cap, 200000);
    }
}

/* ---- YAML, env, table ---- */

Test(write, yaml) {
    cr_assert_str_eq(write_as(TSK_FORMAT_YAML, sample()), "$app: tusk\n"
                                                          "port: 8080\n"
                                                          "ratio: 2.0\n"
                                                          "\"on\": true\n"
                                                          "none: null\n"
                                                          "ports:\n"
                                                          "  min: 8000\n"
                                                          "  max: 9000\n"
                                                          "  type: range\n"
                                                          "db:\n"
                                                          "  host: \"a \\\"b\\\"\\n\"\n"
                                                          "  user name:\n"
                                                          "    x: []\n"
                                                          "    \"y\": {}\n"
                                                          "tags:\n"
                                                          "  - a\n"
                                                          "  - 1.5\n"
                                                          "  - - 1\n"
                                                          "  - k: 1\n");
    cr_assert_str_eq(write_as(TSK_FORMAT_YAML, LIST(num(1e21), num(-INFINITY), num(NAN), num(-0.0))),
                     "- 1.0e+21\n- -.inf\n- .nan\n- -0.0\n");
    cr_assert_str_eq(
        write_as(TSK_FORMAT_YAML, LIST(OBJECT({"a", LIST(OBJECT({"b", whole(1)}, {"c", whole(2)}))}, {"d", whole(3)}))),
        "- a:\n    - b: 1\n      c: 2\n  d: 3\n");
    cr_assert_str_eq(write_as(TSK_FORMAT_YAML, str("x")), "x\n");
}

Test(write, yaml_quotes_what_could_be_misread) {
    static const char *const quoted[] = {"",    "null", "Yes", "no",   "ON",   "off",   "~",     "true",       "y",
                                         "12",  "1.5",  "-3",  "0x1F", "1e5",  "1_000", "12:30", "2024-01-15", "1.2.3",
                                         "...", "---",  "- a", "a: b", "a:",   "a #b",  " a",    "a ",         "[a]",
                                         "{a}", "*a",   "&a",  "!a",   "|",    ">",     "%a",    "@a",         "`a`",
                                         "'a'", "#a",   "? a", ".inf", ".NaN", "=",     "<<",    ",a"};
    static const char *const plain[] = {"a",         "a b",     "a:b",     "a#b",      "http://x/y?z", "v1.2.3",
                                        "10 apples", "/api/v1", "nothing", "é",        "it's",         "a, b",
                                        "(x)",       "$name",   "onward",  "user@host"};
    for (size_t i = 0; i < TSK_COUNT(quoted); i++)
        cr_assert_str_eq(write_as(TSK_FORMAT_YAML, str(quoted[i])), tsk_arena_printf(&heap, "\"%s\"\n", quoted[i]));
    for (size_t i = 0; i < TSK_COUNT(plain); i++)
        cr_assert_str_eq(write_as(TSK_FORMAT_YAML, str(plain[i])), tsk_arena_printf(&heap, "%s\n", plain[i]));
    cr_assert_str_eq(write_as(TSK_FORMAT_YAML, str("two\nlines\x01\x7F\xFF\xE2\x80\xA8")),
                     "\"two\\nlines\\u0001\\u007F\xEF\xBF\xBD\\u2028\"\n");
    char *key = tsk_arena_printf(&heap, "%0300d", 1);
    cr_assert_str_eq(write_as(TSK_FORMAT_YAML, OBJECT({"o", OBJECT({key, LIST(whole(1))})})),
                     tsk_arena_printf(&heap, "o:\n  ? \"%s\"\n  :\n    - 1\n", key));
}

Test(write, env) {
    cr_assert_str_eq(write_as(TSK_FORMAT_ENV, sample()),
                     "APP=tusk\nPORT=8080\nRATIO=2\nON=true\nNONE=\nPORTS_MIN=8000\nPORTS_MAX=9000\n"
                     "PORTS_TYPE=range\nDB_HOST='a \"b\"\n'\nDB_USER_NAME_X=\nDB_USER_NAME_Y=\n"
                     "TAGS_0=a\nTAGS_1=1.5\nTAGS_2_0=1\nTAGS_3_K=1\n");
    cr_assert_str_eq(write_as(TSK_FORMAT_ENV, OBJECT({"200", str("it's $HOME")}, {"a.b-c", str("")})),
                     "_200='it'\\''s $HOME'\nA_B_C=\n");
    cr_assert_str_eq(write_as(TSK_FORMAT_ENV, EMPTY_OBJECT), "");
    cr_assert_str_eq(write_as(TSK_FORMAT_ENV, str("x")), "VALUE=x\n");
}

Test(write, table) {
    cr_assert_str_eq(write_as(TSK_FORMAT_TABLE, OBJECT({"漢字", str("wide\n\033")},
                                                       {"a key", LIST(EMPTY_OBJECT, num(1.5))}, {"n", TSK_VALUE_NULL})),
                     "path        type      value\n"
                     "\"漢字\"      string    wide\\n\xEF\xBF\xBD\n"
                     "\"a key\"[0]  object    {}\n"
                     "\"a key\"[1]  double    1.5\n"
                     "n           null      null\n");
    const char *clipped = write_as(TSK_FORMAT_TABLE, OBJECT({"k", str(tsk_arena_printf(&heap, "%070d", 0))}));
    cr_assert_str_eq(strstr(clipped, "000"), tsk_arena_printf(&heap, "%059d…\n", 0));
    const char *fits = write_as(TSK_FORMAT_TABLE, OBJECT({"k", str(tsk_arena_printf(&heap, "%060d", 0))}));
    cr_assert_str_eq(strstr(fits, "000"), tsk_arena_printf(&heap, "%060d\n", 0));
}

/* ---- TuskLang ---- */

Test(write, tsk) {
    cr_assert_str_eq(write_as(TSK_FORMAT_TSK, sample()), "$app: \"tusk\"\n"
                                                         "port: 8080\n"
                                                         "ratio: 2.0\n"
                                                         "on: true\n"
                                                         "none: null\n"
                                                         "ports: 8000-9000\n"
                                                         "db {\n"
                                                         "    host: \"a \\\"b\\\"\\n\"\n"
                                                         "    \"user name\": {\n"
                                                         "        x: []\n"
                                                         "        y: {}\n"
                                                         "    }\n"
                                                         "}\n"
                                                         "tags: [\"a\", 1.5, [1], {k: 1}]\n");
    cr_assert_str_eq(write_as(TSK_FORMAT_TSK, EMPTY_OBJECT), "");
    cr_assert_str_eq(write_as(TSK_FORMAT_TSK, str("${a} {$b} $c { $d }")), "\"\\${a} {\\$b} $c { $d }\"\n");
    tsk_value wide = str("a text that is long enough for two of them not to fit on a line");
    cr_assert_str_eq(write_as(TSK_FORMAT_TSK, OBJECT({"x", LIST(wide, OBJECT({"a", wide}, {"b", LIST(wide, wide)}))})),
                     "x: [\n"
                     "    \"a text that is long enough for two of them not to fit on a line\",\n"
                     "    {\n"
                     "        a: \"a text that is long enough for two of them not to fit on a line\",\n"
                     "        b: [\n"
                     "            \"a text that is long enough for two of them not to fit on a line\",\n"
                     "            \"a text that is long enough for two of them not to fit on a line\",\n"
                     "        ],\n"
                     "    },\n"
                     "]\n");
}

static const char *key_text(const char *key) {
    tsk_buf out;
    tsk_buf_init(&out, &heap);
    tsk_write_tsk_key(&out, key, strlen(key));
    return text_of(&out);
}

Test(write, tsk_keys) {
    static const char *const plain[] = {"a", "_x1", "max-size", "$app", "$a-b"};
    static const char *const quoted[] = {"", "a b", "1a", "a.b", "a-", "$", "$1", "-a", "user:read", "é", "#x"};
    for (size_t i = 0; i < TSK_COUNT(plain); i++) cr_assert_str_eq(key_text(plain[i]), plain[i]);
    for (size_t i = 0; i < TSK_COUNT(quoted); i++)
        cr_assert_str_eq(key_text(quoted[i]), tsk_arena_printf(&heap, "\"%s\"", quoted[i]));
    cr_assert_str_eq(key_text("\"\n"), "\"\\\"\\n\"");
}

/* The same kind, bits, texts and order of keys, down to the last item. */
static bool identical(tsk_value a, tsk_value b) {
    tsk_kind kind = tsk_kind_of(a);
    if (kind != tsk_kind_of(b)) return false;
    if (kind == TSK_INT) return tsk_as_int(a) == tsk_as_int(b);
    if (kind == TSK_STRING) return tsk_slice_eq(tsk_as_slice(a), tsk_as_slice(b));
    if (kind == TSK_ARRAY) {
        const tsk_array *x = tsk_as_array(a), *y = tsk_as_array(b);
        bool same = x->count == y->count;
        for (uint32_t i = 0; same && i < x->count; i++) same = identical(x->items[i], y->items[i]);
        return same;
    }
    if (kind != TSK_OBJECT) return tsk_same(a, b);
    const tsk_object *x = tsk_as_object(a), *y = tsk_as_object(b);
    bool same = x->count == y->count;
    for (uint32_t i = 0; same && i < x->count; i++) {
        const tsk_entry *e = &x->entries[i], *f = &y->entries[i];
        same = e->key_len == f->key_len && memcmp(e->key, f->key, e->key_len) == 0 && identical(e->value, f->value);
    }
    return same;
}

static void check_round_trip(tsk_value v) {
    const char *text = write_as(TSK_FORMAT_TSK, v);
    size_t len = strlen(text);
    tsk_graph *graph = TSK_NEW(&heap, tsk_graph);
    graph->arena = &heap;
    char *padded = tsk_arena_zalloc(&heap, len + TSK_SOURCE_PADDING);
    memcpy(padded, text, len);
    tsk_load_options options = {.max_depth = 1000, .max_source = 1u << 30, .max_errors = 20};
    tsk_frontend_load(graph, "t.tsk", padded, (uint32_t)len, &options);
    if (graph->diags.first) {
        tsk_buf report;
        tsk_buf_init(&report, &heap);
        tsk_diags_render(&report, &graph->diags, &graph->sources, (tsk_diag_style){.warnings = true});
        cr_assert_fail("%s\n%s", text_of(&report), text);
    }
    cr_assert_eq(graph->thunk_count, 0, "something needs computing:\n%s", text);
    cr_assert(identical(v, tsk_from_object(graph->root)), "read back differently:\n%s\n%s", text,
              write_as(TSK_FORMAT_JSON, tsk_from_object(graph->root)));
}

static uint64_t random_bits(void) {
    static uint64_t state = 0x2545F4914F6CDD1Dull;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> 11;
}

static tsk_slice random_text(void) {
    static const char *const pieces[] = {"a",           "B",
                                         "7",           " ",
                                         "_",           "-",
                                         ".",           ":",
                                         "=",           "#",
                                         "//",          "/*",
                                         "*/",          ";",
                                         ",",           "\"",
                                         "'",           "`",
                                         "\\",          "\n",
                                         "\r",          "\t",
                                         "$",           "{",
                                         "}",           "${",
                                         "{$",          "$x",
                                         "{$x}",        "${x}",
                                         "[",           "]",
                                         "(",           ")",
                                         "<",           ">",
                                         "<<",          "@env",
                                         "é",           "漢",
                                         "😀",           "\x01",
                                         "\x7F",        "true",
                                         "null",        "yes",
                                         "12",          "1-2",
                                         "=>",          "\"\"\"",
                                         "'''",         "function",
                                         "\\n",         "\\u0041",
                                         "\\$",         "%",
                                         "!",           "?",
                                         "|",           "&",
                                         "+",           "\xE2\x80\xA8",
                                         "\xEF\xBB\xBF"};
    tsk_buf text;
    tsk_buf_init(&text, &heap);
    tsk_buf_reserve(&text, 1);
    uint32_t count = (uint32_t)(random_bits() % 8);
    if (random_bits() % 40 == 0) count = 60;
    for (uint32_t i = 0; i < count; i++) tsk_buf_cstr(&text, pieces[random_bits() % TSK_COUNT(pieces)]);
    return (tsk_slice){text.ptr, (uint32_t)text.len};
}

static tsk_slice random_key(void) {
    static const char *const keys[] = {"a",      "b1", "max-size", "$g",        "$other", "true", "null", "include",
                                       "import", "if", "on",       "fn_fujsen", "length", "200",  "min",  "max",
                                       "type",   "é",  "",         "$",         "a.b",    "-"};
    return random_bits() % 3 ? tsk_slice_cstr(keys[random_bits() % TSK_COUNT(keys)]) : random_text();
}

static tsk_value random_scalar(void) {
    static const int64_t ints[] = {
        0, 1, -1, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, 999999999999999999, -1000000000000000000};
    static const double doubles[] = {
        0.0, -0.0, 1.0, -2.0, 0.1, 1e21, 1e-7, 1e100, 5e-324, 1.7976931348623157e308, 1e15, 1e18, INFINITY, -INFINITY};
    uint64_t bits = random_bits();
    double d;
    switch (bits % 9) {
    case 0: return TSK_VALUE_NULL;
    case 1: return tsk_from_bool(bits & 16);
    case 2: return whole(ints[(bits >> 8) % TSK_COUNT(ints)]);
    case 3: return whole((int64_t)(random_bits() << 11 | bits % 2048) >> (bits % 60));
    case 4: return num(doubles[(bits >> 8) % TSK_COUNT(doubles)]);
    case 5:
        bits = random_bits() << 11;
        memcpy(&d, &bits, sizeof d);
        return num(isnan(d) ? 0.5 : d);
    case 6: return num((double)(int64_t)(bits % 1000000) / 100);
    default: {
        tsk_slice s = random_text();
        return tsk_str_borrow(&heap, s.ptr, s.len);
    }
    }
}

static tsk_value random_value(int depth) {
    uint64_t kind = random_bits() % 10;
    if (!depth || kind < 5) return random_scalar();
    if (kind == 5)
        return OBJECT({"min", whole((int64_t)(random_bits() % 70000) - 5)}, {"max", whole((int64_t)random_bits())},
                      {"type", str("range")});
    uint32_t count = (uint32_t)(random_bits() % 5);
    if (kind < 8) {
        tsk_array *array = tsk_array_new(&heap, 0);
        for (uint32_t i = 0; i < count; i++) tsk_array_push(&heap, array, random_value(depth - 1));
        return tsk_from_array(array);
    }
    tsk_object *o = tsk_object_new(&heap, 0);
    for (uint32_t i = 0; i < count; i++) {
        tsk_slice key = random_key();
        tsk_object_set(&heap, o, key.ptr, key.len, random_value(depth - 1));
    }
    return tsk_from_object(o);
}

Test(write, tsk_reads_back_as_the_same_value) {
    check_round_trip(sample());
    for (int i = 0; i < 3000; i++) {
        tsk_object *o = tsk_object_new(&heap, 0);
        for (uint64_t n = random_bits() % 8; n > 0; n--) {
            tsk_slice key = random_key();
            tsk_object_set(&heap, o, key.ptr, key.len, random_value(4));
        }
        check_round_trip(tsk_from_object(o));
        teardown();
        setup();
    }
}
