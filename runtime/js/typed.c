/* Bytes: array buffers, and typed arrays on them. */
#include "runtime/js/collections.h"

#include <math.h>

/* A buffer's size is in a 32-bit field; V8 allows more. */
#define MAX_BYTES (1u << 31)

const uint8_t tsk_js_typed_sizes[TSK_JS_TYPED_TYPES] = {
#define X(NAME, name, type) sizeof(type),
#include "runtime/js/typed_types.def"
#undef X
};

tsk_js_array_buffer *tsk_js_array_buffer_new(tsk_js *js, uint64_t bytes) {
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ArrayBufferPrototype);
    if (!proto) return NULL;
    tsk_js_array_buffer *b = (tsk_js_array_buffer *)tsk_js_object_of_class(js, TSK_JS_ARRAY_BUFFER, sizeof *b, proto);
    if (!b) return NULL;
    tsk_js_buffer *data = NULL;
    if (bytes <= MAX_BYTES)
        data = (tsk_js_buffer *)tsk_heap_try_alloc(js->heap, sizeof *data + (size_t)bytes, TSK_JS_KIND_BUFFER);
    if (!data) {
        tsk_js_throw_range(js, "Array buffer allocation failed");
        return NULL;
    }
    data->cell.word = (uint32_t)bytes;
    TSK_HEAP_STORE(js->heap, b, buffer, data);
    return b;
}

tsk_js_typed_array *tsk_js_typed_array_on(tsk_js *js, tsk_js_typed_type type, tsk_js_array_buffer *buffer,
                                          uint32_t offset, uint32_t length, tsk_js_object *proto) {
    static const tsk_js_intrinsic protos[TSK_JS_TYPED_TYPES] = {
#define X(NAME, name, c_type) TSK_JS_I_##name##ArrayPrototype,
#include "runtime/js/typed_types.def"
#undef X
    };
    if (!proto) proto = tsk_js_intrinsic_get(js, protos[type]);
    if (!proto) return NULL;
    tsk_js_typed_array *a = (tsk_js_typed_array *)tsk_js_object_of_class(js, TSK_JS_TYPED_ARRAY, sizeof *a, proto);
    if (!a) return NULL;
    a->object.cell.flags |= TSK_JS_EXOTIC;
    a->data = buffer->buffer->bytes + offset;
    a->offset = offset;
    a->length = length;
    a->type = (uint32_t)type;
    TSK_HEAP_STORE(js->heap, a, array_buffer, buffer);
    return a;
}

tsk_js_typed_array *tsk_js_typed_array_new(tsk_js *js, tsk_js_typed_type type, uint64_t length) {
    if (length > MAX_BYTES / tsk_js_typed_sizes[type]) {
        tsk_js_throw_range(js, "Invalid typed array length: %llu", (unsigned long long)length);
        return NULL;
    }
    tsk_js_array_buffer *buffer = tsk_js_array_buffer_new(js, length * tsk_js_typed_sizes[type]);
    return buffer ? tsk_js_typed_array_on(js, type, buffer, 0, (uint32_t)length, NULL) : NULL;
}

/* ToInt32 of a number. */
static int32_t wrap(double d) {
    if (d >= -2147483648.0 && d <= 2147483647.0) return (int32_t)d;
    if (!isfinite(d)) return 0;
    double low = fmod(trunc(d), 4294967296.0);
    return (int32_t)(uint32_t)(int64_t)low;
}

/* To the nearest, halves to even; NaN is 0. */
static uint8_t clamp(double d) {
    return d > 0 ? (uint8_t)(d < 255 ? nearbyint(d) : 255) : 0;
}

void tsk_js_typed_put(const tsk_js_typed_array *a, uint32_t index, double d) {
    switch ((tsk_js_typed_type)a->type) {
    case TSK_JS_INT32: ((int32_t *)a->data)[index] = wrap(d); break;
    case TSK_JS_UINT8: ((uint8_t *)a->data)[index] = (uint8_t)wrap(d); break;
    case TSK_JS_INT8: ((int8_t *)a->data)[index] = (int8_t)wrap(d); break;
    case TSK_JS_UINT8_CLAMPED: ((uint8_t *)a->data)[index] = clamp(d); break;
    case TSK_JS_INT16: ((int16_t *)a->data)[index] = (int16_t)wrap(d); break;
    case TSK_JS_UINT16: ((uint16_t *)a->data)[index] = (uint16_t)wrap(d); break;
    case TSK_JS_UINT32: ((uint32_t *)a->data)[index] = (uint32_t)wrap(d); break;
    case TSK_JS_FLOAT32: ((float *)a->data)[index] = (float)d; break;
    default: ((double *)a->data)[index] = d; break;
    }
}

bool tsk_js_typed_set(tsk_js *js, tsk_js_typed_array *a, uint64_t index, tsk_value v) {
    double d;
    if (!tsk_js_to_number(js, v, &d)) return false;
    if (index < a->length) tsk_js_typed_put(a, (uint32_t)index, d);
    return tsk_js_worked(js, 1);
}
