/* tsk repl: expressions, keys and commands, line by line.
 *
 *   line ─┬─ :command
 *         ├─ expression ─► evaluated against the document so far ─► printed
 *         ├─ key: value, [section], ... ─► behind the document, which is read again
 *         └─ something that is not closed yet ─► one more line
 *
 * The document is the text of FILE and what was added.  Without a terminal there are no prompts, and the exit status says
 * whether a line failed. */
#include "tools/tsk/repl.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct text {
    char *ptr;
    size_t len, cap;
} text;

typedef struct repl {
    tsk_cli *cli;
    tsk_session session;
    const char *file; /* NULL: none */
    text document;    /* FILE and what was added */
    bool terminal, failed, ended, timing;
} repl;

static bool put(text *t, const char *ptr, size_t len) {
    if (t->cap - t->len < len + 1) {
        size_t cap = (t->cap + len) * 2 + 256;
        char *longer = realloc(t->ptr, cap);
        if (!longer) return false;
        t->ptr = longer;
        t->cap = cap;
    }
    if (len) memcpy(t->ptr + t->len, ptr, len);
    t->ptr[t->len += len] = 0;
    return true;
}

static void say_failed(repl *r, tusk_status status, const char *what) {
    r->failed = true;
    tsk_out_flush();
    tsk_fail(r->cli, status, "%s", what);
}

/* ---- the document ---- */

/* Opens a text in place of the session's.  TUSK_OK, or the program has the report. */
static tusk_status open_text(const repl *r, const text *t, tsk_session *s) {
    *s = (tsk_session){0};
    tusk_status status = tusk_program_parse(r->cli->options, r->file ? r->file : "<repl>", t->ptr, t->len, &s->program);
    if (status == TUSK_OK) status = tusk_snapshot_new(s->program, r->cli->options, &s->snapshot);
    if (status == TUSK_OK) status = tusk_context_new(s->snapshot, &s->context);
    return status;
}

static void take_session(repl *r, tsk_session *s) {
    tsk_session_close(&r->session);
    r->session = *s;
}

static bool read_file(const char *path, text *t) {
    char piece[65536];
    size_t n;
    FILE *file = fopen(path, "re");
    bool ok = file != NULL;
    while (ok && (n = fread(piece, 1, sizeof piece, file))) ok = put(t, piece, n);
    ok = ok && !ferror(file) && put(t, "\n", 1);
    if (file) fclose(file);
    return ok;
}

/* The exit status. */
static int load(repl *r, const char *file) {
    text t = {0};
    tsk_session s;
    const char *before = r->file;
    if (file && !read_file(file, &t)) {
        free(t.ptr);
        tusk_program *program = NULL; /* which says why */
        tusk_status status = tusk_program_open(r->cli->options, file, &program);
        tsk_fail_program(r->cli, program, status);
        tusk_program_release(program);
        r->failed = true;
        return (int)(status ? status : TUSK_ERROR);
    }
    r->file = file;
    put(&t, "", 0);
    tusk_status status = open_text(r, &t, &s);
    if (status != TUSK_OK) {
        tsk_fail_program(r->cli, s.program, status);
        tsk_session_close(&s);
        free(t.ptr);
        r->file = before;
        r->failed = true;
        return (int)status;
    }
    tsk_warn_program(r->cli, s.program);
    take_session(r, &s);
    free(r->document.ptr);
    r->document = t;
    return TUSK_OK;
}

/* ---- lines that are no command ---- */

/* The codes of things that are not closed. */
static bool is_open(const char *report) {
    return report && (strstr(report, "\"E0103\"") || strstr(report, "\"E0104\"") || strstr(report, "\"E0105\""));
}

/* [server] alone is a section, not a list of one name. */
static bool is_section(const char *p) {
    if (*p++ != '[' || !(isalpha((unsigned char)*p) || *p == '_')) return false;
    while (isalnum((unsigned char)*p) || *p == '_' || *p == '-' || *p == '.') p++;
    return *p++ == ']' && strspn(p, " \t") == strlen(p);
}

static void print(repl *r, tusk_value value) {
    tsk_session *s = &r->session;
    tusk_format format = TUSK_FORMAT_JSON;
    if (r->cli->value[OPTION_FORMAT]) tsk_parse_format(r->cli->value[OPTION_FORMAT], &format);
    tusk_status status = tusk_write(s->context, value, format, GIVEN(r->cli, COMPACT) ? 0 : 2, tsk_out_sink, NULL);
    if (status != TUSK_OK) {
        tsk_out_discard();
        tsk_fail_context(r->cli, s->context, status);
        r->failed = true;
    }
    tsk_out_newline();
    tsk_out_flush();
}

typedef enum taken { TAKEN, NOT_CLOSED } taken;

/* As keys behind the document. */
static taken add_statement(repl *r, const char *input, bool last, char **why) {
    text t = {0};
    tsk_session s;
    if (!put(&t, r->document.ptr, r->document.len) || !put(&t, input, strlen(input)) || !put(&t, "\n", 1)) {
        free(t.ptr);
        say_failed(r, TUSK_NO_MEMORY, "out of memory");
        return TAKEN;
    }
    tusk_status status = open_text(r, &t, &s);
    if (status == TUSK_OK) {
        tsk_warn_program(r->cli, s.program);
        take_session(r, &s);
        free(r->document.ptr);
        r->document = t;
        return TAKEN;
    }
    char *report = tusk_program_report(s.program, TUSK_REPORT_JSON);
    bool open = is_open(report);
    tusk_text_free(report);
    if (!open || last) *why = tusk_program_report(s.program, r->cli->colour ? TUSK_REPORT_COLOUR : TUSK_REPORT_TEXT);
    tsk_session_close(&s);
    free(t.ptr);
    return open && !last ? NOT_CLOSED : TAKEN;
}

static bool is_blank(const char *p) {
    p += strspn(p, " \t\r\n");
    return !*p || *p == '#';
}

/* `last`: no further line belongs to it. */
static taken take(repl *r, const char *input, bool last) {
    tusk_value value;
    const char *start = input + strspn(input, " \t\r\n");
    if (is_blank(input)) return TAKEN;
    double begun = tsk_milliseconds();
    char *own = NULL, *why = NULL;
    bool open = false;
    if (!is_section(start)) {
        tsk_line_runs(r->session.context);
        tusk_status status = tusk_evaluate_text(r->session.context, start, strlen(start), &value);
        tsk_line_runs(NULL);
        if (status == TUSK_OK) {
            print(r, value);
            if (r->timing) fprintf(stderr, "evaluated in %.3f ms\n", tsk_milliseconds() - begun);
            return TAKEN;
        }
        if (status != TUSK_INVALID) {
            tsk_fail_context(r->cli, r->session.context, status);
            /* A cancelled context stays so. */
            tsk_session s;
            if (open_text(r, &r->document, &s) == TUSK_OK) take_session(r, &s);
            r->failed = true;
            return TAKEN;
        }
        char *report = tusk_context_report(r->session.context, TUSK_REPORT_JSON);
        open = is_open(report);
        bool keyed = report && strstr(report, "\"E0109\"");
        if (!keyed)
            own = tusk_context_report(r->session.context, r->cli->colour ? TUSK_REPORT_COLOUR : TUSK_REPORT_TEXT);
        tusk_text_free(report);
    }
    taken result = add_statement(r, input, last, &why);
    if (why && open && !last) result = NOT_CLOSED;
    if (why && result == TAKEN) {
        fputs(own ? own : why, stderr);
        r->failed = true;
    }
    tusk_text_free(own);
    tusk_text_free(why);
    return result;
}

/* ---- commands ---- */

static void show_help(repl *r, const char *argument);

static void reload(repl *r, const char *argument) {
    (void)argument;
    load(r, r->file);
}

static void load_named(repl *r, const char *argument) {
    char *copy = *argument ? strdup(argument) : NULL; /* lives on as the session's name */
    if (!copy)
        say_failed(r, TUSK_USAGE, ":load wants a file");
    else
        load(r, copy);
}

static const char *const kinds[] = {"null", "bool", "int", "double", "string", "list", "object", "function"};

static void show_type(repl *r, const char *argument) {
    tusk_value value;
    tusk_status status = tusk_evaluate_text(r->session.context, argument, strlen(argument), &value);
    if (status != TUSK_OK) {
        tsk_fail_context(r->cli, r->session.context, status);
        r->failed = true;
        return;
    }
    tsk_out_text(kinds[tusk_value_kind(value)]);
    tsk_out_text("\n");
}

static void explain(repl *r, const char *argument) {
    char *report = NULL;
    tusk_status status = tusk_explain(r->session.context, argument, false, &report);
    if (status == TUSK_OK) {
        tsk_out_text(report);
        tsk_out_newline();
    } else {
        if (tsk_is_missing(r->session.context, status))
            tsk_fail_missing(r->cli, r->session.context, argument);
        else
            tsk_fail_context(r->cli, r->session.context, status);
        r->failed = true;
    }
    tusk_text_free(report);
}

static void show_keys(repl *r, const char *argument) {
    tusk_value whole;
    const char *key;
    size_t len;
    (void)argument;
    if (tusk_get(r->session.context, "", &whole) != TUSK_OK) { /* the keys are there all the same */
        tusk_write_raw(r->session.program, TUSK_FORMAT_JSON, 2, tsk_out_sink, NULL);
        tsk_out_newline();
        return;
    }
    for (size_t i = 0; tusk_value_entry(r->session.context, whole, i, &key, &len, NULL) == TUSK_OK; i++) {
        tsk_out(key, len);
        tsk_out_text("\n");
    }
}

/* :set NAME VALUE */
static void set(repl *r, const char *argument) {
    static const char *const formats[] = {"json", "yaml", "tsk", "env", "table"};
    tsk_cli *cli = r->cli;
    const char *value = argument + strcspn(argument, " \t");
    size_t len = (size_t)(value - argument);
    value += strspn(value, " \t");
    bool on = !strcmp(value, "on"), off = !strcmp(value, "off");
    if (!*argument) {
        tsk_out_text("format ");
        tsk_out_text(cli->value[OPTION_FORMAT] ? cli->value[OPTION_FORMAT] : "json");
        tsk_out_text(GIVEN(cli, COMPACT) ? "\ncompact on" : "\ncompact off");
        tsk_out_text(r->timing ? "\ntiming on\n" : "\ntiming off\n");
    } else if (len == 6 && !memcmp(argument, "format", 6)) {
        for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
            if (strcmp(formats[i], value)) continue;
            cli->value[OPTION_FORMAT] = formats[i];
            return;
        }
        say_failed(r, TUSK_USAGE, ":set format wants json, yaml, tsk, env or table");
    } else if (len == 7 && !memcmp(argument, "compact", 7) && (on || off)) {
        cli->given[OPTION_COMPACT] = on;
    } else if (len == 6 && !memcmp(argument, "timing", 6) && (on || off)) {
        r->timing = on;
    } else {
        say_failed(r, TUSK_USAGE, ":set wants format json|yaml|tsk|env|table, compact on|off or timing on|off");
    }
}

static void quit(repl *r, const char *argument) {
    (void)argument;
    r->ended = true;
}

static const struct {
    const char *name, *argument, *summary;
    void (*run)(repl *r, const char *argument);
} commands[] = {
    {":help", "", "this", show_help},
    {":load", "FILE", "begin anew with a file", load_named},
    {":reload", "", "begin anew with the same file, or with nothing", reload},
    {":keys", "", "the keys of the document", show_keys},
    {":type", "EXPRESSION", "what kind of value it is", show_type},
    {":explain", "KEY", "where its value comes from", explain},
    {":set", "[NAME VALUE]", "format json|yaml|tsk|env|table, compact on|off, timing on|off", set},
    {":quit", "", "the end; so is Ctrl-D", quit},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static const char *name_of(int i) {
    return commands[i].name;
}

static void show_help(repl *r, const char *argument) {
    char row[160];
    (void)r, (void)argument;
    tsk_out_text("EXPRESSION is computed and printed; KEY: VALUE and [SECTION] add to the document.\n"
                 "What is not closed goes on in the next line; an empty line ends it.\n");
    for (int i = 0; i < COMMANDS; i++) {
        snprintf(row, sizeof row, "  %-8s %-12s %s\n", commands[i].name, commands[i].argument, commands[i].summary);
        tsk_out_text(row);
    }
}

static void run_command(repl *r, const char *input) {
    size_t len = strcspn(input, " \t");
    const char *argument = input + len + strspn(input + len, " \t");
    char word[32], message[160];
    snprintf(word, sizeof word, "%.*s", (int)len, input);
    for (int i = 0; i < COMMANDS; i++) {
        bool whole = !strcmp(commands[i].name, word), letter = len == 2 && commands[i].name[1] == word[1];
        if (!whole && !letter) continue;
        commands[i].run(r, argument);
        return;
    }
    const char *closest = tsk_cli_closest(word, name_of, COMMANDS);
    snprintf(message, sizeof message,
             closest ? "there is no command %s; did you mean %s?" : "there is no command %s; :help names them", word,
             closest);
    say_failed(r, TUSK_USAGE, message);
}

/* ---- completion ---- */

typedef struct adding {
    void (*add)(void *list, const char *text, size_t len);
    void *list;
} adding;

/* Keys below the dots that are there: a.b.c is completed among the keys of a.b. */
static void complete_keys(repl *r, const char *word, const adding *to) {
    tusk_value at;
    char path[512], whole[1024];
    const char *dot = strrchr(word, '.'), *key;
    size_t len, stem = dot ? (size_t)(dot - word) : 0;
    if (stem >= sizeof path) return;
    memcpy(path, word, stem);
    path[stem] = 0;
    const char *rest = dot ? dot + 1 : word;
    if (tusk_get(r->session.context, path, &at) != TUSK_OK) return;
    for (size_t i = 0; tusk_value_entry(r->session.context, at, i, &key, &len, NULL) == TUSK_OK; i++) {
        if (len < strlen(rest) || memcmp(key, rest, strlen(rest))) continue;
        int n = snprintf(whole, sizeof whole, "%.*s%s%.*s", (int)stem, word, dot ? "." : "", (int)len, key);
        if (n > 0 && n < (int)sizeof whole) to->add(to->list, whole, (size_t)n);
    }
}

static void complete_functions(const char *word, const adding *to) {
    const char *name;
    char call[128];
    size_t len, have;
    bool at = *word == '@';
    word += at;
    have = strlen(word);
    if (!have) return;
    for (size_t i = 0; tusk_builtin_name(i, &name, &len); i++) {
        if (len < have || memcmp(name, word, have)) continue;
        int n = snprintf(call, sizeof call, "%s%.*s(", at ? "@" : "", (int)len, name);
        if (n > 0 && n < (int)sizeof call) to->add(to->list, call, (size_t)n);
    }
}

static void complete_files(const char *word, const adding *to) {
    char pattern[512];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s*", word);
    if (glob(pattern, GLOB_MARK | GLOB_NOSORT, NULL, &found)) return;
    for (size_t i = 0; i < found.gl_pathc; i++) to->add(to->list, found.gl_pathv[i], strlen(found.gl_pathv[i]));
    globfree(&found);
}

static void complete(void *user, const char *input, const char *word, int start,
                     void (*add)(void *list, const char *text, size_t len), void *list) {
    repl *r = user;
    const adding to = {add, list};
    if (*input == ':' && !start) {
        for (int i = 0; i < COMMANDS; i++)
            if (!strncmp(commands[i].name, word, strlen(word))) add(list, commands[i].name, strlen(commands[i].name));
    } else if (!strncmp(input, ":load", 5)) {
        complete_files(word, &to);
    } else {
        complete_keys(r, word, &to);
        if (*input != ':' || !strncmp(input, ":type", 5)) complete_functions(word, &to);
    }
}

/* ---- the loop ---- */

static void loop(repl *r) {
    text input = {0};
    bool cancelled;
    while (!r->ended) {
        char *line = tsk_line_read(input.len ? "...> " : "tsk> ", &cancelled);
        if (cancelled) {
            input.len = 0;
            continue;
        }
        if (line) tsk_line_remember(line);
        if (line && !input.len && *line == ':') {
            run_command(r, line);
            tsk_out_flush();
            free(line);
            continue;
        }
        bool last = !line || (input.len && r->terminal && !*line);
        if (line && (!put(&input, input.len ? "\n" : "", input.len > 0) || !put(&input, line, strlen(line))))
            say_failed(r, TUSK_NO_MEMORY, "out of memory"), last = true;
        free(line);
        if (input.len && take(r, input.ptr, last) == TAKEN) input.len = 0;
        tsk_out_flush();
        if (!line) break;
    }
    free(input.ptr);
}

int tsk_command_repl(tsk_cli *cli) {
    repl r = {.cli = cli, .terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO), .timing = GIVEN(cli, VERBOSE)};
    int result = load(&r, cli->count ? cli->arguments[0] : NULL);
    if (result != TUSK_OK) return result;
    tsk_line_open(r.terminal, complete, &r);
    if (r.terminal && !GIVEN(cli, QUIET)) {
        tsk_out_text("tsk " TUSK_VERSION "; :help explains, Ctrl-D ends\n");
        tsk_out_flush();
    }
    loop(&r);
    if (r.terminal && !r.ended) tsk_out_text("\n");
    tsk_line_close();
    free(r.document.ptr);
    tsk_session_close(&r.session);
    return r.failed && !r.terminal ? TUSK_ERROR : TUSK_OK;
}
