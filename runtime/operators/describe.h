/* What people are told of operators: ir/tables/builtins.def, and the services. */
#ifndef TSK_DESCRIBE_H
#define TSK_DESCRIBE_H

#include "runtime/base/base.h"

typedef struct tsk_description {
    int number;            /* of the operator */
    const char *group;     /* title */
    const char *signature; /* "upper(text)" */
    const char *summary;
    const char *example, *result; /* NULL: none, of services */
} tsk_description;

/* In the order of the documentation; false past the end. */
bool tsk_op_description(size_t i, tsk_description *out);
/* Of one operator. */
bool tsk_op_describe(uint32_t number, tsk_description *out);
/* The k-th further name of an operator; NULL past the last. */
const char *tsk_op_alias(uint32_t number, size_t k);

#endif
