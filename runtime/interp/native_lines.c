/* Which line of the source each instruction of an object is of: the DWARF line table that LLVM wrote, version 4.
 *
 *   .debug_line: header, names of files ─► program ─► rows: offset in the code, file, line
 *
 * An object has one function, so its one sequence starts at offset 0 and addresses need no relocation.  Whatever is not as
 * LLVM writes it ends the list. */
#include "runtime/interp/native.h"

#include <elf.h>
#include <stdlib.h>

enum {
    DW_LNS_copy = 1,
    DW_LNS_advance_pc,
    DW_LNS_advance_line,
    DW_LNS_set_file,
    DW_LNS_const_add_pc = 8,
    DW_LNS_fixed_advance_pc,
    DW_LNE_end_sequence = 1
};

typedef struct reader {
    const unsigned char *at, *end;
    bool bad;
} reader;

static uint64_t fixed(reader *r, unsigned size) {
    uint64_t n = 0;
    if ((size_t)(r->end - r->at) < size) {
        r->bad = true;
        return 0;
    }
    memcpy(&n, r->at, size);
    r->at += size;
    return n;
}

static uint64_t leb(reader *r, bool is_signed) {
    uint64_t n = 0;
    unsigned shift = 0, byte;
    do {
        byte = (unsigned)fixed(r, 1);
        if (shift < 64) n |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80 && !r->bad);
    if (is_signed && shift < 64 && byte & 0x40) n |= ~(uint64_t)0 << shift;
    return n;
}

static const char *text(reader *r) {
    const void *nul = memchr(r->at, 0, (size_t)(r->end - r->at));
    const char *start = (const char *)r->at;
    if (!nul) r->bad = true;
    r->at = nul ? (const unsigned char *)nul + 1 : r->end;
    return nul ? start : "";
}

static bool find_section(const tsk_native_object *object, const char *name, reader *out) {
    const Elf64_Ehdr *header = (const void *)object->bytes;
    const Elf64_Shdr *sections = (const void *)(object->bytes + header->e_shoff);
    const char *names = object->bytes + sections[header->e_shstrndx].sh_offset;
    for (unsigned i = 0; i < header->e_shnum; i++) {
        if (strcmp(names + sections[i].sh_name, name)) continue;
        out->at = (const unsigned char *)object->bytes + sections[i].sh_offset;
        out->end = out->at + sections[i].sh_size;
        return true;
    }
    return false;
}

/* ---- the program ---- */

enum { MOST_FILES = 64 };
typedef struct program {
    reader r;
    unsigned least, line_range, opcode_base;
    int line_base;
    unsigned char lengths[256];
    const char *files[MOST_FILES + 1]; /* from 1 */
    unsigned file_count;
    tsk_native_line *rows;
    uint32_t count, cap;
    tsk_native_line now;
    unsigned file;
} program;

static bool read_header(program *p) {
    reader *r = &p->r;
    uint64_t length = fixed(r, 4);
    if (length > (size_t)(r->end - r->at)) return false;
    r->end = r->at + length;
    if (fixed(r, 2) != 4) return false;
    uint64_t header = fixed(r, 4);
    if (header > (size_t)(r->end - r->at)) return false;
    const unsigned char *start = r->at + header;
    p->least = (unsigned)fixed(r, 1);
    fixed(r, 2); /* operations of an instruction; whether rows are statements */
    p->line_base = (int8_t)fixed(r, 1);
    p->line_range = (unsigned)fixed(r, 1);
    p->opcode_base = (unsigned)fixed(r, 1);
    for (unsigned i = 1; i < p->opcode_base; i++) p->lengths[i] = (unsigned char)fixed(r, 1);
    while (*text(r) && !r->bad) continue;
    while (!r->bad && r->at < start) {
        const char *name = text(r);
        if (!*name) break;
        if (p->file_count < MOST_FILES) p->files[++p->file_count] = name;
        for (int i = 0; i < 3; i++) leb(r, false);
    }
    r->at = start;
    return !r->bad && p->line_range && p->file_count;
}

static void add_row(program *p) {
    p->now.file = p->file && p->file <= p->file_count ? p->files[p->file] : p->files[1];
    if (p->count && p->rows[p->count - 1].offset == p->now.offset) p->count--; /* the last word counts */
    if (p->count == p->cap) {
        uint32_t cap = p->cap ? p->cap * 2 : 64;
        tsk_native_line *more = realloc(p->rows, cap * sizeof *more);
        if (!more) {
            p->r.bad = true;
            return;
        }
        p->rows = more;
        p->cap = cap;
    }
    p->rows[p->count++] = p->now;
}

/* False: the sequence is over. */
static bool extended(program *p) {
    reader *r = &p->r;
    uint64_t length = leb(r, false);
    if (!length || length > (size_t)(r->end - r->at)) return false;
    const unsigned char *next = r->at + length;
    bool ends = fixed(r, 1) == DW_LNE_end_sequence;
    r->at = next;
    return !ends;
}

static bool standard(program *p, unsigned opcode) {
    reader *r = &p->r;
    switch (opcode) {
    case DW_LNS_copy: add_row(p); break;
    case DW_LNS_advance_pc: p->now.offset += (uint32_t)leb(r, false) * p->least; break;
    case DW_LNS_advance_line: p->now.line += (uint32_t)leb(r, true); break;
    case DW_LNS_set_file: p->file = (unsigned)leb(r, false); break;
    case DW_LNS_const_add_pc: p->now.offset += (255 - p->opcode_base) / p->line_range * p->least; break;
    case DW_LNS_fixed_advance_pc: p->now.offset += (uint32_t)fixed(r, 2); break;
    default:
        for (unsigned i = 0; i < p->lengths[opcode]; i++) leb(r, false);
        break;
    }
    return true;
}

static void run(program *p) {
    bool going = true;
    p->now.line = p->file = 1;
    while (going && !p->r.bad && p->r.at < p->r.end) {
        unsigned opcode = (unsigned)fixed(&p->r, 1);
        if (opcode >= p->opcode_base) {
            unsigned special = opcode - p->opcode_base;
            p->now.offset += special / p->line_range * p->least;
            p->now.line += (uint32_t)(p->line_base + (int)(special % p->line_range));
            add_row(p);
        } else {
            going = opcode ? standard(p, opcode) : extended(p);
        }
    }
}

tsk_native_line *tsk_native_lines(const tsk_native_object *object, uint32_t *count) {
    program p = {.count = 0};
    *count = 0;
    if (!find_section(object, ".debug_line", &p.r) || !read_header(&p)) return NULL;
    run(&p);
    *count = p.count;
    return p.rows;
}
