/* Opening files inside what the capabilities allow.
 *
 *   argument ──► tsk_place: the root it lies beneath, and the rest of its path ──► openat2(RESOLVE_BENEATH)
 *
 * A place is found by text and may be wrong about links; the kernel decides when it is opened, and refuses every
 * way out of the root.  File descriptors are open only while nothing is allocated, or under tsk_file_with. */
#ifndef TSK_FILE_OPEN_H
#define TSK_FILE_OPEN_H

#include "runtime/operators/internal.h"

#include <sys/types.h>

typedef struct tsk_place {
    const char *shown; /* as the configuration writes it */
    const char *path;  /* absolute */
    const char *root;  /* NULL: every place is allowed */
    const char *rest;  /* beneath the root; the whole path without one */
} tsk_place;

/* The place that argument `i` names.  Fails without the capability, and outside of its roots. */
bool tsk_place_find(const tsk_call *call, uint32_t i, tsk_capability capability, tsk_place *out);
/* Relative to the document's directory, `.` and `..` taken out; in the heap. */
const char *tsk_place_absolute(const tsk_call *call, tsk_slice path);
/* -1: errno says why. */
int tsk_place_open(const tsk_place *place, int flags, mode_t mode);
/* The directory that holds the place, for functions such as renameat; *name is the last part.  The root has none. */
int tsk_place_open_parent(const tsk_place *place, const char **name);
/* Fails with the code and words for an errno. */
bool tsk_place_failed(const tsk_call *call, const tsk_place *place, int error, const char *doing);

/* Calls `body`, which may allocate from the heap; the descriptor is closed however it ends. */
bool tsk_file_with(const tsk_call *call, int fd, bool (*body)(const tsk_call *call, int fd, void *user), void *user);
/* The whole file as text in the heap. */
bool tsk_place_read(const tsk_call *call, const tsk_place *place, tsk_slice *out);

#endif
