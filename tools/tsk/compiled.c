/* Compiling one file, and commands with several actions: see compiled.h. */
#include "tools/tsk/compiled.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

char *tsk_compiled_name(const char *file) {
    static const char *const suffixes[] = {".tsk", ".peanuts"};
    size_t len = strlen(file);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t n = strlen(suffixes[i]);
        if (len > n && !strcmp(file + len - n, suffixes[i])) len -= n, i = 2;
    }
    char *name = malloc(len + 5);
    if (name) memcpy(name, file, len), strcpy(name + len, ".pnt");
    return name;
}

bool tsk_is_compiled(const char *file) {
    struct stat text, binary;
    char *name = tsk_compiled_name(file);
    bool newer = name && !stat(file, &text) && !stat(name, &binary) &&
                 (binary.st_mtim.tv_sec > text.st_mtim.tv_sec ||
                  (binary.st_mtim.tv_sec == text.st_mtim.tv_sec && binary.st_mtim.tv_nsec > text.st_mtim.tv_nsec));
    free(name);
    return newer;
}

static uint64_t milliseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int write_compiled(tsk_cli *cli, tsk_session *s, const char *name) {
    tusk_value whole;
    tusk_status status = tusk_evaluate(s->context, !cli->effects);
    if (status == TUSK_OK) status = tusk_get(s->context, "", &whole);
    if (status != TUSK_OK) return tsk_fail_context(cli, s->context, status);
    tsk_out_capture();
    status = tusk_write_binary(s->context, whole, GIVEN(cli, REPRODUCIBLE) ? 0 : milliseconds_now(), tsk_out_sink,
                               NULL);
    size_t len;
    char *bytes = tsk_out_captured(&len);
    int result = status != TUSK_OK ? tsk_fail_context(cli, s->context, status)
                 : bytes           ? tsk_replace_file(cli, name, bytes, len)
                                   : tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
    free(bytes);
    return result;
}

int tsk_compile_file(tsk_cli *cli, const char *file, const char *out) {
    tsk_session s;
    char *name = out ? strdup(out) : tsk_compiled_name(file);
    if (!name) return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
    int result = tsk_session_open(cli, file, &s);
    if (result == TUSK_OK) {
        result = write_compiled(cli, &s, name);
        tsk_session_close(&s);
    }
    if (result == TUSK_OK && GIVEN(cli, JSON)) {
        tsk_out_text("{\"status\": \"ok\", \"file\": ");
        tsk_out_json(file, strlen(file));
        tsk_out_text(", \"compiled\": ");
        tsk_out_json(name, strlen(name));
        tsk_out_text("}\n");
    } else if (result == TUSK_OK && !GIVEN(cli, QUIET)) {
        tsk_out_text(file);
        tsk_out_text(" -> ");
        tsk_out_text(name);
        tsk_out_text("\n");
    }
    free(name);
    return result;
}

int tsk_print_document(tsk_cli *cli, tsk_session *s) {
    tusk_value whole;
    tusk_status status = tusk_evaluate(s->context, !cli->effects);
    if (status == TUSK_OK) status = tusk_get(s->context, "", &whole);
    return status == TUSK_OK ? tsk_print_value(cli, s, whole, false) : tsk_fail_context(cli, s->context, status);
}

static const tsk_action *searched;

static const char *action_name(int i) {
    return searched[i].name;
}

int tsk_run_action(tsk_cli *cli, const tsk_action *actions, int count) {
    const char *name = cli->arguments[0];
    for (int i = 0; i < count; i++) {
        if (strcmp(actions[i].name, name)) continue;
        cli->arguments++;
        cli->count--;
        if (cli->count < actions[i].least)
            return tsk_usage(cli, "tsk %s %s wants %s", tsk_commands[cli->command].name, name, actions[i].arguments);
        if (cli->count > actions[i].most)
            return tsk_usage(cli, "tsk %s %s takes %s; '%s' is too much", tsk_commands[cli->command].name, name,
                             *actions[i].arguments ? actions[i].arguments : "no arguments",
                             cli->arguments[actions[i].most]);
        return actions[i].run(cli);
    }
    searched = actions;
    const char *closest = tsk_cli_closest(name, action_name, count);
    return tsk_usage(cli, closest ? "tsk %s does not know '%s'; did you mean %s?" : "tsk %s does not know '%s'",
                     tsk_commands[cli->command].name, name, closest);
}
