/* Regular expressions as objects.
 *
 *   regexp.c ─ RegExp, exec, flags     regexp_symbols.c ─ match, replace, search, split     regexp_programs.c ─ compiled
 *
 * A realm keeps the programs of the expressions used last; an object whose program has gone is compiled again. */
#ifndef TSK_JS_REGEXP_H
#define TSK_JS_REGEXP_H

#include "runtime/builtins/library.h"
#include "runtime/regex/regex.h"

typedef struct tsk_js_regexp {
    tsk_js_object object;    /* its one slot at first: lastIndex */
    tsk_value source, flags; /* strings */
    uint32_t bits;           /* TSK_RE_* */
    uint32_t place;          /* of the program, see regexp_programs.c */
    uint64_t serial;
} tsk_js_regexp;

/* What a literal gives.  NULL: thrown. */
tsk_js_object *tsk_js_regexp_new(tsk_js *js, tsk_js_string *source, tsk_js_string *flags);
TSK_INLINE tsk_js_regexp *tsk_js_as_regexp(tsk_value v) {
    return tsk_js_is_class(v, TSK_JS_REGEXP) ? (tsk_js_regexp *)(void *)tsk_js_as_object(v) : NULL;
}

/* ---- regexp_programs.c ---- */
/* The program of the object; NULL: thrown (SyntaxError). */
const tsk_re_program *tsk_js_regexp_program(tsk_js *js, tsk_js_regexp *re);
/* 1: matches, `captures` has room for all groups; 0; -1: thrown. */
int tsk_js_regexp_run(tsk_js *js, const tsk_re_program *program, tsk_js_string *s, uint32_t start, uint32_t *captures);
void tsk_js_regexp_forget(tsk_js *js); /* when the realm ends */

/* ---- regexp_escape.c ---- */
tsk_value tsk_js_regexp_escape(tsk_js *js, const tsk_js_args *a);

/* ---- regexp.c ---- */
/* RegExpBuiltinExec: an array, or null. */
tsk_value tsk_js_regexp_builtin_exec(tsk_js *js, tsk_js_regexp *re, tsk_js_string *s);
/* RegExpExec: what the object's `exec` gives. */
tsk_value tsk_js_regexp_exec(tsk_js *js, tsk_js_object *o, tsk_js_string *s);
/* Nobody can tell when its methods are not called: neither it nor the prototype has been changed. */
bool tsk_js_regexp_is_pristine(tsk_js *js, const tsk_js_object *o);
bool tsk_js_regexp_last_index(tsk_js *js, tsk_js_object *o, uint64_t *out);
bool tsk_js_regexp_put_last_index(tsk_js *js, tsk_js_object *o, uint64_t i);

#define TSK_JS_REGEXP_METHODS(X) X(match) X(match_all) X(search) X(split) X(next)
#define X(name) tsk_value tsk_js_regexp_##name##_method(tsk_js *js, const tsk_js_args *a);
TSK_JS_REGEXP_METHODS(X)
#undef X

#endif
