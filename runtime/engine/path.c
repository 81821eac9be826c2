/* Dotted paths: a.b[0]."x.y"
 *
 *   part ──► key of the object? ──► `$part`? ──► the rest as one flat key ("a.b"), longest first ──► missing
 *
 * Each part is hashed once and nothing is allocated. */
#include "runtime/engine/engine.h"

#include <emmintrin.h>

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
    path->block = o;
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

/* ---- plain paths ----
 *
 * Look-ups are bounded by mispredicted branches, so there are few: a part is found, hashed and compared sixteen or
 * thirty-two bytes at a time whatever its length.  Reading past the end of a text is harmless within a page. */

#define WINDOW 32 /* bytes of a path that are looked at together; a longer part is not quick */
#define PAGE 4096

#if defined(__SANITIZE_ADDRESS__)
#define READ_PAST_END 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define READ_PAST_END 0
#endif
#endif
#ifndef READ_PAST_END
#define READ_PAST_END 1
#endif

static inline bool may_read(const char *p, size_t size) {
    return READ_PAST_END && ((uintptr_t)p & (PAGE - 1)) <= PAGE - size;
}

/* `size` bytes of the text, which may end before that. */
static inline const char *window(const char *p, char *copy, size_t size) {
    if (TSK_LIKELY(may_read(p, size))) return p;
    size_t n = strnlen(p, size);
    memcpy(copy, p, n);
    memset(copy + n, 0, size - n);
    return copy;
}

/* Bytes that end a plain part, or make the path anything but plain: `[` and all up to `/` but the hyphen. */
static inline uint32_t stop_mask(const char *p) {
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8('/')), x);
    low = _mm_andnot_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('-')), low);
    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(low, _mm_cmpeq_epi8(x, _mm_set1_epi8('['))));
}

static inline uint32_t equal_mask(const char *a, const char *b) {
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)a),
            y = _mm_loadu_si128((const __m128i *)(const void *)b);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y));
}

/* `part` is a window. */
static inline bool is_key(const tsk_entry *e, const char *part, uint32_t len) {
    if (TSK_UNLIKELY(e->key_len != len)) return false;
    if (TSK_UNLIKELY(len > 16 || !may_read(e->key, 16))) return memcmp(e->key, part, len) == 0;
    uint32_t wanted = (1u << len) - 1;
    return (equal_mask(e->key, part) & wanted) == wanted;
}

static inline const tsk_entry *quick_find(const tsk_object *o, const char *part, uint32_t len) {
    uint32_t hash = tsk_hash_padded(part, len);
    if (!o->index) {
        for (const tsk_entry *e = o->entries, *end = e + o->count; e < end; e++)
            if (e->hash == hash && is_key(e, part, len)) return e;
        return NULL;
    }
    for (uint32_t at = hash & o->index_mask; o->index[at]; at = (at + 1) & o->index_mask) {
        const tsk_entry *e = &o->entries[(uint32_t)o->index[at] - 1];
        if (o->index[at] >> 32 == hash && is_key(e, part, len)) return e;
    }
    return NULL;
}

bool tsk_path_quick(const tusk_program *program, const char *text, tsk_value *out) {
    tsk_value at = tsk_from_object(program->graph.root);
    char copy[WINDOW];
    for (const char *p = text;;) {
        const char *part = window(p, copy, WINDOW);
        uint32_t stops = stop_mask(part) | stop_mask(part + 16) << 16;
        if (TSK_UNLIKELY(!tsk_is_object(at) || !stops || stops & 1)) return false;
        uint32_t len = (uint32_t)__builtin_ctz(stops);
        const tsk_entry *e = quick_find(tsk_as_object(at), part, len);
        if (TSK_UNLIKELY(!e)) return false;
        at = e->value;
        if (!part[len]) break;
        if (TSK_UNLIKELY(part[len] != '.')) return false;
        p += len + 1;
    }
    *out = at;
    return true;
}

/* ---- paths asked for before ----
 *
 *   path, zero-filled to 48 bytes ──► hash ──► two places: one cache line each, compared as a whole */

#define RECENT_SETS 512
#define RECENT_SIZE (2 * RECENT_SETS * sizeof(tsk_recent))
#define RECENT_AFTER 256   /* look-ups, before a table is worth its room */
#define RECENT_STREAK 1024 /* misses, after which it rests */
#define RECENT_REST 16384

typedef struct recent_text {
    __m128i words[3];
    uint32_t len;
    uint32_t hash;
} recent_text;

static inline __m128i load16(const char *p) {
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline uint64_t zero_mask(__m128i x) {
    return (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_setzero_si128()));
}

static inline uint64_t low_word(__m128i x) {
    return (uint64_t)_mm_cvtsi128_si64(x);
}

static inline uint64_t high_word(__m128i x) {
    return low_word(_mm_unpackhi_epi64(x, x));
}

/* False: too long. */
static inline bool read_recent(const char *text, recent_text *r) {
    static const char ones[96] = {[0 ... 47] = -1};
    char copy[48];
    const char *p = window(text, copy, sizeof copy);
    __m128i a = load16(p), b = load16(p + 16), c = load16(p + 32);
    uint64_t zeros = zero_mask(a) | zero_mask(b) << 16 | zero_mask(c) << 32;
    if (TSK_UNLIKELY(!zeros)) return false;
    r->len = (uint32_t)__builtin_ctzll(zeros);
    const char *mask = ones + 48 - r->len;
    r->words[0] = a = _mm_and_si128(a, load16(mask));
    r->words[1] = b = _mm_and_si128(b, load16(mask + 16));
    r->words[2] = c = _mm_and_si128(c, load16(mask + 32));
    uint64_t h = tsk_hash_mix(low_word(a) ^ tsk_hash_seed, high_word(a) ^ 0xA0761D6478BD642Full);
    h ^= tsk_hash_mix(low_word(b) ^ 0xE7037ED1A0B428DBull, high_word(b) ^ tsk_hash_seed);
    h ^= tsk_hash_mix(low_word(c) ^ tsk_hash_seed, high_word(c) ^ 0x8EBC6AF09C88C6E3ull);
    r->hash = (uint32_t)(h ^ h >> 32);
    return true;
}

static inline bool is_recent(const tsk_recent *at, const recent_text *r) {
    __m128i differ = _mm_xor_si128(load16(at->path), r->words[0]);
    differ = _mm_or_si128(differ, _mm_xor_si128(load16(at->path + 16), r->words[1]));
    differ = _mm_or_si128(differ, _mm_xor_si128(load16(at->path + 32), r->words[2]));
    return zero_mask(differ) == 0xFFFF && at->len;
}

/* The second place takes what is new when the first is taken; when both are, few get in. */
static void remember(tsk_recent_paths *recent, const recent_text *r, tsk_value at) {
    tsk_recent *place = &recent->table[r->hash % RECENT_SETS * 2];
    if (place->len) place++;
    if (place->len && ++recent->full % 8) return;
    memcpy(place->path, r->words, sizeof place->path);
    place->len = r->len;
    place->at = at;
}

static TSK_NOINLINE bool find_and_remember(tusk_context *context, const char *text, const recent_text *r,
                                           tsk_value *out) {
    tsk_recent_paths *recent = &context->recent;
    if (++recent->streak == RECENT_STREAK) {
        recent->streak = 0;
        recent->rest = RECENT_REST;
    }
    if (!tsk_path_quick(context->program, text, out)) return false;
    remember(recent, r, *out);
    return true;
}

/* False: no memory, which only means that it is not asked for a while. */
static TSK_NOINLINE bool make_recent(tusk_context *context) {
    tsk_recent_paths *recent = &context->recent;
    recent->table = tsk_mem_alloc(&context->program->allocator, RECENT_SIZE);
    if (recent->table)
        memset(recent->table, 0, RECENT_SIZE);
    else
        recent->rest = RECENT_REST;
    return recent->table;
}

bool tsk_path_recent(tusk_context *context, const char *text, tsk_value *out) {
    tsk_recent_paths *recent = &context->recent;
    if (recent->rest) {
        recent->rest--;
        return tsk_path_quick(context->program, text, out);
    }
    recent_text r;
    if (TSK_UNLIKELY(!recent->table && !make_recent(context)) || TSK_UNLIKELY(!read_recent(text, &r)))
        return tsk_path_quick(context->program, text, out);
    const tsk_recent *at = &recent->table[r.hash % RECENT_SETS * 2];
    at += !is_recent(at, &r);
    if (TSK_UNLIKELY(!is_recent(at, &r))) return find_and_remember(context, text, &r, out);
    recent->streak = 0;
    *out = at->at;
    return true;
}

void tsk_path_recent_init(tsk_recent_paths *recent) {
    *recent = (tsk_recent_paths){.rest = RECENT_AFTER};
}

void tsk_path_forget(tsk_recent_paths *recent, const tsk_allocator *allocator) {
    tsk_mem_free(allocator, recent->table, RECENT_SIZE);
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
