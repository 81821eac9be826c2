/* Encodings of bytes as text. */
#ifndef TSK_ENCODE_H
#define TSK_ENCODE_H

#include "runtime/operators/internal.h"

tsk_value tsk_encode_hex(tsk_arena *heap, const uint8_t *bytes, size_t len);
/* `url`: with '-' and '_', without padding. */
tsk_value tsk_encode_base64(tsk_arena *heap, const uint8_t *bytes, size_t len, bool url);
/* Both alphabets, with or without padding, blanks and line ends anywhere; into the heap. */
bool tsk_decode_base64(tsk_arena *heap, tsk_slice text, tsk_slice *out);
void tsk_encode_percent(tsk_buf *out, tsk_slice s);
/* At most 64 bytes of digest. */
bool tsk_hash_digest(const tsk_call *call, tsk_slice algorithm, tsk_slice data, uint8_t out[64], uint32_t *len);

#endif
