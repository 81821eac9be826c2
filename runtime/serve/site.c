/* Files of the place that is served, and the paths that lead to them.
 *
 *   directory ─► NAME.tsk ─► begins with #!api? ─► program, snapshot ─► rule
 *   rules ─► /NAME.tsk, /NAME, for index.tsk the directory, #!route ─► table
 *
 * A file that has not changed since the site before keeps its rule.  One that has errors now keeps what was good. */
#include "runtime/serve/serve.h"

#include "runtime/operators/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_FILES = 10000, MOST_DEPTH = 32 };

/* ---- rules ---- */

static void release_rule(tsk_rule *rule) {
    if (!rule || atomic_fetch_sub_explicit(&rule->references, 1, memory_order_acq_rel) != 1) return;
    for (unsigned i = 0; i < rule->workers; i++) tusk_context_free(rule->contexts[i]);
    tusk_snapshot_release(rule->snapshot);
    tusk_program_release(rule->program);
    tsk_stamps_free(&rule->stamps);
    free(rule->file);
    free(rule->error);
    free(rule->allow);
    free(rule->headers);
    free(rule->route);
    free(rule->failure);
    free(rule);
}

static tsk_rule *new_rule(tusk_server *server, const char *file, const char *shown) {
    tsk_rule *rule = calloc(1, sizeof *rule + server->worker_count * sizeof rule->contexts[0]);
    if (!rule || !(rule->file = strdup(file))) {
        free(rule);
        return NULL;
    }
    atomic_init(&rule->references, 1);
    rule->workers = server->worker_count;
    rule->shown = rule->file + (shown - file);
    return rule;
}

/* Whether one of the comments that the file begins with is #!api. */
static bool begins_with_api(const char *file) {
    char text[8192];
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (n <= 0) return false;
    text[n] = 0;
    const char *p = text;
    if (!strncmp(p, "\xEF\xBB\xBF", 3)) p += 3;
    while (*p == '#' || *p == '\n' || *p == '\r') {
        size_t len = strcspn(p, "\n");
        tsk_slice line = tsk_slice_trim((tsk_slice){p, (uint32_t)len});
        if (tsk_slice_eq(line, TSK_SLICE("#!api")) || tsk_slice_eq(line, TSK_SLICE("#!/api")) ||
            tsk_slice_eq(line, TSK_SLICE("#! api")))
            return true;
        p += len + (p[len] == '\n');
    }
    return false;
}

/* ---- directives ---- */

static const struct {
    const char *name;
    tsk_method method;
} methods[] = {{"GET", TSK_GET},       {"HEAD", TSK_HEAD},   {"POST", TSK_POST},      {"PUT", TSK_PUT},
               {"DELETE", TSK_DELETE}, {"PATCH", TSK_PATCH}, {"OPTIONS", TSK_OPTIONS}};

tsk_method tsk_method_of(tsk_slice name) {
    for (size_t i = 0; i < TSK_COUNT(methods); i++)
        if (strlen(methods[i].name) == name.len && !memcmp(methods[i].name, name.ptr, name.len))
            return methods[i].method;
    return (tsk_method)0;
}

/* "GET, POST": as bits; what is no method is left out. */
static unsigned read_methods(tsk_slice text) {
    unsigned set = 0;
    const char *p = text.ptr, *end = p + text.len;
    while (p < end) {
        size_t len = 0;
        while (p + len < end && p[len] != ',' && p[len] != ' ') len++;
        for (size_t i = 0; i < TSK_COUNT(methods); i++) {
            char small[8] = {0};
            for (size_t k = 0; methods[i].name[k]; k++) small[k] = (char)(methods[i].name[k] | 0x20);
            if (tsk_http_same((tsk_slice){p, (uint32_t)len}, small)) set |= methods[i].method;
        }
        p += len + 1;
    }
    if (set & TSK_GET) set |= TSK_HEAD;
    return set ? set | TSK_OPTIONS : 0;
}

static char *write_methods(unsigned set) {
    char text[80] = "";
    for (size_t i = 0; i < TSK_COUNT(methods); i++) {
        if (!(set & methods[i].method)) continue;
        if (*text) strcat(text, ", ");
        strcat(text, methods[i].name);
    }
    return strdup(text);
}

static tsk_slice unquoted(tsk_slice s) {
    if (s.len >= 2 && (*s.ptr == '"' || *s.ptr == '\'') && s.ptr[s.len - 1] == *s.ptr)
        return (tsk_slice){s.ptr + 1, s.len - 2};
    return s;
}

static bool is_plain(tsk_slice s) {
    for (uint32_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 0x7f) return false;
    return s.len > 0;
}

/* #!methods, #!cache, #!no-cache, #!cors, #!route.  False: no memory. */
static bool read_directives(tsk_rule *rule) {
    const char *name, *argument;
    size_t name_len, argument_len;
    char headers[512] = "";
    for (size_t i = 0; tusk_program_directive(rule->program, i, &name, &name_len, &argument, &argument_len); i++) {
        tsk_slice word = {name, (uint32_t)name_len}, value = unquoted((tsk_slice){argument, (uint32_t)argument_len});
        size_t used = strlen(headers), room = sizeof headers - used;
        int64_t ms;
        if (tsk_slice_eq(word, TSK_SLICE("methods"))) {
            rule->methods = read_methods(value);
        } else if (tsk_slice_eq(word, TSK_SLICE("cache")) && tsk_duration_parse(value, &ms)) {
            snprintf(headers + used, room, "Cache-Control: max-age=%lld\r\n", (long long)(ms / 1000));
        } else if (tsk_slice_eq(word, TSK_SLICE("no-cache"))) {
            snprintf(headers + used, room, "Cache-Control: no-store\r\n");
        } else if (tsk_slice_eq(word, TSK_SLICE("route")) && value.len && *value.ptr == '/' && is_plain(value)) {
            free(rule->route);
            if (!(rule->route = strndup(value.ptr, value.len))) return false;
        }
    }
    if (rule->methods && !(rule->allow = write_methods(rule->methods))) return false;
    return !*headers || (rule->headers = strdup(headers));
}

/* ---- loading ---- */

static void drop_colour_and_end(char *text) {
    size_t len = text ? strlen(text) : 0;
    while (len && text[len - 1] == '\n') text[--len] = 0;
}

static bool stamp_rule(tsk_rule *rule, const tusk_program *program, tusk_snapshot *snapshot) {
    const char *path;
    bool all = tsk_stamps_add(&rule->stamps, rule->file);
    for (size_t i = 0; (path = tusk_program_file(program, i)); i++) all &= tsk_stamps_add(&rule->stamps, path);
    for (rule->inputs = 0; snapshot && (path = tusk_snapshot_input(snapshot, rule->inputs)); rule->inputs++)
        all &= tsk_stamps_add(&rule->stamps, path);
    return all;
}

/* The good version from before goes on. */
static void keep_old(tsk_rule *rule, const tsk_rule *before) {
    if (!before || !before->program) return;
    rule->program = tusk_program_retain(before->program);
    rule->snapshot = tusk_snapshot_retain(before->snapshot);
}

static tsk_rule *load_rule(tusk_server *server, const char *file, const char *shown, const tsk_rule *before) {
    tsk_rule *rule = new_rule(server, file, shown);
    if (!rule) return NULL;
    rule->api = begins_with_api(file);
    if (!rule->api) {
        if (tsk_stamps_add(&rule->stamps, file)) return rule;
        release_rule(rule);
        return NULL;
    }
    /* Stamps are taken first: a file that changes while it is compiled is compiled again. */
    if (!tsk_stamps_add(&rule->stamps, file)) return release_rule(rule), NULL;
    tusk_program *program = NULL;
    tusk_status status = tusk_program_open(server->options, file, &program);
    if (status == TUSK_OK) status = tusk_snapshot_new(program, server->options, &rule->snapshot);
    bool whole = program && stamp_rule(rule, program, NULL);
    if (status == TUSK_OK) {
        tusk_snapshot_track(rule->snapshot);
        rule->program = program;
        if (before) tsk_server_log(server, TUSK_LOG_NOTE, "%s is served as it is now", rule->shown);
    } else {
        rule->error = tusk_program_report(program, TUSK_REPORT_TEXT);
        drop_colour_and_end(rule->error);
        tusk_program_release(program);
        keep_old(rule, before);
        if (!before || !before->error || !rule->error || strcmp(before->error, rule->error))
            tsk_server_log(server, TUSK_LOG_ERROR, "%s%s", rule->error ? rule->error : "there is no memory",
                           rule->program ? "\n  the last version without errors goes on answering" : "");
    }
    if (whole && (!rule->program || read_directives(rule))) return rule;
    release_rule(rule);
    return NULL;
}

/* ---- looking for files ---- */

typedef struct search {
    tusk_server *server;
    tsk_site *site;
    const tsk_site *before;
    bool again;
    bool failed; /* no memory */
    size_t root; /* bytes of the place with its slash */
} search;

static tsk_rule *find_before(const search *s, const char *file) {
    char path[PATH_MAX + 1];
    if (!s->before) return NULL;
    int len = snprintf(path, sizeof path, "/%s", file + s->root);
    tsk_rule *rule = len < (int)sizeof path ? tsk_site_find(s->before, path, (uint32_t)len) : NULL;
    return rule && !strcmp(rule->file, file) ? rule : NULL;
}

/* Files that evaluations have read since the rule was made have no stamp yet: taken now. */
static bool holds(tsk_rule *rule) {
    const char *path;
    while (rule->snapshot && (path = tusk_snapshot_input(rule->snapshot, rule->inputs))) {
        rule->inputs++;
        tsk_stamps_add(&rule->stamps, path);
    }
    return tsk_stamps_hold(&rule->stamps);
}

static void add_file(search *s, const char *file) {
    tsk_site *site = s->site;
    if (site->count == MOST_FILES) return;
    if (site->count == site->cap) {
        uint32_t cap = site->cap ? site->cap * 2 : 16;
        tsk_rule **longer = realloc(site->rules, cap * sizeof *longer);
        if (!longer) {
            s->failed = true;
            return;
        }
        site->rules = longer;
        site->cap = cap;
    }
    tsk_rule *rule = find_before(s, file);
    if (rule && !s->again && !rule->error && holds(rule))
        atomic_fetch_add_explicit(&rule->references, 1, memory_order_relaxed);
    else
        rule = load_rule(s->server, file, file + s->root, rule);
    if (!rule) {
        s->failed = true;
        return;
    }
    tsk_watch_files(&s->server->watch, &rule->stamps);
    site->rules[site->count++] = rule;
    site->served += rule->api;
}

static bool is_tsk(const char *name) {
    size_t len = strlen(name);
    return len > 4 && !strcmp(name + len - 4, ".tsk");
}

static void search_directory(search *s, const char *directory, int depth) {
    struct dirent **entries;
    tsk_watch_directory(&s->server->watch, directory);
    int count = depth < MOST_DEPTH ? scandir(directory, &entries, NULL, alphasort) : -1;
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        const char *name = entries[i]->d_name;
        struct stat st;
        int n = snprintf(path, sizeof path, "%s%s%s", directory, directory[strlen(directory) - 1] == '/' ? "" : "/",
                         name);
        if (*name != '.' && n > 0 && (size_t)n < sizeof path && !s->failed && !lstat(path, &st)) {
            bool link = S_ISLNK(st.st_mode);
            if (S_ISDIR(st.st_mode)) /* links to directories could lead in circles */
                search_directory(s, path, depth + 1);
            else if (is_tsk(name) && (S_ISREG(st.st_mode) || (link && !stat(path, &st) && S_ISREG(st.st_mode))))
                add_file(s, path);
        }
        free(entries[i]);
    }
    if (count >= 0) free(entries);
}

/* ---- paths ---- */

static tsk_route *slot(const tsk_site *site, const char *path, uint32_t len) {
    uint32_t i = tsk_hash(path, len) & site->mask;
    while (site->routes[i].rule && (site->routes[i].len != len || memcmp(site->routes[i].path, path, len)))
        i = (i + 1) & site->mask;
    return &site->routes[i];
}

/* The first one that asks for a path gets it. */
static void add_route(tsk_site *site, const char *path, size_t len, uint32_t rule) {
    char *copy = tsk_arena_alloc(&site->arena, len + 1);
    copy[0] = '/';
    memcpy(copy + 1, path, len);
    tsk_route *route = slot(site, copy, (uint32_t)len + 1);
    if (!route->rule) *route = (tsk_route){copy, (uint32_t)len + 1, rule + 1};
}

static bool is_index(const char *shown, size_t len) {
    return len >= 9 && !strcmp(shown + len - 9, "index.tsk") && (len == 9 || shown[len - 10] == '/');
}

/* As the public router has it: the path itself, then with .tsk, then index.tsk below it. */
static void make_routes(tsk_site *site) {
    uint32_t size = 64;
    while (size < site->count * 16) size *= 2;
    site->routes = tsk_arena_zalloc(&site->arena, size * sizeof *site->routes);
    site->mask = size - 1;
    for (uint32_t i = 0; i < site->count; i++) {
        const char *shown = site->rules[i]->shown;
        add_route(site, shown, strlen(shown), i);
        add_route(site, shown, strlen(shown) - 4, i);
    }
    for (uint32_t i = 0; i < site->count; i++) {
        const char *shown = site->rules[i]->shown;
        size_t len = strlen(shown);
        if (!is_index(shown, len)) continue;
        add_route(site, shown, len - 9, i);
        if (len > 9) add_route(site, shown, len - 10, i);
    }
    for (uint32_t i = 0; i < site->count; i++)
        if (site->rules[i]->route) add_route(site, site->rules[i]->route + 1, strlen(site->rules[i]->route) - 1, i);
}

tsk_rule *tsk_site_find(const tsk_site *site, const char *path, uint32_t len) {
    const tsk_route *route = slot(site, path, len);
    return route->rule ? site->rules[route->rule - 1] : NULL;
}

/* ---- life ---- */

void tsk_site_release(tsk_site *site) {
    if (!site || atomic_fetch_sub_explicit(&site->references, 1, memory_order_acq_rel) != 1) return;
    for (uint32_t i = 0; i < site->count; i++) release_rule(site->rules[i]);
    free(site->rules);
    tsk_arena_free(&site->arena);
    free(site);
}

static bool route_all(tsk_site *site) {
    tsk_trap trap;
    if (setjmp(trap.jump)) return false;
    site->arena.trap = &trap;
    make_routes(site);
    site->arena.trap = NULL;
    return true;
}

tsk_site *tsk_site_make(tusk_server *server, const tsk_site *before, bool again) {
    tsk_site *site = calloc(1, sizeof *site);
    if (!site) return NULL;
    atomic_init(&site->references, 1);
    tsk_arena_init(&site->arena, &tsk_allocator_default, 0);
    search s = {.server = server, .site = site, .before = before, .again = again};
    if (server->single) {
        const char *slash = strrchr(server->place, '/');
        s.root = slash ? (size_t)(slash - server->place) + 1 : 0;
        add_file(&s, server->place);
        if (site->count) site->every = site->rules[0];
    } else {
        size_t len = strlen(server->place);
        s.root = len + (server->place[len - 1] != '/');
        search_directory(&s, server->place, 0);
    }
    if (!s.failed && route_all(site)) return site;
    tsk_site_release(site);
    return NULL;
}
