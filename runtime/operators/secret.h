/* Shared by the operators that take keys and passwords: none of these is ever shown in a message. */
#ifndef TSK_SECRET_H
#define TSK_SECRET_H

#include "runtime/base/library.h"
#include "runtime/operators/internal.h"

/* Fails naming the package to install. */
bool tsk_secret_library(const tsk_call *call, const struct tsk_crypto_api **api);
/* A text that is not empty; `what` says in messages what it is. */
bool tsk_secret_argument(const tsk_call *call, uint32_t i, const char *what, tsk_slice *out);
/* Texts as they are, other values as JSON. */
bool tsk_secret_data(const tsk_call *call, uint32_t i, tsk_slice *out);

#endif
