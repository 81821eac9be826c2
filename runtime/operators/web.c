/* Requests and answers of `#!api` files, see web.h. */
#include "runtime/operators/web.h"

#include "runtime/operators/internal.h"

const tsk_answer *tsk_web_answer(const tsk_web *web, tsk_value value) {
    const tsk_answer *a = web->last;
    while (a && !tsk_same(a->value, value)) a = a->before;
    return a;
}

/* A cell that is nobody else's; scalars without one are taken for equal, as they are. */
static tsk_value own_cell(tsk_arena *heap, tsk_value v) {
    if (tsk_is_str(v)) return tsk_str_borrow(heap, tsk_as_str(v)->ptr, tsk_as_str(v)->len);
    if (tsk_is_array(v)) {
        tsk_array *copy = TSK_NEW(heap, tsk_array);
        *copy = *tsk_as_array(v);
        return tsk_from_array(copy);
    }
    if (tsk_is_object(v)) {
        tsk_object *copy = TSK_NEW(heap, tsk_object);
        *copy = *tsk_as_object(v);
        return tsk_from_object(copy);
    }
    return v;
}

static void note(tsk_op_context *cx, tsk_answer answer, tsk_value *out) {
    tsk_web *web = cx->web;
    if (!web || cx->heap != web->heap) return; /* inside of a function the value is changed on its way out */
    *out = answer.value = own_cell(web->heap, *out);
    answer.before = web->last;
    tsk_answer *kept = TSK_NEW(web->heap, tsk_answer);
    *kept = answer;
    web->last = kept;
}

static bool read_status(const tsk_call *call, uint32_t i, int64_t otherwise, int64_t least, int64_t most, int *status) {
    int64_t n;
    if (!tsk_arg_int_or(call, i, otherwise, &n)) return false;
    if (n < least || n > most)
        return tsk_arg_wrong(call, i, least == 300 ? "a status from 300 to 399" : "a status from 200 to 599");
    *status = (int)n;
    return true;
}

/* json(...) of an `#!api` file: in the shape json(value[, status]) it is an answer. */
TSK_OPERATOR(json_response) {
    TSK_CALL("json");
    tsk_answer answer = {.kind = TSK_ANSWER_JSON};
    if (!tsk_op_json(cx, args, count, out)) return false;
    if (tsk_json_is_operation(args, count)) return true;
    if (!read_status(&call, 1, 200, 200, 599, &answer.status)) return false;
    note(cx, answer, out);
    return true;
}

/* render(template, object[, status]): a template that is a page. */
TSK_OPERATOR(render) {
    TSK_CALL("render");
    tsk_answer answer = {.kind = TSK_ANSWER_HTML};
    if (!tsk_op_template(cx, args, count < 2 ? count : 2, out) || !read_status(&call, 2, 200, 200, 599, &answer.status))
        return false;
    note(cx, answer, out);
    return true;
}

/* redirect(url[, status]) */
TSK_OPERATOR(redirect) {
    TSK_CALL("redirect");
    tsk_answer answer = {.kind = TSK_ANSWER_REDIRECT};
    if (!tsk_arg_text(&call, 0, &answer.location) || !read_status(&call, 1, 302, 300, 399, &answer.status))
        return false;
    for (uint32_t i = 0; i < answer.location.len; i++)
        if ((unsigned char)answer.location.ptr[i] <= ' ' || answer.location.ptr[i] == 0x7f)
            return tsk_arg_wrong(&call, 0, "a URL, without blanks and control characters");
    if (!answer.location.len) return tsk_arg_wrong(&call, 0, "a URL");
    tsk_object *o = tsk_object_new(cx->heap, 2);
    tsk_object_put(cx->heap, o, "status", tsk_from_i32(answer.status));
    tsk_object_put(cx->heap, o, "location", tsk_op_text(cx, answer.location.ptr, answer.location.len));
    *out = tsk_from_object(o);
    note(cx, answer, out);
    return true;
}

/* ---- the request: null outside of a server ---- */

static tsk_value whole_request(tsk_web *web) {
    if (web && !web->made) {
        web->request = web->make(web);
        web->made = true;
    }
    return web ? web->request : TSK_VALUE_NULL;
}

static bool part(const tsk_call *call, tsk_value whole, tsk_value *out) {
    tsk_slice path;
    *out = whole;
    if (!tsk_arg_given(call, 0)) return true;
    if (!tsk_arg_text(call, 0, &path)) return false;
    if (!tsk_path_get(whole, path, out)) *out = TSK_VALUE_NULL;
    return true;
}

TSK_OPERATOR(request) {
    TSK_CALL("request");
    return part(&call, whole_request(cx->web), out);
}

TSK_OPERATOR(cookie) {
    TSK_CALL("cookie");
    tsk_value cookies = TSK_VALUE_NULL;
    tsk_value request = whole_request(cx->web);
    if (!tsk_is_null(request)) tsk_path_get(request, TSK_SLICE("cookies"), &cookies);
    return part(&call, cookies, out);
}

/* Nobody keeps sessions or users yet. */
TSK_OPERATOR(no_request) {
    *out = TSK_VALUE_NULL;
    (void)cx;
    return true;
}
