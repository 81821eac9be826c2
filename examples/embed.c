/* A program that reads its settings with libtusk.
 *
 *   cc examples/embed.c -Iruntime/include -Lbuild/lib -ltusk -o embed && LD_LIBRARY_PATH=build/lib ./embed examples/shop.tsk */
#include <tusk/tusk.h>

#include <inttypes.h>
#include <stdio.h>

/* Prints what is wrong, as tsk does, and gives the exit status. */
static int complain(tusk_status status, char *report) {
    fputs(report ? report : "out of memory\n", stderr);
    tusk_text_free(report);
    return (int)status;
}

int main(int argc, char **argv) {
    tusk_program *program = NULL;
    tusk_snapshot *snapshot = NULL;
    tusk_context *context = NULL;
    const char *url = NULL;
    size_t len = 0;
    int64_t port = 0;

    tusk_status status = tusk_program_open(NULL, argc > 1 ? argv[1] : "examples/shop.tsk", &program);
    if (status != TUSK_OK) {
        int result = complain(status, program ? tusk_program_report(program, TUSK_REPORT_TEXT) : NULL);
        tusk_program_release(program);
        return result;
    }
    status = tusk_snapshot_new(program, NULL, &snapshot);
    if (status == TUSK_OK) status = tusk_context_new(snapshot, &context);
    if (status == TUSK_OK) status = tusk_get_int(context, "server.port", &port);
    if (status == TUSK_OK) status = tusk_get_string(context, "server.url", &url, &len);
    int result = 0;
    if (status == TUSK_OK)
        printf("listening on port %" PRId64 ", reachable as %.*s\n", port, (int)len, url);
    else
        result = complain(status, context ? tusk_context_report(context, TUSK_REPORT_TEXT) : NULL);

    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
    return result;
}
