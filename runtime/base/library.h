/* Shared libraries that are loaded on first use.
 *
 * The tools link none of them, so a run that needs no regular expression never maps PCRE2.  Each table below
 * names the functions we call; a struct of pointers with the types of the real headers is made of it.
 * Loading is safe from any thread and happens once; a library stays loaded. */
#ifndef TSK_LIBRARY_H
#define TSK_LIBRARY_H

#include "runtime/base/base.h"

/* Why a library could not be loaded; texts are static. */
typedef struct tsk_library_error {
    const char *file;    /* "libpcre2-8.so.0" */
    const char *package; /* of Debian */
} tsk_library_error;

struct tsk_pcre2_api;
struct tsk_sqlite_api;
struct tsk_crypto_api;
struct tsk_expat_api;
struct tsk_crypt_api;
struct tsk_zlib_api;

/* False: `error` says what to install. */
bool tsk_library_pcre2(const struct tsk_pcre2_api **api, tsk_library_error *error);
bool tsk_library_sqlite(const struct tsk_sqlite_api **api, tsk_library_error *error);
bool tsk_library_crypto(const struct tsk_crypto_api **api, tsk_library_error *error);
bool tsk_library_expat(const struct tsk_expat_api **api, tsk_library_error *error);
bool tsk_library_crypt(const struct tsk_crypt_api **api, tsk_library_error *error);
bool tsk_library_zlib(const struct tsk_zlib_api **api, tsk_library_error *error);

#define TSK_PCRE2_FUNCTIONS(X)                                                                                         \
    X(pcre2_general_context_create_8)                                                                                  \
    X(pcre2_compile_context_create_8)                                                                                  \
    X(pcre2_compile_8)                                                                                                 \
    X(pcre2_code_free_8)                                                                                               \
    X(pcre2_jit_compile_8)                                                                                             \
    X(pcre2_match_context_create_8)                                                                                    \
    X(pcre2_set_match_limit_8)                                                                                         \
    X(pcre2_set_heap_limit_8)                                                                                          \
    X(pcre2_match_data_create_from_pattern_8)                                                                          \
    X(pcre2_match_8)                                                                                                   \
    X(pcre2_get_ovector_pointer_8)                                                                                     \
    X(pcre2_pattern_info_8)                                                                                            \
    X(pcre2_get_error_message_8)

#define TSK_SQLITE_FUNCTIONS(X)                                                                                        \
    X(sqlite3_open_v2)                                                                                                 \
    X(sqlite3_close_v2)                                                                                                \
    X(sqlite3_prepare_v2)                                                                                              \
    X(sqlite3_next_stmt)                                                                                               \
    X(sqlite3_finalize)                                                                                                \
    X(sqlite3_step)                                                                                                    \
    X(sqlite3_bind_parameter_count)                                                                                    \
    X(sqlite3_bind_null)                                                                                               \
    X(sqlite3_bind_int64)                                                                                              \
    X(sqlite3_bind_double)                                                                                             \
    X(sqlite3_bind_text)                                                                                               \
    X(sqlite3_column_count)                                                                                            \
    X(sqlite3_column_name)                                                                                             \
    X(sqlite3_column_type)                                                                                             \
    X(sqlite3_column_int64)                                                                                            \
    X(sqlite3_column_double)                                                                                           \
    X(sqlite3_column_text)                                                                                             \
    X(sqlite3_column_blob)                                                                                             \
    X(sqlite3_column_bytes)                                                                                            \
    X(sqlite3_total_changes)                                                                                           \
    X(sqlite3_errmsg)                                                                                                  \
    X(sqlite3_busy_timeout)                                                                                            \
    X(sqlite3_progress_handler)                                                                                        \
    X(sqlite3_set_authorizer)                                                                                          \
    X(sqlite3_limit)                                                                                                   \
    X(sqlite3_db_config)

#define TSK_CRYPTO_FUNCTIONS(X)                                                                                        \
    X(EVP_get_digestbyname)                                                                                            \
    X(EVP_Digest)                                                                                                      \
    X(HMAC)                                                                                                            \
    X(CRYPTO_memcmp)                                                                                                   \
    X(OPENSSL_cleanse)                                                                                                 \
    X(EVP_PBE_scrypt)                                                                                                  \
    X(EVP_aes_256_gcm)                                                                                                 \
    X(EVP_CIPHER_CTX_new)                                                                                              \
    X(EVP_CIPHER_CTX_free)                                                                                             \
    X(EVP_CIPHER_CTX_ctrl)                                                                                             \
    X(EVP_CipherInit_ex)                                                                                               \
    X(EVP_CipherUpdate)                                                                                                \
    X(EVP_CipherFinal_ex)                                                                                              \
    X(BIO_new_mem_buf)                                                                                                 \
    X(BIO_free)                                                                                                        \
    X(PEM_read_bio_PrivateKey)                                                                                         \
    X(PEM_read_bio_PUBKEY)                                                                                             \
    X(EVP_PKEY_free)                                                                                                   \
    X(EVP_PKEY_get_base_id)                                                                                            \
    X(EVP_PKEY_get_bits)                                                                                               \
    X(EVP_MD_CTX_new)                                                                                                  \
    X(EVP_MD_CTX_free)                                                                                                 \
    X(EVP_DigestSignInit)                                                                                              \
    X(EVP_DigestSign)                                                                                                  \
    X(EVP_DigestVerifyInit)                                                                                            \
    X(EVP_DigestVerify)                                                                                                \
    X(ERR_clear_error)

#define TSK_EXPAT_FUNCTIONS(X)                                                                                         \
    X(XML_ParserCreate_MM)                                                                                             \
    X(XML_SetUserData)                                                                                                 \
    X(XML_SetElementHandler)                                                                                           \
    X(XML_SetCharacterDataHandler)                                                                                     \
    X(XML_SetEntityDeclHandler)                                                                                        \
    X(XML_SetSkippedEntityHandler)                                                                                     \
    X(XML_Parse)                                                                                                       \
    X(XML_StopParser)                                                                                                  \
    X(XML_GetErrorCode)                                                                                                \
    X(XML_ErrorString)                                                                                                 \
    X(XML_GetCurrentByteIndex)

#define TSK_CRYPT_FUNCTIONS(X)                                                                                         \
    X(crypt_rn)                                                                                                        \
    X(crypt_gensalt_rn)

#define TSK_ZLIB_FUNCTIONS(X)                                                                                          \
    X(deflateInit2_)                                                                                                   \
    X(deflate)                                                                                                         \
    X(inflateInit2_)                                                                                                   \
    X(inflate)

#endif
