/* Any bytes as a request: read at once and byte by byte, the head and the body in chunks come to the same. */
#include "runtime/serve/http.h"

#include <stdlib.h>

enum { MOST = 4096 };

typedef struct outcome {
    tsk_http_result head, body;
    int status;
    size_t used, body_used, data;
    uint32_t headers;
} outcome;

static void need(bool ok) {
    if (!ok) abort();
}

static bool inside(tsk_slice s, const char *text, size_t len) {
    return s.ptr >= text && s.ptr + s.len <= text + len;
}

/* `step` bytes come at a time; each time in memory of exactly that size, as a reader past the end would be seen. */
static outcome read_all(const uint8_t *data, size_t size, size_t step) {
    outcome o = {.head = TSK_HTTP_PARTIAL, .body = TSK_HTTP_PARTIAL};
    tsk_http_request r;
    tsk_http_chunks chunks = {0};
    size_t scanned = 0, have = 0;
    char *text = NULL;
    while (o.head == TSK_HTTP_PARTIAL && have < size) {
        size_t n = size - have < step ? size - have : step;
        text = realloc(text, have + n);
        memcpy(text + have, data + have, n);
        have += n;
        o.head = tsk_http_head(&r, text, have, MOST, &scanned, &o.used);
    }
    if (o.head == TSK_HTTP_BAD) need(r.problem && (o.status = r.status) >= 400);
    if (o.head == TSK_HTTP_COMPLETE) {
        need(o.used <= have && r.method.len && inside(r.query, text, o.used));
        need(inside(r.path, text, o.used) || tsk_slice_eq(r.path, TSK_SLICE("/"))); /* http://host */
        for (uint32_t i = 0; i < r.count; i++)
            need(inside(r.headers[i].name, text, o.used) && inside(r.headers[i].value, text, o.used));
        o.headers = r.count;
        char *room = malloc(r.path.len + 1);
        uint32_t len = 0;
        if (tsk_http_decode(r.path, false, room, &len)) need(len <= r.path.len);
        free(room);
    }
    while (o.head == TSK_HTTP_COMPLETE && r.chunked && o.body == TSK_HTTP_PARTIAL) {
        o.body = tsk_http_read_chunks(&chunks, &r, text + o.used, have - o.used, MOST);
        need(chunks.out <= chunks.in && chunks.in <= have - o.used && chunks.out <= MOST);
        if (have == size || o.body != TSK_HTTP_PARTIAL) break;
        size_t n = size - have < step ? size - have : step;
        text = realloc(text, have + n);
        memcpy(text + have, data + have, n);
        have += n;
    }
    o.body_used = chunks.in;
    o.data = chunks.out;
    if (o.body == TSK_HTTP_BAD) o.status = r.status;
    free(text);
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 2 * MOST) return 0;
    outcome whole = read_all(data, size, size), single = read_all(data, size, 1);
    need(whole.head == single.head || (whole.head == TSK_HTTP_BAD) == (single.head == TSK_HTTP_BAD));
    if (whole.head != TSK_HTTP_COMPLETE) return 0;
    need(whole.used == single.used && whole.headers == single.headers);
    need(whole.body == single.body && whole.data == single.data && whole.status == single.status);
    return 0;
}
