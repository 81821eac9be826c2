/* Setting and removing values in sources.
 *
 *   path, value ──► steps, spellings ──► frontend: one piece of text for another ──► the new text is read twice:
 *       by itself: whatever stood before and behind the piece is still the same
 *       with what it includes: the value is there, and it is the one that was asked for */
#include "runtime/engine/source.h"

#include "runtime/base/number.h"
#include "runtime/value/semantics.h"
#include "runtime/value/write.h"

#define MOST_STEPS 256

typedef struct change {
    const char *path, *value;
    size_t value_len;
    tusk_spelling spelling;
    bool quoted; /* the word by itself means something else here */
    tsk_step steps[MOST_STEPS];
    tsk_edit edit;
    tsk_value expected; /* of a literal */
    uint32_t items;     /* of the list that loses one; 0: not known */
    const char *problem;
    tsk_slice text; /* the new one */
} change;

/* ---- path and value ---- */

static bool read_index(const char **p, tsk_step *step) {
    uint64_t n = 0;
    const char *digits = *p;
    for (; **p >= '0' && **p <= '9' && n < UINT32_MAX; ++*p) n = n * 10 + (uint64_t)(**p - '0');
    *step = (tsk_step){.index = (uint32_t)n, .is_index = true};
    return *p > digits && n < UINT32_MAX;
}

static bool read_quoted(const char **p, tsk_step *step) {
    const char *close = strchr(*p + 1, **p);
    if (!close) return false;
    *step = (tsk_step){.name = {*p + 1, (uint32_t)(close - *p - 1)}};
    *p = close + 1;
    return true;
}

/* a.b, list[0].name, a."x.y": the paths of tusk_get without negative indexes. */
static bool split(change *c) {
    const char *p = c->path;
    while (*p) {
        tsk_step *step = &c->steps[c->edit.count];
        if (c->edit.count == MOST_STEPS) return false;
        if (*p == '[') {
            p++;
            if (!(*p == '"' || *p == '\'' ? read_quoted(&p, step) : read_index(&p, step)) || *p++ != ']') return false;
        } else {
            if (c->edit.count && *p++ != '.') return false;
            if (*p == '"' || *p == '\'') {
                if (!read_quoted(&p, step)) return false;
            } else {
                size_t n = strcspn(p, ".[");
                *step = (tsk_step){.name = {p, (uint32_t)n}};
                p += n;
                if (!n) return false;
            }
        }
        c->edit.count++;
    }
    c->edit.steps = c->steps;
    return c->edit.count > 0;
}

/* The word is a value that is written as it stands. */
static bool is_literal(tsk_arena *arena, tsk_slice text, tsk_value *out) {
    if (!text.len) return false;
    if (tsk_slice_eq(text, TSK_SLICE("true")) || tsk_slice_eq(text, TSK_SLICE("false")) ||
        tsk_slice_eq(text, TSK_SLICE("null"))) {
        *out = tsk_frontend_literal(arena, text.ptr, text.len);
        return true;
    }
    if (tsk_number_parse(arena, text.ptr, text.len, out)) return true;
    if (!strchr("\"'[{", *text.ptr)) return false;
    *out = tsk_frontend_literal(arena, text.ptr, text.len);
    if (tsk_is_str(*out)) return !tsk_slice_eq(tsk_as_slice(*out), text);
    return (*text.ptr == '[' && tsk_is_array(*out)) || (*text.ptr == '{' && tsk_is_object(*out));
}

static tsk_slice in_double_quotes(tsk_arena *arena, tsk_value string) {
    tsk_buf buf;
    tsk_buf_init(&buf, arena);
    tsk_writer writer = {.out = &buf};
    tsk_write(&writer, TSK_FORMAT_TSK, string);
    return (tsk_slice){buf.ptr, (uint32_t)buf.len - 1}; /* without the line end */
}

static tsk_slice in_single_quotes(tsk_arena *arena, tsk_slice text) {
    tsk_buf buf;
    tsk_buf_init(&buf, arena);
    tsk_buf_char(&buf, '\'');
    for (uint32_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if ((uint8_t)c < ' ') return (tsk_slice){0};
        if (c == '\'' || c == '\\') tsk_buf_char(&buf, '\\');
        tsk_buf_char(&buf, c);
    }
    tsk_buf_char(&buf, '\'');
    return (tsk_slice){buf.ptr, (uint32_t)buf.len};
}

static bool is_word(tsk_slice text) {
    for (uint32_t i = 0; i < text.len; i++) {
        char c = text.ptr[i], letter = (char)(c | 0x20);
        if (!((letter >= 'a' && letter <= 'z') || c == '_' || (i && ((c >= '0' && c <= '9') || c == '-'))))
            return false;
    }
    return text.len && text.ptr[text.len - 1] != '-';
}

static void spell(change *c, tsk_arena *arena) {
    tsk_slice text = {tsk_source_copy(arena, c->value, c->value_len), (uint32_t)c->value_len};
    tsk_edit *e = &c->edit;
    if (c->spelling == TUSK_SPELLING_EXPRESSION) {
        while (text.len && strchr(" \t\r\n", *text.ptr)) text.ptr++, text.len--;
        while (text.len && strchr(" \t\r\n", text.ptr[text.len - 1])) text.len--;
        e->value = text;
    } else if (c->spelling == TUSK_SPELLING_WORD && is_literal(arena, text, &c->expected)) {
        e->value = text;
        if (!tsk_is_str(c->expected)) return;
        e->single = in_single_quotes(arena, tsk_as_slice(c->expected));
    } else {
        c->expected = tsk_str_borrow(arena, text.ptr, text.len);
        e->value = in_double_quotes(arena, c->expected);
        e->single = in_single_quotes(arena, text);
        e->bare = is_word(text) && !c->quoted ? text : (tsk_slice){0};
    }
}

/* ---- the new text ---- */

static void make(tusk_source *source, void *argument) {
    change *c = argument;
    tsk_edit *e = &c->edit;
    e->text = source->text;
    e->marks = &source->read.marks;
    if (!e->remove) spell(c, &source->result);
    c->problem = tsk_frontend_edit(e, &source->result);
    if (c->problem) return;
    tsk_buf *out = &source->out;
    tsk_buf_reserve(out, source->text.len + e->out.len + TSK_SOURCE_PADDING);
    tsk_buf_add(out, source->text.ptr, e->from);
    tsk_buf_add(out, e->out.ptr, e->out.len);
    tsk_buf_add(out, source->text.ptr + e->to, source->text.len - e->to);
    c->text = tsk_source_new_text(source);
}

/* ---- checking it ---- */

/* What the first `steps` of the path lead to, as far as it is known without computing anything. */
static tsk_value find_value(tusk_program *program, const change *c, uint32_t steps, bool *there) {
    tsk_value v = tsk_from_object(program->graph.root);
    *there = true;
    for (uint32_t i = 0; i < steps && *there && !tsk_is_thunk(v); i++) {
        const tsk_step *step = &c->steps[i];
        const tsk_entry *e = NULL;
        if (step->is_index) {
            *there = tsk_is_array(v) && step->index < tsk_as_array(v)->count;
            if (*there) v = tsk_as_array(v)->items[step->index];
            continue;
        }
        if (tsk_is_object(v)) {
            e = tsk_object_find(tsk_as_object(v), step->name.ptr, step->name.len);
            const char *global = e ? NULL
                                   : tsk_arena_printf(&program->arena, "$%.*s", (int)step->name.len, step->name.ptr);
            if (!e) e = tsk_object_find(tsk_as_object(v), global, step->name.len + 1);
        }
        *there = e != NULL;
        if (e) v = e->value;
    }
    return v;
}

typedef struct checking {
    const change *change;
    bool good;
} checking;

/* Items of the list whose item the path names; 0: it names none, or nobody knows. */
static uint32_t count_items(tusk_program *program, const change *c) {
    bool there;
    if (!c->steps[c->edit.count - 1].is_index) return 0;
    tsk_value list = find_value(program, c, c->edit.count - 1, &there);
    return there && tsk_is_array(list) ? tsk_as_array(list)->count : 0;
}

static void note_items(tusk_program *program, void *argument) {
    change *c = argument;
    c->items = count_items(program, c);
}

/* The value is the one that was asked for. */
static void check_value(tusk_program *program, void *argument) {
    checking *k = argument;
    const change *c = k->change;
    bool there;
    tsk_value v = find_value(program, c, c->edit.count, &there);
    if (c->edit.remove) {
        bool item = c->steps[c->edit.count - 1].is_index;
        k->good = item ? !c->items || count_items(program, c) == c->items - 1 : !there;
        return;
    }
    k->good = there;
    if (!there || c->spelling == TUSK_SPELLING_EXPRESSION) return;
    if (tsk_is_thunk(v)) { /* a word without quotes; or a part of what can only be computed, where the text must do */
        const tsk_thunk *thunk = tsk_graph_thunk(&program->graph, tsk_as_thunk(v));
        if (thunk->span.len > c->edit.value.len + c->edit.single.len) return;
        tsk_program_compile(program, tsk_as_thunk(v));
        k->good = atomic_load(&thunk->state) == TSK_THUNK_CONSTANT && tsk_value_same(thunk->constant, c->expected);
        return;
    }
    k->good = tsk_kind_of(v) == tsk_kind_of(c->expected) && tsk_value_same(v, c->expected);
}

/* Marks in front of the piece and behind it are the old ones; those without text may move with their neighbours. */
static bool same_around(const tsk_edit *e, const tsk_marks *now) {
    const tsk_marks *old = e->marks;
    uint32_t k = 0, n = now->count, delta = (uint32_t)e->out.len - (e->to - e->from);
    for (uint32_t i = 0; i < old->count; i++) {
        tsk_mark m = *tsk_marks_at(old, i);
        if (!m.len) continue;
        if (m.pos + m.len > e->from) break;
        while (k < n && !tsk_marks_at(now, k)->len) k++;
        tsk_mark other = k < n ? *tsk_marks_at(now, k++) : (tsk_mark){0};
        if (other.pos != m.pos || other.len != m.len || other.kind != m.kind) return false;
    }
    for (uint32_t i = old->count; i--;) {
        tsk_mark m = *tsk_marks_at(old, i);
        if (!m.len) continue;
        if (m.pos < e->to) break;
        while (n && !tsk_marks_at(now, n - 1)->len) n--;
        tsk_mark other = n ? *tsk_marks_at(now, --n) : (tsk_mark){0};
        if (other.pos != m.pos + delta || other.len != m.len || other.kind != m.kind) return false;
    }
    return true;
}

typedef struct refusal {
    const char *path, *message, *hint;
} refusal;

static void refuse(tusk_program *program, void *argument) {
    const refusal *r = argument;
    tsk_diag *d = tsk_diags_add(&program->graph.diags, TSK_ERROR, TSK_E_CHANGE_REFUSED, (tsk_span){0, 0},
                                "`%s` cannot be changed: %s", r->path, r->message);
    d->hint = r->hint;
}

static tusk_status refused(tusk_source *source, const change *c, const char *message, const char *hint) {
    refusal r = {c->path, message, hint};
    return tsk_program_locked(source->read.program, refuse, &r) ? TUSK_INVALID : TUSK_NO_MEMORY;
}

/* The whole configuration, includes and all; its report becomes the source's when it is not valid. */
static tusk_status read_whole(tusk_source *source, tsk_slice text, tusk_program **program) {
    tusk_status status = tusk_program_parse(&source->options, source->name, text.ptr, text.len, program);
    if (status && *program) {
        tusk_program_release(source->read.program);
        source->read.program = *program;
        *program = NULL;
    }
    return status;
}

static tusk_status verify(tusk_source *source, const change *c, bool *good) {
    tsk_reading again = {0};
    tusk_program *whole = NULL;
    checking k = {.change = c};
    tusk_status status = tsk_source_read(source, &again, c->text);
    *good = !status && same_around(&c->edit, &again.marks);
    tsk_source_forget(&again);
    if (status == TUSK_NO_MEMORY || !*good) return status == TUSK_NO_MEMORY ? status : TUSK_OK;
    status = read_whole(source, c->text, &whole);
    if (!status && !tsk_program_locked(whole, check_value, &k)) status = TUSK_NO_MEMORY;
    *good = k.good;
    tusk_program_release(whole);
    return status;
}

/* ---- the public functions ---- */

static void look_for_value(tusk_program *program, void *argument) {
    checking *k = argument;
    find_value(program, k->change, k->change->edit.count, &k->good);
}

/* A key that does not stand in this text may come from another. */
static tusk_status check_included(tusk_source *source, const change *c) {
    tusk_program *whole = NULL;
    checking k = {.change = c};
    tusk_status status = read_whole(source, source->text, &whole);
    if (!status && !tsk_program_locked(whole, look_for_value, &k)) status = TUSK_NO_MEMORY;
    tusk_program_release(whole);
    return status || !k.good ? status : refused(source, c, "it comes from a file that is included", "change it there");
}

static void report_missing(tusk_program *program, void *argument) {
    tsk_diags_add(&program->graph.diags, TSK_ERROR, TSK_E_KEY_NOT_FOUND, (tsk_span){0, 0}, "there is no key `%s`",
                  (const char *)argument);
}

static tusk_status begin(tusk_source *source, change *c) {
    tusk_status status = tsk_source_again(source);
    if (status) return status;
    if (!split(c)) return refused(source, c, "this is no path", "a path is a dotted name: server.port, users[0].name");
    return TUSK_OK;
}

static void parse_expression(tusk_program *program, void *argument) {
    checking *k = argument;
    const tsk_expression *e = tsk_program_expression(program, k->change->value, k->change->value_len);
    k->good = e->thunk != TSK_NO_THUNK;
    if (!k->good) program->graph.diags = e->diags;
}

/* It must be one by itself, or it could take the next lines for its own. */
static tusk_status check_expression(tusk_source *source, const change *c) {
    tusk_program *program = NULL;
    checking k = {.change = c};
    tusk_status status = tusk_program_parse(NULL, "<value>", "", 0, &program);
    if (!status && !tsk_program_locked(program, parse_expression, &k)) status = TUSK_NO_MEMORY;
    if (!status && !k.good) {
        status = TUSK_INVALID;
        tusk_program_release(source->read.program);
        source->read.program = program;
        program = NULL;
    }
    tusk_program_release(program);
    return status;
}

tusk_status tusk_source_set(tusk_source *source, const char *path, const char *value, size_t value_len,
                            tusk_spelling spelling, const char **text, size_t *len) {
    if (!source || !path || (!value && value_len) || !text || !len || value_len > TSK_MARK_MAX_TEXT) return TUSK_USAGE;
    change c = {.path = path, .value = value ? value : "", .value_len = value_len, .spelling = spelling};
    tusk_status status = begin(source, &c);
    if (!status && spelling == TUSK_SPELLING_EXPRESSION) status = check_expression(source, &c);
    while (!status) {
        bool good = false;
        if (!tsk_source_answer(source, make, &c)) return TUSK_NO_MEMORY;
        if (!c.edit.found && source->read.marks.includes && (status = check_included(source, &c))) break;
        if (c.problem) return refused(source, &c, c.problem, NULL);
        if ((status = verify(source, &c, &good))) break;
        if (good) {
            *text = c.text.ptr;
            *len = c.text.len;
            return TUSK_OK;
        }
        if (c.quoted || !c.edit.bare.len) return refused(source, &c, "it would not have this value afterwards", NULL);
        c.quoted = true;
    }
    return status;
}

tusk_status tusk_source_remove(tusk_source *source, const char *path, const char **text, size_t *len) {
    if (!source || !path || !text || !len) return TUSK_USAGE;
    change c = {.path = path, .edit.remove = true};
    tusk_status status = begin(source, &c);
    bool good = false;
    if (status) return status;
    if (!tsk_program_locked(source->read.program, note_items, &c)) return TUSK_NO_MEMORY;
    if (!tsk_source_answer(source, make, &c)) return TUSK_NO_MEMORY;
    if (c.problem) return refused(source, &c, c.problem, NULL);
    if (!c.edit.found) {
        if (source->read.marks.includes && (status = check_included(source, &c))) return status;
        return tsk_program_locked(source->read.program, report_missing, (void *)(uintptr_t)path) ? TUSK_ERROR
                                                                                                 : TUSK_NO_MEMORY;
    }
    if ((status = verify(source, &c, &good))) return status;
    if (!good)
        return refused(source, &c, "it would still be there: it is assigned more than once, or by another file", NULL);
    *text = c.text.ptr;
    *len = c.text.len;
    return TUSK_OK;
}
