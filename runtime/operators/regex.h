/* Regular expressions for other operators. */
#ifndef TSK_REGEX_H
#define TSK_REGEX_H

#include "runtime/operators/operator.h"

/* False: the pattern is malformed or too expensive, or PCRE2 is missing; cx->failure is filled. */
bool tsk_regex_matches(tsk_op_context *cx, tsk_slice pattern, tsk_slice text, bool *out);

#endif
