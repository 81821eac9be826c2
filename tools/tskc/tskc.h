/* tskc: configurations compiled ahead of time.
 *
 *   options.c ─► main.c: program opened, trained, compiled ─► FILE.o .s .ll .h
 *                                                        └─► link.c: the system's compiler makes FILE.so or a program
 *
 * embedded_main.c is the main function of such programs; it is not part of tskc. */
#ifndef TSK_TOOLS_TSKC_H
#define TSK_TOOLS_TSKC_H

#include <tusk/tusk.h>

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

/* From an object to a shared library or a program. */
int tskc_link(const tskc *c, const char *object, bool shared);

#endif
