/* Values out of a compiled configuration. */
#include "runtime/base/utf8.h"
#include "runtime/formats/json.h"
#include "runtime/pnt/pnt.h"

enum { ROOM = 64 }; /* taken on the word of a count; more comes with the items */

typedef struct unpacking {
    tsk_arena *arena;
    const uint8_t *at, *end;
    const uint8_t *start;
    uint32_t depth;
    const char *why;
} unpacking;

static bool fail(unpacking *u, const char *what) {
    if (!u->why)
        u->why = tsk_arena_printf(u->arena, "%s at byte %zu", what, (size_t)(u->at - u->start) + TSK_PNT_HEADER);
    return false;
}

static bool big(unpacking *u, unsigned bytes, uint64_t *out) {
    if ((size_t)(u->end - u->at) < bytes) return fail(u, "it ends in the middle of a value");
    uint64_t n = 0;
    while (bytes--) n = n << 8 | *u->at++;
    *out = n;
    return true;
}

static bool text(unpacking *u, uint64_t len, tsk_slice *out) {
    if (len > (uint64_t)(u->end - u->at)) return fail(u, "it ends in the middle of a text");
    const char *ptr = (const char *)u->at;
    if (tsk_utf8_valid_prefix(ptr, (size_t)len) != len) return fail(u, "a text is not UTF-8");
    *out = (tsk_slice){ptr, (uint32_t)len};
    u->at += len;
    return true;
}

static bool value(unpacking *u, tsk_value *out);

static bool array(unpacking *u, uint64_t count, tsk_value *out) {
    if (count > (uint64_t)(u->end - u->at)) return fail(u, "a list is longer than the file");
    tsk_array *a = tsk_array_new(u->arena, count < ROOM ? (uint32_t)count : ROOM);
    for (uint64_t i = 0; i < count; i++) {
        tsk_value item;
        if (!value(u, &item)) return false;
        tsk_array_push(u->arena, a, item);
    }
    *out = tsk_from_array(a);
    return true;
}

/* Texts are keys as they are, whole numbers by their digits. */
static bool key(unpacking *u, tsk_slice *out) {
    tsk_value v;
    if (!value(u, &v)) return false;
    if (tsk_is_str(v)) {
        *out = tsk_as_slice(v);
        return true;
    }
    if (!tsk_is_int(v)) return fail(u, "a key is neither a text nor a whole number");
    *out = tsk_slice_cstr(tsk_arena_printf(u->arena, "%lld", (long long)tsk_as_int(v)));
    return true;
}

static bool map(unpacking *u, uint64_t count, tsk_value *out) {
    if (count > (uint64_t)(u->end - u->at) / 2) return fail(u, "a map is longer than the file");
    tsk_object *o = tsk_object_new(u->arena, count < ROOM ? (uint32_t)count : ROOM);
    for (uint64_t i = 0; i < count; i++) {
        tsk_slice name = {NULL, 0};
        tsk_value v;
        if (!key(u, &name) || !value(u, &v)) return false;
        tsk_object_set(u->arena, o, name.ptr, name.len, v);
    }
    *out = tsk_from_object(o);
    return true;
}

static tsk_value from_bits(uint64_t bits, bool wide) {
    double d;
    float f;
    uint32_t half = (uint32_t)bits;
    memcpy(&d, &bits, 8);
    memcpy(&f, &half, 4);
    return tsk_from_double(wide ? d : (double)f);
}

static bool sized(unpacking *u, uint8_t byte, tsk_value *out) {
    uint64_t n;
    tsk_slice s;
    switch (byte) {
    case 0xc0: *out = TSK_VALUE_NULL; return true;
    case 0xc2:
    case 0xc3: *out = tsk_from_bool(byte == 0xc3); return true;
    case 0xc4:
    case 0xc5:
    case 0xc6:
        if (!big(u, 1u << (byte - 0xc4), &n) || !text(u, n, &s)) return false;
        *out = tsk_str_borrow(u->arena, s.ptr, s.len);
        return true;
    case 0xca:
    case 0xcb:
        if (!big(u, byte == 0xcb ? 8 : 4, &n)) return false;
        *out = from_bits(n, byte == 0xcb);
        return true;
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        if (!big(u, 1u << (byte - 0xcc), &n)) return false;
        *out = n > INT64_MAX ? tsk_from_double((double)n) : tsk_int(u->arena, (int64_t)n);
        return true;
    case 0xd0: return big(u, 1, &n) && (*out = tsk_from_i32((int8_t)n), true);
    case 0xd1: return big(u, 2, &n) && (*out = tsk_from_i32((int16_t)n), true);
    case 0xd2: return big(u, 4, &n) && (*out = tsk_from_i32((int32_t)n), true);
    case 0xd3: return big(u, 8, &n) && (*out = tsk_int(u->arena, (int64_t)n), true);
    case 0xd9:
    case 0xda:
    case 0xdb:
        if (!big(u, 1u << (byte - 0xd9), &n) || !text(u, n, &s)) return false;
        *out = tsk_str_borrow(u->arena, s.ptr, s.len);
        return true;
    case 0xdc:
    case 0xdd: return big(u, byte == 0xdc ? 2 : 4, &n) && array(u, n, out);
    case 0xde:
    case 0xdf: return big(u, byte == 0xde ? 2 : 4, &n) && map(u, n, out);
    default: return fail(u, "a value has a type that configurations do not have");
    }
}

static bool value(unpacking *u, tsk_value *out) {
    tsk_slice s;
    if (u->at == u->end) return fail(u, "it ends where a value should be");
    if (!u->depth) return fail(u, "it is nested too deep");
    u->depth--;
    uint8_t byte = *u->at++;
    bool ok = true;
    if (byte < 0x80)
        *out = tsk_from_i32(byte);
    else if (byte >= 0xe0)
        *out = tsk_from_i32((int8_t)byte);
    else if (byte < 0x90)
        ok = map(u, byte & 15, out);
    else if (byte < 0xa0)
        ok = array(u, byte & 15, out);
    else if (byte < 0xc0)
        ok = text(u, byte & 31, &s) && (*out = tsk_str_borrow(u->arena, s.ptr, s.len), true);
    else
        ok = sized(u, byte, out);
    u->depth++;
    return ok;
}

/* Some writers put a line feed behind the map. */
static bool is_rest(const uint8_t *at, const uint8_t *end) {
    while (at < end && (*at == '\n' || *at == '\r')) at++;
    return at == end;
}

bool tsk_pnt_read(tsk_arena *arena, const char *bytes, size_t len, uint32_t max_depth, tsk_value *out,
                  const char **why) {
    tsk_pnt_info info;
    if (!tsk_pnt_look(bytes, len, &info)) {
        bool ours = info.layout && !strcmp(info.layout, "PNUT");
        if (!info.layout)
            *why = "this is no compiled configuration";
        else if (!ours)
            *why = tsk_arena_printf(arena, "this is the layout %s, which is not read", info.layout);
        else if (len < TSK_PNT_HEADER)
            *why = "it ends in the middle of its header";
        else
            *why = tsk_arena_printf(arena, "Unsupported binary version: %u", info.version);
        return false;
    }
    if (!info.intact) {
        *why = "Binary file corrupted (checksum mismatch)";
        return false;
    }
    const char *payload = bytes + TSK_PNT_HEADER;
    if (info.payload == TSK_PNT_JSON) {
        tsk_failure failure;
        if (!tsk_json_parse(arena, payload, len - TSK_PNT_HEADER, max_depth, out, &failure)) {
            *why = failure.message;
            return false;
        }
    } else {
        unpacking u = {.arena = arena,
                       .at = (const uint8_t *)payload,
                       .start = (const uint8_t *)payload,
                       .end = (const uint8_t *)bytes + len,
                       .depth = max_depth ? max_depth : 1000};
        if (!value(&u, out) || (!is_rest(u.at, u.end) && !fail(&u, "there is more than one value"))) {
            *why = u.why;
            return false;
        }
    }
    if (tsk_is_object(*out)) return true;
    *why = "the value is no map";
    return false;
}
