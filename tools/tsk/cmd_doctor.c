/* tsk doctor: whether everything that tsk may need is there. */
#include "tools/tsk/cli.h"

#include <dlfcn.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct examination {
    const tsk_cli *cli;
    bool broken;
    int count;
} examination;

static void found(void *user, const tusk_finding *f) {
    static const char *const words[] = {"ok", "note", "broken"};
    examination *e = user;
    char row[64];
    e->broken |= f->health == TUSK_HEALTH_BROKEN;
    if (GIVEN(e->cli, JSON)) {
        tsk_out_text(e->count++ ? ",\n    {\"area\": " : "\n    {\"area\": ");
        tsk_out_json(f->area, strlen(f->area));
        snprintf(row, sizeof row, ", \"health\": \"%s\", \"text\": ", words[f->health]);
        tsk_out_text(row);
        tsk_out_json(f->text, strlen(f->text));
        if (*f->hint) tsk_out_text(", \"hint\": "), tsk_out_json(f->hint, strlen(f->hint));
        tsk_out_text("}");
        return;
    }
    if (GIVEN(e->cli, QUIET) && f->health != TUSK_HEALTH_BROKEN) return;
    snprintf(row, sizeof row, "%-6s  %-11s  ", words[f->health], f->area);
    tsk_out_text(row);
    tsk_out_text(f->text);
    tsk_out_text("\n");
    if (!*f->hint) return;
    snprintf(row, sizeof row, "%21shint: ", "");
    tsk_out_text(row);
    tsk_out_text(f->hint);
    tsk_out_text("\n");
}

__attribute__((format(printf, 5, 6))) static void tell(examination *e, const char *area, tusk_health health,
                                                       const char *hint, const char *fmt, ...) {
    tusk_finding finding = {.area = area, .health = health};
    va_list args;
    va_start(args, fmt);
    vsnprintf(finding.text, sizeof finding.text, fmt, args);
    va_end(args);
    snprintf(finding.hint, sizeof finding.hint, "%s", hint);
    found(e, &finding);
}

static void examine_build(examination *e) {
    char program[1024];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    program[len > 0 ? len : 0] = 0;
    tell(e, "build", TUSK_HEALTH_GOOD, "", "tsk %s, ABI %d, %s", tusk_version(), tusk_abi_version(), program);
    if (tusk_abi_version() != TUSK_ABI_VERSION)
        tell(e, "build", TUSK_HEALTH_BROKEN, "install tsk and libtusk of one version",
             "libtusk has ABI %d, tsk wants %d", tusk_abi_version(), TUSK_ABI_VERSION);
}

static void examine_limits(examination *e) {
    struct rlimit files, stack;
    if (getrlimit(RLIMIT_NOFILE, &files) || getrlimit(RLIMIT_STACK, &stack)) return;
    bool few = files.rlim_max != RLIM_INFINITY && files.rlim_max < 1024;
    tell(e, "limits", few ? TUSK_HEALTH_NOTE : TUSK_HEALTH_GOOD, few ? "raise it with ulimit -Hn for tsk serve" : "",
         "%llu open files (at most %llu)", (unsigned long long)files.rlim_cur, (unsigned long long)files.rlim_max);
    if (stack.rlim_cur < (1 << 20))
        tell(e, "limits", TUSK_HEALTH_BROKEN, "raise it with ulimit -s", "the stack is only %llu bytes",
             (unsigned long long)stack.rlim_cur);
}

static void examine_terminal(examination *e) {
    const char *term = getenv("TERM"), *locale = setlocale(LC_CTYPE, "");
    bool terminal = isatty(STDOUT_FILENO);
    void *editor = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
    tell(e, "terminal", TUSK_HEALTH_GOOD, "", "%s, TERM %s, locale %s",
         terminal ? "standard output is one" : "standard output is none", term && *term ? term : "not set",
         locale ? locale : "not known");
    if (editor)
        tell(e, "terminal", TUSK_HEALTH_GOOD, "", "libedit.so.2 loads: lines of tsk repl can be edited");
    else
        tell(e, "terminal", TUSK_HEALTH_NOTE, "install the package libedit2",
             "libedit.so.2 does not load: lines of tsk repl cannot be edited");
    if (!locale)
        tell(e, "terminal", TUSK_HEALTH_NOTE, "set LANG to a locale that `locale -a` names",
             "the locale is not installed");
}

static void examine_peanuts(examination *e) {
    tusk_program *program = NULL;
    const char *file;
    tusk_status status = tusk_program_open_hierarchy(e->cli->options, ".", &program);
    for (size_t i = 0; (file = tusk_program_file(program, i)); i++)
        tell(e, "peanuts", TUSK_HEALTH_GOOD, "", "%s", file);
    if (status == TUSK_NOT_FOUND) {
        tell(e, "peanuts", TUSK_HEALTH_NOTE, "tsk init makes one",
             "there is no peanut file in this directory or above it");
    } else if (status != TUSK_OK) {
        char *report = tusk_program_report(program, TUSK_REPORT_TEXT);
        tell(e, "peanuts", TUSK_HEALTH_BROKEN, "tsk run shows all of it", "%.*s",
             (int)strcspn(report ? report : "", "\n"), report ? report : "");
        tusk_text_free(report);
    }
    tusk_program_release(program);
}

int tsk_command_doctor(tsk_cli *cli) {
    examination e = {.cli = cli};
    if (GIVEN(cli, JSON)) tsk_out_text("{\n  \"findings\": [");
    examine_build(&e);
    tusk_examine(found, &e);
    examine_limits(&e);
    examine_terminal(&e);
    examine_peanuts(&e);
    if (GIVEN(cli, JSON))
        tsk_out_text(e.broken ? "\n  ],\n  \"status\": \"broken\"\n}\n" : "\n  ],\n  \"status\": \"ok\"\n}\n");
    return e.broken ? TUSK_ERROR : TUSK_OK;
}
