/* Reading dates, zones and the clock for the date operators. */
#ifndef TSK_DATE_READ_H
#define TSK_DATE_READ_H

#include "runtime/operators/date.h"
#include "runtime/operators/internal.h"

tsk_moment tsk_date_now(const tsk_op_context *cx, const tsk_zone *zone);
const tsk_zone *tsk_date_local_zone(const tsk_op_context *cx);
/* An argument as a moment: text, or a number of seconds (from 1e11 on milliseconds); missing or null is now. */
bool tsk_arg_moment(const tsk_call *call, uint32_t i, const tsk_zone *zone, tsk_moment *out, tsk_date_shape *shape);
/* A time zone; missing or null is the local one. */
bool tsk_arg_zone(const tsk_call *call, uint32_t i, const tsk_zone **out);
/* "1d", "2 weeks", "1 month 3 days", or a number of days; moves the moment by `sign` times that. */
bool tsk_arg_shift(const tsk_call *call, uint32_t i, int sign, tsk_moment *moment, tsk_date_shape *shape);
tsk_value tsk_date_text(tsk_op_context *cx, const tsk_moment *m, tsk_slice format);
/* In the way the date it came from was written. */
tsk_value tsk_date_shaped(tsk_op_context *cx, const tsk_moment *m, tsk_date_shape shape);

#define TSK_DATE_TIME TSK_SLICE("Y-m-d H:i:s")
#define TSK_DATE_ONLY TSK_SLICE("Y-m-d")

#endif
