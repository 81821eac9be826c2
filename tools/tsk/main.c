/* tsk: evaluates, checks and explains TuskLang configurations. */
#include "tools/tsk/cli.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
    static tsk_cli cli;
    /* A reader that goes away is a failed write, which is an error like any other. */
    signal(SIGPIPE, SIG_IGN);
    int status = tsk_cli_parse(&cli, argc, argv);
    if (status == TUSK_OK) status = tsk_commands[cli.command].run(&cli);
    tsk_out_flush();
    tusk_options_free(cli.options);
    /* The library's own code for "no memory" is no exit status of the documented table. */
    if (status == TUSK_NO_MEMORY) status = TUSK_ERROR;
    if (tsk_session_abandoned) {
        fflush(NULL);
        _exit(status);
    }
    return status;
}
