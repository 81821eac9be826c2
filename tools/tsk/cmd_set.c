/* tsk set: one value of a source, and nothing else of it. */
#include "tools/tsk/cli.h"

#include <string.h>

static tusk_status change(const tsk_cli *cli, tusk_source *source, const char **text, size_t *len) {
    const char *key = cli->arguments[1];
    if (GIVEN(cli, DELETE)) return tusk_source_remove(source, key, text, len);
    const char *value = cli->arguments[2];
    tusk_spelling spelling = GIVEN(cli, STRING)       ? TUSK_SPELLING_STRING
                             : GIVEN(cli, EXPRESSION) ? TUSK_SPELLING_EXPRESSION
                                                      : TUSK_SPELLING_WORD;
    return tusk_source_set(source, key, value, strlen(value), spelling, text, len);
}

static int deliver(const tsk_cli *cli, const char *file, const tusk_source *source, const char *text, size_t len) {
    size_t old_len;
    const char *old = tusk_source_text(source, &old_len);
    bool changes = len != old_len || memcmp(text, old, len) != 0;
    if (GIVEN(cli, DIFF)) return changes ? tsk_print_text_diff(cli, file, old, old_len, text, len) : TUSK_OK;
    if (!strcmp(file, "-")) {
        tsk_out(text, len);
        return TUSK_OK;
    }
    int status = changes ? tsk_replace_file(cli, file, text, len) : TUSK_OK;
    if (status == TUSK_OK && GIVEN(cli, JSON)) {
        tsk_out_text("{\"status\": \"ok\", \"file\": ");
        tsk_out_json(file, strlen(file));
        tsk_out_text(", \"key\": ");
        tsk_out_json(cli->arguments[1], strlen(cli->arguments[1]));
        tsk_out_text(changes ? ", \"changed\": true}\n" : ", \"changed\": false}\n");
    }
    return status;
}

int tsk_command_set(tsk_cli *cli) {
    bool delete = GIVEN(cli, DELETE);
    if (GIVEN(cli, STRING) + GIVEN(cli, EXPRESSION) + delete > 1)
        return tsk_usage(cli, "of --string, --expression and --delete only one can be");
    if (delete &&cli->count == 3)
        return tsk_usage(cli, "with --delete there is no VALUE; '%s' is too much", cli->arguments[2]);
    if (!delete &&cli->count == 2)
        return tsk_usage(cli, "what should %s be? tsk set wants FILE KEY VALUE, or --delete FILE KEY",
                         cli->arguments[1]);
    tusk_source *source = NULL;
    const char *text, *file = cli->arguments[0];
    size_t len;
    tusk_status status = tusk_source_open(cli->options, file, &source);
    if (status == TUSK_OK) status = change(cli, source, &text, &len);
    int result = status == TUSK_OK ? deliver(cli, file, source, text, len) : tsk_fail_source(cli, source, status);
    tusk_source_free(source);
    return result;
}
