/* Positions to lines and columns.
 *
 * tsk_sources_locate writes nothing, so any number of threads may ask about one program; without a line
 * index it counts newlines, which for the handful of places in an error report is cheaper than an index. */
#include "runtime/base/source.h"

#include "runtime/base/utf8.h"

char *tsk_source_copy(tsk_arena *arena, const char *text, size_t len) {
    char *copy = tsk_arena_alloc(arena, len + TSK_SOURCE_PADDING);
    if (len) memcpy(copy, text, len);
    memset(copy + len, 0, TSK_SOURCE_PADDING);
    return copy;
}

tsk_source *tsk_sources_add(tsk_sources *sources, const char *name, const char *text, uint32_t len) {
    uint32_t base = 1;
    if (sources->count) {
        const tsk_source *last = sources->list[sources->count - 1];
        if (last->len >= UINT32_MAX - last->base) return NULL;
        base = last->base + last->len + 1;
    }
    if (len > UINT32_MAX - base) return NULL;
    if (sources->count == sources->cap) {
        uint32_t cap = sources->cap ? sources->cap * 2 : 4;
        tsk_source **longer = tsk_arena_grow(sources->arena, sources->list, sources->cap * sizeof *sources->list,
                                             cap * sizeof *sources->list);
        __atomic_store_n(&sources->list, longer, __ATOMIC_RELAXED);
        sources->cap = cap;
    }
    tsk_source *source = TSK_NEW(sources->arena, tsk_source);
    source->name = tsk_arena_strdup(sources->arena, name, strlen(name));
    source->text = text;
    source->len = len;
    source->base = base;
    sources->list[sources->count] = source;
    __atomic_store_n(&sources->count, sources->count + 1, __ATOMIC_RELEASE);
    return source;
}

/* Sources may be added meanwhile: the list is read after the number that it holds, and one that was grown stays. */
tsk_source *tsk_sources_at(const tsk_sources *sources, uint32_t pos) {
    uint32_t low = 0, high = __atomic_load_n(&sources->count, __ATOMIC_ACQUIRE);
    tsk_source *const *list = __atomic_load_n(&sources->list, __ATOMIC_RELAXED);
    /* the answer is the last source whose base is <= pos */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (list[middle]->base <= pos)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low) return NULL;
    tsk_source *source = list[low - 1];
    return pos - source->base <= source->len ? source : NULL;
}

uint32_t tsk_sources_pos(const tsk_sources *sources, const char *ptr) {
    for (uint32_t i = sources->count; i-- > 0;) {
        const tsk_source *source = sources->list[i];
        if (ptr < source->text || ptr > source->text + source->len) continue;
        return source->base + (uint32_t)(ptr - source->text);
    }
    return 0;
}

static uint32_t count_newlines(const char *text, uint32_t len) {
    uint32_t count = 0;
    for (const char *p = text, *end = text + len; (p = memchr(p, '\n', (size_t)(end - p))); p++) count++;
    return count;
}

void tsk_source_index(tsk_sources *sources, tsk_source *source) {
    if (source->lines) return;
    uint32_t count = count_newlines(source->text, source->len) + 1;
    uint32_t *lines = TSK_NEW_ARRAY(sources->arena, uint32_t, count);
    lines[0] = 0;
    const char *p = source->text, *end = p + source->len;
    for (uint32_t i = 1; i < count; i++) {
        p = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
        lines[i] = (uint32_t)(p - source->text);
    }
    source->lines = lines;
    source->line_count = count;
}

/* The number of the line that holds `offset`, from 1. */
static uint32_t line_number(const tsk_source *source, uint32_t offset) {
    if (!source->lines) return count_newlines(source->text, offset) + 1;
    uint32_t low = 0, high = source->line_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool tsk_sources_locate(const tsk_sources *sources, uint32_t pos, tsk_location *out) {
    const tsk_source *source = pos && sources ? tsk_sources_at(sources, pos) : NULL;
    if (!source) return false;
    uint32_t offset = pos - source->base;
    const char *start = source->text + offset;
    while (start > source->text && start[-1] != '\n') start--;
    const char *end = source->text + source->len;
    const char *newline = memchr(source->text + offset, '\n', (size_t)(end - source->text) - offset);
    if (newline) end = newline;
    if (end > start && end[-1] == '\r') end--;

    out->source = source;
    out->line = line_number(source, offset);
    out->line_text = (tsk_slice){start, (uint32_t)(end - start)};
    out->line_offset = (uint32_t)(source->text + offset - start);
    uint32_t within = out->line_offset < out->line_text.len ? out->line_offset : out->line_text.len;
    out->column = (uint32_t)tsk_utf8_columns(start, within) + 1;
    return true;
}
