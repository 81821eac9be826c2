/* Tree -> program.
 *
 * The body of a lookbehind is laid out for reading backwards: sequences in reverse, groups closed before they are opened. */
#include "runtime/regex/program.h"
#include "runtime/regex/tree.h"

#include <assert.h>

typedef struct compiler {
    tsk_arena *arena, *scratch;
    tsk_re_program *program;
    const tsk_re_parser *parser;
    tsk_re_error *error;
    uint32_t word_class[2]; /* number + 1 of the class of \b */
    bool back;              /* the direction of what is being compiled */
    bool too_large;
} compiler;

#define MAX_CODE (1u << 24)

static uint32_t emit(compiler *c, uint32_t word) {
    tsk_re_program *p = c->program;
    if (p->code_count == p->code_cap) {
        uint32_t cap = p->code_cap ? 2 * p->code_cap : 32;
        p->code = tsk_arena_grow(c->arena, p->code, sizeof word * p->code_cap, sizeof word * cap);
        p->code_cap = cap;
    }
    if (p->code_count > MAX_CODE) {
        c->too_large = true;
        return 0;
    }
    p->code[p->code_count] = word;
    return p->code_count++;
}

/* The operand of a jump, to be set by `land`. */
static uint32_t emit_jump(compiler *c, uint32_t op) {
    emit(c, op);
    return emit(c, 0);
}
static void land(compiler *c, uint32_t operand) {
    c->program->code[operand] = c->program->code_count;
}

static uint32_t add_class(compiler *c, const tsk_re_set *set) {
    tsk_re_program *p = c->program;
    if (p->class_count == p->class_cap) {
        uint32_t cap = p->class_cap ? 2 * p->class_cap : 8;
        p->classes = tsk_arena_grow(c->arena, p->classes, sizeof *p->classes * p->class_cap, sizeof *p->classes * cap);
        p->class_cap = cap;
    }
    uint32_t *bounds = TSK_NEW_ARRAY(c->arena, uint32_t, set->count);
    if (set->count) memcpy(bounds, set->bounds, sizeof *bounds * set->count);
    tsk_re_class *k = &p->classes[p->class_count];
    *k = (tsk_re_class){{0}, bounds, set->count};
    for (uint32_t code = 0; code < 256; code++) {
        if (tsk_re_set_has(bounds, set->count, code)) k->low[code >> 6] |= 1ull << (code & 63);
    }
    return p->class_count++;
}

static uint32_t new_register(compiler *c) {
    return c->program->registers++;
}

static void compile_node(compiler *c, const tsk_re_node *n);

static bool is_surrogate(uint32_t code) {
    return (code & 0xFFFFF800) == 0xD800;
}

static void compile_character(compiler *c, const tsk_re_node *n) {
    uint32_t form = c->back ? TSK_RE_FORM_BACK : 0;
    if (n->kind == TSK_RE_SET) {
        emit(c, TSK_RE_OP_UNIT_SET + form + (c->program->unicode ? TSK_RE_FORM_CODE : 0u));
        emit(c, add_class(c, &n->set));
    } else {
        /* A code point that no pair holds is compared as a unit. */
        bool code = c->program->unicode && (n->code >= 0x10000 || is_surrogate(n->code));
        emit(c, TSK_RE_OP_UNIT + form + (code ? TSK_RE_FORM_CODE : 0u));
        emit(c, n->code);
    }
}

static void compile_sequence(compiler *c, const tsk_re_node *n) {
    if (!c->back) {
        for (const tsk_re_node *k = n->child; k; k = k->next) compile_node(c, k);
        return;
    }
    uint32_t count = 0, i = 0;
    for (const tsk_re_node *k = n->child; k; k = k->next) count++;
    const tsk_re_node **list = TSK_NEW_ARRAY(c->scratch, const tsk_re_node *, count);
    for (const tsk_re_node *k = n->child; k; k = k->next) list[i++] = k;
    while (i) compile_node(c, list[--i]);
}

static void compile_alternatives(compiler *c, const tsk_re_node *n) {
    uint32_t ends = 0; /* jumps to the end, chained through their operands */
    for (const tsk_re_node *k = n->child; k; k = k->next) {
        uint32_t other = k->next ? emit_jump(c, TSK_RE_OP_SPLIT) : 0;
        compile_node(c, k);
        if (!k->next) break;
        uint32_t end = emit_jump(c, TSK_RE_OP_JUMP);
        c->program->code[end] = ends;
        ends = end;
        land(c, other);
    }
    while (ends) {
        uint32_t following = c->program->code[ends];
        land(c, ends);
        ends = following;
    }
}

static void compile_look(compiler *c, const tsk_re_node *n) {
    bool back = c->back;
    uint32_t after = 0;
    c->back = n->behind;
    if (n->negative) {
        after = emit_jump(c, TSK_RE_OP_LOOK_NOT);
    } else {
        emit(c, TSK_RE_OP_LOOK);
    }
    compile_node(c, n->child);
    emit(c, n->negative ? TSK_RE_OP_LOOK_NOT_END : TSK_RE_OP_LOOK_END);
    if (n->negative) land(c, after);
    c->back = back;
}

static void clear_groups(compiler *c, const tsk_re_node *n) {
    if (n->first_group == n->last_group) return;
    emit(c, TSK_RE_OP_CLEAR);
    emit(c, 2 * n->first_group);
    emit(c, 2 * n->last_group);
}

/* One round that may not be empty. */
static void compile_round(compiler *c, const tsk_re_node *n) {
    uint32_t position = 0;
    if (!n->child->width) {
        position = new_register(c);
        emit(c, TSK_RE_OP_SAVE);
        emit(c, position);
    }
    compile_node(c, n->child);
    if (n->child->width) return;
    emit(c, TSK_RE_OP_PROGRESS);
    emit(c, position);
}

static void compile_optional(compiler *c, const tsk_re_node *n) {
    uint32_t end = emit_jump(c, n->lazy ? TSK_RE_OP_SPLIT_LAZY : TSK_RE_OP_SPLIT);
    compile_round(c, n);
    land(c, end);
}

static void compile_star(compiler *c, const tsk_re_node *n) {
    uint32_t start = c->program->code_count, end = emit_jump(c, n->lazy ? TSK_RE_OP_SPLIT_LAZY : TSK_RE_OP_SPLIT);
    clear_groups(c, n);
    compile_round(c, n);
    emit(c, TSK_RE_OP_JUMP);
    emit(c, start);
    land(c, end);
}

static void compile_counted(compiler *c, const tsk_re_node *n) {
    uint32_t counter = new_register(c), position = 0;
    bool may_be_empty = !n->child->width;
    emit(c, TSK_RE_OP_ZERO);
    emit(c, counter);
    uint32_t start = emit(c, n->lazy ? TSK_RE_OP_LOOP_LAZY : TSK_RE_OP_LOOP);
    emit(c, counter);
    emit(c, n->min);
    emit(c, n->max);
    uint32_t end = emit(c, 0);
    if (may_be_empty) {
        position = new_register(c);
        emit(c, TSK_RE_OP_SAVE);
        emit(c, position);
    }
    clear_groups(c, n);
    compile_node(c, n->child);
    if (may_be_empty) {
        emit(c, TSK_RE_OP_PROGRESS_AFTER);
        emit(c, position);
        emit(c, counter);
        emit(c, n->min);
    }
    emit(c, TSK_RE_OP_JUMP);
    emit(c, start);
    land(c, end);
}

static void compile_repeat(compiler *c, const tsk_re_node *n) {
    if (!n->max) return;
    if (n->child->kind == TSK_RE_CHAR || n->child->kind == TSK_RE_SET) {
        emit(c, n->lazy ? TSK_RE_OP_RUN_LAZY : TSK_RE_OP_RUN);
        emit(c, n->min);
        emit(c, n->max);
        compile_character(c, n->child);
    } else if (n->min == 1 && n->max == 1) {
        compile_node(c, n->child);
    } else if (!n->min && n->max == 1) {
        compile_optional(c, n);
    } else if (!n->min && n->max == UINT32_MAX) {
        compile_star(c, n);
    } else {
        compile_counted(c, n);
    }
}

static void compile_word_edge(compiler *c, const tsk_re_node *n) {
    uint32_t *word_class = &c->word_class[n->fold];
    if (!*word_class) {
        tsk_re_parser p = *c->parser;
        tsk_re_set set;
        p.fold = n->fold;
        tsk_re_word_set(&p, &set);
        tsk_re_set_tidy(&set);
        *word_class = add_class(c, &set) + 1;
    }
    emit(c, n->negative ? TSK_RE_OP_NO_WORD_EDGE : TSK_RE_OP_WORD_EDGE);
    emit(c, *word_class - 1);
}

static void compile_node(compiler *c, const tsk_re_node *n) {
    switch (n->kind) {
    case TSK_RE_EMPTY: break;
    case TSK_RE_CHAR:
    case TSK_RE_SET: compile_character(c, n); break;
    case TSK_RE_NAMED: /* resolved to a sequence */
    case TSK_RE_CAT: compile_sequence(c, n); break;
    case TSK_RE_ALT: compile_alternatives(c, n); break;
    case TSK_RE_GROUP:
        emit(c, TSK_RE_OP_SAVE);
        emit(c, 2 * n->number + c->back);
        compile_node(c, n->child);
        emit(c, TSK_RE_OP_SAVE);
        emit(c, 2 * n->number + !c->back);
        break;
    case TSK_RE_LOOK: compile_look(c, n); break;
    case TSK_RE_REPEAT: compile_repeat(c, n); break;
    case TSK_RE_BACKREF:
        emit(c, c->back ? TSK_RE_OP_BACKREF_BACK : TSK_RE_OP_BACKREF);
        emit(c, n->number);
        emit(c, n->fold);
        break;
    case TSK_RE_LINE_START: emit(c, n->multiline ? TSK_RE_OP_LINE_START : TSK_RE_OP_TEXT_START); break;
    case TSK_RE_LINE_END: emit(c, n->multiline ? TSK_RE_OP_LINE_END : TSK_RE_OP_TEXT_END); break;
    case TSK_RE_WORD_EDGE: compile_word_edge(c, n); break;
    }
}

/* ---- how a match begins ---------------------------------------------------------------------------- */

typedef struct beginning {
    tsk_re_set set;
    bool unknown;
} beginning;

/* Collects the characters a match of the node can begin with; true when it may consume nothing. */
static bool collect_first(compiler *c, const tsk_re_node *n, beginning *b) {
    bool empty = false;
    switch (n->kind) {
    case TSK_RE_CHAR: tsk_re_set_add(c->scratch, &b->set, n->code, n->code); return false;
    case TSK_RE_SET:
        for (uint32_t i = 0; i < n->set.count; i += 2) {
            tsk_re_set_add(c->scratch, &b->set, n->set.bounds[i], n->set.bounds[i + 1] - 1);
        }
        return false;
    case TSK_RE_NAMED:
    case TSK_RE_CAT:
        for (const tsk_re_node *k = n->child; k; k = k->next) {
            if (!collect_first(c, k, b)) return false;
        }
        return true;
    case TSK_RE_ALT:
        for (const tsk_re_node *k = n->child; k; k = k->next) empty |= collect_first(c, k, b);
        return empty;
    case TSK_RE_GROUP: return collect_first(c, n->child, b);
    case TSK_RE_REPEAT: return n->max == 0 || collect_first(c, n->child, b) || !n->min;
    case TSK_RE_BACKREF: b->unknown = true; return true;
    default: return true;
    }
}

static bool is_anchored(const compiler *c, const tsk_re_node *n) {
    switch (n->kind) {
    case TSK_RE_LINE_START: return !n->multiline;
    case TSK_RE_CAT: return n->child && is_anchored(c, n->child);
    case TSK_RE_GROUP: return is_anchored(c, n->child);
    case TSK_RE_ALT:
        for (const tsk_re_node *k = n->child; k; k = k->next) {
            if (!is_anchored(c, k)) return false;
        }
        return true;
    default: return false;
    }
}

static void find_beginning(compiler *c, const tsk_re_node *root) {
    tsk_re_program *p = c->program;
    beginning b = {0};
    p->anchored = (p->flags & TSK_RE_STICKY) || is_anchored(c, root);
    p->single_first = -1;
    if (collect_first(c, root, &b) || b.unknown) return;
    tsk_re_set_tidy(&b.set);
    uint32_t count = 0;
    p->has_first = true;
    p->wide_first = b.set.count && b.set.bounds[b.set.count - 1] > 256;
    for (uint32_t code = 0; code < 256; code++) {
        if (!tsk_re_set_has(b.set.bounds, b.set.count, code)) continue;
        p->first[code] = true;
        p->single_first = count++ ? -1 : (int)code;
    }
}

/* ---- runs that need not give back -------------------------------------------------------------------- */

/* Words of an operation. */
static uint32_t words_of(uint32_t op) {
    switch (op) {
    case TSK_RE_OP_MATCH:
    case TSK_RE_OP_LOOK:
    case TSK_RE_OP_LOOK_END:
    case TSK_RE_OP_LOOK_NOT_END:
    case TSK_RE_OP_TEXT_START:
    case TSK_RE_OP_TEXT_END:
    case TSK_RE_OP_LINE_START:
    case TSK_RE_OP_LINE_END: return 1;
    case TSK_RE_OP_BACKREF:
    case TSK_RE_OP_BACKREF_BACK:
    case TSK_RE_OP_CLEAR: return 3;
    case TSK_RE_OP_PROGRESS_AFTER: return 4;
    case TSK_RE_OP_RUN:
    case TSK_RE_OP_RUN_LAZY:
    case TSK_RE_OP_RUN_ALL:
    case TSK_RE_OP_LOOP:
    case TSK_RE_OP_LOOP_LAZY: return 5;
    default: return 2;
    }
}

/* The first operation from `at` on that is more than noting where a group begins or ends. */
static uint32_t behind_saves(const tsk_re_program *p, uint32_t at) {
    while (p->code[at] == TSK_RE_OP_SAVE) at += words_of(TSK_RE_OP_SAVE);
    return at;
}

/* The units that an operation reads one of; false: it does something else. */
static bool units_of(const tsk_re_program *p, const uint32_t *code, uint32_t own[2], tsk_re_set *set) {
    own[0] = code[1];
    own[1] = code[1] + 1;
    *set = (tsk_re_set){.bounds = own, .count = 2};
    if (code[0] == TSK_RE_OP_UNIT_SET) {
        const tsk_re_class *k = &p->classes[code[1]];
        *set = (tsk_re_set){.bounds = (uint32_t *)(uintptr_t)k->bounds, .count = k->count};
    }
    return code[0] == TSK_RE_OP_UNIT || code[0] == TSK_RE_OP_UNIT_SET;
}

static bool are_disjoint(const tsk_re_set *a, const tsk_re_set *b) {
    for (uint32_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->bounds[i] < b->bounds[j + 1] && b->bounds[j] < a->bounds[i + 1]) return false;
        if (a->bounds[i + 1] <= b->bounds[j + 1])
            i += 2;
        else
            j += 2;
    }
    return true;
}

/* A run that is followed by a character which it cannot hold, or by the end of the match. */
static bool gives_nothing_back(const tsk_re_program *p, uint32_t at) {
    uint32_t of_run[2], of_next[2], next = behind_saves(p, at + words_of(TSK_RE_OP_RUN));
    tsk_re_set run, following;
    if (!units_of(p, p->code + at + 3, of_run, &run)) return false;
    if (p->code[next] == TSK_RE_OP_MATCH) return true;
    return units_of(p, p->code + next, of_next, &following) && are_disjoint(&run, &following);
}

static void settle_runs(tsk_re_program *p) {
    uint32_t at = 0;
    for (; at < p->code_count; at += words_of(p->code[at]))
        if (p->code[at] == TSK_RE_OP_RUN && gives_nothing_back(p, at)) p->code[at] = TSK_RE_OP_RUN_ALL;
    assert(at == p->code_count); /* else words_of does not know an operation */
    p->lead = behind_saves(p, 0);
    const uint32_t *run = p->code + p->lead;
    if (run[0] != TSK_RE_OP_RUN_ALL || !run[1] || run[2] != UINT32_MAX) return;
    p->lead_end = behind_saves(p, p->lead + words_of(TSK_RE_OP_RUN_ALL));
    p->leads = p->code[p->lead_end] != TSK_RE_OP_MATCH;
}

/* ---- whole programs -------------------------------------------------------------------------------- */

/* Names live as long as the program. */
static void keep_names(compiler *c, const tsk_re_parser *parser) {
    tsk_re_name *names = TSK_NEW_ARRAY(c->arena, tsk_re_name, parser->name_count);
    for (uint32_t i = 0; i < parser->name_count; i++) {
        uint16_t *units = TSK_NEW_ARRAY(c->arena, uint16_t, parser->names[i].count);
        memcpy(units, parser->names[i].units, sizeof *units * parser->names[i].count);
        names[i] = parser->names[i];
        names[i].units = units;
    }
    c->program->names = names;
    c->program->name_count = parser->name_count;
}

const tsk_re_program *tsk_re_compile(tsk_arena *arena, tsk_arena *scratch, tsk_re_text pattern, unsigned flags,
                                     tsk_re_error *error) {
    tsk_re_parser *parser = TSK_NEW(scratch, tsk_re_parser);
    parser->arena = scratch;
    parser->pattern = pattern;
    parser->flags = flags;
    parser->error = error;
    const tsk_re_node *root = tsk_re_parse(parser);
    if (!root) return NULL;
    tsk_re_program *p = TSK_NEW(arena, tsk_re_program);
    compiler c = {.arena = arena, .scratch = scratch, .program = p, .parser = parser, .error = error};
    p->flags = flags;
    p->unicode = parser->unicode;
    p->groups = parser->groups;
    p->registers = 2 * p->groups;
    compile_node(&c, root);
    emit(&c, TSK_RE_OP_MATCH);
    if (c.too_large) {
        *error = (tsk_re_error){"Regular expression too large", pattern.count};
        return NULL;
    }
    find_beginning(&c, root);
    settle_runs(p);
    keep_names(&c, parser);
    return p;
}

bool tsk_re_flags(tsk_re_text text, unsigned *flags) {
    static const char letters[] = "dgimsuvy";
    *flags = 0;
    for (uint32_t i = 0; i < text.count; i++) {
        uint32_t unit = tsk_re_unit(text, i);
        const char *at = unit && unit < 128 ? strchr(letters, (int)unit) : NULL;
        if (!at || *flags >> (at - letters) & 1) return false;
        *flags |= 1u << (at - letters);
    }
    return (*flags & TSK_RE_UNICODE_MODE) != TSK_RE_UNICODE_MODE;
}

unsigned tsk_re_program_flags(const tsk_re_program *program) {
    return program->flags;
}
uint32_t tsk_re_group_count(const tsk_re_program *program) {
    return program->groups;
}
uint32_t tsk_re_name_list(const tsk_re_program *program, const tsk_re_name **names) {
    *names = program->names;
    return program->name_count;
}
