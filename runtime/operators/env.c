/* Environment variables.  The value is text, unless the default is a number or a boolean and the text is one too. */
#include "runtime/operators/internal.h"

/* Finds the variable that argument 0 names; *text is NULL when it is unset. */
static bool read_variable(const tsk_call *call, tsk_slice *name, const char **text) {
    if (!tsk_arg_text(call, 0, name)) return false;
    if (!tsk_op_require(call->cx, call->name, TSK_CAP_ENV))
        return tsk_op_hint(call->cx, "grant it with --allow-env or --allow-env=%.*s", (int)name->len, name->ptr);
    if (!tsk_op_env_granted(call->cx, *name)) {
        tsk_op_fail(call->cx, TSK_E_DENIED, "%s: reading the environment variable %.*s is not allowed", call->name,
                    (int)name->len, name->ptr);
        return tsk_op_hint(call->cx, "add it to --allow-env=%.*s", (int)name->len, name->ptr);
    }
    *text = tsk_op_environment(call->cx, name->ptr, name->len);
    return true;
}

static bool truth_word(tsk_slice word, bool *out) {
    static const char *const yes[] = {"true", "1", "yes", "on", "enabled"};
    static const char *const no[] = {"false", "0", "no", "off", "disabled", ""};
    for (size_t i = 0; i < TSK_COUNT(yes); i++)
        if (tsk_slice_same(word, yes[i])) return *out = true;
    *out = false;
    for (size_t i = 0; i < TSK_COUNT(no); i++)
        if (tsk_slice_same(word, no[i])) return true;
    return false;
}

/* The text as a value of the default's type, where it reads as one. */
static tsk_value typed_like(tsk_op_context *cx, tsk_value model, const char *text) {
    tsk_slice word = tsk_slice_trim(tsk_slice_cstr(text));
    tsk_value parsed;
    bool truth;
    if (tsk_is_bool(model) && word.len && truth_word(word, &truth)) return tsk_from_bool(truth);
    if (tsk_is_number(model) && tsk_number_parse(cx->heap, word.ptr, word.len, &parsed)) {
        if (tsk_is_int(parsed) && tsk_is_double(model)) return tsk_from_double(tsk_as_number(parsed));
        if (tsk_is_int(parsed) || tsk_is_double(model)) return parsed;
    }
    return tsk_str_cstr(cx->heap, text);
}

static bool env_value(const tsk_call *call, tsk_value *out) {
    tsk_slice name;
    const char *text = NULL;
    if (!read_variable(call, &name, &text)) return false;
    tsk_value otherwise = call->count > 1 ? call->args[1] : TSK_VALUE_NULL;
    *out = text ? typed_like(call->cx, otherwise, text) : otherwise;
    return true;
}

TSK_OPERATOR(env) {
    TSK_CALL("env");
    return env_value(&call, out);
}

TSK_OPERATOR(env_secure) {
    TSK_CALL("env.secure");
    return env_value(&call, out);
}

TSK_OPERATOR(env_required) {
    TSK_CALL("env_required");
    tsk_slice name;
    const char *text = NULL;
    if (!read_variable(&call, &name, &text)) return false;
    if (!text)
        return tsk_op_fail(cx, TSK_E_OPERATOR_FAILED, "env_required: the environment variable %.*s is not set",
                           (int)name.len, name.ptr);
    *out = tsk_str_cstr(cx->heap, text);
    return true;
}

static bool not_a(const tsk_call *call, tsk_slice name, const char *text, const char *what) {
    bool secret = tsk_op_is_secret_name(name);
    return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: the environment variable %.*s is not %s: \"%s\"", call->name,
                       (int)name.len, name.ptr, what, secret ? "•••" : text);
}

/* Reads the variable, else gives the default (null when there is none) and leaves *text NULL. */
static bool read_or_default(const tsk_call *call, tsk_slice *name, const char **text, tsk_value *out) {
    *out = call->count > 1 ? call->args[1] : TSK_VALUE_NULL;
    return read_variable(call, name, text);
}

TSK_OPERATOR(env_int) {
    TSK_CALL("env_int");
    tsk_slice name;
    const char *text = NULL;
    tsk_value number;
    if (!read_or_default(&call, &name, &text, out)) return false;
    if (!text) return true;
    tsk_slice word = tsk_slice_trim(tsk_slice_cstr(text));
    if (!tsk_number_parse(cx->heap, word.ptr, word.len, &number)) return not_a(&call, name, text, "a whole number");
    return tsk_value_to_int(cx->heap, number, out, cx->failure);
}

TSK_OPERATOR(env_float) {
    TSK_CALL("env_float");
    tsk_slice name;
    const char *text = NULL;
    tsk_value number;
    if (!read_or_default(&call, &name, &text, out)) return false;
    if (!text) return true;
    tsk_slice word = tsk_slice_trim(tsk_slice_cstr(text));
    if (!tsk_number_parse(cx->heap, word.ptr, word.len, &number)) return not_a(&call, name, text, "a number");
    *out = tsk_from_double(tsk_as_number(number));
    return true;
}

TSK_OPERATOR(env_bool) {
    TSK_CALL("env_bool");
    tsk_slice name;
    const char *text = NULL;
    bool truth;
    if (!read_or_default(&call, &name, &text, out)) return false;
    if (!text) return true;
    if (!truth_word(tsk_slice_trim(tsk_slice_cstr(text)), &truth)) return not_a(&call, name, text, "a boolean");
    *out = tsk_from_bool(truth);
    return true;
}

TSK_OPERATOR(env_list) {
    TSK_CALL("env_list");
    tsk_slice name, separator = TSK_SLICE(",");
    const char *text = NULL;
    if (!read_variable(&call, &name, &text)) return false;
    uint32_t next = 1;
    if (count > 1 && tsk_is_str(args[1])) {
        if (!tsk_arg_text(&call, 1, &separator)) return false;
        if (!separator.len) return tsk_arg_wrong(&call, 1, "a separator");
        next = 2;
    }
    if (!text) {
        *out = count > next ? args[next] : tsk_from_array(tsk_array_new(cx->heap, 0));
        return true;
    }
    tsk_array *list = tsk_array_new(cx->heap, 4);
    const char *end = text + strlen(text);
    for (const char *at = text; *text;) {
        const char *stop = memmem(at, (size_t)(end - at), separator.ptr, separator.len);
        tsk_slice item = tsk_slice_trim(tsk_slice_from(at, (size_t)((stop ? stop : end) - at)));
        tsk_array_push(cx->heap, list, tsk_op_text(cx, item.ptr, item.len));
        if (!stop) break;
        at = stop + separator.len;
    }
    *out = tsk_from_array(list);
    return true;
}
