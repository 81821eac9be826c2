/* What the commands around compiled configurations share: tsk binary, tsk peanuts and tsk config. */
#ifndef TSK_TOOLS_COMPILED_H
#define TSK_TOOLS_COMPILED_H

#include "tools/tsk/cli.h"

/* Evaluates `file` and writes it as `out` (NULL: beside it, with .pnt).  The exit status. */
int tsk_compile_file(tsk_cli *cli, const char *file, const char *out);
/* name.tsk -> name.pnt; the caller's to free. */
char *tsk_compiled_name(const char *file);
/* True when there is a compiled file that is newer. */
bool tsk_is_compiled(const char *file);
/* The whole document on standard output. */
int tsk_print_document(tsk_cli *cli, tsk_session *s);
/* One of several things that a command can do, found by its name; NULL: said that there is none. */
typedef struct tsk_action {
    const char *name;
    int least, most; /* arguments after the name */
    const char *arguments;
    int (*run)(tsk_cli *cli);
} tsk_action;
/* The first argument names it and is taken away.  The exit status. */
int tsk_run_action(tsk_cli *cli, const tsk_action *actions, int count);

#endif
