/* What a call of a small function of a configuration costs from C, through a prepared handle.
 *
 *   call_bench [SECONDS]
 *
 * Prints nanoseconds a call, one line a function, interpreted and as native code: the best of many batches, each
 * shorter than what a busy machine gives a process at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tusk/tusk.h>

enum { BATCH = 1000 };

static const char text[] = "[f]\n"
                           "nothing: \"() => 1\"\n"
                           "add: \"(a, b) => a + b\"\n"
                           "price: \"\"\"\n"
                           "function price(amount, quantity) {\n"
                           "    if (quantity > 10) return amount * quantity * 0.9;\n"
                           "    return amount * quantity;\n"
                           "}\n"
                           "\"\"\"\n"
                           "greet: \"(name) => 'hello ' + name\"\n";

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void stop(tusk_context *context, const char *what) {
    char *report = context ? tusk_context_report(context, TUSK_REPORT_TEXT) : NULL;
    fprintf(stderr, "call_bench: %s\n%s", what, report ? report : "");
    exit(1);
}

static void measure(tusk_context *context, const char *how, const char *path, const tusk_argument *args, size_t count,
                    double seconds) {
    const tusk_function *function;
    tusk_value result;
    if (tusk_function_find(context, path, &function)) stop(context, path);
    double best = 1e9, end = now() + seconds * 1e9;
    for (double start = now(), done; start < end; start = done) {
        for (int i = 0; i < BATCH; i++)
            if (tusk_call(context, function, NULL, args, count, &result)) stop(context, path);
        done = now();
        if ((done - start) / BATCH < best) best = (done - start) / BATCH;
    }
    printf("%-12s %-12s %7.1f ns\n", path, how, best);
}

/* Numbers alone: no arguments of several kinds, no value. */
static void measure_numbers(tusk_context *context, const char *how, const char *path, const double *args, size_t count,
                            double seconds) {
    const tusk_function *function;
    double result;
    if (tusk_function_find(context, path, &function)) stop(context, path);
    double best = 1e9, end = now() + seconds * 1e9;
    for (double start = now(), done; start < end; start = done) {
        for (int i = 0; i < BATCH; i++)
            if (tusk_call_numbers(context, function, args, count, &result)) stop(context, path);
        done = now();
        if ((done - start) / BATCH < best) best = (done - start) / BATCH;
    }
    printf("%-12s %-12s %7.1f ns\n", path, how, best);
}

static void measure_all(const tusk_options *options, const char *how, double seconds) {
    tusk_program *program;
    tusk_snapshot *snapshot;
    tusk_context *context;
    if (tusk_program_parse(options, "bench.tsk", text, strlen(text), &program) ||
        tusk_snapshot_new(program, NULL, &snapshot) || tusk_context_new(snapshot, &context))
        stop(NULL, "the configuration cannot be read");
    const tusk_argument two[] = {{.kind = TUSK_ARGUMENT_INT, .integer = 20},
                                 {.kind = TUSK_ARGUMENT_INT, .integer = 22}};
    const tusk_argument amount[] = {{.kind = TUSK_ARGUMENT_DOUBLE, .number = 9.95},
                                    {.kind = TUSK_ARGUMENT_INT, .integer = 12}};
    const tusk_argument name = {.kind = TUSK_ARGUMENT_STRING, .text = "world", .len = 5};
    measure(context, how, "f.nothing", NULL, 0, seconds);
    measure(context, how, "f.add", two, 2, seconds);
    measure(context, how, "f.price", amount, 2, seconds);
    measure(context, how, "f.greet", &name, 1, seconds);
    printf("  with numbers alone:\n");
    measure_numbers(context, how, "f.add", (double[]){20, 22}, 2, seconds);
    measure_numbers(context, how, "f.price", (double[]){9.95, 12}, 2, seconds);
    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
}

int main(int argc, char **argv) {
    double seconds = argc > 1 ? atof(argv[1]) : 1;
    tusk_options *options = tusk_options_new();
    if (!options || tusk_options_jit(options, TUSK_JIT_ON, 0)) return 1;
    measure_all(NULL, "interpreted", seconds);
    measure_all(options, "native", seconds);
    tusk_options_free(options);
    return 0;
}
