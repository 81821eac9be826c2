/* From a request to the bytes of its answer.
 *
 *   path ─► rule ─► context of this worker, reset ─► tusk_response ─► value ─┬─ text: text/plain
 *                                                                            ├─ @render, @redirect, @json: as noted
 *                                                                            └─ else: JSON
 *
 * The first answer of a rule makes its context; from then on memory comes from what the context and the worker hold. */
#include "runtime/serve/serve.h"

#include "runtime/base/utf8.h"
#include "runtime/engine/engine.h"
#include "runtime/operators/web.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ---- output ---- */

bool tsk_output_room(tsk_output *out, size_t more) {
    if (out->cap - out->len >= more) return true;
    size_t cap = out->cap ? out->cap : 4096;
    while (cap - out->len < more && cap <= SIZE_MAX / 2) cap *= 2;
    char *longer = cap - out->len < more ? NULL : realloc(out->ptr, cap);
    if (!longer) {
        out->failed = true;
        return false;
    }
    out->ptr = longer;
    out->cap = cap;
    return true;
}

void tsk_output_sink(void *out, const char *ptr, size_t len) {
    tsk_output_add(out, ptr, len);
}

void tsk_output_printf(tsk_output *out, const char *fmt, ...) {
    char text[512];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (n > 0) tsk_output_add(out, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

void tsk_output_json(tsk_output *out, const char *ptr, size_t len) {
    tsk_output_add(out, "\"", 1);
    for (const char *p = ptr, *end = ptr + len; p < end;) {
        size_t plain = 0;
        while (p + plain < end && (unsigned char)p[plain] >= 0x20 && p[plain] != '"' && p[plain] != '\\') plain++;
        tsk_output_add(out, p, plain);
        p += plain;
        if (p == end) break;
        if (*p == '"' || *p == '\\')
            tsk_output_add(out, (char[]){'\\', *p}, 2);
        else if (*p == '\n')
            tsk_output_add(out, "\\n", 2);
        else
            tsk_output_printf(out, "\\u%04x", (unsigned char)*p);
        p++;
    }
    tsk_output_add(out, "\"", 1);
}

static void add_number(tsk_output *out, size_t n) {
    char digits[24];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    tsk_output_add(out, digits + at, sizeof digits - at);
}

/* ---- heads ---- */

const char *tsk_status_text(int status) {
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 418: return "I'm a teapot";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default:
        return status < 300 ? "Success" : status < 400 ? "Redirection" : status < 500 ? "Client Error" : "Server Error";
    }
}

static void add_status(tsk_output *out, int status) {
    static const char ok[] = "HTTP/1.1 200 OK\r\n";
    if (TSK_LIKELY(status == 200)) {
        tsk_output_add(out, ok, sizeof ok - 1);
        return;
    }
    tsk_output_printf(out, "HTTP/1.1 %d %s\r\n", status, tsk_status_text(status));
}

#define ADD(out, literal) tsk_output_add(out, literal, sizeof(literal) - 1)

void tsk_reply_write(const tsk_exchange *x, const tsk_reply *reply, tsk_output *out) {
    tsk_worker *worker = x->worker;
    bool bare = reply->status == 204 || reply->status == 304;
    tsk_output_room(out, 1024 + reply->len);
    add_status(out, reply->status);
    ADD(out, "X-Powered-By: FUJSEN/TuskLang\r\n");
    tsk_output_add(out, worker->date, worker->date_len);
    if (reply->shared) tsk_output_text(out, worker->server->shared);
    if (reply->headers) tsk_output_text(out, reply->headers);
    if (reply->location.len) {
        ADD(out, "Location: ");
        tsk_output_add(out, reply->location.ptr, reply->location.len);
        ADD(out, "\r\n");
    }
    if (reply->type && !bare) {
        ADD(out, "Content-Type: ");
        tsk_output_text(out, reply->type);
        ADD(out, "\r\n");
    }
    if (x->close)
        ADD(out, "Connection: close\r\n");
    else if (x->http && x->http->http_1_0)
        ADD(out, "Connection: keep-alive\r\n");
    if (bare) {
        ADD(out, "\r\n");
        return;
    }
    ADD(out, "Content-Length: ");
    add_number(out, reply->len);
    ADD(out, "\r\n\r\n");
    if (x->method != TSK_HEAD && reply->len) tsk_output_add(out, reply->body, reply->len);
}

static const char json_type[] = "application/json", text_type[] = "text/plain; charset=utf-8",
                  html_type[] = "text/html; charset=utf-8";

void tsk_reply_error(const tsk_exchange *x, int status, const char *message, const char *headers, tsk_output *out) {
    tsk_output *body = &x->worker->body;
    body->len = 0;
    if (!message) message = tsk_status_text(status);
    tsk_output_printf(body, "{\"error\":true,\"status\":%d,\"message\":", status);
    tsk_output_json(body, message, strlen(message));
    tsk_output_printf(body, ",\"timestamp\":%lld}", (long long)time(NULL));
    tsk_reply reply = {
        .status = status, .type = json_type, .headers = headers, .shared = true, .body = body->ptr, .len = body->len};
    tsk_reply_write(x, &reply, out);
}

/* ---- evaluation ---- */

typedef struct web_request {
    tsk_web web;
    const tsk_exchange *x;
    uint32_t max_depth;
} web_request;

static tsk_value make_request(const tsk_web *web) {
    const web_request *r = (const web_request *)web;
    return tsk_request_value(r->x, web->heap, r->max_depth);
}

static bool is_document(const tusk_program *program) {
    const tsk_graph *graph = &program->graph;
    return !graph->response && !tsk_object_find(graph->root, "result", 6) &&
           !tsk_object_find(graph->root, "response", 8);
}

static tusk_status write_value(const tsk_exchange *x, tusk_context *context, tusk_value v, const tsk_answer *answer,
                               tsk_output *out) {
    tsk_reply reply = {.status = answer ? answer->status : 200, .shared = true};
    tsk_output *body = &x->worker->body;
    bool redirects = answer && answer->kind == TSK_ANSWER_REDIRECT;
    body->len = 0;
    body->failed = false;
    if (redirects) {
        reply.location = answer->location;
    } else if (tusk_value_kind(v) == TUSK_STRING && !(answer && answer->kind == TSK_ANSWER_JSON)) {
        reply.type = answer ? html_type : text_type;
        reply.body = tusk_value_string(v, &reply.len);
    } else {
        int indent = answer || !is_document(context->program) ? 0 : 2;
        tusk_status status = tusk_write(context, v, TUSK_FORMAT_JSON, indent, tsk_output_sink, body);
        if (status) return status;
        if (body->failed) return TUSK_NO_MEMORY;
        reply.type = json_type;
        reply.body = body->ptr;
        reply.len = body->len;
    }
    reply.headers = answer && answer->status >= 400 ? NULL : x->rule->headers;
    tsk_reply_write(x, &reply, out);
    return TUSK_OK;
}

static void answer_failure(const tsk_exchange *x, tusk_context *context, tusk_status status, tsk_output *out) {
    tusk_server *server = x->worker->server;
    tsk_rule *rule = x->rule;
    char *report = status == TUSK_NO_MEMORY ? NULL : tusk_context_report(context, TUSK_REPORT_TEXT);
    const char *text = report && *report ? report : "there is no memory for the answer\n";
    pthread_mutex_lock(&server->lock);
    bool known = rule->failure && !strcmp(rule->failure, text);
    if (!known) {
        free(rule->failure);
        rule->failure = strdup(text);
    }
    pthread_mutex_unlock(&server->lock);
    if (!known) tsk_server_log(server, TUSK_LOG_ERROR, "%s", text);
    atomic_fetch_add_explicit(&x->worker->failures, 1, memory_order_relaxed);
    char first[512];
    snprintf(first, sizeof first, "%.*s", (int)strcspn(text, "\n"), text);
    tsk_reply_error(x, 500, server->settings.hide_errors ? NULL : first, NULL, out);
    tusk_text_free(report);
}

static void evaluate(tsk_exchange *x, tsk_output *out) {
    tsk_worker *worker = x->worker;
    tusk_context **place = &x->rule->contexts[worker->number], *context = *place;
    if (!context && tusk_context_new(x->rule->snapshot, place) != TUSK_OK) {
        tsk_reply_error(x, 503, NULL, NULL, out);
        return;
    }
    context = *place;
    tusk_context_reset(context);
    web_request r = {{.heap = &context->heap, .make = make_request}, x, context->ev.op.max_depth};
    context->ev.op.web = &r.web;
    tsk_worker_runs(worker, context);
    tusk_value v;
    size_t begun = out->len;
    tusk_status status = tusk_response(context, &v);
    if (!status) status = write_value(x, context, v, tsk_web_answer(&r.web, (tsk_value){v.bits}), out);
    tsk_worker_ran(worker);
    context->ev.op.web = NULL;
    if (!status) return;
    out->len = begun;
    answer_failure(x, context, status, out);
}

/* ---- paths ---- */

/* False: a percent sign that stands for nothing, a zero byte, or a way upwards. */
static bool decode_path(tsk_exchange *x, char *room) {
    tsk_slice path = x->http->path;
    x->path = path;
    if (memchr(path.ptr, '%', path.len)) {
        uint32_t len;
        if (!tsk_http_decode(path, false, room, &len)) return false;
        x->path = path = (tsk_slice){room, len};
        if (memchr(room, 0, len)) return false;
    }
    for (const char *p = path.ptr, *end = p + path.len; p < end;) {
        const char *slash = memchr(p, '/', (size_t)(end - p));
        if (!slash) slash = end;
        if (slash - p == 2 && p[0] == '.' && p[1] == '.') return false;
        p = slash + 1;
    }
    return true;
}

static void answer_options(const tsk_exchange *x, tsk_output *out) {
    char headers[160];
    snprintf(headers, sizeof headers, "Allow: %s\r\n",
             x->rule && x->rule->allow ? x->rule->allow : "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS");
    tsk_reply reply = {.status = 200, .headers = headers, .shared = true};
    tsk_reply_write(x, &reply, out);
}

static void answer_rule(tsk_exchange *x, tsk_output *out) {
    tsk_rule *rule = x->rule;
    if (!rule->api) {
        tsk_reply_error(x, 400, "this file has no #!api: it answers no requests", NULL, out);
    } else if (x->method == TSK_OPTIONS) {
        answer_options(x, out);
    } else if (rule->methods && !(rule->methods & x->method)) {
        char headers[160];
        snprintf(headers, sizeof headers, "Allow: %s\r\n", rule->allow);
        tsk_reply_error(x, 405, NULL, headers, out);
    } else if (!rule->program) {
        tsk_reply_error(x, 500, x->worker->server->settings.hide_errors ? NULL : rule->error, NULL, out);
    } else {
        evaluate(x, out);
    }
}

void tsk_answer_request(tsk_exchange *x, tsk_output *out) {
    char room[TSK_SERVE_HEAD];
    tsk_worker *worker = x->worker;
    atomic_fetch_add_explicit(&worker->requests, 1, memory_order_relaxed);
    x->method = tsk_method_of(x->http->method);
    if (!x->method) {
        tsk_reply_error(x, 501, "this server does not know the method", NULL, out);
    } else if (!decode_path(x, room)) {
        tsk_reply_error(x, 400, "the path cannot be understood", NULL, out);
    } else if (x->path.len == 1 && *x->path.ptr == '*') {
        answer_options(x, out);
    } else {
        x->rule = tsk_site_find(worker->site, x->path.ptr, x->path.len);
        if (!x->rule && tsk_builtin_answer(x, out)) return;
        if (!x->rule) x->rule = worker->site->every;
        if (x->rule)
            answer_rule(x, out);
        else
            tsk_reply_error(x, 404, NULL, NULL, out);
    }
}
