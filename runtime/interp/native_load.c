/* A small loader of objects: what the backend makes needs no more.
 *
 *   ELF object ─► allocated sections side by side in fresh pages ─► relocations between them ─► read and execute only
 *
 * Objects name nothing outside themselves, so all relocations are relative.  Pages are never writable and executable at
 * once.  Every offset is checked: a damaged object is refused.
 */
#include "runtime/interp/native.h"

#include <elf.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_OBJECT ((size_t)64 << 20)

typedef struct object {
    const char *bytes;
    size_t size;
    const Elf64_Ehdr *header;
    const Elf64_Shdr *sections;
    size_t *place; /* of each section in memory, SIZE_MAX: none */
    char *memory;
} object;

static bool within(const object *o, uint64_t offset, uint64_t size) {
    return offset <= o->size && size <= o->size - offset;
}

static bool open_object(object *o) {
    if (o->size < sizeof *o->header || o->size > MAX_OBJECT) return false;
    o->header = (const Elf64_Ehdr *)(const void *)o->bytes;
    if (memcmp(o->header->e_ident, ELFMAG, SELFMAG) || o->header->e_ident[EI_CLASS] != ELFCLASS64) return false;
    if (o->header->e_type != ET_REL || o->header->e_machine != EM_X86_64) return false;
    if (o->header->e_shentsize != sizeof(Elf64_Shdr) || o->header->e_shoff % 8) return false;
    if (!within(o, o->header->e_shoff, (uint64_t)o->header->e_shnum * sizeof(Elf64_Shdr))) return false;
    o->sections = (const Elf64_Shdr *)(const void *)(o->bytes + o->header->e_shoff);
    return true;
}

/* Unwind tables are for debuggers, which read the object itself. */
/* The table of shapes is written before the pages can be executed. */
static bool is_loaded(const Elf64_Shdr *s) {
    return (s->sh_flags & SHF_ALLOC) && s->sh_type == SHT_PROGBITS && !(s->sh_flags & SHF_WRITE) && s->sh_size;
}

/* The size of all loaded sections; 0: something is wrong. */
static size_t lay_out(object *o) {
    size_t at = 0;
    for (unsigned i = 0; i < o->header->e_shnum; i++) {
        const Elf64_Shdr *s = &o->sections[i];
        o->place[i] = SIZE_MAX;
        if (!is_loaded(s)) continue;
        if (!within(o, s->sh_offset, s->sh_size) || s->sh_addralign > 4096) return 0;
        size_t align = s->sh_addralign ? (size_t)s->sh_addralign : 1;
        at = (at + align - 1) / align * align;
        o->place[i] = at;
        at += (size_t)s->sh_size;
    }
    return at;
}

static void copy_sections(object *o) {
    for (unsigned i = 0; i < o->header->e_shnum; i++)
        if (o->place[i] != SIZE_MAX)
            memcpy(o->memory + o->place[i], o->bytes + o->sections[i].sh_offset, (size_t)o->sections[i].sh_size);
}

static const Elf64_Sym *symbol_table(const object *o, unsigned section, size_t *count) {
    if (section >= o->header->e_shnum) return NULL;
    const Elf64_Shdr *s = &o->sections[section];
    if (s->sh_type != SHT_SYMTAB || s->sh_offset % 8 || !within(o, s->sh_offset, s->sh_size)) return NULL;
    *count = (size_t)s->sh_size / sizeof(Elf64_Sym);
    return (const Elf64_Sym *)(const void *)(o->bytes + s->sh_offset);
}

static char *address_of(const object *o, const Elf64_Sym *symbol) {
    if (symbol->st_shndx >= o->header->e_shnum || o->place[symbol->st_shndx] == SIZE_MAX) return NULL;
    if (symbol->st_value > o->sections[symbol->st_shndx].sh_size) return NULL;
    return o->memory + o->place[symbol->st_shndx] + symbol->st_value;
}

static bool relocate_one(const object *o, const Elf64_Shdr *target, size_t base, const Elf64_Rela *r,
                         const Elf64_Sym *symbols, size_t symbol_count) {
    size_t number = (size_t)ELF64_R_SYM(r->r_info);
    if (number >= symbol_count) return false;
    const char *to = address_of(o, &symbols[number]);
    if (!to) return false;
    unsigned type = (unsigned)ELF64_R_TYPE(r->r_info);
    if (type != R_X86_64_PC32 && type != R_X86_64_PLT32) return false;
    if (target->sh_size < 4 || r->r_offset > target->sh_size - 4) return false;
    char *at = o->memory + base + r->r_offset;
    int64_t distance = (int64_t)(to - at) + r->r_addend;
    int32_t word = (int32_t)distance;
    if (word != distance) return false;
    memcpy(at, &word, sizeof word);
    return true;
}

static bool relocate(const object *o) {
    for (unsigned i = 0; i < o->header->e_shnum; i++) {
        const Elf64_Shdr *s = &o->sections[i];
        if (s->sh_type != SHT_RELA || s->sh_info >= o->header->e_shnum || o->place[s->sh_info] == SIZE_MAX) continue;
        size_t symbol_count;
        const Elf64_Sym *symbols = symbol_table(o, s->sh_link, &symbol_count);
        if (!symbols || s->sh_offset % 8 || !within(o, s->sh_offset, s->sh_size)) return false;
        const Elf64_Rela *list = (const Elf64_Rela *)(const void *)(o->bytes + s->sh_offset);
        for (size_t r = 0; r < s->sh_size / sizeof *list; r++)
            if (!relocate_one(o, &o->sections[s->sh_info], o->place[s->sh_info], &list[r], symbols, symbol_count))
                return false;
    }
    return true;
}

static char *find_entry(const object *o, size_t *size) {
    for (unsigned i = 0; i < o->header->e_shnum; i++) {
        size_t count;
        const Elf64_Sym *symbols = symbol_table(o, i, &count);
        for (size_t n = 0; symbols && n < count; n++)
            if (ELF64_ST_BIND(symbols[n].st_info) == STB_GLOBAL && ELF64_ST_TYPE(symbols[n].st_info) == STT_FUNC) {
                char *entry = address_of(o, &symbols[n]);
                *size = (size_t)symbols[n].st_size;
                return entry && *size <= o->sections[symbols[n].st_shndx].sh_size - symbols[n].st_value ? entry : NULL;
            }
    }
    return NULL;
}

/* Puts the numbers that this process has for the shapes into the object's table. */
static bool write_shapes(const object *o, const uint32_t *shapes, uint32_t shape_count) {
    for (unsigned i = 0; shape_count && i < o->header->e_shnum; i++) {
        size_t count, bytes = shape_count * sizeof *shapes;
        const Elf64_Sym *symbols = symbol_table(o, i, &count);
        for (size_t n = 0; symbols && n < count; n++) {
            if (ELF64_ST_BIND(symbols[n].st_info) != STB_WEAK) continue;
            char *to = address_of(o, &symbols[n]);
            if (!to || o->sections[symbols[n].st_shndx].sh_size - symbols[n].st_value < bytes) return false;
            memcpy(to, shapes, bytes);
            return true;
        }
    }
    return !shape_count;
}

static _Atomic size_t total;

size_t tsk_native_total(void) {
    return atomic_load_explicit(&total, memory_order_relaxed);
}

bool tsk_native_load(const tsk_native_object *from, tsk_native_code *out) {
    object o = {.bytes = from->bytes, .size = from->size};
    if (!open_object(&o)) return false;
    size_t place[o.header->e_shnum + 1];
    o.place = place;
    size_t needed = lay_out(&o), page = (size_t)sysconf(_SC_PAGESIZE);
    if (!needed) return false;
    needed = (needed + page - 1) / page * page;
    void *memory = mmap(NULL, needed, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return false;
    o.memory = memory;
    copy_sections(&o);
    bool whole = relocate(&o) && write_shapes(&o, from->shapes, from->shape_count);
    size_t code_size = 0;
    char *entry = whole ? find_entry(&o, &code_size) : NULL;
    if (!entry || mprotect(memory, needed, PROT_READ | PROT_EXEC)) {
        munmap(memory, needed);
        return false;
    }
    atomic_fetch_add_explicit(&total, needed, memory_order_relaxed);
    *out = (tsk_native_code){.memory = memory,
                             .size = needed,
                             .entry = (tsk_native_fn)(uintptr_t)entry,
                             .quiet = from->quiet,
                             .code_size = code_size};
    return true;
}

void tsk_native_unload(tsk_native_code *code) {
    tsk_native_gdb_remove(code);
    munmap(code->memory, code->size);
    atomic_fetch_sub_explicit(&total, code->size, memory_order_relaxed);
}

/* Sections that were not loaded have no address. */
char *tsk_native_placed_copy(const tsk_native_object *from, const tsk_native_code *code) {
    object o = {.bytes = from->bytes, .size = from->size};
    if (!open_object(&o)) return NULL;
    size_t place[o.header->e_shnum + 1];
    o.place = place;
    char *copy = lay_out(&o) ? malloc(from->size) : NULL;
    if (!copy) return NULL;
    memcpy(copy, from->bytes, from->size);
    Elf64_Shdr *sections = (Elf64_Shdr *)(void *)(copy + o.header->e_shoff);
    for (unsigned i = 0; i < o.header->e_shnum; i++) {
        if (place[i] == SIZE_MAX)
            sections[i].sh_flags &= ~(uint64_t)SHF_ALLOC;
        else
            sections[i].sh_addr = (uint64_t)(uintptr_t)code->memory + place[i];
    }
    return copy;
}
