/* What the commands of tsk share: the command line as it was understood, output, and how errors are reported.
 *
 *   commands.def ──► arguments.c ──► cli ──► cmd_NAME.c ──► output.c ──► standard output
 *                └─► cmd_help.c                       └──► report.c ──► standard error
 *
 * Every command is `int tsk_command_NAME(tsk_cli *cli)` in a file of its own and returns the exit status. */
#ifndef TSK_TOOLS_CLI_H
#define TSK_TOOLS_CLI_H

#include <tusk/tusk.h>

typedef enum command_id {
#define COMMAND(name, least, most, arguments, summary, details) COMMAND_##name,
#define OPTION(id, letter, name, argument, commands, group, summary)
#include "tools/tsk/commands.def"
#undef COMMAND
#undef OPTION
    COMMAND_COUNT
} command_id;

typedef enum option_id {
#define COMMAND(name, least, most, arguments, summary, details)
#define OPTION(id, letter, name, argument, commands, group, summary) OPTION_##id,
#include "tools/tsk/commands.def"
#undef COMMAND
#undef OPTION
    OPTION_COUNT
} option_id;

/* Sets of commands, for the table. */
#define ON(name) (1u << COMMAND_##name)
#define ON_ALL ((1u << COMMAND_COUNT) - 1)
#define ON_LOAD                                                                                                        \
    (ON(run) | ON(get) | ON(parse) | ON(validate) | ON(lint) | ON(test) | ON(doc) | ON(explain) | ON(eval) | ON(ir) |  \
     ON(call) | ON(serve) | ON(repl) | ON(config) | ON(binary) | ON(peanuts) | ON(convert) | ON(diff))
#define ON_SOURCE (ON(fmt) | ON(set))
#define ON_NATIVE (ON(run) | ON(get) | ON(eval) | ON(call) | ON(js))

struct tsk_cli;

typedef struct tsk_command {
    const char *name;
    int least, most;
    const char *arguments, *summary, *details;
    int (*run)(struct tsk_cli *cli);
} tsk_command;

typedef struct tsk_option {
    char letter;
    const char *name, *argument;
    unsigned commands;
    const char *group, *summary;
} tsk_option;

extern const tsk_command tsk_commands[COMMAND_COUNT];
extern const tsk_option tsk_cli_options[OPTION_COUNT];

typedef struct tsk_cli {
    command_id command;
    int count;
    char **arguments; /* without the command's name */
    bool given[OPTION_COUNT];
    const char *value[OPTION_COUNT]; /* of the last time it was given */
    tusk_options *options;           /* NULL: the defaults, so that a plain run allocates nothing for them */
    bool colour;                     /* on standard error */
    bool effects;                    /* writing, network or processes were granted */
} tsk_cli;

#define GIVEN(cli, id) ((cli)->given[OPTION_##id])

#define COMMAND(name, least, most, arguments, summary, details) int tsk_command_##name(tsk_cli *cli);
#define OPTION(id, letter, name, argument, commands, group, summary)
#include "tools/tsk/commands.def"
#undef COMMAND
#undef OPTION

/* ---- arguments.c ---- */
/* TUSK_OK, or TUSK_USAGE after saying what is wrong. */
int tsk_cli_parse(tsk_cli *cli, int argc, char **argv);
/* 64K, 10M; 500ms, 2s, 1m.  False: it is none. */
bool tsk_parse_size(const char *text, uint64_t step, uint64_t *out);
bool tsk_parse_duration(const char *text, uint64_t *milliseconds);
/* The name closest to the word, or NULL. */
const char *tsk_cli_closest(const char *word, const char *(*name)(int i), int count);
const char *tsk_cli_command_name(int i);

/* ---- output.c: standard output, written in large pieces; a failed write ends the process ---- */
void tsk_out(const char *ptr, size_t len);
void tsk_out_text(const char *text);
void tsk_out_json(const char *ptr, size_t len); /* as a JSON string with its quotes */
void tsk_out_newline(void);                     /* unless the last line is ended */
/* Until tsk_out_captured nothing is written, but kept; the text is the caller's to free.  NULL: no memory. */
void tsk_out_capture(void);
char *tsk_out_captured(size_t *len);
void tsk_out_discard(void); /* what is not written yet */
void tsk_out_flush(void);
/* For tusk_write; `user` is ignored. */
void tsk_out_sink(void *user, const char *ptr, size_t len);
/* The same with every line but the first two blanks further right. */
void tsk_out_sink_indented(void *user, const char *ptr, size_t len);

/* ---- replace.c ---- */
/* The file gets this text, or stays as it was and an error is reported.  Gives the status. */
int tsk_replace_file(const tsk_cli *cli, const char *path, const char *text, size_t len);

/* ---- report.c: standard error ---- */
__attribute__((format(printf, 2, 3))) int tsk_usage(const tsk_cli *cli, const char *fmt, ...); /* gives TUSK_USAGE */
/* An error without diagnostics of the library.  Gives `status`. */
__attribute__((format(printf, 3, 4))) int tsk_fail(const tsk_cli *cli, tusk_status status, const char *fmt, ...);
/* Both report what was found and give the exit status. */
int tsk_fail_program(const tsk_cli *cli, const tusk_program *program, tusk_status status);
int tsk_fail_scripts(const tsk_cli *cli, const tusk_scripts *scripts, tusk_status status);
int tsk_fail_source(const tsk_cli *cli, const tusk_source *source, tusk_status status);
int tsk_fail_context(const tsk_cli *cli, const tusk_context *context, tusk_status status);
/* TUSK_ERROR because there is no key of this name, rather than for another reason. */
bool tsk_is_missing(const tusk_context *context, tusk_status status);
int tsk_fail_missing(const tsk_cli *cli, const tusk_context *context, const char *key);
/* With --jit, when nothing can be compiled. */
void tsk_warn_interpreted(const tsk_cli *cli);
void tsk_warn_program(const tsk_cli *cli, const tusk_program *program);
double tsk_milliseconds(void);
/* With --verbose: "opened in 0.2 ms". */
void tsk_timing(const tsk_cli *cli, const char *what, double since);

/* ---- text_diff.c ---- */
/* A unified diff. */
int tsk_print_text_diff(const tsk_cli *cli, const char *name, const char *a, size_t a_len, const char *b, size_t b_len);

/* ---- session.c: from a file to a context ---- */
typedef struct tsk_session {
    tusk_program *program;
    tusk_snapshot *snapshot;
    tusk_context *context;
} tsk_session;
/* `file` NULL: --config, or the peanut hierarchy.  Zero, or the exit status after reporting. */
int tsk_session_open(const tsk_cli *cli, const char *file, tsk_session *s);
extern tusk_image *tsk_session_image; /* NULL, or the configuration that is part of the program: see tools/tskc */
/* The same from s->program on, which is taken. */
int tsk_session_start(const tsk_cli *cli, tsk_session *s);
void tsk_session_close(tsk_session *s);
extern tusk_watch *tsk_session_watch; /* NULL, or what is told of the files that sessions use */
/* ---- cmd_help.c, manual.c ---- */
extern const char tsk_exit_codes[];
int tsk_manual(const tsk_cli *cli, const char *command); /* NULL: the page of tsk itself */
/* ---- memcached.c: tsk cache memcached ---- */
int tsk_memcached(const tsk_cli *cli, const char *action); /* NULL: none was named */
/* ---- watch.c: --watch; does not return but for an error ---- */
int tsk_watch(tsk_cli *cli, const char *file, int (*once)(tsk_cli *cli));
extern bool tsk_session_jit_stats;    /* --jit-stats, for when it is closed */
void tsk_print_jit_stats(char *text); /* takes the text */
extern bool tsk_session_abandoned;    /* a thread still works on it: the process must end without cleaning up */
/* The last thing that a main function does: writes out, frees, gives the status to return, or ends the process itself. */
int tsk_cli_end(tsk_cli *cli, int status);
/* Standard form of an answer: bare scalars, everything else as JSON, or what --format asks for. */
int tsk_print_value(const tsk_cli *cli, tsk_session *s, tusk_value value, bool bare);
bool tsk_parse_format(const char *name, tusk_format *format);

/* ---- data.c: files of any format ---- */
/* The format that is named, or that the file's name ends with; configurations otherwise.  The status. */
int tsk_data_format(const tsk_cli *cli, const char *name, const char *file, tusk_format *format);
/* All of a file, evaluated where it is a configuration.  Zero, or the exit status after reporting. */
int tsk_open_value(const tsk_cli *cli, const char *file, tusk_format format, tsk_session *s, tusk_value *value);
/* Text in memory, for tusk_write. */
typedef struct tsk_text {
    char *ptr;
    size_t len, room;
    bool failed; /* no memory */
} tsk_text;
void tsk_text_sink(void *text, const char *ptr, size_t len);

/* ---- help_builtins.c ---- */
int tsk_help_builtin(const tusk_builtin *builtin);
int tsk_help_builtins(bool markdown);

#endif
