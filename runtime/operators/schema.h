/* Schemas: what values must look like.
 *
 *   JSON Schema                 {"type": "object", "properties": {"port": {"type": "integer", "maximum": 65535}}}
 *   schemas of TuskLang         port { type: "int", max: 65535 }        docs/schema.md has both
 *
 * One walk over a value and its schema, without making anything of the schema first.  Both are told to the one who reports
 * as the way from the root, so that he can find the places in the sources.
 *
 * Every walk ends: references may go in circles, so steps and nesting are counted. */
#ifndef TSK_SCHEMA_H
#define TSK_SCHEMA_H

#include "runtime/base/value.h"

/* One step on the way to a value, on the stack of the walk. */
typedef struct tsk_schema_step {
    const struct tsk_schema_step *up;
    const tsk_entry *entry; /* NULL: an item */
    uint32_t index;
    tsk_value value; /* as it stands in the tree */
} tsk_schema_step;

typedef struct tsk_schema_check {
    tsk_arena *heap;
    tsk_value root; /* the schema */
    bool tusk;      /* it is one of TuskLang */
    bool strict;    /* then: other keys are not allowed anywhere */
    /* Values that are computed when they are wanted; false: not known.  NULL: there are none. */
    bool (*force)(void *user, tsk_value *v);
    void (*report)(void *user, const tsk_schema_step *at, const tsk_schema_step *rule, const char *what,
                   const char *hint);
    void *user;
    /* When the walk could not be finished: what is wrong with the schema. */
    const char *problem;
    tsk_schema_step problem_at;
    /* the walk's own */
    uint64_t steps;
    uint32_t quiet, depth;
    struct tsk_schema_pattern *patterns;
} tsk_schema_check;

/* False: c->problem. */
bool tsk_schema_check_value(tsk_schema_check *c, tsk_value v);
/* "server.users[0].name"; "" for the root. */
void tsk_schema_path(tsk_buf *out, const tsk_schema_step *at);
/* Of a schema of TuskLang: the description of a field, told from a block of fields. */
bool tsk_schema_is_rule(tsk_value v);
bool tsk_schema_is_json(tsk_value v);

/* ---- shared by schema.c, schema_json.c and schema_tsk.c ---- */
bool tsk_schema_fail(tsk_schema_check *c, const tsk_schema_step *at, const tsk_schema_step *rule, const char *hint,
                     const char *fmt, ...) TSK_PRINTF(5, 6);
bool tsk_schema_stop(tsk_schema_check *c, const tsk_schema_step *rule, const char *fmt, ...) TSK_PRINTF(3, 4);
bool tsk_schema_json(tsk_schema_check *c, const tsk_schema_step *at, tsk_value v, const tsk_schema_step *rule);
bool tsk_schema_tsk(tsk_schema_check *c, const tsk_schema_step *at, tsk_value v, const tsk_schema_step *rule);
const tsk_entry *tsk_schema_rule(const tsk_object *schema, const char *name);
tsk_schema_step tsk_schema_below(const tsk_schema_step *up, const tsk_entry *entry);
tsk_schema_step tsk_schema_item(const tsk_schema_step *up, uint32_t index, tsk_value v);
/* The measure against a bound; `direction` 1: a least one. */
bool tsk_schema_bound(tsk_schema_check *c, const tsk_schema_step *at, const tsk_schema_step *rule, double measure,
                      int direction, bool strict, const char *noun);
bool tsk_schema_pattern(tsk_schema_check *c, const tsk_schema_step *at, const tsk_schema_step *rule, tsk_slice text);
/* True when it is, or nobody knows the format. */
bool tsk_schema_has_format(tsk_slice text, tsk_slice format, bool *known);
const char *tsk_schema_show(tsk_schema_check *c, tsk_value v);
/* One of the values of a list; false and reported when it is none. */
bool tsk_schema_enum(tsk_schema_check *c, const tsk_schema_step *at, const tsk_schema_step *rule, tsk_value v,
                     tsk_value allowed);
bool tsk_schema_unique(tsk_schema_check *c, const tsk_schema_step *at, const tsk_schema_step *rule,
                       const tsk_array *list);
/* Computes what is not there yet; false: not known. */
bool tsk_schema_force(const tsk_schema_check *c, tsk_value *v);
#endif
