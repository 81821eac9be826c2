/* DataView: numbers of any type at any byte of a buffer, in either order of bytes.  The type is a method's `data`. */
#include "runtime/builtins/typed_array.h"

static tsk_js_data_view *receiver(tsk_js *js, const tsk_js_args *args) {
    if (tsk_js_is_class(args->this_value, TSK_JS_DATA_VIEW))
        return (tsk_js_data_view *)(void *)tsk_js_as_object(args->this_value);
    const char *method = ((const tsk_js_native *)(const void *)args->callee)->spec->name;
    tsk_js_throw_type(js, "Method DataView.prototype.%s called on incompatible receiver %s", method,
                      tsk_js_describe(js, args->this_value));
    return NULL;
}

static tsk_value construct(tsk_js *js, const tsk_js_args *args) {
    uint64_t offset, length;
    if (tsk_js_is_undefined(args->new_target)) return tsk_js_throw_type(js, "Constructor DataView requires 'new'");
    if (!tsk_js_is_class(tsk_js_arg(args, 0), TSK_JS_ARRAY_BUFFER))
        return tsk_js_throw_type(js, "First argument to DataView constructor must be an ArrayBuffer");
    tsk_js_array_buffer *buffer = (tsk_js_array_buffer *)(void *)tsk_js_as_object(args->values[0]);
    uint32_t bytes = buffer->buffer->cell.word;
    if (!tsk_js_to_index(js, tsk_js_arg(args, 1), &offset)) return TSK_JS_THROWN;
    if (offset > bytes)
        return tsk_js_throw_range(js, "Start offset %llu is outside the bounds of the buffer",
                                  (unsigned long long)offset);
    length = bytes - offset;
    if (!tsk_js_is_undefined(tsk_js_arg(args, 2))) {
        if (!tsk_js_to_index(js, args->values[2], &length)) return TSK_JS_THROWN;
        if (length > bytes - offset)
            return tsk_js_throw_range(js, "Invalid DataView length %llu", (unsigned long long)length);
    }
    tsk_js_object *proto = tsk_js_proto_for(js, args->new_target, TSK_JS_I_DataViewPrototype);
    tsk_js_data_view *view = proto ? tsk_js_object_of_class(js, TSK_JS_DATA_VIEW, sizeof *view, proto) : NULL;
    if (!view) return TSK_JS_THROWN;
    view->offset = (uint32_t)offset;
    view->length = (uint32_t)length;
    TSK_HEAP_STORE(js->heap, view, array_buffer, buffer);
    return tsk_js_from_object(view);
}

static tsk_value get_buffer(tsk_js *js, const tsk_js_args *args) {
    const tsk_js_data_view *view = receiver(js, args);
    return view ? tsk_js_from_object(view->array_buffer) : TSK_JS_THROWN;
}

static tsk_value get_length(tsk_js *js, const tsk_js_args *args) {
    const tsk_js_data_view *view = receiver(js, args);
    return view ? tsk_js_number(view->length) : TSK_JS_THROWN;
}

static tsk_value get_offset(tsk_js *js, const tsk_js_args *args) {
    const tsk_js_data_view *view = receiver(js, args);
    return view ? tsk_js_number(view->offset) : TSK_JS_THROWN;
}

/* One element, as an array of it that stands on the machine stack. */
typedef struct element {
    tsk_js_typed_array array;
    union {
        double align;
        uint8_t bytes[8];
    } data;
} element;

static void element_init(element *e, tsk_js_typed_type type) {
    memset(e, 0, sizeof *e);
    e->array.type = (uint32_t)type;
    e->array.length = 1;
    e->array.data = e->data.bytes;
}

static void copy_bytes(uint8_t *to, const uint8_t *from, uint32_t size, bool little) {
    bool same = little == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    for (uint32_t i = 0; i < size; i++) to[i] = from[same ? i : size - 1 - i];
}

/* The bytes of an element at this offset; NULL: thrown. */
static uint8_t *bytes_at(tsk_js *js, const tsk_js_data_view *view, uint64_t offset, uint32_t size) {
    if (view->length >= size && offset <= view->length - size)
        return view->array_buffer->buffer->bytes + view->offset + offset;
    tsk_js_throw_range(js, "Offset is outside the bounds of the DataView");
    return NULL;
}

static tsk_value get(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_type type = (tsk_js_typed_type)tsk_js_callee_data(args);
    const tsk_js_data_view *view = receiver(js, args);
    uint64_t offset;
    element e;
    if (!view || !tsk_js_to_index(js, tsk_js_arg(args, 0), &offset)) return TSK_JS_THROWN;
    const uint8_t *bytes = bytes_at(js, view, offset, tsk_js_typed_sizes[type]);
    if (!bytes) return TSK_JS_THROWN;
    element_init(&e, type);
    copy_bytes(e.data.bytes, bytes, tsk_js_typed_sizes[type], tsk_js_to_boolean(tsk_js_arg(args, 1)));
    return tsk_js_typed_get(&e.array, 0);
}

static tsk_value set(tsk_js *js, const tsk_js_args *args) {
    tsk_js_typed_type type = (tsk_js_typed_type)tsk_js_callee_data(args);
    const tsk_js_data_view *view = receiver(js, args);
    uint64_t offset;
    double d;
    element e;
    if (!view || !tsk_js_to_index(js, tsk_js_arg(args, 0), &offset) || !tsk_js_to_number(js, tsk_js_arg(args, 1), &d))
        return TSK_JS_THROWN;
    uint8_t *bytes = bytes_at(js, view, offset, tsk_js_typed_sizes[type]);
    if (!bytes) return TSK_JS_THROWN;
    element_init(&e, type);
    tsk_js_typed_put(&e.array, 0, d);
    copy_bytes(bytes, e.data.bytes, tsk_js_typed_sizes[type], tsk_js_to_boolean(tsk_js_arg(args, 2)));
    return TSK_VALUE_UNDEFINED;
}

#define ACCESS(type, name) TSK_JS_METHOD_WITH("get" name, get, 1, type), TSK_JS_METHOD_WITH("set" name, set, 2, type)

static const tsk_js_member prototype[] = {
    TSK_JS_OBJECT_OF("constructor", DataView, TSK_JS_HIDDEN),
    TSK_JS_ACCESSOR_OF("buffer", get_buffer, NULL),
    TSK_JS_ACCESSOR_OF("byteLength", get_length, NULL),
    TSK_JS_ACCESSOR_OF("byteOffset", get_offset, NULL),
    ACCESS(TSK_JS_INT8, "Int8"),
    ACCESS(TSK_JS_UINT8, "Uint8"),
    ACCESS(TSK_JS_INT16, "Int16"),
    ACCESS(TSK_JS_UINT16, "Uint16"),
    ACCESS(TSK_JS_INT32, "Int32"),
    ACCESS(TSK_JS_UINT32, "Uint32"),
    ACCESS(TSK_JS_FLOAT32, "Float32"),
    ACCESS(TSK_JS_FLOAT64, "Float64"),
    TSK_JS_TEXT_OF("@@toStringTag", "DataView", TSK_JS_CONFIGURABLE),
};
static const tsk_js_member constructor[] = {TSK_JS_OBJECT_OF("prototype", DataViewPrototype, 0)};

const tsk_js_intrinsic_spec tsk_js_library_data_view[] = {{.which = TSK_JS_I_DataViewPrototype,
                                                           .proto = TSK_JS_I_ObjectPrototype,
                                                           .members = prototype,
                                                           .count = TSK_COUNT_OF(prototype)},
                                                          {.which = TSK_JS_I_DataView,
                                                           .proto = TSK_JS_I_FunctionPrototype,
                                                           .cls = TSK_JS_NATIVE,
                                                           .fn = {"DataView", construct, 1, TSK_JS_CONSTRUCTOR, 0},
                                                           .members = constructor,
                                                           .count = TSK_COUNT_OF(constructor)},
                                                          {.which = TSK_JS_INTRINSICS}};
