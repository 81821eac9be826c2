/* The machine of exec.c for one kind of text: included with UNIT, WIDE and NAME defined. */

/* The code point before or after `*at`, which moves over it; the caller knows that there is one. */
static inline uint32_t NAME(code_forward)(const UNIT *text, uint32_t count, uint32_t *at) {
    uint32_t c = text[(*at)++];
#if WIDE
    if ((c & 0xFFFFFC00) == 0xD800 && *at < count && (text[*at] & 0xFC00) == 0xDC00) {
        c = 0x10000 + ((c - 0xD800) << 10) + (text[(*at)++] - 0xDC00u);
    }
#else
    (void)count;
#endif
    return c;
}
static inline uint32_t NAME(code_back)(const UNIT *text, uint32_t *at) {
    uint32_t c = text[--*at];
#if WIDE
    if ((c & 0xFFFFFC00) == 0xDC00 && *at && (text[*at - 1] & 0xFC00) == 0xD800) {
        c = 0x10000 + ((text[--*at] - 0xD800u) << 10) + (c - 0xDC00);
    }
#endif
    return c;
}

/* One character, by one of the eight operations; moves `*at` when it fits. */
static inline bool NAME(one)(const search *s, uint32_t op, uint32_t operand, uint32_t *at) {
    const UNIT *text = s->units;
    uint32_t pos = *at, code, form = (op - TSK_RE_OP_UNIT) & 3;
    bool set = op >= TSK_RE_OP_UNIT_SET;
    if (form & TSK_RE_FORM_BACK) {
        if (!pos) return false;
        code = form & TSK_RE_FORM_CODE ? NAME(code_back)(text, &pos) : text[--pos];
    } else {
        if (pos == s->count) return false;
        code = form & TSK_RE_FORM_CODE ? NAME(code_forward)(text, s->count, &pos) : text[pos++];
    }
    if (set ? !tsk_re_class_has(&s->program->classes[operand], code) : code != operand) return false;
    *at = pos;
    return true;
}

/* Matches the character of a RUN up to `most` times; says how often. */
static uint32_t NAME(many)(const search *s, const uint32_t *code, uint32_t most, uint32_t *at) {
    uint32_t op = code[0], operand = code[1], n = 0;
    if (op == TSK_RE_OP_UNIT_SET) { /* by far the most frequent */
        const UNIT *text = s->units;
        const tsk_re_class *k = &s->program->classes[operand];
        uint32_t pos = *at, end = most < s->count - pos ? pos + most : s->count;
        while (pos < end && tsk_re_class_has(k, text[pos])) pos++;
        n = pos - *at;
        *at = pos;
        return n;
    }
    while (n < most && NAME(one)(s, op, operand, at)) n++;
    return n;
}

/* A RUN gives one character back. */
static uint32_t NAME(give_back)(const search *s, uint32_t op, uint32_t pos) {
    switch ((op - TSK_RE_OP_UNIT) & 3) {
    case 0: return pos - 1;
    case TSK_RE_FORM_BACK: return pos + 1;
    case TSK_RE_FORM_CODE: NAME(code_back)(s->units, &pos); return pos;
    default: NAME(code_forward)(s->units, s->count, &pos); return pos;
    }
}

static bool NAME(same)(const search *s, uint32_t a, uint32_t b, uint32_t len, bool fold) {
    const UNIT *text = s->units;
    if (!fold) return memcmp(text + a, text + b, len * sizeof *text) == 0;
    uint32_t end_a = a + len, end_b = b + len;
    bool unicode = s->program->unicode;
    while (a < end_a && b < end_b) {
        uint32_t x = unicode ? NAME(code_forward)(text, end_a, &a) : text[a++];
        uint32_t y = unicode ? NAME(code_forward)(text, end_b, &b) : text[b++];
        if (x != y && tsk_re_canonicalize(x, unicode) != tsk_re_canonicalize(y, unicode)) return false;
    }
    return a == end_a && b == end_b;
}

static bool NAME(backref)(const search *s, const uint32_t *code, uint32_t *at) {
    uint32_t group = code[1];
    bool back = code[0] == TSK_RE_OP_BACKREF_BACK;
    uint32_t start = s->registers[2 * group], end = s->registers[2 * group + 1], pos = *at;
    if (start == TSK_RE_NONE || end == TSK_RE_NONE) return true;
    uint32_t len = end - start;
    if (len > (back ? pos : s->count - pos)) return false;
    uint32_t from = back ? pos - len : pos;
    if (!NAME(same)(s, start, from, len, code[2])) return false;
#if WIDE
    /* With u no character may be cut in two. */
    const UNIT *text = s->units;
    uint32_t to = back ? from : pos + len;
    if (s->program->unicode && len && to && to < s->count && (text[to - 1] & 0xFC00) == 0xD800 &&
        (text[to] & 0xFC00) == 0xDC00) {
        return false;
    }
#endif
    *at = back ? from : pos + len;
    return true;
}

static bool NAME(word_edge)(const search *s, uint32_t number, uint32_t pos) {
    const UNIT *text = s->units;
    const tsk_re_class *k = &s->program->classes[number];
    bool before = pos && tsk_re_class_has(k, text[pos - 1]), after = pos < s->count && tsk_re_class_has(k, text[pos]);
    return before != after;
}

/* The assertions without a body. */
static bool NAME(holds)(const search *s, const uint32_t *code, uint32_t pos) {
    const UNIT *text = s->units;
    switch (code[0]) {
    case TSK_RE_OP_TEXT_START: return pos == 0;
    case TSK_RE_OP_TEXT_END: return pos == s->count;
    case TSK_RE_OP_LINE_START: return pos == 0 || is_line_end(text[pos - 1]);
    case TSK_RE_OP_LINE_END: return pos == s->count || is_line_end(text[pos]);
    case TSK_RE_OP_WORD_EDGE: return NAME(word_edge)(s, code[1], pos);
    default: return !NAME(word_edge)(s, code[1], pos);
    }
}

#define PUSH(kind, index, x, y)                                                                                        \
    do {                                                                                                               \
        if (TSK_UNLIKELY(top == s->machine->cap)) {                                                                    \
            if (!grow(s, top)) return TSK_RE_MEMORY_LIMIT;                                                             \
            stack = s->machine->stack;                                                                                 \
        }                                                                                                              \
        stack[top++] = (frame){(uint32_t)(kind) << KIND_SHIFT | (index), (x), (y)};                                    \
    } while (0)
#define SET_REGISTER(r, value)                                                                                         \
    do {                                                                                                               \
        PUSH(UNDO, (r), registers[r], 0);                                                                              \
        registers[r] = (value);                                                                                        \
    } while (0)
#define STEPS(n)                                                                                                       \
    do {                                                                                                               \
        if (TSK_UNLIKELY(s->budget <= (n)) && !next_portion(s, (n))) return TSK_RE_STEP_LIMIT;                         \
        s->budget -= (n);                                                                                              \
    } while (0)

/* One attempt, from `pos` on. */
static tsk_re_result NAME(attempt)(search *s, uint32_t pos) {
    const uint32_t *code = s->program->code;
    uint32_t *registers = s->registers;
    frame *stack = s->machine->stack;
    uint32_t pc = 0, top = 0, look = NO_LOOK, n, before;
    registers[0] = pos;
    for (;;) {
        switch (code[pc]) {
        case TSK_RE_OP_MATCH: registers[1] = pos; return TSK_RE_MATCH;
        case TSK_RE_OP_JUMP:
            STEPS(1u);
            pc = code[pc + 1];
            continue;
        case TSK_RE_OP_SPLIT:
            PUSH(CHOICE, code[pc + 1], pos, 0);
            pc += 2;
            continue;
        case TSK_RE_OP_SPLIT_LAZY:
            PUSH(CHOICE, pc + 2, pos, 0);
            pc = code[pc + 1];
            continue;
        case TSK_RE_OP_UNIT:
            if (pos == s->count || ((const UNIT *)s->units)[pos] != code[pc + 1]) goto fail;
            pos++;
            pc += 2;
            continue;
        case TSK_RE_OP_UNIT_BACK:
        case TSK_RE_OP_CODE:
        case TSK_RE_OP_CODE_BACK:
        case TSK_RE_OP_UNIT_SET:
        case TSK_RE_OP_UNIT_SET_BACK:
        case TSK_RE_OP_CODE_SET:
        case TSK_RE_OP_CODE_SET_BACK:
            if (!NAME(one)(s, code[pc], code[pc + 1], &pos)) goto fail;
            pc += 2;
            continue;
        case TSK_RE_OP_RUN: {
            n = NAME(many)(s, code + pc + RUN_CHARACTER, code[pc + 1], &pos);
            if (n < code[pc + 1]) goto fail;
            before = pos;
            n = code[pc + 2] == n ? 0 : NAME(many)(s, code + pc + RUN_CHARACTER, code[pc + 2] - n, &pos);
            STEPS(n / 8 + 1u);
            if (n) PUSH(RUN, pc, before, pos);
            pc += RUN_WORDS;
            continue;
        }
        case TSK_RE_OP_RUN_ALL:
            n = NAME(many)(s, code + pc + RUN_CHARACTER, code[pc + 2], &pos);
            STEPS(n / 8 + 1u);
            if (n < code[pc + 1]) goto fail;
            pc += RUN_WORDS;
            continue;
        case TSK_RE_OP_RUN_LAZY:
            n = NAME(many)(s, code + pc + RUN_CHARACTER, code[pc + 1], &pos);
            if (n < code[pc + 1]) goto fail;
            STEPS(n / 8 + 1u);
            if (n < code[pc + 2]) PUSH(LAZY_RUN, pc, code[pc + 2] - n, pos);
            pc += RUN_WORDS;
            continue;
        case TSK_RE_OP_SAVE:
            SET_REGISTER(code[pc + 1], pos);
            pc += 2;
            continue;
        case TSK_RE_OP_ZERO:
            SET_REGISTER(code[pc + 1], 0);
            pc += 2;
            continue;
        case TSK_RE_OP_CLEAR:
            for (uint32_t r = code[pc + 1]; r < code[pc + 2]; r++) {
                if (registers[r] != TSK_RE_NONE) SET_REGISTER(r, TSK_RE_NONE);
            }
            pc += 3;
            continue;
        case TSK_RE_OP_LOOP:
        case TSK_RE_OP_LOOP_LAZY:
            n = registers[code[pc + 1]];
            if (n >= code[pc + 3]) {
                pc = code[pc + 4];
                continue;
            }
            if (n >= code[pc + 2]) {
                if (code[pc] == TSK_RE_OP_LOOP_LAZY) {
                    PUSH(LOOP_ROUND, pc, pos, 0);
                    pc = code[pc + 4];
                    continue;
                }
                PUSH(CHOICE, code[pc + 4], pos, 0);
            }
            SET_REGISTER(code[pc + 1], n + 1);
            pc += 5;
            continue;
        case TSK_RE_OP_PROGRESS:
            if (registers[code[pc + 1]] == pos) goto fail;
            pc += 2;
            continue;
        case TSK_RE_OP_PROGRESS_AFTER:
            if (registers[code[pc + 1]] == pos && registers[code[pc + 2]] > code[pc + 3]) goto fail;
            pc += 4;
            continue;
        case TSK_RE_OP_BACKREF:
        case TSK_RE_OP_BACKREF_BACK:
            before = pos;
            if (!NAME(backref)(s, code + pc, &pos)) goto fail;
            STEPS((before > pos ? before - pos : pos - before) / 8 + 1u);
            pc += 3;
            continue;
        case TSK_RE_OP_LOOK:
            PUSH(LOOK, 0, pos, look);
            look = top - 1;
            pc++;
            continue;
        case TSK_RE_OP_LOOK_NOT:
            PUSH(LOOK_NOT, code[pc + 1], pos, look);
            look = top - 1;
            pc += 2;
            continue;
        case TSK_RE_OP_LOOK_END:
            pos = stack[look].a;
            before = stack[look].b;
            STEPS((top - look) / 8 + 1u);
            top = drop_choices(stack, look, top);
            look = before;
            pc++;
            continue;
        case TSK_RE_OP_LOOK_NOT_END:
            STEPS((top - look) / 8 + 1u);
            undo_to(s, look, top);
            top = look;
            look = stack[top].b;
            goto fail;
        case TSK_RE_OP_WORD_EDGE:
        case TSK_RE_OP_NO_WORD_EDGE:
            if (!NAME(holds)(s, code + pc, pos)) goto fail;
            pc += 2;
            continue;
        default: /* the other assertions */
            if (!NAME(holds)(s, code + pc, pos)) goto fail;
            pc++;
            continue;
        }
    fail:
        STEPS(1u);
        for (;;) {
            if (!top) return TSK_RE_NO_MATCH;
            frame f = stack[--top];
            pc = f.head & HEAD_MASK;
            switch ((frame_kind)(f.head >> KIND_SHIFT)) {
            case UNDO: registers[pc] = f.a; continue;
            case CHOICE: pos = f.a; break;
            case RUN:
                pos = NAME(give_back)(s, code[pc + RUN_CHARACTER], f.b);
                if (pos != f.a) stack[top++].b = pos;
                pc += RUN_WORDS;
                break;
            case LAZY_RUN:
                pos = f.b;
                if (!NAME(one)(s, code[pc + RUN_CHARACTER], code[pc + RUN_CHARACTER + 1], &pos)) continue;
                if (f.a > 1) stack[top++] = (frame){f.head, f.a - 1, pos};
                pc += RUN_WORDS;
                break;
            case LOOP_ROUND:
                pos = f.a;
                n = registers[code[pc + 1]] + 1;
                SET_REGISTER(code[pc + 1], n);
                pc += 5;
                break;
            case LOOK: look = f.b; continue;
            case LOOK_NOT:
                pos = f.a;
                look = f.b;
                break;
            }
            break;
        }
    }
}
#undef PUSH
#undef SET_REGISTER

/* The next position from `pos` on where a match may begin; the end of the text plus 1 when there is none. */
static uint32_t NAME(candidate)(const search *s, uint32_t pos) {
    const tsk_re_program *p = s->program;
    const UNIT *text = s->units;
    if (!p->has_first) return pos;
#if !WIDE
    if (p->single_first >= 0) {
        const UNIT *found = pos < s->count ? memchr(text + pos, p->single_first, s->count - pos) : NULL;
        return found ? (uint32_t)(found - text) : s->count + 1;
    }
#endif
    for (; pos < s->count; pos++) {
        uint32_t unit = text[pos];
        if (unit < 256 ? p->first[unit] : p->wide_first) return pos;
    }
    return s->count + 1;
}

/* A program that leads with a run fails at `pos` when the wrong character ends the run, and then everywhere within the
 * run too, which would end at the same place: the end of the run.  Otherwise `pos`. */
static uint32_t NAME(behind_run)(const search *s, uint32_t pos) {
    const tsk_re_program *p = s->program;
    const uint32_t *run = p->code + p->lead, *next = p->code + p->lead_end;
    uint32_t end = pos;
    if (NAME(many)(s, run + RUN_CHARACTER, UINT32_MAX, &end) < run[1]) return end;
    uint32_t behind = end;
    return NAME(one)(s, next[0], next[1], &behind) ? pos : end;
}

static tsk_re_result NAME(search)(search *s, uint32_t start) {
    const tsk_re_program *p = s->program;
    uint32_t pos = start;
#if WIDE
    const UNIT *text = s->units;
#define CUTS_PAIR(at)                                                                                                  \
    (p->unicode && (at) && (at) < s->count && (text[at] & 0xFC00) == 0xDC00 && (text[(at)-1] & 0xFC00) == 0xD800)
    if (CUTS_PAIR(pos)) pos--;
#else
#define CUTS_PAIR(at) false
#endif
    if (p->anchored) return NAME(attempt)(s, pos);
    for (;; pos++) {
        uint32_t from = pos;
        pos = NAME(candidate)(s, pos);
        STEPS((pos - from) / 8);
        if (pos > s->count) return TSK_RE_NO_MATCH;
        if (p->leads && pos < s->count) {
            from = pos;
            pos = NAME(behind_run)(s, pos);
            if (pos > from) {
                STEPS((pos - from) / 8);
                pos--;
                continue;
            }
        }
        if (CUTS_PAIR(pos)) continue;
        tsk_re_result r = NAME(attempt)(s, pos);
        if (r != TSK_RE_NO_MATCH) return r;
    }
#undef CUTS_PAIR
}
#undef STEPS
