/* Fuzzing the lexer and the parser: any bytes are a configuration or a reported error; what is read can be checked,
 * evaluated within limits and written in every format. */
#include <tusk/tusk.h>

static void swallow(void *user, const char *ptr, size_t len) {
    (void)user, (void)ptr, (void)len;
}

static tusk_options *options(void) {
    static tusk_options *made;
    if (made) return made;
    made = tusk_options_new();
    tusk_options_limit(made, TUSK_LIMIT_STEPS, 20000);
    tusk_options_limit(made, TUSK_LIMIT_MEMORY, 64 << 20);
    tusk_options_limit(made, TUSK_LIMIT_TIME, 1000);
    tusk_options_limit(made, TUSK_LIMIT_DEPTH, 200);
    tusk_options_deny(made, TUSK_GRANT_ENV);
    tusk_options_deny(made, TUSK_GRANT_READ);
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tusk_program *program = NULL;
    tusk_snapshot *snapshot = NULL;
    tusk_context *context = NULL;
    tusk_value document;
    tusk_status status = tusk_program_parse(options(), "fuzz.tsk", (const char *)data, size, &program);
    tusk_text_free(tusk_program_report(program, TUSK_REPORT_COLOUR | TUSK_REPORT_WARNINGS));
    if (status == TUSK_OK && tusk_snapshot_new(program, options(), &snapshot) == TUSK_OK &&
        tusk_context_new(snapshot, &context) == TUSK_OK) {
        tusk_evaluate(context, true);
        for (int format = TUSK_FORMAT_JSON; format <= TUSK_FORMAT_TABLE; format++)
            if (tusk_get(context, "", &document) == TUSK_OK)
                tusk_write(context, document, (tusk_format)format, 2, swallow, NULL);
        tusk_text_free(tusk_context_report(context, TUSK_REPORT_JSON));
        tusk_program_check(program);
    }
    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
    return 0;
}
