/* What the two files of typed arrays share. */
#ifndef TSK_JS_TYPED_ARRAY_H
#define TSK_JS_TYPED_ARRAY_H

#include "runtime/builtins/library.h"
#include "runtime/js/collections.h"

/* The typed array that a method is called on; NULL: thrown. */
tsk_js_typed_array *tsk_js_typed_receiver(tsk_js *js, tsk_value v);
/* An index counted from the end when it is negative, held within 0 to length. */
bool tsk_js_relative_index(tsk_js *js, tsk_value v, uint64_t length, uint64_t otherwise, uint64_t *out);
/* Of the species of `a`.  NULL: thrown. */
tsk_js_typed_array *tsk_js_typed_like(tsk_js *js, tsk_js_typed_array *a, uint64_t length);

/* typed_array_methods.c */
tsk_value tsk_js_typed_index_of(tsk_js *js, const tsk_js_args *args); /* data: 0 includes, 1 indexOf, 2 lastIndexOf */
tsk_value tsk_js_typed_join(tsk_js *js, const tsk_js_args *args);
tsk_value tsk_js_typed_at(tsk_js *js, const tsk_js_args *args);
tsk_value tsk_js_typed_with(tsk_js *js, const tsk_js_args *args);
tsk_value tsk_js_typed_reverse(tsk_js *js, const tsk_js_args *args);  /* data: into a copy */
tsk_value tsk_js_typed_iterator(tsk_js *js, const tsk_js_args *args); /* data: TSK_JS_ITERATE_* */

#define TSK_JS_TYPED_LIBRARY(name, length) TSK_JS_LIBRARY_METHOD(name, "TypedArray_" name, length)
#define TSK_JS_TYPED_METHODS                                                                                           \
    TSK_JS_TYPED_LIBRARY("every", 1), TSK_JS_TYPED_LIBRARY("some", 1), TSK_JS_TYPED_LIBRARY("find", 1),                \
        TSK_JS_TYPED_LIBRARY("findIndex", 1), TSK_JS_TYPED_LIBRARY("findLast", 1),                                     \
        TSK_JS_TYPED_LIBRARY("findLastIndex", 1), TSK_JS_TYPED_LIBRARY("forEach", 1),                                  \
        TSK_JS_TYPED_LIBRARY("reduce", 1), TSK_JS_TYPED_LIBRARY("reduceRight", 1), TSK_JS_TYPED_LIBRARY("map", 1),     \
        TSK_JS_TYPED_LIBRARY("filter", 1), TSK_JS_TYPED_LIBRARY("sort", 1), TSK_JS_TYPED_LIBRARY("toSorted", 1),       \
        TSK_JS_METHOD_WITH("includes", tsk_js_typed_index_of, 1, 0),                                                   \
        TSK_JS_METHOD_WITH("indexOf", tsk_js_typed_index_of, 1, 1),                                                    \
        TSK_JS_METHOD_WITH("lastIndexOf", tsk_js_typed_index_of, 1, 2), TSK_JS_METHOD("join", tsk_js_typed_join, 1),   \
        TSK_JS_METHOD("at", tsk_js_typed_at, 1), TSK_JS_METHOD("with", tsk_js_typed_with, 2),                          \
        TSK_JS_METHOD_WITH("reverse", tsk_js_typed_reverse, 0, 0),                                                     \
        TSK_JS_METHOD_WITH("toReversed", tsk_js_typed_reverse, 0, 1),                                                  \
                                                                                                                       \
        TSK_JS_METHOD_WITH("keys", tsk_js_typed_iterator, 0, TSK_JS_ITERATE_KEYS),                                     \
        TSK_JS_OBJECT_OF("values", TypedArrayProtoValues, TSK_JS_HIDDEN),                                              \
        TSK_JS_METHOD_WITH("entries", tsk_js_typed_iterator, 0, TSK_JS_ITERATE_ENTRIES),                               \
        TSK_JS_OBJECT_OF("@@iterator", TypedArrayProtoValues, TSK_JS_HIDDEN),                                          \
        TSK_JS_METHOD_WITH("toLocaleString", tsk_js_typed_join, 0, 1),                                                 \
        TSK_JS_OBJECT_OF("toString", ArrayProtoToString, TSK_JS_HIDDEN)

#endif
