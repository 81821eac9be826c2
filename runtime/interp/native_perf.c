/* Native code for perf, in the two forms that it reads.
 *
 *   TSK_PERF_MAP=1    a line for each piece in /tmp/perf-PID.map: perf report names the functions
 *   TSK_PERF_DUMP=1   code and lines of the source in jit-PID.dump, in $TMPDIR or /tmp: perf inject --jit makes objects of it
 *
 * Files of a process that had this number before are replaced; what is not ours is left alone, and nothing is written. */
#include "runtime/interp/native.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct output {
    FILE *file;
    pid_t owner; /* after a fork there is another file */
} output;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static output map, dump;
static uint64_t pieces;

/* New, and nobody's but ours. */
static FILE *create(const char *path) {
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    struct stat info;
    int fd = open(path, flags, 0600);
    if (fd < 0 && errno == EEXIST && !lstat(path, &info) && S_ISREG(info.st_mode) && info.st_uid == geteuid() &&
        !unlink(path))
        fd = open(path, flags, 0600);
    return fd >= 0 ? fdopen(fd, "w") : NULL;
}

/* True: it was made now.  `file` is NULL when it cannot be, which is tried once. */
static bool open_output(output *o, const char *path) {
    if (o->owner == getpid()) return false;
    o->owner = getpid();
    o->file = create(path);
    if (!o->file) fprintf(stderr, "tusk: %s cannot be written, so perf will not see native code\n", path);
    return o->file;
}

void tsk_native_perf_map(const tsk_native_code *c) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/perf-%ld.map", (long)getpid());
    pthread_mutex_lock(&lock);
    open_output(&map, path);
    if (map.file) {
        fprintf(map.file, "%zx %zx tusk:%s%s\n", (size_t)(uintptr_t)c->entry, c->code_size, c->code->name,
                c->from == TSK_NATIVE_FROM_START ? "" : ":loop");
        fflush(map.file);
    }
    pthread_mutex_unlock(&lock);
}

/* ---- jitdump: records as perf's jitdump-specification.txt has them ---- */

enum { MAGIC = 0x4A695444, VERSION = 1, CODE_LOAD = 0, DEBUG_INFO = 2 };
typedef struct file_header {
    uint32_t magic, version, size, machine, padding, pid;
    uint64_t time, flags;
} file_header;
typedef struct record_header {
    uint32_t kind, size;
    uint64_t time;
} record_header;
typedef struct code_load {
    uint32_t pid, tid;
    uint64_t address, code_address, code_size, number;
} code_load;
typedef struct debug_info {
    uint64_t code_address, count;
} debug_info;
typedef struct debug_entry {
    uint64_t address;
    uint32_t line, discriminator;
} debug_entry;

/* The clock of `perf record -k 1`. */
static void write_header(FILE *f) {
    const file_header header = {MAGIC, VERSION, sizeof header, EM_X86_64, 0, (uint32_t)getpid(), tsk_interp_clock_ns(),
                                0};
    fwrite(&header, sizeof header, 1, f);
    fflush(f);
    /* perf learns of the file by this mapping, which stays. */
    void *page = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_EXEC, MAP_PRIVATE, fileno(f), 0);
    (void)page;
}

static void begin_record(FILE *f, uint32_t kind, size_t size) {
    const record_header header = {kind, (uint32_t)(sizeof header + size), tsk_interp_clock_ns()};
    fwrite(&header, sizeof header, 1, f);
}

static void write_lines(FILE *f, const tsk_native_code *c, const tsk_native_line *lines, uint32_t count) {
    const debug_info info = {(uint64_t)(uintptr_t)c->entry, count};
    size_t size = sizeof info;
    for (uint32_t i = 0; i < count; i++) size += sizeof(debug_entry) + strlen(lines[i].file) + 1;
    begin_record(f, DEBUG_INFO, size);
    fwrite(&info, sizeof info, 1, f);
    for (uint32_t i = 0; i < count; i++) {
        const debug_entry entry = {(uint64_t)(uintptr_t)c->entry + lines[i].offset, lines[i].line, 0};
        fwrite(&entry, sizeof entry, 1, f);
        fwrite(lines[i].file, strlen(lines[i].file) + 1, 1, f);
    }
}

static void write_code(FILE *f, const tsk_native_code *c) {
    uint64_t address = (uint64_t)(uintptr_t)c->entry;
    const code_load load = {(uint32_t)getpid(), (uint32_t)gettid(), address, address, c->code_size, pieces++};
    const char *name = c->code->name;
    begin_record(f, CODE_LOAD, sizeof load + strlen(name) + 1 + c->code_size);
    fwrite(&load, sizeof load, 1, f);
    fwrite(name, strlen(name) + 1, 1, f);
    fwrite((const void *)(uintptr_t)c->entry, 1, c->code_size, f);
    fflush(f);
}

void tsk_native_perf_dump(const tsk_native_object *object, const tsk_native_code *c) {
    const char *folder = secure_getenv("TMPDIR");
    char path[4096];
    uint32_t count;
    tsk_native_line *lines = tsk_native_lines(object, &count);
    snprintf(path, sizeof path, "%s/jit-%ld.dump", folder && *folder ? folder : "/tmp", (long)getpid());
    pthread_mutex_lock(&lock);
    if (open_output(&dump, path)) write_header(dump.file);
    if (dump.file) {
        if (count) write_lines(dump.file, c, lines, count);
        write_code(dump.file, c);
    }
    pthread_mutex_unlock(&lock);
    free(lines);
}
