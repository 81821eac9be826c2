/* Base64, hexadecimal, and percent encoding. */
#include "runtime/operators/encode.h"

#include <stdio.h>

static const char standard_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

tsk_value tsk_encode_hex(tsk_arena *heap, const uint8_t *bytes, size_t len) {
    char *text = tsk_arena_alloc(heap, len * 2);
    for (size_t i = 0; i < len; i++) {
        text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    return tsk_str_borrow(heap, text, (uint32_t)(len * 2));
}

tsk_value tsk_encode_base64(tsk_arena *heap, const uint8_t *p, size_t len, bool url) {
    const char *digits = url ? url_digits : standard_digits;
    char *text = tsk_arena_alloc(heap, (len + 2) / 3 * 4), *at = text;
    for (; len >= 3; p += 3, len -= 3) {
        uint32_t three = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
        for (int shift = 18; shift >= 0; shift -= 6) *at++ = digits[three >> shift & 63];
    }
    if (len) {
        uint32_t rest = (uint32_t)p[0] << 16 | (len > 1 ? (uint32_t)p[1] << 8 : 0);
        *at++ = digits[rest >> 18];
        *at++ = digits[rest >> 12 & 63];
        if (len > 1) *at++ = digits[rest >> 6 & 63];
        for (size_t i = len; !url && i < 3; i++) *at++ = '=';
    }
    return tsk_str_borrow(heap, text, (uint32_t)(at - text));
}

static int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool tsk_decode_base64(tsk_arena *heap, tsk_slice s, tsk_slice *out) {
    char *bytes = tsk_arena_alloc(heap, (size_t)s.len / 4 * 3 + 3);
    uint32_t n = 0, bits = 0, digits = 0, padding = 0;
    for (uint32_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
        int d = base64_digit(c);
        if (c == '=' && ++padding <= 2) continue;
        if (d < 0 || padding) return false;
        bits = bits << 6 | (uint32_t)d;
        if (++digits % 4 == 0) {
            for (int shift = 16; shift >= 0; shift -= 8) bytes[n++] = (char)(bits >> shift);
            bits = 0;
        }
    }
    if (digits % 4 == 1 || (padding && (digits + padding) % 4)) return false;
    if (digits % 4 == 2) bytes[n++] = (char)(bits >> 4);
    if (digits % 4 == 3) {
        bytes[n++] = (char)(bits >> 10);
        bytes[n++] = (char)(bits >> 2);
    }
    *out = (tsk_slice){bytes, n};
    return true;
}

static bool decode_base64(const tsk_call *call, uint32_t at, tsk_value *out) {
    tsk_slice s, bytes;
    if (!tsk_arg_text(call, at, &s)) return false;
    if (!tsk_decode_base64(call->cx->heap, s, &bytes)) return tsk_arg_wrong(call, at, "Base64 text");
    *out = tsk_str_borrow(call->cx->heap, bytes.ptr, bytes.len);
    return true;
}

static bool encode_base64(const tsk_call *call, bool url, tsk_value *out) {
    tsk_slice s;
    if (!tsk_arg_text(call, 0, &s)) return false;
    *out = tsk_encode_base64(call->cx->heap, (const uint8_t *)s.ptr, s.len, url);
    return true;
}

TSK_OPERATOR(base64_encode) {
    TSK_CALL("base64_encode");
    return encode_base64(&call, false, out);
}

TSK_OPERATOR(base64_encode_url) {
    TSK_CALL("base64_encode_url");
    return encode_base64(&call, true, out);
}

TSK_OPERATOR(base64_decode) {
    TSK_CALL("base64_decode");
    return decode_base64(&call, 0, out);
}

TSK_OPERATOR(base64_decode_url) {
    TSK_CALL("base64_decode_url");
    return decode_base64(&call, 0, out);
}

static const tsk_action base64_actions[] = {{"encode", TSK_OP_BASE64_ENCODE},
                                            {"decode", TSK_OP_BASE64_DECODE},
                                            {"encodeurl", TSK_OP_BASE64_ENCODE_URL},
                                            {"decodeurl", TSK_OP_BASE64_DECODE_URL}};
static const tsk_action hex_actions[] = {{"encode", TSK_OP_HEX_ENCODE}, {"decode", TSK_OP_HEX_DECODE}};

/* base64("op", text), base64(text, "op"), base64(text) encodes. */
TSK_OPERATOR(base64) {
    TSK_CALL("base64");
    if (count == 1) return encode_base64(&call, false, out);
    for (uint32_t i = 0; i < 2; i++) {
        const tsk_action *action = tsk_is_str(args[i]) ? tsk_action_find(base64_actions, TSK_COUNT(base64_actions),
                                                                         tsk_as_slice(args[i]))
                                                       : NULL;
        if (action) return tsk_op_call(cx, action->number, &args[1 - i], 1, out);
    }
    tsk_slice name;
    return tsk_arg_text(&call, 0, &name) && tsk_action_unknown(&call, base64_actions, TSK_COUNT(base64_actions), name);
}

TSK_OPERATOR(hex_encode) {
    TSK_CALL("hex_encode");
    tsk_slice s;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    *out = tsk_encode_hex(cx->heap, (const uint8_t *)s.ptr, s.len);
    return true;
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

TSK_OPERATOR(hex_decode) {
    TSK_CALL("hex_decode");
    tsk_slice s;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    if (s.len % 2) return tsk_arg_wrong(&call, 0, "pairs of hexadecimal digits");
    char *bytes = tsk_arena_alloc(cx->heap, s.len / 2);
    for (uint32_t i = 0; i < s.len; i += 2) {
        int high = hex_digit(s.ptr[i]), low = hex_digit(s.ptr[i + 1]);
        if (high < 0 || low < 0) return tsk_arg_wrong(&call, 0, "pairs of hexadecimal digits");
        bytes[i / 2] = (char)(high << 4 | low);
    }
    *out = tsk_str_borrow(cx->heap, bytes, s.len / 2);
    return true;
}

/* hex("op", text), hex(text) encodes, hex(255) is "ff". */
TSK_OPERATOR(hex) {
    TSK_CALL("hex");
    tsk_slice name;
    if (count == 1 && tsk_is_int(args[0])) {
        char text[20];
        int len = snprintf(text, sizeof text, "%llx", (unsigned long long)tsk_as_int(args[0]));
        *out = tsk_op_text(cx, text, (size_t)len);
        return true;
    }
    if (count == 1) return tsk_op_hex_encode(cx, args, count, out);
    if (!tsk_arg_text(&call, 0, &name)) return false;
    const tsk_action *action = tsk_action_find(hex_actions, TSK_COUNT(hex_actions), name);
    if (!action) return tsk_action_unknown(&call, hex_actions, TSK_COUNT(hex_actions), name);
    return tsk_op_call(cx, action->number, args + 1, 1, out);
}

/* ---- percent encoding: RFC 3986 ---- */

void tsk_encode_percent(tsk_buf *out, tsk_slice s) {
    for (uint32_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c && strchr("-_.~", c)))
            tsk_buf_char(out, c);
        else
            tsk_buf_printf(out, "%%%02X", (unsigned)(uint8_t)c);
    }
}

TSK_OPERATOR(url_encode) {
    TSK_CALL("url_encode");
    tsk_slice s;
    tsk_buf text;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    tsk_buf_init(&text, cx->heap);
    tsk_encode_percent(&text, s);
    *out = tsk_str_take(&text);
    return true;
}

/* '+' is a blank, as forms write it. */
static void decode_percent(tsk_buf *out, tsk_slice s) {
    for (uint32_t i = 0; i < s.len; i++) {
        int high = -1, low = -1;
        if (s.ptr[i] == '%' && s.len - i > 2) {
            high = hex_digit(s.ptr[i + 1]);
            low = hex_digit(s.ptr[i + 2]);
        }
        if (high >= 0 && low >= 0) {
            tsk_buf_char(out, (char)(high << 4 | low));
            i += 2;
        } else {
            tsk_buf_char(out, s.ptr[i] == '+' ? ' ' : s.ptr[i]);
        }
    }
}

static tsk_value decoded(tsk_arena *heap, tsk_slice s) {
    tsk_buf text;
    tsk_buf_init(&text, heap);
    decode_percent(&text, s);
    return tsk_str_take(&text);
}

TSK_OPERATOR(url_decode) {
    TSK_CALL("url_decode");
    tsk_slice s;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    *out = decoded(cx->heap, s);
    return true;
}

/* ---- URLs ---- */

enum { QUERY_DEPTH = 16 };

/* `key` is encoded already.  a=1&b=2; a list gives its key once for every item, a map `key[name]` for each of its own. */
static void add_pairs(tsk_buf *out, size_t start, tsk_slice key, tsk_value v, int depth) {
    if (tsk_is_array(v) && depth) {
        for (uint32_t k = 0; k < tsk_as_array(v)->count; k++)
            add_pairs(out, start, key, tsk_as_array(v)->items[k], depth - 1);
        return;
    }
    tsk_buf text;
    tsk_buf_init(&text, out->arena);
    if (tsk_is_object(v) && depth) {
        const tsk_object *o = tsk_as_object(v);
        for (uint32_t i = 0; i < o->count; i++) {
            text.len = 0;
            tsk_buf_slice(&text, key);
            tsk_buf_char(&text, '[');
            tsk_encode_percent(&text, (tsk_slice){o->entries[i].key, o->entries[i].key_len});
            tsk_buf_char(&text, ']');
            add_pairs(out, start, tsk_slice_from(text.ptr, text.len), o->entries[i].value, depth - 1);
        }
        return;
    }
    tsk_value_text(&text, v);
    if (out->len > start) tsk_buf_char(out, '&');
    tsk_buf_slice(out, key);
    tsk_buf_char(out, '=');
    tsk_encode_percent(out, tsk_slice_from(text.ptr, text.len));
}

static void add_query(tsk_buf *out, const tsk_object *o) {
    size_t start = out->len;
    for (uint32_t i = 0; i < o->count; i++) {
        tsk_buf key;
        tsk_buf_init(&key, out->arena);
        tsk_encode_percent(&key, (tsk_slice){o->entries[i].key, o->entries[i].key_len});
        add_pairs(out, start, tsk_slice_from(key.ptr, key.len), o->entries[i].value, QUERY_DEPTH);
    }
}

TSK_OPERATOR(url_query) {
    TSK_CALL("url_query");
    const tsk_object *o;
    tsk_buf text;
    if (!tsk_arg_object(&call, 0, &o)) return false;
    tsk_buf_init(&text, cx->heap);
    add_query(&text, o);
    *out = tsk_str_take(&text);
    return true;
}

/* url(base[, path[, query]]) */
TSK_OPERATOR(url) {
    TSK_CALL("url");
    tsk_slice base, path, query;
    tsk_buf text;
    if (!tsk_arg_text(&call, 0, &base) || !tsk_arg_text_or(&call, 1, TSK_SLICE(""), &path)) return false;
    tsk_buf_init(&text, cx->heap);
    if (path.len) {
        while (base.len && base.ptr[base.len - 1] == '/') base.len--;
        while (path.len && path.ptr[0] == '/') path.ptr++, path.len--;
    }
    tsk_buf_slice(&text, base);
    if (tsk_arg_given(&call, 1) && tsk_as_str(tsk_value_string(cx->heap, args[1]))->len) tsk_buf_char(&text, '/');
    tsk_buf_slice(&text, path);
    if (tsk_arg_given(&call, 2)) {
        tsk_buf_char(&text, text.len && memchr(text.ptr, '?', text.len) ? '&' : '?');
        if (tsk_is_object(args[2])) {
            add_query(&text, tsk_as_object(args[2]));
        } else {
            if (!tsk_arg_text(&call, 2, &query)) return false;
            tsk_buf_slice(&text, query);
        }
    }
    *out = tsk_str_take(&text);
    return true;
}

static tsk_value query_object(tsk_arena *heap, tsk_slice query) {
    tsk_object *o = tsk_object_new(heap, 4);
    const char *p = query.ptr, *end = p + query.len;
    while (p < end) {
        const char *stop = memchr(p, '&', (size_t)(end - p)), *equals;
        if (!stop) stop = end;
        equals = memchr(p, '=', (size_t)(stop - p));
        tsk_slice key = tsk_as_slice(decoded(heap, tsk_slice_from(p, (size_t)((equals ? equals : stop) - p))));
        tsk_slice value = equals ? tsk_slice_from(equals + 1, (size_t)(stop - equals - 1)) : TSK_SLICE("");
        if (key.len) tsk_object_set(heap, o, key.ptr, key.len, decoded(heap, value));
        p = stop + (stop < end);
    }
    return tsk_from_object(o);
}

static void put_part(tsk_arena *heap, tsk_object *o, const char *name, const char *from, const char *to) {
    tsk_object_put(heap, o, name, from && to >= from ? tsk_str_copy(heap, from, (size_t)(to - from)) : TSK_VALUE_NULL);
}

/* [user[:password]@]host[:port] */
static bool put_authority(const tsk_call *call, tsk_object *o, const char *p, const char *end) {
    tsk_arena *heap = call->cx->heap;
    const char *at = p < end ? memrchr(p, '@', (size_t)(end - p)) : NULL;
    const char *colon = at ? memchr(p, ':', (size_t)(at - p)) : NULL;
    put_part(heap, o, "user", at ? p : NULL, colon ? colon : at);
    put_part(heap, o, "password", colon ? colon + 1 : NULL, at);
    if (at) p = at + 1;
    const char *bracket = p < end && *p == '[' ? memchr(p, ']', (size_t)(end - p)) : NULL;
    const char *host_end = bracket ? bracket + 1 : p, *port;
    while (host_end < end && *host_end != ':') host_end++;
    put_part(heap, o, "host", host_end > p ? p : NULL, host_end);
    port = host_end < end ? host_end + 1 : NULL;
    int64_t n = 0;
    for (const char *q = port; q && q < end; q++) {
        if (*q < '0' || *q > '9' || n > 65535) return tsk_arg_wrong(call, 0, "a URL with a port from 0 to 65535");
        n = n * 10 + (*q - '0');
    }
    if (n > 65535) return tsk_arg_wrong(call, 0, "a URL with a port from 0 to 65535");
    tsk_object_put(heap, o, "port", port && port < end ? tsk_int(heap, n) : TSK_VALUE_NULL);
    return true;
}

/* {scheme, user, password, host, port, path, query, params, fragment} */
TSK_OPERATOR(url_parse) {
    TSK_CALL("url_parse");
    tsk_slice s;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    tsk_object *o = tsk_object_new(cx->heap, 9);
    const char *p = s.ptr, *end = p + s.len, *hash = memchr(p, '#', s.len);
    const char *rest_end = hash ? hash : end, *question = memchr(p, '?', (size_t)(rest_end - p));
    const char *path_end = question ? question : rest_end;
    const char *colon = memmem(p, (size_t)(path_end - p), "://", 3);
    put_part(cx->heap, o, "scheme", colon ? p : NULL, colon);
    const char *authority = colon ? colon + 3 : NULL,
               *path = authority ? memchr(authority, '/', (size_t)(path_end - authority)) : p;
    if (!path) path = path_end;
    if (!put_authority(&call, o, authority ? authority : path, path)) return false;
    put_part(cx->heap, o, "path", path, path_end);
    put_part(cx->heap, o, "query", question ? question + 1 : NULL, rest_end);
    tsk_object_put(cx->heap, o, "params",
                   question ? query_object(cx->heap, tsk_slice_from(question + 1, (size_t)(rest_end - question - 1)))
                            : tsk_from_object(tsk_object_new(cx->heap, 0)));
    put_part(cx->heap, o, "fragment", hash ? hash + 1 : NULL, end);
    *out = tsk_from_object(o);
    return true;
}

static bool part_text(const tsk_call *call, const tsk_object *o, const char *name, tsk_slice *out) {
    const tsk_entry *e = tsk_object_find(o, name, (uint32_t)strlen(name));
    *out = TSK_SLICE("");
    if (e && !tsk_is_null(e->value)) *out = tsk_as_slice(tsk_value_string(call->cx->heap, e->value));
    return out->len > 0;
}

/* The inverse of url_parse; `params` or `query`. */
TSK_OPERATOR(url_build) {
    TSK_CALL("url_build");
    const tsk_object *o;
    tsk_slice part;
    tsk_buf text;
    if (!tsk_arg_object(&call, 0, &o)) return false;
    tsk_buf_init(&text, cx->heap);
    if (part_text(&call, o, "scheme", &part) || part_text(&call, o, "protocol", &part)) {
        tsk_buf_slice(&text, part);
        tsk_buf_cstr(&text, part.ptr[part.len - 1] == ':' ? "//" : "://");
    }
    if (part_text(&call, o, "user", &part)) {
        tsk_encode_percent(&text, part);
        if (part_text(&call, o, "password", &part)) {
            tsk_buf_char(&text, ':');
            tsk_encode_percent(&text, part);
        }
        tsk_buf_char(&text, '@');
    }
    if (part_text(&call, o, "host", &part)) tsk_buf_slice(&text, part);
    if (part_text(&call, o, "port", &part)) {
        tsk_buf_char(&text, ':');
        tsk_buf_slice(&text, part);
    }
    if (part_text(&call, o, "path", &part)) {
        if (text.len && *part.ptr != '/') tsk_buf_char(&text, '/');
        tsk_buf_slice(&text, part);
    }
    const tsk_entry *params = tsk_object_find(o, "params", 6);
    if (params && tsk_is_object(params->value) && tsk_as_object(params->value)->count) {
        tsk_buf_char(&text, '?');
        add_query(&text, tsk_as_object(params->value));
    } else if (part_text(&call, o, "query", &part)) {
        tsk_buf_char(&text, '?');
        tsk_buf_slice(&text, part);
    }
    if (part_text(&call, o, "fragment", &part)) {
        tsk_buf_char(&text, '#');
        tsk_buf_slice(&text, part);
    }
    *out = tsk_str_take(&text);
    return true;
}
