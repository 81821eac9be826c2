/* One thread with an epoll of its own: connections from accept to close.
 *
 *   readable ─► worker's buffer (or, when something waits already, the connection's) ─► requests ─► answers in worker->output
 *            ─► one send; what the client does not take waits in the connection, and nothing is read meanwhile
 *
 *   waits: idle ─► head ─► body ─► (write) ─► idle        lists in order of their deadlines, one for each reason
 *                                    └─► linger: the answer was the last one; what still comes is thrown away
 *
 * A head or a body has a deadline from its first byte on, which progress does not move. */
#include "runtime/serve/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    EVENTS = 128,
    ACCEPTS = 64,             /* taken at once */
    MOST_PENDING = 256 << 10, /* bytes of answers before reading stops */
    KEPT_OUTPUT = 1 << 20,    /* bytes of the worker's buffers that stay */
    DEAF_MS = 100,            /* without descriptors nobody is accepted for this long */
    LINGER_MS = 2000,
    MOST_BUFFERED = 256 << 20 /* bytes that all connections together wait with */
};

struct tsk_connection {
    tsk_connection *prev, *next;
    int64_t deadline;
    int fd;
    uint8_t wait;      /* TSK_WAIT_* */
    bool reading;      /* is in the epoll for input rather than for output */
    bool last;         /* closes when the answers are sent */
    bool end_of_input; /* the client will send no more */
    bool continued;    /* 100 Continue was sent */
    bool in_body;
    char *in; /* what could not be used yet */
    size_t in_len, in_cap;
    size_t scanned;  /* of a partial head */
    size_t head_len; /* in_body: of the head before it */
    uint64_t length; /* of a body without chunks */
    bool chunked;
    tsk_http_chunks chunks;
    char *out; /* what could not be sent yet */
    size_t out_len, out_at;
    tsk_peer peer;
};

/* ---- time ---- */

static int64_t clock_ms(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void look_at_clock(tsk_worker *w) {
    w->now = clock_ms(CLOCK_MONOTONIC_COARSE);
    int64_t second = clock_ms(CLOCK_REALTIME_COARSE) / 1000;
    if (second == w->date_of) return;
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct tm t;
    time_t seconds = (time_t)second;
    gmtime_r(&seconds, &t);
    w->date_of = second;
    int n = snprintf(w->date, sizeof w->date, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n", days + t.tm_wday * 3,
                     t.tm_mday, months + t.tm_mon * 3, t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
    w->date_len = n > 0 && (size_t)n < sizeof w->date ? (uint32_t)n : 0;
}

/* ---- waits ---- */

static int64_t patience(const tsk_worker *w, int wait) {
    const tusk_server_settings *s = &w->server->settings;
    switch (wait) {
    case TSK_WAIT_IDLE: return s->idle_ms;
    case TSK_WAIT_HEAD: return s->request_ms;
    case TSK_WAIT_LINGER: return LINGER_MS;
    default: return (int64_t)s->request_ms * 3;
    }
}

static void leave_queue(tsk_worker *w, tsk_connection *c) {
    tsk_queue *q = &w->waits[c->wait];
    *(c->prev ? &c->prev->next : &q->first) = c->next;
    *(c->next ? &c->next->prev : &q->last) = c->prev;
}

static void enter_queue(tsk_worker *w, tsk_connection *c, uint8_t wait) {
    tsk_queue *q = &w->waits[wait];
    c->wait = wait;
    c->deadline = w->now + patience(w, wait);
    c->prev = q->last;
    c->next = NULL;
    *(q->last ? &q->last->next : &q->first) = c;
    q->last = c;
}

static void wait_for(tsk_worker *w, tsk_connection *c, uint8_t wait) {
    if (c->wait == wait && (wait == TSK_WAIT_HEAD || wait == TSK_WAIT_BODY || wait == TSK_WAIT_LINGER)) return;
    leave_queue(w, c);
    enter_queue(w, c, wait);
}

/* What clients have sent by halves, and what they have not taken, is bounded for all of them together. */
static bool take_room(tsk_worker *w, size_t bytes) {
    int64_t before = atomic_fetch_add_explicit(&w->server->buffered, (int64_t)bytes, memory_order_relaxed);
    if (before + (int64_t)bytes <= MOST_BUFFERED) return true;
    atomic_fetch_sub_explicit(&w->server->buffered, (int64_t)bytes, memory_order_relaxed);
    return false;
}

static void give_room(tsk_worker *w, size_t bytes) {
    if (bytes) atomic_fetch_sub_explicit(&w->server->buffered, (int64_t)bytes, memory_order_relaxed);
}

static void close_connection(tsk_worker *w, tsk_connection *c) {
    give_room(w, c->in_cap + c->out_len);
    leave_queue(w, c);
    close(c->fd);
    free(c->in);
    free(c->out);
    free(c);
    w->connections--;
    atomic_fetch_sub_explicit(&w->server->connections, 1, memory_order_relaxed);
}

/* ---- sending ---- */

static void listen_for(tsk_worker *w, tsk_connection *c, bool input) {
    if (c->reading == input) return;
    struct epoll_event e = {.events = input ? EPOLLIN : EPOLLOUT, .data.ptr = c};
    epoll_ctl(w->epoll, EPOLL_CTL_MOD, c->fd, &e);
    c->reading = input;
}

/* The bytes that were taken; -1: the connection is broken. */
static ssize_t send_some(int fd, const char *ptr, size_t len) {
    size_t sent = 0;
    while (sent < len) {
        ssize_t n = send(fd, ptr + sent, len - sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? (ssize_t)sent : -1;
        sent += (size_t)n;
    }
    return (ssize_t)sent;
}

/* Sends what is in the worker's output; the rest is kept.  False: the connection is gone. */
static bool send_output(tsk_worker *w, tsk_connection *c) {
    tsk_output *out = &w->output;
    ssize_t n = out->failed ? -1 : send_some(c->fd, out->ptr, out->len);
    if (n < 0) {
        close_connection(w, c);
        return false;
    }
    size_t rest = out->len - (size_t)n;
    if (!rest) return true;
    bool room = take_room(w, rest);
    c->out = room ? malloc(rest) : NULL;
    if (!c->out) {
        give_room(w, room ? rest : 0);
        close_connection(w, c);
        return false;
    }
    memcpy(c->out, out->ptr + n, rest);
    c->out_len = rest;
    c->out_at = 0;
    return true;
}

static void forget_output(tsk_worker *w) {
    tsk_output *all[] = {&w->output, &w->body};
    for (size_t i = 0; i < TSK_COUNT(all); i++) {
        all[i]->len = 0;
        all[i]->failed = false;
        if (all[i]->cap <= KEPT_OUTPUT) continue;
        free(all[i]->ptr);
        *all[i] = (tsk_output){0};
    }
}

/* ---- requests ---- */

typedef struct input {
    char *at;
    size_t len;
} input;

static void answer(tsk_worker *w, tsk_connection *c, tsk_slice body) {
    tsk_exchange x = {.worker = w, .http = &w->http, .body = body, .peer = &c->peer};
    x.close = !w->http.keep_alive || atomic_load_explicit(&w->server->stop, memory_order_relaxed);
    c->last = x.close;
    size_t begun = w->output.len;
    tsk_answer_request(&x, &w->output);
    if (w->server->settings.log_requests)
        tsk_server_log(w->server, TUSK_LOG_REQUEST, "%.*s %.*s %.3s", (int)w->http.method.len, w->http.method.ptr,
                       (int)w->http.target.len, w->http.target.ptr,
                       w->output.len > begun + 12 ? w->output.ptr + begun + 9 : "-");
}

static void refuse(tsk_worker *w, tsk_connection *c) {
    tsk_exchange x = {.worker = w, .close = true, .peer = &c->peer};
    c->last = true;
    tsk_reply_error(&x, w->http.status, w->http.problem, NULL, &w->output);
}

typedef enum outcome { MORE, DONE, REFUSED } outcome;

/* The body of the request whose head is read; a chunked one is moved together where it stands. */
static outcome take_body(tsk_worker *w, tsk_connection *c, input *in, tsk_slice *body) {
    uint64_t most = w->server->settings.max_body;
    char *start = in->at + c->head_len;
    size_t have = in->len - c->head_len, used;
    if (c->chunked) {
        tsk_http_result r = tsk_http_read_chunks(&c->chunks, &w->http, start, have, most);
        if (r != TSK_HTTP_COMPLETE) return r == TSK_HTTP_BAD ? REFUSED : MORE;
        *body = (tsk_slice){start, (uint32_t)c->chunks.out};
        used = c->chunks.in;
    } else {
        if (have < c->length) return MORE;
        *body = (tsk_slice){start, (uint32_t)c->length};
        used = (size_t)c->length;
    }
    in->at = start + used;
    in->len = have - used;
    return DONE;
}

static bool begin_body(tsk_worker *w, tsk_connection *c, size_t head_len) {
    const tsk_http_request *r = &w->http;
    if (r->length > w->server->settings.max_body) {
        w->http.status = 413;
        w->http.problem = "the body is too long";
        return false;
    }
    c->in_body = true;
    c->head_len = head_len;
    c->length = r->length;
    c->chunked = r->chunked;
    c->chunks = (tsk_http_chunks){0};
    c->continued = false;
    return true;
}

/* One request, if it is there as a whole. */
static outcome take_request(tsk_worker *w, tsk_connection *c, input *in) {
    size_t used, scanned = c->in_body ? 0 : c->scanned;
    char *head = in->at;
    bool resumed = c->in_body;
    if (!resumed) {
        tsk_http_result r = tsk_http_head(&w->http, head, in->len, TSK_SERVE_HEAD, &scanned, &used);
        c->scanned = scanned;
        if (r != TSK_HTTP_COMPLETE) return r == TSK_HTTP_BAD ? REFUSED : MORE;
        c->scanned = 0;
        if (!begin_body(w, c, used)) return REFUSED;
    }
    tsk_slice body;
    outcome o = take_body(w, c, in, &body);
    if (o == MORE && !resumed && w->http.expects_continue && !c->continued) {
        c->continued = true;
        tsk_output_text(&w->output, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    if (o != DONE) return o;
    /* The head that was read before other connections had their turn is read again. */
    if (resumed) tsk_http_head(&w->http, head, c->head_len, TSK_SERVE_HEAD, &scanned, &used);
    c->in_body = false;
    answer(w, c, body);
    return DONE;
}

/* Keeps what was not used.  False: no memory. */
static bool keep(tsk_worker *w, tsk_connection *c, input in) {
    if (!in.len) {
        give_room(w, c->in_cap);
        free(c->in);
        c->in = NULL;
        c->in_len = c->in_cap = 0;
        return true;
    }
    if (c->in) {
        memmove(c->in, in.at, in.len);
    } else {
        size_t cap = in.len + 1024;
        if (!take_room(w, cap)) return false;
        c->in_cap = cap;
        if (!(c->in = malloc(cap))) return false;
        memcpy(c->in, in.at, in.len);
    }
    c->in_len = in.len;
    return true;
}

/* Answers whatever is there, until the client does not take the answers.  False: the connection is gone. */
static bool process(tsk_worker *w, tsk_connection *c, input in) {
    outcome o = DONE;
    while (o == DONE && in.len && !c->last && !c->out) {
        while (in.len && !c->last && w->output.len < MOST_PENDING && (o = take_request(w, c, &in)) == DONE) continue;
        if (o == REFUSED) refuse(w, c);
        if (w->output.len && !send_output(w, c)) return false;
        forget_output(w);
    }
    if (c->last) in.len = 0;
    if (keep(w, c, in)) return true;
    close_connection(w, c);
    return false;
}

/* ---- what a connection waits for ---- */

static void settle(tsk_worker *w, tsk_connection *c) {
    if (c->out) {
        listen_for(w, c, false);
        wait_for(w, c, TSK_WAIT_WRITE);
        return;
    }
    if (c->last) {
        if (c->end_of_input || shutdown(c->fd, SHUT_WR)) {
            close_connection(w, c);
            return;
        }
        listen_for(w, c, true); /* closing with input unread would take the answer away again */
        wait_for(w, c, TSK_WAIT_LINGER);
        return;
    }
    if (c->end_of_input) {
        close_connection(w, c);
        return;
    }
    listen_for(w, c, true);
    if (w->stopping && !c->in_len)
        close_connection(w, c);
    else
        wait_for(w, c, c->in_body ? TSK_WAIT_BODY : c->in_len ? TSK_WAIT_HEAD : TSK_WAIT_IDLE);
}

/* Room behind what waits.  NULL: no memory. */
static char *room_behind(tsk_worker *w, tsk_connection *c, size_t *room) {
    if (c->in_cap - c->in_len < 1024) {
        size_t cap = c->in_cap * 2;
        if (cap > 4 * (TSK_SERVE_HEAD + w->server->settings.max_body) + ((size_t)64 << 10)) return NULL;
        if (!take_room(w, cap - c->in_cap)) return NULL;
        char *longer = realloc(c->in, cap);
        if (!longer) {
            give_room(w, cap - c->in_cap);
            return NULL;
        }
        c->in = longer;
        c->in_cap = cap;
    }
    *room = c->in_cap - c->in_len;
    return c->in + c->in_len;
}

static void read_input(tsk_worker *w, tsk_connection *c) {
    size_t room = TSK_SERVE_INPUT;
    char *to = c->in ? room_behind(w, c, &room) : w->input;
    ssize_t n = to ? recv(c->fd, to, room, 0) : -1;
    if (n < 0 && to && (errno == EAGAIN || errno == EINTR)) return;
    if (n < 0) {
        close_connection(w, c);
        return;
    }
    if (c->wait == TSK_WAIT_LINGER) {
        if (!n) close_connection(w, c);
        return;
    }
    c->end_of_input = n == 0;
    input in = {to, (size_t)n};
    if (c->in) in = (input){c->in, c->in_len += (size_t)n};
    if (!n || process(w, c, in)) settle(w, c);
}

static void write_output(tsk_worker *w, tsk_connection *c) {
    ssize_t n = send_some(c->fd, c->out + c->out_at, c->out_len - c->out_at);
    if (n < 0) {
        close_connection(w, c);
        return;
    }
    c->out_at += (size_t)n;
    if (c->out_at < c->out_len) {
        if (n) wait_for(w, c, TSK_WAIT_WRITE);
        return;
    }
    give_room(w, c->out_len);
    free(c->out);
    c->out = NULL;
    c->out_len = 0;
    /* Requests that came together with those that filled the pipe. */
    if (!c->in_len || process(w, c, (input){c->in, c->in_len})) settle(w, c);
}

/* ---- accepting ---- */

static void set_deaf(tsk_worker *w, bool deaf) {
    if (w->deaf == deaf || w->listener < 0) return;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(w->epoll, deaf ? EPOLL_CTL_DEL : EPOLL_CTL_ADD, w->listener, &e);
    w->deaf = deaf;
}

static void turn_away(int fd) {
    static const char busy[] = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    send_some(fd, busy, sizeof busy - 1);
    shutdown(fd, SHUT_WR);
    close(fd);
}

static void add_connection(tsk_worker *w, int fd, const tsk_peer *peer) {
    tusk_server *server = w->server;
    int64_t others = atomic_fetch_add_explicit(&server->connections, 1, memory_order_relaxed);
    tsk_connection *c = others < (int64_t)server->settings.max_connections ? calloc(1, sizeof *c) : NULL;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    if (!c || epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &e)) {
        free(c);
        atomic_fetch_sub_explicit(&server->connections, 1, memory_order_relaxed);
        turn_away(fd);
        return;
    }
    c->fd = fd;
    c->reading = true;
    c->peer = *peer;
    w->connections++;
    enter_queue(w, c, TSK_WAIT_IDLE);
}

static void accept_some(tsk_worker *w, int most) {
    for (int i = 0; i < most; i++) {
        tsk_peer peer;
        socklen_t len = sizeof peer.storage;
        int fd = accept4(w->listener, &peer.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            add_connection(w, fd, &peer);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            set_deaf(w, true);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

/* ---- the loop ---- */

/* Milliseconds until the first deadline; -1: there is none. */
static int time_to_wait(const tsk_worker *w) {
    int64_t first = w->deaf ? w->now + DEAF_MS : INT64_MAX;
    for (int i = 0; i < TSK_WAITS; i++)
        if (w->waits[i].first && w->waits[i].first->deadline < first) first = w->waits[i].first->deadline;
    if (first == INT64_MAX) return -1;
    int64_t ms = first - w->now + 5; /* the coarse clock may be behind */
    return ms < 0 ? 0 : ms > 60000 ? 60000 : (int)ms;
}

/* A client that was too slow is told so once, if it can be. */
static void give_up(tsk_worker *w, tsk_connection *c) {
    if ((c->wait == TSK_WAIT_HEAD && c->in_len) || c->wait == TSK_WAIT_BODY) {
        w->http.status = 408;
        w->http.problem = "the request did not come in time";
        refuse(w, c);
        send_some(c->fd, w->output.ptr, w->output.len);
        forget_output(w);
    }
    close_connection(w, c);
}

static void expire(tsk_worker *w) {
    for (int i = 0; i < TSK_WAITS; i++)
        while (w->waits[i].first && w->waits[i].first->deadline <= w->now) give_up(w, w->waits[i].first);
}

static void take_site(tsk_worker *w) {
    if (w->generation == atomic_load_explicit(&w->server->generation, memory_order_acquire)) return;
    tsk_site *old = w->site;
    w->site = tsk_server_site(w->server, &w->generation);
    tsk_site_release(old);
}

static void begin_to_stop(tsk_worker *w) {
    w->stopping = true;
    set_deaf(w, true);
    if (w->listener >= 0) accept_some(w, 1 << 16); /* who has connected before gets an answer */
    close(w->listener);
    w->listener = -1;
    w->deaf = false;
    for (tsk_connection *c = w->waits[TSK_WAIT_IDLE].first, *next; c; c = next) {
        char byte;
        next = c->next;
        if (recv(c->fd, &byte, 1, MSG_PEEK) > 0)
            read_input(w, c);
        else
            close_connection(w, c);
    }
}

static void close_all(tsk_worker *w) {
    for (int i = 0; i < TSK_WAITS; i++)
        while (w->waits[i].first) close_connection(w, w->waits[i].first);
}

static void handle(tsk_worker *w, const struct epoll_event *e) {
    uint64_t count;
    if (!e->data.ptr) {
        if (w->listener >= 0) accept_some(w, ACCEPTS);
    } else if (e->data.ptr == w) {
        if (read(w->wake, &count, sizeof count) < 0) return;
    } else {
        tsk_connection *c = e->data.ptr;
        if (c->reading)
            read_input(w, c);
        else
            write_output(w, c);
    }
}

void tsk_worker_wake(tsk_worker *w) {
    uint64_t one = 1;
    if (w->wake >= 0 && write(w->wake, &one, sizeof one) < 0) return; /* full: it is awake */
}

void tsk_worker_runs(tsk_worker *w, tusk_context *context) {
    atomic_store(&w->running, context);
}

/* Who stops the server holds the lock while it cancels. */
void tsk_worker_ran(tsk_worker *w) {
    atomic_store(&w->running, NULL);
    if (TSK_LIKELY(!atomic_load(&w->server->stop))) return;
    pthread_mutex_lock(&w->server->lock);
    pthread_mutex_unlock(&w->server->lock);
}

tusk_status tsk_worker_try(tsk_worker *w, char *request, size_t len, tsk_output *out) {
    tsk_peer nobody = {0};
    size_t scanned = 0, used;
    look_at_clock(w);
    if (!w->site) w->site = tsk_server_site(w->server, &w->generation);
    if (tsk_http_head(&w->http, request, len, TSK_SERVE_HEAD, &scanned, &used) != TSK_HTTP_COMPLETE ||
        w->http.chunked || w->http.length != len - used)
        return TUSK_USAGE;
    tsk_exchange x = {.worker = w, .http = &w->http, .body = {request + used, (uint32_t)(len - used)}, .peer = &nobody};
    tsk_answer_request(&x, out);
    return TUSK_OK;
}

void *tsk_worker_main(void *argument) {
    tsk_worker *w = argument;
    struct epoll_event events[EVENTS];
    look_at_clock(w);
    w->deaf = true;
    set_deaf(w, false);
    for (;;) {
        uint32_t stop = atomic_load_explicit(&w->server->stop, memory_order_acquire);
        take_site(w);
        if (stop && !w->stopping) begin_to_stop(w);
        if (stop > 1 || (stop && !w->connections)) break;
        int n = epoll_wait(w->epoll, events, EVENTS, time_to_wait(w));
        look_at_clock(w);
        /* A connection is closed only by its own event, so none of the events is of one that is gone. */
        for (int i = 0; i < n; i++) handle(w, &events[i]);
        if (w->deaf && !w->stopping) set_deaf(w, false);
        expire(w);
    }
    close_all(w);
    return NULL;
}
