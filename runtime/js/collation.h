/* The order of texts for people, as the root collation of Unicode has it for the scripts of Europe.
 *
 * A character has weights of three levels: the letter, its accents, its case.  Texts are compared by all letters first, then by
 * all accents, then by case.  What the table (made by tools/collation-table.mjs) does not cover comes behind it, by code
 * point; language makes no difference. */
#ifndef TSK_JS_COLLATION_H
#define TSK_JS_COLLATION_H

#include "runtime/js/realm.h"

/* -1, 0 or 1; both flat and in the form NFD.  0 for texts that differ in nothing that the order sees. */
int tsk_js_collate(const tsk_js_string *a, const tsk_js_string *b);

/* ---- tables ---- */
/* No letter: a mark, or (all zero) nothing.  A second letter: æ is like ae. */
typedef struct tsk_js_collation {
    uint16_t letter, second_letter;
    uint8_t accent, letter_case;
} tsk_js_collation;
typedef struct tsk_js_collation_range {
    uint32_t first, end;
    uint32_t place;
} tsk_js_collation_range;

extern const tsk_js_collation_range tsk_js_collation_ranges[];
extern const uint32_t tsk_js_collation_range_count;
extern const tsk_js_collation tsk_js_collation_table[];

#endif
