/* From an object to a program or a shared library, by the system's C compiler: $CC, else cc.
 *
 *   program: object + libtusk-main.a (main and the options of `tsk run`) + libtusk.a, starts like tsk itself
 *   library: object, bound to libtusk.so */
#include "tools/tskc/tskc.h"

#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The folder that tskc is in, or "." */
static void own_folder(char *out, size_t size) {
    ssize_t n = readlink("/proc/self/exe", out, size - 1);
    out[n > 0 ? n : 0] = 0;
    char *slash = strrchr(out, '/');
    if (slash)
        *slash = 0;
    else
        snprintf(out, size, ".");
}

/* A file of the library, beside tskc's folder in lib/ or in a folder of it. */
static bool find_library(const char *name, char *out, size_t size) {
    static const char *const places[] = {"../lib", "../lib/x86_64-linux-gnu", "../lib64"};
    char here[PATH_MAX];
    own_folder(here, sizeof here);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(out, size, "%s/%s/%s", here, places[i], name);
        if (!access(out, R_OK)) return true;
    }
    return false;
}

static int run(const char *const *arguments) {
    pid_t child;
    int status;
    int failed = posix_spawnp(&child, arguments[0], NULL, NULL, (char *const *)(uintptr_t)arguments, environ);
    if (failed) return tskc_fail(TUSK_ERROR, "%s, which links, cannot be run: %s", arguments[0], strerror(failed));
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return tskc_fail(TUSK_ERROR, "%s got lost", arguments[0]);
    if (WIFEXITED(status) && !WEXITSTATUS(status)) return TUSK_OK;
    return tskc_fail(TUSK_ERROR, "%s could not link", arguments[0]);
}

static const char *compiler(void) {
    const char *cc = getenv("CC");
    return cc && *cc ? cc : "cc";
}

static int link_shared(const char *object, const char *output) {
    char library[2 * PATH_MAX];
    if (!find_library("libtusk.so", library, sizeof library))
        return tskc_fail(TUSK_ERROR, "libtusk.so is not in ../lib of tskc");
    const char *const arguments[] = {compiler(), "-shared", "-o", output, object, library, NULL};
    return run(arguments);
}

static int link_program(const tskc *c, const char *object, const char *output) {
    char main_library[2 * PATH_MAX], library[2 * PATH_MAX], image[256];
    if (!find_library("libtusk-main.a", main_library, sizeof main_library) ||
        !find_library("libtusk.a", library, sizeof library))
        return tskc_fail(TUSK_ERROR, "libtusk.a and libtusk-main.a are not in ../lib of tskc");
    snprintf(image, sizeof image, "-Wl,--defsym=tusk_main_image=%s_config", c->name);
    const char *const arguments[] = {compiler(),
                                     "-pie",
                                     "-o",
                                     output,
                                     object,
                                     "-Wl,--start-group",
                                     main_library,
                                     library,
                                     "-Wl,--end-group",
                                     image,
#ifdef __SANITIZE_ADDRESS__ /* so is the library */
                                     "-fsanitize=address,undefined",
#endif
                                     "-fno-lto", /* the objects are fat: their machine code is linked in a moment */
                                     "-static-libgcc",
                                     "-Wl,--gc-sections",
                                     "-Wl,--as-needed",
                                     "-Wl,-O1",
                                     "-Wl,--hash-style=gnu",
                                     "-Wl,-z,relro",
                                     "-Wl,-z,now",
                                     c->value[OPTION_DEBUG] ? "-g" : "-Wl,--strip-debug",
#ifdef TUSK_HAVE_PACKED_RELOCATIONS
                                     "-Wl,-z,pack-relative-relocs",
#endif
                                     NULL};
    return run(arguments);
}

int tskc_link(const tskc *c, const char *object, const char *output, bool shared) {
    return shared ? link_shared(object, output) : link_program(c, object, output);
}
