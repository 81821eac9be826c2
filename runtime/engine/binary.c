/* Compiled configurations: as sources of programs, written from values, and described.
 *
 *   .pnt ─► runtime/pnt ─► value ─► TuskLang text ─► program, like any other source
 *
 * The way over text costs little where such files are read, once a program, and gives them every place that a text has:
 * includes, the peanut hierarchy, -D, functions. */
#include "runtime/engine/engine.h"

#include "runtime/formats/json.h"
#include "runtime/pnt/pnt.h"
#include "runtime/value/write.h"

#include <time.h>

static bool has_suffix(const char *name, const char *suffix) {
    size_t n = strlen(name), m = strlen(suffix);
    return n >= m && !strcmp(name + n - m, suffix);
}

/* {"version": 1, "timestamp": N, "data": {...} or its text}: what the SDKs write beside a .pnt. */
static bool read_side_file(tsk_arena *arena, const char *text, uint32_t len, tsk_value *out, const char **why) {
    tsk_failure failure = {TSK_OK, NULL, NULL};
    if (!tsk_json_parse(arena, text, len, 0, out, &failure)) {
        *why = failure.message;
        return false;
    }
    const tsk_entry *data = tsk_is_object(*out) ? tsk_object_find(tsk_as_object(*out), "data", 4) : NULL;
    if (data) *out = data->value;
    if (tsk_is_str(*out) && !tsk_json_parse(arena, tsk_as_str(*out)->ptr, tsk_as_str(*out)->len, 0, out, &failure)) {
        *why = failure.message;
        return false;
    }
    *why = "its data is no object";
    return tsk_is_object(*out);
}

bool tsk_binary_as_text(tsk_arena *arena, const char *name, const char **text, uint32_t *len, const char **why) {
    tsk_value v;
    bool named = has_suffix(name, ".tskb") || has_suffix(name, ".shell"), side = named && *len && **text == '{';
    if (!side && !named && !has_suffix(name, ".pnt") && !tsk_pnt_is_binary(*text, *len)) return true;
    bool read = side ? read_side_file(arena, *text, *len, &v, why) : tsk_pnt_read(arena, *text, *len, 0, &v, why);
    if (!read) return false;
    tsk_buf out;
    tsk_buf_init(&out, arena);
    tsk_writer w = {.out = &out};
    if (!tsk_write(&w, TSK_FORMAT_TSK, v) || out.len > UINT32_MAX - TSK_SOURCE_PADDING) {
        *why = "it is nested too deep";
        return false;
    }
    *text = tsk_source_copy(arena, out.ptr, out.len);
    *len = (uint32_t)out.len;
    return true;
}

/* ---- writing ---- */

typedef struct writing {
    tsk_value v;
    uint64_t timestamp;
    tusk_context *context;
    void (*sink)(void *user, const char *ptr, size_t len);
    void *user;
} writing;

static tsk_value resolve(void *user, uint32_t thunk) {
    tsk_value v;
    return tsk_context_known(user, tsk_from_thunk(thunk), &v) ? v : TSK_VALUE_NULL;
}

static tusk_status write_body(tusk_context *context, void *argument) {
    const writing *w = argument;
    const char *why = "";
    tusk_status status = tsk_context_compute(context, w->v);
    if (status) return status;
    tsk_buf out;
    tsk_buf_init(&out, &context->heap);
    tsk_pnt_writer writer = {.out = &out, .timestamp = w->timestamp, .resolve = resolve, .user = context};
    if (!tsk_pnt_write(&writer, w->v, &why))
        return tsk_failure_add(context, TSK_E_TYPE, NULL, "the value cannot be compiled: %s", why);
    w->sink(w->user, out.ptr, out.len);
    return TUSK_OK;
}

tusk_status tusk_write_binary(tusk_context *context, tusk_value value, uint64_t timestamp,
                              void (*sink)(void *user, const char *ptr, size_t len), void *user) {
    if (!context || !sink || tusk_value_kind(value) != TUSK_OBJECT) return TUSK_USAGE;
    writing w = {{value.bits}, timestamp, context, sink, user};
    return tsk_context_guard(context, write_body, &w);
}

bool tusk_is_secret(const tusk_context *context, const char *name) {
    return context && name && tsk_failure_is_secret(context, name, strlen(name));
}

/* ---- describing ---- */

typedef struct question {
    const char *path;
    bool json;
} question;

static uint64_t count_keys(tsk_value v) {
    uint64_t n = 0;
    if (tsk_is_array(v))
        for (uint32_t i = 0; i < tsk_as_array(v)->count; i++) n += count_keys(tsk_as_array(v)->items[i]);
    if (!tsk_is_object(v)) return n;
    const tsk_object *o = tsk_as_object(v);
    for (uint32_t i = 0; i < o->count; i++) n += 1 + count_keys(o->entries[i].value);
    return n;
}

/* Both units are in use; what is not, is no time of ours. */
static void put_time(tsk_buf *out, uint64_t timestamp) {
    time_t seconds = (time_t)(timestamp >= 100000000000u ? timestamp / 1000 : timestamp);
    struct tm t;
    if (timestamp && timestamp < (uint64_t)1 << 53 && gmtime_r(&seconds, &t))
        tsk_buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                       t.tm_min, t.tm_sec);
}

static void put_fields(tsk_buf *out, const question *q, const tsk_pnt_info *info, uint32_t len, tsk_value v) {
    const tsk_object *root = tsk_as_object(v);
    const char *payload = info->payload == TSK_PNT_JSON ? "JSON" : "MessagePack";
    if (q->json) {
        tsk_buf_cstr(out, "{\"status\": \"ok\", \"file\": ");
        tsk_write_json_string(out, q->path, strlen(q->path));
        tsk_buf_printf(out, ", \"layout\": \"PNUT\", \"version\": %u, \"timestamp\": %llu, \"time\": \"", info->version,
                       (unsigned long long)info->timestamp);
        put_time(out, info->timestamp);
        tsk_buf_printf(out, "\", \"payload\": \"%s\", \"bytes\": %u, \"keys\": %u, \"all_keys\": %llu}\n", payload, len,
                       root->count, (unsigned long long)count_keys(v));
        return;
    }
    tsk_buf_printf(out, "layout    PNUT\nversion   %u\ntime      ", info->version);
    put_time(out, info->timestamp);
    tsk_buf_printf(out, "%s\npayload   %s\nbytes     %u\nchecksum  fits\nkeys      %u (%llu with those inside)\n",
                   info->timestamp ? "" : "not written", payload, len, root->count, (unsigned long long)count_keys(v));
}

static tusk_status describe(tsk_buf *out, void *argument) {
    const question *q = argument;
    const char *text, *why;
    uint32_t len;
    tsk_value v;
    tsk_pnt_info info;
    tsk_code code = tsk_file_read(out->arena, q->path, NULL, UINT32_MAX, &text, &len, NULL);
    if (code) {
        tsk_buf_printf(out, "%s: %s", q->path,
                       code == TSK_E_FILE_NOT_FOUND ? "the file does not exist" : "the file cannot be read");
        return tsk_status_of(code);
    }
    if (!tsk_pnt_read(out->arena, text, len, 0, &v, &why)) {
        tsk_buf_printf(out, "%s: %s", q->path, why);
        return TUSK_INVALID;
    }
    tsk_pnt_look(text, len, &info);
    put_fields(out, q, &info, len, v);
    return TUSK_OK;
}

tusk_status tusk_binary_info(const char *path, bool json, char **text) {
    question q = {path, json};
    return path && text ? tsk_text_make(text, describe, &q) : TUSK_USAGE;
}
