/* Inspection: the entries of an object become one line where they fit, else one line each; more than six elements of an
 * array are set in columns.  The layout is Node's. */
#include "runtime/builtins/inspect.h"

#include <math.h>

enum { WIDTH = 80, COMPACT = 3, MAX_COLUMNS = 15, GROUPED_FROM = 6 };

void tsk_js_entries_add(tsk_js_inspector *in, tsk_js_entries *list, const char *text) {
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity ? 2 * list->capacity : 8;
        list->texts = (const char **)tsk_arena_grow(
            in->arena, (void *)list->texts, list->capacity * sizeof *list->texts, capacity * sizeof *list->texts);
        list->capacity = capacity;
    }
    list->texts[list->count++] = text;
}

/* UTF-16 units: what Node counts when it decides on one line. */
static unsigned length_of(const char *text) {
    unsigned n = 0;
    for (; *text; text++) n += ((uint8_t)*text & 0xC0) != 0x80 ? 1u + ((uint8_t)*text >= 0xF0) : 0;
    return n;
}

static void pad(tsk_buf *b, const char *text, unsigned width, bool left) {
    unsigned have = tsk_js_inspect_columns(text);
    for (unsigned i = have; left && i < width; i++) tsk_buf_char(b, ' ');
    tsk_buf_cstr(b, text);
    for (unsigned i = have; !left && i < width; i++) tsk_buf_char(b, ' ');
}

/* More than six elements become rows of columns of equal width; numbers to the right. */
static void group(tsk_js_inspector *in, tsk_js_entries *list, bool numbers) {
    uint32_t count = list->count - list->more;
    unsigned total = 0, longest = 0, widths[MAX_COLUMNS] = {0};
    for (uint32_t i = 0; i < count; i++) {
        unsigned w = tsk_js_inspect_columns(list->texts[i]);
        total += w + 2;
        if (w > longest) longest = w;
    }
    unsigned widest = longest + 2;
    if (widest * 3 + in->indent >= WIDTH || !((double)total / widest > 5 || longest <= 6)) return;
    double biased = fmax(widest - 3 - sqrt(widest - (double)total / list->count), 1);
    double columns_wanted = fmin(round(sqrt(2.5 * biased * count) / biased),
                                 floor((double)(WIDTH - in->indent) / widest));
    unsigned columns = (unsigned)fmin(columns_wanted, COMPACT * 4);
    if (columns <= 1) return;
    for (uint32_t i = 0; i < count; i++) {
        unsigned w = tsk_js_inspect_columns(list->texts[i]) + 2;
        if (w > widths[i % columns]) widths[i % columns] = w;
    }
    tsk_js_entries rows = {0};
    for (uint32_t i = 0; i < count; i += columns) {
        uint32_t end = i + columns < count ? i + columns : count;
        tsk_buf b;
        tsk_buf_init(&b, in->arena);
        for (uint32_t j = i; j < end; j++) {
            bool last = j + 1 == end;
            const char *text = last ? list->texts[j] : tsk_arena_printf(in->arena, "%s, ", list->texts[j]);
            pad(&b, text, last ? (numbers ? widths[j - i] - 2 : 0) : widths[j - i], numbers);
        }
        tsk_buf_char(&b, 0);
        tsk_js_entries_add(in, &rows, b.ptr);
    }
    if (list->more) tsk_js_entries_add(in, &rows, list->texts[count]);
    *list = rows;
}

static bool fits(const tsk_js_inspector *in, const tsk_js_entries *list, const tsk_js_layout *layout) {
    if (in->options.one_line) return !strchr(layout->base, '\n');
    unsigned start = list->count + in->indent + length_of(layout->open) + length_of(layout->base) + 10;
    unsigned total = list->count + start;
    if (total + list->count > WIDTH || strchr(layout->base, '\n')) return false;
    for (uint32_t i = 0; i < list->count; i++) {
        total += length_of(list->texts[i]);
        if (total > WIDTH || strchr(list->texts[i], '\n')) return false;
    }
    return in->last_depth - in->depth < (int)COMPACT; /* few levels below this object */
}

const char *tsk_js_laid_out(tsk_js_inspector *in, tsk_js_entries *list, const tsk_js_layout *layout) {
    uint32_t count = list->count;
    tsk_buf b;
    tsk_buf_init(&b, in->arena);
    if (layout->elements && count > GROUPED_FROM) group(in, list, layout->numbers);
    bool one_line = list->count == count && fits(in, list, layout);
    tsk_buf_printf(&b, "%s%s%s", layout->base, *layout->base ? " " : "", layout->open);
    for (uint32_t i = 0; i < list->count; i++) {
        if (i) tsk_buf_char(&b, ',');
        if (one_line)
            tsk_buf_char(&b, ' ');
        else
            tsk_buf_printf(&b, "\n%*s", (int)in->indent + 2, "");
        tsk_buf_cstr(&b, list->texts[i]);
    }
    if (one_line)
        tsk_buf_char(&b, ' ');
    else
        tsk_buf_printf(&b, "\n%*s", (int)in->indent, "");
    tsk_buf_cstr(&b, layout->close);
    tsk_buf_char(&b, 0);
    return b.ptr;
}
