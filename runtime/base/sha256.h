/* SHA-256 (FIPS 180-4), for the integrity and the names of cached code.
 *
 * Our own because it stands on the start-up path: a hundred entries are checked before the first instruction of a
 * program runs, and mapping a crypto library costs more than that.  What configurations hash goes through OpenSSL. */
#ifndef TSK_SHA256_H
#define TSK_SHA256_H

#include "runtime/base/base.h"

typedef struct tsk_digest {
    uint8_t bytes[32];
} tsk_digest;

typedef struct tsk_sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    uint8_t block[64];
} tsk_sha256;

void tsk_sha256_begin(tsk_sha256 *h);
void tsk_sha256_add(tsk_sha256 *h, const void *data, size_t size);
tsk_digest tsk_sha256_end(tsk_sha256 *h);

#endif
