/* Readers and writers of data formats: what texts mean, what is refused and where, and documents there and back. */
#include "test/unit/op_env.h"

#include "runtime/formats/formats.h"

#include <math.h>
#include <stdio.h>

TestSuite(formats, .init = setup, .fini = teardown);

static bool read_as(tsk_format format, const char *text, size_t len, tsk_value *out, tsk_read_problem *problem) {
    return tsk_format_read(format, &heap, text, len, NULL, out, problem);
}

typedef struct text_row {
    const char *text, *wanted; /* JSON, or "!line:column message" */
} text_row;

static void check_rows(tsk_format format, const text_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        tsk_value v = TSK_VALUE_NULL;
        tsk_read_problem problem;
        size_t len = strlen(rows[i].text);
        char got[512];
        if (read_as(format, rows[i].text, len, &v, &problem)) {
            snprintf(got, sizeof got, "%s", shown(v));
        } else {
            unsigned line, column;
            tsk_read_place(rows[i].text, len, problem.at, &line, &column);
            snprintf(got, sizeof got, "!%u:%u %s", line, column, problem.message);
        }
        cr_expect_str_eq(got, rows[i].wanted, "%s:\n%s\ngot    %s\nwanted %s", tsk_format_name(format), rows[i].text,
                         got, rows[i].wanted);
    }
}

Test(formats, yaml_scalars) {
    static const text_row rows[] = {
        {"", "null"},
        {"# nothing\n", "null"},
        {"a", "\"a\""},
        {"~", "null"},
        {"- null\n- Null\n- NULL\n- nULL\n-", "[null,null,null,\"nULL\",null]"},
        {"[true, True, TRUE, tRUE, yes, on, no, off, y]",
         "[true,true,true,\"tRUE\",\"yes\",\"on\",\"no\",\"off\",\"y\"]"},
        {"[0, 7, -3, +4, 010, 0o17, 0xFf, 1_000, 12e03, 1., .5, -.5, 1.e2, 0x, 0o8, 1e, -]",
         "!1:79 a sequence cannot begin here"},
        {"[0, 7, -3, +4, 010, 0o17, 0xFf, 1_000, 12e03, 1., .5, -.5, 1.e2, 0x, 0o8, 1e]",
         "[0,7,-3,4,10,15,255,\"1_000\",12000,1,0.5,-0.5,100,\"0x\",\"0o8\",\"1e\"]"},
        {"[9223372036854775807, -9223372036854775808, 9223372036854775808]",
         "[9223372036854775807,-9223372036854775808,9223372036854776000]"},
        {"[1.5e3, 685.230_15, 12:30:45, 2001-12-14, 1.2.3, 'true', \"1\"]",
         "[1500,\"685.230_15\",\"12:30:45\",\"2001-12-14\",\"1.2.3\",\"true\",\"1\"]"},
        {"a: one\n  two\n\n  three", "{\"a\":\"one two\\nthree\"}"},
        {"a: one # comment\nb: two#three", "{\"a\":\"one\",\"b\":\"two#three\"}"},
        {"a: http://x:80/y?z", "{\"a\":\"http://x:80/y?z\"}"},
        {"\"a\\tb\\x41\\u00e9\\U0001F600\\\"\\\\\\/\\N\"", "\"a\\tbA\xC3\xA9\xF0\x9F\x98\x80\\\"\\\\/\xC2\x85\""},
        {"\"\\uD83D\\uDE00\"", "\"\xF0\x9F\x98\x80\""},
        {"\"\\uD83D\"", "!1:2 an escape that is no character"},
        {"\"\\q\"", "!1:2 an unknown escape"},
        {"\"\\x4\"", "!1:2 \\x without 2 hexadecimal digits"},
        {"\"a  \n  b\n\n  c\"", "\"a b\\nc\""},
        {"\"a \\\n  b\\\n\n  c\"", "\"a b\\nc\""},
        {"'it''s\n  here'", "\"it's here\""},
        {"'open", "!1:1 a text without its closing quote"},
        {"a: \"x\ny\"", "!2:1 a line of a text in quotes is not indented deeper than what holds it"},
        {"@a", "!1:1 a value cannot begin with @"},
        {"a: `b`", "!1:4 a value cannot begin with `"},
        {"a\x01", "!1:2 a control character"},
    };
    check_rows(TSK_FORMAT_YAML, rows, TSK_COUNT(rows));
}

Test(formats, yaml_blocks) {
    static const text_row rows[] = {
        {"a: 1\nb:\n  c: 2\n  d:\n    - x\n    - y: z\n      w:\n",
         "{\"a\":1,\"b\":{\"c\":2,\"d\":[\"x\",{\"y\":\"z\",\"w\":null}]}}"},
        {"a:\n- 1\n- 2\nb: 3", "{\"a\":[1,2],\"b\":3}"},
        {"- - 1\n  - 2\n- - 3", "[[1,2],[3]]"},
        {"-\n  a: 1\n- b: 2\n  c: 3\n-\n  - d", "[{\"a\":1},{\"b\":2,\"c\":3},[\"d\"]]"},
        {"? a\n: 1\n? b\n? - c\n", "!4:1 a key that is a collection"},
        {"? a\n: - 1\n  - 2\n? |\n  b\n: 3", "{\"a\":[1,2],\"b\\n\":3}"},
        {"'a b': 1\n\"c:d\": 2\ne f: 3\n5: 4\n: 5\n~: 6", "{\"a b\":1,\"c:d\":2,\"e f\":3,\"5\":4,\"\":5,\"~\":6}"},
        {"a: 1\r\nb:\r\n  - c\r\n", "{\"a\":1,\"b\":[\"c\"]}"},
        {"\xEF\xBB\xBF"
         "a: 1",
         "{\"a\":1}"},
        {"a: |\n  x\n   y\n\n  z\nb: >\n  x\n  y\n\n  z\n   w\n  v\nc: 1",
         "{\"a\":\"x\\n y\\n\\nz\\n\",\"b\":\"x y\\nz\\n w\\nv\\n\",\"c\":1}"},
        {"- |-\n  a\n\n- |+\n  a\n\n- >-\n  a\n  b\n- |2\n    a\n- |\n\n\n  a",
         "[\"a\",\"a\\n\\n\",\"a b\",\"  a\\n\",\"\\n\\na\"]"},
        {"a: |\nb: 1", "{\"a\":\"\",\"b\":1}"},
        {"a: |x\n  b", "!1:5 something stands behind the | of a block of text"},
        {"--- |\n  a\n...\n", "\"a\\n\""},
        {"a: b: c", "!1:5 a mapping cannot begin on this line"},
        {"a: - b", "!1:4 a sequence cannot begin here"},
        {"a: 1\n b: 2", "!2:3 a mapping cannot begin on this line"},
        {"a:\n  b: 1\n c: 2", "!3:2 the indentation fits no collection that is open"},
        {"- a\nb: 1", "!2:1 '-' was expected before another item"},
        {"a: 1\nb", "!2:1 a key was expected"},
        {"a:\n\tb: 1", "!2:1 a tab in the indentation"},
        {"a: 1\na: 2", "!2:1 the key `a` comes twice"},
        {"a: 'b' c", "!1:8 something stands behind the value"},
        {"a: [1] 2", "!1:8 something stands behind the value"},
    };
    check_rows(TSK_FORMAT_YAML, rows, TSK_COUNT(rows));
}

Test(formats, yaml_flow) {
    static const text_row rows[] = {
        {"{}", "{}"},
        {"[]", "[]"},
        {"[a, [b, {c: d}], {e, f: , \"g\":1, 'h': 2, ? i : j},]",
         "[\"a\",[\"b\",{\"c\":\"d\"}],{\"e\":null,\"f\":null,\"g\":1,\"h\":2,\"i\":\"j\"}]"},
        {"[a: 1, b: , : c, \"d\":2]", "[{\"a\":1},{\"b\":null},{\"\":\"c\"},{\"d\":2}]"},
        {"{\n  a: 1, # one\n  b: [\n    2,\n    3\n  ]\n}", "{\"a\":1,\"b\":[2,3]}"},
        {"{\"a\": {\"b\": [1, 2.5, true, null, \"\\n\"]}}", "{\"a\":{\"b\":[1,2.5,true,null,\"\\n\"]}}"},
        {"[a b\n  c, d]", "[\"a b c\",\"d\"]"},
        {"{a: http://x/y, b: c:d}", "{\"a\":\"http://x/y\",\"b\":\"c:d\"}"},
        {"[1, 2", "!1:1 [ is never closed"},
        {"[1 2\n]]", "!2:2 something stands behind the value"},
        {"[1, , 2]", "!1:5 a value was expected"},
        {"{a: 1 b: 2}", "!1:8 ',' or '}' was expected"},
        {"{a: 1]", "!1:6 ',' or '}' was expected"},
        {"{[a]: 1}", "!1:2 a key that is a collection"},
        {"[a]: 1", "!1:1 a key that is a collection"},
        {"a: [1,\n--- 2]", "!1:4 [ is never closed"},
    };
    check_rows(TSK_FORMAT_YAML, rows, TSK_COUNT(rows));
}

Test(formats, yaml_anchors_tags_documents) {
    static const text_row rows[] = {
        {"a: &x 1\nb: *x\nc: [*x, *x]", "{\"a\":1,\"b\":1,\"c\":[1,1]}"},
        {"a: &x\n  k: v\nb: *x\n&y c: *y", "{\"a\":{\"k\":\"v\"},\"b\":{\"k\":\"v\"},\"c\":\"c\"}"},
        {"&x a: 1\n*x : 2", "!2:1 the key `a` comes twice"},
        {"- &a a\n- *a\n- &a b\n- *a", "[\"a\",\"a\",\"b\",\"b\"]"},
        {"b: *x", "!1:4 no anchor &x stands before this alias"},
        {"&x [*x]", "!1:5 *x stands inside of what it names"},
        {"base: &b {x: 1, y: 2}\nd:\n  y: 3\n  <<: *b", "{\"base\":{\"x\":1,\"y\":2},\"d\":{\"x\":1,\"y\":3}}"},
        {"- &a {x: 1}\n- &b {x: 2, y: 3}\n- <<: [*a, *b]\n  z: 4",
         "[{\"x\":1},{\"x\":2,\"y\":3},{\"x\":1,\"y\":3,\"z\":4}]"},
        {"<<: 1", "!1:1 << wants a mapping, or several"},
        {"'<<': 1", "{\"<<\":1}"},
        {"[!!str 1, !!int '2', !!float 3, !!bool 'true', !!null '', ! 4, !<tag:yaml.org,2002:str> 5]",
         "[\"1\",2,3,true,null,\"4\",\"5\"]"},
        {"a: !!str\nb: !!seq\n  - 1\nc: !!map {d: 1}\ne: !!binary aGk=",
         "{\"a\":\"\",\"b\":[1],\"c\":{\"d\":1},\"e\":\"aGk=\"}"},
        {"!!int x", "!1:8 the value is not what its tag says: a whole number"},
        {"!!seq {a: 1}", "!1:7 the value is not what its tag says"},
        {"a: !Ref b", "!1:4 the tag !Ref is not known"},
        {"%YAML 1.2\n---\na", "\"a\""},
        {"%YAML 1.2\na", "!2:1 --- was expected after a directive"},
        {"%TAG ! x\n---\na", "!1:1 a directive other than %YAML 1.2"},
        {"--- a\n--- b\n", "!2:1 a second document"},
        {"---\na: 1\n...\n# end\n", "{\"a\":1}"},
        {"---\n---\n", "!2:1 a second document"},
    };
    check_rows(TSK_FORMAT_YAML, rows, TSK_COUNT(rows));
    tsk_read_options all = {.all = true};
    tsk_read_problem problem;
    tsk_value v;
    static const char stream[] = "---\na: 1\n---\n---\n- b\n...\n--- c\n";
    cr_assert(tsk_format_read(TSK_FORMAT_YAML, &heap, stream, sizeof stream - 1, &all, &v, &problem));
    cr_expect_str_eq(shown(v), "[{\"a\":1},null,[\"b\"],\"c\"]");
}

/* Ten anchors of ten aliases each stand for ten thousand million values. */
Test(formats, yaml_bombs) {
    tsk_buf text;
    tsk_value v;
    tsk_read_problem problem;
    tsk_buf_init(&text, &heap);
    tsk_buf_cstr(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
        tsk_buf_printf(&text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++) tsk_buf_printf(&text, "*a%d, ", i - 1);
        tsk_buf_cstr(&text, "]\n");
    }
    cr_expect_not(read_as(TSK_FORMAT_YAML, text.ptr, text.len, &v, &problem));
    cr_expect_eq(problem.code, TSK_E_MEMORY_LIMIT);
    cr_expect(strstr(problem.message, "aliases stand for more than"));
    static const char *const deep[] = {"[", "{a: ", "- ", "? "};
    for (size_t i = 0; i < TSK_COUNT(deep); i++) {
        text.len = 0;
        for (int k = 0; k < 100000; k++) tsk_buf_cstr(&text, deep[i]);
        cr_expect_not(read_as(TSK_FORMAT_YAML, text.ptr, text.len, &v, &problem));
        cr_expect_eq(problem.code, TSK_E_DEPTH_LIMIT, "%s: %s", deep[i], problem.message);
    }
}

Test(formats, toml_values) {
    static const text_row rows[] = {
        {"", "{}"},
        {"a = 1\nb=+2\nc = -3_000\nd = 0xdead_BEEF\ne = 0o17\nf = 0b101",
         "{\"a\":1,\"b\":2,\"c\":-3000,\"d\":3735928559,\"e\":15,\"f\":5}"},
        {"a = 1.5\nb = -2e3\nc = 1_0.2_5\nd = 6.6e-1", "{\"a\":1.5,\"b\":-2000,\"c\":10.25,\"d\":0.66}"},
        {"a = 9223372036854775807\nb = -9223372036854775808", "{\"a\":9223372036854775807,\"b\":-9223372036854775808}"},
        {"a = 9223372036854775808", "!1:5 an integer that does not fit 64 bits"},
        {"a = 0x8000000000000000", "!1:5 an integer that does not fit 64 bits"},
        {"a = true\nb = false # c", "{\"a\":true,\"b\":false}"},
        {"a = \"x\\ty\\u00e9\\\"\"\nb = 'c:\\d'", "{\"a\":\"x\\ty\xC3\xA9\\\"\",\"b\":\"c:\\\\d\"}"},
        {"a = \"\"\"\nx\n  y \\\n   z\"\"\"\nb = '''\nr\\'''", "{\"a\":\"x\\n  y z\",\"b\":\"r\\\\\"}"},
        {"a = \"\"\"\"x\"\"\"\"\"", "{\"a\":\"\\\"x\\\"\\\"\"}"},
        {"a = [1, [2, 'x'], {b = 1, c.d = 2},\n # c\n]", "{\"a\":[1,[2,\"x\"],{\"b\":1,\"c\":{\"d\":2}}]}"},
        {"a = 1979-05-27T07:32:00.5-07:00\nb = 1979-05-27 07:32:00Z\nc = 1979-05-27\nd = 07:32:00",
         "{\"a\":\"1979-05-27T07:32:00.5-07:00\",\"b\":\"1979-05-27 "
         "07:32:00Z\",\"c\":\"1979-05-27\",\"d\":\"07:32:00\"}"},
        {"a = 2021-02-29", "!1:5 `2021-02-29` is no value"},
        {"a = 01", "!1:5 `01` is no value"},
        {"a = 1__0", "!1:5 `1__0` is no value"},
        {"a = _1", "!1:5 `_1` is no value"},
        {"a = 1.", "!1:5 `1.` is no value"},
        {"a = .5", "!1:5 `.5` is no value"},
        {"a = yes", "!1:5 `yes` is no value"},
        {"a =", "!1:4 a value was expected"},
        {"a", "!1:2 '=' was expected after the key"},
        {"a = 1 b = 2", "!1:7 something stands behind the value"},
        {"= 1", "!1:1 a key was expected"},
        {"a = \"x", "!1:5 a text without its closing quote"},
        {"a = \"\\q\"", "!1:6 an unknown escape"},
        {"a = \"\\uD800\"", "!1:6 an escape that is no character"},
        {"a = \"\x01\"", "!1:6 a control character in a text"},
        {"a = [1, 2", "!1:5 [ is never closed"},
        {"a = [1 2]", "!1:8 ',' or ']' was expected"},
        {"a = {b = 1,}", "!1:12 a key was expected"},
        {"a = {b = 1\n}", "!1:11 ',' or '}' was expected"},
    };
    check_rows(TSK_FORMAT_TOML, rows, TSK_COUNT(rows));
}

Test(formats, toml_tables) {
    static const text_row rows[] = {
        {"[a]\nx = 1\n[b.c]\ny = 2\n[b]\nz = 3", "{\"a\":{\"x\":1},\"b\":{\"c\":{\"y\":2},\"z\":3}}"},
        {"a.b.c = 1\na.b.d = 2\n\"x.y\".'z' = 3", "{\"a\":{\"b\":{\"c\":1,\"d\":2}},\"x.y\":{\"z\":3}}"},
        {"[[a]]\nx = 1\n[[a]]\n[a.b]\ny = 2\n[[a.c]]\nz = 3\n[[a.c]]",
         "{\"a\":[{\"x\":1},{\"b\":{\"y\":2},\"c\":[{\"z\":3},{}]}]}"},
        {"[ a . \"b\" ] # c\n1 = 2", "{\"a\":{\"b\":{\"1\":2}}}"},
        {"[fruit]\napple.color = 1\n[fruit.apple.texture]\nsmooth = true",
         "{\"fruit\":{\"apple\":{\"color\":1,\"texture\":{\"smooth\":true}}}}"},
        {"a = 1\na = 2", "!2:1 `a` is defined twice"},
        {"[a]\n[a]", "!2:1 `a` is defined twice"},
        {"a = 1\n[a]", "!2:1 `a` is defined twice"},
        {"a = 1\na.b = 2", "!2:1 `a` is defined twice"},
        {"a.b = 1\n[a]", "!2:1 `a` is defined twice"},
        {"a = {b = 1}\na.c = 2", "!2:1 `a` is defined twice"},
        {"a = {b = 1}\n[a.c]", "!2:1 `a` is defined twice"},
        {"a = {b = 1, b = 2}", "!1:13 `b` is defined twice"},
        {"a = [{}]\n[[a]]", "!2:1 `a` is defined twice"},
        {"[[a]]\n[a]", "!2:1 `a` is defined twice"},
        {"[a]\n[[a]]", "!2:1 `a` is defined twice"},
        {"[a.b.c]\nz = 9\n[a]\nb.c.t = 1", "!4:1 `c` is defined twice"},
        {"[a", "!1:3 ']' was expected after the name of a table"},
        {"[[a]", "!1:4 ']]' was expected after the name of a table"},
        {"[]", "!1:2 a key was expected"},
        {"[a] b = 1", "!1:5 something stands behind the header"},
        {"b\xC3\xA4 = 1", "!1:2 '=' was expected after the key"},
    };
    check_rows(TSK_FORMAT_TOML, rows, TSK_COUNT(rows));
}

Test(formats, csv) {
    static const text_row rows[] = {
        {"", "[]"},
        {"a,b\n1,2\n", "[{\"a\":\"1\",\"b\":\"2\"}]"},
        {"a,b\r\n\"x,\"\"y\"\"\nz\",\r\n\r\n007,3",
         "[{\"a\":\"x,\\\"y\\\"\\nz\",\"b\":\"\"},{\"a\":\"007\",\"b\":\"3\"}]"},
        {"a\n\"\"\n", "[{\"a\":\"\"}]"},
        {"a,b\n1", "!2:1 a row of 1 fields where the first row names 2"},
        {"a,a\n", "!1:1 the first row names `a` twice"},
        {"a\n\"x\"y", "!2:4 something stands behind a closing quote"},
        {"a\n\"x", "!2:1 a field without its closing quote"},
    };
    check_rows(TSK_FORMAT_CSV, rows, TSK_COUNT(rows));
}

Test(formats, ini) {
    static const text_row rows[] = {
        {"; c\n# d\na=1\nb : two words ; c\n c = \"x;\\n\\\"\" # d\nd='r\\n'\ne=\nf = 007\ng = null\nh = []",
         "{\"a\":1,\"b\":\"two "
         "words\",\"c\":\"x;\\n\\\"\",\"d\":\"r\\\\n\",\"e\":\"\",\"f\":\"007\",\"g\":null,\"h\":[]}"},
        {"x = 1.5\n[a]\nt[] = 1\nt[] = b\n[a.b]\ny = true\n[a.\"c.d\"]\nz = #fff",
         "{\"x\":1.5,\"a\":{\"t\":[1,\"b\"],\"b\":{\"y\":true},\"c.d\":{\"z\":\"\"}}}"},
        {"a\n", "!1:1 a line that is neither a section nor `key = value`"},
        {"[a\n", "!1:1 a section without its ]"},
        {"[]\n", "!1:1 a section without a name"},
        {"a=1\na=2", "!2:1 the key `a` comes twice"},
        {"a=1\n[a]", "!2:1 `a` is a key and cannot be a section too"},
        {"a=1\na[]=2", "!2:1 `a` is no list, since it has a value already"},
        {"a=\"x", "!1:3 a text without its closing quote"},
        {"a=\"x\" y", "!1:7 something stands behind a text in quotes"},
    };
    check_rows(TSK_FORMAT_INI, rows, TSK_COUNT(rows));
}

Test(formats, xml) {
    static const text_row rows[] = {
        {"<a/>", "{\"a\":\"\"}"},
        {"<a> x </a>", "{\"a\":\" x \"}"},
        {"<?xml version=\"1.0\"?><!-- c --><a b=\"1\"><c>2</c><c>3</c><d e='4'>5</d> t <![CDATA[<&]]></a>",
         "{\"a\":{\"@b\":\"1\",\"c\":[\"2\",\"3\"],\"d\":{\"@e\":\"4\",\"#text\":\"5\"},\"#text\":\"t <&\"}}"},
        {"<a>&lt;&amp;&#65;&#x42;</a>", "{\"a\":\"<&AB\"}"},
        {"<a><b></a>", "!1:9 mismatched tag"},
        {"", "!1:1 no element found"},
        {"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "!1:25 an entity is declared"},
        {"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a>&x;</a>", "!1:44 an entity that is not known"},
        {"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", "!1:52 an entity is declared"},
    };
    check_rows(TSK_FORMAT_XML, rows, TSK_COUNT(rows));
}

Test(formats, env) {
    static const text_row rows[] = {
        {"# c\nexport A=1 # x\nB = \"x\\n$\"\nC='r\\n'\nD=it\\'s\nE=\n\nF=a#b\nG='x'\\''y'\nH=\"two\nlines\"",
         "{\"A\":\"1\",\"B\":\"x\\n$\",\"C\":\"r\\\\n\",\"D\":\"it's\",\"E\":\"\",\"F\":\"a#b\",\"G\":\"x'y\",\"H\":"
         "\"two\\nlines\"}"},
        {"1A=2", "!1:1 the name of a variable was expected"},
        {"A", "!1:2 '=' was expected"},
        {"A='x", "!1:3 a value without its closing quote"},
    };
    check_rows(TSK_FORMAT_ENV, rows, TSK_COUNT(rows));
}

/* ---- there and back ---- */

static uint64_t seed;

static uint64_t below(uint64_t n) { /* splitmix64 */
    uint64_t z = seed += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (z ^ (z >> 31)) % n;
}

static tsk_value random_text(bool key) {
    static const char *const pieces[] = {"",
                                         "a",
                                         "b.c",
                                         "null",
                                         "true",
                                         "Yes",
                                         "~",
                                         "12",
                                         "-1.5",
                                         "1e5",
                                         "0x1f",
                                         "0o7",
                                         ".5",
                                         "1_0",
                                         "1:2",
                                         " ",
                                         "  ",
                                         "\n",
                                         "\n\n",
                                         "\t",
                                         "\r",
                                         "'",
                                         "\"",
                                         "\\",
                                         "\\n",
                                         "#",
                                         " # ",
                                         ":",
                                         ": ",
                                         "- ",
                                         "? ",
                                         "[",
                                         "]",
                                         "{",
                                         "}",
                                         ",",
                                         "&x",
                                         "*x",
                                         "!t",
                                         "|",
                                         ">",
                                         "%",
                                         "@",
                                         "`",
                                         "<<",
                                         "---",
                                         "...",
                                         "=",
                                         ";",
                                         "$",
                                         "\xC3\xA9",
                                         "\xE2\x98\x83",
                                         "\xF0\x9F\x98\x80",
                                         "\x7F",
                                         "\xC2\x85",
                                         "[a]",
                                         "2026-01-31",
                                         "export",
                                         "a b",
                                         "{}",
                                         "[]",
                                         "inf",
                                         "nan"};
    tsk_buf text;
    tsk_buf_init(&text, &heap);
    for (uint64_t n = key ? 1 + below(2) : below(5); n--;) tsk_buf_cstr(&text, pieces[below(TSK_COUNT(pieces))]);
    return tsk_str_take(&text);
}

static tsk_value random_number(void) {
    if (below(2)) return tsk_int(&heap, (int64_t)(below(2) ? below(1000) : below(UINT64_MAX)) * (below(2) ? 1 : -1));
    return tsk_from_double((double)(int64_t)below(UINT64_MAX) / (double)(1 + below(1u << 20)));
}

enum { NULLS = 1, KINDS = 2, NESTED = 4, ODD = 8, LISTS_IN_LISTS = 16 };

static tsk_value random_scalar(int traits) {
    switch (below(5)) {
    case 0: return traits & KINDS ? tsk_from_bool(below(2)) : random_text(false);
    case 1: return traits & KINDS ? random_number() : random_text(false);
    case 2: return traits & NULLS ? TSK_VALUE_NULL : random_text(false);
    case 3:
        if (traits & ODD) {
            static const double odd[] = {(double)INFINITY, -(double)INFINITY, 0.0, -0.0, 1e300, 5e-324, 2.0};
            return tsk_from_double(odd[below(TSK_COUNT(odd))]);
        }
        return random_text(false);
    default: return random_text(false);
    }
}

static tsk_value random_value(int traits, int depth);

static tsk_value random_object(int traits, int depth) {
    tsk_object *o = tsk_object_new(&heap, 4);
    for (uint64_t n = below(5); n--;) {
        tsk_slice key = tsk_as_slice(random_text(true));
        if (key.len) tsk_object_set(&heap, o, key.ptr, key.len, random_value(traits, depth + 1));
    }
    return tsk_from_object(o);
}

static tsk_value random_value(int traits, int depth) {
    uint64_t kind = depth > 4 ? 2 : below(4);
    if (kind == 0 && traits & NESTED) return random_object(traits, depth);
    if (kind != 1) return random_scalar(traits);
    tsk_array *list = tsk_array_new(&heap, 4);
    for (uint64_t n = below(4); n--;)
        tsk_array_push(&heap, list, traits & LISTS_IN_LISTS ? random_value(traits, depth + 1) : random_scalar(traits));
    return tsk_from_array(list);
}

/* Value, kind and order of keys. */
static bool same(tsk_value a, tsk_value b) {
    if (tsk_is_double(a) && tsk_is_double(b)) return memcmp(&a, &b, sizeof a) == 0;
    if (tsk_kind_of(a) != tsk_kind_of(b)) return false;
    if (tsk_is_array(a)) {
        if (tsk_as_array(a)->count != tsk_as_array(b)->count) return false;
        for (uint32_t i = 0; i < tsk_as_array(a)->count; i++)
            if (!same(tsk_as_array(a)->items[i], tsk_as_array(b)->items[i])) return false;
        return true;
    }
    if (tsk_is_object(a)) {
        const tsk_object *x = tsk_as_object(a), *y = tsk_as_object(b);
        if (x->count != y->count) return false;
        for (uint32_t i = 0; i < x->count; i++)
            if (x->entries[i].key_len != y->entries[i].key_len ||
                memcmp(x->entries[i].key, y->entries[i].key, x->entries[i].key_len) != 0 ||
                !same(x->entries[i].value, y->entries[i].value))
                return false;
        return true;
    }
    if (tsk_is_int(a)) return tsk_as_int(a) == tsk_as_int(b);
    return !tsk_is_str(a) ? tsk_same(a, b) : tsk_slice_eq(tsk_as_slice(a), tsk_as_slice(b));
}

static bool same_in_any_order(tsk_value a, tsk_value b) {
    if (!tsk_is_object(a) || !tsk_is_object(b)) return same(a, b);
    const tsk_object *x = tsk_as_object(a), *y = tsk_as_object(b);
    if (x->count != y->count) return false;
    for (uint32_t i = 0; i < x->count; i++) {
        const tsk_entry *e = tsk_object_find(y, x->entries[i].key, x->entries[i].key_len);
        if (!e || !same_in_any_order(x->entries[i].value, e->value)) return false;
    }
    return true;
}

static void round_trips(tsk_format format, int traits, bool (*agree)(tsk_value a, tsk_value b),
                        tsk_value (*make)(int)) {
    for (seed = 1; seed < 20000000; seed += 1000) {
        uint64_t start = seed;
        tsk_arena_reset(&heap);
        tsk_value v = make(traits), again = TSK_VALUE_NULL;
        tsk_buf text;
        tsk_buf_init(&text, &heap);
        tsk_writer w = {.out = &text};
        tsk_read_problem problem;
        cr_assert(tsk_write(&w, format, v), "%s of %s: %s", tsk_format_name(format), shown(v), w.refused);
        bool read = read_as(format, text.ptr ? text.ptr : "", text.len, &again, &problem);
        cr_assert(read, "%s of %s:\n%.*s\n%s", tsk_format_name(format), shown(v), (int)text.len, text.ptr,
                  problem.message);
        cr_assert(agree(v, again), "%s of %s (seed %llu):\n%.*s\nread back as %s", tsk_format_name(format), shown(v),
                  (unsigned long long)start, (int)text.len, text.ptr, shown(again));
        seed = start;
    }
}

static tsk_value any_value(int traits) {
    return random_value(traits, 0);
}
static tsk_value any_object(int traits) {
    return random_object(traits, 0);
}

/* Rows of the same keys, all of them texts. */
static tsk_value any_rows(int traits) {
    tsk_object *names = tsk_object_new(&heap, 4);
    tsk_array *rows = tsk_array_new(&heap, 4);
    for (uint64_t n = 1 + below(3); n--;) {
        tsk_slice key = tsk_as_slice(random_text(true));
        tsk_object_set(&heap, names, key.len ? key.ptr : "", key.len, TSK_VALUE_NULL);
    }
    for (uint64_t n = 1 + below(3); n--;) {
        tsk_object *row = tsk_object_new(&heap, 4);
        for (uint32_t i = 0; i < names->count; i++)
            tsk_object_set(&heap, row, names->entries[i].key, names->entries[i].key_len, random_scalar(traits));
        tsk_array_push(&heap, rows, tsk_from_object(row));
    }
    return tsk_from_array(rows);
}

/* Names as variables have them. */
static tsk_value any_environment(int traits) {
    static const char *const names[] = {"A", "B_C", "PATH", "X1", "_Y"};
    tsk_object *o = tsk_object_new(&heap, 4);
    for (uint64_t n = below(4); n--;) tsk_object_put(&heap, o, names[below(TSK_COUNT(names))], random_scalar(traits));
    return tsk_from_object(o);
}

Test(formats, round_trip_yaml) {
    round_trips(TSK_FORMAT_YAML, NULLS | KINDS | NESTED | ODD | LISTS_IN_LISTS, same, any_value);
}
Test(formats, round_trip_toml) {
    round_trips(TSK_FORMAT_TOML, KINDS | NESTED | ODD | LISTS_IN_LISTS, same, any_object);
}
Test(formats, round_trip_ini) {
    round_trips(TSK_FORMAT_INI, NULLS | KINDS | NESTED, same_in_any_order, any_object);
}
Test(formats, round_trip_csv) {
    round_trips(TSK_FORMAT_CSV, 0, same, any_rows);
}
Test(formats, round_trip_env) {
    round_trips(TSK_FORMAT_ENV, 0, same, any_environment);
}

/* What a format cannot say is refused. */
Test(formats, refused) {
    expect("toml_stringify", "[{\"a\":{\"b\":null}}]",
           "!toml_stringify: TOML has no null, and `b` is one or holds one");
    expect("toml_stringify", "[[1]]", "!toml_stringify: a TOML document is a table, and the value is none");
    expect("ini_stringify", "[{\"a\":[[1]]}]",
           "!ini_stringify: a list in INI holds plain values only, and `a` holds a list");
    expect("csv_stringify", "[{\"a\":1}]", "!csv_stringify: CSV is a list of rows, and the value is none");
    expect("csv_stringify", "[[{\"a\":[1]}]]", "!csv_stringify: CSV has plain values only, and row 1 holds a list");
    expect("xml_stringify", "[{\"a\":1,\"b\":2}]",
           "!xml_stringify: an XML document has one element around everything: an object with one key");
    expect("xml_stringify", "[{\"a b\":1}]", "!xml_stringify: XML has no name `a b`");
}
