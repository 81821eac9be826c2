/* Values as text for people: what console.log prints.
 *
 *   inspect.c ─ objects ─► entries      inspect_text.c ─ primitives, names of properties
 *   inspect_layout.c ─ entries ─► one line, several, or columns      format.c ─ "%s is %d"
 */
#ifndef TSK_JS_INSPECT_H
#define TSK_JS_INSPECT_H

#include "runtime/builtins/library.h"

#define TSK_JS_INSPECT_ALL 300 /* a depth: everything; deeper ones than that are cut, as the machine stack is finite */

typedef struct tsk_js_inspect_options {
    int depth;      /* of nested objects that are shown; -1: not even the object itself */
    uint32_t items; /* elements that are shown of each; 0: as many as usual */
    bool hidden;    /* properties that are not enumerable too */
    bool one_line;  /* however long it is */
} tsk_js_inspect_options;
/* Appends the value as Node's util.inspect shows it.  Calls no user code but getters of @@toStringTag, and leaves no
 * exception. */
void tsk_js_inspect(tsk_js *js, tsk_value v, tsk_js_inspect_options options, tsk_buf *out);
/* The arguments of console.log: a format and its values, or values with spaces between them. */
bool tsk_js_format_message(tsk_js *js, uint32_t count, const tsk_value *values, tsk_buf *out); /* false: thrown */
/* console.table of an object (console_table.c).  False: thrown. */
bool tsk_js_format_table(tsk_js *js, tsk_js_object *data, tsk_value columns, tsk_buf *out);

/* ---- between the files ---- */
typedef struct tsk_js_inspected {
    const struct tsk_js_inspected *outer;
    const tsk_js_object *object;
} tsk_js_inspected;

typedef struct tsk_js_inspector {
    tsk_js *js;
    tsk_arena *arena;
    const tsk_js_inspected *seen; /* objects that are being shown, innermost first */
    tsk_js_inspect_options options;
    int depth, last_depth; /* last: of the object that was begun last */
    unsigned indent;
    const tsk_js_object **circular; /* those met again below themselves, numbered from 1 */
    uint32_t circular_count, circular_room;
} tsk_js_inspector;

typedef struct tsk_js_entries {
    const char **texts; /* NUL-terminated */
    uint32_t count, capacity;
    bool more; /* the last says how many are left out */
} tsk_js_entries;

typedef struct tsk_js_layout {
    const char *base; /* "": what stands alone when there are no properties, as [Function: f] */
    const char *open, *close;
    bool elements, numbers; /* of an array; all of them numbers */
} tsk_js_layout;

void tsk_js_entries_add(tsk_js_inspector *in, tsk_js_entries *list, const char *text);
const char *tsk_js_laid_out(tsk_js_inspector *in, tsk_js_entries *list, const tsk_js_layout *layout);

const char *tsk_js_inspect_utf8(tsk_js_inspector *in, tsk_js_string *s);
const char *tsk_js_inspect_quoted(tsk_js_inspector *in, tsk_js_string *s);
const char *tsk_js_inspect_primitive(tsk_js_inspector *in, tsk_value v);
const char *tsk_js_inspect_key(tsk_js_inspector *in, tsk_value key, bool enumerable);
unsigned tsk_js_inspect_columns(const char *text); /* of a terminal */

#endif
