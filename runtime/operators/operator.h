/* Operators: what `@name(...)`, `name(...)` and `value.name(...)` call.
 *
 *   operators.def ──► numbers, arities, effects, capabilities
 *                └──► tsk_operators[]: one C function each, in the file of its group
 *
 * An operator gets evaluated arguments and gives a value or an error.  It allocates from cx->heap only
 * (which does not return NULL but leaves by the trap), so an operator that holds anything else (a file,
 * a statement) must not allocate from the heap while it holds it, or must have registered it with the context.
 *
 * Operators never see thunks, and never keep a value past their return except in the context's stores.
 */
#ifndef TSK_OPERATOR_H
#define TSK_OPERATOR_H

#include "ir/ir.h"
#include "ir/op_number.h"
#include "runtime/base/diag.h"
#include "runtime/base/value.h"

typedef enum tsk_capability {
    TSK_CAP_ENV = 1,
    TSK_CAP_READ = 2,
    TSK_CAP_WRITE = 4,
    TSK_CAP_NET = 8,
    TSK_CAP_RUN = 16
} tsk_capability;

/* Granted by the host, fixed when a snapshot is made.  Strings are borrowed from the host's options. */
typedef struct tsk_capabilities {
    uint32_t mask;                 /* tsk_capability */
    const char *const *env_names;  /* NULL-terminated; NULL = every name */
    const char *const *read_roots; /* directories; NULL-terminated; NULL = everything */
    const char *const *write_roots;
} tsk_capabilities;

/* The error that an operator returns by: code, and a message in the heap. */
typedef struct tsk_failure {
    tsk_code code;
    const char *message;
    const char *hint; /* may be NULL */
} tsk_failure;

/* What an operator may use of the evaluation that calls it. */
typedef struct tsk_op_context {
    tsk_arena *heap;
    const tsk_capabilities *caps;
    tsk_failure *failure;
    const char *directory;       /* of the configuration: relative paths start here; "." when unknown */
    bool has_now;                /* TSK_NOW or --now */
    int64_t now_ms;              /* then: milliseconds since 1970 */
    const char *state_directory; /* of stores that outlive the process; NULL: there are none */
    const char *const *env;      /* like environ; the snapshot's copy; NULL = the process environment */
    uint32_t max_depth;          /* of nesting in data that is read */
    /* Root of the document with everything computed that is wanted; dotted path; null when missing. */
    bool (*lookup)(void *user, const char *path, uint32_t len, tsk_value *out);
    /* Values of a document in another file: @name.tsk.get. */
    bool (*cross_file)(void *user, tsk_slice file, tsk_slice path, const tsk_value *set, tsk_value *out);
    /* Told the absolute path of whatever is going to be read; NULL: nobody wants to know. */
    void (*reading)(void *user, const char *path);
    void *user;
    struct tsk_web *web;       /* the request that is answered, see web.h; NULL outside a server */
    bool may_wait;             /* the evaluation can be suspended here */
    void *wait;                /* of an operator that waits, see tsk_op_may_wait */
    struct tsk_stores *stores; /* of the context: variables, metrics, cache, databases; NULL while folding */
} tsk_op_context;

/* False: cx->failure is filled, by tsk_op_fail. */
typedef bool (*tsk_operator_fn)(tsk_op_context *cx, const tsk_value *args, uint32_t count, tsk_value *out);

/* Returns false, so that `return tsk_op_fail(...)` reads well. */
bool tsk_op_fail(tsk_op_context *cx, tsk_code code, const char *fmt, ...) TSK_PRINTF(3, 4);
bool tsk_op_hint(tsk_op_context *cx, const char *fmt, ...) TSK_PRINTF(2, 3); /* after tsk_op_fail; returns false */

/* An operator that has to wait asks first, so that nothing is begun where nobody could go on: false, cx->failure names
 * it.  Then it begins its work, leaves in cx->wait what stands for it, and returns false.  The host resumes the
 * evaluation with the answer (tsk_interp_resume), or lets go of the work and abandons the evaluation. */
bool tsk_op_may_wait(tsk_op_context *cx, const char *name);

typedef struct tsk_operator {
    const char *name;
    int16_t min, max; /* arguments; max -1: any number */
    uint8_t effect;   /* tsk_effect */
    uint8_t caps;     /* needed */
    tsk_operator_fn fn;
} tsk_operator;

extern const tsk_operator tsk_operators[TSK_OP_COUNT];

/* Names are compared without case, `_` and `.`, so base64_encode and base64Encode are one; aliases are in
 * aliases.def.  `string.upper` finds UPPER.  Safe from any thread.  False: no such operator. */
bool tsk_op_find(const char *name, size_t len, uint32_t *number);
/* Methods of values: "x".upper(), list.includes(1).  The receiver is the first argument. */
bool tsk_op_method(tsk_op_context *cx, tsk_slice name, const tsk_value *args, uint32_t count, tsk_value *out);
/* When the first argument is this literal, a number with the right effect for the same arguments: FILE "write" is
 * FILE_OP_WRITE.  False: `number` stays. */
bool tsk_op_specialize(uint32_t number, tsk_slice first_literal, uint32_t *better);
/* Names of keys and variables whose values are not shown: *_SECRET, *_TOKEN, password, api_key ... */
bool tsk_op_is_secret_name(tsk_slice name);
/* All names, for "did you mean". */
size_t tsk_op_names(const tsk_slice **names);

/* State that operators keep in a context (stores.c). */
struct tsk_stores *tsk_stores_new(const tsk_allocator *allocator);
void tsk_stores_free(struct tsk_stores *stores);

#endif
