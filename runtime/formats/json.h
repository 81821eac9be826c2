/* The JSON reader: RFC 8259, strict. */
#ifndef TSK_JSON_H
#define TSK_JSON_H

#include "runtime/formats/formats.h"
#include "runtime/operators/operator.h"

/* Strings without escapes point into the text, which must live as long as the arena.  A duplicate key: the last
 * one wins.  Integers that fit 64 bits are ints, all other numbers doubles.  max_depth 0 is 1000.
 * False: `problem` has the place, `failure` names line and column. */
bool tsk_json_read(tsk_arena *arena, const char *text, size_t len, uint32_t max_depth, tsk_value *out,
                   tsk_read_problem *problem);
bool tsk_json_parse(tsk_arena *arena, const char *text, size_t len, uint32_t max_depth, tsk_value *out,
                    tsk_failure *failure);

#endif
