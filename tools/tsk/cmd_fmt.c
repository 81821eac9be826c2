/* tsk fmt: sources in the one style, in place. */
#include "tools/tsk/cli.h"

#include <stdio.h>
#include <string.h>

typedef struct outcome {
    int status;
    bool changes; /* the file is not in the one style */
} outcome;

/* What is to be done with the new text. */
static int deliver(const tsk_cli *cli, const char *file, bool changes, const char *old, size_t old_len,
                   const char *text, size_t len) {
    if (GIVEN(cli, DIFF)) {
        if (!changes) return TUSK_OK;
        return tsk_print_text_diff(cli, file, old, old_len, text, len);
    }
    if (GIVEN(cli, CHECK)) {
        if (changes && !GIVEN(cli, JSON)) tsk_out_text(file), tsk_out_text("\n");
        return TUSK_OK;
    }
    if (!strcmp(file, "-")) {
        tsk_out(text, len);
        return TUSK_OK;
    }
    if (!changes) return TUSK_OK;
    int status = tsk_replace_file(cli, file, text, len);
    if (status == TUSK_OK && !GIVEN(cli, QUIET) && !GIVEN(cli, JSON)) tsk_out_text(file), tsk_out_text(": formatted\n");
    return status;
}

static outcome format(const tsk_cli *cli, const char *file) {
    outcome o = {0};
    tusk_source *source = NULL;
    const char *text;
    size_t len, old_len;
    double start = tsk_milliseconds();
    tusk_status status = tusk_source_open(cli->options, file, &source);
    if (status == TUSK_OK) status = tusk_source_format(source, &text, &len);
    if (status == TUSK_OK) {
        const char *old = tusk_source_text(source, &old_len);
        o.changes = len != old_len || memcmp(text, old, len) != 0;
        o.status = deliver(cli, file, o.changes, old, old_len, text, len);
    } else {
        o.status = tsk_fail_source(cli, source, status);
    }
    tusk_source_free(source);
    tsk_timing(cli, "formatted", start);
    return o;
}

static void say_file(const char *file, outcome o, bool first) {
    char tail[64];
    int n = snprintf(tail, sizeof tail, ", \"changed\": %s}", o.changes ? "true" : "false");
    tsk_out_text(first ? "\n  {\"file\": " : ",\n  {\"file\": ");
    tsk_out_json(file, strlen(file));
    tsk_out(tail, (size_t)n);
}

int tsk_command_fmt(tsk_cli *cli) {
    bool json = GIVEN(cli, JSON) && !GIVEN(cli, DIFF), first = true, changes = false;
    int result = TUSK_OK;
    for (int i = 0; i < cli->count; i++)
        if (json && !strcmp(cli->arguments[i], "-") && !GIVEN(cli, CHECK))
            return tsk_usage(cli,
                             "with --json the formatted text of standard input has no place; use --check or a file");
    if (json) tsk_out_text("{\"status\": \"ok\", \"files\": [");
    for (int i = 0; i < cli->count; i++) {
        outcome o = format(cli, cli->arguments[i]);
        if (json && o.status == TUSK_OK) say_file(cli->arguments[i], o, first), first = false;
        changes |= o.changes;
        if (o.status > result) result = o.status; /* the gravest, as of tsk validate */
    }
    if (json) tsk_out_text("\n]}\n");
    if (json && result != TUSK_OK) tsk_out_discard();
    return result == TUSK_OK && changes && GIVEN(cli, CHECK) ? TUSK_ERROR : result;
}
