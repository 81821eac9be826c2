/* Writers: a value as JSON, TuskLang, YAML, TOML, INI, XML, CSV, env lines or a table.
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
    TSK_FORMAT_TABLE,
    TSK_FORMAT_TOML,
    TSK_FORMAT_CSV,
    TSK_FORMAT_INI,
    TSK_FORMAT_XML
} tsk_format;

typedef struct tsk_writer {
    tsk_buf *out;
    int indent;          /* JSON: spaces a level, 0 = compact */
    char separator;      /* CSV; 0 = ',' */
    uint32_t max_depth;  /* 0 = 10000 */
    const char *refused; /* why the format cannot express the value, in out's arena; set by tsk_write */
    tsk_value (*resolve)(void *user, uint32_t thunk);
    void (*sink)(void *user, const char *ptr, size_t len); /* NULL: keep everything in `out` */
    bool (*hide)(void *user, tsk_slice key); /* true: write the value as "•••"; NULL: hide nothing */
    void *user;
} tsk_writer;

/* JSON ends without a newline, as JSON.stringify does; the line formats end with one.  With a sink, `out` is empty
 * afterwards.  False: `refused` says what the format cannot express, or it is NULL and the value is nested deeper than
 * max_depth (E0406); what was written by then stays written.  TOML, CSV, INI and XML go 1000 levels deep. */
bool tsk_write(tsk_writer *w, tsk_format format, tsk_value v);
void tsk_write_json_string(tsk_buf *out, const char *ptr, size_t len);
/* Text of a key as TuskLang needs it: plain when it can be, quoted when it must. */
void tsk_write_tsk_key(tsk_buf *out, const char *ptr, size_t len);

#endif
