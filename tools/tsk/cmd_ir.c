/* tsk ir: the intermediate representation of a configuration, or of a file that holds IR as text. */
#include "tools/tsk/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The whole file, NUL-terminated; NULL with errno. */
static char *read_file(const char *path, size_t *len) {
    size_t room = 0, used = 0;
    char *text = NULL;
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    do {
        if (room - used < 4096) {
            room = room ? room * 2 : 16384;
            char *larger = realloc(text, room);
            if (!larger) break;
            text = larger;
        }
        used += fread(text + used, 1, room - used - 1, file);
    } while (!feof(file) && !ferror(file));
    bool good = text && feof(file) && !ferror(file);
    fclose(file);
    if (!good) {
        if (!errno) errno = ENOMEM;
        free(text);
        return NULL;
    }
    text[used] = '\0';
    *len = used;
    return text;
}

static int transform_text(const tsk_cli *cli, const char *path) {
    char *result = NULL, *report = NULL;
    size_t len;
    errno = 0;
    char *text = read_file(path, &len);
    if (!text) {
        tusk_status status = errno == ENOENT ? TUSK_NOT_FOUND : errno == EACCES ? TUSK_DENIED : TUSK_ERROR;
        return tsk_fail(cli, status, "%s: %s", path, strerror(errno));
    }
    const char *passes = GIVEN(cli, BEFORE) ? "" : cli->value[OPTION_PASSES];
    tusk_status status = tusk_transform_ir(path, text, len, passes, &result, &report);
    free(text);
    if (status == TUSK_OK) {
        tsk_out_text(result);
        if (GIVEN(cli, STATS) && report) tsk_out_text(report);
    } else if (GIVEN(cli, JSON)) {
        tsk_fail(cli, status, "%s", report && *report ? report : "the passes failed");
    } else {
        fputs(report && *report ? report : "tsk: the passes failed\n", stderr);
    }
    tusk_text_free(result);
    tusk_text_free(report);
    return (int)status;
}

static int dump_script(const tsk_cli *cli, const char *file) {
    tusk_scripts *scripts;
    char *text = NULL;
    tusk_status status = tusk_scripts_new(cli->options, &scripts);
    if (status == TUSK_OK) status = tusk_scripts_dump(scripts, file, GIVEN(cli, CODE), &text);
    if (status == TUSK_OK)
        tsk_out_text(text);
    else
        tsk_fail_scripts(cli, scripts, status);
    tusk_text_free(text);
    tusk_scripts_free(scripts);
    return (int)status;
}

int tsk_command_ir(tsk_cli *cli) {
    const char *file = cli->arguments[0], *key = cli->count > 1 ? cli->arguments[1] : NULL;
    if (GIVEN(cli, BEFORE) && GIVEN(cli, AFTER)) return tsk_usage(cli, "--before and --after exclude each other");
    size_t len = strlen(file);
    if (len > 3 && !strcmp(file + len - 3, ".ir")) return transform_text(cli, file);
    if (len > 3 && !strcmp(file + len - 3, ".js")) return dump_script(cli, file);

    tsk_session s;
    char *text = NULL;
    int result = tsk_session_open(cli, file, &s);
    if (result != TUSK_OK) return result;
    tusk_status status = GIVEN(cli, CODE) ? tusk_dump_code(s.program, key, &text)
                                          : tusk_dump_ir(s.program, key, cli->value[OPTION_PASSES], GIVEN(cli, BEFORE),
                                                         GIVEN(cli, STATS), &text);
    if (status == TUSK_OK)
        tsk_out_text(text);
    else if (status == TUSK_ERROR && key)
        result = tsk_fail(cli, status, "Key not found, or not computed: %s", key);
    else
        result = tsk_fail_program(cli, s.program, status);
    tusk_text_free(text);
    tsk_session_close(&s);
    return result;
}
