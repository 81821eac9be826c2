/* The structs of function pointers of library.h; only files that call a library include this, after defining
 * which: TSK_USE_PCRE2, TSK_USE_SQLITE, TSK_USE_CRYPTO, TSK_USE_EXPAT, TSK_USE_CRYPT, TSK_USE_ZLIB. */
#ifndef TSK_LIBRARY_API_H
#define TSK_LIBRARY_API_H

#include "runtime/base/library.h"

#define TSK_LIBRARY_POINTER(name) __typeof__(&name) name##_;

#ifdef TSK_USE_PCRE2
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
typedef struct tsk_pcre2_api {
    TSK_PCRE2_FUNCTIONS(TSK_LIBRARY_POINTER)
} tsk_pcre2_api;
#endif

#ifdef TSK_USE_SQLITE
#include <sqlite3.h>
typedef struct tsk_sqlite_api {
    TSK_SQLITE_FUNCTIONS(TSK_LIBRARY_POINTER)
} tsk_sqlite_api;
#endif

#ifdef TSK_USE_CRYPTO
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
typedef struct tsk_crypto_api {
    TSK_CRYPTO_FUNCTIONS(TSK_LIBRARY_POINTER)
} tsk_crypto_api;
#endif

#ifdef TSK_USE_EXPAT
#include <expat.h>
typedef struct tsk_expat_api {
    TSK_EXPAT_FUNCTIONS(TSK_LIBRARY_POINTER)
} tsk_expat_api;
#endif

#ifdef TSK_USE_CRYPT
#include <crypt.h>
typedef struct tsk_crypt_api {
    TSK_CRYPT_FUNCTIONS(TSK_LIBRARY_POINTER)
} tsk_crypt_api;
#endif

#ifdef TSK_USE_ZLIB
#include <zlib.h>
typedef struct tsk_zlib_api {
    TSK_ZLIB_FUNCTIONS(TSK_LIBRARY_POINTER)
} tsk_zlib_api;
#endif

#endif
