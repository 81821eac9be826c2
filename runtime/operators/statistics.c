/* Over a list or over the arguments: smallest, largest, sums, means, spread. */
#include "runtime/operators/internal.h"

#include <math.h>
#include <stdlib.h>

/* The numbers of a call: those of the only argument when it is a list.  Texts have become numbers; ints stay exact. */
typedef struct sample {
    tsk_value *values;
    uint32_t count;
    double *numbers;
} sample;

static bool read_sample_of(const tsk_call *call, const tsk_value *values, uint32_t count, sample *s) {
    tsk_arena *heap = call->cx->heap;
    *s = (sample){TSK_NEW_ARRAY(heap, tsk_value, count), count, TSK_NEW_ARRAY(heap, double, count)};
    for (uint32_t i = 0; i < count; i++) {
        if (tsk_is_null(values[i]) || !tsk_value_number(values[i], &s->numbers[i]))
            return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: item %u must be a number, got %s", call->name, i + 1,
                               tsk_op_show(call->cx, values[i]));
        s->values[i] = tsk_is_number(values[i]) ? values[i] : tsk_op_numeric(call->cx, s->numbers[i]);
    }
    return true;
}

static bool read_sample(const tsk_call *call, sample *s) {
    if (call->count == 1 && tsk_is_array(call->args[0]))
        return read_sample_of(call, tsk_as_array(call->args[0])->items, tsk_as_array(call->args[0])->count, s);
    return read_sample_of(call, call->args, call->count, s);
}

static bool not_empty(const tsk_call *call, const sample *s) {
    return s->count || tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: the list is empty", call->name);
}

/* Ints by their exact value, all else as doubles; NaN is above nothing and below nothing. */
static int order(tsk_value a, tsk_value b) {
    if (tsk_is_int(a) && tsk_is_int(b)) {
        int64_t x = tsk_as_int(a), y = tsk_as_int(b);
        return (x > y) - (x < y);
    }
    double x = tsk_as_number(a), y = tsk_as_number(b);
    return (x > y) - (x < y);
}

static bool extreme(const tsk_call *call, int sign, tsk_value *out) {
    sample s;
    if (!read_sample(call, &s) || !not_empty(call, &s)) return false;
    *out = s.values[0];
    for (uint32_t i = 1; i < s.count; i++)
        if (order(s.values[i], *out) * sign > 0) *out = s.values[i];
    return true;
}

TSK_OPERATOR(min) {
    TSK_CALL("min");
    return extreme(&call, -1, out);
}

TSK_OPERATOR(max) {
    TSK_CALL("max");
    return extreme(&call, 1, out);
}

/* Exact while all are ints and the sum fits; else the compensated sum of doubles. */
static tsk_value sum_of(tsk_op_context *cx, const sample *s) {
    int64_t whole = 0;
    bool exact = true;
    for (uint32_t i = 0; exact && i < s->count; i++)
        exact = tsk_is_int(s->values[i]) && !__builtin_add_overflow(whole, tsk_as_int(s->values[i]), &whole);
    if (exact) return tsk_int(cx->heap, whole);
    double sum = 0, lost = 0;
    bool doubles = false;
    for (uint32_t i = 0; i < s->count; i++) {
        double x = s->numbers[i], next = sum + x;
        lost += fabs(sum) >= fabs(x) ? (sum - next) + x : (x - next) + sum;
        sum = next;
        doubles = doubles || tsk_is_double(s->values[i]);
    }
    sum += isfinite(lost) ? lost : 0;
    return doubles ? tsk_from_double(sum) : tsk_op_numeric(cx, sum);
}

static double mean_of(tsk_op_context *cx, const sample *s) {
    return tsk_as_number(sum_of(cx, s)) / s->count;
}

TSK_OPERATOR(sum) {
    TSK_CALL("sum");
    sample s;
    if (!read_sample(&call, &s)) return false;
    *out = sum_of(cx, &s);
    return true;
}

TSK_OPERATOR(avg) {
    TSK_CALL("avg");
    sample s;
    if (!read_sample(&call, &s) || !not_empty(&call, &s)) return false;
    tsk_value sum = sum_of(cx, &s);
    bool whole = tsk_is_int(sum) && tsk_as_int(sum) % s.count == 0;
    *out = whole ? tsk_int(cx->heap, tsk_as_int(sum) / s.count) : tsk_op_numeric(cx, tsk_as_number(sum) / s.count);
    return true;
}

static int by_size(const void *a, const void *b) {
    return order(*(const tsk_value *)a, *(const tsk_value *)b);
}

/* Sorts, and gives the value between the two nearest, in proportion; one that is hit stays as exact as it was. */
static tsk_value quantile(tsk_op_context *cx, const sample *s, double q) {
    qsort(s->values, s->count, sizeof *s->values, by_size);
    double at = q * (s->count - 1), whole = floor(at);
    uint32_t i = (uint32_t)whole;
    if (i + 1 >= s->count) return s->values[s->count - 1];
    if (at == whole || order(s->values[i], s->values[i + 1]) == 0) return s->values[i];
    double low = tsk_as_number(s->values[i]), high = tsk_as_number(s->values[i + 1]);
    return tsk_op_numeric(cx, low + (high - low) * (at - whole));
}

TSK_OPERATOR(median) {
    TSK_CALL("median");
    sample s;
    if (!read_sample(&call, &s) || !not_empty(&call, &s)) return false;
    *out = quantile(cx, &s, 0.5);
    return true;
}

/* percentile(list, p) with p from 0 to 100 */
TSK_OPERATOR(percentile) {
    TSK_CALL("percentile");
    const tsk_array *list;
    double p;
    sample s;
    if (!tsk_arg_array(&call, 0, &list) || !tsk_arg_number(&call, 1, &p)) return false;
    if (!(p >= 0 && p <= 100)) return tsk_arg_wrong(&call, 1, "a number from 0 to 100");
    if (!read_sample_of(&call, list->items, list->count, &s) || !not_empty(&call, &s)) return false;
    *out = quantile(cx, &s, p / 100);
    return true;
}

/* The most frequent value, the first of equals; of any kind. */
TSK_OPERATOR(mode) {
    TSK_CALL("mode");
    const tsk_value *values = args;
    uint32_t n = count;
    if (count == 1 && tsk_is_array(args[0])) {
        values = tsk_as_array(args[0])->items;
        n = tsk_as_array(args[0])->count;
    }
    if (!n) return tsk_op_fail(cx, TSK_E_ARGUMENT, "%s: the list is empty", call.name);
    tsk_object *counts = tsk_object_new(cx->heap, 8);
    int32_t most = 0;
    for (uint32_t i = 0; i < n; i++) {
        tsk_slice key = tsk_as_slice(tsk_value_string(cx->heap, values[i]));
        tsk_entry *e = tsk_object_slot(cx->heap, counts, key.ptr, key.len, tsk_hash(key.ptr, key.len), NULL);
        int32_t times = (tsk_is_i32(e->value) ? tsk_as_i32(e->value) : 0) + 1;
        e->value = tsk_from_i32(times);
        if (times > most) most = times;
    }
    for (uint32_t i = 0; i < n; i++) {
        tsk_slice key = tsk_as_slice(tsk_value_string(cx->heap, values[i]));
        if (tsk_as_i32(tsk_object_find(counts, key.ptr, key.len)->value) != most) continue;
        *out = values[i];
        break;
    }
    return true;
}

/* Of the whole population: divided by n. */
static bool variance_of(const tsk_call *call, double *out) {
    sample s;
    if (!read_sample(call, &s) || !not_empty(call, &s)) return false;
    double mean = mean_of(call->cx, &s), sum = 0;
    for (uint32_t i = 0; i < s.count; i++) sum += (s.numbers[i] - mean) * (s.numbers[i] - mean);
    *out = sum / s.count;
    return true;
}

TSK_OPERATOR(variance) {
    TSK_CALL("variance");
    double v;
    if (!variance_of(&call, &v)) return false;
    *out = tsk_op_numeric(cx, v);
    return true;
}

TSK_OPERATOR(stddev) {
    TSK_CALL("stddev");
    double v;
    if (!variance_of(&call, &v)) return false;
    *out = tsk_op_numeric(cx, sqrt(v));
    return true;
}
