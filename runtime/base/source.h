/* Source texts and positions in them.
 *
 * All sources of a program share one 32-bit space of positions: source s covers
 * [s->base, s->base + s->len].  A span is therefore 8 bytes, whatever the number of files.
 * Position 0 means "nowhere".
 *
 * Every text is followed by TSK_SOURCE_PADDING zero bytes, so scanners may load 16 bytes anywhere.
 */
#ifndef TSK_SOURCE_H
#define TSK_SOURCE_H

#include "runtime/base/mem.h"

#define TSK_SOURCE_PADDING 64

typedef struct tsk_span {
    uint32_t pos;
    uint32_t len;
} tsk_span;

typedef struct tsk_source {
    const char *name; /* as shown in diagnostics: the path as given, or "<stdin>" */
    const char *text;
    uint32_t len;
    uint32_t base;
    uint32_t *lines; /* offsets of line starts, by tsk_source_index; NULL: they are counted at each question */
    uint32_t line_count;
} tsk_source;

typedef struct tsk_sources {
    tsk_arena *arena;
    tsk_source **list; /* by ascending base */
    uint32_t count, cap;
} tsk_sources;

/* A copy that is padded as texts of sources are. */
char *tsk_source_copy(tsk_arena *arena, const char *text, size_t len);
/* Takes `text`, which is padded and lives as long as the arena.  NULL when the space of positions is full. */
tsk_source *tsk_sources_add(tsk_sources *sources, const char *name, const char *text, uint32_t len);
/* NULL for position 0 or outside every source. */
tsk_source *tsk_sources_at(const tsk_sources *sources, uint32_t pos);
/* The source whose text this pointer is in, and its position; 0 when it is in none. */
uint32_t tsk_sources_pos(const tsk_sources *sources, const char *ptr);

/* Makes `lines`, for those who ask about many positions.  Not while another thread reads the sources. */
void tsk_source_index(tsk_sources *sources, tsk_source *source);

typedef struct tsk_location {
    const tsk_source *source;
    uint32_t line;        /* from 1 */
    uint32_t column;      /* from 1, in display columns: wide characters count two, combining ones none */
    tsk_slice line_text;  /* without its newline */
    uint32_t line_offset; /* byte of the position in line_text */
} tsk_location;

/* False for position 0. */
bool tsk_sources_locate(const tsk_sources *sources, uint32_t pos, tsk_location *out);

#endif
