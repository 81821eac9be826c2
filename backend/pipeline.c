/* LLVM IR to an object: passes of the light kind, then code generation.
 *
 * Every compilation has a context and a target machine of its own, so any number of threads may compile at once. */
#include "backend/unit.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static LLVMTargetRef target;
static char *cpu, *features, *triple;

static void start_llvm(void) {
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

static bool run_passes(tsk_jit_unit *u, LLVMTargetMachineRef machine, char *message, size_t size) {
    static const char passes[] = "function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,"
                                 "loop-mssa(loop-rotate,licm),early-cse,simplifycfg)";
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(u->module, passes, machine, options);
    LLVMDisposePassBuilderOptions(options);
    if (!error) return true;
    char *text = LLVMGetErrorMessage(error);
    snprintf(message, size, "%s", text);
    LLVMDisposeErrorMessage(text);
    return false;
}

static bool emit(tsk_jit_unit *u, LLVMTargetMachineRef machine, tsk_native_object *out, char *message, size_t size) {
    char *text;
    LLVMMemoryBufferRef buffer;
#ifndef NDEBUG
    if (LLVMVerifyModule(u->module, LLVMReturnStatusAction, &text)) return fail(message, size, text);
    LLVMDisposeMessage(text);
#endif
    if (!run_passes(u, machine, message, size)) return false;
    if (u->job->flags & TSK_NATIVE_PRINT) {
        text = LLVMPrintModuleToString(u->module);
        fputs(text, stderr);
        LLVMDisposeMessage(text);
    }
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, u->module, LLVMObjectFile, &text, &buffer))
        return fail(message, size, text);
    out->size = LLVMGetBufferSize(buffer);
    out->bytes = malloc(out->size);
    out->bound = u->bound;
    if (out->bytes) memcpy(out->bytes, LLVMGetBufferStart(buffer), out->size);
    LLVMDisposeMemoryBuffer(buffer);
    return out->bytes;
}

bool tsk_jit_make_object(tsk_jit_unit *u, tsk_native_object *out, char *message, size_t size) {
    pthread_once(&once, start_llvm);
    if (!target) return false;
    LLVMTargetMachineRef machine = LLVMCreateTargetMachine(target, triple, cpu, features, LLVMCodeGenLevelLess,
                                                           LLVMRelocPIC, LLVMCodeModelDefault);
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    LLVMSetModuleDataLayout(u->module, layout);
    LLVMSetTarget(u->module, triple);
    bool ok = emit(u, machine, out, message, size);
    LLVMDisposeTargetData(layout);
    LLVMDisposeTargetMachine(machine);
    return ok;
}
