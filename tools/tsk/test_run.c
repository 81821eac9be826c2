/* One test: computed, compared, and what is said when it fails. */
#include "tools/tsk/test.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tsk_page_add(tsk_page *t, const char *ptr, size_t len) {
    if (t->cap - t->len < len + 1) {
        size_t cap = t->cap * 2 + len + 64;
        char *more = realloc(t->ptr, cap);
        if (!more) abort();
        t->ptr = more;
        t->cap = cap;
    }
    if (len) memcpy(t->ptr + t->len, ptr, len);
    t->len += len;
    t->ptr[t->len] = '\0';
}

void tsk_page_printf(tsk_page *t, const char *fmt, ...) {
    char text[2048];
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    tsk_page_add(t, text, len < (int)sizeof text ? (size_t)len : sizeof text - 1);
}

void tsk_page_sink(void *user, const char *ptr, size_t len) {
    tsk_page_add(user, ptr, len);
}

char *tsk_test_read(const char *file) {
    FILE *f = fopen(file, "rb");
    tsk_page text = {0};
    char piece[65536];
    if (!f) return NULL;
    tsk_page_add(&text, "", 0);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;) tsk_page_add(&text, piece, n);
    fclose(f);
    return text.ptr;
}

unsigned tsk_test_line(const char *text, size_t offset) {
    unsigned line = 1;
    for (size_t i = 0; i < offset && text[i]; i++) line += text[i] == '\n';
    return line;
}

/* ---- values as text ---- */

static char *value_text(tusk_context *context, tusk_value v, int indent) {
    tsk_page t = {0};
    tsk_page_add(&t, "", 0);
    if (tusk_write(context, v, TUSK_FORMAT_JSON, indent, tsk_page_sink, &t) != TUSK_OK)
        t.len = 0, tsk_page_add(&t, "?", 1);
    while (t.len && t.ptr[t.len - 1] == '\n') t.ptr[--t.len] = '\0';
    return t.ptr;
}

/* ---- differences, line by line ---- */

enum { MOST_LINES = 400 };

static size_t split(char *text, char **lines) {
    size_t count = 0;
    for (char *line = text; line && count < MOST_LINES; count++) {
        lines[count] = line;
        line = strchr(line, '\n');
        if (line) *line++ = '\0';
    }
    return count;
}

/* The longest common lines stay, what is only in one of the texts is marked. */
static void put_difference(tsk_page *out, char *expected, char *got) {
    static unsigned short common[MOST_LINES + 1][MOST_LINES + 1];
    char *a[MOST_LINES], *b[MOST_LINES];
    size_t n = split(expected, a), m = split(got, b), i = 0, k = 0;
    for (size_t x = n + 1; x-- > 0;)
        for (size_t y = m + 1; y-- > 0;) {
            if (x == n || y == m)
                common[x][y] = 0;
            else if (!strcmp(a[x], b[y]))
                common[x][y] = (unsigned short)(common[x + 1][y + 1] + 1);
            else
                common[x][y] = common[x + 1][y] > common[x][y + 1] ? common[x + 1][y] : common[x][y + 1];
        }
    while (i < n || k < m) {
        if (i < n && k < m && !strcmp(a[i], b[k]))
            tsk_page_printf(out, "      %s\n", a[i]), i++, k++;
        else if (i < n && (k == m || common[i + 1][k] >= common[i][k + 1]))
            tsk_page_printf(out, "    - %s\n", a[i++]);
        else
            tsk_page_printf(out, "    + %s\n", b[k++]);
    }
}

static void put_values(tsk_page *out, tusk_context *context, const char *first, tusk_value expected, const char *second,
                       tusk_value got) {
    char *a = value_text(context, expected, 0), *b = value_text(context, got, 0);
    tusk_kind x = tusk_value_kind(expected), y = tusk_value_kind(got);
    bool containers = (x == TUSK_ARRAY || x == TUSK_OBJECT) && x == y;
    if (containers && strlen(a) + strlen(b) > 60) {
        free(a);
        free(b);
        a = value_text(context, expected, 2);
        b = value_text(context, got, 2);
        tsk_page_printf(out, "    - %s\n    + %s\n", first, second);
        put_difference(out, a, b);
    } else {
        tsk_page_printf(out, "    %-9s %s\n    %-9s %s\n", first, a, second, b);
    }
    free(a);
    free(b);
}

/* ---- errors ---- */

/* The report, moved to the right. */
static void put_report(tsk_page *out, char *report) {
    for (char *line = report; line && *line;) {
        char *end = strchr(line, '\n');
        if (end) *end++ = '\0';
        tsk_page_printf(out, "    %s\n", line);
        line = end;
    }
    tusk_text_free(report);
}

/* Whether the error that happened has the text or the code that is expected. */
static bool check_error(tsk_page *out, tusk_context *context, tusk_value expected) {
    size_t len;
    const char *text = tusk_value_string(expected, &len);
    char *wanted = tsk_test_copy(text, len), *report = tusk_context_report(context, TUSK_REPORT_TEXT);
    bool found = report && strstr(report, wanted);
    if (!found) {
        tsk_page_printf(out, "    expected an error with \"%s\", got\n", wanted);
        if (report) put_report(out, report), report = NULL;
    }
    free(wanted);
    tusk_text_free(report);
    return found;
}

/* ---- kinds of tests ---- */

static tusk_status get_member(tusk_context *context, const tsk_test_case *t, const char *name, tusk_value *v) {
    char path[1024];
    snprintf(path, sizeof path, "%s.%s", t->path, name);
    return tusk_get(context, path, v);
}

/* Deep equality as the language has it: both texts are the same. */
static bool same(tusk_context *context, tusk_value a, tusk_value b) {
    char *x = value_text(context, a, 0), *y = value_text(context, b, 0);
    bool equal = !strcmp(x, y);
    if (!equal && (tusk_value_kind(a) == TUSK_INT || tusk_value_kind(a) == TUSK_DOUBLE) &&
        (tusk_value_kind(b) == TUSK_INT || tusk_value_kind(b) == TUSK_DOUBLE))
        equal = tusk_value_double(a) == tusk_value_double(b);
    free(x);
    free(y);
    return equal;
}

/* False and nothing said: the value is data, not a test. */
static bool run_condition(tsk_page *out, tusk_context *context, const tsk_test_case *t, bool *is_test) {
    tusk_value v, left, right;
    const char *op;
    tusk_status status = tusk_get(context, t->path, &v);
    if (status != TUSK_OK) {
        put_report(out, tusk_context_report(context, TUSK_REPORT_TEXT));
        return false;
    }
    *is_test = tusk_value_kind(v) == TUSK_BOOL;
    if (!*is_test || tusk_value_bool(v)) return *is_test;
    if (tusk_comparison(context, t->path, &op, &left, &right)) {
        tsk_page_printf(out, "    this does not hold: left %s right\n", op);
        put_values(out, context, "left", left, "right", right);
        return false;
    }
    char *why = NULL;
    if (tusk_explain(context, t->path, false, &why) == TUSK_OK && why) {
        tsk_page_printf(out, "    is false\n");
        for (char *line = strtok(why, "\n"); line; line = strtok(NULL, "\n"))
            if (!strncmp(line, "  source", 8) || !strncmp(line, "  input", 7)) tsk_page_printf(out, "  %s\n", line);
    }
    tusk_text_free(why);
    return false;
}

static bool run_block(tsk_page *out, tusk_context *context, const tsk_test_case *t) {
    tusk_value v, expected;
    if (get_member(context, t, t->has_error ? "error" : "expect", &expected) != TUSK_OK) {
        put_report(out, tusk_context_report(context, TUSK_REPORT_TEXT));
        return false;
    }
    tusk_status status = get_member(context, t, "value", &v);
    if (t->has_error) {
        if (status != TUSK_OK) return check_error(out, context, expected);
        char *got = value_text(context, v, 0);
        tsk_page_printf(out, "    expected an error, got %s\n", got);
        free(got);
        return false;
    }
    if (status != TUSK_OK) {
        put_report(out, tusk_context_report(context, TUSK_REPORT_TEXT));
        return false;
    }
    if (same(context, v, expected)) return true;
    put_values(out, context, "expected", expected, "got", v);
    return false;
}

/* ---- tables ---- */

enum { MOST_ARGUMENTS = 32 };

typedef struct table_row {
    tusk_value args[MOST_ARGUMENTS], expected;
    size_t count;
    bool error;
} table_row;

static bool find_entry(tusk_context *context, tusk_value object, const char *name, tusk_value *out) {
    const char *key;
    size_t len;
    for (size_t i = 0; i < tusk_value_count(object); i++)
        if (tusk_value_entry(context, object, i, &key, &len, NULL) == TUSK_OK && len == strlen(name) &&
            !memcmp(key, name, len))
            return tusk_value_entry(context, object, i, NULL, NULL, out) == TUSK_OK;
    return false;
}

/* [arguments.., result], or { args: [..], expect: .. } or error: "..". */
static bool read_row(tusk_context *context, tusk_value row, table_row *out) {
    tusk_value list = row;
    bool block = tusk_value_kind(row) == TUSK_OBJECT;
    *out = (table_row){0};
    if (block) {
        out->error = find_entry(context, row, "error", &out->expected);
        if (!out->error && !find_entry(context, row, "expect", &out->expected)) return false;
        if (!find_entry(context, row, "args", &list)) return false;
    }
    size_t count = tusk_value_count(list);
    if (tusk_value_kind(list) != TUSK_ARRAY || (!block && !count)) return false;
    out->count = block ? count : count - 1;
    if (out->count > MOST_ARGUMENTS) return false;
    for (size_t i = 0; i < out->count; i++)
        if (tusk_value_item(context, list, i, &out->args[i]) != TUSK_OK) return false;
    return block || tusk_value_item(context, list, count - 1, &out->expected) == TUSK_OK;
}

static bool run_row(tsk_page *out, tusk_context *context, const char *function, const table_row *row, size_t number) {
    tusk_argument args[MOST_ARGUMENTS];
    tusk_value result;
    for (size_t i = 0; i < row->count; i++)
        args[i] = (tusk_argument){.kind = TUSK_ARGUMENT_VALUE, .value = row->args[i]};
    tusk_status status = tusk_call_path(context, function, NULL, args, row->count, &result);
    if (row->error && status != TUSK_OK) return check_error(out, context, row->expected);
    bool ok = !row->error && status == TUSK_OK && same(context, result, row->expected);
    if (ok) return true;
    tsk_page_printf(out, "    case %zu: %s(", number, function);
    for (size_t i = 0; i < row->count; i++) {
        char *text = value_text(context, row->args[i], 0);
        tsk_page_printf(out, "%s%s", i ? ", " : "", text);
        free(text);
    }
    tsk_page_printf(out, ")\n");
    if (status != TUSK_OK)
        put_report(out, tusk_context_report(context, TUSK_REPORT_TEXT));
    else if (row->error)
        tsk_page_printf(out, "    expected an error, got none\n");
    else
        put_values(out, context, "expected", row->expected, "got", result);
    return false;
}

static bool run_table(tsk_page *out, tusk_context *context, const tsk_test_case *t) {
    tusk_value function, cases;
    size_t len;
    if (get_member(context, t, "call", &function) != TUSK_OK || get_member(context, t, "cases", &cases) != TUSK_OK) {
        put_report(out, tusk_context_report(context, TUSK_REPORT_TEXT));
        return false;
    }
    const char *path = tusk_value_string(function, &len);
    if (!len || tusk_value_kind(cases) != TUSK_ARRAY) {
        tsk_page_printf(out, "    `call` must be the path of a function and `cases` a list\n");
        return false;
    }
    char inner[1024], *copy = tsk_test_copy(path, len);
    /* a function that is written here, or the path of one */
    bool here = strchr(copy, '(') != NULL;
    snprintf(inner, sizeof inner, "%s.call", t->path);
    bool ok = true;
    for (size_t i = 0; i < tusk_value_count(cases); i++) {
        tusk_value one;
        table_row row;
        if (tusk_value_item(context, cases, i, &one) != TUSK_OK || !read_row(context, one, &row)) {
            tsk_page_printf(
                out, "    case %zu is neither [arguments.., result] nor { args: [..], expect: .. } or error\n", i + 1);
            ok = false;
            continue;
        }
        ok &= run_row(out, context, here ? inner : copy, &row, i + 1);
    }
    free(copy);
    return ok;
}

static bool run_function(tsk_page *out, tusk_context *context, const tsk_test_case *t) {
    tusk_value v;
    if (tusk_call_path(context, t->path, NULL, NULL, 0, &v) != TUSK_OK) {
        put_report(out, tusk_context_report(context, TUSK_REPORT_TEXT));
        return false;
    }
    if (tusk_value_kind(v) != TUSK_BOOL || tusk_value_bool(v)) return true;
    tsk_page_printf(out, "    returned false\n");
    return false;
}

void tsk_test_execute(tsk_test_run *run, tsk_session *s, const tsk_test_file *file, tsk_test_case *t) {
    tsk_page out = {0};
    const char *text;
    bool is_test = true;
    double start = tsk_milliseconds();
    tsk_page_add(&out, "", 0);
    (void)file;
    if (tusk_program_source(s->program, 0, NULL, &text, NULL)) t->line = tsk_test_line(text, t->offset);
    switch (t->kind) {
    case TEST_CONDITION: t->passed = run_condition(&out, s->context, t, &is_test); break;
    case TEST_FUNCTION: t->passed = run_function(&out, s->context, t); break;
    case TEST_BLOCK: t->passed = t->has_cases ? run_table(&out, s->context, t) : run_block(&out, s->context, t); break;
    }
    t->milliseconds = tsk_milliseconds() - start;
    t->skipped = !is_test;
    if (t->passed || t->skipped)
        free(out.ptr);
    else
        t->failure = out.ptr;
    if (t->skipped) return;
    if (t->passed)
        run->passed++;
    else
        run->failed++;
}

/* ---- coverage ---- */

typedef struct covering {
    tsk_test_run *run;
    const tusk_program *program;
} covering;

static bool is_test_place(const tusk_symbol *s) {
    size_t n = strlen(s->file);
    bool file = n > 9 && !strcmp(s->file + n - 9, "_test.tsk");
    return file || (s->path_len >= 4 && !memcmp(s->path, "test", 4) && (s->path_len == 4 || s->path[4] == '.'));
}

static tsk_test_covered *find_covered(tsk_test_run *run, const tusk_symbol *s, unsigned line) {
    for (size_t i = 0; i < run->covered_count; i++) {
        tsk_test_covered *c = &run->covered[i];
        if (c->line == line && !strcmp(c->file, s->file) && strlen(c->path) == s->path_len &&
            !memcmp(c->path, s->path, s->path_len))
            return c;
    }
    if (run->covered_count == run->covered_cap) {
        run->covered_cap = run->covered_cap * 2 + 64;
        tsk_test_covered *more = realloc(run->covered, run->covered_cap * sizeof *more);
        if (!more) abort();
        run->covered = more;
    }
    tsk_test_covered *c = &run->covered[run->covered_count++];
    *c = (tsk_test_covered){tsk_test_copy(s->file, strlen(s->file)), tsk_test_copy(s->path, s->path_len), line,
                            s->kind == TUSK_SYMBOL_FUNCTION, false};
    return c;
}

static bool cover(void *user, const tusk_symbol *s) {
    const covering *c = user;
    const char *name, *text;
    if (!s->file || (s->kind != TUSK_SYMBOL_EXPRESSION && s->kind != TUSK_SYMBOL_FUNCTION) || is_test_place(s))
        return true;
    for (size_t i = 0; tusk_program_source(c->program, i, &name, &text, NULL); i++) {
        if (strcmp(name, s->file)) continue;
        find_covered(c->run, s, tsk_test_line(text, s->offset))->used |= s->used;
        break;
    }
    return true;
}

void tsk_test_cover(tsk_test_run *run, const tsk_session *s) {
    covering c = {run, s->program};
    tusk_context_symbols(s->context, cover, &c);
}
