/* console: messages to standard error, or to where the host wants them. */
#include "runtime/builtins/inspect.h"
#include "runtime/js/collections.h"

#include <stdio.h>
#include <time.h>

enum { INDENT_STEP = 2, MAX_INDENT = 200 };

/* The message with the indentation of its group in front of every line. */
static void print(tsk_js *js, const char *text, size_t len) {
    tsk_buf out;
    tsk_buf_init(&out, js->scratch);
    size_t start = 0;
    do {
        const char *newline = (const char *)memchr(text + start, '\n', len - start);
        size_t end = newline ? (size_t)(newline - text) : len;
        for (uint32_t i = 0; i < js->console_indent; i++) tsk_buf_char(&out, ' ');
        tsk_buf_add(&out, text + start, end - start);
        tsk_buf_char(&out, '\n');
        start = end + 1;
    } while (start <= len);
    if (js->host && js->host->print)
        js->host->print(js, out.ptr, out.len);
    else
        fwrite(out.ptr, 1, out.len, stderr);
}

static tsk_value print_values(tsk_js *js, const char *before, uint32_t count, const tsk_value *values) {
    tsk_js_scratch mark = tsk_js_scratch_begin(js);
    tsk_buf out;
    tsk_buf_init(&out, js->scratch);
    tsk_buf_reserve(&out, 1);
    tsk_buf_cstr(&out, before);
    bool ok = tsk_js_format_message(js, count, values, &out);
    if (ok) print(js, out.ptr, out.len);
    tsk_js_scratch_end(js, mark);
    return ok ? TSK_VALUE_UNDEFINED : TSK_JS_THROWN;
}

static tsk_value console_log(tsk_js *js, const tsk_js_args *a) {
    return print_values(js, "", a->count, a->values);
}

/* { depth, showHidden }.  False: thrown. */
static bool read_options(tsk_js *js, tsk_value v, tsk_js_inspect_options *options) {
    if (!tsk_js_is_object(v)) return true;
    tsk_js_string *depth_name = tsk_js_atom_utf8("depth", 5), *hidden_name = tsk_js_atom_utf8("showHidden", 10);
    if (!depth_name || !hidden_name) return !tsk_js_is_thrown(tsk_js_throw_range(js, "Out of memory"));
    tsk_value depth = tsk_js_get(js, tsk_js_as_object(v), tsk_js_key_atom(depth_name));
    tsk_value hidden = tsk_js_is_thrown(depth) ? depth
                                               : tsk_js_get(js, tsk_js_as_object(v), tsk_js_key_atom(hidden_name));
    if (tsk_js_is_thrown(hidden)) return false;
    options->hidden = tsk_js_to_boolean(hidden);
    if (depth.bits == TSK_VALUE_NULL.bits) options->depth = TSK_JS_INSPECT_ALL;
    if (!tsk_js_is_number(depth)) return true;
    double d = tsk_js_as_number(depth);
    options->depth = d >= TSK_JS_INSPECT_ALL ? TSK_JS_INSPECT_ALL : d > 0 ? (int)d : 0;
    return true;
}

static tsk_value console_dir(tsk_js *js, const tsk_js_args *a) {
    tsk_js_inspect_options options = {.depth = 2};
    if (!read_options(js, tsk_js_arg(a, 1), &options)) return TSK_JS_THROWN;
    tsk_js_scratch mark = tsk_js_scratch_begin(js);
    tsk_buf out;
    tsk_buf_init(&out, js->scratch);
    tsk_js_inspect(js, tsk_js_arg(a, 0), options, &out);
    print(js, out.ptr, out.len);
    tsk_js_scratch_end(js, mark);
    return TSK_VALUE_UNDEFINED;
}

/* What is asserted is told by the text of the first value, which may be a format, and the others. */
static tsk_value console_assert(tsk_js *js, const tsk_js_args *a) {
    if (tsk_js_to_boolean(tsk_js_arg(a, 0))) return TSK_VALUE_UNDEFINED;
    if (a->count < 2) return print_values(js, "Assertion failed", 0, NULL);
    tsk_js_string *text = tsk_js_to_string(js, a->values[1]);
    tsk_js_array *list = text ? tsk_js_array_from(js, a->values + 1, a->count - 1) : NULL;
    if (!list) return TSK_JS_THROWN;
    list->object.elements->items[0] = tsk_js_from_string(text);
    tsk_heap_wrote(js->heap, list->object.elements);
    return print_values(js, "Assertion failed: ", list->length, list->object.elements->items);
}

static tsk_value console_table(tsk_js *js, const tsk_js_args *a) {
    tsk_value data = tsk_js_arg(a, 0);
    if (!tsk_js_is_object(data) || tsk_js_is_callable(data)) return console_log(js, a);
    tsk_buf out;
    tsk_buf_init(&out, js->scratch);
    if (!tsk_js_format_table(js, tsk_js_as_object(data), tsk_js_arg(a, 1), &out)) return TSK_JS_THROWN;
    print(js, out.ptr, out.len);
    return TSK_VALUE_UNDEFINED;
}

/* ---- counts and timers ---- */

#define PRINT_LINE(js, ...)                                                                                            \
    do {                                                                                                               \
        const char *line = tsk_arena_printf((js)->scratch, __VA_ARGS__);                                               \
        print((js), line, strlen(line));                                                                               \
    } while (0)

/* The label of a count or timer, "default" without one.  NULL: thrown. */
static tsk_js_string *label_of(tsk_js *js, const tsk_js_args *a) {
    if (tsk_js_is_undefined(tsk_js_arg(a, 0))) return tsk_js_string_cstr(js, "default");
    return tsk_js_to_string(js, a->values[0]);
}

static tsk_js_map *map_in(tsk_js *js, tsk_js_map **place) {
    tsk_js_object *proto = *place ? NULL : tsk_js_intrinsic_get(js, TSK_JS_I_MapPrototype);
    if (proto) *place = (tsk_js_map *)tsk_js_object_of_class(js, TSK_JS_MAP, sizeof **place, proto);
    return *place;
}

static tsk_value console_count(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *label = label_of(js, a);
    tsk_js_map *counts = label ? map_in(js, &js->console_counts) : NULL;
    if (!counts) return TSK_JS_THROWN;
    const tsk_js_entry *e = tsk_js_map_find(js, counts, tsk_js_from_string(label));
    double n = e ? tsk_js_as_number(e->value) + 1 : 1;
    if (!tsk_js_map_set(js, counts, tsk_js_from_string(label), tsk_js_number(n))) return TSK_JS_THROWN;
    PRINT_LINE(js, "%s: %.0f", tsk_js_describe(js, tsk_js_from_string(label)), n);
    return TSK_VALUE_UNDEFINED;
}

static tsk_value console_count_reset(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *label = label_of(js, a);
    tsk_js_map *counts = label ? map_in(js, &js->console_counts) : NULL;
    if (!counts) return TSK_JS_THROWN;
    if (!tsk_js_map_delete(js, counts, tsk_js_from_string(label)))
        PRINT_LINE(js, "Warning: Count for '%s' does not exist", tsk_js_describe(js, tsk_js_from_string(label)));
    return TSK_VALUE_UNDEFINED;
}

static double milliseconds(const tsk_js *js) {
    struct timespec t;
    if (js->now == js->now) return js->now;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static tsk_value console_time(tsk_js *js, const tsk_js_args *a) {
    tsk_js_string *label = label_of(js, a);
    tsk_js_map *timers = label ? map_in(js, &js->console_timers) : NULL;
    if (!timers) return TSK_JS_THROWN;
    if (tsk_js_map_find(js, timers, tsk_js_from_string(label))) {
        PRINT_LINE(js, "Warning: Label '%s' already exists for console.time()",
                   tsk_js_describe(js, tsk_js_from_string(label)));
        return TSK_VALUE_UNDEFINED;
    }
    return tsk_js_map_set(js, timers, tsk_js_from_string(label), tsk_from_double(milliseconds(js)))
               ? TSK_VALUE_UNDEFINED
               : TSK_JS_THROWN;
}

static void put_duration(tsk_buf *out, double ms) {
    enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };
    if (ms >= MINUTE) {
        int hours = (int)(ms / HOUR), minutes = (int)(ms / MINUTE) % 60;
        double seconds = (ms - (double)hours * HOUR - (double)minutes * MINUTE) / SECOND;
        if (hours)
            tsk_buf_printf(out, "%d:%02d:%06.3f (h:mm:ss.mmm)", hours, minutes, seconds);
        else
            tsk_buf_printf(out, "%d:%06.3f (m:ss.mmm)", minutes, seconds);
    } else if (ms >= SECOND) {
        tsk_buf_printf(out, "%.3fs", ms / SECOND);
    } else {
        char text[32];
        int n = snprintf(text, sizeof text, "%.3f", ms);
        while (n && text[n - 1] == '0') n--;
        if (n && text[n - 1] == '.') n--;
        tsk_buf_printf(out, "%.*sms", n, text);
    }
}

enum { LOG_TIME, END_TIME };

static tsk_value console_time_log(tsk_js *js, const tsk_js_args *a) {
    bool end = tsk_js_callee_data(a) == END_TIME;
    tsk_js_string *label = label_of(js, a);
    tsk_js_map *timers = label ? map_in(js, &js->console_timers) : NULL;
    if (!timers) return TSK_JS_THROWN;
    const char *name = tsk_js_describe(js, tsk_js_from_string(label));
    const tsk_js_entry *e = tsk_js_map_find(js, timers, tsk_js_from_string(label));
    if (!e) {
        PRINT_LINE(js, "Warning: No such label '%s' for console.%s()", name, end ? "timeEnd" : "timeLog");
        return TSK_VALUE_UNDEFINED;
    }
    tsk_buf out;
    tsk_buf_init(&out, js->scratch);
    tsk_buf_printf(&out, "%s: ", name);
    put_duration(&out, milliseconds(js) - tsk_js_as_number(e->value));
    if (end) tsk_js_map_delete(js, timers, tsk_js_from_string(label));
    bool more = !end && a->count > 1;
    if (more) tsk_buf_char(&out, ' ');
    tsk_buf_char(&out, 0);
    return print_values(js, out.ptr, more ? a->count - 1 : 0, more ? a->values + 1 : NULL);
}

/* ---- others ---- */

static tsk_value console_trace(tsk_js *js, const tsk_js_args *a) {
    tsk_buf out;
    tsk_buf_init(&out, js->scratch);
    tsk_buf_cstr(&out, a->count ? "Trace: " : "Trace");
    if (!tsk_js_format_message(js, a->count, a->values, &out)) return TSK_JS_THROWN;
    if (js->host && js->host->trace) {
        tsk_buf_char(&out, '\n');
        js->host->trace(js, &out, NULL);
    }
    while (out.len && out.ptr[out.len - 1] == '\n') out.len--;
    print(js, out.ptr, out.len);
    return TSK_VALUE_UNDEFINED;
}

static tsk_value console_group(tsk_js *js, const tsk_js_args *a) {
    if (a->count && tsk_js_is_thrown(print_values(js, "", a->count, a->values))) return TSK_JS_THROWN;
    if (js->console_indent < MAX_INDENT) js->console_indent += INDENT_STEP;
    return TSK_VALUE_UNDEFINED;
}

static tsk_value console_group_end(tsk_js *js, const tsk_js_args *a) {
    (void)a;
    if (js->console_indent) js->console_indent -= INDENT_STEP;
    return TSK_VALUE_UNDEFINED;
}

static const tsk_js_member members[] = {
    TSK_JS_METHOD("log", console_log, 0),
    TSK_JS_METHOD("info", console_log, 0),
    TSK_JS_METHOD("debug", console_log, 0),
    TSK_JS_METHOD("warn", console_log, 0),
    TSK_JS_METHOD("error", console_log, 0),
    TSK_JS_METHOD("dir", console_dir, 0),
    TSK_JS_METHOD("dirxml", console_log, 0),
    TSK_JS_METHOD("assert", console_assert, 0),
    TSK_JS_METHOD("trace", console_trace, 0),
    TSK_JS_METHOD("group", console_group, 0),
    TSK_JS_METHOD("groupCollapsed", console_group, 0),
    TSK_JS_METHOD("groupEnd", console_group_end, 0),
    TSK_JS_METHOD("table", console_table, 1),
    TSK_JS_METHOD("count", console_count, 0),
    TSK_JS_METHOD("countReset", console_count_reset, 0),
    TSK_JS_METHOD("time", console_time, 0),
    TSK_JS_METHOD_WITH("timeLog", console_time_log, 0, LOG_TIME),
    TSK_JS_METHOD_WITH("timeEnd", console_time_log, 0, END_TIME),
    TSK_JS_TEXT_OF("@@toStringTag", "console", TSK_JS_CONFIGURABLE),
};

const tsk_js_intrinsic_spec tsk_js_library_console[] = {
    {.which = TSK_JS_I_Console, .proto = TSK_JS_I_ObjectPrototype, .members = members, .count = TSK_COUNT_OF(members)},
    {.which = TSK_JS_INTRINSICS}};
