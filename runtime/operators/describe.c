/* The table of descriptions.  Nobody asks for many of them, so what is looked for is looked for from the start. */
#include "runtime/operators/describe.h"

#include "runtime/operators/internal.h"

static const tsk_description descriptions[] = {
#define G(title) {-1, title, NULL, NULL, NULL, NULL},
#define B(number, signature, summary, example, result) {TSK_OP_##number, NULL, signature, summary, example, result},
#include "ir/tables/builtins.def"
#undef G
#undef B
    {-1, "Other languages", NULL, NULL, NULL, NULL},
#define F(number, name, what)                                                                                          \
    {TSK_OP_##number, NULL, name "(...)", "An error: a configuration does not call " what ".", NULL, NULL},
#define S(number, name, what)
#include "ir/tables/services.def"
#undef F
#undef S
    {-1, "Services", NULL, NULL, NULL, NULL},
#define F(number, name, what)
#define S(number, name, what)                                                                                          \
    {TSK_OP_##number, NULL, name "(...)", "Needs " what "; here it is `{success: false, error: ...}`.", NULL, NULL},
#include "ir/tables/services.def"
#undef F
#undef S
};

static const struct {
    const char *name;
    uint32_t number;
} aliases[] = {
#define A(name, number) {name, TSK_OP_##number},
#include "ir/tables/aliases.def"
#undef A
};

/* The row that is number `i`, or with i < 0 the one of the operator. */
static bool find(int64_t i, uint32_t number, tsk_description *out) {
    const char *group = "";
    for (size_t k = 0; k < TSK_COUNT(descriptions); k++) {
        if (descriptions[k].number < 0) {
            group = descriptions[k].group;
            continue;
        }
        if (i < 0 ? (uint32_t)descriptions[k].number != number : i-- > 0) continue;
        *out = descriptions[k];
        out->group = group;
        return true;
    }
    return false;
}

bool tsk_op_description(size_t i, tsk_description *out) {
    return find((int64_t)i, 0, out);
}

bool tsk_op_describe(uint32_t number, tsk_description *out) {
    return find(-1, number, out);
}

const char *tsk_op_alias(uint32_t number, size_t k) {
    for (size_t i = 0; i < TSK_COUNT(aliases); i++)
        if (aliases[i].number == number && k-- == 0) return aliases[i].name;
    return NULL;
}
