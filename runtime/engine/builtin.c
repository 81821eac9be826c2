/* The functions of tusk.h that describe the built-ins. */
#include "runtime/engine/engine.h"

#include "runtime/operators/describe.h"

static bool give(bool found, const tsk_description *d, tusk_builtin *out) {
    if (!found || !out) return false;
    *out = (tusk_builtin){
        tsk_operators[d->number].name, d->group, d->signature, d->summary, d->example, d->result, (unsigned)d->number};
    return true;
}

bool tusk_builtin_at(size_t i, tusk_builtin *builtin) {
    tsk_description d;
    return give(tsk_op_description(i, &d), &d, builtin);
}

bool tusk_builtin_named(const char *name, tusk_builtin *builtin) {
    tsk_description d;
    uint32_t number;
    return name && tsk_op_find(name, strlen(name), &number) && give(tsk_op_describe(number, &d), &d, builtin);
}

const char *tusk_builtin_alias(const tusk_builtin *builtin, size_t k) {
    return builtin ? tsk_op_alias(builtin->number, k) : NULL;
}
