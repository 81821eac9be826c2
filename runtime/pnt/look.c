/* Which layout a binary file has. */
#include "runtime/base/sha256.h"
#include "runtime/pnt/pnt.h"

static uint64_t little(const char *p, int bytes) {
    uint64_t n = 0;
    while (bytes--) n = n << 8 | (uint8_t)p[bytes];
    return n;
}

static const struct {
    const char *magic;
    uint8_t len;
    const char *layout;
} others[] = {
    {"PNT\0", 4, "PNT, of the binary format specification"},
    {"TUSKLANG", 8, "TUSKLANG, of the Rust command line"},
    {"PEANUTS", 7, "PEANUTS, of the Rust command line"},
    {"TUSK_BINARY_FORMAT", 18, "TUSK_BINARY_FORMAT, of the Go command line"},
    {"TUSK", 4, "TUSK, of lib/TuskBinary.php"},
    {"FLEX", 4, "FLEX, of ShellStorage"},
    {"\x20\x50\x4E\x54", 4, "of the C# compiler"},
};

static const char *other_layout(const char *bytes, size_t len) {
    for (size_t i = 0; i < TSK_COUNT(others); i++)
        if (len >= others[i].len && !memcmp(bytes, others[i].magic, others[i].len)) return others[i].layout;
    size_t front = len < 64 ? len : 64;
    if (front > 16 && (uint8_t)bytes[0] < 0x80 && memmem(bytes, front, "PeanutConfig", 12) &&
        memchr(bytes, 0xff, front))
        return "gob, of the Go SDK";
    return NULL;
}

bool tsk_pnt_is_binary(const char *bytes, size_t len) {
    return (len >= 4 && !memcmp(bytes, "PNUT", 4) &&
            (len == 4 || (uint8_t)bytes[4] < 0x20 || (uint8_t)bytes[4] >= 0x7f)) ||
           (len >= 4 && !memcmp(bytes, "PNT\0", 4)) || (len >= 9 && !memcmp(bytes, "TUSKLANG\1", 9)) ||
           (len > 16 && !memcmp(bytes, "\x3e\x7f\x03\x01\x01", 5));
}

bool tsk_pnt_look(const char *bytes, size_t len, tsk_pnt_info *info) {
    *info = (tsk_pnt_info){0};
    if (len < 4 || memcmp(bytes, "PNUT", 4)) {
        info->layout = other_layout(bytes, len);
        return false;
    }
    info->layout = "PNUT";
    if (len < TSK_PNT_HEADER) return false;
    info->version = (uint32_t)little(bytes + 4, 4);
    info->timestamp = little(bytes + 8, 8);
    if (info->version != 1) {
        if (len > 34 && !memcmp(bytes + 32, "\x1f\x8b", 2)) info->layout = "PNUT with gzip, of lib/PeanutsBinary.php";
        return false;
    }
    tsk_sha256 hash;
    tsk_sha256_begin(&hash);
    tsk_sha256_add(&hash, bytes + TSK_PNT_HEADER, len - TSK_PNT_HEADER);
    tsk_digest digest = tsk_sha256_end(&hash);
    info->intact = !memcmp(digest.bytes, bytes + 16, 8);
    char first = len > TSK_PNT_HEADER ? bytes[TSK_PNT_HEADER] : 0;
    info->payload = first == '{' || first == '[' ? TSK_PNT_JSON : TSK_PNT_MESSAGEPACK;
    return true;
}
