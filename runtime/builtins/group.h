/* For the tables of Object and Map. */
#ifndef TSK_JS_GROUP_H
#define TSK_JS_GROUP_H

#include "runtime/builtins/library.h"

tsk_value tsk_js_group_by(tsk_js *js, const tsk_js_args *a); /* data: into a Map */

#endif
