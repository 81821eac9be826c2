/* The value of @request: what a client has sent, as texts and objects.
 *
 * Texts that need no change are slices of the connection's buffer, which outlives the evaluation.  What is no UTF-8
 * becomes UTF-8: nothing else may be in a string of the language. */
#include "runtime/serve/serve.h"

#include "runtime/base/utf8.h"
#include "runtime/formats/json.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <time.h>

enum { MOST_PARAMETERS = 1000 };

static tsk_value text(tsk_arena *heap, const char *ptr, uint32_t len) {
    if (TSK_LIKELY(tsk_utf8_valid_prefix(ptr, len) == len)) return tsk_str_borrow(heap, ptr, len);
    tsk_buf out;
    tsk_buf_init(&out, heap);
    for (const char *p = ptr, *end = ptr + len; p < end;) {
        uint32_t code;
        char bytes[4];
        p += tsk_utf8_next(p, end, &code);
        tsk_buf_add(&out, bytes, tsk_utf8_encode(bytes, code));
    }
    return tsk_str_take(&out);
}

static tsk_value slice_text(tsk_arena *heap, const tsk_slice *s) {
    return s ? text(heap, s->ptr, s->len) : TSK_VALUE_NULL;
}

static tsk_slice decoded(tsk_arena *heap, tsk_slice raw) {
    char *to = tsk_arena_alloc(heap, raw.len);
    uint32_t len;
    return tsk_http_decode(raw, true, to, &len) ? (tsk_slice){to, len} : raw;
}

/* name[]=a&name[]=b is a list. */
static void add_parameter(tsk_arena *heap, tsk_object *o, tsk_slice name, tsk_value value) {
    bool list = name.len > 2 && !memcmp(name.ptr + name.len - 2, "[]", 2);
    if (list) name.len -= 2;
    tsk_slice key = tsk_as_slice(text(heap, name.ptr, name.len));
    tsk_entry *e = tsk_object_slot(heap, o, key.ptr, key.len, tsk_hash(key.ptr, key.len), NULL);
    if (!list) {
        e->value = value;
        return;
    }
    if (!tsk_is_array(e->value)) e->value = tsk_from_array(tsk_array_new(heap, 4));
    tsk_array_push(heap, tsk_as_array(e->value), value);
}

/* a=1&b=2 */
static void add_parameters(tsk_arena *heap, tsk_object *o, tsk_slice query) {
    const char *p = query.ptr, *end = p + query.len;
    for (int n = 0; p < end && n < MOST_PARAMETERS; n++) {
        const char *next = memchr(p, '&', (size_t)(end - p));
        if (!next) next = end;
        const char *equals = memchr(p, '=', (size_t)(next - p));
        tsk_slice name = decoded(heap, (tsk_slice){p, (uint32_t)((equals ? equals : next) - p)});
        tsk_slice value = equals ? decoded(heap, (tsk_slice){equals + 1, (uint32_t)(next - equals - 1)})
                                 : TSK_SLICE("");
        if (name.len) add_parameter(heap, o, name, text(heap, value.ptr, value.len));
        p = next + 1;
    }
}

static void copy_entries(tsk_arena *heap, tsk_object *to, const tsk_object *from) {
    for (uint32_t i = 0; i < from->count; i++) {
        const tsk_entry *e = &from->entries[i];
        tsk_object_slot(heap, to, e->key, e->key_len, e->hash, NULL)->value = e->value;
    }
}

/* A header that comes again is joined by a comma, as a list would be written. */
static tsk_value headers(const tsk_http_request *r, tsk_arena *heap) {
    tsk_object *o = tsk_object_new(heap, r->count);
    for (uint32_t i = 0; i < r->count; i++) {
        const tsk_http_header *h = &r->headers[i];
        bool added;
        tsk_entry *e = tsk_object_slot(heap, o, h->name.ptr, h->name.len, tsk_hash(h->name.ptr, h->name.len), &added);
        if (added) {
            e->value = text(heap, h->value.ptr, h->value.len);
            continue;
        }
        tsk_slice before = tsk_as_slice(e->value);
        bool cookie = tsk_slice_eq(h->name, TSK_SLICE("cookie"));
        const char *joined = tsk_arena_printf(heap, "%.*s%s%.*s", (int)before.len, before.ptr, cookie ? "; " : ", ",
                                              (int)h->value.len, h->value.ptr);
        e->value = text(heap, joined, (uint32_t)strlen(joined));
    }
    return tsk_from_object(o);
}

/* a=1; b=2 */
static tsk_value cookies(const tsk_slice *header, tsk_arena *heap) {
    tsk_object *o = tsk_object_new(heap, 4);
    const char *p = header ? header->ptr : NULL, *end = header ? p + header->len : NULL;
    while (p < end) {
        while (p < end && (*p == ' ' || *p == ';')) p++;
        const char *next = memchr(p, ';', (size_t)(end - p));
        if (!next) next = end;
        const char *equals = memchr(p, '=', (size_t)(next - p));
        if (equals && equals > p) {
            tsk_slice name = {p, (uint32_t)(equals - p)}, value = {equals + 1, (uint32_t)(next - equals - 1)};
            tsk_slice key = tsk_as_slice(text(heap, name.ptr, name.len));
            bool added;
            tsk_entry *e = tsk_object_slot(heap, o, key.ptr, key.len, tsk_hash(key.ptr, key.len), &added);
            if (added) e->value = text(heap, value.ptr, value.len);
        }
        p = next;
    }
    return tsk_from_object(o);
}

static tsk_value address(const tsk_peer *peer, tsk_arena *heap) {
    char out[INET6_ADDRSTRLEN] = "";
    if (peer->any.sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)&peer->storage)->sin_addr, out, sizeof out);
    else if (peer->any.sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)&peer->storage)->sin6_addr, out, sizeof out);
    return tsk_str_cstr(heap, out);
}

/* The type without its parameters. */
static tsk_slice media_type(const tsk_slice *header) {
    if (!header) return (tsk_slice){"", 0};
    const char *semicolon = memchr(header->ptr, ';', header->len);
    uint32_t len = semicolon ? (uint32_t)(semicolon - header->ptr) : header->len;
    while (len && (header->ptr[len - 1] == ' ' || header->ptr[len - 1] == '\t')) len--;
    return (tsk_slice){header->ptr, len};
}

static bool is_json(tsk_slice type) {
    return tsk_http_same(type, "application/json") || tsk_http_same(type, "text/json") ||
           (type.len > 5 && tsk_http_same((tsk_slice){type.ptr + type.len - 5, 5}, "+json"));
}

static tsk_value body_as_json(const tsk_exchange *x, tsk_slice type, tsk_arena *heap, uint32_t max_depth) {
    tsk_failure failure;
    tsk_value v;
    if (!x->body.len || !is_json(type) || tsk_utf8_valid_prefix(x->body.ptr, x->body.len) != x->body.len)
        return TSK_VALUE_NULL;
    return tsk_json_parse(heap, x->body.ptr, x->body.len, max_depth, &v, &failure) ? v : TSK_VALUE_NULL;
}

tsk_value tsk_request_value(const tsk_exchange *x, tsk_arena *heap, uint32_t max_depth) {
    const tsk_http_request *r = x->http;
    tsk_slice type = media_type(tsk_http_find(r, "content-type"));
    tsk_object *query = tsk_object_new(heap, 4), *parameters = query;
    add_parameters(heap, query, r->query);
    if (x->body.len && tsk_http_same(type, "application/x-www-form-urlencoded")) {
        parameters = tsk_object_new(heap, query->count + 4);
        copy_entries(heap, parameters, query);
        add_parameters(heap, parameters, x->body);
    }
    tsk_object *o = tsk_object_new(heap, 12);
    tsk_object_put(heap, o, "method", text(heap, r->method.ptr, r->method.len));
    tsk_object_put(heap, o, "uri", text(heap, r->target.ptr, r->target.len));
    tsk_object_put(heap, o, "path", text(heap, x->path.ptr, x->path.len));
    tsk_object_put(heap, o, "query", tsk_from_object(query));
    tsk_object_put(heap, o, "headers", headers(r, heap));
    tsk_object_put(heap, o, "cookies", cookies(tsk_http_find(r, "cookie"), heap));
    tsk_object_put(heap, o, "params", tsk_from_object(parameters));
    tsk_object_put(heap, o, "body", text(heap, x->body.ptr ? x->body.ptr : "", x->body.len));
    tsk_object_put(heap, o, "json", body_as_json(x, type, heap, max_depth));
    tsk_object_put(heap, o, "ip", address(x->peer, heap));
    tsk_object_put(heap, o, "user_agent", slice_text(heap, tsk_http_find(r, "user-agent")));
    tsk_object_put(heap, o, "timestamp", tsk_int(heap, (int64_t)time(NULL)));
    return tsk_from_object(o);
}
