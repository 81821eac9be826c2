/* tsk serve: answers HTTP requests until a signal ends it. */
#include "tools/tsk/cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { DEFAULT_PORT = 8080, GRACE_MS = 10000 };

/* What one request may use when nothing is said: a rule that does not end would hold a thread. */
static const struct {
    option_id option;
    tusk_limit limit;
    uint64_t value;
} defaults[] = {{OPTION_MAX_TIME, TUSK_LIMIT_TIME, 5000},
                {OPTION_MAX_MEMORY, TUSK_LIMIT_MEMORY, 256 << 20},
                {OPTION_MAX_HEAP, TUSK_LIMIT_HEAP, 256 << 20}};

static void say(void *user, tusk_log kind, const char *text) {
    const tsk_cli *cli = user;
    if (kind != TUSK_LOG_ERROR && GIVEN(cli, QUIET)) return;
    size_t len = strlen(text);
    fprintf(stderr, "%s%s%s", kind == TUSK_LOG_ERROR ? "" : "tsk: ", text, len && text[len - 1] == '\n' ? "" : "\n");
}

static bool is_number(const char *text) {
    return *text && strspn(text, "0123456789") == strlen(text);
}

/* The arguments in either order. */
static int read_arguments(const tsk_cli *cli, tusk_server_settings *s) {
    bool has_port = false;
    s->port = DEFAULT_PORT;
    for (int i = 0; i < cli->count; i++) {
        const char *text = cli->arguments[i];
        if (!is_number(text)) {
            if (s->place) return tsk_usage(cli, "one place is served, but there are two: %s and %s", s->place, text);
            s->place = text;
            continue;
        }
        unsigned long port = strtoul(text, NULL, 10);
        if (has_port) return tsk_usage(cli, "there are two ports");
        if (port > 65535 || strlen(text) > 5) return tsk_usage(cli, "'%s' is no port: they go from 0 to 65535", text);
        has_port = true;
        s->port = (uint16_t)port;
    }
    return TUSK_OK;
}

static int read_options(const tsk_cli *cli, tusk_server_settings *s) {
    const struct {
        option_id option;
        unsigned *to;
        bool time;
    } numbers[] = {{OPTION_WORKERS, &s->workers, false},
                   {OPTION_MAX_CONNECTIONS, &s->max_connections, false},
                   {OPTION_TIMEOUT, &s->request_ms, true},
                   {OPTION_IDLE, &s->idle_ms, true}};
    uint64_t n;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const char *text = cli->value[numbers[i].option];
        if (!text) continue;
        bool ok = numbers[i].time ? tsk_parse_duration(text, &n) : tsk_parse_size(text, 1000, &n);
        if (!ok || !n || n > 1000000000)
            return tsk_usage(cli, "--%s does not understand '%s'", tsk_cli_options[numbers[i].option].name, text);
        *numbers[i].to = (unsigned)n;
    }
    const char *body = cli->value[OPTION_MAX_BODY];
    if (body && (!tsk_parse_size(body, 1024, &s->max_body) || !s->max_body))
        return tsk_usage(cli, "--max-body does not understand '%s'", body);
    s->host = cli->value[OPTION_HOST];
    s->cors = cli->value[OPTION_CORS];
    for (const char *p = s->cors; p && *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f)
            return tsk_usage(cli, "--cors wants one origin, such as https://x.org");
    s->hide_errors = s->host && strncmp(s->host, "127.", 4) && strcmp(s->host, "::1") && strcmp(s->host, "localhost");
    s->log_requests = GIVEN(cli, VERBOSE);
    s->offline = GIVEN(cli, TRY);
    return TUSK_OK;
}

static tusk_status prepare(tsk_cli *cli) {
    struct rlimit files;
    if (!getrlimit(RLIMIT_NOFILE, &files)) { /* connections are open files */
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    if (!cli->options) cli->options = tusk_options_new();
    if (!cli->options) return TUSK_NO_MEMORY;
    tusk_status status = TUSK_OK;
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults && status == TUSK_OK; i++)
        if (!cli->given[defaults[i].option])
            status = tusk_options_limit(cli->options, defaults[i].limit, defaults[i].value);
    return status;
}

static void announce(const tsk_cli *cli, const tusk_server *server, const tusk_server_settings *s) {
    const char *host = s->host ? s->host : "127.0.0.1";
    bool v6 = strchr(host, ':');
    char url[128];
    size_t rules = tusk_server_rules(server);
    snprintf(url, sizeof url, "http://%s%s%s:%u/", v6 ? "[" : "", host, v6 ? "]" : "", tusk_server_port(server));
    if (GIVEN(cli, JSON)) {
        char numbers[80];
        snprintf(numbers, sizeof numbers, ", \"port\": %u, \"rules\": %zu}\n", tusk_server_port(server), rules);
        tsk_out_text("{\"status\": \"ok\", \"url\": ");
        tsk_out_json(url, strlen(url));
        tsk_out_text(numbers);
        tsk_out_flush();
    }
    if (GIVEN(cli, QUIET)) return;
    const char *place = s->place ? s->place : "this directory";
    fprintf(stderr, "tsk: serving %s at %s (%zu file%s with #!api)\n", place, url, rules, rules == 1 ? "" : "s");
    if (!rules)
        fputs("tsk: no file below begins with #!api, so only /api/status, /api/parse and /api/config answer\n", stderr);
}

/* 'POST /path {"a": 1}' as a client would send it; in memory of its own. */
static char *whole_request(const char *text) {
    const char *path = text + strcspn(text, " ");
    path += strspn(path, " ");
    size_t method = strcspn(text, " "), target = strcspn(path, " ");
    const char *body = path + target + strspn(path + target, " ");
    const char *type = *body == '{' || *body == '[' ? "application/json" : "application/x-www-form-urlencoded";
    char *out;
    int n = *body
                ? asprintf(&out,
                           "%.*s %.*s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                           (int)method, text, (int)target, path, type, strlen(body), body)
                : asprintf(&out, "%.*s %.*s HTTP/1.1\r\nHost: localhost\r\n\r\n", (int)method, text, (int)target, path);
    return n < 0 ? NULL : out;
}

/* The status line, the type and place, and the body. */
static void print_answer(void *user, const char *ptr, size_t len) {
    int *status = user;
    const char *end = memmem(ptr, len, "\r\n\r\n", 4);
    if (!end) return;
    for (const char *line = ptr, *next; line < end; line = next + 2) {
        next = memmem(line, (size_t)(end + 2 - line), "\r\n", 2);
        bool shown = line == ptr || !strncmp(line, "Content-Type:", 13) || !strncmp(line, "Location:", 9) ||
                     !strncmp(line, "Allow:", 6);
        if (shown) tsk_out(line, (size_t)(next - line)), tsk_out("\n", 1);
    }
    *status = atoi(ptr + 9);
    tsk_out("\n", 1);
    tsk_out(end + 4, (size_t)(ptr + len - end - 4));
    tsk_out_newline();
}

static int try_request(const tsk_cli *cli, tusk_server *server) {
    int code = 0;
    char *request = whole_request(cli->value[OPTION_TRY]);
    tusk_status status = request ? tusk_server_try(server, request, strlen(request), print_answer, &code)
                                 : TUSK_NO_MEMORY;
    free(request);
    if (status == TUSK_USAGE) return tsk_usage(cli, "--try wants a request such as 'GET /path'");
    if (status != TUSK_OK) return tsk_fail(cli, status, "out of memory");
    return code >= 400 ? TUSK_ERROR : TUSK_OK;
}

static void serve(const tsk_cli *cli, tusk_server *server, const sigset_t *signals) {
    int number;
    while (!sigwait(signals, &number) && number == SIGHUP) tusk_server_reload(server);
    if (!GIVEN(cli, QUIET)) fputs("tsk: ending when the requests that have begun are answered\n", stderr);
    tusk_server_stop(server, GRACE_MS);
}

int tsk_command_serve(tsk_cli *cli) {
    tusk_server_settings settings = {.log = say, .user = cli};
    int result = read_arguments(cli, &settings);
    if (result == TUSK_OK) result = read_options(cli, &settings);
    if (result != TUSK_OK) return result;
    if (prepare(cli) != TUSK_OK) return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");

    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    tusk_server *server;
    char *problem;
    tusk_status status = tusk_server_new(cli->options, &settings, &server, &problem);
    if (status == TUSK_OK && settings.offline) {
        result = try_request(cli, server);
        tusk_server_free(server);
        return result;
    }
    if (status == TUSK_OK) status = tusk_server_start(server);
    if (status == TUSK_OK) {
        announce(cli, server, &settings);
        serve(cli, server, &signals);
        tusk_server_free(server);
        return TUSK_OK;
    }
    /* The errors of a file have been said already. */
    if (problem || status != TUSK_INVALID) tsk_fail(cli, status, "%s", problem ? problem : "out of memory");
    tusk_text_free(problem);
    return (int)status;
}
