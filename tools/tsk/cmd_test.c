/* tsk test: tests that are written in the language, beside what they test.
 *
 *   files ──► which keys are tests ──► each is computed in the context of its file ──► results ──► text, JSON, JUnit
 *                                                                   └──► what was computed on the way: coverage
 *
 * Tests are the keys of a section `test` and of files called *_test.tsk:
 *   name: expression                          a comparison or condition that must be true
 *   name: { value: .., expect: .. }           the value that must come out
 *   name: { value: .., error: "text" }        the error that must happen
 *   name: { call: "path", cases: [[a, b, result], { args: [..], error: ".." }] }    a table
 *   name: "function" without parameters       it must not throw, and not return false
 * Literals and other values are data for the tests. */
#include "tools/tsk/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- names ---- */

static bool ends_with(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && !strcmp(text + n - m, end);
}

static bool is_test_file(const char *file) {
    return ends_with(file, "_test.tsk");
}

char *tsk_test_copy(const char *ptr, size_t len) {
    char *copy = malloc(len + 1);
    if (!copy) abort();
    memcpy(copy, ptr, len);
    copy[len] = '\0';
    return copy;
}

/* ---- which keys are tests ---- */

typedef struct finding {
    const tsk_test_run *run;
    const char *file;
    bool whole_file;
    tsk_test_case *first, **last;
    tsk_test_case *blocks[64]; /* around the place, by depth */
} finding;

static bool is_named(const tusk_symbol *s, const char *name) {
    return s->name_len == strlen(name) && !memcmp(s->name, name, s->name_len);
}

static bool is_below(const char *path, size_t len, const char *parent) {
    size_t n = strlen(parent);
    return len > n && !memcmp(path, parent, n) && (path[n] == '.' || path[n] == '[');
}

static tsk_test_case *add_case(finding *f, const tusk_symbol *s, tsk_test_kind kind) {
    tsk_test_case *t = calloc(1, sizeof *t);
    if (!t) abort();
    t->path = tsk_test_copy(s->path, s->path_len);
    t->kind = kind;
    t->offset = s->offset;
    *f->last = t;
    f->last = &t->next;
    return t;
}

/* Keys of a block decide whether it is a test. */
static void see_member(finding *f, const tusk_symbol *s) {
    tsk_test_case *t = s->depth && s->depth <= 64 ? f->blocks[s->depth - 1] : NULL;
    if (!t || !is_below(s->path, s->path_len, t->path)) return;
    if (is_named(s, "expect")) t->has_expect = true;
    if (is_named(s, "error")) t->has_error = true;
    if (is_named(s, "value")) t->has_value = true;
    if (is_named(s, "call")) t->has_call = true;
    if (is_named(s, "cases")) t->has_cases = true;
}

static bool find_tests(void *user, const tusk_symbol *s) {
    finding *f = user;
    bool in_section = s->path_len > 5 && !memcmp(s->path, "test.", 5);
    if (!s->file || strcmp(s->file, f->file)) return true; /* of an included file, which has tests of its own */
    if (!in_section && !(f->whole_file && !(s->path_len == 4 && !memcmp(s->path, "test", 4)))) return true;
    see_member(f, s);
    if (s->name_len && *s->name == '$') return true;
    if (s->kind == TUSK_SYMBOL_EXPRESSION)
        add_case(f, s, TEST_CONDITION);
    else if (s->kind == TUSK_SYMBOL_FUNCTION && in_section)
        add_case(f, s, TEST_FUNCTION);
    else if (s->kind == TUSK_SYMBOL_FUNCTION && s->text_len > 2 && s->text[0] == '(' && s->text[1] == ')')
        add_case(f, s, TEST_FUNCTION);
    else if (s->kind == TUSK_SYMBOL_BLOCK)
        f->blocks[s->depth < 64 ? s->depth : 63] = add_case(f, s, TEST_BLOCK);
    return true;
}

static bool is_test_block(const tsk_test_case *t) {
    return (t->has_value && (t->has_expect || t->has_error)) || (t->has_call && t->has_cases);
}

/* Blocks that turned out to hold a test take the keys in them out of the list; other blocks only group. */
static tsk_test_case *sort_out(tsk_test_case *list, const char *filter) {
    tsk_test_case *kept = NULL, **last = &kept;
    const char *inside = NULL;
    while (list) {
        tsk_test_case *t = list;
        list = list->next;
        t->next = NULL;
        bool below = inside && is_below(t->path, strlen(t->path), inside);
        bool is = !below && (t->kind != TEST_BLOCK || is_test_block(t)) && (!filter || strstr(t->path, filter));
        if (!below && t->kind == TEST_BLOCK && is_test_block(t)) inside = t->path;
        if (is || inside == t->path) {
            t->skipped = !is;
            *last = t;
            last = &t->next;
        } else {
            tsk_test_free_case(t);
        }
    }
    return kept;
}

void tsk_test_free_case(tsk_test_case *t) {
    free(t->path);
    free(t->failure);
    free(t);
}

/* ---- files ---- */

static int run_file(tsk_test_run *run, const char *file, bool named) {
    tsk_session s;
    if (!named && !is_test_file(file)) { /* one among many: only when it has a section of tests */
        char *text = tsk_test_read(file);
        bool has = text && strstr(text, "test");
        free(text);
        if (!has) return TUSK_OK;
    }
    int result = tsk_session_open(run->cli, file, &s);
    if (result != TUSK_OK) {
        run->broken++;
        return result;
    }
    finding f = {.run = run, .file = file, .whole_file = is_test_file(file)};
    f.last = &f.first;
    tusk_program_symbols(s.program, find_tests, &f);
    tsk_test_case *tests = sort_out(f.first, run->cli->value[OPTION_FILTER]);
    tsk_test_file *done = tests || run->coverage ? tsk_test_add_file(run, file, tests) : NULL;
    for (tsk_test_case *t = tests; t; t = t->next)
        if (!t->skipped) tsk_test_execute(run, &s, done, t);
    if (done && run->coverage) tsk_test_cover(run, &s);
    tsk_session_close(&s);
    return TUSK_OK;
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int run_directory(tsk_test_run *run, const char *directory, unsigned depth) {
    DIR *d = opendir(directory);
    char **names = NULL;
    size_t count = 0;
    int result = TUSK_OK;
    if (!d) return tsk_fail(run->cli, TUSK_NOT_FOUND, "%s: the directory cannot be read", directory);
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == '.') continue;
        char **more = realloc(names, (count + 1) * sizeof *names);
        if (!more) abort();
        names = more;
        names[count++] = tsk_test_copy(e->d_name, strlen(e->d_name));
    }
    closedir(d);
    if (count) qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        char path[4096];
        struct stat info;
        bool here = !strcmp(directory, ".");
        int len = snprintf(path, sizeof path, "%s%s%s", here ? "" : directory, here ? "" : "/", names[i]);
        int status = TUSK_OK;
        if (len < (int)sizeof path && !lstat(path, &info)) {
            if (S_ISDIR(info.st_mode) && depth < 64)
                status = run_directory(run, path, depth + 1);
            else if (S_ISREG(info.st_mode) && ends_with(path, ".tsk"))
                status = run_file(run, path, false);
        }
        if (status > result) result = status;
        free(names[i]);
    }
    free(names);
    return result;
}

static int run_place(tsk_test_run *run, const char *place) {
    struct stat info;
    if (!stat(place, &info) && S_ISDIR(info.st_mode)) return run_directory(run, place, 0);
    return run_file(run, place, true);
}

int tsk_command_test(tsk_cli *cli) {
    tsk_test_run run = {.cli = cli, .coverage = GIVEN(cli, COVERAGE) || GIVEN(cli, LCOV)};
    int result = TUSK_OK;
    if (!cli->options) cli->options = tusk_options_new();
    if (!cli->options) return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
    run.last_file = &run.files;
    for (int i = 0; i < cli->count || (!cli->count && i == 0); i++) {
        int status = run_place(&run, cli->count ? cli->arguments[i] : ".");
        if (status > result) result = status;
    }
    int written = tsk_test_report(&run);
    if (result == TUSK_OK) result = written;
    if (result == TUSK_OK && run.failed) result = TUSK_ERROR;
    if (result == TUSK_OK && !run.passed) result = tsk_fail(cli, TUSK_ERROR, "no tests were found");
    tsk_test_free(&run);
    return result;
}
