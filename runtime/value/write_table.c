/* A table for people: one line a leaf, with its path, type and value in aligned columns.  The value is walked twice:
 * once to measure, once to write. */
#include "runtime/base/utf8.h"
#include "runtime/value/semantics.h"
#include "runtime/value/write_internal.h"

#define WIDEST_PATH 60 /* longer ones push their row to the right */
#define WIDEST_VALUE 60
#define TYPE_COLUMNS 8 /* "function" */
#define GAP 2

static void part(tsk_buf *path, tsk_slice key, uint32_t index, bool in_array) {
    if (in_array) {
        tsk_buf_char(path, '[');
        tsk_write_int(path, index);
        tsk_buf_char(path, ']');
        return;
    }
    if (path->len) tsk_buf_char(path, '.');
    tsk_write_tsk_key(path, key.ptr, key.len);
}

static tsk_slice shown_path(const tsk_leaves *leaves) {
    return leaves->path.len ? (tsk_slice){leaves->path.ptr, (uint32_t)leaves->path.len} : TSK_SLICE(".");
}

static void measure(tsk_leaves *leaves, tsk_value v) {
    (void)v;
    size_t *width = leaves->user;
    tsk_slice path = shown_path(leaves);
    size_t columns = tsk_utf8_columns(path.ptr, path.len);
    if (columns > *width) *width = columns < WIDEST_PATH ? columns : WIDEST_PATH;
}

static void cell(tsk_buf *out, tsk_slice s, size_t width) {
    size_t columns = tsk_utf8_columns(s.ptr, s.len);
    tsk_buf_slice(out, s);
    tsk_write_indent(out, (columns < width ? width - columns : 0) + GAP);
}

/* Text on one line, cut where it is too wide. */
static void clipped(tsk_buf *out, tsk_slice s) {
    size_t used = 0, cut = out->len;
    for (const char *p = s.ptr, *end = p + s.len; p < end;) {
        uint32_t code;
        char bytes[4];
        p += tsk_utf8_next(p, end, &code);
        bool escape = code == '\n' || code == '\t' || code == '\r';
        if (!escape && tsk_utf8_unprintable(code)) code = TSK_UTF8_REPLACEMENT;
        used += escape ? 2 : tsk_utf8_width(code);
        if (used > WIDEST_VALUE) {
            out->len = cut;
            tsk_buf_cstr(out, "…");
            return;
        }
        if (escape)
            tsk_buf_cstr(out, code == '\n' ? "\\n" : code == '\t' ? "\\t" : "\\r");
        else
            tsk_buf_add(out, bytes, tsk_utf8_encode(bytes, code));
        if (used < WIDEST_VALUE) cut = out->len;
    }
}

static void row(tsk_leaves *leaves, tsk_value v) {
    tsk_buf *out = leaves->w->out;
    tsk_kind kind = tsk_kind_of(v);
    cell(out, shown_path(leaves), *(size_t *)leaves->user);
    cell(out, tsk_slice_cstr(tsk_kind_name(kind)), TYPE_COLUMNS);
    if (kind == TSK_STRING)
        clipped(out, tsk_as_slice(v));
    else if (kind == TSK_NULL)
        tsk_buf_cstr(out, "null");
    else
        tsk_value_text(out, v);
    tsk_buf_char(out, '\n');
    tsk_write_flush(leaves->w);
}

bool tsk_write_table(tsk_writer *w, tsk_write_stack *stack, tsk_value v) {
    size_t width = 4; /* of the heading */
    tsk_leaves leaves = {.w = w, .part = part, .leaf = measure, .user = &width};
    tsk_buf_init(&leaves.path, w->out->arena);
    if (!tsk_write_leaves(&leaves, stack, v)) return false;
    cell(w->out, TSK_SLICE("path"), width);
    cell(w->out, TSK_SLICE("type"), TYPE_COLUMNS);
    tsk_buf_cstr(w->out, "value\n");
    leaves.leaf = row;
    leaves.path.len = 0;
    return tsk_write_leaves(&leaves, stack, v);
}
