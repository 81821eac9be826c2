/* Open documents.  Offsets are bytes; the protocol counts UTF-16 units in lines. */
#include "tools/tsk/lsp.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- text ---- */

static void *grow(void *list, size_t *cap, size_t count, size_t size) {
    if (count < *cap) return list;
    *cap = *cap * 2 + 64;
    void *more = realloc(list, *cap * size);
    if (!more) abort();
    return more;
}

static void index_lines(lsp_document *d) {
    d->line_count = 0;
    for (const char *p = d->text, *end = p + d->len; p;) {
        d->lines = grow(d->lines, &d->line_cap, d->line_count, sizeof *d->lines);
        d->lines[d->line_count++] = (uint32_t)(p - d->text);
        p = memchr(p, '\n', (size_t)(end - p));
        if (p) p++;
    }
    d->dirty = true;
}

void lsp_set_text(lsp_document *d, char *text, size_t len) {
    free(d->text);
    d->text = text;
    d->len = len;
    index_lines(d);
}

void lsp_edit(lsp_document *d, size_t from, size_t to, const char *text, size_t len) {
    if (to < from) to = from;
    char *fresh = malloc(d->len - (to - from) + len + 1);
    if (!fresh) abort();
    memcpy(fresh, d->text, from);
    memcpy(fresh + from, text, len);
    memcpy(fresh + from + len, d->text + to, d->len - to);
    size_t total = d->len - (to - from) + len;
    fresh[total] = '\0';
    lsp_set_text(d, fresh, total);
}

/* Bytes of the character at p, and its units in UTF-16. */
static size_t character(const char *p, const char *end, unsigned *units) {
    unsigned char c = (unsigned char)*p;
    size_t n = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    *units = n == 4 ? 2 : 1;
    return n <= (size_t)(end - p) ? n : 1;
}

size_t lsp_offset(const lsp_document *d, long line, long column) {
    if (line < 0) return 0;
    if ((size_t)line >= d->line_count) return d->len;
    const char *p = d->text + d->lines[line], *end = d->text + d->len;
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    if (!stop) stop = end;
    if (stop > p && stop[-1] == '\r') stop--;
    for (unsigned units; p < stop && column > 0; column -= (long)units) p += character(p, stop, &units);
    return (size_t)(p - d->text);
}

static void put_place(tsk_page *out, size_t line, const char *start, const char *at) {
    size_t column = 0;
    unsigned units;
    for (const char *p = start; p < at; column += units) p += character(p, at, &units);
    tsk_page_printf(out, "{\"line\":%zu,\"character\":%zu}", line, column);
}

void lsp_put_position(tsk_page *out, const lsp_document *d, size_t offset) {
    size_t low = 0, high = d->line_count;
    if (offset > d->len) offset = d->len;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        *(d->lines[middle] <= offset ? &low : &high) = middle;
    }
    put_place(out, low, d->text + (d->line_count ? d->lines[low] : 0), d->text + offset);
}

void lsp_put_range(tsk_page *out, const lsp_document *d, size_t offset, size_t length) {
    tsk_page_printf(out, "{\"start\":");
    lsp_put_position(out, d, offset);
    tsk_page_printf(out, ",\"end\":");
    lsp_put_position(out, d, offset + length);
    tsk_page_printf(out, "}");
}

static void put_position_in(tsk_page *out, const char *text, size_t len, size_t offset) {
    size_t line = 0;
    const char *start = text, *at = text + (offset < len ? offset : len);
    for (const char *p = text; (p = memchr(p, '\n', (size_t)(at - p))); start = ++p) line++;
    put_place(out, line, start, at);
}

void lsp_put_range_in(tsk_page *out, const char *text, size_t len, size_t offset, size_t length) {
    tsk_page_printf(out, "{\"start\":");
    put_position_in(out, text, len, offset);
    tsk_page_printf(out, ",\"end\":");
    put_position_in(out, text, len, offset + length);
    tsk_page_printf(out, "}");
}

/* ---- addresses ---- */

static int hex(char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* file:///a%20b: /a b; of another scheme all of it. */
char *lsp_path_of_uri(const char *uri) {
    const char *p = !strncmp(uri, "file://", 7) ? strchr(uri + 7, '/') : uri;
    if (!p) p = uri;
    char *path = tsk_test_copy(p, strlen(p)), *out = path;
    for (; *p; p++) {
        bool escape = *p == '%' && hex(p[1]) >= 0 && hex(p[2]) >= 0;
        *out++ = escape ? (char)(hex(p[1]) * 16 + hex(p[2])) : *p;
        if (escape) p += 2;
    }
    *out = '\0';
    return path;
}

void lsp_put_uri(tsk_page *out, const char *path) {
    tsk_page_printf(out, "\"file://");
    for (const char *p = path; *p; p++) {
        unsigned char c = (unsigned char)*p;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("/-_.~", c);
        tsk_page_printf(out, plain ? "%c" : "%%%02X", c);
    }
    tsk_page_printf(out, "\"");
}

/* ---- documents ---- */

lsp_document *lsp_find_document(const lsp_server *server, const char *uri) {
    for (lsp_document *d = server->documents; d; d = d->next)
        if (!strcmp(d->uri, uri)) return d;
    return NULL;
}

lsp_document *lsp_open_document(lsp_server *server, const char *uri) {
    lsp_document *d = lsp_find_document(server, uri);
    if (d) return d;
    d = calloc(1, sizeof *d);
    if (!d) abort();
    d->uri = tsk_test_copy(uri, strlen(uri));
    d->path = lsp_path_of_uri(uri);
    d->next = server->documents;
    server->documents = d;
    lsp_set_text(d, tsk_test_copy("", 0), 0);
    return d;
}

static void forget(lsp_document *d) {
    for (size_t i = 0; i < d->key_count; i++) free(d->keys[i].path), free(d->keys[i].name);
    for (size_t i = 0; i < d->reference_count; i++) free(d->references[i].file), free(d->references[i].target_file);
    d->key_count = d->reference_count = 0;
    d->has_keys = d->has_references = false;
    tusk_context_free(d->context);
    tusk_snapshot_release(d->snapshot);
    d->context = NULL;
    d->snapshot = NULL;
}

void lsp_close_document(lsp_server *server, lsp_document *d) {
    lsp_document **link = &server->documents;
    while (*link != d) link = &(*link)->next;
    *link = d->next;
    forget(d);
    if (d->good != d->program) tusk_program_release(d->good);
    tusk_program_release(d->program);
    free(d->keys);
    free(d->references);
    free(d->lines);
    free(d->text);
    free(d->uri);
    free(d->path);
    free(d);
}

/* ---- what is made of a text ---- */

void lsp_analyse(const lsp_server *server, lsp_document *d) {
    if (!d->dirty && d->program) return;
    tusk_program *fresh = NULL;
    tusk_program_parse(server->options, d->path, d->text, d->len, &fresh);
    d->dirty = false;
    if (!fresh) return;
    bool loads = !tusk_program_errors(fresh);
    tusk_program *old = d->program;
    d->program = fresh;
    if (loads || !d->good) {
        forget(d);
        if (d->good && d->good != old) tusk_program_release(d->good);
        d->good = fresh;
        tusk_program_release(old);
    } else if (old != d->good) {
        tusk_program_release(old);
    }
}

tusk_context *lsp_context(const lsp_server *server, lsp_document *d) {
    if (d->context || !d->good || tusk_program_errors(d->good)) return d->context;
    if (tusk_snapshot_new(d->good, server->options, &d->snapshot) == TUSK_OK)
        tusk_context_new(d->snapshot, &d->context);
    return d->context;
}

static bool add_key(void *user, const tusk_symbol *s) {
    lsp_document *d = user;
    d->keys = grow(d->keys, &d->key_cap, d->key_count, sizeof *d->keys);
    d->keys[d->key_count++] = (lsp_key){.path = tsk_test_copy(s->path, s->path_len),
                                        .path_len = s->path_len,
                                        .name = tsk_test_copy(s->name, s->name_len),
                                        .name_len = s->name_len,
                                        .depth = s->depth,
                                        .kind = s->kind,
                                        .here = s->file && !strcmp(s->file, d->path),
                                        .offset = s->offset,
                                        .length = s->length};
    return true;
}

void lsp_need_keys(lsp_document *d) {
    if (d->has_keys || !d->good) return;
    d->has_keys = true;
    tusk_program_symbols(d->good, add_key, d);
}

static void add_reference(void *user, const tusk_reference *r) {
    lsp_document *d = user;
    d->references = grow(d->references, &d->reference_cap, d->reference_count, sizeof *d->references);
    d->references[d->reference_count++] = (lsp_reference){
        .offset = r->offset,
        .length = r->length,
        .file = tsk_test_copy(r->file, strlen(r->file)),
        .target_file = r->target_file ? tsk_test_copy(r->target_file, strlen(r->target_file)) : NULL,
        .target_offset = r->target_offset,
        .target_length = r->target_length};
}

void lsp_need_references(lsp_document *d) {
    if (d->has_references || !d->good) return;
    d->has_references = true;
    tusk_program_references(d->good, add_reference, d);
}
