/* tsk diff: what two configurations differ in, by value.
 *
 *   keys of both objects in order, items of lists by index ──► a line for each difference, with the places of both keys
 *
 * A value has no place of its own; its key is a piece of the source text.  What has no key there, like an item of a
 * list, is shown at the next key above it. */
#include "tools/tsk/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct side {
    const char *file;
    tsk_session session;
    tusk_value root;
    bool opened;
    /* Starts of lines of the source that was asked for last. */
    const char *text;
    size_t *lines, count;
} side;

typedef struct comparison {
    const tsk_cli *cli;
    side a, b;
    tsk_text path, shown;
    const char *key_a, *key_b; /* nearest keys of the path */
    unsigned differences;
    int status;
} comparison;

typedef struct member {
    const char *key;
    size_t len;
    tusk_value value;
    size_t at; /* in its object */
} member;

/* ---- places ---- */

static bool index_lines(side *s, const char *text, size_t len) {
    size_t count = 1;
    for (const char *p = text; (p = memchr(p, '\n', (size_t)(text + len - p))); p++) count++;
    size_t *lines = realloc(s->lines, count * sizeof *lines);
    if (!lines) return false;
    s->lines = lines;
    s->text = text;
    s->count = 0;
    lines[s->count++] = 0;
    for (const char *p = text; (p = memchr(p, '\n', (size_t)(text + len - p))); p++)
        lines[s->count++] = (size_t)(p - text) + 1;
    return true;
}

/* "app.tsk:12", or the file alone. */
static void place_of(side *s, const char *key, char *out, size_t size) {
    const char *name, *text;
    size_t len;
    for (size_t i = 0; key && tusk_program_source(s->session.program, i, &name, &text, &len); i++) {
        if (key < text || key >= text + len) continue;
        if (s->text != text && !index_lines(s, text, len)) break;
        size_t low = 0, high = s->count;
        while (high - low > 1) {
            size_t middle = (low + high) / 2;
            if (s->lines[middle] <= (size_t)(key - text))
                low = middle;
            else
                high = middle;
        }
        snprintf(out, size, "%s:%zu", name, low + 1);
        return;
    }
    snprintf(out, size, "%s", s->file);
}

/* ---- output ---- */

static void put_value(comparison *c, side *s, tusk_value value) {
    c->shown.len = 0;
    tusk_status status = tusk_write(s->session.context, value, TUSK_FORMAT_JSON, 0, tsk_text_sink, &c->shown);
    if (status != TUSK_OK && c->status == TUSK_OK) c->status = tsk_fail_context(c->cli, s->session.context, status);
    tsk_out(c->shown.ptr, c->shown.len);
}

static void put_json(comparison *c, const char *kind, const tusk_value *a, const tusk_value *b, const char *place_a,
                     const char *place_b) {
    tsk_out_text(c->differences ? ",\n  {\"kind\": \"" : "\n  {\"kind\": \"");
    tsk_out_text(kind);
    tsk_out_text("\", \"path\": ");
    tsk_out_json(c->path.ptr, c->path.len);
    if (a) tsk_out_text(", \"a\": "), put_value(c, &c->a, *a);
    if (b) tsk_out_text(", \"b\": "), put_value(c, &c->b, *b);
    if (a) tsk_out_text(", \"place_a\": "), tsk_out_json(place_a, strlen(place_a));
    if (b) tsk_out_text(", \"place_b\": "), tsk_out_json(place_b, strlen(place_b));
    tsk_out_text("}");
}

/* Either may be NULL: there is none on this side. */
static void report(comparison *c, const tusk_value *a, const tusk_value *b) {
    char place_a[512], place_b[512];
    place_of(&c->a, c->key_a, place_a, sizeof place_a);
    place_of(&c->b, c->key_b, place_b, sizeof place_b);
    if (GIVEN(c->cli, JSON)) {
        put_json(c, !a ? "added" : !b ? "removed" : "changed", a, b, place_a, place_b);
    } else {
        tsk_out_text(!a ? "+ " : !b ? "- " : "~ ");
        tsk_out(c->path.ptr, c->path.len);
        tsk_out_text(": ");
        if (a) put_value(c, &c->a, *a);
        if (a && b) tsk_out_text(" -> ");
        if (b) put_value(c, &c->b, *b);
        tsk_out_text("  (");
        if (a) tsk_out_text(place_a);
        if (a && b) tsk_out_text(", ");
        if (b) tsk_out_text(place_b);
        tsk_out_text(")\n");
    }
    c->differences++;
}

/* ---- comparing ---- */

static bool is_plain(const char *key, size_t len) {
    if (!len || (key[0] >= '0' && key[0] <= '9') || key[0] == '-') return false;
    for (size_t i = 0; i < len; i++) {
        char c = key[i], letter = (char)(c | 0x20);
        if (!((letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '$'))
            return false;
    }
    return true;
}

static void add_key(tsk_text *path, const char *key, size_t len) {
    if (path->len) tsk_text_sink(path, ".", 1);
    bool plain = is_plain(key, len);
    if (!plain) tsk_text_sink(path, "\"", 1);
    tsk_text_sink(path, key, len);
    if (!plain) tsk_text_sink(path, "\"", 1);
}

static int by_key(const void *x, const void *y) {
    const member *a = x, *b = y;
    int order = memcmp(a->key, b->key, a->len < b->len ? a->len : b->len);
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* Members by key; NULL when something fails, which is reported. */
static member *members_of(comparison *c, side *s, tusk_value object, size_t *count) {
    *count = tusk_value_count(object);
    member *list = calloc(*count + 1, sizeof *list);
    tusk_status status = list ? TUSK_OK : TUSK_NO_MEMORY;
    for (size_t i = 0; i < *count && status == TUSK_OK; i++) {
        list[i].at = i;
        status = tusk_value_entry(s->session.context, object, i, &list[i].key, &list[i].len, &list[i].value);
    }
    if (status == TUSK_OK) {
        qsort(list, *count, sizeof *list, by_key);
        return list;
    }
    free(list);
    if (c->status == TUSK_OK) c->status = tsk_fail_context(c->cli, s->session.context, status);
    return NULL;
}

static void compare(comparison *c, tusk_value a, tusk_value b);

/* One member that may be missing on one side. */
static void compare_member(comparison *c, const member *a, const member *b) {
    size_t len = c->path.len;
    const char *key_a = c->key_a, *key_b = c->key_b;
    add_key(&c->path, a ? a->key : b->key, a ? a->len : b->len);
    if (a) c->key_a = a->key;
    if (b) c->key_b = b->key;
    if (a && b)
        compare(c, a->value, b->value);
    else
        report(c, a ? &a->value : NULL, b ? &b->value : NULL);
    c->path.len = len;
    c->key_a = key_a;
    c->key_b = key_b;
}

/* In the order of the first; what only the second has comes after that. */
static void compare_objects(comparison *c, tusk_value a, tusk_value b) {
    size_t count_a, count_b;
    member *list_a = members_of(c, &c->a, a, &count_a), *list_b = members_of(c, &c->b, b, &count_b);
    const member **order = list_a && list_b ? calloc(count_a + count_b + 1, 2 * sizeof *order) : NULL;
    if (order) {
        for (size_t i = 0, k = 0; i < count_a || k < count_b;) {
            int which = i == count_a ? 1 : k == count_b ? -1 : by_key(&list_a[i], &list_b[k]);
            size_t place = which <= 0 ? list_a[i].at : count_a + list_b[k].at;
            order[2 * place] = which <= 0 ? &list_a[i] : NULL;
            order[2 * place + 1] = which >= 0 ? &list_b[k] : NULL;
            i += which <= 0;
            k += which >= 0;
        }
        for (size_t i = 0; i < count_a + count_b && c->status == TUSK_OK; i++)
            if (order[2 * i] || order[2 * i + 1]) compare_member(c, order[2 * i], order[2 * i + 1]);
    }
    free(order);
    free(list_a);
    free(list_b);
}

static void compare_lists(comparison *c, tusk_value a, tusk_value b) {
    size_t count_a = tusk_value_count(a), count_b = tusk_value_count(b), len = c->path.len;
    for (size_t i = 0; (i < count_a || i < count_b) && c->status == TUSK_OK; i++) {
        char index[32];
        tusk_value x, y;
        int n = snprintf(index, sizeof index, "[%zu]", i);
        tsk_text_sink(&c->path, index, (size_t)n);
        tusk_status status = i < count_a ? tusk_value_item(c->a.session.context, a, i, &x) : TUSK_OK;
        if (status == TUSK_OK && i < count_b) status = tusk_value_item(c->b.session.context, b, i, &y);
        if (status != TUSK_OK)
            c->status = tsk_fail(c->cli, status, "an item cannot be computed");
        else if (i < count_a && i < count_b)
            compare(c, x, y);
        else
            report(c, i < count_a ? &x : NULL, i < count_b ? &y : NULL);
        c->path.len = len;
    }
}

static bool is_number(tusk_kind kind) {
    return kind == TUSK_INT || kind == TUSK_DOUBLE;
}

static bool same_scalar(tusk_value a, tusk_value b) {
    tusk_kind kind = tusk_value_kind(a);
    size_t len_a, len_b;
    if (is_number(kind) && is_number(tusk_value_kind(b))) {
        if (kind == TUSK_INT && tusk_value_kind(b) == TUSK_INT) return tusk_value_int(a) == tusk_value_int(b);
        double x = tusk_value_double(a), y = tusk_value_double(b);
        return x == y || (x != x && y != y);
    }
    if (kind != tusk_value_kind(b)) return false;
    if (kind == TUSK_BOOL) return tusk_value_bool(a) == tusk_value_bool(b);
    if (kind != TUSK_STRING) return true;
    const char *x = tusk_value_string(a, &len_a), *y = tusk_value_string(b, &len_b);
    return len_a == len_b && (!len_a || !memcmp(x, y, len_a));
}

/* As deep as the data, which loading and reading bound. */
static void compare(comparison *c, tusk_value a, tusk_value b) {
    tusk_kind kind = tusk_value_kind(a);
    if (kind == TUSK_OBJECT && tusk_value_kind(b) == TUSK_OBJECT)
        compare_objects(c, a, b);
    else if (kind == TUSK_ARRAY && tusk_value_kind(b) == TUSK_ARRAY)
        compare_lists(c, a, b);
    else if (!same_scalar(a, b))
        report(c, &a, &b);
}

static int open_side(comparison *c, side *s, const char *file) {
    tusk_format format;
    s->file = strcmp(file, "-") ? file : "<stdin>";
    int result = tsk_data_format(c->cli, NULL, file, &format);
    if (result == TUSK_OK) result = tsk_open_value(c->cli, file, format, &s->session, &s->root);
    s->opened = result == TUSK_OK;
    return result;
}

static void close_side(side *s) {
    if (s->opened) tsk_session_close(&s->session);
    free(s->lines);
}

int tsk_command_diff(tsk_cli *cli) {
    comparison c = {.cli = cli};
    if (!strcmp(cli->arguments[0], "-") && !strcmp(cli->arguments[1], "-"))
        return tsk_usage(cli, "only one of the two can be standard input");
    c.status = open_side(&c, &c.a, cli->arguments[0]);
    if (c.status == TUSK_OK) c.status = open_side(&c, &c.b, cli->arguments[1]);
    if (c.status == TUSK_OK) {
        if (GIVEN(cli, JSON)) tsk_out_text("{\"differences\": [");
        compare(&c, c.a.root, c.b.root);
        if (GIVEN(cli, JSON)) tsk_out_text(c.differences ? "\n]}\n" : "]}\n");
        if (c.status != TUSK_OK) tsk_out_discard();
    }
    close_side(&c.a);
    close_side(&c.b);
    free(c.path.ptr);
    free(c.shown.ptr);
    return c.status == TUSK_OK && c.differences ? TUSK_ERROR : c.status;
}
