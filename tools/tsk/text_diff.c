/* Two texts as a unified diff.
 *
 *   lines ──► what they begin and end with alike is left out ──► the middle of a shortest way from one to the other
 *             (Myers, in linear space) splits the rest in two, and so on ──► changed lines ──► hunks
 *
 * Where the way is long, the two pieces are taken to have nothing in common: the diff is longer then, but still one. */
#include "tools/tsk/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXT = 3, LONGEST_WAY = 3000 };

typedef struct line {
    const char *ptr;
    size_t len; /* with its \n */
    uint64_t hash;
} line;

typedef struct side {
    line *lines;
    int count;
    bool *changed;
} side;

typedef struct comparison {
    side a, b;
    int *forward, *backward; /* furthest line of `a` on each diagonal */
    int middle;              /* of the two */
} comparison;

static bool split(side *s, const char *text, size_t len) {
    size_t count = 0;
    for (const char *p = text; (p = memchr(p, '\n', (size_t)(text + len - p))); p++) count++;
    s->lines = malloc((count + 1) * sizeof *s->lines);
    s->changed = calloc(count + 1, 1);
    if (!s->lines || !s->changed || count > 500000000) return false;
    for (const char *p = text, *end = text + len; p < end;) {
        const char *newline = memchr(p, '\n', (size_t)(end - p)), *next = newline ? newline + 1 : end;
        uint64_t hash = 14695981039346656037u;
        for (const char *q = p; q < next; q++) hash = (hash ^ (uint8_t)*q) * 1099511628211u;
        s->lines[s->count++] = (line){p, (size_t)(next - p), hash};
        p = next;
    }
    return true;
}

static bool same(const comparison *c, int x, int y) {
    const line *a = &c->a.lines[x], *b = &c->b.lines[y];
    return a->hash == b->hash && a->len == b->len && memcmp(a->ptr, b->ptr, a->len) == 0;
}

typedef struct box {
    int a, a_end, b, b_end;
} box;

/* A point that a shortest way through the box goes through.  False: the way is too long. */
static bool find_middle(const comparison *c, box r, int *x_out, int *y_out) {
    int n = r.a_end - r.a, m = r.b_end - r.b, delta = n - m;
    int *forward = c->forward + c->middle, *backward = c->backward + c->middle;
    forward[1] = r.a;
    backward[1] = r.a_end;
    for (int d = 0; d <= (n + m + 1) / 2 && d <= LONGEST_WAY; d++) {
        for (int k = -d; k <= d; k += 2) { /* diagonal: lines of a less lines of b from the start of the box */
            int x = k == -d || (k != d && forward[k - 1] < forward[k + 1]) ? forward[k + 1] : forward[k - 1] + 1;
            int y = r.b + (x - r.a) - k;
            while (x < r.a_end && y < r.b_end && same(c, x, y)) x++, y++;
            forward[k] = x;
            int back = delta - k; /* the same diagonal from the other end */
            if ((delta & 1) && back >= -(d - 1) && back <= d - 1 && x >= backward[back]) {
                *x_out = x, *y_out = y;
                return true;
            }
        }
        for (int k = -d; k <= d; k += 2) {
            int x = k == -d || (k != d && backward[k - 1] > backward[k + 1]) ? backward[k + 1] : backward[k - 1] - 1;
            int y = r.b_end - (r.a_end - x) + k;
            while (x > r.a && y > r.b && same(c, x - 1, y - 1)) x--, y--;
            backward[k] = x;
            int ahead = delta - k;
            if (!(delta & 1) && ahead >= -d && ahead <= d && x <= forward[ahead]) {
                *x_out = x, *y_out = y;
                return true;
            }
        }
    }
    return false;
}

static void compare(comparison *c, box r) {
    while (r.a < r.a_end && r.b < r.b_end && same(c, r.a, r.b)) r.a++, r.b++;
    while (r.a < r.a_end && r.b < r.b_end && same(c, r.a_end - 1, r.b_end - 1)) r.a_end--, r.b_end--;
    int x, y;
    if (r.a == r.a_end || r.b == r.b_end || !find_middle(c, r, &x, &y) || (x == r.a && y == r.b) ||
        (x == r.a_end && y == r.b_end)) {
        memset(c->a.changed + r.a, 1, (size_t)(r.a_end - r.a));
        memset(c->b.changed + r.b, 1, (size_t)(r.b_end - r.b));
        return;
    }
    compare(c, (box){r.a, x, r.b, y});
    compare(c, (box){x, r.a_end, y, r.b_end});
}

static void put_line(char mark, const line *l) {
    tsk_out(&mark, 1);
    tsk_out(l->ptr, l->len);
    if (l->ptr[l->len - 1] != '\n') tsk_out_text("\n\\ No newline at end of file\n");
}

static void put_range(char mark, int from, int count) {
    char text[48];
    int n = count == 1 ? snprintf(text, sizeof text, " %c%d", mark, from + 1)
                       : snprintf(text, sizeof text, " %c%d,%d", mark, count ? from + 1 : from, count);
    tsk_out(text, (size_t)n);
}

static bool ends_unchanged(const comparison *c, int x, int y) {
    return (x >= c->a.count || !c->a.changed[x]) && (y >= c->b.count || !c->b.changed[y]);
}

/* The hunk whose first changed lines are at x and y; both move behind it. */
static void put_hunk(const comparison *c, int *x, int *y) {
    int before = *x < CONTEXT ? *x : CONTEXT;
    int x_from = *x - before, y_from = *y - before, x_to = *x, y_to = *y, alike = 0;
    int x_end = x_to, y_end = y_to; /* behind the last changed line */
    while (alike <= 2 * CONTEXT && (x_to < c->a.count || y_to < c->b.count)) {
        if (ends_unchanged(c, x_to, y_to)) {
            x_to++, y_to++, alike++;
            continue;
        }
        while (x_to < c->a.count && c->a.changed[x_to]) x_to++;
        while (y_to < c->b.count && c->b.changed[y_to]) y_to++;
        alike = 0;
        x_end = x_to, y_end = y_to;
    }
    int after = c->a.count - x_end < CONTEXT ? c->a.count - x_end : CONTEXT;
    tsk_out_text("@@");
    put_range('-', x_from, x_end + after - x_from);
    put_range('+', y_from, y_end + after - y_from);
    tsk_out_text(" @@\n");
    for (*x = x_from, *y = y_from; *x < x_end + after;) {
        if (ends_unchanged(c, *x, *y)) {
            put_line(' ', &c->a.lines[*x]);
            ++*x, ++*y;
            continue;
        }
        for (; *x < c->a.count && c->a.changed[*x]; ++*x) put_line('-', &c->a.lines[*x]);
        for (; *y < c->b.count && c->b.changed[*y]; ++*y) put_line('+', &c->b.lines[*y]);
    }
    for (; *y < y_end; ++*y) put_line('+', &c->b.lines[*y]); /* at the end of the file */
}

static void put_hunks(const comparison *c, const char *name) {
    tsk_out_text("--- ");
    tsk_out_text(name);
    tsk_out_text("\n+++ ");
    tsk_out_text(name);
    tsk_out_text("\n");
    for (int x = 0, y = 0; x < c->a.count || y < c->b.count;) {
        if (ends_unchanged(c, x, y))
            x++, y++;
        else
            put_hunk(c, &x, &y);
    }
}

int tsk_print_text_diff(const tsk_cli *cli, const char *name, const char *a, size_t a_len, const char *b,
                        size_t b_len) {
    comparison c = {0};
    bool good = split(&c.a, a, a_len) && split(&c.b, b, b_len);
    c.middle = LONGEST_WAY + 2;
    c.forward = good ? malloc((2 * (size_t)c.middle + 1) * sizeof *c.forward) : NULL;
    c.backward = good ? malloc((2 * (size_t)c.middle + 1) * sizeof *c.backward) : NULL;
    good = c.forward && c.backward;
    if (good) {
        compare(&c, (box){0, c.a.count, 0, c.b.count});
        put_hunks(&c, name);
    }
    free(c.forward), free(c.backward);
    free(c.a.lines), free(c.a.changed), free(c.b.lines), free(c.b.changed);
    return good ? TUSK_OK : tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
}
