/* Machine code as text, in the syntax of Intel's manuals.  Branches name their target by its offset in the code. */
#include "backend/unit.h"

#include <llvm-c/Disassembler.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>

#include <stdio.h>

static const char *name_target(void *user, uint64_t value, uint64_t *type, uint64_t pc, const char **name) {
    (void)pc;
    *name = NULL;
    bool branch = *type == LLVMDisassembler_ReferenceType_In_Branch;
    *type = LLVMDisassembler_ReferenceType_InOut_None;
    if (!branch) return NULL;
    char *text = user;
    snprintf(text, 24, "%#llx", (unsigned long long)value);
    return text;
}

bool tsk_jit_disassemble(const void *code, size_t size,
                         void (*each)(void *user, size_t offset, size_t size, const char *text), void *user) {
    char target[24], text[256];
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86Disassembler();
    char *triple = LLVMGetDefaultTargetTriple();
    LLVMDisasmContextRef d = LLVMCreateDisasm(triple, target, 0, NULL, name_target);
    LLVMDisposeMessage(triple);
    if (!d) return false;
    LLVMSetDisasmOptions(d, LLVMDisassembler_Option_AsmPrinterVariant | LLVMDisassembler_Option_PrintImmHex);
    uint8_t *bytes = (uint8_t *)(uintptr_t)code;
    for (size_t at = 0, length; at < size; at += length) {
        length = LLVMDisasmInstruction(d, bytes + at, size - at, at, text, sizeof text);
        if (!length) snprintf(text, sizeof text, "\t.byte\t%#x", bytes[at]);
        if (!length) length = 1;
        each(user, at, length, text);
    }
    LLVMDisasmDispose(d);
    return true;
}
