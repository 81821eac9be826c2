/* A value from a file of any format: a configuration is evaluated, everything else is read as data. */
#include "tools/tsk/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int tsk_data_format(const tsk_cli *cli, const char *name, const char *file, tusk_format *format) {
    if (name) {
        if (tusk_format_named(name, strlen(name), format)) return TUSK_OK;
        return tsk_usage(cli, "there is no format '%s'; there are: tsk, json, yaml, toml, env, ini, csv, xml", name);
    }
    const char *slash = strrchr(file, '/'), *last = slash ? slash + 1 : file;
    if (!strchr(last, '.') || !tusk_format_named(last, strlen(last), format)) *format = TUSK_FORMAT_TSK;
    return TUSK_OK;
}

/* The whole file; NULL after reporting. */
static char *read_file(const tsk_cli *cli, const char *file, size_t *len, int *status) {
    bool standard_input = !strcmp(file, "-");
    FILE *stream = standard_input ? stdin : fopen(file, "rb");
    char *text = NULL;
    size_t room = 0;
    *len = 0;
    for (size_t n = 1; stream && n;) {
        if (*len == room) {
            char *more = realloc(text, room ? room * 2 : 65536);
            if (!more) break;
            text = more;
            room = room ? room * 2 : 65536;
        }
        n = fread(text + *len, 1, room - *len, stream);
        *len += n;
    }
    bool good = stream && !ferror(stream) && feof(stream);
    int error = errno;
    if (stream && !standard_input) fclose(stream);
    if (good) return text;
    free(text);
    bool missing = error == ENOENT || error == ENOTDIR;
    if (stream || (!missing && error != EACCES && error != EPERM))
        *status = tsk_fail(cli, TUSK_ERROR, "%s: the file cannot be read: %s", file, strerror(error));
    else if (missing)
        *status = tsk_fail(cli, TUSK_NOT_FOUND, "%s: the file does not exist", file);
    else
        *status = tsk_fail(cli, TUSK_DENIED, "%s: the file may not be read", file);
    return NULL;
}

static int open_data(const tsk_cli *cli, const char *file, tusk_format format, tsk_session *s, tusk_value *value) {
    size_t len;
    int result = TUSK_OK;
    char *text = read_file(cli, file, &len, &result);
    if (!text) return result;
    tusk_status status = tusk_program_parse(cli->options, "<data>", "", 0, &s->program);
    if (status != TUSK_OK) {
        result = tsk_fail_program(cli, s->program, status);
        tsk_session_close(s);
    } else {
        result = tsk_session_start(cli, s);
    }
    if (result == TUSK_OK) {
        const char *name = strcmp(file, "-") ? file : "<stdin>";
        status = tusk_parse_data(s->context, format, name, text, len, value);
        if (status != TUSK_OK) {
            tsk_fail_context(cli, s->context, status);
            result = TUSK_INVALID;
            tsk_session_close(s);
        }
    }
    free(text);
    return result;
}

int tsk_open_value(const tsk_cli *cli, const char *file, tusk_format format, tsk_session *s, tusk_value *value) {
    *s = (tsk_session){0};
    if (format != TUSK_FORMAT_TSK) return open_data(cli, file, format, s, value);
    int result = tsk_session_open(cli, file, s);
    if (result != TUSK_OK) return result;
    tusk_status status = tusk_evaluate(s->context, !cli->effects);
    if (status == TUSK_OK) status = tusk_get(s->context, "", value);
    if (status == TUSK_OK) return TUSK_OK;
    result = tsk_fail_context(cli, s->context, status);
    tsk_session_close(s);
    return result;
}

void tsk_text_sink(void *user, const char *ptr, size_t len) {
    tsk_text *text = user;
    if (text->failed) return;
    if (len > text->room - text->len) {
        size_t room = text->room * 2 > text->len + len ? text->room * 2 : text->len + len + 256;
        char *more = realloc(text->ptr, room);
        if (!more) {
            text->failed = true;
            return;
        }
        text->ptr = more;
        text->room = room;
    }
    memcpy(text->ptr + text->len, ptr, len);
    text->len += len;
}
