/* The server as a whole: its settings, its sockets, its threads, and the change from one site to the next.
 *
 * Each worker has a listening socket of its own on the same address (SO_REUSEPORT), so that connections are spread by the
 * system and no thread wakes for another's.  The watcher makes a new site when files change; workers notice by a number
 * that they compare between two waits. */
#include "runtime/serve/serve.h"

#include "runtime/engine/engine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 1024, MOST_WORKERS = 64, TICK_MS = 500, SPARE_FILES = 64 };

void tsk_server_log(tusk_server *server, tusk_log kind, const char *fmt, ...) {
    char short_text[1024], *text = short_text;
    if (!server->settings.log) return;
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(short_text, sizeof short_text, fmt, args);
    if (n >= (int)sizeof short_text && (text = malloc((size_t)n + 1))) vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    va_end(args);
    pthread_mutex_lock(&server->log_lock);
    server->settings.log(server->settings.user, kind, text ? text : short_text);
    pthread_mutex_unlock(&server->log_lock);
    if (text != short_text) free(text);
}

tsk_site *tsk_server_site(tusk_server *server, uint64_t *generation) {
    pthread_mutex_lock(&server->lock);
    tsk_site *site = server->site;
    atomic_fetch_add_explicit(&site->references, 1, memory_order_relaxed);
    *generation = atomic_load_explicit(&server->generation, memory_order_relaxed);
    pthread_mutex_unlock(&server->lock);
    return site;
}

static void set_site(tusk_server *server, tsk_site *site) {
    pthread_mutex_lock(&server->lock);
    tsk_site *old = server->site;
    server->site = site;
    atomic_fetch_add_explicit(&server->generation, 1, memory_order_release);
    pthread_mutex_unlock(&server->lock);
    tsk_site_release(old);
    for (unsigned i = 0; i < server->worker_count; i++) tsk_worker_wake(&server->workers[i]);
}

/* ---- the watcher ---- */

static void drain(int fd) {
    uint64_t count;
    if (read(fd, &count, sizeof count) < 0) return;
}

/* Files that were first read by a request. */
static bool has_new_inputs(const tsk_site *site) {
    for (uint32_t i = 0; i < site->count; i++)
        if (site->rules[i]->snapshot && tusk_snapshot_input(site->rules[i]->snapshot, site->rules[i]->inputs))
            return true;
    return false;
}

static void *watch(void *argument) {
    tusk_server *server = argument;
    while (!atomic_load_explicit(&server->stop, memory_order_acquire)) {
        bool happened = tsk_watch_wait(&server->watch, server->wake, TICK_MS);
        bool again = atomic_exchange_explicit(&server->again, false, memory_order_acq_rel);
        if (atomic_load_explicit(&server->stop, memory_order_acquire)) break;
        drain(server->wake);
        if (!happened && !again && !has_new_inputs(server->site)) continue;
        tsk_site *site = tsk_site_make(server, server->site, again);
        if (site)
            set_site(server, site);
        else
            tsk_server_log(server, TUSK_LOG_ERROR, "there is no memory to look at the files again");
    }
    return NULL;
}

/* ---- settings ---- */

static void choose_defaults(tusk_server_settings *s) {
    if (!s->place) s->place = ".";
    if (!s->host) s->host = "127.0.0.1";
    if (!s->max_body) s->max_body = (uint64_t)1 << 20;
    if (s->max_body > (uint64_t)1 << 30) s->max_body = (uint64_t)1 << 30;
    if (!s->max_connections) s->max_connections = 20000;
    if (!s->request_ms) s->request_ms = 10000;
    if (!s->idle_ms) s->idle_ms = 60000;
    if (!s->cors) s->cors = "*";
    if (!s->workers) {
        cpu_set_t usable;
        s->workers = sched_getaffinity(0, sizeof usable, &usable) ? 1 : (unsigned)CPU_COUNT(&usable);
    }
    if (s->workers > MOST_WORKERS) s->workers = MOST_WORKERS;
    struct rlimit files;
    if (!getrlimit(RLIMIT_NOFILE, &files) && files.rlim_cur != RLIM_INFINITY) {
        uint64_t room = files.rlim_cur > 2 * SPARE_FILES ? files.rlim_cur - SPARE_FILES : files.rlim_cur / 2;
        if (s->max_connections > room) s->max_connections = (unsigned)room;
    }
}

static char *formatted(const char *fmt, const char *text) {
    char *out;
    return asprintf(&out, fmt, text) < 0 ? NULL : out;
}

/* Text that somebody sends may use nothing, and is done soon. */
static tusk_options *for_strangers(void) {
    static const tusk_grant grants[] = {TUSK_GRANT_ENV, TUSK_GRANT_READ, TUSK_GRANT_WRITE, TUSK_GRANT_NET,
                                        TUSK_GRANT_RUN};
    static const char *const nothing[] = {NULL};
    tusk_options *options = tusk_options_new();
    if (!options) return NULL;
    bool ok = true;
    for (size_t i = 0; i < TSK_COUNT(grants); i++) ok &= tusk_options_deny(options, grants[i]) == TUSK_OK;
    ok &= tusk_options_environment(options, nothing) == TUSK_OK;
    ok &= tusk_options_limit(options, TUSK_LIMIT_TIME, 1000) == TUSK_OK;
    ok &= tusk_options_limit(options, TUSK_LIMIT_STEPS, 10000000) == TUSK_OK;
    ok &= tusk_options_limit(options, TUSK_LIMIT_MEMORY, (uint64_t)64 << 20) == TUSK_OK;
    ok &= tusk_options_limit(options, TUSK_LIMIT_HEAP, (uint64_t)64 << 20) == TUSK_OK;
    ok &= tusk_options_limit(options, TUSK_LIMIT_DEPTH, 200) == TUSK_OK;
    if (ok) return options;
    tusk_options_free(options);
    return NULL;
}

/* The options of the caller, who may free them; or the defaults. */
static tusk_options *copy_options(const tusk_options *from) {
    tusk_options *options = tusk_options_new();
    tsk_trap trap;
    if (!options || !from) return options;
    if (setjmp(trap.jump)) {
        tusk_options_free(options);
        return NULL;
    }
    options->arena.trap = &trap;
    tsk_settings_copy(&options->arena, &options->settings, &from->settings);
    options->arena.trap = NULL;
    return options;
}

static bool take_settings(tusk_server *server, const tusk_options *options, const tusk_server_settings *settings) {
    struct stat st;
    server->settings = *settings;
    tusk_server_settings *s = &server->settings;
    choose_defaults(s);
    server->worker_count = s->workers;
    server->single = !stat(s->place, &st) && !S_ISDIR(st.st_mode);
    server->place = strdup(s->place);
    server->host = strdup(s->host);
    server->directory = strdup(s->place);
    if (!server->place || !server->host || !server->directory) return false;
    char *slash = server->single ? strrchr(server->directory, '/') : NULL;
    if (slash)
        slash[slash == server->directory] = 0;
    else if (server->single)
        strcpy(server->directory, ".");
    server->shared = formatted("Access-Control-Allow-Origin: %s\r\n"
                               "Access-Control-Allow-Methods: GET, POST, PUT, DELETE, OPTIONS\r\n"
                               "Access-Control-Allow-Headers: Content-Type, Authorization, X-Requested-With\r\n",
                               s->cors);
    server->options = copy_options(options);
    server->config_options = copy_options(options);
    server->strangers = for_strangers();
    server->workers = calloc(server->worker_count, sizeof *server->workers);
    if (!server->shared || !server->options || !server->config_options || !server->strangers || !server->workers)
        return false;
    return tusk_options_flag(server->config_options, TUSK_FLAG_HIDE_SECRETS, true) == TUSK_OK;
}

/* ---- sockets ---- */

bool tsk_is_loopback(const struct sockaddr *a) {
    if (a->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr) >> 24 == 127;
    return a->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

static uint16_t *port_of(tsk_peer *address) {
    if (address->any.sa_family == AF_INET6) return &((struct sockaddr_in6 *)(void *)&address->storage)->sin6_port;
    return &((struct sockaddr_in *)(void *)&address->storage)->sin_port;
}

/* One socket that listens; -1: errno says why. */
static int listen_at(const tsk_peer *address, socklen_t len) {
    int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1, error;
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* connections inherit it */
    if (!bind(fd, &address->any, len) && !listen(fd, BACKLOG)) return fd;
    error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* SO_REUSEPORT would let two servers of one user share a port without a word: asked without it first. */
static bool is_free(const tsk_peer *address, socklen_t len) {
    int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0) return true;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bool taken = bind(fd, &address->any, len) && errno == EADDRINUSE;
    close(fd);
    return !taken;
}

static tusk_status listen_everywhere(tusk_server *server, char **problem) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICHOST},
                    *found = NULL;
    tsk_peer address = {0};
    const char *host = server->host;
    if (!strcmp(host, "localhost")) host = "127.0.0.1";
    if (getaddrinfo(host, NULL, &hints, &found) || !found) {
        *problem = formatted("%s is not an address, such as 127.0.0.1, 0.0.0.0 or ::1", server->host);
        return TUSK_USAGE;
    }
    socklen_t len = found->ai_addrlen;
    memcpy(&address.storage, found->ai_addr, len);
    freeaddrinfo(found);
    server->loopback = tsk_is_loopback(&address.any);
    *port_of(&address) = htons(server->settings.port);
    bool taken = server->settings.port && !is_free(&address, len);
    for (unsigned i = 0; i < server->worker_count && !taken; i++) {
        tsk_worker *w = &server->workers[i];
        w->listener = listen_at(&address, len);
        if (w->listener < 0) break;
        if (!i) getsockname(w->listener, &address.any, &len);
    }
    server->port = ntohs(*port_of(&address));
    if (!taken && server->workers[server->worker_count - 1].listener >= 0) return TUSK_OK;
    int error = taken ? EADDRINUSE : errno;
    if (asprintf(problem, "cannot listen at %s port %u: %s", server->host, server->settings.port, strerror(error)) < 0)
        *problem = NULL;
    return error == EACCES ? TUSK_DENIED : TUSK_CONNECTION;
}

static bool make_workers(tusk_server *server) {
    for (unsigned i = 0; i < server->worker_count; i++) {
        tsk_worker *w = &server->workers[i];
        w->epoll = epoll_create1(EPOLL_CLOEXEC);
        w->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        w->input = malloc(TSK_SERVE_INPUT);
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = w};
        if (w->epoll < 0 || w->wake < 0 || !w->input || epoll_ctl(w->epoll, EPOLL_CTL_ADD, w->wake, &e)) return false;
    }
    server->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return server->wake >= 0;
}

/* ---- life ---- */

static tusk_status open_server(tusk_server *server, char **problem) {
    struct stat st;
    if (stat(server->place, &st)) {
        tusk_status status = errno == EACCES ? TUSK_DENIED : TUSK_NOT_FOUND;
        *problem = formatted(status == TUSK_DENIED ? "%s may not be read" : "%s does not exist", server->place);
        return status;
    }
    if (!make_workers(server)) return TUSK_NO_MEMORY;
    server->site = tsk_site_make(server, NULL, false);
    if (!server->site) return TUSK_NO_MEMORY;
    const tsk_rule *only = server->site->every;
    if (only && only->error) return TUSK_INVALID;
    if (only && !only->api) {
        *problem = formatted("%s has no line #!api at its beginning: it answers no requests", server->place);
        return TUSK_INVALID;
    }
    return server->settings.offline ? TUSK_OK : listen_everywhere(server, problem);
}

tusk_status tusk_server_new(const tusk_options *options, const tusk_server_settings *settings, tusk_server **out,
                            char **problem) {
    char *ignored = NULL;
    if (!problem) problem = &ignored;
    *problem = NULL;
    if (!settings || !out) return TUSK_USAGE;
    tusk_server *server = *out = calloc(1, sizeof *server);
    if (!server) return TUSK_NO_MEMORY;
    pthread_mutex_init(&server->lock, NULL);
    pthread_mutex_init(&server->log_lock, NULL);
    server->wake = -1;
    tsk_watch_init(&server->watch);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    server->started = now.tv_sec;
    tusk_status status = TUSK_NO_MEMORY;
    bool taken = take_settings(server, options, settings);
    for (unsigned i = 0; server->workers && i < server->worker_count; i++) {
        server->workers[i].server = server;
        server->workers[i].number = i;
        server->workers[i].epoll = server->workers[i].listener = server->workers[i].wake = -1;
    }
    if (taken) status = open_server(server, problem);
    if (status) {
        tusk_server_free(server);
        *out = NULL;
    }
    free(ignored);
    return status;
}

uint16_t tusk_server_port(const tusk_server *server) {
    return server ? server->port : 0;
}

size_t tusk_server_rules(const tusk_server *server) {
    if (!server) return 0;
    pthread_mutex_lock((pthread_mutex_t *)(uintptr_t)&server->lock);
    size_t rules = server->site ? server->site->served : 0;
    pthread_mutex_unlock((pthread_mutex_t *)(uintptr_t)&server->lock);
    return rules;
}

unsigned tusk_server_workers(const tusk_server *server) {
    return server ? server->worker_count : 0;
}

tusk_status tusk_server_start(tusk_server *server) {
    if (!server || server->watching || server->settings.offline) return TUSK_USAGE;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    server->watching = !pthread_create(&server->watcher, NULL, watch, server);
    bool ok = server->watching;
    for (unsigned i = 0; i < server->worker_count && ok; i++) {
        tsk_worker *w = &server->workers[i];
        if (!w->site) w->site = tsk_server_site(server, &w->generation);
        ok = w->started = !pthread_create(&w->thread, NULL, tsk_worker_main, w);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!ok) tusk_server_stop(server, 0);
    return ok ? TUSK_OK : TUSK_NO_MEMORY;
}

tusk_status tusk_server_try(tusk_server *server, const char *request, size_t len,
                            void (*sink)(void *user, const char *ptr, size_t len), void *user) {
    if (!server || server->watching || !request || !sink) return TUSK_USAGE;
    char *copy = malloc(len + 1);
    if (!copy) return TUSK_NO_MEMORY;
    memcpy(copy, request, len);
    tsk_output out = {0};
    tusk_status status = tsk_worker_try(&server->workers[0], copy, len, &out);
    if (out.failed) status = TUSK_NO_MEMORY;
    if (!status) sink(user, out.ptr, out.len);
    free(out.ptr);
    free(copy);
    return status;
}

static void wake_watcher(tusk_server *server) {
    uint64_t one = 1;
    if (write(server->wake, &one, sizeof one) < 0) return;
}

void tusk_server_reload(tusk_server *server) {
    if (!server) return;
    atomic_store_explicit(&server->again, true, memory_order_release);
    wake_watcher(server);
}

static bool all_joined(tusk_server *server, const struct timespec *until) {
    for (unsigned i = 0; i < server->worker_count; i++) {
        tsk_worker *w = &server->workers[i];
        if (w->started && !pthread_timedjoin_np(w->thread, NULL, until)) w->started = false;
        if (w->started) return false;
    }
    return true;
}

void tusk_server_stop(tusk_server *server, unsigned milliseconds) {
    if (!server) return;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    atomic_store_explicit(&server->stop, 1, memory_order_release);
    wake_watcher(server);
    for (unsigned i = 0; i < server->worker_count; i++) tsk_worker_wake(&server->workers[i]);
    while (!all_joined(server, &until)) { /* whatever runs is cut off, until nothing runs */
        struct timespec soon;
        atomic_store(&server->stop, 2);
        pthread_mutex_lock(&server->lock);
        for (unsigned i = 0; i < server->worker_count; i++)
            tusk_context_cancel(atomic_load(&server->workers[i].running));
        pthread_mutex_unlock(&server->lock);
        for (unsigned i = 0; i < server->worker_count; i++) tsk_worker_wake(&server->workers[i]);
        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_nsec += 20000000;
        if (soon.tv_nsec >= 1000000000) soon.tv_sec++, soon.tv_nsec -= 1000000000;
        until = soon;
    }
    if (server->watching) pthread_join(server->watcher, NULL);
    server->watching = false;
}

static void close_fd(int fd) {
    if (fd >= 0) close(fd);
}

void tusk_server_free(tusk_server *server) {
    if (!server) return;
    if (server->watching) tusk_server_stop(server, 0);
    for (unsigned i = 0; server->workers && i < server->worker_count; i++) {
        tsk_worker *w = &server->workers[i];
        close_fd(w->epoll);
        close_fd(w->listener);
        close_fd(w->wake);
        free(w->input);
        free(w->output.ptr);
        free(w->body.ptr);
        tsk_site_release(w->site);
    }
    tsk_site_release(server->site);
    free(server->workers);
    tsk_watch_close(&server->watch);
    close_fd(server->wake);
    tusk_options_free(server->options);
    tusk_options_free(server->config_options);
    tusk_options_free(server->strangers);
    free(server->place);
    free(server->directory);
    free(server->host);
    free(server->shared);
    pthread_mutex_destroy(&server->lock);
    pthread_mutex_destroy(&server->log_lock);
    free(server);
}
