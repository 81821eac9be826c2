/* Native code for GDB: the interface that it has for compilers of its kind.
 *
 *   object ─► a copy that says where its sections are ─► list of the descriptor ─► GDB stops in the function below, and reads
 *
 * Names, types and interface are GDB's.  With TSK_GDB=1 in the environment. */
#include "runtime/interp/native.h"

#include <pthread.h>
#include <stdlib.h>

typedef enum { JIT_NOACTION, JIT_REGISTER_FN, JIT_UNREGISTER_FN } jit_actions_t;

struct jit_code_entry {
    struct jit_code_entry *next_entry, *prev_entry;
    const char *symfile_addr;
    uint64_t symfile_size;
};

struct jit_descriptor {
    uint32_t version, action_flag;
    struct jit_code_entry *relevant_entry, *first_entry;
};

#define SEEN __attribute__((used, visibility("protected")))
SEEN struct jit_descriptor __jit_debug_descriptor = {1, JIT_NOACTION, NULL, NULL};
SEEN void __jit_debug_register_code(void);
__attribute__((noinline)) void __jit_debug_register_code(void) {
    __asm__ volatile("" ::: "memory");
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void tell(struct jit_code_entry *entry, jit_actions_t what) {
    __jit_debug_descriptor.relevant_entry = entry;
    __jit_debug_descriptor.action_flag = what;
    __jit_debug_register_code();
}

void tsk_native_gdb_add(const tsk_native_object *object, tsk_native_code *code) {
    char *copy = tsk_native_placed_copy(object, code);
    struct jit_code_entry *entry = copy ? malloc(sizeof *entry) : NULL;
    if (!entry) {
        free(copy);
        return;
    }
    pthread_mutex_lock(&lock);
    *entry = (struct jit_code_entry){__jit_debug_descriptor.first_entry, NULL, copy, object->size};
    if (entry->next_entry) entry->next_entry->prev_entry = entry;
    __jit_debug_descriptor.first_entry = entry;
    tell(entry, JIT_REGISTER_FN);
    pthread_mutex_unlock(&lock);
    code->gdb = entry;
}

void tsk_native_gdb_remove(tsk_native_code *code) {
    struct jit_code_entry *entry = code->gdb;
    if (!entry) return;
    pthread_mutex_lock(&lock);
    if (entry->next_entry) entry->next_entry->prev_entry = entry->prev_entry;
    if (entry->prev_entry)
        entry->prev_entry->next_entry = entry->next_entry;
    else
        __jit_debug_descriptor.first_entry = entry->next_entry;
    tell(entry, JIT_UNREGISTER_FN);
    pthread_mutex_unlock(&lock);
    free((char *)(uintptr_t)entry->symfile_addr);
    free(entry);
    code->gdb = NULL;
}
