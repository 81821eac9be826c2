/* tusk_examine: what the library needs of the system, looked at once. */
#include "runtime/base/library.h"
#include "runtime/base/zone.h"
#include "runtime/engine/engine.h"
#include "runtime/interp/native.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct examination {
    void (*found)(void *user, const tusk_finding *finding);
    void *user;
} examination;

/* `hint` NULL: there is none. */
__attribute__((format(printf, 5, 6))) static void tell(const examination *e, const char *area, tusk_health health,
                                                       const char *hint, const char *fmt, ...) {
    tusk_finding finding = {.area = area, .health = health};
    va_list args;
    va_start(args, fmt);
    vsnprintf(finding.text, sizeof finding.text, fmt, args);
    va_end(args);
    if (hint) snprintf(finding.hint, sizeof finding.hint, "%s", hint);
    e->found(e->user, &finding);
}

/* ---- libraries ---- */

#define LOADS(name)                                                                                                    \
    static bool loads_##name(tsk_library_error *error) {                                                               \
        const struct tsk_##name##_api *api;                                                                            \
        return tsk_library_##name(&api, error);                                                                        \
    }
LOADS(pcre2)
LOADS(sqlite)
LOADS(crypto)
LOADS(expat)
LOADS(crypt)
LOADS(zlib)

static const struct {
    bool (*loads)(tsk_library_error *error);
    const char *purpose;
} libraries[] = {{loads_pcre2, "regular expressions"},     {loads_sqlite, "@query"},
                 {loads_crypto, "digests and encryption"}, {loads_expat, "XML"},
                 {loads_crypt, "hashes of passwords"},     {loads_zlib, "compression"}};

static void examine_libraries(const examination *e) {
    for (size_t i = 0; i < TSK_COUNT(libraries); i++) {
        tsk_library_error error;
        if (libraries[i].loads(&error)) {
            tell(e, "library", TUSK_HEALTH_GOOD, NULL, "%s loads: %s", error.file, libraries[i].purpose);
            continue;
        }
        char hint[128];
        snprintf(hint, sizeof hint, "install the package %s", error.package);
        tell(e, "library", TUSK_HEALTH_BROKEN, hint, "%s does not load: %s will not work", error.file,
             libraries[i].purpose);
    }
}

/* ---- the rest ---- */

static void examine_native(const examination *e) {
    char path[PATH_MAX];
    if (tsk_native_find_backend())
        tell(e, "native code", TUSK_HEALTH_GOOD, NULL, "the module loads%s%s",
             tsk_native_backend_path(path, sizeof path) ? ": " : "",
             tsk_native_backend_path(path, sizeof path) ? path : "");
    else if (tsk_native_backend_path(path, sizeof path))
        tell(e, "native code", TUSK_HEALTH_BROKEN, "install libtusk-jit.so of this version",
             "%s does not load, or is of another version", path);
    else
        tell(e, "native code", TUSK_HEALTH_NOTE, "build with llvm-19-dev to have it",
             "there is no libtusk-jit.so: functions are interpreted");
}

static void examine_cache(const examination *e) {
    char *text;
    tusk_status status = tusk_code_cache(false, false, &text);
    size_t len = text ? strcspn(text, "\n") : 0;
    if (status == TUSK_OK)
        tell(e, "cache", TUSK_HEALTH_GOOD, NULL, "%.*s", (int)len - 11, text + strlen("directory  "));
    else if (status == TUSK_NOT_FOUND)
        tell(e, "cache", TUSK_HEALTH_NOTE, "set HOME or TSK_CACHE_DIR", "%.*s", (int)len, text ? text : "");
    else
        tell(e, "cache", TUSK_HEALTH_BROKEN,
             "make it yours and closed to others: chmod 700, or choose another with TSK_CACHE_DIR", "%.*s", (int)len,
             text ? text : "there is no memory");
    tusk_text_free(text);
}

static void examine_zone(const examination *e) {
    const char *tz = getenv("TZ");
    const tsk_zone *local = tsk_zone_local(tz), *berlin = tsk_zone_find(TSK_SLICE("Europe/Berlin"));
    bool wrong = tz && *tz && strcmp(tz, "UTC") && strcmp(tz, "UTC0") && strcmp(tz, "Z") &&
                 (!local || local == tsk_zone_utc());
    if (wrong)
        tell(e, "time zone", TUSK_HEALTH_BROKEN, "set TZ to a name such as Europe/Berlin, or unset it",
             "TZ=%s is no zone that is known", tz);
    else
        tell(e, "time zone", TUSK_HEALTH_GOOD, NULL, "%s", local ? tsk_zone_name(local) : "UTC");
    if (!berlin)
        tell(e, "time zone", TUSK_HEALTH_NOTE, "install the package tzdata",
             "there is no database of zones: only UTC and offsets are known");
}

void tusk_examine(void (*found)(void *user, const tusk_finding *finding), void *user) {
    examination e = {found, user};
    if (!found) return;
    examine_libraries(&e);
    examine_native(&e);
    examine_cache(&e);
    examine_zone(&e);
}
