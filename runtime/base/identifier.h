/* Which characters words of programs are made of: ID_Start and ID_Continue of Unicode. */
#ifndef TSK_IDENTIFIER_H
#define TSK_IDENTIFIER_H

#include "runtime/base/base.h"

bool tsk_identifier_start(uint32_t code);
bool tsk_identifier_part(uint32_t code);

/* Places where the answer changes, in order: code << 2 | 0 for neither, 1 for part only, 2 for both. */
extern const uint32_t tsk_identifier_places[];
extern const uint32_t tsk_identifier_place_count;

#endif
