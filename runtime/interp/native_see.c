/* What people see of a compilation: dumps of its stages, and what debuggers and profilers are told.
 *
 *   our IR ─► LLVM before ─► LLVM after ─► object ─► loaded: instructions with lines ─► GDB, perf
 *
 * A dump is a part of standard error below a heading, or a file: NUMBER-NAME[-LINE][-vVERSION].ir .before.ll .ll .s */
#include "runtime/interp/native.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool wanted(const char *variable) {
    const char *value = secure_getenv(variable);
    return value && *value && strcmp(value, "0") != 0;
}

void tsk_native_view_begin(tsk_native_view *view) {
    view->gdb = wanted("TSK_GDB");
    view->perf_map = wanted("TSK_PERF_MAP");
    view->perf_dump = wanted("TSK_PERF_DUMP");
}

bool tsk_native_view_needs_lines(const tsk_native_view *view) {
    return view->dump || view->gdb || view->perf_dump;
}

/* ---- where dumps go ---- */

static bool place_of(const tsk_native_sight *s, uint32_t pc, tsk_native_place *at) {
    return s->view->place && pc < s->code->count && s->view->place(s->view->place_user, s->code->spans[pc], at);
}

/* Where the function begins, or the loop. */
static void find_start(const tsk_native_sight *s, tsk_native_place *at) {
    *at = (tsk_native_place){"library", 0, 0};
    if (s->from != TSK_NATIVE_FROM_START) {
        place_of(s, s->from, at);
        return;
    }
    for (uint32_t pc = 0; pc < s->code->count; pc++)
        if (s->code->spans[pc].pos && place_of(s, pc, at)) return;
}

static FILE *create(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    return fd >= 0 ? fdopen(fd, "w") : NULL;
}

static void put_file(const tsk_native_view *view, const char *stem, const char *suffix, const char *text) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%s", view->directory, stem, suffix);
    FILE *file = create(path);
    if (!file && errno == ENOENT && !mkdir(view->directory, 0777)) file = create(path);
    bool written = file && fputs(text, file) >= 0;
    if (file && fclose(file)) written = false;
    if (!written) fprintf(stderr, "tusk: %s cannot be written: %s\n", path, strerror(errno));
}

void tsk_native_view_put(const tsk_native_view *view, const char *stem, const char *heading, const char *suffix,
                         const char *text) {
    if (view->directory) {
        put_file(view, stem, suffix, text);
        return;
    }
    flockfile(stderr);
    fprintf(stderr, "; ---- %s\n%s", heading, text);
    funlockfile(stderr);
}

static void write_stem(const tsk_native_sight *s, const tsk_native_place *at, char *stem, size_t size) {
    char name[64], loop[32] = "", version[32] = "";
    size_t n = 0;
    for (const char *c = s->code->name; *c && n < sizeof name - 1; c++)
        name[n++] = isalnum((unsigned char)*c) || strchr("_$.", *c) ? *c : '_';
    name[n] = 0;
    if (s->from != TSK_NATIVE_FROM_START) snprintf(loop, sizeof loop, "-loop%u", at->line);
    if (s->version) snprintf(version, sizeof version, "-v%u", s->version + 1);
    snprintf(stem, size, "%u-%s%s%s", s->code->number, name, loop, version);
}

static void put(const tsk_native_sight *s, const char *title, const char *suffix, const char *text) {
    char stem[160], heading[4096];
    tsk_native_place at;
    find_start(s, &at);
    write_stem(s, &at, stem, sizeof stem);
    snprintf(heading, sizeof heading, "#%u %s, %s%s:%u: %s", s->code->number, s->code->name,
             s->from == TSK_NATIVE_FROM_START ? "" : "from the loop at ", at.file, at.line, title);
    tsk_native_view_put(s->view, stem, heading, suffix, text);
}

/* ---- stages ---- */

static void put_ir(const tsk_native_sight *s) {
    tsk_arena arena;
    tsk_trap trap;
    tsk_arena_init(&arena, NULL, 0);
    if (!setjmp(trap.jump)) {
        arena.trap = &trap;
        tsk_buf out;
        tsk_buf_init(&out, &arena);
        tsk_ir_print_func(&out, s->code->func, NULL);
        tsk_buf_char(&out, 0);
        put(s, "IR", "ir", out.ptr);
    }
    tsk_arena_free(&arena);
}

static void show_llvm(void *user, bool before, const char *text) {
    put(user, before ? "LLVM before its passes" : "LLVM after its passes", before ? "before.ll" : "ll", text);
}

void tsk_native_sight_begin(tsk_native_sight *s, const tsk_native_view *view, const tsk_native_job *job) {
    *s = (tsk_native_sight){.view = view, .code = job->code, .from = job->from, .version = job->code->versions};
    if (tsk_native_view_needs_lines(view)) s->watch.place = view->place;
    s->watch.place_user = view->place_user;
    if (view->dump & TSK_NATIVE_DUMP_LLVM) s->watch.show = show_llvm;
    s->watch.show_user = s;
    if (view->dump & TSK_NATIVE_DUMP_IR) put_ir(s);
}

/* ---- machine code ---- */

typedef struct listing {
    FILE *out;
    const unsigned char *code;
    const tsk_native_line *lines;
    uint32_t count, next;
} listing;

static void put_instruction(void *user, size_t offset, size_t size, const char *text) {
    listing *l = user;
    for (; l->next < l->count && l->lines[l->next].offset <= offset; l->next++) {
        const tsk_native_line *line = &l->lines[l->next], *before = l->next ? line - 1 : NULL;
        if (line->line && !(before && before->line == line->line && !strcmp(before->file, line->file)))
            fprintf(l->out, "; %s:%u\n", line->file, line->line);
    }
    fprintf(l->out, "%6zx  ", offset);
    for (size_t i = 0; i < 10 || i < size; i++) {
        if (i < size)
            fprintf(l->out, "%02x", l->code[offset + i]);
        else
            fputs("  ", l->out);
    }
    fprintf(l->out, "%s\n", text);
}

static void put_code(const tsk_native_sight *s, const tsk_native_backend *backend, const tsk_native_object *object,
                     const tsk_native_code *c) {
    char *text = NULL;
    size_t size;
    listing l = {.out = open_memstream(&text, &size), .code = (const void *)(uintptr_t)c->entry};
    if (!l.out) return;
    tsk_native_line *lines = tsk_native_lines(object, &l.count);
    l.lines = lines;
    bool ok = backend->disassemble(l.code, c->code_size, put_instruction, &l);
    if (!fclose(l.out) && ok) put(s, "machine code", "s", text);
    free(lines);
    free(text);
}

void tsk_native_sight_loaded(const tsk_native_sight *s, const tsk_native_backend *backend,
                             const tsk_native_object *object, tsk_native_code *c) {
    if (s->view->dump & TSK_NATIVE_DUMP_ASM) put_code(s, backend, object, c);
    if (s->view->gdb) tsk_native_gdb_add(object, c);
    if (s->view->perf_dump) tsk_native_perf_dump(object, c);
    if (s->view->perf_map) tsk_native_perf_map(c);
}

void tsk_native_view_cached(const tsk_native_view *view, const tsk_native_code *c) {
    if (view->perf_map) tsk_native_perf_map(c);
}
