/* ArrayBuffer, Float64Array, Int32Array ...: construction, and the methods that make or move memory.  Methods
 * with callbacks and searches: typed_array_methods.c.
 *
 * The buffers of functions never shrink nor go away, so a view that was valid stays valid, whatever a callback does. */
#include "runtime/builtins/typed_array.h"
#include "runtime/builtins/inner.h"

#include <math.h>

enum { COPY_PIECE = 1 << 16 };

static const char *const type_names[TSK_JS_TYPED_TYPES] = {
#define X(NAME, name, type) #name "Array",
#include "runtime/js/typed_types.def"
#undef X
};

tsk_js_typed_array *tsk_js_typed_receiver(tsk_js *js, tsk_value v) {
    if (tsk_js_is_class(v, TSK_JS_TYPED_ARRAY)) return (tsk_js_typed_array *)(void *)tsk_js_as_object(v);
    tsk_js_throw_type(js, "this is not a typed array.");
    return NULL;
}

bool tsk_js_relative_index(tsk_js *js, tsk_value v, uint64_t length, uint64_t otherwise, uint64_t *out) {
    double d;
    *out = otherwise;
    if (tsk_js_is_undefined(v)) return true;
    if (!tsk_js_to_integer(js, v, &d)) return false;
    if (d < 0) d += (double)length;
    *out = d < 0 ? 0 : d > (double)length ? length : (uint64_t)d;
    return true;
}

static bool copied(tsk_js *js, size_t bytes) {
    enum { BYTES_A_WORK = 64 };
    return tsk_js_worked(js, (uint32_t)(bytes / BYTES_A_WORK));
}

/* SpeciesConstructor; undefined: the default one. */
static tsk_value species_of(tsk_js *js, tsk_js_object *o, tsk_js_intrinsic otherwise) {
    tsk_value c = tsk_js_get(js, o, tsk_js_key_atom(tsk_js_atoms.constructor));
    if (tsk_js_is_thrown(c) || tsk_js_is_undefined(c)) return c;
    if (!tsk_js_is_object(c)) return tsk_js_throw_type(js, "The .constructor property is not an object");
    tsk_value s = tsk_js_get(js, tsk_js_as_object(c), tsk_js_key_symbol(tsk_js_symbols.species));
    if (tsk_js_is_thrown(s) || tsk_js_is_nullish(s)) return tsk_js_is_thrown(s) ? s : TSK_VALUE_UNDEFINED;
    if (js->intrinsics[otherwise] && tsk_same(s, tsk_js_from_object(js->intrinsics[otherwise])))
        return TSK_VALUE_UNDEFINED;
    if (!tsk_js_is_constructor(s))
        return tsk_js_throw_type(js, "object.constructor[Symbol.species] is not a constructor");
    return s;
}

static const tsk_js_intrinsic constructors[TSK_JS_TYPED_TYPES] = {
#define X(NAME, name, type) TSK_JS_I_##name##Array,
#include "runtime/js/typed_types.def"
#undef X
};

/* TypedArrayCreate: what the constructor gives must be a typed array, and long enough. */
static tsk_js_typed_array *create(tsk_js *js, tsk_value constructor, uint32_t count, const tsk_value *args,
                                  uint64_t least) {
    tsk_value v = tsk_js_construct(js, constructor, constructor, count, args);
    if (tsk_js_is_thrown(v)) return NULL;
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, v);
    if (!a || a->length >= least) return a;
    tsk_js_throw_type(js, "Derived TypedArray constructor created an array which was too small");
    return NULL;
}

tsk_js_typed_array *tsk_js_typed_like(tsk_js *js, tsk_js_typed_array *a, uint64_t length) {
    tsk_value s = species_of(js, &a->object, constructors[a->type]);
    if (tsk_js_is_thrown(s)) return NULL;
    if (tsk_js_is_undefined(s)) return tsk_js_typed_array_new(js, (tsk_js_typed_type)a->type, length);
    tsk_value n = tsk_js_number((double)length);
    return create(js, s, 1, &n, length);
}

/* ---- ArrayBuffer ---- */

static tsk_js_array_buffer *buffer_receiver(tsk_js *js, const tsk_js_args *a) {
    if (tsk_js_is_class(a->this_value, TSK_JS_ARRAY_BUFFER))
        return (tsk_js_array_buffer *)(void *)tsk_js_as_object(a->this_value);
    tsk_js_throw_type(js, "Receiver is not an ArrayBuffer: %s", tsk_js_describe(js, a->this_value));
    return NULL;
}

static tsk_value buffer_construct(tsk_js *js, const tsk_js_args *a) {
    uint64_t bytes;
    if (tsk_js_is_undefined(a->new_target)) return tsk_js_throw_type(js, "Constructor ArrayBuffer requires 'new'");
    if (!tsk_js_to_index(js, tsk_js_arg(a, 0), &bytes)) return TSK_JS_THROWN;
    tsk_js_object *proto = tsk_js_proto_for(js, a->new_target, TSK_JS_I_ArrayBufferPrototype);
    if (!proto) return TSK_JS_THROWN;
    tsk_js_array_buffer *b = tsk_js_array_buffer_new(js, bytes);
    if (!b) return TSK_JS_THROWN;
    if (b->object.proto != proto && !tsk_js_set_proto(js, &b->object, proto)) return TSK_JS_THROWN;
    return tsk_js_from_object(b);
}

static tsk_value buffer_is_view(tsk_js *js, const tsk_js_args *a) {
    (void)js;
    tsk_value v = tsk_js_arg(a, 0);
    return tsk_from_bool(tsk_js_is_class(v, TSK_JS_TYPED_ARRAY) || tsk_js_is_class(v, TSK_JS_DATA_VIEW));
}

static tsk_value buffer_length(tsk_js *js, const tsk_js_args *a) {
    tsk_js_array_buffer *b = buffer_receiver(js, a);
    return b ? tsk_js_number(b->buffer->cell.word) : TSK_JS_THROWN;
}

static tsk_value buffer_slice(tsk_js *js, const tsk_js_args *a) {
    tsk_js_array_buffer *b = buffer_receiver(js, a), *to;
    uint64_t from, end;
    if (!b) return TSK_JS_THROWN;
    uint32_t length = b->buffer->cell.word;
    if (!tsk_js_relative_index(js, tsk_js_arg(a, 0), length, 0, &from) ||
        !tsk_js_relative_index(js, tsk_js_arg(a, 1), length, length, &end))
        return TSK_JS_THROWN;
    uint64_t count = end > from ? end - from : 0;
    tsk_value s = species_of(js, &b->object, TSK_JS_I_ArrayBuffer);
    if (tsk_js_is_thrown(s)) return s;
    if (tsk_js_is_undefined(s)) {
        to = tsk_js_array_buffer_new(js, count);
        if (!to) return TSK_JS_THROWN;
    } else {
        tsk_value n = tsk_js_number((double)count), v = tsk_js_construct(js, s, s, 1, &n);
        if (tsk_js_is_thrown(v)) return v;
        if (!tsk_js_is_class(v, TSK_JS_ARRAY_BUFFER)) return tsk_js_throw_type(js, "Species is not an ArrayBuffer");
        to = (tsk_js_array_buffer *)(void *)tsk_js_as_object(v);
        if (to == b || to->buffer->cell.word < count)
            return tsk_js_throw_type(js, "Species constructor returned an ArrayBuffer that cannot be used");
    }
    if (count) memcpy(to->buffer->bytes, b->buffer->bytes + from, (size_t)count);
    return tsk_js_from_object(to);
}

/* ---- construction ---- */

static tsk_value abstract_construct(tsk_js *js, const tsk_js_args *a) {
    (void)a;
    return tsk_js_throw_type(js, "Abstract class TypedArray not directly constructable");
}

static tsk_js_typed_array *on_buffer(tsk_js *js, const tsk_js_args *a, tsk_js_typed_type type, tsk_js_object *proto) {
    tsk_js_array_buffer *b = (tsk_js_array_buffer *)(void *)tsk_js_as_object(a->values[0]);
    uint32_t size = tsk_js_typed_sizes[type], bytes = b->buffer->cell.word;
    uint64_t offset, length;
    if (!tsk_js_to_index(js, tsk_js_arg(a, 1), &offset)) return NULL;
    if (offset % size) {
        tsk_js_throw_range(js, "start offset of %s should be a multiple of %u", type_names[type], size);
        return NULL;
    }
    if (tsk_js_is_undefined(tsk_js_arg(a, 2))) {
        if (bytes % size) {
            tsk_js_throw_range(js, "byte length of %s should be a multiple of %u", type_names[type], size);
            return NULL;
        }
        length = offset <= bytes ? (bytes - offset) / size : 0;
    } else if (!tsk_js_to_index(js, a->values[2], &length)) {
        return NULL;
    }
    if (offset > bytes) {
        tsk_js_throw_range(js, "Start offset %llu is outside the bounds of the buffer", (unsigned long long)offset);
        return NULL;
    }
    if (length > (bytes - offset) / size) {
        tsk_js_throw_range(js, "Invalid typed array length: %llu", (unsigned long long)length);
        return NULL;
    }
    return tsk_js_typed_array_on(js, type, b, (uint32_t)offset, (uint32_t)length, proto);
}

static bool copy_typed(tsk_js *js, tsk_js_typed_array *to, uint64_t at, const tsk_js_typed_array *from) {
    if (to->type == from->type) {
        size_t size = tsk_js_typed_sizes[to->type];
        if (from->length) memmove((char *)to->data + at * size, from->data, from->length * size);
        return true;
    }
    /* Of different types on one buffer: a copy first, so that nothing is read after it was written. */
    const void *data = from->data;
    tsk_js_typed_array copy = *from;
    if (to->array_buffer == from->array_buffer && from->length) {
        size_t bytes = (size_t)from->length * tsk_js_typed_sizes[from->type];
        tsk_js_array_buffer *b = tsk_js_array_buffer_new(js, bytes);
        if (!b) return false;
        memcpy(b->buffer->bytes, data, bytes);
        copy.data = b->buffer->bytes;
        copy.array_buffer = b;
    }
    for (uint32_t i = 0; i < copy.length; i++)
        if (!tsk_js_typed_set(js, to, at + i, tsk_js_typed_get(&copy, i))) return false;
    return true;
}

/* The values of an iterable as an array; of anything else that is like an array, itself. */
static tsk_js_object *listed(tsk_js *js, tsk_value v) {
    tsk_value method = tsk_js_get_value(js, v, tsk_js_key_symbol(tsk_js_symbols.iterator));
    if (tsk_js_is_thrown(method)) return NULL;
    if (tsk_js_is_nullish(method)) return tsk_js_to_object(js, v);
    if (!tsk_js_is_callable(method)) {
        tsk_js_throw_type(js, "%s is not a function", tsk_js_describe(js, method));
        return NULL;
    }
    tsk_js_array *list = tsk_js_array_make(js, 0, 0);
    tsk_js_iteration it;
    if (!list || !tsk_js_iterate_by(js, v, method, &it)) return NULL;
    for (;;) {
        tsk_value item = tsk_js_iterate_next(js, &it);
        if (tsk_js_is_thrown(item)) return NULL;
        if (tsk_js_is_hole(item)) return &list->object;
        if (!tsk_js_array_push(js, list, item)) return NULL;
    }
}

static tsk_js_typed_array *from_list(tsk_js *js, tsk_js_typed_type type, tsk_value v) {
    uint64_t length;
    tsk_js_object *list = listed(js, v);
    if (!list || !tsk_js_length_of(js, list, &length)) return NULL;
    tsk_js_typed_array *a = tsk_js_typed_array_new(js, type, length);
    for (uint64_t i = 0; a && i < length; i++) {
        tsk_value item = tsk_js_get_index(js, list, i);
        if (tsk_js_is_thrown(item) || !tsk_js_typed_set(js, a, i, item)) return NULL;
    }
    return a;
}

static tsk_value construct(tsk_js *js, const tsk_js_args *args) {
    static const tsk_js_intrinsic protos[TSK_JS_TYPED_TYPES] = {
#define X(NAME, name, c_type) TSK_JS_I_##name##ArrayPrototype,
#include "runtime/js/typed_types.def"
#undef X
    };
    tsk_js_typed_type type = (tsk_js_typed_type)tsk_js_callee_data(args);
    tsk_value v = tsk_js_arg(args, 0);
    tsk_js_typed_array *a;
    uint64_t length;
    if (tsk_js_is_undefined(args->new_target))
        return tsk_js_throw_type(js, "Constructor %s requires 'new'", type_names[type]);
    tsk_js_object *proto = tsk_js_proto_for(js, args->new_target, protos[type]);
    if (!proto) return TSK_JS_THROWN;
    if (!tsk_js_is_object(v)) {
        if (!tsk_js_to_index(js, v, &length)) return TSK_JS_THROWN;
        a = tsk_js_typed_array_new(js, type, length);
    } else if (tsk_js_is_class(v, TSK_JS_ARRAY_BUFFER)) {
        a = on_buffer(js, args, type, proto);
    } else if (tsk_js_is_class(v, TSK_JS_TYPED_ARRAY)) {
        const tsk_js_typed_array *from = (const tsk_js_typed_array *)(const void *)tsk_js_as_object(v);
        a = tsk_js_typed_array_new(js, type, from->length);
        if (a && !copy_typed(js, a, 0, from)) a = NULL;
    } else {
        a = from_list(js, type, v);
    }
    if (!a) return TSK_JS_THROWN;
    if (a->object.proto != proto && !tsk_js_set_proto(js, &a->object, proto)) return TSK_JS_THROWN;
    return tsk_js_from_object(a);
}

tsk_value tsk_js_inner_typed_list(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_object *list = listed(js, a->values[0]);
    return list ? tsk_js_from_object(list) : TSK_JS_THROWN;
}

tsk_value tsk_js_inner_typed_made_by(tsk_js *js, const tsk_js_args *a) {
    const tsk_js_typed_array *to = create(js, a->values[0], 1, a->values + 1, (uint64_t)tsk_js_as_number(a->values[1]));
    return to ? tsk_js_from_object(to) : TSK_JS_THROWN;
}

static tsk_value static_of(tsk_js *js, const tsk_js_args *a) {
    tsk_value c = a->this_value, n = tsk_js_number(a->count);
    if (!tsk_js_is_constructor(c)) return tsk_js_throw_type(js, "%s is not a constructor", tsk_js_describe(js, c));
    tsk_js_typed_array *to = create(js, c, 1, &n, a->count);
    for (uint32_t i = 0; to && i < a->count; i++)
        if (!tsk_js_set_index(js, &to->object, i, a->values[i])) return TSK_JS_THROWN;
    return to ? tsk_js_from_object(to) : TSK_JS_THROWN;
}

/* ---- properties ---- */

static tsk_value species(tsk_js *js, const tsk_js_args *a) {
    (void)js;
    return a->this_value;
}

static tsk_value get_buffer(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    return a ? tsk_js_from_object(a->array_buffer) : TSK_JS_THROWN;
}

static tsk_value get_byte_length(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    return a ? tsk_js_number((double)a->length * tsk_js_typed_sizes[a->type]) : TSK_JS_THROWN;
}

static tsk_value get_byte_offset(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    return a ? tsk_js_number(a->offset) : TSK_JS_THROWN;
}

static tsk_value get_length(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    return a ? tsk_js_number(a->length) : TSK_JS_THROWN;
}

static tsk_value get_tag(tsk_js *js, const tsk_js_args *args) {
    if (!tsk_js_is_class(args->this_value, TSK_JS_TYPED_ARRAY)) return TSK_VALUE_UNDEFINED;
    const tsk_js_typed_array *a = (const tsk_js_typed_array *)(const void *)tsk_js_as_object(args->this_value);
    tsk_js_string *s = tsk_js_string_cstr(js, type_names[a->type]);
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}

/* ---- memory ---- */

static tsk_value typed_set(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    double at;
    uint64_t length;
    if (!a || !tsk_js_to_integer(js, tsk_js_arg(args, 1), &at)) return TSK_JS_THROWN;
    if (at < 0) return tsk_js_throw_range(js, "offset is out of bounds");
    tsk_value source = tsk_js_arg(args, 0);
    if (tsk_js_is_class(source, TSK_JS_TYPED_ARRAY)) {
        const tsk_js_typed_array *from = (const tsk_js_typed_array *)(const void *)tsk_js_as_object(source);
        if (at + from->length > a->length) return tsk_js_throw_range(js, "offset is out of bounds");
        return copy_typed(js, a, (uint64_t)at, from) ? TSK_VALUE_UNDEFINED : TSK_JS_THROWN;
    }
    tsk_js_object *o = tsk_js_to_object(js, source);
    if (!o || !tsk_js_length_of(js, o, &length)) return TSK_JS_THROWN;
    if (at + (double)length > a->length) return tsk_js_throw_range(js, "offset is out of bounds");
    for (uint64_t i = 0; i < length; i++) {
        tsk_value v = tsk_js_get_index(js, o, i);
        if (tsk_js_is_thrown(v) || !tsk_js_typed_set(js, a, (uint64_t)at + i, v)) return TSK_JS_THROWN;
    }
    return TSK_VALUE_UNDEFINED;
}

/* start and end, relative to the length. */
static bool range(tsk_js *js, const tsk_js_args *args, uint32_t first, uint64_t length, uint64_t *from,
                  uint64_t *count) {
    uint64_t end;
    if (!tsk_js_relative_index(js, tsk_js_arg(args, first), length, 0, from) ||
        !tsk_js_relative_index(js, tsk_js_arg(args, first + 1), length, length, &end))
        return false;
    *count = end > *from ? end - *from : 0;
    return true;
}

static tsk_value typed_slice(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    uint64_t from, count;
    if (!a || !range(js, args, 0, a->length, &from, &count)) return TSK_JS_THROWN;
    tsk_js_typed_array *to = tsk_js_typed_like(js, a, count);
    if (!to) return TSK_JS_THROWN;
    if (to->type == a->type) {
        size_t size = tsk_js_typed_sizes[a->type];
        if (count) memmove(to->data, (char *)a->data + from * size, count * size);
        if (!copied(js, count * size)) return TSK_JS_THROWN;
    } else {
        for (uint64_t i = 0; i < count; i++)
            if (!tsk_js_typed_set(js, to, i, tsk_js_typed_get(a, (uint32_t)(from + i)))) return TSK_JS_THROWN;
    }
    return tsk_js_from_object(to);
}

static tsk_value typed_subarray(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    uint64_t from, count;
    if (!a || !range(js, args, 0, a->length, &from, &count)) return TSK_JS_THROWN;
    uint32_t offset = a->offset + (uint32_t)from * tsk_js_typed_sizes[a->type];
    tsk_value s = species_of(js, &a->object, constructors[a->type]);
    if (tsk_js_is_thrown(s)) return s;
    tsk_value with[3] = {tsk_js_from_object(a->array_buffer), tsk_js_number(offset), tsk_js_number((double)count)};
    tsk_js_typed_array *to = tsk_js_is_undefined(s)
                                 ? tsk_js_typed_array_on(js, (tsk_js_typed_type)a->type, a->array_buffer, offset,
                                                         (uint32_t)count, NULL)
                                 : create(js, s, 3, with, 0);
    return to ? tsk_js_from_object(to) : TSK_JS_THROWN;
}

static tsk_value typed_copy_within(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    uint64_t to, from, count;
    if (!a || !tsk_js_relative_index(js, tsk_js_arg(args, 0), a->length, 0, &to) ||
        !range(js, args, 1, a->length, &from, &count))
        return TSK_JS_THROWN;
    if (count > a->length - to) count = a->length - to;
    size_t size = tsk_js_typed_sizes[a->type];
    if (count) memmove((char *)a->data + to * size, (char *)a->data + from * size, count * size);
    return copied(js, count * size) ? args->this_value : TSK_JS_THROWN;
}

static tsk_value typed_fill(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_array *a = tsk_js_typed_receiver(js, args->this_value);
    uint64_t from, count;
    double d;
    if (!a || !tsk_js_to_number(js, tsk_js_arg(args, 0), &d) || !range(js, args, 1, a->length, &from, &count))
        return TSK_JS_THROWN;
    if (!count) return args->this_value;
    tsk_js_typed_put(a, (uint32_t)from, d);
    size_t size = tsk_js_typed_sizes[a->type], all = count * size;
    char *first = (char *)a->data + from * size;
    for (size_t done = size, more; done < all; done += more) { /* what is there, once more */
        more = done < COPY_PIECE ? done : COPY_PIECE;
        if (more > all - done) more = all - done;
        memcpy(first + done, first, more);
        if (!copied(js, more)) return TSK_JS_THROWN;
    }
    return args->this_value;
}

static const tsk_js_member buffer_prototype[] = {
    TSK_JS_OBJECT_OF("constructor", ArrayBuffer, TSK_JS_HIDDEN), TSK_JS_ACCESSOR_OF("byteLength", buffer_length, NULL),
    TSK_JS_METHOD("slice", buffer_slice, 2), TSK_JS_TEXT_OF("@@toStringTag", "ArrayBuffer", TSK_JS_CONFIGURABLE)};
static const tsk_js_member buffer_constructor[] = {TSK_JS_OBJECT_OF("prototype", ArrayBufferPrototype, 0),
                                                   TSK_JS_METHOD("isView", buffer_is_view, 1),
                                                   TSK_JS_ACCESSOR_OF("@@species", species, NULL)};
static const tsk_js_member prototype[] = {
    TSK_JS_OBJECT_OF("constructor", TypedArray, TSK_JS_HIDDEN),
    TSK_JS_ACCESSOR_OF("buffer", get_buffer, NULL),
    TSK_JS_ACCESSOR_OF("byteLength", get_byte_length, NULL),
    TSK_JS_ACCESSOR_OF("byteOffset", get_byte_offset, NULL),
    TSK_JS_ACCESSOR_OF("length", get_length, NULL),
    TSK_JS_ACCESSOR_OF("@@toStringTag", get_tag, NULL),
    TSK_JS_METHOD("set", typed_set, 1),
    TSK_JS_METHOD("slice", typed_slice, 2),
    TSK_JS_METHOD("subarray", typed_subarray, 2),
    TSK_JS_METHOD("copyWithin", typed_copy_within, 2),
    TSK_JS_METHOD("fill", typed_fill, 1),
    TSK_JS_TYPED_METHODS,
};
static const tsk_js_member abstract_constructor[] = {TSK_JS_OBJECT_OF("prototype", TypedArrayPrototype, 0),
                                                     TSK_JS_METHOD("of", static_of, 0), TSK_JS_TYPED_LIBRARY("from", 1),
                                                     TSK_JS_ACCESSOR_OF("@@species", species, NULL)};

#define X(NAME, name, type)                                                                                            \
    static const tsk_js_member name##_prototype[] = {                                                                  \
        TSK_JS_OBJECT_OF("constructor", name##Array, TSK_JS_HIDDEN),                                                   \
        TSK_JS_NUMBER_OF("BYTES_PER_ELEMENT", sizeof(type)),                                                           \
    };                                                                                                                 \
    static const tsk_js_member name##_constructor[] = {                                                                \
        TSK_JS_OBJECT_OF("prototype", name##ArrayPrototype, 0),                                                        \
        TSK_JS_NUMBER_OF("BYTES_PER_ELEMENT", sizeof(type)),                                                           \
    };
#include "runtime/js/typed_types.def"
#undef X

#define SPECS_OF(name, number)                                                                                         \
    {.which = TSK_JS_I_##name##ArrayPrototype,                                                                         \
     .proto = TSK_JS_I_TypedArrayPrototype,                                                                            \
     .members = name##_prototype,                                                                                      \
     .count = TSK_COUNT_OF(name##_prototype)},                                                                         \
    {                                                                                                                  \
        .which = TSK_JS_I_##name##Array, .proto = TSK_JS_I_TypedArray, .cls = TSK_JS_NATIVE,                           \
        .fn = {#name "Array", construct, 3, TSK_JS_CONSTRUCTOR, number}, .members = name##_constructor,                \
        .count = TSK_COUNT_OF(name##_constructor)                                                                      \
    }

const tsk_js_intrinsic_spec tsk_js_library_typed_array[] = {
    {.which = TSK_JS_I_ArrayBufferPrototype,
     .proto = TSK_JS_I_ObjectPrototype,
     .members = buffer_prototype,
     .count = TSK_COUNT_OF(buffer_prototype)},
    {.which = TSK_JS_I_ArrayBuffer,
     .proto = TSK_JS_I_FunctionPrototype,
     .cls = TSK_JS_NATIVE,
     .fn = {"ArrayBuffer", buffer_construct, 1, TSK_JS_CONSTRUCTOR, 0},
     .members = buffer_constructor,
     .count = TSK_COUNT_OF(buffer_constructor)},
    {.which = TSK_JS_I_TypedArrayPrototype,
     .proto = TSK_JS_I_ObjectPrototype,
     .members = prototype,
     .count = TSK_COUNT_OF(prototype)},
    {.which = TSK_JS_I_TypedArray,
     .proto = TSK_JS_I_FunctionPrototype,
     .cls = TSK_JS_NATIVE,
     .fn = {"TypedArray", abstract_construct, 0, TSK_JS_CONSTRUCTOR, 0},
     .members = abstract_constructor,
     .count = TSK_COUNT_OF(abstract_constructor)},
    TSK_JS_SHARED_FUNCTION(TypedArrayProtoValues, "values", tsk_js_typed_iterator, 0, TSK_JS_ITERATE_VALUES),
#define X(NAME, name, type) SPECS_OF(name, TSK_JS_##NAME),
#include "runtime/js/typed_types.def"
#undef X
    {.which = TSK_JS_INTRINSICS}};
