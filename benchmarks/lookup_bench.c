/* Nanoseconds of one look-up in a loaded document, and of one computed key.
 *
 *   lookup_bench FILE.tsk PATH...    the paths are looked up in turn, as a host program would
 *   lookup_bench --thunks N          N keys that are computed in every context: `@timestamp() + i`
 *
 * Prints: name, median and quartiles in ns. */
#include <tusk/tusk.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DISCARDED = 5, KEPT = 30, SAMPLES = DISCARDED + KEPT };

/* Processor time: everything here is one thread that never waits. */
static double nanoseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(const char *name, double samples[SAMPLES]) {
    qsort(samples + DISCARDED, KEPT, sizeof(double), ascending);
    printf("%s %.2f %.2f %.2f\n", name, samples[DISCARDED + KEPT / 2], samples[DISCARDED + KEPT / 4],
           samples[DISCARDED + KEPT * 3 / 4]);
}

static void check(tusk_status status, const char *what) {
    if (status == TUSK_OK) return;
    fprintf(stderr, "lookup_bench: %s: status %d\n", what, (int)status);
    exit(1);
}

static tusk_context *context_of(tusk_program *program) {
    tusk_snapshot *snapshot;
    tusk_context *context;
    check(tusk_snapshot_new(program, NULL, &snapshot), "snapshot");
    check(tusk_context_new(snapshot, &context), "context");
    return context;
}

static int lookups(const char *file, char **paths, int count) {
    enum { TURNS = 200000 };
    tusk_program *program;
    tusk_value value;
    double samples[SAMPLES];
    check(tusk_program_open(NULL, file, &program), file);
    tusk_context *context = context_of(program);
    uint64_t sum = 0;
    for (int i = 0; i < count; i++) check(tusk_get(context, paths[i], &value), paths[i]);
    for (int s = 0; s < SAMPLES; s++) {
        double start = nanoseconds();
        for (int turn = 0, i = 0; turn < TURNS; turn++, i = i + 1 == count ? 0 : i + 1) {
            if (tusk_get(context, paths[i], &value) != TUSK_OK) return 1;
            sum += value.bits;
        }
        samples[s] = (nanoseconds() - start) / TURNS;
    }
    print("lookup", samples);
    return sum == 1;
}

static int thunks(int count) {
    enum { PATH = 16 };
    char *text = malloc((size_t)count * 48), (*paths)[PATH] = malloc((size_t)count * PATH), *end = text;
    tusk_program *program;
    tusk_value value;
    double samples[SAMPLES];
    for (int i = 0; i < count; i++) {
        snprintf(paths[i], PATH, "key_%d", i);
        end += sprintf(end, "key_%d: @timestamp() + %d\n", i, i);
    }
    check(tusk_program_parse(NULL, "bench.tsk", text, (size_t)(end - text), &program), "parse");
    tusk_context *context = context_of(program);
    for (int s = 0; s < SAMPLES; s++) {
        tusk_context_reset(context);
        double start = nanoseconds();
        for (int i = 0; i < count; i++) check(tusk_get(context, paths[i], &value), paths[i]);
        samples[s] = (nanoseconds() - start) / count;
    }
    print("thunk", samples);

    /* What of it is finding the key, and what is asking the clock. */
    for (int s = 0; s < SAMPLES; s++) {
        double start = nanoseconds();
        for (int i = 0; i < count; i++) check(tusk_get(context, paths[i], &value), paths[i]);
        samples[s] = (nanoseconds() - start) / count;
    }
    print("again", samples);
    for (int s = 0; s < SAMPLES; s++) {
        struct timespec t;
        double start = nanoseconds();
        for (int i = 0; i < count; i++) clock_gettime(CLOCK_REALTIME, &t);
        samples[s] = (nanoseconds() - start) / count;
    }
    print("clock", samples);
    free(text);
    free(paths);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && !strcmp(argv[1], "--thunks")) return thunks(atoi(argv[2]));
    if (argc > 2) return lookups(argv[1], argv + 2, argc - 2);
    return fputs("usage: lookup_bench FILE.tsk PATH... | --thunks N\n", stderr), 2;
}
