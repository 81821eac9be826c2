/* What the configuration language does with values (language.md 4.4), in one place: the folder, the
 * interpreter and the operators all call these.
 *
 * Functions that can fail return false and fill `failure`; the message names the values involved. */
#ifndef TSK_SEMANTICS_H
#define TSK_SEMANTICS_H

#include "runtime/base/diag.h"
#include "runtime/base/number.h"
#include "runtime/base/value.h"

struct tsk_failure;

/* left fold of `+`: numbers add, anything else concatenates; linear in the size of the result */
bool tsk_value_add(tsk_arena *heap, const tsk_value *args, uint32_t count, tsk_value *out, struct tsk_failure *failure);
/* `op` is TSK_IR_SUB, MUL, DIV, MOD or POW, numbers or numeric strings; '/' gives an int when integral */
bool tsk_value_arith(tsk_arena *heap, int op, tsk_value a, tsk_value b, tsk_value *out, struct tsk_failure *failure);
bool tsk_value_negate(tsk_arena *heap, tsk_value a, tsk_value *out, struct tsk_failure *failure);
bool tsk_value_equal(tsk_value a, tsk_value b); /* == */
bool tsk_value_same(tsk_value a, tsk_value b);  /* === : same kind (int and double are one) and deep equal */
/* -1, 0, 1; 2: not comparable (every relation is false) */
int tsk_value_compare(tsk_value a, tsk_value b);
bool tsk_value_in(tsk_value needle, tsk_value haystack); /* item of array, key of object, part of string */
bool tsk_value_truth(tsk_value v);
bool tsk_value_condition(tsk_value v);
/* A number the text or value stands for: ints, doubles, bools no, strings when the whole text is a number. */
bool tsk_value_number(tsk_value v, double *out);
bool tsk_value_to_int(tsk_arena *heap, tsk_value v, tsk_value *out, struct tsk_failure *failure);
/* The message of a failure of these two lives until the next one in the same thread. */
bool tsk_value_to_float(tsk_value v, tsk_value *out, struct tsk_failure *failure);
bool tsk_value_to_bool(tsk_value v, tsk_value *out, struct tsk_failure *failure);
/* The text `+` and "${}" use: null "", true "true", 1.5 "1.5", 2.0 "2", containers as JSON. */
void tsk_value_text(tsk_buf *out, tsk_value v);
tsk_value tsk_value_string(tsk_arena *heap, tsk_value v);
/* Also `length` of strings and arrays, and an index as a name: servers.0. */
tsk_value tsk_value_member(tsk_arena *heap, tsk_value v, const char *name, uint32_t len);
tsk_value tsk_value_index(tsk_arena *heap, tsk_value v, tsk_value i);
tsk_value tsk_value_slice(tsk_arena *heap, tsk_value v, tsk_value from, tsk_value to);
/* Deep copy into another heap; nothing of the source heap is referenced. */
tsk_value tsk_value_copy(tsk_arena *heap, tsk_value v);

#endif
