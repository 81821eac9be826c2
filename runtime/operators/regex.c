/* Regular expressions by PCRE2.
 *
 * Patterns are compiled once a context and kept there; one that is used again and again gets native code.  While
 * folding there is no context: then everything, the compiled pattern too, is allocated from the heap, so that a
 * trap leaves nothing behind.  Matching counts its steps, so no pattern can hang. */
#define TSK_USE_PCRE2
#include "runtime/operators/regex.h"
#include "runtime/base/library_api.h"
#include "runtime/operators/stores.h"
#include "runtime/operators/text.h"

#include "runtime/base/utf8.h"

#include <stdlib.h>

#define MATCH_LIMIT 2000000
#define HEAP_LIMIT_KIB (64 << 10)
#define PATTERN_MAX 65536
#define JIT_AFTER 4 /* uses */

typedef struct regex {
    const tsk_call *call;
    const tsk_pcre2_api *api;
    const pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    const size_t *at; /* pairs of start and end of the match and its groups */
    uint32_t groups;
    bool global;
} regex;

/* ---- compiling ---- */

static void *heap_alloc(size_t size, void *heap) {
    return tsk_arena_alloc(heap, size);
}

static void heap_free(void *ptr, void *heap) {
    (void)ptr;
    (void)heap;
}

/* /abc/i: the slashes and flags of a literal; a slash inside means that it is none. */
static void strip_literal(tsk_slice *pattern, tsk_slice *flags) {
    if (pattern->len < 2 || pattern->ptr[0] != '/') return;
    uint32_t last = pattern->len - 1;
    while (last > 0 && pattern->ptr[last] >= 'a' && pattern->ptr[last] <= 'z') last--;
    if (last == 0 || pattern->ptr[last] != '/') return;
    for (uint32_t i = 1; i < last; i++) {
        if (pattern->ptr[i] == '\\')
            i++;
        else if (pattern->ptr[i] == '/')
            return;
    }
    if (!flags->len) *flags = (tsk_slice){pattern->ptr + last + 1, pattern->len - last - 1};
    *pattern = (tsk_slice){pattern->ptr + 1, last - 1};
}

static bool read_flags(const tsk_call *call, tsk_slice flags, uint32_t *options, bool *global) {
    *options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    *global = false;
    for (uint32_t i = 0; i < flags.len; i++) {
        switch (flags.ptr[i]) {
        case 'i': *options |= PCRE2_CASELESS; break;
        case 'm': *options |= PCRE2_MULTILINE; break;
        case 's': *options |= PCRE2_DOTALL; break;
        case 'x': *options |= PCRE2_EXTENDED; break;
        case 'u': *options |= PCRE2_UCP; break;
        case 'g': *global = true; break;
        case 'y': break;
        default:
            tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: '%c' is no flag of a pattern", call->name, flags.ptr[i]);
            return tsk_op_hint(call->cx, "the flags are g, i, m, s, u and x");
        }
    }
    return true;
}

static pcre2_code *compile(const tsk_call *call, const tsk_pcre2_api *api, tsk_slice pattern, uint32_t options,
                           pcre2_general_context *memory) {
    int error;
    size_t offset;
    pcre2_compile_context *context = memory ? api->pcre2_compile_context_create_8_(memory) : NULL;
    pcre2_code *code = api->pcre2_compile_8_((const uint8_t *)pattern.ptr, pattern.len, options, &error, &offset,
                                             context);
    if (code) return code;
    uint8_t text[200] = "";
    api->pcre2_get_error_message_8_(error, text, sizeof text);
    tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: the pattern is malformed at character %zu: %s", call->name,
                tsk_utf8_count(pattern.ptr, offset < pattern.len ? offset : pattern.len) + 1, (const char *)text);
    return NULL;
}

void tsk_regex_free_pattern(const struct tsk_pcre2_api *api, tsk_pattern *p) {
    api->pcre2_code_free_8_(p->code);
    free(p->text);
    *p = (tsk_pattern){0};
}

/* The context's compiled pattern. */
static const pcre2_code *cached(const tsk_call *call, const tsk_pcre2_api *api, tsk_slice pattern, uint32_t options) {
    struct tsk_stores *s = call->cx->stores;
    for (uint32_t i = 0; i < TSK_PATTERNS; i++) {
        tsk_pattern *p = &s->patterns[i];
        if (!p->text || p->options != options || p->len != pattern.len || memcmp(p->text, pattern.ptr, p->len) != 0)
            continue;
        if (++p->uses == JIT_AFTER) api->pcre2_jit_compile_8_(p->code, PCRE2_JIT_COMPLETE);
        return p->code;
    }
    pcre2_code *code = compile(call, api, pattern, options, NULL);
    if (!code) return NULL;
    char *text = malloc(pattern.len + 1u);
    if (!text) {
        api->pcre2_code_free_8_(code);
        tsk_op_fail(call->cx, TSK_E_NO_MEMORY, "%s: the system has no memory left", call->name);
        return NULL;
    }
    memcpy(text, pattern.ptr, pattern.len);
    tsk_pattern *slot = &s->patterns[s->next_pattern++ % TSK_PATTERNS];
    if (slot->text) tsk_regex_free_pattern(api, slot);
    *slot = (tsk_pattern){.text = text, .len = pattern.len, .options = options, .uses = 1, .code = code};
    s->pcre2 = api;
    return code;
}

static bool open_regex(const tsk_call *call, tsk_slice pattern, tsk_slice flags, regex *re) {
    tsk_library_error missing;
    uint32_t options;
    *re = (regex){.call = call};
    if (!tsk_library_pcre2(&re->api, &missing)) {
        tsk_op_fail(call->cx, TSK_E_LIBRARY_MISSING, "%s: %s is not installed", call->name, missing.file);
        return tsk_op_hint(call->cx, "install the package %s", missing.package);
    }
    if (pattern.len > PATTERN_MAX)
        return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: the pattern is too long", call->name);
    strip_literal(&pattern, &flags);
    if (!read_flags(call, flags, &options, &re->global)) return false;
    const tsk_pcre2_api *api = re->api;
    pcre2_general_context *memory = api->pcre2_general_context_create_8_(heap_alloc, heap_free, call->cx->heap);
    re->code = call->cx->stores ? cached(call, api, pattern, options) : compile(call, api, pattern, options, memory);
    if (!re->code) return false;
    re->data = api->pcre2_match_data_create_from_pattern_8_(re->code, memory);
    re->limits = api->pcre2_match_context_create_8_(memory);
    api->pcre2_set_match_limit_8_(re->limits, MATCH_LIMIT);
    api->pcre2_set_heap_limit_8_(re->limits, HEAP_LIMIT_KIB);
    api->pcre2_pattern_info_8_(re->code, PCRE2_INFO_CAPTURECOUNT, &re->groups);
    re->at = api->pcre2_get_ovector_pointer_8_(re->data);
    return true;
}

/* ---- matching ---- */

/* The next match from byte `start`; *found says whether there is one. */
static bool run(const regex *re, tsk_slice text, size_t start, bool *found) {
    int n = re->api->pcre2_match_8_(re->code, (const uint8_t *)text.ptr, text.len, start, 0, re->data, re->limits);
    if (n == PCRE2_ERROR_JIT_STACKLIMIT)
        n = re->api->pcre2_match_8_(re->code, (const uint8_t *)text.ptr, text.len, start, PCRE2_NO_JIT, re->data,
                                    re->limits);
    *found = n >= 0;
    if (n >= 0 || n == PCRE2_ERROR_NOMATCH) return true;
    if (n == PCRE2_ERROR_MATCHLIMIT || n == PCRE2_ERROR_HEAPLIMIT || n == PCRE2_ERROR_DEPTHLIMIT) {
        tsk_op_fail(re->call->cx, TSK_E_OPERATOR_FAILED, "%s: the pattern needs too many steps on this text",
                    re->call->name);
        return tsk_op_hint(re->call->cx, "avoid repetitions inside repetitions such as (a+)+");
    }
    uint8_t message[200] = "";
    re->api->pcre2_get_error_message_8_(n, message, sizeof message);
    return tsk_op_fail(re->call->cx, TSK_E_OPERATOR_FAILED, "%s: %s", re->call->name, (const char *)message);
}

static bool has_group(const regex *re, uint32_t i) {
    return i <= re->groups && re->at[2 * i] != PCRE2_UNSET && re->at[2 * i + 1] >= re->at[2 * i];
}

static tsk_value group(const regex *re, tsk_slice text, uint32_t i) {
    if (!has_group(re, i)) return TSK_VALUE_NULL;
    return tsk_str_borrow(re->call->cx->heap, text.ptr + re->at[2 * i], (uint32_t)(re->at[2 * i + 1] - re->at[2 * i]));
}

static tsk_value all_groups(const regex *re, tsk_slice text) {
    tsk_array *list = tsk_array_new(re->call->cx->heap, re->groups + 1);
    for (uint32_t i = 0; i <= re->groups; i++) tsk_array_push(re->call->cx->heap, list, group(re, text, i));
    return tsk_from_array(list);
}

/* Where to look next: behind the match, and never at the same place again.  Past the end: stop. */
static size_t after(const regex *re, tsk_slice text) {
    size_t end = re->at[1];
    if (end > re->at[0]) return end;
    uint32_t code;
    return end < text.len ? end + tsk_utf8_next(text.ptr + end, text.ptr + text.len, &code) : (size_t)text.len + 1;
}

static bool test(const regex *re, tsk_slice text, tsk_value *out) {
    bool found;
    if (!run(re, text, 0, &found)) return false;
    *out = tsk_from_bool(found);
    return true;
}

/* Every match: its text, or the list of it and its groups when the pattern has some. */
static bool match_all(const regex *re, tsk_slice text, bool with_groups, tsk_value *out) {
    tsk_array *list = tsk_array_new(re->call->cx->heap, 4);
    for (size_t at = 0; at <= text.len;) {
        bool found;
        if (!run(re, text, at, &found)) return false;
        if (!found) break;
        tsk_array_push(re->call->cx->heap, list, with_groups && re->groups ? all_groups(re, text) : group(re, text, 0));
        at = after(re, text);
    }
    *out = tsk_from_array(list);
    return true;
}

/* The first match and its groups, or with the flag g all matches; null when there is none. */
static bool match(const regex *re, tsk_slice text, tsk_value *out) {
    bool found;
    if (re->global) {
        if (!match_all(re, text, false, out)) return false;
        if (!tsk_as_array(*out)->count) *out = TSK_VALUE_NULL;
        return true;
    }
    if (!run(re, text, 0, &found)) return false;
    *out = found ? all_groups(re, text) : TSK_VALUE_NULL;
    return true;
}

/* The first group of the first match, or the match when the pattern has no group. */
static bool extract(const regex *re, tsk_slice text, tsk_value *out) {
    bool found;
    if (!run(re, text, 0, &found)) return false;
    *out = found ? group(re, text, re->groups ? 1 : 0) : TSK_VALUE_NULL;
    return true;
}

/* $1 $& $$ ${1} \1 of a replacement. */
static void expand(const regex *re, tsk_slice text, tsk_slice by, tsk_buf *out) {
    for (uint32_t i = 0; i < by.len; i++) {
        char c = by.ptr[i], next = i + 1 < by.len ? by.ptr[i + 1] : 0;
        bool braces = c == '$' && next == '{';
        uint32_t digit = i + 1 + braces, n = 0, start = digit;
        while (digit < by.len && digit < start + 2 && by.ptr[digit] >= '0' && by.ptr[digit] <= '9')
            n = n * 10 + (uint32_t)(by.ptr[digit++] - '0');
        if (digit == start + 2 && n > re->groups) n = (uint32_t)(by.ptr[--digit - 1] - '0'); /* $12 is $1 and 2 */
        bool closed = !braces || (digit < by.len && by.ptr[digit] == '}');
        if ((c == '$' || c == '\\') && digit > start && closed && n <= re->groups) {
            if (has_group(re, n)) tsk_buf_add(out, text.ptr + re->at[2 * n], re->at[2 * n + 1] - re->at[2 * n]);
            i = digit - 1 + braces;
        } else if (c == '$' && next == '&') {
            tsk_buf_add(out, text.ptr + re->at[0], re->at[1] - re->at[0]);
            i++;
        } else if (c == '$' && next == '$') {
            tsk_buf_char(out, '$');
            i++;
        } else {
            tsk_buf_char(out, c);
        }
    }
}

static bool replace(const regex *re, tsk_slice text, tsk_slice by, tsk_value *out) {
    tsk_buf result;
    tsk_buf_init(&result, re->call->cx->heap);
    size_t copied = 0;
    for (size_t at = 0; at <= text.len;) {
        bool found;
        if (!run(re, text, at, &found)) return false;
        if (!found) break;
        tsk_buf_add(&result, text.ptr + copied, re->at[0] - copied);
        expand(re, text, by, &result);
        copied = re->at[1];
        at = after(re, text);
        if (!tsk_text_fits(re->call, result.len)) return false;
    }
    tsk_buf_add(&result, text.ptr + copied, text.len - copied);
    *out = tsk_str_take(&result);
    return true;
}

static bool split(const regex *re, tsk_slice text, tsk_value *out) {
    tsk_arena *heap = re->call->cx->heap;
    tsk_array *list = tsk_array_new(heap, 4);
    size_t piece = 0;
    for (size_t at = 0; at <= text.len;) {
        bool found;
        if (!run(re, text, at, &found)) return false;
        if (!found) break;
        if (re->at[1] > re->at[0] || (re->at[0] > piece && re->at[0] < text.len)) {
            tsk_array_push(heap, list, tsk_str_borrow(heap, text.ptr + piece, (uint32_t)(re->at[0] - piece)));
            piece = re->at[1];
        }
        at = after(re, text);
    }
    tsk_array_push(heap, list, tsk_str_borrow(heap, text.ptr + piece, (uint32_t)(text.len - piece)));
    *out = tsk_from_array(list);
    return true;
}

/* ---- operators ---- */

typedef enum regex_action { TEST, MATCH, MATCH_ALL, EXTRACT, REPLACE, SPLIT } regex_action;

static bool find_action(tsk_value v, regex_action *out) {
    static const struct {
        const char *name;
        regex_action action;
    } names[] = {{"test", TEST},          {"match", MATCH},     {"match_all", MATCH_ALL},
                 {"matchall", MATCH_ALL}, {"find", EXTRACT},    {"extract", EXTRACT},
                 {"find_all", MATCH_ALL}, {"replace", REPLACE}, {"split", SPLIT}};
    if (!tsk_is_str(v)) return false;
    for (size_t i = 0; i < TSK_COUNT(names); i++) {
        if (!tsk_slice_same(tsk_as_slice(v), names[i].name)) continue;
        *out = names[i].action;
        return true;
    }
    return false;
}

/* Arguments by their numbers; `by` and `flags` beyond the count are not given. */
static bool act(const tsk_call *call, regex_action action, uint32_t pattern_at, uint32_t text_at, uint32_t flags_at,
                uint32_t by_at, tsk_value *out) {
    tsk_slice pattern, text, flags, by = TSK_SLICE("");
    regex re;
    if (!tsk_arg_text(call, pattern_at, &pattern) || !tsk_arg_text(call, text_at, &text) ||
        !tsk_arg_text_or(call, flags_at, TSK_SLICE(""), &flags) ||
        (action == REPLACE && !tsk_arg_text(call, by_at, &by)) || !open_regex(call, pattern, flags, &re))
        return false;
    switch (action) {
    case TEST: return test(&re, text, out);
    case MATCH: return match(&re, text, out);
    case MATCH_ALL: return match_all(&re, text, true, out);
    case EXTRACT: return extract(&re, text, out);
    case REPLACE: return replace(&re, text, by, out);
    case SPLIT: return split(&re, text, out);
    }
    return false;
}

#define NOT_GIVEN UINT32_MAX

/* regex("op", pattern, text[, flags[, replacement]]) or regex(pattern, text[, "op"[, replacement]]); with "replace"
 * and four arguments the last is the replacement. */
TSK_OPERATOR(regex) {
    TSK_CALL("regex");
    regex_action action = MATCH;
    if (count > 2 && find_action(args[0], &action)) {
        bool only_text = action == REPLACE && count == 4;
        return act(&call, action, 1, 2, only_text ? NOT_GIVEN : 3, only_text ? 3 : 4, out);
    }
    if (count > 2 && !find_action(args[2], &action))
        return tsk_arg_wrong(&call, 2, "\"test\", \"match\", \"match_all\", \"extract\", \"replace\" or \"split\"");
    return act(&call, action, 0, 1, NOT_GIVEN, 3, out);
}

#define PATTERN_FIRST(name, action)                                                                                    \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        return act(&call, action, 0, 1, 2, NOT_GIVEN, out);                                                            \
    }
PATTERN_FIRST(regex_test, TEST)
PATTERN_FIRST(regex_match, MATCH)
PATTERN_FIRST(regex_match_all, MATCH_ALL)
PATTERN_FIRST(regex_extract, EXTRACT)
PATTERN_FIRST(regex_split, SPLIT)

#define TEXT_FIRST(name, action)                                                                                       \
    TSK_OPERATOR(name) {                                                                                               \
        TSK_CALL(#name);                                                                                               \
        return act(&call, action, 1, 0, 2, NOT_GIVEN, out);                                                            \
    }
TEXT_FIRST(text_test, TEST)
TEXT_FIRST(text_match, MATCH)
TEXT_FIRST(text_extract, EXTRACT)

/* regex_replace(pattern, text, replacement[, flags]) */
TSK_OPERATOR(regex_replace) {
    TSK_CALL("regex_replace");
    return act(&call, REPLACE, 0, 1, 3, 2, out);
}

/* preg_replace(pattern, replacement, text) */
TSK_OPERATOR(preg_replace) {
    TSK_CALL("preg_replace");
    return act(&call, REPLACE, 0, 2, NOT_GIVEN, 1, out);
}

bool tsk_regex_matches(tsk_op_context *cx, tsk_slice pattern, tsk_slice text, bool *out) {
    const tsk_call call = {cx, "pattern", NULL, 0};
    regex re;
    return open_regex(&call, pattern, TSK_SLICE(""), &re) && run(&re, text, 0, out);
}
