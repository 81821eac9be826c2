/* HTTP/1.1 requests, read where they stand in a buffer.
 *
 *   bytes ─► tsk_http_head: request line and headers ─► content-length: that many bytes
 *                                                  └──► chunked: tsk_http_chunks, which moves the data together
 *
 * Invariants
 *  - Nothing is copied or allocated.  Slices point into the buffer; names of headers are small letters afterwards, so a
 *    head may be read again.
 *  - What one reader could take for another message than the next reader does (two lengths, a length and chunks, a lone
 *    line feed, a blank before a colon, a folded line) is refused. */
#ifndef TSK_HTTP_H
#define TSK_HTTP_H

#include "runtime/base/base.h"

#define TSK_HTTP_HEADERS 100

typedef struct tsk_http_header {
    tsk_slice name, value;
} tsk_http_header;

typedef struct tsk_http_request {
    tsk_slice method, target;
    tsk_slice path, query; /* of the target, as they were sent; the query without its `?` */
    tsk_http_header headers[TSK_HTTP_HEADERS];
    uint32_t count;
    bool http_1_0;
    bool keep_alive, chunked, expects_continue;
    uint64_t length;     /* of the body, unless it is chunked */
    int status;          /* of a request that is refused */
    const char *problem; /* why */
} tsk_http_request;

typedef enum tsk_http_result { TSK_HTTP_PARTIAL, TSK_HTTP_COMPLETE, TSK_HTTP_BAD } tsk_http_result;

/* `*scanned` is 0 at first and kept between calls while the head is partial; `*used` are the bytes of a complete head.
 * A head of more than `most` bytes is bad. */
tsk_http_result tsk_http_head(tsk_http_request *r, char *text, size_t len, size_t most, size_t *scanned, size_t *used);
/* NULL: there is none.  `name` in small letters. */
const tsk_slice *tsk_http_find(const tsk_http_request *r, const char *name);

/* A body in chunks: `in` has been read, `out` bytes of data stand at the beginning.  Zeroed at first. */
typedef struct tsk_http_chunks {
    size_t in, out;
    uint64_t left; /* of the chunk that is being read */
    uint32_t line; /* bytes of the size line or of trailers so far */
    uint8_t state;
} tsk_http_chunks;

/* Goes on with what has come; `text` is the whole body as far as it is known.  Bad: not chunks, or more than `most` bytes
 * of data (then r->status is 413). */
tsk_http_result tsk_http_read_chunks(tsk_http_chunks *c, tsk_http_request *r, char *text, size_t len, uint64_t most);

/* `%41+b` as bytes; `plus`: a plus sign is a blank.  `to` has room for `from.len` bytes; may be the same memory.
 * False: a percent sign that is followed by something else than two digits. */
bool tsk_http_decode(tsk_slice from, bool plus, char *to, uint32_t *len);
bool tsk_http_same(tsk_slice text, const char *small); /* without case; `small` has small letters only */
/* True when one of the words between commas is `small`. */
bool tsk_http_lists(tsk_slice list, const char *small);

#endif
