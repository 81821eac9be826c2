/* Writers: a value as JSON, TuskLang, YAML, env lines or a table.
 *
 * Thunks in the value are resolved through `resolve` (NULL: there are none).  Output goes to a buffer that
 * is flushed through `sink` whenever it passes 64 KiB, so printing 10 MB needs no 10 MB. */
#ifndef TSK_WRITE_H
#define TSK_WRITE_H

#include "runtime/base/diag.h"
#include "runtime/base/value.h"

typedef enum tsk_format {
    TSK_FORMAT_JSON,
    TSK_FORMAT_YAML,
    TSK_FORMAT_TSK,
    TSK_FORMAT_ENV,
    TSK_FORMAT_TABLE
} tsk_format;

typedef struct tsk_writer {
    tsk_buf *out;
    int indent;         /* JSON: spaces a level, 0 = compact */
    uint32_t max_depth; /* 0 = 10000 */
    tsk_value (*resolve)(void *user, uint32_t thunk);
    void (*sink)(void *user, const char *ptr, size_t len); /* NULL: keep everything in `out` */
    bool (*hide)(void *user, tsk_slice key); /* true: write the value as "•••"; NULL: hide nothing */
    void *user;
} tsk_writer;

/* JSON ends without a newline, as JSON.stringify does; the line formats end with one.  With a sink, `out` is empty
 * afterwards.  False: nested deeper than max_depth (E0406); what was written by then stays written. */
bool tsk_write(tsk_writer *w, tsk_format format, tsk_value v);
void tsk_write_json_string(tsk_buf *out, const char *ptr, size_t len);
/* Text of a key as TuskLang needs it: plain when it can be, quoted when it must. */
void tsk_write_tsk_key(tsk_buf *out, const char *ptr, size_t len);

#endif
