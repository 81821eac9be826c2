/* JSON Web Tokens: HS256, HS384, HS512 with a secret, RS256 with keys in PEM.
 *
 *   header.payload.signature    each in URL-safe Base64 without padding
 *
 * Which algorithm is right is said by the caller: by name, else a key in PEM means RS256 and any other secret HS256.  What
 * the token's own header says has to agree, so `none` is refused, and so is a public key that is taken for a secret. */
#define TSK_USE_CRYPTO
#include "runtime/base/library_api.h"
#include "runtime/formats/json.h"
#include "runtime/operators/encode.h"
#include "runtime/operators/secret.h"
#include "runtime/value/write.h"

#include <time.h>

#define SHORTEST_RSA 2048

static const struct algorithm {
    const char *name, *digest;
    bool rsa;
} algorithms[] = {
    {"HS256", "SHA256", false}, {"HS384", "SHA384", false}, {"HS512", "SHA512", false}, {"RS256", "SHA256", true}};

typedef struct signer {
    const tsk_call *call;
    const tsk_crypto_api *api;
    const struct algorithm *algorithm;
    tsk_slice key;
} signer;

static bool is_pem(tsk_slice key) {
    static const char begin[] = "-----BEGIN ";
    return key.len > sizeof begin && memcmp(key.ptr, begin, sizeof begin - 1) == 0;
}

/* The key is argument 1, the name of an algorithm may be argument 2. */
static bool signer_of(const tsk_call *call, signer *s) {
    tsk_slice name;
    *s = (signer){.call = call};
    if (!tsk_secret_argument(call, 1, "the secret, or a key in PEM", &s->key) ||
        !tsk_arg_text_or(call, 2, is_pem(s->key) ? TSK_SLICE("RS256") : TSK_SLICE("HS256"), &name) ||
        !tsk_secret_library(call, &s->api))
        return false;
    for (size_t i = 0; i < TSK_COUNT(algorithms); i++)
        if (tsk_slice_eq(name, tsk_slice_cstr(algorithms[i].name))) s->algorithm = &algorithms[i];
    if (!s->algorithm) return tsk_arg_wrong(call, 2, "\"HS256\", \"HS384\", \"HS512\" or \"RS256\"");
    if (s->algorithm->rsa == is_pem(s->key)) return true;
    return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: %s wants %s", call->name, s->algorithm->name,
                       s->algorithm->rsa ? "a key in PEM" : "a secret, and a key in PEM is none");
}

static bool failed(const signer *s, const char *why) {
    s->api->ERR_clear_error_();
    return tsk_op_fail(s->call->cx, TSK_E_OPERATOR_FAILED, "%s: %s", s->call->name, why);
}

/* NULL: no RSA key of this kind, or one that is too short. */
static EVP_PKEY *read_key(const signer *s, bool private) {
    BIO *bio = s->api->BIO_new_mem_buf_(s->key.ptr, (int)s->key.len);
    EVP_PKEY *key = !bio      ? NULL
                    : private ? s->api->PEM_read_bio_PrivateKey_(bio, NULL, NULL, (void *)(uintptr_t) "")
                              : s->api->PEM_read_bio_PUBKEY_(bio, NULL, NULL, NULL);
    s->api->BIO_free_(bio);
    if (key && (s->api->EVP_PKEY_get_base_id_(key) != EVP_PKEY_RSA || s->api->EVP_PKEY_get_bits_(key) < SHORTEST_RSA)) {
        s->api->EVP_PKEY_free_(key);
        key = NULL;
    }
    return key;
}

static bool sign_rsa(const signer *s, tsk_slice data, uint8_t *out, size_t *len) {
    EVP_PKEY *key = read_key(s, true);
    EVP_MD_CTX *md = key ? s->api->EVP_MD_CTX_new_() : NULL;
    bool done = md && s->api->EVP_DigestSignInit_(md, NULL, s->api->EVP_get_digestbyname_("SHA256"), NULL, key) > 0 &&
                s->api->EVP_DigestSign_(md, out, len, (const uint8_t *)data.ptr, data.len) > 0;
    s->api->EVP_MD_CTX_free_(md);
    s->api->EVP_PKEY_free_(key);
    return done || failed(s, "argument 2 is no private RSA key of 2048 bits or more");
}

/* *right: the signature is that of the data. */
static bool check_rsa(const signer *s, tsk_slice data, tsk_slice signature, bool *right) {
    EVP_PKEY *key = read_key(s, false);
    if (!key) key = read_key(s, true);
    EVP_MD_CTX *md = key ? s->api->EVP_MD_CTX_new_() : NULL;
    bool able = md && s->api->EVP_DigestVerifyInit_(md, NULL, s->api->EVP_get_digestbyname_("SHA256"), NULL, key) > 0;
    *right = able && s->api->EVP_DigestVerify_(md, (const uint8_t *)signature.ptr, signature.len,
                                               (const uint8_t *)data.ptr, data.len) == 1;
    s->api->EVP_MD_CTX_free_(md);
    s->api->EVP_PKEY_free_(key);
    s->api->ERR_clear_error_();
    return able || failed(s, "argument 2 is no RSA key of 2048 bits or more");
}

static bool sign_hmac(const signer *s, tsk_slice data, uint8_t *out, size_t *len) {
    unsigned n = 0;
    const EVP_MD *digest = s->api->EVP_get_digestbyname_(s->algorithm->digest);
    if (!digest || !s->api->HMAC_(digest, s->key.ptr, (int)s->key.len, (const uint8_t *)data.ptr, data.len, out, &n))
        return failed(s, "this system's libcrypto refuses");
    *len = n;
    return true;
}

/* ---- encoding ---- */

static bool write_json(const tsk_call *call, tsk_value v, tsk_slice *out) {
    tsk_buf text;
    tsk_buf_init(&text, call->cx->heap);
    tsk_writer w = {.out = &text, .max_depth = call->cx->max_depth};
    if (!tsk_write(&w, TSK_FORMAT_JSON, v))
        return tsk_op_fail(call->cx, TSK_E_DEPTH_LIMIT, "%s: the payload is nested too deeply", call->name);
    *out = tsk_slice_from(text.ptr, text.len);
    return true;
}

static void add_part(tsk_buf *out, tsk_slice bytes) {
    if (out->len) tsk_buf_char(out, '.');
    tsk_buf_slice(out, tsk_as_slice(tsk_encode_base64(out->arena, (const uint8_t *)bytes.ptr, bytes.len, true)));
}

/* jwt_encode(payload, secret[, algorithm]) */
TSK_OPERATOR(jwt_encode) {
    TSK_CALL("jwt_encode");
    signer s;
    const tsk_object *payload;
    tsk_slice json = {NULL, 0};
    tsk_buf token;
    uint8_t signature[1024];
    size_t len = sizeof signature;
    if (!tsk_arg_object(&call, 0, &payload) || !signer_of(&call, &s) || !write_json(&call, args[0], &json))
        return false;
    const char *header = tsk_arena_printf(cx->heap, "{\"alg\":\"%s\",\"typ\":\"JWT\"}", s.algorithm->name);
    tsk_buf_init(&token, cx->heap);
    add_part(&token, tsk_slice_cstr(header));
    add_part(&token, json);
    tsk_slice data = tsk_slice_from(token.ptr, token.len);
    if (!(s.algorithm->rsa ? sign_rsa(&s, data, signature, &len) : sign_hmac(&s, data, signature, &len))) return false;
    add_part(&token, tsk_slice_from((const char *)signature, len));
    *out = tsk_str_take(&token);
    return true;
}

/* ---- decoding ---- */

typedef struct token {
    tsk_slice data; /* what is signed */
    tsk_slice signature;
    const tsk_object *header;
    tsk_value payload;
} token;

static bool json_part(const tsk_call *call, tsk_slice part, tsk_value *out) {
    tsk_slice bytes;
    tsk_failure ignored;
    return tsk_decode_base64(call->cx->heap, part, &bytes) &&
           tsk_json_parse(call->cx->heap, bytes.ptr, bytes.len, call->cx->max_depth, out, &ignored) &&
           tsk_is_object(*out);
}

static bool split(const tsk_call *call, tsk_slice text, token *t) {
    const char *end = text.ptr + text.len, *first = memchr(text.ptr, '.', text.len);
    const char *second = first ? memchr(first + 1, '.', (size_t)(end - first - 1)) : NULL;
    tsk_value header;
    if (!second || memchr(second + 1, '.', (size_t)(end - second - 1))) return false;
    if (!json_part(call, tsk_slice_from(text.ptr, (size_t)(first - text.ptr)), &header) ||
        !json_part(call, tsk_slice_from(first + 1, (size_t)(second - first - 1)), &t->payload) ||
        !tsk_decode_base64(call->cx->heap, tsk_slice_from(second + 1, (size_t)(end - second - 1)), &t->signature))
        return false;
    t->header = tsk_as_object(header);
    t->data = tsk_slice_from(text.ptr, (size_t)(second - text.ptr));
    return true;
}

static int64_t now_seconds(const tsk_op_context *cx) {
    return cx->has_now ? cx->now_ms / 1000 : (int64_t)time(NULL);
}

/* NULL: the claim allows it. */
static const char *time_problem(const tsk_op_context *cx, const tsk_object *payload) {
    const tsk_entry *exp = tsk_object_find(payload, "exp", 3), *nbf = tsk_object_find(payload, "nbf", 3);
    double now = (double)now_seconds(cx);
    if ((exp && !tsk_is_number(exp->value)) || (nbf && !tsk_is_number(nbf->value))) return "exp or nbf is no number";
    if (exp && now >= tsk_as_number(exp->value)) return "the token has expired";
    return nbf && now < tsk_as_number(nbf->value) ? "the token is not valid yet" : NULL;
}

/* Why the token is not good; NULL: it is.  False: the arguments are wrong. */
static bool examine(const tsk_call *call, token *t, const char **problem) {
    signer s;
    tsk_slice text;
    uint8_t signature[64];
    size_t len = 0;
    bool right = false;
    if (!tsk_secret_argument(call, 0, "a token", &text) || !signer_of(call, &s)) return false;
    *problem = "the token is malformed";
    if (!split(call, text, t)) return true;
    const tsk_entry *alg = tsk_object_find(t->header, "alg", 3);
    *problem = "the token is signed by another algorithm";
    if (!alg || !tsk_is_str(alg->value) || !tsk_slice_eq(tsk_as_slice(alg->value), tsk_slice_cstr(s.algorithm->name)))
        return true;
    if (s.algorithm->rsa) {
        if (!check_rsa(&s, t->data, t->signature, &right)) return false;
    } else {
        if (!sign_hmac(&s, t->data, signature, &len)) return false;
        right = len == t->signature.len && s.api->CRYPTO_memcmp_(signature, t->signature.ptr, len) == 0;
    }
    *problem = right ? time_problem(call->cx, tsk_as_object(t->payload)) : "the signature is wrong";
    return true;
}

/* jwt_decode(token, secret[, algorithm]): the payload of a token that is good. */
TSK_OPERATOR(jwt_decode) {
    TSK_CALL("jwt_decode");
    token t;
    const char *problem;
    if (!examine(&call, &t, &problem)) return false;
    if (problem) return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED, "jwt_decode: %s", problem);
    *out = t.payload;
    return true;
}

/* jwt_verify(token, secret[, algorithm]): whether it is. */
TSK_OPERATOR(jwt_verify) {
    TSK_CALL("jwt_verify");
    token t;
    const char *problem;
    if (!examine(&call, &t, &problem)) return false;
    *out = tsk_from_bool(!problem);
    return true;
}

/* jwt("encode", payload, secret), jwt("decode", token, secret), jwt("verify", ..) */
TSK_OPERATOR(jwt) {
    TSK_CALL("jwt");
    static const tsk_action actions[] = {{"encode", TSK_OP_JWT_ENCODE},
                                         {"sign", TSK_OP_JWT_ENCODE},
                                         {"decode", TSK_OP_JWT_DECODE},
                                         {"verify", TSK_OP_JWT_VERIFY}};
    tsk_slice name;
    if (!tsk_arg_text(&call, 0, &name)) return false;
    const tsk_action *action = tsk_action_find(actions, TSK_COUNT(actions), name);
    if (!action) return tsk_action_unknown(&call, actions, TSK_COUNT(actions), name);
    return tsk_op_call(cx, action->number, args + 1, count - 1, out);
}
