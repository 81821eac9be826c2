/* What came out of the tests: for people, as JSON, as JUnit's XML, and as lcov's tracefile. */
#include "tools/tsk/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

tsk_test_file *tsk_test_add_file(tsk_test_run *run, const char *name, tsk_test_case *cases) {
    tsk_test_file *f = calloc(1, sizeof *f);
    if (!f) abort();
    f->name = tsk_test_copy(name, strlen(name));
    f->cases = cases;
    *run->last_file = f;
    run->last_file = &f->next;
    return f;
}

void tsk_test_free(tsk_test_run *run) {
    for (tsk_test_file *f = run->files; f;) {
        tsk_test_file *next = f->next;
        for (tsk_test_case *t = f->cases; t;) {
            tsk_test_case *after = t->next;
            tsk_test_free_case(t);
            t = after;
        }
        free(f->name);
        free(f);
        f = next;
    }
    for (size_t i = 0; i < run->covered_count; i++) {
        free(run->covered[i].file);
        free(run->covered[i].path);
    }
    free(run->covered);
}

/* ---- for people ---- */

static void put_text(const tsk_test_run *run) {
    for (const tsk_test_file *f = run->files; f; f = f->next) {
        for (const tsk_test_case *t = f->cases; t; t = t->next) {
            char line[2048];
            if (t->skipped || (t->passed && !GIVEN(run->cli, VERBOSE))) continue;
            snprintf(line, sizeof line, "%s %s:%u: %s\n", t->passed ? "ok  " : "FAIL", f->name, t->line, t->path);
            tsk_out_text(line);
            if (t->failure) tsk_out_text(t->failure);
        }
    }
}

static void put_counts(const tsk_test_run *run) {
    char line[128];
    if (GIVEN(run->cli, QUIET)) return;
    snprintf(line, sizeof line, "%u passed, %u failed\n", run->passed, run->failed);
    tsk_out_text(line);
}

static void put_coverage(const tsk_test_run *run) {
    size_t keys = 0, used_keys = 0, functions = 0, used_functions = 0;
    char line[2048];
    for (size_t i = 0; i < run->covered_count; i++) {
        const tsk_test_covered *c = &run->covered[i];
        *(c->function ? &functions : &keys) += 1;
        if (c->used) *(c->function ? &used_functions : &used_keys) += 1;
    }
    snprintf(line, sizeof line, "coverage: %zu of %zu computed keys, %zu of %zu functions\n", used_keys, keys,
             used_functions, functions);
    tsk_out_text(line);
    for (size_t i = 0; i < run->covered_count; i++) {
        const tsk_test_covered *c = &run->covered[i];
        if (c->used) continue;
        snprintf(line, sizeof line, "  not %s: %s:%u: %s\n", c->function ? "called" : "computed", c->file, c->line,
                 c->path);
        tsk_out_text(line);
    }
}

/* ---- JSON ---- */

static void put_json(const tsk_test_run *run) {
    char text[256];
    const char *separator = "\n    ";
    snprintf(text, sizeof text, "{\n  \"passed\": %u,\n  \"failed\": %u,\n  \"tests\": [", run->passed, run->failed);
    tsk_out_text(text);
    for (const tsk_test_file *f = run->files; f; f = f->next)
        for (const tsk_test_case *t = f->cases; t; t = t->next) {
            if (t->skipped) continue;
            tsk_out_text(separator);
            separator = ",\n    ";
            tsk_out_text("{\"file\": ");
            tsk_out_json(f->name, strlen(f->name));
            snprintf(text, sizeof text, ", \"line\": %u, \"passed\": %s, \"name\": ", t->line,
                     t->passed ? "true" : "false");
            tsk_out_text(text);
            tsk_out_json(t->path, strlen(t->path));
            if (t->failure) {
                tsk_out_text(", \"failure\": ");
                tsk_out_json(t->failure, strlen(t->failure));
            }
            tsk_out_text("}");
        }
    tsk_out_text(*separator == ',' ? "\n  ]\n}\n" : "]\n}\n");
}

/* ---- JUnit ---- */

static void put_xml(tsk_page *out, const char *text) {
    for (const char *p = text; *p; p++) {
        switch (*p) {
        case '<': tsk_page_add(out, "&lt;", 4); break;
        case '>': tsk_page_add(out, "&gt;", 4); break;
        case '&': tsk_page_add(out, "&amp;", 5); break;
        case '"': tsk_page_add(out, "&quot;", 6); break;
        default:
            if ((unsigned char)*p >= 0x20 || *p == '\n' || *p == '\t') tsk_page_add(out, p, 1);
        }
    }
}

static int write_junit(const tsk_test_run *run, const char *path) {
    tsk_page out = {0};
    tsk_page_printf(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"%u\" failures=\"%u\">\n",
                    run->passed + run->failed, run->failed);
    for (const tsk_test_file *f = run->files; f; f = f->next) {
        unsigned tests = 0, failures = 0;
        for (const tsk_test_case *t = f->cases; t; t = t->next)
            tests += !t->skipped, failures += !t->skipped && !t->passed;
        if (!tests) continue;
        tsk_page_printf(&out, "  <testsuite name=\"");
        put_xml(&out, f->name);
        tsk_page_printf(&out, "\" tests=\"%u\" failures=\"%u\">\n", tests, failures);
        for (const tsk_test_case *t = f->cases; t; t = t->next) {
            if (t->skipped) continue;
            tsk_page_printf(&out, "    <testcase classname=\"");
            put_xml(&out, f->name);
            tsk_page_printf(&out, "\" name=\"");
            put_xml(&out, t->path);
            tsk_page_printf(&out, "\" line=\"%u\" time=\"%.6f\"", t->line, t->milliseconds / 1000);
            if (t->passed) {
                tsk_page_printf(&out, "/>\n");
                continue;
            }
            tsk_page_printf(&out, ">\n      <failure message=\"failed\">");
            put_xml(&out, t->failure ? t->failure : "");
            tsk_page_printf(&out, "</failure>\n    </testcase>\n");
        }
        tsk_page_printf(&out, "  </testsuite>\n");
    }
    tsk_page_printf(&out, "</testsuites>\n");
    int result = tsk_replace_file(run->cli, path, out.ptr, out.len);
    free(out.ptr);
    return result;
}

/* ---- lcov ---- */

static int by_place(const void *a, const void *b) {
    const tsk_test_covered *x = a, *y = b;
    int order = strcmp(x->file, y->file);
    return order ? order : x->line < y->line ? -1 : x->line > y->line;
}

static int write_lcov(const tsk_test_run *run, const char *path) {
    tsk_page out = {0};
    tsk_page_add(&out, "", 0);
    if (run->covered_count) qsort(run->covered, run->covered_count, sizeof *run->covered, by_place);
    for (size_t i = 0; i < run->covered_count;) {
        const char *file = run->covered[i].file;
        size_t end = i;
        while (end < run->covered_count && !strcmp(run->covered[end].file, file)) end++;
        tsk_page_printf(&out, "TN:\nSF:%s\n", file);
        for (size_t k = i; k < end; k++)
            if (run->covered[k].function)
                tsk_page_printf(&out, "FN:%u,%s\nFNDA:%d,%s\n", run->covered[k].line, run->covered[k].path,
                                run->covered[k].used, run->covered[k].path);
        for (size_t k = i; k < end; k++)
            tsk_page_printf(&out, "DA:%u,%d\n", run->covered[k].line, run->covered[k].used);
        tsk_page_printf(&out, "end_of_record\n");
        i = end;
    }
    int result = tsk_replace_file(run->cli, path, out.ptr, out.len);
    free(out.ptr);
    return result;
}

int tsk_test_report(const tsk_test_run *run) {
    int result = TUSK_OK;
    if (GIVEN(run->cli, JSON)) {
        put_json(run);
    } else {
        put_text(run);
        put_counts(run);
        if (GIVEN(run->cli, COVERAGE)) put_coverage(run);
    }
    tsk_out_flush();
    if (GIVEN(run->cli, JUNIT)) result = write_junit(run, run->cli->value[OPTION_JUNIT]);
    if (result == TUSK_OK && GIVEN(run->cli, LCOV)) result = write_lcov(run, run->cli->value[OPTION_LCOV]);
    return result;
}
