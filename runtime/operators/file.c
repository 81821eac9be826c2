/* Files, reading: their text, what they are, and what is in a directory. */
#include "runtime/formats/json.h"
#include "runtime/operators/encode.h"
#include "runtime/operators/file_open.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- file(...) ---- */

static const tsk_action readers[] = {
    {"read", TSK_OP_FILE_READ},      {"contents", TSK_OP_FILE_READ}, {"lines", TSK_OP_FILE_LINES},
    {"exists", TSK_OP_FILE_EXISTS},  {"size", TSK_OP_FILE_SIZE},     {"modified", TSK_OP_FILE_MODIFIED},
    {"mtime", TSK_OP_FILE_MODIFIED}, {"info", TSK_OP_FILE_INFO},     {"stat", TSK_OP_FILE_INFO},
    {"hash", TSK_OP_FILE_HASH},      {"list", TSK_OP_FILE_LIST},     {"json", TSK_OP_JSON_FILE},
    {"realpath", TSK_OP_REALPATH},   {"yaml", TSK_OP_YAML_FILE},     {"toml", TSK_OP_TOML_FILE},
    {"csv", TSK_OP_CSV_FILE},        {"ini", TSK_OP_INI_FILE},       {"xml", TSK_OP_XML_FILE},
};
static const tsk_action writers[] = {
    {"write", TSK_OP_FILE_WRITE},   {"append", TSK_OP_FILE_APPEND}, {"copy", TSK_OP_FILE_COPY},
    {"move", TSK_OP_FILE_MOVE},     {"rename", TSK_OP_FILE_MOVE},   {"delete", TSK_OP_FILE_DELETE},
    {"remove", TSK_OP_FILE_DELETE}, {"mkdir", TSK_OP_FILE_MKDIR},
};

static const tsk_action *reader_of(tsk_value v) {
    return tsk_is_str(v) ? tsk_action_find(readers, TSK_COUNT(readers), tsk_as_slice(v)) : NULL;
}

static const tsk_action *writer_of(tsk_value v) {
    return tsk_is_str(v) ? tsk_action_find(writers, TSK_COUNT(writers), tsk_as_slice(v)) : NULL;
}

bool tsk_op_is_operation_of_file(tsk_slice name, bool *writes) {
    *writes = tsk_action_find(writers, TSK_COUNT(writers), name) != NULL;
    return *writes || tsk_action_find(readers, TSK_COUNT(readers), name);
}

static bool has_suffix(tsk_slice s, const char *suffix) {
    uint32_t len = (uint32_t)strlen(suffix);
    return s.len > len && tsk_slice_same((tsk_slice){s.ptr + s.len - len, len}, suffix);
}

/* file("op", path ..), file(path, "op"), file(path[, otherwise]).  A .tsk file gives its document. */
TSK_OPERATOR(file) {
    TSK_CALL("file");
    const tsk_action *action = count > 1 ? reader_of(args[0]) : NULL;
    if (action) return tsk_op_call(cx, action->number, args + 1, count - 1, out);
    if (count > 1 && writer_of(args[0])) {
        tsk_slice op = tsk_as_slice(args[0]);
        tsk_op_fail(cx, TSK_E_ARGUMENT, "file: \"%.*s\" changes files and must be written as a literal", (int)op.len,
                    op.ptr);
        return tsk_op_hint(cx, "write file(\"%.*s\", ..) or file_%.*s(..)", (int)op.len, op.ptr, (int)op.len, op.ptr);
    }
    action = count == 2 ? reader_of(args[1]) : NULL;
    if (action) return tsk_op_call(cx, action->number, args, 1, out);
    if (count > 2 || (count == 2 && writer_of(args[1]))) {
        tsk_slice name;
        if (!tsk_arg_text(&call, 0, &name)) return false;
        return tsk_action_unknown(&call, readers, TSK_COUNT(readers), name);
    }
    if (tsk_is_str(args[0]) && has_suffix(tsk_as_slice(args[0]), ".tsk") && cx->cross_file) {
        if (!tsk_op_require(cx, "file", TSK_CAP_READ)) return false;
        if (cx->cross_file(cx->user, tsk_as_slice(args[0]), TSK_SLICE(""), NULL, out)) return true;
        if (count < 2 || cx->failure->code != TSK_E_FILE_NOT_FOUND) return false;
        *out = args[1];
        return true;
    }
    return tsk_op_file_read(cx, args, count, out);
}

/* file_op("write", path ..): FILE when its first argument is a literal that writes. */
TSK_OPERATOR(file_op_write) {
    TSK_CALL("file");
    const tsk_action *action = writer_of(args[0]);
    tsk_slice name;
    if (!tsk_arg_text(&call, 0, &name)) return false;
    if (!action) return tsk_action_unknown(&call, writers, TSK_COUNT(writers), name);
    return tsk_op_call(cx, action->number, args + 1, count - 1, out);
}

/* ---- contents ---- */

/* The text, or the second argument when there is no such file. */
static bool text_or(const tsk_call *call, tsk_slice *text, bool *missing) {
    tsk_place place;
    if (!tsk_place_find(call, 0, TSK_CAP_READ, &place)) return false;
    *missing = false;
    if (tsk_place_read(call, &place, text)) return true;
    *missing = call->count > 1 && call->cx->failure->code == TSK_E_FILE_NOT_FOUND;
    return *missing;
}

TSK_OPERATOR(file_read) {
    TSK_CALL("file");
    tsk_slice text;
    bool missing;
    if (!text_or(&call, &text, &missing)) return false;
    *out = missing ? args[1] : tsk_str_borrow(cx->heap, text.ptr, text.len);
    return true;
}

TSK_OPERATOR(file_lines) {
    tsk_value text;
    return tsk_op_file_read(cx, args, count, &text) && tsk_op_lines(cx, &text, 1, out);
}

TSK_OPERATOR(json_file) {
    TSK_CALL("json_file");
    tsk_slice text;
    bool missing;
    if (!text_or(&call, &text, &missing)) return false;
    if (missing) return *out = args[1], true;
    tsk_read_problem problem;
    if (tsk_json_read(cx->heap, text.ptr, text.len, cx->max_depth, out, &problem)) return true;
    tsk_slice name = tsk_as_slice(tsk_value_string(cx->heap, args[0]));
    return tsk_op_fail(cx, problem.code, "%.*s: JSON: %s", (int)name.len, name.ptr,
                       tsk_read_problem_text(cx->heap, text.ptr, text.len, &problem));
}

TSK_OPERATOR(file_hash) {
    TSK_CALL("file_hash");
    tsk_slice algorithm, text;
    tsk_place place;
    uint8_t digest[64];
    uint32_t len = 0;
    if (!tsk_arg_text_or(&call, 1, TSK_SLICE("sha256"), &algorithm) ||
        !tsk_place_find(&call, 0, TSK_CAP_READ, &place) || !tsk_place_read(&call, &place, &text) ||
        !tsk_hash_digest(&call, algorithm, text, digest, &len))
        return false;
    *out = tsk_encode_hex(cx->heap, digest, len);
    return true;
}

/* ---- what a file is ---- */

/* *found is false when there is nothing; other reasons fail. */
static bool look(const tsk_call *call, tsk_place *place, struct stat *st, bool *found) {
    if (!tsk_place_find(call, 0, TSK_CAP_READ, place)) return false;
    int fd = tsk_place_open(place, O_PATH, 0);
    int error = fd < 0 || fstat(fd, st) < 0 ? errno : 0;
    if (fd >= 0) close(fd);
    *found = error == 0;
    return !error || error == ENOENT || error == ENOTDIR || tsk_place_failed(call, place, error, "read");
}

static bool look_at_existing(const tsk_call *call, tsk_place *place, struct stat *st) {
    bool found;
    return look(call, place, st, &found) && (found || tsk_place_failed(call, place, ENOENT, "read"));
}

TSK_OPERATOR(file_exists) {
    TSK_CALL("file_exists");
    tsk_place place;
    struct stat st;
    bool found;
    if (!look(&call, &place, &st, &found)) return false;
    *out = tsk_from_bool(found);
    return true;
}

TSK_OPERATOR(dir_exists) {
    TSK_CALL("dir_exists");
    tsk_place place;
    struct stat st;
    bool found;
    if (!look(&call, &place, &st, &found)) return false;
    *out = tsk_from_bool(found && S_ISDIR(st.st_mode));
    return true;
}

TSK_OPERATOR(file_size) {
    TSK_CALL("file_size");
    tsk_place place;
    struct stat st;
    if (!look_at_existing(&call, &place, &st)) return false;
    *out = tsk_int(cx->heap, st.st_size);
    return true;
}

/* Seconds since 1970. */
TSK_OPERATOR(file_modified) {
    TSK_CALL("file_modified");
    tsk_place place;
    struct stat st;
    if (!look_at_existing(&call, &place, &st)) return false;
    *out = tsk_int(cx->heap, st.st_mtim.tv_sec);
    return true;
}

static const char *type_of(mode_t mode) {
    return S_ISREG(mode) ? "file" : S_ISDIR(mode) ? "directory" : S_ISLNK(mode) ? "link" : "other";
}

/* {path, name, type, size, modified, permissions} */
TSK_OPERATOR(file_info) {
    TSK_CALL("file_info");
    tsk_place place;
    struct stat st;
    if (!look_at_existing(&call, &place, &st)) return false;
    tsk_object *o = tsk_object_new(cx->heap, 6);
    tsk_object_put(cx->heap, o, "path", tsk_str_cstr(cx->heap, place.path));
    tsk_object_put(cx->heap, o, "name", tsk_str_cstr(cx->heap, strrchr(place.path, '/') + 1));
    tsk_object_put(cx->heap, o, "type", tsk_str_cstr(cx->heap, type_of(st.st_mode)));
    tsk_object_put(cx->heap, o, "size", tsk_int(cx->heap, st.st_size));
    tsk_object_put(cx->heap, o, "modified", tsk_int(cx->heap, st.st_mtim.tv_sec));
    tsk_object_put(cx->heap, o, "permissions",
                   tsk_str_cstr(cx->heap, tsk_arena_printf(cx->heap, "%04o", st.st_mode & 07777u)));
    *out = tsk_from_object(o);
    return true;
}

static bool real_path(const tsk_call *call, int fd, void *user) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path);
    if (n < 0) return tsk_op_fail(call->cx, TSK_E_FILE_FAILED, "%s: %s", call->name, strerror(errno));
    *(tsk_value *)user = tsk_op_text(call->cx, path, (size_t)n);
    return true;
}

/* Absolute, with all links followed. */
TSK_OPERATOR(realpath) {
    TSK_CALL("realpath");
    tsk_place place;
    if (!tsk_place_find(&call, 0, TSK_CAP_READ, &place)) return false;
    int fd = tsk_place_open(&place, O_PATH, 0);
    return fd < 0 ? tsk_place_failed(&call, &place, errno, "read") : tsk_file_with(&call, fd, real_path, out);
}

/* ---- directories ---- */

typedef enum entry_kind { EVERYTHING, FILES, DIRECTORIES } entry_kind;

typedef struct listing {
    const tsk_place *place;
    const char *pattern; /* NULL: all */
    entry_kind wanted;
    tsk_array *names;
} listing;

struct linux_dirent64 {
    uint64_t inode;
    int64_t offset;
    uint16_t size;
    uint8_t type;
    char name[];
};

static bool is_wanted(const listing *l, int fd, const struct linux_dirent64 *e) {
    struct stat st;
    if (strcmp(e->name, ".") == 0 || strcmp(e->name, "..") == 0) return false;
    if (l->pattern && fnmatch(l->pattern, e->name, FNM_PERIOD) != 0) return false;
    if (l->wanted == EVERYTHING) return true;
    uint8_t type = e->type;
    if (type == DT_UNKNOWN || type == DT_LNK) {
        if (fstatat(fd, e->name, &st, 0) < 0) return false;
        type = S_ISDIR(st.st_mode) ? DT_DIR : S_ISREG(st.st_mode) ? DT_REG : DT_UNKNOWN;
    }
    return type == (l->wanted == FILES ? DT_REG : DT_DIR);
}

static bool read_names(const tsk_call *call, int fd, void *user) {
    listing *l = user;
    _Alignas(8) char block[16384];
    for (;;) {
        long n = syscall(SYS_getdents64, fd, block, sizeof block);
        if (n < 0) return tsk_place_failed(call, l->place, errno, "read");
        if (n == 0) return true;
        for (long at = 0; at < n;) {
            const struct linux_dirent64 *e = (const void *)(block + at);
            if (is_wanted(l, fd, e)) tsk_array_push(call->cx->heap, l->names, tsk_str_cstr(call->cx->heap, e->name));
            at += e->size;
        }
    }
}

/* Names in order; the second argument is a pattern such as "*.tsk". */
static bool list_names(const tsk_call *call, entry_kind wanted, tsk_value *out) {
    tsk_place place;
    tsk_slice pattern;
    if (!tsk_arg_text_or(call, 1, TSK_SLICE(""), &pattern) || !tsk_place_find(call, 0, TSK_CAP_READ, &place))
        return false;
    listing l = {&place, pattern.len ? tsk_op_cstr(call->cx, pattern) : NULL, wanted,
                 tsk_array_new(call->cx->heap, 16)};
    int fd = tsk_place_open(&place, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0 && errno == ENOTDIR)
        return tsk_op_fail(call->cx, TSK_E_FILE_FAILED, "%s: %s is no directory", call->name, place.shown);
    if (fd < 0) return tsk_place_failed(call, &place, errno, "read");
    if (!tsk_file_with(call, fd, read_names, &l)) return false;
    tsk_value names = tsk_from_array(l.names);
    return tsk_op_sort(call->cx, &names, 1, out);
}

TSK_OPERATOR(file_list) {
    TSK_CALL("file_list");
    return list_names(&call, EVERYTHING, out);
}

TSK_OPERATOR(list_files) {
    TSK_CALL("list_files");
    return list_names(&call, FILES, out);
}

TSK_OPERATOR(list_dirs) {
    TSK_CALL("list_dirs");
    return list_names(&call, DIRECTORIES, out);
}

/* glob("conf/[a-f]*.tsk"): paths, in order.  Only the last part of the path has wildcards. */
TSK_OPERATOR(glob) {
    TSK_CALL("glob");
    tsk_slice path;
    if (!tsk_arg_text(&call, 0, &path)) return false;
    const char *slash = memrchr(path.ptr, '/', path.len);
    tsk_slice folder = slash ? tsk_slice_from(path.ptr, (size_t)(slash - path.ptr) + 1) : TSK_SLICE("");
    for (uint32_t i = 0; i < folder.len; i++)
        if (strchr("*?[", folder.ptr[i])) return tsk_arg_wrong(&call, 0, "a path with wildcards in its last part only");
    tsk_value inner[2] = {tsk_str_borrow(cx->heap, folder.len ? folder.ptr : ".", folder.len ? folder.len : 1),
                          tsk_op_text(cx, path.ptr + folder.len, path.len - folder.len)};
    const tsk_call within = {cx, "glob", inner, 2};
    if (!list_names(&within, EVERYTHING, out)) return false;
    tsk_array *paths = tsk_array_new(cx->heap, tsk_as_array(*out)->count);
    for (uint32_t i = 0; i < tsk_as_array(*out)->count; i++) {
        tsk_slice name = tsk_as_slice(tsk_as_array(*out)->items[i]);
        const char *whole = tsk_arena_printf(cx->heap, "%.*s%.*s", (int)folder.len, folder.ptr, (int)name.len,
                                             name.ptr);
        tsk_array_push(cx->heap, paths, tsk_str_cstr(cx->heap, whole));
    }
    *out = tsk_from_array(paths);
    return true;
}

/* ---- documents in other files ---- */

/* @name.tsk.get("a.b"[, otherwise]) */
TSK_OPERATOR(cross_get) {
    TSK_CALL("tsk_get");
    tsk_slice file, path;
    if (!tsk_arg_text(&call, 0, &file) || !tsk_arg_text(&call, 1, &path) ||
        !tsk_op_require(cx, "tsk_get", TSK_CAP_READ))
        return false;
    if (!cx->cross_file) return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED, "tsk_get: other files are not read here");
    if (!cx->cross_file(cx->user, file, path, NULL, out)) return false;
    if (tsk_is_null(*out) && count > 2) *out = args[2];
    return true;
}

/* @name.tsk.set("a.b", value) gives the value. */
TSK_OPERATOR(cross_set) {
    TSK_CALL(".tsk.set");
    tsk_slice file, path;
    if (!tsk_arg_text(&call, 0, &file) || !tsk_arg_text(&call, 1, &path)) return false;
    if (!(cx->caps->mask & TSK_CAP_WRITE)) { /* the value, and no write: language rule, not a failure */
        *out = args[2];
        return true;
    }
    if (!cx->cross_file) return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED, ".tsk.set: other files are not written here");
    return cx->cross_file(cx->user, file, path, &args[2], out);
}
