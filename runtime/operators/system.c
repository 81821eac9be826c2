/* The machine that evaluates: its name, kind, processors and memory. */
#include "runtime/operators/internal.h"

#include <tusk/tusk.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

static bool no_answer(tsk_op_context *cx, const char *op) {
    return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED, "%s: the system does not say: %s", op, strerror(errno));
}

TSK_OPERATOR(hostname) {
    struct utsname names;
    if (uname(&names) < 0) return no_answer(cx, "hostname");
    *out = tsk_str_cstr(cx->heap, names.nodename);
    return true;
}

/* In small letters: "linux". */
TSK_OPERATOR(platform) {
    struct utsname names;
    if (uname(&names) < 0) return no_answer(cx, "platform");
    for (char *p = names.sysname; *p; p++)
        if (*p >= 'A' && *p <= 'Z') *p = (char)(*p + 32);
    *out = tsk_str_cstr(cx->heap, names.sysname);
    return true;
}

TSK_OPERATOR(arch) {
    struct utsname names;
    if (uname(&names) < 0) return no_answer(cx, "arch");
    *out = tsk_str_cstr(cx->heap, names.machine);
    return true;
}

/* uname([part]): everything in one line, or the part that a letter of uname(1) or a word names. */
TSK_OPERATOR(uname) {
    TSK_CALL("uname");
    struct utsname names;
    tsk_slice part;
    if (!tsk_arg_text_or(&call, 0, TSK_SLICE("a"), &part)) return false;
    if (uname(&names) < 0) return no_answer(cx, "uname");
    const struct {
        const char *letter, *word, *value;
    } parts[] = {{"s", "system", names.sysname},   {"n", "node", names.nodename},   {"r", "release", names.release},
                 {"v", "version", names.version},  {"m", "machine", names.machine}, {"s", "sysname", names.sysname},
                 {"n", "nodename", names.nodename}};
    for (size_t i = 0; i < TSK_COUNT(parts); i++) {
        if (!tsk_slice_same(part, parts[i].letter) && !tsk_slice_same(part, parts[i].word)) continue;
        *out = tsk_str_cstr(cx->heap, parts[i].value);
        return true;
    }
    if (!tsk_slice_same(part, "a") && !tsk_slice_same(part, "all"))
        return tsk_arg_wrong(&call, 0, "\"system\", \"node\", \"release\", \"version\", \"machine\" or \"all\"");
    *out = tsk_str_cstr(cx->heap, tsk_arena_printf(cx->heap, "%s %s %s %s %s", names.sysname, names.nodename,
                                                   names.release, names.version, names.machine));
    return true;
}

/* Processors that this process may use, as nproc counts them. */
TSK_OPERATOR(cpu_count) {
    cpu_set_t usable;
    long n = sched_getaffinity(0, sizeof usable, &usable) == 0 ? CPU_COUNT(&usable) : sysconf(_SC_NPROCESSORS_ONLN);
    if (n < 1) return no_answer(cx, "cpu_count");
    *out = tsk_int(cx->heap, n);
    return true;
}

/* Bytes. */
TSK_OPERATOR(memory_total) {
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    if (pages < 0 || page < 0) return no_answer(cx, "memory_total");
    *out = tsk_int(cx->heap, (int64_t)pages * page);
    return true;
}

/* Bytes of this process that are in memory; the argument of PHP's function of this name makes no difference here. */
TSK_OPERATOR(memory_usage) {
    char text[128];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return no_answer(cx, "memory_usage");
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    long whole, resident;
    text[n > 0 ? n : 0] = 0;
    if (sscanf(text, "%ld %ld", &whole, &resident) != 2) return no_answer(cx, "memory_usage");
    *out = tsk_int(cx->heap, (int64_t)resident * sysconf(_SC_PAGESIZE));
    return true;
}

TSK_OPERATOR(pid) {
    *out = tsk_int(cx->heap, getpid());
    return true;
}

/* The program that evaluates. */
TSK_OPERATOR(exe_path) {
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    if (n < 0) return no_answer(cx, "exe_path");
    *out = tsk_op_text(cx, path, (size_t)n);
    return true;
}

/* Of Tusk. */
TSK_OPERATOR(version) {
    *out = tsk_str_cstr(cx->heap, tusk_version());
    return true;
}

/* The first interface that is up and no loopback; what is asked of it goes into `text`. */
static bool first_interface(int family, char text[64]) {
    struct ifaddrs *all, *i;
    *text = 0;
    if (getifaddrs(&all) < 0) return false;
    for (i = all; i && !*text; i = i->ifa_next) {
        if (!i->ifa_addr || i->ifa_addr->sa_family != family || i->ifa_flags & IFF_LOOPBACK || !(i->ifa_flags & IFF_UP))
            continue;
        if (family == AF_INET) {
            inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)i->ifa_addr)->sin_addr, text, 64);
        } else {
            const struct sockaddr_ll *link = (const void *)i->ifa_addr;
            const uint8_t *a = link->sll_addr;
            if (link->sll_halen == 6)
                snprintf(text, 64, "%02x:%02x:%02x:%02x:%02x:%02x", a[0], a[1], a[2], a[3], a[4], a[5]);
        }
    }
    freeifaddrs(all);
    return true;
}

static bool interface_text(tsk_op_context *cx, const char *op, int family, tsk_value *out) {
    char text[64];
    if (!first_interface(family, text)) return no_answer(cx, op);
    *out = *text ? tsk_str_cstr(cx->heap, text) : TSK_VALUE_NULL;
    return true;
}

/* IPv4 of the first interface that is no loopback; null without one. */
TSK_OPERATOR(local_ip) {
    return interface_text(cx, "local_ip", AF_INET, out);
}

TSK_OPERATOR(mac_address) {
    return interface_text(cx, "mac_address", AF_PACKET, out);
}
