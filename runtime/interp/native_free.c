/* Native code that is not wanted any more: out of the way at once, freed when nobody can be in it.
 *
 *   slot emptied ─► retired ─► a period begins: barrier, who is inside? ─► each of those has been outside ─► unmapped
 *
 * An evaluation says that it is inside before it reads a slot, and that it is outside when it has come back.  It does so
 * without a fence, since calls are many and periods are few: the barrier of a period runs on all threads of the process.
 * Where the kernel has none, code stays until the program is freed.
 *
 * Everything here is under the lock of whoever has the store. */
#include "runtime/interp/native.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

void tsk_native_join(tsk_native_store *store, tsk_eval *ev) {
    ev->next_user = store->users;
    store->users = ev;
}

void tsk_native_part(tsk_native_store *store, tsk_eval *ev) {
    tsk_eval **at = &store->users;
    while (*at && *at != ev) at = &(*at)->next_user;
    if (*at) *at = ev->next_user;
}

/* ---- lists ---- */

tsk_native_code *tsk_native_store_add(tsk_native_store *store, tsk_native_code *loaded) {
    tsk_native_code *code = tsk_mem_alloc(store->allocator, sizeof *code);
    if (!code) {
        tsk_native_unload(loaded);
        return NULL;
    }
    *code = *loaded;
    code->next = store->live;
    code->before = NULL;
    if (code->next) code->next->before = code;
    store->live = code;
    return code;
}

void tsk_native_store_retire(tsk_native_store *store, tsk_native_code *code) {
    if (code->next) code->next->before = code->before;
    *(code->before ? &code->before->next : &store->live) = code->next;
    code->next = store->retired;
    store->retired = code;
    store->taken_back++;
}

static void free_list(tsk_native_store *store, tsk_native_code **list) {
    while (*list) {
        tsk_native_code *code = *list;
        *list = code->next;
        tsk_native_unload(code);
        tsk_mem_free(store->allocator, code, sizeof *code);
        store->freed++;
    }
}

void tsk_native_store_free(tsk_native_store *store) {
    free_list(store, &store->live);
    free_list(store, &store->retired);
    free_list(store, &store->waiting);
}

/* ---- periods ---- */

/* Every thread of the process has a full fence between what it did before and what it does now. */
static bool barrier(void) {
    static _Atomic int state; /* 0: not asked for yet, 1: there is one, 2: none */
    if (!state) state = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) ? 2 : 1;
    return state == 1 && !syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

static bool begin_period(tsk_native_store *store) {
    if (!barrier()) return false;
    store->waiting = store->retired;
    store->retired = NULL;
    for (tsk_eval *ev = store->users; ev; ev = ev->next_user) {
        ev->outside_then = __atomic_load_n(&ev->outside, __ATOMIC_ACQUIRE);
        ev->awaited = __atomic_load_n(&ev->inside, __ATOMIC_ACQUIRE) != 0;
    }
    return true;
}

static bool is_over(const tsk_native_store *store) {
    for (tsk_eval *ev = store->users; ev; ev = ev->next_user) {
        if (!ev->awaited) continue;
        if (__atomic_load_n(&ev->inside, __ATOMIC_ACQUIRE) &&
            __atomic_load_n(&ev->outside, __ATOMIC_ACQUIRE) == ev->outside_then)
            return false;
        ev->awaited = false;
    }
    return true;
}

void tsk_native_store_reclaim(tsk_native_store *store) {
    if (store->waiting && is_over(store)) free_list(store, &store->waiting);
    if (!store->waiting && store->retired && begin_period(store) && is_over(store)) free_list(store, &store->waiting);
}
