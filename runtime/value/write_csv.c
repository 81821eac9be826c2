/* CSV with a row of names, when the rows are objects, or without one, when they are lists.
 *
 * The names are the keys of all rows in the order they first come; what a row does not have is empty, and so is null. */
#include "runtime/value/semantics.h"
#include "runtime/value/write_internal.h"

static void field(const tsk_writer *w, tsk_slice s, bool alone) {
    tsk_buf *out = w->out;
    char separator = w->separator ? w->separator : ',';
    bool quote = (alone && !s.len) || memchr(s.ptr, separator, s.len) || memchr(s.ptr, '"', s.len) ||
                 memchr(s.ptr, '\n', s.len) || memchr(s.ptr, '\r', s.len);
    if (!quote) {
        tsk_buf_slice(out, s);
        return;
    }
    tsk_buf_char(out, '"');
    for (uint32_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"') tsk_buf_char(out, '"');
        tsk_buf_char(out, s.ptr[i]);
    }
    tsk_buf_char(out, '"');
}

static bool cell(tsk_writer *w, uint32_t row, tsk_value v, bool alone) {
    tsk_slice s = {"", 0};
    if (tsk_write_is_container(v) || tsk_is_function(v))
        return tsk_write_refuse(w, "CSV has plain values only, and row %u holds %s", row + 1,
                                tsk_is_array(v)    ? "a list"
                                : tsk_is_object(v) ? "an object"
                                                   : "a function");
    if (!tsk_is_null(v)) s = tsk_as_slice(tsk_value_string(w->out->arena, v));
    if (!s.len) s.ptr = "";
    field(w, s, alone);
    return true;
}

static void separate(const tsk_writer *w, uint32_t i) {
    if (i) tsk_buf_char(w->out, w->separator ? w->separator : ',');
}

static bool list_row(tsk_writer *w, uint32_t row, tsk_value v) {
    uint32_t count = tsk_write_count(v);
    tsk_slice key;
    if (!count) return tsk_write_refuse(w, "row %u has no fields", row + 1);
    for (uint32_t i = 0; i < count; i++) {
        separate(w, i);
        if (!cell(w, row, tsk_write_peek(w, v, i, &key), count == 1)) return false;
    }
    tsk_buf_char(w->out, '\n');
    return true;
}

static bool object_row(tsk_writer *w, uint32_t row, const tsk_object *names, tsk_value v) {
    const tsk_object *o = tsk_as_object(v);
    for (uint32_t i = 0; i < names->count; i++) {
        const tsk_entry *name = &names->entries[i];
        const tsk_entry *e = tsk_object_find_hashed(o, name->key, name->key_len, name->hash);
        tsk_slice key;
        tsk_value item = e ? tsk_write_peek(w, v, (uint32_t)(e - o->entries), &key) : TSK_VALUE_NULL;
        separate(w, i);
        if (!cell(w, row, item, names->count == 1)) return false;
    }
    tsk_buf_char(w->out, '\n');
    return true;
}

static bool name_row(tsk_writer *w, tsk_value rows, tsk_object *names) {
    tsk_slice key;
    for (uint32_t i = 0; i < tsk_write_count(rows); i++) {
        tsk_value row = tsk_write_peek(w, rows, i, &key);
        if (!tsk_is_object(row)) return tsk_write_refuse(w, "row %u is no object, as the first row is", i + 1);
        const tsk_object *o = tsk_as_object(row);
        for (uint32_t k = 0; k < o->count; k++)
            tsk_object_slot(w->out->arena, names, o->entries[k].key, o->entries[k].key_len, o->entries[k].hash, NULL);
    }
    if (!names->count) return tsk_write_refuse(w, "the rows have no fields");
    for (uint32_t i = 0; i < names->count; i++) {
        separate(w, i);
        field(w, (tsk_slice){names->entries[i].key, names->entries[i].key_len}, names->count == 1);
    }
    tsk_buf_char(w->out, '\n');
    return true;
}

bool tsk_write_csv(tsk_writer *w, tsk_write_stack *stack __attribute__((unused)), tsk_value v) {
    if (!tsk_is_array(v)) return tsk_write_refuse(w, "CSV is a list of rows, and the value is none");
    uint32_t count = tsk_write_count(v);
    tsk_slice key;
    tsk_object *names = NULL;
    if (count && tsk_is_object(tsk_write_peek(w, v, 0, &key))) {
        names = tsk_object_new(w->out->arena, 8);
        if (!name_row(w, v, names)) return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        tsk_value row = tsk_write_peek(w, v, i, &key);
        if (!names && !tsk_is_array(row)) return tsk_write_refuse(w, "row %u is neither a list nor an object", i + 1);
        if (!(names ? object_row(w, i, names, row) : list_row(w, i, row))) return false;
        tsk_write_flush(w);
    }
    return true;
}
