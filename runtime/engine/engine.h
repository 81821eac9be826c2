/* What stands behind tusk.h.
 *
 *   options.c ──► program.c ──► frontend: graph of keys
 *                   │  compile.c    thunk ──► IR ──► constant or code       (under the program's lock)
 *                   │  env_fold.c   what folding and lowering ask for
 *                   ▼
 *                 snapshot.c  environment and files as they are now; values shared by contexts
 *                   ▼
 *                 context.c   one evaluation: memo, heap, operators' stores  ──► runtime/interp
 *                   │  path.c       "a.b[0]" in the tree
 *                   │  cross.c      @name.tsk.get: documents in other files
 *                   │  failure.c    failures ──► diagnostics
 *                   ▼
 *                 api.c, explain.c, dump.c, peanut.c
 *
 * Invariants
 *  - A program is immutable for its users.  What it learns while it is used (IR, code, constants, parsed expressions)
 *    is made under `lock` and published through `outcomes`, which is read without it.
 *  - Nobody calls into a context's heap without a trap: entries of the API go through tsk_context_guard.
 *  - Locks are never held while user code or an evaluation runs; a lock holder that traps unlocks first.
 */
#ifndef TSK_ENGINE_H
#define TSK_ENGINE_H

#include "ir/graph.h"
#include "runtime/interp/interp.h"

#include <pthread.h>
#include <tusk/tusk.h>

/* ---- options.c ---- */

typedef struct tsk_define {
    struct tsk_define *next;
    const char *key, *text;
} tsk_define;

/* What a program and its snapshots keep of the options. */
typedef struct tsk_settings {
    tsk_allocator allocator;
    uint64_t limits[TUSK_LIMIT_CODE + 1];
    uint32_t grants;                /* tusk_grant */
    uint32_t flags;                 /* tusk_flag */
    bool read_everything, read_own; /* without roots; the directory of the configuration */
    /* NULL-terminated; NULL: without restriction, except that reading is ruled by the two above. */
    const char **env_names, **read_roots, **write_roots;
    tsk_define *defines; /* in the order they were made */
    bool has_now;
    int64_t now_ms;
    tsk_lint_options lint;
    const char *schema; /* file; NULL: what #!schema says */
    int jit;                                  /* tusk_jit */
    uint32_t jit_threshold, jit_stress, dump; /* TSK_NATIVE_DUMP_* */
    const char *jit_only;                     /* NULL: all functions */
    const char *dump_directory;               /* NULL: standard error */
    const char *code_cache;                   /* directory; NULL: none */
    const char *state_directory;              /* NULL: $TSK_STATE_DIR, else none */
    const char **environment;                 /* NULL: the process's */
} tsk_settings;

struct tusk_options {
    tsk_settings settings;
    tsk_arena arena;
};

void tsk_settings_default(tsk_settings *settings);
/* A variable of the environment; NULL: none. */
const char *tsk_settings_variable(const tsk_settings *settings, const char *name);
/* Deep. */
void tsk_settings_copy(tsk_arena *arena, tsk_settings *to, const tsk_settings *from);
/* Where stores are kept that outlive the process, by the environment when nothing was said. */
void tsk_settings_state_directory(tsk_arena *arena, tsk_settings *settings);
/* What was compiled and where it was left; freed with tusk_text_free (program.c). */
char *tsk_native_report_text(struct tsk_native *native, const tsk_sources *sources);
/* For tsk_native_set_places; `sources` is a tsk_sources (program.c). */
struct tsk_native_place;
bool tsk_native_place_in(void *sources, tsk_span span, struct tsk_native_place *out);
/* For functions that are run with these settings; NULL: they are interpreted. */
struct tsk_native *tsk_settings_native(const tsk_settings *settings);
/* What operators may do, for a configuration in `directory`. */
void tsk_settings_capabilities(tsk_arena *arena, const tsk_settings *settings, const char *directory,
                               tsk_capabilities *caps);

/* ---- files.c ---- */

/* The part of a path before its last slash; "." when there is none; in the arena. */
const char *tsk_file_directory(tsk_arena *arena, const char *path);
const char *tsk_file_join(tsk_arena *arena, const char *directory, const char *path, size_t len);
typedef struct tsk_file_id {
    uint64_t device, inode;
} tsk_file_id;
/* The whole file, padded.  "-" is standard input.  With roots (NULL-terminated, may be NULL: everywhere) the file must be
 * beneath one of them, symbolic links resolved. */
tsk_code tsk_file_read(tsk_arena *arena, const char *path, const char *const *roots, uint64_t max, const char **text,
                       uint32_t *len, tsk_file_id *id);
bool tsk_file_exists(const char *path);

/* ---- binary.c ---- */

/* A compiled configuration is replaced by the same as text; anything else stays.  False: *why, in the arena. */
bool tsk_binary_as_text(tsk_arena *arena, const char *name, const char **text, uint32_t *len, const char **why);

/* ---- program.c ---- */

/* IR under construction. */
typedef struct tsk_workspace {
    tsk_arena arena;
    bool kept; /* code that lives on is in it */
} tsk_workspace;

#define TSK_LOWER_DEPTH 200 /* thunks that are lowered because another one is being lowered */

/* One depth of nested lowering. */
typedef struct tsk_lowering {
    tsk_workspace *space; /* kept for the next time; NULL: none was needed yet */
    uint32_t thunk;       /* being lowered */
} tsk_lowering;

typedef struct tsk_expression {
    tsk_slice text;
    uint32_t thunk; /* TSK_NO_THUNK: not an expression */
    tsk_diags diags;
} tsk_expression;

/* ---- functions.c: functions of a configuration, and the names that they see outside of themselves ---- */

/* What a JS_OUTER stands for; immutable, in the program's arena. */
typedef struct tsk_outer {
    tsk_value value;   /* of the tree: literal, container or thunk */
    tsk_ir_func *func; /* it is the text of this function; NULL: no function, or `diags` says what is wrong with it */
    const char *name;
    tsk_diags diags;
    uint32_t number;
} tsk_outer;

/* Under the program's lock. */
typedef struct tsk_functions {
    tsk_ir_module *module;
    tsk_object known; /* bytes of (value, scope), or (scope, text of a function) -> number */
    tsk_outer **at;   /* by number; the first is the context object's */
    uint32_t count, cap;
    const tsk_ir_func *compiling;
} tsk_functions;

typedef struct tsk_function_key {
    tsk_value text;
    const void *home; /* the scope it stands in */
    tsk_slice name;
} tsk_function_key;

bool tsk_functions_is_text(tsk_value v);
/* Under the lock. */
uint32_t tsk_functions_number(tusk_program *program, const tsk_function_key *key);
/* A function of the configuration as a value of it: a cell that has captured the number. */
tsk_value tsk_functions_value(void *user, tsk_value text, const void *home, tsk_slice name, const char **problem);
bool tsk_functions_is_built_in(tsk_slice name);
/* Under the lock: the text in its scope has become code. */
bool tsk_functions_was_called(tusk_program *program, tsk_value text, const void *home, tsk_slice name);
bool tsk_functions_visible(void *user, const void *home, const tsk_slice *parts, uint32_t count, uint32_t *number);
/* Take the lock; NULL: no memory. */
const tsk_outer *tsk_functions_outer(tusk_program *program, uint32_t number);
const tsk_outer *tsk_functions_find(tusk_program *program, const tsk_function_key *key);
tsk_ir_func *tsk_functions_library(tusk_program *program, const char *text_name, const char *name, uint32_t length);
typedef enum tsk_compiled {
    TSK_COMPILED,     /* before, perhaps by another thread */
    TSK_COMPILED_NOW, /* by this call */
    TSK_COMPILED_TOO_DEEP,
    TSK_COMPILED_NO_MEMORY
} tsk_compiled;
/* Makes the code of a function that has none. */
tsk_compiled tsk_functions_compile(tusk_program *program, tsk_ir_func *func);
/* For tsk_script_options and tsk_load_options. */
const char *tsk_functions_check_regex(void *user, tsk_arena *arena, tsk_slice pattern, tsk_slice flags);

struct tusk_program {
    _Atomic uint32_t references;
    tsk_allocator allocator;
    tsk_arena arena;   /* the program itself is its first block */
    tsk_arena scratch; /* of code generation */
    tsk_settings settings;
    tsk_graph graph;
    const char *directory;
    tsk_file_id id;
    tusk_status status;
    const char *failure; /* when there is no memory even for a diagnostic */
    bool loaded;
    uint32_t own_thunks; /* those of the text; expressions come behind */
    tsk_memo outcomes;   /* constant, or pointer to tsk_bytecode */
    tsk_ir_env env;
    pthread_mutex_t lock;
    /* under the lock */
    tsk_lowering *lowering; /* TSK_LOWER_DEPTH of them once the first thunk is lowered */
    uint32_t depth;
    const char *stack;      /* where the lock was taken */
    tsk_object expressions; /* text -> number in `expression` */
    tsk_expression **expression;
    uint32_t expression_count, expression_cap;
    tsk_functions functions;
    struct tsk_native_image *image; /* what it was compiled to ahead of time; NULL: nothing */
    struct tsk_program_schema *schema; /* NULL: none */
    bool has_rules;                    /* #!required, #!type or #!range */
    struct tsk_native *native;      /* code of the functions; NULL: they are interpreted */
};

/* Runs `body` under the program's lock with the trap of its arenas set.  False: no memory. */
bool tsk_program_locked(tusk_program *program, void (*body)(tusk_program *program, void *argument), void *argument);
/* The table of thunks may grow while expressions are parsed; a thunk stays where it is. Takes the lock. */
const tsk_thunk *tsk_program_thunk(tusk_program *program, uint32_t number);
/* `source`: bytes of the text, as far as known; makes room for what it becomes. */
tusk_status tsk_program_create(const tusk_options *options, size_t source, tusk_program **program);
/* Fills a new program from the file or, when `text` is given, from that. */
typedef struct tsk_program_input {
    const char *name;
    const char *text; /* NULL: read the file `name` */
    size_t len;
    const char *const *roots; /* of the file itself; NULL: anywhere */
    const char *directory;    /* NULL: of the name */
    bool padded;              /* the text lives on and is padded as sources are: it is not copied */
    bool is_schema;           /* it is not checked by another one */
    bool include_anywhere;    /* the peanut hierarchy names its files itself */
    tsk_marks *marks;         /* NULL, or to be filled; see ir/graph.h */
} tsk_program_input;
tusk_status tsk_program_load(tusk_program *program, const tsk_program_input *input);
/* Instead of loading: the file `name` could not be read. */
tusk_status tsk_program_refuse(tusk_program *program, const char *name, tsk_code code);
/* The thunk of an expression, under the lock; parsed once a text. */
const tsk_expression *tsk_program_expression(tusk_program *program, const char *text, size_t len);
tusk_status tsk_status_of(tsk_code code);

/* ---- schema.c ---- */

/* What directives and the schema say, after loading: diagnostics are added to the program's. */
tusk_status tsk_program_rules(tusk_program *program, const tsk_program_input *input);
void tsk_program_schema_free(tusk_program *program);
/* The same about values that are computed now: of one key, or of all and the schema. */
tusk_status tsk_context_rules(tusk_context *context, const char *path);

/* ---- compile.c ---- */

/* Notes that a thunk is being lowered, one level deeper than the others; program->depth-- ends it. */
tsk_lowering *tsk_program_begin_lowering(tusk_program *program, uint32_t thunk);
/* Under the lock: afterwards the thunk has its outcome. */
void tsk_program_compile(tusk_program *program, uint32_t thunk);
/* The functions that `func` closes over, itself last, that have no code yet. */
typedef struct tsk_func_list {
    tsk_ir_func **at;
    uint32_t count, cap;
} tsk_func_list;
void tsk_program_functions(tsk_arena *arena, tsk_ir_func *func, tsk_func_list *list);

/* ---- env_fold.c ---- */
void tsk_env_init(tsk_ir_env *env, tusk_program *program);
/* Operators only: for text of IR without a configuration. */
void tsk_env_init_plain(tsk_ir_env *env);

/* ---- snapshot.c ---- */

struct tusk_snapshot {
    _Atomic uint32_t references;
    tusk_program *program;
    tsk_arena arena;
    tsk_settings settings;
    tsk_capabilities caps;
    pthread_mutex_t lock;
    tsk_memo shared; /* values of thunks that read nothing but the snapshot */
    bool tracks;
    struct tsk_input *inputs; /* files that evaluations have read, the last one first; under the lock */
    _Atomic bool inputs_taken;
    const char *const *environment;
    bool has_now;
    int64_t now_ms;
};

/* The fixed clock, by an option or the variable TSK_NOW.  False: it is the real one. */
bool tsk_settings_now(const tsk_settings *settings, int64_t *ms);
/* Copies the environment on the first call.  False: no memory. */
bool tsk_snapshot_inputs(tusk_snapshot *snapshot);
/* Notes a file that is read, when somebody wants to know. */
void tsk_snapshot_reads(tusk_snapshot *snapshot, const char *path);
/* The value that all contexts use; `v` itself when it cannot be shared. */
tsk_value tsk_snapshot_publish(tusk_snapshot *snapshot, uint32_t thunk, tsk_value v);

/* ---- context.c ---- */

/* ---- path.c: paths that a context was asked for before ---- */

/* Where a path leads in the tree of the program, which never changes: a value or a thunk. */
#define TSK_RECENT_LENGTH 47 /* bytes of the longest path that is kept */
typedef struct tsk_recent {
    char path[TSK_RECENT_LENGTH + 1]; /* zero-filled */
    uint32_t len;                     /* 0: empty */
    tsk_value at;
} tsk_recent;

/* Two places for each hash.  Asked only while that pays: not before a context proves to be asked often, and not while a
 * host walks over more paths than there are places. */
typedef struct tsk_recent_paths {
    tsk_recent *table;
    uint32_t rest;   /* look-ups that go by without the table */
    uint32_t streak; /* misses since the last hit */
    uint32_t full;   /* times that both places were taken */
} tsk_recent_paths;

void tsk_path_recent_init(tsk_recent_paths *recent);

void tsk_path_forget(tsk_recent_paths *recent, const tsk_allocator *allocator);

/* A document opened by @name.tsk.get. */
typedef struct tsk_cross_file {
    struct tsk_cross_file *next;
    tusk_program *program;
    tusk_context *context;
} tsk_cross_file;

struct tusk_context {
    tusk_snapshot *snapshot;
    tusk_program *program;
    tsk_arena heap;
    tsk_arena report; /* diagnostics of the last call that failed */
    tsk_diags diags;
    uint64_t call, diags_call; /* numbers of calls, of the one that the diagnostics are of */
    bool no_memory;            /* the report could not be made */
    tsk_eval ev;
    tsk_cross_file *files;
    tsk_recent_paths recent;
    const tusk_context *opener; /* whose document asked for this one */
    struct tsk_realm *realm;    /* of functions; NULL: none was called yet */
    const void *stack_base;     /* the machine stack where the context was entered */
    tsk_arena results;          /* of the last call of a function from outside */
    tusk_status left;           /* what came of native code that was entered without a guard, and left */
    const tusk_function *quick; /* the last function called whose native code needs no guard; its closure and code */
    const struct tsk_js_closure *quick_closure;
    const tsk_bytecode *quick_code;
};

typedef tusk_status (*tsk_context_body)(tusk_context *context, void *argument);
/* Runs one call of the API: traps, limits and the clock are set. */
tusk_status tsk_context_guard(tusk_context *context, tsk_context_body body, void *argument);
tusk_status tsk_context_create(tusk_snapshot *snapshot, const tusk_context *opener, tusk_context **context);
/* Everything in a value computed; memos are filled but nothing is copied. */
tusk_status tsk_context_compute(tusk_context *context, tsk_value v);
/* A thunk's value; any other value as it is. */
bool tsk_context_force(tusk_context *context, tsk_value *v);
/* What is known of a value now, without evaluating; false: nothing. */
bool tsk_context_known(const tusk_context *context, tsk_value v, tsk_value *out);

/* ---- path.c ---- */

typedef enum tsk_path_result { TSK_PATH_FOUND, TSK_PATH_MISSING, TSK_PATH_MALFORMED, TSK_PATH_FAILED } tsk_path_result;

typedef struct tsk_path {
    const char *rest, *end;
    tsk_value at;            /* value reached; when missing: where the search ended */
    tsk_slice part;          /* the part that is missing */
    const tsk_object *block; /* the last key was found in; NULL: none yet */
    bool started;
} tsk_path;

void tsk_path_begin(tsk_path *path, const tusk_program *program, const char *text, size_t len);
/* Plain keys of objects with a dot between: what most paths are.  False: ask tsk_path_follow. */
bool tsk_path_quick(const tusk_program *program, const char *text, tsk_value *out);
/* The same, and remembers. */
bool tsk_path_recent(tusk_context *context, const char *text, tsk_value *out);
/* Follows the path; a thunk on the way is handed to `force`. */
tsk_path_result tsk_path_follow(tsk_path *path, bool (*force)(void *user, tsk_value *v), void *user);
/* The same to the thunk or value that the path names, without computing it; for explain and dumps.
 * TSK_PATH_FAILED: the way leads through a value that must be computed, path->at is its thunk. */
tsk_path_result tsk_path_static(tsk_path *path);
/* The key closest to the missing part; empty when none is close. */
tsk_slice tsk_path_closest(const tsk_path *path);

/* ---- failure.c ---- */

/* Reports ev->error; gives the status of it. */
tusk_status tsk_failure_report(tusk_context *context);
tusk_status tsk_failure_trap(tusk_context *context, tsk_trap_reason reason);
/* A diagnostic of the API itself. */
tusk_status tsk_failure_add(tusk_context *context, tsk_code code, const char *hint, const char *fmt, ...)
    TSK_PRINTF(4, 5);
/* The same of a place in a source. */
tusk_status tsk_failure_add_at(tusk_context *context, tsk_code code, tsk_span span, const char *hint, const char *fmt,
                               ...) TSK_PRINTF(5, 6);
/* Adds diagnostics made elsewhere. */
void tsk_failure_copy(tusk_context *context, const tsk_diags *diags);
/* Short text of a value on one line, for notes. */
void tsk_failure_value(tsk_buf *out, tsk_value v, bool secret);
bool tsk_failure_is_secret(const tusk_context *context, const char *name, size_t len);
/* Rendered into a text that tusk_text_free takes; NULL: no memory. */
char *tsk_failure_render(tusk_program *program, const tsk_diags *diags, int style);
/* Text of the visible inputs of a thunk. */
typedef void (*tsk_input_visitor)(void *user, const char *text, tsk_value value);
void tsk_failure_inputs(tusk_context *context, uint32_t thunk, tsk_arena *arena, tsk_input_visitor visit, void *user);

/* ---- calls.c ---- */
/* For the tsk_interp_host: where configurations and functions meet. */
tsk_frame *tsk_calls_enter(tsk_eval *ev, const tsk_cell *function, const tsk_operands *operands, uint32_t first);
bool tsk_calls_to_function(tsk_eval *ev, tsk_value v, tsk_value *out);
bool tsk_calls_from_function(tsk_eval *ev, tsk_value v, tsk_value *out);
void tsk_calls_failure_to_exception(tsk_eval *ev);
void tsk_calls_exception_to_failure(tsk_eval *ev);
tsk_value tsk_calls_resume(tsk_eval *ev, tsk_frame *frame);

/* ---- cross.c ---- */
bool tsk_cross_file_get(void *user, tsk_slice file, tsk_slice path, const tsk_value *set, tsk_value *out);
void tsk_cross_close(tusk_context *context);

/* ---- library.c: functions of the library in our own language ---- */

/* The function `text_name` of the library, with these own properties; the same one each time.  NULL: reported. */
tsk_ir_func *tsk_library_load(tsk_ir_module *module, tsk_diags *diags, const char *text_name, const char *name,
                              uint32_t length);
/* Its line in a stack trace: "    at Array.map (<anonymous>)". */
void tsk_library_trace(tsk_buf *out, const tsk_ir_func *func);

/* ---- script.c ---- */
struct tsk_js *tsk_scripts_realm(const tusk_scripts *scripts);

/* ---- findings.c ---- */
bool tsk_place_of(const tsk_sources *sources, tsk_span span, tusk_place *out);

/* ---- text.c: results of tools as C strings ---- */

/* Runs `body` with an arena of its own and gives what it wrote. */
tusk_status tsk_text_make(char **text, tusk_status (*body)(tsk_buf *out, void *argument), void *argument);
char *tsk_text_copy(const char *ptr, size_t len);

#endif
