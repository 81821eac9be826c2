/* Case and properties, from the generated tables. */
#include "runtime/regex/unicode.h"

#include "runtime/base/identifier.h"

uint32_t tsk_re_canonicalize(uint32_t code, bool unicode) {
    if (code < 128) { /* without u to upper case, with u to lower case */
        uint32_t letter = code | 32;
        if (letter < 'a' || letter > 'z') return code;
        return unicode ? letter : letter - 32;
    }
    const tsk_re_case_run *runs = unicode ? tsk_re_fold_runs : tsk_re_upper_runs;
    uint32_t low = 0, high = unicode ? tsk_re_fold_run_count : tsk_re_upper_run_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (runs[middle].last < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == (unicode ? tsk_re_fold_run_count : tsk_re_upper_run_count)) return code;
    const tsk_re_case_run *r = &runs[low];
    if (code < r->first || (code - r->first) % r->stride) return code;
    return (uint32_t)((int32_t)code + r->delta);
}

/* Walks over the boundaries of a set in the table. */
typedef struct walk {
    const uint8_t *at, *end;
    uint32_t bound;
} walk;

static walk walk_of(uint32_t set) {
    return (walk){tsk_re_set_bytes + tsk_re_set_places[set], tsk_re_set_bytes + tsk_re_set_places[set + 1], 0};
}

static uint32_t read_number(const uint8_t **at) {
    uint32_t number = 0;
    for (uint32_t shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        number |= (uint32_t)(byte & 127) << shift;
        if (byte < 128) return number;
    }
}

static bool next_bound(walk *w) {
    if (w->at == w->end) return false;
    w->bound += read_number(&w->at);
    return true;
}

static int compare(char kind, const char *name, size_t len, const char *key) {
    if (key[0] != kind) return kind < key[0] ? -1 : 1;
    int order = strncmp(name, key + 1, len);
    return order ? order : key[1 + len] ? -1 : 0;
}

static bool find(char kind, const char *name, size_t len, uint32_t *set) {
    uint32_t low = 0, high = tsk_re_name_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = compare(kind, name, len, tsk_re_names + tsk_re_name_places[middle]);
        if (!order) {
            *set = tsk_re_name_sets[middle];
            return true;
        }
        if (order > 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

bool tsk_re_property(tsk_arena *arena, char kind, const char *name, size_t len, tsk_re_set *out) {
    uint32_t set;
    if (!find(kind, name, len, &set)) return false;
    *out = (tsk_re_set){0};
    walk w = walk_of(set);
    while (next_bound(&w)) {
        uint32_t start = w.bound;
        next_bound(&w);
        tsk_re_set_add(arena, out, start, w.bound - 1);
    }
    return true;
}

bool tsk_re_text_property_find(const char *name, size_t len, tsk_re_text_walk *w) {
    for (uint32_t i = 0; i < tsk_re_text_property_count; i++) {
        const tsk_re_text_property *p = &tsk_re_text_properties[i];
        if (strlen(p->name) != len || memcmp(p->name, name, len) != 0) continue;
        w->at = tsk_re_text_bytes + p->place;
        w->left = read_number(&w->at);
        return true;
    }
    return false;
}

bool tsk_re_next_text(tsk_re_text_walk *w) {
    if (!w->left) return false;
    uint32_t shared = read_number(&w->at);
    w->left--;
    w->count = shared + read_number(&w->at);
    for (uint32_t i = shared; i < w->count; i++) w->codes[i] = read_number(&w->at);
    return true;
}

bool tsk_re_id_start(uint32_t code) {
    return code == '$' || code == '_' || tsk_identifier_start(code);
}
bool tsk_re_id_continue(uint32_t code) {
    return code == '$' || code == 0x200C || code == 0x200D || tsk_identifier_part(code);
}
