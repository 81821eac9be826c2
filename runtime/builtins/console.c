/* console: messages to standard error, or to where the host wants them. */
#include "runtime/builtins/inspect.h"

#include <stdio.h>

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

static tsk_value console_dir(tsk_js *js, const tsk_js_args *a) {
    tsk_js_scratch mark = tsk_js_scratch_begin(js);
    tsk_buf out;
    tsk_buf_init(&out, js->scratch);
    tsk_js_inspect(js, tsk_js_arg(a, 0), 2, &out);
    print(js, out.ptr, out.len);
    tsk_js_scratch_end(js, mark);
    return TSK_VALUE_UNDEFINED;
}

static tsk_value console_assert(tsk_js *js, const tsk_js_args *a) {
    if (tsk_js_to_boolean(tsk_js_arg(a, 0))) return TSK_VALUE_UNDEFINED;
    if (a->count < 2) return print_values(js, "Assertion failed", 0, NULL);
    return print_values(js, "Assertion failed: ", a->count - 1, a->values + 1);
}

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
    TSK_JS_METHOD("assert", console_assert, 0),
    TSK_JS_METHOD("trace", console_trace, 0),
    TSK_JS_METHOD("group", console_group, 0),
    TSK_JS_METHOD("groupEnd", console_group_end, 0),
    TSK_JS_TEXT_OF("@@toStringTag", "console", TSK_JS_CONFIGURABLE),
};

const tsk_js_intrinsic_spec tsk_js_library_console[] = {
    {.which = TSK_JS_I_Console, .proto = TSK_JS_I_ObjectPrototype, .members = members, .count = TSK_COUNT_OF(members)},
    {.which = TSK_JS_INTRINSICS}};
