/* tsk init: a configuration to begin with. */
#include "tools/tsk/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char example[] =
    "# The configuration of this directory and of those below it.\n"
    "#\n"
    "#   tsk run                    print all of it as JSON\n"
    "#   tsk get server.url         print one value\n"
    "#   tsk explain server.url     where a value comes from\n"
    "#   tsk validate peanut.tsk    look for mistakes\n"
    "\n"
    "#!required app.name, server.port\n"
    "#!type server.port=integer\n"
    "#!range server.port=1..65535\n"
    "\n"
    "# Names with $ are seen everywhere below. The environment may choose.\n"
    "$stage: @env(\"APP_STAGE\", \"development\")\n"
    "\n"
    "app {\n"
    "    name: \"my-app\"\n"
    "    version: \"0.1.0\"\n"
    "    stage: $stage\n"
    "}\n"
    "\n"
    "[server]\n"
    "host: \"localhost\"\n"
    "port: 8080\n"
    "url: \"http://${host}:${port}/\"        # other keys of the section\n"
    "workers: $stage == \"production\" ? 8 : 2\n"
    "timeouts: { connect: 5, read: 30 }\n"
    "\n"
    "[database]\n"
    "url: @env(\"DATABASE_URL\", \"sqlite:app.db\")\n"
    "pool: server.workers * 4\n"
    "\n"
    "[log]\n"
    "level: @switch($stage, { production: \"warn\", test: \"error\", default: \"debug\" })\n"
    "outputs: [\"stderr\", \"logs/${app.name}.log\"]\n"
    "\n"
    "# A function, called by keys here, by `tsk call peanut.tsk price.with_tax 100`, or by your program.\n"
    "[price]\n"
    "tax: 0.19\n"
    "with_tax_fujsen: \"\"\"\n"
    "(net) => Math.round(net * (1 + tax) * 100) / 100\n"
    "\"\"\"\n"
    "sample: with_tax(100)\n";

static bool make_directory(const char *directory) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s", directory) >= (int)sizeof path) return false;
    for (char *p = path + 1;; p++) {
        if (*p && *p != '/') continue;
        char end = *p;
        *p = 0;
        if (mkdir(path, 0777) && errno != EEXIST) return false;
        if (!end) return true;
        *p = end;
    }
}

/* The file is written beside its place and then linked there, which fails when something is there: it is never half. */
static bool put_file(const char *path, const char *text, size_t len) {
    char temporary[PATH_MAX + 16];
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    int fd = mkstemp(temporary), error = 0;
    if (fd < 0) return false;
    mode_t mask = umask(0);
    umask(mask);
    if (write(fd, text, len) != (ssize_t)len || fchmod(fd, 0666 & ~mask)) error = errno ? errno : EIO;
    if (close(fd) && !error) error = errno;
    if (!error && link(temporary, path)) error = errno;
    unlink(temporary);
    errno = error;
    return !error;
}

static tusk_status status_of(int error) {
    return error == EACCES || error == EPERM || error == EROFS ? TUSK_DENIED : TUSK_ERROR;
}

int tsk_command_init(tsk_cli *cli) {
    static const char *const others[] = {"peanu.tsk",      "peanu.peanuts", "peanut.tsk",
                                         "peanut.peanuts", "peanu.pnt",     "peanut.pnt"};
    const char *directory = cli->count ? cli->arguments[0] : ".";
    char path[PATH_MAX];
    struct stat st;
    if (!make_directory(directory))
        return tsk_fail(cli, status_of(errno), "%s cannot be made: %s", directory, strerror(errno));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, others[i]);
        if (!lstat(path, &st)) return tsk_fail(cli, TUSK_ERROR, "%s is there already; nothing was changed", path);
    }
    if (snprintf(path, sizeof path, "%s/peanut.tsk", directory) >= (int)sizeof path)
        return tsk_fail(cli, TUSK_USAGE, "the path is too long");
    if (!put_file(path, example, sizeof example - 1))
        return tsk_fail(cli, status_of(errno), "%s cannot be written: %s", path, strerror(errno));
    if (GIVEN(cli, JSON)) {
        tsk_out_text("{\"status\": \"ok\", \"file\": ");
        tsk_out_json(path, strlen(path));
        tsk_out_text("}\n");
    } else if (!GIVEN(cli, QUIET)) {
        tsk_out_text(path);
        tsk_out_text(" is there. Try, in its directory: tsk run, tsk get server.url, tsk explain server.url\n");
    }
    return TUSK_OK;
}
