/* tsk config: the peanut files of a directory and of those above it, as one configuration. */
#include "tools/tsk/compiled.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The argument that names the directory, from `at` on; else this one. */
static const char *place(const tsk_cli *cli, int at) {
    return cli->count > at ? cli->arguments[at] : ".";
}

static int open_place(tsk_cli *cli, const char *directory, tsk_session *s) {
    cli->value[OPTION_CONFIG] = directory;
    return tsk_session_open(cli, NULL, s);
}

/* ---- values ---- */

static int get(tsk_cli *cli) {
    tsk_session s;
    tusk_value value;
    int result = open_place(cli, place(cli, 1), &s);
    if (result != TUSK_OK) return result;
    tusk_status status = tusk_get(s.context, cli->arguments[0], &value);
    if (status == TUSK_OK)
        result = tsk_print_value(cli, &s, value, true);
    else if (tsk_is_missing(s.context, status))
        result = tsk_fail_missing(cli, s.context, cli->arguments[0]);
    else
        result = tsk_fail_context(cli, s.context, status);
    tsk_session_close(&s);
    return result;
}

/* Calls `visit` for every value that holds no others, with its path. */
typedef struct walk {
    tsk_session *s;
    void (*visit)(void *user, const char *path, tusk_value value);
    void *user;
    char path[1024];
    size_t leaves, containers;
    bool whole_lists; /* lists are values like others */
} walk;

static bool is_plain(const char *key, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (!memchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-$", key[i], 65)) return false;
    return len > 0;
}

static tusk_status step(walk *w, tusk_value value, size_t len) {
    tusk_value inner;
    tusk_status status = TUSK_OK;
    bool list = tusk_value_kind(value) == TUSK_ARRAY;
    if (!tusk_value_count(value) || (list && w->whole_lists)) {
        w->leaves++;
        w->visit(w->user, w->path, value);
        return TUSK_OK;
    }
    w->containers++;
    for (size_t i = 0; i < tusk_value_count(value) && status == TUSK_OK; i++) {
        const char *key = NULL;
        size_t key_len = 0;
        int n;
        status = list ? tusk_value_item(w->s->context, value, i, &inner)
                      : tusk_value_entry(w->s->context, value, i, &key, &key_len, &inner);
        if (status != TUSK_OK) break;
        if (list)
            n = snprintf(w->path + len, sizeof w->path - len, "[%zu]", i);
        else if (is_plain(key, key_len))
            n = snprintf(w->path + len, sizeof w->path - len, "%s%.*s", len ? "." : "", (int)key_len, key);
        else
            n = snprintf(w->path + len, sizeof w->path - len, "%s\"%.*s\"", len ? "." : "", (int)key_len, key);
        if (n > 0 && (size_t)n < sizeof w->path - len) status = step(w, inner, len + (size_t)n);
        w->path[len] = 0;
    }
    return status;
}

/* Everything is computed first, so that an error leaves no half list behind. */
static int walk_all(tsk_cli *cli, tsk_session *s, const char *from, walk *w) {
    tusk_value value;
    w->s = s;
    snprintf(w->path, sizeof w->path, "%s", from);
    tusk_status status = tusk_get(s->context, from, &value);
    if (status != TUSK_OK && tsk_is_missing(s->context, status)) return tsk_fail_missing(cli, s->context, from);
    if (status == TUSK_OK) status = step(w, value, strlen(w->path));
    return status == TUSK_OK ? TUSK_OK : tsk_fail_context(cli, s->context, status);
}

static bool is_hidden(const tsk_session *s, const char *path) {
    const char *last = strrchr(path, '.');
    return tusk_is_secret(s->context, last ? last + 1 : path);
}

static void print_line(void *user, const char *path, tusk_value value) {
    tsk_session *s = user;
    tsk_out_text(path);
    tsk_out_text(" = ");
    if (is_hidden(s, path))
        tsk_out_text("•••");
    else
        tusk_write(s->context, value, TUSK_FORMAT_JSON, 0, tsk_out_sink, NULL);
    tsk_out_text("\n");
}

static int list(tsk_cli *cli) {
    tsk_session s;
    const char *section = cli->count ? cli->arguments[0] : "";
    int result = open_place(cli, ".", &s);
    if (result != TUSK_OK) return result;
    if (GIVEN(cli, JSON)) {
        tusk_value value;
        tusk_status status = tusk_get(s.context, section, &value);
        result = status == TUSK_OK ? tsk_print_value(cli, &s, value, false) : tsk_fail_context(cli, s.context, status);
    } else {
        tsk_out_capture();
        walk w = {.visit = print_line, .user = &s};
        result = walk_all(cli, &s, section, &w);
        size_t len;
        char *text = tsk_out_captured(&len);
        if (result == TUSK_OK && text) tsk_out(text, len);
        free(text);
    }
    tsk_session_close(&s);
    return result;
}

/* ---- files ---- */

static int check(tsk_cli *cli) {
    tsk_session s;
    const char *file, *separator = "";
    int result = open_place(cli, place(cli, 0), &s);
    if (result != TUSK_OK) return result;
    if (GIVEN(cli, JSON)) tsk_out_text("{\"status\": \"ok\", \"files\": [");
    for (size_t i = 0; (file = tusk_program_file(s.program, i)); i++) {
        if (GIVEN(cli, JSON))
            tsk_out_text(separator), tsk_out_json(file, strlen(file));
        else
            tsk_out_text(file), tsk_out_text("\n");
        separator = ", ";
    }
    if (GIVEN(cli, JSON)) tsk_out_text("]}\n");
    tsk_session_close(&s);
    return result;
}

static int validate(tsk_cli *cli) {
    tsk_session s;
    if (!cli->options) cli->options = tusk_options_new();
    if (!cli->options || tusk_options_flag(cli->options, TUSK_FLAG_CHECK, true) != TUSK_OK)
        return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
    int result = open_place(cli, place(cli, 0), &s);
    if (result != TUSK_OK) return result;
    if (GIVEN(cli, JSON))
        tsk_out_text("{\"status\": \"ok\", \"message\": \"Configuration is valid\"}\n");
    else if (!GIVEN(cli, QUIET))
        tsk_out_text("Configuration is valid\n");
    tsk_session_close(&s);
    return result;
}

static bool is_text(const char *file) {
    size_t len = strlen(file);
    return (len > 4 && !strcmp(file + len - 4, ".tsk")) || (len > 8 && !strcmp(file + len - 8, ".peanuts"));
}

static bool is_peanut(const char *file) {
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    return is_text(name) && (!strncmp(name, "peanu.", 6) || !strncmp(name, "peanut.", 7));
}

/* The files are remembered first: a file that is compiled changes what the directory is made of. */
static int compile(tsk_cli *cli) {
    tsk_session s;
    const char *file;
    char *files[256];
    size_t count = 0;
    int result = open_place(cli, place(cli, 0), &s), status, done = 0;
    if (result != TUSK_OK) return result;
    for (size_t i = 0; (file = tusk_program_file(s.program, i)) && count < 256; i++)
        if (is_peanut(file) && (files[count] = strdup(file))) count++;
    tsk_session_close(&s);
    for (size_t i = 0; i < count; i++) {
        if (!tsk_is_compiled(files[i])) {
            status = tsk_compile_file(cli, files[i], NULL);
            if (status > result) result = status;
            done++;
        }
        free(files[i]);
    }
    if (!done && !GIVEN(cli, QUIET) && !GIVEN(cli, JSON)) tsk_out_text("nothing is to be compiled\n");
    return result;
}

/* The text is put into --output, or written out. */
static int deliver(tsk_cli *cli, const char *usual, const char *text, size_t len) {
    const char *out = cli->value[OPTION_OUTPUT] ? cli->value[OPTION_OUTPUT] : usual;
    if (!text) return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
    if (!out || !strcmp(out, "-")) {
        tsk_out(text, len);
        return TUSK_OK;
    }
    int result = tsk_replace_file(cli, out, text, len);
    if (result != TUSK_OK || GIVEN(cli, QUIET)) return result;
    if (GIVEN(cli, JSON))
        tsk_out_text("{\"status\": \"ok\", \"file\": "), tsk_out_json(out, strlen(out)), tsk_out_text("}\n");
    if (!GIVEN(cli, JSON)) tsk_out_text(out), tsk_out_text(" is written\n");
    return result;
}

static int export(tsk_cli *cli) {
    tsk_session s;
    size_t len;
    int result = open_place(cli, ".", &s);
    if (result != TUSK_OK) return result;
    tsk_out_capture();
    result = tsk_print_document(cli, &s);
    char *text = tsk_out_captured(&len);
    if (result == TUSK_OK) result = deliver(cli, NULL, text, len);
    free(text);
    tsk_session_close(&s);
    return result;
}

static int import(tsk_cli *cli) {
    tsk_session s;
    tusk_value whole;
    struct stat st;
    size_t len;
    if (!lstat("peanut.tsk", &st)) return tsk_fail(cli, TUSK_ERROR, "peanut.tsk is there already; nothing was changed");
    int result = tsk_session_open(cli, cli->arguments[0], &s);
    if (result != TUSK_OK) return result;
    tsk_out_capture();
    tusk_status status = tusk_evaluate(s.context, true);
    if (status == TUSK_OK) status = tusk_get(s.context, "", &whole);
    if (status == TUSK_OK) status = tusk_write(s.context, whole, TUSK_FORMAT_TSK, 2, tsk_out_sink, NULL);
    char *text = tsk_out_captured(&len);
    result = status == TUSK_OK ? deliver(cli, "peanut.tsk", text, len) : tsk_fail_context(cli, s.context, status);
    free(text);
    tsk_session_close(&s);
    return result;
}

/* ---- changing the file of this directory ---- */

static const char *own_file(void) {
    static const char *const names[] = {"peanu.tsk", "peanu.peanuts", "peanut.tsk", "peanut.peanuts"};
    struct stat st;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!stat(names[i], &st)) return names[i];
    return "peanut.tsk";
}

/* The text under change; a file that is not there is an empty one. */
typedef struct change {
    tsk_cli *cli;
    tsk_session *from;
    const char *file;
    tusk_source *source;
    size_t count;
    int result;
} change;

static int begin(tsk_cli *cli, change *c) {
    struct stat st;
    *c = (change){.cli = cli, .file = own_file()};
    tusk_status status = stat(c->file, &st) ? tusk_source_parse(cli->options, c->file, "", 0, &c->source)
                                            : tusk_source_open(cli->options, c->file, &c->source);
    return c->result = status == TUSK_OK ? TUSK_OK : tsk_fail_source(cli, c->source, status);
}

static void change_one(change *c, const char *path, const char *value, size_t len, tusk_spelling spelling) {
    const char *text;
    size_t text_len;
    tusk_source *next = NULL;
    if (c->result != TUSK_OK) return;
    tusk_status status = tusk_source_set(c->source, path, value, len, spelling, &text, &text_len);
    if (status != TUSK_OK) {
        c->result = tsk_fail_source(c->cli, c->source, status);
        return;
    }
    status = tusk_source_parse(c->cli->options, c->file, text, text_len, &next);
    if (status != TUSK_OK) c->result = tsk_fail_source(c->cli, next, status);
    tusk_source_free(c->source);
    c->source = next;
    c->count++;
}

/* The file gets the text, or stays as it was. */
static int finish(change *c) {
    size_t len;
    char row[96];
    if (c->result == TUSK_OK) {
        const char *text = tusk_source_text(c->source, &len);
        c->result = tsk_replace_file(c->cli, c->file, text, len);
    }
    tusk_source_free(c->source);
    if (c->result != TUSK_OK || GIVEN(c->cli, QUIET)) return c->result;
    if (GIVEN(c->cli, JSON))
        snprintf(row, sizeof row, "{\"status\": \"ok\", \"file\": \"%s\", \"values\": %zu}\n", c->file, c->count);
    else
        snprintf(row, sizeof row, "%s: %zu value%s set\n", c->file, c->count, c->count == 1 ? "" : "s");
    tsk_out_text(row);
    return c->result;
}

static int set(tsk_cli *cli) {
    change c;
    const char *value = cli->arguments[1];
    if (begin(cli, &c) == TUSK_OK) change_one(&c, cli->arguments[0], value, strlen(value), TUSK_SPELLING_WORD);
    return finish(&c);
}

static void merge_one(void *user, const char *path, tusk_value value) {
    change *c = user;
    size_t len;
    if (tusk_value_kind(value) == TUSK_STRING) {
        const char *text = tusk_value_string(value, &len);
        change_one(c, path, text, len, TUSK_SPELLING_STRING);
        return;
    }
    tsk_out_capture();
    tusk_write(c->from->context, value, TUSK_FORMAT_JSON, 0, tsk_out_sink, NULL);
    char *text = tsk_out_captured(&len);
    if (text)
        change_one(c, path, text, len, TUSK_SPELLING_WORD);
    else
        c->result = tsk_fail(c->cli, TUSK_NO_MEMORY, "out of memory");
    free(text);
}

static int merge(tsk_cli *cli) {
    tsk_session s;
    change c;
    int result = tsk_session_open(cli, cli->arguments[0], &s);
    if (result != TUSK_OK) return result;
    if (begin(cli, &c) == TUSK_OK) {
        c.from = &s;
        walk w = {.visit = merge_one, .user = &c, .whole_lists = true};
        result = walk_all(cli, &s, "", &w);
        if (c.result == TUSK_OK) c.result = result;
    }
    result = finish(&c);
    tsk_session_close(&s);
    return result;
}

/* ---- about it ---- */

static const char *const kinds[] = {"null", "bool", "int", "double", "string", "list", "object", "function"};

static void print_row(void *user, const char *path, tusk_value value) {
    tsk_session *s = user;
    tsk_out_text("| `");
    tsk_out_text(path);
    tsk_out_text("` | ");
    tsk_out_text(kinds[tusk_value_kind(value)]);
    tsk_out_text(" | `");
    if (is_hidden(s, path)) {
        tsk_out_text("•••");
    } else {
        size_t len;
        const char *text = tusk_value_string(value, &len);
        if (tusk_value_kind(value) != TUSK_STRING)
            tusk_write(s->context, value, TUSK_FORMAT_JSON, 0, tsk_out_sink, NULL);
        for (size_t i = 0; tusk_value_kind(value) == TUSK_STRING && i < len; i++) {
            if (text[i] == '|') tsk_out_text("\\");
            tsk_out_text(text[i] == '\n' ? " " : text[i] == '`' ? "'" : (char[]){text[i], 0});
        }
    }
    tsk_out_text("` |\n");
}

static int docs(tsk_cli *cli) {
    tsk_session s;
    char name[PATH_MAX];
    const char *directory = place(cli, 0), *file;
    size_t len;
    int result = open_place(cli, directory, &s);
    if (result != TUSK_OK) return result;
    tsk_out_capture();
    tsk_out_text("# Configuration\n\nMerged from:\n\n");
    for (size_t i = 0; (file = tusk_program_file(s.program, i)); i++)
        tsk_out_text("- "), tsk_out_text(file), tsk_out_text("\n");
    tsk_out_text("\n| key | type | value |\n|---|---|---|\n");
    walk w = {.visit = print_row, .user = &s};
    result = walk_all(cli, &s, "", &w);
    char *text = tsk_out_captured(&len);
    snprintf(name, sizeof name, "%s/CONFIGURATION.md", directory);
    if (result == TUSK_OK) result = deliver(cli, name, text, len);
    free(text);
    tsk_session_close(&s);
    return result;
}

static void count_only(void *user, const char *path, tusk_value value) {
    (void)user, (void)path, (void)value;
}

static int stats(tsk_cli *cli) {
    tsk_session s;
    char text[320];
    size_t files = 0;
    double start = tsk_milliseconds();
    int result = open_place(cli, place(cli, 0), &s);
    if (result != TUSK_OK) return result;
    double loaded = tsk_milliseconds();
    walk w = {.visit = count_only};
    result = walk_all(cli, &s, "", &w);
    while (tusk_program_file(s.program, files)) files++;
    const char *format =
        GIVEN(cli, JSON)
            ? "{\"files\": %zu, \"values\": %zu, \"containers\": %zu, \"bytes\": %zu, \"load_ms\": %.3f, "
              "\"evaluate_ms\": %.3f}\n"
            : "files       %zu\nvalues      %zu\ncontainers  %zu\nmemory      %zu bytes\nloaded      in %.3f "
              "ms\nevaluated   in %.3f ms\n";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, format, files, w.leaves, w.containers, tusk_program_memory(s.program), loaded - start,
             tsk_milliseconds() - loaded);
#pragma GCC diagnostic pop
    if (result == TUSK_OK) tsk_out_text(text);
    tsk_session_close(&s);
    return result;
}

static int clear_cache(tsk_cli *cli) {
    char *text;
    tusk_status status = tusk_code_cache(true, GIVEN(cli, JSON), &text);
    if (status == TUSK_OK)
        tsk_out_text(text);
    else
        tsk_fail(cli, status, "%s", text ? text : "out of memory");
    tusk_text_free(text);
    return (int)status;
}

int tsk_command_config(tsk_cli *cli) {
    static const tsk_action actions[] = {
        {"get", 1, 2, "KEY [DIR]", get},     {"check", 0, 1, "[DIR]", check},  {"validate", 0, 1, "[DIR]", validate},
        {"compile", 0, 1, "[DIR]", compile}, {"docs", 0, 1, "[DIR]", docs},    {"list", 0, 1, "[SECTION]", list},
        {"export", 0, 0, "", export},        {"import", 1, 1, "FILE", import}, {"set", 2, 2, "KEY VALUE", set},
        {"merge", 1, 1, "FILE", merge},      {"stats", 0, 1, "[DIR]", stats},  {"clear-cache", 0, 0, "", clear_cache}};
    return tsk_run_action(cli, actions, sizeof actions / sizeof *actions);
}
