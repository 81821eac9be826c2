/* Places and descriptors. */
#include "runtime/operators/file_open.h"

#include "runtime/operators/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- places ---- */

/* Adds the parts of `path` to what is in `out`, where ".." takes one away. */
static size_t add_parts(char *out, size_t len, const char *path) {
    for (const char *p = path; *p;) {
        size_t part = strcspn(p, "/");
        if (part == 2 && p[0] == '.' && p[1] == '.') {
            while (len && out[--len] != '/') continue;
        } else if (part && !(part == 1 && p[0] == '.')) {
            out[len++] = '/';
            memcpy(out + len, p, part);
            len += part;
        }
        p += part;
        while (*p == '/') p++;
    }
    return len;
}

static const char *absolute(tsk_arena *heap, const char *directory, const char *path) {
    char working[PATH_MAX];
    if (*directory == '/' || *path == '/' || !getcwd(working, sizeof working)) working[0] = 0;
    size_t room = strlen(working) + strlen(directory) + strlen(path) + 4, len = 0;
    char *out = tsk_arena_alloc(heap, room);
    if (*path != '/') {
        len = add_parts(out, len, working);
        len = add_parts(out, len, directory);
    }
    len = add_parts(out, len, path);
    if (!len) out[len++] = '/';
    out[len] = 0;
    return out;
}

const char *tsk_place_absolute(const tsk_call *call, tsk_slice path) {
    tsk_op_context *cx = call->cx;
    return absolute(cx->heap, cx->directory ? cx->directory : ".", tsk_op_cstr(cx, path));
}

/* What is left of the path beneath the root; NULL: it is elsewhere. */
static const char *beneath(const char *root, const char *path) {
    size_t len = strlen(root);
    if (len == 1) return path[1] ? path + 1 : "."; /* the root is "/" */
    if (strncmp(path, root, len) != 0) return NULL;
    if (!path[len]) return ".";
    return path[len] == '/' ? path + len + 1 : NULL;
}

bool tsk_place_find(const tsk_call *call, uint32_t i, tsk_capability capability, tsk_place *out) {
    tsk_slice text;
    tsk_op_context *cx = call->cx;
    if (!tsk_arg_text(call, i, &text) || !tsk_op_require(cx, call->name, capability)) return false;
    if (!text.len || memchr(text.ptr, 0, text.len) || text.len >= PATH_MAX)
        return tsk_arg_wrong(call, i, "the path of a file");
    const char *path = tsk_place_absolute(call, text);
    *out = (tsk_place){.shown = tsk_op_cstr(cx, text), .path = path, .rest = path};
    if (cx->reading && capability == TSK_CAP_READ) cx->reading(cx->user, path);
    const char *const *roots = capability == TSK_CAP_WRITE ? cx->caps->write_roots : cx->caps->read_roots;
    if (!roots) return true;
    size_t longest = 0;
    for (; *roots; roots++) {
        const char *root = absolute(cx->heap, ".", *roots), *rest = beneath(root, path);
        if (!rest || strlen(root) < longest) continue;
        longest = strlen(root);
        out->root = root;
        out->rest = rest;
    }
    return out->root || tsk_place_failed(call, out, EXDEV, "opened");
}

/* ---- opening ---- */

/* For kernels without openat2: part by part, following no link. */
static int open_by_parts(int root, const char *rest, int flags, mode_t mode) {
    int fd = dup(root);
    while (fd >= 0) {
        size_t part = strcspn(rest, "/");
        char name[NAME_MAX + 1];
        if (part > NAME_MAX) {
            close(fd);
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(name, rest, part);
        name[part] = 0;
        bool last = !rest[part];
        int next = last ? openat(fd, name, flags | O_NOFOLLOW, mode)
                        : openat(fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int error = errno;
        close(fd);
        errno = error;
        if (last) return next;
        fd = next;
        rest += part + 1;
    }
    return -1;
}

static int open_beneath(const tsk_place *place, const char *rest, int flags, mode_t mode) {
    if (!place->root) return open(place->rest == rest ? place->path : rest, flags | O_CLOEXEC, mode);
    int root = open(place->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) return -1;
    struct open_how how = {.flags = (uint32_t)(flags | O_CLOEXEC),
                           .mode = flags & O_CREAT ? mode : 0,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    int fd = (int)syscall(SYS_openat2, root, rest, &how, sizeof how);
    if (fd < 0 && errno == ENOSYS) fd = open_by_parts(root, rest, flags | O_CLOEXEC, mode);
    int error = errno;
    close(root);
    errno = error;
    return fd;
}

int tsk_place_open(const tsk_place *place, int flags, mode_t mode) {
    return open_beneath(place, place->rest, flags, mode);
}

int tsk_place_open_parent(const tsk_place *place, const char **name) {
    char parent[PATH_MAX];
    const char *slash = strrchr(place->rest, '/');
    *name = slash ? slash + 1 : place->rest;
    if (!**name || strcmp(*name, ".") == 0) {
        errno = EISDIR;
        return -1;
    }
    size_t len = slash ? (size_t)(slash - place->rest) : 0;
    if (len >= sizeof parent - 2) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(parent, place->rest, len);
    if (!len) parent[len++] = place->root ? '.' : '/';
    parent[len] = 0;
    return open_beneath(place, parent, O_RDONLY | O_DIRECTORY, 0);
}

bool tsk_place_failed(const tsk_call *call, const tsk_place *place, int error, const char *doing) {
    tsk_op_context *cx = call->cx;
    switch (error) {
    case ENOENT:
    case ENOTDIR: return tsk_op_fail(cx, TSK_E_FILE_NOT_FOUND, "%s: there is no file %s", call->name, place->shown);
    case EXDEV: /* openat2: a way out of the root */
        tsk_op_fail(cx, TSK_E_DENIED, "%s: %s is outside of the directories that are allowed", call->name,
                    place->shown);
        return tsk_op_hint(cx, "grant its directory with --allow-read or --allow-write");
    case EACCES:
    case EPERM:
    case ELOOP:
    case EROFS:
        return tsk_op_fail(cx, TSK_E_FILE_DENIED, "%s: %s may not be %s: %s", call->name, place->shown, doing,
                           strerror(error));
    default:
        return tsk_op_fail(cx, TSK_E_FILE_FAILED, "%s: %s could not be %s: %s", call->name, place->shown, doing,
                           strerror(error));
    }
}

/* ---- descriptors and the heap ---- */

bool tsk_file_with(const tsk_call *call, int fd, bool (*body)(const tsk_call *call, int fd, void *user), void *user) {
    tsk_arena *heap = call->cx->heap;
    tsk_trap trap, *outer = heap->trap;
    int reason = setjmp(trap.jump);
    if (reason) {
        heap->trap = outer;
        close(fd);
        if (!outer) abort(); /* as the arena does without a trap */
        longjmp(outer->jump, reason);
    }
    heap->trap = &trap;
    bool ok = body(call, fd, user);
    heap->trap = outer;
    close(fd);
    return ok;
}

typedef struct whole_file {
    const tsk_place *place;
    tsk_slice text;
} whole_file;

static bool read_whole(const tsk_call *call, int fd, void *user) {
    whole_file *file = user;
    struct stat st;
    if (fstat(fd, &st) < 0) return tsk_place_failed(call, file->place, errno, "read");
    if (S_ISDIR(st.st_mode)) return tsk_place_failed(call, file->place, EISDIR, "read");
    tsk_buf text;
    tsk_buf_init(&text, call->cx->heap);
    if (st.st_size > 0 && !tsk_text_fits(call, (uint64_t)st.st_size)) return false;
    tsk_buf_reserve(&text, (size_t)st.st_size + 1);
    for (;;) {
        if (text.len == text.cap) tsk_buf_reserve(&text, 4096);
        ssize_t n = read(fd, text.ptr + text.len, text.cap - text.len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return tsk_place_failed(call, file->place, errno, "read");
        if (n == 0) break;
        text.len += (size_t)n;
        if (!tsk_text_fits(call, text.len)) return false;
    }
    file->text = tsk_slice_from(text.ptr, text.len);
    return true;
}

bool tsk_place_read(const tsk_call *call, const tsk_place *place, tsk_slice *out) {
    whole_file file = {place, TSK_SLICE("")};
    int fd = tsk_place_open(place, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
    if (fd < 0) return tsk_place_failed(call, place, errno, "read");
    if (!tsk_file_with(call, fd, read_whole, &file)) return false;
    *out = file.text;
    return true;
}
