/* tsk get: prints one value. */
#include "tools/tsk/cli.h"

static int get(tsk_cli *cli) {
    tsk_session s;
    tusk_value value;
    const char *file = cli->count > 1 ? cli->arguments[0] : NULL, *key = cli->arguments[cli->count - 1];
    int result = tsk_session_open(cli, file, &s);
    if (result != TUSK_OK) return result;

    double start = tsk_milliseconds();
    tusk_status status = tusk_get(s.context, key, &value);
    if (status == TUSK_OK) {
        result = tsk_print_value(cli, &s, value, true);
    } else if (!tsk_is_missing(s.context, status)) {
        result = tsk_fail_context(cli, s.context, status);
    } else if (GIVEN(cli, DEFAULT)) {
        tsk_out_text(cli->value[OPTION_DEFAULT]);
        tsk_out("\n", 1);
    } else {
        result = tsk_fail_missing(cli, s.context, key);
    }
    tsk_timing(cli, "evaluated", start);
    tsk_session_close(&s);
    return result;
}

int tsk_command_get(tsk_cli *cli) {
    return GIVEN(cli, WATCH) ? tsk_watch(cli, cli->count > 1 ? cli->arguments[0] : NULL, get) : get(cli);
}
