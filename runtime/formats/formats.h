/* Readers of data formats: text to values, one file a format.
 *
 *   text ──► tsk_format_read ──► UTF-8, size ──► yaml.c  toml.c  csv.c  ini.c  xml.c  env.c  ──► value
 *                                                                                       └──► what is wrong, and where
 *
 * Invariants
 *  - Texts of values may point into the text, which must live as long as the arena.
 *  - A reader owns nothing but arena memory, so leaving by the arena's trap leaks nothing.
 *  - What a text says is kept or refused, never changed silently: integers beyond 64 bits are doubles as everywhere in
 *    the language, dates are texts as they are written, a key that comes twice is an error where the format says so.
 *  - Aliases of YAML share their value.  What a walk over the result visits is bounded (TSK_YAML_ALIASED). */
#ifndef TSK_FORMATS_H
#define TSK_FORMATS_H

#include "runtime/base/diag.h"
#include "runtime/value/write.h"

#define TSK_READ_DEPTH 1000                  /* of nesting, which is also the greatest: some readers call themselves */
#define TSK_YAML_ALIASED ((uint64_t)1 << 20) /* nodes that all aliases of a text stand for */

typedef struct tsk_read_options {
    uint32_t max_depth; /* 0 = TSK_READ_DEPTH */
    char separator;     /* CSV; 0 = ',' */
    bool lists;         /* CSV: the first row is data like the others; rows are lists */
    bool all;           /* YAML: the list of all documents */
} tsk_read_options;

typedef struct tsk_read_problem {
    tsk_code code;
    const char *message; /* in the arena */
    const char *hint;    /* may be NULL */
    size_t at;           /* byte of the text */
} tsk_read_problem;

/* False: `problem` says why.  `options` may be NULL. */
bool tsk_format_read(tsk_format format, tsk_arena *arena, const char *text, size_t len, const tsk_read_options *options,
                     tsk_value *out, tsk_read_problem *problem);
/* "yaml" and the like, also as the end of a file's name; without case.  False: no format that can be read. */
bool tsk_format_named(tsk_slice name, tsk_format *out);
const char *tsk_format_name(tsk_format format);
bool tsk_format_is_data(tsk_format format); /* there is a reader */
/* From 1; columns are characters. */
void tsk_read_place(const char *text, size_t len, size_t at, unsigned *line, unsigned *column);
/* "MESSAGE at line 3, column 5, in `port: ]`" in the arena. */
const char *tsk_read_problem_text(tsk_arena *arena, const char *text, size_t len, const tsk_read_problem *problem);

#endif
