/* Functions of a configuration, for all contexts of a program.
 *
 *   text in a scope ──► tsk_outer: a number ──► parsed ──► tsk_ir_func ──► (first call) body, code
 *   name in a function ──► scopes from the inside out ──► tsk_outer: a function, or a value of the tree
 *
 * Code says JS_OUTER number; what a context makes of the number is in realm.c.
 *
 * Invariants
 *  - One text in one scope is one tsk_outer, and one value of the tree is.
 *  - All of it lies in the program's arena and is immutable once it is published under the lock; code is published by
 *    func->code. */
#include "runtime/engine/ahead.h"

#include "ir/script.h"
#include "runtime/builtins/library.h"
#include "runtime/regex/regex.h"

#include <stdio.h>
#include <stdlib.h>

bool tsk_functions_is_text(tsk_value v) {
    return tsk_is_str(v) && tsk_frontend_is_function(tsk_as_slice(v));
}

const char *tsk_functions_check_regex(void *user, tsk_arena *arena, tsk_slice pattern, tsk_slice flags) {
    unsigned bits;
    tsk_re_error error = {0};
    (void)user;
    if (!tsk_re_flags((tsk_re_text){flags.ptr, (uint32_t)flags.len, false}, &bits))
        return "Invalid regular expression flags";
    uint16_t *units = TSK_NEW_ARRAY(arena, uint16_t, pattern.len + 1);
    size_t count = tsk_js_decode_utf8(pattern.ptr, pattern.len, true, units);
    if (tsk_re_compile(arena, arena, (tsk_re_text){units, (uint32_t)count, true}, bits, &error)) return NULL;
    return error.message;
}

/* ---- numbers ---- */

static tsk_outer *add(tusk_program *program, tsk_value v) {
    tsk_functions *f = &program->functions;
    if (f->count == f->cap) {
        uint32_t cap = f->cap ? f->cap * 2 : 16;
        f->at = tsk_arena_grow(&program->arena, f->at, f->cap * sizeof(tsk_outer *), cap * sizeof(tsk_outer *));
        f->cap = cap;
    }
    tsk_outer *outer = TSK_NEW(&program->arena, tsk_outer);
    *outer = (tsk_outer){.value = v, .number = f->count, .name = ""};
    f->at[f->count++] = outer;
    return outer;
}

static void begin(tusk_program *program) {
    tsk_functions *f = &program->functions;
    if (f->module) return;
    f->module = tsk_ir_module_new(&program->arena);
    add(program, TSK_VALUE_UNDEFINED)->name = "context";
}

/* The number of `key`, a new one with `outer` set. */
static uint32_t number_of(tusk_program *program, const char *key, uint32_t len, tsk_value v, tsk_outer **added) {
    tsk_functions *f = &program->functions;
    *added = NULL;
    begin(program);
    const tsk_entry *known = tsk_object_find(&f->known, key, len);
    if (known) return (uint32_t)tsk_as_i32(known->value);
    const char *copy = tsk_arena_strdup(&program->arena, key, len);
    *added = add(program, v);
    tsk_object_set(&program->arena, &f->known, copy, len, tsk_from_i32((int32_t)(*added)->number));
    return (*added)->number;
}

/* The source that a function's text lies in: the document, or, for a text with escapes, one of its own. */
static const tsk_source *source_of(tusk_program *program, tsk_slice *text, const char *name) {
    tsk_sources *sources = &program->graph.sources;
    uint32_t pos = tsk_sources_pos(sources, text->ptr);
    if (pos) return tsk_sources_at(sources, pos);
    text->ptr = tsk_source_copy(&program->arena, text->ptr, text->len);
    return tsk_sources_add(sources, tsk_arena_printf(&program->arena, "<%s>", name), text->ptr, text->len);
}

static void parse(tusk_program *program, tsk_outer *outer, const tsk_function_key *key) {
    const tsk_script_options options = {(uint32_t)program->settings.limits[TUSK_LIMIT_DEPTH], tsk_functions_check_regex,
                                        NULL};
    tsk_slice text = tsk_as_slice(key->text), name = key->name;
    static const char suffix[] = "_fujsen";
    uint32_t n = sizeof suffix - 1;
    if (name.len > n && !memcmp(name.ptr + name.len - n, suffix, n)) name.len -= n;
    name.ptr = outer->name = tsk_arena_strdup(&program->arena, name.ptr, name.len);
    outer->diags = (tsk_diags){.arena = &program->arena, .max = 1};
    const tsk_source *source = source_of(program, &text, outer->name);
    if (source)
        outer->func = tsk_script_function(program->functions.module, source, text, key->home, name, &outer->diags,
                                          &options);
    else
        tsk_diags_add(&outer->diags, TSK_ERROR, TSK_E_SOURCE_TOO_LARGE, (tsk_span){0, 0},
                      "there is no room for the text of `%s`", outer->name);
}

uint32_t tsk_functions_number(tusk_program *program, const tsk_function_key *key) {
    tsk_slice text = tsk_as_slice(key->text);
    char *bytes = tsk_arena_alloc(&program->scratch, sizeof key->home + text.len);
    memcpy(bytes, &key->home, sizeof key->home);
    memcpy(bytes + sizeof key->home, text.ptr, text.len);
    tsk_outer *added;
    uint32_t number = number_of(program, bytes, (uint32_t)sizeof key->home + text.len, key->text, &added);
    if (added) parse(program, added, key);
    return number;
}

bool tsk_functions_was_called(tusk_program *program, tsk_value text, const void *home, tsk_slice name) {
    if (!program->functions.module) return false;
    uint32_t before = program->functions.count;
    uint32_t number = tsk_functions_number(program, &(tsk_function_key){text, home, name});
    const tsk_outer *outer = program->functions.at[number];
    return number < before && outer->func && tsk_bytecode_of(outer->func);
}

static uint32_t number_of_value(tusk_program *program, tsk_value v, tsk_slice name) {
    tsk_outer *added;
    uint32_t number = number_of(program, (const char *)&v, sizeof v, v, &added);
    if (added) added->name = tsk_arena_strdup(&program->arena, name.ptr, name.len);
    return number;
}

tsk_value tsk_functions_value(void *user, tsk_value text, const void *home, tsk_slice name, const char **problem) {
    tusk_program *program = user;
    uint32_t number = tsk_functions_number(program, &(tsk_function_key){text, home, name});
    const tsk_outer *outer = program->functions.at[number];
    if (!outer->func) {
        const tsk_diag *d = outer->diags.first;
        *problem = d ? d->message : "it cannot be read";
        return TSK_VALUE_NULL;
    }
    tsk_cell *cell = tsk_arena_alloc(&program->arena, sizeof *cell + sizeof(tsk_value));
    *cell = (tsk_cell){.kind = TSK_CELL_FUNCTION, .count = 1, .func = outer->func};
    cell->captures[0] = tsk_from_i32((int32_t)outer->number);
    return tsk_from_ptr(TSK_TAG_CELL, cell);
}

/* ---- names in functions ---- */

bool tsk_functions_is_built_in(tsk_slice name) {
    static const tsk_slice others[] = {TSK_SLICE("undefined"), TSK_SLICE("globalThis")};
    for (uint32_t i = 0; i < TSK_COUNT(others); i++)
        if (tsk_slice_eq(name, others[i])) return true;
    for (uint32_t i = 0; i < tsk_js_global_member_count; i++) {
        const char *member = tsk_js_global_members[i].fn.name;
        if (!strncmp(member, name.ptr, name.len) && !member[name.len]) return true;
    }
    return false;
}

bool tsk_functions_visible(void *user, const void *home, const tsk_slice *parts, uint32_t count, uint32_t *number) {
    tusk_program *program = user;
    tsk_value v;
    if (tsk_functions_is_built_in(parts[0])) return false;
    if (tsk_slice_eq(parts[0], TSK_SLICE("context"))) {
        *number = TSK_IR_JS_CONTEXT;
        begin(program);
        return count == 1;
    }
    if (!tsk_frontend_visible(home, parts[0], &v, &home)) return false;
    for (uint32_t i = 1; i < count; i++) {
        if (!tsk_is_object(v)) return false;
        home = tsk_frontend_scope_of(&program->graph, tsk_as_object(v));
        const tsk_entry *e = tsk_frontend_member(tsk_as_object(v), parts[i]);
        if (!e) return false;
        v = e->value;
    }
    tsk_slice name = parts[count - 1];
    *number = tsk_functions_is_text(v) ? tsk_functions_number(program, &(tsk_function_key){v, home, name})
                                       : number_of_value(program, v, name);
    return true;
}

/* ---- from outside of the lock ---- */

typedef struct question {
    const tsk_function_key *key;
    uint32_t number;
    const tsk_outer *outer;
} question;

static void find_locked(tusk_program *program, void *argument) {
    question *q = argument;
    begin(program);
    if (q->key) q->number = tsk_functions_number(program, q->key);
    q->outer = program->functions.at[q->number];
    tsk_arena_reset(&program->scratch);
}

const tsk_outer *tsk_functions_outer(tusk_program *program, uint32_t number) {
    question q = {.number = number};
    return tsk_program_locked(program, find_locked, &q) ? q.outer : NULL;
}

const tsk_outer *tsk_functions_find(tusk_program *program, const tsk_function_key *key) {
    question q = {.key = key};
    return tsk_program_locked(program, find_locked, &q) ? q.outer : NULL;
}

typedef struct library_question {
    const char *text_name, *name;
    uint32_t length;
    tsk_ir_func *func;
} library_question;

static void library_locked(tusk_program *program, void *argument) {
    library_question *q = argument;
    tsk_diags diags = {.arena = &program->arena};
    begin(program);
    q->func = tsk_library_load(program->functions.module, &diags, q->text_name, q->name, q->length);
}

tsk_ir_func *tsk_functions_library(tusk_program *program, const char *text_name, const char *name, uint32_t length) {
    library_question q = {text_name, name, length, NULL};
    return tsk_program_locked(program, library_locked, &q) ? q.func : NULL;
}

typedef struct compilation {
    tsk_ir_func *func;
    tsk_compiled result;
} compilation;

static void compile_locked(tusk_program *program, void *argument) {
    compilation *c = argument;
    tsk_functions *f = &program->functions;
    if (tsk_bytecode_of(c->func)) return;
    c->result = TSK_COMPILED_NO_MEMORY;
    if (f->compiling == c->func) return; /* memory ended in the middle of it */
    f->compiling = c->func;
    tsk_arena_reset(&program->scratch);
    if (c->func->js->ast && !tsk_script_lower(c->func, &program->env, &program->scratch)) {
        c->result = TSK_COMPILED_TOO_DEEP;
        f->compiling = NULL;
        return;
    }
#ifndef NDEBUG
    tsk_diags diags = {.arena = &program->arena};
    if (!tsk_ir_verify(c->func, &program->env, &diags)) {
        fprintf(stderr, "%s\n", diags.first->message);
        abort();
    }
#endif
    tsk_image_adopt(program, tsk_bytecode_generate(&program->arena, &program->scratch, c->func));
    tsk_arena_reset(&program->scratch);
    f->compiling = NULL;
    c->result = TSK_COMPILED_NOW;
}

tsk_compiled tsk_functions_compile(tusk_program *program, tsk_ir_func *func) {
    compilation c = {func, TSK_COMPILED};
    return tsk_program_locked(program, compile_locked, &c) ? c.result : TSK_COMPILED_NO_MEMORY;
}
