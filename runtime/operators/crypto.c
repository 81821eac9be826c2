/* Encryption and passwords.
 *
 *   encrypt ──► "tsk1:" and, in URL-safe Base64,  salt (16 bytes) | nonce (12) | tag (16) | text
 *               key = scrypt(passphrase, salt, N = 2^15, r = 8, p = 1), cipher AES-256-GCM, "tsk1:" is authenticated too
 *   hash_password ──► $scrypt$ln=15,r=8,p=1$SALT$HASH, or $2b$.. of bcrypt from libcrypt
 *
 * Both are slow on purpose, by about a tenth of a second and 32 MiB.  decrypt and verify_password belong to the context
 * although they are pure: what they give is not to stand in compiled code. */
#define TSK_USE_CRYPTO
#define TSK_USE_CRYPT
#include "runtime/base/library_api.h"
#include "runtime/operators/encode.h"
#include "runtime/operators/secret.h"

#include <stdio.h>

#define PREFIX "tsk1:"
#define PREFIX_LEN 5
#define SCRYPT_LOG_N 15
#define SCRYPT_MOST_LOG_N 20
#define SCRYPT_MEMORY(log_n) (((uint64_t)1 << (log_n)) * 1024 + ((uint64_t)1 << 22))
#define BCRYPT_LONGEST 72 /* bytes that bcrypt looks at */

enum { SALT = 16, NONCE = 12, TAG = 16, KEY = 32, HEAD = SALT + NONCE + TAG };

bool tsk_secret_library(const tsk_call *call, const tsk_crypto_api **api) {
    tsk_library_error missing;
    if (tsk_library_crypto(api, &missing)) return true;
    tsk_op_fail(call->cx, TSK_E_LIBRARY_MISSING, "%s: %s is not installed", call->name, missing.file);
    return tsk_op_hint(call->cx, "install the package %s", missing.package);
}

bool tsk_secret_argument(const tsk_call *call, uint32_t i, const char *what, tsk_slice *out) {
    bool given = i < call->count;
    if (given && tsk_is_str(call->args[i]) && tsk_as_str(call->args[i])->len) {
        *out = tsk_as_slice(call->args[i]);
        return true;
    }
    const char *got = !given                      ? "nothing"
                      : tsk_is_str(call->args[i]) ? "an empty text"
                                                  : tsk_kind_name(tsk_kind_of(call->args[i]));
    return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: argument %u must be %s, got %s", call->name, i + 1, what, got);
}

bool tsk_secret_data(const tsk_call *call, uint32_t i, tsk_slice *out) {
    if (i >= call->count) return tsk_arg_wrong(call, i, "the data");
    *out = tsk_as_slice(tsk_value_string(call->cx->heap, call->args[i]));
    if (!out->len) out->ptr = "";
    return true;
}

/* ---- encrypt, decrypt ---- */

static bool derive(const tsk_call *call, const tsk_crypto_api *api, tsk_slice passphrase, const uint8_t *salt,
                   unsigned log_n, uint64_t r, uint64_t p, uint8_t *key, size_t len) {
    uint64_t memory = SCRYPT_MEMORY(log_n) * ((r + 7) / 8) + p * r * 256;
    if (api->EVP_PBE_scrypt_(passphrase.ptr, passphrase.len, salt, SALT, (uint64_t)1 << log_n, r, p, memory, key, len))
        return true;
    api->ERR_clear_error_();
    return tsk_op_fail(call->cx, TSK_E_OPERATOR_FAILED, "%s: scrypt got no memory", call->name);
}

/* GCM both ways; `tag` is written or checked.  Allocates nothing of ours. */
static bool gcm(const tsk_crypto_api *api, bool encrypting, const uint8_t *key, const uint8_t *nonce, uint8_t *tag,
                const char *in, uint32_t len, char *out) {
    int n = 0, ignored = 0;
    EVP_CIPHER_CTX *cipher = api->EVP_CIPHER_CTX_new_();
    bool done = cipher && api->EVP_CipherInit_ex_(cipher, api->EVP_aes_256_gcm_(), NULL, key, nonce, encrypting) &&
                api->EVP_CipherUpdate_(cipher, NULL, &n, (const uint8_t *)PREFIX, PREFIX_LEN) &&
                (encrypting || api->EVP_CIPHER_CTX_ctrl_(cipher, EVP_CTRL_GCM_SET_TAG, TAG, tag)) &&
                api->EVP_CipherUpdate_(cipher, (uint8_t *)out, &n, (const uint8_t *)in, (int)len) &&
                api->EVP_CipherFinal_ex_(cipher, (uint8_t *)out + n, &ignored) &&
                (!encrypting || api->EVP_CIPHER_CTX_ctrl_(cipher, EVP_CTRL_GCM_GET_TAG, TAG, tag));
    api->EVP_CIPHER_CTX_free_(cipher);
    api->ERR_clear_error_();
    return done;
}

/* encrypt("aes-256-gcm", value, key): where the other two arguments start. */
static bool algorithm_given(const tsk_call *call, uint32_t *at) {
    *at = call->count > 2;
    if (!*at) return true;
    tsk_slice name;
    if (!tsk_arg_text(call, 0, &name)) return false;
    return tsk_slice_same(name, "aes-256-gcm") || tsk_slice_same(name, "aes256gcm") || tsk_slice_same(name, "aes") ||
           tsk_slice_same(name, "aes-256") || tsk_arg_wrong(call, 0, "\"aes-256-gcm\"");
}

TSK_OPERATOR(encrypt) {
    TSK_CALL("encrypt");
    const tsk_crypto_api *api;
    tsk_slice data = {NULL, 0}, passphrase;
    uint8_t key[KEY];
    uint32_t at;
    if (!algorithm_given(&call, &at) || !tsk_secret_data(&call, at, &data) ||
        !tsk_secret_argument(&call, at + 1, "the passphrase", &passphrase) || !tsk_secret_library(&call, &api))
        return false;
    if (data.len > INT32_MAX - HEAD) return tsk_op_fail(cx, TSK_E_ARGUMENT, "encrypt: the text is larger than 2 GiB");
    uint8_t *sealed = tsk_arena_alloc(cx->heap, (size_t)HEAD + data.len);
    if (!tsk_op_random_bytes(cx, sealed, SALT + NONCE) ||
        !derive(&call, api, passphrase, sealed, SCRYPT_LOG_N, 8, 1, key, KEY))
        return false;
    bool done = gcm(api, true, key, sealed + SALT, sealed + SALT + NONCE, data.ptr, data.len, (char *)sealed + HEAD);
    api->OPENSSL_cleanse_(key, sizeof key);
    if (!done) return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED, "encrypt: this system's libcrypto refuses AES-256-GCM");
    tsk_slice text = tsk_as_slice(tsk_encode_base64(cx->heap, sealed, (size_t)HEAD + data.len, true));
    tsk_buf whole;
    tsk_buf_init(&whole, cx->heap);
    tsk_buf_add(&whole, PREFIX, PREFIX_LEN);
    tsk_buf_slice(&whole, text);
    *out = tsk_str_take(&whole);
    return true;
}

TSK_OPERATOR(decrypt) {
    TSK_CALL("decrypt");
    const tsk_crypto_api *api;
    tsk_slice text = {NULL, 0}, passphrase, sealed = {NULL, 0};
    uint8_t key[KEY];
    uint32_t at;
    if (!algorithm_given(&call, &at) || !tsk_secret_argument(&call, at, "what encrypt gave", &text) ||
        !tsk_secret_argument(&call, at + 1, "the passphrase", &passphrase) || !tsk_secret_library(&call, &api))
        return false;
    bool formed = text.len > PREFIX_LEN && memcmp(text.ptr, PREFIX, PREFIX_LEN) == 0 &&
                  tsk_decode_base64(cx->heap, (tsk_slice){text.ptr + PREFIX_LEN, text.len - PREFIX_LEN}, &sealed);
    if (!formed || sealed.len < HEAD)
        return tsk_op_fail(cx, TSK_E_ARGUMENT, "decrypt: argument %u is not what encrypt gives: " PREFIX "..", at + 1);
    uint8_t *bytes = (uint8_t *)(uintptr_t)sealed.ptr; /* of our heap */
    char *plain = tsk_arena_alloc(cx->heap, sealed.len - HEAD);
    if (!derive(&call, api, passphrase, bytes, SCRYPT_LOG_N, 8, 1, key, KEY)) return false;
    bool done = gcm(api, false, key, bytes + SALT, bytes + SALT + NONCE, sealed.ptr + HEAD, sealed.len - HEAD, plain);
    api->OPENSSL_cleanse_(key, sizeof key);
    if (!done)
        return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED, "decrypt: the passphrase is wrong, or the text was changed");
    *out = tsk_str_borrow(cx->heap, plain, sealed.len - HEAD);
    return true;
}

/* ---- passwords ---- */

static bool load_crypt(const tsk_call *call, const tsk_crypt_api **api) {
    tsk_library_error missing;
    if (tsk_library_crypt(api, &missing)) return true;
    tsk_op_fail(call->cx, TSK_E_LIBRARY_MISSING, "%s: %s is not installed", call->name, missing.file);
    return tsk_op_hint(call->cx, "install the package %s", missing.package);
}

/* crypt(3) of a password; NULL: it refuses. */
static char *crypted(const tsk_call *call, const tsk_crypt_api *api, tsk_slice password, const char *setting) {
    char *phrase = tsk_op_cstr(call->cx, password);
    struct crypt_data *data = tsk_arena_zalloc(call->cx->heap, sizeof *data);
    return api->crypt_rn_(phrase, setting, data, (int)sizeof *data);
}

static bool hash_bcrypt(const tsk_call *call, tsk_slice password, int64_t cost, tsk_value *out) {
    const tsk_crypt_api *api;
    char salt[16], setting[64];
    if (password.len > BCRYPT_LONGEST || memchr(password.ptr, 0, password.len)) {
        tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: bcrypt takes at most 72 bytes, none of them zero", call->name);
        return tsk_op_hint(call->cx, "hash_password(password) uses scrypt, which has no such limit");
    }
    if (!load_crypt(call, &api) || !tsk_op_random_bytes(call->cx, salt, sizeof salt)) return false;
    if (!api->crypt_gensalt_rn_("$2b$", (unsigned long)cost, salt, sizeof salt, setting, sizeof setting))
        return tsk_op_fail(call->cx, TSK_E_OPERATOR_FAILED, "%s: this system's libcrypt has no bcrypt", call->name);
    const char *hash = crypted(call, api, password, setting);
    if (!hash) return tsk_op_fail(call->cx, TSK_E_OPERATOR_FAILED, "%s: this system's libcrypt refuses", call->name);
    *out = tsk_str_cstr(call->cx->heap, hash);
    return true;
}

static bool hash_scrypt(const tsk_call *call, tsk_slice password, tsk_value *out) {
    const tsk_crypto_api *api;
    uint8_t salt[SALT], key[KEY];
    if (!tsk_secret_library(call, &api) || !tsk_op_random_bytes(call->cx, salt, SALT) ||
        !derive(call, api, password, salt, SCRYPT_LOG_N, 8, 1, key, KEY))
        return false;
    tsk_slice s = tsk_as_slice(tsk_encode_base64(call->cx->heap, salt, SALT, true));
    tsk_slice k = tsk_as_slice(tsk_encode_base64(call->cx->heap, key, KEY, true));
    *out = tsk_str_cstr(call->cx->heap, tsk_arena_printf(call->cx->heap, "$scrypt$ln=%d,r=8,p=1$%.*s$%.*s",
                                                         SCRYPT_LOG_N, (int)s.len, s.ptr, (int)k.len, k.ptr));
    return true;
}

static bool cost_argument(const tsk_call *call, uint32_t i, int64_t *out) {
    if (!tsk_arg_int_or(call, i, 12, out)) return false;
    return (*out >= 4 && *out <= 18) || tsk_arg_wrong(call, i, "a cost from 4 to 18");
}

/* hash_password(password[, "scrypt"]), hash_password(password, "bcrypt"[, cost]) */
TSK_OPERATOR(hash_password) {
    TSK_CALL("hash_password");
    tsk_slice password = {NULL, 0}, method;
    int64_t cost;
    if (!tsk_secret_argument(&call, 0, "the password", &password) ||
        !tsk_arg_text_or(&call, 1, TSK_SLICE("scrypt"), &method) || !cost_argument(&call, 2, &cost))
        return false;
    if (tsk_slice_same(method, "scrypt")) return hash_scrypt(&call, password, out);
    if (tsk_slice_same(method, "bcrypt")) return hash_bcrypt(&call, password, cost, out);
    return tsk_arg_wrong(&call, 1, "\"scrypt\" or \"bcrypt\"");
}

/* bcrypt(password[, cost]) */
TSK_OPERATOR(bcrypt) {
    TSK_CALL("bcrypt");
    tsk_slice password = {NULL, 0};
    int64_t cost;
    return tsk_secret_argument(&call, 0, "the password", &password) && cost_argument(&call, 1, &cost) &&
           hash_bcrypt(&call, password, cost, out);
}

/* $scrypt$ln=15,r=8,p=1$SALT$HASH */
static bool verify_scrypt(const tsk_call *call, tsk_slice password, tsk_slice hash, bool *right) {
    const tsk_crypto_api *api;
    uint8_t key[KEY];
    unsigned log_n, r, p;
    char salt_text[32], key_text[64];
    tsk_slice salt, wanted;
    const char *text = tsk_op_cstr(call->cx, hash);
    bool formed = hash.len < 256 &&
                  sscanf(text, "$scrypt$ln=%2u,r=%2u,p=%2u$%31[^$]$%63s", &log_n, &r, &p, salt_text, key_text) == 5 &&
                  log_n >= 1 && log_n <= SCRYPT_MOST_LOG_N && r >= 1 && r <= 16 && p >= 1 && p <= 16 &&
                  tsk_decode_base64(call->cx->heap, tsk_slice_cstr(salt_text), &salt) && salt.len == SALT &&
                  tsk_decode_base64(call->cx->heap, tsk_slice_cstr(key_text), &wanted) && wanted.len == KEY;
    if (!formed) return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: argument 2 is no hash of a password", call->name);
    if (!tsk_secret_library(call, &api) ||
        !derive(call, api, password, (const uint8_t *)salt.ptr, log_n, r, p, key, KEY))
        return false;
    *right = api->CRYPTO_memcmp_(key, wanted.ptr, KEY) == 0;
    return true;
}

/* verify_password(password, hash): hashes of hash_password and those that crypt(3) knows: $2b$, $y$, $6$ .. */
TSK_OPERATOR(verify_password) {
    TSK_CALL("verify_password");
    const tsk_crypto_api *crypto;
    const tsk_crypt_api *api;
    tsk_slice password = {NULL, 0}, hash = {NULL, 0};
    bool right = false;
    if (!tsk_secret_argument(&call, 0, "the password", &password) ||
        !tsk_secret_argument(&call, 1, "a hash of hash_password", &hash))
        return false;
    if (hash.len > 8 && memcmp(hash.ptr, "$scrypt$", 8) == 0) {
        if (!verify_scrypt(&call, password, hash, &right)) return false;
    } else {
        if (hash.len < 4 || *hash.ptr != '$')
            return tsk_op_fail(cx, TSK_E_ARGUMENT, "verify_password: argument 2 is no hash of a password");
        if (!load_crypt(&call, &api) || !tsk_secret_library(&call, &crypto)) return false;
        const char *got = memchr(password.ptr, 0, password.len) ? NULL
                                                                : crypted(&call, api, password, tsk_op_cstr(cx, hash));
        right = got && strlen(got) == hash.len && crypto->CRYPTO_memcmp_(got, hash.ptr, hash.len) == 0;
    }
    *out = tsk_from_bool(right);
    return true;
}
