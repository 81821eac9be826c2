/* Upper and lower case: see case.h. */
#include "runtime/js/case.h"

#include "runtime/regex/unicode.h"

static const uint32_t *find_special(const uint32_t (*table)[4], uint32_t count, uint32_t code) {
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (table[middle][0] == code) return table[middle];
        if (table[middle][0] < code)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static uint32_t simple(const tsk_js_case_run *runs, uint32_t count, uint32_t code) {
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (runs[middle].last < code)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == count || code < runs[low].first || (code - runs[low].first) % runs[low].stride) return code;
    return (uint32_t)((int32_t)code + runs[low].delta);
}

unsigned tsk_js_case(uint32_t code, bool upper, uint32_t out[3]) {
    if (code < 0x80) {
        bool changes = upper ? code >= 'a' && code <= 'z' : code >= 'A' && code <= 'Z';
        out[0] = changes ? code ^ 0x20 : code;
        return 1;
    }
    const uint32_t *special = upper ? find_special(tsk_js_upper_special, tsk_js_upper_special_count, code)
                                    : find_special(tsk_js_lower_special, tsk_js_lower_special_count, code);
    if (special) {
        unsigned n = 0;
        while (n < 3 && special[n + 1]) {
            out[n] = special[n + 1];
            n++;
        }
        return n;
    }
    out[0] = upper ? simple(tsk_js_upper_runs, tsk_js_upper_run_count, code)
                   : simple(tsk_js_lower_runs, tsk_js_lower_run_count, code);
    return 1;
}

static bool has_property(const char *name, uint32_t code) {
    tsk_arena arena;
    tsk_trap trap;
    tsk_re_set set = {0};
    volatile bool found = false;
    tsk_arena_init(&arena, NULL, 0);
    arena.trap = &trap;
    if (!setjmp(trap.jump)) {
        tsk_re_property(&arena, 'b', name, strlen(name), &set);
        found = tsk_re_set_has(set.bounds, set.count, code);
    }
    tsk_arena_free(&arena);
    return found;
}

bool tsk_js_is_cased(uint32_t code) {
    if (code < 0x80) return (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
    return has_property("Cased", code);
}

bool tsk_js_is_case_ignorable(uint32_t code) {
    if (code < 0x80) return code == '\'' || code == '.' || code == ':' || code == '^' || code == '`';
    return has_property("Case_Ignorable", code);
}
