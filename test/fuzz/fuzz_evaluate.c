/* Fuzzing the evaluator: any text is an expression with a value or a reported error, within limits. */
#include <tusk/tusk.h>

#include <string.h>

static void swallow(void *user, const char *ptr, size_t len) {
    (void)user, (void)ptr, (void)len;
}

static const char document[] = "$g: \"global\"\nn: 7\nx: 1.5\ntext: \"häß\"\nlist: [3, 1, 2]\nitems: [{name: \"a\", "
                               "size: 1}, {name: \"b\", size: 2}]\n"
                               "[s]\nport = 80\nnext = port + 1\n";

static tusk_context *context(void) {
    static tusk_context *made;
    tusk_program *program;
    tusk_snapshot *snapshot;
    tusk_options *options;
    if (made) return made;
    options = tusk_options_new();
    tusk_options_limit(options, TUSK_LIMIT_STEPS, 20000);
    tusk_options_limit(options, TUSK_LIMIT_MEMORY, 64 << 20);
    tusk_options_limit(options, TUSK_LIMIT_TIME, 1000);
    tusk_options_limit(options, TUSK_LIMIT_DEPTH, 200);
    tusk_options_deny(options, TUSK_GRANT_READ);
    if (tusk_program_parse(options, "fuzz.tsk", document, strlen(document), &program) != TUSK_OK) __builtin_trap();
    if (tusk_snapshot_new(program, options, &snapshot) != TUSK_OK) __builtin_trap();
    if (tusk_context_new(snapshot, &made) != TUSK_OK) __builtin_trap();
    tusk_options_free(options);
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tusk_value value;
    if (tusk_evaluate_text(context(), (const char *)data, size, &value) == TUSK_OK)
        tusk_write(context(), value, TUSK_FORMAT_TSK, 2, swallow, NULL);
    tusk_text_free(tusk_context_report(context(), TUSK_REPORT_TEXT));
    tusk_context_reset(context());
    return 0;
}
