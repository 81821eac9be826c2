/* tsk version */
#include "tools/tsk/cli.h"

int tsk_command_version(tsk_cli *cli) {
    const char *version = tusk_version();
    if (GIVEN(cli, JSON)) {
        tsk_out_text("{\"status\": \"ok\", \"name\": \"tsk\", \"language\": \"TuskLang\", \"version\": \"");
        tsk_out_text(version);
        tsk_out_text("\"}\n");
    } else {
        tsk_out_text("tsk ");
        tsk_out_text(version);
        tsk_out_text(" (TuskLang)\n");
    }
    return TUSK_OK;
}
