/* Searching: a backtracking machine with a stack of its own.
 *
 * A frame is a choice that is still open, or the former value of a register that was overwritten since.  Going back pops
 * frames: registers get their values back on the way to the youngest choice.  When an assertion holds, the choices
 * inside it are dropped and the undoing stays.  exec_loop.h is the machine, once for each kind of text. */
#include "runtime/regex/program.h"
#include "runtime/regex/tree.h"

typedef struct tsk_re_frame {
    uint32_t head; /* frame_kind << 28 | index into the code, or register */
    uint32_t a, b;
} frame;

typedef enum frame_kind {
    CHOICE,     /* code; a: position */
    UNDO,       /* register; a: its value */
    RUN,        /* code of a RUN; a: the position it may not give back, b: position */
    LAZY_RUN,   /* code of a RUN_LAZY; a: how often it may still match, b: position */
    LOOP_ROUND, /* code of a LOOP_LAZY; a: position: one round more */
    LOOK,       /* a: position, b: the LOOK around */
    LOOK_NOT    /* code where it goes on; a and b the same */
} frame_kind;

#define KIND_SHIFT 28
#define HEAD_MASK ((1u << KIND_SHIFT) - 1)
#define NO_LOOK UINT32_MAX

/* The words of "op min max" before the character of a RUN, and of the whole. */
enum { RUN_CHARACTER = 3, RUN_WORDS = 5 };

typedef struct search {
    const tsk_re_program *program;
    tsk_re_machine *machine;
    uint32_t *registers;
    const void *units;
    uint32_t count;
    uint64_t budget, behind; /* steps left of this portion, and behind it */
} search;

/* For `n` steps when the portion has not so many left.  False: the search ends. */
static TSK_NOINLINE bool next_portion(search *s, uint64_t n) {
    bool enough = s->budget > n || s->behind > n - s->budget;
    if (!enough || (s->machine->poll && !s->machine->poll(s->machine->user))) {
        s->budget = s->behind = 0;
        return false;
    }
    uint64_t more = n + TSK_RE_PORTION < s->behind ? n + TSK_RE_PORTION : s->behind;
    s->behind -= more;
    s->budget += more;
    return true;
}

static bool grow(search *s, uint32_t top) {
    tsk_re_machine *m = s->machine;
    if (top < m->cap) return true;
    size_t old = sizeof(frame) * (size_t)m->cap, size = m->cap ? 2 * old : 256 * sizeof(frame);
    if (m->cap >= 1u << 30 || (m->memory_limit && size > m->memory_limit)) return false;
    frame *stack = tsk_mem_resize(m->allocator, m->stack, old, size);
    if (!stack) return false;
    m->stack = stack;
    m->cap = (uint32_t)(size / sizeof(frame));
    return true;
}

static bool is_line_end(uint32_t unit) {
    return unit == '\n' || unit == '\r' || unit == 0x2028 || unit == 0x2029;
}

/* The assertion that began at frame `look` holds: drops its choices and itself, keeps what was undone.  The new top. */
static uint32_t drop_choices(frame *stack, uint32_t look, uint32_t top) {
    uint32_t kept = look;
    for (uint32_t i = look + 1; i < top; i++) {
        if (stack[i].head >> KIND_SHIFT == UNDO) stack[kept++] = stack[i];
    }
    return kept;
}

/* Pops everything above frame `look`. */
static void undo_to(search *s, uint32_t look, uint32_t top) {
    const frame *stack = s->machine->stack;
    while (top-- > look + 1) {
        if (stack[top].head >> KIND_SHIFT == UNDO) s->registers[stack[top].head & HEAD_MASK] = stack[top].a;
    }
}

#define UNIT uint8_t
#define WIDE 0
#define NAME(name) name##_narrow
#include "runtime/regex/exec_loop.h"
#undef UNIT
#undef WIDE
#undef NAME
#define UNIT uint16_t
#define WIDE 1
#define NAME(name) name##_wide
#include "runtime/regex/exec_loop.h"

/* ---- interface ------------------------------------------------------------------------------------- */

#define DEFAULT_MEMORY ((size_t)64 << 20)

void tsk_re_machine_init(tsk_re_machine *machine, const tsk_allocator *allocator) {
    *machine = (tsk_re_machine){.allocator = allocator, .memory_limit = DEFAULT_MEMORY};
}

void tsk_re_machine_free(tsk_re_machine *machine) {
    if (machine->stack) tsk_mem_free(machine->allocator, machine->stack, sizeof(frame) * (size_t)machine->cap);
    if (machine->registers) tsk_mem_free(machine->allocator, machine->registers, 4 * (size_t)machine->register_cap);
    machine->stack = NULL;
    machine->registers = NULL;
    machine->cap = machine->register_cap = 0;
}

static bool make_registers(tsk_re_machine *m, uint32_t count) {
    if (count <= m->register_cap) return true;
    uint32_t *registers = tsk_mem_resize(m->allocator, m->registers, 4 * (size_t)m->register_cap, 4 * (size_t)count);
    if (!registers) return false;
    m->registers = registers;
    m->register_cap = count;
    return true;
}

tsk_re_result tsk_re_exec(const tsk_re_program *program, tsk_re_machine *machine, tsk_re_text text, uint32_t start,
                          uint32_t *captures) {
    machine->steps = 0;
    if (start > text.count) return TSK_RE_NO_MATCH;
    if (!make_registers(machine, program->registers)) return TSK_RE_MEMORY_LIMIT;
    uint64_t all = machine->step_limit ? machine->step_limit : UINT64_MAX;
    search s = {program, machine, machine->registers, text.units, text.count, TSK_RE_PORTION, 0};
    if (s.budget > all) s.budget = all;
    s.behind = all - s.budget;
    for (uint32_t i = 0; i < program->registers; i++) s.registers[i] = TSK_RE_NONE;
    tsk_re_result r = text.wide ? search_wide(&s, start) : search_narrow(&s, start);
    machine->steps = all - s.budget - s.behind;
    if (r == TSK_RE_MATCH) memcpy(captures, s.registers, 2 * sizeof *captures * program->groups);
    return r;
}
