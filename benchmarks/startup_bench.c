/* The wall time and the peak memory of whole processes, started in turn.
 *
 *   startup_bench ROUNDS COMMAND ARGS... -- COMMAND ARGS... [-- ...]
 *
 * Prints one line for each command: median and quartiles of the time from vfork to wait4 in microseconds, and the
 * largest peak resident memory in KiB.  Five rounds more are run first and discarded, except when only one is asked
 * for.  What the commands write goes to /dev/null. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { DISCARDED = 5, MOST_COMMANDS = 8 };

extern char **environ;

static double microseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Negative when the command could not be run or failed. */
static double run(char **command, const posix_spawn_file_actions_t *actions, long *peak) {
    struct rusage usage;
    int status;
    pid_t pid;
    double start = microseconds();
    if (posix_spawn(&pid, command[0], actions, NULL, command, environ)) return -1;
    if (wait4(pid, &status, 0, &usage) != pid || status) return -1;
    double time = microseconds() - start;
    if (usage.ru_maxrss > *peak) *peak = usage.ru_maxrss;
    return time;
}

int main(int argc, char **argv) {
    char **commands[MOST_COMMANDS];
    double *times[MOST_COMMANDS];
    long peak[MOST_COMMANDS] = {0};
    int count = 0, rounds = argc > 1 ? atoi(argv[1]) : 0;
    for (int i = 2, start = 2; i <= argc && count < MOST_COMMANDS; i++) {
        if (i < argc && strcmp(argv[i], "--")) continue;
        if (i < argc) argv[i] = NULL;
        if (i > start) commands[count++] = argv + start;
        start = i + 1;
    }
    if (rounds <= 0 || !count)
        return fputs("usage: startup_bench ROUNDS COMMAND ARGS... -- COMMAND ARGS...\n", stderr), 2;

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    for (int i = 0; i < count; i++) times[i] = calloc((size_t)rounds, sizeof(double));
    for (int round = rounds > 1 ? -DISCARDED : 0; round < rounds; round++) {
        for (int k = 0; k < count; k++) {
            int i = round % 2 ? count - 1 - k : k;
            double time = run(commands[i], &actions, &peak[i]);
            if (time < 0) return fprintf(stderr, "startup_bench: %s failed\n", commands[i][0]), 1;
            if (round >= 0) times[i][round] = time;
        }
    }
    for (int i = 0; i < count; i++) {
        qsort(times[i], (size_t)rounds, sizeof(double), ascending);
        printf("%.1f %.1f %.1f %ld\n", times[i][rounds / 2], times[i][rounds / 4], times[i][rounds * 3 / 4], peak[i]);
        free(times[i]);
    }
    posix_spawn_file_actions_destroy(&actions);
    return 0;
}
