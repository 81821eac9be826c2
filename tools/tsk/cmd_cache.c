/* tsk cache: what is kept of compiled functions. */
#include "tools/tsk/cli.h"

#include <string.h>

int tsk_command_cache(tsk_cli *cli) {
    const char *action = cli->arguments[0];
    char *text;
    bool clear = !strcmp(action, "clear");
    if (!strcmp(action, "memcached")) return tsk_memcached(cli, cli->count > 1 ? cli->arguments[1] : NULL);
    if (cli->count > 1)
        return tsk_usage(cli, "tsk cache %s takes no argument; '%s' is too much", action, cli->arguments[1]);
    if (!clear && strcmp(action, "status"))
        return tsk_usage(cli, "'%s' is not something that can be done with the cache: status, clear or memcached",
                         action);
    tusk_status status = tusk_code_cache(clear, GIVEN(cli, JSON), &text);
    if (status == TUSK_OK)
        tsk_out_text(text);
    else
        tsk_fail(cli, status, "%s", text ? text : "there is no memory");
    tusk_text_free(text);
    return (int)status;
}
