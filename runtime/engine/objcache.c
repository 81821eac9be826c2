/* Compiled objects on disk: objcache.h has the picture. */
#include "runtime/engine/objcache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NAME_SIZE = 64 + 2 + 1, FRESH_SECONDS = 3600 };

struct tsk_objcache {
    tsk_allocator allocator;
    int directory;
    uint64_t limit;
    _Atomic uint64_t bytes; /* of all entries; UNKNOWN until the first one is written */
};
#define UNKNOWN UINT64_MAX

/* In front of every entry; the digest is over everything behind it. */
typedef struct header {
    char magic[8];
    tsk_digest digest;
    tsk_digest key;
    uint64_t notes_size, object_size;
} header;
static const char magic[8] = {'T', 'S', 'K', 'O', 'B', 'J', '1', '\n'};
_Static_assert(sizeof(header) == 88, "no padding on disk");

/* ---- the directory ---- */

bool tsk_objcache_directory(const char *(*variable)(const char *name), char *out, size_t size) {
    static const struct {
        const char *name, *below;
    } places[] = {{"TSK_CACHE_DIR", ""}, {"XDG_CACHE_HOME", "/tusk"}, {"HOME", "/.cache/tusk"}};
    for (size_t i = 0; i < TSK_COUNT(places); i++) {
        const char *base = variable ? variable(places[i].name) : getenv(places[i].name);
        if (!base || !*base) continue;
        int length = snprintf(out, size, "%s%s", base, places[i].below);
        return length > 0 && (size_t)length < size;
    }
    return false;
}

static bool make_directories(const char *path) {
    char copy[4096];
    size_t length = strlen(path);
    if (!length || length >= sizeof copy) return false;
    memcpy(copy, path, length + 1);
    for (char *p = copy + 1; *p; p++) {
        if (*p != '/') continue;
        *p = 0;
        if (mkdir(copy, 0700) && errno != EEXIST) return false;
        *p = '/';
    }
    return !mkdir(copy, 0700) || errno == EEXIST;
}

static int open_directory(const char *path, const char **why) {
    struct stat info;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    *why = errno == ENOENT ? "the directory does not exist" : "the directory cannot be opened";
    if (fd < 0) return -1;
    if (fstat(fd, &info) || info.st_uid != geteuid())
        *why = "the directory belongs to somebody else";
    else if (info.st_mode & 077)
        *why = "others may enter the directory: its mode must be 0700";
    else
        return fd;
    close(fd);
    return -1;
}

tsk_objcache *tsk_objcache_open(const tsk_allocator *allocator, const char *directory, uint64_t limit, bool make,
                                const char **why) {
    *why = "the directory cannot be made";
    if (make && !make_directories(directory)) return NULL;
    int fd = open_directory(directory, why);
    if (fd < 0) return NULL;
    tsk_objcache *cache = tsk_mem_alloc(allocator, sizeof *cache);
    if (!cache) {
        *why = "there is no memory";
        close(fd);
        return NULL;
    }
    *cache = (tsk_objcache){*allocator, fd, limit ? limit : TSK_OBJCACHE_LIMIT, UNKNOWN};
    return cache;
}

void tsk_objcache_close(tsk_objcache *cache) {
    if (!cache) return;
    tsk_allocator allocator = cache->allocator;
    close(cache->directory);
    tsk_mem_free(&allocator, cache, sizeof *cache);
}

/* ---- entries ---- */

static void name_of(const tsk_digest *key, unsigned slot, char out[NAME_SIZE]) {
    for (int i = 0; i < 32; i++) {
        out[2 * i] = "0123456789abcdef"[key->bytes[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[key->bytes[i] & 15];
    }
    out[64] = '.';
    out[65] = (char)('0' + slot);
    out[66] = 0;
}

static bool is_entry_name(const char *name) {
    return strlen(name) == NAME_SIZE - 1 && strspn(name, "0123456789abcdef") == 64 && name[64] == '.' &&
           name[65] >= '0' && name[65] < '0' + TSK_OBJCACHE_SLOTS;
}

/* Where the object begins: behind the notes, at the next multiple of 16. */
static size_t object_offset(size_t notes_size) {
    return (sizeof(header) + notes_size + 15) / 16 * 16;
}

static tsk_digest digest_of(const char *bytes, size_t size) {
    tsk_sha256 h;
    tsk_sha256_begin(&h);
    size_t skipped = offsetof(header, key);
    tsk_sha256_add(&h, bytes + skipped, size - skipped);
    return tsk_sha256_end(&h);
}

static bool read_whole(int fd, char *to, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t n = read(fd, to + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        done += (size_t)n;
    }
    return true;
}

/* The parts of an entry whose bytes are in memory. */
static bool open_entry(const char *bytes, size_t size, const tsk_digest *key, tsk_objcache_entry *out) {
    header h;
    memcpy(&h, bytes, sizeof h);
    if (memcmp(h.magic, magic, sizeof magic) || memcmp(&h.key, key, sizeof *key)) return false;
    if (h.notes_size > size || h.object_size > size) return false;
    size_t at = object_offset((size_t)h.notes_size);
    if (at > size || h.object_size != size - at) return false;
    tsk_digest digest = digest_of(bytes, size);
    if (memcmp(&digest, &h.digest, sizeof digest)) return false;
    *out = (tsk_objcache_entry){bytes + sizeof h, bytes + at, (size_t)h.notes_size, (size_t)h.object_size};
    return true;
}

/* Entries that are used stay: the time of their file says when that was, to the hour. */
static void mark_used(const tsk_objcache *cache, const char *name, const struct stat *info) {
    if (time(NULL) - info->st_mtime > FRESH_SECONDS) utimensat(cache->directory, name, NULL, AT_SYMLINK_NOFOLLOW);
}

bool tsk_objcache_get(tsk_objcache *cache, tsk_arena *arena, const tsk_digest *key, unsigned slot,
                      tsk_objcache_entry *out) {
    char name[NAME_SIZE];
    struct stat info;
    name_of(key, slot, name);
    int fd = openat(cache->directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return false;
    bool plausible = !fstat(fd, &info) && S_ISREG(info.st_mode) && info.st_uid == geteuid() &&
                     (size_t)info.st_size >= sizeof(header) && (size_t)info.st_size <= TSK_OBJCACHE_MAX_ENTRY;
    size_t size = plausible ? (size_t)info.st_size : 0;
    /* an arena aligns to 8 bytes */
    char *bytes = plausible ? tsk_arena_alloc(arena, size + 8) : NULL;
    if (bytes) bytes += (uintptr_t)bytes & 8;
    bool whole = bytes && read_whole(fd, bytes, size) && open_entry(bytes, size, key, out);
    close(fd);
    if (whole)
        mark_used(cache, name, &info);
    else
        unlinkat(cache->directory, name, 0);
    return whole;
}

bool tsk_objcache_has(tsk_objcache *cache, const tsk_digest *key) {
    char name[NAME_SIZE];
    name_of(key, 0, name);
    return !faccessat(cache->directory, name, R_OK, AT_EACCESS);
}

static bool write_whole(int fd, const void *from, size_t size) {
    const char *p = from;
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, p + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        done += (size_t)n;
    }
    return true;
}

/* The slot that a new entry goes to. */
static unsigned slot_for(const tsk_objcache *cache, const tsk_digest *key) {
    char name[NAME_SIZE];
    struct stat info;
    unsigned oldest = 0;
    time_t when = 0;
    for (unsigned slot = 0; slot < TSK_OBJCACHE_SLOTS; slot++) {
        name_of(key, slot, name);
        if (fstatat(cache->directory, name, &info, AT_SYMLINK_NOFOLLOW)) return slot;
        if (slot && info.st_mtime >= when) continue;
        oldest = slot;
        when = info.st_mtime;
    }
    return oldest;
}

/* The bytes of an entry in one piece, so that their digest can be made. */
static char *serialize(const tsk_objcache *cache, const tsk_digest *key, const tsk_objcache_entry *entry, size_t size) {
    char *bytes = tsk_mem_alloc(&cache->allocator, size);
    if (!bytes) return NULL;
    header h = {.key = *key, .notes_size = entry->notes_size, .object_size = entry->object_size};
    memcpy(h.magic, magic, sizeof magic);
    memset(bytes, 0, size);
    memcpy(bytes, &h, sizeof h);
    if (entry->notes_size) memcpy(bytes + sizeof h, entry->notes, entry->notes_size);
    memcpy(bytes + object_offset(entry->notes_size), entry->object, entry->object_size);
    tsk_digest digest = digest_of(bytes, size);
    memcpy(bytes + offsetof(header, digest), &digest, sizeof digest);
    return bytes;
}

static bool write_entry(const tsk_objcache *cache, const char *name, const char *bytes, size_t size) {
    static _Atomic unsigned serial;
    char temporary[64];
    snprintf(temporary, sizeof temporary, "tmp.%ld.%u", (long)getpid(), serial++);
    int fd = openat(cache->directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool written = write_whole(fd, bytes, size);
    if (close(fd)) written = false;
    if (written && !renameat(cache->directory, temporary, cache->directory, name)) return true;
    unlinkat(cache->directory, temporary, 0);
    return false;
}

static void keep_below_limit(tsk_objcache *cache, size_t added);

bool tsk_objcache_put(tsk_objcache *cache, const tsk_digest *key, const tsk_objcache_entry *entry) {
    if (entry->notes_size > TSK_OBJCACHE_MAX_ENTRY / 2 || entry->object_size > TSK_OBJCACHE_MAX_ENTRY / 2) return false;
    size_t size = object_offset(entry->notes_size) + entry->object_size;
    if (size > cache->limit / 2) return false;
    char name[NAME_SIZE], *bytes = serialize(cache, key, entry, size);
    if (!bytes) return false;
    name_of(key, slot_for(cache, key), name);
    bool written = write_entry(cache, name, bytes, size);
    tsk_mem_free(&cache->allocator, bytes, size);
    if (written) keep_below_limit(cache, size);
    return written;
}

/* ---- all entries ---- */

typedef struct file {
    char name[NAME_SIZE];
    time_t used;
    uint64_t size;
} file;

/* Calls `each` for every entry, and removes temporary files that a killed process left behind. */
static void list(const tsk_objcache *cache, void (*each)(void *user, const file *f), void *user) {
    int fd = openat(cache->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        if (fd >= 0) close(fd);
        return;
    }
    for (struct dirent *d; (d = readdir(folder));) {
        struct stat info;
        bool temporary = !strncmp(d->d_name, "tmp.", 4);
        if (!temporary && !is_entry_name(d->d_name)) continue;
        if (fstatat(cache->directory, d->d_name, &info, AT_SYMLINK_NOFOLLOW)) continue;
        if (temporary) {
            if (time(NULL) - info.st_mtime > FRESH_SECONDS) unlinkat(cache->directory, d->d_name, 0);
            continue;
        }
        file f = {.used = info.st_mtime, .size = (uint64_t)info.st_size};
        memcpy(f.name, d->d_name, NAME_SIZE);
        each(user, &f);
    }
    closedir(folder);
}

static void count_file(void *user, const file *f) {
    tsk_objcache_stats *stats = user;
    stats->entries++;
    stats->bytes += f->size;
}

void tsk_objcache_statistics(tsk_objcache *cache, tsk_objcache_stats *out) {
    *out = (tsk_objcache_stats){.limit = cache->limit};
    list(cache, count_file, out);
    cache->bytes = out->bytes;
}

typedef struct removal {
    const tsk_objcache *cache;
    uint64_t count;
} removal;

static void remove_file(void *user, const file *f) {
    removal *r = user;
    r->count += !unlinkat(r->cache->directory, f->name, 0);
}

uint64_t tsk_objcache_clear(tsk_objcache *cache) {
    removal r = {cache, 0};
    list(cache, remove_file, &r);
    cache->bytes = 0;
    return r.count;
}

typedef struct listing {
    const tsk_objcache *cache;
    file *files;
    size_t count, cap;
} listing;

static void collect_file(void *user, const file *f) {
    listing *l = user;
    if (l->count == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 256;
        file *grown = tsk_mem_resize(&l->cache->allocator, l->files, l->cap * sizeof *f, cap * sizeof *f);
        if (!grown) return; /* what is not listed is not removed */
        l->files = grown;
        l->cap = cap;
    }
    l->files[l->count++] = *f;
}

static int by_use(const void *a, const void *b) {
    time_t one = ((const file *)a)->used, two = ((const file *)b)->used;
    return one < two ? -1 : one > two;
}

/* Past the limit, a quarter of it is made free at once, so that the directory is not read for every new entry. */
static void keep_below_limit(tsk_objcache *cache, size_t added) {
    uint64_t bytes = cache->bytes;
    if (bytes != UNKNOWN) cache->bytes = bytes += added;
    if (bytes <= cache->limit) return;
    tsk_objcache_stats stats;
    tsk_objcache_statistics(cache, &stats);
    if (stats.bytes <= cache->limit) return;
    listing l = {.cache = cache};
    list(cache, collect_file, &l);
    if (l.count) qsort(l.files, l.count, sizeof *l.files, by_use);
    for (size_t i = 0; i < l.count && stats.bytes > cache->limit - cache->limit / 4; i++)
        if (!unlinkat(cache->directory, l.files[i].name, 0)) stats.bytes -= l.files[i].size;
    cache->bytes = stats.bytes;
    tsk_mem_free(&cache->allocator, l.files, l.cap * sizeof *l.files);
}
