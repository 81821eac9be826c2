/* Random numbers from the kernel: good for tokens as well as for dice. */
#include "runtime/operators/encode.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

#define RANDOM_MAX 65536 /* bytes of one token */

bool tsk_op_random_bytes(tsk_op_context *cx, void *to, size_t len) {
    char *p = to;
    while (len) {
        ssize_t n = getrandom(p, len, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED, "the kernel gives no random bytes");
        p += n;
        len -= (size_t)n;
    }
    return true;
}

/* Each of 0 .. bound - 1 equally often; bound 0: all 64 bits. */
static bool below(tsk_op_context *cx, uint64_t bound, uint64_t *out) {
    uint64_t x, spare = bound ? (UINT64_MAX - bound + 1) % bound : 0; /* these low values would come too often */
    do {
        if (!tsk_op_random_bytes(cx, &x, sizeof x)) return false;
    } while (x < spare);
    *out = bound ? x % bound : x;
    return true;
}

/* random(low, high) is a whole number, both ends included; random(n) is from 0 to n; random() a fraction below 1. */
TSK_OPERATOR(random) {
    TSK_CALL("random");
    int64_t low = 0, high;
    uint64_t n;
    if (count == 0) return tsk_op_random_float(cx, args, count, out);
    if (count == 2 && !tsk_arg_int(&call, 0, &low)) return false;
    if (!tsk_arg_int(&call, count - 1, &high)) return false;
    if (low > high)
        return tsk_op_fail(cx, TSK_E_ARGUMENT, "random: the lower bound %lld is above the upper bound %lld",
                           (long long)low, (long long)high);
    if (!below(cx, (uint64_t)high - (uint64_t)low + 1, &n)) return false;
    *out = tsk_int(cx->heap, (int64_t)((uint64_t)low + n));
    return true;
}

/* From low (included) to high (not included); 0 and 1 when they are not given. */
TSK_OPERATOR(random_float) {
    TSK_CALL("random_float");
    double low, high;
    uint64_t n;
    if (!tsk_arg_number_or(&call, 0, 0, &low) || !tsk_arg_number_or(&call, 1, 1, &high)) return false;
    if (count == 1) {
        high = low;
        low = 0;
    }
    if (!below(cx, 0, &n)) return false;
    *out = tsk_from_double(low + (high - low) * ((double)(n >> 11) * 0x1p-53));
    return true;
}

TSK_OPERATOR(random_item) {
    TSK_CALL("random_item");
    const tsk_array *list;
    uint64_t n;
    if (!tsk_arg_array(&call, 0, &list)) return false;
    if (!list->count) return tsk_arg_wrong(&call, 0, "a list with items");
    if (!below(cx, list->count, &n)) return false;
    *out = list->items[n];
    return true;
}

static bool length_argument(const tsk_call *call, int64_t otherwise, int64_t *out) {
    if (!tsk_arg_int_or(call, 0, otherwise, out)) return false;
    return (*out >= 0 && *out <= RANDOM_MAX) || tsk_arg_wrong(call, 0, "a length from 0 to 65536");
}

TSK_OPERATOR(random_string) {
    TSK_CALL("random_string");
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    int64_t len;
    uint64_t n;
    if (!length_argument(&call, 16, &len)) return false;
    char *text = tsk_arena_alloc(cx->heap, (size_t)len);
    for (int64_t i = 0; i < len; i++) {
        if (!below(cx, sizeof letters - 1, &n)) return false;
        text[i] = letters[n];
    }
    *out = tsk_str_borrow(cx->heap, text, (uint32_t)len);
    return true;
}

/* Hexadecimal text of so many bytes. */
TSK_OPERATOR(random_hex) {
    TSK_CALL("random_hex");
    int64_t len;
    if (!length_argument(&call, 16, &len)) return false;
    uint8_t *bytes = tsk_arena_alloc(cx->heap, (size_t)len);
    if (!tsk_op_random_bytes(cx, bytes, (size_t)len)) return false;
    *out = tsk_encode_hex(cx->heap, bytes, (size_t)len);
    return true;
}

/* The first `wanted` of a shuffled copy. */
static bool shuffled(tsk_op_context *cx, const tsk_array *list, uint32_t wanted, tsk_value *out) {
    tsk_array *copy = tsk_array_new(cx->heap, list->count);
    copy->count = list->count;
    if (copy->count) memcpy(copy->items, list->items, copy->count * sizeof *copy->items);
    for (uint32_t i = 0; i < wanted; i++) {
        uint64_t n;
        if (!below(cx, copy->count - i, &n)) return false;
        tsk_value swap = copy->items[i];
        copy->items[i] = copy->items[i + n];
        copy->items[i + n] = swap;
    }
    copy->count = wanted;
    *out = tsk_from_array(copy);
    return true;
}

TSK_OPERATOR(shuffle) {
    TSK_CALL("shuffle");
    const tsk_array *list;
    return tsk_arg_array(&call, 0, &list) && shuffled(cx, list, list->count, out);
}

TSK_OPERATOR(sample) {
    TSK_CALL("sample");
    const tsk_array *list;
    int64_t n;
    if (!tsk_arg_array(&call, 0, &list) || !tsk_arg_int_or(&call, 1, 1, &n)) return false;
    if (n < 0) return tsk_arg_wrong(&call, 1, "a number from 0 up");
    return shuffled(cx, list, n < list->count ? (uint32_t)n : list->count, out);
}

/* weighted_random({a: 3, b: 1}), weighted_random(items, weights): an item, by its weight. */
TSK_OPERATOR(weighted_random) {
    TSK_CALL("weighted_random");
    const tsk_array *items = NULL, *weights = NULL;
    const tsk_object *o = NULL;
    if (count == 1 ? !tsk_arg_object(&call, 0, &o)
                   : !tsk_arg_array(&call, 0, &items) || !tsk_arg_array(&call, 1, &weights))
        return false;
    uint32_t n = o ? o->count : items->count;
    if (!o && weights->count != n) return tsk_arg_wrong(&call, 1, "a list with a weight for each item");
    double sum = 0, *each = TSK_NEW_ARRAY(cx->heap, double, n);
    for (uint32_t i = 0; i < n; i++) {
        tsk_value w = o ? o->entries[i].value : weights->items[i];
        each[i] = tsk_is_number(w) ? tsk_as_number(w) : -1;
        if (!(each[i] >= 0 && each[i] < 1e300)) return tsk_arg_wrong(&call, o ? 0 : 1, "weights from 0 up");
        sum += each[i];
    }
    uint64_t random;
    if (!(sum > 0)) return tsk_arg_wrong(&call, o ? 0 : 1, "weights, one of them above 0");
    if (!below(cx, 0, &random)) return false;
    double at = (double)(random >> 11) * 0x1p-53 * sum;
    uint32_t i = 0;
    while (i + 1 < n && (at >= each[i] || each[i] == 0)) at -= each[i++];
    while (each[i] == 0) i--; /* rounding went past the last */
    *out = o ? tsk_op_text(cx, o->entries[i].key, o->entries[i].key_len) : items->items[i];
    return true;
}

static tsk_value uuid_text(tsk_op_context *cx, const uint8_t *b) {
    char text[36];
    for (int i = 0, at = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text[at++] = '-';
        text[at++] = "0123456789abcdef"[b[i] >> 4];
        text[at++] = "0123456789abcdef"[b[i] & 15];
    }
    return tsk_op_text(cx, text, sizeof text);
}

/* Version 7 begins with the milliseconds since 1970, so later ones sort behind. */
static void put_time(const tsk_op_context *cx, uint8_t *b) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t ms = cx->has_now ? cx->now_ms : (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    for (int i = 0; i < 6; i++) b[i] = (uint8_t)(ms >> (40 - 8 * i));
}

/* uuid(), uuid(4) are random; uuid(7), uuid("v7") begin with the time. */
TSK_OPERATOR(uuid) {
    TSK_CALL("uuid");
    int64_t version = 4;
    uint8_t b[16];
    if (count && tsk_is_str(args[0]) && tsk_as_str(args[0])->len == 2 && (*tsk_as_str(args[0])->ptr | 32) == 'v')
        version = tsk_as_str(args[0])->ptr[1] - '0';
    else if (!tsk_arg_int_or(&call, 0, 4, &version))
        return false;
    if (version != 4 && version != 7) return tsk_arg_wrong(&call, 0, "version 4 or 7");
    if (!tsk_op_random_bytes(cx, b, sizeof b)) return false;
    if (version == 7) put_time(cx, b);
    b[6] = (uint8_t)((b[6] & 0x0F) | version << 4);
    b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
    *out = uuid_text(cx, b);
    return true;
}

TSK_OPERATOR(uuid_v7) {
    tsk_value version = tsk_from_i32(7);
    return tsk_op_uuid(cx, &version, 1, out);
}
