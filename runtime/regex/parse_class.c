/* Character classes: [...] with and without v, and the escapes that mean a set.
 *
 * With v a class may hold texts of several characters (\q{...}): it becomes alternatives, the longest text first. */
#include "runtime/regex/tree.h"

#include <stdlib.h>

/* A text of a class: with one character it would be in the set. */
typedef struct text {
    const uint32_t *codes;
    uint32_t count;
    struct text *next;
} text;

typedef struct operand {
    tsk_re_set set;
    text *texts;
    bool may_have_texts; /* by its form, even if operators took them all away */
} operand;

static operand parse_sets_class(tsk_re_parser *p, bool *negated);

/* ---- escapes -------------------------------------------------------------------------------------- */

static void add_ranges(tsk_re_parser *p, tsk_re_set *set, const uint32_t *pairs, size_t count) {
    *set = (tsk_re_set){0};
    for (size_t i = 0; i < count; i += 2) tsk_re_set_add(p->arena, set, pairs[i], pairs[i + 1]);
}

void tsk_re_word_set(tsk_re_parser *p, tsk_re_set *out) {
    static const uint32_t word[] = {'0', '9', 'A', 'Z', '_', '_', 'a', 'z', 0x17F, 0x17F, 0x212A, 0x212A};
    add_ranges(p, out, word, p->fold && p->unicode ? TSK_COUNT(word) : TSK_COUNT(word) - 4);
}

static size_t property_word(tsk_re_parser *p, char *out, size_t room, bool value) {
    size_t len = 0;
    for (;;) {
        uint32_t c = tsk_re_peek(p);
        bool ok = (c | 32) - 'a' < 26 || c == '_' || (value && c - '0' < 10);
        if (!ok || len + 1 >= room) return len;
        out[len++] = (char)tsk_re_take(p);
    }
}

static bool is(const char *word, size_t len, const char *a, const char *b) {
    return (strlen(a) == len && !memcmp(word, a, len)) || (strlen(b) == len && !memcmp(word, b, len));
}

static void add_text(tsk_re_parser *p, operand *out, const uint32_t *codes, uint32_t count);

/* A property of strings, which only v knows, and nobody negated. */
static bool add_property_texts(tsk_re_parser *p, operand *out, const char *name, size_t len, bool negated) {
    tsk_re_text_walk walk;
    if (!p->sets || negated || !tsk_re_text_property_find(name, len, &walk)) return false;
    while (tsk_re_next_text(&walk)) add_text(p, out, walk.codes, walk.count);
    tsk_re_set_tidy(&out->set);
    return true;
}

/* After "p" or "P". */
static void parse_property(tsk_re_parser *p, operand *o, bool negated) {
    char name[64], value[64];
    tsk_re_set *out = &o->set;
    bool ok = false;
    if (tsk_re_accept(p, '{')) {
        size_t len = property_word(p, name, sizeof name, true);
        if (tsk_re_accept(p, '=')) {
            size_t value_len = property_word(p, value, sizeof value, true);
            char kind = is(name, len, "General_Category", "gc")     ? 'g'
                        : is(name, len, "Script", "sc")             ? 's'
                        : is(name, len, "Script_Extensions", "scx") ? 'x'
                                                                    : 0;
            ok = kind && tsk_re_property(p->arena, kind, value, value_len, out);
        } else {
            ok = tsk_re_property(p->arena, 'g', name, len, out) || tsk_re_property(p->arena, 'b', name, len, out) ||
                 add_property_texts(p, o, name, len, negated);
        }
        ok = ok && tsk_re_accept(p, '}');
    }
    if (!ok) tsk_re_fail(p, "Invalid property name");
}

/* \d \D \s \S \w \W \p \P, at the letter; false for anything else. */
static bool class_escape(tsk_re_parser *p, operand *o) {
    static const uint32_t digit[] = {'0', '9'};
    static const uint32_t space[] = {9,      13,     ' ',    ' ',    0xA0,   0xA0,   0x1680, 0x1680, 0x2000, 0x200A,
                                     0x2028, 0x2029, 0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF};
    uint32_t c = tsk_re_peek(p);
    if (c >= 128 || !strchr(p->unicode ? "dDsSwWpP" : "dDsSwW", (int)c) || !c) return false;
    p->at++;
    *o = (operand){0};
    tsk_re_set *out = &o->set;
    switch (c | 32) {
    case 'd': add_ranges(p, out, digit, TSK_COUNT(digit)); break;
    case 's': add_ranges(p, out, space, TSK_COUNT(space)); break;
    case 'w': tsk_re_word_set(p, out); break;
    default: parse_property(p, o, !(c & 32)); break;
    }
    bool folded = p->sets && p->fold;
    if (folded) tsk_re_set_fold(p->arena, out, true);
    if (!(c & 32)) {
        tsk_re_set_complement(p->arena, out);
        if (folded) tsk_re_set_keep_folded(p->arena, out);
    }
    return true;
}

/* ---- classes without v ---------------------------------------------------------------------------- */

/* One member of a class: true for a set, false for a character. */
static bool class_atom(tsk_re_parser *p, tsk_re_set *set, uint32_t *code) {
    *code = tsk_re_take(p);
    if (*code == UINT32_MAX) tsk_re_fail(p, "Unterminated character class");
    if (*code != '\\') return false;
    operand escaped;
    if (class_escape(p, &escaped)) {
        *set = escaped.set;
        return true;
    }
    uint32_t c = tsk_re_peek(p);
    if (c == 'b' || (c == '-' && p->unicode)) {
        tsk_re_take(p);
        *code = c == 'b' ? '\b' : '-';
        return false;
    }
    *code = tsk_re_char_escape(p, true);
    return false;
}

static void add_atom(tsk_re_parser *p, tsk_re_set *out, bool is_set, const tsk_re_set *set, uint32_t code) {
    if (is_set) {
        tsk_re_set_union(p->arena, out, set);
    } else {
        tsk_re_set_add(p->arena, out, code, code);
    }
}

static tsk_re_node *parse_plain_class(tsk_re_parser *p) {
    tsk_re_set out = {0}, set, other;
    uint32_t first, last;
    bool negated = tsk_re_accept(p, '^');
    while (!tsk_re_accept(p, ']')) {
        bool first_set = class_atom(p, &set, &first);
        if (tsk_re_peek(p) != '-' || tsk_re_unit(p->pattern, p->at + 1) == ']') {
            add_atom(p, &out, first_set, &set, first);
            continue;
        }
        p->at++;
        if (p->at >= p->pattern.count) tsk_re_fail(p, "Unterminated character class");
        bool last_set = class_atom(p, &other, &last);
        if (!first_set && !last_set) {
            if (first > last) tsk_re_fail(p, "Range out of order in character class");
            tsk_re_set_add(p->arena, &out, first, last);
            continue;
        }
        if (p->unicode) tsk_re_fail(p, "Invalid character class");
        add_atom(p, &out, first_set, &set, first);
        tsk_re_set_add(p->arena, &out, '-', '-');
        add_atom(p, &out, last_set, &other, last);
    }
    tsk_re_set_tidy(&out);
    return tsk_re_set_node(p, out, negated);
}

/* ---- classes with v -------------------------------------------------------------------------------- */

static bool doubled(tsk_re_parser *p, uint32_t c) {
    return tsk_re_unit(p->pattern, p->at) == c && tsk_re_unit(p->pattern, p->at + 1) == c;
}

static uint32_t sets_character(tsk_re_parser *p) {
    uint32_t c = tsk_re_peek(p);
    if (c == UINT32_MAX) tsk_re_fail(p, "Unterminated character class");
    if (c && c < 128 && strchr("()[]{}/-|", (int)c)) tsk_re_fail(p, "Invalid character in character class");
    if (c && c < 128 && strchr("&!#$%*+,.:;<=>?@^`~", (int)c) && doubled(p, c)) {
        tsk_re_fail(p, "Invalid set operation in character class");
    }
    tsk_re_take(p);
    if (c != '\\') return c;
    c = tsk_re_peek(p);
    if (c && c < 128 && strchr("&-!#%,:;<=>@`~", (int)c)) return tsk_re_take(p);
    if (c == 'b') return p->at++, '\b';
    return tsk_re_char_escape(p, true);
}

/* The same texts, however they are folded, are one. */
static bool same_text(const text *a, const text *b) {
    return a->count == b->count && (!a->count || !memcmp(a->codes, b->codes, 4 * (size_t)a->count));
}
static bool has_text(const text *list, const text *t) {
    while (list && !same_text(list, t)) list = list->next;
    return list != NULL;
}

/* What has one character goes to the set, which is to be tidied after. */
static void add_text(tsk_re_parser *p, operand *out, const uint32_t *codes, uint32_t count) {
    uint32_t *copy = TSK_NEW_ARRAY(p->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) copy[i] = p->fold ? tsk_re_canonicalize(codes[i], true) : codes[i];
    if (count == 1) {
        tsk_re_set_add(p->arena, &out->set, copy[0], copy[0]);
        return;
    }
    text *t = TSK_NEW(p->arena, text);
    *t = (text){copy, count, out->texts};
    out->texts = t;
    out->may_have_texts = true;
}

/* After "\q". */
static void parse_texts(tsk_re_parser *p, operand *out) {
    uint32_t *codes = NULL, count = 0, cap = 0;
    if (!tsk_re_accept(p, '{')) tsk_re_fail(p, "Invalid escape");
    for (;;) {
        bool end = tsk_re_accept(p, '}');
        if (end || tsk_re_accept(p, '|')) {
            add_text(p, out, codes, count);
            count = 0;
            if (end) break;
            continue;
        }
        if (count == cap) {
            codes = tsk_arena_grow(p->arena, codes, 4 * (size_t)cap, 4 * ((size_t)cap * 2 + 8));
            cap = 2 * cap + 8;
        }
        codes[count++] = sets_character(p);
    }
    tsk_re_set_tidy(&out->set);
}

/* One operand; a single character (`*single`) may open a range. */
static operand parse_operand(tsk_re_parser *p, bool *single, uint32_t *code) {
    operand out = {0};
    *single = false;
    if (tsk_re_accept(p, '[')) {
        bool negated;
        out = parse_sets_class(p, &negated);
        return out;
    }
    if (tsk_re_peek(p) == '\\') {
        p->at++;
        if (class_escape(p, &out)) return out;
        if (tsk_re_accept(p, 'q')) {
            parse_texts(p, &out);
            return out;
        }
        p->at--;
    }
    *single = true;
    *code = sets_character(p);
    return out;
}

static void add_range(tsk_re_parser *p, operand *out, uint32_t first, uint32_t last) {
    tsk_re_set range = {0};
    tsk_re_set_add(p->arena, &range, first, last);
    if (p->fold) tsk_re_set_fold(p->arena, &range, true);
    tsk_re_set_union(p->arena, &out->set, &range);
}

/* `by` is used up. */
static void unite(tsk_re_parser *p, operand *out, operand *by) {
    tsk_re_set_union(p->arena, &out->set, &by->set);
    text **tail = &out->texts;
    while (*tail) tail = &(*tail)->next;
    *tail = by->texts;
}

static void restrict_to(tsk_re_parser *p, operand *out, const operand *by, bool without) {
    tsk_re_set_intersect(p->arena, &out->set, &by->set, without);
    for (text **t = &out->texts; *t;) {
        if (has_text(by->texts, *t) == without) {
            *t = (*t)->next;
        } else {
            t = &(*t)->next;
        }
    }
}

/* An operand; a range too unless `ranged` is NULL (beside "--" or "&&"). */
static operand parse_member(tsk_re_parser *p, bool *ranged) {
    bool single;
    uint32_t first, last;
    operand out = parse_operand(p, &single, &first);
    if (!single) {
        if (ranged && tsk_re_peek(p) == '-' && !doubled(p, '-')) tsk_re_fail(p, "Invalid character class");
        return out;
    }
    last = first;
    if (ranged && tsk_re_peek(p) == '-' && !doubled(p, '-')) {
        p->at++;
        *ranged = true;
        parse_operand(p, &single, &last);
        if (!single) tsk_re_fail(p, "Invalid character class");
        if (first > last) tsk_re_fail(p, "Range out of order in character class");
    }
    add_range(p, &out, first, last);
    return out;
}

/* After "["; a negated class is complemented already. */
static operand parse_sets_class(tsk_re_parser *p, bool *negated) {
    operand out = {0};
    if (++p->depth > TSK_RE_MAX_DEPTH) tsk_re_fail(p, "Regular expression too large");
    *negated = tsk_re_accept(p, '^');
    uint32_t operation = 0, members = 0;
    bool ranged = false; /* operators stand between operands, which ranges are not */
    while (!tsk_re_accept(p, ']')) {
        uint32_t sign = !members ? 0 : doubled(p, '-') ? '-' : doubled(p, '&') ? '&' : 0;
        if (operation ? sign != operation : sign && (members > 1 || ranged)) {
            tsk_re_fail(p, "Invalid set operation in character class");
        }
        operand next;
        if (sign) {
            p->at += 2;
            if (sign == '&' && tsk_re_peek(p) == '&') tsk_re_fail(p, "Invalid character in character class");
            operation = sign;
            next = parse_member(p, NULL);
            if (sign == '&') out.may_have_texts = out.may_have_texts && next.may_have_texts;
            restrict_to(p, &out, &next, sign == '-');
        } else {
            next = parse_member(p, &ranged);
            out.may_have_texts |= next.may_have_texts;
            unite(p, &out, &next);
        }
        members++;
    }
    if (*negated) {
        if (out.may_have_texts) tsk_re_fail(p, "Negated character class may contain strings");
        tsk_re_set_complement(p->arena, &out.set);
        if (p->fold) tsk_re_set_keep_folded(p->arena, &out.set);
    }
    p->depth--;
    return out;
}

/* Longer ones first; equal ones beside each other. */
static int by_length(const void *a, const void *b) {
    const text *x = *(text *const *)a, *y = *(text *const *)b;
    if (x->count != y->count) return x->count < y->count ? 1 : -1;
    for (uint32_t i = 0; i < x->count; i++)
        if (x->codes[i] != y->codes[i]) return x->codes[i] < y->codes[i] ? -1 : 1;
    return 0;
}

static tsk_re_node *text_node(tsk_re_parser *p, const text *t) {
    tsk_re_node *n = tsk_re_new_node(p, t->count ? TSK_RE_CAT : TSK_RE_EMPTY), **tail = &n->child;
    for (uint32_t i = 0; i < t->count; i++) {
        *tail = tsk_re_char_node(p, t->codes[i]);
        tail = &(*tail)->next;
    }
    n->width = t->count < 1 << 20 ? t->count : 1 << 20;
    return n;
}

/* Longest texts first, then the set, then the empty text. */
static tsk_re_node *alternatives_node(tsk_re_parser *p, const operand *o) {
    uint32_t count = 0, i = 0;
    for (text *t = o->texts; t; t = t->next) count++;
    text **sorted = TSK_NEW_ARRAY(p->arena, text *, count);
    for (text *t = o->texts; t; t = t->next) sorted[i++] = t;
    qsort(sorted, count, sizeof *sorted, by_length);
    tsk_re_node *n = tsk_re_new_node(p, TSK_RE_ALT), **tail = &n->child;
    for (i = 0; i < count && sorted[i]->count; i++) {
        if (i && same_text(sorted[i - 1], sorted[i])) continue;
        *tail = text_node(p, sorted[i]);
        tail = &(*tail)->next;
    }
    *tail = tsk_re_set_node(p, o->set, false);
    tail = &(*tail)->next;
    n->width = i < count ? 0 : 1;
    if (i < count) *tail = text_node(p, sorted[i]);
    return n;
}

tsk_re_node *tsk_re_class_escape(tsk_re_parser *p) {
    operand o;
    if (!class_escape(p, &o)) return NULL;
    return o.texts ? alternatives_node(p, &o) : tsk_re_set_node(p, o.set, false);
}

tsk_re_node *tsk_re_parse_class(tsk_re_parser *p) {
    if (!p->sets) return parse_plain_class(p);
    bool negated;
    operand o = parse_sets_class(p, &negated);
    return o.texts ? alternatives_node(p, &o) : tsk_re_set_node(p, o.set, false);
}
