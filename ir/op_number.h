/* Numbers of operators, for everyone who names one. */
#ifndef TSK_OP_NUMBER_H
#define TSK_OP_NUMBER_H

typedef enum tsk_op_number {
#define X(number, name, min, max, effect, caps, fn) TSK_OP_##number,
#include "ir/tables/operators.def"
#undef X
    TSK_OP_COUNT
} tsk_op_number;

#endif
