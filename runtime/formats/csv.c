/* CSV as RFC 4180 has it: fields in quotes hold separators, line ends and doubled quotes.
 *
 *   name,age          the first row names the fields: [{name: "Ann", age: "30"}]
 *   Ann,30            with the option `lists` it is a row like the others: [["name", "age"], ["Ann", "30"]]
 *
 * Every field is a text, since nothing tells a number from a postal code.  Lines without any field are skipped. */
#include "runtime/formats/internal.h"

static bool is_end(const tsk_reader *r) {
    return r->p == r->end || tsk_read_break(*r->p);
}

static bool read_quoted(tsk_reader *r, tsk_slice *out) {
    const char *start = r->p++, *from = r->p;
    tsk_buf text;
    tsk_buf_init(&text, r->arena);
    for (bool copied = false;; copied = true) {
        const char *quote = memchr(r->p, '"', (size_t)(r->end - r->p));
        if (!quote) return tsk_read_fail(r, start, "a field without its closing quote");
        r->p = quote + 1;
        bool doubled = tsk_read_at(r, 0) == '"';
        if (!doubled && !copied) return *out = tsk_read_slice(from, quote), true;
        tsk_buf_add(&text, from, (size_t)(quote + doubled - from));
        if (!doubled) return *out = tsk_read_taken(&text), true;
        from = ++r->p;
    }
}

static bool read_field(tsk_reader *r, char separator, tsk_slice *out) {
    if (tsk_read_at(r, 0) == '"') {
        if (!read_quoted(r, out)) return false;
        if (is_end(r) || *r->p == separator) return true;
        tsk_read_fail(r, r->p, "something stands behind a closing quote");
        return tsk_read_hint(r, "a quote inside of a field is written twice");
    }
    const char *start = r->p;
    while (!is_end(r) && *r->p != separator) r->p++;
    *out = tsk_read_slice(start, r->p);
    return true;
}

/* A row, with its line end. */
static bool read_row(tsk_reader *r, char separator, tsk_array *row) {
    for (;;) {
        tsk_slice field = {NULL, 0};
        if (!read_field(r, separator, &field)) return false;
        tsk_array_push(r->arena, row, tsk_read_text(r, field));
        if (is_end(r)) break;
        r->p++;
    }
    if (r->p < r->end) r->p += *r->p == '\r' && tsk_read_at(r, 1) == '\n' ? 2 : 1;
    return true;
}

static bool check_names(tsk_reader *r, const tsk_array *names, const char *at) {
    tsk_object *seen = tsk_object_new(r->arena, names->count);
    for (uint32_t i = 0; i < names->count; i++) {
        tsk_slice name = tsk_as_slice(names->items[i]);
        bool added;
        tsk_object_slot(r->arena, seen, name.ptr, name.len, tsk_hash(name.ptr, name.len), &added);
        if (added) continue;
        tsk_read_fail(r, at, "the first row names `%.*s` twice", (int)(name.len > 64 ? 64 : name.len), name.ptr);
        return tsk_read_hint(r, "without a row of names, ask for lists: csv_parse(text, {header: false})");
    }
    return true;
}

static tsk_value named(tsk_reader *r, const tsk_array *names, const tsk_array *row) {
    tsk_object *o = tsk_object_new(r->arena, names->count);
    for (uint32_t i = 0; i < names->count; i++) {
        tsk_slice name = tsk_as_slice(names->items[i]);
        tsk_object_set(r->arena, o, name.ptr, name.len, row->items[i]);
    }
    return tsk_from_object(o);
}

bool tsk_read_csv(tsk_reader *r, tsk_value *out) {
    char separator = r->options.separator ? r->options.separator : ',';
    tsk_array *rows = tsk_array_new(r->arena, 16), *names = NULL;
    while (r->p < r->end) {
        const char *start = r->p;
        if (is_end(r)) {
            r->p++;
            continue;
        }
        tsk_array *row = tsk_array_new(r->arena, names ? names->count : 8);
        if (!read_row(r, separator, row)) return false;
        if (r->options.lists) {
            tsk_array_push(r->arena, rows, tsk_from_array(row));
        } else if (!names) {
            names = row;
            if (!check_names(r, names, start)) return false;
        } else if (row->count != names->count) {
            return tsk_read_fail(r, start, "a row of %u fields where the first row names %u", row->count, names->count);
        } else {
            tsk_array_push(r->arena, rows, named(r, names, row));
        }
    }
    *out = tsk_from_array(rows);
    return true;
}
