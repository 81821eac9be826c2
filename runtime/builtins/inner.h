/* What functions of the library that are written in our own language ask C for.
 *
 *   array_iterate.js ... ─► embedded text ─► tsk_js_library_text ─► (first look at Array.prototype.map) compiled, a closure
 *                                              `@species(o, n)` ─► JS_LIBRARY ─► tsk_js_inner_species
 *
 * These functions call nothing that a program gave as a callback, so the interpreter keeps the frames of map, sort and
 * the like on its own stack.  Getters, proxies of length and species constructors are called from C. */
#ifndef TSK_JS_INNER_H
#define TSK_JS_INNER_H

#include "runtime/builtins/library.h"

#define X(name, op)
#define Y(name, function) tsk_value function(tsk_js *js, const tsk_js_args *a);
#include "ir/tables/library.def"
#undef X
#undef Y

/* The slow sides of JS_ITEM and JS_PUT; `index` is a number. */
tsk_value tsk_js_inner_item(tsk_js *js, tsk_value object, tsk_value index);
bool tsk_js_inner_put(tsk_js *js, tsk_value object, tsk_value index, tsk_value v);

/* All .js files of this folder, one after the other (made by the build): functions begin in the first column as
 * `Name(` and end with a line `}`. */
extern const char tsk_js_library_text[];

#endif
