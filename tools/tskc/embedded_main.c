/* The main function of programs that tskc makes: `tsk run` of the configuration that is part of the program.
 *
 *   app --get server.port --compact   is   tsk run --get server.port --compact app.tsk */
#include "tools/tsk/cli.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

extern tusk_image tusk_main_image; /* named when the program is linked */

static int run(tsk_cli *cli) {
    if (cli->command != COMMAND_run) return tsk_commands[cli->command].run(cli); /* help */
    if (cli->count) return tsk_usage(cli, "the configuration is part of this program, which takes options only");
    if (GIVEN(cli, CONFIG)) return tsk_usage(cli, "--config: the configuration is part of this program");
    return tsk_command_run(cli);
}

int main(int argc, char **argv) {
    static tsk_cli cli;
    signal(SIGPIPE, SIG_IGN);
    char **arguments = calloc((size_t)argc + 2, sizeof *arguments);
    if (!arguments) return TUSK_ERROR;
    arguments[0] = argv[0];
    arguments[1] = (char[]){"run"};
    if (argc > 1) memcpy(arguments + 2, argv + 1, (size_t)(argc - 1) * sizeof *arguments);
    tsk_session_image = &tusk_main_image;
    int status = tsk_cli_parse(&cli, argc + 1, arguments);
    if (status == TUSK_OK) status = run(&cli);
    free(arguments);
    return tsk_cli_end(&cli, status);
}
