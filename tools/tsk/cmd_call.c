/* tsk call: calls a function of a configuration. */
#include "tools/tsk/cli.h"

#include <stdlib.h>
#include <string.h>

static tusk_argument from_json(const char *text) {
    return (tusk_argument){.kind = TUSK_ARGUMENT_JSON, .len = strlen(text), .text = text};
}

static tusk_status call(const tsk_cli *cli, tsk_session *s, tusk_value *value) {
    size_t count = (size_t)cli->count - 2;
    tusk_argument *args = calloc(count + 1, sizeof *args), self;
    const char *object = cli->value[GIVEN(cli, THIS) ? OPTION_THIS : OPTION_CONTEXT];
    if (!args) return TUSK_NO_MEMORY;
    for (size_t i = 0; i < count; i++) args[i] = from_json(cli->arguments[i + 2]);
    if (object) self = from_json(object);
    tusk_status status = tusk_call_path(s->context, cli->arguments[1], object ? &self : NULL, args, count, value);
    free(args);
    return status;
}

int tsk_command_call(tsk_cli *cli) {
    tsk_session s;
    tusk_value value;
    int result = tsk_session_open(cli, cli->arguments[0], &s);
    if (result != TUSK_OK) return result;

    double start = tsk_milliseconds();
    tusk_status status = call(cli, &s, &value);
    result = status == TUSK_OK ? tsk_print_value(cli, &s, value, false) : tsk_fail_context(cli, s.context, status);
    tsk_timing(cli, "called", start);
    tsk_session_close(&s);
    return result;
}
