/* The table of kinds that the heap of functions is made with.  A cell of kind CONTINUATION has its size in bytes in
 * `word` and is traced word by word. */
#ifndef TSK_JS_KINDS_H
#define TSK_JS_KINDS_H

#include "runtime/js/object.h"

extern const tsk_heap_kind tsk_js_heap_kinds[TSK_JS_KINDS];

#endif
