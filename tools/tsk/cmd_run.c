/* tsk run: evaluates a configuration and prints it. */
#include "tools/tsk/cli.h"

#include <string.h>

static bool is_api(const tusk_program *program) {
    const char *name, *argument;
    size_t name_len, argument_len;
    for (size_t i = 0; tusk_program_directive(program, i, &name, &name_len, &argument, &argument_len); i++)
        if (name_len == 3 && !memcmp(name, "api", 3)) return true;
    return false;
}

/* All keys are computed before the first byte is printed: an error leaves no half document behind. */
static tusk_status document(const tsk_cli *cli, tsk_session *s, tusk_value *value) {
    if (is_api(s->program)) return tusk_response(s->context, value);
    /* After an error the other keys are still tried, to report all errors at once, but not when that could have
     * effects that nobody would expect any more. */
    tusk_status status = tusk_evaluate(s->context, !cli->effects);
    return status == TUSK_OK ? tusk_get(s->context, "", value) : status;
}

static int run(tsk_cli *cli) {
    tsk_session s;
    tusk_value value;
    const char *key = cli->value[OPTION_GET];
    int result = tsk_session_open(cli, cli->count ? cli->arguments[0] : NULL, &s);
    if (result != TUSK_OK) return result;

    double start = tsk_milliseconds();
    tusk_status status = key ? tusk_get(s.context, key, &value) : document(cli, &s, &value);
    bool partial = status != TUSK_OK && !key && GIVEN(cli, KEEP_GOING) && !is_api(s.program);
    if (partial) {
        result = tsk_fail_context(cli, s.context, status);
        if (tusk_get(s.context, "", &value) == TUSK_OK) tsk_print_value(cli, &s, value, false);
    } else if (status == TUSK_OK)
        result = tsk_print_value(cli, &s, value, key != NULL);
    else if (key && tsk_is_missing(s.context, status))
        result = tsk_fail_missing(cli, s.context, key);
    else
        result = tsk_fail_context(cli, s.context, status);
    tsk_timing(cli, "evaluated", start);
    tsk_session_close(&s);
    return result;
}

int tsk_command_run(tsk_cli *cli) {
    return GIVEN(cli, WATCH) ? tsk_watch(cli, cli->count ? cli->arguments[0] : NULL, run) : run(cli);
}
