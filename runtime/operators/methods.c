/* Methods of values: "x".upper(), list.includes(1).  A method is the operator of its name with the receiver as first
 * argument; the table holds the spellings that operators do not have. */
#include "runtime/operators/regex.h"
#include "runtime/operators/text.h"

static const tsk_action methods[] = {
    {"tostring", TSK_OP_TO_STRING},
    {"touppercase", TSK_OP_UPPER},
    {"tolowercase", TSK_OP_LOWER},
    {"at", TSK_OP_NTH},
    {"item", TSK_OP_NTH},
    {"match", TSK_OP_TEXT_MATCH},
    {"matches", TSK_OP_TEXT_TEST},
    {"test", TSK_OP_TEXT_TEST},
    {"tojson", TSK_OP_JSON_STRINGIFY},
    {"abs", TSK_OP_ABS},
    {"isempty", TSK_OP_IS_EMPTY},
    {"isnull", TSK_OP_IS_NULL},
    {"get", TSK_OP_GET},
    {"getordefault", TSK_OP_GET},
    {"has", TSK_OP_HAS},
    {"containskey", TSK_OP_HAS},
    {"add", TSK_OP_PUSH},
    {"toarray", TSK_OP_TO_ARRAY},
    {"hasownproperty", TSK_OP_HAS},
    {"toint", TSK_OP_INT},
    {"tofloat", TSK_OP_FLOAT},
    {"tolist", TSK_OP_TO_ARRAY},
    {"padstart", TSK_OP_PAD_LEFT},
    {"padend", TSK_OP_PAD_RIGHT},
    {"extract", TSK_OP_TEXT_EXTRACT},
    {"equals", TSK_OP_EQUALS},
    {"template", TSK_OP_TEMPLATE},
};

/* The operators that are methods too. */
static const struct {
    uint16_t first, last;
} groups[] = {
    {TSK_OP_JSON_PARSE, TSK_OP_ENV_STRINGIFY},
    {TSK_OP_UPPER, TSK_OP_EQUALS_IGNORE_CASE},
    {TSK_OP_MD5, TSK_OP_CRC32},
    {TSK_OP_BASE64_ENCODE, TSK_OP_URL_DECODE},
    {TSK_OP_ADD, TSK_OP_PERCENTILE},
    {TSK_OP_LENGTH, TSK_OP_INVERT},
    {TSK_OP_INT, TSK_OP_TO_ARRAY},
    {TSK_OP_IS, TSK_OP_NOT_EMPTY},
    {TSK_OP_EQUALS, TSK_OP_IS_PHONE},
};

static bool find_method(tsk_slice name, uint32_t *number) {
    const tsk_action *method = tsk_action_find(methods, TSK_COUNT(methods), name);
    if (method) return *number = method->number, true;
    if (memchr(name.ptr, '.', name.len) || !tsk_op_find(name.ptr, name.len, number)) return false;
    for (size_t i = 0; i < TSK_COUNT(groups); i++)
        if (*number >= groups[i].first && *number <= groups[i].last) return tsk_operators[*number].fn != NULL;
    return false;
}

/* /\s+/g, and not the path /api/: a literal with flags, or with a sign that only a pattern has. */
static bool is_pattern(tsk_value v) {
    if (!tsk_is_str(v)) return false;
    tsk_slice s = tsk_as_slice(v);
    if (s.len < 3 || *s.ptr != '/') return false;
    uint32_t last = s.len - 1;
    while (last > 1 && strchr("gimsuxy", s.ptr[last]) && s.ptr[last]) last--;
    if (s.ptr[last] != '/' || last < 2) return false;
    bool special = last + 1 < s.len;
    for (uint32_t i = 1; i < last; i++) {
        if (s.ptr[i] == '/' && s.ptr[i - 1] != '\\') return false;
        special = special || (s.ptr[i] && strchr("\\[](){}*+?^$|.", s.ptr[i]));
    }
    return special;
}

/* Texts take patterns where they take texts. */
static bool with_pattern(tsk_op_context *cx, uint32_t number, const tsk_value *args, uint32_t count, tsk_value *out) {
    tsk_value turned[3] = {args[1], args[0], count > 2 ? args[2] : TSK_VALUE_NULL};
    uint32_t op = number == TSK_OP_SPLIT ? TSK_OP_REGEX_SPLIT : TSK_OP_REGEX_REPLACE;
    return tsk_op_call(cx, op, turned, number == TSK_OP_SPLIT ? 2 : count, out);
}

static bool unknown(tsk_op_context *cx, tsk_slice name, tsk_value receiver) {
    tsk_op_fail(cx, TSK_E_TYPE, "%s has no method %.*s", tsk_op_show(cx, receiver), (int)name.len, name.ptr);
    const tsk_slice *names;
    size_t all = tsk_op_names(&names), n = 0;
    tsk_slice *candidates = TSK_NEW_ARRAY(cx->heap, tsk_slice, all);
    for (size_t i = 0; i < all; i++) {
        uint32_t number;
        if (find_method(names[i], &number)) candidates[n++] = names[i];
    }
    tsk_slice close = tsk_closest(name, candidates, n);
    return close.len ? tsk_op_hint(cx, "did you mean %.*s?", (int)close.len, close.ptr) : false;
}

bool tsk_op_method(tsk_op_context *cx, tsk_slice name, const tsk_value *args, uint32_t count, tsk_value *out) {
    uint32_t number;
    if (tsk_op_is_service_failure(args[0])) { /* a chain on a service that is not there stays what it is */
        *out = args[0];
        return true;
    }
    if (!find_method(name, &number)) return unknown(cx, name, args[0]);
    bool takes_text = number == TSK_OP_SPLIT || number == TSK_OP_REPLACE || number == TSK_OP_REPLACE_FIRST;
    if (takes_text && count >= (number == TSK_OP_SPLIT ? 2 : 3) && tsk_is_str(args[0]) && is_pattern(args[1]))
        return with_pattern(cx, number, args, count, out);
    /* null has no methods but those that ask for it or stand in for it */
    bool accepts_null = (number >= TSK_OP_EQUALS && number <= TSK_OP_IS_PHONE) || number == TSK_OP_TO_STRING ||
                        number == TSK_OP_GET || number == TSK_OP_TO_ARRAY || number == TSK_OP_BOOL;
    if (tsk_is_null(args[0]) && !accepts_null)
        return tsk_op_fail(cx, TSK_E_TYPE, "null has no method %.*s", (int)name.len, name.ptr);
    return tsk_op_call(cx, number, args, count, out);
}
