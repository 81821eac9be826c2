/* Texts: trimming, cutting, padding, replacing, splitting.  Positions count characters (code points). */
#include "runtime/operators/text.h"

#include "runtime/base/utf8.h"

bool tsk_text_fits(const tsk_call *call, uint64_t len) {
    if (len <= TSK_TEXT_MAX) return true;
    return tsk_op_fail(call->cx, TSK_E_ARGUMENT, "%s: the result would be longer than %llu bytes", call->name,
                       (unsigned long long)TSK_TEXT_MAX);
}

tsk_value tsk_text_piece(tsk_op_context *cx, tsk_slice s, uint64_t from, uint64_t count) {
    size_t start = tsk_utf8_offset(s.ptr, s.len, from);
    size_t len = tsk_utf8_offset(s.ptr + start, s.len - start, count);
    return tsk_str_borrow(cx->heap, s.ptr + start, (uint32_t)len);
}

static uint64_t length(tsk_slice s) {
    return tsk_utf8_count(s.ptr, s.len);
}

/* ---- string(...): a cast, or an operation named by its first text ---- */

static const tsk_action string_actions[] = {
    {"upper", TSK_OP_UPPER},
    {"lower", TSK_OP_LOWER},
    {"title", TSK_OP_TITLE},
    {"capitalize", TSK_OP_CAPITALIZE},
    {"trim", TSK_OP_TRIM},
    {"ltrim", TSK_OP_LTRIM},
    {"rtrim", TSK_OP_RTRIM},
    {"length", TSK_OP_LENGTH},
    {"len", TSK_OP_LENGTH},
    {"concat", TSK_OP_CONCAT},
    {"replace", TSK_OP_REPLACE},
    {"substr", TSK_OP_SUBSTR},
    {"substring", TSK_OP_SUBSTRING},
    {"slice", TSK_OP_SLICE},
    {"left", TSK_OP_LEFT},
    {"right", TSK_OP_RIGHT},
    {"pad", TSK_OP_PAD},
    {"padleft", TSK_OP_PAD_LEFT},
    {"padright", TSK_OP_PAD_RIGHT},
    {"padstart", TSK_OP_PAD_LEFT},
    {"padend", TSK_OP_PAD_RIGHT},
    {"repeat", TSK_OP_REPEAT},
    {"split", TSK_OP_SPLIT},
    {"join", TSK_OP_JOIN},
    {"lines", TSK_OP_LINES},
    {"words", TSK_OP_WORDS},
    {"contains", TSK_OP_CONTAINS},
    {"includes", TSK_OP_CONTAINS},
    {"startswith", TSK_OP_STARTS_WITH},
    {"endswith", TSK_OP_ENDS_WITH},
    {"indexof", TSK_OP_INDEX_OF},
    {"reverse", TSK_OP_REVERSE},
    {"slug", TSK_OP_SLUG},
    {"truncate", TSK_OP_TRUNCATE},
    {"snake", TSK_OP_SNAKE_CASE},
    {"snakecase", TSK_OP_SNAKE_CASE},
    {"kebab", TSK_OP_KEBAB_CASE},
    {"kebabcase", TSK_OP_KEBAB_CASE},
    {"camel", TSK_OP_CAMEL_CASE},
    {"camelcase", TSK_OP_CAMEL_CASE},
    {"format", TSK_OP_FORMAT},
};

/* string(x) is the text of x; string("upper", s) runs an operation; other texts are put together. */
TSK_OPERATOR(string) {
    TSK_CALL("string");
    if (count == 1) {
        *out = tsk_value_string(cx->heap, args[0]);
        return true;
    }
    if (tsk_is_str(args[0])) {
        const tsk_action *action = tsk_action_find(string_actions, TSK_COUNT(string_actions), tsk_as_slice(args[0]));
        if (action) return tsk_op_call(cx, action->number, args + 1, count - 1, out);
    }
    return tsk_op_concat(cx, call.args, call.count, out);
}

/* ---- trimming ---- */

static bool in_set(uint32_t code, tsk_slice set) {
    const char *p = set.ptr, *end = p + set.len;
    while (p < end) {
        uint32_t member;
        p += tsk_utf8_next(p, end, &member);
        if (member == code) return true;
    }
    return false;
}

static bool trimmed(const tsk_call *call, bool left, bool right, tsk_value *out) {
    tsk_slice s, set;
    if (!tsk_arg_text(call, 0, &s) || !tsk_arg_text_or(call, 1, TSK_SLICE(" \t\n\r\v\f\0"), &set)) return false;
    while (left && s.len) {
        uint32_t code;
        unsigned n = tsk_utf8_next(s.ptr, s.ptr + s.len, &code);
        if (!in_set(code, set)) break;
        s.ptr += n;
        s.len -= n;
    }
    while (right && s.len) {
        uint32_t at = s.len - 1, code;
        while (at > 0 && s.len - at < 4 && ((uint8_t)s.ptr[at] & 0xC0) == 0x80) at--;
        if (tsk_utf8_next(s.ptr + at, s.ptr + s.len, &code) != s.len - at || !in_set(code, set)) break;
        s.len = at;
    }
    *out = tsk_str_borrow(call->cx->heap, s.ptr, s.len);
    return true;
}

TSK_OPERATOR(trim) {
    TSK_CALL("trim");
    return trimmed(&call, true, true, out);
}

TSK_OPERATOR(ltrim) {
    TSK_CALL("ltrim");
    return trimmed(&call, true, false, out);
}

TSK_OPERATOR(rtrim) {
    TSK_CALL("rtrim");
    return trimmed(&call, false, true, out);
}

/* ---- putting together ---- */

/* Lists when the first argument is one, else texts. */
TSK_OPERATOR(concat) {
    if (count && tsk_is_array(args[0])) {
        tsk_array *list = tsk_array_new(cx->heap, 8);
        for (uint32_t i = 0; i < count; i++) {
            if (!tsk_is_array(args[i])) {
                tsk_array_push(cx->heap, list, args[i]);
                continue;
            }
            const tsk_array *part = tsk_as_array(args[i]);
            for (uint32_t k = 0; k < part->count; k++) tsk_array_push(cx->heap, list, part->items[k]);
        }
        *out = tsk_from_array(list);
        return true;
    }
    tsk_buf text;
    tsk_buf_init(&text, cx->heap);
    for (uint32_t i = 0; i < count; i++) tsk_value_text(&text, args[i]);
    TSK_CALL("concat");
    if (!tsk_text_fits(&call, text.len)) return false;
    *out = tsk_str_take(&text);
    return true;
}

TSK_OPERATOR(repeat) {
    TSK_CALL("repeat");
    tsk_slice s;
    int64_t times;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_int(&call, 1, &times)) return false;
    if (times < 0) return tsk_arg_wrong(&call, 1, "a number from 0 up");
    if (s.len && (uint64_t)times > TSK_TEXT_MAX / s.len) return tsk_text_fits(&call, TSK_TEXT_MAX + 1);
    char *text = tsk_arena_alloc(cx->heap, s.len * (size_t)times);
    for (int64_t i = 0; s.len && i < times; i++) memcpy(text + (size_t)i * s.len, s.ptr, s.len);
    *out = tsk_str_borrow(cx->heap, text, (uint32_t)(s.len * (size_t)times));
    return true;
}

/* `n` characters of the filling text. */
static void fill(tsk_buf *out, tsk_slice with, uint64_t n) {
    uint64_t chars = length(with);
    for (; n >= chars; n -= chars) tsk_buf_slice(out, with);
    tsk_buf_add(out, with.ptr, tsk_utf8_offset(with.ptr, with.len, n));
}

static bool padded(const tsk_call *call, uint64_t left_share, uint64_t right_share, tsk_value *out) {
    tsk_slice s, with;
    int64_t width;
    if (!tsk_arg_text(call, 0, &s) || !tsk_arg_int(call, 1, &width) || !tsk_arg_text_or(call, 2, TSK_SLICE(" "), &with))
        return false;
    uint64_t have = length(s);
    if (width <= 0 || (uint64_t)width <= have || !with.len) {
        *out = tsk_str_borrow(call->cx->heap, s.ptr, s.len);
        return true;
    }
    uint64_t missing = (uint64_t)width - have;
    if (missing > TSK_TEXT_MAX / 4) return tsk_text_fits(call, TSK_TEXT_MAX + 1);
    uint64_t left = missing * left_share / (left_share + right_share);
    tsk_buf text;
    tsk_buf_init(&text, call->cx->heap);
    fill(&text, with, left);
    tsk_buf_slice(&text, s);
    fill(&text, with, missing - left);
    *out = tsk_str_take(&text);
    return true;
}

TSK_OPERATOR(pad_left) {
    TSK_CALL("pad_left");
    return padded(&call, 1, 0, out);
}

TSK_OPERATOR(pad_right) {
    TSK_CALL("pad_right");
    return padded(&call, 0, 1, out);
}

TSK_OPERATOR(pad) {
    TSK_CALL("pad");
    tsk_slice side;
    if (!tsk_arg_text_or(&call, 3, TSK_SLICE("end"), &side)) return false;
    if (tsk_slice_same(side, "start") || tsk_slice_same(side, "left")) return padded(&call, 1, 0, out);
    if (tsk_slice_same(side, "both") || tsk_slice_same(side, "center")) return padded(&call, 1, 1, out);
    if (tsk_slice_same(side, "end") || tsk_slice_same(side, "right")) return padded(&call, 0, 1, out);
    return tsk_arg_wrong(&call, 3, "\"start\", \"end\" or \"both\"");
}

/* ---- replacing ---- */

tsk_value tsk_text_replace(tsk_op_context *cx, tsk_slice s, tsk_slice from, tsk_slice to, bool all) {
    const char *at = s.ptr, *end = at + s.len;
    const char *hit = from.len ? memmem(at, s.len, from.ptr, from.len) : NULL;
    if (!hit) return tsk_str_borrow(cx->heap, s.ptr, s.len);
    tsk_buf text;
    tsk_buf_init(&text, cx->heap);
    while (hit && text.len <= TSK_TEXT_MAX) {
        tsk_buf_add(&text, at, (size_t)(hit - at));
        tsk_buf_slice(&text, to);
        at = hit + from.len;
        hit = all ? memmem(at, (size_t)(end - at), from.ptr, from.len) : NULL;
    }
    tsk_buf_add(&text, at, (size_t)(end - at));
    return tsk_str_take(&text);
}

static bool replaced(const tsk_call *call, bool all, tsk_value *out) {
    tsk_slice s, from, to;
    if (!tsk_arg_text(call, 0, &s) || !tsk_arg_text(call, 1, &from) || !tsk_arg_text(call, 2, &to)) return false;
    if (from.len && to.len > from.len && !tsk_text_fits(call, (uint64_t)s.len / from.len * to.len)) return false;
    *out = tsk_text_replace(call->cx, s, from, to, all);
    return true;
}

TSK_OPERATOR(replace) {
    TSK_CALL("replace");
    return replaced(&call, true, out);
}

TSK_OPERATOR(replace_first) {
    TSK_CALL("replace_first");
    return replaced(&call, false, out);
}

/* ---- cutting ---- */

/* substr(s, start[, length]): negative values count from the end, as in PHP. */
TSK_OPERATOR(substr) {
    TSK_CALL("substr");
    tsk_slice s;
    int64_t start, len;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_int(&call, 1, &start)) return false;
    int64_t total = (int64_t)length(s);
    if (!tsk_arg_int_or(&call, 2, total, &len)) return false;
    if (start < 0) start = start < -total ? 0 : start + total;
    if (start > total) start = total;
    int64_t left = total - start;
    if (len < 0) len = len < -left ? 0 : left + len;
    *out = tsk_text_piece(cx, s, (uint64_t)start, (uint64_t)(len < left ? len : left));
    return true;
}

/* substring(s, start[, end]): the end is not included; negative values count from the end. */
TSK_OPERATOR(substring) {
    TSK_CALL("substring");
    tsk_slice s;
    int64_t start, end;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_int(&call, 1, &start)) return false;
    int64_t total = (int64_t)length(s);
    if (!tsk_arg_int_or(&call, 2, total, &end)) return false;
    if (start < 0) start = start < -total ? 0 : start + total;
    if (end < 0) end = end < -total ? 0 : end + total;
    if (end > total) end = total;
    *out = tsk_text_piece(cx, s, (uint64_t)start, end > start ? (uint64_t)(end - start) : 0);
    return true;
}

TSK_OPERATOR(left) {
    TSK_CALL("left");
    tsk_slice s;
    int64_t n;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_int(&call, 1, &n)) return false;
    *out = tsk_text_piece(cx, s, 0, n < 0 ? 0 : (uint64_t)n);
    return true;
}

TSK_OPERATOR(right) {
    TSK_CALL("right");
    tsk_slice s;
    int64_t n;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_int(&call, 1, &n)) return false;
    uint64_t total = length(s), wanted = n < 0 ? 0 : (uint64_t)n;
    *out = tsk_text_piece(cx, s, wanted < total ? total - wanted : 0, total);
    return true;
}

TSK_OPERATOR(char_at) {
    TSK_CALL("char_at");
    tsk_slice s;
    int64_t n;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_int(&call, 1, &n)) return false;
    if (n < 0) n += (int64_t)length(s);
    *out = n < 0 ? tsk_str_borrow(cx->heap, "", 0) : tsk_text_piece(cx, s, (uint64_t)n, 1);
    return true;
}

/* At most n characters, of which the last are the mark that something was cut. */
TSK_OPERATOR(truncate) {
    TSK_CALL("truncate");
    tsk_slice s, mark;
    int64_t n;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_int(&call, 1, &n) ||
        !tsk_arg_text_or(&call, 2, TSK_SLICE("..."), &mark))
        return false;
    if (n < 0) return tsk_arg_wrong(&call, 1, "a number from 0 up");
    if (length(s) <= (uint64_t)n) {
        *out = tsk_str_borrow(cx->heap, s.ptr, s.len);
        return true;
    }
    uint64_t room = (uint64_t)n, marked = length(mark);
    tsk_buf text;
    tsk_buf_init(&text, cx->heap);
    tsk_buf_add(&text, s.ptr, tsk_utf8_offset(s.ptr, s.len, room > marked ? room - marked : 0));
    tsk_buf_add(&text, mark.ptr, tsk_utf8_offset(mark.ptr, mark.len, room));
    *out = tsk_str_take(&text);
    return true;
}

/* ---- splitting ---- */

static tsk_array *split_characters(tsk_op_context *cx, tsk_slice s) {
    tsk_array *list = tsk_array_new(cx->heap, s.len);
    const char *p = s.ptr, *end = p + s.len;
    while (p < end) {
        uint32_t code;
        unsigned n = tsk_utf8_next(p, end, &code);
        tsk_array_push(cx->heap, list, tsk_str_borrow(cx->heap, p, n));
        p += n;
    }
    return list;
}

/* split(s[, separator[, most]]): the last of at most `most` parts keeps the rest. */
TSK_OPERATOR(split) {
    TSK_CALL("split");
    tsk_slice s, separator;
    int64_t most;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_text_or(&call, 1, TSK_SLICE(","), &separator) ||
        !tsk_arg_int_or(&call, 2, INT32_MAX, &most))
        return false;
    if (!separator.len) {
        *out = tsk_from_array(split_characters(cx, s));
        return true;
    }
    tsk_array *list = tsk_array_new(cx->heap, 4);
    const char *at = s.ptr, *end = at + s.len;
    for (int64_t parts = 1;; parts++) {
        const char *hit = parts < most ? memmem(at, (size_t)(end - at), separator.ptr, separator.len) : NULL;
        tsk_array_push(cx->heap, list, tsk_str_borrow(cx->heap, at, (uint32_t)((hit ? hit : end) - at)));
        if (!hit) break;
        at = hit + separator.len;
    }
    *out = tsk_from_array(list);
    return true;
}

/* Parts between line ends (\n or \r\n); a line end at the end opens no further line. */
TSK_OPERATOR(lines) {
    TSK_CALL("lines");
    tsk_slice s;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    tsk_array *list = tsk_array_new(cx->heap, 4);
    const char *at = s.ptr, *end = at + s.len;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *last = stop ? stop : end;
        tsk_array_push(cx->heap, list,
                       tsk_str_borrow(cx->heap, at, (uint32_t)(last - at - (last > at && last[-1] == '\r'))));
        at = stop ? stop + 1 : end;
    }
    *out = tsk_from_array(list);
    return true;
}

TSK_OPERATOR(words) {
    TSK_CALL("words");
    tsk_slice s;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    tsk_array *list = tsk_array_new(cx->heap, 4);
    for (uint32_t i = 0; i < s.len;) {
        uint32_t start = i;
        while (i < s.len && (uint8_t)s.ptr[i] > ' ') i++;
        if (i > start) tsk_array_push(cx->heap, list, tsk_str_borrow(cx->heap, s.ptr + start, i - start));
        while (i < s.len && (uint8_t)s.ptr[i] <= ' ') i++;
    }
    *out = tsk_from_array(list);
    return true;
}

TSK_OPERATOR(starts_with) {
    TSK_CALL("starts_with");
    tsk_slice s, part;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_text(&call, 1, &part)) return false;
    *out = tsk_from_bool(s.len >= part.len && memcmp(s.ptr, part.ptr, part.len) == 0);
    return true;
}

TSK_OPERATOR(ends_with) {
    TSK_CALL("ends_with");
    tsk_slice s, part;
    if (!tsk_arg_text(&call, 0, &s) || !tsk_arg_text(&call, 1, &part)) return false;
    *out = tsk_from_bool(s.len >= part.len && memcmp(s.ptr + s.len - part.len, part.ptr, part.len) == 0);
    return true;
}

TSK_OPERATOR(escape_html) {
    TSK_CALL("escape_html");
    tsk_slice s;
    tsk_buf text;
    if (!tsk_arg_text(&call, 0, &s)) return false;
    tsk_buf_init(&text, cx->heap);
    for (uint32_t i = 0; i < s.len; i++) {
        switch (s.ptr[i]) {
        case '&': tsk_buf_cstr(&text, "&amp;"); break;
        case '<': tsk_buf_cstr(&text, "&lt;"); break;
        case '>': tsk_buf_cstr(&text, "&gt;"); break;
        case '"': tsk_buf_cstr(&text, "&quot;"); break;
        case '\'': tsk_buf_cstr(&text, "&#39;"); break;
        default: tsk_buf_char(&text, s.ptr[i]);
        }
    }
    *out = tsk_str_take(&text);
    return true;
}
