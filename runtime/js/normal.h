/* Normal forms of Unicode (tables made by tools/normal-tables.mjs).
 *
 *   code points ─► decompose ─► order marks by their class ─► (NFC, NFKC) compose ─► units
 *
 * The text goes through in pieces: a starter and the marks behind it.  Memory is needed for the longest run of marks only. */
#ifndef TSK_JS_NORMAL_H
#define TSK_JS_NORMAL_H

#include "runtime/js/realm.h"

typedef enum tsk_js_form { TSK_JS_NFC, TSK_JS_NFD, TSK_JS_NFKC, TSK_JS_NFKD } tsk_js_form;

/* `s` flat; the same string when it is in that form already.  NULL: thrown. */
tsk_js_string *tsk_js_normalize(tsk_js *js, tsk_js_string *s, tsk_js_form form);

/* Where the combining class of a mark stands among all classes, from 1; 0: no mark, or one of class 0. */
uint32_t tsk_js_mark_rank(uint32_t code);

/* ---- tables, in the order of their first fields ---- */
/* What a code point becomes in the end: `length` code points, in units from `place` on. */
typedef struct tsk_js_decomposition {
    uint32_t code;
    uint16_t place;
    uint16_t length;
} tsk_js_decomposition;
/* `first` and `second` become `whole`. */
typedef struct tsk_js_composition {
    uint32_t first, second, whole;
} tsk_js_composition;
/* Marks from first to last; the rank of their combining class, from 1. */
typedef struct tsk_js_class_run {
    uint32_t first, last;
    uint32_t rank;
} tsk_js_class_run;

extern const tsk_js_decomposition tsk_js_canonical[], tsk_js_compatible[];
extern const tsk_js_composition tsk_js_compositions[];
extern const tsk_js_class_run tsk_js_class_runs[];
extern const uint16_t tsk_js_decomposition_units[];
extern const uint32_t tsk_js_canonical_count, tsk_js_compatible_count, tsk_js_composition_count, tsk_js_class_run_count;

#endif
