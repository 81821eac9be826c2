/* Lines of the source for debuggers: DWARF by way of LLVM's builder.
 *
 *   file ─► compile unit ─► a subprogram for each function ─► the place of each instruction */
#include "backend/unit.h"

#include <llvm-c/DebugInfo.h>

#include <string.h>

typedef struct known_file {
    struct known_file *next;
    const char *name;
    LLVMMetadataRef file;
} known_file;

struct tsk_jit_debug {
    LLVMDIBuilderRef builder;
    LLVMMetadataRef unit, type;
    known_file *files;
    const tsk_native_watch *watch;
};

/* Directory and name are one: files are named as they were when the compiler was called. */
static LLVMMetadataRef file_of(const tsk_jit_unit *u, const char *name) {
    struct tsk_jit_debug *d = u->debug;
    for (const known_file *f = d->files; f; f = f->next)
        if (!strcmp(f->name, name)) return f->file;
    known_file *f = tsk_arena_alloc(u->arena, sizeof *f);
    *f = (known_file){d->files, name, LLVMDIBuilderCreateFile(d->builder, name, strlen(name), ".", 1)};
    d->files = f;
    return f->file;
}

static void add_flag(const tsk_jit_unit *u, const char *name, uint64_t value) {
    LLVMMetadataRef number = LLVMValueAsMetadata(LLVMConstInt(u->i32, value, false));
    LLVMAddModuleFlag(u->module, LLVMModuleFlagBehaviorWarning, name, strlen(name), number);
}

struct tsk_jit_debug *tsk_jit_debug_begin(tsk_jit_unit *u, const char *main_file, const tsk_native_watch *watch) {
    static const char producer[] = "Tusk";
    struct tsk_jit_debug *d = u->debug = tsk_arena_alloc(u->arena, sizeof *d);
    *d = (struct tsk_jit_debug){.builder = LLVMCreateDIBuilder(u->module), .watch = watch};
    d->unit = LLVMDIBuilderCreateCompileUnit(d->builder, LLVMDWARFSourceLanguageC11, file_of(u, main_file), producer,
                                             sizeof producer - 1, true, "", 0, 0, "", 0, LLVMDWARFEmissionFull, 0,
                                             false, false, "", 0, "", 0);
    d->type = LLVMDIBuilderCreateSubroutineType(d->builder, file_of(u, main_file), NULL, 0, LLVMDIFlagZero);
    add_flag(u, "Debug Info Version", LLVMDebugMetadataVersion());
    add_flag(u, "Dwarf Version", 4);
    return d;
}

void tsk_jit_debug_end(tsk_jit_unit *u) {
    LLVMDIBuilderFinalize(u->debug->builder);
    LLVMDisposeDIBuilder(u->debug->builder);
}

static bool find_place(const struct tsk_jit_debug *d, tsk_span span, tsk_native_place *at) {
    return d->watch->place(d->watch->place_user, span, at);
}

/* The first instruction that has a place says where the function is. */
void tsk_jit_debug_function(tsk_jit_unit *u, const char *linkage_name) {
    struct tsk_jit_debug *d = u->debug;
    tsk_native_place at = {"", 0, 0};
    for (uint32_t pc = 0; pc < u->code->count; pc++)
        if (u->code->spans[pc].pos && find_place(d, u->code->spans[pc], &at)) break;
    const char *name = u->code->name;
    LLVMMetadataRef file = file_of(u, at.file);
    u->subprogram = LLVMDIBuilderCreateFunction(d->builder, file, name, strlen(name), linkage_name,
                                                strlen(linkage_name), file, at.line, d->type, true, true, at.line,
                                                LLVMDIFlagZero, true);
    LLVMSetSubprogram(u->fn, u->subprogram);
    LLVMSetCurrentDebugLocation2(u->b,
                                 LLVMDIBuilderCreateDebugLocation(u->context, at.line, at.column, u->subprogram, NULL));
}

void tsk_jit_debug_place(tsk_jit_unit *u, uint32_t pc) {
    tsk_native_place at;
    if (!u->subprogram || pc >= u->code->count || !u->code->spans[pc].pos) return;
    if (!find_place(u->debug, u->code->spans[pc], &at)) return;
    LLVMSetCurrentDebugLocation2(u->b,
                                 LLVMDIBuilderCreateDebugLocation(u->context, at.line, at.column, u->subprogram, NULL));
}
