/* tsk lsp: a language server on standard input and output. */
#include "tools/tsk/lsp.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    PARSE_ERROR = -32700,
    INVALID_REQUEST = -32600,
    NO_METHOD = -32601,
    INVALID_PARAMS = -32602,
    NOT_INITIALIZED = -32002,
    FAILED = -32803
};
#define MOST_CONTENT ((size_t)256 << 20)

/* ---- messages in ---- */

typedef struct input {
    char *buffer;
    size_t from, to, cap;
    bool ended;
} input;

static bool fill(input *in) {
    if (in->ended) return false;
    if (in->from) {
        memmove(in->buffer, in->buffer + in->from, in->to - in->from);
        in->to -= in->from;
        in->from = 0;
    }
    if (in->cap - in->to < 65536) {
        in->cap = in->cap * 2 + 131072;
        char *more = realloc(in->buffer, in->cap);
        if (!more) abort();
        in->buffer = more;
    }
    ssize_t n = read(STDIN_FILENO, in->buffer + in->to, in->cap - in->to);
    if (n <= 0) return !(in->ended = true);
    in->to += (size_t)n;
    return true;
}

/* A header line without its end; NULL: the input ended, or the line is longer than any header. */
static char *header_line(input *in, size_t *len) {
    for (;;) {
        char *start = in->buffer + in->from, *end = in->to > in->from ? memchr(start, '\n', in->to - in->from) : NULL;
        if (end) {
            *len = (size_t)(end - start);
            if (*len && start[*len - 1] == '\r') --*len;
            in->from += (size_t)(end + 1 - start);
            return start;
        }
        if (in->to - in->from > 65536 || !fill(in)) return NULL;
    }
}

/* The next message; false: there is no more. */
static bool read_message(input *in, const char **text, size_t *len) {
    static const char name[] = "content-length:";
    for (;;) {
        size_t length = 0, line_len;
        bool given = false;
        for (char *line; (line = header_line(in, &line_len)) != NULL && line_len;)
            if (line_len >= sizeof name && !strncasecmp(line, name, sizeof name - 1)) {
                char digits[24] = {0};
                size_t n = line_len - (sizeof name - 1);
                memcpy(digits, line + sizeof name - 1, n < sizeof digits - 1 ? n : sizeof digits - 1);
                length = strtoull(digits, NULL, 10);
                given = true;
            }
        if (in->ended && !given) return false;
        if (!given || length > MOST_CONTENT) {
            if (in->to - in->from > 65536) in->from = in->to; /* no header: what is there is dropped */
            if (!given && !in->ended) continue;
            return false;
        }
        while (in->to - in->from < length)
            if (!fill(in)) return false;
        *text = in->buffer + in->from;
        *len = length;
        in->from += length;
        return true;
    }
}

static bool more_is_waiting(const input *in) {
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    return in->to > in->from || poll(&p, 1, 0) > 0;
}

/* ---- messages out ---- */

static void send_text(const tsk_page *text) {
    char header[64];
    int n = snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", text->len);
    tsk_out(header, (size_t)n);
    tsk_out(text->ptr, text->len);
    tsk_out_flush();
}

static void put_id(tsk_page *out, lsp_json id) {
    tsk_page_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":");
    if (id.ptr)
        tsk_page_add(out, id.ptr, (size_t)(id.end - id.ptr));
    else
        tsk_page_printf(out, "null");
}

static void send_error(lsp_json id, int code, const char *message) {
    tsk_page out = {0};
    put_id(&out, id);
    tsk_page_printf(&out, ",\"error\":{\"code\":%d,\"message\":", code);
    lsp_put_string(&out, message, strlen(message));
    tsk_page_printf(&out, "}}");
    send_text(&out);
    free(out.ptr);
}

static void publish(const lsp_document *d, bool closed) {
    tsk_page out = {0};
    tsk_page_printf(&out, "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/publishDiagnostics\",\"params\":{\"uri\":");
    lsp_put_string(&out, d->uri, strlen(d->uri));
    tsk_page_printf(&out, ",\"diagnostics\":");
    if (closed)
        tsk_page_printf(&out, "[]");
    else
        lsp_diagnostics(&out, d);
    tsk_page_printf(&out, "}}");
    send_text(&out);
    free(out.ptr);
}

static void analyse_all(lsp_server *server) {
    for (lsp_document *d = server->documents; d; d = d->next) {
        if (!d->dirty) continue;
        lsp_analyse(server, d);
        publish(d, false);
    }
}

/* ---- notifications about documents ---- */

static lsp_document *document_of(const lsp_server *server, lsp_json params) {
    char *uri = lsp_json_text(lsp_json_path(params, "textDocument.uri"), NULL);
    lsp_document *d = uri ? lsp_find_document(server, uri) : NULL;
    free(uri);
    return d;
}

static void did_open(lsp_server *server, lsp_json params) {
    char *uri = lsp_json_text(lsp_json_path(params, "textDocument.uri"), NULL);
    size_t len;
    char *text = lsp_json_text(lsp_json_path(params, "textDocument.text"), &len);
    if (uri && text)
        lsp_set_text(lsp_open_document(server, uri), text, len);
    else
        free(text);
    free(uri);
}

static size_t offset_of(const lsp_document *d, lsp_json position) {
    return lsp_offset(d, lsp_json_int(lsp_json_member(position, "line"), 0),
                      lsp_json_int(lsp_json_member(position, "character"), 0));
}

static void did_change(lsp_server *server, lsp_json params) {
    lsp_document *d = document_of(server, params);
    const char *cursor = NULL;
    lsp_json changes = lsp_json_member(params, "contentChanges");
    for (lsp_json change; d && (change = lsp_json_next(changes, &cursor)).ptr;) {
        size_t len;
        char *text = lsp_json_text(lsp_json_member(change, "text"), &len);
        lsp_json range = lsp_json_member(change, "range");
        if (!text) continue;
        if (!lsp_json_is(range, '{')) {
            lsp_set_text(d, text, len);
            continue;
        }
        lsp_edit(d, offset_of(d, lsp_json_member(range, "start")), offset_of(d, lsp_json_member(range, "end")), text,
                 len);
        free(text);
    }
}

static void did_close(lsp_server *server, lsp_json params) {
    lsp_document *d = document_of(server, params);
    if (!d) return;
    publish(d, true);
    lsp_close_document(server, d);
}

/* ---- requests ---- */

static const char capabilities[] =
    "{\"capabilities\":{\"positionEncoding\":\"utf-16\",\"textDocumentSync\":{\"openClose\":true,\"change\":2},"
    "\"completionProvider\":{\"triggerCharacters\":[\"@\",\"$\",\".\",\"!\"]},\"hoverProvider\":true,"
    "\"definitionProvider\":true,"
    "\"referencesProvider\":true,\"renameProvider\":true,\"documentSymbolProvider\":true,"
    "\"codeActionProvider\":{\"codeActionKinds\":[\"quickfix\",\"source.fixAll\"]},\"documentFormattingProvider\":true}"
    ","
    "\"serverInfo\":{\"name\":\"tsk\",\"version\":\"" TUSK_VERSION "\"}}";

/* NULL, or the message of an error. */
static const char *answer(lsp_server *server, const char *method, lsp_json params, tsk_page *out) {
    lsp_document *d = document_of(server, params);
    if (!d) return "the document is not open";
    lsp_analyse(server, d);
    size_t offset = offset_of(d, lsp_json_member(params, "position"));
    const char *error = NULL;
    if (!strcmp(method, "textDocument/completion")) {
        lsp_completion(out, server, d, offset);
    } else if (!strcmp(method, "textDocument/hover")) {
        lsp_hover(out, server, d, offset);
    } else if (!strcmp(method, "textDocument/definition")) {
        lsp_definition(out, server, d, offset);
    } else if (!strcmp(method, "textDocument/references")) {
        lsp_references(out, server, d, offset, lsp_json_is(lsp_json_path(params, "context.includeDeclaration"), 't'));
    } else if (!strcmp(method, "textDocument/documentSymbol")) {
        lsp_symbols(out, d);
    } else if (!strcmp(method, "textDocument/codeAction")) {
        lsp_actions(out, d, offset_of(d, lsp_json_path(params, "range.start")),
                    offset_of(d, lsp_json_path(params, "range.end")));
    } else if (!strcmp(method, "textDocument/formatting")) {
        lsp_formatting(out, d);
    } else {
        char *name = lsp_json_text(lsp_json_member(params, "newName"), NULL);
        error = name ? lsp_rename(out, server, d, offset, name) : "newName is missing";
        free(name);
    }
    return error;
}

static bool is_question(const char *method) {
    static const char *const known[] = {"completion",     "hover",      "definition", "references",
                                        "documentSymbol", "codeAction", "formatting", "rename"};
    if (strncmp(method, "textDocument/", 13)) return false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(method + 13, known[i])) return true;
    return false;
}

static void request(lsp_server *server, const char *method, lsp_json id, lsp_json params) {
    tsk_page result = {0}, out = {0};
    const char *error = NULL;
    if (server->shut_down) {
        send_error(id, INVALID_REQUEST, "the server is shut down");
        return;
    }
    if (!strcmp(method, "initialize"))
        tsk_page_add(&result, capabilities, sizeof capabilities - 1);
    else if (!strcmp(method, "shutdown"))
        server->shut_down = true, tsk_page_printf(&result, "null");
    else if (is_question(method))
        error = answer(server, method, params, &result);
    else
        return send_error(id, NO_METHOD, "there is no such method");
    if (error) {
        send_error(id, FAILED, error);
    } else {
        put_id(&out, id);
        tsk_page_printf(&out, ",\"result\":");
        tsk_page_add(&out, result.ptr, result.len);
        tsk_page_printf(&out, "}");
        send_text(&out);
    }
    free(result.ptr);
    free(out.ptr);
}

static void dispatch(lsp_server *server, const char *text, size_t len) {
    lsp_json message;
    if (!lsp_json_parse(text, len, &message)) {
        send_error((lsp_json){0}, PARSE_ERROR, "the message is not JSON");
        return;
    }
    lsp_json id = lsp_json_member(message, "id"), params = lsp_json_member(message, "params");
    char *method = lsp_json_text(lsp_json_member(message, "method"), NULL);
    if (!method) {
        bool response = lsp_json_member(message, "result").ptr || lsp_json_member(message, "error").ptr;
        if (!response) send_error(id, INVALID_REQUEST, "the message has no method");
    } else if (id.ptr) {
        request(server, method, id, params);
    } else if (!strcmp(method, "textDocument/didOpen")) {
        did_open(server, params);
    } else if (!strcmp(method, "textDocument/didChange")) {
        did_change(server, params);
    } else if (!strcmp(method, "textDocument/didClose")) {
        did_close(server, params);
    } else if (!strcmp(method, "exit")) {
        server->ended = true;
    }
    free(method);
}

int tsk_command_lsp(tsk_cli *cli) {
    lsp_server server = {.cli = cli, .options = tusk_options_new()};
    input in = {0};
    const char *text;
    size_t len;
    if (!server.options) return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
    tusk_options_flag(server.options, TUSK_FLAG_CHECK, true);
    tusk_options_flag(server.options, TUSK_FLAG_LINT, true);
    tusk_options_limit(server.options, TUSK_LIMIT_ERRORS, 200);
    tusk_options_limit(server.options, TUSK_LIMIT_TIME, 300);
    tusk_options_limit(server.options, TUSK_LIMIT_STEPS, 5000000);
    tusk_options_limit(server.options, TUSK_LIMIT_MEMORY, (uint64_t)256 << 20);
    tusk_options_limit(server.options, TUSK_LIMIT_HEAP, (uint64_t)256 << 20);
    while (!server.ended && read_message(&in, &text, &len)) {
        dispatch(&server, text, len);
        if (!more_is_waiting(&in)) analyse_all(&server);
    }
    analyse_all(&server);
    while (server.documents) lsp_close_document(&server, server.documents);
    tusk_options_free(server.options);
    free(in.buffer);
    return server.shut_down || !server.ended ? TUSK_OK : TUSK_ERROR;
}
