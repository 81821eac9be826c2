/* Which planted bug this process has. */
#include "runtime/base/mutation.h"

#ifdef TUSK_MUTATIONS
#include <stdlib.h>

int tsk_mutation;

__attribute__((constructor)) static void choose(void) {
    const char *text = getenv("TSK_MUTATION");
    if (text) tsk_mutation = (int)strtol(text, NULL, 10);
}
#endif
