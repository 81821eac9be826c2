/* The shapes that code compares with: numbers of this process, or places in a table that whoever loads the code fills. */
#include "backend/unit.h"

static uint32_t place_of(tsk_jit_unit *u, uint32_t number) {
    for (uint32_t i = 0; i < u->shape_count; i++)
        if (u->shapes[i] == number) return i;
    if (u->shape_count == u->shape_cap) {
        uint32_t cap = u->shape_cap ? u->shape_cap * 2 : 16;
        u->shapes = tsk_arena_grow(u->arena, u->shapes, u->shape_cap * sizeof *u->shapes, cap * sizeof *u->shapes);
        u->shape_cap = cap;
    }
    u->shapes[u->shape_count] = number;
    return u->shape_count++;
}

bool tsk_jit_knows_shape(const tsk_jit_unit *u, uint32_t number) {
    return !(u->job->flags & TSK_NATIVE_PORTABLE) || u->job->nameable(number);
}

LLVMValueRef tsk_jit_shape(tsk_jit_unit *u, uint32_t number) {
    if (!(u->job->flags & TSK_NATIVE_PORTABLE)) return tsk_jit_int(u, u->i32, number);
    if (!u->shape_table) { /* until the number of shapes is known */
        u->shape_table = LLVMAddGlobal(u->module, u->i32, "shapes");
        LLVMSetVisibility(u->shape_table, LLVMHiddenVisibility);
    }
    return tsk_jit_load(u, u->i32, u->shape_table, (int64_t)place_of(u, number) * 4, TSK_JIT_FIXED);
}

/* A weak symbol may be another one when the code is linked, so nothing is concluded from what stands in it. */
void tsk_jit_finish_shapes(tsk_jit_unit *u, LLVMLinkage linkage) {
    if (!u->shape_table) return;
    LLVMValueRef numbers[u->shape_count];
    for (uint32_t i = 0; i < u->shape_count; i++) numbers[i] = tsk_jit_int(u, u->i32, u->shapes[i]);
    LLVMValueRef all = LLVMConstArray2(u->i32, numbers, u->shape_count);
    LLVMValueRef table = LLVMAddGlobal(u->module, LLVMTypeOf(all), "");
    LLVMSetInitializer(table, all);
    LLVMSetVisibility(table, linkage == LLVMWeakAnyLinkage ? LLVMHiddenVisibility : LLVMDefaultVisibility);
    LLVMSetLinkage(table, linkage);
    LLVMSetGlobalConstant(table, linkage == LLVMWeakAnyLinkage);
    LLVMReplaceAllUsesWith(u->shape_table, table);
    LLVMDeleteGlobal(u->shape_table);
    LLVMSetValueName2(table, "shapes", 6);
    u->shape_table = table;
}
