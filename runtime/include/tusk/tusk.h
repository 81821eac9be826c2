/* libtusk: TuskLang configurations in your program.
 *
 *   tusk_program ──► tusk_snapshot ──► tusk_context ──► values
 *   (one compiled      (its inputs:       (one evaluation;
 *    configuration)     environment,       one thread at
 *                       files, grants)     a time)
 *
 *   tusk_program *program;
 *   if (tusk_program_open(NULL, "app.tsk", &program) != TUSK_OK) { print tusk_program_report(...) }
 *   tusk_snapshot_new(program, NULL, &snapshot), tusk_context_new(snapshot, &context);
 *   int64_t port;
 *   tusk_status status = tusk_get_int(context, "server.port", &port);
 *
 * Threads
 *   object           | shared by threads?
 *   -----------------|---------------------------------------------------------------
 *   tusk_options     | no; copied when a program is opened
 *   tusk_program     | yes, immutable; reference counted
 *   tusk_snapshot    | yes; reference counted; its values are frozen
 *   tusk_context     | no: one thread at a time
 *   tusk_value       | belongs to its context: valid until the context is freed or reset
 *
 * Ownership: `_new`, `_open` and `_retain` give a reference that `_free` or `_release` takes back.  Texts that are
 * returned are borrowed: they live as long as the object they were asked of, unless it says otherwise.
 * Errors: a function that can fail returns a tusk_status; the context (or program) keeps the diagnostics.
 * No function prints, exits or changes the process: no signal handlers, no locale, no environment.
 * Limits and grants are options with safe defaults: reading the environment and files beside the configuration
 * is allowed; writing, network and processes are not.
 */
#ifndef TUSK_H
#define TUSK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TUSK_VERSION "0.1.0"
#define TUSK_ABI_VERSION 1

#if defined(__GNUC__)
#define TUSK_API __attribute__((visibility("default")))
#else
#define TUSK_API
#endif

/* The library's version and ABI; compare tusk_abi_version() with TUSK_ABI_VERSION after loading. */
TUSK_API const char *tusk_version(void);
TUSK_API int tusk_abi_version(void);

/* ---- status ------------------------------------------------------------------------------------ */

/* Also the exit status of tools that stop at this error. */
typedef enum tusk_status {
    TUSK_OK = 0,
    TUSK_ERROR = 1,      /* evaluation failed, or no such key */
    TUSK_USAGE = 2,      /* an argument of the call makes no sense */
    TUSK_NOT_FOUND = 3,  /* a file does not exist */
    TUSK_DENIED = 4,     /* a capability was not granted, or the system refused */
    TUSK_CONNECTION = 5, /* a service is not available */
    TUSK_INVALID = 6,    /* the configuration is not valid */
    TUSK_NO_MEMORY = 12
} tusk_status;

/* ---- options ----------------------------------------------------------------------------------- */

typedef struct tusk_options tusk_options;

/* NULL when there is no memory.  NULL in place of options means the defaults. */
TUSK_API tusk_options *tusk_options_new(void);
TUSK_API void tusk_options_free(tusk_options *options);

typedef enum tusk_limit {
    TUSK_LIMIT_SOURCE, /* bytes of one source text; default 256 MiB */
    TUSK_LIMIT_DEPTH,  /* of nesting in source and data; default 1000 */
    TUSK_LIMIT_STEPS,  /* instructions and operator calls of one evaluation; default 0 = none */
    TUSK_LIMIT_MEMORY, /* bytes of one context's values; default 1 GiB */
    TUSK_LIMIT_TIME,   /* milliseconds of one evaluation; default 0 = none */
    TUSK_LIMIT_ERRORS, /* reported at once; default 20 */
    TUSK_LIMIT_CALLS,  /* depth of calls and of keys that wait for keys; default 100000 */
    TUSK_LIMIT_HEAP,   /* bytes of the heap of functions of one context; default 1 GiB */
    TUSK_LIMIT_CODE    /* bytes of native code in the process, until what was compiled with these options makes room;
                        * default 64 MiB */
} tusk_limit;
TUSK_API tusk_status tusk_options_limit(tusk_options *options, tusk_limit limit, uint64_t value);

typedef enum tusk_grant {
    TUSK_GRANT_ENV = 1,   /* detail: a name; granted by default, all names */
    TUSK_GRANT_READ = 2,  /* detail: a directory; granted by default, the configuration's own */
    TUSK_GRANT_WRITE = 4, /* detail: a directory */
    TUSK_GRANT_NET = 8,
    TUSK_GRANT_RUN = 16
} tusk_grant;
/* detail NULL: without restriction.  A call with a detail narrows the grant to the details given; several calls add up. */
TUSK_API tusk_status tusk_options_allow(tusk_options *options, tusk_grant grant, const char *detail);
TUSK_API tusk_status tusk_options_deny(tusk_options *options, tusk_grant grant);

typedef enum tusk_flag {
    TUSK_FLAG_STRICT = 1,  /* unknown operators and undefined names are errors */
    TUSK_FLAG_LENIENT = 2, /* a line that is not understood is dropped with a warning */
    TUSK_FLAG_CHECK = 4,   /* do what `tsk validate` does while loading */
    TUSK_FLAG_SHOW_SECRETS = 8,
    TUSK_FLAG_NO_FOLD = 16,      /* leave constants to evaluation: for looking at IR */
    TUSK_FLAG_LIST_COMMAS = 32,  /* .peanuts files: unquoted `a, b` is a list */
    TUSK_FLAG_PARTIAL = 64,      /* tusk_write writes null for what failed, and succeeds */
    TUSK_FLAG_LINT = 128,        /* with CHECK: what `tsk lint` looks for too */
    TUSK_FLAG_HIDE_SECRETS = 256 /* tusk_write writes ••• for values of secrets, whatever the format */
} tusk_flag;
TUSK_API tusk_status tusk_options_flag(tusk_options *options, tusk_flag flag, bool on);
/* Native code of functions, for the programs and scripts opened with these options. It needs the module libtusk-jit beside the library; without it everything is interpreted. */
typedef enum tusk_jit {
    TUSK_JIT_OFF,
    TUSK_JIT_ON,        /* of what is hot */
    TUSK_JIT_ALWAYS,    /* of everything, before its first call: for tests */
    TUSK_JIT_THRESHOLD, /* of everything, before its `threshold`-th call: for tests */
    TUSK_JIT_RECORD     /* of nothing, but what functions compute with is noted: for tusk_program_compile */
} tusk_jit;
TUSK_API tusk_status tusk_options_jit(tusk_options *options, tusk_jit mode, uint32_t threshold);
/* False: the module is missing, and everything is interpreted. */
TUSK_API bool tusk_jit_available(void);
/* To find the function whose native code gives a wrong result: only those named here are compiled, by name or by the number
 * that tusk_program_jit_report has, "sum,12,20-31". */
TUSK_API tusk_status tusk_options_jit_only(tusk_options *options, const char *functions);
/* Shows each function that is compiled, on standard error or in files of this directory, which is made when it is missing.
 * Code of earlier runs is not used then. `what`: a list of "ir" (our intermediate representation), "llvm" (LLVM's, before
 * and after its passes), "asm" (the instructions, with lines of the source). */
TUSK_API tusk_status tusk_options_dump(tusk_options *options, const char *what, const char *directory);
/* Native code gives way to the interpreter at random places: for tests. `seed` 0: it does not. */
TUSK_API tusk_status tusk_options_stress_exits(tusk_options *options, uint32_t seed);
/* Native code that was made is kept in this directory (made with mode 0700; it must be ours and closed to others) and found
 * again by later processes, which then do not compile it.  NULL: $TSK_CACHE_DIR, else $XDG_CACHE_HOME/tusk, else
 * ~/.cache/tusk; TUSK_NOT_FOUND: none of these is set.  Without this call nothing is kept. */
TUSK_API tusk_status tusk_options_code_cache(tusk_options *options, const char *directory);
/* Replaces or adds a top-level or dotted key after loading: tsk run -D key=value. `text` is read as a literal. */
TUSK_API tusk_status tusk_options_define(tusk_options *options, const char *key, const char *text);
/* A schema, of TuskLang or JSON Schema, that programs must fit: their literals when they are opened, the rest when all of
 * them is evaluated.  Defaults of keys that are missing are taken from it.  NULL: what #!schema in the file says. */
TUSK_API tusk_status tusk_options_schema(tusk_options *options, const char *path);
/* The clock that operators see, in milliseconds since 1970; without it TSK_NOW (seconds or ISO text) or the real one. */
TUSK_API tusk_status tusk_options_now(tusk_options *options, int64_t milliseconds);
/* Metrics and what @learn and @optimize recorded are kept in this directory, one file each, and shared with other processes;
 * it is made with mode 0700 when something is recorded.  Without this call: $TSK_STATE_DIR, else they end with the context. */
TUSK_API tusk_status tusk_options_state_directory(tusk_options *options, const char *directory);
/* Environment instead of the process's: NULL-terminated NAME=value texts, copied. */
TUSK_API tusk_status tusk_options_environment(tusk_options *options, const char *const *environment);
/* Allocator for everything that belongs to programs and contexts made with these options. */
TUSK_API tusk_status tusk_options_allocator(tusk_options *options,
                                            void *(*resize)(void *user, void *ptr, size_t old_size, size_t new_size),
                                            void *user);

/* ---- programs ---------------------------------------------------------------------------------- */

typedef struct tusk_program tusk_program;

/* Reads and compiles a file ("-" is standard input).  *program is set whenever there is memory for it, also when the
 * status is not TUSK_OK, so that its report can be asked for. */
TUSK_API tusk_status tusk_program_open(const tusk_options *options, const char *path, tusk_program **program);
/* The same of a text in memory, which is copied; `name` is shown in diagnostics, and the directory in it is where
 * includes and relative paths start. */
TUSK_API tusk_status tusk_program_parse(const tusk_options *options, const char *name, const char *text, size_t len,
                                        tusk_program **program);
/* The peanut hierarchy of a directory: global < root .. nearest, merged. */
TUSK_API tusk_status tusk_program_open_hierarchy(const tusk_options *options, const char *directory,
                                                 tusk_program **program);
TUSK_API tusk_program *tusk_program_retain(tusk_program *program);
/* Native code is being made in the background: the last release would wait for that, a process that ends need not. */
TUSK_API bool tusk_program_busy(const tusk_program *program);
/* Which functions are native code, how large it is, how long that took, and where it was left for the interpreter, as text for
 * people; "" without native code.  The caller frees it with tusk_text_free. */
TUSK_API char *tusk_program_jit_report(const tusk_program *program);
TUSK_API void tusk_program_release(tusk_program *program);

typedef enum tusk_report_style {
    TUSK_REPORT_TEXT = 0,
    TUSK_REPORT_COLOUR = 1,
    TUSK_REPORT_JSON = 2,
    TUSK_REPORT_WARNINGS = 4 /* warnings too */
} tusk_report_style;
/* Diagnostics of loading as text; "" when there are none.  The caller frees the text with tusk_text_free. */
TUSK_API char *tusk_program_report(const tusk_program *program, int style);
TUSK_API unsigned tusk_program_errors(const tusk_program *program);
TUSK_API unsigned tusk_program_warnings(const tusk_program *program);
/* Bytes held by the program. */
TUSK_API size_t tusk_program_memory(const tusk_program *program);
TUSK_API void tusk_text_free(char *text);

/* Directives: false past the end. */
TUSK_API bool tusk_program_directive(const tusk_program *program, size_t i, const char **name, size_t *name_len,
                                     const char **argument, size_t *argument_len);

/* Checks everything and adds what is found to the program's report: unknown operators, undefined names, argument
 * counts, duplicate keys, #!required, #!type, #!range. */
TUSK_API tusk_status tusk_program_check(tusk_program *program);

TUSK_API bool tusk_program_has_schema(const tusk_program *program);

/* ---- snapshots and contexts ---------------------------------------------------------------------- */

typedef struct tusk_snapshot tusk_snapshot;
typedef struct tusk_context tusk_context;

/* Inputs of evaluations as they are now: what contexts of one snapshot read from the environment and from files
 * is read once and shared. */
TUSK_API tusk_status tusk_snapshot_new(tusk_program *program, const tusk_options *options, tusk_snapshot **snapshot);
TUSK_API tusk_snapshot *tusk_snapshot_retain(tusk_snapshot *snapshot);
TUSK_API void tusk_snapshot_release(tusk_snapshot *snapshot);

/* From now on it is noted which files evaluations read, for those who want to know when they change.  Call it before the
 * first context is made. */
TUSK_API void tusk_snapshot_track(tusk_snapshot *snapshot);
/* The files that were read so far, without those of the program itself; NULL past the end.  The list grows; a text lives
 * as long as the snapshot. */
TUSK_API const char *tusk_snapshot_input(tusk_snapshot *snapshot, size_t i);

TUSK_API tusk_status tusk_context_new(tusk_snapshot *snapshot, tusk_context **context);
/* Forgets values, errors and memory; stores of operators (variables, metrics, cache) stay. */
TUSK_API void tusk_context_reset(tusk_context *context);
TUSK_API void tusk_context_free(tusk_context *context);
TUSK_API char *tusk_context_report(const tusk_context *context, int style);
/* May be called from any thread: the evaluation stops with TUSK_ERROR (E0403) soon after. */
TUSK_API void tusk_context_cancel(tusk_context *context);

/* ---- values -------------------------------------------------------------------------------------- */

typedef enum tusk_kind {
    TUSK_NULL,
    TUSK_BOOL,
    TUSK_INT,
    TUSK_DOUBLE,
    TUSK_STRING,
    TUSK_ARRAY,
    TUSK_OBJECT,
    TUSK_FUNCTION
} tusk_kind;

/* Small and copied freely. */
typedef struct tusk_value {
    uint64_t bits;
} tusk_value;

/* Computes the key of a dotted path ("a.b", "list[0].name", "a.\"x.y\"", "" = the whole document).
 * `name` falls back to `$name`. TUSK_ERROR with E0308 when there is none. */
TUSK_API tusk_status tusk_get(tusk_context *context, const char *path, tusk_value *value);
TUSK_API tusk_status tusk_get_int(tusk_context *context, const char *path, int64_t *value);
TUSK_API tusk_status tusk_get_double(tusk_context *context, const char *path, double *value);
TUSK_API tusk_status tusk_get_bool(tusk_context *context, const char *path, bool *value);
/* Not NUL-terminated. */
TUSK_API tusk_status tusk_get_string(tusk_context *context, const char *path, const char **text, size_t *len);
/* Computes every key, in source order; the first error ends it, unless `all_errors`. */
TUSK_API tusk_status tusk_evaluate(tusk_context *context, bool all_errors);
/* Computes an expression of the language against the document. */
TUSK_API tusk_status tusk_evaluate_text(tusk_context *context, const char *expression, size_t len, tusk_value *value);
/* The answer of an `#!api` file: last bare expression, else `result`, else `response`, else the document without $keys. */
TUSK_API tusk_status tusk_response(tusk_context *context, tusk_value *value);

TUSK_API tusk_kind tusk_value_kind(tusk_value value);
TUSK_API bool tusk_value_bool(tusk_value value);
TUSK_API int64_t tusk_value_int(tusk_value value);
TUSK_API double tusk_value_double(tusk_value value);
TUSK_API const char *tusk_value_string(tusk_value value, size_t *len);
TUSK_API size_t tusk_value_count(tusk_value value); /* items or entries; 0 for anything else */
/* Items and entries are computed when asked for, hence the context and the status. */
TUSK_API tusk_status tusk_value_item(tusk_context *context, tusk_value array, size_t i, tusk_value *item);
TUSK_API tusk_status tusk_value_entry(tusk_context *context, tusk_value object, size_t i, const char **key,
                                      size_t *key_len, tusk_value *value);

/* ---- functions ------------------------------------------------------------------------------------ */

/* A function written in the configuration, a text like "(a) => a * 2": looked up once, called often.  Belongs to the
 * program and lives as long; any thread may use it, with any context of that program. */
typedef struct tusk_function tusk_function;

/* What a function is called with. */
typedef enum tusk_argument_kind {
    TUSK_ARGUMENT_NULL,
    TUSK_ARGUMENT_BOOL,
    TUSK_ARGUMENT_INT, /* beyond 2^53 it is rounded, as numbers of functions are */
    TUSK_ARGUMENT_DOUBLE,
    TUSK_ARGUMENT_STRING, /* UTF-8, read during the call */
    TUSK_ARGUMENT_JSON,   /* the same, parsed */
    TUSK_ARGUMENT_VALUE   /* of the same context; functions get a copy */
} tusk_argument_kind;

typedef struct tusk_argument {
    tusk_argument_kind kind;
    size_t len; /* of the text */
    union {
        bool boolean;
        int64_t integer;
        double number;
        const char *text;
        tusk_value value;
    };
} tusk_argument;

/* By the path of its key; a suffix `_fujsen` may be left out.  TUSK_INVALID: its text has errors, see the report. */
TUSK_API tusk_status tusk_function_find(tusk_context *context, const char *path, const tusk_function **function);
/* Calls it.  `self` (NULL: an empty object) is `this` and `context` in it.  `result` (NULL: not wanted) is valid until
 * the next call through this context; an integral number comes back as TUSK_INT.  TUSK_ERROR: it threw, or a limit was
 * reached; the context's report has the stack.  At most 1024 arguments. */
TUSK_API tusk_status tusk_call(tusk_context *context, const tusk_function *function, const tusk_argument *self,
                               const tusk_argument *args, size_t count, tusk_value *result);
/* The same with numbers only, for small functions that are called often: once the function is native code, a call takes
 * some nanoseconds (tusk_call does too, as long as arguments and result are numbers, bools or null).  TUSK_INVALID: it
 * gave something else. */
TUSK_API tusk_status tusk_call_numbers(tusk_context *context, const tusk_function *function, const double *args,
                                       size_t count, double *result);
/* Both in one. */
TUSK_API tusk_status tusk_call_path(tusk_context *context, const char *path, const tusk_argument *self,
                                    const tusk_argument *args, size_t count, tusk_value *result);

/* ---- compiling ahead of time: what tskc does -------------------------------------------------------- */

typedef enum tusk_form {
    TUSK_FORM_OBJECT,   /* ELF, position independent */
    TUSK_FORM_ASSEMBLY, /* text */
    TUSK_FORM_LLVM,     /* LLVM IR as text */
    TUSK_FORM_HEADER    /* a C header: structs of constants, getters of keys, functions */
} tusk_form;
typedef struct tusk_compilation {
    const char *name; /* a C identifier: symbols begin with it, the configuration is NAME_config */
    tusk_form form;
    unsigned optimize; /* 0 to 3 */
    bool debug;        /* lines of the source for debuggers */
    const char *cpu;   /* "native" or x86-64-v2 (also for NULL), -v3, -v4 */
} tusk_compilation;
/* The program was opened with TUSK_JIT_RECORD; what it was asked for since is what its functions are made fast for.  Nobody
 * else may use it meanwhile.  Needs the module libtusk-jit, but not for a header.  When it fails the program's report says
 * why.  The caller frees `bytes` with tusk_text_free. */
TUSK_API tusk_status tusk_program_compile(tusk_program *program, const tusk_compilation *wanted, char **bytes,
                                          size_t *size);
/* The files that a program was read from, the first one is its own; NULL past the end. */
TUSK_API const char *tusk_program_file(const tusk_program *program, size_t i);

/* A configuration that was compiled, `extern tusk_image NAME_config`; it is part of the process and needs no file. */
typedef struct tusk_image tusk_image;
/* Like tusk_program_open.  Keys that depend on the environment are computed as the options allow. */
TUSK_API tusk_status tusk_program_image(const tusk_options *options, tusk_image *image, tusk_program **program);

typedef enum tusk_format {
    TUSK_FORMAT_JSON,
    TUSK_FORMAT_YAML,
    TUSK_FORMAT_TSK,
    TUSK_FORMAT_ENV,
    TUSK_FORMAT_TABLE,
    TUSK_FORMAT_TOML,
    TUSK_FORMAT_CSV,
    TUSK_FORMAT_INI,
    TUSK_FORMAT_XML
} tusk_format;
/* Writes in pieces through `sink`.  Computes what is not computed yet.  JSON: indent 0 is compact.  TUSK_ERROR: the format
 * cannot express the value, such as null in TOML; the report says what, and what was written by then stays written. */
TUSK_API tusk_status tusk_write(tusk_context *context, tusk_value value, tusk_format format, int indent,
                                void (*sink)(void *user, const char *ptr, size_t len), void *user);

/* Reads a text of data: JSON, YAML, TOML, CSV, INI, XML or env lines (docs/formats.md).  The text is copied, `name` (may be
 * NULL) is shown in the report.  `value` belongs to the context until its reset.  Not for TUSK_FORMAT_TSK and
 * TUSK_FORMAT_TABLE: TUSK_USAGE.  TUSK_ERROR: the text is malformed; the context's report has the place. */
TUSK_API tusk_status tusk_parse_data(tusk_context *context, tusk_format format, const char *name, const char *text,
                                     size_t len, tusk_value *value);
/* The format that a word ("yaml") or the end of a file's name ("app.yml") means. */
TUSK_API bool tusk_format_named(const char *name, size_t len, tusk_format *format);

/* ---- sources: the text of a configuration, read and changed without evaluating it ------------------- */

/* One text, without what it includes.  Used by one thread at a time. */
typedef struct tusk_source tusk_source;
/* Reads a file ("-" is standard input).  Of the options the limits count.  *source is set whenever there is memory for it,
 * also when the status is not TUSK_OK, so that its report can be asked for; tusk_source_free takes it back. */
TUSK_API tusk_status tusk_source_open(const tusk_options *options, const char *path, tusk_source **source);
/* The same of a text in memory, which is copied; `name` is shown in diagnostics. */
TUSK_API tusk_status tusk_source_parse(const tusk_options *options, const char *name, const char *text, size_t len,
                                       tusk_source **source);
TUSK_API void tusk_source_free(tusk_source *source);
/* Diagnostics of reading, or of what was asked last, as text; "" when there are none.  Freed with tusk_text_free. */
TUSK_API char *tusk_source_report(const tusk_source *source, int style);
/* The text as it was read; borrowed. */
TUSK_API const char *tusk_source_text(const tusk_source *source, size_t *len);
/* The text in the one style: the same values, comments and order.  `*text` is borrowed until the next question. */
TUSK_API tusk_status tusk_source_format(tusk_source *source, const char **text, size_t *len);

typedef enum tusk_spelling {
    TUSK_SPELLING_WORD,      /* as on a command line: true, false, null, numbers, quoted strings, lists and objects are
                                those, everything else is a string */
    TUSK_SPELLING_STRING,    /* the text itself */
    TUSK_SPELLING_EXPRESSION /* written as it is */
} tusk_spelling;
/* The text with one value set: all other bytes stay.  A key that is not there is added to its block, and blocks and sections
 * are made as far as they are missing.  The new text is read again, with what it includes, before it is given; TUSK_INVALID
 * and a report when it would not mean what was asked for.  `*text` is borrowed until the next question. */
TUSK_API tusk_status tusk_source_set(tusk_source *source, const char *path, const char *value, size_t value_len,
                                     tusk_spelling spelling, const char **text, size_t *len);
/* The text without a key or an item, wherever it is assigned.  TUSK_ERROR: there is none. */
TUSK_API tusk_status tusk_source_remove(tusk_source *source, const char *path, const char **text, size_t *len);

/* ---- unstable: for tools; may change with any version ---------------------------------------------- */

/* What TUSK_FLAG_LINT does about a code, "E0914"; NULL: about all of them, which can be ERROR or WARNING. TUSK_USAGE:
 * there is no such code. */
typedef enum tusk_lint_level { TUSK_LINT_OFF, TUSK_LINT_WARNING, TUSK_LINT_ERROR } tusk_lint_level;
TUSK_API tusk_status tusk_options_lint(tusk_options *options, const char *code, tusk_lint_level level);

/* Files of a program: the first is its own.  The text is borrowed, as long as the program; false past the end. */
TUSK_API bool tusk_program_source(const tusk_program *program, size_t i, const char **name, const char **text,
                                  size_t *len);
typedef struct tusk_place {
    const char *file;      /* NULL: nowhere */
    size_t offset, length; /* bytes */
    unsigned line, column; /* from 1; columns as a terminal counts them */
} tusk_place;
typedef enum tusk_severity { TUSK_SEVERITY_ERROR, TUSK_SEVERITY_WARNING, TUSK_SEVERITY_NOTE } tusk_severity;
typedef struct tusk_diagnostic {
    tusk_severity severity;
    const char *code, *summary, *message;
    const char *expected, *hint; /* may be NULL */
    tusk_place place;
    const char *fix; /* text for fix_place, which changes no value; NULL: there is none */
    tusk_place fix_place;
} tusk_diagnostic;
/* The next one of the program's report; *cursor is NULL before the first.  False: that was the last. */
TUSK_API bool tusk_program_diagnostic(const tusk_program *program, const void **cursor, tusk_diagnostic *diagnostic);
/* The program's own text with all fixes of its report made, and how many they are.  Freed with tusk_text_free. */
TUSK_API tusk_status tusk_program_repair(const tusk_program *program, char **text, size_t *fixes);

/* Keys in the order of the document, blocks before what is in them; the visitor ends the walk with false.  Texts live until it
 * returns, those of the source as long as the program. */
typedef enum tusk_symbol_kind {
    TUSK_SYMBOL_BLOCK,
    TUSK_SYMBOL_LIST,
    TUSK_SYMBOL_LITERAL,
    TUSK_SYMBOL_EXPRESSION,
    TUSK_SYMBOL_FUNCTION
} tusk_symbol_kind;
typedef struct tusk_symbol {
    const char *path, *name; /* "server.port", "port" */
    size_t path_len, name_len;
    unsigned depth;
    tusk_symbol_kind kind;
    const char *file;      /* where the key is written; NULL: not plainly in a source */
    size_t offset, length; /* of the key */
    const char *text;      /* of an expression or function; NULL: none */
    size_t text_len, text_offset;
    tusk_value value;  /* of a LITERAL */
    const char *reads; /* "environment variable PORT", one a line; "": nothing */
    bool used;         /* with a context: computed, or called */
} tusk_symbol;
typedef bool (*tusk_symbol_visitor)(void *user, const tusk_symbol *symbol);
TUSK_API tusk_status tusk_program_symbols(tusk_program *program, tusk_symbol_visitor visit, void *user);
TUSK_API tusk_status tusk_context_symbols(tusk_context *context, tusk_symbol_visitor visit, void *user);

/* Every place where a name stands for a key, in expressions and functions. */
typedef struct tusk_reference {
    const char *file;
    size_t offset, length;
    const char *target_file; /* NULL: the key is not plainly in a source */
    size_t target_offset, target_length;
} tusk_reference;
typedef void (*tusk_reference_visitor)(void *user, const tusk_reference *reference);
TUSK_API tusk_status tusk_program_references(tusk_program *program, tusk_reference_visitor visit, void *user);

/* The key is a comparison like `a == b`: its operator and the values of both sides.  False: it is none, or one cannot be computed. */
TUSK_API bool tusk_comparison(tusk_context *context, const char *path, const char **op, tusk_value *left, tusk_value *right);
/* Operators by number, false past the end; `most` -1: any number of arguments. */
TUSK_API bool tusk_operator_at(size_t i, const char **name, int *least, int *most);

/* Values of keys with such a name are not shown: password, api_key, *_token. */
TUSK_API bool tusk_names_secret(const char *name, size_t len);

/* Plain scripts of the language of functions: the files share one realm.  Used by one thread at a time. */
typedef struct tusk_scripts tusk_scripts;
TUSK_API tusk_status tusk_scripts_new(const tusk_options *options, tusk_scripts **scripts);
/* Reads ("-" is standard input) and runs a file.  TUSK_ERROR: it threw; the report says what. */
TUSK_API tusk_status tusk_scripts_run(tusk_scripts *scripts, const char *path);
/* The same of a text, which is copied; `name` is for messages. */
TUSK_API tusk_status tusk_scripts_run_text(tusk_scripts *scripts, const char *name, const char *text, size_t len);
/* IR, or the interpreter's code, of all functions of a file, which is not run. */
TUSK_API tusk_status tusk_scripts_dump(tusk_scripts *scripts, const char *path, bool code, char **text);
TUSK_API char *tusk_scripts_report(const tusk_scripts *scripts, int style);
/* Native code is being made in the background: tusk_scripts_free would wait for that, a process that ends need not. */
TUSK_API bool tusk_scripts_busy(const tusk_scripts *scripts);
TUSK_API char *tusk_scripts_jit_report(const tusk_scripts *scripts); /* as of a program */
TUSK_API void tusk_scripts_free(tusk_scripts *scripts);

/* The built-in functions, in the order of docs/builtins.md.  All texts are static. */
typedef struct tusk_builtin {
    const char *name, *group, *signature, *summary;
    const char *example, *result; /* an expression, and its value as compact JSON; NULL for what needs a service */
    unsigned number;
} tusk_builtin;
/* False past the end. */
TUSK_API bool tusk_builtin_at(size_t i, tusk_builtin *builtin);
/* By any of its names; false: there is none. */
TUSK_API bool tusk_builtin_named(const char *name, tusk_builtin *builtin);
/* The k-th further name; NULL past the last. */
TUSK_API const char *tusk_builtin_alias(const tusk_builtin *builtin, size_t k);

/* Compiled functions on disk ($TSK_CACHE_DIR, else $XDG_CACHE_HOME/tusk, else $HOME/.cache/tusk): what is there, or with
 * `clear` its removal, as text.  TUSK_DENIED: the directory may not be used, the text says why. */
TUSK_API tusk_status tusk_code_cache(bool clear, bool json, char **text);

/* A value as a compiled configuration, the layout that public SDKs share: PNUT with MessagePack.  The timestamp is in
 * milliseconds since 1970; 0 for the same bytes each time.  Computes what is not computed yet. */
TUSK_API tusk_status tusk_write_binary(tusk_context *context, tusk_value value, uint64_t timestamp,
                                       void (*sink)(void *user, const char *ptr, size_t len), void *user);
/* Whether values of this name are not shown to people: password, *_TOKEN, api_key ... */
TUSK_API bool tusk_is_secret(const tusk_context *context, const char *name);
/* What a compiled configuration is: layout, version, time, size, checksum, keys; as text for people or as JSON.
 * TUSK_INVALID: it cannot be read, the text says why; TUSK_NOT_FOUND, TUSK_DENIED: the file cannot. */
TUSK_API tusk_status tusk_binary_info(const char *path, bool json, char **text);

/* What the library needs of the system: shared libraries, native code, the cache, time zones. */
typedef enum tusk_health { TUSK_HEALTH_GOOD, TUSK_HEALTH_NOTE, TUSK_HEALTH_BROKEN } tusk_health;
typedef struct tusk_finding {
    const char *area;
    tusk_health health;
    char text[512], hint[256]; /* the hint may be empty */
} tusk_finding;
TUSK_API void tusk_examine(void (*found)(void *user, const tusk_finding *finding), void *user);

/* Names of built-in functions, for completion; not NUL-terminated.  False past the end. */
TUSK_API bool tusk_builtin_name(size_t i, const char **name, size_t *len);

/* Waiting until files change.  Used by one thread at a time. */
typedef struct tusk_watch tusk_watch;
TUSK_API tusk_status tusk_watch_new(tusk_watch **watch);
/* Adds the files of a program and those that evaluations of a tracked snapshot (NULL: none) have read, as they are now. */
TUSK_API tusk_status tusk_watch_program(tusk_watch *watch, const tusk_program *program, tusk_snapshot *snapshot);
TUSK_API tusk_status tusk_watch_file(tusk_watch *watch, const char *path); /* which may not exist yet */
/* True: one of them is not as it was when it was added.  False: not within this time (-1: no limit), or by a signal. */
TUSK_API bool tusk_watch_wait(tusk_watch *watch, int milliseconds);
/* All of the files, to begin anew. */
TUSK_API void tusk_watch_forget(tusk_watch *watch);
TUSK_API void tusk_watch_free(tusk_watch *watch);

/* An HTTP server of `#!api` files.  Each file is compiled once; its requests are evaluated by contexts that are kept.  A file
 * that changes is compiled again beside the old version, which goes on answering when the new one has errors. */
typedef struct tusk_server tusk_server;
typedef enum tusk_log { TUSK_LOG_ERROR, TUSK_LOG_NOTE, TUSK_LOG_REQUEST } tusk_log;
/* Zeros are defaults. */
typedef struct tusk_server_settings {
    const char *place;        /* a directory of files, or one file that answers every path; NULL: "." */
    const char *host;         /* an address; NULL: 127.0.0.1 */
    uint16_t port;            /* 0: one that is free */
    unsigned workers;         /* threads; 0: one for each processor */
    uint64_t max_body;        /* bytes; 1 MiB */
    unsigned max_connections; /* 20000, or what the limit of open files leaves */
    unsigned request_ms;      /* for a client to send a head, 10000; three times that for a body or to take an answer */
    unsigned idle_ms;         /* between requests of a connection; 60000 */
    const char *cors;         /* the origin that browsers may ask from; NULL: "*" */
    bool hide_errors;         /* an answer to a failed evaluation does not say why */
    bool log_requests;
    bool offline; /* does not listen: for tusk_server_try */
    /* Called by any thread, one at a time. */
    void (*log)(void *user, tusk_log kind, const char *text);
    void *user;
} tusk_server_settings;
/* Loads the files and listens.  TUSK_CONNECTION: the address is taken or not ours; TUSK_INVALID: the one file has errors.
 * *problem (may be NULL; free it with tusk_text_free) says why it failed. */
TUSK_API tusk_status tusk_server_new(const tusk_options *options, const tusk_server_settings *settings,
                                     tusk_server **server, char **problem);
TUSK_API uint16_t tusk_server_port(const tusk_server *server);
TUSK_API size_t tusk_server_rules(const tusk_server *server); /* files with #!api */
TUSK_API unsigned tusk_server_workers(const tusk_server *server);
/* The answer to one request as a client would send it, before the server is started.  TUSK_USAGE: it is no whole request. */
TUSK_API tusk_status tusk_server_try(tusk_server *server, const char *request, size_t len,
                                     void (*sink)(void *user, const char *ptr, size_t len), void *user);
/* Starts the threads, which block all signals. */
TUSK_API tusk_status tusk_server_start(tusk_server *server);
/* Looks at all files again soon, changed or not.  Any thread. */
TUSK_API void tusk_server_reload(tusk_server *server);
/* Takes no new connections, finishes the requests that have begun within this time, and ends the threads. */
TUSK_API void tusk_server_stop(tusk_server *server, unsigned milliseconds);
TUSK_API void tusk_server_free(tusk_server *server);

/* Where a value comes from: file:line, the expression, its inputs and their values, the environment or file behind it. */
TUSK_API tusk_status tusk_explain(tusk_context *context, const char *path, bool json, char **text);
/* IR of a key (NULL: of every thunk).  passes NULL: the default pipeline; before: as lowered. stats: append pass counters. */
TUSK_API tusk_status tusk_dump_ir(tusk_program *program, const char *path, const char *passes, bool before, bool stats,
                                  char **text);
/* Baseline code of the interpreter, with frame states. */
TUSK_API tusk_status tusk_dump_code(tusk_program *program, const char *path, char **text);
/* Runs passes over a text of IR and prints it: for tests of passes. */
TUSK_API tusk_status tusk_transform_ir(const char *name, const char *text, size_t len, const char *passes,
                                       char **result, char **report);
TUSK_API tusk_status tusk_dump_ast(tusk_program *program, const char *path, char **text);
/* The document with unevaluated expressions as their source text: tsk parse --raw. */
TUSK_API tusk_status tusk_write_raw(tusk_program *program, tusk_format format, int indent,
                                    void (*sink)(void *user, const char *ptr, size_t len), void *user);

#ifdef __cplusplus
}
#endif

#endif
