/* What the parts of the language server share.
 *
 *   cmd_lsp.c       messages in and out, which request goes where
 *   lsp_json.c      messages as JSON: read where they stand, written piece by piece
 *   lsp_document.c  open documents: text, positions, the program that was made of them
 *   lsp_answer.c    what is asked about a document
 *
 * One thread, one message after another.  A document is analysed when nothing more is waiting to be read, or when a
 * request needs it.  Evaluation for hovers has the usual grants (environment, files beside the document: to read), no
 * others, and limits of time, steps and memory. */
#ifndef TSK_TOOLS_LSP_H
#define TSK_TOOLS_LSP_H

#include "tools/tsk/test.h"

#include <string.h>

/* ---- lsp_json.c ---- */

/* A value in the text of a message; ptr NULL: there is none. */
typedef struct lsp_json {
    const char *ptr, *end;
} lsp_json;

/* The whole text is one value. */
bool lsp_json_parse(const char *text, size_t len, lsp_json *out);
lsp_json lsp_json_member(lsp_json object, const char *name);
lsp_json lsp_json_path(lsp_json object, const char *path);  /* "a.b" */
lsp_json lsp_json_next(lsp_json list, const char **cursor); /* cursor NULL at first */
bool lsp_json_is(lsp_json v, char first);
long lsp_json_int(lsp_json v, long otherwise);
char *lsp_json_text(lsp_json v, size_t *len); /* to be freed; NULL: it is no text */
void lsp_put_string(tsk_page *out, const char *ptr, size_t len);

/* ---- lsp_document.c ---- */

typedef struct lsp_key {
    char *path;
    size_t path_len, name_len; /* the name is the end of the path, unless it needs quotes */
    char *name;
    unsigned depth;
    tusk_symbol_kind kind;
    bool here; /* in the document's own file */
    size_t offset, length;
} lsp_key;

typedef struct lsp_reference {
    size_t offset, length;
    char *file, *target_file; /* NULL: the document's own; interned in `files` */
    size_t target_offset, target_length;
} lsp_reference;

typedef struct lsp_document {
    struct lsp_document *next;
    char *uri, *path;
    char *text;
    size_t len;
    uint32_t *lines; /* offsets of line starts */
    size_t line_count, line_cap;
    bool dirty;
    tusk_program *program; /* of this text */
    tusk_program *good;    /* the last that could be loaded: the same, or an older one */
    tusk_snapshot *snapshot;
    tusk_context *context; /* of `good`; made when first wanted */
    lsp_key *keys;         /* of `good`; made when first wanted */
    size_t key_count, key_cap;
    bool has_keys, has_references;
    lsp_reference *references;
    size_t reference_count, reference_cap;
} lsp_document;

typedef struct lsp_server {
    const tsk_cli *cli;
    tusk_options *options;
    lsp_document *documents;
    bool shut_down, ended;
} lsp_server;

lsp_document *lsp_find_document(const lsp_server *server, const char *uri);
lsp_document *lsp_open_document(lsp_server *server, const char *uri);
void lsp_close_document(lsp_server *server, lsp_document *d);
void lsp_set_text(lsp_document *d, char *text, size_t len); /* takes the text */
void lsp_edit(lsp_document *d, size_t from, size_t to, const char *text, size_t len);
/* Positions as the protocol has them: lines from 0, UTF-16 units. */
size_t lsp_offset(const lsp_document *d, long line, long character);
void lsp_put_position(tsk_page *out, const lsp_document *d, size_t offset);
void lsp_put_range(tsk_page *out, const lsp_document *d, size_t offset, size_t length);
/* The same in any text. */
void lsp_put_range_in(tsk_page *out, const char *text, size_t len, size_t offset, size_t length);
void lsp_analyse(const lsp_server *server, lsp_document *d);
tusk_context *lsp_context(const lsp_server *server, lsp_document *d); /* NULL: there is none */
void lsp_need_keys(lsp_document *d);
void lsp_need_references(lsp_document *d);
char *lsp_path_of_uri(const char *uri);
void lsp_put_uri(tsk_page *out, const char *path); /* as a JSON string */

/* ---- lsp_answer.c: the JSON of the result is added to `out` ---- */
void lsp_diagnostics(tsk_page *out, const lsp_document *d);
void lsp_completion(tsk_page *out, lsp_server *server, lsp_document *d, size_t offset);
void lsp_hover(tsk_page *out, lsp_server *server, lsp_document *d, size_t offset);
void lsp_definition(tsk_page *out, lsp_server *server, lsp_document *d, size_t offset);
void lsp_references(tsk_page *out, lsp_server *server, lsp_document *d, size_t offset, bool declaration);
/* NULL, or what is wrong with the name. */
const char *lsp_rename(tsk_page *out, lsp_server *server, lsp_document *d, size_t offset, const char *name);
void lsp_symbols(tsk_page *out, lsp_document *d);
void lsp_actions(tsk_page *out, const lsp_document *d, size_t from, size_t to);
void lsp_formatting(tsk_page *out, const lsp_document *d);
#endif
