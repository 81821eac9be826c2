/* The reader of requests, see http.h. */
#include "runtime/serve/http.h"

/* What a method or the name of a header may consist of; 2: a capital letter. */
static const uint8_t token[256] = {
    ['!'] = 1,         ['#' ... '\''] = 1, ['*'] = 1,         ['+'] = 1, ['-'] = 1, ['.'] = 1,
    ['0' ... '9'] = 1, ['A' ... 'Z'] = 2,  ['^' ... 'z'] = 1, ['|'] = 1, ['~'] = 1,
};

static bool is_control(char c) {
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

bool tsk_http_same(tsk_slice text, const char *small) {
    uint32_t i = 0;
    for (; i < text.len && small[i]; i++) {
        char c = text.ptr[i];
        if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != small[i]) return false;
    }
    return i == text.len && !small[i];
}

static tsk_slice trim(const char *from, const char *to) {
    while (from < to && (*from == ' ' || *from == '\t')) from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '\t')) to--;
    return (tsk_slice){from, (uint32_t)(to - from)};
}

bool tsk_http_lists(tsk_slice list, const char *small) {
    const char *p = list.ptr, *end = p + list.len;
    while (p < end) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        if (!comma) comma = end;
        if (tsk_http_same(trim(p, comma), small)) return true;
        p = comma + 1;
    }
    return false;
}

static tsk_http_result refuse(tsk_http_request *r, int status, const char *problem) {
    r->status = status;
    r->problem = problem;
    return TSK_HTTP_BAD;
}

/* ---- the request line ---- */

/* http://host/path without its query: the path, which is "/" when there is none. */
static bool take_absolute(tsk_slice *path) {
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < TSK_COUNT(schemes); i++) {
        uint32_t len = (uint32_t)strlen(schemes[i]);
        if (path->len <= len || !tsk_http_same((tsk_slice){path->ptr, len}, schemes[i])) continue;
        const char *host = path->ptr + len, *end = path->ptr + path->len;
        const char *slash = memchr(host, '/', (size_t)(end - host));
        *path = slash ? (tsk_slice){slash, (uint32_t)(end - slash)} : TSK_SLICE("/");
        return slash != host;
    }
    return false;
}

static tsk_http_result read_target(tsk_http_request *r) {
    tsk_slice target = r->target;
    for (uint32_t i = 0; i < target.len; i++)
        if ((unsigned char)target.ptr[i] <= ' ' || target.ptr[i] == 0x7f || target.ptr[i] == '#')
            return refuse(r, 400, "the target of the request holds a character that it must not");
    const char *end = target.ptr + target.len, *question = memchr(target.ptr, '?', target.len);
    if (!question) question = end;
    r->path = (tsk_slice){target.ptr, (uint32_t)(question - target.ptr)};
    r->query = question < end ? (tsk_slice){question + 1, (uint32_t)(end - question - 1)} : (tsk_slice){end, 0};
    bool all = tsk_slice_eq(target, TSK_SLICE("*")) && tsk_http_same(r->method, "options");
    if (*target.ptr != '/' && !all && !take_absolute(&r->path))
        return refuse(r, 400, "the target of the request is no path");
    return TSK_HTTP_COMPLETE;
}

static tsk_http_result read_line(tsk_http_request *r, const char *p, const char *end) {
    const char *start = p;
    while (p < end && token[(unsigned char)*p]) p++;
    if (p == start || p == end || *p != ' ' || p - start > 32) return refuse(r, 400, "this is no request of HTTP");
    r->method = (tsk_slice){start, (uint32_t)(p - start)};
    const char *target = ++p, *space = memchr(p, ' ', (size_t)(end - p));
    if (!space || space == target) return refuse(r, 400, "this is no request of HTTP");
    r->target = (tsk_slice){target, (uint32_t)(space - target)};
    tsk_slice version = {space + 1, (uint32_t)(end - space - 1)};
    if (version.len != 8 || memcmp(version.ptr, "HTTP/", 5) || version.ptr[6] != '.')
        return refuse(r, 400, "this is no request of HTTP");
    if (version.ptr[5] != '1' || version.ptr[7] < '0' || version.ptr[7] > '9')
        return refuse(r, 505, "this server speaks HTTP/1.1");
    r->http_1_0 = version.ptr[7] == '0';
    r->keep_alive = !r->http_1_0;
    return read_target(r);
}

/* ---- headers ---- */

static tsk_http_result read_length(tsk_http_request *r, tsk_slice value, bool *has_length) {
    uint64_t n = 0;
    if (!value.len || value.len > 18) return refuse(r, 400, "the content-length is no number");
    for (uint32_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9') return refuse(r, 400, "the content-length is no number");
        n = n * 10 + (uint64_t)(value.ptr[i] - '0');
    }
    if (*has_length && n != r->length) return refuse(r, 400, "there are two lengths");
    *has_length = true;
    r->length = n;
    return TSK_HTTP_COMPLETE;
}

/* One line without its end; names are turned to small letters. */
static tsk_http_result read_header(tsk_http_request *r, char *p, const char *end) {
    char *start = p;
    for (; p < end && token[(unsigned char)*p]; p++)
        if (token[(unsigned char)*p] == 2) *p |= 0x20;
    if (p == start || p == end || *p != ':') return refuse(r, 400, "a line among the headers is no header");
    for (const char *c = p + 1; c < end; c++)
        if (TSK_UNLIKELY(is_control(*c))) return refuse(r, 400, "a header holds a control character");
    if (r->count == TSK_HTTP_HEADERS) return refuse(r, 431, "there are too many headers");
    r->headers[r->count++] = (tsk_http_header){{start, (uint32_t)(p - start)}, trim(p + 1, end)};
    return TSK_HTTP_COMPLETE;
}

static bool is(tsk_slice name, const char *literal, size_t len) {
    return name.len == len && memcmp(name.ptr, literal, len) == 0;
}
#define IS(name, literal) is(name, literal, sizeof(literal) - 1)

static tsk_http_result understand(tsk_http_request *r) {
    bool has_length = false, has_host = false;
    for (uint32_t i = 0; i < r->count; i++) {
        tsk_slice name = r->headers[i].name, value = r->headers[i].value;
        if (IS(name, "host")) {
            if (has_host) return refuse(r, 400, "there are two hosts");
            has_host = true;
        } else if (IS(name, "connection")) {
            if (tsk_http_lists(value, "close"))
                r->keep_alive = false;
            else if (r->http_1_0 && tsk_http_lists(value, "keep-alive"))
                r->keep_alive = true;
        } else if (IS(name, "content-length")) {
            if (read_length(r, value, &has_length) != TSK_HTTP_COMPLETE) return TSK_HTTP_BAD;
        } else if (IS(name, "transfer-encoding")) {
            if (r->chunked || r->http_1_0) return refuse(r, 400, "this transfer-encoding is not allowed here");
            if (!tsk_http_same(value, "chunked")) return refuse(r, 501, "the only transfer-encoding is chunked");
            r->chunked = true;
        } else if (IS(name, "expect")) {
            if (!tsk_http_same(value, "100-continue")) return refuse(r, 417, "the only expectation is 100-continue");
            r->expects_continue = !r->http_1_0;
        }
    }
    if (r->chunked && has_length) return refuse(r, 400, "there are chunks and a length");
    if (!has_host && !r->http_1_0) return refuse(r, 400, "there is no host");
    return TSK_HTTP_COMPLETE;
}

/* The end of the head, behind its empty line; NULL: it has not come yet, or a line feed stands alone. */
static const char *find_end(const char *text, size_t len, size_t *scanned, bool *alone) {
    const char *p = text + *scanned, *end = text + len;
    while (p < end) {
        const char *feed = memchr(p, '\n', (size_t)(end - p));
        if (!feed) break;
        if (feed == text || feed[-1] != '\r') {
            *alone = true;
            return NULL;
        }
        if (feed - text >= 3 && feed[-2] == '\n') return feed + 1;
        p = feed + 1;
    }
    *scanned = len;
    return NULL;
}

tsk_http_result tsk_http_head(tsk_http_request *r, char *text, size_t len, size_t most, size_t *scanned, size_t *used) {
    size_t skipped = 0;
    r->count = 0;
    r->length = 0;
    r->chunked = r->expects_continue = r->keep_alive = false;
    while (len - skipped >= 2 && text[skipped] == '\r' && text[skipped + 1] == '\n') skipped += 2;
    if (*scanned < skipped) *scanned = skipped;
    if (skipped < len && text[skipped] != '\r' && !token[(unsigned char)text[skipped]])
        return refuse(r, 400, "this is no request of HTTP");
    bool alone = false;
    const char *end = find_end(text, len, scanned, &alone);
    if (alone) return refuse(r, 400, "a line ends without a carriage return");
    if (end ? (size_t)(end - text) > most : len > most)
        return refuse(r, memchr(text + skipped, '\n', len < most ? len - skipped : most - skipped) ? 431 : 414,
                      "the head of the request is too long");
    if (!end) return TSK_HTTP_PARTIAL;
    char *line = text + skipped, *feed = memchr(line, '\n', (size_t)(end - line));
    if (read_line(r, line, feed - 1) != TSK_HTTP_COMPLETE) return TSK_HTTP_BAD;
    for (line = feed + 1; line < end - 2; line = feed + 1) {
        feed = memchr(line, '\n', (size_t)(end - line));
        if (read_header(r, line, feed - 1) != TSK_HTTP_COMPLETE) return TSK_HTTP_BAD;
    }
    *used = (size_t)(end - text);
    return understand(r);
}

const tsk_slice *tsk_http_find(const tsk_http_request *r, const char *name) {
    size_t len = strlen(name);
    for (uint32_t i = 0; i < r->count; i++)
        if (is(r->headers[i].name, name, len)) return &r->headers[i].value;
    return NULL;
}

/* ---- chunks ---- */

enum { SIZE, SIZE_EXTENSION, SIZE_FEED, DATA, DATA_RETURN, DATA_FEED, TRAILER, TRAILER_LINE, TRAILER_FEED, LAST_FEED };
enum { MOST_LINE = 4096 };

static int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte outside of data. */
static bool step(tsk_http_chunks *c, char byte) {
    int value;
    if (c->state != DATA_RETURN && c->state != DATA_FEED && ++c->line > MOST_LINE) return false;
    switch (c->state) {
    case SIZE:
        value = digit(byte);
        if (value >= 0) {
            if (c->left >> 58) return false;
            c->left = c->left << 4 | (uint64_t)value;
            return true;
        }
        if (c->line == 1) return false; /* no digit */
        if (byte != ';' && byte != '\r' && byte != ' ' && byte != '\t') return false;
        c->state = byte == '\r' ? SIZE_FEED : SIZE_EXTENSION;
        return true;
    case SIZE_EXTENSION:
        if (byte == '\r') c->state = SIZE_FEED;
        return !is_control(byte) || byte == '\r';
    case SIZE_FEED:
        c->state = c->left ? DATA : TRAILER;
        c->line = 0;
        return byte == '\n';
    case DATA_RETURN: c->state = DATA_FEED; return byte == '\r';
    case DATA_FEED: c->state = SIZE; return byte == '\n';
    case TRAILER: c->state = byte == '\r' ? LAST_FEED : TRAILER_LINE; return byte == '\r' || !is_control(byte);
    case TRAILER_LINE:
        if (byte == '\r') c->state = TRAILER_FEED;
        return !is_control(byte) || byte == '\r';
    case TRAILER_FEED: c->state = TRAILER; return byte == '\n';
    default: return byte == '\n';
    }
}

tsk_http_result tsk_http_read_chunks(tsk_http_chunks *c, tsk_http_request *r, char *text, size_t len, uint64_t most) {
    while (c->in < len) {
        if (c->state == DATA) {
            size_t n = len - c->in;
            if (n > c->left) n = (size_t)c->left;
            memmove(text + c->out, text + c->in, n);
            c->in += n;
            c->out += n;
            c->left -= n;
            if (!c->left) c->state = DATA_RETURN;
            continue;
        }
        bool last = c->state == LAST_FEED;
        if (!step(c, text[c->in])) return refuse(r, 400, "the body is not in chunks");
        c->in++;
        if (c->state == DATA && c->left > most - c->out) return refuse(r, 413, "the body is too long");
        if (last) return TSK_HTTP_COMPLETE;
    }
    return TSK_HTTP_PARTIAL;
}

/* ---- percent signs ---- */

bool tsk_http_decode(tsk_slice from, bool plus, char *to, uint32_t *len) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < from.len; i++) {
        char c = from.ptr[i];
        if (c == '%') {
            int high = i + 2 < from.len ? digit(from.ptr[i + 1]) : -1,
                low = i + 2 < from.len ? digit(from.ptr[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        to[n++] = c;
    }
    *len = n;
    return true;
}
