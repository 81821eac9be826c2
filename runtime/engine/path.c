/* Dotted paths: a.b[0]."x.y"
 *
 *   part ──► key of the object? ──► `$part`? ──► the rest as one flat key ("a.b"), longest first ──► missing
 *
 * Each part is hashed once and nothing is allocated. */
#include "runtime/engine/engine.h"

#define LONGEST_GLOBAL 128 /* bytes of a name that may stand for `$name` */

void tsk_path_begin(tsk_path *path, const tusk_program *program, const char *text, size_t len) {
    *path = (tsk_path){.rest = text, .end = text + len, .at = tsk_from_object(program->graph.root)};
    if (len && text[0] == '$' && (len == 1 || text[1] == '.')) path->rest += len == 1 ? 1 : 2;
}

typedef struct path_part {
    tsk_slice key;
    int64_t index;
    bool is_index;
} path_part;

static bool read_index(tsk_path *path, path_part *part) {
    const char *p = path->rest;
    bool negative = p < path->end && *p == '-';
    p += negative;
    const char *digits = p;
    int64_t n = 0;
    for (; p < path->end && *p >= '0' && *p <= '9' && n < INT32_MAX; p++) n = n * 10 + (*p - '0');
    if (p == digits) return false;
    part->is_index = true;
    part->index = negative ? -n : n;
    path->rest = p;
    return true;
}

static bool read_quoted(tsk_path *path, path_part *part) {
    char quote = *path->rest++;
    const char *close = memchr(path->rest, quote, (size_t)(path->end - path->rest));
    if (!close) return false;
    part->key = (tsk_slice){path->rest, (uint32_t)(close - path->rest)};
    path->rest = close + 1;
    return true;
}

static bool is_quote(const tsk_path *path) {
    return path->rest < path->end && (*path->rest == '"' || *path->rest == '\'');
}

/* False: malformed. */
static bool next_part(tsk_path *path, path_part *part) {
    part->is_index = false;
    if (*path->rest == '[') {
        path->rest++;
        if (!(is_quote(path) ? read_quoted(path, part) : read_index(path, part))) return false;
        if (path->rest == path->end || *path->rest != ']') return false;
        path->rest++;
        return true;
    }
    if (path->started && *path->rest++ != '.') return false;
    if (is_quote(path)) return read_quoted(path, part);
    const char *p = path->rest;
    while (p < path->end && *p != '.' && *p != '[') p++;
    part->key = (tsk_slice){path->rest, (uint32_t)(p - path->rest)};
    path->rest = p;
    return part->key.len > 0;
}

static const tsk_entry *find_global(const tsk_object *o, tsk_slice key) {
    char name[LONGEST_GLOBAL + 1];
    if (key.len > LONGEST_GLOBAL) return NULL;
    name[0] = '$';
    memcpy(name + 1, key.ptr, key.len);
    return tsk_object_find(o, name, key.len + 1);
}

/* The longest piece of the path from `from` on that is a key as it is written. */
static const tsk_entry *find_flat(tsk_path *path, const tsk_object *o, const char *from) {
    for (const char *end = path->end; end > path->rest; end--) {
        if (end != path->end && *end != '.') continue;
        const tsk_entry *e = tsk_object_find(o, from, (uint32_t)(end - from));
        if (!e) continue;
        path->rest = end;
        return e;
    }
    return NULL;
}

static bool step_into_array(tsk_path *path, const tsk_array *array, const path_part *part) {
    int64_t at = part->index;
    if (!part->is_index) {
        if (tsk_slice_eq(part->key, TSK_SLICE("length"))) {
            path->at = tsk_from_i32((int32_t)array->count);
            return true;
        }
        at = 0;
        for (uint32_t i = 0; i < part->key.len; i++) {
            char c = part->key.ptr[i];
            if (c < '0' || c > '9' || at > INT32_MAX) return false;
            at = at * 10 + (c - '0');
        }
    }
    if (at < 0) at += array->count;
    if (at < 0 || at >= array->count) return false;
    path->at = array->items[at];
    return true;
}

static bool step(tsk_path *path, const path_part *part) {
    if (tsk_is_array(path->at)) return step_into_array(path, tsk_as_array(path->at), part);
    if (!tsk_is_object(path->at) || part->is_index) return false;
    const tsk_object *o = tsk_as_object(path->at);
    const tsk_entry *e = tsk_object_find(o, part->key.ptr, part->key.len);
    if (TSK_UNLIKELY(!e)) e = find_global(o, part->key);
    if (TSK_UNLIKELY(!e)) e = find_flat(path, o, part->key.ptr);
    if (!e) return false;
    path->at = e->value;
    return true;
}

tsk_path_result tsk_path_follow(tsk_path *path, bool (*force)(void *user, tsk_value *v), void *user) {
    for (;;) {
        if (tsk_is_thunk(path->at) && !force(user, &path->at)) return TSK_PATH_FAILED;
        if (path->rest == path->end) return TSK_PATH_FOUND;
        path_part part;
        if (!next_part(path, &part)) return TSK_PATH_MALFORMED;
        path->started = true;
        if (!step(path, &part)) {
            path->part = part.is_index ? (tsk_slice){NULL, 0} : part.key;
            return TSK_PATH_MISSING;
        }
    }
}

tsk_path_result tsk_path_static(tsk_path *path) {
    while (path->rest != path->end) {
        if (tsk_is_thunk(path->at)) return TSK_PATH_FAILED;
        path_part part;
        if (!next_part(path, &part)) return TSK_PATH_MALFORMED;
        path->started = true;
        if (!step(path, &part)) return TSK_PATH_MISSING;
    }
    return TSK_PATH_FOUND;
}

/* Where a plain part ends, and characters that make a path anything but plain. */
static const uint8_t part_end[256] = {[0] = 1, ['.'] = 1, ['['] = 1, ['"'] = 1, ['\''] = 1, ['$'] = 1};

/* Keys are short: two overlapping loads compare up to 16 bytes. */
static inline bool same_text(const char *a, const char *b, uint32_t n) {
    if (n >= 8 && n <= 16) return tsk_load64(a) == tsk_load64(b) && tsk_load64(a + n - 8) == tsk_load64(b + n - 8);
    if (n >= 4 && n < 8) return tsk_load32(a) == tsk_load32(b) && tsk_load32(a + n - 4) == tsk_load32(b + n - 4);
    return memcmp(a, b, n) == 0;
}

static inline const tsk_entry *quick_find(const tsk_object *o, const char *key, uint32_t len) {
    uint32_t hash = tsk_hash(key, len);
    if (o->index) return tsk_object_find_hashed(o, key, len, hash);
    for (const tsk_entry *e = o->entries, *end = e + o->count; e < end; e++)
        if (e->hash == hash && e->key_len == len && same_text(e->key, key, len)) return e;
    return NULL;
}

bool tsk_path_quick(const tusk_program *program, const char *text, tsk_value *out) {
    tsk_value at = tsk_from_object(program->graph.root);
    for (const char *p = text;;) {
        const char *from = p;
        while (!part_end[(uint8_t)*p]) p++;
        if (TSK_UNLIKELY(!tsk_is_object(at) || p == from || (*p && *p != '.'))) return false;
        const tsk_entry *e = quick_find(tsk_as_object(at), from, (uint32_t)(p - from));
        if (TSK_UNLIKELY(!e)) return false;
        at = e->value;
        if (!*p++) break;
    }
    *out = at;
    return true;
}

#define CANDIDATES 256

tsk_slice tsk_path_closest(const tsk_path *path) {
    if (!tsk_is_object(path->at) || !path->part.len) return (tsk_slice){NULL, 0};
    const tsk_object *o = tsk_as_object(path->at);
    tsk_slice names[CANDIDATES];
    size_t count = 0;
    for (uint32_t i = 0; i < o->count && count < CANDIDATES; i++)
        names[count++] = (tsk_slice){o->entries[i].key, o->entries[i].key_len};
    return tsk_closest(path->part, names, count);
}
