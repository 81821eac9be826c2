/* Files, writing.  A file is written beside its place under another name and then renamed, so readers see the old
 * text or the new one. */
#include "runtime/operators/file_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, tsk_slice text) {
    while (text.len) {
        ssize_t n = write(fd, text.ptr, text.len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        text.ptr += n;
        text.len -= (uint32_t)n;
    }
    return true;
}

static void temporary_name(tsk_op_context *cx, char out[32]) {
    uint64_t random = 0;
    tsk_op_random_bytes(cx, &random, sizeof random);
    snprintf(out, 32, ".tsk-%016llx", (unsigned long long)random);
}

/* 0, or the errno. */
static int replace_text(int parent, const char *name, const char *temporary, tsk_slice text) {
    struct stat old;
    bool exists = fstatat(parent, name, &old, AT_SYMLINK_NOFOLLOW) == 0;
    if (exists && S_ISDIR(old.st_mode)) return EISDIR;
    if (exists && S_ISLNK(old.st_mode)) return ELOOP; /* what it points to may be anywhere */
    int fd = openat(parent, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) return errno;
    bool ok = write_all(fd, text) && (!exists || fchmod(fd, old.st_mode & 07777) == 0) && fdatasync(fd) == 0;
    int error = ok ? 0 : errno;
    if (close(fd) < 0 && !error) error = errno;
    if (!error && renameat(parent, temporary, parent, name) < 0) error = errno;
    if (error) unlinkat(parent, temporary, 0);
    return error;
}

static bool write_place(const tsk_call *call, const tsk_place *place, tsk_slice text) {
    char temporary[32];
    const char *name;
    temporary_name(call->cx, temporary);
    int parent = tsk_place_open_parent(place, &name);
    if (parent < 0) return tsk_place_failed(call, place, errno, "written");
    int error = replace_text(parent, name, temporary, text);
    close(parent);
    return !error || tsk_place_failed(call, place, error, "written");
}

/* What is written for a value: texts as they are, containers as JSON. */
static tsk_slice text_of(const tsk_call *call, uint32_t i) {
    tsk_slice s = tsk_as_slice(tsk_value_string(call->cx->heap, call->args[i]));
    return s.len ? s : TSK_SLICE("");
}

TSK_OPERATOR(file_write) {
    TSK_CALL("file_write");
    tsk_place place;
    if (!tsk_place_find(&call, 0, TSK_CAP_WRITE, &place) || !write_place(&call, &place, text_of(&call, 1)))
        return false;
    *out = TSK_VALUE_TRUE;
    return true;
}

/* Added at the end in one piece, so that several writers of a log do not mix. */
TSK_OPERATOR(file_append) {
    TSK_CALL("file_append");
    tsk_place place;
    if (!tsk_place_find(&call, 0, TSK_CAP_WRITE, &place)) return false;
    tsk_slice text = text_of(&call, 1);
    int fd = tsk_place_open(&place, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0666);
    int error = fd < 0 || !write_all(fd, text) ? errno : 0;
    if (fd >= 0 && close(fd) < 0 && !error) error = errno;
    if (error) return tsk_place_failed(&call, &place, error, "written");
    *out = TSK_VALUE_TRUE;
    return true;
}

TSK_OPERATOR(file_copy) {
    TSK_CALL("file_copy");
    tsk_place from, to;
    tsk_slice text;
    if (!tsk_place_find(&call, 0, TSK_CAP_READ, &from) || !tsk_place_find(&call, 1, TSK_CAP_WRITE, &to) ||
        !tsk_place_read(&call, &from, &text) || !write_place(&call, &to, text))
        return false;
    *out = TSK_VALUE_TRUE;
    return true;
}

TSK_OPERATOR(file_move) {
    TSK_CALL("file_move");
    tsk_place from, to;
    const char *from_name, *to_name;
    if (!tsk_place_find(&call, 0, TSK_CAP_WRITE, &from) || !tsk_place_find(&call, 1, TSK_CAP_WRITE, &to)) return false;
    int from_parent = tsk_place_open_parent(&from, &from_name);
    if (from_parent < 0) return tsk_place_failed(&call, &from, errno, "moved");
    int to_parent = tsk_place_open_parent(&to, &to_name);
    int error = to_parent < 0 || renameat(from_parent, from_name, to_parent, to_name) < 0 ? errno : 0;
    close(from_parent);
    if (to_parent >= 0) close(to_parent);
    if (error == EXDEV)
        return tsk_op_fail(cx, TSK_E_FILE_FAILED, "file_move: %s and %s are on different file systems", from.shown,
                           to.shown);
    if (error) return tsk_place_failed(&call, to_parent < 0 ? &to : &from, error, "moved");
    *out = TSK_VALUE_TRUE;
    return true;
}

/* True when there was one.  Directories are not deleted. */
TSK_OPERATOR(file_delete) {
    TSK_CALL("file_delete");
    tsk_place place;
    const char *name;
    if (!tsk_place_find(&call, 0, TSK_CAP_WRITE, &place)) return false;
    int parent = tsk_place_open_parent(&place, &name);
    int error = parent < 0 || unlinkat(parent, name, 0) < 0 ? errno : 0;
    if (parent >= 0) close(parent);
    if (error && error != ENOENT) return tsk_place_failed(&call, &place, error, "deleted");
    *out = tsk_from_bool(!error);
    return true;
}

/* With the directories above it, where they are missing. */
TSK_OPERATOR(file_mkdir) {
    TSK_CALL("file_mkdir");
    tsk_place place;
    if (!tsk_place_find(&call, 0, TSK_CAP_WRITE, &place)) return false;
    char *rest = tsk_arena_strdup(cx->heap, place.rest, strlen(place.rest));
    tsk_place step = place;
    step.rest = step.path = rest;
    for (char *slash = strchr(rest + 1, '/');; slash = strchr(slash + 1, '/')) {
        const char *name;
        if (slash) *slash = 0;
        int parent = tsk_place_open_parent(&step, &name);
        int error = parent < 0 || mkdirat(parent, name, 0777) < 0 ? errno : 0;
        if (parent >= 0) close(parent);
        bool there = error == EEXIST || (parent < 0 && error == EISDIR); /* the root itself */
        if (error && !there) return tsk_place_failed(&call, &place, error, "made");
        if (!slash) break;
        *slash = '/';
    }
    struct stat st;
    int fd = tsk_place_open(&place, O_PATH | O_DIRECTORY, 0);
    int error = fd < 0 || fstat(fd, &st) < 0 ? errno : 0;
    if (fd >= 0) close(fd);
    if (error) return tsk_op_fail(cx, TSK_E_FILE_FAILED, "file_mkdir: %s is no directory", place.shown);
    *out = TSK_VALUE_TRUE;
    return true;
}
