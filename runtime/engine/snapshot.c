/* Snapshots: the inputs of evaluations as they were when first asked for.
 *
 * A value that depends on nothing but the environment and files is computed by whichever context needs it first,
 * copied into the snapshot and used by all.  Readers take no lock. */
#include "runtime/engine/engine.h"

#include "runtime/value/semantics.h"

#include <stdio.h>
#include <stdlib.h>

extern char **environ;

static bool create(tusk_snapshot *snapshot, const tusk_options *options) {
    tusk_program *program = snapshot->program;
    tsk_trap trap;
    if (setjmp(trap.jump)) return false;
    snapshot->arena.trap = &trap;
    tsk_settings_copy(&snapshot->arena, &snapshot->settings, options ? &options->settings : &program->settings);
    tsk_settings_state_directory(&snapshot->arena, &snapshot->settings);
    tsk_settings_capabilities(&snapshot->arena, &snapshot->settings, program->directory, &snapshot->caps);
    snapshot->arena.trap = NULL;
    snapshot->arena.limit = (size_t)snapshot->settings.limits[TUSK_LIMIT_MEMORY];
    return true;
}

tusk_status tusk_snapshot_new(tusk_program *program, const tusk_options *options, tusk_snapshot **out) {
    if (!out) return TUSK_USAGE;
    *out = NULL;
    if (!program) return TUSK_USAGE;
    if (!program->loaded) return program->status ? program->status : TUSK_INVALID;
    tusk_snapshot *snapshot = tsk_mem_alloc(&program->allocator, sizeof *snapshot);
    if (!snapshot) return TUSK_NO_MEMORY;
    memset(snapshot, 0, sizeof *snapshot);
    atomic_init(&snapshot->references, 1);
    snapshot->program = tusk_program_retain(program);
    tsk_arena_init(&snapshot->arena, &program->allocator, 0);
    pthread_mutex_init(&snapshot->lock, NULL);
    if (!create(snapshot, options)) {
        tusk_snapshot_release(snapshot);
        return TUSK_NO_MEMORY;
    }
    *out = snapshot;
    return TUSK_OK;
}

tusk_snapshot *tusk_snapshot_retain(tusk_snapshot *snapshot) {
    if (snapshot) atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
    return snapshot;
}

void tusk_snapshot_release(tusk_snapshot *snapshot) {
    if (!snapshot || atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) != 1) return;
    tusk_program *program = snapshot->program;
    tsk_arena_free(&snapshot->arena);
    pthread_mutex_destroy(&snapshot->lock);
    tsk_mem_free(&program->allocator, snapshot, sizeof *snapshot);
    tusk_program_release(program);
}

/* ---- environment and clock ---- */

/* Days since 1970 of a date of the Gregorian calendar. */
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "2024-05-06", "2024-05-06T07:08:09[.123]Z" or with an offset; UTC when it says nothing. */
static bool parse_iso(const char *text, int64_t *ms) {
    int year, month, day, hour = 0, minute = 0, second = 0, at = 0, offset_hour = 0, offset_minute = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &at) != 3) return false;
    if (month < 1 || month > 12 || day < 1 || day > 31) return false;
    const char *p = text + at;
    int64_t fraction = 0;
    if (*p == 'T' || *p == ' ') {
        if (sscanf(p + 1, "%2d:%2d:%2d%n", &hour, &minute, &second, &at) != 3) return false;
        p += 1 + at;
        if (*p == '.')
            for (int64_t scale = 100; *++p >= '0' && *p <= '9'; scale /= 10) fraction += (*p - '0') * scale;
    }
    int sign = *p == '-' ? -1 : 1;
    if ((*p == '+' || *p == '-') && sscanf(p + 1, "%2d:%2d", &offset_hour, &offset_minute) != 2) return false;
    int64_t seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    seconds -= sign * (offset_hour * 3600 + offset_minute * 60);
    *ms = seconds * 1000 + fraction;
    return true;
}

static bool parse_now(const char *text, int64_t *ms) {
    char *end;
    double seconds = strtod(text, &end);
    if (*text && !*end && seconds > -1e14 && seconds < 1e14) {
        *ms = (int64_t)(seconds * 1000);
        return true;
    }
    return parse_iso(text, ms);
}

bool tsk_settings_now(const tsk_settings *settings, int64_t *ms) {
    const char *text = settings->has_now ? NULL : tsk_settings_variable(settings, "TSK_NOW");
    *ms = settings->now_ms;
    return settings->has_now || (text && parse_now(text, ms));
}

static void take_inputs(tusk_snapshot *snapshot) {
    const char *const *from = (const char *const *)snapshot->settings.environment;
    if (!from) {
        size_t count = 0;
        while (environ && environ[count]) count++;
        const char **copy = TSK_NEW_ARRAY(&snapshot->arena, const char *, count + 1);
        for (size_t i = 0; i < count; i++) copy[i] = tsk_arena_strdup(&snapshot->arena, environ[i], strlen(environ[i]));
        copy[count] = NULL;
        from = copy;
    }
    snapshot->environment = from;
    snapshot->has_now = tsk_settings_now(&snapshot->settings, &snapshot->now_ms);
}

/* Runs with the lock held and a trap set; false when that was taken. */
static bool with_trap(tusk_snapshot *snapshot, void (*body)(tusk_snapshot *snapshot, void *argument), void *argument) {
    pthread_mutex_lock(&snapshot->lock);
    tsk_trap trap;
    volatile bool done = false;
    if (setjmp(trap.jump) == 0) {
        snapshot->arena.trap = &trap;
        body(snapshot, argument);
        done = true;
    }
    snapshot->arena.trap = NULL;
    pthread_mutex_unlock(&snapshot->lock);
    return done;
}

static void take_inputs_once(tusk_snapshot *snapshot, void *argument) {
    (void)argument;
    if (atomic_load_explicit(&snapshot->inputs_taken, memory_order_relaxed)) return;
    take_inputs(snapshot);
    atomic_store_explicit(&snapshot->inputs_taken, true, memory_order_release);
}

bool tsk_snapshot_inputs(tusk_snapshot *snapshot) {
    if (atomic_load_explicit(&snapshot->inputs_taken, memory_order_acquire)) return true;
    return with_trap(snapshot, take_inputs_once, NULL);
}

/* ---- files that were read ---- */

typedef struct tsk_input {
    struct tsk_input *before;
    const char *path;
} tsk_input;

static void add_input(tusk_snapshot *snapshot, void *argument) {
    const char *path = argument;
    for (const tsk_input *i = snapshot->inputs; i; i = i->before)
        if (strcmp(i->path, path) == 0) return;
    tsk_input *input = TSK_NEW(&snapshot->arena, tsk_input);
    *input = (tsk_input){snapshot->inputs, tsk_arena_strdup(&snapshot->arena, path, strlen(path))};
    snapshot->inputs = input;
}

void tsk_snapshot_reads(tusk_snapshot *snapshot, const char *path) {
    if (snapshot->tracks)
        with_trap(snapshot, add_input, (void *)(uintptr_t)path); /* or there is no memory to know it */
}

void tusk_snapshot_track(tusk_snapshot *snapshot) {
    if (snapshot) snapshot->tracks = true;
}

const char *tusk_snapshot_input(tusk_snapshot *snapshot, size_t i) {
    if (!snapshot) return NULL;
    pthread_mutex_lock(&snapshot->lock);
    const tsk_input *input = snapshot->inputs;
    while (input && i--) input = input->before;
    pthread_mutex_unlock(&snapshot->lock);
    return input ? input->path : NULL;
}

/* ---- shared values ---- */

typedef struct sharing {
    uint32_t thunk;
    tsk_value v;
} sharing;

static void share(tusk_snapshot *snapshot, void *argument) {
    sharing *s = argument;
    _Atomic uint64_t *word = tsk_memo_make(&snapshot->shared, &snapshot->arena, s->thunk);
    uint64_t there = atomic_load_explicit(word, memory_order_relaxed);
    if (!there) {
        there = tsk_memo_word(tsk_value_copy(&snapshot->arena, s->v));
        atomic_store_explicit(word, there, memory_order_release);
    }
    s->v = tsk_memo_value(there);
}

tsk_value tsk_snapshot_publish(tusk_snapshot *snapshot, uint32_t thunk, tsk_value v) {
    sharing s = {thunk, v};
    return with_trap(snapshot, share, &s) ? s.v : v;
}
