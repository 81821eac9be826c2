/* The command line of tskc. */
#include "tools/tskc/tskc.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *spelling, *argument, *summary;
} options[OPTION_COUNT] = {
#define OPTION(id, spelling, argument, summary) {spelling, argument, summary},
#include "tools/tskc/options.def"
#undef OPTION
};

int tskc_fail(int status, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fputs(status == TUSK_USAGE ? "tskc: error[E0701]: " : "tskc: error: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    if (status == TUSK_USAGE) fputs("  hint: tskc --help explains it\n", stderr);
    return status;
}

static int help(void) {
    puts(
        "Usage: tskc [OPTIONS] FILE -o OUTPUT\n\n"
        "Compiles a configuration: its functions to native code, its constants to read-only data. What it makes needs\n"
        "libtusk, but neither LLVM nor FILE. A program prints the configuration as `tsk run` does.\n\nOptions:");
    for (int i = 0; i < OPTION_COUNT; i++) {
        char left[64];
        bool attached = i == OPTION_OPTIMIZE;
        snprintf(left, sizeof left, "%s%s%s", options[i].spelling, *options[i].argument && !attached ? " " : "",
                 options[i].argument);
        printf("  %-24s %s\n", left, options[i].summary);
    }
    return TUSK_OK;
}

/* The option that `text` is or begins with; *value: what is attached. -1: none. */
static int find(const char *text, const char **value) {
    for (int i = 0; i < OPTION_COUNT; i++) {
        size_t len = strlen(options[i].spelling);
        bool letter = options[i].spelling[1] != '-' && len == 2;
        if (strncmp(text, options[i].spelling, len)) continue;
        *value = text[len] ? text + len : NULL;
        if (!text[len]) return i;
        if (letter && *options[i].argument) return i;
        if (!letter && text[len] == '=' && *options[i].argument) {
            ++*value;
            return i;
        }
    }
    return -1;
}

static int add(const char ***list, int *count, const char *value) {
    const char **longer = realloc(*list, (size_t)(*count + 1) * sizeof *longer);
    if (!longer) return tskc_fail(TUSK_ERROR, "out of memory");
    longer[(*count)++] = value;
    *list = longer;
    return TUSK_OK;
}

static int take(tskc *c, int id, const char *value) {
    c->value[id] = value;
    if (id == OPTION_TRAIN) return add(&c->train, &c->train_count, value);
    if (id == OPTION_DEFINE) return add(&c->define, &c->define_count, value);
    if (id == OPTION_OPTIMIZE && (!strchr("0123", *value) || !*value || value[1]))
        return tskc_fail(TUSK_USAGE, "-O%s: the levels are 0 to 3", value);
    return TUSK_OK;
}

static bool is_identifier(const char *name) {
    if (!isalpha((unsigned char)*name) && *name != '_') return false;
    for (const char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_') return false;
    return true;
}

/* From the file's name, without folders and suffix. */
static int choose_name(tskc *c) {
    const char *given = c->value[OPTION_NAME], *slash = strrchr(c->file, '/'), *base = slash ? slash + 1 : c->file;
    if (given && (!is_identifier(given) || strlen(given) >= sizeof c->name))
        return tskc_fail(TUSK_USAGE, "--name '%s' is not a C identifier", given);
    snprintf(c->name, sizeof c->name, "%s%s", !given && isdigit((unsigned char)*base) ? "_" : "", given ? given : base);
    char *dot = given ? NULL : strrchr(c->name, '.');
    if (dot && dot != c->name) *dot = 0;
    for (char *p = c->name; *p; p++)
        if (!isalnum((unsigned char)*p)) *p = '_';
    return TUSK_OK;
}

static int check(tskc *c) {
    if (!c->file) return tskc_fail(TUSK_USAGE, "which configuration?");
    if (!c->value[OPTION_OUTPUT] && !c->value[OPTION_HEADER])
        return tskc_fail(TUSK_USAGE, "what shall be made of %s? -o OUTPUT or --emit-header FILE says it", c->file);
    for (int i = 0; i < c->define_count; i++)
        if (!strchr(c->define[i], '=') || *c->define[i] == '=')
            return tskc_fail(TUSK_USAGE, "-D does not understand '%s'; it wants KEY=VALUE", c->define[i]);
    static const char *const cpus[] = {"native", "x86-64-v2", "x86-64-v3", "x86-64-v4"};
    const char *cpu = c->value[OPTION_CPU];
    for (size_t i = 0; cpu && strcmp(cpus[i], cpu); i++)
        if (i + 1 == sizeof cpus / sizeof *cpus)
            return tskc_fail(TUSK_USAGE, "--cpu '%s' is none of native, x86-64-v2, x86-64-v3, x86-64-v4", cpu);
    return choose_name(c);
}

int tskc_parse(tskc *c, int argc, char **argv, bool *done) {
    bool ended = false;
    for (int i = 1; i < argc; i++) {
        const char *value = NULL;
        int id = -1, status;
        if (!ended && !strcmp(argv[i], "--")) {
            ended = true;
            continue;
        }
        if (ended || argv[i][0] != '-' || !argv[i][1]) {
            if (c->file) return tskc_fail(TUSK_USAGE, "one configuration at a time: %s or %s?", c->file, argv[i]);
            c->file = argv[i];
            continue;
        }
        if ((id = find(argv[i], &value)) < 0) return tskc_fail(TUSK_USAGE, "there is no option %s", argv[i]);
        if (*options[id].argument && !value) {
            if (i + 1 >= argc)
                return tskc_fail(TUSK_USAGE, "%s wants %s after it", options[id].spelling, options[id].argument);
            value = argv[++i];
        }
        if ((status = take(c, id, value ? value : ""))) return status;
    }
    *done = c->value[OPTION_HELP] || c->value[OPTION_VERSION];
    if (c->value[OPTION_HELP]) return help();
    if (c->value[OPTION_VERSION]) {
        printf("tskc %s (TuskLang)\n", tusk_version());
        return TUSK_OK;
    }
    return check(c);
}
