/* Code points: sets of them, case, and the properties of \p{...}.
 *
 *   unicode_tables.c (generated) -> unicode.c: canonicalization, sets of properties -> set.c: algebra of sets
 *
 * A set is a sorted list of boundaries: start, end, start, end, ... the ends exclusive, no two ranges touching. */
#ifndef TSK_REGEX_UNICODE_H
#define TSK_REGEX_UNICODE_H

#include "runtime/base/mem.h"

#define TSK_RE_CODE_END 0x110000u

typedef struct tsk_re_set {
    uint32_t *bounds;
    uint32_t count, cap; /* of boundaries */
} tsk_re_set;

/* Every `stride`-th code point from first to last becomes itself plus delta. */
typedef struct tsk_re_case_run {
    uint32_t first, last;
    uint32_t stride;
    int32_t delta;
} tsk_re_case_run;

/* A property of strings: where its texts begin in tsk_re_text_bytes. */
typedef struct tsk_re_text_property {
    const char *name;
    uint32_t place;
} tsk_re_text_property;

extern const tsk_re_case_run tsk_re_upper_runs[], tsk_re_fold_runs[];
extern const uint32_t tsk_re_upper_run_count, tsk_re_fold_run_count;
extern const char tsk_re_names[];
extern const uint32_t tsk_re_name_count;
extern const uint16_t tsk_re_name_places[], tsk_re_name_sets[];
extern const uint32_t tsk_re_set_places[];
extern const uint8_t tsk_re_set_bytes[], tsk_re_text_bytes[];
extern const tsk_re_text_property tsk_re_text_properties[];
extern const uint32_t tsk_re_text_property_count;

/* How case is ignored: Canonicalize of the standard, with u or v (simple case folding) or without (to upper case). */
uint32_t tsk_re_canonicalize(uint32_t code, bool unicode);

/* `kind`: b for a binary property, g for General_Category, s for Script, x for Script_Extensions.
 * False when there is no such name. */
bool tsk_re_property(tsk_arena *arena, char kind, const char *name, size_t len, tsk_re_set *out);
/* The texts of a property of strings, one after the other. */
typedef struct tsk_re_text_walk {
    const uint8_t *at;
    uint32_t left;
    uint32_t codes[16], count;
} tsk_re_text_walk;
bool tsk_re_text_property_find(const char *name, size_t len, tsk_re_text_walk *walk);
bool tsk_re_next_text(tsk_re_text_walk *walk);
bool tsk_re_id_start(uint32_t code);
bool tsk_re_id_continue(uint32_t code);

/* Appends in any order; `tsk_re_set_tidy` must follow before anything else. */
void tsk_re_set_add(tsk_arena *arena, tsk_re_set *set, uint32_t first, uint32_t last);
void tsk_re_set_tidy(tsk_re_set *set);
bool tsk_re_set_has(const uint32_t *bounds, uint32_t count, uint32_t code);
void tsk_re_set_union(tsk_arena *arena, tsk_re_set *set, const tsk_re_set *other);
/* Of `set` what `other` has too, or (`without`) what it has not. */
void tsk_re_set_intersect(tsk_arena *arena, tsk_re_set *set, const tsk_re_set *other, bool without);
void tsk_re_set_complement(tsk_arena *arena, tsk_re_set *set);
/* Each member becomes its canonical form. */
void tsk_re_set_fold(tsk_arena *arena, tsk_re_set *set, bool unicode);
/* Drops members that are not canonical with u. */
void tsk_re_set_keep_folded(tsk_arena *arena, tsk_re_set *set);
/* All code points that have the canonical form of a member. */
void tsk_re_set_close(tsk_arena *arena, tsk_re_set *set, bool unicode);

#endif
