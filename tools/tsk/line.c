/* Reading lines, see repl.h.  The history is $XDG_STATE_HOME/tusk/repl_history (else ~/.local/state), which only its owner may
 * read: what people try may hold secrets. */
#include "tools/tsk/repl.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_HISTORY = 1000 };

static struct {
    bool terminal;
    char *(*readline)(const char *prompt);
    int (*add_history)(const char *line);
    char **(*matches)(const char *text, char *(*next)(const char *text, int state));
    char **buffer;
    int *append;
    tsk_completer complete;
    void *user;
    char history[PATH_MAX];
} line;

/* ---- Ctrl-C ---- */

static sigjmp_buf at_prompt;
static volatile sig_atomic_t reading;
static _Atomic(tusk_context *) running;

static void interrupted(int number) {
    (void)number;
    if (reading) siglongjmp(at_prompt, 1);
    tusk_context_cancel(atomic_load(&running));
}

void tsk_line_runs(tusk_context *context) {
    atomic_store(&running, context);
}

/* ---- history ---- */

/* Makes the directories of a path below one that is there. */
static void make_directories(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
}

static void find_history(void) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n = state && *state == '/' ? snprintf(line.history, sizeof line.history, "%s/tusk/repl_history", state)
            : home && *home == '/'
                ? snprintf(line.history, sizeof line.history, "%s/.local/state/tusk/repl_history", home)
                : -1;
    if (n < 0 || n >= (int)sizeof line.history) line.history[0] = 0;
}

static void load_history(void) {
    find_history();
    FILE *file = *line.history ? fopen(line.history, "re") : NULL;
    char *text = NULL;
    size_t cap = 0;
    ssize_t n;
    long count = 0;
    while (file && (n = getline(&text, &cap, file)) > 0) count++;
    if (file) rewind(file);
    while (file && (n = getline(&text, &cap, file)) > 0) {
        if (text[n - 1] == '\n') text[n - 1] = 0;
        if (count-- <= MOST_HISTORY) line.add_history(text);
    }
    free(text);
    if (file) fclose(file);
}

/* Leaves the last entries of a file that has grown. */
static void shorten_history(void) {
    char temporary[PATH_MAX + 8];
    struct stat st;
    if (!*line.history || stat(line.history, &st) || st.st_size < (1 << 18)) return;
    snprintf(temporary, sizeof temporary, "%s.new", line.history);
    FILE *from = fopen(line.history, "re");
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
    char *text = NULL;
    size_t cap = 0;
    bool ok = from && to && !fseek(from, -(1L << 16), SEEK_END) &&
              getline(&text, &cap, from) > 0; /* a part of a line */
    while (ok && getline(&text, &cap, from) > 0) fputs(text, to);
    free(text);
    if (from) fclose(from);
    if (to && fclose(to)) ok = false;
    if (!ok || rename(temporary, line.history)) unlink(temporary);
}

void tsk_line_remember(const char *text) {
    if (!line.readline || !*text) return;
    line.add_history(text);
    if (!*line.history) return;
    int fd = open(line.history, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 && errno == ENOENT) {
        make_directories(line.history);
        fd = open(line.history, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    }
    if (fd < 0) return;
    fchmod(fd, 0600);
    dprintf(fd, "%s\n", text);
    close(fd);
}

/* ---- completion ---- */

typedef struct words {
    char **at;
    size_t count, cap, next;
} words;

static words found;

static void add_word(void *list, const char *text, size_t len) {
    words *w = list;
    for (size_t i = 0; i < w->count; i++)
        if (strlen(w->at[i]) == len && !memcmp(w->at[i], text, len)) return;
    if (w->count == w->cap) {
        size_t cap = w->cap ? w->cap * 2 : 32;
        char **longer = realloc(w->at, cap * sizeof *longer);
        if (!longer) return;
        w->at = longer;
        w->cap = cap;
    }
    char *copy = strndup(text, len);
    if (copy) w->at[w->count++] = copy;
}

/* The texts become libedit's, which frees them. */
static char *next_word(const char *text, int state) {
    (void)text;
    if (!state) found.next = 0;
    return found.next < found.count ? found.at[found.next++] : NULL;
}

static char **attempt(const char *word, int start, int end) {
    (void)end;
    found = (words){0};
    line.complete(line.user, *line.buffer ? *line.buffer : "", word, start, add_word, &found);
    *line.append = found.count == 1 && (strchr("(.", found.at[0][strlen(found.at[0]) - 1]) != NULL) ? 0 : ' ';
    char **result = line.matches(word, next_word);
    free(found.at);
    return result;
}

/* ---- lines ---- */

static bool load_editor(void) {
    void *library = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!library) return false;
    int *signals = dlsym(library, "rl_catch_signals"), *over = dlsym(library, "rl_attempted_completion_over");
    const char **breaks = dlsym(library, "rl_completer_word_break_characters");
    char **(**completion)(const char *word, int start, int end) = dlsym(library, "rl_attempted_completion_function");
    line.buffer = dlsym(library, "rl_line_buffer");
    line.append = dlsym(library, "rl_completion_append_character");
    *(void **)&line.add_history = dlsym(library, "add_history");
    *(void **)&line.matches = dlsym(library, "rl_completion_matches");
    *(void **)&line.readline = dlsym(library, "readline");
    if (!signals || !over || !breaks || !completion || !line.buffer || !line.append || !line.add_history ||
        !line.matches || !line.readline) {
        line.readline = NULL;
        return false;
    }
    *signals = 0;
    *over = 1; /* no names of files by itself */
    *breaks = " \t\n\"\\'`><=;|&{(,+-*/%!?[]";
    *completion = attempt;
    return true;
}

void tsk_line_open(bool terminal, tsk_completer complete, void *user) {
    const char *kind = getenv("TERM");
    line.terminal = terminal;
    line.complete = complete;
    line.user = user;
    if (!terminal) return;
    struct sigaction action = {.sa_handler = interrupted};
    sigaction(SIGINT, &action, NULL);
    setlocale(LC_CTYPE, "");
    if (kind && *kind && strcmp(kind, "dumb") && load_editor()) load_history();
}

static char *plain_line(const char *prompt) {
    char *text = NULL;
    size_t cap = 0;
    if (line.terminal) {
        fputs(prompt, stdout);
        fflush(stdout);
    }
    ssize_t n = getline(&text, &cap, stdin);
    if (n <= 0) {
        free(text);
        return NULL;
    }
    if (text[n - 1] == '\n') text[--n] = 0;
    if (n && text[n - 1] == '\r') text[n - 1] = 0;
    return text;
}

char *tsk_line_read(const char *prompt, bool *cancelled) {
    *cancelled = false;
    if (sigsetjmp(at_prompt, 1)) {
        reading = 0;
        *cancelled = true;
        fputs("^C\n", stdout);
        fflush(stdout);
        return NULL;
    }
    reading = line.terminal;
    char *text = line.readline ? line.readline(prompt) : plain_line(prompt);
    reading = 0;
    return text;
}

void tsk_line_close(void) {
    if (line.readline) shorten_history();
}
