/* What the files of String and RegExp share. */
#ifndef TSK_JS_STRING_BUILTIN_H
#define TSK_JS_STRING_BUILTIN_H

#include "runtime/builtins/library.h"

/* GetSubstitution: appends the replacement with its $-forms filled in.  `captures`: strings and undefined, from $1 on;
 * `groups` undefined: there are no names.  False: thrown. */
bool tsk_js_substitute(tsk_js *js, tsk_js_builder *out, tsk_js_string *template, tsk_js_string *subject,
                       uint32_t position, tsk_js_string *matched, const tsk_value *captures, uint32_t count,
                       tsk_value groups);
/* AdvanceStringIndex. */
TSK_INLINE uint64_t tsk_js_advance(tsk_js_string *flat, uint64_t i, bool unicode) {
    if (!unicode || i + 1 >= flat->length) return i + 1;
    uint32_t here = (uint32_t)i;
    return i + (tsk_js_unit(flat, here) >> 10 == 0x36 && tsk_js_unit(flat, here + 1) >> 10 == 0x37 ? 2 : 1);
}

#define TSK_JS_STRING_METHODS(X)                                                                                       \
    X(match) X(match_all) X(search) X(split) X(change_case) X(normalize) X(locale_compare) X(well_formed)
#define X(name) tsk_value tsk_js_string_##name##_method(tsk_js *js, const tsk_js_args *a);
TSK_JS_STRING_METHODS(X)
#undef X
/* `this` as a string, for methods of String.prototype.  NULL: thrown. */
tsk_js_string *tsk_js_string_this(tsk_js *js, const tsk_js_args *a, const char *name);

#endif
