/* tsk explain: where a value comes from. */
#include "tools/tsk/cli.h"

int tsk_command_explain(tsk_cli *cli) {
    tsk_session s;
    char *text = NULL;
    const char *file = cli->count > 1 ? cli->arguments[0] : NULL, *key = cli->arguments[cli->count - 1];
    int result = tsk_session_open(cli, file, &s);
    if (result != TUSK_OK) return result;
    tusk_status status = tusk_explain(s.context, key, GIVEN(cli, JSON), &text);
    if (status == TUSK_OK) {
        tsk_out_text(text);
        tsk_out_newline();
    } else if (tsk_is_missing(s.context, status)) {
        result = tsk_fail_missing(cli, s.context, key);
    } else {
        result = tsk_fail_context(cli, s.context, status);
    }
    tusk_text_free(text);
    tsk_session_close(&s);
    return result;
}
