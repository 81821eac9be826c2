/* Files are replaced as a whole: what was there stays until the new text is on the disk. */
#include "tools/tsk/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, const char *text, size_t len) {
    while (len) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

static int cannot(const tsk_cli *cli, const char *path) {
    tusk_status status = errno == EACCES || errno == EPERM || errno == EROFS ? TUSK_DENIED : TUSK_ERROR;
    return tsk_fail(cli, status, "%s: cannot be written: %s", path, strerror(errno));
}

int tsk_replace_file(const tsk_cli *cli, const char *path, const char *text, size_t len) {
    char real[PATH_MAX], temporary[PATH_MAX + 16];
    struct stat info;
    const char *target = realpath(path, real) ? real : path; /* a link stays one */
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", target);
    int fd = mkstemp(temporary);
    if (fd < 0) return cannot(cli, path);
    mode_t mask = umask(0);
    umask(mask);
    fchmod(fd, stat(target, &info) ? 0666 & ~mask : info.st_mode & 07777);
    bool written = write_all(fd, text, len) && !fsync(fd);
    if (close(fd) || !written || rename(temporary, target)) {
        int failure = errno;
        unlink(temporary);
        errno = failure;
        return cannot(cli, path);
    }
    return TUSK_OK;
}
