/* Digests and HMAC by OpenSSL's libcrypto, and CRC-32. Results are lower-case hexadecimal. */
#define TSK_USE_CRYPTO
#include "runtime/base/library_api.h"
#include "runtime/operators/encode.h"
#include "runtime/operators/secret.h"

static const struct {
    const char *name, *openssl;
} digests[] = {
    {"md5", "MD5"},
    {"sha1", "SHA1"},
    {"sha224", "SHA224"},
    {"sha256", "SHA256"},
    {"sha384", "SHA384"},
    {"sha512", "SHA512"},
    {"sha3224", "SHA3-224"},
    {"sha3256", "SHA3-256"},
    {"sha3384", "SHA3-384"},
    {"sha3512", "SHA3-512"},
    {"blake2b", "BLAKE2b512"},
    {"blake2b512", "BLAKE2b512"},
    {"blake2s", "BLAKE2s256"},
    {"blake2s256", "BLAKE2s256"},
    {"sha512256", "SHA512-256"},
    {"crc32", NULL},
};

/* Index in `digests`; without case, '-', '_' and '/'. */
static bool find_digest(tsk_slice name, size_t *out) {
    char plain[16];
    uint32_t n = 0;
    for (uint32_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == '-' || c == '_' || c == '/') continue;
        if (n + 1 == sizeof plain) return false;
        plain[n++] = c;
    }
    for (size_t i = 0; i < TSK_COUNT(digests); i++)
        if (tsk_slice_same((tsk_slice){plain, n}, digests[i].name)) return *out = i, true;
    return false;
}

/* Texts as they are, other values as `+` would write them. */
static bool data_argument(const tsk_call *call, uint32_t i, tsk_slice *out) {
    if (i < call->count && (tsk_is_array(call->args[i]) || tsk_is_object(call->args[i]))) {
        *out = tsk_as_slice(tsk_value_string(call->cx->heap, call->args[i]));
        return true;
    }
    return tsk_arg_text(call, i, out);
}

/* Four bits a step: a table of 64 bytes is all that this needs. */
static uint32_t crc32_of(tsk_slice s) {
    static const uint32_t table[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                       0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                       0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
    uint32_t crc = 0xFFFFFFFF;
    for (uint32_t i = 0; i < s.len; i++) {
        crc ^= (uint8_t)s.ptr[i];
        crc = (crc >> 4) ^ table[crc & 15];
        crc = (crc >> 4) ^ table[crc & 15];
    }
    return ~crc;
}

bool tsk_hash_digest(const tsk_call *call, tsk_slice algorithm, tsk_slice data, uint8_t out[64], uint32_t *len) {
    size_t which;
    if (!find_digest(algorithm, &which)) {
        tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: \"%.*s\" is no digest", call->name, (int)algorithm.len,
                    algorithm.ptr);
        return tsk_op_hint(
            call->cx, "known are md5, sha1, sha224, sha256, sha384, sha512, sha3-256, sha3-512, blake2b and crc32");
    }
    if (!digests[which].openssl) {
        uint32_t crc = crc32_of(data);
        for (int i = 0; i < 4; i++) out[i] = (uint8_t)(crc >> (24 - 8 * i));
        *len = 4;
        return true;
    }
    const tsk_crypto_api *api;
    if (!tsk_secret_library(call, &api)) return false;
    const EVP_MD *type = api->EVP_get_digestbyname_(digests[which].openssl);
    if (type && api->EVP_Digest_(data.ptr, data.len, out, len, type, NULL)) return true;
    return tsk_op_fail(call->cx, TSK_E_OPERATOR_FAILED, "%s: this system's libcrypto refuses %s", call->name,
                       digests[which].name);
}

static bool digest_of(const tsk_call *call, tsk_slice algorithm, uint32_t data_at, tsk_value *out) {
    tsk_slice data;
    uint8_t bytes[64];
    uint32_t len = 0;
    if (!data_argument(call, data_at, &data) || !tsk_hash_digest(call, algorithm, data, bytes, &len)) return false;
    *out = tsk_encode_hex(call->cx->heap, bytes, len);
    return true;
}

/* hash(algorithm, value[, "base64"]); hash(value) is SHA-256.  The first two may be swapped. */
TSK_OPERATOR(hash) {
    TSK_CALL("hash");
    tsk_slice algorithm, form, data;
    uint8_t bytes[64];
    uint32_t len = 0;
    size_t which;
    if (count == 1) return digest_of(&call, TSK_SLICE("sha256"), 0, out);
    bool swapped = !(tsk_is_str(args[0]) && find_digest(tsk_as_slice(args[0]), &which)) && tsk_is_str(args[1]) &&
                   find_digest(tsk_as_slice(args[1]), &which);
    if (!tsk_arg_text(&call, swapped, &algorithm) || !tsk_arg_text_or(&call, 2, TSK_SLICE("hex"), &form)) return false;
    if (tsk_slice_same(form, "hex")) return digest_of(&call, algorithm, !swapped, out);
    if (!tsk_slice_same(form, "base64")) return tsk_arg_wrong(&call, 2, "\"hex\" or \"base64\"");
    if (!data_argument(&call, !swapped, &data) || !tsk_hash_digest(&call, algorithm, data, bytes, &len)) return false;
    *out = tsk_encode_base64(cx->heap, bytes, len, false);
    return true;
}

#define DIGEST(name)                                                                                                   \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        return digest_of(&call, TSK_SLICE(#name), 0, out);                                                             \
    }
DIGEST(md5)
DIGEST(sha1)
DIGEST(sha224)
DIGEST(sha256)
DIGEST(sha384)
DIGEST(sha512)
DIGEST(sha3_256)
DIGEST(sha3_512)
DIGEST(blake2b)
DIGEST(crc32)

static bool hmac_of(const tsk_call *call, tsk_slice algorithm, uint32_t key_at, uint32_t data_at, tsk_value *out) {
    tsk_slice key, data;
    size_t which;
    uint8_t bytes[64];
    unsigned len = 0;
    const tsk_crypto_api *api;
    if (!tsk_arg_text(call, key_at, &key) || !data_argument(call, data_at, &data)) return false;
    if (!find_digest(algorithm, &which) || !digests[which].openssl)
        return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: \"%.*s\" is no digest for an HMAC", call->name,
                           (int)algorithm.len, algorithm.ptr);
    if (!tsk_secret_library(call, &api)) return false;
    const EVP_MD *type = api->EVP_get_digestbyname_(digests[which].openssl);
    if (!type || !api->HMAC_(type, key.ptr, (int)key.len, (const uint8_t *)data.ptr, data.len, bytes, &len))
        return tsk_op_fail(call->cx, TSK_E_OPERATOR_FAILED, "%s: this system's libcrypto refuses %s", call->name,
                           digests[which].name);
    *out = tsk_encode_hex(call->cx->heap, bytes, len);
    return true;
}

/* hmac(algorithm, key, value) */
TSK_OPERATOR(hmac) {
    TSK_CALL("hmac");
    tsk_slice algorithm;
    return tsk_arg_text(&call, 0, &algorithm) && hmac_of(&call, algorithm, 1, 2, out);
}

/* hmac_sha256(value, key) */
TSK_OPERATOR(hmac_sha256) {
    TSK_CALL("hmac_sha256");
    return hmac_of(&call, TSK_SLICE("sha256"), 1, 0, out);
}

TSK_OPERATOR(hmac_sha512) {
    TSK_CALL("hmac_sha512");
    return hmac_of(&call, TSK_SLICE("sha512"), 1, 0, out);
}
