/* dlopen and dlsym under pthread_once, driven by the tables of library.h. */
#define TSK_USE_PCRE2
#define TSK_USE_SQLITE
#define TSK_USE_CRYPTO
#define TSK_USE_EXPAT
#define TSK_USE_CRYPT
#define TSK_USE_ZLIB
#include "runtime/base/library_api.h"

#include <dlfcn.h>
#include <pthread.h>

typedef struct wanted {
    const char *symbol;
    size_t offset;
} wanted;

/* Fills the struct at `api`; all of it or nothing. */
static bool load(const char *file, const wanted *table, size_t count, void *api) {
    void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return false;
    for (size_t i = 0; i < count; i++) {
        void *address = dlsym(handle, table[i].symbol);
        if (!address) {
            dlclose(handle);
            return false;
        }
        memcpy((char *)api + table[i].offset, &address, sizeof address);
    }
    return true;
}

#define WANTED_PCRE2(name) {#name, offsetof(tsk_pcre2_api, name##_)},
#define WANTED_SQLITE(name) {#name, offsetof(tsk_sqlite_api, name##_)},
#define WANTED_CRYPTO(name) {#name, offsetof(tsk_crypto_api, name##_)},
#define WANTED_EXPAT(name) {#name, offsetof(tsk_expat_api, name##_)},
#define WANTED_CRYPT(name) {#name, offsetof(tsk_crypt_api, name##_)},
#define WANTED_ZLIB(name) {#name, offsetof(tsk_zlib_api, name##_)},

/* One loader: the struct, the once, and the function of library.h. */
#define LIBRARY(short_name, type, file_name, debian, FUNCTIONS, WANTED)                                                \
    static type short_name##_api;                                                                                      \
    static bool short_name##_loaded;                                                                                   \
    static pthread_once_t short_name##_once = PTHREAD_ONCE_INIT;                                                       \
    static void short_name##_load(void) {                                                                              \
        static const wanted table[] = {FUNCTIONS(WANTED)};                                                             \
        short_name##_loaded = load(file_name, table, TSK_COUNT(table), &short_name##_api);                             \
    }                                                                                                                  \
    bool tsk_library_##short_name(const type **api, tsk_library_error *error) {                                        \
        pthread_once(&short_name##_once, short_name##_load);                                                           \
        *api = &short_name##_api;                                                                                      \
        *error = (tsk_library_error){file_name, debian};                                                               \
        return short_name##_loaded;                                                                                    \
    }

LIBRARY(pcre2, tsk_pcre2_api, "libpcre2-8.so.0", "libpcre2-8-0", TSK_PCRE2_FUNCTIONS, WANTED_PCRE2)
LIBRARY(sqlite, tsk_sqlite_api, "libsqlite3.so.0", "libsqlite3-0", TSK_SQLITE_FUNCTIONS, WANTED_SQLITE)
LIBRARY(crypto, tsk_crypto_api, "libcrypto.so.3", "libssl3", TSK_CRYPTO_FUNCTIONS, WANTED_CRYPTO)
LIBRARY(expat, tsk_expat_api, "libexpat.so.1", "libexpat1", TSK_EXPAT_FUNCTIONS, WANTED_EXPAT)
LIBRARY(crypt, tsk_crypt_api, "libcrypt.so.1", "libcrypt1", TSK_CRYPT_FUNCTIONS, WANTED_CRYPT)
LIBRARY(zlib, tsk_zlib_api, "libz.so.1", "zlib1g", TSK_ZLIB_FUNCTIONS, WANTED_ZLIB)
