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

/* False: `error` says what to install. */
bool tsk_library_pcre2(const struct tsk_pcre2_api **api, tsk_library_error *error);
bool tsk_library_sqlite(const struct tsk_sqlite_api **api, tsk_library_error *error);
bool tsk_library_crypto(const struct tsk_crypto_api **api, tsk_library_error *error);

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
    X(HMAC)

#endif
