/* Answers of the language server about one document. */
#include "tools/tsk/lsp.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- words at a place ---- */

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           (unsigned char)c >= 0x80;
}

/* The word around an offset: its start; `len` 0: there is none. */
static size_t word_at(const lsp_document *d, size_t offset, size_t *len) {
    size_t from = offset, to = offset;
    while (from && is_word(d->text[from - 1])) from--;
    while (to < d->len && is_word(d->text[to])) to++;
    *len = to - from;
    return from;
}

/* ---- diagnostics ---- */

static void put_diagnostic(tsk_page *out, const lsp_document *d, const tusk_diagnostic *g) {
    tsk_page_printf(out, "{\"range\":");
    if (g->place.file && !strcmp(g->place.file, d->path))
        lsp_put_range(out, d, g->place.offset, g->place.length);
    else
        lsp_put_range(out, d, 0, 0);
    tsk_page_printf(out, ",\"severity\":%d,\"code\":\"%s\",\"source\":\"tsk\",\"message\":",
                    g->severity == TUSK_SEVERITY_ERROR ? 1 : 2, g->code);
    tsk_page message = {0};
    if (g->place.file && strcmp(g->place.file, d->path))
        tsk_page_printf(&message, "%s:%u: ", g->place.file, g->place.line);
    tsk_page_add(&message, g->message, strlen(g->message));
    if (g->hint) tsk_page_printf(&message, "\nhint: %s", g->hint);
    lsp_put_string(out, message.ptr, message.len);
    free(message.ptr);
    tsk_page_printf(out, "}");
}

void lsp_diagnostics(tsk_page *out, const lsp_document *d) {
    const void *cursor = NULL;
    tusk_diagnostic g;
    const char *separator = "";
    tsk_page_printf(out, "[");
    while (d->program && tusk_program_diagnostic(d->program, &cursor, &g)) {
        tsk_page_printf(out, "%s", separator);
        put_diagnostic(out, d, &g);
        separator = ",";
    }
    tsk_page_printf(out, "]");
}

/* ---- what a name stands for ---- */

/* A key of this document or of one that it includes. */
typedef struct target {
    const char *file; /* as the program names it */
    size_t offset, length;
    const lsp_key *key; /* NULL: not in the list */
} target;

static bool covers(size_t from, size_t len, size_t offset) {
    return offset >= from && offset <= from + len;
}

static const lsp_key *key_at(const lsp_document *d, size_t offset) {
    for (size_t i = 0; i < d->key_count; i++)
        if (d->keys[i].here && covers(d->keys[i].offset, d->keys[i].length, offset)) return &d->keys[i];
    return NULL;
}

static bool find_target(lsp_document *d, size_t offset, target *out) {
    lsp_need_keys(d);
    lsp_need_references(d);
    for (size_t i = 0; i < d->reference_count; i++) {
        const lsp_reference *r = &d->references[i];
        if (strcmp(r->file, d->path) || !covers(r->offset, r->length, offset) || !r->target_file) continue;
        *out = (target){r->target_file, r->target_offset, r->target_length, NULL};
        for (size_t k = 0; k < d->key_count && !out->key; k++)
            if (d->keys[k].offset == r->target_offset && d->keys[k].here == !strcmp(r->target_file, d->path))
                out->key = &d->keys[k];
        return true;
    }
    const lsp_key *key = key_at(d, offset);
    if (!key) return false;
    *out = (target){d->path, key->offset, key->length, key};
    return true;
}

/* ---- completion ---- */

static const char *const directives[] = {"api",      "strict", "required", "type",  "range", "schema", "include",
                                         "schedule", "method", "route",    "cache", "cors",  "auth",   "timeout"};
static const char *const words[] = {"true", "false", "null"};

typedef struct completing {
    tsk_page *out;
    const char *separator, *prefix;
    size_t prefix_len, count;
} completing;

enum { MOST_ITEMS = 500 };

static void put_item(completing *c, const char *label, size_t len, int kind, const char *detail) {
    if (c->count == MOST_ITEMS || len < c->prefix_len || strncasecmp(label, c->prefix, c->prefix_len)) return;
    c->count++;
    tsk_page_printf(c->out, "%s{\"label\":", c->separator);
    lsp_put_string(c->out, label, len);
    tsk_page_printf(c->out, ",\"kind\":%d", kind);
    if (detail && *detail) {
        tsk_page_printf(c->out, ",\"detail\":");
        lsp_put_string(c->out, detail, strlen(detail));
    }
    tsk_page_printf(c->out, "}");
    c->separator = ",";
}

static void signature(char *text, size_t size, const char *name, int least, int most) {
    static const char *const letters[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    int len = snprintf(text, size, "@%s(", name);
    int shown = most < 0 ? least : most;
    for (int i = 0; i < shown && i < 8 && len < (int)size; i++)
        len += snprintf(text + len, size - (size_t)len, "%s%s%s%s", i >= least ? "[" : "", i ? ", " : "", letters[i],
                        i >= least ? "]" : "");
    if (len < (int)size) snprintf(text + len, size - (size_t)len, most < 0 ? "%s...)" : ")", least ? ", " : "");
}

static void put_operators(completing *c) {
    const char *name;
    int least, most;
    char detail[160];
    for (size_t i = 0; tusk_operator_at(i, &name, &least, &most); i++) {
        signature(detail, sizeof detail, name, least, most);
        put_item(c, name, strlen(name), 3, detail);
    }
}

static int kind_of(const lsp_key *k) {
    switch (k->kind) {
    case TUSK_SYMBOL_BLOCK: return 9;    /* module */
    case TUSK_SYMBOL_FUNCTION: return 3; /* function */
    case TUSK_SYMBOL_LIST:
    case TUSK_SYMBOL_LITERAL:
    case TUSK_SYMBOL_EXPRESSION: break;
    }
    return 10; /* property */
}

static size_t parent_len(const lsp_key *k) {
    size_t i = k->path_len;
    while (i && k->path[i - 1] != '.' && k->path[i - 1] != ']') i--;
    return i && k->path[i - 1] == '.' ? i - 1 : i;
}

/* Keys directly below a path. */
static void put_members(completing *c, const lsp_document *d, const char *path, size_t len) {
    for (size_t i = 0; i < d->key_count; i++) {
        const lsp_key *k = &d->keys[i];
        if (parent_len(k) == len && !memcmp(k->path, path, len)) put_item(c, k->name, k->name_len, kind_of(k), k->path);
    }
}

/* The block in whose lines the offset lies, by the last key before it: "" at the top. */
static const lsp_key *last_key_before(const lsp_document *d, size_t offset) {
    const lsp_key *best = NULL;
    for (size_t i = 0; i < d->key_count; i++) {
        const lsp_key *k = &d->keys[i];
        if (k->here && k->offset < offset && (!best || k->offset > best->offset)) best = k;
    }
    return best;
}

/* Keys of the block around the place and of those around that. */
static void put_visible(completing *c, const lsp_document *d, size_t offset) {
    const lsp_key *near = last_key_before(d, offset);
    size_t len = !near ? 0 : near->kind == TUSK_SYMBOL_BLOCK ? near->path_len : parent_len(near);
    for (;;) {
        put_members(c, d, near ? near->path : "", len);
        if (!len) return;
        while (len && near->path[len - 1] != '.') len--;
        if (len) len--;
    }
}

/* `a.b.` before the cursor, as a path from the block around it or from the root. */
static void put_path(completing *c, const lsp_document *d, size_t offset, const char *path, size_t len) {
    if (len > 4 && !memcmp(path, "var.", 4)) path += 4, len -= 4;
    const lsp_key *near = last_key_before(d, offset);
    size_t around = near ? parent_len(near) : 0;
    char full[1024];
    for (;;) {
        int n = snprintf(full, sizeof full, "%.*s%s%.*s", (int)around, near ? near->path : "", around ? "." : "",
                         (int)len, path);
        size_t before = c->count;
        if (n < (int)sizeof full) put_members(c, d, full, (size_t)n);
        if (c->count > before || !around) return;
        while (around && near->path[around - 1] != '.') around--;
        if (around) around--;
    }
}

void lsp_completion(tsk_page *out, lsp_server *server, lsp_document *d, size_t offset) {
    size_t from = offset;
    (void)server;
    lsp_need_keys(d);
    while (from && is_word(d->text[from - 1])) from--;
    completing c = {out, "", d->text + from, offset - from, 0};
    size_t start = from;
    while (start && (is_word(d->text[start - 1]) || d->text[start - 1] == '.')) start--;
    char before = from ? d->text[from - 1] : '\n', first = start ? d->text[start - 1] : '\n';
    tsk_page_printf(out, "{\"isIncomplete\":false,\"items\":[");
    if (before == '!' && from > 1 && d->text[from - 2] == '#') {
        for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
            put_item(&c, directives[i], strlen(directives[i]), 14, NULL);
    } else if (before == '$') {
        for (size_t i = 0; i < d->key_count; i++)
            if (d->keys[i].name[0] == '$')
                put_item(&c, d->keys[i].name + 1, d->keys[i].name_len - 1, 6, d->keys[i].path);
    } else if (before == '.' && from > start) {
        put_path(&c, d, offset, d->text + start, from - 1 - start);
        if (!c.count || first == '@') put_operators(&c);
    } else if (before == '@') {
        put_operators(&c);
    } else {
        put_visible(&c, d, offset);
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) put_item(&c, words[i], strlen(words[i]), 14, NULL);
        if (c.prefix_len) put_operators(&c);
    }
    tsk_page_printf(out, "]}");
}

/* ---- hover ---- */

static void put_markdown(tsk_page *out, const char *text, size_t len, const lsp_document *d, size_t offset,
                         size_t length) {
    tsk_page markdown = {0};
    tsk_page_printf(&markdown, "```\n");
    tsk_page_add(&markdown, text, len);
    tsk_page_printf(&markdown, len && text[len - 1] == '\n' ? "```" : "\n```");
    tsk_page_printf(out, "{\"contents\":{\"kind\":\"markdown\",\"value\":");
    lsp_put_string(out, markdown.ptr, markdown.len);
    tsk_page_printf(out, "},\"range\":");
    lsp_put_range(out, d, offset, length);
    tsk_page_printf(out, "}");
    free(markdown.ptr);
}

static bool hover_operator(tsk_page *out, const lsp_document *d, size_t from, size_t len) {
    const char *name;
    int least, most;
    char text[160];
    for (size_t i = 0; tusk_operator_at(i, &name, &least, &most); i++) {
        if (strlen(name) != len || strncasecmp(name, d->text + from, len)) continue;
        signature(text, sizeof text, name, least, most);
        put_markdown(out, text, strlen(text), d, from, len);
        return true;
    }
    return false;
}

void lsp_hover(tsk_page *out, lsp_server *server, lsp_document *d, size_t offset) {
    size_t len, from = word_at(d, offset, &len);
    target t;
    char *text = NULL;
    bool found = find_target(d, offset, &t) && t.key;
    tusk_context *context = found ? lsp_context(server, d) : NULL;
    if (context) {
        tusk_status status = tusk_explain(context, t.key->path, false, &text);
        if (status != TUSK_OK) {
            tusk_text_free(text);
            text = tusk_context_report(context, TUSK_REPORT_TEXT);
        }
    }
    if (text && *text)
        put_markdown(out, text, strlen(text), d, from, len);
    else if (!len || !hover_operator(out, d, from, len))
        tsk_page_printf(out, "null");
    tusk_text_free(text);
}

/* ---- places ---- */

static const char *text_of(const lsp_document *d, const char *file, size_t *len) {
    const char *name, *text;
    for (size_t i = 0; d->good && tusk_program_source(d->good, i, &name, &text, len); i++)
        if (!strcmp(name, file)) return text;
    return NULL;
}

static void put_location(tsk_page *out, const lsp_document *d, const char *file, size_t offset, size_t length) {
    size_t len;
    const char *text = text_of(d, file, &len);
    tsk_page_printf(out, "{\"uri\":");
    if (!strcmp(file, d->path))
        lsp_put_string(out, d->uri, strlen(d->uri));
    else
        lsp_put_uri(out, file);
    tsk_page_printf(out, ",\"range\":");
    if (!strcmp(file, d->path))
        lsp_put_range(out, d, offset, length);
    else if (text)
        lsp_put_range_in(out, text, len, offset, length);
    else
        tsk_page_printf(out, "{\"start\":{\"line\":0,\"character\":0},\"end\":{\"line\":0,\"character\":0}}");
    tsk_page_printf(out, "}");
}

/* The file that an include on this line names. */
static bool put_include(tsk_page *out, const lsp_document *d, size_t offset) {
    size_t from = offset, to = offset;
    while (from && d->text[from - 1] != '\n') from--;
    while (to < d->len && d->text[to] != '\n') to++;
    const char *line = d->text + from, *end = d->text + to, *p = line;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '@' || *p == '#' || *p == '!')) p++;
    if (end - p < 8 ||
        (strncmp(p, "include", 7) && strncmp(p, "import", 6) && strncmp(p, "inherit", 7) && strncmp(p, "schema", 6)))
        return false;
    const char *open = memchr(p, '"', (size_t)(end - p)),
               *close = open ? memchr(open + 1, '"', (size_t)(end - open - 1)) : NULL;
    if (!close) return false;
    const char *slash = strrchr(d->path, '/');
    tsk_page path = {0};
    if (open[1] != '/' && slash) tsk_page_add(&path, d->path, (size_t)(slash + 1 - d->path));
    tsk_page_add(&path, open + 1, (size_t)(close - open - 1));
    put_location(out, d, path.ptr, 0, 0);
    free(path.ptr);
    return true;
}

void lsp_definition(tsk_page *out, lsp_server *server, lsp_document *d, size_t offset) {
    target t;
    (void)server;
    if (find_target(d, offset, &t))
        put_location(out, d, t.file, t.offset, t.length);
    else if (!put_include(out, d, offset))
        tsk_page_printf(out, "null");
}

/* ---- references and renaming ---- */

static bool is_global(const lsp_document *d, const target *t) {
    size_t len;
    const char *text = text_of(d, t->file, &len);
    return text && t->offset < len && text[t->offset] == '$';
}

typedef void (*place_visitor)(void *user, const lsp_document *d, const char *file, size_t offset, size_t length,
                              bool definition);

/* The same piece of text in a file of the program. */
static bool same_text(const lsp_document *d, const char *file, size_t offset, size_t length, const char *text,
                      size_t len) {
    size_t size;
    const char *source = text_of(d, file, &size);
    return source && length == len && offset + length <= size && !memcmp(source + offset, text, len);
}

/* Every place that means the target, in this document and others that are open.  Assignments of a $global are one. */
static void each_place(lsp_server *server, lsp_document *d, const target *t, bool definitions, place_visitor visit,
                       void *user) {
    size_t size;
    const char *text = text_of(d, t->file, &size);
    bool global = is_global(d, t);
    char *name = text ? tsk_test_copy(text + t->offset, t->length) : NULL;
    if (!name) return;
    if (definitions && !global) visit(user, d, t->file, t->offset, t->length, true);
    for (size_t i = 0; global && definitions && i < d->key_count; i++)
        if (d->keys[i].here && !strcmp(d->keys[i].name, name))
            visit(user, d, d->path, d->keys[i].offset, d->keys[i].length, true);
    for (lsp_document *other = server->documents; other; other = other->next) {
        lsp_need_keys(other);
        lsp_need_references(other);
        for (size_t i = 0; i < other->reference_count; i++) {
            const lsp_reference *r = &other->references[i];
            if (!r->target_file || (other != d && strcmp(r->file, other->path)))
                continue; /* others only in their own file */
            bool same = global ? same_text(other, r->target_file, r->target_offset, r->target_length, name, t->length)
                               : !strcmp(r->target_file, t->file) && r->target_offset == t->offset;
            if (same) visit(user, other, r->file, r->offset, r->length, false);
        }
    }
    free(name);
}

typedef struct listing {
    tsk_page *out;
    const char *separator;
} listing;

static void list_place(void *user, const lsp_document *d, const char *file, size_t offset, size_t length,
                       bool definition) {
    listing *l = user;
    (void)definition;
    tsk_page_printf(l->out, "%s", l->separator);
    put_location(l->out, d, file, offset, length);
    l->separator = ",";
}

void lsp_references(tsk_page *out, lsp_server *server, lsp_document *d, size_t offset, bool declaration) {
    target t;
    listing l = {out, ""};
    tsk_page_printf(out, "[");
    if (find_target(d, offset, &t)) each_place(server, d, &t, declaration, list_place, &l);
    tsk_page_printf(out, "]");
}

typedef struct edit_place {
    const lsp_document *document;
    char *file;
    size_t offset, length;
    bool definition;
} edit_place;

typedef struct renaming {
    edit_place *list;
    size_t count, cap;
} renaming;

static void note_place(void *user, const lsp_document *d, const char *file, size_t offset, size_t length,
                       bool definition) {
    renaming *r = user;
    for (size_t i = 0; i < r->count; i++)
        if (r->list[i].offset == offset && !strcmp(r->list[i].file, file)) return;
    if (r->count == r->cap) {
        r->cap = r->cap * 2 + 16;
        edit_place *more = realloc(r->list, r->cap * sizeof *more);
        if (!more) abort();
        r->list = more;
    }
    r->list[r->count++] = (edit_place){d, tsk_test_copy(file, strlen(file)), offset, length, definition};
}

static int by_place(const void *a, const void *b) {
    const edit_place *x = a, *y = b;
    int order = strcmp(x->file, y->file);
    return order ? order : x->offset < y->offset ? -1 : x->offset > y->offset;
}

static const char suffix[] = "_fujsen";

static bool has_suffix(const char *text, size_t len) {
    size_t n = sizeof suffix - 1;
    return len > n && !memcmp(text + len - n, suffix, n);
}

/* The new name as it is written at this place: with the dollar or the suffix that is there. */
static void put_new_name(tsk_page *out, const edit_place *p, const char *name) {
    size_t size;
    const char *text = text_of(p->document, p->file, &size);
    tsk_page fresh = {0};
    if (*name == '$') name++;
    if (text && p->offset < size && text[p->offset] == '$') tsk_page_add(&fresh, "$", 1);
    tsk_page_add(&fresh, name, strlen(name));
    if (p->definition && text && has_suffix(text + p->offset, p->length) && !has_suffix(name, strlen(name)))
        tsk_page_add(&fresh, suffix, sizeof suffix - 1);
    lsp_put_string(out, fresh.ptr, fresh.len);
    free(fresh.ptr);
}

static bool is_name(const char *name) {
    if (*name == '$') name++;
    if (!*name || (*name >= '0' && *name <= '9') || *name == '-') return false;
    size_t len = strlen(name);
    for (size_t i = 0; i < len; i++)
        if (!is_word(name[i])) return false;
    return name[len - 1] != '-';
}

const char *lsp_rename(tsk_page *out, lsp_server *server, lsp_document *d, size_t offset, const char *name) {
    target t;
    renaming r = {0};
    if (!is_name(name)) return "this is no name: letters, digits, `_` and `-` inside";
    if (d->good != d->program) return "the document has errors; correct them first";
    if (!find_target(d, offset, &t)) return "there is no key here";
    each_place(server, d, &t, true, note_place, &r);
    qsort(r.list, r.count, sizeof *r.list, by_place);
    tsk_page_printf(out, "{\"changes\":{");
    for (size_t i = 0; i < r.count; i++) {
        bool first = !i || strcmp(r.list[i].file, r.list[i - 1].file),
             last = i + 1 == r.count || strcmp(r.list[i].file, r.list[i + 1].file);
        const lsp_document *owner = r.list[i].document;
        bool own = !strcmp(r.list[i].file, owner->path);
        size_t size;
        if (first) {
            tsk_page_printf(out, i ? "," : "");
            if (own)
                lsp_put_string(out, owner->uri, strlen(owner->uri));
            else
                lsp_put_uri(out, r.list[i].file);
            tsk_page_printf(out, ":[");
        }
        tsk_page_printf(out, "%s{\"range\":", first ? "" : ",");
        if (own)
            lsp_put_range(out, owner, r.list[i].offset, r.list[i].length);
        else {
            const char *text = text_of(owner, r.list[i].file, &size);
            lsp_put_range_in(out, text ? text : "", text ? size : 0, r.list[i].offset, r.list[i].length);
        }
        tsk_page_printf(out, ",\"newText\":");
        put_new_name(out, &r.list[i], name);
        tsk_page_printf(out, last ? "}]" : "}");
    }
    tsk_page_printf(out, "}}");
    for (size_t i = 0; i < r.count; i++) free(r.list[i].file);
    free(r.list);
    return NULL;
}

/* ---- symbols ---- */

static int symbol_kind(const lsp_key *k) {
    switch (k->kind) {
    case TUSK_SYMBOL_BLOCK: return 3;     /* namespace */
    case TUSK_SYMBOL_LIST: return 18;     /* array */
    case TUSK_SYMBOL_FUNCTION: return 12; /* function */
    case TUSK_SYMBOL_LITERAL:
    case TUSK_SYMBOL_EXPRESSION: break;
    }
    return k->name[0] == '$' ? 13 : 7; /* variable, property */
}

/* Blocks hold what follows them with a greater depth. */
void lsp_symbols(tsk_page *out, lsp_document *d) {
    unsigned open[1024], depth = 0; /* depths of the blocks that are open */
    bool first = true;
    lsp_need_keys(d);
    tsk_page_printf(out, "[");
    for (size_t i = 0; i < d->key_count; i++) {
        const lsp_key *k = &d->keys[i];
        if (!k->here || !k->name_len) continue;
        while (depth && open[depth - 1] >= k->depth) {
            tsk_page_printf(out, "]}");
            depth--;
            first = false;
        }
        tsk_page_printf(out, "%s{\"name\":", first ? "" : ",");
        lsp_put_string(out, k->name, k->name_len);
        tsk_page_printf(out, ",\"kind\":%d,\"range\":", symbol_kind(k));
        lsp_put_range(out, d, k->offset, k->length);
        tsk_page_printf(out, ",\"selectionRange\":");
        lsp_put_range(out, d, k->offset, k->length);
        first = k->kind == TUSK_SYMBOL_BLOCK && depth < 1024;
        if (first) {
            open[depth++] = k->depth;
            tsk_page_printf(out, ",\"children\":[");
        } else {
            tsk_page_printf(out, "}");
        }
    }
    while (depth--) tsk_page_printf(out, "]}");
    tsk_page_printf(out, "]");
}

/* ---- code actions ---- */

static void put_edit(tsk_page *out, const lsp_document *d, const tusk_diagnostic *g) {
    tsk_page_printf(out, "{\"range\":");
    lsp_put_range(out, d, g->fix_place.offset, g->fix_place.length);
    tsk_page_printf(out, ",\"newText\":");
    lsp_put_string(out, g->fix, strlen(g->fix));
    tsk_page_printf(out, "}");
}

void lsp_actions(tsk_page *out, const lsp_document *d, size_t from, size_t to) {
    const void *cursor = NULL;
    tusk_diagnostic g;
    size_t all = 0, shown = 0;
    tsk_page_printf(out, "[");
    while (d->program && tusk_program_diagnostic(d->program, &cursor, &g)) {
        if (!g.fix || strcmp(g.fix_place.file, d->path)) continue;
        all++;
        if (g.place.offset > to || g.place.offset + g.place.length < from) continue;
        char title[300];
        snprintf(title, sizeof title, "Repair: %s", g.message);
        tsk_page_printf(out, "%s{\"title\":", shown++ ? "," : "");
        lsp_put_string(out, title, strlen(title));
        tsk_page_printf(out, ",\"kind\":\"quickfix\",\"diagnostics\":[");
        put_diagnostic(out, d, &g);
        tsk_page_printf(out, "],\"edit\":{\"changes\":{");
        lsp_put_string(out, d->uri, strlen(d->uri));
        tsk_page_printf(out, ":[");
        put_edit(out, d, &g);
        tsk_page_printf(out, "]}}}");
    }
    if (all) {
        tsk_page_printf(
            out, "%s{\"title\":\"Repair all that can be repaired\",\"kind\":\"source.fixAll\",\"edit\":{\"changes\":{",
            shown ? "," : "");
        lsp_put_string(out, d->uri, strlen(d->uri));
        tsk_page_printf(out, ":[");
        cursor = NULL;
        for (const char *separator = ""; tusk_program_diagnostic(d->program, &cursor, &g);) {
            if (!g.fix || strcmp(g.fix_place.file, d->path)) continue;
            tsk_page_printf(out, "%s", separator);
            put_edit(out, d, &g);
            separator = ",";
        }
        tsk_page_printf(out, "]}}}");
    }
    tsk_page_printf(out, "]");
}

/* ---- formatting ---- */

/* One edit of the lines that differ, so that the cursor stays where nothing changed. */
void lsp_formatting(tsk_page *out, const lsp_document *d) {
    tusk_source *source = NULL;
    const char *text;
    size_t len;
    tusk_status status = tusk_source_parse(NULL, d->path, d->text, d->len, &source);
    if (status == TUSK_OK) status = tusk_source_format(source, &text, &len);
    tsk_page_printf(out, "[");
    if (status == TUSK_OK && (len != d->len || memcmp(text, d->text, len))) {
        size_t head = 0, tail = 0, least = len < d->len ? len : d->len, line = 0;
        while (head < least && text[head] == d->text[head])
            if (text[head++] == '\n') line = head;
        head = line;
        while (tail < least - head && text[len - 1 - tail] == d->text[d->len - 1 - tail]) tail++;
        while (tail && (d->len == tail || d->text[d->len - tail - 1] != '\n')) tail--;
        tsk_page_printf(out, "{\"range\":");
        lsp_put_range(out, d, head, d->len - tail - head);
        tsk_page_printf(out, ",\"newText\":");
        lsp_put_string(out, text + head, len - tail - head);
        tsk_page_printf(out, "}");
    }
    tsk_page_printf(out, "]");
    tusk_source_free(source);
}
