/* Compiled objects on disk, so that a second run executes native code without compiling it.
 *
 *   key (what the code was made from) ─► DIR/<key>.<slot> ─► header | notes | object
 *                                              └ notes: what the object assumed, in the words of its maker
 *
 * A key may have up to TSK_OBJCACHE_SLOTS entries, made under different assumptions; the caller reads their notes and
 * takes the first that fits.
 *
 * Invariants
 *  - The directory is a real one, ours, with mode 0700; otherwise there is no cache and `why` says so.
 *  - An entry is written to a temporary file and renamed, so readers see all of it or nothing; it carries a SHA-256 of
 *    everything else in it.  A damaged entry is a miss, and removed.
 *  - All entries together stay below the limit: those that were not used for the longest time go first.
 *
 * Threads and processes may share a directory; a tsk_objcache is immutable but for its count of bytes, and may be used
 * by any thread.
 */
#ifndef TSK_OBJCACHE_H
#define TSK_OBJCACHE_H

#include "runtime/base/mem.h"
#include "runtime/base/sha256.h"

#define TSK_OBJCACHE_SLOTS 4
#define TSK_OBJCACHE_LIMIT ((uint64_t)256 << 20)
#define TSK_OBJCACHE_MAX_ENTRY ((size_t)64 << 20)

typedef struct tsk_objcache tsk_objcache;

/* Directory that is used when none is named: $TSK_CACHE_DIR, else $XDG_CACHE_HOME/tusk, else $HOME/.cache/tusk.
 * `variable` looks names up; NULL: in the environment of the process.  False: none of these is set, or the path is too
 * long. */
bool tsk_objcache_directory(const char *(*variable)(const char *name), char *out, size_t size);

/* Makes the directory, with the ones above it, when `make`.  NULL: `why` (static) says what is wrong. `limit` in bytes,
 * 0: the default. */
tsk_objcache *tsk_objcache_open(const tsk_allocator *allocator, const char *directory, uint64_t limit, bool make,
                                const char **why);
void tsk_objcache_close(tsk_objcache *cache);

typedef struct tsk_objcache_entry {
    const char *notes, *object; /* the object is 16-byte aligned */
    size_t notes_size, object_size;
} tsk_objcache_entry;

/* The entry in a slot, in memory of the arena.  False: there is none that is whole. */
bool tsk_objcache_get(tsk_objcache *cache, tsk_arena *arena, const tsk_digest *key, unsigned slot,
                      tsk_objcache_entry *out);
/* There may be an entry: the first slot is filled. */
bool tsk_objcache_has(tsk_objcache *cache, const tsk_digest *key);
/* Fills the first free slot of the key, else replaces the entry that was not used for the longest time.  False: it
 * could not be written, which costs a compilation and nothing else. */
bool tsk_objcache_put(tsk_objcache *cache, const tsk_digest *key, const tsk_objcache_entry *entry);

typedef struct tsk_objcache_stats {
    uint64_t entries, bytes, limit;
} tsk_objcache_stats;
void tsk_objcache_statistics(tsk_objcache *cache, tsk_objcache_stats *out);
/* Removes all entries and gives their number. */
uint64_t tsk_objcache_clear(tsk_objcache *cache);

#endif
