/* gzip through zlib, which is loaded on first use.  Compressed bytes are Base64, since they are no text. */
#define TSK_USE_ZLIB
#include "runtime/base/library_api.h"
#include "runtime/operators/encode.h"

#define GZIP_WINDOW (15 + 16) /* of zlib: with the header of gzip */
#define LARGEST ((size_t)64 << 20)

static void *take(void *arena, unsigned items, unsigned size) {
    return tsk_arena_alloc(arena, (size_t)items * size);
}

static void release(void *arena, void *ptr) {
    (void)arena, (void)ptr;
}

static bool load_zlib(const tsk_call *call, const tsk_zlib_api **api) {
    tsk_library_error missing;
    if (tsk_library_zlib(api, &missing)) return true;
    tsk_op_fail(call->cx, TSK_E_LIBRARY_MISSING, "%s: %s is not installed", call->name, missing.file);
    return tsk_op_hint(call->cx, "install the package %s", missing.package);
}

static z_stream stream_of(tsk_arena *heap, tsk_slice in) {
    return (z_stream){
        .zalloc = take, .zfree = release, .opaque = heap, .next_in = (Bytef *)(uintptr_t)in.ptr, .avail_in = in.len};
}

/* gzip_encode(text) */
TSK_OPERATOR(gzip_encode) {
    TSK_CALL("gzip_encode");
    const tsk_zlib_api *api;
    tsk_slice text;
    if (!tsk_arg_text(&call, 0, &text) || !load_zlib(&call, &api)) return false;
    z_stream z = stream_of(cx->heap, text);
    size_t room = (size_t)text.len + text.len / 1000 + 64;
    uint8_t *bytes = tsk_arena_alloc(cx->heap, room);
    bool done = room < UINT32_MAX && api->deflateInit2__(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8,
                                                         Z_DEFAULT_STRATEGY, ZLIB_VERSION, (int)sizeof z) == Z_OK;
    z.next_out = bytes;
    z.avail_out = (unsigned)room;
    if (!done || api->deflate_(&z, Z_FINISH) != Z_STREAM_END)
        return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED, "gzip_encode: the text is too large");
    *out = tsk_encode_base64(cx->heap, bytes, z.total_out, false);
    return true;
}

/* gzip_decode(base64) */
TSK_OPERATOR(gzip_decode) {
    TSK_CALL("gzip_decode");
    const tsk_zlib_api *api;
    tsk_slice encoded, bytes;
    if (!tsk_arg_text(&call, 0, &encoded)) return false;
    if (!tsk_decode_base64(cx->heap, encoded, &bytes)) return tsk_arg_wrong(&call, 0, "Base64 of bytes that gzip gave");
    if (!load_zlib(&call, &api)) return false;
    z_stream z = stream_of(cx->heap, bytes);
    tsk_buf text;
    tsk_buf_init(&text, cx->heap);
    int status = api->inflateInit2__(&z, GZIP_WINDOW, ZLIB_VERSION, (int)sizeof z);
    while (status == Z_OK && text.len < LARGEST) {
        tsk_buf_reserve(&text, 65536);
        z.next_out = (Bytef *)text.ptr + text.len;
        z.avail_out = 65536;
        status = api->inflate_(&z, Z_NO_FLUSH);
        text.len += 65536 - z.avail_out;
    }
    if (status == Z_OK) return tsk_op_fail(cx, TSK_E_MEMORY_LIMIT, "gzip_decode: the text is larger than 64 MiB");
    if (status != Z_STREAM_END) return tsk_arg_wrong(&call, 0, "Base64 of bytes that gzip gave");
    *out = tsk_str_take(&text);
    return true;
}
