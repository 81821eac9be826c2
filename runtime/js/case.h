/* Upper and lower case of code points, with what becomes several (tables made by tools/case-tables.mjs). */
#ifndef TSK_JS_CASE_H
#define TSK_JS_CASE_H

#include "runtime/base/base.h"

/* Every `stride`-th code point from first to last becomes itself plus delta. */
typedef struct tsk_js_case_run {
    uint32_t first, last;
    uint32_t stride;
    int32_t delta;
} tsk_js_case_run;

extern const tsk_js_case_run tsk_js_upper_runs[], tsk_js_lower_runs[];
extern const uint32_t tsk_js_upper_run_count, tsk_js_lower_run_count;
/* A code point and the two or three that it becomes. */
extern const uint32_t tsk_js_upper_special[][4], tsk_js_lower_special[][4];
extern const uint32_t tsk_js_upper_special_count, tsk_js_lower_special_count;

/* Writes 1 to 3 code points; their number is returned. */
unsigned tsk_js_case(uint32_t code, bool upper, uint32_t out[3]);
/* For the sigma at the end of words. */
bool tsk_js_is_cased(uint32_t code);
bool tsk_js_is_case_ignorable(uint32_t code);

#endif
