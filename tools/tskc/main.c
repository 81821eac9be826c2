/* tskc: see tskc.h. */
#include "tools/tskc/tskc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int out_of_memory(void) {
    return tskc_fail(TUSK_ERROR, "out of memory");
}

static int exit_status(tusk_status status) {
    return status == TUSK_NO_MEMORY ? TUSK_ERROR : (int)status;
}

/* What the library has to say; gives the status to exit with. */
static int report(char *text, tusk_status status) {
    if (status == TUSK_NO_MEMORY && !(text && *text)) out_of_memory();
    if (text) fputs(text, stderr);
    tusk_text_free(text);
    return exit_status(status);
}

/* ---- the configuration ---- */

static tusk_status set_options(const tskc *c, tusk_options *options) {
    tusk_status status = tusk_options_jit(options, TUSK_JIT_RECORD, 0);
    if (c->value[OPTION_STRICT] && status == TUSK_OK) status = tusk_options_flag(options, TUSK_FLAG_STRICT, true);
    const char *dump = c->value[OPTION_DUMP];
    if (dump && status == TUSK_OK) status = tusk_options_dump(options, dump, c->value[OPTION_DUMP_DIR]);
    if (status == TUSK_USAGE) tskc_fail(TUSK_USAGE, "--dump does not understand '%s'; it wants ir, llvm, asm", dump);
    for (int i = 0; i < c->define_count && status == TUSK_OK; i++) {
        const char *equals = strchr(c->define[i], '=');
        char *key = strndup(c->define[i], (size_t)(equals - c->define[i]));
        status = key ? tusk_options_define(options, key, equals + 1) : TUSK_NO_MEMORY;
        free(key);
    }
    return status;
}

/* Computes the expressions; what their functions compute with is noted in the program. */
static int train(const tskc *c, tusk_program *program, const tusk_options *options) {
    tusk_snapshot *snapshot = NULL;
    tusk_context *context = NULL;
    tusk_value value;
    tusk_status status = tusk_snapshot_new(program, options, &snapshot);
    if (status == TUSK_OK) status = tusk_context_new(snapshot, &context);
    for (int i = 0; i < c->train_count && status == TUSK_OK; i++)
        status = tusk_evaluate_text(context, c->train[i], strlen(c->train[i]), &value);
    int result = status == TUSK_OK ? TUSK_OK : report(tusk_context_report(context, TUSK_REPORT_TEXT), status);
    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    return result;
}

/* ---- output ---- */

static int write_file(const char *path, const char *bytes, size_t size) {
    tskc_file file;
    int result = tskc_begin_file(&file, path);
    if (result != TUSK_OK) return result;
    fwrite(bytes, 1, size, file.stream);
    return tskc_end_file(&file, TUSK_OK);
}

static int make(const tskc *c, tusk_program *program, tusk_form form, const char *path) {
    const char *level = c->value[OPTION_OPTIMIZE];
    const tusk_compilation wanted = {c->name, form, level ? (unsigned)(*level - '0') : 2,
                                     c->value[OPTION_DEBUG] != NULL, c->value[OPTION_CPU]};
    char *bytes;
    size_t size;
    tusk_status status = tusk_program_compile(program, &wanted, &bytes, &size);
    if (status != TUSK_OK) return report(tusk_program_report(program, TUSK_REPORT_TEXT), status);
    int result = write_file(path, bytes, size);
    tusk_text_free(bytes);
    return result;
}

/* The object lies in a file that only the linker sees. */
static int make_linked(const tskc *c, tusk_program *program, bool shared) {
    const char *folder = getenv("TMPDIR");
    char object[4096];
    int length = snprintf(object, sizeof object, "%s/tskc-XXXXXX.o", folder && *folder ? folder : "/tmp");
    int fd = length < (int)sizeof object ? mkstemps(object, 2) : -1;
    if (fd < 0) return tskc_fail(TUSK_ERROR, "%s cannot be made: %s", object, strerror(errno));
    close(fd);
    tskc_file file;
    int result = make(c, program, TUSK_FORM_OBJECT, object);
    if (result == TUSK_OK) result = tskc_begin_file(&file, c->value[OPTION_OUTPUT]);
    if (result == TUSK_OK) result = tskc_end_file(&file, tskc_link(c, object, tskc_file_name(&file), shared));
    unlink(object);
    return result;
}

static bool ends_with(const char *text, const char *suffix) {
    size_t n = strlen(text), m = strlen(suffix);
    return n >= m && !strcmp(text + n - m, suffix);
}

static int make_output(const tskc *c, tusk_program *program) {
    const char *path = c->value[OPTION_OUTPUT];
    if (ends_with(path, ".h")) return make(c, program, TUSK_FORM_HEADER, path);
    if (ends_with(path, ".ll")) return make(c, program, TUSK_FORM_LLVM, path);
    if (ends_with(path, ".s")) return make(c, program, TUSK_FORM_ASSEMBLY, path);
    if (ends_with(path, ".o")) return make(c, program, TUSK_FORM_OBJECT, path);
    return make_linked(c, program, ends_with(path, ".so"));
}

/* ---- dependencies ---- */

static void put_name(FILE *f, const char *name) {
    for (; *name; name++) {
        if (*name == ' ' || *name == '#') fputc('\\', f);
        if (*name == '$') fputc('$', f);
        fputc(*name, f);
    }
}

static int write_dependencies(const tskc *c, const tusk_program *program) {
    const char *target = c->value[c->value[OPTION_OUTPUT] ? OPTION_OUTPUT : OPTION_HEADER], *name;
    char path[4096];
    snprintf(path, sizeof path, "%s.d", target);
    if (c->value[OPTION_DEPENDENCY_FILE]) snprintf(path, sizeof path, "%s", c->value[OPTION_DEPENDENCY_FILE]);
    tskc_file file;
    int result = tskc_begin_file(&file, path);
    if (result != TUSK_OK) return result;
    FILE *f = file.stream;
    put_name(f, target);
    fputc(':', f);
    for (size_t i = 0; (name = tusk_program_file(program, i)); i++) {
        fputs(" \\\n  ", f);
        put_name(f, name);
    }
    fputc('\n', f);
    return tskc_end_file(&file, TUSK_OK);
}

/* ---- all of it ---- */

static int compile(const tskc *c, tusk_program *program, const tusk_options *options) {
    int result = c->train_count ? train(c, program, options) : TUSK_OK;
    if (result == TUSK_OK && c->value[OPTION_HEADER])
        result = make(c, program, TUSK_FORM_HEADER, c->value[OPTION_HEADER]);
    if (result == TUSK_OK && c->value[OPTION_OUTPUT]) result = make_output(c, program);
    if (result == TUSK_OK && (c->value[OPTION_DEPENDENCIES] || c->value[OPTION_DEPENDENCY_FILE]))
        result = write_dependencies(c, program);
    return result;
}

int main(int argc, char **argv) {
    tskc c = {0};
    bool done = false;
    tusk_program *program = NULL;
    int result = tskc_parse(&c, argc, argv, &done);
    tusk_options *options = result == TUSK_OK && !done ? tusk_options_new() : NULL;
    if (result == TUSK_OK && !done) {
        tusk_status status = options ? set_options(&c, options) : TUSK_NO_MEMORY;
        if (status == TUSK_OK) status = tusk_program_open(options, c.file, &program);
        if (status == TUSK_OK)
            result = compile(&c, program, options);
        else
            result = report(tusk_program_report(program, TUSK_REPORT_TEXT), status);
    }
    tusk_program_release(program);
    tusk_options_free(options);
    free(c.train);
    free(c.define);
    return result;
}
