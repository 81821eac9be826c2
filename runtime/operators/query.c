/* query(sql, parameters..): SQLite, loaded on first use, one connection a context.
 *
 *   TSK_DB, DB_PATH ─► database.sqlite.filename ─► sqlite.filename ─► ":memory:"
 *
 * A file must be one that may be read, and is opened for reading only unless it may be written too.  SQL reaches no
 * other file: attaching is refused.  A statement whose rows do not fit the heap is left open when the evaluation
 * leaves by the trap; SQLite knows its statements, so the next query and the end of the context finalize it. */
#define TSK_USE_SQLITE
#include "runtime/base/library_api.h"
#include "runtime/base/utf8.h"
#include "runtime/operators/internal.h"
#include "runtime/operators/stores.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define BUSY_MS 2000
#define SQL_MAX (1 << 20)   /* bytes of a statement */
#define VALUE_MAX (1 << 26) /* bytes of a text or row inside SQLite */
#define TICK 10000          /* instructions of SQLite's machine */
#define TICKS_MAX 20000

typedef struct query {
    const tsk_call *call;
    struct tsk_stores *stores;
    const tsk_sqlite_api *api;
    sqlite3 *db;
    sqlite3_stmt *stmt;
} query;

/* ---- which database ---- */

static bool key_of_document(tsk_op_context *cx, const char *key, const char **path) {
    tsk_value v;
    *path = NULL;
    if (!cx->lookup(cx->user, key, (uint32_t)strlen(key), &v)) return false;
    if (tsk_is_null(v)) return true;
    if (!tsk_is_str(v) || !tsk_as_str(v)->len)
        return tsk_op_fail(cx, TSK_E_ARGUMENT, "query: %s must be the name of a file, got %s", key, tsk_op_show(cx, v));
    const char *name = tsk_op_cstr(cx, tsk_as_slice(v));
    bool as_it_is = *name == '/' || strcmp(name, ":memory:") == 0;
    *path = as_it_is ? name : tsk_arena_printf(cx->heap, "%s/%s", cx->directory, name);
    return true;
}

static bool choose_database(tsk_op_context *cx, const char **path) {
    static const char *const variables[] = {"TSK_DB", "DB_PATH"};
    static const char *const keys[] = {"database.sqlite.filename", "sqlite.filename"};
    for (size_t i = 0; i < TSK_COUNT(variables); i++) {
        *path = tsk_op_environment(cx, variables[i], strlen(variables[i]));
        if (*path && **path) return true;
    }
    for (size_t i = 0; i < TSK_COUNT(keys); i++) {
        if (!key_of_document(cx, keys[i], path)) return false;
        if (*path) return true;
    }
    *path = ":memory:";
    return true;
}

static bool is_below(const char *real, const char *const *roots) {
    char root[PATH_MAX];
    if (!roots) return true;
    for (; *roots; roots++) {
        if (!realpath(*roots, root)) continue;
        size_t len = strlen(root);
        if (strncmp(real, root, len) == 0 && (real[len] == '/' || real[len] == 0 || len == 1)) return true;
    }
    return false;
}

/* The path without links; of a file that does not exist yet, when its folder does. */
static bool resolve(tsk_op_context *cx, const char *path, const char **real) {
    char folder[PATH_MAX];
    if (realpath(path, folder)) {
        *real = tsk_arena_strdup(cx->heap, folder, strlen(folder));
        return true;
    }
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *parent = slash == path ? "/" : slash ? tsk_arena_strdup(cx->heap, path, (size_t)(slash - path)) : ".";
    if (errno != ENOENT || !*name || !realpath(parent, folder)) return false;
    *real = tsk_arena_printf(cx->heap, "%s/%s", folder, name);
    return true;
}

/* The path to open, and whether the file may be changed. */
static bool permit(tsk_op_context *cx, const char **path, bool *writable) {
    if (!tsk_op_require(cx, "query", TSK_CAP_READ)) return false;
    const char *given = *path;
    if (!resolve(cx, given, path))
        return tsk_op_fail(cx, TSK_E_FILE_NOT_FOUND, "query: the database %s does not exist", given);
    if (!is_below(*path, cx->caps->read_roots)) {
        tsk_op_fail(cx, TSK_E_FILE_DENIED, "query: the database %s may not be read", given);
        return tsk_op_hint(cx, "grant it with --allow-read=%s", given);
    }
    *writable = (cx->caps->mask & TSK_CAP_WRITE) && is_below(*path, cx->caps->write_roots);
    return true;
}

/* ---- the connection ---- */

/* Statements that a trap has left open. */
static void finalize_leftovers(const tsk_sqlite_api *api, sqlite3 *db) {
    for (sqlite3_stmt *left; (left = api->sqlite3_next_stmt_(db, NULL));) api->sqlite3_finalize_(left);
}

void tsk_query_close(const struct tsk_sqlite_api *api, void *database) {
    finalize_leftovers(api, database);
    api->sqlite3_close_v2_(database);
}

/* What SQL may do besides reading and changing tables: nothing that names a file or loosens a guard. */
static int authorize(void *user, int action, const char *first, const char *second, const char *database,
                     const char *trigger) {
    static const char *const pragmas[] = {"table_info",   "table_xinfo",     "table_list",   "index_list",
                                          "index_info",   "index_xinfo",     "foreign_keys", "foreign_key_list",
                                          "user_version", "integrity_check", "quick_check",  "application_id"};
    (void)user, (void)database, (void)trigger;
    if (action == SQLITE_ATTACH || action == SQLITE_DETACH) return SQLITE_DENY;
    if (action == SQLITE_FUNCTION) return second && strcmp(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    if (action != SQLITE_PRAGMA) return SQLITE_OK;
    for (size_t i = 0; first && i < TSK_COUNT(pragmas); i++)
        if (tsk_slice_same(tsk_slice_cstr(first), pragmas[i])) return SQLITE_OK;
    return SQLITE_DENY;
}

static int out_of_ticks(void *stores) {
    return ++((struct tsk_stores *)stores)->query_ticks > TICKS_MAX;
}

static void guard(const tsk_sqlite_api *api, sqlite3 *db, struct tsk_stores *stores) {
    api->sqlite3_busy_timeout_(db, BUSY_MS);
    api->sqlite3_limit_(db, SQLITE_LIMIT_SQL_LENGTH, SQL_MAX);
    api->sqlite3_limit_(db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
    api->sqlite3_limit_(db, SQLITE_LIMIT_ATTACHED, 0);
    api->sqlite3_db_config_(db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    api->sqlite3_db_config_(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
    api->sqlite3_set_authorizer_(db, authorize, NULL);
    api->sqlite3_progress_handler_(db, TICK, out_of_ticks, stores);
}

static bool open_database(query *q, const char *path) {
    tsk_op_context *cx = q->call->cx;
    bool in_memory = strcmp(path, ":memory:") == 0, writable = in_memory;
    if (!in_memory && !permit(cx, &path, &writable)) return false;
    int flags = SQLITE_OPEN_NOMUTEX | (writable ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    sqlite3 *db = NULL;
    if (q->api->sqlite3_open_v2_(path, &db, flags, NULL) == SQLITE_OK) {
        guard(q->api, db, q->stores);
        q->stores->sqlite = q->api;
        q->stores->database = q->db = db;
        q->stores->query_in_memory = in_memory;
        return true;
    }
    char why[200]; /* the message goes with the connection */
    snprintf(why, sizeof why, "%s", db ? q->api->sqlite3_errmsg_(db) : "out of memory");
    q->api->sqlite3_close_v2_(db);
    tsk_op_fail(cx, TSK_E_QUERY_FAILED, "query: %s: %s", path, why);
    return writable ? false : tsk_op_hint(cx, "the file is opened for reading only; --allow-write lets it be made");
}

static bool connect_database(query *q) {
    tsk_op_context *cx = q->call->cx;
    tsk_library_error missing;
    const char *path;
    if (!tsk_library_sqlite(&q->api, &missing)) {
        tsk_op_fail(cx, TSK_E_LIBRARY_MISSING, "query: %s is not installed", missing.file);
        return tsk_op_hint(cx, "install the package %s", missing.package);
    }
    if (!q->stores->database && !choose_database(cx, &path)) return false;
    if (!q->stores->database) return open_database(q, path); /* the key that names it may have asked it already */
    q->db = q->stores->database;
    finalize_leftovers(q->api, q->db);
    return true;
}

/* ---- one statement ---- */

static bool sqlite_failed(const query *q) {
    tsk_op_context *cx = q->call->cx;
    if (q->stores->query_ticks > TICKS_MAX)
        return tsk_op_fail(cx, TSK_E_QUERY_FAILED, "query: stopped after %d million steps",
                           TICK / 1000 * TICKS_MAX / 1000);
    tsk_op_fail(cx, TSK_E_QUERY_FAILED, "query: %s", q->api->sqlite3_errmsg_(q->db));
    if (!q->stores->query_in_memory || !strstr(cx->failure->message, "no such table")) return false;
    return tsk_op_hint(cx,
                       "no database is named, so this one is empty; set TSK_DB or the key database.sqlite.filename");
}

static bool prepare(query *q, tsk_slice sql) {
    const tsk_sqlite_api *api = q->api;
    const char *tail, *end = sql.ptr + sql.len;
    sqlite3_stmt *second = NULL;
    if (sql.len > SQL_MAX) return tsk_arg_wrong(q->call, 0, "a statement of at most 1 MiB");
    q->stores->query_ticks = 0;
    if (api->sqlite3_prepare_v2_(q->db, sql.ptr, (int)sql.len, &q->stmt, &tail) != SQLITE_OK) return sqlite_failed(q);
    if (!q->stmt) return tsk_arg_wrong(q->call, 0, "an SQL statement");
    int status = api->sqlite3_prepare_v2_(q->db, tail, (int)(end - tail), &second, NULL);
    api->sqlite3_finalize_(second);
    if (status == SQLITE_OK && !second) return true;
    tsk_op_fail(q->call->cx, TSK_E_ARGUMENT, "query: argument 1 must be one statement, and more follows it");
    return false;
}

static bool bind_value(query *q, int number, tsk_value v, bool *bound) {
    const tsk_sqlite_api *api = q->api;
    int status;
    *bound = true;
    switch (tsk_kind_of(v)) {
    case TSK_NULL: status = api->sqlite3_bind_null_(q->stmt, number); break;
    case TSK_BOOL: status = api->sqlite3_bind_int64_(q->stmt, number, tsk_as_bool(v)); break;
    case TSK_INT: status = api->sqlite3_bind_int64_(q->stmt, number, tsk_as_int(v)); break;
    case TSK_DOUBLE: status = api->sqlite3_bind_double_(q->stmt, number, tsk_as_double(v)); break;
    case TSK_STRING: {
        tsk_slice s = tsk_as_slice(v);
        if (s.len > VALUE_MAX) return *bound = false, true;
        status = api->sqlite3_bind_text_(q->stmt, number, s.len ? s.ptr : "", (int)s.len, SQLITE_STATIC);
        break;
    }
    default: return *bound = false, true;
    }
    return status == SQLITE_OK ? true : sqlite_failed(q);
}

/* Parameters are the further arguments, or the items of the only one when that is a list. */
static bool bind(query *q) {
    const tsk_call *call = q->call;
    const tsk_value *values = call->args + 1;
    uint32_t count = call->count - 1, wanted = (uint32_t)q->api->sqlite3_bind_parameter_count_(q->stmt);
    bool list = count == 1 && tsk_is_array(*values), bound;
    if (list) {
        const tsk_array *items = tsk_as_array(*values);
        values = items->items;
        count = items->count;
    }
    if (count != wanted)
        return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "query: the statement has %u parameter%s, and %u value%s given",
                           wanted, wanted == 1 ? "" : "s", count, count == 1 ? " is" : "s are");
    for (uint32_t i = 0; i < count; i++) {
        if (!bind_value(q, (int)i + 1, values[i], &bound)) return false;
        if (!bound)
            return tsk_arg_wrong(call, list ? 1 : i + 1, "a string, number, boolean or null for each parameter");
    }
    return true;
}

/* ---- results ---- */

/* Bytes that are no UTF-8 become U+FFFD: a value is always text. */
static tsk_value text_value(tsk_op_context *cx, const char *ptr, size_t len) {
    if (tsk_utf8_valid_prefix(ptr, len) == len) return tsk_op_text(cx, ptr, len);
    tsk_buf text;
    tsk_buf_init(&text, cx->heap);
    for (const char *p = ptr, *end = ptr + len; p < end;) {
        char bytes[4];
        uint32_t code;
        p += tsk_utf8_next(p, end, &code);
        tsk_buf_add(&text, bytes, tsk_utf8_encode(bytes, code));
    }
    return tsk_str_take(&text);
}

/* A blob is given as hexadecimal digits. */
static tsk_value blob_value(tsk_op_context *cx, const uint8_t *bytes, size_t len) {
    static const char digits[] = "0123456789abcdef";
    char *text = tsk_arena_alloc(cx->heap, len * 2);
    for (size_t i = 0; i < len; i++) {
        text[i * 2] = digits[bytes[i] >> 4];
        text[i * 2 + 1] = digits[bytes[i] & 15];
    }
    return tsk_str_borrow(cx->heap, text, (uint32_t)(len * 2));
}

static tsk_value column_value(const query *q, int column) {
    const tsk_sqlite_api *api = q->api;
    tsk_op_context *cx = q->call->cx;
    switch (api->sqlite3_column_type_(q->stmt, column)) {
    case SQLITE_INTEGER: return tsk_int(cx->heap, api->sqlite3_column_int64_(q->stmt, column));
    case SQLITE_FLOAT: return tsk_from_double(api->sqlite3_column_double_(q->stmt, column));
    case SQLITE_TEXT: {
        const char *text = (const char *)api->sqlite3_column_text_(q->stmt, column);
        return text_value(cx, text ? text : "", (size_t)api->sqlite3_column_bytes_(q->stmt, column));
    }
    case SQLITE_BLOB: {
        const void *bytes = api->sqlite3_column_blob_(q->stmt, column);
        return blob_value(cx, bytes, bytes ? (size_t)api->sqlite3_column_bytes_(q->stmt, column) : 0);
    }
    default: return TSK_VALUE_NULL;
    }
}

typedef struct column_name {
    const char *text;
    uint32_t len, hash;
} column_name;

static column_name *column_names(const query *q, int count) {
    tsk_arena *heap = q->call->cx->heap;
    column_name *names = TSK_NEW_ARRAY(heap, column_name, count);
    for (int i = 0; i < count; i++) {
        const char *text = q->api->sqlite3_column_name_(q->stmt, i);
        size_t len = text ? strlen(text) : 0;
        names[i] = (column_name){tsk_arena_strdup(heap, text ? text : "", len), (uint32_t)len, 0};
        names[i].hash = tsk_hash(names[i].text, len);
    }
    return names;
}

/* One row of one column is its value; else a list of objects. */
static bool read_rows(query *q, int columns, tsk_value *out) {
    tsk_arena *heap = q->call->cx->heap;
    column_name *names = column_names(q, columns);
    tsk_array *rows = tsk_array_new(heap, 4);
    int status;
    while ((status = q->api->sqlite3_step_(q->stmt)) == SQLITE_ROW) {
        tsk_object *row = tsk_object_new(heap, (uint32_t)columns);
        for (int i = 0; i < columns; i++) {
            tsk_value v = column_value(q, i);
            tsk_object_slot(heap, row, names[i].text, names[i].len, names[i].hash, NULL)->value = v;
        }
        tsk_array_push(heap, rows, tsk_from_object(row));
    }
    if (status != SQLITE_DONE) return sqlite_failed(q);
    *out = columns == 1 && rows->count == 1 ? tsk_as_object(rows->items[0])->entries[0].value : tsk_from_array(rows);
    return true;
}

static bool count_changes(query *q, tsk_value *out) {
    int before = q->api->sqlite3_total_changes_(q->db), status;
    while ((status = q->api->sqlite3_step_(q->stmt)) == SQLITE_ROW) continue;
    if (status != SQLITE_DONE) return sqlite_failed(q);
    *out = tsk_int(q->call->cx->heap, q->api->sqlite3_total_changes_(q->db) - before);
    return true;
}

TSK_OPERATOR(query) {
    TSK_CALL("query");
    if (!tsk_is_str(args[0])) return tsk_arg_wrong(&call, 0, "an SQL statement");
    if (!tsk_stores_use(cx, "query")) return false;
    query q = {.call = &call, .stores = cx->stores};
    if (!connect_database(&q)) return false;
    bool done = prepare(&q, tsk_as_slice(args[0])) && bind(&q);
    if (done) {
        int columns = q.api->sqlite3_column_count_(q.stmt);
        done = columns ? read_rows(&q, columns, out) : count_changes(&q, out);
    }
    q.api->sqlite3_finalize_(q.stmt);
    return done;
}
