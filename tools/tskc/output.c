/* Files that get their names when they are whole, so that none is lost when tskc fails or is killed. */
#include "tools/tskc/tskc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int cannot_write(const char *path) {
    return tskc_fail(TUSK_ERROR, "%s cannot be written: %s", path, strerror(errno));
}

/* Beside its place, and as open to others as any new file. */
static int open_temporary(tskc_file *file) {
    int length = snprintf(file->temporary, sizeof file->temporary, "%s.XXXXXX", file->path);
    if (length >= (int)sizeof file->temporary) {
        errno = ENAMETOOLONG;
        return -1;
    }
    mode_t mask = umask(0);
    umask(mask);
    int fd = mkstemp(file->temporary);
    if (fd >= 0) (void)fchmod(fd, 0666 & ~mask);
    return fd;
}

int tskc_begin_file(tskc_file *file, const char *path) {
    struct stat info;
    *file = (tskc_file){.path = path};
    if (!stat(path, &info) && !S_ISREG(info.st_mode)) /* a device or a pipe: nothing can take its place */
        file->stream = fopen(path, "wb");
    else {
        int fd = open_temporary(file);
        file->stream = fd >= 0 ? fdopen(fd, "wb") : NULL;
    }
    return file->stream ? TUSK_OK : cannot_write(path);
}

const char *tskc_file_name(const tskc_file *file) {
    return *file->temporary ? file->temporary : file->path;
}

int tskc_end_file(tskc_file *file, int result) {
    bool failed = ferror(file->stream);
    failed |= fclose(file->stream) != 0;
    if (result == TUSK_OK && failed) result = cannot_write(file->path);
    if (!*file->temporary) return result;
    if (result == TUSK_OK && rename(file->temporary, file->path)) result = cannot_write(file->path);
    if (result != TUSK_OK) unlink(file->temporary);
    return result;
}
