/* Stores that outlive the process: one JSON file each in the state directory that the host names.
 *
 *   reading:  stat ──► another file than last time? ──► read it
 *   writing:  flock NAME.lock ──► as reading ──► change ──► NAME.json.tmp ──► rename ──► unlock
 *
 * A file is replaced as a whole, so readers need no lock and a process that is killed leaves the old file or the new
 * one.  A file that cannot be understood is renamed to NAME.json.corrupt and reported once.  Without a state directory
 * all of this does nothing. */
#include "runtime/formats/json.h"
#include "runtime/operators/stores.h"
#include "runtime/value/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LARGEST ((off_t)64 << 20)
#define LOCK_TRIES 500 /* of 10 ms */

static const char *const names[TSK_STORE_COUNT] = {
    [TSK_STORE_METRICS] = "metrics", [TSK_STORE_LEARNED] = "learn", [TSK_STORE_OPTIMIZED] = "optimize"};

static const char *path_of(const tsk_call *call, tsk_store store, const char *suffix) {
    return tsk_arena_printf(call->cx->heap, "%s/%s%s", call->cx->state_directory, names[store], suffix);
}

static bool failed(const tsk_call *call, const char *path, const char *doing) {
    return tsk_op_fail(call->cx,
                       errno == EACCES || errno == EPERM || errno == EROFS ? TSK_E_FILE_DENIED : TSK_E_FILE_FAILED,
                       "%s: %s cannot be %s: %s", call->name, path, doing, strerror(errno));
}

/* ---- the lock ---- */

void tsk_state_unlock(struct tsk_stores *s) {
    if (s->locked) close(s->locked - 1);
    s->locked = 0;
}

static bool lock(const tsk_call *call, tsk_store store) {
    struct tsk_stores *s = call->cx->stores;
    const char *path = path_of(call, store, ".lock");
    tsk_state_unlock(s); /* of a write that memory ended */
    if (mkdir(call->cx->state_directory, 0700) < 0 && errno != EEXIST)
        return failed(call, call->cx->state_directory, "made");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return failed(call, path, "opened");
    s->locked = fd + 1;
    for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
        const struct timespec pause = {0, 10000000};
        if (errno != EWOULDBLOCK && errno != EINTR) return failed(call, path, "locked");
        if (i == LOCK_TRIES)
            return tsk_op_fail(call->cx, TSK_E_FILE_FAILED, "%s: another process keeps %s locked", call->name, path);
        nanosleep(&pause, NULL);
    }
    return true;
}

/* ---- reading ---- */

/* The cursor's owner is the heap: read in one piece, the descriptor closed before anything is allocated. */
static bool read_text(const tsk_call *call, const char *path, const struct stat *st, tsk_slice *out) {
    char *text = tsk_arena_alloc(call->cx->heap, (size_t)st->st_size + 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return failed(call, path, "read");
    size_t len = 0;
    for (ssize_t n = 1; n > 0 && len < (size_t)st->st_size; len += (size_t)(n > 0 ? n : 0)) {
        n = read(fd, text + len, (size_t)st->st_size - len);
        if (n < 0 && errno == EINTR) n = 1, len--;
        if (n < 0) {
            int error = errno;
            close(fd);
            errno = error;
            return failed(call, path, "read");
        }
    }
    close(fd);
    *out = tsk_slice_from(text, len);
    return true;
}

static bool understood(tsk_value v, tsk_object **values) {
    const tsk_entry *e = tsk_is_object(v) ? tsk_object_find(tsk_as_object(v), "values", 6) : NULL;
    const tsk_entry *version = e ? tsk_object_find(tsk_as_object(v), "version", 7) : NULL;
    if (!version || !tsk_is_int(version->value) || tsk_as_int(version->value) != 1 || !tsk_is_object(e->value))
        return false;
    *values = tsk_as_object(e->value);
    return true;
}

static bool corrupt(const tsk_call *call, tsk_store store, const char *path, const char *why) {
    const char *aside = path_of(call, store, ".json.corrupt");
    bool moved = rename(path, aside) == 0;
    tsk_op_fail(call->cx, TSK_E_FILE_FAILED, "%s: the state in %s is corrupt: %s", call->name, path, why);
    return moved ? tsk_op_hint(call->cx, "it was moved to %s, and the next evaluation begins without", aside) : false;
}

static bool refresh(const tsk_call *call, tsk_store store) {
    tsk_op_context *cx = call->cx;
    tsk_state_file *known = &cx->stores->files[store];
    const char *path = path_of(call, store, ".json");
    struct stat st;
    tsk_slice text = {NULL, 0};
    tsk_value v;
    tsk_object *values;
    tsk_failure why = {.message = "it is no state of version 1"};
    if (lstat(path, &st) < 0) {
        if (errno != ENOENT && errno != ENOTDIR) return failed(call, path, "read");
        if (known->inode) tsk_stores_replace(cx, store, tsk_object_new(cx->heap, 0));
        *known = (tsk_state_file){0};
        return true;
    }
    const tsk_state_file now = {st.st_ino, st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec};
    if (memcmp(known, &now, sizeof now) == 0) return true;
    if (!S_ISREG(st.st_mode) || st.st_size > LARGEST)
        return corrupt(call, store, path, "it is no file of up to 64 MiB");
    if (!read_text(call, path, &st, &text)) return false;
    if (!tsk_json_parse(cx->heap, text.ptr, text.len, cx->max_depth, &v, &why) || !understood(v, &values))
        return corrupt(call, store, path, why.message);
    tsk_stores_replace(cx, store, values);
    *known = now;
    return true;
}

/* ---- writing ---- */

static bool write_all(int fd, const char *p, size_t len) {
    while (len) {
        ssize_t n = write(fd, p, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        p += n;
        len -= (size_t)n;
    }
    return true;
}

static bool save(const tsk_call *call, tsk_store store) {
    tsk_op_context *cx = call->cx;
    tsk_object *whole = tsk_object_new(cx->heap, 2);
    tsk_buf text;
    struct stat st;
    tsk_buf_init(&text, cx->heap);
    tsk_object_put(cx->heap, whole, "version", tsk_from_i32(1));
    tsk_object_put(cx->heap, whole, "values", tsk_from_object(cx->stores->maps[store]));
    tsk_writer w = {.out = &text, .indent = 2, .max_depth = cx->max_depth};
    if (!tsk_write(&w, TSK_FORMAT_JSON, tsk_from_object(whole)))
        return tsk_op_fail(cx, TSK_E_DEPTH_LIMIT, "%s: the value is nested too deeply", call->name);
    const char *temporary = path_of(call, store, ".json.tmp"), *path = path_of(call, store, ".json");
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool done = fd >= 0 && write_all(fd, text.ptr, text.len) && write_all(fd, "\n", 1) && fstat(fd, &st) == 0;
    if (fd >= 0 && close(fd) < 0) done = false;
    if (!done || rename(temporary, path) < 0) return failed(call, path, "written");
    cx->stores->files[store] = (tsk_state_file){st.st_ino, st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec};
    return true;
}

bool tsk_state_begin(const tsk_call *call, tsk_store store, bool writing) {
    if (!tsk_stores_use(call->cx, call->name)) return false;
    if (!call->cx->state_directory) return true;
    if (writing && !lock(call, store)) return tsk_state_unlock(call->cx->stores), false;
    if (refresh(call, store)) return true;
    tsk_state_unlock(call->cx->stores);
    return false;
}

bool tsk_state_end(const tsk_call *call, tsk_store store) {
    if (!call->cx->state_directory) return true;
    bool saved = save(call, store);
    tsk_state_unlock(call->cx->stores);
    return saved;
}
