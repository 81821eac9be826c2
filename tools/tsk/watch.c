/* --watch: a command is done again whenever one of the files that it was made of changes.
 *
 *   run once, output kept back ─► printed when it is another than before ─► wait for a change ─┐
 *        ▲                                                                                      │
 *        └──────────────────────────────────────────────────────────────────────────────────────┘
 *
 * The session says which files: those of the program, those that the evaluation read.  An edit with errors shows them, and
 * watching goes on. */
#include "tools/tsk/cli.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

tusk_watch *tsk_session_watch;

/* Without FILE, a peanut file may come that is not there yet. */
static void watch_peanuts(tusk_watch *watch) {
    static const char *const names[] = {"peanu.tsk",      "peanu.peanuts", "peanut.tsk",
                                        "peanut.peanuts", "peanu.pnt",     "peanut.pnt"};
    char directory[PATH_MAX], path[PATH_MAX + 20];
    if (!getcwd(directory, sizeof directory)) return;
    for (char *slash = directory; slash; *slash = 0) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            snprintf(path, sizeof path, "%s/%s", directory, names[i]);
            tusk_watch_file(watch, path);
        }
        slash = strrchr(directory, '/');
        if (!slash) break;
    }
}

int tsk_watch(tsk_cli *cli, const char *file, int (*once)(tsk_cli *cli)) {
    char *before = NULL;
    size_t before_len = 0, len;
    if (file && !strcmp(file, "-")) return tsk_usage(cli, "--watch wants a file: standard input does not change");
    if (tusk_watch_new(&tsk_session_watch) != TUSK_OK) return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
    for (;;) {
        tusk_watch_forget(tsk_session_watch);
        if (file)
            tusk_watch_file(tsk_session_watch, file);
        else if (!GIVEN(cli, CONFIG))
            watch_peanuts(tsk_session_watch);
        else
            tusk_watch_file(tsk_session_watch, cli->value[OPTION_CONFIG]);
        tsk_out_capture();
        int status = once(cli);
        char *now = tsk_out_captured(&len);
        if (!now) return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
        bool changed = !before || len != before_len || memcmp(before, now, len) != 0;
        if (status == TUSK_OK || len) {
            if (changed) {
                tsk_out(now, len);
                tsk_out_flush();
            }
            free(before);
            before = now;
            before_len = len;
        } else {
            free(now);
        }
        fflush(stderr);
        while (!tusk_watch_wait(tsk_session_watch, -1)) continue;
    }
}
