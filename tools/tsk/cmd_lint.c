/* tsk lint: what looks wrong in configurations that are right, and repairs of what can be repaired safely.
 *
 *   text ──► program with TUSK_FLAG_LINT ──► findings ──► text, JSON or SARIF on standard output
 *                          └──► --fix: text with repairs ──► same values? ──► file replaced
 */
#include "tools/tsk/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct lint_run {
    const tsk_cli *cli;
    unsigned errors, warnings, fixed;
    const char *separator; /* between findings of JSON and SARIF */
} lint_run;

/* ---- findings as data ---- */

static void put_member(const char *name, const char *text) {
    if (!text) return;
    tsk_out_text(", \"");
    tsk_out_text(name);
    tsk_out_text("\": ");
    tsk_out_json(text, strlen(text));
}

static void put_number(const char *format, size_t n) {
    char text[64];
    int len = snprintf(text, sizeof text, format, n);
    tsk_out(text, (size_t)len);
}

static void put_json(lint_run *run, const tusk_diagnostic *d) {
    tsk_out_text(run->separator);
    run->separator = ",\n  ";
    tsk_out_text(d->severity == TUSK_SEVERITY_ERROR ? "{\"severity\": \"error\"" : "{\"severity\": \"warning\"");
    put_member("code", d->code);
    put_member("summary", d->summary);
    put_member("message", d->message);
    put_member("file", d->place.file);
    if (d->place.file) {
        put_number(", \"line\": %zu", d->place.line);
        put_number(", \"column\": %zu", d->place.column);
        put_number(", \"offset\": %zu", d->place.offset);
        put_number(", \"length\": %zu", d->place.length);
    }
    put_member("expected", d->expected);
    put_member("hint", d->hint);
    if (d->fix) {
        put_number(", \"fix\": {\"offset\": %zu", d->fix_place.offset);
        put_number(", \"length\": %zu", d->fix_place.length);
        put_member("text", d->fix);
        tsk_out_text("}");
    }
    tsk_out_text("}");
}

static void put_sarif(lint_run *run, const tusk_diagnostic *d) {
    tsk_out_text(run->separator);
    run->separator = ",\n      ";
    tsk_out_text("{\"ruleId\": ");
    tsk_out_json(d->code, strlen(d->code));
    tsk_out_text(d->severity == TUSK_SEVERITY_ERROR ? ", \"level\": \"error\", \"message\": {\"text\": "
                                                    : ", \"level\": \"warning\", \"message\": {\"text\": ");
    tsk_out_json(d->message, strlen(d->message));
    tsk_out_text("}");
    if (d->place.file) {
        tsk_out_text(", \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": ");
        tsk_out_json(d->place.file, strlen(d->place.file));
        put_number("}, \"region\": {\"startLine\": %zu", d->place.line);
        put_number(", \"startColumn\": %zu", d->place.column);
        put_number(", \"byteOffset\": %zu", d->place.offset);
        put_number(", \"byteLength\": %zu}}}]", d->place.length);
    }
    tsk_out_text("}");
}

static void begin(lint_run *run) {
    if (GIVEN(run->cli, SARIF)) {
        tsk_out_text("{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\",\n"
                     "  \"runs\": [{\n    \"tool\": {\"driver\": {\"name\": \"tsk lint\", \"version\": \"");
        tsk_out_text(tusk_version());
        tsk_out_text("\"}},\n    \"results\": [");
        run->separator = "\n      ";
    } else if (GIVEN(run->cli, JSON)) {
        tsk_out_text("[");
        run->separator = "\n  ";
    }
}

static void end(const lint_run *run) {
    if (GIVEN(run->cli, SARIF))
        tsk_out_text(*run->separator == ',' ? "\n    ]\n  }]\n}\n" : "]\n  }]\n}\n");
    else if (GIVEN(run->cli, JSON))
        tsk_out_text(*run->separator == ',' ? "\n]\n" : "]\n");
}

static void report(lint_run *run, const tusk_program *program) {
    const void *cursor = NULL;
    tusk_diagnostic d;
    bool data = GIVEN(run->cli, SARIF) || GIVEN(run->cli, JSON);
    while (tusk_program_diagnostic(program, &cursor, &d)) {
        if (d.severity == TUSK_SEVERITY_ERROR)
            run->errors++;
        else
            run->warnings++;
        if (GIVEN(run->cli, SARIF))
            put_sarif(run, &d);
        else if (data)
            put_json(run, &d);
    }
    if (data) return;
    char *text = tusk_program_report(program, TUSK_REPORT_WARNINGS | (run->cli->colour ? TUSK_REPORT_COLOUR : 0));
    if (text) tsk_out_text(text);
    tusk_text_free(text);
}

/* ---- repairs ---- */

typedef struct text_sink {
    char *ptr;
    size_t len, cap;
    bool failed;
} text_sink;

static void to_text(void *user, const char *ptr, size_t len) {
    text_sink *t = user;
    if (t->cap - t->len < len) {
        size_t cap = t->cap * 2 + len;
        char *more = t->failed ? NULL : realloc(t->ptr, cap);
        if (!more) {
            t->failed = true;
            return;
        }
        t->ptr = more;
        t->cap = cap;
    }
    memcpy(t->ptr + t->len, ptr, len);
    t->len += len;
}

/* The values of a text: as they are written, or as they are computed. */
static bool values_of(const tusk_options *options, const char *name, const char *text, size_t len, bool computed,
                      text_sink *out) {
    tusk_program *program = NULL;
    tusk_snapshot *snapshot = NULL;
    tusk_context *context = NULL;
    tusk_value v;
    tusk_status status = tusk_program_parse(options, name, text, len, &program);
    if (status == TUSK_OK && !computed) status = tusk_write_raw(program, TUSK_FORMAT_JSON, 0, to_text, out);
    if (status == TUSK_OK && computed) {
        status = tusk_snapshot_new(program, options, &snapshot);
        if (status == TUSK_OK) status = tusk_context_new(snapshot, &context);
        if (status == TUSK_OK) status = tusk_get(context, "", &v);
        if (status == TUSK_OK) status = tusk_write(context, v, TUSK_FORMAT_JSON, 0, to_text, out);
    }
    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
    return status == TUSK_OK && !out->failed;
}

/* Files are not read and nothing else is done: what has effects stays as it is. */
static tusk_options *harmless_options(void) {
    tusk_options *options = tusk_options_new();
    if (!options) return NULL;
    tusk_options_limit(options, TUSK_LIMIT_TIME, 10000);
    tusk_options_now(options, 1767225600000);
    tusk_options_flag(options, TUSK_FLAG_PARTIAL, true);
    return options;
}

static bool same_values(const char *name, const char *old, size_t old_len, const char *new, size_t new_len) {
    tusk_options *options = harmless_options();
    bool same = false;
    for (int computed = 0; options && computed < 2 && !same; computed++) {
        text_sink before = {0}, after = {0};
        same = values_of(options, name, old, old_len, computed, &before) &&
               values_of(options, name, new, new_len, computed, &after) && before.len == after.len &&
               (!before.len || !memcmp(before.ptr, after.ptr, before.len));
        free(before.ptr);
        free(after.ptr);
    }
    tusk_options_free(options);
    return same;
}

/* Repairs are made within lines, so lines stay where they are. */
static void put_difference(const char *file, const char *old, const char *new) {
    unsigned line = 1;
    tsk_out_text("--- ");
    tsk_out_text(file);
    tsk_out_text("\n+++ ");
    tsk_out_text(file);
    tsk_out_text("\n");
    for (; *old || *new; line++) {
        size_t a = strcspn(old, "\n"), b = strcspn(new, "\n");
        if (a != b || memcmp(old, new, a)) {
            char place[64];
            int len = snprintf(place, sizeof place, "@@ -%u +%u @@\n-", line, line);
            tsk_out(place, (size_t)len);
            tsk_out(old, a);
            tsk_out_text("\n+");
            tsk_out(new, b);
            tsk_out_text("\n");
        }
        old += a + (old[a] == '\n');
        new += b + (new[b] == '\n');
    }
}

/* Zero when there was nothing to do or it is done. */
static int repair(lint_run *run, const char *file, const tusk_program *program, bool *changed) {
    const char *old;
    char *new = NULL;
    size_t old_len, fixes = 0;
    int result = TUSK_OK;
    if (!tusk_program_source(program, 0, NULL, &old, &old_len)) return TUSK_OK;
    tusk_status status = tusk_program_repair(program, &new, &fixes);
    if (status != TUSK_OK) return tsk_fail(run->cli, status, "out of memory");
    if (fixes && !same_values(file, old, old_len, new, strlen(new))) {
        result = tsk_fail(run->cli, TUSK_ERROR, "%s: left as it is: the repairs would change a value", file);
    } else if (fixes && GIVEN(run->cli, DIFF)) {
        put_difference(file, old, new);
    } else if (fixes) {
        result = tsk_replace_file(run->cli, file, new, strlen(new));
        *changed = result == TUSK_OK;
    }
    if (result == TUSK_OK) run->fixed += (unsigned)fixes;
    tusk_text_free(new);
    return result;
}

/* ---- one file ---- */

static int lint(lint_run *run, const char *file) {
    tusk_program *program = NULL;
    bool changed = false, fixing = GIVEN(run->cli, FIX) || GIVEN(run->cli, DIFF);
    int result = TUSK_OK;
    tusk_status status = tusk_program_open(run->cli->options, file, &program);
    bool broken = status != TUSK_OK && !(program && tusk_program_source(program, 0, NULL, NULL, NULL));
    if (broken && !GIVEN(run->cli, JSON) && !GIVEN(run->cli, SARIF)) {
        run->errors++;
        tsk_fail_program(run->cli, program, status);
        tusk_program_release(program);
        return (int)status;
    }
    if (fixing && strcmp(file, "-")) result = repair(run, file, program, &changed);
    if (changed) { /* what is left */
        tusk_program_release(program);
        status = tusk_program_open(run->cli->options, file, &program);
    }
    if (!GIVEN(run->cli, DIFF)) report(run, program);
    tusk_program_release(program);
    return result > (int)status ? result : (int)status;
}

static void put_summary(const lint_run *run) {
    if (GIVEN(run->cli, QUIET) || GIVEN(run->cli, JSON) || GIVEN(run->cli, SARIF)) return;
    if (run->fixed) fprintf(stderr, "%u %s\n", run->fixed, GIVEN(run->cli, DIFF) ? "can be repaired" : "repaired");
    if (run->errors || run->warnings)
        fprintf(stderr, "%u error%s, %u warning%s\n", run->errors, run->errors == 1 ? "" : "s", run->warnings,
                run->warnings == 1 ? "" : "s");
}

int tsk_command_lint(tsk_cli *cli) {
    lint_run run = {.cli = cli};
    int result = TUSK_OK;
    if (!cli->options) cli->options = tusk_options_new();
    if (!cli->options) return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
    tusk_options_flag(cli->options, TUSK_FLAG_CHECK, true);
    tusk_options_flag(cli->options, TUSK_FLAG_LINT, true);
    if (GIVEN(cli, STRICT)) tusk_options_lint(cli->options, NULL, TUSK_LINT_ERROR);
    if (!GIVEN(cli, MAX_ERRORS)) tusk_options_limit(cli->options, TUSK_LIMIT_ERRORS, 1000);
    begin(&run);
    for (int i = 0; i < cli->count; i++) {
        double start = tsk_milliseconds();
        int status = lint(&run, cli->arguments[i]);
        tsk_timing(cli, "looked at", start);
        if (status > result) result = status;
    }
    end(&run);
    tsk_out_flush();
    put_summary(&run);
    return result;
}
