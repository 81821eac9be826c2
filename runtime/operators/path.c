/* Paths as texts; no file is looked at. */
#include "runtime/operators/internal.h"

#include <limits.h>
#include <unistd.h>

/* The last part of a path, trailing slashes aside. */
static tsk_slice last_part(tsk_slice s) {
    while (s.len > 1 && s.ptr[s.len - 1] == '/') s.len--;
    const char *slash = s.len > 1 ? memrchr(s.ptr, '/', s.len) : NULL;
    if (!slash) return s;
    return tsk_slice_from(slash + 1, (size_t)(s.ptr + s.len - slash - 1));
}

/* Where the extension's dot is; NULL: it has none (".profile" and "a." have none). */
static const char *extension_dot(tsk_slice name) {
    const char *dot = name.len ? memrchr(name.ptr, '.', name.len) : NULL;
    return dot && dot > name.ptr && dot + 1 < name.ptr + name.len ? dot : NULL;
}

/* Parts with one slash between them; an absolute part starts anew. */
TSK_OPERATOR(path_join) {
    TSK_CALL("path_join");
    tsk_buf path;
    tsk_buf_init(&path, cx->heap);
    for (uint32_t i = 0; i < count; i++) {
        tsk_slice part;
        if (!tsk_arg_text(&call, i, &part)) return false;
        if (!part.len) continue;
        if (*part.ptr == '/') path.len = 0;
        if (path.len && path.ptr[path.len - 1] != '/') tsk_buf_char(&path, '/');
        tsk_buf_slice(&path, part);
    }
    *out = tsk_str_take(&path);
    return true;
}

TSK_OPERATOR(dirname) {
    TSK_CALL("dirname");
    tsk_slice s;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    uint32_t len = (uint32_t)(last_part(s).ptr - s.ptr);
    while (len > 1 && s.ptr[len - 1] == '/') len--;
    bool root = !len && s.len && *s.ptr == '/';
    *out = len ? tsk_op_text(cx, s.ptr, len) : tsk_str_cstr(cx->heap, root ? "/" : ".");
    return true;
}

/* basename(path[, suffix]) */
TSK_OPERATOR(basename) {
    TSK_CALL("basename");
    tsk_slice s, suffix;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_text_or(&call, 1, TSK_SLICE(""), &suffix)) return false;
    s = last_part(s);
    if (suffix.len && s.len > suffix.len && memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0)
        s.len -= suffix.len;
    *out = tsk_op_text(cx, s.ptr, s.len);
    return true;
}

/* Without its dot. */
TSK_OPERATOR(extension) {
    TSK_CALL("extension");
    tsk_slice s;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    s = last_part(s);
    const char *dot = extension_dot(s);
    *out = dot ? tsk_op_text(cx, dot + 1, (size_t)(s.ptr + s.len - dot - 1)) : tsk_str_cstr(cx->heap, "");
    return true;
}

TSK_OPERATOR(stem) {
    TSK_CALL("stem");
    tsk_slice s;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    s = last_part(s);
    const char *dot = extension_dot(s);
    *out = tsk_op_text(cx, s.ptr, dot ? (size_t)(dot - s.ptr) : s.len);
    return true;
}

TSK_OPERATOR(cwd) {
    char path[PATH_MAX];
    if (!getcwd(path, sizeof path))
        return tsk_op_fail(cx, TSK_E_FILE_FAILED, "cwd: the working directory does not exist");
    *out = tsk_str_cstr(cx->heap, path);
    return true;
}
