/* Operators on numbers, random values, digests, encodings and URLs, with known answers. */
#include "test/unit/op_env.h"

#include <math.h>
#include <stdio.h>

TestSuite(numbers, .init = setup, .fini = teardown);

/* ---- arithmetic ---- */

Test(numbers, arithmetic) {
    expect("add", "[1, 2, 3.5]", "6.5");
    expect("add", "[\"1\", \"2\"]", "3");
    expect("subtract", "[1, 3]", "-2");
    expect("multiply", "[2, 3, 4]", "24");
    expect("divide", "[10, 4]", "2.5");
    expect("divide", "[10, 5]", "2");
    expect("int_divide", "[7, 2]", "3");
    expect("int_divide", "[-7, 2]", "-3");
    expect("modulo", "[-7, 3]", "-1");
    expect("modulo", "[5.5, 2]", "1.5");
    expect("pow", "[2, 10]", "1024");
    expect("pow", "[2, -1]", "0.5");
    expect("pow", "[2, 62]", "4611686018427387904");
    expect("add", "[1, \"x\"]", "!add: argument 2 must be a number, got string \"x\"");
    expect("pow", "[null, 2]", "!pow: argument 1 must be a number, got null");
}

Test(numbers, overflow_becomes_a_double) {
    expect("add", "[9223372036854775806, 1]", "9223372036854775807");
    expect_kind("add", "[9223372036854775807, 1]", TSK_DOUBLE);
    expect_kind("multiply", "[4611686018427387904, 2]", TSK_DOUBLE);
    expect_kind("pow", "[2, 63]", TSK_DOUBLE);
    expect_kind("sum", "[[9223372036854775807, 1]]", TSK_DOUBLE);
    expect("sum", "[[9223372036854775806, 1]]", "9223372036854775807");
    expect_kind("abs", "[-9223372036854775808]", TSK_DOUBLE);
    cr_expect_eq(tsk_as_number(value_of("abs", "[-9223372036854775808]")), 0x1p63);
}

Test(numbers, division_by_zero_fails) {
    static const char *const names[] = {"divide", "int_divide", "modulo"};
    tsk_value v;
    for (size_t i = 0; i < TSK_COUNT(names); i++) {
        cr_expect(!call_op(names[i], "[1, 0]", &v), "%s", names[i]);
        cr_expect(!call_op(names[i], "[1.5, 0.0]", &v), "%s", names[i]);
    }
}

Test(numbers, rounding) {
    expect("round", "[2.5]", "3");
    expect("round", "[-2.5]", "-3");
    expect("round", "[0.5]", "1");
    expect("round", "[1.005, 2]", "1.01");
    expect("round", "[2.675, 2]", "2.68");
    expect("round", "[-1.45, 1]", "-1.5");
    expect("round", "[1234.5678, -2]", "1200");
    expect("round", "[1250, -2]", "1300");
    expect("round", "[17, 3]", "17");
    expect("floor", "[-1.5]", "-2");
    expect("ceil", "[1.2]", "2");
    expect("trunc", "[-1.9]", "-1");
    expect("floor", "[9223372036854775807]", "9223372036854775807");
    expect_kind("round", "[2.4]", TSK_INT);
    expect_kind("ceil", "[1e300]", TSK_DOUBLE);
    expect("round", "[\"x\"]", "!round: argument 1 must be a number, got string \"x\"");
    expect("abs", "[-3]", "3");
    expect("abs", "[-3.5]", "3.5");
    expect("sign", "[-0.1]", "-1");
    expect("sign", "[0]", "0");
}

Test(numbers, functions) {
    expect("sqrt", "[16]", "4");
    expect("sqrt", "[2]", "1.4142135623730951");
    expect("cbrt", "[-8]", "-2");
    expect("log", "[1]", "0");
    expect("log", "[8, 2]", "3");
    expect("log", "[1000, 10]", "3");
    expect("log10", "[1000]", "3");
    expect("log2", "[0.125]", "-3");
    expect("exp", "[0]", "1");
    expect("sin", "[0]", "0");
    expect("cos", "[0]", "1");
    expect("atan2", "[0, 1]", "0");
    expect("hypot", "[3, 4]", "5");
    expect("pi", "[]", "3.141592653589793");
    expect("e", "[]", "2.718281828459045");
    expect("phi", "[]", "1.618033988749895");
    expect("sqrt", "[-1]", "!sqrt: argument 1 must be a number from 0 up, got int -1");
    expect("log", "[0]", "!log: argument 1 must be a number above 0, got int 0");
    expect("asin", "[2]", "!asin: argument 1 must be a number from -1 to 1, got int 2");
    expect("sqrt", "[[1]]", "!sqrt: argument 1 must be a number, got array [1]");
}

Test(numbers, whole_numbers) {
    expect("gcd", "[12, 18]", "6");
    expect("gcd", "[-12, 18]", "6");
    expect("gcd", "[0, 5]", "5");
    expect("gcd", "[0, 0]", "0");
    expect("lcm", "[4, 6]", "12");
    expect("lcm", "[0, 6]", "0");
    expect_kind("lcm", "[9223372036854775807, 9223372036854775806]", TSK_DOUBLE);
    expect("factorial", "[0]", "1");
    expect("factorial", "[20]", "2432902008176640000");
    expect_kind("factorial", "[21]", TSK_DOUBLE);
    expect("factorial", "[171]", "!factorial: argument 1 must be a whole number from 0 to 170, got int 171");
    expect("factorial", "[-1]", "!factorial: argument 1 must be a whole number from 0 to 170, got int -1");
    expect("gcd", "[1.5, 2]", "!gcd: argument 1 must be a whole number, got double 1.5");
    expect("clamp", "[15, 0, 10]", "10");
    expect("clamp", "[-5, 0, 10]", "0");
    expect("clamp", "[5, 0, 10]", "5");
}

Test(numbers, primes) {
    static const struct {
        const char *args;
        bool prime;
    } cases[] = {{"[-7]", false},
                 {"[0]", false},
                 {"[1]", false},
                 {"[2]", true},
                 {"[3]", true},
                 {"[4]", false},
                 {"[37]", true},
                 {"[561]", false},
                 {"[7919]", true},
                 {"[1373653]", false},
                 {"[25326001]", false},
                 {"[3215031751]", false},
                 {"[2147483647]", true},
                 {"[3825123056546413051]", false},
                 {"[2305843009213693951]", true},
                 {"[9223372036854775783]", true},
                 {"[9223372036854775807]", false}};
    for (size_t i = 0; i < TSK_COUNT(cases); i++) expect("is_prime", cases[i].args, cases[i].prime ? "true" : "false");
}

/* ---- statistics ---- */

Test(numbers, statistics) {
    expect("min", "[3, 1, 2]", "1");
    expect("min", "[[3, 1, 2]]", "1");
    expect("max", "[[3, 1.5, \"7\"]]", "7");
    expect("sum", "[[]]", "0");
    expect("sum", "[[1, 2, 3]]", "6");
    expect("sum", "[1, 2.5]", "3.5");
    expect("sum", "[[0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1]]", "1");
    expect("sum", "[[1e100, 1, -1e100]]", "1");
    expect("avg", "[[1, 2, 3, 4]]", "2.5");
    expect("median", "[[3, 1, 2]]", "2");
    expect("median", "[[4, 1, 3, 2]]", "2.5");
    expect("mode", "[[1, 2, 2, 3]]", "2");
    expect("variance", "[[2, 4, 4, 4, 5, 5, 7, 9]]", "4");
    expect("stddev", "[[2, 4, 4, 4, 5, 5, 7, 9]]", "2");
    expect("percentile", "[[1, 2, 3, 4, 5], 50]", "3");
    expect("percentile", "[[1, 2, 3, 4], 25]", "1.75");
    expect("percentile", "[[1, 2, 3, 4], 100]", "4");
    expect("percentile", "[[1], 101]", "!percentile: argument 2 must be a number from 0 to 100, got int 101");
    expect_kind("max", "[[1, 2]]", TSK_INT);
}

Test(numbers, statistics_of_nothing_or_of_texts_fail) {
    static const char *const names[] = {"min", "max", "avg", "median", "mode", "variance", "stddev"};
    tsk_value v;
    for (size_t i = 0; i < TSK_COUNT(names); i++) cr_expect(!call_op(names[i], "[[]]", &v), "%s", names[i]);
    cr_expect(!call_op("sum", "[[1, \"x\"]]", &v));
    cr_expect(strstr(why.message, "sum: item 2") && strstr(why.message, "string \"x\""), "%s", why.message);
    cr_expect(!call_op("max", "[1, null]", &v));
}

/* ---- calc and math ---- */

Test(numbers, calc) {
    expect("calc", "[\"1+2*(3)\"]", "7");
    expect("calc", "[\" 2 * 3 + 4 \"]", "10");
    expect("calc", "[\"10 - 4 - 3\"]", "3");
    expect("calc", "[\"2 ^ 3 ^ 2\"]", "512");
    expect("calc", "[\"2 ** 3\"]", "8");
    expect("calc", "[\"-2 ^ 2\"]", "-4");
    expect("calc", "[\"2 ^ -1\"]", "0.5");
    expect("calc", "[\"--3\"]", "3");
    expect("calc", "[\"7 % 4 * 2\"]", "6");
    expect("calc", "[\"1.5e2 / 3\"]", "50");
    expect("calc", "[\"9223372036854775807 - 1\"]", "9223372036854775806");
    expect("calc", "[5]", "5");
}

Test(numbers, calc_refuses) {
    static const char *const bad[] = {"[\"\"]",      "[\"1 +\"]", "[\"(1\"]",   "[\"1)\"]", "[\"1 2\"]", "[\"a\"]",
                                      "[\"1 / 0\"]", "[\"* 2\"]", "[\"1..2\"]", "[[1]]",    "[null]"};
    tsk_value v;
    for (size_t i = 0; i < TSK_COUNT(bad); i++) cr_expect(!call_op("calc", bad[i], &v), "%s", bad[i]);
}

/* Depth is bounded, length is not. */
Test(numbers, calc_is_bounded) {
    enum { DEEP = 100000 };
    static const char *const units[] = {"(", "2^", "-(", "2^-"};
    tsk_value v;
    for (size_t i = 0; i < TSK_COUNT(units); i++) {
        tsk_buf text;
        tsk_buf_init(&text, &heap);
        for (int k = 0; k < DEEP; k++) tsk_buf_cstr(&text, units[i]);
        tsk_buf_char(&text, '1');
        v = tsk_str_take(&text);
        cr_expect(!call_with("calc", &v, 1, &v), "%s", units[i]);
    }
    tsk_buf text;
    tsk_buf_init(&text, &heap);
    for (int k = 0; k < DEEP; k++) tsk_buf_cstr(&text, "1+");
    tsk_buf_char(&text, '1');
    v = tsk_str_take(&text);
    cr_assert(call_with("calc", &v, 1, &v), "%s", why.message);
    cr_expect_eq(tsk_as_int(v), DEEP + 1);
}

Test(numbers, math) {
    expect("math", "[7]", "7");
    expect("math", "[7.5]", "7.5");
    expect("math", "[\"add\", 1, 2, 3]", "6");
    expect("math", "[\"power\", 2, 8]", "256");
    expect("math", "[\"round\", 2.567, 1]", "2.6");
    expect("math", "[\"1 + 2\"]", "3");
    expect("math", "[\"sqtr\", 4]", "!math has no operation \"sqtr\"");
    expect("math.round", "[2.5]", "3");
    expect("math", "[\"sqrt\", -4]", "!sqrt: argument 1 must be a number from 0 up, got int -4");
}

/* ---- random ---- */

Test(numbers, random_stays_in_its_bounds) {
    bool seen[6] = {false};
    for (int i = 0; i < 500; i++) {
        int64_t n = tsk_as_int(value_of("random", "[5, 10]"));
        cr_assert(n >= 5 && n <= 10, "%lld", (long long)n);
        seen[n - 5] = true;
        double d = tsk_as_number(value_of("random_float", "[2, 3]"));
        cr_assert(d >= 2 && d < 3, "%g", d);
    }
    for (int i = 0; i < 6; i++) cr_expect(seen[i], "%d never came", i + 5); /* misses with probability 1e-39 */
    expect("random", "[4, 4]", "4");
    expect("random", "[-3, -3]", "-3");
    value_of("random", "[-9223372036854775808, 9223372036854775807]");
    tsk_value v;
    cr_expect(!call_op("random", "[2, 1]", &v));
    cr_expect(!call_op("random", "[\"x\", 1]", &v));
}

Test(numbers, random_texts) {
    cr_expect_eq(tsk_as_str(value_of("random_string", "[24]"))->len, 24);
    cr_expect_eq(tsk_as_str(value_of("random_hex", "[8]"))->len, 16);
    cr_expect_eq(tsk_as_str(value_of("random_string", "[0]"))->len, 0);
    tsk_value v;
    cr_expect(!call_op("random_string", "[-1]", &v));
    cr_expect(!call_op("random_hex", "[9223372036854775807]", &v));
    tsk_slice a = tsk_as_slice(value_of("uuid", "[]")), b = tsk_as_slice(value_of("uuid", "[]"));
    cr_expect(!tsk_slice_eq(a, b));
    cr_assert_eq(a.len, 36);
    for (uint32_t i = 0; i < a.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        cr_expect(dash ? a.ptr[i] == '-' : strchr("0123456789abcdef", a.ptr[i]) != NULL, "%.36s", a.ptr);
    }
    cr_expect_eq(a.ptr[14], '4');
    cr_expect(strchr("89ab", a.ptr[19]), "%.36s", a.ptr);
}

Test(numbers, random_lists) {
    tsk_value shuffled = value_of("shuffle", "[[1, 2, 3, 4, 5, 6, 7, 8]]"), sorted;
    cr_assert(call_with("sort", &shuffled, 1, &sorted));
    cr_expect_str_eq(shown(sorted), "[1,2,3,4,5,6,7,8]");
    cr_expect_eq(tsk_as_array(value_of("sample", "[[1, 2, 3], 2]"))->count, 2);
    expect("shuffle", "[[]]", "[]");
    expect("random_item", "[[7]]", "7");
    tsk_value v;
    cr_expect(!call_op("random_item", "[[]]", &v));
    cr_expect(!call_op("shuffle", "[3]", &v));
}

/* ---- digests: FIPS 180-4, FIPS 202, RFC 1321, RFC 7693 ---- */

Test(numbers, digests) {
    expect("md5", "[\"\"]", "\"d41d8cd98f00b204e9800998ecf8427e\"");
    expect("md5", "[\"abc\"]", "\"900150983cd24fb0d6963f7d28e17f72\"");
    expect("sha1", "[\"abc\"]", "\"a9993e364706816aba3e25717850c26c9cd0d89d\"");
    expect("sha224", "[\"abc\"]", "\"23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7\"");
    expect("sha256", "[\"abc\"]", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"");
    expect("sha256", "[\"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq\"]",
           "\"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1\"");
    expect("sha384", "[\"abc\"]",
           "\"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7\"");
    expect("sha512", "[\"abc\"]",
           "\"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
           "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f\"");
    expect("sha3_256", "[\"abc\"]", "\"3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532\"");
    expect("sha3_512", "[\"abc\"]",
           "\"b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
           "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0\"");
    expect("blake2b", "[\"abc\"]",
           "\"ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
           "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923\"");
    expect("crc32", "[\"123456789\"]", "\"cbf43926\"");
    expect("crc32", "[\"\"]", "\"00000000\"");
    expect("md5", "[null]", "!md5: argument 1 must be a string, got null");
}

Test(numbers, hash_takes_the_algorithm) {
    expect("hash", "[\"sha256\", \"abc\"]", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"");
    expect("hash", "[\"SHA-1\", \"abc\"]", "\"a9993e364706816aba3e25717850c26c9cd0d89d\"");
    expect("hash", "[\"abc\", \"md5\"]", "\"900150983cd24fb0d6963f7d28e17f72\"");
    expect("hash", "[\"md5\", \"abc\", \"base64\"]", "\"kAFQmDzST7DWlj99KOF/cg==\"");
    expect("hash", "[\"sha7\", \"abc\"]", "!hash: \"sha7\" is no digest");
}

/* RFC 2202 and RFC 4231 */
Test(numbers, hmac) {
    expect("hmac", "[\"md5\", \"Jefe\", \"what do ya want for nothing?\"]", "\"750c783e6ab0b503eaa86e310a5db738\"");
    expect("hmac", "[\"sha1\", \"Jefe\", \"what do ya want for nothing?\"]",
           "\"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79\"");
    expect("hmac", "[\"sha256\", \"Jefe\", \"what do ya want for nothing?\"]",
           "\"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843\"");
    expect("hmac", "[\"sha512\", \"Jefe\", \"what do ya want for nothing?\"]",
           "\"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
           "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737\"");
    tsk_value v;
    cr_expect(!call_op("hmac", "[\"crc32\", \"k\", \"v\"]", &v));
    cr_expect(!call_op("hmac", "[\"nope\", \"k\", \"v\"]", &v));
}

Test(numbers, hmac_with_a_key_of_bytes) {
    char digits[2 * 131 + 1];
    for (int i = 0; i < 131; i++) memcpy(digits + 2 * i, "aa", 2); /* longer than a block; not UTF-8 */
    tsk_value args[3] = {tsk_str_copy(&heap, digits, 2 * 131)}, v;
    cr_assert(call_with("hex_decode", args, 1, &args[1]));
    args[0] = json("\"sha256\"");
    args[2] = json("\"Test Using Larger Than Block-Size Key - Hash Key First\"");
    cr_assert(call_with("hmac", args, 3, &v), "%s", why.message);
    cr_expect_str_eq(shown(v), "\"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54\"");
}

/* ---- encodings: RFC 4648 ---- */

Test(numbers, base64) {
    static const char *const vectors[][2] = {{"", ""},
                                             {"f", "Zg=="},
                                             {"fo", "Zm8="},
                                             {"foo", "Zm9v"},
                                             {"foob", "Zm9vYg=="},
                                             {"fooba", "Zm9vYmE="},
                                             {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < TSK_COUNT(vectors); i++) {
        tsk_value plain = tsk_str_cstr(&heap, vectors[i][0]), coded, back;
        cr_assert(call_with("base64_encode", &plain, 1, &coded));
        cr_expect(tsk_slice_eq(tsk_as_slice(coded), tsk_slice_cstr(vectors[i][1])), "%s", shown(coded));
        cr_assert(call_with("base64_decode", &coded, 1, &back), "%s", why.message);
        cr_expect(tsk_value_same(plain, back), "%s", shown(back));
    }
    expect("base64_encode_url", "[\"?\?\?>>>\"]", "\"Pz8_Pj4-\"");
    expect("base64_encode_url", "[\"f\"]", "\"Zg\"");
    expect("base64_decode_url", "[\"Pz8_Pj4-\"]", "\"?\?\?>>>\"");
    expect("base64_decode_url", "[\"Zg\"]", "\"f\"");
    expect("base64", "[\"foo\"]", "\"Zm9v\"");
    expect("base64", "[\"decode\", \"Zm9v\"]", "\"foo\"");
}

Test(numbers, base64_refuses) {
    static const char *const bad[] = {"[\"Z\"]", "[\"Zm9vY\"]", "[\"Zm9*\"]", "[\"Zg===\"]", "[\"Z=g=\"]", "[\"é\"]"};
    tsk_value v;
    for (size_t i = 0; i < TSK_COUNT(bad); i++) {
        cr_expect(!call_op("base64_decode", bad[i], &v), "%s", bad[i]);
        cr_expect(!call_op("base64_decode_url", bad[i], &v), "%s", bad[i]);
    }
}

Test(numbers, hex) {
    expect("hex_encode", "[\"Az0\"]", "\"417a30\"");
    expect("hex_decode", "[\"417A30\"]", "\"Az0\"");
    expect("hex", "[255]", "\"ff\"");
    expect("hex", "[\"decode\", \"6162\"]", "\"ab\"");
    tsk_value v;
    cr_expect(!call_op("hex_decode", "[\"abc\"]", &v));
    cr_expect(!call_op("hex_decode", "[\"zz\"]", &v));
}

/* ---- URLs: RFC 3986 ---- */

Test(numbers, url_encoding) {
    expect("url_encode", "[\"a b&c=d/é?~-._\"]", "\"a%20b%26c%3Dd%2F%C3%A9%3F~-._\"");
    expect("url_decode", "[\"a%20b%26c%3dd%C3%A9\"]", "\"a b&c=dé\"");
    expect("url_query", "[{\"q\": \"a b\", \"tags\": [1, 2], \"x\": true}]", "\"q=a%20b&tags=1&tags=2&x=true\"");
    expect("url_encode", "[null]", "!url_encode: argument 1 must be a string, got null");
}

Test(numbers, urls) {
    expect("url", "[\"https://x.org/\", \"/a/b\"]", "\"https://x.org/a/b\"");
    expect("url", "[\"https://x.org\", \"a\", {\"k\": \"v w\"}]", "\"https://x.org/a?k=v%20w\"");
    tsk_value parts = value_of("url_parse", "[\"https://bob:pw@x.org:8080/a/b?k=v&n=1#top\"]"), back, v;
    static const char *const wanted[][2] = {{"scheme", "https"},  {"host", "x.org"},   {"path", "/a/b"},
                                            {"query", "k=v&n=1"}, {"fragment", "top"}, {"user", "bob"}};
    for (size_t i = 0; i < TSK_COUNT(wanted); i++) {
        tsk_value part = tsk_value_member(&heap, parts, wanted[i][0], (uint32_t)strlen(wanted[i][0]));
        bool alike = tsk_is_str(part) && tsk_slice_eq(tsk_as_slice(part), tsk_slice_cstr(wanted[i][1]));
        cr_expect(alike, "%s is %s", wanted[i][0], shown(part));
    }
    cr_expect_eq(tsk_as_int(tsk_value_member(&heap, parts, "port", 4)), 8080);
    cr_expect_str_eq(shown(tsk_value_member(&heap, parts, "params", 6)), "{\"k\":\"v\",\"n\":\"1\"}");
    cr_assert(call_with("url_build", &parts, 1, &back), "%s", why.message);
    cr_expect_str_eq(shown(back), "\"https://bob:pw@x.org:8080/a/b?k=v&n=1#top\"");
    cr_expect(!call_op("url_parse", "[\"http://x:70000/\"]", &v));
    cr_expect(!call_op("url_parse", "[\"http://x:8a/\"]", &v));
    cr_expect(!call_op("url_build", "[\"x\"]", &v));
}
