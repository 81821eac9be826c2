/* Stamps and inotify, see watch.h; and the same for hosts. */
#include "runtime/serve/watch.h"

#include "runtime/base/mem.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <tusk/tusk.h>
#include <unistd.h>

/* ---- stamps ---- */

static int64_t nanoseconds(struct timespec t) {
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void look(tsk_stamp *stamp, const char *path) {
    struct stat st;
    stamp->there = stat(path, &st) == 0;
    if (!stamp->there) return;
    stamp->device = (uint64_t)st.st_dev;
    stamp->inode = (uint64_t)st.st_ino;
    stamp->size = (int64_t)st.st_size;
    stamp->modified = nanoseconds(st.st_mtim);
    stamp->changed = nanoseconds(st.st_ctim);
}

static bool same(const tsk_stamp *a, const tsk_stamp *b) {
    if (!a->there || !b->there) return a->there == b->there;
    return a->device == b->device && a->inode == b->inode && a->size == b->size && a->modified == b->modified &&
           a->changed == b->changed;
}

bool tsk_stamps_add(tsk_stamps *stamps, const char *path) {
    for (uint32_t i = 0; i < stamps->count; i++)
        if (!strcmp(stamps->at[i].path, path)) return true;
    if (stamps->count == stamps->cap) {
        uint32_t cap = stamps->cap ? stamps->cap * 2 : 4;
        tsk_stamp *longer = realloc(stamps->at, cap * sizeof *longer);
        if (!longer) return false;
        stamps->at = longer;
        stamps->cap = cap;
    }
    tsk_stamp stamp = {.path = strdup(path)};
    if (!stamp.path) return false;
    look(&stamp, path);
    stamps->at[stamps->count++] = stamp;
    return true;
}

bool tsk_stamps_hold(const tsk_stamps *stamps) {
    for (uint32_t i = 0; i < stamps->count; i++) {
        tsk_stamp now = {0};
        look(&now, stamps->at[i].path);
        if (!same(&now, &stamps->at[i])) return false;
    }
    return true;
}

void tsk_stamps_free(tsk_stamps *stamps) {
    for (uint32_t i = 0; i < stamps->count; i++) free(stamps->at[i].path);
    free(stamps->at);
    *stamps = (tsk_stamps){0};
}

/* ---- inotify ---- */

enum { QUIET = 15, PATIENCE = 300, WITHOUT = 500 }; /* milliseconds */

void tsk_watch_init(tsk_watch *watch) {
    watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

void tsk_watch_directory(tsk_watch *watch, const char *path) {
    if (watch->fd < 0) return;
    uint32_t events = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB |
                      IN_DELETE_SELF | IN_MOVE_SELF;
    if (inotify_add_watch(watch->fd, path, events) >= 0 || errno == ENOENT || errno == ENOTDIR || errno == EACCES)
        return;
    close(watch->fd); /* none is left: what cannot be watched must be looked at */
    watch->fd = -1;
}

void tsk_watch_files(tsk_watch *watch, const tsk_stamps *stamps) {
    for (uint32_t i = 0; i < stamps->count; i++) {
        char directory[PATH_MAX];
        const char *path = stamps->at[i].path, *slash = strrchr(path, '/');
        size_t len = slash ? (size_t)(slash - path) : 0;
        if (len >= sizeof directory) continue;
        memcpy(directory, path, len);
        if (!len) directory[len++] = slash ? '/' : '.';
        directory[len] = 0;
        tsk_watch_directory(watch, directory);
    }
}

/* Takes the events away.  True: there were some. */
static bool drain(int fd) {
    char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    bool any = false;
    while (read(fd, events, sizeof events) > 0) any = true;
    return any;
}

bool tsk_watch_wait(tsk_watch *watch, int other, int milliseconds) {
    if (watch->fd < 0 && (milliseconds < 0 || milliseconds > WITHOUT)) milliseconds = WITHOUT;
    struct pollfd fds[2] = {{.fd = watch->fd, .events = POLLIN}, {.fd = other, .events = POLLIN}};
    int n = poll(fds, 2, milliseconds);
    if (watch->fd < 0) return n == 0;
    if (n <= 0 || !(fds[0].revents & POLLIN)) return false;
    bool any = false;
    for (int waited = 0; waited < PATIENCE; waited += QUIET) {
        any |= drain(watch->fd);
        if (poll(fds, 1, QUIET) <= 0) break;
    }
    return any;
}

void tsk_watch_close(tsk_watch *watch) {
    if (watch->fd >= 0) close(watch->fd);
    watch->fd = -1;
}

/* ---- for hosts ---- */

struct tusk_watch {
    tsk_watch watch;
    tsk_stamps stamps;
    bool any; /* the program has errors: a file that is missing counts when it comes */
};

tusk_status tusk_watch_new(tusk_watch **out) {
    if (!out) return TUSK_USAGE;
    tusk_watch *watch = *out = calloc(1, sizeof *watch);
    if (!watch) return TUSK_NO_MEMORY;
    tsk_watch_init(&watch->watch);
    return TUSK_OK;
}

tusk_status tusk_watch_program(tusk_watch *watch, const tusk_program *program, tusk_snapshot *snapshot) {
    const char *path;
    if (!watch || !program) return TUSK_USAGE;
    bool all = true;
    for (size_t i = 0; (path = tusk_program_file(program, i)); i++) all &= tsk_stamps_add(&watch->stamps, path);
    for (size_t i = 0; snapshot && (path = tusk_snapshot_input(snapshot, i)); i++)
        all &= tsk_stamps_add(&watch->stamps, path);
    tsk_watch_files(&watch->watch, &watch->stamps);
    watch->any |= tusk_program_errors(program) > 0;
    return all ? TUSK_OK : TUSK_NO_MEMORY;
}

tusk_status tusk_watch_file(tusk_watch *watch, const char *path) {
    if (!watch || !path) return TUSK_USAGE;
    if (!tsk_stamps_add(&watch->stamps, path)) return TUSK_NO_MEMORY;
    tsk_watch_files(&watch->watch, &watch->stamps);
    return TUSK_OK;
}

bool tusk_watch_wait(tusk_watch *watch, int milliseconds) {
    if (!watch) return false;
    if (!tsk_stamps_hold(&watch->stamps)) return true;
    bool happened = tsk_watch_wait(&watch->watch, -1, milliseconds);
    return (happened && watch->any) || !tsk_stamps_hold(&watch->stamps);
}

void tusk_watch_forget(tusk_watch *watch) {
    if (!watch) return;
    tsk_stamps_free(&watch->stamps);
    watch->any = false;
}

void tusk_watch_free(tusk_watch *watch) {
    if (!watch) return;
    tsk_watch_close(&watch->watch);
    tsk_stamps_free(&watch->stamps);
    free(watch);
}
