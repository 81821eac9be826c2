/* Encryption, passwords, tokens and gzip: known answers, there and back, and what has to be refused. */
#include "test/unit/op_env.h"

#include <stdarg.h>
#include <stdio.h>

TestSuite(secrets, .init = setup, .fini = teardown);

/* Made for this test; they open nothing.  In JSON, as arguments are. */
static const char private_key[] = "-----BEGIN PRIVATE KEY-----\\n"
                                  "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDDN7pwgP03BKmr\\n"
                                  "Y2Xk7Baj/lUVw7N22eICiVvGfi9TA5EIxXo4FjYc0d/ZOFVArSvIfPXWbSgtdieL\\n"
                                  "bbGh2ZtYtoNAWIHNnOHWpYEDhc8kpcQPBop13R3tpoqfCAggsh8PXFRUJWvju3pA\\n"
                                  "1Gzm14qxiGEBchyaCBkz7FusmPqYwAcfhs6EIt0S1UZUj+QbWGBbjlNlgYUFETRj\\n"
                                  "jFM1hmXUcREHS73gyhjb8KMMiq9ZuIVN3OdK4TIIVfMkNJDLpfO0VorHHEhR3OX4\\n"
                                  "cL2vY3jeDZLkB9Fgj8ZxIYduNMZ+R1LlyJBNFFtrkBdwBG4Hzo4eEfpcdQP486Xn\\n"
                                  "srJjZR/fAgMBAAECggEASkHLgHoAV8pFQ/VWUALiBdV7xgCgJmhwySg4qcNb+wbT\\n"
                                  "R3PerrD8OnA25ui/vQ9iJSwrUzpIWyqjlizOsdMVfWRHftVr4qt3WG+yKIXgqn8H\\n"
                                  "mfOR/Y1zke+UsTOb69v1ZqFnTm7BoGmy8jAbkJ+SmT9YLvWaHZlRBOg2Yuv5/tn5\\n"
                                  "JwUw2WU6pQM60FvihjM0EIt+9XWIcdMXfCBwz/OgBwK8pIxICyyb7Rdj7LJ/9g31\\n"
                                  "94a6aCFUOkSzPxfs0EgSH3fzVS6lyHQxVHAgFDJ0NJp3k5mkYSkdfx74rbOp/ep1\\n"
                                  "4bfbLDehxLA+pqOHaaUyJLy6KyjTxUVjzz7teA1e+QKBgQD98BoUNZY23hSBrDnB\\n"
                                  "XdO3I4x4Yv5UOyhNxm++yy0jSY5B4Jn77ofhq3+Ljxq+5kGPEN8NKHYq0SbMwlal\\n"
                                  "PSxmr5fA2n9caTtyv5uSpAnROhZUoYvgwV+4ABAApKS2wW2i3/Kaj4iXUY8znlcz\\n"
                                  "lUUMmhgkyJ0WJY0JYJCKk/5kuwKBgQDEzY5ZsEJ8JB5FTbl108Y3daW0gtyYTFfb\\n"
                                  "IWuaAhIykUP6xYngWUBtfuJ5Mz+bFooyH33OevtosdG8f8I3AyI6XeQhJjE/63HV\\n"
                                  "jZRVZr2EsaXOj7IcJ6Oo8Fb1WTmOo1jss5J7fDnO1v8+TUZE5k4xglgtld3VoXCP\\n"
                                  "udhif6cRLQKBgHmiqNtFT864UdpLRN76so7m2EJSKMDwFT4r7xrU96oPcbTcgOXM\\n"
                                  "PAo8u7t9sLIAWSbOTglfeDrKNGugKyC7TKljMq2N+7OoNHGilkKHkKxHxqqDNx1R\\n"
                                  "gyf/36pvMvbXcEy0OOEQH71bs9xl3B85QPnoVehIr/YLxqLXPmUivphBAoGANit6\\n"
                                  "TjeU5USvzFWrgcIr4iIQ3VHT1FvXJurZCkgdqCuR8Zmj7MvETx9IySGRFWgr28YN\\n"
                                  "Q+NYBiZD28WyuJ+1MSmc3H79uWFeMPDKboNcEQUw5V1qIhPLGXomBVxs2lUd6fE3\\n"
                                  "laPI6aUGFqkAeYCG71u4V7vTlrTcHcOCywHmA3UCgYBOwG2fYSv8ibyodoMI9hqu\\n"
                                  "PXdQFpURae2iHoIn+RG8fd7i/4hHg1oSo8BOFnb8Rz8kkFRnJ9mAYVphb0Uv9dO4\\n"
                                  "pTTp/RhkXsgXyMOMwegXi3+isYblQVkWd9Y75eE65olsOi628J8KpAbC58h0Tzjc\\n"
                                  "195adw5Kgv6tG1Bifgmt5g==\\n"
                                  "-----END PRIVATE KEY-----\\n";
static const char public_key[] = "-----BEGIN PUBLIC KEY-----\\n"
                                 "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwze6cID9NwSpq2Nl5OwW\\n"
                                 "o/5VFcOzdtniAolbxn4vUwORCMV6OBY2HNHf2ThVQK0ryHz11m0oLXYni22xodmb\\n"
                                 "WLaDQFiBzZzh1qWBA4XPJKXEDwaKdd0d7aaKnwgIILIfD1xUVCVr47t6QNRs5teK\\n"
                                 "sYhhAXIcmggZM+xbrJj6mMAHH4bOhCLdEtVGVI/kG1hgW45TZYGFBRE0Y4xTNYZl\\n"
                                 "1HERB0u94MoY2/CjDIqvWbiFTdznSuEyCFXzJDSQy6XztFaKxxxIUdzl+HC9r2N4\\n"
                                 "3g2S5AfRYI/GcSGHbjTGfkdS5ciQTRRba5AXcARuB86OHhH6XHUD+POl57KyY2Uf\\n"
                                 "3wIDAQAB\\n"
                                 "-----END PUBLIC KEY-----\\n";

static const char *args_of(const char *fmt, ...) {
    char text[8192];
    va_list list;
    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    return tsk_arena_strdup(&heap, text, strlen(text));
}

static const char *text_of(const char *name, const char *args) {
    tsk_slice s = tsk_as_slice(value_of(name, args));
    return tsk_arena_strdup(&heap, s.ptr, s.len);
}

Test(secrets, encrypt) {
    static const char *const texts[] = {
        "", "tea", "\xE2\x98\x83 and a longer text, which takes more than one block of the cipher"};
    for (size_t i = 0; i < TSK_COUNT(texts); i++) {
        const char *sealed = text_of("encrypt", args_of("[\"%s\", \"key\"]", texts[i]));
        cr_expect_eq(strncmp(sealed, "tsk1:", 5), 0);
        cr_expect(!strstr(sealed, "tea"));
        cr_expect_str_eq(text_of("decrypt", args_of("[\"%s\", \"key\"]", sealed)), texts[i]);
    }
    const char *sealed = text_of("encrypt", "[\"aes-256-gcm\", {\"a\": 1}, \"key\"]");
    expect("decrypt", args_of("[\"%s\", \"key\"]", sealed), "\"{\\\"a\\\":1}\"");
    expect("decrypt", args_of("[\"%s\", \"other\"]", sealed),
           "!decrypt: the passphrase is wrong, or the text was changed");
    size_t last = strlen(sealed) - 1; /* has bits behind the last byte */
    for (size_t i = 5; i < last; i += 7) { /* every part of it is authenticated */
        char *changed = tsk_arena_strdup(&heap, sealed, last + 1);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        expect("decrypt", args_of("[\"%s\", \"key\"]", changed),
               "!decrypt: the passphrase is wrong, or the text was changed");
    }
    expect("decrypt", "[\"tsk1:AAAA\", \"key\"]", "!decrypt: argument 1 is not what encrypt gives: tsk1:..");
    expect("decrypt", "[\"secret text\", \"key\"]", "!decrypt: argument 1 is not what encrypt gives: tsk1:..");
    expect("encrypt", "[\"a\", \"\"]", "!encrypt: argument 2 must be the passphrase, got an empty text");
    expect("encrypt", "[\"a\", 12345]", "!encrypt: argument 2 must be the passphrase, got int");
    expect("encrypt", "[\"des\", \"a\", \"key\"]", "!encrypt: argument 1 must be \"aes-256-gcm\", got string \"des\"");
}

Test(secrets, passwords) {
    const char *scrypt = text_of("hash_password", "[\"tea\"]"), *bcrypt = text_of("bcrypt", "[\"tea\", 4]");
    cr_expect_eq(strncmp(scrypt, "$scrypt$ln=15,r=8,p=1$", 22), 0, "%s", scrypt);
    cr_expect_eq(strncmp(bcrypt, "$2b$04$", 7), 0, "%s", bcrypt);
    expect("verify_password", args_of("[\"tea\", \"%s\"]", scrypt), "true");
    expect("verify_password", args_of("[\"Tea\", \"%s\"]", scrypt), "false");
    expect("verify_password", args_of("[\"tea\", \"%s\"]", bcrypt), "true");
    expect("verify_password", args_of("[\"Tea\", \"%s\"]", bcrypt), "false");
    /* of the test vectors of bcrypt's authors */
    expect("verify_password", "[\"U*U\", \"$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\"]", "true");
    expect("verify_password", "[\"x\", \"plain\"]", "!verify_password: argument 2 is no hash of a password");
    expect("verify_password", "[\"x\", \"$scrypt$ln=63,r=8,p=1$AAAA$AAAA\"]",
           "!verify_password: argument 2 is no hash of a password");
    expect("bcrypt", "[\"0123456789012345678901234567890123456789012345678901234567890123456789abc\"]",
           "!bcrypt: bcrypt takes at most 72 bytes, none of them zero");
    expect("hash_password", "[\"x\", \"md5\"]",
           "!hash_password: argument 2 must be \"scrypt\" or \"bcrypt\", got string \"md5\"");
}

Test(secrets, jwt) {
    static const char known[] =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0"
        "IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
    cr_expect_str_eq(text_of("jwt_encode", "[{\"sub\": \"1234567890\", \"name\": \"John Doe\", \"iat\": 1516239022}, "
                                           "\"your-256-bit-secret\"]"),
                     known);
    expect("jwt_decode", args_of("[\"%s\", \"your-256-bit-secret\"]", known),
           "{\"sub\":\"1234567890\",\"name\":\"John Doe\",\"iat\":1516239022}");
    expect("jwt_decode", args_of("[\"%s\", \"another\"]", known), "!jwt_decode: the signature is wrong");
    expect("jwt_verify", args_of("[\"%s\", \"another\"]", known), "false");
    expect("jwt", args_of("[\"verify\", \"%s\", \"your-256-bit-secret\"]", known), "true");
    const char *longer = text_of("jwt_encode", "[{\"a\": 1}, \"s\", \"HS512\"]");
    expect("jwt_decode", args_of("[\"%s\", \"s\", \"HS512\"]", longer), "{\"a\":1}");
    expect("jwt_decode", args_of("[\"%s\", \"s\"]", longer), "!jwt_decode: the token is signed by another algorithm");
    expect("jwt_decode", "[\"eyJhbGciOiJub25lIn0.e30.\", \"s\"]",
           "!jwt_decode: the token is signed by another algorithm");
    expect("jwt_decode", "[\"a.b\", \"s\"]", "!jwt_decode: the token is malformed");
    expect("jwt_encode", "[5, \"s\"]", "!jwt_encode: argument 1 must be an object, got int 5");
    expect("jwt_encode", "[{}, \"s\", \"none\"]",
           "!jwt_encode: argument 3 must be \"HS256\", \"HS384\", \"HS512\" or \"RS256\", got string \"none\"");
}

Test(secrets, jwt_time) {
    op_cx.has_now = true;
    op_cx.now_ms = 1000000;
    const char *token = text_of("jwt_encode", "[{\"nbf\": 900, \"exp\": 1001}, \"s\"]");
    expect("jwt_verify", args_of("[\"%s\", \"s\"]", token), "true");
    op_cx.now_ms = 1001000;
    expect("jwt_decode", args_of("[\"%s\", \"s\"]", token), "!jwt_decode: the token has expired");
    op_cx.now_ms = 899999;
    expect("jwt_decode", args_of("[\"%s\", \"s\"]", token), "!jwt_decode: the token is not valid yet");
    token = text_of("jwt_encode", "[{\"exp\": \"never\"}, \"s\"]");
    expect("jwt_decode", args_of("[\"%s\", \"s\"]", token), "!jwt_decode: exp or nbf is no number");
}

Test(secrets, jwt_keys) {
    const char *token = text_of("jwt_encode", args_of("[{\"a\": 1}, \"%s\"]", private_key));
    expect("jwt_decode", args_of("[\"%s\", \"%s\"]", token, public_key), "{\"a\":1}");
    expect("jwt_decode", args_of("[\"%s\", \"%s\"]", token, private_key), "{\"a\":1}");
    char *changed = tsk_arena_strdup(&heap, token, strlen(token));
    changed[strlen(token) - 9] ^= 1;
    expect("jwt_verify", args_of("[\"%s\", \"%s\"]", changed, public_key), "false");
    expect("jwt_encode", args_of("[{\"a\": 1}, \"%s\"]", public_key),
           "!jwt_encode: argument 2 is no private RSA key of 2048 bits or more");
    /* a public key is no secret: the algorithm of the token does not decide */
    expect("jwt_encode", args_of("[{\"a\": 1}, \"%s\", \"HS256\"]", public_key),
           "!jwt_encode: HS256 wants a secret, and a key in PEM is none");
    const char *mixed = text_of("jwt_encode", "[{\"a\": 1}, \"s\"]");
    expect("jwt_decode", args_of("[\"%s\", \"%s\"]", mixed, public_key),
           "!jwt_decode: the token is signed by another algorithm");
}

Test(secrets, gzip) {
    expect("gzip_decode", "[\"H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==\"]", "\"hello\"");
    expect("gzip_decode", args_of("[\"%s\"]", text_of("gzip_encode", "[\"\"]")), "\"\"");
    expect("gzip_decode", "[\"aGVsbG8=\"]",
           "!gzip_decode: argument 1 must be Base64 of bytes that gzip gave, got string \"aGVsbG8=\"");
}
