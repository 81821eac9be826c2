/* A configuration compiled ahead of time: all its functions and data in one module.
 *
 *   functions ─► one after the other into the module ─┐
 *   files, identities, texts of shapes ───────────────┼─► NAME_config: a tsk_native_image ─► object, assembly, LLVM IR
 *   constants ────────────────────────────────────────┘   NAME_constants: structs for C
 *
 * Everything but the tables of shapes and what says that they are filled is read-only. */
#include "backend/unit.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct image {
    tsk_jit_unit *u; /* of the module */
    const tsk_native_ahead *what;
    LLVMTypeRef file_type, function_type, image_type;
} image;

static LLVMValueRef word(const image *m, uint64_t n) {
    return LLVMConstInt(m->u->i32, n, false);
}

static LLVMValueRef add_data(const image *m, LLVMValueRef value, const char *name, LLVMLinkage linkage) {
    LLVMValueRef global = LLVMAddGlobal(m->u->module, LLVMTypeOf(value), name);
    LLVMSetInitializer(global, value);
    LLVMSetGlobalConstant(global, true);
    LLVMSetLinkage(global, linkage);
    return global;
}

/* Bytes and then `padding` zeros. */
static LLVMValueRef add_bytes(const image *m, const char *ptr, size_t len, size_t padding) {
    char *copy = tsk_arena_alloc(m->u->arena, len + padding);
    if (len) memcpy(copy, ptr, len);
    memset(copy + len, 0, padding);
    LLVMValueRef bytes = LLVMConstStringInContext2(m->u->context, copy, len + padding, true);
    LLVMValueRef global = add_data(m, bytes, "", LLVMPrivateLinkage);
    LLVMSetUnnamedAddress(global, LLVMGlobalUnnamedAddr);
    return global;
}

static LLVMValueRef add_text(const image *m, const char *text) {
    return add_bytes(m, text, strlen(text), 1);
}

/* ---- functions ---- */

static bool emit_function(const image *m, const tsk_native_job *job, tsk_jit_unit *u) {
    const tsk_jit_unit *module = m->u;
    *u = *module;
    u->job = job;
    u->code = job->code;
    u->map = job->map;
    tsk_jit_add_function(u, job->code->name);
    LLVMSetLinkage(u->fn, LLVMInternalLinkage);
    if (u->debug) tsk_jit_debug_function(u, job->code->name);
    tsk_jit_find_kinds(u);
    if (!tsk_jit_emit_function(u)) return false;
    tsk_jit_finish_shapes(u, LLVMInternalLinkage);
    return true;
}

static bool add_shape_texts(const image *m, const tsk_jit_unit *u, LLVMValueRef *texts, size_t *size) {
    tsk_buf all;
    tsk_buf_init(&all, u->arena);
    for (uint32_t i = 0; i < u->shape_count; i++) {
        tsk_slice text;
        if (!m->what->describe(m->what->user, u->shapes[i], &text)) return false;
        tsk_buf_slice(&all, text);
    }
    *texts = all.len ? add_bytes(m, all.ptr, all.len, 0) : LLVMConstNull(u->ptr);
    *size = all.len;
    return true;
}

/* A tsk_native_function. */
static LLVMValueRef function_entry(const image *m, uint32_t i, const tsk_jit_unit *u) {
    LLVMValueRef texts;
    size_t size;
    if (!add_shape_texts(m, u, &texts, &size)) return NULL;
    const char *identity = (const char *)m->what->identities[i].bytes;
    LLVMValueRef fields[] = {LLVMConstStringInContext2(u->context, identity, sizeof(tsk_digest), true),
                             u->fn,
                             u->shape_table ? u->shape_table : LLVMConstNull(u->ptr),
                             texts,
                             word(m, u->shape_count),
                             word(m, size),
                             word(m, !u->asks),
                             word(m, 0)};
    return LLVMConstNamedStruct(m->function_type, fields, TSK_COUNT(fields));
}

static LLVMValueRef add_functions(const image *m) {
    uint32_t count = m->what->job_count;
    LLVMValueRef *entries = tsk_arena_alloc(m->u->arena, (count + 1) * sizeof *entries);
    for (uint32_t i = 0; i < count; i++) {
        tsk_jit_unit u;
        if (!emit_function(m, &m->what->jobs[i], &u)) return NULL;
        entries[i] = function_entry(m, i, &u);
        if (!entries[i]) return NULL;
    }
    return add_data(m, LLVMConstArray2(m->function_type, entries, count), "functions", LLVMInternalLinkage);
}

/* ---- data ---- */

static LLVMValueRef add_files(const image *m) {
    uint32_t count = m->what->file_count;
    LLVMValueRef *entries = tsk_arena_alloc(m->u->arena, (count + 1) * sizeof *entries);
    for (uint32_t i = 0; i < count; i++) {
        const tsk_native_file *f = &m->what->files[i];
        LLVMValueRef fields[] = {add_text(m, f->name), add_bytes(m, f->text, f->len, TSK_SOURCE_PADDING),
                                 LLVMConstInt(m->u->i64, f->len, false)};
        entries[i] = LLVMConstNamedStruct(m->file_type, fields, TSK_COUNT(fields));
    }
    return add_data(m, LLVMConstArray2(m->file_type, entries, count), "files", LLVMInternalLinkage);
}

static LLVMValueRef constant(const image *m, const tsk_native_data *d);

static LLVMTypeRef item_type(const image *m, const tsk_native_data *list) {
    return list->count ? LLVMTypeOf(constant(m, &list->items[0])) : m->u->ptr;
}

static LLVMValueRef constant(const image *m, const tsk_native_data *d) {
    const tsk_jit_unit *u = m->u;
    LLVMValueRef *items = tsk_arena_alloc(u->arena, (d->count + 1) * sizeof *items);
    switch (d->kind) {
    case TSK_NATIVE_DATA_BOOL: return LLVMConstInt(u->i8, d->integer != 0, false);
    case TSK_NATIVE_DATA_INT: return LLVMConstInt(u->i64, (uint64_t)d->integer, true);
    case TSK_NATIVE_DATA_DOUBLE: return LLVMConstReal(u->f64, d->number);
    case TSK_NATIVE_DATA_TEXT: return add_bytes(m, d->text.ptr, d->text.len, 1);
    case TSK_NATIVE_DATA_LIST: {
        for (uint32_t i = 0; i < d->count; i++) items[i] = constant(m, &d->items[i]);
        LLVMValueRef all = LLVMConstArray2(item_type(m, d), items, d->count);
        LLVMValueRef fields[] = {d->count ? add_data(m, all, "", LLVMPrivateLinkage) : LLVMConstNull(u->ptr),
                                 LLVMConstInt(u->i64, d->count, false)};
        return LLVMConstStructInContext(u->context, fields, 2, false);
    }
    case TSK_NATIVE_DATA_BLOCK:
        for (uint32_t i = 0; i < d->count; i++) items[i] = constant(m, &d->items[i]);
        return LLVMConstStructInContext(u->context, items, d->count, false);
    }
    return NULL;
}

static void add_named(const image *m, LLVMValueRef value, const char *suffix, bool read_only) {
    char name[512];
    snprintf(name, sizeof name, "%s_%s", m->what->name, suffix);
    LLVMSetGlobalConstant(add_data(m, value, name, LLVMExternalLinkage), read_only);
}

static void make_types(image *m) {
    const tsk_jit_unit *u = m->u;
    LLVMTypeRef file[] = {u->ptr, u->ptr, u->i64};
    LLVMTypeRef function[] = {
        LLVMArrayType2(u->i8, sizeof(tsk_digest)), u->ptr, u->ptr, u->ptr, u->i32, u->i32, u->i32, u->i32};
    LLVMTypeRef all[] = {u->i32, u->i32, u->i32, u->i32, u->ptr, u->ptr};
    m->file_type = LLVMStructCreateNamed(u->context, "file");
    m->function_type = LLVMStructCreateNamed(u->context, "function");
    m->image_type = LLVMStructCreateNamed(u->context, "image");
    LLVMStructSetBody(m->file_type, file, TSK_COUNT(file), false);
    LLVMStructSetBody(m->function_type, function, TSK_COUNT(function), false);
    LLVMStructSetBody(m->image_type, all, TSK_COUNT(all), false);
}
_Static_assert(sizeof(tsk_native_file) == 24 && sizeof(tsk_native_function) == 72 && sizeof(tsk_native_image) == 32,
               "as make_types says");

static bool fill_module(image *m) {
    make_types(m);
    LLVMValueRef functions = add_functions(m);
    if (!functions) return false;
    LLVMValueRef fields[] = {word(m, TSK_NATIVE_VERSION),
                             word(m, m->what->file_count),
                             word(m, m->what->job_count),
                             word(m, 0),
                             add_files(m),
                             functions};
    add_named(m, LLVMConstNamedStruct(m->image_type, fields, TSK_COUNT(fields)), "config", false);
    if (m->what->constants && m->what->constants->count)
        add_named(m, constant(m, m->what->constants), "constants", true);
    return true;
}

static bool emit_image(tsk_jit_unit *u, void *argument, tsk_native_object *out, char *message, size_t size) {
    image *m = argument;
    const tsk_native_ahead *what = m->what;
    u->debug = what->debug ? tsk_jit_debug_begin(u, what->files[0].name, what->watch) : NULL;
    bool ok = fill_module(m);
    if (u->debug) tsk_jit_debug_end(u);
    return ok && tsk_jit_make_output(u, what, out, message, size);
}

bool tsk_jit_ahead(const tsk_native_ahead *what, tsk_native_object *out, char *message, size_t size) {
    tsk_jit_unit u = {0};
    image m = {.u = &u, .what = what};
    return tsk_jit_make(&u, emit_image, &m, out, message, size);
}
