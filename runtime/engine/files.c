/* Reading files, and the walls around them.
 *
 *   path ─► beneath a root? ─► openat2(root, rest, RESOLVE_BENEATH) ─► text with padding
 *
 * Whether a file is beneath a root is decided by the kernel when it is opened, links followed, and not by looking at
 * its name.  Where the kernel is too old for openat2, the file that was opened is asked for its real path. */
#include "runtime/engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

const char *tsk_file_directory(tsk_arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) return ".";
    return slash == path ? "/" : tsk_arena_strdup(arena, path, (size_t)(slash - path));
}

const char *tsk_file_join(tsk_arena *arena, const char *directory, const char *path, size_t len) {
    if (len && path[0] == '/') return tsk_arena_strdup(arena, path, len);
    if (strcmp(directory, ".") == 0) return tsk_arena_strdup(arena, path, len);
    return tsk_arena_printf(arena, "%s%s%.*s", directory, strcmp(directory, "/") == 0 ? "" : "/", (int)len, path);
}

bool tsk_file_exists(const char *path) {
    struct stat st;
    return stat(path, &st) == 0;
}

static tsk_code code_of_errno(int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR: return TSK_E_FILE_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EXDEV: /* left the root */
    case ELOOP: return TSK_E_FILE_DENIED;
    default: return TSK_E_FILE_FAILED;
    }
}

/* `path` made absolute, `.` and `..` taken out by name only.  False: too long. */
static bool absolute(const char *path, char out[PATH_MAX]) {
    char whole[PATH_MAX * 2];
    size_t len = 0;
    if (path[0] != '/') {
        if (!getcwd(whole, PATH_MAX)) return false;
        len = strlen(whole);
    }
    if (len + strlen(path) + 2 > sizeof whole) return false;
    whole[len++] = '/';
    memcpy(whole + len, path, strlen(path) + 1);
    size_t n = 0;
    for (const char *p = whole; *p;) {
        while (*p == '/') p++;
        size_t part = strcspn(p, "/");
        if (part == 0) break;
        if (part == 2 && p[0] == '.' && p[1] == '.') {
            while (n && out[--n] != '/') continue;
        } else if (!(part == 1 && p[0] == '.')) {
            if (n + part + 2 > PATH_MAX) return false;
            out[n++] = '/';
            memcpy(out + n, p, part);
            n += part;
        }
        p += part;
    }
    if (!n) out[n++] = '/';
    out[n] = 0;
    return true;
}

/* What is left of `path` below `root`; NULL: it is elsewhere. */
static const char *below(const char *root, const char *path) {
    size_t n = strlen(root);
    if (n == 1) return path + 1;
    if (strncmp(root, path, n) != 0 || path[n] != '/') return NULL;
    return path + n + 1;
}

/* For kernels without openat2. */
static int open_checked(const char *root, const char *path) {
    char real_root[PATH_MAX], link[64], real[PATH_MAX];
    if (!realpath(root, real_root)) return -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, real, sizeof real - 1);
    if (n > 0) {
        real[n] = 0;
        if (below(real_root, real)) return fd;
    }
    close(fd);
    errno = EXDEV;
    return -1;
}

static int open_beneath(const char *root, const char *path, const char *rest) {
    int dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0) return -1;
    struct open_how how = {.flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    long fd = syscall(SYS_openat2, dir, rest, &how, sizeof how);
    int error = errno;
    close(dir);
    if (fd < 0 && error == ENOSYS) return open_checked(root, path);
    errno = error;
    return (int)fd;
}

static int open_within(const char *path, const char *const *roots) {
    if (!roots) return open(path, O_RDONLY | O_CLOEXEC);
    char whole[PATH_MAX], root[PATH_MAX];
    int error = EXDEV;
    if (!absolute(path, whole)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    for (; *roots; roots++) {
        const char *rest = absolute(*roots, root) ? below(root, whole) : NULL;
        if (!rest) continue;
        int fd = open_beneath(root, whole, rest);
        if (fd >= 0) return fd;
        error = errno;
    }
    errno = error;
    return -1;
}

/* ---- contents ---- */

typedef struct reading {
    tsk_arena *arena;
    int fd;
    char *buffer; /* of the allocator, while the length is not known */
    size_t cap, len;
    uint64_t max;
} reading;

/* Allocates from the arena; gives back what is held when that leaves by the trap. */
static char *allocate_text(reading *r, size_t size) {
    tsk_trap trap, *outer = r->arena->trap;
    int reason = setjmp(trap.jump);
    if (reason) {
        r->arena->trap = outer;
        tsk_mem_free(r->arena->allocator, r->buffer, r->cap);
        if (r->fd != STDIN_FILENO) close(r->fd);
        longjmp(outer->jump, reason);
    }
    r->arena->trap = &trap;
    char *text = tsk_arena_alloc(r->arena, size);
    r->arena->trap = outer;
    return text;
}

static tsk_code read_all(int fd, char *to, size_t size, size_t *got) {
    *got = 0;
    while (*got < size) {
        ssize_t n = read(fd, to + *got, size - *got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return code_of_errno(errno);
        if (n == 0) break;
        *got += (size_t)n;
    }
    return TSK_OK;
}

/* Pipes and devices: the length is known at the end only. */
static tsk_code read_stream(reading *r) {
    for (;;) {
        if (r->len == r->cap) {
            size_t cap = r->cap ? r->cap * 2 : (size_t)64 << 10;
            char *more = tsk_mem_resize(r->arena->allocator, r->buffer, r->cap, cap);
            if (!more) return TSK_E_NO_MEMORY;
            r->buffer = more;
            r->cap = cap;
        }
        size_t got;
        tsk_code code = read_all(r->fd, r->buffer + r->len, r->cap - r->len, &got);
        if (code) return code;
        if (!got) return TSK_OK;
        r->len += got;
        if (r->len > r->max) return TSK_E_SOURCE_TOO_LARGE;
    }
}

static tsk_code read_open(reading *r, const struct stat *st, const char **text, uint32_t *len) {
    char *to;
    if (S_ISREG(st->st_mode) && st->st_size > 0) {
        if ((uint64_t)st->st_size > r->max) return TSK_E_SOURCE_TOO_LARGE;
        size_t size = (size_t)st->st_size;
        to = allocate_text(r, size + TSK_SOURCE_PADDING);
        tsk_code code = read_all(r->fd, to, size, &r->len);
        if (code) return code;
    } else {
        tsk_code code = read_stream(r);
        if (code) return code;
        to = allocate_text(r, r->len + TSK_SOURCE_PADDING);
        if (r->len) memcpy(to, r->buffer, r->len);
    }
    memset(to + r->len, 0, TSK_SOURCE_PADDING);
    *text = to;
    *len = (uint32_t)r->len;
    return TSK_OK;
}

tsk_code tsk_file_read(tsk_arena *arena, const char *path, const char *const *roots, uint64_t max, const char **text,
                       uint32_t *len, tsk_file_id *id) {
    bool standard_input = strcmp(path, "-") == 0 && !roots;
    reading r = {.arena = arena, .max = max < UINT32_MAX - TSK_SOURCE_PADDING ? max : UINT32_MAX - TSK_SOURCE_PADDING};
    r.fd = standard_input ? STDIN_FILENO : open_within(path, roots);
    if (r.fd < 0) return code_of_errno(errno);
    struct stat st;
    tsk_code code = TSK_E_FILE_FAILED;
    if (fstat(r.fd, &st) == 0 && !S_ISDIR(st.st_mode)) {
        if (id) *id = (tsk_file_id){(uint64_t)st.st_dev, (uint64_t)st.st_ino};
        code = read_open(&r, &st, text, len);
    }
    tsk_mem_free(arena->allocator, r.buffer, r.cap);
    if (!standard_input) close(r.fd);
    return code;
}
