/* tsk peanuts: peanut files and their compiled form. */
#include "tools/tsk/compiled.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_DEPTH = 32 };

static int compile(tsk_cli *cli) {
    return tsk_compile_file(cli, cli->arguments[0], cli->value[OPTION_OUTPUT]);
}

static int load(tsk_cli *cli) {
    tsk_session s;
    int result = tsk_session_open(cli, cli->arguments[0], &s);
    if (result != TUSK_OK) return result;
    result = tsk_print_document(cli, &s);
    tsk_session_close(&s);
    return result;
}

static bool is_peanut(const char *name) {
    static const char *const names[] = {"peanu.tsk", "peanu.peanuts", "peanut.tsk", "peanut.peanuts"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i], name)) return true;
    return false;
}

/* Those of a directory that have no newer compiled form.  The gravest status. */
static int compile_all(tsk_cli *cli, const char *directory, int depth, int *done) {
    struct dirent **entries;
    int result = TUSK_OK, count = scandir(directory, &entries, NULL, alphasort);
    if (count < 0) return tsk_fail(cli, TUSK_NOT_FOUND, "%s cannot be read as a directory", directory);
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        struct stat st;
        const char *name = entries[i]->d_name;
        int n = snprintf(path, sizeof path, "%s/%s", directory, name), status = TUSK_OK;
        if (n < (int)sizeof path && *name != '.' && !lstat(path, &st)) {
            if (S_ISDIR(st.st_mode) && GIVEN(cli, RECURSIVE) && depth < MOST_DEPTH) {
                status = compile_all(cli, path, depth + 1, done);
            } else if (S_ISREG(st.st_mode) && is_peanut(name) && !tsk_is_compiled(path)) {
                status = tsk_compile_file(cli, path, NULL);
                *done += status == TUSK_OK;
            }
        }
        if (status > result) result = status;
        free(entries[i]);
    }
    free(entries);
    return result;
}

static int auto_compile(tsk_cli *cli) {
    int done = 0, result = compile_all(cli, cli->arguments[0], 0, &done);
    if (result == TUSK_OK && !done && !GIVEN(cli, QUIET) && !GIVEN(cli, JSON))
        tsk_out_text("nothing is to be compiled\n");
    return result;
}

int tsk_command_peanuts(tsk_cli *cli) {
    static const tsk_action actions[] = {
        {"compile", 1, 1, "FILE", compile}, {"auto-compile", 1, 1, "DIR", auto_compile}, {"load", 1, 1, "FILE", load}};
    return tsk_run_action(cli, actions, sizeof actions / sizeof *actions);
}
