/* What the server answers by itself, where no file has the path.
 *
 *   GET  /            a page that names the rules; only to this machine
 *   GET  /api/status  {status, port, uptime, timestamp, ...}
 *   POST /api/parse   {content} ─► {success, result}: evaluated without any grant
 *   GET  /api/config  {success, config}: the peanut files of the place, secrets hidden
 *
 * Other origins may read the status only: the rest is not for pages that happen to be open in a browser.  Other machines are
 * refused /api/parse, which computes what it is sent, and /api/config. */
#include "runtime/serve/serve.h"

#include "runtime/base/utf8.h"
#include "runtime/formats/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

static tsk_output *fresh_body(const tsk_exchange *x) {
    tsk_output *body = &x->worker->body;
    body->len = 0;
    body->failed = false;
    return body;
}

static void send_json(const tsk_exchange *x, int status, bool shared, tsk_output *out) {
    const tsk_output *body = &x->worker->body;
    if (body->failed) {
        tsk_reply_error(x, 503, NULL, NULL, out);
        return;
    }
    tsk_reply reply = {
        .status = status, .type = "application/json", .shared = shared, .body = body->ptr, .len = body->len};
    tsk_reply_write(x, &reply, out);
}

static void add_text(tsk_output *body, const char *text) {
    tsk_output_json(body, text, strlen(text));
}

/* ---- /api/status ---- */

/* Rules whose newest version is not served, or whose last failure is known; under the lock. */
static void add_problems(const tsk_exchange *x, tsk_output *body) {
    const tsk_site *site = x->worker->site;
    tusk_server *server = x->worker->server;
    const char *separator = "";
    pthread_mutex_lock(&server->lock);
    for (uint32_t i = 0; i < site->count; i++) {
        const tsk_rule *rule = site->rules[i];
        if (!rule->error && !rule->failure) continue;
        tsk_output_printf(body, "%s{\"file\":", separator);
        add_text(body, rule->shown);
        if (rule->error) {
            tsk_output_printf(body,
                              ",\"serving\":\"%s\",\"error\":", rule->program ? "the last good version" : "nothing");
            add_text(body, server->settings.hide_errors ? "the file has errors" : rule->error);
        }
        if (rule->failure) {
            tsk_output_text(body, ",\"failure\":");
            add_text(body, server->settings.hide_errors ? "an evaluation has failed" : rule->failure);
        }
        tsk_output_text(body, "}");
        separator = ",";
    }
    pthread_mutex_unlock(&server->lock);
}

static void answer_status(const tsk_exchange *x, tsk_output *out) {
    tusk_server *server = x->worker->server;
    tsk_output *body = fresh_body(x);
    uint64_t requests = 0, failures = 0;
    for (unsigned i = 0; i < server->worker_count; i++) {
        requests += atomic_load_explicit(&server->workers[i].requests, memory_order_relaxed);
        failures += atomic_load_explicit(&server->workers[i].failures, memory_order_relaxed);
    }
    tsk_output_printf(body, "{\"status\":\"%s\",\"port\":%u,\"uptime\":%lld,\"timestamp\":%lld,\"version\":\"%s\"",
                      x->worker->stopping ? "stopping" : "running", server->port,
                      (long long)(seconds_now() - server->started), (long long)time(NULL), tusk_version());
    tsk_output_printf(body, ",\"rules\":%u,\"workers\":%u,\"connections\":%lld,\"requests\":%llu,\"failures\":%llu",
                      x->worker->site->served, server->worker_count,
                      (long long)atomic_load_explicit(&server->connections, memory_order_relaxed),
                      (unsigned long long)requests, (unsigned long long)failures);
    tsk_output_text(body, ",\"problems\":[");
    add_problems(x, body);
    tsk_output_text(body, "]}");
    send_json(x, 200, true, out);
}

/* ---- /api/parse and /api/config ---- */

static void send_failure(const tsk_exchange *x, int status, const char *text, tsk_output *out) {
    tsk_output *body = fresh_body(x);
    size_t len = strlen(text);
    while (len && text[len - 1] == '\n') len--;
    tsk_output_text(body, "{\"success\":false,\"error\":");
    tsk_output_json(body, text, len);
    tsk_output_text(body, "}");
    send_json(x, status, false, out);
}

/* The whole document of a program that was opened; takes the program. */
static void send_document(const tsk_exchange *x, const tusk_options *options, tusk_program *program, tusk_status status,
                          const char *member, int failed, tsk_output *out) {
    tusk_snapshot *snapshot = NULL;
    tusk_context *context = NULL;
    tusk_value v;
    char *report = NULL;
    if (status) report = tusk_program_report(program, TUSK_REPORT_TEXT);
    if (!status) status = tusk_snapshot_new(program, options, &snapshot);
    if (!status) status = tusk_context_new(snapshot, &context);
    if (!status) {
        tsk_output *body = fresh_body(x);
        tsk_worker_runs(x->worker, context);
        tsk_output_printf(body, "{\"success\":true,\"%s\":", member);
        status = tusk_evaluate(context, true);
        if (!status) status = tusk_get(context, "", &v);
        if (!status) status = tusk_write(context, v, TUSK_FORMAT_JSON, 0, tsk_output_sink, body);
        tsk_output_text(body, "}");
        tsk_worker_ran(x->worker);
        if (status) report = tusk_context_report(context, TUSK_REPORT_TEXT);
    }
    if (!status)
        send_json(x, 200, false, out);
    else
        send_failure(x, failed, report && *report ? report : "there is no memory", out);
    tusk_text_free(report);
    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
}

/* The text in {"content": "..."}; in the arena. */
static bool read_content(const tsk_exchange *x, tsk_arena *arena, tsk_slice *content) {
    tsk_failure failure;
    tsk_value v;
    if (!x->body.len || tsk_utf8_valid_prefix(x->body.ptr, x->body.len) != x->body.len) return false;
    if (!tsk_json_parse(arena, x->body.ptr, x->body.len, 100, &v, &failure) || !tsk_is_object(v)) return false;
    const tsk_entry *e = tsk_object_find(tsk_as_object(v), "content", 7);
    if (!e || !tsk_is_str(e->value)) return false;
    *content = tsk_as_slice(e->value);
    return true;
}

static void answer_parse(const tsk_exchange *x, tsk_output *out) {
    const tusk_options *options = x->worker->server->strangers;
    tsk_arena arena;
    tsk_trap trap;
    tsk_slice content;
    tsk_arena_init(&arena, &tsk_allocator_default, (size_t)64 << 20);
    if (setjmp(trap.jump)) {
        tsk_arena_free(&arena);
        send_failure(x, 503, "there is no memory", out);
        return;
    }
    arena.trap = &trap;
    if (!read_content(x, &arena, &content)) {
        send_failure(x, 400, "the body must be a JSON object with the text in \"content\"", out);
    } else {
        tusk_program *program = NULL;
        tusk_status status = tusk_program_parse(options, "content.tsk", content.ptr, content.len, &program);
        send_document(x, options, program, status, "result", 400, out);
    }
    tsk_arena_free(&arena);
}

static void answer_config(const tsk_exchange *x, tsk_output *out) {
    tusk_server *server = x->worker->server;
    tusk_program *program = NULL;
    tusk_status status = tusk_program_open_hierarchy(server->config_options, server->directory, &program);
    send_document(x, server->config_options, program, status, "config", status == TUSK_NOT_FOUND ? 404 : 500, out);
}

/* ---- / ---- */

static void add_html(tsk_output *body, const char *text) {
    for (; *text; text++) {
        switch (*text) {
        case '<': tsk_output_text(body, "&lt;"); break;
        case '&': tsk_output_text(body, "&amp;"); break;
        case '"': tsk_output_text(body, "&quot;"); break;
        default: tsk_output_add(body, text, 1);
        }
    }
}

static void answer_page(const tsk_exchange *x, tsk_output *out) {
    const tsk_site *site = x->worker->site;
    tsk_output *body = fresh_body(x);
    tsk_output_text(body,
                    "<!doctype html>\n<meta charset=\"utf-8\">\n<title>tsk serve</title>\n<h1>tsk serve</h1>\n<ul>\n"
                    "<li><a href=\"/api/status\">/api/status</a>\n");
    for (uint32_t i = 0; i < site->count && x->worker->server->loopback; i++) {
        const tsk_rule *rule = site->rules[i];
        if (!rule->api) continue;
        char path[512];
        snprintf(path, sizeof path, "/%.*s", (int)(strlen(rule->shown) - 4), rule->shown);
        tsk_output_text(body, "<li><a href=\"");
        add_html(body, path);
        tsk_output_text(body, "\">");
        add_html(body, path);
        tsk_output_text(body, rule->error ? "</a>: the file has errors, see the status\n" : "</a>\n");
    }
    tsk_output_text(body, "</ul>\n");
    tsk_reply reply = {.status = 200, .type = "text/html; charset=utf-8", .body = body->ptr, .len = body->len};
    tsk_reply_write(x, &reply, out);
}

/* ---- all of them ---- */

static const struct {
    const char *path;
    unsigned methods;
    const char *allow;
    void (*answer)(const tsk_exchange *x, tsk_output *out);
    bool local; /* only for clients of this machine */
} builtins[] = {
    {"/", TSK_GET | TSK_HEAD, "Allow: GET, HEAD, OPTIONS\r\n", answer_page, false},
    {"/api/status", TSK_GET | TSK_HEAD, "Allow: GET, HEAD, OPTIONS\r\n", answer_status, false},
    {"/api/parse", TSK_POST, "Allow: POST, OPTIONS\r\n", answer_parse, true},
    {"/api/config", TSK_GET | TSK_HEAD, "Allow: GET, HEAD, OPTIONS\r\n", answer_config, true},
};

bool tsk_builtin_answer(const tsk_exchange *x, tsk_output *out) {
    for (size_t i = 0; i < TSK_COUNT(builtins); i++) {
        if (!tsk_slice_eq(x->path, tsk_slice_cstr(builtins[i].path))) continue;
        if (i == 0 && x->worker->site->every) return false;
        if (x->method == TSK_OPTIONS) {
            tsk_reply reply = {
                .status = 200, .headers = builtins[i].allow, .shared = builtins[i].answer == answer_status};
            tsk_reply_write(x, &reply, out);
        } else if (builtins[i].local && x->peer->any.sa_family != AF_UNSPEC && !tsk_is_loopback(&x->peer->any)) {
            tsk_reply_error(x, 403, "only for this machine", NULL, out);
        } else if (!(builtins[i].methods & x->method)) {
            tsk_reply_error(x, 405, NULL, builtins[i].allow, out);
        } else {
            builtins[i].answer(x, out);
        }
        return true;
    }
    return false;
}
