/* Operators: names, arguments, texts, JSON, regular expressions, files, environment, methods.  Numbers, lists, state
 * and dates have files of their own. */
#include "test/unit/operator_rows.h"

#include "runtime/operators/internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(rows)                                                                                                    \
    do {                                                                                                               \
        bench b_;                                                                                                      \
        bench_open(&b_, NULL);                                                                                         \
        check_rows(&b_, rows, sizeof(rows) / sizeof *(rows));                                                          \
        bench_close(&b_);                                                                                              \
    } while (0)

/* ---- names ---- */

static int find(const char *name) {
    uint32_t number;
    return tsk_op_find(name, strlen(name), &number) ? (int)number : -1;
}

Test(operators, names) {
    cr_expect_eq(find("base64_encode"), TSK_OP_BASE64_ENCODE);
    cr_expect_eq(find("base64Encode"), TSK_OP_BASE64_ENCODE);
    cr_expect_eq(find("BASE64ENCODE"), TSK_OP_BASE64_ENCODE);
    cr_expect_eq(find("base64.encode"), TSK_OP_BASE64_ENCODE);
    cr_expect_eq(find("string.upper"), TSK_OP_UPPER);
    cr_expect_eq(find("array.first"), TSK_OP_FIRST);
    cr_expect_eq(find("array.map"), TSK_OP_MAP);
    cr_expect_eq(find("math.round"), TSK_OP_ROUND);
    cr_expect_eq(find("object.keys"), TSK_OP_KEYS);
    cr_expect_eq(find("file.read"), TSK_OP_FILE_READ);
    cr_expect_eq(find("date.add"), TSK_OP_DATE_ADD);
    cr_expect_eq(find("hash.sha256"), TSK_OP_SHA256);
    cr_expect_eq(find("env.secure"), TSK_OP_ENV_SECURE);
    cr_expect_eq(find("redis.hget"), TSK_OP_REDIS);
    cr_expect_eq(find("query"), TSK_OP_QUERY);
    cr_expect_eq(find("Query"), TSK_OP_QUERY_OBJECT);
    cr_expect_eq(find("array_column"), TSK_OP_PLUCK);
    cr_expect_eq(find("if"), TSK_OP_IF);
    cr_expect_eq(find("math.env"), -1, "a group reaches its own operators only");
    cr_expect_eq(find("nosuch"), -1);
    cr_expect_eq(find(""), -1);
    cr_expect_eq(find("_"), -1);
}

Test(operators, every_name_is_found) {
    const tsk_slice *names;
    size_t count = tsk_op_names(&names);
    for (size_t i = 0; i < count; i++) {
        uint32_t number;
        cr_expect(tsk_op_find(names[i].ptr, names[i].len, &number), "%s", names[i].ptr);
        if (i < TSK_OP_COUNT)
            cr_expect_eq(number, i, "%s is also the name of %s", names[i].ptr, tsk_operators[number].name);
    }
}

Test(operators, table) {
    for (uint32_t i = 0; i < TSK_OP_COUNT; i++) {
        const tsk_operator *op = &tsk_operators[i];
        cr_expect(op->max == -1 || op->min <= op->max, "%s", op->name);
        cr_expect(op->effect <= TSK_EFFECT_WRITE, "%s", op->name);
    }
}

Test(operators, specialization) {
    uint32_t better = 0;
    cr_expect(tsk_op_specialize(TSK_OP_FILE, TSK_SLICE("write"), &better));
    cr_expect_eq(better, TSK_OP_FILE_OP_WRITE);
    cr_expect_not(tsk_op_specialize(TSK_OP_FILE, TSK_SLICE("read"), &better));
    cr_expect(tsk_op_specialize(TSK_OP_JSON, TSK_SLICE("data.json"), &better));
    cr_expect_eq(better, TSK_OP_JSON_FILE);
    cr_expect_not(tsk_op_specialize(TSK_OP_JSON, TSK_SLICE("parse"), &better));
    cr_expect_not(tsk_op_specialize(TSK_OP_DATE, TSK_SLICE("add"), &better));
}

Test(operators, secrets) {
    static const char *const secret[] = {"API_KEY",      "db_password", "password", "JWT_SECRET",    "authToken",
                                         "github.token", "apiKey",      "Secret",   "aws-secret-key"};
    static const char *const open[] = {"key",       "monkey",       "keyboard",  "host",
                                       "tokenizer", "passwordless", "secretary", "turkey"};
    for (size_t i = 0; i < TSK_COUNT(secret); i++)
        cr_expect(tsk_op_is_secret_name(tsk_slice_cstr(secret[i])), "%s", secret[i]);
    for (size_t i = 0; i < TSK_COUNT(open); i++)
        cr_expect_not(tsk_op_is_secret_name(tsk_slice_cstr(open[i])), "%s", open[i]);
}

/* ---- environment ---- */

Test(operators, environment) {
    static const char *const env[] = {"HOST=example.org", "PORT=8080", "RATE=0.5", "DEBUG=true", "EMPTY=",
                                      "LIST=a, b,c",      "WORD=many", "OFF=off",  NULL};
    static const row rows[] = {
        {"env", "[\"HOST\"]", "\"example.org\""},
        {"env", "[\"PORT\"]", "\"8080\""},
        {"env", "[\"PORT\", 80]", "8080"},
        {"env", "[\"PORT\", \"80\"]", "\"8080\""},
        {"env", "[\"RATE\", 1]", "\"0.5\""},
        {"env", "[\"RATE\", 1.5]", "0.5"},
        {"env", "[\"DEBUG\", false]", "true"},
        {"env", "[\"OFF\", true]", "false"},
        {"env", "[\"WORD\", 3]", "\"many\""},
        {"env", "[\"WORD\", true]", "\"many\""},
        {"env", "[\"EMPTY\", \"d\"]", "\"\""},
        {"env", "[\"NONE\", 5]", "5"},
        {"env", "[\"NONE\"]", "null"},
        {"env_int", "[\"PORT\"]", "8080"},
        {"env_int", "[\"WORD\"]", "!WORD is not a whole number: \"many\""},
        {"env_int", "[\"NONE\", 7]", "7"},
        {"env_float", "[\"PORT\"]", "8080"},
        {"env_bool", "[\"DEBUG\"]", "true"},
        {"env_bool", "[\"WORD\"]", "!is not a boolean"},
        {"env_list", "[\"LIST\"]", "[\"a\",\"b\",\"c\"]"},
        {"env_list", "[\"HOST\", \".\"]", "[\"example\",\"org\"]"},
        {"env_required", "[\"NONE\"]", "!NONE is not set"},
        {"env", "[[1]]", "!env: argument 1 must be a string, got array [1]"},
    };
    bench b;
    bench_open(&b, env);
    check_rows(&b, rows, TSK_COUNT(rows));
    static const char *const allowed[] = {"HOST", NULL};
    b.caps.env_names = allowed;
    static const row filtered[] = {{"env", "[\"HOST\"]", "\"example.org\""},
                                   {"env", "[\"PORT\"]", "!PORT is not allowed; add it to --allow-env=PORT"}};
    check_rows(&b, filtered, TSK_COUNT(filtered));
    b.caps.mask = 0;
    static const row denied[] = {{"env", "[\"HOST\", \"d\"]", "!--allow-env"}};
    check_rows(&b, denied, TSK_COUNT(denied));
    cr_expect_eq(b.failure.code, TSK_E_DENIED);
    bench_close(&b);
}

/* ---- texts ---- */

Test(operators, letter_case) {
    static const row rows[] = {
        {"upper", "[\"straße äöü éà ñ łódź\"]", "\"STRASSE ÄÖÜ ÉÀ Ñ ŁÓDŹ\""},
        {"upper", "[\"привет ελληνικά\"]", "\"ПРИВЕТ ΕΛΛΗΝΙΚΆ\""},
        {"lower", "[\"ÄÖÜ ŁÓDŹ ПРИВЕТ ΑΒΓ\"]", "\"äöü łódź привет αβγ\""},
        {"title", "[\"hello wORLD, it's me\"]", "\"Hello World, It's Me\""},
        {"capitalize", "[\"élan vital\"]", "\"Élan vital\""},
        {"snake_case", "[\"HTTPServer maxAge-seconds\"]", "\"http_server_max_age_seconds\""},
        {"kebab_case", "[\"fooBarBaz\"]", "\"foo-bar-baz\""},
        {"camel_case", "[\"foo_bar-baz qux\"]", "\"fooBarBazQux\""},
        {"slug", "[\"  Héllo, Wörld! Don't panic \"]", "\"hello-world-dont-panic\""},
        {"equals_ignore_case", "[\"ÄB\", \"äb\"]", "true"},
        {"upper", "[5]", "\"5\""},
        {"upper", "[null]", "!upper: argument 1 must be a string, got null"},
        {"upper", "[]", "!arity"},
    };
    CHECK(rows);
}

Test(operators, cutting) {
    static const row rows[] = {
        {"trim", "[\"\\t a b \\n\"]", "\"a b\""},
        {"trim", "[\"xxaxx\", \"x\"]", "\"a\""},
        {"ltrim", "[\"  a \"]", "\"a \""},
        {"rtrim", "[\"ää\", \"ä\"]", "\"\""},
        {"substr", "[\"héllo\", 1, 3]", "\"éll\""},
        {"substr", "[\"hello\", -3, 2]", "\"ll\""},
        {"substr", "[\"hello\", 1, -1]", "\"ell\""},
        {"substr", "[\"hello\", 9]", "\"\""},
        {"substring", "[\"JavaScript\", 0, 4]", "\"Java\""},
        {"substring", "[\"hello\", 1, 3]", "\"el\""},
        {"substring", "[\"hello\", 3, 1]", "\"\""},
        {"left", "[\"hello\", 2]", "\"he\""},
        {"right", "[\"hello\", 2]", "\"lo\""},
        {"right", "[\"hello\", 9]", "\"hello\""},
        {"char_at", "[\"héllo\", 1]", "\"é\""},
        {"truncate", "[\"Hello World\", 8]", "\"Hello...\""},
        {"truncate", "[\"Hello\", 5]", "\"Hello\""},
        {"truncate", "[\"Hello World\", 6, \"…\"]", "\"Hello…\""},
        {"split", "[\"a,b,,c\", \",\"]", "[\"a\",\"b\",\"\",\"c\"]"},
        {"split", "[\"a,b,c\", \",\", 2]", "[\"a\",\"b,c\"]"},
        {"split", "[\"héy\", \"\"]", "[\"h\",\"é\",\"y\"]"},
        {"split", "[\"\", \",\"]", "[\"\"]"},
        {"lines", "[\"a\\r\\nb\\n\"]", "[\"a\",\"b\"]"},
        {"words", "[\" a  b \"]", "[\"a\",\"b\"]"},
        {"starts_with", "[\"hello\", \"he\"]", "true"},
        {"ends_with", "[\"hello\", \"lo\"]", "true"},
        {"ends_with", "[\"lo\", \"hello\"]", "false"},
    };
    CHECK(rows);
}

Test(operators, making) {
    static const row rows[] = {
        {"concat", "[\"a\", 1, true, null]", "\"a1true\""},
        {"concat", "[[1], [2, 3], 4]", "[1,2,3,4]"},
        {"replace", "[\"aXbXc\", \"X\", \"--\"]", "\"a--b--c\""},
        {"replace", "[\"abc\", \"\", \"-\"]", "\"abc\""},
        {"replace_first", "[\"aXbX\", \"X\", \"\"]", "\"abX\""},
        {"repeat", "[\"ab\", 3]", "\"ababab\""},
        {"repeat", "[\"ab\", -1]", "!argument 2 must be a number from 0 up"},
        {"repeat", "[\"ab\", 9999999999]", "!would be longer"},
        {"pad", "[\"7\", 3, \"0\", \"start\"]", "\"007\""},
        {"pad", "[\"ab\", 5, \"-\", \"both\"]", "\"-ab--\""},
        {"pad_left", "[5, 3, \"0\"]", "\"005\""},
        {"pad_right", "[\"é\", 3]", "\"é  \""},
        {"pad_right", "[\"a\", 99999999999]", "!would be longer"},
        {"string", "[42]", "\"42\""},
        {"string", "[\"upper\", \"abc\"]", "\"ABC\""},
        {"string", "[\"substring\", \"hello\", 1, 3]", "\"el\""},
        {"string", "[\"a\", \"b\", 1]", "\"ab1\""},
        {"escape_html", "[\"<a href=\\\"x\\\">&'\"]", "\"&lt;a href=&quot;x&quot;&gt;&amp;&#39;\""},
    };
    CHECK(rows);
}

Test(operators, formatting) {
    static const row rows[] = {
        {"format", "[\"%s v%s (%d)\", \"app\", \"1.2\", 7]", "\"app v1.2 (7)\""},
        {"format", "[\"{} and {}\", 1, \"two\"]", "\"1 and two\""},
        {"format", "[\"{1}{0}\", \"a\", \"b\"]", "\"ba\""},
        {"format", "[\"Hi {user.name}\", {\"user\": {\"name\": \"Ann\"}}]", "\"Hi Ann\""},
        {"format", "[1234.5, \"0,0.00\"]", "\"1,234.50\""},
        {"format", "[0.256, \"0.0%\"]", "\"25.6%\""},
        {"format", "[\"2024-01-31\", \"DD.MM.YYYY\"]", "\"31.01.2024\""},
        {"format", "[\"%s %s\", 1]", "!wants 2 values, got 1"},
        {"sprintf", "[\"%05.2f|%-5s|%+d|%x|%X|%o|%b|%c|%e\", 3.14159, \"ab\", 5, 255, 255, 8, 5, 65, 1500]",
         "\"03.14|ab   |+5|ff|FF|10|101|A|1.500000e+03\""},
        {"sprintf", "[\"%2$s %1$s %%\", \"a\", \"b\"]", "\"b a %\""},
        {"sprintf", "[\"%'*8d\", 42]", "\"******42\""},
        {"sprintf", "[\"%08.3f\", -3.14159]", "\"-003.142\""},
        {"sprintf", "[\"%.2f\", 1.005]", "\"1.01\""},
        {"sprintf", "[\"%.3s\", \"héllo\"]", "\"hél\""},
        {"sprintf", "[\"%k\", 1]", "!is no directive"},
        {"sprintf", "[\"%d\", \"x\"]", "!argument 2 must be a number, got string \"x\""},
        {"format_number", "[1234567.891, 2]", "\"1,234,567.89\""},
        {"format_number", "[-1234.5, 1, \",\", \".\"]", "\"-1.234,5\""},
        {"format_number", "[999]", "\"999\""},
        {"currency", "[1234.5, \"USD\"]", "\"$1,234.50\""},
        {"currency", "[-5, \"EUR\"]", "\"-€5.00\""},
        {"currency", "[1234.5, \"JPY\"]", "\"¥1,235\""},
        {"currency", "[1, \"CHF\"]", "\"CHF 1.00\""},
        {"to_fixed", "[2.345, 2]", "\"2.35\""},
        {"template", "[\"Hi {{ user.name }}, {{n}} {{missing}}!\", {\"user\": {\"name\": \"Ann\"}, \"n\": 2}]",
         "\"Hi Ann, 2 !\""},
        {"template", "[\"{{ not a path }} {{\", {}]", "\"{{ not a path }} {{\""},
        {"template", "[\"{{items[1]}}\", {\"items\": [1, 2]}]", "\"2\""},
        {"template", "[\"x\", 5]", "!argument 2 must be an object"},
    };
    CHECK(rows);
}

/* ---- JSON ---- */

Test(operators, json_reader_accepts) {
    static const row rows[] = {
        {"json_parse", "[\"null\"]", "null"},
        {"json_parse", "[\" [1, -2.5e3, true, \\\"x\\\"] \"]", "[1,-2500,true,\"x\"]"},
        {"json_parse", "[\"{\\\"a\\\":{\\\"b\\\":[]},\\\"c\\\":{}}\"]", "{\"a\":{\"b\":[]},\"c\":{}}"},
        {"json_parse", "[\"{\\\"a\\\":1,\\\"a\\\":2}\"]", "{\"a\":2}"},
        {"json_parse", "[\"\\\"\\\\u00e9\\\\ud83d\\\\ude00\\\\n\\\"\"]", "\"é😀\\n\""},
        {"json_parse", "[\"9223372036854775807\"]", "9223372036854775807"},
        {"json_parse", "[\"[0, -0, 0.0, 1E2, 1e-2]\"]", "[0,-0,0,100,0.01]"},
        {"json_parse", "[\"[[[[1]]]]\"]", "[[[[1]]]]"},
        {"json_parse", "[\"\\\"a long text without anything special in it\\\"\"]",
         "\"a long text without anything special in it\""},
    };
    CHECK(rows);
}

Test(operators, json_reader_refuses) {
    static const char *const malformed[] = {
        "",           " ",
        "[",          "]",
        "{",          "}",
        "[1,]",       "[1 2]",
        "{\"a\"}",    "{\"a\":}",
        "{\"a\":1,}", "{a:1}",
        "{'a':1}",    "01",
        "-",          "+1",
        ".5",         "5.",
        "1e",         "1e+",
        "0x10",       "nul",
        "truee",      "NaN",
        "Infinity",   "\"",
        "\"\\x\"",    "\"\\u12\"",
        "\"\\",       "\"a\nb\"",
        "[1]]",       "1 2",
        "\"\x01\"",   "[\"a\",\n\"b\" \"c\"]",
        "\xff",       "\"\xc0\x80\"",
        "/* */ 1",    "{\"a\":1 \"b\":2}",
        "[,1]",       "--1",
        "1.e1",
    };
    tsk_arena heap;
    tsk_arena_init(&heap, NULL, 0);
    for (size_t i = 0; i < TSK_COUNT(malformed); i++) {
        tsk_failure failure;
        tsk_value out;
        cr_expect_not(tsk_json_parse(&heap, malformed[i], strlen(malformed[i]), 0, &out, &failure), "%s", malformed[i]);
    }
    tsk_failure failure;
    tsk_value out;
    cr_expect_not(tsk_json_parse(&heap, "[1,\n  x]", 8, 0, &out, &failure));
    cr_expect_str_eq(failure.message, "JSON: a value was expected at line 2, column 3");
    char deep[300];
    memset(deep, '[', 150);
    memset(deep + 150, ']', 150);
    cr_expect(tsk_json_parse(&heap, deep, sizeof deep, 150, &out, &failure));
    cr_expect_not(tsk_json_parse(&heap, deep, sizeof deep, 149, &out, &failure));
    cr_expect_not(tsk_json_parse(&heap, "{\"a\":1", 6, 0, &out, &failure));
    tsk_arena_free(&heap);
}

Test(operators, json) {
    static const row rows[] = {
        {"json", "[\"parse\", \"[1,2]\"]", "[1,2]"},
        {"json", "[\"stringify\", {\"a\": [1, \"x\"]}]", "\"{\\\"a\\\":[1,\\\"x\\\"]}\""},
        {"json", "[\"pretty\", {\"a\": 1}]", "\"{\\n  \\\"a\\\": 1\\n}\""},
        {"json", "[{\"ok\": true}]", "{\"ok\":true}"},
        {"json", "[{\"error\": \"x\"}, 404]", "{\"error\":\"x\"}"},
        {"json", "[\"{\\\"a\\\": 1}\"]", "{\"a\":1}"},
        {"json", "[{\"a\": 1}, \"stringify\"]", "\"{\\\"a\\\":1}\""},
        {"json", "[{\"a\": {\"b\": 2}}, \"get\", \"a.b\"]", "2"},
        {"json", "[\"x.json\"]", "!json_file"},
        {"json", "[\"parse\"]", "\"parse\""},
        {"json", "[\"schema\", 1]", "!exactly 2 arguments expected, got 1"},
        {"json_get", "[{\"a\": [{\"b\": 1}, {\"b\": 2}]}, \"$.a[1].b\"]", "2"},
        {"json_get", "[{\"a\": [10, 20]}, \"a.-1\"]", "20"},
        {"json_get", "[{\"a.b\": 1}, \"a.b\"]", "1"},
        {"json_get", "[{\"a b\": 1}, \"$[\\\"a b\\\"]\"]", "1"},
        {"json_get", "[{}, \"x.y\", \"none\"]", "\"none\""},
        {"json_validate", "[\"{\\\"a\\\": }\"]",
         "{\"valid\":false,\"error\":\"JSON: a value was expected at line 1, column 7\"}"},
        {"json_valid", "[\"[]\"]", "true"},
        {"is_json", "[5]", "false"},
        {"json_merge", "[{\"a\": {\"x\": 1}, \"b\": 1}, {\"a\": {\"y\": 2}}, \"{\\\"b\\\": 3}\"]",
         "{\"a\":{\"x\":1,\"y\":2},\"b\":3}"},
        {"json_diff", "[{\"a\": 1, \"b\": {\"c\": 2}, \"d\": 0}, {\"a\": 1, \"b\": {\"c\": 3}, \"e\": 4}]",
         "{\"added\":{\"e\":4},\"removed\":{\"d\":0},\"changed\":{\"b.c\":{\"from\":2,\"to\":3}}}"},
        {"json_schema",
         "[{\"n\": 5}, {\"type\": \"object\", \"required\": [\"n\"], \"properties\": {\"n\": {\"type\": \"integer\", "
         "\"minimum\": 1}}}]",
         "{\"valid\":true,\"errors\":[]}"},
        {"json_schema",
         "[{\"n\": 0, \"s\": \"abc\"}, {\"required\": [\"m\"], \"properties\": {\"n\": {\"minimum\": 1}, \"s\": "
         "{\"pattern\": \"^x\", \"maxLength\": 2}}}]",
         "{\"valid\":false,\"errors\":[\"n: the value is less than 1\",\"s: does not match the pattern ^x\",\"s: the length is "
         "more than 2\",\"$: \\\"m\\\" is missing\"]}"},
        {"json_schema", "[[1, \"x\"], {\"items\": {\"type\": \"number\"}}]",
         "{\"valid\":false,\"errors\":[\"[1]: expected number, got string \\\"x\\\"\"]}"},
        {"json_stringify", "[[1], true]", "\"[\\n  1\\n]\""},
    };
    CHECK(rows);
}

/* ---- regular expressions ---- */

Test(operators, regex) {
    static const row rows[] = {
        {"regex", "[\"test\", \"^\\\\d+$\", \"123\"]", "true"},
        {"regex", "[\"match\", \"(\\\\w+)@(\\\\w+)\", \"me@home\"]", "[\"me@home\",\"me\",\"home\"]"},
        {"regex", "[\"match\", \"x\", \"abc\"]", "null"},
        {"regex", "[\"match\", \"b\", \"abcb\", \"g\"]", "[\"b\",\"b\"]"},
        {"regex", "[\"match_all\", \"\\\\d\", \"a1b2\"]", "[\"1\",\"2\"]"},
        {"regex", "[\"match_all\", \"(\\\\w)(\\\\d)?\", \"a1b\"]", "[[\"a1\",\"a\",\"1\"],[\"b\",\"b\",null]]"},
        {"regex", "[\"replace\", \"(\\\\w+) (\\\\w+)\", \"hello world\", \"$2 $1\"]", "\"world hello\""},
        {"regex", "[\"replace\", \"A\", \"banana\", \"i\", \"[$&]\"]", "\"b[a]n[a]n[a]\""},
        {"regex", "[\"split\", \"[,;] *\", \"a, b;c\"]", "[\"a\",\"b\",\"c\"]"},
        {"regex", "[\"extract\", \"v(\\\\d+)\", \"app v12\"]", "\"12\""},
        {"regex", "[\"^a\", \"abc\", \"test\"]", "true"},
        {"regex", "[\"a\", \"banana\", \"replace\", \"o\"]", "\"bonono\""},
        {"regex_replace", "[\"x*\", \"abc\", \"-\"]", "\"-a-b-c-\""},
        {"preg_replace", "[\"/b+/i\", \"-\", \"aBBc\"]", "\"a-c\""},
        {"regex_test", "[\"/API/v1\", \"/API/v1/users\"]", "true"},
        {"regex_test", "[\"/é+/i\", \"ÉÉ\"]", "true"},
        {"test", "[\"abc\", \"^a\"]", "true"},
        {"extract", "[\"order 66\", \"\\\\d+\"]", "\"66\""},
        {"regex_test", "[\"(\", \"x\"]", "!malformed at character 2"},
        {"regex_test", "[\"a\", \"x\", \"z\"]", "!'z' is no flag"},
        {"regex_test", "[\"^(a+)+$\", \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"]", "!too many steps"},
        {"regex_split", "[\"\", \"abc\"]", "[\"a\",\"b\",\"c\"]"},
        {"regex_replace", "[\"(a)|b\", \"ab\", \"<$1>\"]", "\"<a><>\""},
    };
    CHECK(rows);
}

Test(operators, regex_while_folding) {
    bench b;
    bench_open(&b, NULL);
    struct tsk_stores *stores = b.cx.stores;
    b.cx.stores = NULL;
    for (int i = 0; i < 200; i++) cr_assert_str_eq(outcome(&b, "regex_test", "[\"^(a|b)+$\", \"abab\"]"), "true");
    b.cx.stores = stores;
    for (int i = 0; i < 200; i++) { /* more patterns than are kept, and some often enough for native code */
        char args[80];
        snprintf(args, sizeof args, "[\"^x%d$\", \"x%d\"]", i % 90, i % 90);
        cr_assert_str_eq(outcome(&b, "regex_test", args), "true");
        cr_assert_str_eq(outcome(&b, "regex_match", "[\"(a)(b)\", \"ab\"]"), "[\"ab\",\"a\",\"b\"]");
    }
    bench_close(&b);
}

/* ---- encodings: RFC 4648, RFC 3986 ---- */

Test(operators, encodings) {
    static const row rows[] = {
        {"base64_encode", "[\"\"]", "\"\""},
        {"base64_encode", "[\"f\"]", "\"Zg==\""},
        {"base64_encode", "[\"fo\"]", "\"Zm8=\""},
        {"base64_encode", "[\"foo\"]", "\"Zm9v\""},
        {"base64_encode", "[\"foobar\"]", "\"Zm9vYmFy\""},
        {"base64_decode", "[\"Zm9vYg==\"]", "\"foob\""},
        {"base64_decode", "[\"Zm9vYmE\"]", "\"fooba\""},
        {"base64_decode", "[\"Zm9*\"]", "!must be Base64 text"},
        {"base64_decode", "[\"Z\"]", "!must be Base64 text"},
        {"base64_encode_url", "[\"<<?!?>>\"]", "\"PDw_IT8-Pg\""},
        {"base64_decode_url", "[\"PDw_IT8-Pg\"]", "\"<<?!?>>\""},
        {"base64", "[\"encode\", \"hi\"]", "\"aGk=\""},
        {"base64", "[\"aGk=\", \"decode\"]", "\"hi\""},
        {"base64", "[\"hi\"]", "\"aGk=\""},
        {"base64", "[\"encod\", \"hi\"]", "!did you mean \"encode\"?"},
        {"hex_encode", "[\"é\"]", "\"c3a9\""},
        {"hex_decode", "[\"C3A9\"]", "\"é\""},
        {"hex_decode", "[\"abc\"]", "!pairs of hexadecimal digits"},
        {"hex", "[255]", "\"ff\""},
        {"url_encode", "[\"a b&c=é/~\"]", "\"a%20b%26c%3D%C3%A9%2F~\""},
        {"url_decode", "[\"a%20b+c%C3%A9%zz\"]", "\"a b cé%zz\""},
        {"url", "[\"https://x.org/\", \"/a/b\", {\"q\": \"1 2\", \"l\": [1, 2]}]",
         "\"https://x.org/a/b?q=1%202&l=1&l=2\""},
        {"url_parse", "[\"https://u:p@h.org:8080/a/b?x=1&y=%20z#f\"]",
         "{\"scheme\":\"https\",\"user\":\"u\",\"password\":\"p\",\"host\":\"h.org\",\"port\":8080,\"path\":\"/a/"
         "b\",\"query\":\"x=1&y=%20z\","
         "\"params\":{\"x\":\"1\",\"y\":\" z\"},\"fragment\":\"f\"}"},
        {"url_parse", "[\"http://[::1]:99\"]",
         "{\"scheme\":\"http\",\"user\":null,\"password\":null,\"host\":\"[::1]\",\"port\":99,\"path\":\"\",\"query\":"
         "null,\"params\":{},\"fragment\":null}"},
        {"url_build",
         "[{\"scheme\": \"https\", \"host\": \"h\", \"port\": 1, \"path\": \"a\", \"params\": {\"k\": \"v\"}}]",
         "\"https://h:1/a?k=v\""},
        {"url_query", "[{\"a\": 1, \"b\": \"x y\"}]", "\"a=1&b=x%20y\""},
    };
    CHECK(rows);
}

/* RFC 4231, test case 2, and RFC 1321 / FIPS 180 */
Test(operators, digests) {
    static const row rows[] = {
        {"hmac", "[\"sha256\", \"Jefe\", \"what do ya want for nothing?\"]",
         "\"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843\""},
        {"hmac_sha256", "[\"what do ya want for nothing?\", \"Jefe\"]",
         "\"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843\""},
        {"md5", "[\"\"]", "\"d41d8cd98f00b204e9800998ecf8427e\""},
        {"hash", "[\"sha256\", \"abc\"]", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""},
        {"hash", "[\"abc\", \"SHA-1\"]", "\"a9993e364706816aba3e25717850c26c9cd0d89d\""},
        {"hash", "[\"sha256\", \"abc\", \"base64\"]", "\"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=\""},
        {"hash", "[\"sha9\", \"abc\"]", "!\"sha9\" is no digest"},
        {"hash", "[\"md5\", {\"a\": 1}]", "\"bb6cb5c68df4652941caf652a366f2d8\""},
    };
    CHECK(rows);
}

/* ---- casts and tests ---- */

Test(operators, casts) {
    static const row rows[] = {
        {"int", "[\"42\"]", "42"},
        {"int", "[\"x\", 7]", "7"},
        {"int", "[\"x\"]", "!"},
        {"parse_int", "[\"42px\"]", "42"},
        {"parse_int", "[\"ff\", 16]", "255"},
        {"parse_int", "[\"0xff\"]", "255"},
        {"parse_int", "[\"-12\"]", "-12"},
        {"parse_int", "[\"x\"]", "!text that begins with a number"},
        {"to_number", "[\"1.5\"]", "1.5"},
        {"to_number", "[\"12\"]", "12"},
        {"bool", "[\"yes\"]", "true"},
        {"to_array", "[\"a, b\"]", "[\"a\",\"b\"]"},
        {"to_array", "[\"a;b\", \";\"]", "[\"a\",\"b\"]"},
        {"to_array", "[null]", "[]"},
        {"to_array", "[5]", "[5]"},
        {"array", "[1, 2]", "[1,2]"},
        {"object", "[\"{\\\"a\\\": 1}\"]", "{\"a\":1}"},
        {"object", "[[[\"a\", 1]]]", "{\"a\":1}"},
        {"type_of", "[1.5]", "\"float\""},
        {"is", "[\"x\", \"string\"]", "true"},
        {"is", "[\"x\", \"strong\"]", "!did you mean \"string\"?"},
        {"is_integer", "[2.0]", "true"},
        {"is_empty", "[{}]", "true"},
        {"is_empty", "[0]", "false"},
        {"notempty", "[\"\", \"name is required\"]", "!name is required"},
        {"is_email", "[\"a.b+c@x-y.org\"]", "true"},
        {"is_email", "[\"a..b@x.org\"]", "false"},
        {"is_email", "[\"a@localhost\"]", "false"},
        {"is_url", "[\"https://x.org:8080/p?q#f\"]", "true"},
        {"is_url", "[\"x.org\"]", "false"},
        {"is_url", "[\"http://a b\"]", "false"},
        {"is_uuid", "[\"123e4567-e89b-12d3-a456-426614174000\"]", "true"},
        {"is_ip", "[\"::1\"]", "true"},
        {"is_ipv4", "[\"256.1.1.1\"]", "false"},
        {"is_phone", "[\"+49 (30) 123-4567\"]", "true"},
        {"is_alpha", "[\"Zürich\"]", "true"},
        {"is_alphanumeric", "[\"a1 \"]", "false"},
        {"in_range", "[5, 1, 10]", "true"},
        {"greater_than", "[\"10\", 9]", "true"},
    };
    CHECK(rows);
}

/* ---- methods ---- */

static const char *method(bench *b, const char *name, const char *args) {
    tsk_value list, out = TSK_VALUE_NULL;
    cr_assert(tsk_json_parse(&b->heap, args, strlen(args), 0, &list, &b->failure));
    const tsk_array *a = tsk_as_array(list);
    if (tsk_op_method(&b->cx, tsk_slice_cstr(name), a->items, a->count, &out)) return json_of(b, out);
    return tsk_arena_printf(&b->heap, "!%s%s%s", b->failure.message, b->failure.hint ? "; " : "",
                            b->failure.hint ? b->failure.hint : "");
}

Test(operators, methods) {
    static const row rows[] = {
        {"toUpperCase", "[\"abc\"]", "\"ABC\""},
        {"upper", "[\"abc\"]", "\"ABC\""},
        {"toLowerCase", "[\"ABC\"]", "\"abc\""},
        {"trim", "[\" a \"]", "\"a\""},
        {"replace", "[\"a-b-c\", \"-\", \"+\"]", "\"a+b+c\""},
        {"replace", "[\"a  b\", \"/\\\\s+/g\", \"_\"]", "\"a_b\""},
        {"replaceAll", "[\"aa\", \"a\", \"b\"]", "\"bb\""},
        {"split", "[\"a,b\", \",\"]", "[\"a\",\"b\"]"},
        {"includes", "[\"hello\", \"ell\"]", "true"},
        {"contains", "[[1, 2], 2]", "true"},
        {"startsWith", "[\"hello\", \"he\"]", "true"},
        {"indexOf", "[\"hello\", \"l\"]", "2"},
        {"indexOf", "[[5, 6], 6]", "1"},
        {"slice", "[[1, 2, 3], 1]", "[2,3]"},
        {"slice", "[\"hello\", -3]", "\"llo\""},
        {"substring", "[\"hello\", 1, 3]", "\"el\""},
        {"padStart", "[\"5\", 3, \"0\"]", "\"005\""},
        {"repeat", "[\"a\", 3]", "\"aaa\""},
        {"join", "[[1, 2], \"-\"]", "\"1-2\""},
        {"reverse", "[[1, 2]]", "[2,1]"},
        {"sort", "[[3, 1, 2]]", "[1,2,3]"},
        {"concat", "[[1], [2]]", "[1,2]"},
        {"first", "[[1, 2]]", "1"},
        {"last", "[[1, 2]]", "2"},
        {"keys", "[{\"a\": 1}]", "[\"a\"]"},
        {"length", "[\"héy\"]", "3"},
        {"toString", "[12]", "\"12\""},
        {"toFixed", "[1.005, 2]", "\"1.01\""},
        {"has", "[{\"a\": {\"b\": 1}}, \"a.b\"]", "true"},
        {"get", "[{\"a\": 1}, \"b\", 5]", "5"},
        {"at", "[[1, 2, 3], -1]", "3"},
        {"unique", "[[1, 1, 2]]", "[1,2]"},
        {"flatten", "[[1, [2, [3]]]]", "[1,2,3]"},
        {"sum", "[[1, 2, 3]]", "6"},
        {"round", "[2.567, 1]", "2.6"},
        {"toUperCase", "[\"x\"]", "!did you mean"},
        {"env", "[\"HOME\"]", "!has no method env"},
        {"upper", "[null]", "!null has no method upper"},
        {"toString", "[null]", "\"\""},
        {"upper", "[\"a\", 1, 2]", "!exactly 1 argument expected, got 3"},
    };
    bench b;
    bench_open(&b, NULL);
    for (size_t i = 0; i < TSK_COUNT(rows); i++) {
        const char *got = method(&b, rows[i].name, rows[i].args);
        bool ok = rows[i].expected[0] == '!' ? got[0] == '!' && strstr(got, rows[i].expected + 1)
                                             : strcmp(got, rows[i].expected) == 0;
        cr_expect(ok, "%s%s: expected %s, got %s", rows[i].name, rows[i].args, rows[i].expected, got);
    }
    bench_close(&b);
}

/* ---- files ---- */

typedef struct folder {
    char path[64];
} folder;

static void put(const char *path, const char *text) {
    FILE *f = fopen(path, "w");
    cr_assert(f);
    fputs(text, f);
    fclose(f);
}

/* allowed/{a.txt, data.json, sub/, inside -> a.txt, out -> ../secret.txt, up -> ..}, secret.txt */
static folder folder_make(void) {
    folder f = {"/tmp/tsk-operators-XXXXXX"};
    cr_assert(mkdtemp(f.path));
    cr_assert_eq(chdir(f.path), 0);
    cr_assert_eq(mkdir("allowed", 0755), 0);
    cr_assert_eq(mkdir("allowed/sub", 0755), 0);
    put("secret.txt", "secret");
    put("allowed/a.txt", "one\ntwo\n");
    put("allowed/data.json", "{\"n\": [1, 2]}");
    cr_assert_eq(symlink("a.txt", "allowed/inside"), 0);
    cr_assert_eq(symlink("../secret.txt", "allowed/out"), 0);
    cr_assert_eq(symlink("..", "allowed/up"), 0);
    return f;
}

static void folder_remove(const folder *f) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", f->path);
    cr_assert_eq(chdir("/"), 0);
    cr_assert_eq(system(command), 0);
}

Test(operators, reading_files) {
    static const row rows[] = {
        {"file", "[\"a.txt\"]", "\"one\\ntwo\\n\""},
        {"file", "[\"read\", \"a.txt\"]", "\"one\\ntwo\\n\""},
        {"file", "[\"a.txt\", \"exists\"]", "true"},
        {"file", "[\"exists\", \"none\"]", "false"},
        {"file", "[\"none\", \"fallback\"]", "\"fallback\""},
        {"file", "[\"none\"]", "!file: there is no file none"},
        {"file", "[\"size\", \"a.txt\"]", "8"},
        {"file", "[\"lines\", \"a.txt\"]", "[\"one\",\"two\"]"},
        {"file", "[\"hash\", \"a.txt\", \"md5\"]", "\"2094b601daac3d68f5aed51d3c20f7cd\""},
        {"file", "[\"list\", \".\"]", "[\"a.txt\",\"data.json\",\"inside\",\"out\",\"sub\",\"up\"]"},
        {"list_files", "[\".\"]", "[\"a.txt\",\"data.json\",\"inside\",\"out\"]"},
        {"list_files", "[\".\", \"*.txt\"]", "[\"a.txt\"]"},
        {"list_dirs", "[\".\"]", "[\"sub\",\"up\"]"},
        {"dir_exists", "[\"sub\"]", "true"},
        {"json_file", "[\"data.json\"]", "{\"n\":[1,2]}"},
        {"json_file", "[\"a.txt\"]", "!a.txt: JSON: a value was expected"},
        {"json_file", "[\"none.json\", {}]", "{}"},
        {"file_read", "[\"sub\"]", "!Is a directory"},
        {"file", "[\"write\", \"x\", \"y\"]", "!must be written as a literal"},
        {"file_read", "[\"a\\u0000b\"]", "!must be the path of a file"},
        {"file", "[\"inside\"]", "\"one\\ntwo\\n\""},
        {"file", "[\"out\"]", "!outside of the directories"},
        {"file", "[\"../secret.txt\"]", "!outside of the directories"},
        {"file", "[\"up/secret.txt\"]", "!outside of the directories"},
        {"file", "[\"sub/../../secret.txt\"]", "!outside of the directories"},
        {"file_exists", "[\"../secret.txt\"]", "!outside of the directories"},
        {"file_exists", "[\"out\"]", "!outside of the directories"},
        {"file", "[\"/etc/passwd\"]", "!outside of the directories"},
        {"file", "[\"sub/../a.txt\"]", "\"one\\ntwo\\n\""},
    };
    folder f = folder_make();
    bench b;
    bench_open(&b, NULL);
    const char *roots[] = {"allowed", NULL};
    b.caps.read_roots = roots;
    b.cx.directory = "allowed";
    check_rows(&b, rows, TSK_COUNT(rows));
    b.caps.mask = TSK_CAP_ENV;
    static const row denied[] = {{"file", "[\"a.txt\"]", "!reading files is not allowed; grant it with --allow-read"}};
    check_rows(&b, denied, 1);
    bench_close(&b);
    folder_remove(&f);
}

Test(operators, writing_files) {
    static const row rows[] = {
        {"file_op", "[\"write\", \"new.txt\", \"text\"]", "true"},
        {"file", "[\"new.txt\"]", "\"text\""},
        {"file_write", "[\"new.txt\", {\"a\": 1}]", "true"},
        {"file", "[\"new.txt\"]", "\"{\\\"a\\\":1}\""},
        {"file_append", "[\"new.txt\", \"!\"]", "true"},
        {"file_append", "[\"log\", \"first\"]", "true"},
        {"file_copy", "[\"new.txt\", \"copy.txt\"]", "true"},
        {"file_move", "[\"copy.txt\", \"sub/moved.txt\"]", "true"},
        {"file", "[\"sub/moved.txt\"]", "\"{\\\"a\\\":1}!\""},
        {"file_exists", "[\"copy.txt\"]", "false"},
        {"file_delete", "[\"sub/moved.txt\"]", "true"},
        {"file_delete", "[\"sub/moved.txt\"]", "false"},
        {"file_mkdir", "[\"x/y/z\"]", "true"},
        {"dir_exists", "[\"x/y/z\"]", "true"},
        {"file_mkdir", "[\"x/y/z\"]", "true"},
        {"file_write", "[\"../evil.txt\", \"x\"]", "!outside of the directories"},
        {"file_write", "[\"up/evil.txt\", \"x\"]", "!outside of the directories"},
        {"file_write", "[\"out\", \"x\"]", "!may not be written"},
        {"file_append", "[\"out\", \"x\"]", "!may not be written"},
        {"file_move", "[\"new.txt\", \"../evil.txt\"]", "!outside of the directories"},
        {"file_delete", "[\"up/secret.txt\"]", "!outside of the directories"},
        {"file_mkdir", "[\"up/evil\"]", "!outside of the directories"},
        {"file_write", "[\"sub\", \"x\"]", "!Is a directory"},
        {"file_write", "[\"none/x\", \"x\"]", "!there is no file none/x"},
        {"file_op", "[\"wipe\", \"x\"]", "!has no operation \"wipe\""},
        {"file", "[\"list\", \".\"]",
         "[\"a.txt\",\"data.json\",\"inside\",\"log\",\"new.txt\",\"out\",\"sub\",\"up\",\"x\"]"},
    };
    folder f = folder_make();
    bench b;
    bench_open(&b, NULL);
    const char *roots[] = {"allowed", NULL};
    b.caps.read_roots = b.caps.write_roots = roots;
    b.cx.directory = "allowed";
    check_rows(&b, rows, TSK_COUNT(rows));
    b.caps.mask = TSK_CAP_READ;
    static const row denied[] = {
        {"file_write", "[\"a.txt\", \"x\"]", "!writing files is not allowed; grant it with --allow-write"}};
    check_rows(&b, denied, 1);
    cr_expect_eq(access("secret.txt", F_OK), 0);
    cr_expect_neq(access("evil.txt", F_OK), 0);
    bench_close(&b);
    folder_remove(&f);
}

/* A heap that is full while a file is open: the descriptor is closed and the trap is the caller's again. */
Test(operators, full_heap_while_reading) {
    folder f = folder_make();
    int fd = open("large", O_WRONLY | O_CREAT, 0600);
    cr_assert_eq(ftruncate(fd, 8 << 20), 0);
    close(fd);
    tsk_arena heap;
    tsk_arena_init(&heap, NULL, 1 << 20);
    tsk_trap trap;
    volatile bool trapped = false;
    heap.trap = &trap;
    if (setjmp(trap.jump)) {
        trapped = true;
    } else {
        tsk_capabilities caps = {.mask = TSK_CAP_READ};
        tsk_failure failure;
        tsk_op_context cx = {.heap = &heap, .caps = &caps, .failure = &failure, .directory = "."};
        tsk_value path = tsk_str_cstr(&heap, "large"), out;
        tsk_op_file_read(&cx, &path, 1, &out);
    }
    cr_expect(trapped);
    cr_expect_eq(heap.trap, &trap);
    int next = open("secret.txt", O_RDONLY);
    cr_expect_eq(next, fd, "the descriptor was given back");
    close(next);
    tsk_arena_free(&heap);
    folder_remove(&f);
}

Test(operators, paths) {
    static const row rows[] = {
        {"path_join", "[\"a\", \"b/\", \"c\"]", "\"a/b/c\""},
        {"path_join", "[\"a\", \"/b\"]", "\"/b\""},
        {"dirname", "[\"/a/b/c.txt\"]", "\"/a/b\""},
        {"dirname", "[\"c.txt\"]", "\".\""},
        {"dirname", "[\"/c\"]", "\"/\""},
        {"basename", "[\"/a/b.txt\"]", "\"b.txt\""},
        {"basename", "[\"/a/b.txt\", \".txt\"]", "\"b\""},
        {"basename", "[\"/a/b/\"]", "\"b\""},
        {"extension", "[\"/a/b.tar.gz\"]", "\"gz\""},
        {"extension", "[\".profile\"]", "\"\""},
        {"stem", "[\"/a/b.tar.gz\"]", "\"b.tar\""},
    };
    CHECK(rows);
}
