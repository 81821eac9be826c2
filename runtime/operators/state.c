/* State of the context: variables, metrics, the cache, what was learned, and features.
 *
 * Values go to the stores copied and come back copied, so that neither outlives the other's memory. */
#include "runtime/operators/internal.h"
#include "runtime/operators/stores.h"

#include <math.h>
#include <time.h>

/* ---- variables ---- */

/* `$name` and `name` are one variable. */
static bool variable_name(const tsk_call *call, tsk_slice *name) {
    if (!tsk_arg_text(call, 0, name)) return false;
    if (name->len && *name->ptr == '$') name->ptr++, name->len--;
    return name->len ? true : tsk_arg_wrong(call, 0, "the name of a variable");
}

/* variable(name, value) sets and gives the value; variable(name) reads what was set, else the key of the document. */
TSK_OPERATOR(variable) {
    TSK_CALL("variable");
    tsk_slice name;
    tsk_value stored;
    if (!variable_name(&call, &name) || !tsk_stores_use(cx, "variable")) return false;
    if (count > 1) {
        tsk_stores_set(cx, TSK_STORE_VARIABLES, name, args[1]);
        *out = args[1];
        return true;
    }
    if (tsk_stores_find(cx, TSK_STORE_VARIABLES, name, &stored)) {
        *out = tsk_value_copy(cx->heap, stored);
        return true;
    }
    if (!cx->lookup(cx->user, name.ptr, name.len, out)) return false;
    if (!tsk_is_null(*out)) return true;
    const char *global = tsk_arena_printf(cx->heap, "$%.*s", (int)name.len, name.ptr);
    return cx->lookup(cx->user, global, name.len + 1, out);
}

/* ---- metrics ---- */

/* Stores a number; a numeric text is stored as its number.  The value itself is the result. */
static bool store_metric(const tsk_call *call, tsk_value *out) {
    tsk_slice name;
    double number;
    if (!tsk_arg_text(call, 0, &name) || !tsk_stores_use(call->cx, call->name)) return false;
    *out = call->args[1];
    if (tsk_op_is_service_failure(*out)) return true; /* what would have been measured is not known */
    if (!tsk_arg_number(call, 1, &number) || !tsk_state_begin(call, TSK_STORE_METRICS, true)) return false;
    tsk_stores_set(call->cx, TSK_STORE_METRICS, name, tsk_is_number(*out) ? *out : tsk_op_numeric(call->cx, number));
    return tsk_state_end(call, TSK_STORE_METRICS);
}

static bool read_metric(const tsk_call *call, tsk_value *out) {
    tsk_slice name;
    tsk_value stored;
    if (!tsk_arg_text(call, 0, &name) || !tsk_state_begin(call, TSK_STORE_METRICS, false)) return false;
    if (tsk_stores_find(call->cx, TSK_STORE_METRICS, name, &stored))
        *out = tsk_value_copy(call->cx->heap, stored);
    else
        *out = call->count > 1 ? call->args[1] : tsk_from_i32(0);
    return true;
}

TSK_OPERATOR(metrics) {
    TSK_CALL("metrics");
    return count > 1 ? store_metric(&call, out) : read_metric(&call, out);
}

TSK_OPERATOR(metrics_gauge) {
    TSK_CALL("metrics_gauge");
    return store_metric(&call, out);
}

/* metrics_get(name[, value when it was never stored, else 0]) */
TSK_OPERATOR(metrics_get) {
    TSK_CALL("metrics_get");
    return read_metric(&call, out);
}

/* metrics_increment(name[, by]) gives the new sum. */
TSK_OPERATOR(metrics_increment) {
    TSK_CALL("metrics_increment");
    tsk_slice name;
    double by;
    tsk_value sum[2] = {tsk_from_i32(0), tsk_from_i32(1)};
    if (!tsk_arg_text(&call, 0, &name) || !tsk_arg_number_or(&call, 1, 1, &by)) return false;
    if (tsk_arg_given(&call, 1)) sum[1] = tsk_is_number(args[1]) ? args[1] : tsk_op_numeric(cx, by);
    if (!tsk_state_begin(&call, TSK_STORE_METRICS, true)) return false;
    tsk_stores_find(cx, TSK_STORE_METRICS, name, &sum[0]);
    if (!tsk_value_add(cx->heap, sum, 2, out, cx->failure)) return tsk_state_unlock(cx->stores), false;
    tsk_stores_set(cx, TSK_STORE_METRICS, name, *out);
    return tsk_state_end(&call, TSK_STORE_METRICS);
}

/* metrics_all(): every metric by name. */
TSK_OPERATOR(metrics_all) {
    TSK_CALL("metrics_all");
    if (!tsk_state_begin(&call, TSK_STORE_METRICS, false)) return false;
    const tsk_object *all = cx->stores->maps[TSK_STORE_METRICS];
    *out = all ? tsk_value_copy(cx->heap, tsk_from_object(all)) : tsk_from_object(tsk_object_new(cx->heap, 0));
    return true;
}

/* ---- cache: each entry is [milliseconds of the clock when it expires, value] ---- */

#define CACHE_ENTRIES 4096
#define CACHE_BYTES ((size_t)64 << 20) /* of all stores; the cache is what can be given up */
#define LONGEST_MS ((int64_t)1 << 50)
#define NEVER INT64_MAX

/* A fixed clock stands still; else the one that nobody can set. */
static int64_t clock_ms(const tsk_op_context *cx) {
    if (cx->has_now) return cx->now_ms;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t expiry(const tsk_op_context *cx, int64_t ttl_ms) {
    return clock_ms(cx) + (ttl_ms < LONGEST_MS ? ttl_ms : LONGEST_MS);
}

/* A number of seconds, or a text such as "5m". */
static bool read_ttl(const tsk_call *call, uint32_t i, int64_t *ms) {
    tsk_value v = i < call->count ? call->args[i] : TSK_VALUE_NULL;
    double seconds = tsk_is_number(v) ? tsk_as_number(v) : -1;
    if (seconds >= 0) {
        *ms = seconds < (double)LONGEST_MS / 1000 ? (int64_t)(seconds * 1000) : LONGEST_MS;
        return true;
    }
    if (tsk_is_str(v) && tsk_duration_parse(tsk_as_slice(v), ms)) return true;
    return tsk_arg_wrong(call, i, "a time to live: seconds, or a text such as \"5m\"");
}

/* Several parts of a key are as one list of them: that is how the value was stored. */
static tsk_slice cache_name(tsk_op_context *cx, const tsk_value *parts, uint32_t count) {
    if (count == 1 && tsk_is_str(parts[0])) return tsk_as_slice(parts[0]);
    tsk_value key = parts[0];
    if (count > 1) {
        tsk_array *list = tsk_array_new(cx->heap, count);
        for (uint32_t i = 0; i < count; i++) tsk_array_push(cx->heap, list, parts[i]);
        key = tsk_from_array(list);
    }
    tsk_buf text;
    tsk_buf_init(&text, cx->heap);
    if (!tsk_is_number(key)) tsk_buf_char(&text, 0); /* no plain text is the key of a list */
    tsk_value_text(&text, key);
    return tsk_slice_from(text.ptr, text.len);
}

static bool expired(tsk_value entry, int64_t now) {
    return tsk_as_int(tsk_as_array(entry)->items[0]) <= now;
}

/* In a full cache the oldest quarter and everything expired make room; when the stores take too much memory, all. */
static void make_room(tsk_op_context *cx) {
    struct tsk_stores *s = cx->stores;
    const tsk_object *map = s->maps[TSK_STORE_CACHE];
    bool too_large = s->arena.reserved > CACHE_BYTES;
    if (!map || (map->count < CACHE_ENTRIES && !too_large)) return;
    if (too_large) s->compact_at = 0; /* the next value that is stored gives the memory back */
    int64_t now = clock_ms(cx);
    tsk_object *kept = tsk_object_new(&s->arena, 8);
    for (uint32_t i = too_large ? map->count : map->count / 4; i < map->count; i++) {
        const tsk_entry *e = &map->entries[i];
        if (!expired(e->value, now)) tsk_object_set(&s->arena, kept, e->key, e->key_len, e->value);
    }
    s->maps[TSK_STORE_CACHE] = kept;
}

static void put(tsk_op_context *cx, tsk_slice name, int64_t expires, tsk_value v) {
    tsk_value stored = tsk_is_null(v) ? TSK_VALUE_NULL : v; /* undefined would read as a miss */
    tsk_array *entry = tsk_array_new(cx->heap, 2);
    tsk_array_push(cx->heap, entry, tsk_int(cx->heap, expires));
    tsk_array_push(cx->heap, entry, stored);
    make_room(cx);
    tsk_stores_set(cx, TSK_STORE_CACHE, name, tsk_from_array(entry));
}

/* Undefined on a miss.  Without stores everything is one: a cache may forget. */
TSK_OPERATOR(cache_get) {
    *out = TSK_VALUE_UNDEFINED;
    if (!cx->stores) return true;
    tsk_value entry;
    tsk_slice name = cache_name(cx, args, count);
    if (!tsk_stores_find(cx, TSK_STORE_CACHE, name, &entry)) return true;
    if (expired(entry, clock_ms(cx)))
        tsk_stores_remove(cx, TSK_STORE_CACHE, name);
    else
        *out = tsk_value_copy(cx->heap, tsk_as_array(entry)->items[1]);
    return true;
}

/* cache_put(key, ttl, value): the second half of cache(ttl, value). */
TSK_OPERATOR(cache_put) {
    int64_t ttl;
    const tsk_call call = {cx, "cache", args + 1, 2}; /* as the arguments of cache are counted */
    if (!read_ttl(&call, 0, &ttl)) return false;
    *out = args[2];
    if (!cx->stores) return true;
    tsk_stores_use(cx, "cache");
    put(cx, cache_name(cx, args, 1), expiry(cx, ttl), args[2]);
    return true;
}

/* cache_set(key, value[, ttl]); without one it stays. */
TSK_OPERATOR(cache_set) {
    TSK_CALL("cache_set");
    int64_t ttl = 0;
    bool ends = tsk_arg_given(&call, 2);
    if ((ends && !read_ttl(&call, 2, &ttl)) || !tsk_stores_use(cx, "cache_set")) return false;
    put(cx, cache_name(cx, args, 1), ends ? expiry(cx, ttl) : NEVER, args[1]);
    *out = args[1];
    return true;
}

/* True when it was there. */
TSK_OPERATOR(cache_delete) {
    if (!tsk_stores_use(cx, "cache_delete")) return false;
    *out = tsk_from_bool(tsk_stores_remove(cx, TSK_STORE_CACHE, cache_name(cx, args, 1)));
    return true;
}

/* cache_key("user", 42) is "user:42". */
TSK_OPERATOR(cache_key) {
    tsk_buf text;
    tsk_buf_init(&text, cx->heap);
    for (uint32_t i = 0; i < count; i++) {
        if (i) tsk_buf_char(&text, ':');
        tsk_value_text(&text, args[i]);
    }
    *out = tsk_str_take(&text);
    return true;
}

/* ---- what was learned: values that were recorded, and the best settings ---- */

static bool is_data(const tsk_call *call, uint32_t i) {
    return !tsk_is_function(call->args[i]) || tsk_arg_wrong(call, i, "data");
}

/* The value under a name, else the second argument. */
static bool recorded(const tsk_call *call, tsk_store store, tsk_value *out) {
    tsk_slice name;
    tsk_value stored;
    *out = call->count > 1 ? call->args[1] : TSK_VALUE_NULL;
    if (!tsk_arg_text(call, 0, &name) || !tsk_state_begin(call, store, false)) return false;
    if (!tsk_stores_find(call->cx, store, name, &stored)) return true;
    if (store == TSK_STORE_OPTIMIZED) {
        const tsk_entry *e = tsk_is_object(stored) ? tsk_object_find(tsk_as_object(stored), "setting", 7) : NULL;
        if (!e) return true;
        stored = e->value;
    }
    *out = tsk_value_copy(call->cx->heap, stored);
    return true;
}

/* learn(key[, otherwise]): what learn_record was given last. */
TSK_OPERATOR(learn) {
    TSK_CALL("learn");
    return recorded(&call, TSK_STORE_LEARNED, out);
}

/* learn_record(key, value) gives the value. */
TSK_OPERATOR(learn_record) {
    TSK_CALL("learn_record");
    tsk_slice name;
    if (!tsk_arg_text(&call, 0, &name) || !is_data(&call, 1) || !tsk_state_begin(&call, TSK_STORE_LEARNED, true))
        return false;
    tsk_stores_set(cx, TSK_STORE_LEARNED, name, args[1]);
    *out = args[1];
    return tsk_state_end(&call, TSK_STORE_LEARNED);
}

/* optimize(key[, otherwise]): the setting with the highest score that optimize_record was given. */
TSK_OPERATOR(optimize) {
    TSK_CALL("optimize");
    return recorded(&call, TSK_STORE_OPTIMIZED, out);
}

static double score_of(tsk_value stored) {
    const tsk_entry *e = tsk_is_object(stored) ? tsk_object_find(tsk_as_object(stored), "score", 5) : NULL;
    return e && tsk_is_number(e->value) ? tsk_as_number(e->value) : -HUGE_VAL;
}

/* optimize_record(key, setting, score) gives the best setting so far. */
TSK_OPERATOR(optimize_record) {
    TSK_CALL("optimize_record");
    tsk_slice name;
    double score;
    tsk_value stored;
    if (!tsk_arg_text(&call, 0, &name) || !is_data(&call, 1) || !tsk_arg_number(&call, 2, &score)) return false;
    if (!isfinite(score)) return tsk_arg_wrong(&call, 2, "a finite number");
    if (!tsk_state_begin(&call, TSK_STORE_OPTIMIZED, true)) return false;
    bool better = !tsk_stores_find(cx, TSK_STORE_OPTIMIZED, name, &stored) || score > score_of(stored);
    if (!better) {
        tsk_state_unlock(cx->stores);
        return recorded(&call, TSK_STORE_OPTIMIZED, out);
    }
    tsk_object *entry = tsk_object_new(cx->heap, 2);
    tsk_object_put(cx->heap, entry, "setting", args[1]);
    tsk_object_put(cx->heap, entry, "score", tsk_op_numeric(cx, score));
    tsk_stores_set(cx, TSK_STORE_OPTIMIZED, name, tsk_from_object(entry));
    *out = args[1];
    return tsk_state_end(&call, TSK_STORE_OPTIMIZED);
}

/* ---- features ---- */

/* TSK_FEATURE_NEW_UI for "new_ui", "new-ui" or "new.ui". */
static const char *feature_variable(tsk_op_context *cx, tsk_slice flag) {
    char *name = tsk_arena_printf(cx->heap, "TSK_FEATURE_%.*s", (int)flag.len, flag.ptr);
    for (char *p = name + strlen("TSK_FEATURE_"); *p; p++) {
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 32);
        else if (*p == '-' || *p == '.' || *p == ' ')
            *p = '_';
    }
    return name;
}

/* feature(flag[, default]): the document's features.<flag>, then the environment, then the default, else false. */
TSK_OPERATOR(feature) {
    TSK_CALL("feature");
    tsk_slice flag;
    if (!tsk_arg_text(&call, 0, &flag)) return false;
    if (!flag.len) return tsk_arg_wrong(&call, 0, "the name of a feature");
    const char *path = tsk_arena_printf(cx->heap, "features.%.*s", (int)flag.len, flag.ptr);
    if (!cx->lookup(cx->user, path, (uint32_t)strlen(path), out)) return false;
    if (!tsk_is_null(*out)) return true;
    const char *variable = feature_variable(cx, flag), *text = tsk_op_environment(cx, variable, strlen(variable));
    if (!text) {
        *out = tsk_arg_given(&call, 1) ? args[1] : TSK_VALUE_FALSE;
        return true;
    }
    if (tsk_value_to_bool(tsk_str_cstr(cx->heap, text), out, NULL)) return true;
    return tsk_op_fail(cx, TSK_E_ARGUMENT, "feature: the environment variable %s is not a boolean: \"%s\"", variable,
                       text);
}
