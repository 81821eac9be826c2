/* Messages as JSON.  Nothing is made of them: a value is the piece of the text where it stands, and looking for a member
 * reads over what stands before it. */
#include "tools/tsk/lsp.h"

#include <stdlib.h>

enum { MOST_NESTING = 200 };

static const char *skip_blanks(const char *p, const char *end) {
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) p++;
    return p;
}

/* Behind the string at p; NULL: it does not end. */
static const char *skip_string(const char *p, const char *end) {
    for (p++; p < end && *p != '"'; p++)
        if (*p == '\\') p++;
    return p < end ? p + 1 : NULL;
}

/* Behind the value at p; NULL: it is none. */
static const char *skip_value(const char *p, const char *end, unsigned depth) {
    p = skip_blanks(p, end);
    if (p >= end || depth > MOST_NESTING) return NULL;
    if (*p == '"') return skip_string(p, end);
    if (*p == '{' || *p == '[') {
        char close = *p == '{' ? '}' : ']';
        bool object = *p == '{';
        p = skip_blanks(p + 1, end);
        if (p < end && *p == close) return p + 1;
        while (p && p < end) {
            p = skip_blanks(p, end);
            if (object) {
                if (p >= end || *p != '"' || !(p = skip_string(p, end))) return NULL;
                p = skip_blanks(p, end);
                if (p >= end || *p++ != ':') return NULL;
            }
            if (!(p = skip_value(p, end, depth + 1))) return NULL;
            p = skip_blanks(p, end);
            if (p < end && *p == close) return p + 1;
            if (p >= end || *p++ != ',') return NULL;
        }
        return NULL;
    }
    const char *start = p;
    while (p < end && ((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || *p == '-' ||
                       *p == '+' || *p == '.'))
        p++;
    return p > start ? p : NULL;
}

bool lsp_json_parse(const char *text, size_t len, lsp_json *out) {
    const char *end = text + len, *stop = skip_value(text, end, 0);
    if (!stop || skip_blanks(stop, end) != end) return false;
    *out = (lsp_json){skip_blanks(text, end), stop};
    return true;
}

bool lsp_json_is(lsp_json v, char first) {
    return v.ptr && *v.ptr == first;
}

lsp_json lsp_json_member(lsp_json object, const char *name) {
    size_t n = strlen(name);
    if (!lsp_json_is(object, '{')) return (lsp_json){0};
    const char *p = skip_blanks(object.ptr + 1, object.end);
    while (p && p < object.end && *p == '"') {
        const char *key = p + 1, *after = skip_string(p, object.end);
        if (!after) break;
        const char *value = skip_blanks(skip_blanks(after, object.end) + 1, object.end); /* behind the colon */
        const char *stop = skip_value(value, object.end, 0);
        if (!stop) break;
        if ((size_t)(after - 1 - key) == n && !memcmp(key, name, n)) return (lsp_json){value, stop};
        p = skip_blanks(stop, object.end);
        if (p < object.end && *p == ',') p = skip_blanks(p + 1, object.end);
    }
    return (lsp_json){0};
}

lsp_json lsp_json_path(lsp_json object, const char *path) {
    char name[64];
    while (*path && object.ptr) {
        size_t len = strcspn(path, ".");
        if (len >= sizeof name) return (lsp_json){0};
        memcpy(name, path, len);
        name[len] = '\0';
        object = lsp_json_member(object, name);
        path += len + (path[len] == '.');
    }
    return object;
}

lsp_json lsp_json_next(lsp_json list, const char **cursor) {
    if (!lsp_json_is(list, '[')) return (lsp_json){0};
    const char *p = skip_blanks(*cursor ? *cursor : list.ptr + 1, list.end);
    if (p < list.end && *cursor && *p == ',') p = skip_blanks(p + 1, list.end);
    if (p >= list.end || *p == ']') return (lsp_json){0};
    const char *stop = skip_value(p, list.end, 0);
    if (!stop) return (lsp_json){0};
    *cursor = stop;
    return (lsp_json){p, stop};
}

long lsp_json_int(lsp_json v, long otherwise) {
    if (!v.ptr || !((*v.ptr >= '0' && *v.ptr <= '9') || *v.ptr == '-')) return otherwise;
    double d = strtod(v.ptr, NULL);
    return d >= -1e9 && d <= 2e9 ? (long)d : otherwise;
}

static unsigned hex4(const char *p, const char *end) {
    unsigned code = 0;
    for (int i = 0; i < 4; i++) {
        char c = p + i < end ? p[i] : '0';
        code = code * 16 + (unsigned)(c >= '0' && c <= '9'                 ? c - '0'
                                      : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                                           : 0);
    }
    return code;
}

static char *put_code(char *out, unsigned code) {
    if (code < 0x80) {
        *out++ = (char)code;
    } else if (code < 0x800) {
        *out++ = (char)(0xC0 | code >> 6);
        *out++ = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        *out++ = (char)(0xE0 | code >> 12);
        *out++ = (char)(0x80 | (code >> 6 & 0x3F));
        *out++ = (char)(0x80 | (code & 0x3F));
    } else {
        *out++ = (char)(0xF0 | code >> 18);
        *out++ = (char)(0x80 | (code >> 12 & 0x3F));
        *out++ = (char)(0x80 | (code >> 6 & 0x3F));
        *out++ = (char)(0x80 | (code & 0x3F));
    }
    return out;
}

char *lsp_json_text(lsp_json v, size_t *len) {
    if (!lsp_json_is(v, '"')) return NULL;
    const char *p = v.ptr + 1, *end = v.end - 1;
    char *text = malloc((size_t)(end - p) + 1), *out = text;
    if (!text) abort();
    while (p < end) {
        if (*p != '\\' || p + 1 >= end) {
            *out++ = *p++;
            continue;
        }
        char c = p[1];
        p += 2;
        static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
        const char *known = strchr(names, c);
        if (c == 'u') {
            unsigned code = hex4(p, end);
            p = p + 4 > end ? end : p + 4;
            bool high = code >= 0xD800 && code < 0xDC00;
            if (high && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
                unsigned low = hex4(p + 2, end);
                if (low >= 0xDC00 && low < 0xE000) code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), p += 6;
            }
            if (code >= 0xD800 && code < 0xE000) code = 0xFFFD; /* half a pair */
            out = put_code(out, code);
        } else {
            *out++ = known && c ? values[known - names] : c;
        }
    }
    *out = '\0';
    if (len) *len = (size_t)(out - text);
    return text;
}

void lsp_put_string(tsk_page *out, const char *ptr, size_t len) {
    tsk_page_add(out, "\"", 1);
    const char *run = ptr, *end = ptr + len;
    for (const char *p = ptr; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        tsk_page_add(out, run, (size_t)(p - run));
        if (c == '\n')
            tsk_page_add(out, "\\n", 2);
        else if (c == '"' || c == '\\')
            tsk_page_printf(out, "\\%c", c);
        else
            tsk_page_printf(out, "\\u%04x", c);
        run = p + 1;
    }
    tsk_page_add(out, run, (size_t)(end - run));
    tsk_page_add(out, "\"", 1);
}
