/* What operators keep between calls in one context: variables, metrics, cached values, compiled patterns, the
 * database connection.  One thread at a time, like the context. */
#ifndef TSK_STORES_H
#define TSK_STORES_H

#include "runtime/base/library.h"
#include "runtime/operators/internal.h"

#define TSK_PATTERNS 64

typedef enum tsk_store {
    TSK_STORE_VARIABLES,
    TSK_STORE_METRICS,
    TSK_STORE_CACHE,
    TSK_STORE_LEARNED,
    TSK_STORE_OPTIMIZED,
    TSK_STORE_COUNT
} tsk_store;

/* Which file a store was read from last; inode 0: none. */
typedef struct tsk_state_file {
    uint64_t inode;
    int64_t size, seconds, nanoseconds;
} tsk_state_file;

typedef struct tsk_pattern {
    char *text; /* malloc; NULL: free slot */
    uint32_t len, options, uses;
    void *code; /* pcre2_code */
} tsk_pattern;

struct tsk_stores {
    const tsk_allocator *allocator;
    tsk_arena arena, spare; /* spare: half of a compaction that ran out of memory */
    size_t compact_at;      /* bytes of the arena */
    tsk_object *maps[TSK_STORE_COUNT];
    tsk_state_file files[TSK_STORE_COUNT];
    int locked; /* the descriptor + 1 of a lock that is held; 0: none */
    tsk_pattern patterns[TSK_PATTERNS];
    uint32_t next_pattern;
    const struct tsk_pcre2_api *pcre2;
    const struct tsk_sqlite_api *sqlite;
    void *database;       /* sqlite3 */
    uint32_t query_ticks; /* of the progress of the statement that runs */
    bool query_in_memory; /* the database is no file */
};

/* False when the context has no stores (while folding); fails then. */
bool tsk_stores_use(tsk_op_context *cx, const char *op);
/* The stored value, in the store's memory: copy it before giving it out.  False: no such name. */
bool tsk_stores_find(tsk_op_context *cx, tsk_store store, tsk_slice name, tsk_value *out);
void tsk_stores_set(tsk_op_context *cx, tsk_store store, tsk_slice name, tsk_value v);
/* All of a store at once, copied. */
void tsk_stores_replace(tsk_op_context *cx, tsk_store store, const tsk_object *values);
bool tsk_stores_remove(tsk_op_context *cx, tsk_store store, tsk_slice name);

/* Metrics and what was learned: brings the store up to date with its file (persist.c).  For `writing` other processes
 * are kept out until tsk_state_end has saved it, with nothing but tsk_stores_set between the two. */
bool tsk_state_begin(const tsk_call *call, tsk_store store, bool writing);
bool tsk_state_end(const tsk_call *call, tsk_store store);
void tsk_state_unlock(struct tsk_stores *stores);

/* Gives back what a library made; in the file that uses the library. */
void tsk_regex_free_pattern(const struct tsk_pcre2_api *api, tsk_pattern *pattern);
void tsk_query_close(const struct tsk_sqlite_api *api, void *database);

#endif
