/* Values as a compiled configuration: the smallest encoding of each, so that the same value is the same bytes. */
#include "runtime/base/sha256.h"
#include "runtime/pnt/pnt.h"

typedef struct packing {
    const tsk_pnt_writer *w;
    const char *why;
} packing;

static void little(char *p, uint64_t n, int bytes) {
    for (int i = 0; i < bytes; i++, n >>= 8) p[i] = (char)n;
}

/* A byte and a number behind it, the first byte first. */
static void put(tsk_buf *out, int byte, uint64_t n, int bytes) {
    char text[9] = {(char)byte};
    for (int i = bytes; i; i--, n >>= 8) text[i] = (char)n;
    tsk_buf_add(out, text, (size_t)bytes + 1);
}

static void put_int(tsk_buf *out, int64_t n) {
    if (n >= 0) {
        if (n < 0x80)
            put(out, (int)n, 0, 0);
        else if (n <= UINT8_MAX)
            put(out, 0xcc, (uint64_t)n, 1);
        else if (n <= UINT16_MAX)
            put(out, 0xcd, (uint64_t)n, 2);
        else if (n <= UINT32_MAX)
            put(out, 0xce, (uint64_t)n, 4);
        else
            put(out, 0xcf, (uint64_t)n, 8);
    } else if (n >= -32) {
        put(out, (int)(n & 0xff), 0, 0);
    } else if (n >= INT8_MIN) {
        put(out, 0xd0, (uint64_t)n, 1);
    } else if (n >= INT16_MIN) {
        put(out, 0xd1, (uint64_t)n, 2);
    } else if (n >= INT32_MIN) {
        put(out, 0xd2, (uint64_t)n, 4);
    } else {
        put(out, 0xd3, (uint64_t)n, 8);
    }
}

static void put_text(tsk_buf *out, const char *ptr, uint32_t len) {
    if (len < 32)
        put(out, 0xa0 | (int)len, 0, 0);
    else if (len <= UINT8_MAX)
        put(out, 0xd9, len, 1);
    else if (len <= UINT16_MAX)
        put(out, 0xda, len, 2);
    else
        put(out, 0xdb, len, 4);
    tsk_buf_add(out, ptr, len);
}

static void put_count(tsk_buf *out, uint32_t count, int small, int wide) {
    if (count < 16)
        put(out, small | (int)count, 0, 0);
    else if (count <= UINT16_MAX)
        put(out, wide, count, 2);
    else
        put(out, wide + 1, count, 4);
}

static bool put_value(packing *p, tsk_value v, uint32_t depth) {
    tsk_buf *out = p->w->out;
    if (tsk_is_thunk(v)) v = p->w->resolve ? p->w->resolve(p->w->user, tsk_as_thunk(v)) : TSK_VALUE_NULL;
    if (!depth) {
        p->why = "it is nested too deep";
        return false;
    }
    switch (tsk_kind_of(v)) {
    case TSK_BOOL: put(out, tsk_as_bool(v) ? 0xc3 : 0xc2, 0, 0); return true;
    case TSK_INT: put_int(out, tsk_as_int(v)); return true;
    case TSK_DOUBLE: {
        double d = tsk_as_double(v);
        uint64_t bits;
        memcpy(&bits, &d, 8);
        put(out, 0xcb, bits, 8);
        return true;
    }
    case TSK_STRING: put_text(out, tsk_as_str(v)->ptr, tsk_as_str(v)->len); return true;
    case TSK_ARRAY: {
        const tsk_array *a = tsk_as_array(v);
        put_count(out, a->count, 0x90, 0xdc);
        for (uint32_t i = 0; i < a->count; i++)
            if (!put_value(p, a->items[i], depth - 1)) return false;
        return true;
    }
    case TSK_OBJECT: {
        const tsk_object *o = tsk_as_object(v);
        put_count(out, o->count, 0x80, 0xde);
        for (uint32_t i = 0; i < o->count; i++) {
            put_text(out, o->entries[i].key, o->entries[i].key_len);
            if (!put_value(p, o->entries[i].value, depth - 1)) return false;
        }
        return true;
    }
    case TSK_FUNCTION: p->why = "it holds a function that is no text"; return false;
    default: put(out, 0xc0, 0, 0); return true;
    }
}

bool tsk_pnt_write(const tsk_pnt_writer *w, tsk_value v, const char **why) {
    packing p = {.w = w};
    size_t begun = w->out->len;
    tsk_buf_add(w->out, "PNUT\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", TSK_PNT_HEADER);
    if (!put_value(&p, v, w->max_depth ? w->max_depth : 1000)) {
        *why = p.why;
        return false;
    }
    char *header = w->out->ptr + begun;
    tsk_sha256 hash;
    tsk_sha256_begin(&hash);
    tsk_sha256_add(&hash, header + TSK_PNT_HEADER, w->out->len - begun - TSK_PNT_HEADER);
    tsk_digest digest = tsk_sha256_end(&hash);
    little(header + 8, w->timestamp, 8);
    memcpy(header + 16, digest.bytes, 8);
    return true;
}
