/* Values as text for people: what console.log prints. */
#ifndef TSK_JS_INSPECT_H
#define TSK_JS_INSPECT_H

#include "runtime/builtins/library.h"

/* Appends the value as Node's util.inspect shows it, nested objects down to `depth`.  Calls no user code and leaves no
 * exception. */
void tsk_js_inspect(tsk_js *js, tsk_value v, unsigned depth, tsk_buf *out);
/* The arguments of console.log: a format and its values, or values with spaces between them. */
bool tsk_js_format_message(tsk_js *js, uint32_t count, const tsk_value *values, tsk_buf *out); /* false: thrown */

#endif
