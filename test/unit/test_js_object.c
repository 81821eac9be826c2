/* The object model of functions: shapes, attributes, order of keys, arrays, prototypes, accessors, caches, integrity,
 * private names.  The heap collects at every allocation, and is verified at the end of each test. */
#include "ir/ir.h"
#include "runtime/builtins/library.h"
#include "runtime/js/model.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

static tsk_js *js;

static void start(void) {
    static const tsk_js_host host = {.call = NULL};
    js = tsk_js_new(&tsk_allocator_default, &host, NULL, 0);
    cr_assert(js != NULL);
    js->heap->stress = true;
}

static void stop(void) {
    tsk_heap_collect(js->heap);
    tsk_heap_verify(js->heap);
    tsk_js_free(js);
}

/* The stack is scanned from the body of the test up to here. */
static TSK_NOINLINE void run(void (*volatile body)(void)) {
    start();
    tsk_heap_set_stack_base(js->heap, __builtin_frame_address(0));
    body();
    stop();
}

#define JS_TEST(name)                                                                                                  \
    static void name(void);                                                                                            \
    Test(js_object, name) {                                                                                            \
        run(name);                                                                                                     \
    }                                                                                                                  \
    static void name(void)

/* ---- words for tests ---- */

static tsk_js_string *atom(const char *text) {
    return tsk_js_atom_utf8(text, strlen(text));
}

static tsk_js_key key(const char *text) {
    return tsk_js_key_atom(atom(text));
}

static tsk_js_object *object(void) {
    return tsk_js_object_new(js, tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype));
}

static tsk_value number(int32_t i) {
    return tsk_from_i32(i);
}

static tsk_js_array *numbers(uint32_t count) {
    tsk_js_array *a = tsk_js_array_make(js, 0, 0);
    for (uint32_t i = 0; i < count; i++) cr_assert(tsk_js_array_push(js, a, number((int32_t)i)));
    return a;
}

static void is_number(tsk_value v, int32_t want) {
    cr_expect(tsk_is_i32(v) && tsk_as_i32(v) == want, "%016llx, not %d", (unsigned long long)v.bits, want);
}

static void is_undefined(tsk_value v) {
    cr_expect(tsk_js_is_undefined(v), "%016llx is not undefined", (unsigned long long)v.bits);
}

static void has_text(tsk_value v, const char *want) {
    cr_assert(tsk_js_is_string(v));
    cr_expect_str_eq(tsk_js_describe(js, v), want);
}

/* The exception that is pending is an error with this message. */
static void thrown(const char *want) {
    cr_assert(tsk_js_has_exception(js), "nothing was thrown: %s", want);
    tsk_value error = tsk_js_take_exception(js);
    cr_assert(tsk_js_is_class(error, TSK_JS_ERROR));
    has_text(tsk_js_get(js, tsk_js_as_object(error), key("message")), want);
}

static void keys_are(tsk_js_object *o, unsigned which, const char *want) {
    tsk_js_array *names = tsk_js_own_keys(js, o, which);
    char text[512] = "";
    cr_assert(names != NULL);
    for (uint32_t i = 0; i < names->length; i++) {
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%s", i ? " " : "",
                 tsk_js_describe(js, names->object.elements->items[i]));
    }
    cr_expect_str_eq(text, want);
}
#define ALL_KEYS (TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_SYMBOLS)

static tsk_value returns_seven(tsk_js *realm, const tsk_js_args *a) {
    (void)realm;
    (void)a;
    return tsk_from_i32(7);
}

/* A setter: doubles what it gets and keeps it in `kept` of its receiver. */
static tsk_value keeps_double(tsk_js *realm, const tsk_js_args *a) {
    tsk_js_object *self = tsk_js_as_object(a->this_value);
    tsk_value twice = tsk_from_i32(tsk_as_i32(tsk_js_arg(a, 0)) * 2);
    return tsk_js_define(realm, self, tsk_js_key_atom(tsk_js_atom_utf8("kept", 4)), twice, TSK_JS_PLAIN)
               ? TSK_VALUE_UNDEFINED
               : TSK_JS_THROWN;
}

static tsk_value calls_itself(tsk_js *realm, const tsk_js_args *a) {
    return tsk_js_call(realm, tsk_js_from_object(a->callee), TSK_VALUE_UNDEFINED, 0, NULL);
}

static tsk_value first_argument(tsk_js *realm, const tsk_js_args *a) {
    (void)realm;
    return tsk_js_arg(a, 0);
}

static const tsk_js_native_spec getter_spec = {"seven", returns_seven, 0, 0, 0};
static const tsk_js_native_spec setter_spec = {"double", keeps_double, 1, 0, 0};
static const tsk_js_native_spec endless_spec = {"endless", calls_itself, 0, 0, 0};
static const tsk_js_native_spec first_spec = {"first", first_argument, 2, 0, 0};

static tsk_value function(const tsk_js_native_spec *spec) {
    return tsk_js_from_object(tsk_js_native_new(js, spec, ""));
}

/* ---- shapes and order ---- */

JS_TEST(objects_made_alike_share_a_shape) {
    tsk_js_object *a = object(), *b = object(), *c = object();
    cr_expect(tsk_js_set(js, a, key("x"), number(1)) && tsk_js_set(js, a, key("y"), number(2)));
    cr_expect(tsk_js_set(js, b, key("x"), number(3)) && tsk_js_set(js, b, key("y"), number(4)));
    cr_expect(tsk_js_set(js, c, key("y"), number(5)) && tsk_js_set(js, c, key("x"), number(6)));
    cr_expect_eq(a->cell.word, b->cell.word);
    cr_expect_neq(a->cell.word, c->cell.word);
    is_number(tsk_js_get(js, a, key("y")), 2);
    is_number(tsk_js_get(js, b, key("x")), 3);
    is_undefined(tsk_js_get(js, c, key("z")));
}

JS_TEST(keys_come_in_the_order_of_the_specification) {
    tsk_js_object *o = object();
    tsk_js_symbol *s = tsk_js_symbol_new(js, atom("s"), false);
    cr_expect(tsk_js_set(js, o, tsk_js_key_symbol(s), number(0)));
    cr_expect(tsk_js_set(js, o, key("b"), number(0)));
    cr_expect(tsk_js_set_index(js, o, 10, number(0)));
    cr_expect(tsk_js_set(js, o, key("a"), number(0)));
    cr_expect(tsk_js_set_index(js, o, 2, number(0)));
    cr_expect(tsk_js_define(js, o, key("hidden"), number(0), TSK_JS_HIDDEN));
    keys_are(o, ALL_KEYS, "2 10 b a hidden Symbol(s)");
    keys_are(o, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE, "2 10 b a");
    cr_expect_eq(tsk_js_delete(js, o, key("b")), 1);
    cr_expect(tsk_js_set(js, o, key("b"), number(1)));
    keys_are(o, TSK_JS_KEYS_STRINGS, "2 10 a hidden b");
}

JS_TEST(many_properties_become_a_dictionary) {
    tsk_js_object *o = object();
    char name[16];
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "p%d", i);
        cr_assert(tsk_js_set(js, o, key(name), number(i)));
    }
    cr_expect(tsk_js_in_dictionary(o));
    for (int i = 0; i < 300; i += 2) {
        snprintf(name, sizeof name, "p%d", i);
        cr_assert_eq(tsk_js_delete(js, o, key(name)), 1);
    }
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "p%d", i);
        tsk_value v = tsk_js_get(js, o, key(name));
        if (i % 2)
            is_number(v, i);
        else
            is_undefined(v);
    }
    tsk_js_array *names = tsk_js_own_keys(js, o, TSK_JS_KEYS_STRINGS);
    cr_expect_eq(names->length, 150);
    has_text(names->object.elements->items[149], "p299");
}

JS_TEST(properties_beyond_the_inline_ones) {
    tsk_js_object *o = object();
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    for (int i = 0; i < 12; i++) cr_assert(tsk_js_set(js, o, key(names[i]), number(i)));
    cr_expect(!tsk_js_in_dictionary(o));
    for (int i = 0; i < 12; i++) is_number(tsk_js_get(js, o, key(names[i])), i);
    cr_assert(tsk_js_set_index(js, o, 100, number(5)));
    is_number(tsk_js_get(js, o, key("l")), 11);
    is_number(tsk_js_get_index(js, o, 100), 5);
}

JS_TEST(computed_names_make_a_map) {
    tsk_js_object *o = object();
    char name[16];
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "key%d", i);
        tsk_value k = tsk_js_from_string(tsk_js_string_cstr(js, name));
        cr_assert(tsk_js_set_item(js, tsk_js_from_object(o), k, number(i)));
        is_number(tsk_js_get_item(js, tsk_js_from_object(o), k), i);
    }
    cr_expect(tsk_js_in_dictionary(o));
    is_number(tsk_js_get(js, o, key("key3")), 3);
    tsk_value unknown = tsk_js_from_string(tsk_js_string_cstr(js, "nobody has this name"));
    is_undefined(tsk_js_get_item(js, tsk_js_from_object(o), unknown));
    cr_expect(!tsk_js_atom_find(js, tsk_js_as_string(unknown)), "looking makes no atom");
}

static tsk_js_key thread_keys[40];

static void *makes_shapes(void *numbers_out) {
    uint32_t *out = numbers_out;
    for (uint32_t round = 0; round < 50; round++) {
        tsk_js_shape *s = tsk_js_shape_root(sizeof(tsk_js_object), 7);
        tsk_js_place place;
        for (uint32_t i = 0; i < TSK_COUNT(thread_keys); i++) {
            s = tsk_js_shape_add(s, thread_keys[i], TSK_JS_PLAIN);
            out[i] = s->number;
            if (!tsk_js_shape_find(s, thread_keys[i / 2], &place) || tsk_js_shape_at(s->number) != s) out[i] = 0;
        }
    }
    return NULL;
}

JS_TEST(threads_share_shapes) {
    pthread_t threads[4];
    uint32_t made[4][TSK_COUNT(thread_keys)];
    char name[16];
    for (uint32_t i = 0; i < TSK_COUNT(thread_keys); i++) {
        snprintf(name, sizeof name, "thread%u", i);
        thread_keys[i] = key(name);
    }
    for (int i = 0; i < 4; i++) cr_assert_eq(pthread_create(&threads[i], NULL, makes_shapes, made[i]), 0);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    for (uint32_t i = 0; i < TSK_COUNT(thread_keys); i++) {
        cr_expect_neq(made[0][i], 0);
        for (int t = 1; t < 4; t++) cr_expect_eq(made[t][i], made[0][i]);
    }
}

/* ---- attributes ---- */

JS_TEST(read_only_properties_refuse) {
    tsk_js_object *o = object();
    cr_assert(tsk_js_define(js, o, key("x"), number(1), TSK_JS_ENUMERABLE));
    cr_expect(!tsk_js_set(js, o, key("x"), number(2)));
    thrown("Cannot assign to read only property 'x' of object '#<Object>'");
    cr_expect(!tsk_js_delete_or_throw(js, o, key("x")));
    thrown("Cannot delete property 'x' of #<Object>");
    cr_expect(!tsk_js_define(js, o, key("x"), number(2), TSK_JS_PLAIN));
    thrown("Cannot redefine property: x");
    tsk_js_object *heir = tsk_js_object_new(js, o);
    cr_expect(!tsk_js_set(js, heir, key("x"), number(2)));
    thrown("Cannot assign to read only property 'x' of object '#<Object>'");
    is_number(tsk_js_get(js, heir, key("x")), 1);
}

JS_TEST(attributes_can_change_while_configurable) {
    tsk_js_object *o = object();
    tsk_js_descriptor d;
    cr_assert(tsk_js_set(js, o, key("a"), number(1)) && tsk_js_set(js, o, key("b"), number(2)));
    tsk_js_descriptor hide = {TSK_JS_HOLE, TSK_JS_HOLE, TSK_JS_HOLE, 0, TSK_JS_ENUMERABLE};
    cr_expect_eq(tsk_js_define_own(js, o, key("a"), &hide), 1);
    cr_expect_eq(tsk_js_get_own(js, o, key("a"), &d), 1);
    cr_expect_eq(d.attributes, TSK_JS_HIDDEN);
    is_number(d.value, 1);
    keys_are(o, TSK_JS_KEYS_STRINGS, "a b");
    keys_are(o, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE, "b");
}

JS_TEST(accessors_get_the_receiver) {
    tsk_js_object *o = object(), *heir = tsk_js_object_new(js, o);
    cr_assert(tsk_js_define_accessor(js, o, key("x"), function(&getter_spec), function(&setter_spec), TSK_JS_HIDDEN));
    is_number(tsk_js_get(js, heir, key("x")), 7);
    cr_expect(tsk_js_set(js, heir, key("x"), number(21)));
    is_number(tsk_js_get(js, heir, key("kept")), 42);
    cr_expect_eq(tsk_js_has_own(js, o, key("kept")), 0);
    cr_assert(tsk_js_define_accessor(js, o, key("y"), function(&getter_spec), TSK_VALUE_UNDEFINED, 0));
    cr_expect(!tsk_js_set(js, heir, key("y"), number(1)));
    thrown("Cannot set property y of #<Object> which has only a getter");
}

/* ---- against a simple model: a list of properties in order of creation ---- */

typedef struct modelled {
    tsk_js_key key;
    int32_t value;
    uint32_t attributes;
} modelled;

typedef struct model {
    modelled list[64];
    uint32_t count;
    uint32_t random;
} model;

static uint32_t chosen(model *m, uint32_t below) {
    m->random = m->random * 1664525 + 1013904223;
    return (m->random >> 8) % below;
}

static modelled *in_model(model *m, tsk_js_key k) {
    for (uint32_t i = 0; i < m->count; i++)
        if (m->list[i].key.bits == k.bits) return &m->list[i];
    return NULL;
}

static bool model_set(model *m, tsk_js_key k, int32_t value, uint32_t attributes) {
    modelled *p = in_model(m, k);
    if (p && !(p->attributes & TSK_JS_WRITABLE)) return false;
    if (!p) *(p = &m->list[m->count++]) = (modelled){k, value, attributes};
    p->value = value;
    return true;
}

static bool model_define(model *m, tsk_js_key k, int32_t value, uint32_t attributes) {
    modelled *p = in_model(m, k);
    if (!p) return model_set(m, k, value, attributes);
    if (!(p->attributes & TSK_JS_CONFIGURABLE)) {
        uint32_t changed = attributes ^ p->attributes;
        if (attributes & TSK_JS_CONFIGURABLE || changed & TSK_JS_ENUMERABLE) return false;
        if (!(p->attributes & TSK_JS_WRITABLE) && (attributes & TSK_JS_WRITABLE || value != p->value)) return false;
    }
    p->value = value;
    p->attributes = attributes;
    return true;
}

static bool model_delete(model *m, tsk_js_key k) {
    modelled *p = in_model(m, k);
    if (p && !(p->attributes & TSK_JS_CONFIGURABLE)) return false;
    if (p) memmove(p, p + 1, (size_t)(&m->list[--m->count] - p) * sizeof *p);
    return true;
}

static void agrees(model *m, tsk_js_object *o, const tsk_js_key *keys, uint32_t count) {
    tsk_js_descriptor d;
    for (uint32_t i = 0; i < count; i++) {
        const modelled *p = in_model(m, keys[i]);
        cr_assert_eq(tsk_js_get_own(js, o, keys[i], &d), p != NULL);
        if (!p) continue;
        is_number(d.value, p->value);
        cr_assert_eq(d.attributes, p->attributes);
    }
    tsk_js_array *names = tsk_js_own_keys(js, o, TSK_JS_KEYS_STRINGS);
    cr_assert_eq(names->length, m->count);
    uint32_t at = 0;
    for (uint32_t i = 0; i < m->count; i++) { /* names in order of creation, behind the indices */
        tsk_js_key k;
        if (tsk_js_key_is_index(m->list[i].key)) continue;
        do cr_assert(tsk_js_to_key(js, names->object.elements->items[at++], &k));
        while (tsk_js_key_is_index(k));
        cr_assert_eq(k.bits, m->list[i].key.bits);
    }
}

static void random_steps(uint32_t seed, bool is_array) {
    tsk_js_key keys[24];
    char name[16];
    model m = {.random = seed};
    for (uint32_t i = 0; i < 12; i++) {
        snprintf(name, sizeof name, "r%u", i);
        keys[i] = key(name);
        keys[12 + i] = tsk_js_key_index(i < 11 ? i : 100000 + i);
    }
    tsk_js_object *o = is_array ? &tsk_js_array_make(js, 0, 0)->object : object();
    if (is_array) m.list[m.count++] = (modelled){key("length"), 0, TSK_JS_WRITABLE};
    for (uint32_t step = 0; step < 60; step++) {
        tsk_js_key k = keys[chosen(&m, 24)];
        int32_t value = (int32_t)chosen(&m, 3);
        uint32_t attributes = chosen(&m, 4) ? TSK_JS_PLAIN : chosen(&m, 8);
        bool done;
        switch (chosen(&m, 4)) {
        case 0: cr_assert_eq(tsk_js_delete(js, o, k), model_delete(&m, k)); break;
        case 1: {
            tsk_js_descriptor d = {number(value), TSK_JS_HOLE, TSK_JS_HOLE, (uint8_t)attributes, TSK_JS_PLAIN};
            cr_assert_eq(tsk_js_define_own(js, o, k, &d), model_define(&m, k, value, attributes));
            break;
        }
        default:
            cr_assert(tsk_js_set_with(js, o, k, number(value), tsk_js_from_object(o), &done));
            cr_assert_eq(done, model_set(&m, k, value, TSK_JS_PLAIN));
            break;
        }
        if (is_array && in_model(&m, k) && tsk_js_key_is_index(k)) {
            int32_t length = (int32_t)tsk_js_key_as_index(k) + 1;
            if (length > m.list[0].value) m.list[0].value = length;
        }
        if (step % 6 == 5) agrees(&m, o, keys, 24);
    }
    if (is_array) is_number(tsk_js_get(js, o, key("length")), m.list[0].value);
}

JS_TEST(random_steps_on_objects_agree_with_a_model) {
    for (uint32_t seed = 1; seed <= 40; seed++) random_steps(seed, false);
}

JS_TEST(random_steps_on_arrays_agree_with_a_model) {
    for (uint32_t seed = 1; seed <= 40; seed++) random_steps(seed * 7919, true);
}

/* ---- arrays ---- */

JS_TEST(arrays_grow_and_shrink) {
    tsk_js_array *a = numbers(100);
    cr_expect_eq(a->length, 100);
    is_number(tsk_js_get_index(js, &a->object, 99), 99);
    is_number(tsk_js_get(js, &a->object, key("length")), 100);
    cr_expect(tsk_js_set(js, &a->object, key("length"), number(10)));
    is_undefined(tsk_js_get_index(js, &a->object, 10));
    cr_expect(tsk_js_set(js, &a->object, key("length"), number(20)));
    is_undefined(tsk_js_get_index(js, &a->object, 15));
    cr_expect(tsk_js_set_index(js, &a->object, 25, number(1)));
    cr_expect_eq(a->length, 26);
    cr_expect_eq(tsk_js_has_index(js, &a->object, 24), 0);
    cr_expect(!tsk_js_set(js, &a->object, key("length"), number(-1)));
    thrown("Invalid array length");
}

JS_TEST(holes_show_the_prototype) {
    tsk_js_array *a = tsk_js_array_make(js, 3, 3);
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ArrayPrototype);
    is_undefined(tsk_js_get_index(js, &a->object, 1));
    cr_assert(tsk_js_set_index(js, proto, 1, number(9)));
    is_number(tsk_js_get_index(js, &a->object, 1), 9);
    keys_are(&a->object, TSK_JS_KEYS_STRINGS, "length");
}

JS_TEST(far_indices_are_sparse) {
    tsk_js_array *a = numbers(3);
    cr_assert(tsk_js_set_index(js, &a->object, 4000000000u, number(1)));
    cr_expect(a->object.cell.flags & TSK_JS_SPARSE);
    cr_expect_eq(a->length, 4000000001u);
    tsk_value length = tsk_js_get(js, &a->object, key("length"));
    cr_expect(tsk_is_double(length) && tsk_as_double(length) == 4000000001.0);
    is_number(tsk_js_get_index(js, &a->object, 2), 2);
    is_number(tsk_js_get_index(js, &a->object, 4000000000u), 1);
    cr_assert(tsk_js_set_index(js, &a->object, 70000, number(5)));
    keys_are(&a->object, TSK_JS_KEYS_STRINGS, "0 1 2 70000 4000000000 length");
    cr_expect(tsk_js_array_set_length(js, a, 2));
    keys_are(&a->object, TSK_JS_KEYS_STRINGS, "0 1 length");
    cr_assert(tsk_js_set_index(js, &a->object, 4294967295u, number(1)));
    cr_expect_eq(a->length, 2, "2^32 - 1 is no index");
    is_number(tsk_js_get_index(js, &a->object, 4294967295u), 1);
}

JS_TEST(an_element_that_stays_stops_the_length) {
    tsk_js_array *a = numbers(5);
    cr_assert(tsk_js_define(js, &a->object, tsk_js_key_index(2), number(1), TSK_JS_WRITABLE));
    cr_expect(!tsk_js_array_set_length(js, a, 0));
    thrown("Cannot delete property '2' of [object Array]");
    cr_expect_eq(a->length, 3);
    is_number(tsk_js_get_index(js, &a->object, 0), 0);
}

JS_TEST(setters_of_indices_are_seen) {
    tsk_js_object *proto = object();
    tsk_js_object *o = tsk_js_object_new(js, proto);
    tsk_js_descriptor d = {TSK_JS_HOLE, function(&getter_spec), function(&setter_spec), TSK_JS_PLAIN,
                           TSK_JS_ENUMERABLE};
    cr_assert_eq(tsk_js_define_own(js, proto, tsk_js_key_index(3), &d), 1);
    is_number(tsk_js_get_index(js, o, 3), 7);
    cr_expect(tsk_js_set_index(js, o, 3, number(4)));
    is_number(tsk_js_get(js, o, key("kept")), 8);
    cr_expect_eq(tsk_js_has_own(js, o, tsk_js_key_index(3)), 0);
}

JS_TEST(typed_arrays_have_only_their_items) {
    tsk_js_typed_array *a = tsk_js_typed_array_new(js, TSK_JS_INT32, 3);
    tsk_js_object *o = &a->object;
    cr_expect(tsk_js_set_index(js, o, 1, number(5)) && tsk_js_set_index(js, o, 3, number(6)));
    is_number(tsk_js_get_index(js, o, 1), 5);
    is_undefined(tsk_js_get_index(js, o, 3));
    cr_expect(tsk_js_set(js, o, key("1.5"), number(1)) && tsk_js_set(js, o, key("-0"), number(1)));
    cr_expect(tsk_js_set(js, o, key("1.50"), number(2)), "not how a number is written");
    keys_are(o, TSK_JS_KEYS_STRINGS, "0 1 2 1.50");
    cr_expect_eq(tsk_js_delete(js, o, tsk_js_key_index(1)), 0);
    cr_expect_eq(tsk_js_has_index(js, o, 3), 0);
    cr_expect(!tsk_js_set_integrity(js, o, true));
    thrown("Cannot freeze array buffer views with elements");
}

/* ---- integrity ---- */

JS_TEST(frozen_objects_stay) {
    tsk_js_array *a = numbers(3);
    tsk_js_object *o = &a->object;
    cr_assert(tsk_js_set(js, o, key("x"), number(1)));
    cr_expect_eq(tsk_js_test_integrity(js, o, true), 0);
    cr_assert(tsk_js_set_integrity(js, o, true));
    cr_expect_eq(tsk_js_test_integrity(js, o, true), 1);
    cr_expect(!tsk_js_set_index(js, o, 0, number(9)));
    thrown("Cannot assign to read only property '0' of object '[object Array]'");
    cr_expect(!tsk_js_set_index(js, o, 3, number(9)));
    thrown("Cannot add property 3, object is not extensible");
    cr_expect(!tsk_js_array_push(js, a, number(9)));
    thrown("Cannot add property 3, object is not extensible");
    cr_expect(!tsk_js_set(js, o, key("x"), number(2)));
    thrown("Cannot assign to read only property 'x' of object '[object Array]'");
    cr_expect(!tsk_js_set(js, o, key("length"), number(0)));
    thrown("Cannot assign to read only property 'length' of object '[object Array]'");
    cr_expect(!tsk_js_set_proto(js, o, NULL));
    is_number(tsk_js_get_index(js, o, 0), 0);
}

JS_TEST(sealed_objects_can_be_written) {
    tsk_js_array *a = numbers(3);
    cr_assert(tsk_js_set_integrity(js, &a->object, false));
    cr_expect_eq(tsk_js_test_integrity(js, &a->object, false), 1);
    cr_expect_eq(tsk_js_test_integrity(js, &a->object, true), 0);
    cr_expect(tsk_js_set_index(js, &a->object, 1, number(8)));
    cr_expect_eq(tsk_js_delete(js, &a->object, tsk_js_key_index(1)), 0);
    cr_expect(!tsk_js_array_set_length(js, a, 1));
    thrown("Cannot delete property '2' of [object Array]");
}

/* ---- prototypes ---- */

JS_TEST(prototypes_have_no_cycles) {
    tsk_js_object *a = object(), *b = tsk_js_object_new(js, a);
    cr_expect(!tsk_js_set_proto(js, a, b));
    cr_expect(!tsk_js_set_proto(js, a, a));
    cr_expect(tsk_js_set_proto(js, b, NULL));
    cr_expect(tsk_js_set_proto(js, a, b));
}

JS_TEST(primitives_have_properties) {
    tsk_value text = tsk_js_from_string(tsk_js_string_cstr(js, "abc"));
    is_number(tsk_js_get_value(js, text, key("length")), 3);
    has_text(tsk_js_get_item(js, text, number(1)), "b");
    is_undefined(tsk_js_get_item(js, text, number(3)));
    cr_expect(!tsk_js_set_value(js, text, key("x"), number(1)));
    thrown("Cannot create property 'x' on string 'abc'");
    cr_expect(!tsk_js_set_item(js, text, number(0), number(1)));
    thrown("Cannot assign to read only property '0' of string 'abc'");
    cr_expect(tsk_js_is_thrown(tsk_js_get_value(js, TSK_VALUE_UNDEFINED, key("x"))));
    thrown("Cannot read properties of undefined (reading 'x')");
    cr_expect(!tsk_js_set_value(js, TSK_VALUE_NULL, key("x"), number(1)));
    thrown("Cannot set properties of null (setting 'x')");
}

/* ---- caches ---- */

JS_TEST(cached_reads_follow_changes) {
    tsk_js_cache cache = {{0}};
    tsk_js_object *proto = object(), *o = tsk_js_object_new(js, proto);
    tsk_value base = tsk_js_from_object(o);
    cr_assert(tsk_js_set(js, proto, key("m"), number(1)));
    for (int i = 0; i < 3; i++) is_number(tsk_js_get_cached(js, base, atom("m"), &cache), 1);
    cr_expect_neq(tsk_js_known(&cache, o->cell.word) & TSK_JS_FACT_ABSENT, 0);
    cr_assert(tsk_js_set(js, proto, key("m"), number(2)));
    is_number(tsk_js_get_cached(js, base, atom("m"), &cache), 2);
    cr_assert(tsk_js_set(js, o, key("m"), number(3)));
    is_number(tsk_js_get_cached(js, base, atom("m"), &cache), 3);
    cr_assert_eq(tsk_js_delete(js, o, key("m")), 1);
    is_number(tsk_js_get_cached(js, base, atom("m"), &cache), 2);
    cr_assert_eq(tsk_js_delete(js, proto, key("m")), 1);
    is_undefined(tsk_js_get_cached(js, base, atom("m"), &cache));
    cr_assert(tsk_js_define_accessor(js, proto, key("m"), function(&getter_spec), TSK_VALUE_UNDEFINED, 0));
    is_number(tsk_js_get_cached(js, base, atom("m"), &cache), 7);
    cr_assert(tsk_js_set_proto(js, o, NULL));
    is_undefined(tsk_js_get_cached(js, base, atom("m"), &cache));
}

JS_TEST(cached_length_of_arrays) {
    tsk_js_cache cache = {{0}};
    tsk_js_array *a = numbers(3);
    for (uint32_t i = 3; i < 10; i++) {
        is_number(tsk_js_get_cached(js, tsk_js_from_object(a), tsk_js_atoms.length, &cache), (int32_t)i);
        cr_assert(tsk_js_array_push(js, a, number(0)));
    }
    /* What the interpreter reads by itself. */
    int32_t offset = (int32_t)(tsk_js_known(&cache, a->object.cell.word) << 2) >> 2;
    is_number(*tsk_js_slot_at(&a->object, offset), 10);
    cr_assert(tsk_js_array_set_length(js, a, 3000000000u));
    cr_expect(tsk_js_is_cell(*tsk_js_slot_at(&a->object, offset)), "too large for an int32");
    tsk_value length = tsk_js_get_cached(js, tsk_js_from_object(a), tsk_js_atoms.length, &cache);
    cr_expect(tsk_as_double(length) == 3000000000.0);
}

JS_TEST(cached_stores_add_properties) {
    tsk_js_cache x = {{0}}, name = {{0}};
    for (int i = 0; i < 4; i++) {
        tsk_js_object *o = object();
        uint32_t empty = o->cell.word;
        cr_assert(tsk_js_set_cached(js, tsk_js_from_object(o), atom("xx"), number(i), &x));
        cr_assert(tsk_js_set_cached(js, tsk_js_from_object(o), tsk_js_atoms.name, number(-i), &name));
        is_number(tsk_js_get(js, o, key("xx")), i);
        is_number(tsk_js_get(js, o, key("name")), -i);
        cr_expect(tsk_js_known(&x, empty) & TSK_JS_FACT_ADD);
        cr_assert(tsk_js_set_cached(js, tsk_js_from_object(o), atom("xx"), number(5), &x));
        is_number(tsk_js_get(js, o, key("xx")), 5);
    }
}

JS_TEST(cached_stores_respect_later_setters) {
    tsk_js_cache cache = {{0}};
    tsk_js_object *proto = object();
    for (int i = 0; i < 3; i++) {
        tsk_js_object *o = tsk_js_object_new(js, proto);
        cr_assert(tsk_js_set_cached(js, tsk_js_from_object(o), atom("late"), number(i), &cache));
        cr_expect_eq(tsk_js_has_own(js, o, key("late")), 1);
    }
    cr_assert(tsk_js_define_accessor(js, proto, key("late"), function(&getter_spec), function(&setter_spec), 0));
    tsk_js_object *o = tsk_js_object_new(js, proto);
    cr_assert(tsk_js_set_cached(js, tsk_js_from_object(o), atom("late"), number(4), &cache));
    cr_expect_eq(tsk_js_has_own(js, o, key("late")), 0);
    is_number(tsk_js_get(js, o, key("kept")), 8);
    tsk_js_object *closed = object();
    cr_assert(tsk_js_prevent_extensions(js, closed));
    cr_expect(!tsk_js_set_cached(js, tsk_js_from_object(closed), atom("late"), number(4), &cache));
    thrown("Cannot add property late, object is not extensible");
}

JS_TEST(one_cache_for_many_shapes) {
    tsk_js_cache cache = {{0}};
    char name[16];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 10; i++) {
            tsk_js_object *o = object();
            snprintf(name, sizeof name, "q%d", i);
            cr_assert(tsk_js_set(js, o, key(name), number(1)) && tsk_js_set(js, o, key("last"), number(i)));
            is_number(tsk_js_get_cached(js, tsk_js_from_object(o), atom("last"), &cache), i);
        }
    }
}

/* ---- private names ---- */

JS_TEST(private_names_are_not_keys) {
    tsk_js_object *o = object();
    tsk_value base = tsk_js_from_object(o);
    tsk_js_symbol *p = tsk_js_symbol_new(js, atom("#p"), true);
    tsk_js_descriptor d = {number(1), TSK_JS_HOLE, TSK_JS_HOLE, TSK_JS_PLAIN, TSK_JS_PLAIN};
    cr_expect(tsk_js_is_thrown(tsk_js_private_get(js, base, p)));
    thrown("Cannot read private member #p from an object whose class did not declare it");
    cr_expect(!tsk_js_private_set(js, base, p, number(2)));
    thrown("Cannot write private member #p to an object whose class did not declare it");
    cr_assert(tsk_js_set_integrity(js, o, true));
    cr_assert(tsk_js_private_add(js, base, p, &d));
    cr_expect(!tsk_js_private_add(js, base, p, &d));
    thrown("Cannot initialize #p twice on the same object");
    cr_expect(tsk_js_private_set(js, base, p, number(2)), "freezing does not reach private names");
    is_number(tsk_js_private_get(js, base, p), 2);
    cr_expect_eq(tsk_js_private_has(js, base, p), 1);
    cr_expect_eq(tsk_js_private_has(js, tsk_js_from_object(tsk_js_object_new(js, o)), p), 0);
    keys_are(o, ALL_KEYS, "");
    cr_expect_eq(tsk_js_test_integrity(js, o, true), 1);
}

JS_TEST(private_accessors_have_two_halves) {
    tsk_value base = tsk_js_from_object(object());
    tsk_js_symbol *p = tsk_js_symbol_new(js, atom("#p"), true);
    tsk_js_descriptor get = {TSK_JS_HOLE, function(&getter_spec), TSK_JS_HOLE, 0, 0};
    tsk_js_descriptor set = {TSK_JS_HOLE, TSK_JS_HOLE, function(&setter_spec), 0, 0};
    cr_assert(tsk_js_private_add(js, base, p, &get));
    cr_expect(!tsk_js_private_set(js, base, p, number(2)));
    thrown("'#p' was defined without a setter");
    cr_assert(tsk_js_private_add(js, base, p, &set));
    cr_expect(tsk_js_private_set(js, base, p, number(2)));
    is_number(tsk_js_private_get(js, base, p), 7);
    is_number(tsk_js_get(js, tsk_js_as_object(base), key("kept")), 4);
}

/* ---- symbols ---- */

static uint32_t shapes_made(void) { /* the number of one that is new */
    static uint32_t roots;
    return tsk_js_shape_root((uint16_t)sizeof(tsk_js_object), (uint16_t)(1000 + roots++))->number;
}

/* Objects with keys that nobody else has; some are kept, and found again. */
static void use_symbols(uint32_t count) {
    enum { KEPT = 8 };
    tsk_js_array *objects = numbers(0), *symbols = numbers(0);
    for (uint32_t i = 0; i < count; i++) {
        tsk_js_object *o = object();
        tsk_js_symbol *s = tsk_js_symbol_new(js, tsk_js_concat(js, atom("sym"), atom("bol")), false);
        tsk_js_symbol *p = tsk_js_symbol_new(js, atom("#p"), true);
        tsk_js_descriptor d = {number(2), TSK_JS_HOLE, TSK_JS_HOLE, TSK_JS_PLAIN, TSK_JS_PLAIN};
        cr_assert(tsk_js_set(js, o, key("before"), number(1)));
        cr_assert(tsk_js_set(js, o, tsk_js_key_symbol(s), number((int32_t)i)));
        cr_assert(tsk_js_private_add(js, tsk_js_from_object(o), p, &d));
        cr_assert(tsk_js_set_integrity(js, o, i % 2));
        if (i % (count / KEPT)) continue;
        cr_assert(tsk_js_array_push(js, objects, tsk_js_from_object(o)));
        cr_assert(tsk_js_array_push(js, symbols, tsk_js_from_symbol(s)));
    }
    tsk_heap_collect(js->heap);
    for (uint32_t i = 0; i < objects->length; i++) {
        tsk_js_object *o = tsk_js_as_object(objects->object.elements->items[i]);
        tsk_js_symbol *s = tsk_js_as_symbol(symbols->object.elements->items[i]);
        is_number(tsk_js_get(js, o, tsk_js_key_symbol(s)), (int32_t)(i * (count / KEPT)));
        has_text(tsk_js_from_string(s->description), "symbol");
        is_undefined(tsk_js_get(js, o, tsk_js_key_symbol(tsk_js_symbol_new(js, NULL, false))));
        cr_expect_eq(tsk_js_own_keys(js, o, TSK_JS_KEYS_SYMBOLS)->length, 1);
    }
}

JS_TEST(symbols_are_collected) {
    enum { FEW = 1024, MANY = 12000 };
    use_symbols(FEW);
    tsk_heap_collect(js->heap);
    uint32_t shapes = shapes_made();
    size_t live = tsk_heap_statistics(js->heap)->live;
    use_symbols(MANY);
    tsk_heap_collect(js->heap);
    cr_expect_eq(shapes_made(), shapes + 1, "further symbols are in no shape");
    cr_expect(tsk_heap_statistics(js->heap)->live < live + 65536, "what they were is collected");
}

Test(js_object, symbols_of_a_context_are_lent_again) {
    uint32_t shapes = 0;
    for (uint32_t i = 0; i < 20; i++) {
        start();
        tsk_heap_set_stack_base(js->heap, __builtin_frame_address(0));
        use_symbols(600);
        stop();
        if (i < 2)
            shapes = shapes_made();
        else
            cr_expect_eq(shapes_made(), shapes + i - 1, "the next context has the shapes of the one before");
    }
}

/* ---- functions ---- */

JS_TEST(functions_show_their_names_late) {
    tsk_js_object *f = tsk_js_as_object(function(&first_spec));
    cr_expect(f->cell.flags & TSK_JS_LAZY_OWN);
    tsk_js_cache unknown = {{0}}, cache = {{0}};
    is_undefined(tsk_js_get_cached(js, tsk_js_from_object(f), atom("unknown"), &unknown));
    cr_expect(f->cell.flags & TSK_JS_LAZY_OWN);
    has_text(tsk_js_get_cached(js, tsk_js_from_object(f), tsk_js_atoms.name, &cache), "first");
    is_number(tsk_js_get(js, f, key("length")), 2);
    cr_assert(tsk_js_set(js, f, key("x"), number(1)));
    keys_are(f, TSK_JS_KEYS_STRINGS, "length name x");
    cr_expect(!tsk_js_set(js, f, key("name"), number(1)));
    tsk_js_take_exception(js);
    cr_expect_eq(tsk_js_delete(js, f, key("name")), 1);
    tsk_value other = function(&first_spec);
    has_text(tsk_js_get(js, tsk_js_as_object(other), key("name")), "first");
    tsk_js_object *made_first = tsk_js_as_object(function(&getter_spec));
    cr_assert(tsk_js_set(js, made_first, key("x"), number(1)));
    keys_are(made_first, TSK_JS_KEYS_STRINGS, "length name x");
}

JS_TEST(endless_calls_end) {
    cr_expect(tsk_js_is_thrown(tsk_js_call(js, function(&endless_spec), TSK_VALUE_UNDEFINED, 0, NULL)));
    thrown("Maximum call stack size exceeded");
    cr_expect_eq(js->depth, 0);
    cr_expect(tsk_js_is_thrown(tsk_js_call(js, number(5), TSK_VALUE_UNDEFINED, 0, NULL)));
    thrown("5 is not a function");
    cr_expect(tsk_js_is_thrown(tsk_js_construct(js, function(&first_spec), TSK_VALUE_UNDEFINED, 0, NULL)));
    thrown("function first() { [native code] } is not a constructor");
}

JS_TEST(bound_functions_put_their_arguments_first) {
    tsk_value bound[] = {number(11), number(12)}, more = number(13);
    tsk_js_object *target = tsk_js_as_object(function(&first_spec));
    tsk_js_bound *f = tsk_js_bound_new(js, target, TSK_VALUE_UNDEFINED, 2, bound);
    is_number(tsk_js_call(js, tsk_js_from_object(f), TSK_VALUE_UNDEFINED, 1, &more), 11);
    f = tsk_js_bound_new(js, target, TSK_VALUE_UNDEFINED, 0, NULL);
    is_number(tsk_js_call(js, tsk_js_from_object(f), TSK_VALUE_UNDEFINED, 1, &more), 13);
    cr_expect(!tsk_js_is_constructor(tsk_js_from_object(f)));
}

JS_TEST(constructors_have_a_prototype_when_it_is_looked_at) {
    tsk_ir_js info = {.name = TSK_SLICE("Point"), .length = 2, .flags = TSK_IR_FN_CONSTRUCTOR};
    tsk_ir_func func = {.js = &info};
    tsk_value captured = tsk_js_from_object(object());
    tsk_js_closure *f = tsk_js_closure_new(js, &func, 1, &captured);
    tsk_value self = tsk_js_from_object(f);
    cr_expect(tsk_js_is_constructor(self));
    tsk_js_object *proto = tsk_js_proto_for(js, self, TSK_JS_I_ObjectPrototype);
    cr_expect(tsk_same(tsk_js_get(js, proto, key("constructor")), self));
    keys_are(&f->object, TSK_JS_KEYS_STRINGS, "length name prototype");
    cr_expect_eq(tsk_js_delete(js, &f->object, key("prototype")), 0);
    has_text(tsk_js_get(js, &f->object, key("name")), "Point");
    cr_expect(tsk_same(f->captures[0], captured));
    info.flags = TSK_IR_FN_ARROW;
    f = tsk_js_closure_new(js, &func, 0, NULL);
    keys_are(&f->object, TSK_JS_KEYS_STRINGS, "length name");
    cr_expect_eq(tsk_js_proto_for(js, tsk_js_from_object(f), TSK_JS_I_ErrorPrototype),
                 tsk_js_intrinsic_get(js, TSK_JS_I_ErrorPrototype));
}

/* ---- iteration ---- */

static int32_t sum_of(tsk_value iterable, bool *quick) {
    tsk_js_iteration it;
    int32_t sum = 0;
    cr_assert(tsk_js_iterate(js, iterable, &it));
    *quick = it.array != NULL;
    for (;;) {
        tsk_value v = tsk_js_iterate_next(js, &it);
        cr_assert(!tsk_js_is_thrown(v));
        if (tsk_js_is_hole(v)) return sum;
        if (tsk_is_i32(v)) sum += tsk_as_i32(v);
    }
}

JS_TEST(arrays_are_iterated_quickly_until_somebody_could_see) {
    bool quick;
    tsk_value a = tsk_js_from_object(numbers(5));
    cr_expect_eq(sum_of(a, &quick), 10);
    cr_expect(quick);
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ArrayPrototype);
    tsk_value values = tsk_js_get(js, proto, tsk_js_key_symbol(tsk_js_symbols.iterator));
    cr_expect(tsk_same(values, tsk_js_get(js, proto, key("values"))));
    cr_expect_eq(sum_of(a, &quick), 10);
    cr_expect(quick, "looking changes nothing");
    cr_assert(tsk_js_set(js, tsk_js_as_object(a), tsk_js_key_symbol(tsk_js_symbols.iterator), values));
    cr_expect_eq(sum_of(a, &quick), 10);
    cr_expect(!quick);
    tsk_js_iteration it;
    cr_expect(!tsk_js_iterate(js, tsk_js_from_object(object()), &it));
    thrown("#<Object> is not iterable");
}

/* ---- the outermost names ---- */

JS_TEST(scope_hides_the_global_object) {
    tsk_js_cache get = {{0}}, set = {{0}};
    cr_expect(tsk_js_is_thrown(tsk_js_global_get(js, atom("g"), &get)));
    thrown("g is not defined");
    cr_expect(!tsk_js_global_set(js, atom("g"), number(1), &set));
    thrown("g is not defined");
    cr_assert(tsk_js_define(js, js->global, key("g"), number(1), TSK_JS_PLAIN));
    for (int i = 0; i < 2; i++) is_number(tsk_js_global_get(js, atom("g"), &get), 1);
    for (int i = 0; i < 2; i++) cr_expect(tsk_js_global_set(js, atom("g"), number(2), &set));
    is_number(tsk_js_get(js, js->global, key("g")), 2);
    cr_assert(tsk_js_define(js, js->scope, key("g"), TSK_JS_HOLE, TSK_JS_ENUMERABLE));
    cr_expect(tsk_js_is_thrown(tsk_js_global_get(js, atom("g"), &get)));
    thrown("Cannot access 'g' before initialization");
    cr_assert(tsk_js_change_named(js, js->scope, key("g"), number(3), TSK_JS_ENUMERABLE));
    is_number(tsk_js_global_get(js, atom("g"), &get), 3);
    cr_expect(!tsk_js_global_set(js, atom("g"), number(4), &set));
    thrown("Assignment to constant variable.");
    is_number(tsk_js_get(js, js->global, key("g")), 2);
}

JS_TEST(spread_copies_own_enumerable_properties) {
    tsk_js_object *from = object(), *to = object(), *rest = object();
    cr_assert(tsk_js_set(js, from, key("a"), number(1)) && tsk_js_set(js, from, key("b"), number(2)));
    cr_assert(tsk_js_copy_data(js, to, tsk_js_from_object(from), NULL, 0));
    cr_expect_eq(to->cell.word, from->cell.word);
    is_number(tsk_js_get(js, to, key("b")), 2);
    tsk_value excluded = tsk_js_from_string(atom("a"));
    cr_assert(tsk_js_set_index(js, from, 7, number(7)));
    cr_assert(tsk_js_define_accessor(js, from, key("c"), function(&getter_spec), TSK_VALUE_UNDEFINED, TSK_JS_PLAIN));
    cr_assert(tsk_js_copy_data(js, rest, tsk_js_from_object(from), &excluded, 1));
    keys_are(rest, ALL_KEYS, "7 b c");
    tsk_js_descriptor d;
    cr_assert_eq(tsk_js_get_own(js, rest, key("c"), &d), 1);
    is_number(d.value, 7);
}

JS_TEST(errors_have_a_stack) {
    tsk_js_throw_range(js, "too %s", "much");
    tsk_js_object *error = tsk_js_as_object(tsk_js_take_exception(js));
    has_text(tsk_js_get(js, error, key("stack")), "RangeError: too much");
    keys_are(error, ALL_KEYS, "stack message");
    keys_are(error, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE, "");
    cr_expect_eq(error->proto, tsk_js_intrinsic_get(js, TSK_JS_I_RangeErrorPrototype));
}
