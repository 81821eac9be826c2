/* Regular expressions as objects. */
#ifndef TSK_JS_REGEXP_H
#define TSK_JS_REGEXP_H

#include "runtime/js/realm.h"

/* What a literal gives; programs are compiled once for each source and flags.  NULL: thrown. */
tsk_js_object *tsk_js_regexp_new(tsk_js *js, tsk_js_string *source, tsk_js_string *flags);

#endif
