/* tsk validate: checks files and reports every problem. */
#include "tools/tsk/cli.h"

#include <stdio.h>
#include <string.h>

/* The exit status for one file, after reporting. */
static int validate(const tsk_cli *cli, const char *file, unsigned *warnings) {
    tusk_program *program = NULL;
    tusk_status status = tusk_program_open(cli->options, file, &program);
    if (status == TUSK_OK && tusk_program_has_schema(program)) {
        tsk_session s = {.program = program};
        int result = tsk_session_start(cli, &s);
        if (result == TUSK_OK) {
            status = tusk_evaluate(s.context, true);
            *warnings = tusk_program_warnings(program);
            result = status == TUSK_OK ? TUSK_OK : tsk_fail_context(cli, s.context, status);
            if (result == TUSK_OK) tsk_warn_program(cli, program);
            tsk_session_close(&s);
        }
        return result;
    }
    if (status == TUSK_OK) {
        tsk_warn_program(cli, program);
        *warnings = tusk_program_warnings(program);
    } else {
        tsk_fail_program(cli, program, status);
    }
    tusk_program_release(program);
    return (int)status;
}

static void say_valid(const tsk_cli *cli, const char *file, unsigned warnings) {
    if (GIVEN(cli, JSON)) {
        char tail[48];
        int len = snprintf(tail, sizeof tail, ", \"warnings\": %u}\n", warnings);
        tsk_out_text("{\"status\": \"ok\", \"message\": \"Configuration is valid\", \"file\": ");
        tsk_out_json(file, strlen(file));
        tsk_out(tail, (size_t)len);
    } else if (!GIVEN(cli, QUIET)) {
        if (cli->count > 1) tsk_out_text(file), tsk_out_text(": ");
        tsk_out_text("Configuration is valid\n");
    }
}

int tsk_command_validate(tsk_cli *cli) {
    int result = TUSK_OK;
    if (!cli->options) cli->options = tusk_options_new();
    if (!cli->options || tusk_options_flag(cli->options, TUSK_FLAG_CHECK, true) != TUSK_OK)
        return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
    tusk_options_flag(cli->options, TUSK_FLAG_CHECK, true);
    for (int i = 0; i < cli->count; i++) {
        unsigned warnings = 0;
        double start = tsk_milliseconds();
        int status = validate(cli, cli->arguments[i], &warnings);
        if (status == TUSK_OK) say_valid(cli, cli->arguments[i], warnings);
        tsk_timing(cli, "checked", start);
        /* The gravest status: a configuration that is not valid (6) weighs more than one that is not there (3). */
        if (status > result) result = status;
    }
    return result;
}
