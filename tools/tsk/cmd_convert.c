/* tsk convert: the data of a file in another format. */
#include "tools/tsk/cli.h"

#include <stdlib.h>
#include <string.h>

/* Into memory first: an error leaves no half file behind. */
static int write_value(const tsk_cli *cli, tsk_session *s, tusk_value value, tusk_format format, tsk_text *out) {
    int indent = GIVEN(cli, COMPACT) ? 0 : 2;
    tusk_status status = GIVEN(cli, RAW) ? tusk_write_raw(s->program, format, indent, tsk_text_sink, out)
                                         : tusk_write(s->context, value, format, indent, tsk_text_sink, out);
    if (status != TUSK_OK) return tsk_fail_context(cli, s->context, status);
    if (out->len && out->ptr[out->len - 1] != '\n') tsk_text_sink(out, "\n", 1);
    return out->failed ? tsk_fail(cli, TUSK_NO_MEMORY, "out of memory") : TUSK_OK;
}

static int deliver(const tsk_cli *cli, const char *to, const tsk_text *out) {
    if (strcmp(to, "-")) {
        int status = tsk_replace_file(cli, to, out->len ? out->ptr : "", out->len);
        if (status == TUSK_OK && GIVEN(cli, JSON)) {
            tsk_out_text("{\"status\": \"ok\", \"file\": ");
            tsk_out_json(to, strlen(to));
            tsk_out_text("}\n");
        }
        return status;
    }
    tsk_out(out->ptr, out->len);
    return TUSK_OK;
}

int tsk_command_convert(tsk_cli *cli) {
    const char *from = cli->arguments[0], *to = cli->value[OPTION_OUTPUT] ? cli->value[OPTION_OUTPUT] : "-";
    tusk_format read, written;
    if (!cli->value[OPTION_TO] && !strcmp(to, "-"))
        return tsk_usage(cli, "to what? Name a file with -o, or a format with --to");
    int result = tsk_data_format(cli, cli->value[OPTION_FROM], from, &read);
    if (result == TUSK_OK) result = tsk_data_format(cli, cli->value[OPTION_TO], to, &written);
    if (result != TUSK_OK) return result;
    if (read == TUSK_FORMAT_TABLE || written == TUSK_FORMAT_TABLE)
        return tsk_usage(cli, "a table is for people only; tsk run --format table prints one");
    if (GIVEN(cli, RAW) && read != TUSK_FORMAT_TSK) return tsk_usage(cli, "--raw is about configurations");

    tsk_session s;
    tusk_value value = {0};
    if (GIVEN(cli, RAW)) /* nothing is computed */
        result = tsk_session_open(cli, from, &s);
    else
        result = tsk_open_value(cli, from, read, &s, &value);
    if (result != TUSK_OK) return result;
    tsk_text out = {0};
    result = write_value(cli, &s, value, written, &out);
    if (result == TUSK_OK) result = deliver(cli, to, &out);
    free(out.ptr);
    tsk_session_close(&s);
    return result;
}
