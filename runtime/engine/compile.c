/* Thunks to constants or code, on demand, under the program's lock.
 *
 *   parsed ──► tsk_frontend_lower into a workspace ──► constant ──► moved to the program; workspace taken back
 *                    │ asks for other thunks                           ▲
 *                    ▼                                                 │ became constant
 *                 the same, one workspace deeper      code ──► passes ─┴─► code generation ──► outcome published
 *
 * Each depth of nested lowering has an arena of its own, so what one level takes back never lies below what another
 * keeps.  Most thunks fold to a constant, and then their IR costs no memory at all.
 *
 * Invariants
 *  - A thunk's outcome is published once, complete, and never changes.
 *  - A constant that is published refers to the program's arena or to code that stays.
 */
#include "runtime/engine/engine.h"

#include "runtime/value/semantics.h"

/* Functions this small have nothing for the passes that the builder did not see. */
#define SMALL_FUNCTION 4

/* ---- what of a workspace stays ---- */

/* Tells values in the part of the workspace that is about to be taken back. */
typedef struct mover {
    tsk_arena *to;
    const char *from, *end; /* addresses that go */
} mover;

static bool goes(const mover *m, const void *p) {
    return (const char *)p >= m->from && (const char *)p < m->end;
}

static const char *move_text(const mover *m, const char *ptr, uint32_t len) {
    return len && goes(m, ptr) ? tsk_arena_strdup(m->to, ptr, len) : ptr;
}

/* Recursion follows the nesting of the value, which is limited. */
static tsk_value move_value(const mover *m, tsk_value v) {
    if (!tsk_is_pointer(v) || !goes(m, tsk_ptr(v))) return v;
    switch (tsk_tag(v)) {
    case TSK_TAG_STR: {
        const tsk_str *s = tsk_as_str(v);
        return tsk_str_borrow(m->to, move_text(m, s->ptr, s->len), s->len);
    }
    case TSK_TAG_ARRAY: {
        const tsk_array *from = tsk_as_array(v);
        tsk_array *array = tsk_array_new(m->to, from->count);
        for (uint32_t i = 0; i < from->count; i++) array->items[i] = move_value(m, from->items[i]);
        array->count = from->count;
        array->flags = from->flags;
        return tsk_from_array(array);
    }
    case TSK_TAG_OBJECT: {
        const tsk_object *from = tsk_as_object(v);
        tsk_object *object = tsk_object_new(m->to, from->count);
        for (uint32_t i = 0; i < from->count; i++) {
            const tsk_entry *e = &from->entries[i];
            tsk_object_slot(m->to, object, move_text(m, e->key, e->key_len), e->key_len, e->hash, NULL)->value =
                move_value(m, e->value);
        }
        object->flags = from->flags;
        return tsk_from_object(object);
    }
    case TSK_TAG_CELL: {
        const tsk_cell *from = tsk_as_cell(v);
        size_t size = sizeof *from + from->count * sizeof(tsk_value);
        tsk_cell *cell = memcpy(tsk_arena_alloc(m->to, size), from, size);
        for (uint32_t i = 0; i < from->count; i++) cell->captures[i] = move_value(m, from->captures[i]);
        return tsk_from_ptr(TSK_TAG_CELL, cell);
    }
    default: return v;
    }
}

/* Takes back what was allocated since `mark`, after the constant is out of it. */
static tsk_value release(tusk_program *program, tsk_workspace *space, const tsk_arena *mark, tsk_value v) {
    tsk_arena *arena = &space->arena;
    if (arena->reserved == mark->reserved) {
        mover m = {&program->arena, mark->cur, arena->cur};
        v = move_value(&m, v);
        arena->cur = mark->cur;
        return v;
    }
    v = tsk_value_copy(&program->arena, v);
    if (!space->kept) tsk_arena_reset(arena);
    return v;
}

/* ---- functions of a thunk ---- */

static void add_function(tsk_arena *arena, tsk_func_list *list, tsk_ir_func *func) {
    if (func->code || func->js) return; /* of ECMAScript: when it is called */
    for (uint32_t i = 0; i < list->count; i++)
        if (list->at[i] == func) return;
    if (list->count == list->cap) {
        uint32_t cap = list->cap ? list->cap * 2 : 8;
        list->at = tsk_arena_grow(arena, list->at, list->cap * sizeof *list->at, cap * sizeof *list->at);
        list->cap = cap;
    }
    list->at[list->count++] = func;
}

static void add_constant_functions(tsk_arena *arena, tsk_func_list *list, tsk_value v) {
    if (tsk_is_array(v)) {
        const tsk_array *array = tsk_as_array(v);
        for (uint32_t i = 0; i < array->count; i++) add_constant_functions(arena, list, array->items[i]);
    } else if (tsk_is_object(v)) {
        const tsk_object *object = tsk_as_object(v);
        for (uint32_t i = 0; i < object->count; i++) add_constant_functions(arena, list, object->entries[i].value);
    } else if (tsk_is_function(v)) {
        add_function(arena, list, tsk_as_cell(v)->func);
    }
}

/* Adds what the functions close over; then the innermost come first. */
static void complete(tsk_arena *arena, tsk_func_list *list) {
    for (uint32_t i = 0; i < list->count; i++)
        for (tsk_ir_block *block = list->at[i]->entry; block; block = block->next)
            for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) {
                if (inst->op == TSK_IR_CLOSURE)
                    add_function(arena, list, inst->imm.func);
                else if (inst->op == TSK_IR_CONST && tsk_is_function(inst->imm.value))
                    add_function(arena, list, tsk_as_cell(inst->imm.value)->func);
            }
    for (uint32_t i = 0; i < list->count / 2; i++) {
        tsk_ir_func *first = list->at[i];
        list->at[i] = list->at[list->count - 1 - i];
        list->at[list->count - 1 - i] = first;
    }
}

void tsk_program_functions(tsk_arena *arena, tsk_ir_func *func, tsk_func_list *list) {
    *list = (tsk_func_list){0};
    add_function(arena, list, func);
    complete(arena, list);
}

static bool is_small(const tsk_ir_func *func) {
    if (func->entry->next) return false;
    uint32_t count = 0;
    for (const tsk_ir_inst *inst = func->entry->first; inst && count <= SMALL_FUNCTION; inst = inst->next) count++;
    return count <= SMALL_FUNCTION;
}

static void optimize(tusk_program *program, tsk_ir_func *func) {
    if (!is_small(func) && !(program->settings.flags & TUSK_FLAG_NO_FOLD)) {
        tsk_ir_pipeline pipeline;
        tsk_ir_pipeline_default(&pipeline);
        tsk_ir_pipeline_run(&pipeline, func, &program->env, &program->graph.diags);
    }
    tsk_ir_summarize(func, &program->env);
}

/* ---- outcomes ---- */

static void publish(tusk_program *program, uint32_t thunk, uint64_t word) {
    atomic_store_explicit(tsk_memo_make(&program->outcomes, &program->arena, thunk), word, memory_order_release);
}

/* Inner functions first, so that the effects of those that call them are known. */
static void generate(tusk_program *program, tsk_func_list *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        optimize(program, list->at[i]);
        tsk_bytecode_generate(&program->arena, &program->scratch, list->at[i]);
    }
}

static void publish_constant(tusk_program *program, uint32_t number, tsk_value v) {
    tsk_thunk *thunk = tsk_graph_thunk(&program->graph, number);
    thunk->constant = v;
    atomic_store_explicit(&thunk->state, TSK_THUNK_CONSTANT, memory_order_release);
    publish(program, number, tsk_memo_word(v));
}

tsk_lowering *tsk_program_begin_lowering(tusk_program *program, uint32_t thunk) {
    if (!program->lowering)
        program->lowering = tsk_arena_zalloc(&program->arena, TSK_LOWER_DEPTH * sizeof *program->lowering);
    tsk_lowering *level = &program->lowering[program->depth++];
    level->thunk = thunk;
    return level;
}

static tsk_workspace *workspace(tusk_program *program, tsk_lowering *level) {
    if (!level->space) {
        tsk_workspace *space = TSK_NEW(&program->arena, tsk_workspace);
        tsk_arena_init(&space->arena, &program->allocator, (size_t)program->settings.limits[TUSK_LIMIT_MEMORY]);
        level->space = space;
    }
    level->space->arena.trap = program->arena.trap;
    return level->space;
}

/* The module has functions beside the thunk's own. */
static bool made_lambdas(const tsk_ir_module *module) {
    return module->first && module->first->next;
}

/* A constant: its lambdas get code, everything else of the workspace goes. */
static void settle_constant(tusk_program *program, uint32_t number, tsk_workspace *space, const tsk_arena *mark,
                            const tsk_ir_module *module) {
    tsk_value v = tsk_graph_thunk(&program->graph, number)->constant;
    tsk_func_list list = {0};
    if (made_lambdas(module)) {
        add_constant_functions(&program->scratch, &list, v);
        complete(&program->scratch, &list);
    }
    if (list.count) {
        generate(program, &list);
        space->kept = true;
    } else if (module->first) { /* without a function it is a text of the source and stands where it stays */
        v = release(program, space, mark, v);
    }
    publish_constant(program, number, v);
}

static void settle_code(tusk_program *program, uint32_t number, tsk_workspace *space, const tsk_arena *mark) {
    tsk_ir_func *func = tsk_graph_thunk(&program->graph, number)->func;
    tsk_func_list list;
    tsk_program_functions(&program->scratch, func, &list);
    bool alone = list.count == 1;
    if (alone) {
        optimize(program, func);
        tsk_value v;
        bool fold = !(program->settings.flags & TUSK_FLAG_NO_FOLD);
        if (fold && space && tsk_ir_is_constant(func, &v)) {
            publish_constant(program, number, release(program, space, mark, v));
            return;
        }
        tsk_bytecode_generate(&program->arena, &program->scratch, func);
    } else {
        generate(program, &list);
    }
    if (space) space->kept = true;
    publish(program, number, (uintptr_t)tsk_bytecode_of(func));
}

static void lower(tusk_program *program, uint32_t number) {
    tsk_workspace *space = workspace(program, tsk_program_begin_lowering(program, number));
    tsk_arena mark = space->arena;
    tsk_ir_module *outer = program->graph.module;
    tsk_ir_module *module = tsk_ir_module_new(&space->arena);
    program->graph.module = module;
    program->env.thunk_count = program->graph.thunk_count;
    tsk_frontend_lower(&program->graph, number, &program->env, !(program->settings.flags & TUSK_FLAG_NO_FOLD));
    program->graph.module = outer;
    uint32_t state = atomic_load_explicit(&tsk_graph_thunk(&program->graph, number)->state, memory_order_relaxed);
    if (state == TSK_THUNK_CONSTANT)
        settle_constant(program, number, space, &mark, module);
    else
        settle_code(program, number, space, &mark);
    program->depth--;
}

void tsk_program_compile(tusk_program *program, uint32_t number) {
    if (tsk_memo_load(&program->outcomes, number)) return;
    tsk_thunk *thunk = tsk_graph_thunk(&program->graph, number);
    switch (atomic_load_explicit(&thunk->state, memory_order_relaxed)) {
    case TSK_THUNK_PARSED: lower(program, number); break;
    case TSK_THUNK_CONSTANT: { /* made by the checks or from outside: it stays where it is */
        tsk_func_list list = {0};
        add_constant_functions(&program->scratch, &list, thunk->constant);
        complete(&program->scratch, &list);
        generate(program, &list);
        publish(program, number, tsk_memo_word(thunk->constant));
        break;
    }
    case TSK_THUNK_CODE: settle_code(program, number, NULL, NULL); break;
    default: break; /* being lowered further out */
    }
    if (!program->depth) tsk_arena_reset(&program->scratch);
}
