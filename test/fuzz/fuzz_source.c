/* Fuzzing what changes sources: what can be read can be formatted, which changes nothing the second time, and has values
 * set and removed. */
#include <tusk/tusk.h>

#include <stdlib.h>
#include <string.h>

static void require(int condition, const char *text, size_t len) {
    (void)text, (void)len; /* for the debugger */
    if (!condition) abort();
}

static void format(const tusk_options *options, const char *text, size_t len, int again) {
    tusk_source *source = NULL;
    const char *result;
    size_t size;
    tusk_status status = tusk_source_parse(options, "fuzz.tsk", text, len, &source);
    if (again) require(status == TUSK_OK, text, len);
    if (status == TUSK_OK) {
        status = tusk_source_format(source, &result, &size); /* or refused, which must not happen to its own text */
        if (again) require(status == TUSK_OK, text, len);
        if (again)
            require(size == len && !memcmp(result, text, len), text, len);
        else if (status == TUSK_OK)
            format(options, result, size, 1);
    }
    tusk_source_free(source);
}

static void change(const tusk_options *options, const char *text, size_t len) {
    static const char *const paths[] = {"a", "a.b", "b.c.d", "list[0]", "a[1].b", "new.\"x y\""};
    static const char *const values[] = {"1", "word", "two words", "[1, {a: 2}]", "'x'"};
    tusk_source *source = NULL;
    const char *result;
    size_t size;
    if (tusk_source_parse(options, "fuzz.tsk", text, len, &source) == TUSK_OK) {
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
            const char *value = values[(len + i) % (sizeof values / sizeof *values)];
            tusk_source_set(source, paths[i], value, strlen(value), TUSK_SPELLING_WORD, &result, &size);
            tusk_source_remove(source, paths[i], &result, &size);
        }
        tusk_text_free(tusk_source_report(source, TUSK_REPORT_TEXT));
    }
    tusk_source_free(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static tusk_options *options;
    if (!options) {
        options = tusk_options_new();
        tusk_options_limit(options, TUSK_LIMIT_DEPTH, 200);
        tusk_options_deny(options, TUSK_GRANT_READ);
    }
    format(options, (const char *)data, size, 0);
    change(options, (const char *)data, size);
    return 0;
}
