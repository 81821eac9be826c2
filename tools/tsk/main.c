/* tsk: evaluates, checks and explains TuskLang configurations. */
#include "tools/tsk/cli.h"

#include <signal.h>

int main(int argc, char **argv) {
    static tsk_cli cli;
    /* A reader that goes away is a failed write, which is an error like any other. */
    signal(SIGPIPE, SIG_IGN);
    int status = tsk_cli_parse(&cli, argc, argv);
    if (status == TUSK_OK) status = tsk_commands[cli.command].run(&cli);
    return tsk_cli_end(&cli, status);
}
