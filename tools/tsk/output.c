/* Standard output.  Nothing is written before 64 KiB are waiting or the command has ended well, so that a small
 * answer comes whole or not at all. */
#include "tools/tsk/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char buffer[65536];
static size_t used;
static char last = '\n'; /* byte that was written */

static bool capturing, capture_failed;
static char *captured;
static size_t captured_len, captured_cap;

static void keep(const char *ptr, size_t len) {
    if (!len || capture_failed) return;
    if (captured_cap - captured_len < len) {
        size_t cap = captured_cap * 2 + len + 1024;
        char *longer = realloc(captured, cap);
        if (!longer) {
            capture_failed = true;
            return;
        }
        captured = longer;
        captured_cap = cap;
    }
    memcpy(captured + captured_len, ptr, len);
    captured_len += len;
}

void tsk_out_capture(void) {
    tsk_out_flush();
    capturing = true;
}

char *tsk_out_captured(size_t *len) {
    tsk_out_flush();
    char *text = captured;
    if (capture_failed) {
        free(captured);
        text = NULL;
    } else if (!text) {
        text = calloc(1, 1);
    }
    *len = captured_len;
    captured = NULL;
    captured_len = captured_cap = 0;
    capturing = capture_failed = false;
    return text;
}

/* The process ends here: nobody is left to tell the result to. */
static void write_all(const char *ptr, size_t len) {
    if (capturing) {
        keep(ptr, len);
        return;
    }
    while (len) {
        ssize_t n = write(STDOUT_FILENO, ptr, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            /* Quiet when the reader has gone away: `tsk ... | head` is no reason to talk. */
            if (errno != EPIPE) {
                const char *reason = strerror(errno), *parts[] = {"tsk: cannot write the output: ", reason, "\n"};
                for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
                    if (write(STDERR_FILENO, parts[i], strlen(parts[i])) < 0) break;
            }
            _exit(TUSK_ERROR);
        }
        ptr += n;
        len -= (size_t)n;
    }
}

void tsk_out_flush(void) {
    write_all(buffer, used);
    used = 0;
}

void tsk_out(const char *ptr, size_t len) {
    if (!len) return;
    last = ptr[len - 1];
    if (len > sizeof buffer - used) tsk_out_flush();
    if (len > sizeof buffer) {
        write_all(ptr, len);
        return;
    }
    memcpy(buffer + used, ptr, len);
    used += len;
}

void tsk_out_newline(void) {
    if (last != '\n') tsk_out("\n", 1);
}

void tsk_out_discard(void) {
    used = 0;
}

void tsk_out_text(const char *text) {
    tsk_out(text, strlen(text));
}

void tsk_out_json(const char *ptr, size_t len) {
    static const char hex[] = "0123456789abcdef";
    tsk_out("\"", 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)ptr[i];
        char escaped[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        if (c == '"' || c == '\\')
            tsk_out((char[]){'\\', (char)c}, 2);
        else if (c == '\n')
            tsk_out("\\n", 2);
        else if (c == '\t')
            tsk_out("\\t", 2);
        else if (c < 0x20)
            tsk_out(escaped, 6);
        else
            tsk_out(ptr + i, 1);
    }
    tsk_out("\"", 1);
}

void tsk_out_sink(void *user, const char *ptr, size_t len) {
    (void)user;
    tsk_out(ptr, len);
}

/* JSON has no newlines inside of strings, so every newline is one between lines. */
void tsk_out_sink_indented(void *user, const char *ptr, size_t len) {
    (void)user;
    while (len) {
        const char *newline = memchr(ptr, '\n', len);
        size_t n = newline ? (size_t)(newline - ptr) + 1 : len;
        tsk_out(ptr, n);
        if (newline) tsk_out("  ", 2);
        ptr += n;
        len -= n;
    }
}
