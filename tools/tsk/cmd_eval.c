/* tsk eval: computes one expression, against a file or nothing. */
#include "tools/tsk/cli.h"

#include <string.h>

/* The expression speaks of no file, so what it means is looked up in an empty document. */
static int open_empty(const tsk_cli *cli, tsk_session *s) {
    *s = (tsk_session){0};
    tusk_status status = tusk_program_parse(cli->options, "<expression>", "", 0, &s->program);
    if (status != TUSK_OK) {
        tsk_fail_program(cli, s->program, status);
        tsk_session_close(s);
        return (int)status;
    }
    return tsk_session_start(cli, s);
}

int tsk_command_eval(tsk_cli *cli) {
    tsk_session s;
    tusk_value value;
    const char *expression = cli->arguments[0];
    int result = cli->count > 1 ? tsk_session_open(cli, cli->arguments[1], &s) : open_empty(cli, &s);
    if (result != TUSK_OK) return result;

    double start = tsk_milliseconds();
    tusk_status status = tusk_evaluate_text(s.context, expression, strlen(expression), &value);
    result = status == TUSK_OK ? tsk_print_value(cli, &s, value, true) : tsk_fail_context(cli, s.context, status);
    tsk_timing(cli, "evaluated", start);
    tsk_session_close(&s);
    return result;
}
