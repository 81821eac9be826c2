/* The peanut hierarchy: one program out of the files of a directory and those above it.
 *
 *   /etc/tusklang, ~/.config/tusklang  <  / .. /srv .. /srv/app     later ones win
 *
 * Each directory gives at most one file: peanu before peanut, .tsk before .peanuts; a .pnt when it is newer than that, or
 * alone.  The program's text is a list of includes, lowest first, so merging and positions are those of includes. */
#include "runtime/engine/engine.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define MAX_LEVELS 128

typedef struct hierarchy {
    tsk_buf text;
    uint32_t files;
} hierarchy;

static bool find_first(tsk_arena *arena, const char *directory, const char *const *names, size_t count,
                       const char **path) {
    for (size_t i = 0; i < count; i++) {
        *path = tsk_file_join(arena, directory, names[i], strlen(names[i]));
        if (tsk_file_exists(*path)) return true;
    }
    return false;
}

/* The text, but a compiled one that is newer than it. */
static bool find(tsk_arena *arena, const char *directory, const char **path) {
    static const char *const texts[] = {"peanu.tsk", "peanu.peanuts", "peanut.tsk", "peanut.peanuts"},
                             *const binaries[] = {"peanu.pnt", "peanut.pnt"};
    const char *text, *binary;
    struct stat a, b;
    bool has_text = find_first(arena, directory, texts, TSK_COUNT(texts), &text);
    bool has_binary = find_first(arena, directory, binaries, TSK_COUNT(binaries), &binary);
    bool newer = has_text && has_binary && !stat(text, &a) && !stat(binary, &b) &&
                 (b.st_mtim.tv_sec > a.st_mtim.tv_sec ||
                  (b.st_mtim.tv_sec == a.st_mtim.tv_sec && b.st_mtim.tv_nsec > a.st_mtim.tv_nsec));
    *path = has_text && !newer ? text : binary;
    return has_text || has_binary;
}

static void add_include(tsk_buf *text, const char *path) {
    tsk_buf_cstr(text, "@include \"");
    for (; *path; path++) {
        if (*path == '"' || *path == '\\' || *path == '$' || *path == '{') tsk_buf_char(text, '\\');
        tsk_buf_char(text, *path);
    }
    tsk_buf_cstr(text, "\"\n");
}

static void add_directory(tsk_arena *arena, hierarchy *h, const char *directory) {
    const char *path;
    if (!find(arena, directory, &path)) return;
    add_include(&h->text, path);
    h->files++;
}

static void add_global(tsk_arena *arena, hierarchy *h, const tsk_settings *settings) {
    add_directory(arena, h, "/etc/tusklang");
    const char *home = tsk_settings_variable(settings, "HOME");
    if (home && *home == '/') add_directory(arena, h, tsk_arena_printf(arena, "%s/.config/tusklang", home));
}

static void add_levels(tsk_arena *arena, hierarchy *h, const char *directory) {
    const char *levels[MAX_LEVELS];
    uint32_t count = 0;
    while (count < MAX_LEVELS) {
        levels[count++] = directory;
        if (strcmp(directory, "/") == 0) break;
        directory = tsk_file_directory(arena, directory);
    }
    while (count) add_directory(arena, h, levels[--count]);
}

typedef struct peanut_request {
    const char *directory;
    hierarchy h;
} peanut_request;

static void collect(tusk_program *program, void *argument) {
    peanut_request *r = argument;
    tsk_buf_init(&r->h.text, &program->arena);
    add_global(&program->arena, &r->h, &program->settings);
    add_levels(&program->arena, &r->h, r->directory);
    if (!r->h.files)
        tsk_diags_add(&program->graph.diags, TSK_ERROR, TSK_E_FILE_NOT_FOUND, (tsk_span){0, 0},
                      "there is no peanut file in %s or above it", r->directory);
}

tusk_status tusk_program_open_hierarchy(const tusk_options *options, const char *directory, tusk_program **program) {
    if (!program) return TUSK_USAGE;
    *program = NULL;
    char real[PATH_MAX];
    if (!directory) return TUSK_USAGE;
    tusk_status status = tsk_program_create(options, 0, program);
    if (status) return status;
    if (!realpath(directory, real)) snprintf(real, sizeof real, "%s", directory);
    peanut_request r = {.directory = real};
    if (!tsk_program_locked(*program, collect, &r)) {
        (*program)->failure = "there is no memory to load the configuration";
        return (*program)->status = TUSK_NO_MEMORY;
    }
    if (!r.h.files) return (*program)->status = TUSK_NOT_FOUND;
    tsk_program_input input = {
        .name = "<peanuts>", .text = r.h.text.ptr, .len = r.h.text.len, .directory = real, .include_anywhere = true};
    return tsk_program_load(*program, &input);
}
