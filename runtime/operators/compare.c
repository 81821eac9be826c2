/* Comparisons and logic as functions. */
#include "runtime/operators/internal.h"

#define COMPARISON(name, expression)                                                                                   \
    TSK_OPERATOR(name) {                                                                                               \
        (void)cx;                                                                                                      \
        *out = tsk_from_bool(expression);                                                                              \
        return true;                                                                                                   \
    }

static bool at_most(tsk_value a, tsk_value b) {
    int order = tsk_value_compare(a, b);
    return order == -1 || order == 0;
}

COMPARISON(equals, tsk_value_equal(args[0], args[1]))
COMPARISON(not_equals, !tsk_value_equal(args[0], args[1]))
COMPARISON(deep_equals, tsk_value_same(args[0], args[1]))
COMPARISON(greater_than, tsk_value_compare(args[0], args[1]) == 1)
COMPARISON(greater_or_equal, at_most(args[1], args[0]))
COMPARISON(less_than, tsk_value_compare(args[0], args[1]) == -1)
COMPARISON(less_or_equal, at_most(args[0], args[1]))
COMPARISON(in_range, at_most(args[1], args[0]) && at_most(args[0], args[2]))
COMPARISON(outside_range, !(at_most(args[1], args[0]) && at_most(args[0], args[2])))
COMPARISON(not, !tsk_value_truth(args[0]))

TSK_OPERATOR(and) {
    (void)cx;
    bool all = true;
    for (uint32_t i = 0; i < count; i++) all = all && tsk_value_truth(args[i]);
    *out = tsk_from_bool(all);
    return true;
}

TSK_OPERATOR(or) {
    (void)cx;
    bool any = false;
    for (uint32_t i = 0; i < count; i++) any = any || tsk_value_truth(args[i]);
    *out = tsk_from_bool(any);
    return true;
}
