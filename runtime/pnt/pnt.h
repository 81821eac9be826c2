/* Compiled configurations: values as bytes, the layout that five of the public SDKs share.
 *
 *    0  4  "PNUT"
 *    4  4  u32 LE version, 1
 *    8  8  u64 LE time of writing: milliseconds since 1970 (from 10^11 on) or seconds
 *   16  8  the first 8 bytes of SHA-256 of what follows
 *   24  .. MessagePack, a map at the top; or JSON text
 *
 * Other layouts that go by the same suffix are told apart, to be named in the error.
 *
 * Invariants: nothing outside of the bytes is read, whatever they claim; a count that cannot be true is an error before
 * memory is taken for it; texts of the value point into the bytes. */
#ifndef TSK_PNT_H
#define TSK_PNT_H

#include "runtime/base/value.h"

#define TSK_PNT_HEADER 24

typedef enum tsk_pnt_payload { TSK_PNT_MESSAGEPACK, TSK_PNT_JSON } tsk_pnt_payload;

typedef struct tsk_pnt_info {
    const char *layout; /* of whatever it is; static */
    uint32_t version;
    uint64_t timestamp; /* as it is written */
    tsk_pnt_payload payload;
    bool intact; /* the checksum fits */
} tsk_pnt_info;

/* What the bytes are, without reading values.  False: no layout that is known, or known but not read; info->layout names
 * it (NULL: unknown). */
bool tsk_pnt_look(const char *bytes, size_t len, tsk_pnt_info *info);
/* Begins like a binary file of one of the layouts. */
bool tsk_pnt_is_binary(const char *bytes, size_t len);
/* The value.  False: *why, in the arena. */
bool tsk_pnt_read(tsk_arena *arena, const char *bytes, size_t len, uint32_t max_depth, tsk_value *out,
                  const char **why);

/* What is written: thunks are resolved like those of a tsk_writer.  False: *why (static): it holds a function, or is
 * nested deeper than `max_depth`. */
typedef struct tsk_pnt_writer {
    tsk_buf *out;
    uint32_t max_depth;
    uint64_t timestamp;
    tsk_value (*resolve)(void *user, uint32_t thunk);
    void *user;
} tsk_pnt_writer;
bool tsk_pnt_write(const tsk_pnt_writer *w, tsk_value v, const char **why);

#endif
