/* The entry of the readers, and what they share. */
#include "runtime/formats/internal.h"
#include "runtime/formats/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#define SHOWN 48 /* columns of a line in a message */

static const struct {
    const char *name;
    tsk_format format;
    bool (*read)(tsk_reader *r, tsk_value *out); /* NULL: JSON, which has a reader of its own */
} formats[] = {
    {"json", TSK_FORMAT_JSON, NULL},         {"yaml", TSK_FORMAT_YAML, tsk_read_yaml},
    {"yml", TSK_FORMAT_YAML, tsk_read_yaml}, {"toml", TSK_FORMAT_TOML, tsk_read_toml},
    {"csv", TSK_FORMAT_CSV, tsk_read_csv},   {"ini", TSK_FORMAT_INI, tsk_read_ini},
    {"xml", TSK_FORMAT_XML, tsk_read_xml},   {"env", TSK_FORMAT_ENV, tsk_read_env},
};

/* Cut off where it gets long: values of the text may stand in it. */
static const char *message(tsk_reader *r, const char *fmt, va_list args) {
    char text[256];
    int n = vsnprintf(text, sizeof text, fmt, args);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    return tsk_arena_strdup(r->arena, text, len);
}

bool tsk_read_fail(tsk_reader *r, const char *at, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    *r->problem = (tsk_read_problem){TSK_E_OPERATOR_FAILED, message(r, fmt, args), NULL, (size_t)(at - r->text)};
    va_end(args);
    return false;
}

bool tsk_read_hint(tsk_reader *r, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    r->problem->hint = message(r, fmt, args);
    va_end(args);
    return false;
}

bool tsk_read_enter(tsk_reader *r) {
    if (r->depth++ < r->options.max_depth) return true;
    tsk_read_fail(r, r->p, "nesting deeper than %u levels", r->options.max_depth);
    r->problem->code = TSK_E_DEPTH_LIMIT;
    return false;
}

tsk_slice tsk_read_taken(tsk_buf *buf) {
    tsk_arena_shrink(buf->arena, buf->ptr, buf->cap, buf->len);
    return (tsk_slice){buf->len ? buf->ptr : "", (uint32_t)buf->len};
}

bool tsk_read_code(tsk_reader *r, unsigned digits, uint32_t *code) {
    *code = 0;
    for (unsigned i = 0; i < digits; i++) {
        int d = tsk_read_hex(tsk_read_at(r, i));
        if (d < 0) return false;
        *code = *code << 4 | (uint32_t)d;
    }
    r->p += digits;
    return true;
}

bool tsk_read_add_code(tsk_buf *out, uint32_t code) {
    char bytes[4];
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    tsk_buf_add(out, bytes, tsk_utf8_encode(bytes, code));
    return true;
}

const char *tsk_read_control(const char *p, const char *end) {
    for (; p < end; p++)
        if (((uint8_t)*p < 0x20 && *p != '\t' && *p != '\n' && *p != '\r') || *p == 0x7F) return p;
    return NULL;
}

bool tsk_format_named(tsk_slice name, tsk_format *out) {
    for (uint32_t i = name.len; i-- > 0;)
        if (name.ptr[i] == '.') {
            name = (tsk_slice){name.ptr + i + 1, name.len - i - 1};
            break;
        }
    for (size_t i = 0; i < TSK_COUNT(formats); i++) {
        if (strlen(formats[i].name) != name.len || strncasecmp(formats[i].name, name.ptr, name.len)) continue;
        *out = formats[i].format;
        return true;
    }
    return false;
}

bool tsk_format_is_data(tsk_format format) {
    for (size_t i = 0; i < TSK_COUNT(formats); i++)
        if (formats[i].format == format) return true;
    return false;
}

const char *tsk_format_name(tsk_format format) {
    for (size_t i = 0; i < TSK_COUNT(formats); i++)
        if (formats[i].format == format) return formats[i].name;
    return format == TSK_FORMAT_TSK ? "tsk" : "table";
}

bool tsk_format_read(tsk_format format, tsk_arena *arena, const char *text, size_t len, const tsk_read_options *options,
                     tsk_value *out, tsk_read_problem *problem) {
    tsk_reader r = {.arena = arena, .text = text, .p = text, .end = text + len, .problem = problem};
    if (options) r.options = *options;
    if (!r.options.max_depth || r.options.max_depth > TSK_READ_DEPTH) r.options.max_depth = TSK_READ_DEPTH;
    if (len > UINT32_MAX / 2) return tsk_read_fail(&r, text, "the text is larger than 2 GiB");
    for (size_t i = 0; i < TSK_COUNT(formats); i++) {
        if (formats[i].format != format) continue;
        if (!formats[i].read) return tsk_json_read(arena, text, len, r.options.max_depth, out, problem);
        size_t valid = tsk_utf8_valid_prefix(text, len);
        if (valid < len) return tsk_read_fail(&r, text + valid, "a byte that is not UTF-8");
        if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) r.p += 3;
        return formats[i].read(&r, out);
    }
    return tsk_read_fail(&r, text, "%s is a format for people and is not read", tsk_format_name(format));
}

/* The start of the line that byte `at` is in, and its number. */
static const char *line_of(const char *text, size_t len, const char *at, unsigned *line) {
    const char *start = text;
    *line = 1;
    for (const char *p = text; p < at; p++) {
        if (*p != '\n' && !(*p == '\r' && (p + 1 == text + len || p[1] != '\n'))) continue;
        ++*line;
        start = p + 1;
    }
    return start;
}

void tsk_read_place(const char *text, size_t len, size_t at, unsigned *line, unsigned *column) {
    const char *place = text + (at < len ? at : len), *start = line_of(text, len, place, line);
    *column = (unsigned)tsk_utf8_count(start, (size_t)(place - start)) + 1;
}

const char *tsk_read_problem_text(tsk_arena *arena, const char *text, size_t len, const tsk_read_problem *problem) {
    unsigned line, column;
    const char *at = text + (problem->at < len ? problem->at : len), *start = line_of(text, len, at, &line), *end = at;
    tsk_read_place(text, len, problem->at, &line, &column);
    while (end < text + len && !tsk_read_break(*end)) end++;
    while (start < end && tsk_read_blank(*start)) start++;
    size_t fit = tsk_utf8_fit(start, (size_t)(end - start), SHOWN);
    if (!fit) return tsk_arena_printf(arena, "%s at line %u, column %u", problem->message, line, column);
    return tsk_arena_printf(arena, "%s at line %u, column %u, in `%.*s%s`", problem->message, line, column, (int)fit,
                            start, start + fit < end ? "..." : "");
}
