/* One program, many threads: every thread makes contexts of the same snapshot and calls the same functions, while
 * their code is made, shapes and names are added and inline caches change.  Built with the thread sanitizer, which ends
 * the process with a status of its own when two threads touch the same memory without an order.
 *
 *   threads FILE        FILE is examples/functions.tsk
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <tusk/tusk.h>

enum { THREADS = 8, ROUNDS = 20 };

static tusk_snapshot *snapshot;
static pthread_barrier_t start;

typedef struct row {
    const char *path, *context;
    const char *arguments[2];
    const char *wanted;
} row;

static const row rows[] = {
    {"pricing.quote",
     NULL,
     {"[{\"price\": 4.5, \"count\": 12}]", "\"gold\""},
     "{\"net\":47.14,\"tax\":8.96,\"total\":56.1}"},
    {"validation.order", NULL, {"{\"email\": \"ann@example.com\", \"items\": [{\"count\": 1}]}"},
     "{\"valid\":true,\"problems\":[]}"},
    {"routing.target", NULL, {"\"/api/users/7\""}, "\"http://users.local:8081/api/users/7\""},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

typedef struct text {
    char bytes[256];
    size_t len;
} text;

static void append(void *user, const char *ptr, size_t len) {
    text *t = user;
    if (len > sizeof t->bytes - t->len) len = sizeof t->bytes - t->len;
    memcpy(t->bytes + t->len, ptr, len);
    t->len += len;
}

static bool same_call(tusk_context *context, const row *r) {
    tusk_argument arguments[2];
    size_t count = 0;
    for (; count < 2 && r->arguments[count]; count++)
        arguments[count] = (tusk_argument){
            .kind = TUSK_ARGUMENT_JSON, .text = r->arguments[count], .len = strlen(r->arguments[count])};
    tusk_value value;
    text got = {.len = 0};
    tusk_status status = tusk_call_path(context, r->path, NULL, arguments, count, &value);
    if (status == TUSK_OK) status = tusk_write(context, value, TUSK_FORMAT_JSON, 0, append, &got);
    if (status == TUSK_OK && got.len == strlen(r->wanted) && !memcmp(got.bytes, r->wanted, got.len)) return true;
    fprintf(stderr, "%s: status %d, %.*s instead of %s\n", r->path, status, (int)got.len, got.bytes, r->wanted);
    return false;
}

static void *run(void *argument) {
    size_t number = (size_t)argument;
    bool good = true;
    pthread_barrier_wait(&start);
    for (size_t round = 0; round < ROUNDS; round++) {
        tusk_context *context;
        if (tusk_context_new(snapshot, &context) != TUSK_OK) return (void *)1;
        for (size_t i = 0; i < ROWS; i++) good &= same_call(context, &rows[(i + number) % ROWS]);
        tusk_context_free(context);
    }
    return (void *)(size_t)!good;
}

int main(int argc, char **argv) {
    tusk_program *program;
    if (argc != 2 || tusk_program_open(NULL, argv[1], &program) != TUSK_OK) return 2;
    if (tusk_snapshot_new(program, NULL, &snapshot) != TUSK_OK) return 2;
    pthread_t threads[THREADS];
    size_t failed = 0;
    pthread_barrier_init(&start, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, run, (void *)i);
    for (size_t i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        failed += (size_t)result;
    }
    pthread_barrier_destroy(&start);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
    printf("%zu of %d threads failed\n", failed, THREADS);
    return failed != 0;
}
