/* Native code on disk: which entries of the object cache fit a function, and what they need to be loaded.
 *
 *   identity of the code, where it starts, machine, builds ─► key ─► entries, newest first ─► shapes found by name ─► loaded
 *   compiled, without addresses of this process ─► shapes as texts ─► a new entry
 *
 * The directory is opened when something is first looked for.  Whatever is wrong with it, or with an entry, is a miss. */
#include "runtime/interp/native.h"

#include "runtime/engine/objcache.h"
#include "runtime/js/object.h"

#include <cpuid.h>
#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <sys/stat.h>

struct tsk_native_cache {
    tsk_allocator allocator;
    pthread_mutex_t lock;
    char *directory;
    tsk_objcache *objects; /* NULL: not opened yet, or it cannot be */
    bool tried;
    tsk_digest machine;
};

tsk_native_cache *tsk_native_cache_new(const tsk_allocator *allocator, const char *directory) {
    size_t size = strlen(directory) + 1;
    tsk_native_cache *cache = tsk_mem_alloc(allocator, sizeof *cache + size);
    if (!cache) return NULL;
    *cache = (tsk_native_cache){.allocator = *allocator, .directory = (char *)(cache + 1)};
    memcpy(cache->directory, directory, size);
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

void tsk_native_cache_free(tsk_native_cache *cache) {
    if (!cache) return;
    tsk_objcache_close(cache->objects);
    pthread_mutex_destroy(&cache->lock);
    tsk_allocator allocator = cache->allocator;
    tsk_mem_free(&allocator, cache, sizeof *cache + strlen(cache->directory) + 1);
}

/* ---- what all keys have in them ---- */

/* What LLVM asks of the processor: without the number of the core and the like. */
static void add_processor(tsk_sha256 *h) {
    uint32_t one[4] = {0}, seven[4] = {0}, far[4] = {0}, low = 0, high = 0;
    if (__get_cpuid(1, &one[0], &one[1], &one[2], &one[3])) one[1] = 0;
    if (one[2] & bit_OSXSAVE) __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    __get_cpuid_count(7, 0, &seven[0], &seven[1], &seven[2], &seven[3]);
    __get_cpuid(0x80000001, &far[0], &far[1], &far[2], &far[3]);
    const uint32_t state[] = {low, high};
    tsk_sha256_add(h, one, sizeof one);
    tsk_sha256_add(h, seven, sizeof seven);
    tsk_sha256_add(h, far, sizeof far);
    tsk_sha256_add(h, state, sizeof state);
}

/* The build of the runtime: the note that linkers leave. */
static int add_build(struct dl_phdr_info *info, size_t size, void *user) {
    (void)size;
    uintptr_t here = (uintptr_t)tsk_native_helpers - info->dlpi_addr;
    const ElfW(Phdr) *notes = NULL;
    bool ours = false;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type == PT_LOAD && here - p->p_vaddr < p->p_memsz) ours = true;
    }
    for (unsigned i = 0; ours && i < info->dlpi_phnum; i++) {
        notes = &info->dlpi_phdr[i];
        if (notes->p_type == PT_NOTE)
            tsk_sha256_add(user, (const char *)(info->dlpi_addr + notes->p_vaddr), notes->p_memsz);
    }
    return ours;
}

/* The build of the module that made the code; it is not loaded for that. */
static void add_module(tsk_sha256 *h) {
    struct stat info;
    char path[4096];
    if (!tsk_native_backend_path(path, sizeof path) || stat(path, &info)) return;
    const int64_t what[] = {(int64_t)info.st_size, (int64_t)info.st_mtim.tv_sec, (int64_t)info.st_mtim.tv_nsec,
                            (int64_t)info.st_ino};
    tsk_sha256_add(h, what, sizeof what);
}

static tsk_objcache *open_objects(tsk_native_cache *cache) {
    pthread_mutex_lock(&cache->lock);
    if (!cache->tried) {
        const char *why;
        tsk_sha256 h;
        cache->tried = true;
        tsk_sha256_begin(&h);
        add_processor(&h);
        dl_iterate_phdr(add_build, &h);
        add_module(&h);
        cache->machine = tsk_sha256_end(&h);
        cache->objects = tsk_objcache_open(&cache->allocator, cache->directory, 0, true, &why);
    }
    pthread_mutex_unlock(&cache->lock);
    return cache->objects;
}

static tsk_digest key_of(const tsk_native_cache *cache, const tsk_bytecode *code, uint32_t from) {
    tsk_digest identity;
    tsk_sha256 h;
    tsk_native_identify(code, &identity);
    tsk_sha256_begin(&h);
    tsk_sha256_add(&h, &cache->machine, sizeof cache->machine);
    tsk_sha256_add(&h, &identity, sizeof identity);
    tsk_sha256_add(&h, &from, sizeof from);
    return tsk_sha256_end(&h);
}

/* ---- entries: a head, then the texts of the shapes ---- */

typedef struct entry_head {
    uint32_t shape_count, quiet;
} entry_head;

static bool load(tsk_arena *arena, const tsk_objcache_entry *entry, tsk_native_code *out) {
    entry_head head;
    if (entry->notes_size < sizeof head) return false;
    memcpy(&head, entry->notes, sizeof head);
    const char *text = entry->notes + sizeof head, *end = entry->notes + entry->notes_size;
    uint32_t count = head.shape_count;
    if (count > entry->notes_size) return false;
    uint32_t *shapes = tsk_arena_alloc(arena, (count + 1) * sizeof *shapes);
    for (uint32_t i = 0; i < count; i++)
        if (!(shapes[i] = tsk_js_shape_bind(&text, end))) return false;
    const tsk_native_object object = {.bytes = (char *)(uintptr_t)entry->object,
                                      .size = entry->object_size,
                                      .quiet = head.quiet,
                                      .shapes = shapes,
                                      .shape_count = count};
    return tsk_native_load(&object, out);
}

bool tsk_native_cache_get(tsk_native_cache *cache, const tsk_bytecode *code, uint32_t from, tsk_native_code *out) {
    tsk_objcache *objects = open_objects(cache);
    if (!objects) return false;
    tsk_digest key = key_of(cache, code, from);
    tsk_arena arena;
    tsk_trap trap;
    volatile bool found = false;
    tsk_arena_init(&arena, &cache->allocator, 0);
    if (!setjmp(trap.jump)) {
        arena.trap = &trap;
        tsk_objcache_entry entry;
        bool any = tsk_objcache_has(objects, &key);
        for (unsigned slot = TSK_OBJCACHE_SLOTS; any && !found && slot--;)
            found = tsk_objcache_get(objects, &arena, &key, slot, &entry) && load(&arena, &entry, out);
    }
    tsk_arena_free(&arena);
    return found;
}

static bool describe_shapes(tsk_buf *notes, const tsk_native_object *object) {
    const entry_head head = {object->shape_count, object->quiet};
    tsk_buf_add(notes, (const char *)&head, sizeof head);
    for (uint32_t i = 0; i < object->shape_count; i++)
        if (!tsk_js_shape_describe(notes, tsk_js_shape_at(object->shapes[i]))) return false;
    return true;
}

void tsk_native_cache_put(tsk_native_cache *cache, const tsk_bytecode *code, uint32_t from,
                          const tsk_native_object *object) {
    tsk_objcache *objects = object->bound ? NULL : open_objects(cache);
    if (!objects) return;
    tsk_digest key = key_of(cache, code, from);
    tsk_arena arena;
    tsk_trap trap;
    tsk_arena_init(&arena, &cache->allocator, 0);
    if (!setjmp(trap.jump)) {
        arena.trap = &trap;
        tsk_buf notes;
        tsk_buf_init(&notes, &arena);
        if (describe_shapes(&notes, object))
            tsk_objcache_put(objects, &key, &(tsk_objcache_entry){notes.ptr, object->bytes, notes.len, object->size});
    }
    tsk_arena_free(&arena);
}
