/* Calling operators by name from tests: arguments and results as JSON.
 *
 *   expect("sum", "[1, 2, 3]", "6");
 *   expect("keys", "[5]", "!keys: argument 1 must be an object, got int 5");     the message of a failure */
#ifndef TSK_TEST_OP_ENV_H
#define TSK_TEST_OP_ENV_H

#include "runtime/operators/internal.h"
#include "runtime/formats/json.h"
#include "runtime/value/write.h"

#include <criterion/criterion.h>

static tsk_arena heap;
static tsk_failure why;
static tsk_capabilities granted;
static tsk_op_context op_cx;

static void setup(void) {
    tsk_arena_init(&heap, NULL, 0);
    op_cx = (tsk_op_context){.heap = &heap, .caps = &granted, .failure = &why, .directory = "."};
}

static void teardown(void) {
    tsk_arena_free(&heap);
}

static tsk_value json(const char *text) {
    tsk_value v = TSK_VALUE_NULL;
    cr_assert(tsk_json_parse(&heap, text, strlen(text), 0, &v, &why), "%s: %s", text, why.message);
    return v;
}

static bool call_with(const char *name, const tsk_value *args, uint32_t count, tsk_value *out) {
    uint32_t number = 0;
    cr_assert(tsk_op_find(name, strlen(name), &number), "no operator %s", name);
    return tsk_op_call(&op_cx, number, args, count, out);
}

static bool call_op(const char *name, const char *args, tsk_value *out) {
    const tsk_array *list = tsk_as_array(json(args));
    return call_with(name, list->items, list->count, out);
}

/* The value; a failure ends the test. */
static tsk_value value_of(const char *name, const char *args) {
    tsk_value v = TSK_VALUE_NULL;
    cr_assert(call_op(name, args, &v), "%s%s: %s", name, args, why.message);
    return v;
}

static const char *shown(tsk_value v) {
    tsk_buf text;
    tsk_buf_init(&text, &heap);
    tsk_writer writer = {.out = &text};
    cr_assert(tsk_write(&writer, TSK_FORMAT_JSON, v));
    tsk_buf_char(&text, 0);
    return text.ptr;
}

static __attribute__((unused)) void expect(const char *name, const char *args, const char *wanted) {
    tsk_value v = TSK_VALUE_NULL;
    bool ok = call_op(name, args, &v);
    if (*wanted == '!') {
        cr_expect(!ok, "%s%s: got %s, wanted a failure", name, args, ok ? shown(v) : "");
        if (!ok) cr_expect_str_eq(why.message, wanted + 1, "%s%s: %s", name, args, why.message);
        return;
    }
    cr_expect(ok, "%s%s: %s", name, args, ok ? "" : why.message);
    if (ok) cr_expect_str_eq(shown(v), wanted, "%s%s: got %s, wanted %s", name, args, shown(v), wanted);
}

/* The kind too: 2 and 2.0 look alike. */
static __attribute__((unused)) void expect_kind(const char *name, const char *args, tsk_kind kind) {
    tsk_kind got = tsk_kind_of(value_of(name, args));
    cr_expect_eq(got, kind, "%s%s is %s", name, args, tsk_kind_name(got));
}

#endif
