/* LLVM IR to an object: passes of the light kind, then code generation.
 *
 * Every compilation has a context and a target machine of its own, so any number of threads may compile at once. */
#include "backend/unit.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include <llvm-c/ErrorHandling.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static LLVMTargetRef target;
static char *cpu, *features, *triple;

/* ---- fatal errors ---- */

static _Thread_local jmp_buf *way_out;
static _Thread_local char last_words[200];
static _Atomic bool broken;

static void on_fatal_error(const char *reason) {
    broken = true;
    snprintf(last_words, sizeof last_words, "LLVM: %s", reason);
    if (way_out) longjmp(*way_out, 1);
}

bool tsk_jit_survive(bool (*body)(void *argument, char *message, size_t size), void *argument, char *message,
                     size_t size) {
    jmp_buf here;
    if (broken) {
        snprintf(message, size, "LLVM has failed before");
        return false;
    }
    if (setjmp(here)) {
        way_out = NULL;
        snprintf(message, size, "%s", last_words);
        return false;
    }
    way_out = &here;
    bool ok = body(argument, message, size);
    way_out = NULL;
    return ok;
}

/* ---- the target ---- */

static void start_llvm(void) {
    LLVMInstallFatalErrorHandler(on_fatal_error);
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    triple = LLVMGetDefaultTargetTriple();
    cpu = LLVMGetHostCPUName();
    features = LLVMGetHostCPUFeatures();
    char *message;
    if (LLVMGetTargetFromTriple(triple, &target, &message)) {
        LLVMDisposeMessage(message);
        target = NULL;
    }
}

static bool fail(char *message, size_t size, char *text) {
    snprintf(message, size, "%s", text);
    LLVMDisposeMessage(text);
    return false;
}

/* Light: what pays for itself in a program that waits. */
static const char light[] =
    "function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint;max-iterations=1>,"
    "loop-mssa(loop-rotate,licm),early-cse,simplifycfg)";

static bool run_passes(tsk_jit_unit *u, const char *passes, LLVMTargetMachineRef machine, char *message, size_t size) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(u->module, passes, machine, options);
    LLVMDisposePassBuilderOptions(options);
    if (!error) return true;
    char *text = LLVMGetErrorMessage(error);
    snprintf(message, size, "%s", text);
    LLVMDisposeErrorMessage(text);
    return false;
}

static bool verify(const tsk_jit_unit *u, char *message, size_t size) {
#ifndef NDEBUG
    char *text;
    if (LLVMVerifyModule(u->module, LLVMReturnStatusAction, &text)) return fail(message, size, text);
    LLVMDisposeMessage(text);
#else
    (void)u, (void)message, (void)size;
#endif
    return true;
}

static bool take_bytes(tsk_native_object *out, const char *bytes, size_t size) {
    out->size = size;
    out->bytes = malloc(size + 1);
    if (!out->bytes) return false;
    memcpy(out->bytes, bytes, size);
    out->bytes[size] = 0;
    return true;
}

static bool emit(tsk_jit_unit *u, LLVMTargetMachineRef machine, LLVMCodeGenFileType type, tsk_native_object *out,
                 char *message, size_t size) {
    char *text;
    LLVMMemoryBufferRef buffer;
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, u->module, type, &text, &buffer)) return fail(message, size, text);
    bool ok = take_bytes(out, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
    return ok;
}

static void show(const tsk_jit_unit *u, const tsk_native_watch *watch, bool before) {
    if (!watch || !watch->show) return;
    char *text = LLVMPrintModuleToString(u->module);
    watch->show(watch->show_user, before, text);
    LLVMDisposeMessage(text);
}

static bool emit_unit(tsk_jit_unit *u, LLVMTargetMachineRef machine, tsk_native_object *out, char *message,
                      size_t size) {
    show(u, u->job->watch, true);
    if (!verify(u, message, size) || !run_passes(u, light, machine, message, size)) return false;
    show(u, u->job->watch, false);
    out->bound = u->bound;
    out->quiet = !u->asks;
    return emit(u, machine, LLVMObjectFile, out, message, size);
}

static void set_target(tsk_jit_unit *u, LLVMTargetMachineRef machine) {
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    LLVMSetModuleDataLayout(u->module, layout);
    LLVMSetTarget(u->module, triple);
    LLVMDisposeTargetData(layout);
}

bool tsk_jit_make_object(tsk_jit_unit *u, tsk_native_object *out, char *message, size_t size) {
    pthread_once(&once, start_llvm);
    if (!target) return false;
    LLVMTargetMachineRef machine = LLVMCreateTargetMachine(target, triple, cpu, features, LLVMCodeGenLevelLess,
                                                           LLVMRelocPIC, LLVMCodeModelDefault);
    /* Nearly all that the other selector finds has been found by then, and it takes twice the time. */
    LLVMSetTargetMachineFastISel(machine, true);
    set_target(u, machine);
    bool ok = emit_unit(u, machine, out, message, size);
    LLVMDisposeTargetMachine(machine);
    return ok;
}

/* ---- ahead of time ---- */

static bool emit_ahead(tsk_jit_unit *u, const tsk_native_ahead *what, LLVMTargetMachineRef machine,
                       tsk_native_object *out, char *message, size_t size) {
    static const char *const passes[] = {"", light, "default<O2>", "default<O3>"};
    show(u, what->watch, true);
    if (!verify(u, message, size)) return false;
    if (what->optimize && !run_passes(u, passes[what->optimize], machine, message, size)) return false;
    show(u, what->watch, false);
    if (what->form != TSK_NATIVE_LLVM)
        return emit(u, machine, what->form == TSK_NATIVE_ASSEMBLY ? LLVMAssemblyFile : LLVMObjectFile, out, message,
                    size);
    char *text = LLVMPrintModuleToString(u->module);
    bool ok = take_bytes(out, text, strlen(text));
    LLVMDisposeMessage(text);
    return ok;
}

bool tsk_jit_make_output(tsk_jit_unit *u, const tsk_native_ahead *what, tsk_native_object *out, char *message,
                         size_t size) {
    static const LLVMCodeGenOptLevel levels[] = {LLVMCodeGenLevelNone, LLVMCodeGenLevelLess, LLVMCodeGenLevelDefault,
                                                 LLVMCodeGenLevelAggressive};
    pthread_once(&once, start_llvm);
    if (!target) return false;
    bool native = !strcmp(what->cpu, "native");
    LLVMTargetMachineRef machine = LLVMCreateTargetMachine(target, triple, native ? cpu : what->cpu,
                                                           native ? features : "", levels[what->optimize], LLVMRelocPIC,
                                                           LLVMCodeModelDefault);
    LLVMSetTargetMachineAsmVerbosity(machine, what->form == TSK_NATIVE_ASSEMBLY); /* lines as comments */
    set_target(u, machine);
    bool ok = emit_ahead(u, what, machine, out, message, size);
    LLVMDisposeTargetMachine(machine);
    return ok;
}
