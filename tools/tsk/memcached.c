/* tsk cache memcached: a server of memcached, asked over TCP in its text protocol.
 *
 *   connect, within 5 s ─► status
 *   stats, flush_all, or set, get and delete of a key of our own ─► lines of the answer, within 5 s each */
#include "tools/tsk/cli.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PATIENCE_S = 5, MOST_LINE = 8192 };

typedef struct server {
    const tsk_cli *cli;
    const char *host, *port;
    int fd;
    char buffer[MOST_LINE];
    size_t len;
} server;

static int lost(const server *s, const char *what) {
    return tsk_fail(s->cli, TUSK_CONNECTION, "memcached at %s:%s %s", s->host, s->port, what);
}

static const char *either(const char *given, const char *variable, const char *otherwise) {
    const char *set = getenv(variable);
    return given ? given : set && *set ? set : otherwise;
}

static int dial(server *s) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    struct timeval patience = {.tv_sec = PATIENCE_S};
    s->fd = -1;
    if (getaddrinfo(s->host, s->port, &hints, &found)) return lost(s, "cannot be found");
    for (struct addrinfo *a = found; a && s->fd < 0; a = a->ai_next) {
        s->fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (s->fd < 0) continue;
        setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience); /* of connect too */
        if (!connect(s->fd, a->ai_addr, a->ai_addrlen)) break;
        close(s->fd);
        s->fd = -1;
    }
    freeaddrinfo(found);
    return s->fd < 0 ? lost(s, "does not answer") : TUSK_OK;
}

static bool ask(const server *s, const char *text) {
    size_t len = strlen(text), sent = 0;
    while (sent < len) {
        ssize_t n = send(s->fd, text + sent, len - sent, MSG_NOSIGNAL);
        if (n <= 0 && errno != EINTR) return false;
        if (n > 0) sent += (size_t)n;
    }
    return true;
}

/* The next line without its end.  False: none comes. */
static bool next_line(server *s, char line[MOST_LINE]) {
    for (;;) {
        char *end = memchr(s->buffer, '\n', s->len);
        if (end) {
            size_t len = (size_t)(end - s->buffer), whole = len + 1;
            if (len && s->buffer[len - 1] == '\r') len--;
            memcpy(line, s->buffer, len);
            line[len] = 0;
            memmove(s->buffer, s->buffer + whole, s->len -= whole);
            return true;
        }
        if (s->len == sizeof s->buffer) return false;
        ssize_t n = recv(s->fd, s->buffer + s->len, sizeof s->buffer - s->len, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        s->len += (size_t)n;
    }
}

static bool answers(server *s, const char *question, const char *wanted) {
    char line[MOST_LINE];
    return ask(s, question) && next_line(s, line) && !strcmp(line, wanted);
}

static void say(const tsk_cli *cli, const char *message) {
    if (GIVEN(cli, JSON)) {
        tsk_out_text("{\"status\": \"ok\", \"message\": ");
        tsk_out_json(message, strlen(message));
        tsk_out_text("}\n");
    } else if (!GIVEN(cli, QUIET)) {
        tsk_out_text(message);
        tsk_out_text("\n");
    }
}

static int show_status(server *s) {
    say(s->cli, "connected");
    return TUSK_OK;
}

static int show_stats(server *s) {
    char line[MOST_LINE], row[MOST_LINE + 32];
    bool json = GIVEN(s->cli, JSON);
    const char *separator = "{\n  ";
    if (!ask(s, "stats\r\n")) return lost(s, "went away");
    while (next_line(s, line)) {
        if (!strcmp(line, "END")) {
            if (json) tsk_out_text(*separator == '{' ? "{}\n" : "\n}\n");
            return TUSK_OK;
        }
        char *name = strncmp(line, "STAT ", 5) ? NULL : line + 5, *value = name ? strchr(name, ' ') : NULL;
        if (!value) break;
        *value++ = 0;
        if (json) {
            tsk_out_text(separator), tsk_out_json(name, strlen(name)), tsk_out_text(": ");
            tsk_out_json(value, strlen(value));
            separator = ",\n  ";
        } else {
            snprintf(row, sizeof row, "%-30s %s\n", name, value);
            tsk_out_text(row);
        }
    }
    tsk_out_discard();
    return lost(s, "gave an answer that is none");
}

static int flush(server *s) {
    if (isatty(STDIN_FILENO) && !GIVEN(s->cli, YES))
        return tsk_usage(s->cli, "this forgets everything that is cached at %s:%s; say --yes to do it", s->host,
                         s->port);
    if (!answers(s, "flush_all\r\n", "OK")) return tsk_fail(s->cli, TUSK_ERROR, "memcached did not flush");
    say(s->cli, "everything is forgotten");
    return TUSK_OK;
}

static int test(server *s) {
    char key[64], question[128], wanted[128], line[MOST_LINE];
    snprintf(key, sizeof key, "tsk_test_%ld", (long)getpid());
    snprintf(question, sizeof question, "set %s 0 60 11\r\nhello world\r\n", key);
    if (!answers(s, question, "STORED")) return lost(s, "did not store a value");
    snprintf(question, sizeof question, "get %s\r\n", key);
    snprintf(wanted, sizeof wanted, "VALUE %s 0 11", key);
    bool ok = answers(s, question, wanted) && next_line(s, line) && !strcmp(line, "hello world") &&
              next_line(s, line) && !strcmp(line, "END");
    snprintf(question, sizeof question, "delete %s\r\n", key);
    ok = ok && answers(s, question, "DELETED");
    if (!ok) return lost(s, "did not give the value back");
    say(s->cli, "a value was stored, read and deleted");
    return TUSK_OK;
}

int tsk_memcached(const tsk_cli *cli, const char *action) {
    static const struct {
        const char *name;
        int (*run)(server *s);
    } actions[] = {{"status", show_status}, {"stats", show_stats}, {"flush", flush}, {"test", test}};
    static server s;
    s = (server){.cli = cli,
                 .host = either(cli->value[OPTION_HOST], "MEMCACHED_HOST", "localhost"),
                 .port = either(cli->value[OPTION_PORT], "MEMCACHED_PORT", "11211")};
    for (size_t i = 0; action && i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(actions[i].name, action)) continue;
        int result = dial(&s);
        if (result != TUSK_OK) return result;
        result = actions[i].run(&s);
        close(s.fd);
        return result;
    }
    return action
               ? tsk_usage(cli, "'%s' is nothing that can be asked of memcached: status, stats, flush or test", action)
               : tsk_usage(cli, "tsk cache memcached wants status, stats, flush or test");
}
