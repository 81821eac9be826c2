/* The server of `#!api` files.
 *
 *              ┌─ watcher: inotify, reload ─► site.c: files ─► rules (program, snapshot) ─► table of paths
 *   server.c ──┤                                                  │ one pointer, taken over between two requests
 *              └─ workers: worker.c: epoll ─► http.c ─► answer.c ─┴► context of the worker ─► bytes
 *                                                        └► builtin.c: /api/status, /api/parse, /api/config
 *
 * Invariants
 *  - A site and its rules are immutable once workers see them, but for the contexts of a rule, of which each worker
 *    has one, and the counters.  Both are counted; what workers still use outlives its successor.
 *  - A worker never waits but in epoll: whatever a client does not send or take costs a place in a list.
 *  - A connection that is idle holds no buffer. */
#ifndef TSK_SERVE_H
#define TSK_SERVE_H

#include "runtime/base/mem.h"
#include "runtime/base/value.h"
#include "runtime/serve/http.h"
#include "runtime/serve/watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <tusk/tusk.h>

#define TSK_SERVE_HEAD ((size_t)16 << 10) /* bytes of a request's head */

/* ---- site.c: rules and where they are ---- */

typedef enum tsk_method {
    TSK_GET = 1,
    TSK_HEAD = 2,
    TSK_POST = 4,
    TSK_PUT = 8,
    TSK_DELETE = 16,
    TSK_PATCH = 32,
    TSK_OPTIONS = 64
} tsk_method;

/* One version of a file. */
typedef struct tsk_rule {
    _Atomic uint32_t references;
    char *file;
    const char *shown; /* below the place that is served */
    bool api;
    tusk_program *program; /* NULL: no version of it was good */
    tusk_snapshot *snapshot;
    char *error;       /* of a newer version, which is not served; NULL: this is the newest */
    tsk_stamps stamps; /* of the newest version */
    uint32_t inputs;   /* of the snapshot, that have a stamp */
    unsigned methods;  /* tsk_method; 0: all */
    char *allow;       /* the same as text */
    char *headers;     /* further ones of its answers, as they are sent */
    char *route;       /* of #!route */
    char *failure;     /* of the last evaluation that failed; under the server's lock */
    unsigned workers;
    tusk_context *contexts[]; /* by worker */
} tsk_rule;

typedef struct tsk_route {
    const char *path;
    uint32_t len, rule; /* number + 1; 0: free */
} tsk_route;

typedef struct tsk_site {
    _Atomic uint32_t references;
    tsk_rule **rules;
    uint32_t count, cap, served; /* with #!api */
    tsk_route *routes;           /* a hash table */
    uint32_t mask;
    tsk_arena arena; /* of routes */
    tsk_rule *every; /* answers what nobody else does: the only file */
} tsk_site;

struct tusk_server;
/* Reads all files, or with a site from before those that have changed, or all with `again`.  NULL: no memory. */
tsk_site *tsk_site_make(struct tusk_server *server, const tsk_site *before, bool again);
/* NULL: no such path. */
tsk_rule *tsk_site_find(const tsk_site *site, const char *path, uint32_t len);
void tsk_site_release(tsk_site *site);
tsk_method tsk_method_of(tsk_slice name); /* 0: another one */

/* ---- answer.c: from a request to bytes ---- */

/* Grows by malloc. */
typedef struct tsk_output {
    char *ptr;
    size_t len, cap;
    bool failed; /* no memory: what is here is not whole */
} tsk_output;

bool tsk_output_room(tsk_output *out, size_t more);
TSK_INLINE void tsk_output_add(tsk_output *out, const char *ptr, size_t len) {
    if (TSK_UNLIKELY(out->cap - out->len < len) && !tsk_output_room(out, len)) return;
    memcpy(out->ptr + out->len, ptr, len);
    out->len += len;
}
TSK_INLINE void tsk_output_text(tsk_output *out, const char *text) {
    tsk_output_add(out, text, strlen(text));
}
void tsk_output_sink(void *out, const char *ptr, size_t len); /* for tusk_write */
void tsk_output_json(tsk_output *out, const char *ptr, size_t len);
__attribute__((format(printf, 2, 3))) void tsk_output_printf(tsk_output *out, const char *fmt, ...);

typedef struct tsk_peer {
    union {
        struct sockaddr any;
        struct sockaddr_storage storage;
    };
} tsk_peer;

/* One request on its way through a worker. */
typedef struct tsk_exchange {
    struct tsk_worker *worker;
    const tsk_http_request *http;
    tsk_method method;
    tsk_slice body;
    const tsk_peer *peer;
    tsk_slice path; /* decoded */
    tsk_rule *rule; /* that answers; NULL: none */
    bool close;     /* the connection ends with this answer */
} tsk_exchange;

/* The head and body of an answer.  type NULL: none; headers NULL: none further, else whole lines. */
typedef struct tsk_reply {
    int status;
    const char *type, *headers;
    tsk_slice location;
    bool shared; /* other origins may read it */
    const char *body;
    size_t len;
} tsk_reply;

void tsk_answer_request(tsk_exchange *x, tsk_output *out);
void tsk_reply_write(const tsk_exchange *x, const tsk_reply *reply, tsk_output *out);
/* {"error": true, ...}; the message NULL: that of the status. */
void tsk_reply_error(const tsk_exchange *x, int status, const char *message, const char *headers, tsk_output *out);
const char *tsk_status_text(int status);

/* ---- request.c: the value of @request ---- */

struct tsk_web;
tsk_value tsk_request_value(const tsk_exchange *x, tsk_arena *heap, uint32_t max_depth);

/* ---- builtin.c ---- */

/* False: it is not the path of one of them. */
bool tsk_builtin_answer(const tsk_exchange *x, tsk_output *out);

/* ---- worker.c ---- */

typedef struct tsk_connection tsk_connection;
typedef struct tsk_queue {
    tsk_connection *first, *last;
} tsk_queue;

enum { TSK_WAIT_IDLE, TSK_WAIT_HEAD, TSK_WAIT_BODY, TSK_WAIT_WRITE, TSK_WAIT_LINGER, TSK_WAITS };

typedef struct tsk_worker {
    struct tusk_server *server;
    unsigned number;
    pthread_t thread;
    bool started;
    int epoll, listener, wake;
    bool deaf; /* the listener is not in the epoll */
    tsk_site *site;
    uint64_t generation; /* of the site */
    tsk_queue waits[TSK_WAITS];
    uint32_t connections;
    int64_t now; /* milliseconds of the monotonic clock */
    int64_t date_of;
    char date[40]; /* "Date: ...\r\n" */
    uint32_t date_len;
    bool stopping;
    char *input; /* TSK_SERVE_INPUT bytes */
    tsk_output output, body;
    tsk_http_request http;
    _Atomic(tusk_context *) running;
    _Atomic uint64_t requests, failures;
} tsk_worker;

#define TSK_SERVE_INPUT ((size_t)64 << 10)

void *tsk_worker_main(void *worker);
/* One request, which is changed, without a connection. */
tusk_status tsk_worker_try(tsk_worker *worker, char *request, size_t len, tsk_output *out);
/* Around an evaluation, so that it can be cancelled while it runs and never after. */
void tsk_worker_runs(tsk_worker *worker, tusk_context *context);
void tsk_worker_ran(tsk_worker *worker);
void tsk_worker_wake(tsk_worker *worker);

/* ---- server.c ---- */

struct tusk_server {
    tusk_options *options, *config_options, *strangers; /* of files, of /api/config, of text that a client sends */
    tusk_server_settings settings;
    char *place, *directory, *host;
    char *shared; /* headers for browsers of other origins */
    bool single;
    bool loopback;
    uint16_t port;
    int64_t started;
    unsigned worker_count;
    tsk_worker *workers;
    pthread_t watcher;
    bool watching;
    int wake; /* of the watcher */
    tsk_watch watch;
    _Atomic uint32_t stop; /* 1: gracefully; 2: now */
    _Atomic bool again;
    _Atomic int64_t connections, buffered;
    pthread_mutex_t lock, log_lock;
    tsk_site *site; /* under the lock */
    _Atomic uint64_t generation;
};

bool tsk_is_loopback(const struct sockaddr *address);
/* A site that the caller releases. */
tsk_site *tsk_server_site(struct tusk_server *server, uint64_t *generation);
__attribute__((format(printf, 3, 4))) void tsk_server_log(struct tusk_server *server, tusk_log kind, const char *fmt,
                                                          ...);

#endif
