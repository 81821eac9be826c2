/* tsk binary: compiled configurations. */
#include "tools/tsk/compiled.h"

static int compile(tsk_cli *cli) {
    return tsk_compile_file(cli, cli->arguments[0], cli->value[OPTION_OUTPUT]);
}

static int execute(tsk_cli *cli) {
    tsk_session s;
    int result = tsk_session_open(cli, cli->arguments[0], &s);
    if (result != TUSK_OK) return result;
    result = tsk_print_document(cli, &s);
    tsk_session_close(&s);
    return result;
}

static int describe(tsk_cli *cli, bool shown) {
    char *text;
    tusk_status status = tusk_binary_info(cli->arguments[0], GIVEN(cli, JSON), &text);
    if (status != TUSK_OK)
        tsk_fail(cli, status, "%s", text ? text : "out of memory");
    else if (shown)
        tsk_out_text(text);
    else if (GIVEN(cli, JSON))
        tsk_out_text("{\"status\": \"ok\", \"message\": \"Configuration is valid\"}\n");
    else if (!GIVEN(cli, QUIET))
        tsk_out_text("Configuration is valid\n");
    tusk_text_free(text);
    return (int)status;
}

static int info(tsk_cli *cli) {
    return describe(cli, true);
}

static int validate(tsk_cli *cli) {
    return describe(cli, false);
}

int tsk_command_binary(tsk_cli *cli) {
    static const tsk_action actions[] = {{"compile", 1, 1, "FILE", compile},
                                         {"execute", 1, 1, "FILE", execute},
                                         {"info", 1, 1, "FILE", info},
                                         {"validate", 1, 1, "FILE", validate}};
    return tsk_run_action(cli, actions, sizeof actions / sizeof *actions);
}
