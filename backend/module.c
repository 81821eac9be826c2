/* The door of the module: one table, found by its name. */
#include "backend/unit.h"

#include <stdio.h>
#include <stdlib.h>

static LLVMMetadataRef text_node(const tsk_jit_unit *u, const char *text) {
    return LLVMMDStringInContext2(u->context, text, strlen(text));
}

static LLVMMetadataRef number_node(LLVMTypeRef type, uint64_t n) {
    return LLVMValueAsMetadata(LLVMConstInt(type, n, false));
}

/* One type of memory for each tsk_jit_memory, below a common root. */
static void make_aliasing(tsk_jit_unit *u) {
    static const char *const names[TSK_JIT_MEMORIES] = {"fixed", "frame", "state", "header", "slot", "item"};
    LLVMMetadataRef root_text[] = {text_node(u, "tusk")};
    LLVMMetadataRef root = LLVMMDNodeInContext2(u->context, root_text, 1);
    for (unsigned i = 0; i < TSK_JIT_MEMORIES; i++) {
        LLVMMetadataRef parts[] = {text_node(u, names[i]), root, number_node(u->i64, 0)};
        LLVMMetadataRef type = LLVMMDNodeInContext2(u->context, parts, 3);
        LLVMMetadataRef access[] = {type, type, number_node(u->i64, 0)};
        u->aliasing[i] = LLVMMetadataAsValue(u->context, LLVMMDNodeInContext2(u->context, access, 3));
    }
}

static LLVMValueRef weights(const tsk_jit_unit *u, unsigned yes, unsigned no) {
    LLVMMetadataRef parts[] = {text_node(u, "branch_weights"), number_node(u->i32, yes), number_node(u->i32, no)};
    return LLVMMetadataAsValue(u->context, LLVMMDNodeInContext2(u->context, parts, 3));
}

static void open_module(tsk_jit_unit *u) {
    u->context = LLVMContextCreate();
    u->module = LLVMModuleCreateWithNameInContext("unit", u->context);
    u->b = LLVMCreateBuilderInContext(u->context);
    u->i1 = LLVMInt1TypeInContext(u->context);
    u->i8 = LLVMInt8TypeInContext(u->context);
    u->i32 = LLVMInt32TypeInContext(u->context);
    u->i64 = LLVMInt64TypeInContext(u->context);
    u->f64 = LLVMDoubleTypeInContext(u->context);
    u->ptr = LLVMPointerTypeInContext(u->context, 0);
    u->nothing = LLVMVoidTypeInContext(u->context);
    LLVMTypeRef parameters[] = {u->ptr, u->ptr};
    u->entry_type = LLVMFunctionType(u->i64, parameters, 2, false);
    u->aliasing_kind = LLVMGetMDKindIDInContext(u->context, "tbaa", 4);
    u->weight_kind = LLVMGetMDKindIDInContext(u->context, "prof", 4);
    u->invariant_kind = LLVMGetMDKindIDInContext(u->context, "invariant.load", 14);
    u->likely = weights(u, 2000, 1);
    u->unlikely = weights(u, 1, 2000);
    make_aliasing(u);
}

static void close_module(tsk_jit_unit *u) {
    LLVMDisposeBuilder(u->b);
    LLVMDisposeModule(u->module);
    LLVMContextDispose(u->context);
}

void tsk_jit_add_function(tsk_jit_unit *u, const char *name) {
    u->fn = LLVMAddFunction(u->module, name, u->entry_type);
    unsigned nounwind = LLVMGetEnumAttributeKindForName("nounwind", 8);
    LLVMAddAttributeAtIndex(u->fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                            LLVMCreateEnumAttribute(u->context, nounwind, 0));
}

/* The numbers of the shapes in the table, for whoever loads the object. */
static bool give_shapes(const tsk_jit_unit *u, tsk_native_object *out) {
    if (!u->shape_count) return true;
    out->shapes = malloc(u->shape_count * sizeof *out->shapes);
    if (!out->shapes) return false;
    memcpy(out->shapes, u->shapes, u->shape_count * sizeof *out->shapes);
    out->shape_count = u->shape_count;
    return true;
}

/* ---- a unit from begin to end ---- */

typedef struct making {
    tsk_jit_unit *u;
    tsk_jit_maker *make;
    void *what;
    tsk_native_object *out;
} making;

static bool make_open(void *argument, char *message, size_t size) {
    const making *m = argument;
    tsk_arena arena;
    tsk_trap trap;
    *m->out = (tsk_native_object){0};
    tsk_arena_init(&arena, NULL, 0);
    m->u->arena = &arena;
    open_module(m->u);
    bool ok = false;
    snprintf(message, size, "no memory");
    if (!setjmp(trap.jump)) {
        arena.trap = &trap;
        ok = m->make(m->u, m->what, m->out, message, size);
    }
    close_module(m->u);
    tsk_arena_free(&arena);
    return ok;
}

bool tsk_jit_make(tsk_jit_unit *u, tsk_jit_maker *make, void *what, tsk_native_object *out, char *message,
                  size_t size) {
    making m = {u, make, what, out};
    return tsk_jit_survive(make_open, &m, message, size);
}

/* ---- one function ---- */

/* Functions of the library have no place in a file. */
static void begin_lines(tsk_jit_unit *u) {
    tsk_jit_debug_begin(u, "library", u->job->watch);
    tsk_jit_debug_function(u, u->code->name);
}

static bool emit_unit(tsk_jit_unit *u, void *what, tsk_native_object *out, char *message, size_t size) {
    (void)what; /* the unit has it all */
    bool lines = u->job->watch && u->job->watch->place;
    tsk_jit_add_function(u, lines ? u->code->name : "entry");
    if (lines) begin_lines(u);
    tsk_jit_find_kinds(u);
    bool whole = tsk_jit_emit_function(u);
    if (lines) tsk_jit_debug_end(u);
    if (!whole) return false;
    tsk_jit_finish_shapes(u, LLVMWeakAnyLinkage);
    if (!tsk_jit_make_object(u, out, message, size)) return false;
    if (give_shapes(u, out)) return true;
    free(out->bytes);
    return false;
}

static bool compile(const tsk_native_job *job, tsk_native_object *out, char *message, size_t size) {
    tsk_jit_unit u = {.job = job, .code = job->code, .map = job->map};
    return tsk_jit_make(&u, emit_unit, NULL, out, message, size);
}

__attribute__((visibility("default"))) const tsk_native_backend tsk_native_backend_1 = {
    TSK_NATIVE_VERSION, TSK_NATIVE_HELPERS, compile, tsk_jit_ahead, tsk_jit_disassemble};
