/* The prompt: line editing and history for tsk repl.
 *
 * libedit is loaded when there is a terminal; without it lines are read as they come.  Its functions have had the same
 * types for decades, so no header is needed to build. */
#ifndef TSK_TOOLS_REPL_H
#define TSK_TOOLS_REPL_H

#include "tools/tsk/cli.h"

/* Calls `add` with every word that may stand for the one that begins with `word` at `start` of the line. */
typedef void (*tsk_completer)(void *user, const char *line, const char *word, int start,
                              void (*add)(void *list, const char *text, size_t len), void *list);

void tsk_line_open(bool terminal, tsk_completer complete, void *user);
/* The next line without its end, the caller's to free; NULL: the input has ended.  *cancelled: Ctrl-C, there is no line. */
char *tsk_line_read(const char *prompt, bool *cancelled);
/* What was read is remembered for the next times. */
void tsk_line_remember(const char *line);
void tsk_line_close(void);
/* What Ctrl-C cancels while no line is read; NULL: nothing. */
void tsk_line_runs(tusk_context *context);

#endif
