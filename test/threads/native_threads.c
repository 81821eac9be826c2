/* One program, many threads, native code: functions are counted, recorded, compiled on the thread for that, entered, taken back
 * and freed while all threads call them.  Built with the thread sanitizer; LLVM and native code are not, what they share
 * with the interpreter is looked at from its side.
 *
 *   native_threads FILE on|threshold|room        FILE is native.tsk; room: for a few pieces only
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <tusk/tusk.h>

enum { THREADS = 4, SECONDS = 6, MOST_SECONDS = 60, PIECES = 3 };

static const char *const paths[] = {"work.sum", "work.half", "work.calls", "work.shapes", "work.kinds", "work.items"};
enum { PATHS = sizeof paths / sizeof *paths };
static const int64_t sizes[] = {40000, 7, 3000, 2000, 2000, 500};

static double wanted[PATHS];
static tusk_snapshot *snapshot;
static pthread_barrier_t start;
static _Atomic bool enough;

static bool call(tusk_context *context, size_t i, double *result) {
    const tusk_argument n = {.kind = TUSK_ARGUMENT_INT, .integer = sizes[i]};
    tusk_value value;
    tusk_status status = tusk_call_path(context, paths[i], NULL, &n, 1, &value);
    if (status == TUSK_OK) *result = tusk_value_double(value);
    if (status != TUSK_OK) {
        char *report = tusk_context_report(context, TUSK_REPORT_TEXT);
        fprintf(stderr, "%s: status %d\n%s", paths[i], status, report);
        tusk_text_free(report);
    }
    return status == TUSK_OK;
}

static void *run(void *argument) {
    size_t number = (size_t)argument, wrong = 0;
    pthread_barrier_wait(&start);
    for (unsigned round = 0; !enough; round++) { /* contexts come and go */
        tusk_context *context;
        if (tusk_context_new(snapshot, &context) != TUSK_OK) return (void *)1;
        for (size_t k = 0; k < 60 && !enough; k++) {
            size_t i = (k + number + round) % PATHS;
            double result = 0;
            if (call(context, i, &result) && result == wanted[i]) continue;
            fprintf(stderr, "%s: %.17g instead of %.17g\n", paths[i], result, wanted[i]);
            wrong++;
        }
        tusk_context_free(context);
    }
    return (void *)wrong;
}

/* What the interpreter gives. */
static bool find_wanted(const char *file) {
    tusk_program *program;
    tusk_context *context = NULL;
    bool ok = tusk_program_open(NULL, file, &program) == TUSK_OK &&
              tusk_snapshot_new(program, NULL, &snapshot) == TUSK_OK && tusk_context_new(snapshot, &context) == TUSK_OK;
    for (size_t i = 0; i < PATHS && ok; i++) ok = call(context, i, &wanted[i]);
    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
    return ok;
}

/* Some seconds, and until something is compiled. */
static bool wait_for_pieces(tusk_program *program) {
    unsigned pieces = 0, seconds = 0;
    do {
        nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
        char *report = tusk_program_jit_report(program);
        if (!report || sscanf(report, "native code: %u", &pieces) != 1) pieces = 0;
        tusk_text_free(report);
        seconds++;
    } while (seconds < SECONDS || (pieces < PIECES && seconds < MOST_SECONDS));
    enough = true;
    return pieces >= PIECES;
}

int main(int argc, char **argv) {
    tusk_program *program;
    tusk_options *options = tusk_options_new();
    if (argc != 3 || !options || !find_wanted(argv[1])) return 2;
    bool on = !strcmp(argv[2], "on"), room = !strcmp(argv[2], "room");
    tusk_options_jit(options, on ? TUSK_JIT_ON : TUSK_JIT_THRESHOLD, on ? 0 : 3);
    if (room) tusk_options_limit(options, TUSK_LIMIT_CODE, 48 << 10);
    if (tusk_program_open(options, argv[1], &program) != TUSK_OK) return 2;
    if (tusk_snapshot_new(program, options, &snapshot) != TUSK_OK) return 2;
    pthread_t threads[THREADS];
    size_t wrong = 0;
    pthread_barrier_init(&start, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, run, (void *)i);
    bool compiled = wait_for_pieces(program);
    for (size_t i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        wrong += (size_t)result;
    }
    char *report = tusk_program_jit_report(program);
    bool freed = report && strstr(report, "are freed");
    printf("%s%zu results were wrong\n", report ? report : "", wrong);
    tusk_text_free(report);
    pthread_barrier_destroy(&start);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
    tusk_options_free(options);
    return wrong || !compiled || (room && !freed);
}
