/* Patterns -> tree, by recursive descent of limited depth.
 *
 * Without u and v the extensions for web pages are read as V8 reads them: octal escapes, identity escapes of any
 * character, lone braces and brackets, repeated lookaheads. */
#include "runtime/regex/tree.h"

void tsk_re_fail(tsk_re_parser *p, const char *message) {
    *p->error = (tsk_re_error){message, p->at};
    longjmp(p->failed, 1);
}

tsk_re_node *tsk_re_new_node(tsk_re_parser *p, tsk_re_node_kind kind) {
    tsk_re_node *n = TSK_NEW(p->arena, tsk_re_node);
    n->kind = kind;
    return n;
}

tsk_re_node *tsk_re_char_node(tsk_re_parser *p, uint32_t code) {
    uint32_t letter = code | 32;
    bool plain = code < 128 && letter - 'a' >= 26; /* has no case; most patterns are ASCII */
    if (p->fold && !plain) {
        tsk_re_set one = {0};
        tsk_re_set_add(p->arena, &one, code, code);
        if (code < 128 && !(p->unicode && (letter == 'k' || letter == 's'))) {
            tsk_re_set_add(p->arena, &one, code ^ 32, code ^ 32);
            tsk_re_set_tidy(&one);
        } else {
            tsk_re_set_close(p->arena, &one, p->unicode);
        }
        if (one.count != 2 || one.bounds[1] != one.bounds[0] + 1) {
            tsk_re_node *n = tsk_re_new_node(p, TSK_RE_SET);
            n->set = one;
            n->width = 1;
            return n;
        }
    }
    tsk_re_node *n = tsk_re_new_node(p, TSK_RE_CHAR);
    n->code = code;
    n->width = 1;
    return n;
}

tsk_re_node *tsk_re_set_node(tsk_re_parser *p, tsk_re_set set, bool negated) {
    tsk_re_node *n = tsk_re_new_node(p, TSK_RE_SET);
    if (p->fold) tsk_re_set_close(p->arena, &set, p->unicode);
    if (negated) tsk_re_set_complement(p->arena, &set);
    n->set = set;
    n->width = 1;
    return n;
}

static tsk_re_node *parse_alternatives(tsk_re_parser *p);

static bool is_digit(uint32_t c) {
    return c - '0' < 10;
}

/* Digits; more than fit are the largest number. */
static bool take_number(tsk_re_parser *p, uint32_t *out) {
    uint64_t value = 0;
    if (!is_digit(tsk_re_peek(p))) return false;
    while (is_digit(tsk_re_peek(p))) {
        value = 10 * value + (tsk_re_take(p) - '0');
        if (value >= UINT32_MAX) value = UINT32_MAX;
    }
    *out = (uint32_t)value;
    return true;
}

/* "{n}", "{n,}" or "{n,m}"; otherwise nothing is taken. */
static bool take_braces(tsk_re_parser *p, uint32_t *min, uint32_t *max) {
    uint32_t start = p->at;
    if (tsk_re_accept(p, '{') && take_number(p, min)) {
        *max = *min;
        if (tsk_re_accept(p, ',') && !take_number(p, max)) *max = UINT32_MAX;
        if (tsk_re_accept(p, '}')) return true;
    }
    p->at = start;
    return false;
}

/* ---- names ---------------------------------------------------------------------------------------- */

static uint32_t take_hex(tsk_re_parser *p, uint32_t digits) {
    uint32_t value = 0, start = p->at;
    for (uint32_t i = 0; i < digits; i++) {
        uint32_t c = tsk_re_unit(p->pattern, p->at), lower = c | 32;
        uint32_t digit = is_digit(c) ? c - '0' : lower - 'a' < 6 ? lower - 'a' + 10 : UINT32_MAX;
        if (digit == UINT32_MAX) {
            p->at = start;
            return UINT32_MAX;
        }
        value = 16 * value + digit;
        p->at++;
    }
    return value;
}

static uint32_t take_braced_hex(tsk_re_parser *p) {
    uint32_t value = 0, digit, start = p->at;
    while ((digit = take_hex(p, 1)) != UINT32_MAX) {
        value = 16 * value + digit;
        if (value >= TSK_RE_CODE_END) return UINT32_MAX;
    }
    return p->at == start || !tsk_re_accept(p, '}') ? UINT32_MAX : value;
}

/* After "\u"; UINT32_MAX (and nothing taken) when no code point stands there. */
static uint32_t take_unicode_escape(tsk_re_parser *p, bool unicode) {
    uint32_t start = p->at;
    if (unicode && tsk_re_accept(p, '{')) {
        uint32_t code = take_braced_hex(p);
        if (code == UINT32_MAX) p->at = start;
        return code;
    }
    uint32_t lead = take_hex(p, 4);
    if (lead == UINT32_MAX || !unicode || (lead & 0xFFFFFC00) != 0xD800) return lead;
    uint32_t after = p->at;
    if (tsk_re_accept(p, '\\') && tsk_re_accept(p, 'u')) {
        uint32_t trail = take_hex(p, 4);
        if (trail != UINT32_MAX && (trail & 0xFFFFFC00) == 0xDC00) {
            return 0x10000 + ((lead - 0xD800) << 10) + (trail - 0xDC00);
        }
    }
    p->at = after;
    return lead;
}

/* After "<". */
static tsk_re_name take_name(tsk_re_parser *p) {
    tsk_re_name name = {0};
    uint32_t room = 2 * (p->pattern.count - p->at) + 2;
    for (uint32_t end = p->at; room; end++) { /* a name ends with ">": no more room than that */
        if (tsk_re_unit(p->pattern, end) == '>' || end >= p->pattern.count) {
            room = 2 * (end - p->at) + 2;
            break;
        }
    }
    uint16_t *units = TSK_NEW_ARRAY(p->arena, uint16_t, room);
    for (;;) {
        uint32_t taken, c = tsk_re_code(p->pattern, p->at, true, &taken);
        if (c == UINT32_MAX) tsk_re_fail(p, "Invalid capture group name");
        p->at += taken;
        if (c == '>') break;
        if (c == '\\') {
            c = tsk_re_accept(p, 'u') ? take_unicode_escape(p, true) : UINT32_MAX;
            if (c == UINT32_MAX) tsk_re_fail(p, "Invalid Unicode escape");
        }
        if (!(name.count ? tsk_re_id_continue(c) : tsk_re_id_start(c))) {
            tsk_re_fail(p, "Invalid capture group name");
        }
        if (c >= 0x10000) {
            units[name.count++] = (uint16_t)(0xD800 + ((c - 0x10000) >> 10));
            c = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        units[name.count++] = (uint16_t)c;
    }
    if (!name.count) tsk_re_fail(p, "Invalid capture group name");
    name.units = units;
    return name;
}

static bool same_name(const tsk_re_name *a, const tsk_re_name *b) {
    return a->count == b->count && memcmp(a->units, b->units, 2 * a->count) == 0;
}

static void add_name(tsk_re_parser *p, tsk_re_name name) {
    for (uint32_t i = 0; i < p->name_count; i++) {
        if (!p->name_hidden[i] && same_name(&p->names[i], &name)) tsk_re_fail(p, "Duplicate capture group name");
    }
    if (p->name_count == p->name_cap) {
        uint32_t old = p->name_cap;
        p->name_cap = old ? 2 * old : 8;
        p->names = tsk_arena_grow(p->arena, p->names, sizeof name * old, sizeof name * p->name_cap);
        p->name_hidden = tsk_arena_grow(p->arena, p->name_hidden, 4 * (size_t)old, 4 * (size_t)p->name_cap);
    }
    p->name_hidden[p->name_count] = 0;
    p->names[p->name_count++] = name;
}

/* ---- escapes -------------------------------------------------------------------------------------- */

static bool is_letter(uint32_t c) {
    return (c | 32) - 'a' < 26;
}

static uint32_t octal(tsk_re_parser *p) {
    uint32_t value = tsk_re_take(p) - '0';
    for (int i = 0; i < 2 && value < 32; i++) {
        uint32_t c = tsk_re_peek(p);
        if (c - '0' >= 8) break;
        value = 8 * value + (tsk_re_take(p) - '0');
    }
    return value;
}

static uint32_t control_escape(tsk_re_parser *p, bool in_class) {
    uint32_t c = tsk_re_unit(p->pattern, p->at + 1);
    if (is_letter(c) || (!p->unicode && in_class && (is_digit(c) || c == '_'))) {
        p->at += 2;
        return c & 31;
    }
    if (p->unicode) tsk_re_fail(p, "Invalid unicode escape");
    return '\\'; /* a backslash; "c" stays */
}

uint32_t tsk_re_char_escape(tsk_re_parser *p, bool in_class) {
    uint32_t c = tsk_re_peek(p), value;
    if (c == UINT32_MAX) tsk_re_fail(p, "\\ at end of pattern");
    if (c == 'c') return control_escape(p, in_class);
    if (c == '0' && !is_digit(tsk_re_unit(p->pattern, p->at + 1))) {
        p->at++;
        return 0;
    }
    if (c - '0' < 8 && !p->unicode) return octal(p);
    if (is_digit(c) && p->unicode) tsk_re_fail(p, in_class ? "Invalid class escape" : "Invalid decimal escape");
    tsk_re_take(p);
    switch (c) {
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case 'x':
        value = take_hex(p, 2);
        if (value != UINT32_MAX) return value;
        if (p->unicode) tsk_re_fail(p, "Invalid escape");
        return c;
    case 'u':
        value = take_unicode_escape(p, p->unicode);
        if (value != UINT32_MAX) return value;
        if (p->unicode) tsk_re_fail(p, "Invalid Unicode escape");
        return c;
    default: break;
    }
    if (p->unicode) {
        if (c == 0 || c >= 128 || !(strchr("^$\\.*+?()[]{}|/", (int)c) || (in_class && c == '-'))) {
            tsk_re_fail(p, "Invalid escape");
        }
    } else if (c == 'k' && p->has_names) {
        tsk_re_fail(p, "Invalid escape");
    }
    return c;
}

static tsk_re_node *named_reference(tsk_re_parser *p) {
    if (!tsk_re_accept(p, '<')) tsk_re_fail(p, "Invalid named reference");
    tsk_re_node *n = tsk_re_new_node(p, TSK_RE_NAMED);
    n->name = take_name(p);
    n->fold = p->fold;
    n->number = p->at;
    n->child = p->references;
    p->references = n;
    return n;
}

/* "\1": a reference to a group, or (without u, when there are not so many groups) NULL. */
static tsk_re_node *numbered_reference(tsk_re_parser *p) {
    uint32_t start = p->at, number;
    take_number(p, &number);
    if (!p->unicode && number >= p->total) {
        p->at = start;
        return NULL;
    }
    if (number > p->largest) {
        p->largest = number;
        p->largest_offset = start;
    }
    tsk_re_node *n = tsk_re_new_node(p, TSK_RE_BACKREF);
    n->number = number;
    n->fold = p->fold;
    return n;
}

static tsk_re_node *parse_escape(tsk_re_parser *p) {
    uint32_t c = tsk_re_peek(p);
    if (c - '1' < 9) {
        tsk_re_node *n = numbered_reference(p);
        if (n) return n;
    } else if (c == 'k' && (p->unicode || p->has_names)) {
        p->at++;
        return named_reference(p);
    } else {
        tsk_re_node *n = tsk_re_class_escape(p);
        if (n) return n;
    }
    return tsk_re_char_node(p, tsk_re_char_escape(p, false));
}

/* ---- groups and terms ------------------------------------------------------------------------------ */

static tsk_re_node *parse_to_close(tsk_re_parser *p) {
    tsk_re_node *n = parse_alternatives(p);
    if (!tsk_re_accept(p, ')')) tsk_re_fail(p, "Unterminated group");
    return n;
}

static void use_flags(tsk_re_parser *p, unsigned flags) {
    p->flags = flags;
    p->fold = (flags & TSK_RE_IGNORE_CASE) != 0;
}

/* Those of i, m and s that stand here, none of them twice or in `before`. */
static unsigned take_modifiers(tsk_re_parser *p, unsigned before) {
    unsigned taken = 0;
    for (;; p->at++) {
        uint32_t c = tsk_re_unit(p->pattern, p->at);
        unsigned flag = c == 'i' ? TSK_RE_IGNORE_CASE : c == 'm' ? TSK_RE_MULTILINE : c == 's' ? TSK_RE_DOT_ALL : 0;
        if (!flag) return taken;
        if ((taken | before) & flag) tsk_re_fail(p, "Repeated flag in flag group");
        taken |= flag;
    }
}

/* After "(?": "i-s:" and the like, or nothing but the colon. */
static tsk_re_node *parse_modified(tsk_re_parser *p) {
    unsigned outer = p->flags, on = take_modifiers(p, 0), off = 0;
    if (tsk_re_accept(p, '-')) {
        off = take_modifiers(p, on);
        if (!on && !off) tsk_re_fail(p, "Invalid flag group");
    }
    if (!tsk_re_accept(p, ':')) tsk_re_fail(p, "Invalid group");
    use_flags(p, (outer | on) & ~off);
    tsk_re_node *n = parse_to_close(p);
    use_flags(p, outer);
    return n;
}

/* After "(".  `*repeatable` is false after an assertion that takes no quantifier. */
static tsk_re_node *parse_group(tsk_re_parser *p, bool *repeatable) {
    tsk_re_node *n;
    tsk_re_name name = {0};
    if (tsk_re_accept(p, '?')) {
        bool behind = false;
        uint32_t c = tsk_re_peek(p), d = tsk_re_unit(p->pattern, p->at + 1);
        if (c == '<' && (d == '=' || d == '!')) {
            behind = true;
            p->at++;
            c = d;
        }
        if (c == '=' || c == '!') {
            p->at++;
            n = tsk_re_new_node(p, TSK_RE_LOOK);
            n->behind = behind;
            n->negative = c == '!';
            *repeatable = !behind && !p->unicode;
            n->child = parse_to_close(p);
            return n;
        }
        if (c != '<') return parse_modified(p);
        p->at++;
        name = take_name(p);
    }
    if (p->groups > TSK_RE_MAX_GROUPS) tsk_re_fail(p, "Too many captures");
    n = tsk_re_new_node(p, TSK_RE_GROUP);
    n->number = name.group = p->groups++;
    if (name.count) add_name(p, name);
    n->child = parse_to_close(p);
    n->width = n->child->width;
    return n;
}

static tsk_re_node *assertion(tsk_re_parser *p, tsk_re_node_kind kind, uint32_t units, bool negative) {
    p->at += units;
    tsk_re_node *n = tsk_re_new_node(p, kind);
    n->negative = negative;
    n->fold = p->fold;
    n->multiline = (p->flags & TSK_RE_MULTILINE) != 0;
    return n;
}

static tsk_re_node *parse_dot(tsk_re_parser *p) {
    tsk_re_set set = {0};
    if (p->flags & TSK_RE_DOT_ALL) {
        tsk_re_set_add(p->arena, &set, 0, TSK_RE_CODE_END - 1);
    } else {
        tsk_re_set_add(p->arena, &set, 0, '\n' - 1);
        tsk_re_set_add(p->arena, &set, '\n' + 1, '\r' - 1);
        tsk_re_set_add(p->arena, &set, '\r' + 1, 0x2027);
        tsk_re_set_add(p->arena, &set, 0x202A, TSK_RE_CODE_END - 1);
    }
    tsk_re_node *n = tsk_re_new_node(p, TSK_RE_SET);
    n->set = set;
    n->width = 1;
    return n;
}

static tsk_re_node *parse_atom(tsk_re_parser *p, bool *repeatable) {
    uint32_t c = tsk_re_peek(p), next = tsk_re_unit(p->pattern, p->at + 1), min, max;
    *repeatable = true;
    switch (c) {
    case '^': *repeatable = false; return assertion(p, TSK_RE_LINE_START, 1, false);
    case '$': *repeatable = false; return assertion(p, TSK_RE_LINE_END, 1, false);
    case '(': p->at++; return parse_group(p, repeatable);
    case '*':
    case '+':
    case '?': tsk_re_fail(p, "Nothing to repeat");
    case '.': p->at++; return parse_dot(p);
    case '[': p->at++; return tsk_re_parse_class(p);
    case '\\':
        if (next == 'b' || next == 'B') {
            *repeatable = false;
            return assertion(p, TSK_RE_WORD_EDGE, 2, next == 'B');
        }
        p->at++;
        return parse_escape(p);
    case '{':
        if (p->unicode || take_braces(p, &min, &max)) tsk_re_fail(p, "Nothing to repeat");
        break;
    case '}':
    case ']':
        if (p->unicode) tsk_re_fail(p, "Lone quantifier brackets");
        break;
    default: break;
    }
    return tsk_re_char_node(p, tsk_re_take(p));
}

static bool take_quantifier(tsk_re_parser *p, uint32_t *min, uint32_t *max) {
    *min = 0;
    *max = UINT32_MAX;
    if (tsk_re_accept(p, '*')) return true;
    if (tsk_re_accept(p, '+')) return *min = 1, true;
    if (tsk_re_accept(p, '?')) return *max = 1, true;
    if (take_braces(p, min, max)) {
        if (*min > *max) tsk_re_fail(p, "numbers out of order in {} quantifier");
        return true;
    }
    if (p->unicode && tsk_re_peek(p) == '{') tsk_re_fail(p, "Incomplete quantifier");
    return false;
}

static uint32_t cap_width(uint64_t width) {
    return width > 1 << 20 ? 1 << 20 : (uint32_t)width;
}

static tsk_re_node *parse_term(tsk_re_parser *p) {
    uint32_t first_group = p->groups, min, max;
    bool repeatable;
    tsk_re_node *atom = parse_atom(p, &repeatable);
    if (!repeatable || !take_quantifier(p, &min, &max)) return atom;
    tsk_re_node *n = tsk_re_new_node(p, TSK_RE_REPEAT);
    n->lazy = tsk_re_accept(p, '?');
    n->min = min;
    n->max = max;
    n->first_group = first_group;
    n->last_group = p->groups;
    n->child = atom;
    n->width = cap_width((uint64_t)atom->width * min);
    return n;
}

static tsk_re_node *parse_sequence(tsk_re_parser *p) {
    tsk_re_node *first = NULL, **tail = &first;
    uint64_t width = 0;
    uint32_t count = 0;
    for (;; count++) {
        uint32_t c = tsk_re_peek(p);
        if (c == UINT32_MAX || c == '|' || c == ')') break;
        *tail = parse_term(p);
        width += (*tail)->width;
        tail = &(*tail)->next;
    }
    if (count == 1) return first;
    tsk_re_node *n = tsk_re_new_node(p, count ? TSK_RE_CAT : TSK_RE_EMPTY);
    n->child = first;
    n->width = cap_width(width);
    return n;
}

static tsk_re_node *parse_alternatives(tsk_re_parser *p) {
    if (++p->depth > TSK_RE_MAX_DEPTH) tsk_re_fail(p, "Regular expression too large");
    /* Groups of one name may stand in different alternatives: names of earlier ones are hidden from the later. */
    uint32_t start = p->name_count, hidden = start;
    tsk_re_node *first = parse_sequence(p);
    if (tsk_re_peek(p) == '|') {
        tsk_re_node *n = tsk_re_new_node(p, TSK_RE_ALT), *last = first;
        n->child = first;
        n->width = first->width;
        while (tsk_re_accept(p, '|')) {
            for (; hidden < p->name_count; hidden++) p->name_hidden[hidden]++;
            last->next = parse_sequence(p);
            last = last->next;
            if (last->width < n->width) n->width = last->width;
        }
        for (uint32_t i = start; i < hidden; i++) p->name_hidden[i]--;
        first = n;
    }
    p->depth--;
    return first;
}

/* ---- whole patterns -------------------------------------------------------------------------------- */

/* Without u the number of groups decides what "\1" means, and a named one what "\k" means: they are counted ahead. */
static void count_groups(tsk_re_parser *p) {
    bool in_class = false;
    p->total = 1;
    for (uint32_t i = 0; i < p->pattern.count; i++) {
        uint32_t c = tsk_re_unit(p->pattern, i);
        if (c == '\\') {
            i++;
        } else if (in_class) {
            in_class = c != ']';
        } else if (c == '[') {
            in_class = true;
        } else if (c == '(') {
            if (tsk_re_unit(p->pattern, i + 1) != '?') {
                p->total++;
                continue;
            }
            uint32_t d = tsk_re_unit(p->pattern, i + 3);
            if (tsk_re_unit(p->pattern, i + 2) != '<' || d == '=' || d == '!') continue;
            p->total++;
            p->has_names = true;
        }
    }
}

static void resolve_references(tsk_re_parser *p) {
    for (tsk_re_node *n = p->references, *following; n; n = following) {
        following = n->child;
        tsk_re_node **tail = &n->child;
        *tail = NULL;
        for (uint32_t i = 0; i < p->name_count; i++) {
            if (!same_name(&p->names[i], &n->name)) continue;
            *tail = tsk_re_new_node(p, TSK_RE_BACKREF);
            (*tail)->number = p->names[i].group;
            (*tail)->fold = n->fold;
            tail = &(*tail)->next;
        }
        p->at = n->number;
        if (!n->child) tsk_re_fail(p, "Invalid named capture referenced");
        n->kind = TSK_RE_CAT; /* of groups with one name at most one took part, the others match nothing */
    }
}

tsk_re_node *tsk_re_parse(tsk_re_parser *p) {
    p->unicode = (p->flags & TSK_RE_UNICODE_MODE) != 0;
    p->sets = (p->flags & TSK_RE_UNICODE_SETS) != 0;
    use_flags(p, p->flags);
    p->groups = 1;
    if (setjmp(p->failed)) return NULL;
    if (!p->unicode) count_groups(p);
    tsk_re_node *root = parse_alternatives(p);
    if (p->at < p->pattern.count) tsk_re_fail(p, "Unmatched ')'");
    if (p->largest >= p->groups) {
        p->at = p->largest_offset;
        tsk_re_fail(p, "Invalid escape");
    }
    resolve_references(p);
    return root;
}
