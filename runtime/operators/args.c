/* Reading arguments, and the messages when they are not what an operator wants. */
#include "runtime/operators/internal.h"

#include "runtime/base/utf8.h"
#include "runtime/operators/describe.h"

#include <math.h>

extern char **environ;

#define SHOWN 48 /* bytes of a value in a message */

const char *tsk_op_show(tsk_op_context *cx, tsk_value v) {
    if (tsk_is_null(v)) return "null";
    const char *kind = tsk_kind_name(tsk_kind_of(v));
    if (tsk_is_function(v)) return kind;
    tsk_buf text;
    tsk_buf_init(&text, cx->heap);
    tsk_value_text(&text, v);
    size_t fit = text.len > SHOWN ? tsk_utf8_fit(text.ptr, text.len, SHOWN) : text.len;
    const char *quote = tsk_is_str(v) ? "\"" : "";
    return tsk_arena_printf(cx->heap, "%s %s%.*s%s%s", kind, quote, (int)fit, text.len ? text.ptr : "",
                            fit < text.len ? "..." : "", quote);
}

bool tsk_arg_wrong(const tsk_call *call, uint32_t i, const char *expected) {
    uint32_t number;
    tsk_description d;
    if (i >= call->count)
        tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: argument %u is missing; it must be %s", call->name, i + 1, expected);
    else
        tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: argument %u must be %s, got %s", call->name, i + 1, expected,
                    tsk_op_show(call->cx, call->args[i]));
    bool known = tsk_op_find(call->name, strlen(call->name), &number) && tsk_op_describe(number, &d) && d.example;
    return known ? tsk_op_hint(call->cx, "it is called as %s", d.signature) : false;
}

bool tsk_arg_text(const tsk_call *call, uint32_t i, tsk_slice *out) {
    if (i < call->count) {
        tsk_value v = call->args[i];
        if (tsk_is_str(v)) {
            *out = tsk_as_slice(v);
            if (!out->len) out->ptr = ""; /* never NULL, so that memcmp and memchr may have it */
            return true;
        }
        if (tsk_is_number(v) || tsk_is_bool(v)) {
            *out = tsk_as_slice(tsk_value_string(call->cx->heap, v));
            return true;
        }
    }
    return tsk_arg_wrong(call, i, "a string");
}

bool tsk_arg_number(const tsk_call *call, uint32_t i, double *out) {
    if (i < call->count && !tsk_is_null(call->args[i]) && tsk_value_number(call->args[i], out)) return true;
    return tsk_arg_wrong(call, i, "a number");
}

bool tsk_arg_int(const tsk_call *call, uint32_t i, int64_t *out) {
    if (i < call->count) {
        tsk_value v = call->args[i];
        if (tsk_is_int(v)) {
            *out = tsk_as_int(v);
            return true;
        }
        tsk_value parsed = v;
        if (tsk_is_str(v) && !tsk_number_parse(call->cx->heap, tsk_as_str(v)->ptr, tsk_as_str(v)->len, &parsed))
            return tsk_arg_wrong(call, i, "a whole number");
        if (tsk_is_int(parsed)) {
            *out = tsk_as_int(parsed);
            return true;
        }
        double d = tsk_is_double(parsed) ? tsk_as_double(parsed) : 0.5;
        if (d == trunc(d) && fabs(d) <= 9007199254740992.0) {
            *out = (int64_t)d;
            return true;
        }
    }
    return tsk_arg_wrong(call, i, "a whole number");
}

bool tsk_arg_array(const tsk_call *call, uint32_t i, const tsk_array **out) {
    if (i >= call->count || !tsk_is_array(call->args[i])) return tsk_arg_wrong(call, i, "a list");
    *out = tsk_as_array(call->args[i]);
    return true;
}

bool tsk_arg_object(const tsk_call *call, uint32_t i, const tsk_object **out) {
    if (i >= call->count || !tsk_is_object(call->args[i])) return tsk_arg_wrong(call, i, "an object");
    *out = tsk_as_object(call->args[i]);
    return true;
}

bool tsk_arg_text_or(const tsk_call *call, uint32_t i, tsk_slice otherwise, tsk_slice *out) {
    *out = otherwise;
    return !tsk_arg_given(call, i) || tsk_arg_text(call, i, out);
}

bool tsk_arg_number_or(const tsk_call *call, uint32_t i, double otherwise, double *out) {
    *out = otherwise;
    return !tsk_arg_given(call, i) || tsk_arg_number(call, i, out);
}

bool tsk_arg_int_or(const tsk_call *call, uint32_t i, int64_t otherwise, int64_t *out) {
    *out = otherwise;
    return !tsk_arg_given(call, i) || tsk_arg_int(call, i, out);
}

bool tsk_op_require(tsk_op_context *cx, const char *op, tsk_capability capability) {
    if (cx->caps && (cx->caps->mask & (uint32_t)capability)) return true;
    const char *what = capability == TSK_CAP_ENV     ? "reading the environment"
                       : capability == TSK_CAP_READ  ? "reading files"
                       : capability == TSK_CAP_WRITE ? "writing files"
                       : capability == TSK_CAP_NET   ? "using the network"
                                                     : "running programs";
    const char *flag = capability == TSK_CAP_ENV     ? "--allow-env"
                       : capability == TSK_CAP_READ  ? "--allow-read"
                       : capability == TSK_CAP_WRITE ? "--allow-write"
                       : capability == TSK_CAP_NET   ? "--allow-net"
                                                     : "--allow-run";
    tsk_op_fail(cx, TSK_E_DENIED, "%s: %s is not allowed", op, what);
    return tsk_op_hint(cx, "grant it with %s", flag);
}

const char *tsk_op_environment(const tsk_op_context *cx, const char *name, size_t len) {
    const char *const *env = cx->env ? cx->env : (const char *const *)environ;
    for (; env && *env; env++)
        if (strncmp(*env, name, len) == 0 && (*env)[len] == '=') return *env + len + 1;
    return NULL;
}

bool tsk_op_env_granted(const tsk_op_context *cx, tsk_slice name) {
    if (!cx->caps || !(cx->caps->mask & TSK_CAP_ENV)) return false;
    if (!cx->caps->env_names) return true;
    for (const char *const *n = cx->caps->env_names; *n; n++)
        if (strlen(*n) == name.len && memcmp(*n, name.ptr, name.len) == 0) return true;
    return false;
}

bool tsk_slice_same(tsk_slice a, const char *literal) {
    for (uint32_t i = 0; i < a.len; i++) {
        char c = a.ptr[i] >= 'A' && a.ptr[i] <= 'Z' ? (char)(a.ptr[i] + 32) : a.ptr[i];
        if (!literal[i] || c != literal[i]) return false;
    }
    return literal[a.len] == 0;
}

tsk_slice tsk_slice_trim(tsk_slice s) {
    while (s.len && (uint8_t)s.ptr[0] <= ' ') s.ptr++, s.len--;
    while (s.len && (uint8_t)s.ptr[s.len - 1] <= ' ') s.len--;
    return s;
}

tsk_value tsk_op_numeric(tsk_op_context *cx, double d) {
    if (d == trunc(d) && fabs(d) <= 9007199254740992.0 && !(d == 0 && signbit(d))) return tsk_int(cx->heap, (int64_t)d);
    return tsk_from_double(d);
}

static bool action_same(const char *known, tsk_slice name) {
    uint32_t k = 0;
    for (uint32_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == '_' || c == '-') continue;
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        if (c == 0 || known[k++] != c) return false; /* a NUL must not match the end of the name */
    }
    return known[k] == 0;
}

const tsk_action *tsk_action_find(const tsk_action *actions, size_t count, tsk_slice name) {
    for (size_t i = 0; i < count; i++)
        if (action_same(actions[i].name, name)) return &actions[i];
    return NULL;
}

bool tsk_action_unknown(const tsk_call *call, const tsk_action *actions, size_t count, tsk_slice name) {
    tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s has no operation \"%.*s\"", call->name, (int)name.len, name.ptr);
    tsk_slice *names = TSK_NEW_ARRAY(call->cx->heap, tsk_slice, count);
    for (size_t i = 0; i < count; i++) names[i] = tsk_slice_cstr(actions[i].name);
    tsk_slice close = tsk_closest(name, names, count);
    if (close.len) tsk_op_hint(call->cx, "did you mean \"%.*s\"?", (int)close.len, close.ptr);
    return false;
}
