/* Reading numbers for arithmetic: ints stay ints, numeric texts become the number they stand for. */
#ifndef TSK_NUMBERS_H
#define TSK_NUMBERS_H

#include "runtime/operators/internal.h"

/* An int or a double. */
bool tsk_arg_numeric(const tsk_call *call, uint32_t i, tsk_value *out);
/* The items of the first argument when it is a list, else all arguments; every one a number, in a new array. */
bool tsk_arg_numbers(const tsk_call *call, const tsk_array **out);
/* Also when it is only one; else fails: "min: argument 1 must be a list with a number in it, got array []". */
bool tsk_arg_some_numbers(const tsk_call *call, const tsk_array **out);
/* Of ints and doubles: -1, 0, 1; NaN is after everything. */
int tsk_number_order(tsk_value a, tsk_value b);
/* Sum of ints and doubles, an int where it is one. */
tsk_value tsk_number_sum(tsk_op_context *cx, const tsk_value *numbers, uint32_t count);

#endif
