/* Operators on lists, sets and objects, with known answers. */
#include "test/unit/op_env.h"

#include <stdio.h>

TestSuite(lists, .init = setup, .fini = teardown);

Test(lists, length_and_search) {
    expect("length", "[[1, 2]]", "2");
    expect("length", "[\"äöü\"]", "3");
    expect("length", "[{\"a\": 1}]", "1");
    expect("contains", "[[1, 2], 2]", "true");
    expect("contains", "[[1, 2], 3]", "false");
    expect("contains", "[\"hello\", \"ell\"]", "true");
    expect("contains", "[{\"a\": null}, \"a\"]", "true");
    expect("index_of", "[[5, 6, 5], 5]", "0");
    expect("last_index_of", "[[5, 6, 5], 5]", "2");
    expect("index_of", "[[5], 9]", "-1");
    expect("index_of", "[\"äxä\", \"ä\"]", "0");
    expect("last_index_of", "[\"äxä\", \"ä\"]", "2");
    expect("last_index_of", "[\"ab\", \"abc\"]", "-1");
}

Test(lists, parts) {
    expect("first", "[[1, 2, 3]]", "1");
    expect("last", "[[1, 2, 3]]", "3");
    expect("first", "[[]]", "null");
    expect("nth", "[[1, 2, 3], 1]", "2");
    expect("nth", "[[1, 2, 3], -1]", "3");
    expect("nth", "[[1, 2, 3], 9]", "null");
    expect("take", "[[1, 2, 3], 2]", "[1,2]");
    expect("take", "[[1], 9]", "[1]");
    expect("skip", "[[1, 2, 3], 2]", "[3]");
    expect("skip", "[[1], 9]", "[]");
    expect("slice", "[[1, 2, 3, 4], 1, 3]", "[2,3]");
    expect("slice", "[[1, 2, 3, 4], -2]", "[3,4]");
    expect("slice", "[[1, 2, 3, 4], 0, -1]", "[1,2,3]");
    expect("slice", "[[1, 2], 5]", "[]");
    expect("slice", "[\"hällo\", 1, 3]", "\"äl\"");
    expect("slice", "[[1, 2], -9223372036854775808, 9223372036854775807]", "[1,2]");
    expect("chunk", "[[1, 2, 3, 4, 5], 2]", "[[1,2],[3,4],[5]]");
    expect("chunk", "[[1], 9223372036854775807]", "[[1]]");
    expect("chunk", "[[], 3]", "[]");
    expect("chunk", "[[1], 0]", "!chunk: argument 2 must be a number from 1 up, got int 0");
    expect("take", "[5, 1]", "!take: argument 1 must be a list, got int 5");
    expect("nth", "[[1], \"x\"]", "!nth: argument 2 must be a whole number, got string \"x\"");
}

Test(lists, building) {
    expect("push", "[[1], 2, [3]]", "[1,2,[3]]");
    expect("reverse", "[[1, 2, 3]]", "[3,2,1]");
    expect("reverse", "[\"añb\"]", "\"bña\"");
    expect("join", "[[1, \"a\", true], \"-\"]", "\"1-a-true\"");
    expect("join", "[[], \"-\"]", "\"\"");
    expect("flatten", "[[1, [2, [3, [4]]]], 1]", "[1,2,[3,[4]]]");
    expect("flatten", "[[[1], [2, 3]]]", "[1,2,3]");
    expect("flatten", "[[1, [2]], 0]", "[1,[2]]");
    expect("compact", "[[1, null, \"\", 2]]", "[1,2]");
    expect("concat", "[[1], [2, 3], 4]", "[1,2,3,4]");
    expect("zip", "[[\"a\", \"b\"], [1, 2]]", "[[\"a\",1],[\"b\",2]]");
    expect("push", "[\"x\", 2]", "!push: argument 1 must be a list, got string \"x\"");
    expect("zip", "[[1], 2]", "!zip: argument 2 must be a list, got int 2");
}

Test(lists, values_stay_as_they_are) {
    tsk_value list = json("[3, 1, 2]"), object = json("{\"a\": {\"b\": 1}}"), v;
    tsk_value push[2] = {list, tsk_from_i32(9)}, set[3] = {object, json("\"a.b\""), tsk_from_i32(2)};
    cr_assert(call_with("sort", &list, 1, &v) && call_with("reverse", &list, 1, &v) && call_with("push", push, 2, &v));
    cr_expect_str_eq(shown(list), "[3,1,2]");
    cr_assert(call_with("set", set, 3, &v));
    cr_expect_str_eq(shown(v), "{\"a\":{\"b\":2}}");
    cr_expect_str_eq(shown(object), "{\"a\":{\"b\":1}}");
}

Test(lists, range) {
    expect("range", "[1, 5]", "[1,2,3,4,5]");
    expect("range", "[0, 10, 5]", "[0,5,10]");
    expect("range", "[0, 9, 5]", "[0,5]");
    expect("range", "[3, 1]", "[3,2,1]");
    expect("range", "[10, 0, -5]", "[10,5,0]");
    expect("range", "[3]", "[0,1,2]");
    expect("range", "[0]", "[]");
    expect("range", "[0, 0.3, 0.1]", "[0,0.1,0.2,0.30000000000000004]");
    tsk_value v;
    cr_expect(!call_op("range", "[1, 5, 0]", &v));
    cr_expect(!call_op("range", "[1, 9223372036854775807]", &v));
    cr_expect(!call_op("range", "[0, 1, 1e-300]", &v));
    cr_expect(!call_op("range", "[\"a\", 2]", &v));
}

Test(lists, sorting) {
    expect("sort", "[[10, 9, 2.5, -1]]", "[-1,2.5,9,10]");
    expect("sort", "[[\"b\", \"B\", \"a\", \"ä\", \"ab\"]]", "[\"B\",\"a\",\"ab\",\"b\",\"ä\"]");
    expect("sort", "[[1, 3, 2], \"desc\"]", "[3,2,1]");
    expect("sort", "[[9007199254740993, 9007199254740992]]", "[9007199254740992,9007199254740993]");
    expect("sort", "[[]]", "[]");
    expect("sort_by", "[[{\"a\": 2, \"n\": 1}, {\"a\": 1}, {\"a\": 2, \"n\": 2}], \"a\"]",
           "[{\"a\":1},{\"a\":2,\"n\":1},{\"a\":2,\"n\":2}]");
    expect("sort_by", "[[{\"a\": 1, \"n\": 1}, {\"a\": 2}, {\"a\": 1, \"n\": 2}], \"a\", \"desc\"]",
           "[{\"a\":2},{\"a\":1,\"n\":1},{\"a\":1,\"n\":2}]");
    expect("sort_by", "[[{\"p\": {\"q\": 2}}, {\"p\": {\"q\": 1}}], \"p.q\"]", "[{\"p\":{\"q\":1}},{\"p\":{\"q\":2}}]");
    expect("sort", "[\"x\"]", "!sort: argument 1 must be a list, got string \"x\"");
    tsk_value v;
    cr_expect(!call_op("sort", "[[1], \"sideways\"]", &v));
}

/* Every length up to 300 with many equal keys: in order, and equal ones as they came. */
Test(lists, sorting_is_stable) {
    for (uint32_t n = 0; n <= 300; n++) {
        tsk_array *list = tsk_array_new(&heap, n);
        for (uint32_t i = 0; i < n; i++) {
            tsk_object *o = tsk_object_new(&heap, 2);
            tsk_object_put(&heap, o, "k", tsk_from_i32((int32_t)(i * 7919 % 13)));
            tsk_object_put(&heap, o, "n", tsk_from_i32((int32_t)i));
            tsk_array_push(&heap, list, tsk_from_object(o));
        }
        tsk_value args[2] = {tsk_from_array(list), json("\"k\"")}, v;
        cr_assert(call_with("sort_by", args, 2, &v));
        const tsk_array *sorted = tsk_as_array(v);
        cr_assert_eq(sorted->count, n);
        for (uint32_t i = 1; i < n; i++) {
            const tsk_entry *a = tsk_as_object(sorted->items[i - 1])->entries;
            const tsk_entry *b = tsk_as_object(sorted->items[i])->entries;
            int32_t x = tsk_as_i32(a[0].value), y = tsk_as_i32(b[0].value);
            cr_assert(x < y || (x == y && tsk_as_i32(a[1].value) < tsk_as_i32(b[1].value)), "%u items, at %u", n, i);
        }
    }
}

Test(lists, sets) {
    expect("unique", "[[1, 2, 1, 1.0, \"1\", null, null]]", "[1,2,\"1\",null]");
    expect("unique", "[[{\"a\": 1, \"b\": 2}, {\"b\": 2, \"a\": 1}, [1], [1]]]", "[{\"a\":1,\"b\":2},[1]]");
    expect("unique", "[[0, -0.0]]", "[0]");
    expect("union", "[[1, 2], [2, 3], [3]]", "[1,2,3]");
    expect("intersect", "[[1, 2, 3, 2], [2, 3], [3, 2]]", "[2,3]");
    expect("diff", "[[1, 2, 3, 4], [2], [4]]", "[1,3]");
    expect("union", "[[]]", "[]");
    expect("intersect", "[[1], []]", "[]");
    expect("unique", "[\"x\"]", "!unique: argument 1 must be a list, got string \"x\"");
    expect("diff", "[[1], 2]", "!diff: argument 2 must be a list, got int 2");
}

Test(lists, sets_of_many) {
    enum { MANY = 200000 };
    tsk_array *list = tsk_array_new(&heap, MANY);
    for (int32_t i = 0; i < MANY; i++) tsk_array_push(&heap, list, tsk_from_i32(i / 2));
    tsk_value v = tsk_from_array(list), result;
    cr_assert(call_with("unique", &v, 1, &result));
    cr_expect_eq(tsk_as_array(result)->count, MANY / 2);
    tsk_value both[2] = {v, v};
    cr_assert(call_with("diff", both, 2, &result));
    cr_expect_eq(tsk_as_array(result)->count, 0);
}

Test(lists, groups) {
    expect("group_by", "[[{\"t\": \"a\", \"n\": 1}, {\"t\": \"b\"}, {\"t\": \"a\", \"n\": 2}], \"t\"]",
           "{\"a\":[{\"t\":\"a\",\"n\":1},{\"t\":\"a\",\"n\":2}],\"b\":[{\"t\":\"b\"}]}");
    expect("pluck", "[[{\"a\": 1}, {\"a\": 2}, {}], \"a\"]", "[1,2,null]");
    expect("pluck", "[[{\"a\": {\"b\": 1}}], \"a.b\"]", "[1]");
    expect("group_by", "[5, \"t\"]", "!group_by: argument 1 must be a list, got int 5");
}

/* ---- objects ---- */

Test(lists, keys_and_values) {
    expect("keys", "[{\"b\": 1, \"a\": 2}]", "[\"b\",\"a\"]");
    expect("values", "[{\"b\": 1, \"a\": 2}]", "[1,2]");
    expect("entries", "[{\"b\": 1}]", "[[\"b\",1]]");
    expect("from_entries", "[[[\"b\", 1], [\"a\", 2]]]", "{\"b\":1,\"a\":2}");
    expect("invert", "[{\"a\": \"x\", \"b\": 2}]", "{\"x\":\"a\",\"2\":\"b\"}");
    expect("keys", "[5]", "!keys: argument 1 must be an object, got int 5");
    tsk_value v;
    cr_expect(!call_op("from_entries", "[[1]]", &v));
    cr_expect(!call_op("values", "[\"x\"]", &v));
}

Test(lists, paths) {
    expect("has", "[{\"a\": {\"b\": null}}, \"a.b\"]", "true");
    expect("has", "[{\"a\": 1}, \"a.b\"]", "false");
    expect("get", "[{\"a\": {\"b\": [10, 20]}}, \"a.b.1\"]", "20");
    expect("get", "[{\"a\": 1}, \"x.y\", \"none\"]", "\"none\"");
    expect("get", "[{\"a\": 1}, \"x\"]", "null");
    expect("set", "[{}, \"a.b.c\", 1]", "{\"a\":{\"b\":{\"c\":1}}}");
    expect("set", "[{\"a\": {\"x\": 1}}, \"a.y\", 2]", "{\"a\":{\"x\":1,\"y\":2}}");
    expect("set", "[{\"a\": [1, 2]}, \"a.1\", 9]", "{\"a\":[1,9]}");
    tsk_value v;
    cr_expect(!call_op("set", "[{}, \"\", 1]", &v));
    cr_expect(!call_op("set", "[5, \"a\", 1]", &v));
}

Test(lists, merging) {
    expect("merge", "[{\"a\": 1, \"b\": {\"x\": 1}}, {\"b\": {\"y\": 2}}, {\"c\": 3}]",
           "{\"a\":1,\"b\":{\"y\":2},\"c\":3}");
    expect("deep_merge", "[{\"b\": {\"x\": 1}}, {\"b\": {\"y\": 2}}, {\"b\": {\"x\": 3}}]",
           "{\"b\":{\"x\":3,\"y\":2}}");
    expect("clone", "[{\"a\": [1]}]", "{\"a\":[1]}");
    expect("pick", "[{\"a\": 1, \"b\": 2, \"c\": 3}, [\"a\", \"c\", \"z\"]]", "{\"a\":1,\"c\":3}");
    expect("pick", "[{\"a\": 1, \"b\": 2}, \"b\"]", "{\"b\":2}");
    expect("omit", "[{\"a\": 1, \"b\": 2, \"c\": 3}, \"a\", \"c\"]", "{\"b\":2}");
    expect("merge", "[{}, 5]", "!merge: argument 2 must be an object, got int 5");
}

/* Deeper than any document: merged without leaving the stack. */
Test(lists, deep_merge_is_bounded) {
    tsk_value args[2] = {tsk_from_i32(1), tsk_from_i32(2)}, v;
    for (int i = 0; i < 100000; i++)
        for (int k = 0; k < 2; k++) {
            tsk_object *o = tsk_object_new(&heap, 1);
            tsk_object_put(&heap, o, "d", args[k]);
            args[k] = tsk_from_object(o);
        }
    cr_expect(call_with("deep_merge", args, 2, &v));
}
