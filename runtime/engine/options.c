/* Options: plain settings and the texts they name, copied into every program and snapshot made with them.
 *
 * By default a program may read the environment and the directory of its configuration.  Naming a directory adds
 * it; naming a variable leaves only the variables named; denying a grant takes all of it away. */
#include "runtime/engine/engine.h"
#include "runtime/engine/objcache.h"
#include "runtime/interp/native.h"

#include <limits.h>
#include <stdlib.h>

void tsk_settings_default(tsk_settings *s) {
    *s = (tsk_settings){
        .allocator = tsk_allocator_default, .grants = TUSK_GRANT_ENV | TUSK_GRANT_READ, .read_own = true};
    s->limits[TUSK_LIMIT_SOURCE] = (uint64_t)256 << 20;
    s->limits[TUSK_LIMIT_DEPTH] = 1000;
    s->limits[TUSK_LIMIT_MEMORY] = (uint64_t)1 << 30;
    s->limits[TUSK_LIMIT_HEAP] = (uint64_t)1 << 30;
    s->limits[TUSK_LIMIT_CODE] = (uint64_t)64 << 20;
    s->limits[TUSK_LIMIT_ERRORS] = 20;
    s->limits[TUSK_LIMIT_CALLS] = 100000;
}

tusk_options *tusk_options_new(void) {
    tusk_options *options = tsk_mem_alloc(&tsk_allocator_default, sizeof *options);
    if (!options) return NULL;
    tsk_settings_default(&options->settings);
    tsk_arena_init(&options->arena, NULL, 0);
    return options;
}

void tusk_options_free(tusk_options *options) {
    if (!options) return;
    tsk_arena_free(&options->arena);
    tsk_mem_free(&tsk_allocator_default, options, sizeof *options);
}

/* ---- lists of texts ---- */

static size_t list_length(const char *const *list) {
    size_t n = 0;
    while (list && list[n]) n++;
    return n;
}

static const char *copy_text(tsk_arena *arena, const char *text) {
    return tsk_arena_strdup(arena, text, strlen(text));
}

static const char **copy_list(tsk_arena *arena, const char *const *list) {
    if (!list) return NULL;
    size_t n = list_length(list);
    const char **copy = TSK_NEW_ARRAY(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++) copy[i] = copy_text(arena, list[i]);
    copy[n] = NULL;
    return copy;
}

static void add_text(tsk_arena *arena, const char ***list, const char *text) {
    size_t n = list_length(*list);
    const char **longer = TSK_NEW_ARRAY(arena, const char *, n + 2);
    if (n) memcpy(longer, *list, n * sizeof *longer);
    longer[n] = copy_text(arena, text);
    longer[n + 1] = NULL;
    *list = longer;
}

const char *tsk_settings_variable(const tsk_settings *settings, const char *name) {
    if (!settings->environment) return getenv(name);
    size_t len = strlen(name);
    for (const char **e = settings->environment; *e; e++)
        if (strncmp(*e, name, len) == 0 && (*e)[len] == '=') return *e + len + 1;
    return NULL;
}

void tsk_settings_copy(tsk_arena *arena, tsk_settings *to, const tsk_settings *from) {
    *to = *from;
    to->env_names = copy_list(arena, from->env_names);
    to->read_roots = copy_list(arena, from->read_roots);
    to->write_roots = copy_list(arena, from->write_roots);
    to->environment = copy_list(arena, from->environment);
    if (from->code_cache) to->code_cache = copy_text(arena, from->code_cache);
    if (from->state_directory) to->state_directory = copy_text(arena, from->state_directory);
    if (from->schema) to->schema = copy_text(arena, from->schema);
    if (from->jit_only) to->jit_only = copy_text(arena, from->jit_only);
    if (from->dump_directory) to->dump_directory = copy_text(arena, from->dump_directory);
    tsk_define **last = &to->defines;
    for (const tsk_define *d = from->defines; d; d = d->next) {
        *last = TSK_NEW(arena, tsk_define);
        **last = (tsk_define){NULL, copy_text(arena, d->key), copy_text(arena, d->text)};
        last = &(*last)->next;
    }
    *last = NULL;
}

void tsk_settings_state_directory(tsk_arena *arena, tsk_settings *s) {
    const char *variable = s->state_directory ? NULL : tsk_settings_variable(s, "TSK_STATE_DIR");
    if (variable && *variable) s->state_directory = copy_text(arena, variable);
}

void tsk_settings_capabilities(tsk_arena *arena, const tsk_settings *s, const char *directory, tsk_capabilities *caps) {
    *caps = (tsk_capabilities){.mask = s->grants,
                               .env_names = (const char *const *)s->env_names,
                               .write_roots = (const char *const *)s->write_roots};
    if (s->read_everything) return;
    const char **roots = copy_list(arena, s->read_roots);
    if (!roots) roots = tsk_arena_zalloc(arena, sizeof *roots);
    if (s->read_own) add_text(arena, &roots, directory);
    caps->read_roots = roots;
}

_Static_assert((int)TUSK_GRANT_ENV == TSK_CAP_ENV && (int)TUSK_GRANT_READ == TSK_CAP_READ &&
                   (int)TUSK_GRANT_WRITE == TSK_CAP_WRITE && (int)TUSK_GRANT_NET == TSK_CAP_NET &&
                   (int)TUSK_GRANT_RUN == TSK_CAP_RUN,
               "grants are capabilities");

/* Code that is made for a test is of no use to others. */
tsk_native *tsk_settings_native(const tsk_settings *s) {
    tsk_native_mode mode = (tsk_native_mode)s->jit;
    bool keeps = (mode == TSK_NATIVE_ON || mode == TSK_NATIVE_THRESHOLD) && !s->jit_stress;
    const tsk_native_options options = {.mode = mode,
                                        .threshold = s->jit_threshold,
                                        .stress = s->jit_stress,
                                        .cache = keeps ? s->code_cache : NULL,
                                        .most = (size_t)s->limits[TUSK_LIMIT_CODE],
                                        .only = s->jit_only,
                                        .view = {.dump = s->dump, .directory = s->dump_directory}};
    return mode == TSK_NATIVE_OFF ? NULL : tsk_native_new(&s->allocator, &options);
}

/* ---- setters ---- */

/* Runs a change that allocates. */
static tusk_status change(tusk_options *options, void (*body)(tusk_options *options, const void *argument),
                          const void *argument) {
    tsk_trap trap;
    if (setjmp(trap.jump)) {
        options->arena.trap = NULL;
        return TUSK_NO_MEMORY;
    }
    options->arena.trap = &trap;
    body(options, argument);
    options->arena.trap = NULL;
    return TUSK_OK;
}

tusk_status tusk_options_limit(tusk_options *options, tusk_limit limit, uint64_t value) {
    if (!options || (unsigned)limit > TUSK_LIMIT_CODE) return TUSK_USAGE;
    bool needed = limit == TUSK_LIMIT_DEPTH || limit == TUSK_LIMIT_CALLS;
    if (needed && (value == 0 || value > UINT32_MAX)) return TUSK_USAGE;
    options->settings.limits[limit] = value;
    return TUSK_OK;
}

typedef struct allowance {
    tusk_grant grant;
    const char *detail;
} allowance;

static void allow(tusk_options *options, const void *argument) {
    const allowance *a = argument;
    tsk_settings *s = &options->settings;
    const char ***list = a->grant == TUSK_GRANT_ENV     ? &s->env_names
                         : a->grant == TUSK_GRANT_READ  ? &s->read_roots
                         : a->grant == TUSK_GRANT_WRITE ? &s->write_roots
                                                        : NULL;
    if (a->detail && list)
        add_text(&options->arena, list, a->detail);
    else if (list)
        *list = NULL;
    if (a->grant == TUSK_GRANT_READ && !a->detail) s->read_everything = true;
    s->grants |= (uint32_t)a->grant;
}

static bool is_grant(tusk_grant grant) {
    return grant == TUSK_GRANT_ENV || grant == TUSK_GRANT_READ || grant == TUSK_GRANT_WRITE ||
           grant == TUSK_GRANT_NET || grant == TUSK_GRANT_RUN;
}

tusk_status tusk_options_allow(tusk_options *options, tusk_grant grant, const char *detail) {
    if (!options || !is_grant(grant)) return TUSK_USAGE;
    allowance a = {grant, detail};
    return change(options, allow, &a);
}

tusk_status tusk_options_deny(tusk_options *options, tusk_grant grant) {
    if (!options || !is_grant(grant)) return TUSK_USAGE;
    tsk_settings *s = &options->settings;
    s->grants &= ~(uint32_t)grant;
    if (grant == TUSK_GRANT_ENV) s->env_names = NULL;
    if (grant == TUSK_GRANT_WRITE) s->write_roots = NULL;
    if (grant == TUSK_GRANT_READ) {
        s->read_roots = NULL;
        s->read_everything = s->read_own = false;
    }
    return TUSK_OK;
}

tusk_status tusk_options_flag(tusk_options *options, tusk_flag flag, bool on) {
    if (!options) return TUSK_USAGE;
    if (on)
        options->settings.flags |= (uint32_t)flag;
    else
        options->settings.flags &= ~(uint32_t)flag;
    return TUSK_OK;
}

static void define(tusk_options *options, const void *argument) {
    const tsk_define *wanted = argument;
    tsk_define *d = TSK_NEW(&options->arena, tsk_define);
    *d = (tsk_define){NULL, copy_text(&options->arena, wanted->key), copy_text(&options->arena, wanted->text)};
    tsk_define **last = &options->settings.defines;
    while (*last) last = &(*last)->next;
    *last = d;
}

tusk_status tusk_options_define(tusk_options *options, const char *key, const char *text) {
    if (!options || !key || !*key || !text) return TUSK_USAGE;
    tsk_define wanted = {NULL, key, text};
    return change(options, define, &wanted);
}

tusk_status tusk_options_now(tusk_options *options, int64_t milliseconds) {
    if (!options) return TUSK_USAGE;
    options->settings.has_now = true;
    options->settings.now_ms = milliseconds;
    return TUSK_OK;
}

tusk_status tusk_options_jit(tusk_options *options, tusk_jit mode, uint32_t threshold) {
    if (!options || (unsigned)mode > TUSK_JIT_RECORD || (mode == TUSK_JIT_THRESHOLD && !threshold)) return TUSK_USAGE;
    options->settings.jit = (int)mode;
    options->settings.jit_threshold = threshold;
    return TUSK_OK;
}

bool tusk_jit_available(void) {
    return tsk_native_available();
}

tusk_status tusk_options_stress_exits(tusk_options *options, uint32_t seed) {
    if (!options) return TUSK_USAGE;
    options->settings.jit_stress = seed;
    return TUSK_OK;
}

static void set_only(tusk_options *options, const void *argument) {
    options->settings.jit_only = copy_text(&options->arena, argument);
}

tusk_status tusk_options_jit_only(tusk_options *options, const char *functions) {
    if (!options || !functions) return TUSK_USAGE;
    return change(options, set_only, functions);
}

static void set_dump_directory(tusk_options *options, const void *argument) {
    options->settings.dump_directory = copy_text(&options->arena, argument);
}

/* 0: there is something else in the list. */
static uint32_t parse_dump(const char *list) {
    static const char names[][5] = {
        [TSK_NATIVE_DUMP_IR] = "ir", [TSK_NATIVE_DUMP_LLVM] = "llvm", [TSK_NATIVE_DUMP_ASM] = "asm"};
    uint32_t what = 0, one;
    for (size_t n;; list += n + 1) {
        n = strcspn(list, ",");
        for (one = TSK_NATIVE_DUMP_ASM; one && (strlen(names[one]) != n || memcmp(names[one], list, n));) one >>= 1;
        if (!one) return 0;
        what |= one;
        if (!list[n]) return what;
    }
}

tusk_status tusk_options_dump(tusk_options *options, const char *what, const char *directory) {
    uint32_t parts = options && what ? parse_dump(what) : 0;
    if (!parts) return TUSK_USAGE;
    options->settings.dump = parts;
    return directory ? change(options, set_dump_directory, directory) : TUSK_OK;
}

static void set_code_cache(tusk_options *options, const void *argument) {
    options->settings.code_cache = copy_text(&options->arena, argument);
}

tusk_status tusk_options_code_cache(tusk_options *options, const char *directory) {
    char usual[PATH_MAX];
    if (!options || (directory && !*directory)) return TUSK_USAGE;
    if (!directory && !tsk_objcache_directory(NULL, usual, sizeof usual)) return TUSK_NOT_FOUND;
    return change(options, set_code_cache, directory ? directory : usual);
}

static void set_schema(tusk_options *options, const void *argument) {
    options->settings.schema = argument ? copy_text(&options->arena, argument) : NULL;
}

tusk_status tusk_options_schema(tusk_options *options, const char *path) {
    return options && (!path || *path) ? change(options, set_schema, path) : TUSK_USAGE;
}

static void set_environment(tusk_options *options, const void *argument) {
    options->settings.environment = copy_list(&options->arena, argument);
}

tusk_status tusk_options_environment(tusk_options *options, const char *const *environment) {
    if (!options) return TUSK_USAGE;
    return change(options, set_environment, environment);
}

tusk_status tusk_options_allocator(tusk_options *options,
                                   void *(*resize)(void *user, void *ptr, size_t old_size, size_t new_size),
                                   void *user) {
    if (!options) return TUSK_USAGE;
    options->settings.allocator = resize ? (tsk_allocator){resize, user} : tsk_allocator_default;
    return TUSK_OK;
}

static void set_state_directory(tusk_options *options, const void *argument) {
    options->settings.state_directory = copy_text(&options->arena, argument);
}

tusk_status tusk_options_state_directory(tusk_options *options, const char *directory) {
    if (!options || !directory || !*directory) return TUSK_USAGE;
    return change(options, set_state_directory, directory);
}
