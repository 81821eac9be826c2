/* JSON for functions: the two directions, for the object JSON and for values that enter and leave. */
#ifndef TSK_JS_JSON_H
#define TSK_JS_JSON_H

#include "runtime/builtins/library.h"

/* Nesting allowed in both directions: a RangeError beyond. */
enum { TSK_JS_JSON_DEPTH = 4000 };

tsk_value tsk_js_json_parse(tsk_js *js, tsk_js_string *text);
/* `replacer` and `space` as JSON.stringify has them.  A string, undefined, or TSK_JS_THROWN. */
tsk_value tsk_js_json_stringify(tsk_js *js, tsk_value v, tsk_value replacer, tsk_value space);

#endif
