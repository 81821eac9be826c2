/* Files that something was made of, and waiting until one of them changes.
 *
 *   path ─► stamp: device, inode, size, times ─► compared with what is there now
 *        └► its directory is watched by inotify, because editors put a new file in place of the old one
 *
 * Without inotify (no watches are left, or another system) waiting is looking every half second. */
#ifndef TSK_WATCH_H
#define TSK_WATCH_H

#include "runtime/base/base.h"

typedef struct tsk_stamp {
    char *path;
    bool there;
    uint64_t device, inode;
    int64_t size, modified, changed; /* times in nanoseconds */
} tsk_stamp;

/* Zeroed at first. */
typedef struct tsk_stamps {
    tsk_stamp *at;
    uint32_t count, cap;
} tsk_stamps;

/* As the file is now; a path that is there already keeps its stamp.  False: no memory. */
bool tsk_stamps_add(tsk_stamps *stamps, const char *path);
/* True when none of the files has changed since. */
bool tsk_stamps_hold(const tsk_stamps *stamps);
void tsk_stamps_free(tsk_stamps *stamps);

typedef struct tsk_watch {
    int fd; /* -1: there is no inotify */
} tsk_watch;

void tsk_watch_init(tsk_watch *watch);
/* Both may be called again for the same place. */
void tsk_watch_directory(tsk_watch *watch, const char *path);
void tsk_watch_files(tsk_watch *watch, const tsk_stamps *stamps);
/* Until something happens in the directories and then it is quiet for a moment, or `other` (-1: none) can be read, or the
 * time is over.  True: something has happened, or nobody can know. */
bool tsk_watch_wait(tsk_watch *watch, int other, int milliseconds);
void tsk_watch_close(tsk_watch *watch);

#endif
