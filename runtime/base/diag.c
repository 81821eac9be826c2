/* Diagnostic lists.  How they are printed is in diag_render.c.
 *
 * Invariants
 *  - The list is in ascending order of position; places that are equal keep the order of arrival.
 *  - At most `max` errors and as many warnings are kept: those that stand first in the source. */
#include "runtime/base/diag.h"

#include <stdarg.h>
#include <stdio.h>

#define DEFAULT_MAX 20

/* What a caller gets to fill in when its diagnostic is not kept. */
static _Thread_local tsk_diag scratch;

static char *format(tsk_arena *arena, const char *fmt, va_list args) {
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    size_t size = len > 0 ? (size_t)len + 1 : 1;
    char *text = tsk_arena_alloc(arena, size);
    text[0] = 0;
    if (len > 0) vsnprintf(text, size, fmt, again);
    va_end(again);
    return text;
}

static bool is_error(const tsk_diag *diag) {
    return diag->severity == TSK_ERROR;
}

/* The last of the list with the same right to a place. */
static tsk_diag **last_alike(tsk_diags *diags, bool error) {
    tsk_diag **found = NULL;
    for (tsk_diag **link = &diags->first; *link; link = &(*link)->next)
        if (is_error(*link) == error) found = link;
    return found;
}

/* Makes room for one more; false when every kept one stands before `pos`. */
static bool make_room(tsk_diags *diags, bool error, uint32_t pos) {
    uint32_t *count = error ? &diags->errors : &diags->warnings;
    if (*count < (diags->max ? diags->max : DEFAULT_MAX)) return true;
    diags->dropped++;
    tsk_diag **last = last_alike(diags, error);
    if (!last || (*last)->span.pos <= pos) return false;
    if (diags->recent == *last) diags->recent = NULL;
    *last = (*last)->next;
    --*count;
    return true;
}

tsk_diag *tsk_diags_add(tsk_diags *diags, tsk_severity severity, tsk_code code, tsk_span span, const char *fmt, ...) {
    bool wanted = severity != TSK_WARNING || !diags->admit || diags->admit(diags->admit_user, code, span, &severity);
    tsk_diag blank = {.code = code, .severity = severity, .span = span, .message = ""};
    if (!wanted || !make_room(diags, severity == TSK_ERROR, span.pos)) {
        scratch = blank;
        return &scratch;
    }
    tsk_diag *diag = TSK_NEW(diags->arena, tsk_diag);
    *diag = blank;
    va_list args;
    va_start(args, fmt);
    diag->message = format(diags->arena, fmt, args);
    va_end(args);
    tsk_diag **link = diags->recent && diags->recent->span.pos <= span.pos ? &diags->recent->next : &diags->first;
    while (*link && (*link)->span.pos <= span.pos) link = &(*link)->next;
    diag->next = *link;
    *link = diags->recent = diag;
    if (severity == TSK_ERROR)
        diags->errors++;
    else
        diags->warnings++;
    return diag;
}

void tsk_diag_note(tsk_diags *diags, tsk_diag *diag, tsk_span span, const char *fmt, ...) {
    if (diag == &scratch) return;
    tsk_note *note = TSK_NEW(diags->arena, tsk_note);
    va_list args;
    va_start(args, fmt);
    note->text = format(diags->arena, fmt, args);
    va_end(args);
    note->span = span;
    tsk_note **link = &diag->notes;
    while (*link) link = &(*link)->next;
    *link = note;
}

void tsk_diag_fix(tsk_diags *diags, tsk_diag *diag, tsk_span span, const char *fmt, ...) {
    if (diag == &scratch) return;
    va_list args;
    va_start(args, fmt);
    diag->fix = (tsk_fix){span, format(diags->arena, fmt, args)};
    va_end(args);
}

typedef struct code_info {
    tsk_code code;
    int exit_status;
    const char *name, *summary;
} code_info;

static const code_info codes[] = {
    {TSK_OK, 0, "E0000", "no error"},
#define X(name, number, exit_code, summary) {TSK_E_##name, exit_code, "E0" #number, summary},
#include "runtime/base/errors.def"
#undef X
};

static const code_info *find_code(tsk_code code) {
    for (size_t i = 1; i < TSK_COUNT(codes); i++)
        if (codes[i].code == code) return &codes[i];
    return &codes[0];
}

const char *tsk_code_name(tsk_code code) {
    return find_code(code)->name;
}

tsk_code tsk_code_find(const char *name, size_t len) {
    for (size_t i = 1; i < TSK_COUNT(codes); i++)
        if (strlen(codes[i].name) == len && !strncasecmp(codes[i].name, name, len)) return codes[i].code;
    return TSK_OK;
}

const char *tsk_code_summary(tsk_code code) {
    return find_code(code)->summary;
}

int tsk_code_exit(tsk_code code) {
    return find_code(code)->exit_status;
}

#define LONGEST_WORD 48

static uint8_t lower(char c) {
    return (uint8_t)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static uint8_t least(uint8_t a, uint8_t b) {
    return a < b ? a : b;
}

/* Insertions, deletions, substitutions and swaps of neighbours, without case. */
static unsigned distance(tsk_slice a, tsk_slice b) {
    uint8_t rows[3][LONGEST_WORD + 1];
    uint8_t *two_up = rows[0], *up = rows[1], *row = rows[2];
    for (uint32_t j = 0; j <= b.len; j++) up[j] = (uint8_t)j;
    for (uint32_t i = 1; i <= a.len; i++) {
        row[0] = (uint8_t)i;
        for (uint32_t j = 1; j <= b.len; j++) {
            uint8_t x = lower(a.ptr[i - 1]), y = lower(b.ptr[j - 1]);
            uint8_t cost = least((uint8_t)(up[j - 1] + (x != y)), (uint8_t)(least(up[j], row[j - 1]) + 1));
            bool swapped = i > 1 && j > 1 && x == lower(b.ptr[j - 2]) && y == lower(a.ptr[i - 2]);
            row[j] = swapped ? least(cost, (uint8_t)(two_up[j - 2] + 1)) : cost;
        }
        uint8_t *recycled = two_up;
        two_up = up;
        up = row;
        row = recycled;
    }
    return up[b.len];
}

tsk_slice tsk_closest(tsk_slice word, const tsk_slice *candidates, size_t count) {
    tsk_slice best = {"", 0};
    if (word.len > LONGEST_WORD) return best;
    /* a third of the word may be wrong; of two letters, one (a swap) */
    unsigned limit = word.len < 2 ? 0 : word.len < 6 ? 1 : word.len / 3;
    for (size_t i = 0; i < count; i++) {
        tsk_slice c = candidates[i];
        if (c.len == 0 || c.len > LONGEST_WORD || c.len > word.len + limit || word.len > c.len + limit) continue;
        unsigned d = distance(word, c);
        if (d > limit || (best.len && d == limit)) continue;
        best = c;
        if (d == 0) break;
        limit = d;
    }
    return best;
}
