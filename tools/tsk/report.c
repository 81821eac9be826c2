/* Standard error: what went wrong, for people or as one JSON object. */
#include "tools/tsk/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *error_type(tusk_status status) {
    switch (status) {
    case TUSK_USAGE: return "usage_error";
    case TUSK_NOT_FOUND: return "file_not_found";
    case TUSK_DENIED: return "permission_denied";
    case TUSK_CONNECTION: return "connection_error";
    case TUSK_INVALID: return "configuration_error";
    case TUSK_NO_MEMORY: return "out_of_memory";
    case TUSK_OK:
    case TUSK_ERROR: break;
    }
    return "error";
}

static void print_json_string(const char *text) {
    fputc('"', stderr);
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\')
            fprintf(stderr, "\\%c", c);
        else if (c < 0x20)
            fprintf(stderr, "\\u%04x", c);
        else
            fputc(c, stderr);
    }
    fputc('"', stderr);
}

/* The message as it stands in the report of the library: a JSON string with its quotes. */
static bool first_message(const char *report, const char **text, int *len) {
    static const char member[] = "\"message\": ";
    const char *error = strstr(report, "\"severity\": \"error\"");
    const char *start = error ? strstr(error, member) : NULL;
    if (!start) return false;
    start += sizeof member - 1;
    const char *end = start + 1;
    while (*end && *end != '"') end += *end == '\\' && end[1] ? 2 : 1;
    if (!*end) return false;
    *text = start;
    *len = (int)(end + 1 - start);
    return true;
}

/* `message` NULL: the first one of the report. A wrong command line has no report, but a code. */
static void print_json_error(tusk_status status, const char *message, const char *report) {
    const char *text;
    int len, exit_code = status == TUSK_NO_MEMORY ? TUSK_ERROR : (int)status;
    fprintf(stderr, "{\n\"status\": \"error\",\n\"error_type\": \"%s\",\n\"message\": ", error_type(status));
    if (message)
        print_json_string(message);
    else if (report && first_message(report, &text, &len))
        fwrite(text, 1, (size_t)len, stderr);
    else
        print_json_string(error_type(status));
    fprintf(stderr, ",\n\"exit_code\": %d,\n\"diagnostics\": ", exit_code);
    size_t length = report ? strlen(report) : 0;
    while (length && report[length - 1] == '\n') length--;
    if (length) {
        fwrite(report, 1, length, stderr);
    } else if (status == TUSK_USAGE && message) {
        fputs("[{\"severity\": \"error\", \"code\": \"E0701\", \"message\": ", stderr);
        print_json_string(message);
        fputs("}]", stderr);
    } else {
        fputs("[]", stderr);
    }
    fputs("\n}\n", stderr);
}

static int fail(const tsk_cli *cli, tusk_status status, const char *fmt, va_list args) {
    char message[1024];
    vsnprintf(message, sizeof message, fmt, args);
    if (GIVEN(cli, JSON))
        print_json_error(status, message, NULL);
    else
        fprintf(stderr, "tsk: %serror%s:%s %s\n", cli->colour ? "\033[1;31m" : "",
                status == TUSK_USAGE ? "[E0701]" : "", cli->colour ? "\033[0m" : "", message);
    return (int)status;
}

int tsk_fail(const tsk_cli *cli, tusk_status status, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fail(cli, status, fmt, args);
    va_end(args);
    return (int)status;
}

int tsk_usage(const tsk_cli *cli, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fail(cli, TUSK_USAGE, fmt, args);
    va_end(args);
    if (!GIVEN(cli, JSON)) {
        if (cli->command == COMMAND_help)
            fputs("  hint: tsk --help names the commands\n", stderr);
        else
            fprintf(stderr, "  hint: tsk %s --help explains it\n", tsk_commands[cli->command].name);
    }
    return TUSK_USAGE;
}

static const char *status_text(tusk_status status) {
    switch (status) {
    case TUSK_NO_MEMORY: return "out of memory";
    case TUSK_NOT_FOUND: return "the file does not exist";
    case TUSK_DENIED: return "permission denied";
    default: return "failed";
    }
}

/* Prints a report of the library, which it frees; NULL or empty when there was no memory for one. */
static int fail_with(const tsk_cli *cli, char *report, tusk_status status) {
    bool empty = !report || !*report || status == TUSK_NO_MEMORY;
    if (GIVEN(cli, JSON))
        print_json_error(status, empty ? status_text(status) : NULL, empty ? NULL : report);
    else if (empty)
        tsk_fail(cli, status, "%s", status_text(status));
    else
        fputs(report, stderr);
    tusk_text_free(report);
    return (int)status;
}

static int report_style(const tsk_cli *cli) {
    int style = GIVEN(cli, JSON) ? TUSK_REPORT_JSON : cli->colour ? TUSK_REPORT_COLOUR : TUSK_REPORT_TEXT;
    return GIVEN(cli, QUIET) ? style : style | TUSK_REPORT_WARNINGS;
}

int tsk_fail_program(const tsk_cli *cli, const tusk_program *program, tusk_status status) {
    return fail_with(cli, program ? tusk_program_report(program, report_style(cli)) : NULL, status);
}

int tsk_fail_context(const tsk_cli *cli, const tusk_context *context, tusk_status status) {
    return fail_with(cli, context ? tusk_context_report(context, report_style(cli)) : NULL, status);
}

int tsk_fail_source(const tsk_cli *cli, const tusk_source *source, tusk_status status) {
    return fail_with(cli, source ? tusk_source_report(source, report_style(cli)) : NULL, status);
}

int tsk_fail_scripts(const tsk_cli *cli, const tusk_scripts *scripts, tusk_status status) {
    return fail_with(cli, scripts ? tusk_scripts_report(scripts, report_style(cli)) : NULL, status);
}

bool tsk_is_missing(const tusk_context *context, tusk_status status) {
    if (status != TUSK_ERROR) return false;
    char *report = tusk_context_report(context, TUSK_REPORT_JSON);
    bool missing = report && strstr(report, "\"code\": \"E0308\"");
    tusk_text_free(report);
    return missing;
}

int tsk_fail_missing(const tsk_cli *cli, const tusk_context *context, const char *key) {
    char *report = tusk_context_report(context, report_style(cli));
    if (GIVEN(cli, JSON)) {
        char message[1024];
        snprintf(message, sizeof message, "Key not found: %s", key);
        print_json_error(TUSK_ERROR, message, report);
    } else {
        const char *hint = report ? strstr(report, "  hint:") : NULL;
        if (!hint && report) hint = strstr(report, "  \033[1;36mhint:");
        fprintf(stderr, "Key not found: %s\n%s", key, hint ? hint : "");
    }
    tusk_text_free(report);
    return TUSK_ERROR;
}

void tsk_warn_interpreted(const tsk_cli *cli) {
    const char *mode = cli->value[OPTION_JIT];
    if (!mode || !strcmp(mode, "off") || GIVEN(cli, QUIET) || GIVEN(cli, JSON) || tusk_jit_available()) return;
    fputs("tsk: warning: functions are interpreted: the module libtusk-jit.so, which needs LLVM, is not beside the "
          "library\n",
          stderr);
}

void tsk_warn_program(const tsk_cli *cli, const tusk_program *program) {
    if (GIVEN(cli, QUIET) || GIVEN(cli, JSON) || !tusk_program_warnings(program)) return;
    char *report = tusk_program_report(program, report_style(cli));
    if (report) fputs(report, stderr);
    tusk_text_free(report);
}

double tsk_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

void tsk_timing(const tsk_cli *cli, const char *what, double since) {
    if (GIVEN(cli, VERBOSE) && !GIVEN(cli, QUIET)) fprintf(stderr, "%s in %.3f ms\n", what, tsk_milliseconds() - since);
}
