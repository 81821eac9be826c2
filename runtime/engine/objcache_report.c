/* tusk_code_cache: compiled objects on disk, for people. */
#include "runtime/engine/engine.h"
#include "runtime/engine/objcache.h"
#include "runtime/value/write.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

typedef struct request {
    bool clear, json;
} request;

static void write_json(tsk_buf *out, const char *directory, const tsk_objcache_stats *stats, uint64_t removed,
                       bool clear) {
    tsk_buf_cstr(out, "{\"status\": \"ok\", \"directory\": ");
    tsk_write_json_string(out, directory, strlen(directory));
    if (clear)
        tsk_buf_printf(out, ", \"removed\": %llu}\n", (unsigned long long)removed);
    else
        tsk_buf_printf(out, ", \"entries\": %llu, \"bytes\": %llu, \"limit\": %llu}\n",
                       (unsigned long long)stats->entries, (unsigned long long)stats->bytes,
                       (unsigned long long)stats->limit);
}

static void write_text(tsk_buf *out, const char *directory, const tsk_objcache_stats *stats, uint64_t removed,
                       bool clear) {
    if (clear)
        tsk_buf_printf(out, "removed %llu entries of %s\n", (unsigned long long)removed, directory);
    else
        tsk_buf_printf(out, "directory  %s\nentries    %llu\nbytes      %llu of at most %llu\n", directory,
                       (unsigned long long)stats->entries, (unsigned long long)stats->bytes,
                       (unsigned long long)stats->limit);
}

static tusk_status report(tsk_buf *out, void *argument) {
    const request *r = argument;
    char directory[PATH_MAX];
    struct stat info;
    const char *why;
    tsk_objcache_stats stats = {.limit = TSK_OBJCACHE_LIMIT};
    uint64_t removed = 0;
    if (!tsk_objcache_directory(NULL, directory, sizeof directory)) {
        tsk_buf_cstr(out, "there is no directory for the cache: neither TSK_CACHE_DIR, XDG_CACHE_HOME nor HOME is set");
        return TUSK_NOT_FOUND;
    }
    bool absent = stat(directory, &info) && errno == ENOENT; /* made when something is kept for the first time */
    tsk_objcache *cache = absent ? NULL : tsk_objcache_open(&tsk_allocator_default, directory, 0, false, &why);
    if (!absent && !cache) {
        tsk_buf_printf(out, "%s: %s", directory, why);
        return TUSK_DENIED;
    }
    if (cache && r->clear) removed = tsk_objcache_clear(cache);
    if (cache && !r->clear) tsk_objcache_statistics(cache, &stats);
    tsk_objcache_close(cache);
    (r->json ? write_json : write_text)(out, directory, &stats, removed, r->clear);
    return TUSK_OK;
}

tusk_status tusk_code_cache(bool clear, bool json, char **text) {
    request r = {clear, json};
    return text ? tsk_text_make(text, report, &r) : TUSK_USAGE;
}
