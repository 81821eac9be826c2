/* From a file to a context that can be asked, and from a value to the standard output. */
#include "tools/tsk/cli.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

tusk_image *tsk_session_image;

static tusk_status open_program(const tsk_cli *cli, const char *file, tusk_program **program) {
    struct stat info;
    if (tsk_session_image) return tusk_program_image(cli->options, tsk_session_image, program);
    if (file) return tusk_program_open(cli->options, file, program);
    const char *place = cli->value[OPTION_CONFIG];
    if (!place) return tusk_program_open_hierarchy(cli->options, ".", program);
    if (!stat(place, &info) && S_ISDIR(info.st_mode)) return tusk_program_open_hierarchy(cli->options, place, program);
    return tusk_program_open(cli->options, place, program);
}

int tsk_session_start(const tsk_cli *cli, tsk_session *s) {
    tusk_status status = tusk_snapshot_new(s->program, cli->options, &s->snapshot);
    if (tsk_session_watch) tusk_snapshot_track(s->snapshot);
    if (status == TUSK_OK) status = tusk_context_new(s->snapshot, &s->context);
    if (status == TUSK_OK) return TUSK_OK;
    tsk_fail_context(cli, s->context, status);
    tsk_session_close(s);
    return (int)status;
}

int tsk_session_open(const tsk_cli *cli, const char *file, tsk_session *s) {
    double start = tsk_milliseconds();
    *s = (tsk_session){0};
    tsk_session_jit_stats = GIVEN(cli, JIT_STATS);
    tusk_status status = open_program(cli, file, &s->program);
    if (status != TUSK_OK) {
        tsk_fail_program(cli, s->program, status);
        tsk_session_close(s);
        return (int)status;
    }
    tsk_warn_program(cli, s->program);
    int result = tsk_session_start(cli, s);
    tsk_timing(cli, "opened", start);
    return result;
}

bool tsk_session_abandoned, tsk_session_jit_stats;

int tsk_cli_end(tsk_cli *cli, int status) {
    tsk_out_flush();
    tusk_options_free(cli->options);
    /* The library's own code for "no memory" is no exit status of the documented table. */
    if (status == TUSK_NO_MEMORY) status = TUSK_ERROR;
    if (tsk_session_abandoned) {
        fflush(NULL);
        _exit(status);
    }
    return status;
}

void tsk_print_jit_stats(char *text) {
    if (text) fputs(text, stderr);
    tusk_text_free(text);
}

void tsk_session_close(tsk_session *s) {
    if (tsk_session_jit_stats && s->program) tsk_print_jit_stats(tusk_program_jit_report(s->program));
    if (tsk_session_watch) tusk_watch_program(tsk_session_watch, s->program, s->snapshot);
    if (tusk_program_busy(s->program) && !tsk_session_watch) { /* the process ends, which waits for nobody */
        tsk_session_abandoned = true;
        return;
    }
    tusk_context_free(s->context);
    tusk_snapshot_release(s->snapshot);
    tusk_program_release(s->program);
    *s = (tsk_session){0};
}

bool tsk_parse_format(const char *name, tusk_format *format) {
    static const char names[][6] = {"json", "yaml", "tsk", "env", "table"};
    for (int i = 0; i < 5; i++) {
        if (strcmp(names[i], name)) continue;
        *format = (tusk_format)i;
        return true;
    }
    return false;
}

static tusk_format chosen_format(const tsk_cli *cli) {
    tusk_format format = TUSK_FORMAT_JSON;
    if (cli->value[OPTION_FORMAT]) tsk_parse_format(cli->value[OPTION_FORMAT], &format);
    return format;
}

int tsk_print_value(const tsk_cli *cli, tsk_session *s, tusk_value value, bool bare) {
    if (bare && !GIVEN(cli, FORMAT) && !GIVEN(cli, JSON) && tusk_value_kind(value) == TUSK_STRING) {
        size_t len;
        const char *text = tusk_value_string(value, &len);
        tsk_out(text, len);
        tsk_out("\n", 1);
        return TUSK_OK;
    }
    tusk_status status = tusk_write(s->context, value, chosen_format(cli), GIVEN(cli, COMPACT) ? 0 : 2, tsk_out_sink,
                                    NULL);
    if (status != TUSK_OK) {
        tsk_out_discard();
        return tsk_fail_context(cli, s->context, status);
    }
    tsk_out_newline();
    return TUSK_OK;
}
