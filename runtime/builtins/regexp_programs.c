/* Compiled regular expressions of a realm.
 *
 *   source, flags ─hash─► place of the table ─► program, in an arena of its own
 *
 * A place holds one program; another expression that hashes to it takes it over, and the serial number tells objects
 * that theirs has gone.  So a program that makes expressions without end needs no more memory. */
#include "runtime/builtins/regexp.h"

/* Steps of one search: a second or two, and more for a long text. */
enum {
    PLACES = 256,
    LONGEST_PATTERN = 1 << 22,
    STEPS = 50 * 1000 * 1000,
    STEPS_A_UNIT = 100,
    STEPS_A_WORK = 4,
    STACK_LIMIT = 256 << 20
};

typedef struct place {
    tsk_arena arena;
    const tsk_re_program *program;
    uint64_t serial; /* 0: never used */
    uint32_t hash, bits, length;
    uint16_t *units; /* of the source */
} place;

struct tsk_js_library {
    tsk_re_machine machine;
    uint64_t serial;
    place places[PLACES];
};

/* Limits of the evaluation count what searches do.  False: thrown. */
static bool searched(void *user) {
    return tsk_js_worked(user, TSK_RE_PORTION / STEPS_A_WORK);
}

static struct tsk_js_library *library_of(tsk_js *js) {
    if (js->library) return js->library;
    struct tsk_js_library *l = tsk_mem_alloc(&tsk_allocator_default, sizeof *l);
    if (!l) {
        tsk_js_throw_range(js, "Out of memory");
        return NULL;
    }
    memset(l, 0, sizeof *l);
    tsk_re_machine_init(&l->machine, &tsk_allocator_default);
    l->machine.poll = searched;
    l->machine.user = js;
    l->machine.memory_limit = STACK_LIMIT;
    return js->library = l;
}

void tsk_js_regexp_forget(tsk_js *js) {
    struct tsk_js_library *l = js->library;
    if (!l) return;
    for (int i = 0; i < PLACES; i++)
        if (l->places[i].serial) tsk_arena_free(&l->places[i].arena);
    tsk_re_machine_free(&l->machine);
    tsk_mem_free(&tsk_allocator_default, l, sizeof *l);
    js->library = NULL;
}

static bool holds(const place *p, const tsk_js_string *s, uint32_t hash, uint32_t bits) {
    if (!p->program || p->hash != hash || p->bits != bits || p->length != s->length) return false;
    for (uint32_t i = 0; i < s->length; i++)
        if (p->units[i] != tsk_js_unit(s, i)) return false;
    return true;
}

static void syntax_error(tsk_js *js, const tsk_js_regexp *re, const char *message) {
    tsk_js_throw_error(js, TSK_JS_SYNTAX_ERROR, "Invalid regular expression: /%s/%s: %s",
                       tsk_js_describe(js, re->source), tsk_js_describe(js, re->flags), message);
}

/* Fills the place; false: thrown. */
static bool compile(tsk_js *js, place *p, const tsk_js_regexp *re, const tsk_js_string *s, uint32_t hash) {
    struct tsk_js_library *l = js->library;
    if (s->length > LONGEST_PATTERN) {
        syntax_error(js, re, "Regular expression too large");
        return false;
    }
    if (p->serial)
        tsk_arena_reset(&p->arena);
    else
        tsk_arena_init(&p->arena, &tsk_allocator_default, 0);
    p->arena.trap = js->scratch->trap;
    p->serial = ++l->serial;
    p->program = NULL;
    p->hash = hash;
    p->bits = re->bits;
    p->length = s->length;
    p->units = TSK_NEW_ARRAY(&p->arena, uint16_t, s->length + 1);
    for (uint32_t i = 0; i < s->length; i++) p->units[i] = (uint16_t)tsk_js_unit(s, i);
    tsk_re_error error = {0};
    tsk_re_text text = {p->units, s->length, true};
    p->program = tsk_re_compile(&p->arena, &p->arena, text, re->bits, &error);
    if (!p->program) syntax_error(js, re, error.message);
    return p->program != NULL;
}

const tsk_re_program *tsk_js_regexp_program(tsk_js *js, tsk_js_regexp *re) {
    struct tsk_js_library *l = library_of(js);
    if (!l) return NULL;
    if (TSK_LIKELY(re->serial && l->places[re->place].serial == re->serial)) return l->places[re->place].program;
    tsk_js_string *s = tsk_js_flat(js, tsk_js_as_string(re->source));
    uint32_t hash = tsk_js_string_hash(js, s) ^ re->bits * 0x9E3779B9u;
    place *p = &l->places[hash % PLACES];
    if (!holds(p, s, hash, re->bits) && !compile(js, p, re, s, hash)) return NULL;
    re->place = hash % PLACES;
    re->serial = p->serial;
    return p->program;
}

int tsk_js_regexp_run(tsk_js *js, const tsk_re_program *program, tsk_js_string *s, uint32_t start, uint32_t *captures) {
    s = tsk_js_flat(js, s);
    tsk_re_text text = {s->chars, s->length, tsk_js_is_wide(s)};
    js->library->machine.step_limit = STEPS + (uint64_t)STEPS_A_UNIT * s->length;
    tsk_re_result result = tsk_re_exec(program, &js->library->machine, text, start, captures);
    uint32_t rest = (uint32_t)(js->library->machine.steps % TSK_RE_PORTION);
    if (tsk_js_has_exception(js) || !tsk_js_worked(js, rest / STEPS_A_WORK)) return -1;
    switch (result) {
    case TSK_RE_MATCH: return 1;
    case TSK_RE_NO_MATCH: return 0;
    case TSK_RE_STEP_LIMIT: tsk_js_throw_range(js, "The regular expression takes too many steps"); return -1;
    case TSK_RE_MEMORY_LIMIT: break;
    }
    tsk_js_throw_range(js, "The regular expression takes too much memory");
    return -1;
}
