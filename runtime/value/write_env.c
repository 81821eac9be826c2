/* Lines for a shell or an env file: SERVER_PORTS_0=8080.  Values are quoted where a shell needs it. */
#include "runtime/base/utf8.h"
#include "runtime/value/semantics.h"
#include "runtime/value/write_internal.h"

/* One step of a path: upper case, what cannot be in a name as `_`, the `$` of globals dropped. */
static void part(tsk_buf *path, tsk_slice key, uint32_t index, bool in_array) {
    if (path->len) tsk_buf_char(path, '_');
    if (in_array) {
        tsk_write_int(path, index);
        return;
    }
    for (uint32_t i = key.len > 1 && key.ptr[0] == '$'; i < key.len; i++) {
        char c = key.ptr[i], letter = (char)(c | 0x20);
        if (letter >= 'a' && letter <= 'z')
            tsk_buf_char(path, (char)(c & ~0x20));
        else
            tsk_buf_char(path, c >= '0' && c <= '9' ? c : '_');
    }
}

static bool is_bare(const char *p, size_t len) {
    for (size_t i = 0; i < len; i++) {
        char c = p[i], letter = (char)(c | 0x20);
        bool word = (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9');
        if (!word && !(c && strchr("_./:@%+,=-", c))) return false;
    }
    return true;
}

static void quoted(tsk_buf *out, const char *ptr, size_t len) {
    tsk_buf_char(out, '\'');
    for (const char *p = ptr, *end = ptr + len; p < end;) {
        uint32_t code;
        char bytes[4];
        p += tsk_utf8_next(p, end, &code);
        if (code == '\'')
            tsk_buf_cstr(out, "'\\''");
        else if (code) /* no environment can hold a zero byte */
            tsk_buf_add(out, bytes, tsk_utf8_encode(bytes, code));
    }
    tsk_buf_char(out, '\'');
}

static void leaf(tsk_leaves *leaves, tsk_value v) {
    tsk_buf *out = leaves->w->out;
    tsk_slice name = {leaves->path.ptr, (uint32_t)leaves->path.len};
    bool container = tsk_write_is_container(v); /* an empty one: no value */
    if (!name.len && container) return;
    if (!name.len) name = TSK_SLICE("VALUE");
    if (name.ptr[0] >= '0' && name.ptr[0] <= '9') tsk_buf_char(out, '_');
    tsk_buf_slice(out, name);
    tsk_buf_char(out, '=');
    if (tsk_is_str(v) && !is_bare(tsk_as_str(v)->ptr, tsk_as_str(v)->len))
        quoted(out, tsk_as_str(v)->ptr, tsk_as_str(v)->len);
    else if (!container && !tsk_is_function(v))
        tsk_value_text(out, v);
    tsk_buf_char(out, '\n');
    tsk_write_flush(leaves->w);
}

bool tsk_write_env(tsk_writer *w, tsk_write_stack *stack, tsk_value v) {
    tsk_leaves leaves = {.w = w, .part = part, .leaf = leaf};
    tsk_buf_init(&leaves.path, w->out->arena);
    return tsk_write_leaves(&leaves, stack, v);
}
