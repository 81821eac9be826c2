/* tskc: configurations compiled ahead of time.
 *
 *   options.c ─► main.c: program opened, trained, compiled ─► FILE.o .s .ll .h
 *                                                        └─► link.c: the system's compiler makes FILE.so or a program
 *
 * output.c writes all of these.  embedded_main.c is the main function of such programs; it is not part of tskc. */
#ifndef TSK_TOOLS_TSKC_H
#define TSK_TOOLS_TSKC_H

#include <tusk/tusk.h>

#include <stdio.h>

typedef enum tskc_option {
#define OPTION(id, spelling, argument, summary) OPTION_##id,
#include "tools/tskc/options.def"
#undef OPTION
    OPTION_COUNT
} tskc_option;

typedef struct tskc {
    const char *file;
    const char *value[OPTION_COUNT]; /* of the last time it was given; "" for one without an argument */
    const char **train, **define;
    int train_count, define_count;
    char name[200];
} tskc;

/* TUSK_OK, or what to exit with after saying why. *done: there is nothing else to do. */
int tskc_parse(tskc *c, int argc, char **argv, bool *done);
/* Prints "tskc: error...", gives the status. */
__attribute__((format(printf, 2, 3))) int tskc_fail(int status, const char *fmt, ...);

/* ---- output.c ---- */

typedef struct tskc_file {
    const char *path;
    char temporary[4096]; /* "": it is written in its place */
    FILE *stream;
} tskc_file;
/* Zero, or what to exit with after saying why; then there is nothing to end. */
int tskc_begin_file(tskc_file *file, const char *path);
/* What has the content meanwhile, for others to write it. */
const char *tskc_file_name(const tskc_file *file);
/* `result` 0: the file gets its name; else it goes away. */
int tskc_end_file(tskc_file *file, int result);

/* ---- link.c ---- */

/* From an object to a shared library or a program. */
int tskc_link(const tskc *c, const char *object, const char *output, bool shared);

#endif
