/* tsk js: plain scripts in one realm. */
#include "tools/tsk/cli.h"

int tsk_command_js(tsk_cli *cli) {
    tusk_scripts *scripts;
    double start = tsk_milliseconds();
    tusk_status status = tusk_scripts_new(cli->options, &scripts);
    for (int i = 0; i < cli->count && status == TUSK_OK; i++) status = tusk_scripts_run(scripts, cli->arguments[i]);
    tsk_timing(cli, "ran", start);
    if (status != TUSK_OK) tsk_fail_scripts(cli, scripts, status);
    if (GIVEN(cli, JIT_STATS)) tsk_print_jit_stats(tusk_scripts_jit_report(scripts));
    tsk_session_abandoned = status == TUSK_OK &&
                            tusk_scripts_busy(scripts); /* the end of the process waits for nobody */
    if (!tsk_session_abandoned) tusk_scripts_free(scripts);
    return (int)status;
}
