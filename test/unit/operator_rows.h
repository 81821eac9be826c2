/* Rows of operator calls: name, arguments as a JSON list, and the result as JSON, or "!" and a part of the message. */
#ifndef OPERATOR_ROWS_H
#define OPERATOR_ROWS_H

#include <criterion/criterion.h>

#include "runtime/formats/json.h"
#include "runtime/operators/operator.h"
#include "runtime/value/write.h"

#include <stdio.h>

typedef struct row {
    const char *name, *args, *expected;
} row;

typedef struct bench {
    tsk_arena heap;
    tsk_trap trap;
    tsk_capabilities caps;
    tsk_failure failure;
    tsk_op_context cx;
} bench;

static bool no_lookup(void *user, const char *path, uint32_t len, tsk_value *out) {
    (void)user;
    (void)path;
    (void)len;
    *out = TSK_VALUE_NULL;
    return true;
}

static void bench_open(bench *b, const char *const *env) {
    *b = (bench){.caps = {.mask = TSK_CAP_ENV | TSK_CAP_READ | TSK_CAP_WRITE}};
    tsk_arena_init(&b->heap, NULL, 0);
    b->cx = (tsk_op_context){.heap = &b->heap,
                             .caps = &b->caps,
                             .failure = &b->failure,
                             .directory = ".",
                             .has_now = true,
                             .env = env,
                             .lookup = no_lookup,
                             .stores = tsk_stores_new(NULL)};
}

static void bench_close(bench *b) {
    tsk_stores_free(b->cx.stores);
    tsk_arena_free(&b->heap);
}

static const char *json_of(bench *b, tsk_value v) {
    tsk_buf text;
    tsk_buf_init(&text, &b->heap);
    tsk_writer w = {.out = &text};
    if (tsk_is_function(v)) return "function";
    cr_assert(tsk_write(&w, TSK_FORMAT_JSON, v));
    while (text.len && text.ptr[text.len - 1] == '\n') text.len--;
    return tsk_arena_strdup(&b->heap, text.ptr, text.len);
}

/* The result as JSON, or "!" and the message. */
static const char *outcome(bench *b, const char *name, const char *args) {
    tsk_value list, out = TSK_VALUE_NULL;
    uint32_t number;
    cr_assert(tsk_json_parse(&b->heap, args, strlen(args), 0, &list, &b->failure), "%s: %s", args, b->failure.message);
    if (!tsk_op_find(name, strlen(name), &number)) return "!unknown";
    const tsk_operator *op = &tsk_operators[number];
    const tsk_array *a = tsk_as_array(list);
    if (!op->fn) return "!special";
    if ((int)a->count < op->min || (op->max >= 0 && (int)a->count > op->max)) return "!arity";
    if (op->fn(&b->cx, a->items, a->count, &out)) return json_of(b, out);
    return tsk_arena_printf(&b->heap, "!%s%s%s", b->failure.message, b->failure.hint ? "; " : "",
                            b->failure.hint ? b->failure.hint : "");
}

static void check_rows(bench *b, const row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *got = outcome(b, rows[i].name, rows[i].args);
        bool ok = rows[i].expected[0] == '!' ? got[0] == '!' && strstr(got, rows[i].expected + 1)
                                             : strcmp(got, rows[i].expected) == 0;
        cr_expect(ok, "%s%s: expected %s, got %s", rows[i].name, rows[i].args, rows[i].expected, got);
    }
}

#endif
